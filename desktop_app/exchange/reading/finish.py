"""What holds for sheets of every format once they are read: hidden parts are named, covered values taken out.
What holds for sheets of every format once they are read: hidden parts are named, covered values taken out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from desktop_app.exchange.reading.grid import Cell, Sheet, column_letter
from desktop_app.exchange.reading.notes import Notes

_LOOKUPS = 2_000_000
_LISTED = 12


def finish(sheets: Iterable[Sheet], notes: Notes) -> tuple[Sheet, ...]:
    """The sheets without values that lie covered under a merged cell, with findings on what is hidden."""
    return tuple(_finish_sheet(sheet, notes) for sheet in sheets)


def _finish_sheet(sheet: Sheet, notes: Notes) -> Sheet:
    covered = _covered(sheet)
    for row, column in covered:
        cell = sheet.cells[row, column]
        notes.cell(
            "warning",
            "covered_value",
            sheet.name,
            row,
            column,
            f"A merged cell covers this one, which holds {_shown(cell)}; nobody sees it, and it was left "
            "out.",
        )
    if covered:
        hidden = set(covered)
        sheet = replace(
            sheet, cells={place: cell for place, cell in sheet.cells.items() if place not in hidden}
        )
    _note_hidden(sheet, notes)
    return sheet


def _covered(sheet: Sheet) -> list[tuple[int, int]]:
    left = _LOOKUPS
    covered: list[tuple[int, int]] = []
    for merge in sheet.merges:
        left -= (merge.bottom - merge.top + 1) * (merge.right - merge.left + 1)
        if left < 0:
            break
        covered += [
            (row, column)
            for row in range(merge.top, merge.bottom + 1)
            for column in range(merge.left, merge.right + 1)
            if (row, column) in sheet.cells and (row, column) != (merge.top, merge.left)
        ]
    return covered


def _shown(cell: Cell) -> str:
    if cell.value is None:
        return cell.error or "a formula or a note"
    return ascii(str(cell.value)[:60])


def _note_hidden(sheet: Sheet, notes: Notes) -> None:
    if not sheet.cells:
        return
    if sheet.hidden:
        number = f"{len(sheet.cells):,} filled cell{'s' if len(sheet.cells) > 1 else ''}"
        notes.file("warning", "hidden_sheet", f'Sheet "{sheet.name}" is hidden and holds {number}.')
    if sheet.hidden_rows:
        rows = sorted({row for row, _ in sheet.cells} & sheet.hidden_rows)
        _note(notes, "hidden_rows", sheet.name, "row", [str(row) for row in rows])
    if sheet.hidden_columns:
        columns = sorted({column for _, column in sheet.cells} & sheet.hidden_columns)
        _note(notes, "hidden_columns", sheet.name, "column", [column_letter(column) for column in columns])


def _note(notes: Notes, code: str, sheet: str, what: str, names: list[str]) -> None:
    if not names:
        return
    listed = ", ".join(names[:_LISTED]) + (
        f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
    )
    plural, verb = ("s", "are") if len(names) > 1 else ("", "is")
    notes.file("warning", code, f'On sheet "{sheet}" {what}{plural} {listed} with content {verb} hidden.')
