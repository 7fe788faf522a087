"""What was understood of a quote, as rows for tables: facts, lines and sums, and how each is proved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from desktop_app.exchange.quote_proof import ANSWERED, FAILS, HOLDS, LINE, ROUNDED, Step, counted, proof_steps
from desktop_app.exchange.quotes import Block, Line, Quote
from desktop_app.ui import display
from desktop_app.ui.cells import Mark
from desktop_app.ui.review import CHARGE, HEADER, HIDDEN, LEASE, SUBTOTAL, TOTAL, class_words, place_of_cell
from desktop_app.ui.tables import Column

_FACTS = (
    ("vendor", "Vendor"),
    ("quote_number", "Quote number"),
    ("revision", "Revision"),
    ("quote_date", "Date"),
    ("valid_until", "Valid until"),
    ("price_status", "Prices are"),
    ("currency", "Currency"),
    ("payment_terms", "Payment terms"),
    ("lead_time", "Lead time"),
)
_ROLES = {
    "quote": "",
    "alternative": "an alternative",
    "price_list": "a price list: rates without quantities",
}


@dataclass(frozen=True, slots=True)
class FactRow:
    """Something that the quote says of itself, and the cell that says it."""

    name: str
    value: str
    cell: str
    raw: str


@dataclass(frozen=True, slots=True)
class UnderstoodRow:
    """A row of the quote as it was understood. `steps` are the relations that were proved on it."""

    sheet: str
    row: int
    name: str
    text: str
    quantity: Decimal | None = None
    price: Decimal | None = None
    amount: Decimal | None = None
    currency: str = ""
    counts: bool = True
    steps: tuple[Step, ...] = ()
    cell: str = ""
    reason: str = ""
    rate: bool = False

    @property
    def state(self) -> str:
        """The worst of the steps' states, "" where nothing could be proved."""
        states = {step.state for step in self.steps}
        return next((state for state in (FAILS, ANSWERED, ROUNDED, HOLDS) if state in states), "")


def money(value: Decimal | None, currency: str = "") -> str:
    """An amount of a quote with its cents, and with more decimals where the quote has them."""
    if value is None:
        return display.NONE
    return f"{_exact(value)} {currency}".rstrip()


def _exact(value: Decimal) -> str:
    places = max(2, min(6, -int(value.normalize().as_tuple().exponent)))
    return display.number(float(value), places)


def fact_rows(quote: Quote) -> list[FactRow]:
    """The facts of a quote; those it does not say are listed as not said."""
    rows = []
    for field, name in _FACTS:
        value = getattr(quote, field)
        evidence = quote.evidence.get(field)
        shown = display.date(value.isoformat()) if isinstance(value, dt.date) else value
        rows.append(
            FactRow(
                name, shown or "not said", evidence.cell if evidence else "", evidence.raw if evidence else ""
            )
        )
    return rows


def fact_columns() -> list[Column[FactRow]]:
    """Columns of the facts."""

    def muted(row: FactRow) -> Mark | None:
        return Mark.MUTED if not row.cell else None

    return [
        Column("Fact", lambda row: row.name, mark=lambda _row: Mark.MUTED, most=16),
        Column("Read as", lambda row: row.value, mark=muted, least=14, most=40),
        Column("Cell", lambda row: row.cell, most=24),
        Column("As written", lambda row: row.raw, mark=lambda _row: Mark.MUTED, least=14, most=60),
    ]


def understood_rows(quote: Quote) -> list[UnderstoodRow]:
    """Every row that means something, in the order of the sheets, with the proof of its arithmetic."""
    steps: dict[tuple[str, int], list[Step]] = {}
    for step in proof_steps(quote):
        steps.setdefault((step.sheet, step.row), []).append(step)
    rows: list[UnderstoodRow] = []
    for block in quote.blocks:
        rows += _block_rows(block, steps)
    return [*rows, *_outside(quote, steps), *_sum_row(quote)]


