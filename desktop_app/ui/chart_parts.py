"""Axes and legends of the charts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui import display


class MonthAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """An axis of months since the plan's start, labelled with the calendar."""

    def __init__(self) -> None:
        super().__init__("bottom")
        # Pixels by which the first and the last label may stand out.
        self.setStyle(hideOverlappingLabels=60)
        self.months: Sequence[str] = ()

    def tickValues(self, least: float, most: float, size: float) -> list[tuple[float, list[float]]]:
        """Ticks at whole years, halves or quarters, as many as there is room for."""
        room = max(1.0, size / (QFont().pointSizeF() * 9))
        wanted = max(most - least, 1) / room
        step = next((one for one in (1, 3, 6, 12, 24, 60, 120) if one >= wanted), 240)
        first = int(np.ceil(max(least, 0) / step)) * step
        return [(float(step), [float(at) for at in range(first, int(min(most, len(self.months))) + 1, step)])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: ARG002
        """The month that begins at each tick."""
        names = []
        for value in values:
            place = int(value)
            if place < len(self.months):
                names.append(display.month(self.months[place]))
            else:
                year, month = (int(part) for part in self.months[-1].split("-"))
                names.append(
                    display.month(f"{year + month // 12:04d}-{month % 12 + 1:02d}") if self.months else ""
                )
        return names


class AmountAxis(pg.AxisItem):  # type: ignore[misc]
    """An axis of money in the plan's display unit."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self.enableAutoSIPrefix(False)
        self.unit: float = 1

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: ARG002
        """Amounts with just the decimals that tell ticks apart."""
        step = spacing / self.unit
        decimals = max(0, int(np.ceil(-np.log10(step) - 1e-9))) if step > 0 else 0
        return [display.number(value / self.unit, decimals) for value in values]


class YearAxis(pg.AxisItem):  # type: ignore[misc]
    """An axis with a tick for each bar, and the scenario's name below each group of bars."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.names: dict[float, str] = {}
        self.setStyle(hideOverlappingLabels=False, textFillLimits=[(0, 10.0)])

    def tickValues(self, least: float, most: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: ARG002
        """All ticks: there are few, and each names a bar or a group."""
        return [(1.0, list(self.names))]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: ARG002
        """The year of each bar, the name of each group a line further down."""
        return [self.names[value] for value in values]


class Legend(QWidget):
    """Names beside samples of their line or colour, in as many rows as the width needs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: list[tuple[str, QPen | QColor]] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_entries(self, entries: list[tuple[str, QPen | QColor]]) -> None:
        """Shows these names; a pen is drawn as a line, a colour as a box."""
        self.entries = entries
        self.setAccessibleName("Legend: " + ", ".join(name for name, _ in entries))
        self._fit()
        self.update()

    def _places(self, width: int) -> list[QPointF]:
        places, x, y = [], 0.0, 0.0
        for name, _ in self.entries:
            wide = self._sample + self.fontMetrics().horizontalAdvance(name) + 2 * self._step
            if x and x + wide > width:
                x, y = 0.0, y + self._row
            places.append(QPointF(x, y))
            x += wide
        return places

    @property
    def _step(self) -> int:
        return self.fontMetrics().averageCharWidth()

    @property
    def _sample(self) -> int:
        return 5 * self._step

    @property
    def _row(self) -> int:
        return round(self.fontMetrics().height() * 1.25)

    def _fit(self) -> None:
        places = self._places(max(self.width(), 1))
        self.setFixedHeight(round(places[-1].y()) + self._row if places else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for (name, look), at in zip(self.entries, self._places(self.width()), strict=True):
            middle = at.y() + self._row / 2
            if isinstance(look, QPen):
                painter.setPen(look)
                painter.drawLine(QPointF(at.x(), middle), QPointF(at.x() + 4 * self._step, middle))
            else:
                side = self.fontMetrics().ascent()
                painter.fillRect(QRectF(at.x() + 4 * self._step - side, middle - side / 2, side, side), look)
            painter.setPen(self.palette().color(QPalette.ColorRole.Text))
            painter.drawText(
                QPointF(at.x() + self._sample, middle + self.fontMetrics().ascent() / 2 - 1), name
            )
