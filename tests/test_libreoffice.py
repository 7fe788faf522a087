"""The test rig itself: it must catch a workbook whose cached figures are wrong."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.libreoffice import ConversionFailed, LibreOffice, without_cached_values

pytestmark = pytest.mark.libreoffice

WRONG = 999


@pytest.fixture
def workbook_with_wrong_value(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Summary")
        sheet.write_number("A1", 21)
        sheet.write_formula("A2", "=A1*2", None, WRONG)
    return path


def cached(path: Path, cell: str) -> object:
    workbook = openpyxl.load_workbook(path, data_only=True)
    try:
        return workbook["Summary"][cell].value
    finally:
        workbook.close()


def test_recalculation_replaces_a_wrong_cached_value(
    libreoffice: LibreOffice, workbook_with_wrong_value: Path
) -> None:
    assert cached(workbook_with_wrong_value, "A2") == WRONG
    assert cached(libreoffice.recalculate(workbook_with_wrong_value), "A2") == 42


def test_cached_values_can_be_removed_and_are_recalculated(
    libreoffice: LibreOffice, workbook_with_wrong_value: Path, tmp_path: Path
) -> None:
    bare = without_cached_values(workbook_with_wrong_value, tmp_path / "bare.xlsx")
    assert cached(bare, "A1") == 21
    assert cached(bare, "A2") is None
    assert cached(libreoffice.recalculate(bare), "A2") == 42


def test_pages_are_rendered(
    libreoffice: LibreOffice, workbook_with_wrong_value: Path, tmp_path: Path
) -> None:
    pages = libreoffice.render_png(workbook_with_wrong_value, tmp_path / "pages")
    assert [page.read_bytes()[:4] for page in pages] == [b"\x89PNG"]


def test_a_missing_workbook_is_a_failure(libreoffice: LibreOffice, tmp_path: Path) -> None:
    with pytest.raises(ConversionFailed):
        libreoffice.recalculate(tmp_path / "absent.xlsx")
