"""Quotes that mix kinds: tables of different columns, yearly fees, covers that contradict, odd dates."""

from __future__ import annotations

import datetime as dt

from tests.exchange.quotes.exam.faults import facts_at_head, plain_table
from tests.exchange.quotes.exam.paper import Sheet
from tests.exchange.quotes.exam.truth import Column, Quote, Table, cents, grouped, number, text, times

PLAIN = number("#,##0.00")
POUNDS = number('_-£* #,##0.00_-;\\-£* #,##0.00_-;_-£* "-"??_-;_-@_-')


def good_better_best() -> Quote:
    """Three sheets of which one is bought; the sheets do not call themselves options; a template, hidden."""
    cover, template = Sheet("Letter"), Sheet("_template", hidden=True)
    pages = [Sheet(name) for name in ("Good", "Better", "Best")]
    q = Quote(
        "b41_hollins.xlsx",
        "options-as-sheets multi-sheet hidden-template-sheet ccy-USD no-bid",
        [cover, *pages, template],
    )
    cover.put("B2", "Hollins Ferry Computing, Inc.")
    cover.column("B", 5, ["Our quote", "Dated", "Good until", "Payment", "Lead time", "Currency"])
    cover.column(
        "D",
        5,
        ["HFC-40087 v4", "Wednesday, October 14, 2026", "Nov. 30, 2026", "net 45", "12-16 weeks", "USD"],
    )
    q.fact("vendor", "Hollins Ferry Computing, Inc.", "B2", "Hollins Ferry Computing, Inc.")
    q.fact("quote_number", "HFC-40087", "D5", "HFC-40087")
    q.fact("revision", "4", "D5", "v4")
    q.fact("quote_date", "2026-10-14", "D6", "October 14, 2026")
    q.fact("valid_until", "2026-11-30", "D7", "Nov. 30, 2026")
    q.fact("payment_terms", "net 45", "D8", "net 45")
    q.fact("lead_time", "12-16 weeks", "D9", "12-16 weeks")
    q.fact("currency", "USD", "D10", "USD")
    cover.put("B13", "We offer three alternatives; please choose one.")
    cover.put("B15", "Alternative")
    cover.put("D15", "Total")
    for n, (page, items) in enumerate(
        zip(
            pages,
            [
                [("HF-L4", "Node with L4 cards", 6, 21300.0), ("HF-S", "Setup", 1, 2500.0)],
                [("HF-L40", "Node with L40S cards", 6, 64850.5), ("HF-IB", "InfiniBand option", None, None)],
                [("HF-H2", "Node with H200 boards", 3, 291200.0), ("HF-S", "Setup", 1, 4100.0)],
            ],
            strict=True,
        )
    ):
        page.put("A1", f"{page.name}: bill of materials")
        t = plain_table(page, 4 + n, "USD", first="B", show=number('"$"#,##0.00'))
        t.role, t.name = "alternative", page.name
        rows = []
        for sku, words, pieces, price in items:
            if price is None:
                t.line(
                    "no_bid",
                    part_number=sku,
                    description=words,
                    quantity=0,
                    raw={"unit_price": "NO BID", "extended_price": "NO BID"},
                )
                q.flag(f"{page.name}!F{t.row}", "no-bid", False, "not offered")
            else:
                rows.append(t.line(part_number=sku, description=words, quantity=pieces, unit_price=price))
        t.total(f"Total {page.name}", rows)
        q.tables.append(t)
        cover.put(f"B{16 + n}", page.name)
        cover.put(f"D{16 + n}", t.sum(rows), '"$"#,##0.00')
        q.restated.append({"cell": f"Letter!D{16 + n}", "amount": t.sum(rows), "why": "total of the sheet"})
    for n in range(1, 400):
        template.put(f"A{n}", f"XDO_?LINE_{n}?")
        template.put(f"B{n}", "<?EXT_PRICE?>" if n % 3 else "Unit Price")
    q.ignored = ["Letter", "_template"]
    return q


