"""Functions that lay out the timeline itself; users read their results through MONTH_INDEX(), HOURS() and the
like.

Dates are serial day numbers as spreadsheets count them (1900 system), so that a workbook computes the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np

from desktop_app.engine.functions.declare import Arg, Array, Function

_EPOCH = dt.date(1899, 12, 30)


def serial(day: dt.date) -> float:
    """Serial number of a date.

    >>> serial(dt.date(2027, 1, 1))
    46388.0
    """
    return float((day - _EPOCH).days)


def date_of(number: float) -> dt.date:
    """The date of a serial number."""
    return _EPOCH + dt.timedelta(days=int(number))


def add_months(day: dt.date, months: int) -> dt.date:
    """The first-of-month date so many months later."""
    place = day.year * 12 + day.month - 1 + months
    return dt.date(place // 12, place % 12 + 1, 1)


def _edate(start: Array, months: Array) -> Array:
    days = [serial(add_months(date_of(start.flat[0]), int(m))) for m in months.reshape(-1)]
    return np.array(days).reshape(months.shape)


def _part(of: Callable[[dt.date], int]) -> Callable[[Array], Array]:
    def part(days: Array) -> Array:
        return np.array([float(of(date_of(day))) for day in days.reshape(-1)]).reshape(days.shape)

    return part


FUNCTIONS = (
    Function(
        "COUNT_MONTHS",
        (),
        lambda: np.empty(0),
        "{own.previous}+1",
        "Months counted from 1.",
        "1",
        shape="monthly",
        own_row=True,
        listed=False,
    ),
    Function(
        "EDATE",
        (Arg("start", "*"), Arg("months", "n")),
        _edate,
        "EDATE({0},{1})",
        "The date so many months later.",
        "1",
        listed=False,
    ),
    Function(
        "MONTH",
        (Arg("date", "*"),),
        _part(lambda d: d.month),
        "MONTH({0})",
        "Month of a date.",
        "1",
        listed=False,
    ),
    Function(
        "YEAR",
        (Arg("date", "*"),),
        _part(lambda d: d.year),
        "YEAR({0})",
        "Year of a date.",
        "1",
        listed=False,
    ),
)
