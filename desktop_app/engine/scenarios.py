"""Scenarios resolved: inheritance by overrides to any depth, cases laid on top."""

from __future__ import annotations

import dataclasses
import difflib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desktop_app.engine.issues import Issue, error, warning
from desktop_app.engine.model import CostLine, Driver, Plan, Scenario


@dataclass(frozen=True, slots=True)
class Resolved:
    """A scenario with nothing left to look up: every driver and line it uses, overrides applied."""

    scenario: str
    case: str
    drivers: tuple[Driver, ...]
    lines: tuple[CostLine, ...]
    overridden: Mapping[str, str]
    issues: tuple[Issue, ...]


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known word, or nothing."""
    written = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower(), written, n=1, cutoff=0.6)
    return f" Did you mean “{written[found[0]]}”?" if found else ""


def lineage(plan: Plan, name: str) -> tuple[list[Scenario], list[Issue]]:
    """The scenario and those it is based on, root first."""
    by_name = {scenario.name: scenario for scenario in plan.scenarios}
    names = [scenario.name for scenario in plan.scenarios]
    chain: list[Scenario] = []
    where = f"scenario {name}"
    current = name
    while current:
        if current not in by_name:
            return [], [
                error(
                    "unknown-scenario", where, f"There is no scenario “{current}”.{nearest(current, by_name)}"
                )
            ]
        if any(link.name == current for link in chain):
            return [], [error("circular-scenarios", where, f"Scenario “{current}” is based on itself.")]
        if names.count(current) > 1:
            message = f"There is more than one scenario “{current}”: rename one."
            return [], [error("duplicate-scenario", where, message)]
        chain.append(by_name[current])
        current = by_name[current].based_on
    return chain[::-1], []


def resolve(plan: Plan, scenario: str, case: str = "") -> Resolved:
    """All drivers and lines of a scenario under a case. An override equal to its base changes nothing."""
    chain, issues = lineage(plan, scenario)
    overrides: dict[str, str] = {}
    lines: dict[str, CostLine] = {}
    names = {driver.name.lower(): driver.name for driver in plan.drivers}

    def lay(values: Mapping[str, str], where: str) -> None:
        for name, value in values.items():
            if [other.lower() for other in values].count(name.lower()) > 1:
                issues.append(
                    error("duplicate-driver", where, f"The driver “{name}” is given more than once.")
                )
            if name.lower() not in names:
                hint = nearest(name, names)
                issues.append(
                    error("unknown-driver", where, f"There is no driver “{name}” to override.{hint}")
                )
            else:
                overrides[names[name.lower()]] = value

    for link in chain:
        where = f"scenario {link.name}"
        lay(link.drivers, where)
        for name in link.removed:
            if lines.pop(name, None) is None:
                issues.append(
                    warning(
                        "unknown-line", where, f"The line “{name}” to remove is not in the base scenario."
                    )
                )
        for name, fields in link.line_fields.items():
            if name not in lines:
                issues.append(
                    error(
                        "unknown-line", where, f"There is no line “{name}” to change.{nearest(name, lines)}"
                    )
                )
            else:
                lines[name] = dataclasses.replace(lines[name], fields={**lines[name].fields, **fields})
        for name, count in Counter(line.name for line in link.lines).items():
            if count > 1:
                issues.append(
                    error("duplicate-line", where, f"There are {count} lines “{name}”: rename all but one.")
                )
        lines.update({line.name: line for line in link.lines})
    if case:
        found = next((one for one in plan.cases if one.name == case), None)
        if [one.name for one in plan.cases].count(case) > 1:
            issues.append(
                error("duplicate-case", f"case {case}", f"There is more than one case “{case}”: rename one.")
            )
        if found is None:
            hint = nearest(case, (one.name for one in plan.cases))
            issues.append(error("unknown-case", f"case {case}", f"There is no case “{case}”.{hint}"))
        else:
            lay(found.drivers, f"case {case}")
    drivers = tuple(
        dataclasses.replace(driver, value=overrides[driver.name], series=())
        if driver.name in overrides
        else driver
        for driver in plan.drivers
    )
    return Resolved(scenario, case, drivers, tuple(lines.values()), overrides, tuple(issues))
