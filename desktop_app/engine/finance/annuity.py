"""Level payments: PMT, IPMT, PPMT, CUMIPMT, CUMPRINC, PV, FV, NPER, RATE, and effective and nominal rates.

The functions keep the spreadsheet's signs: money received is positive, money paid out is negative, and
pv (1 + r)^n + pmt (1 + r when) ((1 + r)^n - 1) / r + fv = 0 holds for the rate r per period; `when` is 0 for
payments at the end of a period (in arrears) and 1 at its beginning (in advance). At a zero rate each formula
takes its limit. Source: Microsoft's function reference.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from desktop_app.engine.finance.arrays import FloatArray, finite, floats, quiet, where
from desktop_app.engine.finance.roots import roots_of


@quiet
def annuity_factor(rate: ArrayLike, nper: ArrayLike) -> FloatArray:
    """Present value of 1 paid at the end of each of `nper` periods: (1 - (1 + r)^-n) / r, n at a zero rate.

    >>> round(float(annuity_factor(0.06, 3)), 3)
    2.673
    """
    rate_, nper_ = floats(rate, nper)
    return finite(np.where(rate_ == 0, nper_, -np.expm1(-nper_ * np.log1p(rate_)) / rate_))


@quiet
def _growth(rate: FloatArray, nper: FloatArray) -> FloatArray:
    """(1 + r)^n."""
    return np.exp(nper * np.log1p(rate))


@quiet
def pmt(
    rate: ArrayLike, nper: ArrayLike, pv: ArrayLike, fv: ArrayLike = 0.0, when: ArrayLike = 0
) -> FloatArray:
    """Level payment per period that repays `pv` and leaves `fv`: -(pv + fv (1 + r)^-n) / (a(r, n) (1 + r
    when)).

    >>> round(float(pmt(0.08 / 12, 10, 10_000)), 2)
    -1037.03
    """
    rate_, nper_, pv_, fv_, when_ = floats(rate, nper, pv, fv, when)
    value = -(pv_ + fv_ / _growth(rate_, nper_)) / (annuity_factor(rate_, nper_) * (1 + rate_ * when_))
    return where((when_ == 0) | (when_ == 1), value)


@quiet
def fv(
    rate: ArrayLike, nper: ArrayLike, pmt: ArrayLike, pv: ArrayLike = 0.0, when: ArrayLike = 0
) -> FloatArray:
    """Future value after `nper` periods: -(pv (1 + r)^n + pmt (1 + r when) ((1 + r)^n - 1) / r).

    >>> round(float(fv(0.06 / 12, 10, -200, -500, 1)), 2)
    2581.4
    """
    rate_, nper_, pmt_, pv_, when_ = floats(rate, nper, pmt, pv, when)
    grown = np.where(rate_ == 0, nper_, np.expm1(nper_ * np.log1p(rate_)) / rate_)
    value = -(pv_ * _growth(rate_, nper_) + pmt_ * (1 + rate_ * when_) * grown)
    return where((when_ == 0) | (when_ == 1), value)


@quiet
def pv(
    rate: ArrayLike, nper: ArrayLike, pmt: ArrayLike, fv: ArrayLike = 0.0, when: ArrayLike = 0
) -> FloatArray:
    """Present value of `nper` level payments and a final `fv`: -(pmt (1 + r when) a(r, n) + fv (1 + r)^-n).

    >>> round(float(pv(0.08 / 12, 240, 500)), 2)
    -59777.15
    """
    rate_, nper_, pmt_, fv_, when_ = floats(rate, nper, pmt, fv, when)
    value = -(pmt_ * (1 + rate_ * when_) * annuity_factor(rate_, nper_) + fv_ / _growth(rate_, nper_))
    return where((when_ == 0) | (when_ == 1), value)


@quiet
def nper(
    rate: ArrayLike, pmt: ArrayLike, pv: ArrayLike, fv: ArrayLike = 0.0, when: ArrayLike = 0
) -> FloatArray:
    """Number of periods until `pv` and the payments leave `fv`; nan where the payments never get there.

    ln((p - fv r) / (p + pv r)) / ln(1 + r) with p = pmt (1 + r when), and -(pv + fv) / pmt at a zero rate.

    >>> round(float(nper(0.12 / 12, -100, -1_000, 10_000, 1)), 4)
    59.6739
    """
    rate_, pmt_, pv_, fv_, when_ = floats(rate, pmt, pv, fv, when)
    paid = pmt_ * (1 + rate_ * when_)
    value = np.where(
        rate_ == 0,
        -(pv_ + fv_) / pmt_,
        np.log((paid - fv_ * rate_) / (paid + pv_ * rate_)) / np.log1p(rate_),
    )
    return where((when_ == 0) | (when_ == 1), value)


@quiet
def _owed_after(
    rate: FloatArray, payments: FloatArray, payment: FloatArray, pv: FloatArray, when: FloatArray
) -> FloatArray:
    """What is owed right after a number of payments; positive for a loan received (pv > 0)."""
    owed = -fv(rate, payments, payment, pv, when)
    # In advance the last payment is made at the beginning of its period: one period's interest is not yet
    # due.
    return np.where((when == 1) & (payments > 0), owed / (1 + rate), np.where(payments > 0, owed, pv))


@quiet
def rate(
    nper: ArrayLike,
    pmt: ArrayLike,
    pv: ArrayLike,
    fv: ArrayLike = 0.0,
    when: ArrayLike = 0,
    guess: ArrayLike = 0.1,
) -> FloatArray:
    """Rate per period at which the annuity balances; the one nearest to `guess` where two do, nan where none.

    >>> round(float(rate(48, -200, 8_000)), 6)
    0.007701
    """
    nper_, pmt_, pv_, fv_, when_, guess_ = np.broadcast_arrays(*floats(nper, pmt, pv, fv, when, guess))
    n, payment, present, future, advance = (x.reshape(-1, 1) for x in (nper_, pmt_, pv_, fv_, when_))

    def balance(log_rate: FloatArray, rows: slice) -> FloatArray:
        """The balance at present, or at the end for rates below zero, where it stays small."""
        periodic = np.expm1(log_rate)
        length = n[rows]
        paid = payment[rows] * (1 + periodic * advance[rows])
        shrink = np.exp(-length * np.abs(log_rate))
        level = np.where(periodic == 0, length, -np.expm1(-length * np.abs(log_rate)) / np.abs(periodic))
        at_present = present[rows] + paid * level + future[rows] * shrink
        at_end = present[rows] * shrink + paid * level + future[rows]
        result: FloatArray = np.where(log_rate >= 0, at_present, at_end)
        return result

    found = roots_of(balance, n[:, 0], np.log1p(guess_).ravel())
    valid = (nper_ > 0) & ((when_ == 0) | (when_ == 1))
    return where(valid, np.expm1(found.nearest).reshape(nper_.shape))


@quiet
def ipmt(
    rate: ArrayLike,
    per: ArrayLike,
    nper: ArrayLike,
    pv: ArrayLike,
    fv: ArrayLike = 0.0,
    when: ArrayLike = 0,
) -> FloatArray:
    """Interest in payment number `per` (from 1): the rate on what was owed after the payment before.

    Paid in advance, the first payment holds no interest.

    >>> round(float(ipmt(0.1, 3, 3, 8_000)), 2)
    -292.45
    """
    rate_, per_, nper_, pv_, fv_, when_ = floats(rate, per, nper, pv, fv, when)
    payment = pmt(rate_, nper_, pv_, fv_, when_)
    interest = -_owed_after(rate_, per_ - 1, payment, pv_, when_) * rate_
    interest = np.where((when_ == 1) & (per_ == 1), 0.0, interest)
    return where(np.isfinite(payment) & (per_ >= 1) & (per_ <= nper_), interest)


@quiet
def ppmt(
    rate: ArrayLike,
    per: ArrayLike,
    nper: ArrayLike,
    pv: ArrayLike,
    fv: ArrayLike = 0.0,
    when: ArrayLike = 0,
) -> FloatArray:
    """Repayment of principal in payment number `per`: PMT - IPMT.

    >>> round(float(ppmt(0.1 / 12, 1, 24, 2_000)), 2)
    -75.62
    """
    return finite(pmt(rate, nper, pv, fv, when) - ipmt(rate, per, nper, pv, fv, when))


@quiet
def cumprinc(
    rate: ArrayLike,
    nper: ArrayLike,
    pv: ArrayLike,
    start: ArrayLike,
    end: ArrayLike,
    when: ArrayLike = 0,
) -> FloatArray:
    """Principal repaid in the payments `start` to `end` (from 1, both included); negative for a loan
    received.

    The spreadsheet gives an error at a zero rate; here it is the limit, level repayments.

    >>> round(float(cumprinc(0.09 / 12, 360, 125_000, 13, 24)), 2)
    -934.11
    """
    rate_, nper_, pv_, start_, end_, when_ = floats(rate, nper, pv, start, end, when)
    payment = pmt(rate_, nper_, pv_, 0.0, when_)
    first, last = np.ceil(start_), np.floor(end_)
    owed_before = _owed_after(rate_, first - 1, payment, pv_, when_)
    owed_after = _owed_after(rate_, last, payment, pv_, when_)
    valid = (rate_ >= 0) & (pv_ > 0) & (start_ >= 1) & (end_ >= start_) & (end_ <= nper_)
    return where(valid, np.where(last >= first, owed_after - owed_before, 0.0))


@quiet
def cumipmt(
    rate: ArrayLike,
    nper: ArrayLike,
    pv: ArrayLike,
    start: ArrayLike,
    end: ArrayLike,
    when: ArrayLike = 0,
) -> FloatArray:
    """Interest in the payments `start` to `end` (from 1, both included); negative for a loan received.

    >>> round(float(cumipmt(0.09 / 12, 360, 125_000, 13, 24, 1)), 2)
    -11052.34
    """
    rate_, nper_, pv_, start_, end_, when_ = floats(rate, nper, pv, start, end, when)
    count = np.maximum(np.floor(end_) - np.ceil(start_) + 1, 0.0)
    paid = pmt(rate_, nper_, pv_, 0.0, when_) * count
    return finite(paid - cumprinc(rate_, nper_, pv_, start_, end_, when_))


@quiet
def ispmt(rate: ArrayLike, per: ArrayLike, nper: ArrayLike, pv: ArrayLike) -> FloatArray:
    """Interest of a period, counted from 0, when the principal is repaid in level parts: -pv r (1 - per /
    nper).

    >>> round(float(ispmt(0.0085, 1, 36, 8_000_000)), 2)
    -66111.11
    """
    rate_, per_, nper_, pv_ = floats(rate, per, nper, pv)
    return finite(-pv_ * rate_ * (1 - per_ / nper_))


@quiet
def periodic_rate(
    annual_rate: ArrayLike, periods_per_year: ArrayLike = 12, effective: ArrayLike = False
) -> FloatArray:
    """Rate per period of an annual rate: rate / m where it is nominal, (1 + rate)^(1 / m) - 1 where
    effective.

    >>> round(float(periodic_rate(0.06)), 4), round(float(periodic_rate(0.06, 12, effective=True)), 6)
    (0.005, 0.004868)
    """
    rate_, periods = floats(annual_rate, periods_per_year)
    of_effective = np.expm1(np.log1p(rate_) / periods)
    return finite(np.where(np.asarray(effective, dtype=bool), of_effective, rate_ / periods))


@quiet
def effect(nominal_rate: ArrayLike, periods_per_year: ArrayLike) -> FloatArray:
    """Effective annual rate of a nominal one compounded some times a year: (1 + i / m)^m - 1.

    >>> round(float(effect(0.0525, 4)), 6)
    0.053543
    """
    rate, periods = floats(nominal_rate, np.floor(periods_per_year))
    return where(periods >= 1, np.expm1(periods * np.log1p(rate / periods)))


@quiet
def nominal(effective_rate: ArrayLike, periods_per_year: ArrayLike) -> FloatArray:
    """Nominal annual rate that gives an effective one: m ((1 + e)^(1 / m) - 1).

    >>> round(float(nominal(0.053543, 4)), 4)
    0.0525
    """
    rate, periods = floats(effective_rate, np.floor(periods_per_year))
    return where(periods >= 1, periods * np.expm1(np.log1p(rate) / periods))


@quiet
def pduration(rate: ArrayLike, pv: ArrayLike, fv: ArrayLike) -> FloatArray:
    """Periods until `pv` has grown to `fv`: ln(fv / pv) / ln(1 + r).

    >>> round(float(pduration(0.025, 2_000, 2_200)), 2)
    3.86
    """
    rate_, pv_, fv_ = floats(rate, pv, fv)
    return where(rate_ > 0, np.log(fv_ / pv_) / np.log1p(rate_))


@quiet
def rri(nper: ArrayLike, pv: ArrayLike, fv: ArrayLike) -> FloatArray:
    """Growth rate per period from `pv` to `fv`: (fv / pv)^(1 / n) - 1.

    >>> round(float(rri(96, 10_000, 11_000)), 6)
    0.000993
    """
    nper_, pv_, fv_ = floats(nper, pv, fv)
    return where(nper_ > 0, (fv_ / pv_) ** (1 / nper_) - 1)
