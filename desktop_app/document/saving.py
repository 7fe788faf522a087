"""Writing a plan file whole: a fresh file takes the target's place in one step, or nothing changes."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from desktop_app.document.checks import HEADER_BYTES, check_header
from desktop_app.document.environment import Environment
from desktop_app.document.errors import DocumentError, in_words
from desktop_app.document.whole_files import replace, sync_folder, sync_to_disk

_CHUNK = 1 << 20
# Of the backups, the newest few, then one a day, then one a month are kept.
_KEEP_NEWEST, _KEEP_DAYS, _KEEP_MONTHS = 5, 14, 12


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """By which a file is known to be unchanged."""

    size: int
    modified: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> Fingerprint:
        """The fingerprint of a file."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            status = os.fstat(file.fileno())
        return cls(status.st_size, status.st_mtime_ns, digest)

    def matches(self, path: Path) -> bool:
        """Whether the file is the same; a new time alone (synchronised folders) does not make it another."""
        status = path.stat()
        if status.st_size != self.size:
            return False
        return status.st_mtime_ns == self.modified or Fingerprint.of(path).sha256 == self.sha256


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did: the backup it kept of the file before, and a sentence where it could keep none."""

    path: Path
    backup: Path | None = None
    warning: str = ""


def copy_file(source: Path, target: Path) -> Fingerprint:
    """Copy a plan to the place where it is worked on, after a check of its header; the source is only read.

    A journal that a crashed program left beside the source comes along, so that SQLite can finish its work in
    the copy.
    """
    with in_words(source):
        if not source.is_file() and source.exists():
            raise DocumentError(f"“{source}” is not a file. Choose a plan file.")
        digest = hashlib.sha256()
        with source.open("rb") as reading, target.open("xb") as writing:
            status = os.fstat(reading.fileno())
            check_header(reading.read(HEADER_BYTES), status.st_size, source.name)
            reading.seek(0)
            while chunk := reading.read(_CHUNK):
                digest.update(chunk)
                writing.write(chunk)
            # The log of the edits to come is on the disk at once; what it builds on must be there too.
            writing.flush()
            os.fsync(writing.fileno())
        for suffix in ("-journal", "-wal"):
            beside = source.with_name(source.name + suffix)
            if beside.is_file():
                shutil.copyfile(beside, target.with_name(target.name + suffix))
    return Fingerprint(status.st_size, status.st_mtime_ns, digest.hexdigest())


def write_file(db: Database, target: Path, env: Environment, token: str) -> Saved:
    """Write the plan to `target`, keeping a backup of the old file; a failure leaves that as it was.

    `token` names the unfinished file, so that `clear_unfinished` finds what a crash leaves of it.
    """
    with in_words(target):
        if target.is_dir():
            raise DocumentError(f"“{target}” is a folder. Choose a file name.")
        if not target.parent.is_dir():
            raise DocumentError(
                f"The folder “{target.parent}” does not exist. Make it, or choose another one."
            )
        if target.exists() and not target.stat().st_mode & 0o222:
            raise DocumentError(
                f"“{target.name}” is marked read-only. Save under another name, or lift the mark."
            )
        fresh = _unfinished_file(target, token)
        try:
            db.execute("VACUUM INTO ?", [str(fresh)])
            if target.exists():
                shutil.copymode(target, fresh)
            sync_to_disk(fresh)
            with fresh.open("rb") as file:
                check_header(file.read(HEADER_BYTES), fresh.stat().st_size, fresh.name)
            backup, warning = _keep_backup(target, env)
            replace(fresh, target, env.sleep)
        finally:
            clear_unfinished(target, token)
        sync_folder(target.parent)
    return Saved(target, backup, warning)


def clear_unfinished(target: Path, token: str) -> None:
    """Remove what a save that did not finish left beside the target."""
    fresh = _unfinished_file(target, token)
    fresh.unlink(missing_ok=True)
    fresh.with_name(fresh.name + "-journal").unlink(missing_ok=True)


def backup_folder(target: Path, env: Environment) -> Path:
    """Where the backups of a plan are kept."""
    mark = hashlib.sha256(str(target).encode(errors="surrogateescape")).hexdigest()[:12]
    return env.state / "backups" / f"{target.stem[:40]}-{mark}"


def thinned(names: Sequence[str]) -> set[str]:
    """Which of the backups, named by their time as YYYYMMDD-HHMMSS..., are to be kept.

    >>> days = [f"2026{month:02}{day:02}-120000.outlay" for month in (8, 9, 10) for day in range(1, 31)]
    >>> kept = sorted(thinned(days))
    >>> len(kept), kept[:3]
    (16, ['20260830-120000.outlay', '20260930-120000.outlay', '20261017-120000.outlay'])
    """
    newest_first = sorted(names, reverse=True)
    kept = set(newest_first[:_KEEP_NEWEST])
    for length, count in ((8, _KEEP_DAYS), (6, _KEEP_MONTHS)):
        last_of: dict[str, str] = {}
        for name in newest_first:
            last_of.setdefault(name[:length], name)
        kept.update(list(last_of.values())[:count])
    return kept


def _unfinished_file(target: Path, token: str) -> Path:
    return target.with_name(f".outlay-{token}.tmp")


def _keep_backup(target: Path, env: Environment) -> tuple[Path | None, str]:
    """Copy the file that is about to be replaced; a failure is told and must not keep a user from saving."""
    if not target.exists():
        return None, ""
    folder = backup_folder(target, env)
    stamp = "".join(mark for mark in env.now() if mark.isdigit())
    backup = folder / f"{stamp[:8]}-{stamp[8:]}.outlay"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(target, backup)
        sync_to_disk(backup)
        names = [path.name for path in folder.glob("*.outlay")]
        for name in set(names) - thinned(names):
            (folder / name).unlink(missing_ok=True)
    except OSError as problem:
        return (
            None,
            f"The plan was saved, but no backup of the file before could be kept: {problem.strerror}.",
        )
    return backup, ""
