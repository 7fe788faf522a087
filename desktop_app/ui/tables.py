"""One model and one view for every table: columns are described, rows are plain data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QAction, QBrush, QColor, QFont, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop_app.ui import theme
from desktop_app.ui.cells import CHOICES_ROLE, MARK_ROLE, SORT_ROLE, WORDS_ROLE, CellDelegate, Mark
from desktop_app.ui.row_titles import RowTitles

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
_SAMPLE = 120
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


class _Sorted(QSortFilterProxyModel):
    """Sorts by a column's sort value, rows without one last, and leaves only rows with a text in them."""

    def __init__(self, model: TableModel[Any], parent: QWidget) -> None:
        super().__init__(parent)
        self.table = model
        self.needle = ""
        self.setSourceModel(model)

    def leave_only(self, text: str) -> None:
        """Leaves the rows in which the text stands, in whatever case."""
        self.needle = text.strip().casefold()
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, _source_parent: Index) -> bool:
        if not self.needle:
            return True
        row = self.table.rows[source_row]
        columns = (*self.table.columns, *((self.table.row_title,) if self.table.row_title else ()))
        return any(self.needle in column.text(row).casefold() for column in columns)

    def lessThan(self, left: Index, right: Index) -> bool:
        a, b = (self.sourceModel().data(index, SORT_ROLE) for index in (left, right))
        if a is None or b is None:
            return a is not None if self.sortOrder() == Qt.SortOrder.AscendingOrder else a is None
        return bool(a < b)


