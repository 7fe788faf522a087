"""What people type into a cell."""

from __future__ import annotations

import pytest

from desktop_app.engine.formula.entry import parse_entry
from desktop_app.engine.formula.parser import FormulaError
from desktop_app.engine.formula.syntax import Call, Name, Number
from tests.engine.plans import value


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("1.2M", 1_200_000, ""),
        ("1.2 M", 1_200_000, ""),
        ("2.5 bn", 2_500_000_000, ""),
        ("3T", 3e12, ""),
        ("15 %", 0.15, "%"),
        ("-15%", -0.15, "%"),
        ("$2.5k", 2_500, "USD"),
        ("-$5", -5, "USD"),
        ("$-5", -5, "USD"),
        ("€1,000", 1_000, "EUR"),
        ("1 000 €", 1_000, "€"),
        ("EUR 5.5", 5.5, "EUR"),
        ("usd 5", 5, "USD"),
        ("5 USD", 5, "USD"),
        ("282,459.75", 282_459.75, ""),
        ("1’000’000", 1_000_000, ""),
        ("1 000 000", 1_000_000, ""),
        ("1\u00a0000", 1_000, ""),
        ("36 months", 36, "months"),
        ("6.88 USD/GPU-hour", 6.88, "USD/GPU-hour"),
        ("$6.88/GPU-hour", 6.88, "USD/GPU-hour"),
        ("$6.88 / GPU / hour", 6.88, "USD/ GPU / hour"),
        ("200 B/token", 200, "B/token"),
        ("400 TB", 400, "TB"),
        ("10.2 kW/server", 10.2, "kW/server"),
        ("1.5e3 kWh", 1_500, "kWh"),
        ("2 Mtokens", 2, "Mtokens"),
        ("0.37 kgCO2/kWh", 0.37, "kgCO2/kWh"),
        ("12 m2", 12, "m2"),
        ("3 USD per GPU per hour", 3, "USD per GPU per hour"),
        ("5 GPU^2", 5, "GPU^2"),
        ("−7", -7, ""),
        ("+7", 7, ""),
        ("007", 7, ""),
        ("  8  ", 8, ""),
        ("24h", 24, "h"),
        ("10.2kW", 10.2, "kW"),
        ("5MW", 5, "MW"),
        ("8GB", 8, "GB"),
        ("100k tokens", 100_000, "tokens"),
        ("1.2 million", 1_200_000, ""),
        ("1.2 million tokens", 1_200_000, "tokens"),
        ("3 billion", 3e9, ""),
        ("$1.2 million", 1_200_000, "USD"),
        ("£1m", 1_000_000, "GBP"),
        ("$1.2m/year", 1_200_000, "USD/year"),
        ("1.2 m", 1.2, "m"),
        ("US$100", 100, "USD"),
        ("A$ 5k", 5_000, "AUD"),
        ("$6.88 per GPU-hour", 6.88, "USD per GPU-hour"),
        ("$2 per million tokens", 2, "USD per million tokens"),
        ("$2/M tokens", 2, "USD/M tokens"),
    ],
)
def test_values(text: str, number: float, unit: str) -> None:
    entry = parse_entry(text)
    assert isinstance(entry, Number)
    assert (entry.value, entry.unit) == (pytest.approx(number, rel=1e-15), unit)
    assert text[slice(*entry.span)] == text.strip()


@pytest.mark.parametrize("text", ["gpu4", "USD5", "h100", "kW2"])
def test_a_name_with_digits_is_a_name(text: str) -> None:
    assert parse_entry(text) == Name(text, (0, len(text)))


@pytest.mark.parametrize("text", ["gpu-5", "1/servers", "12/GPU", "kWh*2", "5 + 3", "8760/months"])
def test_a_formula_is_a_formula_though_its_names_are_units(text: str) -> None:
    assert isinstance(parse_entry(text), Call)


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("5 parsecs", "parsecs", "parsecs"),
        ("5 GPUU", "GPUU", "Did you mean “GPU”"),
        ("EUX 5", "EUX", "EUX"),
        ("$5 %", "$5 %", "either"),
        ("1.234,56", ",", "cannot stand here"),
        ("1,5", ",", "cannot stand here"),
        ("5k USD/month/", "k", "operator is missing"),
        ("1e400", "1e400", "too large"),
    ],
)
def test_what_is_no_value_is_refused_with_its_place(text: str, place: str, word: str) -> None:
    with pytest.raises(FormulaError, match=word) as caught:
        parse_entry(text)
    assert text[slice(*caught.value.span)] == place


def test_a_b_alone_is_a_billion_and_bytes_where_data_is_counted() -> None:
    assert parse_entry("200 B") == Number(200e9, "", (0, 5))
    assert parse_entry("200 B", of_data=True) == Number(200.0, "B", (0, 5))
    assert parse_entry("200 B USD", of_data=True) == Number(200e9, "USD", (0, 9))
    assert value("200 B", unit="GB") == pytest.approx(2e-7)
    assert value("200 B", unit="token") == pytest.approx(2e11)
