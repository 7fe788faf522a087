"""Titles of rows that stay in sight at the left of a table, looking like its own cells."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QPainter, QPalette, QPen
from PySide6.QtWidgets import QHeaderView, QWidget


class RowTitles(QHeaderView):
    """A vertical header without the looks of buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)

    def paintSection(self, painter: QPainter, rect: QRect, index: int) -> None:
        """Draws one title on the ground of its row."""
        vertical, model = Qt.Orientation.Vertical, self.model()
        text = str(model.headerData(index, vertical) or "")
        font = model.headerData(index, vertical, Qt.ItemDataRole.FontRole)
        ground = model.headerData(index, vertical, Qt.ItemDataRole.BackgroundRole)
        colours = self.palette()
        painter.save()
        painter.fillRect(rect, ground if ground is not None else colours.brush(QPalette.ColorRole.Base))
        if isinstance(font, QFont):
            painter.setFont(font)
        gap = self.fontMetrics().averageCharWidth() // 2
        room = rect.adjusted(gap, 0, -gap, 0)
        painter.setPen(colours.color(QPalette.ColorRole.Text))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.setPen(QPen(colours.color(QPalette.ColorRole.Mid), 1))
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.restore()
