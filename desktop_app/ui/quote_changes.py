"""What has changed since an earlier quote: facts and lines, before and now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.exchange.quotes import FieldChange, LineChange, Quote, QuoteComparison
from desktop_app.ui import display
from desktop_app.ui.cells import Mark
from desktop_app.ui.pages import quiet
from desktop_app.ui.quote_rows import money
from desktop_app.ui.review import class_words
from desktop_app.ui.tables import Column, TableModel, TableView

_WORDS = {"added": "+ added", "removed": "− removed", "changed": "≠ changed", "fact": "≠ fact"}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A line, or a fact, that is not as it was. `cell` is where it stands now, "" where it is gone."""

    place: int
    what: str
    text: str
    difference: Decimal | None
    changes: tuple[FieldChange, ...]
    cell: str = ""


def change_rows(comparison: QuoteComparison, quote: Quote) -> list[ChangeRow]:
    """Changed facts, then changed lines in the order of the new quote."""
    cells = {id(line): block.address(line.row, block.columns.get("extended_price", "A"))
             for block in quote.blocks for line in block.lines}  # fmt: skip
    rows = [
        ChangeRow(place, "fact", class_words(fact.field), None, (fact,), _fact_cell(quote, fact.field))
        for place, fact in enumerate(comparison.facts)
    ]
    for change in comparison.changed:
        line = change.new or change.old
        assert line is not None
        text = line.description or line.part_number or ""
        cell = cells.get(id(change.new), "")
        rows.append(ChangeRow(len(rows), change.what, text, change.difference, _shown_changes(change), cell))
    return rows


def _shown_changes(change: LineChange) -> tuple[FieldChange, ...]:
    if change.changes:
        return change.changes
    old = change.old.amount if change.old else None
    new = change.new.amount if change.new else None
    return (FieldChange("amount", old, new),)


def _fact_cell(quote: Quote, field: str) -> str:
    evidence = quote.evidence.get(field)
    return evidence.cell if evidence else ""


class Changes(QWidget):
    """The difference of the totals in words, and a table of what has changed."""

    cell_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.summary = quiet()
        self.model: TableModel[ChangeRow] = TableModel(_columns(), key=lambda row: (row.place, row.text))
        self.view = TableView(self.model, "What has changed since the earlier quote", sortable=True)
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._show_cell())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.summary)
        column.addWidget(self.view, 1)

    @property
    def count(self) -> int:
        """How many things have changed."""
        return len(self.model.rows)

    def show_comparison(self, comparison: QuoteComparison | None, since: str, quote: Quote) -> None:
        """Shows what has changed; nothing where there is no earlier quote."""
        rows = change_rows(comparison, quote) if comparison else []
        self.model.set_rows(rows)
        words = []
        for what, name in (("changed", "changed"), ("added", "new"), ("removed", "gone")):
            count = sum(1 for row in rows if row.what == what)
            if count:
                words.append(f"{count:,} line{'' if count == 1 else 's'} {name}")
        said = ", ".join(words) or "no line has changed"
        if comparison is not None and comparison.total_difference is not None:
            amount = comparison.total_difference
            sign = "+" if amount > 0 else ""
            said += f"; the total changes by {sign}{money(amount, quote.currency or '')}"
        self.summary.setText(f"Since {since}: {said}.")

    def _show_cell(self) -> None:
        row: ChangeRow | None = self.view.current_row()
        if row is not None and row.cell:
            self.cell_wanted.emit(row.cell)


def _columns() -> list[Column[ChangeRow]]:
    def mark(row: ChangeRow) -> Mark | None:
        return {"added": Mark.GOOD, "removed": Mark.WARNING}.get(row.what)

    def fields(row: ChangeRow) -> str:
        return "; ".join(
            f"{class_words(one.field)}: {_shown(one.old)} → {_shown(one.new)}" for one in row.changes
        )

    def difference(row: ChangeRow) -> str:
        if row.difference is None:
            return ""
        return f"{'+' if row.difference > 0 else ''}{money(row.difference)}"

    return [
        Column("What", lambda row: _WORDS[row.what], mark=mark, most=12),
        Column("Line", lambda row: row.text, least=20, most=44),
        Column("Difference", difference, sort=lambda row: row.difference, right=True, most=18),
        Column("Before → now", fields, least=24, most=90),
    ]


def _shown(value: object) -> str:
    if value is None:
        return display.NONE
    if isinstance(value, dt.date):
        return display.date(value.isoformat())
    return display.significant(float(value), 12) if isinstance(value, Decimal) else str(value)
