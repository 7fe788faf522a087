"""The input cells of an exported workbook, found again in the copy that somebody worked in."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from desktop_app.exchange.reading.grid import Cell, Sheet, Workbook
from desktop_app.exchange.workbook.lint_page import cell_name
from desktop_app.exchange.workbook.pack import Pack
from desktop_app.exchange.workbook.sheet import BODY
from desktop_app.exchange.workbook.spots import FIRST, LINE, Spot

PLAN = -1
"""Stands for a result where a cell holds the plan's own value of a driver."""

# By which columns (counted from 1) a person tells the rows of an input sheet apart.
_NAMED_BY = {
    "assumptions": (2,),
    "lines": (1, 2, 5),
    "settings": (1, 4),
    "rates": (1, 4),
    "series": (LINE + 1,),
}
_HEAD = BODY + 1  # row of the column titles, counted from 1
_SERIAL_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - dates of a workbook know no time zone


@dataclass(frozen=True, slots=True)
class InputCell:
    """One input of a result: the key of its node, its cost line or month where it has one, and its cell as
    exported. `result` counts from 0, or is PLAN. Rows and columns count from 1.
    """

    sheet: str
    row: int
    column: int
    result: int
    key: str
    line: str = ""
    month: int = -1

    @property
    def where(self) -> str:
        """The cell as people write it."""
        return f"{self.sheet}!{cell_name(self.row, self.column)}"


@dataclass(frozen=True, slots=True)
class Found:
    """An input with its cell as exported and as it is in the other copy (None where it is gone)."""

    input: InputCell
    exported: Cell
    other: Cell | None
    where: str


def input_cells(pack: Pack) -> Iterator[InputCell]:
    """Where the inputs of a pack stand; a cell that several results share comes once for each."""
    for row in pack.inputs.drivers:
        if row.plan is not None:
            column = pack.inputs.driver_column(0) - 1
            yield InputCell(
                pack.sheets["assumptions"], row.row + 1, column + 1, PLAN, f"driver/{row.driver.name}"
            )
    for place, spots in enumerate(pack.inputs.spots):
        graph = pack.workings[place].graph
        for key, spot in spots.nodes.items():
            yield from _cells_of(spot, place, key)
        for (key, line), spot in spots.items.items():
            yield InputCell(
                spot.sheet, spot.row + 1, spot.column + 1, place, key, graph.nodes[key].lines[line]
            )


def _cells_of(spot: Spot, place: int, key: str) -> Iterator[InputCell]:
    if not spot.months:
        yield InputCell(spot.sheet, spot.row + 1, spot.column + 1, place, key)
    for month in range(spot.months):
        yield InputCell(spot.sheet, spot.row + 1, FIRST + month + 1, place, key, month=month)


def find_again(pack: Pack, exported: Workbook, other: Workbook) -> list[Found]:
    """Each input with its cell in both copies, also where rows or columns were added or sorted."""
    ours = {sheet.name: sheet for sheet in exported.sheets}
    theirs = {sheet.name.casefold(): sheet for sheet in other.sheets}
    maps = {
        name: _Map.between(ours[name], theirs[name.casefold()], _NAMED_BY[key])
        for key, name in pack.sheets.items()
        if key in _NAMED_BY and name in ours and name.casefold() in theirs
    }
    found = []
    for one in input_cells(pack):
        cell = ours[one.sheet].cells.get((one.row, one.column))
        if cell is None or cell.formula is not None or number_of(cell) is None:
            continue
        way = maps.get(one.sheet)
        at = way.place(one.row, one.column) if way is not None else None
        there = theirs[one.sheet.casefold()].cells.get(at) if at is not None else None
        where = f"{one.sheet}!{cell_name(*at)}" if at is not None else one.where
        found.append(Found(one, cell, there, where))
    return found


@dataclass(frozen=True, slots=True)
class _Map:
    """Rows and columns of one copy of a sheet as they are in the other."""

    rows: dict[int, int]
    columns: dict[int, int]

    @classmethod
    def between(cls, ours: Sheet, theirs: Sheet, named_by: tuple[int, ...]) -> _Map:
        titles = _by_name(ours, [(_HEAD, column) for column in range(1, ours.max_column + 1)], (0,))
        head = _head_row(ours, theirs)
        other_titles = _by_name(theirs, [(head, column) for column in range(1, theirs.max_column + 1)], (0,))
        columns = {
            column: other_titles[name][place][1]
            for name, places in titles.items()
            for place, (_, column) in enumerate(places)
            if place < len(other_titles.get(name, ()))
        }
        # Titles that are formulas (months) stand where they stood.
        shift = columns.get(named_by[0], named_by[0]) - named_by[0]
        for column in range(1, ours.max_column + 1):
            columns.setdefault(column, column + shift)
        names = tuple(columns[column] for column in named_by)
        rows = _by_name(ours, [(row, 0) for row in range(_HEAD + 1, ours.max_row + 1)], named_by)
        other_rows = _by_name(theirs, [(row, 0) for row in range(head + 1, theirs.max_row + 1)], names)
        return cls(
            {
                row: other_rows[name][place][0]
                for name, places in rows.items()
                for place, (row, _) in enumerate(places)
                if place < len(other_rows.get(name, ()))
            },
            columns,
        )

    def place(self, row: int, column: int) -> tuple[int, int] | None:
        """Row and column of a cell in the other copy."""
        return (self.rows[row], self.columns[column]) if row in self.rows else None


def _by_name(
    sheet: Sheet, places: list[tuple[int, int]], offsets: tuple[int, ...]
) -> dict[tuple[str, ...], list[tuple[int, int]]]:
    """Places by the texts found in the given columns beyond them; places without any text are left out."""
    found: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    for row, column in places:
        cells = [sheet.cells.get((row, column + offset)) for offset in offsets]
        texts = tuple(_text(cell) for cell in cells)
        if any(texts):
            found[texts].append((row, column))
    return found


def _head_row(ours: Sheet, theirs: Sheet) -> int:
    """The row of the column titles in the other copy."""
    first = [_text(ours.cells.get((_HEAD, column))) for column in (1, 2)]
    for row in range(1, _HEAD + 50):
        if [_text(theirs.cells.get((row, column))) for column in (1, 2)] == first:
            return row
    return _HEAD


def _text(cell: Cell | None) -> str:
    if cell is None or cell.formula is not None or not isinstance(cell.value, str):
        return ""
    return " ".join(cell.value.split())


def number_of(cell: Cell) -> float | None:
    """The number of a cell, dates as the days that a workbook counts; None for texts and logical values.

    >>> number_of(Cell(1, 1, dt.date(2027, 1, 1)))
    46388.0
    """
    value = cell.value
    if isinstance(value, dt.datetime):
        return (value - _SERIAL_ZERO) / dt.timedelta(days=1)
    if isinstance(value, dt.date):
        return float((value - _SERIAL_ZERO.date()).days)
    if isinstance(value, dt.timedelta):
        return value / dt.timedelta(days=1)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value)


def same(a: float, b: float) -> bool:
    """True for numbers that differ by no more than what spreadsheet programs round on saving."""
    return math.isclose(a, b, rel_tol=2e-15, abs_tol=0.0)