def goods_and_days() -> Quote:
    """A table of goods and one of days with other columns; tax and the whole below both."""
    page = Sheet("Estimate")
    q = Quote(
        "b42_bracken.xlsx",
        "header-repeated services-day-rates charges currency-number-format ccy-GBP budgetary",
        [page],
    )
    page.put("A1", "Bracken & Fell Ltd")
    page.put("A2", "Budgetary estimate, subject to survey")
    page.put("D1", "Estimate no.")
    page.put("E1", "BF-2026-77")
    page.put("D2", "Date")
    page.put("E2", dt.date(2026, 10, 12), "dd/mm/yyyy")
    page.put("D3", "Valid to")
    page.put("E3", dt.date(2026, 12, 11), "dd/mm/yyyy")
    page.put("A3", "Terms: 30 days from invoice")
    q.fact("vendor", "Bracken & Fell Ltd", "A1", "Bracken & Fell Ltd")
    q.fact("price_status", "budgetary", "A2", "Budgetary")
    q.fact("quote_number", "BF-2026-77", "E1", "BF-2026-77")
    q.fact("quote_date", "2026-10-12", "E2", "2026-10-12")
    q.fact("valid_until", "2026-12-11", "E3", "2026-12-11")
    q.fact(
        "payment_terms", "30 days from invoice", "A3", "30 days from invoice", "Terms: 30 days from invoice"
    )
    q.facts["currency"] = "GBP"
    page.put("A5", "Part 1 - Equipment")
    a = Table(
        page,
        6,
        [
            Column("A", "part_number", "Product", text()),
            Column("B", "description", "Description", text()),
            Column("C", "quantity", "Qty"),
            Column("D", "unit_price", "Unit price", POUNDS),
            Column("E", "extended_price", "Line total", POUNDS),
        ],
        "GBP",
        name="Part 1",
    )
    one = [
        a.line(part_number="BF-100", description="Rear-door cooler", quantity=12, unit_price=8425.75),
        a.line(part_number="BF-200", description="Manifold", quantity=12, unit_price=1310),
    ]
    a.total("Equipment total", one)
    page.put(f"A{a.row + 2}", "Part 2 - Labour")
    b = Table(
        page,
        a.row + 3,
        [
            Column("B", "description", "Role", text()),
            Column("C", "quantity", "Days"),
            Column("D", "unit_price", "Day rate", POUNDS),
            Column("E", "extended_price", "Fee", POUNDS),
        ],
        "GBP",
        name="Part 2",
    )
    two = [
        b.line(description="Pipefitter", quantity=24, unit_price=480),
        b.line(description="Commissioning engineer", quantity=6.5, unit_price=795),
    ]
    b.total("Labour total", two)
    net = cents(a.sum(one) + b.sum(two))
    vat = cents(times(net, 0.2))
    row = b.row + 2
    for label, amount in [
        ("Total excluding VAT", net),
        ("VAT 20%", vat),
        ("Total including VAT", cents(net + vat)),
    ]:
        page.put(f"B{row}", label)
        page.put(f"E{row}", amount, POUNDS(0)[1])
        row += 1
    q.restated = [{"cell": f"Estimate!E{row - 3}", "amount": net, "why": "sum of both parts"}]
    q.charges = [
        {"cell": f"Estimate!E{row - 2}", "kind": "tax", "label": "VAT 20%", "amount": vat, "currency": "GBP"}
    ]
    q.grand = {"cell": f"Estimate!E{row - 1}", "amount": cents(net + vat), "currency": "GBP"}
    q.tables = [a, b]
    return q


def yearly_fees() -> Quote:
    """Fees a year times years; the term in years; validity in weeks."""
    page = Sheet("Order")
    q = Quote(
        "b43_quillfeather.xlsx",
        "price-per-year-times-term support-months valid-until-relative ccy-EUR",
        [page],
    )
    page.put("A1", "Quillfeather Software B.V.")
    page.put("A2", "Quote QF-9920 of 2 November 2026")
    page.put("A3", "Valid for 6 weeks")
    page.put("A4", "Invoiced annually in advance, net 30")
    page.put("D2", "Prices in euro")
    q.fact("vendor", "Quillfeather Software B.V.", "A1", "Quillfeather Software B.V.")
    q.fact("quote_number", "QF-9920", "A2", "QF-9920")
    q.fact("quote_date", "2026-11-02", "A2", "2 November 2026")
    q.fact("valid_until", "2026-12-14", "A3", "6 weeks")
    q.fact(
        "payment_terms", "Invoiced annually in advance, net 30", "A4", "Invoiced annually in advance, net 30"
    )
    q.fact("currency", "EUR", "D2", "euro")
    t = Table(
        page,
        7,
        [
            Column("A", "part_number", "SKU", text()),
            Column("B", "description", "Subscription", text()),
            Column("C", "quantity", "Units"),
            Column("D", "unit_price", "Price per year", PLAIN),
            Column("E", "term_months", "Term (years)", lambda v: (v / 12, "0")),
            Column("F", "extended_price", "Total contract value", PLAIN),
        ],
        "EUR",
    )
    rows = [
        t.line(
            part_number="QF-GPU",
            description="Scheduler licence, per GPU and year",
            quantity=64,
            unit_price=310.5,
            term_months=36,
            factor=3,
        ),
        t.line(
            part_number="QF-SUP",
            description="Premium support, per year",
            quantity=1,
            unit_price=8400,
            term_months=36,
            factor=3,
        ),
    ]
    t.total("Total", rows)
    q.tables = [t]
    q.grand_total(t)
    return q


