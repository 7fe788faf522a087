"""How the pack prints: nothing cut, no page too many, on A4 and Letter alike."""

from __future__ import annotations

import re
import subprocess
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.engine.compute import compute
from desktop_app.exchange.templates import load_template, templates
from desktop_app.exchange.workbook.export import export
from desktop_app.exchange.workbook.measure import line_count, text_width
from desktop_app.exchange.workbook.printing import by_year, fitted
from tests.exchange.workbook.test_export import simple_plan
from tests.libreoffice import LibreOffice

# Printable millimetres of the narrower paper, and what a column of so many characters takes at full size.
WIDE, HIGH = 254.0, 174.0


def _mm(characters: float) -> float:
    return characters * 5.56 / 72 * 25.4 + 5 / 96 * 25.4


@given(
    st.lists(st.floats(3, 60), min_size=2, max_size=60),
    st.lists(st.sampled_from([14.25, 28.0, 90.0]), min_size=8, max_size=300),
    st.data(),
)
def test_pages_hold_what_they_are_given(
    widths: list[float], heights: list[float], data: st.DataObject
) -> None:
    labels = data.draw(st.integers(1, min(3, len(widths) - 1)))
    blocks = sorted(data.draw(st.sets(st.integers(5, len(heights) - 1), max_size=20)))
    setup = fitted("landscape", widths, heights, 5, labels, blocks)
    assert 10 <= setup.scale <= 100
    assert setup.column_breaks == sorted(set(setup.column_breaks))
    assert setup.row_breaks == sorted(set(setup.row_breaks))
    repeated = sum(map(_mm, widths[:labels]))
    for first, last in pairwise([0, *setup.column_breaks, len(widths)]):
        here = sum(map(_mm, widths[first:last])) + (repeated if first else 0.0)
        assert here * setup.scale / 100 <= WIDE
    if not blocks:
        return
    head = sum(heights[:5])
    for first, last in pairwise([0, *setup.row_breaks, len(heights)]):
        points = sum(heights[first:last]) + (head if first else 0.0)
        assert points / 72 * 25.4 * setup.scale / 100 <= HIGH or last - first == 1
    room = HIGH * 0.9 / 25.4 * 72 * 100 / setup.scale - head
    for first, last in pairwise([*blocks, len(heights)]):
        if sum(heights[first:last]) <= room:
            assert not [cut for cut in setup.row_breaks if first < cut < last]


def test_a_wide_table_goes_over_several_pages_rather_than_become_too_small() -> None:
    setup = fitted("landscape", [40.0, *[14.0] * 40], [14.25] * 20, 5, 1, [])
    assert setup.scale >= 58
    assert len(setup.column_breaks) >= 2


def test_a_page_ends_with_the_fiscal_year() -> None:
    years = [2027.0] * 8 + [2028.0] * 12 + [2029.0] * 10
    _, breaks = by_year([30.0, 12.0] + [11.0] * 30, 2, years, 40, 2)
    assert breaks == [10, 22]
    # two months alone are no page
    _, breaks = by_year([30.0, 12.0] + [11.0] * 30, 2, [2026.0] * 2 + [2027.0] * 12 + [2028.0] * 16, 40, 2)
    assert breaks == [16]


def test_lines_of_wrapped_texts() -> None:
    assert line_count("A line that is a good deal longer than its column", 20) == 3
    assert line_count("one\ntwo\n\nfour", 20) == 4
    assert text_width("WWWW") > text_width("wwww") > text_width("1234") > text_width("iiii")


@pytest.mark.libreoffice
def test_the_reference_pack_prints_readably(libreoffice: LibreOffice, tmp_path: Path) -> None:
    path = tmp_path / "pack.xlsx"
    export(compute(load_template(templates()[0])), path)
    text = subprocess.run(
        ["pdftotext", "-layout", libreoffice.render_pdf(path), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    pages = [page for page in text.split("\f") if page.strip()]
    assert "###" not in text
    assert len(pages) < 80
    # the header of each sheet, with the master check, is on every page of it
    assert [page[:200] for page in pages if "All checks hold" not in page] == []
    months = [page for page in pages if re.search(r"Workings: ", page)]
    assert months
    assert all("USD" in page for page in months)


def test_print_areas_leave_no_column_out(tmp_path: Path) -> None:
    path = tmp_path / "pack.xlsx"
    export(compute(simple_plan(scenarios=12, months=30)), path)
    for sheet in openpyxl.load_workbook(path):
        area = sheet.print_area.replace("$", "").rpartition("!")[2]
        last = re.fullmatch(r"A\d+:([A-Z]+)\d+", area)
        assert last is not None, sheet.title
        assert last[1] == openpyxl.utils.get_column_letter(sheet.max_column), sheet.title
        assert sheet.print_title_rows or sheet.title == "Summary", sheet.title
        assert sheet.page_setup.fitToHeight is None or sheet.title == "Summary"
