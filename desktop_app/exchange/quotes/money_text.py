"""Amounts of money inside sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from desktop_app.exchange.quotes.currency import CODES, sign_currency
from desktop_app.exchange.quotes.numbers import read_number
from desktop_app.exchange.quotes.text import normal

_SIGN = (
    rf"(?:US\$|CA\$|A\$|R\$|[$€£¥₹₩₪₺]|円|zł|kr\.?|Fr\.|Rs\.?|"
    rf"(?<![A-Za-z])(?:{'|'.join(sorted(CODES))})(?![A-Za-z]))"
)
_DIGITS = r"\d(?:[\d.,'’ \u00a0\u202f]*\d)?(?:[.,][-–—]{1,2})?"
_AMOUNT = re.compile(
    rf"(?P<before>{_SIGN})\s?(?P<first>{_DIGITS})|(?P<second>{_DIGITS})\s?(?P<after>{_SIGN})"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in a text and the characters it takes there."""

    value: Decimal
    currency: str | None
    start: int
    end: int


def amounts(text: str, sign: str) -> list[Amount]:
    """The amounts that carry a currency sign or code; `sign` reads the texts that could be either way.

    >>> [(a.value, a.currency) for a in amounts("Purchase for $855,640.00 or lease for 26.755,86 EUR", ".")]
    [(Decimal('855640.00'), 'USD'), (Decimal('26755.86'), 'EUR')]
    """
    text = normal(text)
    found = []
    for match in _AMOUNT.finditer(text):
        reading = read_number(match["first"] or match["second"])
        if reading is not None:
            currency = sign_currency((match["before"] or match["after"]).strip())
            found.append(Amount(reading.value(sign), currency, match.start(), match.end()))
    return found
