"""The executive summary on one page: a message, the options, two charts, and what the numbers rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
)

from desktop_app import __version__
from desktop_app.engine.compute import PlanResult, ScenarioResult
from desktop_app.exchange import palette
from desktop_app.exchange.board_pack import main_scenario
from desktop_app.exchange.workbook.saving import ExportError, write_safely
from desktop_app.ui import chart_data, display, theme
from desktop_app.ui.chart_export import PRINT_SCALE
from desktop_app.ui.charts import AnnualChart, Chart, CumulativeChart, render

_FIGURES = (
    ("npv_cost", "NPV of cost"),
    ("tco", "TCO"),
    ("capex", "CapEx"),
    ("opex", "OpEx"),
    ("peak_cash", "Peak cash"),
)
_MOST_OPTIONS, _MOST_PANELS = 8, 3
_MARGIN = 42.0  # points, as all lengths here
_SIZES = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
_LEAST_CHART, _MOST_CHART = 130.0, 290.0
_FOOTER = 26.0
_PIXELS_A_POINT = 96 / 72
_WORDS = Qt.TextFlag.TextWordWrap


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with its text."""

    title: str
    text: str


def parts(results: PlanResult) -> list[Part]:
    """Decision, recommendation, what is left out, what the numbers rest on; empty ones are not there."""
    plan, settings = results.plan, results.plan.settings
    texts = plan.texts
    timing = {"start": "at the start", "middle": "in the middle", "end": "at the end"}
    discount, tax = _rate(results, "discount_rate"), _rate(results, "tax_rate")
    taxed = f"income tax {display.percent(tax)}" if tax else "before income tax"
    conventions = (
        f"{display.month(results.months[0], long=True)} to {display.month(results.months[-1], long=True)}, "
        f"{settings.months} months. Discounted at {display.percent(discount)} a year, money of a month "
        f"{timing.get(settings.discount_timing, settings.discount_timing)} of the month; {taxed}. Costs are "
        "positive. Break-even: when cumulative cost crosses that of the baseline."
    )
    if settings.horizon_value == "book":
        conventions += " TCO is less what the assets are worth in the books at the end."
    ranges = sum(driver.range is not None for driver in plan.drivers)
    dates = sorted(driver.source.date for driver in plan.drivers if driver.source.date)
    quoted = sum(bool(line.source.quote) for scenario in plan.scenarios for line in scenario.lines)
    basis = f" {len(plan.drivers)} assumptions, {ranges} with a range; {quoted} lines from quotes"
    basis += f"; sources dated {dates[0]} to {dates[-1]}." if dates else "."
    broken = [one.name for one in results.scenarios if not one.monthly]
    missing = [text for text in (texts.left_out,) if text.strip()]
    if broken:
        missing.append(f"Without figures because of errors: {', '.join(broken)}.")
    found = [
        Part("Decision asked", texts.decision or texts.purpose),
        Part("Recommendation", texts.recommendation),
        Part("What is left out", " ".join(missing)),
        Part("What the numbers rest on", conventions + basis),
    ]
    return [part for part in found if part.text.strip()]


def _rate(results: PlanResult, name: str) -> float | None:
    """A rate of the plan's settings as it was computed with; it may be a formula over drivers."""
    shown = main_scenario(results)
    if shown is None or shown.program is None:
        return None
    return float(shown.program.value(f"setting/{name}").flat[0])


def options(results: PlanResult) -> tuple[list[ScenarioResult], int]:
    """The scenarios of the table, the cheapest first, and how many are left out."""
    usable = [one for one in results.scenarios if one.monthly]
    usable.sort(key=lambda one: one.figures["npv_cost"].value or 0.0)
    kept = [
        one
        for place, one in enumerate(usable)
        if place < _MOST_OPTIONS - 2 or one.scenario in (results.baseline, results.plan.preferred)
    ]
    return kept[:_MOST_OPTIONS], len(usable) - len(kept[:_MOST_OPTIONS])


def option_cells(results: PlanResult, one: ScenarioResult) -> list[str]:
    """A row of the table: figures in the plan's display unit, and the break-even with the baseline."""
    scale = results.plan.settings.scale
    values = [one.figures[name].value if name in one.figures else None for name, _ in _FIGURES]
    pair = next((pair for pair in results.pairs if (pair.a, pair.case) == (one.scenario, one.case)), None)
    month = pair.figures["break_even_month"].value if pair is not None else None
    when = "baseline" if one.scenario == results.baseline else display.NONE
    if month is not None:
        when = f"month {display.number(month, 1)}"
    amounts = [display.number(None if value is None else value / scale, 0) for value in values]
    return [one.name, *amounts, when]


