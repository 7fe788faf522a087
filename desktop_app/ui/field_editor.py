"""One field of a form: a value or formula, or a choice, with what is said of it below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from desktop_app.ui import display, icons
from desktop_app.ui.cells import FormulaEdit

_CHOICE_WORDS = {
    "ifrs16": "IFRS 16",
    "asc842": "ASC 842",
    "plan": "As the plan says",
    "exempt": "Exempt, short-term",
    "book": "As in the books",
    "": "–",
}


def choice_words(choice: str) -> str:
    """How a choice is called in the form."""
    return _CHOICE_WORDS.get(choice, choice.replace("_", " ").capitalize())


class FieldEditor(QWidget):
    """One field: its editor, what it amounts to or what is wrong with it, and a way back to the inherited
    value."""

    committed = Signal(str)
    reverted = Signal()

    def __init__(
        self,
        name: str,
        label: str,
        choices: Sequence[str] | Mapping[str, str] | None,
        free: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.name = name
        self.combo: QComboBox | None = None
        if choices is not None and not free:
            box = self.combo = QComboBox()
            for choice in choices:
                self.combo.addItem(
                    choices[choice] if isinstance(choices, Mapping) else choice_words(choice), choice
                )
            self.combo.activated.connect(lambda: self.committed.emit(box.currentData()))
            editor: QWidget = self.combo
        else:
            self.line = FormulaEdit(list(choices) if choices is not None else [])
            self.line.editingFinished.connect(self._finished)
            editor = self.line
        editor.setAccessibleName(label)
        self.editor = editor
        self.setFocusProxy(editor)
        self.revert = QToolButton()
        self.revert.setIcon(icons.icon("revert"))
        self.revert.setAutoRaise(True)
        self.revert.setToolTip("Take the inherited value back")
        self.revert.setAccessibleName(f"Take the inherited value of {label} back")
        self.revert.clicked.connect(self.reverted)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(editor, 1)
        row.addWidget(self.revert)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.said)
        self._text = ""

    def show_value(self, text: str, placeholder: str, changed: bool, said: str, problem: bool) -> None:
        """Shows the stored text, what is said of it, and whether it is the scenario's own change."""
        self._text = text
        if self.combo is not None:
            place = self.combo.findData(text or placeholder)
            if place < 0:
                self.combo.addItem(text, text)
                place = self.combo.count() - 1
            self.combo.setCurrentIndex(place)
        else:
            shown = display.text_from_entry(text)
            if self.line.text() != shown:
                self.line.setText(shown)
                self.line.setCursorPosition(0)
            self.line.setToolTip("\n".join(part for part in (shown, self.toolTip()) if part))
            self.line.setPlaceholderText(placeholder)
        font = self.editor.font()
        font.setBold(changed)
        self.editor.setFont(font)
        self.revert.setVisible(changed)
        self.said.setText(f"⚠ {said}" if problem else said)
        self.said.setVisible(bool(said))
        self.said.setForegroundRole(
            QPalette.ColorRole.BrightText if problem else QPalette.ColorRole.PlaceholderText
        )
        self.editor.setAccessibleDescription(said)

    def _finished(self) -> None:
        if self.line.text() != display.text_from_entry(self._text):
            self.committed.emit(display.entry_from_text(self.line.text()))
