"""The window as a user works with it: open, edit, undo, save, close; figures follow each edit."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from desktop_app.document import edits
from desktop_app.document.document import Document
from desktop_app.document.environment import Environment
from desktop_app.engine.compute import compute
from desktop_app.engine.model import Plan, Scenario
from desktop_app.ui import files, theme
from desktop_app.ui.cells import FormulaEdit, Mark
from desktop_app.ui.chart_export import copy_chart
from desktop_app.ui.explain_panel import ExplainPanel
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.places import DRIVER, LINE, SETTING, Place
from desktop_app.ui.session import Question
from tests.ui.conftest import Opener


def cell(window: MainWindow, driver: str, title: str) -> tuple[int, int]:
    """Place in the drivers' model of a column and a row."""
    window.tabs.setCurrentWidget(window.drivers)
    model = window.drivers.model
    column = [one.title for one in model.columns].index(title)
    row = model.place_of(driver)
    assert row is not None
    return row, column


def type_into(window: MainWindow, driver: str, title: str, text: str) -> None:
    """Types a value into a driver's cell as the editor would hand it over."""
    model = window.drivers.model
    assert model.setData(model.index(*cell(window, driver, title)), text)


def shown(window: MainWindow, driver: str, title: str) -> str:
    settle(window)
    model = window.drivers.model
    return str(model.data(model.index(*cell(window, driver, title))))


def mark(window: MainWindow, driver: str, title: str) -> Mark | None:
    settle(window)
    row, column = cell(window, driver, title)
    described = window.drivers.model.columns[column]
    return described.mark(window.drivers.model.rows[row]) if described.mark else None


def settle(window: MainWindow) -> None:
    """Waits for figures that are computed in a worker, as they are where the machine is slow."""
    for _ in range(1000):
        QApplication.processEvents()
        if not window.session.computing:
            return
        QTest.qWait(10)
    raise AssertionError("the figures were not computed within ten seconds")


def tco(window: MainWindow, scenario: str) -> float:
    settle(window)
    result = window.session.result_of(scenario)
    assert result is not None
    value = result.figures["tco"].value
    assert value is not None
    return value


def test_it_begins_with_a_start_page_that_opens_a_template(window: MainWindow, qtbot: QtBot) -> None:
    assert window.middle.currentWidget() is window.start
    assert not window.actions_.save.isEnabled()
    assert window.start.first is not None
    window.start.first.click()
    assert window.middle.currentWidget() is window.tabs
    assert len(window.session.plan.scenarios) >= 3
    assert window.isWindowModified()
    qtbot.waitUntil(lambda: window.session.results is not None)
    assert "costs least" in window.summary.message.text()


def test_figures_follow_an_edit_and_undo_says_what_it_takes_back(opened: Opener, plan: Plan) -> None:
    window = opened(plan)
    window.tabs.setCurrentWidget(window.drivers)
    before = tco(window, "Cloud")
    type_into(window, "cloud_price", "Value", "7.8")
    assert tco(window, "Cloud") == pytest.approx(2 * before)
    assert window.actions_.undo.text() == "Undo “Change driver cloud_price”"
    window.actions_.undo.trigger()
    assert tco(window, "Cloud") == pytest.approx(before)
    assert shown(window, "cloud_price", "Value") == "3.9"
    assert window.actions_.redo.text() == "Redo “Change driver cloud_price”"
    window.actions_.redo.trigger()
    assert tco(window, "Cloud") == pytest.approx(2 * before)
    assert not window.actions_.redo.isEnabled()


def test_an_edit_by_keyboard_reaches_the_plan(opened: Opener, plan: Plan, qtbot: QtBot) -> None:
    window = opened(plan)
    window.tabs.setCurrentWidget(window.drivers)
    view = window.drivers.view
    view.select_key("cloud_price", 2)
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_F2)
    editor = view.viewport().findChild(FormulaEdit)
    assert editor is not None
    qtbot.keyClicks(editor, "5.25")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(window, "cloud_price", "Value") == "5.25")
    assert next(one.value for one in window.session.plan.drivers if one.name == "cloud_price") == "5.25"


