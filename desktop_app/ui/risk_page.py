"""Uncertainty: what moves a figure most, how far cost may spread, which scenario is likely the cheaper."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QSplitter, QVBoxLayout, QWidget

from desktop_app.engine import risk
from desktop_app.engine.compute import PlanResult, ScenarioResult
from desktop_app.engine.issues import Issue
from desktop_app.engine.problems import Problem
from desktop_app.engine.risk import Chance, Distribution, Simulation
from desktop_app.engine.sensitivity import Swing, tornado
from desktop_app.exchange.board_pack import SEED
from desktop_app.exchange.reading import Cancelled
from desktop_app.ui import display
from desktop_app.ui.cells import Mark
from desktop_app.ui.jobs import Handle
from desktop_app.ui.pages import EmptyState, Page, button, quiet, stacked
from desktop_app.ui.risk_charts import Fan, FanChart, Tornado, TornadoChart
from desktop_app.ui.session import Session
from desktop_app.ui.tables import Column, TableModel, TableView

TRIALS = 10_000
_FIRST = "npv_cost"
_FIGURES = ("npv_cost", "tco")
_MOST_SEED = 2**31 - 1
# those of the fan first: a narrow window shows the first columns only
_PERCENTILES = (10, 50, 90, 5, 95)


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """One figure of one scenario over all trials."""

    scenario: str
    figure: str
    label: str
    unit: str
    spread: Distribution


def spread_rows(results: PlanResult, run: Simulation) -> list[SpreadRow]:
    """NPV of cost and TCO of every scenario."""
    rows: list[SpreadRow] = []
    for one in run.scenarios:
        known = results.scenario(one.scenario, one.case).figures
        rows += [
            SpreadRow(one.scenario, name, known[name].label, known[name].unit, one.figures[name])
            for name in _FIGURES
            if name in one.figures
        ]
    return rows


def spread_columns(scale: int, currency: str) -> list[Column[SpreadRow]]:
    """Mean with its error, and percentiles, in the plan's display unit."""

    def amount(value: float) -> str:
        return display.number(value / scale, 0 if scale == 1 else 1)

    def percentile(at: int) -> Column[SpreadRow]:
        return Column(
            f"P{at}",
            lambda row: amount(row.spread.percentiles[at]),
            sort=lambda row: row.spread.percentiles[at],
            mark=lambda _row: Mark.STRONG if at == 50 else None,
            right=True,
            least=7,
            help=f"{at} of 100 trials give less",
        )

    return [
        Column("Scenario", lambda row: row.scenario, least=14, most=30),
        Column(f"Figure, {display.scale_word(currency, scale)}", lambda row: row.label, most=24),
        *(percentile(at) for at in _PERCENTILES),
        Column("Mean", lambda row: amount(row.spread.mean), sort=lambda row: row.spread.mean, right=True),
        Column(
            "± error",
            lambda row: amount(row.spread.standard_error),
            mark=lambda _row: Mark.MUTED,
            right=True,
            help="Standard error of the mean: more trials make it smaller",
        ),
    ]


def chance_columns(results: PlanResult) -> list[Column[Chance]]:
    """How likely the first of two scenarios costs less."""
    labels = {name: figure.label for one in results.scenarios for name, figure in one.figures.items()}
    return [
        Column("Costs less", lambda row: row.a, least=10, most=18),
        Column("than", lambda row: row.b, least=10, most=18),
        Column("Figure", lambda row: labels.get(row.figure, row.figure), most=18),
        Column(
            "Probability",
            lambda row: display.percent(row.probability),
            sort=lambda row: row.probability,
            mark=lambda _row: Mark.STRONG,
            right=True,
            least=9,
        ),
        Column(
            "± error",
            lambda row: display.percent(row.standard_error),
            sort=lambda row: row.standard_error,
            mark=lambda _row: Mark.MUTED,
            right=True,
        ),
    ]


