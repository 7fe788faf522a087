"""From a plan's scenario to its calculation graph. What cannot be compiled becomes an Issue, never an
exception.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from desktop_app.engine import statements, timeline
from desktop_app.engine.blocks import LineCompiler, names_and_totals
from desktop_app.engine.figures import MEASURES
from desktop_app.engine.formula.entry import parse_entry
from desktop_app.engine.formula.parser import FormulaError
from desktop_app.engine.formula.syntax import Expression, Name, Number, Ref, Span
from desktop_app.engine.graph import Graph, Node, references
from desktop_app.engine.issues import Issue, error
from desktop_app.engine.lowering import Lowering, Typed, mismatch, unit_of
from desktop_app.engine.model import Driver, Plan, Table
from desktop_app.engine.problems import Problem, Waits
from desktop_app.engine.scenarios import Resolved, nearest, resolve
from desktop_app.engine.settings import settings_problem
from desktop_app.engine.units import NUMBER, Unit, UnknownUnit, money

_BYTE = Unit((("byte", 1),), (("data", 1),), 1.0)
NAME = re.compile(r"[^\W\d][\w.]*")


class Compiler:
    """Collects the nodes of one scenario. Drivers are compiled when they are first asked for, so order never
    matters.
    """

    def __init__(self, plan: Plan, resolved: Resolved, presence: Mapping[str, Expression]) -> None:
        self.plan = plan
        self.resolved = resolved
        self.nodes: dict[str, Node] = {}
        self.units: dict[str, Unit | None] = {}
        self.mistakes: list[Issue] = list(resolved.issues)
        self.consequences: list[Issue] = []
        self.broken: set[str] = set()
        # of broken nodes: where the mistake is; and how many entries wait for it to be mended
        self.roots: dict[str, str] = {}
        self.waiting: Counter[str] = Counter()
        self.drivers: dict[str, Driver] = {}
        for driver in resolved.drivers:
            if self._usable(driver):
                self.drivers[driver.name.lower()] = driver
        self.tables: dict[str, Table] = {}
        for table in plan.tables:
            if self.tables.setdefault(table.name.lower(), table) is not table:
                message = f"There are two tables “{table.name}”: rename one."
                self.mistakes.append(error("duplicate-table", f"table {table.name}", message))
        self.under_way: list[str] = []
        self.lines = LineCompiler(self, presence)

    def _usable(self, driver: Driver) -> bool:
        where = f"driver {driver.name}"
        if not NAME.fullmatch(driver.name):
            message = (
                f"“{driver.name}” cannot be used in formulas: a name starts with a letter and goes on with"
                " letters, digits and underscores."
            )
            self.mistakes.append(error("bad-name", where, message))
            return False
        if driver.name.lower() in self.drivers:
            message = f"There are two drivers “{driver.name}”: rename one."
            self.mistakes.append(error("duplicate-driver", where, message))
            return False
        return True

    def add(self, node: Node) -> None:
        """Puts a node at the end of the graph, once."""
        self.nodes.setdefault(node.key, node)

    def report(self, problem: Problem | FormulaError | UnknownUnit, where: str, text: str = "") -> None:
        """Turns a problem into an Issue with the place in the text."""
        span = getattr(problem, "span", None)
        found = error(getattr(problem, "code", "formula"), where, str(problem), span if text else None)
        if isinstance(problem, Waits):
            self.waiting[problem.root] += 1
            self.consequences.append(found)
        else:
            self.mistakes.append(found)

    def _break(
        self, key: str, problem: Problem | FormulaError | UnknownUnit, where: str, text: str = ""
    ) -> None:
        """Reports why a node cannot be made."""
        self.report(problem, where, text)
        self.broken.add(key)
        self.roots[key] = problem.root if isinstance(problem, Waits) else where

    def issues(self) -> tuple[Issue, ...]:
        """Mistakes first, each with how much waits for it, then what only waits for another to be mended."""
        mistakes = []
        for issue in self.mistakes:
            if count := self.waiting.pop(issue.where, 0):
                entries = "1 other entry needs" if count == 1 else f"{count} other entries need"
                issue = replace(issue, message=f"{issue.message} ({entries} this.)")
            mistakes.append(issue)
        return (*mistakes, *self.consequences)

    def lowering(self, owner: str, label: str, section: str) -> Lowering:
        """A Lowering for a user's formula."""
        return Lowering(owner, label, section, self.name, self.add, self.lines.total, self.tables)

    def name(self, name: Name) -> Typed:
        """A name in a user's formula: a driver, or one of the plan's rates."""
        key = name.name.lower()
        if key in self.drivers:
            return self.driver(key, name.span)
        if key in ("discount_rate", "tax_rate"):
            self._refuse_circle(f"setting/{key}", name.span)
            return Typed(self.rate(key), NUMBER, False)
        # what is being compiled would only be told to depend on itself
        others = (key for key, one in self.drivers.items() if f"driver/{one.name}" not in self.under_way)
        hint = nearest(name.name, others)
        raise Problem("unknown-name", f"There is no driver “{name.name}”.{hint}", name.span)

    def driver(self, name: str, span: Span = (0, 0)) -> Typed:
        """The node of a driver, compiled if need be. Raises Problem if it cannot be."""
        driver = self.drivers[name]
        key = f"driver/{driver.name}"
        self._refuse_circle(key, span)
        if not self._done(key):
            self._compile_with_inputs(driver)
        if key in self.broken:
            raise Waits(self.roots[key], span)
        node = self.nodes[key]
        return Typed(Ref(key), self.units[key], node.monthly)

    def _done(self, key: str) -> bool:
        return key in self.nodes or key in self.broken

    def _refuse_circle(self, key: str, span: Span) -> None:
        if key in self.under_way:
            ring = [part.split("/", 1)[1] for part in [*self.under_way[self.under_way.index(key) :], key]]
            raise Problem("circular", f"These depend on each other in a circle: {' → '.join(ring)}.", span)

    def _compile_with_inputs(self, driver: Driver) -> None:
        """Compiles a driver, before it those that it reads: a loop, since chains may be long."""
        path = [driver]
        while path:
            one = path[-1]
            key = f"driver/{one.name}"
            if self._done(key):
                path.pop()
            elif key not in self.under_way:
                self.under_way.append(key)
                # sorted, so that every run orders the rows of a workbook alike
                inputs = (self.drivers[name] for name in sorted(self._reads(one)) if name in self.drivers)
                path += [
                    other
                    for other in inputs
                    if not self._done(f"driver/{other.name}") and f"driver/{other.name}" not in self.under_way
                ]
            else:
                try:
                    self._compile_driver(one, key)
                except (Problem, FormulaError, UnknownUnit) as problem:
                    self._break(key, problem, f"driver {one.name}", one.value)
                self.under_way.remove(key)
                path.pop()

    def _reads(self, driver: Driver) -> frozenset[str]:
        return frozenset() if driver.series else names_and_totals(driver.value)[0]

    def _compile_driver(self, driver: Driver, key: str) -> None:
        unit = unit_of(driver.unit)
        self.units[key] = unit
        where = f"driver {driver.name}"
        label = driver.label or driver.name
        common = (key, label, driver.unit)
        if driver.series:
            numbers = np.array(
                [driver.series[min(i, len(driver.series) - 1)] for i in range(self.plan.settings.months)],
                float,
            )
            if not np.isfinite(numbers).all():
                raise Problem("not-a-number", "The series has a month that is not a number.")
            self.add(
                Node(
                    *common,
                    True,
                    "Drivers",
                    value=numbers.reshape(1, 1, -1),
                    origin=where,
                    source=driver.source,
                )
            )
            return
        parsed = parse_entry(driver.value, unit.like(_BYTE))
        number = parsed if isinstance(parsed, Number) else None
        if number is not None and driver.unit.strip() == "%" and not number.unit:
            number = Number(number.value / 100, "%", number.span)
        typed = self.lowering(key, label, "Drivers").lower(number or parsed)
        typed = self._in_unit(typed, unit, key, label)
        if isinstance(typed.expression, Number):
            value = np.full((1, 1, 1), typed.expression.value)
            self.add(Node(*common, False, "Drivers", value=value, origin=where, source=driver.source))
        else:
            self.add(
                Node(*common, typed.monthly, "Drivers", typed.expression, origin=where, source=driver.source)
            )

    def _in_unit(self, typed: Typed, unit: Unit, key: str, label: str) -> Typed:
        if typed.unit is None:
            return Typed(typed.expression, unit, typed.monthly)
        if typed.unit.in_one(unit) is None:
            raise Problem(
                "unit-mismatch",
                f"{label} is in {unit.words}, but its value is in {typed.unit.words}."
                f" {mismatch(typed.unit, unit)}",
            )
        return self.lowering(key, label, "Drivers").converted(typed, unit, (0, 0))

    def rate(self, name: str) -> Ref:
        """A rate of the plan's settings as a scalar node; 0 with an Issue where it cannot be read."""
        key = f"setting/{name}"
        self._refuse_circle(key, (0, 0))
        if key not in self.nodes:
            self.under_way.append(key)
            text = str(getattr(self.plan.settings, name))
            label = {"discount_rate": "Discount rate per year", "tax_rate": "Income tax rate"}[name]
            expression: Expression | None = None
            value = 0.0
            try:
                typed = self.lowering(key, label, "Settings").lower(parse_entry(text))
                if typed.monthly or typed.unit not in (None, NUMBER):
                    raise Problem("unit-mismatch", f"{label} must be one plain rate for the whole plan.")
                if isinstance(typed.expression, Number):
                    value = typed.expression.value
                else:
                    expression = typed.expression
            except (Problem, FormulaError, UnknownUnit) as problem:
                self._break(key, problem, f"setting {name}", text)
            self.under_way.remove(key)
            held = np.full((1, 1, 1), value) if expression is None else None
            self.add(Node(key, label, "%", False, "Settings", expression, held, origin=f"setting {name}"))
        return Ref(key)

    def exchange_rate(self, currency: str, span: Span = (0, 0)) -> Typed:
        """The price of a foreign currency in the plan's. Raises Problem where the plan has none."""
        key = f"fx/{currency}"
        own = self.plan.settings.currency
        if key in self.broken:
            raise Waits(self.roots[key], span)
        if key not in self.nodes:
            text = self.plan.fx.get(currency, "")
            if not text:
                raise Problem(
                    "no-exchange-rate",
                    f"There is no exchange rate for {currency}: give the price of 1 {currency} in {own}.",
                    span,
                )
            label = f"{own} for 1 {currency}"
            self._formula_node(
                key, label, text, money(own) / money(currency), "FX", f"exchange rate {currency}"
            )
            if key in self.broken:
                raise Waits(self.roots[key], span)
        return Typed(Ref(key), money(own) / money(currency), self.nodes[key].monthly)

    def _formula_node(
        self, key: str, label: str, text: str, unit: Unit, section: str, where: str, by_month: bool = False
    ) -> None:
        """Adds a node from a user's formula; `by_month`: on a row of months even where it never varies."""
        try:
            typed = self._in_unit(
                self.lowering(key, label, section).lower(parse_entry(text)), unit, key, label
            )
        except (Problem, FormulaError, UnknownUnit) as problem:
            self._break(key, problem, where, text)
            return
        monthly = typed.monthly or by_month
        if isinstance(typed.expression, Number):
            months = self.plan.settings.months if by_month else 1
            value = np.full((1, 1, months), typed.expression.value)
            self.add(Node(key, label, str(unit), monthly, section, value=value, origin=where))
        else:
            self.add(Node(key, label, str(unit), monthly, section, typed.expression, origin=where))

    def measures(self) -> None:
        """The quantities that unit costs are computed from."""
        for name, text in self.plan.measures.items():
            measure = MEASURES.get(name)
            if measure is None:
                hint = nearest(name, MEASURES)
                self.mistakes.append(
                    error("unknown-measure", f"measure {name}", f"There is no measure “{name}”.{hint}")
                )
            else:
                self._formula_node(
                    f"measure/{name}",
                    measure.label,
                    text,
                    unit_of(measure.unit),
                    "Measures",
                    f"measure {name}",
                    by_month=True,
                )

    def unused(self) -> None:
        """Warns of drivers that nothing needs."""
        for driver in self.drivers.values():
            if f"driver/{driver.name}" not in self.nodes and f"driver/{driver.name}" not in self.broken:
                try:
                    self.driver(driver.name.lower())
                except Problem:
                    continue


