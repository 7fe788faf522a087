"""Quotes in English: bills of material, colocation, services, alternatives, leases, price lists."""

from __future__ import annotations

import datetime as dt

from tests.exchange.quotes.exam.paper import Sheet
from tests.exchange.quotes.exam.truth import Column, Quote, Table, cents, number, text, times

USD = number('"$"#,##0.00')
ACCOUNTING = number('_-[$$-409]* #,##0.00_ ;_-[$$-409]* \\(#,##0.00\\)\\ ;_-[$$-409]* "-"??_ ;_-@_ ')


def bill_of_material() -> Quote:
    """Three levels by id, quantity per system, freight said twice, a roll-up at the foot, clauses below."""
    page = Sheet("Pricing")
    q = Quote(
        "b12_redmesa.xlsx",
        "bom-by-id qty-vs-ext-qty freight-twice second-rollup nested-subtotals formulas-cached "
        "legal-text-below firm",
        [page],
    )
    page.put("B1", "RED MESA COMPUTE")
    page.put("B2", "100 Example Parkway, Suite 1200, Exampleton 00000")
    page.column(
        "B",
        4,
        ["Quotation Number", "Prepared On", "Pricing Expires", "Terms of Payment", "Ships In", "Offer type"],
    )
    page.put("D4", "RM-104-882")
    page.put("D5", dt.date(2026, 10, 27), "mm/dd/yy")
    page.put("D6", dt.date(2026, 11, 26), "mm/dd/yy")
    page.put("D7", "1% 15, net 45")
    page.put("D8", "5 to 7 weeks")
    page.put("D9", "Firm fixed price")
    page.put("G4", "Version: 2.1")
    page.put("G5", "Currency: USD")
    page.put("G6", "Prepaid freight: $4,125.00 (see line 40)")
    q.fact("vendor", "Red Mesa Compute", "B1", "RED MESA COMPUTE")
    q.fact("quote_number", "RM-104-882", "D4", "RM-104-882")
    q.fact("quote_date", "2026-10-27", "D5", "2026-10-27")
    q.fact("valid_until", "2026-11-26", "D6", "2026-11-26")
    q.fact("payment_terms", "1% 15, net 45", "D7", "1% 15, net 45")
    q.fact("lead_time", "5 to 7 weeks", "D8", "5 to 7 weeks")
    q.fact("price_status", "firm", "D9", "Firm")
    q.fact("revision", "2.1", "G4", "2.1")
    q.fact("currency", "USD", "G5", "USD")
    t = Table(
        page,
        14,
        [
            Column("B", "line_no", "Line ID", text()),
            Column("C", "parent_no", "Parent Line ID", text()),
            Column("D", "part_number", "SKU", text()),
            Column("E", "description", "Product Description", text()),
            Column("F", "quantity_per_system", "Qty / System"),
            Column("G", "quantity", "Total Qty"),
            Column("H", "list_price", "List Price", USD),
            Column("I", "discount_pct", "% Off List", lambda v: (v, "0.00")),
            Column("J", "unit_price", "Your Unit Price", USD),
            Column("K", "extended_price", "Extended Net Price", USD),
        ],
        "USD",
        discount_as="percent",
    )
    product = {"extended_price": "=ROUND(G{r}*J{r},2)"}
    t.note("D", "COMPUTE")
    a = t.line(
        line_no="10",
        part_number="RM-G8-B3",
        description="GPU node, 8 accelerators",
        quantity_per_system=1,
        quantity=6,
        list_price=399000,
        discount_pct=33.25,
        unit_price=266332.5,
        formulas=product,
    )
    t.line(
        "child",
        line_no="10.1",
        parent_no="10",
        part_number="RM-BRD",
        description="Accelerator board",
        quantity_per_system=1,
        quantity=6,
        unit_price=0,
    )
    t.line(
        "child",
        line_no="10.1.1",
        parent_no="10.1",
        part_number="RM-HSK",
        description="Heat sink set",
        quantity_per_system=8,
        quantity=48,
        unit_price=0,
    )
    t.line(
        "child",
        line_no="10.2",
        parent_no="10",
        part_number="00518",
        description="Memory 128 GB",
        quantity_per_system=24,
        quantity=144,
        unit_price=0,
    )
    b = t.line(
        line_no="20",
        part_number="RM-LEAF",
        description="Leaf switch, 64 ports",
        quantity=4,
        list_price=31995,
        discount_pct=41,
        unit_price=18877.05,
        formulas=product,
    )
    s1 = t.subtotal("Total Compute", [a, b], formula="=SUM(K16:K20)")
    t.note("D", "SUPPORT")
    c = t.line(
        line_no="30",
        part_number="RM-CARE-5",
        description="Care pack, 5 years, per node",
        quantity=6,
        list_price=52400,
        discount_pct=15,
        unit_price=44540,
        formulas=product,
    )
    s2 = t.subtotal("Total Support", [c])
    config = t.subtotal("Configuration total", [s1, s2])
    f = t.line(
        "freight",
        line_no="40",
        part_number="SHIP",
        description="Shipping and handling",
        quantity=1,
        unit_price=4125,
        formulas=product,
    )
    x = t.line("tax", description="Estimated sales tax 7.9%", extended_price=cents(times(t.sum([s1]), 0.079)))
    t.total("Quote Total", [config, f, x])
    q.restated.append({"cell": "Pricing!G6", "amount": 4125, "why": "freight of line 40, in the header"})
    t.skip()
    t.note("E", "Recap")
    whole = t.total_of["row"] if t.total_of else 0
    for label, rows in [("Compute", [s1]), ("Support", [s2]), ("Shipping and tax", [f, x])]:
        t.row += 1
        page.put(f"E{t.row}", label)
        page.put(f"K{t.row}", t.sum(rows), '"$"#,##0.00')
        q.restated.append({"cell": f"Pricing!K{t.row}", "amount": t.sum(rows), "why": "recap"})
    t.row += 1
    page.put(f"E{t.row}", "Grand total")
    page.put(f"K{t.row}", t.sum([config, f, x]), '"$"#,##0.00', f"=K{whole}")
    q.restated.append({"cell": f"Pricing!K{t.row}", "amount": t.sum([config, f, x]), "why": "recap"})
    for clause in range(1, 40):
        page.put(
            f"B{t.row + 2 + clause}",
            f"{clause}. Liability under section {clause} is limited to $ 50,000.00 per event.",
        )
    q.tables = [t]
    q.grand_total(t)
    return q


