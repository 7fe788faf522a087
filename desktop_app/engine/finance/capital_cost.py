"""What capital costs: capital recovery, equivalent annual cost, WACC, real and nominal rates, fixed charge
rate.

Rates are annual fractions, costs positive. At a zero rate each formula takes its limit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from desktop_app.engine.finance.annuity import annuity_factor
from desktop_app.engine.finance.arrays import FloatArray, along, finite, floats, quiet


@quiet
def crf(rate: ArrayLike, periods: ArrayLike) -> FloatArray:
    """Capital recovery factor r / (1 - (1 + r)^-n): the level payment per 1 of present value; 1 / n at a zero
    rate.

    >>> round(float(crf(0.0832111959, 20)), 6)
    0.104298
    """
    return finite(1 / annuity_factor(rate, periods))


@quiet
def eac(present_cost: ArrayLike, rate: ArrayLike, years: ArrayLike) -> FloatArray:
    """Equivalent annual cost: present value of cost × CRF (positive cost, positive result).

    >>> round(float(eac(1_000, 0.1, 5)), 2)
    263.8
    """
    return finite(np.asarray(present_cost, dtype=np.float64) * crf(rate, years))


@quiet
def debt_share(debt_equity_ratio: ArrayLike) -> FloatArray:
    """Share of debt in the capital: D/V = (D/E) / (1 + D/E).

    >>> float(debt_share(1.5))
    0.6
    """
    (leverage,) = floats(debt_equity_ratio)
    return finite(leverage / (1 + leverage))


@quiet
def wacc(
    debt_share: ArrayLike, cost_of_equity: ArrayLike, cost_of_debt: ArrayLike, tax_rate: ArrayLike
) -> FloatArray:
    """Weighted average cost of capital after tax: E/V × Re + D/V × Rd × (1 - T), with D/V the share of debt.

    NREL's regression case of ProFAST is a test.

    >>> round(float(wacc(0.4, 0.10, 0.06, 0.25)), 6)
    0.078
    """
    debt, equity_rate, debt_rate, tax = floats(debt_share, cost_of_equity, cost_of_debt, tax_rate)
    return finite((1 - debt) * equity_rate + debt * debt_rate * (1 - tax))


@quiet
def real_rate(nominal_rate: ArrayLike, inflation: ArrayLike) -> FloatArray:
    """Real rate (1 + nominal) / (1 + inflation) - 1 (Fisher).

    >>> round(float(real_rate(0.08, 0.025)), 6)
    0.053659
    """
    nominal_, inflation_ = floats(nominal_rate, inflation)
    return finite((nominal_ - inflation_) / (1 + inflation_))


@quiet
def nominal_rate(real_rate: ArrayLike, inflation: ArrayLike) -> FloatArray:
    """Nominal rate (1 + real) (1 + inflation) - 1 (Fisher).

    >>> round(float(nominal_rate(0.035, 0.02)), 4)
    0.0557
    """
    real, inflation_ = floats(real_rate, inflation)
    return finite(real + inflation_ + real * inflation_)


@quiet
def fixed_charge_rate(
    rate: ArrayLike,
    years: ArrayLike,
    tax_rate: ArrayLike,
    pv_of_tax_depreciation: ArrayLike,
    investment_tax_credit: ArrayLike = 0.0,
) -> FloatArray:
    """Yearly revenue before tax that carries 1 of investment: CRF × project finance factor.

    The project finance factor is (1 - T × PV(depreciation) × (1 - ITC / 2) - ITC) / (1 - T), where
    PV(depreciation) is the present value of the tax depreciation percentages of 1 of cost. Source: NREL
    Annual Technology Baseline.

    >>> round(float(fixed_charge_rate(0.07, 20, 0.25, 0.83)), 5)
    0.09974
    """
    tax, depreciation, credit = floats(tax_rate, pv_of_tax_depreciation, investment_tax_credit)
    factor = (1 - tax * depreciation * (1 - credit / 2) - credit) / (1 - tax)
    return finite(crf(rate, years) * factor)


@quiet
def construction_finance_factor(
    yearly_shares: ArrayLike, interest: ArrayLike, tax_rate: ArrayLike = 0.0
) -> FloatArray:
    """What financing a construction adds to its cost: sum of share × (1 + (1 - T) ((1 + i)^(years left) -
    1)).

    `yearly_shares` are the parts of the cost spent in each year of construction, in order along the trailing
    axis; money spent in a year is out for half of it and all later ones. Source: NREL Annual Technology
    Baseline.

    >>> round(float(construction_finance_factor([0.5, 0.5], 0.065, 0.257)), 6)
    1.048687
    """
    shares, rate, tax = floats(yearly_shares, interest, tax_rate)
    years_left = np.arange(shares.shape[-1])[::-1] + 0.5
    interest_paid = np.expm1(years_left * np.log1p(along(rate)))
    return finite(np.sum(shares * (1 + along(1 - tax) * interest_paid), axis=-1))
