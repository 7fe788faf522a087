"""The linter on models as people build them: good ones have no finding, each planted slip has its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from desktop_app.exchange.reading.grid import column_letter
from desktop_app.exchange.workbook.lint import lint_here

FIRST, LAST = 5, 16  # the months' columns of the model


def _model() -> openpyxl.Workbook:
    """Inputs, and a year of revenue, tax and a balance that is carried on from month to month."""
    book = openpyxl.Workbook()
    inputs = book.active
    inputs.title = "Inputs"
    for row in (
        ["Price", "USD", 250],
        ["Growth", "%", 0.02],
        ["Tax", "%", 0.25],
        ["Start", "", dt.date(2027, 1, 1)],
        ["Opening", "USD", 1000],
        ["Interest", "%", 0.05],
    ):
        inputs.append(row)
    sheet = book.create_sheet("Model")
    titles = (
        "First day",
        "Month",
        "Index",
        "Revenue",
        "Tax",
        "Net",
        "Opening",
        "Added",
        "Closing",
        "Interest",
    )
    for row, title in enumerate(titles, start=1):
        sheet.cell(row, 1).value = title
    for column in range(FIRST, LAST + 1):
        h, p = column_letter(column), column_letter(column - 1)
        for row, formula in enumerate(
            (
                f"=EDATE(Inputs!$C$4,{h}2-1)",
                f"=N({p}2)+1",
                f"=(1+Inputs!$C$2)^({h}2-1)",
                f"=Inputs!$C$1*{h}3",
                f"={h}4*Inputs!$C$3",
                f"={h}4-{h}5",
                f"=IF({h}2=1,Inputs!$C$5,{p}9)",
                f"={h}6",
                f"={h}7+{h}8",
                f"={h}7*Inputs!$C$6/12",
            ),
            start=1,
        ):
            sheet.cell(row, column).value = formula
    return book


def _along(sheet: Worksheet, row: int, formula: str, columns: range = range(FIRST, LAST + 1)) -> None:
    """One formula along a row; {h} and {p} are the column's letters and those of the one before."""
    for column in columns:
        letters = {"h": column_letter(column), "p": column_letter(column - 1)}
        sheet.cell(row, column).value = formula.format(**letters)


def _model_with(cells: dict[str, object]) -> openpyxl.Workbook:
    book = _model()
    for place, value in cells.items():
        sheet, _, cell = place.rpartition("!")
        target = book[sheet or "Model"][cell]
        target.value = value
        if isinstance(value, str) and not value.startswith(("=", "#")):
            target.data_type = "s"
    return book


def _plain() -> openpyxl.Workbook:
    return _model()


def _totals_at_the_end() -> openpyxl.Workbook:
    return _model_with({f"Q{row}": f"=SUM(E{row}:P{row})" for row in (4, 5, 6)})


def _quarters_among_months() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A5"], sheet["B5"] = "Price", 3.5
    for quarter in range(4):
        first = 2 + 4 * quarter
        for column in range(first, first + 3):
            sheet.cell(2, column).value = 10 + column
            sheet.cell(3, column).value = f"={column_letter(column)}2*$B$5"
        for row in (2, 3):
            months = f"{column_letter(first)}{row}:{column_letter(first + 2)}{row}"
            sheet.cell(row, first + 3).value = f"=SUM({months})"
    return book


def _actuals_then_forecast() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["B1"] = "Growth", 0.02
    for column in range(2, 8):
        sheet.cell(3, column).value = 100 + column
    _along(sheet, 3, "={p}3*(1+$B$1)", range(8, 15))
    return book


def _profit_and_loss() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["", "2027", "2028", "2029"], ["Sales", 100, 110, 120], ["Services", 50, 60, 70]):
        sheet.append(row)
    _along(sheet, 4, "=SUM({h}2:{h}3)", range(2, 5))
    sheet.append(["Costs", 40, 45, 50])
    _along(sheet, 6, "={h}4-{h}5", range(2, 5))
    _along(sheet, 7, "={h}6/{h}4", range(2, 5))
    return book


