"""Depreciation for income tax: published percentage tables, expensing, spreading over months, disposal.

A table is dated data that comes in as an argument (it changes by law, and the law rounds it); this module
applies it and can also derive percentages by declining balance where nothing is published. Shares are
fractions of the depreciable basis (0.2 is 20%) along a trailing axis of tax years, the first being the year
placed in service. Source of the US rules: IRS Publication 946.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from desktop_app.engine.finance.arrays import FloatArray, along, finite, floats, quiet

HALF_YEAR = "half_year"
MID_QUARTER = ("mid_quarter_1", "mid_quarter_2", "mid_quarter_3", "mid_quarter_4")
CONVENTIONS = (HALF_YEAR, *MID_QUARTER)


@dataclass(frozen=True, slots=True)
class TaxTable:
    """One column of a published table: percent of the basis deductible in each tax year, and where it was
    published."""

    recovery_years: int
    convention: str
    percentages: tuple[float, ...]
    source: str
    date: str

    @property
    def shares(self) -> FloatArray:
        """The percentages as fractions of the basis, one per tax year."""
        return np.array(self.percentages) / 100


@quiet
def declining_balance_shares(recovery_years: int, factor: float, first_year_fraction: float) -> FloatArray:
    """Shares by the declining balance with the switch to straight line, with a first tax year of part length.

    A half-year convention has a first year of 0.5, mid-quarter conventions 0.875, 0.625, 0.375 and 0.125. The
    factor is 2 for property of 3 to 10 years and 1.5 for 15 and 20. Published tables are rounded so that they
    sum to 100% and so differ in the second decimal of a percent: use them where there are any.

    >>> [round(float(x), 4) for x in declining_balance_shares(5, 2, 0.5)]
    [0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576]
    """
    shares: list[float] = []
    book, used = 1.0, 0.0
    length = first_year_fraction
    while used < recovery_years - 1e-9:
        length = min(length, recovery_years - used)
        share = max(book * factor / recovery_years, book / (recovery_years - used)) * length
        shares.append(min(share, book))
        book -= shares[-1]
        used += length
        length = 1.0
    return np.array(shares)


@quiet
def with_expensing(shares: ArrayLike, expensed: ArrayLike) -> FloatArray:
    """Shares when a part of the basis is deducted at once in the first year (bonus depreciation, full
    expensing).

    >>> [round(float(x), 3) for x in with_expensing([0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576], 0.4)]
    [0.52, 0.192, 0.115, 0.069, 0.069, 0.035]
    """
    yearly, at_once = floats(shares, expensed)
    first = np.arange(yearly.shape[-1]) == 0
    return finite(yearly * (1 - along(at_once)) + np.where(first, along(at_once), 0.0))


@quiet
def until_disposal(
    shares: ArrayLike, disposal_year: ArrayLike, disposal_year_share: ArrayLike = 0.5
) -> FloatArray:
    """Shares of an asset sold in a tax year (counted from 1): that year's by a part, later years' nothing.

    The part is 0.5 under the half-year convention, 1 where the full year is allowed, 0 where none is.

    >>> [float(x) for x in until_disposal([0.2, 0.32, 0.192], 2)]
    [0.2, 0.16, 0.0]
    """
    yearly, sold, part = floats(shares, disposal_year, disposal_year_share)
    year = np.arange(1, yearly.shape[-1] + 1)
    return finite(yearly * np.where(year < along(sold), 1.0, np.where(year == along(sold), along(part), 0.0)))


@quiet
def monthly_tax_shares(
    shares: ArrayLike,
    months: int,
    months_in_first_year: ArrayLike = 12,
    disposal_age: ArrayLike = np.inf,
    disposal_year_share: ArrayLike = 0.5,
) -> FloatArray:
    """Share of the basis deducted in each month of age; shape (..., months).

    Each tax year's share is spread evenly over the months of that year in which the asset is in use: the
    first year has `months_in_first_year` months (from the month placed in service to the end of the tax
    year), later ones 12. With a `disposal_age` in months (of use before the sale) the year of disposal counts
    by `disposal_year_share`, spread over its months in use, and nothing follows.

    >>> [round(float(x), 4) for x in monthly_tax_shares([0.2, 0.32, 0.48], 5, months_in_first_year=2)]
    [0.1, 0.1, 0.0267, 0.0267, 0.0267]
    """
    yearly, first, sold, part = floats(shares, months_in_first_year, disposal_age, disposal_year_share)
    first, sold, part = along(first), along(sold), along(part)
    age = np.arange(months, dtype=np.float64)

    def tax_year(month: FloatArray) -> FloatArray:
        result: FloatArray = np.where(month < first, 0.0, 1 + np.floor((month - first) / 12))
        return result

    year = tax_year(age)
    begins = np.where(year == 0, 0.0, first + (year - 1) * 12)
    length = np.where(year == 0, first, 12.0)
    last_year = tax_year(np.maximum(np.ceil(sold) - 1, 0.0))
    is_last = year == last_year
    share = _in_year(yearly, year) / np.where(is_last, np.minimum(length, sold - begins), length)
    return finite(np.where(age < sold, share * np.where(is_last, part, 1.0), 0.0))


def _in_year(shares: FloatArray, year: FloatArray) -> FloatArray:
    """The share of each tax year counted from 0; 0 after the last."""
    padded = np.concatenate([shares, np.zeros((*shares.shape[:-1], 1))], axis=-1)
    index = np.minimum(np.nan_to_num(year, nan=0.0), shares.shape[-1]).astype(np.intp)
    leading = np.broadcast_shapes(padded.shape[:-1], index.shape[:-1])
    return np.take_along_axis(
        np.broadcast_to(padded, (*leading, padded.shape[-1])),
        np.broadcast_to(index, (*leading, index.shape[-1])),
        axis=-1,
    )


@quiet
def tax_book_value(cost: ArrayLike, shares: ArrayLike) -> FloatArray:
    """Tax book value at the end of each tax year: cost × (1 - sum of the shares so far); shape (..., years).

    >>> round(float(tax_book_value(500_000, [0.1429, 0.2449, 0.1749, 0.1249])[-1]), 2)
    156200.0
    """
    cost_, yearly = floats(cost, shares)
    return finite(along(cost_) * (1 - np.cumsum(yearly, axis=-1)))


@quiet
def gain_on_disposal(sale: ArrayLike, book_value: ArrayLike) -> FloatArray:
    """Taxable gain on a sale: price - tax book value; a loss is negative.

    >>> float(gain_on_disposal(250_000, 156_200))
    93800.0
    """
    sale_, book = floats(sale, book_value)
    return finite(sale_ - book)


@quiet
def sale_after_tax(sale: ArrayLike, book_value: ArrayLike, tax_rate: ArrayLike) -> FloatArray:
    """Cash from a sale after tax: sale - T × (sale - tax book value). The gain is taxed once, nothing else.

    >>> round(float(sale_after_tax(250_000, 156_200, 0.4)), 2)
    212480.0
    """
    sale_, tax = floats(sale, tax_rate)
    return finite(sale_ - tax * gain_on_disposal(sale_, book_value))


@quiet
def tax_shield(depreciation: ArrayLike, tax_rate: ArrayLike) -> FloatArray:
    """Tax saved by deducting depreciation: T × D.

    >>> float(tax_shield(100_000, 0.25))
    25000.0
    """
    charge, tax = floats(depreciation, tax_rate)
    return finite(charge * tax)


@quiet
def after_tax_cash_flow(
    revenue: ArrayLike,
    operating_cost: ArrayLike,
    depreciation: ArrayLike,
    tax_rate: ArrayLike,
    sale: ArrayLike = 0.0,
    book_value_sold: ArrayLike = 0.0,
) -> FloatArray:
    """Cash flow after tax: (R - C - D)(1 - T) + D, plus in a period of sale the price less tax on the gain.

    `book_value_sold` is the tax book value of what is sold in the period, 0 where nothing is.

    >>> round(float(after_tax_cash_flow(200_000, 30_000, 62_450, 0.4, 250_000, 156_200)), 2)
    339460.0
    """
    received, paid, charge, tax = floats(revenue, operating_cost, depreciation, tax_rate)
    operating = (received - paid) * (1 - tax) + tax_shield(charge, tax)
    return finite(operating + sale_after_tax(sale, book_value_sold, tax))
