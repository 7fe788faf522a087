"""Money outside the tables: amounts that repeat the tables, charges on their own, and the total over
several tables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from desktop_app.exchange.quotes import vocabulary_rows as words
from desktop_app.exchange.quotes.build import Draft
from desktop_app.exchange.quotes.checks import money
from desktop_app.exchange.quotes.classify import is_freight, is_tax
from desktop_app.exchange.quotes.column_content import number
from desktop_app.exchange.quotes.extract import Row
from desktop_app.exchange.quotes.labels import Area, cells_of
from desktop_app.exchange.quotes.model import Alternative, Charge, GrandTotal, Issue, Restated
from desktop_app.exchange.quotes.money_text import amounts
from desktop_app.exchange.quotes.proof import cents
from desktop_app.exchange.quotes.text import fold, tidy
from desktop_app.exchange.quotes.totals import near_cent
from desktop_app.exchange.reading.grid import Cell, address

_LEAST = Decimal(1)
_HALF = Decimal("0.5")
_OF_A_PART = re.compile(
    r"(?<![a-z])(?:per|each|pro|je|par|por|list|msrp|before|savings?|budget|liste|listen|lista)(?![a-z])"
)
_CHARGES = ("tax", "freight", "discount")
_INCLUDED = re.compile(
    r"includ|inbegriffen|enthalten|compris|inclus|inbegrepen|free of|\bfrei\b|franco|gratis|"
    r"込|包含|כלול|prepaid and allowed|no charge"
)


@dataclass(slots=True)
class Outside:
    """What stands outside the tables."""

    charges: list[Charge] = field(default_factory=list)
    restated: list[Restated] = field(default_factory=list)
    grand_total: GrandTotal | None = None
    issues: list[Issue] = field(default_factory=list)
    proved: bool = True
    sheets: set[str] = field(default_factory=set)


def totals_of(blocks: Sequence[Draft]) -> list[tuple[str, Decimal]]:
    """Cell and amount of each block's total."""
    return [(_total_cell(block), block.final.amount) for block in blocks if block.final is not None]


def _total_cell(block: Draft) -> str:
    assert block.final is not None  # callers ask only for blocks that have one
    return address(block.sheet, block.final.row, block.amount_column(block.final.track))


def read_footer(
    result: Outside, rows: Sequence[Row], block: Draft, blocks: Sequence[Draft], currency: str | None
) -> None:
    """Rows below several tables: their sum, charges on it, and the grand total."""
    parts = totals_of(blocks)
    running = sum((amount for _, amount in parts), Decimal(0))
    members = [cell for cell, _ in parts]
    last = max((r.number for r in rows if r.kind in ("total", "lump")), default=0)
    for row in rows:
        amount = row.amount()
        if amount is None:
            continue
        cell = block.place(row.number, "extended_price")
        if row.kind in _CHARGES:
            result.charges.append(Charge(cell, row.kind, row.label, amount, currency))
            members.append(cell)
            running += amount
            continue
        wrong = not near_cent(amount, running)
        if wrong:
            result.issues.append(_wrong_total(cell, row.label, amount, running, members))
            result.proved = False
        if row.number == last:
            result.grand_total = GrandTotal(cell, amount, currency, tuple(members))
        elif not wrong:
            result.restated.append(Restated(cell, amount, f"sum of the totals above: {row.label}"))
    result.sheets.add(block.sheet)


def _wrong_total(cell: str, label: str, amount: Decimal, expected: Decimal, members: Sequence[str]) -> Issue:
    return Issue(
        "total-mismatch",
        cell,
        f"'{label}' is printed as {money(amount)}, but the totals and charges above add up to "
        f"{money(expected)} "
        f"({money(amount - expected)} difference).",
        True,
        (
            Alternative("lines", f"trust the tables: {money(expected)}", expected),
            Alternative("printed", f"trust the printed sum: {money(amount)}", amount),
        ),
        amount - expected,
        tuple(members),
    )


def known_amounts(blocks: Sequence[Draft], result: Outside) -> dict[Decimal, str]:
    """Totals, subtotals and charges of the tables and what they are."""
    known: dict[Decimal, str] = {}
    for block in blocks:
        name = block.title or block.sheet
        for found in block.sums:
            known.setdefault(abs(found.amount), f"'{found.label}' of {name}")
        for row in block.rows:
            if row.kind in _CHARGES and (amount := row.amount()) is not None:
                known.setdefault(abs(amount), f"{row.kind} '{row.label}' of {name}")
    if result.grand_total is not None:
        known.setdefault(result.grand_total.amount, "the grand total")
    for charge in result.charges:
        known.setdefault(abs(charge.amount), f"{charge.kind} '{charge.label}'")
    return {amount: what for amount, what in known.items() if amount >= _LEAST}


def scan(
    result: Outside, areas: Sequence[Area], blocks: Sequence[Draft], sign: str, currency: str | None
) -> None:
    """Find amounts around the tables that repeat them, charges that stand alone, and a total over
    several sheets.
    """
    known = known_amounts(blocks, result)
    quotes = [b for b in blocks if not b.price_list]
    freight_inside = any(r.kind == "freight" for b in quotes for r in b.rows)
    if result.grand_total is None and len({b.sheet for b in quotes}) > 1:
        _over_sheets(result, areas, quotes, sign, currency)
        known = known_amounts(blocks, result)
    skip = {c.cell for c in result.charges} | {r.cell for r in result.restated}
    if result.grand_total is not None:
        skip.add(result.grand_total.cell)
    _contradictions(result, areas, quotes, sign, skip)
    for area in areas:
        for cell in cells_of(area):
            place = address(area.view.name, cell.row, cell.column)
            if place in skip:
                continue
            if isinstance(cell.value, str) and quotes:
                _text(result, cell, place, known, sign, currency, freight_inside)
            elif (value := number(cell, sign)) is not None and (what := _known(known, value)):
                result.restated.append(Restated(place, value, f"repeats {what}"))