def _lookups() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in range(1, 8):
        sheet.append([f"k{row}", row, row * 2, row * 3, None, None, f"k{8 - row}"])
        sheet.cell(row, 8).value = f"=VLOOKUP(G{row},$A$1:$D$7,3,FALSE)"
        sheet.cell(row, 9).value = f"=INDEX($D$1:$D$7,MATCH(G{row},$A$1:$A$7,0))"
    sheet["K1"], sheet["K2"] = "=LARGE(B1:B7,2)", "=HLOOKUP(B1,B1:D7,4,FALSE)"
    sheet["K3"], sheet["K4"] = '=SUBSTITUTE(A1,"k","n",1)', "=ROUND(B1/C1,2)+SUBTOTAL(109,B1:B7)"
    return book


def _table() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Item", "Qty", "2027", "Total"])
    for row in range(2, 12):
        sheet.append([f"i{row}", row, row * 1.5, "=Sales[[#This Row],[Qty]]*Sales[[#This Row],[2027]]"])
    sheet.add_table(Table(displayName="Sales", ref="A1:D11"))
    return book


def _codes_as_text() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Part", "Order", "Qty", "Sum"])
    for row in range(2, 12):
        sheet.append([f"00{row}12", f"45000{row}", row, f"=C{row}*$H$1"])
    sheet["H1"] = 2.5
    sheet["D12"] = "=SUM(D2:D11)"
    return book


def _years_as_titles() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    for _ in range(2):
        sheet.append(["", "2026", "2027", "2028", "2029"])
        for row in range(3):
            sheet.append([f"x{row}", 1, 2, 3, 4])
    _along(sheet, 10, "=SUM({h}1:{h}8)", range(2, 6))
    return book


def _scenario_chosen() -> openpyxl.Workbook:
    return _model_with(
        {
            "Inputs!E1": 1,
            "Inputs!C1": "=CHOOSE($E$1,F1,G1,H1)",
            "Inputs!F1": 250,
            "Inputs!G1": 300,
            "Inputs!H1": 350,
        }
    )


def _checked() -> openpyxl.Workbook:
    return _model_with(
        {
            "A12": '="Model of "&TEXT(Inputs!C4,"yyyy")',
            "B13": "=ROUND(SUM(E4:P4)-SUM(E5:P6),6)",
            "B14": '=IF(ABS(B13)<Inputs!C7,"OK","FAIL")',
            "Inputs!C7": 0.01,
        }
    )


GOOD = [
    _plain,
    _totals_at_the_end,
    _quarters_among_months,
    _actuals_then_forecast,
    _profit_and_loss,
    _lookups,
    _table,
    _codes_as_text,
    _years_as_titles,
    _scenario_chosen,
    _checked,
]


@pytest.mark.parametrize("make", GOOD)
def test_a_well_built_workbook_has_no_finding(tmp_path: Path, make: Callable[[], openpyxl.Workbook]) -> None:
    make().save(tmp_path / "good.xlsx")
    assert [one for one in lint_here(tmp_path / "good.xlsx") if one.rule != "no-stored-value"] == []


SLIPS: list[tuple[dict[str, object], str, str]] = [
    ({"I6": "=I4-H5"}, "inconsistent-row", "I6"),
    ({"K9": "=K7-K8"}, "inconsistent-row", "K9"),
    ({"K5": "=$J4*Inputs!$C$3"}, "inconsistent-row", "K5"),
    ({"P6": "=P4"}, "inconsistent-row", "P6"),
    ({"J4": 260}, "overwritten-formula", "J4"),
    ({"J4": 260, "K4": 270}, "overwritten-formula", "K4"),
    ({"B15": "=SUM(E4:P4)+5000"}, "hard-coded-number", "B15"),
    ({"B15": "=IF(SUM(E4:P4)>100000,1,0)"}, "hard-coded-number", "B15"),
    ({"B15": "=IF(E1>DATE(2027,6,30),1,0)"}, "hard-coded-number", "B15"),
    ({"Inputs!C1": "=250*1.1"}, "hard-coded-number", "C1"),
    ({"B15": "=SUM(OFFSET(E4,0,0,1,3))"}, "volatile-function", "B15"),
    ({"Inputs!C1": "250"}, "number-as-text", "C1"),
    ({"Inputs!C1": "$1,250.00"}, "number-as-text", "C1"),
    ({"Inputs!C3": "25%"}, "number-as-text", "C3"),
    ({"B15": "=SUM(B16:B18)", "B17": "=B15*Inputs!C2", "B18": "=E4"}, "circular-reference", "B15"),
    ({"B15": "=SUM(Inputs!H1:H3)", "Inputs!H2": "=Model!B15*C2"}, "circular-reference", "H2"),
    ({"B15": "=SUMPRODUCT(E20:G22,E24:G26)", "F21": "=B16", "B16": "=B15"}, "circular-reference", "B15"),
]


