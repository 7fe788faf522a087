"""Where figures stand: the shared columns of sheets by month and by fiscal year, and references to cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from xlsxwriter.utility import quote_sheetname, xl_col_to_name

# Columns of every sheet by month; the opening column before the first month stays empty.
LABEL, LINE, UNIT, CATEGORY, TAG, VALUE, OPENING, FIRST = range(8)

# Stand for the letters of the current column and of the one before it, until a row's formula is written out.
HERE, BEFORE = "\ue000", "\ue001"


@lru_cache(maxsize=2048)
def column_name(column: int) -> str:
    """Letters of a column counted from 0."""
    return str(xl_col_to_name(column))


@lru_cache(maxsize=2048)
def sheet_prefix(sheet: str) -> str:
    """The sheet's name as it stands before a cell in a formula."""
    return f"{quote_sheetname(sheet)}!"


def at_column(pattern: str, column: int) -> str:
    """A row's formula in one of its columns."""
    return pattern.replace(HERE, column_name(column)).replace(BEFORE, column_name(column - 1))


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell, or with `months` above 0 the cells from the first month on. Rows and columns count from 0."""

    sheet: str
    row: int
    column: int = VALUE
    months: int = 0

    def cell(self, column: int | None = None) -> str:
        """The cell as another sheet refers to it; in the given column where this is a row by month."""
        place = column if self.months and column is not None else self.column
        absolute = "" if self.months else "$"
        return f"{sheet_prefix(self.sheet)}{absolute}{column_name(place)}${self.row + 1}"

    def pattern(self) -> str:
        """The cell in the column of whoever reads it, where this is a row by month."""
        return f"{sheet_prefix(self.sheet)}{HERE}${self.row + 1}" if self.months else self.cell()

    def range(self) -> str:
        """All months as another sheet refers to them."""
        first, last = column_name(FIRST), column_name(FIRST + self.months - 1)
        return f"{sheet_prefix(self.sheet)}${first}${self.row + 1}:${last}${self.row + 1}"


def cell(row: int, column: int, absolute: bool = False) -> str:
    """A cell of the same sheet.

    >>> cell(4, 7), cell(4, 7, absolute=True)
    ('H5', '$H$5')
    """
    mark = "$" if absolute else ""
    return f"{mark}{column_name(column)}{mark}{row + 1}"
