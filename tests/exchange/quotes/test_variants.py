"""Other vendors' quotes, in other languages, layouts and formats: the rules hold beyond the sample files."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from tests.exchange.quotes.made import asked, column, flags, kinds, quote, text_file, xlsx

D = Decimal


def test_french_text_numbers_with_spaces(tmp_path: Path) -> None:
    rows = [
        ["Ateliers du Calcul SAS"],
        ["DEVIS N° DV-2026-118", None, None, "Date du devis :", "04/11/2026"],
        ["Valable jusqu'au :", "30/11/2026", None, "Conditions de règlement :", "30 jours fin de mois"],
        ["Délai de livraison :", "6 à 8 semaines"],
        [],
        ["Réf.", "Désignation", "Qté", "P.U. HT (€)", "Remise", "Montant HT (€)"],
        ["AC-8G", "Serveur 8 GPU", "2", "245\u202f000,00", "10 %", "441\u202f000,00"],
        ["AC-SW", "Commutateur 400G, 32 ports", "4", "21 450,50", None, "85 802,00"],
        ["AC-CAB", "Câble DAC 2 m", "1 200", "12,5", None, "15 000,00"],
        [None, "Sous-total matériel", None, None, None, "541 802,00"],
        [None, "Frais de port", None, None, None, "1 250,00"],
        [None, "Total HT", None, None, None, "543 052,00"],
        [None, "TVA 20 %", None, None, None, "108 610,40"],
        [None, "Total TTC", None, None, None, "651 662,40"],
    ]
    found = quote(xlsx(tmp_path / "devis.xlsx", rows))
    block = found.blocks[0]
    assert found.vendor == "Ateliers du Calcul SAS"
    assert found.quote_number == "DV-2026-118"
    assert (found.quote_date, found.valid_until) == (dt.date(2026, 11, 4), dt.date(2026, 11, 30))
    assert found.payment_terms == "30 jours fin de mois"
    assert found.lead_time == "6 à 8 semaines"
    assert found.currency == "EUR"
    assert block.decimal == ","
    assert kinds(block) == {7: "line", 8: "line", 9: "line", 11: "freight", 13: "tax"}
    assert column(block, "quantity")[9] == 1200
    assert block.lines[0].list_price == 245000 or block.lines[0].unit_price == 245000
    assert [s.rows for s in block.subtotals] == [(7, 8, 9), (10, 11)]
    assert block.total is not None and block.total.rows == (12, 13)
    assert found.reconciles and not asked(found)


def test_portuguese_csv(tmp_path: Path) -> None:
    rows = [
        ["Lusitec Computação Lda."],
        ["Proposta n.º:", "PT-0991/26"],
        ["Data:", "05/10/2026"],
        ["Válida até:", "05/12/2026"],
        ["Condições de pagamento:", "50% adjudicação, 50% entrega"],
        ["Prazo de entrega:", "10 semanas"],
        [],
        [
            "Item",
            "Referência",
            "Descrição",
            "Qtd.",
            "Un.",
            "Preço unitário (EUR)",
            "Desc. %",
            "Valor total (EUR)",
        ],
        ["1", "LT-GPU8", "Servidor 8 GPU refrigerado a ar", "3", "un", "198.500,00", "5,00", "565.725,00"],
        ["2", "LT-NET", "Comutador 400 Gb/s", "2", "un", "23.800,50", "0,00", "47.601,00"],
        ["3", "LT-INST", "Instalação e arranque", "1", "vg", "4.250,00", "", "4.250,00"],
        ["", "", "Subtotal", "", "", "", "", "617.576,00"],
        ["", "", "IVA 23%", "", "", "", "", "142.042,48"],
        ["", "", "Total com IVA", "", "", "", "", "759.618,48"],
    ]
    found = quote(text_file(tmp_path / "proposta.csv", rows))
    block = found.blocks[0]
    assert found.vendor == "Lusitec Computação Lda."
    assert found.quote_number == "PT-0991/26"
    assert found.quote_date == dt.date(2026, 10, 5)
    assert found.lead_time == "10 semanas"
    assert block.columns["line_no"] == "A" and block.columns["part_number"] == "B"
    assert block.columns["discount_pct"] == "G"
    assert block.columns["list_price"] == "F" and "unit_price" not in block.columns
    assert block.lines[0].derived["unit_price"] == D("188575")
    assert block.lines[0].discount_pct == 5
    assert found.grand_total is not None and found.grand_total.amount == D("759618.48")
    assert found.reconciles and not asked(found)


def test_swiss_apostrophes(tmp_path: Path) -> None:
    rows = [
        ["Alpenrechner AG"],
        ["Offerte Nr.", "OF-7781", None, "Offertdatum", "3. November 2026"],
        ["Gültig bis", "15. Dezember 2026", None, "Zahlungskonditionen", "30 Tage netto"],
        ["Alle Preise in CHF, exkl. MwSt."],
        [],
        ["Pos.", "Artikel", "Bezeichnung", "Anzahl", "Preis", "Betrag"],
        ["001", "AR-8G", "KI-Server 8 GPU", "2", "312'450.00", "624'900.00"],
        ["002", "AR-SSD", "NVMe 15.36 TB", "24", "1'987.50", "47'700.00"],
        ["003", "AR-ARB", "Arbeitstag vor Ort", "3.5", "1'480.00", "5'180.00"],
        [None, None, "Total exkl. MwSt.", None, None, "677'780.00"],
        [None, None, "MwSt. 8.1%", None, None, "54'900.18"],
        [None, None, "Total inkl. MwSt.", None, None, "732'680.18"],
    ]
    found = quote(xlsx(tmp_path / "offerte.xlsx", rows))
    block = found.blocks[0]
    assert (found.vendor, found.quote_number, found.currency) == ("Alpenrechner AG", "OF-7781", "CHF")
    assert found.quote_date == dt.date(2026, 11, 3)
    assert column(block, "quantity") == {7: 2, 8: 24, 9: 3.5, 11: None}
    assert column(block, "line_no")[7] == "001"
    assert block.decimal == "."
    assert kinds(block)[11] == "tax"
    assert found.reconciles and not asked(found)


def test_dutch_decimal_comma_and_option_section(tmp_path: Path) -> None:
    rows = [
        ["Offerte", None, None, None, "Rekenkracht Noord B.V."],
        ["Offertenummer", "2026-0417", None, "Offertedatum", dt.date(2026, 10, 1)],
        ["Geldig tot", dt.date(2026, 10, 31), None, "Betaling", "14 dagen na factuurdatum"],
        ["Levertijd", "8 weken"],
        ["Artikelcode", "Omschrijving", "Aantal", "Stuksprijs", "Totaal"],
        ["RN-1", "GPU-server 4x", 3, 81250.5, 243751.5],
        ["RN-2", "Opslag 500 TB", 1, 96400, 96400],
        [None, "Korting jaareinde", None, None, -5000],
        [None, "Verzendkosten", None, None, 750],
        [None, "Totaal excl. btw", None, None, 335901.5],
        [None, "BTW 21%", None, None, 70539.32],
        [None, "Totaal incl. btw", None, None, 406440.82],
        [],
        ["Optioneel (niet inbegrepen)"],
        ["RN-9", "Extra reserveset", 1, 4100, 4100],
    ]
    found = quote(xlsx(tmp_path / "offerte.xlsx", rows, formats={"D": '"€" #,##0.00', "E": '"€" #,##0.00'}))
    block = found.blocks[0]
    assert found.vendor == "Rekenkracht Noord B.V."
    assert found.quote_number == "2026-0417"
    assert found.currency == "EUR"
    assert kinds(block) == {6: "line", 7: "line", 8: "discount", 9: "freight", 11: "tax", 15: "option"}
    assert not block.lines[-1].counts
    assert found.reconciles and not asked(found)


def test_indian_grouping_and_gst(tmp_path: Path) -> None:
    rows = [
        ["Himadri Datatech Pvt Ltd"],
        ["Quotation No: HD/26-27/0187", None, None, "Date: 12/10/2026", None, "Valid till: 31/10/2026"],
        ["Payment Terms: 40% advance, balance within 30 days of delivery"],
        ["S.No", "Part No", "Description", "HSN", "Qty", "UOM", "Unit Price (INR)", "Amount (INR)"],
        ["1", "HD-8G", "8 GPU server", "8471", "2", "Nos", "3,12,45,000.00", "6,24,90,000.00"],
        ["2", "HD-SW", "Ethernet switch", "8517", "4", "Nos", "18,75,500.50", "75,02,002.00"],
        [None, None, "Sub Total", None, None, None, None, "6,99,92,002.00"],
        [None, None, "IGST @ 18%", None, None, None, None, "1,25,98,560.36"],
        [None, None, "Grand Total", None, None, None, None, "8,25,90,562.36"],
    ]
    found = quote(xlsx(tmp_path / "quote.xlsx", rows))
    block = found.blocks[0]
    assert found.quote_number == "HD/26-27/0187"
    assert found.quote_date == dt.date(2026, 10, 12)
    assert found.valid_until == dt.date(2026, 10, 31)
    assert found.currency == "INR"
    assert block.lines[0].unit_price == 31245000
    assert column(block, "unit")[5] == "Nos"
    assert found.grand_total is not None and found.grand_total.amount == D("82590562.36")
    assert found.reconciles and not asked(found)


def test_price_list_with_tiers_and_two_currencies(tmp_path: Path) -> None:
    rows = [
        ["Corvane Components Inc."],
        ["Price list", "CC-PL-44", "Effective", dt.date(2026, 9, 1), "Expires", dt.date(2026, 12, 31)],
        ["SKU", "Product", "UoM", "List Price USD", "List Price EUR"],
        ["00412", "Rail kit", "EA", 89.5, 82.25],
        ["CC-900", "Optics 800G", "EA", 1450, 1333.1],
        ["CC-901", "Optics 400G", "EA", 720, 661.9],
    ]
    found = quote(xlsx(tmp_path / "list.xlsx", rows))
    block = found.blocks[0]
    assert block.role == "price_list"
    assert found.quote_number == "CC-PL-44"
    assert column(block, "list_price") == {4: 89.5, 5: 1450, 6: 720}
    assert column(block, "list_price_2") == {4: 82.25, 5: 1333.1, 6: 661.9}
    assert column(block, "part_number")[4] == "00412"
    assert not any(line.counts for line in block.lines)
    assert found.reconciles

    rows = [
        ["Part", "Description", "1-9", "10-49", "50+"],
        ["T-1", "Adapter 400G", 980, 940, 899.5],
        ["T-2", "Adapter 200G", 610, 590, 555],
    ]
    found = quote(xlsx(tmp_path / "tiers.xlsx", [["Prices in USD per piece by quantity"], *rows]))
    assert found.blocks[0].role == "price_list"
    assert found.blocks[0].lines[0].tiers == ((1, D(980)), (10, D(940)), (50, D("899.5")))


def test_cloud_rates_with_metadata(tmp_path: Path) -> None:
    rows = [
        ["Provider", "Nimbusforge"],
        ["Quote number", "NF-2231"],
        ["Currency", "EUR"],
        ["Effective date", "2026-10-01"],
        ["Valid until", "2027-03-31"],
        ["Rate code", "Machine type", "GPUs", "Unit", "On demand", "1 year commitment", "3 year commitment"],
        ["a1", "gx-h100-8", "8", "hour", "48.50", "36.20", "24.10"],
        ["a2", "gx-h200-8", "8", "hour", "57.25", "42.90", "n/a"],
        ["s1", "Object storage", "", "GB-month", "0.021", "", ""],
    ]
    found = quote(text_file(tmp_path / "rates.csv", rows, ","))
    block = found.blocks[0]
    assert found.vendor == "Nimbusforge"
    assert found.currency == "EUR"
    assert found.valid_until == dt.date(2027, 3, 31)
    assert block.role == "price_list"
    assert column(block, "unit_price") == {7: 48.5, 8: 57.25, 9: 0.021}
    assert column(block, "rate_1y") == {7: 36.2, 8: 42.9, 9: None}
    assert column(block, "rate_3y") == {7: 24.1, 8: None, 9: None}
    assert column(block, "unit")[9] == "GB-month"


def test_colocation_one_off_and_monthly_columns(tmp_path: Path) -> None:
    rows = [
        ["Harbour Point Data Centres Ltd"],
        ["Quote ref", "HP-5590", "Date", dt.date(2026, 10, 2), "Validity", "45 days"],
        ["Item", "Description", "Qty", "Unit", "NRC unit", "NRC", "MRC unit", "MRC"],
        ["1", "Private cage, per rack footprint", 10, "rack", 500, 5000, 850, 8500],
        ["2", "Power, per kW committed", 180, "kW", None, None, 145.5, 26190],
        ["3", "Cross connect", 6, "each", 250, 1500, 75, 450],
        [None, "Total", None, None, None, 6500, None, 35140],
    ]
    found = quote(xlsx(tmp_path / "colo.xlsx", rows, formats=dict.fromkeys("EFGH", "[$£-809]#,##0.00")))
    block = found.blocks[0]
    assert found.valid_until == dt.date(2026, 11, 16)
    assert found.currency == "GBP"
    assert column(block, "nrc") == {4: 5000, 5: None, 6: 1500}
    assert column(block, "mrc_unit") == {4: 850, 5: 145.5, 6: 75}
    assert {(s.column, s.amount) for s in block.subtotals} == {("F", D(6500)), ("H", D(35140))}
    assert found.reconciles


def test_bill_of_materials_by_indentation_and_bundle_text(tmp_path: Path) -> None:
    rows = [
        ["Tessera Rack Integration LLC"],
        ["Quote #", "TR-18204-R2", "Quote Date", "10/28/2026", "Expires", "11/05/2026"],
        ["Product", "Product Description", "Qty", "Unit Price", "Extended Price"],
        ["TR-NODE", "GPU node, configured", 4, 151200, 604800],
        ["TR-CPU", "   CPU 64 core", 8, None, "Included"],
        ["TR-DIMM", "   96 GB DIMM", 96, None, "Included"],
        ["TR-BUN", "Cabling bundle (12@ USD 45.00 DAC); (4@ $210.00 AOC)", 1, 1380, 1380],
        ["TR-SVC", "On-site support", 4, "TBD", "TBD"],
        ["TR-SPR", "Spare fan", 10, 0, 0],
        [None, None, None, "Total", 606180],
    ]
    found = quote(xlsx(tmp_path / "bom.xlsx", rows, formats={"D": '"$"#,##0.00', "E": '"$"#,##0.00'}))
    block = found.blocks[0]
    assert (found.quote_number, found.revision) == ("TR-18204", "2")
    assert (found.quote_date, found.valid_until) == (dt.date(2026, 10, 28), dt.date(2026, 11, 5))
    assert kinds(block) == {4: "line", 5: "child", 6: "child", 7: "line", 8: "no_bid", 9: "line"}
    assert ("bundle-text", "Sheet1!B7") in flags(found)
    assert ("no-bid", "Sheet1!E8") in flags(found)
    assert block.total is not None and block.total.rows == (4, 7, 9)
    assert found.reconciles


def test_options_on_one_sheet_are_alternatives(tmp_path: Path) -> None:
    head = ["Item", "Description", "Qty", "Price each", "Total"]
    rows = [
        ["Blackmere Computing plc"],
        ["Our ref", "BM-77120", "Date", dt.date(2026, 10, 9), "Valid until", dt.date(2026, 11, 9)],
        ["Please select one of the following. Alternatives are not cumulative."],
        ["Option 1: four air-cooled nodes"],
        head,
        ["BM-1", "Node, air cooled", 4, 100000, 400000],
        [None, "Option 1 total", None, None, 400000],
        [],
        ["Option 2: two liquid-cooled nodes"],
        head,
        ["BM-2", "Node, liquid cooled", 2, 230000, 460000],
        [None, "Option 2 total", None, None, 460000],
        [],
        [
            (
                "Rent Option 1 for £12,500.00 per month over 36 months, payable in arrears, or buy it "
                "for £400,000.00."
            )
        ],
    ]
    found = quote(xlsx(tmp_path / "options.xlsx", rows, formats=dict.fromkeys("DE", "£#,##0.00")))
    assert [b.role for b in found.blocks] == ["alternative", "alternative"]
    assert [b.name for b in found.blocks] == ["Option 1", "Option 2"]
    assert found.grand_total is None
    (lease,) = found.leases
    assert (lease.monthly, lease.term_months, lease.purchase_price) == (D("12500.00"), 36, D("400000.00"))
    assert lease.timing == "arrears" and lease.currency == "GBP"
    assert [r.cell for r in found.restated] == ["Sheet1!A14"]
    assert found.reconciles


def test_lease_rate_table_of_another_shape(tmp_path: Path) -> None:
    rows = [
        ["Kapitalwerk Leasing GmbH", None, "Angebot Nr. KW-310"],
        ["Datum", "01.10.2026", "gültig bis", "31.10.2026"],
        ["Pos", "Bezeichnung", "Menge", "Einzelpreis EUR", "Gesamt EUR"],
        [1, "GPU-Server", 2, 250000, 500000],
        [None, "Gesamtsumme", None, None, 500000],
    ]
    lease = [
        ["Leasingangebot, Raten monatlich vorschüssig"],
        ["Laufzeit (Monate)", "Leasingfaktor", "Monatsrate", "Restwert"],
        [36, 29.85, 14925, 5000],
        [48, 23.1, 11550, 2500],
    ]
    found = quote(
        xlsx(tmp_path / "leasing.xlsx", rows, more={"Leasing": lease, "AGB": [["Es gelten die AGB."]]})
    )
    assert found.quote_number == "KW-310"
    assert [(x.cell, x.term_months, x.monthly, x.residual, x.purchase_price) for x in found.leases] == [
        ("Leasing!C3", 36, D(14925), D(5000), D(500000)),
        ("Leasing!C4", 48, D(11550), D(2500), D(500000)),
    ]
    assert found.leases[0].timing == "advance"
    assert found.ignored_sheets == ("AGB",)


def test_wrong_sums_never_reconcile(tmp_path: Path) -> None:
    head = ["Part", "Description", "Qty", "Unit price (USD)", "Extended (USD)"]
    good = [["A1", "Server", 2, 1000, 2000], ["A2", "Switch", 3, 500, 1500], ["A3", "Cable", 10, 20, 200]]
    base = [["Redfern Supply Co"], ["Quote No. RS-9", None, "Date", dt.date(2026, 10, 1)], head]

    def one(tail: list[list[object]], lines: list[list[object]] = good) -> tuple[bool, set[tuple[str, str]]]:
        found = quote(xlsx(tmp_path / "q.xlsx", [*base, *lines, *tail]))
        return found.reconciles, asked(found)

    assert one([[None, "Total", None, None, 3700]]) == (True, set())
    assert one([[None, "Total", None, None, 3500]]) == (False, {("subtotal-omits-line", "Sheet1!E7")})
    assert one([[None, "Total", None, None, 3703]]) == (False, {("total-mismatch", "Sheet1!E7")})
    swapped = [good[0], ["A2", "Switch", 3, 500, 1050], good[2]]
    assert one([[None, "Total", None, None, 3250]], swapped) == (False, {("line-mismatch", "Sheet1!E5")})
    tax = [
        [None, "Subtotal", None, None, 3700],
        [None, "Sales tax 10%", None, None, 307],
        [None, "Total", None, None, 4007],
    ]
    assert one(tax) == (False, {("tax-mismatch", "Sheet1!E8")})


def test_ambiguous_numbers_and_dates_are_asked_and_answered(tmp_path: Path) -> None:
    from desktop_app.exchange.quotes import Mapping

    rows = [
        ["Wren & Sons"],
        ["Quote no. 77-A1", "Date: 02/03/2026"],
        ["Item code", "Item", "Qty", "Price", "Amount"],
        ["W-1", "Sensor", 3, "2.500", "7.500"],
        ["W-2", "Bracket", 2, "40", "80"],
    ]
    path = xlsx(tmp_path / "q.xlsx", rows)
    found = quote(path)
    assert {"ambiguous-number", "ambiguous-date", "missing-currency"} == {code for code, _ in asked(found)}
    assert found.blocks[0].lines[0].unit_price is None and not found.reconciles
    issue = next(i for i in found.issues if i.id == "ambiguous-number@Sheet1!E4")
    assert {a.key: a.total for a in issue.alternatives} == {".": D("87.5"), ",": D(7580)}
    answers = {
        "ambiguous-number@Sheet1!D4": ",",
        "ambiguous-number@Sheet1!E4": ",",
        "ambiguous-date@Sheet1!B2": "dmy",
        "missing-currency@Sheet1!E5": "GBP",
        "missing-currency@Sheet1!E4": "GBP",
    }
    again = quote(path, Mapping(answers=answers))
    assert not asked(again)
    assert again.blocks[0].lines[0].extended_price == 7500
    assert again.quote_date == dt.date(2026, 3, 2)
    assert {line.currency for line in again.blocks[0].lines} == {"GBP"}
    assert again.reconciles


def test_mixed_decimal_signs_are_read_row_by_row(tmp_path: Path) -> None:
    rows = [
        ["Item", "Description", "Qty", "Unit price EUR", "Total EUR"],
        ["M1", "Server", "2", "12.500,50", "25.001,00"],
        ["M2", "Switch", "4", "1,250.25", "5,001.00"],
        ["M3", "Rack", "1", "1.100", "1.100,00"],
        [None, "Total", None, None, "31.102,00"],
    ]
    found = quote(xlsx(tmp_path / "q.xlsx", [["Mixed Traders Ltd"], *rows]))
    block = found.blocks[0]
    assert block.decimal == ","
    assert column(block, "extended_price") == {3: 25001, 4: 5001, 5: 1100}
    assert column(block, "decimal") == {3: None, 4: ".", 5: None}
    assert found.reconciles


def test_two_line_header_with_merged_groups(tmp_path: Path) -> None:
    rows = [
        ["Orion Server Works GmbH"],
        ["Artikel", None, "Menge", "Preis", None, None],
        ["Nummer", "Bezeichnung", None, "Listenpreis", "Rabatt %", "Gesamt"],
        ["OS-1", "Server", 2, 1000, 10, 1800],
        ["OS-2", "Wartung, 36 Monate", 2, 300, 0, 600],
        [None, "Summe", None, None, None, 2400],
    ]
    path = xlsx(tmp_path / "q.xlsx", rows, merges=["A2:B2", "C2:C3", "D2:F2"])
    block = quote(path).blocks[0]
    assert block.header_row == 3
    assert block.columns == {
        "part_number": "A",
        "description": "B",
        "quantity": "C",
        "list_price": "D",
        "discount_pct": "E",
        "extended_price": "F",
    }
    assert block.total is not None and block.total.rows == (4, 5)


def test_hidden_rows_columns_and_sheets_stay_off(tmp_path: Path) -> None:
    rows = [
        ["Fenwick Hardware Ltd", None, None, None, None, None],
        ["Quote", "FH-20", "Issued", dt.date(2026, 10, 1)],
        ["SKU", "Description", "Qty", "Unit Price", "Our cost", "Total"],
        ["F1", "Server", 1, 900, 700, 900],
        ["F2", "Old server", 1, 800, 650, 800],
        ["F3", "Switch", 2, 100, 80, 200],
        [None, "Total", None, None, None, 1100],
    ]
    path = xlsx(
        tmp_path / "q.xlsx",
        rows,
        hidden_rows=[5],
        hidden_columns=["E"],
        formats=dict.fromkeys("DF", "[$€-2] #,##0.00"),
    )
    found = quote(path)
    block = found.blocks[0]
    assert [line.row for line in block.lines] == [4, 6]
    assert [line.row for line in block.hidden_lines] == [5] and not block.hidden_lines[0].counts
    assert flags(found) >= {("hidden-row", "Sheet1!F5"), ("hidden-column", "Sheet1!E3")}
    assert found.reconciles and found.currency == "EUR"


def test_japanese_quote_with_text_numbers(tmp_path: Path) -> None:
    rows = [
        ["御 見 積 書"],
        ["桜計算研究所 御中", None, None, None, "東都システム株式会社"],
        [
            "見積番号：ＴＳ－００１２",
            None,
            None,
            "発行日：令和8年10月1日",
            None,
            "有効期限：発行日より30日間",
        ],
        ["御見積金額", "￥5,390,000-"],
        ["No.", "型番", "品名", "数量", "単位", "単価", "金額"],
        ["1", "TS-10", "GPUサーバー", "２", "台", "￥2,400,000", "￥4,800,000"],
        ["2", "TS-20", "設置作業", "1", "式", "￥200,000", "￥200,000"],
        [None, None, "値引き", None, None, None, "▲￥100,000"],
        [None, None, "小計", None, None, None, "￥4,900,000"],
        [None, None, "消費税(10%)", None, None, None, "￥490,000"],
        [None, None, "合計", None, None, None, "￥5,390,000"],
    ]
    found = quote(xlsx(tmp_path / "q.xlsx", rows))
    block = found.blocks[0]
    assert found.vendor == "東都システム株式会社"
    assert found.quote_number == "TS-0012"
    assert (found.quote_date, found.valid_until) == (dt.date(2026, 10, 1), dt.date(2026, 10, 31))
    assert found.currency == "JPY"
    assert kinds(block) == {6: "line", 7: "line", 8: "discount", 10: "tax"}
    assert block.lines[0].quantity == 2
    assert [(r.cell, r.amount) for r in found.restated] == [("Sheet1!B4", D(5390000))]
    assert found.reconciles and not asked(found)


def test_tables_on_several_sheets_with_a_summary(tmp_path: Path) -> None:
    head = ["Part number", "Description", "Quantity", "Unit price", "Extended price"]
    hardware = [head, ["H1", "Server", 2, 50000, 100000], [None, "Hardware total", None, None, 100000]]
    services = [head, ["S1", "Installation", 5, 1200, 6000], [None, "Services total", None, None, 6000]]
    cover = [
        ["Quillon Systems Inc"],
        ["Proposal #", "Q-3321", "Date", dt.date(2026, 10, 5)],
        ["All prices in USD"],
        [],
        ["Hardware", None, 100000],
        ["Services", None, 6000],
        ["Total before tax", None, 106000],
        ["Sales tax 8%", None, 8480],
        ["Grand total", None, 114480],
    ]
    found = quote(
        xlsx(tmp_path / "q.xlsx", cover, name="Cover", more={"Hardware": hardware, "Services": services})
    )
    assert [b.role for b in found.blocks] == ["quote", "quote"]
    assert found.grand_total is not None
    assert (found.grand_total.cell, found.grand_total.amount) == ("Cover!C9", D(114480))
    assert set(found.grand_total.of) == {"Hardware!E3", "Services!E3", "Cover!C8"}
    assert [(c.cell, c.kind, c.amount) for c in found.charges] == [("Cover!C8", "tax", D(8480))]
    assert {r.cell for r in found.restated} == {"Cover!C5", "Cover!C6", "Cover!C7"}
    assert found.reconciles


@pytest.mark.parametrize("today, expired", [(dt.date(2026, 10, 31), False), (dt.date(2026, 11, 1), True)])
def test_expiry_counts_from_the_day_after(tmp_path: Path, today: dt.date, expired: bool) -> None:
    rows = [
        ["Dated Goods Ltd"],
        ["Quote No", "D-100", "Valid until", dt.date(2026, 10, 31)],
        ["Part", "Description", "Qty", "Price USD", "Total USD"],
        ["P1", "Thing one", 1, 10, 10],
    ]
    found = quote(xlsx(tmp_path / "q.xlsx", rows), today=today)
    assert any(i.code == "expired-quote" and i.cell == "Sheet1!D2" for i in found.issues) is expired
