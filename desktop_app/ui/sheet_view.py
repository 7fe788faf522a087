"""A sheet as the vendor made it: its own cells, rows coloured and named by what was understood of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QBrush, QColor, QFont, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from desktop_app.exchange.reading import Sheet, column_letter
from desktop_app.ui import display, theme
from desktop_app.ui.quote_cells import cell_text
from desktop_app.ui.review import (
    CHARGE,
    COLUMN_FIELDS,
    HEADER,
    HIDDEN,
    LEASE,
    NOTE,
    RESTATED,
    ROW_CLASSES,
    SUBTOTAL,
    TOTAL,
    class_words,
)

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
# Tints over the ground, light and dark; the class also stands in words beside the row.
_TINTS = {
    HEADER: ("#FFE9A8", "#5A4A12"),
    "line": ("#DDEBFA", "#1D3A58"),
    "child": ("#EDF4FC", "#1A2C40"),
    "option": ("#EADFF7", "#3D2A57"),
    "freight": ("#FBE6D2", "#543620"),
    "tax": ("#FBE6D2", "#543620"),
    "discount": ("#FBE6D2", "#543620"),
    CHARGE: ("#FBE6D2", "#543620"),
    "no_bid": ("#E3E6EA", "#33383F"),
    SUBTOTAL: ("#DFF2E3", "#1F4229"),
    TOTAL: ("#C3E6CC", "#28583A"),
    LEASE: ("#EADFF7", "#3D2A57"),
    RESTATED: ("#E3E6EA", "#33383F"),
    HIDDEN: ("#E3E6EA", "#33383F"),
    NOTE: ("", ""),
}
_MOST_SPANS = 2000
_SAMPLE_ROWS = 200
_TABLE_CELLS = 3  # a row with so many cells is one of a table; the text of others may run on
_MOST_COLUMNS = 40


def tint(name: str) -> QColor | None:
    """The colour of a row class on the present ground."""
    light, dark = _TINTS.get(name, ("", ""))
    chosen = dark if theme.tokens() is theme.DARK_TOKENS else light
    return QColor(chosen) if chosen else None


class SheetModel(QAbstractTableModel):
    """The cells of one sheet and the classes of its rows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sheet: Sheet | None = None
        self.classes: Mapping[int, str] = {}
        self.fields: Mapping[int, str] = {}
        self._size = (0, 0)

    def show_sheet(self, sheet: Sheet | None, classes: Mapping[int, str], fields: Mapping[int, str]) -> None:
        """Shows a sheet; `classes` by row and `fields` by column, both counted from 1."""
        same = sheet is self.sheet
        if not same:
            self.beginResetModel()
        self.sheet, self.classes, self.fields = sheet, classes, fields
        if same:
            if all(self._size):
                self.dataChanged.emit(self.index(0, 0), self.index(self._size[0] - 1, self._size[1] - 1))
                self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, self._size[0] - 1)
                self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self._size[1] - 1)
            return
        self._size = (sheet.max_row, sheet.max_column) if sheet else (0, 0)
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._size[0]

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._size[1]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.sheet is None or not index.isValid():
            return None
        row = index.row() + 1
        if role == Qt.ItemDataRole.BackgroundRole:
            colour = tint(self.classes.get(row, ""))
            if row in self.sheet.hidden_rows or index.column() + 1 in self.sheet.hidden_columns:
                return QBrush(QColor(theme.tokens().line), Qt.BrushStyle.BDiagPattern)
            return QBrush(colour) if colour else None
        cell = self.sheet.cells.get((row, index.column() + 1))
        if cell is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return " ".join(cell_text(cell).split())
            case Qt.ItemDataRole.ToolTipRole:
                said = class_words(self.classes.get(row, ""))
                formula = f"={cell.formula}" if cell.formula else ""
                parts = (
                    cell_text(cell),
                    formula,
                    cell.comment or "",
                    f"row {row}: {said}" if row in self.classes else "",
                )
                return "\n".join(part for part in parts if part)
            case Qt.ItemDataRole.TextAlignmentRole:
                number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
                side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.FontRole if cell.bold or self.classes.get(row) == HEADER:
                font = QFont()
                font.setBold(True)
                return font
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) or self.sheet is None:
            return None
        place = section + 1
        if orientation == Qt.Orientation.Vertical:
            if role == Qt.ItemDataRole.ToolTipRole:
                return "Right-click to say what the row is; drag a header's number to move the header"
            name = self.classes.get(place, "")
            words = [class_words(name)] if name else []
            words += ["hidden row"] * (place in self.sheet.hidden_rows and name != HIDDEN)
            return "  ".join([str(place), *words])
        if role == Qt.ItemDataRole.ToolTipRole:
            return "Click to say what the column holds"
        letters = column_letter(place) + (" hidden" if place in self.sheet.hidden_columns else "")
        name = self.fields.get(place, "")
        return f"{letters}\n{class_words(name) if name else display.NONE} ▾"


