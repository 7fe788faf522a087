"""A pack in which somebody moved, renamed or mistyped things: values are found again, nothing is misread."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from desktop_app.document.document import Document
from desktop_app.engine.compute import compute
from desktop_app.engine.model import Case, CostLine, Driver, Plan, Scenario, Settings
from desktop_app.exchange.workbook import front
from desktop_app.exchange.workbook.export import ExportOptions, export
from desktop_app.exchange.workbook.round_trip import Changes, apply_changes, changed_plan, changes
from tests.libreoffice import LibreOffice

PLAN = Plan(
    "Moved",
    Settings(months=12, discount_rate="9%", hours="730"),
    drivers=(
        Driver("gpus", "GPU", "64"),
        Driver("price", "USD/GPU", "30k"),
        Driver("util", "%", "60%"),
        Driver("spares", "GPU", "ROUNDUP(gpus*5%,0)"),
        Driver("used", "GPU*hour/month", "gpus*HOURS()*util"),
    ),
    scenarios=(
        Scenario(
            "Own",
            lines=(
                CostLine(
                    "GPUs", "purchase", "IT", {"quantity": "gpus+spares", "unit_price": "price", "life": "9"}
                ),
                CostLine("Power", "usage", "Energy", {"quantity": "used", "unit_price": "2"}),
            ),
        ),
        Scenario("Own, more", based_on="Own"),
        Scenario(
            "Cloud", lines=(CostLine("Hours", "usage", "Cloud", {"quantity": "used", "unit_price": "3"}),)
        ),
    ),
    cases=(Case("busy", drivers={"util": "80%"}),),
)
INPUTS = "Assumptions"
Edit = Callable[[openpyxl.Workbook], None]
_CELL = re.compile(r"((?:'[^']+'|\w+)!)?(\$?[A-Z]+\$?)(\d+)\b")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pack") / "pack.xlsx"
    export(compute(PLAN), path, options=ExportOptions("2026-11-23", "1.0"))
    return path


def _found(pack: Path, tmp_path: Path, *edits: Edit, plan: Plan = PLAN) -> Changes:
    book = openpyxl.load_workbook(pack)
    for edit in edits:
        edit(book)
    path = tmp_path / "moved.xlsx"
    book.save(path)
    return changes(path, plan)


def _row(sheet: Worksheet, driver: str) -> int:
    return next(row for row in range(1, 60) if sheet.cell(row, 2).value == driver)


def _set(driver: str, column: str, value: object) -> Edit:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book[INPUTS] if INPUTS in book else book["Annahmen"]
        titles = {cell.value: cell.column for cell in sheet[5]}
        sheet.cell(_row(sheet, driver), titles[column]).value = value

    return edit


def _all_formulas(book: openpyxl.Workbook, change: Callable[[str, str], str]) -> None:
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.value = change(sheet.title, cell.value)


def _insert_row(at: int) -> Edit:
    """Inserts a row among the assumptions as a spreadsheet program does: formulas follow."""

    def moved(sheet: str, formula: str) -> str:
        def there(match: re.Match[str]) -> str:
            of = (match[1] or f"{sheet}!").strip("'!")
            row = int(match[3])
            return f"{match[1] or ''}{match[2]}{row + 1 if of == INPUTS and row >= at else row}"

        return _CELL.sub(there, formula)

    def edit(book: openpyxl.Workbook) -> None:
        _all_formulas(book, moved)
        book[INPUTS].insert_rows(at)

    return edit


def _rename(book: openpyxl.Workbook) -> None:
    _all_formulas(book, lambda _, formula: formula.replace("Assumptions!", "Annahmen!"))
    book[INPUTS].title = "Annahmen"


def _of(found: Changes) -> dict[str, str]:
    return {change.what: change.new_text for change in found.values}


def test_a_row_that_was_inserted_moves_everything_below(pack: Path, tmp_path: Path) -> None:
    found = _found(pack, tmp_path, _insert_row(7), _set("price", "Plan value", 31_000))
    assert _of(found) == {"driver price": "31k"}
    assert found.not_taken == ()


def _by_month(tmp_path: Path, *edits: Edit) -> Changes:
    demand = Driver("demand", "GPU", "0", series=tuple(range(10, 22)))
    growth = CostLine("Growth", "purchase", "IT", {"quantity": "demand", "unit_price": "1k"})
    own = PLAN.scenarios[0]
    plan = replace(
        PLAN,
        drivers=(*PLAN.drivers, demand),
        scenarios=(replace(own, lines=(*own.lines, growth)), *PLAN.scenarios[1:]),
    )
    export(compute(plan), tmp_path / "months.xlsx")
    return _found(tmp_path / "months.xlsx", tmp_path, *edits, plan=plan)


def _month(column: int, value: object) -> Edit:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book["Inputs by month"]
        sheet.cell(_row(sheet, "demand"), column).value = value

    return edit


def test_months_are_not_mistaken_for_each_other(tmp_path: Path) -> None:
    found = _by_month(tmp_path, lambda book: book["Inputs by month"].insert_cols(10), _month(13, 99))
    assert _of(found) == {"driver demand, month 5": "99"}
    found = _by_month(tmp_path, lambda book: book["Inputs by month"].delete_cols(10))
    assert found.values == ()
    assert any("not in the workbook any more" in one.why for one in found.not_taken)


def test_a_row_that_moved_away_from_the_formulas_is_told(pack: Path, tmp_path: Path) -> None:
    found = _found(pack, tmp_path, lambda book: book[INPUTS].insert_rows(7))
    assert found.values == ()
    assert {one.why for one in found.not_taken} == {
        "The cells that this formula should read were moved; it reads others now."
    }


def test_a_sheet_that_was_renamed_is_known_by_its_title(pack: Path, tmp_path: Path) -> None:
    found = _found(pack, tmp_path, _rename, _set("gpus", "Plan value", 70))
    assert _of(found) == {"driver gpus": "70"}
    assert [(one.where, one.exported) for one in found.not_taken] == [("Annahmen", INPUTS)]


def test_a_deleted_row_or_sheet_is_told_once_and_its_values_stay(pack: Path, tmp_path: Path) -> None:
    def without(book: openpyxl.Workbook) -> None:
        book.remove(book["Cost line inputs"])

    found = _found(pack, tmp_path, without)
    assert [(one.where, one.why[:21]) for one in found.not_taken] == [
        ("Cost line inputs", "The sheet was deleted")
    ]

    def cut(book: openpyxl.Workbook) -> None:
        sheet = book[INPUTS]
        sheet.delete_rows(_row(sheet, "used"))

    assert _found(pack, tmp_path, cut).values == ()


def test_two_rows_of_one_name_are_not_guessed_between(pack: Path, tmp_path: Path) -> None:
    def twice(book: openpyxl.Workbook) -> None:
        sheet = book[INPUTS]
        row = _row(sheet, "gpus")
        for column in range(1, 4):
            sheet.cell(30, column).value = sheet.cell(row, column).value
        sheet["D30"] = 99

    found = _found(pack, tmp_path, twice, _set("gpus", "Plan value", 70))
    assert found.values == ()
    assert any("same name" in one.why for one in found.not_taken)


def test_two_columns_of_one_scenario_are_not_guessed_between(pack: Path, tmp_path: Path) -> None:
    def twice(book: openpyxl.Workbook) -> None:
        sheet = book[INPUTS]
        column = next(cell.column for cell in sheet[5] if cell.value == "Cloud")
        sheet.insert_cols(column)
        sheet.cell(5, column).value = "Cloud"
        sheet.cell(_row(sheet, "gpus"), column).value = 99

    found = _found(pack, tmp_path, twice)
    assert found.values == ()


def test_a_driver_or_scenario_under_another_name_is_told(pack: Path, tmp_path: Path) -> None:
    def rename(book: openpyxl.Workbook) -> None:
        sheet = book[INPUTS]
        sheet.cell(_row(sheet, "gpus"), 2).value = "gpu_count"
        for cell in sheet[5]:
            if cell.value == "Cloud":
                cell.value = "Rented"

    found = _found(pack, tmp_path, _set("gpus", "Plan value", 70), rename)
    assert found.values == ()
    told = {one.found: one.why for one in found.not_taken}
    assert "another name" in told["70"]
    assert told["gpu_count"] == told["Rented"] == "Texts are not taken over; change it in the plan."


def test_characters_that_another_program_wrote_by_their_codes_are_no_change(
    pack: Path, tmp_path: Path
) -> None:
    found = _found(pack, tmp_path, _set("price", "Unit", "USD_x002F_GPU"))
    assert found.not_taken == ()


def test_a_unit_that_was_changed_is_told(pack: Path, tmp_path: Path) -> None:
    found = _found(pack, tmp_path, _set("price", "Unit", "kUSD/GPU"))
    assert [(one.exported, one.found) for one in found.not_taken] == [("USD/GPU", "kUSD/GPU")]


def test_a_number_typed_over_the_link_of_a_scenario_is_its_override(
    pack: Path, tmp_path: Path, libreoffice: LibreOffice
) -> None:
    found = _found(pack, tmp_path, _set("gpus", "Cloud", 80), _set("price", "Plan value", 28_000))
    assert _of(found) == {"driver price": "28k", "driver gpus in scenario Cloud": "80"}
    assert found.not_taken == ()
    recalculated = openpyxl.load_workbook(libreoffice.recalculate(tmp_path / "moved.xlsx"), data_only=True)
    summary = recalculated["Summary"]
    shown = {row[0].value: row for row in summary.iter_rows(max_col=10)}
    titles = next(row for row in summary.iter_rows(max_col=10) if row[1].value == "NPV of cost")
    tco = next(cell.column for cell in titles if cell.value == "TCO") - 1
    result = compute(changed_plan(PLAN, found.values))
    for one in result.scenarios:
        assert shown[one.name][tco].value == pytest.approx(one.figures["tco"].value, abs=0.005)


def test_those_based_on_it_keep_what_their_cells_say(pack: Path, tmp_path: Path) -> None:
    found = _found(pack, tmp_path, _set("gpus", "Own", 80))
    assert _of(found) == {"driver gpus in scenario Own": "80", "driver gpus in scenario Own, more": "64"}
    found = _found(pack, tmp_path, _set("gpus", "Own", 80), _set("gpus", "Own, more", 80))
    assert _of(found)["driver gpus in scenario Own"] == "80"
    plan = changed_plan(PLAN, found.values)
    for name in ("Own", "Own, more"):
        node = compute(plan).scenario(name).graph.nodes["driver/gpus"]
        assert node.value is not None
        assert float(node.value.flat[0]) == 80


def test_an_override_is_one_step_with_the_rest_and_undone_with_it(pack: Path, tmp_path: Path) -> None:
    found = _found(pack, tmp_path, _set("gpus", "Cloud", 80), _set("util", "Plan value", 0.5))
    with Document.create(PLAN) as document:
        apply_changes(document, found)
        assert document.plan.scenarios[2].drivers == {"gpus": "80"}
        document.undo()
        assert document.plan == PLAN


def test_the_plans_own_value_typed_over_its_link_changes_nothing(pack: Path, tmp_path: Path) -> None:
    found = _found(pack, tmp_path, _set("gpus", "Cloud", 64))
    assert found.values == ()
    assert "still follows" in found.not_taken[0].why
    # where the plan's value moves on, the typed one stays behind
    found = _found(pack, tmp_path, _set("gpus", "Cloud", 64), _set("gpus", "Plan value", 72))
    assert _of(found) == {"driver gpus": "72", "driver gpus in scenario Cloud": "64"}


def test_an_override_of_a_scenario_that_is_shown_under_a_case_too_must_hold_in_both(tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    export(compute(PLAN, ["Cloud"], ["", "busy"]), path)
    found = _found(path, tmp_path, _set("gpus", "Cloud", 80))
    assert found.values == ()
    assert "one value for" in found.not_taken[0].why
    both = _found(path, tmp_path, _set("gpus", "Cloud", 80), _set("gpus", "Cloud (busy)", 80))
    assert _of(both) == {"driver gpus in scenario Cloud": "80"}


def test_what_a_scenario_only_shows_cannot_be_overridden_there(pack: Path, tmp_path: Path) -> None:
    found = _found(pack, tmp_path, _set("spares", "Own", 5))
    assert found.values == ()
    assert "typed over" in found.not_taken[0].why


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("12,5 %", "stands there as a text"),
        ("31.000,00 €", "stands there as a text"),
        ("(450)", "stands there as a text"),
        ("about 30", "This is no number"),
        ("#N/A", "This is no number"),
        (True, "This is no number"),
        (None, "The cell is empty"),
        ("=30000+1", "A formula stands in an input cell"),
        (dt.date(2027, 3, 1), "a date or a time"),
        (dt.timedelta(hours=30), "a date or a time"),
    ],
)
def test_what_is_no_number_is_told_and_not_guessed(
    pack: Path, tmp_path: Path, value: object, why: str
) -> None:
    found = _found(pack, tmp_path, _set("price", "Plan value", value))
    assert found.values == ()
    assert len(found.not_taken) == 1
    assert why in found.not_taken[0].why


def test_per_cent_typed_as_a_whole_number_is_doubted(pack: Path, tmp_path: Path) -> None:
    found = _found(pack, tmp_path, _set("util", "Plan value", 65))
    assert _of(found) == {"driver util": "6500%"}
    assert any("says 6,500%: where 65% is meant" in note for note in found.notes)
    assert _found(pack, tmp_path, _set("util", "Plan value", 1.2)).notes == ()


def _cover_fact(book: openpyxl.Workbook, title: str, text: str | None) -> None:
    sheet = book["Cover"]
    row = next(row for row in range(1, 40) if sheet.cell(row, 1).value == title)
    sheet.cell(row, 2).value = text
    if text is None:
        sheet.cell(row, 1).value = None


def _other_layout(book: openpyxl.Workbook) -> None:
    """As if another version had laid it out: other sheets, and other formulas on the same ones."""
    if "Bridge" in book:
        book.remove(book["Bridge"])
    book.create_sheet("Sheet of that version")
    for sheet in book:
        if sheet.title.startswith("Workings"):
            for row in sheet.iter_rows(min_row=10):
                for cell in row:
                    if cell.data_type == "f":
                        cell.value = f"{cell.value}+0"


@pytest.mark.parametrize("printed", ["SHA-256 0123456789abcdef, of the formulas", None])
def test_a_pack_of_another_layout_is_said_in_one_sentence(
    pack: Path, tmp_path: Path, printed: str | None
) -> None:
    found = _found(
        pack,
        tmp_path,
        _other_layout,
        lambda book: _cover_fact(book, front.FORMULAS_HASH, printed),
        _set("gpus", "Plan value", 70),
    )
    assert _of(found) == {"driver gpus": "70"}
    assert found.not_taken == ()
    assert found.same_plan is True
    assert len(found.notes) == 1
    assert "laid out otherwise" in found.notes[0]
    assert "Outlay 1.0" in found.notes[0]


def test_the_same_differences_in_a_pack_of_this_layout_are_changes(pack: Path, tmp_path: Path) -> None:
    found = _found(pack, tmp_path, _other_layout)
    assert found.notes == ()
    told = {one.where: one.why for one in found.not_taken}
    assert "deleted" in told["Bridge"]
    assert "added" in told["Sheet of that version"]
    # so many differences on one sheet are told in one line
    assert sum(where.startswith("Workings") for where in told) == 3


def test_the_hash_of_the_formulas_does_not_hang_on_what_else_is_exported(pack: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.xlsx"
    export(compute(PLAN), bare)
    other = tmp_path / "other.xlsx"
    export(compute(replace(PLAN, scenarios=PLAN.scenarios[:2])), other)
    printed = []
    for path in (pack, bare, other):
        cover = openpyxl.load_workbook(path)["Cover"]
        printed.append(next(row[1].value for row in cover.iter_rows() if row[0].value == front.FORMULAS_HASH))
    assert printed[0] == printed[1] != printed[2]


def test_a_pack_of_another_plan_is_said(pack: Path, tmp_path: Path) -> None:
    found = _found(pack, tmp_path, plan=replace(PLAN, name="Somebody else's"))
    assert "is of the plan “Moved”, and this plan is “Somebody else's”" in found.notes[0]