def _block_rows(block: Block, steps: Mapping[tuple[str, int], list[Step]]) -> list[UnderstoodRow]:
    said = ", ".join(
        part
        for part in (
            (block.name or "").replace(block.sheet, ""),
            _ROLES[block.role],
            f"{len(block.lines):,} lines",
        )
        if part
    )
    rows = [_line_row(block, line, steps) for line in block.lines]
    rows += [_line_row(block, line, steps, HIDDEN) for line in block.hidden_lines]
    sums = [(SUBTOTAL, one) for one in block.subtotals] + ([(TOTAL, block.total)] if block.total else [])
    for name, total in sums:
        column = total.column or block.columns.get("extended_price", "A")
        rows.append(
            UnderstoodRow(
                block.sheet,
                total.row,
                name,
                total.label,
                amount=total.amount,
                currency=total.currency or "",
                steps=tuple(steps.get((block.sheet, total.row), ())),
                cell=block.address(total.row, column),
            )
        )
    rows.sort(key=lambda row: row.row)
    head = UnderstoodRow(
        block.sheet,
        block.header_row,
        HEADER,
        f"{block.sheet}: {said}",
        cell=f"{block.sheet}!A{block.header_row}",
    )
    return [head, *rows]


def _line_row(
    block: Block, line: Line, steps: Mapping[tuple[str, int], list[Step]], name: str = ""
) -> UnderstoodRow:
    price = line.unit_price if line.unit_price is not None else line.derived.get("unit_price")
    monthly = line.mrc if line.mrc is not None else None
    amount = line.amount if line.amount is not None else monthly if monthly is not None else line.nrc
    column = block.columns.get("extended_price") or block.columns.get("unit_price") or "A"
    return UnderstoodRow(
        block.sheet,
        line.row,
        name or line.kind,
        line.description or line.part_number or "",
        line.quantity,
        price,
        amount,
        line.currency or "",
        line.counts,
        tuple(steps.get((block.sheet, line.row), ())),
        block.address(line.row, column),
        line.reason,
        block.role == "price_list",
    )


def _outside(quote: Quote, steps: Mapping[tuple[str, int], list[Step]]) -> Iterator[UnderstoodRow]:
    for charge in quote.charges:
        sheet, row = place_of_cell(charge.cell)
        yield UnderstoodRow(
            sheet,
            row,
            CHARGE,
            charge.label,
            amount=charge.amount,
            currency=charge.currency or "",
            cell=charge.cell,
        )
    for lease in quote.leases:
        sheet, row = place_of_cell(lease.cell)
        text = f"Lease over {lease.term_months} months, per month; an alternative, never added"
        yield UnderstoodRow(
            sheet,
            row,
            LEASE,
            text,
            amount=lease.monthly,
            currency=lease.currency or "",
            counts=False,
            cell=lease.cell,
        )
    total = quote.grand_total
    if total is not None and (total.of or total.cell not in _block_totals(quote)):
        sheet, row = place_of_cell(total.cell)
        yield UnderstoodRow(
            sheet,
            row,
            TOTAL,
            "Grand total",
            amount=total.amount,
            currency=total.currency or "",
            steps=tuple(steps.get((sheet, row), ())),
            cell=total.cell,
        )


def _block_totals(quote: Quote) -> set[str]:
    return {
        block.address(block.total.row, block.total.column or block.columns.get("extended_price", "A"))
        for block in quote.blocks
        if block.total
    }


def _sum_row(quote: Quote) -> Iterator[UnderstoodRow]:
    for currency, amount in counted(quote).items():
        yield UnderstoodRow("", 0, "", "All counted lines add up to", amount=amount, currency=currency)


def proof_text(row: UnderstoodRow) -> str:
    """A tick where every relation of a row holds, or by how much it is off."""
    if not row.steps:
        return "" if row.counts or row.name == HEADER else "a rate" if row.rate else "not counted"
    if row.state == FAILS:
        return f"✗ {money(_worst(row).difference)}"
    return "✓ decided" if row.state == ANSWERED else "✓ rounded" if row.state == ROUNDED else "✓"


