"""The quotes that were imported, what they said, and what of the plan rests on them."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from desktop_app.document import edits
from desktop_app.engine.model import Plan, QuoteRecord
from desktop_app.ui import display
from desktop_app.ui.cells import Mark
from desktop_app.ui.pages import EmptyState, Page, button, heading, quiet, stacked
from desktop_app.ui.places import DRIVER, LINE, Place
from desktop_app.ui.quote_comparison import QuoteComparison
from desktop_app.ui.quote_review import QuoteReview
from desktop_app.ui.review import Review
from desktop_app.ui.session import Session
from desktop_app.ui.tables import Column, TableModel, TableView


@dataclass(frozen=True, slots=True)
class UseRow:
    """Something of the plan that has a value from a quote."""

    kind: str
    name: str
    scenario: str
    cell: str


@dataclass(frozen=True, slots=True)
class QuotedRow:
    """A line as the quote said it."""

    sheet: str
    values: dict[str, Any]


def uses_of(plan: Plan, key: str) -> list[UseRow]:
    """Drivers and cost lines that point into a quote."""
    found = [
        UseRow(DRIVER, driver.name, "", driver.source.cell)
        for driver in plan.drivers
        if driver.source.quote == key
    ]
    for scenario in plan.scenarios:
        found += [
            UseRow(LINE, line.name, scenario.name, line.source.cell)
            for line in scenario.lines
            if line.source.quote == key
        ]
    return found


def quoted_rows(record: QuoteRecord) -> list[QuotedRow]:
    """The lines of a quote's kept reading; none where it was kept without one."""
    try:
        reading = json.loads(record.reading) if record.reading else {}
    except ValueError:
        return []
    blocks = reading.get("blocks", []) if isinstance(reading, dict) else []
    return [
        QuotedRow(str(block.get("sheet", "")), line) for block in blocks for line in block.get("lines", [])
    ]


def is_expired(record: QuoteRecord, today: dt.date) -> bool:
    """True once the quote's last day has passed."""
    try:
        return dt.date.fromisoformat(record.valid_until) < today
    except ValueError:
        return False


