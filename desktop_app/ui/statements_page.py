"""Statements of the chosen scenario, by month or by fiscal year, with totals where adding up has a
meaning.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.engine.compute import PlanResult, ScenarioResult, by_fiscal_year
from desktop_app.engine.functions import Array
from desktop_app.ui import display
from desktop_app.ui.cells import Mark
from desktop_app.ui.pages import EmptyState, FilterLine, Page, quiet, stacked
from desktop_app.ui.session import Question, Session
from desktop_app.ui.tables import Column, TableModel, TableView

YEARS, MONTHS = "years", "months"
# Rows of each part; what a plan does not have is left out. Balances are read at a period's end, and
# openings at its start.
_SECTIONS = (
    (
        "Cash",
        (
            "capex",
            "opex",
            "people",
            "lease_payments",
            "proceeds",
            "horizon_recovery",
            "cash_cost",
            "cumulative_cost",
        ),
    ),
    ("Present value", ("discounted_cost", "cumulative_discounted_cost", "present_value")),
    ("Profit and loss", ("operating_expense", "depreciation", "lease_expense", "write_off", "expense")),
    (
        "Assets",
        ("asset_opening", "retired", "asset_cost", "book_opening", "book_disposals", "net_book_value"),
    ),
    (
        "Leases",
        ("lease_recognised", "lease_interest", "lease_amortisation", "lease_liability", "right_of_use"),
    ),
    (
        "Tax",
        (
            "tax_depreciation",
            "tax_base_sold",
            "tax_at_horizon",
            "tax_deduction",
            "tax_saving",
            "after_tax_cost",
            "tax_book_value",
        ),
    ),
)
_OPENINGS = {"asset_opening", "book_opening"}
_BALANCES = {"asset_cost", "net_book_value", "tax_book_value", "lease_liability", "right_of_use"}
_TOTALS = {"cash_cost", "expense", "net_book_value", "after_tax_cost"}


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One row: a part's heading (`key` empty), or amounts by period and their total, None where none has a
    meaning."""

    section: str
    key: str
    label: str
    amounts: tuple[float, ...] = ()
    total: float | None = None


def is_balance(name: str) -> bool:
    """True for amounts at a moment, which are not added up over months."""
    return name in _BALANCES or name.startswith("cumulative_")


def statement_rows(results: PlanResult, result: ScenarioResult, periods: str) -> list[StatementRow]:
    """All rows of a scenario's statements."""
    years = results.fiscal_years

    def row(section: str, name: str, key: str, values: Array) -> StatementRow:
        label = result.graph.nodes[key].label
        if periods == MONTHS:
            amounts = tuple(float(value) for value in values)
        elif name in _OPENINGS:
            amounts = tuple(
                {
                    year: float(value)
                    for year, value in zip(reversed(years), reversed(values.tolist()), strict=True)
                }.values()
            )[::-1]
        elif is_balance(name):
            amounts = tuple({year: float(value) for year, value in zip(years, values, strict=True)}.values())
        else:
            amounts = tuple(by_fiscal_year(values, years).values())
        total = None if is_balance(name) or name in _OPENINGS else float(values.sum())
        return StatementRow(section, key, label, amounts, total)

    rows = []
    if result.by_category:
        rows.append(StatementRow("Cash cost by category", "", "Cash cost by category"))
        rows += [
            row("Cash cost by category", name, f"category/{name}/cash_cost", values)
            for name, values in result.by_category.items()
        ]
    placed: set[str] = set()
    known = [name for _, names in _SECTIONS for name in names]
    others = tuple(name for name in result.monthly if name not in known)
    for section, names in (*_SECTIONS, ("Other", others)):
        present = [name for name in names if name in result.monthly and name not in placed]
        if section in ("Leases", "Tax", "Other"):
            present = [name for name in present if result.monthly[name].any()]
        placed.update(present)
        if present:
            rows.append(StatementRow(section, "", section))
            rows += [row(section, name, f"statement/{name}", result.monthly[name]) for name in present]
    return rows


