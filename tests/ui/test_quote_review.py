"""A quote beside what was understood of it: both sides show each other, every decision moves the totals."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QApplication, QRadioButton
from pytestqt.qtbot import QtBot

from desktop_app.engine.model import Plan
from desktop_app.exchange.quotes import Mapping, understand
from desktop_app.exchange.reading import Cell, Sheet, Workbook, read_workbook_here
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.quote_review import CHANGES, LINES, QUESTIONS, UNDERSTOOD, QuoteReview
from desktop_app.ui.quote_rows import proof_text
from desktop_app.ui.review import Review, column_of_cell, place_of_cell
from tests.ui.conftest import Opener

QUOTES = Path(__file__).parents[1] / "data" / "quotes"
DAY = dt.date(2026, 11, 23)
Reviewer = Callable[[str], QuoteReview]


def workbook_of(name: str) -> Workbook:
    return read_workbook_here(QUOTES / name)


@pytest.fixture
def review_of(opened: Opener, plan: Plan) -> Callable[[str | Workbook], QuoteReview]:
    """Opens the review of a quote in a window with a plan."""
    window = opened(plan)
    window.tabs.setCurrentWidget(window.quotes)

    def begin(source: str | Workbook) -> QuoteReview:
        workbook = workbook_of(source) if isinstance(source, str) else source
        quote = understand(workbook, today=DAY)
        window.quotes.show_review(Review(Path(workbook.file_name), workbook, quote, Mapping(), "Own"))
        QApplication.processEvents()
        return window.quotes.review

    return begin


def settled(review: QuoteReview, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not review.session.jobs.running("understand"), timeout=20_000)


def current_cell(review: QuoteReview) -> tuple[str, int, int]:
    index = review.sheets.sheet.currentIndex()
    return review.sheets.name, index.row() + 1, index.column() + 1


def test_a_line_shows_its_cell_and_a_row_of_the_sheet_shows_its_line(review_of: Reviewer) -> None:
    review = review_of("a01_northgate_hgx.xlsx")
    rows = review.understood.rows.rows
    line = next(row for row in rows if row.name == "line" and row.row == 22)
    review.understood.row_view.select_key((line.sheet, 22, "line", ""))
    assert current_cell(review) == (*place_of_cell(line.cell), column_of_cell(line.cell))
    sheet = review.sheets.sheet
    sheet.setCurrentIndex(sheet.sheet_model.index(29 - 1, 2))
    chosen = review.understood.row_view.current_row()
    assert (chosen.sheet, chosen.row) == ("Quote", 29)
    assert review.lines.view.current_row().row == 29
    assert current_cell(review)[1] == 29, "the cursor stays where it was put"


def test_a_fact_shows_the_cell_that_says_it(review_of: Reviewer) -> None:
    review = review_of("a01_northgate_hgx.xlsx")
    review.understood.fact_view.select_key("Quote number")
    cell = review.understood.fact_view.current_row().cell
    assert current_cell(review)[:2] == place_of_cell(cell)
    sheet = review.sheets.sheet
    sheet.setCurrentIndex(sheet.sheet_model.index(0, 0))
    assert review.understood.fact_view.current_row().name == "Vendor"


def test_every_meaning_of_a_row_stands_beside_it_in_words(review_of: Reviewer) -> None:
    review = review_of("a01_northgate_hgx.xlsx")
    model = review.sheets.sheet.sheet_model
    words = {row: model.headerData(row - 1, Qt.Orientation.Vertical) for row in (12, 13, 14, 15, 27)}
    assert words == {12: "12  header", 13: "13  note", 14: "14  line", 15: "15  child", 27: "27  subtotal"}
    heads = [model.headerData(place, Qt.Orientation.Horizontal) for place in range(model.columnCount())]
    assert any("unit price" in head for head in heads)


def test_a_failing_proof_is_shown_with_its_cents(review_of: Reviewer) -> None:
    review = review_of("a12_quarrystone_recon.xlsx")
    assert review.proof.text().startswith("✗ Total 740,294.19 USD, the lines add up to 755,704.60 USD")
    wrong = {row.row: proof_text(row) for row in review.understood.rows.rows if row.state == "fails"}
    assert wrong == {12: "✗ -36.00", 19: "✗ -15,410.40"}
    review.understood.only_wrong.setChecked(True)
    assert [row.row for row in review.understood.rows.rows] == [12, 19]
    assert not review.bar.go.isEnabled()
    assert "3 questions are open" in review.bar.problem.text()


def test_answers_change_the_total_and_open_the_way_to_import(review_of: Reviewer, qtbot: QtBot) -> None:
    review = review_of("a13_pinecrest_ambiguous.xlsx")
    assert review.tabs.currentIndex() == QUESTIONS
    assert "1,748.00" in review.proof.text()

    def choose(words: str) -> None:
        choices = review.questions.area.widget().findChildren(QRadioButton)
        next(one for one in choices if words in one.text() and not one.isChecked()).click()
        settled(review, qtbot)

    texts = [one.text() for one in review.questions.area.widget().findChildren(QRadioButton)]
    assert any("decimal comma" in text and "2,982.00" in text for text in texts)
    for words in ("decimal comma", "decimal comma", "day first", "EUR"):
        choose(words)
    assert "2,982.00 EUR" in review.proof.text()
    assert not review.review.quote.questions
    assert "EUR" in review.bar.problem.text(), "the plan has no rate for it yet"
    review.bar.rates.edits["EUR"].setText("1.08")
    review.bar.rates.edits["EUR"].editingFinished.emit()
    assert review.bar.go.isEnabled()
    choose("decimal point")
    proofs = [proof_text(row) for row in review.understood.rows.rows]
    assert "✗ 1,232.766" in proofs, "one of the two numbers was changed"
    choose("decimal point")
    assert "1,749.234 EUR" in review.proof.text()


def test_one_answer_can_be_given_to_all_questions_of_its_kind(review_of: Reviewer, qtbot: QtBot) -> None:
    review = review_of("a13_pinecrest_ambiguous.xlsx")
    open_ones = [issue for issue in review.review.quote.issues if issue.code == "ambiguous-number"]
    assert len(open_ones) == 2
    review.questions.answered.emit(open_ones, ",")
    settled(review, qtbot)
    answers = {issue.answer for issue in review.review.issues if issue.code == "ambiguous-number"}
    assert answers == {","}


def test_options_and_leases_are_alternatives_and_off_until_one_is_taken(review_of: Reviewer) -> None:
    review = review_of("a04_brightwater_options.xlsx")
    assert not any(one.accepted for one in review.lines.model.rows)
    assert not review.bar.go.isEnabled()
    choice = review.lines.choices.alternative
    texts = [choice.itemText(place) for place in range(choice.count())]
    assert any(text.startswith("Option A - H200: 855,640.00 USD") for text in texts)

    def take(group: str) -> set[str]:
        choice.setCurrentIndex(choice.findData(group))
        choice.activated.emit(choice.currentIndex())
        return {one.group for one in review.lines.model.rows if one.accepted}

    assert take("Option A - H200") == {"Option A - H200"}
    assert sum(one.amount for one in review.lines.model.rows if one.accepted) == 855_640
    assert take("Option B - B200") == {"Option B - B200"}
    assert choice.currentData() == "Option B - B200"
    assert take("") == set()


def test_many_lines_are_set_at_once(review_of: Reviewer, opened: Opener) -> None:
    review = review_of("a01_northgate_hgx.xlsx")
    review.tabs.setCurrentIndex(LINES)
    choices = review.lines.choices
    choices.field.setCurrentIndex(choices.field.findData("start"))
    choices.set_wanted.emit("start", "4", True)
    assert {one.fields["start"] for one in review.lines.model.rows} == {"4"}
    review.lines.view.select_key(review.lines.model.rows[0].key)
    for row in (0, 2):
        review.lines.view.selectionModel().select(
            review.lines.view.proxy.index(row, 0), QItemSelectionModel.SelectionFlag.Select
        )
    choices.set_wanted.emit("category", "Cluster", False)
    assert [one.category == "Cluster" for one in review.lines.model.rows[:4]] == [True, False, True, False]
    review.lines.toggle()
    assert [one.accepted for one in review.lines.model.rows[:4]] == [False, True, False, True]


def test_another_kind_of_line_costs_the_same(review_of: Reviewer) -> None:
    review = review_of("a01_northgate_hgx.xlsx")
    key = review.lines.model.rows[0].key
    for kind in ("Adjustment", "Recurring", "Purchase"):
        review.lines.view.select_key(key)
        review.lines.choices.set_wanted.emit("kind", kind, False)
    one = review.lines.model.rows[0]
    assert (one.kind, one.fields["quantity"], one.fields["unit_price"]) == (
        "purchase",
        "1",
        "(4) * (282459.75)",
    )
    assert "every" not in one.fields
    assert review.bar.go.isEnabled()
    review.apply()
    results = review.session.results
    assert results is not None
    codes = {
        issue.code for result in results.scenarios for issue in result.issues if issue.severity == "error"
    }
    assert not codes


def test_layout_decisions_move_totals_and_proof(review_of: Reviewer, qtbot: QtBot) -> None:
    review = review_of("a01_northgate_hgx.xlsx")
    assert "2,065,056.43" in review.proof.text()
    review.sheets.sheet.rows_are.emit(26, 26, "note")
    settled(review, qtbot)
    assert not review.review.quote.reconciles
    assert review.proof.text().startswith("✗")
    assert any(row.state == "fails" and row.row == 27 for row in review.understood.rows.rows)
    review.sheets.sheet.rows_are.emit(26, 26, "")
    settled(review, qtbot)
    assert review.review.quote.reconciles
    unit = column_of_cell(f"!{review.review.quote.blocks[0].columns['discount_pct']}1")
    review.sheets.sheet.column_is.emit(unit, "")
    settled(review, qtbot)
    assert "discount_pct" not in review.review.quote.blocks[0].columns
    review.sheets.sheet.column_is.emit(unit, None)
    settled(review, qtbot)
    assert review.review.quote.blocks[0].columns["discount_pct"]


def test_a_decision_that_is_stopped_leaves_all_as_it_was(review_of: Reviewer, qtbot: QtBot) -> None:
    review = review_of("a01_northgate_hgx.xlsx")
    review.sheets.sheet.rows_are.emit(26, 26, "note")
    assert not review.bar.go.isEnabled(), "nothing is imported from a reading that is out of date"
    review.session.jobs.cancel_current()
    qtbot.waitUntil(lambda: review.bar.go.isEnabled(), timeout=20_000)
    assert review.review.mapping == Mapping()
    assert review.review.quote.reconciles
    review.sheets.sheet.rows_are.emit(37, 37, "line")
    settled(review, qtbot)
    assert review.review.mapping.rows == {("Quote", 37): "line"}
    assert {line.kind for line in review.review.quote.blocks[0].lines if line.row == 37} == {"line"}


def test_a_header_can_be_taken_away_and_set_again(review_of: Reviewer, qtbot: QtBot) -> None:
    review = review_of("a01_northgate_hgx.xlsx")
    review.sheets.sheet.header_moved.emit(12, 14)
    settled(review, qtbot)
    assert [block.header_row for block in review.review.quote.blocks] != [12]
    sheet = review.sheets.sheet
    assert sheet.sheet_model.classes[14] == "header", "it can be taken up again where it was put"
    sheet.header_moved.emit(14, 12)
    settled(review, qtbot)
    assert [block.header_row for block in review.review.quote.blocks] == [12]
    assert review.review.quote.reconciles
    sheet.header_set.emit(28, True)
    settled(review, qtbot)
    assert review.review.mapping.headers["Quote"] == (12, 28)
    sheet.header_set.emit(28, False)
    settled(review, qtbot)
    assert review.review.quote.reconciles


def test_the_menu_of_a_row_offers_classes_and_headers(review_of: Reviewer) -> None:
    review = review_of("a01_northgate_hgx.xlsx")
    sheet = review.sheets.sheet
    menu = sheet.row_menu(20)
    texts = [action.text() for action in menu.actions()]
    assert "freight" in texts
    assert "Header is this row, not row 12" in texts
    menu.deleteLater()


def test_decisions_are_remembered_for_the_vendors_next_quote(
    review_of: Reviewer, qtbot: QtBot, window: MainWindow
) -> None:
    review = review_of("a01_northgate_hgx.xlsx")
    review.sheets.sheet.rows_are.emit(37, 37, "line")
    settled(review, qtbot)
    review.apply()
    assert window.session.plan.quotes
    first = workbook_of("a01_northgate_hgx.xlsx")
    later = replace(first, sha256="another", sheets=tuple(moved(sheet, 2) for sheet in first.sheets))
    review = review_of(later)
    settled(review, qtbot)
    assert review.review.mapping.rows == {("Quote", 39): "line"}
    assert review.remembered.isVisibleTo(review)
    assert "NGS-26-04417" in review.remembered.text()
    assert review.tabs.isTabVisible(CHANGES)
    review.without.click()
    settled(review, qtbot)
    assert review.review.mapping == Mapping()
    assert not review.remembered.isVisibleTo(review)


def moved(sheet: Sheet, rows: int) -> Sheet:
    """The sheet with empty rows on top."""
    cells = {
        (row + rows, column): replace(cell, row=row + rows) for (row, column), cell in sheet.cells.items()
    }
    merges = tuple(replace(merge, top=merge.top + rows, bottom=merge.bottom + rows) for merge in sheet.merges)
    return replace(sheet, cells=cells, merges=merges)


def test_a_newer_revision_shows_what_has_changed_line_by_line(
    review_of: Reviewer, window: MainWindow
) -> None:
    review = review_of("a01_northgate_hgx.xlsx")
    review.apply()
    first = workbook_of("a01_northgate_hgx.xlsx")
    sheet = first.sheets[0]
    quote = understand(first, today=DAY)
    block = quote.blocks[0]
    price = (22, column_of_cell(f"!{block.columns['unit_price']}1"))
    cells = {**sheet.cells, price: replace(sheet.cells[price], value=20_000.0)}
    later = replace(first, sha256="next", sheets=(replace(sheet, cells=cells), *first.sheets[1:]))
    review = review_of(later)
    rows = review.changes.model.rows
    assert [(row.what, row.changes[0].field) for row in rows] == [("changed", "unit_price")]
    review.tabs.setCurrentIndex(CHANGES)
    review.changes.view.select_key((rows[0].place, rows[0].text))
    assert current_cell(review)[1] == 22
    assert review.tabs.tabText(UNDERSTOOD) == "Understood"


def test_a_price_list_of_thousands_of_lines_stays_fluid(review_of: Reviewer, qtbot: QtBot) -> None:
    columns = {1: "Part number", 2: "Description", 3: "Qty", 4: "Unit price USD", 5: "Extended USD"}
    cells = {(1, column): Cell(1, column, text) for column, text in columns.items()}
    count = 20_000
    for row in range(2, count + 2):
        values = (f"P-{row}", f"Cable {row} m", 2, 10.5, 21.0)
        cells |= {(row, column): Cell(row, column, value) for column, value in enumerate(values, 1)}
    cells[count + 2, 2] = Cell(count + 2, 2, "Total")
    cells[count + 2, 5] = Cell(count + 2, 5, 21.0 * count)
    workbook = Workbook("long.xlsx", "long", "xlsx", (Sheet("Prices", cells),))
    review = review_of(workbook)
    assert len(review.understood.rows.rows) == count + 3
    assert not review.bar.go.isEnabled(), "what they would become is worked out in a worker"
    qtbot.waitUntil(lambda: len(review.lines.model.rows) == count, timeout=60_000)
    assert review.bar.go.isEnabled()
    started = time.perf_counter()
    sheet = review.sheets.sheet
    for row in range(100, count, count // 20):
        sheet.setCurrentIndex(sheet.sheet_model.index(row, 0))
        QApplication.processEvents()
    assert review.understood.row_view.current_row().row > count // 2
    assert (time.perf_counter() - started) / 20 < 0.25, "seconds from a click on one side to the other"
