"""Time value of a series of cash flows: discount factors, NPV, XNPV, IRR, XIRR, MIRR and payback.

Receipts are positive, payments negative; the trailing axis is the period. Rates are per period for NPV, IRR
and MIRR (annual for annual flows, monthly for monthly flows) and effective annual for XNPV, XIRR and discount
factors. Source: Microsoft's function reference; the documented results are tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from desktop_app.engine.finance.arrays import FloatArray, along, finite, floats, quiet, where
from desktop_app.engine.finance.roots import Roots, roots_of

Timing = Literal["start", "middle", "end"]
_WITHIN_MONTH: dict[Timing, float] = {"start": 0.0, "middle": 0.5, "end": 1.0}
_DAYS_PER_YEAR = 365.0


class NoRate(StrEnum):
    """Why a series of cash flows has no internal rate of return."""

    NOT_A_NUMBER = "not_a_number"
    NO_SIGN_CHANGE = "no_sign_change"
    NO_RATE = "no_rate"
    SEVERAL_RATES = "several_rates"


@dataclass(frozen=True, slots=True)
class InternalRate:
    """An internal rate of return, or nan and the reason why there is none."""

    value: float
    reason: NoRate | None = None


@quiet
def discount_factor(rate: ArrayLike, years: ArrayLike) -> FloatArray:
    """Present value of 1 due in some years at an annual rate: (1 + r)^-t.

    >>> round(float(discount_factor(0.1, 2)), 6)
    0.826446
    """
    rate_, years_ = floats(rate, years)
    return finite(np.exp(-years_ * np.log1p(rate_)))


@quiet
def discount_factors(
    rate: ArrayLike, months: int, timing: Timing = "middle", months_per_year: float = 12.0
) -> FloatArray:
    """Factors of the months 0, 1, ... of a plan at an annual rate; shape (..., months).

    The money of a month is due at its start, middle or end, so t = (month + 0, 1/2 or 1) / 12 years.

    >>> [round(float(x), 6) for x in discount_factors(0.12, 2, "end")]
    [0.9906, 0.981289]
    """
    years = (np.arange(months) + _WITHIN_MONTH[timing]) / months_per_year
    return discount_factor(along(floats(rate)[0]), years)


@quiet
def present_value(rate: ArrayLike, values: ArrayLike) -> FloatArray:
    """Net present value with the first value due now: sum of v_t (1 + r)^-t, t = 0, 1, ...

    >>> round(float(present_value(0.08, [-40_000, 8_000, 9_200, 10_000, 12_000, 14_500])), 2)
    1922.06
    """
    rate_, values_ = floats(rate, values)
    factors = discount_factor(along(rate_), np.arange(values_.shape[-1]))
    return finite(np.sum(values_ * factors, axis=-1))


@quiet
def npv(rate: ArrayLike, values: ArrayLike) -> FloatArray:
    """Net present value as the spreadsheet's NPV: the first value is due one period from now.

    An outlay made now stays outside, or use `present_value`.

    >>> round(float(npv(0.1, [-10_000, 3_000, 4_200, 6_800])), 2)
    1188.44
    """
    return finite(present_value(rate, values) / (1 + floats(rate)[0]))


@quiet
def xnpv(rate: ArrayLike, values: ArrayLike, days: ArrayLike) -> FloatArray:
    """Net present value of dated values: sum of v (1 + r)^-((day - first day) / 365).

    `days` are day numbers of any calendar origin, along the trailing axis; the first one is the present.

    >>> round(float(xnpv(0.09, [-10_000, 11_000], [0, 365])), 2)
    91.74
    """
    rate_, values_, days_ = floats(rate, values, days)
    years = (days_ - days_[..., :1]) / _DAYS_PER_YEAR
    return finite(np.sum(values_ * discount_factor(along(rate_), years), axis=-1))


@quiet
def irr(values: ArrayLike, guess: ArrayLike = np.nan) -> FloatArray:
    """Internal rate of return per period: the rate at which `present_value` is zero; nan where there is none.

    Where several rates do, the one nearest to `guess`, and nan without a guess: such a figure decides
    nothing. `internal_rate` gives the reason.

    >>> round(float(irr([-70_000, 12_000, 15_000, 18_000, 21_000, 26_000])), 6)
    0.086631
    """
    (values_,) = floats(values)
    return _rates(values_, np.arange(values_.shape[-1], dtype=np.float64), guess)


@quiet
def xirr(values: ArrayLike, days: ArrayLike, guess: ArrayLike = np.nan) -> FloatArray:
    """Internal rate of return of dated values, effective annual; nan where there is none.

    `days` are day numbers of any calendar origin, in any order; several rates are treated as by `irr`.

    >>> round(float(xirr([-1_000, 1_100], [0, 365])), 6)
    0.1
    """
    values_, days_, guesses = floats(values, days, guess)
    if days_.ndim <= 1:
        return _rates(values_, days_ / _DAYS_PER_YEAR, guess)
    leading = np.broadcast_shapes(values_.shape[:-1], days_.shape[:-1], guesses.shape)
    values_ = np.broadcast_to(values_, (*leading, values_.shape[-1]))
    days_ = np.broadcast_to(days_, (*leading, days_.shape[-1]))
    guesses = np.broadcast_to(guesses, leading)
    result = np.empty(leading)
    for index in np.ndindex(leading):
        result[index] = _rates(values_[index], days_[index] / _DAYS_PER_YEAR, guesses[index])
    return result


@quiet
def internal_rate(values: ArrayLike, days: ArrayLike | None = None, guess: float = np.nan) -> InternalRate:
    """The rate of `irr`, or of `xirr` where days are given, for one series, with the reason where there is
    none.

    >>> internal_rate([100, 100]).reason
    <NoRate.NO_SIGN_CHANGE: 'no_sign_change'>
    >>> internal_rate([-1_000, 2_500, -1_540]).reason
    <NoRate.SEVERAL_RATES: 'several_rates'>
    """
    (flows,) = floats(values)
    times = np.arange(len(flows), dtype=np.float64) if days is None else floats(days)[0] / _DAYS_PER_YEAR
    if not (np.all(np.isfinite(flows)) and np.all(np.isfinite(times))):
        return InternalRate(np.nan, NoRate.NOT_A_NUMBER)
    if not (np.any(flows > 0) and np.any(flows < 0)):
        return InternalRate(np.nan, NoRate.NO_SIGN_CHANGE)
    found = _roots(flows[np.newaxis], times, np.array([guess]))
    if found.count[0] == 0:
        return InternalRate(np.nan, NoRate.NO_RATE)
    if found.count[0] > 1 and np.isnan(guess):
        return InternalRate(np.nan, NoRate.SEVERAL_RATES)
    return InternalRate(float(np.expm1(found.nearest[0])))


def _rates(values: FloatArray, times: FloatArray, guess: ArrayLike) -> FloatArray:
    (guesses,) = floats(guess)
    leading = np.broadcast_shapes(values.shape[:-1], guesses.shape)
    flows = np.broadcast_to(values, (*leading, values.shape[-1])).reshape(-1, values.shape[-1])
    guesses = np.broadcast_to(guesses, leading).ravel()
    found = _roots(flows, times, guesses)
    signs = np.any(flows > 0, axis=-1) & np.any(flows < 0, axis=-1)
    valid = signs & np.all(np.isfinite(flows), axis=-1) & ((found.count == 1) | ~np.isnan(guesses))
    return where(valid.reshape(leading), np.expm1(found.nearest).reshape(leading))


@quiet
def _roots(flows: FloatArray, times: FloatArray, guess: FloatArray) -> Roots:
    """Log rates at which the flows (series, period) at the times (period) have no present value."""
    since = times - np.min(times, initial=np.inf)
    until = np.max(since, initial=0.0) - since

    def balance(log_rate: FloatArray, rows: slice) -> FloatArray:
        """Value at the first date, or at the last for rates below zero: no exponential exceeds 1."""
        if log_rate.shape[0] == 1:
            one = log_rate[0]
            weights = np.exp(-np.abs(one) * np.where(one >= 0, since[:, np.newaxis], until[:, np.newaxis]))
            sampled: FloatArray = flows[rows] @ weights
            return sampled
        weights = np.exp(-np.abs(log_rate) * np.where(log_rate >= 0, since, until))
        result: FloatArray = np.sum(flows[rows] * weights, axis=-1, keepdims=True)
        return result

    span = np.full(len(flows), np.max(since, initial=0.0))
    return roots_of(balance, span, np.log1p(guess))


@quiet
def mirr(values: ArrayLike, finance_rate: ArrayLike, reinvest_rate: ArrayLike) -> FloatArray:
    """Modified internal rate of return per period.

    Payments are discounted to the start at the finance rate, receipts compounded to the end at the
    reinvestment rate: (future value of receipts / present value of payments)^(1 / (n - 1)) - 1.

    >>> round(float(mirr([-75_000, 12_000, 15_000, 18_000, 21_000, 24_000], 0.10, 0.12)), 6)
    0.079717
    """
    values_, finance, reinvest = floats(values, finance_rate, reinvest_rate)
    last = values_.shape[-1] - 1
    paid = -present_value(finance, np.minimum(values_, 0.0))
    received = present_value(reinvest, np.maximum(values_, 0.0)) * (1 + reinvest) ** last
    return where((paid > 0) & (received > 0), (received / paid) ** (1 / last) - 1)


@quiet
def first_crossing(cumulative: ArrayLike) -> FloatArray:
    """Position at which a cumulative series first comes back from below zero, interpolated between elements.

    Element k stands at position k. 0 where the series is never below zero, nan where it does not come back.

    >>> round(float(first_crossing([-10.0, -4.0, 2.0])), 6)
    1.666667
    """
    (series,) = floats(cumulative)
    below = series < 0
    crosses = below[..., :-1] & (series[..., 1:] >= 0)
    if crosses.shape[-1] == 0:
        return where(np.isfinite(series[..., 0]) & ~below[..., 0], 0.0)
    at = np.argmax(crosses, axis=-1)[..., np.newaxis]
    before = np.take_along_axis(series, at, axis=-1)
    after = np.take_along_axis(series, at + 1, axis=-1)
    position = np.where(np.any(below, axis=-1), (at + before / (before - after))[..., 0], 0.0)
    known = np.all(np.isfinite(series), axis=-1)
    return where(known & (np.any(crosses, axis=-1) | ~np.any(below, axis=-1)), position)


@quiet
def simple_payback(cash_flows: ArrayLike) -> FloatArray:
    """Periods until the cumulative cash flow reaches zero; the first flow is made now, the others evenly in
    their period.

    nan where it never does; 0 where nothing is invested.

    >>> round(float(simple_payback([-100, 40, 40, 40])), 6)
    2.5
    """
    return first_crossing(np.cumsum(floats(cash_flows)[0], axis=-1))


@quiet
def discounted_payback(cash_flows: ArrayLike, rate: ArrayLike) -> FloatArray:
    """Periods until the cumulative present value of the cash flows reaches zero, at a rate per period.

    >>> round(float(discounted_payback([-100, 40, 40, 40, 40], 0.1)), 4)
    3.0192
    """
    flows, rate_ = floats(cash_flows, rate)
    factors = discount_factor(along(rate_), np.arange(flows.shape[-1]))
    return first_crossing(np.cumsum(flows * factors, axis=-1))
