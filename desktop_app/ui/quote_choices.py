"""Choices about many lines of a quote at once: one value for all of them, or one of the alternatives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.engine.kinds import KINDS
from desktop_app.exchange.quote_proposals import Proposal
from desktop_app.ui import display
from desktop_app.ui.quote_rows import money

TAKE, KIND, CATEGORY, ASSET_CLASS, START, INDEX = (
    "take", "kind", "category", "asset_class", "start", "price_change",
)  # fmt: skip
FIELDS = (
    (CATEGORY, "category"),
    (ASSET_CLASS, "asset class"),
    (KIND, "kind"),
    (START, "from month"),
    (INDEX, "price index per year"),
    (TAKE, "take or leave out"),
)
_TAKES = {"take": True, "leave out": False}
_NOTHING = "what is part of the total"


def changed_fields(one: Proposal, field: str, text: str) -> dict[str, Any]:
    """What to change in a proposal so that a field has a value as it was typed.

    `KeyError` for a kind, or a word about taking it, that does not exist.
    """
    typed = text.strip()
    match field:
        case "take":
            return {"accepted": _TAKES[typed]}
        case "kind":
            return as_kind(one, {kind.label: name for name, kind in KINDS.items()}[typed])
        case "start" | "price_change":
            rest = {name: value for name, value in one.fields.items() if name != field}
            entry = display.entry_from_text(typed)
            return {"fields": {**rest, field: entry} if entry else rest}
    return {field: typed}


_QUANTITIES = {"fleet": "required", "staff": "fte", "lease": "", "adjustment": ""}
_PRICES = {"lease": "payment", "staff": "salary", "adjustment": "amount"}


def as_kind(one: Proposal, kind: str) -> dict[str, Any]:
    """What to change so that a proposal becomes another kind of cost line for the same money.

    Quantity and price keep their values under the new kind's names; fields that the kind does not have are
    dropped. What is bought once stays paid once where the new kind would repeat it.
    """
    quantity = one.fields.get(_QUANTITIES.get(one.kind, "quantity"), "1")
    price = one.fields.get(_PRICES.get(one.kind, "unit_price"), "0")
    fields = {
        name: text
        for name, text in one.fields.items()
        if KINDS[kind].field(name) and (name != "every" or kind == "recurring")
    }
    into = _QUANTITIES.get(kind, "quantity")
    if into:
        fields |= {into: quantity, _PRICES.get(kind, "unit_price"): price}
    else:
        fields[_PRICES[kind]] = price if quantity == "1" else f"({quantity}) * ({price})"
    if kind == "recurring" and "every" not in one.fields:
        fields |= {"every": "term", "months": fields.get("months", "12")}
    return {
        "kind": kind,
        "fields": fields,
        "asset_class": one.asset_class if kind in ("purchase", "fleet") else "",
    }


def groups(proposals: Iterable[Proposal]) -> dict[str, list[Proposal]]:
    """The alternatives offered, by name."""
    found: dict[str, list[Proposal]] = {}
    for one in proposals:
        if one.group:
            found.setdefault(one.group, []).append(one)
    return found


def taking(proposals: Sequence[Proposal], group: str) -> dict[str, bool]:
    """By key, what is taken when an alternative is chosen ("" for none).

    Its own lines are taken and those of the others are left out. A lease pays for the goods, so with a lease
    the purchases are left out; without one they are as they were proposed.
    """
    leased = any(one.group == group and one.kind == "lease" for one in proposals)
    taken = {one.key: one.group == group for one in proposals if one.group}
    if leased:
        taken |= {one.key: False for one in proposals if not one.group and one.kind == "purchase"}
    return taken


class Choices(QWidget):
    """Above the proposals: which alternative, and one value for the chosen lines or for all."""

    set_wanted = Signal(str, str, bool)
    alternative_wanted = Signal(str)

    def __init__(self, words: Callable[[str], Sequence[str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.alternative_label = QLabel("Alternative")
        self.alternative = QComboBox()
        self.alternative.setAccessibleName("Alternative to take")
        self.alternative.activated.connect(
            lambda _: self.alternative_wanted.emit(str(self.alternative.currentData() or ""))
        )
        self.field = QComboBox()
        self.field.setAccessibleName("What to set for many lines")
        for name, label in FIELDS:
            self.field.addItem(label, name)
        self.field.currentIndexChanged.connect(lambda _: self._offer())
        self.value = QComboBox()
        self.value.setEditable(True)
        self.value.setAccessibleName("Value for many lines")
        self.value.setMinimumWidth(self.fontMetrics().averageCharWidth() * 12)
        chosen = QPushButton("Chosen lines")
        chosen.setToolTip("Sets it for the lines that are selected in the table")
        chosen.clicked.connect(lambda: self._set(False))
        every = QPushButton("All lines")
        every.setToolTip("Sets it for every line that is taken")
        every.clicked.connect(lambda: self._set(True))
        self.field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        above = QHBoxLayout()
        above.addWidget(self.alternative_label)
        above.addWidget(self.alternative, 1)
        row = QHBoxLayout()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(above)
        rows.addLayout(row)
        row.addWidget(QLabel("Set"))
        row.addWidget(self.field)
        row.addWidget(QLabel("to"))
        row.addWidget(self.value, 1)
        row.addWidget(QLabel("for"))
        row.addWidget(chosen)
        row.addWidget(every)
        self._offer()

    def show_alternatives(self, proposals: Sequence[Proposal]) -> None:
        """Offers the alternatives of these proposals, with what each comes to."""
        found = groups(proposals)
        taken = [name for name, ones in found.items() if any(one.accepted for one in ones)]
        self.alternative.clear()
        self.alternative.addItem(_NOTHING, "")
        for name, ones in found.items():
            self.alternative.addItem(f"{name}: {_sums(ones)}", name)
        self.alternative.setCurrentIndex(self.alternative.findData(taken[0]) if len(taken) == 1 else 0)
        for widget in (self.alternative_label, self.alternative):
            widget.setVisible(bool(found))

    def _offer(self) -> None:
        field = str(self.field.currentData())
        self.value.clear()
        if field == TAKE:
            self.value.addItems(list(_TAKES))
        elif field == KIND:
            self.value.addItems([kind.label for kind in KINDS.values()])
        else:
            self.value.addItems(list(self._words(field)))
        self.value.setEditable(field not in (TAKE, KIND))
        if self.value.isEditable():
            self.value.setEditText("")
            hint = {START: "month of the plan, 1 is the first", INDEX: "-10% for example"}.get(field, "")
            line = self.value.lineEdit()
            assert line is not None
            line.setPlaceholderText(hint)

    def _set(self, every: bool) -> None:
        self.set_wanted.emit(str(self.field.currentData()), self.value.currentText(), every)


def _sums(ones: Iterable[Proposal]) -> str:
    totals: Mapping[str, Any] = {}
    for one in ones:
        if one.amount is not None:
            totals = {**totals, one.currency: totals.get(one.currency, 0) + one.amount}
    return ", ".join(money(amount, currency) for currency, amount in totals.items())
