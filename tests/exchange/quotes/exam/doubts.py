"""Quotes with doubts, traps and odd files."""

from __future__ import annotations

import datetime as dt

from tests.exchange.quotes.exam.faults import facts_at_head, plain_table
from tests.exchange.quotes.exam.paper import Sheet
from tests.exchange.quotes.exam.truth import Column, Quote, Table, cents, grouped, number, text, times

PLAIN = number("#,##0.00")


def doubtful() -> Quote:
    """A number, a date and a currency that nothing decides."""
    page = Sheet("Quote")
    q = Quote("b26_oddfellow.xlsx", "ambiguous-number ambiguous-date missing-currency", [page])
    page.put("A1", "Oddfellow Instruments")
    page.put("A3", "Quotation 20417")
    page.put("A4", "Date: 05/06/2026")
    page.put("A5", "Terms: prepayment")
    q.fact("vendor", "Oddfellow Instruments", "A1", "Oddfellow Instruments")
    q.fact("quote_number", "20417", "A3", "20417")
    q.fact("payment_terms", "prepayment", "A5", "prepayment", "Terms: prepayment")
    t = plain_table(page, 8, None)
    a = t.line(part_number="OI-3", description="Leak sensor", quantity=6, unit_price=75)
    b = t.line(
        part_number="OI-9",
        description="Flow bench",
        quantity=1,
        counts=False,
        raw={"unit_price": "2.750", "extended_price": "2.750"},
    )
    q.flag(f"Quote!D{b}", "ambiguous-number", True, "2.75 or 2750")
    q.flag(f"Quote!E{b}", "ambiguous-number", True, "2.75 or 2750")
    q.flag("Quote!A4", "ambiguous-date", True, "5 June or 6 May")
    q.flag(f"Quote!E{a}", "missing-currency", True, "none anywhere")
    q.reconciles = False
    q.tables = [t]
    return q


def decidable() -> Quote:
    """The same doubts, decided by other cells: a decimal comma elsewhere, a day above twelve, a sign."""
    page = Sheet("Quote")
    q = Quote("b27_evenhand.xlsx", "decidable-number decidable-date numbers-as-text trailing-spaces", [page])
    page.put("A1", "Evenhand Apparatus GmbH")
    page.put("A3", "Quotation 20418")
    page.put("A4", "Date: 05/06/2026")
    page.put("A5", "Valid until: 25/06/2026")
    page.put("D3", "Payment: 14 days net")
    q.fact("vendor", "Evenhand Apparatus GmbH", "A1", "Evenhand Apparatus GmbH")
    q.fact("quote_number", "20418", "A3", "20418")
    q.fact("quote_date", "2026-06-05", "A4", "05/06/2026")
    q.fact("valid_until", "2026-06-25", "A5", "25/06/2026")
    q.fact("payment_terms", "14 days net", "D3", "14 days net", "Payment: 14 days net")
    q.facts["currency"] = "EUR"
    eur = text(lambda v: "€ " + grouped(".", ",")(v) + " ")
    t = plain_table(page, 8, "EUR", ",", show=eur)
    a = t.line(part_number="EA-3", description="Leak sensor", quantity=6, unit_price=75.5)
    b = t.line(
        part_number="EA-9",
        description="Flow bench",
        quantity=1,
        unit_price=2750,
        raw={"unit_price": "€ 2.750 ", "extended_price": "€ 2.750 "},
    )
    t.total("Total", [a, b])
    q.quiet = [
        {"cell": f"Quote!D{b}", "why": "decided by the decimal commas"},
        {"cell": "Quote!A4", "why": "decided"},
    ]
    q.tables = [t]
    q.grand_total(t)
    return q


def numbers_that_are_no_prices() -> Quote:
    """Years, watts, weights, rack units and days beside the prices; part numbers that are numbers."""
    page = Sheet("Offer")
    q = Quote(
        "b28_basalt.xlsx", "traps numeric-columns leading-zero-sku currency-number-format stray-cells", [page]
    )
    facts_at_head(
        q, "Basalt Infrastructure", "BI-900412", "2026-10-29", "2026-11-28", "50/50", "see column K"
    )
    q.facts["lead_time"] = None
    del q.evidence["lead_time"]
    page.put("A6", "Site")
    page.put("B6", "Hall 2026, row 14")
    usd = number("[$$-409]#,##0.00;[Red]\\-[$$-409]#,##0.00")
    titles = {"E": "Power (W)", "F": "Height (U)", "G": "Weight kg", "J": "End of sale", "K": "Days to ship"}
    for letter, title in titles.items():
        page.put(f"{letter}9", title)
    t = Table(
        page,
        9,
        [
            Column("A", "line_no", "#"),
            Column("B", "part_number", "Material", text()),
            Column("C", "description", "Material description", text()),
            Column("D", "quantity", "Order qty"),
            Column("H", "unit_price", "Net price", usd),
            Column("I", "extended_price", "Net value", usd),
        ],
        "USD",
    )
    q.facts["currency"] = "USD"
    rows = []
    for no, sku, words, pieces, price, odd in [
        (10, "000000000040012877", "Rack PDU, vertical", 24, 1189.4, (11000, 0, 18.5, 2030, 14)),
        (20, "40012990", "Rear-door cooler", 8, 14750, (1200, 42, 96, 2031, 60)),
        (30, "0040013001", "Busway tap-off box", 16, 2030, (0, 1, 7.25, 2029, 35)),
    ]:
        rows.append(t.line(line_no=no, part_number=sku, description=words, quantity=pieces, unit_price=price))
        for letter, value in zip(titles, odd, strict=True):
            page.put(f"{letter}{t.row}", value)
    t.total("Total net value", rows)
    page.put("T412", 7)
    page.put(f"C{t.row + 3}", "Installed 2026 to 2028; 24/7 hotline 555 0100; VAT registration 00-0000000.")
    q.tables = [t]
    q.grand_total(t)
    return q


