"""Statements foot, balances roll, years and calendars add up, and tax comes out as it should."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.engine.compute import ScenarioResult, by_fiscal_year, compute, compute_scenario
from desktop_app.engine.finance.npv import present_value
from desktop_app.engine.model import Case, Driver, Plan, Scenario, Settings, Table
from desktop_app.engine.timeline import first_month, fiscal_years, month_names, period_starts
from tests.engine.plans import errors, line, plan_of, result_of

GOLDEN = Path(__file__).parent.parent / "data" / "golden"
GPUS = {"required": "8*GROWTH(40%)", "unit_price": "30k", "whole": "8", "life": "24"}
CLOUD = {"committed": "5", "quantity": "3+MONTH_INDEX()/10", "unit_price": "100", "on_demand_price": "200"}
RACKS = {"unit_price": "9k", "life": "30", "method": "sum_of_years", "tax_method": "immediate"}
SERVERS = {"unit_price": "100k", "life": "36", "residual": "10%", "refresh_every": "40"}
EVERYTHING = (
    line("Servers", "purchase", "Compute", **SERVERS),
    line("GPUs", "fleet", "Compute", method="declining_balance", **GPUS),
    line("Land", "purchase", "Site", unit_price="50k", life="20", method="none", residual="50%"),
    line("Racks", "purchase", "Site", **RACKS),
    line("Care", "recurring", "Support", unit_price="12k", every="year", start="3"),
    line("Late", "recurring", "Support", unit_price="3k", every="quarter", paid="arrears"),
    line("Power", "usage", "Site", quantity="10 kWh", unit_price="0.2 USD/kWh", price_change="3%"),
    line("Cloud", "commitment", "Cloud", upfront="30%", term="36", **CLOUD),
    line("Lease", "lease", "Compute", principal="200k", apr="6%", term="36", buy_out="1k"),
    line("Team", "staff", "People", fte="2", salary="120k", hiring_cost="10k", attrition="10%"),
    line("Grant", "adjustment", "Compute", amount="-20k", start="5"),
)


def whole(**rest: Any) -> ScenarioResult:
    return result_of(*EVERYTHING, months=60, **rest)


@pytest.mark.parametrize("standard", ["ifrs16", "asc842"])
@pytest.mark.parametrize("horizon", ["none", "book"])
def test_statements_foot_and_balances_roll(standard: str, horizon: str) -> None:
    result = whole(settings={"lease_standard": standard, "horizon_value": horizon, "tax_rate": "25%"})
    assert not errors(result)
    m = result.monthly
    assert m["cash_cost"] == pytest.approx(m["capex"] + m["opex"] - m["proceeds"] - m["horizon_recovery"])
    assert sum(result.by_category.values()) == pytest.approx(m["cash_cost"] + m["horizon_recovery"])
    assert m["expense"] == pytest.approx(
        m["operating_expense"] + m["depreciation"] + m["lease_expense"] + m["write_off"]
    )
    assert m["book_opening"][1:] == pytest.approx(m["net_book_value"][:-1])
    assert m["book_disposals"] == pytest.approx(m["proceeds"] + m["write_off"], abs=1e-6)
    assert m["net_book_value"] == pytest.approx(
        m["book_opening"] + m["capex"] - m["depreciation"] - m["proceeds"] - m["write_off"], abs=1e-6
    )
    assert m["asset_cost"] == pytest.approx(np.cumsum(m["capex"] - m["retired"]))
    assert (m["net_book_value"] > -1e-6).all()
    assert (m["net_book_value"] < m["asset_cost"] + 1e-6).all()
    assert m["cumulative_cost"][-1] == pytest.approx(result.figures["tco"].value)
    assert m["people"].sum() == pytest.approx(result.figures["people"].value)
    assert m["after_tax_cost"] == pytest.approx(m["cash_cost"] - 0.25 * m["tax_deduction"])
    closing = m["net_book_value"][-1] + m["right_of_use"][-1] - m["lease_liability"][-1]
    prepaid = (m["opex"] - m["lease_payments"] - m["operating_expense"]).sum()
    spent = (m["cash_cost"] + m["horizon_recovery"]).sum()
    assert spent - m["expense"].sum() == pytest.approx(closing + prepaid)
    assert {check.name for check in result.checks} >= {"register", "book_value", "leases", "categories"}
    assert all(check.holds for check in result.checks)


def test_over_an_assets_life_all_that_is_paid_is_expensed() -> None:
    ending = [
        dataclasses.replace(one, fields={**one.fields, "months": "12"})
        for one in EVERYTHING
        if one.kind in ("recurring", "usage", "staff", "adjustment")
    ]
    assets = (
        line("a", "purchase", unit_price="100k", life="36", residual="10%"),
        line("b", "purchase", unit_price="70k", life="20", method="declining_balance", start="4"),
        line("c", "purchase", unit_price="60k", life="48", method="sum_of_years"),
        line("d", "purchase", unit_price="50k", life="12", method="none"),
        line("e", "lease", principal="200k", apr="6%", term="36"),
    )
    result = result_of(*ending, *assets, months=72)
    assert result.monthly["expense"].sum() == pytest.approx(result.monthly["cash_cost"].sum())
    assert result.monthly["net_book_value"][-1] == pytest.approx(0, abs=1e-6)
    assert result.monthly["tax_deduction"].sum() == pytest.approx(result.monthly["cash_cost"].sum())


def test_a_check_can_fail() -> None:
    """A purchase of a negative amount alone leaves a book value below zero."""
    result = result_of(line("x", "purchase", unit_price="-100"))
    assert [issue.code for issue in errors(result)] == ["check-failed"]
    assert not next(check for check in result.checks if check.name == "book_value").holds


def test_net_book_value_counts_as_recovered_only_where_the_plan_says_so() -> None:
    made = line("x", "purchase", unit_price="1200", life="48", residual="25%")
    plain, counted = (result_of(made, settings={"horizon_value": value}) for value in ("none", "book"))
    assert plain.figures["tco"].value == 1200
    assert counted.figures["tco"].value == pytest.approx(1200 - (1200 - 0.75 * 1200 / 2))
    assert counted.figures["recovered"].value == pytest.approx(750)
    assert plain.figures["closing_book_value"].value == pytest.approx(750)


def test_what_is_recovered_above_the_tax_value_is_taxed() -> None:
    made = line("x", "purchase", unit_price="1200", life="48", tax_method="immediate")
    result = result_of(made, settings={"horizon_value": "book", "tax_rate": "30%"})
    assert result.monthly["tax_saving"].sum() == pytest.approx(0.3 * 600)
    assert result.monthly["after_tax_cost"].sum() == pytest.approx(600 * 0.7)


# time


@pytest.mark.parametrize("label", ["end", "start"])
@pytest.mark.parametrize("starts", range(1, 13))
def test_fiscal_years(starts: int, label: str) -> None:
    made = Settings(start=dt.date(2027, 5, 1), months=30, fiscal_year_start=starts, fiscal_label=label)
    for month, name, year in zip(range(30), month_names(made), fiscal_years(made), strict=True):
        calendar_year, calendar_month = 2027 + (4 + month) // 12, (4 + month) % 12 + 1
        assert name == f"{calendar_year}-{calendar_month:02d}"
        begins = calendar_year if calendar_month >= starts else calendar_year - 1
        assert year == (begins if label == "start" or starts == 1 else begins + 1)
    result = compute_scenario(Plan("p", made, (), (Scenario("A", lines=EVERYTHING[:1]),)), "A")
    years = tuple(int(y) for y in fiscal_years(made))
    assert sum(by_fiscal_year(result.monthly["cash_cost"], years).values()) == pytest.approx(
        result.figures["tco"].value
    )
    assert result.program is not None
    assert np.broadcast_to(result.program.value("time/fiscal_year")[0, 0], 30).tolist() == list(years)
    ends = result.program.value("time/tax_year_end")[0, 0]
    assert np.flatnonzero(ends).tolist() == [m for m in range(30) if (4 + m + 1) % 12 + 1 == starts]


@given(
    st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 28)),
    st.sampled_from(("4-4-5", "4-5-4", "5-4-4")),
    st.integers(1, 12),
)
def test_week_patterns(start: dt.date, pattern: str, fiscal: int) -> None:
    made = Settings(start=start, months=150, fiscal_pattern=pattern, fiscal_year_start=fiscal)
    days = period_starts(made)
    assert days[0] == start
    years, first = fiscal_years(made), first_month(made)
    weeks = [(b - a).days / 7 for a, b in pairwise(days)]
    assert all(length == int(length) for length in weeks)
    firsts = [place for place in range(1, 150) if years[place] != years[place - 1]]
    for begin, end in pairwise(firsts):
        year = weeks[begin:end]
        assert len(year) == 12
        assert sum(year) in (52, 53)
        normal = [int(w) for w in pattern.split("-")] * 4
        assert year in (normal, [*normal[:-1], normal[-1] + 1])
    # a year never drifts from where it began
    for place in firsts:
        anniversary = dt.date(
            first.year + (first.month - 1 + place) // 12, (first.month - 1 + place) % 12 + 1, 1
        ) + (start - first)
        assert abs((days[place] - anniversary).days) <= 14


@pytest.mark.parametrize(
    ("start", "fiscal", "begins"),
    [
        # National Retail Federation: the Sunday nearest to the first of February; 2023 and 2028 have 53 weeks
        (
            "2022-01-30",
            2,
            ["2023-01-29", "2024-02-04", "2025-02-02", "2026-02-01", "2027-01-31", "2028-01-30"],
        ),
        ("2026-02-01", 2, ["2027-01-31", "2028-01-30", "2029-02-04", "2030-02-03"]),
        ("2028-01-30", 2, ["2029-02-04"]),
        # the Sunday after the last Saturday of September; fiscal 2028 has 53 weeks
        ("2026-09-27", 10, ["2027-09-26", "2028-10-01"]),
    ],
)
def test_the_53rd_week_is_that_of_published_calendars(start: str, fiscal: int, begins: list[str]) -> None:
    made = Settings(
        start=dt.date.fromisoformat(start), months=80, fiscal_pattern="4-5-4", fiscal_year_start=fiscal
    )
    assert [day.isoformat() for day in period_starts(made)[12::12]][: len(begins)] == begins


def test_a_plan_that_begins_within_a_fiscal_year_has_the_same_weeks() -> None:
    whole_year = Settings(start=dt.date(2026, 2, 1), months=48, fiscal_pattern="4-4-5", fiscal_year_start=2)
    days = period_starts(whole_year)
    for place in (1, 2, 5, 11, 20):
        later = dataclasses.replace(whole_year, start=days[place], months=48 - place)
        assert period_starts(later) == days[place:]


def test_a_week_pattern_that_starts_in_december_is_the_year_of_january() -> None:
    made = Settings(start=dt.date(2026, 12, 28), months=24, fiscal_pattern="4-4-5")
    assert set(fiscal_years(made)[:12]) == {2027}
    assert month_names(made)[0] == "2027-01"
    assert [
        (b - a).days // 7 for a, b in zip(period_starts(made)[:4], period_starts(made)[1:4], strict=False)
    ] == [4, 4, 5]


def test_a_plan_starts_on_the_first_of_its_month() -> None:
    first, later = (
        compute_scenario(
            Plan("p", Settings(start=day, months=3), (), (Scenario("A", lines=EVERYTHING),)), "A"
        )
        for day in (dt.date(2027, 2, 1), dt.date(2027, 2, 17))
    )
    assert first.program is not None
    assert later.program is not None
    for key in ("time/start", "time/days", "time/fiscal_year"):
        assert first.program.value(key).tolist() == later.program.value(key).tolist()


@pytest.mark.parametrize(("timing", "offset"), [("start", 1.0), ("middle", 0.5), ("end", 0.0)])
def test_discounting(timing: str, offset: float) -> None:
    result = whole(settings={"discount_rate": "9%", "discount_timing": timing})
    flows = result.monthly["cash_cost"]
    wanted = sum(flow * 1.09 ** (-(month - offset) / 12) for month, flow in enumerate(flows, 1))
    assert result.figures["npv_cost"].value == pytest.approx(wanted)
    crf = 0.09 / (1 - 1.09**-5)
    assert result.figures["eac"].value == pytest.approx(wanted * crf)
    assert whole(settings={"discount_rate": "0%"}).figures["eac"].value == pytest.approx(flows.sum() / 5)


# figures


def test_unit_costs_and_energy() -> None:
    result = whole(
        drivers=(
            Driver("gpus", "GPU", "8"),
            Driver("tokens", "Gtoken/month", "1"),
            Driver("power", "kW", "20"),
        ),
        measures={
            "gpu_hours_installed": "gpus * HOURS()",
            "gpu_hours_available": "gpus * HOURS() * 95%",
            "gpu_hours_used": "gpus * HOURS() * 60%",
            "tokens_in": "tokens * 3",
            "tokens_out": "tokens",
            "requests": "1 Mrequest/month",
            "users": "500 users",
            "energy": "5 MWh/month",
            "facility_power": "power",
            "carbon": "2 tCO2/month",
        },
        settings={"hours": "730"},
    )  # fmt: skip
    assert not errors(result)
    found = {name: figure.value for name, figure in result.figures.items()}
    tco = found["tco"]
    assert tco is not None
    wanted = {
        "cost_per_gpu_hour_installed": tco / (8 * 730 * 60),
        "cost_per_gpu_hour_available": tco / (8 * 730 * 60 * 0.95),
        "cost_per_gpu_hour_used": tco / (8 * 730 * 60 * 0.6),
        "cost_per_million_tokens_in": tco / (3_000 * 60),
        "cost_per_million_tokens_out": tco / (1_000 * 60),
        "cost_per_million_tokens": tco / (4_000 * 60),
        "cost_per_thousand_requests": tco / (1_000 * 60),
        "cost_per_user_month": tco / (500 * 60),
        "energy": 300,
        "facility_power": 20,
        "carbon": 120,
        "peak_cash": result.monthly["cash_cost"].max(),
        "peak_funding": result.monthly["cumulative_cost"].max(),
        "capex_share": found["capex"] / (found["capex"] + found["opex"]),
        "people_share": found["people"] / (found["capex"] + found["opex"]),
    }
    for name, number in wanted.items():
        assert found[name] == pytest.approx(number), name


def test_a_figure_without_its_measure_is_left_out_and_one_over_nothing_is_said() -> None:
    assert "cost_per_gpu_hour_used" not in whole().figures
    result = whole(measures={"gpu_hours_used": "0"})
    assert result.figures["cost_per_gpu_hour_used"].value is None
    assert [i.where for i in result.issues if i.code == "no-figure"] == ["figure cost_per_gpu_hour_used"]


def test_the_matrix_of_scenarios_and_cases() -> None:
    plan = dataclasses.replace(
        plan_of(line("x", "usage", quantity="n", unit_price="1"), drivers=(Driver("n", "", "2"),), months=1),
        cases=(Case("High", {"n": "5"}),),
    )
    plan = dataclasses.replace(
        plan, scenarios=(*plan.scenarios, Scenario("Twice", "Only", drivers={"n": "4"}))
    )
    assert compute(plan, cases=("", "High")).matrix("tco") == {
        "Only": {"": 2.0, "High": 5.0},
        "Twice": {"": 4.0, "High": 5.0},
    }
    assert compute(plan).matrix("nonsense") == {"Only": {"": None}, "Twice": {"": None}}


# tax, published


def _golden(name: str) -> dict[str, Any]:
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


def test_after_tax_cash_flow_of_an_asset_sold_in_its_fourth_year() -> None:
    """The published case counts the gain twice in year 4; its own inputs lead to the figures we give."""
    case = _golden("after_tax_npv_macrs7_disposal_double_count")
    given = {name: entry["value"] for name, entry in case["inputs"].items()}
    shares = tuple((str(n), (share,)) for n, share in enumerate(given["macrs7"], 1))
    sale = given["sale_price_year4"] / given["cost"]
    yearly = given["operating_cost"] - given["revenue"]
    machine = {
        "unit_price": str(given["cost"]),
        "life": "47",  # sold in the last month of the fourth year
        "residual": repr(sale),
        "tax_method": "table",
        "tax_table": "macrs7",
    }
    plan = plan_of(
        line("Machine", "purchase", **machine),
        line("Running", "recurring", unit_price=str(yearly), every="year"),
        months=48,
        settings={"tax_rate": repr(given["tax"])},
        tables=(Table("macrs7", ("rate",), shares),),
    )
    result = compute(plan)
    cost = by_fiscal_year(result.scenarios[0].monthly["after_tax_cost"], result.fiscal_years)
    flows = [-value for value in cost.values()]
    flows[0] += given["cost"]
    outputs = case["outputs"]
    for year, flow in enumerate(flows, 1):
        wanted = outputs[f"cf_year{year}"]
        assert flow == pytest.approx(wanted.get("rederived") or wanted["value"], abs=0.5)
    npv = float(present_value(given["marr"], [-given["cost"], *flows]))
    assert npv == pytest.approx(outputs["npv"].get("rederived") or outputs["npv"]["value"], abs=0.5)


@pytest.mark.parametrize("years", [3, 5, 7, 10, 15])
def test_macrs_by_tax_year(years: int) -> None:
    rows = _golden("irs_pub946_macrs_tables")["outputs"]
    rates = [row["value"] / 100 for name, row in rows.items() if name.startswith(f"HY|{years}yr")]
    table = Table("macrs", ("rate",), tuple((str(n), (rate,)) for n, rate in enumerate(rates, 1)))
    months = 12 * (years + 2)
    made = {"unit_price": "1000", "start": "8", "life": "600", "tax_method": "table", "tax_table": "macrs"}
    calendar = {"tax_rate": "21%", "start": dt.date(2027, 4, 1), "fiscal_year_start": 1}
    result = compute(
        plan_of(line("x", "purchase", **made), months=months, tables=(table,), settings=calendar)
    )
    charge = by_fiscal_year(result.scenarios[0].monthly["tax_depreciation"], result.fiscal_years)
    assert list(charge.values())[: len(rates)] == pytest.approx([1000 * rate for rate in rates])
    assert sum(charge.values()) == pytest.approx(1000, abs=0.2)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 59))
def test_splitting_the_horizon_changes_no_month_before_it(months: int) -> None:
    long = whole(settings={"tax_rate": "25%"})
    short = result_of(*EVERYTHING, months=months, settings={"tax_rate": "25%"})
    for name in ("capex", "depreciation", "lease_liability", "people"):
        assert short.monthly[name] == pytest.approx(long.monthly[name][:months], abs=1e-6), name
    # what reaches its life with the plan goes in its last month, and the tax year it ends in counts so far
    before = months - 1
    for name in ("expense", "net_book_value", "proceeds", "asset_cost", "tax_depreciation", "tax_base_sold"):
        assert short.monthly[name][:before] == pytest.approx(long.monthly[name][:before], abs=1e-6), name
