"""Rows taken by pattern and by the XML parser give the same sheet, wherever the bytes are divided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.exchange.reading import ooxml_sheet, package, read_workbook_here
from desktop_app.exchange.reading.ooxml_plain import without_plain_rows
from tests.data.hostile.generators import sheet

QUOTES = Path(__file__).parents[2] / "data" / "quotes"
PLAIN = '<row r="1" spans="1:2"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1"><v>-1.5E-3</v></c></row>'
SHEETS = [
    PLAIN + '<row r="2"/><row r="3" hidden="1"><c r="C3" s="4"/></row>',
    PLAIN + '<row r="2"><c r="A2"><f>B1</f><v>7</v></c></row><row r="3"><c r="A3"><v>8</v></c></row>',
    PLAIN + '<row r="2"><c r="B1"><v>3</v></c></row>',
    PLAIN
    + '<row r="2"><c r="XFE2"><v>3</v></c><c r="A2" t="s"><v>99</v></c><c r="B2" t="s"><v>1.5</v></c></row>',
    PLAIN + '<!-- <row r="2"><c r="A2"><v>3</v></c></row> --><row r="4"><c r="A4"><v>1..2</v></c></row>',
    PLAIN + '<row r="9999999"><c r="A9999999"><v>3</v></c></row><row><c><v>5</v></c></row>',
    PLAIN
    + '<row r="2" ht="0"><c r="A2"><v>+</v></c><c r="B2" t="n"><v>2</v></c><c r="B2"><v>3</v></c></row>\n',
    PLAIN + '<row r="2"><c r="A2"><v>1</v></c></row><![CDATA[<row r="3"><c r="A3"><v>1</v></c></row>]]>',
]


def _all(chunks: Iterable[bytes], take: Callable[[str, str, str], None]) -> Iterator[bytes]:
    yield from chunks


def _both(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by_pattern = read_workbook_here(path)
    monkeypatch.setattr(ooxml_sheet, "without_plain_rows", _all)
    by_parser = read_workbook_here(path)
    assert by_pattern == by_parser
    assert [list(one.cells) for one in by_pattern.sheets] == [list(one.cells) for one in by_parser.sheets]


@pytest.mark.parametrize("path", sorted(QUOTES.glob("*.xls[xm]")), ids=lambda path: path.name)
def test_samples(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _both(path, monkeypatch)


@pytest.mark.parametrize("rows", SHEETS)
@pytest.mark.parametrize("size", [1, 7, 64, 65_536])
def test_odd_rows_in_pieces_of_any_size(
    rows: str, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "CHUNK", size)
    strings = '<sst xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"><si><t>Item</t></si></sst>'
    _both(sheet(tmp_path / "quote.xlsx", rows, strings=strings), monkeypatch)


@given(
    st.lists(
        st.sampled_from([PLAIN, "<row>", "</row>", "<row r='1'/>", "é", "<!--", "-->", "</sheetData>"]),
        max_size=8,
    ),
    st.integers(1, 40),
    st.booleans(),
)
def test_nothing_is_lost(pieces: list[str], size: int, begun: bool) -> None:
    data = (("<worksheet><sheetData>" if begun else "<worksheet>") + "".join(pieces)).encode()
    taken: list[bytes] = []
    rest = bytearray()
    chunks = (data[start : start + size] for start in range(0, len(data), size))
    for chunk in without_plain_rows(chunks, lambda row, attributes, cells: taken.append(b"row")):
        rest += chunk
    assert len(rest) + len(taken) * len(PLAIN) == len(data)
    if not begun:
        assert bytes(rest) == data


def test_plain_rows_never_reach_the_parser() -> None:
    data = b"<worksheet><sheetData>" + PLAIN.encode() * 1000 + b"</sheetData></worksheet>"
    taken: list[str] = []
    rest = b"".join(
        without_plain_rows([data[:777], data[777:]], lambda row, attributes, cells: taken.append(row))
    )
    assert rest == b"<worksheet><sheetData></sheetData></worksheet>"
    assert taken == ["1"] * 1000
