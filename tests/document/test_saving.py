"""A save is whole or leaves the old file as it was; the work of others is not overwritten unasked."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.document import edits, saving
from desktop_app.document.document import Document
from desktop_app.document.environment import Environment, state_folder
from desktop_app.document.errors import DocumentError, DocumentLocked, FileChanged
from desktop_app.document.lock_file import lock_path, process_lives
from desktop_app.engine.model import Plan


@pytest.fixture
def edited(doc: Document) -> Document:
    """A document with an edit that its file does not have."""
    edits.set_name(doc, "Edited")
    return doc


def path_of(document: Document) -> Path:
    assert document.path is not None
    return document.path


def name_in(path: Path, env: Environment) -> str:
    with Document.open(path, read_only=True, env=env) as document:
        return document.plan.name


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


def refuse_replacing(monkeypatch: pytest.MonkeyPatch, times: int) -> list[Path]:
    """Let the next replacements of a plan file fail, as while another program holds it."""
    refused: list[Path] = []
    real = Path.replace

    def replace_or_not(self: Path, target: Path) -> Path:
        if Path(target).suffix == ".outlay" and len(refused) < times:
            refused.append(Path(target))
            raise PermissionError(13, "Permission denied")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace_or_not)
    return refused


def test_a_file_held_for_a_moment_is_waited_for(
    edited: Document, env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = refuse_replacing(monkeypatch, 3)
    edited.save()
    assert len(refused) == 3
    assert name_in(path_of(edited), env) == "Edited"


def test_a_file_held_for_good_stays_as_it_was(
    edited: Document, env: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path_of(edited).read_bytes()
    there = files(tmp_path)
    refuse_replacing(monkeypatch, 1000)
    with pytest.raises(DocumentError, match=r"plan\.outlay” cannot be read or written"):
        edited.save()
    assert path_of(edited).read_bytes() == before
    assert files(tmp_path) == there
    assert edited.modified
    monkeypatch.undo()
    edited.save()
    assert name_in(path_of(edited), env) == "Edited"


def test_a_file_marked_read_only_is_left_alone(edited: Document, tmp_path: Path) -> None:
    before = path_of(edited).read_bytes()
    path_of(edited).chmod(0o444)
    with pytest.raises(DocumentError, match="marked read-only"):
        edited.save()
    assert path_of(edited).read_bytes() == before
    assert edited.modified
    edited.save_as(tmp_path / "elsewhere.outlay")
    assert not edited.modified


def test_a_folder_that_went_away_is_named(edited: Document, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"The folder “.*gone” does not exist"):
        edited.save_as(tmp_path / "gone" / "plan.outlay")
    with pytest.raises(DocumentError, match="exists already"):
        edited.save_as(tmp_path)
    with pytest.raises(DocumentError, match="is a folder"):
        edited.save_as(tmp_path, overwrite=True)
    assert path_of(edited).name == "plan.outlay"
    assert files(tmp_path) == {"plan.outlay", ".plan.outlay.lock"}
    edited.save()


FULL_DISK = """
import resource, sys
from pathlib import Path
from desktop_app.document import edits
from desktop_app.document.document import Document
from desktop_app.document.errors import DocumentError

with Document.open(Path(sys.argv[1])) as document:
    edits.set_name(document, "Edited")
    resource.setrlimit(resource.RLIMIT_FSIZE, (65536, resource.RLIM_INFINITY))
    try:
        document.save()
    except DocumentError as problem:
        print(problem)
    print(document.plan.name, document.modified)
