"""New values of inputs written into a plan's texts, each tried out before it is offered."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from desktop_app.engine.compile import compile_scenario
from desktop_app.engine.compute import PlanResult
from desktop_app.engine.formula.syntax import Number
from desktop_app.engine.graph import Graph
from desktop_app.engine.model import Plan, Scenario
from desktop_app.engine.scenarios import lineage
from desktop_app.engine.settings import settings_problem
from desktop_app.exchange.workbook.formula_changes import NotTaken, shown
from desktop_app.exchange.workbook.input_cells import PLAN, Found, InputCell
from desktop_app.exchange.workbook.plan_places import (
    Place,
    home_of,
    literals,
    text_at,
    texts_for,
    why_not,
    with_literal,
    with_text,
)

_TEXTS_TRIED = 6
_ROUNDS_OF_PINS = 4


@dataclass(frozen=True, slots=True)
class Proposal:
    """A new value for an entry of the plan, or for the number at place `literal` in its formula (else -1).

    `text` is what says the old value now; it may stand in another entry that this one inherits from. `where`
    are the cells of the workbook, `cells` the inputs that must have the value in the end.
    """

    place: Place
    key: str
    where: tuple[str, ...]
    unit: str
    text: str
    old: float
    new: float
    cells: tuple[InputCell, ...]
    literal: int = -1

    def texts(self) -> list[str]:
        """Texts that may say the new value, the likeliest first; none for a number in a formula."""
        return texts_for(self.key, self.text, self.old, self.new, self.unit)[:_TEXTS_TRIED]


@dataclass(frozen=True, slots=True)
class Settled:
    """Proposals with the text that says their value, and those for which none was found."""

    taken: tuple[tuple[Proposal, str], ...]
    refused: tuple[NotTaken, ...]


def settle(plan: Plan, result: PlanResult, proposals: list[Proposal], found: Iterable[Found]) -> Settled:
    """Find the texts by which the plan has exactly the values of the workbook.

    Where a scenario inherits a value that was changed only in the scenario it is based on, its own is written
    down, since its cell in the workbook still has it.
    """
    trial = _Trial(plan, result, list(proposals))
    trial.run()
    found = list(found)
    for _ in range(_ROUNDS_OF_PINS if proposals else 0):
        pins = list(_pins(trial, found))
        if not pins:
            break
        trial.proposals += pins
        trial.run()
    taken = tuple((one, trial.text(one)) for one in trial.proposals if one not in trial.refused)
    cells = {one.input: one for one in found}
    refused = tuple(
        NotTaken(
            one.where[0],
            shown(cells[one.cells[0]].exported) if one.cells[0] in cells else f"{one.old:g}",
            shown(cells[one.cells[0]].other) if one.cells[0] in cells else f"{one.new:g}",
            why_not(one.place, one.new),
        )
        for one in trial.refused
    )
    return Settled(taken, refused)


def literal_index(graph: Graph, key: str, text: str) -> int:
    """The place of the constant `key` among the numbers of its formula's text; -1 where they do not agree."""
    owner = key.rpartition("/part")[0]
    parts = {
        int(other.rpartition("/part")[2]): node
        for other, node in graph.nodes.items()
        if other.rpartition("/part")[0] == owner and node.section == "Constants" and node.value is not None
    }
    values = [float(node.value.flat[0]) for _, node in sorted(parts.items()) if node.value is not None]
    if values != [number.value for number in literals(text)]:
        return -1
    return sorted(parts).index(int(key.rpartition("/part")[2]))


def _pins(trial: _Trial, found: Sequence[Found]) -> Iterator[Proposal]:
    """What must be written down so that inputs that nobody changed keep their values: for each driver only in
    the scenarios on which others are based, since those may then follow.
    """
    known = {cell for proposal in trial.proposals for cell in proposal.cells}
    refused = {one.key for one in trial.refused if one.cells[0].result == PLAN}
    lost: list[tuple[Found, Place]] = []
    for one in found:
        cell = one.input
        if cell in known or cell.result == PLAN or not cell.key.startswith("driver/") or cell.month >= 0:
            continue
        if "/part" in cell.key or (one.linked and cell.key in refused):
            continue
        if not _near(trial.value(cell), one.unchanged):
            scenario = trial.result.scenarios[cell.result].scenario
            lost.append((one, Place("scenario", scenario, (cell.driver,))))
    places = {place for _, place in lost}
    for one, place in lost:
        based_on = [link.name for link in lineage(trial.plan, place.owner)[0] if link.name != place.owner]
        if any(dataclasses.replace(place, owner=name) in places for name in based_on):
            continue
        case = trial.result.scenarios[one.input.result].case
        home = home_of(trial.plan, one.input.key, "", place.owner, case)
        text = text_at(trial.plan, home) if home is not None else ""
        value = one.unchanged
        yield Proposal(place, one.input.key, (one.where,), "", text, value, value, (one.input,))


