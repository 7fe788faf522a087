"""How long the engine takes, and how its cost grows. Ratios are printed: nothing here fails for being slow.

Times are those of the processor, which other work on the machine disturbs least.
"""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from desktop_app.engine.compile import compile_scenario
from desktop_app.engine.compute import PlanResult, compute, compute_scenario
from desktop_app.engine.functions import Array
from desktop_app.engine.graph import Graph
from desktop_app.engine.model import CostLine, Driver, Plan, Range, Scenario, Settings
from desktop_app.engine.program import Program, make_program
from desktop_app.engine.risk import BAND, BAND_TRIALS, CHUNK, PERCENTILES, draws, simulate, uncertain
from desktop_app.exchange.text_plan import plan_from_toml
from tests.benchmarks.hand_written import own_servers

pytestmark = pytest.mark.benchmark(timer=time.process_time)
ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "resources" / "templates" / "llm-inference.toml"
TRIALS = 100_000


@pytest.fixture(scope="module")
def text() -> str:
    return REFERENCE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def plan(text: str) -> Plan:
    made, issues = plan_from_toml(text)
    assert not issues
    return made


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[str], None]]:
    """Prints past pytest."""

    def say(line: str) -> None:
        with capsys.disabled():
            print(f"\n    {line}", end="")

    return say


def large(lines: int, months: int = 120) -> Plan:
    """A plan of imported lines: numbers from quotes, some prices and quantities by formula."""

    def line(n: int) -> CostLine:
        category = f"Category {n % 12}"
        price = str(1_000 + n)
        kinds: tuple[tuple[str, dict[str, str]], ...] = (
            (
                "purchase",
                {"quantity": "servers", "unit_price": price, "life": "60", "start": str(1 + n % 24)},
            ),
            ("recurring", {"unit_price": f"{100 + n} * inflation", "price_change": "3%"}),
            ("usage", {"quantity": "hours", "unit_price": str(1 + n / 1_000)}),
            ("staff", {"fte": str(n % 7), "salary": "120k", "merit": "3%"}),
            ("recurring", {"unit_price": str(n), "every": "year", "start": str(1 + n % 12)}),
        )
        kind, fields = kinds[n % len(kinds)]
        return CostLine(f"Line {n}", kind, category, fields)

    drivers = (
        Driver("servers", "server", "4", range=Range("triangular", "2", "8")),
        Driver("inflation", "", "1.02", range=Range("uniform", "1", "1.05")),
        Driver("hours", "GPU*hour/month", "gpus * HOURS() * use"),
        Driver("gpus", "GPU", "64"),
        Driver("use", "", "0.6", range=Range("pert", "0.3", "0.9")),
    )
    made = tuple(line(n) for n in range(lines))
    return Plan("Large", Settings(months=months), drivers, (Scenario("Imported", lines=made),))


def every_figure(graph: Graph) -> list[str]:
    return [
        *(f"statement/{name}" for name in graph.statements),
        *(f"figure/{name}" for name in graph.figures),
    ]


def entered(graph: Graph, factor: float = 1.01) -> dict[str, Array]:
    """Another value for every driver that is a number."""
    return {
        key: node.value * factor
        for key, node in graph.nodes.items()
        if key.startswith("driver/") and node.is_input and node.value is not None
    }


