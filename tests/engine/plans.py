"""Small plans for tests, and the numbers of a result by name."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from desktop_app.engine.compute import ScenarioResult, compute_scenario
from desktop_app.engine.issues import ERROR, Issue
from desktop_app.engine.model import CostLine, Driver, Plan, Scenario, Settings

Floats = npt.NDArray[np.float64]


def driver(name: str, value: str, unit: str = "", **rest: Any) -> Driver:
    """A driver."""
    return Driver(name, unit, value, **rest)


def line(name: str, kind: str, category: str = "Things", **fields: str) -> CostLine:
    """A cost line; its fields as keywords."""
    return CostLine(name, kind, category, fields)


def plan_of(
    *lines: CostLine,
    drivers: tuple[Driver, ...] = (),
    months: int = 24,
    settings: Mapping[str, Any] | None = None,
    **rest: Any,
) -> Plan:
    """A plan with one scenario, "Only"."""
    return Plan(
        "Test",
        dataclasses.replace(Settings(months=months), **dict(settings or {})),
        drivers,
        (Scenario("Only", lines=lines),),
        **rest,
    )


def result_of(*lines: CostLine, **rest: Any) -> ScenarioResult:
    """The result of a plan's only scenario."""
    return compute_scenario(plan_of(*lines, **rest), "Only")


def errors(result: ScenarioResult) -> list[Issue]:
    """What is wrong."""
    return [issue for issue in result.issues if issue.severity == ERROR]


def row(result: ScenarioResult, line_name: str, name: str) -> Floats:
    """One row of a cost line, by month."""
    assert result.program is not None, result.issues
    found = result.graph.line_node(line_name, name)
    assert found is not None, f"{line_name} has no row {name}"
    node, place = found
    value = result.program.value(node.key)[0]
    return np.broadcast_to(value[min(place, len(value) - 1)], (result.program.months,))


def value(text: str, *, drivers: tuple[Driver, ...] = (), unit: str = "", months: int = 24) -> Floats:
    """What a formula gives, by month or as one number."""
    plan = plan_of(drivers=(*drivers, driver("it", text, unit)), months=months)
    result = compute_scenario(plan, "Only")
    wrong = errors(result)
    assert not wrong, wrong
    assert result.program is not None
    return result.program.value("driver/it")[0, 0]


def problem(text: str, *, drivers: tuple[Driver, ...] = (), unit: str = "", **rest: Any) -> Issue:
    """The one error that a formula leads to."""
    result = compute_scenario(plan_of(drivers=(*drivers, driver("it", text, unit)), **rest), "Only")
    (only,) = errors(result)
    assert only.where == "driver it"
    return only
