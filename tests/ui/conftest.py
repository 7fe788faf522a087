"""A real window over a real document, offscreen, with settings and working copies of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QSettings, QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.document.document import Document
from desktop_app.document.environment import Environment
from desktop_app.engine.model import (
    Case,
    CostLine,
    Driver,
    Plan,
    Scenario,
    Settings,
    Source,
)
from desktop_app.ui import app, crash, theme
from desktop_app.ui.main_window import MainWindow

Opener = Callable[[Plan], MainWindow]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        # What the offscreen platform says of every window with a smallest size and of every popup.
        lacks = "This plugin does not support (propagateSizeHints|raise|grabbing the keyboard)"
        mark = pytest.mark.qt_log_ignore(lacks, extend=True)
        item.add_marker(mark)


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path) -> Iterator[None]:
    """Settings and locale that no other test and no user sees."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QSettings().clear()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))


@pytest.fixture
def application(qapp: QApplication) -> QApplication:
    """The application in Outlay's style and light colours."""
    app.application()
    theme.choose(theme.LIGHT)
    return qapp


@pytest.fixture
def env(tmp_path: Path) -> Environment:
    """A state folder and a user of this test."""
    return Environment(state=tmp_path / "state", user="analyst", host="desk")


@pytest.fixture
def window(
    application: QApplication, qtbot: QtBot, env: Environment, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """The window, shown; faults inside it fail the test, and it leaves nothing behind."""
    faults: list[BaseException] = []
    monkeypatch.setattr(crash, "show", lambda problem, parent=None: faults.append(problem))
    made = MainWindow(env)
    made.resize(1300, 850)
    made.show()
    yield made
    made.files.may_close = lambda: True  # type: ignore[method-assign]
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents()
    QApplication.processEvents()
    assert not faults, faults
    assert not [one for one in made.jobs.findChildren(QThread) if one.isRunning()]


@pytest.fixture
def opened(window: MainWindow, env: Environment) -> Opener:
    """Opens a plan in the window as a new document."""

    def open_plan(plan: Plan) -> MainWindow:
        window.session.show(Document.create(plan, env=env))
        QApplication.processEvents()
        return window

    return open_plan


@pytest.fixture
def plan() -> Plan:
    """Own servers against the cloud: break-even, a heir with an override, a case."""
    return Plan(
        "Serving",
        Settings(months=36, start=dt.date(2027, 1, 1), scale=1000),
        drivers=(
            Driver("gpus", "GPU", "64", "GPUs needed", "Demand", source=Source("Forecast", "2026-10-01")),
            Driver("per_server", "GPU/server", "8", "GPUs in a server"),
            Driver("servers", "server", "ROUNDUP(gpus / per_server, 0)", "Servers"),
            Driver("server_price", "USD/server", "280,000", "Price of a server"),
            Driver("cloud_price", "USD/GPU/hour", "3.9", "Cloud price"),
            Driver("usage", "GPU*hour/month", "gpus * HOURS() * 70%", "GPU-hours used"),
        ),
        scenarios=(
            Scenario(
                "Own",
                lines=(
                    CostLine(
                        "Servers",
                        "purchase",
                        "Compute",
                        {"quantity": "servers", "unit_price": "server_price", "life": "36"},
                    ),
                    CostLine("Operations", "staff", "People", {"fte": "2 FTE", "salary": "120k"}),
                ),
            ),
            Scenario(
                "Cloud",
                lines=(
                    CostLine(
                        "GPU hours", "usage", "Cloud", {"quantity": "usage", "unit_price": "cloud_price"}
                    ),
                ),
            ),
            Scenario("Own, cheap", based_on="Own", drivers={"server_price": "220000"}),
        ),
        cases=(Case("High demand", {"gpus": "128"}),),
        measures={"gpu_hours_used": "usage"},
        baseline="Cloud",
        preferred="Own",
    )
