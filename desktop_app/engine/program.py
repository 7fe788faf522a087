"""The graph as a list of array operations: the reader that computes.

Arrays have three axes, (trial, line, month), with length 1 where nothing varies. A program is made once from
a graph; it is then run with other input values as often as wanted, and only what depends on the changed
inputs is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from desktop_app.engine.formula.syntax import Call, Expression, Number, Ref, Rows
from desktop_app.engine.functions import FUNCTIONS, Array
from desktop_app.engine.graph import Graph, Node


@dataclass(frozen=True, slots=True)
class _Step:
    """values[out] = compute(*values[args])"""

    out: int
    compute: Callable[..., Array]
    args: tuple[int, ...]


@dataclass(slots=True)
class Program:
    """Operations in order, with the values of a deterministic run."""

    months: int
    steps: list[_Step] = field(default_factory=list)
    values: list[Array | None] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    def value(self, key: str) -> Array:
        """The node's value in the deterministic run, shape (1, line or 1, month or 1)."""
        found = self.values[self.places[key]]
        if found is None:
            raise KeyError(key)
        return found

    def run(self, changed: Mapping[str, Array], wanted: Iterable[str]) -> dict[str, Array]:
        """Values of the wanted nodes with other values for some inputs, each of shape (trials, 1 or line, 1
        or month).

        Steps that do not depend on a changed input, or that nothing wanted needs, are not computed again.
        """
        keys = list(wanted)
        values: list[Array | None] = list(self.values)
        for key, value in changed.items():
            values[self.places[key]] = value
        steps, last_use = self._plan(
            {self.places[key] for key in changed}, {self.places[key] for key in keys}
        )
        with np.errstate(all="ignore"):
            for place, step in enumerate(steps):
                values[step.out] = step.compute(*[values[arg] for arg in step.args])
                for done in last_use.get(place, ()):
                    values[done] = None
        found: dict[str, Array] = {}
        for key in keys:
            value_of_key = values[self.places[key]]
            if value_of_key is None:
                raise KeyError(key)
            found[key] = value_of_key
        return found

    def _plan(self, changed: set[int], wanted: set[int]) -> tuple[list[_Step], dict[int, list[int]]]:
        dirty = set(changed)
        for step in self.steps:
            if any(arg in dirty for arg in step.args):
                dirty.add(step.out)
        needed = set(wanted)
        chosen: list[_Step] = []
        for step in reversed(self.steps):
            if step.out in needed and step.out in dirty and step.out not in changed:
                needed.update(step.args)
                chosen.append(step)
        chosen.reverse()
        computed = {step.out for step in chosen}
        last: dict[int, int] = {}
        for place, step in enumerate(chosen):
            for arg in step.args:
                if arg in computed and arg not in wanted:
                    last[arg] = place
        ends: dict[int, list[int]] = {}
        for slot, place in last.items():
            ends.setdefault(place, []).append(slot)
        return chosen, ends

    def compute(self) -> None:
        """The deterministic run: fills in every value."""
        values = self.values
        with np.errstate(all="ignore"):
            for step in self.steps:
                values[step.out] = step.compute(*[values[arg] for arg in step.args])


def _stack(count: int, fixed: Array, groups: tuple[tuple[int, ...], ...]) -> Callable[..., Array]:
    """Puts the values of a field's formulas into the rows of their lines."""
    rows = [np.array(group) for group in groups]

    def stack(*values: Array) -> Array:
        trials = max(value.shape[0] for value in values)
        months = max(value.shape[2] for value in values)
        result = np.empty((trials, count, months))
        result[...] = fixed
        for places, value in zip(rows, values, strict=True):
            result[:, places, :] = value
        return result

    return stack


def _sum_rows(signs: tuple[int, ...], lines: tuple[tuple[int, ...] | None, ...]) -> Callable[..., Array]:
    """Sums chosen lines of several blocks."""
    picks = [None if places is None else np.array(places) for places in lines]

    def add(*values: Array) -> Array:
        total: Array | None = None
        for sign, places, value in zip(signs, picks, values, strict=True):
            if value.shape[1] == 1:
                part = value
            elif places is None:
                part = np.add.reduce(value, axis=1, keepdims=True)
            elif len(places) == 1:
                part = value[:, places[0] : places[0] + 1]
            else:
                part = np.add.reduce(value[:, places], axis=1, keepdims=True)
            total = (
                (part if sign > 0 else -part)
                if total is None
                else (total + part if sign > 0 else total - part)
            )
        assert total is not None
        return total

    return add


class _Maker:
    def __init__(self, graph: Graph, months: int) -> None:
        self.graph = graph
        self.program = Program(months)
        self.known: dict[tuple[object, ...], int] = {}

    def slot(self, value: Array | None = None) -> int:
        self.program.values.append(value)
        return len(self.program.values) - 1

    def constant(self, number: float) -> int:
        key = ("constant", number)
        if key not in self.known:
            self.known[key] = self.slot(np.full((1, 1, 1), number))
        return self.known[key]

    def step(self, key: tuple[object, ...], compute: Callable[..., Array], args: tuple[int, ...]) -> int:
        """The slot of an operation; the same operation on the same slots is made once."""
        if key not in self.known:
            out = self.slot()
            self.program.steps.append(_Step(out, compute, args))
            self.known[key] = out
        return self.known[key]

    def expression(self, expression: Expression) -> int:
        if isinstance(expression, Number):
            return self.constant(expression.value)
        if isinstance(expression, Ref):
            return self.program.places[expression.key]
        if isinstance(expression, Call):
            function = FUNCTIONS[expression.function]
            args = tuple(self.expression(arg) for arg in expression.args)
            args += tuple(self.program.places[key] for key in function.uses)
            return self.step((function.name, args), function.numpy, args)
        if isinstance(expression, Rows):
            return self.rows(expression)
        raise TypeError(f"cannot compute {expression!r}")

    def rows(self, expression: Rows) -> int:
        nodes = self.graph.nodes
        lines = tuple(
            None if len(term.lines) == len(nodes[term.key].lines) else term.lines for term in expression.terms
        )
        args = tuple(self.program.places[term.key] for term in expression.terms)
        signs = tuple(term.sign for term in expression.terms)
        return self.step(("rows", args, signs, lines), _sum_rows(signs, lines), args)

    def field(self, node: Node) -> int:
        """One field of a block: numbers beside formulas."""
        count = len(node.items)
        fixed = np.zeros((1, count, 1))
        groups: dict[int, list[int]] = {}
        for place, item in enumerate(node.items):
            if isinstance(item, Number):
                fixed[0, place, 0] = item.value
            else:
                groups.setdefault(self.expression(item), []).append(place)
        if not groups:
            return self.slot(fixed)
        if count == 1:
            return next(iter(groups))
        args = tuple(groups)
        return self.step(
            ("field", node.key), _stack(count, fixed, tuple(tuple(g) for g in groups.values())), args
        )

    def make(self) -> Program:
        for key, node in self.graph.nodes.items():
            if node.value is not None:
                self.program.places[key] = self.slot(node.value)
            elif node.items:
                self.program.places[key] = self.field(node)
            elif node.expression is not None:
                self.program.places[key] = self.expression(node.expression)
        return self.program


def make_program(graph: Graph, months: int) -> Program:
    """The program of a graph, with its deterministic run done."""
    program = _Maker(graph, months).make()
    program.compute()
    return program
