"""One open plan: made or opened, edited with undo and redo, saved whole, recovered after a crash."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from sqlite_utils import Database

from desktop_app.document import history, saving
from desktop_app.document.changes import Change, clear_log, read_log, start_log, take_back
from desktop_app.document.checks import check_content
from desktop_app.document.database import (
    connect,
    migrate_checked,
    open_copy,
    remove_foreign,
    transaction,
    use_write_ahead_log,
)
from desktop_app.document.environment import Environment
from desktop_app.document.errors import DocumentError, FileChanged, damage_in_words, in_words, sqlite_in_words
from desktop_app.document.history import HistoryEntry
from desktop_app.document.lock_file import LockFile
from desktop_app.document.saving import Saved
from desktop_app.document.schema import migrate
from desktop_app.document.snapshot import Snapshot
from desktop_app.document.storing import store_plan
from desktop_app.document.working_copy import Recovery, WorkingCopy
from desktop_app.engine.model import Plan


@dataclass(frozen=True, slots=True)
class _Step:
    """One undo step."""

    label: str
    changes: tuple[Change, ...]


class Document:
    """One open plan. Make one with `create`, `open` or `recover`, and `close` it (or use it in a `with`).

    All calls come from the thread that made it; give `plan`, which never changes, to other threads. The
    functions in `document.edits` change it; they and whoever groups several of them into one step use `edit`.
    `on_change` holds functions that are called after every edit, undo and redo.
    """

    def __init__(
        self,
        env: Environment,
        copy: WorkingCopy,
        db: Database,
        path: Path | None,
        lock: LockFile | None,
        read_only_reason: str = "",
    ) -> None:
        self.db = db
        self.path = path
        self.read_only_reason = read_only_reason
        self.on_change: list[Callable[[], None]] = []
        self._env = env
        self._copy = copy
        self._lock = lock
        self._snapshot = Snapshot(db)
        self._undo: list[_Step] = []
        self._redo: list[_Step] = []
        self._saved_depth: int | None = 0
        self._editing = False
        self._seen = 0
        start_log(db)

    # Making, opening, recovering

    @classmethod
    def create(
        cls, plan: Plan, path: Path | None = None, *, overwrite: bool = False, env: Environment | None = None
    ) -> Document:
        """A new document with a plan in it, saved at `path` where one is given.

        `DocumentError` where a file stands there already (unless `overwrite`), where it cannot be written, or
        where two things of the plan have the same name.
        """
        env = env or Environment.here()
        if path is not None and path.exists() and not overwrite:
            raise DocumentError(f"“{path}” exists already. Choose another name.")
        copy = WorkingCopy.make(env)
        try:
            with in_words(path or copy.database):
                copy.database.touch()
                db = connect(copy.database)
            try:
                with in_words(path or copy.database):
                    use_write_ahead_log(db)
                    migrate(db)
                    with transaction(db):
                        store_plan(db, plan)
                        history.write_history(db, env.now(), env.user, "Create the plan", ())
                    copy.describe(saved_edit=history.last_edit(db))
                document = cls(env, copy, db, None, None)
                if path is not None:
                    document.save_as(path, overwrite=overwrite)
            except BaseException:
                db.close()
                raise
        except BaseException:
            copy.remove()
            raise
        return document

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        read_only: bool = False,
        as_copy: bool = False,
        take_over: bool = False,
        env: Environment | None = None,
    ) -> Document:
        """Open a plan file. The file itself is only read; a private copy of it is worked on.

        `read_only` asks nobody and can be had at any time; `as_copy` gives an unsaved document with the same
        content; `take_over` ignores who has the plan open. `DocumentLocked` where somebody has,
        `DocumentError` where the file is no whole plan of this or an earlier version.
        """
        env = env or Environment.here()
        path = path.resolve()
        lock = None
        copy = WorkingCopy.make(env)
        try:
            if not (read_only or as_copy) and path.is_file():
                lock = LockFile.take(path, env, take_over=take_over)
            fingerprint = saving.copy_file(path, copy.database)
            db = open_copy(copy.database, path.name)
            try:
                foreign = check_content(db, path.name)
                reason = "You opened it to read only." if read_only else ""
                if foreign:
                    reason = (
                        f"“{path.name}” holds things that Outlay did not put there ({', '.join(foreign)}). "
                        "Save it under another name to edit it without them."
                    )
                migrate_checked(db, path.name)
                known = "" if as_copy else str(path)
                copy.describe(path=known, fingerprint=fingerprint, saved_edit=history.last_edit(db))
                document = cls(env, copy, db, None if as_copy else path, lock, reason)
                document._check_plan()
                return document
            except BaseException:
                db.close()
                raise
        except BaseException:
            if lock is not None:
                lock.release()
            copy.remove()
            raise

    @classmethod
    def recover(
        cls, recovery: Recovery, *, as_copy: bool = False, env: Environment | None = None
    ) -> Document:
        """The document that a crashed process left, with all its edits, as unsaved changes to its file.

        `DocumentLocked` where somebody has opened that file meanwhile; `as_copy` gives an unsaved document
        instead. `DocumentError` where its copy is damaged (it is kept) or another window took it up.
        """
        env = env or Environment.here()
        copy = WorkingCopy.adopt(recovery, env)
        lock = None
        try:
            path = Path(copy.about.path) if copy.about.path and not as_copy else None
            if path is not None and path.is_file():
                lock = LockFile.take(path, env)
            name = path.name if path else "the unsaved plan"
            db = open_copy(copy.database, name)
            try:
                check_content(db, name)
                migrate_checked(db, name)
                document = cls(env, copy, db, path, lock)
                document._check_plan()
            except BaseException:
                db.close()
                raise
        except BaseException:
            if lock is not None:
                lock.release()
            copy.leave()
            raise
        document._saved_depth = None
        return document

    def __enter__(self) -> Document:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Reading

    @property
    def plan(self) -> Plan:
        """The plan as it is now. What an edit leaves alone stays the same object."""
        if self._editing:
            self._touch()
        return self._snapshot.plan()

    @property
    def read_only(self) -> bool:
        """Whether edits are refused; `read_only_reason` says why."""
        return bool(self.read_only_reason)

    @property
    def modified(self) -> bool:
        """Whether there is something that the file does not have."""
        return len(self._undo) != self._saved_depth

    @property
    def undo_label(self) -> str | None:
        """What `undo` would take back; None where there is nothing."""
        return self._undo[-1].label if self._undo else None

    @property
    def redo_label(self) -> str | None:
        """What `redo` would do again; None where there is nothing."""
        return self._redo[-1].label if self._redo else None

    def history(self) -> list[HistoryEntry]:
        """Who changed what and when since the plan was made, oldest first."""
        with damage_in_words(self._name):
            return history.read_history(self.db)

    # Editing

    @contextmanager
    def edit(self, label: str) -> Iterator[None]:
        """Changes made in the `with` block are one transaction, one undo step and one line of history.

        Inside another edit it becomes a part of that one. An exception takes back everything done in the
        block. An edit that changes nothing leaves no trace.
        """
        if self._editing:
            try:
                with self.db.atomic():
                    yield
            except BaseException:
                self._snapshot.forget()
                raise
            return
        if self.read_only:
            raise DocumentError(f"The plan cannot be changed. {self.read_only_reason}")
        with self._recorded(label) as changes:
            yield
        if changes:
            if self._saved_depth is not None and self._saved_depth > len(self._undo):
                self._saved_depth = None
            self._undo.append(_Step(label, tuple(changes)))
            self._redo.clear()
            self._announce()

    def undo(self) -> None:
        """Take back the last step; nothing happens where there is none."""
        self._go_back(self._undo, self._redo, "Undo")

    def redo(self) -> None:
        """Do again what was taken back last; nothing happens where there is none."""
        self._go_back(self._redo, self._undo, "Redo")

    def _go_back(self, source: list[_Step], target: list[_Step], word: str) -> None:
        assert not self._editing, "an edit is going on"
        if not source:
            return
        step = source[-1]
        with self._recorded(f"{word}: {step.label}") as changes:
            self.db.execute("PRAGMA defer_foreign_keys = ON")
            take_back(self.db, step.changes)
        source.pop()
        target.append(_Step(step.label, tuple(changes)))
        self._announce()

    @contextmanager
    def _recorded(self, label: str) -> Iterator[list[Change]]:
        """A transaction; at its end its changes, if any, are in the history and in the list."""
        changes: list[Change] = []
        self._editing = True
        self._seen = 0
        try:
            with sqlite_in_words(self._name), transaction(self.db):
                yield changes
                found, _ = read_log(self.db)
                if found:
                    history.write_history(self.db, self._env.now(), self._env.user, label, found)
                    clear_log(self.db)
                changes += found
        except BaseException:
            changes.clear()
            self._snapshot.forget()
            raise
        finally:
            self._editing = False
        self._snapshot.touch(changes)

    def _check_plan(self) -> None:
        """Read the plan once: values that are none (a month 13, a list that is no list) count as damage."""
        with damage_in_words(self._name):
            self._snapshot.plan()

    def _touch(self) -> None:
        found, self._seen = read_log(self.db, self._seen)
        self._snapshot.touch(found)

    def _announce(self) -> None:
        for call in tuple(self.on_change):
            call()

    # Saving, closing

    def save(self, *, overwrite: bool = False) -> Saved:
        """Write the plan to its file, all or nothing.

        `FileChanged` where somebody else saved the file since it was opened: ask, then save with `overwrite`
        or under another name. `DocumentError` where it cannot be written; the file is as before then, and
        nothing is lost.
        """
        if self.path is None:
            raise DocumentError("The plan has no file yet. Save it under a name.")
        if self.read_only:
            raise DocumentError(f"The plan cannot be saved here. {self.read_only_reason}")
        if not overwrite:
            self._refuse_changed_file(self.path)
        return self._write(self.path)

    def save_as(self, path: Path, *, overwrite: bool = False) -> Saved:
        """Write the plan to another file and go on with that one; a read-only document can be edited from
        then on.

        `DocumentError` where a file stands there already (unless `overwrite`), `DocumentLocked` where
        somebody has it open.
        """
        path = path.resolve()
        if path.exists() and not overwrite and path != self.path:
            raise DocumentError(f"“{path}” exists already. Choose another name.")
        if path == self.path and self._lock is not None:
            return self.save(overwrite=overwrite)
        if path == self.path and not overwrite:
            self._refuse_changed_file(path)
        lock = LockFile.take(path, self._env)
        try:
            if self.read_only:
                remove_foreign(self.db)
            saved = self._write(path)
        except BaseException:
            lock.release()
            raise
        if self._lock is not None:
            self._lock.release()
        self._lock = lock
        self.path = path
        self.read_only_reason = ""
        return saved

    def close(self, *, keep_for_recovery: bool = False) -> None:
        """Close the document and delete its working copy, unsaved edits included (ask before).

        With `keep_for_recovery` the copy stays and `recoverable` finds it.
        """
        self.db.close()
        if keep_for_recovery:
            self._copy.leave()
        else:
            self._copy.remove()
        if self._lock is not None:
            self._lock.release()

    def _refuse_changed_file(self, path: Path) -> None:
        known = self._copy.about.fingerprint
        with in_words(path):
            if known is not None and path.exists() and not known.matches(path):
                raise FileChanged(
                    f"“{path.name}” was changed by somebody else since you opened it. "
                    "Save under another name to keep both, or overwrite the other changes."
                )

    def _write(self, path: Path) -> Saved:
        assert not self._editing, "an edit is going on"
        saved = saving.write_file(self.db, path, self._env, self._copy.token)
        with in_words(path):
            self._copy.describe(
                path=str(path),
                fingerprint=saving.Fingerprint.of(path),
                saved_edit=history.last_edit(self.db),
            )
        self._saved_depth = len(self._undo)
        return saved

    @property
    def _name(self) -> str:
        return self.path.name if self.path else "the plan"
