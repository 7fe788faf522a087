"""Binary workbooks, made record by record: values by the second reader, the rest from the file itself."""

from __future__ import annotations

import struct
from pathlib import Path

from desktop_app.exchange.reading import Merge, read_workbook_here
from tests.data.hostile.generators import Parts, parts, write


def _record(number: int, content: bytes = b"") -> bytes:
    head = bytes([number]) if number < 128 else bytes([number & 0x7F | 0x80, number >> 7])
    length = len(content)
    size = b""
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return head + size + content


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _row(row: int, *, hidden: bool = False) -> bytes:
    return _record(0, struct.pack("<IIHBBBI", row - 1, 0, 300, 0, 0x10 if hidden else 0, 0, 0))


def _number(column: int, style: int, value: float) -> bytes:
    return _record(5, struct.pack("<IId", column - 1, style, value))


def _workbook(cells: bytes, after: bytes = b"") -> Parts:
    made = parts()
    made["_rels/.rels"] = str(made["_rels/.rels"]).replace("workbook.xml", "workbook.bin")
    made["xl/_rels/workbook.bin.rels"] = (
        str(made.pop("xl/_rels/workbook.xml.rels"))
        .replace("sheet1.xml", "sheet1.bin")
        .replace(
            "</Relationships>",
            '<Relationship Id="rId9" Type="of/styles" Target="styles.bin"/></Relationships>',
        )
    )
    del made["xl/workbook.xml"], made["xl/worksheets/sheet1.xml"]
    made["xl/workbook.bin"] = (
        _record(131)
        + _record(153, bytes(12))
        + _record(143)
        + _record(156, struct.pack("<II", 0, 1) + _text("rId1") + _text("Quote"))
        + _record(144)
        + _record(132)
    )
    made["xl/styles.bin"] = (
        _record(278)
        + _record(615, struct.pack("<I", 1))
        + _record(44, struct.pack("<H", 200) + _text("[$€-407] #,##0.00"))
        + _record(616)
        + _record(611, struct.pack("<I", 2))
        + _record(43, struct.pack("<HHH", 220, 0, 400) + bytes(15))
        + _record(43, struct.pack("<HHH", 220, 0, 700) + bytes(15))
        + _record(612)
        + _record(617, struct.pack("<I", 2))
        + _record(47, struct.pack("<HHHHHBB", 0, 0, 0, 0, 0, 0, 0) + bytes(4))
        + _record(47, struct.pack("<HHHHHBB", 0, 200, 1, 0, 0, 0, 3) + bytes(4))
        + _record(618)
        + _record(279)
    )
    columns = _record(390) + _record(60, struct.pack("<IIIIH", 1, 1, 2000, 0, 1)) + _record(391)
    made["xl/worksheets/sheet1.bin"] = (
        _record(129)
        + _record(148, struct.pack("<IIII", 0, 9, 0, 3))
        + columns
        + _record(145)
        + cells
        + _record(146)
        + after
        + _record(130)
    )
    return made


def test_values_and_what_surrounds_them(tmp_path: Path) -> None:
    cells = (
        _row(1)
        + _record(6, struct.pack("<II", 0, 0) + _text("Item"))
        + _number(2, 1, 1234.5)
        + _row(2, hidden=True)
        + _number(1, 0, 7)
        + _record(3, struct.pack("<IIB", 2, 0, 0x2A))
        + _record(11, struct.pack("<IIB", 3, 0, 0x07) + struct.pack("<HI", 0, 0))
    )
    merges = (
        _record(177, struct.pack("<I", 1)) + _record(176, struct.pack("<IIII", 3, 4, 0, 2)) + _record(178)
    )
    workbook = read_workbook_here(write(tmp_path / "quote.xlsb", _workbook(cells, merges)))
    assert workbook.format == "xlsb"
    sheet = workbook.sheets[0]
    assert {place: (cell.value, cell.error) for place, cell in sheet.cells.items()} == {
        (1, 1): ("Item", None),
        (1, 2): (1234.5, None),
        (2, 1): (7, None),
        (2, 3): (None, "#N/A"),
        (2, 4): (None, "#DIV/0!"),
    }
    price = sheet.cells[1, 2]
    assert (price.number_format, price.bold, price.indent) == ("[$€-407] #,##0.00", True, 3)
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({2}, {2})
    assert sheet.merges == (Merge(4, 1, 5, 3),)
    assert [finding.code for finding in workbook.findings if finding.severity == "error"] == [
        "error_value"
    ] * 2


def test_broken_records_are_said_and_cost_no_value(tmp_path: Path) -> None:
    made = _workbook(_row(1) + _number(1, 1, 5), after=_record(176, b"short"))
    workbook = read_workbook_here(write(tmp_path / "quote.xlsb", made))
    assert workbook.sheets[0].cells[1, 1].value == 5
    assert [finding.code for finding in workbook.findings] == ["looks_missing"]
