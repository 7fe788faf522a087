"""The plan of a pack: which sheets there are, and where every figure stands, before anything is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from desktop_app.engine.compare import Pair, compare_pair
from desktop_app.engine.compute import PlanResult, ScenarioResult
from desktop_app.engine.graph import Graph, inputs_of
from desktop_app.engine.kinds import KINDS
from desktop_app.engine.model import Plan, Settings
from desktop_app.engine.program import Program, make_program
from desktop_app.exchange.workbook import inputs
from desktop_app.exchange.workbook.amounts import Amounts
from desktop_app.exchange.workbook.calc import Group, Part, keys_by_section
from desktop_app.exchange.workbook.inputs import Inputs, InputSheets
from desktop_app.exchange.workbook.sheet import BODY
from desktop_app.exchange.workbook.shorten import shorten
from desktop_app.exchange.workbook.spots import Spot
from desktop_app.exchange.workbook.styles import scale_words
from desktop_app.exchange.workbook.text import sheet_name

# Rows of the heading of every sheet by month: fiscal year, first day, month number.
MONTH_HEADING = BODY
MONTH_BODY = BODY + 2


_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

# All sheets but the workings, in order; those with nothing to show are left out.
SHEETS = {
    "cover": "Cover",
    "contents": "Contents",
    "summary": "Summary",
    "appraisal": "Options appraisal",
    "npv": "NPV table",
    "cash": "Cash flow",
    "spend": "CapEx and OpEx",
    "profit": "P&L and assets",
    "assets": "Asset register",
    "headcount": "Headcount",
    "leases": "Leases",
    "bridge": "Bridge",
    "risk": "Sensitivity and risk",
    "assumptions": "Assumptions",
    "sources": "Data and sources",
    "rates": "FX and rates",
    "lines": "Cost line inputs",
    "series": "Inputs by month",
    "settings": "Settings",
    "timeline": "Timeline",
    "comparison": "Comparison",
    "checks": "Checks",
    "definitions": "Definitions",
    "changes": "Change log",
}
# The row and the columns of the selector on the summary: the scenario's name, its number, its break-even.
SELECTOR_ROW, SELECTOR_NAME, SELECTOR_NUMBER, SELECTOR_BREAK_EVEN = BODY, 1, 4, 7


@dataclass(slots=True)
class Names:
    """Names of sheets, each given once."""

    taken: set[str] = field(default_factory=set)

    def give(self, text: str) -> str:
        """A free name that says the text."""
        # Brackets would make XlsxWriter take "LET(x)" in a name for one of Excel's newest functions, and
        # _x0041_ in the file means the letter A.
        plain = _CODE.sub(" ", text.replace("(", " ").replace(")", " "))
        name = sheet_name(plain, self.taken)
        self.taken.add(name)
        return name


@dataclass(slots=True)
class Pack:
    """Everything the sheet writers need. `labels` are the scenarios' names as shown, unique and short.

    `shown` is the place of the scenario that the summary shows at first: the preferred one, or the cheapest.
    `shown_rows` are the rows of its CapEx, OpEx and people on the sheet of CapEx and OpEx. `bridge_checks`
    are those of the bridge for the sheet of checks: name, place of the scenario, cell that must be zero.
    `annual_title` is the cell with the title of the annual chart, as a formula, and what it says.
    """

    result: PlanResult
    results: tuple[ScenarioResult, ...]
    labels: tuple[str, ...]
    pairs: tuple[Pair, ...]
    inputs: Inputs
    timeline: Part
    workings: tuple[Part, ...]
    comparisons: tuple[Part, ...]
    left_out: tuple[str, ...]
    sheets: dict[str, str]
    shown_rows: list[int] = field(default_factory=list)
    bridge_checks: list[tuple[str, int, str]] = field(default_factory=list)
    annual_title: tuple[str, str] = ("", "")

    @property
    def words(self) -> str:
        """The display unit of money in words."""
        return scale_words(self.plan.settings.currency, self.plan.settings.scale)

    @property
    def amounts(self) -> Amounts:
        """How sentences say amounts of money."""
        return Amounts(self.plan.settings.currency, self.plan.settings.scale, self.inputs.spots[0].nodes)

    @property
    def cheapest(self) -> int:
        """Place of the scenario with the lowest NPV of cost."""
        return self.ranked[0]

    @property
    def ranked(self) -> list[int]:
        """Places of all scenarios by their NPV of cost, the lowest first."""
        costs = [float(part.program.value("figure/npv_cost").flat[0]) for part in self.workings]
        return sorted(range(len(costs)), key=costs.__getitem__)

    @property
    def shown(self) -> int:
        """Place of the scenario that the summary shows at first."""
        named = [i for i, one in enumerate(self.results) if one.scenario == self.plan.preferred]
        return named[0] if named else self.cheapest

    @property
    def baseline(self) -> int | None:
        """Place of the scenario that the others are compared with, where there are others."""
        compared = {pair.b for pair in self.pairs}
        return next((i for i, one in enumerate(self.results) if one.scenario in compared), None)

    def base_of(self, place: int) -> int | None:
        """Place of the baseline under the case of the scenario at a place; None where there is none."""
        one = self.results[place]
        for pair in self.pairs:
            if pair.case == one.case and one.scenario in (pair.a, pair.b):
                return self.place_of(pair.b, pair.case)
        return None

    @property
    def baseline_name(self) -> str:
        """What the scenarios are compared with; "" where there is nothing to compare."""
        return "" if self.baseline is None else _short(self.results[self.baseline].scenario)

    @property
    def shown_name(self) -> str:
        """The cell that holds the name of the scenario chosen on the summary."""
        return Spot(self.sheets["summary"], SELECTOR_ROW, SELECTOR_NAME).cell()

    @property
    def shown_number(self) -> str:
        """The cell that holds the number of the scenario chosen on the summary."""
        return Spot(self.sheets["summary"], SELECTOR_ROW, SELECTOR_NUMBER).cell()

    def pair_of(self, place: int) -> Part | None:
        """The comparison of a scenario with the baseline."""
        one = self.results[place]
        for pair, part in zip(self.pairs, self.comparisons, strict=True):
            if (pair.a, pair.case) == (one.scenario, one.case):
                return part
        return None

    @property
    def plan(self) -> Plan:
        """The plan that is exported."""
        return self.result.plan

    @property
    def months(self) -> int:
        """Months of the plan."""
        return self.plan.settings.months

    @property
    def years(self) -> tuple[int, ...]:
        """Fiscal years, each once."""
        return tuple(dict.fromkeys(self.result.fiscal_years))

    def place_of(self, scenario: str, case: str = "") -> int:
        """The place of a scenario among the results. Raises ValueError."""
        return next(i for i, one in enumerate(self.results) if (one.scenario, one.case) == (scenario, case))


def lay_out(result: PlanResult, scenarios: Iterable[str] | None, checked: Callable[[], None]) -> Pack:
    """Plans the workbook of a result, or of some of its scenarios. Raises ValueError where none has
    results."""
    wanted = None if scenarios is None else set(scenarios)
    chosen = [one for one in result.scenarios if wanted is None or one.scenario in wanted]
    results = tuple(one for one in chosen if one.program is not None and one.monthly)
    if not results:
        raise ValueError("no scenario has results")
    labels = _labels(results)
    names = Names()
    sheets = {key: names.give(title) for key, title in SHEETS.items()}
    plan = result.plan
    graphs, programs = [], []
    for one in results:
        graph = shorten(one.graph)
        assert one.program is not None
        graphs.append(graph)
        programs.append(one.program if graph is one.graph else make_program(graph, plan.settings.months))
        checked()
    shared = _shared_timeline(graphs)
    spots = inputs.lay_out(plan, results, graphs, _input_sheets(sheets))
    months = plan.settings.months
    timeline = _timeline(sheets["timeline"], graphs[0], programs[0], plan.settings, shared, spots)
    timeline.place(MONTH_BODY)
    workings = []
    for place, (graph, program) in enumerate(zip(graphs, programs, strict=True)):
        name = names.give(f"Workings {place + 1} {labels[place]}")
        links = {key: timeline.spot(key) for key in shared} | {
            key: spot
            for key, spot in spots.spots[place].nodes.items()
            if key not in timeline.rows or key not in shared
        }
        part = Part(
            name,
            graph,
            program,
            months,
            _workings_groups(graph),
            plan.settings.currency,
            links,
            spots.spots[place].items,
        )
        part.place(MONTH_BODY)
        workings.append(part)
        checked()
    pack = Pack(
        result,
        results,
        labels,
        _pairs(result, results),
        spots,
        timeline,
        tuple(workings),
        (),
        tuple(one.name for one in chosen if one.program is None),
        sheets,
    )
    pack.comparisons = _comparisons(pack, shared)
    return pack


def _input_sheets(sheets: dict[str, str]) -> InputSheets:
    return InputSheets(
        sheets["assumptions"], sheets["lines"], sheets["settings"], sheets["rates"], sheets["series"]
    )


def _short(name: str) -> str:
    """A scenario's name as far as a heading has room for it."""
    return " ".join(name.split())[:60]


