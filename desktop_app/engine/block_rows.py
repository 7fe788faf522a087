"""The rows of a block of cost lines: the formulas of its kind, over its own fields and the plan's months."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from desktop_app.engine.formula.parser import parse
from desktop_app.engine.formula.syntax import Expression, Name, Ref
from desktop_app.engine.graph import Node, inputs_of
from desktop_app.engine.kinds import KINDS, Shape
from desktop_app.engine.lowering import Lowering, Typed
from desktop_app.engine.model import Table


@dataclass(frozen=True, slots=True)
class BlockField:
    """One field of a block, as its rows see it."""

    name: str
    unit: str
    monthly: bool


@dataclass(frozen=True, slots=True)
class BlockRows:
    """`nodes` in computing order, `rows` the keys of those that the kind declares, `read` all that any of
    them reads.
    """

    nodes: tuple[Node, ...]
    rows: tuple[str, ...]
    read: frozenset[str]


@lru_cache(maxsize=512)
def _template(kind: str, shape: Shape) -> tuple[tuple[str, str, str, Expression], ...]:
    return tuple((row.name, row.label, row.unit, parse(row.formula)) for row in KINDS[kind].rows(shape))


# Editing a plan leaves most of its blocks as they were, and rows depend on no value.
@lru_cache(maxsize=2048)
def block_rows(
    block: str,
    kind: str,
    shape: Shape,
    fields: tuple[BlockField, ...],
    lines: tuple[str, ...],
    currency: str,
    tax_table: Table | None,
) -> BlockRows:
    """The rows of a block by its key, its lines' names and the plan's currency. Raises Problem."""
    nodes: dict[str, Node] = {}
    units = {"money": currency, "1": "", "month": "month", **{field.name: field.unit for field in fields}}
    local = {field.name: Typed(Ref(f"{block}/{field.name}"), None, field.monthly) for field in fields}

    def add(node: Node) -> None:
        nodes.setdefault(node.key, node)

    def resolve(name: Name) -> Typed:
        if name.name in local:
            return local[name.name]
        return Typed(Ref(name.name.replace(".", "/", 1)), None, name.name.startswith("time."))

    rows = []
    for name, label, unit, formula in _template(kind, shape):
        key = f"{block}/{name}"
        lowering = Lowering(
            key,
            label,
            "Cost lines",
            resolve,
            add,
            tables={tax_table.name.lower(): tax_table} if tax_table else {},
            tax_table=tax_table.name if tax_table else "",
            lines=lines,
            check_units=False,
            hoist_numbers=False,
        )
        typed = lowering.lower(formula)
        add(
            Node(
                key,
                label,
                units.get(unit, ""),
                typed.monthly,
                "Cost lines",
                typed.expression,
                lines=lines,
                origin=kind,
            )
        )
        local[name] = Typed(Ref(key), None, typed.monthly)
        rows.append(key)
    read = frozenset(key for node in nodes.values() for key in inputs_of(node))
    return BlockRows(tuple(nodes.values()), tuple(rows), read)
