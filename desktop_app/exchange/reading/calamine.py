"""The second reader: python-calamine, for .xlsb and for files the first reader refuses. Values only, no
formats."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from typing import Any

from desktop_app.exchange.reading.grid import Cell, Merge, Scalar, Sheet, UnreadableFile
from desktop_app.exchange.reading.meter import Meter
from desktop_app.exchange.reading.notes import Notes, note_date, note_text
from desktop_app.exchange.reading.package import DamagedPart, Package
from desktop_app.exchange.reading.sheetnames import SheetNames
from desktop_app.exchange.reading.source import Source
from desktop_app.exchange.reading.values import clean_text, is_unlikely_date
from desktop_app.exchange.reading.xls import password

_COUNT = re.compile(rb'\b(?:count|uniqueCount)\s*=\s*["\']\s*([0-9]+)')


def read_sheets(source: Source, notes: Notes, meter: Meter) -> tuple[Sheet, ...]:
    """All worksheets; DamagedPart where this reader gives up too, UnreadableFile where a password is needed.

    The library's own panics are no `Exception`; they count as giving up.
    """
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(source.data)) as book:
            names = SheetNames(notes)
            meter.expect(len(book.sheets_metadata))
            sheets: list[Sheet] = []
            for index, metadata in enumerate(book.sheets_metadata):
                if "WorkSheet" not in str(metadata.typ):
                    continue
                name = names.unique(metadata.name)
                hidden = "Visible" not in str(metadata.visible)
                sheets.append(_sheet(book.get_sheet_by_index(index), name, hidden, notes, meter))
                meter.step(1, f"Reading sheet {name}")
    except PasswordError:
        raise password(source) from None
    except (MemoryError, UnreadableFile):
        raise
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise DamagedPart(f"{type(error).__name__}: {error}") from None
        raise
    return tuple(sheets)


def promises_too_much(package: Package) -> bool:
    """True where the list of texts claims more entries than the file has bytes: the library would reserve for
    all."""
    for part in package.parts():
        if part.endswith("sharedstrings.xml"):
            head = next(iter(package.chunks(part)), b"")[:4096]
            return any(int(number) > package.size(part) for number in _COUNT.findall(head))
    return False


def _sheet(sheet: Any, name: str, hidden: bool, notes: Notes, meter: Meter) -> Sheet:
    cells: dict[tuple[int, int], Cell] = {}
    start = sheet.start
    if start is None:
        return Sheet(name, cells, (), hidden)
    first_row, first_column = start[0] + 1, start[1] + 1
    for row, values in enumerate(sheet.to_python(skip_empty_area=True), first_row):
        before = len(cells)
        for column, raw in enumerate(values, first_column):
            if raw == "" or raw is None:
                continue
            value, error = _value(raw, name, row, column, notes)
            if error is not None or value != "":
                cells[row, column] = Cell(row, column, value, None, None, error)
        meter.cells(len(cells) - before)
    merges = tuple(
        Merge(top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in (sheet.merged_cell_ranges or [])[: meter.limits.merges]
        if (bottom - top + 1) * (right - left + 1) <= meter.limits.merge_cells
    )
    return Sheet(name, cells, merges, hidden)


def _value(raw: Any, sheet: str, row: int, column: int, notes: Notes) -> tuple[Scalar, str | None]:
    if isinstance(raw, str):
        text, removed, cut = clean_text(raw)
        note_text(notes, sheet, row, column, raw, removed, cut)
        return text, None
    if isinstance(raw, float):
        if not math.isfinite(raw):
            notes.cell("error", "error_value", sheet, row, column, f"The cell shows the error {raw}.")
            return None, str(raw)
        return (int(raw) if raw.is_integer() and abs(raw) < 2**53 else raw), None
    if isinstance(raw, dt.datetime) and raw.time() == dt.time.min:
        raw = raw.date()
    if isinstance(raw, dt.date) and is_unlikely_date(raw):
        note_date(notes, sheet, row, column, raw)
    value: Scalar = raw
    return value, None
