"""Quotes in, board packs and charts out: in workers, with progress, stop, and one undoable step."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop_app.engine.model import Plan
from desktop_app.ui import chart_data
from desktop_app.ui.chart_export import chart_images
from desktop_app.ui.jobs import Handle
from desktop_app.ui.main_window import MainWindow
from tests.ui.conftest import Opener
from tests.ui.test_window import drop

QUOTE = Path(__file__).parents[1] / "data" / "quotes" / "a01_northgate_hgx.xlsx"


def idle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.jobs.current is None, timeout=30_000)


def test_a_quote_dragged_in_is_reviewed_imported_in_one_step_and_undone(
    opened: Opener, plan: Plan, qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened(plan)
    window.session.select("Own")
    copy = tmp_path / "offer.xlsx"
    shutil.copyfile(QUOTE, copy)
    before = window.session.plan
    assert drop(window, copy)
    assert window.status.stop.isVisibleTo(window)
    qtbot.waitUntil(lambda: window.quotes.reviewing, timeout=30_000)
    assert window.tabs.currentWidget() is window.quotes
    review = window.quotes.review
    assert "Northgate" in review.title.text()
    assert window.session.plan is before
    review.apply()
    plan_now = window.session.plan
    assert not window.quotes.reviewing
    assert [quote.file_name for quote in plan_now.quotes] == ["offer.xlsx"]
    added = [line for line in plan_now.scenarios[0].lines if line.source.quote]
    assert added
    assert all(line.source.cell.startswith("Quote!") for line in added)
    assert window.actions_.undo.text().startswith("Undo “Import quote")
    window.actions_.undo.trigger()
    assert window.session.plan == before


def test_reading_can_be_stopped_and_nothing_is_imported(opened: Opener, plan: Plan, qtbot: QtBot) -> None:
    window = opened(plan)
    window.transfers.import_quote(QUOTE)
    window.status.stop.click()
    idle(window, qtbot)
    qtbot.waitUntil(lambda: "was stopped" in window.strip.text.text(), timeout=10_000)
    assert not window.quotes.reviewing
    assert not window.session.plan.quotes


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"<html>not a workbook</html>"])
def test_a_broken_workbook_is_one_sentence(
    opened: Opener, plan: Plan, qtbot: QtBot, tmp_path: Path, content: bytes
) -> None:
    window = opened(plan)
    path = tmp_path / "broken.xlsx"
    path.write_bytes(content)
    window.transfers.import_quote(path)
    qtbot.waitUntil(lambda: window.jobs.current is None, timeout=30_000)
    qtbot.waitUntil(lambda: window.strip.isVisibleTo(window) or window.quotes.reviewing, timeout=5_000)
    assert "broken.xlsx" in window.strip.text.text()
    assert "Traceback" not in window.strip.text.text()


def test_the_board_pack_is_written_and_holds_the_plans_figures(
    opened: Opener, plan: Plan, qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened(plan)
    target = tmp_path / "pack.xlsx"
    window.transfers.export_pack(target)
    qtbot.waitUntil(target.is_file, timeout=60_000)
    idle(window, qtbot)
    assert str(target) in window.strip.text.text()
    result = window.session.result_of("Own")
    assert result is not None
    tco = result.figures["tco"].value
    assert tco is not None
    book = openpyxl.load_workbook(target, data_only=True)
    values = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert any(isinstance(value, int | float) and abs(value - tco) < 0.005 for value in values)
    book.close()


def test_an_export_that_is_stopped_or_cannot_be_written_leaves_the_old_file(
    opened: Opener, plan: Plan, qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened(plan)
    target = tmp_path / "pack.xlsx"
    target.write_bytes(b"the old pack")
    window.transfers.export_pack(target)
    window.status.stop.click()
    qtbot.waitUntil(lambda: "was stopped" in window.strip.text.text(), timeout=60_000)
    assert target.read_bytes() == b"the old pack"
    window.transfers.export_pack(tmp_path / "no such folder" / "pack.xlsx")
    qtbot.waitUntil(lambda: window.strip.severity == "error", timeout=60_000)
    assert "pack.xlsx" in window.strip.text.text() or "no such folder" in window.strip.text.text()
    idle(window, qtbot)


def test_of_two_jobs_of_a_kind_the_latest_wins(window: MainWindow, qtbot: QtBot) -> None:
    done: list[str] = []

    def first(handle: Handle) -> str:
        handle.stop.wait(20)
        return "first"

    window.jobs.start("kind", "First", first, done.append)
    window.jobs.start("kind", "Second", lambda _handle: "second", done.append)
    idle(window, qtbot)
    qtbot.waitUntil(lambda: bool(done), timeout=5_000)
    qtbot.wait(50)
    assert done == ["second"]


def test_a_jobs_progress_shows_and_a_fault_in_it_is_reported_as_ours(
    application: object, qtbot: QtBot
) -> None:
    from desktop_app.ui.jobs import Jobs

    faults: list[Exception] = []
    jobs = Jobs(on_bug=faults.append)
    seen: list[float] = []
    jobs.changed.connect(lambda: seen.append(jobs.fraction))

    def work(handle: Handle) -> None:
        handle.progress(0.5, "halfway")
        raise ZeroDivisionError("ours")

    jobs.start("kind", "Work", work, lambda _: None)
    qtbot.waitUntil(lambda: bool(faults), timeout=5_000)
    assert isinstance(faults[0], ZeroDivisionError)
    assert 0.5 in seen
    jobs.close()


def test_charts_are_written_light_and_at_print_resolution(opened: Opener, plan: Plan, tmp_path: Path) -> None:
    from desktop_app.ui import theme

    window = opened(plan)
    theme.choose(theme.DARK)
    window.transfers.export_charts(tmp_path)
    written = sorted(tmp_path.glob("*.png"))
    assert [path.stem for path in written] == ["cost-by-year", "cumulative-cost"]
    for path in written:
        image = QImage(str(path))
        assert image.width() > 1500
        assert image.pixelColor(2, 2).lightness() > 240
    results = window.session.results
    assert results is not None
    colours = {
        image.pixelColor(x, y).name()
        for image in chart_images(results, 1.0).values()
        for x in range(0, image.width(), 3)
        for y in range(0, image.height(), 3)
    }
    assert len(colours) > 6


def test_the_break_even_on_the_chart_is_the_engines(opened: Opener, plan: Plan) -> None:
    window = opened(plan)
    results = window.session.results
    assert results is not None
    pair = next(one for one in results.pairs if one.a == "Own")
    month = pair.figures["break_even_month"].value
    assert month is not None
    shown = chart_data.cumulative(results)
    mark = next(one for one in shown.break_evens if one.a == "Own")
    assert mark.month == month
    own, cloud = (
        next(line for line in shown.series if line.name == name).values for name in ("Own", "Cloud")
    )
    before, after = int(month), int(month) + 1
    assert (own[before] - cloud[before]) * (own[after] - cloud[after]) <= 0
    assert f"{month:.1f} months" in window.summary.cumulative.note.text()
    assert QSize(window.summary.cumulative.size()).width() > 300


def test_a_fault_of_outlay_gives_a_report_that_can_be_copied(application: object, qtbot: QtBot) -> None:
    from desktop_app.ui.crash import CrashDialog

    try:
        raise KeyError("something that should not be")
    except KeyError as problem:
        dialog = CrashDialog(problem)
    qtbot.addWidget(dialog)
    assert "KeyError: 'something that should not be'" in dialog.text.toPlainText()
    assert "PySide6" in dialog.text.toPlainText()
