"""Cleaning and typing of single values: text, numbers as written, date serials, number formats."""

from __future__ import annotations

import datetime as dt
import math
import re
from functools import lru_cache
from typing import Literal

from desktop_app.exchange.reading.limits import MAX_TEXT

DateKind = Literal["date", "datetime", "time", "duration"]

# Control characters except tab and line feed, byte order marks, zero-width spaces, lone surrogates, and the
# bidirectional embeddings, overrides and isolates that can make a text show in another order than it reads.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]?', re.IGNORECASE | re.DOTALL)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_SECOND_PARTS = re.compile(r"s+[.,]0+", re.IGNORECASE)
_DAY_PART = re.compile(r"[dyg]|e(?![+-])", re.IGNORECASE)
_CLOCK_PART = re.compile(r"[hs]|am/pm|a/p", re.IGNORECASE)
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}\Z", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?\Z", re.ASCII)

EARLIEST = dt.date(1990, 1, 1)
LATEST = dt.date(2100, 12, 31)
"""Dates outside are almost always a number shown as a date or a slip of the keyboard."""


def clean_text(text: str) -> tuple[str, bool, bool]:
    """The text without what must not be in a text, whether characters were removed, and whether it was cut.

    Line breaks and tabs stay, since two-line headers and indentation carry meaning.

    >>> clean_text("List\\r\\nPrice")
    ('List\\nPrice', False, False)
    >>> clean_text("1\\u202e000\\x07")
    ('1000', True, False)
    """
    if text.isascii() and text.isprintable() and len(text) <= MAX_TEXT:
        return text, False, False
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    cut = len(text) > MAX_TEXT
    if cut:
        text = text[:MAX_TEXT]
    # Vertical tabs and form feeds are white space: without it the words on both sides would run together.
    cleaned = _UNWANTED.sub("", text.replace("\x0b", " ").replace("\x0c", " "))
    return cleaned, cleaned != text, cut


def unescape(text: str) -> str:
    """Undo the _xHHHH_ escapes that Office Open XML uses for characters XML cannot hold.

    >>> unescape("a_x000A_b")
    'a\\nb'
    """
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def parse_number(text: str) -> int | float | None:
    """The number written in a file's own notation (decimal point, no grouping), or None where it is none.

    Infinite and not-a-number results are None too.

    >>> parse_number("9"), parse_number("1.09E-1"), parse_number("1,5"), parse_number("1e999")
    (9, 0.109, None, None)
    """
    text = text.strip()
    if _INTEGER.match(text):
        return int(text)
    if not _NUMBER.match(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def plain_number(text: str) -> int | float | None:
    """As `parse_number`, quickly for what is written as spreadsheet programs write it."""
    try:
        if not text.isascii() or "_" in text:
            return None
        if len(text) <= 18 and text.isdigit():
            return int(text)
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def is_not_finite(text: str) -> bool:
    """True for a text that stands for infinity or not-a-number, in words or by its size.

    >>> is_not_finite("NaN"), is_not_finite("1e999"), is_not_finite("12")
    (True, True, False)
    """
    try:
        return not math.isfinite(float(text.strip()))
    except ValueError:
        return False


@lru_cache(maxsize=4096)
def date_kind(number_format: str | None) -> DateKind | None:
    """What a number format makes of a number: a date, a date with time, a time of day, a duration, or None: a
    number.

    >>> date_kind("yyyy-mm-dd"), date_kind("[h]:mm"), date_kind('#,##0.00 "USD"'), date_kind("General")
    ('date', 'duration', None, None)
    >>> date_kind("#,##0.00 USD"), date_kind("d.m.yy hh:mm"), date_kind("0.00E+00"), date_kind("h:mm AM/PM")
    (None, 'datetime', None, 'time')
    """
    if not number_format or number_format.casefold() in ("general", "standard"):
        return None
    code = _LITERAL.sub("", number_format[:1000]).split(";")[0]
    if _ELAPSED.search(code):
        return "duration"
    code = _SECOND_PARTS.sub("s", code)
    if any(mark in code for mark in "0#?@"):
        return None
    clock = _CLOCK_PART.search(code) is not None
    day = _DAY_PART.search(code) is not None or (not clock and "m" in code.lower())
    if day:
        return "datetime" if clock else "date"
    return "time" if clock else None


def from_serial(
    serial: float, kind: DateKind, epoch_1904: bool
) -> dt.date | dt.datetime | dt.time | dt.timedelta | None:
    """The date, time or duration that a spreadsheet shows for a serial number; None where it can show none.

    Serials below 60 count from 1899-12-31, later ones from 1899-12-30, because spreadsheets of the 1900
    system hold a 29 February 1900 that never was (serial 60 itself is given as 28 February).

    >>> from_serial(46296, "date", False), from_serial(1.5, "datetime", True), from_serial(-5, "date", False)
    (datetime.date(2026, 10, 1), datetime.datetime(1904, 1, 2, 12, 0), None)
    """
    if kind == "duration":
        return dt.timedelta(seconds=round(serial * 86400, 3)) if abs(serial) < 1e6 else None
    if not 0 <= serial < 2_958_466:
        return None
    milliseconds = round(serial * 86_400_000)
    days, rest = divmod(milliseconds, 86_400_000)
    seconds, thousandths = divmod(rest, 1000)
    clock = dt.time(seconds // 3600, seconds // 60 % 60, seconds % 60, thousandths * 1000)
    if kind == "time" and days == 0:
        return clock
    if epoch_1904:
        first = dt.date(1904, 1, 1)
    else:
        first = dt.date(1899, 12, 31) if days < 60 else dt.date(1899, 12, 30)
    try:
        day = first + dt.timedelta(days=days)
    except OverflowError:
        return None
    if kind == "date" and not rest:
        return day
    return dt.datetime.combine(day, clock)


def from_iso(text: str) -> dt.date | dt.datetime | dt.time | None:
    """The date, date and time, or time of day written in ISO 8601; None where it is none.

    >>> from_iso("2026-10-01"), from_iso("2026-10-01T08:30:00Z"), from_iso("2026-13-45")
    (datetime.date(2026, 10, 1), datetime.datetime(2026, 10, 1, 8, 30), None)
    """
    text = text.strip()
    try:
        if "T" not in text and ":" in text:
            return dt.time.fromisoformat(text).replace(tzinfo=None)
        if "T" not in text:
            return dt.date.fromisoformat(text)
        moment = dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    if moment.time() == dt.time.min:
        return moment.date()
    return moment


def is_unlikely_date(value: dt.date) -> bool:
    """True for dates before 1990 or after 2100."""
    day = value.date() if isinstance(value, dt.datetime) else value
    return not EARLIEST <= day <= LATEST
