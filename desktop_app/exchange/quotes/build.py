"""One block: from the rows under a header to lines, subtotals and total, with all that is wrong or open
in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from desktop_app.exchange.quotes.classify import AMOUNTS, classifier
from desktop_app.exchange.quotes.columns import Columns, assign
from desktop_app.exchange.quotes.decimals import Style, count_evidence
from desktop_app.exchange.quotes.extract import Extractor, Row, discount_is_fraction
from desktop_app.exchange.quotes.formulas import Calculator
from desktop_app.exchange.quotes.header import Header, key
from desktop_app.exchange.quotes.model import MONEY_FIELDS, Issue, Mapping
from desktop_app.exchange.quotes.text import tidy
from desktop_app.exchange.quotes.totals import Sum
from desktop_app.exchange.quotes.view import SheetView
from desktop_app.exchange.reading.grid import Cell, address


@dataclass(slots=True)
class Draft:
    """A block in the making."""

    view: SheetView
    header: Header
    columns: Columns
    row_numbers: list[int]
    style: Style
    fraction: bool | None
    rows: list[Row] = field(default_factory=list)
    hidden: list[Row] = field(default_factory=list)
    notes: list[tuple[int, str, str]] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    final: Sum | None = None
    restated: list[tuple[Row, str]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    proved: bool = True
    price_list: bool = False
    currency: str | None = None
    currency_certain: bool = False
    title: str | None = None

    @property
    def sheet(self) -> str:
        """Name of the sheet."""
        return self.view.name

    def amount_column(self, track: str) -> int:
        """Column of the amounts; the price column where a table has no amounts of its own."""
        of = self.columns.of
        return of.get(track) or of.get("unit_price") or of.get("list_price") or min(self.header.texts)

    def place(self, row: int, name: str) -> str:
        """Address of a field in a row; of the description where the block has no such column."""
        column = self.columns.of.get(name)
        if column is None:
            column = (
                self.amount_column(name) if name == "extended_price" else self.columns.of.get("description")
            )
        return address(self.sheet, row, column or min(self.header.texts))


_YEARS = re.compile(
    r"year|\byrs?\b|\bjahre?\b|annee|\bans\b|\banni\b|\banos\b|jaar|jaren|\bar\b|\blata\b|"
    r"年数|期間（年）|연수"
)


def draft(view: SheetView, header: Header, end: int | None, mapping: Mapping) -> Draft:
    """Rows and columns of a block that ends above row `end`; values come later, when the file's decimal
    sign is known.
    """
    numbers = [r for r in view.rows_after(header.row) if end is None or r < end]
    visible = [r for r in numbers if r not in view.sheet.hidden_rows]
    forced = {c: name for (sheet, c), name in mapping.columns.items() if sheet == view.name}
    sign = _first_sign(view, visible)
    columns = assign(view, header, visible, forced, sign)
    fraction = discount_is_fraction((view.rows[r] for r in visible[:400]), columns, sign)
    return Draft(view, header, columns, numbers, Style(sign), fraction)


def _first_sign(view: SheetView, rows: Sequence[int]) -> str:
    counts = count_evidence(c for r in rows[:300] for c in view.rows[r].values())
    return "," if counts[","] > counts["."] else "."


def number_cells(block: Draft) -> list[Cell]:
    """Cells of the number columns: what the decimal sign is decided from."""
    columns = {
        c
        for name, c in block.columns.of.items()
        if name in MONEY_FIELDS or name in ("quantity", "discount_pct")
    }
    columns |= set(block.columns.tiers.values())
    rows = block.view.rows
    return [
        cell
        for r in block.row_numbers
        for c in columns
        if (cell := rows[r].get(c)) is not None and isinstance(cell.value, str)
    ]


def fill(block: Draft, style: Style, calculator: Calculator, mapping: Mapping) -> None:
    """Read, classify, add up and check all rows of a block."""
    block.style = style
    view, columns = block.view, block.columns
    price_list = not any(n in columns.of for n in ("quantity", *AMOUNTS))
    extractor = Extractor(
        columns,
        style,
        lambda cell: calculator.value(view.name, cell),
        bool(block.fraction),
        bool(_YEARS.search(key(block.header.texts.get(columns.of.get("term_months", 0), "")))),
        lambda cell: mapping.answers.get(f"ambiguous-number@{address(view.name, cell.row, cell.column)}"),
    )
    header_key = {c: key(t) for c, t in block.header.texts.items()}
    rows = []
    for number in block.row_numbers:
        cells = view.rows[number]
        if len(cells) > 2 and _repeats_header(cells, header_key):
            block.notes.append((number, "", "the header again"))
            continue
        row = extractor.row(number, cells)
        row.hidden = number in view.sheet.hidden_rows
        rows.append(row)
    if price_list and not any(r.values.get("extended_price") for r in rows):
        block.price_list = True
    _classify(block, rows, mapping)


def _repeats_header(cells: dict[int, Cell], header: dict[int, str]) -> bool:
    same = 0
    for column, cell in cells.items():
        if not isinstance(cell.value, str):
            return False
        same += key(cell.value) == header.get(column)
    return same >= 2 and same >= 0.7 * len(cells)


def _classify(block: Draft, rows: list[Row], mapping: Mapping) -> None:
    visible = [r for r in rows if not r.hidden]
    judge = classifier(block.columns, visible)
    judge.begin(title(block) or "")
    for row in rows:
        forced = mapping.rows.get((block.sheet, row.number))
        if row.hidden and forced is None:
            priced = any(n in row.values for n in MONEY_FIELDS)
            row.label = row.texts.get("description") or row.texts.get("part_number") or ""
            if priced and row.label:
                row.kind, row.reason = "option", "on a hidden row: left off until a person says otherwise"
                block.hidden.append(row)
            continue
        if block.price_list and forced is None:
            if _price_row(row):
                row.kind, row.reason = "line", "a rate"
                block.rows.append(row)
            elif row.cells:
                block.notes.append((row.number, row.label, "text without a price"))
            continue
        if judge.take(row, "total" if forced == "subtotal" else forced):
            block.rows.append(row)
    block.notes.extend(judge.notes)


def _price_row(row: Row) -> bool:
    return any(
        n in row.values or n in row.unsure for n in ("unit_price", "list_price", "rate_1y", "rate_3y")
    ) or bool(row.lost)


def title(block: Draft) -> str | None:
    """The text that stands over a block."""
    view = block.view
    above = [r for r in view.row_numbers if block.header.top - 6 <= r < block.header.top]
    for row in reversed(above):
        cells = view.rows[row]
        if len(cells) != 1 or not all(isinstance(c.value, str) for c in cells.values()):
            return None
        text = tidy(str(next(iter(cells.values())).value))
        if len(text) <= 120 and not text.endswith("."):
            return text
    return None
