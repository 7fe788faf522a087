"""What stands in the columns of a table: how it looks, and which products the numbers prove."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from desktop_app.exchange.quotes.numbers import exact, read_number
from desktop_app.exchange.quotes.text import tidy
from desktop_app.exchange.quotes.view import SheetView
from desktop_app.exchange.reading.grid import Cell

_LINE_NUMBER = re.compile(r"(\d{1,6})(?:[.\-]\d{1,4})*[A-Za-z.]?")


@dataclass(slots=True)
class Profile:
    """What stands in a column below its header."""

    filled: int = 0
    numbers: int = 0
    length: float = 0.0
    words: float = 0.0
    different: float = 0.0
    codes: float = 0.0
    upper: float = 0.0
    letters: float = 0.0
    rising: float = 0.0


def profile_of(column: int, sample: Sequence[dict[int, Cell]]) -> Profile:
    profile = Profile()
    seen: set[str] = set()
    before = 0
    for cells in sample:
        cell = cells.get(column)
        if cell is None or (cell.value is None and cell.formula is None):
            continue
        profile.filled += 1
        if SheetView.is_number(cell) or cell.value is None:
            profile.numbers += 1
        text = tidy(cell.value) if isinstance(cell.value, str) else str(cell.value)
        seen.add(text)
        profile.length += len(text)
        profile.words += text.count(" ") + 1
        profile.codes += any(c.isdigit() for c in text) and " " not in text
        profile.upper += len(text) == 3 and text.isupper()
        profile.letters += any(c.isalpha() for c in text)
        place = place_of(text)
        profile.rising += place is not None and place >= before
        before = place if place is not None else before
    if profile.filled:
        profile.length /= profile.filled
        profile.words /= profile.filled
        profile.different = len(seen) / profile.filled
        profile.codes /= profile.filled
        profile.upper /= profile.filled
        profile.letters /= profile.filled
        profile.rising /= profile.filled
    return profile


def place_of(text: str) -> int | None:
    """The place in a row of numbers that a line number names ("10", "1.2", "A").

    >>> place_of("0010"), place_of("2.1"), place_of("c"), place_of("CF-G4")
    (10, 2, 3, None)
    """
    if match := _LINE_NUMBER.fullmatch(text):
        return int(match[1])
    return ord(text.upper()) - 64 if len(text) == 1 and text.isascii() and text.isalpha() else None


def number(cell: Cell | None, decimal: str) -> Decimal | None:
    """The number of a cell, text numbers read with the given decimal sign."""
    if cell is None or cell.value is None or isinstance(cell.value, bool):
        return None
    if isinstance(cell.value, int | float):
        return exact(cell.value)
    if isinstance(cell.value, str):
        reading = read_number(cell.value)
        return None if reading is None else reading.value(decimal)
    return None


def near(a: Decimal, b: Decimal) -> bool:
    """Equal up to rounding of prices to the cent."""
    return abs(a - b) <= max(Decimal("0.011"), abs(b) * Decimal("0.000002"))


def matches(
    sample: Sequence[dict[int, Cell]],
    decimal: str,
    q: int,
    p: int,
    e: int,
    d: int | None = None,
    months: int | None = None,
) -> tuple[int, int]:
    """(rows where quantity x price (less discount, times months) = extended, rows where all are printed
    and not zero).
    """
    right = seen = 0
    for cells in sample:
        quantity, price, extended = (number(cells.get(c), decimal) for c in (q, p, e))
        if not quantity or not price or not extended:
            continue
        share = Decimal(1)
        if d is not None:
            discount = number(cells.get(d), decimal) or Decimal(0)
            share = 1 - (discount / 100 if is_percent(cells.get(d), discount) else discount)
        term = number(cells.get(months), decimal) if months is not None else None
        seen += 1
        right += near(quantity * price * share * (term or 1), extended)
    return right, seen


def is_percent(cell: Cell | None, value: Decimal) -> bool:
    if cell is None or (isinstance(cell.value, str) and "%" in cell.value):
        return True
    return abs(value) > 1


def proved(counts: tuple[int, int]) -> bool:
    right, seen = counts
    return seen >= 2 and right >= 0.8 * seen
