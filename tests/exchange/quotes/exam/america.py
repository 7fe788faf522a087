"""Quotes in English: bills of material, colocation, services, alternatives, leases, price lists."""

from __future__ import annotations

import datetime as dt

from tests.exchange.quotes.exam.paper import Sheet
from tests.exchange.quotes.exam.truth import Column, Quote, Table, cents, grouped, number, text, times

USD = number('"$"#,##0.00')
ACCOUNTING = number('_-[$$-409]* #,##0.00_ ;_-[$$-409]* \\(#,##0.00\\)\\ ;_-[$$-409]* "-"??_ ;_-@_ ')


def bill_of_material() -> Quote:
    """Three levels by id, quantity per system, freight said twice, a roll-up at the foot, clauses below."""
    page = Sheet("Pricing")
    q = Quote(
        "b12_redmesa.xlsx",
        "bom-by-id qty-vs-ext-qty freight-twice second-rollup nested-subtotals formulas-cached legal-text-below firm",
        [page],
    )
    page.put("B1", "RED MESA COMPUTE")
    page.put("B2", "100 Example Parkway, Suite 1200, Exampleton 00000")
    page.column("B", 4, ["Quotation Number", "Prepared On", "Pricing Expires", "Terms of Payment", "Ships In", "Offer type"])
    page.put("D4", "RM-104-882")
    page.put("D5", dt.date(2026, 10, 27), "mm/dd/yy")
    page.put("D6", dt.date(2026, 11, 26), "mm/dd/yy")
    page.put("D7", "1% 15, net 45")
    page.put("D8", "5 to 7 weeks")
    page.put("D9", "Firm fixed price")
    page.put("G4", "Version: 2.1")
    page.put("G5", "Currency: USD")
    page.put("G6", "Prepaid freight: $4,125.00 (see line 40)")
    q.fact("vendor", "Red Mesa Compute", "B1", "RED MESA COMPUTE")
    q.fact("quote_number", "RM-104-882", "D4", "RM-104-882")
    q.fact("quote_date", "2026-10-27", "D5", "2026-10-27")
    q.fact("valid_until", "2026-11-26", "D6", "2026-11-26")
    q.fact("payment_terms", "1% 15, net 45", "D7", "1% 15, net 45")
    q.fact("lead_time", "5 to 7 weeks", "D8", "5 to 7 weeks")
    q.fact("price_status", "firm", "D9", "Firm")
    q.fact("revision", "2.1", "G4", "2.1")
    q.fact("currency", "USD", "G5", "USD")
    t = Table(
        page,
        14,
        [
            Column("B", "line_no", "Line ID", text()),
            Column("C", "parent_no", "Parent Line ID", text()),
            Column("D", "part_number", "SKU", text()),
            Column("E", "description", "Product Description", text()),
            Column("F", "quantity_per_system", "Qty / System"),
            Column("G", "quantity", "Total Qty"),
            Column("H", "list_price", "List Price", USD),
            Column("I", "discount_pct", "% Off List", lambda v: (v, "0.00")),
            Column("J", "unit_price", "Your Unit Price", USD),
            Column("K", "extended_price", "Extended Net Price", USD),
        ],
        "USD",
        discount_as="percent",
    )
    product = {"extended_price": "=ROUND(G{r}*J{r},2)"}
    t.note("D", "COMPUTE")
    a = t.line(line_no="10", part_number="RM-G8-B3", description="GPU node, 8 accelerators", quantity_per_system=1,
               quantity=6, list_price=399000, discount_pct=33.25, unit_price=266332.5, formulas=product)
    t.line("child", line_no="10.1", parent_no="10", part_number="RM-BRD", description="Accelerator board",
           quantity_per_system=1, quantity=6, unit_price=0)
    t.line("child", line_no="10.1.1", parent_no="10.1", part_number="RM-HSK", description="Heat sink set",
           quantity_per_system=8, quantity=48, unit_price=0)
    t.line("child", line_no="10.2", parent_no="10", part_number="00518", description="Memory 128 GB",
           quantity_per_system=24, quantity=144, unit_price=0)
    b = t.line(line_no="20", part_number="RM-LEAF", description="Leaf switch, 64 ports", quantity=4,
               list_price=31995, discount_pct=41, unit_price=18877.05, formulas=product)
    s1 = t.subtotal("Total Compute", [a, b], formula="=SUM(K16:K20)")
    t.note("D", "SUPPORT")
    c = t.line(line_no="30", part_number="RM-CARE-5", description="Care pack, 5 years, per node", quantity=6,
               list_price=52400, discount_pct=15, unit_price=44540, formulas=product)
    s2 = t.subtotal("Total Support", [c])
    config = t.subtotal("Configuration total", [s1, s2])
    f = t.line("freight", line_no="40", part_number="SHIP", description="Shipping and handling", quantity=1,
               unit_price=4125, formulas=product)  # fmt: skip
    x = t.line("tax", description="Estimated sales tax 7.9%", extended_price=cents(times(t.sum([s1]), 0.079)))
    t.total("Quote Total", [config, f, x])
    q.restated.append({"cell": "Pricing!G6", "amount": 4125, "why": "freight of line 40, in the header"})
    t.skip()
    t.note("E", "Recap")
    whole = t.total_of["row"] if t.total_of else 0
    for label, rows in [("Compute", [s1]), ("Support", [s2]), ("Shipping and tax", [f, x])]:
        t.row += 1
        page.put(f"E{t.row}", label)
        page.put(f"K{t.row}", t.sum(rows), '"$"#,##0.00')
        q.restated.append({"cell": f"Pricing!K{t.row}", "amount": t.sum(rows), "why": "recap"})
    t.row += 1
    page.put(f"E{t.row}", "Grand total")
    page.put(f"K{t.row}", t.sum([config, f, x]), '"$"#,##0.00', f"=K{whole}")
    q.restated.append({"cell": f"Pricing!K{t.row}", "amount": t.sum([config, f, x]), "why": "recap"})
    for clause in range(1, 40):
        page.put(f"B{t.row + 2 + clause}", f"{clause}. Liability under section {clause} is limited to $ 50,000.00 per event.")
    q.tables = [t]
    q.grand_total(t)
    return q


