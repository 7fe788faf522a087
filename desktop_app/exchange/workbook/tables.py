"""Cash flows as one tidy table for other tools: .csv, or a sheet in a workbook of its own.

Columns that the FinOps Open Cost and Usage Specification (FOCUS) knows carry its names and values; what only
Outlay knows has names that begin with x_, as the specification asks for.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import xlsxwriter

from desktop_app.engine.compute import PlanResult, ScenarioResult
from desktop_app.engine.graph import Graph
from desktop_app.engine.model import CostLine
from desktop_app.engine.timeline import period_starts
from desktop_app.exchange.workbook.saving import ExportError, write_safely
from desktop_app.exchange.workbook.styles import DATE, DECIMAL
from desktop_app.exchange.workbook.text import cell_text, csv_text

COLUMNS: Final = (
    "x_Scenario",
    "x_Case",
    "x_Category",
    "ChargeDescription",
    "x_CostLineKind",
    "x_Treatment",
    "ChargeCategory",
    "ChargeFrequency",
    "ServiceCategory",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "BillingCurrency",
    "BilledCost",
)
SERVICE_CATEGORIES: Final = (
    "AI and Machine Learning",
    "Analytics",
    "Business Applications",
    "Compute",
    "Databases",
    "Developer Tools",
    "Identity",
    "Integration",
    "Internet of Things",
    "Management and Governance",
    "Media",
    "Migration",
    "Mobile",
    "Multicloud",
    "Networking",
    "Security",
    "Storage",
    "Web",
)
"""What FOCUS allows besides "Other"; a category of the plan that is spelt like one of them is that one."""

# Statements that together are the cash cost, each with its sign and what it is in the books.
_STATEMENTS = (("capex", 1, "CapEx"), ("opex", 1, "OpEx"), ("proceeds", -1, "Proceeds"))
# How a kind of line is charged for: category and frequency.
_CHARGED = {
    "purchase": ("Purchase", "One-Time"),
    "fleet": ("Purchase", "One-Time"),
    "recurring": ("Purchase", "Recurring"),
    "lease": ("Purchase", "Recurring"),
    "usage": ("Usage", "Usage-Based"),
    "staff": ("Usage", "Recurring"),
    "adjustment": ("Adjustment", "One-Time"),
}
_RESERVED, _ON_DEMAND = ("Purchase", "Recurring"), ("Usage", "Usage-Based")
_HORIZON = "Net book value counted as recovered in the last month"
_WIDTHS = (24.0, 14.0, 18.0, 34.0, 14.0, 12.0, 15.0, 16.0, 24.0, 16.0, 16.0, 15.0, 16.0)
_SHEET = "Cash flows"
_DAYS = (COLUMNS.index("ChargePeriodStart"), COLUMNS.index("ChargePeriodEnd"))
_MOST_ROWS = 1_048_575
_MARK = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Flow:
    """What one cost line costs in cash under one treatment: nodes to add up, with their signs.

    `charge` and `frequency` are the ChargeCategory and ChargeFrequency of FOCUS. `line` is None for book
    value counted as recovered, which belongs to no line.
    """

    line: CostLine | None
    treatment: str
    charge: str
    frequency: str
    terms: tuple[tuple[int, str, int], ...]  # sign, node key, place of the line in the node

    @property
    def service(self) -> str:
        """The ServiceCategory of FOCUS."""
        category = " ".join(self.line.category.split()).casefold() if self.line is not None else ""
        return next((known for known in SERVICE_CATEGORIES if known.casefold() == category), "Other")


def flows(graph: Graph) -> Iterator[Flow]:
    """The cash flows of a scenario, line by line; they add up to the statement `cash_cost`."""
    for block in graph.blocks:
        feeds = dict(block.feeds)
        for place, line in enumerate(block.lines):
            for statement, sign, treatment in _STATEMENTS:
                by_charge: dict[tuple[str, str], list[tuple[int, str, int]]] = {}
                for own_sign, key in feeds.get(statement, ()):
                    charged = _charged(block.kind, key)
                    by_charge.setdefault(charged, []).append((sign * own_sign, key, place))
                for (charge, frequency), terms in by_charge.items():
                    yield Flow(line, treatment, charge, frequency, tuple(terms))
    yield Flow(None, "Proceeds", "Adjustment", "One-Time", ((-1, "statement/horizon_recovery", 0),))


def amounts(result: ScenarioResult, flow: Flow) -> list[float]:
    """What the flow costs in each month, in the plan's currency; proceeds are negative."""
    assert result.program is not None
    total = np.zeros(len(result.monthly["cash_cost"]))
    for sign, key, place in flow.terms:
        value = result.program.value(key)[0]
        total = total + sign * value[min(place, len(value) - 1)]
    return [float(amount) for amount in total]


