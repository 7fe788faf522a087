"""Long random histories: every step can be undone to the start and redone to the end, exactly."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.document import edits
from desktop_app.document.document import Document
from desktop_app.document.environment import Environment
from desktop_app.document.errors import DocumentError
from desktop_app.document.ordering import positions
from desktop_app.document.snapshot import Snapshot
from desktop_app.engine.model import (
    Case,
    CostLine,
    Driver,
    Plan,
    PriceEntry,
    QuoteRecord,
    Range,
    Scenario,
    Table,
    Texts,
)
from tests import strategies

NAMES = (*strategies.ODD_TEXTS, "Own", "Cloud", "Power", "price", "servers", "Own, leaner", "Staff")


class Monkey:
    """Does random things to a document with random names, few enough that they meet."""

    def __init__(self, doc: Document, seed: int) -> None:
        self.doc = doc
        self.random = random.Random(seed)
        self.verbs: tuple[Callable[[], None], ...] = (
            lambda: edits.put_driver(doc, self.driver()),
            lambda: edits.rename_driver(
                doc, self.pick(doc.plan.drivers), self.text(), rewrite=lambda text: text + "+"
            ),
            lambda: edits.delete_driver(doc, self.pick(doc.plan.drivers)),
            lambda: edits.move_driver(
                doc, self.pick(doc.plan.drivers), self.maybe(self.pick(doc.plan.drivers))
            ),
            lambda: edits.put_scenario(doc, self.scenario()),
            lambda: edits.duplicate_scenario(doc, self.scenario_name(), self.text()),
            lambda: edits.rename_scenario(doc, self.scenario_name(), self.text()),
            lambda: edits.delete_scenario(doc, self.scenario_name()),
            lambda: edits.move_scenario(doc, self.scenario_name(), self.maybe(self.scenario_name())),
            lambda: edits.set_override(doc, self.scenario_name(), self.text(), self.maybe(self.text())),
            lambda: edits.put_line(doc, self.scenario_name(), self.line()),
            lambda: edits.set_line_field(doc, *self.line_name(), self.text(), self.maybe(self.text())),
            lambda: edits.rename_line(doc, *self.line_name(), self.text()),
            lambda: edits.delete_line(doc, *self.line_name()),
            lambda: edits.move_line(doc, *self.line_name(), self.maybe(self.text())),
            lambda: edits.set_line_override(
                doc, self.scenario_name(), self.text(), self.text(), self.maybe(self.text())
            ),
            lambda: edits.exclude_line(doc, self.scenario_name(), self.text()),
            lambda: edits.include_line(doc, self.scenario_name(), self.text()),
            lambda: edits.put_case(doc, Case(self.text(), self.mapping(), self.text())),
            lambda: edits.rename_case(doc, self.pick(doc.plan.cases), self.text()),
            lambda: edits.delete_case(doc, self.pick(doc.plan.cases)),
            lambda: edits.set_case_driver(
                doc, self.pick(doc.plan.cases), self.text(), self.maybe(self.text())
            ),
            lambda: edits.set_name(doc, self.text()),
            lambda: edits.set_setting(doc, "months", self.random.randrange(1, 120)),
            lambda: edits.set_setting(doc, "currency", self.text()),
            lambda: edits.set_texts(doc, Texts(purpose=self.text(), left_out=self.text())),
            lambda: edits.set_fx(doc, self.text(), self.maybe(self.text())),
            lambda: edits.set_measure(doc, self.text(), self.maybe(self.text())),
            lambda: edits.put_table(doc, self.table()),
            lambda: edits.delete_table(doc, self.pick(doc.plan.tables)),
            lambda: edits.put_price_entry(doc, PriceEntry(self.text(), self.random.random(), "", "2026", "")),
            lambda: edits.delete_price_entry(doc, self.pick(doc.plan.price_book), "2026"),
            lambda: edits.put_quote(doc, QuoteRecord(self.text(), self.text(), "")),
            lambda: edits.delete_quote(doc, self.random.choice(doc.plan.quotes).key),
            lambda: edits.set_baseline(doc, self.scenario_name()),
            lambda: edits.set_preferred(doc, self.scenario_name()),
            self.several,
        )

    def act(self) -> None:
        """Do one thing; what the document refuses, or there is nothing to do it to, counts as done."""
        try:
            self.random.choice(self.verbs)()
        except (DocumentError, IndexError):
            return

    def several(self) -> None:
        with self.doc.edit("Several"):
            for _ in range(3):
                self.act()

    def text(self) -> str:
        return self.random.choice(NAMES)

    def maybe(self, text: str) -> str | None:
        return None if self.random.random() < 0.3 else text

    def mapping(self) -> dict[str, str]:
        return {self.text(): self.text() for _ in range(self.random.randrange(4))}

    def pick(self, things: tuple[Driver | Case | Table | PriceEntry, ...]) -> str:
        return self.random.choice(things).name

    def scenario_name(self) -> str:
        return self.random.choice(self.doc.plan.scenarios).name

    def line_name(self) -> tuple[str, str]:
        scenario = self.random.choice(self.doc.plan.scenarios)
        return scenario.name, self.random.choice(scenario.lines).name

    def driver(self) -> Driver:
        spread = Range("pert", self.text(), self.text()) if self.random.random() < 0.5 else None
        series = tuple(self.random.random() for _ in range(self.random.randrange(3)))
        return Driver(self.text(), self.text(), self.text(), series=series, range=spread)

    def line(self) -> CostLine:
        return CostLine(self.text(), "usage", self.text(), self.mapping())

    def scenario(self) -> Scenario:
        lines = {line.name: line for line in (self.line() for _ in range(self.random.randrange(4)))}
        return Scenario(
            self.text(),
            based_on=self.text(),
            drivers=self.mapping(),
            lines=tuple(lines.values()),
            line_fields={self.text(): self.mapping() for _ in range(self.random.randrange(3))},
            removed=frozenset(self.text() for _ in range(self.random.randrange(3))),
        )

    def table(self) -> Table:
        rows = tuple((self.text(), (self.random.random(),)) for _ in range(self.random.randrange(4)))
        return Table(self.text(), (self.text(),), rows)


@pytest.mark.parametrize("seed", range(10))
def test_sixty_steps_back_and_forth(doc: Document, seed: int) -> None:
    monkey = Monkey(doc, seed)
    states = [doc.plan]
    while len(states) <= 60:
        label = doc.undo_label
        before = doc.history()
        monkey.act()
        assert Snapshot(doc.db).plan() == doc.plan, "what is cached and what is in the file differ"
        if len(doc.history()) > len(before):
            states.append(doc.plan)
        else:
            assert doc.undo_label == label
            assert doc.plan == states[-1]
    for state in reversed(states[:-1]):
        doc.undo()
        assert doc.plan == state
        assert Snapshot(doc.db).plan() == state
    assert doc.undo_label is None
    assert not doc.modified
    for state in states[1:]:
        doc.redo()
        assert doc.plan == state
    assert doc.redo_label is None
    at = len(states) - 1
    for _ in range(40):
        back = monkey.random.random() < 0.5
        (doc.undo if back else doc.redo)()
        at = max(at - 1, 0) if back else min(at + 1, len(states) - 1)
        assert doc.plan == states[at]
    assert doc.db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert doc.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=strategies.plans(), second=strategies.plans(), third=strategies.plans())
def test_a_plan_can_become_any_other_and_back(
    first: Plan, second: Plan, third: Plan, env: Environment, tmp_path: Path
) -> None:
    with Document.create(first, env=env) as document:
        edits.apply_plan(document, second)
        edits.apply_plan(
            document, replace(third, scenarios=second.scenarios[::-1], drivers=third.drivers[::-1])
        )
        last = document.plan
        assert last == replace(third, scenarios=second.scenarios[::-1], drivers=third.drivers[::-1])
        while document.undo_label:
            document.undo()
        assert document.plan == first
        while document.redo_label:
            document.redo()
        assert document.plan == last


@given(st.lists(st.none() | st.integers(-5000, 5000)))
def test_positions_ascend_and_keep_what_stands_right(wanted: list[int | None]) -> None:
    found = positions(wanted)
    assert len(found) == len(wanted)
    assert sorted(set(found)) == found
    given_ones = [value for value in wanted if value is not None]
    if given_ones == wanted and sorted(set(given_ones)) == given_ones:
        assert found == wanted


@given(st.lists(st.integers(1, 50), unique=True, max_size=50), st.data())
def test_moving_one_row_changes_one_position(order: list[int], data: st.DataObject) -> None:
    present = [value * 1024 for value in sorted(order)]
    if not present:
        return
    moved = present.pop(data.draw(st.integers(0, len(present) - 1)))
    present.insert(data.draw(st.integers(0, len(present))), moved)
    assert sum(old != new for old, new in zip(present, positions(present), strict=True)) <= 1
