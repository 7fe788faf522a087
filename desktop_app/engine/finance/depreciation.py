"""Book depreciation: the spreadsheet functions SLN, SYD, DB, DDB, VDB, and monthly charges by age of an
asset.

Source of the formulas: Microsoft's function reference (Excel and DAX); the documented results are tests.
Charges are positive. Cost and salvage are money, life and period are counted in the same unit (years or
months), the first period is 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from desktop_app.engine.finance.arrays import FloatArray, along, finite, floats, quiet, where

# A life of 3 × 12 / 12 computed in floats must count as whole.
_WHOLE = 1e-9
_BISECTIONS = 64


@quiet
def sln(cost: ArrayLike, salvage: ArrayLike, life: ArrayLike) -> FloatArray:
    """Straight-line charge per period: (cost - salvage) / life.

    >>> float(sln(30_000, 7_500, 10))
    2250.0
    """
    cost_, salvage_, life_ = floats(cost, salvage, life)
    return finite((cost_ - salvage_) / life_)


@quiet
def syd(cost: ArrayLike, salvage: ArrayLike, life: ArrayLike, period: ArrayLike) -> FloatArray:
    """Charge of one period by the sum of the years' digits: (cost - salvage) (life - period + 1) 2 / (life
    (life + 1)).

    nan outside 0 < period <= life, as the spreadsheet's #NUM!.

    >>> round(float(syd(30_000, 7_500, 10, 1)), 2)
    4090.91
    """
    cost_, salvage_, life_, period_ = floats(cost, salvage, life, period)
    charge = (cost_ - salvage_) * (life_ - period_ + 1) * 2 / (life_ * (life_ + 1))
    return where((salvage_ >= 0) & (life_ > 0) & (period_ > 0) & (period_ <= life_), charge)


@quiet
def db(
    cost: ArrayLike, salvage: ArrayLike, life: ArrayLike, period: ArrayLike, month: ArrayLike = 12
) -> FloatArray:
    """Charge of one year by the fixed-declining balance.

    The rate 1 - (salvage / cost)^(1 / life) is rounded to three decimals. The first year has `month` months
    and charges cost × rate × month / 12; a first year shorter than 12 months adds the year life + 1 with the
    months that remain. Period and month count as whole numbers (their fractions are dropped).

    >>> round(float(db(1_000_000, 100_000, 6, 2, 7)), 4)
    259639.4167
    """
    cost_, salvage_, life_, period_, month_ = floats(cost, salvage, life, period, month)
    months = np.floor(month_)
    year = np.maximum(np.floor(period_), 1)
    rate = np.floor((1 - (salvage_ / cost_) ** (1 / life_)) * 1000 + 0.5) / 1000
    after_first_year = cost_ * (1 - rate * months / 12)
    whole_years = np.floor(life_)
    charge = np.where(
        year == 1,
        cost_ * rate * months / 12,
        np.where(
            year <= life_,
            after_first_year * (1 - rate) ** (year - 2) * rate,
            after_first_year * (1 - rate) ** (whole_years - 1) * rate * (12 - months) / 12,
        ),
    )
    valid = (
        (cost_ >= 0) & (salvage_ >= 0) & (life_ > 0) & (period_ > 0) & (months >= 1) & (months <= 12)
        & (year <= life_ + np.where(months < 12, 1, 0))
    )  # fmt: skip
    return where(valid, np.where(cost_ == 0, 0.0, charge))


@quiet
def ddb(
    cost: ArrayLike, salvage: ArrayLike, life: ArrayLike, period: ArrayLike, factor: ArrayLike = 2
) -> FloatArray:
    """Charge of one period by the declining balance at rate factor / life, never below salvage.

    >>> round(float(ddb(2_400, 300, 10, 2, 1.5)), 2)
    306.0
    """
    cost_, salvage_, life_, period_, factor_ = floats(cost, salvage, life, period, factor)
    before = _declined(cost_, salvage_, life_, period_ - 1, factor_)
    after = _declined(cost_, salvage_, life_, period_, factor_)
    valid = (cost_ >= 0) & (salvage_ >= 0) & (factor_ > 0) & (period_ >= 1) & (period_ <= life_)
    return where(valid, np.where(salvage_ > cost_, 0.0, before - after))


@quiet
def vdb(
    cost: ArrayLike,
    salvage: ArrayLike,
    life: ArrayLike,
    start: ArrayLike,
    end: ArrayLike,
    factor: ArrayLike = 2,
    no_switch: ArrayLike = False,
) -> FloatArray:
    """Charge between two ages by the declining balance that switches to straight line once that charges more.

    `start` and `end` are ages in periods and may be fractions: within a period the charge accrues evenly. The
    switch comes with the first period whose straight-line charge of the rest, (book value - salvage) /
    remaining life, is above the declining charge; with `no_switch` it never comes and the sum may stay below
    cost - salvage.

    >>> round(float(vdb(2_400, 300, 120, 6, 18, 3)), 6)
    540.185558
    """
    cost_, salvage_, life_, start_, end_, factor_ = floats(cost, salvage, life, start, end, factor)
    switch = np.where(np.asarray(no_switch, dtype=bool), np.inf, _switch_age(cost_, salvage_, life_, factor_))

    def charged(age: FloatArray) -> FloatArray:
        whole = np.floor(age)
        at_start = _charged_at_whole_age(cost_, salvage_, life_, whole, factor_, switch)
        at_end = _charged_at_whole_age(cost_, salvage_, life_, whole + 1, factor_, switch)
        return np.where(age == whole, at_start, at_start + (age - whole) * (at_end - at_start))

    valid = (
        (cost_ >= 0) & (salvage_ >= 0) & (salvage_ <= cost_) & (factor_ > 0)
        & (start_ >= 0) & (end_ >= start_) & (end_ <= life_)
    )  # fmt: skip
    return where(valid, charged(end_) - charged(start_))


def _declined(
    cost: FloatArray, salvage: FloatArray, life: FloatArray, age: FloatArray, factor: FloatArray
) -> FloatArray:
    """Book value at an age by the declining balance without a switch."""
    keeps = np.maximum(1 - factor / life, 0.0)
    return np.maximum(cost * keeps**age, salvage)


def _charged_at_whole_age(
    cost: FloatArray,
    salvage: FloatArray,
    life: FloatArray,
    age: FloatArray,
    factor: FloatArray,
    switch: FloatArray,
) -> FloatArray:
    """Charges up to an age in whole periods; from the age `switch` on, the rest in a straight line over the
    remaining life."""
    declining = cost - _declined(cost, salvage, life, np.minimum(age, switch), factor)
    rest = cost - salvage - declining
    since = age - switch
    return np.where(since > 0, declining + since * rest / (life - switch), declining)


def _switch_age(cost: FloatArray, salvage: FloatArray, life: FloatArray, factor: FloatArray) -> FloatArray:
    """The age in whole periods from which the straight line over the remaining life charges more; inf where
    never.

    Period j + 1 switches where 1 - s keeps^-j - rate (life - j) > 0, with s = salvage / cost. The left side
    is concave in j, so its first root lies before its maximum and is found by bisection, whatever the length
    of the life. In a last period that is only a part of one the straight line always charges more.
    """
    rate = np.minimum(factor / life, 1.0)
    share = salvage / cost
    decay = -np.log1p(-rate)

    def gain(age: FloatArray) -> FloatArray:
        lost = np.where(share > 0, share * np.exp(decay * age), 0.0)
        return 1 - lost - rate * (life - age)

    best = np.where(share > 0, np.log(rate / (share * decay)) / decay, life)
    last = np.ceil(life - _WHOLE) - 1
    high = np.clip(np.ceil(np.nan_to_num(best, nan=0.0)), 0.0, last)
    # Rounding the best age up may step over a short positive stretch: the whole age before it may be the
    # better.
    high = np.where(gain(high) > 0, high, np.maximum(high - 1, 0.0))
    found = (gain(high) > 0) & (rate < 1)
    low = np.full_like(high, -1.0)
    for _ in range(_BISECTIONS):
        if np.all(high - low <= 1):
            break
        middle = np.floor((low + high) / 2)
        rises = gain(middle) > 0
        high = np.where(rises, middle, high)
        low = np.where(rises, low, middle)
    partial = np.where(life - np.floor(life + _WHOLE) > _WHOLE, np.floor(life), np.inf)
    return np.minimum(np.where(found, high, np.inf), partial)


@quiet
def straight_line_profile(
    life_months: ArrayLike, months: int, salvage_fraction: ArrayLike = 0.0
) -> FloatArray:
    """Share of the cost charged in each month of age, in a straight line; shape (..., months).

    A life that ends within a month charges that month in part; the shares of a whole life sum to 1 - salvage.

    >>> [round(float(x), 3) for x in straight_line_profile(2.5, 4)]
    [0.4, 0.4, 0.2, 0.0]
    """
    life, salvage = floats(life_months, salvage_fraction)
    used = np.clip(along(life) - np.arange(months), 0.0, 1.0)
    return finite(used * along((1 - salvage) / life))


@quiet
def declining_balance_profile(
    life_months: ArrayLike,
    months: int,
    factor: ArrayLike = 2.0,
    salvage_fraction: ArrayLike = 0.0,
    switch: ArrayLike = True,
    months_per_period: float = 1.0,
) -> FloatArray:
    """Share of the cost charged in each month of age, by the declining balance; shape (..., months).

    The balance declines at factor / life per period of `months_per_period` months: 1 declines it each month,
    12 computes a year's charge and spreads it evenly over its months. With `switch` it changes to straight
    line as VDB does, and the shares of a whole life sum to 1 - salvage.

    >>> [round(float(x), 4) for x in declining_balance_profile(24, 24, months_per_period=12)[[0, 11, 12]]]
    [0.0833, 0.0833, 0.0]
    >>> [round(float(x), 4) for x in declining_balance_profile(4, 5, factor=2)]
    [0.5, 0.25, 0.125, 0.125, 0.0]
    """
    life, factors, salvage = (along(x) for x in floats(life_months, factor, salvage_fraction))
    no_switch = ~np.asarray(switch, dtype=bool)[..., np.newaxis]
    life = life / months_per_period
    start = np.minimum(np.arange(months) / months_per_period, life)
    end = np.minimum(np.arange(1, months + 1) / months_per_period, life)
    return vdb(1.0, salvage, life, start, end, factors, no_switch)


@quiet
def sum_of_digits_profile(
    life_months: ArrayLike,
    months: int,
    salvage_fraction: ArrayLike = 0.0,
    months_per_period: float = 12.0,
) -> FloatArray:
    """Share of the cost charged in each month of age, by the sum of the digits; shape (..., months).

    Period k of n charges in proportion to n - k + 1, spread evenly over its months; with periods of 12 months
    these are the years' digits. A last period that is only a part of one weighs by its length, so that the
    shares of a whole life sum to 1 - salvage for any life.

    >>> [round(float(x), 4) for x in sum_of_digits_profile(24, 25)[[0, 12, 24]]]
    [0.0556, 0.0278, 0.0]
    """
    life, salvage = (along(x) for x in floats(life_months, salvage_fraction))
    periods = life / months_per_period

    def digits(age: FloatArray) -> FloatArray:
        """Integral of the weights n, n - 1, ... from age 0."""
        reached = np.minimum(age, periods)
        whole = np.floor(reached + _WHOLE)
        sums: FloatArray = whole * periods - whole * (whole - 1) / 2 + (reached - whole) * (periods - whole)
        return sums

    ages = np.arange(months + 1) / months_per_period
    shares = np.diff(digits(ages), axis=-1) / digits(periods)
    return where(life > 0, shares * (1 - salvage))


@quiet
def units_of_production(
    cost: ArrayLike, salvage: ArrayLike, total_units: ArrayLike, units: ArrayLike
) -> FloatArray:
    """Charge of each period by use: (cost - salvage) / total units × units, until the total is used up.

    `units` has the periods as trailing axis (GPU-hours of each month); shape (..., periods).

    >>> [float(x) for x in units_of_production(1_000, 100, 90, [40, 40, 40])]
    [400.0, 400.0, 100.0]
    """
    cost_, salvage_, total = (along(x) for x in floats(cost, salvage, total_units))
    used = np.minimum(np.cumsum(np.asarray(units, dtype=np.float64), axis=-1), total)
    return where(total > 0, np.diff(used, axis=-1, prepend=0.0) * (cost_ - salvage_) / total)


@quiet
def economic_value(
    price: ArrayLike, years: ArrayLike, decline_orders_per_year: ArrayLike = 0.14
) -> FloatArray:
    """Market value of hardware after some years: price × 10^(-decline × years).

    The default decline, 0.14 orders of magnitude a year (-27.6%), is Epoch AI's estimate from chip price
    performance ("The rising costs of training frontier AI models", arXiv:2405.21015).

    >>> round(float(economic_value(30_000, 1)), 0)
    21733.0
    """
    price_, years_, decline = floats(price, years, decline_orders_per_year)
    return finite(price_ * 10 ** (-decline * years_))


@quiet
def economic_cost_per_hour(
    price: ArrayLike,
    years: ArrayLike,
    decline_orders_per_year: ArrayLike = 0.14,
    hours_per_year: ArrayLike = 8_766.0,
) -> FloatArray:
    """Loss of market value per hour at an age: value(t) × decline × ln 10 / hours per year (same source).

    >>> round(float(economic_cost_per_hour(30_000, 0)), 3)
    1.103
    """
    decline, hours = floats(decline_orders_per_year, hours_per_year)
    return finite(economic_value(price, years, decline) * decline * np.log(10.0) / hours)
