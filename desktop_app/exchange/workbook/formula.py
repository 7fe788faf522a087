"""Expressions of the calculation graph as the text of Excel formulas."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping
from itertools import pairwise

from desktop_app.engine.formula.syntax import Call, Expression, Number, Ref, Rows, Term, walk
from desktop_app.engine.functions import FUNCTIONS, Operand, call_excel
from desktop_app.engine.functions.declare import ADD, ATOM, UNARY
from desktop_app.engine.graph import references

NONE = '"n/a"'
# Functions whose arguments may be logical as they are, and how many of them.
_TESTS: Mapping[str, int] = {"IF": 1, "AND": 250, "OR": 250, "NOT": 1}
_SEARCHED = frozenset({"IRR", "XIRR"})
# Operators that make a number of any cell. Functions pass over a cell that is empty or holds a text.
_ARITHMETIC = frozenset({"+", "-", "*", "/", "^", "neg", "%"})

Lookup = Callable[[str], Operand]
Runs = Callable[[Term], "list[tuple[str, bool]]"]


def number_text(value: float) -> str:
    """A number as it stands in a formula.

    >>> number_text(12.0), number_text(-0.1)
    ('12', '-0.1')
    """
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


class Renderer:
    """Writes expressions over the cells that `lookup` gives for a node key.

    `runs` gives the texts of the cells that a Term adds up, each with whether it is a range of several. The
    cells of the `missing` nodes may say "n/a".
    """

    def __init__(self, lookup: Lookup, runs: Runs, missing: Collection[str] = ()) -> None:
        self.lookup = lookup
        self.runs = runs
        self.missing = missing

    def text(self, expression: Expression, own: Operand) -> str:
        """The formula without its equals sign. `own` are the cells of the row it will stand in."""
        return self._number(expression, own).text

    def _number(self, expression: Expression, own: Operand) -> Operand:
        """The operand as a number: a comparison gives 1 or 0."""
        operand = self._operand(expression, own)
        if is_logical(expression):
            return Operand(f"IF({operand.text},1,0)")
        return operand

    def _operand(self, expression: Expression, own: Operand) -> Operand:
        if isinstance(expression, Number):
            return Operand(number_text(expression.value), ATOM if expression.value >= 0 else UNARY)
        if isinstance(expression, Ref):
            return self.lookup(expression.key)
        if isinstance(expression, Rows):
            return self._rows(expression)
        if isinstance(expression, Call):
            function = FUNCTIONS[expression.function]
            tests = _TESTS.get(function.name, 0)
            operands = [
                (self._operand if place < tests else self._number)(arg, own)
                for place, arg in enumerate(expression.args)
            ]
            if function.name not in _ARITHMETIC:
                operands = [
                    dataclasses.replace(operand, text=f"0+{operand.text}", rank=ADD)
                    if self._may_be_no_number(arg)
                    else operand
                    for arg, operand in zip(expression.args, operands, strict=True)
                ]
            clock = {key.rpartition("/")[2]: self.lookup(key) for key in function.uses}
            called = Operand(call_excel(function, operands, own, clock), function.rank)
            return self._where_known(called, expression, operands)
        raise TypeError(f"cannot write {expression!r} as a formula")

    def _where_known(self, called: Operand, call: Call, operands: list[Operand]) -> Operand:
        """The call; an error where a row that it sums up says "n/a" in some month."""
        rows = [
            operand.row
            for place, (arg, operand) in enumerate(zip(call.args, operands, strict=True))
            if FUNCTIONS[call.function].argument(place).series
            and FUNCTIONS[call.function].shape == "scalar"
            and any(key in self.missing for key in references(arg))
        ]
        for row in rows:
            called = Operand(f"IF(COUNT({row})=COLUMNS({row}),{called.text},NA())")
        return called

    def _may_be_no_number(self, expression: Expression) -> bool:
        """True if it is a cell that may say "n/a", or be the empty one before the first month."""
        if isinstance(expression, Ref):
            return expression.key in self.missing
        return isinstance(expression, Call) and expression.function == "LAG"

    def _rows(self, rows: Rows) -> Operand:
        parts: list[str] = []
        for term in rows.terms:
            for cells, several in self.runs(term):
                sign = "-" if term.sign < 0 else "+" if parts else ""
                parts.append(f"{sign}SUM({cells})" if several else f"{sign}{cells}")
        return Operand("".join(parts), ADD)


def is_logical(expression: Expression) -> bool:
    """True if Excel gives TRUE or FALSE for it."""
    return isinstance(expression, Call) and FUNCTIONS[expression.function].logical


def says_none(expression: Expression) -> bool:
    """True if it says itself where there is no figure."""
    return any(isinstance(part, Call) and part.function == "NONE" for part in walk(expression))


def may_fail(expression: Expression, missing: Collection[str]) -> bool:
    """True if it may be an error in a spreadsheet for good reasons: it searches a rate that may not exist, or
    reads a cell of the `missing` nodes that may say "n/a".
    """
    if isinstance(expression, Call):
        guarded = expression.function == "IFERROR"
        args = expression.args[1:] if guarded else expression.args
        return expression.function in _SEARCHED or any(may_fail(arg, missing) for arg in args)
    return any(key in missing for key in references(expression))


def consecutive(places: list[int]) -> list[tuple[int, int]]:
    """First and last of each run of consecutive numbers in a sorted list.

    >>> consecutive([1, 2, 3, 7])
    [(1, 3), (7, 7)]
    """
    starts = [places[0], *(b for a, b in pairwise(places) if b != a + 1)]
    ends = [*(a for a, b in pairwise(places) if b != a + 1), places[-1]]
    return list(zip(starts, ends, strict=True))
