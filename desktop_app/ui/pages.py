"""What all pages of the window share: a heading row with a filter, and texts for when there is nothing to
show."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFont, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from desktop_app.ui.session import Session
from desktop_app.ui.tables import TableView


def heading(text: str = "", larger: float = 1.25) -> QLabel:
    """A label in larger bold letters."""
    label = QLabel(text)
    font = QFont(label.font())
    font.setPointSizeF(font.pointSizeF() * larger)
    font.setBold(True)
    label.setFont(font)
    label.setWordWrap(True)
    return label


def quiet(text: str = "") -> QLabel:
    """A label for what is said beside the thing itself."""
    label = QLabel(text)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    label.setWordWrap(True)
    return label


def rule() -> QFrame:
    """A thin line between parts."""
    line = QFrame()
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Plain)
    line.setForegroundRole(QPalette.ColorRole.Mid)
    return line


class EmptyState(QWidget):
    """Says what belongs here and what to do first."""

    def __init__(
        self, title: str, text: str, action: QAction | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.title = heading(title)
        self.text = quiet(text)
        for label in (self.title, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.text.setFixedWidth(self.fontMetrics().averageCharWidth() * 80)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(self.title)
        column.addWidget(self.text, 0, Qt.AlignmentFlag.AlignHCenter)
        if action is not None:
            button = QPushButton(action.text().replace("&", ""))
            button.clicked.connect(action.trigger)
            row = QHBoxLayout()
            row.addStretch()
            row.addWidget(button)
            row.addStretch()
            column.addLayout(row)
        column.addStretch(3)


class Page(QWidget):
    """One tab. `refresh` shows the session's state; it is called when the page is visible and something has
    changed."""

    title = ""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.setAccessibleName(self.title)
        self.stale = True
        for signal in (
            session.plan_changed,
            session.results_changed,
            session.selection_changed,
            session.document_changed,
        ):
            signal.connect(self._changed)

    def _changed(self) -> None:
        self.stale = True
        if self.isVisible():
            self.bring_up_to_date()

    def bring_up_to_date(self) -> None:
        """Refreshes the page if something has changed since it was last shown."""
        if self.stale:
            self.stale = False
            self.refresh()

    def showEvent(self, event: object) -> None:
        self.bring_up_to_date()
        super().showEvent(event)  # type: ignore[arg-type]

    def refresh(self) -> None:
        """Shows the session's state."""
        raise NotImplementedError

    def search(self) -> None:
        """Starts a search in the page."""


class FilterLine(QLineEdit):
    """Filters a table as it is typed into; Escape empties it."""

    def __init__(self, view: TableView, what: str) -> None:
        super().__init__()
        self.setPlaceholderText(f"Find {what}")
        self.setAccessibleName(f"Find {what}")
        self.setClearButtonEnabled(True)
        self.setMaximumWidth(self.fontMetrics().averageCharWidth() * 32)
        self.textChanged.connect(view.filter)
        escape = QAction(self)
        escape.setShortcut(Qt.Key.Key_Escape)
        escape.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        escape.triggered.connect(self.clear)
        self.addAction(escape)

    def start(self) -> None:
        """Puts the cursor here."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()


def button(text: str, tip: str, do: Callable[[], object]) -> QPushButton:
    """A push button with its explanation."""
    made = QPushButton(text)
    made.setToolTip(tip)
    made.setAccessibleDescription(tip)
    made.clicked.connect(lambda: do())
    return made


def stacked(*widgets: QWidget) -> tuple[QWidget, QStackedLayout]:
    """One of several widgets in the same place."""
    holder = QWidget()
    layout = QStackedLayout(holder)
    for widget in widgets:
        layout.addWidget(widget)
    return holder, layout
