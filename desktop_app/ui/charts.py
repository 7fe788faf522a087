"""The window's charts: axes with units, a legend that covers nothing, values under the pointer, printing in
light colours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop_app.exchange import palette
from desktop_app.ui import display, theme
from desktop_app.ui.chart_data import Annual, Cumulative
from desktop_app.ui.chart_parts import AmountAxis, Legend, MonthAxis, YearAxis

_DASHES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotDotLine,
)
_LEAST_LIGHTNESS = 150
# Places of a label beside its mark, the preferred first: right below, left above, and further off.
_ANCHORS = tuple(
    (x, y) for y in (-0.35, 1.35, -1.4, 2.4, -2.4, 3.4) for x in ((-0.08, 1.08) if y < 0 else (1.08, -0.08))
)


def readable(colour: str, dark: bool) -> QColor:
    """A palette colour as it is on paper, made light enough for a dark ground."""
    made = QColor(colour)
    if dark and made.lightness() < _LEAST_LIGHTNESS:
        made.setHsl(made.hslHue(), made.hslSaturation(), 255 - min(made.lightness(), 255 - _LEAST_LIGHTNESS))
    return made


def render(widget: QWidget, size: QSize, scale: float) -> QImage:
    """A picture of a widget at a size, `scale` pixels for each of its own; lines and letters are
    drawn anew.
    """
    widget.resize(size)
    widget.ensurePolished()
    if (layout := widget.layout()) is not None:
        layout.activate()
    if isinstance(widget, Chart):
        widget.picture_scale = scale
        # Only a painted plot knows its own size, on which the places of labels depend.
        widget.grab()
        widget.draw()
    image = QImage(size * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.setDotsPerMeterX(round(96 / 0.0254 * scale))
    image.setDotsPerMeterY(round(96 / 0.0254 * scale))
    image.fill(widget.palette().color(QPalette.ColorRole.Base))
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    widget.render(painter, QPoint())
    painter.end()
    return image


class Chart(QWidget):
    """A heading, a legend and a plot; subclasses fill them."""

    picture_scale = 0.0
    # Room at the right for half of the last label, in characters.
    room = 1

    def __init__(
        self, heading: str, other: pg.AxisItem, parent: QWidget | None = None, sideways: bool = False
    ) -> None:
        super().__init__(parent)
        self.heading = QLabel(heading)
        bold = QFont(self.heading.font())
        bold.setBold(True)
        self.heading.setFont(bold)
        self.heading.setWordWrap(True)
        self.legend = Legend()
        self.amounts = AmountAxis("bottom" if sideways else "left")
        axes = (
            {"left": other, "bottom": self.amounts} if sideways else {"bottom": other, "left": self.amounts}
        )
        self.plot = pg.PlotWidget(axisItems=axes, parent=self)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.setFrameShape(self.plot.Shape.NoFrame)
        self.plot.setAccessibleName(heading)
        self.plot.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.plot.getPlotItem().getViewBox().setDefaultPadding(0)
        self.plot.getPlotItem().setContentsMargins(0, 4, self.fontMetrics().averageCharWidth() * self.room, 0)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setVisible(False)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        column = QVBoxLayout(self)
        gap = self.fontMetrics().height() // 2
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(gap // 2)
        column.addWidget(self.heading)
        column.addWidget(self.legend)
        column.addWidget(self.plot, 1)
        column.addWidget(self.note)
        self._recolour()

    def dots(self) -> float:
        """Pixels of the screen or the picture for each of the chart's own: lines are that much wider."""
        return self.picture_scale or self.devicePixelRatioF()

    @property
    def dark(self) -> bool:
        """True on a dark ground."""
        return theme.is_dark(self.palette())

    def colour(self, name: str) -> QColor:
        """A palette colour for this chart's ground."""
        return readable(name, self.dark)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "plot"):
            self._recolour()
            self.draw()

    def _recolour(self) -> None:
        colours = self.palette()
        self.plot.setBackground(colours.color(QPalette.ColorRole.Base))
        text = QColor(theme.tokens(colours).muted)
        for name in ("left", "bottom"):
            axis = self.plot.getPlotItem().getAxis(name)
            axis.setPen(QPen(QColor(theme.tokens(colours).line), 1))
            axis.setTextPen(text)
            axis.setStyle(tickFont=self.font(), tickLength=4)
        sideways = self.amounts.orientation == "bottom"
        self.plot.showGrid(x=sideways, y=not sideways, alpha=0.25)
        for label in (self.heading, self.note):
            label.setPalette(colours)

    def name_amounts(self, what: str, currency: str, scale: int) -> None:
        """Labels the amount axis with its unit."""
        self.amounts.unit = scale
        unit = display.scale_word(currency, scale)
        long = f"{what}, {unit}"
        upright = self.amounts.orientation == "left"
        # A low chart has no room for more than the unit beside its axis.
        fits = not upright or self.fontMetrics().horizontalAdvance(long) < self.plot.height() * 0.8
        self.amounts.setLabel(long if fits else unit, color=theme.tokens(self.palette()).muted)

    def draw(self) -> None:
        """Draws what is shown in the present colours."""
        raise NotImplementedError


