"""Monte Carlo: distributions, seeds, workers, common draws, honest errors, cancelling, missing values."""

from __future__ import annotations

import dataclasses
import threading

import numpy as np
import pytest
from scipy import stats

from desktop_app.engine.compute import compute
from desktop_app.engine.model import Driver, Plan, Range, Scenario, Settings
from desktop_app.engine.risk import CHUNK, Cancelled, Limits, Simulation, draws, limits, simulate
from tests.engine.plans import line

P90 = stats.norm.ppf(0.9)
SPREADS = (
    (Limits("uniform", 2, 3, 8), stats.uniform(2, 6)),
    (Limits("triangular", 2, 3, 8), stats.triang((3 - 2) / 6, 2, 6)),
    (Limits("pert", 2, 3, 8), stats.beta(1 + 4 / 6, 1 + 20 / 6, 2, 6)),
    (Limits("normal", 2, 3, 8), stats.norm(5, 3 / P90)),
    (Limits("lognormal", 2, 3, 8), stats.lognorm(np.log(4) / (2 * P90), scale=4)),
)


@pytest.mark.parametrize(("spread", "wanted"), SPREADS, ids=lambda it: getattr(it, "distribution", ""))
def test_draws_follow_their_distribution(spread: Limits, wanted: stats.rv_continuous) -> None:
    count = 40_000
    values = np.concatenate([draws("x", spread, 11, chunk, 1_000).ravel() for chunk in range(count // 1_000)])
    assert stats.kstest(values, wanted.cdf).pvalue > 0.001
    assert values.mean() == pytest.approx(wanted.mean(), abs=5 * wanted.std() / count**0.5)
    assert values.std() == pytest.approx(wanted.std(), rel=0.03)
    if spread.distribution in ("normal", "lognormal"):
        assert wanted.ppf([0.1, 0.9]) == pytest.approx([2, 8])


def plan(*ranges: tuple[str, Range], months: int = 12) -> Plan:
    given = dict(ranges)
    drivers = tuple(
        Driver(name, unit, value, range=given.get(name))
        for name, unit, value in (
            ("n", "", "10"),
            ("price", "USD", "5"),
            ("rate", "%", "8"),
            ("fixed", "", "3"),
        )
    )
    own = Scenario("Own", lines=(line("o", "usage", "c", quantity="n", unit_price="price"),))
    rent = Scenario("Rent", lines=(line("r", "usage", "c", quantity="n + 1", unit_price="price"),))
    return Plan("p", Settings(months=months, discount_rate="rate"), drivers, (own, rent))


UNCERTAIN = plan(
    ("n", Range("triangular", "5", "30")),
    ("price", Range("lognormal", "$2", "$9")),
    ("rate", Range("uniform", "5", "12%")),
)


def run(made: Plan, trials: int = 3_000, seed: int = 7, workers: int = 2) -> Simulation:
    return simulate(compute(made), trials, seed, workers=workers)


def test_the_same_seed_gives_the_same_numbers_whatever_the_workers() -> None:
    one, two, other = run(UNCERTAIN, workers=1), run(UNCERTAIN, workers=3), run(UNCERTAIN, seed=8)
    for name, values in one.scenarios[0].samples.items():
        assert values.tolist() == two.scenarios[0].samples[name].tolist()
    assert one.scenarios[0].samples["tco"].tolist() != other.scenarios[0].samples["tco"].tolist()
    assert run(UNCERTAIN, seed=-5).scenarios[0].samples["tco"].tolist()


def test_more_trials_go_on_from_fewer() -> None:
    few, more = run(UNCERTAIN, CHUNK + 10), run(UNCERTAIN, 3 * CHUNK + 1)
    assert few.scenarios[0].samples["tco"].tolist() == more.scenarios[0].samples["tco"][: CHUNK + 10].tolist()


def test_scenarios_meet_the_same_draws() -> None:
    found = run(UNCERTAIN)
    own, rent = (one.samples["tco"] for one in found.scenarios)
    assert (rent > own).all()
    chance = next(one for one in found.chances if one.figure == "tco")
    assert (chance.a, chance.b, chance.probability, chance.standard_error) == ("Own", "Rent", 1.0, 0.0)
    price = (rent - own) / 12
    assert own == pytest.approx(price * np.round(own / price / 12, 9) * 12)


def test_what_a_driver_draws_does_not_depend_on_the_others() -> None:
    alone = plan(("price", Range("lognormal", "$2", "$9")))
    together = run(UNCERTAIN).scenarios
    single = run(alone).scenarios
    price = (together[1].samples["tco"] - together[0].samples["tco"]) / 12
    assert price == pytest.approx((single[1].samples["tco"] - single[0].samples["tco"]) / 12)


def test_figures_against_the_exact_distribution() -> None:
    made = plan(("n", Range("uniform", "10", "20")))
    found = run(made, 20_000).scenarios[0].figures["tco"]
    exact = stats.uniform(600, 600)
    assert abs(found.mean - 900) < 4 * found.standard_error
    assert found.standard_error == pytest.approx(exact.std() / 20_000**0.5, rel=0.02)
    for percent, value in found.percentiles.items():
        assert value == pytest.approx(exact.ppf(percent / 100), abs=12)
    assert found.counts.sum() == 20_000
    assert (found.edges[0], found.edges[-1]) == pytest.approx((600, 1200), abs=1)
    band = run(made, 20_000).scenarios[0].band
    assert band[50] == pytest.approx(75 * np.arange(1, 13), rel=0.02)
    assert (band[10] <= band[50]).all()
    assert (band[50] <= band[90]).all()


def test_standard_errors_are_honest() -> None:
    """The means of many simulations lie around the truth as their errors say."""
    made = plan(("n", Range("triangular", "0", "30", "15")))
    misses = []
    for seed in range(60):
        found = run(made, 400, seed).scenarios[0].figures["tco"]
        misses.append((found.mean - 15 * 5 * 12) / found.standard_error)
    assert np.mean(misses) == pytest.approx(0, abs=0.6)
    assert 0.7 < np.std(misses) < 1.35


def test_a_chance_and_its_error() -> None:
    made = UNCERTAIN
    own, rent = made.scenarios
    other = dataclasses.replace(rent, lines=(line("r", "usage", "c", quantity="17", unit_price="price"),))
    found = run(dataclasses.replace(made, scenarios=(own, other)), 4_000)
    chance = next(one for one in found.chances if one.figure == "tco")
    exact = stats.triang(0.2, 5, 25).cdf(17)
    assert abs(chance.probability - exact) < 4 * chance.standard_error
    assert chance.standard_error == pytest.approx((exact * (1 - exact) / 4_000) ** 0.5, rel=0.1)


def test_a_range_belongs_to_the_base_value() -> None:
    made = dataclasses.replace(
        UNCERTAIN, scenarios=(*UNCERTAIN.scenarios, Scenario("Set", "Own", drivers={"n": "10"}))
    )
    found = {one.scenario: one.drivers for one in run(made, 100).scenarios}
    assert found == {"Own": ("n", "price", "rate"), "Rent": ("n", "price", "rate"), "Set": ("price", "rate")}


def test_progress_and_cancel() -> None:
    seen: list[float] = []
    simulate(compute(UNCERTAIN), 4 * CHUNK, 1, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1
    stop = threading.Event()

    def watch(done: float) -> None:
        if done > 0.1:
            stop.set()

    with pytest.raises(Cancelled):
        simulate(compute(UNCERTAIN), 400 * CHUNK, 1, progress=watch, cancelled=stop.is_set)


def test_trials_without_a_value_are_counted_and_said() -> None:
    made = plan(("n", Range("uniform", "-10", "10")))
    root = dataclasses.replace(
        made,
        scenarios=(Scenario("Own", lines=(line("o", "usage", "c", quantity="SQRT(n)", unit_price="1"),)),),
    )
    found = run(root, 2_000)
    (said,) = (issue for issue in found.issues if issue.where == "figure tco")
    assert said.code == "trials-without-value"
    figure = found.scenarios[0].figures["tco"]
    assert 800 < figure.missing < 1_200
    assert f"{figure.missing:,} of 2,000" in said.message
    assert np.isfinite([figure.mean, *figure.percentiles.values()]).all()
    assert np.isfinite(found.scenarios[0].band[50]).all()


@pytest.mark.parametrize("trials", [0, -3, 10**12])
def test_a_number_of_trials_that_makes_no_sense_is_said(trials: int) -> None:
    found = run(UNCERTAIN, trials)
    assert [issue.code for issue in found.issues] == ["bad-trials"]
    assert found.scenarios == ()


def test_one_trial_is_enough() -> None:
    figure = run(UNCERTAIN, 1).scenarios[0].figures["tco"]
    assert figure.percentiles[5] == figure.percentiles[95] == figure.mean
    assert figure.standard_error == 0


def test_a_plan_without_ranges_says_so() -> None:
    found = run(plan(), 10)
    assert [issue.code for issue in found.issues] == ["nothing-uncertain"]
    assert set(found.scenarios[0].samples["tco"]) == {600.0}


@pytest.mark.parametrize(
    ("given", "code", "word"),
    [
        (Range("triangular", "9", "5"), "bad-range", "above its high end"),
        (Range("triangular", "1", "5"), "bad-range", "outside the range"),
        (Range("pert", "11", "15"), "bad-range", "outside the range"),
        (Range("lognormal", "0", "5"), "bad-range", "above zero"),
        (Range("weibull", "1", "5"), "bad-range", "weibull"),
        (Range("uniform", "a", "5"), "bad-range", "not a number"),
        (Range("uniform", "1 kW", "5"), "bad-range", "not in plain numbers"),
        (Range("uniform", "-1e308", "1e308"), "bad-range", "too wide"),
        (Range("uniform", "", "5"), "bad-range", "empty"),
    ],
)
def test_a_range_that_makes_no_sense_is_said(given: Range, code: str, word: str) -> None:
    found = run(plan(("n", given)), 10)
    said = next(issue for issue in found.issues if issue.where == "driver n")
    assert said.code == code
    assert word in said.message


def test_a_range_on_a_formula_is_ignored_with_a_word() -> None:
    double = Driver("fixed", "", "n * 2", range=Range("uniform", "1", "2"))
    made = dataclasses.replace(UNCERTAIN, drivers=(*UNCERTAIN.drivers[:3], double))
    assert "range-ignored" in {issue.code for issue in run(made, 10).issues}


def test_limits_are_in_the_unit_of_the_driver() -> None:
    spread = limits(Driver("x", "GB", "1", range=Range("triangular", "500 MB", "2 TB", "1,000")), 1.0)
    assert (spread.low, spread.likely, spread.high) == (0.5, 1_000, 2_000)
    per_cent = limits(Driver("x", "%", "5", range=Range("uniform", "4", "6%")), 0.05)
    assert (per_cent.low, per_cent.high) == (0.04, 0.06)
