"""Leases: liability and right-of-use schedules (IFRS 16, ASC 842), lease against purchase, implicit rate.

Payments, liability and costs are positive. Rates are per payment period (see `annuity.periodic_rate`), the
trailing axis is the period. A final payment such as a purchase option is part of the last payment of a lease
in arrears. Source: IFRS 16 paragraphs 26-28 and 36, ASC 842-20-25-6 and 842-20-35; net advantage to leasing
as in corporate finance textbooks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from desktop_app.engine.finance.annuity import pmt
from desktop_app.engine.finance.arrays import FloatArray, along, finite, floats, quiet
from desktop_app.engine.finance.npv import discount_factor, irr


@dataclass(frozen=True, slots=True)
class LiabilitySchedule:
    """Lease liability by period, arrays of shape (..., periods); closing = opening + interest - payment."""

    opening: FloatArray
    interest: FloatArray
    payment: FloatArray
    closing: FloatArray


@dataclass(frozen=True, slots=True)
class RightOfUseSchedule:
    """Right-of-use asset by period, arrays of shape (..., periods); closing = opening - amortisation.

    `cost` is what the profit and loss statement shows for the lease: amortisation plus interest.
    """

    opening: FloatArray
    amortisation: FloatArray
    closing: FloatArray
    cost: FloatArray


@quiet
def lease_liability(payments: ArrayLike, rate: ArrayLike, in_advance: bool = False) -> FloatArray:
    """Initial lease liability: present value of the payments at the rate per period; shape of the leading
    axes.

    Paid in advance, the first payment is made at once and part of it.

    >>> round(float(lease_liability([25_000] * 4, 0.06 / 4)), 2)
    96359.62
    """
    return finite(_owed(payments, rate, in_advance)[..., 0])


@quiet
def liability_schedule(payments: ArrayLike, rate: ArrayLike, in_advance: bool = False) -> LiabilitySchedule:
    """The liability period by period: it grows by interest and falls by payments to zero.

    In arrears interest accrues on the opening liability; in advance on what is left after the period's
    payment.

    >>> [round(float(x), 2) for x in liability_schedule([100, 100], 0.1).closing]
    [90.91, 0.0]
    """
    paid, rate_ = floats(payments, rate)
    owed = _owed(paid, rate_, in_advance)
    opening, closing = owed[..., :-1], owed[..., 1:]
    bearing = opening - paid if in_advance else opening
    return LiabilitySchedule(
        finite(opening),
        finite(bearing * along(rate_)),
        finite(np.broadcast_to(paid, opening.shape)),
        finite(closing),
    )


def _owed(payments: ArrayLike, rate: ArrayLike, in_advance: bool) -> FloatArray:
    """Present value of what is still to be paid at each period's beginning and, last, at the end (zero)."""
    paid, rate_ = floats(payments, rate)
    periods = paid.shape[-1]
    due = np.arange(periods) + (0 if in_advance else 1)
    discounted = paid * discount_factor(along(rate_), due)
    # Summed from the end, so that the last liabilities are not differences of large numbers.
    rest = np.cumsum(discounted[..., ::-1], axis=-1)[..., ::-1]
    owed = rest / discount_factor(along(rate_), np.arange(periods))
    return np.concatenate([owed, np.zeros((*owed.shape[:-1], 1))], axis=-1)


@quiet
def right_of_use_asset(
    liability: ArrayLike,
    prepayments: ArrayLike = 0.0,
    direct_costs: ArrayLike = 0.0,
    restoration: ArrayLike = 0.0,
    incentives: ArrayLike = 0.0,
    deferred_rent: ArrayLike = 0.0,
) -> FloatArray:
    """Right-of-use asset at the start: liability + prepayments + direct costs + restoration - incentives -
    deferred rent.

    >>> round(float(right_of_use_asset(22_888.87, 200, 400, 100, 300, 500)), 2)
    22788.87
    """
    owed, prepaid, direct, restore, incentive, deferred = floats(
        liability, prepayments, direct_costs, restoration, incentives, deferred_rent
    )
    return finite(owed + prepaid + direct + restore - incentive - deferred)


@quiet
def finance_lease_asset(
    right_of_use: ArrayLike,
    liability: LiabilitySchedule,
    life: ArrayLike | None = None,
    ownership_passes: bool = False,
) -> RightOfUseSchedule:
    """Right-of-use asset of IFRS 16 and of a finance lease under ASC 842: straight line over the term.

    A `life` in periods that is shorter than the term amortises over it. Where ownership passes to the lessee,
    or a purchase option is reasonably certain to be exercised, it is the life in any case (IFRS 16 paragraph
    32, ASC 842-20-35-8), and the asset is not used up when the term ends. The cost falls over time, since
    interest does.

    >>> schedule = finance_lease_asset(736_008.71, liability_schedule([100_000.0] * 10, 0.06))
    >>> round(float(schedule.closing[4]), 0)
    368004.0
    >>> bought = finance_lease_asset(60.0, liability_schedule([21.0] * 3, 0.025), 5, ownership_passes=True)
    >>> bought.closing.tolist()
    [48.0, 36.0, 24.0]
    """
    (asset,) = floats(right_of_use)
    periods = liability.opening.shape[-1]
    (term,) = floats(periods if life is None else life)
    if not ownership_passes:
        term = np.minimum(term, periods)
    age = np.arange(periods + 1)
    remaining = along(asset) * (1 - np.minimum(age / along(term), 1.0))
    opening, closing = remaining[..., :-1], remaining[..., 1:]
    amortisation = opening - closing
    return RightOfUseSchedule(
        finite(opening), finite(amortisation), finite(closing), finite(amortisation + liability.interest)
    )


