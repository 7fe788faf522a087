"""The left side of a quote: its sheets as the vendor made them, with tabs and a legend."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QTabBar, QVBoxLayout, QWidget

from desktop_app.exchange.quotes import Mapping, Quote
from desktop_app.exchange.reading import Workbook
from desktop_app.ui import theme
from desktop_app.ui.pages import quiet
from desktop_app.ui.review import HEADER, class_words, column_of_cell, place_of_cell, row_classes, sheet_named
from desktop_app.ui.sheet_view import SheetView, tint


class Legend(QWidget):
    """Which tint means which class of row; only those that the sheet has."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        gap = self.fontMetrics().height() // 4
        self._row.setContentsMargins(0, gap, 0, gap)
        self._shown: list[str] = []

    def show_classes(self, names: set[str]) -> None:
        """Shows the classes that have a tint."""
        wanted = sorted(name for name in names if tint(name) is not None)
        if wanted == self._shown:
            return
        self._shown = wanted
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        side = self.fontMetrics().ascent()
        by_colour: dict[str, list[str]] = {}
        for name in wanted:
            colour = tint(name)
            assert colour is not None
            by_colour.setdefault(colour.name(), []).append(class_words(name))
        for colour_name, words in by_colour.items():
            swatch = QLabel()
            swatch.setPixmap(_swatch(QColor(colour_name), side, self.devicePixelRatioF()))
            self._row.addWidget(swatch)
            said = quiet(", ".join(words))
            said.setWordWrap(False)
            self._row.addWidget(said)
        self._row.addStretch(1)


def _swatch(colour: QColor, side: int, scale: float) -> QPixmap:
    made = QPixmap(round(side * scale), round(side * scale))
    made.setDevicePixelRatio(scale)
    made.fill(colour)
    painter = QPainter(made)
    painter.setPen(QColor(theme.tokens().muted))
    painter.drawRect(0, 0, side - 1, side - 1)
    painter.end()
    return made


class QuoteSheets(QWidget):
    """The sheets of a quote. Decisions come as signals with the sheet's name, and rows and columns from 1."""

    row_chosen = Signal(str, int)
    rows_are = Signal(str, int, int, str)
    column_is = Signal(str, int, object)
    header_moved = Signal(str, int, int)
    header_set = Signal(str, int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workbook: Workbook | None = None
        self.quote: Quote | None = None
        self.mapping = Mapping()
        self.sheet = SheetView()
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Sheets of the quote")
        self.tabs.setShape(QTabBar.Shape.RoundedSouth)
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.currentChanged.connect(lambda _: self._show())
        self.legend = Legend()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.sheet, 1)
        column.addWidget(self.tabs)
        column.addWidget(self.legend)
        sheet = self.sheet
        sheet.row_chosen.connect(lambda row: self.row_chosen.emit(self.name, row))
        sheet.rows_are.connect(lambda first, last, kind: self.rows_are.emit(self.name, first, last, kind))
        sheet.column_is.connect(lambda column, field: self.column_is.emit(self.name, column, field))
        sheet.header_moved.connect(lambda start, end: self.header_moved.emit(self.name, start, end))
        sheet.header_set.connect(lambda row, wanted: self.header_set.emit(self.name, row, wanted))

    @property
    def name(self) -> str:
        """The sheet that is shown."""
        return str(self.tabs.tabData(self.tabs.currentIndex()) or "")

    def show_workbook(self, workbook: Workbook, quote: Quote) -> None:
        """Begins with a workbook, at its first table."""
        self.workbook, self.quote, self.mapping = workbook, quote, Mapping()
        first = quote.blocks[0].sheet if quote.blocks else ""
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for sheet in workbook.sheets:
            shown = sheet.name.replace("&", "&&")  # a single one would underline the next letter
            place = self.tabs.addTab(f"{shown} (hidden)" if sheet.hidden else shown)
            self.tabs.setTabData(place, sheet.name)
            if sheet.name == first:
                self.tabs.setCurrentIndex(place)
        self.tabs.blockSignals(False)
        self._show()
        top = min((block.header_row for block in quote.blocks if block.sheet == first), default=1)
        self.sheet.show_from(max(top - 4, 1))

    def show_quote(self, quote: Quote, mapping: Mapping) -> None:
        """Colours the sheet by what is understood of it now; headers that a person set always show."""
        self.quote, self.mapping = quote, mapping
        self._show()

    def show_cell(self, cell: str) -> None:
        """Shows a cell ("Quote!C14") and puts the cursor on it."""
        sheet, row = place_of_cell(cell)
        for place in range(self.tabs.count()):
            if self.tabs.tabData(place) == sheet:
                self.tabs.setCurrentIndex(place)
                self.sheet.go_to(row, column_of_cell(cell))

    def _show(self) -> None:
        if self.workbook is None or self.quote is None:
            return
        fields = {
            column_of_cell(f"!{letter}1"): field
            for block in self.quote.blocks
            if block.sheet == self.name
            for field, letter in block.columns.items()
        }
        set_here = dict.fromkeys(self.mapping.headers.get(self.name, ()), HEADER)
        classes = row_classes(self.quote, self.name) | set_here
        self.sheet.show_sheet(sheet_named(self.workbook, self.name), classes, fields)
        self.legend.show_classes(set(classes.values()))
