"""Our own readers against openpyxl and calamine, cell by cell, on every sample quote."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from desktop_app.exchange.reading import Sheet, Workbook, column_letter, read_workbook_here

QUOTES = Path(__file__).parents[2] / "data" / "quotes"
SAMPLES = sorted(path for path in QUOTES.iterdir() if path.suffix not in (".json", ".md"))
OOXML = [path for path in SAMPLES if path.suffix in (".xlsx", ".xlsm") and "strict" not in path.name]


def _plain(value: Any) -> Any:
    """A value without what two readers may rightly say differently."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, dt.time())
    if isinstance(value, str):
        signs = {"_x0007_": "", "_x000B_": " ", "\x07": "", "\x0b": " ", "\u200b": "", "\r": ""}
        for sign, instead in signs.items():
            value = value.replace(sign, instead)
    return value


def _sheet(workbook: Workbook, name: str) -> Sheet:
    return next(sheet for sheet in workbook.sheets if sheet.name == name)


def test_every_sample_is_there() -> None:
    assert len(SAMPLES) == 18


@pytest.mark.parametrize("path", OOXML, ids=lambda path: path.name)
def test_equals_openpyxl(path: Path) -> None:
    workbook = read_workbook_here(path)
    values = openpyxl.load_workbook(path, data_only=True)
    formulas = openpyxl.load_workbook(path)
    assert [sheet.name for sheet in workbook.sheets] == values.sheetnames
    for worksheet in values.worksheets:
        sheet = _sheet(workbook, worksheet.title)
        assert sheet.hidden == (worksheet.sheet_state != "visible")
        seen = 0
        for row in worksheet.iter_rows() if worksheet.max_row < 100_000 else [worksheet._cells.values()]:
            for theirs in row:
                as_formula = formulas[worksheet.title].cell(theirs.row, theirs.column)
                is_formula = as_formula.data_type == "f"
                if theirs.value in (None, "") and not is_formula:
                    assert (theirs.row, theirs.column) not in sheet.cells
                    continue
                seen += 1
                ours = sheet.cells[theirs.row, theirs.column]
                if ours.error is not None:
                    assert ours.error == theirs.value
                else:
                    assert _plain(ours.value) == _plain(theirs.value), (theirs.coordinate, ours)
                    assert type(ours.value) is not bool or type(theirs.value) is bool
                assert ours.number_format == theirs.number_format
                assert ours.bold == bool(theirs.font.b)
                assert ours.indent == int(theirs.alignment.indent)
                assert ("=" + ours.formula if ours.formula else None) == (
                    as_formula.value if is_formula else None
                )
        assert seen == len(sheet.cells)
        merges = {
            f"{column_letter(merge.left)}{merge.top}:{column_letter(merge.right)}{merge.bottom}"
            for merge in sheet.merges
        }
        assert merges == {str(merge) for merge in worksheet.merged_cells.ranges}
        hidden = {row for row, dimension in worksheet.row_dimensions.items() if dimension.hidden}
        assert sheet.hidden_rows == {row for row in hidden if row <= sheet.max_row}


@pytest.mark.parametrize(
    "path", [path for path in SAMPLES if path.suffix != ".csv"], ids=lambda path: path.name
)
def test_equals_calamine(path: Path) -> None:
    workbook = read_workbook_here(path)
    with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
        assert [sheet.name for sheet in workbook.sheets] == book.sheet_names
        for sheet in workbook.sheets:
            theirs = book.get_sheet_by_name(sheet.name)
            if theirs.total_height > 100_000:
                continue
            seen = 0
            for row, values in enumerate(theirs.to_python(skip_empty_area=False), 1):
                for column, value in enumerate(values, 1):
                    if value == "":
                        continue
                    seen += 1
                    ours = sheet.cells[row, column].value
                    assert _plain(ours) == _plain(value), (sheet.name, row, column)
            filled = [cell for cell in sheet.cells.values() if cell.value is not None and cell.value != ""]
            assert seen == len(filled)


def test_formats_of_the_currency_samples() -> None:
    pounds = read_workbook_here(QUOTES / "a09_wexcombe_services.ods").sheets[0].cells[15, 5]
    assert pounds.number_format is not None
    assert "£" in pounds.number_format
    assert (pounds.value, pounds.formula) == (1150, None)
    old = read_workbook_here(QUOTES / "a02_meridian_fabric.xls").sheets[0]
    assert old.hidden_columns == {8, 9}
    assert any(isinstance(cell.value, str) and cell.value.startswith("  ") for cell in old.cells.values())
    assert any(cell.bold for cell in old.cells.values())
    assert {sheet.hidden_rows for sheet in read_workbook_here(QUOTES / "a18_dunmore_storage.xls").sheets} == {
        frozenset({67}),
        frozenset(),
    }


def test_only_the_samples_with_faults_have_findings() -> None:
    codes = {
        path.name[:3]: sorted({finding.code for finding in read_workbook_here(path).findings})
        for path in SAMPLES
    }
    assert {name: found for name, found in codes.items() if found} == {
        "a02": ["hidden_columns"],
        "a04": ["hidden_sheet"],
        "a12": ["control_characters"],
        "a14": ["formula_without_value"],
        "a17": ["hidden_columns", "hidden_rows"],
        "a18": ["hidden_rows"],
    }
