"""How a function of the formula language is declared: once, for every reader of the graph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

# Ranks of Excel's operators; an operand is bracketed when its rank is below the place it stands in.
COMPARE, ADD, MULTIPLY, POWER, PERCENT, UNARY, ATOM = 1, 2, 3, 4, 5, 6, 9


@dataclass(frozen=True, slots=True)
class Operand:
    """An argument as the workbook sees it.

    `text` is the argument in the current column. The other texts exist only for arguments that stand on a row
    of their own: `row` all months, `to_here` from the first month to this one, `so_far` the same with the
    empty opening column before it, `before` from the opening column to the month before, `previous` the cell
    one month earlier, `last` the last month.
    """

    text: str
    rank: int = ATOM
    row: str = ""
    to_here: str = ""
    so_far: str = ""
    before: str = ""
    previous: str = ""
    last: str = ""

    def __format__(self, spec: str) -> str:
        return self.text

    @property
    def atom(self) -> str:
        """The text, in brackets where it is not a single thing."""
        return self.text if self.rank == ATOM else f"({self.text})"


@dataclass(frozen=True, slots=True)
class Given:
    """What a call is rendered from: its arguments, the row it stands on, and the timeline rows by name."""

    args: list[Operand]
    own: Operand
    clock: dict[str, Operand]


@dataclass(frozen=True, slots=True)
class Arg:
    """One argument.

    `unit`: "1" a plain number, "n" a number of months, "r" a rate, a letter "a", "b" for units that must
    agree wherever the letter stands, "*" anything. `series`: the function reads several months, so the
    argument must stand on a row of its own. `default` makes it optional.
    """

    name: str
    unit: str = "a"
    series: bool = False
    default: float | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """One entry of the language.

    `numpy` takes arrays of shape (trial, line, month), length 1 where nothing varies, then one array for each
    key in `uses`. `excel` is a template over Operands ({0}, {0.row}, {own.before}, {month}) or a function of
    what is Given; `rank` is that of the text it gives. `unit` is the result's: "1", a letter of the
    arguments, or a unit's text. `shape` of the result: "args" (varies by month if an argument does),
    "monthly" or "scalar". `variadic`: the last argument may be repeated. `own_row`: the formula must stand on
    a row of its own, because it reads its own earlier months. `logical`: in Excel it gives TRUE or FALSE.
    `of_values` names the function that takes its place where values are listed instead of a series.
    `settled` tells of all arrays but the first whether the result is the same whatever the first one is.
    """

    name: str
    args: tuple[Arg, ...]
    numpy: Callable[..., Array]
    excel: str | Callable[[Given], str]
    help: str
    unit: str = "a"
    rank: int = ATOM
    shape: str = "args"
    variadic: bool = False
    own_row: bool = False
    logical: bool = False
    uses: tuple[str, ...] = ()
    listed: bool = True
    settled: Callable[..., bool] | None = None
    of_values: str = ""

    def argument(self, index: int) -> Arg:
        """The declaration that the argument at this place follows."""
        return self.args[min(index, len(self.args) - 1)]

    @property
    def for_users(self) -> bool:
        """True if it can stand in a user's formula: all that are listed, and the operators."""
        return self.listed or not self.name[0].isupper()

    @property
    def least(self) -> int:
        """The smallest number of arguments."""
        return len([arg for arg in self.args if arg.default is None])

    @property
    def most(self) -> int:
        """The largest number of arguments."""
        return 250 if self.variadic else len(self.args)

    @property
    def signature(self) -> str:
        """How it is called, for help texts.

        >>> Function("LAG", (Arg("x"), Arg("months", "n", default=1)), lambda x, n: x, "", "").signature
        'LAG(x, [months])'
        """
        names = [arg.name if arg.default is None else f"[{arg.name}]" for arg in self.args]
        return f"{self.name}({', '.join(names)}{', …' if self.variadic else ''})"


def whole_row(x: Array, month: Array) -> Array:
    """The array with every month written out."""
    return np.broadcast_to(x, (*x.shape[:-1], month.shape[-1])) if x.shape[-1] != month.shape[-1] else x


def call_excel(function: Function, operands: list[Operand], own: Operand, clock: dict[str, Operand]) -> str:
    """The Excel text of a call. `clock` holds the timeline rows by the last part of their key."""
    if callable(function.excel):
        return function.excel(Given(operands, own, clock))
    return function.excel.format(*operands, own=own, **clock)
