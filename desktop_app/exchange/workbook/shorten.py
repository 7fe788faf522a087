"""Long formulas split over helper rows, so that each one stays short enough to read and for Excel to take."""

from __future__ import annotations

from dataclasses import replace

from desktop_app.engine.formula.syntax import Call, Expression, Ref, Rows
from desktop_app.engine.functions import FUNCTIONS, Operand
from desktop_app.engine.graph import Graph, Node
from desktop_app.exchange.workbook.formula import Renderer

LONGEST = 400
DEEPEST = 12
MOST_TERMS = 60

# Cells as long as they can become, to measure a formula before its place is known.
_ROW = "$HH99999:$HH99999"
_CELL = Operand(
    "HH99999", row=_ROW, to_here=_ROW, so_far=_ROW, before=_ROW, previous="HH99999", last="$HH99999"
)
_MEASURE = Renderer(lambda _: _CELL, lambda _: [("HH99999:HH99999", True)])


def shorten(graph: Graph) -> Graph:
    """The same graph with parts of long formulas as nodes of their own; itself where none is long."""
    splitter = _Splitter(graph)
    nodes: dict[str, Node] = {}
    for key, node in graph.nodes.items():
        done = splitter.node(node)
        nodes.update({part.key: part for part in splitter.parts})
        splitter.parts.clear()
        nodes[key] = done
    return replace(graph, nodes=nodes) if len(nodes) > len(graph.nodes) else graph


def depth(text: str) -> int:
    """How deeply the brackets of a formula are nested."""
    level = deepest = 0
    for character in text:
        if character == "(":
            level += 1
            deepest = max(deepest, level)
        elif character == ")":
            level -= 1
    return deepest


def _too_long(text: str) -> bool:
    return len(text) > LONGEST or depth(text) > DEEPEST


class _Splitter:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.parts: list[Node] = []

    def node(self, node: Node) -> Node:
        if node.items:
            items = tuple(
                self._expression(item, node, node.lines[place], f"{node.key}/{place}")
                for place, item in enumerate(node.items)
            )
            return node if items == node.items else replace(node, items=items)
        if node.expression is None:
            return node
        if isinstance(node.expression, Rows):
            shorter: Expression = self._sum(node.expression, node)
        else:
            shorter = self._expression(node.expression, node, "", node.key)
        return node if shorter == node.expression else replace(node, expression=shorter)

    def _sum(self, rows: Rows, node: Node) -> Rows | Expression:
        """A sum over very many blocks as a sum of sums."""
        if len(rows.terms) <= MOST_TERMS:
            return rows
        groups = [rows.terms[i : i + MOST_TERMS] for i in range(0, len(rows.terms), MOST_TERMS)]
        refs = [
            self._own_row(Rows(group), node, "", f"{node.key}/sum{i}") for i, group in enumerate(groups, 1)
        ]
        return Call("SUM", tuple(refs))

    def _expression(self, expression: Expression, node: Node, line: str, key: str) -> Expression:
        # From the innermost part outwards: templates repeat arguments, the whole would grow past measuring.
        if not isinstance(expression, Call):
            return expression
        args = [self._expression(arg, node, line, key) for arg in expression.args]
        shorter = Call(expression.function, tuple(args), expression.span)
        if not _too_long(self._text(shorter)):
            return shorter
        by_size = sorted(range(len(args)), key=lambda place: -len(self._text(args[place])))
        for place in by_size:
            if not _too_long(self._text(shorter)):
                break
            if isinstance(args[place], Call):
                args[place] = self._own_row(args[place], node, line, f"{key}/step{len(self.parts) + 1}")
                shorter = Call(expression.function, tuple(args), expression.span)
        return shorter

    def _text(self, expression: Expression) -> str:
        return _MEASURE.text(expression, _CELL)

    def _own_row(self, expression: Expression, node: Node, line: str, key: str) -> Ref:
        """The part as a node; one for each line where the formula belongs to all lines of a block."""
        label = f"Step {len(self.parts) + 1} of {f'{line}: ' if line else ''}{node.label}"
        lines = () if line else node.lines
        self.parts.append(
            Node(
                key,
                label,
                "",
                self._monthly(expression),
                node.section,
                expression,
                lines=lines,
                origin=node.origin,
            )
        )
        return Ref(key)

    def _monthly(self, expression: Expression) -> bool:
        if isinstance(expression, Rows):
            return True
        if isinstance(expression, Ref):
            part = next((part for part in self.parts if part.key == expression.key), None)
            return (part or self.graph.nodes[expression.key]).monthly
        if isinstance(expression, Call):
            shape = FUNCTIONS[expression.function].shape
            return shape == "monthly" or (
                shape == "args" and any(self._monthly(arg) for arg in expression.args)
            )
        return False
