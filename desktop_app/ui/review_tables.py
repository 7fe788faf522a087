"""The right side of a review: proposals to import, questions to answer, and what has changed since the last revision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.engine.kinds import KINDS
from desktop_app.exchange.quote_proposals import Proposal
from desktop_app.exchange.quotes import Issue, LineChange, QuoteComparison
from desktop_app.ui import display
from desktop_app.ui.cells import Mark
from desktop_app.ui.pages import quiet
from desktop_app.ui.review import class_words
from desktop_app.ui.tables import Column

Change = Callable[..., None]


def money(value: Decimal | None, currency: str = "") -> str:
    """An amount of a quote to the cent."""
    return display.NONE if value is None else f"{display.number(float(value), 2)} {currency}".rstrip()


def proposal_columns(change: Change, drivers: Callable[[], Sequence[str]]) -> list[Column[Proposal]]:
    """Columns of what would be imported; `change(key, field=value)` is called for every edit."""

    def setter(name: str) -> Callable[[Proposal, str], None]:
        return lambda row, text: change(row.key, **{name: text.strip()})

    def set_field(row: Proposal, name: str, text: str) -> None:
        fields = {key: value for key, value in row.fields.items() if key != name}
        entry = display.entry_from_text(text)
        change(row.key, fields={**fields, name: entry} if entry else fields)

    kinds = {kind.label: name for name, kind in KINDS.items()}
    return [
        Column(
            "Take",
            lambda row: "✓" if row.accepted else "–",
            edit=lambda row, text: change(row.key, accepted=text == "take"),
            entry=lambda row: "take" if row.accepted else "leave out",
            choices=lambda _row: ("take", "leave out"),
            mark=lambda row: Mark.GOOD if row.accepted else Mark.MUTED,
            tip=lambda row: row.reason,
            most=8,
            help="Press Space to take a line or leave it out",
        ),
        Column("Row", lambda row: str(row.row), sort=lambda row: (row.sheet, row.row), mark=_muted, right=True, most=7),
        Column("Becomes cost line", lambda row: row.name, edit=setter("name"), mark=_muted, tip=lambda row: row.description, least=18, most=36),
        Column("Amount", lambda row: money(row.amount, row.currency), sort=lambda row: row.amount, mark=_muted, right=True, most=20),
        Column(
            "Kind",
            lambda row: KINDS[row.kind].label,
            edit=lambda row, text: change(row.key, kind=kinds[text]),
            choices=lambda _row: tuple(kinds),
            mark=_muted,
            most=14,
        ),
        Column("Category", lambda row: row.category, edit=setter("category"), mark=_muted, most=18),
        Column("Asset class", lambda row: row.asset_class, edit=setter("asset_class"), mark=_muted, most=18),
        Column(
            "From month",
            lambda row: row.fields.get("start", "1"),
            edit=lambda row, text: set_field(row, "start", text),
            mark=_muted,
            right=True,
            most=11,
        ),
        Column(
            "Price index",
            lambda row: row.fields.get("price_change", ""),
            edit=lambda row, text: set_field(row, "price_change", text),
            mark=_muted,
            right=True,
            most=12,
            help="How the price changes per year, -10% for example",
        ),
        Column(
            "Price to driver",
            lambda row: row.driver,
            edit=setter("driver"),
            words=drivers,
            mark=_muted,
            most=20,
            help="The unit price goes to this driver; where the plan has it already, no line is added",
        ),
        Column("Why", lambda row: row.reason, mark=lambda _row: Mark.MUTED, least=16, most=48),
    ]


def _muted(row: Proposal) -> Mark | None:
    return None if row.accepted else Mark.MUTED


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A line that is not as it was in the revision before."""

    place: int
    change: LineChange


def change_rows(comparison: QuoteComparison | None) -> list[ChangeRow]:
    """What has changed, in the order of the new revision."""
    return [ChangeRow(place, change) for place, change in enumerate(comparison.changed)] if comparison else []


def change_columns() -> list[Column[ChangeRow]]:
    """Columns of the differences between two revisions."""

    def line(row: ChangeRow) -> Any:
        return row.change.new or row.change.old

    def fields(row: ChangeRow) -> str:
        return "; ".join(f"{class_words(one.field)}: {_shown(one.old)} → {_shown(one.new)}" for one in row.change.changes)

    return [
        Column("What", lambda row: row.change.what, most=10),
        Column("Line", lambda row: line(row).description or line(row).part_number or "", least=20, most=44),
        Column("Difference", lambda row: money(row.change.difference), sort=lambda row: row.change.difference, right=True, most=18),
        Column("Before and now", fields, least=20, most=80),
    ]


def _shown(value: object) -> str:
    if value is None:
        return display.NONE
    return display.significant(float(value), 12) if isinstance(value, Decimal) else str(value)


class Questions(QScrollArea):
    """Every issue of a quote; those that must be answered stand first, with their alternatives."""

    answered = Signal(object, str)
    cell_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Questions and issues of the quote")
        self._groups: list[QButtonGroup] = []

    def show_issues(self, issues: Sequence[Issue], currency: str) -> None:
        """Shows these issues."""
        content = QWidget()
        column = QVBoxLayout(content)
        self._groups = []
        ordered = sorted(issues, key=lambda issue: (not issue.ask, issue.answer is None))
        for issue in ordered:
            column.addWidget(self._one(issue, currency))
        if not issues:
            column.addWidget(quiet("Nothing is open: every number can be read in one way only, and the sums are right."))
        column.addStretch()
        self.setWidget(content)

    def _one(self, issue: Issue, currency: str) -> QWidget:
        box = QFrame()
        box.setFrameShape(QFrame.Shape.StyledPanel)
        column = QVBoxLayout(box)
        top = QHBoxLayout()
        sign = "✓ answered" if issue.answer is not None else "✗ to be answered" if issue.ask else "⚠ to know"
        state = QLabel(sign)
        if issue.ask:
            state.setForegroundRole(QPalette.ColorRole.BrightText)
        cell = QToolButton()
        cell.setText(issue.cell or "file")
        cell.setAutoRaise(True)
        cell.setToolTip("Show the cell")
        cell.setEnabled("!" in issue.cell)
        cell.clicked.connect(lambda: self.cell_wanted.emit(issue.cell))
        top.addWidget(state)
        top.addStretch()
        top.addWidget(cell)
        column.addLayout(top)
        said = QLabel(issue.message)
        said.setWordWrap(True)
        said.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(said)
        if issue.alternatives and (issue.ask or issue.answer is not None):
            self._add_alternatives(issue, column, currency)
        return box

    def _add_alternatives(self, issue: Issue, column: QVBoxLayout, currency: str) -> None:
        group = QButtonGroup(self)
        self._groups.append(group)
        for alternative in issue.alternatives:
            makes = f"  (total {money(alternative.total, currency)})" if alternative.total is not None else ""
            button = QRadioButton(f"{alternative.label}{makes}")
            button.setChecked(issue.answer == alternative.key)
            button.clicked.connect(lambda _=False, key=alternative.key: self.answered.emit(issue, key))
            group.addButton(button)
            column.addWidget(button)
