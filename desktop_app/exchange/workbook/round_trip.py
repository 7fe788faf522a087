"""A workbook that somebody worked in comes back: what changed in its inputs, and taking that over."""

from __future__ import annotations

import dataclasses
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.document.document import Document
from desktop_app.document.edits import apply_plan
from desktop_app.document.errors import DocumentError
from desktop_app.engine.compute import PlanResult, compute
from desktop_app.engine.model import Plan
from desktop_app.exchange.reading import UnreadableFile, Workbook, read_workbook
from desktop_app.exchange.reading.grid import Sheet
from desktop_app.exchange.reading.meter import Progress
from desktop_app.exchange.workbook.export import export
from desktop_app.exchange.workbook.formula_changes import NotTaken, formula_changes, shown
from desktop_app.exchange.workbook.input_cells import PLAN, Found, find_again, number_of, same
from desktop_app.exchange.workbook.lint import LIMITS
from desktop_app.exchange.workbook.pack import SHEETS, lay_out
from desktop_app.exchange.workbook.plan_places import Place, home_of, text_at, with_text
from desktop_app.exchange.workbook.sheet import BODY
from desktop_app.exchange.workbook.taking_over import Proposal, Settled, literal_index, settle
from desktop_app.exchange.workbook.text import cell_text

_PART = re.compile(r"(.+)/part([0-9]+)\Z")
_HASH = re.compile(r"\b[0-9a-f]{12,64}\b")
_MOST_LISTED = 500
_FIXED = "Outlay keeps this number itself; it is no entry of the plan."


@dataclass(frozen=True, slots=True)
class Change:
    """One value to take over: the entry of the plan, the cells that say so, old and new value and text."""

    place: Place
    where: tuple[str, ...]
    unit: str
    old: float
    new: float
    old_text: str
    new_text: str

    @property
    def what(self) -> str:
        """The entry in words."""
        return self.place.words


@dataclass(frozen=True, slots=True)
class Changes:
    """What a workbook says otherwise than the plan.

    `same_plan` is False where the plan was changed since the export (None where the workbook does not tell):
    a difference may then come from either side, and formulas are not compared.
    """

    file_name: str
    same_plan: bool | None
    values: tuple[Change, ...]
    not_taken: tuple[NotTaken, ...]
    notes: tuple[str, ...] = ()


