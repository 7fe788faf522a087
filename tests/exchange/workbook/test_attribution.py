"""The bridge by what differs: the engine's steps as values, that sum, on the sheet and among the checks."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.engine.bridge import bridge
from desktop_app.engine.compute import compute
from desktop_app.engine.model import CostLine, Driver, Plan, Scenario, Settings
from desktop_app.exchange.templates import load_template, templates
from desktop_app.exchange.workbook.attribution import attribute
from desktop_app.exchange.workbook.bridge import bridge_ends
from desktop_app.exchange.workbook.export import export
from desktop_app.exchange.workbook.pack import lay_out
from tests.exchange.workbook.recalculation import Cell, cells, recalculated
from tests.libreoffice import LibreOffice


def _rows(sheet: dict[str, Cell]) -> dict[str, Cell]:
    """What stands in column B beside each text of column A."""
    texts = {address[1:]: cell.value for address, cell in sheet.items() if address[0] == "A"}
    return {str(text): sheet[f"B{row}"] for row, text in texts.items() if f"B{row}" in sheet}


def _plan(a: tuple[CostLine, ...], b: tuple[CostLine, ...], **drivers: str) -> Plan:
    price = Driver("price", "USD/hour", "4", "Price of an hour")
    scenarios = (Scenario("First", lines=a), Scenario("Second", lines=b, drivers=drivers))
    return Plan("Small", Settings(months=12), (price,), scenarios, baseline="First", preferred="Second")


RENT = CostLine("Rent", "recurring", "Cloud", {"quantity": "HOURS()", "unit_price": "price"})
DESK = CostLine("Support desk", "recurring", "People", {"unit_price": "1000"})


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.id)
def test_steps_are_those_of_the_engine_and_sum_to_the_live_difference(
    template: object, tmp_path: Path
) -> None:
    plan = load_template(template)  # type: ignore[arg-type]
    path = tmp_path / "pack.xlsx"
    result = compute(plan)
    pack = lay_out(result, None, lambda: None)
    ends = bridge_ends(pack)
    assert ends is not None
    base, other = ends
    export(result, path)
    rows = _rows(cells(path)["Bridge"])
    found = bridge(plan, pack.results[base].scenario, pack.results[other].scenario, "tco")
    assert found.steps
    for step in sorted(found.steps, key=lambda step: -abs(step.amount))[:5]:
        kind = "" if step.difference.kind == "driver" else "Cost line: "
        cell = rows[f"{kind}{step.difference.label}"]
        assert not cell.formula
        assert cell.value == pytest.approx(step.amount, rel=1e-12)
    total = rows["All differences"].value
    assert isinstance(total, float)
    tco = [float(pack.workings[place].program.value("figure/tco").flat[0]) for place in (base, other)]
    assert math.isclose(total, tco[1] - tco[0], rel_tol=1e-9, abs_tol=0.005)
    assert rows["Steps less that difference (must be zero)"].value == 0.0
    assert rows["Moved since then by changed inputs"].value == 0.0
    checks = {str(cell.value) for cell in cells(path)["Checks"].values()}
    assert "Bridge: the steps by what differs add up to the stored difference" in checks


@pytest.mark.libreoffice
def test_a_changed_input_shows_how_far_the_difference_moved(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """The values stay; the live difference, and the cell that compares both, follow."""
    import openpyxl

    path = tmp_path / "pack.xlsx"
    export(compute(_plan((RENT,), (DESK,))), path)
    book = openpyxl.load_workbook(path)
    lines = book["Cost line inputs"]
    price = next(cell for row in lines.iter_rows() for cell in row if cell.value == 1000)
    price.value = 1500
    book.save(path)
    (fresh,) = recalculated(libreoffice, [path], tmp_path / "fresh")
    rows = _rows(fresh["Bridge"])
    assert rows["Moved since then by changed inputs"].value == pytest.approx(12 * 500)
    assert rows["Steps less that difference (must be zero)"].value == 0.0
    assert fresh["Checks"]["B6"].value == "All checks hold"


def test_where_nothing_differs_it_is_said() -> None:
    pack = lay_out(compute(_plan((RENT,), (RENT,))), None, lambda: None)
    of = attribute(pack, 0, 1)
    assert of.found is None
    assert of.why_not == "No driver and no cost line differs between the two."


def test_it_is_left_out_with_a_sentence_where_it_would_take_long() -> None:
    lines = tuple(replace(DESK, name=f"Desk {place}") for place in range(400))
    dearer = tuple(replace(line, fields={"unit_price": "1100"}) for line in lines)
    pack = lay_out(compute(_plan(lines, dearer)), None, lambda: None)
    of = attribute(pack, 0, 1)
    assert of.found is None
    assert of.why_not.startswith("Left out: to attribute 400 differences")


def test_many_small_differences_are_told_as_one_row(tmp_path: Path) -> None:
    lines = tuple(replace(DESK, name=f"Desk {place}") for place in range(40))
    dearer = tuple(replace(line, fields={"unit_price": str(1100 + i)}) for i, line in enumerate(lines))
    path = tmp_path / "pack.xlsx"
    export(compute(_plan(lines, dearer)), path)
    rows = _rows(cells(path)["Bridge"])
    assert len([text for text in rows if text.startswith("Cost line: Desk")]) == 25
    assert rows["15 other differences"].value == pytest.approx(sum(12 * (100 + i) for i in range(15)))
    assert rows["All differences"].value == pytest.approx(sum(12 * (100 + i) for i in range(40)))
