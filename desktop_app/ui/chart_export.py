"""Charts as pictures for print: always in light colours, drawn anew at the size of the paper."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from desktop_app.engine.compute import PlanResult
from desktop_app.ui import chart_data, theme
from desktop_app.ui.charts import AnnualChart, Chart, CumulativeChart, render

PRINT_SCALE = 3.125  # 300 dots for each of the screen's 96
_COPY_SCALE = 2.0
_SIZE = QSize(900, 520)


def chart_images(
    results: PlanResult, scale: float = PRINT_SCALE, colours: theme.Tokens = theme.LIGHT_TOKENS
) -> dict[str, QImage]:
    """Pictures of all charts of a plan by file name."""
    images: dict[str, QImage] = {}

    def add(name: str, chart: Chart, size: QSize = _SIZE) -> None:
        images[name] = render(chart, size, scale)
        chart.deleteLater()

    lines = CumulativeChart()
    lines.setPalette(theme.palette(colours))
    lines.show_data(chart_data.cumulative(results))
    add("cumulative-cost", lines)
    found = [chart_data.annual(results, result.scenario) for result in results.scenarios]
    bars = AnnualChart()
    bars.setPalette(theme.palette(colours))
    bars.show_data([one for one in found if one is not None], results.plan.settings.currency)
    add("cost-by-year", bars)
    return images


def write_charts(
    results: PlanResult, folder: Path, scale: float = PRINT_SCALE, colours: theme.Tokens = theme.LIGHT_TOKENS
) -> list[Path]:
    """Writes the pictures of all charts as PNG. Raises OSError where a file cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, image in chart_images(results, scale, colours).items():
        path = folder / f"{name}.png"
        if not image.save(str(path)):
            raise OSError(0, "the file cannot be written", str(path))
        written.append(path)
    return written


def copy_chart(chart: Chart) -> None:
    """Puts a picture of a chart, as it is on the screen but sharp enough for a document, on the clipboard."""
    image = QImage(chart.size() * _COPY_SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_COPY_SCALE)
    painter = QPainter(image)
    chart.picture_scale = _COPY_SCALE
    chart.draw()
    chart.render(painter, QPoint())
    painter.end()
    chart.picture_scale = 0.0
    chart.draw()
    QGuiApplication.clipboard().setImage(image)
