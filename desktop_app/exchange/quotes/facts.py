"""The facts of a quote outside its tables: who, which, when, until when, on what terms; each with the cell that says so."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from desktop_app.exchange.quotes import vocabulary_facts as words
from desktop_app.exchange.quotes.currency import currency_in, sign_currency
from desktop_app.exchange.quotes.dates import DateText, Span, find_date, find_span
from desktop_app.exchange.quotes.model import Alternative, Evidence, Issue
from desktop_app.exchange.quotes.text import fold, normal, tidy
from desktop_app.exchange.quotes.view import SheetView
from desktop_app.exchange.reading.grid import Cell, address

_REACH = 8  # columns to the right in which a label's value may stand
_CODE = re.compile(r"^(?=[^\s]*\d)[^\W_][\w./#\-–—:+]{2,39}$")
_SEPARATOR = re.compile(r"^\s*[:：#=.\-–]*\s*")
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


@dataclass(slots=True)
class Facts:
    """What was found; `evidence` by fact, `issues` for what is open."""

    vendor: str | None = None
    quote_number: str | None = None
    revision: str | None = None
    quote_date: dt.date | None = None
    valid_until: dt.date | None = None
    price_status: str | None = None
    payment_terms: str | None = None
    lead_time: str | None = None
    stated_currency: str | None = None
    evidence: dict[str, Evidence] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def prove(self, fact: str, found: Found, raw: str | None = None) -> None:
        """Keep the cell that says a fact."""
        self.evidence[fact] = Evidence(found.place, tidy(raw or found.raw), found.cell.number_format)


@dataclass(frozen=True, slots=True)
class Area:
    """Cells of one sheet outside its tables; `top` are the rows before the first table, `below` some rows after the last."""

    view: SheetView
    top: Sequence[int]
    below: Sequence[int]


def find_facts(areas: Sequence[Area], answer: Callable[[str], str | None], today: dt.date | None) -> Facts:
    """Read the facts from the texts around the tables; `answer` gives a person's answer to an issue id."""
    facts = Facts()
    labelled: dict[str, list[Found]] = {}
    foreign = False
    for area in areas:
        for fact, found, label in _labelled(area):
            labelled.setdefault(fact, []).append(found)
            foreign = foreign or (label in words.DAY_FIRST_LABELS and label not in words.ENGLISH_LABELS)
    _number(facts, labelled)
    _revision(facts, labelled)
    _dates(facts, labelled, areas, foreign, answer)
    _terms(facts, labelled, areas)
    _status(facts, areas)
    _currency(facts, labelled)
    _vendor(facts, labelled, areas)
    if facts.valid_until and today and facts.valid_until < today:
        cell = facts.evidence["valid_until"].cell
        facts.issues.append(
            Issue(
                "expired-quote",
                cell,
                f"The quote expired on {facts.valid_until.isoformat()}: ask the vendor to confirm its prices.",
            )
        )
    return facts


def _cells(area: Area, *, below: bool = True) -> Iterator[Cell]:
    for row in (*area.top, *(area.below if below else ())):
        yield from area.view.rows[row].values()


def _labelled(area: Area) -> Iterator[tuple[str, Found, str]]:
    for cell in _cells(area):
        if not isinstance(cell.value, str) or len(cell.value) > 300:
            continue
        for text in _sentences(cell.value):
            for fact, label, rest in _labels_of(text):
                found = _value(fact, area.view, cell, rest)
                if found is not None:
                    yield fact, found, label


def _sentences(text: str) -> list[str]:
    parts = re.split(r"\n|(?<=[a-z)\d]{2})\.\s+(?=[A-ZÀ-Ý])|\s+\|\s+|;\s+|\s{3,}", text)
    return [tidy(p) for p in parts if p.strip()]


def _labels_of(text: str) -> Iterator[tuple[str, str, str]]:
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
        if len(inline) > 25 or fact in ("payment_terms", "currency"):
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
    if right is not None:
        yield right
    if right is None or (isinstance(right.value, str) and any(True for _ in _labels_of(tidy(right.value)))):
        below = view.rows.get(cell.row + 1, {}).get(cell.column)
        if below is not None:
            yield below


