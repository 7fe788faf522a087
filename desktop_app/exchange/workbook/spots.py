"""Where figures stand: the shared columns of sheets by month and by fiscal year, and references to cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from xlsxwriter.utility import quote_sheetname, xl_col_to_name

# Columns of every sheet by month; the opening column before the first month stays empty.
LABEL, LINE, CATEGORY, UNIT, TAG, VALUE, OPENING, FIRST = range(8)


@lru_cache(maxsize=2048)
def column_name(column: int) -> str:
    """Letters of a column counted from 0."""
    return str(xl_col_to_name(column))


@lru_cache(maxsize=2048)
def sheet_prefix(sheet: str) -> str:
    """The sheet's name as it stands before a cell in a formula."""
    return f"{quote_sheetname(sheet)}!"


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell, or with `months` above 0 the row of cells from the first month on. Rows and columns count from 0."""

    sheet: str
    row: int
    column: int = VALUE
    months: int = 0

    def cell(self, column: int | None = None) -> str:
        """The cell as another sheet refers to it; in the given column where this is a row by month."""
        place = column if self.months and column is not None else self.column
        absolute = "" if self.months else "$"
        return f"{sheet_prefix(self.sheet)}{absolute}{column_name(place)}${self.row + 1}"

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
