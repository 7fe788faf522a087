"""Formula texts: a formula shared by many cells, as it reads in each of them. Nothing is evaluated."""

from __future__ import annotations

import re

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


def moved(formula: str, rows: int, columns: int) -> str:
    """A formula as it reads in another cell, so many rows down and columns to the right.

    >>> moved('SUM(A1:$B$2)*C$3&"A1"', 2, 1)
    'SUM(B3:$B$2)*D$3&"A1"'
    >>> moved("LOG10(A1)+Sheet1!B2+'C1 D'!A:A", 1, 1)
    "LOG10(B2)+Sheet1!C3+'C1 D'!B:B"
    >>> moved("A1", -1, 0)
    '#REF!'
    """
    if not rows and not columns:
        return formula

    def move_column(fixed: str, letters: str) -> str | None:
        if fixed:
            return fixed + letters
        number = column_number(letters)
        if number > MAX_COLUMN:
            return letters
        return column_letter(number + columns) if 1 <= number + columns <= MAX_COLUMN else None

    def move_row(fixed: str, digits: str) -> str | None:
        if fixed:
            return fixed + digits
        number = int(digits)
        if not 1 <= number <= MAX_ROW:
            return digits
        return str(number + rows) if 1 <= number + rows <= MAX_ROW else None

    def replace(match: re.Match[str]) -> str:
        if match["text"] is not None:
            return match[0]
        if match["column"] is not None:
            if column_number(match["column"]) > MAX_COLUMN:
                return match[0]
            parts = [move_column(match["ca"], match["column"]), move_row(match["ra"], match["row"])]
            return "#REF!" if None in parts else "".join(part or "" for part in parts)
        if match["c1"] is not None:
            parts = [move_column(match["c1a"], match["c1"]), move_column(match["c2a"], match["c2"])]
        else:
            parts = [move_row(match["r1a"], match["r1"]), move_row(match["r2a"], match["r2"])]
        return "#REF!" if None in parts else ":".join(part or "" for part in parts)

    return _TOKEN.sub(replace, formula)
