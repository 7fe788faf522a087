"""What pages show: statements, charts without figures, completion, work in the background, pictures."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.document import edits
from desktop_app.document.document import Document
from desktop_app.document.environment import Environment
from desktop_app.engine.compute import compute
from desktop_app.engine.model import Driver, Plan
from desktop_app.ui import session as session_module
from desktop_app.ui.cells import FormulaEdit
from desktop_app.ui.statements_page import MONTHS, YEARS, statement_rows
from tests.ui.conftest import Opener
from tests.ui.test_window import settle, tco, type_into

PROJECT = Path(__file__).parents[2]


def test_years_and_months_of_every_statement_say_the_same(plan: Plan) -> None:
    results = compute(plan)
    result = results.scenario("Own")
    months = {row.key: row for row in statement_rows(results, result, MONTHS) if row.key}
    years = {row.key: row for row in statement_rows(results, result, YEARS) if row.key}
    assert months.keys() == years.keys()
    for key, row in years.items():
        assert len(row.amounts) == 3
        assert row.total == months[key].total
        if row.total is not None:
            assert sum(row.amounts) == pytest.approx(row.total)
        elif key == "statement/net_book_value":
            assert row.amounts[-1] == months[key].amounts[-1]
    opening, closing = years["statement/book_opening"], years["statement/net_book_value"]
    assert opening.amounts[1:] == pytest.approx(closing.amounts[:-1])
    figure = result.figures["tco"].value
    assert years["statement/cash_cost"].total == pytest.approx(figure)


def test_a_plan_whose_figures_all_fail_shows_no_old_ones(opened: Opener, plan: Plan) -> None:
    window = opened(plan)
    window.tabs.setCurrentWidget(window.summary)
    assert window.summary.annual.legend.entries
    type_into(window, "gpus", "Value", "1 +")
    settle(window)
    window.tabs.setCurrentWidget(window.summary)
    assert window.summary.message.text() == "There are no figures yet."
    assert not window.summary.annual.legend.entries
    assert not window.summary.cumulative.legend.entries
    window.actions_.undo.trigger()
    settle(window)
    assert window.summary.annual.legend.entries


def test_names_and_functions_are_completed(application: object, qtbot: QtBot) -> None:
    edit = FormulaEdit(["server_price", "servers", "SEASONAL(", "gpus"])
    qtbot.addWidget(edit)
    edit.show()
    QTest.keyClicks(edit, "2 * ser")
    completer = edit._completer
    assert {
        completer.completionModel().index(row, 0).data() for row in range(completer.completionCount())
    } == {
        "server_price",
        "servers",
    }
    completer.activated.emit("server_price")
    assert edit.text() == "2 * server_price"


def test_computing_in_the_background_ends_with_the_last_edits_figures(
    opened: Opener, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "_SOON", 0.0)
    window = opened(plan)
    settle(window)
    before = tco(window, "Cloud")
    for price in ("5", "6", "7.8"):
        window.session.do(edits.put_driver, Driver("cloud_price", "USD/GPU/hour", price))
        assert window.session.computing
    assert tco(window, "Cloud") == pytest.approx(2 * before)
    assert not window.session.computing


def test_a_plan_of_thousands_of_lines_is_computed_aside_and_can_be_worked_with(
    opened: Opener, plan: Plan
) -> None:
    line = plan.scenarios[1].lines[0]
    many = tuple(replace(line, name=f"Line {number}") for number in range(2500))
    big = replace(plan, scenarios=(plan.scenarios[0], replace(plan.scenarios[1], lines=many)))
    window = opened(big)
    assert window.session.computing
    for page in window.pages:
        window.tabs.setCurrentWidget(page)
        QApplication.processEvents()
    assert tco(window, "Cloud") > 0
    window.lines.go_to("Line 2400")
    assert window.lines.view.current_row().line.name == "Line 2400"


@pytest.mark.parametrize("options", [("--scale", "2"), ("--dark",)])
def test_pictures_of_the_window_and_its_charts(
    plan: Plan, tmp_path: Path, env: Environment, options: tuple[str, ...]
) -> None:
    path = tmp_path / "plan.outlay"
    Document.create(plan, path, env=env).close()
    content = path.read_bytes()
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "OUTLAY_STATE_DIR": str(tmp_path / "state")}
    done = subprocess.run(
        [sys.executable, "-m", "desktop_app.ui.screenshots", path, tmp_path / "out", *options],
        cwd=PROJECT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    names = {picture.stem for picture in (tmp_path / "out").glob("*.png")}
    assert {"window-0-start", "window-1-summary", "cumulative-cost", "cost-by-year"} <= names
    window = QImage(str(tmp_path / "out" / "window-1-summary.png"))
    scale = 2 if "--scale" in options else 1
    assert window.width() == 1440 * scale
    assert (window.pixelColor(3, window.height() - 3).lightness() < 100) == ("--dark" in options)
    assert path.read_bytes() == content


def test_pictures_of_what_is_no_plan_are_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "odd.outlay").write_bytes(b"odd")
    done = subprocess.run(
        [sys.executable, "-m", "desktop_app.ui.screenshots", tmp_path / "odd.outlay", tmp_path / "out"],
        cwd=PROJECT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "OUTLAY_STATE_DIR": str(tmp_path / "state")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "odd.outlay" in done.stderr
    assert "Traceback" not in done.stderr


def test_finding_leaves_the_rows_in_which_a_text_stands(opened: Opener, plan: Plan) -> None:
    window = opened(plan)
    settle(window)
    for page, view, text, expected in (
        (window.drivers, window.drivers.view, "PRICE", {"server_price", "cloud_price"}),
        (window.statements, window.statements.view, "depreciation", None),
    ):
        window.tabs.setCurrentWidget(page)
        page.search()
        page.filter.setText(text)
        rows = range(view.proxy.rowCount())
        found = [view.table.rows[view.proxy.mapToSource(view.proxy.index(row, 0)).row()] for row in rows]
        if expected is not None:
            assert {row.driver.name for row in found} == expected
        else:
            assert found
            assert all("depreciation" in row.label.lower() for row in found)
        page.filter.clear()
        assert view.proxy.rowCount() == len(view.table.rows)
