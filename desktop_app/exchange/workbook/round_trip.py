"""A workbook that somebody worked in comes back: what changed in its inputs, and taking that over."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from desktop_app.document.document import Document
from desktop_app.document.edits import apply_plan
from desktop_app.document.errors import DocumentError
from desktop_app.engine.compute import PlanResult, compute
from desktop_app.engine.model import Plan
from desktop_app.exchange.reading import Workbook, read_workbook
from desktop_app.exchange.reading.meter import Progress
from desktop_app.exchange.workbook import pack_identity
from desktop_app.exchange.workbook.copies import Copies, pair_copies
from desktop_app.exchange.workbook.differing import Differing
from desktop_app.exchange.workbook.export import export
from desktop_app.exchange.workbook.formula_changes import NotTaken, formula_changes, rebuilt, sheet_changes
from desktop_app.exchange.workbook.input_cells import HEAD, find_again, named_rows
from desktop_app.exchange.workbook.lint import LIMITS
from desktop_app.exchange.workbook.pack import Pack, lay_out
from desktop_app.exchange.workbook.plan_places import Place, text_at, with_text
from desktop_app.exchange.workbook.taking_over import Settled, settle

_MOST_LISTED = 500
_CHANGED_PLAN = (
    "The plan was changed since this workbook was exported: a difference may come from either side, "
    "and formulas were not compared."
)
_OTHER_PLAN = "This workbook is of the plan “{}”, and this plan is “{}”: make sure that it is the right one."
_OTHER_LAYOUT = (
    "This workbook was laid out otherwise than this version of Outlay does{}, so formulas and texts were not "
    "compared; the values of inputs were."
)


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
    result = pack_identity.exported_results(book, plan)
    again = _again(result, book, steps)
    if len(result.scenarios) < len(plan.scenarios) and not again.alike:
        # A part of the scenarios may also have been exported from the results of all.
        whole = _again(dataclasses.replace(compute(plan), scenarios=result.scenarios), book, steps)
        again = whole if whole.alike else again
    found = find_again(again.pack, again.copies)
    if not any(one.other is not None for one in found):
        raise pack_identity.foreign(book)
    differing = Differing(plan, result)
    for one in found:
        differing.take(one)
    settled = settle(plan, result, differing.proposals(), found)
    same_plan = pack_identity.same_plan(book, result.input_hash)
    not_taken = [*differing.not_taken, *settled.refused]
    named = pack_identity.other_plan(book, plan)
    notes = [_OTHER_PLAN.format(named, plan.name)] if named else []
    others, why = _others(again, same_plan, differing.told)
    if why:
        maker = pack_identity.maker(book)
        notes.append(why.format(f" (it was made by {maker})" if maker else ""))
    not_taken = list(dict.fromkeys([*not_taken, *others[:_MOST_LISTED]]))
    if len(others) > _MOST_LISTED:
        notes.append(f"{len(others) - _MOST_LISTED:,} more differences in formulas and texts are not listed.")
    values = _as_changes(plan, settled)
    notes += _doubts(values)
    return Changes(book.file_name, same_plan, values, tuple(not_taken), tuple(notes))


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


def _others(
    again: _Again, same_plan: bool | None, told: Set[tuple[str, int, int]]
) -> tuple[list[NotTaken], str]:
    """What differs besides the inputs, and why formulas cannot be compared; input sheets are then all that
    surely belongs to the workbook.
    """
    if same_plan is not False and again.alike is not False:
        found = list(formula_changes(again.copies, told))
        if again.alike or not rebuilt(found):
            return found, ""
    inputs = named_rows(again.pack)
    missing = tuple(sheet for sheet in again.copies.missing if sheet.name in inputs)
    known = dataclasses.replace(again.copies, missing=missing, added=())
    return list(sheet_changes(known)), _CHANGED_PLAN if same_plan is False else _OTHER_LAYOUT


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


@dataclass(frozen=True, slots=True)
class _Again:
    """The plan exported now, paired with the workbook that came back.

    `alike` says whether the workbook was laid out as this Outlay does it; None where it does not tell.
    """

    pack: Pack
    copies: Copies
    alike: bool | None


def _again(result: PlanResult, book: Workbook, steps: _Steps) -> _Again:
    pack = lay_out(result, None, lambda: None)
    with tempfile.TemporaryDirectory(prefix="outlay-") as folder:
        path = Path(folder) / "again.xlsx"
        export(result, path, progress=steps.share(0.4, 0.6), cancelled=steps.cancelled)
        exported = steps.read(path, 0.6, 1.0)
    stored = pack_identity.formulas_hash(book)
    alike = None if stored is None else stored == pack_identity.formulas_hash(exported)
    return _Again(pack, pair_copies(exported, book, named_rows(pack), HEAD), alike)


def _doubts(values: tuple[Change, ...]) -> Iterator[str]:
    """Values that may be slips: per cent typed as whole numbers."""
    for one in values:
        percent = one.unit == "%" or one.new_text.endswith("%")
        if percent and abs(one.new) >= 1 and abs(one.new) > 5 * abs(one.old):
            yield (
                f"{one.where[0]} says {one.new * 100:,.6g}%: where {one.new:,.6g}% is meant, "
                f"enter {one.new:.6g}% there and bring the workbook back again."
            )
