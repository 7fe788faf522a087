"""A vendor's quote into a scenario: cost lines and prices that remember their cells, in one undoable step."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from desktop_app.document.document import Document
from desktop_app.document.edits import apply_plan
from desktop_app.engine.issues import Issue, warning
from desktop_app.engine.model import CostLine, Driver, Plan, Scenario, Source
from desktop_app.engine.scenarios import nearest, resolve
from desktop_app.engine.units import UnknownUnit, currency_of, parse_unit
from desktop_app.exchange.quote_prices import QuoteRefused
from desktop_app.exchange.quote_proposals import Proposal, exact_text, propose
from desktop_app.exchange.quote_records import key_of, record_of, remembered
from desktop_app.exchange.quote_revisions import Revision
from desktop_app.exchange.quotes import Quote, QuoteComparison

# The fields that carry what the quote says; the others are the user's own.
PRICE_FIELDS = frozenset(
    (
        "quantity",
        "unit_price",
        "amount",
        "payment",
        "term",
        "buy_out",
        "fte",
        "salary",
        "on_demand_price",
        "currency",
    )
)


@dataclass(frozen=True, slots=True)
class PriceChange:
    """A driver that took its value from the quote."""

    driver: str
    old: str
    new: str
    cell: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. `changes` compares with the revision of the same quote that the plan had before."""

    key: str
    scenario: str
    lines: tuple[CostLine, ...]
    prices: tuple[PriceChange, ...]
    left_out: tuple[Proposal, ...]
    removed: tuple[str, ...]
    changes: QuoteComparison | None
    issues: tuple[Issue, ...]


def default_scenario(plan: Plan) -> str:
    """Where a quote goes when nothing is said: the first scenario that buys, else the preferred one."""
    for scenario in plan.scenarios:
        if any(line.kind in ("purchase", "fleet") for line in scenario.lines):
            return scenario.name
    return plan.preferred or (plan.scenarios[0].name if plan.scenarios else "")


def import_quote(
    document: Document,
    quote: Quote,
    scenario: str = "",
    accepted: Sequence[Proposal] | None = None,
    *,
    as_scenario: str = "",
    without: Iterable[str] = (),
    fx: Mapping[str, str] | None = None,
    decided: Mapping[str, Any] | None = None,
) -> Imported:
    """Import a quote into the document's plan: one edit, one undo step. See `with_quote`."""
    plan, imported = with_quote(
        document.plan,
        quote,
        scenario,
        accepted,
        as_scenario=as_scenario,
        without=without,
        fx=fx,
        decided=decided,
    )
    apply_plan(document, plan, f"Import quote {quote.quote_number or quote.file} into {imported.scenario}")
    return imported


def with_quote(
    plan: Plan,
    quote: Quote,
    scenario: str = "",
    accepted: Sequence[Proposal] | None = None,
    *,
    as_scenario: str = "",
    without: Iterable[str] = (),
    fx: Mapping[str, str] | None = None,
    decided: Mapping[str, Any] | None = None,
) -> tuple[Plan, Imported]:
    """The plan with the quote in it, and what was done.

    The accepted proposals (by default those of `propose`) become cost lines of `scenario`, or of a new
    scenario `as_scenario` based on it, each with the quote's key and cell as its source. `without` names
    lines that the quote takes the place of. `fx` gives exchange rates that the plan lacks. Where the plan
    holds an earlier revision of the quote, its lines and prices in that scenario are brought up to date,
    keeping what else was set in them, and lines that are gone are removed. `decided` is kept with the quote
    (`quote_memory.memory_of`), to be used again for the vendor's next one.

    `QuoteRefused` while questions about the quote are open, or for names and currencies that are not there.
    """
    work = _Import(plan, quote, scenario or default_scenario(plan), as_scenario, dict(fx or {}), decided)
    return work.run(accepted, list(without))


