"""Formula texts: a formula shared by many cells, as it reads in each of them. Nothing is evaluated."""

from __future__ import annotations

import re
from dataclasses import dataclass

from desktop_app.exchange.reading.grid import column_letter
from desktop_app.exchange.reading.limits import MAX_COLUMN, MAX_ROW

# Texts and quoted sheet names are matched first so that nothing inside them is taken for a reference.
_TOKEN = re.compile(
    r"""(?P<text>"[^"]*"|'[^']*'|\[[^\]]*\])
    |(?<![\w.$])(?P<ca>\$?)(?P<column>[A-Za-z]{1,3})(?P<ra>\$?)(?P<row>[0-9]{1,7})(?![\w.(!])
    |(?<![\w.$:])(?P<c1a>\$?)(?P<c1>[A-Za-z]{1,3}):(?P<c2a>\$?)(?P<c2>[A-Za-z]{1,3})(?![\w.(!:])
    |(?<![\w.$:])(?P<r1a>\$?)(?P<r1>[0-9]{1,7}):(?P<r2a>\$?)(?P<r2>[0-9]{1,7})(?![\w.(!:])""",
    re.VERBOSE | re.ASCII,
)
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\Z", re.ASCII)


def column_number(letters: str) -> int:
    """Column of spreadsheet letters, counted from 1.

    >>> column_number("A"), column_number("xfd")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def parse_reference(reference: str) -> tuple[int, int] | None:
    """Row and column of a cell reference, or None where it is none or lies outside every sheet.

    >>> parse_reference("C14"), parse_reference("XFE1"), parse_reference("A0")
    ((14, 3), None, None)
    """
    match = _REFERENCE.match(reference.strip())
    if not match:
        return None
    row, column = int(match[2]), column_number(match[1])
    return (row, column) if 1 <= row <= MAX_ROW and column <= MAX_COLUMN else None


def parse_range(reference: str) -> tuple[int, int, int, int] | None:
    """Top, left, bottom and right of a range such as "A1:C3" or "B2"; None where it is none.

    >>> parse_range("C3:A1"), parse_range("B2"), parse_range("A:B")
    ((1, 1, 3, 3), (2, 2, 2, 2), None)
    """
    first, _, second = reference.partition(":")
    start, end = parse_reference(first), parse_reference(second or first)
    if start is None or end is None:
        return None
    return min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1])


@dataclass(frozen=True, slots=True)
class _Side:
    """A column or a row of a reference: the mark that fixes it, its number, and the highest there can be."""

    fixed: str
    number: int
    limit: int

    def moved(self, by: int) -> str | None:
        number = self.number if self.fixed else self.number + by
        if not 1 <= number <= self.limit:
            return None
        return self.fixed + (column_letter(number) if self.limit == MAX_COLUMN else str(number))


@dataclass(frozen=True, slots=True)
class _Reference:
    """A reference in a formula: a cell (nothing between column and row), or whole columns or rows (":")."""

    first: _Side
    between: str
    second: _Side

    def moved(self, rows: int, columns: int) -> str:
        first = self.first.moved(columns if self.first.limit == MAX_COLUMN else rows)
        second = self.second.moved(columns if self.second.limit == MAX_COLUMN else rows)
        return "#REF!" if first is None or second is None else first + self.between + second


class SharedFormula:
    """A formula that many cells share, taken apart once.

    >>> SharedFormula('SUM(A1:$B$2)*C$3&"A1"').moved(2, 1)
    'SUM(B3:$B$2)*D$3&"A1"'
    >>> SharedFormula("LOG10(A1)+Sheet1!B2+'C1 D'!A:A").moved(1, 1)
    "LOG10(B2)+Sheet1!C3+'C1 D'!B:B"
    >>> SharedFormula("A1").moved(-1, 0)
    '#REF!'
    """

    def __init__(self, formula: str) -> None:
        self._parts: list[str | _Reference] = []
        end = 0
        for match in _TOKEN.finditer(formula):
            reference = _reference(match)
            if reference is not None:
                self._parts += [formula[end : match.start()], reference]
                end = match.end()
        self._parts.append(formula[end:])

    def moved(self, rows: int, columns: int) -> str:
        """The formula as it reads in the cell so many rows below and columns to the right of the first."""
        return "".join(part if isinstance(part, str) else part.moved(rows, columns) for part in self._parts)


def _reference(match: re.Match[str]) -> _Reference | None:
    if match["column"] is not None:
        first = _Side(match["ca"], column_number(match["column"]), MAX_COLUMN)
        second = _Side(match["ra"], int(match["row"]), MAX_ROW)
        between = ""
    elif match["c1"] is not None:
        first = _Side(match["c1a"], column_number(match["c1"]), MAX_COLUMN)
        second = _Side(match["c2a"], column_number(match["c2"]), MAX_COLUMN)
        between = ":"
    elif match["r1"] is not None:
        first = _Side(match["r1a"], int(match["r1"]), MAX_ROW)
        second = _Side(match["r2a"], int(match["r2"]), MAX_ROW)
        between = ":"
    else:
        return None
    known = 1 <= first.number <= first.limit and 1 <= second.number <= second.limit
    return _Reference(first, between, second) if known else None