def cover_contradicts() -> Quote:
    """The cover says another total than the sheet of lines: that has to be asked."""
    cover, page = Sheet("Cover"), Sheet("Price details")
    q = Quote("b44_ironmoss.xlsx", "multi-sheet cover-contradicts ccy-USD", [cover, page])
    facts_at_head(q, "Ironmoss Data Systems", "IDS-5120", "2026-10-19", "2026-11-18")
    cover.put("D2", "Currency: USD")
    q.fact("currency", "USD", "D2", "USD")
    t = plain_table(page, 3, "USD")
    rows = [
        t.line(part_number="IM-1", description="Object store node", quantity=6, unit_price=48120),
        t.line(part_number="IM-2", description="Drive 30 TB", quantity=144, unit_price=2390.5),
        t.line("freight", part_number="IM-F", description="Freight", quantity=1, unit_price=2200),
    ]
    t.total("Total price", rows)
    whole = t.sum(rows)
    cover.put("A10", "Total price of this offer")
    cover.put("B10", whole - 1800, '"$"#,##0.00')
    q.flag("Cover!B10", "*", True, "the cover says 1,800.00 less", -1800)
    q.ignored = ["Cover"]
    q.reconciles = False
    q.tables = [t]
    q.grand_total(t)
    return q


def spanish_colocation() -> Quote:
    """Sections say what is paid once and what monthly; two totals; a deposit between."""
    page = Sheet("b50_altamar")
    q = Quote("b50_altamar.csv", "colocation lang-es eu-decimals recurring-and-one-off header-row-9", [page])
    q.how = {"delimiter": ";", "encoding": "utf-8-sig"}
    page.put("A1", "Altamar Centros de Datos S.A.")
    page.column(
        "A", 2, ["Oferta nº", "Fecha de emisión", "Válida hasta", "Forma de pago", "Plazo de entrega"]
    )
    page.column("B", 2, ["AM-26-0450", "28/10/2026", "27/11/2026", "recibo a 15 días", "10 semanas"])
    q.fact("vendor", "Altamar Centros de Datos S.A.", "A1", "Altamar Centros de Datos S.A.")
    q.fact("quote_number", "AM-26-0450", "B2", "AM-26-0450")
    q.fact("quote_date", "2026-10-28", "B3", "28/10/2026")
    q.fact("valid_until", "2026-11-27", "B4", "27/11/2026")
    q.fact("payment_terms", "recibo a 15 días", "B5", "recibo a 15 días")
    q.fact("lead_time", "10 semanas", "B6", "10 semanas")
    eur = text(grouped(".", ","))
    t = Table(
        page,
        9,
        [
            Column("A", "part_number", "Código", text()),
            Column("B", "description", "Servicio", text()),
            Column("C", "quantity", "Uds.", text(grouped(".", ",", 0))),
            Column("D", "unit_price", "Precio (EUR)", eur),
            Column("E", "extended_price", "Importe (EUR)", eur),
        ],
        "EUR",
        decimal=",",
    )
    q.fact("currency", "EUR", "D9", "EUR")
    t.note("A", "CUOTAS DE ALTA (PAGO ÚNICO)")
    once = [
        t.line(
            part_number="AM-A1",
            description="Adecuación de sala",
            quantity=1,
            unit_price=32400,
            recurrence="one_off",
        ),
        t.line(
            part_number="AM-A2",
            description="Instalación de bastidor",
            quantity=10,
            unit_price=915.5,
            recurrence="one_off",
        ),
    ]
    t.subtotal("Total pago único", once)
    t.note("A", "CUOTAS MENSUALES")
    monthly = [
        t.line(
            part_number="AM-M1",
            description="Potencia contratada (kW)",
            quantity=200,
            unit_price=159.9,
            recurrence="monthly",
        ),
        t.line(
            part_number="AM-M2", description="Bastidor", quantity=10, unit_price=388, recurrence="monthly"
        ),
    ]
    q.flag(f"{page.name}!E{monthly[0]}", "mixed-recurrence", False, "once and monthly in one column")
    t.subtotal("Total cuota mensual", monthly)
    q.tables = [t]
    return q


