"""Starting the window."""

from __future__ import annotations

import sys
from pathlib import Path

import pyqtgraph as pg
from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QApplication

from desktop_app import __version__
from desktop_app.ui import actions, crash, theme
from desktop_app.ui.main_window import MainWindow


def application() -> QApplication:
    """The one application object, named and in Outlay's style."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("Outlay")
    app.setApplicationDisplayName("Outlay")
    app.setOrganizationName("Outlay")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("outlay")
    app.setStyle("Fusion")
    if QLocale().language() == QLocale.Language.C:
        # A system that names no language still reads numbers with groups.
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    app.setWindowIcon(actions.application_icon())
    pg.setConfigOptions(antialias=True)
    theme.follow_system()
    return app


def run(plan_path: Path | str | None = None) -> int:
    """Opens the window, with a plan where one is given; returns when it is closed."""
    app = application()
    crash.install()
    window = MainWindow()
    window.show()

    def begin() -> None:
        recovered = window.files.offer_recovery()
        if plan_path is not None and not recovered:
            window.files.open(Path(plan_path))

    QTimer.singleShot(0, begin)
    return app.exec()
