"""Who changed what and when, newest first, as the plan file keeps it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.document.history import HistoryEntry
from desktop_app.ui import display
from desktop_app.ui.cells import Mark
from desktop_app.ui.pages import FilterLine, Page, quiet
from desktop_app.ui.session import Session
from desktop_app.ui.tables import Column, TableModel, TableView

_TABLES = {
    "plan": "plan",
    "scenario_driver": "scenario's value",
    "scenario_removed": "left-out line",
    "line": "cost line",
    "line_field": "cost line",
    "line_override": "inherited line",
    "line_override_field": "inherited line",
    "plan_case": "case",
    "case_driver": "case's value",
    "lookup_table": "table",
    "lookup_row": "table row",
    "fx": "exchange rate",
    "price": "reference price",
}


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A change with its place in the history."""

    number: int
    entry: HistoryEntry


class HistoryPage(Page):
    """A table that is only read."""

    title = "History"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        columns: list[Column[HistoryRow]] = [
            Column(
                "When",
                lambda row: display.moment(row.entry.time),
                sort=lambda row: row.number,
                least=16,
                most=24,
            ),
            Column("Who", lambda row: row.entry.user, most=20),
            Column("Step", lambda row: row.entry.label, least=24, most=48),
            Column("What", _what, least=20, most=48),
            Column("Field", lambda row: row.entry.column.replace("_", " "), most=18),
            Column(
                "Before", lambda row: _value(row.entry.old), mark=lambda _row: Mark.MUTED, least=14, most=36
            ),
            Column("After", lambda row: _value(row.entry.new), least=14, most=36),
        ]
        self.model: TableModel[HistoryRow] = TableModel(columns, key=lambda row: row.number)
        self.view = TableView(self.model, "History", sortable=True)
        self.filter = FilterLine(self.view, "changes")
        self.hint = quiet("Kept in the plan file and never edited; undone steps stay in it.")
        top = QHBoxLayout()
        top.addWidget(self.filter)
        top.addWidget(self.hint, 1)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(self.view, 1)

    def refresh(self) -> None:
        document = self.session.document
        entries = document.history() if document is not None else []
        self.model.set_rows(
            [HistoryRow(number, entry) for number, entry in reversed(list(enumerate(entries)))]
        )

    def search(self) -> None:
        self.filter.start()


def _what(row: HistoryRow) -> str:
    entry = row.entry
    if not entry.table:
        return ""
    return f"{_TABLES.get(entry.table, entry.table)} {entry.row}".strip()


def _value(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
    return " ".join(text.split())[:400]
