"""Reading a workbook in this very process: which reader for which file, and which next when the first
refuses."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable

from desktop_app.exchange.reading.finish import finish
from desktop_app.exchange.reading.grid import Sheet, UnreadableFile, Workbook
from desktop_app.exchange.reading.limits import Limits
from desktop_app.exchange.reading.meter import Meter, Progress
from desktop_app.exchange.reading.notes import Notes
from desktop_app.exchange.reading.package import DamagedPart, Package, SuspiciousPart
from desktop_app.exchange.reading.source import Source, kind_of, load

_log = logging.getLogger(__name__)

Read = Callable[[Notes, Meter], tuple[Sheet, ...]]


def read_workbook_here(
    path: str | os.PathLike[str], *, limits: Limits | None = None, progress: Progress | None = None
) -> Workbook:
    """Read a workbook of any kind without a child process; UnreadableFile, in one sentence, for what cannot
    be read.

    The limits on bytes, cells and time hold; the limit on memory and a reader that ends its whole process are
    the child's affair, so files from outside belong into `read_workbook`.
    """
    limits = limits or Limits()
    source = load(path, limits)
    try:
        file_format, first, second = _choose(source, limits)
        sheets, notes = _attempt(source, limits, progress, first, second)
        sheets = finish(sheets, notes)
    except SuspiciousPart:
        raise UnreadableFile(
            f"{source.name} declares document types or entities of its own, as no spreadsheet program does "
            f"and harmful files do: ask the vendor for a copy saved from Excel."
        ) from None
    except MemoryError:
        raise UnreadableFile(
            f"{source.name} needs more memory than a quote may take: save only its quote sheets in a new "
            f"workbook and read that."
        ) from None
    return Workbook(source.name, source.sha256, file_format, sheets, notes.findings())


def _choose(source: Source, limits: Limits) -> tuple[str, Read, Read | None]:
    try:
        return _readers(source, limits)
    except (UnreadableFile, SuspiciousPart, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - logged with its traceback, and the user gets a sentence
        _log.warning("%s: looking into the file fails", source.name, exc_info=True)
        raise _refusal(source) from None


def _readers(source: Source, limits: Limits) -> tuple[str, Read, Read | None]:
    """Format name, the reader to use and the one to try when that refuses."""
    kind = kind_of(source)
    if kind == "text":
        from desktop_app.exchange.reading import delimited

        return "csv", lambda notes, meter: delimited.read_sheets(source, notes, meter), None
    if kind == "zip":
        return _zip_readers(source, limits)
    from desktop_app.exchange.reading import calamine, xls

    if kind == "ole":
        _check_ole(source)
    return (
        "xls",
        lambda notes, meter: xls.read_sheets(source, notes, meter),
        lambda notes, meter: calamine.read_sheets(source, notes, meter),
    )


def _zip_readers(source: Source, limits: Limits) -> tuple[str, Read, Read | None]:
    from desktop_app.exchange.reading import calamine, ods, ooxml, xlsb

    package = Package(source, limits)

    def tolerant(notes: Notes, meter: Meter) -> tuple[Sheet, ...]:
        if calamine.promises_too_much(package):
            raise DamagedPart("the list of texts claims more entries than it can hold")
        return calamine.read_sheets(source, notes, meter)

    main = ooxml.main_part(package)
    if main is not None and main.lower().endswith(".bin"):
        return "xlsb", lambda notes, meter: xlsb.read_sheets(source, package, main, notes, meter), None
    if main is not None and package.describe_other() is None:
        return (
            "xlsm" if ooxml.has_macros(package) else "xlsx",
            lambda notes, meter: ooxml.read_sheets(package, main, notes, meter),
            tolerant,
        )
    if ods.is_spreadsheet(package):
        return "ods", lambda notes, meter: ods.read_sheets(package, notes, meter), tolerant
    other = package.describe_other()
    if other is not None:
        raise UnreadableFile(f"{source.name} is {other}: copy its table into a workbook and read that.")
    raise UnreadableFile(
        f"{source.name} is an archive without a workbook in it, or a damaged workbook: unpack it and choose "
        f"the workbook inside, or get a new copy."
    )


def _check_ole(source: Source) -> None:
    from desktop_app.exchange.reading.xls import password

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in source.data

    if holds("EncryptedPackage"):
        raise password(source)
    if holds("WordDocument"):
        raise UnreadableFile(
            f"{source.name} is a Word document: copy its table into a workbook and read that."
        )
    if holds("PowerPoint Document"):
        raise UnreadableFile(f"{source.name} is a PowerPoint presentation: ask the vendor for the workbook.")
    if not holds("Workbook") and not holds("Book") and not holds("WORKBOOK") and not holds("BOOK"):
        raise UnreadableFile(
            f"{source.name} is a Windows document without a workbook in it, or a damaged one: get a new "
            "copy of it."
        )


def _attempt(
    source: Source, limits: Limits, progress: Progress | None, first: Read, second: Read | None
) -> tuple[tuple[Sheet, ...], Notes]:
    notes = Notes()
    meter = Meter(source.name, limits, progress)
    try:
        sheets = first(notes, meter)
        if not sheets:
            raise DamagedPart("no sheets")
        return sheets, notes
    except (UnreadableFile, SuspiciousPart, MemoryError):
        raise
    except DamagedPart as error:
        reason = str(error)
        _log.info("%s: the first reader refuses (%s)", source.name, reason)
    except Exception as error:  # noqa: BLE001 - logged with its traceback; the other reader may do better
        reason = f"{type(error).__name__}: {error}"
        _log.warning("%s: the first reader fails", source.name, exc_info=True)
    if second is None:
        raise _refusal(source)
    notes = Notes()
    try:
        sheets = second(notes, meter)
    except DamagedPart as error:
        _log.info("%s: the second reader refuses too (%s)", source.name, error)
        raise _refusal(source) from None
    if not sheets:
        raise _refusal(source)
    notes.file(
        "error",
        "read_tolerantly",
        "The file is damaged or unusual, so it was read in a way that shows no formulas, number formats or "
        "hidden rows: compare it with the vendor's original, or open it in Excel, save it and read it again.",
    )
    return sheets, notes


def _refusal(source: Source) -> UnreadableFile:
    return UnreadableFile(
        f"{source.name} is damaged or incomplete and cannot be read: open it in Excel, save it as .xlsx and "
        f"read that, or ask the vendor for a new copy."
    )
