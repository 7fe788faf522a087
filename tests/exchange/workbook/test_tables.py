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
from desktop_app.exchange.workbook import tables
from desktop_app.exchange.workbook.saving import ExportError
from desktop_app.exchange.workbook.tables import COLUMNS, SERVICE_CATEGORIES, rows, write_flows

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
    count = write_flows(result, path)
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
    write_flows(result, path)
    texts = {text for row in _read(path) for name, text in row.items() if name != "BilledCost"}
    assert "'=cmd|' /c calc'!A1" in texts
    assert not any(text.startswith(("=", "+", "-", "@")) for text in texts)


def test_a_csv_that_cannot_be_written_leaves_the_old_one(result: PlanResult, tmp_path: Path) -> None:
    path = tmp_path / "flows.csv"
    path.write_text("old")
    path.chmod(0o444)
    with pytest.raises(ExportError, match="read-only"):
        write_flows(result, path)
    assert path.read_text() == "old"


def test_the_workbook_holds_the_same_rows_as_values(result: PlanResult, tmp_path: Path) -> None:
    path = tmp_path / "flows.xlsx"
    count = write_flows(result, path)
    (sheet,) = openpyxl.load_workbook(path)
    found = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    assert found[0] == COLUMNS
    assert sheet.auto_filter.ref == f"A1:M{count + 1}"
    for one, row in zip(rows(result), found[1:], strict=True):
        assert tuple(text or "" for text in row[:9]) == one[:9]
        assert [day.strftime("%Y-%m-%dT%H:%M:%SZ") for day in row[9:11]] == list(one[9:11])
        assert row[11:12] == one[11:12]
        assert row[12] == pytest.approx(one[12], rel=1e-15)
    assert count == len(found) - 1
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_a_table_of_another_kind_is_refused(result: PlanResult, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"must end in \.csv or \.xlsx"):
        write_flows(result, tmp_path / "flows.parquet")


def test_a_sheet_has_only_so_many_rows(
    result: PlanResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_MOST_ROWS", 40)
    with pytest.raises(ExportError, match=r"more than 40 rows.*as .csv"):
        write_flows(result, tmp_path / "flows.xlsx")
    assert list(tmp_path.iterdir()) == []
