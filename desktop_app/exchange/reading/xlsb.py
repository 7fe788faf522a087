"""Binary workbooks (.xlsb): values from the second reader, and what it does not tell from the file itself.

A binary part is a sequence of records: a number, a length, and so many bytes. This module looks only at the
records that say which cells show errors, which number formats they have and what is hidden or merged.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from desktop_app.exchange.reading import calamine
from desktop_app.exchange.reading.grid import Cell, Merge, Sheet
from desktop_app.exchange.reading.limits import MAX_COLUMN, MAX_ROW
from desktop_app.exchange.reading.meter import Meter
from desktop_app.exchange.reading.notes import Notes
from desktop_app.exchange.reading.ooxml import Relation, read_relations
from desktop_app.exchange.reading.ooxml_styles import BUILT_IN, PLAIN, Style
from desktop_app.exchange.reading.package import DamagedPart, Package
from desktop_app.exchange.reading.source import Source
from desktop_app.exchange.reading.values import clean_text, date_kind

_ROW, _ERROR, _FORMULA_ERROR = 0, 3, 11
_CELLS: Final = range(1, 12)
_FONT, _FORMAT, _XF, _COLUMN, _SHEET, _MERGE = 43, 44, 47, 60, 156, 176
_BEGIN_CELL_XFS, _END_CELL_XFS = 617, 618
_ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_BOLD_WEIGHT = 600


@dataclass(slots=True)
class _Looks:
    """What a sheet part says beside its values."""

    styles: dict[tuple[int, int], int] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def read_sheets(source: Source, package: Package, part: str, notes: Notes, meter: Meter) -> tuple[Sheet, ...]:
    """All worksheets; errors as in `calamine.read_sheets`."""
    sheets = calamine.read_sheets(source, notes, meter)
    try:
        found = read_relations(package, part)
        parts = _sheet_parts(package, part, found)
        by_kind = {relation.kind: relation.part for relation in found.values()}
        styles = _styles(package, by_kind["styles"]) if by_kind.get("styles", "") in package else []
        if len(parts) != len(sheets):
            raise DamagedPart("the readers see different numbers of sheets")
        return tuple(
            _with_looks(sheet, _looks(package, name, meter), styles, notes)
            for sheet, name in zip(sheets, parts, strict=True)
        )
    except (DamagedPart, struct.error, IndexError, UnicodeDecodeError):
        notes.file(
            "error",
            "looks_missing",
            "Error cells, formats and hidden rows of this binary workbook could not be seen: save it as "
            ".xlsx in Excel and read that.",
        )
        return sheets


def _records(package: Package, part: str) -> Iterator[tuple[int, bytes]]:
    """Number and content of each record of a part; IndexError where the last one is cut off."""
    data = package.read(part)
    place = 0
    while place < len(data):
        number = data[place]
        place += 1
        if number & 0x80:
            number = (number & 0x7F) | (data[place] & 0x7F) << 7
            place += 1
        length = 0
        for shift in (0, 7, 14, 21):
            byte = data[place]
            place += 1
            length |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        if place + length > len(data):
            raise IndexError
        yield number, data[place : place + length]
        place += length


def _wide_text(content: bytes, place: int) -> tuple[str, int]:
    """A text with its length in characters before it, and the place after it."""
    (length,) = struct.unpack_from("<I", content, place)
    end = place + 4 + 2 * length
    if end > len(content):
        raise IndexError
    return content[place + 4 : end].decode("utf-16-le", "replace"), end


def _sheet_parts(package: Package, part: str, found: dict[str, Relation]) -> list[str]:
    """The parts of the worksheets in the order of their tabs."""
    parts: list[str] = []
    for number, content in _records(package, part):
        if number == _SHEET:
            identifier, _ = _wide_text(content, 8)
            relation = found.get(identifier)
            if relation is not None and relation.kind == "worksheet":
                parts.append(relation.part)
    return parts


def _styles(package: Package, part: str) -> list[Style]:
    formats = dict(BUILT_IN)
    bold: list[bool] = []
    styles: list[Style] = []
    in_cells = False
    for number, content in _records(package, part):
        if number == _FORMAT:
            (identifier,) = struct.unpack_from("<H", content)
            formats[identifier] = clean_text(_wide_text(content, 2)[0])[0]
        elif number == _FONT:
            bold.append(struct.unpack_from("<H", content, 4)[0] >= _BOLD_WEIGHT)
        elif number in (_BEGIN_CELL_XFS, _END_CELL_XFS):
            in_cells = number == _BEGIN_CELL_XFS
        elif number == _XF and in_cells:
            _, identifier, font = struct.unpack_from("<HHH", content)
            code = formats.get(identifier, "General") or "General"
            styles.append(Style(code, date_kind(code), font < len(bold) and bold[font], content[11]))
    return styles


def _looks(package: Package, part: str, meter: Meter) -> _Looks:
    looks = _Looks()
    row = 0
    for number, content in _records(package, part):
        if number == _ROW:
            row = struct.unpack_from("<I", content)[0] + 1
            meter.check_time()
            if content[11] & 0x10:
                looks.hidden_rows.add(row)
        elif number in _CELLS:
            column, style = struct.unpack_from("<II", content)
            if row > MAX_ROW or column >= MAX_COLUMN:
                raise DamagedPart("a cell outside every sheet")
            looks.styles[row, column + 1] = style & 0xFFFFFF
            if number in (_ERROR, _FORMULA_ERROR):
                looks.errors[row, column + 1] = _ERRORS.get(content[8], "#VALUE!")
        elif number == _COLUMN:
            first, last, width, _, flags = struct.unpack_from("<IIIIH", content)
            if flags & 1 or width == 0:
                looks.hidden_columns.update(range(first + 1, min(last, MAX_COLUMN - 1) + 2))
        elif number == _MERGE:
            top, bottom, left, right = struct.unpack_from("<IIII", content)
            size = (bottom - top + 1) * (right - left + 1)
            if 1 < size <= meter.limits.merge_cells and len(looks.merges) < meter.limits.merges:
                looks.merges.append(Merge(top + 1, left + 1, bottom + 1, right + 1))
    return looks


def _with_looks(sheet: Sheet, looks: _Looks, styles: list[Style], notes: Notes) -> Sheet:
    cells: dict[tuple[int, int], Cell] = {}
    for place, cell in sheet.cells.items():
        index = looks.styles.get(place, -1)
        style = styles[index] if 0 <= index < len(styles) else PLAIN
        cells[place] = replace(cell, number_format=style.number_format, bold=style.bold, indent=style.indent)
    for (row, column), error in looks.errors.items():
        cells[row, column] = Cell(row, column, None, None, None, error)
        notes.cell("error", "error_value", sheet.name, row, column, f"The cell shows the error {error}.")
    lowest = max((row for row, _ in cells), default=0)
    return replace(
        sheet,
        cells=cells,
        merges=tuple(looks.merges),
        hidden_rows=frozenset(row for row in looks.hidden_rows if row <= lowest),
        hidden_columns=frozenset(looks.hidden_columns),
    )
