"""The plan's conventions and its words for the board: what every figure and every export rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.document import edits
from desktop_app.engine.figures import MEASURES
from desktop_app.engine.functions import FUNCTIONS
from desktop_app.engine.units import CURRENCIES
from desktop_app.ui import display
from desktop_app.ui.field_editor import FieldEditor
from desktop_app.ui.pages import Page, heading, quiet
from desktop_app.ui.places import SETTING, place_of
from desktop_app.ui.session import Session

_MONTHS = tuple(str(number) for number in range(1, 13))
# Field of Settings: label, choices with their words (None: typed), help.
_SETTINGS: dict[str, tuple[str, dict[str, str] | None, str]] = {
    "currency": ("Currency", None, "ISO code; every total is in it"),
    "start": ("First month", None, "The first day of the plan"),
    "months": ("Months", None, "1 to 600"),
    "discount_rate": ("Discount rate per year", None, "Nominal; a value or a formula over drivers"),
    "discount_timing": (
        "Discounting",
        {
            "start": "From the start of the month",
            "middle": "From the middle of the month",
            "end": "From the end of the month",
        },
        "",
    ),
    "tax_rate": ("Income tax rate", None, "A value or a formula over drivers"),
    "fiscal_year_start": ("Fiscal year begins in", {}, ""),
    "fiscal_label": (
        "Fiscal year is named after",
        {"end": "the year in which it ends", "start": "the year in which it starts"},
        "",
    ),
    "fiscal_pattern": (
        "Periods",
        {"months": "Calendar months", "4-4-5": "Weeks 4-4-5", "4-5-4": "Weeks 4-5-4", "5-4-4": "Weeks 5-4-4"},
        "",
    ),
    "hours": (
        "Hours in a month",
        {"calendar": "As the calendar has them", "730": "Always 730", "720": "Always 720"},
        "",
    ),
    "horizon_value": (
        "Assets left at the end",
        {"none": "Count for nothing", "book": "Are recovered at book value"},
        "",
    ),
    "lease_standard": ("Leases", {"ifrs16": "IFRS 16", "asc842": "ASC 842, operating"}, ""),
    "scale": (
        "Money is shown in",
        {"1": "units", "1000": "thousands", "1000000": "millions"},
        "Only for display; nothing is rounded",
    ),
}
_NUMBERS = {"months", "fiscal_year_start", "scale"}
_TEXTS = {
    "purpose": "Purpose",
    "owner": "Owner",
    "status": "Status",
    "version": "Version",
    "decision": "Decision asked for",
    "recommendation": "Recommendation",
    "left_out": "What is left out",
}
_LONG = ("purpose", "decision", "recommendation", "left_out")


class LongText(QPlainTextEdit):
    """A few lines of text that are committed when the cursor leaves them."""

    committed = Signal(str)

    def __init__(self, label: str) -> None:
        super().__init__()
        self.setAccessibleName(label)
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().height() * 5 + 8)
        self._text = ""

    def show_value(self, text: str) -> None:
        """Shows the stored text."""
        self._text = text
        if self.toPlainText() != text:
            self.setPlainText(text)

    def focusOutEvent(self, event: object) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        if self.toPlainText() != self._text:
            self.committed.emit(self.toPlainText())


class SettingsPage(Page):
    """Two columns of fields."""

    title = "Plan settings"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.editors: dict[str, FieldEditor] = {}
        self.texts: dict[str, LongText] = {}
        self._rates = self._measures = QFormLayout()
        content = QWidget()
        columns = QHBoxLayout(content)
        left, right = QVBoxLayout(), QVBoxLayout()
        columns.addLayout(left, 1)
        columns.addSpacing(self.fontMetrics().averageCharWidth() * 4)
        columns.addLayout(right, 1)
        self._build_settings(left)
        self._rates = self._section(
            left,
            "Exchange rates",
            "The price of one unit of another currency in the plan's; formulas may name drivers.",
        )
        left.addStretch()
        self._build_texts(right)
        self._measures = self._section(
            right,
            "What unit costs are taken over",
            "Quantities by month; formulas over drivers. A cost per GPU-hour or per token appears once its "
            "quantity is given.",
        )
        for name, measure in MEASURES.items():
            self._field(
                self._measures,
                f"measure {name}",
                measure.label,
                None,
                "",
                partial(self._measure, name),
            )
        right.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(content)
        self._scroll = scroll
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)

    def _section(self, column: QVBoxLayout, title: str, text: str = "") -> QFormLayout:
        column.addWidget(heading(title, 1.1))
        if text:
            column.addWidget(quiet(text))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        column.addLayout(form)
        return form

    def _field(
        self,
        form: QFormLayout,
        key: str,
        label: str,
        choices: dict[str, str] | None,
        tip: str,
        commit: Callable[[str], object],
    ) -> None:
        editor = FieldEditor(key, label, choices, choices is None)
        editor.setToolTip(tip)
        editor.committed.connect(commit)
        title = QLabel(label)
        title.setBuddy(editor.editor)
        title.setToolTip(tip)
        title.setWordWrap(True)
        title.setMinimumWidth(title.fontMetrics().averageCharWidth() * 26)
        form.addRow(title, editor)
        self.editors[key] = editor

    def _build_settings(self, column: QVBoxLayout) -> None:
        form = self._section(column, "Conventions", "They are printed on every export.")
        self._field(
            form,
            "name",
            "Name of the plan",
            None,
            "",
            lambda text: self.session.do(edits.set_name, text.strip()),
        )
        for name, (label, choices, tip) in _SETTINGS.items():
            words = (
                {
                    number: display.month(f"2000-{int(number):02d}", long=True).rpartition(" ")[0]
                    for number in _MONTHS
                }
                if name == "fiscal_year_start"
                else choices
            )
            self._field(form, name, label, words, tip, partial(self._setting, name))

    def _build_texts(self, column: QVBoxLayout) -> None:
        form = self._section(column, "Words for the board")
        for name, label in _TEXTS.items():
            if name not in _LONG:
                self._field(form, f"text {name}", label, None, "", partial(self._text, name))
                continue
            editor = LongText(label)
            editor.committed.connect(partial(self._text, name))
            title = QLabel(label)
            title.setBuddy(editor)
            form.addRow(title, editor)
            self.texts[name] = editor

    # Showing

    def refresh(self) -> None:
        plan = self.session.plan
        problems: dict[str, str] = {}
        for issue in self.session.result.issues if self.session.result else ():
            place = place_of(issue.where)
            if place.kind == SETTING:
                problems.setdefault(place.name, issue.message)
        words = [
            *(driver.name for driver in plan.drivers),
            *(f"{name}(" for name, one in FUNCTIONS.items() if one.listed and name.isidentifier()),
        ]
        self.editors["name"].show_value(plan.name, "", False, "", False)
        for name in _SETTINGS:
            value = getattr(plan.settings, name)
            text = display.date(value.isoformat()) if isinstance(value, dt.date) else str(value)
            problem = problems.get(name, "")
            self.editors[name].show_value(text, "", False, problem, bool(problem))
        for name in ("discount_rate", "tax_rate"):
            self.editors[name].line.set_words(words)
        self.editors["currency"].line.set_words(sorted(CURRENCIES))
        for name in _TEXTS:
            text = getattr(plan.texts, name)
            if name in self.texts:
                self.texts[name].show_value(text)
            else:
                self.editors[f"text {name}"].show_value(text, "", False, "", False)
        for name in MEASURES:
            editor = self.editors[f"measure {name}"]
            editor.line.set_words(words)
            problem = problems.get(name, "")
            editor.show_value(plan.measures.get(name, ""), MEASURES[name].unit, False, problem, bool(problem))
        self._show_rates(words, problems)
        document = self.session.document
        every: list[QWidget] = [*self.editors.values(), *self.texts.values()]
        for one in every:
            one.setEnabled(document is not None and not document.read_only)

    def _show_rates(self, words: list[str], problems: dict[str, str]) -> None:
        """A field for each exchange rate the plan has or needs, and one to add another."""
        plan = self.session.plan
        needed = {
            line.fields.get("currency", "").strip().upper()
            for scenario in plan.scenarios
            for line in scenario.lines
        } - {"", plan.settings.currency}
        wanted = [*plan.fx, *sorted(needed - set(plan.fx))]
        keys = [f"fx {currency}" for currency in wanted]
        shown = [key for key in self.editors if key.startswith("fx ") and key != "fx "]
        if shown != keys or "fx " not in self.editors:
            while self._rates.rowCount():
                self._rates.removeRow(0)
            for key in [*shown, "fx "]:
                self.editors.pop(key, None)
            for currency, key in zip(wanted, keys, strict=True):
                self._field(
                    self._rates,
                    key,
                    f"1 {currency} in {plan.settings.currency}",
                    None,
                    "Empty it to remove the rate",
                    partial(self._rate, currency),
                )
            self._field(
                self._rates, "fx ", "Add a currency", None, "ISO code of the currency", self._add_currency
            )
            self.editors["fx "].line.set_words(sorted(CURRENCIES))
        for currency, key in zip(wanted, keys, strict=True):
            missing = "" if currency in plan.fx else f"Some cost lines are in {currency}: give its price."
            problem = problems.get(f"rate {currency}", "") or missing
            self.editors[key].line.set_words(words)
            self.editors[key].show_value(plan.fx.get(currency, ""), "", False, problem, bool(problem))
        self.editors["fx "].show_value("", "EUR", False, "", False)

    def search(self) -> None:
        self.editors["name"].editor.setFocus()

    def go_to(self, name: str) -> None:
        """Puts the cursor into the field of a setting, a measure or an exchange rate."""
        self.bring_up_to_date()
        for key in (name, f"measure {name}", f"fx {name.removeprefix('rate ')}"):
            if key in self.editors:
                self._scroll.ensureWidgetVisible(self.editors[key])
                self.editors[key].editor.setFocus()
                return

    # Edits

    def _setting(self, name: str, text: str) -> None:
        value: str | int | dt.date = text.strip()
        if name in _NUMBERS:
            if not str(value).isdigit():
                self._refuse(f"{_SETTINGS[name][0]} must be a whole number, not “{text}”.")
                return
            value = int(str(value))
        elif name == "start":
            day = display.iso_date(text)
            if not day:
                self._refuse(
                    f"“{text}” is not a date. Write it like {display.date('2027-01-01')} or 2027-01-01."
                )
                return
            value = dt.date.fromisoformat(day)
        elif name == "currency":
            value = str(value).upper()
        if not self.session.do(edits.set_setting, name, value):
            self.refresh()

    def _refuse(self, sentence: str) -> None:
        self.session.complained.emit(sentence)
        self.refresh()

    def _text(self, name: str, text: str) -> None:
        self.session.do(edits.set_texts, replace(self.session.plan.texts, **{name: text.strip()}))

    def _measure(self, name: str, text: str) -> None:
        self.session.do(edits.set_measure, name, text.strip() or None)

    def _rate(self, currency: str, text: str) -> None:
        self.session.do(edits.set_fx, currency, text.strip() or None)

    def _add_currency(self, text: str) -> None:
        code = text.strip().upper()
        if not code:
            return
        if code not in CURRENCIES or code == self.session.plan.settings.currency:
            self._refuse(f"“{code}” is not the ISO code of another currency.")
            return
        self.session.do(edits.set_fx, code, f"1 {self.session.plan.settings.currency}/{code}")