def rows(result: PlanResult) -> Iterator[tuple[str | float, ...]]:
    """The table's rows in the order of COLUMNS, months in which nothing is paid left out.

    Times are in ISO 8601 and the end of a period is the start of the next one, as FOCUS has it.
    """
    settings = result.plan.settings
    starts = [dt.datetime.combine(day, dt.time()).strftime(_MARK) for day in period_starts(settings)]
    for one in result.scenarios:
        if one.program is None or not one.monthly:
            continue
        for flow in flows(one.graph):
            words = _words(one, flow)
            for month, amount in enumerate(amounts(one, flow)):
                if amount:
                    yield (*words, starts[month], starts[month + 1], settings.currency, amount)


def write_flows(result: PlanResult, path: Path) -> int:
    """Write the table to a .csv or .xlsx file, whole or not at all; the number of rows is returned.

    .csv: UTF-8 with a mark by which Excel knows it, commas, numbers in full precision with a point. .xlsx:
    one sheet of values, periods as dates. ExportError where it cannot be written, or has another ending.
    """
    kind = path.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise ExportError(f"“{path.name}” must end in .csv or .xlsx: choose one of them for the table.")
    count = 0

    def write(fresh: Path) -> None:
        nonlocal count
        count = _write_csv(result, fresh) if kind == ".csv" else _write_workbook(result, fresh)

    write_safely(path, write)
    return count


def _write_csv(result: PlanResult, path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for row in rows(result):
            out.writerow([csv_text(field) if isinstance(field, str) else repr(field) for field in row])
            count += 1
    return count


def _write_workbook(result: PlanResult, path: Path) -> int:
    count = 0
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"constant_memory": True}) as book:
        heading = book.add_format({"bold": True, "bottom": 1})
        looks = (None, book.add_format({"num_format": DATE}), book.add_format({"num_format": DECIMAL}))
        sheet = book.add_worksheet(_SHEET)
        for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, heading)
        sheet.freeze_panes(1, 0)
        for count, row in enumerate(rows(result), start=1):
            if count > _MOST_ROWS:
                raise ExportError(
                    f"The table has more than {_MOST_ROWS:,} rows, which no sheet of Excel holds: "
                    "write it as .csv, or for fewer scenarios."
                )
            for column, field in enumerate(row):
                if not isinstance(field, str):
                    sheet.write_number(count, column, field, looks[2])
                elif column in _DAYS:
                    sheet.write_datetime(count, column, dt.date.fromisoformat(field[:10]), looks[1])
                else:
                    sheet.write_string(count, column, cell_text(field))
        sheet.autofilter(0, 0, max(count, 1), len(COLUMNS) - 1)
    path.write_bytes(made.getvalue())
    return count


def _charged(kind: str, key: str) -> tuple[str, str]:
    if kind == "commitment":
        return _ON_DEMAND if key.endswith("/overflow_cost") else _RESERVED
    return _CHARGED.get(kind, ("Usage", "Recurring"))


def _words(result: ScenarioResult, flow: Flow) -> tuple[str, ...]:
    """The columns before the period."""
    line = flow.line
    about = (line.category, line.name, line.kind) if line is not None else ("", _HORIZON, "")
    charges = (flow.treatment, flow.charge, flow.frequency, flow.service)
    return (result.scenario, result.case, *about, *charges)
