"""Quotes with faults, doubts, hidden parts and odd files."""

from __future__ import annotations

import datetime as dt

from tests.exchange.quotes.exam.paper import Sheet
from tests.exchange.quotes.exam.truth import Column, Quote, Table, cents, grouped, number, text, times

PLAIN = number("#,##0.00")


def _simple(page: Sheet, header: int, currency: str | None, decimal: str = ".", first: str = "A",
            show: object = None) -> Table:  # fmt: skip
    letters = [chr(ord(first) + n) for n in range(5)]
    money = show or PLAIN
    titles = ["Part #", "Description", "Qty", "Unit Price", "Extended Price"]
    fields = ["part_number", "description", "quantity", "unit_price", "extended_price"]
    shows = [text(), text(), number(), money, money]
    columns = [Column(a, f, t, s) for a, f, t, s in zip(letters, fields, titles, shows, strict=True)]
    return Table(page, header, columns, currency, decimal=decimal)


def _head(q: Quote, vendor: str, no: str, date: str, until: str, terms: str = "Net 30", lead: str = "6 weeks") -> None:
    page = q.sheets[0]
    page.put("A1", vendor)
    page.column("A", 2, ["Quote number", "Quote date", "Valid until", "Payment terms", "Lead time"])
    page.column("B", 2, [no, date, until, terms, lead])
    q.fact("vendor", vendor, "A1", vendor)
    q.fact("quote_number", no, "B2", no)
    q.fact("quote_date", date, "B3", date)
    q.fact("valid_until", until, "B4", until)
    q.fact("payment_terms", terms, "B5", terms)
    q.fact("lead_time", lead, "B6", lead)


def wrong_sums() -> Quote:
    """A line, a subtotal, the tax and the total each wrong by an amount of its own; a legitimate rounding."""
    page = Sheet("Quote")
    q = Quote("b21_flintlock.xlsx", "line-mismatch total-mismatch subtotal-omits-line rounding-tolerated", [page])
    _head(q, "Flintlock Data Supply", "FDS-771", "2026-10-20", "2026-11-19")
    page.put("D2", "Currency: USD")
    q.fact("currency", "USD", "D2", "USD")
    t = _simple(page, 9, "USD")
    a = t.line(part_number="FL-1", description="Server, dual socket", quantity=12, unit_price=18450.5)
    b = t.line(part_number="FL-2", description="Memory kit 64 GB", quantity=96, unit_price=412.35,
               extended_price=cents(times(96, 412.35)) + 90)
    q.flag(f"Quote!E{b}", "line-mismatch", True, "96 x 412.35", 90)
    c = t.line(part_number="FL-3", description="Licence, metered", quantity=333, unit_price=0.125,
               extended_price=41.63)
    s1 = t.subtotal("Subtotal equipment", [a, b, c], amount=cents(t.sum([a, b])))
    q.flag(f"Quote!E{s1}", "subtotal-omits-line", True, "leaves out the licence", -41.63)
    d = t.line(part_number="FL-4", description="Installation", quantity=2, unit_price=4200)
    s2 = t.subtotal("Subtotal services", [d])
    f = t.line("freight", part_number="FL-F", description="Freight", quantity=1, unit_price=975)
    wrong = cents(t.sum([s1, s2, f]) + 1000)
    t.total("Total USD", [s1, s2, f], amount=wrong)
    q.flag(f"Quote!E{t.row}", "total-mismatch", True, "a thousand too much", 1000)
    q.reconciles = False
    q.tables = [t]
    q.grand_total(t)
    return q


def hidden_parts() -> Quote:
    """A hidden old quote, a hidden priced row and a hidden column of cost; prices that expired long ago."""
    page, old = Sheet("Quote"), Sheet("Quote v1", hidden=True)
    q = Quote("b22_millrace.xlsx", "hidden-sheet hidden-rows hidden-columns expired ccy-USD", [page, old])
    _head(q, "Millrace Hardware", "MH-20931", "2026-09-03", "2026-10-03")
    page.put("D2", "All prices in US Dollars")
    q.fact("currency", "USD", "D2", "US Dollars")
    t = _simple(page, 8, "USD")
    page.put("F8", "Our Cost")
    page.hidden_columns.add("F")
    a = t.line(part_number="MH-1", description="GPU server, 4 cards", quantity=5, unit_price=61200)
    t.line("option", part_number="MH-1B", description="Replaced: GPU server, 2 cards", quantity=5, unit_price=38900,
           hide=True)  # fmt: skip
    q.flag(f"Quote!E{t.row}", "hidden-row", False, "priced, not in the total")
    b = t.line(part_number="MH-2", description="Rack mounting", quantity=5, unit_price=140)
    for row, cost in ((a, 55080), (b, 95)):
        page.put(f"F{row}", cost, "#,##0.00")
    q.flag("Quote!F8", "hidden-column", False, "cost of the seller")
    t.total("Total", [a, b])
    o = _simple(old, 4, "USD")
    o.line(part_number="MH-1", description="GPU server, 4 cards", quantity=4, unit_price=64000)
    o.total("Total", [5])
    q.ignored = ["Quote v1"]
    q.flag("Quote v1!A4", "hidden-sheet", False, "a priced table that nobody sees")
    q.tables = [t]
    q.grand_total(t)
    return q


