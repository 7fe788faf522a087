"""The bytes of a foreign file, and what they are by content: never by the file's name."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from desktop_app.exchange.reading.grid import UnreadableFile
from desktop_app.exchange.reading.limits import Limits, TooLarge
from desktop_app.exchange.reading.values import clean_text

Kind = Literal["zip", "ole", "biff", "text"]

_EXCEL_SUFFIXES = (".xls", ".xlsx", ".xlsm", ".xlsb", ".xlt", ".xltx", ".xltm", ".ods", ".xlw")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = re.compile(rb"\x09[\x00\x02\x04\x08][\x04-\x10]\x00", re.DOTALL)
_OTHERS = (
    (b"%PDF", "a PDF document: ask the vendor for the workbook, or enter the quote by hand"),
    (b"{\\rtf", "a rich-text document: copy its table into a workbook and read that"),
    (b"\x89PNG", "a picture: ask the vendor for the workbook, or enter the quote by hand"),
    (b"\xff\xd8\xff", "a picture: ask the vendor for the workbook, or enter the quote by hand"),
    (b"GIF8", "a picture: ask the vendor for the workbook, or enter the quote by hand"),
    (b"\x1f\x8b", "a compressed archive: unpack it and read the workbook inside"),
    (b"Rar!", "a compressed archive: unpack it and read the workbook inside"),
    (b"7z\xbc\xaf", "a compressed archive: unpack it and read the workbook inside"),
    (b"BZh", "a compressed archive: unpack it and read the workbook inside"),
    (b"SQLite format 3", "a database and no workbook: choose the workbook the vendor sent"),
    (b"\x7fELF", "a program and no workbook: choose the workbook the vendor sent"),
    (b"MZ", "a program and no workbook: choose the workbook the vendor sent"),
)
_REASONS = {
    errno.ENOENT: "does not exist: check the name and the folder",
    errno.ENOTDIR: "does not exist: check the name and the folder",
    errno.EACCES: "may not be opened by you: ask its owner for permission to read it, or for a copy",
    errno.EPERM: "may not be opened by you: ask its owner for permission to read it, or for a copy",
    errno.ELOOP: "is a link that leads back to itself: choose the workbook itself",
    errno.ENAMETOOLONG: "has too long a name: rename it and read it again",
    errno.EISDIR: "is a folder: choose the workbook inside it",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file's name as it may be shown, its stem and suffix, its bytes and their SHA-256."""

    name: str
    stem: str
    suffix: str
    data: bytes
    sha256: str

    @property
    def has_excel_name(self) -> bool:
        """True where the name promises a spreadsheet file."""
        return self.suffix in _EXCEL_SUFFIXES


def display_name(path: str | os.PathLike[str]) -> str:
    """The last part of a path as it may be shown in a sentence."""
    name = os.fsdecode(path).rstrip("/\\").replace("\\", "/").rsplit("/", 1)[-1]
    shown = clean_text(name)[0].replace("\n", " ").replace("\t", " ").strip()
    return shown or "The file"


def load(path: str | os.PathLike[str], limits: Limits) -> Source:
    """Read a regular file as a whole and close it; UnreadableFile in words for everything else."""
    name = display_name(path)
    flags = (
        os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
    )
    try:
        descriptor = os.open(path, flags)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if stat.S_ISDIR(status.st_mode):
                raise UnreadableFile(f"{name} is a folder: choose the workbook inside it.")
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableFile(f"{name} is a device or a pipe and no file: choose the workbook itself.")
            data = file.read(limits.file_bytes + 1)
    except ValueError:
        raise UnreadableFile(f"{name} is no file name: choose the workbook again.") from None
    except OSError as error:
        folder = sys.platform == "win32" and Path(path).is_dir()
        reason = _REASONS[errno.EISDIR] if folder else _REASONS.get(error.errno or 0)
        reason = (
            reason
            or f"cannot be read from its disk ({error.strerror or error}): copy it elsewhere and try again"
        )
        raise UnreadableFile(f"{name} {reason}.") from None
    if len(data) > limits.file_bytes:
        raise TooLarge(
            f"{name} is larger than {limits.file_bytes // 1_000_000} MB, too large for a quote: save only "
            f"its quote sheets in a new workbook and read that."
        )
    if not data:
        raise UnreadableFile(f"{name} is empty (0 bytes): get a new copy of it.")
    stem, dot, suffix = name.rpartition(".")
    if not stem:
        stem, dot, suffix = name, "", ""
    return Source(name, stem, (dot + suffix).lower(), data, hashlib.sha256(data).hexdigest())


def kind_of(source: Source) -> Kind:
    """What the first bytes say the file is; UnreadableFile for what is clearly something else."""
    data = source.data
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        return "zip"
    if data[:8] == _OLE:
        return "ole"
    if _BIFF.match(data):
        return "biff"
    for magic, what in _OTHERS:
        if data.startswith(magic):
            raise UnreadableFile(f"{source.name} is {what}.")
    _refuse_markup(source)
    return "text"


def _refuse_markup(source: Source) -> None:
    head = data_head(source.data)
    if not head.startswith("<"):
        return
    if "urn:schemas-microsoft-com:office:spreadsheet" in head or "urn:oasis:names:tc:opendocument" in head:
        what = "a spreadsheet saved as plain XML"
    elif re.search(r"<(?:!doctype\s+html|html|head|body|table|meta|div|style)\b", head):
        what = "a web page (HTML)"
    elif head.startswith("<?xml") or re.match(r"<[a-z_!][^<>]*>", head):
        what = "an XML document"
    else:
        return
    named = " with the name of an Excel workbook" if source.has_excel_name else ""
    raise UnreadableFile(
        f"{source.name} is {what}{named}: open it in Excel or LibreOffice, save it as .xlsx and read that."
    )


def data_head(data: bytes) -> str:
    """The beginning of a text file in small letters, roughly decoded, without leading blanks."""
    head = data[:8192]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = head.decode("utf-16", "replace")
    else:
        text = head.decode("utf-8-sig", "replace").replace("\x00", "")
    return text.lstrip("\ufeff \t\r\n").lower()