def test_a_bad_formula_is_marked_in_its_cell_with_the_reason_beside_it(opened: Opener, plan: Plan) -> None:
    window = opened(plan)
    window.tabs.setCurrentWidget(window.drivers)
    type_into(window, "servers", "Value", "ROUNDUP(gpuz / per_server, 0)")
    assert mark(window, "servers", "Value") is Mark.ERROR
    assert "gpuz" in shown(window, "servers", "Amounts to")
    assert "Did you mean “gpus”" in shown(window, "servers", "Amounts to")
    settle(window)
    assert "error" in window.status.state.text()
    assert window.tabs.tabText(window.tabs.indexOf(window.issues)).endswith(")")
    # What needs the driver has no figure, what does not still has one.
    own, cloud = window.session.result_of("Own"), window.session.result_of("Cloud")
    assert own is not None
    assert own.figures["tco"].value is None
    assert cloud is not None
    assert cloud.figures["tco"].value is not None
    window.tabs.setCurrentWidget(window.statements)
    assert window.statements.isVisible()
    type_into(window, "servers", "Value", "8")
    assert mark(window, "servers", "Value") is None
    assert tco(window, "Own") > 0


def test_an_override_is_marked_and_emptying_it_takes_the_plans_value_back(opened: Opener, plan: Plan) -> None:
    window = opened(plan)
    window.tabs.setCurrentWidget(window.drivers)
    window.session.select("Own, cheap")
    assert mark(window, "server_price", "In Own, cheap") is Mark.OVERRIDDEN
    assert mark(window, "server_price", "Value") is Mark.MUTED
    assert tco(window, "Own, cheap") < tco(window, "Own")
    type_into(window, "server_price", "In Own, cheap", "")
    assert mark(window, "server_price", "In Own, cheap") is None
    assert tco(window, "Own, cheap") == pytest.approx(tco(window, "Own"))
    type_into(window, "gpus", "In Own, cheap", "128")
    assert window.session.plan.scenarios[2].drivers == {"gpus": "128"}


def test_a_case_lies_over_every_scenario(opened: Opener, plan: Plan) -> None:
    window = opened(plan)
    before = tco(window, "Cloud")
    window.session.select(case="High demand")
    settle(window)
    assert tco(window, "Cloud") == pytest.approx(2 * before)
    window.tabs.setCurrentWidget(window.drivers)
    assert shown(window, "gpus", "Case High demand") == "128"
    window.tabs.setCurrentWidget(window.summary)
    assert "High demand" in window.summary.conventions.text()


def test_renaming_a_driver_renames_it_in_every_formula(opened: Opener, plan: Plan) -> None:
    window = opened(plan)
    window.tabs.setCurrentWidget(window.drivers)
    before = tco(window, "Own")
    type_into(window, "gpus", "Name", "cards")
    values = {one.name: one.value for one in window.session.plan.drivers}
    assert values["servers"] == "ROUNDUP(cards / per_server, 0)"
    assert values["usage"] == "cards * HOURS() * 70%"
    assert window.session.plan.cases[0].drivers == {"cards": "128"}
    assert tco(window, "Own") == pytest.approx(before)
    type_into(window, "cards", "Name", "2 bad")
    assert "cannot be a driver's name" in window.strip.text.text()
    type_into(window, "cards", "Name", "SERVERS")
    assert "already" in window.strip.text.text()


def test_new_drivers_scenarios_and_lines_are_each_one_step(opened: Opener) -> None:
    window = opened(Plan("Empty"))
    session = window.session
    for page in window.pages:
        window.tabs.setCurrentWidget(page)
        QApplication.processEvents()
    session.do(edits.put_scenario, Scenario("First"))
    assert session.scenario == "First"
    window.tabs.setCurrentWidget(window.drivers)
    window.drivers.add()
    assert [driver.name for driver in session.plan.drivers] == ["driver"]
    window.drivers.view.closePersistentEditor(window.drivers.view.currentIndex())
    window.tabs.setCurrentWidget(window.lines)
    window.lines.add("purchase")
    assert [line.kind for line in session.plan.scenarios[0].lines] == ["purchase"]
    window.lines.form.field_changed.emit("unit_price", "1000")
    assert tco(window, "First") == pytest.approx(1000)
    for _ in range(4):
        window.actions_.undo.trigger()
    assert session.plan == Plan("Empty")
    assert not window.actions_.undo.isEnabled()


