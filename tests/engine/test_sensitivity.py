"""Tornado and solve, against closed forms."""

from __future__ import annotations

import dataclasses

import pytest

from desktop_app.engine.compute import compute
from desktop_app.engine.model import Driver, Plan, Range, Scenario, Settings
from desktop_app.engine.problems import Problem
from desktop_app.engine.sensitivity import solutions, solve, tornado
from tests.engine.plans import line

DRIVERS = (
    Driver("hours", "hour/month", "500"),
    Driver("cloud", "USD/hour", "98.32"),
    Driver("running", "USD/hour", "0.87"),
    Driver("price", "USD", "833,806", range=Range("triangular", "700k", "900k")),
    Driver("users", "", "7"),
    Driver("idle", "", "3"),
    Driver("nothing", "", "0"),
)
OWN = Scenario(
    "Own",
    lines=(
        line("Server", "purchase", "c", unit_price="price", life="60"),
        line("Power", "usage", "c", quantity="hours", unit_price="running"),
    ),
)
RENT = Scenario("Rent", lines=(line("Cloud", "usage", "c", quantity="hours", unit_price="cloud"),))
STEPS = Scenario(
    "Steps", lines=(line("x", "purchase", "c", quantity="ROUNDUP(users / 4, 0)", unit_price="1000"),)
)
BROKEN = Scenario("Broken", lines=(line("x", "purchase", "c", unit_price="nobody"),))
PLAN = Plan("p", Settings(months=60, discount_rate="0%"), DRIVERS, (OWN, RENT, STEPS, BROKEN))
RESULT = compute(PLAN)


def test_tornado_is_widest_first_over_ranges_or_ten_per_cent() -> None:
    swings, issues = tornado(PLAN, RESULT.scenario("Own"), "tco")
    assert not issues
    assert [swing.driver for swing in swings] == ["price", "hours", "running"]
    price, hours, _ = swings
    assert (price.low, price.high, price.assumed) == (700_000, 900_000, False)
    assert price.width == pytest.approx(200_000)
    assert (hours.low, hours.high, hours.assumed) == pytest.approx((450, 550, True))
    assert hours.figure_high - hours.figure_low == pytest.approx(100 * 0.87 * 60)


def test_the_published_break_even_by_solving_for_hours() -> None:
    """833,806 / (98.32 - 0.87) = 8,556 hours over the plan."""
    hours = solve(RESULT.scenario("Own"), "Hours", "tco", RESULT.scenario("Rent"))
    assert hours * 60 == pytest.approx(833_806 / (98.32 - 0.87), rel=1e-9)
    assert round(hours * 60) == 8_556


def test_a_rivals_price_at_which_both_cost_the_same() -> None:
    rate = solve(RESULT.scenario("Own"), "cloud", "tco", RESULT.scenario("Rent"))
    assert rate == pytest.approx(0.87 + 833_806 / (500 * 60), rel=1e-9)


def test_a_target_and_limits() -> None:
    own = RESULT.scenario("Own")
    assert solve(own, "price", "tco", 1_000_000.0) == pytest.approx(1_000_000 - 500 * 60 * 0.87)
    with pytest.raises(Problem, match="No value"):
        solve(own, "price", "tco", 1_000_000.0, high=900_000)
    assert solve(own, "hours", "tco", 833_806.0, low=-10, high=10) == pytest.approx(0, abs=1e-6)


def test_where_whole_units_are_bought_the_target_may_be_jumped_over() -> None:
    steps = RESULT.scenario("Steps")
    found = solve(steps, "users", "tco", 2_000.0)
    assert 4 < found <= 8
    with pytest.raises(Problem, match="jumps over the target where “users” is 8, from 2,000 to 3,000"):
        solve(steps, "users", "tco", 2_500.0)


@pytest.mark.parametrize(
    ("scenario", "driver", "figure", "word"),
    [
        ("Own", "hourz", "tco", "Did you mean “hours”"),
        ("Own", "hours", "tcoo", "Did you mean “tco”"),
        ("Broken", "hours", "tco", "no figures"),
        ("Own", "idle", "tco", "No value"),
    ],
)
def test_what_cannot_be_solved_says_why(scenario: str, driver: str, figure: str, word: str) -> None:
    with pytest.raises(Problem, match=word):
        solve(RESULT.scenario(scenario), driver, figure, 1.0)


@pytest.mark.parametrize("limits", [(float("nan"), 1.0), (0.0, float("inf")), (5.0, 1.0)])
def test_limits_that_are_none_are_refused(limits: tuple[float, float]) -> None:
    with pytest.raises(Problem, match="no range"):
        solve(RESULT.scenario("Own"), "hours", "tco", 1.0, *limits)


