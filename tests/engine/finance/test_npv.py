"""Net present value, internal rates and payback."""

from __future__ import annotations

import datetime as dt
import time

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desktop_app.engine.finance import npv

flows = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40)
investments = st.tuples(st.floats(1, 1e6), st.lists(st.floats(1, 1e6), min_size=1, max_size=80)).map(
    lambda drawn: np.array([-drawn[0], *drawn[1]])
)
rates = st.floats(-0.2, 1.0)


def days(*texts: str) -> list[int]:
    return [dt.date.fromisoformat(text).toordinal() for text in texts]


@given(flows, rates, st.floats(-10, 10))
def test_npv_is_linear_and_one_period_behind_present_value(
    values: list[float], rate: float, k: float
) -> None:
    series = np.array(values)
    scale = np.sum(np.abs(series)) * max(1.0, (1 + rate) ** -len(series)) + 1
    assert float(npv.npv(rate, k * series)) == pytest.approx(
        k * float(npv.npv(rate, series)), abs=1e-9 * scale
    )
    now = float(npv.present_value(rate, series))
    assert float(npv.npv(rate, series)) == pytest.approx(now / (1 + rate), abs=1e-9 * scale)
    assert float(npv.npv(0, series)) == pytest.approx(series.sum(), abs=1e-9 * scale)


@given(flows, st.floats(0, 1), st.integers(1, 39))
def test_a_split_horizon_has_the_same_present_value(values: list[float], rate: float, cut: int) -> None:
    series = np.array(values)
    first, second = series[:cut], series[cut:]
    assume(second.size)
    later = npv.present_value(rate, second) * npv.discount_factor(rate, cut)
    whole = npv.present_value(rate, series)
    assert float(npv.present_value(rate, first) + later) == pytest.approx(float(whole), abs=1e-6)


@given(investments)
def test_at_the_internal_rate_the_present_value_is_zero(series: np.ndarray) -> None:
    rate = npv.irr(series)
    assume(np.isfinite(rate))
    value = npv.present_value(rate, series)
    weights = npv.present_value(rate, np.abs(series))
    assert abs(float(value)) <= 1e-10 * float(weights)
    assert npv.internal_rate(series).value == rate


@given(investments, st.floats(0.001, 1_000))
def test_the_internal_rate_does_not_depend_on_scale(series: np.ndarray, scale: float) -> None:
    assert npv.irr(series * scale) == pytest.approx(npv.irr(series), rel=1e-9, abs=1e-12, nan_ok=True)


@given(st.floats(-0.5, 5), st.integers(1, 60))
def test_the_rate_of_two_flows_is_their_growth(rate: float, periods: int) -> None:
    series = np.zeros(periods + 1)
    series[0], series[-1] = -1_000, 1_000 * (1 + rate) ** periods
    assert float(npv.irr(series)) == pytest.approx(rate, abs=1e-9)


@pytest.mark.parametrize(
    ("series", "reason"),
    [
        ([100, 100], npv.NoRate.NO_SIGN_CHANGE),
        ([0, 0], npv.NoRate.NO_SIGN_CHANGE),
        ([-100, np.nan], npv.NoRate.NOT_A_NUMBER),
        ([-1_000, 2_500, -1_540], npv.NoRate.SEVERAL_RATES),
        ([-1_000, 2_000, -1_500], npv.NoRate.NO_RATE),
        ([], npv.NoRate.NO_SIGN_CHANGE),
    ],
)
def test_there_may_be_no_rate_and_a_reason(series: list[float], reason: npv.NoRate) -> None:
    found = npv.internal_rate(series)
    assert np.isnan(found.value)
    assert found.reason is reason


def test_of_several_rates_the_guess_chooses() -> None:
    series = [-1_000, 2_500, -1_540]
    assert np.isnan(npv.irr(series))
    assert float(npv.irr(series, 0.05)) == pytest.approx(0.1)
    assert float(npv.irr(series, 0.5)) == pytest.approx(0.4)
    assert npv.internal_rate(series, guess=0.5).value == pytest.approx(0.4)


def test_a_final_cost_leaves_the_rate_that_is_meant() -> None:
    # Decommissioning changes the sign once more: -98.4% balances the flows too, and is no answer to anything.
    series = [-100, 60, 60, -1]
    assert float(npv.irr(series)) == pytest.approx(0.1252960, abs=1e-7)
    assert float(npv.present_value(npv.irr(series), series)) == pytest.approx(0, abs=1e-10)
    assert float(npv.irr(series, -0.98)) == pytest.approx(-0.98360, abs=1e-5)
    # Where it is the only one it is the rate.
    assert float(npv.irr([-100, 1])) == pytest.approx(-0.99)