def test_a_field_of_an_inherited_line_is_changed_here_only_and_can_be_taken_back(
    opened: Opener, plan: Plan
) -> None:
    window = opened(plan)
    window.session.select("Own, cheap")
    window.tabs.setCurrentWidget(window.lines)
    window.lines.go_to("Servers")
    window.lines.form.field_changed.emit("life", "24")
    assert window.session.plan.scenarios[2].line_fields == {"Servers": {"life": "24"}}
    editor = window.lines.form.editors["life"]
    assert editor.revert.isVisibleTo(window)
    editor.revert.click()
    assert window.session.plan.scenarios[2].line_fields == {}
    assert not window.lines.form.editors["life"].revert.isVisibleTo(window)
    window.lines.remove()
    assert window.session.plan.scenarios[2].removed == {"Servers"}
    window.lines.go_to("Servers")
    window.lines.remove()
    assert window.session.plan.scenarios[2].removed == frozenset()


def test_a_mistake_in_a_lines_field_stands_below_the_field(opened: Opener, plan: Plan) -> None:
    window = opened(plan)
    window.session.select("Own")
    window.tabs.setCurrentWidget(window.lines)
    window.lines.go_to("Servers")
    window.lines.form.field_changed.emit("quantity", "servers + kw")
    settle(window)
    said = window.lines.form.editors["quantity"].said
    assert said.isVisibleTo(window)
    assert "kw" in said.text()
    window.tabs.setCurrentWidget(window.issues)
    rows = window.issues.issues.rows
    place = next(number for number, row in enumerate(rows) if "kw" in row.issue.message)
    window.tabs.setCurrentWidget(window.issues)
    window.issues.issue_view.setCurrentIndex(window.issues.issue_view.proxy.index(place, 0))
    window.issues._go()
    assert window.tabs.currentWidget() is window.lines
    assert window.lines.view.current_row().line.name == "Servers"


@pytest.mark.parametrize(
    "place", [Place(DRIVER, "gpus"), Place(LINE, "GPU hours"), Place(SETTING, "tax_rate")]
)
def test_the_window_goes_to_where_an_issue_points(opened: Opener, plan: Plan, place: Place) -> None:
    window = opened(plan)
    window.session.go(place)
    page = {DRIVER: window.drivers, LINE: window.lines, SETTING: window.settings}[place.kind]
    assert window.tabs.currentWidget() is page
    if place.kind == DRIVER:
        assert window.drivers.view.current_row().driver.name == "gpus"
    if place.kind == LINE:
        assert window.session.scenario == "Cloud"


def test_saved_and_opened_again_it_is_the_same_plan(
    opened: Opener, plan: Plan, tmp_path: Path, qtbot: QtBot
) -> None:
    window = opened(plan)
    window.tabs.setCurrentWidget(window.drivers)
    type_into(window, "cloud_price", "Value", "4.2")
    target = tmp_path / "serving.outlay"
    assert window.files.save_as(target)
    assert not window.isWindowModified()
    assert window.windowTitle() == "serving.outlay[*] – Outlay"
    assert window.files.close()
    assert window.middle.currentWidget() is window.start
    assert window.start.recent.count() == 1
    window.start.recent.itemActivated.emit(window.start.recent.item(0))
    assert next(one.value for one in window.session.plan.drivers if one.name == "cloud_price") == "4.2"
    type_into(window, "cloud_price", "Value", "4.3")
    assert window.isWindowModified()
    window.actions_.save.trigger()
    assert not window.isWindowModified()
    with Document.open(target, read_only=True) as again:
        assert compute(again.plan).input_hash == compute(window.session.plan).input_hash


def test_closing_with_changes_asks_in_a_real_dialog(opened: Opener, plan: Plan, qtbot: QtBot) -> None:
    window = opened(plan)
    window.session.do(edits.set_name, "Changed")
    asked: list[str] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        button = next(one for one in box.buttons() if one.text().replace("&", "") == "Discard the changes")
        button.click()

    QTimer.singleShot(0, answer)
    assert window.files.close()
    assert asked == ["“Changed” has changes that are not saved."]
    assert not window.session.is_open


