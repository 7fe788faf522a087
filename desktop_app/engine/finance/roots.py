"""All rates at which a balance of cash flows is zero, for many series of cash flows at once.

A rate r is searched as x = ln(1 + r), so that every rate above -100% is a finite x. The balance is sampled on
a grid that is dense around zero; each change of sign brackets a root, which is then closed in on by the
secant with the safeguard of bisection. Pairs of roots closer than the grid are not seen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from desktop_app.engine.finance.arrays import BoolArray, FloatArray, quiet

# Balance of the series in the rows, one row a series, at log rates of shape (rows, samples) or (1, samples).
Balance = Callable[[FloatArray, slice], FloatArray]

_SAMPLES = 301  # odd: zero is a sample
_DENSITY = 6.0  # the samples lie sinh(6) / 6, some 34 times, denser at zero than on average
_HIGHEST = 40.0  # log rate; exp(40) is beyond any rate met
_LOWEST = -15.0  # a loss of all but 0.00003% is no rate that means anything
_RUINOUS = np.log(
    0.1
)  # a loss of 90% a period: a second root there, as a final cost makes, is no alternative
_EXPONENT = 700.0  # exp() of more overflows
_ROWS = 2_048  # series sampled at a time, to bound memory
_STEPS = 120


@dataclass(frozen=True, slots=True)
class Roots:
    """Log rates that balance each series: the one nearest to the guess (nan where none), and how many there
    are."""

    nearest: FloatArray
    count: FloatArray


@quiet
def roots_of(balance: Balance, longest: FloatArray, guess: FloatArray) -> Roots:
    """Roots of each series; `longest` is the span of its cash flows in periods, `guess` a log rate (nan:
    none).

    The balance may be scaled by any positive factor, continuous in the rate.
    """
    rows = len(longest)
    nearest, count = np.full(rows, np.nan), np.zeros(rows)
    for first in range(0, rows, _ROWS):
        part = slice(first, min(first + _ROWS, rows))
        nearest[part], count[part] = _roots_of_some(balance, part, longest[part], guess[part])
    return Roots(nearest, count)


def _roots_of_some(
    balance: Balance, part: slice, longest: FloatArray, guess: FloatArray
) -> tuple[FloatArray, FloatArray]:
    span = np.max(np.nan_to_num(np.abs(longest), posinf=0.0), initial=1.0)
    spread = np.linspace(-1.0, 1.0, _SAMPLES)
    grid = min(_HIGHEST, _EXPONENT / span) * np.sinh(_DENSITY * spread) / np.sinh(_DENSITY)
    grid = grid[grid >= _LOWEST]
    sampled = balance(grid[np.newaxis, :], part)
    known = np.isfinite(sampled)
    positive: BoolArray = sampled > 0
    changes = (positive[:, 1:] != positive[:, :-1]) & known[:, 1:] & known[:, :-1]
    middles = (grid[1:] + grid[:-1]) / 2
    plausible = changes & (middles > _RUINOUS)
    counted = np.where(np.any(plausible, axis=1, keepdims=True), plausible, changes)
    count = counted.sum(axis=1).astype(np.float64)
    changes = np.where(np.isnan(guess)[:, np.newaxis], counted, changes)

    wanted = np.nan_to_num(guess, nan=0.0)[:, np.newaxis]
    bracket = np.argmin(np.where(changes, np.abs(middles - wanted), np.inf), axis=1)
    each = np.arange(len(count))
    root = _close_in(
        lambda x: balance(x[:, np.newaxis], part)[:, 0],
        (grid[bracket], sampled[each, bracket]),
        (grid[bracket + 1], sampled[each, bracket + 1]),
    )
    return np.where(count > 0, root, np.nan), count


def _close_in(
    function: Callable[[FloatArray], FloatArray],
    left: tuple[FloatArray, FloatArray],
    right: tuple[FloatArray, FloatArray],
) -> FloatArray:
    """Root of each function between two points (x, y) of different sign, by the Illinois method and
    bisection."""
    (low, at_low), (high, at_high) = left, right
    rising = at_low <= 0
    moved_low = np.zeros(low.shape, dtype=bool)
    moved_high = np.zeros(low.shape, dtype=bool)
    best = low
    for step in range(_STEPS):
        secant = high - at_high * (high - low) / (at_high - at_low)
        usable = (secant > low) & (secant < high) & (step % 4 != 3)
        best = np.where(usable, secant, (low + high) / 2)
        value = function(best)
        is_low = (value <= 0) == rising
        at_high = np.where(is_low, np.where(moved_low, at_high / 2, at_high), value)
        at_low = np.where(is_low, value, np.where(moved_high, at_low / 2, at_low))
        low, high = np.where(is_low | (value == 0), best, low), np.where(~is_low | (value == 0), best, high)
        moved_low, moved_high = is_low, ~is_low
        if not np.any(high - low > 4e-16 * np.maximum(np.abs(low), 1e-3)):
            break
    return best
