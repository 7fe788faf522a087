"""Quotes that mix kinds: tables of different columns, yearly fees, covers that contradict, odd dates."""

from __future__ import annotations

import datetime as dt

from tests.exchange.quotes.exam.faults import _head, _simple
from tests.exchange.quotes.exam.paper import Sheet
from tests.exchange.quotes.exam.truth import Column, Quote, Table, cents, grouped, number, text, times

PLAIN = number("#,##0.00")
POUNDS = number("_-£* #,##0.00_-;\\-£* #,##0.00_-;_-£* \"-\"??_-;_-@_-")


def good_better_best() -> Quote:
    """Three sheets of which one is bought; the sheets do not call themselves options; a template, hidden."""
    cover, template = Sheet("Letter"), Sheet("_template", hidden=True)
    pages = [Sheet(name) for name in ("Good", "Better", "Best")]
    q = Quote("b41_hollins.xlsx", "options-as-sheets multi-sheet hidden-template-sheet ccy-USD no-bid",
              [cover, *pages, template])  # fmt: skip
    cover.put("B2", "Hollins Ferry Computing, Inc.")
    cover.column("B", 5, ["Our quote", "Dated", "Good until", "Payment", "Lead time", "Currency"])
    cover.column("D", 5, ["HFC-40087 v4", "Wednesday, October 14, 2026", "Nov. 30, 2026", "net 45", "12-16 weeks", "USD"])
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
        t = _simple(page, 4 + n, "USD", first="B", show=number('"$"#,##0.00'))
        t.role, t.name = "alternative", page.name
        rows = []
        for sku, words, pieces, price in items:
            if price is None:
                t.line("no_bid", part_number=sku, description=words, quantity=0,
                       raw={"unit_price": "NO BID", "extended_price": "NO BID"})  # fmt: skip
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
    q = Quote("b42_bracken.xlsx", "header-repeated services-day-rates charges currency-number-format ccy-GBP budgetary",
              [page])  # fmt: skip
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
    q.fact("payment_terms", "30 days from invoice", "A3", "30 days from invoice", "Terms: 30 days from invoice")
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
    for label, amount in [("Total excluding VAT", net), ("VAT 20%", vat), ("Total including VAT", cents(net + vat))]:
        page.put(f"B{row}", label)
        page.put(f"E{row}", amount, POUNDS(0)[1])
        row += 1
    q.restated = [{"cell": f"Estimate!E{row - 3}", "amount": net, "why": "sum of both parts"}]
    q.charges = [{"cell": f"Estimate!E{row - 2}", "kind": "tax", "label": "VAT 20%", "amount": vat, "currency": "GBP"}]
    q.grand = {"cell": f"Estimate!E{row - 1}", "amount": cents(net + vat), "currency": "GBP"}
    q.tables = [a, b]
    return q


def yearly_fees() -> Quote:
    """Fees a year times years; the term in years; validity in weeks."""
    page = Sheet("Order")
    q = Quote("b43_quillfeather.xlsx", "price-per-year-times-term support-months valid-until-relative ccy-EUR", [page])
    page.put("A1", "Quillfeather Software B.V.")
    page.put("A2", "Quote QF-9920 of 2 November 2026")
    page.put("A3", "Valid for 6 weeks")
    page.put("A4", "Invoiced annually in advance, net 30")
    page.put("D2", "Prices in euro")
    q.fact("vendor", "Quillfeather Software B.V.", "A1", "Quillfeather Software B.V.")
    q.fact("quote_number", "QF-9920", "A2", "QF-9920")
    q.fact("quote_date", "2026-11-02", "A2", "2 November 2026")
    q.fact("valid_until", "2026-12-14", "A3", "6 weeks")
    q.fact("payment_terms", "Invoiced annually in advance, net 30", "A4", "Invoiced annually in advance, net 30")
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
        t.line(part_number="QF-GPU", description="Scheduler licence, per GPU and year", quantity=64, unit_price=310.5,
               term_months=36, factor=3),
        t.line(part_number="QF-SUP", description="Premium support, per year", quantity=1, unit_price=8400,
               term_months=36, factor=3),
    ]  # fmt: skip
    t.total("Total", rows)
    q.tables = [t]
    q.grand_total(t)
    return q


def cover_contradicts() -> Quote:
    """The cover says another total than the sheet of lines: that has to be asked."""
    cover, page = Sheet("Cover"), Sheet("Price details")
    q = Quote("b44_ironmoss.xlsx", "multi-sheet cover-contradicts ccy-USD", [cover, page])
    _head(q, "Ironmoss Data Systems", "IDS-5120", "2026-10-19", "2026-11-18")
    cover.put("D2", "Currency: USD")
    q.fact("currency", "USD", "D2", "USD")
    t = _simple(page, 3, "USD")
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


