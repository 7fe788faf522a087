"""Cost lines to blocks: lines of one shape share their rows and are evaluated together."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from desktop_app.engine.block_rows import BlockField, block_rows
from desktop_app.engine.formula.entry import parse_entry
from desktop_app.engine.formula.parser import FormulaError
from desktop_app.engine.formula.syntax import (
    Call,
    Expression,
    Name,
    Number,
    Ref,
    Rows,
    Span,
    Term,
    Text,
    walk,
)
from desktop_app.engine.graph import Block, Node
from desktop_app.engine.kinds import KINDS, Kind, Shape
from desktop_app.engine.line_fields import FieldReader, ReadyLine
from desktop_app.engine.lowering import Typed
from desktop_app.engine.model import CostLine, Table
from desktop_app.engine.plan_tables import find_table
from desktop_app.engine.problems import Problem
from desktop_app.engine.scenarios import nearest
from desktop_app.engine.units import money

if TYPE_CHECKING:
    from desktop_app.engine.compile import Compiler

TOTALS = (
    "capex",
    "opex",
    "people",
    "depreciation",
    "net_book_value",
    "operating_expense",
    "proceeds",
    "retired",
)

OTHER_VERSION = "\u241f"


_NAMES = re.compile(r"[^\W\d]")


@lru_cache(maxsize=16384)
def names_and_totals(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names in a formula, and the categories or lines whose totals it reads, in lower case."""
    names: set[str] = set()
    totals: set[str] = set()
    try:
        parsed = parse_entry(text)
    except FormulaError:
        return frozenset(), frozenset()
    for part in walk(parsed):
        if isinstance(part, Name):
            names.add(part.name.lower())
        elif isinstance(part, Call) and part.function == "TOTAL" and len(part.args) == 2:
            group = part.args[1]
            if isinstance(group, Text):
                totals.add(group.value.lower())
    return frozenset(names), frozenset(totals)


def _groups_of(line: CostLine) -> set[str]:
    """What a TOTAL can call the line by."""
    return {line.category.lower(), plain_name(line)}


