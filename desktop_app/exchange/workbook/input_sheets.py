"""The input sheets: the only place of the workbook where constants stand, each with its source."""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.engine.compute import ScenarioResult
from desktop_app.engine.graph import Node
from desktop_app.engine.model import Driver, Range, Source
from desktop_app.engine.scenarios import resolve
from desktop_app.exchange.workbook.inputs import (
    LINE_VALUE,
    PLAN_VALUE,
    RATES,
    VALUE_COLUMN,
    ConstantRow,
    DriverRow,
    Inputs,
    scalar,
)
from desktop_app.exchange.workbook.pack import Pack
from desktop_app.exchange.workbook.sheet import BODY, Sheet
from desktop_app.exchange.workbook.spots import FIRST, LABEL, LINE, UNIT, cell
from desktop_app.exchange.workbook.styles import number_format, shown_width

BY_MONTH = "by month"
_DEFAULT = "default, as nothing is entered"


def write_assumptions(sheet: Sheet, pack: Pack) -> None:
    """The assumptions log: the plan's value of each driver, and what each scenario makes of it."""
    head, plan, inputs = BODY, pack.plan, pack.inputs
    results = inputs.results
    after = inputs.driver_column(len(results))
    sheet.texts(head, 0, ["Assumption", "Name in formulas", "Unit", "Plan value"])
    for place, result in enumerate(results):
        sheet.text(head, inputs.driver_column(place), result.name, "Heading", text_wrap=True, align="right")
    sheet.text(head, after, "Formula", "Heading", indent=1)
    sheet.texts(head, after + 1, ["Range", "Source", "Date", "Owner", "Note"])
    for row, title in inputs.groups:
        sheet.keep_together(row)
        sheet.text(row, 0, title, "Section")
    overridden = [resolve(plan, result.scenario, result.case).overridden for result in results]
    for one in inputs.drivers:
        driver = one.driver
        sheet.text(one.row, 0, driver.label or driver.name, text_wrap=True)
        sheet.text(one.row, 1, driver.name, "Note")
        sheet.text(one.row, 2, driver.unit, "Note")
        formats = _driver_format(driver, one, results)
        if one.plan is not None:
            sheet.number(one.row, PLAN_VALUE, one.plan, formats)
        elif driver.series:
            sheet.text(one.row, PLAN_VALUE, BY_MONTH, "Note", align="right")
        for place in range(len(results)):
            own = driver.name in overridden[place]
            _write_driver(sheet, pack, one, place, own, formats)
        shown = "" if one.plan is not None or driver.series else driver.value
        sheet.text(one.row, after, shown, "Note", text_wrap=True, indent=1)
        _write_source(sheet, one.row, after + 1, driver.range, driver.source)
    sheet.width(0, 34)
    sheet.width(1, 22)
    sheet.width(2, 17)
    for column in range(PLAN_VALUE, after):
        sheet.width(column, 14)
    for offset, most in enumerate((40, 34, 44, 11, 14, 44)):
        sheet.width(after + offset, sheet.longest(after + offset, most))


def _write_driver(sheet: Sheet, pack: Pack, one: DriverRow, place: int, own: bool, number: str) -> None:
    """A scenario's value: its own constant, the plan's, or a formula's result fetched from the workings."""
    key = f"driver/{one.driver.name}"
    column = pack.inputs.driver_column(place)
    part = pack.workings[place]
    node = part.graph.nodes.get(key)
    if node is None:
        sheet.text(one.row, column, "not used", "Note", align="right")
    elif node.monthly:
        sheet.text(one.row, column, BY_MONTH, "Note", align="right")
    elif node.is_input:
        value = scalar(node)
        if own or one.plan is None:
            sheet.number(one.row, column, value, number)
        else:
            sheet.formula(one.row, column, f"${cell(one.row, PLAN_VALUE)}", value, number)
    else:
        value = float(part.program.value(key).flat[0])
        sheet.formula(one.row, column, part.spot(key).cell(), value, number, "Link")


def _driver_format(driver: Driver, one: DriverRow, results: Iterable[ScenarioResult]) -> str:
    values = [] if one.plan is None else [one.plan]
    for result in results:
        node = result.graph.nodes.get(f"driver/{driver.name}")
        if node is not None and not node.monthly and result.program is not None:
            values.append(float(result.program.value(node.key).flat[0]))
    return number_format(driver.unit.strip(), values)


def _write_source(sheet: Sheet, row: int, column: int, spread: Range | None, source: Source) -> None:
    words = ""
    if spread is not None:
        likely = f", likely {spread.likely}" if spread.likely else ""
        words = f"{spread.distribution}: {spread.low} to {spread.high}{likely}"
    where = f" ({source.quote}, {source.cell})" if source.quote else ""
    for offset, text in enumerate((words, source.text + where, source.date, source.owner, source.note)):
        if text:
            sheet.text(row, column + offset, text, text_wrap=True)


