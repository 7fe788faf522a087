"""Sheets of workings: one row a node of the calculation graph, one formula along each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np

from desktop_app.engine.formula.syntax import Expression, Number, Term
from desktop_app.engine.functions import Array, Operand
from desktop_app.engine.graph import Graph, Node
from desktop_app.engine.program import Program
from desktop_app.exchange.workbook.formula import NONE, Renderer, consecutive, may_fail, says_none
from desktop_app.exchange.workbook.sheet import Sheet, Value
from desktop_app.exchange.workbook.spots import (
    BEFORE,
    CATEGORY,
    FIRST,
    HERE,
    LABEL,
    LINE,
    OPENING,
    TAG,
    UNIT,
    VALUE,
    Spot,
    at_column,
    column_name,
)
from desktop_app.exchange.workbook.styles import PLAIN, shown_number, shown_width

_SCALAR = column_name(VALUE)
_OPEN = column_name(OPENING)
_YEARS = ("time/fiscal_year",)  # shown without separators
_START = column_name(FIRST)


@dataclass(frozen=True, slots=True)
class Group:
    """A heading and the nodes below it; `paper` says that it is printed where the whole sheet is too long."""

    title: str
    keys: tuple[str, ...]
    level: int = 0
    paper: bool = False


@dataclass(slots=True)
class Part:
    """The nodes of one graph on one sheet.

    `links` say where the nodes stand that are only fetched from elsewhere, `item_links` the same for numbers
    entered for one line of a block (by node key and line).
    """

    sheet: str
    graph: Graph
    program: Program
    months: int
    groups: tuple[Group, ...]
    currency: str
    links: Mapping[str, Spot] = field(default_factory=dict)
    item_links: Mapping[tuple[str, int], Spot] = field(default_factory=dict)
    title: str = ""
    first_row: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    orders: dict[str, tuple[int, ...]] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    without_value: frozenset[str] = frozenset()
    looks: dict[str, tuple[str, str]] = field(default_factory=dict)

    def place(self, first_row: int) -> int:
        """Gives every node its row, from `first_row` on; the row after the last is returned."""
        self.first_row = first_row
        row = first_row + (2 if self.title else 0)
        for group in self.groups:
            if not group.keys:
                continue
            row += 1
            for key in group.keys:
                node = self.graph.nodes[key]
                self.rows[key] = row
                row += max(1, len(node.lines))
            row += 1
        self.without_value = self._without_value()
        self.missing = self.without_value | _missing(self.graph)
        return row

    def _without_value(self) -> frozenset[str]:
        """Nodes that have no value in some month; no result depends on it."""
        return frozenset(key for key in self.rows if not np.isfinite(self.values(key)).all())

    def feeds(self, statement: str) -> bool:
        """True if a cost line can give the statement a value, whatever the inputs come to be."""
        return any(name == statement for block in self.graph.blocks for name, _ in block.feeds)

    def order(self, node: Node) -> tuple[int, ...]:
        """Which row, counted from the block's first, each line has: lines of a category stand together."""
        block = node.key.partition("/")[0]
        if block not in self.orders:
            category = {line.name: line.category for one in self.graph.blocks for line in one.lines}
            names = [category.get(line, "") for line in node.lines]
            by_row = sorted(
                range(len(names)), key=lambda place: (names[place].casefold(), names[place], place)
            )
            rows = [0] * len(by_row)
            for row, place in enumerate(by_row):
                rows[place] = row
            self.orders[block] = tuple(rows)
        return self.orders[block]

    def row_of(self, key: str, place: int = 0) -> int:
        """The sheet row of a node, or of one line of a block node."""
        node = self.graph.nodes[key]
        return self.rows[key] + (self.order(node)[place] if node.lines else 0)

    def spot(self, key: str, place: int = 0) -> Spot:
        """Where a node stands, for other sheets."""
        monthly = self.graph.nodes[key].monthly
        return Spot(self.sheet, self.row_of(key, place), VALUE, self.months if monthly else 0)

    def values(self, key: str) -> Array:
        """The node's values, shape (lines, months or 1)."""
        node = self.graph.nodes[key]
        shape = (max(1, len(node.lines)), self.months if node.monthly else 1)
        return np.broadcast_to(self.program.value(key)[0], shape)

    def look(self, key: str) -> tuple[str, str]:
        """Number format of a node's rows and their unit as shown."""
        if key not in self.looks:
            node = self.graph.nodes[key]
            known = np.unique(self.values(key)).tolist()
            number, unit = shown_number(node.unit, known, self.currency, monthly=node.monthly)
            self.looks[key] = (PLAIN if key in _YEARS else number, "" if unit == "date" else unit)
        return self.looks[key]

    def width(self, *, monthly: bool) -> int:
        """Characters that the longest number of the months takes, or of the column of single values."""
        found = [
            shown_width(self.look(key)[0], (float(values.min()), float(values.max())))
            for key in self.rows
            if self.graph.nodes[key].monthly is monthly and (values := np.nan_to_num(self.values(key))).size
        ]
        return max(found, default=0)

    def paper_rows(self) -> tuple[int, int] | None:
        """First and last row of what is printed where the sheet is too long; None where nothing is."""
        keys = [key for group in self.groups if group.paper for key in group.keys]
        if not keys:
            return None
        last = self.graph.nodes[keys[-1]]
        return self.rows[keys[0]] - 1, self.rows[keys[-1]] + max(1, len(last.lines)) - 1

    # formulas

    def operand(self, key: str, place: int) -> Operand:
        """The cells of a node as formulas of this sheet see them; `place` is the line that reads it."""
        node = self.graph.nodes[key]
        return self._cells(node, self.row_of(key, place) + 1)

    def _cells(self, node: Node, number: int) -> Operand:
        if not node.monthly:
            cell = f"${_SCALAR}{number}"
            return Operand(cell, row=cell, to_here=cell, so_far=cell, before=cell, previous=cell, last=cell)
        last = f"${column_name(FIRST + self.months - 1)}{number}"
        return Operand(
            f"{HERE}{number}",
            row=f"${_START}{number}:{last}",
            to_here=f"${_START}{number}:{HERE}{number}",
            so_far=f"${_OPEN}{number}:{HERE}{number}",
            before=f"${_OPEN}{number}:{BEFORE}{number}",
            previous=f"{BEFORE}{number}",
            last=last,
        )

    def _runs(self, term: Term) -> list[tuple[str, bool]]:
        node = self.graph.nodes[term.key]
        column = HERE if node.monthly else f"${_SCALAR}"
        order = self.order(node) if node.lines else (0,)
        first = self.rows[term.key] + 1
        found = []
        for top, bottom in consecutive(sorted(first + order[place] for place in term.lines)):
            several = bottom > top
            found.append((f"{column}{top}:{column}{bottom}" if several else f"{column}{top}", several))
        return found

    def formula(self, key: str, expression: Expression, place: int) -> str:
        """Formula text of a node, with marks where the column's letters go."""
        node = self.graph.nodes[key]
        renderer = Renderer(lambda other: self.operand(other, place), self._runs, self.missing)
        own = self._cells(node, self.row_of(key, place) + 1)
        text = renderer.text(expression, own)
        if key in self.without_value or (key in self.missing and may_fail(expression, self.missing)):
            text = f"IFERROR({text},{NONE})"
        return text

    # writing

    def write(self, sheet: Sheet, stopped: Callable[[], None]) -> None:
        """Writes all rows; `stopped` raises where the work was cancelled."""
        if self.title:
            sheet.text(self.first_row, LABEL, self.title, "Section", font_size=12)
        tags = self._tags()
        categories = {line.name: line.category for block in self.graph.blocks for line in block.lines}
        for group in self.groups:
            if not group.keys:
                continue
            heading = self.rows[group.keys[0]] - 1
            for column in range(LABEL, VALUE + 1):
                if column == LABEL:
                    sheet.text(heading, LABEL, group.title, "Heading")
                else:
                    sheet.blank(heading, column, "Heading")
            for key in group.keys:
                self._write_node(sheet, self.graph.nodes[key], group.level, tags.get(key, ""), categories)
                stopped()

    def _write_node(
        self, sheet: Sheet, node: Node, level: int, tag: str, categories: Mapping[str, str]
    ) -> None:
        values = self.values(node.key)
        number, unit = self.look(node.key)
        order = self.order(node) if node.lines else (0,)
        for place in sorted(range(len(order)), key=order.__getitem__):
            row = self.rows[node.key] + order[place]
            line = node.lines[place] if node.lines else ""
            if level:
                sheet.row(row, level=level)
            texts = [
                (LABEL, node.label, "Label"),
                (LINE, line, "Label"),
                (UNIT, unit, "Note"),
                (CATEGORY, categories.get(line, ""), "Label"),
                (TAG, tag, "Note"),
            ]
            link = self._link(node, place)
            if link is not None:
                self._write_row(sheet, row, node, texts, link.pattern(), values[place], number, "Link")
            elif node.is_input:
                _write_texts(sheet, row, texts)
                for column, value in enumerate(values[place].tolist(), FIRST if node.monthly else VALUE):
                    sheet.number(row, column, value, number)
            else:
                expression = node.items[place] if node.items else node.expression
                assert expression is not None, node.key
                pattern = self.formula(node.key, expression, place)
                self._write_row(sheet, row, node, texts, pattern, values[place], number, "Calculation")

    def _link(self, node: Node, place: int) -> Spot | None:
        if node.items and isinstance(node.items[place], Number):
            return self.item_links[node.key, place]
        return self.links.get(node.key)

    def _write_row(
        self,
        sheet: Sheet,
        row: int,
        node: Node,
        texts: Sequence[tuple[int, str, str]],
        pattern: str,
        values: Array,
        number: str,
        role: str,
    ) -> None:
        cached = self._cached(values)
        safe = escape(pattern, quote=False)
        look = sheet.book.look(role, number)
        if not node.monthly:
            sheet.run(row, texts, VALUE, [safe], cached, look)
            return
        formulas = [at_column(safe, column) for column in range(FIRST, FIRST + self.months)]
        sheet.run(row, texts, FIRST, formulas, cached, look)

    def _cached(self, values: Array) -> list[Value]:
        numbers: list[Value] = values.tolist()
        if np.isfinite(values).all():
            return numbers
        return [value if np.isfinite(value) else "n/a" for value in values]

    def _tags(self) -> dict[str, str]:
        """Which statements each row feeds."""
        found: dict[str, list[str]] = {}
        for block in self.graph.blocks:
            for statement, terms in block.feeds:
                for sign, key in terms:
                    found.setdefault(key, []).append(("-" if sign < 0 else "") + statement.replace("_", " "))
        tags = {key: ", ".join(names) for key, names in found.items()}
        tags |= {
            key: node.statement.replace("_", " ") for key, node in self.graph.nodes.items() if node.statement
        }
        return tags


def _write_texts(sheet: Sheet, row: int, texts: Sequence[tuple[int, str, str]]) -> None:
    for column, text, role in texts:
        if text:
            sheet.text(row, column, text, role)


def _missing(graph: Graph) -> frozenset[str]:
    """Nodes that can be "n/a": those that say so, and those computed from them."""
    found: set[str] = set()
    for key, node in graph.nodes.items():
        expressions = node.items if node.expression is None else (node.expression,)
        if any(says_none(expression) or may_fail(expression, found) for expression in expressions):
            found.add(key)
    return frozenset(found)


def keys_by_section(graph: Graph, sections: Iterable[str]) -> tuple[str, ...]:
    """Nodes of some sections that are not part of a block, in computing order."""
    wanted = set(sections)
    return tuple(key for key, node in graph.nodes.items() if node.section in wanted and not node.lines)
