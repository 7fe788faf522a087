"""Formulas in which a spreadsheet meets an empty cell, a text or an error: it agrees with the engine."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from desktop_app.engine.compute import compute
from desktop_app.engine.model import Plan, Scenario
from desktop_app.exchange.workbook.export import export
from tests.engine.plans import driver, line, plan_of
from tests.exchange.workbook.recalculation import Cell, cells, differences, recalculated
from tests.libreoffice import LibreOffice

pytestmark = pytest.mark.libreoffice

LOSS = "IF(MONTH_INDEX() = 1, -100, 1)"
GAIN = "IF(MONTH_INDEX() = 1, -100, 9)"
FORMULAS = (
    # before the first month there is an empty cell, which a minimum passes over
    "MIN(50, LAG(7))",
    "MAX(LAG(-3, 2), -9)",
    "AVERAGE(LAG(4), 8)",
    "IF(AND(LAG(5), 1), 2, 3)",
    "IF(OR(LAG(5) > 0, MONTH_INDEX() > 9), 2, 3)",
    "MAX(-7, IF(MONTH_INDEX() < 3, LAG(-5), -1))",
    # what is not found is an error where it stands, and "n/a" in a cell of its own
    "IFERROR(IRR(5 + MONTH_INDEX()), 0.25)",
    "MAX(IFERROR(IRR(MONTH_INDEX()), -1), 0)",
    "IFERROR(XIRR(MONTH_INDEX()), 0.1) * 3",
    f"IFERROR(IRR({GAIN}), 0)",
    f"IFERROR(IRR({LOSS}), 0)",
    "IFERROR(none, 4)",
    "IFERROR(MAX(none, 1), 5)",
    "IFERROR(none > 0, 6)",
    "IFERROR(MONTHS_MAX(gap), 7)",
    "IFERROR(MONTHS_TOTAL(gap + 1), 8)",
    "IF(MONTH_INDEX() > 3, gap, 9)",
    "IFERROR(CHOOSE(2, 1 / zero, 1 / zero), 10)",
    "CHOOSE(2, 1 / zero, 11)",
    "IFERROR(none ^ 0, 12)",
    # bounds that spreadsheets see differently
    "IFERROR(SYD(9000, 900, 12, MONTH_INDEX()), 0)",
    "IFERROR(DB(9000, 900, 12, MONTH_INDEX()), 0)",
    "IFERROR(DB(9000, 900, 12, MONTH_INDEX(), 7), 0)",
    "IFERROR(DDB(9000, 900, 12, MONTH_INDEX()), 0)",
    "DDB(100, 900, 12, 3)",
    "IFERROR(EFFECT(zero, 12), 13)",
    "IFERROR(NOMINAL(zero, 12), 14)",
    # binary noise has no sign
    "SQRT(MOD(0.3 * MONTH_INDEX(), 0.1))",
    # a life that changes
    "REPLENISH(10 + 3 * MONTH_INDEX(), MOD(MONTH_INDEX(), 4) + 2)",
    "XNPV(8%, MONTH_INDEX())",
)


def _plan(*names: str, months: int = 18) -> Plan:
    """A plan that pays what each formula gives, in scenarios that differ in the order of lines alone."""
    drivers = (
        driver("zero", "0"),
        driver("none", "IRR(5 + MONTH_INDEX())"),
        driver("gap", "1 / (MONTH_INDEX() - 2)"),
    )
    lines = tuple(
        line(f"{number}", "recurring", unit_price=f"({formula}) * 1.1")
        for number, formula in enumerate(FORMULAS)
    )
    plan = plan_of(months=months, drivers=drivers)
    scenarios = tuple(Scenario(name, lines=lines[place:] + lines[:place]) for place, name in enumerate(names))
    return dataclasses.replace(plan, scenarios=scenarios, baseline=names[0], preferred=names[-1])


def _exported(plan: Plan, folder: Path) -> tuple[Path, dict[str, dict[str, Cell]]]:
    path = folder / "plan.xlsx"
    result = compute(plan)
    assert all(one.figures["tco"].value is not None for one in result.scenarios), result.scenarios[0].issues
    export(result, path)
    return path, cells(path)


@pytest.mark.parametrize("months", [1, 18])
def test_engine_and_workbook_come_to_the_same(months: int, libreoffice: LibreOffice, tmp_path: Path) -> None:
    plan = _plan("Only", months=months)
    path, stored = _exported(plan, tmp_path)
    (fresh,) = recalculated(libreoffice, [path], tmp_path / "fresh")
    assert not differences(stored, fresh, plan.settings.currency)
    assert not [(sheet, at) for sheet, found in stored.items() for at, cell in found.items() if cell.error]


def test_scenarios_that_cost_the_same_share_a_rank(libreoffice: LibreOffice, tmp_path: Path) -> None:
    plan = _plan("A", "B", "C")
    path, stored = _exported(plan, tmp_path)
    (fresh,) = recalculated(libreoffice, [path], tmp_path / "fresh")
    for found in (stored, fresh):
        ranks = [cell.value for at, cell in found["Summary"].items() if at[0] == "J" and cell.formula]
        assert ranks == [1.0, 1.0, 1.0]


def test_names_like_errors_and_codes_stay_names(libreoffice: LibreOffice, tmp_path: Path) -> None:
    plan = _plan("#N/A", "_x0041_", "#DIV/0!")
    path, stored = _exported(plan, tmp_path)
    (fresh,) = recalculated(libreoffice, [path], tmp_path / "fresh")
    assert not differences(stored, fresh, plan.settings.currency)
    assert not [(sheet, at) for sheet, found in stored.items() for at, cell in found.items() if cell.error]


def test_a_scenario_without_results_stays_out(tmp_path: Path) -> None:
    plan = _plan("Good")
    bad = Scenario("Bad", "Good", lines=(line("broken", "recurring", unit_price="1 / zero"),))
    path = tmp_path / "plan.xlsx"
    export(compute(dataclasses.replace(plan, scenarios=(*plan.scenarios, bad))), path)
    found = cells(path)
    assert [name for name in found if name.startswith("Workings")] == ["Workings 1 Good"]
    assert not [(sheet, at) for sheet, held in found.items() for at, cell in held.items() if cell.error]
