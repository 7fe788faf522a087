"""What a finance user changes in blue cells comes back into the plan, and nothing else does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from desktop_app.document.document import Document
from desktop_app.document.edits import put_driver
from desktop_app.document.errors import DocumentError
from desktop_app.engine.compute import compute
from desktop_app.engine.model import Case, CostLine, Driver, Plan, Scenario, Settings, Table
from desktop_app.exchange.reading import Cancelled, UnreadableFile
from desktop_app.exchange.workbook.export import ExportOptions, export
from desktop_app.exchange.workbook.pack import SELECTOR_NAME, SELECTOR_ROW
from desktop_app.exchange.workbook.round_trip import Change, Changes, apply_changes, changed_plan, changes
from tests.libreoffice import LibreOffice

PLAN = Plan(
    "Round trip",
    Settings(months=24, discount_rate="9%", hours="730", tax_rate="20%"),
    drivers=(
        Driver("gpus", "GPU", "64"),
        Driver("price", "USD/GPU", "30k"),
        Driver("budget", "USD", "1.2M"),
        Driver("util", "%", "60"),
        Driver("growth", "%", "5%"),
        Driver("used", "GPU*hour/month", "gpus*HOURS()*util*1.25*(1+growth)*GROWTH(7%)"),
        Driver("demand", "GPU", "0", series=(8, 16, 24)),
        Driver("wage", "EUR/FTE", 'LOOKUP("wages","senior","salary")*1'),
    ),
    scenarios=(
        Scenario(
            "Own",
            lines=(
                CostLine(
                    "Servers",
                    "purchase",
                    "Compute",
                    {"quantity": "gpus", "unit_price": "price", "life": "48 months", "residual": "10%"},
                ),
                CostLine("Power", "recurring", "Energy", {"unit_price": "2,500 USD", "price_change": "3%"}),
                CostLine("Rent", "recurring", "Site", {"unit_price": "1500", "currency": "EUR"}),
                CostLine("Ops", "staff", "People", {"fte": "1.5 FTE", "salary": "wage"}),
                CostLine("Growth", "purchase", "Compute", {"quantity": "demand", "unit_price": "1k"}),
                CostLine("Extra", "adjustment", "Other", {"amount": "budget*2+nothing_like_it"}),
            ),
        ),
        Scenario(
            "Own, more", based_on="Own", drivers={"gpus": "96"}, line_fields={"Power": {"unit_price": "3000"}}
        ),
        Scenario("Own, most", based_on="Own, more"),
        Scenario(
            "Cloud", lines=(CostLine("Cloud", "usage", "Cloud", {"quantity": "used", "unit_price": "2.5"}),)
        ),
    ),
    cases=(Case("high", drivers={"util": "80"}),),
    tables=(Table("wages", ("salary",), (("junior", (60_000.0,)), ("senior", (90_000.0,)))),),
    fx={"EUR": "1.1"},
    measures={"gpu_hours_used": "used"},
)


def _plan() -> Plan:
    """The plan without the line that has an error."""
    own = PLAN.scenarios[0]
    lines = tuple(line for line in own.lines if line.name != "Extra")
    return replace(PLAN, scenarios=(replace(own, lines=lines), *PLAN.scenarios[1:]))


Edit = Callable[[openpyxl.Workbook], None]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pack") / "pack.xlsx"
    export(compute(_plan()), path)
    return path


def _edited(pack: Path, tmp_path: Path, edit: Edit) -> Path:
    book = openpyxl.load_workbook(pack)
    edit(book)
    path = tmp_path / "worked in.xlsx"
    book.save(path)
    return path


def _at(sheet: Worksheet, titles: dict[str, str], column: str) -> str:
    """The cell of a column in the row whose other columns hold given texts."""
    head = next(
        row
        for row in sheet.iter_rows()
        if {*titles, column} <= {cell.value for cell in row if isinstance(cell.value, str)}
    )
    places = {cell.value: cell.column for cell in head if cell.value}
    for row in range(head[0].row + 1, sheet.max_row + 1):
        if all(sheet.cell(row, places[title]).value == text for title, text in titles.items()):
            return sheet.cell(row, places[column]).coordinate
    raise AssertionError(titles)


def _driver(book: openpyxl.Workbook, name: str, value: object, column: str = "Plan value") -> None:
    sheet = book["Assumptions"]
    sheet[_at(sheet, {"Name in formulas": name}, column)] = value


def _line(book: openpyxl.Workbook, scenario: str, line: str, field: str, value: object) -> None:
    sheet = book["Cost line inputs"]
    sheet[_at(sheet, {"Scenario": scenario, "Cost line": line, "Field": field}, "Value")] = value


def _constant(book: openpyxl.Workbook, sheet_name: str, label: str, value: object) -> None:
    sheet = book[sheet_name]
    for row in range(1, sheet.max_row + 1):
        if sheet.cell(row, 1).value == label:
            sheet.cell(row, 3).value = value
            return
    raise AssertionError(label)


def _label(key: str) -> str:
    return compute(_plan()).scenario("Own").graph.nodes[key].label


def _of(found: Changes) -> dict[str, str]:
    return {change.what: change.new_text for change in found.values}


def test_an_untouched_workbook_has_no_difference(pack: Path) -> None:
    found = changes(pack, _plan())
    assert found.values == ()
    assert found.not_taken == ()
    assert found.same_plan is not False


def test_progress_is_told_and_the_work_can_be_stopped(pack: Path) -> None:
    told: list[float] = []
    changes(pack, _plan(), progress=lambda done, text: told.append(done))
    assert told == sorted(told)
    assert told[0] < 0.4 < 0.6 < told[-1] <= 1.0
    with pytest.raises(Cancelled):
        changes(pack, _plan(), cancelled=lambda: True)


def test_one_that_another_program_saved_has_no_difference(pack: Path, libreoffice: LibreOffice) -> None:
    found = changes(libreoffice.recalculate(pack), _plan())
    assert found.values == ()
    assert found.not_taken == ()


def _several(book: openpyxl.Workbook) -> None:
    _driver(book, "gpus", 72)
    _driver(book, "price", 31_500.5)
    _driver(book, "budget", 1_350_000)
    _driver(book, "util", 0.65)
    _driver(book, "growth", 0)
    _driver(book, "gpus", 100, "Own, more")
    _line(book, "Own", "Servers", "Useful life", 36)
    _line(book, "Own", "Servers", "Residual value", 0.125)
    _line(book, "Own", "Power", "Price per period", 2600)
    _line(book, "Own", "Power", "Price change per year", -0.02)
    _line(book, "Own, more", "Power", "Price per period", 3100)
    _line(book, "Own", "Ops", "Full-time equivalents", 2)
    _line(book, "Own", "Rent", "Starts in month", 3)
    _constant(book, "Settings", "1.25 in used", 1.5)
    _constant(book, "Settings", "0.07 in used", 0.08)
    _constant(book, "Settings", _label("setting/start"), dt.date(2028, 4, 1))
    _constant(book, "Settings", _label("setting/fiscal_year_start"), 4)
    _constant(book, "Settings", _label("setting/discount_offset"), 0)
    _constant(book, "Settings", "wages: senior, salary", 95_000)
    _constant(book, "FX and rates", "Discount rate per year", 0.1)
    _constant(book, "FX and rates", "USD for 1 EUR", 1.2)


EXPECTED = {
    "driver gpus": "72",
    "driver price": "31.5005k",
    "driver budget": "1.35M",
    "driver util": "65",
    "driver growth": "0%",
    "driver gpus in scenario Own, more": "100",
    "driver gpus in scenario Own, most": "96",
    "line Servers, field life, in scenario Own": "36 months",
    "line Servers, field residual, in scenario Own": "12.5%",
    "line Power, field unit_price, in scenario Own": "2600 USD",
    "line Power, field price_change, in scenario Own": "-2%",
    "line Power, field unit_price, in scenario Own, more": "3100",
    "line Ops, field fte, in scenario Own": "2 FTE",
    "line Rent, field start, in scenario Own": "3",
    "driver used": "gpus*HOURS()*util*1.5*(1+growth)*GROWTH(8%)",
    "setting start": "2028-04-01",
    "setting fiscal_year_start": "4",
    "setting discount_timing": "end",
    "table wages: senior, salary": "95000",
    "setting discount_rate": "10%",
    "exchange rate of EUR": "1.2",
}


def test_changed_inputs_are_found_and_written_as_a_person_would(pack: Path, tmp_path: Path) -> None:
    found = changes(_edited(pack, tmp_path, _several), _plan())
    assert found.not_taken == ()
    assert _of(found) == EXPECTED
    gpus = next(change for change in found.values if change.what == "driver gpus")
    assert (gpus.old, gpus.new, gpus.unit, gpus.old_text) == (64, 72, "GPU", "64")
    assert gpus.where[0].startswith("Assumptions!D")


def test_the_engine_then_agrees_with_the_recalculated_workbook(
    pack: Path, tmp_path: Path, libreoffice: LibreOffice
) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        _several(book)
        # Fiscal years and months are laid out for the plan as it was exported.
        _constant(book, "Settings", _label("setting/start"), dt.date(2027, 1, 1))
        _constant(book, "Settings", _label("setting/fiscal_year_start"), 1)

    path = _edited(pack, tmp_path, edit)
    found = changes(path, _plan())
    result = compute(changed_plan(_plan(), found.values))
    book = openpyxl.load_workbook(libreoffice.recalculate(path), data_only=True)
    compared = 0
    for one in result.scenarios:
        sheet = next(
            sheet
            for sheet in book
            if sheet.title.startswith("Workings")
            and one.scenario[:9] in sheet.title
            and sheet.title.split(" ", 2)[2].startswith(one.scenario[: len(sheet.title.split(" ", 2)[2])])
        )
        labels = {sheet.cell(row, 1).value: row for row in range(1, sheet.max_row + 1)}
        for name in ("tco", "npv_cost", "capex", "opex"):
            figure = one.figures[name]
            assert sheet.cell(labels[figure.label], 6).value == pytest.approx(figure.value, abs=0.005), (
                one.name,
                name,
            )
            compared += 1
    assert compared == 16


def test_months_of_a_series(pack: Path, tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book["Inputs by month"]
        row = next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 2).value == "demand")
        first = next(column for column in range(3, 20) if sheet.cell(row, column).value == 8)
        sheet.cell(row, first + 1).value = 18
        sheet.cell(row, first + 4).value = 40

    found = changes(_edited(pack, tmp_path, edit), _plan())
    assert found.not_taken == ()
    series = next(
        driver for driver in changed_plan(_plan(), found.values).drivers if driver.name == "demand"
    ).series
    assert series == (8, 18, 24, 24, 40, *[24.0] * 19)


def _formulas(book: openpyxl.Workbook) -> None:
    sheet = next(sheet for sheet in book if sheet.title.startswith("Workings 1"))
    row = next(
        row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == "Total cost of ownership"
    )
    sheet.cell(row, 6).value = f"{sheet.cell(row, 6).value}*2"
    sheet.cell(row + 1, 6).value = 5
    sheet.cell(row + 2, 6).value = None
    book["Assumptions"]["B6"].comment = None
    _driver(book, "gpus", "=60+5")
    _driver(book, "price", "a lot")
    _driver(book, "budget", None)
    _driver(book, "used", 5, "Cloud")
    _constant(book, "Settings", _label("setting/months_per_year"), 13)
    book.create_sheet("My notes")["A1"] = "scratch"
    book["Settings"]["J3"] = 42


def test_formulas_and_whatever_else_is_told_and_not_taken_over(pack: Path, tmp_path: Path) -> None:
    found = changes(_edited(pack, tmp_path, _formulas), _plan())
    assert found.values == ()
    told = [(one.where.partition("!")[0], one.found, one.why) for one in found.not_taken]

    def holds(sheet: str, text: str, why: str) -> bool:
        return any(s.startswith(sheet) and t.endswith(text) and why in w for s, t, w in told)

    assert holds("Workings 1", "*2", "The formula was changed")
    assert holds("Workings 1", "5", "typed over")
    assert holds("Workings 1", "", "The formula was deleted")
    assert holds("Assumptions", "=60+5", "A formula stands in an input cell")
    assert holds("Assumptions", "a lot", "This is no number")
    assert holds("Assumptions", "", "an input needs a number")
    assert holds("Assumptions", "5", "blue cells")
    assert holds("Settings", "13", "no entry of the plan")
    assert holds("My notes", "a sheet", "added")
    assert holds("Settings", "42", "Only the values of blue cells")
    assert len(told) == 10


def test_rows_that_were_sorted_and_inserted_are_found_again(pack: Path, tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book["Cost line inputs"]
        head = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "Scenario")
        rows = [
            [sheet.cell(row, column).value for column in range(1, 11)]
            for row in range(head + 1, sheet.max_row + 1)
        ]
        for offset, row in enumerate(reversed(rows)):
            for column, value in enumerate(row, start=1):
                sheet.cell(head + 3 + offset, column).value = value
        for offset in (1, 2):
            for column in range(1, 11):
                sheet.cell(head + offset, column).value = None
        _line(book, "Own", "Servers", "Residual value", 0.2)

    found = changes(_edited(pack, tmp_path, edit), _plan())
    assert _of(found) == {"line Servers, field residual, in scenario Own": "20%"}


def test_a_case_that_several_scenarios_share(tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    export(compute(_plan(), ["Own", "Cloud"], ["", "high"]), path)
    both = {"Own (high)": 0.9, "Cloud (high)": 0.9}

    def edit(values: dict[str, float]) -> Edit:
        def change(book: openpyxl.Workbook) -> None:
            for column, value in values.items():
                _driver(book, "util", value, column)

        return change

    assert _of(changes(_edited(path, tmp_path, edit(both)), _plan())) == {"driver util in case high": "90"}
    found = changes(_edited(path, tmp_path, edit({"Own (high)": 0.9})), _plan())
    assert found.values == ()
    assert "one value" in found.not_taken[0].why


@pytest.mark.parametrize("computed_alone", [False, True])
def test_scenarios_that_were_exported_alone(tmp_path: Path, computed_alone: bool) -> None:
    path = tmp_path / "one.xlsx"
    options = ExportOptions(date="2026-11-23", engine="1.0")
    if computed_alone:
        export(compute(_plan(), ["Cloud"]), path, options=options)
    else:
        export(compute(_plan()), path, scenarios=["Cloud"], options=options)
    assert changes(path, _plan()).not_taken == ()
    found = changes(_edited(path, tmp_path, lambda book: _driver(book, "util", 0.5)), _plan())
    assert _of(found) == {"driver util": "50"}


def test_a_plan_without_drivers(tmp_path: Path) -> None:
    line = CostLine("Power", "recurring", "Energy", {"unit_price": "2500"})
    plan = Plan(
        "bare",
        Settings(months=12),
        scenarios=(Scenario("One", lines=(line,)), Scenario("Two", lines=(line,))),
    )
    path = tmp_path / "bare.xlsx"
    export(compute(plan), path)
    assert changes(path, plan).not_taken == ()
    edited = _edited(path, tmp_path, lambda book: _line(book, "Two", "Power", "Price per period", 2700))
    assert _of(changes(edited, plan)) == {"line Power, field unit_price, in scenario Two": "2700"}


def test_texts_and_the_choice_of_a_scenario_are_no_changes(pack: Path, tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["Cover"]["A30"] = "read by us"
        book["Summary"].cell(SELECTOR_ROW + 1, SELECTOR_NAME + 1).value = "Cloud"

    found = changes(_edited(pack, tmp_path, edit), _plan())
    assert found.not_taken == ()
    assert found.same_plan is True


@pytest.fixture
def document(pack: Path) -> Iterator[Document]:
    with Document.create(_plan()) as doc:
        yield doc


def test_the_changes_are_one_step_that_can_be_undone(pack: Path, tmp_path: Path, document: Document) -> None:
    found = changes(_edited(pack, tmp_path, _several), document.plan)
    before = document.plan
    apply_changes(document, found)
    assert document.undo_label == f"Take over {len(EXPECTED)} values from worked in.xlsx"
    assert document.plan.drivers[0].value == "72"
    assert document.plan == changed_plan(before, found.values)
    document.undo()
    assert document.plan == before
    assert document.undo_label is None


def test_an_entry_that_was_changed_meanwhile_is_not_overwritten(
    pack: Path, tmp_path: Path, document: Document
) -> None:
    found = changes(_edited(pack, tmp_path, lambda book: _driver(book, "gpus", 70)), document.plan)
    put_driver(document, Driver("gpus", "GPU", "65"))
    with pytest.raises(DocumentError, match="Compare it again"):
        apply_changes(document, found)
    assert document.plan.drivers[0].value == "65"


def test_a_plan_that_changed_since_the_export_is_told(pack: Path) -> None:
    plan = _plan()
    later = replace(plan, drivers=(replace(plan.drivers[0], value="80"), *plan.drivers[1:]))
    found = changes(pack, later)
    assert _of(found)["driver gpus"] == "64"
    assert found.same_plan is False
    assert found.notes
    assert found.not_taken == ()


def _without_input_sheets(book: openpyxl.Workbook) -> None:
    for name in ("Assumptions", "Cost line inputs", "Inputs by month", "Settings", "FX and rates"):
        book.remove(book[name])


def test_foreign_and_damaged_workbooks_are_refused_in_one_sentence(pack: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "something else"
    book.save(tmp_path / "foreign.xlsx")
    with pytest.raises(UnreadableFile, match="no workbook that this plan was exported to"):
        changes(tmp_path / "foreign.xlsx", _plan())
    with pytest.raises(UnreadableFile, match="no workbook that this plan was exported to"):
        changes(_edited(pack, tmp_path, _without_input_sheets), _plan())
    with pytest.raises(UnreadableFile, match="no workbook that this plan was exported to"):
        changes(pack, Plan("other", scenarios=(Scenario("Something"),)))
    (tmp_path / "torn.xlsx").write_bytes(pack.read_bytes()[:9000])
    with pytest.raises(UnreadableFile):
        changes(tmp_path / "torn.xlsx", _plan())


def test_a_plan_with_errors_is_told(pack: Path) -> None:
    with pytest.raises(UnreadableFile, match="mend those of “Own”"):
        changes(pack, PLAN)


def test_random_values_come_back_exactly(pack: Path, tmp_path: Path) -> None:
    random = np.random.default_rng(7)
    for round_ in range(3):
        values = {
            name: float(f"{10 ** random.uniform(-4, 7):.12g}")
            for name in ("gpus", "price", "budget", "growth", "util")
        }

        def edit(book: openpyxl.Workbook, values: dict[str, float] = values) -> None:
            for name, value in values.items():
                _driver(book, name, value)

        found = changes(_edited(pack, tmp_path, edit), _plan())
        by_name: dict[str, Change] = {
            change.place.names[0]: change for change in found.values if change.old != change.new
        }
        assert {name: change.new for name, change in by_name.items()} == pytest.approx(values, rel=1e-15), (
            round_
        )
        graph = compute(changed_plan(_plan(), found.values)).scenario("Own").graph
        for name, value in values.items():
            node = graph.nodes[f"driver/{name}"]
            assert node.value is not None
            assert float(node.value.flat[0]) == pytest.approx(value, rel=1e-12)
