"""Line icons, drawn from the shipped SVG files in the colour of the text beside them."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop_app.resource_files import resource
from desktop_app.ui import theme

_SIZES = (16, 20, 24, 32, 40, 48, 64)


@lru_cache(maxsize=256)
def _drawn(name: str, normal: str, disabled: str) -> QIcon:
    svg = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    made = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, normal), (QIcon.Mode.Disabled, disabled)):
        renderer = QSvgRenderer(QByteArray(svg.replace("currentColor", colour).encode()))
        for size in _SIZES:
            pixmap = QPixmap(QSize(size, size))
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            renderer.render(painter, QRectF(0, 0, size, size))
            painter.end()
            made.addPixmap(pixmap, mode)
    return made


def icon(name: str) -> QIcon:
    """The icon of that name for the present palette."""
    tokens = theme.tokens()
    return _drawn(name, tokens.text, tokens.line)


@lru_cache(maxsize=1)
def mark() -> QIcon:
    """Outlay's own mark, in its own colours."""
    return QIcon(str(resource("icons", "outlay.svg")))