def error_cells() -> Quote:
    """A price that is an error: neither nought nor nothing."""
    page = Sheet("Quote")
    q = Quote("b23_greywacke.xlsx", "error-cells formulas-cached", [page])
    _head(q, "Greywacke Networks", "GW-5507", "2026-10-13", "2026-11-12")
    page.put("D2", "Currency: USD")
    q.fact("currency", "USD", "D2", "USD")
    t = _simple(page, 9, "USD")
    t.line(part_number="GN-1", description="Core switch", quantity=2, unit_price=48200)
    t.line(part_number="GN-2", description="Line card, 36 ports", quantity=8, unit_price=None, extended_price=None,
           counts=False)  # fmt: skip
    bad = t.row
    t.line(part_number="GN-3", description="Support, 36 months", quantity=2, unit_price=9100)
    page.put(f"D{bad}", "#N/A", "#,##0.00", "=VLOOKUP(A11,Prices!A:B,2,FALSE)")
    page.put(f"E{bad}", "#N/A", "#,##0.00", f"=C{bad}*D{bad}")
    t.row += 1
    page.put(f"B{t.row}", "Total")
    page.put(f"E{t.row}", "#N/A", "#,##0.00", f"=SUM(E10:E{t.row - 1})")
    for place in (f"D{bad}", f"E{bad}", f"E{t.row}"):
        q.flag(f"Quote!{place}", "*", True, "an error value")
    q.reconciles = False
    q.tables = [t]
    return q


def no_saved_values() -> Quote:
    """Formulas that were never calculated: sums, roundings, conditions, percentages."""
    page = Sheet("Offer")
    q = Quote("b24_tallgrass.xlsx", "formulas-uncached list-to-net discount-fraction tax-separate", [page])
    q.how = {"saved": False}
    _head(q, "Tallgrass Systems Integration", "TSI-0417", "2026-10-08", "2026-12-07")
    page.put("D2", "Prices are in EUR")
    q.fact("currency", "EUR", "D2", "EUR")
    t = Table(
        page,
        10,
        [
            Column("A", "part_number", "Code", text()),
            Column("B", "description", "Item", text()),
            Column("C", "quantity", "Pcs"),
            Column("D", "list_price", "List", PLAIN),
            Column("E", "discount_pct", "Rebate", lambda v: (v / 100, "0.0%")),
            Column("F", "unit_price", "Net", PLAIN),
            Column("G", "extended_price", "Sum", PLAIN),
        ],
        "EUR",
        discount_as="fraction",
    )
    net, ext = "=ROUND(D{r}*(1-E{r}),2)", "=C{r}*F{r}"
    rows = []
    for sku, words, pieces, price, off in [
        ("T-1", "Compute sled", 16, 21875.5, 18.0),
        ("T-2", "Power shelf", 4, 6120.35, 7.5),
        ("T-3", "Rack integration", 2, 3900.0, 0.0),
    ]:
        unit = cents(times(price, 1 - off / 100))
        rows.append(t.line(part_number=sku, description=words, quantity=pieces, list_price=price, discount_pct=off,
                           unit_price=unit, formulas={"unit_price": net, "extended_price": ext}))  # fmt: skip
    sub = t.subtotal("Subtotal", rows, formula="=SUBTOTAL(9,G11:G13)")
    amount = cents(times(t.sum([sub]), 0.19))
    tax = t.line("tax", description="VAT 19%", extended_price=amount, formulas={"extended_price": "=ROUND(G14*19%,2)"})
    t.total("Total incl. VAT", [sub, tax], formula="=IF(G15>0,G14+G15,G14)")
    for row in rows:
        for letter in "FG":
            q.flag(f"Offer!{letter}{row}", "no-cached-value", True, "never calculated")
    for row in (sub, tax, t.row):
        q.flag(f"Offer!G{row}", "no-cached-value", True, "never calculated")
    q.tables = [t]
    q.grand_total(t)
    return q


