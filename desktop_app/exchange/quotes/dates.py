"""Dates and spans of time in a vendor's words: every reading of a text, and what decides the order."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from desktop_app.exchange.quotes.text import fold, normal

_MONTHS = {
    1: "jan january januar janvier enero janeiro gennaio januari styczen stycznia leden ledna "
    "ינואר jaen ene gen",
    2: "feb february februar fevrier febrero fevereiro febbraio februari luty lutego unor unora "
    "פברואר fev fevr",
    3: "mar march marz maerz mars marzo marco maart marzec marca brezen brezna מרץ mrz mrt",
    4: "apr april avril abril aprile kwiecien kwietnia duben dubna אפריל avr abr",
    5: "may mai mayo maio maggio mei maj maja kveten kvetna מאי mag",
    6: "jun june juni juin junio junho giugno czerwiec czerwca cerven cervna יוני giu",
    7: "jul july juli juillet julio julho luglio lipiec lipca cervenec cervence יולי juil lug",
    8: "aug august aout agosto augustus sierpien sierpnia srpen srpna אוגוסט ago augusti",
    9: "sep sept september septembre septiembre setembro settembre wrzesien wrzesnia zari ספטמבר set",
    10: "oct okt october oktober octobre octubre outubro ottobre pazdziernik pazdziernika rijen "
    "rijna אוקטובר out ott",
    11: "nov november novembre noviembre novembro listopad listopada listopadu נובמבר",
    12: "dec dez december dezember decembre diciembre dezembro dicembre grudzien grudnia "
    "prosinec prosince דצמבר dic",
}
_MONTH_OF = {name: number for number, names in _MONTHS.items() for name in names.split()}

_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)(?:T[\d:.]+Z?)?")
_ASIAN = re.compile(r"(令和|平成)?\s*(\d{1,4}|元)\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?")
_NUMERIC = re.compile(r"(?<![\d.,/-])(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4}|\d{2})(?![\d/])")
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.|º|°)?[\s-]+(?:de |di |of |"
    r"d')?([^\W\d_]{3,12})\.?,?[\s-]+(?:de |of )?(\d{4}|\d{2})(?!\d)"
)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_ERA = {"令和": 2018, "平成": 1988}

_COUNT_WORDS = {
    word: count
    for count, words in {
        1: "one a an ein eine einen einem un une uno una um uma een jeden",
        2: "two zwei deux dos dois due twee",
        3: "three drei trois tres tre drie",
        4: "four vier quatre cuatro quatro quattro",
        6: "six sechs seis sei zes",
        7: "seven sieben sept siete sete sette zeven",
        8: "eight acht huit ocho oito otto",
        10: "ten zehn dix diez dez dieci tien",
        14: "fourteen vierzehn quatorze catorce quattordici veertien",
        15: "fifteen quinze quince quindici vijftien",
        20: "twenty zwanzig vingt veinte vinte venti twintig",
        30: "thirty dreissig trente treinta trinta trenta dertig",
        60: "sixty sechzig soixante sesenta sessenta sessanta zestig",
        90: "ninety neunzig noventa novanta negentig",
    }.items()
    for word in words.split()
}
DAY_WORDS = (
    "days|day|tage|tagen|tag|jours|jour|dias|dia|giorni|giorno|dagen|dager|dage|dagar|dag|"
    "dni|dnu|paivaa|napon|nap|gun|дней|יום|ימים|日間|日|天|일"
)
WEEK_WORDS = (
    "weeks|week|wks|wk|wochen|woche|semaines|semaine|semanas|semana|settimane|settimana|"
    "weken|uker|uke|uger|uge|veckor|vecka|viikkoa|viikko|tygodni|tygodnie|tydny|tydnu|hafta|недель|שבועות|週間|週|周|주"
)
MONTH_WORDS = (
    "months|month|mos|mths|mth|mo|monate|monaten|monat|mois|meses|mes|mesi|mese|maanden|maand|miesiecy|maneder|manader|kuukautta|mesicu|mesice|"
    "חודשים|か月間|か月|ヶ月間|ヶ月|カ月|ケ月|個月|个月|개월"
)
YEAR_WORDS = (
    "years|year|yrs|yr|jahre|jahren|jahr|ans|an|annees|anos|ano|anni|anno|jaar|ar|lat|roky|"
    "let|שנים|年間|年|년"
)
_COUNTS = "|".join(sorted(_COUNT_WORDS, key=len, reverse=True))
_SPAN = re.compile(
    rf"(?<![A-Za-z0-9.,])(\d{{1,3}}|(?:{_COUNTS})(?=\s))[\s-]*(?:\(\d+\)\s*)?(?:calendar |"
    rf"business |working |kalender)?"
    rf"(?:(?P<day>{DAY_WORDS})|(?P<week>{WEEK_WORDS})|(?P<month>{MONTH_WORDS})|(?P<year>{YEAR_WORDS}))(?![a-z])"
)


@dataclass(frozen=True, slots=True)
class DateText:
    """A date found in a text; `day_first` and `month_first` are its two readings (None: impossible)."""

    raw: str
    day_first: dt.date | None
    month_first: dt.date | None
    separator: str = ""

    @property
    def ambiguous(self) -> bool:
        """Both orders are possible and give different days."""
        return None not in (self.day_first, self.month_first) and self.day_first != self.month_first

    @property
    def evidence(self) -> str | None:
        """The order this date proves: "dmy", "mdy" or None.

        >>> find_date("due 10/31/2026").evidence, find_date("03/04/2026").evidence
        ('mdy', None)
        """
        if not self.separator or self.ambiguous or self.day_first == self.month_first:
            return None
        return "dmy" if self.month_first is None else "mdy"

    def value(self, order: str | None) -> dt.date | None:
        """The day under an order of the file; None when it stays open."""
        if not self.ambiguous:
            return self.day_first or self.month_first
        if order is None:
            return None
        return self.day_first if order == "dmy" else self.month_first


def _date(year: int, month: int, day: int) -> dt.date | None:
    year += 2000 if year < 100 else 0
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def find_date(text: str) -> DateText | None:
    """The first date in a text, in any of the written forms vendors use.

    >>> find_date("Valid to: 2026-01-24").day_first, find_date("令和8年10月5日").day_first
    (datetime.date(2026, 1, 24), datetime.date(2026, 10, 5))
    >>> find_date("12. Oktober 2026").day_first, find_date("November 3, 2026").day_first
    (datetime.date(2026, 10, 12), datetime.date(2026, 11, 3))
    """
    text = normal(text)
    if not any(c.isdigit() for c in text):
        return None
    if match := _ISO.search(text):
        day = _date(int(match[1]), int(match[2]), int(match[3]))
        if day is not None:
            return DateText(match[0].split("T")[0], day, day)
    if match := _ASIAN.search(text):
        year = 1 if match[2] == "元" else int(match[2])
        day = _date(year + _ERA.get(match[1] or "", 0), int(match[3]), int(match[4]))
        if day is not None:
            return DateText(match[0], day, day)
    if match := _NUMERIC.search(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        by_day, by_month = _date(year, second, first), _date(year, first, second)
        if match[2] == "." and by_day is not None:
            by_month = by_day  # dots between the parts are written day first everywhere
        if by_day is not None or by_month is not None:
            return DateText(match[0], by_day, by_month, match[2])
    return _named_month(text)


def _named_month(text: str) -> DateText | None:
    plain = fold(text)
    for pattern, day_at, month_at in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        for match in pattern.finditer(plain):
            month = _MONTH_OF.get(match[month_at])
            day = _date(int(match[3]), month, int(match[day_at])) if month else None
            if day is not None:
                raw = text[match.start() : match.end()] if len(text) == len(plain) else match[0]
                return DateText(raw, day, day)
    return None


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as printed."""

    raw: str
    count: int
    unit: str  # "day" | "week" | "month" | "year"

    def after(self, day: dt.date) -> dt.date:
        """The day this span after `day`; months keep the day of the month where it exists.

        >>> find_span("Valid for one month").after(dt.date(2026, 1, 31))
        datetime.date(2026, 2, 28)
        """
        if self.unit in ("day", "week"):
            return day + dt.timedelta(days=self.count * (7 if self.unit == "week" else 1))
        months = day.month - 1 + self.count * (12 if self.unit == "year" else 1)
        year, month = day.year + months // 12, months % 12 + 1
        return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))

    @property
    def months(self) -> int | None:
        """The span in months, where it is a whole number of them.

        >>> find_span("3 years").months, find_span("30 days").months
        (36, None)
        """
        return {"month": self.count, "year": 12 * self.count}.get(self.unit)


def find_span(text: str) -> Span | None:
    """The first span of time in a text ("30 days", "zwei Wochen", "3か月")."""
    plain = normal(text)
    folded = fold(plain)
    match = _SPAN.search(folded)
    if match is None:
        return None
    count = int(match[1]) if match[1].isdigit() else _COUNT_WORDS[match[1]]
    unit = next(name for name in ("day", "week", "month", "year") if match[name])
    raw = plain[match.start() : match.end()] if len(plain) == len(folded) else match[0]
    return Span(raw.strip(), count, unit)
