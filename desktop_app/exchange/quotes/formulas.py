"""Formulas that were never calculated: the arithmetic that quotes use, worked out in decimal numbers.

Only sums, products, roundings and references are known; anything else stays without a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal, DecimalException

from desktop_app.exchange.quotes.numbers import exact, read_number
from desktop_app.exchange.reading.grid import Cell, Workbook

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|(?P<text>"(?:[^"]|"")*")
    |(?P<ref>(?:(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?\$?[A-Za-z]{1,3}\$?\d{1,7}(?::\$?[A-Za-z]{1,3}\$?\d{1,7})?)(?![\w(])
    |(?P<name>[A-Za-z_][\w.]*)(?=\()|(?P<op><=|>=|<>|[-+*/^(),;%=<>]))""",
    re.VERBOSE,
)
_REFERENCE = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!)?\$?([A-Za-z]{1,3})\$?(\d+)(?::\$?([A-Za-z]{1,3})\$?(\d+))?"
)
_MAX_CELLS = 20_000
_MAX_DEPTH = 60


class _Unknown(Exception):
    """The formula uses something that is not worked out here."""


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def tokens(formula: str) -> list[tuple[str, str]] | None:
    """Kinds and texts of a formula's parts, None where it holds something unknown."""
    text = formula.lstrip("=+ ").strip()
    result: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.end() == at:
            return None
        assert match.lastgroup is not None
        result.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return result


def references(formula: str, column: int) -> list[int] | None:
    """Rows of one column of the same sheet that a plain sum adds up, in its order; None for any other
    formula.

    >>> references("=K27+K31+K35", 11), references("SUM(G7:G9)", 7), references("ROUND(K27*0.1,2)", 11)
    ([27, 31, 35], [7, 8, 9], None)
    """
    if len(formula) > 2000:
        return None
    rows: list[int] = []
    for kind, text in tokens(formula) or [("op", "*")]:
        if kind == "ref":
            match = _REFERENCE.fullmatch(text)
            if match is None or match["sheet"] or _column(match[2]) != column:
                return None
            first, last = int(match[3]), int(match[5] or match[3])
            if (match[4] and _column(match[4]) != column) or abs(last - first) > _MAX_CELLS:
                return None
            rows.extend(range(min(first, last), max(first, last) + 1))
        elif not (
            (kind == "name" and text.upper() in ("SUM", "SUBTOTAL", "ROUND"))
            or kind == "number"
            or text in "+(),;"
        ):
            return None
    return rows or None


class Calculator:
    """Works out formulas of a workbook that have no saved value."""

    def __init__(self, workbook: Workbook) -> None:
        self._sheets = {sheet.name: sheet.cells for sheet in workbook.sheets}
        self._known: dict[tuple[str, int, int], Decimal | None] = {}
        self._steps = 0

    def value(self, sheet: str, cell: Cell) -> Decimal | None:
        """The number a formula gives, None where it cannot be worked out."""
        self._steps = 0
        try:
            return self._cell(sheet, cell.row, cell.column, 0)
        except (_Unknown, DecimalException, RecursionError):
            return None

    def _cell(self, sheet: str, row: int, column: int, depth: int) -> Decimal:
        self._steps += 1
        if depth > _MAX_DEPTH or self._steps > _MAX_CELLS:
            raise _Unknown
        place = (sheet, row, column)
        if place in self._known:
            known = self._known[place]
            if known is None:
                raise _Unknown  # a circle, or unknown before
            return known
        cell = self._sheets.get(sheet, {}).get((row, column))
        if cell is None or (cell.value is None and cell.formula is None):
            return Decimal(0)
        if isinstance(cell.value, bool) or cell.error:
            raise _Unknown
        if isinstance(cell.value, int | float):
            return exact(cell.value)
        if cell.value is None and cell.formula:
            self._known[place] = None
            value = _Parser(cell.formula, lambda ref: self._range(sheet, ref, depth + 1)).result()
            self._known[place] = value
            return value
        if isinstance(cell.value, str):
            reading = read_number(cell.value)
            if reading is None or reading.ambiguous:
                raise _Unknown
            return reading.value(".")
        raise _Unknown

    def _range(self, sheet: str, reference: str, depth: int) -> list[Decimal]:
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise _Unknown
        name = match["sheet"]
        if name:
            sheet = name[1:-1].replace("''", "'") if name.startswith("'") else name
            if sheet not in self._sheets:
                raise _Unknown
        left, top = _column(match[2]), int(match[3])
        if not match[4]:
            return [self._cell(sheet, top, left, depth)]
        right, bottom = _column(match[4]), int(match[5])
        if (bottom - top + 1) * (right - left + 1) > _MAX_CELLS:
            raise _Unknown
        cells = self._sheets[sheet]
        values = []
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                cell = cells.get((row, column))
                if cell is not None and (cell.formula or isinstance(cell.value, int | float)):
                    values.append(self._cell(sheet, row, column, depth))
        return values