def best(job: Callable[[], object], times: int = 3) -> float:
    """The shortest of several runs, in seconds of this process."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        job()
        taken.append(time.process_time() - start)
    return min(taken)


@pytest.mark.parametrize("name", ["Own servers", "Cloud reserved", "Per-token API", "Hybrid"])
def test_one_full_recompute_after_compile(plan: Plan, name: str, benchmark: BenchmarkFixture) -> None:
    """Wanted: under 2 ms."""
    graph = compile_scenario(plan, name)
    program = make_program(graph, plan.settings.months)
    changed, wanted = entered(graph), every_figure(graph)
    found = benchmark(program.run, changed, wanted)
    assert np.isfinite(found["figure/tco"]).all()


@pytest.mark.parametrize("name", ["Own servers", "Hybrid"])
def test_one_scenario_from_the_plan(plan: Plan, name: str, benchmark: BenchmarkFixture) -> None:
    """Wanted: under 20 ms. Typed texts are parsed once, so a text is changed before each run."""
    values = iter(range(1_000_000))

    def recompute() -> float | None:
        drivers = tuple(
            Driver(d.name, d.unit, f"{100_000 + next(values)} + 0", d.label)
            if d.name == "server_price"
            else d
            for d in plan.drivers
        )
        changed = dataclasses.replace(plan, drivers=drivers)
        return compute_scenario(changed, name).figures["tco"].value

    assert benchmark(recompute)


def test_one_scenario_from_its_text(text: str, benchmark: BenchmarkFixture) -> None:
    """Reading the whole file of four scenarios is part of it."""

    def whole() -> PlanResult:
        return compute(plan_from_toml(text)[0], ["Own servers"])

    assert benchmark(whole).scenarios[0].monthly


def test_five_thousand_lines_over_ten_years(benchmark: BenchmarkFixture, said: Callable[[str], None]) -> None:
    """Wanted: under 60 ms."""
    plan = large(5_000)
    start = time.process_time()
    graph = compile_scenario(plan, "Imported")
    program = make_program(graph, plan.settings.months)
    said(f"compiled in {time.process_time() - start:.2f} s")
    changed, wanted = entered(graph), every_figure(graph)
    assert benchmark(program.run, changed, wanted)["figure/tco"] > 0


def test_simulation_against_the_same_model_by_hand(plan: Plan, said: Callable[[str], None]) -> None:
    """Wanted: within 1.5 times. Both draw, compute and sum up the same trials in the same run."""
    result = compute(plan, ["Own servers"])
    one = result.scenario("Own servers")
    assert one.program is not None
    spreads, _ = uncertain(plan, one)
    base = {
        key.removeprefix("driver/"): one.program.value(key).reshape(-1, 1)
        for key, node in one.graph.nodes.items()
        if key.startswith("driver/") and key.count("/") == 1 and not node.monthly
    }

    def drawn(chunk: int, count: int) -> dict[str, Array]:
        return {name: draws(name, spread, 1, chunk, count)[:, 0] for name, spread in spreads.items()}

    for figure, by_hand in own_servers(base).items():
        if figure != "cumulative":
            assert by_hand == pytest.approx(one.figures[figure].value, rel=1e-12), figure
    figures = ("tco", "npv_cost", "npv_after_tax", "capex", "opex", "eac")

    def by_hand() -> dict[str, Array]:
        samples: dict[str, list[Array]] = {figure: [] for figure in figures}
        band = []
        for chunk in range(TRIALS // CHUNK):
            found = own_servers({**base, **drawn(chunk, CHUNK)})
            for figure in figures:
                samples[figure].append(found[figure])
            if chunk * CHUNK < BAND_TRIALS:
                band.append(found["cumulative"])
        np.percentile(np.concatenate(band), BAND, axis=0)
        whole = {figure: np.concatenate(parts) for figure, parts in samples.items()}
        for values in whole.values():
            np.percentile(values, PERCENTILES)
            np.histogram(values, 40)
        return whole

    simulated = simulate(result, TRIALS, 1).scenarios[0]
    for figure, values in by_hand().items():
        assert simulated.samples[figure] == pytest.approx(values, rel=1e-12), figure
    theirs = best(by_hand)
    for workers in (1, 2):
        start = time.perf_counter()
        ours = best(lambda workers=workers: simulate(result, TRIALS, 1, workers=workers))
        wall = (time.perf_counter() - start) / 3
        said(
            f"{TRIALS:,} trials, {workers} workers: {ours:.2f} s of processor ({wall:.2f} s by the clock), "
            f"by hand {theirs:.2f} s, ratio {ours / theirs:.2f}"
        )


MEMORY = """
import resource, sys
from pathlib import Path
from desktop_app.engine.compute import compute
from desktop_app.engine.risk import simulate
from desktop_app.exchange.text_plan import plan_from_toml
plan, _ = plan_from_toml(Path(sys.argv[1]).read_text(encoding="utf-8"))
outcome = simulate(compute(plan), int(sys.argv[2]), 1)
assert outcome.trials == int(sys.argv[2])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_memory_of_a_million_trials(said: Callable[[str], None]) -> None:
    """Wanted: under 500 MB, in a process of its own, all four scenarios."""
    for trials in (1_000, 1_000_000):
        done = subprocess.run(
            [sys.executable, "-c", MEMORY, str(REFERENCE), str(trials)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        said(f"{trials:,} trials of all scenarios: {done.stdout.strip()} MB at most")


def test_growth(said: Callable[[str], None]) -> None:
    """Cost should grow in proportion: the time per line, month and trial is printed."""

    def program(plan: Plan) -> tuple[Graph, Program]:
        graph = compile_scenario(plan, "Imported")
        return graph, make_program(graph, plan.settings.months)

    for lines in (500, 1_000, 2_000, 4_000, 8_000):
        plan = large(lines)
        compiled = best(lambda plan=plan: compile_scenario(plan, "Imported"))
        graph, made = program(plan)
        taken = best(lambda made=made, graph=graph: made.run(entered(graph), every_figure(graph)), 5)
        said(
            f"{lines:>6,} lines: {taken * 1e3:7.1f} ms, {taken / lines * 1e6:5.2f} µs a line;"
            f" compiled in {compiled:.2f} s, {compiled / lines * 1e6:.0f} µs a line"
        )
    for months in (60, 120, 240, 480):
        graph, made = program(large(2_000, months))
        taken = best(lambda made=made, graph=graph: made.run(entered(graph), every_figure(graph)), 5)
        said(f"{months:>6} months: {taken * 1e3:7.1f} ms, {taken / months * 1e6:5.1f} µs a month")
    result = compute(large(50, 60))
    for trials in (2_000, 4_000, 8_000, 16_000):
        taken = best(lambda trials=trials: simulate(result, trials, 1))
        said(f"{trials:>6,} trials: {taken:7.2f} s, {taken / trials * 1e6:5.1f} µs a trial")