def changes(
    path: Path,
    plan: Plan,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Changes:
    """Compare a workbook that was exported from the plan with the plan as it is now. Nothing is changed.

    UnreadableFile (one sentence) where the file cannot be read or is no workbook of this plan; Cancelled.
    """
    steps = _Steps(progress, cancelled)
    book = steps.read(path, 0.0, 0.4)
    result = _exported_results(book, plan)
    pack = lay_out(result, None, lambda: None)
    exported = _exported_again(result, steps)
    found = find_again(pack, exported, book)
    if not any(one.other is not None for one in found):
        raise _foreign(book)
    finding = _Finding(plan, result)
    for one in found:
        finding.take(one)
    settled = settle(plan, result, finding.proposals(), found)
    same_plan = _same_plan(book, result.input_hash)
    not_taken = list(dict.fromkeys([*finding.not_taken, *settled.refused]))
    notes: list[str] = []
    if same_plan is False:
        notes.append(
            "The plan was changed since this workbook was exported: a difference may come from either side, "
            "and formulas were not compared."
        )
    else:
        inputs = {(one.input.sheet, one.input.row, one.input.column) for one in found}
        others = list(formula_changes(exported, book, inputs))
        if others and len(result.scenarios) < len(plan.scenarios):
            # A part of the scenarios may also have been exported from the results of all.
            whole = dataclasses.replace(compute(plan), scenarios=result.scenarios)
            others = min(others, list(formula_changes(_exported_again(whole, steps), book, inputs)), key=len)
        not_taken += others[:_MOST_LISTED]
        if len(others) > _MOST_LISTED:
            notes.append(
                f"{len(others) - _MOST_LISTED:,} more differences in formulas and texts are not listed."
            )
    return Changes(book.file_name, same_plan, _as_changes(plan, settled), tuple(not_taken), tuple(notes))


def changed_plan(plan: Plan, values: tuple[Change, ...]) -> Plan:
    """The plan with the values taken over."""
    for change in values:
        plan = with_text(plan, change.place, change.new_text)
    return plan


def apply_changes(document: Document, found: Changes) -> None:
    """Take the values over into the open document, as one step that can be undone.

    DocumentError where an entry was changed since the differences were found.
    """
    plan = document.plan
    for change in found.values:
        try:
            now = text_at(plan, change.place)
        except (KeyError, ValueError):
            now = None
        if now != change.old_text:
            raise DocumentError(
                f"The {change.what} was changed since {found.file_name} was compared. Compare it again."
            )
    count = len(found.values)
    label = f"Take over {count:,} value{'s' if count != 1 else ''} from {found.file_name}"
    apply_plan(document, changed_plan(plan, found.values), label)


def _as_changes(plan: Plan, settled: Settled) -> tuple[Change, ...]:
    """One change for each entry of the plan; several numbers of one formula are one entry."""
    merged: dict[Place, Change] = {}
    for proposal, text in settled.taken:
        change = Change(
            proposal.place,
            proposal.where,
            proposal.unit,
            proposal.old,
            proposal.new,
            text_at(plan, proposal.place),
            text,
        )
        before = merged.get(proposal.place)
        merged[proposal.place] = (
            dataclasses.replace(before, where=before.where + change.where, new_text=text)
            if before
            else change
        )
    return tuple(merged.values())


@dataclass(slots=True)
class _Finding:
    """Sorts the differing inputs by the entries of the plan that they stand for."""

    plan: Plan
    result: PlanResult
    not_taken: list[NotTaken] = field(default_factory=list)
    _by_entry: dict[tuple[Place, str], list[tuple[Found, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def take(self, one: Found) -> None:
        """Look at one input."""
        old = number_of(one.exported)
        assert old is not None
        new = old if one.other is None else number_of(one.other)
        if one.other is None:
            self._leave(one, "The cell is empty or gone; an input needs a number.")
            new = old
        elif one.other.formula is not None:
            self._leave(one, "A formula stands in an input cell; only numbers are taken over.")
            new = old
        elif new is None:
            self._leave(one, "This is no number; an input needs one.")
            new = old
        place, literal = self._entry(one)
        if place is not None:
            self._by_entry[place, literal].append((one, new))
        elif not same(old, new):
            self._leave(one, _FIXED)

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
        for (place, literal), cells in self._by_entry.items():
            olds = [number_of(one.exported) or 0.0 for one, _ in cells]
            changed = [(one, new) for (one, new), old in zip(cells, olds, strict=True) if not same(new, old)]
            if not changed:
                continue
            news = [new for one, new in cells if one.other is not None]
            if any(not same(new, news[0]) for new in news):
                others = ", ".join(dict.fromkeys(one.where for one, _ in cells))
                for one, _ in changed:
                    self._leave(one, f"The plan has one value for {others}, and the workbook several.")
                continue
            found.append(self._proposal(place, literal, [one for one, _ in cells], olds[0], changed[0][1]))
        return [proposal for proposal in found if proposal is not None]

    def _proposal(
        self, place: Place, literal: str, cells: list[Found], old: float, new: float
    ) -> Proposal | None:
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
        return Proposal(place, first.key, where, unit, text, old, new, inputs, index)

    def _leave(self, one: Found, why: str) -> None:
        self.not_taken.append(NotTaken(one.where, shown(one.exported), shown(one.other), why))


@dataclass(frozen=True, slots=True)
class _Steps:
    """Parts of the work, each with its share of the progress."""

    progress: Progress | None
    cancelled: Callable[[], bool] | None

    def share(self, start: float, end: float) -> Progress | None:
        """The progress of a part that goes from one fraction of the whole to another."""
        report = self.progress
        if report is None:
            return None
        return lambda done, text: report(start + (end - start) * done, text)

    def read(self, path: Path, start: float, end: float) -> Workbook:
        """A workbook, read in a child process."""
        return read_workbook(path, limits=LIMITS, progress=self.share(start, end), cancelled=self.cancelled)


def _exported_again(result: PlanResult, steps: _Steps) -> Workbook:
    """The workbook as it is exported now."""
    with tempfile.TemporaryDirectory(prefix="outlay-") as folder:
        again = Path(folder) / "again.xlsx"
        export(result, again, progress=steps.share(0.4, 0.6), cancelled=steps.cancelled)
        return steps.read(again, 0.6, 1.0)


def _exported_results(book: Workbook, plan: Plan) -> PlanResult:
    """The results of those scenarios and cases that the workbook shows."""
    titles = _titles(book, plan)
    named = {
        " ".join(cell_text(f"{scenario.name} ({case})" if case else scenario.name).split()): (
            scenario.name,
            case,
        )
        for case in ["", *(one.name for one in plan.cases)]
        for scenario in plan.scenarios
    }
    pairs = [named[title] for title in titles if title in named]
    if not pairs:
        raise _foreign(book)
    result = compute(
        plan, dict.fromkeys(scenario for scenario, _ in pairs), dict.fromkeys(case for _, case in pairs)
    )
    chosen = [result.scenario(scenario, case) for scenario, case in pairs]
    if any(one.program is None for one in chosen):
        raise UnreadableFile(
            f"{book.file_name} cannot be compared with a plan that has errors: mend those of "
            f"“{next(one.name for one in chosen if one.program is None)}” first."
        )
    return dataclasses.replace(result, scenarios=tuple(chosen))


def _titles(book: Workbook, plan: Plan) -> list[str]:
    """The names of the scenarios: titles on the assumptions sheet; without drivers, rows of the checks."""
    by_name = {sheet.name.casefold(): sheet for sheet in book.sheets}
    assumptions = by_name.get(SHEETS["assumptions"].casefold())
    if assumptions is not None:
        for row in range(1, BODY + 50):
            titles = [_words(assumptions, row, column) for column in range(1, assumptions.max_column + 1)]
            if "Plan value" in titles and "Name in formulas" in titles:
                return titles[titles.index("Plan value") + 1 :]
    checks = by_name.get(SHEETS["checks"].casefold())
    if checks is None or plan.drivers:
        return []
    return list(dict.fromkeys(_words(checks, row, 2) for row in range(BODY + 1, checks.max_row + 1)))


def _words(sheet: Sheet, row: int, column: int) -> str:
    cell = sheet.cells.get((row, column))
    return " ".join(cell.value.split()) if cell is not None and isinstance(cell.value, str) else ""


def _foreign(book: Workbook) -> UnreadableFile:
    return UnreadableFile(
        f"{book.file_name} is no workbook that this plan was exported to, or its input sheets are gone: "
        "choose the workbook that came from this plan."
    )


def _same_plan(book: Workbook, input_hash: str) -> bool | None:
    """Whether the hash on the workbook's cover is that of the plan; None where it carries none."""
    wanted = SHEETS["cover"].casefold()
    for sheet in book.sheets:
        if sheet.name.casefold() != wanted:
            continue
        for cell in sheet.cells.values():
            text = cell.value if isinstance(cell.value, str) and cell.formula is None else ""
            for printed in _HASH.findall(text):
                if any(mark.isdigit() for mark in printed):
                    return input_hash.startswith(printed)
    return None
