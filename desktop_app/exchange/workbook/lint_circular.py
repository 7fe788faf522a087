"""Cells that read themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from desktop_app.exchange.workbook.lint_page import LintFinding, Page, cell_name

# They read where a cell is, not what it holds.
_LOOK_ONLY: Final = frozenset({"ROW", "COLUMN", "ROWS", "COLUMNS", "CELL", "ADDRESS", "OFFSET"})
_Place = tuple[str, int, int]


def circular_rules(pages: Mapping[str, Page]) -> Iterator[LintFinding]:
    """Cells that read themselves, directly or through other single cells."""
    reads: dict[_Place, list[_Place]] = {}
    own: dict[str, list[tuple[int, int]]] = defaultdict(list)
    names = {name.casefold(): name for name in pages}
    for name, page in pages.items():
        for (row, column), same in page.relative.items():
            targets = []
            for reference in page.parsed[same].references:
                sheet = names.get(reference.sheet.casefold()) if reference.sheet is not None else name
                if sheet is None or reference.other_book:
                    continue
                top, left, bottom, right = reference.box(row, column)
                if sheet == name and top <= row <= bottom and left <= column <= right:
                    if not set(page.parsed[same].functions) & _LOOK_ONLY:
                        own[name].append((row, column))
                elif (top, left) == (bottom, right) and (top, left) in pages[sheet].relative:
                    targets.append((sheet, top, left))
            reads[name, row, column] = targets
    for name, places in own.items():
        yield from pages[name].finding(
            "error", "circular-reference", set(places), "The formula reads its own cell."
        )
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
