"""Finance functions of the formula language, with Excel's documented results and signs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from desktop_app.engine.finance import annuity, depreciation, npv
from desktop_app.engine.functions.declare import Arg, Array, Function, Given, whole_row

_RATE = Arg("rate", "r")
_NPER = Arg("nper", "n")
_FV = Arg("fv", default=0)
_TYPE = Arg("type", "1", default=0)
_COST, _SALVAGE, _LIFE, _PERIOD = Arg("cost"), Arg("salvage"), Arg("life", "n"), Arg("period", "n")
_ABOVE_ZERO = {0: "IF({0.atom}>0,{0},-1)"}
_CUMULATIVE = (
    _RATE,
    Arg("nper", "n"),
    Arg("pv"),
    Arg("from_period", "n"),
    Arg("to_period", "n"),
    Arg("type", "1", default=0),
)


def _plain(
    name: str,
    args: tuple[Arg, ...],
    numpy: Callable[..., Array],
    help_text: str,
    unit: str = "a",
    bounded: Mapping[int, str] = MappingProxyType({}),
) -> Function:
    """A function that spreadsheets have under the same name. `bounded` gives templates of arguments that not
    all of them keep within the same bounds.
    """
    template = f"{name}({','.join(bounded.get(place, f'{{{place}}}') for place in range(len(args)))})"
    return Function(name, args, numpy, template, help_text, unit)


def _positive_rate(function: Callable[..., Array]) -> Callable[..., Array]:
    """The function as Excel has it: without a value where the rate is not above zero."""

    def limited(rate: Array, *others: Array) -> Array:
        return np.where(rate > 0, function(rate, *others), np.nan)

    return limited


def _over_months(function: Callable[[Array], Array]) -> Callable[..., Array]:
    def along(x: Array, month: Array) -> Array:
        return function(whole_row(x, month))[..., None]

    return along


def _npv(rate: Array, x: Array, month: Array) -> Array:
    return npv.npv(rate[..., 0], whole_row(x, month))[..., None]


def _npv_of(rate: Array, *values: Array) -> Array:
    total: Array = 0.0 * rate
    for period, value in enumerate(values, start=1):
        total = total + value / (1 + rate) ** period
    return np.where(np.isfinite(total), total, np.nan)


def _days(start: Array) -> Array:
    days: Array = start[0, 0] - start[0, 0, 0]
    return days


def _xnpv(rate: Array, x: Array, start: Array) -> Array:
    return npv.xnpv(rate[..., 0], whole_row(x, start), _days(start))[..., None]


def _xirr(x: Array, start: Array) -> Array:
    return npv.xirr(whole_row(x, start), _days(start), 0.1)[..., None]


def _positive_irr(x: Array) -> Array:
    """The rate nearest to 100%: a positive one goes before any negative one. 0 where none is in reach."""
    found = np.nan_to_num(npv.irr(x, 1.0), nan=0.0)
    return np.where((found > 0) & (found <= 1), found, 0.0)


def _positive_irr_text(given: Given) -> str:
    row = given.args[0].row
    best = f"MAX(0,{','.join(f'IFERROR(IRR({row},{guess}),0)' for guess in ('0.01', '0.1', '0.5'))})"
    return f"IF({best}>1,0,{best})"


# Rates per month from which a spreadsheet searches, the last one first: it fails when it starts too far away.
_GUESSES = ("5", "1", "-0.9", "-0.5", "-0.05", "-0.01", "0.2", "0.01")


def _irr_text(given: Given) -> str:
    first, *others = (f"IRR({given.args[0].row},{guess})" for guess in _GUESSES)
    text = first
    for other in others:
        text = f"IFERROR({other},{text})"
    return text


FUNCTIONS = (
    _plain("SLN", (_COST, _SALVAGE, _LIFE), depreciation.sln, "Straight-line depreciation of one period."),
    _plain(
        "SYD",
        (_COST, _SALVAGE, _LIFE, _PERIOD),
        depreciation.syd,
        "Sum-of-years'-digits depreciation of a period.",
        bounded={2: "IF(AND({1.atom}>=0,{3.atom}>0,{3.atom}<={2.atom}),{2},0)"},
    ),
    _plain(
        "DB",
        (_COST, _SALVAGE, _LIFE, _PERIOD, Arg("month", "1", default=12)),
        depreciation.db,
        "Fixed-declining-balance depreciation of a period; the rate is rounded to three decimals.",
        bounded={3: "IF({3.atom}>{2.atom}+IF({4.atom}<12,1,0),0,{3})"},
    ),
    _plain(
        "DDB",
        (_COST, _SALVAGE, _LIFE, _PERIOD, Arg("factor", "1", default=2)),
        depreciation.ddb,
        "Declining-balance depreciation of a period at factor / life.",
        bounded={1: "MIN({0},{1})"},
    ),
    _plain(
        "VDB",
        (
            _COST,
            _SALVAGE,
            _LIFE,
            Arg("from_period", "n"),
            Arg("to_period", "n"),
            Arg("factor", "1", default=2),
            Arg("no_switch", "1", default=0),
        ),
        depreciation.vdb,
        "Declining-balance depreciation between two times, switching to straight line when that is more"
        " unless no_switch is 1.",
    ),
    _plain(
        "PMT",
        (_RATE, _NPER, Arg("pv"), _FV, _TYPE),
        annuity.pmt,
        "Level payment of a loan; money paid is negative.",
    ),
    _plain(
        "IPMT", (_RATE, _PERIOD, _NPER, Arg("pv"), _FV, _TYPE), annuity.ipmt, "Interest part of a payment."
    ),
    _plain(
        "PPMT", (_RATE, _PERIOD, _NPER, Arg("pv"), _FV, _TYPE), annuity.ppmt, "Principal part of a payment."
    ),
    _plain(
        "FV",
        (_RATE, _NPER, Arg("payment"), Arg("pv", default=0), _TYPE),
        annuity.fv,
        "Future value of level payments.",
    ),
    _plain("PV", (_RATE, _NPER, Arg("payment"), _FV, _TYPE), annuity.pv, "Present value of level payments."),
    _plain("NPER", (_RATE, Arg("payment"), Arg("pv"), _FV, _TYPE), annuity.nper, "Number of payments.", "1"),
    _plain(
        "RATE",
        (_NPER, Arg("payment"), Arg("pv"), _FV, _TYPE),
        annuity.rate,
        "Interest rate of one period.",
        "1",
    ),
    _plain(
        "CUMIPMT", _CUMULATIVE, _positive_rate(annuity.cumipmt), "Interest paid from one period to another."
    ),
    _plain(
        "CUMPRINC",
        _CUMULATIVE,
        _positive_rate(annuity.cumprinc),
        "Principal repaid from one period to another.",
    ),
    _plain(
        "EFFECT",
        (Arg("rate", "1"), Arg("periods", "1")),
        _positive_rate(annuity.effect),
        "Effective annual rate.",
        "1",
        _ABOVE_ZERO,
    ),
    _plain(
        "NOMINAL",
        (Arg("rate", "1"), Arg("periods", "1")),
        _positive_rate(annuity.nominal),
        "Nominal annual rate.",
        "1",
        _ABOVE_ZERO,
    ),
    Function(
        "NPV",
        (_RATE, Arg("x", series=True)),
        _npv,
        "NPV({0},{1.row})",
        "Present value at a rate per month, the first month discounted by one period; or of values listed.",
        shape="scalar",
        uses=("time/month",),
        of_values="NPV_OF",
    ),
    Function(
        "NPV_OF",
        (_RATE, Arg("value")),
        _npv_of,
        lambda given: f"NPV({','.join(arg.text for arg in given.args)})",
        "Present value of values one period apart, the first discounted by one period.",
        variadic=True,
        listed=False,
    ),
    Function(
        "POSITIVE_IRR",
        (Arg("x", "*", series=True),),
        _over_months(_positive_irr),
        _positive_irr_text,
        "The internal rate of return per month from above 0 to 100%, where there is one such rate; else 0.",
        "1",
        shape="scalar",
        uses=("time/month",),
        listed=False,
    ),
    Function(
        "IRR",
        (Arg("x", "*", series=True),),
        _over_months(lambda x: npv.irr(x, 0.01)),
        _irr_text,
        "Internal rate of return per month; none where the flows never change sign.",
        "1",
        shape="scalar",
        uses=("time/month",),
    ),
    Function(
        "XNPV",
        (_RATE, Arg("x", series=True)),
        _xnpv,
        "IF(COLUMNS({1.row})=1,INDEX({1.row},1),XNPV({0},{1.row},{start.row}))",
        "Present value at an annual rate by actual days from the first month's start.",
        shape="scalar",
        uses=("time/start",),
    ),
    Function(
        "XIRR",
        (Arg("x", "*", series=True),),
        _xirr,
        "XIRR({0.row},{start.row},0.1)",
        "Internal rate of return per year by actual days.",
        "1",
        shape="scalar",
        uses=("time/start",),
    ),
)
