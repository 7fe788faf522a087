"""Depreciation: charges add up to cost less salvage, and VDB is the schedule computed period by period."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.engine.finance import depreciation as dep

costs = st.floats(1, 1e7)
shares = st.one_of(st.just(0.0), st.floats(0, 1))
lives = st.one_of(st.integers(1, 60).map(float), st.floats(0.3, 60))
factors = st.one_of(st.sampled_from([1.0, 1.5, 2.0, 3.0]), st.floats(0.1, 12))


def schedule_by_period(
    cost: float, salvage: float, life: float, start: float, end: float, factor: float, no_switch: bool
) -> float:
    """The definition, one period after the other."""
    book, total, level = cost, 0.0, None
    for period in range(1, math.ceil(end) + 1):
        declining = min(book * min(factor / life, 1.0), max(book - salvage, 0.0))
        straight = (book - salvage) / (life - (period - 1))
        if level is None and not no_switch and straight > declining:
            level = straight
        charge = declining if level is None else level
        total += charge * max(0.0, min(end, period) - max(start, period - 1))
        book -= charge
    return total


@given(costs, shares, lives, st.floats(0, 1), st.floats(0, 1), factors, st.booleans(), st.booleans())
def test_vdb_is_the_schedule_computed_period_by_period(
    cost: float, share: float, life: float, a: float, b: float, factor: float, no_switch: bool, whole: bool
) -> None:
    start, end = sorted((a * life, b * life))
    if whole:
        start, end = math.floor(start), math.floor(end)
    salvage = cost * share
    expected = schedule_by_period(cost, salvage, life, start, end, factor, no_switch)
    ours = dep.vdb(cost, salvage, life, start, end, factor, no_switch)
    assert float(ours) == pytest.approx(expected, rel=1e-9, abs=1e-9 * cost)


@given(costs, shares, st.integers(1, 60))
def test_charges_of_a_whole_life_are_cost_less_salvage(cost: float, share: float, life: int) -> None:
    salvage = cost * share
    periods = np.arange(1, life + 1)
    due = pytest.approx(cost - salvage, rel=1e-9, abs=1e-9 * cost)
    assert float(dep.sln(cost, salvage, life) * life) == due
    assert float(dep.syd(cost, salvage, life, periods).sum()) == due
    assert float(dep.vdb(cost, salvage, life, periods - 1, periods).sum()) == due
    assert float(dep.ddb(cost, salvage, life, periods).sum()) <= (cost - salvage) * (1 + 1e-9)


@given(costs, st.floats(0.001, 1), st.integers(1, 40), st.integers(1, 12))
def test_db_charges_its_rounded_rate_on_what_is_left(
    cost: float, share: float, life: int, month: int
) -> None:
    rate = round(math.floor((1 - share ** (1 / life)) * 1000 + 0.5) / 1000, 3)
    years = life + (month < 12)
    charges = dep.db(cost, cost * share, life, np.arange(1, years + 1), month)
    book = cost - np.cumsum(charges)
    assert charges[0] == pytest.approx(cost * rate * month / 12, abs=1e-9 * cost)
    if life > 1:
        assert charges[1:life] == pytest.approx(rate * book[: life - 1], abs=1e-9 * cost)
    assert np.isnan(dep.db(cost, cost * share, life, years + 1, month))


@given(lives, shares, factors, st.sampled_from([1.0, 3.0, 12.0]))
def test_monthly_shares_sum_to_what_is_not_salvage(
    life: float, salvage: float, factor: float, period: float
) -> None:
    months = math.ceil(life) + 2
    due = pytest.approx(1 - salvage, abs=1e-9)
    assert float(dep.straight_line_profile(life, months, salvage).sum()) == due
    assert float(dep.sum_of_digits_profile(life, months, salvage, period).sum()) == due
    declining = dep.declining_balance_profile(life, months, factor, salvage, months_per_period=period)
    assert float(declining.sum()) == due
    assert np.all(declining >= -1e-12)


def test_profiles_are_the_yearly_charges_spread_over_months() -> None:
    cost, salvage, years = 12_000.0, 1_000.0, 5
    yearly = dep.declining_balance_profile(60, 60, 2, salvage / cost, months_per_period=12).reshape(5, 12)
    assert yearly.sum(axis=1) * cost == pytest.approx(
        dep.vdb(cost, salvage, years, np.arange(5), np.arange(1, 6))
    )
    assert np.ptp(yearly, axis=1) == pytest.approx(np.zeros(5), abs=1e-15)
    digits = dep.sum_of_digits_profile(60, 60, salvage / cost).reshape(5, 12).sum(axis=1) * cost
    assert digits == pytest.approx(dep.syd(cost, salvage, years, np.arange(1, 6)))


def test_profiles_broadcast_over_leading_axes_and_switch_per_line() -> None:
    life = np.array([[36.0], [60.0]])
    salvage = np.array([0.0, 0.1, 0.2])
    assert dep.straight_line_profile(life, 72, salvage).shape == (2, 3, 72)
    assert dep.sum_of_digits_profile(life, 72, salvage).shape == (2, 3, 72)
    switching = dep.declining_balance_profile(life, 72, 2.0, salvage, switch=np.array([True, False, True]))
    assert switching.shape == (2, 3, 72)
    assert switching[1, 0].sum() == pytest.approx(1)
    assert switching[1, 1].sum() == pytest.approx(0.869, abs=1e-3)  # 1 - (1 - 2 / 60)^60


@pytest.mark.parametrize(
    ("charge", "expected"),
    [
        (dep.db(10_000, 1_000, 5, 6, 6), 238.52712458788),
        (dep.db(12_000, 2_000, 3.5, 2, 1), 4651.199),
        (dep.db(12_000, 2_000, 5, 2.5, 1.2), 3521.399),
        (dep.db(12_000, 15_000, 5, 2, 1), -554.116),
        (dep.db(0, 0, 5, 6, 6), 0),
        (dep.ddb(2_400, 300, 36_500, 7, 14), 0.91843145432708),
        (dep.ddb(12_000, 1_000, 3.5, 3, 0.5), 1259.4752186588921),
        (dep.ddb(12_000, 15_000, 5, 2, 0.5), 0),
        (dep.ddb(10_000, 1_000, 5, 5), 296),
        (dep.syd(8_000, 0, 7, 3), 1428.5714285714287),
        (dep.syd(12_000, 1_000, 2.5, 1.5), 5028.571428571428),
    ],
)
def test_further_results_of_the_spreadsheet(charge: float, expected: float) -> None:
    assert float(charge) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    "charge",
    [
        dep.sln(1_000, 0, 0),
        dep.syd(10_000, 1_000, 5, 6),
        dep.syd(10_000, 1_000, 5, 0),
        dep.syd(10_000, -1, 5, 2),
        dep.db(-1_000, 100, 5, 6, 6),
        dep.db(12_000, 1_000, 5, 0, 1),
        dep.db(12_000, 1_000, 5, 2, 0),
        dep.db(12_000, 1_000, 5, 6, 12),
        dep.ddb(12_000, 1_000, 2, 3, 0.5),
        dep.ddb(12_000, 1_000, 5, 3, -0.5),
        dep.vdb(2_400, 300, 10, 3, 2),
        dep.vdb(2_400, 300, 10, 0, 11),
        dep.vdb(300, 2_400, 10, 0, 1),
    ],
)
def test_an_error_of_the_spreadsheet_is_nan(charge: float) -> None:
    assert np.isnan(charge)


def test_a_life_of_any_length_costs_nothing_more() -> None:
    assert float(dep.vdb(1e6, 1e5, 1e12, 0, 1e12)) == pytest.approx(9e5)


def test_units_of_production_stop_when_the_total_is_used_up() -> None:
    charges = dep.units_of_production([1_000, 2_000], 0, 100, [[30, 30, 60, 5], [10, 10, 10, 10]])
    assert charges.tolist() == [[300, 300, 400, 0], [200, 200, 200, 200]]


def test_economic_value_loses_what_its_hours_cost() -> None:
    years = np.linspace(0, 3, 30_001)
    per_hour = dep.economic_cost_per_hour(30_000, years)
    lost = np.trapezoid(per_hour, years) * 8_766
    assert lost == pytest.approx(30_000 - float(dep.economic_value(30_000, 3)), rel=1e-6)
