"""The difference between two scenarios, attributed to the drivers and cost lines that differ.

Each step is a Shapley value: the average change in the figure when one difference is put in place, over all
orders in which the differences could be. The steps therefore sum exactly, and do not depend on an arbitrary
order. Source: L. S. Shapley, A Value for n-Person Games, 1953. Both scenarios are compiled into one graph in
which a switch turns each difference on, so that all combinations are computed at once along the trial axis.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from math import factorial

import numpy as np

from desktop_app.engine.blocks import OTHER_VERSION
from desktop_app.engine.compile import compile_resolved
from desktop_app.engine.formula.syntax import Call, Expression, Number, Ref
from desktop_app.engine.functions import Array
from desktop_app.engine.issues import Issue, error, has_errors
from desktop_app.engine.model import CostLine, Driver, Plan
from desktop_app.engine.program import Program, make_program
from desktop_app.engine.scenarios import Resolved, nearest, resolve

EXACT_UP_TO = 12
PERMUTATIONS = 60
_CHUNK = 256
# a letter that nobody types, so that the names made here meet no driver's
_MARK = "\u01c1"
_SWITCH = f"switch{_MARK}"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two scenarios do not share: a driver, or a cost line. Empty where it is missing."""

    kind: str  # "driver" | "line"
    name: str
    label: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Step:
    """What one difference adds to the figure on the way from `a` to `b`; `error` is the standard error of
    sampling.
    """

    difference: Difference
    amount: float
    error: float


@dataclass(frozen=True, slots=True)
class Bridge:
    """From scenario a's figure to scenario b's: start + the sum of steps = end, exactly."""

    a: str
    b: str
    figure: str
    start: float | None
    end: float | None
    steps: tuple[Step, ...]
    exact: bool
    issues: tuple[Issue, ...]


def differences(plan: Plan, a: str, b: str, case: str = "", case_b: str | None = None) -> list[Difference]:
    """Only what differs between two scenarios, each under its case (the same for both where one is given)."""
    return _differences(resolve(plan, a, case), resolve(plan, b, case if case_b is None else case_b))


def _differences(a: Resolved, b: Resolved) -> list[Difference]:
    found = []
    others = {driver.name: driver for driver in b.drivers}
    for driver in a.drivers:
        other = others[driver.name]
        if (driver.value.strip(), driver.series) != (other.value.strip(), other.series):
            found.append(
                Difference("driver", driver.name, driver.label or driver.name, driver.value, other.value)
            )
    lines_a = {line.name: line for line in a.lines}
    lines_b = {line.name: line for line in b.lines}
    for name in dict.fromkeys([*lines_a, *lines_b]):
        one, two = lines_a.get(name), lines_b.get(name)
        if _cost(one) != _cost(two):
            found.append(Difference("line", name, name, _describe(one), _describe(two)))
    return found


def _cost(line: CostLine | None) -> object:
    """What of a line bears on the figures."""
    if line is None:
        return None
    return (
        line.kind,
        line.category,
        {name: text.strip() for name, text in line.fields.items() if text.strip()},
    )


def _describe(line: CostLine | None) -> str:
    return "" if line is None else ", ".join(f"{name} {text}" for name, text in line.fields.items())


def _merged(a: Resolved, b: Resolved, found: list[Difference]) -> tuple[Resolved, dict[str, Expression]]:
    """One scenario that is `a` with all switches at 0 and `b` with all at 1, and which lines count when."""
    switches = {(one.kind, one.name): f"{_SWITCH}{place}" for place, one in enumerate(found)}
    others = {driver.name: driver for driver in b.drivers}
    drivers: list[Driver] = [Driver(name, "", "0") for name in switches.values()]
    for driver in a.drivers:
        switch = switches.get(("driver", driver.name))
        if switch is None:
            drivers.append(driver)
            continue
        first, second = f"{driver.name}{_MARK}a", f"{driver.name}{_MARK}b"
        drivers.append(dataclasses.replace(driver, name=first))
        drivers.append(dataclasses.replace(others[driver.name], name=second))
        drivers.append(dataclasses.replace(driver, value=f"IF({switch}=1,{second},{first})", series=()))
    presence: dict[str, Expression] = {}
    lines: list[CostLine] = []
    lines_b = {line.name: line for line in b.lines}
    for line in a.lines:
        lines.append(line)
        if ("line", line.name) in switches:
            presence[line.name] = Call("-", (Number(1), Ref(f"driver/{switches['line', line.name]}")))
    for line in b.lines:
        if ("line", line.name) in switches:
            twin = dataclasses.replace(line, name=line.name + OTHER_VERSION)
            lines.append(twin)
            presence[twin.name] = Ref(f"driver/{switches['line', line.name]}")
        elif line.name not in {one.name for one in a.lines}:
            lines.append(lines_b[line.name])
    return Resolved("", a.case, tuple(drivers), tuple(lines), {}, ()), presence


