"""The tidy table of cash flows: every cent of the cash cost, in columns that other tools know."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from desktop_app.engine.compute import PlanResult, compute
from desktop_app.engine.model import Case, CostLine, Driver, Plan, Scenario, Settings
from desktop_app.exchange.workbook.pack import lay_out
from desktop_app.exchange.workbook.saving import ExportError
from desktop_app.exchange.workbook.sheet import BODY, Sheet
from desktop_app.exchange.workbook.styles import StyledBook
from desktop_app.exchange.workbook.tables import COLUMNS, SERVICE_CATEGORIES, rows, write_csv, write_table

PLAN = Plan(
    "Tables",
    Settings(months=36, start=dt.date(2027, 4, 1), horizon_value="book"),
    drivers=(Driver("gpus", "GPU", "16"), Driver("hours", "GPU*hour/month", "gpus*HOURS()")),
    scenarios=(
        Scenario(
            "=Own; 'base'",
            lines=(
                CostLine(
                    "Servers",
                    "purchase",
                    "compute",
                    {"quantity": "gpus", "unit_price": "30k", "life": "24", "residual": "10%"},
                ),
                CostLine(
                    "=cmd|' /c calc'!A1", "recurring", "Support", {"unit_price": "900", "every": "quarter"}
                ),
                CostLine("Ops", "staff", "People", {"fte": "2", "salary": "120k", "hiring_cost": "9k"}),
                CostLine("Fibre", "lease", "Networking", {"principal": "90k", "term": "30"}),
                CostLine("Grant", "adjustment", "", {"amount": "-50k", "start": "6"}),
            ),
        ),
        Scenario(
            "Cloud",
            lines=(
                CostLine(
                    "Reserved",
                    "commitment",
                    "Compute",
                    {
                        "committed": "6000 GPU*hour/month",
                        "quantity": "hours",
                        "unit_price": "2",
                        "on_demand_price": "3",
                        "term": "24",
                        "upfront": "20%",
                    },
                ),
                CostLine(
                    "Tokens", "usage", "AI and Machine Learning", {"quantity": "hours", "unit_price": "0.1"}
                ),
            ),
        ),
        Scenario("Broken", lines=(CostLine("x", "usage", "y", {"quantity": "nothing", "unit_price": "1"}),)),
    ),
    cases=(Case("more", {"gpus": "24"}),),
)


@pytest.fixture(scope="module")
def result() -> PlanResult:
    return compute(PLAN, cases=("", "more"))


def _totals(table: list[dict[str, str]]) -> dict[tuple[str, str, str], float]:
    found: dict[tuple[str, str, str], float] = defaultdict(float)
    for row in table:
        found[row["x_Scenario"], row["x_Case"], row["ChargePeriodStart"]] += float(row["BilledCost"])
    return found


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_adds_up_to_the_cash_cost_of_every_month(result: PlanResult, tmp_path: Path) -> None:
    path = tmp_path / "flows.csv"
    count = write_csv(result, path)
    table = _read(path)
    assert len(table) == count
    assert tuple(table[0]) == COLUMNS
    totals = _totals(table)
    compared = 0
    for one in result.scenarios:
        shown = "'" + one.scenario if one.scenario.startswith("=") else one.scenario
        for month, cost in zip(
            result.months, one.monthly.get("cash_cost", ()), strict=one.program is not None
        ):
            found = totals.pop((shown, one.case, f"{month}-01T00:00:00Z"), 0.0)
            assert found == pytest.approx(float(cost), abs=1e-6), (one.name, month)
            compared += 1
    assert compared == 4 * 36
    assert not totals


def test_columns_hold_what_focus_allows(result: PlanResult) -> None:
    table = [dict(zip(COLUMNS, row, strict=True)) for row in rows(result)]
    assert {row["ChargeCategory"] for row in table} == {"Purchase", "Usage", "Adjustment"}
    assert {row["ChargeFrequency"] for row in table} == {"One-Time", "Recurring", "Usage-Based"}
    services = {(row["x_Category"], row["ServiceCategory"]) for row in table}
    assert ("compute", "Compute") in services
    assert ("Support", "Other") in services
    assert {service for _, service in services} <= {*SERVICE_CATEGORIES, "Other"}
    assert {row["BillingCurrency"] for row in table} == {"USD"}
    assert all(row["BilledCost"] for row in table)
    assert {row["x_Scenario"] for row in table} == {"=Own; 'base'", "Cloud"}
    reserved = {row["ChargeCategory"] for row in table if row["ChargeDescription"] == "Reserved"}
    assert reserved == {"Purchase", "Usage"}


def test_a_period_ends_where_the_next_begins(result: PlanResult) -> None:
    by_start = {str(row[9]): str(row[10]) for row in rows(result)}
    starts = sorted(by_start)
    assert starts[0] == "2027-04-01T00:00:00Z"
    assert [by_start[start] for start in starts[:-1]] == starts[1:]
    weekly = compute(replace(PLAN, settings=replace(PLAN.settings, fiscal_pattern="4-4-5")))
    assert "2027-04-29T00:00:00Z" in {str(row[9]) for row in rows(weekly)}


def test_no_field_of_the_csv_is_a_formula_for_a_spreadsheet(result: PlanResult, tmp_path: Path) -> None:
    path = tmp_path / "flows.csv"
    write_csv(result, path)
    texts = {text for row in _read(path) for name, text in row.items() if name != "BilledCost"}
    assert "'=cmd|' /c calc'!A1" in texts
    assert not any(text.startswith(("=", "+", "-", "@")) for text in texts)


def test_a_csv_that_cannot_be_written_leaves_the_old_one(result: PlanResult, tmp_path: Path) -> None:
    path = tmp_path / "flows.csv"
    path.write_text("old")
    path.chmod(0o444)
    with pytest.raises(ExportError, match="read-only"):
        write_csv(result, path)
    assert path.read_text() == "old"


def test_the_sheet_holds_a_formula_for_every_amount(tmp_path: Path) -> None:
    result = compute(PLAN)
    pack = lay_out(result, None, lambda: None)
    path = tmp_path / "table.xlsx"
    with StyledBook(str(path)) as book:
        sheet = Sheet(book, book.add_worksheet("Cash flow table"), "Cash flow table", "Cash flow table")
        sheet.set_widths()
        write_table(sheet, pack)
        sheet.flush()
    values = openpyxl.load_workbook(path, data_only=True)["Cash flow table"]
    formulas = openpyxl.load_workbook(path)["Cash flow table"]
    head = [cell.value for cell in values[BODY + 1]]
    assert tuple(head) == COLUMNS
    totals: dict[tuple[str, dt.datetime], float] = defaultdict(float)
    for row in range(BODY + 2, values.max_row + 1):
        assert str(formulas.cell(row, 13).value).startswith("=")
        totals[values.cell(row, 1).value, values.cell(row, 10).value] += values.cell(row, 13).value
    for one in pack.results:
        for month, cost in zip(result.months, one.monthly["cash_cost"], strict=True):
            day = dt.datetime.fromisoformat(f"{month}-01")
            assert totals[one.scenario, day] == pytest.approx(float(cost), abs=0.005)
    assert len(totals) == 2 * 36