def colocation() -> Quote:
    """One-off and monthly amounts side by side, each with its unit rate and its own total."""
    page = Sheet("Service Order")
    q = Quote("b13_tidewater.xlsx", "colocation nrc-mrc recurring-and-one-off ccy-GBP", [page])
    page.put("A1", "Tidewater Data Halls Ltd")
    page.column(
        "A",
        3,
        ["Service order form", "Reference", "Issue date", "Valid until", "Payment", "Ready for service"],
    )
    page.put("B4", "TDH-SO-5530")
    page.put("B5", dt.date(2026, 10, 30), "dd/mm/yyyy")
    page.put("B6", dt.date(2026, 12, 31), "dd/mm/yyyy")
    page.put("B7", "quarterly in advance")
    page.put("B8", "8 weeks from signature")
    page.put("D4", "Initial term: 36 months")
    q.fact("vendor", "Tidewater Data Halls Ltd", "A1", "Tidewater Data Halls Ltd")
    q.fact("quote_number", "TDH-SO-5530", "B4", "TDH-SO-5530")
    q.fact("quote_date", "2026-10-30", "B5", "2026-10-30")
    q.fact("valid_until", "2026-12-31", "B6", "2026-12-31")
    q.fact("payment_terms", "quarterly in advance", "B7", "quarterly in advance")
    q.fact("lead_time", "8 weeks from signature", "B8", "8 weeks", "8 weeks")
    gbp = number("£#,##0.00")
    t = Table(
        page,
        11,
        [
            Column("A", "part_number", "Service ID", text()),
            Column("B", "description", "Service", text()),
            Column("C", "quantity", "Qty"),
            Column("D", "unit", "Unit", text()),
            Column("E", "nrc_unit", "Unit NRC (GBP)", gbp),
            Column("F", "nrc", "NRC (GBP)", gbp),
            Column("G", "mrc_unit", "Unit MRC (GBP)", gbp),
            Column("H", "mrc", "MRC (GBP)", gbp),
        ],
        "GBP",
    )
    q.fact("currency", "GBP", "E11", "GBP")
    rows = []
    for sku, words, pieces, unit, once, monthly in [
        ("CAGE-20", "Private cage, 20 racks", 1, "cage", 24500, 6150),
        ("RACK-52", "52U rack, installed", 20, "rack", 680, 145.5),
        ("PWR-3PH", "Committed power, 3-phase feed", 480, "kW", None, 172.35),
        ("XC-SMF", "Cross-connect, single-mode", 24, "pair", 250, 42),
        ("RH-10", "Remote hands, 10 hours", 1, "pack", None, 850),
    ]:
        prices = {"mrc_unit": monthly, "mrc": cents(times(pieces, monthly))}
        if once:
            prices |= {"nrc_unit": once, "nrc": cents(times(pieces, once))}
        rows.append(t.line(part_number=sku, description=words, quantity=pieces, unit=unit, **prices))
    once = [line["row"] for line in t.lines if "nrc" in line]
    t.subtotal("Total", once, name="nrc")
    t.subtotal("Total", rows, name="mrc", same_row=True)
    q.tables = [t]
    return q


