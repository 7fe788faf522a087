"""Workbooks that LibreOffice saved as .xls and .ods, and what only hand-made ones hold."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font

from desktop_app.exchange.reading import Merge, Workbook, read_workbook_here
from tests.data.hostile import generators
from tests.libreoffice import LibreOffice


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = openpyxl.Workbook()
    quote = book.active
    assert quote is not None
    quote.title = "Quote"
    for row in (
        ["Item", "Qty", "Unit price", "Amount", "Date"],
        ["00123", 4, 1234.5, "=B2*C2", dt.date(2026, 10, 1)],
        ["Rail kit", 8, 55, '=IF(B3>0,B3*C3,"")', dt.datetime.fromisoformat("2026-10-02T08:30")],
        ["Hidden", 1, 7, "=1/0", True],
        ["Text that looks like a sum", None, None, None, None],
    ):
        quote.append(row)
    quote["A6"].value = "=1+1"
    quote["A6"].data_type = "s"
    for cell in ("C2", "C3", "D2"):
        quote[cell].number_format = "[$€-407] #,##0.00;[RED]-[$€-407] #,##0.00"
    quote["B2"].number_format = "0%"
    quote["E2"].number_format = "yyyy\\-mm\\-dd"
    quote["E3"].number_format = "dd/mm/yyyy hh:mm"
    quote["A2"].font = Font(bold=True)
    quote["A3"].alignment = Alignment(indent=2)
    quote["A2"].comment = Comment("with rails", "Sales")
    quote.row_dimensions[4].hidden = True
    quote.column_dimensions["B"].hidden = True
    quote.merge_cells("A5:C5")
    secret = book.create_sheet("Costs")
    secret["A1"] = 1
    secret.sheet_state = "hidden"
    path = tmp_path_factory.mktemp("original") / "quote.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module", params=["xls", "ods", "xlsx"])
def converted(request: pytest.FixtureRequest, original: Path, libreoffice: LibreOffice) -> Workbook:
    filters = {"xls": "xls:MS Excel 97", "ods": "ods:calc8", "xlsx": "xlsx:Calc MS Excel 2007 XML"}
    folder = original.parent / request.param
    folder.mkdir()
    path = libreoffice._convert(original, filters[request.param], f".{request.param}", folder)
    return read_workbook_here(path)


@pytest.mark.libreoffice
def test_values(converted: Workbook) -> None:
    cells = converted.sheets[0].cells
    assert [cells[2, column].value for column in range(1, 6)] == [
        "00123",
        4,
        1234.5,
        4938,
        dt.date(2026, 10, 1),
    ]
    assert [cells[3, column].value for column in range(1, 6)] == [
        "Rail kit",
        8,
        55,
        440,
        dt.datetime.fromisoformat("2026-10-02T08:30"),
    ]
    assert cells[4, 5].value is True
    assert cells[4, 4].error == "#DIV/0!"
    assert cells[4, 4].value is None
    assert (cells[6, 1].value, cells[6, 1].formula) == ("=1+1", None)


@pytest.mark.libreoffice
def test_formats_and_looks(converted: Workbook) -> None:
    cells = converted.sheets[0].cells
    for place in ((2, 3), (3, 3), (2, 4)):
        assert "€" in (cells[place].number_format or "")
    assert (cells[2, 2].number_format or "").endswith("%")
    assert [cells[row, 1].bold for row in (2, 3)] == [True, False]
    assert [cells[row, 1].indent for row in (2, 3)] == [0, 2]
    assert (cells[2, 1].comment or "").endswith("with rails")


@pytest.mark.libreoffice
def test_formulas_where_the_format_shows_them(converted: Workbook) -> None:
    cells = converted.sheets[0].cells
    if converted.format == "xls":
        assert cells[2, 4].formula is None
    else:
        assert [cells[row, 4].formula for row in (2, 3, 4)] == ["B2*C2", 'IF(B3>0,B3*C3,"")', "1/0"]


@pytest.mark.libreoffice
def test_hidden_and_merged(converted: Workbook) -> None:
    first, second = converted.sheets
    assert [first.name, second.name] == ["Quote", "Costs"]
    assert (first.hidden, second.hidden) == (False, True)
    assert first.hidden_rows == {4}
    assert first.hidden_columns == {2}
    assert first.merges == (Merge(5, 1, 5, 3),)
    assert {finding.code for finding in converted.findings} == {
        "error_value",
        "hidden_rows",
        "hidden_columns",
        "hidden_sheet",
    }


def _cell(attributes: str, content: str = "") -> str:
    return f"<table:table-cell {attributes}>{content}</table:table-cell>"


def _row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def test_ods_repeats_spaces_and_notes(tmp_path: Path) -> None:
    text = (
        '<text:p>two<text:s text:c="3"/>words<text:tab/>'
        "<text:span>in <text:span>one</text:span></text:span> line</text:p>"
    )
    note = "<office:annotation><text:p>a note</text:p></office:annotation>"
    path = generators.ods(
        tmp_path / "quote.ods",
        _row(
            _cell('office:value-type="string"', note + text + "<text:p>next</text:p>"),
            _cell(
                'table:number-columns-repeated="2" office:value-type="float" office:value="7"',
                "<text:p>7</text:p>",
            ),
        )
        + _row(_cell(""), attributes='table:number-rows-repeated="3"')
        + _row(
            _cell('office:value-type="float" office:value="2"'),
            attributes='table:number-rows-repeated="2" table:visibility="collapse"',
        ),
    )
    sheet = read_workbook_here(path).sheets[0]
    assert sheet.cells[1, 1].value == "two   words\tin one line\nnext"
    assert sheet.cells[1, 1].comment == "a note"
    assert {place: cell.value for place, cell in sheet.cells.items() if place != (1, 1)} == {
        (1, 2): 7,
        (1, 3): 7,
        (5, 1): 2,
        (6, 1): 2,
    }
    assert all((cell.row, cell.column) == place for place, cell in sheet.cells.items())
    assert sheet.hidden_rows == {5, 6}


@pytest.mark.parametrize(
    ("attributes", "shown", "value", "error", "code"),
    [
        ('office:value-type="float" office:value="NaN"', "", None, "NaN", "error_value"),
        ('office:value-type="float" office:value="x"', "x", "x", None, "bad_number"),
        ('office:value-type="date" office:date-value="2026-13-45"', "soon", "soon", None, "bad_date"),
        (
            'office:value-type="date" office:date-value="1899-12-30"',
            "",
            dt.date(1899, 12, 30),
            None,
            "date_out_of_range",
        ),
        (
            'office:value-type="time" office:time-value="PT30H05M00S"',
            "",
            dt.timedelta(hours=30, minutes=5),
            None,
            None,
        ),
        ('office:value-type="boolean" office:boolean-value="true"', "TRUE", True, None, None),
        ('table:formula="of:=[.B1]"', "", None, None, "formula_without_value"),
        (
            'table:formula="of:=1/0" office:value-type="string" calcext:value-type="error"',
            "#DIV/0!",
            None,
            "#DIV/0!",
            "error_value",
        ),
    ],
)
def test_ods_one_cell(
    attributes: str, shown: str, value: object, error: str | None, code: str | None, tmp_path: Path
) -> None:
    path = generators.ods(
        tmp_path / "quote.ods", _row(_cell(attributes, f"<text:p>{shown}</text:p>" if shown else ""))
    )
    workbook = read_workbook_here(path)
    cell = workbook.sheets[0].cells[1, 1]
    assert (cell.value, cell.error) == (value, error)
    assert [finding.code for finding in workbook.findings] == ([code] if code else [])


def test_ods_currency_without_a_format(tmp_path: Path) -> None:
    path = generators.ods(
        tmp_path / "quote.ods",
        _row(
            _cell(
                'office:value-type="currency" office:currency="CHF" office:value="12.5"',
                "<text:p>12.50</text:p>",
            )
        ),
    )
    cell = read_workbook_here(path).sheets[0].cells[1, 1]
    assert (cell.value, cell.number_format) == (12.5, "[$CHF] #,##0.00")