class RiskPage(Page):
    """Tornado and fan above, tables of the simulation below. A simulation runs when it is asked for."""

    title = "Risk"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.run: Simulation | None = None
        self.run_of: PlanResult | None = None
        self.figure = QComboBox()
        self.figure.setAccessibleName("Figure of the tornado")
        self.figure.activated.connect(lambda _: self._compute_tornado())
        self.trials = _number("Trials", 1, risk.MOST_TRIALS, TRIALS)
        self.trials.setSingleStep(1000)
        self.trials.setGroupSeparatorShown(True)
        self.seed = _number("Seed", 0, _MOST_SEED, SEED)
        self.start = button(
            "Simulate", "Runs all scenarios over random values of their uncertain drivers", self.simulate
        )
        self.state = quiet()
        self.tornado, self.fan = TornadoChart(), FanChart()
        self.fan_empty = EmptyState(
            "Not simulated yet",
            "Press “Simulate”: every driver that has a range then takes random values within it, the same "
            "for all scenarios.",
        )
        fan, self._fan_stack = stacked(self.fan, self.fan_empty)
        self.spreads: TableModel[SpreadRow] = TableModel([], key=lambda row: (row.scenario, row.figure))
        self.spread_view = TableView(self.spreads, "Key figures over all trials", sortable=True)
        self.chances: TableModel[Chance] = TableModel([], key=lambda row: (row.a, row.b, row.figure))
        self.chance_view = TableView(self.chances, "Which scenario costs less", sortable=True)
        top = QHBoxLayout()
        controls: tuple[tuple[str, QWidget], ...] = (
            ("Figure", self.figure),
            ("Trials", self.trials),
            ("Seed", self.seed),
        )
        for text, widget in controls:
            label = QLabel(text)
            label.setBuddy(widget)
            top.addWidget(label)
            top.addWidget(widget)
        top.addWidget(self.start)
        top.addWidget(self.state, 1)
        upper, self.below = QSplitter(Qt.Orientation.Horizontal), QSplitter(Qt.Orientation.Horizontal)
        for split, pair in ((upper, (self.tornado, fan)), (self.below, (self.spread_view, self.chance_view))):
            for part in pair:
                split.addWidget(part)
            split.setChildrenCollapsible(False)
            split.setSizes([1000, 1000] if split is upper else [1200, 900])
        both = QSplitter(Qt.Orientation.Vertical)
        both.addWidget(upper)
        both.addWidget(self.below)
        both.setChildrenCollapsible(False)
        both.setSizes([1000, 420])
        empty = EmptyState("No figures yet", "Give the chosen scenario cost lines, and mend its errors.")
        holder, self._stack = stacked(both, empty)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(holder, 1)

        session.document_changed.connect(self._forget)

    def _forget(self) -> None:
        """The run belongs to the plan that was open before."""
        self.run = self.run_of = None
        self.session.jobs.cancel("simulate")

    def refresh(self) -> None:
        results, result = self.session.results, self.session.result
        usable = results is not None and result is not None and bool(result.monthly)
        self._stack.setCurrentIndex(0 if usable else 1)
        self.start.setEnabled(usable)
        if results is None or result is None or not usable:
            return
        kept = self.figure.currentData() or _FIRST
        self.figure.clear()
        for name, figure in result.figures.items():
            if figure.value is not None:
                self.figure.addItem(figure.label, name)
        self.figure.setCurrentIndex(max(self.figure.findData(kept), 0))
        self._compute_tornado()
        self._show_run()

    # Sensitivity

    def _compute_tornado(self) -> None:
        results, result, figure = self.session.results, self.session.result, self.figure.currentData()
        if results is None or result is None or figure is None:
            return
        plan = results.plan

        def work(_handle: Handle) -> tuple[list[Swing], list[Issue]]:
            return tornado(plan, result, str(figure))

        def failed(problem: Exception) -> bool:
            if isinstance(problem, Problem):
                self.state.setText(str(problem))
            return isinstance(problem, Problem)

        self.session.jobs.start(
            "tornado",
            "Computing sensitivity",
            work,
            lambda found: self._show_tornado(result, *found),
            failed,
        )

    def _show_tornado(self, result: ScenarioResult, swings: list[Swing], issues: list[Issue]) -> None:
        figure = result.figures.get(str(self.figure.currentData()))
        if figure is None or figure.value is None:
            return
        currency = self.session.plan.settings.currency
        self.tornado.show_data(
            Tornado(
                result.name,
                figure.label,
                figure.unit,
                currency,
                figure.value,
                tuple(swings),
                tuple(issue.message for issue in issues),
            )
        )

    # Simulation

    def simulate(self) -> None:
        """Runs the simulation in a worker; it can be stopped."""
        results = self.session.results
        if results is None:
            return
        trials, seed = self.trials.value(), self.seed.value()
        self.state.setText("")

        def work(handle: Handle) -> tuple[Simulation, float]:
            begun = time.perf_counter()

            def report(done: float) -> None:
                if not handle.cancelled():
                    handle.report(done, f"{round(done * 100)} % of {trials:,} trials")

            try:
                found = risk.simulate(results, trials, seed, progress=report, cancelled=handle.cancelled)
            except risk.Cancelled:
                raise Cancelled("The simulation was stopped.") from None
            return found, time.perf_counter() - begun

        def done(outcome: tuple[Simulation, float]) -> None:
            self.run, self.run_of = outcome[0], results
            self._show_run(outcome[1])

        self.session.jobs.start(
            "simulate",
            f"Simulating {trials:,} trials",
            work,
            done,
            cancelled=lambda: self.state.setText("The simulation was stopped."),
        )

    def _show_run(self, seconds: float | None = None) -> None:
        run, run_of, results = self.run, self.run_of, self.session.results
        shown = None
        if run is not None:
            wanted = (self.session.scenario, self.session.case)
            shown = next((one for one in run.scenarios if (one.scenario, one.case) == wanted), None)
        self.below.setVisible(run is not None)
        self._fan_stack.setCurrentIndex(0 if shown is not None and len(shown.band[50]) else 1)
        if run is None or run_of is None:
            self.state.setText("")
            return
        took = f" in {display.number(seconds, 1)} s" if seconds is not None else ""
        said = [f"{run.trials:,} trials, seed {run.seed}{took}."]
        if results is None or run_of.plan != results.plan or shown is None:
            said = [f"{run.trials:,} trials, seed {run.seed}: the plan has changed since; simulate again."]
        said += [issue.message for issue in run.issues[:2]]
        self.state.setText(" ".join(said))
        settings = run_of.plan.settings
        self.spreads.set_rows(spread_rows(run_of, run), spread_columns(settings.scale, settings.currency))
        self.chances.set_rows(run.chances, chance_columns(run_of))
        if shown is not None and len(shown.band[50]):
            low, middle, high = (shown.band[at] for at in risk.BAND)
            self.fan.show_data(
                Fan(shown.scenario, low, middle, high, run_of.months, settings.currency, run.trials, run.seed)
            )

    def search(self) -> None:
        self.spread_view.setFocus()


def _number(name: str, least: int, most: int, value: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(least, most)
    box.setValue(value)
    box.setAccessibleName(name)
    return box