def _accept(fact: str, sheet: str, cell: Cell, inline: str | None, *, labelled: bool) -> Found | None:
    """The value for a fact in a cell (or in the rest of the label's own cell), None where it is no such value."""
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
        return (
            Found(code, text, sheet, cell)
            if re.fullmatch(r"[A-Za-z]|\d{1,3}(?:\.\d{1,2})?|[A-Z]?\d{1,2}", code)
            else None
        )
    if fact == "currency":
        named = currency_in(text)
        if named is None and labelled and (code := sign_currency(normal(text))):
            named = (code, text)
        return Found(named[0], named[1], sheet, cell) if named else None
    if fact == "payment_terms":
        text = text.rstrip(" .")
        if (
            len(text) > 160
            or _AFTER_TERMS.match(plain)
            or not (labelled or words.PAYMENT_WORDS.search(plain))
        ):
            return None
        return Found(text, text, sheet, cell) if find_date(text) is None and len(text) > 2 else None
    if fact == "lead_time":
        text = text.rstrip(" .")
        timed = find_span(text) is not None or re.search(
            r"stock|lager|magazijn|almacen|estoque|magazzino|在庫|现货|immediate|sofort", plain
        )
        return Found(text, text, sheet, cell) if timed and len(text) <= 120 else None
    if fact == "vendor" and labelled and 2 < len(text) <= 80 and not words.CUSTOMER.search(plain):
        return Found(text, text, sheet, cell)
    return None


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


def _number(facts: Facts, labelled: dict[str, list[Found]]) -> None:
    for found in labelled.get("quote_number", ()):
        text = found.value
        cut = words.REVISION.search(text)
        if cut:
            facts.revision = cut[2]
            facts.prove("revision", found, cut[1])
            text = text[: cut.start()].strip(" -–/,([")
        else:
            for pattern in words.REVISION_TAIL:
                match = pattern.match(text)
                if match and any(c.isdigit() for c in match[1]) and len(match[1]) >= 4:
                    facts.revision = match[3]
                    facts.prove("revision", found, match[2] if match[2].startswith(".") else text)
                    text = match[1]
                    break
        facts.quote_number = text
        raw = tidy(str(found.cell.value)) if found.cell.value is not None else text
        facts.prove("quote_number", found, text if text in raw else raw)
        return


def _revision(facts: Facts, labelled: dict[str, list[Found]]) -> None:
    for found in labelled.get("revision", ()):
        facts.revision = found.value
        facts.prove("revision", found)
        return


def _dates(
    facts: Facts,
    labelled: dict[str, list[Found]],
    areas: Sequence[Area],
    foreign: bool,
    answer: Callable[[str], str | None],
) -> None:
    order = _order(areas) or ("dmy" if foreign else None)
    quoted = next((f for f in labelled.get("quote_date", ()) if f.date is not None), None)
    if quoted is not None:
        facts.quote_date = _day(facts, quoted, order, answer)
        if facts.quote_date:
            facts.prove("quote_date", quoted)
    valid = labelled.get("valid_until", [])
    until = next((f for f in valid if f.date is not None), None)
    if until is not None:
        facts.valid_until = _day(facts, until, order, answer)
    elif (
        (until := next(iter(valid), None) or _valid_sentence(areas)) is not None
        and until.span
        and facts.quote_date
    ):
        facts.valid_until = until.span.after(facts.quote_date)
    if facts.valid_until and until is not None:
        facts.prove("valid_until", until)
        if facts.quote_date and facts.valid_until < facts.quote_date:
            facts.issues.append(
                Issue(
                    "dates-inconsistent",
                    until.place,
                    f"The quote is dated {facts.quote_date.isoformat()} but valid until {facts.valid_until.isoformat()}, before its own "
                    "date: probably a wrong year.",
                    True,
                    (
                        Alternative("printed", "the dates are right as printed"),
                        Alternative("ask", "unknown until the vendor answers"),
                    ),
                )
            )


