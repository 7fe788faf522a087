"""The board pack as a file: its sheets, safety, styles, and what happens when it cannot be written."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from desktop_app.engine.compute import PlanResult, compute
from desktop_app.engine.model import Case, CostLine, Driver, Plan, Scenario, Settings
from desktop_app.engine.risk import simulate
from desktop_app.engine.sensitivity import tornado
from desktop_app.exchange.reading.process import Cancelled
from desktop_app.exchange.templates import load_template, templates
from desktop_app.exchange.workbook.export import ChangeEntry, ExportError, ExportOptions, RiskReport, export
from tests.exchange.workbook.random_plans import ODD
from tests.exchange.workbook.recalculation import cells, differences, recalculated
from tests.libreoffice import LibreOffice


def simple_plan(name: str = "Chat", scenarios: int = 2, months: int = 14) -> Plan:
    """Own servers against cloud, in as many variants as wanted."""
    lines = (
        (
            CostLine(
                "Servers", "purchase", "Compute", {"quantity": "gpus", "unit_price": "30000", "life": "36"}
            ),
            CostLine("Team", "staff", "People", {"fte": "2", "salary": "120000"}),
        ),
        (CostLine("Rent", "usage", "Cloud", {"quantity": "gpus*HOURS()", "unit_price": "4.5"}),),
    )
    made = tuple(Scenario(f"Option {place}", lines=lines[place % 2]) for place in range(scenarios))
    drivers = (Driver("gpus", "GPU", "16", "GPUs"),)
    return Plan(name, Settings(months=months), drivers, made, (Case("High", {"gpus": "24"}),))


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> tuple[PlanResult, Path]:
    """The reference plan with everything that a pack can carry."""
    result = compute(load_template(templates()[0]))
    shown = result.scenario(result.plan.preferred)
    swings, _ = tornado(result.plan, shown)
    risk = RiskReport(shown.scenario, "", swings, simulate(result, 50, 1))
    path = tmp_path_factory.mktemp("reference") / "pack.xlsx"
    change = ChangeEntry("2026-11-20 10:12", "Finance", "Change price", "Driver server_price", "1", "=2")
    export(result, path, options=ExportOptions("2026-11-23", "1.0", risk, (change,)))
    return result, path


def test_sheets_stand_in_the_order_of_a_board_pack(reference: tuple[PlanResult, Path]) -> None:
    names = CalamineWorkbook.from_path(reference[1]).sheet_names
    assert names[:11] == [
        "Cover", "Contents", "Summary", "Options appraisal", "NPV table", "Cash flow", "CapEx and OpEx",
        "P&L and assets", "Asset register", "Headcount", "Bridge",
    ]  # fmt: skip
    assert "Leases" not in names
    assert names[-1] == "Change log"
    workings = [name for name in names if name.startswith("Workings")]
    assert len(workings) == len(reference[0].scenarios)


def test_every_sheet_shows_the_master_check(reference: tuple[PlanResult, Path]) -> None:
    for name, sheet in cells(reference[1]).items():
        found = [cell for address, cell in sheet.items() if address in ("A3", "B3") and cell.formula]
        assert [cell.value for cell in found] == ["All checks hold"], name


def test_nothing_is_hidden_named_or_linked_but_the_selector(reference: tuple[PlanResult, Path]) -> None:
    with zipfile.ZipFile(reference[1]) as archive:
        workbook = archive.read("xl/workbook.xml").decode()
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
        assert not [name for name in archive.namelist() if "externalLink" in name or "vba" in name]
    assert 'state="' not in workbook
    names = set(re.findall(r'<definedName name="([^"]+)"', workbook))
    assert names <= {"Scenario_shown", "Scenario_number", "_xlnm.Print_Area", "_xlnm.Print_Titles"}
    for sheet in sheets:
        assert 't="array"' not in sheet
        assert not re.search(r"\b(OFFSET|INDIRECT|NOW|TODAY|RAND\w*|XLOOKUP|LET|FILTER)\(", sheet)


def test_cells_carry_their_roles_as_named_styles(reference: tuple[PlanResult, Path]) -> None:
    book = openpyxl.load_workbook(reference[1])
    assert {"Input", "Calculation", "Link", "Check", "Heading"} <= set(book.named_styles)
    assumptions = book["Assumptions"]
    inputs = [cell for row in assumptions.iter_rows() for cell in row if isinstance(cell.value, int | float)]
    assert inputs
    assert {cell.style for cell in inputs} == {"Input"}
    workings = next(book[name] for name in book.sheetnames if name.startswith("Workings"))
    numbers = [cell for row in workings.iter_rows() for cell in row if isinstance(cell.value, int | float)]
    assert not numbers, "constants stand on input sheets alone"


def test_charts_are_there_with_their_values(reference: tuple[PlanResult, Path]) -> None:
    with zipfile.ZipFile(reference[1]) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if "charts/chart" in name]
    kinds = [re.findall(r"<c:(scatterChart|barChart|areaChart|lineChart)>", chart) for chart in charts]
    assert sorted(kind for found in kinds for kind in found) == [
        "areaChart",
        "barChart",
        "barChart",
        "barChart",
        "lineChart",
        "scatterChart",
    ]
    for chart in charts:
        assert chart.count("<c:numCache>") >= chart.count("<c:ser>")
        assert not re.search(r'<c:ptCount val="0"/>', chart)


def test_odd_names_stay_text(tmp_path: Path) -> None:
    odd = [f"{text}{place}" for place, text in enumerate(ODD)]
    lines = tuple(CostLine(text, "recurring", text, {"unit_price": "10"}, text) for text in odd)
    plan = replace(
        simple_plan("=cmd|' /C calc'!A0"), scenarios=tuple(Scenario(text, lines=lines) for text in odd[:6])
    )
    path = tmp_path / "odd.xlsx"
    export(compute(plan), path)
    book = CalamineWorkbook.from_path(path)
    assert all(len(name) <= 31 for name in book.sheet_names)
    rows = book.get_sheet_by_name("Cost line inputs").to_python()
    shown = {str(value) for row in rows for value in row}
    assert {"=1+14", "+SUM(A1)5", "<r>bold</r>13", "_x0041_14", "עלות שרתים9", "x" * 300 + "8"} <= shown
    formulas = [cell.formula for sheet in cells(path).values() for cell in sheet.values() if cell.formula]
    assert not [formula for formula in formulas if "cmd|" in formula]


@pytest.mark.libreoffice
def test_forty_scenarios_and_cases(libreoffice: LibreOffice, tmp_path: Path) -> None:
    result = compute(simple_plan(scenarios=40, months=5), cases=("", "High"))
    path = tmp_path / "forty.xlsx"
    export(result, path)
    (fresh,) = recalculated(libreoffice, [path], tmp_path / "fresh")
    stored = cells(path)
    assert not differences(stored, fresh, "USD")
    assert len([name for name in stored if name.startswith("Workings")]) == 80


def test_scenarios_with_errors_are_left_out_and_named(tmp_path: Path) -> None:
    plan = simple_plan()
    broken = Scenario(
        "Broken", lines=(CostLine("X", "usage", "Cloud", {"quantity": "nothing", "unit_price": "1"}),)
    )
    path = tmp_path / "pack.xlsx"
    export(compute(replace(plan, scenarios=(*plan.scenarios, broken))), path)
    cover = [str(cell.value) for cell in cells(path)["Cover"].values()]
    assert any("Broken" in text and "errors" in text for text in cover)
    with pytest.raises(ExportError, match="No scenario of “Chat” can be computed"):
        export(compute(replace(plan, scenarios=(broken,))), path)


def test_scenarios_can_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "pack.xlsx"
    export(compute(simple_plan(scenarios=4)), path, scenarios=["Option 1", "Option 3"])
    names = [name for name in cells(path) if name.startswith("Workings")]
    assert names == ["Workings 1 Option 1", "Workings 2 Option 3"]


def test_progress_rises_and_a_cancelled_export_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "pack.xlsx"
    told: list[float] = []
    export(compute(simple_plan()), path, progress=lambda done, text: told.append(done))
    assert told == sorted(told)
    before = path.read_bytes()
    calls = iter(range(1000))
    with pytest.raises(Cancelled):
        export(compute(simple_plan(months=20)), path, cancelled=lambda: next(calls) > 20)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["pack.xlsx"]


def test_a_folder_that_does_not_exist_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="does not exist"):
        export(compute(simple_plan()), tmp_path / "absent" / "pack.xlsx")


@pytest.mark.libreoffice
@pytest.mark.parametrize("standard", ["ifrs16", "asc842"])
def test_each_of_several_leases_has_its_schedule(
    libreoffice: LibreOffice, tmp_path: Path, standard: str
) -> None:
    leases = tuple(
        CostLine(name, "lease", "Compute", {"principal": principal, "apr": "7%", "term": term, "start": "3"})
        for name, principal, term in (("Servers", "900000", "36"), ("Network", "90000", "24"))
    )
    desk = CostLine("Short rental", "lease", "Compute", {"payment": "500", "term": "6", "standard": "exempt"})
    settings = Settings(months=48, fiscal_year_start=4, lease_standard=standard)
    result = compute(Plan("Leases", settings, scenarios=(Scenario("Leased", lines=(*leases, desk)),)))
    path = tmp_path / "leases.xlsx"
    export(result, path)
    stored = cells(path)
    (fresh,) = recalculated(libreoffice, [path], tmp_path / "fresh")
    assert not differences(stored, fresh, "USD")
    rows = [
        (str(cell.value), int(address[1:])) for address, cell in fresh["Leases"].items() if address[0] == "A"
    ]
    titles = [text for text, _ in rows]
    assert "Leased: Servers" in titles
    assert "Leased: Network" in titles
    assert not [text for text in titles if "Short rental" in text]
    part = result.scenarios[0]
    assert part.program is not None
    block = next(block for block in part.graph.blocks if "lease_liability" in dict(block.feeds))
    ends = [
        month for month, year in enumerate(result.fiscal_years, 1) if year not in result.fiscal_years[month:]
    ]
    for place, line in enumerate(block.lines):
        start = titles.index(f"Leased: {line.name}")
        row = next(row for text, row in rows[start:] if text == "Lease liability, closing")
        (_, key), *_ = dict(block.feeds)["lease_liability"]
        expected = [float(part.program.value(key)[0][place][end - 1]) for end in ends]
        found = [fresh["Leases"][f"{column}{row}"].value for column in "DEFGH"]
        assert found == pytest.approx(expected, abs=0.005)
