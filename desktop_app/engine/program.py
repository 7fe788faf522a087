"""The graph as a list of array operations: the reader that computes.

Arrays have three axes, (trial, line, month), with length 1 where nothing varies. A program is made once from
a graph; it is then run with other input values as often as wanted, and only what depends on the changed
inputs is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

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
    settled: Callable[..., bool] | None = None


_Plan = tuple[list[_Step], dict[int, list[int]]]
_PLANS_KEPT = 100
# Of fewer numbers than this, getting new memory costs less than looking for old.
_LARGE = 4096
# Up to so many neighbouring lines are added up faster one by one.
_FEW_LINES = 4


@dataclass(slots=True)
class Program:
    """Operations in order, with the values of a deterministic run. `viewed` holds the slots whose memory
    another slot may share.
    """

    months: int
    steps: list[_Step] = field(default_factory=list)
    values: list[Array | None] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    viewed: set[int] = field(default_factory=set)
    plans: dict[tuple[frozenset[str], frozenset[str]], _Plan] = field(default_factory=dict)

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
        steps, last_use = self._plan(frozenset(changed), frozenset(keys))
        with np.errstate(all="ignore"):
            for place, step in enumerate(steps):
                args = [values[arg] for arg in step.args]
                done = last_use.get(place)
                if done is None:
                    values[step.out] = step.compute(*args)
                    continue
                values[step.out] = _computed(step, args, done, self.viewed)
                for slot in done:
                    values[slot] = None
        found: dict[str, Array] = {}
        for key in keys:
            value_of_key = values[self.places[key]]
            if value_of_key is None:
                raise KeyError(key)
            found[key] = value_of_key
        return found

    def _plan(self, changed_keys: frozenset[str], wanted_keys: frozenset[str]) -> _Plan:
        """The steps to take, and the slots that are done with after each; kept for the next time."""
        if (known := self.plans.get((changed_keys, wanted_keys))) is not None:
            return known
        changed = {self.places[key] for key in changed_keys}
        wanted = {self.places[key] for key in wanted_keys}
        dirty = set(changed)
        for step in self.steps:
            if not dirty.isdisjoint(step.args) and not self._settled(step, dirty):
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
        if len(self.plans) >= _PLANS_KEPT:
            self.plans.clear()
        self.plans[changed_keys, wanted_keys] = (chosen, ends)
        return chosen, ends

    def _settled(self, step: _Step, dirty: set[int]) -> bool:
        """True if the step gives what it gave in the deterministic run, whatever its changed input is now."""
        if step.compute is np.multiply:
            same = (self.values[arg] for arg in step.args if arg not in dirty)
            return any(value is not None and not value.any() for value in same)
        if step.settled is None or not dirty.isdisjoint(step.args[1:]):
            return False
        return step.settled(*[self.values[arg] for arg in step.args[1:]])

    def compute(self) -> None:
        """The deterministic run: fills in every value."""
        values = self.values
        with np.errstate(all="ignore"):
            for step in self.steps:
                values[step.out] = step.compute(*[values[arg] for arg in step.args])


def _computed(step: _Step, args: list[Array | None], done: Sequence[int], viewed: set[int]) -> Array:
    """The step's result, in the memory of an argument that nobody needs any more where that is safe: large
    arrays cost more to get than to fill.
    """
    if isinstance(step.compute, np.ufunc) and len(args) == 2:
        for slot, array, other in zip(step.args, args, reversed(args), strict=True):
            assert array is not None
            assert other is not None
            if array.size < _LARGE or slot not in done or slot in viewed or array.base is not None:
                continue
            if _fits(other, array):
                result: Array = step.compute(*args, out=array)
                return result
    return step.compute(*args)


def _fits(small: Array, large: Array) -> bool:
    """True if what the two are combined to has the shape of the large one."""
    return all(length in (1, own) for length, own in zip(small.shape, large.shape, strict=True))


def _stack(count: int, fixed: Array, groups: tuple[tuple[int, ...], ...]) -> Callable[..., Array]:
    """Puts the values of a field's formulas into the rows of their lines."""
    rows = [_runs(group) for group in groups]
    numbers = sum(len(group) for group in groups) < count

    def stack(*values: Array) -> Array:
        trials = max(value.shape[0] for value in values)
        months = max(value.shape[2] for value in values)
        result = np.empty((trials, count, months))
        if numbers:
            result[...] = fixed
        for runs, value in zip(rows, values, strict=True):
            for run in runs:
                result[:, run] = value
        return result

    return stack


def _not_zero(divisor: Array) -> Array:
    """What is divided by zero has no value: as infinity it could pass for one, in a minimum for example."""
    return divisor if divisor.all() else np.where(divisor == 0, np.nan, divisor)


def _sum_rows(signs: tuple[int, ...], lines: tuple[tuple[int, ...], ...]) -> Callable[..., Array]:
    """Sums chosen lines of several blocks."""
    terms = [(sign, _runs(places), len(places)) for sign, places in zip(signs, lines, strict=True)]

    def add(*values: Array) -> Array:
        total: Array | None = None
        own = False  # whether the total's memory is nobody else's, so that it may be added to in place
        for (sign, runs, count), value in zip(terms, values, strict=True):
            for part, fresh in _parts(value, runs, count):
                if total is None:
                    total, own = (part, fresh) if sign > 0 else (-part, True)
                elif own and _fits(part, total):
                    (np.add if sign > 0 else np.subtract)(total, part, out=total)
                else:
                    total, own = (total + part if sign > 0 else total - part), True
        assert total is not None
        return total

    return add


