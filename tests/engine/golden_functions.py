"""Reads a documented spreadsheet call such as `PMT(8%/12,10,10000)` and gives our figure for it."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np

from desktop_app.engine.finance import annuity, depreciation, npv

# Microsoft's dated example series: receipts on these days of the year named in the case and the year after.
SERIES_FLOWS = [-10_000, 2_750, 4_250, 3_250, 2_750]
SERIES_DAYS = [(0, 1, 1), (0, 3, 1), (0, 10, 30), (1, 2, 15), (1, 4, 1)]

ELEMENTWISE = {
    name.upper(): getattr(module, name)
    for module, names in (
        (annuity, "pmt ipmt ppmt cumipmt cumprinc ispmt pv fv nper rate effect nominal pduration rri"),
        (depreciation, "sln syd db ddb vdb"),
    )
    for name in names.split()
}


def number(text: str) -> float:
    """A number, a percentage or a quotient of the two.

    >>> number("9%/12")
    0.0075
    """
    value = 1.0
    for position, part in enumerate(text.strip().split("/")):
        factor = float(part.rstrip("%")) / (100 if part.endswith("%") else 1)
        value = factor if position == 0 else value / factor
    return value


def figure(call: str) -> float:
    """Our figure for a call; an amount may be added after it, as where an outlay stands outside NPV."""
    matched = re.fullmatch(r"(\w+)\((.*)\)([+-][\d.]+)?", call)
    assert matched, call
    name, inner, outside = matched.groups()
    return value_of(name, inner) + float(outside or 0)


def value_of(name: str, inner: str) -> float:
    series = re.search(r"(\d{4}) series", inner)
    if series:
        year = int(series[1])
        days = [dt.date(year + later, month, day).toordinal() for later, month, day in SERIES_DAYS]
        if name == "XIRR":
            return float(npv.xirr(SERIES_FLOWS, days))
        assert name == "XNPV"
        return float(npv.xnpv(number(inner.split(",")[0]), SERIES_FLOWS, days))
    groups = [[number(text) for text in group.split(",")] for group in inner.split(";")]
    if name == "MIRR":
        return float(npv.mirr(groups[0], *groups[1]))
    (arguments,) = groups
    if name == "NPV":
        return float(npv.npv(arguments[0], arguments[1:]))
    if name == "IRR":
        return float(npv.irr(np.array(arguments)))
    return float(ELEMENTWISE[name](*arguments))
