"""The page that compares: every case side by side, and a bridge whose steps are the whole difference."""

from __future__ import annotations

from itertools import pairwise

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.document import edits
from desktop_app.engine.bridge import bridge
from desktop_app.engine.compute import compute
from desktop_app.engine.model import Plan
from desktop_app.ui.bridge_chart import bars_of
from desktop_app.ui.cells import Mark
from desktop_app.ui.main_window import MainWindow
from tests.ui.conftest import Opener


def ready(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.jobs.current is None and not window.session.computing, timeout=20_000)


def test_every_case_stands_beside_the_others(opened: Opener, plan: Plan, qtbot: QtBot) -> None:
    window = opened(plan)
    window.tabs.setCurrentWidget(window.compare)
    ready(window, qtbot)
    model = window.compare.matrix
    assert [column.title for column in model.columns] == ["Scenario", "As planned", "High demand"]
    expected = compute(plan, cases=("", "High demand"))
    for row in model.rows:
        for case in ("", "High demand"):
            assert row.figures[case].value == expected.scenario(row.scenario, case).figures["npv_cost"].value
    marks = [column.mark(row) for column in model.columns[1:] for row in model.rows if column.mark]
    assert marks.count(Mark.STRONG) == 2


def test_the_bridge_follows_edits_and_goes_to_what_differs(opened: Opener, plan: Plan, qtbot: QtBot) -> None:
    window = opened(plan)
    page = window.compare
    window.tabs.setCurrentWidget(page)
    ready(window, qtbot)
    page.start.setCurrentIndex(page.start.findData("Own"))
    page.end.setCurrentIndex(page.end.findData("Own, cheap"))
    page.refresh()
    ready(window, qtbot)
    assert [row.step.difference.name for row in page.steps.rows] == ["server_price"]
    before = page.steps.rows[0].step.amount
    assert before < 0
    assert "costs" in page.chart.heading.text()
    window.session.do(edits.set_override, "Own, cheap", "server_price", "100000")
    qtbot.waitUntil(lambda: bool(page.steps.rows) and page.steps.rows[0].step.amount < before, timeout=20_000)
    page.step_view.setCurrentIndex(page.step_view.proxy.index(0, 0))
    page.step_view.activated.emit(page.step_view.currentIndex())
    assert window.tabs.currentWidget() is window.drivers
    assert window.session.scenario == "Own, cheap"
    assert window.drivers.view.current_row().driver.name == "server_price"


@pytest.mark.parametrize("most", [1, 2, 10])
def test_the_bars_of_a_bridge_end_where_the_second_scenario_is(plan: Plan, most: int) -> None:
    found = bridge(plan, "Cloud", "Own", "tco")
    bars = bars_of(found, most)
    assert bars[0].end == found.start
    assert bars[-1].end == found.end
    assert bars[-2].end == pytest.approx(found.end)
    for above, below in pairwise(bars[:-1]):
        assert below.start == pytest.approx(above.end)


def test_a_figure_that_is_no_money_is_shown_in_its_unit(opened: Opener, plan: Plan, qtbot: QtBot) -> None:
    window = opened(plan)
    page = window.compare
    window.tabs.setCurrentWidget(page)
    ready(window, qtbot)
    page.figure.setCurrentIndex(page.figure.findData("cost_per_gpu_hour_used"))
    page.refresh()
    ready(window, qtbot)
    assert page.matrix_heading.text().endswith("USD/GPU/hour")
    assert "USD/GPU/hour" in page.chart.heading.text()