class CumulativeChart(Chart):
    """Cumulative cash cost by month, a line for each scenario, with the break-evens marked."""

    room = 5
    # Of the class, since Qt reports changes of the palette before this object is complete.
    _shown: Cumulative | None = None

    def __init__(self, parent: QWidget | None = None) -> None:
        self.axis = MonthAxis()
        super().__init__("Cumulative cash cost", self.axis, parent)
        self._lines: list[pg.PlotDataItem] = []
        self._marks = pg.ScatterPlotItem(pxMode=True)
        self._marks.setZValue(10)
        self.plot.addItem(self._marks)
        self._labels: list[pg.TextItem] = []
        self._pointer = pg.InfiniteLine(angle=90, movable=False)
        self._pointer.hide()
        self.plot.addItem(self._pointer, ignoreBounds=True)
        self.plot.scene().sigMouseMoved.connect(self._hover)

    def show_data(self, shown: Cumulative) -> None:
        """Shows these lines."""
        self._shown = shown
        self.draw()

    def draw(self) -> None:
        shown = self._shown
        if shown is None:
            return
        while len(self._lines) > len(shown.series):
            self.plot.removeItem(self._lines.pop())
        while len(self._lines) < len(shown.series):
            self._lines.append(self.plot.plot([], []))
        entries: list[tuple[str, QPen | QColor]] = []
        top = max((float(line.values.max()) for line in shown.series), default=1.0)
        bottom = min((float(line.values.min()) for line in shown.series), default=0.0)
        for item, line in zip(self._lines, shown.series, strict=True):
            pen = QPen(self.colour(line.colour), (2.5 if line.leading else 1.8) * self.dots())
            pen.setCosmetic(True)
            pen.setStyle(Qt.PenStyle.SolidLine if line.leading else _DASHES[line.place % len(_DASHES)])
            item.setPen(pen)
            item.setData(np.arange(len(line.values)), line.values)
            sample = QPen(pen)
            sample.setCosmetic(False)
            sample.setWidthF(pen.widthF() / self.dots())
            entries.append((line.name, sample))
        self.legend.show_entries(entries)
        self.axis.months = shown.months
        months = max(len(shown.months), 1)
        span = max(top - min(bottom, 0.0), 1.0)
        self.plot.setRange(xRange=(0, months), yRange=(min(bottom, 0.0), top + 0.08 * span), padding=0)
        self.name_amounts("Cash cost to date", shown.currency, display.fitting_scale(top))
        self._draw_marks(shown)

    def _draw_marks(self, shown: Cumulative) -> None:
        ink = self.palette().color(QPalette.ColorRole.Text)
        self._marks.setData(
            [one.month for one in shown.break_evens],
            [one.amount for one in shown.break_evens],
            symbol="o",
            size=self.fontMetrics().height() * 0.7,
            pen=pg.mkPen(ink, width=2),
            brush=self.palette().color(QPalette.ColorRole.Base),
        )
        while self._labels:
            self.plot.removeItem(self._labels.pop())
        texts = [
            f"{place + 1}: month {display.number(one.month, 1)}"
            if len(shown.break_evens) > 1
            else f"Break-even: month {display.number(one.month, 1)}"
            for place, one in enumerate(shown.break_evens)
        ]
        for text, one, anchor in zip(texts, shown.break_evens, self._anchors(shown, texts), strict=True):
            label = pg.TextItem(text, color=ink, anchor=anchor)
            label.setFont(self.font())
            label.setPos(one.month, one.amount)
            label.setZValue(11)
            self.plot.addItem(label, ignoreBounds=True)
            self._labels.append(label)
        said = [
            f"{f'{place + 1}: ' if len(shown.break_evens) > 1 else ''}“{one.a}” and “{one.b}” have cost "
            f"the same after "
            f"{display.number(one.month, 1)} months ({one.when(shown.months)}): "
            f"{display.short_money(one.amount, shown.currency)}"
            for place, one in enumerate(shown.break_evens)
        ]
        if not said and len(shown.series) > 1:
            said = ["No scenario breaks even with the baseline within the plan."]
        self.note.setText("\n".join(said))
        self.note.setVisible(bool(said))

    def _anchors(self, shown: Cumulative, texts: Sequence[str]) -> list[tuple[float, float]]:
        """Where each label stands beside its mark: inside the plot, apart from other labels, off the
        lines.
        """
        box = self.plot.getPlotItem().getViewBox()
        (left, right), (low, high) = box.viewRange()
        across = max(box.width(), 1.0) / max(right - left, 1e-9)
        up = max(box.height(), 1.0) / max(high - low, 1e-9)
        marks = [QPointF(one.month * across, (high - one.amount) * up) for one in shown.break_evens]
        points = [
            QPointF(month * across, (high - float(value)) * up)
            for line in shown.series
            for month, value in enumerate(line.values)
        ] + marks
        plot = QRectF(0, 0, box.width(), box.height())
        taken: list[QRectF] = []
        anchors = []
        for mark, text in zip(marks, texts, strict=True):
            wide, tall = self.fontMetrics().horizontalAdvance(text) + 8.0, self.fontMetrics().height() + 6.0

            def rectangle(
                anchor: tuple[float, float], mark: QPointF = mark, w: float = wide, h: float = tall
            ) -> QRectF:
                return QRectF(mark.x() - anchor[0] * w, mark.y() - anchor[1] * h, w, h)

            def cost(anchor: tuple[float, float]) -> float:
                area = rectangle(anchor)
                outside = 0 if plot.contains(area) else 1000
                return (
                    outside
                    + sum(100 for other in taken if other.intersects(area))
                    + sum(area.contains(point) for point in points)
                )

            best = min(_ANCHORS, key=lambda anchor: cost(anchor) + 2 * _ANCHORS.index(anchor))
            taken.append(rectangle(best))
            anchors.append(best)
        return anchors

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._shown is not None:
            self.plot.getPlotItem().layout.activate()
            self.draw()

    def _hover(self, at: QPointF) -> None:
        box = self.plot.getPlotItem().getViewBox()
        shown = self._shown
        if shown is None or not box.sceneBoundingRect().contains(at) or not shown.series:
            self._pointer.hide()
            self.plot.setToolTip("")
            return
        month = round(box.mapSceneToView(at).x())
        if not 0 <= month <= len(shown.months):
            return
        self._pointer.setPen(QPen(QColor(theme.tokens(self.palette()).muted), 1, Qt.PenStyle.DotLine))
        self._pointer.setPos(month)
        self._pointer.show()
        scale = display.fitting_scale(max(float(line.values.max()) for line in shown.series))
        rows = sorted(((float(line.values[month]), line.name) for line in shown.series), reverse=True)
        values = "\n".join(f"{name}: {display.number(value / scale, 2)}" for value, name in rows)
        when = f"End of {display.month(shown.months[month - 1])} (month {month})" if month else "Start"
        self.plot.setToolTip(f"{when}, {display.scale_word(shown.currency, scale)}\n{values}")


