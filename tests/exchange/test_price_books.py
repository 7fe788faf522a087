"""The price books that ship are complete, add up, and are refused when they do not."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import numpy as np
import pytest

from desktop_app.engine.finance.tax_tables import CONVENTIONS, declining_balance_shares
from desktop_app.engine.formula.entry import parse_entry
from desktop_app.engine.formula.syntax import Number
from desktop_app.engine.units import parse_unit
from desktop_app.exchange.price_books import load_price_book, load_tax_tables, price_books
from desktop_app.exchange.templates import load_template, templates

FIRST_YEAR = dict(zip(CONVENTIONS, (0.5, 0.875, 0.625, 0.375, 0.125), strict=True))


def test_every_convention_has_the_classes_of_equipment() -> None:
    tables = load_tax_tables()
    for convention in CONVENTIONS:
        for years in (3, 5, 7):
            table = tables.table(years, convention)
            assert table is not None
            assert len(table.percentages) == years + 1
            assert table.source
            assert table.date
    assert tables.table(4) is None


@pytest.mark.parametrize(
    "table", load_tax_tables().tables, ids=lambda t: f"{t.convention}-{t.recovery_years}"
)
def test_published_percentages_are_the_declining_balance_within_their_rounding(table) -> None:
    factor = 2.0 if table.recovery_years <= 10 else 1.5
    derived = declining_balance_shares(table.recovery_years, factor, FIRST_YEAR[table.convention])
    assert np.allclose(table.percentages, derived * 100, atol=0.0151, rtol=0)
    assert sum(table.percentages) == pytest.approx(100, abs=1e-9)


def test_expensing_begins_on_its_day() -> None:
    tables = load_tax_tables()
    assert tables.expensed_share(dt.date(2025, 1, 19)) == 0
    assert tables.expensed_share(dt.date(2025, 1, 20)) == 1
    assert tables.expensed_share(dt.date(2027, 1, 1)) == 1


@pytest.mark.parametrize(
    ("convention", "percentages", "complaint"),
    [
        (
            "half_year",
            "[20.0, 32.0, 19.2, 11.52, 11.52, 5.67]",
            "5 years: the percentages sum to 99.910, not 100",
        ),
        ("half-year", "[20.0, 80.0]", "convention 'half-year' is none of half_year, mid_quarter_1"),
    ],
)
def test_a_misprinted_table_is_refused(
    tmp_path: Path, convention: str, percentages: str, complaint: str
) -> None:
    book = tmp_path / "tables.toml"
    book.write_text(
        "[source]\nchecked = 2026-01-01\n[[table]]\n"
        f'convention = "{convention}"\nsource = "x"\n5 = {percentages}\n'
    )
    with pytest.raises(ValueError, match=complaint):
        load_tax_tables(book)


# Reference prices


def test_every_entry_has_a_unit_a_date_and_a_source() -> None:
    books = price_books()
    assert sum(len(book.entries) for book in books) > 100
    for book in books:
        assert book.title
        for entry in book.entries:
            assert entry.source
            assert entry.date[:2] == "20"
            assert entry.value > 0
            assert "Evidence" in entry.note
            if entry.unit != "%":
                parse_unit(entry.unit)


def test_the_reference_plan_uses_what_the_books_say() -> None:
    entries = {entry.name: entry.value for book in price_books() for entry in book.entries}
    drivers = {driver.name: driver for driver in load_template(templates()[0]).drivers}

    def value(name: str) -> float:
        parsed = parse_entry(drivers[name].value)
        assert isinstance(parsed, Number)
        return parsed.value

    assert value("server_price") == 8 * entries["H200 in an HGX, Jan 2025"]
    assert value("cloud_on_demand") == entries["AWS H100 p5, on demand"]
    assert value("reserved_discount") == entries["AWS discount, one year"]
    assert value("throughput_h200") == entries["Llama 3.3 70B on H200, 1000 in 1000 out"]
    assert value("throughput_h100") == entries["Llama 3.3 70B on H100, 1000 in 1000 out"]
    assert value("server_power") == entries["DGX H100: rated power"]
    assert value("pue") == entries["PUE, others"]
    assert value("electricity_price") == entries["Electricity, US commercial"]
    assert value("colocation_price") == pytest.approx(entries["Colocation"] * 1.25, abs=0.1)
    assert value("gpu_software") == entries["GPU software, subscription"] / 12
    assert value("gpu_software_cloud") == entries["GPU software in the cloud"]
    assert value("api_output_price") == entries["Claude Haiku 4.5, output"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('unit = "USD/GPUs-per-hour"', "USD/GPUs-per-hour"),
        ('grade = "E"', "grade 'E'"),
        ('date = "last year"', "'last year' is not a date"),
        ('[group.prices]\n"A" = "cheap"', "'cheap' is not a number"),
        ('[group.prices]\n"A" = inf', "inf is not a number"),
    ],
)
def test_a_faulty_book_is_refused_with_its_entry(tmp_path: Path, line: str, words: str) -> None:
    keys = {"unit": '"USD"', "date": '"2026"', "source": '"S"', "grade": '"A"'}
    keys.pop(line.split(" =")[0], None)
    head = "\n".join(f"{key} = {value}" for key, value in keys.items())
    prices = "" if "[group.prices]" in line else '[group.prices]\n"A" = 1'
    path = tmp_path / "book.toml"
    path.write_text(f'title = "T"\n[[group]]\n{head}\n{line}\n{prices}\n')
    with pytest.raises(ValueError, match=re.escape(words)):
        load_price_book(path)


def test_a_name_given_twice_is_refused(tmp_path: Path) -> None:
    group = '[[group]]\nunit = "USD"\ndate = "2026"\nsource = "S"\ngrade = "A"\n[group.prices]\n"A" = 1\n'
    (tmp_path / "book.toml").write_text(f'title = "T"\n{group}{group}')
    with pytest.raises(ValueError, match="“A” is there twice"):
        price_books(tmp_path)
