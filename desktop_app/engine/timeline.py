"""The months of a plan, as nodes of the graph and as labels for people."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import numpy as np

from desktop_app.engine.formula.parser import parse
from desktop_app.engine.formula.syntax import Call, Expression, Name, Ref
from desktop_app.engine.functions.calendar import add_months, serial
from desktop_app.engine.functions.declare import Array
from desktop_app.engine.graph import Node
from desktop_app.engine.model import Settings

_WEEKS = {"4-4-5": (4, 4, 5), "4-5-4": (4, 5, 4), "5-4-4": (5, 4, 4)}
# The weekday nearest to a day is at most so many days away.
_NEAREST = 3
_OFFSETS = {"start": 1.0, "middle": 0.5, "end": 0.0}
NAMES = (
    "month",
    "start",
    "days",
    "hours",
    "calendar_month",
    "fiscal_year",
    "year",
    "age",
    "first",
    "last",
    "year_end",
    "tax_year_end",
    "discount_factor",
)


def period_starts(settings: Settings) -> list[dt.date]:
    """First day of each period, and of the one after the last.

    Periods are calendar months, or weeks in the fiscal pattern, whose quarters and years are those of the
    fiscal year. A pattern year has 52 weeks, and a 53rd in its last period when the next year would otherwise
    begin too early: more than three days before the first of its month where fiscal years begin on the
    weekday nearest to it (as in the calendar of the US National Retail Federation), a week or more where they
    begin on the last such weekday before it. Which of the two is seen from the fiscal year that the plan
    begins in; where it is neither, years begin on the weekday nearest to the anniversary of that one.

    >>> retail = Settings(start=dt.date(2023, 1, 29), fiscal_pattern="4-5-4", fiscal_year_start=2)
    >>> starts = period_starts(retail)
    >>> starts[12], starts[24]
    (datetime.date(2024, 2, 4), datetime.date(2025, 2, 2))
    """
    first = first_month(settings)
    if settings.fiscal_pattern == "months":
        return [add_months(first, place) for place in range(settings.months + 1)]
    weeks = _WEEKS[settings.fiscal_pattern]
    before = (first.month - settings.fiscal_year_start) % 12
    begun = settings.start - dt.timedelta(weeks=sum(weeks[place % 3] for place in range(before)))
    early = (add_months(first, -before) - begun).days
    by_the_month = -_NEAREST <= early < 7
    most = 6 if by_the_month and early > _NEAREST else _NEAREST
    shift = dt.timedelta(days=0 if by_the_month else early)
    starts = [settings.start]
    while len(starts) <= settings.months:
        place = len(starts) - 1
        length = 7 * weeks[(before + place) % 3]
        if (before + place) % 12 == 11:
            planned = add_months(first, place + 1) - shift
            if (planned - starts[-1]).days - length > most:
                length += 7
        starts.append(starts[-1] + dt.timedelta(days=length))
    return starts


def first_month(settings: Settings) -> dt.date:
    """First day of the calendar month that the plan's first period stands for: in a week pattern the month in
    which most of the period lies.

    >>> first_month(Settings(start=dt.date(2026, 12, 28), fiscal_pattern="4-4-5"))
    datetime.date(2027, 1, 1)
    """
    if settings.fiscal_pattern == "months":
        return settings.start.replace(day=1)
    return (settings.start + dt.timedelta(days=14)).replace(day=1)


def month_names(settings: Settings) -> list[str]:
    """ "2027-01" for each month of the plan; for week patterns the month in which the period mostly lies."""
    return [
        f"{d.year:04d}-{d.month:02d}"
        for d in (add_months(first_month(settings), i) for i in range(settings.months))
    ]


def fiscal_years(settings: Settings) -> Array:
    """The fiscal year of each month as a number, by start month and label rule.

    >>> fiscal_years(Settings(start=dt.date(2027, 1, 1), months=5, fiscal_year_start=4)).tolist()
    [2027.0, 2027.0, 2027.0, 2028.0, 2028.0]
    """
    first = first_month(settings)
    years = []
    for place in range(settings.months):
        month = add_months(first, place)
        later = settings.fiscal_year_start > 1 and month.month >= settings.fiscal_year_start
        year = month.year + (1 if later else 0)
        years.append(
            float(year if settings.fiscal_label == "end" or settings.fiscal_year_start == 1 else year - 1)
        )
    return np.array(years)


def _name_refs(expression: Expression) -> Expression:
    if isinstance(expression, Name):
        return Ref(
            f"setting/{expression.name[2:]}"
            if expression.name.startswith("s.")
            else f"time/{expression.name}"
        )
    if isinstance(expression, Call):
        return Call(expression.function, tuple(_name_refs(arg) for arg in expression.args), expression.span)
    return expression


def _value(numbers: list[float] | Array) -> Array:
    return np.asarray(numbers, dtype=float).reshape(1, 1, -1)


def _setting(name: str, label: str, value: float, unit: str = "") -> Node:
    return Node(
        f"setting/{name}", label, unit, False, "Settings", value=_value([value]), origin=f"setting {name}"
    )


def nodes(settings: Settings) -> list[Node]:
    """Setting and timeline nodes in computing order; the rates are compiled with the drivers."""
    starts = period_starts(settings)
    weekly = settings.fiscal_pattern != "months"
    found = [
        _setting("start", "First day of the plan", serial(starts[0]), "date"),
        _setting("months", "Months in the plan", settings.months, "month"),
        _setting("fiscal_year_start", "First month of the fiscal year", settings.fiscal_year_start),
        _setting(
            "fiscal_label",
            "Fiscal year named after the calendar year in which it ends (1) or starts (0)",
            float(settings.fiscal_label == "end"),
        ),
        _setting(
            "discount_offset",
            "Discounting at the start (1), middle (0.5) or end (0) of the month",
            _OFFSETS[settings.discount_timing],
        ),
        _setting(
            "horizon_value",
            "Net book value counted as recovered in the last month (1 yes, 0 no)",
            float(settings.horizon_value == "book"),
        ),
        _setting("months_per_year", "Months in a year", 12.0),
        _setting("months_per_half_year", "Months in half a year", 6.0),
        _setting("thousand", "One thousand", 1e3),
        _setting("million", "One million", 1e6),
        _setting("months_per_quarter", "Months in a quarter", 3.0),
    ]
    if settings.hours != "calendar":
        found.append(_setting("hours", "Hours counted in each month", float(settings.hours), "hour/month"))
    else:
        found.append(_setting("hours_per_day", "Hours in a day", 24.0, "hour/day"))

    def formula(name: str, label: str, unit: str, text: str) -> Node:
        return Node(f"time/{name}", label, unit, True, "Timeline", _name_refs(parse(text)), origin="timeline")

    def row(name: str, label: str, unit: str, numbers: list[float] | Array) -> Node:
        return Node(f"time/{name}", label, unit, True, "Timeline", value=_value(numbers), origin="timeline")

    count = _value(np.arange(1.0, settings.months + 1))
    found.append(
        Node(
            "time/month",
            "Month number",
            "",
            True,
            "Timeline",
            Call("COUNT_MONTHS", ()),
            count,
            origin="timeline",
        )
    )
    if weekly:
        found += [
            row("start", "First day", "date", [serial(day) for day in starts[:-1]]),
            row(
                "days",
                "Days",
                "day/month",
                [float((b - a).days) for a, b in pairwise(starts)],
            ),
            row(
                "calendar_month",
                "Calendar month",
                "",
                [float((first_month(settings).month - 1 + i) % 12 + 1) for i in range(settings.months)],
            ),
            row("fiscal_year", "Fiscal year", "", fiscal_years(settings)),
        ]
    else:
        named = "IF(s.fiscal_label=1,1,0)" if settings.fiscal_year_start > 1 else "0"
        later = (
            f"IF(calendar_month>=s.fiscal_year_start,1,0)+{named}-1"
            if settings.fiscal_year_start > 1
            else "0"
        )
        found += [
            formula("start", "First day", "date", "EDATE(s.start,month-1)"),
            formula("days", "Days", "day/month", "EDATE(s.start,month)-start"),
            formula("calendar_month", "Calendar month", "", "MONTH(start)"),
            formula(
                "fiscal_year", "Fiscal year", "", f"YEAR(start)+{later}" if later != "0" else "YEAR(start)"
            ),
        ]
    found += [
        formula(
            "hours",
            "Hours",
            "hour/month",
            "s.hours+0*month" if settings.hours != "calendar" else "days*s.hours_per_day",
        ),
        formula("year", "Plan year", "", "INT((month-1)/s.months_per_year)+1"),
        formula("age", "Age in months, counted from the last month", "month", "s.months+1-month"),
        formula("first", "First month (1 yes)", "", "IF(month=1,1,0)"),
        formula("last", "Last month (1 yes)", "", "IF(month=s.months,1,0)"),
    ]
    last = "MOD(calendar_month,s.months_per_year)+1=s.fiscal_year_start"
    found.append(formula("tax_year_end", "Last month of a whole fiscal year (1 yes)", "", f"IF({last},1,0)"))
    ends = f"IF(OR(month=s.months,{last}),1,0)"
    found.append(formula("year_end", "Last month of a fiscal year (1 yes)", "", ends))
    return found


def discount_node() -> Node:
    """The discount factor of each month: (1 + r)^-(t), t in years from the start of the plan."""
    text = "(1+s.discount_rate)^(-(month-s.discount_offset)/s.months_per_year)"
    return Node(
        "time/discount_factor",
        "Discount factor",
        "",
        True,
        "Timeline",
        _name_refs(parse(text)),
        origin="timeline",
    )
