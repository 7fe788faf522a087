"""Shapley values against all orders of independently computed mixtures of two scenarios."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest

from desktop_app.engine.bridge import EXACT_UP_TO, bridge, differences
from desktop_app.engine.compute import compute, compute_scenario
from desktop_app.engine.model import Case, CostLine, Driver, Plan, Scenario, Settings
from tests.engine.plans import line

A = Scenario(
    "A",
    lines=(
        line("Servers", "purchase", "Compute", quantity="servers", unit_price="price", life="36"),
        line("Support", "recurring", "Support", unit_price='1% * TOTAL("capex", "Compute")', every="year"),
        line("Power", "usage", "Site", quantity="servers * 10", unit_price="tariff"),
        line("Team", "staff", "People", fte="2", salary="100k"),
    ),
)  # fmt: skip
B = Scenario(
    "B",
    "A",
    drivers={"servers": "ROUNDUP(load * 1.5, 0)", "tariff": "0.3", "untouched": "7"},
    line_fields={"Servers": {"life": "24", "residual": "10%"}},
    lines=(
        line("Cloud", "usage", "Cloud", quantity="load * MONTH_INDEX()", unit_price="40"),
        line("Support", "recurring", "Support", unit_price='2% * TOTAL("capex", "Compute")', every="year"),
    ),
    removed=frozenset({"Team"}),
)
DRIVERS = (
    Driver("load", "", "6"),
    Driver("servers", "", "4"),
    Driver("price", "USD", "10k"),
    Driver("tariff", "USD", "0.2"),
    Driver("untouched", "", "7"),
)
PLAN = Plan("p", Settings(months=36, tax_rate="20%"), DRIVERS, (A, B), (Case("High", {"load": "12"}),))


def mixture(plan: Plan, taken: frozenset[str]) -> Plan:
    """Scenario A with some of B's differences, built from the plan's parts alone."""
    lines_a = {one.name: one for one in A.lines}
    lines_b = {one.name: one for one in (A.lines[0], *B.lines)}
    fields = {**A.lines[0].fields, "life": "24", "residual": "10%"}
    lines_b["Servers"] = dataclasses.replace(A.lines[0], fields=fields)
    lines_b["Power"] = lines_a["Power"]
    names = dict.fromkeys([*lines_a, *lines_b])
    made = [(lines_b if name in taken else lines_a).get(name) for name in names]
    drivers = tuple(
        dataclasses.replace(d, value=B.drivers[d.name]) if d.name in taken and d.name in B.drivers else d
        for d in plan.drivers
    )
    kept: tuple[CostLine, ...] = tuple(one for one in made if one is not None)
    return dataclasses.replace(plan, drivers=drivers, scenarios=(Scenario("Mixed", lines=kept),))


def brute(plan: Plan, names: list[str], figure: str) -> dict[str, float]:
    worth: dict[frozenset[str], float] = {}
    for size in range(len(names) + 1):
        for subset in itertools.combinations(names, size):
            found = compute_scenario(mixture(plan, frozenset(subset)), "Mixed").figures[figure].value
            assert found is not None
            worth[frozenset(subset)] = found
    gains = dict.fromkeys(names, 0.0)
    orders = list(itertools.permutations(names))
    for order in orders:
        for place, name in enumerate(order):
            before = frozenset(order[:place])
            gains[name] += (worth[before | {name}] - worth[before]) / len(orders)
    return gains


@pytest.mark.parametrize("figure", ["tco", "npv_cost", "npv_after_tax", "eac"])
def test_exact_against_every_order_of_every_mixture(figure: str) -> None:
    found = bridge(PLAN, "A", "B", figure)
    names = [step.difference.name for step in found.steps]
    assert sorted(names) == ["Cloud", "Servers", "Support", "Team", "servers", "tariff"]
    wanted = brute(PLAN, names, figure)
    for step in found.steps:
        assert step.amount == pytest.approx(wanted[step.difference.name], rel=1e-9, abs=1e-6)
        assert step.error == 0
    both = compute(PLAN)
    assert found.start == pytest.approx(both.scenario("A").figures[figure].value)
    assert found.end == pytest.approx(both.scenario("B").figures[figure].value)
    assert found.exact
    assert found.start + sum(step.amount for step in found.steps) == pytest.approx(found.end, rel=1e-12)


def test_what_does_not_differ_gets_no_step() -> None:
    listed = {one.name: (one.kind, one.a, one.b) for one in differences(PLAN, "A", "B")}
    assert "untouched" not in listed
    assert "Power" not in listed
    assert listed["servers"] == ("driver", "4", "ROUNDUP(load * 1.5, 0)")
    assert listed["Cloud"][1] == ""
    assert listed["Team"][2] == ""
    assert bridge(PLAN, "A", "A").steps == ()
    assert bridge(PLAN, "A", "A").start == bridge(PLAN, "A", "A").end


def test_a_difference_without_effect_is_a_step_of_nothing() -> None:
    other = Scenario("C", "A", drivers={"untouched": "9"})
    plan = dataclasses.replace(PLAN, scenarios=(*PLAN.scenarios, other))
    (step,) = bridge(plan, "A", "C").steps
    assert (step.difference.name, step.amount) == ("untouched", 0)


def test_from_one_case_to_another() -> None:
    found = bridge(PLAN, "B", "B", "tco", case="", case_b="High")
    assert [step.difference.name for step in found.steps] == ["load"]
    result = compute(PLAN, cases=("", "High"))
    assert found.end == pytest.approx(result.scenario("B", "High").figures["tco"].value)
    assert found.steps[0].amount == pytest.approx((found.end or 0) - (found.start or 0))


def many(count: int) -> Plan:
    """A product of groups of drivers, so that orders matter."""
    drivers = tuple(Driver(f"d{n}", "", "1") for n in range(count))
    groups = [" * ".join(f"d{n}" for n in range(first, count, 4)) for first in range(4)]
    lines = tuple(
        line(f"l{n}", "usage", "c", quantity=text, unit_price="100") for n, text in enumerate(groups)
    )
    changed = {f"d{n}": str(1 + (n % 5 + 1) / 10) for n in range(count)}
    scenarios = (Scenario("A", lines=lines), Scenario("B", "A", drivers=changed))
    return Plan("p", Settings(months=2), drivers, scenarios)


def test_sampled_steps_sum_exactly_and_lie_within_their_stated_errors() -> None:
    count = 16
    plan = many(count)
    found = bridge(plan, "A", "B", "tco", seed=3)
    assert not found.exact
    assert len(found.steps) == count > EXACT_UP_TO
    assert found.start is not None
    assert found.start + sum(step.amount for step in found.steps) == pytest.approx(found.end, rel=1e-12)
    # each line is a game of its own among four drivers, so the exact value is known
    misses = []
    for group in range(4):
        members = list(range(group, count, 4))
        factors = {n: 1 + (n % 5 + 1) / 10 for n in members}
        for player in members:
            rest = [n for n in members if n != player]
            exact = 0.0
            for order in itertools.permutations(members):
                before = np.prod([factors[n] for n in order[: order.index(player)]])
                exact += 200 * before * (factors[player] - 1) / 24
            assert len(rest) == 3
            step = found.steps[player]
            misses.append(abs(step.amount - exact) / max(step.error, 1e-9))
            assert step.error > 0
    assert max(misses) < 5
    assert np.mean(np.array(misses) < 2) > 0.7
    assert bridge(plan, "A", "B", "tco", seed=3).steps == found.steps


@pytest.mark.parametrize(
    ("a", "b", "figure", "code"),
    [
        ("A", "Nobody", "tco", "unknown-scenario"),
        ("A", "B", "tcoo", "unknown-figure"),
        ("A", "Broken", "tco", "not-a-number"),
        ("A", "Typo", "tco", "unknown-name"),
    ],
)
def test_no_bridge_without_figures_at_both_ends(a: str, b: str, figure: str, code: str) -> None:
    broken = (
        Scenario("Broken", "A", drivers={"servers": "1/0"}),
        Scenario("Typo", "A", drivers={"servers": "lod"}),
    )
    plan = dataclasses.replace(PLAN, scenarios=(*PLAN.scenarios, *broken))
    found = bridge(plan, a, b, figure)
    assert (found.start, found.end, found.steps) == (None, None, ())
    codes = {issue.code for issue in found.issues}
    assert code in codes or (code == "not-a-number" and "no-figure" in codes)
