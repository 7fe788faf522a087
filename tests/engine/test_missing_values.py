"""What has no value is never taken for a number: not in a minimum, a comparison, or a number of months."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.engine.bridge import bridge
from desktop_app.engine.model import Driver, Plan, Scenario, Settings
from tests.engine.plans import driver, errors, line, result_of, value


@pytest.mark.parametrize(
    "formula",
    [
        "MIN(5, 10 / zero)",
        "MAX(0, 0 - 1 / zero)",
        "IF(1 / zero > 5, 1, 2)",
        "5 / (1 / zero)",
        "SIGN(1 / zero)",
        "STEP(1 / zero)",
        "PULSE(1 / zero)",
        "PULSE(1, 1 / zero)",
        "ACTIVE(1, 1 / zero)",
        "LAG(5, 1 / zero)",
        "MOVSUM(5, 1 / zero)",
        "REPLENISH(5, 1 / zero)",
        "MAX(5, LN(zero))",
        "MIN(5, EXP(1000))",
        "MIN(5, 10 ^ 400)",
        "MIN(5, zero ^ -1)",
    ],
)
def test_a_division_by_zero_is_an_error_wherever_it_stands(formula: str) -> None:
    result = result_of(line("x", "recurring", unit_price=f"({formula}) * 1"), drivers=(driver("zero", "0"),))
    assert result.figures["tco"].value is None
    (only,) = errors(result)
    assert only.where == "line x, price per period"
    assert only.code == ("division-by-zero" if " / zero" in formula else "not-a-number")
    if only.span:
        assert f"({formula}) * 1"[slice(*only.span)].endswith(" / zero")
    else:
        assert only.code == "not-a-number" or formula.startswith(("LAG", "MOVSUM", "REPLENISH"))


def test_a_division_by_zero_is_told_with_its_place_and_month() -> None:
    price = "100 + 5 / gap"
    (only,) = errors(
        result_of(
            line("x", "recurring", unit_price=price), drivers=(driver("gap", "MONTH_INDEX() - 2"),), months=3
        )
    )
    assert (only.code, only.where) == ("division-by-zero", "line x, price per period")
    assert only.span is not None
    assert price[slice(*only.span)] == "5 / gap"
    assert "month 2" in only.message


def test_a_driver_without_a_value_is_told_though_no_cost_needs_it() -> None:
    drivers = (driver("zero", "0"), driver("odd", "3 + 1 / zero"), driver("later", "odd * 2"))
    result = result_of(line("x", "recurring", unit_price="1 * IFERROR(later, 5)"), drivers=drivers, months=2)
    assert result.figures["tco"].value == 10
    assert [(one.severity, one.code, one.where, one.span) for one in result.issues] == [
        ("warning", "division-by-zero", "driver odd", (4, 12))
    ]


def test_what_is_not_asked_for_may_be_missing() -> None:
    zero = (driver("zero", "0"),)
    assert value("IF(zero = 0, 7, 1 / zero)", drivers=zero)[0] == 7
    assert value("IFERROR(1 / zero, 3)", drivers=zero)[0] == 3
    assert value("CHOOSE(2, 1 / zero, 5)", drivers=zero)[0] == 5


@pytest.mark.parametrize("text", ["0 / zero", "1 / zero", "-1 / zero"])
@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("purchase", "life"),
        ("purchase", "start"),
        ("purchase", "refresh_every"),
        ("fleet", "life"),
        ("recurring", "months"),
        ("lease", "term"),
        ("adjustment", "every"),
    ],
)
def test_a_number_of_months_that_is_none_is_said(kind: str, field: str, text: str) -> None:
    amounts = {"lease": "payment", "adjustment": "amount"}
    given = {amounts.get(kind, "unit_price"): "100"}
    if kind == "fleet":
        given["required"] = "3"
    made = [line(name, kind, **(given | {field: months})) for name, months in (("x", text), ("y", "24"))]
    result = result_of(*made, drivers=(driver("zero", "0"),))
    assert result.figures["tco"].value is None
    assert [(issue.code, issue.where.partition(",")[0]) for issue in errors(result)] == [
        ("bad-months", "line x")
    ]


def test_more_months_than_can_be_counted_are_just_many() -> None:
    lines = [
        line(name, "purchase", unit_price="1200", life=life) for name, life in (("x", "1e300"), ("y", "12"))
    ]
    result = result_of(*lines, months=12)
    assert result.monthly["depreciation"] == pytest.approx(np.full(12, 100.0))


def test_a_line_in_a_circle_may_read_others() -> None:
    """The circle is said; that the line also reads one not met yet is no failure."""
    reading = 'TOTAL("capex", "x") + TOTAL("capex", "y")'
    result = result_of(
        line("x", "purchase", unit_price=reading), line("y", "purchase", unit_price="100"), months=2
    )
    assert errors(result)[0].code == "circular"


def test_a_bridge_over_what_has_no_value_says_so() -> None:
    made = line("x", "recurring", unit_price="price / (a - b)")
    drivers = (Driver("price", "USD", "100"), Driver("a", "", "1"), Driver("b", "", "0"))
    scenarios = (
        Scenario("A", lines=(made,)),
        Scenario("B", based_on="A", drivers={"a": "3"}),
    )
    plan = Plan(
        "p", Settings(months=2), drivers, (*scenarios, Scenario("C", "A", drivers={"a": "0", "b": "-1"}))
    )
    assert bridge(plan, "A", "B").steps
    found = bridge(plan, "A", "C")
    assert not found.steps
    assert [issue.code for issue in found.issues if issue.severity == "error"] == ["no-figure"]
