"""The linter finds each fault where it is, and nothing in a workbook without faults."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from desktop_app.engine.compute import compute
from desktop_app.engine.model import Case, CostLine, Driver, Plan, Scenario, Settings, Table
from desktop_app.exchange.reading import Limits, UnreadableFile
from desktop_app.exchange.reading.grid import column_letter
from desktop_app.exchange.workbook.export import export
from desktop_app.exchange.workbook.lint import LintFinding, lint, lint_here
from tests.libreoffice import LibreOffice

MONTHS = 8
LAST = column_letter(4 + MONTHS)  # months stand in E and the columns after it


def _model() -> openpyxl.Workbook:
    """A small model by the book: an input in Inputs, one formula along each row, a total per row."""
    book = openpyxl.Workbook()
    inputs = book.active
    inputs.title = "Inputs"
    inputs.append(["Price", "USD", 250])
    inputs.append(["Growth", "%", 0.02])
    inputs.append(["Months in a quarter", "", 3])
    sheet = book.create_sheet("Model")
    sheet["A1"] = "Small model"
    sheet["A2"], sheet["B2"] = "Month", "number"
    sheet["A3"], sheet["B3"] = "Index", "x"
    sheet["A4"], sheet["B4"] = "Cost", "USD"
    sheet["A5"], sheet["B5"] = "Cumulative", "USD"
    for column in range(5, 5 + MONTHS):
        here, before = column_letter(column), column_letter(column - 1)
        sheet[f"{here}2"] = f"=N({before}2)+1"
        sheet[f"{here}3"] = f"=(1+Inputs!$C$2)^({here}2-1)"
        sheet[f"{here}4"] = f"=ROUND(Inputs!$C$1*{here}3,2)"
        sheet[f"{here}5"] = f"=SUM($E4:{here}4)"
    sheet["C4"] = f"=SUM(E4:{LAST}4)"
    return book


def _save(book: openpyxl.Workbook, path: Path) -> Path:
    book.save(path)
    return path


def _found(path: Path) -> list[tuple[str, str, str]]:
    """(rule, sheet, cell), without the stored values that openpyxl cannot write."""
    return [(f.rule, f.sheet, f.cell) for f in lint_here(path) if f.rule != "no-stored-value"]


def test_a_model_by_the_book_has_no_finding(tmp_path: Path, libreoffice: LibreOffice) -> None:
    path = libreoffice.recalculate(_save(_model(), tmp_path / "good.xlsx"))
    assert lint(path) == []


Fault = Callable[[openpyxl.Workbook, Worksheet], None]


def _set(cell: str, value: object) -> Fault:
    def change(book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet[cell] = value

    return change


def _hide_sheet(state: str) -> Fault:
    def change(book: openpyxl.Workbook, sheet: Worksheet) -> None:
        book["Inputs"].sheet_state = state

    return change


def _hide_rows(book: openpyxl.Workbook, sheet: Worksheet) -> None:
    for row in (3, 4):
        sheet.row_dimensions[row].hidden = True
    sheet.row_dimensions[90].hidden = True


def _hide_columns(book: openpyxl.Workbook, sheet: Worksheet) -> None:
    sheet.column_dimensions["B"].hidden = True


def _merge(cells: str) -> Fault:
    def change(book: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet.merge_cells(cells)

    return change


def _name(name: str, text: str, hidden: bool = False) -> Fault:
    def change(book: openpyxl.Workbook, sheet: Worksheet) -> None:
        book.defined_names[name] = DefinedName(name, attr_text=text, hidden=hidden)

    return change


def _array(book: openpyxl.Workbook, sheet: Worksheet) -> None:
    sheet["E9"] = ArrayFormula("E9:G9", "=TRANSPOSE(Inputs!$C$1:$C$3)")


def _iterate(book: openpyxl.Workbook, sheet: Worksheet) -> None:
    book.calculation.iterate = True


def _manual(book: openpyxl.Workbook, sheet: Worksheet) -> None:
    book.calculation.calcMode = "manual"


def _ring(book: openpyxl.Workbook, sheet: Worksheet) -> None:
    sheet["E9"], sheet["G9"] = "=Inputs!E1", "=E9+1"
    book["Inputs"]["E1"] = "=Model!G9"


FAULTS: list[tuple[Fault, list[tuple[str, str, str]]]] = [
    (_set("C9", "=E4*1.07"), [("hard-coded-number", "Model", "C9")]),
    (_set("C9", "=E4*5%"), [("hard-coded-number", "Model", "C9")]),
    (_set("C9", "=E4*-3"), [("hard-coded-number", "Model", "C9")]),
    (_set("C9", "=SUMPRODUCT(E4:G4,{2,3,5})"), [("hard-coded-number", "Model", "C9")]),
    (_set("C9", '=IF(E4=12,-1,"3 x 4.5")'), []),
    (_set("C9", "=IFERROR(IRR(E4:H4,0.2),INDEX(E4:H4,MAX(1,N(E2)+2)))"), []),
    (_set("C9", "=LOG10(E4)+ROUND(E4,3)+MATCH(E4,E2:G2,0)"), []),
    (_set("H4", "=ROUND(Inputs!$C$1*H3,2)+G3"), [("inconsistent-row", "Model", "H4")]),
    (_set("H5", "=SUM($F4:H4)"), [("inconsistent-row", "Model", "H5")]),
    (_set("E4", "=Inputs!$C$1"), [("inconsistent-row", "Model", "E4")]),
    (_set(f"{LAST}4", "=Inputs!$C$1"), [("inconsistent-row", "Model", f"{LAST}4")]),
    (_set(f"{column_letter(5 + MONTHS)}4", f"=SUM(E4:{LAST}4)"), []),
    (_set("H4", 255), [("overwritten-formula", "Model", "H4")]),
    (_set("C9", "=OFFSET(E4,0,1)"), [("volatile-function", "Model", "C9")]),
    (_set("C9", '=INDIRECT("E4")+NOW()+RAND()'), [("volatile-function", "Model", "C9")]),
    (_set("C9", "=[1]Prices!$A$1"), [("external-link", "Model", "C9")]),
    (_set("C9", "='C:\\deals\\[old.xlsx]Prices 2026'!A1"), [("external-link", "Model", "C9")]),
    (_set("C9", "=SUM(E4:#REF!)"), [("broken-reference", "Model", "C9")]),
    (_set("C9", "#DIV/0!"), [("error-cell", "Model", "C9")]),
    (_set("C9", "=_xlfn.XLOOKUP(E4,E4:G4,E5:G5)"), [("newer-function", "Model", "C9")]),
    (_set("C9", "=_xlfn._xlws.FILTER(E4:G4,E5:G5)"), [("newer-function", "Model", "C9")]),
    (_set("C9", "=IFS(E4>0,1)"), [("newer-function", "Model", "C9")]),
    (_set("C9", "=C9+1"), [("circular-reference", "Model", "C9")]),
    (_set("C9", "=SUM(C4:C9)"), [("circular-reference", "Model", "C9")]),
    (_set("C9", "=ROW(C9)+COLUMNS(A9:C9)"), []),
    (_ring, [("circular-reference", "Inputs", "E1")]),
    (_hide_sheet("hidden"), [("hidden-sheet", "Inputs", "")]),
    (_hide_sheet("veryHidden"), [("hidden-sheet", "Inputs", "")]),
    (_hide_rows, [("hidden-rows", "Model", "3:4")]),
    (_hide_columns, [("hidden-columns", "Model", "B:B")]),
    (_merge("A1:F1"), []),
    (_merge("C4:D4"), [("merged-calculation", "Model", "C4:D4")]),
    (_name("costs", "Model!$E$4:$G$4"), [("defined-name", "", "")]),
    (_name("price", "Inputs!$C$1"), []),
    (_name("gone", "#REF!"), [("defined-name", "", "")]),
    (_name("late", "OFFSET(Inputs!$C$1,1,0)"), [("defined-name", "", "")]),
    (_name("secret", "Inputs!$C$1", hidden=True), [("defined-name", "", "")]),
    (_name("foreign", "[1]Prices!$A$1"), [("external-link", "", "")]),
    (_array, [("array-formula", "Model", "E9:G9")]),
    (_iterate, [("iterative-calculation", "", "")]),
    (_manual, [("manual-calculation", "", "")]),
]


@pytest.mark.parametrize(("fault", "expected"), FAULTS)
def test_each_fault_is_found_where_it_is(
    tmp_path: Path, fault: Fault, expected: list[tuple[str, str, str]]
) -> None:
    book = _model()
    fault(book, book["Model"])
    assert _found(_save(book, tmp_path / "faulty.xlsx")) == expected


def test_findings_name_the_cells_in_words(tmp_path: Path) -> None:
    book = _model()
    book["Model"]["H4"] = "=Inputs!$C$1*1.5"
    (hard, odd) = [f for f in lint_here(_save(book, tmp_path / "x.xlsx")) if f.rule != "no-stored-value"]
    assert hard == LintFinding(
        "warning",
        "hard-coded-number",
        "Model",
        "H4",
        "The formula holds 1.5: put it into an input cell with a label, and refer to that.",
    )
    assert odd.severity == "error"
    assert "=Inputs!$C$1*1.5" in odd.message
    assert "in E4" in odd.message


def test_the_same_fault_along_a_row_is_one_finding(tmp_path: Path) -> None:
    book = _model()
    for column in range(5, 5 + MONTHS):
        for row in (7, 8):
            book["Model"].cell(row, column).value = f"={column_letter(column)}4*1.2"
    assert _found(_save(book, tmp_path / "x.xlsx")) == [("hard-coded-number", "Model", f"E7:{LAST}8")]


def test_allowed_numbers_are_data(tmp_path: Path) -> None:
    book = _model()
    book["Model"]["C9"] = "=E4*1.07"
    path = _save(book, tmp_path / "x.xlsx")
    assert [f.rule for f in lint_here(path, frozenset({1.07, 1.0}))] == ["no-stored-value"]


def test_a_table_with_one_formula_down_each_column(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Item", "Quantity", "Price", "Net", "Tax", "Gross"])
    for row in range(2, 20):
        sheet.append([f"Item {row}", row, 10.5, f"=B{row}*C{row}", f"=D{row}*$H$1", f"=D{row}+E{row}"])
    sheet["D20"] = "=SUM(D2:D19)"
    assert _found(_save(book, tmp_path / "clean.xlsx")) == []
    sheet["D9"] = 94.5
    sheet["F12"] = "=D12+E11"
    sheet["F15"] = "=$H$2"
    assert _found(_save(book, tmp_path / "faulty.xlsx")) == [
        ("overwritten-formula", book.active.title, "D9"),
        ("inconsistent-column", book.active.title, "F12"),
    ]


def test_formulas_without_stored_values_are_counted_for_each_sheet(tmp_path: Path) -> None:
    (finding,) = lint_here(_save(_model(), tmp_path / "x.xlsx"))
    assert (finding.rule, finding.sheet, finding.cell) == ("no-stored-value", "Model", "E2")
    assert f"{4 * MONTHS + 1} formulas" in finding.message


def test_shared_formulas_are_seen_in_each_cell(tmp_path: Path) -> None:
    path = tmp_path / "shared.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    for column in range(1, 9):
        sheet.cell(1, column).value = column
    sheet["A2"] = "=A1*2"
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    cells = '<c r="A2"><f t="shared" ref="A2:H2" si="0">A1*2</f><v>2</v></c>' + "".join(
        f'<c r="{column_letter(column)}2"><f t="shared" si="0"/><v>{2 * column}</v></c>'
        for column in range(2, 9)
    )
    part = "xl/worksheets/sheet1.xml"
    text = members[part].decode()
    start = text.index('<c r="A2"')
    end = text.index("</row>", start)
    members[part] = (text[:start] + cells + text[end:]).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert [(f.rule, f.cell) for f in lint_here(path)] == [("hard-coded-number", "A2:H2")]


def test_macros_and_links_to_other_files(tmp_path: Path) -> None:
    path = _save(_model(), tmp_path / "x.xlsx")
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    members["xl/vbaProject.bin"] = b"macro"
    rels = members["xl/_rels/workbook.xml.rels"].decode()
    members["xl/_rels/workbook.xml.rels"] = rels.replace(
        "</Relationships>",
        f'<Relationship Id="rX" Type="{kinds}/externalLink" Target="externalLinks/externalLink1.xml"/>'
        "</Relationships>",
    ).encode()
    members["xl/externalLinks/externalLink1.xml"] = b"<externalLink/>"
    members["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{kinds}/externalLinkPath" Target="file:///C:/deals/old.xlsx" '
        'TargetMode="External"/></Relationships>'
    ).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    found = [f for f in lint_here(path) if f.rule != "no-stored-value"]
    assert [f.rule for f in found] == ["macros", "external-link"]
    assert "C:/deals/old.xlsx" in found[1].message


def test_a_stored_value_beside_each_formula_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("S")
    sheet.write_formula(0, 0, "=1+1", None, 2)
    sheet.write_formula(0, 1, '="yes"', None, "yes")
    sheet.write_formula(0, 2, "=1=1", None, True)
    book.close()
    assert lint_here(path) == []


def test_what_is_no_workbook_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(UnreadableFile, match="save it as"):
        lint(path)
    bad = tmp_path / "x.xlsx"
    bad.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(UnreadableFile, match="damaged"):
        lint(bad)
    with pytest.raises(UnreadableFile, match="does not exist"):
        lint(tmp_path / "none.xlsx")
    many = io.BytesIO()
    _model().save(many)
    (tmp_path / "many.xlsx").write_bytes(many.getvalue())
    with pytest.raises(UnreadableFile, match="filled cells"):
        lint(tmp_path / "many.xlsx", limits=Limits(cells=10))


def test_quotes_of_vendors_can_be_linted(tmp_path: Path) -> None:
    quotes = sorted((Path(__file__).parents[2] / "data" / "quotes").glob("*.xls[xm]"))
    assert len(quotes) > 5
    for path in quotes:
        if "strict" not in path.name:
            for finding in lint_here(path):
                assert finding.severity in ("error", "warning")
                assert finding.message.endswith(".")


OWN = Plan(
    "Linted",
    Settings(months=30, fiscal_year_start=4, discount_rate="wacc", hours="730"),
    drivers=(
        Driver("wacc", "%", "9%"),
        Driver("gpus", "GPU", "64"),
        Driver("per_server", "GPU/server", "8"),
        Driver("servers", "server", "ROUNDUP(gpus/per_server,0)"),
        Driver("used", "GPU*hour/month", "gpus*HOURS()*60%*GROWTH(5%)"),
        Driver("need", "GPU", "0", series=(8, 16, 24)),
        Driver("wage", "EUR/FTE", 'LOOKUP("wages","senior","salary")'),
    ),
    scenarios=(
        Scenario(
            "Own",
            lines=(
                CostLine(
                    "Servers",
                    "purchase",
                    "Compute",
                    {"quantity": "servers", "unit_price": "280k", "life": "48"},
                ),
                CostLine(
                    "Fleet", "fleet", "Compute", {"required": "need", "unit_price": "30k", "life": "24"}
                ),
                CostLine("Support", "recurring", "Support", {"unit_price": '5%*TOTAL("capex","Compute")'}),
                CostLine(
                    "Ops", "staff", "People", {"fte": "1.5 FTE", "salary": "wage", "hiring_cost": "9k EUR"}
                ),
                CostLine("Fibre", "lease", "Network", {"principal": "500000", "apr": "6%", "term": "24"}),
            ),
        ),
        Scenario("Own, larger", based_on="Own", drivers={"gpus": "96"}),
        Scenario(
            "Cloud", lines=(CostLine("On demand", "usage", "Cloud", {"quantity": "used", "unit_price": "3"}),)
        ),
    ),
    cases=(Case("more", {"wacc": "12%"}),),
    tables=(Table("wages", ("salary",), (("senior", (90_000.0,)),)),),
    fx={"EUR": "1.1"},
    measures={"gpu_hours_used": "used"},
    baseline="Own",
    preferred="Cloud",
)


def test_our_own_exports_have_no_finding(tmp_path: Path) -> None:
    result = compute(OWN, cases=("", "more"))
    assert [one.name for one in result.scenarios if one.program is None] == []
    export(result, tmp_path / "pack.xlsx")
    assert lint(tmp_path / "pack.xlsx") == []


def test_a_scenario_with_a_value_of_its_own_beside_links_to_the_plan_is_no_fault(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["gpus", 64, "=$B1", "=$B1", 96, "=$B1"])
    assert _found(_save(book, tmp_path / "x.xlsx")) == []
    sheet.append(["price", "=B1*$H$1", "=C1*$H$1", "=D1*$H$1", 96, "=F1*$H$1"])
    assert _found(_save(book, tmp_path / "x.xlsx")) == [("overwritten-formula", sheet.title, "E2")]


def test_a_scenario_whose_value_is_computed_elsewhere_is_no_fault(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    book.create_sheet("Own").append([1.5])
    sheet.append(["growth", 0.25, "=$B1", "=$B1", "=Own!$A$1", "=$B1"])
    assert _found(_save(book, tmp_path / "x.xlsx")) == []
    book.create_sheet("It's own").append([1.5])
    sheet["E1"] = "='It''s own'!$A$1"
    assert _found(_save(book, tmp_path / "x.xlsx")) == []
    sheet["E1"] = "=Own!$A$1*$B1"
    assert _found(_save(book, tmp_path / "x.xlsx")) == [("inconsistent-row", sheet.title, "E1")]
