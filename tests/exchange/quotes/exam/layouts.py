"""Quotes of odd layouts: footnotes, pages, words that wrap."""

from __future__ import annotations

import datetime as dt

from tests.exchange.quotes.exam.faults import facts_at_head, plain_table
from tests.exchange.quotes.exam.paper import Sheet
from tests.exchange.quotes.exam.truth import Column, Quote, Table, cents, grouped, number, text, times

PLAIN = number("#,##0.00")


def discount_footnote() -> Quote:
    """A starred discount, prices as text with spaces behind, cost and margin hidden, a credit."""
    page = Sheet("Sheet1")
    q = Quote(
        "b38_cordwood.xls",
        "fmt-xls header-two-line discount-footnote hidden-columns paren-negatives numbers-as-text "
        "bom-by-indent",
        [page],
    )
    page.put("A1", "CORDWOOD NETWORKS")
    page.column("A", 5, ["Quote Ref:", "Issued:", "Offer good until:", "Terms:", "Est. ship:"])
    page.put("B5", "CWN-2026-0815")
    page.put("B6", dt.date(2026, 10, 5), "d-mmm-yy")
    page.put("B7", dt.date(2026, 11, 4), "d-mmm-yy")
    page.put("B8", "Net 30 from shipment")
    page.put("B9", "18 weeks")
    q.fact("vendor", "Cordwood Networks", "A1", "CORDWOOD NETWORKS")
    q.fact("quote_number", "CWN-2026-0815", "B5", "CWN-2026-0815")
    q.fact("quote_date", "2026-10-05", "B6", "2026-10-05")
    q.fact("valid_until", "2026-11-04", "B7", "2026-11-04")
    q.fact("payment_terms", "Net 30 from shipment", "B8", "Net 30 from shipment")
    q.fact("lead_time", "18 weeks", "B9", "18 weeks")
    usd = text(
        lambda v: (
            grouped(",", ".", 2, "({})")(v).replace("(", "($") + " "
            if v < 0
            else "$" + grouped(",", ".")(v) + " "
        )
    )
    t = Table(
        page,
        18,
        [
            Column("A", "part_number", "Part Number ", text()),
            Column("B", "description", "Description ", text()),
            Column("C", "quantity", " Qty"),
            Column("D", "list_price", "Unit List\nPrice\n(USD)", usd),
            Column("E", "discount_pct", "Discount*", lambda v: (v / 100, "0.00")),
            Column("F", "unit_price", "Unit Net\nPrice\n(USD)", usd),
            Column("G", "extended_price", "Extended Net\nPrice (USD)", usd),
        ],
        "USD",
        discount_as="fraction",
    )
    q.fact("currency", "USD", "D18", "(USD)")
    page.put("H18", "Landed Cost")
    page.put("I18", "GP %")
    page.hidden_columns |= {"H", "I"}
    q.flag("Sheet1!H18", "hidden-column", False, "cost and margin")
    rows = []
    for sku, words, pieces, price, off, parts in [
        ("CWN-SPN", "Spine switch, 64 ports", 6, 33900, 45.0, [("CWN-FAN", "   Fan module", 36)]),
        ("CWN-OPT", "Optics 800G", 384, 1120, 40.0, []),
        ("CWN-NMS", "Network manager, 3 years", 12, 2800, 30.0, [("CWN-KEY", "   Activation key", 12)]),
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
            )
        )
        page.put(f"H{t.row}", cents(unit * 0.9), "#,##0.00")
        page.put(f"I{t.row}", 0.1, "0.0%")
        for part, name, count in parts:
            t.line("child", part_number=part, description=name, quantity=count, list_price=0, unit_price=0)
    rows.append(
        t.line("discount", part_number="CWN-CR", description="Migration credit", quantity=1, unit_price=-3150)
    )
    t.total("Total Extended Net Price (USD)", rows)
    page.put(f"A{t.row + 2}", "* Discount as a fraction of list, for this quote only.")
    for line in t.lines:
        line["description"] = line["description"].strip()
    q.tables = [t]
    q.grand_total(t)
    return q