def statement_columns(results: PlanResult, periods: str) -> list[Column[StatementRow]]:
    """The total, then a column a period."""
    scale = results.plan.settings.scale

    def amount(value: float | None) -> str:
        if value is None:
            return ""
        return (
            display.NONE
            if (abs(value) < 0.05 * min(scale, 1000) and scale > 1) or value == 0
            else display.number(value / scale, 0 if scale == 1 else 1)
        )

    def cell(place: int) -> Column[StatementRow]:
        name = names[place]
        return Column(
            name,
            lambda row: amount(row.amounts[place]) if row.key else "",
            tip=lambda row: (
                f"{row.label}, {name}: {display.number(row.amounts[place], 2)} "
                f"{results.plan.settings.currency}"
                if row.key
                else ""
            ),
            mark=_mark,
            right=True,
            least=9,
        )

    if periods == MONTHS:
        names = [display.month(month) for month in results.months]
    else:
        names = [f"FY {year}" for year in dict.fromkeys(results.fiscal_years)]
    return [
        Column(
            "Total",
            lambda row: amount(row.total) if row.key else "",
            mark=lambda row: Mark.HEADING if not row.key else Mark.STRONG,
            right=True,
            least=10,
        ),
        *(cell(place) for place in range(len(names))),
    ]


def _mark(row: StatementRow) -> Mark | None:
    if not row.key:
        return Mark.HEADING
    return Mark.STRONG if row.key.removeprefix("statement/") in _TOTALS else None


_TITLE: Column[StatementRow] = Column(
    "Statement", lambda row: f"   {row.label}" if row.key else row.label, mark=_mark, most=50
)


class StatementsPage(Page):
    """A wide table; Enter on an amount asks where it comes from."""

    title = "Statements"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.model: TableModel[StatementRow] = TableModel(
            [], key=lambda row: (row.section, row.key), row_title=_TITLE
        )
        self.view = TableView(self.model, "Statements")
        self.view.setAlternatingRowColors(False)
        self.view.horizontalHeader().setStretchLastSection(False)
        self.view.activated.connect(self._ask)
        self.filter = FilterLine(self.view, "rows")
        self.periods = QComboBox()
        self.periods.setAccessibleName("Periods")
        self.periods.addItem("Fiscal years", YEARS)
        self.periods.addItem("Months", MONTHS)
        self.periods.activated.connect(lambda: self.refresh())
        self.hint = quiet()
        top = QHBoxLayout()
        top.addWidget(self.filter)
        top.addWidget(self.periods)
        top.addWidget(self.hint, 1)
        self.empty = EmptyState(
            "No figures",
            "Give the chosen scenario cost lines, and mend what “Checks and issues” lists as an error.",
        )
        holder, self._stack = stacked(self.view, self.empty)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(holder, 1)

    def refresh(self) -> None:
        results, result = self.session.results, self.session.result
        if results is None or result is None or not result.monthly:
            self._stack.setCurrentIndex(1)
            self.hint.setText("")
            return
        self._stack.setCurrentIndex(0)
        periods = str(self.periods.currentData())
        settings = results.plan.settings
        self.hint.setText(
            f"{result.name}, {display.scale_word(settings.currency, settings.scale)}. Costs are positive; "
            f"balances are at the end of the period."
        )
        self.model.set_rows(statement_rows(results, result, periods), statement_columns(results, periods))

    def search(self) -> None:
        self.filter.start()

    def _ask(self, index: QModelIndex) -> None:
        row: StatementRow | None = self.view.current_row()
        results = self.session.results
        if row is None or not row.key or results is None:
            return
        place = index.column() - 1
        month = None
        if place >= 0:
            month = place + 1
            if self.periods.currentData() == YEARS:
                year = list(dict.fromkeys(results.fiscal_years))[place]
                month = len(results.fiscal_years) - results.fiscal_years[::-1].index(year)
        self.session.ask(Question(self.session.scenario, row.key, "", month or 1))
