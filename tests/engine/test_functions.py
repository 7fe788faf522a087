"""Functions of the formula language: documented and hand-computed values, shapes, and what has no value."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.engine.compute import compute_scenario
from desktop_app.engine.functions import FUNCTIONS
from desktop_app.engine.functions import timing as over_time
from desktop_app.engine.functions.arithmetic import ceiling, floor, round_half_away, whole
from desktop_app.engine.functions.declare import Array
from desktop_app.engine.model import Driver
from tests.engine.plans import driver, errors, line, plan_of, problem, result_of, value

STEPS = Driver("x", "", "0", series=(1.0, 2.0, 4.0, 8.0, 16.0, 32.0))


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("ROUND(2.675, 2)", 2.68),
        ("ROUND(-2.5)", -3),
        ("ROUND(1234.5, -2)", 1_200),
        ("ROUND(1e15, 0)", 1e15),
        ("ROUND(123456789012345.4, 0)", 123456789012345),
        ("ROUND(1.5, 400)", 1.5),
        ("ROUND(1.5, -400)", 0),
        ("ROUNDUP(2.1)", 3),
        ("ROUNDUP(0.1 + 0.2, 1)", 0.3),
        ("ROUNDUP(-2.1, 0)", -3),
        ("ROUNDUP(1e16)", 1e16),
        ("ROUNDDOWN(2.9)", 2),
        ("ROUNDDOWN(-2.9)", -2),
        ("ROUNDDOWN(4.35 * 100)", 435),
        ("CEILING(2.5)", 3),
        ("CEILING(-2.5, 2)", -2),
        ("CEILING(-2.5, -2)", -4),
        ("CEILING(1.5, 0.1)", 1.5),
        ("CEILING(5, 0)", 0),
        ("FLOOR(3.7, 2)", 2),
        ("FLOOR(-2.5, 2)", -4),
        ("FLOOR(-2.5, -2)", -2),
        ("FLOOR(1.58, 0.1)", 1.5),
        ("INT(8.9)", 8),
        ("INT(-8.9)", -9),
        ("INT(4.35 * 100)", 435),
        ("MOD(3, 2)", 1),
        ("MOD(-3, 2)", 1),
        ("MOD(3, -2)", -1),
        ("ABS(-2)", 2),
        ("SIGN(-3)", -1),
        ("SQRT(16)", 4),
        ("EXP(0)", 1),
        ("LN(1)", 0),
        ("LOG10(1000)", 3),
        ("POWER(2, 10)", 1_024),
        ("AVERAGE(1, 2, 6)", 3),
        ("MIN(3, 1, 2)", 1),
        ("MAX(3, 1, 2)", 3),
        ("IF(2 > 1, 5)", 5),
        ("IF(2 < 1, 5)", 0),
        ("0.1 + 0.2 = 0.3", 1),
        ("1 <> 1.0000000001", 1),
        ("AND(1, 2 > 1, 0)", 0),
        ("OR(0, 0, 3)", 1),
        ("NOT(0)", 1),
        ("IFERROR(1 / 0, 7)", 7),
        ("IFERROR(SQRT(-1), 7)", 7),
        ("CHOOSE(2, 10, 20, 30)", 20),
        ("CHOOSE(2.9, 10, 20, 30)", 20),
        ("CHOOSE(4, 10, 20, 30)", 0),
        ("CHOOSE(0, 10, 20, 30)", 0),
        ("NPV(10%, -10000, 3000, 4200, 6800)", 1_188.4434123352216),
        ("NPV(8%, 8000, 9200, 10000, 12000, 14500, -9000) - 40000", -3_749.4650870155747),
        ("VDB(2400, 300, 10, 0, 10, 1.5, 1)", 2_400 * (1 - 0.85**10)),
        ("VDB(2400, 300, 10, 0, 10, 1.5, FALSE)", 2_100),
        ("SLN(30000, 7500, 10)", 2_250),
        ("SYD(30000, 7500, 10, 1)", 4_090.909090909091),
        ("DB(1000000, 100000, 6, 1, 7)", 186_083.33333333334),
        ("DDB(2400, 300, 10, 10)", 22.1225472),
        ("VDB(2400, 300, 10, 0, 0.875, 1.5)", 315),
        ("PMT(8%/12, 10, 10000)", -1_037.0320893591606),
        ("FV(6%/12, 10, -200, -500, 1)", 2_581.403374060121),
        ("PV(8%/12, 240, 500)", -59_777.145851187845),
        ("NPER(12%/12, -100, -1000, 10000, 1)", 59.67386567429461),
        ("RATE(48, -200, 8000)", 0.00770147248820165),
        ("IPMT(10%/12, 1, 36, 8000)", -66.66666666666667),
        ("PPMT(10%/12, 1, 24, 2000)", -75.62318600836673),
        ("EFFECT(5.25%, 4)", 0.05354266737075819),
        ("NOMINAL(5.3543%, 4)", 0.05250031986),
    ],
)
def test_one_value(text: str, result: float) -> None:
    assert value(text)[0] == pytest.approx(result, rel=1e-9)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("MONTH_INDEX()", [1, 2, 3, 4, 5, 6]),
        ("YEAR_INDEX()", [1] * 6),
        ("CALENDAR_MONTH()", [1, 2, 3, 4, 5, 6]),
        ("FISCAL_YEAR()", [2027] * 6),
        ("DAYS() / FIRST_MONTH(DAYS())", [1, 28 / 31, 1, 30 / 31, 1, 30 / 31]),
        ("HOURS() / DAYS()", [1] * 6),
        ("LAG(x)", [0, 1, 2, 4, 8, 16]),
        ("LAG(x, 3)", [0, 0, 0, 1, 2, 4]),
        ("LAG(x, 0)", [0, 1, 2, 4, 8, 16]),
        ("LAG(x, 99)", [0] * 6),
        ("LAG(x, MONTH_INDEX() - 1)", [0, 1, 1, 1, 1, 1]),
        ("LAG(5)", [0, 5, 5, 5, 5, 5]),
        ("CUMSUM(x)", [1, 3, 7, 15, 31, 63]),
        ("CUMSUM(2)", [2, 4, 6, 8, 10, 12]),
        ("1 + CUMSUM(x) * 2", [3, 7, 15, 31, 63, 127]),
        ("MOVSUM(x, 2)", [1, 3, 6, 12, 24, 48]),
        ("MOVSUM(x, 99)", [1, 3, 7, 15, 31, 63]),
        ("MOVSUM(x, MONTH_INDEX() - 3)", [1, 2, 4, 8, 24, 56]),
        ("GROWTH(100%)", [2 ** (m / 12) for m in range(6)]),
        ("GROWTH(-100%)", [1, 0, 0, 0, 0, 0]),
        ("STEP(3)", [0, 0, 1, 1, 1, 1]),
        ("PULSE(2)", [0, 1, 0, 0, 0, 0]),
        ("PULSE(2, 3)", [0, 1, 0, 0, 1, 0]),
        ("PULSE(1, 0)", [1, 0, 0, 0, 0, 0]),
        ("ACTIVE(2, 3)", [0, 1, 1, 1, 0, 0]),
        ("RAMP(2, 4)", [0, 0.25, 0.5, 0.75, 1, 1]),
        ("RAMP(3, 0)", [0, 0, 1, 1, 1, 1]),
        ("SEASON(1,2,3,4,5,6,7,8,9,10,11,12)", [1, 2, 3, 4, 5, 6]),
        ("MONTHS_TOTAL(x)", [63]),
        ("MONTHS_MAX(x) - MONTHS_MIN(x)", [31]),
        ("FIRST_MONTH(x) + LAST_MONTH(x)", [33]),
        ("MONTHS_TOTAL(3)", [18]),
        ("FISCAL_SUM(x)", [63] * 6),
        ("REPLENISH(SEASON(2,3,1,4,0,0,0,0,0,0,0,0), 2)", [2, 1, 0, 4, 0, 0]),
        ("NPV(0, x)", [63]),
        ("NPV(100%, x)", [3]),
        ("IRR(SEASON(-100,60,60,0,0,0,0,0,0,0,0,0))", [0.1306623862918075]),
        ("XNPV(0%, x)", [63]),
        ("XIRR(SEASON(-100,0,0,0,0,110,0,0,0,0,0,0))", [1.1 ** (365 / 151) - 1]),
        ("IF(MONTH_INDEX() > 2, LAG(x), x)", [1, 2, 2, 4, 8, 16]),
    ],
)  # fmt: skip
def test_over_time(text: str, months: list[float]) -> None:
    assert value(text, drivers=(STEPS,), months=6).tolist() == pytest.approx(months, rel=1e-9, abs=1e-12)


def test_every_listed_function_is_tried_above() -> None:
    tried = {text for mark in test_one_value.pytestmark for text, _ in mark.args[1]}
    tried |= {text for mark in test_over_time.pytestmark for text, _ in mark.args[1]}
    elsewhere = {"SUM", "CUMIPMT", "CUMPRINC", "CONVOLVE"}
    missing = {
        name
        for name, function in FUNCTIONS.items()
        if function.listed and name not in elsewhere and not any(f"{name}(" in text for text in tried)
    }
    assert not missing
    assert all(function.help and function.signature for function in FUNCTIONS.values())


def test_convolve_spreads_by_age_youngest_last() -> None:
    profile = Driver("p", "", "0", series=(0.0, 0.0, 0.0, 0.2, 0.3, 0.5))
    spread = value("CONVOLVE(x, p)", drivers=(STEPS, profile), months=6)
    wanted = [sum(2.0**k * {0: 0.5, 1: 0.3, 2: 0.2}.get(m - k, 0) for k in range(m + 1)) for m in range(6)]
    assert spread.tolist() == pytest.approx(wanted)


@pytest.mark.parametrize(("name", "part"), [("CUMIPMT", "IPMT"), ("CUMPRINC", "PPMT")])
def test_cumulative_payments_are_the_sum_of_the_single_ones(name: str, part: str) -> None:
    single = sum(value(f"{part}(1%, {n}, 24, 5000)")[0] for n in range(3, 9))
    assert value(f"{name}(1%, 24, 5000, 3, 8)")[0] == pytest.approx(single)


def test_calendars_and_hours() -> None:

    def hours(**settings: object) -> list[float]:
        plan = plan_of(drivers=(driver("it", "HOURS()", "hour/month"),), months=3, settings=settings)
        program = compute_scenario(plan, "Only").program
        assert program is not None
        return np.broadcast_to(program.value("driver/it")[0, 0], 3).tolist()

    assert hours(start=dt.date(2028, 1, 1)) == [744, 696, 744]
    assert hours(hours="730") == [730] * 3
    assert hours(hours="720") == [720] * 3
    assert hours(fiscal_pattern="4-4-5") == [672, 672, 840]


NO_VALUE = (
    "1 / 0", "SQRT(-1)", "LN(0)", "(0 - 8) ^ 0.5", "1e300 * 1e300", "MOD(1, 0)", "FLOOR(1, 0)",
    "CEILING(2, -1)", "ROUND(1e308 * 10)", "SLN(1, 0, 0)", "GROWTH(-300%)", "EXP(1000)",
    "IRR(MONTH_INDEX())",
)  # fmt: skip


@pytest.mark.parametrize("text", NO_VALUE)
def test_what_has_no_value_is_an_issue_where_it_is_used(text: str) -> None:

    made = line("x", "usage", quantity="it", unit_price="1")
    result = result_of(made, drivers=(driver("it", text),))
    (issue,) = errors(result)
    assert issue.code == ("division-by-zero" if text == "1 / 0" else "not-a-number")
    assert issue.where == "driver it"
    assert result.figures["tco"].value is None
    guarded = result_of(line("x", "usage", quantity=f"IFERROR({text}, 2)", unit_price="1"), months=2)
    assert not errors(guarded)
    assert guarded.figures["tco"].value is not None


def test_no_value_is_passed_on_never_swallowed() -> None:
    texts = ("MAX(1, bad)", "IF(bad, 1, 2)", "AND(0, bad)", "OR(1, bad)", "bad = 1", "bad * 0", "SUM(1, bad)")
    for text in (*texts, "CHOOSE(bad, 1)"):
        made = line("x", "usage", quantity=text, unit_price="1")
        assert [i.where for i in errors(result_of(made, drivers=(driver("bad", "SQRT(-1)"),)))] == [
            "driver bad"
        ], text


def test_the_untaken_branch_does_not_matter() -> None:
    assert value("IF(0 = 1, 1 / 0, 3)")[0] == 3


# arrays

shapes = st.tuples(st.sampled_from((1, 3)), st.sampled_from((1, 2)), st.sampled_from((1, 7)))
MONTH = np.arange(1.0, 8.0).reshape(1, 1, 7)


def arrays(shape: tuple[int, int, int], low: float, high: float, seed: int) -> Array:
    return np.round(np.random.default_rng(seed).uniform(low, high, shape), 2)


TIMED = (
    "lag", "moving_sum", "cumulative", "growth", "step", "pulse", "active", "ramp", "replenish", "convolve",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TIMED), shapes, shapes, st.integers(0, 99))
def test_one_trial_and_line_at_a_time_gives_the_same(
    name: str, shape: tuple[int, int, int], other: tuple[int, int, int], seed: int
) -> None:
    function = getattr(over_time, name)
    x = arrays(shape, 0, 20, seed)
    scalar = (other[0], other[1], 1)
    args: tuple[Array, ...] = {
        "lag": (x, np.ceil(arrays(other, 0, 9, seed + 1))),
        "moving_sum": (x, np.ceil(arrays(other, 0, 9, seed + 1))),
        "cumulative": (x,),
        "growth": (arrays(shape, -0.9, 2, seed),),
        "step": (np.ceil(x / 3),),
        "pulse": (np.ceil(x / 3), np.ceil(arrays(other, 0, 5, seed + 1))),
        "active": (np.ceil(x / 3), np.ceil(arrays(other, 0, 5, seed + 1))),
        "ramp": (np.ceil(x / 3), 1 + arrays(other, 0, 5, seed + 1)),
        "replenish": (np.floor(x), np.ceil(arrays(scalar, 0.1, 9, seed + 1))),
        "convolve": (x, arrays((other[0], other[1], 7), 0, 1, seed + 1)),
    }[name]
    whole_result = function(*args, MONTH)
    size = np.broadcast_shapes(*(arg.shape for arg in args), (1, 1, 7))
    everything = np.broadcast_to(whole_result, size)
    for trial in range(size[0]):
        for place in range(size[1]):
            alone = [
                np.broadcast_to(arg, (size[0], size[1], arg.shape[2]))[trial : trial + 1, place : place + 1]
                for arg in args
            ]
            found = np.broadcast_to(function(*alone, MONTH), (1, 1, 7))
            np.testing.assert_allclose(everything[trial, place], found[0, 0], rtol=1e-12, atol=1e-9)


@given(st.floats(-1e12, 1e12), st.integers(-3, 6))
def test_rounding_is_decimal(x: float, digits: int) -> None:

    wanted = float(Decimal(repr(x)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP))
    found = float(round_half_away(np.full((1, 1, 1), x), np.full((1, 1, 1), float(digits))).item())
    assert found == pytest.approx(wanted, rel=1e-14, abs=10.0**-digits * 1e-6)


@given(st.integers(-(10**9), 10**9), st.integers(1, 1000))
def test_whole_multiples_stay_what_they_are(count: int, hundredths: int) -> None:
    step = np.full((1, 1, 1), hundredths / 100)
    x = count * step
    assert ceiling(x, step).item() == pytest.approx(x.item(), rel=1e-15)
    assert floor(x, step).item() == pytest.approx(x.item(), rel=1e-15)
    assert whole(np.full((1, 1, 1), float(count))).item() == count


def test_help_for_wrong_arguments_shows_the_signature() -> None:
    assert "PMT(rate, nper, pv, [fv], [type])" in problem("PMT(1)").message
