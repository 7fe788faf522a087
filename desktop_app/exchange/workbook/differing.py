"""Inputs whose values differ between a plan and its workbook, sorted by the entries of the plan."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass, field

from desktop_app.engine.compute import PlanResult
from desktop_app.engine.model import Plan
from desktop_app.exchange.workbook.formula_changes import NotTaken, shown
from desktop_app.exchange.workbook.input_cells import PLAN, Found, number_of, same
from desktop_app.exchange.workbook.plan_places import Place, home_of, text_at
from desktop_app.exchange.workbook.taking_over import Proposal, literal_index

_PART = re.compile(r"(.+)/part([0-9]+)\Z")
_TIMES = (dt.date, dt.time, dt.timedelta)
_AS_TEXT = re.compile(r"[-+(]?\W{0,2}\d[\d.,'’\s]*\W{0,2}%?", re.ASCII)
_FIXED = "Outlay keeps this number itself; it is no entry of the plan."
_PLAN_VALUE = "The plan's own value was typed over the link to it; in the plan the scenario still follows it."


@dataclass(frozen=True, slots=True)
class _Value:
    """What the workbook has for an input; `known` is False where its cell holds no value."""

    one: Found
    new: float
    known: bool = True

    @property
    def changed(self) -> bool:
        """True where it differs from what was exported."""
        return not same(self.one.unchanged, self.new)


@dataclass(slots=True)
class Differing:
    """Sorts the differing inputs by the entries of the plan that they stand for."""

    plan: Plan
    result: PlanResult
    not_taken: list[NotTaken] = field(default_factory=list)
    told: set[tuple[str, int, int]] = field(default_factory=set)
    _by_entry: dict[tuple[Place, str], list[_Value]] = field(default_factory=lambda: defaultdict(list))

    def take(self, one: Found) -> None:
        """Look at one input."""
        if one.linked:
            self._take_linked(one)
            return
        self.told.add(one.input.place)
        why = _no_value(one)
        if why:
            self._leave(one, why)
        value = _Value(one, one.unchanged if why else _number(one), not why)
        place, literal = self._entry(one)
        if place is not None:
            self._by_entry[place, literal].append(value)
        elif value.changed:
            self._leave(one, _FIXED)

    def _take_linked(self, one: Found) -> None:
        """Look at a scenario's cell that fetches the plan's value: a number typed over it is an override."""
        place = Place("scenario", self.result.scenarios[one.input.result].scenario, (one.input.driver,))
        typed = one.other is not None and one.other.formula is None and not one.lost
        if not typed:
            self._by_entry[place, ""].append(_Value(one, one.unchanged))
            return
        self.told.add(one.input.place)
        why = _no_value(one)
        value = _Value(one, one.unchanged if why else _number(one), not why)
        if why or not value.changed:
            self._leave(one, why or _PLAN_VALUE)
        self._by_entry[place, ""].append(value)

    def _entry(self, one: Found) -> tuple[Place | None, str]:
        """The entry, and the key of the number in its formula where it is only that."""
        cell, plan = one.input, self.plan
        if cell.result == PLAN:
            return Place("driver", "", (cell.key.partition("/")[2],)), ""
        result = self.result.scenarios[cell.result]
        if cell.month >= 0:
            return Place("series", "", (cell.key.partition("/")[2], str(cell.month))), ""
        part = None if cell.line else _PART.match(cell.key)
        if part is not None:
            return home_of(plan, part[1], "", result.scenario, result.case), cell.key
        place = home_of(plan, cell.key, cell.line, result.scenario, result.case)
        if place is not None and place.kind == "scenario":
            # Every scenario has a cell of its own, so a value is set where it was typed.
            place = Place("scenario", result.scenario, place.names)
        return place, ""

    def proposals(self) -> list[Proposal]:
        """One proposal for each entry that has a new value."""
        found = []
        for (place, literal), values in self._by_entry.items():
            changed = [value for value in values if value.changed]
            if not changed:
                continue
            news = [value.new for value in values if value.known]
            if any(not same(new, news[0]) for new in news):
                others = ", ".join(dict.fromkeys(value.one.where for value in values))
                for value in changed:
                    self._leave(value.one, f"The plan has one value for {others}, and the workbook several.")
                continue
            found.append(self._proposal(place, literal, [value.one for value in values], changed[0]))
        return [proposal for proposal in found if proposal is not None]

    def _proposal(self, place: Place, literal: str, cells: list[Found], changed: _Value) -> Proposal | None:
        first = cells[0].input
        graph = self.result.scenarios[max(first.result, 0)].graph
        node = graph.nodes.get(first.key)
        text = text_at(self.plan, place)
        if not text and place.kind == "scenario":
            case = self.result.scenarios[first.result].case
            home = home_of(self.plan, first.key, "", place.owner, case)
            text = text_at(self.plan, home) if home is not None else ""
        index = literal_index(graph, literal, text) if literal else -1
        if literal and index < 0:
            self._leave(cells[0], f"Change it in the formula of the {place.words}.")
            return None
        where = tuple(dict.fromkeys(one.where for one in cells))
        unit = node.unit if node is not None else ""
        inputs = tuple(one.input for one in cells)
        old = changed.one.unchanged
        return Proposal(place, first.key, where, unit, text, old, changed.new, inputs, index)

    def _leave(self, one: Found, why: str) -> None:
        self.not_taken.append(NotTaken(one.where, shown(one.exported), shown(one.other), why))


def _number(one: Found) -> float:
    assert one.other is not None
    value = number_of(one.other)
    assert value is not None
    return value


def _no_value(one: Found) -> str:
    """Why the workbook has no value for an input; "" where it has one."""
    cell = one.other
    if one.lost:
        return one.lost
    if cell is None:
        return "The cell is empty; an input needs a number."
    if cell.formula is not None:
        return "A formula stands in an input cell; only numbers are taken over."
    if isinstance(cell.value, _TIMES) and not isinstance(one.exported.value, dt.date):
        return "This is a date or a time, where a plain number belongs; format the cell as a number again."
    if number_of(cell) is not None:
        return ""
    if isinstance(cell.value, str) and _AS_TEXT.fullmatch(cell.value.strip()):
        return "The number stands there as a text, which no formula reads; enter it as a number."
    return "This is no number; an input needs one."