def two_currencies() -> Quote:
    """The same list price in two currencies; what is paid is in one."""
    page = Sheet("Quote")
    q = Quote(
        "b14_saltire.xlsx", "two-currency-columns list-to-net discount-percent header-odd-spaces", [page]
    )
    page.put("A1", "Saltire Systems Trading")
    page.put("A3", "Quote ref: SST/4471")
    page.put("A4", "Date: 15 October 2026")
    page.put("A5", "Valid through: 14 November 2026")
    page.put("E3", "Terms: net 30")
    page.put("E4", "Delivery: 3-4 weeks")
    q.fact("vendor", "Saltire Systems Trading", "A1", "Saltire Systems Trading")
    q.fact("quote_number", "SST/4471", "A3", "SST/4471")
    q.fact("quote_date", "2026-10-15", "A4", "15 October 2026")
    q.fact("valid_until", "2026-11-14", "A5", "14 November 2026")
    q.fact("payment_terms", "net 30", "E3", "net 30", "Terms: net 30")
    q.fact("lead_time", "3-4 weeks", "E4", "3-4 weeks", "Delivery: 3-4 weeks")
    plain = number("#,##0.00")
    t = Table(
        page,
        8,
        [
            Column("A", "part_number", " Part No ", text()),
            Column("B", "description", "Item  Description", text()),
            Column("C", "quantity", "Qty "),
            Column("D", "list_price", "List  Price\n(EUR)", plain),
            Column("E", "list_price_2", "List  Price\n(USD)", plain),
            Column("F", "discount_pct", "Disc. %"),
            Column("G", "unit_price", "Net Price\n(EUR)", plain),
            Column("H", "extended_price", "Ext. Price\n(EUR)", plain),
        ],
        "EUR",
        discount_as="percent",
    )
    q.facts["currency"] = "EUR"
    rows = [
        t.line(
            part_number="SAL-1",
            description="Storage enclosure, 60 bays",
            quantity=2,
            list_price=48200,
            list_price_2=52100,
            discount_pct=15,
            unit_price=40970,
        ),
        t.line(
            part_number="SAL-2",
            description="Drive 24 TB",
            quantity=120,
            list_price=655.5,
            list_price_2=709,
            discount_pct=20,
            unit_price=524.4,
        ),
        t.line("freight", part_number="SAL-F", description="Carriage", quantity=1, unit_price=390),
    ]
    t.total("Total EUR", rows)
    q.tables = [t]
    q.grand_total(t)
    return q


