"""The arithmetic of a quote, relation by relation, so that a person can follow why it does or does not
reconcile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from desktop_app.exchange.quotes import Block, Issue, Line, Quote, Total

LINE, DISCOUNT, SUBTOTAL, TOTAL, GRAND_TOTAL = "line", "discount", "subtotal", "total", "grand total"
HOLDS, ROUNDED, ANSWERED, FAILS = "holds", "rounded", "answered", "fails"
_CENT = Decimal("0.01")
_SLACK = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Step:
    """One relation that the quote prints.

    `terms` are the numbers it is made of: quantity, price and, where it is not 1, the factor of a line; list
    price and discount in percent; the amounts of the rows of a sum. `printed` stands in `cell`, `computed`
    follows from the terms and `difference` is printed minus computed. `state`: "holds" (to the cent),
    "rounded" (the difference is what the vendor's own rounding explains), "answered" (a person decided what
    to trust) or "fails".
    """

    what: str
    sheet: str
    row: int
    label: str
    terms: tuple[Decimal, ...]
    rows: tuple[int, ...]
    printed: Decimal
    computed: Decimal
    state: str
    cell: str
    currency: str | None = None

    @property
    def difference(self) -> Decimal:
        """Printed minus computed."""
        return self.printed - self.computed


def proof_steps(quote: Quote) -> list[Step]:
    """Every relation of the quote's tables in the order of its sheets, then the grand total.

    >>> columns = {"quantity": "B", "unit_price": "C", "extended_price": "D"}
    >>> three = {"quantity": Decimal(3), "unit_price": Decimal("2.50"), "extended_price": Decimal(8)}
    >>> lines = (Line(9, "line", "", True, **three),)
    >>> [step] = proof_steps(Quote("q.xlsx", "", blocks=(Block("Quote", 8, "quote", columns, lines),)))
    >>> step.cell, step.computed, step.difference, step.state
    ('Quote!D9', Decimal('7.50'), Decimal('0.50'), 'fails')
    """
    faults = {issue.cell: issue for issue in quote.issues if issue.difference is not None}
    steps: list[Step] = []
    for block in quote.blocks:
        if block.role != "price_list":
            steps += sorted(_block(block, faults), key=lambda step: (step.row, _ORDER[step.what]))
    return [*steps, *_grand_total(quote, faults)]


_ORDER = {name: place for place, name in enumerate((DISCOUNT, LINE, SUBTOTAL, TOTAL, GRAND_TOTAL))}


def _block(block: Block, faults: Mapping[str, Issue]) -> Iterator[Step]:
    for line in block.lines:
        if line.kind != "no_bid":
            yield from _line(block, line, faults)
    sums = [*((SUBTOTAL, total) for total in block.subtotals)]
    if block.total is not None:
        sums.append((TOTAL, block.total))
    for what, total in sums:
        yield from _sum(block, what, total, faults)


def _line(block: Block, line: Line, faults: Mapping[str, Issue]) -> Iterator[Step]:
    label = line.description or line.part_number or ""
    quantity, price, extended = line.quantity, line.unit_price, line.extended_price
    before, discount = line.list_price, line.discount_pct
    less = None if before is None else before * (1 - (discount or Decimal(0)) / 100)

    def step(
        what: str,
        field: str,
        terms: tuple[Decimal, ...],
        printed: Decimal,
        computed: Decimal,
        slack: Decimal = Decimal(0),
    ) -> Step:
        cell = block.address(line.row, block.columns.get(field, ""))
        state = _state(cell, printed - computed, faults, slack)
        rows = (line.row,)
        return Step(
            what, block.sheet, line.row, label, terms, rows, printed, computed, state, cell, line.currency
        )

    if less is not None and discount and before is not None and price is not None:
        slack = abs(before) / 100 * _rounding_of(discount)
        yield step(DISCOUNT, "unit_price", (before, discount), price, less, slack)
    each = price if price is not None else less
    if quantity is not None and each is not None and extended is not None:
        factor = line.factor or Decimal(1)
        terms = (quantity, each) if factor == 1 else (quantity, each, factor)
        # The extended price may come from the unit price before it was rounded to print it.
        unrounded = less is not None and abs(each - less) <= _CENT
        slack = abs(quantity * factor * (each - less)) if less is not None and unrounded else Decimal(0)
        yield step(LINE, "extended_price", terms, extended, quantity * each * factor, slack)


def _rounding_of(discount: Decimal) -> Decimal:
    """How far a printed percentage may be from the true one: half its last decimal, at most of a tenth."""
    places = -int(discount.normalize().as_tuple().exponent)
    return Decimal("0.5").scaleb(-max(places, 1))


def _sum(block: Block, what: str, total: Total, faults: Mapping[str, Issue]) -> Iterator[Step]:
    column = total.column or block.columns.get("extended_price", "")
    field = next((name for name, letter in block.columns.items() if letter == column), "extended_price")
    amounts = {line.row: _amount(line, field) for line in (*block.lines, *block.hidden_lines)}
    amounts |= {
        one.row: one.amount for one in block.subtotals if one.row != total.row and one.column == total.column
    }
    terms = [amount for row in total.rows if (amount := amounts.get(row)) is not None]
    if not terms:
        return
    cell = block.address(total.row, column)
    computed = sum(terms, Decimal(0))
    state = _state(cell, total.amount - computed, faults)
    yield Step(
        what,
        block.sheet,
        total.row,
        total.label,
        tuple(terms),
        total.rows,
        total.amount,
        computed,
        state,
        cell,
        total.currency,
    )


def _amount(line: Line, field: str) -> Decimal | None:
    return line.amount if field == "extended_price" else getattr(line, field, None)


def _grand_total(quote: Quote, faults: Mapping[str, Issue]) -> Iterator[Step]:
    """The grand total, where it is more than the total of one table."""
    total = quote.grand_total
    if total is None or not total.of:
        return
    sheet, _, place = total.cell.rpartition("!")
    known = _known_cells(quote)
    terms = [known[cell] for cell in total.of if cell in known]
    if len(terms) != len(total.of):
        return
    computed = sum(terms, Decimal(0))
    row = int("".join(sign for sign in place if sign.isdigit()) or 0)
    state = _state(total.cell, total.amount - computed, faults)
    yield Step(
        GRAND_TOTAL,
        sheet,
        row,
        "Grand total",
        tuple(terms),
        (),
        total.amount,
        computed,
        state,
        total.cell,
        total.currency,
    )


def _known_cells(quote: Quote) -> dict[str, Decimal]:
    known = {charge.cell: charge.amount for charge in quote.charges}
    for block in quote.blocks:
        column = block.columns.get("extended_price", "")
        known |= {
            block.address(line.row, column): amount
            for line in block.lines
            if (amount := line.amount) is not None
        }
        totals = [*block.subtotals, *([block.total] if block.total else [])]
        known |= {block.address(total.row, total.column or column): total.amount for total in totals}
    return known


def _state(cell: str, difference: Decimal, faults: Mapping[str, Issue], slack: Decimal = Decimal(0)) -> str:
    fault = faults.get(cell)
    if fault is not None:
        return ANSWERED if fault.answer is not None else FAILS
    if abs(difference) <= _CENT + _SLACK:
        return HOLDS
    return ROUNDED if abs(difference) <= _CENT + slack else FAILS


def counted(quote: Quote) -> dict[str, Decimal]:
    """What the counted lines and charges of a quote's own tables add up to, by currency ("" where none is
    known).

    It is what would be paid as the quote is understood now, whether or not the vendor prints it.
    """
    totals: dict[str, Decimal] = {}
    for currency, amount in _amounts(quote):
        totals[currency or quote.currency or ""] = (
            totals.get(currency or quote.currency or "", Decimal(0)) + amount
        )
    return totals


def _amounts(quote: Quote) -> Iterable[tuple[str | None, Decimal]]:
    for block in quote.blocks:
        if block.role != "quote":
            continue
        for line in block.lines:
            if line.counts and not line.hidden and (amount := line.amount) is not None:
                yield line.currency, amount
    for charge in quote.charges:
        yield charge.currency, charge.amount
