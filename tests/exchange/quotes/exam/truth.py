"""Quotes with their truth: what is put into a table is written down as what a careful reader finds there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.exchange.quotes.exam.paper import Sheet

Show = Callable[[Any], tuple[Any, str | None]]
LINE_FIELDS = [
    "part_number",
    "description",
    "quantity",
    "unit",
    "list_price",
    "unit_price",
    "extended_price",
    "term_months",
    "currency",
]
# True of a line without being printed in a column of its own.
UNPRINTED = {"currency", "recurrence", "factor", "decimal"}


def grouped(thousands: str, decimal: str, places: int = 2, minus: str = "-{}") -> Callable[[Any], str]:
    """Numbers as text, e.g. 1.234,50."""

    def text(value: Any) -> str:
        plain = f"{abs(Decimal(str(value))):,.{places}f}"
        plain = plain.replace(",", "\0").replace(".", decimal).replace("\0", thousands)
        return minus.format(plain) if value < 0 else plain

    return text


def number(code: str | None = None) -> Show:
    """Shown as a number."""
    return lambda value: (value, code)


def text(write: Callable[[Any], str] = str) -> Show:
    """Shown as text."""
    return lambda value: (write(value), None)


def cents(value: Decimal | float, places: int = 2) -> float:
    """Rounded half up, as the vendor's program does."""
    return float(Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def times(*factors: float) -> float:
    """A product without binary noise."""
    product = Decimal(1)
    for factor in factors:
        product *= Decimal(str(factor))
    return float(product)


@dataclass(slots=True)
class Column:
    letter: str
    field: str | None
    title: str
    show: Show = field(default_factory=lambda: number())


@dataclass(slots=True)
class Table:
    """One block: put rows down from the header on; `truth` is what they are."""

    sheet: Sheet
    header_row: int
    columns: Sequence[Column]
    currency: str | None
    role: str = "quote"
    decimal: str = "."
    discount_as: str | None = None
    name: str | None = None
    basis: str | None = None
    row: int = 0
    lines: list[dict[str, Any]] = field(default_factory=list)
    hidden: list[dict[str, Any]] = field(default_factory=list)
    subtotals: list[dict[str, Any]] = field(default_factory=list)
    total_of: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        for column in self.columns:
            if column.title:
                self.sheet.put(f"{column.letter}{self.header_row}", column.title)
        self.row = self.header_row

    def at(self, name: str) -> str:
        """Letter of the column of a field."""
        return next(c.letter for c in self.columns if c.field == name)

    def line(
        self,
        kind: str = "line",
        *,
        counts: bool | None = None,
        hide: bool = False,
        raw: dict[str, Any] | None = None,
        beside: dict[str, Any] | None = None,
        formulas: dict[str, str] | None = None,
        indent: int = 0,
        derived: dict[str, float] | None = None,
        printed: bool = True,
        **given: Any,
    ) -> int:
        """Put a line into the next row; `raw` replaces what a field's cell shows, `beside` fills columns that
        mean nothing to the reader.  An extended price that is not given follows from the others."""
        self.row += 1
        shown = {column.field for column in self.columns}
        if "extended_price" in shown and "extended_price" not in given and kind != "no_bid":
            price = given.get("unit_price", (derived or {}).get("unit_price"))
            if price is not None and given.get("quantity") is not None:
                given["extended_price"] = cents(times(given["quantity"], price, given.get("factor", 1)))
        assert given.keys() <= shown | UNPRINTED, given.keys() - shown
        for column in self.columns:
            place = f"{column.letter}{self.row}"
            value, form = None, None
            if raw and column.field in raw:
                value = raw[column.field]
            elif column.field in given and given[column.field] is not None:
                value, form = column.show(given[column.field])
            elif beside and column.letter in beside:
                value, form = column.show(beside[column.letter])
            formula = (formulas or {}).get(column.field or "")
            if value is not None:
                deep = indent if column.field == "description" else 0
                self.sheet.put(
                    place, value, form, formula.format(r=self.row) if formula else None, indent=deep
                )
        found: dict[str, Any] = {"row": self.row, "kind": kind}
        for name in LINE_FIELDS:
            found[name] = given.get(name, self.currency if name == "currency" else None)
        found |= {name: value for name, value in given.items() if name not in LINE_FIELDS}
        if derived:
            found["derived"] = derived
        found["counts"] = kind not in ("child", "option", "no_bid") if counts is None else counts
        if hide:
            self.sheet.hidden_rows.add(self.row)
            self.hidden.append(found | {"hidden": True, "counts": False})
        else:
            self.lines.append(found)
        return self.row

    def note(self, place: str, words: str) -> None:
        """A row of words only."""
        self.row += 1
        self.sheet.put(f"{place}{self.row}", words)

    def skip(self, rows: int = 1) -> None:
        self.row += rows

    def sum(self, rows: Sequence[int], name: str = "extended_price") -> float:
        """What rows come to."""
        amounts = {line["row"]: line.get(name) for line in self.lines}
        amounts |= {s["row"]: s["amount"] for s in self.subtotals}
        return float(sum(Decimal(str(amounts[row] or 0)) for row in rows))

    def subtotal(
        self,
        label: str,
        rows: Sequence[int],
        *,
        amount: float | None = None,
        name: str = "extended_price",
        currency: str | None = None,
        formula: str | None = None,
        place: str | None = None,
        same_row: bool = False,
    ) -> int:
        """The sum of rows, in the column of `name`."""
        if not same_row:
            self.row += 1
        found = self._sum(label, rows, amount, name, formula, place)
        if name != "extended_price":
            found["column"] = self.at(name)
        if currency:
            found["currency"] = currency
            if any(c.field == "currency" for c in self.columns):
                self.sheet.put(f"{self.at('currency')}{self.row}", currency)
        self.subtotals.append(found)
        return self.row

    def total(
        self,
        label: str,
        rows: Sequence[int],
        amount: float | None = None,
        formula: str | None = None,
        place: str | None = None,
    ) -> int:
        """The block's total."""
        self.row += 1
        self.total_of = self._sum(label, rows, amount, "extended_price", formula, place)
        return self.row

    def _sum(
        self,
        label: str,
        rows: Sequence[int],
        amount: float | None,
        name: str,
        formula: str | None,
        place: str | None,
    ) -> dict[str, Any]:
        amount = self.sum(rows, name) if amount is None else amount
        column = next(c for c in self.columns if c.field == name)
        self.sheet.put(f"{place or self.at('description')}{self.row}", label)
        value, form = column.show(amount)
        self.sheet.put(f"{column.letter}{self.row}", value, form, formula)
        return {"row": self.row, "label": label, "amount": amount, "rows": list(rows)}

    @property
    def truth(self) -> dict[str, Any]:
        found: dict[str, Any] = {"sheet": self.sheet.name, "header_row": self.header_row, "role": self.role}
        for key in ("name", "basis", "decimal", "discount_as"):
            if getattr(self, key) is not None:
                found[key] = getattr(self, key)
        found["columns"] = {c.field: c.letter for c in self.columns if c.field}
        found["lines"] = self.lines
        if self.hidden:
            found["hidden_lines"] = self.hidden
        return found | {"subtotals": self.subtotals, "total": self.total_of}


FACTS = [
    "vendor",
    "quote_number",
    "revision",
    "quote_date",
    "valid_until",
    "price_status",
    "currency",
    "payment_terms",
    "lead_time",
]


@dataclass(slots=True)
class Quote:
    """A quote and its truth."""

    file: str
    covers: str
    sheets: list[Sheet]
    facts: dict[str, Any] = field(default_factory=dict)
    evidence: dict[str, dict[str, str]] = field(default_factory=dict)
    also_right: dict[str, list[str]] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    charges: list[dict[str, Any]] = field(default_factory=list)
    restated: list[dict[str, Any]] = field(default_factory=list)
    leases: list[dict[str, Any]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    reconciles: bool = True
    flags: list[dict[str, Any]] = field(default_factory=list)
    quiet: list[dict[str, str]] = field(default_factory=list)
    grand: dict[str, Any] | None = None
    may_refuse: bool = False
    how: dict[str, Any] = field(default_factory=dict)

    def fact(self, name: str, value: Any, place: str, raw: str, *others: str, sheet: int = 0) -> None:
        """A fact, with the cell that says so."""
        self.facts[name] = value
        self.evidence[name] = {"cell": f"{self.sheets[sheet].name}!{place}", "raw": raw}
        if others:
            self.also_right[name] = list(others)

    def flag(self, place: str, category: str, ask: bool, why: str, difference: float | None = None) -> None:
        """What a careful reader has to be told of; `place` with its sheet."""
        found = {"cell": place, "category": category, "severity": "ask" if ask else "warn", "why": why}
        self.flags.append(found if difference is None else found | {"difference": difference})

    def grand_total(self, table: Table) -> None:
        """The total of the only block is that of the quote."""
        total = table.total_of
        assert total is not None
        place = f"{table.sheet.name}!{table.at('extended_price')}{total['row']}"
        self.grand = {"cell": place, "amount": total["amount"], "currency": table.currency}

    @property
    def truth(self) -> dict[str, Any]:
        found: dict[str, Any] = {"file": self.file, "covers": self.covers.split()}
        found |= {name: self.facts.get(name) for name in FACTS}
        found |= {"evidence": self.evidence, "also_right": self.also_right, "grand_total": self.grand}
        found |= {"blocks": [table.truth for table in self.tables]}
        found |= {"charges": self.charges, "restated": self.restated, "leases": self.leases}
        found |= {"ignored_sheets": self.ignored, "reconciles": self.reconciles}
        found |= {"must_flag": self.flags, "must_not_flag": self.quiet}
        return found | ({"may_refuse": True} if self.may_refuse else {})
