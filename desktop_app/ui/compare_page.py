"""Every scenario under every case for one figure, and what makes the difference between two scenarios."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from desktop_app.engine.bridge import Bridge, Step, bridge
from desktop_app.engine.compute import Figure, PlanResult, compute
from desktop_app.engine.issues import ERROR
from desktop_app.engine.model import Plan
from desktop_app.ui import display
from desktop_app.ui.bridge_chart import BridgeChart
from desktop_app.ui.cells import Mark
from desktop_app.ui.jobs import Handle
from desktop_app.ui.pages import EmptyState, Page, heading, quiet, stacked
from desktop_app.ui.places import DRIVER, LINE, Place
from desktop_app.ui.scenario_panel import NO_CASE
from desktop_app.ui.session import Session
from desktop_app.ui.summary_page import shown_unit, shown_value
from desktop_app.ui.tables import Column, TableModel, TableView

_FIRST = "npv_cost"


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One scenario: its figure by case."""

    scenario: str
    figures: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of the bridge."""

    place: int
    step: Step


def matrix_rows(results: PlanResult, figure: str) -> list[MatrixRow]:
    """A row a scenario."""
    rows: dict[str, dict[str, Figure]] = {}
    for result in results.scenarios:
        if figure in result.figures:
            rows.setdefault(result.scenario, {})[result.case] = result.figures[figure]
    return [MatrixRow(scenario, figures) for scenario, figures in rows.items()]


def matrix_columns(
    results: PlanResult, rows: list[MatrixRow], cases: tuple[str, ...]
) -> list[Column[MatrixRow]]:
    """Scenario, then a column a case; the lowest figure of each case stands out."""
    settings = results.plan.settings

    def column(case: str) -> Column[MatrixRow]:
        values = [row.figures[case].value for row in rows if case in row.figures]
        known = [value for value in values if value is not None]
        lowest = min(known, default=None)

        def text(row: MatrixRow) -> str:
            figure = row.figures.get(case)
            if figure is None:
                return ""
            said = shown_value(figure.value, figure.unit, settings.currency, settings.scale)
            return (
                f"{said} ▾"
                if figure.value is not None and figure.value == lowest and len(known) > 1
                else said
            )

        def mark(row: MatrixRow) -> Mark | None:
            figure = row.figures.get(case)
            return (
                Mark.STRONG
                if figure is not None and figure.value is not None and figure.value == lowest
                else None
            )

        return Column(
            case or NO_CASE,
            text,
            sort=lambda row: row.figures[case].value if case in row.figures else None,
            mark=mark,
            right=True,
            least=12,
        )

    return [
        Column("Scenario", lambda row: row.scenario, least=18, most=36),
        *(column(case) for case in cases),
    ]


class ComparePage(Page):
    """A matrix above, a bridge below."""

    title = "Compare"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.figure, self.start, self.end = QComboBox(), QComboBox(), QComboBox()
        for box, name in ((self.figure, "Figure"), (self.start, "From scenario"), (self.end, "To scenario")):
            box.setAccessibleName(name)
            box.activated.connect(lambda _: self.refresh())
        self.matrix_heading, self.bridge_heading = heading(larger=1.1), heading(larger=1.1)
        self.problem = quiet()
        self.matrix: TableModel[MatrixRow] = TableModel([], key=lambda row: row.scenario)
        self.matrix_view = TableView(self.matrix, "Scenarios under every case", sortable=True)
        self.matrix_view.horizontalHeader().setStretchLastSection(False)
        self.steps: TableModel[StepRow] = TableModel([], key=lambda row: row.place)
        self.step_view = TableView(self.steps, "Steps from one scenario to the other", sortable=True)
        self.step_view.activated.connect(lambda _: self._go())
        self.chart = BridgeChart()
        top = QHBoxLayout()
        for label, box in (("Figure", self.figure), ("from", self.start), ("to", self.end)):
            top.addWidget(QLabel(label))
            top.addWidget(box)
        top.addWidget(self.problem, 1)
        lower = QSplitter(Qt.Orientation.Horizontal)
        lower.addWidget(self.chart)
        lower.addWidget(self.step_view)
        lower.setSizes([1000, 800])
        lower.setChildrenCollapsible(False)
        split = QSplitter(Qt.Orientation.Vertical)
        for title, widget in ((self.matrix_heading, self.matrix_view), (self.bridge_heading, lower)):
            part = QWidget()
            column = QVBoxLayout(part)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(title)
            column.addWidget(widget, 1)
            split.addWidget(part)
        split.setSizes([300, 1000])
        split.setChildrenCollapsible(False)
        empty = EmptyState(
            "Nothing to compare yet",
            "Add a second scenario on the left; what makes it cost more or less is shown here.",
        )
        holder, self._stack = stacked(split, empty)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(holder, 1)

    def refresh(self) -> None:
        session = self.session
        results = session.results
        names = [scenario.name for scenario in session.plan.scenarios]
        self._stack.setCurrentIndex(0 if len(names) > 1 else 1)
        if results is None or len(names) < 2:
            return
        labels: dict[str, str] = {}
        for result in results.scenarios:
            labels.update({figure.name: figure.label for figure in result.figures.values()})
        _fill(self.figure, labels, _FIRST)
        _fill(self.start, {name: name for name in names}, results.baseline)
        other = next(
            (
                name
                for name in (session.scenario, results.plan.preferred, *names)
                if name and name != self.start.currentData()
            ),
            names[0],
        )
        _fill(self.end, {name: name for name in names}, other)
        self._compute_matrix(results)
        self._compute_bridge(session.plan)

    def _compute_matrix(self, now: PlanResult) -> None:
        plan, figure = now.plan, str(self.figure.currentData())
        cases = ("", *(case.name for case in plan.cases))

        def show(results: PlanResult) -> None:
            rows = matrix_rows(results, figure)
            unit = next((one.unit for row in rows for one in row.figures.values()), "")
            settings = plan.settings
            self.matrix_heading.setText(
                f"{self.figure.currentText()} under every case, "
                f"{shown_unit(unit, settings.currency, settings.scale)}"
            )
            self.matrix.set_rows(rows, matrix_columns(results, rows, cases))

        if len(cases) == 1:
            show(now)
        else:
            self.session.jobs.start(
                "matrix", "Computing all cases", lambda _handle: compute(plan, cases=cases), show
            )

    def _compute_bridge(self, plan: Plan) -> None:
        start, end, figure = (str(box.currentData()) for box in (self.start, self.end, self.figure))
        case = self.session.case
        self.bridge_heading.setText(
            f"From “{start}” to “{end}”: what makes the difference{f', case {case}' if case else ''}"
        )

        def work(_handle: Handle) -> Bridge:
            return bridge(plan, start, end, figure, case)

        self.session.jobs.start(
            "bridge", "Attributing the difference", work, lambda found: self._show_bridge(found, plan)
        )

    def _show_bridge(self, found: Bridge, plan: Plan) -> None:
        problems = [issue.message for issue in found.issues if issue.severity == ERROR]
        self.problem.setText(problems[0] if found.start is None and problems else "")
        currency, unit = plan.settings.currency, self._unit(found.figure)
        self.chart.setVisible(found.start is not None)
        if found.start is not None:
            self.chart.show_data(found, self.figure.currentText(), unit, currency)
        ordered = sorted(found.steps, key=lambda step: -abs(step.amount))
        self.steps.set_rows(
            [StepRow(place, step) for place, step in enumerate(ordered)], _step_columns(found, plan, unit)
        )

    def _unit(self, figure: str) -> str:
        """The unit of a key figure."""
        results = self.session.results
        found = (
            [result.figures[figure].unit for result in results.scenarios if figure in result.figures]
            if results
            else []
        )
        return found[0] if found else ""

    def search(self) -> None:
        self.step_view.setFocus()

    def _go(self) -> None:
        row: StepRow | None = self.step_view.current_row()
        if row is not None:
            self.session.select(scenario=self.end.currentData())
            self.session.go(
                Place(DRIVER if row.step.difference.kind == "driver" else LINE, row.step.difference.name)
            )


def _fill(box: QComboBox, labels: dict[str, str], first: str) -> None:
    """Offers these choices and keeps the chosen one where it still exists."""
    kept = box.currentData()
    if [box.itemData(place) for place in range(box.count())] != list(labels):
        box.clear()
        for name, label in labels.items():
            box.addItem(label, name)
        place = box.findData(kept if kept in labels else first)
        box.setCurrentIndex(max(place, 0))


def _step_columns(found: Bridge, plan: Plan, unit: str) -> list[Column[StepRow]]:
    currency, scale = plan.settings.currency, plan.settings.scale

    def amount(value: float) -> str:
        said = shown_value(value, unit, currency, scale)
        return f"+{said}" if value > 0 else said

    columns: list[Column[StepRow]] = [
        Column("Difference", lambda row: _name(row.step), least=20, most=40),
        Column(
            f"Effect, {shown_unit(unit, currency, scale)}".rstrip(", "),
            lambda row: amount(row.step.amount),
            sort=lambda row: row.step.amount,
            right=True,
            least=12,
        ),
        Column(f"In {found.a}", lambda row: display.text_from_entry(row.step.difference.a), most=28),
        Column(f"In {found.b}", lambda row: display.text_from_entry(row.step.difference.b), most=28),
    ]
    if not found.exact:
        error: Column[StepRow] = Column(
            "± error",
            lambda row: shown_value(row.step.error, unit, currency, scale),
            sort=lambda row: row.step.error,
            right=True,
            most=12,
        )
        columns.insert(2, error)
    return columns


def _name(step: Step) -> str:
    return step.difference.label or step.difference.name
