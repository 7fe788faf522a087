"""Quotes in English: alternatives, leases, services, price lists and rate cards."""

from __future__ import annotations

import datetime as dt

from tests.exchange.quotes.exam.paper import Sheet
from tests.exchange.quotes.exam.truth import Column, Quote, Table, cents, grouped, number, text, times

USD = number('"$"#,##0.00')
ACCOUNTING = number('_-[$$-409]* #,##0.00_ ;_-[$$-409]* \\(#,##0.00\\)\\ ;_-[$$-409]* "-"??_ ;_-@_ ')


def alternatives_on_one_sheet() -> Quote:
    """Two configurations to choose from below one another, and a lease sentence for the first."""
    page = Sheet("Proposal")
    q = Quote("b16_halcyon.xlsx", "options-on-one-sheet lease-sentence no-bid ccy-USD support-months", [page])
    page.put("A1", "Halcyon Rack & Compute")
    page.column("A", 3, ["Proposal no.", "Date", "Valid until", "Payment terms", "Lead time", "Currency"])
    page.put("B3", "HRC-8812 Rev. D")
    page.put("B4", dt.date(2026, 11, 2), "d-mmm-yyyy")
    page.put("B5", dt.date(2026, 12, 2), "d-mmm-yyyy")
    page.put("B6", "Net 30 on delivery")
    page.put("B7", "9 weeks")
    page.put("B8", "USD")
    q.fact("vendor", "Halcyon Rack & Compute", "A1", "Halcyon Rack & Compute")
    q.fact("quote_number", "HRC-8812", "B3", "HRC-8812")
    q.fact("revision", "D", "B3", "Rev. D")
    q.fact("quote_date", "2026-11-02", "B4", "2026-11-02")
    q.fact("valid_until", "2026-12-02", "B5", "2026-12-02")
    q.fact("payment_terms", "Net 30 on delivery", "B6", "Net 30 on delivery", "Net 30")
    q.fact("lead_time", "9 weeks", "B7", "9 weeks")
    q.fact("currency", "USD", "B8", "USD")
    page.put("A10", "Please select one of the two alternatives below. They are not cumulative.")
    header = 13
    for name, items in [
        (
            "Alternative 1 - air cooled",
            [
                ("HRC-A8", "8-GPU node, air cooled", 4, 287500.0, None),
                ("HRC-SUP", "Support, next business day", 4, 31250.0, 36),
            ],
        ),
        (
            "Alternative 2 - liquid cooled",
            [
                ("HRC-L8", "8-GPU node, liquid cooled", 4, 309900.0, None),
                ("HRC-CDU", "Coolant distribution unit", None, None, None),
                ("HRC-SUP", "Support, next business day", 4, 33800.0, 36),
            ],
        ),
    ]:
        page.put(f"A{header - 1}", name)
        t = Table(
            page,
            header,
            [
                Column("A", "part_number", "Model", text()),
                Column("B", "description", "Description", text()),
                Column("C", "quantity", "Qty"),
                Column("D", "term_months", "Months"),
                Column("E", "unit_price", "Unit Price", ACCOUNTING),
                Column("F", "extended_price", "Amount", ACCOUNTING),
            ],
            "USD",
            role="alternative",
            name=name.split(" - ")[0],
        )
        rows = []
        for sku, words, pieces, price, months in items:
            if price is None:
                t.line(
                    "no_bid",
                    part_number=sku,
                    description=words,
                    quantity=0,
                    raw={"unit_price": "Not offered", "extended_price": "Not offered"},
                )
                q.flag(f"Proposal!F{t.row}", "no-bid", False, "not offered")
                continue
            more = {"term_months": months} if months else {}
            rows.append(t.line(part_number=sku, description=words, quantity=pieces, unit_price=price, **more))
        t.total(f"Total {name.split(' - ')[0]}", rows)
        q.tables.append(t)
        header = t.row + 4
    total = q.tables[0].total_of
    assert total is not None
    price = grouped(",", ".")(total["amount"])
    place = f"A{header}"
    page.put(
        place,
        f"Alternative 1 may be purchased for ${price} or leased at $37,912.40 per month for 36 months "
        "(payments in arrears, $1.00 buy-out).",
    )
    q.leases = [
        {
            "cell": f"Proposal!{place}",
            "monthly": 37912.4,
            "term_months": 36,
            "residual": 1,
            "purchase_price": total["amount"],
            "rate_per_1000": None,
            "currency": "USD",
            "timing": "arrears",
        }
    ]
    q.restated = [{"cell": f"Proposal!{place}", "amount": total["amount"], "why": "in the lease sentence"}]
    return q


