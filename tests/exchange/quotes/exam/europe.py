"""Quotes in the languages of Europe."""

from __future__ import annotations

import datetime as dt

from tests.exchange.quotes.exam.paper import Sheet
from tests.exchange.quotes.exam.truth import Column, Quote, Table, cents, grouped, number, text, times

NBSP, NARROW = "\u00a0", "\u202f"


def swedish() -> Quote:
    """Text numbers with no-break spaces; children without a number; rate of tax in the label."""
    page = Sheet("Offert")
    q = Quote("b01_fjallnet.xlsx", "lang-sv numbers-as-text bom-by-blank-line-number leading-zero-sku", [page])
    page.put("A1", "Fjällnät Datorhall AB")
    page.put("A2", "Org.nr 556000-0000 · Box 12, 000 00 Exempelstad")
    page.column("A", 4, ["Offertnr", "Datum", "Giltig t.o.m.", "Betalningsvillkor", "Leveranstid"])
    page.column(
        "C", 4, ["F26-2077", "2026-10-12", "2026-11-13", "30 dagar netto", "9 veckor efter beställning"]
    )
    page.put("F4", "Alla priser i SEK exkl. moms")
    page.put("F5", "Vår referens: försäljning, tel 010-000 00 00")
    q.fact("vendor", "Fjällnät Datorhall AB", "A1", "Fjällnät Datorhall AB")
    q.fact("quote_number", "F26-2077", "C4", "F26-2077")
    q.fact("quote_date", "2026-10-12", "C5", "2026-10-12")
    q.fact("valid_until", "2026-11-13", "C6", "2026-11-13")
    q.fact("payment_terms", "30 dagar netto", "C7", "30 dagar netto")
    q.fact("lead_time", "9 veckor efter beställning", "C8", "9 veckor efter beställning", "9 veckor")
    q.fact("currency", "SEK", "F4", "SEK")
    kr = text(grouped(NBSP, ","))
    t = Table(
        page,
        11,
        [
            Column("A", "line_no", "Rad", text()),
            Column("B", "part_number", "Artikelnr", text()),
            Column("C", "description", "Benämning", text()),
            Column("D", "quantity", "Antal", text(grouped(NBSP, ",", 0))),
            Column("E", "unit", "Enh.", text()),
            Column("F", "list_price", "Listpris", kr),
            Column("G", "discount_pct", "Rabatt %", text(grouped(NBSP, ",", 1))),
            Column("H", "unit_price", "Nettopris", kr),
            Column("I", "extended_price", "Summa", kr),
        ],
        "SEK",
        decimal=",",
        discount_as="percent",
    )
    a = t.line(
        line_no="1", part_number="FN-8GPU-B2", description="GPU-server 8U, 8 acceleratorer, 2 TB", quantity=3,
        unit="st", list_price=3120500, discount_pct=14.5, unit_price=2668027.5,
    )  # fmt: skip
    for sku, words, pieces in [("FN-CPU64", "Processor 64 kärnor", 6), ("FN-D5-96", "Minne 96 GB", 72)]:
        t.line("child", part_number=sku, description=words, quantity=pieces, unit="st", list_price=0,
               unit_price=0)  # fmt: skip
    b = t.line(
        line_no="2", part_number="0071240", description="Optisk modul 800G", quantity=1240, unit="st",
        list_price=9875, discount_pct=20, unit_price=7900,
    )  # fmt: skip
    c = t.line(
        line_no="3", part_number="FN-SERV36", description="Service på plats, 36 månader", quantity=3, unit="st",
        list_price=288400, discount_pct=5, unit_price=273980,
    )  # fmt: skip
    d = t.line("freight", line_no="4", part_number="FRAKT", description="Frakt och emballage", quantity=1,
               unit="st", list_price=18400, unit_price=18400)  # fmt: skip
    net = t.subtotal("Summa exkl. moms", [a, b, c, d])
    tax = t.line("tax", description="Moms 25 %", extended_price=cents(times(t.sum([net]), 0.25)))
    t.total("Att betala", [net, tax])
    page.put(f"A{t.row + 3}", "Dröjsmålsränta 8 % över referensräntan. Avbeställning kostar 15 % av 100 000 kr.")
    q.tables = [t]
    q.grand_total(t)
    return q


