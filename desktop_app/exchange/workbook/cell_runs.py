"""Differences of neighbouring cells told as one: a formula changed along a row is one change to a reader."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from desktop_app.exchange.reading.formulas import parse_range
from desktop_app.exchange.workbook.formula_changes import NotTaken
from desktop_app.exchange.workbook.lint_page import cell_name


def along_rows(found: Iterable[NotTaken]) -> list[NotTaken]:
    """Cells beside each other that stay out for the same reason become one range, with what the first of them
    holds.

    >>> here = [NotTaken(f"Cash flow!{cell}5", "=A1", "=A2", "changed") for cell in "CDE"]
    >>> [one.where for one in along_rows(here)]
    ['Cash flow!C5:E5']
    """
    runs: list[NotTaken] = []
    end: tuple[str, int, int, str] | None = None
    first = 0
    for one in found:
        sheet, _, cell = one.where.rpartition("!")
        box = parse_range(cell) if sheet else None
        if box is None or box[:2] != box[2:]:
            runs.append(one)
            end = None
            continue
        row, column = box[:2]
        if end == (sheet, row, column - 1, one.why):
            where = f"{sheet}!{cell_name(row, first)}:{cell_name(row, column)}"
            runs[-1] = dataclasses.replace(runs[-1], where=where)
        else:
            runs.append(one)
            first = column
        end = (sheet, row, column, one.why)
    return runs
