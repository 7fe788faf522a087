"""Quotes made for the tests: small workbooks of other vendors, languages, layouts and faults."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping as MappingABC
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook as Book
from openpyxl.worksheet.worksheet import Worksheet

from desktop_app.exchange.quotes import Mapping, Quote, understand
from desktop_app.exchange.quotes.model import Block
from desktop_app.exchange.reading import read_workbook_here

TODAY = dt.date(2026, 10, 15)
Rows = Sequence[Sequence[object]]


def fill(sheet: Worksheet, rows: Rows, formats: MappingABC[str, str] | None = None) -> None:
    """Write rows from A1 on; `formats` are number formats by column letter, for numbers only."""
    for r, row in enumerate(rows, 1):
        for c, value in enumerate(row, 1):
            if value is None:
                continue
            cell = sheet.cell(r, c, value)
            if isinstance(value, str):
                cell.data_type = "s"
            elif formats and cell.column_letter in formats and isinstance(value, int | float):
                cell.number_format = formats[cell.column_letter]


def xlsx(
    path: Path,
    rows: Rows,
    *,
    name: str = "Sheet1",
    formats: MappingABC[str, str] | None = None,
    more: MappingABC[str, Rows] | None = None,
    hidden_rows: Sequence[int] = (),
    hidden_columns: Sequence[str] = (),
    merges: Sequence[str] = (),
) -> Path:
    """A workbook of one filled sheet, and more of them where given."""
    book = Book()
    sheet = book.active
    sheet.title = name
    fill(sheet, rows, formats)
    for row in hidden_rows:
        sheet.row_dimensions[row].hidden = True
    for column in hidden_columns:
        sheet.column_dimensions[column].hidden = True
    for merge in merges:
        sheet.merge_cells(merge)
    for title, other in (more or {}).items():
        fill(book.create_sheet(title), other, formats)
    book.save(path)
    return path


def text_file(path: Path, rows: Rows, delimiter: str = ";", encoding: str = "utf-8") -> Path:
    """A delimited text file."""
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerows([["" if v is None else v for v in row] for row in rows])
    return path


def quote(path: Path, answers: Mapping | None = None, today: dt.date = TODAY) -> Quote:
    """The file read and understood."""
    return understand(read_workbook_here(path), today=today, answers=answers)


def kinds(block: Block) -> dict[int, str]:
    """Kind of each line by row."""
    return {line.row: line.kind for line in block.lines}


def column(block: Block, name: str) -> dict[int, Any]:
    """One field of each line by row, numbers as floats."""
    found = {}
    for line in block.lines:
        value = getattr(line, name)
        found[line.row] = float(value) if hasattr(value, "as_tuple") else value
    return found


def flags(found: Quote) -> set[tuple[str, str]]:
    """Code and cell of every issue."""
    return {(issue.code, issue.cell) for issue in found.issues}


def asked(found: Quote) -> set[tuple[str, str]]:
    """Code and cell of every open question."""
    return {(issue.code, issue.cell) for issue in found.questions}
