"""What the charts show, taken from results: series, break-evens and the message of the heading, without any
Qt widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from desktop_app.engine.compute import PlanResult, by_fiscal_year
from desktop_app.engine.functions import Array
from desktop_app.exchange import palette
from desktop_app.ui import display


@dataclass(frozen=True, slots=True)
class Series:
    """One scenario's line. `values` has one number more than there are months: it begins at 0.

    `leading` lines, those of the baseline and the preferred scenario, are drawn in full.
    """

    name: str
    values: Array
    colour: str
    place: int
    leading: bool = False


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Where two lines cross: after `month` months, at `amount` spent."""

    a: str
    b: str
    month: float
    amount: float

    def when(self, months: Sequence[str]) -> str:
        """The month of the calendar in which it lies."""
        return display.month(months[min(int(self.month), len(months) - 1)])


@dataclass(frozen=True, slots=True)
class Cumulative:
    """Cumulative cash cost of every scenario that has figures."""

    series: tuple[Series, ...]
    break_evens: tuple[BreakEven, ...]
    months: tuple[str, ...]
    currency: str


@dataclass(frozen=True, slots=True)
class Annual:
    """Cost by fiscal year of one scenario, in its three parts; no part is counted twice."""

    scenario: str
    years: tuple[int, ...]
    capex: tuple[float, ...]
    opex: tuple[float, ...]
    people: tuple[float, ...]


def colours(results: PlanResult) -> dict[str, str]:
    """A colour for each scenario, the same everywhere: those of the preferred one and the baseline
    are fixed.
    """
    found: dict[str, str] = {}
    others = 0
    for result in results.scenarios:
        if result.scenario in found:
            continue
        if result.scenario == results.plan.preferred:
            found[result.scenario] = palette.PREFERRED
        elif result.scenario == results.baseline:
            found[result.scenario] = palette.BASELINE
        else:
            found[result.scenario] = palette.OTHERS[others % len(palette.OTHERS)]
            others += 1
    return found


def cumulative(results: PlanResult) -> Cumulative:
    """Lines and crossings of a plan's results."""
    paint = colours(results)
    lines = tuple(
        Series(
            result.scenario,
            np.concatenate([[0.0], result.monthly["cumulative_cost"]]),
            paint[result.scenario],
            place,
            result.scenario in (results.baseline, results.plan.preferred),
        )
        for place, result in enumerate(results.scenarios)
        if "cumulative_cost" in result.monthly
    )
    by_name = {line.name: line for line in lines}
    crossings = []
    for pair in results.pairs:
        month = pair.figures["break_even_month"].value
        if month is None or pair.a not in by_name:
            continue
        values = by_name[pair.a].values
        crossings.append(
            BreakEven(pair.a, pair.b, month, float(np.interp(month, np.arange(len(values)), values)))
        )
    return Cumulative(
        lines,
        tuple(sorted(crossings, key=lambda one: one.month)),
        results.months,
        results.plan.settings.currency,
    )


def annual(results: PlanResult, scenario: str) -> Annual | None:
    """The yearly parts of one scenario, None where it has no figures."""
    result = next((one for one in results.scenarios if one.scenario == scenario), None)
    if result is None or not result.monthly:
        return None
    sums = {
        name: by_fiscal_year(result.monthly[name], results.fiscal_years)
        for name in ("capex", "opex", "people")
    }
    years = tuple(sums["capex"])
    return Annual(
        scenario,
        years,
        tuple(sums["capex"].values()),
        tuple(sums["opex"][year] - sums["people"][year] for year in years),
        tuple(sums["people"].values()),
    )


def headline(results: PlanResult) -> str:
    """The message of the plan's figures in one or two sentences."""
    known = [
        (result.figures["tco"].value, result.scenario)
        for result in results.scenarios
        if result.figures["tco"].value is not None
    ]
    if not known:
        return "There are no figures yet."
    plan, currency = results.plan, results.plan.settings.currency
    lowest, best = min(known)
    said = f"Over {plan.settings.months} months “{best}” costs least: {display.short_money(lowest, currency)}"
    base = next((value for value, name in known if name == results.baseline), None)
    if best != results.baseline and base:
        said += f", {display.percent((base - lowest) / abs(base), 0)} less than “{results.baseline}”."
    elif len(known) > 1:
        second, other = sorted(known)[1]
        said += f"; “{other}” comes next at {display.short_money(second, currency)}."
    else:
        said += "."
    pair = next((one for one in results.pairs if one.a == best), None)
    month = pair.figures["break_even_month"].value if pair else None
    if pair and month is not None:
        when = display.month(results.months[min(int(month), len(results.months) - 1)], long=True)
        said += f" It breaks even with “{pair.b}” after {display.number(month, 1)} months, in {when}."
    return said
