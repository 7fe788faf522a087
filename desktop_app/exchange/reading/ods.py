"""OpenDocument spreadsheets (.ods): one pass over content.xml, repeated rows and cells included."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from xml.etree.ElementTree import Element

from desktop_app.exchange.reading.grid import Cell, Merge, Scalar, Sheet, UnreadableFile
from desktop_app.exchange.reading.limits import MAX_COLUMN, MAX_ROW, TooLarge
from desktop_app.exchange.reading.meter import Meter
from desktop_app.exchange.reading.notes import Notes, note_date, note_text
from desktop_app.exchange.reading.ods_styles import OdsStyles
from desktop_app.exchange.reading.package import DamagedPart, Package
from desktop_app.exchange.reading.sheetnames import SheetNames
from desktop_app.exchange.reading.values import (
    clean_text,
    from_iso,
    is_not_finite,
    is_unlikely_date,
    parse_number,
)
from desktop_app.exchange.reading.xmlparts import events, integer, is_true, local, pieces

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_CONTENT = "content.xml"
_ERROR = re.compile(r"(?:#[A-Z0-9/]+[!?]?|Err:[0-9]{3})\Z")
_DURATION = re.compile(
    r"(-?)P(?:([0-9]{1,6})D)?(?:T(?:([0-9]{1,8})H)?(?:([0-9]{1,8})M)?(?:([0-9]{1,8}(?:[.,][0-9]+)?)S)?)?\Z"
)
_QUOTED = re.compile(r"""("[^"]*"|'[^']*')""")
_BRACKETED = re.compile(r"\[([^\[\]]*)\]")


def is_spreadsheet(package: Package) -> bool:
    """True for a package that holds OpenDocument content and calls itself a spreadsheet, or does not say."""
    if _CONTENT not in package:
        return False
    if "mimetype" not in package:
        return True
    try:
        return b"spreadsheet" in package.read("mimetype")[:200]
    except DamagedPart:
        return True


def read_sheets(package: Package, notes: Notes, meter: Meter) -> tuple[Sheet, ...]:
    """All sheets in the order of their tabs; DamagedPart where content.xml is broken."""
    manifest = "META-INF/manifest.xml"
    if manifest in package and b"encryption-data" in package.read(manifest):
        raise UnreadableFile(
            f"{package.name} is protected by a password: open it in LibreOffice, save it without a password "
            f"and read it again."
        )
    meter.expect(package.size(_CONTENT))
    styles = OdsStyles()
    if "styles.xml" in package:
        try:
            for element in pieces(package.chunks("styles.xml")):
                styles.take(element)
        except DamagedPart:
            notes.file(
                "error",
                "styles_damaged",
                "The cell formats of the file are damaged: currencies that only a format shows are not seen.",
            )
    reader = _OdsReader(styles, notes, meter)
    root = ""
    for kind, element in events(meter.watch(package.chunks(_CONTENT), "Reading sheets")):
        root = root or local(element)
        if kind == "start":
            reader.open(element)
        else:
            reader.close(element)
    if root != "document-content":
        raise DamagedPart("content.xml is no document")
    if len(reader.sheets) > meter.limits.sheets:
        raise TooLarge(
            f"{package.name} has {len(reader.sheets):,} sheets, more than a quote can need: save only its "
            f"quote sheets in a new workbook and read that."
        )
    if not reader.sheets:
        raise UnreadableFile(
            f"{package.name} holds no sheet that can be read: open it in LibreOffice, check that the quote "
            f"shows, save it as .xlsx and read it again."
        )
    return tuple(reader.sheets)


