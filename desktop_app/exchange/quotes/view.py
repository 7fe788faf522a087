"""A sheet by rows, with what header and row rules keep asking of it."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from desktop_app.exchange.quotes.numbers import read_number
from desktop_app.exchange.quotes.text import tidy
from desktop_app.exchange.reading.grid import Cell, Merge, Sheet


@dataclass(slots=True)
class SheetView:
    """The filled cells of a sheet by row and column, in reading order."""

    sheet: Sheet
    rows: dict[int, dict[int, Cell]] = field(init=False)
    row_numbers: list[int] = field(init=False)
    _merges: dict[int, list[Merge]] = field(init=False)

    def __post_init__(self) -> None:
        rows: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in self.sheet.cells.items():
            if cell.value is None and cell.formula is None and cell.error is None:
                continue
            if isinstance(cell.value, str) and not cell.value.strip():
                continue
            cells = rows.get(row)
            if cells is None:
                cells = rows[row] = {}
            cells[column] = cell
        self.rows = rows
        self.row_numbers = sorted(rows)
        for row, cells in rows.items():
            order = list(cells)
            if any(a > b for a, b in pairwise(order)):
                rows[row] = dict(sorted(cells.items()))
        self._merges = {}
        for merge in self.sheet.merges:
            self._merges.setdefault(merge.top, []).append(merge)

    @property
    def name(self) -> str:
        """Name of the sheet."""
        return self.sheet.name

    def rows_after(self, row: int) -> Iterator[int]:
        """Filled rows below a row, downwards."""
        start = bisect_right(self.row_numbers, row)
        return (self.row_numbers[i] for i in range(start, len(self.row_numbers)))

    def merges_at(self, row: int) -> list[Merge]:
        """Merged ranges whose top row is `row`."""
        return self._merges.get(row, [])

    def spread_texts(self, row: int, *, spread: bool) -> dict[int, str]:
        """Texts of a row by column; `spread` copies a merged text over all columns of its range."""
        texts = {c: cell.value for c, cell in self.rows.get(row, {}).items() if isinstance(cell.value, str)}
        if spread:
            for merge in self.merges_at(row):
                if merge.left in texts and merge.right - merge.left < 100:
                    for column in range(merge.left + 1, merge.right + 1):
                        texts.setdefault(column, texts[merge.left])
        return texts

    def text(self, row: int, column: int) -> str | None:
        """Tidy text of a text cell, None for anything else."""
        cell = self.rows.get(row, {}).get(column)
        if cell is None or not isinstance(cell.value, str):
            return None
        return tidy(cell.value) or None

    @staticmethod
    def is_number(cell: Cell) -> bool:
        """Whether a cell holds a number, stored or typed as text."""
        value = cell.value
        if isinstance(value, bool) or value is None:
            return False
        if isinstance(value, int | float):
            return True
        if isinstance(value, dt.date | dt.time | dt.timedelta):
            return False
        return read_number(value) is not None