def _labels(results: tuple[ScenarioResult, ...]) -> tuple[str, ...]:
    """Names as people see them: short, and different whatever their case."""
    found: list[str] = []
    taken: set[str] = set()
    for one in results:
        base = _short(one.name) or "Scenario"
        label, count = base, 1
        while label.casefold() in taken:
            count += 1
            label = f"{base} ({count})"
        taken.add(label.casefold())
        found.append(label)
    return tuple(found)


def _shared_timeline(graphs: list[Graph]) -> tuple[str, ...]:
    """Timeline rows that depend on nothing that differs between scenarios."""
    fixed = {
        key
        for key in graphs[0].nodes
        if key.startswith("setting/") and all(key in g.nodes and g.nodes[key].is_input for g in graphs)
    }
    found: list[str] = []
    for key, node in graphs[0].nodes.items():
        if node.section == "Timeline" and all(
            other in fixed or other in found or other == key for other in inputs_of(node)
        ):
            found.append(key)
    return tuple(found)


def _timeline(
    sheet: str,
    graph: Graph,
    program: Program,
    settings_of: Settings,
    shared: tuple[str, ...],
    spots: Inputs,
) -> Part:
    read = {key for row in shared for key in inputs_of(graph.nodes[row])}
    settings = tuple(key for key in graph.nodes if key in read and key.startswith("setting/"))
    links = {key: spots.spots[0].nodes[key] for key in settings}
    groups = (Group("Settings used here", settings), Group("Months", shared))
    return Part(sheet, graph, program, settings_of.months, groups, settings_of.currency, links)


