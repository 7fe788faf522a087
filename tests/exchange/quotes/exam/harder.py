"""Quotes laid out as people lay them out: headers of two levels, prices in words, tables of options."""

from __future__ import annotations

from tests.exchange.quotes.exam.faults import facts_at_head
from tests.exchange.quotes.exam.paper import Sheet
from tests.exchange.quotes.exam.truth import Column, Quote, Table, cents, grouped, number, text, times

PLAIN = number("#,##0.00")


def two_level_header() -> Quote:
    """Merged names above: quantity per system and in total, list and net price."""
    page = Sheet("Quotation")
    q = Quote(
        "b33_tamarack.xlsx", "header-two-line merged-cells qty-vs-ext-qty currency-number-format", [page]
    )
    facts_at_head(q, "Tamarack HPC Group", "THG-7001-R2", "2026-10-30", "2026-11-29", "Net 30", "10 weeks")
    q.facts["quote_number"] = "THG-7001"
    q.fact("revision", "2", "B2", "R2")
    page.put("D10", "Quantity")
    page.put("F10", "Price (each)")
    page.merge("D10:E10", "F10:G10")
    usd = number("[$USD]\\ #,##0.00")
    t = Table(
        page,
        11,
        [
            Column("A", "line_no", "No."),
            Column("B", "part_number", "Manufacturer Part Number", text()),
            Column("C", "description", "Product", text()),
            Column("D", "quantity_per_system", "per system"),
            Column("E", "quantity", "total"),
            Column("F", "list_price", "List", usd),
            Column("G", "unit_price", "Net", usd),
            Column("H", "extended_price", "Line amount", usd),
        ],
        "USD",
    )
    q.facts["currency"] = "USD"
    rows = [
        t.line(
            line_no=1,
            part_number="TH-8",
            description="GPU system",
            quantity_per_system=1,
            quantity=5,
            list_price=342000,
            unit_price=271500,
        ),
        t.line(
            line_no=2,
            part_number="TH-8M",
            description="Memory upgrade",
            quantity_per_system=8,
            quantity=40,
            list_price=1290,
            unit_price=988.5,
        ),
        t.line(
            line_no=3,
            part_number="TH-8W",
            description="Warranty uplift to 5 years",
            quantity_per_system=1,
            quantity=5,
            list_price=19900,
            unit_price=15800,
        ),
    ]
    t.total("Total", rows)
    q.tables = [t]
    q.grand_total(t)
    return q


def included_parts() -> Quote:
    """Children whose price says "included", a quantity with its unit, terms in words, a price on request."""
    page = Sheet("Quote")
    q = Quote(
        "b34_larkspur.xlsx",
        "included-children factory-integrated units-in-cells no-bid support-months",
        [page],
    )
    facts_at_head(q, "Larkspur Computing", "LC/26/118", "2026-10-14", "2026-11-13")
    page.put("D2", "Currency: US Dollars")
    q.fact("currency", "USD", "D2", "US Dollars")
    t = Table(
        page,
        9,
        [
            Column("A", "line_no", "Line", text()),
            Column("B", "part_number", "Model No.", text()),
            Column("C", "description", "Item Description", text()),
            Column("D", "quantity", "Order Quantity"),
            Column("E", "term_months", "Term", lambda v: (f"{v} mo.", None)),
            Column("F", "unit_price", "Unit Net", PLAIN),
            Column("G", "extended_price", "Net Amount", PLAIN),
        ],
        "USD",
    )
    words = {"unit_price": "Included", "extended_price": "Included"}
    a = t.line(line_no="1", part_number="LC-4G", description="4-GPU server", quantity=10, unit_price=88200)
    t.line("child", part_number="LC-FI", description="FACTORY INTEGRATED", quantity=10, raw=words)
    t.line("child", part_number="LC-M", description="512 GB memory", quantity=10, raw=words)
    b = t.line(
        line_no="2",
        part_number="LC-S",
        description="Mission-critical support",
        quantity=10,
        term_months=48,
        unit_price=9650,
    )
    t.line(
        "no_bid",
        line_no="3",
        part_number="LC-IB",
        description="Long-reach optics",
        quantity=0,
        raw={"unit_price": "NO BID", "extended_price": "NO BID"},
    )
    q.flag(f"Quote!G{t.row}", "no-bid", False, "not offered")
    c = t.line(
        "freight",
        line_no="4",
        part_number="LC-SH",
        description="Delivery charge",
        quantity=1,
        unit_price=1200,
    )
    t.total("Order total", [a, b, c])
    q.tables = [t]
    q.grand_total(t)
    return q