def letter_first() -> Quote:
    """A binary workbook whose first sheet is a letter; the table's own sheet says nothing of the quote."""
    letter, page = Sheet("Anschreiben"), Sheet("Positionen")
    q = Quote("b45_silbergrund.xls", "multi-sheet fmt-xls lang-de numbers-as-text header-row-1 bom-by-id", [letter, page])
    letter.column("A", 1, [
        "Silbergrund Systemhaus GmbH", None, "Universität Beispielstadt", "Einkauf", None,
        "Angebot Nr. SG-26-2201 vom 19.10.2026", None, "Sehr geehrte Damen und Herren,",
        "unser Angebot ist freibleibend bis 30.11.2026 gültig.", "Gültig bis: 30.11.2026",
        "Zahlungsbedingungen: 14 Tage netto", "Lieferzeit: 6-8 Wochen", "Alle Preise in EUR.",
    ])  # fmt: skip
    q.fact("vendor", "Silbergrund Systemhaus GmbH", "A1", "Silbergrund Systemhaus GmbH")
    q.fact("quote_number", "SG-26-2201", "A6", "SG-26-2201")
    q.fact("quote_date", "2026-10-19", "A6", "19.10.2026")
    q.fact("valid_until", "2026-11-30", "A10", "30.11.2026")
    q.fact("payment_terms", "14 Tage netto", "A11", "14 Tage netto", "Zahlungsbedingungen: 14 Tage netto")
    q.fact("lead_time", "6-8 Wochen", "A12", "6-8 Wochen", "Lieferzeit: 6-8 Wochen")
    q.fact("currency", "EUR", "A13", "EUR")
    letter.cells.pop((8, 0))
    q.evidence["valid_until"]["cell"] = "Anschreiben!A10"
    eur = text(grouped(".", ","))
    t = Table(
        page,
        1,
        [
            Column("A", "line_no", "Pos.", text()),
            Column("B", "parent_no", "Gehört zu Pos.", text()),
            Column("C", "part_number", "Artikelnummer", text()),
            Column("D", "description", "Artikelbezeichnung", text()),
            Column("E", "quantity", "Menge", text(grouped(".", ",", 0))),
            Column("F", "unit_price", "Einzelpreis netto", eur),
            Column("G", "extended_price", "Gesamtpreis netto", eur),
        ],
        "EUR",
        decimal=",",
    )
    a = t.line(line_no="1", part_number="SG-8R", description="Rechenknoten 8 GPU", quantity=2, unit_price=241890.9)
    t.line("child", line_no="1.1", parent_no="1", part_number="SG-8R-M", description="Speicher 2 TB", quantity=2,
           unit_price=0)  # fmt: skip
    b = t.line(line_no="2", part_number="SG-KAB", description="Kabelsatz", quantity=1100, unit_price=6.35)
    net = t.subtotal("Summe netto", [a, b])
    tax = t.line("tax", description="Mehrwertsteuer 19 %", extended_price=cents(times(t.sum([net]), 0.19)))
    t.total("Summe brutto", [net, tax])
    q.ignored = ["Anschreiben"]
    q.tables = [t]
    q.grand_total(t)
    return q


