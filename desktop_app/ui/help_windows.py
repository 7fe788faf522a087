"""Help, the list of functions and what Outlay is: windows that stay open beside the work."""

from __future__ import annotations

from html import escape
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from desktop_app import __version__
from desktop_app.engine.functions import FUNCTIONS
from desktop_app.engine.kinds import KINDS
from desktop_app.resource_files import resource

_ABOUT = """
<h2>Outlay {version}</h2>
<p>Plans, compares and defends the cost of AI compute: buy, rent or do without. Works offline; opens no
network connection.</p>
<p>Plans are kept in SQLite files. Figures, the window and the exported workbook are all read from one
calculation graph.</p>
<p>Made with Python, Qt for Python (LGPL), pyqtgraph, NumPy, SciPy, pint, sqlite-utils, openpyxl,
python-calamine and XlsxWriter.</p>
"""


class TextWindow(QDialog):
    """A page of text to read."""

    def __init__(self, title: str, html: str, parent: QWidget, rows: int = 32) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.text = QTextBrowser()
        self.text.setHtml(html)
        self.text.setAccessibleName(title)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(self.text)
        column.addWidget(buttons)
        self.resize(self.fontMetrics().averageCharWidth() * 96, self.fontMetrics().height() * rows)


def show_help(parent: QWidget) -> TextWindow:
    """How Outlay works."""
    kinds = "".join(f"<p><b>{escape(kind.label)}</b>: {escape(kind.help)}</p>" for kind in KINDS.values())
    return _open(
        TextWindow("Help", resource("help", "window.html").read_text(encoding="utf-8") + kinds, parent)
    )


def show_functions(parent: QWidget) -> TextWindow:
    """Every function of the formula language."""
    rows = "".join(
        f"<tr><td><code>{escape(one.signature)}</code></td><td>{escape(one.help)}</td></tr>"
        for name, one in sorted(FUNCTIONS.items())
        if one.listed and name.isidentifier()
    )
    operators = escape("Operators: + − * / ^ % = <> < > <= >= as in a spreadsheet.")
    html = f"<h2>Functions of formulas</h2><p>{operators}</p><table cellpadding='4'>{rows}</table>"
    return _open(TextWindow("Functions of formulas", html, parent))


def show_about(parent: QWidget) -> TextWindow:
    """What this is."""
    return _open(TextWindow("About Outlay", _ABOUT.format(version=__version__), parent, rows=18))


def _open(window: TextWindow) -> TextWindow:
    window.show()
    return window


def open_file(path: Path) -> None:
    """Opens a file with the program the user has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