def french() -> Quote:
    """Lots with sub-totals, options below the total, an allowance before the tax."""
    page = Sheet("Devis")
    cgv = Sheet("CGV")
    cgv.column("A", 1, ["Conditions générales de vente", None, *[f"Article {n}. Clause." for n in range(1, 15)]])
    q = Quote("b02_garonne.ods", "lang-fr fmt-ods option-line discount-line nested-subtotals revision", [page, cgv])
    q.ignored = ["CGV"]
    page.put("A1", "GARONNE CALCUL INTENSIF SAS")
    page.merge("A1:C1")
    page.column("E", 2, ["Devis n°", "Révision", "Date", "Offre valable jusqu'au"])
    page.column("F", 2, ["DV-2026-0318", "C", "14 octobre 2026", "30 novembre 2026"])
    page.column("A", 3, ["Conditions de règlement", "Délai de livraison"])
    page.column("B", 3, ["30 % à la commande, solde à 45 jours", "11 semaines"])
    q.fact("vendor", "Garonne Calcul Intensif SAS", "A1", "GARONNE CALCUL INTENSIF SAS")
    q.facts["vendor"] = "GARONNE CALCUL INTENSIF SAS"
    q.also_right["vendor"] = ["Garonne Calcul Intensif SAS"]
    q.fact("quote_number", "DV-2026-0318", "F2", "DV-2026-0318")
    q.fact("revision", "C", "F3", "C")
    q.fact("quote_date", "2026-10-14", "F4", "14 octobre 2026")
    q.fact("valid_until", "2026-11-30", "F5", "30 novembre 2026")
    q.fact("payment_terms", "30 % à la commande, solde à 45 jours", "B3", "30 % à la commande")
    q.fact("lead_time", "11 semaines", "B4", "11 semaines")
    q.facts["currency"] = "EUR"
    eur = number("#,##0.00\\ [$€-40C]")
    t = Table(
        page,
        9,
        [
            Column("A", "part_number", "Référence", text()),
            Column("B", "description", "Désignation", text()),
            Column("C", "quantity", "Qté"),
            Column("D", "unit_price", "P.U. HT", eur),
            Column("E", "extended_price", "Montant HT", eur),
        ],
        "EUR",
    )
    t.note("A", "Lot 1 - Matériel")
    one = [
        t.line(part_number="GC-N8", description="Nœud de calcul 8 GPU, refroidi par eau", quantity=2,
               unit_price=318450.5),
        t.line(part_number="GC-CDU", description="Unité de distribution 120 kW", quantity=1, unit_price=41200),
    ]  # fmt: skip
    s1 = t.subtotal("Sous-total lot 1", one)
    t.note("A", "Lot 2 - Prestations")
    two = [
        t.line(part_number="GC-INS", description="Installation et mise en service", quantity=1, unit_price=12750),
        t.line(part_number="GC-MCO", description="Maintenance 48 mois", quantity=2, unit_price=54980.25),
    ]
    s2 = t.subtotal("Sous-total lot 2", two)
    less = t.line("discount", description="Remise exceptionnelle de fin d'année", extended_price=-15000)
    port = t.line("freight", part_number="GC-PORT", description="Frais de port et assurance", quantity=1,
                  unit_price=2890)  # fmt: skip
    net = t.subtotal("Total HT", [s1, s2, less, port])
    tva = t.line("tax", description="TVA 20 %", extended_price=cents(times(t.sum([net]), 0.2)))
    t.total("Total TTC", [net, tva])
    t.skip()
    t.note("A", "Options (non comprises dans le total)")
    t.line("option", part_number="GC-OPT1", description="Extension de mémoire 1 To par nœud", quantity=2,
           unit_price=19875)  # fmt: skip
    t.note("A", "Pénalités de retard : 3 fois le taux légal ; indemnité forfaitaire de 40 €.")
    q.tables = [t]
    q.grand_total(t)
    return q