def _contradictions(
    result: Outside, areas: Sequence[Area], quotes: Sequence[Draft], sign: str, known: set[str]
) -> None:
    """A total stated above the tables, or on a sheet without any, that is near theirs and another."""
    sums = [s.amount for b in quotes for s in b.sums]
    whole = result.grand_total.amount if result.grand_total else None
    if whole is None and len(finals := [b.final.amount for b in quotes if b.final]) == 1:
        whole = finals[0]
    if whole is None or whole <= 0:
        return
    for area in areas:
        for row in area.top:
            cells = area.view.rows[row]
            texts = [
                tidy(c.value) for c in cells.values() if isinstance(c.value, str) and number(c, sign) is None
            ]
            values = [(c, v) for c in cells.values() if (v := number(c, sign)) is not None]
            if len(texts) != 1 or len(values) != 1 or not _names_the_total(fold(texts[0])):
                continue
            cell, value = values[0]
            near = _HALF * whole < value < (1 + _HALF) * whole
            place = address(area.view.name, cell.row, cell.column)
            if near and place not in known and not any(near_cent(value, s) for s in (*sums, whole)):
                result.issues.append(_wrong_total(place, texts[0], value, whole, ()))
                result.proved = False


def _names_the_total(label: str) -> bool:
    found = words.TOTAL.search(label)
    others = (words.DISCOUNT, words.LEASE, words.MONTHLY, words.ANNUAL, words.SUBTOTAL, _OF_A_PART)
    return found is not None and not any(pattern.search(label) for pattern in others)


def _known(known: dict[Decimal, str], value: Decimal) -> str | None:
    return known.get(abs(value)) or known.get(cents(abs(value)))


def _text(
    result: Outside,
    cell: Cell,
    place: str,
    known: dict[Decimal, str],
    sign: str,
    currency: str | None,
    freight_inside: bool,
) -> None:
    text = str(cell.value)
    if len(text) > 600 or not any(c.isdigit() for c in text):
        return
    found = amounts(text, sign)
    if not found and len(text) < 30 and (value := number(cell, sign)) is not None and _known(known, value):
        result.restated.append(Restated(place, value, f"repeats {_known(known, value)}"))
        return
    plain = fold(text)
    for amount in found:
        what = _known(known, amount.value)
        if what is not None:
            result.restated.append(Restated(place, amount.value, f"repeats {what}"))
        elif len(found) == 1 and len(text) <= 160 and not _INCLUDED.search(plain):
            kind = _charge_kind(plain)
            if kind == "freight" and freight_inside:
                result.issues.append(_freight_conflict(place, text, amount.value))
            elif kind and not freight_inside:
                charged = amount.currency or currency
                result.charges.append(Charge(place, kind, tidy(text), amount.value, charged))


def _charge_kind(plain: str) -> str | None:
    if is_freight(plain):
        return "freight"
    return "tax" if is_tax(plain) and words.TAX.match(plain) else None


def _freight_conflict(place: str, text: str, amount: Decimal) -> Issue:
    return Issue(
        "freight-conflict",
        place,
        f"'{tidy(text)}' names {money(amount)} for freight, the table another amount.",
        True,
        (Alternative("table", "the table is right"), Alternative("text", f"{money(amount)} is right")),
    )


def _over_sheets(
    result: Outside, areas: Sequence[Area], blocks: Sequence[Draft], sign: str, currency: str | None
) -> None:
    """A total outside the tables that adds the totals of tables on several sheets."""
    parts = totals_of(blocks)
    if len(parts) < 2:
        return
    for area in areas:
        charges: list[tuple[str, str, str, Decimal]] = []
        running = sum((amount for _, amount in parts), Decimal(0))
        subtotal: tuple[str, Decimal] | None = None
        for row in (*area.top, *area.below):
            cells = area.view.rows[row]
            label = next(
                (
                    tidy(c.value)
                    for c in cells.values()
                    if isinstance(c.value, str) and number(c, sign) is None
                ),
                "",
            )
            values = [(c, v) for c in cells.values() if (v := number(c, sign)) is not None]
            if not label or not values:
                continue
            cell, value = values[-1]
            place = address(area.view.name, cell.row, cell.column)
            plain = fold(label)
            if near_cent(value, running) and abs(value) >= _LEAST:
                if subtotal is not None:
                    result.restated.append(Restated(subtotal[0], subtotal[1], "sum of the tables' totals"))
                subtotal = (place, value)
                members = (*(c for c, _ in parts), *(c for c, _, _, _ in charges))
                result.grand_total = GrandTotal(place, value, currency, members)
            elif is_tax(plain) or is_freight(plain) or words.DISCOUNT.search(plain):
                kind = "tax" if is_tax(plain) else "freight" if is_freight(plain) else "discount"
                charges.append((place, kind, label, value))
                running += value
        if result.grand_total is not None:
            result.charges += [
                Charge(p, k, lab, v, currency) for p, k, lab, v in charges if p in result.grand_total.of
            ]
            result.sheets.add(area.view.name)
            return