def _workings_groups(graph: Graph) -> tuple[Group, ...]:
    def only(sections: Iterable[str]) -> tuple[str, ...]:
        return keys_by_section(graph, sections)

    groups = [
        Group("Timeline", only(["Timeline"])),
        Group("Settings, rates and constants", only(["Settings", "FX", "Constants", "Tables"])),
        Group("Drivers", only(["Drivers"])),
        Group("Measures", only(["Measures"])),
        Group("Steps and totals for cost lines", only(["Cost lines"])),
    ]
    for block in graph.blocks:
        keys = tuple(
            key for key, node in graph.nodes.items() if node.lines and key.startswith(f"{block.key}/")
        )
        many = f", {len(block.lines):,} lines" if len(block.lines) > 1 else f": {block.lines[0].name}"
        groups.append(Group(f"{KINDS[block.kind].label}{many}", keys, 1))
    groups += [
        Group("Categories", only(["Categories"]), paper=True),
        Group("Statements (costs positive)", only(["Statements"]), paper=True),
        Group("Key figures", only(["Key figures"])),
        Group("Checks (must be zero)", only(["Checks"])),
    ]
    return tuple(groups)


def _pairs(result: PlanResult, results: tuple[ScenarioResult, ...]) -> tuple[Pair, ...]:
    """Each scenario against the baseline, or the first one where that is not exported, case by case."""
    names = [one.scenario for one in results]
    baseline = result.baseline if result.baseline in names else names[0]
    known = {(pair.a, pair.b, pair.case): pair for pair in result.pairs}
    found = []
    for one in results:
        base = next((b for b in results if (b.scenario, b.case) == (baseline, one.case)), None)
        if base is None or base is one:
            continue
        pair = known.get((one.scenario, baseline, one.case))
        if pair is None:
            assert one.program is not None
            assert base.program is not None
            pair = compare_pair(result.plan, one.graph, one.program, base.graph, base.program)
        found.append(pair)
    return tuple(found)


def _comparisons(pack: Pack, shared: tuple[str, ...]) -> tuple[Part, ...]:
    """One part for each pair, its inputs fetched from the workings of both scenarios."""
    row = MONTH_BODY + len(pack.results) + 6
    found = []
    for pair in pack.pairs:
        a, b = (pack.workings[pack.place_of(name, pair.case)] for name in (pair.a, pair.b))
        links: dict[str, Spot] = {}
        for key, node in pair.graph.nodes.items():
            if node.is_input:
                side, _, inner = key.partition("/")
                source, other = (a, inner) if side == "a" else (b, inner) if side == "b" else (a, key)
                links[key] = pack.timeline.spot(other) if other in shared else source.spot(other)
        graph, program = pair.graph, pair.program
        fetched = tuple(links)
        computed = tuple(key for key, node in graph.nodes.items() if not node.is_input)
        case = f" ({pair.case})" if pair.case else ""
        part = Part(
            pack.sheets["comparison"], graph, program, pack.months,
            (Group("Fetched", fetched, 1), Group("Compared: differences are first less second", computed)),
            pack.plan.settings.currency, links, title=f"{pair.a} against {pair.b}{case}",
        )  # fmt: skip
        row = part.place(row) + 1
        found.append(part)
    return tuple(found)
