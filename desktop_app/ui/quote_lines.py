"""What the lines of a quote would become: a table to take from and to change, alone or many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget

from desktop_app.engine.model import Plan
from desktop_app.exchange.quote_proposals import Proposal
from desktop_app.ui.quote_choices import Choices, changed_fields, taking
from desktop_app.ui.review_tables import proposal_columns
from desktop_app.ui.tables import TableModel, TableView


class ProposedLines(QWidget):
    """The proposals. What a person changes comes as `changed`: new values of fields, by proposal key."""

    changed = Signal(object)
    cell_wanted = Signal(str)
    complained = Signal(str)

    def __init__(self, plan: Callable[[], Plan], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan = plan
        self._proposed: Sequence[Proposal] = ()
        self.model: TableModel[Proposal] = TableModel(
            proposal_columns(self._change, lambda: [driver.name for driver in plan().drivers]),
            key=lambda row: row.key,
        )
        self.view = TableView(self.model, "What would be imported", sortable=True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._show_source())
        take = QShortcut(QKeySequence(Qt.Key.Key_Space), self.view)
        take.setContext(Qt.ShortcutContext.WidgetShortcut)
        take.activated.connect(self.toggle)
        self.choices = Choices(self._words)
        self.choices.set_wanted.connect(self._set_many)
        self.choices.alternative_wanted.connect(self._take_alternative)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.choices)
        column.addWidget(self.view, 1)

    def show_proposals(self, proposed: Sequence[Proposal], changed: Sequence[Proposal]) -> None:
        """Shows proposals as they were made and as a person has changed them."""
        self._proposed = proposed
        self.model.set_rows(changed)
        self.choices.show_alternatives(changed)

    def select_row(self, sheet: str, row: int) -> bool:
        """Puts the cursor on what a row of the sheet would become."""
        found = next((one.key for one in self.model.rows if one.sheet == sheet and one.row == row), None)
        return found is not None and self.view.select_key(found, 2)

    def _show_source(self) -> None:
        row: Proposal | None = self.view.current_row()
        if row is not None:
            self.cell_wanted.emit(row.price_cell or row.key)

    def _change(self, key: str, **values: Any) -> None:
        self.changed.emit({key: values})

    def _chosen(self) -> list[Proposal]:
        rows = {self.view.proxy.mapToSource(index).row() for index in self.view.selectedIndexes()}
        return [self.model.rows[row] for row in sorted(rows)]

    def toggle(self) -> None:
        """Takes the current line, or leaves it out; of several chosen ones all do as the current one."""
        current: Proposal | None = self.view.current_row()
        if current is not None:
            wanted = not current.accepted
            self.changed.emit({one.key: {"accepted": wanted} for one in self._chosen()})

    def _set_many(self, field: str, text: str, every: bool) -> None:
        """Gives the chosen lines the same value, or all that are taken (to take them: all there are)."""
        taken = [one for one in self.model.rows if one.accepted or field == "take"]
        ones = taken if every else self._chosen()
        if not ones:
            self.complained.emit("Choose lines in the table first.")
            return
        self.changed.emit({one.key: changed_fields(one, field, text) for one in ones})

    def _take_alternative(self, group: str) -> None:
        taken = taking(self._proposed, group)
        self.changed.emit({one.key: {"accepted": taken.get(one.key, one.accepted)} for one in self._proposed})

    def _words(self, field: str) -> list[str]:
        """What categories or asset classes are called in the plan and in the quote already."""
        if field not in ("category", "asset_class"):
            return []
        lines = [line for scenario in self._plan().scenarios for line in scenario.lines]
        return sorted({text for one in (*lines, *self._proposed) if (text := getattr(one, field))})
