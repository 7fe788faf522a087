"""Makes the example quote that ships: `python packaging/example_quote.py`. Everything in it is made up."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

TARGET = Path(__file__).resolve().parent.parent / "resources" / "examples" / "halden-hgx-quote.xlsx"
HEADER_ROW = 12
MADE = dt.datetime(2026, 11, 16, tzinfo=dt.UTC)
HEADINGS = (
    "Line",
    "Part Number",
    "Description",
    "Qty",
    "List  Price",
    "Discount %",
    "Net Unit\nPrice (USD)",
    "Extended\nPrice (USD)",
)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the quote; a child has no list price of its own."""

    line: str
    part: str
    text: str
    quantity: int
    list_price: float | None = None
    discount: float = 0.0
    net: float = 0.0


GROUPS = (
    (
        "GPU servers",
        (
            Item(
                "1",
                "HS-8U-H200-8",
                "8U server, HGX H200 8-GPU, 2x 56-core CPU, 2 TB memory, air cooled",
                10,
                389_900,
                26,
                288_526,
            ),
            Item("1.1", "HS-BB-H200-8", "HGX H200 8-GPU baseboard, 8x 141 GB HBM3e", 10),
            Item("1.2", "HS-NV-7T68", "7.68 TB NVMe U.2", 40),
            Item("1.3", "HS-NIC-400", "400 Gb/s NDR adapter, single port", 80),
            Item("1.4", "HS-WTY-36", "Return-to-depot warranty, 36 months", 10),
        ),
    ),
    (
        "Network and management",
        (
            Item("2", "HS-SW-NDR64", "64-port 400 Gb/s NDR switch, managed", 6, 33_500, 37.5, 20_937.5),
            Item("3", "HS-OT-800", "Twin-port transceiver 800G, 2xDR4, 500 m", 160, 1_890, 37.5, 1_181.25),
            Item("4", "HS-CB-MPO10", "MPO-12 fibre cable, OS2, 10 m", 240, 96, 25, 72),
            Item("5", "HS-MGT-1U", "1U management node, 32 cores, 256 GB", 4, 18_940, 28, 13_636.8),
        ),
    ),
    (
        "Services",
        (
            Item("6", "HS-SVC-INST", "Installation and burn-in on site, per server", 10, 6_900, 15, 5_865),
            Item("7", "HS-SVC-TRAIN", "Administrator training, per day", 3, 2_400, 0, 2_400),
        ),
    ),
)
FREIGHT = ("HS-FRT", "Freight for network and management nodes", 3_150.0)
OPTIONS = (
    Item(
        "8",
        "HS-SUP-60-4H",
        "OPTION: on-site support, 4 h response, per server, 60 months",
        10,
        62_000,
        20,
        49_600,
    ),
    Item("9", "HS-8U-SPARE", "OPTION: cold spare server, same price", 1, 389_900, 26, 288_526),
)
FACTS = (
    ("Quote number:", "HS-26-20771", "Quote date:", dt.date(2026, 11, 16)),
    ("Revision:", "2", "Valid until:", dt.date(2027, 2, 12)),
    ("Customer:", "Example Company", "Currency:", "US Dollar"),
    ("Payment terms:", "Net 45 days", "Lead time:", "4-6 weeks"),
)
TERMS = (
    "Prices are firm until the date above and exclude sales tax.",
    "Title passes on delivery. Liability is limited to the price paid.",
    "Options are not part of the total and may be ordered until delivery.",
)


def write(path: Path) -> None:
    """Write the workbook, its formulas with their values beside them."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"title": "Quote HS-26-20771", "author": "", "created": MADE})
        bold = book.add_format({"bold": True})
        title = book.add_format({"bold": True, "font_size": 16})
        head = book.add_format(
            {"bold": True, "text_wrap": True, "bottom": 1, "valign": "bottom", "bg_color": "#E8ECF2"}
        )
        date = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        money = book.add_format({"num_format": "$#,##0.00"})
        total = book.add_format({"num_format": "$#,##0.00", "bold": True, "top": 1})
        sheet = book.add_worksheet("Quote")
        sheet.set_column("A:A", 15)
        sheet.set_column("B:B", 16)
        sheet.set_column("C:C", 64)
        sheet.set_column("D:F", 13)
        sheet.set_column("G:H", 17)
        sheet.merge_range("A1:C1", "Halden Systems", title)
        sheet.write("A2", "QUOTATION", bold)
        for place, (left, value, right, other) in enumerate(FACTS):
            sheet.write(3 + place, 0, left, bold)
            sheet.write(3 + place, 1, value)
            sheet.write(3 + place, 4, right, bold)
            if isinstance(other, dt.date):
                sheet.write_datetime(3 + place, 6, dt.datetime(other.year, other.month, other.day), date)  # noqa: DTZ001
            else:
                sheet.write(3 + place, 6, other)
        sheet.set_row(HEADER_ROW - 1, 32)
        sheet.write_row(HEADER_ROW - 1, 0, HEADINGS, head)
        row = HEADER_ROW
        subtotals: list[tuple[int, float]] = []

        def item(place: int, one: Item) -> float:
            amount = one.quantity * one.net
            sheet.write_row(place, 0, (one.line, one.part, one.text, one.quantity))
            if one.list_price is not None:
                sheet.write(place, 4, one.list_price, money)
                sheet.write(place, 5, one.discount)
            sheet.write(place, 6, one.net, money)
            sheet.write_formula(place, 7, f"=D{place + 1}*G{place + 1}", money, amount)
            return amount

        for name, items in GROUPS:
            sheet.write(row, 2, name, bold)
            row += 1
            first = row
            amounts = [item(row + place, one) for place, one in enumerate(items)]
            row += len(items)
            sheet.write(row, 2, f"{name} subtotal", bold)
            sheet.write_formula(row, 7, f"=SUM(H{first + 1}:H{row})", total, sum(amounts))
            subtotals.append((row + 1, sum(amounts)))
            row += 1
        part, text, freight = FREIGHT
        sheet.write_row(row, 1, (part, text, 1))
        sheet.write(row, 6, freight, money)
        sheet.write_formula(row, 7, f"=D{row + 1}*G{row + 1}", money, freight)
        row += 1
        cells = "+".join(f"H{place}" for place, _ in [*subtotals, (row, freight)])
        sheet.write(row, 2, "GRAND TOTAL (USD)", bold)
        sheet.write_formula(row, 7, f"={cells}", total, sum(amount for _, amount in subtotals) + freight)
        row += 2
        for one in OPTIONS:
            item(row, one)
            row += 1
        terms = book.add_worksheet("Terms")
        terms.set_column("A:A", 90)
        terms.write_column("A1", TERMS)


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    write(TARGET)
    sys.stdout.write(f"Written {TARGET}\n")
