"""Operators, arithmetic, rounding and logic, with the results Excel gives."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from desktop_app.engine.functions.declare import (
    ADD,
    COMPARE,
    MULTIPLY,
    PERCENT,
    POWER,
    UNARY,
    Arg,
    Array,
    Function,
    Given,
)

Test = npt.NDArray[np.bool_]

# A computed 2.9999999999999996 is shown and rounded as 3 by spreadsheets; this is the slack they allow,
# relative and, for numbers whose neighbours are further apart than that, absolute.
_SLACK = 2.0**-48
_MOST_SLACK = 1e-4
# Beyond so many digits a double has nothing to round.
_DIGITS = 300.0


def _slack(size: Array) -> Array:
    slack = np.abs(size)
    slack *= _SLACK
    return np.minimum(slack, _MOST_SLACK, out=slack)


def _whole_above(size: Array) -> Array:
    """The next whole number at or above, slack allowed. In place where it can be: arrays are large."""
    if size.min(initial=0) >= 0 and size.max(initial=0) <= _MOST_SLACK / _SLACK:
        # one product is the same as taking away what it loses
        result = size * (1 - _SLACK)
        return np.ceil(result, out=result)
    result = _slack(size)
    np.subtract(size, result, out=result)
    return np.ceil(result, out=result)


def _whole_below(size: Array) -> Array:
    """The next whole number at or below, slack allowed."""
    result = _slack(size)
    np.add(size, result, out=result)
    return np.floor(result, out=result)


def _operator(sign: str, rank: int) -> Callable[..., str]:
    def text(given: Given) -> str:
        left, right = given.args
        first = left.text if left.rank >= rank else f"({left.text})"
        second = right.text if right.rank > rank else f"({right.text})"
        return f"{first}{sign}{second}"

    return text


def _sign_flipped(given: Given) -> str:
    return f"-{given.args[0].text if given.args[0].rank >= UNARY else f'({given.args[0].text})'}"


def _compare(test: Callable[[Array, Array], Test]) -> Callable[[Array, Array], Array]:
    def compare(a: Array, b: Array) -> Array:
        result = test(a, b).astype(np.float64)
        np.putmask(result, np.isnan(a) | np.isnan(b), np.nan)
        return result

    return compare


def _equal(a: Array, b: Array) -> Test:
    close: Test = np.abs(a - b) <= np.abs(b) * (2 * _SLACK)
    return close


def _fold(combine: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    def fold(*values: Array) -> Array:
        result = values[0]
        for value in values[1:]:
            result = combine(result, value)
        return result

    return fold


def _rounded(x: Array, digits: Array, whole_part: Callable[[Array], Array]) -> Array:
    if digits.size == 1 and digits.item() == 0:
        return np.sign(x) * whole_part(np.abs(x))
    scale = 10.0 ** np.clip(np.trunc(digits), -_DIGITS, _DIGITS)
    size = np.abs(x) * scale
    # a number so large that scaling it overflows has no digits to lose there
    return np.where(np.isinf(size) & np.isfinite(x), x, np.sign(x) * whole_part(size) / scale)


def round_half_away(x: Array, digits: Array) -> Array:
    """Rounded as Excel's ROUND does: halves go away from zero, binary noise is forgiven.

    >>> round_half_away(np.array([2.675, -0.5]), np.array([2, 0])).tolist()
    [2.68, -1.0]
    """
    return _rounded(x, digits, lambda size: np.floor(size + _slack(size) + 0.5))


def round_up(x: Array, digits: Array) -> Array:
    """Rounded away from zero, as Excel's ROUNDUP."""
    return _rounded(x, digits, _whole_above)


def round_down(x: Array, digits: Array) -> Array:
    """Rounded towards zero, as Excel's ROUNDDOWN."""
    return _rounded(x, digits, _whole_below)


def ceiling(x: Array, step: Array) -> Array:
    """The next multiple of a step at or above x; none where only the step is negative."""
    if step.size == 1 and step.item() == 1:
        return _whole_above(x)
    if step.min() > 0:
        multiples = _whole_above(x / step)
        return np.multiply(multiples, step, out=multiples)
    part = np.where((x > 0) & (step < 0), np.nan, x / step)
    return np.where((step == 0) & np.isfinite(x), 0.0, _whole_above(part) * step)


def floor(x: Array, step: Array) -> Array:
    """The next multiple of a step at or below x; none where only the step is negative."""
    part = np.where((x > 0) & (step < 0), np.nan, x / step)
    return _whole_below(part) * step