def lease_table() -> Quote:
    """Monthly payments by term on a sheet of their own; an option inside the table of lines."""
    page, rates = Sheet("Quote"), Sheet("Financing")
    q = Quote(
        "b17_bluestem.xlsx", "lease-rate-table option-line multi-sheet ccy-USD freight-line", [page, rates]
    )
    page.put("A1", "Bluestem Equipment Leasing Co.")
    page.put("A2", "Quote Number: BEL-30117")
    page.put("A3", "Quote Date: 10/28/2026")
    page.put("A4", "Good Through: 11/27/2026")
    page.put("D2", "Payment Terms: Net 20")
    page.put("D3", "Lead Time: 4-5 weeks")
    page.put("D4", "Prices in U.S. Dollars")
    q.fact("vendor", "Bluestem Equipment Leasing Co.", "A1", "Bluestem Equipment Leasing Co.")
    q.fact("quote_number", "BEL-30117", "A2", "BEL-30117")
    q.fact("quote_date", "2026-10-28", "A3", "10/28/2026")
    q.fact("valid_until", "2026-11-27", "A4", "11/27/2026")
    q.fact("payment_terms", "Net 20", "D2", "Net 20", "Payment Terms: Net 20")
    q.fact("lead_time", "4-5 weeks", "D3", "4-5 weeks", "Lead Time: 4-5 weeks")
    q.fact("currency", "USD", "D4", "U.S. Dollars")
    t = Table(
        page,
        7,
        [
            Column("A", "line_no", "Item #"),
            Column("B", "part_number", "Catalog Number", text()),
            Column("C", "description", "Description", text()),
            Column("D", "quantity", "Quantity"),
            Column("E", "unit_price", "Unit Cost", USD),
            Column("F", "extended_price", "Total Cost", USD),
        ],
        "USD",
    )
    a = t.line(
        line_no=1, part_number="BEL-8H", description="8-GPU server, H200", quantity=2, unit_price=289450
    )
    t.line(
        "option",
        line_no=2,
        part_number="OPT-BAT",
        description="Optional: battery backup shelf",
        quantity=2,
        unit_price=8650,
    )
    b = t.line(
        line_no=3,
        part_number="BEL-SW",
        description="Ethernet switch, 32 x 400G",
        quantity=1,
        unit_price=27300,
    )
    c = t.line("freight", line_no=4, part_number="BEL-FR", description="Freight", quantity=1, unit_price=1490)
    t.total("Total (options excluded)", [a, b, c])
    whole = t.sum([a, b, c])
    rates.put("A1", "Dollar-out lease - payments monthly in advance")
    for letter, title in zip("ABC", ["Months", "Rate per $1,000", "Monthly Payment"], strict=True):
        rates.put(f"{letter}4", title)
    for row, (months, rate) in enumerate([(24, 45.113), (36, 31.502), (60, 20.874)], 5):
        monthly = cents(times(whole, rate, 0.001))
        rates.put(f"A{row}", months)
        rates.put(f"B{row}", rate, "0.000")
        rates.put(f"C{row}", monthly, '"$"#,##0.00')
        q.leases.append(
            {
                "cell": f"Financing!C{row}",
                "monthly": monthly,
                "term_months": months,
                "purchase_price": whole,
                "rate_per_1000": rate,
                "currency": "USD",
                "timing": "advance",
            }
        )
    q.tables = [t]
    q.grand_total(t)
    return q