def why_text(row: UnderstoodRow) -> str:
    """The relation behind the proof of a row."""
    if not row.steps:
        return ""
    step = _worst(row)
    if row.state == FAILS:
        return f"{relation(step)} = {money(step.computed)}, printed {money(step.printed)}"
    if row.state == ROUNDED:
        return f"{relation(step)} = {money(step.computed)}, rounded by {money(abs(step.difference))}"
    return f"{relation(step)} = {money(step.printed)}"


def _worst(row: UnderstoodRow) -> Step:
    """The last step that has the row's state."""
    return next(one for one in reversed(row.steps) if one.state == row.state)


def relation(step: Step) -> str:
    """The left side of a relation as people write it."""
    if step.what == LINE:
        return " × ".join(display.significant(float(term), 12) for term in step.terms)
    if step.what == "discount":
        before, discount = step.terms
        return f"{money(before)} less {display.significant(float(discount), 6)} %"
    count = len(step.terms)
    return f"sum of {count} row{'' if count == 1 else 's'}"


def understood_columns() -> list[Column[UnderstoodRow]]:
    """Columns of what was understood."""

    def mark(row: UnderstoodRow) -> Mark | None:
        if row.name == HEADER:
            return Mark.HEADING
        if row.name in (SUBTOTAL, TOTAL, ""):
            return Mark.STRONG
        return None if row.counts else Mark.MUTED

    def proof_mark(row: UnderstoodRow) -> Mark | None:
        if row.name == HEADER:
            return Mark.HEADING
        return {FAILS: Mark.ERROR, ANSWERED: Mark.GOOD, ROUNDED: Mark.GOOD, HOLDS: Mark.GOOD}.get(
            row.state, Mark.MUTED
        )

    def number(value: Decimal | None) -> str:
        return "" if value is None else _exact(value)

    return [
        Column("Row", lambda row: str(row.row) if row.row else "", mark=mark, right=True, most=7),
        Column(
            "Is",
            lambda row: class_words(row.name) if row.name else "",
            mark=mark,
            tip=lambda row: row.reason,
            most=11,
        ),
        Column("Proof", proof_text, mark=proof_mark, tip=_all_steps, least=8, most=16),
        Column("Amount", lambda row: number(row.amount), mark=mark, right=True, most=18),
        Column("Text", lambda row: row.text, mark=mark, least=18, most=34),
        Column(
            "Quantity",
            lambda row: "" if row.quantity is None else display.significant(float(row.quantity), 12),
            mark=mark,
            right=True,
            most=10,
        ),
        Column("Unit price", lambda row: number(row.price), mark=mark, right=True, most=16),
        Column("", lambda row: row.currency, mark=mark, least=4, most=5),
        Column("Because", why_text, mark=lambda _row: Mark.MUTED, tip=_all_steps, least=20, most=60),
    ]


def _all_steps(row: UnderstoodRow) -> str:
    return "\n".join(
        f"{relation(one)} = {money(one.computed)}, printed {money(one.printed)}" for one in row.steps
    )


def verdict(quote: Quote) -> str:
    """The total, and whether everything adds up to it."""
    total = quote.grand_total
    sums = " + ".join(money(amount, currency) for currency, amount in counted(quote).items())
    if total is not None:
        said = f"Total {money(total.amount, total.currency or quote.currency or '')}"
    else:
        said = (
            f"No grand total is printed; the counted lines add up to {sums}"
            if sums
            else "No grand total is printed"
        )
    if quote.reconciles:
        return f"✓ {said}: every priced row is accounted for, to the cent."
    known = f", the lines add up to {sums}" if total is not None and sums else ""
    if quote.questions:
        return f"✗ {said}{known}: not proved yet, see the questions."
    return f"⚠ {said}{known}: the quote does not prove all of it by itself; your answers decide."


def facts_text(quote: Quote) -> str:
    """What the quote says of itself, in one line."""
    day = quote.quote_date.isoformat() if quote.quote_date else ""
    until = quote.valid_until.isoformat() if quote.valid_until else ""
    facts = (
        ("revision", quote.revision),
        ("of", display.date(day)),
        ("valid until", display.date(until)),
        ("in", quote.currency),
        ("payment", quote.payment_terms),
        ("lead time", quote.lead_time),
    )
    return " · ".join(f"{word} {value}" for word, value in facts if value)
