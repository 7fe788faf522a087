"""The input sheets: the only place of the workbook where constants stand, each with its source."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from desktop_app.engine.compile import compile_scenario
from desktop_app.engine.compute import ScenarioResult
from desktop_app.engine.formula.syntax import Number
from desktop_app.engine.graph import Graph, Node
from desktop_app.engine.kinds import KINDS
from desktop_app.engine.model import CostLine, Driver, Plan, Range, Scenario, Source
from desktop_app.engine.scenarios import lineage, resolve
from desktop_app.exchange.workbook.sheet import BODY, Sheet
from desktop_app.exchange.workbook.spots import FIRST, LABEL, LINE, UNIT, VALUE, Spot, cell
from desktop_app.exchange.workbook.styles import number_format

BY_MONTH = "by month"
_DRIVER_COLUMNS = 4  # label, name, unit, plan value
_PLAN_VALUE = 3
_SECTIONS = {
    "Settings": "Conventions",
    "Constants": "Numbers in formulas and unit conversions",
    "Tables": "Tables",
}


@dataclass(slots=True)
class Spots:
    """Where the inputs of one scenario stand: by node key, and by block node and line."""

    nodes: dict[str, Spot] = field(default_factory=dict)
    items: dict[tuple[str, int], Spot] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DriverRow:
    """One driver of the assumptions log. `plan` is its constant, None where it is a formula or a series."""

    row: int
    driver: Driver
    plan: float | None


@dataclass(frozen=True, slots=True)
class ConstantRow:
    """A plain input: a setting, a rate, a number in a formula, a cell of a table."""

    row: int
    node: Node
    value: float
    scenario: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """A number entered for a cost line, in the scenario that says so."""

    row: int
    scenario: str
    line: CostLine
    label: str
    unit: str
    value: float


@dataclass(slots=True)
class Inputs:
    """All inputs of a pack, with their places. `spots` holds one entry for each scenario result."""

    results: tuple[ScenarioResult, ...]
    spots: list[Spots] = field(default_factory=list)
    groups: list[tuple[int, str]] = field(default_factory=list)
    drivers: list[DriverRow] = field(default_factory=list)
    series: list[tuple[int, Driver, Node]] = field(default_factory=list)
    settings: list[ConstantRow] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    rates: list[ConstantRow] = field(default_factory=list)
    lines: list[LineRow] = field(default_factory=list)

    def driver_column(self, place: int) -> int:
        """The column of a scenario on the assumptions sheet."""
        return _DRIVER_COLUMNS + place


@dataclass(frozen=True, slots=True)
class InputSheets:
    """Names of the input sheets."""

    assumptions: str
    lines: str
    settings: str
    rates: str
    series: str


def lay_out(
    plan: Plan, results: tuple[ScenarioResult, ...], graphs: list[Graph], sheets: InputSheets
) -> Inputs:
    """Finds every input of the scenarios and gives it a place."""
    inputs = Inputs(results, [Spots() for _ in results])
    base = compile_scenario(dataclasses.replace(plan, scenarios=(Scenario("plan"),)), "plan").nodes
    _lay_out_drivers(inputs, plan, graphs, base, sheets)
    _lay_out_constants(inputs, graphs, sheets)
    _lay_out_lines(inputs, plan, graphs, sheets)
    return inputs


def _lay_out_drivers(
    inputs: Inputs, plan: Plan, graphs: list[Graph], base: dict[str, Node], sheets: InputSheets
) -> None:
    row = BODY + 1
    series_row = BODY + 2
    grouped: dict[str, list[Driver]] = {}
    for driver in plan.drivers:
        grouped.setdefault(driver.group, []).append(driver)
    for group, drivers in grouped.items():
        if group or len(grouped) > 1:
            inputs.groups.append((row, group or "Other"))
            row += 1
        for driver in drivers:
            key = f"driver/{driver.name}"
            node = base.get(key)
            constant = node is not None and node.is_input and not node.monthly
            inputs.drivers.append(DriverRow(row, driver, _scalar(node) if constant else None))
            for place, graph in enumerate(graphs):
                found = graph.nodes.get(key)
                if found is not None and found.is_input and not found.monthly:
                    inputs.spots[place].nodes[key] = Spot(
                        sheets.assumptions, row, inputs.driver_column(place)
                    )
            # a series is entered by month even where every scenario overrides it
            if driver.series and node is not None and node.is_input:
                inputs.series.append((series_row, driver, node))
                for place, graph in enumerate(graphs):
                    if key in graph.nodes and graph.nodes[key].monthly and graph.nodes[key].is_input:
                        inputs.spots[place].nodes[key] = Spot(
                            sheets.series, series_row, VALUE, plan.settings.months
                        )
                series_row += 1
            row += 1


def _scalar(node: Node | None) -> float:
    assert node is not None and node.value is not None
    return float(node.value.flat[0])


def _lay_out_constants(inputs: Inputs, graphs: list[Graph], sheets: InputSheets) -> None:
    """Constants that are no drivers: where scenarios differ in one, each value has a row."""
    found: dict[tuple[str, float], tuple[Node, list[int]]] = {}
    for place, graph in enumerate(graphs):
        for key, node in graph.nodes.items():
            if node.is_input and not node.monthly and not _is_driver(key):
                found.setdefault((key, _scalar(node)), (node, []))[1].append(place)
    rates = BODY + 1
    row = BODY
    section = ""
    order = {name: place for place, name in enumerate(_SECTIONS)}
    ranked = sorted(found.items(), key=lambda one: order.get(one[1][0].section, 9))
    for (key, value), (node, places) in ranked:
        names = ", ".join(inputs.results[place].name for place in places)
        everywhere = len(places) == len(graphs)
        if node.section == "FX" or key in ("setting/discount_rate", "setting/tax_rate"):
            spot = Spot(sheets.rates, rates, VALUE_COLUMN)
            inputs.rates.append(ConstantRow(rates, node, value, "" if everywhere else names))
            rates += 1
        else:
            title = _SECTIONS.get(node.section, node.section)
            if title != section:
                section = title
                row += 1
                inputs.headings.append((row, title))
                row += 1
            spot = Spot(sheets.settings, row, VALUE_COLUMN)
            inputs.settings.append(ConstantRow(row, node, value, "" if everywhere else names))
            row += 1
        for place in places:
            inputs.spots[place].nodes[key] = spot


VALUE_COLUMN = 2


def _is_driver(key: str) -> bool:
    return key.startswith("driver/") and "/part" not in key


def _lay_out_lines(inputs: Inputs, plan: Plan, graphs: list[Graph], sheets: InputSheets) -> None:
    known: dict[tuple[str, str, str, float], Spot] = {}
    row = BODY + 1
    for place, (result, graph) in enumerate(zip(inputs.results, graphs, strict=True)):
        origin = _Origins(plan, result.scenario)
        for block in graph.blocks:
            kind = KINDS[block.kind]
            for line_place, line in enumerate(block.lines):
                for key in block.fields:
                    node = graph.nodes[key]
                    item = node.items[line_place]
                    if not isinstance(item, Number):
                        continue
                    name = key.rpartition("/")[2]
                    scenario = origin.of(line.name, name)
                    what = (scenario, line.name, name, item.value)
                    if what not in known:
                        known[what] = Spot(sheets.lines, row, LINE_VALUE)
                        declared = kind.field(name)
                        unit = node.unit or (
                            "month" if declared is not None and declared.unit == "month" else ""
                        )
                        inputs.lines.append(LineRow(row, scenario, line, node.label, unit, item.value))
                        row += 1
                    inputs.spots[place].items[key, line_place] = known[what]


LINE_VALUE = 6


class _Origins:
    """Which scenario of a lineage says what a line's field is."""

    def __init__(self, plan: Plan, scenario: str) -> None:
        self.lines: dict[str, str] = {}
        self.fields: dict[tuple[str, str], str] = {}
        for link in lineage(plan, scenario)[0]:
            for line, fields in link.line_fields.items():
                self.fields.update({(line, name): link.name for name in fields})
            for one in link.lines:
                self.lines[one.name] = link.name
                self.fields = {key: name for key, name in self.fields.items() if key[0] != one.name}

    def of(self, line: str, field_name: str) -> str:
        return self.fields.get((line, field_name)) or self.lines.get(line, "")


