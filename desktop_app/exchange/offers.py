"""The imported quotes of a plan as offers to compare, and the assumptions made where an offer leaves
something out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from desktop_app.engine.model import Plan, QuoteRecord
from desktop_app.exchange.fair_comparison import Assumption, Offer
from desktop_app.exchange.quote_records import ASSUMED, kept_with, remembered
from desktop_app.exchange.quotes import Quote

_NUMBER = re.compile(
    r"^\s*(?:[A-Z]{3}\s+)?(\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*(?:[A-Z]{3}(?:/[A-Z]{3})?)?\s*$"
)


@dataclass(frozen=True, slots=True)
class Assumed:
    """An assumption as the plan keeps it, with the quote: an amount in a currency of its own."""

    quote: str
    part: str
    scope: str
    amount: Decimal
    currency: str
    name: str


@dataclass(frozen=True, slots=True)
class OfferOf:
    """An offer, with the key of the quote it is from and the alternative's name in it ("" for the quote
    itself).
    """

    offer: Offer
    quote: str
    part: str


def offers_in(quotes: Iterable[tuple[str, Quote]]) -> list[OfferOf]:
    """One offer for each quote and key, or one for each alternative of it; each with a name of its own."""
    found: list[OfferOf] = []
    for key, quote in quotes:
        parts = [block.name or block.sheet for block in quote.blocks if block.role == "alternative"]
        for part in parts or [""]:
            name = " ".join(word for word in (quote.vendor or quote.file, quote.quote_number) if word)
            name = f"{name}: {part}" if part else name
            same = sum(1 for one in found if one.offer.name == name or one.offer.name.startswith(f"{name} ("))
            name = f"{name} ({same + 1})" if same else name
            found.append(OfferOf(Offer(name, quote, part), key, part))
    return found


def quotes_of(plan: Plan) -> list[tuple[str, Quote]]:
    """The plan's quotes with their keys, where it holds what they said."""
    return [(record.key, quote) for record in plan.quotes if (quote := remembered(record)) is not None]


def rates_to(plan: Plan, currency: str) -> tuple[dict[str, Decimal], tuple[str, ...]]:
    """The price of one unit of each currency of the plan in another, and the currencies whose rate is a
    formula.

    >>> rates, formulas = rates_to(Plan("p", fx={"EUR": "1.25", "GBP": "usd_per_gbp"}), "EUR")
    >>> rates["USD"], formulas
    (Decimal('0.8'), ('GBP',))
    """
    own = plan.settings.currency
    prices = {own: Decimal(1)}
    formulas = []
    for code, text in plan.fx.items():
        match = _NUMBER.match(text)
        if match is not None and Decimal(match[1]) > 0:
            prices[code] = Decimal(match[1])
        else:
            formulas.append(code)
    if currency not in prices:
        return {}, tuple(formulas)
    return {code: price / prices[currency] for code, price in prices.items()}, tuple(formulas)


def assumed_in(record: QuoteRecord) -> list[Assumed]:
    """The assumptions that are kept with a quote."""
    return [
        Assumed(record.key, one["part"], one["scope"], Decimal(one["amount"]), one["currency"], one["name"])
        for one in kept_with(record).get(ASSUMED, ())
    ]


def with_assumed(record: QuoteRecord, assumed: Assumed) -> QuoteRecord:
    """The quote with an assumption; it takes the place of the one for the same scope."""
    kept = [one for one in assumed_in(record) if (one.part, one.scope) != (assumed.part, assumed.scope)]
    return _with(record, [*kept, assumed])


def without_assumed(record: QuoteRecord, part: str, scope: str) -> QuoteRecord:
    """The quote without the assumption for a scope."""
    return _with(record, [one for one in assumed_in(record) if (one.part, one.scope) != (part, scope)])


def in_currency(
    assumed: Iterable[Assumed], offers: Iterable[OfferOf], rates: Mapping[str, Decimal]
) -> list[Assumption]:
    """The assumptions for these offers in the currency of a comparison; those without a rate are left out."""
    names = {(one.quote, one.part): one.offer.name for one in offers}
    return [
        Assumption(name, one.scope, one.amount * rate, one.name)
        for one in assumed
        if (name := names.get((one.quote, one.part))) is not None
        and (rate := rates.get(one.currency)) is not None
    ]


def _with(record: QuoteRecord, assumed: Iterable[Assumed]) -> QuoteRecord:
    rows = [
        {
            "part": one.part,
            "scope": one.scope,
            "amount": str(one.amount),
            "currency": one.currency,
            "name": one.name,
        }
        for one in assumed
    ]
    reading = json.loads(record.reading) if record.reading else {}
    return replace(record, reading=json.dumps({**reading, ASSUMED: rows}, ensure_ascii=False))
