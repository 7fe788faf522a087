"""Units: what may be added, what converts, and what cancels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.engine.model import Driver
from desktop_app.engine.units import (
    CURRENCIES,
    NUMBER,
    UnknownUnit,
    currency_of,
    known_units,
    money,
    parse_unit,
)
from tests.engine.plans import driver, line, problem, result_of, value

GIVEN = (
    driver("tokens", "5", "Mtoken/month"),
    driver("token_price", "2", "USD/Mtoken"),
    driver("plain_tokens", "5,000,000", "token"),
    driver("power", "10", "kW"),
    driver("mega", "100", "USD/MWh"),
    driver("rate", "15", "percent"),
    driver("share", "15", "%"),
    driver("euros", "3", "EUR"),
    driver("gpus", "8", "GPU"),
    driver("storage", "10", "GB"),
    driver("chunk", "5", "MB"),
    driver("wait", "2", "quarter"),
    driver("energy", "7300", "kWh/month"),
)


@pytest.mark.parametrize(
    ("text", "dimension"),
    [
        ("USD/GPU/hour", "USD/GPU/hour"),
        ("USD per GPU per hour", "USD/GPU/hour"),
        ("$/GPU-hour", "USD/GPU/hour"),
        ("usd/gpu-hours", "USD/GPU/hour"),
        ("kWh", "kWh"),
        ("kW*h", "hour*kW"),
        ("GPU²", None),
        ("GPU^2", "GPU^2"),
        ("1/month", "1/month"),
        ("%", "%"),
        ("", ""),
        ("USD·month", "USD*month"),
    ],
)
def test_ways_to_write_a_unit(text: str, dimension: str | None) -> None:
    if dimension is None:
        with pytest.raises(UnknownUnit):
            parse_unit(text)
    else:
        assert str(parse_unit(text)) == dimension


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("GPUU", "Did you mean “GPU”"),
        ("EURO", "EURO"),
        ("2 USD", "mixes a number"),
        ("USD^0.5", "USD"),
        ("USD//GPU", "not a unit"),
        ("(USD", "not a unit"),
        ("__import__('os')", "not a unit"),
        ("USD**9**9**9", "not a unit"),
        ("USD^999999999", "not a unit"),
        ("x" * 201, "200 characters"),
    ],
)
def test_what_is_no_unit_is_refused(text: str, word: str) -> None:
    with pytest.raises(UnknownUnit) as caught:
        parse_unit(text)
    assert word in str(caught.value)


@given(st.text(max_size=60))
def test_any_text_is_a_unit_or_refused(text: str) -> None:
    try:
        unit = parse_unit(text)
    except UnknownUnit:
        return
    assert unit.factor > 0


def test_currencies_and_times_are_dimensions_of_their_own() -> None:
    assert all(currency_of(money(code)) == code for code in CURRENCIES)
    assert not parse_unit("USD").like(parse_unit("EUR"))
    for one, other in (("USD/hour", "USD/month"), ("USD/month", "USD/year"), ("kW", "kWh")):
        assert not parse_unit(one).like(parse_unit(other))
    assert parse_unit("quarter").factor == 3
    assert parse_unit("GiB").factor / parse_unit("GB").factor == pytest.approx(1.073741824)
    assert {"USD", "GPU", "kWh", "month"} <= set(known_units())


words = st.sampled_from(
    ("USD", "token", "Mtoken", "kWh", "MWh", "kW", "hour", "day", "GB", "MB", "GPU", "percent")
)


@given(st.lists(st.tuples(words, st.sampled_from((1, -1))), max_size=6))
def test_cancelling_changes_the_unit_but_never_the_quantity(parts: list[tuple[str, int]]) -> None:
    unit = NUMBER
    for word, power in parts:
        unit = unit * parse_unit(word) ** power
    plain, size = unit.plain
    assert plain.dimension == unit.dimension
    assert size * plain.factor == pytest.approx(unit.factor, rel=1e-12)
    assert plain.plain == (plain, 1.0)
    if not unit.dimension:
        assert plain == NUMBER


@pytest.mark.parametrize(
    ("text", "unit", "result"),
    [
        # a number beside something is in the unit a person reads, not in millionths of it
        ("tokens * token_price + 100", "USD/month", 110),
        ("plain_tokens * token_price + 100", "USD", 110),
        ("power * HOURS() * mega + 5", "USD/month", 744 * 10 * 0.1 + 5),
        ("1 + rate", "", 1.15),
        ("1 + share", "", 1.15),
        ("1 + storage / chunk", "", 2_001),
        ("energy / HOURS() + 1", "kW", 7_300 / 744 + 1),
        ("LAG(MONTH_INDEX(), wait)", "", 0),
        ("gpus ^ 2", "GPU^2", 64),
        ("storage", "MB", 10_000),
        ("storage", "GiB", 10 / 1.073741824),
        ("storage + chunk", "GB", 10.005),
        ("IF(storage > chunk, 1, 2)", "", 1),
        ("MAX(storage, chunk)", "MB", 10_000),
        ("wait", "month", 6),
        ("36 months", "quarter", 12),
    ],
)
def test_quantities_convert_and_cancel(text: str, unit: str, result: float) -> None:
    assert value(text, drivers=GIVEN, unit=unit)[0] == pytest.approx(result, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "unit", "place", "word"),
    [
        ("gpus + power", "GPU", "power", "kW and GPU do not go together"),
        ("1 USD", "EUR", None, "USD"),
        ("token_price + euros", "EUR", "euros", "do not go together"),
        ("MAX(gpus, 2) > power", "", "power", "kW and GPU"),
        ("SQRT(gpus)", "GPU", "gpus", "SQRT needs a plain number here, not GPU"),
        ("LAG(power, gpus)", "kW", "gpus", "a number of months"),
        ("GROWTH(gpus)", "", "gpus", "a rate"),
        ("gpus ^ share", "GPU", "gpus ^ share", "plain number can have such a power"),
        ("2 ^ gpus", "", "gpus", "plain number"),
        ("power * 1", "kWh", None, "kW"),
        ("NPV(MONTH_INDEX(), gpus)", "GPU", "MONTH_INDEX()", "one rate for the whole plan"),
        ("IF(gpus, 1, 2)", "", "gpus", "plain number"),
    ],
)
def test_what_does_not_go_together_is_an_issue_at_its_place(
    text: str, unit: str, place: str | None, word: str
) -> None:
    issue = problem(text, drivers=GIVEN, unit=unit)
    assert issue.code in ("unit-mismatch", "varies-by-month")
    assert word in issue.message
    if place is not None:
        assert issue.span is not None
        assert text[slice(*issue.span)] == place


def test_hours_months_and_years_get_a_hint() -> None:
    hourly = driver("hourly", "2", "USD/hour")
    assert (
        "HOURS()"
        in problem("hourly + 3 * token_price * tokens", drivers=(*GIVEN, hourly), unit="USD").message
    )


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("yrs", "year"),
        ("hrs", "hour"),
        ("gpus", "GPU"),
        ("bps", "bp"),
        ("USD per million tokens", "USD/Mtoken"),
        ("USD/M tokens", "USD/Mtoken"),
        ("GW", "MW"),
    ],
)
def test_how_people_write_units(text: str, same: str) -> None:
    assert parse_unit(text).like(parse_unit(same))


def test_a_length_of_time_is_counted_in_months_or_years_but_no_price_is() -> None:
    assert value("3 years", unit="month") == 36
    assert value("18 months", unit="year") == 1.5
    life = (Driver("life", "year", "3"), Driver("more", "month", "6"))
    assert value("life + more", unit="month", drivers=life) == 42
    assert value("LAG(MONTH_INDEX(), life)", drivers=(Driver("life", "year", "1"),))[13] == 2
    price = (Driver("price", "USD/month", "100"),)
    assert problem("price", unit="USD/year", drivers=price).code == "unit-mismatch"
    made = line("x", "purchase", unit_price="3600", life="3 years")
    assert result_of(made).monthly["depreciation"].tolist() == pytest.approx([100.0] * 24)