class LineCompiler:
    """Compiles cost lines level by level, since a line may be a share of the total of others."""

    def __init__(self, compiler: Compiler, presence: Mapping[str, Expression]) -> None:
        self.compiler = compiler
        self.presence = presence
        self.fields = FieldReader(compiler)
        self.done: list[Block] = []
        self.blocks_of: dict[str, list[Block]] = defaultdict(list)
        self.totals_read: dict[str, frozenset[str]] = {}
        # by category and by name: lines whose amounts are not known yet
        self.waiting: dict[str, set[str]] = defaultdict(set)
        for line in compiler.resolved.lines:
            for group in _groups_of(line):
                self.waiting[group].add(line.name)

    def compile(self, lines: Iterable[CostLine]) -> list[Block]:
        """Blocks of all lines that could be compiled, in computing order; the others are reported."""
        usable = [line for line in lines if self._known(line)]
        levels = self._order(usable)
        for level in sorted(set(levels.values())):
            shapes: dict[tuple[str, Shape, bool], list[ReadyLine]] = defaultdict(list)
            for line in usable:
                if levels.get(line.name) != level:
                    continue
                try:
                    ready = self.fields.read(line)
                    shapes[line.kind, ready.shape, ready.entered].append(ready)
                except Problem as problem:
                    self._break(line, problem)
            for (kind, shape, _), members in shapes.items():
                self._block(KINDS[kind], shape, members)
                for member in members:
                    self._settle(member.line)
        return self.done

    def _settle(self, line: CostLine) -> None:
        for group in _groups_of(line):
            self.waiting[group].discard(line.name)

    def _known(self, line: CostLine) -> bool:
        if line.kind in KINDS:
            return True
        message = f"“{line.kind}” is no kind of cost line.{nearest(line.kind, KINDS)}"
        self._break(line, Problem("unknown-kind", message))
        return False

    def _break(self, line: CostLine, problem: Problem) -> None:
        self.compiler.broken.add(f"line/{line.name}")
        self._settle(line)
        if str(problem):
            self.compiler.report(problem, f"line {line.name}")

    def _order(self, lines: list[CostLine]) -> dict[str, int]:
        """Level of each line: above those of every line whose total it reads."""
        members: dict[str, list[CostLine]] = defaultdict(list)
        for line in lines:
            for group in _groups_of(line):
                members[group].append(line)
        levels: dict[str, int] = {}
        for start in lines:
            path = [start]
            on_path = {start.name: 0}
            while path:
                line = path[-1]
                below = [one for group in self._reads(line) for one in members.get(group, ())]
                ring = next((one for one in below if one.name in on_path), None)
                if ring is not None and line.name not in levels:
                    names = " → ".join(one.name for one in [*path[on_path[ring.name] :], ring])
                    self._break(
                        line, Problem("circular", f"These totals depend on each other in a circle: {names}.")
                    )
                    levels[line.name] = 0
                todo = next((one for one in below if one.name not in levels), None)
                if todo is None or line.name in levels:
                    if line.name not in levels:
                        levels[line.name] = max((levels[one.name] for one in below), default=-1) + 1
                    del on_path[line.name]
                    path.pop()
                else:
                    on_path[todo.name] = len(path)
                    path.append(todo)
        return {name: level for name, level in levels.items() if f"line/{name}" not in self.compiler.broken}

    def _reads(self, line: CostLine) -> frozenset[str]:
        """Categories and lines whose totals a line reads, also through drivers."""
        found: set[str] = set()
        for text in line.fields.values():
            if "(" in text or _NAMES.search(text):
                found |= self._totals_in(text)
        return frozenset(found)

    def _totals_in(self, text: str) -> frozenset[str]:
        if text in self.totals_read:
            return self.totals_read[text]
        found: set[str] = set()
        seen: set[str] = set()
        texts = [text]
        while texts:
            names, groups = names_and_totals(texts.pop())
            found |= groups
            for name in names - seen:
                seen.add(name)
                if name in self.compiler.drivers:
                    texts.append(self.compiler.drivers[name].value)
        self.totals_read[text] = frozenset(found)
        return self.totals_read[text]

    def total(self, statement: str, group: str, span: Span) -> Typed:
        """TOTAL(statement, category or line). Raises Problem."""
        if statement not in TOTALS:
            raise Problem(
                "unknown-statement",
                f"There is no total of “{statement}”.{nearest(statement, TOTALS)}"
                f" Known are {', '.join(TOTALS)}.",
                span,
            )
        wanted = group.lower()
        if wanted not in self.waiting:
            known = {name for line in self.compiler.resolved.lines for name in (line.category, line.name)}
            raise Problem(
                "unknown-category", f"There is no category or line “{group}”.{nearest(group, known)}", span
            )
        if self.waiting[wanted]:
            raise Problem("circular", f"The total of “{group}” is itself computed from this.", span)
        blocks = self.blocks_of.get(wanted, ())
        terms = feed_terms(blocks, statement, lambda line: wanted in _groups_of(line))
        key = f"total/{group}/{statement}"
        currency = self.compiler.plan.settings.currency
        expression: Expression = Rows(terms) if terms else Call("*", (Number(0), Ref("time/month")))
        self.compiler.add(
            Node(
                key,
                f"{statement.replace('_', ' ').capitalize()} of {group}",
                currency,
                True,
                "Cost lines",
                expression,
                origin=f"total of {group}",
            )
        )
        return Typed(Ref(key), money(currency), True)

    def _block(self, kind: Kind, shape: Shape, members: list[ReadyLine]) -> None:
        compiler = self.compiler
        key = f"block{len(self.done) + 1}"
        names = tuple(member.line.name for member in members)
        currency = compiler.plan.settings.currency
        fields: list[BlockField] = []
        inputs: list[Node] = []
        declared = {field.name: field.label for field in kind.fields if field.name in shape.given}
        for name, label in (declared | ({"fx": "Exchange rate"} if shape.has("fx") else {})).items():
            items = [member.items[name] for member in members]
            monthly = any(item.monthly for item in items)
            units = {str(item.unit) for item in items if item.unit is not None}
            unit = units.pop() if len(units) == 1 else ""
            entries = tuple(item.expression for item in items)
            fields.append(BlockField(name, unit, monthly))
            inputs.append(
                Node(
                    f"{key}/{name}",
                    label,
                    unit,
                    monthly,
                    "Cost lines",
                    items=entries,
                    lines=names,
                    origin=kind.name,
                )
            )
        try:
            made = block_rows(key, kind.name, shape, tuple(fields), names, currency, self._tax_table(shape))
        except Problem as problem:
            for member in members:
                self._break(member.line, problem)
            return
        inputs = [node for node in inputs if node.key in made.read]
        for node in (*inputs, *made.nodes):
            compiler.add(node)
        shares = self._shares(key, names)
        feeds = tuple(
            (statement, tuple((sign, shares(f"{key}/{row}")) for sign, row in terms))
            for statement, terms in kind.feeds(shape).items()
        )
        block = Block(
            key,
            kind.name,
            tuple(member.line for member in members),
            tuple(node.key for node in inputs),
            made.rows,
            feeds,
        )
        self.done.append(block)
        for group in {group for member in members for group in _groups_of(member.line)}:
            self.blocks_of[group].append(block)

    def _shares(self, block: str, lines: tuple[str, ...]) -> Callable[[str], str]:
        """The node that a row feeds statements through: the row itself, or as far as its line is present."""
        if not any(line in self.presence for line in lines):
            return lambda row: row
        share = f"{block}/presence"
        items = tuple(self.presence.get(line, Number(1)) for line in lines)
        self.compiler.add(Node(share, "Present", "", False, "Cost lines", items=items, lines=lines))

        def present(row: str) -> str:
            node = self.compiler.nodes[row]
            product = Call("*", (Ref(row), Ref(share)))
            self.compiler.add(replace(node, key=f"{row}/present", expression=product))
            return f"{row}/present"

        return present

    def _tax_table(self, shape: Shape) -> Table | None:
        """The table of tax rates that lines of a shape use. Raises Problem where it is not there."""
        if dict(shape.choices).get("tax_method") != "table":
            return None
        return find_table(self.compiler.tables, shape.choice("tax_table"))


def plain_name(line: CostLine) -> str:
    """A line's name in lower case, without the mark that sets two versions of one line apart in a bridge."""
    return line.name.removesuffix(OTHER_VERSION).lower()


def feed_terms(
    blocks: Iterable[Block], statement: str, chosen: Callable[[CostLine], bool] | None = None
) -> tuple[Term, ...]:
    """The block rows that feed a statement, for all lines or those for which `chosen(line)` is true."""
    terms = []
    for block in blocks:
        feeds = next((terms for name, terms in block.feeds if name == statement), ())
        if not feeds:
            continue
        places = (
            tuple(range(len(block.lines)))
            if chosen is None
            else tuple(place for place, line in enumerate(block.lines) if chosen(line))
        )
        if places:
            terms += [Term(row, places, sign) for sign, row in feeds]
    return tuple(terms)