# writing


def write_assumptions(sheet: Sheet, inputs: Inputs, plan: Plan, calculated: list[dict[str, Spot]]) -> None:
    """The assumptions log: the plan's value of each driver, and what each scenario makes of it."""
    head = BODY
    results = inputs.results
    after = inputs.driver_column(len(results))
    sheet.texts(head, 0, ["Assumption", "Name in formulas", "Unit", "Plan value"])
    for place, result in enumerate(results):
        sheet.text(head, inputs.driver_column(place), result.name, "Heading", text_wrap=True, align="right")
    sheet.texts(head, after, ["Formula", "Range", "Source", "Date", "Owner", "Note"])
    for row, title in inputs.groups:
        sheet.text(row, 0, title, "Section")
    overridden = [resolve(plan, result.scenario, result.case).overridden for result in results]
    for one in inputs.drivers:
        driver = one.driver
        sheet.text(one.row, 0, driver.label or driver.name, text_wrap=True, valign="top")
        sheet.text(one.row, 1, driver.name, "Note")
        sheet.text(one.row, 2, driver.unit, "Note")
        formats = _driver_format(driver, one, results)
        if one.plan is not None:
            sheet.number(one.row, _PLAN_VALUE, one.plan, formats)
        elif driver.series:
            sheet.text(one.row, _PLAN_VALUE, BY_MONTH, "Note", align="right")
        for place, result in enumerate(results):
            own = driver.name in overridden[place]
            _write_driver(sheet, inputs, one, place, result, own, calculated[place], formats)
        shown = "" if one.plan is not None or driver.series else driver.value
        sheet.text(one.row, after, shown, "Note", text_wrap=True, valign="top")
        _write_source(sheet, one.row, after + 1, driver.range, driver.source)
    sheet.width(0, 34)
    sheet.width(1, 22)
    sheet.width(2, 14)
    for column in range(_PLAN_VALUE, after):
        sheet.width(column, 14)
    for offset, characters in enumerate((26, 22, 30, 11, 14, 30)):
        sheet.width(after + offset, characters)


