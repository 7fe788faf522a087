"""Quotes of several vendors over the same scopes: what each prices, what it leaves out, and the named
assumptions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop_app.document import edits
from desktop_app.document.document import Document
from desktop_app.exchange.fair_comparison import SCOPES, Entry, FairComparison, compare_offers
from desktop_app.exchange.offers import (
    Assumed,
    OfferOf,
    assumed_in,
    in_currency,
    offers_in,
    quotes_of,
    rates_to,
    with_assumed,
    without_assumed,
)
from desktop_app.exchange.quotes import Quote, read_quote
from desktop_app.exchange.reading import UnreadableFile
from desktop_app.ui import display
from desktop_app.ui.cells import Mark
from desktop_app.ui.jobs import Handle
from desktop_app.ui.pages import button, heading, quiet
from desktop_app.ui.quote_review import today
from desktop_app.ui.quote_scopes import ScopeRow, cell_mark, cell_text, cell_words, scope_rows
from desktop_app.ui.quote_target import Rates
from desktop_app.ui.session import Session
from desktop_app.ui.tables import Column, TableModel, TableView

_YEARS = 5
_LONG_NAME = 18


class QuoteComparison(QWidget):
    """Scopes as rows, offers as columns; above, which offers, for how many years and in which currency."""

    closed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.setAccessibleName("Comparison of quotes")
        self.files: list[tuple[str, Quote]] = []
        self.left_out: set[str] = set()
        self.of_files: list[Assumed] = []
        self.comparison: FairComparison | None = None
        self.offers: list[OfferOf] = []
        self.model: TableModel[ScopeRow] = TableModel([], key=lambda row: row.title)
        self.view = TableView(self.model, "Quotes over the same scopes")
        self.view.selectionModel().currentChanged.connect(lambda *_: self._cell_chosen())
        self.assumed: TableModel[tuple[str, Assumed]] = TableModel(
            _assumed_columns(), key=lambda row: (row[1].quote, row[1].part, row[1].scope)
        )
        self.assumed_view = TableView(self.assumed, "Assumptions for what an offer leaves out")
        self.list = QListWidget()
        self.list.setAccessibleName("Offers to compare")
        self.list.itemChanged.connect(self._ticked)
        self.words = quiet()
        self.remarks = quiet()
        self.problem = QLabel()
        self.problem.setForegroundRole(QPalette.ColorRole.BrightText)
        self.problem.setWordWrap(True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self._top_row())
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.words)
        column.addWidget(self.remarks)
        column.addWidget(heading("Assumptions", 1.0))
        column.addLayout(self._assumption_row())
        column.addWidget(self.problem)
        column.addWidget(self.assumed_view, 1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.list)
        split.addWidget(self.view)
        split.addWidget(below)
        split.setChildrenCollapsible(False)
        line = self.view.verticalHeader().defaultSectionSize()
        split.setSizes([line * 3, line * 18, line * 8])
        split.setStretchFactor(1, 1)
        outer.addWidget(split, 1)

    def _top_row(self) -> QHBoxLayout:
        self.years = QSpinBox()
        self.years.setAccessibleName("Years to compare over")
        self.years.setRange(1, 15)
        self.years.setValue(_YEARS)
        self.years.valueChanged.connect(lambda _: self.refresh())
        self.currency = QComboBox()
        self.currency.setAccessibleName("Currency of the comparison")
        self.currency.activated.connect(lambda _: self.refresh())
        row = QHBoxLayout()
        row.addWidget(button("Back to the quotes", "Closes the comparison", self.closed.emit))
        row.addWidget(heading("Compare quotes", 1.1), 1)
        row.addWidget(
            button("Add files…", "Compares quotes without importing them", lambda: self.read_files())
        )
        self.rates = Rates()
        self.rates.given.connect(self._give_rate)
        row.addWidget(self.rates)
        row.addWidget(QLabel("Over"))
        row.addWidget(self.years)
        row.addWidget(QLabel("years, in"))
        row.addWidget(self.currency)
        return row

    def _assumption_row(self) -> QHBoxLayout:
        self.offer = QComboBox()
        self.offer.setAccessibleName("Offer that the assumption is for")
        self.scope = QComboBox()
        self.scope.setAccessibleName("Scope that the assumption is for")
        self.scope.addItems([scope for scope in SCOPES if scope != "Tax"])
        self.amount = QLineEdit()
        self.amount.setPlaceholderText("amount")
        self.amount.setAccessibleName("Amount assumed")
        self.amount.setMaximumWidth(self.fontMetrics().averageCharWidth() * 18)
        self.name = QLineEdit()
        self.name.setPlaceholderText("why: whose assumption, and what it rests on")
        self.name.setAccessibleName("Name of the assumption")
        self.amount.returnPressed.connect(self.assume)
        self.name.returnPressed.connect(self.assume)
        add = QPushButton("Assume")
        add.clicked.connect(self.assume)
        row = QHBoxLayout()
        row.addWidget(self.offer, 2)
        row.addWidget(self.scope, 1)
        row.addWidget(self.amount)
        row.addWidget(self.name, 3)
        row.addWidget(add)
        row.addWidget(button("Withdraw", "Removes the assumption the cursor stands on", self.withdraw))
        return row

    # Showing

    def read_files(self, paths: Sequence[Path] | None = None) -> None:
        """Reads quotes to compare them without importing them."""
        if paths is None:
            names, _ = QFileDialog.getOpenFileNames(self, "Compare quotes")
            paths = [Path(name) for name in names]
        if not paths:
            return
        wanted = tuple(paths)

        def work(handle: Handle) -> list[Quote]:
            return [
                read_quote(path, today=today(), progress=handle.progress, cancelled=handle.cancelled)
                for path in wanted
            ]

        def failed(problem: Exception) -> bool:
            if isinstance(problem, UnreadableFile):
                self.session.complained.emit(str(problem))
            return isinstance(problem, UnreadableFile)

        self.session.jobs.start("read offers", "Reading quotes to compare", work, self.add_files, failed)

    def add_files(self, quotes: Sequence[Quote]) -> None:
        """Compares further quotes that are not in the plan."""
        known = {quote.sha256 for _, quote in self.files}
        self.files += [(f"file {quote.sha256}", quote) for quote in quotes if quote.sha256 not in known]
        self.refresh()

    def refresh(self) -> None:
        """Compares the offers that are ticked, as the plan stands now."""
        plan = self.session.plan
        imported = quotes_of(plan)
        known = {quote.sha256 for _, quote in imported}
        self.offers = offers_in(
            [*imported, *((key, quote) for key, quote in self.files if quote.sha256 not in known)]
        )
        self._offer_currencies()
        self._list_offers()
        currency = self.currency.currentText() or plan.settings.currency
        rates, formulas = rates_to(plan, currency)
        chosen = [one for one in self.offers if one.offer.name not in self.left_out]
        assumed = [one for record in plan.quotes for one in assumed_in(record)] + self.of_files
        self.comparison = compare_offers(
            [one.offer for one in chosen],
            years=self.years.value(),
            currency=currency,
            rates=rates,
            assumptions=in_currency(assumed, chosen, {**rates, currency: Decimal(1)}),
        )
        self.model.set_rows(scope_rows(self.comparison) if self.comparison.columns else [], self._columns())
        self.view.fit_columns()
        own = plan.settings.currency
        used = {one.offer.quote.currency for one in self.offers} | {currency}
        unknown = sorted(code for code in used if code and code != own and code not in plan.fx)
        self.rates.show_rates(unknown, {}, own)
        names = {(one.quote, one.part): one.offer.name for one in self.offers}
        self.assumed.set_rows([(names.get((one.quote, one.part), one.quote), one) for one in assumed])
        said = list(self.comparison.remarks)
        if formulas:
            said.append(
                f"The plan's rate of {', '.join(formulas)} is a formula; give it as a number to compare."
            )
        if not self.offers:
            said.append("No quote is in the plan yet: import one, or add files.")
        self.remarks.setText("\n".join(f"⚠ {one}" for one in said))
        self.remarks.setVisible(bool(said))
        present = self.offer.currentText()
        self.offer.clear()
        self.offer.addItems([column.offer for column in self.comparison.columns])
        self.offer.setCurrentText(present)
        self._cell_chosen()

    def _offer_currencies(self) -> None:
        plan = self.session.plan
        codes = dict.fromkeys(
            [plan.settings.currency, *plan.fx, *(one.offer.quote.currency or "" for one in self.offers)]
        )
        wanted = [code for code in codes if code]
        if wanted != [self.currency.itemText(place) for place in range(self.currency.count())]:
            present = self.currency.currentText()
            self.currency.clear()
            self.currency.addItems(wanted)
            self.currency.setCurrentText(present if present in wanted else plan.settings.currency)

    def _list_offers(self) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for one in self.offers:
            quote = one.offer.quote
            until = (
                f", valid until {display.date(quote.valid_until.isoformat())}" if quote.valid_until else ""
            )
            item = QListWidgetItem(
                f"{one.offer.name}  ·  {quote.currency or 'several currencies'}{until}  ·  {quote.file}"
            )
            item.setData(Qt.ItemDataRole.UserRole, one.offer.name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            ticked = one.offer.name not in self.left_out
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)

    def _columns(self) -> list[Column[ScopeRow]]:
        assert self.comparison is not None
        currency = self.comparison.currency
        first: Column[ScopeRow] = Column(
            f"Over {self.comparison.years} years, {currency}",
            lambda row: row.title,
            mark=lambda row: Mark.STRONG if row.strong else None,
            least=22,
            most=30,
        )

        def of(place: int, name: str) -> Column[ScopeRow]:
            return Column(
                _in_two_lines(name),
                lambda row: cell_text(row, place),
                mark=lambda row: cell_mark(row, place),
                tip=lambda row: cell_words(row, place, currency),
                right=True,
                least=16,
                most=30,
            )

        return [first, *(of(place, column.offer) for place, column in enumerate(self.comparison.columns))]

    def _ticked(self, item: QListWidgetItem) -> None:
        name = str(item.data(Qt.ItemDataRole.UserRole))
        self.left_out.discard(name)
        if item.checkState() != Qt.CheckState.Checked:
            self.left_out.add(name)
        self.refresh()

    def _cell_chosen(self) -> None:
        """Says how the figure came about; a gap is put into the editor below."""
        row: ScopeRow | None = self.view.current_row()
        place = self.view.currentIndex().column() - 1
        if row is None or place < 0 or self.comparison is None or place >= len(row.cells):
            self.words.setText(
                "Choose a figure to see what it is made of; choose a gap to fill it by a named assumption."
            )
            return
        cell = row.cells[place]
        words = cell_words(row, place, self.comparison.currency) or cell_text(row, place)
        self.words.setText(f"{row.title}, {self.comparison.columns[place].offer}: {words}")
        if isinstance(cell, Entry) and cell.basis in ("gap", "assumed"):
            self.offer.setCurrentText(cell.offer)
            self.scope.setCurrentText(cell.scope)

    def _give_rate(self, code: str, text: str) -> None:
        """Puts an exchange rate into the plan."""
        entry = display.entry_from_text(text)
        if entry:
            self.session.do(edits.set_fx, code, entry)
            self.refresh()

    # Assumptions

    def assume(self) -> None:
        """Fills a gap by the amount and the name that were typed."""
        offer = next((one for one in self.offers if one.offer.name == self.offer.currentText()), None)
        text = display.entry_from_text(self.amount.text()).replace(",", "")
        try:
            amount = Decimal(text)
        except InvalidOperation:
            amount = Decimal("NaN")
        name = self.name.text().strip()
        said = ""
        if offer is None:
            said = "Choose the offer that the assumption is for."
        elif not amount.is_finite() or amount < 0:
            said = f"“{self.amount.text()}” is not an amount."
        elif not name:
            said = "Give the assumption a name: who assumes it, and what it rests on."
        self.problem.setText(said)
        if said or offer is None:
            return
        made = Assumed(
            offer.quote, offer.part, self.scope.currentText(), amount, self.currency.currentText(), name
        )
        if self._keep(made):
            self.amount.clear()
            self.name.clear()

    def _keep(self, made: Assumed) -> bool:
        record = next((one for one in self.session.plan.quotes if one.key == made.quote), None)
        if record is None:
            self.of_files = [one for one in self.of_files if _place(one) != _place(made)] + [made]
            self.refresh()
            return True
        fresh = with_assumed(record, made)

        def change(document: Document) -> None:
            edits.put_quote(document, fresh)

        return self._stepped(f"Assume {made.scope.lower()} of {record.vendor or record.key}", change)

    def _stepped(self, label: str, change: Callable[[Document], None]) -> bool:
        done = self.session.step(label, change)
        self.refresh()
        return done

    def withdraw(self) -> None:
        """Removes the assumption the cursor stands on."""
        row: tuple[str, Assumed] | None = self.assumed_view.current_row()
        if row is None:
            self.problem.setText("Choose an assumption in the table first.")
            return
        made = row[1]
        record = next((one for one in self.session.plan.quotes if one.key == made.quote), None)
        if record is None:
            self.of_files = [one for one in self.of_files if _place(one) != _place(made)]
            self.refresh()
            return
        fresh = without_assumed(record, made.part, made.scope)
        self._stepped(
            f"Withdraw the assumption on {made.scope.lower()}",
            lambda document: edits.put_quote(document, fresh),
        )


def _in_two_lines(name: str) -> str:
    """A long name for a narrow heading, broken at the space nearest to its middle."""
    spaces = [place for place, sign in enumerate(name) if sign == " "]
    if len(name) < _LONG_NAME or not spaces:
        return name
    at = min(spaces, key=lambda place: abs(place - len(name) / 2))
    return f"{name[:at]}\n{name[at + 1 :]}"


def _place(one: Assumed) -> tuple[str, str, str]:
    return one.quote, one.part, one.scope


def _assumed_columns() -> list[Column[tuple[str, Assumed]]]:
    return [
        Column("Offer", lambda row: row[0], least=20, most=44),
        Column("Scope", lambda row: row[1].scope, most=28),
        Column(
            "Amount",
            lambda row: f"{display.number(float(row[1].amount), 2)} {row[1].currency}",
            right=True,
            most=22,
        ),
        Column("Assumption", lambda row: row[1].name, least=24, most=80),
    ]
