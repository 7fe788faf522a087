"""Break-even figures of owning against renting, each under its own name, since they answer different
questions.

Prices and costs are positive. Each function gives nan where owning never breaks even; `no_break_even` says
why. Running costs are cash costs only: with amortisation in them the capital cost would be counted twice.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from desktop_app.engine.finance.arrays import FloatArray, finite, floats, quiet, where
from desktop_app.engine.finance.npv import first_crossing


class NoBreakEven(StrEnum):
    """Why owning does not break even against renting."""

    NOT_A_NUMBER = "not_a_number"
    NOTHING_SAVED = "nothing_saved"  # running it costs at least as much as the rival
    NOT_WITHIN_HORIZON = "not_within_horizon"
    NOT_AT_FULL_USE = "not_at_full_use"  # it would need more than all hours


def no_break_even(capital: float, saving: float) -> NoBreakEven | None:
    """Why a capital cost is never earned back by a saving per hour, month or unit; None where it is.

    >>> no_break_even(100_000, -3.0)
    <NoBreakEven.NOTHING_SAVED: 'nothing_saved'>
    """
    if not (np.isfinite(capital) and np.isfinite(saving)):
        return NoBreakEven.NOT_A_NUMBER
    return NoBreakEven.NOTHING_SAVED if capital > 0 and saving <= 0 else None


@quiet
def _earned_back(capital: FloatArray, saving: FloatArray) -> FloatArray:
    """Capital over saving; 0 where no capital is needed and running costs no more than the rival."""
    needed = np.where((capital <= 0) & (saving >= 0), 0.0, capital / saving)
    return where((saving > 0) | ((capital <= 0) & (saving >= 0)), needed)


@quiet
def break_even_hours(
    capital: ArrayLike, rival_per_hour: ArrayLike, running_per_hour: ArrayLike
) -> FloatArray:
    """Hours of use after which owning has cost as much as renting: capital / (rival rate - own running cost
    per hour).

    >>> round(float(break_even_hours(833_806, 98.32, 0.87)), 1)
    8556.2
    """
    capital_, rival, running = floats(capital, rival_per_hour, running_per_hour)
    return _earned_back(capital_, rival - running)


@quiet
def break_even_months(
    capital: ArrayLike, rival_per_month: ArrayLike, cash_cost_per_month: ArrayLike
) -> FloatArray:
    """Months after which owning has cost as much as renting: capital / (rival's month - own cash running
    cost).

    >>> round(float(break_even_months(392_000, 14_400, 3_376.32)), 2)
    35.56
    """
    capital_, rival, running = floats(capital, rival_per_month, cash_cost_per_month)
    return _earned_back(capital_, rival - running)


@quiet
def break_even_utilisation(
    owned_cost: ArrayLike, gpus: ArrayLike, hours: ArrayLike, rival_rate: ArrayLike
) -> FloatArray:
    """Share of the owned hours that must be used for renting to cost as much: cost / (GPUs × hours × rival
    rate).

    `owned_cost` is all that owning costs over those hours, used or not; `rival_rate` is per GPU-hour. Above 1
    owning never breaks even (`NoBreakEven.NOT_AT_FULL_USE`), and the figure still says by how much.

    >>> round(float(break_even_utilisation(300_000, 8, 3 * 8_760, 3.0)), 3)
    0.476
    """
    cost, count, hours_, rate = floats(owned_cost, gpus, hours, rival_rate)
    return finite(cost / (count * hours_ * rate))


@quiet
def commitment_break_even_utilisation(committed_rate: ArrayLike, on_demand_rate: ArrayLike) -> FloatArray:
    """Share of committed hours that must be used for on-demand to cost as much: committed rate / on-demand
    rate.

    >>> round(float(commitment_break_even_utilisation(1.90, 3.50)), 4)
    0.5429
    """
    committed, on_demand = floats(committed_rate, on_demand_rate)
    return finite(committed / on_demand)


@quiet
def commitment_saving(
    committed_rate: ArrayLike, on_demand_rate: ArrayLike, utilisation: ArrayLike = 1.0
) -> FloatArray:
    """Saving of a commitment that is billed for all hours, as a share of on-demand for the hours used.

    1 - committed rate / (utilisation × on-demand rate); negative below the break-even utilisation.

    >>> round(float(commitment_saving(1.90, 3.50, 0.8)), 4)
    0.3214
    """
    used = floats(utilisation)[0]
    return finite(1 - commitment_break_even_utilisation(committed_rate, on_demand_rate) / used)


@quiet
def break_even_volume(
    fixed_cost: ArrayLike, rival_price: ArrayLike, variable_cost: ArrayLike = 0.0
) -> FloatArray:
    """Units at which owning costs as much as buying each: fixed cost / (rival's price - own variable cost per
    unit).

    For tokens take cost and prices of the same month and price per million tokens: the result is in millions.

    >>> float(break_even_volume(24_000, 3.0, 0.6))
    10000.0
    """
    fixed, price, variable = floats(fixed_cost, rival_price, variable_cost)
    return _earned_back(fixed, price - variable)


@quiet
def break_even_rival_price(owned_cost: ArrayLike, quantity: ArrayLike) -> FloatArray:
    """The rival's price per unit (GPU-hour, million tokens) at which owning costs as much: cost / quantity
    used.

    >>> float(break_even_rival_price(300_000, 150_000))
    2.0
    """
    cost, units = floats(owned_cost, quantity)
    return finite(cost / units)


@quiet
def break_even_position(owned: ArrayLike, rented: ArrayLike, discount_factors: ArrayLike = 1.0) -> FloatArray:
    """Months from the start after which owning has, cumulatively, cost no more than renting; interpolated.

    `owned` and `rented` are cash costs by month. Within a month both accrue evenly, so the break-even may lie
    inside one. With discount factors by month it is the discounted break-even. 0 where owning is never
    behind, nan where it does not break even within the months given (`NoBreakEven.NOT_WITHIN_HORIZON`). The
    capital cost stands in the month it is paid; that month's costs count from its beginning.

    >>> float(break_even_position([100.0, 10.0, 10.0, 10.0], [50.0, 50.0, 50.0, 50.0]))
    2.25
    """
    own, rent, factors = floats(owned, rented, discount_factors)
    ahead = np.cumsum((rent - own) * factors, axis=-1)
    at_start = np.zeros((*ahead.shape[:-1], 1))
    return first_crossing(np.concatenate([at_start, ahead], axis=-1))


@quiet
def all_cloud_is_cheaper(utility_premium: ArrayLike, peak_to_average: ArrayLike) -> FloatArray:
    """1 where renting everything is cheaper than owning the peak, 0 where not: premium < peak / average.

    `utility_premium` is the rented price of an hour over the owned cost of one. Source: J. Weinman,
    Cloudonomics.

    >>> float(all_cloud_is_cheaper(2.0, 3.0))
    1.0
    """
    premium, peak = floats(utility_premium, peak_to_average)
    return where(np.isfinite(premium) & np.isfinite(peak), np.where(premium < peak, 1.0, 0.0))