def test_a_file_changed_underneath_is_asked_about_and_never_overwritten_in_silence(
    opened: Opener, plan: Plan, tmp_path: Path, env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(plan)
    target = tmp_path / "plan.outlay"
    window.files.save_as(target)
    with Document.open(target, as_copy=True, env=env) as other:
        edits.set_name(other, "Somebody else's")
        other.save_as(tmp_path / "other.outlay")
    target.write_bytes((tmp_path / "other.outlay").read_bytes())
    window.session.do(edits.set_name, "Mine")
    answers = iter(["", "overwrite"])
    asked: list[str] = []
    monkeypatch.setattr(files, "ask", lambda *args: asked.append(args[2]) or next(answers))
    assert not window.files.save()
    assert "changed by somebody else" in asked[0]
    with Document.open(target, read_only=True, env=env) as there:
        assert there.plan.name == "Somebody else's"
    assert window.files.save()
    with Document.open(target, read_only=True, env=env) as there:
        assert there.plan.name == "Mine"


def test_a_plan_that_somebody_has_open_can_be_read_or_copied(
    window: MainWindow, plan: Plan, tmp_path: Path, env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "shared.outlay"
    other = Document.create(plan, target, env=Environment(tmp_path / "theirs", "colleague", "elsewhere"))
    try:
        answers = iter(["", "read_only", "as_copy"])
        monkeypatch.setattr(files, "ask", lambda *_args: next(answers))
        assert not window.files.open(target)
        assert not window.session.is_open
        assert window.files.open(target)
        window.tabs.setCurrentWidget(window.drivers)
        type_into(window, "gpus", "Value", "1")
        assert "cannot be changed" in window.strip.text.text()
        assert window.strip.action.text() == "Save as…"
        assert shown(window, "gpus", "Value") == "64"
        assert window.files.close()
        assert window.files.open(target)
        assert window.session.document is not None
        assert window.session.document.path is None
        type_into(window, "gpus", "Value", "1")
        assert shown(window, "gpus", "Value") == "1"
    finally:
        other.close()


def test_unsaved_work_of_a_crash_is_offered_and_comes_back(
    window: MainWindow, plan: Plan, env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashed = Document.create(plan, env=env)
    edits.set_name(crashed, "Nearly lost")
    crashed.close(keep_for_recovery=True)
    asked: list[str] = []
    monkeypatch.setattr(files, "ask", lambda *args: asked.append(args[2]) or "recover")
    assert window.files.offer_recovery()
    assert "“Nearly lost” has" in asked[0]
    assert window.session.plan.name == "Nearly lost"
    assert window.isWindowModified()


@pytest.mark.parametrize("content", [b"", b"not a plan at all", b"SQLite format 3\x00" + b"\x00" * 200])
def test_a_file_that_is_no_plan_is_refused_in_a_sentence(
    window: MainWindow, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "odd.outlay"
    path.write_bytes(content)
    assert not window.files.open(path)
    assert "odd.outlay" in window.strip.text.text()
    assert window.strip.severity == "error"
    assert path.read_bytes() == content


def test_a_plan_as_text_opens_and_a_faulty_one_says_where(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text('name = "Chat"\n[drivers.gpus]\nunit = "GPU"\nvalue = "8"\n')
    assert window.files.open(path)
    assert window.session.plan.name == "Chat"
    assert window.files.save_text(tmp_path / "again.toml")
    path.write_text('name = "Chat"\n[drivers.gpus]\nunit = "GPU"\nvalu = "8"\n')
    window.files.open(path)
    assert "line" in window.strip.text.text()
    assert window.session.plan.name == "Chat"


def drop(window: MainWindow, path: Path) -> bool:
    """Drags a file over the window and drops it; False where the window does not take it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(QPoint(40, 40), Qt.DropAction.CopyAction, data, left, none)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if not enter.isAccepted():
        return False
    dropped = QDropEvent(QPointF(40, 40), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(window, dropped)
    return True


def test_files_can_be_dragged_in(window: MainWindow, plan: Plan, tmp_path: Path, env: Environment) -> None:
    Document.create(plan, tmp_path / "dragged.outlay", env=env).close()
    quote = tmp_path / "quote.csv"
    quote.write_text("Part,Description,Qty,Unit price,Total\nA,Server,2,100.00,200.00\n")
    assert not drop(window, tmp_path / "picture.png")
    assert drop(window, quote)
    assert "Open a plan or begin with a template" in window.strip.text.text()
    assert drop(window, tmp_path / "dragged.outlay")
    assert window.session.plan.name == "Serving"


def test_light_and_dark_repaint_the_charts(opened: Opener, plan: Plan) -> None:
    window = opened(plan)
    QApplication.processEvents()
    light = window.summary.cumulative.plot.backgroundBrush().color()
    theme.choose(theme.DARK)
    QApplication.processEvents()
    dark = window.summary.cumulative.plot.backgroundBrush().color()
    assert light.lightness() > 200 > 100 > dark.lightness()
    assert window.palette().color(window.backgroundRole()).lightness() < 100
    theme.choose(theme.LIGHT)
    QApplication.processEvents()
    assert window.summary.cumulative.plot.backgroundBrush().color() == light


def test_everything_that_takes_the_keyboard_has_a_name(opened: Opener, plan: Plan) -> None:
    from PySide6.QtWidgets import (
        QAbstractItemView,
        QComboBox,
        QLineEdit,
        QPlainTextEdit,
        QTextEdit,
        QToolButton,
    )

    window = opened(plan)
    for page in window.pages:
        window.tabs.setCurrentWidget(page)
        QApplication.processEvents()
    kinds = (QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit)
    nameless = [
        f"{type(one).__name__} in {type(one.parent()).__name__}"
        for kind in kinds
        for one in window.findChildren(kind)
        if one.isVisibleTo(window)
        and one.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not one.accessibleName()
    ]
    assert not nameless
    unnamed = [
        one
        for one in window.findChildren(QToolButton)
        if one.isVisibleTo(window) and not (one.text() or one.accessibleName() or one.toolTip())
    ]
    assert not unnamed


def test_closing_the_window_ends_its_threads_and_lets_the_document_go(
    application: QApplication, env: Environment, plan: Plan
) -> None:
    window = MainWindow(env)
    window.show()
    document = Document.create(plan, env=env)
    window.session.show(document)
    window.jobs.start("slow", "Waiting", lambda handle: handle.stop.wait(30), lambda _: None)
    window.close()
    assert window.jobs.current is None
    assert not list((env.state / "working").glob("*/plan.sqlite"))
    window.deleteLater()
    QApplication.sendPostedEvents()


def test_a_block_from_a_spreadsheet_is_pasted_as_one_step(opened: Opener, plan: Plan) -> None:
    window = opened(plan)
    window.tabs.setCurrentWidget(window.drivers)
    QGuiApplication.clipboard().setText("Cards\tcards\t72\nPer box\tper_box\t4\n")
    view = window.drivers.view
    view.select_key("gpus", 0)
    view.paste()
    drivers = window.session.plan.drivers
    pasted = [(one.label, one.name, one.value) for one in drivers[:2]]
    assert pasted == [("Cards", "cards", "72"), ("Per box", "per_box", "4")]
    assert drivers[2].value == "ROUNDUP(cards / per_box, 0)"
    assert len(drivers) == len(plan.drivers)
    assert window.actions_.undo.text() == "Undo “Paste 6 cells”"
    window.actions_.undo.trigger()
    assert window.session.plan == plan


def test_what_is_copied_can_be_pasted_into_a_spreadsheet(opened: Opener, plan: Plan) -> None:
    window = opened(plan)
    window.tabs.setCurrentWidget(window.summary)
    view = window.summary.view
    view.selectAll()
    lines = view.selected_text().split("\n")
    assert lines[0].startswith("Key figure\tUnit\tCloud (baseline)")
    assert lines[1].startswith("Total cost of ownership\tUSD thousand\t")
    window.tabs.setCurrentWidget(window.summary)
    copy_chart(window.summary.cumulative)
    assert QGuiApplication.clipboard().image().width() >= 2 * window.summary.cumulative.width()


def test_figures_of_a_comparison_can_be_asked_for_and_followed_down(opened: Opener, plan: Plan) -> None:
    window = opened(plan)
    settle(window)
    session = window.session
    panel = window.explain.widget()
    assert isinstance(panel, ExplainPanel)
    session.ask(Question("Own", "pair/break_even_month"))
    assert window.explain.isVisibleTo(window)
    assert "Break-even" in panel.view.toPlainText()
    for _ in range(12):
        if session.question is None or not panel._parts:
            break
        place = max(range(len(panel._parts)), key=lambda number: abs(panel._parts[number].value or 0))
        panel.view.anchorClicked.emit(QUrl(f"part:{place}"))
    assert "Entered, not computed" in panel.view.toPlainText()
    while session.asked:
        session.ask_back()
    assert "Break-even" in panel.view.toPlainText()


def test_opening_and_closing_plans_leaves_no_widgets_behind(opened: Opener, plan: Plan) -> None:
    window = opened(plan)

    def round_trip() -> int:
        opened(plan)
        for page in window.pages:
            window.tabs.setCurrentWidget(page)
            QApplication.processEvents()
        for name in ("Own", "Cloud", "Own, cheap"):
            window.session.select(name)
            window.tabs.setCurrentWidget(window.lines)
            QApplication.processEvents()
        window.files.may_close = lambda: True  # type: ignore[method-assign]
        window.files.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
        gc.collect()
        return len(QApplication.allWidgets())

    round_trip()
    first = round_trip()
    assert all(round_trip() <= first for _ in range(3))
