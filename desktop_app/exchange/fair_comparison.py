"""Quotes of several vendors for the same need, brought to the same scope.

What one vendor includes and another leaves out is a gap; it is filled only by an assumption that somebody
names. Support and subscriptions are brought to the same number of years, monthly charges to the same months,
all money to one currency, and tax is left out of what is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from desktop_app.exchange.quote_words import sort_of, term_in
from desktop_app.exchange.quotes.model import Block, Line, Quote

SCOPES = (
    "GPU servers",
    "Network",
    "Storage",
    "Racks, power and cooling",
    "Software",
    "Support",
    "Installation and services",
    "Colocation",
    "Cloud",
    "Freight",
    "Discounts",
    "Other",
    "Tax",
)
_SCOPE_OF = {
    "servers": "GPU servers",
    "network": "Network",
    "storage": "Storage",
    "site equipment": "Racks, power and cooling",
    "software": "Software",
    "support": "Support",
    "installation": "Installation and services",
    "services": "Installation and services",
    "people": "Installation and services",
    "colocation": "Colocation",
    "cloud": "Cloud",
}
_BY_KIND = {"freight": "Freight", "tax": "Tax", "discount": "Discounts"}
_YEARLY = ("Software", "Support")  # bought for a term
_NEVER_A_GAP = ("Discounts", "Other", "Tax")
_COMPARED = tuple(scope for scope in SCOPES if scope != "Tax")


@dataclass(frozen=True, slots=True)
class Offer:
    """One vendor's offer: a quote, or one of its alternatives by the block's name.

    `gpus` and `gpu_memory_gb`, where given, replace what the descriptions say.
    """

    name: str
    quote: Quote
    block: str = ""
    gpus: int | None = None
    gpu_memory_gb: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Assumption:
    """An amount, in the currency of the comparison, that somebody takes for what an offer does not price."""

    offer: str
    scope: str
    amount: Decimal
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What an offer has for one scope.

    `quoted` is the amount as printed, in the comparison's currency; `amount` the one compared, None for a
    gap. `basis`: "quoted", "normalised", "assumed", "gap", or "not offered" where no other offer prices the
    scope either. `note` says how it was brought to the same scope; `cells` are the amounts' places in the
    quote.
    """

    offer: str
    scope: str
    quoted: Decimal
    amount: Decimal | None
    basis: str
    note: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One offer in comparison. `total` leaves tax out and is None while a gap is open."""

    offer: str
    entries: tuple[Entry, ...]
    total: Decimal | None
    total_without_gaps: Decimal
    tax: Decimal
    gpus: int | None
    gpu_memory_gb: Decimal | None
    per_gpu: Decimal | None
    per_gpu_memory_gb: Decimal | None
    per_year: Decimal | None

    @property
    def gaps(self) -> tuple[str, ...]:
        """Scopes that others price and this offer does not."""
        return tuple(entry.scope for entry in self.entries if entry.basis == "gap")


@dataclass(frozen=True, slots=True)
class FairComparison:
    """All offers over the same scopes, for the same years, in one currency. `remarks` need a person's eye."""

    currency: str
    years: int
    scopes: tuple[str, ...]
    columns: tuple[Column, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """An amount of one line or charge, brought to the comparison's years."""

    scope: str
    quoted: Decimal
    amount: Decimal
    note: str
    cell: str


def compare_offers(
    offers: Sequence[Offer],
    *,
    years: int,
    currency: str,
    rates: Mapping[str, Decimal],
    assumptions: Iterable[Assumption] = (),
) -> FairComparison:
    """Brings offers to the same scope.

    `rates` gives the price of one unit of each foreign currency in the comparison's. An offer whose currency
    has no rate is left out with a remark, never added as if it were the same money.
    """
    remarks: list[str] = []
    pieces: dict[str, list[_Piece]] = {}
    usable: list[Offer] = []
    for offer in offers:
        rate = Decimal(1) if offer.quote.currency == currency else rates.get(offer.quote.currency or "")
        if rate is None:
            what = offer.quote.currency or "no currency"
            remarks.append(
                f"{offer.name} is left out: it is in {what}, for which there is no rate to {currency}."
            )
            continue
        if not offer.quote.reconciles:
            remarks.append(
                f"{offer.name}: the quote's own sums do not prove; see its issues before relying on it."
            )
        usable.append(offer)
        pieces[offer.name] = list(_pieces(offer, years, rate, remarks))
    offered = {scope for found in pieces.values() for piece in found if (scope := piece.scope) in _COMPARED}
    filled = {(one.offer, one.scope): one for one in assumptions}
    columns = [
        _column(offer, pieces[offer.name], offered | {scope for name, scope in filled}, filled, years)
        for offer in usable
    ]
    shown = tuple(scope for scope in SCOPES if any(_has(column, scope) for column in columns))
    return FairComparison(currency, years, shown, tuple(columns), tuple(remarks))


def _has(column: Column, scope: str) -> bool:
    return any(entry.scope == scope and entry.basis != "not offered" for entry in column.entries)


def _blocks(offer: Offer) -> list[Block]:
    if offer.block:
        return [block for block in offer.quote.blocks if offer.block in (block.name, block.sheet)]
    return [block for block in offer.quote.blocks if block.role == "quote"]


def _pieces(offer: Offer, years: int, rate: Decimal, remarks: list[str]) -> Iterable[_Piece]:
    for block in _blocks(offer):
        for line in block.lines:
            if line.counts and not line.hidden:
                yield from _line_pieces(offer, block, line, years, rate, remarks)
    if not offer.block:
        for charge in offer.quote.charges:
            scope = _BY_KIND.get(charge.kind, "Other")
            yield _Piece(scope, charge.amount * rate, charge.amount * rate, "", charge.cell)


def _line_pieces(
    offer: Offer, block: Block, line: Line, years: int, rate: Decimal, remarks: list[str]
) -> Iterable[_Piece]:
    scope = _BY_KIND.get(line.kind) or _scope(line)
    months = Decimal(12 * years)
    monthly = line.mrc if line.mrc is not None else line.amount if line.recurrence == "monthly" else None
    once = line.nrc if line.mrc is not None or line.nrc is not None else None
    if monthly is not None:
        cell = _cell(block, line, "mrc" if line.mrc is not None else "extended_price")
        yield _Piece(scope, monthly * rate, monthly * months * rate, f"per month, times {months}", cell)
        if once:
            yield _Piece(scope, once * rate, once * rate, "", _cell(block, line, "nrc"))
        return
    amount = once if once is not None else line.amount
    if amount is None:
        return
    cell = _cell(block, line, "extended_price")
    quoted = amount * rate
    term = _term(line)
    if scope not in _YEARLY or term == months:
        yield _Piece(scope, quoted, quoted, "", cell)
    elif term:
        yield _Piece(scope, quoted, quoted * months / term, f"{term} months brought to {months}", cell)
    else:
        remarks.append(
            f"{offer.name}: {line.description or line.part_number} ({cell}) does not say for how long;"
            " taken as printed."
        )
        yield _Piece(scope, quoted, quoted, "term not stated", cell)


def _scope(line: Line) -> str:
    sort = sort_of(line.description or "")
    return _SCOPE_OF.get(sort.name, "Other") if sort else "Other"


def _term(line: Line) -> Decimal | None:
    if line.term_months:
        return line.term_months
    named = term_in(line.description or "")
    return Decimal(named) if named else None


def _cell(block: Block, line: Line, field: str) -> str:
    source = line.sources.get(field)
    column = (
        block.columns.get(field)
        or block.columns.get("extended_price")
        or block.columns.get("unit_price")
        or "A"
    )
    return block.address(source.row if source else line.row, column)


def _column(
    offer: Offer,
    pieces: list[_Piece],
    offered: set[str],
    filled: Mapping[tuple[str, str], Assumption],
    years: int,
) -> Column:
    entries = tuple(_entry(offer.name, scope, pieces, offered, filled) for scope in SCOPES)
    compared = [entry for entry in entries if entry.scope in _COMPARED]
    known = sum((entry.amount for entry in compared if entry.amount is not None), Decimal(0))
    total = None if any(entry.basis == "gap" for entry in compared) else known
    gpus, memory = _size(offer)
    return Column(
        offer.name,
        entries,
        total,
        known,
        next(entry.quoted for entry in entries if entry.scope == "Tax"),
        gpus,
        memory,
        total / gpus if total is not None and gpus else None,
        total / memory if total is not None and memory else None,
        total / years if total is not None else None,
    )


def _entry(
    offer: str,
    scope: str,
    pieces: list[_Piece],
    offered: set[str],
    filled: Mapping[tuple[str, str], Assumption],
) -> Entry:
    own = [piece for piece in pieces if piece.scope == scope]
    cells = tuple(piece.cell for piece in own)
    quoted = sum((piece.quoted for piece in own), Decimal(0))
    amount = sum((piece.amount for piece in own), Decimal(0))
    notes = "; ".join(dict.fromkeys(piece.note for piece in own if piece.note))
    assumption = filled.get((offer, scope))
    if own:
        return Entry(
            offer, scope, quoted, amount, "normalised" if amount != quoted else "quoted", notes, cells
        )
    if assumption is not None:
        return Entry(offer, scope, Decimal(0), assumption.amount, "assumed", assumption.name, ())
    if scope in offered and scope not in _NEVER_A_GAP:
        return Entry(offer, scope, Decimal(0), None, "gap", "not in this offer, priced in another", ())
    return Entry(offer, scope, Decimal(0), Decimal(0), "not offered", "", ())


_GPUS = re.compile(
    r"(?<![\d.])(\d{1,2})\s*(?:[x×]\s*|-\s*|\s+)?(?:[A-Z]{0,4}\d{2,3}[A-Z]?\s*)?GPUs?\b", re.IGNORECASE
)
_MEMORY = re.compile(r"(\d{2,3})\s*G(?:i?)B\s*(?:HBM\w*|VRAM|GPU memory)", re.IGNORECASE)


def gpus_in(description: str) -> int | None:
    """How many GPUs one piece has, by its description.

    >>> gpus_in("8U AI server, HGX H200 8-GPU baseboard"), gpus_in("Server with 4x H100 GPUs")
    (8, 4)
    """
    match = _GPUS.search(description)
    return int(match[1]) if match else None


def _size(offer: Offer) -> tuple[int | None, Decimal | None]:
    """GPUs and their memory in all. A server's own description counts before those of its parts."""
    gpus = 0
    memory: Decimal | None = None
    for block in _blocks(offer):
        servers = [
            line
            for line in block.lines
            if line.kind == "line" and line.counts and _scope(line) == "GPU servers"
        ]
        for line in servers:
            parts = [part for part in block.lines if part.parent_row == line.row]
            texts = [line.description or "", *(part.description or "" for part in parts)]
            each = next((count for text in texts if (count := gpus_in(text))), None)
            if each and line.quantity:
                gpus += int(each * line.quantity)
            found = next((match for text in texts if (match := _MEMORY.search(text))), None)
            if found and each and line.quantity:
                memory = (memory or Decimal(0)) + Decimal(found[1]) * each * line.quantity
    return offer.gpus or gpus or None, offer.gpu_memory_gb or memory