def charts(results: PlanResult, size: QSize) -> list[QImage]:
    """Cumulative and yearly cost, drawn light at print resolution."""
    lines, bars = CumulativeChart(), AnnualChart()
    names = dict.fromkeys(
        [results.plan.preferred, results.baseline, *(one.scenario for one in options(results)[0])]
    )
    years = [found for name in names if (found := chart_data.annual(results, name)) is not None]
    lines.setPalette(theme.palette(theme.LIGHT_TOKENS))
    bars.setPalette(theme.palette(theme.LIGHT_TOKENS))
    lines.show_data(chart_data.cumulative(results))
    bars.show_data(years[:_MOST_PANELS], results.plan.settings.currency)
    images = []
    pair: tuple[Chart, ...] = (lines, bars)
    for chart in pair:
        images.append(render(chart, size, PRINT_SCALE))
        chart.deleteLater()
    return images


def paint(painter: QPainter, page: QRectF, results: PlanResult) -> None:
    """Draws the page; `page` is its size in points, and the painter's unit is a point."""
    box = page.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    for size in _SIZES:
        sheet = _Sheet(None, box, size)
        sheet.draw(results, 0.0)
        room = box.bottom() - _FOOTER - sheet.y
        if room >= _LEAST_CHART:
            break
    _Sheet(painter, box, size).draw(results, min(max(room, _LEAST_CHART), _MOST_CHART))


class _Sheet:
    """Draws from top to bottom; without a painter it only measures."""

    def __init__(self, painter: QPainter | None, box: QRectF, size: float) -> None:
        self.painter, self.box, self.size = painter, box, size
        self.y = box.top()

    def draw(self, results: PlanResult, chart_height: float) -> None:
        """The whole page; charts take `chart_height`, none where it is 0."""
        plan = results.plan
        texts = plan.texts
        cases = dict.fromkeys(f"Case: {one.case}" for one in results.scenarios if one.case)
        about = [plan.name, *cases, texts.status or "DRAFT", texts.version, texts.owner]
        self.text("  ·  ".join(text for text in about if text), self.size, palette.MUTED)
        self.text(chart_data.headline(results), self.size * 1.65, palette.INK, bold=True, most=4)
        self.y += self.size * 0.6
        self.table(results)
        if chart_height:
            self.charts(results, chart_height)
        for part in parts(results):
            self.text(part.title, self.size, palette.PREFERRED, bold=True)
            self.text(part.text, self.size, palette.INK, most=12)
            self.y += self.size * 0.5
        if self.painter is not None:
            self.footer(results)

    def font(self, size: float, bold: bool = False) -> QFont:
        made = QFont()
        """A font of a size in points, on the fine scale in which text is laid out."""
        made.setPixelSize(round(size * _FINE))
        made.setBold(bold)
        return made

    def text(self, text: str, size: float, colour: str, *, bold: bool = False, most: int = 3) -> None:
        """A paragraph over the full width, cut after `most` lines."""
        font = self.font(size, bold)
        metrics = QFontMetricsF(font)
        wide = self.box.width() * _FINE
        needed = metrics.boundingRect(QRectF(0, 0, wide, 1e6), _WORDS, text).height()
        tall = min(needed, metrics.lineSpacing() * most)
        if needed > tall + 1:
            text = _cut(text, metrics, wide, tall)
        self._draw(
            QRectF(self.box.left(), self.y, self.box.width(), tall / _FINE), text, font, colour, int(_WORDS)
        )
        self.y += tall / _FINE + size * 0.25

    def _draw(self, box: QRectF, text: str, font: QFont, colour: str, flags: int) -> None:
        if self.painter is None:
            return
        self.painter.save()
        self.painter.scale(1 / _FINE, 1 / _FINE)
        self.painter.setFont(font)
        self.painter.setPen(QColor(colour))
        fine = QRectF(box.x() * _FINE, box.y() * _FINE, box.width() * _FINE, box.height() * _FINE)
        self.painter.drawText(fine, flags, text)
        self.painter.restore()

    def table(self, results: PlanResult) -> None:
        """Options with their figures; the preferred one in bold."""
        settings = results.plan.settings
        shown, others = options(results)
        unit = display.scale_word(settings.currency, settings.scale)
        heads = [f"Option, {unit}", *(title for _, title in _FIGURES), "Break-even"]
        self._row(heads, palette.MUTED, False)
        self._line(palette.INK, 0.8)
        for one in shown:
            self._row(option_cells(results, one), palette.INK, one.scenario == results.plan.preferred)
            self._line(palette.RULE, 0.3)
        if others:
            many = "One more option is" if others == 1 else f"{others} more options are"
            self.text(f"{many} in the board pack.", self.size * 0.9, palette.MUTED)
        self.y += self.size * 0.8

    def _row(self, cells: Sequence[str], colour: str, bold: bool) -> None:
        font = self.font(self.size, bold)
        metrics = QFontMetricsF(font)
        tall = self.size * 1.75
        narrow = self.box.width() * 0.125
        first = self.box.width() - narrow * (len(cells) - 1)
        left = self.box.left()
        for place, cell in enumerate(cells):
            wide = first if place == 0 else narrow
            side = Qt.AlignmentFlag.AlignLeft if place == 0 else Qt.AlignmentFlag.AlignRight
            said = metrics.elidedText(cell, Qt.TextElideMode.ElideRight, (wide - 4) * _FINE)
            flags = side | Qt.AlignmentFlag.AlignVCenter
            self._draw(QRectF(left, self.y, wide, tall), said, font, colour, flags.value)
            left += wide
        self.y += tall

    def _line(self, colour: str, width: float) -> None:
        if self.painter is not None:
            self.painter.setPen(QPen(QColor(colour), width))
            self.painter.drawLine(QPointF(self.box.left(), self.y), QPointF(self.box.right(), self.y))

    def charts(self, results: PlanResult, tall: float) -> None:
        """Both charts side by side."""
        if self.painter is None:
            return
        gap = 8.0
        wide = (self.box.width() - gap) / 2
        # drawn half as large again as they are printed, so that their letters are not larger than the text
        shrink = 1.5
        size = QSize(round(wide * _PIXELS_A_POINT * shrink), round(tall * _PIXELS_A_POINT * shrink))
        for place, image in enumerate(charts(results, size)):
            self.painter.drawImage(QRectF(self.box.left() + place * (wide + gap), self.y, wide, tall), image)
        self.y += tall + self.size * 0.8

    def footer(self, results: PlanResult) -> None:
        """Status, what it was computed from, and the day."""
        self.y = self.box.bottom() - _FOOTER * 0.6
        self._line(palette.RULE, 0.5)
        failed = sum(not check.holds for one in results.scenarios for check in one.checks)
        checks = "All checks hold" if not failed else f"{failed} checks FAIL"
        day = display.date(dt.date.today().isoformat())  # noqa: DTZ011 - the user's own day
        said = (
            f"{results.plan.texts.status or 'DRAFT'}  ·  {checks}  ·  {day}  ·  Outlay {__version__}  ·  "
            f"inputs {results.input_hash[:12]}"
        )
        self.y += 4
        self.text(said, 6.5, palette.MUTED, most=1)


