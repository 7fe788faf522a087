"""Quotes in files of odd kinds and with columns in odd orders."""

from __future__ import annotations

import datetime as dt

from tests.exchange.quotes.exam.paper import Sheet
from tests.exchange.quotes.exam.truth import Column, Quote, Table, cents, grouped, number, text, times

PLAIN = number("#,##0.00")
POUNDS = number('_-£* #,##0.00_-;\\-£* #,##0.00_-;_-£* "-"??_-;_-@_-')


def letter_first() -> Quote:
    """A binary workbook whose first sheet is a letter; the table's own sheet says nothing of the quote."""
    letter, page = Sheet("Anschreiben"), Sheet("Positionen")
    q = Quote(
        "b45_silbergrund.xls",
        "multi-sheet fmt-xls lang-de numbers-as-text header-row-1 bom-by-id",
        [letter, page],
    )
    letter.column(
        "A",
        1,
        [
            "Silbergrund Systemhaus GmbH",
            None,
            "Universität Beispielstadt",
            "Einkauf",
            None,
            "Angebot Nr. SG-26-2201 vom 19.10.2026",
            None,
            "Sehr geehrte Damen und Herren,",
            "unser Angebot ist freibleibend bis 30.11.2026 gültig.",
            "Gültig bis: 30.11.2026",
            "Zahlungsbedingungen: 14 Tage netto",
            "Lieferzeit: 6-8 Wochen",
            "Alle Preise in EUR.",
        ],
    )
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
    a = t.line(
        line_no="1", part_number="SG-8R", description="Rechenknoten 8 GPU", quantity=2, unit_price=241890.9
    )
    t.line(
        "child",
        line_no="1.1",
        parent_no="1",
        part_number="SG-8R-M",
        description="Speicher 2 TB",
        quantity=2,
        unit_price=0,
    )
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
    q = Quote(
        "b47_tokiwa.xlsx", "lang-ja unicode full-width-numbers negative-triangle numbers-as-text", [page]
    )
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
    """The table from the first row on, quantity first, the maker beside the code; facts on another sheet."""
    page, info = Sheet("Lines"), Sheet("Quote info")
    q = Quote(
        "b48_copperline.xlsx",
        "header-row-1 multi-sheet column-order numbers-as-text trailing-spaces",
        [page, info],
    )
    info.put("A1", "Copperline Resale Partners LLC")
    info.column(
        "A", 3, ["Quote #", "Quote Date", "Expiration Date", "Payment Terms", "Lead Time", "Currency"]
    )
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
        rows.append(
            t.line(
                quantity=pieces,
                part_number=sku,
                description=words,
                list_price=price,
                discount_pct=off,
                unit_price=unit,
            )
        )
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
    q = Quote(
        "b49_marlpit.xlsx",
        "merged-cells side-table legal-text-below currency-header ccy-EUR tax-absent",
        [page],
    )
    page.put("A1", "MARLPIT ENGINEERING")
    page.merge("A1:H2")
    _facts = [
        ("Quotation ref.", "ME/Q/2026/118"),
        ("Date of issue", "08 Oct 2026"),
        ("Closing date", "07 Nov 2026"),
        ("Payment terms", "60 days"),
        ("Lead time", "14 weeks"),
    ]
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
        page.put(
            f"A{t.row + 2 + n}",
            f"{n}) The seller's liability is limited to EUR {n},000.00 and {n} % of the price.",
        )
    q.tables = [t]
    q.grand_total(t)
    return q


ODD_FILES = [letter_first, separator_line, wide_letters, reseller_table, wide_merges]
