"""How long a user waits for the plan file: an edit and the plan after it, opening, saving, undo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from desktop_app.document import edits
from desktop_app.document.document import Document
from desktop_app.document.environment import Environment
from desktop_app.engine.model import CostLine, Driver, Plan, Scenario

LINES = 5_000


@pytest.fixture
def doc(tmp_path: Path) -> Iterator[Document]:
    """A plan with thousands of imported lines, open and read once."""
    fields = {"quantity": "servers", "unit_price": "1000", "start": "3", "life": "48", "residual": "5%"}
    lines = tuple(CostLine(f"Line {number}", "purchase", "Compute", fields) for number in range(LINES))
    drivers = tuple(Driver(f"driver_{number}", "h", str(number)) for number in range(40))
    plan = Plan("Large", drivers=drivers, scenarios=(Scenario("Own", lines=lines), Scenario("Cloud")))
    env = Environment(tmp_path / "state", "analyst", "laptop")
    with Document.create(plan, tmp_path / "large.outlay", env=env) as document:
        assert document.plan == plan
        yield document


def test_a_driver_is_changed_and_the_plan_read(doc: Document, benchmark: BenchmarkFixture) -> None:
    values = iter(range(1_000_000))

    def change() -> None:
        edits.put_driver(doc, Driver("driver_3", "h", str(next(values))))
        assert doc.plan.drivers[3].name == "driver_3"

    benchmark(change)
    assert benchmark.stats.stats.median < 0.05


def test_a_field_of_a_line_is_changed_and_the_plan_read(doc: Document, benchmark: BenchmarkFixture) -> None:
    values = iter(range(1_000_000))

    def change() -> None:
        edits.set_line_field(doc, "Own", "Line 77", "life", str(next(values)))
        assert doc.plan.scenarios[0].lines[77].fields["residual"] == "5%"

    benchmark(change)
    assert benchmark.stats.stats.median < 0.05


def test_an_import_is_taken_back_and_done_again(doc: Document, benchmark: BenchmarkFixture) -> None:
    plan = doc.plan
    edits.apply_plan(doc, replace(plan, scenarios=plan.scenarios[1:]))

    def back_and_forth() -> None:
        doc.undo()
        assert len(doc.plan.scenarios[0].lines) == LINES
        doc.redo()

    benchmark.pedantic(back_and_forth, rounds=3)
    assert benchmark.stats.stats.median < 5


def test_a_large_plan_is_saved(doc: Document, benchmark: BenchmarkFixture) -> None:
    benchmark.pedantic(doc.save, rounds=5)
    assert benchmark.stats.stats.median < 1


def test_a_large_plan_is_opened(doc: Document, benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    path = doc.path
    assert path is not None

    def open_and_read() -> None:
        with Document.open(path, read_only=True, env=Environment(tmp_path / "state", "", "")) as document:
            assert len(document.plan.scenarios[0].lines) == LINES

    benchmark.pedantic(open_and_read, rounds=5)
    assert benchmark.stats.stats.median < 2
