"""The calculation graph of one scenario: named nodes in the order in which they can be computed.

Three readers walk it: `engine.program` (NumPy), `engine.explain`, and the twin workbook.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from desktop_app.engine.formula.syntax import Call, Expression, Ref, Rows, walk
from desktop_app.engine.functions import FUNCTIONS, Array
from desktop_app.engine.issues import Issue, warning
from desktop_app.engine.model import NO_SOURCE, CostLine, Source


@dataclass(frozen=True, slots=True)
class Node:
    """One named quantity, or one row of a block: the same quantity for several cost lines.

    Set is one of: `value`, an input of shape (1, 1, 1) or (1, 1, month); `expression`, a formula over other
    nodes; `items`, one entry for each line in `lines`, each a Number (an input) or a formula. Only the month
    count has both a value and the formula by which a workbook counts. In a block, a Ref to another node of
    the same block means the same line of it. `unit` is the unit's text ("%" is a plain number shown in per
    cent). `section` groups nodes for people: "Timeline", "Settings", "Drivers", "Constants", "Measures",
    "Cost lines", "Statements", "Key figures". `origin` says in the user's words what the node belongs to
    ("driver gpu_price").
    """

    key: str
    label: str
    unit: str
    monthly: bool
    section: str
    expression: Expression | None = None
    value: Array | None = None
    items: tuple[Expression, ...] = ()
    lines: tuple[str, ...] = ()
    origin: str = ""
    source: Source = NO_SOURCE
    statement: str = ""

    @property
    def is_input(self) -> bool:
        """True if the node is entered, not computed."""
        return self.value is not None and self.expression is None


@dataclass(frozen=True, slots=True)
class Block:
    """Cost lines of one shape: the same rows, evaluated together along the line axis.

    `fields` and `rows` are node keys; `feeds` says which rows go into which statement, with their sign.
    """

    key: str
    kind: str
    lines: tuple[CostLine, ...]
    fields: tuple[str, ...]
    rows: tuple[str, ...]
    feeds: tuple[tuple[str, tuple[tuple[int, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes by key in computing order. `broken` holds keys that could not be compiled, with all that needs
    them.
    """

    scenario: str
    case: str
    nodes: dict[str, Node]
    blocks: tuple[Block, ...]
    issues: tuple[Issue, ...]
    broken: frozenset[str] = frozenset()
    statements: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    line_places: dict[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def stopped(self) -> bool:
        """True if something is broken that the costs need; a driver nobody could use, or a measure, leaves
        them whole.
        """
        return any(not key.startswith(("driver/", "measure/")) for key in self.broken)

    def line_node(self, line: str, row: str) -> tuple[Node, int] | None:
        """The block node of a cost line's row ("capex"), and the line's place in it."""
        found = self.line_places.get(line)
        if found is None or f"{found[0]}/{row}" not in self.nodes:
            return None
        return self.nodes[f"{found[0]}/{row}"], found[1]


def references(expression: Expression) -> Iterator[str]:
    """Keys of the nodes an expression reads, in reading order, repeated as often as they stand."""
    for part in walk(expression):
        if isinstance(part, Ref):
            yield part.key
        elif isinstance(part, Rows):
            for term in part.terms:
                yield term.key


def inputs_of(node: Node) -> tuple[str, ...]:
    """Keys of the nodes that a node reads, each once."""
    found: dict[str, None] = {}
    for expression in (node.expression,) if node.expression is not None else node.items:
        for part in walk(expression):
            if isinstance(part, Call):
                found.update(dict.fromkeys(FUNCTIONS[part.function].uses))
        found.update(dict.fromkeys(references(expression)))
    return tuple(found)


def unread_inputs(graphs: Iterable[Graph]) -> list[Issue]:
    """A warning for each driver that no cost line, measure or other driver reads in any of the graphs.

    Scenarios of one plan share its drivers, so what one does not read may be another's.
    """
    labels: dict[str, Node] = {}
    read: set[str] = set()
    for graph in graphs:
        labels |= {
            key: node
            for key, node in graph.nodes.items()
            if key.startswith("driver/") and key.count("/") == 1
        }
        read |= {key for node in graph.nodes.values() for key in inputs_of(node)}
    return [
        warning("unused-driver", node.origin, f"Nothing uses “{node.label}”.")
        for key, node in labels.items()
        if key not in read
    ]