def two_leases() -> Quote:
    """Two kinds of lease for each term; the months are text; payments in arrears; a macro-enabled name."""
    page, rates = Sheet("Offer"), Sheet("Leasing")
    q = Quote("b51_windward.xlsm", "fmt-xlsm lease-rate-table multi-sheet ccy-EUR lang-en", [page, rates])
    facts_at_head(
        q, "Windward Capital Equipment", "WCE-220", "2026-10-27", "2026-11-26", "net 14", "5-6 weeks"
    )
    page.put("D2", "Currency: EUR")
    q.fact("currency", "EUR", "D2", "EUR")
    t = plain_table(page, 10, "EUR")
    rows = [
        t.line(part_number="WW-1", description="GPU server", quantity=2, unit_price=233450),
        t.line(part_number="WW-2", description="Rack set-up", quantity=1, unit_price=3800),
    ]
    t.total("Total purchase price", rows)
    whole = t.sum(rows)
    rates.put("A1", "Operating lease, payments monthly in arrears, EUR")
    for letter, title in zip("ABCD", ["Term", "Rate/€1,000", "Monthly rental", "Total rentals"], strict=True):
        rates.put(f"{letter}3", title)
    for row, (months, rate) in enumerate([(36, 30.945), (48, 24.112)], 4):
        monthly = cents(times(whole, rate, 0.001))
        rates.put(f"A{row}", f"{months} months")
        rates.put(f"B{row}", rate, "0.000")
        rates.put(f"C{row}", monthly, "#,##0.00")
        rates.put(f"D{row}", cents(monthly * months), "#,##0.00")
        q.leases.append(
            {
                "cell": f"Leasing!C{row}",
                "monthly": monthly,
                "term_months": months,
                "currency": "EUR",
                "purchase_price": whole,
                "rate_per_1000": rate,
                "timing": "arrears",
            }
        )
    q.tables = [t]
    q.grand_total(t)
    return q


def uncalculated_sheets() -> Quote:
    """Formulas without values over two sheets, dates by formula, months times a monthly price."""
    page = Sheet("Quote")
    q = Quote(
        "b52_rushmoor.xlsx",
        "formulas-uncached date-1904 price-per-month-times-term tax-separate ccy-USD",
        [page],
    )
    q.how = {"saved": False, "date_1904": True}
    facts_at_head(q, "Rushmoor Cloud Hardware", "RCH-3301", "2026-10-15", "2026-12-14")
    page.put("B3", dt.date(2026, 10, 15), "yyyy-mm-dd")
    page.put("B4", dt.date(2026, 12, 14), "yyyy-mm-dd")
    page.put("D2", "Currency: USD")
    q.fact("currency", "USD", "D2", "USD")
    t = Table(
        page,
        9,
        [
            Column("A", "part_number", "Part", text()),
            Column("B", "description", "Description", text()),
            Column("C", "quantity", "Qty"),
            Column("D", "unit_price", "Unit price", PLAIN),
            Column("E", "term_months", "Months"),
            Column("F", "extended_price", "Extended", PLAIN),
        ],
        "USD",
    )
    rows = [
        t.line(
            part_number="RC-1",
            description="Blade chassis",
            quantity=3,
            unit_price=18400.5,
            formulas={"extended_price": "=C{r}*D{r}"},
        ),
        t.line(
            part_number="RC-2",
            description="Monitoring, per chassis and month",
            quantity=3,
            unit_price=95.25,
            term_months=24,
            factor=24,
            formulas={"extended_price": "=PRODUCT(C{r}:E{r})"},
        ),
    ]
    sub = t.subtotal("Subtotal", rows, formula="=SUM(F10:F11)")
    tax = t.line(
        "tax",
        description="Sales tax 6%",
        extended_price=cents(times(t.sum([sub]), 0.06)),
        formulas={"extended_price": "=ROUND(0.06*F12,2)"},
    )
    t.total("Total", [sub, tax], formula="=SUM(F12,F13)")
    for row in (*rows, sub, tax, t.row):
        q.flag(f"Quote!F{row}", "no-cached-value", True, "never calculated")
    q.tables = [t]
    q.grand_total(t)
    return q


MIXED = [
    good_better_best,
    goods_and_days,
    yearly_fees,
    cover_contradicts,
    spanish_colocation,
    two_leases,
    uncalculated_sheets,
]
