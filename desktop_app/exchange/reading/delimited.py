"""Text tables (.csv, .tsv and their like): encoding, delimiter and quoting found by evidence. Every cell
stays text."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from desktop_app.exchange.reading.encoding import DecodedText, decode
from desktop_app.exchange.reading.grid import Cell, Sheet, UnreadableFile
from desktop_app.exchange.reading.limits import MAX_COLUMN
from desktop_app.exchange.reading.meter import Meter
from desktop_app.exchange.reading.notes import Notes, note_text
from desktop_app.exchange.reading.source import Source
from desktop_app.exchange.reading.values import clean_text

_DELIMITERS = "\t;|,"
_NAMES = {"\t": "tab", ";": "semicolon", "|": "vertical bar", ",": "comma"}
_TABLE_SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".dat", ".prn", ".asc", "")
_SAMPLE_ROWS = 500
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_ROWS_PER_LOOK = 1000
_LAST_ROW = "\ue000"


@dataclass(frozen=True, slots=True)
class _Evidence:
    """How a delimiter divides the sample: rows with the commonest number of fields, and that number."""

    delimiter: str
    rows: int
    fields: int

    @property
    def score(self) -> int:
        return self.rows * (self.fields - 1)


def read_sheets(source: Source, notes: Notes, meter: Meter) -> tuple[Sheet, ...]:
    """One sheet named after the file; UnreadableFile where the file is no table of text."""
    decoded = decode(source)
    _note_encoding(decoded, notes)
    text = decoded.text.removeprefix("\ufeff")
    stated = _SEPARATOR_LINE.match(text)
    if stated:
        delimiter: str | None = stated[1]
        text = text[stated.end() :]
    else:
        delimiter = _find_delimiter(text, notes)
    if not text.strip():
        raise UnreadableFile(f"{source.name} holds nothing but blanks: get a new copy of it.")
    if source.has_excel_name or source.suffix not in _TABLE_SUFFIXES:
        if delimiter is None:
            raise UnreadableFile(
                f"{source.name} is plain text and no workbook: ask the vendor for the workbook itself, or "
                f"save the table as .csv."
            )
        notes.file(
            "warning",
            "text_with_other_name",
            "The file is a text table in spite of its name; it was read as one, divided by "
            f"{_named(delimiter)}.",
        )
    cells = _cells(text, delimiter or ",", source.stem, notes, meter)
    return (Sheet(source.stem, cells),)


def _note_encoding(decoded: DecodedText, notes: Notes) -> None:
    if "\ufffd" in decoded.text:
        notes.file(
            "error",
            "text_damaged",
            f"Some characters of the file could not be decoded ({decoded.encoding}) and show as \ufffd: ask "
            f"the vendor for a copy saved as UTF-8.",
        )
    elif not decoded.certain:
        notes.file(
            "warning",
            "encoding_guessed",
            f"The file does not say how its letters are encoded; it was read as {decoded.encoding}, which "
            f"fits them best. Check names with accents.",
        )


def _find_delimiter(text: str, notes: Notes) -> str | None:
    lines = text[:500_000].splitlines()[:_SAMPLE_ROWS]
    ranked = sorted((_evidence(lines, sign) for sign in _DELIMITERS), key=lambda found: -found.score)
    best, second = ranked[0], ranked[1]
    if best.score == 0:
        return None
    if best.delimiter == "," and second.rows >= 0.8 * best.rows and _commas_are_decimal(lines):
        best, second = second, best
    elif second.score >= 0.8 * best.score:
        notes.file(
            "warning",
            "delimiter_guessed",
            f"The columns could be divided by {_named(best.delimiter)} or by {_named(second.delimiter)}; "
            f"they were divided by {_named(best.delimiter)} ({best.fields} columns in {best.rows} rows). "
            "Check the columns.",
        )
    return best.delimiter


def _evidence(lines: list[str], delimiter: str) -> _Evidence:
    counts: Counter[int] = Counter()
    try:
        for record in csv.reader(lines, delimiter=delimiter):
            counts[len(record)] += 1
    except csv.Error:
        counts = Counter(line.count(delimiter) + 1 for line in lines)
    divided = [(rows, fields) for fields, rows in counts.items() if fields > 1]
    rows, fields = max(divided, key=lambda found: found[0] * (found[1] - 1), default=(0, 1))
    return _Evidence(delimiter, rows, fields)


def _commas_are_decimal(lines: list[str]) -> bool:
    commas = sum(line.count(",") for line in lines)
    between_digits = sum(len(re.findall(r"(?<=\d),(?=\d)", line)) for line in lines)
    return commas > 0 and between_digits >= 0.8 * commas


def _named(delimiter: str) -> str:
    return _NAMES.get(delimiter, f'"{delimiter}"')


def _cells(text: str, delimiter: str, sheet: str, notes: Notes, meter: Meter) -> dict[tuple[int, int], Cell]:
    cells: dict[tuple[int, int], Cell] = {}
    records = _records(text, delimiter, notes)
    meter.expect(len(records))
    for row, fields in enumerate(records, 1):
        if row % _ROWS_PER_LOOK == 0:
            meter.step(_ROWS_PER_LOOK, "Reading rows")
        before = len(cells)
        for column, raw in enumerate(fields, 1):
            if not raw:
                continue
            if column > MAX_COLUMN:
                notes.file(
                    "error",
                    "cell_outside",
                    f"Row {row} has more than {MAX_COLUMN:,} columns; the rest was left out.",
                )
                break
            value, removed, cut = clean_text(raw)
            note_text(notes, sheet, row, column, raw, removed, cut)
            if value:
                cells[row, column] = Cell(row, column, value)
        meter.cells(len(cells) - before)
    return cells


def _records(text: str, delimiter: str, notes: Notes) -> list[list[str]]:
    """The rows of fields. A quoted field that never ends swallows all rows after it, the last one too."""
    try:
        stream = io.StringIO(text.rstrip("\r\n") + "\n" + _LAST_ROW, newline="")
        records = list(csv.reader(stream, delimiter=delimiter))
        if records[-1] == [_LAST_ROW]:
            return records[:-1]
    except csv.Error:
        # A field longer than the reader takes is as a rule one whose quotation mark is never closed.
        pass
    notes.file(
        "error",
        "quotes_unbalanced",
        "A quotation mark in the file is never closed, so the rows were divided at every line break and "
        "delimiter: check the rows that hold quotation marks.",
    )
    return [line.split(delimiter) for line in text.splitlines()]
