"""Formulas of any workbook taken apart as far as a linter needs: nothing is evaluated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from desktop_app.exchange.reading.formulas import column_number
from desktop_app.exchange.reading.limits import MAX_COLUMN, MAX_ROW

# Arguments that say how a function works and hold no figure of the model; counted from 1.
HOW: Final[dict[str, frozenset[int]]] = {
    name: frozenset(arguments)
    for name, arguments in {
        # digits, kinds and bases
        "ROUND": {2}, "ROUNDUP": {2}, "ROUNDDOWN": {2}, "TRUNC": {2}, "FIXED": {2}, "LOG": {2}, "BASE": {2},
        "WEEKDAY": {2}, "WEEKNUM": {2}, "YEARFRAC": {3}, "DAYS360": {3}, "SUBTOTAL": {1}, "AGGREGATE": {1, 2},
        "RANK": {3}, "RANK.EQ": {3}, "NETWORKDAYS.INTL": {3}, "WORKDAY.INTL": {3},
        # places in texts
        "CHAR": {1}, "LEFT": {2}, "RIGHT": {2}, "MID": {2, 3}, "REPT": {2}, "FIND": {3}, "SEARCH": {3},
        "SUBSTITUTE": {4}, "REPLACE": {2, 3},
        # places in ranges, and how to search
        "INDEX": {2, 3, 4}, "VLOOKUP": {3, 4}, "HLOOKUP": {3, 4}, "MATCH": {3}, "XLOOKUP": {5, 6},
        "XMATCH": {3, 4}, "OFFSET": {2, 3, 4, 5}, "ADDRESS": {1, 2, 3, 4}, "LARGE": {2}, "SMALL": {2},
        "QUARTILE": {2}, "QUARTILE.INC": {2}, "QUARTILE.EXC": {2},
        # values to begin a search from
        "IRR": {2}, "XIRR": {3}, "RATE": {6},
    }.items()
}  # fmt: skip

_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"]|"")*"?)
    |(?P<error>\#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!))
    |(?P<sheet>'(?:[^']|'')*'!|\[[^\]\[]*\][^!'"()\s+\-*/^&=<>,;{}]*!|[^\W\d][\w.]*(?::[^\W\d][\w.]*)?!)
    |(?P<cell>(?<![\w.$])\$?[A-Za-z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Za-z]{1,3}\$?[0-9]{1,7})?(?![\w.(\[]))
    |(?P<columns>(?<![\w.$:])\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?![\w.(:]))
    |(?P<rows>(?<![\w.$:])\$?[0-9]{1,7}:\$?[0-9]{1,7}(?![\w.(:]))
    |(?P<number>(?<![\w.])(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<function>[^\W\d][\w.]*(?=\())
    |(?P<table>(?:[^\W\d][\w.]*)?\[(?:[^\[\]]|\[[^\[\]]*\])*\])
    |(?P<name>[^\W\d][\w.?\\]*|\\[\w.?\\]+)
    |(?P<mark>[(){},;%+\-*/^&=<>])""",
    re.VERBOSE,
)
# Only the references, for formulas in great number; texts and quoted names are matched to be left alone.
_PLACE = re.compile(
    r"""(?<![\w.$])(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})(?![\w.(!\[])
    |(?<![\w.$:])(\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3})(?![\w.(:!])
    |(?<![\w.$:])(\$?[0-9]{1,7}:\$?[0-9]{1,7})(?![\w.(:!])
    |"[^"]*"|'[^']*'|\[[^\]]*\]""",
    re.VERBOSE,
)
_SIDE = re.compile(r"(\$?)([A-Za-z]{0,3})(\$?)([0-9]{0,7})\Z")
_number_of = lru_cache(maxsize=32768)(column_number)
_LOGICAL = frozenset({"TRUE", "FALSE"})
# What stands before a minus that belongs to the number after it.
_SIGN_AFTER = frozenset("({,;=<>+-*/^&")


@dataclass(frozen=True, slots=True)
class Axis:
    """A row or column of a reference: its number where it is fixed, else its distance from the own cell."""

    fixed: bool
    number: int

    def at(self, own: int) -> int:
        """The row or column meant by a formula that stands in row or column `own`."""
        return self.number if self.fixed else self.number + own


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell or range that a formula reads; `sheet` is None for the formula's own."""

    top: Axis
    left: Axis
    bottom: Axis
    right: Axis
    sheet: str | None = None
    other_book: bool = False

    def box(self, row: int, column: int) -> tuple[int, int, int, int]:
        """Top, left, bottom and right, for a formula in that cell."""
        rows = sorted((self.top.at(row), self.bottom.at(row)))
        columns = sorted((self.left.at(column), self.right.at(column)))
        return rows[0], columns[0], rows[1], columns[1]


@dataclass(frozen=True, slots=True)
class Number:
    """A number written into a formula; `how` where it only says how a function works."""

    text: str
    value: float
    how: bool


@dataclass(frozen=True, slots=True)
class Formula:
    """What a formula is made of. Functions are in capital letters, without prefix for later versions."""

    text: str
    functions: tuple[str, ...]
    prefixed: frozenset[str]
    numbers: tuple[Number, ...]
    references: tuple[Reference, ...]
    names: tuple[str, ...]
    other_book: bool
    broken: bool
    array_constant: bool


