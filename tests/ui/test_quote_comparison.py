"""Quotes of several vendors over the same scopes, with gaps that only named assumptions fill."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.engine.model import Plan
from desktop_app.exchange.fair_comparison import Entry
from desktop_app.exchange.quote_import import with_quote
from desktop_app.exchange.quotes import Quote, understand
from desktop_app.exchange.reading import read_workbook_here
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.quote_comparison import QuoteComparison
from desktop_app.ui.quote_scopes import ScopeRow, cell_text
from tests.ui.conftest import Opener

QUOTES = Path(__file__).parents[1] / "data" / "quotes"


def read(name: str) -> Quote:
    return understand(read_workbook_here(QUOTES / name), today=dt.date(2026, 11, 1))


@pytest.fixture
def comparison(opened: Opener, plan: Plan) -> QuoteComparison:
    """The comparison in a window whose plan holds two quotes."""
    held, _ = with_quote(plan, read("a01_northgate_hgx.xlsx"), "Own")
    held, _ = with_quote(held, read("a05_lindenhof_angebot.xlsx"), "Own", fx={"EUR": "1.08"})
    window: MainWindow = opened(held)
    window.tabs.setCurrentWidget(window.quotes)
    window.quotes.show_comparison()
    return window.quotes.comparison


def row(comparison: QuoteComparison, title: str) -> ScopeRow:
    return next(one for one in comparison.model.rows if one.title == title)


def place(comparison: QuoteComparison, vendor: str) -> int:
    assert comparison.comparison is not None
    return next(at for at, one in enumerate(comparison.comparison.columns) if vendor in one.offer)


def test_offers_stand_side_by_side_with_their_gaps(comparison: QuoteComparison) -> None:
    lindenhof = place(comparison, "Lindenhof")
    assert cell_text(row(comparison, "Software"), lindenhof) == "⚠ gap"
    assert cell_text(row(comparison, "Total before tax"), lindenhof) == "–"
    assert row(comparison, "GPUs").cells == (32, 24)
    northgate = row(comparison, "Support").cells[place(comparison, "Northgate")]
    assert isinstance(northgate, Entry)
    assert northgate.amount == 524_800
    comparison.years.setValue(3)
    northgate = row(comparison, "Support").cells[place(comparison, "Northgate")]
    assert isinstance(northgate, Entry)
    assert northgate.amount == 314_880


def test_figures_for_a_gpu_a_gb_and_a_year_follow_the_total(comparison: QuoteComparison) -> None:
    comparison.list.item(place(comparison, "Lindenhof")).setCheckState(
        comparison.list.item(0).checkState().Unchecked
    )
    assert comparison.comparison is not None
    assert [one.offer for one in comparison.comparison.columns] == ["Northgate Systems NGS-26-04417"]
    total = row(comparison, "Total before tax").cells[0]
    assert row(comparison, "Per GPU").cells[0] == total / 32  # type: ignore[operator]
    assert row(comparison, "Per year").cells[0] == total / 5  # type: ignore[operator]
    assert row(comparison, "Per GB of GPU memory").cells[0] == total / (32 * 141)  # type: ignore[operator]


def test_the_currency_of_the_comparison_can_be_chosen(comparison: QuoteComparison) -> None:
    dollars = row(comparison, "GPU servers").cells[0]
    assert isinstance(dollars, Entry) and dollars.amount is not None
    comparison.currency.setCurrentText("EUR")
    comparison.refresh()
    euros = row(comparison, "GPU servers").cells[0]
    assert isinstance(euros, Entry) and euros.amount is not None
    assert float(euros.amount) == pytest.approx(float(dollars.amount) / 1.08)


def test_a_gap_is_filled_by_a_named_assumption_only_in_one_step(comparison: QuoteComparison) -> None:
    session = comparison.session
    before = session.plan
    lindenhof = place(comparison, "Lindenhof")
    titles = [one.title for one in comparison.model.rows]
    comparison.view.setCurrentIndex(comparison.view.proxy.index(titles.index("Software"), lindenhof + 1))
    assert comparison.scope.currentText() == "Software"
    assert "Lindenhof" in comparison.offer.currentText()
    comparison.amount.setText("150,000")
    comparison.assume()
    assert "name" in comparison.problem.text()
    assert session.plan == before
    comparison.name.setText("List price of the suite, procurement")
    comparison.assume()
    cell = row(comparison, "Software").cells[lindenhof]
    assert isinstance(cell, Entry)
    assert (cell.amount, cell.basis, cell.note) == (
        150_000,
        "assumed",
        "List price of the suite, procurement",
    )
    assert cell_text(row(comparison, "Software"), lindenhof) == "150,000  assumed"
    assert session.document is not None and "Assume software" in (session.document.undo_label or "")
    session.undo()
    assert session.plan == before
    session.redo()
    comparison.refresh()
    comparison.assumed_view.select_key(comparison.assumed.row_key(0))
    comparison.withdraw()
    assert cell_text(row(comparison, "Software"), lindenhof) == "⚠ gap"


def test_files_are_compared_without_being_imported(comparison: QuoteComparison, qtbot: QtBot) -> None:
    plan = comparison.session.plan
    comparison.read_files([QUOTES / "a04_brightwater_options.xlsx"])
    qtbot.waitUntil(lambda: not comparison.session.jobs.running("read offers"), timeout=30_000)
    assert comparison.comparison is not None
    names = [one.offer for one in comparison.comparison.columns]
    assert sum("Brightwater" in name and "Option" in name for name in names) == 3
    assert comparison.session.plan == plan


def test_an_offer_without_a_rate_is_left_out_until_the_rate_is_given(opened: Opener, plan: Plan) -> None:
    window = opened(plan)
    window.tabs.setCurrentWidget(window.quotes)
    comparison = window.quotes.comparison
    comparison.add_files([read("a01_northgate_hgx.xlsx"), read("a03_kestrel_configs.xlsx")])
    assert "GBP" in comparison.remarks.text()
    comparison.rates.edits["GBP"].setText("1.27")
    comparison.rates.edits["GBP"].editingFinished.emit()
    assert window.session.plan.fx["GBP"] == "1.27"
    assert "is left out" not in comparison.remarks.text()
