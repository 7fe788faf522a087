"""Quotes with the habits of single vendors: reductions below each line, facts below the table."""

from __future__ import annotations

from tests.exchange.quotes.exam.faults import facts_at_head, plain_table
from tests.exchange.quotes.exam.paper import Sheet
from tests.exchange.quotes.exam.truth import Column, Quote, Table, cents, grouped, number, text, times

PLAIN = number("#,##0.00")


def exempt_bid() -> Quote:
    """A public bid: no bid on a line, a tax of nothing, a bundle in words, notes above the table."""
    page, form = Sheet("Bid"), Sheet("Acceptance")
    q = Quote(
        "b53_prairie.xls",
        "fmt-xls header-row-31 no-bid bundle-text tax-zero legal-text-below multi-sheet",
        [page, form],
    )
    form.column("A", 1, ["Acceptance of bid", None, "Signature", "Date", "Title"])
    q.ignored = ["Acceptance"]
    page.put("A1", "PRAIRIE STATE SYSTEMS INC.")
    page.column("A", 4, ["Bid Number", "Bid Date", "Prices firm until", "Terms", "Delivery", "Currency"])
    page.column(
        "C", 4, ["PSS-B-0718 Rev. 02", "10/21/2026", "01/19/2027", "Net 45", "8-10 weeks ARO", "U.S. Dollars"]
    )
    q.fact("vendor", "Prairie State Systems Inc.", "A1", "PRAIRIE STATE SYSTEMS INC.")
    q.fact("quote_number", "PSS-B-0718", "C4", "PSS-B-0718")
    q.fact("revision", "02", "C4", "Rev. 02")
    q.fact("quote_date", "2026-10-21", "C5", "10/21/2026")
    q.fact("valid_until", "2027-01-19", "C6", "01/19/2027")
    q.fact("price_status", "firm", "A6", "firm")
    q.fact("payment_terms", "Net 45", "C7", "Net 45")
    q.fact("lead_time", "8-10 weeks ARO", "C8", "8-10 weeks ARO", "8-10 weeks")
    q.fact("currency", "USD", "C9", "U.S. Dollars")
    page.column(
        "A",
        13,
        [
            "NOTES",
            "1. Bidders may quote equivalents.",
            "2. Quantities are estimates for 12 months.",
            "3. Late bids are not read.",
        ],
    )
    t = Table(
        page,
        31,
        [
            Column("A", "line_no", "Bid Item", text()),
            Column("B", "part_number", "Mfr. Part No.", text()),
            Column("C", "description", "Description", text()),
            Column("D", "quantity", "Est. Qty"),
            Column("E", "unit_price", "Unit Bid Price", PLAIN),
            Column("F", "extended_price", "Extended Bid", PLAIN),
        ],
        "USD",
    )
    a = t.line(
        line_no="001",
        part_number="PS-WS4",
        description="Workstation, 4 GPU",
        quantity=24,
        unit_price=38190.55,
    )
    t.line(
        "no_bid",
        line_no="002",
        part_number="PS-LIQ",
        description="Liquid-cooled rack",
        quantity=0,
        raw={"unit_price": "No Bid", "extended_price": "No Bid"},
    )
    q.flag(f"Bid!F{t.row}", "no-bid", False, "not offered")
    b = t.line(
        line_no="003",
        part_number="PS-KIT",
        quantity=24,
        unit_price=412.5,
        description="Kit (2@ USD 95.00 cable); (1@ USD 120.00 tray); fitted",
    )
    q.flag(f"Bid!C{b}", "bundle-text", False, "prices inside the text")
    sub = t.subtotal("Subtotal", [a, b])
    tax = t.line("tax", description="Sales tax (exempt)", extended_price=0)
    t.total("Total Bid", [sub, tax])
    for n in range(40):
        page.put(
            f"A{t.row + 3 + n}",
            f"Section {n + 1}. Liquidated damages of $ 250.00 per day apply after day {n + 30}.",
        )
    q.tables = [t]
    q.grand_total(t)
    return q