class _OdsReader:
    """Builds the sheets from the opened and closed elements of content.xml."""

    def __init__(self, styles: OdsStyles, notes: Notes, meter: Meter) -> None:
        self.sheets: list[Sheet] = []
        self._styles = styles
        self._notes = notes
        self._meter = meter
        self._names = SheetNames(notes)
        self._outside = 0
        self._tables = 0
        self._begin(None)

    def _begin(self, table: Element | None) -> None:
        self._linked = False
        self._cells: dict[tuple[int, int], Cell] = {}
        self._merges: list[Merge] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._column_styles: list[tuple[int, str]] = []
        self._row = 1
        self._column = 1
        if table is not None:
            self._name = self._names.unique(table.get(_TABLE + "name"))
            self._hidden = self._styles.hides_table(table.get(_TABLE + "style-name"))

    def open(self, element: Element) -> None:
        """Use an element as it begins."""
        tag = local(element)
        if tag == "table":
            self._tables += 1
            if self._tables == 1 and not self._outside:
                self._begin(element)
        elif tag in ("dde-links", "tracked-changes"):
            self._outside += 1

    def close(self, element: Element) -> None:
        """Use an element as it ends."""
        tag = local(element)
        if tag in ("dde-links", "tracked-changes"):
            self._outside -= 1
            element.clear()
        elif tag == "table":
            self._tables -= 1
            if self._tables == 0 and not self._outside and not self._linked:
                self._finish()
        elif self._tables == 0:
            self._styles.take(element)
        elif self._tables == 1 and not self._outside:
            if tag == "table-row":
                self._take_row(element)
                element.clear()
            elif tag == "table-column":
                self._take_column(element)
            elif tag == "table-source":
                self._linked = True

    def _finish(self) -> None:
        self.sheets.append(
            Sheet(
                self._name,
                self._cells,
                tuple(self._merges),
                self._hidden,
                frozenset(self._hidden_rows),
                frozenset(self._hidden_columns),
            )
        )

    def _take_column(self, element: Element) -> None:
        last = min(
            self._column - 1 + max(1, integer(element.get(_TABLE + "number-columns-repeated"), 1)), MAX_COLUMN
        )
        if element.get(_TABLE + "visibility") in ("collapse", "filter"):
            self._hidden_columns.update(range(self._column, last + 1))
        self._column_styles.append((last, element.get(_TABLE + "default-cell-style-name") or "Default"))
        self._column = last + 1

    def _take_row(self, element: Element) -> None:
        repeated = max(1, integer(element.get(_TABLE + "number-rows-repeated"), 1))
        first = self._row
        self._row += repeated
        if first > MAX_ROW:
            return
        default = element.get(_TABLE + "default-cell-style-name")
        cells: list[Cell] = []
        column = 1
        for child in element:
            tag = local(child)
            if tag not in ("table-cell", "covered-table-cell"):
                continue
            times = max(1, integer(child.get(_TABLE + "number-columns-repeated"), 1))
            if tag == "table-cell" and column <= MAX_COLUMN:
                self._take_merge(child, first, column)
                cell = self._cell(child, first, column, default)
                if cell is not None:
                    copies = min(times, MAX_COLUMN - column + 1)
                    self._meter.cells(copies)
                    cells.append(cell)
                    cells.extend(replace(cell, column=column + step) for step in range(1, copies))
            column += times
        last = min(self._row - 1, MAX_ROW)
        self._meter.cells(len(cells) * (last - first))
        for cell in cells:
            self._cells[first, cell.column] = cell
            for row in range(first + 1, last + 1):
                self._cells[row, cell.column] = replace(cell, row=row)
        if cells and element.get(_TABLE + "visibility") in ("collapse", "filter"):
            self._hidden_rows.update(range(first, last + 1))

    def _take_merge(self, element: Element, row: int, column: int) -> None:
        rows = integer(element.get(_TABLE + "number-rows-spanned"), 1)
        columns = integer(element.get(_TABLE + "number-columns-spanned"), 1)
        limits = self._meter.limits
        if rows * columns <= 1:
            return
        if rows * columns > limits.merge_cells or len(self._merges) >= limits.merges:
            self._notes.file(
                "warning",
                "merge_ignored",
                f'Sheet "{self._name}" merges more cells than a quote can need; the merged range was '
                "ignored.",
            )
        else:
            self._merges.append(Merge(row, column, row + rows - 1, column + columns - 1))

    def _cell(self, element: Element, row: int, column: int, row_default: str | None) -> Cell | None:
        kind = element.get(_OFFICE + "value-type")
        shown, comment = _shown(element)
        formula = _formula(element.get(_TABLE + "formula"))
        if not (kind or shown or comment or formula):
            return None
        name = element.get(_TABLE + "style-name") or row_default or self._column_style(column)
        style = self._styles.cell(name, element.get(_OFFICE + "currency"))
        value, error = self._value(element, kind, shown, row, column)
        if formula and (_ERROR.match(shown) or element.get(_CALCEXT + "value-type") == "error"):
            value, error = None, clean_text(shown)[0][:100] or "#VALUE!"
        if error is not None:
            self._note("error", "error_value", row, column, f"The cell shows the error {error}.")
        elif formula and value is None:
            self._note(
                "error",
                "formula_without_value",
                row,
                column,
                "The formula was never calculated, so the file holds no value: save it in LibreOffice.",
            )
        elif not (formula or comment) and (value is None or value == ""):
            return None
        return Cell(
            row, column, value, style.number_format, formula, error, style.bold, style.indent, comment
        )

    def _column_style(self, column: int) -> str | None:
        return next((style for last, style in self._column_styles if column <= last), None)

    def _value(
        self, element: Element, kind: str | None, shown: str, row: int, column: int
    ) -> tuple[Scalar, str | None]:
        if kind in ("float", "currency", "percentage"):
            raw = element.get(_OFFICE + "value") or ""
            number = parse_number(raw)
            if number is not None:
                return (int(number) if float(number).is_integer() and abs(number) < 2**53 else number), None
            if is_not_finite(raw):
                return None, clean_text(raw)[0][:20]
            self._note(
                "error",
                "bad_number",
                row,
                column,
                f"The cell should hold a number but holds {raw[:40]!a}.",
            )
        elif kind == "date":
            raw = element.get(_OFFICE + "date-value") or ""
            moment = from_iso(raw)
            if moment is not None:
                if isinstance(moment, dt.date) and is_unlikely_date(moment):
                    note_date(self._notes, self._name, row, column, moment)
                return moment, None
            self._note(
                "error", "bad_date", row, column, f"The cell should hold a date but holds {raw[:40]!a}."
            )
        elif kind == "time":
            duration = _duration(element.get(_OFFICE + "time-value") or "")
            if duration is not None:
                return duration, None
        elif kind == "boolean":
            return is_true(element.get(_OFFICE + "boolean-value")), None
        raw = element.get(_OFFICE + "string-value") or shown
        text, removed, cut = clean_text(raw)
        note_text(self._notes, self._name, row, column, raw, removed, cut)
        return (text if text or kind == "string" else None), None

    def _note(self, severity: str, code: str, row: int, column: int, message: str) -> None:
        self._notes.cell(severity, code, self._name, row, column, message)


