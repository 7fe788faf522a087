"""How long the board pack takes, beside writing as many constant cells."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import pytest
import xlsxwriter

from desktop_app.engine.compute import PlanResult, compute
from desktop_app.engine.model import CostLine, Driver, Plan, Scenario, Settings
from desktop_app.exchange.templates import load_template, templates
from desktop_app.exchange.workbook.export import export

CATEGORIES = ("Compute", "Storage", "Network", "Energy", "Licences", "Support")


def large_plan(lines: int, months: int) -> Plan:
    """A plan with so many lines of three kinds."""
    kinds = (
        lambda i: ("purchase", {"quantity": str(1 + i % 7), "unit_price": str(1000 + i), "life": "48"}),
        lambda i: ("recurring", {"quantity": str(1 + i % 7), "unit_price": str(100 + i)}),
        lambda i: ("usage", {"quantity": f"load*{1 + i % 5}", "unit_price": "0.25", "price_change": "3%"}),
    )
    made = []
    for i in range(lines):
        kind, fields = kinds[i % 3](i)
        made.append(CostLine(f"Line {i}", kind, CATEGORIES[i % 6], fields))
    load = Driver("load", "kWh/month", "1000")
    return Plan("Large", Settings(months=months), (load,), (Scenario("All", lines=tuple(made)),))


def _constant_cells(path: Path, count: int) -> float:
    """Processor seconds that XlsxWriter takes to write as many numbers in the same mode."""
    began = time.process_time()
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for place in range(count):
            sheet.write_number(place // 68, place % 68, place * 1.5)
    return time.process_time() - began


def _export(result: PlanResult, path: Path) -> float:
    began = time.process_time()
    export(result, path)
    return time.process_time() - began


def test_reference_plan(tmp_path: Path) -> None:
    result = compute(load_template(templates()[0]))
    seconds = min(_export(result, tmp_path / "pack.xlsx") for _ in range(3))
    print(f"reference plan: {seconds:.2f} s")
    assert seconds < 2


@pytest.mark.parametrize(("lines", "months"), [(5_000, 60)])
def test_large_plan(lines: int, months: int, tmp_path: Path) -> None:
    result = compute(large_plan(lines, months))
    seconds = _export(result, tmp_path / "large.xlsx")
    rows = sum(max(1, len(node.lines)) for node in result.scenarios[0].graph.nodes.values() if node.monthly)
    constant = _constant_cells(tmp_path / "constant.xlsx", rows * months)
    print(f"{lines} lines, {months} months: {seconds:.1f} s; {rows * months:,} constants: {constant:.1f} s")
    assert seconds < 30
    if sys.platform != "win32":
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_000_000  # kilobytes
