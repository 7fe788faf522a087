"""Tornado and solve, against closed forms."""

from __future__ import annotations

import dataclasses

import pytest

from desktop_app.engine.compute import compute
from desktop_app.engine.lowering import Problem
from desktop_app.engine.model import Driver, Plan, Range, Scenario, Settings
from desktop_app.engine.sensitivity import solve, tornado
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
    with pytest.raises(Problem, match="jumps over"):
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
