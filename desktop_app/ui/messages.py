"""The one place that speaks to the user: a strip in the window for news and problems, dialogs for questions
only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QSizePolicy,
    QStyle,
    QToolButton,
    QWidget,
)

from desktop_app.ui import theme

INFO, WARNING, ERROR = "info", "warning", "error"
_ICONS = {
    INFO: QStyle.StandardPixmap.SP_MessageBoxInformation,
    WARNING: QStyle.StandardPixmap.SP_MessageBoxWarning,
    ERROR: QStyle.StandardPixmap.SP_MessageBoxCritical,
}
_SECONDS = 8


class MessageStrip(QFrame):
    """Says one thing at the top of the window. News go by themselves; problems stay until they are closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.icon = QLabel()
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.action = QPushButton()
        close = QToolButton()
        close.setAutoRaise(True)
        close.setIcon(self.style().standardIcon(QStyle.StandardPixmap.SP_TitleBarCloseButton))
        close.setAccessibleName("Close the message")
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        gap = self.fontMetrics().height() // 3
        row.setContentsMargins(2 * gap, gap, gap, gap)
        row.addWidget(self.icon)
        row.addWidget(self.text, 1)
        row.addWidget(self.action)
        row.addWidget(close)
        self.severity = INFO
        self._do: Callable[[], object] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.action.clicked.connect(self._act)
        self.hide()

    def say(
        self, text: str, severity: str = INFO, action: str = "", do: Callable[[], object] | None = None
    ) -> None:
        """Shows a sentence, with a button that does something about it."""
        self.severity = severity
        self.text.setText(text)
        self.setAccessibleName(text)
        size = self.fontMetrics().height() + 4
        self.icon.setPixmap(self.style().standardIcon(_ICONS[severity]).pixmap(size, size))
        self.action.setVisible(bool(action))
        self.action.setText(action)
        self._do = do
        self._colour()
        self.show()
        if severity == INFO:
            self._timer.start(_SECONDS * 1000)
        else:
            self._timer.stop()

    def _act(self) -> None:
        self.hide()
        if self._do is not None:
            self._do()

    def _colour(self) -> None:
        tokens = theme.tokens()
        colours = QPalette(self.palette())
        ground = QColor({INFO: tokens.mark, WARNING: tokens.warning, ERROR: tokens.error}[self.severity])
        if self.severity != INFO:
            base, share = QColor(tokens.base), 0.18
            mixed = (
                round(below + (above - below) * share)
                for below, above in (
                    (base.red(), ground.red()),
                    (base.green(), ground.green()),
                    (base.blue(), ground.blue()),
                )
            )
            ground = QColor(*mixed)
        colours.setColor(QPalette.ColorRole.Window, ground)
        self.setPalette(colours)


@dataclass(frozen=True, slots=True)
class Answer:
    """One way to answer a question. `key` is what `ask` returns."""

    key: str
    label: str
    destructive: bool = False


def ask(parent: QWidget | None, title: str, text: str, answers: tuple[Answer, ...], detail: str = "") -> str:
    """Puts a question; the key of the answer, "" when it was closed without one. The first answer is the
    proposed one."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(title)
    box.setText(text)
    box.setInformativeText(detail)
    buttons = {}
    for answer in answers:
        role = (
            QMessageBox.ButtonRole.DestructiveRole
            if answer.destructive
            else QMessageBox.ButtonRole.AcceptRole
        )
        buttons[answer.key] = box.addButton(answer.label, role)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(buttons[answers[0].key])
    box.setEscapeButton(cancel)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    return next((key for key, button in buttons.items() if button is clicked), "")
