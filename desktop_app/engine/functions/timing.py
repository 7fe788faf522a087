"""Functions over time: indices, lags, running sums, growth, ramps, steps, pulses and seasons.

Months count from 1 at the start of the plan. Before the first month every series is 0.
"""

from __future__ import annotations

import numpy as np

from desktop_app.engine.functions.declare import Arg, Array, Function, Given, whole_row
from desktop_app.engine.functions.series import (
    beyond_the_plan,
    convolve,
    cumulative,
    fiscal_sum,
    lag,
    moving_sum,
    replenish,
)

MONTH = ("time/month",)


def _same(x: Array) -> Array:
    return x


def growth(rate: Array, month: Array) -> Array:
    """Index of a price or quantity that changes at an annual rate: 1 in the first month."""
    years = (month - 1) / 12
    if rate.min() > -1:
        # the same as the power, several times faster
        index = np.log1p(rate) * years
        return np.exp(index, out=index)
    return np.power(1 + rate, years)


def _known(result: Array, *months: Array) -> Array:
    """The result, without a value where a number of months is not a number."""
    for given in months:
        unknown = np.isnan(given)
        if unknown.any():
            result = np.where(unknown, np.nan, result)
    return result


def step(start: Array, month: Array) -> Array:
    """0 before the start month, 1 from it on."""
    return _known(np.where(month >= start, 1.0, 0.0), start)


def pulse(start: Array, every: Array, month: Array) -> Array:
    """1 in the start month and, where `every` is above 0, in each `every`-th month after it."""
    after = month - start
    again = (every > 0) & (after > 0) & (np.mod(after, np.where(every > 0, every, 1)) == 0)
    return _known(np.where((after == 0) | again, 1.0, 0.0), start, every)


def active(start: Array, months: Array, month: Array) -> Array:
    """1 in each of so many months from the start month on."""
    return _known(np.where((month >= start) & (month < start + months), 1.0, 0.0), start, months)


def ramp(start: Array, months: Array, month: Array) -> Array:
    """Rises evenly from 0 to 1: 1/months in the start month, 1 after `months` months."""
    return np.clip((month - start + 1) / np.maximum(months, 1), 0.0, 1.0)


def _season(*values: Array) -> Array:
    *by_month, calendar = values
    result = np.zeros(np.broadcast_shapes(*(value.shape for value in values)))
    for number, value in enumerate(by_month, start=1):
        result = np.where(calendar == number, value, result)
    return result


def _season_text(given: Given) -> str:
    return f"CHOOSE({given.clock['calendar_month']},{','.join(o.text for o in given.args)})"


_START = Arg("start_month", "n")
_SERIES = Arg("x", series=True)

