"""The inputs of a pack: every constant of the scenarios, each with its place on an input sheet."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from desktop_app.engine.compile import compile_scenario
from desktop_app.engine.compute import ScenarioResult
from desktop_app.engine.formula.syntax import Number
from desktop_app.engine.graph import Graph, Node
from desktop_app.engine.kinds import KINDS
from desktop_app.engine.model import CostLine, Driver, Plan, Scenario
from desktop_app.engine.scenarios import lineage
from desktop_app.exchange.workbook.sheet import BODY
from desktop_app.exchange.workbook.spots import VALUE, Spot

_DRIVER_COLUMNS = 4  # label, name, unit, plan value
PLAN_VALUE = 3
VALUE_COLUMN = 2  # of a constant on the sheets of settings and rates
LINE_VALUE = 6
RATES = ("setting/discount_rate", "setting/tax_rate")
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
    """A number entered for a cost line, in the scenario that says so; or one that holds where nothing is."""

    row: int
    scenario: str
    line: CostLine
    label: str
    unit: str
    value: float
    given: bool


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
            inputs.drivers.append(DriverRow(row, driver, scalar(node) if constant else None))
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


def scalar(node: Node | None) -> float:
    assert node is not None and node.value is not None
    return float(node.value.flat[0])


def _lay_out_constants(inputs: Inputs, graphs: list[Graph], sheets: InputSheets) -> None:
    """Constants that are no drivers: where scenarios differ in one, each value has a row."""
    found: dict[tuple[str, float], tuple[Node, list[int]]] = {}
    for place, graph in enumerate(graphs):
        for key, node in graph.nodes.items():
            if node.is_input and not node.monthly and not _is_driver(key):
                found.setdefault((key, scalar(node)), (node, []))[1].append(place)
    rates = BODY + 1
    row = BODY
    section = ""
    order = {name: place for place, name in enumerate(_SECTIONS)}
    ranked = sorted(found.items(), key=lambda one: order.get(one[1][0].section, 9))
    for (key, value), (node, places) in ranked:
        names = ", ".join(inputs.results[place].name for place in places)
        everywhere = len(places) == len(graphs)
        if node.section == "FX" or key in RATES:
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
                        given = bool(line.fields.get(name, "").strip())
                        made = LineRow(row, scenario, line, node.label, unit, item.value, given)
                        inputs.lines.append(made)
                        row += 1
                    inputs.spots[place].items[key, line_place] = known[what]


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
