"""The page of risk: its charts show the engine's figures; a simulation runs, repeats and can be stopped."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from desktop_app.document.edits import set_override
from desktop_app.engine.model import CostLine, Driver, Plan, Range
from desktop_app.engine.risk import simulate
from desktop_app.engine.sensitivity import tornado
from desktop_app.ui.main_window import MainWindow
from tests.ui.conftest import Opener


@pytest.fixture
def uncertain(plan: Plan) -> Plan:
    """The plan with ranges for two drivers."""
    ranges = {
        "cloud_price": Range("triangular", "2.5", "5", likely="3.9"),
        "server_price": Range("uniform", "250000", "320000"),
    }
    drivers = tuple(dataclasses.replace(one, range=ranges.get(one.name)) for one in plan.drivers)
    return dataclasses.replace(plan, drivers=drivers)


def show(window: MainWindow, qtbot: QtBot) -> None:
    window.tabs.setCurrentWidget(window.risk)
    qtbot.waitUntil(lambda: window.jobs.current is None, timeout=30_000)


def run(window: MainWindow, qtbot: QtBot, trials: int, seed: int) -> None:
    window.risk.trials.setValue(trials)
    window.risk.seed.setValue(seed)
    window.risk.start.click()
    qtbot.waitUntil(lambda: window.jobs.current is None, timeout=60_000)


def test_the_tornado_is_the_engines(opened: Opener, uncertain: Plan, qtbot: QtBot) -> None:
    window = opened(uncertain)
    show(window, qtbot)
    result = window.session.result
    assert result is not None
    swings, _ = tornado(uncertain, result, "npv_cost")
    chart = window.risk.tornado
    assert list(chart.names.names) == [f"* {one.label}" if one.assumed else one.label for one in swings]
    low = chart._bars[0].opts
    base = result.figures["npv_cost"].value
    ends = [one.figure_low for one in swings]
    assert np.allclose(low["width"], np.abs(np.array(ends) - base))
    assert swings[0].label in chart.heading.text()
    window.risk.figure.setCurrentIndex(window.risk.figure.findData("capex"))
    window.risk.figure.activated.emit(window.risk.figure.currentIndex())
    qtbot.waitUntil(lambda: "CapEx" in chart.heading.text(), timeout=10_000)


def test_a_simulation_shows_the_engines_figures_with_seed_and_trials(
    opened: Opener, uncertain: Plan, qtbot: QtBot
) -> None:
    window = opened(uncertain)
    show(window, qtbot)
    assert not window.risk.below.isVisibleTo(window)
    run(window, qtbot, 700, 5)
    results = window.session.results
    assert results is not None
    expected = simulate(results, 700, 5)
    rows = {(row.scenario, row.figure): row.spread for row in window.risk.spreads.rows}
    for one in expected.scenarios:
        assert rows[one.scenario, "tco"].percentiles == one.figures["tco"].percentiles
    assert [row.probability for row in window.risk.chances.rows] == [
        one.probability for one in expected.chances
    ]
    assert "700 trials, seed 5" in window.risk.state.text()
    assert "700 trials, seed 5" in window.risk.fan.note.text()
    own = next(one for one in expected.scenarios if one.scenario == window.session.scenario)
    assert own.band[10][-1] < own.band[90][-1]
    assert np.array_equal(window.risk.fan._line.getData()[1][1:], own.band[50])
    window.session.select("Cloud")
    assert "“Cloud”" in window.risk.fan.heading.text()


def test_a_change_of_the_plan_makes_the_run_old(opened: Opener, uncertain: Plan, qtbot: QtBot) -> None:
    window = opened(uncertain)
    show(window, qtbot)
    run(window, qtbot, 300, 1)
    window.session.do(set_override, "Own", "gpus", "80")
    qtbot.waitUntil(lambda: "changed since; simulate again" in window.risk.state.text(), timeout=10_000)
    run(window, qtbot, 300, 1)
    assert "changed since" not in window.risk.state.text()
    window.session.show(None)
    assert window.risk.run is None


def test_a_simulation_can_be_stopped(opened: Opener, uncertain: Plan, qtbot: QtBot) -> None:
    window = opened(uncertain)
    show(window, qtbot)
    window.risk.trials.setValue(5_000_000)
    window.risk.start.click()
    qtbot.waitUntil(lambda: window.jobs.fraction > 0, timeout=30_000)
    window.status.stop.click()
    qtbot.waitUntil(lambda: window.risk.state.text() == "The simulation was stopped.", timeout=30_000)
    assert window.risk.run is None


def test_a_plan_without_ranges_says_so(opened: Opener, plan: Plan, qtbot: QtBot) -> None:
    window = opened(plan)
    show(window, qtbot)
    run(window, qtbot, 100, 1)
    assert "No driver has a range" in window.risk.state.text()


def test_a_switch_is_left_out_of_the_tornado_and_the_note_says_so(
    opened: Opener, uncertain: Plan, qtbot: QtBot
) -> None:
    switch = Driver("extra", "", "1", label="With the extra (1 yes, 0 no)")
    made = CostLine("Extra", "adjustment", "Extra", {"amount": "1000 * extra"})
    scenarios = tuple(dataclasses.replace(one, lines=(*one.lines, made)) for one in uncertain.scenarios)
    plan = dataclasses.replace(uncertain, drivers=(*uncertain.drivers, switch), scenarios=scenarios)
    window = opened(plan)
    show(window, qtbot)
    qtbot.waitUntil(lambda: "With the extra" in window.risk.tornado.note.text(), timeout=10_000)
    assert "* With the extra (1 yes, 0 no)" not in window.risk.tornado.names.names
