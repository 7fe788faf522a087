"""A quote as a plan remembers it: the record that is stored, and the quote read back from it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from desktop_app.engine.model import QuoteRecord
from desktop_app.exchange.quotes import Block, Charge, GrandTotal, Line, Quote, quote_to_json
from desktop_app.exchange.quotes.model import NUMBER_FIELDS, TEXT_FIELDS

_FACTS = ("vendor", "quote_number", "revision", "price_status", "currency", "payment_terms", "lead_time")
DECIDED, ASSUMED = "decided", "assumed"
_KEPT = (DECIDED, ASSUMED)
_DATES = ("quote_date", "valid_until")
_NUMBERS = tuple(name for name in NUMBER_FIELDS if name in {field.name for field in dataclasses.fields(Line)})


def key_of(quote: Quote) -> str:
    """What a quote is called in a plan: the same for every revision of it.

    >>> key_of(Quote("q.xlsx", "", vendor="Halden Systems", quote_number="HS-26/118"))
    'halden-systems-hs-26-118'
    """
    name = (
        f"{quote.vendor or ''} {quote.quote_number or ''}".strip()
        or quote.file.rpartition(".")[0]
        or quote.file
    )
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-") or quote.sha256[:12]


def kept_with(record: QuoteRecord | None) -> dict[str, Any]:
    """What people decided and assumed about a quote, kept beside what it says."""
    try:
        data = json.loads(record.reading) if record is not None and record.reading else {}
    except ValueError:
        return {}
    return {name: data[name] for name in _KEPT if name in data} if isinstance(data, dict) else {}


def record_of(
    quote: Quote, decided: Mapping[str, Any] | None = None, before: QuoteRecord | None = None
) -> QuoteRecord:
    """All of a quote that is kept in the plan: its whole reading, and what people `decided` about it.

    `before` is the record that this one takes the place of; what was decided and assumed there stays.
    """
    reading = quote_to_json(quote) | kept_with(before)
    if decided:
        reading[DECIDED] = dict(decided)
    return QuoteRecord(
        key_of(quote),
        quote.file,
        quote.sha256,
        quote.vendor or "",
        quote.quote_number or "",
        quote.quote_date.isoformat() if quote.quote_date else "",
        quote.valid_until.isoformat() if quote.valid_until else "",
        quote.currency or "",
        json.dumps(reading, ensure_ascii=False),
    )


def remembered(record: QuoteRecord) -> Quote | None:
    """The facts, lines, charges and total of an imported quote; None where the plan does not hold its
    reading.
    """
    try:
        data = json.loads(record.reading)
    except ValueError:
        return None
    if not isinstance(data, dict):
        return None
    total = data.get("grand_total")
    facts: dict[str, Any] = {name: data.get(name) for name in _FACTS}
    facts |= {name: _date(data.get(name)) for name in _DATES}
    return Quote(
        record.file_name,
        record.sha256,
        **facts,
        blocks=tuple(_block(block) for block in data.get("blocks", ())),
        charges=tuple(
            Charge(one["cell"], one["kind"], one["label"], _decimal(one["amount"]), one["currency"])
            for one in data.get("charges", ())
        ),
        grand_total=GrandTotal(total["cell"], _decimal(total["amount"]), total["currency"])
        if total
        else None,
        reconciles=bool(data.get("reconciles")),
    )


def _block(data: Mapping[str, Any]) -> Block:
    return Block(
        data["sheet"],
        data["header_row"],
        data["role"],
        data["columns"],
        _with_parents([_line(line) for line in data["lines"]]),
        data.get("name"),
        hidden_lines=tuple(_line(line) for line in data.get("hidden_lines", ())),
    )


def _with_parents(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with the row that each child belongs to: the line of its parent's number, else the one above
    it.
    """
    rows = {str(line.line_no): line.row for line in lines if line.line_no is not None}
    found: list[Line] = []
    above: int | None = None
    for line in lines:
        if line.kind == "child":
            named = rows.get(str(line.parent_no)) if line.parent_no is not None else None
            found.append(dataclasses.replace(line, parent_row=named or above))
        else:
            above = line.row
            found.append(line)
    return tuple(found)


def _line(data: Mapping[str, Any]) -> Line:
    known: dict[str, Any] = {name: data.get(name) for name in TEXT_FIELDS}
    known |= {name: _decimal(data[name]) for name in _NUMBERS if data.get(name) is not None}
    derived = {name: _decimal(value) for name, value in data.get("derived", {}).items()}
    counts = bool(data["counts"])
    hidden = bool(data.get("hidden"))
    return Line(
        data["row"], data["kind"], data.get("reason", ""), counts, **known, hidden=hidden, derived=derived
    )


def _decimal(value: object) -> Decimal:
    return Decimal(str(value))


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