def mixed_currencies() -> Quote:
    """A currency per line, a total per currency, one line that does not say."""
    page = Sheet("Offer")
    q = Quote("b25_landfall.xlsx", "mixed-currency currency-column blank-currency-cell", [page])
    _head(q, "Landfall Sourcing", "LS-66-03", "2026-10-12", "2026-12-11")
    t = Table(
        page,
        9,
        [
            Column("A", "part_number", "Item", text()),
            Column("B", "description", "Description", text()),
            Column("C", "quantity", "Qty"),
            Column("D", "currency", "Currency", text()),
            Column("E", "unit_price", "Price", PLAIN),
            Column("F", "extended_price", "Value", PLAIN),
        ],
        None,
    )
    a = t.line(part_number="LS-1", description="Chiller, 400 kW", quantity=2, currency="EUR", unit_price=91250)
    b = t.line(part_number="LS-2", description="GPU server", quantity=3, currency="USD", unit_price=268000)
    q.flag(f"Offer!D{b}", "mixed-currency", True, "euros and dollars")
    c = t.line(part_number="LS-3", description="Pipework, prefabricated", quantity=1, currency="EUR",
               unit_price=33480, raw={"currency": ""})  # fmt: skip
    q.flag(f"Offer!D{c}", "missing-currency", True, "the total says EUR; confirm")
    d = t.line(part_number="LS-4", description="Busbar, 10 m", quantity=6, currency="GBP", unit_price=2275.5)
    t.subtotal("Total EUR", [a, c], currency="EUR")
    t.subtotal("Total USD", [b], currency="USD")
    t.subtotal("Total GBP", [d], currency="GBP")
    q.tables = [t]
    return q


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
    t = _simple(page, 8, None)
    a = t.line(part_number="OI-3", description="Leak sensor", quantity=6, unit_price=75)
    b = t.line(part_number="OI-9", description="Flow bench", quantity=1, counts=False,
               raw={"unit_price": "2.750", "extended_price": "2.750"})  # fmt: skip
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
    t = _simple(page, 8, "EUR", ",", show=eur)
    a = t.line(part_number="EA-3", description="Leak sensor", quantity=6, unit_price=75.5)
    b = t.line(part_number="EA-9", description="Flow bench", quantity=1, unit_price=2750,
               raw={"unit_price": "€ 2.750 ", "extended_price": "€ 2.750 "})  # fmt: skip
    t.total("Total", [a, b])
    q.quiet = [{"cell": f"Quote!D{b}", "why": "decided by the decimal commas"}, {"cell": "Quote!A4", "why": "decided"}]
    q.tables = [t]
    q.grand_total(t)
    return q


def numbers_that_are_no_prices() -> Quote:
    """Years, watts, weights, rack units and days beside the prices; part numbers that are numbers."""
    page = Sheet("Offer")
    q = Quote("b28_basalt.xlsx", "traps numeric-columns leading-zero-sku currency-number-format stray-cells", [page])
    _head(q, "Basalt Infrastructure", "BI-900412", "2026-10-29", "2026-11-28", "50/50", "see column K")
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
    _head(q, "Pumice Lane Systems", "PLS-0031", "2026-10-26", "2026-12-25")
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
    b = t.line(part_number="PL-2", description="Managed service, per server and month", quantity=6, term_months=36,
               unit_price=412.5, factor=36)  # fmt: skip
    c = t.line(part_number="PL-3", description="Hardware support, 36 months prepaid", quantity=6, term_months=36,
               unit_price=8100)  # fmt: skip
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
    _head(q, "Lodestar Microsystems", "LM-1180", "2026-10-15", "2026-11-14")
    page.put("D2", "Currency: EUR")
    q.fact("currency", "EUR", "D2", "EUR")
    t = _simple(page, 9, "EUR")
    rows = [
        t.line(part_number="LM-1", description="Edge server bundle (2@ EUR 1,250.00 card); (1@ EUR 480.00 licence)",
               quantity=10, unit_price=9350),
        t.line(part_number="LM-2", description="=SUM(1,2) licence key", quantity=10, unit_price=45.5),
        t.line(part_number="LM-3", description="Cable\u200b set,\tblack", quantity=10, unit_price=12.25),
    ]  # fmt: skip
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
    page.column("A", 2, ["Angebot Nr.", "Angebotsdatum", "Bindefrist bis", "Zahlungsziel", "Lieferzeit", "Währung"])
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
        t.line(line_no="00010", part_number="0000457712", description="Rechenknoten 4 GPU", quantity=8, unit="ST",
               unit_price=96250.4),
        t.line(line_no="00020", part_number="0000457800", description="Wartung 60 Monate", quantity=8, unit="ST",
               unit_price=14980),
        t.line("discount", line_no="00030", description="Projektrabatt", extended_price=-25000),
    ]  # fmt: skip
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
    q.leases = [{"cell": "Angebot!A19", "monthly": 12890, "term_months": 36, "purchase_price": 414400,
                 "rate_per_1000": None, "currency": "EUR"}]  # fmt: skip
    q.restated = [{"cell": "Angebot!A19", "amount": 414400, "why": "purchase price in the lease sentence"}]
    q.tables = [t]
    q.grand_total(t)
    return q


FAULTS = [
    wrong_sums, hidden_parts, error_cells, no_saved_values, mixed_currencies, doubtful, decidable,
    numbers_that_are_no_prices, old_epoch, strict, trailing_minus, expires_before_date,
]  # fmt: skip