def italian() -> Quote:
    """Semicolons, Windows-1252, list price and discount without a printed net price, relative validity."""
    page = Sheet("b03_val_dadige")
    q = Quote(
        "b03_val_dadige.csv", "lang-it fmt-csv-semicolon eu-decimals valid-until-relative derived-net", [page]
    )
    q.how = {"delimiter": ";", "encoding": "cp1252"}
    page.put("A1", "Val d'Adige Elaboratori S.r.l.")
    page.column("A", 2, ["Preventivo n.", "Data", "Validità", "Pagamento", "Consegna", "Valuta"])
    page.column(
        "B", 2, ["PV/26/0091", "27/10/2026", "60 giorni dalla data", "bonifico 60 gg d.f.", "7 settimane", "Euro"]
    )
    q.fact("vendor", "Val d'Adige Elaboratori S.r.l.", "A1", "Val d'Adige Elaboratori S.r.l.")
    q.fact("quote_number", "PV/26/0091", "B2", "PV/26/0091")
    q.fact("quote_date", "2026-10-27", "B3", "27/10/2026")
    q.fact("valid_until", "2026-12-26", "B4", "60 giorni")
    q.fact("payment_terms", "bonifico 60 gg d.f.", "B5", "bonifico 60 gg d.f.")
    q.fact("lead_time", "7 settimane", "B6", "7 settimane")
    q.fact("currency", "EUR", "B7", "Euro")
    eur = text(grouped(".", ","))
    t = Table(
        page,
        10,
        [
            Column("A", "line_no", "Pos.", text()),
            Column("B", "part_number", "Codice", text()),
            Column("C", "description", "Descrizione", text()),
            Column("D", "quantity", "Q.tà", text(grouped(".", ",", 0))),
            Column("E", "unit", "U.M.", text()),
            Column("F", "list_price", "Prezzo unitario", eur),
            Column("G", "discount_pct", "Sconto %", text(grouped(".", ","))),
            Column("H", "extended_price", "Importo", eur),
        ],
        "EUR",
        decimal=",",
        discount_as="percent",
    )

    def priced(kind: str, no: str, sku: str, words: str, pieces: float, unit: str, price: float, pct: float) -> int:
        net = times(price, 1 - pct / 100)
        more = {"discount_pct": pct} if pct else {}
        return t.line(kind, line_no=no, part_number=sku, description=words, quantity=pieces, unit=unit,
                      list_price=price, extended_price=cents(times(pieces, net)),
                      derived={"unit_price": net}, **more)  # fmt: skip

    rows = [
        priced("line", "1", "VA-H200", "Server 8 GPU con 2,3 TB di memoria", 2, "pz", 271900, 7.5),
        priced("line", "2", "VA-FIB-15", "Cavo in fibra OM4; lunghezza 15 m", 1500, "m", 3.8, 0),
        priced("line", "3", "VA-ASS", "Assistenza 36 mesi", 2, "pz", 28650, 10),
        priced("freight", "4", "VA-TRASP", "Trasporto e assicurazione", 1, "corpo", 1980, 0),
    ]
    net = t.subtotal("Totale imponibile", rows)
    iva = t.line("tax", description="IVA 22%", extended_price=cents(times(t.sum([net]), 0.22)))
    t.total("Totale documento", [net, iva])
    q.tables = [t]
    q.grand_total(t)
    return q


def dutch() -> Quote:
    """A binary workbook; an option between the lines; the discount a fraction."""
    page = Sheet("Blad1")
    q = Quote("b04_waterlinie.xls", "lang-nl fmt-xls option-line discount-fraction list-to-net freight-line", [page])
    page.put("B2", "Waterlinie Datasystemen B.V.")
    page.put("B3", "Voorbeeldkade 7, 0000 XX Voorbeeldstad")
    page.column("B", 5, ["Offertenummer:", "Offertedatum:", "Geldig tot:", "Betaling:", "Levertijd:"])
    page.put("C5", "OF-20261187")
    page.put("C6", dt.date(2026, 10, 9), "d mmmm yyyy")
    page.put("C7", dt.date(2026, 11, 9), "d mmmm yyyy")
    page.put("C8", "binnen 30 dagen na factuurdatum")
    page.put("C9", "10 weken")
    q.fact("vendor", "Waterlinie Datasystemen B.V.", "B2", "Waterlinie Datasystemen B.V.")
    q.fact("quote_number", "OF-20261187", "C5", "OF-20261187")
    q.fact("quote_date", "2026-10-09", "C6", "2026-10-09")
    q.fact("valid_until", "2026-11-09", "C7", "2026-11-09")
    q.fact("payment_terms", "binnen 30 dagen na factuurdatum", "C8", "binnen 30 dagen na factuurdatum")
    q.fact("lead_time", "10 weken", "C9", "10 weken")
    q.facts["currency"] = "EUR"
    eur = number("[$€-413]\\ #,##0.00;[$€-413]\\ \\-#,##0.00")
    t = Table(
        page,
        16,
        [
            Column("B", "part_number", "Artikelnummer", text()),
            Column("C", "description", "Omschrijving", text()),
            Column("D", "quantity", "Aantal"),
            Column("E", "list_price", "Brutoprijs", eur),
            Column("F", "discount_pct", "Korting", lambda v: (v / 100, "0.0%")),
            Column("G", "unit_price", "Nettoprijs", eur),
            Column("H", "extended_price", "Bedrag", eur),
        ],
        "EUR",
        discount_as="fraction",
    )
    a = t.line(part_number="WL-GPU4", description="Server met 4 GPU's, 512 GB", quantity=6, list_price=88400,
               discount_pct=12, unit_price=77792)  # fmt: skip
    t.line("option", part_number="WL-GPU4-X", description="Optie: uitbreiding naar 1 TB geheugen", quantity=6,
           list_price=6400, discount_pct=12, unit_price=5632)  # fmt: skip
    b = t.line(part_number="WL-SW32", description="Switch 32 poorten 400G", quantity=2, list_price=24350,
               discount_pct=17.5, unit_price=20088.75)  # fmt: skip
    c = t.line(part_number="WL-INST", description="Installatie in het rack", quantity=1, list_price=4800,
               discount_pct=0, unit_price=4800)  # fmt: skip
    d = t.line("freight", part_number="WL-VRACHT", description="Verzendkosten", quantity=1, unit_price=640)
    net = t.subtotal("Totaal excl. BTW", [a, b, c, d])
    tax = t.line("tax", description="21% BTW", extended_price=cents(times(t.sum([net]), 0.21)))
    t.total("Totaal incl. BTW", [net, tax])
    q.tables = [t]
    q.grand_total(t)
    return q


