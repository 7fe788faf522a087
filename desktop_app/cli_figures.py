"""The commands for figures: compute, explain, compare, simulate, sensitivity and solve."""

from __future__ import annotations

import time
from pathlib import Path

import click

from desktop_app.engine import explain as explaining
from desktop_app.engine import risk
from desktop_app.engine.bridge import bridge
from desktop_app.engine.compute import PlanResult
from desktop_app.engine.formula.entry import parse_entry
from desktop_app.engine.formula.parser import FormulaError
from desktop_app.engine.formula.syntax import Number
from desktop_app.engine.issues import has_errors
from desktop_app.engine.lowering import unit_of
from desktop_app.engine.sensitivity import solutions, tornado
from desktop_app.engine.units import parse_unit
from desktop_app.exchange import results_json as as_data
from desktop_app.exchange import results_text as as_text
from desktop_app.terminal import (
    InputProblem,
    cases_option,
    choose,
    computed,
    finish,
    json_option,
    plan_argument,
    progress,
    read_plan,
    scenarios_option,
    show,
    tell,
)

_scenario = click.argument("scenario")
_case = click.option("--case", default="", help="Lay this case over the scenario.")
_figure = click.option("--figure", default="npv_cost", show_default=True, help="Key figure to look at.")


@click.command("compute")
@plan_argument
@scenarios_option
@cases_option
@json_option
def compute_command(plan: Path, scenarios: tuple[str, ...], cases: tuple[str, ...], as_json: bool) -> None:
    """Key figures and monthly statements of PLAN."""
    result = computed(read_plan(plan), scenarios, cases or ("",))
    show(as_json, as_data.compute_json(result), as_text.figures_text(result))
    bad = any(has_errors(one.issues) for one in result.scenarios)
    if not as_json:
        tell(result.issues)
        for one in result.scenarios:
            tell(one.issues, f"{one.name}: ")
    finish(bad)


@click.command()
@plan_argument
@_scenario
@click.argument("node")
@click.option("--month", help="Month as YYYY-MM; the first of the plan if not given.")
@click.option("--line", default="", help="Cost line, where NODE is a row of several.")
@_case
@json_option
def explain(
    plan: Path, scenario: str, node: str, month: str | None, line: str, case: str, as_json: bool
) -> None:
    """How a figure came about: NODE is a key figure, statement, driver, category or LINE.ROW."""
    content = read_plan(plan)
    whole = _whole(computed(content, [scenario], [case]))
    result, months = whole.scenarios[0], whole.months
    if month is not None and month not in months:
        raise InputProblem(f"The plan has no month “{month}”: it runs from {months[0]} to {months[-1]}.")
    key, owner = explaining.find(result, node)
    if month is not None and f"statement/{node.strip().lower()}" in result.graph.nodes:
        # a figure and a statement may share a name: the month tells which is meant
        key = f"statement/{node.strip().lower()}"
    found = explaining.explain(result, key, months.index(month) + 1 if month else None, line or owner)
    when = months[found.month - 1] if found.month else None
    show(as_json, as_data.explanation_json(found, scenario, when), as_text.explanation_text(found, when))


@click.command()
@plan_argument
@click.argument("a")
@click.argument("b")
@_figure
@_case
@click.option("--seed", type=int, default=1, show_default=True)
@json_option
def compare(plan: Path, a: str, b: str, figure: str, case: str, seed: int, as_json: bool) -> None:
    """The difference of scenarios A and B as a bridge whose steps sum exactly."""
    content = read_plan(plan)
    result = computed(content, [a, b], [case])
    for one in result.scenarios:
        if one.program is not None:
            choose([figure], one.figures, "key figure")
    found = bridge(content, a, b, figure, case, seed)
    known = result.scenarios[0].figures.get(figure)
    label, unit = (known.label, known.unit) if known else (figure, content.settings.currency)
    show(as_json, as_data.bridge_json(found, unit), as_text.bridge_text(found, label, unit))
    finish(has_errors(found.issues) if as_json else tell(found.issues))


