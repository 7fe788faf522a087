"""Workbooks of the .xls kind (BIFF), with number formats, hidden rows and columns, merges and notes."""

from __future__ import annotations

import datetime as dt
import io
import math
from typing import Any

import xlrd

from desktop_app.exchange.reading.grid import Cell, Merge, Scalar, Sheet, UnreadableFile
from desktop_app.exchange.reading.meter import Meter
from desktop_app.exchange.reading.notes import Notes, note_date, note_text
from desktop_app.exchange.reading.ooxml_styles import PLAIN, Style
from desktop_app.exchange.reading.package import DamagedPart
from desktop_app.exchange.reading.sheetnames import SheetNames
from desktop_app.exchange.reading.source import Source
from desktop_app.exchange.reading.values import clean_text, date_kind, from_serial, is_unlikely_date

_BOLD_WEIGHT = 600


def read_sheets(source: Source, notes: Notes, meter: Meter) -> tuple[Sheet, ...]:
    """All worksheets; UnreadableFile where a password protects them, DamagedPart where the reader gives up.
    All worksheets; UnreadableFile where a password protects them, DamagedPart where the reader gives up."""
    try:
        book = xlrd.open_workbook(
            file_contents=source.data, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise password(source) from None
        raise DamagedPart(str(error)) from error
    names = SheetNames(notes)
    styles = _styles(book)
    meter.expect(len(book.sheets()))
    sheets: list[Sheet] = []
    for sheet in book.sheets():
        name = names.unique(sheet.name)
        sheets.append(_sheet(sheet, name, styles, book.datemode == 1, notes, meter))
        meter.step(1, f"Reading sheet {name}")
    return tuple(sheets)


def password(source: Source) -> UnreadableFile:
    """The refusal of a workbook that needs a password."""
    return UnreadableFile(
        f"{source.name} is protected by a password: open it in Excel, remove the password (File, Info, "
        f"Protect Workbook, Encrypt with Password), save it and read it again."
    )


def _styles(book: Any) -> list[Style]:
    styles: list[Style] = []
    for xf in book.xf_list:
        entry = book.format_map.get(xf.format_key)
        number_format = clean_text(entry.format_str)[0] if entry is not None else "General"
        font = book.font_list[xf.font_index] if xf.font_index < len(book.font_list) else None
        bold = font is not None and (bool(font.bold) or font.weight >= _BOLD_WEIGHT)
        styles.append(Style(number_format, date_kind(number_format), bold, xf.alignment.indent_level))
    return styles


def _sheet(sheet: Any, name: str, styles: list[Style], epoch_1904: bool, notes: Notes, meter: Meter) -> Sheet:
    cells: dict[tuple[int, int], Cell] = {}
    for row in range(sheet.nrows):
        meter.check_time()
        before = len(cells)
        for column, (kind, raw) in enumerate(zip(sheet.row_types(row), sheet.row_values(row), strict=True)):
            if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) or raw == "":
                continue
            index = sheet.cell_xf_index(row, column)
            style = styles[index] if index < len(styles) else PLAIN
            value, error = _value(kind, raw, style, epoch_1904, name, row + 1, column + 1, notes)
            if error is None and (value is None or value == ""):
                continue
            cells[row + 1, column + 1] = Cell(
                row + 1, column + 1, value, style.number_format, None, error, style.bold, style.indent
            )
        meter.cells(len(cells) - before)
    for (row, column), note in sheet.cell_note_map.items():
        known = cells.get((row + 1, column + 1)) or Cell(row + 1, column + 1, None)
        text = clean_text(note.text)[0].strip()
        cells[row + 1, column + 1] = Cell(
            known.row,
            known.column,
            known.value,
            known.number_format,
            None,
            known.error,
            known.bold,
            known.indent,
            text,
        )
    merges = tuple(
        Merge(top + 1, left + 1, bottom, right)
        for top, bottom, left, right in sheet.merged_cells[: meter.limits.merges]
        if (bottom - top) * (right - left) <= meter.limits.merge_cells
    )
    hidden_columns = {
        column + 1 for column, info in sheet.colinfo_map.items() if info.hidden or info.width == 0
    }
    hidden_rows = {row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden and row < sheet.nrows}
    return Sheet(
        name, cells, merges, sheet.visibility != 0, frozenset(hidden_rows), frozenset(hidden_columns)
    )


def _value(
    kind: int, raw: Any, style: Style, epoch_1904: bool, sheet: str, row: int, column: int, notes: Notes
) -> tuple[Scalar, str | None]:
    if kind == xlrd.XL_CELL_TEXT:
        text, removed, cut = clean_text(raw)
        note_text(notes, sheet, row, column, raw, removed, cut)
        return text, None
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(raw), None
    if kind == xlrd.XL_CELL_ERROR or not math.isfinite(raw):
        error = xlrd.error_text_from_code.get(raw, "#VALUE!") if kind == xlrd.XL_CELL_ERROR else str(raw)
        notes.cell("error", "error_value", sheet, row, column, f"The cell shows the error {error}.")
        return None, error
    number = int(raw) if float(raw).is_integer() and abs(raw) < 2**53 else raw
    if style.date_kind is None:
        return number, None
    moment = from_serial(raw, style.date_kind, epoch_1904)
    if moment is None:
        notes.cell(
            "warning",
            "date_out_of_range",
            sheet,
            row,
            column,
            f"{number} is formatted as a date but can be none.",
        )
        return number, None
    if isinstance(moment, dt.date) and is_unlikely_date(moment):
        note_date(notes, sheet, row, column, moment)
    return moment, None
