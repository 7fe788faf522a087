"""What is told as lost from a template is what is gone, and nothing else is."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from xlsxwriter.worksheet import Worksheet

from desktop_app.engine.compute import PlanResult, compute
from desktop_app.engine.model import CostLine, Plan, Scenario, Settings
from desktop_app.exchange.workbook.house_template import fill, losses

PLAN = Plan(
    "Filled",
    Settings(months=12),
    scenarios=(Scenario("Own", lines=(CostLine("Power", "recurring", "Energy", {"unit_price": "2500"}),)),),
    preferred="Own",
)
Make = Callable[[xlsxwriter.Workbook, Worksheet, str], None]


@pytest.fixture(scope="module")
def result() -> PlanResult:
    return compute(PLAN)


@pytest.fixture
def logo(tmp_path: Path) -> str:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + bytes(8) for _ in range(8)))
    path = tmp_path / "logo.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
    return str(path)


def _made(path: Path, make: Make, logo: str) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Paper")
    sheet.write("A1", "{{outlay:tco}}")
    sheet.write_row("A20", [1, 2, 3])
    make(book, sheet, logo)
    book.close()
    return path


def _chart(book: xlsxwriter.Workbook, sheet: Worksheet, kind: str, **series: object) -> None:
    chart = book.add_chart({"type": kind})
    chart.add_series({"values": "=Paper!$A$20:$C$20", **series})
    sheet.insert_chart("D5", chart)


def _conditional(book: xlsxwriter.Workbook, sheet: Worksheet, logo: str) -> None:
    sheet.conditional_format("A2:A9", {"type": "3_color_scale"})
    sheet.conditional_format("B2:B9", {"type": "icon_set", "icon_style": "3_arrows"})


def _protected(book: xlsxwriter.Workbook, sheet: Worksheet, logo: str) -> None:
    sheet.protect("secret")
    book.define_name("Sales", "=Paper!$A$20:$C$20")


def _properties(book: xlsxwriter.Workbook, sheet: Worksheet, logo: str) -> None:
    book.set_properties({"title": "Paper", "manager": "the board"})


KEPT: list[Make] = [
    lambda book, sheet, logo: sheet.insert_image("C3", logo, {"x_scale": 3, "object_position": 3}),
    lambda book, sheet, logo: _chart(book, sheet, "column", trendline={"type": "linear"}),
    lambda book, sheet, logo: _chart(book, sheet, "line", data_labels={"value": True}, marker={"type": "x"}),
    lambda book, sheet, logo: sheet.write_rich_string(
        "B5", "a ", book.add_format({"bold": True}), "bold", " b"
    ),
    lambda book, sheet, logo: sheet.data_validation("B3", {"validate": "list", "source": ["a", "b"]}),
    lambda book, sheet, logo: sheet.merge_range("B3:D4", "merged"),
    lambda book, sheet, logo: sheet.add_table("D10:F14", {"name": "Numbers"}),
    lambda book, sheet, logo: sheet.write_url("B6", "https://example.com"),
    lambda book, sheet, logo: book.set_custom_property("Class", "internal"),
    _conditional,
    _protected,
]
LOST: list[tuple[Make, str]] = [
    (
        lambda book, sheet, logo: sheet.set_header("&L&G", {"image_left": logo}),
        "pictures in headers and footers",
    ),
    (lambda book, sheet, logo: sheet.set_background(logo), "a background picture"),
    (lambda book, sheet, logo: sheet.embed_image("C3", logo), "pictures within cells"),
    (
        lambda book, sheet, logo: sheet.insert_image("C3", logo, {"url": "https://example.com"}),
        "links of pictures",
    ),
    (lambda book, sheet, logo: sheet.insert_textbox("E3", "Confidential"), "text boxes and shapes"),
    (lambda book, sheet, logo: sheet.insert_button("E3", {"caption": "Go"}), "form controls"),
    (lambda book, sheet, logo: sheet.insert_checkbox("E3", True), "check boxes in cells"),
    (lambda book, sheet, logo: sheet.write_comment("B1", "note"), "sizes and formats of notes"),
    (lambda book, sheet, logo: sheet.add_sparkline("B8", {"range": "Paper!A20:C20"}), "sparklines"),
    (lambda book, sheet, logo: sheet.ignore_errors({"formula_differs": "B3"}), "marks that an oddity"),
    (lambda book, sheet, logo: sheet.unprotect_range("B1:B3"), "ranges that only some people"),
    (
        lambda book, sheet, logo: sheet.write_formula("B9", "=SUM(A20:C20)", None, 6),
        "stored values of formulas",
    ),
    (
        lambda book, sheet, logo: _chart(book, sheet, "radar", y_error_bars={"type": "percentage"}),
        "error bars",
    ),
    (_properties, "properties of the document"),
]


def _elements(path: Path) -> Counter[str]:
    """How often each kind of element stands in sheets, drawings and charts."""
    found: Counter[str] = Counter()
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if re.match(r"xl/(worksheets|drawings|charts|tables)/[^/]*\.xml", name):
                found.update(re.findall(r"<(?:\w+:)?(\w+)[\s/>]", archive.read(name).decode()))
    return found


@pytest.mark.parametrize("make", KEPT)
def test_what_stays_is_not_told_and_is_there(
    result: PlanResult, tmp_path: Path, logo: str, make: Make
) -> None:
    template = _made(tmp_path / "house.xlsx", make, logo)
    assert losses(template) == []
    fill(template, tmp_path / "out.xlsx", result)
    before, after = _elements(template), _elements(tmp_path / "out.xlsx")
    told = (
        "pic",
        "ser",
        "trendline",
        "dLbls",
        "marker",
        "dataValidation",
        "mergeCell",
        "tablePart",
        "hyperlink",
    )
    for name in (*told, "cfRule", "sheetProtection"):
        assert after[name] >= before[name], name
    assert openpyxl.load_workbook(tmp_path / "out.xlsx")["Paper"]["A1"].value == 30_000


@pytest.mark.parametrize(("make", "words"), LOST)
def test_what_goes_is_told(tmp_path: Path, logo: str, make: Make, words: str) -> None:
    found = losses(_made(tmp_path / "house.xlsx", make, logo))
    assert [loss.what for loss in found if loss.what.startswith(words)]


def test_a_picture_stays_byte_by_byte_with_its_frame(result: PlanResult, tmp_path: Path, logo: str) -> None:
    def make(book: xlsxwriter.Workbook, sheet: Worksheet, logo: str) -> None:
        sheet.insert_image("C3", logo, {"description": "our logo"})
        book.add_worksheet("Other").insert_image("A1", logo)

    template = _made(tmp_path / "house.xlsx", make, logo)
    fill(template, tmp_path / "out.xlsx", result)
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        media = [name for name in archive.namelist() if name.startswith("xl/media/")]
        assert {archive.read(name) for name in media} == {Path(logo).read_bytes()}
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
        assert 'Extension="png"' in archive.read("[Content_Types].xml").decode()
    with zipfile.ZipFile(template) as archive:
        before = archive.read("xl/drawings/drawing1.xml").decode()
    places = [re.findall(r"<(?:\w+:)?(?:col|row|colOff|rowOff)>(\d+)<", text) for text in (before, drawing)]
    assert places[0] == places[1]
    assert 'descr="our logo"' in drawing


def test_a_sentence_keeps_the_formats_within_it(result: PlanResult, tmp_path: Path, logo: str) -> None:
    def make(book: xlsxwriter.Workbook, sheet: Worksheet, logo: str) -> None:
        bold = book.add_format({"bold": True})
        sheet.write_rich_string("B5", "It costs ", bold, "{{outlay:tco}} USD", " in all")
        sheet.write_rich_string("B6", "It costs {{out", bold, "lay:tco}}", " in all")

    template = _made(tmp_path / "house.xlsx", make, logo)
    fill(template, tmp_path / "out.xlsx", result)
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx", rich_text=True)["Paper"]
    rich = sheet["B5"].value
    assert isinstance(rich, CellRichText)
    assert str(rich) == "It costs 30,000 USD in all"
    assert [part.text for part in rich if isinstance(part, TextBlock) and part.font.b] == ["30,000 USD"]
    assert str(sheet["B6"].value) == "It costs 30,000 in all"