def reductions_below_lines() -> Quote:
    """Below each line its own reduction; a reduction on the whole; then the tax."""
    page = Sheet("Angebot")
    q = Quote(
        "b54_sandkrug.xlsx", "lang-de discount-line nested-subtotals currency-number-format ccy-EUR", [page]
    )
    page.put("A1", "Sandkrug Datentechnik e.K.")
    page.column("F", 2, ["Angebots-Nr.", "Datum", "Gültig bis", "Zahlung", "Lieferzeit"])
    page.column(
        "G", 2, ["A-26.0447", "14.10.26", "30.11.26", "8 Tage 2 % Skonto, 30 Tage netto", "4-6 Wochen"]
    )
    q.fact("vendor", "Sandkrug Datentechnik e.K.", "A1", "Sandkrug Datentechnik e.K.")
    q.fact("quote_number", "A-26.0447", "G2", "A-26.0447")
    q.fact("quote_date", "2026-10-14", "G3", "14.10.26")
    q.fact("valid_until", "2026-11-30", "G4", "30.11.26")
    q.fact("payment_terms", "8 Tage 2 % Skonto, 30 Tage netto", "G5", "8 Tage 2 % Skonto")
    q.fact("lead_time", "4-6 Wochen", "G6", "4-6 Wochen")
    q.facts["currency"] = "EUR"
    eur = number('#,##0.00\\ "€"')
    t = Table(
        page,
        10,
        [
            Column("A", "line_no", "Pos"),
            Column("B", "description", "Bezeichnung", text()),
            Column("C", "quantity", "Menge"),
            Column("D", "unit", "Einheit", text()),
            Column("E", "unit_price", "Preis/Einheit", eur),
            Column("F", "extended_price", "Summe", eur),
        ],
        "EUR",
    )
    a = t.line(line_no=1, description="Speicherserver 60 Schächte", quantity=4, unit="Stk", unit_price=38250)
    b = t.line("discount", description="Mengenrabatt zu Pos. 1", extended_price=-6120)
    c = t.line(line_no=2, description="Festplatte 24 TB", quantity=240, unit="Stk", unit_price=498.9)
    s = t.subtotal("Zwischensumme", [a, b, c])
    d = t.line("discount", description="Projektrabatt 3 %", extended_price=-cents(times(t.sum([s]), 0.03)))
    net = t.subtotal("Netto", [s, d])
    tax = t.line("tax", description="+ 19 % USt.", extended_price=cents(times(t.sum([net]), 0.19)))
    t.total("Bruttobetrag", [net, tax])
    q.tables = [t]
    q.grand_total(t)
    return q


def facts_below() -> Quote:
    """Everything about the quote stands below the table; the currency in a footnote; years of two digits."""
    page = Sheet("Sheet1")
    q = Quote("b55_merlion.xlsx", "facts-below-table ccy-SGD header-row-3 tax-separate currency-text", [page])
    page.put("A1", "Merlion Peak Technologies Pte Ltd")
    q.fact("vendor", "Merlion Peak Technologies Pte Ltd", "A1", "Merlion Peak Technologies Pte Ltd")
    t = plain_table(page, 3, "SGD")
    rows = [
        t.line(part_number="MP-10", description="GPU node", quantity=3, unit_price=198450.9),
        t.line(part_number="MP-20", description="Annual support", quantity=3, unit_price=15200),
    ]
    sub = t.subtotal("Sub-Total", rows)
    tax = t.line("tax", description="GST 9%", extended_price=cents(times(t.sum([sub]), 0.09)))
    t.total("Total Payable", [sub, tax])
    r = t.row + 2
    page.column(
        "A",
        r,
        ["Quotation No.", "Date", "Valid Till", "Payment Terms", "Lead Time", "All prices quoted in SGD."],
    )
    page.column("B", r, ["MPT/Q/1187", "15/10/26", "14/11/26", "30 days", "7 weeks"])
    for n, (name, value, raw) in enumerate(
        [
            ("quote_number", "MPT/Q/1187", "MPT/Q/1187"),
            ("quote_date", "2026-10-15", "15/10/26"),
            ("valid_until", "2026-11-14", "14/11/26"),
            ("payment_terms", "30 days", "30 days"),
            ("lead_time", "7 weeks", "7 weeks"),
        ]
    ):
        q.fact(name, value, f"B{r + n}", raw)
    q.fact("currency", "SGD", f"A{r + 5}", "SGD")
    q.tables = [t]
    q.grand_total(t)
    return q