FUNCTIONS = (
    Function(
        "MONTH_INDEX",
        (),
        _same,
        "{month}",
        "Number of the month, 1 at the start of the plan.",
        "1",
        shape="monthly",
        uses=MONTH,
    ),
    Function(
        "YEAR_INDEX",
        (),
        _same,
        "{year}",
        "Number of the plan year, 1 for the first twelve months.",
        "1",
        shape="monthly",
        uses=("time/year",),
    ),
    Function(
        "CALENDAR_MONTH",
        (),
        _same,
        "{calendar_month}",
        "1 for January to 12 for December.",
        "1",
        shape="monthly",
        uses=("time/calendar_month",),
    ),
    Function(
        "FISCAL_YEAR",
        (),
        _same,
        "{fiscal_year}",
        "The fiscal year as a number.",
        "1",
        shape="monthly",
        uses=("time/fiscal_year",),
    ),
    Function(
        "HOURS",
        (),
        _same,
        "{hours}",
        "Hours in the month, by the plan's setting.",
        "hour/month",
        shape="monthly",
        uses=("time/hours",),
    ),
    Function(
        "DAYS", (), _same, "{days}", "Days in the month.", "day/month", shape="monthly", uses=("time/days",)
    ),
    Function(
        "LAG",
        (_SERIES, Arg("months", "n", default=1)),
        lag,
        "INDEX({0.before},MAX(1,{month}-MAX(1,INT({1}))+1))",
        "The value some months ago; 0 before the start.",
        shape="monthly",
        uses=MONTH,
        settled=lambda months, month: beyond_the_plan(months, month),
    ),
    Function(
        "CUMSUM",
        (Arg("x"),),
        cumulative,
        "{own.previous}+{0}",
        "Running total from the first month.",
        shape="monthly",
        own_row=True,
        uses=MONTH,
    ),
    Function(
        "MOVSUM",
        (_SERIES, Arg("months", "n")),
        moving_sum,
        "SUM(INDEX({0.so_far},MAX(1,{month}-MAX(1,INT({1}))+2)):{0})",
        "Sum of this month and those before it, so many in all.",
        shape="monthly",
        uses=MONTH,
    ),
    Function(
        "GROWTH",
        (Arg("annual_rate", "r"),),
        growth,
        "(1+{0.atom})^(({month}-1)/12)",
        "Index that changes at an annual rate; 1 in month 1.",
        "1",
        4,
        "monthly",
        uses=MONTH,
    ),
    Function(
        "STEP",
        (_START,),
        step,
        "IF({month}>={0.atom},1,0)",
        "0 before the start month, 1 from it on.",
        "1",
        shape="monthly",
        uses=MONTH,
    ),
    Function(
        "PULSE",
        (_START, Arg("every", "n", default=0)),
        pulse,
        "IF({month}={0.atom},1,IF(AND({1.atom}>0,{month}>{0.atom}),IF(MOD({month}-{0.atom},MAX(1,{1}))=0,1,0),0))",
        "1 in the start month, and again every so many months.",
        "1",
        shape="monthly",
        uses=MONTH,
    ),
    Function(
        "ACTIVE",
        (_START, Arg("months", "n")),
        active,
        "IF(AND({month}>={0.atom},{month}<{0.atom}+{1.atom}),1,0)",
        "1 in so many months from the start month on.",
        "1",
        shape="monthly",
        uses=MONTH,
    ),
    Function(
        "RAMP",
        (_START, Arg("months", "n")),
        ramp,
        "MAX(0,MIN(1,({month}-{0.atom}+1)/MAX(1,{1})))",
        "Rises evenly from 0 to 1 in so many months.",
        "1",
        shape="monthly",
        uses=MONTH,
    ),
    Function(
        "SEASON",
        tuple(
            Arg(name)
            for name in ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        ),
        _season,
        _season_text,
        "One value for each calendar month.",
        shape="monthly",
        uses=("time/calendar_month",),
    ),
    Function(
        "MONTHS_TOTAL",
        (_SERIES,),
        lambda x, month: whole_row(x, month).sum(axis=-1, keepdims=True),
        "SUM({0.row})",
        "Sum over all months of the plan.",
        shape="scalar",
        uses=MONTH,
    ),
    Function(
        "MONTHS_MAX",
        (_SERIES,),
        lambda x: x.max(axis=-1, keepdims=True),
        "MAX({0.row})",
        "Largest month.",
        shape="scalar",
    ),
    Function(
        "MONTHS_MIN",
        (_SERIES,),
        lambda x: x.min(axis=-1, keepdims=True),
        "MIN({0.row})",
        "Smallest month.",
        shape="scalar",
    ),
    Function(
        "FIRST_MONTH",
        (_SERIES,),
        lambda x: x[..., :1],
        "INDEX({0.row},1)",
        "The value of the first month.",
        shape="scalar",
    ),
    Function(
        "LAST_MONTH",
        (_SERIES,),
        lambda x: x[..., -1:],
        "{0.last}",
        "The value of the last month.",
        shape="scalar",
    ),
    Function(
        "FISCAL_SUM",
        (_SERIES,),
        fiscal_sum,
        "SUMIF({fiscal_year.row},{fiscal_year},{0.row})",
        "Sum over the fiscal year that the month is in.",
        shape="monthly",
        uses=("time/fiscal_year",),
    ),
    Function(
        "CONVOLVE",
        (_SERIES, Arg("profile", "1", series=True)),
        convolve,
        "SUMPRODUCT({0.to_here},INDEX({1.row},COLUMNS({1.row})-{month}+1):{1.last})",
        "Each month's amount spread over later months by a profile of age, youngest age last.",
        shape="monthly",
        uses=MONTH,
    ),
    Function(
        "REPLENISH",
        (Arg("target", series=True), Arg("life", "n")),
        replenish,
        "MAX(0,{0}-IF(INT({1})<=1,0,SUM(INDEX({own.before},MAX(1,{month}-INT({1})+2)):{own.previous})))",
        "Units to buy so that those younger than their life never fall below the target.",
        shape="monthly",
        own_row=True,
        uses=MONTH,
    ),
)