def colocation() -> Quote:
    """One-off and monthly amounts side by side, each with its unit rate and its own total."""
    page = Sheet("Service Order")
    q = Quote("b13_tidewater.xlsx", "colocation nrc-mrc recurring-and-one-off ccy-GBP", [page])
    page.put("A1", "Tidewater Data Halls Ltd")
    page.column("A", 3, ["Service order form", "Reference", "Issue date", "Valid until", "Payment", "Ready for service"])
    page.put("B4", "TDH-SO-5530")
    page.put("B5", dt.date(2026, 10, 30), "dd/mm/yyyy")
    page.put("B6", dt.date(2026, 12, 31), "dd/mm/yyyy")
    page.put("B7", "quarterly in advance")
    page.put("B8", "8 weeks from signature")
    page.put("D4", "Initial term: 36 months")
    q.fact("vendor", "Tidewater Data Halls Ltd", "A1", "Tidewater Data Halls Ltd")
    q.fact("quote_number", "TDH-SO-5530", "B4", "TDH-SO-5530")
    q.fact("quote_date", "2026-10-30", "B5", "2026-10-30")
    q.fact("valid_until", "2026-12-31", "B6", "2026-12-31")
    q.fact("payment_terms", "quarterly in advance", "B7", "quarterly in advance")
    q.fact("lead_time", "8 weeks from signature", "B8", "8 weeks", "8 weeks")
    gbp = number("£#,##0.00")
    t = Table(
        page,
        11,
        [
            Column("A", "part_number", "Service ID", text()),
            Column("B", "description", "Service", text()),
            Column("C", "quantity", "Qty"),
            Column("D", "unit", "Unit", text()),
            Column("E", "nrc_unit", "Unit NRC (GBP)", gbp),
            Column("F", "nrc", "NRC (GBP)", gbp),
            Column("G", "mrc_unit", "Unit MRC (GBP)", gbp),
            Column("H", "mrc", "MRC (GBP)", gbp),
        ],
        "GBP",
    )
    q.fact("currency", "GBP", "E11", "GBP")
    rows = []
    for sku, words, pieces, unit, once, monthly in [
        ("CAGE-20", "Private cage, 20 racks", 1, "cage", 24500, 6150),
        ("RACK-52", "52U rack, installed", 20, "rack", 680, 145.5),
        ("PWR-3PH", "Committed power, 3-phase feed", 480, "kW", None, 172.35),
        ("XC-SMF", "Cross-connect, single-mode", 24, "pair", 250, 42),
        ("RH-10", "Remote hands, 10 hours", 1, "pack", None, 850),
    ]:
        prices = {"mrc_unit": monthly, "mrc": cents(times(pieces, monthly))}
        if once:
            prices |= {"nrc_unit": once, "nrc": cents(times(pieces, once))}
        rows.append(t.line(part_number=sku, description=words, quantity=pieces, unit=unit, **prices))
    once = [line["row"] for line in t.lines if "nrc" in line]
    t.subtotal("Total", once, name="nrc")
    t.subtotal("Total", rows, name="mrc", same_row=True)
    q.tables = [t]
    return q


