"""Annuities: the functions are each other's inverses, at any rate and at zero."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desktop_app.engine.finance import annuity, capital_cost

rates = st.one_of(st.just(0.0), st.floats(1e-6, 0.3), st.floats(-0.05, -1e-6))
periods = st.integers(1, 480)
amounts = st.one_of(st.just(0.0), st.floats(1, 1e6), st.floats(-1e6, -1))
whens = st.sampled_from([0, 1])


@given(rates, st.integers(1, 60), amounts, amounts, whens)
def test_payments_are_interest_and_principal_and_repay_all(
    rate: float, nper: int, pv: float, fv: float, when: int
) -> None:
    numbers = np.arange(1, nper + 1)
    payment = annuity.pmt(rate, nper, pv, fv, when)
    interest = annuity.ipmt(rate, numbers, nper, pv, fv, when)
    principal = annuity.ppmt(rate, numbers, nper, pv, fv, when)
    scale = abs(pv) + abs(fv) + 1
    assert interest + principal == pytest.approx(np.full(nper, payment), abs=1e-9 * scale)
    if when == 0:
        assert principal.sum() == pytest.approx(-(pv + fv), abs=1e-7 * scale)


@given(rates, periods, amounts, amounts, whens)
def test_the_balance_of_an_annuity_holds(rate: float, nper: int, pmt: float, fv: float, when: int) -> None:
    pv = float(annuity.pv(rate, nper, pmt, fv, when))
    assume(np.isfinite(pv) and abs(pv) < 1e12)
    scale = abs(pv) + abs(pmt) * nper + abs(fv)
    assert float(annuity.pmt(rate, nper, pv, fv, when)) == pytest.approx(pmt, abs=1e-9 * scale)
    growth = (1 + rate) ** nper
    assert float(annuity.fv(rate, nper, pmt, pv, when)) == pytest.approx(
        fv, abs=1e-9 * scale * max(growth, 1)
    )


@given(rates, st.integers(1, 60), st.floats(1, 1e6), whens)
def test_cumulative_payments_are_the_sums(rate: float, nper: int, pv: float, when: int) -> None:
    assume(rate >= 0)
    first = nper // 3 + 1
    numbers = np.arange(first, nper + 1)
    close = {"rel": 1e-9, "abs": 1e-8 * pv}
    interest = annuity.ipmt(rate, numbers, nper, pv, 0, when).sum()
    principal = annuity.ppmt(rate, numbers, nper, pv, 0, when).sum()
    assert float(annuity.cumipmt(rate, nper, pv, first, nper, when)) == pytest.approx(interest, **close)
    assert float(annuity.cumprinc(rate, nper, pv, first, nper, when)) == pytest.approx(principal, **close)


@given(st.one_of(st.just(0.0), st.floats(1e-5, 0.5), st.floats(-0.02, -1e-5)), st.integers(2, 240), whens)
def test_rate_and_nper_undo_pmt(rate: float, nper: int, when: int) -> None:
    payment = float(annuity.pmt(rate, nper, 10_000, 0, when))
    assert float(annuity.rate(nper, payment, 10_000, 0, when)) == pytest.approx(rate, abs=1e-10)
    # The last payments of a long loan at a high rate are lost in the rounding of the first.
    assume((1 + abs(rate)) ** nper < 1e8)
    assert float(annuity.nper(rate, payment, 10_000, 0, when)) == pytest.approx(nper, rel=1e-6)


@given(st.floats(0, 1), st.integers(1, 365))
def test_effective_and_nominal_rates_undo_each_other(rate: float, times: int) -> None:
    assert float(annuity.nominal(annuity.effect(rate, times), times)) == pytest.approx(rate, abs=1e-12)
    periodic = annuity.periodic_rate(rate, times, effective=True)
    assert float(annuity.effect(periodic * times, times)) == pytest.approx(rate, abs=1e-12)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (annuity.rate(60, -6_000, 120_000), 0.0467819164224934),
        (annuity.rate(60, -1_000, 120_000), -0.0204429522193565),
        (annuity.rate(24, -250, 5_000, 0, 1), 0.016550119066711999),
        (annuity.rate(6, -1_000, 100_000, -126_068), 0.0484721272835728),
        (annuity.rate(6, 1_000, 100_000, -126_068), 0.0302728738275435),
        (annuity.rate(208, -700, 137_600, 8_000), 0),
        (annuity.nper(0.01, -100, -1_000), -9.5785940398132),
        (annuity.nper(0.0, -1_200, 9_000, 5_000, 1), 11.666666666666666),
        (annuity.ipmt(0.00875, 2, 8, 10_000, 5_000, 1), -70.968650395558996),
        (annuity.ipmt(0.00875, 1, 8, 10_000, 5_000, 1), 0),
        (annuity.cumprinc(0.004175, 60, 50_000, 49, 60), -11024.039391968092),
        (annuity.ispmt(0.125, 3, 3, 8_000_000), 0),
        (annuity.pduration(0.025, 2_000, 2_200), 3.8598661626226451),
        (annuity.rri(96, 10_000, 11_000), 0.0009933073762913303),
    ],
)
def test_further_results_of_the_spreadsheet(value: float, expected: float) -> None:
    assert float(value) == pytest.approx(expected, rel=1e-10, abs=1e-10)


@pytest.mark.parametrize(
    "value",
    [
        annuity.pmt(0.1, 0, 1_000),
        annuity.pmt(0.1, 10, 1_000, 0, 2),
        annuity.ipmt(0.1, 0, 3, 8_000),
        annuity.ipmt(0.1, 4, 3, 8_000),
        annuity.cumprinc(0.01, 10, 125_000, 13, 24),
        annuity.cumipmt(0.01, 24, 125_000, 13, 12),
        annuity.nper(0.25, 0.5, 0, 150, 1),
        annuity.rate(0, 1, 8_000),
        annuity.rate(12, 100, 1_000),
    ],
)
def test_an_error_of_the_spreadsheet_is_nan(value: float) -> None:
    assert np.isnan(value)


def test_arguments_broadcast() -> None:
    rate = np.array([[0.0], [0.01]])
    numbers = np.arange(1, 13)
    assert annuity.ipmt(rate, numbers, 12, 1_000).shape == (2, 12)
    assert annuity.rate(48, [-200.0, -250.0], 8_000).shape == (2,)


@given(st.floats(0, 0.5), st.integers(1, 60))
def test_capital_recovery_is_a_payment(rate: float, years: int) -> None:
    assert float(capital_cost.crf(rate, years)) == pytest.approx(
        -float(annuity.pmt(rate, years, 1)), rel=1e-12
    )
    spread = capital_cost.eac(annuity.annuity_factor(rate, years), rate, years)
    assert float(spread) == pytest.approx(1, rel=1e-12)


@given(st.floats(-0.1, 0.5), st.floats(-0.1, 0.5))
def test_real_and_nominal_rates_undo_each_other(rate: float, inflation: float) -> None:
    nominal = capital_cost.nominal_rate(capital_cost.real_rate(rate, inflation), inflation)
    assert float(nominal) == pytest.approx(rate, abs=1e-14)


def test_fixed_charge_rate_carries_the_investment_after_tax() -> None:
    """A level revenue at that rate gives the investment back after tax, by the definition of present
    value."""
    rate, years, tax = 0.07, 6, 0.25
    shares = np.array([0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576])
    factors = (1 + rate) ** -np.arange(1.0, years + 1)
    charge = capital_cost.fixed_charge_rate(rate, years, tax, float(shares @ factors))
    after_tax = charge * (1 - tax) + tax * shares
    assert float(after_tax @ factors) == pytest.approx(1, rel=1e-12)


def test_weighted_cost_of_capital_at_its_ends() -> None:
    assert float(capital_cost.wacc(0, 0.1, 0.06, 0.25)) == pytest.approx(0.1)
    assert float(capital_cost.wacc(1, 0.1, 0.06, 0.25)) == pytest.approx(0.045)
    assert float(capital_cost.debt_share(0)) == 0


def test_construction_finance_grows_with_the_time_money_is_out() -> None:
    one_year = float(capital_cost.construction_finance_factor([1.0], 0.08))
    assert one_year == pytest.approx(1.08**0.5)
    early = float(capital_cost.construction_finance_factor([0.9, 0.1], 0.08, 0.25))
    late = float(capital_cost.construction_finance_factor([0.1, 0.9], 0.08, 0.25))
    assert early > late > 1
    assert float(capital_cost.construction_finance_factor([0.5, 0.5], 0.0)) == pytest.approx(1)
