"""A sheet as the linter's rules see it, and what they say about it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from desktop_app.exchange.reading.grid import Cell, Sheet, column_letter
from desktop_app.exchange.workbook.lint_formula import Formula, relative, take_apart

_NUMERIC = (int, float, dt.date, dt.timedelta)


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One thing that is wrong, or that a reviewer would ask about.

    `cell` is a cell or range ("C14", "F9:BM9"); "" where the finding is about the sheet, and `sheet` "" where
    it is about the file. `severity` is "error" (a figure is or may be wrong) or "warning".
    """

    severity: str
    rule: str
    sheet: str
    cell: str
    message: str


@dataclass(slots=True)
class Page:
    """One sheet as the rules see it: each formula cell by place with its relative text, each text taken apart
    once.
    """

    sheet: Sheet
    relative: dict[tuple[int, int], str] = field(default_factory=dict)
    parsed: dict[str, Formula] = field(default_factory=dict)
    places: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, sheet: Sheet) -> Page:
        """The page of a sheet."""
        page = cls(sheet)
        for place in sorted(place for place, cell in sheet.cells.items() if cell.formula is not None):
            text = sheet.cells[place].formula or ""
            same = relative(text, *place)
            page.relative[place] = same
            if same not in page.parsed:
                page.parsed[same] = take_apart(text, *place)
            page.places[same].append(place)
        return page

    def finding(
        self, severity: str, rule: str, places: Iterable[tuple[int, int]], message: str
    ) -> Iterator[LintFinding]:
        """One finding for each block of neighbouring cells."""
        for block in blocks(places):
            yield LintFinding(severity, rule, self.sheet.name, block, message)


def cell_name(row: int, column: int) -> str:
    """A cell as people write it."""
    return f"{column_letter(column)}{row}"


def blocks(places: Iterable[tuple[int, int]]) -> list[str]:
    """Cells as ranges, each as wide along its row and then as deep as it goes.

    >>> blocks([(2, 2), (2, 3), (3, 2), (3, 3), (9, 1)])
    ['B2:C3', 'A9']
    """
    runs: list[tuple[int, int, int]] = []
    for row, column in sorted(places):
        if runs and runs[-1][0] == row and runs[-1][2] == column - 1:
            runs[-1] = (row, runs[-1][1], column)
        else:
            runs.append((row, column, column))
    found: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for row, left, right in runs:
        rows = found[left, right]
        if rows and rows[-1][1] == row - 1:
            rows[-1] = (rows[-1][0], row)
        else:
            rows.append((row, row))
    spans = sorted(
        (top, left, bottom, right) for (left, right), rows in found.items() for top, bottom in rows
    )
    return [
        cell_name(top, left) + (f":{cell_name(bottom, right)}" if (top, left) != (bottom, right) else "")
        for top, left, bottom, right in spans
    ]


def is_number(cell: Cell) -> bool:
    """True for a number, date or duration that was typed in."""
    return cell.formula is None and isinstance(cell.value, _NUMERIC) and not isinstance(cell.value, bool)


def runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of consecutive numbers."""
    start = previous = None
    for number in numbers:
        if previous is None or number != previous + 1:
            if start is not None and previous is not None:
                yield start, previous
            start = number
        previous = number
    if start is not None and previous is not None:
        yield start, previous
