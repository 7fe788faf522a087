"""What a vendor's quote says, as data: facts, blocks of lines, totals, charges, leases and the open
questions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import NamedTuple

from desktop_app.exchange.reading.grid import Scalar

# Kinds of a line; "note" rows are listed apart and are no lines.
KINDS = ("line", "child", "option", "freight", "tax", "discount", "no_bid")
ROLES = ("quote", "alternative", "price_list")

# Fields of a line that a column can hold.
NUMBER_FIELDS = (
    "quantity",
    "quantity_per_system",
    "list_price",
    "unit_price",
    "extended_price",
    "discount_pct",
    "term_months",
    "rate_1y",
    "rate_3y",
    "nrc",
    "mrc",
    "nrc_unit",
    "mrc_unit",
    "list_price_2",
    "unit_price_2",
    "price_per",
    "minimum_quantity",
)
TEXT_FIELDS = ("part_number", "description", "unit", "currency", "line_no", "parent_no", "recurrence")
MONEY_FIELDS = frozenset(
    [
        "list_price",
        "unit_price",
        "extended_price",
        "rate_1y",
        "rate_3y",
        "nrc",
        "mrc",
        "nrc_unit",
        "mrc_unit",
        "list_price_2",
        "unit_price_2",
    ]
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact was read: the cell, and the part of its text that says so."""

    cell: str
    raw: str
    number_format: str | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """One answer to an open question, with the total it would lead to (None: it changes no total)."""

    key: str
    label: str
    total: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """Something wrong or open at a cell.

    `code` is the category; `ask` means: must be answered before the value is used.  `id` is stable for
    the same file,
    so that an answer can be remembered; `answer` is the alternative chosen, once it has been.
    """

    code: str
    cell: str
    message: str
    ask: bool = False
    alternatives: tuple[Alternative, ...] = ()
    difference: Decimal | None = None
    cells: tuple[str, ...] = ()
    answer: str | None = None

    @property
    def id(self) -> str:
        """Name of the question: code and cell."""
        return f"{self.code}@{self.cell}"

    @property
    def severity(self) -> str:
        """ "error" where a person must answer, else "warning"."""
        return "error" if self.ask else "warning"


class Source(NamedTuple):
    """The cell a value was read from, as stored there."""

    row: int
    column: int
    raw: Scalar
    number_format: str | None = None
    formula: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a block; numbers are true values, None where nothing is printed.

    `discount_pct` is always in percent.  `factor` makes quantity x unit price x factor the extended price
    (a monthly
    price times months, a price per hundred).  `derived` holds what is not printed but follows.  `sources`
    holds the cell
    of every field: its raw value, number format and place.  `counts`: the line is part of the block's total.
    """

    row: int
    kind: str
    reason: str
    counts: bool
    part_number: str | None = None
    description: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    list_price: Decimal | None = None
    unit_price: Decimal | None = None
    extended_price: Decimal | None = None
    term_months: Decimal | None = None
    currency: str | None = None
    discount_pct: Decimal | None = None
    quantity_per_system: Decimal | None = None
    line_no: str | int | None = None
    parent_no: str | int | None = None
    rate_1y: Decimal | None = None
    rate_3y: Decimal | None = None
    nrc: Decimal | None = None
    mrc: Decimal | None = None
    nrc_unit: Decimal | None = None
    mrc_unit: Decimal | None = None
    list_price_2: Decimal | None = None
    unit_price_2: Decimal | None = None
    recurrence: str | None = None
    factor: Decimal | None = None
    decimal: str | None = None
    hidden: bool = False
    parent_row: int | None = None
    tiers: tuple[tuple[int, Decimal], ...] = ()
    derived: MappingABC[str, Decimal] = field(default_factory=dict)
    sources: MappingABC[str, Source] = field(default_factory=dict)

    def __reduce__(self) -> tuple[type[Line], tuple[object, ...]]:
        """Lines cross the border between processes by the thousand: as plain arguments, not field by
        field.
        """
        return Line, tuple(getattr(self, name) for name in _LINE_FIELDS)

    @property
    def amount(self) -> Decimal | None:
        """The extended price, printed or derived."""
        return self.extended_price if self.extended_price is not None else self.derived.get("extended_price")


_LINE_FIELDS = tuple(f.name for f in fields(Line))


@dataclass(frozen=True, slots=True)
class Total:
    """A subtotal or total row: `rows` are the line and subtotal rows a reader expects in it."""

    row: int
    label: str
    amount: Decimal
    rows: tuple[int, ...]
    column: str | None = None
    currency: str | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A row of a block that is no line: heading or remark."""

    row: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Block:
    """One table: the lines under one header row."""

    sheet: str
    header_row: int
    role: str
    columns: MappingABC[str, str]
    lines: tuple[Line, ...]
    name: str | None = None
    basis: str | None = None
    decimal: str = "."
    discount_as: str | None = None
    subtotals: tuple[Total, ...] = ()
    total: Total | None = None
    hidden_lines: tuple[Line, ...] = ()
    notes: tuple[Note, ...] = ()
    headers: MappingABC[str, str] = field(default_factory=dict)
    confidence: float = 1.0

    def address(self, row: int, column: str) -> str:
        """Address of a cell of this block."""
        return f"{self.sheet}!{column}{row}"


@dataclass(frozen=True, slots=True)
class Charge:
    """Freight, tax or discount standing outside every table."""

    cell: str
    kind: str
    label: str
    amount: Decimal
    currency: str | None


@dataclass(frozen=True, slots=True)
class Restated:
    """An amount that repeats money counted elsewhere."""

    cell: str
    amount: Decimal
    why: str


@dataclass(frozen=True, slots=True)
class GrandTotal:
    """What is to be paid in all; `of` are the cells that add up to it where they stand in several blocks."""

    cell: str
    amount: Decimal
    currency: str | None
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lease:
    """An offer to pay by month instead of buying; always an alternative, never added."""

    cell: str
    monthly: Decimal
    term_months: int
    purchase_price: Decimal | None = None
    rate_per_1000: Decimal | None = None
    currency: str | None = None
    residual: Decimal | None = None
    timing: str | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a person decided about a workbook's layout, and the answers given to open questions.

    `answers`: issue id -> key of the alternative.  `headers`: sheet -> header rows (replaces what would
    be found).  `columns`: (sheet, column) -> field, "" for none.  `rows`: (sheet, row) -> kind, "note",
    "subtotal" or "total".
    """

    answers: MappingABC[str, str] = field(default_factory=dict)
    headers: MappingABC[str, tuple[int, ...]] = field(default_factory=dict)
    columns: MappingABC[tuple[str, int], str] = field(default_factory=dict)
    rows: MappingABC[tuple[str, int], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quote:
    """All that a workbook says as a vendor's quote."""

    file: str
    sha256: str
    vendor: str | None = None
    quote_number: str | None = None
    revision: str | None = None
    quote_date: dt.date | None = None
    valid_until: dt.date | None = None
    price_status: str | None = None
    currency: str | None = None
    payment_terms: str | None = None
    lead_time: str | None = None
    evidence: MappingABC[str, Evidence] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    charges: tuple[Charge, ...] = ()
    restated: tuple[Restated, ...] = ()
    grand_total: GrandTotal | None = None
    leases: tuple[Lease, ...] = ()
    ignored_sheets: tuple[str, ...] = ()
    reconciles: bool = False
    issues: tuple[Issue, ...] = ()

    @property
    def questions(self) -> tuple[Issue, ...]:
        """What must be answered before the quote can be imported."""
        return tuple(issue for issue in self.issues if issue.ask)
