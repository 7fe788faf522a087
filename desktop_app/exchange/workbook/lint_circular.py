"""Cells that read themselves."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from desktop_app.exchange.workbook.lint_formula import Axis, Formula, Reference
from desktop_app.exchange.workbook.lint_page import LintFinding, Page, cell_name

# They read where a cell is, not what it holds.
_LOOK_ONLY: Final = frozenset({"ROW", "COLUMN", "ROWS", "COLUMNS", "CELL", "ADDRESS", "OFFSET"})
_SHOWN = 6
_MOST_RINGS = 100
_Cell = tuple[str, int, int]
# Formula cells of a row or column, from one place in its list to another: ranges share their beginnings.
_Run = tuple[str, bool, int, int, int]
_Node = _Cell | _Run


@dataclass(frozen=True, slots=True)
class _Reads:
    """What copies of one formula read: single cells, and ranges with the names of their sheets."""

    singles: tuple[tuple[str, Axis, Axis], ...]
    ranges: tuple[tuple[str, Reference], ...]

    @classmethod
    def of(cls, formula: Formula, sheet: str, names: Mapping[str, str]) -> _Reads:
        singles: list[tuple[str, Axis, Axis]] = []
        ranges: list[tuple[str, Reference]] = []
        looks_only = bool(set(formula.functions) & _LOOK_ONLY)
        for reference in formula.references:
            where = sheet if reference.sheet is None else names.get(reference.sheet.casefold())
            if where is None:
                continue
            if (reference.top, reference.left) == (reference.bottom, reference.right):
                singles.append((where, reference.top, reference.left))
            elif not looks_only:
                ranges.append((where, reference))
        if looks_only:
            singles = [single for single in singles if single != (sheet, Axis(False, 0), Axis(False, 0))]
        return cls(tuple(singles), tuple(ranges))


@dataclass(slots=True)
class _Lines:
    """The formula cells of a sheet, by row and by column, in order."""

    rows: dict[int, list[int]]
    columns: dict[int, list[int]]
    used: list[int]

    @classmethod
    def of(cls, page: Page) -> _Lines:
        rows, columns = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
        for row, column in sorted(page.relative):
            rows[row].append(column)
            columns[column].append(row)
        return cls(rows, columns, sorted(columns))

    def runs(self, sheet: str, box: tuple[int, int, int, int]) -> Iterator[_Run]:
        """The formula cells of a range."""
        top, left, bottom, right = box
        if top == bottom:
            yield from _run(sheet, True, top, self.rows.get(top, []), left, right)
            return
        for column in self.used[bisect_left(self.used, left) : bisect_right(self.used, right)]:
            yield from _run(sheet, False, column, self.columns[column], top, bottom)


def _run(sheet: str, across: bool, line: int, places: list[int], first: int, last: int) -> Iterator[_Run]:
    start, end = bisect_left(places, first), bisect_right(places, last) - 1
    if start <= end:
        yield sheet, across, line, start, end


def circular_rules(pages: Mapping[str, Page]) -> Iterator[LintFinding]:
    """Cells that read themselves, directly or through other cells and ranges."""
    names = {name.casefold(): name for name in pages}
    lines = {name: _Lines.of(page) for name, page in pages.items()}
    reads: dict[_Cell, list[_Node]] = {}
    alone: set[_Cell] = set()
    for name, page in pages.items():
        own: list[tuple[int, int]] = []
        for same, places in page.places.items():
            formula = _Reads.of(page.parsed[same], name, names)
            for row, column in places:
                here = (name, row, column)
                nodes: list[_Node] = [
                    (sheet, top.at(row), left.at(column)) for sheet, top, left in formula.singles
                ]
                holds = here in nodes
                for sheet, reference in formula.ranges:
                    box = reference.box(row, column)
                    inside = box[0] <= row <= box[2] and box[1] <= column <= box[3]
                    holds |= sheet == name and inside
                    nodes += lines[sheet].runs(sheet, box)
                if holds:
                    own.append((row, column))
                    alone.add(here)
                reads[here] = [node for node in nodes if node != here]
        yield from page.finding("error", "circular-reference", own, "The formula reads its own cell.")
    told: set[_Cell] = set()
    count = 0
    for ring in _rings(reads, lines):
        if count >= _MOST_RINGS or told & set(ring) or (len(ring) == 1 and ring[0] in alone):
            continue
        told |= set(ring)
        count += 1
        sheet, row, column = ring[0]
        way = " → ".join(f"{s}!{cell_name(r, c)}" for s, r, c in [*ring[:_SHOWN], ring[0]])
        yield LintFinding(
            "error",
            "circular-reference",
            sheet,
            cell_name(row, column),
            f"These cells read each other in a circle: {way}{' (shortened)' if len(ring) > _SHOWN else ''}.",
        )


def _rings(reads: Mapping[_Cell, list[_Node]], lines: Mapping[str, _Lines]) -> Iterator[list[_Cell]]:
    """Rings of cells that read each other (depth first, without recursion)."""

    def next_nodes(node: _Node) -> Iterator[_Node]:
        if len(node) == 3:
            return iter(reads.get(node, ()))
        sheet, across, line, start, end = node
        place = (lines[sheet].rows if across else lines[sheet].columns)[line][end]
        cell: _Cell = (sheet, line, place) if across else (sheet, place, line)
        rest: list[_Node] = [(sheet, across, line, start, end - 1)] if end > start else []
        return iter([cell, *rest])

    done: set[_Node] = set()
    for start in reads:
        if start in done:
            continue
        path: list[_Node] = [start]
        on_path: dict[_Node, int] = {start: 0}
        waiting = [next_nodes(start)]
        while path:
            step = next(waiting[-1], None)
            if step is None:
                waiting.pop()
                last = path.pop()
                del on_path[last]
                done.add(last)
            elif step in on_path:
                yield [node for node in path[on_path[step] :] if len(node) == 3]
            elif step not in done and (len(step) == 5 or step in reads):
                on_path[step] = len(path)
                path.append(step)
                waiting.append(next_nodes(step))