@pytest.mark.parametrize(("cells", "rule", "cell"), SLIPS)
def test_a_slip_is_found_and_nothing_else(
    tmp_path: Path, cells: dict[str, object], rule: str, cell: str
) -> None:
    _model_with(cells).save(tmp_path / "slip.xlsx")
    found = [one for one in lint_here(tmp_path / "slip.xlsx") if one.rule != "no-stored-value"]
    assert {one.rule for one in found} == {rule}
    assert cell in {one.cell for one in found}


def test_interest_on_the_average_balance_goes_round_in_circles(tmp_path: Path) -> None:
    book = _model()
    _along(book["Model"], 10, "=AVERAGE({h}7,{h}9)*Inputs!$C$6/12")
    _along(book["Model"], 9, "=SUM({h}7:{h}8)+{h}10")
    book.save(tmp_path / "x.xlsx")
    found = [one for one in lint_here(tmp_path / "x.xlsx") if one.rule == "circular-reference"]
    assert len(found) == LAST - FIRST + 1
    assert {one.cell[1:] for one in found} <= {"9", "10"}


def test_a_running_total_that_feeds_itself_is_told_once(tmp_path: Path) -> None:
    book = _model()
    _along(book["Model"], 12, "=SUM($E13:{h}13)")
    _along(book["Model"], 13, "={h}12*Inputs!$C$6")
    book.save(tmp_path / "x.xlsx")
    rings = [one for one in lint_here(tmp_path / "x.xlsx") if one.rule == "circular-reference"]
    assert rings
    assert all("in a circle" in one.message for one in rings)
    _along(book["Model"], 13, "={h}4*Inputs!$C$6")
    book.save(tmp_path / "y.xlsx")
    assert [one for one in lint_here(tmp_path / "y.xlsx") if one.rule != "no-stored-value"] == []


def _list(values: dict[int, object]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Item", "Cost", "Twice"])
    for row in range(2, 20):
        sheet.append([f"i{row}", row * 10.5, f"=B{row}*$H$1"])
    sheet["H1"] = 2
    for row, value in values.items():
        sheet.cell(row, 2).value = value
    return book


@pytest.mark.parametrize("row", [2, 9, 19])
def test_a_text_among_numbers_of_a_list_that_is_added_up(tmp_path: Path, row: int) -> None:
    book = _list({row: "1,250.00"})
    book.active["B21"] = "=SUM(B2:B19)"
    book.save(tmp_path / "x.xlsx")
    found = [one for one in lint_here(tmp_path / "x.xlsx") if one.rule != "no-stored-value"]
    assert [(one.rule, one.cell) for one in found] == [("number-as-text", f"B{row}")]


@pytest.mark.parametrize("value", ["n/a", "v1.2.3", "12.03.2027", "0012", "A100", "1 of 3", "10-20"])
def test_other_texts_among_numbers_are_no_numbers(tmp_path: Path, value: str) -> None:
    _list({9: value}).save(tmp_path / "x.xlsx")
    assert not [one for one in lint_here(tmp_path / "x.xlsx") if one.rule == "number-as-text"]


def test_a_column_of_texts_beside_numbers_is_no_slip(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Step", "From", "To", "As entered"])
    for row, text in enumerate(("60%", "12", "64"), start=2):
        sheet.append([f"s{row}", row, row + 1, text])
    book.save(tmp_path / "x.xlsx")
    assert lint_here(tmp_path / "x.xlsx") == []


def test_a_number_typed_over_the_only_formula_column_of_a_list(tmp_path: Path) -> None:
    book = _list({})
    book.active["C9"] = 99
    book.save(tmp_path / "x.xlsx")
    found = [one for one in lint_here(tmp_path / "x.xlsx") if one.rule != "no-stored-value"]
    assert [(one.rule, one.cell) for one in found] == [("overwritten-formula", "C9")]
