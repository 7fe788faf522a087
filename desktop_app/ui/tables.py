"""One view for every table: sized to its contents, sorted, filtered, copied from and pasted into."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtGui import QAction, QFont, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop_app.ui.cells import CHOICES_ROLE, SORT_ROLE, CellDelegate
from desktop_app.ui.row_titles import RowTitles
from desktop_app.ui.table_model import Column, Index, TableModel

_SAMPLE = 120


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


__all__ = ["Column", "TableModel", "TableView"]
