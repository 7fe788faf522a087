"""What tables show: described columns over plain rows, in one model for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QFont
from PySide6.QtWidgets import QWidget

from desktop_app.ui import theme
from desktop_app.ui.cells import CHOICES_ROLE, MARK_ROLE, SORT_ROLE, WORDS_ROLE, Mark

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column of a table.

    `text` gives what is shown, `sort` what is sorted by (the text by default), `tip` a tooltip. `edit`
    takes what was
    typed; without it the column is read only, and with `editable` it is so for some rows. `entry` gives the
    text an
    editor starts with. `choices` makes the editor a list; `words` completes what is typed. Widths are in
    characters.
    """

    title: str
    text: Callable[[Row], str]
    sort: Callable[[Row], Any] | None = None
    tip: Callable[[Row], str] | None = None
    mark: Callable[[Row], Mark | None] | None = None
    edit: Callable[[Row, str], None] | None = None
    editable: Callable[[Row], bool] | None = None
    entry: Callable[[Row], str] | None = None
    choices: Callable[[Row], Sequence[str]] | None = None
    words: Callable[[], Sequence[str]] | None = None
    right: bool = False
    least: int = 6
    most: int = 40
    help: str = ""


class TableModel(QAbstractTableModel, Generic[Row]):
    """Rows of one type under described columns. `key` names a row, so that a refresh keeps the user's
    place.
    """

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        key: Callable[[Row], Any],
        parent: QWidget | None = None,
        row_title: Column[Row] | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: list[Row] = []
        self.row_title = row_title
        self._key = key

    def set_rows(self, rows: Sequence[Row], columns: Sequence[Column[Row]] | None = None) -> None:
        """Shows other rows, and other columns where given; cells are only repainted where the same rows
        stand."""
        fresh = tuple(columns) if columns is not None else self.columns
        same = [self._key(row) for row in rows] == [self._key(row) for row in self.rows]
        titles = [column.title for column in fresh] == [column.title for column in self.columns]
        if same and titles:
            self.rows, self.columns = list(rows), fresh
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(fresh) - 1))
            return
        self.beginResetModel()
        self.rows, self.columns = list(rows), fresh
        self.endResetModel()

    def row_key(self, row: int) -> Any:
        """The key of a row by its place."""
        return self._key(self.rows[row])

    def place_of(self, key: Any) -> int | None:
        """The place of the row with a key."""
        return next((place for place, row in enumerate(self.rows) if self._key(row) == key), None)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self._can_edit(index):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def _can_edit(self, index: Index) -> bool:
        column = self.columns[index.column()]
        return column.edit is not None and (
            column.editable is None or column.editable(self.rows[index.row()])
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row)
            case Qt.ItemDataRole.EditRole:
                return column.entry(row) if column.entry is not None else column.text(row)
            case Qt.ItemDataRole.ToolTipRole:
                shown = column.text(row)
                return "\n".join(
                    dict.fromkeys(part for part in (shown, column.tip(row) if column.tip else "") if part)
                )
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                mark = column.mark(row) if column.mark else None
                return mark.name.lower() if mark else None
            case Qt.ItemDataRole.ForegroundRole | Qt.ItemDataRole.FontRole | Qt.ItemDataRole.BackgroundRole:
                return self._look(column.mark(row) if column.mark else None, role)
        if role == MARK_ROLE:
            return column.mark(row) if column.mark else None
        if role == SORT_ROLE:
            return column.sort(row) if column.sort is not None else column.text(row).casefold()
        if role == CHOICES_ROLE:
            return list(column.choices(row)) if column.choices is not None else None
        if role == WORDS_ROLE:
            return list(column.words()) if column.words is not None else None
        return None

    def _look(self, mark: Mark | None, role: int) -> Any:
        if mark is None:
            return None
        tokens = theme.tokens()
        if role == Qt.ItemDataRole.BackgroundRole:
            return (
                QBrush(QColor(tokens.mark))
                if mark is Mark.OVERRIDDEN
                else QBrush(QColor(tokens.window))
                if mark is Mark.HEADING
                else None
            )
        if role == Qt.ItemDataRole.FontRole:
            if mark not in (Mark.STRONG, Mark.OVERRIDDEN, Mark.HEADING):
                return None
            font = QFont()
            font.setBold(True)
            return font
        colour = {
            Mark.MUTED: tokens.muted,
            Mark.ERROR: tokens.error,
            Mark.WARNING: tokens.warning,
            Mark.GOOD: tokens.good,
        }.get(mark)
        return QBrush(QColor(colour)) if colour else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid() or not self._can_edit(index):
            return False
        row, column = self.rows[index.row()], self.columns[index.column()]
        text = str(value)
        if text != self.data(index, Qt.ItemDataRole.EditRole):
            assert column.edit is not None
            column.edit(row, text)
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and section < len(self.columns):
            column = self.columns[section]
            if role == Qt.ItemDataRole.DisplayRole:
                return column.title
            if role == Qt.ItemDataRole.ToolTipRole:
                return "\n".join(part for part in (column.title.replace("\n", " "), column.help) if part)
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return (
                    Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
                ) | Qt.AlignmentFlag.AlignVCenter
        if orientation == Qt.Orientation.Vertical and self.row_title is not None and section < len(self.rows):
            row = self.rows[section]
            if role == Qt.ItemDataRole.DisplayRole:
                return self.row_title.text(row)
            if role == Qt.ItemDataRole.ToolTipRole:
                tip = self.row_title.tip(row) if self.row_title.tip else ""
                return "\n".join(part for part in (self.row_title.text(row).strip(), tip) if part)
            mark = self.row_title.mark(row) if self.row_title.mark else None
            if role in (Qt.ItemDataRole.FontRole, Qt.ItemDataRole.BackgroundRole):
                return self._look(mark, role)
        return None
