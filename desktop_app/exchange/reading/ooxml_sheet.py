"""One sheet of an Office Open XML workbook in a single pass: values, formulas, formats, hidden and merged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from desktop_app.exchange.reading.formulas import SharedFormula, column_number, parse_range, parse_reference
from desktop_app.exchange.reading.grid import Cell, Merge, Scalar, Sheet
from desktop_app.exchange.reading.limits import MAX_COLUMN, MAX_ROW
from desktop_app.exchange.reading.meter import Meter
from desktop_app.exchange.reading.notes import Notes, note_date, note_text
from desktop_app.exchange.reading.ooxml_plain import ATTRIBUTE, CELL, without_plain_rows
from desktop_app.exchange.reading.ooxml_styles import PLAIN, Style
from desktop_app.exchange.reading.package import DamagedPart
from desktop_app.exchange.reading.values import (
    clean_text,
    from_iso,
    from_serial,
    is_not_finite,
    is_unlikely_date,
    plain_number,
    unescape,
)
from desktop_app.exchange.reading.xmlparts import events, integer, is_true

MISSING: Final = "#MISSING"
"""Stands as the error of a cell whose text the file refers to but does not hold."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What all sheets of a workbook share: texts, styles and the first day of its calendar.

    Texts and styles are found by their index as the cells write it, as text: that spares a conversion per
    cell. `odd_strings` holds the raw form of the texts that had to be cleaned or cut, which are not in
    `strings`.
    """

    strings: dict[str, str]
    odd_strings: dict[str, str]
    styles: dict[str | None, Style]
    epoch_1904: bool


class _LocalNames(dict[str, str]):
    """Names of elements without their namespace, each worked out once."""

    def __missing__(self, tag: str) -> str:
        name = self[tag] = tag.rpartition("}")[2]
        return name


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
    if reader.take_all(chunks) != "worksheet":
        raise DamagedPart(f"the part of sheet {name} is no worksheet")
    lowest = max((row for row, _ in reader.cells), default=0)
    return Sheet(
        name,
        reader.cells,
        tuple(reader.merges),
        hidden,
        frozenset(row for row in reader.hidden_rows if row <= lowest),
        frozenset(reader.hidden_columns),
    )


class _SheetReader:
    def __init__(self, name: str, shared: Shared, notes: Notes, meter: Meter) -> None:
        self.cells: dict[tuple[int, int], Cell] = {}
        self.merges: list[Merge] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self._name = name
        self._shared = shared
        self._notes = notes
        self._meter = meter
        self._row = 0
        self._names = _LocalNames()
        self._letters: dict[str, int] = {}
        self._masters: dict[str, tuple[SharedFormula, int, int]] = {}
        self._formula_text = 0
        self._style_missing = False

    def take_all(self, chunks: Iterable[bytes]) -> str:
        """Use all elements of the part; the name of the outermost."""
        names = self._names
        name = ""
        pending = 0
        rest = without_plain_rows(chunks, self._take_plain_row)
        for _, element in events(rest, ("end",)):
            name = names[element.tag]
            if name == "v":
                continue
            if name == "c":
                pending += 1
                if pending > 2 * MAX_COLUMN:
                    raise DamagedPart(f"a row of sheet {self._name} holds more cells than a row can")
            elif name == "row":
                self._take_row(element)
                element.clear()
                pending = 0
            elif name == "mergeCell":
                self._take_merge(element.get("ref") or "")
            elif name == "col":
                self._take_column(element)
        return name

    def _take_row(self, element: Element) -> None:
        text = element.get("r")
        row = self._row + 1 if text is None else integer(text, -1)
        if not 1 <= row <= MAX_ROW:
            self._outside("row", text or str(row))
            return
        self._row = row
        if is_true(element.get("hidden")) or element.get("ht") == "0":
            self.hidden_rows.add(row)
        cells, letters, names = self.cells, self._letters, self._names
        before = len(cells)
        digits = str(row)
        length = len(digits)
        column = 0
        for cell in element:
            reference = cell.get("r")
            place_row = row
            if reference is None:
                column += 1
                if column > MAX_COLUMN:
                    break
            elif reference.endswith(digits) and (known := letters.get(reference[:-length])):
                column = known
            else:
                place = parse_reference(reference)
                if place is None:
                    self._outside("cell", reference)
                    continue
                place_row, column = place
                if place_row == row:
                    letters[reference[:-length]] = column
            plain = len(cell) == 1 and names[cell[0].tag] == "v" and (content := cell[0].text) is not None
            if not plain or not self._take_plain(
                place_row, column, cell.get("s"), cell.get("t"), content or ""
            ):
                self._take_cell(cell, place_row, column)
        self._meter.cells(len(cells) - before)

    def _take_plain_row(self, number: str, attributes: str, body: str) -> None:
        """A row that holds nothing but numbers and shared texts; see `ooxml_plain`."""
        row = int(number)
        if row > MAX_ROW:
            self._outside("row", number)
            return
        self._row = row
        if attributes:
            element = Element("row", dict(ATTRIBUTE.findall(attributes)))
            if is_true(element.get("hidden")) or element.get("ht") == "0":
                self.hidden_rows.add(row)
        before = len(self.cells)
        letters = self._letters
        for name, style, kind, content in CELL.findall(body):
            if not content:
                continue
            column = letters.get(name)
            if column is None:
                column = letters[name] = column_number(name)
            if column > MAX_COLUMN:
                self._outside("cell", name + number)
            elif not self._take_plain(row, column, style or None, kind or None, content):
                element = Element("c", {key: text for key, text in (("s", style), ("t", kind)) if text})
                SubElement(element, "v").text = content
                self._take_cell(element, row, column)
        self._meter.cells(len(self.cells) - before)

    def _take_plain(self, row: int, column: int, index: str | None, kind: str | None, content: str) -> bool:
        """Take a number that is no date, or a known text, as nearly all cells are; False for all others."""
        style = self._shared.styles.get(index)
        if style is None:
            return False
        value: Scalar = None
        if kind == "s":
            value = self._shared.strings.get(content)
        elif (kind is None or kind == "n") and style.date_kind is None:
            value = plain_number(content)
        if value is None or value == "" or (row, column) in self.cells:
            return False
        self.cells[row, column] = Cell(
            row, column, value, style.number_format, None, None, style.bold, style.indent
        )
        return True

    def _outside(self, what: str, written: str) -> None:
        shown = clean_text(written)[0][:20]
        self._notes.file(
            "error",
            "cell_outside",
            f'Sheet "{self._name}" has a {what} "{shown}", which no sheet can have; it was left out.',
        )

    def _take_cell(self, element: Element, row: int, column: int) -> None:
        text: str | None = None
        formula: str | None = None
        inline: Element | None = None
        for child in element:
            name = self._names[child.tag]
            if name == "v":
                text = child.text
            elif name == "f":
                formula = self._formula(child, row, column)
            elif name == "is":
                inline = child
        kind = element.get("t")
        if text is None and inline is None and formula is None:
            return
        if (row, column) in self.cells:
            self._note(
                "error", "cell_twice", row, column, "The file holds this cell twice; the first one was read."
            )
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
        style = self._shared.styles.get(index)
        if style is None and not self._style_missing:
            self._style_missing = True
            self._notes.file(
                "warning",
                "style_missing",
                f'Sheet "{self._name}" uses cell formats that the file does not hold; currencies and dates '
                "shown by "
                f"such a format are not seen.",
            )
        return style or PLAIN

    def _shared_text(self, index: str, row: int, column: int) -> tuple[Scalar, str | None]:
        index = str(integer(index, -1))
        if index in self._shared.odd_strings:
            return self._text(self._shared.odd_strings[index], row, column), None
        text = self._shared.strings.get(index)
        return (text, None) if text is not None else (None, MISSING)

    def _text(self, raw: str, row: int, column: int) -> str:
        text, removed, cut = clean_text(raw)
        note_text(self._notes, self._name, row, column, raw, removed, cut)
        return text

    def _number(self, text: str, style: Style, row: int, column: int) -> tuple[Scalar, str | None]:
        number = plain_number(text)
        if number is None:
            return self._not_a_number(text, row, column)
        if style.date_kind is None:
            return number, None
        moment = from_serial(number, style.date_kind, self._shared.epoch_1904)
        if moment is None:
            self._note(
                "warning",
                "date_out_of_range",
                row,
                column,
                f"{number} is formatted as a date but can be none.",
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
        self._note(
            "error", "bad_number", row, column, f'The cell should hold a number but holds "{value[:40]}".'
        )
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
            self._note(
                "error", "bad_date", row, column, f'The cell should hold a date but holds "{value[:40]}".'
            )
            return value
        if isinstance(moment, dt.date) and is_unlikely_date(moment):
            note_date(self._notes, self._name, row, column, moment)
        return moment

    def _formula(self, element: Element, row: int, column: int) -> str | None:
        text = clean_text(unescape(element.text or ""))[0].removeprefix("=")
        index = element.get("si")
        if element.get("t") == "shared" and index is not None:
            if text:
                self._masters[index] = (SharedFormula(text), row, column)
            elif index in self._masters:
                master, first_row, first_column = self._masters[index]
                text = master.moved(row - first_row, column - first_column)
                self._formula_text += len(text)
                if self._formula_text > self._meter.limits.unpacked_bytes // 16:
                    raise DamagedPart(
                        f"the shared formulas of sheet {self._name} are longer than the file can need"
                    )
        return text or None

    def _take_merge(self, reference: str) -> None:
        merge = parse_range(reference)
        limits = self._meter.limits
        if merge is None:
            return
        top, left, bottom, right = merge
        if (bottom - top + 1) * (right - left + 1) > limits.merge_cells or len(self.merges) >= limits.merges:
            self._notes.file(
                "warning",
                "merge_ignored",
                f'Sheet "{self._name}" merges more cells than a quote can need '
                f"({clean_text(reference)[0][:30]}); "
                f"the merged range was ignored.",
            )
        elif (top, left) != (bottom, right):
            self.merges.append(Merge(top, left, bottom, right))

    def _take_column(self, element: Element) -> None:
        if is_true(element.get("hidden")) or element.get("width") == "0":
            first = max(1, integer(element.get("min"), 1))
            last = min(MAX_COLUMN, integer(element.get("max"), first))
            self.hidden_columns.update(range(first, last + 1))

    def _note(self, severity: str, code: str, row: int, column: int, message: str) -> None:
        self._notes.cell(severity, code, self._name, row, column, message)
