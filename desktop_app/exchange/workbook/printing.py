"""How sheets are laid out on paper: scale and page ends that suit A4 and Letter alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

ROW_HEIGHT = 14.25  # points, of rows that say nothing else; Excel would give 15 to Calibri, 12.75 to Arial
DEFAULT_WIDTH = 9.0  # characters

# Printable millimetres, width and height: the smaller of A4 and Letter, less margins.
_PRINTABLE = {"portrait": (180.0, 238.0), "landscape": (250.0, 170.0)}
_POINTS = 72 / 25.4  # in a millimetre
# A digit of Arial at 10 points is 5.56 points wide; the hundredth is for what programs round.
_MM_PER_CHARACTER = 5.56 / _POINTS * 1.01
_PADDING = 5 / 7  # characters, of each column
# Per cent: the smallest scale at which a sheet is still read, and how far it shrinks to save a page.
_READABLE, _LEAST, _SHRINK = 58, 45, 0.8
_SMALLEST = 10  # what Excel takes
# A short fiscal year at the start of a plan shares the page of the next.
_SHORT_YEAR, _FULL_YEAR = 3, 12


@dataclass(frozen=True, slots=True)
class PageSetup:
    """Scale in per cent, and the rows and columns (from 0) before which a page ends."""

    scale: int
    row_breaks: list[int]
    column_breaks: list[int]


def fitted(
    orientation: str,
    widths: Sequence[float],
    heights: Sequence[float],
    repeat: int,
    labels: int,
    blocks: Sequence[int],
) -> PageSetup:
    """One page wide where that can be read, else the columns over several pages; as few pages down as a
    slightly smaller print makes possible, with no block cut that fits on a page.

    `widths` in characters and `heights` in points are those of the columns and rows; `repeat` rows and
    `labels` columns are repeated on each page; `blocks` are the rows at which blocks start.

    >>> fitted("landscape", [40, 14, 14], [15] * 30, 5, 1, [5, 20])
    PageSetup(scale=100, row_breaks=[], column_breaks=[])
    """
    wide, high = _PRINTABLE[orientation]
    scale = _scale(wide, sum(map(_mm, widths)))
    columns: list[int] = []
    if scale < _READABLE and labels < len(widths):
        scale, columns = _over_pages(wide, widths, labels)
    ends = list(pairwise([*sorted({0, *blocks}), len(heights)]))

    def breaks(percent: int) -> list[int]:
        return list(_row_breaks(high * _POINTS * 97 / percent, heights, repeat, ends))

    best = scale
    for smaller in range(scale - 1, max(_READABLE, int(scale * _SHRINK)) - 1, -1):
        if len(breaks(smaller)) < len(breaks(best)):
            best = smaller
    return PageSetup(best, breaks(best) if blocks else [], columns)


def by_year(
    widths: Sequence[float], first: int, years: Sequence[float], rows: int, labels: int
) -> tuple[int, list[int]]:
    """Scale and page ends of a sheet by month, a fiscal year a page, all rows on it where that can be read.

    `first` is the column of the first month, `years` the fiscal year of each, `rows` how many are printed.
    """
    wide, high = _PRINTABLE["landscape"]
    ends = [month for month in range(1, len(years)) if years[month] != years[month - 1]]
    if ends and ends[0] <= _SHORT_YEAR and years.count(years[ends[0]]) <= _FULL_YEAR:
        ends = ends[1:]
    breaks = [first + month for month in ends]
    pages = list(pairwise([0, *breaks, len(widths)]))
    fixed = sum(map(_mm, widths[:labels]))
    widest = max(sum(map(_mm, widths[max(start, labels) : end])) for start, end in pages) + fixed
    scale = _scale(wide, widest)
    whole = _scale(high * _POINTS, rows * ROW_HEIGHT)
    return (whole if _LEAST <= whole < scale else scale), breaks


def _mm(characters: float) -> float:
    """Width of a column on paper at full size."""
    return (characters + _PADDING) * _MM_PER_CHARACTER


def _scale(room: float, needed: float) -> int:
    return max(_SMALLEST, min(100, int(100 * room / needed)))


def _over_pages(wide: float, widths: Sequence[float], labels: int) -> tuple[int, list[int]]:
    """The largest scale that takes no more pages across than the smallest readable one."""

    def breaks(percent: int) -> list[int]:
        room = wide * 100 / percent - sum(map(_mm, widths[:labels]))
        found, used = [], 0.0
        for column in range(labels, len(widths)):
            if used and used + _mm(widths[column]) > room:
                found.append(column)
                used = 0.0
            used += _mm(widths[column])
        return found

    fixed = sum(map(_mm, widths[:labels]))
    largest = _scale(wide, fixed + max(map(_mm, widths[labels:])))
    fewest = breaks(min(_READABLE, largest))
    scale = next((p for p in range(largest, _READABLE, -1) if len(breaks(p)) == len(fewest)), _READABLE)
    return min(scale, largest), breaks(min(scale, largest))


def _row_breaks(
    room: float, heights: Sequence[float], repeat: int, blocks: Sequence[tuple[int, int]]
) -> Iterator[int]:
    """Rows before which a page ends, so that no block that fits on a page is cut."""
    below = [0.0, *accumulate(heights)]
    head = below[min(repeat, len(heights))]

    def held(top: int, end: int) -> bool:
        return below[end] - below[top] + (head if top else 0.0) <= room

    top = 0
    for start, end in blocks:
        if held(top, end):
            continue
        if start > top:
            top = start
            yield top
        while not held(top, end):
            fits = next((row for row in range(end, top, -1) if held(top, row)), top + 1)
            top = max(fits, top + 1)
            if top < len(heights):
                yield top
            if top >= end:
                break
