"""Numbers, money and dates as this user reads and types them; files and formulas stay free of any locale."""

from __future__ import annotations

import datetime as dt
import math
import re

from PySide6.QtCore import QDate, QDateTime, QLocale, Qt

NONE = "–"
_SCALE_WORDS = {1: "", 1_000: " thousand", 1_000_000: " million", 1_000_000_000: " billion"}
_SCALE_LETTERS = {1: "", 1_000: "k", 1_000_000: "m", 1_000_000_000: "bn"}
_NUMBER = re.compile(r"[-+−]?[\d.,'’٬٫\s  ]*\d[\d.,'’٬٫]*")
# What may stand behind a number that is a value: a scale and a unit, never another operation.
_UNIT = re.compile(r"^(?!\s*-)[^\d+*^()<>=&;]*$")
_PLAIN = re.compile(
    r"^([-+]?(?:[$€£¥₹₩]|[A-Za-z]{3}\s)?\s*)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(\s*(?:[^\W\d_]|[%/])?[^\d*+\-^()<>=&]*)$"
)


def number(value: float | None, decimals: int = 0) -> str:
    """A number with group separators and fixed decimals, a dash where there is none."""
    if value is None or not math.isfinite(value):
        return NONE
    if round(abs(value), decimals) == 0:
        value = 0.0
    return QLocale().toString(value, "f", decimals)


def significant(value: float | None, digits: int = 4) -> str:
    """A number with as many decimals as it needs to show so many digits, never fewer than all before the
    point."""
    if value is None or not math.isfinite(value):
        return NONE
    if value == 0:
        return number(0.0)
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:.{min(decimals, 12)}f}"
    kept = len(text.rstrip("0").partition(".")[2]) if "." in text else 0
    return number(value, kept)


def compact(value: float | None, unit: str = "") -> str:
    """A number for a narrow column: "150 bn"; "%" is a plain number shown in per cent."""
    if value is not None and math.isfinite(value) and unit != "%":
        for scale, letter in ((1e12, "tn"), (1e9, "bn"), (1e6, "m")):
            if abs(value) >= 10 * scale or (abs(value) >= scale and scale > 1e6):
                return f"{significant(value / scale)} {letter}"
    return with_unit(value, unit)


def percent(share: float | None, decimals: int = 1) -> str:
    """A share as per cent."""
    return NONE if share is None or not math.isfinite(share) else f"{number(share * 100, decimals)} %"


def with_unit(value: float | None, unit: str, digits: int = 4) -> str:
    """A value with its unit; "%" is a plain number shown in per cent."""
    if value is None or not math.isfinite(value):
        return NONE
    if unit == "%":
        return f"{significant(value * 100, digits)} %"
    return f"{significant(value, digits)} {unit}".rstrip()


def scale_word(currency: str, scale: int) -> str:
    """The unit in a heading: "USD thousand"."""
    return f"{currency}{_SCALE_WORDS.get(scale, f' × {scale:,}')}"


def fitting_scale(largest: float) -> int:
    """The display unit that leaves one to four digits before the point of an amount."""
    for scale in (1_000_000_000, 1_000_000, 1_000):
        if abs(largest) >= 1.5 * scale:
            return scale
    return 1


def short_money(value: float, currency: str) -> str:
    """An amount in a sentence: "USD 12.3m"."""
    scale = fitting_scale(value)
    scaled = value / scale
    decimals = 0 if scale == 1 or abs(scaled) >= 1000 else 1 if abs(scaled) >= 100 else 2
    return f"{currency} {number(scaled, decimals)}{_SCALE_LETTERS[scale]}"


def month(name: str, long: bool = False) -> str:
    """ "2027-01" as "Jan 2027"."""
    year, place = (int(part) for part in name.split("-"))
    style = QLocale.FormatType.LongFormat if long else QLocale.FormatType.ShortFormat
    return f"{QLocale().standaloneMonthName(place, style)} {year}"


def date(text: str) -> str:
    """An ISO date as the locale writes it; any other text as it is."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return text
    return QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.ShortFormat)


def moment(text: str) -> str:
    """An ISO time in UTC as local date and time."""
    when = QDateTime.fromString(text, Qt.DateFormat.ISODateWithMs)
    if not when.isValid():
        return text
    return QLocale().toString(when.toLocalTime(), QLocale.FormatType.ShortFormat)


def iso_date(text: str) -> str | None:
    """The ISO form of a typed date, "" for none, None where it is no date."""
    plain = text.strip()
    if not plain:
        return ""
    try:
        return dt.date.fromisoformat(plain).isoformat()
    except ValueError:
        pass
    for style in (
        QLocale.FormatType.ShortFormat,
        QLocale.FormatType.NarrowFormat,
        QLocale.FormatType.LongFormat,
    ):
        day = QLocale().toDate(plain, style)
        if day.isValid():
            if day.year() < 1950:  # a two-digit year
                day = day.addYears(100)
            return day.toString(Qt.DateFormat.ISODate)
    return None


def entry_from_text(typed: str) -> str:
    """What is stored for a typed value or formula: a number in the user's own style becomes locale-free.

    In a German locale "1.234,56 EUR" is stored as "1234.56 EUR"; a formula, and a number that is not
    written in the
    locale's own style, stays as it was typed.
    """
    text = typed.strip()
    locale = QLocale()
    if locale.decimalPoint() == "." or not text:
        return text
    match = re.match(
        r"^([$€£¥₹₩]|[A-Za-z]{3}(?=\s*[-+−\d]))?\s*(" + _NUMBER.pattern + r")(.*)$", text, re.DOTALL
    )
    if match is None or not _UNIT.match(match[3]):
        return text
    digits = match[2].strip().replace("−", "-")
    value, valid = locale.toDouble(digits)
    if not valid:
        return text
    plain = repr(value).removesuffix(".0") if abs(value) < 1e16 else digits
    before = f"{match[1]} " if match[1] and match[1].isalpha() else (match[1] or "")
    return f"{before}{plain}{match[3]}"


def text_from_entry(entry: str) -> str:
    """How a stored value or formula is shown: a plain number in the locale's style, anything else as
    it is.
    """
    match = _PLAIN.match(entry.strip())
    if match is None:
        return entry
    before, whole, decimals, after = match.groups(default="")
    digits = whole.replace(",", "")
    if len(digits) > 15:
        return entry
    locale = QLocale()
    shown = locale.toString(int(digits)) if len(digits) > 4 or "," in whole else digits
    point = locale.decimalPoint() + decimals[1:] if decimals else ""
    return f"{before}{shown}{point}{after}"
