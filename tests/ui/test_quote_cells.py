"""Cells of foreign sheets as their vendors saw them."""

from __future__ import annotations

import datetime as dt

import pytest
from PySide6.QtCore import QLocale

from desktop_app.exchange.reading import Cell
from desktop_app.ui.quote_cells import cell_text

ACCOUNTING = '_($* #,##0.00_);_($* \\(#,##0.00\\);_($* "-"??_);_(@_)'
MOMENT = dt.datetime(2026, 10, 5, 14, 7)  # noqa: DTZ001 - as a workbook keeps it


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (-1249.5, "$#,##0.00_);($#,##0.00)", "($1,249.50)"),
        (855640.0, ACCOUNTING, "$855,640.00"),
        (-5.5, ACCOUNTING, "$(5.50)"),
        (0, ACCOUNTING, "$-"),
        (1234567.891, "#,##0.00 [$€-407]", "1,234,567.89 €"),
        (1234.5, "[$¥-411]#,##0", "¥1,235"),
        (-3.2, "0.00;[Red]-0.00", "-3.20"),
        (12, '0" pcs"', "12 pcs"),
        (0.125, "0.0%", "12.5%"),
        (0.5, "0.###", "0.5"),
        (1234567, "#,##0,", "1,235"),
        (-0.001, "0.00", "0.00"),
        (1e300, "0.0", "1" + "0" * 300 + ".0"),
        (12.5, "General", "12.5"),
        (12.5, None, "12.5"),
        (12.5, "0.00E+00", "12.5"),
        ("=1+1", "General", "=1+1"),
        (True, None, "TRUE"),
        (MOMENT, "yyyy-mm-dd", "2026-10-05"),
        (MOMENT, "d. mmmm yyyy", "5. October 2026"),
        (MOMENT, "dd/mm/yy h:mm", "05/10/26 14:07"),
        (MOMENT, "[$-409]mmmm d, yyyy;@", "October 5, 2026"),
        (dt.date(2026, 10, 5), None, "10/5/26"),
    ],
)
def test_a_number_format_is_followed(value: object, code: str | None, text: str) -> None:
    assert cell_text(Cell(1, 1, value, code)) == text  # type: ignore[arg-type]


def test_separators_are_the_users_own() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
    assert cell_text(Cell(1, 1, 1234.5, "#,##0.00 [$€-407]")) == "1.234,50 €"


def test_errors_and_formulas_without_a_value_show_themselves() -> None:
    assert cell_text(Cell(1, 1, None, None, "A1*B1")) == "=A1*B1"
    assert cell_text(Cell(1, 1, None, None, "A1/0", "#DIV/0!")) == "#DIV/0!"
    assert cell_text(Cell(1, 1, None)) == ""
