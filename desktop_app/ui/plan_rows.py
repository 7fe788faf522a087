"""Drivers and cost lines as the tables show them: with what a scenario and a case lay over them, results and
problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from desktop_app.engine.compute import ScenarioResult
from desktop_app.engine.functions import Array
from desktop_app.engine.issues import Issue
from desktop_app.engine.model import CostLine, Driver, Plan, Scenario
from desktop_app.engine.scenarios import lineage
from desktop_app.ui.places import DRIVER, LINE, line_names, place_of


@dataclass(frozen=True, slots=True)
class DriverRow:
    """A driver. `own` is the chosen scenario's override, `inherited` that of a scenario it is based on (with
    its name)."""

    driver: Driver
    own: str | None
    inherited: str | None
    inherited_from: str
    case: str | None
    value: Array | None
    problem: str

    @property
    def text(self) -> str:
        """The formula text in force in the scenario, the case left aside."""
        return next(text for text in (self.own, self.inherited, self.driver.value) if text is not None)


@dataclass(frozen=True, slots=True)
class LineRow:
    """A cost line of the chosen scenario. `home` has it; `changed` are its fields overridden here.

    `total` is its cash cost over the plan; `problems` maps field labels in lower case ("" for the line) to
    messages.
    """

    line: CostLine
    home: str
    inherited: bool
    changed: Mapping[str, str]
    base_fields: Mapping[str, str]
    excluded: bool
    total: float | None
    problems: Mapping[str, str]


def _lower(values: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): text for name, text in values.items()}


def driver_rows(plan: Plan, scenario: str, case: str, result: ScenarioResult | None) -> list[DriverRow]:
    """All drivers of a plan as one scenario and case see them."""
    chain, _ = lineage(plan, scenario) if scenario else ([], [])
    own = _lower(chain[-1].drivers) if chain else {}
    inherited: dict[str, tuple[str, str]] = {}
    for link in chain[:-1]:
        inherited.update({name: (text, link.name) for name, text in _lower(link.drivers).items()})
    over = _lower(next((one.drivers for one in plan.cases if one.name == case), {}))
    problems = driver_problems(plan, result.issues if result else ())
    rows = []
    for driver in plan.drivers:
        name = driver.name.lower()
        before, before_from = inherited.get(name, (None, ""))
        problem = problems.get(driver.name, "")
        value = None if problem else node_value(result, f"driver/{driver.name}")
        rows.append(DriverRow(driver, own.get(name), before, before_from, over.get(name), value, problem))
    return rows


def driver_problems(plan: Plan, issues: Iterable[Issue]) -> dict[str, str]:
    """Errors of drivers by name."""
    found: dict[str, str] = {}
    names = line_names(plan)
    for issue in issues:
        place = place_of(issue.where, names)
        if issue.severity == "error" and place.kind == DRIVER:
            found.setdefault(place.name, issue.message)
    return found


def node_value(result: ScenarioResult | None, key: str) -> Array | None:
    """The value of a node by month (or one number), None where there is none."""
    if result is None or result.program is None or key not in result.program.places:
        return None
    value = result.program.value(key)[0, 0]
    return value if np.isfinite(value).all() else None


def line_rows(plan: Plan, scenario: str, result: ScenarioResult | None) -> list[LineRow]:
    """The cost lines of a scenario, inherited ones first, and those it leaves out at the end."""
    chain, _ = lineage(plan, scenario) if scenario else ([], [])
    if not chain:
        return []
    totals = line_totals(result)
    problems = line_problems(plan, result.issues if result else ())
    last = chain[-1]
    lines: dict[str, tuple[CostLine, str]] = {}
    for link in chain:
        for name in link.removed if link is not last else ():
            lines.pop(name, None)
        for name, fields in link.line_fields.items() if link is not last else ():
            if name in lines:
                line, home = lines[name]
                lines[name] = (with_fields(line, fields), home)
        lines.update({line.name: (line, link.name) for line in link.lines})
    rows = []
    for name, (line, home) in lines.items():
        changed = last.line_fields.get(name, {}) if home != last.name else {}
        rows.append(
            LineRow(
                with_fields(line, changed),
                home,
                home != last.name,
                changed,
                line.fields,
                name in last.removed and home != last.name,
                totals.get(name),
                problems.get(name, {}),
            )
        )
    return sorted(rows, key=lambda row: row.excluded)


def with_fields(line: CostLine, fields: Mapping[str, str]) -> CostLine:
    """The line with some of its fields changed."""
    if not fields:
        return line
    return CostLine(
        line.name, line.kind, line.category, {**line.fields, **fields}, line.asset_class, line.source
    )


def line_totals(result: ScenarioResult | None) -> dict[str, float]:
    """Cash cost of each line over the plan: capital and operating cost less what is recovered."""
    if result is None or result.program is None:
        return {}
    months = result.graph.nodes["time/month"].value
    assert months is not None
    count = months.shape[-1]
    totals: dict[str, float] = {}
    for block in result.graph.blocks:
        feeds = dict(block.feeds)
        amounts = np.zeros(len(block.lines))
        for statement, sign in (("capex", 1), ("opex", 1), ("proceeds", -1)):
            for row_sign, key in feeds.get(statement, ()):
                value = result.program.value(key)[0]
                amounts += sign * row_sign * np.broadcast_to(value, (len(block.lines), count)).sum(axis=1)
        totals.update(
            {
                line.name: float(amount)
                for line, amount in zip(block.lines, amounts, strict=True)
                if np.isfinite(amount)
            }
        )
    return totals


def line_problems(plan: Plan, issues: Iterable[Issue]) -> dict[str, dict[str, str]]:
    """Errors of cost lines by name, then by the field's label."""
    found: dict[str, dict[str, str]] = {}
    names = line_names(plan)
    for issue in issues:
        place = place_of(issue.where, names)
        if issue.severity == "error" and place.kind == LINE:
            found.setdefault(place.name, {}).setdefault(place.field, issue.message)
    return found


def heirs(plan: Plan, scenario: str) -> list[Scenario]:
    """Scenarios based on one directly."""
    return [one for one in plan.scenarios if one.based_on == scenario]


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """The wanted name, with a number where it is taken already.

    >>> free_name("Line", ["Line", "line 2"])
    'Line 3'
    """
    used = {name.lower() for name in taken}
    name, count = wanted, 1
    while name.lower() in used:
        count += 1
        name = f"{wanted} {count}"
    return name