class _Import:
    def __init__(
        self,
        plan: Plan,
        quote: Quote,
        scenario: str,
        as_scenario: str,
        fx: dict[str, str],
        decided: Mapping[str, Any] | None = None,
    ) -> None:
        self.quote = quote
        self.decided = decided
        self.key = key_of(quote)
        self.fx = fx
        self.base = scenario
        names = {one.name: one for one in plan.scenarios}
        if scenario and scenario not in names:
            raise QuoteRefused(f"There is no scenario “{scenario}”.{nearest(scenario, names)}")
        if not scenario:
            as_scenario = as_scenario or f"Quote of {quote.vendor or quote.file}"
        self.target = names.get(as_scenario or scenario) or Scenario(as_scenario, based_on=scenario)
        known = self.target.name in names
        self.plan = plan if known else replace(plan, scenarios=(*plan.scenarios, self.target))
        self.drivers = {driver.name.lower(): driver for driver in plan.drivers}
        self.before = next((record for record in plan.quotes if record.key == self.key), None)
        self.revision = Revision(remembered(self.before) if self.before else None, quote)

    def run(self, accepted: Sequence[Proposal] | None, without: list[str]) -> tuple[Plan, Imported]:
        if self.quote.questions:
            raise QuoteRefused(*(f"{issue.cell}: {issue.message}" for issue in self.quote.questions))
        proposals = list(propose(self.quote, self.plan, self.base) if accepted is None else accepted)
        taken = [one for one in proposals if one.accepted]
        if not taken:
            raise QuoteRefused(
                f"Nothing of {self.quote.file} is accepted: choose lines or an alternative of it."
            )
        self._drop(without)
        prices, priced_keys = self._prices(taken)
        kept, removed = self._earlier_lines(taken)
        lines = self._lines([one for one in taken if one.key not in priced_keys], kept)
        self._check_currencies(lines)
        issues = [*self._unproved(), *self._double_counting(lines)]
        self.target = replace(self.target, lines=(*self._own_lines(), *lines))
        plan = self._finished()
        imported = Imported(
            self.key,
            self.target.name,
            tuple(lines),
            tuple(prices),
            tuple(one for one in proposals if not one.accepted),
            tuple(removed),
            self.revision.comparison,
            tuple(issues),
        )
        return plan, imported

    # what goes

    def _drop(self, names: list[str]) -> None:
        """Lines that the quote takes the place of."""
        present = {line.name: line for line in resolve(self.plan, self.target.name).lines}
        for name in names:
            if name not in present:
                hint = nearest(name, present)
                raise QuoteRefused(f"Scenario “{self.target.name}” has no line “{name}” to do without.{hint}")
        own = {line.name for line in self.target.lines}
        self.target = replace(
            self.target,
            lines=tuple(line for line in self.target.lines if line.name not in names),
            removed=self.target.removed | {name for name in names if name not in own},
        )
        self._put_target()

    def _put_target(self) -> None:
        scenarios = tuple(self.target if one.name == self.target.name else one for one in self.plan.scenarios)
        self.plan = replace(self.plan, scenarios=scenarios)

    def _own_lines(self) -> list[CostLine]:
        return [line for line in self.target.lines if line.source.quote != self.key]

    # prices of drivers

    def _prices(self, taken: list[Proposal]) -> tuple[list[PriceChange], set[str]]:
        """Gives drivers their values; also the keys of proposals that need no line of their own any more."""
        changes: list[PriceChange] = []
        done: set[str] = set()
        for one in taken:
            if not one.driver:
                continue
            known = self.drivers.get(one.driver.lower())
            if known is not None:
                done.add(one.key)
            changes.append(self._price(one, known))
        for driver in list(self.drivers.values()):
            if driver.source.quote == self.key and driver.name not in {change.driver for change in changes}:
                found = self.revision.price(driver.source.cell)
                if found is not None:
                    source = replace(self._source(found.cell), note=driver.source.note)
                    changes.append(self._set(driver, exact_text(found.value), source))
        return changes, done

    def _price(self, one: Proposal, known: Driver | None) -> PriceChange:
        if one.unit_price is None:
            raise QuoteRefused(
                f"{one.key}: “{one.description}” has no unit price for the driver “{one.driver}”."
            )
        note = one.reason if "divided by" in one.reason else ""
        source = replace(self._source(one.price_cell), note=note)
        if known is None:
            if not re.fullmatch(r"[^\W\d]\w*", one.driver):
                raise QuoteRefused(f"“{one.driver}” is no name for a driver: use letters, digits and _.")
            known = Driver(one.driver, one.currency, "0", one.description, "Quotes")
        elif (counted := _currency(known.unit)) not in (None, one.currency):
            raise QuoteRefused(
                f"The driver “{known.name}” is in {counted}, the price in {one.price_cell} in {one.currency}."
            )
        return self._set(known, exact_text(one.unit_price), source)

    def _set(self, driver: Driver, value: str, source: Source) -> PriceChange:
        self.drivers[driver.name.lower()] = replace(driver, value=value, series=(), source=source)
        return PriceChange(driver.name, driver.value, value, source.cell)

    def _source(self, cell: str) -> Source:
        quote = self.quote
        words = [f"Quote {quote.quote_number}" if quote.quote_number else quote.file]
        words += [f"revision {quote.revision}"] * bool(quote.revision)
        words += [f"of {quote.vendor}"] * bool(quote.vendor)
        date = quote.quote_date.isoformat() if quote.quote_date else ""
        return Source(" ".join(words), date, quote=self.key, cell=cell)

    # cost lines

    def _earlier_lines(self, taken: list[Proposal]) -> tuple[dict[str, CostLine], list[str]]:
        """Lines of the earlier revision by the proposal that follows them, and names of those gone."""
        kept: dict[str, CostLine] = {}
        removed: list[str] = []
        for line in self.target.lines:
            if line.source.quote != self.key:
                continue
            row = self.revision.row(line.source.cell)
            follower = next(
                (one for one in taken if (one.sheet, one.row) == row and one.key not in kept), None
            )
            if follower is None:
                removed.append(line.name)
            else:
                kept[follower.key] = line
        return kept, removed

    def _lines(self, taken: list[Proposal], kept: Mapping[str, CostLine]) -> list[CostLine]:
        lines: list[CostLine] = []
        names = {line.name.lower() for line in resolve(self.plan, self.target.name).lines}
        names -= {line.name.lower() for line in self.target.lines if line.source.quote == self.key}
        for one in taken:
            if one.amount is None and one.kind in ("usage", "commitment") and "quantity" not in one.fields:
                raise QuoteRefused(f"{one.key}: “{one.description}” is a rate: say how much of it is used.")
            fields = dict(one.fields)
            if one.driver:
                fields["unit_price"] = one.driver
            source = self._source(one.price_cell)
            before = kept.get(one.key)
            if before is not None and before.kind == one.kind:
                carried = {name: text for name, text in fields.items() if name in PRICE_FIELDS}
                line = replace(before, fields={**before.fields, **carried}, source=source)
            else:
                line = CostLine(one.name, one.kind, one.category, fields, one.asset_class, source)
            line = replace(line, name=_free(line.name, names))
            names.add(line.name.lower())
            lines.append(line)
        return lines

    def _check_currencies(self, lines: Iterable[CostLine]) -> None:
        own = self.plan.settings.currency
        needed = {line.fields.get("currency", own) for line in lines} - {own}
        missing = sorted(needed - set(self.plan.fx) - set(self.fx))
        if missing:
            raise QuoteRefused(
                *(
                    f"The plan has no exchange rate for {code}: give the price of 1 {code} in {own}."
                    for code in missing
                )
            )

    def _unproved(self) -> list[Issue]:
        """Warns where the vendor's own arithmetic does not hold, also after every question was answered."""
        if self.quote.reconciles:
            return []
        wrong = [issue.cell for issue in self.quote.issues if issue.difference]
        where = f" ({', '.join(wrong[:5])})" if wrong else ""
        message = f"The sums of the quote do not hold{where}: ask the vendor before you rely on its total."
        return [warning("does-not-reconcile", f"quote {self.key}", message)]

    def _double_counting(self, lines: Sequence[CostLine]) -> list[Issue]:
        """Warns where the scenario buys the same class of asset already."""
        bought = {line.asset_class for line in lines if line.asset_class}
        there = resolve(self.plan, self.target.name).lines
        found = []
        for asset_class in sorted(bought):
            same = [
                line.name
                for line in there
                if line.asset_class == asset_class and line.source.quote != self.key
            ]
            if same:
                message = (
                    f"The scenario buys {asset_class.lower()} already ({', '.join(same[:3])}): "
                    "make sure that nothing is counted twice."
                )
                found.append(warning("possible-double-count", f"scenario {self.target.name}", message))
        return found

    def _finished(self) -> Plan:
        self._put_target()
        known = {driver.name.lower() for driver in self.plan.drivers}
        drivers = [self.drivers[driver.name.lower()] for driver in self.plan.drivers]
        drivers += [driver for name, driver in self.drivers.items() if name not in known]
        record = record_of(self.quote, self.decided, self.before)
        quotes = tuple(record if one.key == self.key else one for one in self.plan.quotes)
        if record not in quotes:
            quotes = (*quotes, record)
        return replace(self.plan, drivers=tuple(drivers), quotes=quotes, fx={**self.plan.fx, **self.fx})


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number behind it where it is taken."""
    free, count = name, 2
    while free.lower() in taken:
        free, count = f"{name} ({count})", count + 1
    return free


def _currency(unit: str) -> str | None:
    try:
        return currency_of(parse_unit(unit))
    except UnknownUnit:
        return None


__all__ = ["Imported", "PriceChange", "QuoteRefused", "default_scenario", "import_quote", "with_quote"]