def services() -> Quote:
    """Days and hours of roles, a cap for expenses, validity from the date of issue, an option below."""
    page = Sheet("Rate card")
    q = Quote(
        "b18_ashlar.xlsx", "services-day-rates valid-until-relative option-line discount-line ccy-USD", [page]
    )
    page.put("A1", "Ashlar Advisory LLC")
    page.put("A2", "Statement of work SOW-0093 dated October 19, 2026")
    page.put("A3", "This offer is valid for 45 days from its date.")
    page.put("A4", "Payment: monthly in arrears, net 30")
    page.put("A5", "All fees in USD")
    q.fact("vendor", "Ashlar Advisory LLC", "A1", "Ashlar Advisory LLC")
    q.fact("quote_number", "SOW-0093", "A2", "SOW-0093")
    q.fact("quote_date", "2026-10-19", "A2", "October 19, 2026")
    q.fact("valid_until", "2026-12-03", "A3", "45 days")
    q.fact(
        "payment_terms",
        "monthly in arrears, net 30",
        "A4",
        "monthly in arrears, net 30",
        "Payment: monthly in arrears, net 30",
    )
    q.fact("currency", "USD", "A5", "USD")
    t = Table(
        page,
        8,
        [
            Column("A", "description", "Role", text()),
            Column("B", "quantity", "Days"),
            Column("C", "unit_price", "Day Rate", USD),
            Column("D", "extended_price", "Fee", USD),
        ],
        "USD",
    )
    rows = [
        t.line(description="Principal engineer, storage", quantity=22, unit_price=1680),
        t.line(description="Network engineer", quantity=37.5, unit_price=1290),
        t.line(description="Acceptance testing", quantity=8, unit_price=1140.5),
    ]
    fees = t.subtotal("Total fees", rows)
    less = t.line(
        "discount", description="Less 4% volume discount", extended_price=-cents(times(t.sum([fees]), 0.04))
    )
    trip = t.line(description="Travel and expenses, not to exceed", extended_price=6500)
    t.total("Total price", [fees, less, trip])
    t.skip()
    t.note("A", "Optional services, not included above")
    t.line("option", description="Hypercare, two weeks", quantity=10, unit_price=1350)
    q.tables = [t]
    q.grand_total(t)
    return q


def tiered_price_list() -> Quote:
    """Prices by the piece in a list whose numbers of parts look like anything but text."""
    info, page = Sheet("About"), Sheet("Rates 2026")
    q = Quote(
        "b19_cinderpath.xlsx",
        "price-list currency-column leading-zero-sku date-like-sku exponent-like-sku tiers",
        [info, page],
    )
    info.put("A1", "Cinderpath Components")
    info.column("A", 3, ["Price list", "Effective date", "Valid until"])
    info.put("B3", "CPC-PL-44")
    info.put("B4", dt.date(2026, 10, 1), "yyyy-mm-dd")
    info.put("B5", dt.date(2026, 12, 31), "yyyy-mm-dd")
    q.fact("vendor", "Cinderpath Components", "A1", "Cinderpath Components")
    q.fact("quote_number", "CPC-PL-44", "B3", "CPC-PL-44")
    q.fact("quote_date", "2026-10-01", "B4", "2026-10-01")
    q.fact("valid_until", "2026-12-31", "B5", "2026-12-31")
    q.ignored = ["About"]
    plain = number("#,##0.00")
    t = Table(
        page,
        2,
        [
            Column("A", "part_number", "Item ", text()),
            Column("B", "description", "Description", text()),
            Column("C", "unit", "UoM", text()),
            Column("D", "currency", "Curr.", text()),
            Column("E", "list_price", "List Price", plain),
            Column("F", "discount_pct", "Discount %", plain),
            Column("G", "unit_price", "Net  Price", plain),
        ],
        None,
        role="price_list",
        discount_as="percent",
    )
    q.fact("currency", "CAD", "D3", "CAD", sheet=1)
    skus = ["000118", "3-11-27", "2E7", "JAN-05", "77120", "CPC-100", "CPC-101", "1/2", "0042-10", "5E-3"]
    for n, sku in enumerate(skus):
        price, off = 118.4 + 37.35 * n, 5.0 + n
        t.line(
            part_number=sku,
            description=f"Cable assembly type {n + 1}, tier {1 + n % 3}: {10 ** (n % 3)} pieces and more",
            unit="EA",
            currency="CAD",
            list_price=cents(price),
            discount_pct=off,
            unit_price=cents(times(cents(price), 1 - off / 100)),
            counts=False,
        )
    q.tables = [t]
    return q


