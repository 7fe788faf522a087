"""Cells that read themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from desktop_app.exchange.workbook.lint_formula import Axis, Formula, Reference
from desktop_app.exchange.workbook.lint_page import LintFinding, Page, cell_name

# They read where a cell is, not what it holds.
_LOOK_ONLY: Final = frozenset({"ROW", "COLUMN", "ROWS", "COLUMNS", "CELL", "ADDRESS", "OFFSET"})
_Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class _Reads:
    """What copies of one formula read: single cells, and ranges of the own sheet."""

    singles: tuple[tuple[str, Axis, Axis], ...]
    ranges: tuple[Reference, ...]

    @classmethod
    def of(cls, formula: Formula, sheet: str, names: Mapping[str, str]) -> _Reads:
        singles: list[tuple[str, Axis, Axis]] = []
        ranges: list[Reference] = []
        for reference in formula.references:
            where = sheet if reference.sheet is None else names.get(reference.sheet.casefold())
            if where is None:
                continue
            if (reference.top, reference.left) == (reference.bottom, reference.right):
                singles.append((where, reference.top, reference.left))
            elif where == sheet and not set(formula.functions) & _LOOK_ONLY:
                ranges.append(reference)
        if set(formula.functions) & _LOOK_ONLY:
            singles = [single for single in singles if single != (sheet, Axis(False, 0), Axis(False, 0))]
        return cls(tuple(singles), tuple(ranges))

    def range_holds(self, row: int, column: int) -> bool:
        """True where one of the ranges holds the cell that the formula stands in."""
        for reference in self.ranges:
            top, left, bottom, right = reference.box(row, column)
            if top <= row <= bottom and left <= column <= right:
                return True
        return False


def circular_rules(pages: Mapping[str, Page]) -> Iterator[LintFinding]:
    """Cells that read themselves, directly or through other single cells."""
    names = {name.casefold(): name for name in pages}
    reads: dict[_Place, list[_Place]] = {}
    for name, page in pages.items():
        own: list[tuple[int, int]] = []
        for same, places in page.places.items():
            formula = _Reads.of(page.parsed[same], name, names)
            for row, column in places:
                targets = [
                    (
                        sheet,
                        top.number if top.fixed else top.number + row,
                        left.number if left.fixed else left.number + column,
                    )
                    for sheet, top, left in formula.singles
                ]
                if (name, row, column) in targets or formula.range_holds(row, column):
                    own.append((row, column))
                reads[name, row, column] = [target for target in targets if target != (name, row, column)]
        yield from page.finding("error", "circular-reference", own, "The formula reads its own cell.")
    for ring in _rings(reads):
        sheet, row, column = ring[0]
        way = " → ".join(f"{s}!{cell_name(r, c)}" for s, r, c in [*ring[:6], ring[0]])
        yield LintFinding(
            "error",
            "circular-reference",
            sheet,
            cell_name(row, column),
            f"These cells read each other in a circle: {way}{' (shortened)' if len(ring) > 6 else ''}.",
        )


def _rings(
    reads: Mapping[_Place, list[_Place]],
) -> Iterator[list[_Place]]:
    """One ring for each knot of cells that read each other (depth first, without recursion)."""
    done: set[_Place] = set()
    for start in reads:
        if start in done:
            continue
        path: list[_Place] = [start]
        on_path = {start: 0}
        waiting = [iter(reads[start])]
        while path:
            step = next(waiting[-1], None)
            if step is None:
                waiting.pop()
                last = path.pop()
                del on_path[last]
                done.add(last)
            elif step in on_path:
                yield path[on_path[step] :]
            elif step not in done and step in reads:
                on_path[step] = len(path)
                path.append(step)
                waiting.append(iter(reads[step]))
