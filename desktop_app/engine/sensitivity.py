"""What a figure depends on most, and the value of a driver at which it reaches a target."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from desktop_app.engine.compute import ScenarioResult
from desktop_app.engine.formula.entry import parse_entry
from desktop_app.engine.formula.parser import FormulaError
from desktop_app.engine.formula.printer import number_text
from desktop_app.engine.formula.syntax import Number
from desktop_app.engine.functions import Array
from desktop_app.engine.graph import Node
from desktop_app.engine.issues import Issue, warning
from desktop_app.engine.model import Case, Driver, Plan, Scenario
from desktop_app.engine.problems import Problem
from desktop_app.engine.program import Program
from desktop_app.engine.risk import Limits, uncertain
from desktop_app.engine.scenarios import nearest

SWING = 0.10
_GRID = 400
# of the differences on either side, and what rounding does to the figure itself
_CLOSE, _ROUNDING = 1e-9, 1e-12
# how far from a jump the values on both sides of it are
_BESIDE = 1e-6
# how far to search for the value of a driver that is now zero
_SMALLEST, _LARGEST = 1e-6, 1e9


@dataclass(frozen=True, slots=True)
class Swing:
    """One bar of a tornado: the figure with a driver at its low and at its high value.

    `assumed` is true where the driver has no range and 10 per cent either way was taken. Of a series, all
    months swing together, and `low`, `base` and `high` are its means.
    """

    driver: str
    label: str
    unit: str
    low: float
    base: float
    high: float
    figure_low: float
    figure_high: float
    assumed: bool

    @property
    def width(self) -> float:
        """How far the figure swings."""
        return abs(self.figure_high - self.figure_low)


def _inputs(result: ScenarioResult) -> dict[str, Node]:
    """Drivers that are entered, as a single value or month by month, by name."""
    return {
        key.removeprefix("driver/"): node
        for key, node in result.graph.nodes.items()
        if key.startswith("driver/") and key.count("/") == 1 and node.is_input
    }


def _figure(result: ScenarioResult, figure: str) -> str:
    if result.program is None or not result.monthly:
        raise Problem("no-result", f"“{result.name}” has no figures: mend its errors first.")
    if figure not in result.figures:
        raise Problem("unknown-figure", f"There is no figure “{figure}”.{nearest(figure, result.figures)}")
    return f"figure/{figure}"


def tornado(plan: Plan, result: ScenarioResult, figure: str = "npv_cost") -> tuple[list[Swing], list[Issue]]:
    """All drivers that move the figure, widest first: over their range, or 10 per cent either way. Raises
    Problem.

    A switch of 0 or 1 is a decision, not an uncertainty: without a range it is left out, and an Issue says
    so.
    """
    key = _figure(result, figure)
    program = result.program
    assert program is not None
    ranges, issues = uncertain(plan, result)
    switches = {driver.name for driver in plan.drivers if _is_switch(plan, driver)}
    left_out = []
    swings = []
    for name, node in _inputs(result).items():
        spread = ranges.get(name)
        with np.errstate(over="ignore"):  # what is too large to swing is left out
            ends = _ends(node, spread, name in switches)
            swing = _swing(program, key, name, node, ends, spread is None)
        if swing is None or swing.figure_low == swing.figure_high:
            continue
        if name in switches and spread is None:
            left_out.append(node.label)
        elif np.isfinite([swing.figure_low, swing.figure_high]).all():
            swings.append(swing)
        else:
            message = f"The figure has no value with {node.label} at {swing.low:g} or at {swing.high:g}."
            issues.append(warning("no-figure", f"driver {name}", message))
    if left_out:
        message = f"Left out, since a switch of 0 or 1 has no range: {', '.join(left_out)}."
        issues.append(warning("switch", f"scenario {result.scenario}", message))
    return sorted(swings, key=lambda swing: -swing.width), issues


def _ends(node: Node, spread: Limits | None, switch: bool) -> Array:
    """The values between which a driver swings, of shape (2, 1, 1 or month)."""
    assert node.value is not None
    if spread:
        return np.array([spread.low, spread.high]).reshape(-1, 1, 1)
    if switch:
        return np.array([0.0, 1.0]).reshape(-1, 1, 1)
    around: Array = node.value * np.array([1 - SWING, 1 + SWING]).reshape(-1, 1, 1)
    return around


def _swing(program: Program, key: str, name: str, node: Node, ends: Array, assumed: bool) -> Swing | None:
    """The figure at both ends; None where they are no two values."""
    assert node.value is not None
    low, high = (float(end) for end in ends.mean(axis=(1, 2)))
    base = float(node.value.mean())
    if not np.isfinite([low, base, high]).all() or (ends[0] == ends[1]).all():
        return None
    found = program.run({f"driver/{name}": ends}, [key])[key][:, 0, 0]
    label = f"{node.label}, all months" if node.monthly else node.label
    return Swing(name, label, node.unit, low, base, high, float(found[0]), float(found[-1]), assumed)


def _is_switch(plan: Plan, driver: Driver) -> bool:
    """True if a driver is only ever 0 or 1: both occur in the plan, or its label says what they mean."""
    if driver.unit.strip() or driver.series:
        return False
    layers: list[Scenario | Case] = [*plan.scenarios, *plan.cases]
    texts = [
        driver.value,
        *(
            text
            for layer in layers
            for name, text in layer.drivers.items()
            if name.lower() == driver.name.lower()
        ),
    ]
    values = {_plain_number(text) for text in texts}
    return values <= {0.0, 1.0} and (len(values) == 2 or "yes" in driver.label.lower())


def _plain_number(text: str) -> float | None:
    try:
        parsed = parse_entry(text)
    except FormulaError:
        return None
    return parsed.value if isinstance(parsed, Number) and not parsed.unit else None


def solve(
    result: ScenarioResult,
    driver: str,
    figure: str,
    target: float | ScenarioResult,
    low: float | None = None,
    high: float | None = None,
) -> float:
    """The value of a driver at which a figure equals the target, or equals that of another scenario.

    The first of `solutions`. Raises Problem with the reason where there is none.
    """
    return solutions(result, driver, figure, target, low, high)[0]


def solutions(
    result: ScenarioResult,
    driver: str,
    figure: str,
    target: float | ScenarioResult,
    low: float | None = None,
    high: float | None = None,
) -> list[float]:
    """The values of a driver at which a figure equals the target, or equals that of another scenario, the one
    nearest to the present value first.

    Searched between `low` and `high`, by default from a hundredth to a hundredfold of the present value, or
    far on both sides of one that is zero. Where the figure equals the target over a stretch of values, as
    where whole units are bought, the nearest of them stands for all. Raises Problem with the reason where
    there is none.
    """
    key = _figure(result, figure)
    inputs = {name: node for name, node in _inputs(result).items() if not node.monthly}
    name = next((one for one in inputs if one.lower() == driver.lower()), None)
    if name is None:
        raise Problem(
            "unknown-driver", f"“{driver}” is no driver with a single value.{nearest(driver, inputs)}"
        )
    node = inputs[name]
    assert node.value is not None
    base = float(node.value.flat[0])

    def values(numbers: Array) -> Array:
        gap = _along(result, name, key, numbers)
        if isinstance(target, ScenarioResult):
            return gap - _along(target, name, _figure(target, figure), numbers)
        return gap - target

    ends = sorted((base / 100 if base else -_LARGEST, base * 100 if base else _LARGEST))
    bottom, top = (ends[0] if low is None else low), (ends[1] if high is None else high)
    if not (np.isfinite(bottom) and np.isfinite(top) and bottom <= top):
        raise Problem("bad-range", f"{bottom:g} to {top:g} is no range to search in.")
    noise = abs(result.figures[figure].value or 0.0) * _ROUNDING
    roots = list(_roots(values, _grid(bottom, top, base), base, noise))
    if found := [root for root, exact in roots if exact]:
        return found
    if roots:
        at = roots[0][0]
        beside = at + max(abs(at), 1.0) * _BESIDE * np.array([-1.0, 1.0])
        below, above = (number_text(float(value)) for value in _along(result, name, key, beside))
        raise Problem(
            "no-solution",
            f"The figure jumps over the target where “{name}” is {at:g}, from {below} to {above},"
            " and never meets it.",
        )
    raise Problem("no-solution", f"No value of “{name}” between {bottom:g} and {top:g} does that.")


def _along(result: ScenarioResult, driver: str, key: str, numbers: Array) -> Array:
    assert result.program is not None
    if f"driver/{driver}" not in result.program.places:
        return np.full(len(numbers), result.program.value(key).flat[0])
    value = result.program.run({f"driver/{driver}": numbers.reshape(-1, 1, 1)}, [key])[key]
    along: Array = np.broadcast_to(value[:, 0, 0], numbers.shape)
    return along


def _grid(low: float, high: float, base: float) -> Array:
    """Values to look at first: by ratio where the range is on one side of zero or the value is zero, evenly
    else.
    """
    points = [np.array([base]), np.linspace(low, high, _GRID)]
    if low > 0 or high < 0:
        points[1] = np.sign(low) * np.geomspace(abs(low), abs(high), _GRID)
    elif base == 0 and max(-low, high) > 1:
        sizes = np.geomspace(_SMALLEST, max(-low, high), _GRID)
        points += [-sizes, sizes]
    grid = np.unique(np.concatenate(points))
    return grid[(grid >= low) & (grid <= high)]


def _roots(
    values: Callable[[Array], Array], grid: Array, base: float, noise: float
) -> Iterator[tuple[float, bool]]:
    """Where the values change sign, nearest to `base` first, and whether they are zero there: where whole
    units are bought a figure can jump from one side to the other.
    """
    found = values(grid)
    brackets = []
    zero = np.flatnonzero(found == 0)
    for stretch in np.split(zero, np.flatnonzero(np.diff(zero) > 1) + 1) if zero.size else ():
        at = float(grid[stretch[np.argmin(np.abs(grid[stretch] - base))]])
        brackets.append((at, at))
    with np.errstate(invalid="ignore"):
        both = np.isfinite(found[:-1]) & np.isfinite(found[1:])
        changes = np.flatnonzero(both & (np.sign(found[:-1]) * np.sign(found[1:]) < 0))
    # only this needs it, and it takes longer to load than every command that solves nothing
    from scipy import optimize

    brackets += [(float(grid[place]), float(grid[place + 1])) for place in changes]
    for left, right in sorted(brackets, key=lambda pair: min(abs(pair[0] - base), abs(pair[1] - base))):
        if left == right:
            yield left, True
            continue
        try:
            root = float(
                optimize.brentq(
                    lambda x: float(values(np.array([x]))[0]), left, right, xtol=1e-12, rtol=1e-14
                )
            )
        except ValueError:  # a value between the two does not exist
            continue
        size = float(np.max(np.abs(values(np.array([left, right])))))
        yield root, bool(abs(values(np.array([root]))[0]) <= size * _CLOSE + noise)
