"""Numbers that a vendor typed as text: every way such a text can be read, and what decides between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from desktop_app.exchange.quotes.currency import CODES
from desktop_app.exchange.quotes.text import normal

_CURRENCY = (
    r"(?:US\$|A\$|C\$|AU\$|CA\$|HK\$|S\$|NZ\$|R\$|NT\$|[A-Z]{3}|[$€£¥₹₩₪₺₽฿]|Kč|zł|kr\.?|Fr\.|Rs\.?|円|元)"
)
_NUMBER = re.compile(
    rf"""^(?P<open>\()?\s*(?P<sign>[-+−–▲△])?\s*(?P<currency>{_CURRENCY})?\s*(?P<sign2>[-+−–▲△])?\s*
    (?P<core>\d[\d.,'’\u00a0\u202f\u2009 _]*|[.,]\d+)(?P<dash>[-–—]{{1,2}}(?=\s*(?:$|[A-Z€£$])))?\s*
    (?P<percent>%)?\s*(?P<currency2>{_CURRENCY})?\s*(?P<trail>-|−|CR\b)?\s*(?P<close>\))?\s*(?P<unit>[^\d()]{{0,24}})$""",
    re.VERBOSE,
)
_GROUPED = re.compile(r"\d{1,3}(?:[ '’\u00a0\u202f\u2009_]\d{3})+")
_SPACES = re.compile(r"[ '’\u00a0\u202f\u2009_]")
_THREES = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_INDIAN = re.compile(r"\d{1,2}(?:[.,]\d{2})+[.,]\d{3}")


@dataclass(frozen=True, slots=True)
class Reading:
    """A number text: its value if the decimal sign is a dot, and if it is a comma (None: impossible
    that way).
    """

    dot: Decimal | None
    comma: Decimal | None
    percent: bool = False
    currency: str | None = None
    unit: str = ""

    @property
    def ambiguous(self) -> bool:
        """Both readings are possible and differ."""
        return self.dot is not None and self.comma is not None and self.dot != self.comma

    @property
    def evidence(self) -> str | None:
        """The decimal sign this text proves, or None when it says nothing.

        >>> read_number("1.178.397,50").evidence, read_number("850").evidence, read_number("1.234").evidence
        (',', None, None)
        """
        if self.dot is None:
            return ","
        return "." if self.comma is None else None

    def value(self, decimal: str) -> Decimal:
        """The number under a decimal sign; a text that allows only one reading is read that way.

        >>> read_number("1.250").value(","), read_number("4,20").value(".")
        (Decimal('1250'), Decimal('4.20'))
        """
        first, second = (self.dot, self.comma) if decimal == "." else (self.comma, self.dot)
        chosen = first if first is not None else second
        assert chosen is not None  # read_number returns no Reading without a value
        return chosen


def exact(number: float | int) -> Decimal:
    """The decimal number a spreadsheet shows for a stored float (15 significant digits, as spreadsheets
    keep).

    >>> exact(0.049000000000000002), exact(20934.375)
    (Decimal('0.049'), Decimal('20934.375'))
    """
    if isinstance(number, int):
        return Decimal(number)
    return Decimal(f"{number:.15g}")


@lru_cache(maxsize=50_000)
def read_number(text: str) -> Reading | None:
    """Read a text as a number, or None when it is no number.

    Takes currency signs and codes, thousands separated by dot, comma, space or apostrophe (also in Indian
    groups),
    parentheses, leading, trailing and triangle minus, percent signs and a trailing unit.

    >>> read_number("(2.500,00)").comma, read_number("1’234.50 CHF").dot, read_number("▲1,500").comma
    (Decimal('-2500.00'), Decimal('1234.50'), Decimal('-1.500'))
    >>> read_number("12,34,567.00").dot, read_number("1.200,-").comma, read_number("1E5")
    (Decimal('1234567.00'), Decimal('1200'), None)
    """
    if len(text) > 60:
        return None
    match = _NUMBER.match(normal(text).replace("٫", ".").replace("٬", ","))
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    core = match["core"].strip()
    dash = match["dash"]
    trail = match["trail"]
    if dash and not core.endswith((",", ".")):
        if len(dash) != 1:
            return None
        dash, trail = None, "-"
    currency = match["currency"] or match["currency2"]
    if currency and currency.isalpha() and currency.isupper() and currency not in CODES:
        return None  # "VAT 21" is no amount
    if match["unit"] and not _unit(match["unit"]):
        return None
    values = _values(core.rstrip(",."), core[-1]) if dash else _values(core, "")
    if values is None:
        return None
    if match["open"] or trail or (match["sign"] or match["sign2"] or "+") != "+":
        values = tuple(None if v is None else -v for v in values)  # type: ignore[assignment]
    return Reading(values[0], values[1], bool(match["percent"]), currency, match["unit"].strip())


def _unit(text: str) -> bool:
    word = text.strip(" /.*†‡")
    return len(word.split()) <= 3 and "-" not in word[:1] and ":" not in word


def _values(core: str, decimal: str) -> tuple[Decimal | None, Decimal | None] | None:
    """(value with a decimal dot, value with a decimal comma); `decimal` is set where the text itself
    shows it.
    """
    whole = _SPACES.split(core)
    spaced = len(whole) > 1
    if spaced:
        head = re.split(r"[.,]", core)[0]
        if not _GROUPED.fullmatch(head.strip()):
            return None
        core = _SPACES.sub("", core)
    signs = {c for c in core if c in ".,"}
    try:
        if not signs:
            value = Decimal(core)
            return (value if decimal != "," else None, value if decimal != "." else None)
        if len(signs) == 2:
            return _both_signs(core, spaced)
        return _one_sign(core, signs.pop(), spaced, decimal)
    except InvalidOperation:
        return None


def _both_signs(core: str, spaced: bool) -> tuple[Decimal | None, Decimal | None] | None:
    last = max(core.rfind("."), core.rfind(","))
    sign, other = core[last], "," if core[last] == "." else "."
    head = core[:last]
    if sign in head or spaced or not (_THREES.fullmatch(head) or _INDIAN.fullmatch(head)):
        return None
    value = Decimal(head.replace(other, "") + "." + core[last + 1 :])
    return (value, None) if sign == "." else (None, value)


def _one_sign(
    core: str, sign: str, spaced: bool, decimal: str
) -> tuple[Decimal | None, Decimal | None] | None:
    parts = core.split(sign)
    grouped = bool(_THREES.fullmatch(core) or _INDIAN.fullmatch(core)) and not spaced
    as_whole = (
        Decimal("".join(parts)) if grouped and parts[0] != "0" and not parts[0].startswith("00") else None
    )
    as_fraction = Decimal(".".join(parts)) if len(parts) == 2 and decimal == "" else None
    if as_whole is None and as_fraction is None:
        return None
    return (as_fraction, as_whole) if sign == "." else (as_whole, as_fraction)
