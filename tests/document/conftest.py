"""Documents in a folder of the test, with a clock that stands still unless told."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.document.document import Document
from desktop_app.document.environment import Environment
from desktop_app.engine.model import (
    Case,
    CostLine,
    Driver,
    Plan,
    PriceEntry,
    QuoteRecord,
    Range,
    Scenario,
    Source,
    Table,
)

NOON = dt.datetime(2026, 10, 5, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def env(tmp_path: Path) -> Environment:
    """One user on one machine; each look at the clock is a second later."""
    ticks = itertools.count()
    return Environment(
        state=tmp_path / "state",
        user="analyst",
        host="laptop",
        clock=lambda: NOON + dt.timedelta(seconds=next(ticks)),
        sleep=lambda seconds: None,
    )


@pytest.fixture
def plan() -> Plan:
    """A small plan with something of everything."""
    return Plan(
        name="Inference",
        drivers=(
            Driver("servers", "server", "4", group="Fleet", source=Source("Sizing", owner="IT")),
            Driver("price", "USD/server", "282,459.75", range=Range("pert", "250k", "310k", "282k")),
            Driver("demand", "token", "", series=(1.0, 1.5, 2e300)),
        ),
        scenarios=(
            Scenario(
                "Own",
                description="Buy",
                drivers={"servers": "5"},
                lines=(
                    CostLine(
                        "GPU servers", "purchase", "Compute", {"quantity": "servers", "unit_price": "price"}
                    ),
                    CostLine(
                        "Power", "usage", "Energy", {"rate": "0.1"}, source=Source(quote="q", cell="A!B2")
                    ),
                    CostLine("Staff", "staff", "People"),
                ),
            ),
            Scenario(
                "Own, leaner",
                based_on="Own",
                line_fields={"Power": {"rate": "0.08", "quantity": "1"}, "Staff": {}},
                removed=frozenset({"Staff"}),
            ),
            Scenario("Cloud"),
        ),
        cases=(Case("High", {"demand": "9", "servers": "8"}), Case("Low")),
        tables=(
            Table("macrs", ("5y", "7y"), (("1", (0.2, 0.1429)), ("2", (0.32, 0.2449)), ("1", (0.0, 0.0)))),
        ),
        fx={"EUR": "1.08", "GBP": "1.3"},
        measures={"tokens_out": "demand"},
        price_book=(
            PriceEntry("H100", 3.9, "USD/h", "2026-09-01", "list"),
            PriceEntry("H100", 3.5, "USD/h", "2026-10-01", "list"),
        ),
        quotes=(QuoteRecord("q", "q.xlsx", "00", reading='{"lines": []}'),),
        baseline="Cloud",
        preferred="Own",
    )


@pytest.fixture
def doc(plan: Plan, env: Environment, tmp_path: Path) -> Iterator[Document]:
    """The small plan, saved and open."""
    with Document.create(plan, tmp_path / "plan.outlay", env=env) as document:
        yield document
