"""The reference plan that ships: complete, sourced, computed, and free of the traps of published models."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from desktop_app.engine.compute import PlanResult, compute
from desktop_app.engine.model import Plan
from desktop_app.engine.risk import uncertain
from desktop_app.exchange.price_books import load_tax_tables
from desktop_app.exchange.templates import load_template, templates

OWN, CLOUD, API, HYBRID = "Own servers", "Cloud reserved", "Per-token API", "Hybrid"
HOURS = 730


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_template(templates()[0])


@pytest.fixture(scope="module")
def result(plan: Plan) -> PlanResult:
    return compute(plan, cases=("", *(case.name for case in plan.cases)))


def lines(plan: Plan, scenario: str) -> dict[str, dict[str, str]]:
    found = next(one for one in plan.scenarios if one.name == scenario)
    return {line.name: dict(line.fields) for line in found.lines}


def line_cost(result: PlanResult, scenario: str, name: str, statement: str = "opex") -> np.ndarray:
    """What one line adds to a statement, by month."""
    one = result.scenario(scenario)
    assert one.program is not None
    block_key, place = one.graph.line_places[name]
    block = next(block for block in one.graph.blocks if block.key == block_key)
    total = np.zeros(60)
    for sign, row in dict(block.feeds)[statement]:
        value = one.program.value(row)
        total += sign * np.broadcast_to(value, (1, len(block.lines), 60))[0, place]
    return total


@pytest.mark.parametrize("template", templates(), ids=lambda one: one.id)
def test_every_template_computes_without_an_error(template):
    plan = load_template(template)
    result = compute(plan, cases=("", *(case.name for case in plan.cases)))
    assert result.issues == ()
    assert plan.baseline in {one.name for one in plan.scenarios}
    assert plan.preferred in {one.name for one in plan.scenarios}
    for one in result.scenarios:
        # an API has no GPU-hours, and says so
        none = [name for name, figure in one.figures.items() if figure.value is None]
        assert none in ([], [f"cost_per_gpu_hour_{hours}" for hours in ("installed", "available", "used")])
        assert not none or one.scenario == API
        assert [issue.where for issue in one.issues] == [f"figure {name}" for name in none], one.name
        assert all(check.holds for check in one.checks), one.name


@pytest.mark.parametrize("template", templates(), ids=lambda one: one.id)
def test_every_assumption_says_where_it_comes_from(template):
    plan = load_template(template)
    for driver in plan.drivers:
        assert driver.label, driver.name
        assert driver.group, driver.name
        assert driver.source.text, driver.name
        entered = re.fullmatch(r"-?[\d.,]+\s*[kMG%]?", driver.value)
        if entered and driver.source.text != "By scenario":
            assert re.match(r"\d{4}", driver.source.date), f"{driver.name} has no date"
    names = {driver.name for driver in plan.drivers}
    for one in plan.scenarios:
        for line in one.lines:
            by_driver = names & set(re.findall(r"[a-z_0-9]+", " ".join(line.fields.values())))
            assert line.source.text or by_driver, f"{one.name}, {line.name}"


def test_it_has_the_size_that_benchmarks_rely_on(plan):
    assert [one.name for one in plan.scenarios] == [OWN, CLOUD, API, HYBRID]
    assert plan.settings.months == 60
    assert 35 <= len(plan.drivers) <= 60
    assert 50 <= sum(len(one.lines) for one in plan.scenarios) <= 70
    kinds = {line.kind for one in plan.scenarios for line in one.lines}
    assert kinds >= {"purchase", "fleet", "recurring", "usage", "commitment", "staff", "adjustment"}
    assert {case.name for case in plan.cases} == {"High demand", "Low demand", "Cloud prices fall faster"}


def test_every_range_bears_on_a_scenario(plan, result):
    ranged = {driver.name for driver in plan.drivers if driver.range is not None}
    assert len(ranged) >= 12
    used: set[str] = set()
    for name in (OWN, CLOUD, API, HYBRID):
        spreads, issues = uncertain(plan, result.scenario(name))
        assert issues == []
        used |= set(spreads)
    assert used == ranged
    for spreads in (uncertain(plan, result.scenario(name))[0] for name in (OWN, CLOUD, API, HYBRID)):
        for name, spread in spreads.items():
            assert spread.low <= spread.likely <= spread.high, name


def test_servers_follow_from_tokens_by_hand(plan, result):
    tokens = 150e6 * 1000
    busy = tokens / (2909 * 0.55 * 3600)
    servers = math.ceil(busy / HOURS * 1.8 * 1.15 / 8)
    one = result.scenario(OWN)
    assert one.program is not None
    assert one.program.value("driver/servers")[0, 0, 0] == servers == 10
    assert line_cost(result, OWN, "GPU servers", "capex")[0] == pytest.approx(servers * 8 * 39_083)


def test_nothing_is_eight_times_too_high(result):
    """A price printed per instance or per server is used as what it is."""
    one = result.scenario(CLOUD)
    assert one.program is not None
    hours = one.program.value("driver/cloud_hours")[0, 0]
    cost = line_cost(result, CLOUD, "GPU instances")
    rate = cost[0] / hours[0]
    assert 55.04 / 8 * (1 - 0.41) <= rate <= 55.04 / 8
    per_gpu_hour = {
        name: result.scenario(name).figures["cost_per_gpu_hour_used"].value for name in (OWN, CLOUD, HYBRID)
    }
    assert all(2 < value < 15 for value in per_gpu_hour.values() if value is not None), per_gpu_hour


def test_power_is_charged_once_for_the_load_and_energy_is_kwh(result):
    servers = 10
    it_power = servers * 10.2 * 1.08
    kwh = it_power * 0.75 * 1.25 * HOURS
    assert line_cost(result, OWN, "Electricity")[0] == pytest.approx(kwh * 0.146)
    assert line_cost(result, OWN, "Colocation")[0] == pytest.approx(it_power * 230)
    assert result.scenario(OWN).figures["facility_power"].value == pytest.approx(28 * 10.2 * 1.08 * 1.25)


def test_tokens_are_charged_per_million(result):
    tokens = 150e6 * 1000
    billed = 1.02 * 0.85
    assert line_cost(result, API, "Output tokens")[0] == pytest.approx(tokens / 1e6 * 5 * billed)
    assert line_cost(result, API, "Input tokens")[0] == pytest.approx(tokens / 1e6 * 0.4 * billed)
    assert line_cost(result, API, "Cached input tokens")[0] == pytest.approx(
        tokens / 1e6 * 0.6 * 0.2 * billed
    )


def test_reserved_hours_are_paid_whether_used_or_not(plan, result):
    """In the first month of each year the reservation is 95% of need; no month costs less than it."""
    cost = line_cost(result, CLOUD, "GPU instances")
    one = result.scenario(CLOUD)
    assert one.program is not None
    hours = one.program.value("driver/cloud_hours")[0, 0]
    for year in range(5):
        reserved = 0.95 * hours[0] * 1.25**year
        floor = reserved * 6.88 * 0.59 * 0.92**year
        assert (cost[12 * year : 12 * year + 12] >= floor - 0.01).all()


def test_staff_is_in_every_scenario_and_nobody_is_free(result):
    for name in (OWN, CLOUD, API, HYBRID):
        share = result.scenario(name).figures["people_share"].value
        assert share is not None
        assert 0.05 < share < 0.5, name


def test_book_value_never_falls_below_zero_and_tax_follows_the_published_table(plan, result):
    for name in (OWN, HYBRID):
        assert (result.scenario(name).monthly["net_book_value"] >= -1e-6).all()
    published = load_tax_tables().table(5)
    assert published is not None
    table = next(one for one in plan.tables if one.name == "macrs_5")
    assert [100 * row[1][0] for row in table.rows] == pytest.approx(published.percentages)


def test_cash_foots_in_every_scenario_and_case(result):
    for one in result.scenarios:
        by_category = sum(values.sum() for values in one.by_category.values())
        figures = {name: figure.value for name, figure in one.figures.items()}
        recovered = one.monthly["horizon_recovery"].sum()
        assert figures["tco"] == pytest.approx(by_category - recovered, abs=0.005)
        assert figures["tco"] == pytest.approx(
            figures["capex"] + figures["opex"] - figures["recovered"], abs=0.005
        )
        assert 0 < figures["npv_cost"] < figures["tco"] + figures["recovered"]


def test_owning_breaks_even_within_the_published_span(result):
    """Published break-even times of owned against rented GPUs run from 4 months to 3 years."""
    pairs = {(pair.a, pair.case): pair for pair in result.pairs}
    for name in (OWN, HYBRID):
        for case in ("", "High demand", "Low demand", "Cloud prices fall faster"):
            month = pairs[(name, case)].figures["break_even_month"].value
            assert month is not None
            assert 4 < month < 36, (name, case)


def test_cases_move_the_figures_the_way_their_names_say(result):
    def tco(name: str, case: str = "") -> float:
        value = result.scenario(name, case).figures["tco"].value
        assert value is not None
        return value

    for name in (OWN, CLOUD, API, HYBRID):
        assert tco(name, "Low demand") < tco(name) < tco(name, "High demand")
    assert tco(OWN, "Cloud prices fall faster") == tco(OWN)
    assert tco(CLOUD, "Cloud prices fall faster") < tco(CLOUD)
    assert tco(API, "Cloud prices fall faster") < tco(API)


def test_hybrid_holds_only_what_differs(plan):
    hybrid = next(one for one in plan.scenarios if one.name == HYBRID)
    assert hybrid.based_on == OWN
    assert set(hybrid.drivers) == {"owned_peak", "owned_load", "cloud_load"}
    assert not set(lines(plan, HYBRID)) & set(lines(plan, OWN))


def test_what_is_paid_by_the_token_has_no_cost_per_gpu_hour(result):
    api = result.scenario(API)
    for name in ("installed", "available", "used"):
        assert api.figures[f"cost_per_gpu_hour_{name}"].value is None
        said = next(one for one in api.issues if one.where == f"figure cost_per_gpu_hour_{name}")
        assert (said.code, said.severity) == ("no-figure", "warning")
        assert f"“GPU-hours {name}”" in said.message
    assert api.figures["carbon"].value > 0
