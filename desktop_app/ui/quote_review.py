"""A vendor's quote beside what was understood of it: each side shows the other, and totals follow every decision."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTabBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.engine.model import Plan
from desktop_app.exchange.quote_import import QuoteRefused, import_quote
from desktop_app.exchange.quote_proposals import Proposal
from desktop_app.exchange.quote_records import key_of, remembered
from desktop_app.exchange.quotes import Mapping, Quote, compare_quotes, understand
from desktop_app.ui import display
from desktop_app.ui.jobs import Handle
from desktop_app.ui.pages import button, heading, quiet
from desktop_app.ui.review import Review, column_of_cell, place_of_cell, row_classes, sheet_named
from desktop_app.ui.review_tables import (
    ChangeRow,
    Questions,
    change_columns,
    change_rows,
    money,
    proposal_columns,
)
from desktop_app.ui.session import Session
from desktop_app.ui.sheet_view import SheetView
from desktop_app.ui.tables import TableModel, TableView


def today() -> dt.date:
    """The user's own day."""
    return dt.date.today()  # noqa: DTZ011


def proof_text(quote: Quote) -> str:
    """The total, and whether everything adds up to it."""
    total = quote.grand_total
    said = f"Total {money(total.amount, total.currency or quote.currency or '')}" if total else "No grand total is printed"
    return f"✓ {said}: every priced row is accounted for, to the cent." if quote.reconciles else f"✗ {said}: it is not proved yet, see the questions."