class AnnualChart(Chart):
    """Cost by fiscal year, a group of bars for each scenario, stacked: CapEx, OpEx without people, people."""

    _shown: tuple[Annual, ...] | None = None

    def __init__(self, parent: QWidget | None = None) -> None:
        self.axis = YearAxis()
        super().__init__("Cost by fiscal year", self.axis, parent)
        self._bars = [pg.BarGraphItem(x=[], height=[], width=0.8) for _ in range(3)]
        for bar in self._bars:
            self.plot.addItem(bar)
        self._currency = ""

    def show_data(self, shown: Sequence[Annual], currency: str) -> None:
        """Shows these scenarios side by side on one scale."""
        self._shown, self._currency = tuple(shown), currency
        self.draw()

    def draw(self) -> None:
        shown = self._shown
        if shown is None:
            return
        if not shown:
            for bar in self._bars:
                bar.setOpts(x=[], y0=[], height=[], width=0.8)
            self.axis.names = {}
            self.legend.show_entries([])
            return
        count = len(shown[0].years)
        gap = max(1.0, count * 0.25)
        first = [place * (count + gap) for place in range(len(shown))]
        x = np.concatenate([np.arange(count) + start for start in first])
        self._name_bars(shown, first, count, gap)
        up, down = np.zeros(len(x)), np.zeros(len(x))
        edge = pg.mkPen(self.palette().color(QPalette.ColorRole.Base), width=self.dots())
        looks = (palette.CAPEX, palette.OPEX, palette.PEOPLE)
        fills = [QColor("#3E6FA3" if self.dark and name == palette.CAPEX else name) for name in looks]
        for bar, part, fill in zip(self._bars, ("capex", "opex", "people"), fills, strict=True):
            values = np.concatenate([np.asarray(getattr(one, part)) for one in shown])
            start = np.where(values >= 0, up, down)
            bar.setOpts(x=x, y0=start, height=values, width=0.8, brush=fill, pen=edge)
            up, down = up + np.maximum(values, 0), down + np.minimum(values, 0)
        self.legend.show_entries(list(zip(("CapEx", "OpEx without people", "People"), fills, strict=True)))
        top, bottom = max(float(up.max()), 1.0), float(down.min())
        self.plot.setRange(
            xRange=(-0.8, float(x.max()) + 0.8), yRange=(bottom, top + 0.06 * (top - bottom)), padding=0
        )
        self.name_amounts("Per fiscal year", self._currency, display.fitting_scale(top))

    def _name_bars(self, shown: Sequence[Annual], first: Sequence[float], count: int, gap: float) -> None:
        """Years below the bars as far as there is room, names below the groups, cut to the group's width."""
        metrics = self.fontMetrics()
        bars = len(shown) * (count + gap)
        slot = max(self.plot.width() - metrics.averageCharWidth() * 10, 50) / bars
        every = max(1, int(np.ceil(metrics.horizontalAdvance("’00 ") / slot)))
        names: dict[float, str] = {}
        for start, one in zip(first, shown, strict=True):
            for place in range(0, count, every):
                names[start + place] = f"’{one.years[place] % 100:02d}"
            wide = round(slot * (count + gap * 0.8))
            name = metrics.elidedText(one.scenario, Qt.TextElideMode.ElideRight, wide)
            # beside the middle bar's own tick, not on it
            names[start + (count - 1) / 2 + 0.001] = f"\n{name}"
        self.axis.names = names
        self.axis.setHeight(round(metrics.height() * 2.4))
        self.axis.picture = None
        self.axis.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.draw()