def portuguese() -> Quote:
    """Amounts as text with their sign of currency; terms in instalments."""
    page = Sheet("Proposta")
    q = Quote("b05_serra_azul.xlsx", "lang-pt numbers-as-text ccy-BRL budgetary tax-absent", [page])
    page.put("A1", "Serra Azul Computação Ltda.")
    page.put("A2", "Proposta orçamentária - não constitui oferta firme")
    page.column("A", 4, ["Proposta nº", "Data de emissão", "Válida até", "Condições de pagamento", "Prazo de entrega"])
    page.column("B", 4, ["PC-771/26", "19/10/2026", "18/12/2026", "30/60/90 dias", "120 dias"])
    q.fact("vendor", "Serra Azul Computação Ltda.", "A1", "Serra Azul Computação Ltda.")
    q.fact("price_status", "budgetary", "A2", "orçamentária")
    q.fact("quote_number", "PC-771/26", "B4", "PC-771/26")
    q.fact("quote_date", "2026-10-19", "B5", "19/10/2026")
    q.fact("valid_until", "2026-12-18", "B6", "18/12/2026")
    q.fact("payment_terms", "30/60/90 dias", "B7", "30/60/90 dias")
    q.fact("lead_time", "120 dias", "B8", "120 dias")
    q.facts["currency"] = "BRL"
    brl = text(lambda v: "R$ " + grouped(".", ",")(v))
    t = Table(
        page,
        10,
        [
            Column("A", "line_no", "Item", text()),
            Column("B", "description", "Descrição", text()),
            Column("C", "quantity", "Quantidade", text(grouped(".", ",", 0))),
            Column("D", "unit_price", "Valor unitário", brl),
            Column("E", "extended_price", "Valor total", brl),
        ],
        "BRL",
        decimal=",",
    )
    rows = [
        t.line(line_no="01", description="Servidor 8 GPU, 2 TB RAM", quantity=2, unit_price=2487350.4),
        t.line(line_no="02", description="Transceptor óptico 400G", quantity=1024, unit_price=4310.75),
        t.line(line_no="03", description="Garantia estendida, 36 meses", quantity=2, unit_price=198200),
        t.line("freight", line_no="04", description="Frete e seguro até o local", quantity=1, unit_price=15600),
    ]
    t.total("Total geral", rows)
    q.tables = [t]
    q.grand_total(t)
    return q


