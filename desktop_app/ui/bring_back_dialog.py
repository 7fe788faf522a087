"""What a workbook that came back says otherwise than the plan, before anything is taken over."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QSplitter, QVBoxLayout, QWidget

from desktop_app.exchange.workbook.cell_runs import along_rows
from desktop_app.exchange.workbook.formula_changes import NotTaken
from desktop_app.exchange.workbook.round_trip import Change, Changes
from desktop_app.ui import display
from desktop_app.ui.cells import Mark
from desktop_app.ui.pages import heading, quiet
from desktop_app.ui.tables import Column, TableModel, TableView


def change_columns() -> list[Column[Change]]:
    """Entry, cells, the plan's value and the workbook's."""
    return [
        Column("Input", lambda row: row.what, least=20, most=44),
        Column("Cell", lambda row: ", ".join(row.where), least=14, most=34),
        Column(
            "In the plan",
            lambda row: display.text_from_entry(row.old_text) or display.significant(row.old, 10),
            mark=lambda _row: Mark.MUTED,
            right=True,
            least=12,
        ),
        Column(
            "In the workbook",
            lambda row: display.text_from_entry(row.new_text),
            mark=lambda _row: Mark.STRONG,
            right=True,
            least=12,
        ),
        Column("Unit", lambda row: row.unit, most=18),
    ]


def not_taken_columns() -> list[Column[NotTaken]]:
    """Cell, why it is not taken over, what was exported and what stands there now."""
    return [
        Column("Cell", lambda row: row.where, least=14, most=36),
        Column("Why it stays out", lambda row: row.why, least=30, most=64),
        Column("Exported", lambda row: row.exported, mark=lambda _row: Mark.MUTED, most=34),
        Column("In the workbook", lambda row: row.found, most=34),
    ]


class BringBackDialog(QDialog):
    """Shows differences and asks whether to take the values over. Accepted where they should be."""

    def __init__(self, found: Changes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Bring back a workbook")
        others = along_rows(found.not_taken)
        count, left = len(found.values), len(others)
        self.message = heading(_message(found), 1.1)
        self.notes = quiet("\n".join(found.notes))
        self.notes.setVisible(bool(found.notes))
        self.values: TableModel[Change] = TableModel(change_columns(), key=lambda row: row.place)
        self.value_view = TableView(self.values, "Values to take over", sortable=True)
        self.values.set_rows(found.values)
        self.others: TableModel[NotTaken] = TableModel(not_taken_columns(), key=lambda row: row)
        self.other_view = TableView(self.others, "What is not taken over", sortable=True)
        self.others.set_rows(others)
        split = QSplitter(Qt.Orientation.Vertical)
        for title, view, rows in (
            ("Values of inputs", self.value_view, count),
            (f"Not taken over ({left:,}): it stays in the workbook", self.other_view, left),
        ):
            part = QWidget()
            column = QVBoxLayout(part)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(quiet(title))
            column.addWidget(view, 1)
            part.setVisible(bool(rows))
            split.addWidget(part)
        split.setChildrenCollapsible(False)
        split.setSizes([min(count, 12) + 4, min(left, 12) + 4])
        self.buttons = QDialogButtonBox()
        word = "Take over 1 value" if count == 1 else f"Take over {count:,} values"
        self.apply = self.buttons.addButton(word, QDialogButtonBox.ButtonRole.AcceptRole)
        self.apply.setVisible(bool(count))
        close = QDialogButtonBox.StandardButton.Cancel if count else QDialogButtonBox.StandardButton.Close
        self.buttons.addButton(close)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.message)
        column.addWidget(self.notes)
        column.addWidget(split, 1)
        if not count and not left:
            column.addStretch(1)
        column.addWidget(self.buttons)
        metrics = self.fontMetrics()
        tall = metrics.height() * (34 if count or left else 8)
        self.resize(metrics.averageCharWidth() * 150, tall)
        for view in (self.value_view, self.other_view):
            view.fit_columns()


def _message(found: Changes) -> str:
    count = len(found.values)
    if not count:
        said = f"“{found.file_name}” has no input that differs from the plan"
        return f"{said}; what else differs is listed below." if found.not_taken else f"{said}."
    inputs = "One input differs" if count == 1 else f"{count:,} inputs differ"
    return f"{inputs} in “{found.file_name}”. Taking them over is one step that can be undone."
