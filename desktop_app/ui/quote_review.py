"""A vendor's quote beside what was understood of it: each side shows the other, and totals follow every
decision.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.engine.model import Plan
from desktop_app.exchange.quote_import import QuoteRefused, import_quote
from desktop_app.exchange.quote_memory import last_of_vendor, memory_of, recall
from desktop_app.exchange.quote_proposals import Proposal, propose
from desktop_app.exchange.quote_records import key_of, remembered
from desktop_app.exchange.quotes import Issue, Mapping, Quote, compare_quotes, understand
from desktop_app.ui import display
from desktop_app.ui.jobs import Handle
from desktop_app.ui.pages import button, heading, quiet
from desktop_app.ui.quote_changes import Changes
from desktop_app.ui.quote_lines import ProposedLines
from desktop_app.ui.quote_questions import Questions
from desktop_app.ui.quote_rows import facts_text, verdict
from desktop_app.ui.quote_sheets import QuoteSheets
from desktop_app.ui.quote_target import ImportBar
from desktop_app.ui.quote_understood import Understood
from desktop_app.ui.review import Review
from desktop_app.ui.session import Session

_MANY_LINES = 500
UNDERSTOOD, QUESTIONS, LINES, CHANGES = range(4)


def today() -> dt.date:
    """The user's own day."""
    return dt.date.today()  # noqa: DTZ011


