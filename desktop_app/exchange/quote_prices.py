"""A price in a cell of a quote, given to a driver of the plan."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from desktop_app.exchange.quote_proposals import Proposal
from desktop_app.exchange.quotes import Line, Quote

_CELL = re.compile(
    r"^(?:(?P<sheet>.*)!)?\$?(?P<column>[A-Za-z]{1,3})\$?(?P<row>\d+)(?:\s*/\s*(?P<by>\d+(?:\.\d+)?))?$"
)


class QuoteRefused(Exception):
    """The quote cannot be imported as asked; each of `reasons` is one sentence, nothing was changed."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(reasons[0])
        self.reasons = reasons


def priced(quote: Quote, proposals: Sequence[Proposal], driver: str, cell: str) -> list[Proposal]:
    """The proposals, with the price in a cell going to a driver instead of into a line.

    `cell` is "Quote!I14", "I14" where the quote has one sheet, and may be divided: "J17/8" for a price per
    instance of eight GPUs where the driver counts GPUs. `QuoteRefused` where no price stands there.
    """
    match = _CELL.match(cell.strip().replace("'", ""))
    if match is None:
        raise QuoteRefused(f"“{cell}” is not a cell: write it like Quote!I14.")
    line, address = _line_at(quote, match["sheet"], match["column"].upper(), int(match["row"]))
    field = next(
        name for name, where in address.items() if where.endswith(f"!{match['column'].upper()}{match['row']}")
    )
    value = getattr(line, field, None)
    if not isinstance(value, Decimal):
        raise QuoteRefused(f"There is no price in {cell} of {quote.file}.")
    by = Decimal(match["by"] or "1")
    if by <= 0:
        raise QuoteRefused(f"The price in {cell} cannot be divided by {match['by']}.")
    found = [place for place, one in enumerate(proposals) if one.cells.get(field) == address[field]]
    if not found:
        raise QuoteRefused(f"The line at {cell} has no price of its own.")
    result = list(proposals)
    one = result[found[0]]
    note = f"{value} in the cell, divided by {by}" if by != 1 else ""
    result[found[0]] = replace(
        one,
        driver=driver,
        unit_price=value / by,
        price_cell=address[field],
        accepted=True,
        reason=note or one.reason,
    )
    return result


def _line_at(quote: Quote, sheet: str | None, column: str, row: int) -> tuple[Line, dict[str, str]]:
    for block in quote.blocks:
        if sheet and block.sheet.lower() != sheet.lower():
            continue
        if column not in block.columns.values():
            continue
        for line in (*block.lines, *block.hidden_lines):
            if line.row == row:
                return line, {name: block.address(row, letter) for name, letter in block.columns.items()}
    raise QuoteRefused(f"No line of {quote.file} has a price in {f'{sheet}!' if sheet else ''}{column}{row}.")
