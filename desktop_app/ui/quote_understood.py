"""The right side of a quote: what it says of itself, and its lines and sums with the proof of each."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QSplitter, QVBoxLayout, QWidget

from desktop_app.exchange.quote_proof import FAILS
from desktop_app.exchange.quotes import Quote
from desktop_app.ui.quote_rows import (
    FactRow,
    UnderstoodRow,
    fact_columns,
    fact_rows,
    understood_columns,
    understood_rows,
)
from desktop_app.ui.tables import TableModel, TableView

_FACT_LINES = 6


class Understood(QWidget):
    """Facts above, lines and sums below. `cell_wanted` names the cell of what a person chose."""

    cell_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("What was understood")
        self.facts: TableModel[FactRow] = TableModel(fact_columns(), key=lambda row: row.name)
        self.fact_view = TableView(self.facts, "What the quote says of itself")
        self.rows: TableModel[UnderstoodRow] = TableModel(understood_columns(), key=_key)
        self.row_view = TableView(self.rows, "Lines and sums of the quote, with their proof")
        self.only_wrong = QCheckBox("Only what does not add up")
        self.only_wrong.toggled.connect(lambda _: self._fill())
        self.fact_view.selectionModel().currentRowChanged.connect(lambda *_: self._fact_chosen())
        self.row_view.selectionModel().currentRowChanged.connect(lambda *_: self._row_chosen())
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.fact_view)
        split.addWidget(self.row_view)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 0)
        split.setStretchFactor(1, 1)
        line = self.fact_view.verticalHeader().defaultSectionSize()
        split.setSizes([line * (_FACT_LINES + 1), line * 30])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(split, 1)
        column.addWidget(self.only_wrong)
        self._all: list[UnderstoodRow] = []
        self._quiet = False

    def show_quote(self, quote: Quote) -> None:
        """Shows a quote as it is understood now."""
        self._all = understood_rows(quote)
        self.facts.set_rows(fact_rows(quote))
        wrong = sum(1 for row in self._all if row.state == FAILS)
        self.only_wrong.setText(f"Only what does not add up ({wrong})")
        self.only_wrong.setEnabled(bool(wrong) or self.only_wrong.isChecked())
        self._fill()

    def _fill(self) -> None:
        shown = self._all
        if self.only_wrong.isChecked():
            shown = [row for row in shown if row.state == FAILS]
        self._quiet = True
        try:
            self.rows.set_rows(shown)
        finally:
            self._quiet = False

    def select_row(self, sheet: str, row: int) -> bool:
        """Shows what was understood of a row of the sheet; False where it means nothing to the quote."""
        found = next((one for one in self.rows.rows if one.sheet == sheet and one.row == row), None)
        self._quiet = True
        try:
            if found is not None:
                return self.row_view.select_key(_key(found))
            fact = next(
                (
                    one
                    for one in self.facts.rows
                    if one.cell.startswith(f"{sheet}!") and _row(one.cell) == row
                ),
                None,
            )
            return fact is not None and self.fact_view.select_key(fact.name)
        finally:
            self._quiet = False

    def _fact_chosen(self) -> None:
        row: FactRow | None = self.fact_view.current_row()
        if row is not None and row.cell and not self._quiet:
            self.cell_wanted.emit(row.cell)

    def _row_chosen(self) -> None:
        row: UnderstoodRow | None = self.row_view.current_row()
        if row is not None and row.cell and not self._quiet:
            self.cell_wanted.emit(row.cell)


def _key(row: UnderstoodRow) -> tuple[str, int, str, str]:
    """Name of a row; the sums at the end stand on no row and differ in their currency."""
    return row.sheet, row.row, row.name, "" if row.row else row.currency


def _row(cell: str) -> int:
    return int("".join(sign for sign in cell.rpartition("!")[2] if sign.isdigit()) or 0)