class QuoteReview(QWidget):
    """Left the sheet, right the proposals, questions and changes; above, the facts and the proof; below, where it goes."""

    imported = Signal(str, str, bool)
    closed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.review: Review | None = None
        self.setAccessibleName("Review of a quote")
        self.title = heading()
        self.facts = quiet()
        self.proof = QLabel()
        self.proof.setWordWrap(True)
        self.sheet = SheetView()
        self.sheets = QTabBar()
        self.sheets.setAccessibleName("Sheets of the quote")
        self.sheets.setShape(QTabBar.Shape.RoundedSouth)
        self.sheets.currentChanged.connect(lambda _: self._show_sheet())
        self.model: TableModel[Proposal] = TableModel(
            proposal_columns(self._change, lambda: [driver.name for driver in session.plan.drivers]), key=lambda row: row.key
        )
        self.view = TableView(self.model, "What would be imported", sortable=True)
        take = QShortcut(QKeySequence(Qt.Key.Key_Space), self.view)
        take.setContext(Qt.ShortcutContext.WidgetShortcut)
        take.activated.connect(self.toggle)
        self.questions = Questions()
        self.questions.answered.connect(lambda issue, key: self._understand(self._now.answered(issue, key)))
        self.questions.cell_wanted.connect(self.show_cell)
        self.changes: TableModel[ChangeRow] = TableModel(change_columns(), key=lambda row: row.place)
        self.change_view = TableView(self.changes, "Changes since the revision before")
        self.tabs = QTabWidget()
        self.tabs.addTab(self.view, "Lines")
        self.tabs.addTab(self.questions, "Questions")
        self.tabs.addTab(self.change_view, "Changes")
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._show_source())
        self._connect_sheet()
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.sheet, 1)
        column.addWidget(self.sheets)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(self.tabs)
        split.setSizes([1000, 1000])
        split.setChildrenCollapsible(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.title)
        outer.addWidget(self.facts)
        outer.addWidget(self.proof)
        outer.addWidget(split, 1)
        outer.addLayout(self._target_row())
        self._following = False

    def _target_row(self) -> QHBoxLayout:
        self.target = QComboBox()
        self.target.setAccessibleName("Scenario to import into")
        self.target.activated.connect(lambda: self._aim())
        self.new_scenario = QLineEdit()
        self.new_scenario.setAccessibleName("Name of a new scenario")
        self.new_scenario.setPlaceholderText("a new scenario based on it (optional)")
        self.new_scenario.editingFinished.connect(self._aim)
        self.rates = QFormLayout()
        self.rate_edits: dict[str, QLineEdit] = {}
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setForegroundRole(QPalette.ColorRole.BrightText)
        self.go = QPushButton("Import")
        self.go.setDefault(True)
        self.go.clicked.connect(self.apply)
        row = QHBoxLayout()
        row.addWidget(QLabel("Into"))
        row.addWidget(self.target)
        row.addWidget(QLabel("as"))
        row.addWidget(self.new_scenario, 1)
        row.addLayout(self.rates)
        row.addWidget(self.problem, 2)
        row.addWidget(button("Cancel", "Closes the review; nothing is imported", self.close_review))
        row.addWidget(self.go)
        return row

    def _connect_sheet(self) -> None:
        sheet = self.sheet
        sheet.row_chosen.connect(self._show_proposal)
        sheet.rows_are.connect(lambda first, last, kind: self._understand(self._now.row_as(self._sheet_name, range(first, last + 1), kind)))
        sheet.column_is.connect(lambda column, name: self._understand(self._now.column_as(self._sheet_name, column, name)))
        sheet.header_moved.connect(self._move_header)
        sheet.header_set.connect(self._set_header)

    # Showing

    @property
    def _now(self) -> Review:
        assert self.review is not None
        return self.review

    @property
    def _sheet_name(self) -> str:
        return self.sheets.tabText(self.sheets.currentIndex()) if self.sheets.count() else ""

    def show_review(self, review: Review) -> None:
        """Begins with a quote as it was read."""
        self.review = review
        self.sheets.blockSignals(True)
        while self.sheets.count():
            self.sheets.removeTab(0)
        first = review.quote.blocks[0].sheet if review.quote.blocks else ""
        for sheet in review.workbook.sheets:
            if not sheet.hidden:
                place = self.sheets.addTab(sheet.name)
                if sheet.name == first:
                    self.sheets.setCurrentIndex(place)
        self.sheets.blockSignals(False)
        plan = self.session.plan
        self.target.clear()
        self.target.addItems([scenario.name for scenario in plan.scenarios])
        self.target.setCurrentText(review.scenario)
        self.new_scenario.setText(review.new_scenario)
        self.tabs.setCurrentIndex(1 if review.quote.questions else 0)
        self.refresh()
        top = min((block.header_row for block in review.quote.blocks if block.sheet == first), default=1)
        self.sheet.show_from(max(top - 4, 1))

    def refresh(self) -> None:
        """Shows the state of the review."""
        review, plan = self._now, self.session.plan
        quote = review.quote
        self.title.setText(" · ".join(part for part in (quote.vendor or "Unknown vendor", quote.quote_number, quote.file) if part))
        self.facts.setText(facts_text(quote))
        self.proof.setText(proof_text(quote))
        self.proof.setForegroundRole(QPalette.ColorRole.WindowText if quote.reconciles else QPalette.ColorRole.BrightText)
        self._show_sheet()
        proposals = review.proposals(plan)
        self.model.set_rows(proposals)
        self.questions.show_issues(quote.issues, quote.currency or "")
        taken = sum(1 for one in proposals if one.accepted)
        self.tabs.setTabText(0, f"Lines ({taken} of {len(proposals)})")
        self.tabs.setTabText(1, f"Questions ({len(quote.questions)})" if quote.questions else "Questions and notes")
        self._show_changes(plan, quote)
        self._show_rates(plan)
        self._say(proposals)

    def _show_changes(self, plan: Plan, quote: Quote) -> None:
        record = next((one for one in plan.quotes if one.key == key_of(quote)), None)
        old = remembered(record) if record else None
        rows = change_rows(compare_quotes(old, quote) if old else None)
        self.changes.set_rows(rows)
        self.tabs.setTabVisible(2, old is not None)
        self.tabs.setTabText(2, f"Changes since the last import ({len(rows)})")

    def _show_rates(self, plan: Plan) -> None:
        needed = self._now.missing_rates(plan)
        if list(self.rate_edits) == needed:
            return
        while self.rates.rowCount():
            self.rates.removeRow(0)
        self.rate_edits = {}
        for code in needed:
            edit = QLineEdit(self._now.rates.get(code, ""))
            edit.setPlaceholderText(f"{plan.settings.currency}/{code}")
            edit.setMaximumWidth(edit.fontMetrics().averageCharWidth() * 14)
            edit.editingFinished.connect(lambda code=code, edit=edit: self._set_rate(code, edit.text()))
            self.rates.addRow(f"1 {code} in {plan.settings.currency}", edit)
            self.rate_edits[code] = edit

    def _say(self, proposals: list[Proposal]) -> None:
        """Why it cannot be imported yet, or how much would be."""
        review = self._now
        taken = [one for one in proposals if one.accepted]
        open_rates = [code for code in self.rate_edits if not review.rates.get(code)]
        said = ""
        if review.quote.questions:
            said = f"Answer {'the question' if len(review.quote.questions) == 1 else f'{len(review.quote.questions)} questions'} first."
        elif not taken:
            said = "Take at least one line."
        elif open_rates:
            said = f"Give the exchange rate of {', '.join(open_rates)}."
        self.problem.setText(said)
        self.go.setEnabled(not said)
        self.go.setText(f"Import {len(taken)} line{'' if len(taken) == 1 else 's'}")

    def _show_sheet(self) -> None:
        if self.review is None:
            return
        name = self._sheet_name
        quote = self.review.quote
        fields = {
            column_of_cell(f"!{letter}1"): field for block in quote.blocks if block.sheet == name for field, letter in block.columns.items()
        }
        self.sheet.show_sheet(sheet_named(self.review.workbook, name), row_classes(quote, name), fields)

    # One side shows the other

    def show_cell(self, cell: str) -> None:
        """Shows a cell of the vendor's sheet."""
        sheet, row = place_of_cell(cell)
        for place in range(self.sheets.count()):
            if self.sheets.tabText(place) == sheet:
                self.sheets.setCurrentIndex(place)
        self.sheet.go_to(row, column_of_cell(cell))

    def _show_source(self) -> None:
        row: Proposal | None = self.view.current_row()
        if row is not None and not self._following:
            self._following = True
            self.show_cell(row.price_cell or row.key)
            self._following = False

    def _show_proposal(self, row: int) -> None:
        found = next((one.key for one in self.model.rows if one.sheet == self._sheet_name and one.row == row), None)
        if found is not None and not self._following:
            self._following = True
            self.view.select_key(found, 2)
            self._following = False

    # Decisions

    def _change(self, key: str, **values: Any) -> None:
        self.review = self._now.with_change(key, **values)
        self.refresh()

    def toggle(self) -> None:
        """Takes the current line, or leaves it out; of several chosen ones all do as the current one."""
        current: Proposal | None = self.view.current_row()
        if current is None:
            return
        rows = {self.view.proxy.mapToSource(index).row() for index in self.view.selectedIndexes()}
        review = self._now
        for row in rows:
            review = review.with_change(self.model.rows[row].key, accepted=not current.accepted)
        self.review = review
        self.refresh()

    def _aim(self) -> None:
        self.review = replace(self._now, scenario=self.target.currentText(), new_scenario=self.new_scenario.text().strip())
        self.refresh()

    def _set_rate(self, code: str, text: str) -> None:
        self.review = replace(self._now, rates={**self._now.rates, code: display.entry_from_text(text)})
        self._say(self._now.proposals(self.session.plan))

    def _move_header(self, start: int, end: int) -> None:
        rows = set(self._now.header_rows(self._sheet_name)) - {start} | {end}
        self._understand(self._now.with_headers(self._sheet_name, rows))

    def _set_header(self, row: int, wanted: bool) -> None:
        rows = set(self._now.header_rows(self._sheet_name))
        self._understand(self._now.with_headers(self._sheet_name, rows | {row} if wanted else rows - {row}))

    def _understand(self, mapping: Mapping) -> None:
        """Reads the sheets again under other decisions; the totals and the proof follow."""
        review = self._now
        workbook = review.workbook
        self.review = replace(review, mapping=mapping)

        def work(_handle: Handle) -> Quote:
            return understand(workbook, today=today(), answers=mapping)

        def done(quote: Quote) -> None:
            if self.review is not None and self.review.workbook is workbook:
                self.review = replace(self.review, quote=quote)
                self.refresh()

        self.session.jobs.start("understand", "Reading the quote again", work, done)

    def apply(self) -> None:
        """Imports what is accepted, as one step that can be undone."""
        review = self._now
        document = self.session.document
        assert document is not None
        result: list[Any] = []

        def step() -> None:
            result.append(
                import_quote(
                    document,
                    review.quote,
                    review.scenario,
                    review.proposals(document.plan),
                    as_scenario=review.new_scenario,
                    fx={code: text for code, text in review.rates.items() if text},
                )
            )

        try:
            done = self.session.do(lambda _document: step())
        except QuoteRefused as problem:
            self.problem.setText(" ".join(problem.reasons))
            return
        if not done:
            return
        imported = result[0]
        self.session.select(scenario=imported.scenario)
        said = [f"{len(imported.lines)} cost lines are in “{imported.scenario}”"]
        if imported.prices:
            said.append(f"{len(imported.prices)} drivers have new prices")
        if imported.removed:
            said.append(f"{len(imported.removed)} lines of the earlier revision are gone")
        sentence = ", ".join(said) + "."
        for issue in imported.issues:
            sentence += f" {issue.message}"
        self.review = None
        self.imported.emit(sentence, imported.key, bool(imported.issues))

    def close_review(self) -> None:
        """Ends the review; nothing is imported."""
        self.session.jobs.cancel("understand")
        self.review = None
        self.closed.emit()


def facts_text(quote: Quote) -> str:
    """What the quote says of itself, in one line."""
    day = quote.quote_date.isoformat() if quote.quote_date else ""
    until = quote.valid_until.isoformat() if quote.valid_until else ""
    facts = (
        ("revision", quote.revision),
        ("of", display.date(day)),
        ("valid until", display.date(until)),
        ("in", quote.currency),
        ("payment", quote.payment_terms),
        ("lead time", quote.lead_time),
    )
    return " · ".join(f"{word} {value}" for word, value in facts if value)
