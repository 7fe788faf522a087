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

_HELP = """
<h2>How Outlay works</h2>
<p>A <b>plan</b> is one file. It compares <b>scenarios</b>, each a complete way to meet the demand. A scenario is made of <b>cost
lines</b>. The quantities and prices they share are <b>drivers</b>: named values with a unit, a source and an owner. A <b>case</b> lays
other driver values over every scenario, for example “High demand”.</p>
<h3>Entering values</h3>
<p>A value is a number (“1.2M”, “15 %”, “$2.5k”, “36 months”) or a formula in the manner of a spreadsheet, over the names of drivers:
<code>ROUNDUP(gpus / 8, 0) * (1 + spare)</code>. Units are checked: kilowatts plus kilowatt-hours is an error, with its place. Names
and functions are completed while you type.</p>
<h3>Scenarios that differ a little</h3>
<p>A scenario based on another one takes everything from it until you change it. In <i>Drivers</i>, the column “In …” lays a value over
the plan's for the chosen scenario alone; in <i>Cost lines</i>, changing a field of an inherited line changes it in this scenario only.
Empty the cell, or press the arrow beside the field, to take the inherited value back.</p>
<h3>Where a number comes from</h3>
<p>Press Enter on a figure in <i>Summary</i> or <i>Statements</i>. The panel at the right gives its formula, its inputs and their
sources. Follow the inputs down to the cell of the vendor's quote.</p>
<h3>Quotes</h3>
<p>Drag a vendor's workbook into the window. Outlay proves its arithmetic, asks about what could be read in two ways, and imports the
lines you choose in one step that can be undone.</p>
<h3>Keys</h3>
<table cellpadding="3">
<tr><td>Ctrl+1 … Ctrl+8</td><td>the pages</td></tr>
<tr><td>Ctrl+F</td><td>find in the page</td></tr>
<tr><td>Enter or F2 on a cell</td><td>edit it; on a figure: explain it</td></tr>
<tr><td>Delete on a cell</td><td>empty it</td></tr>
<tr><td>Ctrl+Z, Ctrl+Y</td><td>undo and redo; the menu says what</td></tr>
<tr><td>Ctrl+.</td><td>show or hide the explanation</td></tr>
</table>
<h2>Kinds of cost line</h2>
"""
_ABOUT = """
<h2>Outlay {version}</h2>
<p>Plans, compares and defends the cost of AI compute: buy, rent or do without. Works offline; opens no network connection.</p>
<p>Plans are kept in SQLite files. Figures, the window and the exported workbook are all read from one calculation graph.</p>
<p>Made with Python, Qt for Python (LGPL), pyqtgraph, NumPy, SciPy, pint, sqlite-utils, openpyxl, python-calamine and XlsxWriter.</p>
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
    return _open(TextWindow("Help", _HELP + kinds, parent))


def show_functions(parent: QWidget) -> TextWindow:
    """Every function of the formula language."""
    rows = "".join(
        f"<tr><td><code>{escape(one.signature)}</code></td><td>{escape(one.help)}</td></tr>"
        for name, one in sorted(FUNCTIONS.items())
        if one.listed and name.isidentifier()
    )
    html = f"<h2>Functions of formulas</h2><p>Operators: + − * / ^ % = &lt;&gt; &lt; &gt; &lt;= &gt;= as in a spreadsheet.</p><table cellpadding='4'>{rows}</table>"
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
