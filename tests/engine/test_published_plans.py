"""Published cases that are plans or formulas, written as a user would and computed by the plan engine."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from desktop_app.engine.compute import compute
from desktop_app.engine.model import Driver, Plan, Scenario, Settings
from desktop_app.engine.sensitivity import solve
from tests.engine.plans import line, result_of, value

GOLDEN = Path(__file__).parent.parent / "data" / "golden"


def golden(name: str) -> tuple[dict[str, Any], dict[str, float]]:
    """Inputs, and the outputs that the inputs lead to."""
    case = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    given = {key: entry["value"] for key, entry in case["inputs"].items()}
    return given, {key: entry.get("rederived", entry["value"]) for key, entry in case["outputs"].items()}


@pytest.mark.parametrize("tier", ["low", "high"])
def test_colocation_bill(tier: str) -> None:
    given, wanted = golden("alpha_one_2026_colocation_monthly_8xh100")
    bill = given[tier]
    (power,) = (key for key in bill if key.startswith("power_"))
    rate = power.rpartition("_")[2]
    result = result_of(
        line("Cabinet", "recurring", "Colocation", unit_price=f"{bill['cabinet']} USD/month"),
        line("Power", "recurring", "Power", quantity="8 kW", unit_price=f"{rate} USD/kW/month"),
        line("Bandwidth", "recurring", "Colocation", unit_price=f"${bill['bandwidth']}"),
        line("Remote hands", "recurring", "Colocation", unit_price=f"{bill['remote_hands']}"),
        months=12,
    )
    assert result.by_category["Power"][0] == wanted[f"power_{tier}"]
    assert result.monthly["cash_cost"].tolist() == [wanted[f"total_{tier}"]] * 12
    assert result.figures["tco"].value == wanted[f"annual_{tier}"]


@pytest.mark.parametrize(
    ("rate", "key"),
    [
        ("cloud_on_demand", "breakeven_on_demand"),
        ("cloud_1y_reserved", "breakeven_1y_reserved"),
        ("cloud_3y_reserved", "breakeven_3y_reserved"),
    ],
)
def test_break_even_of_a_server_against_the_cloud(rate: str, key: str) -> None:
    given, wanted = golden("lenovo_lp2225_2025_breakeven_8xh100")
    plan = Plan(
        "Server or cloud",
        Settings(months=60, hours="720"),
        (
            Driver("server_price", "USD", str(given["server_price"])),
            Driver("running", "USD/hour", str(given["onprem_hourly_opex"])),
            Driver("cloud", "USD/hour", str(given[rate])),
        ),
        (
            Scenario("Cloud", lines=(line("Instance", "usage", quantity="HOURS()", unit_price="cloud"),)),
            Scenario(
                "Own",
                lines=(
                    line("Server", "purchase", unit_price="server_price"),
                    line("Power and cooling", "usage", quantity="HOURS()", unit_price="running"),
                ),
            ),
        ),
        measures={"gpu_hours_used": "HOURS() * gpus"},
    )
    plan = Plan(
        plan.name,
        plan.settings,
        (*plan.drivers, Driver("gpus", "GPU", "8")),
        plan.scenarios,
        measures=plan.measures,
    )
    result = compute(plan)
    figures = result.pairs[0].figures
    assert figures["break_even_gpu_hours"].value == pytest.approx(8 * wanted[key])
    assert figures["break_even_month"].value == pytest.approx(wanted[key] / 720)
    if key == "breakeven_on_demand":
        assert figures["break_even_month"].value == pytest.approx(wanted["breakeven_on_demand_months"])
        year = compute(plan).scenario("Cloud").monthly["cash_cost"][0] / 720 * 8760
        assert year == pytest.approx(wanted["cloud_cost_year"])


def test_a_month_of_api_calls() -> None:
    given, wanted = golden("gitintel_2026_api_monthly_workload_cost")
    drivers = [
        Driver("calls", "request/month", f"{given['calls_per_day']} * {given['days']}"),
        Driver("tokens_in", "token/month", f"calls * {given['input_tokens']} * each"),
        Driver("tokens_out", "token/month", f"calls * {given['output_tokens']} * each"),
        Driver("each", "token/request", "1"),
    ]
    scenarios = []
    for model in ("sonnet", "gemini_2_0_flash"):
        drivers += [Driver(f"{model}_{way}", "USD/Mtoken", str(given[model][way])) for way in ("in", "out")]
        scenarios.append(
            Scenario(
                model,
                lines=(
                    line("Input", "usage", "Input", quantity="tokens_in", unit_price=f"{model}_in"),
                    line("Output", "usage", "Output", quantity="tokens_out", unit_price=f"{model}_out"),
                ),
            )
        )
    measures = {"tokens_in": "tokens_in", "tokens_out": "tokens_out", "requests": "calls"}
    result = compute(Plan("API", Settings(months=1), tuple(drivers), tuple(scenarios), measures=measures))
    for model, name in (("sonnet", "sonnet"), ("gemini_2_0_flash", "gemini")):
        found = result.scenario(model)
        assert found.by_category["Input"].sum() == pytest.approx(wanted[f"{name}_input"])
        assert found.by_category["Output"].sum() == pytest.approx(wanted[f"{name}_output"])
        assert found.figures["tco"].value == pytest.approx(wanted[f"{name}_total"])
    dear, cheap = (one.figures["tco"].value or 0 for one in result.scenarios)
    assert dear / cheap == pytest.approx(wanted["ratio"])


def test_power_of_a_data_centre() -> None:
    given, wanted = golden("aiinframap_2026_datacenter_power_10000_h100")
    drivers = (
        Driver("gpus", "GPU", str(given["gpus"])),
        Driver("tdp", "kW/GPU", str(given["tdp"])),
        Driver("overhead", "", str(given["server_overhead_factor"])),
        Driver("pue", "", str(given["pue"])),
        Driver("redundancy", "", str(given["redundancy_n_plus_1"])),
        Driver("price", "USD/kWh", str(given["electricity"])),
        Driver("load", "kW", "gpus * tdp * overhead"),
        Driver("facility", "MW", "load * pue"),
        Driver("energy", "MWh/month", "facility * HOURS()"),
    )
    assert value("gpus * tdp", drivers=drivers, unit="kW")[0] == pytest.approx(wanted["it_load_accelerators"])
    assert value("load", drivers=drivers, unit="kW")[0] == pytest.approx(wanted["it_load_servers"])
    assert value("facility", drivers=drivers, unit="MW")[0] == pytest.approx(wanted["facility_load"])
    sized = value("facility * redundancy", drivers=drivers, unit="MW")[0]
    assert sized == pytest.approx(wanted["sized_capacity"])
    result = result_of(
        line("Electricity", "usage", quantity="energy", unit_price="price"),
        drivers=drivers,
        months=12,
        settings={"hours": "730"},
        measures={"energy": "energy", "facility_power": "facility"},
    )
    assert given["hours"] == 12 * 730
    assert result.figures["energy"].value == pytest.approx(wanted["annual_energy"] * 1e3)
    assert result.figures["facility_power"].value == pytest.approx(wanted["facility_load"] * 1e3)
    assert result.figures["tco"].value == pytest.approx(wanted["annual_cost"] * 1e6)


@pytest.mark.parametrize("term", ["1y", "3y"])
def test_a_reservation_is_paid_used_or_not(term: str) -> None:
    given, wanted = golden("alpha_one_2026_reserved_breakeven_utilisation")
    plan = Plan(
        "Reserve or not",
        Settings(months=12, hours="730"),
        (
            Driver("gpus", "GPU", str(given["gpus"])),
            Driver("use", "%", "80"),
            Driver("needed", "GPU-hour/month", "gpus * HOURS() * use"),
            Driver("reserved", "USD/GPU-hour", str(given[f"reserved_{term}"])),
            Driver("on_demand", "USD/GPU-hour", str(given["on_demand"])),
        ),
        (
            Scenario("On demand", lines=(line("x", "usage", quantity="needed", unit_price="on_demand"),)),
            Scenario(
                "Reserved",
                lines=(
                    line(
                        "x",
                        "commitment",
                        committed="gpus * HOURS()",
                        quantity="needed",
                        unit_price="reserved",
                    ),
                ),
            ),
        ),
    )
    result = compute(plan)
    assert given["hours"] == 12 * 730
    hired, reserved = (result.scenario(name).figures["tco"].value or 0 for name in ("On demand", "Reserved"))
    if term == "3y":
        assert 100 * (1 - reserved / hired) == pytest.approx(wanted["saving_at_80pct_utilisation"])
    even = solve(result.scenario("On demand"), "use", "tco", result.scenario("Reserved"))
    assert 100 * even == pytest.approx(wanted[f"breakeven_{term}"])
    for percent in (100, 70, 40):
        part = hired / 0.8 * percent / 100 / 1e3
        assert part == pytest.approx(wanted[f"on_demand_{percent}pct"])


EXCEL = json.loads((GOLDEN / "excel_dax_financial_functions.json").read_text(encoding="utf-8"))["outputs"]
# What takes a list or dates in Excel takes a row of months here.
TYPED = [text for text in EXCEL if re.match(r"[A-Z]+\(", text) and not re.match(r"[XM]?(NPV|IRR)\(", text)]


@pytest.mark.parametrize("text", TYPED)
def test_excels_documented_calls_typed_as_formulas(text: str) -> None:
    published = EXCEL[text]
    try:
        found = value(text)[0]
    except AssertionError:
        pytest.fail(f"{text} cannot be typed")
    assert found == pytest.approx(published.get("rederived", published["value"]), rel=1e-7)