def pages() -> Quote:
    """A long quote printed page by page: the header again on each page, sections with a sum each."""
    page = Sheet("Quote")
    q = Quote("b39_stonebridge.xlsx", "header-repeated nested-subtotals configurations ccy-EUR", [page])
    facts_at_head(
        q, "Stonebridge Platforms BV", "SBP-1220", "2026-10-21", "2026-12-20", "Net 45", "8-9 weeks"
    )
    page.put("D2", "Amounts in EUR")
    q.fact("currency", "EUR", "D2", "EUR")
    header = 10
    for n, items in enumerate(
        [
            [("SB-1", "Training node", 4, 251300.0), ("SB-2", "Storage node", 3, 88450.75)],
            [("SB-3", "Inference node", 9, 61220.4)],
            [("SB-4", "Rack and power", 2, 12400.0), ("SB-5", "On-site work, days", 4.5, 1180.0)],
        ],
        1,
    ):
        page.put(f"A{header - 1}", f"Configuration {n} of 3")
        t = plain_table(page, header, "EUR")
        t.name = f"Configuration {n} of 3"
        rows = [t.line(part_number=a, description=b, quantity=c, unit_price=d) for a, b, c, d in items]
        t.total(f"Configuration {n} total", rows)
        q.tables.append(t)
        header = t.row + 4
    row = q.tables[-1].row + 2
    amounts = [t.total_of["amount"] for t in q.tables if t.total_of]
    places = [f"Quote!E{t.total_of['row']}" for t in q.tables if t.total_of]
    net = cents(sum(amounts))
    tax = cents(times(net, 0.21))
    for label, amount in [
        ("Sum of configurations", net),
        ("VAT 21%", tax),
        ("Grand total incl. VAT", net + tax),
    ]:
        page.put(f"B{row}", label)
        page.put(f"E{row}", amount, "#,##0.00")
        row += 1
    q.restated = [{"cell": f"Quote!E{row - 3}", "amount": net, "why": "sum of the configurations"}]
    q.charges = [
        {"cell": f"Quote!E{row - 2}", "kind": "tax", "label": "VAT 21%", "amount": tax, "currency": "EUR"}
    ]
    q.grand = {
        "cell": f"Quote!E{row - 1}",
        "amount": cents(net + tax),
        "currency": "EUR",
        "of": [*places, f"Quote!E{row - 2}"],
    }
    return q


def wrapped_words() -> Quote:
    """Descriptions that go on in the next rows, no part numbers, amounts in kronor by format."""
    page = Sheet("Tilbud")
    q = Quote(
        "b40_skagen.xlsx", "lang-da wrapped-descriptions ccy-DKK currency-number-format header-row-17", [page]
    )
    page.put("A1", "Skagen Servercenter ApS")
    page.column("A", 4, ["Tilbudsnr.", "Dato", "Gyldigt til", "Betaling", "Levering"])
    page.column("B", 4, ["T-20-771", None, None, "netto 14 dage", "4 uger"])
    page.put("B5", dt.date(2026, 10, 23), "dd-mm-yyyy")
    page.put("B6", dt.date(2026, 11, 23), "dd-mm-yyyy")
    q.fact("vendor", "Skagen Servercenter ApS", "A1", "Skagen Servercenter ApS")
    q.fact("quote_number", "T-20-771", "B4", "T-20-771")
    q.fact("quote_date", "2026-10-23", "B5", "2026-10-23")
    q.fact("valid_until", "2026-11-23", "B6", "2026-11-23")
    q.fact("payment_terms", "netto 14 dage", "B7", "netto 14 dage")
    q.fact("lead_time", "4 uger", "B8", "4 uger")
    q.facts["currency"] = "DKK"
    kr = number("[$kr.-406]\\ #,##0.00")
    t = Table(
        page,
        17,
        [
            Column("A", "line_no", "Pos."),
            Column("B", "description", "Beskrivelse", text()),
            Column("C", "quantity", "Antal"),
            Column("D", "unit", "Enhed", text()),
            Column("E", "unit_price", "Enhedspris", kr),
            Column("F", "extended_price", "Beløb", kr),
        ],
        "DKK",
    )
    a = t.line(line_no=1, description="GPU-server, 8 kort", quantity=2, unit="stk", unit_price=1998000)
    t.note("B", "med 2 TB hukommelse og 8 netkort")
    t.note("B", "inkl. montering i rack")
    b = t.line(
        line_no=2, description="Drift og overvågning, 12 måneder", quantity=1, unit="stk", unit_price=164000
    )
    t.note("B", "alle hverdage 8-16")
    net = t.subtotal("I alt ekskl. moms", [a, b])
    tax = t.line("tax", description="25% moms", extended_price=cents(times(t.sum([net]), 0.25)))
    t.total("I alt inkl. moms", [net, tax])
    q.tables = [t]
    q.grand_total(t)
    return q


LAYOUTS = [discount_footnote, pages, wrapped_words]
