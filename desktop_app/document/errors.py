"""What can go wrong with a plan file, in words for the person in front of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class DocumentError(Exception):
    """Something outside Outlay's hands is wrong with a plan file; the message says what, where and what to
    do."""


class FileChanged(DocumentError):
    """The file is no longer the one that was opened: somebody else saved it since."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a plan open, as far as is known; `opened` is ISO time."""

    user: str = ""
    host: str = ""
    pid: int = 0
    opened: str = ""

    def __str__(self) -> str:
        who = self.user or "somebody"
        where = f" on {self.host}" if self.host else ""
        since = f" since {self.opened[:16].replace('T', ' ')} UTC" if self.opened else ""
        return f"{who}{where}{since}"


class DocumentLocked(DocumentError):
    """Somebody has the plan open for editing."""

    def __init__(self, message: str, holder: Holder) -> None:
        super().__init__(message)
        self.holder = holder


_IN_USE = "“{name}” is in use by another program. Close that program and try again."
_SENTENCES = {
    "SQLITE_READONLY": "“{name}” cannot be written: the file or its folder is read-only. Save elsewhere.",
    "SQLITE_CANTOPEN": "“{name}” cannot be opened. Check that its folder exists and may be written.",
    "SQLITE_PERM": "“{name}” cannot be opened: you lack the permission. Ask its owner, or use a copy.",
    "SQLITE_BUSY": _IN_USE,
    "SQLITE_LOCKED": _IN_USE,
    "SQLITE_CORRUPT": "“{name}” is damaged and cannot be read in full. Use one of its backups.",
    "SQLITE_NOTADB": "“{name}” is not a plan of Outlay. Choose a file that Outlay saved (named ….outlay).",
    "SQLITE_FULL": "There is no room left to write “{name}”. Free some space, or save elsewhere.",
    "SQLITE_IOERR": "“{name}” cannot be read or written: the disk reports a fault. Save elsewhere.",
    "SQLITE_NOMEM": "There is not enough memory to work with “{name}”. Close other programs and try again.",
    "SQLITE_TOOBIG": "A text is too long to be kept in “{name}”. Shorten it.",
    "SQLITE_CONSTRAINT": "“{name}” was given values that break its rules ({detail}). Nothing was changed.",
}


def sqlite_sentence(problem: sqlite3.Error, name: str) -> str | None:
    """The sentence for what SQLite reports about the file called `name`; None for our own mistakes."""
    code: str = getattr(problem, "sqlite_errorname", None) or ""
    for known, sentence in _SENTENCES.items():
        if code == known or code.startswith(known + "_"):
            return sentence.format(name=name, detail=problem)
    return None


def damaged(name: str) -> DocumentError:
    """The file called `name` cannot be read in full."""
    return DocumentError(f"“{name}” is damaged and cannot be read in full. Use one of its backups.")


@contextmanager
def sqlite_in_words(name: str) -> Iterator[None]:
    """Turn what SQLite reports about the file called `name` into a `DocumentError`."""
    try:
        yield
    except sqlite3.Error as problem:
        sentence = sqlite_sentence(problem, name)
        if sentence is None:
            raise
        raise DocumentError(sentence) from problem
    except UnicodeEncodeError as problem:
        around = problem.object[max(0, problem.start - 20) : problem.start]
        raise DocumentError(
            f"A text holds half a character, which no file can keep, after “{around}”. Type it again."
        ) from problem


@contextmanager
def damage_in_words(name: str) -> Iterator[None]:
    """As `sqlite_in_words`, for reading a file from outside: what nobody can make sense of is damage."""
    try:
        with sqlite_in_words(name):
            yield
    except (sqlite3.DatabaseError, ValueError, TypeError, OverflowError, RecursionError) as problem:
        raise damaged(name) from problem


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn what SQLite and the operating system report about a file into a `DocumentError`."""
    try:
        with sqlite_in_words(path.name):
            yield
    except OSError as problem:
        raise DocumentError(os_sentence(problem, path)) from problem


def os_sentence(problem: OSError, path: Path) -> str:
    """The sentence for what the operating system reports about a path."""
    match problem:
        case FileNotFoundError() if path.parent.exists():
            return f"“{path}” does not exist. Check the name."
        case FileNotFoundError():
            return f"The folder “{path.parent}” does not exist. Make it, or choose another one."
        case IsADirectoryError():
            return f"“{path}” is a folder, not a plan. Choose a file."
        case NotADirectoryError():
            return f"“{path.parent}” is not a folder. Choose another one."
        case PermissionError():
            return (
                f"“{path}” cannot be read or written: the permission lacks, or a program holds it. "
                "Close that program, or choose another place."
            )
    return f"“{path}” cannot be read or written: {problem.strerror or problem}. Choose another place."