def old_epoch() -> Quote:
    """Dates counted from 1904, months of support times a monthly price."""
    page = Sheet("Offer")
    q = Quote("b29_pumice.xlsx", "date-1904 price-per-month-times-term formulas-cached ccy-AUD", [page])
    q.how = {"date_1904": True}
    facts_at_head(q, "Pumice Lane Systems", "PLS-0031", "2026-10-26", "2026-12-25")
    page.put("B3", dt.date(2026, 10, 26), "d/mm/yyyy")
    page.put("B4", dt.date(2026, 12, 25), "d/mm/yyyy")
    page.put("D2", "All prices in Australian dollars (AUD), excluding GST")
    q.fact("currency", "AUD", "D2", "AUD")
    t = Table(
        page,
        9,
        [
            Column("A", "part_number", "Code", text()),
            Column("B", "description", "Description", text()),
            Column("C", "quantity", "Qty"),
            Column("D", "term_months", "Term (months)"),
            Column("E", "unit_price", "Unit Price", PLAIN),
            Column("F", "extended_price", "Line Total", PLAIN),
        ],
        "AUD",
    )
    a = t.line(part_number="PL-1", description="Inference server", quantity=6, unit_price=73450)
    b = t.line(
        part_number="PL-2",
        description="Managed service, per server and month",
        quantity=6,
        term_months=36,
        unit_price=412.5,
        factor=36,
    )
    c = t.line(
        part_number="PL-3",
        description="Hardware support, 36 months prepaid",
        quantity=6,
        term_months=36,
        unit_price=8100,
    )
    net = t.subtotal("Total excluding GST", [a, b, c])
    gst = t.line("tax", description="GST 10%", extended_price=cents(times(t.sum([net]), 0.1)))
    t.total("Total including GST", [net, gst])
    q.tables = [t]
    q.grand_total(t)
    return q


def strict() -> Quote:
    """The namespaces of ISO Strict, and texts that programs take for formulas."""
    page = Sheet("Quote")
    q = Quote("b30_lodestar.xlsx", "strict-ooxml injection-text control-characters bundle-text", [page])
    q.how = {"strict": True}
    q.may_refuse = True
    facts_at_head(q, "Lodestar Microsystems", "LM-1180", "2026-10-15", "2026-11-14")
    page.put("D2", "Currency: EUR")
    q.fact("currency", "EUR", "D2", "EUR")
    t = plain_table(page, 9, "EUR")
    rows = [
        t.line(
            part_number="LM-1",
            description="Edge server bundle (2@ EUR 1,250.00 card); (1@ EUR 480.00 licence)",
            quantity=10,
            unit_price=9350,
        ),
        t.line(part_number="LM-2", description="=SUM(1,2) licence key", quantity=10, unit_price=45.5),
        t.line(part_number="LM-3", description="Cable\u200b set,\tblack", quantity=10, unit_price=12.25),
    ]
    t.total("Total EUR", rows)
    q.flag(f"Quote!B{rows[0]}", "bundle-text", False, "prices inside the text")
    q.flag(f"Quote!B{rows[1]}", "injection-text", False, "begins with =")
    q.flag(f"Quote!B{rows[2]}", "control-characters", False, "a zero-width space and a tab")
    q.tables = [t]
    q.grand_total(t)
    return q


