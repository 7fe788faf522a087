"""Adding a block up: every row into its sum, every relation checked, the block's total found."""

from __future__ import annotations

from decimal import Decimal

from desktop_app.exchange.quotes import checks
from desktop_app.exchange.quotes import vocabulary_rows as words
from desktop_app.exchange.quotes.build import Draft
from desktop_app.exchange.quotes.classify import AMOUNTS
from desktop_app.exchange.quotes.extract import Row
from desktop_app.exchange.quotes.model import Mapping
from desktop_app.exchange.quotes.proof import prove_discount, prove_line, prove_rate
from desktop_app.exchange.quotes.text import fold
from desktop_app.exchange.quotes.totals import Item, Ledger, Sum, near_cent

_CHARGES = ("tax", "freight", "discount")
_MAX_BASES = 3_000  # rows above a tax among which the base of its rate is looked for


def add_up(block: Draft, mapping: Mapping) -> None:
    """Resolve sums from top to bottom, check every relation, and settle which lines count."""
    if block.price_list:
        for row in block.rows:
            checks.discount(block, row, prove_discount(row))
        return
    tracks = [t for t in AMOUNTS if t in block.columns.of] or ["extended_price"]
    main = tracks[0]
    ledgers = {t: Ledger(t, block.columns.of.get(t, 0)) for t in tracks}
    bases: list[Item] = []
    rows = {row.number: row for row in block.rows}
    index = 0
    while index < len(block.rows):
        row = block.rows[index]
        repeated = _rollup(block, index, ledgers[main], bases)
        if repeated:
            block.restated += [
                (r, f"second roll-up: {r.label}") for r in block.rows[index : index + repeated]
            ]
            del block.rows[index : index + repeated]
            continue
        index += 1
        if row.kind == "lump":
            amount = row.amount(main)
            named = words.SUBTOTAL.search(fold(row.label))
            if amount is not None and (named or ledgers[main].is_sum(amount)):
                row.kind, row.reason = "total", "the sum of the lines above it"
            else:
                row.kind = "line"
        if row.kind == "total":
            _sum_row(block, row, rows, ledgers, bases)
        else:
            _line_row(block, row, rows, ledgers, bases, mapping)
    _finish(block, ledgers, main)


def is_amount_only(row: Row) -> bool:
    """A row with an amount and neither quantity nor unit price."""
    return (
        row.kind in ("total", "lump", *_CHARGES)
        and "quantity" not in row.values
        and "unit_price" not in row.values
        and "part_number" not in row.texts
    )


def split_footer(block: Draft, siblings: Decimal) -> list[Row]:
    """Cut off the rows that add this block's total and its siblings' (`siblings`, their sum) together,
    and return them.
    """
    for index, row in enumerate(block.rows):
        amount = row.amount()
        if row.kind != "total" or amount is None:
            continue
        tail = block.rows[index + 1 :]
        if not tail or not all(is_amount_only(r) for r in tail):
            continue
        running = siblings + amount
        for later in tail:
            value = later.amount()
            if value is None:
                continue
            if near_cent(value, running):
                del block.rows[index + 1 :]
                return tail
            running += value if later.kind in _CHARGES else 0
    return []