def two_currencies() -> Quote:
    """The same list price in two currencies; what is paid is in one."""
    page = Sheet("Quote")
    q = Quote("b14_saltire.xlsx", "two-currency-columns list-to-net discount-percent header-odd-spaces", [page])
    page.put("A1", "Saltire Systems Trading")
    page.put("A3", "Quote ref: SST/4471")
    page.put("A4", "Date: 15 October 2026")
    page.put("A5", "Valid through: 14 November 2026")
    page.put("E3", "Terms: net 30")
    page.put("E4", "Delivery: 3-4 weeks")
    q.fact("vendor", "Saltire Systems Trading", "A1", "Saltire Systems Trading")
    q.fact("quote_number", "SST/4471", "A3", "SST/4471")
    q.fact("quote_date", "2026-10-15", "A4", "15 October 2026")
    q.fact("valid_until", "2026-11-14", "A5", "14 November 2026")
    q.fact("payment_terms", "net 30", "E3", "net 30", "Terms: net 30")
    q.fact("lead_time", "3-4 weeks", "E4", "3-4 weeks", "Delivery: 3-4 weeks")
    plain = number("#,##0.00")
    t = Table(
        page,
        8,
        [
            Column("A", "part_number", " Part No ", text()),
            Column("B", "description", "Item  Description", text()),
            Column("C", "quantity", "Qty "),
            Column("D", "list_price", "List  Price\n(EUR)", plain),
            Column("E", "list_price_2", "List  Price\n(USD)", plain),
            Column("F", "discount_pct", "Disc. %"),
            Column("G", "unit_price", "Net Price\n(EUR)", plain),
            Column("H", "extended_price", "Ext. Price\n(EUR)", plain),
        ],
        "EUR",
        discount_as="percent",
    )
    q.facts["currency"] = "EUR"
    rows = [
        t.line(part_number="SAL-1", description="Storage enclosure, 60 bays", quantity=2, list_price=48200,
               list_price_2=52100, discount_pct=15, unit_price=40970),
        t.line(part_number="SAL-2", description="Drive 24 TB", quantity=120, list_price=655.5,
               list_price_2=709, discount_pct=20, unit_price=524.4),
        t.line("freight", part_number="SAL-F", description="Carriage", quantity=1, unit_price=390),
    ]  # fmt: skip
    t.total("Total EUR", rows)
    q.tables = [t]
    q.grand_total(t)
    return q


