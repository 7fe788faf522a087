"""The input cells of an exported workbook, found again in the copy that somebody worked in."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass

from desktop_app.exchange.reading.grid import Cell
from desktop_app.exchange.workbook.copies import Copies, blank
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
HEAD = BODY + 1
"""The row of the column titles, counted from 1."""
_GONE = "Its row or column is not in the workbook any more, or stands there several times."
_DOUBTFUL = "Its row has another name, or the same name stands in several rows: restore the names."
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
    def place(self) -> tuple[str, int, int]:
        """Sheet, row and column."""
        return self.sheet, self.row, self.column

    @property
    def driver(self) -> str:
        """The name of the driver, where it is one."""
        return self.key.partition("/")[2]

    @property
    def where(self) -> str:
        """The cell as people write it."""
        return f"{self.sheet}!{cell_name(self.row, self.column)}"


@dataclass(frozen=True, slots=True)
class Found:
    """An input with its cell as exported and as it is in the other copy (None where it is empty or gone).

    `lost` says why the cell cannot be trusted to be this input; "" where it can. Where a scenario has the
    plan's value of a driver, its cell is a formula as exported, and `shared` is the plan's value in the other
    copy.
    """

    input: InputCell
    exported: Cell
    other: Cell | None
    where: str
    lost: str = ""
    shared: float | None = None

    @property
    def linked(self) -> bool:
        """True where the cell fetches the plan's value."""
        return self.exported.formula is not None

    @property
    def unchanged(self) -> float:
        """The value that the input has where nobody typed another into its own cell."""
        own = number_of(self.exported)
        assert own is not None
        return own if self.shared is None else self.shared


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


def named_rows(pack: Pack) -> dict[str, tuple[int, ...]]:
    """Input sheets by name, with the columns that tell their rows apart."""
    return {pack.sheets[key]: columns for key, columns in _NAMED_BY.items()}


def find_again(pack: Pack, copies: Copies) -> list[Found]:
    """Each input with its cell in both copies, also where rows or columns were added or sorted. Inputs of
    sheets that are missing are left out.
    """
    found = []
    shared: dict[str, float] = {}
    for one in input_cells(pack):
        pair = copies.pairs.get(one.sheet)
        cell = pair.ours.cells.get((one.row, one.column)) if pair is not None else None
        if pair is None or cell is None or number_of(cell) is None:
            continue
        linked = cell.formula is not None
        if linked and one.key not in shared:
            continue
        at = pair.place(one.row, one.column)
        there = pair.theirs.cells.get(at) if at is not None else None
        if there is not None and blank(there):
            there = None
        lost = _GONE if at is None else _DOUBTFUL if one.row in pair.doubtful else ""
        where = f"{pair.theirs.name}!{cell_name(*at)}" if at is not None else one.where
        found.append(Found(one, cell, there, where, lost, shared[one.key] if linked else None))
        if one.result == PLAN:
            value = number_of(there) if there is not None and there.formula is None else None
            shared[one.key] = value if value is not None and not lost else found[-1].unchanged
    return found


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
    """True for numbers that differ by no more than what spreadsheet programs round on saving, to 15 digits.

    >>> same(1.23456789012344999, 1.23456789012345), same(1.23456789012344, 1.23456789012345)
    (True, False)
    """
    return math.isclose(a, b, rel_tol=5e-15, abs_tol=0.0)