def separator_line() -> Quote:
    """Text for a spreadsheet program: the separator named in the first line, quoted fields, sums as text."""
    page = Sheet("b46_mistral")
    q = Quote("b46_mistral.csv", "fmt-csv-sep-line numbers-as-text currency-header ccy-CHF lang-fr", [page])
    q.how = {"delimiter": ";", "encoding": "utf-8-sig"}
    page.put("A1", "sep=;")
    page.put("A2", "Mistral Données Sàrl")
    page.column("A", 3, ["Offre no", "Date de l'offre", "Validité", "Paiement", "Livraison"])
    page.column("B", 3, ["26-1043", "23.10.2026", "22.11.2026", "30 jours net", "3 à 4 semaines"])
    q.fact("vendor", "Mistral Données Sàrl", "A2", "Mistral Données Sàrl")
    q.fact("quote_number", "26-1043", "B3", "26-1043")
    q.fact("quote_date", "2026-10-23", "B4", "23.10.2026")
    q.fact("valid_until", "2026-11-22", "B5", "22.11.2026")
    q.fact("payment_terms", "30 jours net", "B6", "30 jours net")
    q.fact("lead_time", "3 à 4 semaines", "B7", "3 à 4 semaines")
    chf = text(grouped("'", "."))
    t = Table(
        page,
        9,
        [
            Column("A", "line_no", "Pos", text()),
            Column("B", "description", "Désignation", text()),
            Column("C", "quantity", "Quantité", text()),
            Column("D", "unit_price", "Prix unitaire CHF", chf),
            Column("E", "extended_price", "Total CHF", chf),
        ],
        "CHF",
    )
    q.fact("currency", "CHF", "D9", "CHF")
    rows = [
        t.line(line_no="1", description="Serveur; 4 cartes, 512 Go", quantity=3, unit_price=61240.5),
        t.line(line_no="2", description="Carte réseau 200G", quantity=6, unit_price=1087.35),
        t.line("discount", line_no="3", description="Rabais spécial", quantity=1, unit_price=-1500),
    ]
    net = t.subtotal("Sous-total", rows)
    tax = t.line("tax", description="TVA 8,1 %", extended_price=cents(times(t.sum([net]), 0.081)))
    t.total("Total TTC", [net, tax])
    q.tables = [t]
    q.grand_total(t)
    return q


def wide_letters() -> Quote:
    """Numbers, codes and dates in full-width characters; a reduction with a triangle."""
    page = Sheet("見積")
    q = Quote("b47_tokiwa.xlsx", "lang-ja unicode full-width-numbers negative-triangle numbers-as-text", [page])
    wide = {ord("0") + n: ord("０") + n for n in range(10)} | {ord(","): "，"}
    page.put("A1", "お見積書")
    page.put("F2", "有限会社ときわ電子")
    page.put("A3", "見積No.")
    page.put("B3", "ＴＷ－１０５５")
    page.put("A4", "見積日：２０２６年１０月１９日")
    page.put("A5", "有効期限：発行日より３０日")
    page.put("A6", "支払条件：納品後翌月末")
    page.put("A7", "納期：約６週間")
    q.fact("vendor", "有限会社ときわ電子", "F2", "有限会社ときわ電子")
    q.fact("quote_number", "TW-1055", "B3", "ＴＷ－１０５５")
    q.fact("quote_date", "2026-10-19", "A4", "２０２６年１０月１９日")
    q.fact("valid_until", "2026-11-18", "A5", "３０日")
    q.fact("payment_terms", "納品後翌月末", "A6", "納品後翌月末", "支払条件:納品後翌月末")
    q.fact("lead_time", "約6週間", "A7", "約６週間", "納期:約6週間", "6週間")
    yen = text(lambda v: grouped(",", ".", 0, "△{}")(v).translate(wide))
    t = Table(
        page,
        10,
        [
            Column("A", "line_no", "番号", text()),
            Column("B", "description", "品名・規格", text()),
            Column("C", "quantity", "数量", yen),
            Column("D", "unit", "単位", text()),
            Column("E", "unit_price", "単価(円)", yen),
            Column("F", "extended_price", "金額(円)", yen),
            Column("G", None, "備考"),
        ],
        "JPY",
    )
    q.fact("currency", "JPY", "E10", "円")
    rows = [
        t.line(line_no="1", description="推論サーバ", quantity=4, unit="台", unit_price=3980000),
        t.line(line_no="2", description="据付調整費", quantity=1, unit="式", unit_price=450000),
        t.line("discount", line_no="3", description="お値引き", extended_price=-370000),
    ]
    net = t.subtotal("小計", rows)
    tax = t.line("tax", description="消費税等(10%)", extended_price=cents(times(t.sum([net]), 0.1), 0))
    t.total("合計", [net, tax])
    q.tables = [t]
    q.grand_total(t)
    return q


