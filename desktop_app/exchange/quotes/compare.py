"""Two quotes of one vendor: whether they are laid out alike, and what changed from one revision to the
next.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rapidfuzz import fuzz

from desktop_app.exchange.quotes.header import key
from desktop_app.exchange.quotes.model import Line, Quote
from desktop_app.exchange.quotes.text import fold

_COMPARED = (
    "kind",
    "part_number",
    "description",
    "quantity",
    "unit",
    "list_price",
    "discount_pct",
    "unit_price",
    "extended_price",
    "term_months",
    "currency",
    "nrc",
    "mrc",
    "rate_1y",
    "rate_3y",
)
_FACTS = (
    "vendor",
    "quote_number",
    "revision",
    "quote_date",
    "valid_until",
    "price_status",
    "currency",
    "payment_terms",
    "lead_time",
)
_ALIKE = 80  # least likeness of two descriptions (percent) to be called the same item


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of a line or fact of a quote, before and after."""

    field: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class LineChange:
    """What became of a line: "added", "removed", "changed" or "same"; `difference` is new amount minus
    old.
    """

    what: str
    old: Line | None
    new: Line | None
    changes: tuple[FieldChange, ...] = ()
    difference: Decimal | None = None


@dataclass(frozen=True, slots=True)
class QuoteComparison:
    """Two revisions side by side: facts, lines, and the difference of the grand totals."""

    facts: tuple[FieldChange, ...]
    lines: tuple[LineChange, ...]
    total_difference: Decimal | None

    @property
    def changed(self) -> tuple[LineChange, ...]:
        """Lines that are not the same as before."""
        return tuple(change for change in self.lines if change.what != "same")


def vendor_key(quote: Quote) -> str:
    """Vendor name as it is compared between files.

    >>> vendor_key(Quote("a.xlsx", "", vendor="DUNMORE  Distribution"))
    'dunmore distribution'
    """
    return fold(quote.vendor or "")


def fingerprint(quote: Quote) -> str:
    """Stable name of a vendor's layout: the vendor and the column names of its tables, not their places
    or figures.

    A mapping that a person made is remembered under it and offered for the next file with the same
    fingerprint.
    """
    tables = sorted(
        {
            "|".join(sorted(filter(None, (key(name) for name in block.headers.values()))))
            for block in quote.blocks
        }
    )
    text = "\n".join([vendor_key(quote), *tables])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def compare_quotes(old: Quote, new: Quote) -> QuoteComparison:
    """Line-by-line difference of two revisions.

    Lines are matched by part number (in order, where it occurs more than once), then by line number with
    a similar
    description, then by description alone.
    """
    facts = tuple(
        FieldChange(name, getattr(old, name), getattr(new, name))
        for name in _FACTS
        if getattr(old, name) != getattr(new, name)
    )
    before, after = _lines(old), _lines(new)
    pairs = _match(before, after)
    matched_old = {id(a) for a, _ in pairs}
    partner = {id(b): a for a, b in pairs}
    changes = [_change(partner.get(id(line)), line) for line in after]
    changes += [_change(line, None) for line in before if id(line) not in matched_old]
    difference = None
    if old.grand_total and new.grand_total and old.grand_total.currency == new.grand_total.currency:
        difference = new.grand_total.amount - old.grand_total.amount
    return QuoteComparison(facts, tuple(changes), difference)


def _lines(quote: Quote) -> list[Line]:
    return [line for block in quote.blocks for line in block.lines]


def _match(before: Sequence[Line], after: Sequence[Line]) -> list[tuple[Line, Line]]:
    pairs: list[tuple[Line, Line]] = []
    used: set[int] = set()

    def take(olds: Iterable[Line], news: Iterable[Line]) -> None:
        for a, b in zip(olds, news, strict=False):
            pairs.append((a, b))
            used.update((id(a), id(b)))

    for name in ("part_number", "description"):
        olds, news = _by(before, name, used), _by(after, name, used)
        for text, lines in news.items():
            take(olds.get(text, ()), lines)
    left = [line for line in before if id(line) not in used]
    for line in after:
        if id(line) in used or not left:
            continue
        best = max(left, key=lambda other: _likeness(other, line))
        if _likeness(best, line) >= _ALIKE:
            left.remove(best)
            take([best], [line])
    return pairs


def _by(lines: Sequence[Line], name: str, used: set[int]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        text = getattr(line, name)
        if text and id(line) not in used:
            found[fold(text)].append(line)
    return found


def _likeness(old: Line, new: Line) -> float:
    if not old.description or not new.description or old.kind != new.kind:
        return 0.0
    same_number = old.line_no is not None and str(old.line_no) == str(new.line_no)
    return fuzz.token_set_ratio(fold(old.description), fold(new.description)) + (10 if same_number else 0)


def _change(old: Line | None, new: Line | None) -> LineChange:
    if old is None or new is None:
        line = new or old
        amount = line.amount if line is not None and line.counts else None
        if new is None:
            return LineChange("removed", old, None, (), None if amount is None else -amount)
        return LineChange("added", None, new, (), amount)
    changes = tuple(
        FieldChange(name, getattr(old, name), getattr(new, name))
        for name in _COMPARED
        if getattr(old, name) != getattr(new, name)
    )
    difference = None
    if old.amount is not None and new.amount is not None:
        difference = new.amount - old.amount
    return LineChange("changed" if changes else "same", old, new, changes, difference)
