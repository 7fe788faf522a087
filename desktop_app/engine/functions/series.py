"""Arithmetic along the months of a series: lags, running and moving sums, spreading by age, replacement.

Series have the shape (trial, line, month), length 1 where nothing varies. Before the first month every series
is 0.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from desktop_app.engine.functions.declare import Array, whole_row

Places = npt.NDArray[np.int64]


def _earlier(x: Array, places: Array) -> Array:
    """The value at each (whole-number) month place, 0 before the first month."""
    index = np.trunc(places + 1e-9).astype(np.int64) - 1
    shape = np.broadcast_shapes(x.shape, index.shape)
    found = np.take_along_axis(
        np.broadcast_to(x, shape), np.broadcast_to(np.maximum(index, 0), shape), axis=-1
    )
    return np.where(index < 0, 0.0, found)


# More months than any plan has, and few enough to count with.
_MOST_MONTHS = 1e6


def _whole_months(months: Array) -> Array:
    """At least one month."""
    return np.minimum(np.maximum(1, np.trunc(months + 1e-9)), _MOST_MONTHS)


def _where_months_are_known(function: Callable[[Array, Array, Array], Array]) -> Callable[..., Array]:
    """The function without a value where a number of months is not a number."""

    @functools.wraps(function)
    def guarded(x: Array, months: Array, month: Array) -> Array:
        unknown = np.isnan(months)
        if not unknown.any():
            return function(x, months, month)
        return np.where(unknown, np.nan, function(x, np.where(unknown, 1.0, months), month))

    return guarded


def _shifted(x: Array, steps: Array) -> Array:
    """Each line so many months later; `steps` are whole and the same in all trials and months."""
    if steps.size == 1:
        return _all_shifted(x, int(steps.item()))
    different = np.unique(steps).astype(np.int64).tolist()
    shape = np.broadcast_shapes(x.shape, steps.shape)
    x = np.broadcast_to(x, shape)
    if len(different) == 1:
        return _all_shifted(x, different[0])
    shifted = np.empty(shape)
    for step in different:
        lines = np.flatnonzero(steps[0, :, 0] == step)
        shifted[:, lines, :step] = 0.0
        shifted[:, lines, step:] = x[:, lines, :-step]
    return shifted


def _all_shifted(x: Array, step: int) -> Array:
    shifted = np.empty(x.shape)
    shifted[..., :step] = 0.0
    shifted[..., step:] = x[..., :-step]
    return shifted


@_where_months_are_known
def lag(x: Array, months: Array, month: Array) -> Array:
    """The value some months ago, 0 before the start. At least one month."""
    x = whole_row(x, month)
    if beyond_the_plan(months, month):
        return np.zeros((1, *np.broadcast_shapes(x.shape, months.shape)[1:]))
    steps = _whole_months(months)
    if steps.shape[0] == steps.shape[2] == 1:
        return _shifted(x, steps)
    return _earlier(x, month - steps)


def beyond_the_plan(months: Array, month: Array) -> bool:
    """True if so many months ago is before the plan in every month of it."""
    return bool(months.min() >= month.shape[-1])


def cumulative(x: Array, month: Array) -> Array:
    """Running total from the first month."""
    return _running(np.add, whole_row(x, month))


# From so many series on, going through them side by side, month by month, is faster than one after the other.
_MANY = 300


def _running(combine: np.ufunc, x: Array) -> Array:
    """What `combine` gives of each month and all before it."""
    if x[..., 0].size < _MANY:
        return combine.accumulate(x, axis=-1)
    by_month = np.array(np.moveaxis(x, -1, 0), order="C")
    for before, later in itertools.pairwise(by_month):
        combine(before, later, out=later)
    return np.ascontiguousarray(np.moveaxis(by_month, 0, -1))


@_where_months_are_known
def moving_sum(x: Array, months: Array, month: Array) -> Array:
    """Sum of this month and the ones before it, as many as the window has."""
    x = whole_row(x, month)
    total = _running(np.add, x)
    if beyond_the_plan(months, month):
        return total
    windows = _whole_months(months)
    if windows.size == 1:
        window = int(windows.item())
        result = np.empty(total.shape)
        result[..., :window] = total[..., :window]
        np.subtract(total[..., window:], total[..., :-window], out=result[..., window:])
        return result
    if windows.shape[0] == windows.shape[2] == 1:
        return total - _shifted(total, windows)
    return total - _earlier(total, month - windows)


def convolve(x: Array, profile: Array, month: Array) -> Array:
    """Spread of each month's amount over later months by a profile of age.

    The profile stands with the youngest age in the last month, so that a workbook can do the same with one
    SUMPRODUCT.
    """
    x, profile = whole_row(x, month), whole_row(profile, month)
    months = month.shape[-1]
    result = np.zeros(np.broadcast_shapes(x.shape, profile.shape))
    by_age = profile[..., ::-1]
    ages = np.flatnonzero(by_age.any(axis=(0, 1)))
    if not len(ages):
        return result
    first, last = int(ages[0]), int(ages[-1])
    # a profile with one entry a year is spread in steps of a year
    stride = int(np.gcd.reduce(np.diff(ages))) or 1
    for place in np.flatnonzero(x.any(axis=(0, 1))).tolist():
        chosen = slice(first, min(last + 1, months - place), stride)
        later = slice(place + first, min(place + last + 1, months), stride)
        result[..., later] += x[..., place : place + 1] * by_age[..., chosen]
    return result


# Up to so many series, each by itself is faster than all of them month by month.
_FEW = 4


@_where_months_are_known
def replenish(target: Array, life: Array, month: Array) -> Array:
    """Units to buy each month so that those younger than `life` months are never fewer than the target.

    Where the life changes from month to month, that of the month decides which units still count in it.
    """
    target = whole_row(target, month)
    if life.shape[-1] > 1:
        return _replenish_varying(target, whole_row(life, month))
    shape = np.broadcast_shapes(target.shape, (*life.shape[:-1], 1))
    target = np.broadcast_to(target, shape)
    lives = np.broadcast_to(_whole_months(life[..., :1]), (*shape[:-1], 1)).astype(np.int64)
    if beyond_the_plan(life, month):
        return _rises(target)
    if lives.size > _FEW:
        return _replenish_many(target, lives[..., 0])
    rows = [
        _replenish_one(needed, int(age))
        for needed, age in zip(target.reshape(-1, shape[-1]).tolist(), lives.reshape(-1), strict=True)
    ]
    return np.array(rows).reshape(shape)


def _rises(target: Array) -> Array:
    """How far each month rises above all before it, and above 0."""
    peaks = np.maximum(_running(np.maximum, target), 0)
    return np.diff(peaks, axis=-1, prepend=0.0)


def _replenish_one(needed: list[float], life: int) -> list[float]:
    bought: list[float] = []
    young = 0.0
    for place, target in enumerate(needed):
        if place >= life:
            young -= bought[place - life]
        more = target - young
        bought.append(0.0 if more <= 0 else more)  # a need that is not a number stays one
        young += bought[-1]
    return bought


def _replenish_varying(target: Array, life: Array) -> Array:
    """The same where each month has a life of its own."""
    target, lives = np.broadcast_arrays(target, _whole_months(life).astype(np.int64))
    running = np.zeros((*target.shape[:-1], target.shape[-1] + 1))
    for place in range(target.shape[-1]):
        oldest = np.maximum(0, place - lives[..., place : place + 1] + 1)
        young = running[..., place] - np.take_along_axis(running, oldest, axis=-1)[..., 0]
        running[..., place + 1] = running[..., place] + np.maximum(0, target[..., place] - young)
    return np.diff(running, axis=-1)


def _replenish_many(target: Array, lives: npt.NDArray[np.int64]) -> Array:
    months = target.shape[-1]
    bought = np.array(np.moveaxis(target, -1, 0), order="C")  # what is needed, until it is overwritten
    running = np.zeros((months + 1, *lives.shape))
    same_life = int(lives.flat[0]) if lives.min() == lives.max() else 0
    for place in range(months):
        if same_life:
            retired = running[max(0, place - same_life + 1)]
        else:
            retired = np.take_along_axis(running, np.maximum(0, place - lives + 1)[None], axis=0)[0]
        more = bought[place]
        more -= running[place]
        more += retired
        np.maximum(more, 0, out=more)
        np.add(running[place], more, out=running[place + 1])
    return np.ascontiguousarray(np.moveaxis(bought, 0, -1))


def fiscal_sum(x: Array, fiscal_year: Array) -> Array:
    """Sum over the fiscal year that the month is in."""
    starts, place = _year_places(fiscal_year.tobytes())
    return np.add.reduceat(whole_row(x, fiscal_year), starts, axis=-1)[..., place]


@functools.lru_cache(maxsize=16)
def _year_places(fiscal_year: bytes) -> tuple[Places, Places]:
    """The month in which each fiscal year begins, and the place of each month's year among them."""
    years = np.frombuffer(fiscal_year)
    changes = years[1:] != years[:-1]
    return np.concatenate(([0], np.flatnonzero(changes) + 1)), np.concatenate(([0], np.cumsum(changes)))
