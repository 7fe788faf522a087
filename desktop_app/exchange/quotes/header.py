"""Header rows: which rows of a sheet name columns, and what each name may mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from rapidfuzz import fuzz, process

from desktop_app.exchange.quotes.numbers import read_number
from desktop_app.exchange.quotes.text import fold, tidy
from desktop_app.exchange.quotes.view import SheetView
from desktop_app.exchange.quotes.vocabulary import table

MONEY = frozenset(
    [
        "list_price",
        "unit_price",
        "extended_price",
        "rate_1y",
        "rate_3y",
        "nrc",
        "mrc",
        "nrc_unit",
        "mrc_unit",
        "lease_payment",
        "rate_per_1000",
        "tier_price",
    ]
)
SUBJECT = frozenset(["description", "part_number", "quantity", "term_months", "line_no"])
_PARENTHESES = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
# What may stand in an upper header row: a short name, not a labelled fact ("Date: 1 Oct").
_GROUP_NAME = re.compile(r"[^:：\d]{1,40}$")
_MONEY_WORDS = re.compile(
    r"(?<![a-z])(?:us\$|usd|eur|euro|gbp|jpy|chf|cny|rmb|cad|aud|inr|brl|sek|nok|dkk|pln|czk|krw|twd|hkd|sgd|ils|mxn|zar|aed|r\$|nis|rs)(?![a-z])|[$€£¥₹₩₪₺]"
)


_TIER = re.compile(
    r"^(?:qty |menge |qte |cant\.? )?(\d{1,6})\s*(?:-|to|bis|a|~|\.\.)\s*\d{1,6}(?: [a-z.]{1,8})?$"
    r"|^(?:qty )?(\d{1,6})\s*(?:\+|and more|or more|und mehr|et plus|o mas)(?: [a-z.]{1,8})?$"
    r"|^(?:>=?|≥|ab|from|a partir de|des|desde|da|vanaf)\s*(\d{1,6})(?: [a-z.]{1,8})?$"
)


_WHOLE_NAMES = frozenset(
    ["quantity", "quantity_per_system", "unit", "line_no", "term_months", "currency", "price_per"]
)
_MOST_TRIES = 1_500  # rows of a sheet that are looked at as a header; beyond, it is a text and no quote
_MOST_COLUMNS = 300


@lru_cache(maxsize=10_000)
def key(text: str) -> str:
    """Form in which column names are compared.

    >>> key("Art.-Nr. *"), key("List  Price\\n(USD)")
    ('art nr', 'list price (usd)')
    """
    text = fold(text).replace(".", "").replace("_", " ").replace("-", " ")
    return " ".join(text.strip(" *†‡:?¹²³⁽⁾").split())


def _phrases() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name, phrases in table("columns").items():
        if name == "annotations":
            continue
        for word in map(key, phrases):
            if name not in found.setdefault(word, []):
                found[word].append(name)
    return {word: tuple(names) for word, names in found.items() if word}


PHRASES = _phrases()
_LONG_PHRASES = [word for word in PHRASES if len(word) >= 5 and word.isascii()]
_OTHER_SCRIPTS = [word for word in PHRASES if len(word) >= 2 and not word.isascii()]
_ANNOTATIONS = sorted({key(a) for a in table("columns")["annotations"]}, key=len, reverse=True)


@lru_cache(maxsize=10_000)
def meanings(text: str) -> tuple[tuple[str, float], ...]:
    """Fields that a column name may stand for, each with a score up to 1.

    >>> meanings("Discount**"), meanings("Net  Price\\n(each)\\n(USD)")
    ((('discount_pct', 1.0),), (('unit_price', 0.97),))
    >>> dict(meanings("Preis je Stück (netto)"))["unit_price"] > 0.6
    True
    """
    if not text or len(text) > 80:
        return ()
    if tier(text) is not None:
        return (("tier_price", 0.8),)
    full = key(text)
    for score, word in _variants(full):
        if word in PHRASES:
            return tuple((name, score) for name in PHRASES[word])
    parts = [key(p) for p in re.split(r"[/|\n]|  | - ", fold_lines(text)) if p.strip()]
    found: dict[str, float] = {}
    if len(parts) > 1:
        for part in parts:
            for word in (part, _plain(part)):
                for name in PHRASES.get(word, ()):
                    found[name] = max(found.get(name, 0.0), 0.93)
    if found:
        return tuple(found.items())
    return _contained(_plain(full) or full)


def tier(text: str) -> int | None:
    """The least quantity of a column named by a range of quantities.

    >>> tier("10-49"), tier("50+ pcs"), tier("ab 100"), tier("GPU 8")
    (10, 50, 100, None)
    """
    match = _TIER.match(fold(text))
    return int(match[1] or match[2] or match[3]) if match else None


def fold_lines(text: str) -> str:
    """Folded text that keeps its line breaks, where two languages stand below each other."""
    return "\n".join(fold(line) for line in text.splitlines())


def _plain(word: str) -> str:
    word = _MONEY_WORDS.sub(" ", _PARENTHESES.sub(" ", word))
    return " ".join(word.split()).strip(" ,/*")


def _variants(full: str) -> list[tuple[float, str]]:
    variants = [(1.0, full), (0.97, " ".join(_PARENTHESES.sub(" ", full).split())), (0.96, _plain(full))]
    word = _plain(full)
    for annotation in _ANNOTATIONS:
        cut = (word.removesuffix(" " + annotation), word.removeprefix(annotation + " "))
        variants.extend((0.94, stripped) for stripped in cut if stripped not in (word, ""))
    inner = " ".join(p.strip("()[] ") for p in _PARENTHESES.findall(full))
    if not word and inner:
        variants.append((0.9, inner))
    return variants


def _contained(word: str) -> tuple[tuple[str, float], ...]:
    if not word:
        return ()
    found: dict[str, float] = {}
    tokens = word.split()
    if len(tokens) <= 7:
        for size in range(len(tokens), 0, -1):
            for start in range(len(tokens) - size + 1):
                part = " ".join(tokens[start : start + size])
                if len(part) >= 3:
                    for name in PHRASES.get(part, ()):
                        score = 0.55 + 0.35 * len(part) / len(word)
                        # "GPU count" counts something else than the pieces to pay for.
                        score *= 0.7 if name in _WHOLE_NAMES and size < len(tokens) else 1.0
                        found[name] = max(found.get(name, 0.0), score)
            if found.keys() - _WHOLE_NAMES:
                break
    if not found and not word.isascii():
        for phrase in _OTHER_SCRIPTS:
            if phrase in word:
                for name in PHRASES[phrase]:
                    found[name] = max(found.get(name, 0.0), 0.55 + 0.35 * len(phrase) / len(word))
    if not found and len(word) >= 5 and word.isascii():
        close = process.extractOne(word, _LONG_PHRASES, scorer=fuzz.ratio, score_cutoff=86)
        if close is not None:
            for name in PHRASES[close[0]]:
                found[name] = 0.7 * close[1] / 100
    return tuple(found.items())


@dataclass(frozen=True, slots=True)
class Header:
    """A header: its lowest row, how many rows it takes, the text of each column and the meanings of each."""

    row: int
    depth: int
    texts: dict[int, str]
    meanings: dict[int, tuple[tuple[str, float], ...]]

    @property
    def top(self) -> int:
        """First row of the header."""
        return self.row - self.depth + 1


def find_headers(view: SheetView, forced: tuple[int, ...] | None = None) -> list[Header]:
    """Header rows of a sheet, from top to bottom; `forced` rows replace what would be found."""
    if forced is not None:
        return [_header(view, row, 1) for row in forced if row in view.rows]
    found: list[Header] = []
    tries = 0
    for row in view.row_numbers:
        if (found and row <= found[-1].row) or not _may_name_columns(view, row):
            continue
        tries += 1
        if tries > _MOST_TRIES:
            break
        header = _header_at(view, row)
        if header is None:
            continue
        below = _header_at(view, row + 1) if row + 1 in view.rows else None
        if below is not None and _strength(below) > _strength(header):
            header = below
        if found and not found[-1].row + 1 < header.top:
            continue
        found.append(header)
    return found


def _may_name_columns(view: SheetView, row: int) -> bool:
    """Whether a row holds several texts and hardly a number."""
    cells = view.rows[row]
    if not 2 <= len(cells) <= _MOST_COLUMNS:
        return False
    texts = [c.value for c in cells.values() if isinstance(c.value, str)]
    if len(texts) < 2 or len(texts) < 0.75 * len(cells):
        return False
    return sum(_is_bare_number(t) for t in texts) <= 0.25 * len(texts)


def _header_at(view: SheetView, row: int) -> Header | None:
    if not _may_name_columns(view, row):
        return None
    best: Header | None = None
    for depth in (1, 2, 3):
        if depth > 1 and not _may_continue(view, row - depth + 1):
            break
        header = _header(view, row, depth)
        if best is None or _strength(header) > _strength(best) + (0.5 if depth > 1 else 0.0):
            best = header
    if best is None or not _good(best) or not _priced_below(view, best):
        return None
    return best


def _is_bare_number(text: str) -> bool:
    reading = read_number(text)
    return reading is not None and not reading.unit and tier(text) is None


def _may_continue(view: SheetView, row: int) -> bool:
    cells = view.rows.get(row)
    if not cells or (
        len(cells) < 2 and not any(m.top == row and m.right > m.left for m in view.merges_at(row))
    ):
        return False
    return all(isinstance(c.value, str) and _GROUP_NAME.match(c.value) for c in cells.values())


def _header(view: SheetView, row: int, depth: int) -> Header:
    texts: dict[int, str] = {}
    for level in range(row - depth + 1, row + 1):
        for column, text in view.spread_texts(level, spread=level < row).items():
            known = texts.get(column)
            texts[column] = f"{known} {text}" if known and known != text else text
    own = view.rows.get(row, {})
    result: dict[int, tuple[tuple[str, float], ...]] = {}
    for column, text in texts.items():
        if column in view.sheet.hidden_columns:
            continue
        options = meanings(text)
        if depth > 1 and column in own and isinstance(own[column].value, str):
            alone = meanings(str(own[column].value))
            if max((s for _, s in alone), default=0) > max((s for _, s in options), default=0):
                options = alone
        result[column] = options
    return Header(row, depth, {c: tidy(t) for c, t in texts.items()}, result)


def _strength(header: Header) -> float:
    best: dict[str, float] = {}
    for options in header.meanings.values():
        for name, score in options[:3]:
            best[name] = max(best.get(name, 0.0), score)
    columns = sum(max((s for _, s in options), default=0) for options in header.meanings.values())
    return min(sum(best.values()), columns)


def _good(header: Header) -> bool:
    known = [options for options in header.meanings.values() if any(s >= 0.62 for _, s in options)]
    names = {name for options in known for name, s in options if s >= 0.62}
    if len(known) < 2 or not names & MONEY or not names & SUBJECT:
        return False
    if len(known) < 3 and any(len(t) > 40 for t in header.texts.values()):
        return False
    return len(known) >= 0.34 * len(header.meanings)


def _priced_below(view: SheetView, header: Header) -> bool:
    """Whether a number follows in a money column before long."""
    columns = [c for c, options in header.meanings.items() if any(n in MONEY for n, _ in options)]
    for row in islice(view.rows_after(header.row), 16):
        for column in columns:
            cell = view.rows[row].get(column)
            if cell is not None and (view.is_number(cell) or cell.formula):
                return True
    return False