class SheetView(QTableView):
    """Shows a sheet. What a person decides about it comes as signals with rows and columns counted from 1."""

    row_chosen = Signal(int)
    rows_are = Signal(int, int, str)
    column_is = Signal(int, object)
    header_moved = Signal(int, int)
    header_set = Signal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet_model = SheetModel(self)
        self.setModel(self.sheet_model)
        self.setAccessibleName("The sheet as the vendor made it")
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(round(self.fontMetrics().height() * 1.4))
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        rows.setMinimumWidth(self.fontMetrics().horizontalAdvance("0000  subtotal  "))
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for header, menu in ((rows, self._row_menu), (columns, self._column_menu)):
            header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            header.customContextMenuRequested.connect(
                lambda at, header=header, menu=menu: menu(header.logicalIndexAt(at), header.mapToGlobal(at))
            )
        columns.setHighlightSections(False)
        columns.sectionClicked.connect(self._column_clicked)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(
            lambda at: self._row_menu(self.rowAt(at.y()), self.viewport().mapToGlobal(at))
        )
        self.selectionModel().currentRowChanged.connect(self._row_changed)
        rows.viewport().installEventFilter(self)
        self._dragged = 0
        self._quiet = False

    def show_sheet(self, sheet: Sheet | None, classes: Mapping[int, str], fields: Mapping[int, str]) -> None:
        """Shows a sheet with what was understood of it."""
        other = sheet is not self.sheet_model.sheet
        self.sheet_model.show_sheet(sheet, classes, fields)
        if other and sheet is not None:
            self._lay_out(sheet)

    def _lay_out(self, sheet: Sheet) -> None:
        """Spans merged cells, lets lone texts run on over empty ones, fits columns to the tables."""
        self.clearSpans()
        metrics = self.fontMetrics()
        character = metrics.averageCharWidth()
        rows: dict[int, list[int]] = {}
        for row, column in sheet.cells:
            if row <= _SAMPLE_ROWS:
                rows.setdefault(row, []).append(column)
        merged = {
            row for merge in sheet.merges for row in range(merge.top, min(merge.bottom, _SAMPLE_ROWS) + 1)
        }
        title = self.horizontalHeader().fontMetrics()
        widest = {
            column: title.horizontalAdvance(f"{class_words(name)} ▾")
            for column, name in self.sheet_model.fields.items()
        }
        for row, columns in rows.items():
            if len(columns) < _TABLE_CELLS or row in merged:
                continue
            for column in columns:
                wide = metrics.horizontalAdvance(cell_text(sheet.cells[row, column])[:60])
                widest[column] = max(widest.get(column, 0), wide)
        for column in range(1, self.sheet_model.columnCount() + 1):
            wide = widest.get(column, 0) + 2 * character
            self.setColumnWidth(column - 1, min(max(wide, 9 * character), 40 * character))
        for merge in sheet.merges[:_MOST_SPANS]:
            height, width = merge.bottom - merge.top + 1, merge.right - merge.left + 1
            self.setSpan(merge.top - 1, merge.left - 1, height, width)
        for row, columns in rows.items():
            if len(columns) < _TABLE_CELLS and row not in merged:
                self._run_on(sheet, row, sorted(columns))

    def _run_on(self, sheet: Sheet, row: int, columns: list[int]) -> None:
        ends = [*columns[1:], self.sheet_model.columnCount() + 1]
        for column, end in zip(columns, ends, strict=True):
            if isinstance(sheet.cells[row, column].value, str) and end - column > 1:
                self.setSpan(row - 1, column - 1, 1, min(end - column, _MOST_COLUMNS))

    def go_to(self, row: int, column: int = 0) -> None:
        """Shows a row, or a cell, without saying that it was chosen."""
        index = self.sheet_model.index(row - 1, max(column - 1, 0))
        if not index.isValid():
            return
        self._quiet = True
        try:
            self.setCurrentIndex(index)
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
            if not column:
                self.selectRow(row - 1)
        finally:
            self._quiet = False

    def show_from(self, row: int) -> None:
        """Scrolls so that a row stands at the top."""
        self.scrollTo(self.sheet_model.index(row - 1, 0), QAbstractItemView.ScrollHint.PositionAtTop)

    def _row_changed(self, current: QModelIndex) -> None:
        if current.isValid() and not self._quiet:
            self.row_chosen.emit(current.row() + 1)

    # Decisions

    def _chosen_rows(self, row: int) -> tuple[int, int]:
        rows = {index.row() for index in self.selectedIndexes()}
        return (min(rows) + 1, max(rows) + 1) if row in rows else (row + 1, row + 1)

    def _row_menu(self, row: int, at: QPoint) -> None:
        if row >= 0:
            self.row_menu(row).popup(at)

    def row_menu(self, row: int) -> QMenu:
        """What a person can say about a row, counted from 0, and the other chosen ones."""
        first, last = self._chosen_rows(row)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        many = first != last
        menu.addSection(f"Rows {first} to {last} are" if many else f"Row {first} is")
        present = self.sheet_model.classes.get(first, "")
        for name in ROW_CLASSES:
            action = menu.addAction(class_words(name))
            action.setCheckable(True)
            action.setChecked(name == present)
            action.triggered.connect(lambda _=False, name=name: self.rows_are.emit(first, last, name))
        menu.addAction("as Outlay reads it").triggered.connect(lambda: self.rows_are.emit(first, last, ""))
        menu.addSeparator()
        self._add_header_actions(menu, first)
        return menu

    def _add_header_actions(self, menu: QMenu, row: int) -> None:
        """Moving a header, beginning a table of its own, and joining two tables."""
        headers = sorted(place for place, name in self.sheet_model.classes.items() if name == HEADER)
        if row in headers:
            text = "No header: joins the table above" if row != headers[0] else "No header"
            menu.addAction(text).triggered.connect(lambda: self.header_set.emit(row, False))
            return
        if headers:
            near = min(headers, key=lambda place: abs(place - row))
            moved = menu.addAction(f"Header is this row, not row {near}")
            moved.triggered.connect(lambda: self.header_moved.emit(near, row))
        text = "Header of another table: splits the one above" if headers else "Header is this row"
        menu.addAction(text).triggered.connect(lambda: self.header_set.emit(row, True))

    def _column_clicked(self, column: int) -> None:
        header = self.horizontalHeader()
        at = QPoint(header.sectionViewportPosition(column), header.height())
        self._column_menu(column, header.mapToGlobal(at))

    def _column_menu(self, column: int, at: QPoint) -> None:
        if column < 0:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addSection(f"Column {column_letter(column + 1)} holds")
        present = self.sheet_model.fields.get(column + 1, "")
        for name in COLUMN_FIELDS:
            action = menu.addAction(class_words(name))
            action.setCheckable(True)
            action.setChecked(name == present)
            action.triggered.connect(lambda _=False, name=name: self.column_is.emit(column + 1, name))
        menu.addSeparator()
        menu.addAction("as Outlay reads it").triggered.connect(lambda: self.column_is.emit(column + 1, None))
        menu.popup(at)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lets the number of a header row be dragged to another row."""
        if isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            row = self.verticalHeader().logicalIndexAt(event.position().toPoint()) + 1
            if event.type() == QEvent.Type.MouseButtonPress:
                self._dragged = row if self.sheet_model.classes.get(row) == HEADER else 0
                self.verticalHeader().viewport().setCursor(
                    Qt.CursorShape.SizeVerCursor if self._dragged else Qt.CursorShape.ArrowCursor
                )
            elif event.type() == QEvent.Type.MouseButtonRelease and self._dragged:
                start, self._dragged = self._dragged, 0
                self.verticalHeader().viewport().unsetCursor()
                if row > 0 and row != start:
                    self.header_moved.emit(start, row)
        return super().eventFilter(watched, event)
