"""What must hold for any plan: scaling, adding up, order, inheritance, and evaluation in blocks."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.engine.compute import ScenarioResult, compute, compute_scenario
from desktop_app.engine.kinds import KINDS
from desktop_app.engine.model import Case, CostLine, Driver, Plan, Scenario, Settings
from tests.engine.plans import errors, row

few = settings(max_examples=25, deadline=None)
number = st.integers(1, 40)
share = st.sampled_from(("0%", "7%", "12.5%", "30%"))
MONEY = {
    "unit_price",
    "on_demand_price",
    "payment",
    "principal",
    "buy_out",
    "salary",
    "hiring_cost",
    "amount",
}


def fields(kind: str) -> st.SearchStrategy[dict[str, str]]:
    """Plausible fields of a line."""
    some, pick = number.map(str), st.sampled_from
    made: dict[str, dict[str, st.SearchStrategy[str]]] = {
        "purchase": {
            "unit_price": some,
            "quantity": pick(("3", "a", "a+b")),
            "start": some,
            "life": some,
            "method": pick(("straight_line", "declining_balance", "sum_of_years", "none")),
        },
        "fleet": {
            "required": pick(("a*GROWTH(30%)", "b+MONTH_INDEX()", "5")),
            "unit_price": some,
            "whole": pick(("1", "4")),
            "life": some,
        },
        "recurring": {"unit_price": some, "every": pick(("month", "quarter", "year")), "start": some},
        "usage": {"quantity": pick(("a", "b*MONTH_INDEX()", "7")), "unit_price": some},
        "commitment": {
            "committed": some,
            "quantity": pick(("a*2", "9")),
            "unit_price": some,
            "on_demand_price": some,
        },
        "lease": {"principal": some, "term": some, "apr": share},
        "staff": {"fte": pick(("a/2", "3")), "salary": some, "hiring_cost": some},
        "adjustment": {"amount": number.map(lambda n: str(-n)), "start": some},
    }
    optional: dict[str, st.SearchStrategy[str]] = {
        "price_change": share,
        "contingency": share,
        "residual": share,
    }
    known = {field.name for field in KINDS[kind].fields}
    return st.fixed_dictionaries(made[kind], optional={k: v for k, v in optional.items() if k in known})


def lines(most: int = 6) -> st.SearchStrategy[tuple[CostLine, ...]]:
    one = st.sampled_from(list(KINDS)).flatmap(
        lambda kind: st.tuples(st.just(kind), st.sampled_from(("X", "Y")), fields(kind))
    )
    return st.lists(one, min_size=1, max_size=most).map(
        lambda made: tuple(
            CostLine(f"l{n}", kind, group, given) for n, (kind, group, given) in enumerate(made)
        )
    )


DRIVERS = (Driver("a", "", "6"), Driver("b", "", "a*2+1"))


def result(made: tuple[CostLine, ...], drivers: tuple[Driver, ...] = DRIVERS, **rest: Any) -> ScenarioResult:
    plan = Plan("p", Settings(months=30, **rest), drivers, (Scenario("S", lines=made),))
    found = compute_scenario(plan, "S")
    assert not errors(found)
    return found


def same(one: ScenarioResult, other: ScenarioResult, factor: float = 1.0) -> None:
    assert one.monthly.keys() <= other.monthly.keys() | {
        n for n in one.monthly if n.startswith(("lease", "right"))
    }
    for name in one.monthly.keys() & other.monthly.keys():
        assert other.monthly[name] == pytest.approx(
            one.monthly[name] * factor, rel=1e-9, abs=2e-6 * max(1.0, factor)
        ), name


@few
@given(lines(), st.sampled_from((0.5, 2.0, 1000.0)))
def test_all_prices_times_k_is_every_statement_times_k(made: tuple[CostLine, ...], k: float) -> None:
    dearer = tuple(
        dataclasses.replace(
            one, fields={n: f"({text}) * {k}" if n in MONEY else text for n, text in one.fields.items()}
        )
        for one in made
    )
    before, after = result(made, tax_rate="25%"), result(dearer, tax_rate="25%")
    same(before, after, k)
    for name in ("tco", "npv_cost", "npv_after_tax", "eac", "expense"):
        assert after.figures[name].value == pytest.approx(k * (before.figures[name].value or 0), abs=1e-6)


@few
@given(lines())
def test_lines_add_up(made: tuple[CostLine, ...]) -> None:
    together = result(made)
    alone = [result((one,)) for one in made]
    for name in together.monthly:
        parts = sum(one.monthly.get(name, np.zeros(30)) for one in alone)
        assert together.monthly[name] == pytest.approx(parts, rel=1e-9, abs=2e-6), name


@few
@given(lines(8))
def test_in_a_block_each_line_is_what_it_is_alone(made: tuple[CostLine, ...]) -> None:
    twins = tuple(dataclasses.replace(one, name=f"{one.name} again", fields={**one.fields}) for one in made)
    together = result((*made, *twins))
    assert len(together.graph.blocks) <= 2 * len(made)
    for one in made:
        alone = result((one,))
        (block,) = alone.graph.blocks
        for key in block.rows:
            name = key.split("/", 1)[1]
            assert row(together, one.name, name).tolist() == row(alone, one.name, name).tolist()
            assert row(together, f"{one.name} again", name).tolist() == row(alone, one.name, name).tolist()


@few
@given(lines(), st.randoms(use_true_random=False))
def test_order_of_lines_and_drivers_is_irrelevant(made: tuple[CostLine, ...], chance: random.Random) -> None:
    shuffled = list(made)
    chance.shuffle(shuffled)
    same(result(made), result(tuple(shuffled), tuple(reversed(DRIVERS))))


@few
@given(lines())
def test_without_interest_present_value_is_the_sum(made: tuple[CostLine, ...]) -> None:
    found = result(made, discount_rate="0%")
    assert found.figures["npv_cost"].value == pytest.approx(found.figures["tco"].value)
    assert found.figures["npv_after_tax"].value == pytest.approx(found.figures["tco"].value)


@few
@given(lines(), st.integers(1, 6))
def test_an_override_equal_to_its_base_changes_nothing_at_any_depth(
    made: tuple[CostLine, ...], depth: int
) -> None:
    scenarios = [Scenario("S0", lines=made)]
    for level in range(1, depth + 1):
        first = made[level % len(made)]
        scenarios.append(
            Scenario(
                f"S{level}",
                based_on=f"S{level - 1}",
                drivers={"a": "6", "B": "a*2+1"},
                line_fields={first.name: dict(first.fields)},
                lines=(made[0],),
            )
        )
    plan = Plan("p", Settings(months=30), DRIVERS, tuple(scenarios), (Case("Same", {"a": "6"}),))
    found = compute(plan, cases=("", "Same"))
    for one in found.scenarios:
        assert not errors(one)
        for name, values in found.scenario("S0").monthly.items():
            assert one.monthly[name].tolist() == values.tolist(), name


def test_scenarios_override_their_base_and_cases_lie_on_top() -> None:
    base = Scenario(
        "Base",
        lines=(
            CostLine("x", "usage", "c", {"quantity": "a", "unit_price": "1"}),
            CostLine("y", "usage", "c", {"quantity": "10", "unit_price": "1"}),
        ),
    )
    child = Scenario("Child", "Base", drivers={"A": "3"}, line_fields={"y": {"unit_price": "2"}})
    grandchild = Scenario(
        "Grandchild",
        "Child",
        removed=frozenset({"y"}),
        lines=(CostLine("z", "usage", "c", {"quantity": "b", "unit_price": "1"}),),
    )
    plan = Plan("p", Settings(months=1), DRIVERS, (grandchild, child, base), (Case("High", {"a": "100"}),))
    assert compute(plan, cases=("", "High")).matrix("tco") == {
        "Grandchild": {"": 3 + 7, "High": 100 + 201},
        "Child": {"": 3 + 20, "High": 100 + 20},
        "Base": {"": 6 + 10, "High": 100 + 10},
    }


@few
@given(lines(), st.integers(1, 5))
def test_a_trial_is_a_run_of_its_own(made: tuple[CostLine, ...], seed: int) -> None:
    """All trials at once give what each gives alone, and the plan's own value what the plan gave."""
    found = result(made)
    assert found.program is not None
    values = np.array([6.0, *np.random.default_rng(seed).integers(1, 20, 3)])
    keys = ["figure/tco", "figure/npv_after_tax", "statement/net_book_value", "statement/expense"]
    together = found.program.run({"driver/a": values.reshape(-1, 1, 1)}, keys)
    for place, number_of_a in enumerate(values):
        alone = result(made, (Driver("a", "", repr(float(number_of_a))), DRIVERS[1]))
        assert alone.program is not None
        for key in keys:
            wanted = alone.program.value(key)[0]
            got = together[key][min(place, len(together[key]) - 1)]
            assert np.broadcast_to(got, wanted.shape) == pytest.approx(wanted, rel=1e-12, abs=1e-9), key
    again = found.program.run({}, keys)
    assert all((again[key] == found.program.value(key)).all() for key in keys)