def reseller_table() -> Quote:
    """The table from the first row on, quantity first, the maker's name beside the code; facts on another sheet."""
    page, info = Sheet("Lines"), Sheet("Quote info")
    q = Quote("b48_copperline.xlsx", "header-row-1 multi-sheet column-order numbers-as-text trailing-spaces", [page, info])
    info.put("A1", "Copperline Resale Partners LLC")
    info.column("A", 3, ["Quote #", "Quote Date", "Expiration Date", "Payment Terms", "Lead Time", "Currency"])
    info.column("B", 3, [88213, None, None, "Net 30", "10 business days", "US Dollar"])
    info.put("B4", dt.date(2026, 11, 4), "m/d/yy")
    info.put("B5", dt.date(2026, 12, 4), "m/d/yy")
    q.fact("vendor", "Copperline Resale Partners LLC", "A1", "Copperline Resale Partners LLC", sheet=1)
    q.fact("quote_number", "88213", "B3", "88213", sheet=1)
    q.fact("quote_date", "2026-11-04", "B4", "2026-11-04", sheet=1)
    q.fact("valid_until", "2026-12-04", "B5", "2026-12-04", sheet=1)
    q.fact("payment_terms", "Net 30", "B6", "Net 30", sheet=1)
    q.fact("lead_time", "10 business days", "B7", "10 business days", sheet=1)
    q.fact("currency", "USD", "B8", "US Dollar", sheet=1)
    usd = text(lambda v: "$" + grouped(",", ".")(v) + " ")
    t = Table(
        page,
        1,
        [
            Column("A", "quantity", "Qty"),
            Column("B", None, "Manufacturer"),
            Column("C", "part_number", "Mfg Part #", text()),
            Column("D", "description", "Description", text()),
            Column("E", "list_price", "MSRP", usd),
            Column("F", "discount_pct", "Disc", text(lambda v: f"{v}%")),
            Column("G", "unit_price", "Sell", usd),
            Column("H", "extended_price", "Ext. Sell", usd),
        ],
        "USD",
        discount_as="percent",
    )
    rows = []
    for pieces, maker, sku, words, price, off in [
        (16, "Fernwood", "FW-2211", "Adapter, 2 ports 200G", 1199.0, 22.5),
        (4, "Fernwood", "FW-9000", "Switch, 40 ports 200G", 22450.0, 31.0),
        (4, "Oakhurst", "0099120", "Support, 3 years", 3310.0, 10.0),
    ]:
        unit = cents(times(price, 1 - off / 100))
        rows.append(t.line(quantity=pieces, part_number=sku, description=words, list_price=price, discount_pct=off,
                           unit_price=unit))  # fmt: skip
        page.put(f"B{t.row}", maker)
    t.total("Total", rows, place="G")
    t.total_of["label"] = "Total"  # type: ignore[index]
    q.ignored = ["Quote info"]
    q.tables = [t]
    q.grand_total(t)
    return q


def wide_merges() -> Quote:
    """Descriptions merged over three columns, a second table of weights to the right, clauses below."""
    page = Sheet("Quotation")
    q = Quote("b49_marlpit.xlsx", "merged-cells side-table legal-text-below currency-header ccy-EUR tax-absent", [page])
    page.put("A1", "MARLPIT ENGINEERING")
    page.merge("A1:H2")
    _facts = [("Quotation ref.", "ME/Q/2026/118"), ("Date of issue", "08 Oct 2026"), ("Closing date", "07 Nov 2026"),
              ("Payment terms", "60 days"), ("Lead time", "14 weeks")]  # fmt: skip
    for n, (label, value) in enumerate(_facts, 4):
        page.put(f"A{n}", label)
        page.put(f"C{n}", value)
        page.merge(f"A{n}:B{n}", f"C{n}:E{n}")
    page.cells[(5, 0)].value = "Valid until"
    q.fact("vendor", "Marlpit Engineering", "A1", "MARLPIT ENGINEERING")
    q.fact("quote_number", "ME/Q/2026/118", "C4", "ME/Q/2026/118")
    q.fact("quote_date", "2026-10-08", "C5", "08 Oct 2026")
    q.fact("valid_until", "2026-11-07", "C6", "07 Nov 2026")
    q.fact("payment_terms", "60 days", "C7", "60 days")
    q.fact("lead_time", "14 weeks", "C8", "14 weeks")
    t = Table(
        page,
        12,
        [
            Column("A", "part_number", "Item code", text()),
            Column("B", "description", "Description of goods", text()),
            Column("E", "quantity", "Quantity"),
            Column("F", "unit_price", "Unit price [€]", PLAIN),
            Column("G", "extended_price", "Amount [€]", PLAIN),
        ],
        "EUR",
    )
    q.fact("currency", "EUR", "F12", "€")
    page.put("J12", "Weight (kg)")
    page.put("K12", "Pallets")
    page.merge("B12:D12")
    rows = []
    for sku, words, pieces, price, weight in [
        ("MP-1", "Coolant manifold", 16, 2145.25, 38.0),
        ("MP-2", "Quick coupling pair", 256, 71.4, 0.9),
        ("MP-3", "Pressure test certificate", 1, 650.0, None),
    ]:
        rows.append(t.line(part_number=sku, description=words, quantity=pieces, unit_price=price))
        page.merge(f"B{t.row}:D{t.row}")
        if weight:
            page.put(f"J{t.row}", weight)
            page.put(f"K{t.row}", 1)
    t.total("Total EUR", rows)
    for n in range(1, 30):
        page.put(f"A{t.row + 2 + n}", f"{n}) The seller's liability is limited to EUR {n},000.00 and {n} % of the price.")
    q.tables = [t]
    q.grand_total(t)
    return q


