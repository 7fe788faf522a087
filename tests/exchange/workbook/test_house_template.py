"""A workbook of somebody else is filled and otherwise kept; what cannot be kept is told before."""

from __future__ import annotations

import datetime as dt
import struct
import warnings
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import Font

from desktop_app.engine.compute import PlanResult, compute
from desktop_app.engine.model import Case, CostLine, Driver, Plan, Scenario, Settings, Texts
from desktop_app.exchange.reading import UnreadableFile
from desktop_app.exchange.workbook.house_template import fill, losses, read_mapping
from desktop_app.exchange.workbook.saving import ExportError
from desktop_app.exchange.workbook.template_losses import losses_here
from tests.libreoffice import LibreOffice

PLAN = Plan(
    "Board",
    Settings(months=36),
    drivers=(Driver("gpus", "GPU", "16"),),
    scenarios=(
        Scenario(
            "Own: servers",
            lines=(
                CostLine(
                    "Servers", "purchase", "Compute", {"quantity": "gpus", "unit_price": "30k", "life": "36"}
                ),
                CostLine("Ops", "staff", "People", {"fte": "2", "salary": "120k"}),
            ),
        ),
        Scenario(
            "Cloud", lines=(CostLine("c", "usage", "Cloud", {"quantity": "gpus*HOURS()", "unit_price": "3"}),)
        ),
        Scenario("Broken", lines=(CostLine("x", "usage", "y", {"quantity": "nothing", "unit_price": "1"}),)),
    ),
    cases=(Case("more", {"gpus": "24"}),),
    texts=Texts(owner="=Finance", recommendation="Buy _x0041_ now", status="APPROVED"),
    preferred="Own: servers",
)


@pytest.fixture(scope="module")
def result() -> PlanResult:
    return compute(PLAN, cases=("", "more"))


