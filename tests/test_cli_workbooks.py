"""The commands for workbooks, on real files: what comes back, what fills a template, what a pack carries."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from desktop_app import cli
from desktop_app.document.document import Document
from desktop_app.engine.compute import compute
from desktop_app.engine.risk import simulate
from desktop_app.exchange.board_pack import main_scenario
from desktop_app.exchange.templates import load_template, templates

PROJECT = Path(__file__).resolve().parents[1]
TEMPLATE = "colocation-vs-cloud"
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTLAY_STATE_DIR", str(tmp_path / "state"))


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Runs a command in this process: status, stdout, stderr."""

    def call(*arguments: object) -> tuple[int, str, str]:
        capfdbinary.readouterr()
        status = cli.run([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return call


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    """A plan with ranges, three scenarios and overrides."""
    path = tmp_path / "plan.outlay"
    Document.create(load_template(next(one for one in templates() if one.id == TEMPLATE)), path).close()
    return path


def with_hash_seed(seed: int, *arguments: object) -> subprocess.CompletedProcess[bytes]:
    """Runs a command in a process whose sets have another order."""
    return subprocess.run(
        [sys.executable, "-m", "desktop_app", *map(str, arguments)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
        capture_output=True,
        check=False,
        timeout=120,
    )


def change(path: Path, to: Path, edits: dict[tuple[str, str], object]) -> None:
    """Saves a workbook with other contents in some cells."""
    book = openpyxl.load_workbook(path)
    for (sheet, cell), value in edits.items():
        book[sheet][cell] = value
    book.save(to)
    book.close()


def driver_cell(path: Path, name: str) -> tuple[str, str]:
    """The cell of a driver's plan value."""
    sheet = openpyxl.load_workbook(path)["Assumptions"]
    row = next(cell.row for cell in sheet["B"] if cell.value == name)
    return "Assumptions", f"D{row}"


def texts(sheet: Worksheet) -> list[str]:
    return [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]


def test_a_pack_carries_sensitivity_simulation_bridge_and_change_log(run: Run, plan_file: Path) -> None:
    out = plan_file.with_name("pack.xlsx")
    status, _, err = run("export", plan_file, out, "--trials", 300, "--seed", 7)
    assert status == 0
    assert all("switch of 0 or 1" in line for line in err.splitlines())
    book = openpyxl.load_workbook(out, data_only=True)
    assert {"Bridge", "Sensitivity and risk", "Change log"} <= set(book.sheetnames)
    risk = texts(book["Sensitivity and risk"])
    assert any("300 trials" in text and "seed 7" in text for text in risk)
    with Document.open(plan_file, read_only=True) as document:
        result = compute(document.plan)
    expected = simulate(result, 300, 7).scenarios[0].figures["npv_cost"]
    numbers = [float(text) for text in risk if text.replace(".", "", 1).replace("-", "", 1).isdigit()]
    assert any(abs(number - expected.mean) < 0.005 for number in numbers)
    assert any(abs(number - expected.percentiles[90]) < 0.005 for number in numbers)
    assert "Create the plan" in texts(book["Change log"])
    shown = main_scenario(result)
    assert shown is not None
    assert any(shown.scenario in text for text in risk)
    assert run("lint", out)[0] == 0
    without = plan_file.with_name("without.xlsx")
    assert run("export", plan_file, without, "--trials", 0)[0] == 0
    assert not any(
        "trials" in text for text in texts(openpyxl.load_workbook(without)["Sensitivity and risk"])
    )


def test_a_pack_of_another_process_comes_back_without_a_difference(plan_file: Path) -> None:
    pack = plan_file.with_name("pack.xlsx")
    for one, other in ((1, 4), (5, 2)):
        assert with_hash_seed(one, "export", plan_file, pack).returncode == 0
        found = json.loads(with_hash_seed(other, "bring-back", plan_file, pack, "--json").stdout)
        assert (found["values"], found["not_taken"], found["same_plan"]) == ([], [], True)


def test_changed_inputs_are_shown_then_taken_over_in_one_step(run: Run, plan_file: Path) -> None:
    pack, edited = plan_file.with_name("pack.xlsx"), plan_file.with_name("edited.xlsx")
    assert run("export", plan_file, pack)[0] == 0
    cell = driver_cell(pack, "server_price")
    formula = ("Assumptions", f"E{cell[1][1:]}")
    change(pack, edited, {cell: 261_000, formula: f"={cell[1]}*2"})
    before = plan_file.read_bytes()
    status, out, err = run("bring-back", plan_file, edited)
    assert status == 0
    assert "server_price" in out
    assert "!".join(cell) in out
    assert "Nothing was changed" in out
    assert f"{'!'.join(formula)}: The formula was changed" in err
    assert plan_file.read_bytes() == before
    status, out, _ = run("bring-back", plan_file, edited, "--apply", "--json")
    found = json.loads(out)
    assert (status, found["applied"]) == (0, True)
    assert [(one["new"], one["cells"]) for one in found["values"]] == [(261_000.0, ["!".join(cell)])]
    assert [one["where"] for one in found["not_taken"]] == ["!".join(formula)]
    with Document.open(plan_file, read_only=True) as document:
        price = next(one for one in document.plan.drivers if one.name == "server_price")
        labels = [entry.label for entry in document.history()]
    assert price.value == "261000"
    assert labels.count("Take over 1 value from edited.xlsx") == 1
    assert "no input differs" in run("bring-back", plan_file, edited)[1]


def test_a_formula_changed_along_a_row_is_told_once(run: Run, plan_file: Path) -> None:
    pack, edited = plan_file.with_name("pack.xlsx"), plan_file.with_name("edited.xlsx")
    assert run("export", plan_file, pack, "--trials", 0)[0] == 0
    sheet = openpyxl.load_workbook(pack)["Timeline"]
    row = next(
        row
        for row in range(sheet.max_row, 8, -1)
        if all(str(sheet.cell(row, column).value).startswith("=") for column in range(10, 16))
    )
    cells = [sheet.cell(row, column) for column in range(10, 16)]
    change(pack, edited, {("Timeline", cell.coordinate): f"{cell.value}*2" for cell in cells})
    status, _, err = run("bring-back", plan_file, edited)
    assert status == 0
    assert err.count("\n") == 1
    assert f"Timeline!{cells[0].coordinate}:{cells[-1].coordinate}: The formula was changed" in err
    found = json.loads(run("bring-back", plan_file, edited, "--json")[1])
    assert [one["where"] for one in found["not_taken"]] == [f"Timeline!{cell.coordinate}" for cell in cells]


def test_a_workbook_of_something_else_is_refused(run: Run, plan_file: Path) -> None:
    other = plan_file.with_name("other.xlsx")
    openpyxl.Workbook().save(other)
    status, out, err = run("bring-back", plan_file, other, "--apply")
    assert (status, out) == (1, "")
    assert "no workbook that this plan was exported to" in err


def test_a_template_is_filled_and_what_would_be_lost_is_said_first(run: Run, plan_file: Path) -> None:
    template, out = plan_file.with_name("house.xlsx"), plan_file.with_name("out.xlsx")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Paper"
    sheet["A1"] = "{{outlay:tco:Colocation}}"
    book.save(template)
    mapping = plan_file.with_name("mapping.toml")
    mapping.write_text('[[fill]]\nsheet = "Paper"\ncell = "B2"\nvalue = "plan"\n', encoding="utf-8")
    status, said, err = run("fill", plan_file, template, out, "--mapping", mapping)
    assert (status, err) == (0, "")
    assert "2 places filled" in said
    with Document.open(plan_file, read_only=True) as document:
        plan = document.plan
    tco = compute(plan).scenario("Colocation").figures["tco"].value
    filled = openpyxl.load_workbook(out)["Paper"]
    assert filled["A1"].value == pytest.approx(tco)
    assert filled["B2"].value == plan.name

    pack, target = plan_file.with_name("pack.xlsx"), plan_file.with_name("lossy.xlsx")
    assert run("export", plan_file, pack, "--trials", 0)[0] == 0
    status, said, err = run("fill", plan_file, pack, target)
    assert status == 1
    assert "loses" in said
    assert "--accept-losses" in err
    assert not target.exists()


def test_cash_flows_become_one_table(run: Run, plan_file: Path) -> None:
    out = plan_file.with_name("flows.csv")
    status, said, _ = run("table", plan_file, out, "--scenario", "Colocation")
    assert status == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert f"{len(rows):,} rows" in said
    with Document.open(plan_file, read_only=True) as document:
        result = compute(document.plan).scenario("Colocation")
    assert {row["x_Scenario"] for row in rows} == {"Colocation"}
    assert sum(float(row["BilledCost"]) for row in rows) == pytest.approx(result.monthly["cash_cost"].sum())


def test_a_table_that_cannot_be_written_is_one_sentence(run: Run, plan_file: Path) -> None:
    status, out, err = run("table", plan_file, plan_file.with_name("no such folder") / "flows.csv")
    assert (status, out) == (1, "")
    assert "Traceback" not in err
    assert err.count("\n") == 1


def test_the_table_is_a_workbook_too(run: Run, plan_file: Path) -> None:
    out = plan_file.with_name("flows.xlsx")
    status, said, _ = run("table", plan_file, out, "--scenario", "Colocation")
    assert status == 0
    (sheet,) = openpyxl.load_workbook(out)
    assert f"{sheet.max_row - 1:,} rows" in said
    status, _, err = run("table", plan_file, plan_file.with_name("flows.txt"))
    assert status == 1
    assert "must end in .csv or .xlsx" in err


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_the_summary_is_printed_without_a_display(plan_file: Path, paper: str, size: tuple[int, int]) -> None:
    out = plan_file.with_name("summary.pdf")
    bare = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    done = subprocess.run(
        [sys.executable, "-m", "desktop_app", "summary", str(plan_file), str(out), "--paper", paper],
        cwd=PROJECT,
        env={**bare, "XDG_CONFIG_HOME": str(plan_file.parent / "config")},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    data = out.read_bytes()
    assert data.startswith(b"%PDF-")
    assert data.rstrip().endswith(b"%%EOF")
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data)
    assert box is not None
    assert (round(float(box[1])), round(float(box[2]))) == size
    # the choice of colours in the window is the user's own
    assert not list((plan_file.parent / "config").rglob("*.conf"))


def test_a_summary_that_cannot_be_written_is_one_sentence(run: Run, plan_file: Path) -> None:
    old = plan_file.with_name("summary.doc")
    old.write_text("old")
    status, out, err = run("summary", plan_file, old)
    assert (status, out) == (1, "")
    assert "must end in .pdf" in err
    assert old.read_text() == "old"
