"""Writing a file whole: a fresh one takes the target's place in one step, or the old one stays as it was."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from xlsxwriter.exceptions import FileCreateError, FileSizeError

from desktop_app.document.checks import HEADER_BYTES, is_plan
from desktop_app.document.whole_files import replace, sync_folder, sync_to_disk

# Windows reports some of these as EINVAL or as numbers of its own.
_WINDOWS_NAME_ERRORS = (123, 206)
_NO_ROOM = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


class ExportError(Exception):
    """A file could not be written or filled; the message says in one sentence what, where and the way out."""


def write_safely(
    path: Path, write: Callable[[Path], None], check: Callable[[Path], None] | None = None
) -> None:
    """Have `write` fill a temporary file beside `path`, check it, and put it in the place of `path`.

    `write` and `check` get the temporary path, which has the suffix of `path`. A workbook is best made in
    memory and its bytes written at once: when a disk is full, XlsxWriter and openpyxl leave an archive open
    that complains on standard error when it is thrown away. `check` raises ExportError
    where the file is not as it should be; without one, a workbook is reopened by `check_workbook`.
    ExportError where the environment refuses: the old file is then intact and the temporary one gone,
    except when only the last step failed, where the message names the file that holds the new content.
    What `write` or `check` raise otherwise passes through, and nothing is left behind.
    """
    target = _checked_target(path)
    fresh = target.with_name(f".outlay-{secrets.token_hex(8)}{target.suffix}")
    kept = False
    try:
        try:
            write(fresh)
            _take_over_mode(target, fresh)
            sync_to_disk(fresh)
            if check is not None:
                check(fresh)
            elif target.suffix.lower() in (".xlsx", ".xlsm"):
                check_workbook(fresh)
        except FileCreateError as problem:
            raise _in_words(_system_error(problem), target) from problem
        except FileSizeError as problem:
            raise ExportError(
                f"“{target.name}” would be larger than 4 GB, which Excel cannot open: "
                "export fewer scenarios or months."
            ) from problem
        except OSError as problem:
            raise _in_words(problem, target) from problem
        try:
            replace(fresh, target, time.sleep)
        except OSError as problem:
            kept = True
            raise _not_replaced(problem, fresh, target) from problem
    finally:
        if not kept:
            fresh.unlink(missing_ok=True)
    sync_folder(target.parent)


def check_workbook(path: Path) -> None:
    """Reopen a workbook: every part reads back as it was written, and it has a sheet. ExportError if not."""
    try:
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()
            if broken is not None:
                raise ExportError(
                    f"The disk gave back another “{broken}” than was written, so the old file was kept: "
                    "save to another disk."
                )
            sheets = fromstring(archive.read("xl/workbook.xml")).findall("{*}sheets/{*}sheet")
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, ParseError, DefusedXmlException) as problem:
        raise ExportError(
            "The workbook cannot be read back from the disk, so the old file was kept: save to another disk."
        ) from problem
    if not sheets:
        raise ExportError(
            "The workbook has no sheet, so the old file was kept: report this to whoever maintains Outlay."
        )


def _checked_target(path: Path) -> Path:
    """The file that is to be replaced (a link's own end), after a look at what would refuse it."""
    try:
        target = Path(os.path.realpath(path))
        if not target.parent.is_dir():
            raise ExportError(
                f"The folder “{target.parent}” does not exist: make it, or choose another one."
                if not target.parent.exists()
                else f"“{target.parent}” is not a folder: choose another place."
            )
        try:
            mode = target.stat().st_mode
        except FileNotFoundError:
            return target
    except ValueError as problem:
        raise ExportError(f"“{path.name!r}” cannot be the name of a file: choose another name.") from problem
    except OSError as problem:
        raise _in_words(problem, path) from problem
    if stat.S_ISDIR(mode):
        raise ExportError(f"“{target}” is a folder: choose a file name.")
    if not stat.S_ISREG(mode):
        raise ExportError(f"“{target}” is a device and no file: choose a file name.")
    if _holds_a_plan(target):
        raise ExportError(f"“{target.name}” is a plan of Outlay and stays as it is: choose another name.")
    for lock in (f"~${target.name}", f".~lock.{target.name}#"):
        if target.with_name(lock).exists():
            raise ExportError(
                f"“{target.name}” is open in Excel or LibreOffice: close it there, or save under another "
                f"name. Where nobody has it open, delete “{lock}” beside it."
            )
    if not mode & 0o222:
        raise ExportError(f"“{target.name}” is marked read-only: save under another name, or lift the mark.")
    return target


def _holds_a_plan(target: Path) -> bool:
    """Whether a person's plan would be lost; what cannot be read is for the writing to refuse."""
    try:
        with target.open("rb") as file:
            return is_plan(file.read(HEADER_BYTES))
    except OSError:
        return False


def _system_error(problem: FileCreateError) -> OSError:
    """What the operating system said, which XlsxWriter wraps."""
    inner = problem.args[0] if problem.args else None
    return inner if isinstance(inner, OSError) else OSError(str(problem))


def _in_words(problem: OSError, target: Path) -> ExportError:
    """The sentence for what the operating system reports while `target` is written."""
    name, folder = target.name, target.parent
    if problem.errno in _NO_ROOM:
        return ExportError(f"There is no room left for “{name}” in “{folder}”: free some, or save elsewhere.")
    if problem.errno == errno.EROFS:
        return ExportError(f"“{folder}” is on a disk that cannot be written: save “{name}” elsewhere.")
    if problem.errno == errno.ENAMETOOLONG or getattr(problem, "winerror", None) in _WINDOWS_NAME_ERRORS:
        return ExportError(
            f"The name “{name[:40]}…” is too long, or has characters that a file name cannot have: "
            "choose a shorter one."
        )
    if isinstance(problem, FileNotFoundError):
        return ExportError(f"The folder “{folder}” is no longer there: make it, or choose another one.")
    if isinstance(problem, PermissionError):
        return ExportError(
            f"“{name}” cannot be written in “{folder}”: the permission lacks; save it elsewhere."
        )
    reason = problem.strerror or str(problem)
    return ExportError(f"“{name}” cannot be written in “{folder}” ({reason}): save it elsewhere.")


def _not_replaced(problem: OSError, fresh: Path, target: Path) -> ExportError:
    """The new file is complete but its place is held: keep it under a name that a person recognises."""
    kept = fresh
    for count in range(1, 100):
        candidate = target.with_name(
            f"{target.stem[:60]} (new{'' if count == 1 else f' {count}'}){target.suffix}"
        )
        if candidate.exists():
            continue
        try:
            fresh.rename(candidate)
        except OSError:
            break
        kept = candidate
        break
    why = (
        "is open in another program, such as Excel"
        if isinstance(problem, PermissionError)
        else f"could not be replaced ({problem.strerror or problem})"
    )
    return ExportError(
        f"“{target.name}” {why}, and stays as it was: the new file is beside it as “{kept.name}”; "
        "close the program and save again, or use that file."
    )


def _take_over_mode(target: Path, fresh: Path) -> None:
    if target.exists():
        shutil.copymode(target, fresh)