def compile_scenario(plan: Plan, scenario: str, case: str = "") -> Graph:
    """The graph of a scenario under a case, with everything that is wrong as Issues."""
    return compile_resolved(plan, resolve(plan, scenario, case))


def compile_resolved(
    plan: Plan, resolved: Resolved, presence: Mapping[str, Expression] | None = None
) -> Graph:
    """The graph of an already resolved scenario.

    `presence` gives, by line name, the share in which a line counts (an expression over driver nodes); 1 by
    default.
    """
    compiler = Compiler(plan, resolved, presence or {})
    problem = settings_problem(plan)
    if problem:
        compiler.mistakes.append(problem)
        return Graph(resolved.scenario, resolved.case, {}, (), compiler.issues(), frozenset({"settings"}))
    for node in timeline.nodes(plan.settings):
        compiler.add(node)
    compiler.rate("discount_rate")
    compiler.rate("tax_rate")
    compiler.add(timeline.discount_node())
    for share in (presence or {}).values():
        for key in references(share):
            compiler.driver(key.removeprefix("driver/").lower())
    blocks = compiler.lines.compile(resolved.lines)
    compiler.measures()
    compiler.unused()
    totals = statements.add(compiler.add, blocks, plan, compiler.nodes)
    return Graph(
        resolved.scenario,
        resolved.case,
        compiler.nodes,
        tuple(blocks),
        compiler.issues(),
        frozenset(compiler.broken),
        totals.statements,
        totals.categories,
        totals.figures,
        totals.checks,
        {line.name: (block.key, place) for block in blocks for place, line in enumerate(block.lines)},
    )
