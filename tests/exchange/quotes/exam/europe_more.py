"""Quotes from Portugal, Poland and Switzerland."""

from __future__ import annotations

import datetime as dt

from tests.exchange.quotes.exam.paper import Sheet
from tests.exchange.quotes.exam.truth import Column, Quote, Table, cents, grouped, text, times

NBSP, NARROW = "\u00a0", "\u202f"


def portuguese() -> Quote:
    """Amounts as text with their sign of currency; terms in instalments."""
    page = Sheet("Proposta")
    q = Quote("b05_serra_azul.xlsx", "lang-pt numbers-as-text ccy-BRL budgetary tax-absent", [page])
    page.put("A1", "Serra Azul Computação Ltda.")
    page.put("A2", "Proposta orçamentária - não constitui oferta firme")
    page.column(
        "A", 4, ["Proposta nº", "Data de emissão", "Válida até", "Condições de pagamento", "Prazo de entrega"]
    )
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
        t.line(
            "freight", line_no="04", description="Frete e seguro até o local", quantity=1, unit_price=15600
        ),
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
        t.line(
            line_no="1",
            part_number="WS-SRV8",
            description="Serwer 8 GPU",
            quantity=2,
            unit="szt.",
            unit_price=1148200,
        ),
        t.line(
            line_no="2",
            part_number="WS-KAB",
            description="Opaski kablowe",
            quantity=2500,
            unit="100 szt.",
            unit_price=38.4,
            factor=0.01,
        ),
        t.line(
            line_no="3",
            part_number="WS-WDR",
            description="Wdrożenie, dni robocze",
            quantity=12.5,
            unit="dzień",
            unit_price=3150,
            raw={"quantity": "12,5"},
        ),
    ]
    net = t.subtotal("Razem netto", rows)
    tax = t.line("tax", description="VAT 23%", extended_price=cents(times(t.sum([net]), 0.23)))
    t.total("Razem brutto", [net, tax])
    q.tables = [t]
    q.grand_total(t)
    return q


def swiss() -> Quote:
    """Apostrophes, a two-line header, children indented by the cell's format."""
    page = Sheet("Offerte")
    q = Quote(
        "b07_rhonegletscher.xlsx",
        "lang-de ccy-CHF header-two-line bom-by-indent thousands-separators",
        [page],
    )
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
    q.fact(
        "payment_terms",
        "30 Tagen netto",
        "A6",
        "30 Tagen netto",
        "Zahlbar innert 30 Tagen netto",
        "innert 30 Tagen netto",
    )
    q.fact(
        "lead_time",
        "12 Wochen ab Bestelleingang",
        "A7",
        "12 Wochen",
        "12 Wochen",
        "Lieferfrist: 12 Wochen ab Bestelleingang",
    )
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


EUROPE_MORE = [portuguese, polish, swiss]
