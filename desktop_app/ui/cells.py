"""How table cells are edited and painted."""

from __future__ import annotations

import re
from enum import Enum, auto

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSize,
    QStringListModel,
    Qt,
)
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPolygon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QCompleter,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from desktop_app.ui import theme

Index = QModelIndex | QPersistentModelIndex
SORT_ROLE = Qt.ItemDataRole.UserRole + 1
MARK_ROLE = Qt.ItemDataRole.UserRole + 2
CHOICES_ROLE = Qt.ItemDataRole.UserRole + 3
WORDS_ROLE = Qt.ItemDataRole.UserRole + 4
_WORD = re.compile(r"[^\W\d][\w.]*$")


class Mark(Enum):
    """What is special about a cell; each is shown by more than its colour."""

    STRONG = auto()
    MUTED = auto()
    OVERRIDDEN = auto()
    ERROR = auto()
    WARNING = auto()
    GOOD = auto()
    HEADING = auto()


class FormulaEdit(QLineEdit):
    """A line for a value or a formula; it completes the names of drivers and functions as they are typed."""

    def __init__(self, words: list[str] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = QStringListModel(words or [], self)
        completer = QCompleter(self._words, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchStartsWith)
        completer.setWidget(self)
        completer.activated.connect(self._insert)
        self._completer = completer
        self.textEdited.connect(self._offer)

    def set_words(self, words: list[str]) -> None:
        """What can be completed."""
        self._words.setStringList(words)

    def _word(self) -> str:
        match = _WORD.search(self.text()[: self.cursorPosition()])
        return match.group() if match else ""

    def _offer(self) -> None:
        word = self._word()
        popup = self._completer.popup()
        assert popup is not None
        if len(word) < 2:
            popup.hide()
            return
        self._completer.setCompletionPrefix(word)
        only = self._completer.completionCount() == 1 and self._completer.currentCompletion() == word
        if self._completer.completionCount() == 0 or only:
            popup.hide()
            return
        box = self.cursorRect()
        box.setWidth(popup.sizeHintForColumn(0) + popup.verticalScrollBar().sizeHint().width() + 8)
        self._completer.complete(box)
        popup.setCurrentIndex(self._completer.completionModel().index(0, 0))

    def _insert(self, chosen: str) -> None:
        at, word = self.cursorPosition(), self._word()
        text = self.text()
        self.setText(text[: at - len(word)] + chosen + text[at:])
        self.setCursorPosition(at - len(word) + len(chosen))


class CellDelegate(QStyledItemDelegate):
    """Paints marks that do not depend on colour, shows the whole text of a cut cell, and makes the right
    editor."""

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        choices = index.data(CHOICES_ROLE)
        if choices is not None:
            box = QComboBox(parent)
            box.addItems(choices)
            box.activated.connect(lambda: self._commit(box))
            return box
        words = index.data(WORDS_ROLE)
        edit = FormulaEdit(words, parent) if words is not None else QLineEdit(parent)
        edit.setFrame(False)
        return edit

    def _commit(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        text = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if isinstance(editor, QComboBox):
            editor.setCurrentText(text)
        elif isinstance(editor, QLineEdit):
            editor.setText(text)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        text = (
            editor.currentText()
            if isinstance(editor, QComboBox)
            else editor.text()
            if isinstance(editor, QLineEdit)
            else ""
        )
        model.setData(_plain(index), text, Qt.ItemDataRole.EditRole)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        mark = index.data(MARK_ROLE)
        tokens = theme.tokens()
        colour = {Mark.OVERRIDDEN: tokens.accent, Mark.ERROR: tokens.error, Mark.WARNING: tokens.warning}.get(
            mark
        )
        if colour is None:
            return
        corner = option.rect.topLeft()
        side = max(5, option.fontMetrics.height() // 3)
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawPolygon(QPolygon([corner, corner + QPoint(side, 0), corner + QPoint(0, side)]))
        painter.restore()

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        shown, tip = str(index.data() or ""), str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
        needed = self.sizeHint(option, index).width()
        width = view.visualRect(_plain(index)).width()
        text = tip if needed > width or tip != shown else ""
        QToolTip.showText(event.globalPos(), text, view)
        return True

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        hint = super().sizeHint(option, index)
        return QSize(hint.width() + option.fontMetrics.averageCharWidth(), hint.height())


def _plain(index: Index) -> QModelIndex:
    """The index itself: Qt hands out plain ones here, whatever its declarations allow."""
    assert isinstance(index, QModelIndex)
    return index
