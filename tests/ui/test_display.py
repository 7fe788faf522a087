"""Numbers and dates in the user's own style; what is stored knows no locale."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QLocale

from desktop_app.ui import display

GERMAN = QLocale(QLocale.Language.German, QLocale.Country.Germany)
FRENCH = QLocale(QLocale.Language.French, QLocale.Country.France)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("1.234,56", "1234.56"),
        ("1.234,56 EUR", "1234.56 EUR"),
        ("0,12", "0.12"),
        ("0.12", "0.12"),
        ("15 %", "15 %"),
        ("7,5%", "7.5%"),
        ("-10%", "-10%"),
        ("1,2M", "1.2M"),
        ("$2,5k", "$2.5k"),
        ("3,9 USD/GPU/hour", "3.9 USD/GPU/hour"),
        ("gpus / 8 * 1.5", "gpus / 8 * 1.5"),
        ("ROUNDUP(gpus, 0)", "ROUNDUP(gpus, 0)"),
        ("2 * 3.5", "2 * 3.5"),
        ("", ""),
    ],
)
def test_a_german_entry_is_stored_without_locale(typed: str, stored: str) -> None:
    QLocale.setDefault(GERMAN)
    assert display.entry_from_text(typed) == stored


@pytest.mark.parametrize(
    "stored",
    ["1234.56", "0.12", "15 %", "-10%", "1.2M", "312664", "1,250,000.5", "3.9 USD/GPU/hour", "36 months"],
)
@pytest.mark.parametrize(
    "locale", [GERMAN, FRENCH, QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)]
)
def test_what_is_shown_is_read_back_as_the_same_number(stored: str, locale: QLocale) -> None:
    QLocale.setDefault(locale)
    back = display.entry_from_text(display.text_from_entry(stored))
    assert back.replace(",", "") == stored.replace(",", "")


@pytest.mark.parametrize(
    "formula", ["gpus * 1.5", '5%*TOTAL("capex","Compute")', "IF(a>1,2.5,3)", "1e6", "12 - 3", "x1"]
)
def test_a_formula_is_shown_as_it_is(formula: str) -> None:
    QLocale.setDefault(GERMAN)
    assert display.text_from_entry(formula) == formula


def test_figures_in_the_users_style() -> None:
    assert display.number(1234567.891, 2) == "1,234,567.89"
    assert display.number(None) == display.NONE
    assert display.number(-0.001, 2) == "0.00"
    assert display.percent(0.123) == "12.3 %"
    assert display.short_money(21_940_000, "USD") == "USD 21.94m"
    assert display.compact(150e9) == "150 bn"
    assert display.with_unit(0.07, "%") == "7 %"
    QLocale.setDefault(GERMAN)
    assert display.number(1234567.891, 2) == "1.234.567,89"
    assert display.month("2027-03").endswith("2027")


def test_dates_are_read_in_the_users_style_and_kept_in_iso_form() -> None:
    assert display.iso_date("2026-10-31") == "2026-10-31"
    assert display.iso_date("") == ""
    assert display.iso_date("soon") is None
    QLocale.setDefault(GERMAN)
    assert display.iso_date("31.10.26") == "2026-10-31"
    assert display.iso_date(display.date("2026-10-31")) == "2026-10-31"
