"""What a person decided about a vendor's quote, kept in the plan and used again for the next quote of that
layout.

Decisions name places (a row, a column, a cell), and places move from one quote to the next. So each is kept
with the words that stood there: a column by its heading, a row by its text, a header by its row of headings.
Answers about the vendor's style (decimal sign, order of dates, currency) are kept by the kind of question.
Answers about one figure (which of two amounts is right) are never carried over to another file.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingABC
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desktop_app.engine.model import QuoteRecord
from desktop_app.exchange.quote_records import DECIDED, kept_with
from desktop_app.exchange.quotes import Mapping, Quote, fingerprint
from desktop_app.exchange.quotes.text import fold
from desktop_app.exchange.reading import Sheet, Workbook, column_letter

# Questions whose answer is the vendor's way of writing, not one figure.
_STYLE = frozenset({"ambiguous-number", "ambiguous-date", "missing-currency", "assumed-currency"})
_ALIKE = 0.7  # least share of a header row's words that must stand in a row to take it for the same header


@dataclass(frozen=True, slots=True)
class Recalled:
    """Decisions made for an earlier quote, at the places of the new one. `words` say each in a few words."""

    record: QuoteRecord
    mapping: Mapping
    words: tuple[str, ...]


def memory_of(mapping: Mapping, first: Quote, quote: Quote, workbook: Workbook) -> dict[str, Any]:
    """The decisions as plain data for the plan, with the words at their places.

    `first` is the quote as it was understood without any decision: its layout is what the next file is known
    by.
    """
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    headings = _headings(quote) | _headings(first)
    answers = [
        {"issue": issue, "code": issue.partition("@")[0], "key": key}
        for issue, key in mapping.answers.items()
    ]
    return {
        "fingerprint": fingerprint(first),
        "answers": answers,
        "headers": [
            {
                "sheet": sheet,
                "rows": list(rows),
                "words": [sorted(_words(sheets[sheet], row)) for row in rows],
            }
            for sheet, rows in mapping.headers.items()
            if sheet in sheets
        ],
        "columns": [
            {"sheet": sheet, "column": column, "heading": headings.get((sheet, column), ""), "field": field}
            for (sheet, column), field in mapping.columns.items()
        ],
        "rows": [
            {"sheet": sheet, "row": row, "text": _row_text(sheets[sheet], row), "kind": kind}
            for (sheet, row), kind in mapping.rows.items()
            if sheet in sheets
        ],
    }


def recall(records: Sequence[QuoteRecord], quote: Quote, workbook: Workbook) -> Recalled | None:
    """The decisions of the latest quote that was this file, else of the latest with the same layout; None for
    none.
    """
    layout = fingerprint(quote)
    same_file = [one for one in records if one.sha256 == quote.sha256]
    for record in [*reversed(same_file), *reversed(records)]:
        data = _decided(record)
        if data and (record.sha256 == quote.sha256 or data.get("fingerprint") == layout):
            exact = record.sha256 == quote.sha256
            mapping = _exact(data) if exact else _moved(data, quote, workbook)
            words = _in_words(mapping)
            return Recalled(record, mapping, words) if words else None
    return None


def last_of_vendor(records: Sequence[QuoteRecord], quote: Quote) -> QuoteRecord | None:
    """The latest other quote of the same layout, else of the same vendor; None for none."""
    layout = fingerprint(quote)
    others = [one for one in records if one.sha256 != quote.sha256]
    alike = [one for one in others if _decided(one).get("fingerprint") == layout]
    same = [one for one in others if quote.vendor and fold(one.vendor) == fold(quote.vendor)]
    found = alike or same
    return max(found, key=lambda one: one.quote_date) if found else None


def _decided(record: QuoteRecord) -> dict[str, Any]:
    decided = kept_with(record).get(DECIDED)
    return decided if isinstance(decided, dict) else {}


def _exact(data: MappingABC[str, Any]) -> Mapping:
    return Mapping(
        {one["issue"]: one["key"] for one in data.get("answers", ())},
        {one["sheet"]: tuple(one["rows"]) for one in data.get("headers", ())},
        {(one["sheet"], one["column"]): one["field"] for one in data.get("columns", ())},
        {(one["sheet"], one["row"]): one["kind"] for one in data.get("rows", ())},
    )


def _moved(data: MappingABC[str, Any], quote: Quote, workbook: Workbook) -> Mapping:
    """The decisions at the places where the same words stand in another file."""
    visible = [sheet for sheet in workbook.sheets if not sheet.hidden]
    headers: dict[str, tuple[int, ...]] = {}
    for one in data.get("headers", ()):
        for sheet in visible:
            found = [_row_with(sheet, set(words)) for words in one["words"]]
            if found and all(found) and sheet.name not in headers:
                headers[sheet.name] = tuple(sorted(row for row in found if row))
    columns: dict[tuple[str, int], str] = {}
    for one in data.get("columns", ()):
        for place, heading in _headings(quote).items():
            if heading and fold(heading) == fold(one["heading"]):
                columns[place] = one["field"]
        if not one["heading"] and any(sheet.name == one["sheet"] for sheet in visible):
            columns[one["sheet"], one["column"]] = one["field"]
    wanted = {one["text"]: one["kind"] for one in data.get("rows", ()) if one["text"]}
    rows = {
        (sheet.name, row): wanted[text]
        for sheet in visible
        if wanted
        for row, text in _texts(sheet).items()
        if text in wanted
    }
    return Mapping(_style_answers(data, quote), headers, columns, rows)


def _style_answers(data: MappingABC[str, Any], quote: Quote) -> dict[str, str]:
    """Answers of style, for questions of the same kind that offer the same alternative; none where they
    differed.
    """
    given: dict[str, set[str]] = {}
    for one in data.get("answers", ()):
        given.setdefault(one["code"], set()).add(one["key"])
    answers = {}
    for issue in quote.issues:
        keys = given.get(issue.code, set())
        if issue.ask and issue.code in _STYLE and len(keys) == 1:
            (key,) = keys
            if key in {alternative.key for alternative in issue.alternatives}:
                answers[issue.id] = key
    return answers


def _in_words(mapping: Mapping) -> tuple[str, ...]:
    words = [f"{issue.partition('@')[2]}: answered “{key}”" for issue, key in mapping.answers.items()]
    words += [
        f"{sheet}: header in row {', '.join(str(row) for row in rows)}"
        for sheet, rows in mapping.headers.items()
    ]
    words += [
        f"{sheet}!{column_letter(column)}: {field.replace('_', ' ') or 'not used'}"
        for (sheet, column), field in mapping.columns.items()
    ]
    words += [f"{sheet}, row {row}: {kind.replace('_', ' ')}" for (sheet, row), kind in mapping.rows.items()]
    return tuple(words)


def _headings(quote: Quote) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for block in quote.blocks:
        for letters, text in block.headers.items():
            found[block.sheet, _column(letters)] = text
    return found


def _column(letters: str) -> int:
    """Column of its letters.

    >>> _column("A"), _column("AB")
    (1, 28)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _words(sheet: Sheet, row: int) -> set[str]:
    return {
        fold(cell.value)
        for (at, _), cell in sheet.cells.items()
        if at == row and isinstance(cell.value, str) and cell.value.strip()
    }


def _row_text(sheet: Sheet, row: int) -> str:
    return max(_words(sheet, row), key=len, default="")


def _texts(sheet: Sheet) -> dict[int, str]:
    """The longest text of every row."""
    found: dict[int, str] = {}
    for (row, _), cell in sheet.cells.items():
        if isinstance(cell.value, str):
            text = fold(cell.value)
            if len(text) > len(found.get(row, "")):
                found[row] = text
    return found


def _row_with(sheet: Sheet, words: set[str]) -> int | None:
    """The first row that holds most of the words."""
    counts: dict[int, int] = {}
    for (row, _), cell in sheet.cells.items():
        if isinstance(cell.value, str) and fold(cell.value) in words:
            counts[row] = counts.get(row, 0) + 1
    good = [row for row, count in counts.items() if words and count >= _ALIKE * len(words)]
    return min(good) if good else None