"""


def test_a_disk_that_fills_up_while_saving_leaves_the_old_file(
    doc: Document, env: Environment, tmp_path: Path
) -> None:
    path = path_of(doc)
    doc.close()
    before = path.read_bytes()
    assert len(before) > 65536
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)],
        env=os.environ | {"OUTLAY_STATE_DIR": str(env.state), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    sentence, state = done.stdout.splitlines()
    assert "plan.outlay" in sentence and "elsewhere" in sentence
    assert state == "Edited True"
    assert path.read_bytes() == before
    assert files(tmp_path) == {"plan.outlay"}


def test_a_file_changed_by_somebody_else_is_asked_about(
    edited: Document, env: Environment, tmp_path: Path
) -> None:
    path = path_of(edited)
    with Document.open(path, env=env, take_over=True) as other:
        edits.set_name(other, "Other")
        other.save()
    with pytest.raises(FileChanged, match="changed by somebody else"):
        edited.save()
    assert name_in(path, env) == "Other"
    edited.save(overwrite=True)
    assert name_in(path, env) == "Edited"
    edits.set_name(edited, "Again")
    edited.save()
    assert name_in(path, env) == "Again"


def test_a_reader_who_becomes_a_writer_overwrites_nothing_unasked(doc: Document, env: Environment) -> None:
    path = path_of(doc)
    with Document.open(path, read_only=True, env=env) as reader:
        edits.set_name(doc, "Other")
        doc.save()
        doc.close()
        with pytest.raises(FileChanged):
            reader.save_as(path)
        assert reader.read_only
        assert not lock_path(path).exists()
        assert name_in(path, env) == "Other"
        reader.save_as(path, overwrite=True)
        assert not reader.read_only
    assert name_in(path, env) == "Inference"


def test_a_file_that_was_only_touched_is_the_same(edited: Document) -> None:
    os.utime(path_of(edited), (1, 1))
    edited.save()


def test_a_file_that_was_deleted_is_written_again(edited: Document, env: Environment) -> None:
    path_of(edited).unlink()
    edited.save()
    assert name_in(path_of(edited), env) == "Edited"


def test_the_old_file_is_kept_as_a_backup(edited: Document) -> None:
    before = path_of(edited).read_bytes()
    saved = edited.save()
    assert saved.backup is not None
    assert saved.backup.read_bytes() == before
    assert saved.warning == ""


def test_a_backup_that_cannot_be_kept_is_told_and_does_not_stop_a_save(
    edited: Document, env: Environment
) -> None:
    (env.state / "backups").write_text("in the way")
    saved = edited.save()
    assert saved.backup is None
    assert "no backup" in saved.warning
    assert name_in(path_of(edited), env) == "Edited"


def test_backups_are_thinned(doc: Document, env: Environment) -> None:
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    for number in range(60):
        slow = replace(env, clock=lambda number=number: start + dt.timedelta(hours=9 * number))
        saving.write_file(doc.db, path_of(doc), slow, "token")
    kept = sorted(path.name[:8] for path in saving.backup_folder(path_of(doc), env).iterdir())
    assert len(kept) <= 5 + 14 + 12
    assert len(set(kept)) >= 14
    assert kept[-1] == "20260123"


def test_rights_and_links_of_a_file_stay(doc: Document, env: Environment, tmp_path: Path) -> None:
    path = path_of(doc)
    doc.close()
    path.chmod(0o640)
    link = tmp_path / "link.outlay"
    link.symlink_to(path)
    with Document.open(link, env=env) as document:
        edits.set_name(document, "Through the link")
        document.save()
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert name_in(path, env) == "Through the link"


def test_save_as_moves_the_document(edited: Document, env: Environment, tmp_path: Path) -> None:
    old, new = path_of(edited), tmp_path / "new.outlay"
    edited.save_as(new)
    assert edited.path == new
    assert not lock_path(old).exists()
    assert lock_path(new).exists()
    assert name_in(old, env) == "Inference"
    assert name_in(new, env) == "Edited"


def test_a_second_opener_is_told_who_has_it_open(doc: Document, env: Environment, tmp_path: Path) -> None:
    with pytest.raises(
        DocumentLocked, match="is open already: analyst on laptop since 2026-10-05 12:00"
    ) as caught:
        Document.open(path_of(doc), env=env)
    assert caught.value.holder.pid == os.getpid()
    with Document.create(Plan("Other"), env=env) as other, pytest.raises(DocumentLocked):
        other.save_as(path_of(doc), overwrite=True)
    with (
        Document.open(path_of(doc), read_only=True, env=env),
        Document.open(path_of(doc), as_copy=True, env=env),
    ):
        assert lock_path(path_of(doc)).exists()
    path = path_of(doc)
    doc.close()
    assert not lock_path(path).exists()
    Document.open(path, env=env).close()


def leave_lock(path: Path, **values: object) -> None:
    holder = {"user": "boss", "host": "laptop", "pid": 1, "opened": "2026-10-01T08:00:00Z"} | values
    lock_path(path).write_text(json.dumps(holder), encoding="utf-8")


def dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_the_lock_of_a_dead_process_is_taken_over(doc: Document, env: Environment) -> None:
    path = path_of(doc)
    doc.close()
    leave_lock(path, pid=dead_process())
    with Document.open(path, env=env):
        assert json.loads(lock_path(path).read_text())["user"] == "analyst"
    assert not lock_path(path).exists()


@pytest.mark.parametrize(
    "content", ['{"user": "boss", "host": "desk", "pid": 999999999, "opened": ""}', "", "[1]"]
)
def test_the_lock_of_another_machine_or_of_nobody_known_is_respected(
    doc: Document, env: Environment, content: str
) -> None:
    path = path_of(doc)
    doc.close()
    lock_path(path).write_text(content)
    with pytest.raises(DocumentLocked):
        Document.open(path, env=env)
    assert lock_path(path).read_text() == content
    with Document.open(path, env=env, take_over=True):
        pass
    assert not lock_path(path).exists()


def test_a_lock_that_somebody_took_over_is_left_to_them(doc: Document) -> None:
    leave_lock(path_of(doc), user="boss")
    doc.close()
    assert json.loads(lock_path(path_of(doc)).read_text())["user"] == "boss"


def test_a_folder_that_cannot_be_written_needs_no_lock(
    doc: Document, env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = path_of(doc)
    doc.close()
    real = Path.open

    def no_new_files(self: Path, mode: str = "r", **options: object) -> object:
        if self == lock_path(path) and "x" in mode:
            raise PermissionError(13, "Permission denied")
        return real(self, mode, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", no_new_files)
    with Document.open(path, env=env) as document:
        edits.set_name(document, "Edited")
        assert document.modified


def test_living_and_dead_processes_are_told_apart() -> None:
    assert process_lives(os.getpid())
    assert not process_lives(dead_process())


def test_the_state_folder_can_be_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OUTLAY_STATE_DIR", str(tmp_path))
    assert state_folder() == tmp_path
    monkeypatch.delenv("OUTLAY_STATE_DIR")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    if sys.platform not in ("win32", "darwin"):
        assert state_folder() == tmp_path / "outlay"
    assert Environment.here().state == state_folder()
