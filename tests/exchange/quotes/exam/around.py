"""Quotes with tables around them that are none, leases told otherwise, rates and fees side by side."""

from __future__ import annotations

import datetime as dt

from tests.exchange.quotes.exam.faults import facts_at_head, plain_table
from tests.exchange.quotes.exam.paper import Sheet
from tests.exchange.quotes.exam.truth import Column, Quote, Table, cents, grouped, number, text, times

PLAIN = number("#,##0.00")


def data_sheets() -> Quote:
    """A sheet of watts and weights and one of service levels: tables, but not of prices."""
    page, watts, levels = Sheet("Offer"), Sheet("Datasheet"), Sheet("Service levels")
    q = Quote(
        "b61_gullwing.xlsx", "multi-sheet tables-without-prices ccy-USD tax-absent", [page, watts, levels]
    )
    facts_at_head(q, "Gullwing Compute Corp.", "GW-77120", "2026-10-26", "2026-12-25", "Net 30", "7 weeks")
    page.put("D2", "Currency: USD")
    q.fact("currency", "USD", "D2", "USD")
    t = plain_table(page, 9, "USD")
    rows = [
        t.line(part_number="GW-A", description="Server, 8 accelerators", quantity=4, unit_price=244310.4),
        t.line(part_number="GW-B", description="Next-day parts, 5 years", quantity=4, unit_price=31777.05),
    ]
    t.total("Total Price", rows)
    for column, values in zip(
        "ABCD",
        [
            ("Model", "GW-A", "GW-S"),
            ("Power (W)", 10200, 1450),
            ("Weight (kg)", 131.5, 24),
            ("Height (U)", 8, 1),
        ],
        strict=True,
    ):
        watts.column(column, 2, values)
    levels.column("A", 1, ["Level", "Gold", "Silver"])
    levels.column("B", 1, ["Response (hours)", 4, 24])
    levels.column("C", 1, ["Availability", "99.95%", "99.5%"])
    q.ignored = ["Datasheet", "Service levels"]
    q.tables = [t]
    q.grand_total(t)
    return q


def hourly_rates() -> Quote:
    """Hourly rates with the size of each machine beside; what is not offered says n/a."""
    page = Sheet("b62_nimbus")
    q = Quote("b62_nimbus.csv", "cloud-price-sheet csv-metadata-rows fmt-csv-comma price-list", [page])
    q.how = {"delimiter": ",", "encoding": "utf-8"}
    page.column("A", 1, ["Vendor", "Rate card", "Effective date", "Valid until"])
    page.column("B", 1, ["Nimbus Harbor Cloud", "NHC-RC-2026-Q4", "2026-10-01", "2026-12-31"])
    q.fact("vendor", "Nimbus Harbor Cloud", "B1", "Nimbus Harbor Cloud")
    q.fact("quote_number", "NHC-RC-2026-Q4", "B2", "NHC-RC-2026-Q4")
    q.fact("quote_date", "2026-10-01", "B3", "2026-10-01")
    q.fact("valid_until", "2026-12-31", "B4", "2026-12-31")
    rate = text(lambda v: f"{v:.4f}")
    t = Table(
        page,
        6,
        [
            Column("A", "part_number", "SKU ID", text()),
            Column("B", "description", "Machine type", text()),
            Column("C", None, "GPUs", text()),
            Column("D", None, "RAM (GB)", text()),
            Column("E", None, "Zone", text()),
            Column("F", "unit", "Pricing unit", text()),
            Column("G", "unit_price", "On-demand price (USD)", rate),
            Column("H", "rate_1y", "1-year commitment (USD)", rate),
            Column("I", "rate_3y", "3-year commitment (USD)", rate),
        ],
        "USD",
        role="price_list",
    )
    q.fact("currency", "USD", "G6", "USD")
    for sku, name, gpus, ram, zone, price, one, three in [
        ("A1B2-01", "g8-h200", "8", "2048", "east-1", 61.5, 48.25, 36.9),
        ("A1B2-02", "g8-h200", "8", "2048", "west-2", 64.12, 50.31, 38.47),
        ("A1B3-01", "g1-l4", "1", "64", "east-1", 0.7412, 0.5188, None),
        ("A1B9-01", "g72-gb300", "72", "17000", "east-1", 1310.0, None, 720.5),
    ]:
        given = {n: v for n, v in (("rate_1y", one), ("rate_3y", three)) if v}
        raw = {n: "n/a" for n, v in (("rate_1y", one), ("rate_3y", three)) if not v}
        beside = {"C": gpus, "D": ram, "E": zone}
        t.line(
            part_number=sku,
            description=name,
            unit="hour",
            unit_price=price,
            counts=False,
            beside=beside,
            raw=raw,
            **given,
        )
    q.tables = [t]
    return q