def relative(text: str, row: int, column: int) -> str:
    """The formula with references as distances, so that copies of it along a row or column are equal.

    >>> relative("B2*$C$1+SUM(A1:A9)", 2, 3), relative("C2*$C$1+SUM(B1:B9)", 2, 4)
    ('R[0]C[-1]*R1C3+SUM(R[-1]C[-2]:R[7]C[-2])', 'R[0]C[-1]*R1C3+SUM(R[-1]C[-2]:R[7]C[-2])')
    """

    def distance(match: re.Match[str]) -> str:
        column_mark, letters, row_mark, digits, columns, rows = match.groups()
        if letters:
            return _row(row_mark, digits, row) + _column(column_mark, letters, column)
        if columns:
            return ":".join(
                _column(side[: side.count("$")], side.lstrip("$"), column) for side in columns.split(":")
            )
        if rows:
            return ":".join(_row(side[: side.count("$")], side.lstrip("$"), row) for side in rows.split(":"))
        return match[0]

    return _PLACE.sub(distance, text)


def _row(mark: str, digits: str, own: int) -> str:
    return f"R{digits}" if mark else f"R[{int(digits) - own}]"


def _column(mark: str, letters: str, own: int) -> str:
    number = _number_of(letters)
    return f"C{number}" if mark else f"C[{number - own}]"


def take_apart(text: str, row: int, column: int) -> Formula:
    """The parts of the formula that stands in a cell.

    >>> parts = take_apart("ROUND(B2*1.07,2)-5%+Rates!$C$1", 2, 3)
    >>> [number.text for number in parts.numbers if not number.how], parts.functions
    (['1.07', '5%'], ('ROUND',))
    >>> parts.references[1].sheet, parts.references[1].box(2, 3)
    ('Rates', (1, 3, 1, 3))
    """
    return _Reading(row, column).read(text)


class _Reading:
    def __init__(self, row: int, column: int) -> None:
        self.row, self.column = row, column
        self.functions: list[str] = []
        self.prefixed: set[str] = set()
        self.numbers: list[Number] = []
        self.references: list[Reference] = []
        self.names: list[str] = []
        self.other_book = self.broken = self.array_constant = False
        # The open brackets: function (or "") and the place of the argument.
        self.open: list[tuple[str, int]] = []

    def read(self, text: str) -> Formula:
        sheet: str | None = None
        function = ""
        before = "="
        tokens = list(_TOKEN.finditer(text))
        for place, token in enumerate(tokens):
            kind, word = token.lastgroup, token[0]
            if kind == "sheet":
                sheet = _sheet_of(word)
                self.other_book |= _in_other_book(word)
                continue
            if kind in ("cell", "columns", "rows"):
                self.references.append(self._reference(word, sheet))
            elif kind == "error":
                self.broken |= word == "#REF!"
            elif kind == "function":
                function = self._function(word)
                continue
            elif kind == "number":
                after = tokens[place + 1][0] if place + 1 < len(tokens) else ""
                minus = before == "-" and (place < 2 or tokens[place - 2][0][-1] in _SIGN_AFTER)
                self._number(word, minus, after == "%")
            elif kind == "name" and word.upper() not in _LOGICAL:
                self.names.append(word)
            elif kind == "mark":
                self._mark(word, function)
            sheet, function, before = None, "", word
        return Formula(
            text,
            tuple(dict.fromkeys(self.functions)),
            frozenset(self.prefixed),
            tuple(self.numbers),
            tuple(self.references),
            tuple(dict.fromkeys(self.names)),
            self.other_book,
            self.broken,
            self.array_constant,
        )

    def _function(self, word: str) -> str:
        name = word.upper()
        bare = name.rpartition("_XLFN.")[2].rpartition("_XLWS.")[2]
        if bare != name:
            self.prefixed.add(bare)
        self.functions.append(bare)
        return bare

    def _number(self, word: str, minus: bool, percent: bool) -> None:
        value = float(word) / (100 if percent else 1)
        shown = ("-" if minus else "") + word + ("%" if percent else "")
        how = any(argument in HOW.get(function, ()) for function, argument in self.open)
        self.numbers.append(Number(shown, -value if minus else value, how))

    def _mark(self, mark: str, function: str) -> None:
        if mark in "({":
            self.array_constant |= mark == "{"
            self.open.append((function if mark == "(" else "{", 1))
        elif mark in ")}":
            if self.open:
                self.open.pop()
        elif mark in ",;" and self.open:
            name, argument = self.open[-1]
            self.open[-1] = (name, argument + 1)

    def _reference(self, word: str, sheet: str | None) -> Reference:
        first, _, second = word.partition(":")
        top, left = self._axes(first, last=False)
        bottom, right = self._axes(second or first, last=True)
        return Reference(top, left, bottom, right, sheet, sheet is not None and _in_other_book(sheet))

    def _axes(self, side: str, last: bool) -> tuple[Axis, Axis]:
        match = _SIDE.match(side)
        assert match is not None
        column_mark, letters, row_mark, digits = match.groups()
        if not letters:
            row_mark, column_mark = column_mark or row_mark, ""
        row = _axis(bool(row_mark), int(digits), self.row) if digits else Axis(True, MAX_ROW if last else 1)
        column = (
            _axis(bool(column_mark), _number_of(letters), self.column)
            if letters
            else Axis(True, MAX_COLUMN if last else 1)
        )
        return row, column


def _axis(fixed: bool, number: int, own: int) -> Axis:
    return Axis(fixed, number if fixed else number - own)


def _sheet_of(word: str) -> str:
    name = word[:-1]
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def _in_other_book(sheet: str) -> bool:
    """True for a sheet of another file, or for a server of data (DDE)."""
    return "[" in sheet or "|" in sheet
