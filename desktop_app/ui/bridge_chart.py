"""What lies between two scenarios, as a waterfall from one figure to the other, the largest step first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QWidget

from desktop_app.engine.bridge import Bridge
from desktop_app.exchange import palette
from desktop_app.ui import display, theme
from desktop_app.ui.charts import Chart

_MOST_STEPS = 10
_NAME_CHARACTERS = 30


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: an amount at both ends, or the step between `start` and `end`."""

    name: str
    start: float
    end: float
    total: bool

    @property
    def amount(self) -> float:
        """What is written beside the bar."""
        return self.end if self.total else self.end - self.start


def bars_of(bridge: Bridge, most: int = _MOST_STEPS) -> list[Bar]:
    """Bars from top to bottom; small steps beyond the largest ones are taken together.

    The last step ends where the second scenario's bar does.
    """
    if bridge.start is None or bridge.end is None:
        return []
    steps = sorted(bridge.steps, key=lambda step: -abs(step.amount))
    named = [(step.difference.label or step.difference.name, step.amount) for step in steps[:most]]
    if rest := steps[most:]:
        named.append((f"{len(rest)} smaller differences", sum(step.amount for step in rest)))
    bars = [Bar(bridge.a, 0.0, bridge.start, True)]
    at = bridge.start
    for name, amount in named:
        bars.append(Bar(name, at, at + amount, False))
        at += amount
    return [*bars, Bar(bridge.b, 0.0, bridge.end, True)]


class NameAxis(pg.AxisItem):  # type: ignore[misc]
    """An axis with the name of each bar, from top to bottom."""

    def __init__(self) -> None:
        super().__init__("left")
        self.names: Sequence[str] = ()
        self.setStyle(textFillLimits=[(0, 10.0)])

    def tickValues(self, least: float, most: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: ARG002
        """One tick a bar."""
        return [(1.0, [float(-place) for place in range(len(self.names))])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: ARG002
        """The names, cut where they are long."""
        cut = [
            name if len(name) <= _NAME_CHARACTERS else f"{name[: _NAME_CHARACTERS - 1]}…"
            for name in self.names
        ]
        return [cut[round(-value)] for value in values]


class BridgeChart(Chart):
    """A waterfall on its side, so that names can be read; more and less differ by sign, not colour alone."""

    _shown: Bridge | None = None

    def __init__(self, parent: QWidget | None = None) -> None:
        self.names = NameAxis()
        super().__init__("What makes the difference", self.names, parent, sideways=True)
        self._bars = pg.BarGraphItem(x0=[], y=[], width=[], height=0.7)
        self.plot.addItem(self._bars)
        self._labels: list[pg.TextItem] = []
        self._what, self._unit, self._currency = "", "", ""

    def show_data(self, shown: Bridge, what: str, unit: str, currency: str) -> None:
        """Shows a bridge; `what` names the figure, `unit` is its unit."""
        self._shown, self._what, self._unit, self._currency = shown, what, unit, currency
        self.draw()

    @property
    def _percent(self) -> str:
        return "%" if self._unit == "%" else ""

    def _message(self, shown: Bridge) -> str:
        assert shown.start is not None
        assert shown.end is not None
        change = shown.end - shown.start
        if self._unit == self._currency:
            amount = display.short_money(abs(change), self._currency)
            word = "less" if change < 0 else "more"
            return f"{self._what}: “{shown.b}” costs {amount} {word} than “{shown.a}”"
        amount = display.with_unit(abs(change), self._unit)
        return f"{self._what}: “{shown.b}” is {amount} {'below' if change < 0 else 'above'} “{shown.a}”"

    def draw(self) -> None:
        if self._shown is None:
            return
        bars = bars_of(self._shown)
        if not bars:
            return
        self.heading.setText(self._message(self._shown))
        self.names.names = [bar.name for bar in bars]
        while self._labels:
            self.plot.removeItem(self._labels.pop())
        looks = {
            "total": QColor(palette.TOTAL if not self.dark else palette.OPEX),
            "more": QColor(palette.ADVERSE),
            "less": QColor(palette.FAVOURABLE),
        }
        self.legend.show_entries(
            [(self._what, looks["total"]), ("adds cost", looks["more"]), ("saves cost", looks["less"])]
        )
        kinds = ["total" if bar.total else "more" if bar.amount > 0 else "less" for bar in bars]
        low = np.array([min(bar.start, bar.end) for bar in bars])
        high = np.array([max(bar.start, bar.end) for bar in bars])
        self._bars.setOpts(
            x0=low,
            width=high - low,
            y=-np.arange(len(bars), dtype=float),
            height=0.7,
            brushes=[looks[kind] for kind in kinds],
            pen=pg.mkPen(None),
        )
        top, bottom = float(high.max(initial=1.0)), float(low.min(initial=0.0))
        money = self._unit == self._currency
        scale = display.fitting_scale(top) if money else 1
        span = max(top - bottom, 1.0)
        ink = self.palette().color(QPalette.ColorRole.Text)
        for place, bar in enumerate(bars):
            sign = "+" if not bar.total and bar.amount > 0 else ""
            said = (
                display.number(bar.amount / scale, 2)
                if money
                else display.with_unit(bar.amount, self._percent)
            )
            label = pg.TextItem(f"{sign}{said}", color=ink, anchor=(0, 0.5))
            label.setFont(self.font())
            label.setPos(max(bar.start, bar.end) + 0.005 * span, -place)
            self.plot.addItem(label, ignoreBounds=True)
            self._labels.append(label)
        self.plot.setRange(xRange=(bottom, top + 0.17 * span), yRange=(-len(bars) + 0.4, 0.6), padding=0)
        if money:
            self.name_amounts(self._what, self._currency, scale)
        else:
            self.amounts.unit = 0.01 if self._percent else 1
            self.amounts.setLabel(
                f"{self._what}, {self._unit or 'number'}", color=theme.tokens(self.palette()).muted
            )
        self.names.setWidth(self.fontMetrics().averageCharWidth() * (_NAME_CHARACTERS + 2))
        self.names.picture = None
        self.names.update()
        how = (
            ""
            if self._shown.exact
            else " The order in which many differences act was sampled; see the errors in the table."
        )
        self.note.setText(
            f"Each step is the difference's average effect over all orders; together they are the whole.{how}"
        )
        self.note.setVisible(True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignLeft)
