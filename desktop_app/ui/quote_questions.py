"""Questions about a quote, each with what its answers make of the total, and what else was noticed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QScrollArea,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.exchange.quotes import Issue
from desktop_app.ui.cells import Mark
from desktop_app.ui.pages import button, quiet
from desktop_app.ui.quote_rows import money
from desktop_app.ui.tables import Column, TableModel, TableView

_CELLS = 3
_AT_ONCE = 40  # questions shown at a time: each has widgets of its own


def alike(issue: Issue, issues: Sequence[Issue], key: str) -> list[Issue]:
    """The questions of the same kind that offer the same answer, this one included."""
    return [
        one
        for one in issues
        if one.code == issue.code
        and (one.ask or one.answer is not None)
        and key in {alternative.key for alternative in one.alternatives}
    ]


class Questions(QWidget):
    """What must be answered, as questions with radio buttons; below, everything else as a table."""

    answered = Signal(object, str)
    cell_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Questions and issues of the quote")
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.others: TableModel[Issue] = TableModel(_columns(), key=lambda issue: (issue.id, issue.message))
        self.other_view = TableView(self.others, "What else was noticed")
        self.other_view.selectionModel().currentRowChanged.connect(lambda *_: self._show_cell())
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.addWidget(self.area)
        self.split.addWidget(self.other_view)
        self.split.setChildrenCollapsible(False)
        self.split.setSizes([700, 300])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.split)
        self._issues: tuple[Issue, ...] = ()
        self._groups: list[QButtonGroup] = []

    def show_issues(self, issues: Sequence[Issue], currency: str) -> None:
        """Shows these issues; open questions first, then those that were answered."""
        asked = [issue for issue in issues if issue.alternatives and (issue.ask or issue.answer is not None)]
        bare = [issue for issue in issues if issue.ask and not issue.alternatives]
        ordered = sorted([*bare, *asked], key=lambda issue: issue.answer is not None)
        place = self.area.verticalScrollBar().value() if self._same(issues) else 0
        self._issues = tuple(issues)
        self._groups = []
        content = QWidget()
        column = QVBoxLayout(content)
        for issue in ordered[:_AT_ONCE]:
            column.addWidget(self._one(issue, currency))
        if len(ordered) > _AT_ONCE:
            column.addWidget(quiet(f"{len(ordered) - _AT_ONCE:,} more follow when these are answered."))
        if not ordered:
            column.addWidget(quiet("Nothing has to be answered: every number can be read in one way only."))
        column.addStretch()
        self.area.setWidget(content)
        self.area.verticalScrollBar().setValue(place)
        shown = {id(issue) for issue in ordered}
        others = [issue for issue in issues if id(issue) not in shown]
        self.others.set_rows(others)
        self.other_view.setVisible(bool(others))

    def _same(self, issues: Sequence[Issue]) -> bool:
        return [issue.id for issue in issues] == [issue.id for issue in self._issues]

    def _show_cell(self) -> None:
        issue: Issue | None = self.other_view.current_row()
        if issue is not None and "!" in issue.cell:
            self.cell_wanted.emit(issue.cell)

    def _one(self, issue: Issue, currency: str) -> QWidget:
        box = QFrame()
        box.setFrameShape(QFrame.Shape.StyledPanel)
        column = QVBoxLayout(box)
        top = QHBoxLayout()
        state = QLabel("✓ answered" if issue.answer is not None else "✗ to be answered")
        if issue.ask:
            state.setForegroundRole(QPalette.ColorRole.BrightText)
        top.addWidget(state)
        top.addStretch()
        for place, address in enumerate(dict.fromkeys((issue.cell or "the file", *issue.cells[:_CELLS]))):
            cell = QToolButton()
            cell.setText(address.rpartition("!")[2] if place else address)
            cell.setAutoRaise(True)
            cell.setToolTip("Shows the cell")
            cell.setEnabled("!" in address)
            cell.clicked.connect(lambda _=False, address=address: self.cell_wanted.emit(address))
            top.addWidget(cell)
        column.addLayout(top)
        said = QLabel(issue.message)
        said.setWordWrap(True)
        said.setTextFormat(Qt.TextFormat.PlainText)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(said)
        self._add_alternatives(issue, column, currency)
        return box

    def _add_alternatives(self, issue: Issue, column: QVBoxLayout, currency: str) -> None:
        group = QButtonGroup(self)
        self._groups.append(group)
        for alternative in issue.alternatives:
            makes = (
                f"   → comes to {money(alternative.total, currency)}" if alternative.total is not None else ""
            )
            choice = QRadioButton(f"{alternative.label}{makes}")
            choice.setChecked(issue.answer == alternative.key)
            choice.clicked.connect(lambda _=False, key=alternative.key: self.answered.emit([issue], key))
            group.addButton(choice)
            column.addWidget(choice)
        if issue.answer is not None:
            same = [one for one in alike(issue, self._issues, issue.answer) if one.answer != issue.answer]
            if same:
                key = issue.answer
                text = f"The same for {len(same)} more like it"
                column.addWidget(
                    button(
                        text,
                        "Gives every question of this kind the same answer",
                        lambda: self.answered.emit(same, key),
                    )
                )


def _columns() -> list[Column[Issue]]:
    return [
        Column(
            "Noticed",
            lambda issue: f"⚠ {issue.code.replace('-', ' ')}",
            mark=lambda _issue: Mark.WARNING,
            least=14,
            most=24,
        ),
        Column("Cell", lambda issue: issue.cell, most=22),
        Column("What", lambda issue: issue.message, least=30, most=120),
    ]
