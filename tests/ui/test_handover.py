"""Workbooks that come back, a company's template, tables and the summary: through the real window."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPageSize
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from desktop_app.engine.model import Plan, Scenario, Texts
from desktop_app.ui import executive_summary, theme
from desktop_app.ui.bring_back_dialog import BringBackDialog
from desktop_app.ui.executive_summary import parts, picture
from desktop_app.ui.export_dialog import ExportDialog
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.template_dialog import TemplateDialog
from tests.ui.conftest import Opener


def idle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.jobs.current is None, timeout=120_000)


def export(window: MainWindow, path: Path, qtbot: QtBot, trials: int = 0) -> None:
    window.transfers.export_pack(path, trials)
    idle(window, qtbot)
    qtbot.waitUntil(path.is_file, timeout=5_000)


def edit_driver(path: Path, to: Path, name: str, value: object) -> str:
    """Saves the pack with another plan value of a driver; the cell."""
    book = openpyxl.load_workbook(path)
    sheet = book["Assumptions"]
    row = next(cell.row for cell in sheet["B"] if cell.value == name)
    sheet[f"D{row}"] = value
    sheet[f"E{row}"] = f"=$D{row}+1"
    book.save(to)
    book.close()
    return f"Assumptions!D{row}"


class Deciding:
    """Answers every dialog, and keeps it."""

    def __init__(self, window: MainWindow, answer: bool) -> None:
        self.answer = answer
        self.dialogs: list[QDialog] = []
        window.handover.decide = self

    def __call__(self, dialog: QDialog) -> bool:
        self.dialogs.append(dialog)
        return self.answer


@pytest.mark.parametrize("agreed", [True, False])
def test_inputs_of_a_workbook_come_back_as_one_step(
    opened: Opener, plan: Plan, qtbot: QtBot, tmp_path: Path, agreed: bool
) -> None:
    window = opened(plan)
    pack, edited = tmp_path / "pack.xlsx", tmp_path / "edited.xlsx"
    export(window, pack, qtbot)
    cell = edit_driver(pack, edited, "cloud_price", 4.25)
    before, decided = window.session.plan, Deciding(window, agreed)
    window.handover.bring_back(edited)
    qtbot.waitUntil(lambda: bool(decided.dialogs), timeout=120_000)
    dialog = decided.dialogs[0]
    assert isinstance(dialog, BringBackDialog)
    view = dialog.values
    row = [view.index(0, column).data() for column in range(view.columnCount())]
    assert row == ["driver cloud_price", cell, "3.9", "4.25", "USD/GPU/hour"]
    assert dialog.apply.text() == "Take over 1 value"
    assert [one.why for one in dialog.others.rows] == [
        "The formula was changed; formulas follow from the plan."
    ]
    if not agreed:
        assert window.session.plan == before
        return
    price = next(one for one in window.session.plan.drivers if one.name == "cloud_price")
    assert price.value == "4.25"
    assert window.actions_.undo.text() == "Undo “Take over 1 value from edited.xlsx”"
    window.actions_.undo.trigger()
    assert window.session.plan == before


def test_a_workbook_that_says_the_same_or_is_foreign_changes_nothing(
    opened: Opener, plan: Plan, qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened(plan)
    pack, foreign = tmp_path / "pack.xlsx", tmp_path / "foreign.xlsx"
    export(window, pack, qtbot, 200)
    openpyxl.Workbook().save(foreign)
    before, decided = window.session.plan, Deciding(window, True)
    window.handover.bring_back(pack)
    qtbot.waitUntil(lambda: bool(decided.dialogs), timeout=120_000)
    dialog = decided.dialogs[0]
    assert isinstance(dialog, BringBackDialog)
    assert (dialog.values.rows, dialog.others.rows, dialog.notes.text()) == ([], [], "")
    assert not dialog.apply.isVisibleTo(dialog)
    window.handover.bring_back(foreign)
    qtbot.waitUntil(lambda: window.strip.severity == "error", timeout=120_000)
    assert "foreign.xlsx is no workbook that this plan was exported to" in window.strip.text.text()
    assert window.session.plan == before


def test_comparing_can_be_stopped(opened: Opener, plan: Plan, qtbot: QtBot, tmp_path: Path) -> None:
    window = opened(plan)
    pack = tmp_path / "pack.xlsx"
    export(window, pack, qtbot)
    decided = Deciding(window, True)
    window.handover.bring_back(pack)
    window.status.stop.click()
    qtbot.waitUntil(lambda: "was stopped; nothing was changed" in window.strip.text.text(), timeout=30_000)
    assert not decided.dialogs


def test_a_template_is_filled_after_its_losses_are_told(
    opened: Opener, plan: Plan, qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened(plan)
    template, target, mapping = tmp_path / "house.xlsx", tmp_path / "filled.xlsx", tmp_path / "cells.toml"
    export(window, template, qtbot)
    book = openpyxl.load_workbook(template)
    book["Cover"]["H40"] = "{{outlay:tco:Own}}"
    book.save(template)
    book.close()
    mapping.write_text('[[fill]]\nsheet = "Cover"\ncell = "H41"\nvalue = "plan"\n', encoding="utf-8")
    before = template.read_bytes()

    class Choosing(Deciding):
        def __call__(self, dialog: QDialog) -> bool:
            assert isinstance(dialog, TemplateDialog)
            dialog.choose_mapping(mapping)
            return super().__call__(dialog)

    decided = Choosing(window, True)
    window.handover.fill_template(template, target)
    qtbot.waitUntil(target.is_file, timeout=120_000)
    idle(window, qtbot)
    dialog = decided.dialogs[0]
    assert isinstance(dialog, TemplateDialog)
    assert [(one.where, one.value) for one in dialog.spots.rows] == [("Cover!H40", "tco:Own")]
    assert "2 places are filled" in window.strip.text.text()
    filled = openpyxl.load_workbook(target)["Cover"]
    own = window.session.result_of("Own")
    assert own is not None
    assert filled["H40"].value == pytest.approx(own.figures["tco"].value)
    assert filled["H41"].value == "Serving"
    assert template.read_bytes() == before


def test_the_cash_flow_table_adds_up(opened: Opener, plan: Plan, qtbot: QtBot, tmp_path: Path) -> None:
    window = opened(plan)
    out = tmp_path / "flows.csv"
    window.handover.export_table(out)
    qtbot.waitUntil(out.is_file, timeout=30_000)
    idle(window, qtbot)
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    own = window.session.result_of("Own")
    assert own is not None
    total = sum(float(row["BilledCost"]) for row in rows if row["x_Scenario"] == "Own")
    assert total == pytest.approx(own.monthly["cash_cost"].sum())
    assert f"{len(rows):,} rows" in window.strip.text.text()


@pytest.mark.parametrize(
    ("typed", "kind", "written"),
    [
        ("flows", "Excel workbooks (*.xlsx)", "flows.xlsx"),
        ("flows", "Tables (*.csv)", "flows.csv"),
        ("flows.XLSX", "Tables (*.csv)", "flows.XLSX"),
        ("flows.v2", "", "flows.v2.csv"),
    ],
)
def test_the_table_is_of_the_kind_that_was_chosen(
    opened: Opener,
    plan: Plan,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    kind: str,
    written: str,
) -> None:
    window = opened(plan)
    answer = (str(tmp_path / typed), kind)
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getSaveFileName", lambda *_: answer)
    window.handover.export_table()
    qtbot.waitUntil((tmp_path / written).is_file, timeout=30_000)
    idle(window, qtbot)
    assert written in window.strip.text.text()
    if written.lower().endswith(".xlsx"):
        assert openpyxl.load_workbook(tmp_path / written).sheetnames == ["Cash flows"]


@pytest.mark.parametrize("paper", [QPageSize.PageSizeId.A4, QPageSize.PageSizeId.Letter])
def test_the_summary_is_one_light_page_that_nothing_is_cut_from(
    opened: Opener, plan: Plan, tmp_path: Path, paper: QPageSize.PageSizeId
) -> None:
    window = opened(plan)
    theme.choose(theme.DARK)
    out = tmp_path / "summary.pdf"
    window.handover.export_summary(out, paper)
    data = out.read_bytes()
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page\n") == 1
    results = window.session.results
    assert results is not None
    image = picture(results, paper, 1.5)
    size = QPageSize(paper).size(QPageSize.Unit.Point)
    assert image.size() == QSize(round(size.width() * 1.5), round(size.height() * 1.5))
    margin = 40
    edges = [
        (x, y)
        for x in range(0, image.width(), 3)
        for y in range(0, image.height(), 3)
        if not (margin < x < image.width() - margin and margin < y < image.height() - margin)
    ]
    assert {image.pixelColor(x, y).name() for x, y in edges} == {"#ffffff"}
    assert dark_share(image) < 0.2


def dark_share(image: QImage) -> float:
    points = [(x, y) for x in range(0, image.width(), 5) for y in range(0, image.height(), 5)]
    return sum(QColor(image.pixel(x, y)).lightness() < 128 for x, y in points) / len(points)


def test_the_summary_tells_the_rates_and_what_is_left_out(opened: Opener, plan: Plan) -> None:
    window = opened(plan)
    results = window.session.results
    assert results is not None
    told = {part.title: part.text for part in parts(results)}
    assert "Discounted at 8.0 % a year" in told["What the numbers rest on"]
    assert "before income tax" in told["What the numbers rest on"]
    assert "Recommendation" not in told


def test_the_summary_of_a_case_says_which(
    opened: Opener, plan: Plan, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(plan)
    window.session.select(case="High demand")
    qtbot.waitUntil(lambda: not window.session.computing, timeout=30_000)
    results = window.session.results
    assert results is not None
    assert {one.case for one in results.scenarios} == {"High demand"}
    drawn: list[str] = []
    draw = executive_summary._Sheet._draw

    def spy(sheet: executive_summary._Sheet, box: QRectF, text: str, *rest: Any) -> None:
        drawn.append(text)
        draw(sheet, box, text, *rest)

    monkeypatch.setattr(executive_summary._Sheet, "_draw", spy)
    picture(results, QPageSize.PageSizeId.A4, 0.5)
    assert any("Case: High demand" in text for text in drawn)


def test_long_texts_stay_on_the_page(opened: Opener, plan: Plan, qtbot: QtBot) -> None:
    texts = Texts(
        decision="Decide " * 400,
        recommendation="Recommend " * 400,
        left_out="Leave out " * 400,
        owner="Owner",
    )
    many = tuple(Scenario(f"Option {place} with a long name " * 3, based_on="Own") for place in range(40))
    window = opened(dataclasses.replace(plan, texts=texts, scenarios=(*plan.scenarios, *many)))
    qtbot.waitUntil(lambda: not window.session.computing, timeout=30_000)
    results = window.session.results
    assert results is not None
    image = picture(results, QPageSize.PageSizeId.Letter, 1.0)
    bottom = [
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 2)
        for y in range(image.height() - 41, image.height())
    ]
    assert set(bottom) == {"#ffffff"}


def test_a_summary_that_cannot_be_written_leaves_the_old_file(
    opened: Opener, plan: Plan, tmp_path: Path
) -> None:
    window = opened(plan)
    window.handover.export_summary(tmp_path / "no such folder" / "summary.pdf")
    assert window.strip.severity == "error"
    assert "no such folder" in window.strip.text.text() or "summary.pdf" in window.strip.text.text()


def test_the_pack_holds_the_simulation_that_was_asked_for(
    opened: Opener, plan: Plan, qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened(plan)
    out = tmp_path / "pack.xlsx"
    export(window, out, qtbot, 100)
    sheets = openpyxl.load_workbook(out).sheetnames
    assert {"Sensitivity and risk", "Bridge", "Change log"} <= set(sheets)
    dialog = ExportDialog(0)
    qtbot.addWidget(dialog)
    assert dialog.wanted == 0, "nothing is simulated where no driver has a range"
    dialog = ExportDialog(2)
    qtbot.addWidget(dialog)
    dialog.trials.setValue(5_000)
    assert dialog.wanted == 5_000
    dialog.simulate.setChecked(False)
    assert dialog.wanted == 0
