"""When Outlay itself is at fault: say so, keep the work, and give a report that can be copied."""

from __future__ import annotations

import logging
import platform
import sys
import traceback
from types import TracebackType

import PySide6
from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop_app import __version__

_log = logging.getLogger(__name__)


def report(problem: BaseException) -> str:
    """What helps to find a fault: versions and the way to it, nothing of the plan's content."""
    way = "".join(traceback.format_exception(problem)).rstrip()
    details = getattr(problem, "details", "")
    return "\n".join(
        part
        for part in (
            f"Outlay {__version__}, Python {platform.python_version()}",
            f"PySide6 {PySide6.__version__}, Qt {qVersion()}",
            platform.platform(),
            "",
            way,
            details,
        )
        if part is not None
    )


class CrashDialog(QDialog):
    """Shows a report of a fault; the window stays open, since every edit is kept already."""

    def __init__(self, problem: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Something went wrong in Outlay")
        said = QLabel(
            "Outlay made a mistake and could not finish what you asked for. Your edits are kept. "
            "Please send this report to whoever looks after Outlay for you; it holds none of your figures."
        )
        said.setWordWrap(True)
        self.text = QPlainTextEdit(report(problem))
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName("Report")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton("Copy the report", QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(said)
        column.addWidget(self.text)
        column.addWidget(buttons)
        metrics = self.fontMetrics()
        self.resize(metrics.averageCharWidth() * 100, metrics.height() * 28)


def show(problem: BaseException, parent: QWidget | None = None) -> CrashDialog:
    """Logs a fault and shows its report without stopping the window."""
    _log.error("unexpected %s", type(problem).__name__, exc_info=problem)
    dialog = CrashDialog(problem, parent or QApplication.activeWindow())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


def install() -> None:
    """Sends every exception that nothing handled to the dialog, also those inside Qt's own calls."""

    def hook(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, Exception):
            sys.__excepthook__(kind, problem, trace)
            return
        show(problem)

    sys.excepthook = hook
