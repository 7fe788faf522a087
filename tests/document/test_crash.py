"""A process that dies loses no edit that it had acknowledged, and never leaves half a file."""

from __future__ import annotations

import os
import platform
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.document import edits
from desktop_app.document.document import Document
from desktop_app.document.environment import Environment
from desktop_app.document.errors import DocumentError, DocumentLocked, FileChanged
from desktop_app.document.lock_file import lock_path
from desktop_app.document.working_copy import discard, recoverable
from desktop_app.engine.model import Plan

# Each edit sets two things to the same number and is acknowledged once it is done.
WORK = """
import itertools, sys
from dataclasses import replace
from pathlib import Path
from desktop_app.document import edits
from desktop_app.document.document import Document

document = Document.open(Path(sys.argv[1]))
for number in itertools.count(1):
    with document.edit(f"Step {number}"):
        edits.set_fx(document, "EUR", str(number))
        edits.set_measure(document, "tokens_out", str(number))
    if sys.argv[2] == "save":
        document.save()
    print(number, flush=True)
"""


@pytest.fixture
def env(env: Environment) -> Environment:
    """The same machine for this process and for those that are killed."""
    return replace(env, host=platform.node())


def run_and_kill(path: Path, env: Environment, job: str, seconds: float) -> int:
    """Let another process work on a plan, kill it in the middle; returns the last acknowledged step."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, str(path), job],
        env=os.environ | {"OUTLAY_STATE_DIR": str(env.state), "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    assert first == "1\n"
    time.sleep(seconds)
    process.kill()
    rest = process.stdout.read().split("\n")
    process.wait()
    process.stdout.close()
    # What follows the last line end was not fully told.
    return int((["1", *rest[:-1]])[-1])


@pytest.fixture
def path(plan: Plan, env: Environment, tmp_path: Path) -> Path:
    """A saved plan that nobody has open."""
    Document.create(plan, tmp_path / "plan.outlay", env=env).close()
    return tmp_path / "plan.outlay"


@pytest.fixture
def left(plan: Plan, env: Environment, path: Path) -> Iterator[Path]:
    """A plan on which somebody worked when the process died."""
    document = Document.open(path, env=env)
    edits.set_name(document, "Unsaved")
    edits.set_fx(document, "CHF", "1.1")
    document.close(keep_for_recovery=True)
    yield path


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_process_loses_no_acknowledged_edit(path: Path, env: Environment, seed: int) -> None:
    before = path.read_bytes()
    told = run_and_kill(path, env, "edit", random.Random(seed).uniform(0.02, 0.2))
    assert path.read_bytes() == before
    (recovery,) = recoverable(env)
    assert recovery.path == path
    assert recovery.name == "Inference"
    assert recovery.edits >= told
    with Document.recover(recovery, env=env) as document:
        done = int(document.plan.fx["EUR"])
        assert done >= told
        assert document.plan.measures["tokens_out"] == str(done), "half an edit"
        assert recovery.edits == done
        assert recovery.last_label == f"Step {done}"
        assert document.modified
        assert document.path == path
        document.save()
    with Document.open(path, env=env) as document:
        assert document.plan.fx["EUR"] == str(done)
    assert recoverable(env) == []


@pytest.mark.parametrize("seed", range(4))
def test_a_process_killed_while_saving_leaves_a_whole_file(path: Path, env: Environment, seed: int) -> None:
    told = run_and_kill(path, env, "save", random.Random(seed).uniform(0.02, 0.3))
    with Document.open(path, env=env) as document:
        assert int(document.plan.fx["EUR"]) >= told
        assert document.plan.measures["tokens_out"] == document.plan.fx["EUR"]
    for recovery in recoverable(env):
        with Document.recover(recovery, env=env) as document:
            assert int(document.plan.fx["EUR"]) >= told
    assert [item.name for item in path.parent.iterdir() if item.is_file()] == ["plan.outlay"]


def test_recovered_work_can_be_edited_undone_and_saved(left: Path, env: Environment) -> None:
    (recovery,) = recoverable(env)
    assert (recovery.edits, recovery.last_label, recovery.user) == (2, "Change the rate of CHF", "analyst")
    with Document.recover(recovery, env=env) as document:
        assert document.plan.name == "Unsaved"
        edits.set_name(document, "Again")
        document.undo()
        assert document.modified, "the file has nothing of it yet"
        document.save()
        assert not document.modified
    with Document.open(left, env=env) as document:
        assert document.plan.name == "Unsaved"


def test_recovered_work_does_not_overwrite_what_others_saved(left: Path, env: Environment) -> None:
    with Document.open(left, env=env) as document:
        edits.set_name(document, "Other")
        document.save()
    (recovery,) = recoverable(env)
    with Document.recover(recovery, env=env) as document, pytest.raises(FileChanged):
        document.save()
    assert recoverable(env) == []


def test_recovered_work_on_a_file_that_somebody_has_open_can_be_a_copy(left: Path, env: Environment) -> None:
    (recovery,) = recoverable(env)
    with Document.open(left, env=env):
        with pytest.raises(DocumentLocked):
            Document.recover(recovery, env=env)
        assert recoverable(env) == [recovery]
        with Document.recover(recovery, as_copy=True, env=env) as document:
            assert document.path is None
            assert document.modified
            assert document.plan.name == "Unsaved"


def test_work_on_a_plan_without_a_file_is_recovered_too(plan: Plan, env: Environment, tmp_path: Path) -> None:
    document = Document.create(plan, env=env)
    edits.set_name(document, "Never saved")
    document.close(keep_for_recovery=True)
    (recovery,) = recoverable(env)
    assert (recovery.path, recovery.name) == (None, "Never saved")
    with Document.recover(recovery, env=env) as document:
        document.save_as(tmp_path / "now.outlay")
    assert (tmp_path / "now.outlay").exists()


def test_discarded_work_is_gone(left: Path, env: Environment) -> None:
    (recovery,) = recoverable(env)
    discard(recovery, env)
    assert recoverable(env) == []
    assert list((env.state / "working").iterdir()) == []
    with pytest.raises(DocumentError, match="taken up by another window"):
        Document.recover(recovery, env=env)


def test_only_one_window_recovers(left: Path, env: Environment) -> None:
    (recovery,) = recoverable(env)
    with Document.recover(recovery, env=env):
        assert recoverable(env) == []
        with pytest.raises(DocumentError, match="taken up by another window"):
            Document.recover(recovery, env=env)
        with pytest.raises(DocumentError, match="taken up by another window"):
            discard(recovery, env)


def test_an_open_document_is_nobody_elses_to_recover(doc: Document, env: Environment) -> None:
    edits.set_name(doc, "Unsaved")
    assert recoverable(env) == []
    assert doc.plan.name == "Unsaved"
    edits.set_name(doc, "Still there")


def test_copies_without_unsaved_work_are_cleared_away(path: Path, env: Environment) -> None:
    Document.open(path, env=env).close(keep_for_recovery=True)
    Document.open(path, read_only=True, env=env).close(keep_for_recovery=True)
    unfinished = env.state / "working" / "0123456789abcdef"
    unfinished.mkdir()
    (unfinished / "plan.sqlite").write_bytes(path.read_bytes()[:5000])
    unfinished.with_suffix(".lock").touch()
    (env.state / "working" / "fedcba9876543210.lock").touch()
    assert recoverable(env) == []
    assert list((env.state / "working").iterdir()) == []


def test_a_damaged_copy_is_told_and_kept(left: Path, env: Environment) -> None:
    (recovery,) = recoverable(env)
    database = env.state / "working" / recovery.token / "plan.sqlite"
    for path in database.parent.glob("plan.sqlite*"):
        path.write_bytes(b"noise" * 1000)
    (found,) = recoverable(env)
    assert "is damaged" in found.problem or "is not a plan" in found.problem
    with pytest.raises(DocumentError):
        Document.recover(found, env=env)
    assert len(recoverable(env)) == 1
    assert not lock_path(left).exists()


def test_a_lost_description_does_not_lose_the_work(left: Path, env: Environment) -> None:
    (recovery,) = recoverable(env)
    (env.state / "working" / recovery.token / "about.json").write_text("")
    (found,) = recoverable(env)
    assert found.path is None
    with Document.recover(found, env=env) as document:
        assert document.plan.name == "Unsaved"