def trailing_minus() -> Quote:
    """Bars between the columns, Latin-1, the minus behind the number."""
    page = Sheet("b31_hansekai")
    q = Quote("b31_hansekai.csv", "fmt-csv-pipe trailing-minus lang-de discount-line eu-decimals", [page])
    q.how = {"delimiter": "|", "encoding": "latin-1"}
    page.put("A1", "Hansekai Rechnerbau KG")
    page.column(
        "A", 2, ["Angebot Nr.", "Angebotsdatum", "Bindefrist bis", "Zahlungsziel", "Lieferzeit", "Währung"]
    )
    page.column("B", 2, ["4500118", "20.10.2026", "20.11.2026", "21 Tage netto", "ca. 5 Wochen", "EUR"])
    q.fact("vendor", "Hansekai Rechnerbau KG", "A1", "Hansekai Rechnerbau KG")
    q.fact("quote_number", "4500118", "B2", "4500118")
    q.fact("quote_date", "2026-10-20", "B3", "20.10.2026")
    q.fact("valid_until", "2026-11-20", "B4", "20.11.2026")
    q.fact("payment_terms", "21 Tage netto", "B5", "21 Tage netto")
    q.fact("lead_time", "ca. 5 Wochen", "B6", "5 Wochen", "5 Wochen")
    q.fact("currency", "EUR", "B7", "EUR")
    eur = text(grouped(".", ",", 2, "{}-"))
    t = Table(
        page,
        10,
        [
            Column("A", "line_no", "Pos", text()),
            Column("B", "part_number", "Material", text()),
            Column("C", "description", "Kurztext", text()),
            Column("D", "quantity", "Menge", text(grouped(".", ",", 0))),
            Column("E", "unit", "ME", text()),
            Column("F", "unit_price", "Nettopreis", eur),
            Column("G", "extended_price", "Nettowert", eur),
        ],
        "EUR",
        decimal=",",
    )
    rows = [
        t.line(
            line_no="00010",
            part_number="0000457712",
            description="Rechenknoten 4 GPU",
            quantity=8,
            unit="ST",
            unit_price=96250.4,
        ),
        t.line(
            line_no="00020",
            part_number="0000457800",
            description="Wartung 60 Monate",
            quantity=8,
            unit="ST",
            unit_price=14980,
        ),
        t.line("discount", line_no="00030", description="Projektrabatt", extended_price=-25000),
    ]
    net = t.subtotal("Nettosumme", rows)
    tax = t.line("tax", description="Umsatzsteuer 19 %", extended_price=cents(times(t.sum([net]), 0.19)))
    t.total("Endbetrag", [net, tax])
    q.tables = [t]
    q.grand_total(t)
    return q


def expires_before_date() -> Quote:
    """Valid until a day before it was written; German lease sentence; hidden words only."""
    page = Sheet("Angebot")
    q = Quote("b32_moorland.xlsx", "dates-inconsistent lease-sentence lang-de hidden-rows", [page])
    page.put("A1", "Moorland Datentechnik AG")
    page.column("A", 3, ["Angebotsnr.", "Datum", "Gültig bis", "Zahlung", "Lieferung", "Währung"])
    page.column("B", 3, ["MD-0917", None, None, "10 Tage netto", "6 Wochen", "EUR"])
    page.put("B4", dt.date(2026, 10, 20), "dd.mm.yyyy")
    page.put("B5", dt.date(2026, 1, 20), "dd.mm.yyyy")
    q.fact("vendor", "Moorland Datentechnik AG", "A1", "Moorland Datentechnik AG")
    q.fact("quote_number", "MD-0917", "B3", "MD-0917")
    q.fact("quote_date", "2026-10-20", "B4", "2026-10-20")
    q.fact("valid_until", "2026-01-20", "B5", "2026-01-20")
    q.fact("payment_terms", "10 Tage netto", "B6", "10 Tage netto")
    q.fact("lead_time", "6 Wochen", "B7", "6 Wochen")
    q.fact("currency", "EUR", "B8", "EUR")
    q.flag("Angebot!B5", "dates-inconsistent", True, "ends before it begins")
    t = Table(
        page,
        12,
        [
            Column("A", "line_no", "Pos."),
            Column("B", "description", "Leistung", text()),
            Column("C", "quantity", "Anzahl"),
            Column("D", "unit_price", "Einzelpreis", PLAIN),
            Column("E", "extended_price", "Gesamtpreis", PLAIN),
        ],
        "EUR",
    )
    rows = [
        t.line(line_no=1, description="GPU-Server mit 8 Karten", quantity=2, unit_price=204500),
        t.line(line_no=2, description="Aufbau und Übergabe", quantity=1, unit_price=5400),
    ]
    t.total("Gesamtsumme netto", rows)
    t.note("B", "intern: Marge geprüft")
    page.hidden_rows.add(t.row)
    page.put("A19", "Kauf für 414.400,00 EUR oder Leasing für 12.890,00 EUR pro Monat über 36 Monate.")
    q.leases = [
        {
            "cell": "Angebot!A19",
            "monthly": 12890,
            "term_months": 36,
            "purchase_price": 414400,
            "rate_per_1000": None,
            "currency": "EUR",
        }
    ]
    q.restated = [{"cell": "Angebot!A19", "amount": 414400, "why": "purchase price in the lease sentence"}]
    q.tables = [t]
    q.grand_total(t)
    return q


DOUBTS = [
    doubtful,
    decidable,
    numbers_that_are_no_prices,
    old_epoch,
    strict,
    trailing_minus,
    expires_before_date,
]
