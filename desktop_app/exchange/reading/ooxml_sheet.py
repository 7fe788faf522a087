"""One sheet of an Office Open XML workbook in a single pass: values, formulas, formats, hidden and merged."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from desktop_app.exchange.reading.formulas import moved, parse_range, parse_reference
from desktop_app.exchange.reading.grid import Cell, Merge, Scalar, Sheet
from desktop_app.exchange.reading.limits import MAX_COLUMN, MAX_ROW
from desktop_app.exchange.reading.meter import Meter
from desktop_app.exchange.reading.notes import Notes
from desktop_app.exchange.reading.ooxml_styles import PLAIN, Style
from desktop_app.exchange.reading.package import DamagedPart
from desktop_app.exchange.reading.values import (
    clean_text,
    from_iso,
    from_serial,
    is_not_finite,
    is_unlikely_date,
    unescape,
)
from desktop_app.exchange.reading.xmlparts import integer, is_true, pieces

NAMESPACES: Final = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
MISSING: Final = "#MISSING"
"""Stands as the error of a cell whose text the file refers to but does not hold."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What all sheets of a workbook share: texts, styles and the first day of its calendar."""

    strings: list[str]
    odd_strings: dict[int, str]
    styles: list[Style]
    epoch_1904: bool


@dataclass(slots=True)
class Layout:
    """What surrounds the cells of a sheet."""

    merges: list[Merge]
    hidden_rows: set[int]
    hidden_columns: set[int]


def rich_text(element: Element) -> str:
    """Text of a shared or inline string: its runs joined, without the phonetic guides of East Asian texts."""
    parts: list[str] = []
    for child in element:
        tag = child.tag.rpartition("}")[2]
        if tag == "t":
            parts.append(child.text or "")
        elif tag == "r":
            parts.extend(run.text or "" for run in child if run.tag.rpartition("}")[2] == "t")
    return "".join(parts)


def read_sheet(
    chunks: Iterable[bytes], name: str, hidden: bool, shared: Shared, notes: Notes, meter: Meter
) -> Sheet:
    """Read one worksheet part; DamagedPart where it is no XML or no worksheet, TooLarge beyond the limits."""
    reader = _SheetReader(name, shared, notes, meter)
    last: Element | None = None
    for element in pieces(chunks):
        reader.take(element)
        last = element
    if last is None or last.tag.rpartition("}")[2] != "worksheet":
        raise DamagedPart(f"the part of sheet {name} is no worksheet")
    layout = reader.layout
    lowest = max((row for row, _ in reader.cells), default=0)
    return Sheet(
        name,
        reader.cells,
        tuple(layout.merges),
        hidden,
        frozenset(row for row in layout.hidden_rows if row <= lowest),
        frozenset(layout.hidden_columns),
    )


