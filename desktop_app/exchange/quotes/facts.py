"""The facts of a quote outside its tables: who, which, when, until when, on what terms, and the cells
that say so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from desktop_app.exchange.quotes import vocabulary_facts as words
from desktop_app.exchange.quotes.dates import DateText, find_date, find_span
from desktop_app.exchange.quotes.labels import Area, Found, cells_of, labelled
from desktop_app.exchange.quotes.model import Alternative, Evidence, Issue
from desktop_app.exchange.quotes.text import fold, tidy
from desktop_app.exchange.quotes.vendor import find_vendor


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


def find_facts(areas: Sequence[Area], answer: Callable[[str], str | None], today: dt.date | None) -> Facts:
    """Read the facts from the texts around the tables; `answer` gives a person's answer to an issue id."""
    facts = Facts()
    found_by: dict[str, list[Found]] = {}
    foreign = False
    for area in areas:
        for fact, found, label in labelled(area):
            found_by.setdefault(fact, []).append(found)
            foreign = foreign or (label in words.DAY_FIRST_LABELS and label not in words.ENGLISH_LABELS)
    _number(facts, found_by)
    _revision(facts, found_by)
    _dates(facts, found_by, areas, foreign, answer)
    _terms(facts, found_by, areas)
    _status(facts, areas)
    _currency(facts, found_by)
    _vendor(facts, found_by, areas)
    if facts.valid_until and today and facts.valid_until < today:
        cell = facts.evidence["valid_until"].cell
        facts.issues.append(
            Issue(
                "expired-quote",
                cell,
                f"The quote expired on {facts.valid_until.isoformat()}: ask the vendor to confirm its "
                f"prices.",
            )
        )
    return facts


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
    quoted = quoted or _dated_number(labelled)
    if quoted is not None:
        facts.quote_date = _day(facts, quoted, order, answer)
        if facts.quote_date:
            facts.prove("quote_date", quoted)
    valid = labelled.get("valid_until", [])
    until = next((f for f in valid if f.date is not None), None)
    until = until or next(iter(valid), None) or _valid_sentence(areas)
    if until is not None and until.date is not None:
        facts.valid_until = _day(facts, until, order, answer)
    elif until is not None and until.span and facts.quote_date:
        facts.valid_until = until.span.after(facts.quote_date)
    if facts.valid_until and until is not None:
        facts.prove("valid_until", until)
        if facts.quote_date and facts.valid_until < facts.quote_date:
            facts.issues.append(
                Issue(
                    "dates-inconsistent",
                    until.place,
                    f"The quote is dated {facts.quote_date.isoformat()} but valid until "
                    f"{facts.valid_until.isoformat()}, before its own "
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
        for cell in cells_of(area):
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
        f"'{found.date.raw}' may be {first.isoformat()} or {second.isoformat()}; no other date in "
        f"the file decides it.",
        True,
        (
            Alternative("dmy", f"{first.isoformat()} (day first)"),
            Alternative("mdy", f"{second.isoformat()} (month first)"),
        ),
    )
    facts.issues.append(issue)
    return found.date.value(answer(issue.id))


def _dated_number(labelled: dict[str, list[Found]]) -> Found | None:
    """The date behind the quote number in the same cell ("Quote 4711 dated 5 October 2026")."""
    for found in labelled.get("quote_number", ()):
        text = found.cell.value
        if isinstance(text, str) and (date := find_date(text.split(found.raw, 1)[-1])) is not None:
            return Found(date.raw, date.raw, found.sheet, found.cell, date)
    return None


def _valid_sentence(areas: Sequence[Area]) -> Found | None:
    for area in areas:
        for cell in cells_of(area):
            if not isinstance(cell.value, str) or len(cell.value) > 400:
                continue
            plain = fold(cell.value)
            for match in words.VALID_FOR.finditer(plain):
                after = cell.value[match.end() : match.end() + 45] if len(plain) == len(cell.value) else ""
                if (date := find_date(after)) is not None:
                    return Found(date.raw, date.raw, area.view.name, cell, date)
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
            for cell in cells_of(area, below=False):
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
                        if words.THE_FIRM.search(plain[: match.end() + 2]):  # a company, not a status
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
    named = find_vendor(labelled.get("vendor", ()), areas, frozenset(e.cell for e in facts.evidence.values()))
    if named is not None:
        facts.vendor, found = named
        facts.prove("vendor", found)