def _write_driver(
    sheet: Sheet, inputs: Inputs, one: DriverRow, place: int, result: ScenarioResult, own: bool,
    calculated: dict[str, Spot], number: str,
) -> None:  # fmt: skip
    key = f"driver/{one.driver.name}"
    column = inputs.driver_column(place)
    node = result.graph.nodes.get(key)
    if node is None or result.program is None:
        sheet.text(one.row, column, "not used", "Note", align="right")
    elif node.is_input and node.monthly:
        sheet.text(one.row, column, BY_MONTH, "Note", align="right")
    elif node.is_input:
        value = _scalar(node)
        if own or one.plan is None:
            sheet.number(one.row, column, value, number)
        else:
            sheet.formula(one.row, column, f"${cell(one.row, _PLAN_VALUE)}", value, number)
    elif node.monthly:
        sheet.text(one.row, column, BY_MONTH, "Note", align="right")
    else:
        value = float(result.program.value(key).flat[0])
        sheet.formula(one.row, column, calculated[key].cell(), value, number, "Link")


def _driver_format(driver: Driver, one: DriverRow, results: Iterable[ScenarioResult]) -> str:
    values = [] if one.plan is None else [one.plan]
    for result in results:
        node = result.graph.nodes.get(f"driver/{driver.name}")
        if node is not None and not node.monthly and result.program is not None:
            values.append(float(result.program.value(node.key).flat[0]))
    size = [abs(value) for value in values if value and np.isfinite(value)]
    unit = driver.unit.strip()
    return number_format(
        unit, max(size, default=0.0), all(value == int(value) for value in size), min(size, default=1.0)
    )


