"""From a cell of one revision of a quote to the same thing in the next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from desktop_app.exchange.quotes import Block, Line, Quote, QuoteComparison, compare_quotes

_PLACE = re.compile(r"^(?P<sheet>.*)!(?P<column>[A-Z]{1,3})(?P<row>\d+)$")


@dataclass(frozen=True, slots=True)
class Price:
    """A price and the cell it stands in."""

    value: Decimal
    cell: str


class Revision:
    """Follows cells from the quote as it was imported before (None: never) to the quote of now."""

    def __init__(self, old: Quote | None, new: Quote) -> None:
        self._old = old
        self._new = new
        self.comparison: QuoteComparison | None = compare_quotes(old, new) if old is not None else None
        changes = self.comparison.lines if self.comparison else ()
        self._followers = {id(change.old): change.new for change in changes if change.old and change.new}
        self._blocks = {id(line): block for block in new.blocks for line in block.lines}

    def row(self, cell: str) -> tuple[str, int] | None:
        """Sheet and row of the line that now says what the line at an old cell said."""
        found = self._line(cell)
        if found is None:
            return None
        line, _ = found
        return self._blocks[id(line)].sheet, line.row

    def price(self, cell: str) -> Price | None:
        """What stands now where an old cell's number stood: the same field of the line that follows."""
        found = self._line(cell)
        if found is None:
            return None
        line, field = found
        value, column = getattr(line, field, None), self._blocks[id(line)].columns.get(field)
        if not isinstance(value, Decimal) or column is None:
            return None
        return Price(value, self._blocks[id(line)].address(line.row, column))

    def _line(self, cell: str) -> tuple[Line, str] | None:
        match = _PLACE.match(cell)
        if match is None or self._old is None:
            return None
        for block in self._old.blocks:
            if block.sheet != match["sheet"]:
                continue
            for line in block.lines:
                follower = self._followers.get(id(line))
                if line.row == int(match["row"]) and follower is not None:
                    return follower, _field(block, match["column"])
        return None


def _field(block: Block, column: str) -> str:
    return next((name for name, letter in block.columns.items() if letter == column), "")