def summary_of_sheets() -> Quote:
    """Two sheets that add up; freight, tax and the grand total stand on a summary."""
    first, iron, work = Sheet("Summary"), Sheet("Hardware"), Sheet("Services")
    q = Quote("b15_clearfork.xlsx", "multi-sheet charges cover-restates-totals rounding-tolerated", [first, iron, work])
    first.put("A1", "Clearfork Integration Inc.")
    first.column("A", 3, ["Quote #", "Date", "Expires", "Terms", "Lead time", "All amounts in US dollars"])
    first.column("B", 3, ["CF-2026-0551", "Oct 22, 2026", "Nov 21, 2026", "Net 30", "6 weeks ARO"])
    q.fact("vendor", "Clearfork Integration Inc.", "A1", "Clearfork Integration Inc.")
    q.fact("quote_number", "CF-2026-0551", "B3", "CF-2026-0551")
    q.fact("quote_date", "2026-10-22", "B4", "Oct 22, 2026")
    q.fact("valid_until", "2026-11-21", "B5", "Nov 21, 2026")
    q.fact("payment_terms", "Net 30", "B6", "Net 30")
    q.fact("lead_time", "6 weeks ARO", "B7", "6 weeks ARO", "6 weeks")
    q.fact("currency", "USD", "A8", "US dollars")
    tables = []
    for page, items in [
        (iron, [("CF-G4", "GPU workstation, 4 cards", 12, 41870.25), ("CF-RK", "Rack 48U", 2, 3190)]),
        (work, [("CF-IN", "Installation, per day", 7.5, 1640), ("CF-TR", "Training, half day", 3, 980)]),
    ]:
        page.put("A1", page.name)
        t = Table(
            page,
            3,
            [
                Column("A", "part_number", "Item", text()),
                Column("B", "description", "Description", text()),
                Column("C", "quantity", "Qty"),
                Column("D", "unit_price", "Price Each", USD),
                Column("E", "extended_price", "Extended", USD),
            ],
            "USD",
        )
        rows = [t.line(part_number=a, description=b, quantity=c, unit_price=d) for a, b, c, d in items]
        t.total(f"{page.name} total", rows)
        tables.append(t)
    amounts = [t.total_of["amount"] for t in tables if t.total_of]
    tax = cents(times(amounts[0], 0.0825))
    whole = cents(sum(amounts) + 1850 + tax + 0.01)
    first.put("A11", "Price summary")
    for row, label, amount in [
        (12, "Hardware", amounts[0]),
        (13, "Services", amounts[1]),
        (14, "Freight", 1850.0),
        (15, "Sales tax 8.25%", tax),
        (16, "Grand total", whole),
    ]:
        first.put(f"A{row}", label)
        first.put(f"B{row}", amount, '"$"#,##0.00')
    q.tables = tables
    q.charges = [
        {"cell": "Summary!B14", "kind": "freight", "label": "Freight", "amount": 1850, "currency": "USD"},
        {"cell": "Summary!B15", "kind": "tax", "label": "Sales tax 8.25%", "amount": tax, "currency": "USD"},
    ]
    q.restated = [
        {"cell": "Summary!B12", "amount": amounts[0], "why": "total of Hardware"},
        {"cell": "Summary!B13", "amount": amounts[1], "why": "total of Services"},
    ]
    q.grand = {"cell": "Summary!B16", "amount": whole, "currency": "USD"}
    q.quiet = [{"cell": "Summary!B16", "why": "a cent of rounding"}]
    return q


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
        ("Alternative 1 - air cooled", [
            ("HRC-A8", "8-GPU node, air cooled", 4, 287500.0, None),
            ("HRC-SUP", "Support, next business day", 4, 31250.0, 36),
        ]),
        ("Alternative 2 - liquid cooled", [
            ("HRC-L8", "8-GPU node, liquid cooled", 4, 309900.0, None),
            ("HRC-CDU", "Coolant distribution unit", None, None, None),
            ("HRC-SUP", "Support, next business day", 4, 33800.0, 36),
        ]),
    ]:  # fmt: skip
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
                t.line("no_bid", part_number=sku, description=words, quantity=0,
                       raw={"unit_price": "Not offered", "extended_price": "Not offered"})  # fmt: skip
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
    page.put(place, f"Alternative 1 may be purchased for ${price} or leased at $37,912.40 per month for 36 months "
                    "(payments in arrears, $1.00 buy-out).")  # fmt: skip
    q.leases = [{"cell": f"Proposal!{place}", "monthly": 37912.4, "term_months": 36, "residual": 1,
                 "purchase_price": total["amount"], "rate_per_1000": None, "currency": "USD",
                 "timing": "arrears"}]  # fmt: skip
    q.restated = [{"cell": f"Proposal!{place}", "amount": total["amount"], "why": "in the lease sentence"}]
    return q


