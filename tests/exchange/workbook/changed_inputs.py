"""The same change of a few inputs made twice: in the plan, and in the blue cells of its exported workbook."""

from __future__ import annotations

import random
import re
import zipfile
from dataclasses import replace
from pathlib import Path

from desktop_app.engine.kinds import KINDS
from desktop_app.engine.model import Plan
from desktop_app.exchange.workbook.inputs import LINE_VALUE, PLAN_VALUE, VALUE_COLUMN, LineRow
from desktop_app.exchange.workbook.pack import Pack
from desktop_app.exchange.workbook.spots import cell
from tests.exchange.workbook.recalculation import parts_of

Change = tuple[str, str, float]  # sheet, cell, new value


def change_three(pack: Pack, seed: int) -> tuple[Plan, list[Change]]:
    """The plan with up to three other inputs, and the cells in which a reader would enter the same."""
    chance = random.Random(seed)
    plan = pack.plan
    changes: list[Change] = []
    drivers = [one for one in pack.inputs.drivers if one.plan is not None]
    chance.shuffle(drivers)
    for one in drivers[: 1 if pack.inputs.lines else 2]:
        assert one.plan is not None
        value = _other(one.plan)
        text = f"{value * 100!r}%" if one.driver.unit == "%" else repr(value)
        others = tuple(replace(d, value=text) if d.name == one.driver.name else d for d in plan.drivers)
        plan = replace(plan, drivers=others)
        changes.append((pack.sheets["assumptions"], cell(one.row, PLAN_VALUE), value))
    lines = [one for one in pack.inputs.lines if _own_field(plan, one)]
    chance.shuffle(lines)
    if lines:
        value = _other(lines[0].value)
        plan = _with_field(plan, lines[0], repr(value))
        changes.append((pack.sheets["lines"], cell(lines[0].row, LINE_VALUE), value))
    for rate in pack.inputs.rates:
        if rate.node.key == "setting/discount_rate":
            plan = replace(plan, settings=replace(plan.settings, discount_rate="11.5%"))
            changes.append((pack.sheets["rates"], cell(rate.row, VALUE_COLUMN), 0.115))
    return plan, changes


def _other(value: float) -> float:
    return value + 1 if value == int(value) and abs(value) >= 1 else round(value * 1.1 + 0.01, 4)


def _field_name(row: LineRow) -> str:
    return next((field.name for field in KINDS[row.line.kind].fields if field.label == row.label), "")


def _own_field(plan: Plan, row: LineRow) -> bool:
    """True if the scenario's own line says the field, so that there is one text to change."""
    scenario = next(one for one in plan.scenarios if one.name == row.scenario)
    line = next((one for one in scenario.lines if one.name == row.line.name), None)
    return line is not None and _field_name(row) in line.fields


def _with_field(plan: Plan, row: LineRow, text: str) -> Plan:
    name = _field_name(row)
    scenarios = []
    for scenario in plan.scenarios:
        if scenario.name == row.scenario:
            lines = tuple(
                replace(line, fields={**line.fields, name: text}) if line.name == row.line.name else line
                for line in scenario.lines
            )
            scenario = replace(scenario, lines=lines)
        scenarios.append(scenario)
    return replace(plan, scenarios=tuple(scenarios))


def with_numbers(workbook: Path, target: Path, changes: list[Change]) -> Path:
    """A copy of the workbook with other constants in some cells."""
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        parts = parts_of(source)
        for member in source.infolist():
            content = source.read(member).decode() if member.filename.endswith(".xml") else ""
            for sheet, address, value in changes:
                if parts[sheet] == member.filename:
                    pattern = rf'(<c r="{address}"[^>]*><v>)[^<]*(</v>)'
                    content, count = re.subn(pattern, rf"\g<1>{value!r}\g<2>", content)
                    assert count == 1, f"{sheet}!{address} holds no constant"
            copy.writestr(member.filename, content.encode() if content else source.read(member))
    return target
