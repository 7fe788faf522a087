"""Workbooks on paper: cells put down one by one, then written as .xlsx, .xls, .ods, or delimited text."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

LONG_AGO = dt.datetime(2026, 11, 1, tzinfo=dt.UTC).replace(tzinfo=None)


@dataclass(slots=True)
class Cell:
    value: Any
    format: str | None = None
    formula: str | None = None
    indent: int = 0


@dataclass(slots=True)
class Sheet:
    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[str] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[str] = field(default_factory=set)
    hidden: bool = False

    def put(
        self, place: str, value: Any, look: str | None = None, formula: str | None = None, indent: int = 0
    ) -> str:
        """Put a value down at a place such as "B7"; the address with the sheet's name comes back."""
        self.cells[xl_cell_to_rowcol(place)] = Cell(value, look, formula, indent)
        return f"{self.name}!{place}"

    def column(self, letter: str, first: int, values: Iterable[Any]) -> None:
        """Values below one another."""
        for number, value in enumerate(values):
            if value is not None:
                self.put(f"{letter}{first + number}", value)

    def merge(self, *places: str) -> None:
        self.merges.extend(places)


def write_xlsx(sheets: list[Sheet], path: Path, *, date_1904: bool = False) -> None:
    """A workbook whose formulas have saved values."""
    book = xlsxwriter.Workbook(str(path), {"date_1904": date_1904, "strings_to_numbers": False})
    book.set_properties({"created": LONG_AGO})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        if sheet.hidden:
            page.hide()
        for row in sheet.hidden_rows:
            page.set_row(row - 1, None, None, {"hidden": True})
        for letter in sheet.hidden_columns:
            page.set_column(f"{letter}:{letter}", None, None, {"hidden": True})
        for place in sheet.merges:
            first = xl_cell_to_rowcol(place.split(":")[0])
            if first in sheet.cells:
                page.merge_range(place, "")
        for (row, column), cell in sorted(sheet.cells.items()):
            look: dict[str, Any] = {}
            if cell.format:
                look["num_format"] = cell.format
            if cell.indent:
                look["indent"] = cell.indent
            form = book.add_format(look) if look else None
            if cell.formula:
                page.write_formula(row, column, cell.formula, form, cell.value)
            elif isinstance(cell.value, dt.date):
                page.write_datetime(row, column, cell.value, form)
            elif isinstance(cell.value, str):
                page.write_string(row, column, cell.value, form)
            elif cell.value is None:
                page.write_blank(row, column, None, form)
            else:
                page.write_number(row, column, float(cell.value), form)
    book.close()


def drop_saved_values(path: Path) -> None:
    """Leave the formulas of a workbook without values, as programs do that do not calculate."""
    book = openpyxl.load_workbook(path)
    book.save(path)


_STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}


def make_strict(path: Path) -> None:
    """Turn the namespaces into those of ISO Strict."""
    with zipfile.ZipFile(path) as old:
        members = [(info, old.read(info)) for info in old.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info, content in members:
            for transitional, strict in _STRICT.items():
                content = content.replace(transitional, strict)
            new.writestr(info, content)


def convert(sheets: list[Sheet], path: Path) -> None:
    """An .xls or .ods of the same cells, written by LibreOffice."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"{path.stem}.xlsx"
        write_xlsx(sheets, source)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        kind = {".xls": "xls:MS Excel 97", ".ods": "ods"}[path.suffix]
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        shutil.copy(Path(folder) / path.name, path)


def write_text(sheet: Sheet, path: Path, delimiter: str = ",", encoding: str = "utf-8") -> None:
    """Delimited text; every cell has to be text already."""
    rows = 1 + max(row for row, _ in sheet.cells)
    columns = 1 + max(column for _, column in sheet.cells)
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
        for row in range(rows):
            line = [sheet.cells.get((row, column)) for column in range(columns)]
            if any(line):
                writer.writerow(["" if cell is None else str(cell.value) for cell in line])
            else:
                file.write("\r\n")


def letter(number: int) -> str:
    """Letter of a column counted from 0."""
    return str(xl_col_to_name(number))
