"""What .xlsx files may hold, one oddity at a time: a bad cell costs itself, never the workbook."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font

from desktop_app.exchange.reading import Cell, Merge, Sheet, UnreadableFile, Workbook, read_workbook_here
from tests.data.hostile.generators import STRICT, TRANSITIONAL, parts, sheet, write

STYLES = (
    f'<styleSheet xmlns="{TRANSITIONAL}"><numFmts><numFmt numFmtId="200" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="201" formatCode="[h]:mm"/>'
    '<numFmt numFmtId="202" formatCode="[$€-407] #,##0.00"/></numFmts>'
    '<fonts><font/><font><b/></font><font><b val="0"/></font></fonts>'
    "<cellXfs>"
    '<xf numFmtId="0"/><xf numFmtId="200"/><xf numFmtId="201"/>'
    '<xf numFmtId="202" fontId="1"><alignment indent="3"/></xf>'
    '<xf numFmtId="18" fontId="2"/></cellXfs></styleSheet>'
)


def _read(tmp_path: Path, cells: str, **options: object) -> tuple[Sheet, Workbook]:
    options.setdefault("styles", STYLES)
    path = sheet(tmp_path / "quote.xlsx", f'<row r="1">{cells}</row>', **options)
    workbook = read_workbook_here(path)
    return workbook.sheets[0], workbook


def _codes(workbook: Workbook) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.cell) for finding in workbook.findings]


@pytest.mark.parametrize(
    ("xml", "value", "error", "code"),
    [
        ('<c r="A1"><v>12</v></c>', 12, None, None),
        ('<c r="A1"><v>12.50</v></c>', 12.5, None, None),
        ('<c r="A1"><v> 12 </v></c>', 12.0, None, None),
        ('<c r="A1"><v>1E3</v></c>', 1000.0, None, None),
        ('<c r="A1"><v>-0.049000000000000002</v></c>', -0.049, None, None),
        ('<c r="A1"><v>NaN</v></c>', None, "NaN", "error_value"),
        ('<c r="A1"><v>INF</v></c>', None, "INF", "error_value"),
        ('<c r="A1"><v>1e999</v></c>', None, "1e999", "error_value"),
        (f'<c r="A1"><v>{"9" * 5000}</v></c>', None, "9" * 20, "error_value"),
        ('<c r="A1"><v>abc</v></c>', "abc", None, "bad_number"),
        ('<c r="A1"><v>1,5</v></c>', "1,5", None, "bad_number"),
        ('<c r="A1"><v>1_000</v></c>', "1_000", None, "bad_number"),
        ('<c r="A1"><v>٣</v></c>', "٣", None, "bad_number"),
        ('<c r="A1" t="b"><v>1</v></c>', True, None, None),
        ('<c r="A1" t="b"><v>true</v></c>', True, None, None),
        ('<c r="A1" t="b"><v>maybe</v></c>', "maybe", None, "bad_number"),
        ('<c r="A1" t="e"><v>#DIV/0!</v></c>', None, "#DIV/0!", "error_value"),
        ('<c r="A1" t="s"><v>0</v></c>', "Item", None, None),
        ('<c r="A1" t="s"><v>99</v></c>', None, "#MISSING", "error_value"),
        ('<c r="A1" t="s"><v>-1</v></c>', None, "#MISSING", "error_value"),
        ('<c r="A1" t="s"><v>x</v></c>', None, "#MISSING", "error_value"),
        ('<c r="A1" t="str"><v>=1+1</v></c>', "=1+1", None, None),
        ('<c r="A1" t="inlineStr"><is><t>00123</t></is></c>', "00123", None, None),
        ('<c r="A1" t="nonsense"><v>text</v></c>', "text", None, None),
        ('<c r="A1" t="d"><v>2026-10-01</v></c>', dt.date(2026, 10, 1), None, None),
        (
            '<c r="A1" t="d"><v>2026-10-01T08:30:00</v></c>',
            dt.datetime.fromisoformat("2026-10-01T08:30"),
            None,
            None,
        ),
        ('<c r="A1" t="d"><v>2026-13-45</v></c>', "2026-13-45", None, "bad_date"),
        ('<c r="A1" s="1"><v>46296</v></c>', dt.date(2026, 10, 1), None, None),
        ('<c r="A1" s="1"><v>46296.5</v></c>', dt.datetime.fromisoformat("2026-10-01T12:00"), None, None),
        ('<c r="A1" s="1"><v>-5</v></c>', -5.0, None, "date_out_of_range"),
        ('<c r="A1" s="1"><v>1e10</v></c>', 1e10, None, "date_out_of_range"),
        ('<c r="A1" s="1"><v>7</v></c>', dt.date(1900, 1, 7), None, "date_out_of_range"),
        ('<c r="A1" s="2"><v>1.5</v></c>', dt.timedelta(hours=36), None, None),
        ('<c r="A1" s="4"><v>0.75</v></c>', dt.time(18), None, None),
        ('<c r="A1" s="99"><v>5</v></c>', 5, None, "style_missing"),
        ('<c r="A1" s="-1"><v>5</v></c>', 5, None, "style_missing"),
        ('<c r="A1" t="inlineStr"><is><t>a_x0007_b&#x202E;c</t></is></c>', "abc", None, "control_characters"),
        ('<c r="A1" t="inlineStr"><is><t>List_x000D__x000A_Price</t></is></c>', "List\nPrice", None, None),
        (f'<c r="A1" t="inlineStr"><is><t>{"x" * 40_000}</t></is></c>', "x" * 32_767, None, "text_cut"),
    ],
)
def test_one_cell(xml: str, value: object, error: str | None, code: str | None, tmp_path: Path) -> None:
    strings = f'<sst xmlns="{TRANSITIONAL}"><si><t>Item</t></si></sst>'
    read, workbook = _read(tmp_path, xml, strings=strings)
    cell = read.cells[1, 1]
    assert (cell.value, type(cell.value), cell.error) == (value, type(value), error)
    found = [finding.code for finding in workbook.findings]
    assert found == ([code] if code else [])
    if code and code != "style_missing":
        assert workbook.findings[0].cell == "Quote!A1"


def test_style_of_a_cell(tmp_path: Path) -> None:
    read, _ = _read(tmp_path, '<c r="A1" s="3"><v>5</v></c><c r="B1" s="4"><v>5</v></c>')
    assert read.cells[1, 1] == Cell(1, 1, 5, "[$€-407] #,##0.00", bold=True, indent=3)
    assert not read.cells[1, 2].bold


def test_rich_text_without_phonetic_guide(tmp_path: Path) -> None:
    strings = (
        f'<sst xmlns="{TRANSITIONAL}"><si><r><t>見積</t></r><r><rPr><b/></rPr><t>書</t></r>'
        '<rPh sb="0" eb="2"><t>ミツモリ</t></rPh></si></sst>'
    )
    read, _ = _read(tmp_path, '<c r="A1" t="s"><v>0</v></c>', strings=strings)
    assert read.cells[1, 1].value == "見積書"


def test_formulas_with_and_without_values(tmp_path: Path) -> None:
    read, workbook = _read(
        tmp_path,
        '<c r="A1"><f>B1*2</f><v>8</v></c><c r="B1"><f>C1</f></c><c r="C1"><f>D1</f><v></v></c>'
        '<c r="D1" t="str"><f>""</f><v></v></c><c r="E1" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    )
    assert [(cell.formula, cell.value, cell.error) for cell in read.cells.values()] == [
        ("B1*2", 8, None),
        ("C1", None, None),
        ("D1", None, None),
        ('""', "", None),
        ("1/0", None, "#DIV/0!"),
    ]
    assert _codes(workbook) == [
        ("formula_without_value", "Quote!B1"),
        ("formula_without_value", "Quote!C1"),
        ("error_value", "Quote!E1"),
    ]


def test_shared_formulas_read_as_in_each_cell(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="C1"><f t="shared" ref="C1:C3" si="0">A1*$B$1</f><v>1</v></c></row>'
        '<row r="2"><c r="C2"><f t="shared" si="0"/><v>2</v></c></row>'
        '<row r="3"><c r="C3"><f t="shared" si="7"/><v>3</v></c></row>'
    )
    read = read_workbook_here(sheet(tmp_path / "quote.xlsx", rows)).sheets[0]
    assert [read.cells[row, 3].formula for row in (1, 2, 3)] == ["A1*$B$1", "A2*$B$1", None]


def test_cells_without_addresses_and_out_of_order(tmp_path: Path) -> None:
    rows = (
        "<row><c><v>1</v></c><c><v>2</v></c></row>"
        '<row r="5"><c r="D5"><v>4</v></c><c><v>5</v></c><c r="A5"><v>1</v></c></row>'
        '<row r="3"><c r="A3"><v>3</v></c></row><row><c><v>9</v></c></row>'
    )
    read = read_workbook_here(sheet(tmp_path / "quote.xlsx", rows)).sheets[0]
    assert {place: cell.value for place, cell in read.cells.items()} == {
        (1, 1): 1,
        (1, 2): 2,
        (5, 4): 4,
        (5, 5): 5,
        (5, 1): 1,
        (3, 1): 3,
        (4, 1): 9,
    }


def test_places_that_no_sheet_has(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="XFE1"><v>2</v></c><c r="?"><v>3</v></c></row>'
        '<row r="4294967295"><c r="A4294967295"><v>4</v></c></row><row r="0"><c r="A0"><v>5</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>6</v></c></row>'
    )
    workbook = read_workbook_here(sheet(tmp_path / "quote.xlsx", rows))
    assert {place: cell.value for place, cell in workbook.sheets[0].cells.items()} == {
        (1, 1): 1,
        (1_048_576, 16_384): 6,
    }
    assert [finding.code for finding in workbook.findings] == ["cell_outside"] * 4


def test_cell_given_twice(tmp_path: Path) -> None:
    read, workbook = _read(tmp_path, '<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>')
    assert read.cells[1, 1].value == 1
    assert _codes(workbook) == [("cell_twice", "Quote!A1")]


def test_wrong_dimension_hides_nothing(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{row}"><c r="C{row}"><v>{row}</v></c></row>' for row in range(1, 50))
    for dimension in ("A1", "A1:XFD1048576", "nonsense"):
        path = sheet(tmp_path / "quote.xlsx", rows, before=f'<dimension ref="{dimension}"/>')
        assert len(read_workbook_here(path).sheets[0].cells) == 49


@pytest.mark.parametrize("namespace", [TRANSITIONAL, STRICT])
def test_1904_dates_in_both_namespaces(namespace: str, tmp_path: Path) -> None:
    read, _ = _read(
        tmp_path,
        '<c r="A1" s="1"><v>44834</v></c>',
        namespace=namespace,
        workbook='<workbookPr date1904="true"/>',
        styles=STYLES.replace(TRANSITIONAL, namespace),
    )
    assert read.cells[1, 1].value == dt.date(2026, 10, 1)


def test_parts_in_other_case_and_relationships_with_a_leading_slash(tmp_path: Path) -> None:
    made = parts(sheets=[("Quote", "/xl/Worksheets/Sheet1.XML")])
    assert read_workbook_here(write(tmp_path / "quote.xlsx", made)).sheets[0].cells[1, 2].value == 7


def test_merges(tmp_path: Path) -> None:
    many = "".join(f'<mergeCell ref="A{row}:B{row}"/>' for row in range(10, 12_000))
    read, workbook = _read(
        tmp_path,
        '<c r="A1"><v>1</v></c><c r="B1"><v>2</v></c>',
        after='<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="A1:XFD1048576"/><mergeCell ref="C3"/>'
        f'<mergeCell ref="rubbish"/>{many}</mergeCells>',
    )
    assert read.merges[0] == Merge(1, 1, 2, 2)
    assert len(read.merges) == 10_000
    assert read.cells.keys() == {(1, 1)}
    codes = {finding.code: finding.message for finding in workbook.findings}
    assert codes.keys() == {"merge_ignored", "covered_value"}


def test_hidden_things_are_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    quote = book.active
    assert quote is not None
    quote.title = "Quote"
    quote.append(["Item", "Cost", "Price"])
    quote.append(["Server", 100, 120])
    quote.append(["Old server", 90, 110])
    quote.row_dimensions[3].hidden = True
    quote.column_dimensions["B"].hidden = True
    quote["A2"].comment = Comment("ask for\nspares", "Sales")
    quote["D9"].comment = Comment("alone", "Sales")
    quote["A2"].font = Font(bold=True)
    quote["A2"].alignment = Alignment(indent=2)
    secret = book.create_sheet("Template")
    secret["A1"] = 1
    secret.sheet_state = "veryHidden"
    book.save(tmp_path / "quote.xlsx")
    workbook = read_workbook_here(tmp_path / "quote.xlsx")
    read = workbook.sheets[0]
    assert (read.hidden_rows, read.hidden_columns, workbook.sheets[1].hidden) == ({3}, {2}, True)
    assert read.cells[2, 1] == Cell(2, 1, "Server", "General", bold=True, indent=2, comment="ask for\nspares")
    assert read.cells[9, 4] == Cell(9, 4, None, comment="alone")
    assert {finding.code: finding.message for finding in workbook.findings} == {
        "hidden_rows": 'On sheet "Quote" row 3 with content is hidden.',
        "hidden_columns": 'On sheet "Quote" column B with content is hidden.',
        "hidden_sheet": 'Sheet "Template" is hidden and holds 1 filled cell.',
    }


def test_sheet_names(tmp_path: Path) -> None:
    made = parts(
        sheets=[
            ("", "worksheets/sheet1.xml"),
            ("Quote&#x202E;", "worksheets/sheet2.xml"),
            ("QUOTE", "worksheets/sheet3.xml"),
        ]
    )
    for number in (2, 3):
        made[f"xl/worksheets/sheet{number}.xml"] = made["xl/worksheets/sheet1.xml"]
    workbook = read_workbook_here(write(tmp_path / "quote.xlsx", made))
    assert [sheet.name for sheet in workbook.sheets] == ["Sheet 1", "Quote", "QUOTE (2)"]
    assert [finding.code for finding in workbook.findings] == ["sheet_name_twice"]


def test_missing_sheet_beside_a_good_one(tmp_path: Path) -> None:
    made = parts(sheets=[("Quote", "worksheets/sheet1.xml"), ("Lost", "worksheets/sheet7.xml")])
    workbook = read_workbook_here(write(tmp_path / "quote.xlsx", made))
    assert [sheet.name for sheet in workbook.sheets] == ["Quote"]
    assert [(finding.severity, finding.code) for finding in workbook.findings] == [("error", "sheet_missing")]


def test_damaged_styles_do_not_cost_the_values(tmp_path: Path) -> None:
    read, workbook = _read(tmp_path, '<c r="A1" s="1"><v>46296</v></c>', styles="<styleSheet")
    assert read.cells[1, 1].value == 46296
    assert "styles_damaged" in {finding.code for finding in workbook.findings}


@pytest.mark.parametrize("declared", ["UTFUTF-8", "utf-16", "shift_jis", "x\u00e9"])
def test_encoding_that_is_not_so(declared: str, tmp_path: Path) -> None:
    made = parts()
    for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml"):
        head = f'<?xml version="1.0" encoding="{declared}"?>'
        path = write(tmp_path / "quote.xlsx", {**made, part: head + str(made[part])})
        try:
            assert read_workbook_here(path).sheets[0].cells[1, 2].value == 7
        except UnreadableFile as refusal:
            assert "damaged" in str(refusal)


def test_macros_are_named_by_the_format_only(tmp_path: Path) -> None:
    made = {**parts(), "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}
    assert read_workbook_here(write(tmp_path / "quote.xlsx", made)).format == "xlsm"


def test_second_reader_says_so(tmp_path: Path) -> None:
    """A sheet with a stray end tag after its last row: the first reader refuses, the second stops there."""
    made = parts()
    made["xl/worksheets/sheet1.xml"] = str(made["xl/worksheets/sheet1.xml"]) + "<junk>"
    workbook = read_workbook_here(write(tmp_path / "quote.xlsx", made))
    assert workbook.sheets[0].cells[1, 2].value == 7
    assert [(finding.severity, finding.code) for finding in workbook.findings] == [
        ("error", "read_tolerantly")
    ]


def test_too_many_findings_are_counted(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="e"><v>#N/A</v></c></row>' for row in range(1, 1001))
    findings = read_workbook_here(sheet(tmp_path / "quote.xlsx", rows)).findings
    assert len(findings) == 201
    assert findings[-1].message == "800 more of the same kind (error_value) are not listed."


def test_wrong_name_does_not_matter(tmp_path: Path) -> None:
    for name in ("quote.xls", "quote.csv", "quote.ods", "quote", "quote.pdf"):
        workbook = read_workbook_here(sheet(tmp_path / name, '<row r="1"><c r="A1"><v>1</v></c></row>'))
        assert (workbook.file_name, workbook.format) == (name, "xlsx")
        assert len(workbook.sha256) == 64


def test_chart_sheets_are_passed_over(tmp_path: Path) -> None:
    made = parts(sheets=[("Quote", "worksheets/sheet1.xml"), ("Chart", "chartsheets/sheet1.xml")])
    made["xl/_rels/workbook.xml.rels"] = str(made["xl/_rels/workbook.xml.rels"]).replace(
        'worksheet" Target="chartsheets', 'chartsheet" Target="chartsheets'
    )
    made["xl/chartsheets/sheet1.xml"] = "<chartsheet/>"
    workbook = read_workbook_here(write(tmp_path / "quote.xlsx", made))
    assert [sheet.name for sheet in workbook.sheets] == ["Quote"]
    assert not workbook.findings


def test_relationship_to_the_outside_is_never_followed(tmp_path: Path) -> None:
    made = parts(sheets=[("Quote", "http://example.invalid/sheet1.xml")])
    made["xl/_rels/workbook.xml.rels"] = str(made["xl/_rels/workbook.xml.rels"]).replace(
        "<Relationship ", '<Relationship TargetMode="External" '
    )
    with pytest.raises(UnreadableFile, match="no sheet"):
        read_workbook_here(write(tmp_path / "quote.xlsx", made))
