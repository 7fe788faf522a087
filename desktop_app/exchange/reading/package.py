"""A zip archive from outside, checked before any of its parts is parsed."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator

from desktop_app.exchange.reading.grid import UnreadableFile
from desktop_app.exchange.reading.limits import Limits, TooLarge
from desktop_app.exchange.reading.source import Source

CHUNK = 65_536
_ENCRYPTED = 0x1
_OTHER_DOCUMENTS = (
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a PowerPoint presentation"),
    ("visio/document.xml", "a Visio drawing"),
    ("index/document.iwa", "an Apple Numbers document"),
    ("index.zip", "an Apple Numbers document"),
    ("meta-inf/manifest.mf", "a program archive"),
)


class DamagedPart(Exception):
    """A part of the archive is missing or broken; another reader may still make something of the file."""


class SuspiciousPart(Exception):
    """A part holds what no spreadsheet program writes and only harms: no other reader is tried."""


class Package:
    """The parts of a zip archive by name, without regard to case, read in chunks and never beyond the limits.
    The parts of a zip archive by name, without regard to case, read in chunks and never beyond the limits."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.name = source.name
        self._limits = limits
        self._left = limits.unpacked_bytes
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(source.data))
        except (
            zipfile.BadZipFile,
            zlib.error,
            ValueError,
            OSError,
            EOFError,
            OverflowError,
            NotImplementedError,
        ):
            raise UnreadableFile(
                f"{self.name} is a damaged or incomplete workbook (its archive cannot be opened): get a new "
                "copy of it."
            ) from None
        members = [info for info in self._zip.infolist() if info.filename and not info.is_dir()]
        self._check(members)
        self._members = {_normal(info.filename): info for info in reversed(members)}

    def _check(self, members: list[zipfile.ZipInfo]) -> None:
        limits = self._limits
        if len(members) > limits.members:
            raise TooLarge(
                f"{self.name} consists of {len(members):,} parts, more than a workbook can need: do not "
                f"open it, and ask the vendor for a plain copy."
            )
        if any(info.flag_bits & _ENCRYPTED for info in members):
            raise UnreadableFile(
                f"{self.name} is protected by a password: remove the password in the program that made it "
                "and save it."
            )
        names = [info.filename for info in members]
        if len(set(names)) != len(names):
            raise UnreadableFile(
                f"{self.name} holds the same part twice, so that two programs could read two different "
                f"quotes in it: ask the vendor for a new copy saved from Excel."
            )
        unpacked = sum(info.file_size for info in members)
        packed = sum(info.compress_size for info in members)
        worst = max((_ratio(info) for info in members if info.file_size > limits.ratio_from), default=0)
        if unpacked > limits.ratio_from:
            worst = max(worst, unpacked // max(packed, 1))
        if unpacked > limits.unpacked_bytes or worst > limits.ratio:
            raise TooLarge(
                f"{self.name} would unpack to {unpacked / 1e6:,.0f} MB, far more than a quote can need: do "
                f"not open it, and ask the vendor for a copy that holds only the quote."
            )

    def __contains__(self, part: str) -> bool:
        return _normal(part) in self._members

    def parts(self) -> list[str]:
        """Names of all parts, in small letters, as the archive lists them (folders joined by '/')."""
        return list(self._members)

    def describe_other(self) -> str | None:
        """What the archive is where it is a known kind of document but no workbook."""
        return next((what for part, what in _OTHER_DOCUMENTS if part in self._members), None)

    def size(self, part: str) -> int:
        """Unpacked size of a part in bytes as its directory entry states it; 0 for a missing part."""
        info = self._members.get(_normal(part))
        return info.file_size if info else 0

    def chunks(self, part: str) -> Iterator[bytes]:
        """The unpacked bytes of a part; DamagedPart where it is missing or broken, TooLarge beyond the limit.
        The unpacked bytes of a part; DamagedPart where it is missing or broken, TooLarge beyond the limit."""
        info = self._members.get(_normal(part))
        if info is None:
            raise DamagedPart(f"part {part} is missing")
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise TooLarge(
                            f"{self.name} unpacks to more than {self._limits.unpacked_bytes // 1_000_000} "
                            "MB, far more than a quote can need: ask the vendor for a copy that holds only "
                            "the quote."
                        )
                    yield chunk
        except (
            zipfile.BadZipFile,
            zlib.error,
            ValueError,
            OSError,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise DamagedPart(f"part {part} is broken ({error})") from error

    def read(self, part: str) -> bytes:
        """A whole part; errors as in `chunks`."""
        return b"".join(self.chunks(part))


def resolve(base: str, target: str) -> str:
    """The part that a relationship target means, seen from the part `base`.

    >>> resolve("xl/workbook.xml", "worksheets/sheet1.xml"), resolve("xl/workbook.xml", "/xl/styles.xml")
    ('xl/worksheets/sheet1.xml', 'xl/styles.xml')
    """
    target = target.replace("\\", "/")
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), target)).lstrip("/")


def _normal(part: str) -> str:
    return part.replace("\\", "/").lstrip("/").lower()


def _ratio(info: zipfile.ZipInfo) -> int:
    return info.file_size // max(info.compress_size, 1)
