"""Break-even: at the figure found, owning and renting cost the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desktop_app.engine.finance import breakeven, npv

amounts = st.floats(1, 1e7)
prices = st.floats(0.01, 1e3)


@given(amounts, prices, prices)
def test_at_break_even_both_have_cost_the_same(capital: float, rival: float, running: float) -> None:
    for function in (breakeven.break_even_hours, breakeven.break_even_months):
        span = float(function(capital, rival, running))
        if rival > running:
            assert capital + span * running == pytest.approx(span * rival, rel=1e-9)
            assert breakeven.no_break_even(capital, rival - running) is None
        else:
            assert np.isnan(span)
            reason = breakeven.no_break_even(capital, rival - running)
            assert reason is breakeven.NoBreakEven.NOTHING_SAVED


@given(amounts, prices, prices)
def test_volume_and_rival_price_are_each_others_inverse(fixed: float, price: float, variable: float) -> None:
    assume(price > variable * 1.001)
    volume = float(breakeven.break_even_volume(fixed, price, variable))
    total = fixed + volume * variable
    assert float(breakeven.break_even_rival_price(total, volume)) == pytest.approx(price, rel=1e-9)


@given(amounts, st.integers(1, 64), prices)
def test_at_break_even_utilisation_renting_costs_as_much(cost: float, gpus: int, rate: float) -> None:
    hours = 5 * 8_760
    used = float(breakeven.break_even_utilisation(cost, gpus, hours, rate))
    assert used * gpus * hours * rate == pytest.approx(cost)


@given(prices, prices)
def test_a_commitment_saves_nothing_at_its_break_even_utilisation(committed: float, on_demand: float) -> None:
    used = breakeven.commitment_break_even_utilisation(committed, on_demand)
    assert float(breakeven.commitment_saving(committed, on_demand, used)) == pytest.approx(0, abs=1e-9)
    assert float(breakeven.commitment_saving(committed, on_demand)) == pytest.approx(
        1 - committed / on_demand
    )


def test_nothing_to_earn_back_breaks_even_at_once() -> None:
    assert float(breakeven.break_even_hours(0, 5, 1)) == 0
    assert float(breakeven.break_even_hours(0, 5, 5)) == 0
    assert np.isnan(breakeven.break_even_hours(0, 1, 5))
    assert breakeven.no_break_even(0, -1) is None
    assert breakeven.no_break_even(np.nan, 1) is breakeven.NoBreakEven.NOT_A_NUMBER


@given(st.floats(1, 1e6), st.floats(1, 1e4), st.floats(0, 1e4))
def test_the_month_found_in_the_series_is_the_formula(capital: float, rent: float, run: float) -> None:
    months = 600
    owned = np.full(months, run)
    owned[0] += capital
    position = float(breakeven.break_even_position(owned, np.full(months, rent)))
    by_formula = float(breakeven.break_even_months(capital, rent, run))
    if position == position:
        # In the first month the capital cost accrues with the rest, so only later months are comparable.
        assume(position > 1)
        assert position == pytest.approx(by_formula, rel=1e-6)
    else:
        assert not by_formula <= months * (1 - 1e-9)


def test_later_purchases_and_refreshes() -> None:
    rent = np.full(8, 50.0)
    # Bought in the third month: behind only from there on.
    bought_late = np.array([50.0, 50, 150, 0, 0, 0, 0, 0])
    assert float(breakeven.break_even_position(bought_late, rent)) == 5
    refreshed = np.array([100.0, 0, 0, 0, 300, 0, 0, 0])
    assert float(breakeven.break_even_position(refreshed, rent)) == 2
    assert float(breakeven.break_even_position(rent, rent)) == 0
    assert np.isnan(breakeven.break_even_position(rent + 1, rent))


def test_discounting_delays_the_break_even_and_may_prevent_it() -> None:
    owned = np.zeros(36)
    owned[0] = 330.0
    rent = np.full(36, 10.0)
    plain = float(breakeven.break_even_position(owned, rent))
    gentle = float(breakeven.break_even_position(owned, rent, npv.discount_factors(0.03, 36)))
    assert plain == pytest.approx(33)
    assert plain < gentle < 36
    assert np.isnan(breakeven.break_even_position(owned, rent, npv.discount_factors(0.2, 36)))
    both = breakeven.break_even_position(owned, np.stack([rent, rent * 2]))
    assert both == pytest.approx([33, 16.5])


def test_peak_to_average() -> None:
    assert breakeven.all_cloud_is_cheaper([2.0, 3.0, np.nan], 2.5) == pytest.approx(
        [1, 0, np.nan], nan_ok=True
    )