@lru_cache(maxsize=4096)
def _runs(places: tuple[int, ...]) -> tuple[slice, ...]:
    """The places as slices of neighbours."""
    breaks = [i for i in range(1, len(places)) if places[i] != places[i - 1] + 1]
    firsts, lasts = [0, *breaks], [*breaks, len(places)]
    return tuple(
        slice(places[first], places[last - 1] + 1) for first, last in zip(firsts, lasts, strict=True)
    )


def _parts(value: Array, runs: tuple[slice, ...], count: int) -> Iterator[tuple[Array, bool]]:
    """What is to be added up of a block's row, and whether its memory is new."""
    if value.shape[1] == 1:
        # a row that is the same for all lines has one entry on their axis
        yield (value, False) if count == 1 else (value * count, True)
        return
    for run in runs:
        if run.stop - run.start > _FEW_LINES:
            yield np.add.reduce(value[:, run], axis=1, keepdims=True), True
            continue
        for line in range(run.start, run.stop):
            yield value[:, line : line + 1], False


class _Maker:
    def __init__(self, graph: Graph, months: int) -> None:
        self.graph = graph
        self.program = Program(months)
        self.known: dict[tuple[object, ...], int] = {}
        # slots that no driver can change
        self.fixed: set[int] = set()

    def slot(self, value: Array | None = None) -> int:
        self.program.values.append(value)
        return len(self.program.values) - 1

    def constant(self, number: float) -> int:
        key = ("constant", number)
        if key not in self.known:
            self.known[key] = self.slot(np.full((1, 1, 1), number))
            self.fixed.add(self.known[key])
        return self.known[key]

    def step(
        self,
        key: tuple[object, ...],
        compute: Callable[..., Array],
        args: tuple[int, ...],
        settled: Callable[..., bool] | None = None,
    ) -> int:
        """The slot of an operation; the same operation on the same slots is made once."""
        if key not in self.known:
            out = self.slot()
            self.program.steps.append(_Step(out, compute, args, settled))
            if self.fixed.issuperset(args):
                self.fixed.add(out)
            self.known[key] = out
        return self.known[key]

    def expression(self, expression: Expression) -> int:
        if isinstance(expression, Ref):
            return self.program.places[expression.key]
        if isinstance(expression, Call):
            name = expression.function
            if name in ("*", "/"):
                return self.product(expression)
            function = FUNCTIONS[name]
            uses = (self.program.places[key] for key in function.uses)
            args = (*map(self.expression, expression.args), *uses)
            return self.step((name, args), function.numpy, args, function.settled)
        if isinstance(expression, Number):
            return self.constant(expression.value)
        if isinstance(expression, Rows):
            return self.rows(expression)
        raise TypeError(f"cannot compute {expression!r}")

    def product(self, expression: Call) -> int:
        """A product, and what it is divided by: first of what is fixed, so that only the rest is multiplied
        again and again.
        """
        below: list[int] = []
        top: Expression = expression
        while isinstance(top, Call) and top.function == "/":
            below.append(self.expression(top.args[1]))
            top = top.args[0]
        factors: list[int] = []
        pending = [top]
        while pending:
            part = pending.pop()
            if isinstance(part, Call) and part.function == "*":
                pending += reversed(part.args)
            else:
                factors.append(self.expression(part))
        fixed = [factor for factor in factors if factor in self.fixed]
        others = [factor for factor in factors if factor not in self.fixed]
        early = [divisor for divisor in reversed(below) if fixed and divisor in self.fixed]
        late = [divisor for divisor in reversed(below) if divisor not in early]
        slots = [*fixed, *others]
        result = slots[0]
        for place, slot in enumerate(slots[1:], start=1):
            if place == len(fixed):
                result = self.quotient(result, early)
            result = self.step(("*", (result, slot)), np.multiply, (result, slot))
        if len(slots) == len(fixed):
            result = self.quotient(result, early)
        return self.quotient(result, late)

    def quotient(self, slot: int, divisors: list[int]) -> int:
        for divisor in divisors:
            entered = self.program.values[divisor]
            if divisor not in self.fixed or entered is None or not entered.all():
                divisor = self.step(("divisor", divisor), _not_zero, (divisor,))
            slot = self.step(("/", (slot, divisor)), np.divide, (slot, divisor))
        return slot

    def rows(self, expression: Rows) -> int:
        # what is fixed first: it is small
        terms = sorted(expression.terms, key=lambda term: self.program.places[term.key] not in self.fixed)
        lines = tuple(term.lines for term in terms)
        args = tuple(self.program.places[term.key] for term in terms)
        signs = tuple(term.sign for term in terms)
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
        if count == 1:
            # shared with whatever else reads the same, so that lines alike in part are computed once
            return next(iter(groups)) if groups else self.constant(float(fixed.item()))
        if not groups:
            slot = self.slot(fixed)
            self.fixed.add(slot)
            return slot
        args = tuple(groups)
        return self.step(
            ("field", node.key), _stack(count, fixed, tuple(tuple(g) for g in groups.values())), args
        )

    def make(self) -> Program:
        for key, node in self.graph.nodes.items():
            if node.value is not None:
                slot = self.program.places[key] = self.slot(node.value)
                if not key.startswith("driver/"):
                    self.fixed.add(slot)
            elif node.items:
                self.program.places[key] = self.field(node)
            elif node.expression is not None:
                self.program.places[key] = self.expression(node.expression)
        # what is not a ufunc may hand out parts of its arguments' memory
        self.program.viewed = {
            slot
            for step in self.program.steps
            if not isinstance(step.compute, np.ufunc)
            for slot in (*step.args, step.out)
        }
        return self.program


def make_program(graph: Graph, months: int) -> Program:
    """The program of a graph, with its deterministic run done."""
    program = _Maker(graph, months).make()
    program.compute()
    return program
