"""Quotes in the languages of Europe."""

from __future__ import annotations

import datetime as dt

from tests.exchange.quotes.exam.paper import Sheet
from tests.exchange.quotes.exam.truth import Column, Quote, Table, cents, grouped, number, text, times

NBSP, NARROW = "\u00a0", "\u202f"


def swedish() -> Quote:
    """Text numbers with no-break spaces; children without a number; rate of tax in the label."""
    page = Sheet("Offert")
    q = Quote(
        "b01_fjallnet.xlsx", "lang-sv numbers-as-text bom-by-blank-line-number leading-zero-sku", [page]
    )
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
        line_no="1",
        part_number="FN-8GPU-B2",
        description="GPU-server 8U, 8 acceleratorer, 2 TB",
        quantity=3,
        unit="st",
        list_price=3120500,
        discount_pct=14.5,
        unit_price=2668027.5,
    )
    for sku, words, pieces in [("FN-CPU64", "Processor 64 kärnor", 6), ("FN-D5-96", "Minne 96 GB", 72)]:
        t.line(
            "child",
            part_number=sku,
            description=words,
            quantity=pieces,
            unit="st",
            list_price=0,
            unit_price=0,
        )
    b = t.line(
        line_no="2",
        part_number="0071240",
        description="Optisk modul 800G",
        quantity=1240,
        unit="st",
        list_price=9875,
        discount_pct=20,
        unit_price=7900,
    )
    c = t.line(
        line_no="3",
        part_number="FN-SERV36",
        description="Service på plats, 36 månader",
        quantity=3,
        unit="st",
        list_price=288400,
        discount_pct=5,
        unit_price=273980,
    )
    d = t.line(
        "freight",
        line_no="4",
        part_number="FRAKT",
        description="Frakt och emballage",
        quantity=1,
        unit="st",
        list_price=18400,
        unit_price=18400,
    )
    net = t.subtotal("Summa exkl. moms", [a, b, c, d])
    tax = t.line("tax", description="Moms 25 %", extended_price=cents(times(t.sum([net]), 0.25)))
    t.total("Att betala", [net, tax])
    page.put(
        f"A{t.row + 3}", "Dröjsmålsränta 8 % över referensräntan. Avbeställning kostar 15 % av 100 000 kr."
    )
    q.tables = [t]
    q.grand_total(t)
    return q


def french() -> Quote:
    """Lots with sub-totals, options below the total, an allowance before the tax."""
    page = Sheet("Devis")
    cgv = Sheet("CGV")
    cgv.column(
        "A", 1, ["Conditions générales de vente", None, *[f"Article {n}. Clause." for n in range(1, 15)]]
    )
    q = Quote(
        "b02_garonne.ods", "lang-fr fmt-ods option-line discount-line nested-subtotals revision", [page, cgv]
    )
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
        t.line(
            part_number="GC-N8",
            description="Nœud de calcul 8 GPU, refroidi par eau",
            quantity=2,
            unit_price=318450.5,
        ),
        t.line(
            part_number="GC-CDU", description="Unité de distribution 120 kW", quantity=1, unit_price=41200
        ),
    ]
    s1 = t.subtotal("Sous-total lot 1", one)
    t.note("A", "Lot 2 - Prestations")
    two = [
        t.line(
            part_number="GC-INS", description="Installation et mise en service", quantity=1, unit_price=12750
        ),
        t.line(part_number="GC-MCO", description="Maintenance 48 mois", quantity=2, unit_price=54980.25),
    ]
    s2 = t.subtotal("Sous-total lot 2", two)
    less = t.line("discount", description="Remise exceptionnelle de fin d'année", extended_price=-15000)
    port = t.line(
        "freight",
        part_number="GC-PORT",
        description="Frais de port et assurance",
        quantity=1,
        unit_price=2890,
    )
    net = t.subtotal("Total HT", [s1, s2, less, port])
    tva = t.line("tax", description="TVA 20 %", extended_price=cents(times(t.sum([net]), 0.2)))
    t.total("Total TTC", [net, tva])
    t.skip()
    t.note("A", "Options (non comprises dans le total)")
    t.line(
        "option",
        part_number="GC-OPT1",
        description="Extension de mémoire 1 To par nœud",
        quantity=2,
        unit_price=19875,
    )
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
        "B",
        2,
        ["PV/26/0091", "27/10/2026", "60 giorni dalla data", "bonifico 60 gg d.f.", "7 settimane", "Euro"],
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

    def priced(
        kind: str, no: str, sku: str, words: str, pieces: float, unit: str, price: float, pct: float
    ) -> int:
        net = times(price, 1 - pct / 100)
        more = {"discount_pct": pct} if pct else {}
        return t.line(
            kind,
            line_no=no,
            part_number=sku,
            description=words,
            quantity=pieces,
            unit=unit,
            list_price=price,
            extended_price=cents(times(pieces, net)),
            derived={"unit_price": net},
            **more,
        )

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
    q = Quote(
        "b04_waterlinie.xls", "lang-nl fmt-xls option-line discount-fraction list-to-net freight-line", [page]
    )
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
    a = t.line(
        part_number="WL-GPU4",
        description="Server met 4 GPU's, 512 GB",
        quantity=6,
        list_price=88400,
        discount_pct=12,
        unit_price=77792,
    )
    t.line(
        "option",
        part_number="WL-GPU4-X",
        description="Optie: uitbreiding naar 1 TB geheugen",
        quantity=6,
        list_price=6400,
        discount_pct=12,
        unit_price=5632,
    )
    b = t.line(
        part_number="WL-SW32",
        description="Switch 32 poorten 400G",
        quantity=2,
        list_price=24350,
        discount_pct=17.5,
        unit_price=20088.75,
    )
    c = t.line(
        part_number="WL-INST",
        description="Installatie in het rack",
        quantity=1,
        list_price=4800,
        discount_pct=0,
        unit_price=4800,
    )
    d = t.line("freight", part_number="WL-VRACHT", description="Verzendkosten", quantity=1, unit_price=640)
    net = t.subtotal("Totaal excl. BTW", [a, b, c, d])
    tax = t.line("tax", description="21% BTW", extended_price=cents(times(t.sum([net]), 0.21)))
    t.total("Totaal incl. BTW", [net, tax])
    q.tables = [t]
    q.grand_total(t)
    return q


EUROPE = [swedish, french, italian, dutch]