def polish() -> Quote:
    """Tabs and UTF-16; a unit price for a hundred pieces."""
    page = Sheet("b06_wislok")
    q = Quote("b06_wislok.tsv", "lang-pl fmt-tsv-utf16 ccy-PLN price-per-100", [page])
    q.how = {"delimiter": "\t", "encoding": "utf-16"}
    page.put("A1", "Wisłok Systemy Obliczeniowe sp. z o.o.")
    page.column("A", 2, ["Oferta nr", "Data", "Ważna do", "Termin płatności", "Termin realizacji"])
    page.column("B", 2, ["OF/311/2026", "13.10.2026", "12.11.2026", "21 dni", "6 tygodni"])
    q.fact("vendor", "Wisłok Systemy Obliczeniowe sp. z o.o.", "A1", "Wisłok")
    q.fact("quote_number", "OF/311/2026", "B2", "OF/311/2026")
    q.fact("quote_date", "2026-10-13", "B3", "13.10.2026")
    q.fact("valid_until", "2026-11-12", "B4", "12.11.2026")
    q.fact("payment_terms", "21 dni", "B5", "21 dni")
    q.fact("lead_time", "6 tygodni", "B6", "6 tygodni")
    zl = text(grouped(" ", ","))
    t = Table(
        page,
        8,
        [
            Column("A", "line_no", "Lp.", text()),
            Column("B", "part_number", "Indeks", text()),
            Column("C", "description", "Nazwa towaru", text()),
            Column("D", "quantity", "Ilość", text(grouped(" ", ",", 0))),
            Column("E", "unit", "J.m.", text()),
            Column("F", "unit_price", "Cena netto (PLN)", zl),
            Column("G", "extended_price", "Wartość netto (PLN)", zl),
        ],
        "PLN",
        decimal=",",
    )
    q.fact("currency", "PLN", "F8", "PLN")
    rows = [
        t.line(line_no="1", part_number="WS-SRV8", description="Serwer 8 GPU", quantity=2, unit="szt.",
               unit_price=1148200),
        t.line(line_no="2", part_number="WS-KAB", description="Opaski kablowe", quantity=2500, unit="100 szt.",
               unit_price=38.4, factor=0.01),
        t.line(line_no="3", part_number="WS-WDR", description="Wdrożenie, dni robocze", quantity=12.5,
               unit="dzień", unit_price=3150, raw={"quantity": "12,5"}),
    ]  # fmt: skip
    net = t.subtotal("Razem netto", rows)
    tax = t.line("tax", description="VAT 23%", extended_price=cents(times(t.sum([net]), 0.23)))
    t.total("Razem brutto", [net, tax])
    q.tables = [t]
    q.grand_total(t)
    return q


def swiss() -> Quote:
    """Apostrophes, a two-line header, children indented by the cell's format."""
    page = Sheet("Offerte")
    q = Quote("b07_rhonegletscher.xlsx", "lang-de ccy-CHF header-two-line bom-by-indent thousands-separators", [page])
    page.put("A1", "Rhonegletscher Informatik AG")
    page.put("E3", "Offerte Nr.")
    page.put("F3", "24'118")
    page.put("E4", "Offertdatum")
    page.put("F4", dt.date(2026, 10, 16), "dd.mm.yyyy")
    page.put("A5", "Gültigkeit der Offerte: 45 Tage ab Offertdatum")
    page.put("A6", "Zahlbar innert 30 Tagen netto")
    page.put("A7", "Lieferfrist: 12 Wochen ab Bestelleingang")
    q.fact("vendor", "Rhonegletscher Informatik AG", "A1", "Rhonegletscher Informatik AG")
    q.fact("quote_number", "24'118", "F3", "24'118")
    q.fact("quote_date", "2026-10-16", "F4", "2026-10-16")
    q.fact("valid_until", "2026-11-30", "A5", "45 Tage")
    q.fact("payment_terms", "30 Tagen netto", "A6", "30 Tagen netto", "Zahlbar innert 30 Tagen netto",
           "innert 30 Tagen netto")  # fmt: skip
    q.fact("lead_time", "12 Wochen ab Bestelleingang", "A7", "12 Wochen", "12 Wochen",
           "Lieferfrist: 12 Wochen ab Bestelleingang")  # fmt: skip
    chf = text(grouped("\u2019", "."))
    page.put("E13", "Preis")
    page.put("F13", "Total")
    t = Table(
        page,
        14,
        [
            Column("A", "line_no", "Pos", text()),
            Column("B", "part_number", "Artikel", text()),
            Column("C", "description", "Beschreibung", text()),
            Column("D", "quantity", "Menge"),
            Column("E", "unit_price", "pro Stück CHF", chf),
            Column("F", "extended_price", "CHF", chf),
        ],
        "CHF",
    )
    q.fact("currency", "CHF", "E14", "CHF")
    rows = []
    for no, sku, words, pieces, price, parts in [
        ("1", "RG-G8", "GPU-Rechner 8 HE", 2, 312480.5, [("RG-G8-C", "Prozessor 48 Kerne", 4)]),
        ("2", "RG-ST", "Speichersystem 1,2 PB", 1, 421900, [("RG-ST-D", "Laufwerk 30 TB", 40)]),
        ("3", "RG-INB", "Inbetriebnahme", 1, 9800, []),
    ]:
        rows.append(t.line(line_no=no, part_number=sku, description=words, quantity=pieces, unit_price=price))
        for part, name, count in parts:
            t.line("child", part_number=part, description=name, quantity=count, unit_price=0, indent=2)
    net = t.subtotal("Zwischentotal", rows)
    tax = t.line("tax", description="MWST 8.1%", extended_price=cents(times(t.sum([net]), 0.081)))
    t.total("Gesamttotal inkl. MWST", [net, tax])
    q.tables = [t]
    q.grand_total(t)
    return q


EUROPE = [swedish, french, italian, dutch, portuguese, polish, swiss]