def options_in_their_own_table() -> Quote:
    """Below the total a second table of the same header: optional items, in no total."""
    page = Sheet("Quote")
    q = Quote("b35_windrush.xlsx", "header-repeated option-block ccy-GBP currency-number-format", [page])
    facts_at_head(q, "Windrush Servers Ltd", "WS-31-26", "2026-10-16", "2026-11-15", "30 days", "21 days")
    gbp = number('"£"#,##0.00')
    q.facts["currency"] = "GBP"
    titles = ["Code", "Description", "Qty", "Unit", "Total"]
    fields = ["part_number", "description", "quantity", "unit_price", "extended_price"]
    shows = [text(), text(), number(), gbp, gbp]

    def table(header: int) -> Table:
        columns = [Column(a, f, n, s) for a, f, n, s in zip("ABCDE", fields, titles, shows, strict=True)]
        return Table(page, header, columns, "GBP")

    t = table(9)
    rows = [
        t.line(part_number="WS-1", description="Server, single GPU", quantity=40, unit_price=9812.5),
        t.line(part_number="WS-2", description="Rails", quantity=40, unit_price=88),
    ]
    net = t.subtotal("Total ex VAT", rows)
    vat = t.line("tax", description="VAT @ 20%", extended_price=cents(times(t.sum([net]), 0.2)))
    t.total("Total inc VAT", [net, vat])
    page.put(f"A{t.row + 2}", "Optional items (not included above)")
    o = table(t.row + 3)
    o.line("option", part_number="WS-3", description="Second GPU", quantity=40, unit_price=5150)
    o.line(
        "option", part_number="WS-4", description="Extended warranty, 5 years", quantity=40, unit_price=640
    )
    q.tables = [t, o]
    q.grand_total(t)
    return q


def french_hosting() -> Quote:
    """Once and per month in one column of amounts, told apart by a column of words."""
    page = Sheet("b36_ventoux")
    q = Quote(
        "b36_ventoux.csv", "colocation recurring-and-one-off lang-fr fmt-csv-semicolon eu-decimals", [page]
    )
    q.how = {"delimiter": ";", "encoding": "utf-8"}
    page.put("A1", "Ventoux Hébergement SA")
    page.column(
        "A", 2, ["Offre n°", "Date", "Valable jusqu'au", "Conditions de paiement", "Délai de mise en service"]
    )
    page.column(
        "B", 2, ["VH-2026-44", "15/10/2026", "15/12/2026", "mensuel, terme à échoir, 30 jours", "5 semaines"]
    )
    q.fact("vendor", "Ventoux Hébergement SA", "A1", "Ventoux Hébergement SA")
    q.fact("quote_number", "VH-2026-44", "B2", "VH-2026-44")
    q.fact("quote_date", "2026-10-15", "B3", "15/10/2026")
    q.fact("valid_until", "2026-12-15", "B4", "15/12/2026")
    q.fact("payment_terms", "mensuel, terme à échoir, 30 jours", "B5", "mensuel")
    q.fact("lead_time", "5 semaines", "B6", "5 semaines")
    eur = text(grouped(" ", ","))
    t = Table(
        page,
        9,
        [
            Column("A", "part_number", "Réf", text()),
            Column("B", "description", "Prestation", text()),
            Column("C", "quantity", "Quantité", text(grouped(" ", ",", 0))),
            Column("D", "unit", "Unité", text()),
            Column("E", "unit_price", "Prix unitaire (EUR)", eur),
            Column("F", "extended_price", "Montant (EUR)", eur),
            Column("G", None, "Périodicité", text()),
        ],
        "EUR",
        decimal=",",
    )
    q.fact("currency", "EUR", "E9", "EUR")
    once = [
        t.line(
            part_number="FAS-B",
            description="Mise en service de la baie",
            quantity=8,
            unit="baie",
            unit_price=1450,
            recurrence="one_off",
            beside={"G": "unique"},
        ),
        t.line(
            part_number="FAS-C",
            description="Câblage et recette",
            quantity=1,
            unit="forfait",
            unit_price=6875.5,
            recurrence="one_off",
            beside={"G": "unique"},
        ),
    ]
    t.subtotal("Total frais d'accès", once)
    monthly = [
        t.line(
            part_number="AB-KW",
            description="Puissance souscrite",
            quantity=320,
            unit="kW",
            unit_price=151.8,
            recurrence="monthly",
            beside={"G": "mensuel"},
        ),
        t.line(
            part_number="AB-B",
            description="Baie 47U",
            quantity=8,
            unit="baie",
            unit_price=410,
            recurrence="monthly",
            beside={"G": "mensuel"},
        ),
    ]
    q.flag(f"{page.name}!F{monthly[0]}", "mixed-recurrence", False, "once and per month in one column")
    t.subtotal("Total mensuel", monthly)
    q.tables = [t]
    return q