def types_in_a_column() -> Quote:
    """Options are told in a column of their own; list totals beside net ones; a credit with CR."""
    page = Sheet("Quote")
    q = Quote(
        "b56_gantry.xlsx", "option-column extended-list-trap credit-suffix numbers-as-text ccy-USD", [page]
    )
    facts_at_head(q, "Gantry Cloud Hardware", "GCH-2200", "2026-10-22", "2026-11-21")
    page.put("D2", "Currency: USD")
    q.fact("currency", "USD", "D2", "USD")
    usd = text(lambda v: grouped(",", ".", 2, "{} CR")(v))
    t = Table(
        page,
        9,
        [
            Column("A", "part_number", "Part", text()),
            Column("B", "description", "Description", text()),
            Column("C", None, "Type", text()),
            Column("D", "quantity", "Qty"),
            Column("E", "list_price", "List Price", usd),
            Column("F", "unit_price", "Net Price", usd),
            Column("G", None, "Total List", usd),
            Column("H", "extended_price", "Total Net", usd),
        ],
        "USD",
    )

    def priced(kind: str, sku: str, words: str, pieces: float, price: float, net: float, label: str) -> int:
        return t.line(
            kind,
            part_number=sku,
            description=words,
            quantity=pieces,
            list_price=price,
            unit_price=net,
            beside={"C": label, "G": times(pieces, price)},
        )

    a = priced("line", "GC-1", "Server", 8, 51200, 43008, "Base")
    priced("option", "GC-2", "Second power feed", 8, 1400, 1190, "Option")
    b = priced("line", "GC-3", "Switch", 2, 18900, 15120.75, "Base")
    c = t.line(
        "discount",
        part_number="GC-CR",
        description="Credit for returned goods",
        quantity=1,
        unit_price=-2750,
        beside={"C": "Base"},
    )
    t.total("Total", [a, b, c])
    q.tables = [t]
    q.grand_total(t)
    return q


def summary_table() -> Quote:
    """A summary with a header of its own: two sheets that add up, the tax, the whole."""
    first, one, two = Sheet("Summary"), Sheet("Site A"), Sheet("Site B")
    q = Quote(
        "b57_twinpeaks.xlsx",
        "multi-sheet cover-restates-totals charges tax-separate ccy-GBP",
        [first, one, two],
    )
    facts_at_head(q, "Twin Peaks Datacom Ltd", "TPD-091", "2026-10-09", "2026-11-08", "30 days", "5 weeks")
    gbp = number("[$£-809]#,##0.00")
    q.facts["currency"] = "GBP"
    first.put("A10", "Section")
    first.put("B10", "Amount")
    for n, (page, items) in enumerate(
        [
            (one, [("TP-1", "Cabinet", 6, 2140.0), ("TP-2", "PDU", 12, 815.5)]),
            (two, [("TP-1", "Cabinet", 4, 2140.0), ("TP-3", "Cooling door", 4, 7480.25)]),
        ]
    ):
        page.put("A1", f"{page.name} - equipment")
        t = plain_table(page, 3, "GBP", show=gbp)
        rows = [t.line(part_number=a, description=b, quantity=c, unit_price=d) for a, b, c, d in items]
        t.total(f"Total {page.name}", rows)
        q.tables.append(t)
        first.put(f"A{11 + n}", page.name)
        first.put(f"B{11 + n}", t.sum(rows), gbp(0)[1])
        q.restated.append({"cell": f"Summary!B{11 + n}", "amount": t.sum(rows), "why": "total of the sheet"})
    net = cents(sum(t.total_of["amount"] for t in q.tables if t.total_of))
    vat = cents(times(net, 0.2))
    for row, label, amount in [
        (13, "Total excl. VAT", net),
        (14, "VAT 20%", vat),
        (15, "Total incl. VAT", net + vat),
    ]:
        first.put(f"A{row}", label)
        first.put(f"B{row}", cents(amount), gbp(0)[1])
    q.restated.append({"cell": "Summary!B13", "amount": net, "why": "sum of the sheets"})
    q.charges = [{"cell": "Summary!B14", "kind": "tax", "label": "VAT 20%", "amount": vat, "currency": "GBP"}]
    q.grand = {"cell": "Summary!B15", "amount": cents(net + vat), "currency": "GBP"}
    return q


def dotted_parts() -> Quote:
    """Parts marked by leading dots and dashes, their price cells empty."""
    page = Sheet("BOM")
    q = Quote(
        "b58_kettlewell.xlsx",
        "bom-by-indent zero-price-children currency-header ccy-CAD header-two-line",
        [page],
    )
    facts_at_head(
        q, "Kettlewell Systems Canada", "KSC-7781", "2026-10-15", "2026-12-14", "Net 30", "6-8 weeks"
    )
    t = Table(
        page,
        9,
        [
            Column("A", "line_no", "Item"),
            Column("B", "description", "Description", text()),
            Column("C", "part_number", "Model", text()),
            Column("D", "quantity", "Qty"),
            Column("E", "unit_price", "Unit Price\n(CAD)", PLAIN),
            Column("F", "extended_price", "Extension\n(CAD)", PLAIN),
        ],
        "CAD",
    )
    q.fact("currency", "CAD", "E9", "CAD")
    rows = []
    for n, (words, sku, pieces, price, parts) in enumerate(
        [
            (
                "GPU chassis",
                "KW-8",
                3,
                251770.0,
                [("- Accelerator board", "KW-8B", 3), ("- Memory 64 GB", "KW-M", 96)],
            ),
            ("File server", "KW-F", 2, 38415.5, [("- Drive 16 TB", "KW-D", 48)]),
            ("Rack integration", "KW-R", 1, 6900.0, []),
        ],
        1,
    ):
        rows.append(t.line(line_no=n, description=words, part_number=sku, quantity=pieces, unit_price=price))
        for part, code, count in parts:
            t.line("child", description=part, part_number=code, quantity=count, raw={})
    net = t.subtotal("Subtotal", rows)
    hst = t.line("tax", description="HST 13%", extended_price=cents(times(t.sum([net]), 0.13)))
    t.total("Total (CAD)", [net, hst])
    q.tables = [t]
    q.grand_total(t)
    return q