class TableView(QTableView):
    """A table of one model: sized to what it shows, copied as text, filtered, its cells elided with
    tooltips.
    """

    def __init__(
        self, model: TableModel[Any], name: str, parent: QWidget | None = None, sortable: bool = False
    ) -> None:
        super().__init__(parent)
        self.table = model
        self.proxy = _Sorted(model, self)
        self.setModel(self.proxy)
        self.setAccessibleName(name)
        self.setItemDelegate(CellDelegate(self))
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        # Titles of rows stay in sight when the columns are scrolled.
        self.setVerticalHeader(RowTitles(self))
        self.verticalHeader().setVisible(model.row_title is not None)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(round(self.fontMetrics().height() * 1.6))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(self.fontMetrics().averageCharWidth() * 4)
        self.setSortingEnabled(sortable)
        if sortable:
            header.setSortIndicatorClearable(True)
            self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self._shape: tuple[tuple[str, ...], bool] = ((), False)
        model.modelReset.connect(self._after_reset)
        model.modelAboutToBeReset.connect(self._before_reset)
        self._kept: tuple[Any, int] | None = None
        # Whoever knows how several edits become one undo step says so here.
        self.as_one_step: Callable[[str, Callable[[], None]], object] = lambda _label, do: do()
        for name, keys, act in (
            ("Copy", QKeySequence.StandardKey.Copy, self.copy_selection),
            ("Paste", QKeySequence.StandardKey.Paste, self.paste),
        ):
            action = QAction(name, self)
            action.setShortcut(keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(act)
            self.addAction(action)

    def _before_reset(self) -> None:
        current = self.current_place()
        self._kept = (
            (self.table.row_key(current), self.currentIndex().column()) if current is not None else None
        )

    def _after_reset(self) -> None:
        if self._kept is not None:
            self.select_key(*self._kept)
        shape = (tuple(column.title for column in self.table.columns), bool(self.table.rows))
        if shape != self._shape:
            self._shape = shape
            self.fit_columns()

    def fit_columns(self) -> None:
        """Makes columns as wide as their headings and a sample of their cells need, within each column's
        limits."""
        header = self.horizontalHeader()
        metrics, bold = self.fontMetrics(), QFont(self.font())
        bold.setBold(True)
        character, gap = metrics.averageCharWidth(), metrics.averageCharWidth() * 2
        if self.table.row_title is not None:
            titled = (metrics.horizontalAdvance(self.table.row_title.text(row)) for row in self.table.rows)
            longest = max(titled, default=0) * 1.08 + gap
            self.verticalHeader().setFixedWidth(round(min(longest, self.table.row_title.most * character)))
        for place, column in enumerate(self.table.columns):
            texts = [column.text(row) for row in self.table.rows[:_SAMPLE]]
            titles = column.title.split("\n")
            widest = max((metrics.horizontalAdvance(text) for text in texts), default=0) * 1.04
            title = max(header.fontMetrics().horizontalAdvance(text) for text in titles)
            wide = min(max(widest, column.least * character), column.most * character)
            header.resizeSection(place, round(max(wide, title) + gap))

    def current_place(self) -> int | None:
        """The place in the model of the row the cursor stands on."""
        index = self.proxy.mapToSource(self.currentIndex())
        return index.row() if index.isValid() and index.row() < len(self.table.rows) else None

    def current_row(self) -> Any:
        """The row the cursor stands on, None for none."""
        place = self.current_place()
        return None if place is None else self.table.rows[place]

    def select_key(self, key: Any, column: int = 0) -> bool:
        """Puts the cursor on the row with a key; False where there is none."""
        place = self.table.place_of(key)
        if place is None or not self.table.columns:
            return False
        index = self.proxy.mapFromSource(self.table.index(place, min(column, len(self.table.columns) - 1)))
        if not index.isValid():
            return False
        self.setCurrentIndex(index)
        self.scrollTo(index)
        return True

    def filter(self, text: str) -> None:
        """Leaves only the rows in which the text stands."""
        self.proxy.leave_only(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        editable = (
            bool(index.flags() & Qt.ItemFlag.ItemIsEditable) and self.state() != self.State.EditingState
        )
        if editable and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            if self.proxy.data(index, CHOICES_ROLE) is None:
                self.proxy.setData(index, "", Qt.ItemDataRole.EditRole)
        elif editable and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit(index)
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Goes a row down after Enter, as a spreadsheet does."""
        super().closeEditor(editor, hint)
        below = self.currentIndex().siblingAtRow(self.currentIndex().row() + 1)
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache and below.isValid():
            self.setCurrentIndex(below)

    def paste(self) -> None:
        """Puts a block of cells from the clipboard over the cells from the current one on, as one step."""
        text = QGuiApplication.clipboard().text().rstrip("\n")
        first = self.currentIndex()
        if not text or not first.isValid():
            return
        header = self.horizontalHeader()
        order = [header.logicalIndex(place) for place in range(header.count())]
        shown = [column for column in order if not self.isColumnHidden(column)]
        shown = shown[shown.index(first.column()) :]
        cells: list[tuple[int, int, str]] = []
        for row, line in enumerate(text.split("\n"), first.row()):
            for column, value in zip(shown, line.rstrip("\r").split("\t"), strict=False):
                if self.proxy.index(row, column).flags() & Qt.ItemFlag.ItemIsEditable:
                    cells.append((row, column, value))

        def put() -> None:
            # Names stand at the left: the other cells of a row are put first, while its name still finds it.
            for row, column, value in reversed(cells):
                self.proxy.setData(self.proxy.index(row, column), value, Qt.ItemDataRole.EditRole)

        count = f"{len(cells)} cells" if len(cells) != 1 else "a cell"
        self.as_one_step(f"Paste {count}", put)

    def copy_selection(self) -> None:
        """Puts the chosen cells on the clipboard as a spreadsheet pastes them, with headings for more than
        one."""
        text = self.selected_text()
        if text:
            QGuiApplication.clipboard().setText(text)

    def selected_text(self) -> str:
        """The chosen cells as lines of tab-separated texts."""
        indexes = self.selectedIndexes()
        if not indexes:
            return ""
        rows = sorted({index.row() for index in indexes})
        columns = sorted({index.column() for index in indexes}, key=self.horizontalHeader().visualIndex)
        columns = [column for column in columns if not self.isColumnHidden(column)]

        def cell(row: int, column: int) -> str:
            text = self.proxy.data(self.proxy.index(row, column), Qt.ItemDataRole.DisplayRole)
            return " ".join(str(text or "").split())

        lines = ["\t".join(cell(row, column) for column in columns) for row in rows]
        if len(indexes) > 1:
            titles = [" ".join(self.table.columns[column].title.split()) for column in columns]
            lines.insert(0, "\t".join(titles))
            if self.table.row_title is not None:
                vertical = Qt.Orientation.Vertical
                named = (str(self.proxy.headerData(row, vertical) or "").strip() for row in rows)
                firsts = [self.table.row_title.title, *named]
                lines = [f"{first}\t{line}" for first, line in zip(firsts, lines, strict=True)]
        return "\n".join(lines)