@click.command()
@plan_argument
@click.option("--trials", type=click.IntRange(1, 10_000_000), default=10_000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@scenarios_option
@_case
@json_option
def simulate(
    plan: Path, trials: int, seed: int, scenarios: tuple[str, ...], case: str, as_json: bool
) -> None:
    """Monte Carlo over the ranges of the drivers."""
    result = _whole(computed(read_plan(plan), scenarios, [case]))
    begun = time.perf_counter()
    with progress("Simulating") as report:
        found = risk.simulate(result, trials, seed, progress=lambda done: report(done, ""))
    seconds = time.perf_counter() - begun
    show(as_json, as_data.simulation_json(found, seconds), as_text.simulation_text(found))
    finish(has_errors(found.issues) if as_json else tell(found.issues))


@click.command()
@plan_argument
@_scenario
@_figure
@_case
@json_option
def sensitivity(plan: Path, scenario: str, figure: str, case: str, as_json: bool) -> None:
    """What a key figure of SCENARIO depends on most: the table of a tornado chart."""
    content = read_plan(plan)
    result = _whole(computed(content, [scenario], [case])).scenarios[0]
    swings, issues = tornado(content, result, figure)
    known = result.figures[figure]
    show(
        as_json,
        as_data.tornado_json(scenario, figure, known.unit, swings, issues),
        as_text.tornado_text(known.label, known.unit, swings),
    )
    finish(has_errors(issues) if as_json else tell(issues))


@click.command()
@plan_argument
@_scenario
@click.option("--driver", required=True, help="Driver to change.")
@click.option("--figure", required=True, help="Key figure to bring to a value.")
@click.option("--equals", help="The value, such as 12.5M.")
@click.option("--same-as", "other", help="The value that this scenario has: a break-even.")
@_case
@json_option
def solve(
    plan: Path,
    scenario: str,
    driver: str,
    figure: str,
    equals: str | None,
    other: str | None,
    case: str,
    as_json: bool,
) -> None:
    """Goal seek: the value of a driver at which a figure of SCENARIO is what it should be."""
    if (equals is None) == (other is None):
        raise click.UsageError("Give either --equals VALUE or --same-as SCENARIO.")
    content = read_plan(plan)
    names = [scenario] if other is None else [scenario, other]
    results = _whole(computed(content, names, [case])).scenarios
    shown = results[0].figures.get(figure)
    target = _number(equals, shown.unit if shown else "") if equals is not None else results[1]
    value, *others = solutions(results[0], driver, figure, target)
    known = next(one for one in content.drivers if one.name.lower() == driver.lower())
    data = {
        "scenario": scenario,
        "driver": known.name,
        "value": value,
        "unit": as_data.unit_json(known.unit),
        "figure": figure,
        "other_values": others,
    }
    data |= {"same_as": other} if other is not None else {"equals": target}
    goal = f"as in {other}" if other is not None else f"{equals}"
    also = ", ".join(as_text.measured(other, known.unit) for other in others)
    show(
        as_json,
        data,
        f"{known.name} = {as_text.measured(value, known.unit)}: then {figure} of {scenario} is {goal}"
        + (f"; also at {also}" if also else ""),
    )


def _whole(result: PlanResult) -> PlanResult:
    """The same, refused where a scenario has no figures."""
    bad = [one for one in result.scenarios if one.program is None]
    if bad:
        raise InputProblem(
            *(f"{one.name}: {issue.where}: {issue.message}" for one in bad for issue in one.issues)
        )
    return result


def _number(text: str, unit: str) -> float:
    """What is typed for a figure, in the figure's unit."""
    try:
        entry = parse_entry(text)
    except FormulaError as problem:
        raise InputProblem(f"“{text}” is not a number: {problem}") from problem
    if not isinstance(entry, Number):
        raise InputProblem(f"“{text}” is not a number.")
    if entry.unit in ("", "%"):
        return entry.value
    wanted = unit_of(unit)
    times = parse_unit(entry.unit).in_one(wanted)
    if times is None:
        raise InputProblem(f"“{text}” is not in {wanted.words}.")
    return entry.value * times


COMMANDS = (compute_command, explain, compare, simulate, sensitivity, solve)
