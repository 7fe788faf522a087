"""A plan's results: scenarios under cases, their key figures and statements, and how scenarios compare."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from desktop_app.engine import timeline
from desktop_app.engine.compare import Pair, compare_pair
from desktop_app.engine.compile import compile_resolved
from desktop_app.engine.figures import DEFINITIONS, MEASURES
from desktop_app.engine.findings import first_culprit, line_findings, odd_rates, valueless_drivers
from desktop_app.engine.functions import Array
from desktop_app.engine.graph import Graph, unread_inputs
from desktop_app.engine.issues import Issue, error, has_errors, warning
from desktop_app.engine.model import Plan
from desktop_app.engine.program import Program, make_program
from desktop_app.engine.scenarios import resolve
from desktop_app.engine.settings import settings_problem

CHECK_TOLERANCE = 0.005
# of all that is summed up: what double precision can lose on the way
ROUNDING = 1e-12
_LABELS = {definition.name: definition for definition in DEFINITIONS}


@dataclass(frozen=True, slots=True)
class Figure:
    """One key figure; `value` is None where it does not exist, and an Issue says why."""

    name: str
    label: str
    unit: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Check:
    """A relation that must hold: `difference` is its error in the plan's currency, None where it has no
    value.
    """

    name: str
    label: str
    difference: float | None
    tolerance: float = CHECK_TOLERANCE

    @property
    def holds(self) -> bool:
        """True if the difference is within half a cent, or within what rounding can do to very large sums."""
        return self.difference is not None and abs(self.difference) < self.tolerance


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """One scenario under one case. `monthly` and `by_category` hold one number a month, costs positive.

    Where an error stops the figures, `figures` hold None and `monthly` is empty; `graph` and, where anything
    could be computed at all, `program` are there for explaining, exporting and simulating.
    """

    scenario: str
    case: str
    graph: Graph
    program: Program | None
    figures: dict[str, Figure]
    monthly: dict[str, Array]
    by_category: dict[str, Array]
    checks: tuple[Check, ...]
    issues: tuple[Issue, ...]

    @property
    def name(self) -> str:
        """The scenario's name, with the case where there is one."""
        return f"{self.scenario} ({self.case})" if self.case else self.scenario


@dataclass(frozen=True, slots=True)
class PlanResult:
    """All results of a plan. `pairs` compare every scenario with the baseline, the baseline second.

    `issues` are those of the plan as a whole; each scenario has its own beside them.
    """

    plan: Plan
    scenarios: tuple[ScenarioResult, ...]
    pairs: tuple[Pair, ...]
    baseline: str
    months: tuple[str, ...]
    fiscal_years: tuple[int, ...]
    issues: tuple[Issue, ...] = ()

    @property
    def input_hash(self) -> str:
        """SHA-256 of everything that the results depend on."""
        return input_hash(self.plan)

    def scenario(self, name: str, case: str = "") -> ScenarioResult:
        """The result of a scenario. Raises KeyError."""
        for result in self.scenarios:
            if result.scenario == name and result.case == case:
                return result
        raise KeyError(name)

    def matrix(self, figure: str) -> dict[str, dict[str, float | None]]:
        """A key figure by scenario and case ("" is none); None where it does not exist."""
        table: dict[str, dict[str, float | None]] = {}
        for result in self.scenarios:
            found = result.figures.get(figure)
            table.setdefault(result.scenario, {})[result.case] = found.value if found else None
        return table


def by_fiscal_year(monthly: Array, fiscal_years: Sequence[int]) -> dict[int, float]:
    """Sums of a flow by fiscal year.

    >>> by_fiscal_year(np.array([1.0, 2.0, 4.0]), (2027, 2027, 2028))
    {2027: 3.0, 2028: 4.0}
    """
    totals: dict[int, float] = {}
    for year, value in zip(fiscal_years, monthly, strict=True):
        totals[year] = totals.get(year, 0.0) + float(value)
    return totals


