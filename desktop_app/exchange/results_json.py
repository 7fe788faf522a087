"""Results as plain data for JSON: full precision, None where a figure does not exist, never NaN."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from desktop_app import __version__
from desktop_app.document.history import HistoryEntry
from desktop_app.engine.bridge import Bridge
from desktop_app.engine.compare import Pair
from desktop_app.engine.compute import PlanResult, ScenarioResult
from desktop_app.engine.explain import Explanation, Part
from desktop_app.engine.issues import Issue
from desktop_app.engine.model import Source
from desktop_app.engine.risk import Distribution, ScenarioRisk, Simulation
from desktop_app.engine.sensitivity import Swing

Json = dict[str, Any]


def dumps(value: object, *, ascii_only: bool = False, indent: int | None = None) -> str:
    """JSON text of plain data, NumPy arrays and numbers included; what is no finite number becomes null.

    >>> dumps({"months": np.array([1.5, np.nan])})
    '{"months": [1.5, null]}'
    """
    return json.dumps(plain(value), ensure_ascii=ascii_only, allow_nan=False, indent=indent)


def plain(value: object) -> Any:
    """The same value in the types that JSON has."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in value]
    return value


def unit_json(unit: str) -> str:
    """The unit of a number as it is printed: shares are plain numbers (0.25), not per cent.

    >>> unit_json("%"), unit_json("USD/GPU/hour")
    ('1', 'USD/GPU/hour')
    """
    return "1" if unit == "%" else unit


def issue_json(issue: Issue) -> Json:
    """One problem; `span` is the place in the formula's text where there is one."""
    span = {"span": list(issue.span)} if issue.span else {}
    return {
        "severity": issue.severity,
        "code": issue.code,
        "where": issue.where,
        "message": issue.message,
        **span,
    }


def issues_json(issues: Iterable[Issue]) -> list[Json]:
    """All problems."""
    return [issue_json(issue) for issue in issues]


def compute_json(result: PlanResult) -> Json:
    """What `outlay compute` prints: conventions, every scenario under every case, and the comparison."""
    plan = result.plan
    return {
        "plan": plan.name,
        "currency": plan.settings.currency,
        "start": f"{plan.settings.start:%Y-%m}",
        "months": plan.settings.months,
        "fiscal_year_start": plan.settings.fiscal_year_start,
        "engine": __version__,
        "input_hash": result.input_hash,
        "periods": list(result.months),
        "fiscal_years": list(result.fiscal_years),
        "issues": issues_json(result.issues),
        "scenarios": [_scenario(one) for one in result.scenarios],
        "comparison": {"baseline": result.baseline, "pairs": [_pair(pair) for pair in result.pairs]},
    }


def _scenario(one: ScenarioResult) -> Json:
    return {
        "name": one.scenario,
        "case": one.case or None,
        "key_figures": {
            name: {"value": figure.value, "unit": unit_json(figure.unit), "label": figure.label}
            for name, figure in one.figures.items()
        },
        "monthly": one.monthly,
        "by_category": one.by_category,
        "checks": [
            {"name": check.name, "label": check.label, "difference": check.difference, "holds": check.holds}
            for check in one.checks
        ],
        "issues": issues_json(one.issues),
    }


def _pair(pair: Pair) -> Json:
    return {
        "a": pair.a,
        "b": pair.b,
        "case": pair.case or None,
        **{name: figure.value for name, figure in pair.figures.items()},
        "issues": issues_json(pair.issues),
    }


def source_json(source: Source) -> Json:
    """Where a value comes from; what is not known is left out."""
    fields = ("text", "date", "owner", "note", "quote", "cell")
    return {name: text for name in fields if (text := getattr(source, name))}