def all_currencies_named() -> Quote:
    """Three currencies, each line says its own; formats without signs; a total for each."""
    page = Sheet("Quotation")
    q = Quote("b63_threeports.xlsx", "mixed-currency currency-column ccy-JPY ccy-CHF", [page])
    facts_at_head(q, "Three Ports Trading", "TPT-0881", "2026-10-07", "2026-12-06", "Net 60", "6-20 weeks")
    t = Table(
        page,
        10,
        [
            Column("A", "line_no", "Ln"),
            Column("B", "part_number", "Part no.", text()),
            Column("C", "description", "Description", text()),
            Column("D", "quantity", "Qty"),
            Column("E", "unit_price", "Unit price", PLAIN),
            Column("F", "extended_price", "Amount", PLAIN),
            Column("G", "currency", "Ccy", text()),
        ],
        None,
    )
    rows: dict[str, list[int]] = {}
    for n, (code, sku, words, pieces, price) in enumerate(
        [
            ("CHF", "TP-1", "Pump skid", 2, 41250.5),
            ("CHF", "TP-2", "Control cabinet", 1, 18900),
            ("USD", "TP-3", "Accelerator card", 64, 9420),
            ("JPY", "TP-4", "Optical module", 512, 61000),
        ],
        1,
    ):
        row = t.line(
            line_no=n, part_number=sku, description=words, quantity=pieces, unit_price=price, currency=code
        )
        rows.setdefault(code, []).append(row)
    q.flag(f"Quotation!G{rows['USD'][0]}", "mixed-currency", True, "three currencies")
    for code, members in rows.items():
        t.subtotal(f"Sum {code}", members, currency=code)
    q.tables = [t]
    return q


def payments_in_words() -> Quote:
    """The lease as a number of payments; a price for cash; residual and timing in words."""
    page = Sheet("Quote")
    q = Quote("b64_harborline.xlsx", "lease-sentence ccy-USD freight-line revision", [page])
    facts_at_head(q, "Harborline Systems", "HL-3390", "2026-11-05", "2026-12-05", "Net 15", "4 weeks")
    page.put("D2", "Revision")
    page.put("E2", "C")
    q.fact("revision", "C", "E2", "C")
    page.put("D3", "Currency: USD")
    q.fact("currency", "USD", "D3", "USD")
    t = plain_table(page, 9, "USD")
    rows = [
        t.line(part_number="HL-1", description="Training node", quantity=2, unit_price=198300),
        t.line(
            "freight", part_number="HL-F", description="Freight, inside delivery", quantity=1, unit_price=1750
        ),
    ]
    t.total("Total", rows)
    price = grouped(",", ".")(t.sum(rows))
    place = f"A{t.row + 2}"
    page.put(
        place,
        f"Purchase this system for ${price} or lease it for $12,155.00 per month for 36 months, in advance.",
    )
    q.leases = [
        {
            "cell": f"Quote!{place}",
            "monthly": 12155,
            "term_months": 36,
            "purchase_price": t.sum(rows),
            "rate_per_1000": None,
            "currency": "USD",
            "timing": "advance",
        }
    ]
    q.restated = [{"cell": f"Quote!{place}", "amount": t.sum(rows), "why": "in the lease sentence"}]
    q.tables = [t]
    q.grand_total(t)
    return q


def german_colocation() -> Quote:
    """Once and monthly beside each other, each by the unit and in all, in a German workbook."""
    page = Sheet("Leistungsschein")
    q = Quote(
        "b65_nordkante.xlsx", "colocation nrc-mrc lang-de recurring-and-one-off currency-header", [page]
    )
    page.put("A1", "Nordkante Rechenzentren GmbH")
    page.column(
        "A",
        3,
        ["Angebotsnummer", "Angebotsdatum", "Gültig bis", "Zahlungsbedingungen", "Bereitstellungszeit"],
    )
    page.column("B", 3, ["NK-26-119", None, None, "vierteljährlich im Voraus", "8 Wochen"])
    page.put("B4", dt.date(2026, 10, 20), "dd.mm.yyyy")
    page.put("B5", dt.date(2026, 12, 1), "dd.mm.yyyy")
    q.fact("vendor", "Nordkante Rechenzentren GmbH", "A1", "Nordkante Rechenzentren GmbH")
    q.fact("quote_number", "NK-26-119", "B3", "NK-26-119")
    q.fact("quote_date", "2026-10-20", "B4", "2026-10-20")
    q.fact("valid_until", "2026-12-01", "B5", "2026-12-01")
    q.fact("payment_terms", "vierteljährlich im Voraus", "B6", "vierteljährlich im Voraus")
    q.fact("lead_time", "8 Wochen", "B7", "8 Wochen")
    t = Table(
        page,
        10,
        [
            Column("A", "line_no", "Pos."),
            Column("B", "description", "Leistung", text()),
            Column("C", "quantity", "Menge"),
            Column("D", "unit", "Einheit", text()),
            Column("E", "nrc_unit", "Einmalig je Einheit (EUR)", PLAIN),
            Column("F", "nrc", "Einmalig gesamt (EUR)", PLAIN),
            Column("G", "mrc_unit", "Monatlich je Einheit (EUR)", PLAIN),
            Column("H", "mrc", "Monatlich gesamt (EUR)", PLAIN),
        ],
        "EUR",
    )
    q.fact("currency", "EUR", "E10", "EUR")
    for n, (words, pieces, unit, once, monthly) in enumerate(
        [
            ("Stellfläche im Käfig", 30, "m2", None, 118.5),
            ("Schrank 52 HE", 8, "Stk", 890.0, 165.0),
            ("Anschlussleistung", 160, "kW", None, 171.25),
            ("Querverbindung", 16, "Stk", 240.0, 39.9),
        ],
        1,
    ):
        prices = {"mrc_unit": monthly, "mrc": cents(times(pieces, monthly))}
        if once:
            prices |= {"nrc_unit": once, "nrc": cents(times(pieces, once))}
        t.line(line_no=n, description=words, quantity=pieces, unit=unit, **prices)
    t.subtotal("Summe", [line["row"] for line in t.lines if "nrc" in line], name="nrc")
    t.subtotal("Summe", [line["row"] for line in t.lines], name="mrc", same_row=True)
    q.tables = [t]
    return q


AROUND = [data_sheets, hourly_rates, all_currencies_named, payments_in_words, german_colocation]
