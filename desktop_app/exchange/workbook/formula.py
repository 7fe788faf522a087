"""Expressions of the calculation graph as the text of Excel formulas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

from desktop_app.engine.formula.syntax import Call, Expression, Number, Ref, Rows, Term
from desktop_app.engine.functions import FUNCTIONS, Function, Operand, call_excel
from desktop_app.engine.functions.declare import ADD, ATOM, UNARY

NONE = '"n/a"'
# Functions whose arguments may be logical as they are, and how many of them.
_TESTS: Mapping[str, int] = {"IF": 1, "AND": 250, "OR": 250, "NOT": 1}

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

    `runs` gives the texts of the cells that a Term adds up, each with whether it is a range of several.
    """

    def __init__(self, lookup: Lookup, runs: Runs) -> None:
        self.lookup = lookup
        self.runs = runs

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
            clock = {key.rpartition("/")[2]: self.lookup(key) for key in function.uses}
            return Operand(call_excel(function, operands, own, clock), function.rank)
        raise TypeError(f"cannot write {expression!r} as a formula")

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


def may_be_missing(function: Function) -> bool:
    """True if the function can have no value for good reasons, shown as "n/a"."""
    return function.name in ("NONE", "IRR", "XIRR")


def consecutive(places: list[int]) -> list[tuple[int, int]]:
    """First and last of each run of consecutive numbers in a sorted list.

    >>> consecutive([1, 2, 3, 7])
    [(1, 3), (7, 7)]
    """
    starts = [places[0], *(b for a, b in pairwise(places) if b != a + 1)]
    ends = [*(a for a, b in pairwise(places) if b != a + 1), places[-1]]
    return list(zip(starts, ends, strict=True))
