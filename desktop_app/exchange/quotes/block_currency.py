"""The currency of every row of a block: by column, header, number format or sign, and what the file
states.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.exchange.quotes.build import Draft
from desktop_app.exchange.quotes.currency import currency_in, currency_of_format, sign_currency
from desktop_app.exchange.quotes.extract import Row
from desktop_app.exchange.quotes.model import MONEY_FIELDS
from desktop_app.exchange.quotes.numbers import read_number


def resolve_currency(block: Draft, stated: str | None) -> None:
    """Currency of each row: its own column, the header, its number format or sign, then what the file
    states.
    """
    column = block.columns.of.get("currency")
    header = header_currency(block)
    of_sums = sum_currency(block)
    codes: dict[str, str | None] = {}
    money = [
        c
        for n, c in block.columns.of.items()
        if n in MONEY_FIELDS and n not in ("list_price_2", "unit_price_2")
    ]
    uncertain: str | None = None
    for row in [*block.rows, *block.hidden]:
        text = row.texts.get("currency") if column else None
        if text is not None:
            if text not in codes:
                named = currency_in(text)
                codes[text] = named[0] if named else sign_currency(text)
            row.currency = codes[text]
            continue
        if header is not None:
            row.currency = header[0]
            continue
        certain, doubtful = _shown_currency(row, money)
        if certain is None and column is None and of_sums is not None:
            certain = of_sums[0]
        uncertain = uncertain or doubtful
        if column is None or certain is not None:
            row.currency = certain or stated or doubtful
        elif row.kind in ("total", "lump"):
            row.currency = next((c[0] for w in (row.label,) if (c := currency_in(w))), None)
    _inherit_currency(block, column, stated)
    found = [r.currency for r in block.rows if r.currency]
    single = set(found)
    block.currency = found[0] if len(single) == 1 else None
    block.currency_certain = not (uncertain and stated is None and header is None and column is None)


def _inherit_currency(block: Draft, column: int | None, stated: str | None) -> None:
    """Charges and sums without a currency take the one of the lines; lines do so where the column is
    filled once.
    """
    lines = [r for r in block.rows if r.kind not in ("total", "lump")]
    named = [r for r in lines if r.currency]
    codes = {r.currency for r in named}
    only = next(iter(codes)) if len(codes) == 1 else stated if not codes else None
    if only is None:
        return
    filled_down = column is None or len(named) < 0.5 * len(lines)
    for row in [*block.rows, *block.hidden]:
        if row.currency is None and (filled_down or row.kind != "line"):
            row.currency = only


def header_currency(block: Draft) -> tuple[str, str, int] | None:
    """(code, words, column) where the names of the money columns give the currency; the plainest name
    first.
    """
    found: list[tuple[int, int, str, str]] = []
    for name, column in block.columns.of.items():
        if name in MONEY_FIELDS and name not in ("list_price_2", "unit_price_2"):
            text = block.header.texts.get(column, "")
            named = currency_in(text)
            if named:
                found.append((text.count("("), column, *named))
            elif sign := next((s for s in ("€", "£", "₹", "₩", "₪") if s in text), None):
                found.append((text.count("("), column, sign_currency(sign) or "", sign))
    if not found or len({code for _, _, code, _ in found}) > 1:
        return None
    _, column, code, raw = min(found)
    return code, raw, column


def sum_currency(block: Draft) -> tuple[str, str, int] | None:
    """(code, words, row) where the names of the sums give the currency ("Total USD"), all the same."""
    found = [(*named, r.number) for r in block.rows if r.kind == "total" and (named := currency_in(r.label))]
    return found[0] if len({code for code, _, _ in found}) == 1 else None


def _shown_currency(row: Row, money: Sequence[int]) -> tuple[str | None, str | None]:
    certain = doubtful = None
    for column in money:
        cell = row.cells.get(column)
        if cell is None:
            continue
        if isinstance(cell.value, str):
            reading = read_number(cell.value)
            if reading is None or reading.currency is None:
                continue
            code = sign_currency(reading.currency)
            if reading.currency in ("$", "¥"):
                doubtful = doubtful or code
            else:
                certain = certain or code
        elif (shown := currency_of_format(cell.number_format)) is not None:
            if shown[1]:
                certain = certain or shown[0]
            else:
                doubtful = doubtful or shown[0]
    return certain, doubtful
