"""What only the numbers tell: values that do not exist, and lines that cost nothing by mistake."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from desktop_app.engine.formula.syntax import Call, Expression, Number, Ref, walk
from desktop_app.engine.functions import FUNCTIONS, Array
from desktop_app.engine.graph import Block, Graph, Node, inputs_of
from desktop_app.engine.issues import WARNING, Issue, error, warning
from desktop_app.engine.kinds import KINDS
from desktop_app.engine.model import CostLine
from desktop_app.engine.program import Program

_HIGH_RATE = 1.0


def first_culprit(graph: Graph, program: Program, keys: Iterable[str]) -> Issue | None:
    """Why a node has no value: the first of its inputs, and theirs, that has none of its own making.

    None where all of the nodes have values.
    """
    bad = next((key for key in keys if not _finite(program, key)), None)
    if bad is None:
        return None
    while True:
        source = next((key for key in inputs_of(graph.nodes[bad]) if not _finite(program, key)), None)
        if source is None:
            break
        bad = source
    return _without_value(program, graph.nodes[bad])


def valueless_drivers(graph: Graph, program: Program) -> list[Issue]:
    """A warning for each driver that has no value of its own making: the figures may do without it."""
    return [
        replace(_without_value(program, node), severity=WARNING)
        for key, node in graph.nodes.items()
        if node.section == "Drivers"
        and not _finite(program, key)
        and all(_finite(program, source) for source in inputs_of(node))
    ]


def _without_value(program: Program, node: Node) -> Issue:
    """What to say of a node whose inputs have values, and which has none."""
    line, month = (int(place[0]) for place in np.nonzero(~np.isfinite(program.value(node.key)))[1:])
    owner, _, part = node.key.partition("/")
    if node.lines:
        field = f", {node.label.lower()}" if node.items else ""
        where = f"line {node.lines[line]}{field}"
    elif owner in ("driver", "line") and "/" in part:
        # a step of a formula that has a row of its own; that of a line's field is named "line: field"
        where = (
            f"driver {part.partition('/')[0]}" if owner == "driver" else f"line {_with_comma(node.origin)}"
        )
    else:
        where = node.origin
    when = f" in month {month + 1}" if node.monthly else ""
    expression = node.items[line] if node.items else node.expression
    quotient = _divided_by_zero(program, expression) if expression is not None else None
    if quotient is None:
        return error(
            "not-a-number",
            where,
            f"{node.label} has no value{when}: a division by zero, a number too large, or one that a function"
            " does not take.",
        )
    # the rows of a kind of line are formulas of ours, in which no place means anything to the user
    typed = not node.lines or bool(node.items)
    return error(
        "division-by-zero",
        where,
        f"{node.label} has no value{when}: something is divided by zero.",
        quotient.span if typed else None,
    )


def _with_comma(label: str) -> str:
    line, _, field = label.rpartition(": ")
    return f"{line}, {field}"


def _divided_by_zero(program: Program, expression: Expression) -> Call | None:
    """The first quotient in a formula whose divisor is zero in some month."""
    quotients = (part for part in walk(expression) if isinstance(part, Call) and part.function == "/")
    return next((part for part in quotients if not _value(program, part.args[1]).all()), None)


def _value(program: Program, expression: Expression) -> Array:
    if isinstance(expression, Number):
        return np.full((1, 1, 1), expression.value)
    if isinstance(expression, Ref):
        return program.value(expression.key)
    if not isinstance(expression, Call):
        return np.full((1, 1, 1), np.nan)
    function = FUNCTIONS[expression.function]
    args = [_value(program, arg) for arg in expression.args]
    with np.errstate(all="ignore"):
        return function.numpy(*args, *(program.value(key) for key in function.uses))


def _finite(program: Program, key: str) -> bool:
    return key not in program.places or bool(np.isfinite(program.value(key)).all())


def line_findings(graph: Graph, program: Program, months: int) -> list[Issue]:
    """Cost lines whose times make no sense, that never start, or whose need is not priced."""
    found: list[Issue] = []
    for block in graph.blocks:
        found += _times(block, program, months)
        if block.kind in ("lease", "staff"):
            found += (issue for line in block.lines for issue in _without_effect(line))
        if block.kind == "commitment" and f"{block.key}/overflow_cost" not in block.rows:
            above = _by_line(program.value(f"{block.key}/overflow"), block).max(axis=1)
            found += [
                warning(
                    "overflow-not-priced",
                    f"line {line.name}",
                    "More is needed than is reserved, and there is no on-demand rate:"
                    " the rest costs nothing.",
                )
                for line, most in zip(block.lines, above, strict=True)
                if most > 0
            ]
        if {f"{block.key}/reserved_total", f"{block.key}/term"} <= {*block.fields, *block.rows}:
            found += _paid_beyond(block, program, months)
        if block.kind == "lease" and {f"{block.key}/buy_out", f"{block.key}/amortisation"} <= {
            *block.fields,
            *block.rows,
        }:
            found += _bought_out(block, program)
    return found


# What a field needs, or must stand without, to count: kind, field, the other one, needed or not, words.
_PAIRS = (
    ("lease", "principal", "payment", False, "There is a payment, so the principal is not used."),
    ("staff", "attrition", "hiring_cost", True, "Attrition costs nothing without the cost of one hire."),
)


def _without_effect(line: CostLine) -> Iterator[Issue]:
    """Fields that were filled in for nothing, and leases of nothing."""
    given = {name for name, text in line.fields.items() if text.strip() not in ("", "0")}
    for kind, field, other, needed, words in _PAIRS:
        if line.kind == kind and field in given and (other in given) != needed:
            yield warning("no-effect", f"line {line.name}, {field.replace('_', ' ')}", words)
    if line.kind == "lease" and not given & {"payment", "principal"}:
        yield warning(
            "no-payment", f"line {line.name}", "This lease costs nothing: give a payment or a principal."
        )


def _paid_beyond(block: Block, program: Program, months: int) -> Iterator[Issue]:
    """Reservations whose up-front payment is also for months that the plan does not have."""
    start, term, share = (
        _by_line(program.value(f"{block.key}/{name}"), block)[:, 0] for name in ("start", "term", "upfront")
    )
    for line, begins, length, paid in zip(block.lines, start, term, share, strict=True):
        over = begins + length - 1 - months
        if paid > 0 and over > 0 and begins <= months:
            yield warning(
                "outlasts-plan",
                f"line {line.name}",
                f"What is paid up front is also for {over:g} months after the plan's end, whose use the plan"
                " does not count.",
            )


def _bought_out(block: Block, program: Program) -> Iterator[Issue]:
    """Leases whose asset stays, but nobody said for how long it is used."""
    if f"{block.key}/life" in block.fields:
        return
    prices = _by_line(program.value(f"{block.key}/buy_out"), block)[:, 0]
    for line, price in zip(block.lines, prices, strict=True):
        if price > 0:
            yield warning(
                "no-life",
                f"line {line.name}",
                "What is leased is bought at the end, but has no useful life: its right of use is written"
                " down over the term alone.",
            )


def _times(block: Block, program: Program, months: int) -> Iterator[Issue]:
    for key in block.fields:
        field = KINDS[block.kind].field(key.rpartition("/")[2])
        if field is None or field.unit != "month":
            continue
        values = _by_line(program.value(key), block)[:, 0]
        for line, value in zip(block.lines, values, strict=True):
            where = f"line {line.name}, {field.label.lower()}"
            if not np.isfinite(value):
                yield error("bad-months", where, "This is not a number of months: a division by zero?")
            elif value < field.least:
                yield error("bad-months", where, f"This must be {field.least} month or more, not {value:g}.")
            elif field.name == "start" and value > months:
                yield warning(
                    "never-starts",
                    where,
                    f"This line costs nothing: it starts in month {value:g} of a plan of {months} months.",
                )


def _by_line(values: Array, block: Block) -> Array:
    return np.broadcast_to(values[0], (len(block.lines), values.shape[2]))


def odd_rates(program: Program) -> list[Issue]:
    """Rates above 100 per cent, which are most often a missing per cent sign."""
    return [
        warning(
            "high-rate",
            f"setting {name}",
            f"This rate is {rate:.0%}: is a per cent sign missing?",
        )
        for name in ("discount_rate", "tax_rate")
        if (rate := float(program.value(f"setting/{name}").flat[0])) > _HIGH_RATE
    ]
