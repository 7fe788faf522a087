"""Texts in cells, .csv fields and sheet names, with anything a person could paste."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from desktop_app.exchange.workbook.text import (
    CELL_LIMIT,
    SHEET_NAME_LIMIT,
    cell_text,
    csv_text,
    sheet_name,
)
from tests.libreoffice import LibreOffice
from tests.strategies import ODD_TEXTS

# Halves of surrogate pairs too: a pasted text can hold them.
ANY_TEXT = st.sampled_from(ODD_TEXTS) | st.text(st.characters(), max_size=60)
ODD = (
    *ODD_TEXTS,
    "=cmd|'/c calc'!A1",
    "+1",
    "-2",
    "@SUM(A1)",
    "\ud83d half",
    "\ufffe\uffff",
    "_x0041_",
    "#N/A",
)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(ANY_TEXT)
def test_cell_text_can_be_written_and_says_the_same_twice(text: str) -> None:
    result = cell_text(text)
    result.encode("utf-8")
    assert not ILLEGAL_CHARACTERS_RE.search(result)
    assert not set(result) & set("\r\x7f\x85\u202e\u202d\u2066\ufffe\uffff")
    assert cell_text(result) == result


@given(st.text(st.characters(codec="ascii", min_codepoint=32, max_codepoint=126)))
def test_plain_text_is_not_changed(text: str) -> None:
    assert cell_text(text) == text


@pytest.mark.parametrize("unit", ["x", "é", "🖥", "a🖥"])
def test_long_text_is_cut_with_an_ellipsis_and_no_character_is_halved(unit: str) -> None:
    long = unit * 40_000
    result = cell_text(long)
    assert CELL_LIMIT - 1 <= _units(result) <= CELL_LIMIT
    assert result.endswith("…")
    assert long.startswith(result[:-1])
    fits = (unit * 40_000)[: CELL_LIMIT // 2]
    assert cell_text(fits) == fits


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\n", "\r", "＝", "\x00=", "\u202e=", "\ud800@"])
def test_no_csv_field_begins_a_formula(start: str) -> None:
    field = csv_text(start + "1+1")
    assert field.startswith("'")
    assert field.endswith("1+1")


@given(ANY_TEXT)
def test_csv_fields_survive_a_csv_file(text: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerow([csv_text(text), "end"])
    assert next(csv.reader(io.StringIO(out.getvalue(), newline=""))) == [csv_text(text), "end"]
    assert not csv_text(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(ANY_TEXT, max_size=12))
def test_sheet_names_are_allowed_and_all_different(texts: list[str]) -> None:
    taken: set[str] = set()
    for text in texts:
        name = sheet_name(text, taken)
        assert 1 <= _units(name) <= SHEET_NAME_LIMIT
        assert not set(name) & set("[]:*?/\\")
        assert name == name.strip(" '")
        assert name.casefold() not in {other.casefold() for other in taken} | {"history"}
        taken.add(name)


@given(st.lists(ANY_TEXT, min_size=1, max_size=6))
def test_a_workbook_takes_the_names_and_the_texts(texts: list[str]) -> None:
    # XlsxWriter refuses names that Excel would repair; openpyxl reads back what was meant.
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    names: list[str] = []
    for text in texts:
        names.append(sheet_name(text, names))
        assert book.add_worksheet(names[-1]).write_string(0, 0, cell_text(text)) == 0
    book.close()
    read = openpyxl.load_workbook(out)
    assert read.sheetnames == names
    for name, text in zip(names, texts, strict=True):
        # XlsxWriter escapes what looks like an escape; openpyxl leaves that to its callers.
        assert (read[name]["A1"].value or "").replace("_x005F_", "_") == cell_text(text)


def test_forty_alike_names_stay_within_the_limit() -> None:
    taken: set[str] = set()
    for _ in range(40):
        taken.add(sheet_name("A very long name of a scenario, much too long", taken))
    assert len(taken) == 40
    assert max(map(len, taken)) == SHEET_NAME_LIMIT


def test_case_width_and_the_reserved_name_count_as_taken() -> None:
    assert sheet_name("HISTORY", set()) == "HISTORY (2)"
    assert sheet_name("cash", {"CASH"}) == "cash (2)"
    assert sheet_name("ｃａｓｈ", {"Cash"}) == "ｃａｓｈ (2)"
    assert sheet_name("[]:*?/\\'", set()) == "Sheet"
    assert sheet_name("\u200b\u200d", {"Sheet"}) == "Sheet (2)"


@pytest.mark.libreoffice
def test_odd_texts_stay_texts_in_a_recalculated_workbook(tmp_path: Path, libreoffice: LibreOffice) -> None:
    path = tmp_path / "texts.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet(sheet_name("'=1+1' / עלות 🖥️", set()))
    for row, text in enumerate(ODD):
        sheet.write_string(row, 0, "." + cell_text(text))
        sheet.write_string(row, 1, cell_text(text))
    book.close()
    read = openpyxl.load_workbook(libreoffice.recalculate(path)).worksheets[0]
    for row, text in enumerate(ODD, start=1):
        got = str(read.cell(row, 2).value or "").replace("_x005F_", "_")
        assert got == cell_text(text)
        assert read.cell(row, 2).data_type != "f"