def _order(areas: Sequence[Area]) -> str | None:
    orders = set()
    for area in areas:
        for cell in _cells(area):
            if (
                isinstance(cell.value, str)
                and len(cell.value) < 200
                and (date := find_date(cell.value))
                and date.evidence
            ):
                orders.add(date.evidence)
    return orders.pop() if len(orders) == 1 else None


def _day(
    facts: Facts, found: Found, order: str | None, answer: Callable[[str], str | None]
) -> dt.date | None:
    if not isinstance(found.date, DateText):
        return found.date
    day = found.date.value(order)
    if day is not None:
        return day
    first, second = found.date.day_first, found.date.month_first
    assert first is not None and second is not None  # otherwise the date would not be ambiguous
    issue = Issue(
        "ambiguous-date",
        found.place,
        f"'{found.date.raw}' may be {first.isoformat()} or {second.isoformat()}; no other date in the file decides it.",
        True,
        (
            Alternative("dmy", f"{first.isoformat()} (day first)"),
            Alternative("mdy", f"{second.isoformat()} (month first)"),
        ),
    )
    facts.issues.append(issue)
    return found.date.value(answer(issue.id))


def _valid_sentence(areas: Sequence[Area]) -> Found | None:
    for area in areas:
        for cell in _cells(area):
            if not isinstance(cell.value, str) or len(cell.value) > 400:
                continue
            plain = fold(cell.value)
            for match in words.VALID_FOR.finditer(plain):
                span = find_span(plain[max(0, match.start() - 25) : match.end() + 45])
                if span is not None:
                    return Found(span.raw, span.raw, area.view.name, cell, span=span)
    return None


def _terms(facts: Facts, labelled: dict[str, list[Found]], areas: Sequence[Area]) -> None:
    for fact in ("payment_terms", "lead_time"):
        found = next(iter(labelled.get(fact, ())), None)
        if found is not None:
            setattr(facts, fact, found.value)
            facts.prove(fact, found)
    if facts.payment_terms is None:
        for area in areas:
            for cell in _cells(area, below=False):
                if (
                    isinstance(cell.value, str)
                    and len(cell.value) <= 300
                    and (match := words.TERMS_TEXT.search(cell.value))
                ):
                    text = next(g for g in match.groups() if g).strip()
                    facts.payment_terms = text
                    facts.prove("payment_terms", Found(text, text, area.view.name, cell))
                    return


def _status(facts: Facts, areas: Sequence[Area]) -> None:
    found: dict[str, Found] = {}
    for area in areas:
        for below in (False, True):
            rows = area.below[:3] if below else area.top
            for row in rows:
                for cell in area.view.rows[row].values():
                    if not isinstance(cell.value, str) or len(cell.value) > 200:
                        continue
                    plain = fold(cell.value)
                    for status, pattern in (("budgetary", words.BUDGETARY), ("firm", words.FIRM)):
                        match = pattern.search(plain)
                        if match is None or words.NOT.search(plain[: match.start()]):
                            continue
                        text = tidy(cell.value)
                        raw = text[match.start() : match.end()] if len(text) == len(plain) else match[0]
                        found.setdefault(status, Found(status, raw, area.view.name, cell))
            if found:
                break
        if found:
            break
    if len(found) == 1:
        status, where = next(iter(found.items()))
        facts.price_status = status
        facts.prove("price_status", where)


def _currency(facts: Facts, labelled: dict[str, list[Found]]) -> None:
    found = labelled.get("currency", [])
    codes = {f.value for f in found}
    if len(codes) == 1:
        facts.stated_currency = found[0].value
        facts.prove("currency", found[0])


def _vendor(facts: Facts, labelled: dict[str, list[Found]], areas: Sequence[Area]) -> None:
    found = next(iter(labelled.get("vendor", ())), None)
    if found is None:
        best: tuple[float, Found] | None = None
        for rank, area in enumerate(areas):
            for cell in _cells(area, below=False):
                if cell.row > 15 or not isinstance(cell.value, str):
                    continue
                score = _vendor_score(area.view, cell, rank)
                if score is not None and (best is None or score > best[0]):
                    text = tidy(cell.value)
                    best = (score, Found(text, text, area.view.name, cell))
        if best is None:
            return
        found = best[1]
    name = _name_part(found.value)
    facts.vendor = _mixed_case(name, areas)
    facts.prove("vendor", found, name if name in found.raw else found.raw)


