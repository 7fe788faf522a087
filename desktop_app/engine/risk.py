"""Monte Carlo over the drivers' ranges.

Every scenario meets the same draws of a driver, so that differences between scenarios are not blurred by
luck. Draws depend on the seed, the driver's name and the trial alone, never on how the work is split.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from desktop_app.engine.compute import PlanResult, ScenarioResult
from desktop_app.engine.formula.entry import parse_entry
from desktop_app.engine.formula.parser import FormulaError
from desktop_app.engine.formula.syntax import Number
from desktop_app.engine.functions import Array
from desktop_app.engine.issues import Issue, error, warning
from desktop_app.engine.lowering import unit_of
from desktop_app.engine.model import Driver, Plan
from desktop_app.engine.problems import Problem
from desktop_app.engine.scenarios import resolve
from desktop_app.engine.units import NUMBER, UnknownUnit, parse_unit

CHUNK = 500
# just below 32 MB, the largest block from which glibc learns
_KEPT_NUMBERS = 4_000_000
MOST_TRIALS = 10_000_000
BAND_TRIALS = 20_000
FIGURES = ("tco", "npv_cost", "npv_after_tax", "capex", "opex", "eac")
PERCENTILES = (5, 10, 50, 90, 95)
BAND = (10, 50, 90)
BINS = 40
_P90 = NormalDist().inv_cdf(0.9)


class Cancelled(Exception):
    """The caller no longer wants the result."""


@dataclass(frozen=True, slots=True)
class Limits:
    """A driver's range as numbers in the driver's unit."""

    distribution: str
    low: float
    likely: float
    high: float

    def draw(self, random: np.random.Generator, count: int) -> Array:
        """Random values.

        "normal" and "lognormal" take low and high as P10 and P90; "pert" is the beta distribution with weight
        4 on the likely value.
        """
        low, likely, high = self.low, self.likely, self.high
        if low == high:
            return np.full(count, low)
        if self.distribution == "uniform":
            return random.uniform(low, high, count)
        if self.distribution == "triangular":
            return random.triangular(low, likely, high, count)
        if self.distribution == "pert":
            width = high - low
            return low + width * random.beta(
                1 + 4 * (likely - low) / width, 1 + 4 * (high - likely) / width, count
            )
        if self.distribution == "normal":
            return random.normal((low + high) / 2, (high - low) / (2 * _P90), count)
        middle = (np.log(low) + np.log(high)) / 2
        return np.exp(random.normal(middle, (np.log(high) - np.log(low)) / (2 * _P90), count))


def limits(driver: Driver, value: float) -> Limits:
    """The range of a driver whose value is `value`. Raises Problem where it makes no sense."""
    if driver.range is None:
        raise Problem("no-range", f"“{driver.name}” has no range.")
    given = driver.range
    if given.distribution not in ("triangular", "pert", "uniform", "normal", "lognormal"):
        raise Problem("bad-range", f"“{given.distribution}” is not a known distribution.")
    low, high = _number(given.low, driver), _number(given.high, driver)
    likely = _number(given.likely, driver) if given.likely.strip() else value
    if not np.isfinite(high - low):
        raise Problem("bad-range", "The range is too wide for a computer's numbers.")
    if low > high:
        raise Problem("bad-range", f"The low end of the range, {low:g}, is above its high end, {high:g}.")
    if given.distribution in ("triangular", "pert") and not low <= likely <= high:
        raise Problem(
            "bad-range", f"The likely value, {likely:g}, lies outside the range {low:g} to {high:g}."
        )
    if given.distribution == "lognormal" and low <= 0:
        raise Problem("bad-range", "A lognormal range must lie above zero.")
    return Limits(given.distribution, low, likely, high)


def _number(text: str, driver: Driver) -> float:
    try:
        parsed = parse_entry(text)
        unit = unit_of(driver.unit)
        if not isinstance(parsed, Number):
            raise Problem("bad-range", f"“{text}” is not a number.")
        if driver.unit.strip() == "%" and not parsed.unit:
            return parsed.value / 100
        own = NUMBER if parsed.unit == "%" else parse_unit(parsed.unit) if parsed.unit else unit
    except (FormulaError, UnknownUnit) as problem:
        raise Problem("bad-range", str(problem)) from problem
    if not own.like(unit):
        raise Problem("bad-range", f"“{text}” is not in {unit.words}.")
    return parsed.value * own.factor / unit.factor


def uncertain(plan: Plan, result: ScenarioResult) -> tuple[dict[str, Limits], list[Issue]]:
    """The ranges that bear on a scenario, by driver name.

    A driver that the scenario or the case sets itself has no range there: the range belongs to the base
    value.
    """
    found: dict[str, Limits] = {}
    issues: list[Issue] = []
    fixed = resolve(plan, result.scenario, result.case).overridden
    for driver in plan.drivers:
        node = result.graph.nodes.get(f"driver/{driver.name}")
        if driver.range is None or driver.name in fixed or node is None:
            continue
        where = f"driver {driver.name}"
        if not node.is_input or node.monthly:
            issues.append(
                warning("range-ignored", where, "A range needs a single value, not a formula or a series.")
            )
            continue
        assert node.value is not None
        try:
            found[driver.name] = limits(driver, float(node.value.flat[0]))
        except Problem as problem:
            issues.append(error(problem.code, where, str(problem)))
    return found, issues


def draws(name: str, spread: Limits, seed: int, chunk: int, count: int) -> Array:
    """The values of one driver in one chunk of trials, shape (trial, 1, 1)."""
    sequence = np.random.SeedSequence(seed % 2**64, spawn_key=(chunk, *name.encode()))
    return spread.draw(np.random.default_rng(sequence), count).reshape(-1, 1, 1)


@dataclass(frozen=True, slots=True)
class Distribution:
    """One key figure over the trials in which it has a value. Percentiles by number (5, 10, 50, 90, 95);
    histogram counts between edges. `missing` counts the trials in which it has none.
    """

    mean: float
    standard_error: float
    percentiles: dict[int, float]
    edges: Array
    counts: Array
    missing: int = 0


@dataclass(frozen=True, slots=True)
class ScenarioRisk:
    """One scenario. `samples` holds each figure by trial, NaN where it has no value; `band` the percentiles
    10, 50, 90 of cumulative cost by month.
    """

    scenario: str
    case: str
    figures: dict[str, Distribution]
    samples: dict[str, Array]
    band: dict[int, Array]
    drivers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chance:
    """Probability that `a` has the lower figure than `b`, with its standard error."""

    a: str
    b: str
    figure: str
    probability: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class Simulation:
    """The outcome of a simulation."""

    trials: int
    seed: int
    scenarios: tuple[ScenarioRisk, ...]
    chances: tuple[Chance, ...]
    issues: tuple[Issue, ...]


def _ignore(done: float) -> None:
    """Progress that nobody watches."""
    del done


def _never() -> bool:
    return False


def simulate(
    result: PlanResult,
    trials: int,
    seed: int,
    *,
    workers: int = 1,
    progress: Callable[[float], None] = _ignore,
    cancelled: Callable[[], bool] = _never,
) -> Simulation:
    """Runs all scenarios of a result over random values of their uncertain drivers.

    Raises Cancelled when `cancelled()` turns true; `progress` is called with the share done. Results do not
    hang on the number of `workers`, threads that share the chunks; with arrays as small as a chunk's a second
    one gains little.
    """
    risks: list[ScenarioRisk] = []
    issues: list[Issue] = []
    if not 1 <= trials <= MOST_TRIALS:
        message = f"A simulation has 1 to {MOST_TRIALS:,} trials, not {trials:,}."
        return Simulation(trials, seed, (), (), (error("bad-trials", result.plan.name, message),))
    usable = [one for one in result.scenarios if one.monthly]
    for place, one in enumerate(usable):
        spreads, problems = uncertain(result.plan, one)
        issues += [issue for issue in problems if issue not in issues]

        def share(done: float, place: int = place) -> None:
            progress((place + done) / len(usable))

        risks.append(_one(one, spreads, trials, seed, workers, share, cancelled))
        issues += [
            warning(
                "trials-without-value",
                f"figure {name}",
                f"“{one.name}”: {found.missing:,} of {trials:,} trials give no value and are left out.",
            )
            for name, found in risks[-1].figures.items()
            if found.missing
        ]
    if usable and not any(risk.drivers for risk in risks):
        issues.append(
            warning(
                "nothing-uncertain",
                result.plan.name,
                "No driver has a range: give some drivers a low and a high value.",
            )
        )
    return Simulation(trials, seed, tuple(risks), tuple(_chances(risks)), tuple(issues))


def _one(
    one: ScenarioResult,
    spreads: dict[str, Limits],
    trials: int,
    seed: int,
    workers: int,
    progress: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> ScenarioRisk:
    program = one.program
    assert program is not None
    names = [name for name in FIGURES if name in one.figures]
    keys = [f"figure/{name}" for name in names]
    samples = {name: np.empty(trials) for name in names}
    banded = min(trials, BAND_TRIALS)
    cumulative = np.empty((banded, program.months))
    chunks = range(-(-trials // CHUNK))
    finished = 0

    def run(chunk: int) -> None:
        if cancelled():
            return
        start = chunk * CHUNK
        count = min(CHUNK, trials - start)
        changed = {
            f"driver/{name}": draws(name, spread, seed, chunk, count) for name, spread in spreads.items()
        }
        with_band = start < banded
        values = program.run(changed, [*keys, "statement/cumulative_cost"] if with_band else keys)
        for name, key in zip(names, keys, strict=True):
            samples[name][start : start + count] = values[key][:, 0, 0]
        if with_band:
            shown = min(count, banded - start)
            cumulative[start : start + shown] = values["statement/cumulative_cost"][:shown, 0]

    _keep_pages()
    with ThreadPoolExecutor(max(1, workers)) as pool:
        for _ in pool.map(run, chunks):
            finished += 1
            progress(finished / len(chunks))
    if cancelled():
        raise Cancelled
    cumulative = cumulative[np.isfinite(cumulative).all(axis=1)]
    bands = np.percentile(cumulative, BAND, axis=0) if len(cumulative) else np.empty((len(BAND), 0))
    return ScenarioRisk(
        one.scenario,
        one.case,
        {name: _distribution(values) for name, values in samples.items()},
        samples,
        dict(zip(BAND, bands, strict=True)),
        tuple(spreads),
    )


def _keep_pages() -> None:
    """Lets the arrays of a chunk have the memory of the chunk before: the allocator gives back to the system
    what is larger than the largest block ever freed, and getting pages anew takes longer than to fill them.
    The block itself is never touched.
    """
    np.empty(_KEPT_NUMBERS)


def _distribution(samples: Array) -> Distribution:
    values = samples[np.isfinite(samples)]
    missing = len(samples) - len(values)
    if not len(values):
        nothing = dict.fromkeys(PERCENTILES, float("nan"))
        return Distribution(float("nan"), float("nan"), nothing, np.empty(0), np.empty(0), missing)
    counts, edges = (
        np.histogram(values, BINS)
        if np.ptp(values) > 0
        else (np.array([len(values)]), np.array([values[0]] * 2))
    )
    deviation = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    return Distribution(
        float(values.mean()),
        deviation / float(np.sqrt(len(values))),
        dict(zip(PERCENTILES, (float(p) for p in np.percentile(values, PERCENTILES)), strict=True)),
        edges,
        counts.astype(float),
        missing,
    )


def _chances(risks: Iterable[ScenarioRisk]) -> Iterable[Chance]:
    listed = list(risks)
    for place, a in enumerate(listed):
        for b in listed[place + 1 :]:
            if a.case != b.case:
                continue
            for figure in ("tco", "npv_cost"):
                both = np.isfinite(a.samples[figure]) & np.isfinite(b.samples[figure])
                if not both.any():
                    continue
                chance = float(np.mean(a.samples[figure][both] < b.samples[figure][both]))
                spread = float(np.sqrt(chance * (1 - chance) / np.count_nonzero(both)))
                yield Chance(a.scenario, b.scenario, figure, chance, spread)
