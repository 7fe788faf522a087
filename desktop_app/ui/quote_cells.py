"""The text of a foreign cell under its own number format, as its vendor saw it."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QLocale

from desktop_app.exchange.reading import Cell
from desktop_app.ui import display

_QUOTED = re.compile(r'"([^"]*)"|\\(.)|_(.)|\*(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]')
_DIGITS = re.compile(r"[#0?](?:[#0?,.]*[#0?])?(,*)")
_DATE_PARTS = re.compile(r"y+|m+|d+|h+|s+|am/pm|a/p|.", re.IGNORECASE | re.DOTALL)
_WIDE = Context(prec=400)  # every double, to any number of decimals that a format can ask for
_LITERAL = "\ue000"  # stands for a literal part while a code is taken apart

_NUMBER_HERE = "\ue001"


class _Section(NamedTuple):
    """One section of a number format: literal text around a run of digits."""

    before: str
    after: str
    least: int
    most: int
    grouped: bool
    scale: float
    zero: bool
    digits: bool


def cell_text(cell: Cell) -> str:
    """A cell as its vendor would see it, in the user's own style of numbers and dates.

    >>> cell_text(Cell(1, 1, -49.5, '$#,##0.00_);($#,##0.00)')), cell_text(Cell(1, 1, 0.125, "0.0%"))
    ('($49.50)', '12.5%')
    """
    value = cell.value
    if cell.error is not None:
        return cell.error
    if value is None:
        return f"={cell.formula}" if cell.formula else ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, dt.datetime | dt.date):
        return _day(value, cell.number_format or "")
    if isinstance(value, int | float):
        return _number(float(value), cell.number_format or "")
    return str(value)


def _number(value: float, code: str) -> str:
    sections = _sections(code)
    if not sections:
        return display.significant(value, 12)
    own = 1 if value < 0 and len(sections) > 1 else 2 if value == 0 and len(sections) > 2 else 0
    section = sections[own]
    shown = abs(value) if own == 1 else value
    if not section.digits:
        return section.before.strip()
    scaled = shown * section.scale
    place = Decimal(1).scaleb(-section.most)
    text = f"{Decimal(repr(abs(scaled))).quantize(place, ROUND_HALF_UP, _WIDE):f}"
    whole, _, decimals = text.partition(".")
    decimals = decimals[: section.least] + decimals[section.least :].rstrip("0")
    locale = QLocale()
    whole = (
        ""
        if not int(whole) and not section.zero
        else locale.toString(int(whole))
        if section.grouped
        else whole
    )
    sign = "-" if scaled < 0 and (int(text.replace(".", "")) != 0) else ""
    number = whole + (locale.decimalPoint() + decimals if decimals else "")
    return f"{sign}{section.before}{number}{section.after}".strip()


@lru_cache(maxsize=500)
def _sections(code: str) -> tuple[_Section, ...]:
    """The sections of a format for numbers; none for "General", text and what is too special to follow."""
    if not code or code.lower() in ("general", "@") or "E+" in code.upper() or "/" in code.replace("[$", ""):
        return ()
    literals: list[str] = []

    def keep(match: re.Match[str]) -> str:
        quoted, escaped, space, _fill, currency = match.groups()
        literals.append(quoted or escaped or currency or (" " if space else ""))
        return _LITERAL

    made = []
    for part in _QUOTED.sub(keep, code).split(";")[:3]:
        percent = part.count("%")
        found = _DIGITS.search(part)
        texts = part if found is None else part[: found.start()] + _NUMBER_HERE + part[found.end() :]
        while _LITERAL in texts:
            texts = texts.replace(_LITERAL, literals.pop(0), 1)
        before, _, after = texts.partition(_NUMBER_HERE)
        digits = found.group() if found else ""
        decimals = digits.partition(".")[2]
        trailing = len(found.group(1)) if found else 0
        made.append(
            _Section(
                before,
                after,
                decimals.count("0"),
                sum(decimals.count(sign) for sign in "0#?"),
                "," in digits.rstrip(",").partition(".")[0],
                100.0**percent / 1000.0**trailing,
                "0" in digits.partition(".")[0],
                bool(digits),
            )
        )
    return tuple(made) if made and made[0].digits else ()


def _day(value: dt.date, code: str) -> str:
    """A date in the order that its format prints; ISO-like where the format says nothing."""
    plain = _QUOTED.sub(lambda match: match.group(1) or match.group(2) or "", code.partition(";")[0])
    if not re.search(r"[ymd]", plain, re.IGNORECASE) or plain.lower() == "general":
        return display.date(dt.date(value.year, value.month, value.day).isoformat())
    text, hours = [], False
    for part in _DATE_PARTS.findall(plain):
        low = part.lower()
        text.append(_date_part(value, low, part, hours))
        if low[0] == "h":
            hours = True
        elif low.isalpha() and low[0] in "ymds":
            hours = False
    return "".join(text).strip()


def _date_part(value: dt.date, low: str, part: str, after_hours: bool) -> str:
    clock = value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001
    locale = QLocale()
    size = len(low)
    match low[0]:
        case "y":
            return f"{clock.year % 100:02d}" if size <= 2 else str(clock.year)
        case "m" if after_hours:
            return f"{clock.minute:02d}"
        case "m" if size >= 3:
            style = QLocale.FormatType.ShortFormat if size == 3 else QLocale.FormatType.LongFormat
            return locale.monthName(clock.month, style)
        case "m":
            return f"{clock.month:0{size}d}"
        case "d" if size >= 3:
            style = QLocale.FormatType.ShortFormat if size == 3 else QLocale.FormatType.LongFormat
            return locale.dayName(clock.isoweekday(), style)
        case "d":
            return f"{clock.day:0{size}d}"
        case "h":
            return f"{clock.hour:0{min(size, 2)}d}"
        case "s":
            return f"{clock.second:0{min(size, 2)}d}"
    return "" if low in ("am/pm", "a/p") else part