def whole(x: Array) -> Array:
    """Excel's INT: the next whole number at or below x."""
    return _whole_below(x)


def remainder(x: Array, y: Array) -> Array:
    """Excel's MOD: what is left of x after whole times y, never on the other side of 0 by binary noise."""
    rest = x - y * whole(x / y)
    return np.where(rest * y < 0, 0.0, rest)


def _if(test: Array, yes: Array, no: Array) -> Array:
    return np.where(np.isnan(test), np.nan, np.where(test != 0, yes, no))


def _and(*tests: Array) -> Array:
    return _fold(np.minimum)(*((test != 0) + 0.0 * test for test in tests))


def _or(*tests: Array) -> Array:
    return _fold(np.maximum)(*((test != 0) + 0.0 * test for test in tests))


def _if_error(x: Array, otherwise: Array) -> Array:
    return np.where(np.isfinite(x), x, otherwise)


def _power(x: Array, power: Array) -> Array:
    result = np.power(x, power)
    # what has no value has none to the power of 0 either
    return np.where(np.isfinite(result) & ~np.isnan(x) & ~np.isnan(power), result, np.nan)


def _finite(function: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """The function without a value where it is not finite, as a spreadsheet has it."""

    def finite(x: Array) -> Array:
        result = function(x)
        return np.where(np.isfinite(result), result, np.nan)

    return finite


def _none() -> Array:
    return np.full((1, 1, 1), np.nan)


def _choose(which: Array, *values: Array) -> Array:
    place = np.trunc(which + _SLACK)
    if all(value.size == 1 for value in values):
        listed = np.array([0.0, *(value.item() for value in values), 0.0])
        inside = np.where(place >= 1, np.minimum(place, len(values) + 1), 0)
        chosen: Array = listed[inside.astype(np.int64)]
        return np.where(np.isnan(which), np.nan, chosen)
    result = np.zeros(np.broadcast_shapes(which.shape, *(value.shape for value in values)))
    for index, value in enumerate(values, start=1):
        result = np.where(place == index, value, result)
    return np.where(np.isnan(which), np.nan, result)


def _choose_text(given: Given) -> str:
    which, *values = given.args
    inside = ",".join(value.text for value in values)
    # counted, so that the formula holds no number of its own; values that are errors count too
    return f"IF(AND({which.atom}>=1,{which.atom}<COUNTA({inside})+1),CHOOSE({which.text},{inside}),0)"


_X = (Arg("x"),)
_XY = (Arg("x"), Arg("y"))
_LIST = (Arg("x"),)

FUNCTIONS = (
    Function("+", _XY, np.add, _operator("+", ADD), "Sum.", rank=ADD, listed=False),
    Function("-", _XY, np.subtract, _operator("-", ADD), "Difference.", rank=ADD, listed=False),
    Function(
        "*",
        (Arg("x", "*"), Arg("y", "*")),
        np.multiply,
        _operator("*", MULTIPLY),
        "Product.",
        "product",
        MULTIPLY,
        listed=False,
    ),
    Function(
        "/",
        (Arg("x", "*"), Arg("y", "*")),
        np.divide,
        _operator("/", MULTIPLY),
        "Quotient.",
        "quotient",
        MULTIPLY,
        listed=False,
    ),
    Function(
        "^",
        (Arg("x", "*"), Arg("power", "1")),
        _power,
        _operator("^", POWER),
        "Power.",
        "power",
        POWER,
        listed=False,
    ),
    Function("neg", _X, np.negative, _sign_flipped, "Minus.", rank=UNARY, listed=False),
    Function("%", (Arg("x", "1"),), lambda x: x / 100, "{0.atom}%", "Per cent.", "1", PERCENT, listed=False),
    *(
        Function(
            sign,
            _XY,
            _compare(test),
            _operator(sign, COMPARE),
            "Comparison.",
            "1",
            COMPARE,
            logical=True,
            listed=False,
        )
        for sign, test in (
            ("=", _equal),
            ("<>", lambda a, b: np.logical_not(_equal(a, b))),
            ("<", lambda a, b: np.logical_and(a < b, np.logical_not(_equal(a, b)))),
            (">", lambda a, b: np.logical_and(a > b, np.logical_not(_equal(a, b)))),
            ("<=", lambda a, b: np.logical_or(a <= b, _equal(a, b))),
            (">=", lambda a, b: np.logical_or(a >= b, _equal(a, b))),
        )
    ),
    Function("ABS", _X, np.abs, "ABS({0})", "Size without sign."),
    Function("SQRT", (Arg("x", "1"),), np.sqrt, "SQRT({0})", "Square root.", "1"),
    Function("EXP", (Arg("x", "1"),), _finite(np.exp), "EXP({0})", "e to the power x.", "1"),
    Function("LN", (Arg("x", "1"),), _finite(np.log), "LN({0})", "Natural logarithm.", "1"),
    Function("LOG10", (Arg("x", "1"),), _finite(np.log10), "LOG10({0})", "Logarithm to base 10.", "1"),
    Function("INT", _X, whole, "INT({0})", "The next whole number at or below x."),
    Function(
        "MOD",
        _XY,
        remainder,
        "MOD({0},{1})",
        "Remainder of x / y, with the sign of y.",
    ),
    Function("SIGN", (Arg("x", "*"),), np.sign, "SIGN({0})", "1, 0 or -1.", "1"),
    Function("POWER", (Arg("x", "*"), Arg("power", "1")), _power, "POWER({0},{1})", "x to a power.", "power"),
    Function(
        "SUM",
        _LIST,
        _fold(np.add),
        lambda given: f"SUM({','.join(x.text for x in given.args)})",
        "Sum of the arguments, month by month.",
        variadic=True,
    ),
    Function(
        "AVERAGE",
        _LIST,
        lambda *x: _fold(np.add)(*x) / len(x),
        lambda given: f"AVERAGE({','.join(x.text for x in given.args)})",
        "Mean of the arguments, month by month.",
        variadic=True,
    ),
    Function(
        "MIN",
        _LIST,
        _fold(np.minimum),
        lambda given: f"MIN({','.join(x.text for x in given.args)})",
        "Smallest argument, month by month.",
        variadic=True,
    ),
    Function(
        "MAX",
        _LIST,
        _fold(np.maximum),
        lambda given: f"MAX({','.join(x.text for x in given.args)})",
        "Largest argument, month by month.",
        variadic=True,
    ),
    Function(
        "ROUND",
        (Arg("x"), Arg("digits", "1", default=0)),
        round_half_away,
        "ROUND({0},{1})",
        "Rounded; halves away from zero.",
    ),
    Function(
        "ROUNDUP",
        (Arg("x"), Arg("digits", "1", default=0)),
        round_up,
        "ROUNDUP({0},{1})",
        "Rounded away from zero.",
    ),
    Function(
        "ROUNDDOWN",
        (Arg("x"), Arg("digits", "1", default=0)),
        round_down,
        "ROUNDDOWN({0},{1})",
        "Rounded towards zero.",
    ),
    Function(
        "CEILING",
        (Arg("x"), Arg("step", default=1)),
        ceiling,
        "CEILING({0},{1})",
        "The next multiple of step at or above x.",
    ),
    Function(
        "FLOOR",
        (Arg("x"), Arg("step", default=1)),
        floor,
        "FLOOR({0},{1})",
        "The next multiple of step at or below x.",
    ),
    Function(
        "IF",
        (Arg("test", "1"), Arg("yes"), Arg("no", default=0)),
        _if,
        "IF({0},{1},{2})",
        "One value or another.",
    ),
    Function(
        "AND",
        (Arg("test", "1"),),
        _and,
        lambda given: f"AND({','.join(x.text for x in given.args)})",
        "True if all are.",
        "1",
        variadic=True,
        logical=True,
    ),
    Function(
        "OR",
        (Arg("test", "1"),),
        _or,
        lambda given: f"OR({','.join(x.text for x in given.args)})",
        "True if any is.",
        "1",
        variadic=True,
        logical=True,
    ),
    Function(
        "NOT",
        (Arg("test", "1"),),
        lambda x: (x == 0) + 0.0 * x,
        "NOT({0})",
        "True if the test is not.",
        "1",
        logical=True,
    ),
    Function(
        "IFERROR",
        (Arg("x"), Arg("otherwise")),
        _if_error,
        "IFERROR({0},{1})",
        "The value, or another where it cannot be computed.",
    ),
    Function("NONE", (), _none, '"n/a"', "No figure.", "1", listed=False),
    Function(
        "CHOOSE",
        (Arg("which", "1"), Arg("value")),
        _choose,
        _choose_text,
        "The value at place 1, 2, 3 …; 0 beyond the list.",
        variadic=True,
    ),
)
