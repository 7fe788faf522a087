"""What people type into a cell: "1.2M", "15 %", "$2.5k", "282,459.75", "36 months", or a formula."""

from __future__ import annotations

import re
from functools import lru_cache

from desktop_app.engine import units
from desktop_app.engine.formula.parser import MAX_LENGTH, FormulaError, parse
from desktop_app.engine.formula.syntax import Expression, Number

_SCALES = {
    "": 1.0,
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "mio": 1e6,
    "million": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "billion": 1e9,
    "t": 1e12,
    "tn": 1e12,
    "trillion": 1e12,
}
_DOLLARS = {"US$": "USD", "A$": "AUD", "C$": "CAD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "R$": "BRL"}
_WORD = r"[^\W\d]\w*(?:\^\d)?"
_UNIT = rf"{_WORD}(?:(?:\s*[-*/·×]\s*|\s+){_WORD})*"
_ENTRY = re.compile(
    r"^(?P<minus>[-−+]?)\s*"
    r"(?P<before>[$€£¥₹₩]|(?:US|A|C|NZ|HK|S|R)\$|[A-Za-z]{3}(?=\s+[\d.]))?\s*(?P<minus2>[-−]?)"
    r"(?P<digits>\d{1,3}(?:[, \u00a0\u202f'’]\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)"
    # an "m" beside a currency is a million; a unit may follow at once: 24h, 10.2kW
    r"(?:\s?(?P<scale>[kKMBT]|mn|Mn|mio|Mio|bn|Bn|tn|[Tt]housand|[MmBb]illion|[Tt]rillion|(?(before)m|(?!)))"
    r"(?!\w)|(?=[^\W\d])|(?!\w))\s*+"
    rf"(?P<unit>%|[$€£¥₹₩]|{_UNIT})?\s*+"
    # without a currency sign, what follows a slash divides: 12/servers
    rf"(?(before)(?P<each>/\s*{_UNIT})?)$"
)


@lru_cache(maxsize=16384)
def parse_entry(text: str, of_data: bool = False) -> Expression:
    """Expression of a typed value or formula.

    A value with a unit keeps the unit's text in Number.unit. A "B" alone is a billion, and bytes where the
    value is an amount of data. Raises FormulaError.

    >>> parse_entry("$2.5k")
    Number(value=2500.0, unit='USD', span=(0, 5))
    >>> parse_entry("15 %").value, parse_entry("1.2M").value, parse_entry("36 months").unit
    (0.15, 1200000.0, 'months')
    >>> parse_entry("$6.88/GPU-hour").unit, parse_entry("24h").unit, parse_entry("1.2 million").value
    ('USD/GPU-hour', 'h', 1200000.0)
    """
    plain = text.strip()
    match = _ENTRY.match(plain) if len(plain) <= MAX_LENGTH else None
    if match is None:
        return parse(text)
    before, after = match["before"] or "", (match["unit"] or "").strip()
    currency = _DOLLARS.get(before) or units.CURRENCY_SIGNS.get(before, before.upper())
    if currency and after == "%":
        raise FormulaError("This is either an amount or a share, not both.", (0, len(text)))
    joint = " " if after.lower().startswith("per ") else " * "
    unit = joint.join(part for part in (currency, after) if part) + (match["each"] or "")
    scale = match["scale"] or ""
    if of_data and scale == "B" and not unit:
        scale, unit = "", "B"
    value = float(re.sub(r"[, \u00a0\u202f'’]", "", match["digits"])) * _SCALES[scale.lower()]
    if "-" in match["minus"] + match["minus2"] or "−" in match["minus"] + match["minus2"]:
        value = -value
    start = len(text) - len(text.lstrip())
    span = (start, start + len(plain))
    if value in (float("inf"), float("-inf")):
        raise FormulaError("This number is too large.", span)
    if unit == "%":
        return Number(value / 100, "%", span)
    if unit:
        try:
            units.parse_unit(unit)
        except units.UnknownUnit as problem:
            first, last = match.span("unit") if match["unit"] else match.span("before")
            raise FormulaError(str(problem), (start + first, start + last)) from problem
    return Number(value, unit, span)