@quiet
def operating_lease_asset(right_of_use: ArrayLike, liability: LiabilitySchedule) -> RightOfUseSchedule:
    """Right-of-use asset of an operating lease under ASC 842: the cost is level, amortisation is what is left
    of it.

    Cost per period = (all interest + the asset) / periods, amortisation = cost - interest, so that the asset
    ends at zero. With no prepayments, incentives or direct costs the cost is the average payment.

    >>> schedule = liability_schedule([100.0, 110.0, 120.0], 0.05)
    >>> [round(float(x), 2) for x in operating_lease_asset(schedule.opening[0], schedule).cost]
    [110.0, 110.0, 110.0]
    """
    (asset,) = floats(right_of_use)
    periods = liability.opening.shape[-1]
    level = (along(asset) + np.sum(liability.interest, axis=-1, keepdims=True)) / periods
    amortisation = level - liability.interest
    used = np.cumsum(amortisation, axis=-1)
    closing = along(asset) - used
    return RightOfUseSchedule(
        finite(closing + amortisation),
        finite(amortisation),
        finite(closing),
        finite(np.broadcast_to(level, amortisation.shape)),
    )


@quiet
def lease_payment(
    principal: ArrayLike,
    rate: ArrayLike,
    periods: ArrayLike,
    buy_out: ArrayLike = 0.0,
    in_advance: bool = False,
) -> FloatArray:
    """Level payment that finances a principal down to a buy-out price at the rate per period.

    >>> round(float(lease_payment(10_000, 0.08 / 12, 10)), 2)
    1037.03
    """
    price, at_end = floats(principal, buy_out)
    return finite(-pmt(rate, periods, price, -at_end, int(in_advance)))


@quiet
def implicit_rate(
    price: ArrayLike, payments: ArrayLike, residual: ArrayLike = 0.0, in_advance: bool = False
) -> FloatArray:
    """Rate per period implicit in a lease: payments and residual value are worth the asset's price at it.

    `residual` is due at the end of the term: a buy-out price, or the value the lessor gets back. nan where
    there is no such rate.

    >>> round(float(implicit_rate(8_000, [200.0] * 48)), 6)
    0.007701
    """
    price_, paid, at_end = floats(price, payments, residual)
    leading = np.broadcast_shapes(price_.shape, paid.shape[:-1], at_end.shape)
    periods = paid.shape[-1]
    flows = np.zeros((*leading, periods + 1))
    flows[..., 0] -= price_
    flows[..., 0 if in_advance else 1 : periods + (0 if in_advance else 1)] += paid
    flows[..., periods] += at_end
    return irr(flows)


@quiet
def after_tax_rate(rate: ArrayLike, tax_rate: ArrayLike) -> FloatArray:
    """Cost of debt after tax, whose interest is deductible: rate × (1 - T).

    >>> round(float(after_tax_rate(0.08, 0.25)), 4)
    0.06
    """
    before, tax = floats(rate, tax_rate)
    return finite(before * (1 - tax))


@quiet
def lease_cash_flow(payments: ArrayLike, depreciation: ArrayLike, tax_rate: ArrayLike) -> FloatArray:
    """What leasing instead of buying costs each period (negative): -(payment (1 - T) + lost shield T ×
    depreciation).

    >>> float(lease_cash_flow(22, 20, 0.25))
    -21.5
    """
    paid, charge, tax = floats(payments, depreciation, tax_rate)
    return finite(-(paid * (1 - tax) + charge * tax))


@quiet
def net_advantage_to_leasing(
    price: ArrayLike,
    payments: ArrayLike,
    depreciation: ArrayLike,
    tax_rate: ArrayLike,
    debt_rate: ArrayLike,
    residual_after_tax: ArrayLike = 0.0,
    in_advance: bool = False,
) -> FloatArray:
    """Value of leasing over buying with borrowed money; positive: lease.

    Price avoided - present value of after-tax payments, of the depreciation shield forgone (at each period's
    end) and of the residual value forgone (after tax, at the end of the term), all at the after-tax cost of
    debt. `debt_rate` is before tax, per period; payments and depreciation have the same number of periods.

    >>> round(float(net_advantage_to_leasing(60, [22.0] * 3, [20.0] * 3, 0.25, 0.08)), 2)
    2.53
    """
    price_, paid, charge, tax, residual = floats(price, payments, depreciation, tax_rate, residual_after_tax)
    rate = after_tax_rate(debt_rate, tax)
    periods = max(paid.shape[-1], charge.shape[-1])
    ends = np.arange(1, periods + 1)
    at_end = discount_factor(along(rate), ends)
    at_payment = discount_factor(along(rate), ends - 1) if in_advance else at_end
    leased = np.sum(paid * along(1 - tax) * at_payment + charge * along(tax) * at_end, axis=-1)
    return finite(price_ - leased - residual * at_end[..., -1])
