"""`python -m desktop_app.ui.screenshots PLAN OUTDIR`: pictures of the window, each page of it, and of the
charts."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QPoint, QSettings, QSize
from PySide6.QtGui import QFont, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.document.document import Document
from desktop_app.document.errors import DocumentError
from desktop_app.ui import app, theme
from desktop_app.ui.chart_export import write_charts
from desktop_app.ui.charts import Chart
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.session import Question

_SIZE = QSize(1440, 900)


def picture(widget: QWidget, scale: float) -> QImage:
    """What a widget shows now, `scale` pixels for each of its own."""
    for chart in widget.findChildren(Chart):
        chart.picture_scale = scale
        chart.draw()
    image = QImage(widget.size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(widget.palette().color(QPalette.ColorRole.Window))
    painter = QPainter(image)
    widget.render(painter, QPoint())
    painter.end()
    return image


def settle(turns: int = 6) -> None:
    """Lets layouts and paintings that wait take place."""
    for _ in range(turns):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


def take(window: MainWindow, folder: Path, scale: float) -> list[Path]:
    """Writes a picture of every page of a window with a plan, of the explanation and of the start page."""
    written = []

    def save(name: str) -> None:
        settle()
        path = folder / f"{name}.png"
        if not picture(window, scale).save(str(path)):
            raise OSError(0, "the file cannot be written", str(path))
        written.append(path)

    for place, page in enumerate(window.pages):
        window.tabs.setCurrentWidget(page)
        window.jobs.wait()
        save(f"window-{place + 1}-{page.title.lower().replace(' ', '-')}")
    window.tabs.setCurrentWidget(window.summary)
    if window.session.result is not None and window.session.result.program is not None:
        window.session.ask(Question(window.session.scenario, "figure/tco"))
        window.session.ask(Question(window.session.scenario, "statement/cash_cost", "", 1))
        save(f"window-{len(window.pages) + 1}-explanation")
    return written


def main(arguments: list[str]) -> int:
    """Writes the pictures; 0 when it could be done."""
    parser = argparse.ArgumentParser(prog="python -m desktop_app.ui.screenshots", description=__doc__)
    parser.add_argument("plan", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=1.0, help="pixels for each pixel of the window")
    parser.add_argument("--dark", action="store_true", help="in dark colours")
    given = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as settings:
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, settings)
        application = app.application()
        theme.choose(theme.DARK if given.dark else theme.LIGHT)
        font = QFont(application.font())
        font.setPointSizeF(9.5)
        application.setFont(font)
        try:
            document = Document.open(given.plan, as_copy=True)
        except DocumentError as problem:
            print(problem, file=sys.stderr)  # noqa: T201
            return 1
        window = MainWindow()
        window.resize(_SIZE)
        window.show()
        settle()
        try:
            given.folder.mkdir(parents=True, exist_ok=True)
            start = picture(window, given.scale)
            start.save(str(given.folder / "window-0-start.png"))
            window.session.show(document)
            take(window, given.folder, given.scale)
            if window.session.results is not None:
                tokens = theme.DARK_TOKENS if given.dark else theme.LIGHT_TOKENS
                write_charts(window.session.results, given.folder, max(given.scale, 2.0), tokens)
        except OSError as problem:
            print(f"The pictures cannot be written: {problem}", file=sys.stderr)  # noqa: T201
            return 1
        finally:
            window.close()
            settle()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
