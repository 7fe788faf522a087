"""Key figures of all scenarios side by side, with their differences from the baseline, above the charts."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from desktop_app.engine.compute import Figure, PlanResult
from desktop_app.engine.figures import DEFINITIONS
from desktop_app.ui import chart_data, display
from desktop_app.ui.cells import Mark
from desktop_app.ui.charts import AnnualChart, CumulativeChart
from desktop_app.ui.pages import EmptyState, Page, heading, quiet, stacked
from desktop_app.ui.session import Question, Session
from desktop_app.ui.tables import Column, TableModel, TableView

_HELP = {definition.name: definition.help for definition in DEFINITIONS}
_BREAK_EVEN = "break_even_month"
_MOST_PANELS = 4


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One key figure of every scenario; `figures` by scenario name."""

    name: str
    label: str
    unit: str
    figures: dict[str, Figure]


def figure_rows(results: PlanResult) -> list[FigureRow]:
    """Rows of the table: the key figures, then what compares each scenario with the baseline."""
    names = dict.fromkeys(name for result in results.scenarios for name in result.figures)
    rows = []
    for name in names:
        figures = {
            result.scenario: result.figures[name] for result in results.scenarios if name in result.figures
        }
        first = next(iter(figures.values()))
        rows.append(FigureRow(name, first.label, first.unit, figures))
    for name in (_BREAK_EVEN, "irr"):
        found = {
            pair.a: Figure(name, pair.figures[name].label, pair.figures[name].unit, pair.figures[name].value)
            for pair in results.pairs
        }
        if found:
            first = next(iter(found.values()))
            rows.append(FigureRow(name, f"{first.label} with “{results.baseline}”", first.unit, found))
    return rows


def shown_unit(unit: str, currency: str, scale: int) -> str:
    """The unit in the table: totals of money are in the plan's display unit, prices per unit are not."""
    return display.scale_word(currency, scale) if unit == currency else "months" if unit == "month" else unit


def shown_value(value: float | None, unit: str, currency: str, scale: int) -> str:
    """A figure in the table's unit, without the unit."""
    if value is None:
        return display.NONE
    if unit == currency:
        return display.number(value / scale, 0 if scale <= 1000 else 2)
    if unit == "%":
        return display.number(value * 100, 1)
    if unit == "month":
        return display.number(value, 1)
    return display.number(value, 0) if abs(value) >= 10_000 else display.significant(value)


def figure_columns(results: PlanResult) -> list[Column[FigureRow]]:
    """The unit, then a column for each scenario, each but the baseline followed by its difference."""
    currency, scale = results.plan.settings.currency, results.plan.settings.scale
    columns: list[Column[FigureRow]] = [
        Column(
            "Unit", lambda row: shown_unit(row.unit, currency, scale), most=14, mark=lambda _row: Mark.MUTED
        ),
    ]
    names = [result.scenario for result in results.scenarios]
    if results.baseline in names:
        names.remove(results.baseline)
        names.insert(0, results.baseline)
    for name in names:
        columns.append(_value_column(results, name, currency, scale))
        if name != results.baseline:
            columns.append(_difference_column(results, name, currency, scale))
    return columns


def _value_column(results: PlanResult, name: str, currency: str, scale: int) -> Column[FigureRow]:
    roles = [
        word
        for word, role in (("baseline", results.baseline), ("preferred", results.plan.preferred))
        if role == name
    ]

    def text(row: FigureRow) -> str:
        figure = row.figures.get(name)
        return "" if figure is None else shown_value(figure.value, row.unit, currency, scale)

    def tip(row: FigureRow) -> str:
        figure = row.figures.get(name)
        return (
            ""
            if figure is None or figure.value is None
            else f"{display.number(figure.value, 4)} {row.unit}".strip()
            if row.unit != "%"
            else ""
        )

    title = name + (f"\n({', '.join(roles)})" if roles else "\n ")
    return Column(
        title,
        text,
        tip=tip,
        right=True,
        least=9,
        mark=lambda row: Mark.STRONG if row.name in ("tco", "npv_cost") else None,
    )


