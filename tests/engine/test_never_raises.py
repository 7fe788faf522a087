"""Whatever is typed, anywhere: no exception, and no figure that is not a number."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.engine.bridge import bridge, differences
from desktop_app.engine.compile import compile_scenario
from desktop_app.engine.compute import PlanResult, compute
from desktop_app.engine.explain import NothingToExplain, explain, find
from desktop_app.engine.formula.entry import parse_entry
from desktop_app.engine.formula.parser import FormulaError
from desktop_app.engine.functions import FUNCTIONS
from desktop_app.engine.kinds import KINDS
from desktop_app.engine.model import Case, CostLine, Driver, Plan, Range, Scenario, Settings, Table
from desktop_app.engine.problems import Problem
from desktop_app.engine.risk import simulate
from desktop_app.engine.sensitivity import solve, tornado
from tests.strategies import texts

NAMES = ("a", "b", "gpus", "price", "discount_rate", "tax_rate", "x1")
PIECES = (
    *NAMES,
    *FUNCTIONS,
    *"+-*/^%=<>(),;×÷−",
    "<=",
    ">=",
    "<>",
    "LOOKUP",
    "TOTAL",
    "TAX_RATE",
    "TAX_LEFT",
    '"rates"',
    '"rate"',
    '"capex"',
    '"Things"',
    '"1"',
    "1",
    "0",
    "2.5",
    "1e300",
    "1e-300",
    "999999999999999999999",
    "12",
    "36 months",
    "$",
    "USD",
    "kW",
    "15 %",
    "1,000",
    "time.month",
    "\u01c1",
    '"',
    " ",
)
UNITS = ("", "%", "USD", "GPU", "USD/GPU", "kWh", "month", "GPU-hour/month", "Mtoken", "percent", "nonsense")

soup = st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join) | st.lists(
    st.sampled_from(PIECES), max_size=8
).map("".join)


def calls() -> st.SearchStrategy[str]:
    """Well-formed calls with any arguments."""
    leaf = st.sampled_from(("a", "b", "gpus", "0", "1", "-1", "2.5", "1e308", "1e-308", "MONTH_INDEX()"))

    def call(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        name = st.sampled_from([name for name in FUNCTIONS if name[0].isalpha()])
        args = st.lists(inner, max_size=6).map(", ".join)
        sign = st.sampled_from(["+", "-", "*", "/", "^", "<", "="])
        return st.tuples(name, args).map(lambda it: f"{it[0]}({it[1]})") | st.tuples(inner, sign, inner).map(
            lambda it: f"({it[0]} {it[1]} {it[2]})"
        )

    return st.recursive(leaf, call, max_leaves=6)


def sized_calls() -> st.SearchStrategy[str]:
    """Calls with as many arguments as the function takes."""
    leaf = st.sampled_from(("a", "0", "1", "-1", "2.5", "1e308", "12", "MONTH_INDEX()", "a*MONTH_INDEX()"))

    def of(name: str) -> st.SearchStrategy[str]:
        function = FUNCTIONS[name]
        return st.lists(leaf, min_size=function.least, max_size=min(function.most, function.least + 2)).map(
            lambda args: f"{name}({', '.join(args)})"
        )

    return st.sampled_from([name for name in FUNCTIONS if name[0].isupper()]).flatmap(of)


typed = soup | calls() | sized_calls() | texts() | st.sampled_from(("5", "20%", "a", "1.2M", "$3/GPU", ""))


def lines() -> st.SearchStrategy[CostLine]:
    def of(kind: str) -> st.SearchStrategy[CostLine]:
        fields: dict[str, st.SearchStrategy[str]] = {
            field.name: typed | (st.sampled_from(field.choices) if field.choices else typed)
            for field in (KINDS[kind].fields if kind in KINDS else ())
        }
        name = st.sampled_from(("one", "two", "a/b")) | texts()
        return st.builds(
            CostLine,
            name,
            st.just(kind),
            st.sampled_from(("Things", "Other")) | texts(),
            st.fixed_dictionaries({}, optional=fields),
        )

    return st.sampled_from([*KINDS, "nonsense"]).flatmap(of)


def ranges() -> st.SearchStrategy[Range | None]:
    number = st.sampled_from(("1", "-5", "0", "2.5", "1e308", "-1e308", "USD 3", "15%")) | typed
    kinds = st.sampled_from(("triangular", "pert", "uniform", "normal", "lognormal", "nonsense"))
    return st.none() | st.builds(Range, kinds, number, number, number)


def drivers() -> st.SearchStrategy[tuple[Driver, ...]]:
    return st.lists(
        st.builds(
            Driver,
            st.sampled_from(NAMES) | texts(),
            st.sampled_from(UNITS) | texts(),
            typed,
            series=st.just(()) | st.lists(st.floats(), max_size=3).map(tuple),
            range=ranges(),
        ),
        max_size=5,
    ).map(tuple)


def odd_settings() -> st.SearchStrategy[Settings]:
    return st.builds(
        Settings,
        currency=st.sampled_from(("USD", "EUR", "XXX", "", "kWh")),
        start=st.sampled_from((dt.date(2027, 1, 1), dt.date(2026, 12, 28), dt.date(1, 1, 1), dt.date.max)),
        months=st.sampled_from((0, -1, 1, 5, 13, 24, 601, 10**9)),
        fiscal_year_start=st.integers(0, 13),
        fiscal_label=st.sampled_from(("end", "start", "?")),
        fiscal_pattern=st.sampled_from(("months", "4-4-5", "?")),
        hours=st.sampled_from(("calendar", "730", "?")),
        discount_rate=typed,
        discount_timing=st.sampled_from(("start", "middle", "?")),
        tax_rate=typed,
        horizon_value=st.sampled_from(("none", "book", "?")),
        lease_standard=st.sampled_from(("ifrs16", "asc842", "?")),
    ) | st.builds(Settings, months=st.sampled_from((1, 3, 14)), discount_rate=typed, tax_rate=typed)


overrides = st.dictionaries(st.sampled_from((*NAMES, "GPUS", "nobody")), typed, max_size=3)
tables = st.lists(
    st.builds(
        Table,
        st.sampled_from(("rates", "RATES", "a/b")),
        st.just(("rate", "b")),
        st.lists(
            st.tuples(st.sampled_from(("1", "2", "x")), st.lists(st.floats(), max_size=3).map(tuple))
        ).map(tuple),
    ),
    max_size=2,
).map(tuple)
plans = st.builds(
    Plan,
    st.just("Fuzzed"),
    odd_settings(),
    drivers(),
    st.lists(
        st.builds(
            Scenario,
            st.sampled_from(("A", "B", "C")),
            st.sampled_from(("", "A", "B", "nobody")),
            drivers=overrides,
            lines=st.lists(lines(), max_size=3).map(tuple),
            line_fields=st.dictionaries(
                st.sampled_from(("one", "nobody")),
                st.dictionaries(st.sampled_from(("quantity", "life", "nonsense")), typed, max_size=2),
                max_size=1,
            ),
            removed=st.frozensets(st.sampled_from(("one", "nobody")), max_size=1),
        ),
        max_size=3,
    ).map(tuple),
    st.lists(st.builds(Case, st.sampled_from(("High", "Low")), overrides), max_size=2).map(tuple),
    tables,
    st.dictionaries(st.sampled_from(("EUR", "GBP", "nonsense")), typed, max_size=2),
    st.dictionaries(
        st.sampled_from(("gpu_hours_used", "tokens_in", "energy", "nonsense")), typed, max_size=2
    ),
    baseline=st.sampled_from(("", "A", "nobody")),
)


def look(result: PlanResult) -> None:
    for one in result.scenarios:
        for figure in one.figures.values():
            assert figure.value is None or math.isfinite(figure.value)
        for values in (*one.monthly.values(), *one.by_category.values()):
            assert all(math.isfinite(number) for number in values)
        if not one.monthly:
            assert any(issue.severity == "error" for issue in one.issues)
        for name, figure in one.figures.items():
            if figure.value is None:
                said = [issue for issue in one.issues if issue.severity == "error" or name in issue.where]
                assert said, f"{name} has no value and nothing says why"
    for pair in result.pairs:
        assert all(f.value is None or math.isfinite(f.value) for f in pair.figures.values())


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=plans)
def test_any_plan(plan: Plan) -> None:
    result = compute(plan, cases=("", "High"))
    look(result)
    for one in result.scenarios:
        for name in ("tco", "cash_cost", "one.capex", "nonsense"):
            try:
                key, line = find(one, name)
                explain(one, key, 1, line)
            except NothingToExplain:
                continue
        try:
            swings, _ = tornado(plan, one)
            assert all(math.isfinite(s.figure_low) and math.isfinite(s.figure_high) for s in swings)
            solve(one, "a", "tco", 1000.0)
        except Problem:
            continue
    simulate(result, 3, 1)
    if len(plan.scenarios) > 1:
        a, b = plan.scenarios[0].name, plan.scenarios[-1].name
        differences(plan, a, b, "High", "")
        steps = bridge(plan, a, b, "tco")
        assert all(math.isfinite(step.amount) for step in steps.steps)


@settings(max_examples=400, deadline=None)
@given(text=typed | st.text(max_size=200))
def test_any_formula(text: str) -> None:
    plan = Plan(
        "Fuzzed",
        Settings(months=14),
        (Driver("a", "", "3"), Driver("gpus", "GPU", "MONTH_INDEX()"), Driver("b", "", text)),
        (
            Scenario(
                "A",
                lines=(
                    CostLine("one", "purchase", "Things", {"unit_price": text, "life": "12"}),
                    CostLine("two", "usage", "Other", {"quantity": "b", "unit_price": "1"}),
                ),
            ),
        ),
    )
    look(compute(plan))


@settings(max_examples=400, deadline=None)
@given(text=st.text(max_size=300) | soup | calls())
def test_the_place_of_a_mistake_lies_in_the_text(text: str) -> None:
    try:
        parse_entry(text)
    except FormulaError as problem:
        start, end = problem.span
        assert 0 <= start <= end <= len(text)
        assert str(problem)


LONG: dict[str, str] = {
    "brackets": "(" * 4_000,
    "calls": "IF(" * 1_300,
    "closed brackets": "(" * 1_900 + "1" + ")" * 1_900,
    "signs": "-" * 3_999 + "1",
    "signs before a name": "-" * 3_999 + "a",
    "per cents": "a" + "%" * 3_999,
    "sum": "+".join(["a"] * 2_000),
    "powers": "^".join(["2"] * 2_000),
    "comparisons": "=".join(["a"] * 2_000),
    "arguments": f"SUM({','.join(['a'] * 1_900)})",
    "digits": "9" * 3_999,
    "too long": "1+" * 100_000 + "1",
    "spaces": "1" + " " * 100_000 + "!",
    "groups": "1,111" * 20_000,
    "quotes": '"' * 3_999,
    "unit": "5 " + "a" * 100_000,
    "unit words": "5 " + "a " * 1_900 + "(",
    "unit powers": "5 " + "kW^9" * 40,
    "currency": "$" * 4_000,
    "name": "a" * 4_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
@pytest.mark.parametrize("where", ["driver", "line", "rate", "fx", "measure", "override"])
def test_long_and_deep_texts(text: str, where: str) -> None:
    parts: dict[str, Any] = {
        "driver": {"drivers": (Driver("a", "", "1"), Driver("b", "", text))},
        "line": {"scenarios": (Scenario("A", lines=(CostLine("x", "usage", "c", {"quantity": text}),)),)},
        "rate": {"settings": Settings(discount_rate=text)},
        "fx": {"fx": {"EUR": text}},
        "measure": {"measures": {"energy": text}},
        "override": {"drivers": (Driver("a", "", "1"),), "scenarios": (Scenario("A", drivers={"a": text}),)},
    }
    plan = dataclasses.replace(Plan("Long", scenarios=(Scenario("A"),)), **parts[where])
    look(compute(plan))


@pytest.mark.parametrize("count", [30, 3_000])
@pytest.mark.parametrize("forward", [True, False])
def test_a_chain_of_drivers_may_be_long(count: int, forward: bool) -> None:
    chain = [Driver("d0", "", "1"), *(Driver(f"d{i}", "", f"d{i - 1} + 1") for i in range(1, count))]
    lines = (CostLine("x", "usage", "c", {"quantity": f"d{count - 1}", "unit_price": "$1", "months": "1"}),)
    plan = Plan(
        "Chain",
        Settings(months=1),
        tuple(chain if forward else reversed(chain)),
        (Scenario("A", lines=lines),),
    )
    result = compute(plan).scenario("A")
    assert result.figures["tco"].value == count


def test_a_chain_of_totals_may_be_long() -> None:
    count = 1_200
    lines = [CostLine("l0", "usage", "g0", {"quantity": "1", "unit_price": "1", "months": "1"})]
    lines += [
        CostLine(f"l{i}", "usage", f"g{i}", {"quantity": "1", "unit_price": f'TOTAL("opex", "g{i - 1}")'})
        for i in range(1, count)
    ]
    plan = Plan("Chain", Settings(months=1), (), (Scenario("A", lines=tuple(reversed(lines))),))
    assert compute(plan).scenario("A").figures["tco"].value == count


def test_inheritance_may_be_deep() -> None:
    scenarios = [Scenario("s0", lines=(CostLine("x", "usage", "c", {"quantity": "a", "unit_price": "1"}),))]
    scenarios += [Scenario(f"s{i}", based_on=f"s{i - 1}", drivers={"a": str(i)}) for i in range(1, 500)]
    plan = Plan("Deep", Settings(months=1), (Driver("a", "", "0"),), tuple(scenarios))
    assert compute(plan, ["s499"]).scenario("s499").figures["tco"].value == 499


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("discount_rate", "discount_rate"),
        ("discount_rate", "tax_rate"),
        ("discount_rate", "loop"),
        ("tax_rate", 'TOTAL("opex", "Things")'),
    ],
)
def test_rates_that_depend_on_themselves(name: str, text: str) -> None:
    setting: dict[str, str] = {"discount_rate": "tax_rate", "tax_rate": "discount_rate"} | {name: text}
    plan = Plan(
        "Loop",
        Settings(months=3, **setting),
        (Driver("loop", "", "discount_rate + 1"),),
        (Scenario("A", lines=(CostLine("x", "usage", "Things", {"quantity": "1", "unit_price": "1"}),)),),
    )
    result = compute(plan).scenario("A")
    assert {issue.code for issue in result.issues} >= {"circular"}
    assert result.figures["tco"].value is None
    assert compile_scenario(plan, "A").stopped
