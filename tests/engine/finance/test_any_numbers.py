"""Whatever numbers come in, a finance function neither raises nor warns, and gives finite figures or nan."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.engine.finance.lease import liability_schedule

MODULES = (
    "annuity", "breakeven", "capital_cost", "datacentre", "depreciation", "lease", "npv", "sizing",
    "tax_tables", "unit_costs",
)  # fmt: skip
SERIES = {
    "cash_flows", "cumulative", "days", "owned", "payments", "rented", "shares", "units", "values",
    "yearly_shares",
}  # fmt: skip
PERIODS = 4

any_number = st.one_of(
    st.sampled_from([0.0, 1.0, -1.0, 0.5, 12.0, np.nan, np.inf, -np.inf, 1e300, -1e300, 1e-300, 2.0**60]),
    st.floats(-1e6, 1e6),
    st.floats(),
)


def public_functions() -> list[Any]:
    found = []
    for name in MODULES:
        module = importlib.import_module(f"desktop_app.engine.finance.{name}")
        for member, function in vars(module).items():
            owner = getattr(function, "__module__", None)
            if inspect.isfunction(function) and owner == module.__name__ and not member.startswith("_"):
                found.append(pytest.param(function, id=f"{name}.{member}"))
    return found


def argument(name: str, kind: str, function: Callable[..., Any]) -> st.SearchStrategy[Any]:
    one = {
        "int": st.integers(0, 30),
        "float": st.floats(0.01, 50),
        "bool": st.booleans(),
        "Timing": st.sampled_from(["start", "middle", "end"]),
    }
    if kind in one:
        return one[kind]
    if kind == "LiabilitySchedule":
        return st.builds(
            liability_schedule, st.lists(any_number, min_size=PERIODS, max_size=PERIODS), any_number
        )
    if kind == "Sequence[int]":
        return st.lists(st.integers(0, 64), max_size=4)
    assert "ArrayLike" in kind, f"{function.__name__}: no strategy for {name}: {kind}"
    series = st.lists(any_number, min_size=PERIODS, max_size=PERIODS)
    is_series = name in SERIES or (name == "depreciation" and function.__name__ == "net_advantage_to_leasing")
    return series if is_series else st.one_of(any_number, st.lists(any_number, min_size=1, max_size=1))


def arrays_of(result: Any) -> list[Any]:
    if is_dataclass(result):
        return [value for field in fields(result) for value in arrays_of(getattr(result, field.name))]
    if isinstance(result, tuple):
        return list(result)
    return [result] if isinstance(result, float | np.ndarray) else []


@pytest.mark.parametrize("function", public_functions())
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_numbers(function: Callable[..., Any], data: st.DataObject) -> None:
    arguments = {
        name: data.draw(argument(name, str(parameter.annotation), function), label=name)
        for name, parameter in inspect.signature(function).parameters.items()
    }
    for values in arrays_of(function(**arguments)):
        assert not np.any(np.isinf(values))
