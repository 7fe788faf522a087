"""Which currency a text, a header or a number format speaks of."""

from __future__ import annotations

import re
from functools import lru_cache

from desktop_app.exchange.quotes.text import fold, normal
from desktop_app.exchange.quotes.vocabulary import table

CODES = frozenset(
    [
        "USD",
        "EUR",
        "GBP",
        "JPY",
        "CHF",
        "CNY",
        "CAD",
        "AUD",
        "NZD",
        "SEK",
        "NOK",
        "DKK",
        "ISK",
        "PLN",
        "CZK",
        "HUF",
        "RON",
        "BGN",
        "TRY",
        "ILS",
        "INR",
        "BRL",
        "MXN",
        "ARS",
        "CLP",
        "COP",
        "PEN",
        "ZAR",
        "KRW",
        "TWD",
        "HKD",
        "SGD",
        "THB",
        "MYR",
        "IDR",
        "PHP",
        "VND",
        "AED",
        "SAR",
        "QAR",
        "KWD",
        "BHD",
        "OMR",
        "EGP",
        "NGN",
        "KES",
        "UAH",
        "KZT",
        "RUB",
    ]
)
WHOLE_UNITS = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "IDR"})

_NAME_OF = {fold(name): code for code, names in table("currencies").items() for name in names}
_WORDS = sorted((n for n in _NAME_OF if n[-1].isalpha() and n.isascii()), key=len, reverse=True)
_SIGNS = sorted((n for n in _NAME_OF if not (n[-1].isalpha() and n.isascii())), key=len, reverse=True)
_CODE = re.compile(rf"(?<![A-Za-z0-9])({'|'.join(sorted(CODES))})(?![A-Za-z])")
_NAME = re.compile(
    "|".join([rf"(?<![a-z])(?:{'|'.join(map(re.escape, _WORDS))})(?![a-z])", *map(re.escape, _SIGNS)])
)

_LOCALES = {
    0x409: "USD",
    0x1009: "CAD",
    0xC0C: "CAD",
    0xC09: "AUD",
    0x1409: "NZD",
    0x4809: "SGD",
    0x1004: "SGD",
    0xC04: "HKD",
    0x3C09: "HKD",
    0x404: "TWD",
    0x80A: "MXN",
    0x2C0A: "ARS",
    0x340A: "CLP",
    0x240A: "COP",
    0x416: "BRL",
    0x809: "GBP",
    0x411: "JPY",
    0x804: "CNY",
    0x412: "KRW",
    0x41D: "SEK",
    0x414: "NOK",
    0x406: "DKK",
    0x40F: "ISK",
    0x807: "CHF",
    0x100C: "CHF",
    0x810: "CHF",
    0x4009: "INR",
    0x439: "INR",
    0x40D: "ILS",
    0x415: "PLN",
    0x405: "CZK",
    0x41F: "TRY",
    0x41E: "THB",
    0x1C09: "ZAR",
}
_BRACKET = re.compile(r"\[\$([^\]-]*)(?:-([0-9A-Fa-f]+))?\]")
_FORMAT_SIGNS = {
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "₩": "KRW",
    "₪": "ILS",
    "₺": "TRY",
    "฿": "THB",
    "R$": "BRL",
    "zł": "PLN",
    "Kč": "CZK",
    "円": "JPY",
    "元": "CNY",
    "$": "USD",
    "¥": "JPY",
    "Fr.": "CHF",
    "US$": "USD",
    "CA$": "CAD",
    "A$": "AUD",
}


@lru_cache(maxsize=20_000)
def currency_in(text: str) -> tuple[str, str] | None:
    """(code, the words that say so) where a text names a currency by code or name; a bare $ or ¥ names none.

    >>> currency_in("All prices in USD, excluding tax"), currency_in("Currency: US Dollar")
    (('USD', 'USD'), ('USD', 'US Dollar'))
    >>> currency_in("price in $") is None
    True
    """
    plain = normal(text)
    if match := _CODE.search(plain):
        return match[1], match[1]
    folded = fold(plain)
    if match := _NAME.search(folded):
        raw = plain[match.start() : match.end()] if len(plain) == len(folded) else match[0]
        return _NAME_OF[match[0]], raw
    return None


def sign_currency(sign: str) -> str | None:
    """The currency of a sign or code beside a number; "$" is read as USD and "¥" as JPY, which the
    caller must weigh.

    >>> sign_currency("€"), sign_currency("CHF"), sign_currency("$")
    ('EUR', 'CHF', 'USD')
    """
    if sign in CODES:
        return sign
    return _FORMAT_SIGNS.get(sign) or _NAME_OF.get(sign.casefold())


@lru_cache(maxsize=2_000)
def currency_of_format(code: str | None) -> tuple[str, bool] | None:
    """(currency, certain) of a spreadsheet number format; a plain "$" is USD, but not certainly.

    >>> currency_of_format('[$£-809]#,##0.00'), currency_of_format('"$"#,##0.00'), currency_of_format("0.00")
    (('GBP', True), ('USD', False), None)
    """
    if not code or code == "General":
        return None
    for sign, locale in _BRACKET.findall(code):
        sign = sign.strip()
        if sign.upper() in CODES:
            return sign.upper(), True
        by_locale = _LOCALES.get(int(locale, 16) & 0xFFFF) if locale else None
        if sign in ("$", "¥", "￥", "kr", "kr.", "Fr.", "Rs", "Rs.") and by_locale:
            return by_locale, True
        if sign in _FORMAT_SIGNS:
            return _FORMAT_SIGNS[sign], sign not in ("$", "¥")
    bare = _BRACKET.sub("", code)
    if match := _CODE.search(bare):
        return match[1], True
    for sign in ("R$", "€", "£", "₹", "₩", "₪", "₺", "฿", "zł", "Kč", "円", "元", "Fr."):
        if sign in bare:
            return _FORMAT_SIGNS[sign], True
    for sign in ("$", "¥", "￥"):
        if sign in bare:
            return ("USD" if sign == "$" else "JPY"), False
    return None