def summary_of_sheets() -> Quote:
    """Two sheets that add up; freight, tax and the grand total stand on a summary."""
    first, iron, work = Sheet("Summary"), Sheet("Hardware"), Sheet("Services")
    q = Quote(
        "b15_clearfork.xlsx",
        "multi-sheet charges cover-restates-totals rounding-tolerated",
        [first, iron, work],
    )
    first.put("A1", "Clearfork Integration Inc.")
    first.column("A", 3, ["Quote #", "Date", "Expires", "Terms", "Lead time", "All amounts in US dollars"])
    first.column("B", 3, ["CF-2026-0551", "Oct 22, 2026", "Nov 21, 2026", "Net 30", "6 weeks ARO"])
    q.fact("vendor", "Clearfork Integration Inc.", "A1", "Clearfork Integration Inc.")
    q.fact("quote_number", "CF-2026-0551", "B3", "CF-2026-0551")
    q.fact("quote_date", "2026-10-22", "B4", "Oct 22, 2026")
    q.fact("valid_until", "2026-11-21", "B5", "Nov 21, 2026")
    q.fact("payment_terms", "Net 30", "B6", "Net 30")
    q.fact("lead_time", "6 weeks ARO", "B7", "6 weeks ARO", "6 weeks")
    q.fact("currency", "USD", "A8", "US dollars")
    tables = []
    for page, items in [
        (iron, [("CF-G4", "GPU workstation, 4 cards", 12, 41870.25), ("CF-RK", "Rack 48U", 2, 3190)]),
        (work, [("CF-IN", "Installation, per day", 7.5, 1640), ("CF-TR", "Training, half day", 3, 980)]),
    ]:
        page.put("A1", page.name)
        t = Table(
            page,
            3,
            [
                Column("A", "part_number", "Item", text()),
                Column("B", "description", "Description", text()),
                Column("C", "quantity", "Qty"),
                Column("D", "unit_price", "Price Each", USD),
                Column("E", "extended_price", "Extended", USD),
            ],
            "USD",
        )
        rows = [t.line(part_number=a, description=b, quantity=c, unit_price=d) for a, b, c, d in items]
        t.total(f"{page.name} total", rows)
        tables.append(t)
    amounts = [t.total_of["amount"] for t in tables if t.total_of]
    tax = cents(times(amounts[0], 0.0825))
    whole = cents(sum(amounts) + 1850 + tax + 0.01)
    first.put("A11", "Price summary")
    for row, label, amount in [
        (12, "Hardware", amounts[0]),
        (13, "Services", amounts[1]),
        (14, "Freight", 1850.0),
        (15, "Sales tax 8.25%", tax),
        (16, "Grand total", whole),
    ]:
        first.put(f"A{row}", label)
        first.put(f"B{row}", amount, '"$"#,##0.00')
    q.tables = tables
    q.charges = [
        {"cell": "Summary!B14", "kind": "freight", "label": "Freight", "amount": 1850, "currency": "USD"},
        {"cell": "Summary!B15", "kind": "tax", "label": "Sales tax 8.25%", "amount": tax, "currency": "USD"},
    ]
    q.restated = [
        {"cell": "Summary!B12", "amount": amounts[0], "why": "total of Hardware"},
        {"cell": "Summary!B13", "amount": amounts[1], "why": "total of Services"},
    ]
    q.grand = {"cell": "Summary!B16", "amount": whole, "currency": "USD"}
    q.quiet = [{"cell": "Summary!B16", "why": "a cent of rounding"}]
    return q


AMERICA = [bill_of_material, colocation, two_currencies, summary_of_sheets]
