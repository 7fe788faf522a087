"""Leases: liabilities run to zero, both accounting models cost the same in all, leasing is compared
fairly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desktop_app.engine.finance import annuity, lease, npv

payment_lists = st.lists(st.floats(0, 1e5), min_size=1, max_size=72).map(np.array)
rates = st.one_of(st.just(0.0), st.floats(1e-6, 0.1))


@given(payment_lists, rates, st.booleans())
def test_the_liability_is_the_present_value_and_runs_to_zero(
    payments: np.ndarray, rate: float, in_advance: bool
) -> None:
    schedule = lease.liability_schedule(payments, rate, in_advance)
    liability = float(lease.lease_liability(payments, rate, in_advance))
    close = {"rel": 1e-9, "abs": 1e-9 * payments.sum() + 1e-12}
    by_definition = npv.present_value(rate, payments) if in_advance else npv.npv(rate, payments)
    assert liability == pytest.approx(float(by_definition), **close)
    assert schedule.opening[0] == liability
    assert schedule.closing == pytest.approx(schedule.opening + schedule.interest - schedule.payment, **close)
    assert schedule.closing[:-1] == pytest.approx(schedule.opening[1:], **close)
    assert schedule.closing[-1] == 0
    assert schedule.interest.sum() == pytest.approx(payments.sum() - liability, **close)


@given(payment_lists, rates, st.booleans(), st.floats(-1e3, 1e3))
def test_both_accounting_models_cost_all_payments_in_the_end(
    payments: np.ndarray, rate: float, in_advance: bool, adjustment: float
) -> None:
    schedule = lease.liability_schedule(payments, rate, in_advance)
    asset = lease.right_of_use_asset(schedule.opening[0], prepayments=adjustment)
    finance = lease.finance_lease_asset(asset, schedule)
    operating = lease.operating_lease_asset(asset, schedule)
    close = {"rel": 1e-9, "abs": 1e-7}
    for model in (finance, operating):
        assert model.cost.sum() == pytest.approx(payments.sum() + adjustment, **close)
        assert model.opening[0] == pytest.approx(float(asset), **close)
        assert model.closing == pytest.approx(model.opening - model.amortisation, **close)
        assert model.opening[1:] == pytest.approx(model.closing[:-1], **close)
        assert model.closing[-1] == pytest.approx(0, abs=1e-7)
    assert np.ptp(finance.amortisation) == pytest.approx(0, abs=1e-9 * abs(float(asset)) + 1e-9)
    assert np.ptp(operating.cost) == pytest.approx(0, abs=1e-9)


@given(payment_lists, rates)
def test_an_operating_lease_of_level_payments_keeps_asset_and_liability_equal(
    payments: np.ndarray, rate: float
) -> None:
    schedule = lease.liability_schedule(np.full_like(payments, 1_000.0), rate)
    operating = lease.operating_lease_asset(schedule.opening[0], schedule)
    assert operating.closing == pytest.approx(schedule.closing, abs=1e-6)
    assert operating.cost == pytest.approx(np.full(len(payments), 1_000.0))


def test_a_finance_lease_costs_more_first() -> None:
    schedule = lease.liability_schedule(np.full(60, 1_000.0), 0.06 / 12)
    cost = lease.finance_lease_asset(schedule.opening[0], schedule).cost
    assert np.all(np.diff(cost) < 0)
    shorter = lease.finance_lease_asset(schedule.opening[0], schedule, life=36)
    assert shorter.closing[35] == pytest.approx(0, abs=1e-9)
    assert np.all(shorter.amortisation[36:] == 0)


@given(st.floats(1_000, 1e6), rates, st.integers(1, 84), st.floats(0, 0.9), st.booleans())
def test_the_implicit_rate_is_the_one_the_payment_was_made_with(
    price: float, rate: float, periods: int, left: float, in_advance: bool
) -> None:
    assume(not (in_advance and periods == 1 and left == 0))
    payment = float(lease.lease_payment(price, rate, periods, left * price, in_advance))
    implicit = lease.implicit_rate(price, np.full(periods, payment), left * price, in_advance)
    assert float(implicit) == pytest.approx(rate, abs=1e-7)


def test_schedules_broadcast_over_rates_and_lines() -> None:
    payments = np.arange(24.0).reshape(2, 1, 12)
    schedule = lease.liability_schedule(payments, np.array([0.0, 0.01, 0.02]), in_advance=True)
    assert schedule.closing.shape == (2, 3, 12)
    assert lease.finance_lease_asset(schedule.opening[..., 0], schedule).cost.shape == (2, 3, 12)
    assert lease.operating_lease_asset(schedule.opening[..., 0], schedule).cost.shape == (2, 3, 12)
    assert lease.implicit_rate([100.0, 200.0], payments, 50.0).shape == (2, 2)


@given(st.floats(0, 0.5), st.floats(0, 0.2), st.integers(1, 10))
def test_borrowing_at_the_lease_rate_makes_leasing_worth_nothing(tax: float, rate: float, years: int) -> None:
    """Payments whose after-tax value with the lost shield is the price leave no advantage either way."""
    price = 60_000.0
    depreciation = np.full(years, price / years)
    after_tax = float(lease.after_tax_rate(rate, tax))
    factor = float(annuity.annuity_factor(after_tax, years))
    payment = (price - tax * price / years * factor) / ((1 - tax) * factor)
    value = lease.net_advantage_to_leasing(price, np.full(years, payment), depreciation, tax, rate)
    assert float(value) == pytest.approx(0, abs=1e-6)
    in_advance = lease.net_advantage_to_leasing(
        price, np.full(years, payment), depreciation, tax, rate, in_advance=True
    )
    assert float(in_advance) <= 1e-6


def test_a_residual_value_speaks_for_buying() -> None:
    arguments = (60.0, [22.0] * 3, [20.0] * 3, 0.25, 0.08)
    without = float(lease.net_advantage_to_leasing(*arguments))
    with_residual = float(lease.net_advantage_to_leasing(*arguments, residual_after_tax=6.0))
    assert without - with_residual == pytest.approx(6 / 1.06**3)