def write_settings(sheet: Sheet, inputs: Inputs) -> None:
    """Conventions, numbers that stand in formulas, unit conversions and tables."""
    sheet.texts(BODY, 0, ["Setting or constant", "Unit", "Value", "Used by", "Source"])
    for row, title in inputs.headings:
        sheet.keep_together(row)
        sheet.text(row, 0, title, "Section")
    _write_constants(sheet, inputs.settings)


def write_rates(sheet: Sheet, pack: Pack) -> None:
    """Discount and tax rate and the price of each foreign currency, entered or computed from assumptions."""
    sheet.texts(BODY, 0, ["Rate", "Unit", "Value", "Used by", "Source"])
    _write_constants(sheet, pack.inputs.rates)
    row = BODY + 1 + len(pack.inputs.rates)
    found = [
        (part, node, label)
        for part, label in zip(pack.workings, pack.labels, strict=True)
        for key, node in part.graph.nodes.items()
        if (key in RATES or (node.section == "FX" and "/part" not in key)) and node.expression is not None
    ]
    if not found:
        return
    found.sort(key=lambda one: one[1].label)
    row += 1
    sheet.text(row, 0, "Computed from assumptions", "Section")
    for part, node, label in found:
        row += 1
        sheet.text(row, 0, node.label)
        sheet.text(row, 1, node.unit, "Note")
        value = float(part.values(node.key)[0][0])
        number = number_format(node.unit, [value])
        spot = part.spot(node.key)
        sheet.formula(row, VALUE_COLUMN, spot.cell(FIRST), value, number, "Link")
        sheet.text(row, 3, label, "Note", indent=1)
        sheet.text(row, 4, "first month; see the workings for the others" if node.monthly else "", "Note")


def _write_constants(sheet: Sheet, rows: Iterable[ConstantRow]) -> None:
    for one in rows:
        sheet.text(one.row, 0, one.node.label, text_wrap=True)
        sheet.text(one.row, 1, "" if one.node.unit == "date" else one.node.unit, "Note")
        number = number_format(one.node.unit, [one.value])
        sheet.number(one.row, VALUE_COLUMN, one.value, number)
        sheet.text(one.row, 3, one.scenario or "all scenarios", "Note", text_wrap=True, indent=1)
        sheet.text(one.row, 4, one.node.source.text, "Note", text_wrap=True)
    for column, characters in enumerate((58, 16, 16, 34, 34)):
        sheet.width(column, characters)


def write_lines(sheet: Sheet, inputs: Inputs) -> None:
    """Every number entered for a cost line."""
    titles = ["Scenario", "Cost line", "Kind", "Category", "Field", "Unit", "Value", "Source", "Date", "Note"]
    for column, characters in enumerate((17, 28, 12, 14, 26, 14, 12, 40, 11, 22)):
        sheet.width(column, characters)
    sheet.texts(BODY, 0, titles)
    for one in inputs.lines:
        sheet.texts(
            one.row, 0, [one.scenario, one.line.name, one.line.kind, one.line.category, one.label], "Label"
        )
        sheet.text(one.row, 5, one.unit, "Note")
        number = number_format(one.unit, [one.value])
        sheet.number(one.row, LINE_VALUE, one.value, number)
        if not one.given:
            sheet.text(one.row, LINE_VALUE + 1, _DEFAULT, "Note", indent=1)
            continue
        source = one.line.source
        where = f" ({source.quote}, {source.cell})" if source.quote else ""
        for offset, text in enumerate((source.text + where, source.date, source.note)):
            if text:
                sheet.text(one.row, LINE_VALUE + 1 + offset, text, text_wrap=True, indent=1)


def series_width(driver: Driver, node: Node) -> int:
    """Characters that the longest number of a series takes."""
    assert node.value is not None
    numbers = node.value.reshape(-1).tolist()
    return shown_width(number_format(driver.unit, numbers), numbers)


def write_series(sheet: Sheet, inputs: Inputs) -> None:
    """Drivers that are given month by month."""
    for row, driver, node in inputs.series:
        sheet.text(row, LABEL, driver.label or driver.name)
        sheet.text(row, LINE, driver.name, "Note")
        sheet.text(row, UNIT, driver.unit, "Note")
        assert node.value is not None
        numbers = node.value.reshape(-1)
        number = number_format(driver.unit, numbers.tolist())
        for month, value in enumerate(numbers.tolist()):
            sheet.number(row, FIRST + month, value, number)