def _shown(element: Element) -> tuple[str, str | None]:
    """The text of a cell as shown, and its note."""
    lines: list[str] = []
    comment: str | None = None
    for child in element:
        tag = local(child)
        if tag == "p":
            lines.append(_paragraph(child))
        elif tag == "annotation":
            note = "\n".join(_paragraph(part) for part in child if local(part) == "p")
            comment = clean_text(note)[0].strip() or None
    return "\n".join(lines), comment


def _duration(raw: str) -> dt.timedelta | None:
    match = _DURATION.match(raw.strip())
    if match is None:
        return None
    sign, days, hours, minutes, seconds = match.groups()
    duration = dt.timedelta(
        days=int(days or 0),
        hours=int(hours or 0),
        minutes=int(minutes or 0),
        seconds=round(float((seconds or "0").replace(",", ".")), 3),
    )
    return -duration if sign else duration


def _paragraph(element: Element) -> str:
    """Text of a paragraph with its spans; spaces, tabs and line breaks are elements of their own."""
    if not len(element):
        return element.text or ""
    parts = [element.text or ""]
    stack = [iter(element)]
    tails: list[str] = []
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            if tails:
                parts.append(tails.pop())
            continue
        tag = local(child)
        if tag == "s":
            parts.append(" " * min(max(1, integer(child.get(_TEXT + "c"), 1)), 1000))
        elif tag == "tab":
            parts.append("\t")
        elif tag == "line-break":
            parts.append("\n")
        if tag in ("annotation", "ruby-text"):
            parts.append(child.tail or "")
            continue
        parts.append(child.text or "")
        stack.append(iter(child))
        tails.append(child.tail or "")
    return "".join(parts)


def _formula(raw: str | None) -> str | None:
    """An OpenFormula text in the notation of other spreadsheets: "of:=SUM([.A1:.B2])" becomes "SUM(A1:B2)".
    An OpenFormula text in the notation of other spreadsheets: "of:=SUM([.A1:.B2])" becomes "SUM(A1:B2)"."""
    if not raw:
        return None
    text = clean_text(raw)[0]
    _, equals, rest = text.partition("=")
    text = rest if equals else text
    return _arguments(_BRACKETED.sub(_reference, text)) or None


def _arguments(formula: str) -> str:
    """Arguments separated by commas, as elsewhere; OpenFormula separates them by semicolons."""
    return "".join(
        part if index % 2 else part.replace(";", ",") for index, part in enumerate(_QUOTED.split(formula))
    )


def _reference(match: re.Match[str]) -> str:
    sides: list[str] = []
    for side in match[1].split(":"):
        sheet, dot, cell = side.rpartition(".")
        sides.append(f"{sheet.removeprefix('$')}!{cell}" if dot and sheet else cell)
    return ":".join(sides)