def _template(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Paper"
    sheet["A1"] = "Board paper"
    sheet["A1"].font = Font(bold=True, size=20)
    sheet["B3"] = "{{outlay:tco}}"
    sheet["B3"].number_format = '#,##0,"k"'
    sheet["B4"] = "{{ Outlay : npv_cost : Cloud }}"
    sheet["B5"] = "=B3-B4"
    sheet["B6"] = "{{outlay:tco:Cloud (more)}}"
    sheet["A8"] = "Owner {{outlay:owner}}, TCO {{outlay:tco:Own: servers}} {{outlay:currency}}."
    sheet["B9"] = "{{outlay:recommendation}}"
    sheet["B10"] = "{{outlay:owner}}"
    sheet["C12"] = "{{outlay:years}}"
    sheet["C13"] = "{{outlay:cash_cost.years:Cloud}}"
    sheet["G13"] = "=SUM(C13:F13)"
    sheet["C15"] = "{{outlay:months}}"
    sheet["A20"] = "{{outlay:options}}"
    sheet["A30"] = "{{outlay:categories.years}}"
    sheet["A1"].comment = Comment("kept", "someone")
    other = book.create_sheet("Other")
    other["A1"] = 42
    other.sheet_view.zoomScale = 70
    book.save(path)
    return path


def test_markers_become_figures_and_texts(result: PlanResult, tmp_path: Path) -> None:
    target = tmp_path / "paper.xlsx"
    assert fill(_template(tmp_path / "template.xlsx"), target, result) == 11
    book = openpyxl.load_workbook(target)
    sheet = book["Paper"]
    own, cloud = result.scenario("Own: servers"), result.scenario("Cloud")
    assert sheet["B3"].value == pytest.approx(own.figures["tco"].value)
    assert sheet["B3"].number_format == '#,##0,"k"'
    assert sheet["B4"].value == pytest.approx(cloud.figures["npv_cost"].value)
    assert sheet["B6"].value == pytest.approx(result.scenario("Cloud", "more").figures["tco"].value)
    assert sheet["B5"].value == "=B3-B4"
    assert sheet["A8"].value == f"Owner =Finance, TCO {own.figures['tco'].value:,.0f} USD."
    assert (sheet["B9"].value, sheet["B9"].data_type) == ("Buy _x005F_x0041_ now", "s")
    assert (sheet["B10"].value, sheet["B10"].data_type, sheet["B10"].quotePrefix) == ("=Finance", "s", True)
    assert [sheet.cell(12, column).value for column in range(3, 7)] == [2027, 2028, 2029, None]
    years = [float(cloud.monthly["cash_cost"][start : start + 12].sum()) for start in (0, 12, 24)]
    assert [sheet.cell(13, column).value for column in range(3, 6)] == pytest.approx(years)
    assert sheet["C15"].value == dt.datetime.fromisoformat("2027-01-01")
    assert sheet.cell(15, 38).value == dt.datetime.fromisoformat("2029-12-01")
    assert [sheet.cell(row, 1).value for row in range(20, 25)] == [
        "Scenario",
        "Own: servers",
        "Cloud",
        "Own: servers (more)",
        "Cloud (more)",
    ]
    assert {sheet.cell(row, 1).value for row in (30, 31)} == {"Compute", "People"}
    assert sheet["A1"].font.size == 20
    assert sheet["A1"].comment.text == "kept"
    assert book["Other"]["A1"].value == 42
    assert book["Other"].sheet_view.zoomScale == 70


def test_formulas_of_the_template_calculate_with_the_figures(
    result: PlanResult, tmp_path: Path, libreoffice: LibreOffice
) -> None:
    target = tmp_path / "paper.xlsx"
    fill(_template(tmp_path / "template.xlsx"), target, result)
    sheet = openpyxl.load_workbook(libreoffice.recalculate(target), data_only=True)["Paper"]
    cloud = result.scenario("Cloud")
    assert sheet["G13"].value == pytest.approx(cloud.figures["tco"].value, abs=0.005)
    expected = result.scenario("Own: servers").figures["tco"].value - cloud.figures["npv_cost"].value
    assert sheet["B5"].value == pytest.approx(expected, abs=0.005)
    assert sheet["B9"].value == "Buy _x0041_ now"
    assert sheet["B10"].value == "=Finance"


MAPPING = """
[[fill]]
sheet = "other"
cell = "B2"
value = "tco:Cloud"

[[fill]]
sheet = "Other"
range = "B4:F5"
value = "cash_cost.years"
"""


def test_a_mapping_names_cells_and_ranges(result: PlanResult, tmp_path: Path) -> None:
    template = tmp_path / "template.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Other"
    for column in range(2, 7):
        sheet.cell(4, column).value = sheet.cell(5, column).value = 999
    sheet["F5"] = "=SUM(B4:D4)"
    book.save(template)
    target = tmp_path / "filled.xlsx"
    assert fill(template, target, result, MAPPING) == 2
    filled = openpyxl.load_workbook(target)["Other"]
    assert filled["B2"].value == pytest.approx(result.scenario("Cloud").figures["tco"].value)
    assert filled["D4"].value == pytest.approx(
        float(result.scenario("Own: servers").monthly["cash_cost"][24:].sum())
    )
    # What an earlier filling left in the range is gone; the formula is not.
    assert [filled[cell].value for cell in ("E4", "B5", "E5", "F5")] == [None, None, None, "=SUM(B4:D4)"]


@pytest.mark.parametrize(
    ("cells", "mapping", "words"),
    [
        ({"B3": "{{outlay:tcoo}}"}, "", "there is no figure “tcoo”; did you mean “tco”"),
        ({"B3": "{{outlay:tco:Clod}}"}, "", "there is no scenario “Clod”; did you mean “Cloud”"),
        ({"B3": "{{outlay:tco:Broken}}"}, "", "“Broken” has no figures until its errors are mended"),
        ({"B3": "in {{outlay:years}}"}, "", "cannot stand within a sentence"),
        ({"B3": "{{outlay:years}}", "C3": 5}, "", "“years” would overwrite Paper!C3"),
        ({"B3": "{{outlay:years}}", "C3": "{{outlay:tco}}"}, "", "Paper!C3"),
        ({"A1": "nothing"}, "", "has no cell to fill"),
        ({}, '[[fill]]\nsheet = "No"\ncell = "A1"\nvalue = "tco"', "has no sheet “No”"),
        ({"A1": "=1+1"}, '[[fill]]\nsheet = "Paper"\ncell = "A1"\nvalue = "tco"', "would overwrite Paper!A1"),
        ({}, '[[fill]]\nsheet = "Paper"\nrange = "A1:B1"\nvalue = "years"', "make the range larger"),
        ({}, '[[fill]]\nsheet = "Paper"\ncell = "A1:B1"\nvalue = "years"', "which is no cell"),
        ({}, '[[fill]]\nsheet = "Paper"\nrange = "x"\nvalue = "years"', "which is no range"),
        ({}, '[[fill]]\nsheet = "Paper"\nvalue = "years"', "either a cell or a range"),
        ({}, '[[fill]]\nsheet = "Paper"\ncell = "A1"', "lacks “value”"),
        ({}, '[[fill]]\nsheet = "Paper"\ncel = "A1"', "“cel”, which means nothing"),
        ({}, "fill = 3", "something else than"),
        ({}, "[[fill", "not written in TOML"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(
    result: PlanResult, tmp_path: Path, cells: dict[str, object], mapping: str, words: str
) -> None:
    template, target = tmp_path / "template.xlsx", tmp_path / "target.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "Paper"
    for cell, value in cells.items():
        book.active[cell] = value
    book.save(template)
    target.write_bytes(b"old")
    with pytest.raises(ExportError, match=r"^[^\n]*\.$") as caught:
        fill(template, target, result, mapping)
    assert words in str(caught.value)
    assert target.read_bytes() == b"old"


def test_merged_cells_take_one_value_and_no_row(result: PlanResult, tmp_path: Path) -> None:
    for name, fits in (("tco", True), ("years", False)):
        template = tmp_path / f"{name}.xlsx"
        book = openpyxl.Workbook()
        book.active["B2"] = f"{{{{outlay:{name}}}}}"
        book.active.merge_cells("B2:E2")
        book.save(template)
        target = tmp_path / f"{name} filled.xlsx"
        if fits:
            fill(template, target, result)
            assert openpyxl.load_workbook(target).active["B2"].value == 1_200_000
        else:
            with pytest.raises(ExportError, match="part of merged cells"):
                fill(template, target, result)


def test_the_ending_of_the_name_and_foreign_files(result: PlanResult, tmp_path: Path) -> None:
    template = _template(tmp_path / "template.xlsx")
    with pytest.raises(ExportError, match=r"like the template"):
        fill(template, tmp_path / "x.xlsm", result)
    (tmp_path / "torn.xlsx").write_bytes(template.read_bytes()[:3000])
    with pytest.raises(UnreadableFile):
        fill(tmp_path / "torn.xlsx", tmp_path / "x.xlsx", result)
    quotes = Path(__file__).parents[2] / "data" / "quotes"
    with pytest.raises(UnreadableFile, match="strict Open XML"):
        fill(quotes / "a16_galiltech_strict.xlsx", tmp_path / "x.xlsx", result)
    with pytest.raises(UnreadableFile, match="save it as"):
        losses(quotes / "a09_wexcombe_services.ods")


def test_an_empty_mapping_names_nothing() -> None:
    assert read_mapping("") == []


def _picture(path: Path) -> Path:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + bytes(4) for _ in range(4)))
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
    return path


def _rich_template(tmp_path: Path) -> Path:
    """A workbook with most of what a corporate template has."""
    path = tmp_path / "corporate.xlsx"
    book = xlsxwriter.Workbook(path)
    bold = book.add_format({"bold": True})
    cover, data = book.add_worksheet("Cover"), book.add_worksheet("Data")
    cover.insert_image("A1", str(_picture(tmp_path / "logo.png")))
    cover.insert_textbox("D4", "Confidential")
    cover.insert_textbox("D9", "Draft")
    cover.write_rich_string("A12", "Some ", bold, "bold", " words")
    cover.write_comment("A13", "a note")
    cover.write_url("A14", "https://example.com")
    data.write_row("A1", [3, 1, 2])
    data.write_formula("D1", "=SUM(A1:C1)", None, 6)
    data.add_sparkline("E1", {"range": "Data!A1:C1"})
    data.conditional_format("A1:C1", {"type": "data_bar", "data_bar_2010": True})
    data.data_validation("A2", {"validate": "list", "source": ["a", "b"]})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Data!$A$1:$C$1"})
    data.insert_chart("F3", chart)
    data.add_table("A5:B7")
    book.close()
    return path


def test_losses_are_told_by_sheet(tmp_path: Path) -> None:
    found = {loss.what: loss for loss in losses(_rich_template(tmp_path))}
    assert (found["text boxes and shapes"].count, found["text boxes and shapes"].sheets) == (2, ("Cover",))
    assert found["sparklines"].sheets == ("Data",)
    assert "Data" in next(
        loss.sheets for what, loss in found.items() if what.startswith("conditional formats")
    )
    assert next(loss.sheets for what, loss in found.items() if what.startswith("stored values")) == ("Data",)
    kept = {
        "pictures",
        "charts",
        "links",
        "tables",
        "data validations",
        "formats within texts",
        "merged cells",
    }
    assert not kept & set(found)
    assert str(found["text boxes and shapes"]) == "text boxes and shapes on Cover (2)"


def test_what_is_told_as_kept_is_kept(result: PlanResult, tmp_path: Path) -> None:
    template = _rich_template(tmp_path)
    target = tmp_path / "filled.xlsx"
    fill(template, target, result, '[[fill]]\nsheet = "Data"\ncell = "H1"\nvalue = "tco:Cloud"')
    book = openpyxl.load_workbook(target, rich_text=True)
    with zipfile.ZipFile(target) as archive:
        (picture,) = [name for name in archive.namelist() if name.startswith("xl/media/")]
        assert archive.read(picture) == (tmp_path / "logo.png").read_bytes()
    assert len(book["Data"]._charts) == 1
    assert len(book["Data"].tables) == 1
    assert [str(part) for part in book["Cover"]["A12"].value] == ["Some ", "bold", " words"]
    assert book["Cover"]["A13"].comment.text == "a note"
    assert book["Cover"]["A14"].hyperlink.target == "https://example.com"
    assert book["Data"]["D1"].value == "=SUM(A1:C1)"


def test_nothing_is_told_of_a_workbook_that_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "plain.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "plain"
    book.save(path)
    assert losses(path) == []


def test_parts_of_other_programs_are_told(tmp_path: Path) -> None:
    path = tmp_path / "plain.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "plain"
    book.save(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("customXml/item1.xml", "<x/>")
        archive.writestr("docMetadata/LabelInfo.xml", "<x/>")
        archive.writestr("xl/slicerCaches/slicerCache1.xml", "<x/>")
        archive.writestr("xl/threadedComments/threadedComment1.xml", "<x/>")
    assert {loss.what for loss in losses(path)} == {
        "hidden data of other programs (customXml)",
        "the sensitivity label",
        "slicers",
        "threads of comments",
    }


def test_warnings_of_the_library_do_not_reach_anybody(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert losses_here(_rich_template(tmp_path))