def _difference_column(results: PlanResult, name: str, currency: str, scale: int) -> Column[FigureRow]:
    def values(row: FigureRow) -> tuple[float, float] | None:
        own, base = row.figures.get(name), row.figures.get(results.baseline)
        if own is None or base is None or own.value is None or base.value is None:
            return None
        return own.value, base.value

    def text(row: FigureRow) -> str:
        both = values(row)
        if both is None:
            return ""
        change = both[0] - both[1]
        said = shown_value(change, row.unit, currency, scale)
        signed = said if said.startswith(("-", "−")) or change == 0 else f"+{said}"
        if row.unit == "%" or not both[1]:
            return signed
        share = display.number(100 * change / abs(both[1]), 0)
        return f"{signed}  ({'' if share.startswith(('-', '−')) or share == '0' else '+'}{share} %)"

    return Column(
        f"± {results.baseline}\n ",
        text,
        right=True,
        least=12,
        mark=lambda _row: Mark.MUTED,
        help=f"{name} less {results.baseline}",
    )


_TITLE: Column[FigureRow] = Column(
    "Key figure",
    lambda row: row.label,
    tip=lambda row: _HELP.get(row.name, ""),
    mark=lambda row: Mark.STRONG if row.name in ("tco", "npv_cost") else None,
    most=36,
)


class SummaryPage(Page):
    """What a board wants to see first."""

    title = "Summary"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.message = heading()
        self.conventions = quiet()
        self.model: TableModel[FigureRow] = TableModel([], key=lambda row: row.name, row_title=_TITLE)
        self.view = TableView(self.model, "Key figures by scenario")
        self.view.activated.connect(self._ask)
        self.cumulative = CumulativeChart()
        self.annual = AnnualChart()
        charts = QSplitter(Qt.Orientation.Horizontal)
        charts.addWidget(self.cumulative)
        charts.addWidget(self.annual)
        charts.setStretchFactor(0, 5)
        charts.setStretchFactor(1, 5)
        charts.setChildrenCollapsible(False)
        charts.setSizes([1000, 1000])
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.view)
        split.addWidget(charts)
        split.setStretchFactor(0, 4)
        split.setStretchFactor(1, 5)
        split.setChildrenCollapsible(False)
        split.setSizes([1000, 1050])
        content = QWidget()
        column = QVBoxLayout(content)
        column.addWidget(self.message)
        column.addWidget(self.conventions)
        column.addWidget(split, 1)
        empty = EmptyState(
            "No figures yet",
            "Add a scenario on the left, then give it cost lines. Their figures are compared here.",
        )
        holder, self._stack = stacked(content, empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(holder)

    def refresh(self) -> None:
        results = self.session.results
        if results is None or not results.scenarios:
            self._stack.setCurrentIndex(1)
            return
        self._stack.setCurrentIndex(0)
        settings = results.plan.settings
        self.message.setText(chart_data.headline(results))
        case = f"Case “{self.session.case}”. " if self.session.case else ""
        taxed = settings.tax_rate.strip() not in ("", "0", "0%", "0 %")
        tax = f", tax {_rate(results, 'tax_rate')}" if taxed else ""
        self.conventions.setText(
            f"{case}{display.month(results.months[0])} to {display.month(results.months[-1])}, "
            f"{settings.months} months, "
            f"discounted at {_rate(results, 'discount_rate')} a year "
            f"({settings.discount_timing} of month){tax}. "
            f"Costs are positive. "
            "Enter on a figure explains it."
        )
        self.model.set_rows(figure_rows(results), figure_columns(results))
        self.cumulative.show_data(chart_data.cumulative(results))
        self._show_years(results)

    def _show_years(self, results: PlanResult) -> None:
        names = [
            results.baseline,
            results.plan.preferred,
            self.session.scenario,
            *(one.scenario for one in results.scenarios),
        ]
        found = [chart_data.annual(results, name) for name in dict.fromkeys(names) if name]
        shown = [one for one in found if one is not None][:_MOST_PANELS]
        order = [one.scenario for one in results.scenarios]
        shown.sort(key=lambda one: order.index(one.scenario))
        self.annual.show_data(shown, results.plan.settings.currency)

    def _ask(self, index: QModelIndex) -> None:
        row = self.view.current_row()
        if row is None or self.session.results is None:
            return
        title = self.model.columns[index.column()].title.split("\n")[0]
        scenario = title if title in row.figures else self.session.scenario
        group = "pair" if row.name in (_BREAK_EVEN, "irr") else "figure"
        self.session.ask(Question(scenario, f"{group}/{row.name}"))

    def search(self) -> None:
        self.view.setFocus()


def _rate(results: PlanResult, name: str) -> str:
    """A rate of the plan's settings as a number, with the formula it comes from."""
    text = str(getattr(results.plan.settings, name))
    program = next((one.program for one in results.scenarios if one.program is not None), None)
    if program is None or not any(sign.isalpha() for sign in text):
        return text
    return f"{display.percent(float(program.value(f'setting/{name}').flat[0]))} ({text})"