class _Parser:
    def __init__(self, formula: str, lookup: Callable[[str], list[Decimal]]) -> None:
        parts = tokens(formula) if len(formula) <= 4000 else None
        if parts is None:
            raise _Unknown
        self._parts = parts
        self._at = 0
        self._lookup = lookup

    def result(self) -> Decimal:
        value = self._compared()
        if self._at != len(self._parts):
            raise _Unknown
        return value

    def _peek(self) -> str:
        return self._parts[self._at][1] if self._at < len(self._parts) else ""

    def _take(self, *texts: str) -> str | None:
        if self._at < len(self._parts) and self._parts[self._at][0] == "op" and self._peek() in texts:
            self._at += 1
            return self._parts[self._at - 1][1]
        return None

    def _compared(self) -> Decimal:
        value = self._sum()
        while operator := self._take("<=", ">=", "<>", "=", "<", ">"):
            other = self._sum()
            holds = {
                "<": value < other,
                ">": value > other,
                "=": value == other,
                "<=": value <= other,
                ">=": value >= other,
                "<>": value != other,
            }[operator]
            value = Decimal(int(holds))
        return value

    def _sum(self) -> Decimal:
        value = self._product()
        while operator := self._take("+", "-"):
            other = self._product()
            value = value + other if operator == "+" else value - other
        return value

    def _product(self) -> Decimal:
        value = self._power()
        while operator := self._take("*", "/"):
            other = self._power()
            if operator == "/" and other == 0:
                raise _Unknown
            value = value * other if operator == "*" else value / other
        return value

    def _power(self) -> Decimal:
        value = self._factor()
        while self._take("^"):
            power = self._factor()
            if abs(power) > 100:
                raise _Unknown
            value = value**power
        return value

    def _factor(self) -> Decimal:
        if self._take("-"):
            return -self._factor()
        if self._take("+"):
            return self._factor()
        if self._take("("):
            value = self._sum()
            if not self._take(")"):
                raise _Unknown
        else:
            value = self._atom()
        while self._take("%"):
            value /= 100
        return value

    def _atom(self) -> Decimal:
        if self._at >= len(self._parts):
            raise _Unknown
        kind, text = self._parts[self._at]
        self._at += 1
        if kind == "number":
            return Decimal(text)
        if kind == "ref":
            values = self._lookup(text)
            if len(values) != 1:
                raise _Unknown
            return values[0]
        if kind == "name":
            return self._call(text.upper())
        raise _Unknown

    def _arguments(self) -> list[list[Decimal]]:
        arguments: list[list[Decimal]] = []
        if not self._take("("):
            raise _Unknown
        if self._take(")"):
            return arguments
        while True:
            following = self._parts[self._at + 1][1] if self._at + 1 < len(self._parts) else ""
            if (
                self._at < len(self._parts)
                and self._parts[self._at][0] == "ref"
                and following in (",", ";", ")")
            ):
                arguments.append(self._lookup(self._peek()))
                self._at += 1
            else:
                arguments.append([self._compared()])
            if self._take(")"):
                return arguments
            if not self._take(",", ";"):
                raise _Unknown

    def _call(self, name: str) -> Decimal:
        arguments = self._arguments()
        numbers = [n for group in arguments for n in group]
        if name == "IF" and len(arguments) == 3 and all(len(group) == 1 for group in arguments):
            return numbers[1] if numbers[0] else numbers[2]
        if name == "SUM":
            return sum(numbers, Decimal(0))
        if name == "SUBTOTAL" and len(arguments) > 1 and arguments[0][:1] in ([Decimal(9)], [Decimal(109)]):
            return sum((n for group in arguments[1:] for n in group), Decimal(0))
        if name == "PRODUCT" and numbers:
            value = Decimal(1)
            for number in numbers:
                value *= number
            return value
        if name == "SUMPRODUCT" and arguments and len({len(group) for group in arguments}) == 1:
            total = Decimal(0)
            for row in zip(*arguments, strict=True):
                value = Decimal(1)
                for number in row:
                    value *= number
                total += value
            return total
        if name in ("MIN", "MAX") and numbers:
            return min(numbers) if name == "MIN" else max(numbers)
        if name == "ABS" and len(numbers) == 1:
            return abs(numbers[0])
        rounding = {
            "ROUND": ROUND_HALF_UP,
            "ROUNDUP": ROUND_UP,
            "ROUNDDOWN": ROUND_DOWN,
            "TRUNC": ROUND_DOWN,
            "INT": ROUND_FLOOR,
            "CEILING": ROUND_CEILING,
        }.get(name)
        if rounding and numbers and name != "CEILING":
            places = int(numbers[1]) if len(numbers) > 1 else 0
            if abs(places) > 15:
                raise _Unknown
            return numbers[0].quantize(Decimal(1).scaleb(-places), rounding=rounding)
        raise _Unknown
