"""One formula along each row: cells that leave the pattern of their row or column."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from desktop_app.exchange.reading.formulas import column_number
from desktop_app.exchange.workbook.lint_page import LintFinding, Page, cell_name, is_number, runs

_LEAST_RUN = 3
_LINK = re.compile(r"=?(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!\$[A-Z]{1,3}\$\d+")
_ONE_CELL = re.compile(r"=?\$?(?P<column>[A-Z]{1,3})\$?(?P<row>\d+)")


def pattern_rules(page: Page) -> Iterator[LintFinding]:
    """Cells that leave the one formula of their row or column, and constants typed over a formula."""
    by_row = _patterns(page, across=True)
    by_column = _patterns(page, across=False)
    told: set[str] = set()
    columns = {pattern.cell(place) for pattern in by_column for place in pattern.constants}
    for own, other in ((by_row, by_column), (by_column, by_row)):
        crossing = {pattern.cell(place): pattern for pattern in other for place in pattern.places}
        for pattern in own:
            for finding in _odd_ones(page, pattern, crossing, columns):
                if finding.cell not in told:
                    told.add(finding.cell)
                    yield finding


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A run of neighbouring cells, along a row or down a column, in which one relative formula prevails.

    `line` is the row (or column), the others are places along it.
    """

    across: bool
    line: int
    places: range
    same: frozenset[int]
    others: tuple[int, ...]
    constants: tuple[int, ...]

    def cell(self, place: int) -> tuple[int, int]:
        """Row and column of a place."""
        return (self.line, place) if self.across else (place, self.line)

    def follows(self, cell: tuple[int, int]) -> bool:
        """True if that cell has the formula that prevails."""
        return (cell[1] if self.across else cell[0]) in self.same


def _patterns(page: Page, across: bool) -> list[_Pattern]:
    """All patterns of a sheet in one direction."""
    lines: dict[int, list[int]] = defaultdict(list)
    for (row, column), cell in page.sheet.cells.items():
        if cell.formula is not None or is_number(cell):
            line, place = (row, column) if across else (column, row)
            lines[line].append(place)
    found = []
    for line, places in lines.items():
        for first, last in runs(sorted(places)):
            if last - first + 1 >= _LEAST_RUN:
                found.append(_pattern(page, line, range(first, last + 1), across))
    return [pattern for pattern in found if pattern is not None]


def _pattern(page: Page, line: int, places: range, across: bool) -> _Pattern | None:
    """The pattern of a run; None where no formula prevails in it."""
    texts = {place: page.relative.get((line, place) if across else (place, line)) for place in places}
    counts = Counter(text for text in texts.values() if text is not None)
    formula, count = counts.most_common(1)[0] if counts else ("", 0)
    if count < _LEAST_RUN or 2 * count <= counts.total():
        return None
    return _Pattern(
        across,
        line,
        places,
        frozenset(place for place, text in texts.items() if text == formula),
        tuple(place for place, text in texts.items() if text is not None and text != formula),
        tuple(place for place, text in texts.items() if text is None),
    )


def _odd_ones(
    page: Page,
    pattern: _Pattern,
    crossing: Mapping[tuple[int, int], _Pattern],
    columns: Set[tuple[int, int]],
) -> Iterator[LintFinding]:
    inner = range(min(pattern.same) + 1, max(pattern.same))
    word = "row" if pattern.across else "column"
    like = pattern.cell(min(pattern.same))
    cells = page.sheet.cells
    inputs = _repeats_an_input(page, like)
    for place in pattern.others:
        cell = pattern.cell(place)
        if inputs and _LINK.fullmatch(cells[cell].formula or ""):
            continue  # an input taken from elsewhere instead of from the row's own
        # A cell that follows the pattern of the other direction belongs to that one.
        regular = cell in crossing and crossing[cell].follows(cell)
        interrupts = pattern.across and place in inner
        if _sums_the_run(page, pattern, cell, like) or (regular and not interrupts):
            continue
        # Down a column different things may stand below each other; a slip still reads the same columns.
        if not pattern.across and not _columns_read(page, cell) & _columns_read(page, like):
            continue
        yield LintFinding(
            "error" if place in inner and not regular else "warning",
            f"inconsistent-{word}",
            page.sheet.name,
            cell_name(*cell),
            f"The formula ={_short(cells[cell].formula)} differs from the other {len(pattern.same)} of its "
            f"{word} (={_short(cells[like].formula)} in {cell_name(*like)}).",
        )
    typed = [place for place in pattern.constants if place in inner]
    # Where formulas total what stands in their own row, or constants are no exception, they are its inputs.
    usual = not pattern.across and 2 * len(typed) > len(pattern.same)
    if inputs or usual or _reads_along(page, like, pattern.across):
        return
    for place in typed:
        cell = pattern.cell(place)
        if pattern.across or not _in_row_of_inputs(cell, columns):
            yield LintFinding(
                "error",
                "overwritten-formula",
                page.sheet.name,
                cell_name(*cell),
                f"A number stands among the formulas of its {word} (as in {cell_name(*like)}): "
                "somebody may have typed over the formula.",
            )


def _sums_the_run(page: Page, pattern: _Pattern, cell: tuple[int, int], like: tuple[int, int]) -> bool:
    """A total over cells of its own run, beside a pattern that does no such thing, is no exception to it."""
    return _reads_along(page, cell, pattern.across) and not _reads_along(page, like, pattern.across)


def _reads_along(page: Page, cell: tuple[int, int], across: bool) -> bool:
    """True where a formula reads several cells of its own row, or column."""
    for reference in page.parsed[page.relative[cell]].references:
        top, left, bottom, right = reference.box(*cell)
        along = (
            top == bottom == cell[0] and right > left if across else left == right == cell[1] and bottom > top
        )
        if along and reference.sheet is None:
            return True
    return False


def _columns_read(page: Page, cell: tuple[int, int]) -> set[tuple[str | None, int, int]]:
    """The ranges of columns that a formula reads, each with its sheet."""
    references = page.parsed[page.relative[cell]].references
    boxes = [(reference.sheet, reference.box(*cell)) for reference in references]
    return {(sheet, left, right) for sheet, (_, left, _, right) in boxes}


def _in_row_of_inputs(cell: tuple[int, int], columns: Set[tuple[int, int]]) -> bool:
    """True where the cells beside it are constants among the formulas of their columns too."""
    row, column = cell
    return bool({(row, column - 1), (row, column + 1)} & columns)


def _repeats_an_input(page: Page, cell: tuple[int, int]) -> bool:
    """True where the formula only repeats a constant of its row: another constant there is an input."""
    match = _ONE_CELL.fullmatch(page.sheet.cells[cell].formula or "")
    if match is None or int(match["row"]) != cell[0]:
        return False
    source = page.sheet.cells.get((cell[0], column_number(match["column"])))
    return source is not None and source.formula is None and is_number(source)


def _short(text: str | None) -> str:
    text = text or ""
    return text if len(text) <= 60 else text[:59] + "…"