def lease_table() -> Quote:
    """Monthly payments by term on a sheet of their own; an option inside the table of lines."""
    page, rates = Sheet("Quote"), Sheet("Financing")
    q = Quote("b17_bluestem.xlsx", "lease-rate-table option-line multi-sheet ccy-USD freight-line", [page, rates])
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
    a = t.line(line_no=1, part_number="BEL-8H", description="8-GPU server, H200", quantity=2, unit_price=289450)
    t.line("option", line_no=2, part_number="OPT-BAT", description="Optional: battery backup shelf", quantity=2,
           unit_price=8650)  # fmt: skip
    b = t.line(line_no=3, part_number="BEL-SW", description="Ethernet switch, 32 x 400G", quantity=1, unit_price=27300)
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
        q.leases.append({"cell": f"Financing!C{row}", "monthly": monthly, "term_months": months,
                         "purchase_price": whole, "rate_per_1000": rate, "currency": "USD",
                         "timing": "advance"})  # fmt: skip
    q.tables = [t]
    q.grand_total(t)
    return q


def services() -> Quote:
    """Days and hours of roles, a cap for expenses, validity from the date of issue, an option below."""
    page = Sheet("Rate card")
    q = Quote("b18_ashlar.xlsx", "services-day-rates valid-until-relative option-line discount-line ccy-USD", [page])
    page.put("A1", "Ashlar Advisory LLC")
    page.put("A2", "Statement of work SOW-0093 dated October 19, 2026")
    page.put("A3", "This offer is valid for 45 days from its date.")
    page.put("A4", "Payment: monthly in arrears, net 30")
    page.put("A5", "All fees in USD")
    q.fact("vendor", "Ashlar Advisory LLC", "A1", "Ashlar Advisory LLC")
    q.fact("quote_number", "SOW-0093", "A2", "SOW-0093")
    q.fact("quote_date", "2026-10-19", "A2", "October 19, 2026")
    q.fact("valid_until", "2026-12-03", "A3", "45 days")
    q.fact("payment_terms", "monthly in arrears, net 30", "A4", "monthly in arrears, net 30",
           "Payment: monthly in arrears, net 30")  # fmt: skip
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
    less = t.line("discount", description="Less 4% volume discount", extended_price=-cents(times(t.sum([fees]), 0.04)))
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
    q = Quote("b19_cinderpath.xlsx", "price-list currency-column leading-zero-sku date-like-sku exponent-like-sku tiers",
              [info, page])  # fmt: skip
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
        t.line(part_number=sku, description=f"Cable assembly type {n + 1}, tier {1 + n % 3}: {10**(n % 3)} pieces and more",
               unit="EA", currency="CAD", list_price=cents(price), discount_pct=off,
               unit_price=cents(times(cents(price), 1 - off / 100)), counts=False)  # fmt: skip
    q.tables = [t]
    return q


def cloud_rates() -> Quote:
    """A rate card as delimited text with lines of data about it above; decimal commas in a German file."""
    page = Sheet("b20_wolkenstein")
    q = Quote("b20_wolkenstein.csv", "cloud-price-sheet csv-metadata-rows lang-de eu-decimals fmt-csv-semicolon", [page])
    q.how = {"delimiter": ";", "encoding": "utf-8-sig"}
    page.column("A", 1, ["Anbieter", "Angebotsnummer", "Stand", "Gültig bis", "Zahlungsbedingungen"])
    page.column("B", 1, ["Wolkenstein Cloud GmbH", "WC-26-8841", "01.10.2026", "31.12.2026", "monatlich, 14 Tage netto"])
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
        t.line(part_number=sku, description=name, unit="Std", unit_price=price, rate_3y=three, counts=False,
               beside={"C": gpus, "D": memory, "E": region}, raw={} if one else {"rate_1y": "n. v."},
               **given)  # fmt: skip
    q.tables = [t]
    return q


AMERICA = [
    bill_of_material, colocation, two_currencies, summary_of_sheets, alternatives_on_one_sheet, lease_table,
    services, tiered_price_list, cloud_rates,
]  # fmt: skip
