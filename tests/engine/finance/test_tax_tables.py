"""Tax depreciation: percentages applied by year and by month, expensing, disposal taxed once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.engine.finance import npv
from desktop_app.engine.finance import tax_tables as tax

FIVE_YEARS = np.array([0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576])
fractions = st.floats(0, 1)


@given(st.integers(3, 40), st.sampled_from([1.0, 1.5, 2.0]), st.one_of(st.just(1.0), st.floats(0.05, 0.99)))
def test_derived_shares_deduct_the_whole_basis(years: int, factor: float, first: float) -> None:
    shares = tax.declining_balance_shares(years, factor, first)
    assert shares.sum() == pytest.approx(1)
    assert np.all(shares > 0)
    assert len(shares) == (years if first == 1 else years + 1)


@given(fractions)
def test_expensing_moves_deductions_forward_and_changes_no_total(at_once: float) -> None:
    shares = tax.with_expensing(FIVE_YEARS, at_once)
    assert shares.sum() == pytest.approx(1)
    assert np.all(np.cumsum(shares) >= np.cumsum(FIVE_YEARS) - 1e-12)
    assert tax.with_expensing(FIVE_YEARS, 1.0).tolist() == [1, 0, 0, 0, 0, 0]
    assert tax.with_expensing(FIVE_YEARS, [0.0, at_once]).shape == (2, 6)


@given(st.integers(1, 12), st.integers(0, 100))
def test_months_add_up_to_tax_years(first: int, months: int) -> None:
    monthly = tax.monthly_tax_shares(FIVE_YEARS, months, first)
    assert monthly.shape == (months,)
    whole = tax.monthly_tax_shares(FIVE_YEARS, 72, first)
    ends = first + 12 * np.arange(6)
    assert np.diff(np.cumsum(whole)[ends - 1], prepend=0) == pytest.approx(FIVE_YEARS)
    assert monthly == pytest.approx(tax.monthly_tax_shares(FIVE_YEARS, 100, first)[:months])


@given(st.integers(1, 12), st.integers(1, 71), st.sampled_from([0.0, 0.5, 1.0]))
def test_disposal_by_month_and_by_year_deduct_the_same(first: int, age: int, part: float) -> None:
    year = 1 if age <= first else 2 + (age - first - 1) // 12
    yearly = tax.until_disposal(FIVE_YEARS, year, part)
    monthly = tax.monthly_tax_shares(FIVE_YEARS, 84, first, age, part)
    assert monthly.sum() == pytest.approx(yearly.sum())
    assert np.all(monthly[age:] == 0)
    if part > 0 and year <= 6:
        assert np.all(monthly[:age] > 0)


def test_monthly_shares_broadcast_over_lines_and_tables() -> None:
    tables = np.stack([FIVE_YEARS, tax.with_expensing(FIVE_YEARS, 1.0)])
    monthly = tax.monthly_tax_shares(
        tables[:, np.newaxis], 24, np.array([12, 3, 1]), np.array([np.inf, 5, 9])
    )
    assert monthly.shape == (2, 3, 24)
    alone = tax.monthly_tax_shares(FIVE_YEARS, 24, 3, 5)
    assert monthly[0, 1] == pytest.approx(alone)


def test_full_and_half_year_of_disposal() -> None:
    assert tax.until_disposal(FIVE_YEARS, 4, 1.0) == pytest.approx([0.2, 0.32, 0.192, 0.1152, 0, 0])
    assert tax.until_disposal(FIVE_YEARS, 4) == pytest.approx([0.2, 0.32, 0.192, 0.0576, 0, 0])


@given(st.floats(1, 1e6), fractions, fractions, st.floats(0, 1e6))
def test_a_sale_is_taxed_on_its_gain_once(cost: float, kept: float, rate: float, sale: float) -> None:
    book = cost * kept
    gain = float(tax.gain_on_disposal(sale, book))
    # The tax of the sale is T × gain, the cash the price: nothing of either comes in twice.
    assert float(tax.sale_after_tax(sale, book, rate)) == pytest.approx(sale - rate * gain, abs=1e-6)
    flow = tax.after_tax_cash_flow(0, 0, 0, rate, sale, book)
    assert float(flow) == pytest.approx(float(tax.sale_after_tax(sale, book, rate)), abs=1e-6)


@given(st.floats(0, 0.6), st.integers(1, 6))
def test_over_the_whole_life_tax_is_paid_on_the_profit(rate: float, sold_in: int) -> None:
    cost, revenue, running, sale = 1_000.0, 500.0, 100.0, 300.0
    shares = tax.until_disposal(FIVE_YEARS, sold_in, 0.5)[:sold_in]
    book = tax.tax_book_value(cost, shares)[-1]
    last = np.arange(sold_in) == sold_in - 1
    flows = tax.after_tax_cash_flow(
        revenue, running, cost * shares, rate, np.where(last, sale, 0), np.where(last, book, 0)
    )
    profit = sold_in * (revenue - running) + sale - cost
    assert flows.sum() - cost == pytest.approx(profit * (1 - rate))


def test_depreciation_sooner_is_worth_more() -> None:
    factors = npv.discount_factors(0.1, 72)
    spread = tax.monthly_tax_shares(FIVE_YEARS, 72) @ factors
    at_once = tax.monthly_tax_shares(tax.with_expensing(FIVE_YEARS, 1.0), 72) @ factors
    assert at_once > spread