def explanation_json(explanation: Explanation, scenario: str, month: str | None) -> Json:
    """What `outlay explain` prints of one number. `month` is its name, None where it does not vary."""
    return {
        "scenario": scenario,
        "node": explanation.key,
        "line": explanation.line or None,
        "label": explanation.label,
        "month": month,
        "value": explanation.value,
        "unit": unit_json(explanation.unit),
        "formula": explanation.formula,
        "with_values": explanation.with_values,
        "inputs": [_part(part) for part in explanation.parts],
        "source": source_json(explanation.source),
        "origin": explanation.origin,
    }


def _part(part: Part) -> Json:
    return {
        "node": part.key,
        "line": part.line or None,
        "label": part.label,
        "value": part.value,
        "unit": unit_json(part.unit),
        "sign": part.sign,
        "source": source_json(part.source),
        **({"months": part.months} if part.months else {}),
    }


def bridge_json(bridge: Bridge, unit: str) -> Json:
    """What `outlay compare` prints: start plus the steps is end; `error` is 0 where the steps are exact."""
    return {
        "a": bridge.a,
        "b": bridge.b,
        "figure": bridge.figure,
        "unit": unit_json(unit),
        "start": bridge.start,
        "end": bridge.end,
        "difference": None if bridge.start is None or bridge.end is None else bridge.end - bridge.start,
        "exact": bridge.exact,
        "steps": [
            {
                "kind": step.difference.kind,
                "name": step.difference.name,
                "label": step.difference.label,
                "a": step.difference.a,
                "b": step.difference.b,
                "amount": step.amount,
                "standard_error": step.error,
            }
            for step in bridge.steps
        ],
        "issues": issues_json(bridge.issues),
    }


def simulation_json(simulation: Simulation, seconds: float) -> Json:
    """What `outlay simulate` prints."""
    return {
        "trials": simulation.trials,
        "seed": simulation.seed,
        "seconds": seconds,
        "scenarios": [_risk(risk) for risk in simulation.scenarios],
        "pairs": [
            {
                "a": chance.a,
                "b": chance.b,
                "figure": chance.figure,
                "probability_a_costs_less": chance.probability,
                "standard_error": chance.standard_error,
            }
            for chance in simulation.chances
        ],
        "issues": issues_json(simulation.issues),
    }


def _risk(risk: ScenarioRisk) -> Json:
    return {
        "name": risk.scenario,
        "case": risk.case or None,
        "uncertain_drivers": list(risk.drivers),
        "key_figures": {name: _distribution(spread) for name, spread in risk.figures.items()},
        "cumulative_cash_cost": {f"p{percent}": values for percent, values in risk.band.items()},
    }


def _distribution(spread: Distribution) -> Json:
    return {
        "mean": spread.mean,
        "standard_error": spread.standard_error,
        **{f"p{percent}": value for percent, value in spread.percentiles.items()},
        "histogram": {"edges": spread.edges, "counts": spread.counts},
    }


def tornado_json(
    scenario: str, figure: str, unit: str, swings: Iterable[Swing], issues: Iterable[Issue]
) -> Json:
    """What `outlay sensitivity` prints: the widest swing first."""
    return {
        "scenario": scenario,
        "figure": figure,
        "unit": unit_json(unit),
        "drivers": [
            {
                "name": swing.driver,
                "label": swing.label,
                "unit": unit_json(swing.unit),
                "low": swing.low,
                "base": swing.base,
                "high": swing.high,
                "figure_at_low": swing.figure_low,
                "figure_at_high": swing.figure_high,
                "swing": swing.width,
                "range": "10 per cent either way" if swing.assumed else "as entered",
            }
            for swing in swings
        ],
        "issues": issues_json(issues),
    }


def history_json(entries: Iterable[HistoryEntry]) -> list[Json]:
    """Who changed what, old and new, oldest first."""
    return [
        {
            "time": entry.time,
            "user": entry.user,
            "edit": entry.label,
            "table": entry.table or None,
            "what": entry.row or None,
            "field": entry.column or None,
            "old": entry.old,
            "new": entry.new,
        }
        for entry in entries
    ]
