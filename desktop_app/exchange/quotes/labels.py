"""Labels around the tables ("Quote no.", "Gültig bis") and the values that belong to them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from desktop_app.exchange.quotes import vocabulary_facts as words
from desktop_app.exchange.quotes.currency import currency_in, sign_currency
from desktop_app.exchange.quotes.dates import DateText, Span, find_date, find_span
from desktop_app.exchange.quotes.text import fold, normal, tidy
from desktop_app.exchange.quotes.view import SheetView
from desktop_app.exchange.reading.grid import Cell, address

_CUT = re.compile(r"\s+[-–—·•]\s+|\s{2,}")
_WIDEST = 60
_REACH = 8  # columns to the right in which a label's value may stand
_CODE = re.compile(r"^(?=[^\s]*\d)[^\W_][\w./#\-–—:+'’]{2,39}$")
_SEPARATOR = re.compile(r"^\s*[:：#=.\-–]*\s*")
_REVISION = re.compile(r"[A-Za-z]|\d{1,3}(?:\.\d{1,2})?|[A-Z]?\d{1,2}")
_AFTER_TERMS = re.compile(r"^(?:and|&|und|et|y|e|en)\s")


@dataclass(frozen=True, slots=True)
class Found:
    """A value for a fact and where it stands; `raw` is the text that says so."""

    value: str
    raw: str
    sheet: str
    cell: Cell
    date: DateText | dt.date | None = None
    span: Span | None = None

    @property
    def place(self) -> str:
        """Address of the cell."""
        return address(self.sheet, self.cell.row, self.cell.column)


@dataclass(frozen=True, slots=True)
class Area:
    """Cells of one sheet outside its tables; `top` are the rows before the first table, `below` some
    rows after the last.
    """

    view: SheetView
    top: Sequence[int]
    below: Sequence[int]


def cells_of(area: Area, *, below: bool = True) -> Iterator[Cell]:
    """Cells around the tables, row by row; of very wide rows the first ones."""
    for row in (*area.top, *(area.below if below else ())):
        yield from islice(area.view.rows[row].values(), _WIDEST)


def labelled(area: Area) -> Iterator[tuple[str, Found, str]]:
    for cell in cells_of(area):
        if not isinstance(cell.value, str) or len(cell.value) > 300:
            continue
        for text in _sentences(cell.value):
            for fact, label, rest in labels_of(text):
                found = _value(fact, area.view, cell, rest)
                if found is not None:
                    yield fact, found, label


# The end of a sentence; the stop of an abbreviation ("Doc. No.", "Rev. B") ends none.
_SENTENCE_END = (
    r"(?<=[a-z)\d]{2})(?<!\b[Rr]ev)(?<!\b[Vv]er)(?<!\b[Dd]oc)(?<!\b[Rr]ef)(?<!\b[Ee]st)\.\s+(?=[A-ZÀ-Ý])"
)
_PARTS = re.compile(rf"\n|{_SENTENCE_END}|\s+\|\s+|;\s+|\s{{3,}}")


def _sentences(text: str) -> list[str]:
    return [tidy(p) for part in _PARTS.split(text) for p in _before_labels(part) if p.strip()]


def _before_labels(text: str) -> list[str]:
    """A text cut before further labels with a colon ("Date: 5 Oct - Valid until: 4 Nov")."""
    pieces = [""]
    for piece in _CUT.split(text):
        starts = any(re.match(r"\s*[:：]", rest) for _, _, rest in labels_of(tidy(piece)))
        if starts or not pieces[-1]:
            pieces.append(piece)
        else:
            pieces[-1] = f"{pieces[-1]} - {piece}" if " - " in text else f"{pieces[-1]}  {piece}"
    return pieces[1:] if len(pieces) > 2 else [text]


def labels_of(text: str) -> Iterator[tuple[str, str, str]]:
    """(fact, label, rest of the text) for the labels a text begins with, the longest first."""
    plain = fold(text)
    matches = []
    for fact, pattern in (*words.LABEL_PATTERNS.items(), ("quote_number", words.NUMBER_LABEL)):
        match = pattern.match(plain)
        if match is not None:
            matches.append((match.end(), fact, match[0]))
    matches.sort(reverse=True)
    for end, fact, label in matches:
        if end < matches[0][0] and fact != "quote_number":
            continue
        rest = text[end:] if len(text) == len(plain) else plain[end:]
        yield fact, label, rest


def _value(fact: str, view: SheetView, cell: Cell, rest: str) -> Found | None:
    inline = _SEPARATOR.sub("", rest, count=1)
    if inline:
        found = _accept(fact, view.name, cell, inline, labelled=bool(re.match(r"\s*[:：#]", rest)))
        if found is not None:
            return found
        if len(inline) > 25 or fact in ("payment_terms", "currency", "vendor"):
            return None
    for target in _neighbours(view, cell):
        found = _accept(fact, view.name, target, None, labelled=True)
        if found is not None:
            return found
    return None


def _neighbours(view: SheetView, cell: Cell) -> Iterator[Cell]:
    """The next filled cell to the right; the one below where the right one is a label itself."""
    row = view.rows.get(cell.row, {})
    right = next((row[c] for c in range(cell.column + 1, cell.column + 1 + _REACH) if c in row), None)
    beside = isinstance(right.value, str) and _is_label(right.value) if right is not None else True
    if right is not None and not beside:
        yield right
    else:
        below = view.rows.get(cell.row + 1, {}).get(cell.column)
        if below is not None:
            yield below


def _is_label(text: str) -> bool:
    """Whether a text is nothing but a label, whose value stands elsewhere."""
    return any(not rest.strip(" :：.#") for _, _, rest in labels_of(tidy(text)))


def _accept(fact: str, sheet: str, cell: Cell, inline: str | None, *, labelled: bool) -> Found | None:
    """The value for a fact in a cell (or in the rest of the label's own cell), None where it is no such
    value.
    """
    value = cell.value
    if inline is None and isinstance(value, dt.date):
        day = value.date() if isinstance(value, dt.datetime) else value
        return (
            Found(day.isoformat(), day.isoformat(), sheet, cell, day)
            if fact in ("quote_date", "valid_until")
            else None
        )
    if inline is None and isinstance(value, int | float) and not isinstance(value, bool):
        if fact not in ("quote_number", "revision") or value != int(value):
            return None
        return Found(str(int(value)), str(int(value)), sheet, cell)
    text = inline if inline is not None else tidy(value) if isinstance(value, str) else ""
    if not text:
        return None
    return _accept_text(fact, sheet, cell, text, labelled)


def _accept_text(fact: str, sheet: str, cell: Cell, text: str, labelled: bool) -> Found | None:
    plain = fold(text)
    if fact in ("quote_date", "valid_until"):
        date = find_date(text)
        if date is not None and (len(text) <= len(date.raw) + 30):
            return Found(date.raw, date.raw, sheet, cell, date)
        span = find_span(text) if fact == "valid_until" and len(text) < 80 else None
        return Found(span.raw, span.raw, sheet, cell, span=span) if span else None
    if fact == "quote_number":
        return _code(sheet, cell, text)
    if fact == "revision":
        code = normal(text).strip(" .:")
        code = re.sub(r"^(?:rev(?:ision)?|version|ver|v|issue|no)\.?\s*", "", code, flags=re.IGNORECASE)
        return Found(code, text, sheet, cell) if _REVISION.fullmatch(code) else None
    if fact == "currency":
        named = currency_in(text)
        if named is None and labelled and (by_sign := sign_currency(normal(text))):
            named = (by_sign, text)
        return Found(named[0], named[1], sheet, cell) if named else None
    if fact == "payment_terms":
        text = _without_stop(text)
        if (
            len(text) > 160
            or _AFTER_TERMS.match(plain)
            or not (labelled or words.PAYMENT_WORDS.search(plain))
        ):
            return None
        return Found(text, text, sheet, cell) if find_date(text) is None and len(text) > 2 else None
    if fact == "lead_time":
        text = _without_stop(text)
        timed = find_span(text) is not None or re.search(
            r"stock|lager|magazijn|almacen|estoque|magazzino|在庫|现货|immediate|sofort", plain
        )
        return Found(text, text, sheet, cell) if timed and len(text) <= 120 else None
    if fact == "vendor" and labelled and 2 < len(text) <= 80 and not words.CUSTOMER.search(plain):
        return Found(text, text, sheet, cell)
    return None


def _without_stop(text: str) -> str:
    """A text without the full stop of its sentence; the stop of an abbreviation ("d.f.") stays."""
    last = text.split(" ")[-1]
    return text if re.fullmatch(r"(?:\w{1,3}\.){2,}", last) else text.rstrip(" .")


def _code(sheet: str, cell: Cell, text: str) -> Found | None:
    plain = normal(text).strip(" .,;:")
    cut = words.REVISION.search(plain)
    bare = plain[: cut.start()].strip(" -–/,(") if cut else plain
    if find_date(bare) is not None and not re.search(r"[A-Za-z]", bare):
        return None
    if not _CODE.match(bare):
        first = bare.split(" ")[0].strip(",;")
        rest = bare[len(first) :].strip()
        parts = bare.split(" ")
        if (
            len(parts) <= 3
            and len(bare) <= 24
            and all(re.fullmatch(r"[\w./\-]+", p) for p in parts)
            and _CODE.match(parts[-1])
            and parts[0].isupper()
        ):
            return Found(plain, bare, sheet, cell)
        if (
            not _CODE.match(first)
            or len(rest) > 60
            or not re.match(r"(?:[(\[,;|/–-]|dated|of|vom|du|de|from|date)", fold(rest))
        ):
            return None
        bare = first
        return Found(bare, bare, sheet, cell)
    return Found(plain, bare, sheet, cell)