def test_a_swing_to_where_there_is_no_value_is_said() -> None:
    drivers = (*DRIVERS, Driver("odd", "", "1", range=Range("uniform", "-1", "1")))
    root = Scenario("Root", lines=(line("x", "usage", "c", quantity="SQRT(odd)", unit_price="1"),))
    plan = dataclasses.replace(PLAN, drivers=drivers, scenarios=(root,))
    swings, issues = tornado(plan, compute(plan).scenario("Root"), "tco")
    assert not swings
    assert [(issue.code, issue.where) for issue in issues] == [("no-figure", "driver odd")]


def test_a_series_swings_in_all_months_at_once() -> None:
    drivers = (*DRIVERS, Driver("load", "hour/month", "0", series=(100.0, 200.0, 300.0)))
    scenario = Scenario("S", lines=(line("x", "usage", "c", quantity="load", unit_price="2"),))
    plan = Plan("p", Settings(months=3), drivers, (scenario,))
    ((swing,), issues) = tornado(plan, compute(plan).scenario("S"), "tco")
    assert (swing.driver, swing.assumed) == ("load", True)
    assert (swing.low, swing.base, swing.high) == pytest.approx((180, 200, 220))
    assert (swing.figure_low, swing.figure_high) == pytest.approx((1080, 1320))
    assert not issues


def test_a_switch_is_left_out_and_said() -> None:
    drivers = (
        Driver("own", "", "0"),
        Driver("spare", "", "1", label="With a spare (1 yes, 0 no)"),
        Driver("share", "", "1"),
        Driver("meant", "", "1", range=Range("uniform", "0", "1")),
    )
    amount = "1 * (100 * own + 10 * spare + 5 * share + meant)"
    scenario = Scenario("S", drivers={"Own": "1"}, lines=(line("x", "adjustment", amount=amount),))
    plan = Plan("p", Settings(months=3), drivers, (scenario,))
    swings, issues = tornado(plan, compute(plan).scenario("S"), "tco")
    assert [(swing.driver, swing.assumed) for swing in swings] == [("share", True), ("meant", False)]
    assert [issue.code for issue in issues] == ["switch"]
    assert "own, With a spare (1 yes, 0 no)" in issues[0].message


def _figure_of(formula: str, value: str) -> Plan:
    scenario = Scenario("S", lines=(line("x", "adjustment", amount=f"({formula}) * dollar"),))
    return Plan("p", Settings(months=1), (Driver("n", "", value), Driver("dollar", "USD", "1")), (scenario,))


def test_several_solutions_are_found_the_nearest_first() -> None:
    plan = _figure_of("(n - 2) * (n - 8) * 100", "7")
    result = compute(plan).scenario("S")
    assert solutions(result, "n", "tco", 0.0) == pytest.approx([8, 2])
    assert solve(result, "n", "tco", 0.0) == pytest.approx(8)


def test_a_driver_of_zero_is_searched_far_and_wide() -> None:
    assert solve(compute(_figure_of("n", "0")).scenario("S"), "n", "tco", 250_000.0) == pytest.approx(250_000)
    assert solve(compute(_figure_of("n", "0")).scenario("S"), "n", "tco", -0.004) == pytest.approx(-0.004)
    assert solve(compute(_figure_of("n", "-40")).scenario("S"), "n", "tco", -3_999.0) == pytest.approx(-3_999)


def test_a_small_jump_is_no_solution_however_large_the_figure_is_elsewhere() -> None:
    result = compute(_figure_of("n ^ 6 + IF(n < 5, 0, 0.5)", "5")).scenario("S")
    with pytest.raises(Problem, match="jumps over"):
        solve(result, "n", "tco", 5.0**6 + 0.2)


def test_a_stretch_of_whole_units_stands_for_one_solution() -> None:
    result = compute(_figure_of("1000 * ROUNDUP(n / 8, 0)", "20")).scenario("S")
    (found,) = solutions(result, "n", "tco", 5_000.0)
    assert 32 < found <= 40
    (here,) = solutions(result, "n", "tco", 3_000.0)
    assert here == 20


def test_a_gap_between_two_values_is_no_solution_and_no_failure() -> None:
    result = compute(_figure_of("IF(AND(n > 4.99, n < 5.01), SQRT(0 - 1), n - 5)", "6")).scenario("S")
    with pytest.raises(Problem, match="No value"):
        solve(result, "n", "tco", 0.0)


def test_what_is_too_large_to_swing_is_left_out() -> None:
    drivers = (*DRIVERS, Driver("big", "", "0", series=(1e308, 1e308, 1.0)), Driver("huge", "", "1.79e308"))
    made = line("x", "adjustment", amount="1 * MIN(5, big) + 1 * MIN(5, huge)")
    plan = Plan("p", Settings(months=3), drivers, (Scenario("S", lines=(made,)),))
    assert tornado(plan, compute(plan).scenario("S"), "tco") == ([], [])