def bridge(
    plan: Plan,
    a: str,
    b: str,
    figure: str = "npv_cost",
    case: str = "",
    seed: int = 1,
    case_b: str | None = None,
) -> Bridge:
    """Steps from a's figure under `case` to b's, under the same case or `case_b`. Exact for up to 12
    differences; beyond that, sampled orders with a stated error.

    `figure` is any key figure of both. Where it has no value at one of the ends, or on the way between them,
    there are no steps, and an Issue says so.
    """
    resolved_a = resolve(plan, a, case)
    resolved_b = resolve(plan, b, case if case_b is None else case_b)
    found = _differences(resolved_a, resolved_b)
    merged, presence = _merged(resolved_a, resolved_b, found)
    graph = compile_resolved(plan, merged, presence)
    issues = (*resolved_a.issues, *resolved_b.issues, *graph.issues)
    if graph.stopped or has_errors((*resolved_a.issues, *resolved_b.issues)):
        return Bridge(a, b, figure, None, None, (), True, issues)
    if figure not in graph.figures:
        hint = nearest(figure, graph.figures)
        missing = error("unknown-figure", f"figure {figure}", f"There is no figure “{figure}”.{hint}")
        return Bridge(a, b, figure, None, None, (), True, (*issues, missing))
    game = _Game(make_program(graph, plan.settings.months), f"figure/{figure}", len(found))
    ends = game.values(np.array([[False] * len(found), [True] * len(found)]))
    with np.errstate(all="ignore"):  # what has no value is found below
        amounts, errors = _exact(game) if len(found) <= EXACT_UP_TO else _sampled(game, seed)
    if not np.isfinite([*ends, *amounts]).all():
        nothing = error(
            "no-figure", f"figure {figure}", "This figure has no value in some mixture of the two scenarios."
        )
        return Bridge(a, b, figure, None, None, (), True, (*issues, nothing))
    steps = tuple(Step(one, float(x), float(e)) for one, x, e in zip(found, amounts, errors, strict=True))
    return Bridge(a, b, figure, float(ends[0]), float(ends[1]), steps, len(found) <= EXACT_UP_TO, issues)


@dataclass(frozen=True, slots=True)
class _Game:
    """The figure for any combination of differences."""

    program: Program
    key: str
    players: int

    def values(self, coalitions: Array | np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Array:
        """The figure for each row of switches."""
        results = []
        for start in range(0, len(coalitions), _CHUNK):
            chunk = coalitions[start : start + _CHUNK].astype(float)
            changed = {
                f"driver/{_SWITCH}{player}": chunk[:, player].reshape(-1, 1, 1)
                for player in range(self.players)
            }
            value = self.program.run(changed, [self.key])[self.key]
            results.append(np.broadcast_to(value[:, 0, 0], (len(chunk),)))
        return np.concatenate(results)


def _exact(game: _Game) -> tuple[Array, Array]:
    n = game.players
    masks = np.arange(2**n)
    members = (masks[:, None] >> np.arange(n)) & 1 == 1
    values = game.values(members) if n else np.zeros(1)
    sizes = members.sum(axis=1)
    weights = np.array(
        [factorial(int(s)) * factorial(max(0, n - int(s) - 1)) / factorial(max(1, n)) for s in sizes]
    )
    amounts = np.zeros(n)
    for player in range(n):
        without = masks[~members[:, player]]
        amounts[player] = np.sum(weights[without] * (values[without | (1 << player)] - values[without]))
    return amounts, np.zeros(n)


def _orders(players: int, seed: int) -> Iterator[np.ndarray[tuple[int, ...], np.dtype[np.int64]]]:
    """Random orders, each followed by its reverse, which halves the noise of pairwise interactions."""
    random = np.random.default_rng(seed)
    for _ in range(PERMUTATIONS // 2):
        order = random.permutation(players)
        yield order
        yield order[::-1]


def _sampled(game: _Game, seed: int) -> tuple[Array, Array]:
    n = game.players
    gains = []
    for order in _orders(n, seed):
        coalitions = np.zeros((n + 1, n), dtype=bool)
        for place, player in enumerate(order):
            coalitions[place + 1 :, player] = True
        steps = np.diff(game.values(coalitions))
        gain = np.empty(n)
        gain[order] = steps
        gains.append(gain)
    sample = np.array(gains)
    pairs = (sample[0::2] + sample[1::2]) / 2
    return sample.mean(axis=0), pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs))
