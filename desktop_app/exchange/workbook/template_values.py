"""What can be put into somebody's own workbook, by the names that markers and mappings use."""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.engine.compute import PlanResult, ScenarioResult, by_fiscal_year
from desktop_app.engine.functions import Array
from desktop_app.engine.model import Texts
from desktop_app.engine.timeline import period_starts

Value = float | str | dt.date
Block = tuple[tuple[Value, ...], ...]


class NoSuchValue(Exception):
    """There is no such figure, text, table or scenario; the message says so and what is meant perhaps."""


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a plan's results by name.

    A name is a key figure ("tco"), a figure of the comparison with the baseline ("npv_saving"), a text
    ("owner"), a statement by month or year ("cash_cost.months", "cash_cost.years"; "months" and "years" alone
    give the headings), or a table ("options", "categories.years"). What follows the first colon is a
    scenario, with its case in brackets where it has one; the preferred scenario if nothing follows.
    """

    result: PlanResult

    def block(self, marker: str) -> Block:
        """The value or values, as rows of cells: "tco:Own servers" is one cell. Raises NoSuchValue."""
        name, _, scenario = (part.strip() for part in marker.partition(":"))
        texts = self._texts()
        if name in texts:
            return ((texts[name],),)
        if name == "months":
            return (tuple(period_starts(self.result.plan.settings)[:-1]),)
        if name == "years":
            return (tuple(float(year) for year in dict.fromkeys(self.result.fiscal_years)),)
        if name == "options":
            return self._options()
        one = self._scenario(scenario)
        if name == "categories.years":
            return tuple((category, *self._years(flow)) for category, flow in one.by_category.items())
        statement, _, span = name.partition(".")
        if statement in one.monthly and span in ("months", "years", "total"):
            return (self._series(one.monthly[statement], span),)
        return ((self._figure(one, name),),)

    def _texts(self) -> Mapping[str, str]:
        plan = self.result.plan
        texts = {field.name: getattr(plan.texts, field.name) for field in dataclasses.fields(Texts)}
        return texts | {
            "plan": plan.name,
            "currency": plan.settings.currency,
            "baseline": self.result.baseline,
            "preferred": plan.preferred,
            "hash": self.result.input_hash,
        }

    def _scenario(self, named: str) -> ScenarioResult:
        plan = self.result.plan
        wanted = named or plan.preferred or self.result.baseline
        for one in self.result.scenarios:
            if one.name == wanted:
                if not one.monthly:
                    raise NoSuchValue(f"scenario “{wanted}” has no figures until its errors are mended")
                return one
        raise NoSuchValue(
            f"there is no scenario “{wanted}”{_nearest(wanted, [one.name for one in self.result.scenarios])}"
        )

    def _figure(self, one: ScenarioResult, name: str) -> float:
        found = {figure: item.value for figure, item in one.figures.items()}
        for pair in self.result.pairs:
            if (pair.a, pair.case) == (one.scenario, one.case):
                found = {figure: item.value for figure, item in pair.figures.items()} | found
        if name not in found:
            known = [*found, *self._texts(), "options", "months", "years"]
            raise NoSuchValue(f"there is no figure “{name}”{_nearest(name, known)}")
        value = found[name]
        if value is None:
            raise NoSuchValue(f"the figure “{name}” of “{one.name}” has no value")
        return value

    def _options(self) -> Block:
        """One row a scenario: name, then the figures that every scenario has, below a row of titles."""
        shown = [one for one in self.result.scenarios if one.monthly]
        if not shown:
            raise NoSuchValue("no scenario has figures until the errors of the plan are mended")
        names = [name for name in shown[0].figures if all(name in one.figures for one in shown)]
        titles = ("Scenario", *(shown[0].figures[name].label for name in names))

        def cells(one: ScenarioResult) -> tuple[Value, ...]:
            values = (one.figures[name].value for name in names)
            return (one.name, *("n/a" if value is None else value for value in values))

        return (titles, *(cells(one) for one in shown))

    def _series(self, flow: Array, span: str) -> tuple[Value, ...]:
        if span == "months":
            return tuple(float(value) for value in flow)
        return self._years(flow) if span == "years" else (float(flow.sum()),)

    def _years(self, flow: Array) -> tuple[float, ...]:
        return tuple(by_fiscal_year(flow, self.result.fiscal_years).values())


def _nearest(word: str, known: list[str]) -> str:
    found = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean “{found[0]}”" if found else ""