def _write_source(sheet: Sheet, row: int, column: int, spread: Range | None, source: Source) -> None:
    words = ""
    if spread is not None:
        likely = f", likely {spread.likely}" if spread.likely else ""
        words = f"{spread.distribution}: {spread.low} to {spread.high}{likely}"
    where = f" ({source.quote}, {source.cell})" if source.quote else ""
    for offset, text in enumerate((words, source.text + where, source.date, source.owner, source.note)):
        if text:
            sheet.text(row, column + offset, text, text_wrap=True, valign="top")


def write_settings(sheet: Sheet, inputs: Inputs) -> None:
    """Conventions, numbers that stand in formulas, unit conversions and tables."""
    sheet.texts(BODY, 0, ["Setting or constant", "Unit", "Value", "Used by", "Source"])
    for row, title in inputs.headings:
        sheet.text(row, 0, title, "Section")
    _write_constants(sheet, inputs.settings)


def write_rates(sheet: Sheet, inputs: Inputs) -> None:
    """Discount and tax rate, and the price of each foreign currency."""
    sheet.texts(BODY, 0, ["Rate", "Unit", "Value", "Used by", "Source"])
    _write_constants(sheet, inputs.rates)


def _write_constants(sheet: Sheet, rows: Iterable[ConstantRow]) -> None:
    for one in rows:
        sheet.text(one.row, 0, one.node.label, text_wrap=True)
        sheet.text(one.row, 1, "" if one.node.unit == "date" else one.node.unit, "Note")
        size = abs(one.value)
        number = number_format(one.node.unit, size, one.value == int(one.value), size or 1.0)
        sheet.number(one.row, VALUE_COLUMN, one.value, number)
        sheet.text(one.row, 3, one.scenario or "all scenarios", "Note", text_wrap=True)
        sheet.text(one.row, 4, one.node.source.text, "Note", text_wrap=True)
    for column, characters in enumerate((58, 16, 16, 34, 34)):
        sheet.width(column, characters)


def write_lines(sheet: Sheet, inputs: Inputs) -> None:
    """Every number entered for a cost line."""
    titles = ["Scenario", "Cost line", "Kind", "Category", "Field", "Unit", "Value", "Source", "Date", "Note"]
    for column, characters in enumerate((22, 30, 14, 18, 24, 18, 16, 34, 11, 34)):
        sheet.width(column, characters)
    sheet.texts(BODY, 0, titles)
    for one in inputs.lines:
        sheet.texts(
            one.row, 0, [one.scenario, one.line.name, one.line.kind, one.line.category, one.label], "Label"
        )
        sheet.text(one.row, 5, one.unit, "Note")
        size = abs(one.value)
        number = number_format(one.unit, size, one.value == int(one.value), size or 1.0)
        sheet.number(one.row, LINE_VALUE, one.value, number)
        source = one.line.source
        where = f" ({source.quote}, {source.cell})" if source.quote else ""
        for offset, text in enumerate((source.text + where, source.date, source.note)):
            if text:
                sheet.text(one.row, LINE_VALUE + 1 + offset, text)


def write_series(sheet: Sheet, inputs: Inputs) -> None:
    """Drivers that are given month by month."""
    for row, driver, node in inputs.series:
        sheet.text(row, LABEL, driver.label or driver.name)
        sheet.text(row, LINE, driver.name, "Note")
        sheet.text(row, UNIT, driver.unit, "Note")
        assert node.value is not None
        numbers = node.value.reshape(-1)
        size = np.abs(numbers[numbers != 0])
        whole = bool((size == np.floor(size)).all())
        number = number_format(driver.unit, float(size.max(initial=0.0)), whole, float(size.min(initial=1.0)))
        for month, value in enumerate(numbers.tolist()):
            sheet.number(row, FIRST + month, value, number)
