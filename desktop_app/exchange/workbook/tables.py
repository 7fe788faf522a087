"""Cash flows as one tidy table for other tools: .csv, and a sheet of the pack.

Columns that the FinOps Open Cost and Usage Specification (FOCUS) knows carry its names and values; what only
Outlay knows has names that begin with x_, as the specification asks for.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from desktop_app.engine.compute import PlanResult, ScenarioResult
from desktop_app.engine.graph import Graph
from desktop_app.engine.model import CostLine
from desktop_app.engine.timeline import period_starts
from desktop_app.exchange.workbook.pack import Pack
from desktop_app.exchange.workbook.saving import ExportError, write_safely
from desktop_app.exchange.workbook.sheet import BODY, Sheet
from desktop_app.exchange.workbook.spots import FIRST
from desktop_app.exchange.workbook.styles import DATE, DECIMAL
from desktop_app.exchange.workbook.text import csv_text

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


def write_csv(result: PlanResult, path: Path) -> int:
    """Write the table to a .csv file, whole or not at all; the number of rows is returned. ExportError.

    UTF-8 with a mark by which Excel knows it; numbers in full precision with a point.
    """
    if path.suffix.lower() != ".csv":
        raise ExportError(f"“{path.name}” must end in .csv, since the table is text.")
    count = 0

    def write(fresh: Path) -> None:
        nonlocal count
        with fresh.open("w", encoding="utf-8-sig", newline="") as file:
            out = csv.writer(file)
            out.writerow(COLUMNS)
            for row in rows(result):
                out.writerow([csv_text(field) if isinstance(field, str) else repr(field) for field in row])
                count += 1

    write_safely(path, write)
    return count


def write_table(sheet: Sheet, pack: Pack) -> None:
    """Write the table of all months to a sheet of the pack, below its header; dates and amounts are formulas
    over the workings.
    """
    for column, characters in enumerate(_WIDTHS):
        sheet.width(column, characters)
    sheet.texts(BODY, 0, COLUMNS)
    start = pack.timeline.spot("time/start")
    days = pack.timeline.values("time/start")[0].tolist()
    lengths = pack.timeline.spot("time/days")
    day_counts = pack.timeline.values("time/days")[0].tolist()
    row = BODY + 1
    for one, part in zip(pack.results, pack.workings, strict=True):
        for flow in flows(one.graph):
            words = _words(one, flow)
            for month, amount in enumerate(amounts(one, flow)):
                column = FIRST + month
                sheet.texts(row, 0, words, "Label")
                first = start.cell(column)
                sheet.formula(row, 9, first, days[month], DATE, "Link")
                following = f"{first}+{lengths.cell(column)}"
                sheet.formula(row, 10, following, days[month] + day_counts[month], DATE, "Link")
                sheet.text(row, 11, pack.plan.settings.currency)
                cells = ((sign, part.spot(key, place).cell(column)) for sign, key, place in flow.terms)
                sheet.formula(row, 12, _sum(cells), amount, DECIMAL, "Link")
                row += 1


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


def _sum(cells: Iterable[tuple[int, str]]) -> str:
    text = "".join(f"{'-' if sign < 0 else '+'}{cell}" for sign, cell in cells)
    return text.removeprefix("+")
