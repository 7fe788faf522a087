"""Positions of rows: putting rows in a wanted order while moving as few of them as possible."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

GAP = 1024
_LIMIT = 2**62


def positions(wanted: Sequence[int | None]) -> list[int]:
    """Ascending positions for rows in their wanted order, given those they have now (None: a new row).

    Rows that already stand in the right order keep their positions; the others go into the gaps between them.
    Where a gap is too small, all rows get new positions.

    >>> positions([1024, None, 2048, None])
    [1024, 1536, 2048, 3072]
    >>> positions([3072, 1024, 2048])
    [0, 1024, 2048]
    >>> positions([1, None, 2])
    [1024, 2048, 3072]
    """
    found: list[int | None] = [None] * len(wanted)
    for index in _longest_ascending(wanted):
        found[index] = wanted[index]
    start = 0
    while start < len(found):
        if found[start] is not None:
            start += 1
            continue
        end = start
        while end < len(found) and found[end] is None:
            end += 1
        below = found[start - 1] if start else None
        above = found[end] if end < len(found) else None
        for offset, value in enumerate(_between(below, above, end - start)):
            found[start + offset] = value
        start = end
    result = [value for value in found if value is not None]
    ascending = all(first < second for first, second in pairwise(result))
    if ascending and (not result or -_LIMIT < result[0] <= result[-1] < _LIMIT):
        return result
    return [(index + 1) * GAP for index in range(len(wanted))]


def _between(below: int | None, above: int | None, count: int) -> list[int]:
    if below is None and above is None:
        return [(index + 1) * GAP for index in range(count)]
    if above is None:
        assert below is not None
        return [below + (index + 1) * GAP for index in range(count)]
    if below is None:
        return [above - (count - index) * GAP for index in range(count)]
    step = (above - below) // (count + 1)
    return [below + (index + 1) * step for index in range(count)]


def _longest_ascending(values: Sequence[int | None]) -> list[int]:
    """Indexes of a longest strictly ascending run of the given values (not necessarily neighbours)."""
    tails: list[int] = []
    tail_indexes: list[int] = []
    before: list[int] = []
    for index, value in enumerate(values):
        if value is None:
            before.append(-1)
            continue
        at = bisect_left(tails, value)
        before.append(tail_indexes[at - 1] if at else -1)
        if at == len(tails):
            tails.append(value)
            tail_indexes.append(index)
        else:
            tails[at], tail_indexes[at] = value, index
    found = []
    index = tail_indexes[-1] if tail_indexes else -1
    while index >= 0:
        found.append(index)
        index = before[index]
    return found[::-1]
