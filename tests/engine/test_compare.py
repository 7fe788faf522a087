"""Two scenarios side by side: break-evens, payback and returns against sums done by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.engine.compare import Pair
from desktop_app.engine.compute import compute
from desktop_app.engine.finance.breakeven import break_even_hours
from desktop_app.engine.model import Case, Driver, Plan, Scenario, Settings
from tests.engine.plans import line

FREE = Settings(months=12, discount_rate="0%", discount_timing="end")


def pair(own: list[float], rent: list[float], rate: str = "0%", timing: str = "end") -> Pair:
    """Two scenarios with these cash costs by month."""
    drivers = tuple(
        Driver(name, "USD", "0", series=tuple(values)) for name, values in (("own", own), ("rent", rent))
    )
    scenarios = tuple(
        Scenario(name.title(), lines=(line("x", "recurring", unit_price=name),)) for name in ("rent", "own")
    )
    plan = Plan(
        "p", Settings(months=len(own), discount_rate=rate, discount_timing=timing), drivers, scenarios
    )
    (only,) = compute(plan).pairs
    assert (only.a, only.b) == ("Own", "Rent")
    return only


def figure(found: Pair, name: str) -> float | None:
    return found.figures[name].value


@pytest.mark.parametrize(
    ("own", "rent", "month", "codes"),
    [
        ([100, 0, 0, 0], [30, 30, 30, 30], 3 + 1 / 3, []),
        ([90, 0, 0, 0], [30, 30, 30, 30], 3.0, []),
        ([30, 30, 30, 30], [100, 0, 0, 0], 3 + 1 / 3, []),
        ([200, 0, 0, 0], [30, 30, 30, 30], None, ["no-break-even"]),
        ([10, 10, 10, 10], [30, 30, 30, 30], None, ["no-break-even"]),
        ([100, 0, 0, 200], [30, 60, 30, 30], 2 + 1 / 3, ["several-break-evens"]),
        ([5, 5, 5, 5], [5, 5, 5, 5], None, ["no-break-even"]),
    ],
)
def test_break_even(own: list[float], rent: list[float], month: float | None, codes: list[str]) -> None:
    found = pair(own, rent)
    assert figure(found, "break_even_month") == (None if month is None else pytest.approx(month))
    assert [issue.code for issue in found.issues] == codes
    assert figure(found, "tco_difference") == pytest.approx(sum(own) - sum(rent))


def test_which_one_stays_ahead_is_said() -> None:
    assert "“Own” has cost less" in pair([1, 1], [2, 2]).issues[0].message
    assert "“Rent” costs less at the end" in pair([100, 0, 0, 200], [30, 60, 30, 30]).issues[0].message


def test_discounted_break_even_and_return() -> None:
    own, rent = [100.0, 0, 0, 0, 0, 0], [0.0, 30, 30, 30, 30, 30]
    found = pair(own, rent, "60%")
    monthly = 1.6 ** (1 / 12)
    lead, before, moment = 0.0, 0.0, 0.0
    for month, (a, b) in enumerate(zip(own, rent, strict=True), 1):
        before, lead = lead, lead + (b - a) / monthly**month
        if before < 0 <= lead:
            moment = month - 1 - before / (lead - before)
    assert figure(found, "discounted_break_even_month") == pytest.approx(moment)
    assert moment > (figure(found, "break_even_month") or 0) == pytest.approx(4 + 1 / 3)
    irr = figure(found, "monthly_irr")
    assert irr is not None
    assert sum(
        (b - a) / (1 + irr) ** m for m, (a, b) in enumerate(zip(own, rent, strict=True))
    ) == pytest.approx(0, abs=1e-6)
    assert figure(found, "irr") == pytest.approx((1 + irr) ** 12 - 1)
    assert figure(found, "largest_lag") == pytest.approx(100)
    assert figure(found, "largest_lead") == pytest.approx(50)


def test_saving_money_and_losing_value() -> None:
    """Paid back without interest, never with it."""
    own, rent = [100.0, *[0.0] * 11], [0.0, *[10.0] * 11]
    found = pair(own, rent, "80%")
    assert figure(found, "break_even_month") == pytest.approx(11)
    assert figure(found, "discounted_break_even_month") is None
    assert (figure(found, "tco_difference") or 0) < 0 < (figure(found, "npv_difference") or 0)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=20))
def test_the_first_crossing_is_the_break_even(flows: list[tuple[int, int]]) -> None:
    own, rent = [float(a) for a, _ in flows], [float(b) for _, b in flows]
    found = pair(own, rent)
    lead, moment = 0.0, None
    for month, (a, b) in enumerate(zip(own, rent, strict=True), 1):
        before, lead = lead, lead + b - a
        if moment is None and (before < 0 <= lead or before > 0 >= lead):
            moment = month - 1 - before / (lead - before)
    assert figure(found, "break_even_month") == (None if moment is None else pytest.approx(moment))
    assert found.lead[-1] == pytest.approx(lead)


# break-evens that are not moments

OWN = Scenario(
    "Own",
    lines=(
        line("Server", "purchase", unit_price="capital", life="60"),
        line("Power", "usage", quantity="gpu_hours", unit_price="running"),
        line("Depreciated", "adjustment", amount="0"),
    ),
)
RENT = Scenario("Rent", lines=(line("Cloud", "usage", quantity="gpu_hours", unit_price="rate"),))
DRIVERS = (
    Driver("gpus", "GPU", "8"),
    Driver("use", "%", "70"),
    Driver("gpu_hours", "GPU-hour/month", "gpus * HOURS() * use"),
    Driver("capital", "USD", "833,806"),
    Driver("running", "USD/GPU-hour", "0.87 / 8"),
    Driver("rate", "USD/GPU-hour", "98.32 / 8"),
    Driver("tokens", "Mtoken/month", "5,000"),
)
MEASURES = {
    "gpu_hours_used": "gpu_hours",
    "gpu_hours_installed": "gpus * HOURS()",
    "tokens_in": "tokens * 3",
    "tokens_out": "tokens",
}
PLAN = Plan("p", Settings(months=60, hours="720"), DRIVERS, (RENT, OWN), measures=MEASURES)


def test_break_evens_are_named_separately_and_never_count_capital_twice() -> None:
    (found,) = compute(PLAN).pairs
    used, installed = 8 * 720 * 0.7 * 60, 8 * 720 * 60
    own, rent = 833_806 + used * 0.87 / 8, used * 98.32 / 8
    wanted = {
        "break_even_gpu_hours": 8 * float(break_even_hours(833_806, 98.32, 0.87)),
        "simple_payback": 833_806 / (used / 60 * (98.32 - 0.87) / 8),
        "break_even_month": 833_806 / (used / 60 * (98.32 - 0.87) / 8),
        "break_even_utilisation": own / (installed * 98.32 / 8),
        "break_even_rent": own / used,
        "break_even_tokens": own / 60 / (rent / (20_000e6 * 60)),
        "break_even_token_price": own / (20_000 * 60),
    }
    for name, value in wanted.items():
        assert figure(found, name) == pytest.approx(value, rel=1e-9), name
    assert round((figure(found, "break_even_gpu_hours") or 0) / 8) == 8_556
    assert found.figures["break_even_gpu_hours"].unit == "GPU*hour"
    assert found.figures["eac_difference"].unit == "USD"


def test_the_roles_do_not_depend_on_which_is_held_against_which() -> None:
    one = compute(PLAN).pairs[0]
    other = compute(Plan("p", PLAN.settings, DRIVERS, (OWN, RENT), measures=MEASURES)).pairs[0]
    for name in (
        "break_even_month",
        "break_even_gpu_hours",
        "break_even_utilisation",
        "break_even_rent",
        "irr",
    ):
        if name != "irr":
            assert figure(one, name) == pytest.approx(figure(other, name)), name
    assert figure(one, "tco_difference") == pytest.approx(-(figure(other, "tco_difference") or 0))


def test_without_measures_or_capital_there_is_nothing_to_break_even_on() -> None:
    (bare,) = compute(Plan("p", PLAN.settings, DRIVERS, (RENT, OWN))).pairs
    assert "break_even_gpu_hours" not in bare.figures
    assert figure(bare, "simple_payback") is not None
    both = (RENT, Scenario("Dearer", "Rent", drivers={"rate": "20"}))
    (rented,) = compute(Plan("p", PLAN.settings, DRIVERS, both, measures=MEASURES)).pairs
    for name in ("simple_payback", "break_even_gpu_hours", "break_even_utilisation", "break_even_tokens"):
        assert figure(rented, name) is None
    dear = (RENT, Scenario("Dear", "Own", drivers={"running": "50"}), OWN)
    assert (
        figure(compute(Plan("p", PLAN.settings, DRIVERS, dear, measures=MEASURES)).pairs[0], "simple_payback")
        is None
    )


def test_pairs_are_made_within_each_case_with_the_baseline() -> None:
    plan = Plan("p", PLAN.settings, DRIVERS, (OWN, RENT), (Case("Idle", {"use": "10"}),), baseline="Rent")
    found = compute(plan, cases=("", "Idle"))
    assert [(p.a, p.b, p.case) for p in found.pairs] == [("Own", "Rent", ""), ("Own", "Rent", "Idle")]
    assert found.pairs[0].figures["tco_difference"].value != found.pairs[1].figures["tco_difference"].value


def test_a_scenario_without_figures_is_not_compared() -> None:
    broken = Scenario("Broken", "Own", drivers={"capital": "1/0"})
    assert [p.a for p in compute(Plan("p", PLAN.settings, DRIVERS, (RENT, OWN, broken))).pairs] == ["Own"]