def spanish_colocation() -> Quote:
    """Sections say what is paid once and what monthly; two totals; a deposit between."""
    page = Sheet("b50_altamar")
    q = Quote("b50_altamar.csv", "colocation lang-es eu-decimals recurring-and-one-off header-row-9", [page])
    q.how = {"delimiter": ";", "encoding": "utf-8-sig"}
    page.put("A1", "Altamar Centros de Datos S.A.")
    page.column("A", 2, ["Oferta nº", "Fecha de emisión", "Válida hasta", "Forma de pago", "Plazo de entrega"])
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
        t.line(part_number="AM-A1", description="Adecuación de sala", quantity=1, unit_price=32400,
               recurrence="one_off"),
        t.line(part_number="AM-A2", description="Instalación de bastidor", quantity=10, unit_price=915.5,
               recurrence="one_off"),
    ]  # fmt: skip
    t.subtotal("Total pago único", once)
    t.note("A", "CUOTAS MENSUALES")
    monthly = [
        t.line(part_number="AM-M1", description="Potencia contratada (kW)", quantity=200, unit_price=159.9,
               recurrence="monthly"),
        t.line(part_number="AM-M2", description="Bastidor", quantity=10, unit_price=388,
               recurrence="monthly"),
    ]  # fmt: skip
    q.flag(f"{page.name}!E{monthly[0]}", "mixed-recurrence", False, "once and monthly in one column")
    t.subtotal("Total cuota mensual", monthly)
    q.tables = [t]
    return q


def two_leases() -> Quote:
    """Two kinds of lease for each term; the months are text; payments in arrears; a macro-enabled name."""
    page, rates = Sheet("Offer"), Sheet("Leasing")
    q = Quote("b51_windward.xlsm", "fmt-xlsm lease-rate-table multi-sheet ccy-EUR lang-en", [page, rates])
    _head(q, "Windward Capital Equipment", "WCE-220", "2026-10-27", "2026-11-26", "net 14", "5-6 weeks")
    page.put("D2", "Currency: EUR")
    q.fact("currency", "EUR", "D2", "EUR")
    t = _simple(page, 10, "EUR")
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
        q.leases.append({"cell": f"Leasing!C{row}", "monthly": monthly, "term_months": months, "currency": "EUR",
                         "purchase_price": whole, "rate_per_1000": rate, "timing": "arrears"})  # fmt: skip
    q.tables = [t]
    q.grand_total(t)
    return q


def uncalculated_sheets() -> Quote:
    """Formulas without values over two sheets, dates by formula, months times a monthly price."""
    page = Sheet("Quote")
    q = Quote("b52_rushmoor.xlsx", "formulas-uncached date-1904 price-per-month-times-term tax-separate ccy-USD", [page])
    q.how = {"saved": False, "date_1904": True}
    _head(q, "Rushmoor Cloud Hardware", "RCH-3301", "2026-10-15", "2026-12-14")
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
        t.line(part_number="RC-1", description="Blade chassis", quantity=3, unit_price=18400.5,
               formulas={"extended_price": "=C{r}*D{r}"}),
        t.line(part_number="RC-2", description="Monitoring, per chassis and month", quantity=3, unit_price=95.25,
               term_months=24, factor=24, formulas={"extended_price": "=PRODUCT(C{r}:E{r})"}),
    ]  # fmt: skip
    sub = t.subtotal("Subtotal", rows, formula="=SUM(F10:F11)")
    tax = t.line("tax", description="Sales tax 6%", extended_price=cents(times(t.sum([sub]), 0.06)),
                 formulas={"extended_price": "=ROUND(0.06*F12,2)"})  # fmt: skip
    t.total("Total", [sub, tax], formula="=SUM(F12,F13)")
    for row in (*rows, sub, tax, t.row):
        q.flag(f"Quote!F{row}", "no-cached-value", True, "never calculated")
    q.tables = [t]
    q.grand_total(t)
    return q


MIXED = [
    good_better_best, goods_and_days, yearly_fees, cover_contradicts, letter_first, separator_line, wide_letters,
    reseller_table, wide_merges, spanish_colocation, two_leases, uncalculated_sheets,
]  # fmt: skip