class QuoteReview(QWidget):
    """Left the sheet, right what was understood; above, the total and its proof; below, where it goes."""

    imported = Signal(str, str, bool)
    closed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.review: Review | None = None
        self.setAccessibleName("Review of a quote")
        self._proposed: list[Proposal] = []
        self._following = False
        self._read_with = Mapping()
        self.title = heading()
        self.facts = quiet()
        self.proof = QLabel()
        self.proof.setWordWrap(True)
        self.sheets = QuoteSheets()
        self.sheets.row_chosen.connect(self._show_row)
        self.understood = Understood()
        self.understood.cell_wanted.connect(self.show_cell)
        self.bar = ImportBar()
        self.lines = ProposedLines(lambda: session.plan)
        self.lines.changed.connect(self._change)
        self.lines.cell_wanted.connect(self.show_cell)
        self.lines.complained.connect(lambda said: self.bar.say(said, 0))
        self.questions = Questions()
        self.questions.answered.connect(self._answer)
        self.questions.cell_wanted.connect(self.show_cell)
        self.changes = Changes()
        self.changes.cell_wanted.connect(self.show_cell)
        self.bar.aimed.connect(self._aim)
        self.bar.rate_given.connect(self._set_rate)
        self.bar.import_wanted.connect(self.apply)
        self.bar.cancelled.connect(self.close_review)
        self._connect_sheets()
        self._lay_out()

    def _lay_out(self) -> None:
        self.tabs = QTabWidget()
        for widget, title in (
            (self.understood, "Understood"),
            (self.questions, "Questions"),
            (self.lines, "To import"),
            (self.changes, "Changes"),
        ):
            self.tabs.addTab(widget, title)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.sheets)
        split.addWidget(self.tabs)
        for place in (0, 1):
            split.setStretchFactor(place, 1)
        split.setSizes([1000, 1000])
        split.setChildrenCollapsible(False)
        self.remembered = QLabel()
        self.remembered.setWordWrap(True)
        self.without = button("Without them", "Reads the quote as if nothing had been decided", self._forget)
        notice = QHBoxLayout()
        notice.addWidget(self.remembered, 1)
        notice.addWidget(self.without)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.title)
        outer.addWidget(self.facts)
        outer.addWidget(self.proof)
        outer.addLayout(notice)
        outer.addWidget(split, 1)
        outer.addWidget(self.bar)

    def _connect_sheets(self) -> None:
        sheets = self.sheets
        sheets.rows_are.connect(
            lambda sheet, first, last, kind: self._understand(
                self._now.row_as(sheet, range(first, last + 1), kind)
            )
        )
        sheets.column_is.connect(
            lambda sheet, column, name: self._understand(self._now.column_as(sheet, column, name))
        )
        sheets.header_moved.connect(self._move_header)
        sheets.header_set.connect(self._set_header)

    # Showing

    @property
    def _now(self) -> Review:
        assert self.review is not None
        return self.review

    def show_review(self, review: Review) -> None:
        """Begins with a quote as it was read; decisions remembered for its layout are made again."""
        plan = self.session.plan
        recalled = recall(plan.quotes, review.quote, review.workbook)
        self.review = replace(review, first=review.quote, recalled=recalled)
        self._read_with = review.mapping
        self.sheets.show_workbook(review.workbook, review.quote)
        self.bar.show_target([one.name for one in plan.scenarios], review.scenario, review.new_scenario)
        self.tabs.setCurrentIndex(QUESTIONS if review.quote.questions else UNDERSTOOD)
        self.refresh()
        if recalled is not None:
            self._understand(recalled.mapping)

    def refresh(self) -> None:
        """Shows the state of the review after the quote was understood anew."""
        review, plan = self._now, self.session.plan
        quote = review.quote
        parts = (quote.vendor or "Unknown vendor", quote.quote_number, quote.file)
        self.title.setText(" · ".join(part for part in parts if part))
        self.facts.setText(facts_text(quote))
        self.proof.setText(verdict(quote))
        self.proof.setForegroundRole(
            QPalette.ColorRole.WindowText if quote.reconciles else QPalette.ColorRole.BrightText
        )
        self._show_remembered()
        self.sheets.show_quote(quote, review.mapping)
        self.understood.show_quote(quote)
        self.questions.show_issues(review.issues, quote.currency or "")
        count = len(quote.questions)
        self.tabs.setTabText(QUESTIONS, f"✗ Questions ({count})" if count else "Questions and notes")
        self._show_changes(plan, quote)
        self._propose()

    def _propose(self) -> None:
        """Works out what the lines would become; of long quotes in a worker."""
        review, plan = self._now, self.session.plan
        quote, scenario = review.quote, review.scenario
        if sum(len(block.lines) for block in quote.blocks) < _MANY_LINES:
            self._proposed = propose(quote, plan, scenario)
            self._show_proposals()
            return

        def done(proposed: list[Proposal]) -> None:
            if self.review is not None and self.review.quote is quote:
                self._proposed = proposed
                self._show_proposals()

        self._proposed = []
        self.lines.show_proposals([], [])
        self.tabs.setTabText(LINES, "To import")
        self.bar.say("What the lines would become is being worked out.", 0)
        work = "Working out what the lines would become"
        self.session.jobs.start(
            "propose",
            work,
            lambda _handle: propose(quote, plan, scenario),
            done,
            cancelled=lambda: self.bar.say("It was stopped: choose a scenario to work the lines out.", 0),
        )

    def _show_proposals(self) -> None:
        review, plan = self._now, self.session.plan
        proposals = review.changed(self._proposed)
        self.lines.show_proposals(self._proposed, proposals)
        taken = [one for one in proposals if one.accepted]
        self.tabs.setTabText(LINES, f"To import ({len(taken):,} of {len(proposals):,})")
        self.bar.show_rates(review.missing_rates(plan, proposals), review.rates, plan.settings.currency)
        open_rates = [code for code in self.bar.rates.edits if not review.rates.get(code)]
        said = ""
        count = len(review.quote.questions)
        if count:
            first = review.quote.questions[0]
            open_ones = "One question is" if count == 1 else f"{count} questions are"
            said = f"{open_ones} open. {first.cell}: {first.message}"
        elif not taken:
            said = "Nothing is taken yet: choose an alternative, or take lines."
        elif open_rates:
            said = f"The plan has no exchange rate for {', '.join(open_rates)}: give it below."
        self.bar.say(said, len(taken))

    def _show_remembered(self) -> None:
        """Says which decisions were taken over from an earlier quote, for as long as they hold."""
        review = self._now
        recalled = review.recalled
        used = recalled is not None and review.mapping == recalled.mapping
        self.remembered.setVisible(used)
        self.without.setVisible(used)
        if used and recalled is not None:
            record = recalled.record
            which = (
                "this file"
                if record.sha256 == review.quote.sha256
                else record.quote_number or record.file_name
            )
            words = "; ".join(recalled.words[:4]) + (" …" if len(recalled.words) > 4 else "")
            self.remembered.setText(f"As decided for {which}: {words}")

    def _forget(self) -> None:
        self.review = replace(self._now, recalled=None)
        self._understand(Mapping())

    def _show_changes(self, plan: Plan, quote: Quote) -> None:
        """What has changed since the revision that the plan holds, else since the vendor's last quote."""
        revision = next((one for one in plan.quotes if one.key == key_of(quote)), None)
        record = revision or last_of_vendor(plan.quotes, quote)
        old = remembered(record) if record else None
        self.tabs.setTabVisible(CHANGES, old is not None)
        if old is None or record is None:
            self.changes.show_comparison(None, "", quote)
            return
        since = old.quote_number or record.file_name
        if revision is not None:
            since = f"revision {old.revision}" if old.revision else "the last import"
        self.changes.show_comparison(compare_quotes(old, quote), since, quote)
        self.tabs.setTabText(CHANGES, f"Since {since} ({self.changes.count:,})")

    # One side shows the other

    def show_cell(self, cell: str) -> None:
        """Shows a cell of the vendor's sheet."""
        if not self._following:
            self.sheets.show_cell(cell)

    def _show_row(self, sheet: str, row: int) -> None:
        """Shows what was understood of a row of the sheet, and what it would become."""
        self._following = True
        try:
            self.lines.select_row(sheet, row)
            self.understood.select_row(sheet, row)
        finally:
            self._following = False

    # Decisions about the proposals

    def _change(self, values: dict[str, dict[str, Any]]) -> None:
        self.review = self._now.with_changes(values)
        self._show_proposals()

    def _aim(self, scenario: str, new_scenario: str) -> None:
        self.review = replace(self._now, scenario=scenario, new_scenario=new_scenario)
        self._propose()

    def _set_rate(self, code: str, text: str) -> None:
        rates = {**self._now.rates, code: display.entry_from_text(text)}
        self.review = replace(self._now, rates=rates)
        self._show_proposals()

    # Decisions about the layout

    def _answer(self, issues: list[Issue], key: str) -> None:
        review = self._now
        self.review = replace(review, asked={**review.asked, **{issue.id: issue for issue in issues}})
        self._understand(review.answered(issues, key))

    def _move_header(self, sheet: str, start: int, end: int) -> None:
        rows = set(self._now.header_rows(sheet)) - {start} | {end}
        self._understand(self._now.with_headers(sheet, rows))

    def _set_header(self, sheet: str, row: int, wanted: bool) -> None:
        rows = set(self._now.header_rows(sheet))
        self._understand(self._now.with_headers(sheet, rows | {row} if wanted else rows - {row}))

    def _understand(self, mapping: Mapping) -> None:
        """Reads the sheets again under other decisions; the totals and the proof follow."""
        review = self._now
        workbook, before = review.workbook, self._read_with
        self.review = replace(review, mapping=mapping)

        def work(_handle: Handle) -> Quote:
            return understand(workbook, today=today(), answers=mapping)

        def done(quote: Quote) -> None:
            if self.review is not None and self.review.workbook is workbook:
                self._read_with = mapping
                self.review = replace(self.review, quote=quote)
                self.refresh()

        def stopped() -> None:
            if self.review is not None and self.review.workbook is workbook:
                self.review = replace(self.review, mapping=before)
                self.refresh()

        self.bar.say("The quote is being read again.", 0)
        self.session.jobs.start("understand", "Reading the quote again", work, done, cancelled=stopped)

    # The end

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
                    review.changed(self._proposed),
                    as_scenario=review.new_scenario,
                    fx={code: text for code, text in review.rates.items() if text},
                    decided=memory_of(review.mapping, review.as_read, review.quote, review.workbook),
                )
            )

        try:
            done = self.session.do(lambda _document: step())
        except QuoteRefused as problem:
            self.bar.say(" ".join(problem.reasons), 0)
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
        for work in ("understand", "propose"):
            self.session.jobs.cancel(work)
        self.review = None
        self.closed.emit()
