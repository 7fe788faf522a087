"""Which rows each subtotal and total adds up, and whether it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations

from rapidfuzz import fuzz

from desktop_app.exchange.quotes import vocabulary_rows as words
from desktop_app.exchange.quotes.extract import Row
from desktop_app.exchange.quotes.formulas import references
from desktop_app.exchange.quotes.text import fold

CENT = Decimal("0.01")
_MAX_SUBSET = 14
_MAX_SUFFIX = 2_000


@dataclass(slots=True)
class Item:
    """A priced row or subtotal waiting to be added up."""

    row: int
    amount: Decimal
    label: str
    currency: str | None
    recurrence: str | None
    is_total: bool = False
    is_charge: bool = False


@dataclass(slots=True)
class Sum:
    """A subtotal or total row, its members and what is wrong with it (None: nothing)."""

    row: int
    label: str
    amount: Decimal
    track: str
    members: tuple[int, ...]
    difference: Decimal = Decimal(0)
    fault: str | None = None
    omitted: tuple[int, ...] = ()
    currency: str | None = None
    covers_all: bool = False


@dataclass(slots=True)
class Ledger:
    """The rows of one amount column that are not yet part of any sum, from top to bottom."""

    track: str
    column: int
    open: list[Item] = field(default_factory=list)
    optional: list[Item] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    final: Sum | None = None
    fresh: int = 0  # items since the last sum or heading

    def add(self, item: Item, *, optional: bool = False) -> None:
        """A line that counts (or an option that does not)."""
        (self.optional if optional else self.open).append(item)

    def is_sum(self, amount: Decimal) -> bool:
        """Whether an unlabelled amount is the sum of two or more lines directly above it, or of earlier
        subtotals.
        """
        tail = self._tail()
        if len(tail) >= 2 and near_cent(total(tail), amount):
            return True
        if (
            any(i.is_total for i in self.open)
            and _one_currency(self.open)
            and near_cent(total(self.open), amount)
        ):
            return True
        sums = [i for i in self.open if i.is_total][-_MAX_SUBSET:]
        return any(
            near_cent(total(sums[start:end]), amount)
            for start in range(len(sums))
            for end in range(start + 2, len(sums) + 1)
        )

    def _tail(self) -> list[Item]:
        tail: list[Item] = []
        for item in reversed(self.open):
            if item.is_total:
                break
            tail.append(item)
        return tail[::-1]

    def resolve(self, row: Row, amount: Decimal) -> Sum:
        """Find what a sum row adds up, and take it off the open rows."""
        label = fold(row.label)
        found = self._members(row, label, amount)
        if found is None:
            result = self._fault(row, label, amount)
        else:
            result = Sum(row.number, row.label, amount, self.track, tuple(i.row for i in found),
                         amount - total(found))  # fmt: skip
        taken = set(result.members)
        members = [i for i in self.open if i.row in taken]
        self.open = [i for i in self.open if i.row not in taken]
        result.covers_all = not self.open
        currencies = {i.currency for i in members if i.currency}
        result.currency = currencies.pop() if len(currencies) == 1 else row.currency
        repeated = {i.recurrence for i in members}
        self.open.append(
            Item(
                row.number,
                amount,
                row.label,
                result.currency,
                repeated.pop() if len(repeated) == 1 else None,
                True,
            )
        )
        self.sums.append(result)
        return result

    def sum_of_options(self, row: Row, amount: Decimal) -> Sum | None:
        """The sum of the options below the last total, which is apart from the total itself."""
        if not self.open or not self.open[-1].is_total:
            return None
        below = [i for i in self.optional if i.row > self.open[-1].row]
        if not below or not near_cent(total(below), amount):
            return None
        self.optional = [i for i in self.optional if i not in below]
        return Sum(
            row.number, row.label, amount, self.track, tuple(i.row for i in below), amount - total(below)
        )

    def _members(self, row: Row, label: str, amount: Decimal) -> list[Item] | None:
        if not self.open:
            return None
        tail = self._tail()
        same = [i for i in self.open if i.currency == row.currency] if row.currency else []
        candidates: list[Sequence[Item]] = []
        if words.SUBTOTAL.search(label) or not words.FINAL.search(label):
            candidates += [tail, self.open]
        else:
            candidates += [self.open, tail]
        if 0 < len(same) < len(self.open):
            candidates = [same, [i for i in self.open if i.currency in (row.currency, None)], *candidates]
        for recurrence in ("one_off", "monthly", "annual"):
            part = [i for i in self.open if i.recurrence == recurrence]
            if 0 < len(part) < len(self.open):
                candidates.append(part)
        for candidate in candidates:
            if candidate and _one_currency(candidate) and near_cent(total(candidate), amount):
                return list(candidate)
        suffix = self._suffix(amount)
        if suffix is not None:
            return suffix
        subset = self._subset(label, amount)
        if subset is not None:
            return subset
        return self._by_formula(row, amount) or self._with_options(amount)

    def _suffix(self, amount: Decimal) -> list[Item] | None:
        """The rows directly above, as many as give the amount."""
        running = Decimal(0)
        for start in range(len(self.open) - 1, max(-1, len(self.open) - 1 - _MAX_SUFFIX), -1):
            running += self.open[start].amount
            if near_cent(running, amount) and _one_currency(self.open[start:]):
                return self.open[start:]
        return None

    def _subset(self, label: str, amount: Decimal) -> list[Item] | None:
        """Sums of some earlier subtotals and charges (a group total), the one whose names fit best."""
        sums = [i for i in self.open if i.is_total or i.is_charge][-_MAX_SUBSET:]
        found: list[tuple[float, list[Item]]] = []
        for size in range(1, len(sums) + 1):
            for group in combinations(sums, size):
                if near_cent(total(group), amount):
                    fit = sum(fuzz.token_set_ratio(label, fold(i.label)) for i in group) / size
                    found.append((fit, list(group)))
        return max(found, key=lambda f: f[0])[1] if found else None

    def _by_formula(self, row: Row, amount: Decimal) -> list[Item] | None:
        cell = row.cells.get(self.column)
        rows = references(cell.formula, self.column) if cell is not None and cell.formula else None
        if rows is None:
            return None
        wanted = set(rows)
        members = [i for i in self.open if i.row in wanted]
        lines = [i for i in members if not i.is_total]
        natural = [i for i in self.open if not i.is_total]
        if lines and len(lines) < len(natural) and not row.currency:
            return None  # a range that leaves lines out is what must be shown
        return members if members and near_cent(total(members), amount) else None

    def _with_options(self, amount: Decimal) -> list[Item] | None:
        """All open rows with the options above: the vendor has added them up after all."""
        if not self.optional:
            return None
        everything = sorted([*self.open, *self.optional], key=lambda i: i.row)
        if near_cent(total(everything), amount):
            self.open, self.optional = everything, []
            return list(everything)
        return None

    def _fault(self, row: Row, label: str, amount: Decimal) -> Sum:
        tail = self._tail()
        sub = words.SUBTOTAL.search(label) or not words.TOTAL.search(label)
        same = [i for i in self.open if i.currency == row.currency] if row.currency else []
        same = same if len(same) < len(self.open) else []
        expected = same or (tail if tail and sub and not words.FINAL.search(label) else list(self.open))
        if tail and not same and not sub and not words.FINAL.search(label):
            # A plain "total" may close a section or the whole: take what comes nearer.
            expected = min((tail, list(self.open)), key=lambda group: abs(amount - total(group)))
        difference = amount - total(expected)
        omitted = _explain(expected, difference)
        fault = "subtotal-omits-line" if omitted else "total-mismatch" if not sub else "subtotal-mismatch"
        return Sum(
            row.number,
            row.label,
            amount,
            self.track,
            tuple(i.row for i in expected),
            difference,
            fault,
            omitted,
        )


def _explain(items: Sequence[Item], difference: Decimal) -> tuple[int, ...]:
    """The rows whose absence explains a difference (one row, or two)."""
    for item in items:
        if item.amount and near_cent(-item.amount, difference) and len(items) > 1:
            return (item.row,)
    if len(items) <= 60:
        for a, b in combinations(items, 2):
            if near_cent(-(a.amount + b.amount), difference):
                return (a.row, b.row)
    return ()


def _one_currency(items: Sequence[Item]) -> bool:
    return len({i.currency for i in items if i.currency}) <= 1


def total(items: Sequence[Item]) -> Decimal:
    """Sum of amounts."""
    return sum((i.amount for i in items), Decimal(0))


def near_cent(a: Decimal, b: Decimal) -> bool:
    """Equal to the cent, one cent of rounding allowed.

    >>> near_cent(Decimal("740294.20"), Decimal("740294.19")), near_cent(Decimal("10.00"), Decimal("10.02"))
    (True, False)
    """
    return abs(a - b) <= CENT + Decimal("0.000001")