def monthly_prices() -> Quote:
    """A price a month and a number of months on every line; the sum is over the term."""
    page = Sheet("Rental")
    q = Quote("b59_lowtide.xlsx", "price-per-month-times-term support-months ccy-USD lang-en", [page])
    facts_at_head(
        q, "Lowtide Rental Compute", "LRC-501", "2026-11-02", "2026-12-02", "monthly in advance", "2 weeks"
    )
    page.put("D2", "Currency: USD")
    q.fact("currency", "USD", "D2", "USD")
    t = Table(
        page,
        9,
        [
            Column("A", "part_number", "Code", text()),
            Column("B", "description", "Resource", text()),
            Column("C", "quantity", "Nodes"),
            Column("D", "term_months", "Months"),
            Column("E", "unit_price", "Price per node and month", PLAIN),
            Column("F", "extended_price", "Price for the term", PLAIN),
        ],
        "USD",
    )
    rows = [
        t.line(
            part_number="LR-H",
            description="Reserved node, 8 GPU",
            quantity=4,
            term_months=12,
            unit_price=18350,
            factor=12,
        ),
        t.line(
            part_number="LR-S",
            description="Shared storage, 500 TB",
            quantity=1,
            term_months=12,
            unit_price=6125.5,
            factor=12,
        ),
    ]
    t.total("Total for the term", rows)
    q.tables = [t]
    q.grand_total(t)
    return q


def comma_file() -> Quote:
    """Commas between fields and within the numbers, quoted; one line whose product is wrong by nine cents."""
    page = Sheet("b60_osprey")
    q = Quote("b60_osprey.csv", "fmt-csv-comma numbers-as-text thousands-separators line-mismatch", [page])
    q.how = {"delimiter": ",", "encoding": "utf-8"}
    page.put("A1", "Osprey Edge Systems Inc.")
    page.column("A", 2, ["Quote Number", "Quote Date", "Valid Until", "Terms", "Lead Time", "Currency"])
    page.column("B", 2, ["OES-1029", "2026-10-29", "2026-11-28", "Net 30", "3 weeks", "USD"])
    for n, (name, value) in enumerate(
        [
            ("quote_number", "OES-1029"),
            ("quote_date", "2026-10-29"),
            ("valid_until", "2026-11-28"),
            ("payment_terms", "Net 30"),
            ("lead_time", "3 weeks"),
            ("currency", "USD"),
        ],
        2,
    ):
        q.fact(name, value, f"B{n}", value)
    q.fact("vendor", "Osprey Edge Systems Inc.", "A1", "Osprey Edge Systems Inc.")
    usd = text(grouped(",", "."))
    t = Table(
        page,
        9,
        [
            Column("A", "part_number", "Part Number", text()),
            Column("B", "description", "Description", text()),
            Column("C", "quantity", "Qty", text(grouped(",", ".", 0))),
            Column("D", "unit_price", "Unit Price", usd),
            Column("E", "extended_price", "Extended Price", usd),
        ],
        "USD",
    )
    a = t.line(part_number="OE-1", description="Edge node, 2 GPU, fanless", quantity=1200, unit_price=4310.07)
    b = t.line(
        part_number="OE-2",
        description="Mount, wall",
        quantity=1200,
        unit_price=38.15,
        extended_price=45780.09,
    )
    q.flag(f"{page.name}!E{b}", "line-mismatch", True, "1,200 x 38.15 = 45,780.00", 0.09)
    t.total("Total", [a, b])
    q.reconciles = False
    q.tables = [t]
    q.grand_total(t)
    return q


FRESH = [
    exempt_bid,
    reductions_below_lines,
    facts_below,
    types_in_a_column,
    summary_table,
    dotted_parts,
    monthly_prices,
    comma_file,
]