class QuotesPage(Page):
    """Quotes above; below, what the chosen one said and where it is used."""

    title = "Quotes"

    def __init__(self, session: Session, import_action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.model: TableModel[QuoteRecord] = TableModel(self._columns(), key=lambda record: record.key)
        self.view = TableView(self.model, "Quotes", sortable=True)
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._show_current())
        self.lines: TableModel[QuotedRow] = TableModel(
            _line_columns(), key=lambda row: (row.sheet, row.values.get("row"))
        )
        self.line_view = TableView(self.lines, "Lines of the quote")
        self.uses: TableModel[UseRow] = TableModel(_use_columns(), key=lambda row: row)
        self.use_view = TableView(self.uses, "Where the quote is used")
        self.use_view.activated.connect(lambda _: self._go())
        import_button = QPushButton("Import quote…")
        import_button.clicked.connect(import_action.trigger)
        top = QHBoxLayout()
        top.addWidget(import_button)
        top.addWidget(
            button(
                "Compare quotes…",
                "Brings the quotes of several vendors to the same scope, years and currency",
                self.show_comparison,
            )
        )
        top.addWidget(
            button(
                "Forget",
                "Removes the quote from the plan; values taken from it keep their source",
                self.forget,
            )
        )
        top.addWidget(quiet("Drag a vendor's workbook into the window, or import it here."), 1)
        lower = QSplitter(Qt.Orientation.Horizontal)
        for title, view in (("What it said", self.line_view), ("Where it is used", self.use_view)):
            part = QWidget()
            column = QVBoxLayout(part)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(heading(title, 1.0))
            column.addWidget(view, 1)
            lower.addWidget(part)
        lower.setStretchFactor(0, 3)
        lower.setStretchFactor(1, 2)
        lower.setChildrenCollapsible(False)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.view)
        split.addWidget(lower)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setChildrenCollapsible(False)
        empty = EmptyState(
            "No quotes yet",
            "Drag a vendor's quote into the window: Excel, OpenDocument or CSV. Outlay proves its "
            "arithmetic line by line, asks about "
            "whatever could be read in two ways, and remembers the cell of every price it takes.",
            import_action,
        )
        holder, self._stack = stacked(split, empty)
        listing = QWidget()
        column = QVBoxLayout(listing)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(holder, 1)
        self._mode: QStackedLayout
        self.review = QuoteReview(session)
        self.review.closed.connect(lambda: self._mode.setCurrentIndex(0))
        self.review.imported.connect(lambda *_: self._mode.setCurrentIndex(0))
        self.comparison = QuoteComparison(session)
        self.comparison.closed.connect(lambda: self._mode.setCurrentIndex(0))
        both, self._mode = stacked(listing, self.review, self.comparison)
        outer = QVBoxLayout(self)
        outer.addWidget(both)
        session.document_changed.connect(lambda: self._mode.setCurrentIndex(0))

    def show_review(self, review: Review) -> None:
        """Shows a quote that was read, to be looked at before it is imported."""
        self.review.show_review(review)
        self._mode.setCurrentIndex(1)

    def show_comparison(self) -> None:
        """Shows the plan's quotes over the same scopes."""
        self.comparison.refresh()
        self._mode.setCurrentIndex(2)

    @property
    def reviewing(self) -> bool:
        """True while a quote is being reviewed."""
        return self._mode.currentIndex() == 1

    def _columns(self) -> list[Column[QuoteRecord]]:
        today = dt.date.today()  # noqa: DTZ011 - the user's own day
        return [
            Column("Vendor", lambda record: record.vendor, least=16, most=36),
            Column("Number", lambda record: record.quote_number, most=24),
            Column(
                "Date",
                lambda record: display.date(record.quote_date),
                sort=lambda record: record.quote_date,
                most=14,
            ),
            Column(
                "Valid until",
                lambda record: (
                    f"{display.date(record.valid_until)}{' ⚠ expired' if is_expired(record, today) else ''}"
                ),
                sort=lambda record: record.valid_until,
                mark=lambda record: Mark.WARNING if is_expired(record, today) else None,
                most=26,
            ),
            Column("Currency", lambda record: record.currency, most=10),
            Column("File", lambda record: record.file_name, most=40),
            Column("SHA-256", lambda record: record.sha256, mark=lambda _record: Mark.MUTED, most=20),
        ]

    def refresh(self) -> None:
        plan = self.session.plan
        self._stack.setCurrentIndex(0 if plan.quotes else 1)
        self.model.set_rows(plan.quotes)
        if plan.quotes and self.view.current_place() is None:
            self.view.setCurrentIndex(self.view.proxy.index(0, 0))
        self._show_current()
        if self._mode.currentIndex() == 2:
            self.comparison.refresh()

    def _show_current(self) -> None:
        record: QuoteRecord | None = self.view.current_row()
        self.lines.set_rows(quoted_rows(record) if record else [])
        self.uses.set_rows(uses_of(self.session.plan, record.key) if record else [])

    def go_to(self, key: str, cell: str) -> None:
        """Puts the cursor on a quote, and on its line that holds a cell ("Sheet!I14")."""
        self.bring_up_to_date()
        self.view.select_key(key)
        self._show_current()
        sheet, _, address = cell.rpartition("!")
        row = "".join(sign for sign in address if sign.isdigit())
        if row:
            self.line_view.select_key((sheet.strip("'"), int(row)))
        self.line_view.setFocus()

    def forget(self) -> None:
        """Removes the quote the cursor stands on."""
        record: QuoteRecord | None = self.view.current_row()
        if record is not None:
            self.session.do(edits.delete_quote, record.key)

    def _go(self) -> None:
        row: UseRow | None = self.use_view.current_row()
        if row is not None:
            if row.scenario:
                self.session.select(scenario=row.scenario)
            self.session.go(Place(row.kind, row.name))


def _amount(name: str, digits: int = 2) -> Any:
    def text(row: QuotedRow) -> str:
        value = row.values.get(name)
        return (
            ""
            if value is None
            else display.number(float(value), digits)
            if digits
            else display.significant(float(value), 10)
        )

    return text


def _line_columns() -> list[Column[QuotedRow]]:
    return [
        Column(
            "Row",
            lambda row: f"{row.sheet}!{row.values.get('row', '')}",
            mark=lambda _row: Mark.MUTED,
            most=18,
        ),
        Column("Kind", lambda row: str(row.values.get("kind", "")).replace("_", " "), most=10),
        Column("Part", lambda row: str(row.values.get("part_number") or ""), most=22),
        Column("Description", lambda row: str(row.values.get("description") or ""), least=20, most=52),
        Column("Quantity", _amount("quantity", 0), right=True, most=12),
        Column("Unit price", _amount("unit_price"), right=True, most=16),
        Column("Extended", _amount("extended_price"), right=True, most=16),
        Column("Currency", lambda row: str(row.values.get("currency") or ""), most=8),
    ]


def _use_columns() -> list[Column[UseRow]]:
    return [
        Column(
            "What",
            lambda row: f"{'Driver' if row.kind == DRIVER else 'Cost line'} {row.name}",
            least=20,
            most=44,
        ),
        Column("Scenario", lambda row: row.scenario, most=30),
        Column("Cell", lambda row: row.cell, most=18),
    ]