def cloud_rates() -> Quote:
    """A rate card as delimited text with lines of data about it above; decimal commas in a German file."""
    page = Sheet("b20_wolkenstein")
    q = Quote(
        "b20_wolkenstein.csv",
        "cloud-price-sheet csv-metadata-rows lang-de eu-decimals fmt-csv-semicolon",
        [page],
    )
    q.how = {"delimiter": ";", "encoding": "utf-8-sig"}
    page.column("A", 1, ["Anbieter", "Angebotsnummer", "Stand", "Gültig bis", "Zahlungsbedingungen"])
    page.column(
        "B",
        1,
        ["Wolkenstein Cloud GmbH", "WC-26-8841", "01.10.2026", "31.12.2026", "monatlich, 14 Tage netto"],
    )
    q.fact("vendor", "Wolkenstein Cloud GmbH", "B1", "Wolkenstein Cloud GmbH")
    q.fact("quote_number", "WC-26-8841", "B2", "WC-26-8841")
    q.fact("quote_date", "2026-10-01", "B3", "01.10.2026")
    q.fact("valid_until", "2026-12-31", "B4", "31.12.2026")
    q.fact("payment_terms", "monatlich, 14 Tage netto", "B5", "monatlich, 14 Tage netto")
    rate = text(grouped(".", ",", 4))
    t = Table(
        page,
        7,
        [
            Column("A", "part_number", "SKU", text()),
            Column("B", "description", "Instanztyp", text()),
            Column("C", None, "GPU-Anzahl", text()),
            Column("D", None, "Arbeitsspeicher (GiB)", text()),
            Column("E", None, "Region", text()),
            Column("F", "unit", "Einheit", text()),
            Column("G", "unit_price", "On-Demand (EUR)", rate),
            Column("H", "rate_1y", "1 Jahr reserviert (EUR)", rate),
            Column("I", "rate_3y", "3 Jahre reserviert (EUR)", rate),
        ],
        "EUR",
        role="price_list",
        decimal=",",
    )
    q.fact("currency", "EUR", "G7", "EUR")
    for sku, name, gpus, memory, region, price, one, three in [
        ("W1H8E", "w1.h200.8", "8", "2048", "eu-mitte", 58.914, 44.2, 31.75),
        ("W1H8N", "w1.h200.8", "8", "2048", "eu-nord", 54.2, 40.65, 29.2),
        ("W2B8E", "w2.b200.8", "8", "3072", "eu-mitte", 98.4412, None, 55.3),
        ("W0L1E", "w0.l40s.1", "1", "96", "eu-mitte", 1.8812, 1.41, 1.0512),
    ]:
        given = {"rate_1y": one} if one else {}
        t.line(
            part_number=sku,
            description=name,
            unit="Std",
            unit_price=price,
            rate_3y=three,
            counts=False,
            beside={"C": gpus, "D": memory, "E": region},
            raw={} if one else {"rate_1y": "n. v."},
            **given,
        )
    q.tables = [t]
    return q


OFFERS = [alternatives_on_one_sheet, lease_table, services, tiered_price_list, cloud_rates]