def spanish_lease() -> Quote:
    """A lease in a Spanish sentence, Mexican pesos, a total stated above the lines."""
    page = Sheet("Cotización")
    q = Quote(
        "b37_sierra_gris.xlsx", "lang-es lease-sentence ccy-MXN tax-separate cover-restates-totals", [page]
    )
    page.put("A1", "Sierra Gris Tecnología S.A. de C.V.")
    page.column(
        "A", 2, ["Cotización No.", "Fecha", "Vigencia", "Condiciones de pago", "Tiempo de entrega", "Moneda"]
    )
    page.column(
        "B", 2, ["COT-5512", "20/10/2026", "30 días", "50% anticipo, 50% contra entrega", "8 semanas", "MXN"]
    )
    q.fact("vendor", "Sierra Gris Tecnología S.A. de C.V.", "A1", "Sierra Gris")
    q.fact("quote_number", "COT-5512", "B2", "COT-5512")
    q.fact("quote_date", "2026-10-20", "B3", "20/10/2026")
    q.fact("valid_until", "2026-11-19", "B4", "30 días")
    q.fact("payment_terms", "50% anticipo, 50% contra entrega", "B5", "50% anticipo")
    q.fact("lead_time", "8 semanas", "B6", "8 semanas")
    q.fact("currency", "MXN", "B7", "MXN")
    t = Table(
        page,
        12,
        [
            Column("A", "line_no", "Partida"),
            Column("B", "part_number", "Clave", text()),
            Column("C", "description", "Descripción", text()),
            Column("D", "quantity", "Cant."),
            Column("E", "unit", "Unidad", text()),
            Column("F", "unit_price", "P. Unitario", PLAIN),
            Column("G", "extended_price", "Importe", PLAIN),
        ],
        "MXN",
    )
    rows = [
        t.line(
            line_no=1,
            part_number="SG-8",
            description="Servidor de 8 GPU",
            quantity=2,
            unit="pza",
            unit_price=6841200,
        ),
        t.line(
            "freight",
            line_no=2,
            part_number="SG-FL",
            description="Flete y maniobras",
            quantity=1,
            unit="serv",
            unit_price=48500,
        ),
    ]
    net = t.subtotal("Subtotal", rows)
    iva = t.line("tax", description="IVA 16%", extended_price=cents(times(t.sum([net]), 0.16)))
    t.total("Total", [net, iva])
    whole = t.sum([net, iva])
    page.put("D9", "Importe total:")
    page.put("F9", whole, "#,##0.00")
    price = grouped(",", ".")(whole)
    page.put("A20", f"Compra por ${price} MXN o arrendamiento por $512,300.00 mensuales durante 36 meses.")
    q.leases = [
        {
            "cell": "Cotización!A20",
            "monthly": 512300,
            "term_months": 36,
            "purchase_price": whole,
            "rate_per_1000": None,
            "currency": "MXN",
        }
    ]
    q.restated = [
        {"cell": "Cotización!F9", "amount": whole, "why": "total above the lines"},
        {"cell": "Cotización!A20", "amount": whole, "why": "in the lease sentence"},
    ]
    q.tables = [t]
    q.grand_total(t)
    return q


HARDER = [two_level_header, included_parts, options_in_their_own_table, french_hosting, spanish_lease]
