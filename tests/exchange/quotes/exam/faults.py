"""Quotes with faults, doubts, hidden parts and odd files."""

from __future__ import annotations

from tests.exchange.quotes.exam.paper import Sheet
from tests.exchange.quotes.exam.truth import Column, Quote, Table, cents, number, text, times

PLAIN = number("#,##0.00")


def plain_table(
    page: Sheet, header: int, currency: str | None, decimal: str = ".", first: str = "A", show: object = None
) -> Table:
    letters = [chr(ord(first) + n) for n in range(5)]
    money = show or PLAIN
    titles = ["Part #", "Description", "Qty", "Unit Price", "Extended Price"]
    fields = ["part_number", "description", "quantity", "unit_price", "extended_price"]
    shows = [text(), text(), number(), money, money]
    columns = [Column(a, f, t, s) for a, f, t, s in zip(letters, fields, titles, shows, strict=True)]
    return Table(page, header, columns, currency, decimal=decimal)


def facts_at_head(
    q: Quote, vendor: str, no: str, date: str, until: str, terms: str = "Net 30", lead: str = "6 weeks"
) -> None:
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
    q = Quote(
        "b21_flintlock.xlsx", "line-mismatch total-mismatch subtotal-omits-line rounding-tolerated", [page]
    )
    facts_at_head(q, "Flintlock Data Supply", "FDS-771", "2026-10-20", "2026-11-19")
    page.put("D2", "Currency: USD")
    q.fact("currency", "USD", "D2", "USD")
    t = plain_table(page, 9, "USD")
    a = t.line(part_number="FL-1", description="Server, dual socket", quantity=12, unit_price=18450.5)
    b = t.line(
        part_number="FL-2",
        description="Memory kit 64 GB",
        quantity=96,
        unit_price=412.35,
        extended_price=cents(times(96, 412.35)) + 90,
    )
    q.flag(f"Quote!E{b}", "line-mismatch", True, "96 x 412.35", 90)
    c = t.line(
        part_number="FL-3",
        description="Licence, metered",
        quantity=333,
        unit_price=0.125,
        extended_price=41.63,
    )
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
    facts_at_head(q, "Millrace Hardware", "MH-20931", "2026-09-03", "2026-10-03")
    page.put("D2", "All prices in US Dollars")
    q.fact("currency", "USD", "D2", "US Dollars")
    t = plain_table(page, 8, "USD")
    page.put("F8", "Our Cost")
    page.hidden_columns.add("F")
    a = t.line(part_number="MH-1", description="GPU server, 4 cards", quantity=5, unit_price=61200)
    t.line(
        "option",
        part_number="MH-1B",
        description="Replaced: GPU server, 2 cards",
        quantity=5,
        unit_price=38900,
        hide=True,
    )
    q.flag(f"Quote!E{t.row}", "hidden-row", False, "priced, not in the total")
    b = t.line(part_number="MH-2", description="Rack mounting", quantity=5, unit_price=140)
    for row, cost in ((a, 55080), (b, 95)):
        page.put(f"F{row}", cost, "#,##0.00")
    q.flag("Quote!F8", "hidden-column", False, "cost of the seller")
    t.total("Total", [a, b])
    o = plain_table(old, 4, "USD")
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
    facts_at_head(q, "Greywacke Networks", "GW-5507", "2026-10-13", "2026-11-12")
    page.put("D2", "Currency: USD")
    q.fact("currency", "USD", "D2", "USD")
    t = plain_table(page, 9, "USD")
    t.line(part_number="GN-1", description="Core switch", quantity=2, unit_price=48200)
    t.line(
        part_number="GN-2",
        description="Line card, 36 ports",
        quantity=8,
        unit_price=None,
        extended_price=None,
        counts=False,
    )
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
    facts_at_head(q, "Tallgrass Systems Integration", "TSI-0417", "2026-10-08", "2026-12-07")
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
        rows.append(
            t.line(
                part_number=sku,
                description=words,
                quantity=pieces,
                list_price=price,
                discount_pct=off,
                unit_price=unit,
                formulas={"unit_price": net, "extended_price": ext},
            )
        )
    sub = t.subtotal("Subtotal", rows, formula="=SUBTOTAL(9,G11:G13)")
    amount = cents(times(t.sum([sub]), 0.19))
    tax = t.line(
        "tax", description="VAT 19%", extended_price=amount, formulas={"extended_price": "=ROUND(G14*19%,2)"}
    )
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
    facts_at_head(q, "Landfall Sourcing", "LS-66-03", "2026-10-12", "2026-12-11")
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
    a = t.line(
        part_number="LS-1", description="Chiller, 400 kW", quantity=2, currency="EUR", unit_price=91250
    )
    b = t.line(part_number="LS-2", description="GPU server", quantity=3, currency="USD", unit_price=268000)
    q.flag(f"Offer!D{b}", "mixed-currency", True, "euros and dollars")
    c = t.line(
        part_number="LS-3",
        description="Pipework, prefabricated",
        quantity=1,
        currency="EUR",
        unit_price=33480,
        raw={"currency": ""},
    )
    q.flag(f"Offer!D{c}", "missing-currency", True, "the total says EUR; confirm")
    d = t.line(part_number="LS-4", description="Busbar, 10 m", quantity=6, currency="GBP", unit_price=2275.5)
    t.subtotal("Total EUR", [a, c], currency="EUR")
    t.subtotal("Total USD", [b], currency="USD")
    t.subtotal("Total GBP", [d], currency="GBP")
    q.tables = [t]
    return q


FAULTS = [wrong_sums, hidden_parts, error_cells, no_saved_values, mixed_currencies]
