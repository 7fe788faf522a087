"""Charts of uncertainty: what moves a figure most, and how far cumulative cost may spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop_app.engine.functions import Array
from desktop_app.engine.sensitivity import Swing
from desktop_app.exchange import palette
from desktop_app.ui import display, theme
from desktop_app.ui.bridge_chart import NameAxis
from desktop_app.ui.chart_parts import MonthAxis
from desktop_app.ui.charts import Chart

MOST_BARS = 12
_MOST_ROOM = 0.35


@dataclass(frozen=True, slots=True)
class Tornado:
    """Swings of one figure of one scenario around `base`, the widest first, and remarks on them."""

    scenario: str
    what: str
    unit: str
    currency: str
    base: float
    swings: tuple[Swing, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fan:
    """Percentiles 10, 50 and 90 of cumulative cost by month, and the run they come from."""

    scenario: str
    low: Array
    middle: Array
    high: Array
    months: Sequence[str]
    currency: str
    trials: int
    seed: int


class TornadoChart(Chart):
    """Bars to both sides of the figure's value, one for the low and one for the high end of each driver.

    The values of the driver stand at the ends of its bars, so the chart reads without its colours.
    """

    _shown: Tornado | None = None

    def __init__(self, parent: QWidget | None = None) -> None:
        self.names = NameAxis()
        super().__init__("What moves the figure most", self.names, parent, sideways=True)
        self._bars = [pg.BarGraphItem(x0=[], y=[], width=[], height=0.66) for _ in range(2)]
        self._middle = pg.InfiniteLine(angle=90, movable=False)
        for item in (*self._bars, self._middle):
            self.plot.addItem(item, ignoreBounds=True)
        self._labels: list[pg.TextItem] = []

    def show_data(self, shown: Tornado) -> None:
        """Shows these swings."""
        self._shown = shown
        self.draw()

    def draw(self) -> None:
        shown = self._shown
        if shown is None:
            return
        swings = shown.swings[:MOST_BARS]
        money = shown.unit == shown.currency
        self.heading.setText(self._message(shown))
        self.names.names = [f"* {one.label}" if one.assumed else one.label for one in swings]
        while self._labels:
            self.plot.removeItem(self._labels.pop())
        # dark enough for paper and light enough for a dark ground, and apart in grey
        fills = (QColor(palette.OPEX), QColor("#3E6FA3" if self.dark else palette.CAPEX))
        self.legend.show_entries([("driver at its low value", fills[0]), ("at its high value", fills[1])])
        y = -np.arange(len(swings), dtype=float)
        ends = [np.array([one.figure_low for one in swings]), np.array([one.figure_high for one in swings])]
        for bar, end, fill in zip(self._bars, ends, fills, strict=True):
            start = np.minimum(end, shown.base)
            bar.setOpts(
                x0=start, width=np.abs(end - shown.base), y=y, height=0.66, brush=fill, pen=pg.mkPen(None)
            )
        everything = np.concatenate([*ends, [shown.base]])
        low, high = float(everything.min()), float(everything.max())
        span = max(high - low, abs(shown.base) * 1e-6, 1e-9)
        ink = self.palette().color(QPalette.ColorRole.Text)
        self._middle.setPen(QPen(ink, 1))
        self._middle.setPos(shown.base)
        for place, one in enumerate(swings):
            for value, figure, other in (
                (one.low, one.figure_low, one.figure_high),
                (one.high, one.figure_high, one.figure_low),
            ):
                left = figure < other
                label = pg.TextItem(_value(value, one.unit), color=ink, anchor=(1 if left else 0, 0.5))
                label.setFont(self.font())
                label.setPos(figure + (-0.006 if left else 0.006) * span, -place)
                self.plot.addItem(label, ignoreBounds=True)
                self._labels.append(label)
        widest = max(
            (self.fontMetrics().horizontalAdvance(name[:30]) for name in self.names.names), default=0
        )
        self.names.setWidth(widest + 3 * self.fontMetrics().averageCharWidth())
        room = self._room(swings) * span
        self.plot.setRange(
            xRange=(low - room, high + room),
            yRange=(-max(len(swings), 1) + 0.4, 0.6),
            padding=0,
        )
        if money:
            self.name_amounts(shown.what, shown.currency, display.fitting_scale(high))
        else:
            self.amounts.unit = 0.01 if shown.unit == "%" else 1
            self.amounts.setLabel(
                f"{shown.what}, {shown.unit or 'number'}", color=theme.tokens(self.palette()).muted
            )
        self.names.picture = None
        self.names.update()
        said = ["Each driver alone at the ends of its range, all others as planned."]
        if any(one.assumed for one in swings):
            said.append("* has no range: 10 per cent either way.")
        if len(shown.swings) > MOST_BARS:
            said.append(f"{len(shown.swings) - MOST_BARS} drivers that move it less are left out.")
        said += shown.remarks
        self.note.setText(" ".join(said))
        self.note.setVisible(True)

    def _room(self, swings: Sequence[Swing]) -> float:
        """What the labels need beside the bars, as a share of the bars' span."""
        texts = [_value(value, one.unit) for one in swings for value in (one.low, one.high)]
        widest = max(map(self.fontMetrics().horizontalAdvance, texts), default=0)
        names = self.names.width() if self.names.names else 0
        share = min(float(widest + 20) / max(float(self.plot.width() - names), 1.0), _MOST_ROOM)
        return share / (1 - 2 * share)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.draw()

    def _message(self, shown: Tornado) -> str:
        if not shown.swings:
            return f"No driver with a single value moves the {_lower(shown.what)} of “{shown.scenario}”"
        first = shown.swings[0]
        if shown.unit != shown.currency:
            return f"{shown.what} of “{shown.scenario}”: “{first.label}” moves it most"
        width = display.short_money(first.width, shown.currency)
        return f"{shown.what} of “{shown.scenario}”: “{first.label}” moves it most, by {width}"


