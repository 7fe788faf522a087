"""What each row of a block is: line, child, option, freight, tax, discount, no bid, total or note, and
why.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from desktop_app.exchange.quotes import vocabulary_rows as words
from desktop_app.exchange.quotes.columns import Columns
from desktop_app.exchange.quotes.extract import Row
from desktop_app.exchange.quotes.text import fold, tidy
from desktop_app.exchange.reading.grid import Cell

AMOUNTS = ("extended_price", "nrc", "mrc")
_PRICES = ("unit_price", "list_price", *AMOUNTS, "nrc_unit", "mrc_unit", "rate_1y", "rate_3y")
_AFTER_FREIGHT = re.compile(
    r"^\s*(?:$|[,;:(\-/&+.*（、]|[^\x00-\x7f]|and\b|to\b|und\b|och\b|og\b|ja\b|oraz\b|samt\b|et\b|y\b|e\b|en\b|i\b|charge|cost|fee|surcharge|insur|prepaid|estimate|ddp|dap|exw|fca|cif|cpt|dpu|"
    r"inland|zone|nach|frei|versich|pauschal|kosten|zu\b|zum\b|per\b|pour\b|hasta\b|a\b|ao\b|naar\b|tot\b|total|within|by\b|via\b|for\b|on\b|incl|excl|\d|%|handling|dock|site|"
    r"estimad|stima|gesch|prevu|included|del\b|de\b|du\b|des\b|della?\b|do\b|da\b|van\b)"
)
_BEFORE_TAX = re.compile(
    r"(?:excl\w*\.?|inc(?:l\w*)?\.?|ekskl\w*\.?|eks\.?|inkl\w*\.?|ex\.?|before|without|net of|"
    r"exclusive of|inclusive of|"
    r"inkl\w*\.?|exkl\w*\.?|ohne|vor|mit|hors|sans|avant|avec|sin|con|antes de|sem|com|antes "
    r"do|c/|s/|escl\w*\.?|"
    r"senza|esclusa|inclusa|zonder|met|voor|exclusief|inclusief|לפני|כולל|bez|z|utan|med|uten|"
    r"uden)\s*(?:the |de |of |d'|der |del |any )*(?:\d+(?:[.,]\d+)?\s*%\s*)?$"
)
_AFTER_TAX = re.compile(
    r"\s*(?:inclus|includ|incluid|incl\b|inkl|inbegrepen|comprise?\b|compresa|esclus|exclu|excl\b|"
    r"exkl|nao incluid|no incluid|込|抜|별도|포함)"
)
_TOTAL_OF_CHARGE = re.compile(
    r"^(?:total|sum|summe|gesamt|totale|totaal|suma|sum of)\s+(?:of\s+|de\s+|der\s+|du\s+|di\s+)?"
)
_SHORT_NAME = re.compile(r"\s*[#:]?\s*(?:[a-z]|\d{1,2}|i{1,3}|[^\x00-\x7f])\b")
_DOTTED = re.compile(r"^(.*\w)[.\-/]\w+$")


@dataclass(slots=True)
class _Section:
    heading: str = ""
    optional: bool = False
    recurrence: str | None = None


@dataclass(slots=True)
class Classifier:
    """Classifies the rows of one block from top to bottom."""

    columns: Columns
    numbered: bool
    notes: list[tuple[int, str, str]] = field(default_factory=list)
    _section: _Section = field(default_factory=_Section)
    _parent: Row | None = None
    _parent_depth: int = 0
    _by_number: dict[str, Row] = field(default_factory=dict)

    def begin(self, heading: str) -> None:
        """The heading over the whole table ("Monthly charges")."""
        plain = fold(heading)
        # "Option B" is one of several to choose from; "Optional items" are extras.
        named = words.ALTERNATIVE_BLOCK.match(plain)
        extras = words.OPTION.search(plain) and not (named and _SHORT_NAME.match(plain[named.end() :]))
        self._section = _Section(heading, bool(extras), recurrence_in(plain))

    def take(self, row: Row, forced: str | None = None) -> bool:
        """Classify a row; False when it is a note (kept in `notes`) and no priced row."""
        self._unmisplace(row)
        self._amount_in_price_column(row)
        row.label = self._label(row)
        priced = any(name in row.values or name in row.unsure for name in _PRICES) or any(
            cell.column in self._price_columns() for cell in row.lost
        )
        if forced is not None:
            if forced == "note":
                self.notes.append((row.number, row.label, "you marked it as a note"))
                return False
            row.kind, row.reason = forced, "you chose it"
        elif not priced:
            kind = self._unpriced(row)
            if kind is None:
                return False
            row.kind, row.reason = kind
        else:
            row.kind, row.reason = self._priced(row)
        row.recurrence = self._recurrence(row)
        self._remember(row)
        return True

    def _unmisplace(self, row: Row) -> None:
        """A sum or charge is often written from the first column on: such words are no part number and
        no line number.
        """
        if "description" in row.texts or "quantity" in row.values or "unit_price" in row.values:
            return
        text = row.texts.get("part_number", "")
        if text and (
            " " in text
            or words.TOTAL.search(fold(text))
            or (not any(c.isdigit() for c in text) and len(text) > 5)
        ):
            row.texts["description"] = row.texts.pop("part_number")
        elif (
            not text
            and isinstance(row.line_no, str)
            and len(row.line_no) > 3
            and not any(c.isdigit() for c in row.line_no[:2])
        ):
            row.texts["description"] = row.line_no
            row.line_no = None

    def _amount_in_price_column(self, row: Row) -> None:
        """Without an amount column, sums and charges stand in the price column."""
        if (
            any(name in self.columns.of for name in AMOUNTS)
            or "unit_price" not in row.values
            or "quantity" in row.values
        ):
            return
        label = fold(self._label(row))
        if words.TOTAL.search(label) or is_tax(label) or is_freight(label) or words.DISCOUNT.search(label):
            row.values["extended_price"] = row.values.pop("unit_price")

    def _price_columns(self) -> set[int]:
        return {self.columns.of[name] for name in _PRICES if name in self.columns.of}

    def _label(self, row: Row) -> str:
        text = row.texts.get("description")
        if text:
            return text
        numbers = {
            c
            for name, c in self.columns.of.items()
            if name not in ("part_number", "description", "line_no", "parent_no", "unit")
        }
        if self.columns.of.get("unit_price") in row.cells and "unit_price" in row.words:
            numbers.discard(self.columns.of["unit_price"])
        first: str | None = None
        for column, cell in row.cells.items():
            if isinstance(cell.value, str) and (text := tidy(cell.value)):
                if column not in numbers and column not in self.columns.remarks:
                    return text
                first = first or text
        return first or ""

    def _unpriced(self, row: Row) -> tuple[str, str] | None:
        price_words = " | ".join(text for name, text in row.words.items() if name in _PRICES)
        remarks = self._remarks(row)
        for text in (price_words, remarks):
            plain = fold(text)
            if plain and words.NO_BID.search(plain):
                return "no_bid", f"the vendor does not offer it: '{text}'"
            if plain and text == price_words and words.ON_REQUEST.search(plain):
                return "no_bid", f"no price is given: '{text}'"
        has_item = "description" in row.texts or "part_number" in row.texts
        if price_words and words.INCLUDED.search(fold(price_words)) and has_item:
            return (
                ("child", "included in the price above") if self._parent else ("line", "printed as included")
            )
        if "quantity" in row.values and has_item:
            child = self._child(row)
            if child is not None:
                return child
            if self._not_applicable(row):
                return "no_bid", "neither price applies: not offered"
            return "line", "an item with a quantity and no price"
        self._heading(row)
        return None

    def _not_applicable(self, row: Row) -> bool:
        """Whether the prices of an item are all printed as "n/a"."""
        printed = [row.cells[c].value for c in self._price_columns() if c in row.cells]
        return bool(printed) and all(
            isinstance(value, str) and fold(value) in words.NOT_APPLICABLE for value in printed
        )

    def _heading(self, row: Row) -> None:
        text = row.label
        if not text:
            return
        short = len(text) <= 70 and len(row.cells) <= 2
        plain = fold(text)
        self.notes.append((row.number, text, "a heading" if short else "text without a price"))
        if not short:
            return
        self._section = _Section(text, bool(words.OPTION.search(plain)), recurrence_in(plain))
        self._parent = None

    def _priced(self, row: Row) -> tuple[str, str]:
        quantity, price = row.values.get("quantity"), row.values.get("unit_price")
        amount = next((row.values[name] for name in AMOUNTS if name in row.values), None)
        label = fold(row.label)
        alone = price is None and "list_price" not in row.values and "unit_price" not in row.unsure
        if alone and amount is not None and not ("part_number" in row.texts and quantity is not None):
            kind = self._amount_only(row, label, amount, quantity)
            if kind is not None:
                return kind
        if row.lost and amount is None and quantity is None and words.TOTAL.search(label):
            return "total", f"'{row.label}' names a sum"
        if self._optional(row, label):
            return "option", "marked as an option, outside the total"
        negative = (amount if amount is not None else price or Decimal(0)) < 0
        if negative:
            return "discount", "a negative amount"
        if is_freight(label) or row.texts.get("part_number", "").upper() in (
            "FRT",
            "FREIGHT",
            "SHIP",
            "FRACHT",
            "VERSAND",
            "PORT",
        ):
            return "freight", f"'{row.label}' names transport"
        if is_tax(label) and ("%" in label or quantity in (None, 1)):
            return "tax", f"'{row.label}' names a tax"
        no_price = all(not row.values.get(name) for name in _PRICES)
        if no_price and not row.unsure:
            text = fold(" | ".join((*row.words.values(), self._remarks(row))))
            if text and words.NO_BID.search(text):
                return "no_bid", "the vendor does not offer it"
            child = self._child(row)
            if child is not None:
                return child
        elif (child := self._priced_child(row)) is not None:
            return child
        if not no_price or quantity is not None:
            return "line", "an item with a price"
        return "line", "an item priced at zero"

    def _amount_only(
        self, row: Row, label: str, amount: Decimal, quantity: Decimal | None
    ) -> tuple[str, str] | None:
        total = words.TOTAL.search(label)
        charge = _TOTAL_OF_CHARGE.sub("", label)
        if words.CARRY.search(label) and not total:
            return "carry", "repeats the sum so far"
        if is_tax(label) and (
            not total or (is_tax(charge) and total.start() == 0) or _starts_with_tax(label)
        ):
            return "tax", f"'{row.label}' names a tax"
        if is_freight(label) and not (total and total.start() > 0):
            return "freight", f"'{row.label}' names transport"
        if amount < 0 or (words.DISCOUNT.search(label) and not total):
            return "discount", "a discount" if amount >= 0 else "a negative amount"
        if total or _with_or_without_tax(label):
            return "total", f"'{row.label}' names a sum"
        if self._optional(row, label):
            return "option", "marked as an option, outside the total"
        if quantity is None and "part_number" not in row.texts:
            return "lump", "an amount without quantity and unit price"
        return None

    def _optional(self, row: Row, label: str) -> bool:
        if self._section.optional:
            return True
        match = words.OPTION.search(label)
        if match and (match.start() == 0 or label[match.start() - 1] in "([-:"):
            return True
        remarks = fold(self._remarks(row))
        match = words.OPTION.search(remarks) if remarks else None
        return bool(match) and len(remarks) <= 40

    def _remarks(self, row: Row) -> str:
        return " | ".join(
            tidy(cell.value)
            for c in self.columns.remarks
            if (cell := row.cells.get(c)) is not None and isinstance(cell.value, str)
        )

    def _child(self, row: Row) -> tuple[str, str] | None:
        """A line without a price of its own that belongs to the line above."""
        priced_child = self._priced_child(row)
        if priced_child is not None:
            return priced_child
        if self._parent is None:
            return None
        if self.numbered and row.line_no is None:
            return "child", "no line number and no price: part of the line above"
        if not self.numbered and row.cells and self._depth(row) > self._parent_depth:
            return "child", "indented below its parent and without a price"
        return None

    def _priced_child(self, row: Row) -> tuple[str, str] | None:
        if (
            row.parent_no is not None
            and str(row.parent_no) in self._by_number
            and row.parent_no != row.line_no
        ):
            row.parent = self._by_number[str(row.parent_no)].number
            return "child", f"names line {row.parent_no} as its parent"
        above = self._dotted_parent(row)
        if above is not None:
            row.parent = above.number
            return "child", f"its number {row.line_no} stands under line {above.line_no}"
        if self._parent is not None and self._depth(row) > self._parent_depth:
            row.parent = self._parent.number
            if all(not row.values.get(name) for name in _PRICES) or not self._parent.values.get(
                "extended_price"
            ):
                return "child", "indented below its parent"
        return None

    def _dotted_parent(self, row: Row) -> Row | None:
        if not isinstance(row.line_no, str):
            return None
        match = _DOTTED.match(row.line_no)
        if match is None:
            return None
        above = self._by_number.get(match[1]) or self._by_number.get(match[1] + ".0")
        return above if above is not None and above.number != row.number else None

    def _depth(self, row: Row) -> int:
        cell = row.cells.get(self.columns.of.get("description", 0))
        return 0 if cell is None else depth(cell)

    def _recurrence(self, row: Row) -> str | None:
        return recurrence_in(fold(row.texts.get("recurrence", ""))) or self._section.recurrence

    def _remember(self, row: Row) -> None:
        if row.kind in ("line", "option", "no_bid", "freight"):
            self._parent, self._parent_depth = row, self._depth(row)
        elif row.kind == "total":
            self._parent = None
            self._section = (
                _Section(recurrence=self._section.recurrence) if not self._section.optional else self._section
            )
        if row.kind == "child" and row.parent is None and self._parent is not None:
            row.parent = self._parent.number
        if row.line_no is not None and row.kind not in ("total", "lump"):
            self._by_number.setdefault(str(row.line_no), row)


def recurrence_in(plain: str) -> str | None:
    """Whether a folded text speaks of one-off, monthly or annual charges.

    >>> recurrence_in("cuota mensual"), recurrence_in("pago unico"), recurrence_in("hardware")
    ('monthly', 'one_off', None)
    """
    for name, pattern in (("one_off", words.ONE_OFF), ("monthly", words.MONTHLY), ("annual", words.ANNUAL)):
        if pattern.search(plain):
            return name
    return None


def _starts_with_tax(label: str) -> bool:
    match = words.TAX.match(label)
    return bool(match) and not re.search(r"incl|inkl|excl|exkl", label)


def _with_or_without_tax(label: str) -> bool:
    match = words.TAX.search(label)
    return match is not None and _with_tax(label, match)


def _with_tax(label: str, tax: re.Match[str]) -> bool:
    return bool(_BEFORE_TAX.search(label[: tax.start()]) or _AFTER_TAX.match(label[tax.end() :]))


def is_tax(label: str) -> bool:
    """Whether a folded label names a tax amount (and not a sum with or without tax).

    >>> is_tax("zzgl. 19 % mwst."), is_tax("total excluding vat"), is_tax("sales tax 8.25% on hardware")
    (True, False, True)
    """
    match = words.TAX.search(label)
    return match is not None and not _with_tax(label, match)


def is_freight(label: str) -> bool:
    """Whether a folded label names transport as what is charged.

    >>> is_freight("est. freight (air)"), is_freight("delivery manager"), is_freight("送料（チャーター）")
    (True, False, True)
    """
    while match := words.FREIGHT_LEAD.match(label):
        label = label[match.end() :].lstrip(" ,.:-")
    match = words.FREIGHT.match(label)
    return match is not None and bool(_AFTER_FREIGHT.match(label[match.end() :]))


def depth(cell: Cell) -> int:
    """Indentation of a cell: the format's, or leading spaces and dots of its text."""
    spaces = 0
    if isinstance(cell.value, str):
        stripped = cell.value.lstrip(" \t\u00a0\u3000")
        spaces = len(cell.value) - len(stripped)
        if stripped[:2] in ("- ", "• ", "└ ", "> ", "↳ ", "* ") or stripped[:1] in "└↳•":
            spaces += 2
    return 10 * cell.indent + spaces


def classifier(columns: Columns, rows: Sequence[Row]) -> Classifier:
    """A classifier that knows how the block numbers its lines."""
    priced = [r for r in rows if r.values.get("unit_price") or r.values.get("extended_price")]
    items = [r for r in priced if "quantity" in r.values]
    numbered = bool(items) and sum(r.line_no is not None for r in items) >= 0.8 * len(items)
    return Classifier(columns, numbered)
