"""What a figure depends on most, and the value of a driver at which it reaches a target."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from desktop_app.engine.compute import ScenarioResult
from desktop_app.engine.functions import Array
from desktop_app.engine.graph import Node
from desktop_app.engine.issues import Issue, warning
from desktop_app.engine.lowering import Problem
from desktop_app.engine.model import Plan
from desktop_app.engine.risk import uncertain
from desktop_app.engine.scenarios import nearest

SWING = 0.10
_GRID = 400
# of the largest difference met while searching
_CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Swing:
    """One bar of a tornado: the figure with a driver at its low and at its high value.

    `assumed` is true where the driver has no range and 10 per cent either way was taken.
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
    """Drivers with a single entered value, by name."""
    return {
        key.removeprefix("driver/"): node
        for key, node in result.graph.nodes.items()
        if key.startswith("driver/") and key.count("/") == 1 and node.is_input and not node.monthly
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
    """
    key = _figure(result, figure)
    program = result.program
    assert program is not None
    ranges, issues = uncertain(plan, result)
    swings = []
    for name, node in _inputs(result).items():
        assert node.value is not None
        base = float(node.value.flat[0])
        spread = ranges.get(name)
        low, high = (spread.low, spread.high) if spread else (base * (1 - SWING), base * (1 + SWING))
        if low == high or not np.isfinite(high - low):
            continue
        values = program.run({f"driver/{name}": np.array([low, high]).reshape(-1, 1, 1)}, [key])[key][:, 0, 0]
        if not np.isfinite(values).all():
            where = f"driver {name}"
            message = f"The figure has no value with {node.label} at {low:g} or at {high:g}."
            issues.append(warning("no-figure", where, message))
        elif values[0] != values[-1]:
            swings.append(
                Swing(
                    name,
                    node.label,
                    node.unit,
                    low,
                    base,
                    high,
                    float(values[0]),
                    float(values[-1]),
                    spread is None,
                )
            )
    return sorted(swings, key=lambda swing: -swing.width), issues


def solve(
    result: ScenarioResult,
    driver: str,
    figure: str,
    target: float | ScenarioResult,
    low: float | None = None,
    high: float | None = None,
) -> float:
    """The value of a driver at which a figure equals the target, or equals that of another scenario.

    Searched between `low` and `high` (a hundredth to a hundredfold of the present value by default), nearest
    to the present value where there are several. Raises Problem with the reason where there is none.
    """
    key = _figure(result, figure)
    inputs = _inputs(result)
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

    reach = abs(base) or 1.0
    ends = sorted((base / 100 if base else -reach, base * 100 if base else reach))
    bottom, top = (ends[0] if low is None else low), (ends[1] if high is None else high)
    if not (np.isfinite(bottom) and np.isfinite(top) and bottom <= top):
        raise Problem("bad-range", f"{bottom:g} to {top:g} is no range to search in.")
    roots = list(_roots(values, bottom, top, base))
    for root, exact in roots:
        if exact:
            return root
    if roots:
        at = roots[0][0]
        raise Problem(
            "no-solution", f"The figure jumps over the target where “{name}” is {at:g}, and never meets it."
        )
    raise Problem("no-solution", f"No value of “{name}” between {bottom:g} and {top:g} does that.")


def _along(result: ScenarioResult, driver: str, key: str, numbers: Array) -> Array:
    assert result.program is not None
    if f"driver/{driver}" not in result.program.places:
        return np.full(len(numbers), result.program.value(key).flat[0])
    value = result.program.run({f"driver/{driver}": numbers.reshape(-1, 1, 1)}, [key])[key]
    along: Array = np.broadcast_to(value[:, 0, 0], numbers.shape)
    return along


def _roots(
    values: Callable[[Array], Array], low: float, high: float, base: float
) -> Iterator[tuple[float, bool]]:
    """Where the values change sign, nearest to `base` first, and whether they are zero there: where whole
    units are bought a figure can jump from one side to the other.
    """
    grid = np.unique(
        np.concatenate([np.geomspace(low, high, _GRID) if low > 0 else np.linspace(low, high, _GRID), [base]])
    )
    grid = grid[(grid >= low) & (grid <= high)]
    found = values(grid)
    size = float(np.max(np.abs(found[np.isfinite(found)]), initial=0.0))
    brackets = [(float(at), float(at)) for at in grid[found == 0]]
    with np.errstate(invalid="ignore"):
        changes = np.flatnonzero(np.sign(found[:-1]) * np.sign(found[1:]) < 0)
    # only this needs it, and it takes longer to load than every command that solves nothing
    from scipy import optimize

    brackets += [(float(grid[place]), float(grid[place + 1])) for place in changes]
    for left, right in sorted(brackets, key=lambda pair: min(abs(pair[0] - base), abs(pair[1] - base))):
        if left == right:
            yield left, True
            continue
        root = float(
            optimize.brentq(lambda x: float(values(np.array([x]))[0]), left, right, xtol=1e-12, rtol=1e-14)
        )
        yield root, bool(abs(values(np.array([root]))[0]) <= size * _CLOSE)