def _rollup(block: Draft, index: int, ledger: Ledger, bases: list[Item]) -> int:
    """How many rows from `index` on only repeat what was added up before."""
    if len(ledger.open) != 1 or not ledger.open[0].is_total or not is_amount_only(block.rows[index]):
        return 0
    whole = ledger.open[0].amount
    if words.SUBTOTAL.search(fold(ledger.open[0].label)) and not words.FINAL.search(
        fold(ledger.open[0].label)
    ):
        return 0
    group = []
    for row in block.rows[index:]:
        if not is_amount_only(row):
            break
        group.append(row)
    amounts = [row.amount(ledger.track) or Decimal(0) for row in group]
    running = Decimal(0)
    for count, amount in enumerate(amounts, 1):
        if near_cent(amount, whole) and (count == 1 or near_cent(running, whole)):
            return count
        running += amount
    if near_cent(running, whole) and len(amounts) > 1:
        return len(amounts)
    known = [item.amount for item in bases]
    under_heading = any(
        words.SUMMARY.search(fold(text))
        for number, text, _ in block.notes
        if ledger.open[0].row < number < group[0].number
    )
    if under_heading and all(any(near_cent(a, k) for k in known) for a in amounts):
        return len(amounts)
    end = next((n for n, amount in enumerate(amounts) if n > 0 and near_cent(amount, whole)), 0)
    if under_heading and end:
        parts = amounts[:end]
        odd = [n for n, amount in enumerate(parts) if not any(near_cent(amount, k) for k in known)]
        wrong = group[odd[0]] if len(odd) == 1 else group[end]
        checks.summary(block, wrong, sum(parts, Decimal(0)) - whole)
        return end + 1
    return 0


def _sum_row(
    block: Draft, row: Row, rows: dict[int, Row], ledgers: dict[str, Ledger], bases: list[Item]
) -> None:
    for track, ledger in ledgers.items():
        amount = row.amount(track)
        if amount is None:
            continue
        of_options = ledger.sum_of_options(row, amount)
        if of_options is not None:
            of_options.currency = row.currency
            block.sums.append(of_options)
            continue
        found = ledger.resolve(row, amount)
        block.sums.append(found)
        if found.fault:
            checks.sum_fault(block, found)
        else:
            _count_members(rows, found)
        bases.append(ledger.open[-1])


def _count_members(rows: dict[int, Row], found: Sum) -> None:
    """Rows that a proved sum takes in count, and have its currency where they show none."""
    for number in found.members:
        row = rows[number]
        if row.currency is None:
            row.currency = found.currency
        if row.kind in ("option", "child") and not row.counts:
            row.counts = True
            if row.kind == "option":
                row.kind, row.reason = "line", "called an option, but part of the printed total"


def _priced_parent(row: Row, rows: dict[int, Row]) -> bool:
    """Whether the parent's own price already holds the child's."""
    parent = rows.get(row.parent or 0)
    return parent is None or bool(parent.amount())


def _line_row(
    block: Draft,
    row: Row,
    rows: dict[int, Row],
    ledgers: dict[str, Ledger],
    bases: list[Item],
    mapping: Mapping,
) -> None:
    if row.kind == "carry":
        return
    if row.kind != "no_bid":
        mismatch = prove_line(row)
        if mismatch is not None:
            checks.line(block, row, mismatch, mapping)
        checks.discount(block, row, prove_discount(row))
    apart = row.kind in ("option", "no_bid") or (row.kind == "child" and _priced_parent(row, rows))
    for track, ledger in ledgers.items():
        amount = row.amount(track)
        if amount is None or row.kind == "no_bid" or (row.kind == "child" and not amount):
            continue
        if row.kind in ("tax", "discount") and "quantity" not in row.values and len(bases) <= _MAX_BASES:
            wrong = prove_rate(row.label, amount, bases, row.currency)
            if wrong is not None:
                checks.rate(block, row, wrong)
        item = Item(row.number, amount, row.label, row.currency, row.recurrence, False, row.kind in _CHARGES)
        ledger.add(item, optional=apart)
        if not apart:
            bases.append(item)
            row.counts = True


def _finish(block: Draft, ledgers: dict[str, Ledger], main: str) -> None:
    """The block's total is the sum that leaves nothing open."""
    ledger = ledgers[main]
    last = ledger.open[0] if len(ledger.open) == 1 and ledger.open[0].is_total else None
    if main == "extended_price" and last is not None:
        block.final = next(s for s in block.sums if s.row == last.row and s.track == main)
        return
    whole = [s for s in ledger.sums if s.covers_all and not words.SUBTOTAL.search(fold(s.label))]
    if whole and any(not item.is_total for item in ledger.open):
        if main == "extended_price":
            block.final = whole[-1]
        checks.outside_total(block, ledger)
