"""Numbers that are stored as text, which formulas leave out."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from desktop_app.exchange.reading.grid import Cell
from desktop_app.exchange.workbook.lint_formula import Formula
from desktop_app.exchange.workbook.lint_page import LintFinding, Page, is_number

_SIGN = r"[$€£¥]|USD|EUR|GBP"
_NUMBER: Final = re.compile(
    rf"[-+(]?\s*(?:{_SIGN})?\s*-?(?:0|[1-9]\d{{0,2}}(?:[,'’\s]\d{{3}})+|[1-9]\d{{0,14}})(?:[.,]\d+)?"
    rf"\s*(?:%|{_SIGN})?\)?\Z",
    re.ASCII,
)
# They add up ranges and skip texts in them.
_SUMS: Final = frozenset((
    "SUM", "AVERAGE", "MIN", "MAX", "PRODUCT", "SUMPRODUCT", "NPV", "IRR", "MEDIAN", "STDEV", "SUBTOTAL",
))  # fmt: skip
# In these a text may be meant.
_TEXTUAL: Final = frozenset((
    "VLOOKUP", "HLOOKUP", "LOOKUP", "XLOOKUP", "MATCH", "XMATCH", "INDEX", "SUMIF", "SUMIFS", "COUNTIF",
    "COUNTIFS", "AVERAGEIF", "AVERAGEIFS", "VALUE", "NUMBERVALUE", "TEXT", "LEFT", "RIGHT", "MID", "LEN",
    "CONCATENATE", "CONCAT", "TEXTJOIN", "EXACT", "FIND", "SEARCH", "SUBSTITUTE", "TRIM", "ISTEXT",
    "ISNUMBER", "IF", "COUNTA", "T", "N",
))  # fmt: skip
_Places = dict[str, set[tuple[int, int]]]


def text_rules(pages: Mapping[str, Page]) -> Iterator[LintFinding]:
    """Texts that are numbers where numbers belong: added up, calculated with, or among numbers."""
    texts: _Places = {
        name: {place for place, cell in page.sheet.cells.items() if _is_text_number(cell)}
        for name, page in pages.items()
    }
    if not any(texts.values()):
        return
    read = _read(pages, texts)
    for name, page in pages.items():
        found = [
            place for place in texts[name] if place in read[name] or _among_numbers(page, place, texts[name])
        ]
        yield from page.finding(
            "error",
            "number-as-text",
            found,
            "The number is stored as text, so that formulas leave it out: enter it as a number.",
        )


def _is_text_number(cell: Cell) -> bool:
    if cell.formula is not None or not isinstance(cell.value, str):
        return False
    return _NUMBER.match(cell.value.strip()) is not None


def _among_numbers(page: Page, place: tuple[int, int], texts: set[tuple[int, int]]) -> bool:
    """True where two numbers stand right before it in its column; in its row, where they stand around it.
    Like texts side by side are titles, such as years.
    """
    row, column = place
    cells = page.sheet.cells

    def numbers(*places: tuple[int, int]) -> bool:
        return all(at in cells and is_number(cells[at]) for at in places)

    beside, below = {(row, column - 1), (row, column + 1)}, {(row - 1, column), (row + 1, column)}
    down = numbers((row - 1, column), (row - 2, column)) and not beside & texts
    across = numbers((row, column - 2), (row, column - 1), (row, column + 1))
    return down or (across and not below & texts)


def _read(pages: Mapping[str, Page], texts: _Places) -> _Places:
    """Those of the texts that formulas calculate with."""
    names = {name.casefold(): name for name in pages}
    by_column = {name: _by_column(places) for name, places in texts.items()}
    found: _Places = defaultdict(set)
    for name, page in pages.items():
        for same, places in page.places.items():
            formula = page.parsed[same]
            if set(formula.functions) & _TEXTUAL or "&" in formula.text:
                continue
            for reference in formula.references:
                where = name if reference.sheet is None else names.get(reference.sheet.casefold(), "")
                if not texts.get(where):
                    continue
                single = (reference.top, reference.left) == (reference.bottom, reference.right)
                if not (_calculates(formula) if single else set(formula.functions) & _SUMS):
                    continue
                for place in places:
                    box = reference.box(*place)
                    inside = _inside(by_column[where], box)
                    found[where].update(
                        at for at in inside if single or _fits(pages[where], at, box, texts[where])
                    )
    return found


def _calculates(formula: Formula) -> bool:
    """True for formulas that do more than fetch a cell."""
    return bool(formula.functions) or any(mark in formula.text for mark in "+-*/^")


def _fits(
    page: Page, place: tuple[int, int], box: tuple[int, int, int, int], texts: set[tuple[int, int]]
) -> bool:
    """True where most of what the range holds in the text's row or column are numbers, and it is no title."""
    row, column = place
    top, left, bottom, right = box
    cells = page.sheet.cells
    if bottom > top and not {(row, column - 1), (row, column + 1)} & texts:
        last = min(bottom, row + 3)
        return (
            sum(
                (near, column) in cells and is_number(cells[near, column])
                for near in range(max(top, row - 3), last + 1)
            )
            > 1
        )
    if right > left:
        last = min(right, column + 3)
        return (
            sum(
                (row, near) in cells and is_number(cells[row, near])
                for near in range(max(left, column - 3), last + 1)
            )
            > 1
        )
    return False


def _by_column(places: set[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for row, column in sorted(places):
        found[column].append(row)
    return found


def _inside(by_column: Mapping[int, list[int]], box: tuple[int, int, int, int]) -> Iterator[tuple[int, int]]:
    top, left, bottom, right = box
    for column, rows in by_column.items():
        if left <= column <= right:
            for row in rows[bisect_left(rows, top) : bisect_right(rows, bottom)]:
                yield row, column