class _SheetReader:
    def __init__(self, name: str, shared: Shared, notes: Notes, meter: Meter) -> None:
        self.cells: dict[tuple[int, int], Cell] = {}
        self.layout = Layout([], set(), set())
        self._name = name
        self._shared = shared
        self._notes = notes
        self._meter = meter
        self._row = 0
        self._pending = 0
        self._letters: dict[str, int] = {}
        self._masters: dict[str, tuple[str, int, int]] = {}
        self._formula_text = 0

    def take(self, element: Element) -> None:
        """Use one closed element of the part."""
        tag = element.tag.rpartition("}")[2]
        if tag == "c":
            self._pending += 1
            if self._pending > 2 * MAX_COLUMN:
                raise DamagedPart(f"a row of sheet {self._name} holds more cells than a row can")
        elif tag == "row":
            self._take_row(element)
            element.clear()
            self._pending = 0
        elif tag == "mergeCell":
            self._take_merge(element.get("ref") or "")
        elif tag == "col":
            self._take_column(element)

    def _take_row(self, element: Element) -> None:
        text = element.get("r")
        row = self._row + 1 if text is None else integer(text, -1)
        if not 1 <= row <= MAX_ROW:
            self._notes.file(
                "error",
                "cell_outside",
                f'Sheet "{self._name}" has a row "{(text or str(row))[:20]}", which no sheet can have; it was left out.',
            )
            return
        self._row = row
        if is_true(element.get("hidden")) or element.get("ht") == "0":
            self.layout.hidden_rows.add(row)
        before = len(self.cells)
        digits = str(row)
        length = len(digits)
        letters = self._letters
        column = 0
        for cell in element:
            reference = cell.get("r")
            if reference is None:
                column += 1
                if column <= MAX_COLUMN:
                    self._take_cell(cell, row, column)
                continue
            known = letters.get(reference[:-length]) if reference.endswith(digits) else None
            if known is None:
                place = parse_reference(reference)
                if place is None:
                    self._outside(reference)
                    continue
                if place[0] != row:
                    column = place[1]
                    self._take_cell(cell, place[0], column)
                    continue
                known = letters[reference[:-length]] = place[1]
            column = known
            self._take_cell(cell, row, column)
        self._meter.cells(len(self.cells) - before)

    def _outside(self, reference: str) -> None:
        self._notes.file(
            "error",
            "cell_outside",
            f'Sheet "{self._name}" has a cell "{clean_text(reference)[0][:20]}", which no sheet can have; '
            f"it was left out.",
        )

    def _take_cell(self, element: Element, row: int, column: int) -> None:
        text: str | None = None
        formula: str | None = None
        inline: Element | None = None
        for child in element:
            tag = child.tag
            if tag.endswith("}v"):
                text = child.text
            elif tag.endswith("}f"):
                formula = self._formula(child, row, column)
            elif tag.endswith("}is"):
                inline = child
        kind = element.get("t")
        if text is None and inline is None and formula is None:
            return
        if (row, column) in self.cells:
            self._note("error", "cell_twice", row, column, "The file holds this cell twice; the first one was read.")
            return
        style = self._style(element.get("s"))
        value: Scalar = None
        error: str | None = None
        if kind == "s" and text is not None:
            value, error = self._shared_text(text, row, column)
        elif kind == "inlineStr" and inline is not None:
            value = self._text(unescape(rich_text(inline)), row, column)
        elif text is None:
            if kind == "str":
                value = ""
        elif kind is None or kind == "n":
            value, error = self._number(text, style, row, column)
        elif kind == "b":
            value, error = self._boolean(text, row, column)
        elif kind == "e":
            error = clean_text(text)[0][:100] or "#VALUE!"
        elif kind == "d":
            value = self._iso_date(text, row, column)
        else:
            value = self._text(unescape(text), row, column)
        if error is not None:
            self._note("error", "error_value", row, column, f"The cell shows the error {error}.")
        elif formula is not None and value is None:
            self._note(
                "error",
                "formula_without_value",
                row,
                column,
                "The formula was never calculated, so the file holds no value: open and save it in Excel.",
            )
        elif formula is None and (value is None or value == ""):
            return
        self.cells[row, column] = Cell(
            row, column, value, style.number_format, formula, error, style.bold, style.indent
        )

    def _style(self, index: str | None) -> Style:
        if index is None:
            return self._shared.styles[0] if self._shared.styles else PLAIN
        try:
            number = int(index)
            if number >= 0:
                return self._shared.styles[number]
        except (ValueError, IndexError):
            pass
        self._notes.file(
            "warning",
            "style_missing",
            f'Sheet "{self._name}" uses cell formats that the file does not hold; currencies and dates shown by '
            f"such a format are not seen.",
        )
        return PLAIN

    def _shared_text(self, text: str, row: int, column: int) -> tuple[Scalar, str | None]:
        index = integer(text, -1)
        if not 0 <= index < len(self._shared.strings):
            return None, MISSING
        if index in self._shared.odd_strings:
            return self._text(self._shared.odd_strings[index], row, column), None
        return self._shared.strings[index], None

    def _text(self, raw: str, row: int, column: int) -> str:
        text, removed, cut = clean_text(raw)
        note_text(self._notes, self._name, row, column, raw, removed, cut)
        return text

    def _number(self, text: str, style: Style, row: int, column: int) -> tuple[Scalar, str | None]:
        try:
            if "_" in text or not text.isascii():
                raise ValueError
            number = int(text) if text.isdigit() and len(text) <= 18 else float(text)
        except ValueError:
            return self._not_a_number(text, row, column)
        if not math.isfinite(number):
            return self._not_a_number(text, row, column)
        if style.date_kind is None:
            return number, None
        moment = from_serial(number, style.date_kind, self._shared.epoch_1904)
        if moment is None:
            self._note(
                "warning", "date_out_of_range", row, column, f"{number} is formatted as a date but can be none."
            )
            return number, None
        if isinstance(moment, dt.date) and is_unlikely_date(moment):
            note_date(self._notes, self._name, row, column, moment)
        return moment, None

    def _not_a_number(self, text: str, row: int, column: int) -> tuple[Scalar, str | None]:
        if not text.strip():
            return None, None
        if is_not_finite(text):
            return None, clean_text(text.strip())[0][:20]
        value = self._text(text, row, column)
        self._note("error", "bad_number", row, column, f'The cell should hold a number but holds "{value[:40]}".')
        return value, None

    def _boolean(self, text: str, row: int, column: int) -> tuple[Scalar, str | None]:
        word = text.strip().lower()
        if word in ("1", "true"):
            return True, None
        if word in ("0", "false"):
            return False, None
        return self._not_a_number(text, row, column)

    def _iso_date(self, text: str, row: int, column: int) -> Scalar:
        moment = from_iso(text)
        if moment is None:
            value = self._text(text, row, column)
            self._note("error", "bad_date", row, column, f'The cell should hold a date but holds "{value[:40]}".')
            return value
        if isinstance(moment, dt.date) and is_unlikely_date(moment):
            note_date(self._notes, self._name, row, column, moment)
        return moment

    def _formula(self, element: Element, row: int, column: int) -> str | None:
        text = clean_text(unescape(element.text or ""))[0].removeprefix("=")
        index = element.get("si")
        if element.get("t") == "shared" and index is not None:
            if text:
                self._masters[index] = (text, row, column)
            elif index in self._masters:
                master, first_row, first_column = self._masters[index]
                text = moved(master, row - first_row, column - first_column)
                self._formula_text += len(text)
                if self._formula_text > self._meter.limits.unpacked_bytes // 4:
                    raise DamagedPart(f"the shared formulas of sheet {self._name} are longer than the file can need")
        return text or None

    def _take_merge(self, reference: str) -> None:
        merge = parse_range(reference)
        limits = self._meter.limits
        if merge is None:
            return
        top, left, bottom, right = merge
        if (bottom - top + 1) * (right - left + 1) > limits.merge_cells or len(self.layout.merges) >= limits.merges:
            self._notes.file(
                "warning",
                "merge_ignored",
                f'Sheet "{self._name}" merges more cells than a quote can need ({clean_text(reference)[0][:30]}); '
                f"the merged range was ignored.",
            )
        elif (top, left) != (bottom, right):
            self.layout.merges.append(Merge(top, left, bottom, right))

    def _take_column(self, element: Element) -> None:
        if is_true(element.get("hidden")) or element.get("width") == "0":
            first = max(1, integer(element.get("min"), 1))
            last = min(MAX_COLUMN, integer(element.get("max"), first))
            self.layout.hidden_columns.update(range(first, last + 1))

    def _note(self, severity: str, code: str, row: int, column: int, message: str) -> None:
        self._notes.cell(severity, code, self._name, row, column, message)


def note_text(notes: Notes, sheet: str, row: int, column: int, raw: str, removed: bool, cut: bool) -> None:
    """Note that a text was cleaned or cut."""
    if removed:
        notes.cell(
            "warning",
            "control_characters",
            sheet,
            row,
            column,
            f"Invisible control characters were removed from this text: {ascii(raw[:80])}.",
        )
    if cut:
        notes.cell(
            "warning",
            "text_cut",
            sheet,
            row,
            column,
            "The text is longer than a cell can hold (32,767 characters) and was cut.",
        )


def note_date(notes: Notes, sheet: str, row: int, column: int, moment: dt.date) -> None:
    """Note a date before 1990 or after 2100."""
    notes.cell(
        "warning",
        "date_out_of_range",
        sheet,
        row,
        column,
        f"The date {moment.isoformat()[:10]} lies outside 1990 to 2100: check it.",
    )