class FanChart(Chart):
    """Cumulative cost: the median, and the band in which four of five trials lie."""

    room = 5
    _shown: Fan | None = None

    def __init__(self, parent: QWidget | None = None) -> None:
        self.axis = MonthAxis()
        super().__init__("Cumulative cost under uncertainty", self.axis, parent)
        self._low, self._high = self.plot.plot([], []), self.plot.plot([], [])
        self._band = pg.FillBetweenItem(self._low, self._high)
        self.plot.addItem(self._band)
        self._line = self.plot.plot([], [])

    def show_data(self, shown: Fan) -> None:
        """Shows this fan."""
        self._shown = shown
        self.draw()

    def draw(self) -> None:
        shown = self._shown
        if shown is None:
            return
        colour = self.colour(palette.PREFERRED)
        band = QColor(colour)
        band.setAlphaF(0.30)
        edge = QPen(colour, 1.0 * self.dots())
        pen = QPen(colour, 2.5 * self.dots())
        for one in (edge, pen):
            one.setCosmetic(True)
        low, middle, high = (np.concatenate([[0.0], one]) for one in (shown.low, shown.middle, shown.high))
        months = np.arange(len(middle))
        for item, values, look in (
            (self._low, low, edge),
            (self._high, high, edge),
            (self._line, middle, pen),
        ):
            item.setPen(look)
            item.setData(months, values)
        self._band.setBrush(band)
        sample = QPen(colour, 2.5)
        self.legend.show_entries([("median (P50)", sample), ("P10 to P90", band)])
        self.axis.months = shown.months
        top, bottom = float(high.max(initial=1.0)), min(float(low.min(initial=0.0)), 0.0)
        self.plot.setRange(
            QRectF(0, bottom, max(len(shown.months), 1), (top - bottom) * 1.06 or 1.0), padding=0
        )
        self.name_amounts("Cash cost to date", shown.currency, display.fitting_scale(top))
        ends = [display.short_money(float(values[-1]), shown.currency) for values in (low, high, middle)]
        self.heading.setText(
            f"“{shown.scenario}” costs {ends[0]} to {ends[1]} in four of five trials, {ends[2]} in the middle"
        )
        self.note.setText(f"{shown.trials:,} trials, seed {shown.seed}. Cash cost to date, P10, P50 and P90.")
        self.note.setVisible(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.draw()


def _value(value: float, unit: str) -> str:
    """A driver's value beside its bar: short, with its unit where that is short too."""
    said = display.compact(value, unit if unit == "%" else "")
    return said if unit == "%" or len(unit) > 6 else f"{said} {unit}".rstrip()


def _lower(text: str) -> str:
    """The text with a small first letter, but for abbreviations."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
