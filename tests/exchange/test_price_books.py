"""The price books that ship are complete, add up, and are refused when they do not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from desktop_app.engine.finance.tax_tables import CONVENTIONS, declining_balance_shares
from desktop_app.exchange.price_books import load_tax_tables

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
