"""Making, opening, editing, undoing and saving a plan."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from desktop_app.document import edits
from desktop_app.document.document import Document
from desktop_app.document.environment import Environment
from desktop_app.document.errors import DocumentError
from desktop_app.document.working_copy import recoverable
from desktop_app.engine.model import Driver, Plan, Scenario
from tests import strategies


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=strategies.plans())
def test_every_plan_is_kept_exactly(plan: Plan, env: Environment, tmp_path: Path) -> None:
    path = tmp_path / "any.outlay"
    with Document.create(plan, path, overwrite=True, env=env) as document:
        assert document.plan == plan
    with Document.open(path, env=env) as document:
        again = document.plan
    assert again == plan
    assert list(again.fx) == list(plan.fx)
    for old, new in zip(plan.scenarios, again.scenarios, strict=True):
        assert list(new.drivers) == list(old.drivers)
        assert list(new.line_fields) == list(old.line_fields)
        assert [list(line.fields) for line in new.lines] == [list(line.fields) for line in old.lines]


def test_the_file_is_one_file_and_nothing_else_is_left(doc: Document, tmp_path: Path) -> None:
    doc.close()
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["plan.outlay"]
    assert list((tmp_path / "state" / "working").iterdir()) == []
    assert doc.path is not None
    header = doc.path.read_bytes()[:100]
    assert header[18:20] == b"\x01\x01", "the file must not be in write-ahead-log mode"
    assert header[68:72] == b"Otly"


def test_a_document_without_a_file_can_be_saved_under_a_name(
    plan: Plan, env: Environment, tmp_path: Path
) -> None:
    with Document.create(plan, env=env) as document:
        assert document.path is None
        with pytest.raises(DocumentError, match="no file yet"):
            document.save()
        edits.set_name(document, "New")
        document.save_as(tmp_path / "named.outlay")
        assert not document.modified
        edits.set_name(document, "Newer")
        document.save()
    with Document.open(tmp_path / "named.outlay", env=env) as document:
        assert document.plan.name == "Newer"


def test_an_edit_is_one_step_and_one_line_of_history(doc: Document, plan: Plan) -> None:
    with doc.edit("Change prices"):
        edits.put_driver(doc, Driver("price", "USD/server", "300k"))
        edits.set_override(doc, "Cloud", "price", "1")
    assert doc.undo_label == "Change prices"
    changed = doc.plan
    assert changed.scenarios[2].drivers == {"price": "1"}
    labels = [entry.label for entry in doc.history()]
    assert set(labels[1:]) == {"Change prices"}
    doc.undo()
    assert doc.plan == plan
    assert (doc.undo_label, doc.redo_label) == (None, "Change prices")
    doc.redo()
    assert doc.plan == changed
    assert (doc.undo_label, doc.redo_label) == ("Change prices", None)


def test_history_tells_who_when_what_old_and_new(doc: Document) -> None:
    edits.set_line_field(doc, "Own", "Power", "rate", "0.2")
    entry = doc.history()[-1]
    assert (entry.user, entry.label) == ("analyst", "Change rate of Power in Own")
    assert (entry.table, entry.row, entry.column) == ("line_field", "Own / Power / rate", "value")
    assert (entry.old, entry.new) == ("0.1", "0.2")
    assert entry.time.startswith("2026-10-05T12:00:") and entry.time.endswith("Z")
    edits.delete_line(doc, "Own", "Power")
    deleted = {
        (entry.row, entry.column, entry.old) for entry in doc.history() if entry.label.startswith("Delete")
    }
    assert ("Own / Power", "category", "Energy") in deleted
    assert ("Own / Power / rate", "value", "0.2") in deleted
    doc.undo()
    assert doc.history()[-1].label == "Undo: Delete line Power in Own"


def test_history_stays_in_the_file(doc: Document, env: Environment) -> None:
    edits.set_name(doc, "A")
    doc.undo()
    before = doc.history()
    doc.save()
    assert doc.path is not None
    doc.close()
    with Document.open(doc.path, env=env) as again:
        assert again.history() == before
        assert [entry.label for entry in before] == [
            "Create the plan",
            "Rename the plan",
            "Undo: Rename the plan",
        ]
        assert again.undo_label is None


def test_an_exception_takes_everything_back(doc: Document, plan: Plan) -> None:
    calls: list[int] = []
    doc.on_change.append(lambda: calls.append(1))
    with pytest.raises(ZeroDivisionError), doc.edit("Broken"):
        edits.set_name(doc, "X")
        edits.delete_scenario(doc, "Cloud")
        assert doc.plan.name == "X", "an edit sees its own changes"
        raise ZeroDivisionError
    assert doc.plan == plan
    assert doc.undo_label is None
    assert not doc.modified
    assert calls == []
    assert [entry.label for entry in doc.history()] == ["Create the plan"]


def test_an_inner_edit_that_fails_can_be_outlived_by_the_outer_one(doc: Document, plan: Plan) -> None:
    with doc.edit("Outer"):
        edits.set_name(doc, "kept")
        with pytest.raises(DocumentError), doc.edit("Inner"):
            edits.set_fx(doc, "CHF", "1.1")
            edits.delete_driver(doc, "no such driver")
        assert doc.plan.fx == plan.fx
    assert doc.plan.name == "kept"
    assert doc.plan.fx == plan.fx
    doc.undo()
    assert doc.plan == plan


def test_an_edit_that_changes_nothing_leaves_no_trace(doc: Document, plan: Plan) -> None:
    edits.set_name(doc, "A")
    doc.undo()
    calls: list[int] = []
    doc.on_change.append(lambda: calls.append(1))
    history = doc.history()
    edits.apply_plan(doc, plan)
    edits.put_driver(doc, plan.drivers[0])
    edits.put_scenario(doc, plan.scenarios[1])
    with doc.edit("Nothing"):
        pass
    assert doc.redo_label == "Rename the plan", "an empty edit must not cut off redo"
    assert calls == []
    assert doc.history() == history


def test_modified_follows_undo_and_save(doc: Document) -> None:
    assert not doc.modified
    edits.set_name(doc, "A")
    assert doc.modified
    doc.undo()
    assert not doc.modified
    doc.redo()
    doc.save()
    assert not doc.modified
    doc.undo()
    assert doc.modified
    edits.set_name(doc, "B")
    assert doc.modified
    doc.undo()
    assert doc.modified, "what was saved can no longer be reached"


def test_undo_and_redo_of_nothing_do_nothing(doc: Document, plan: Plan) -> None:
    doc.undo()
    doc.redo()
    assert doc.plan == plan


def test_listeners_hear_of_edits_undo_and_redo(doc: Document) -> None:
    names: list[str] = []
    doc.on_change.append(lambda: names.append(doc.plan.name))
    edits.set_name(doc, "A")
    doc.undo()
    doc.redo()
    assert names == ["A", "Inference", "A"]


def test_what_an_edit_leaves_alone_stays_the_same_object(doc: Document) -> None:
    before = doc.plan
    edits.set_line_field(doc, "Own", "Power", "rate", "7")
    after = doc.plan
    assert after.drivers == before.drivers
    assert all(new is old for new, old in zip(after.drivers, before.drivers, strict=True))
    assert after.scenarios[1] is before.scenarios[1]
    assert after.scenarios[0].lines[0] is before.scenarios[0].lines[0]
    assert after.scenarios[0].lines[1] is not before.scenarios[0].lines[1]
    assert after.settings is before.settings
    assert doc.plan is after


def test_apply_plan_changes_few_rows(doc: Document, plan: Plan) -> None:
    import dataclasses

    own = plan.scenarios[0]
    lines = (own.lines[2], own.lines[0], own.lines[1])
    moved = dataclasses.replace(plan, scenarios=(dataclasses.replace(own, lines=lines), *plan.scenarios[1:]))
    edits.apply_plan(doc, moved, "Reorder")
    assert doc.plan == moved
    assert len([entry for entry in doc.history() if entry.label == "Reorder"]) == 1
    doc.undo()
    assert doc.plan == plan


def test_two_things_of_one_name_are_refused_in_words(plan: Plan, env: Environment, tmp_path: Path) -> None:
    twice = Plan("P", scenarios=(Scenario("A"), Scenario("A")))
    with pytest.raises(DocumentError, match="Two scenarios are named “A”"):
        Document.create(twice, tmp_path / "twice.outlay", env=env)
    assert not (tmp_path / "twice.outlay").exists()
    assert recoverable(env) == []
    assert list((tmp_path / "state" / "working").iterdir()) == []


def test_half_a_character_is_refused_in_words(doc: Document, plan: Plan) -> None:
    with pytest.raises(DocumentError, match="half a character"):
        edits.set_name(doc, "bad \ud83d")
    assert doc.plan == plan


def test_an_existing_file_is_not_overwritten_unasked(doc: Document, plan: Plan, env: Environment) -> None:
    assert doc.path is not None
    before = doc.path.read_bytes()
    with pytest.raises(DocumentError, match="exists already"):
        Document.create(plan, doc.path, env=env)
    assert doc.path.read_bytes() == before


def test_read_only_refuses_edits_and_can_be_saved_elsewhere(
    doc: Document, env: Environment, tmp_path: Path
) -> None:
    assert doc.path is not None
    with Document.open(doc.path, read_only=True, env=env) as second:
        assert second.plan == doc.plan
        assert second.read_only
        with pytest.raises(DocumentError, match="cannot be changed"):
            edits.set_name(second, "X")
        with pytest.raises(DocumentError, match="cannot be saved"):
            second.save()
        second.save_as(tmp_path / "second.outlay")
        assert not second.read_only
        edits.set_name(second, "Second")
        second.save()
    assert doc.plan.name == "Inference"


def test_a_copy_is_a_new_unsaved_document(doc: Document, env: Environment) -> None:
    assert doc.path is not None
    with Document.open(doc.path, as_copy=True, env=env) as copy:
        assert copy.path is None
        edits.set_name(copy, "Copy")
        assert copy.plan.name == "Copy"


def test_no_number_is_kept_as_a_float(doc: Document) -> None:
    for table in doc.db.table_names():
        assert "REAL" not in {column.type for column in doc.db.table(table).columns}, table
    strict = {
        row[0]: row[1] for row in doc.db.execute("SELECT name, strict FROM pragma_table_list").fetchall()
    }
    assert all(strict[table] for table in doc.db.table_names())
