"""The private copy that is worked on: one folder for each open plan, on the local disk of this user.

Every edit is committed there at once. What a crashed process leaves behind is found again by its lock, which
the system has let go.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from desktop_app.document.database import open_copy
from desktop_app.document.environment import Environment
from desktop_app.document.errors import DocumentError, damage_in_words, in_words
from desktop_app.document.history import last_edit
from desktop_app.document.owner_lock import OwnerLock
from desktop_app.document.saving import Fingerprint, clear_unfinished

_ABOUT = "about.json"


@dataclass(frozen=True, slots=True)
class About:
    """What is known about a working copy: where its plan came from and what of it has been saved there.

    `saved_edit` is the number of the last edit in the history that the file at `path` has.
    """

    path: str = ""
    fingerprint: Fingerprint | None = None
    saved_edit: int = 0
    user: str = ""
    opened: str = ""


@dataclass(frozen=True, slots=True)
class Recovery:
    """Work that a crashed process left unsaved. `path` is None for a plan that was never saved.

    `edits` counts what was done since the last save, `last_edit` and `last_label` tell the newest of it.
    `problem` is a sentence where the copy cannot be read.
    """

    token: str
    path: Path | None
    name: str
    user: str
    opened: str
    edits: int
    last_edit: str
    last_label: str
    problem: str = ""


class WorkingCopy:
    """The folder of one open plan, owned by this process."""

    def __init__(self, folder: Path, lock: OwnerLock, about: About) -> None:
        self.folder = folder
        self.token = folder.name
        self.database = folder / "plan.sqlite"
        self.about = about
        self._lock = lock

    @classmethod
    def make(cls, env: Environment) -> WorkingCopy:
        """A new, empty folder."""
        root = _root(env)
        with in_words(root):
            root.mkdir(parents=True, exist_ok=True)
            while True:
                token = secrets.token_hex(8)
                lock = OwnerLock.take(root / f"{token}.lock")
                if lock is not None:
                    break
            folder = root / token
            folder.mkdir(mode=0o700)
        return cls(folder, lock, About(user=env.user, opened=env.now()))

    @classmethod
    def adopt(cls, recovery: Recovery, env: Environment) -> WorkingCopy:
        """Take over what a crashed process left; `DocumentError` where another window has done so already."""
        folder = _root(env) / recovery.token
        lock = OwnerLock.take(_root(env) / f"{recovery.token}.lock") if folder.is_dir() else None
        if lock is None:
            raise DocumentError(
                "The unsaved work has been taken up by another window, or was discarded there."
            )
        return cls(folder, lock, _read_about(folder))

    def describe(self, **changes: object) -> None:
        """Note what is known about the copy, for whoever may have to recover it."""
        self.about = replace(self.about, **changes)  # type: ignore[arg-type]
        fresh = self.folder / "about.tmp"
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(asdict(self.about), file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.folder / _ABOUT)

    def remove(self) -> None:
        """Delete the copy; its database must be closed."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.release()

    def leave(self) -> None:
        """Let go of the copy without deleting it, so that it can be recovered."""
        self._lock.release(keep_file=True)


def recoverable(env: Environment) -> list[Recovery]:
    """Unsaved work that crashed processes left, newest first. Copies without any are cleared away."""
    found = []
    for lock_path in sorted(_root(env).glob("*.lock")):
        lock = OwnerLock.take(lock_path)
        if lock is None:
            continue
        folder = lock_path.with_suffix("")
        # Without a description the copy was not finished, so nobody can have worked on it.
        recovery = _inspect(folder) if (folder / _ABOUT).is_file() else None
        if recovery is None:
            shutil.rmtree(folder, ignore_errors=True)
            lock.release()
        else:
            lock.release(keep_file=True)
            found.append(recovery)
    return sorted(found, key=lambda recovery: recovery.last_edit, reverse=True)


def discard(recovery: Recovery, env: Environment) -> None:
    """Delete unsaved work that the user does not want back."""
    WorkingCopy.adopt(recovery, env).remove()


def _root(env: Environment) -> Path:
    return env.state / "working"


def _read_about(folder: Path) -> About:
    try:
        values = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        fingerprint = values["fingerprint"]
        return About(**values | {"fingerprint": fingerprint and Fingerprint(**fingerprint)})
    except (OSError, ValueError, TypeError, KeyError):
        # Nothing known is better than losing the edits: they can still be saved under another name.
        return About()


def _clear_unfinished_save(path: Path, token: str) -> None:
    # The folder may be on a share that is gone, or may not be written any more: then the remains stay.
    with contextlib.suppress(OSError):
        clear_unfinished(path, token)


def _inspect(folder: Path) -> Recovery | None:
    about = _read_about(folder)
    path = Path(about.path) if about.path else None
    if path is not None:
        _clear_unfinished_save(path, folder.name)
    blank = Recovery(folder.name, path, "", about.user, about.opened, 0, about.opened, "")
    try:
        with damage_in_words(name := path.name if path else "the unsaved plan"):
            db = open_copy(folder / "plan.sqlite", name)
            try:
                edits = last_edit(db) - about.saved_edit
                if edits <= 0:
                    return None
                newest = db.execute(
                    "SELECT time, label FROM history_edit ORDER BY id DESC LIMIT 1"
                ).fetchone()
                (title,) = db.execute("SELECT name FROM plan").fetchone()
            finally:
                db.close()
    except DocumentError as problem:
        return replace(blank, problem=str(problem))
    return replace(blank, name=title, edits=edits, last_edit=newest[0], last_label=newest[1])