def _vendor_score(view: SheetView, cell: Cell, rank: int) -> float | None:
    text = _name_part(tidy(str(cell.value)))
    plain = fold(text)
    legal = bool(words.LEGAL_FORM.search(plain))
    if (
        not 2 < len(text) <= 90
        or (text.endswith((".", ":", ",", "!")) and not legal)
        or "@" in text
        or not any(c.isalpha() for c in text)
    ):
        return None
    if words.CUSTOMER.search(plain) or find_date(text) is not None or sum(c.isdigit() for c in text) > 4:
        return None
    squeezed = plain.replace(" ", "")
    if words.DOCUMENT_TITLE.fullmatch(plain) or words.DOCUMENT_TITLE.fullmatch(squeezed):
        return None
    labels = list(_labels_of(text))
    if labels and not legal and (":" in text or any(end == "" for _, _, end in labels)):
        return None
    left = view.rows[cell.row].get(cell.column - 1)
    before = tidy(left.value) if left is not None and isinstance(left.value, str) else ""
    if (
        before
        and not words.DOCUMENT_TITLE.fullmatch(fold(before))
        and (
            words.CUSTOMER.search(fold(before))
            or before.endswith(":")
            or any(True for _ in _labels_of(before))
        )
    ):
        return None
    score = 5.0 * legal - 0.5 * cell.row - 0.1 * cell.column - 2.0 * rank + cell.bold
    if view.rows[cell.row].get(cell.column + 1) is not None and not legal:
        score -= 1.5  # the name of a value beside it, more likely
    if words.DOCUMENT_TITLE.search(plain) and not legal:
        score -= 4
    if len(text.split()) > 8 or plain[:1].islower():
        score -= 3
    return score


def _name_part(text: str) -> str:
    parts = [p.strip() for p in re.split(r"\s[-–—|·•]\s|\s{2,}", text) if p.strip()]
    if len(parts) < 2:
        return text
    latin = [p for p in parts if p[0].isascii()]
    if latin and len(latin) < len(parts) and not any(ord(c) > 0x3000 for c in text):
        return latin[0]
    return next((p for p in parts if words.LEGAL_FORM.search(fold(p))), parts[0])


_KEEP = re.compile(
    r"^(?:GMBH|AG|KG|SE|BV|NV|SA|SAS|SARL|SL|SRL|LLC|LLP|PLC|IT|AI|ICT|USA|UK|EU|HPC|GPU|II|III)$"
)
_SMALL = frozenset(
    [
        "and",
        "of",
        "the",
        "for",
        "de",
        "la",
        "le",
        "du",
        "des",
        "und",
        "der",
        "die",
        "das",
        "y",
        "e",
        "di",
        "del",
        "da",
        "do",
        "dos",
        "das",
        "van",
        "en",
        "et",
    ]
)


def _mixed_case(name: str, areas: Sequence[Area]) -> str:
    """A name printed in capitals as it is written elsewhere in the file, else with capital initials."""
    if not name.isupper() or (
        not name.isascii() and not any(c.isalpha() and c.upper() != c.lower() for c in name)
    ):
        return name
    wanted = fold(name)
    for area in areas:
        for cell in _cells(area):
            if isinstance(cell.value, str) and len(cell.value) < 400:
                text = tidy(cell.value)
                at = fold(text).find(wanted)
                if at >= 0 and len(fold(text)) == len(text) and not text[at : at + len(name)].isupper():
                    candidate = text[at : at + len(name)]
                    if candidate[:1].isupper():
                        return candidate
    done = []
    for index, word in enumerate(name.split(" ")):
        if (
            _KEEP.match(word.strip(".,"))
            or any(c.isdigit() for c in word)
            or (len(word) > 1 and not set(word) & set("AEIOUYÄÖÜÉ"))
        ):
            done.append("GmbH" if word == "GMBH" else word)
        elif index and word.lower() in _SMALL:
            done.append(word.lower())
        else:
            done.append("-".join(p[:1] + p[1:].lower() for p in word.split("-")))
    return " ".join(done)