@dataclass(slots=True)
class _Trial:
    """The plan with one text tried for each proposal."""

    plan: Plan
    result: PlanResult
    proposals: list[Proposal]
    refused: list[Proposal] = field(default_factory=list)
    _choice: dict[Proposal, int] = field(default_factory=dict)
    _texts: dict[Place, str] = field(default_factory=dict)
    _graphs: dict[int, Graph] = field(default_factory=dict)

    def run(self) -> None:
        """Try texts until every proposal that is not refused has its value."""
        while True:
            self._build()
            failing = [one for one in self.proposals if one not in self.refused and not self._has_value(one)]
            if not failing:
                return
            for one in failing:
                self._choice[one] = self._choice.get(one, 0) + 1
                if one.literal >= 0 or self._choice[one] >= len(one.texts()):
                    self.refused.append(one)

    def text(self, proposal: Proposal) -> str:
        """The text that its entry has now."""
        return self._texts[proposal.place]

    def value(self, cell: InputCell) -> float | None:
        """What the plan on trial has for an input; None where it has none."""
        node = self._graph(cell.result).nodes.get(cell.key)
        if node is None:
            return None
        if cell.line:
            item = node.items[node.lines.index(cell.line)] if cell.line in node.lines and node.items else None
            return item.value if isinstance(item, Number) else None
        if node.value is None:
            return None
        months = node.value.reshape(-1)
        return float(months[max(cell.month, 0)]) if cell.month < len(months) else None

    def _graph(self, place: int) -> Graph:
        if place not in self._graphs:
            plan = self._changed()
            if place == PLAN:
                only = dataclasses.replace(plan, scenarios=(Scenario("plan"),))
                self._graphs[place] = compile_scenario(only, "plan")
            else:
                one = self.result.scenarios[place]
                self._graphs[place] = compile_scenario(plan, one.scenario, one.case)
        return self._graphs[place]

    def _changed(self) -> Plan:
        plan = self.plan
        for place, text in self._texts.items():
            plan = with_text(plan, place, text)
        return plan

    def _build(self) -> None:
        self._graphs.clear()
        self._texts.clear()
        standing = [one for one in self.proposals if one not in self.refused]
        for one in standing:
            if one.literal < 0:
                texts = one.texts()
                # A value that cannot be said has no text; it is refused by having the old value.
                text = texts[self._choice.get(one, 0)] if texts else text_at(self.plan, one.place)
                self._texts[one.place] = text
        # From the last number to the first: 0 and 1 do not count among the numbers once they are written.
        for one in sorted(standing, key=lambda one: -one.literal):
            if one.literal >= 0:
                text = self._texts.get(one.place, one.text)
                self._texts[one.place] = with_literal(text, literals(text)[one.literal], one.new)

    def _has_value(self, proposal: Proposal) -> bool:
        if settings_problem(self._changed()) is not None and proposal.place.kind == "setting":
            return False
        if proposal.literal >= 0 and self._vanishing(proposal.place):
            owner = proposal.key.rpartition("/part")[0]
            return all(owner not in self._graph(cell.result).broken for cell in proposal.cells)
        return all(_near(self.value(cell), proposal.new) for cell in proposal.cells)

    def _vanishing(self, place: Place) -> bool:
        """True where a number of the formula becomes one that stands in formulas as it is."""
        return any(one.place == place and one.new in (0.0, 1.0, -1.0) for one in self.proposals)


def _near(value: float | None, wanted: float) -> bool:
    """Equal up to the rounding of a multiplication by a scale and back."""
    return value is not None and math.isclose(value, wanted, rel_tol=1e-12, abs_tol=0.0)