@pytest.mark.parametrize(
    ("series", "dates", "expected"),
    [
        (
            [1893.67, 139947.43, 52573.25, 48849.74, 26369.16, -273029.18],
            days("2019-06-27", "2019-06-20", "2019-06-21", "2019-06-24", "2019-06-27", "2019-07-27"),
            0.137963527441025,
        ),
        ([4_000, -46_000], days("2015-04-01", "2019-06-27"), 0.77868869226873),
        ([-100, 20, 40, 25], days("2010-01-01", "2010-04-01", "2010-10-01", "2011-02-01"), -0.197387315),
        ([55_600, -51_094.83], days("2021-11-24", "2021-12-24"), -0.642307613),
        ([-1_000, 1_000], days("2010-01-01", "2011-01-01"), 0.0),
        ([-100, 1_000], days("2019-12-31", "2020-03-05"), 412461.6383),
        ([-1_000, 0], days("2010-01-01", "2011-01-01"), np.nan),
    ],
)
def test_dated_rates_of_the_spreadsheet(series: list[float], dates: list[int], expected: float) -> None:
    assert float(npv.xirr(series, dates)) == pytest.approx(expected, rel=1e-7, abs=1e-8, nan_ok=True)
    assert float(npv.xirr(series[::-1], dates[::-1])) == pytest.approx(
        expected, rel=1e-7, abs=1e-8, nan_ok=True
    )


@given(investments, st.floats(0, 0.5))
def test_yearly_dates_are_periods(series: np.ndarray, rate: float) -> None:
    dates = 365 * np.arange(len(series)) + 700_000
    assert float(npv.xnpv(rate, series, dates)) == pytest.approx(
        float(npv.present_value(rate, series)), rel=1e-9
    )
    assert npv.xirr(series, dates) == pytest.approx(npv.irr(series), rel=1e-9, abs=1e-9, nan_ok=True)


def test_many_series_at_once_are_each_series_alone() -> None:
    random = np.random.default_rng(7)
    series = random.uniform(-500, 1_500, (3, 50, 24))
    series[..., 0] = -8_000
    together = npv.irr(series)
    assert together.shape == (3, 50)
    alone = np.array([npv.internal_rate(row).value for row in series.reshape(-1, 24)]).reshape(3, 50)
    assert together == pytest.approx(alone, rel=1e-12, nan_ok=True)
    dated = npv.xirr(series[0], np.tile(365.0 * np.arange(24), (50, 1)))
    assert dated == pytest.approx(together[0], rel=1e-9, nan_ok=True)


def test_ten_thousand_rates_take_seconds_not_minutes() -> None:
    series = np.random.default_rng(1).uniform(1_000, 3_000, (10_000, 61))
    series[:, 0] = -70_000
    began = time.perf_counter()
    assert np.all(np.isfinite(npv.irr(series)))
    assert time.perf_counter() - began < 10


def test_mirr_of_the_spreadsheet() -> None:
    series = [-120_000, 39_000, 30_000, 21_000, 37_000, 46_000]
    assert float(npv.mirr(series, 0.10, 0.12)) == pytest.approx(0.12609413036591, rel=1e-12)
    assert float(npv.mirr(series, 0.10, 0.14)) == pytest.approx(0.13475911082831, rel=1e-12)
    assert np.isnan(npv.mirr([1, 2, 3], 0.1, 0.1))


@given(investments)
def test_mirr_at_the_internal_rate_is_the_internal_rate(series: np.ndarray) -> None:
    rate = float(npv.irr(series))
    assume(-0.9 < rate < 10)
    assert float(npv.mirr(series, rate, rate)) == pytest.approx(rate, rel=1e-6, abs=1e-9)


def test_discount_factors_by_timing() -> None:
    start = npv.discount_factors(0.1, 25, "start")
    middle = npv.discount_factors(0.1, 25)
    end = npv.discount_factors(0.1, 25, "end")
    assert start[[0, 12, 24]] == pytest.approx([1, 1 / 1.1, 1 / 1.21])
    assert end[:-1] == pytest.approx(start[1:])
    assert middle == pytest.approx(np.sqrt(start * end))
    assert npv.discount_factors([[0.0], [0.1]], 6).shape == (2, 1, 6)
    assert np.all(npv.discount_factors(0.0, 6) == 1)


def test_payback() -> None:
    assert float(npv.simple_payback([-100, 50, 50])) == 2
    assert float(npv.simple_payback([-100, 30, 140])) == 1.5
    assert float(npv.simple_payback([0, -100, 200])) == 1.5
    assert float(npv.simple_payback([10, 10])) == 0
    assert np.isnan(npv.simple_payback([-100, 10, 10]))
    assert np.isnan(npv.simple_payback([-100, np.nan, 300]))
    assert npv.simple_payback([[-100, 60, 60], [-100, 20, 20]]) == pytest.approx(
        [1 + 2 / 3, np.nan], nan_ok=True
    )


@given(investments, st.floats(0.001, 0.5))
def test_discounted_payback_is_later_and_exists_where_the_value_is_not_negative(
    series: np.ndarray, rate: float
) -> None:
    simple, discounted = float(npv.simple_payback(series)), float(npv.discounted_payback(series, rate))
    worth_it = float(npv.present_value(rate, series))
    assume(abs(worth_it) > 1e-6)
    assert np.isfinite(discounted) == (worth_it > 0)
    if np.isfinite(discounted):
        assert discounted >= simple - 1e-9
    assert float(npv.discounted_payback(series, 0.0)) == pytest.approx(simple, nan_ok=True)
