"""Everything that is wrong or worth knowing, with a way to its place, and the checks that must hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from desktop_app.engine.compute import Check, PlanResult
from desktop_app.engine.issues import ERROR, Issue
from desktop_app.exchange.plan_checks import expired_quotes, stale_prices
from desktop_app.ui import display
from desktop_app.ui.cells import Mark
from desktop_app.ui.pages import EmptyState, FilterLine, Page, heading, stacked
from desktop_app.ui.places import line_names, place_of
from desktop_app.ui.session import Session
from desktop_app.ui.tables import Column, TableModel, TableView


@dataclass(frozen=True, slots=True)
class IssueRow:
    """An issue and the scenarios that have it."""

    issue: Issue
    scenarios: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check of one scenario."""

    scenario: str
    check: Check


def issue_rows(results: PlanResult) -> list[IssueRow]:
    """All issues, errors first, each once; old prices and expired quotes among them."""
    found: dict[Issue, list[str]] = {}
    for result in results.scenarios:
        for issue in result.issues:
            if result.scenario not in found.setdefault(issue, []):
                found[issue].append(result.scenario)
    for pair in results.pairs:
        for issue in pair.issues:
            found.setdefault(issue, []).append(pair.a)
    today = dt.date.today()  # noqa: DTZ011 - the user's own day
    for issue in (*expired_quotes(results.plan, today), *stale_prices(results.plan, today)):
        scenario, of_line, _ = issue.where.partition(": line ")
        found.setdefault(issue, []).extend([scenario] if of_line else [])
    rows = [IssueRow(issue, tuple(names)) for issue, names in found.items()]
    return sorted(rows, key=lambda row: row.issue.severity != ERROR)


class IssuesPage(Page):
    """Two tables: issues above, checks below."""

    title = "Checks and issues"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.issues: TableModel[IssueRow] = TableModel(self._issue_columns(), key=lambda row: row.issue)
        self.issue_view = TableView(self.issues, "Issues", sortable=True)
        self.issue_view.activated.connect(lambda _: self._go())
        self.issue_view.clicked.connect(lambda _: self._go())
        self.filter = FilterLine(self.issue_view, "issues")
        self.checks: TableModel[CheckRow] = TableModel(
            self._check_columns(), key=lambda row: (row.scenario, row.check.name)
        )
        self.check_view = TableView(self.checks, "Checks", sortable=True)
        self.issue_heading, self.check_heading = heading(larger=1.1), heading(larger=1.1)
        fine = EmptyState("Nothing is wrong", "Every formula can be computed, and no warning stands.")
        holder, self._stack = stacked(self.issue_view, fine)
        split = QSplitter(Qt.Orientation.Vertical)
        for title, widget, line in (
            (self.issue_heading, holder, self.filter),
            (self.check_heading, self.check_view, None),
        ):
            part = QWidget()
            column = QVBoxLayout(part)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(title)
            if line is not None:
                column.addWidget(line)
            column.addWidget(widget, 1)
            split.addWidget(part)
        split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.addWidget(split)

    def _issue_columns(self) -> list[Column[IssueRow]]:
        return [
            Column(
                "",
                lambda row: "✗ Error" if row.issue.severity == ERROR else "⚠ Warning",
                mark=lambda row: Mark.ERROR if row.issue.severity == ERROR else Mark.WARNING,
                least=10,
            ),
            Column("Where", lambda row: row.issue.where[:1].upper() + row.issue.where[1:], least=18, most=44),
            Column("What and what to do", lambda row: row.issue.message, least=40, most=130),
            Column(
                "Scenarios",
                lambda row: ", ".join(row.scenarios),
                mark=lambda _row: Mark.MUTED,
                least=16,
                most=50,
            ),
        ]

    def _check_columns(self) -> list[Column[CheckRow]]:
        return [
            Column(
                "",
                lambda row: "✓ Holds" if row.check.holds else "✗ Fails",
                mark=lambda row: Mark.GOOD if row.check.holds else Mark.ERROR,
                least=9,
            ),
            Column("Scenario", lambda row: row.scenario, most=36),
            Column("Check", lambda row: row.check.label, least=40, most=80),
            Column(
                "Difference",
                lambda row: display.number(row.check.difference, 2),
                sort=lambda row: row.check.difference,
                right=True,
                least=12,
            ),
        ]

    def refresh(self) -> None:
        results = self.session.results
        rows = issue_rows(results) if results else []
        errors = sum(1 for row in rows if row.issue.severity == ERROR)
        self.issue_heading.setText(
            f"Issues: {_count(errors, 'error')}, {_count(len(rows) - errors, 'warning')}"
            if rows
            else "Issues"
        )
        self._stack.setCurrentIndex(0 if rows else 1)
        self.issues.set_rows(rows)
        checks = (
            [CheckRow(result.name, check) for result in results.scenarios for check in result.checks]
            if results
            else []
        )
        failed = sum(1 for row in checks if not row.check.holds)
        self.check_heading.setText(
            f"Checks: all {len(checks)} hold"
            if checks and not failed
            else f"Checks: {failed} of {len(checks)} fail"
            if checks
            else "Checks"
        )
        self.checks.set_rows(sorted(checks, key=lambda row: row.check.holds))

    def search(self) -> None:
        self.filter.start()

    def _go(self) -> None:
        row: IssueRow | None = self.issue_view.current_row()
        if row is None:
            return
        if row.scenarios and self.session.scenario not in row.scenarios:
            self.session.select(row.scenarios[0])
        self.session.go(place_of(row.issue.where, line_names(self.session.plan)))


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