def input_hash(plan: Plan) -> str:
    """SHA-256 of everything that the results depend on."""
    return hashlib.sha256(json.dumps(_plain(plan), sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if hasattr(value, "items"):
        return {str(key): _plain(one) for key, one in value.items()}
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def compute_scenario(plan: Plan, scenario: str, case: str = "") -> ScenarioResult:
    """One scenario. Never raises for what a user typed."""
    resolved = resolve(plan, scenario, case)
    graph = compile_resolved(plan, resolved)
    issues = list(graph.issues)
    if graph.stopped or has_errors(resolved.issues):
        figures = {
            name: Figure(
                name, _LABELS[name].label, _LABELS[name].unit.replace("money", plan.settings.currency), None
            )
            for name in ("tco", "npv_cost", "capex", "opex", "people")
        }
        issues.append(
            error(
                "no-result", f"scenario {scenario}", "There are no figures until the errors above are mended."
            )
        )
        return ScenarioResult(scenario, case, graph, None, figures, {}, {}, (), tuple(issues))
    program = make_program(graph, plan.settings.months)
    return _result(plan, graph, program, issues)


def _result(plan: Plan, graph: Graph, program: Program, issues: list[Issue]) -> ScenarioResult:
    months = plan.settings.months

    def row(key: str) -> Array:
        return np.broadcast_to(program.value(key)[0, 0], (months,))

    monthly = {name: row(f"statement/{name}") for name in graph.statements}
    by_category = {name: row(f"category/{name}/cash_cost") for name in graph.categories}
    found = [*line_findings(graph, program, months), *odd_rates(program)]
    culprit = first_culprit(graph, program, (f"statement/{name}" for name in graph.statements))
    if culprit and not has_errors(found):
        found.append(culprit)
    told = {issue.where for issue in found}
    found += [issue for issue in valueless_drivers(graph, program) if issue.where not in told]
    issues += found
    usable = not has_errors(found)
    size = (
        sum(float(np.abs(monthly[name]).sum()) for name in ("capex", "opex", "proceeds")) if usable else 0.0
    )
    if not usable:
        monthly, by_category = {}, {}
    figures = {}
    for name in graph.figures:
        node = graph.nodes[f"figure/{name}"]
        number = float(program.value(node.key).flat[0])
        value = number if np.isfinite(number) and usable else None
        figures[name] = Figure(name, node.label, node.unit, value)
        if value is None and usable:
            issues.append(
                warning(
                    "no-figure",
                    f"figure {name}",
                    f"{node.label} has no value: {_why_none(program, name)}.",
                )
            )
    checks = []
    for name in graph.checks:
        node = graph.nodes[f"check/{name}"]
        number = float(program.value(node.key).flat[0])
        difference = number if np.isfinite(number) else None
        checks.append(Check(name, node.label, difference, CHECK_TOLERANCE + size * ROUNDING))
        if usable and not checks[-1].holds:
            issues.append(
                error("check-failed", f"check {name}", f"{node.label}: the difference is {number:,.2f}.")
            )
    return ScenarioResult(
        graph.scenario,
        graph.case,
        graph,
        program,
        figures,
        monthly,
        by_category,
        tuple(checks),
        tuple(issues),
    )


def _why_none(program: Program, figure: str) -> str:
    """Why a figure does not exist."""
    needs = _LABELS[figure].needs
    if needs and not any(program.value(f"measure/{name}").any() for name in needs):
        named = " and ".join(f"“{MEASURES[name].label}”" for name in needs)
        return f"the scenario has none of {named} in any month"
    return "what it is divided by is zero, or it is too large"


def _unused(plan: Plan, results: list[ScenarioResult]) -> tuple[Issue, ...]:
    """Drivers that no scenario reads; known only when all scenarios were compiled whole."""
    if {scenario.name for scenario in plan.scenarios} > {result.scenario for result in results}:
        return ()
    if any(result.program is None for result in results) or not results:
        return ()
    return tuple(unread_inputs(result.graph for result in results))


def compute(plan: Plan, scenarios: Iterable[str] = (), cases: Iterable[str] = ("",)) -> PlanResult:
    """Results of the scenarios named (all of them by default) under each case named ("" is none)."""
    names = list(dict.fromkeys(scenarios or (scenario.name for scenario in plan.scenarios)))
    cases = tuple(dict.fromkeys(cases))
    results = [compute_scenario(plan, name, case) for case in cases for name in names]
    baseline = plan.baseline if plan.baseline in names else (names[0] if names else "")
    pairs = []
    for result in results:
        base = next(one for one in results if one.scenario == baseline and one.case == result.case)
        if result is base or not (result.monthly and base.monthly):
            continue
        assert result.program is not None
        assert base.program is not None
        pairs.append(compare_pair(plan, result.graph, result.program, base.graph, base.program))
    readable = settings_problem(plan) is None
    years = tuple(int(year) for year in timeline.fiscal_years(plan.settings)) if readable else ()
    return PlanResult(
        plan,
        tuple(results),
        tuple(pairs),
        baseline,
        tuple(timeline.month_names(plan.settings)) if readable else (),
        years,
        _unused(plan, results),
    )