# Text is laid out this many times larger and shrunk, since Qt's font sizes in pixels are whole numbers.
_FINE = 20.0


def _cut(text: str, metrics: QFontMetricsF, wide: float, tall: float) -> str:
    """As many words as fit, and a sign that there are more."""
    words = text.split(" ")
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        said = " ".join(words[:middle]) + " …"
        fits = metrics.boundingRect(QRectF(0, 0, wide, 1e6), _WORDS, said).height() <= tall + 1
        low, high = (middle, high) if fits else (low, middle - 1)
    return " ".join(words[:low]) + " …"


def picture(results: PlanResult, paper: QPageSize.PageSizeId, scale: float = 2.0) -> QImage:
    """The page as a picture, `scale` pixels a point."""
    size = QPageSize(paper).size(QPageSize.Unit.Point)
    image = QImage(round(size.width() * scale), round(size.height() * scale), QImage.Format.Format_RGB32)
    image.fill(QColor(palette.PAPER))
    painter = QPainter(image)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing
        | QPainter.RenderHint.TextAntialiasing
        | QPainter.RenderHint.SmoothPixmapTransform
    )
    painter.scale(scale, scale)
    paint(painter, QRectF(0, 0, size.width(), size.height()), results)
    painter.end()
    return image


def write_pdf(results: PlanResult, path: Path, paper: QPageSize.PageSizeId) -> None:
    """Writes the page as PDF, whole or not at all. ExportError."""
    if path.suffix.lower() != ".pdf":
        raise ExportError(f"“{path.name}” must end in .pdf, since the executive summary is a PDF.")
    if not any(one.monthly for one in results.scenarios):
        raise ExportError("No scenario can be computed, so there is nothing to print: mend the errors first.")
    if not QFontDatabase.families():
        raise ExportError("This system has no font to print with: install one, such as DejaVu Sans.")
    # made in memory, since Qt would not tell that a disk is full
    write_safely(path, lambda fresh: _write(fresh, _pdf(results, paper)))


def _write(fresh: Path, data: bytes) -> None:
    fresh.write_bytes(data)


def _pdf(results: PlanResult, paper: QPageSize.PageSizeId) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(results.plan.name)
    writer.setCreator(f"Outlay {__version__}")
    writer.setResolution(300)
    writer.setPageLayout(
        QPageLayout(QPageSize(paper), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
    )
    painter = QPainter(writer)
    painter.scale(300 / 72, 300 / 72)
    size = QPageSize(paper).size(QPageSize.Unit.Point)
    paint(painter, QRectF(0, 0, size.width(), size.height()), results)
    painter.end()
    return bytes(buffer.data().data())
