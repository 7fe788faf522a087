"""What somebody changed in an exported workbook besides its inputs: told, never taken over."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from desktop_app.exchange.reading.grid import Cell, column_letter
from desktop_app.exchange.workbook.copies import Copies, Pair, blank, words
from desktop_app.exchange.workbook.input_cells import number_of
from desktop_app.exchange.workbook.lint_page import cell_name
from desktop_app.exchange.workbook.pack import SELECTOR_NAME, SELECTOR_ROW, SHEETS

_PART = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")|(?P<sheet>'(?:[^']|'')*')|(?P<space>\s+)
    |(?P<number>(?<![\w.$])(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w:!(]))|(?P<prefix>_xlfn\.(?:_xlws\.)?)""",
    re.VERBOSE | re.IGNORECASE,
)
_OPTIONAL = frozenset(name.casefold() for name in SHEETS.values())
# What these say depends on the day and the way of the export.
_ABOUT = frozenset(SHEETS[key] for key in ("cover", "contents", "changes"))
# A person may choose another scenario to be shown.
_SELECTOR = (SHEETS["summary"], SELECTOR_ROW + 1, SELECTOR_NAME + 1)
_MOVED = "The cells that this formula should read were moved; it reads others now."
_MANY = 200
_MOST_DIFFERS = "Most of this sheet differs, as when columns were moved; its cells are not listed."
_PLAIN_SHEET = re.compile(r"[^\W\d][\w.]*\Z")


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A difference that stays in the workbook: the cell, what the plan's export has there, what the workbook
    has, and why it is not taken over.
    """

    where: str
    exported: str
    found: str
    why: str


def formula_changes(copies: Copies, told: Set[tuple[str, int, int]]) -> Iterator[NotTaken]:
    """Differences in formulas, figures and texts besides those that are told, given as (sheet, row, column)
    of ours; also sheets that were deleted, renamed or added.

    What follows from when and how the workbook was exported is left out, and so is the scenario chosen to be
    shown.
    """
    yield from sheet_changes(copies)
    for pair in copies.pairs.values():
        found = list(_cell_changes(pair, copies, told))
        formulas = sum(cell.formula is not None for cell in pair.ours.cells.values())
        if len(found) > _MANY and 2 * len(found) > formulas:
            yield NotTaken(
                pair.theirs.name,
                f"{formulas:,} formulas",
                f"{len(found):,} differences",
                _MOST_DIFFERS,
            )
        else:
            yield from found


def rebuilt(found: Iterable[NotTaken]) -> bool:
    """True where most of several sheets differs, as in a workbook that another version laid out."""
    return sum(one.why == _MOST_DIFFERS for one in found) > 1


def sheet_changes(copies: Copies) -> Iterator[NotTaken]:
    """Sheets that were deleted, renamed or added."""
    for pair in copies.pairs.values():
        if pair.ours.name.casefold() != pair.theirs.name.casefold():
            yield NotTaken(
                pair.theirs.name, pair.ours.name, pair.theirs.name, "The sheet was renamed; that stays."
            )
    for sheet in copies.missing:
        yield NotTaken(sheet.name, "a sheet", "", "The sheet was deleted; what it held stays in the plan.")
    for sheet in copies.added:
        if sheet.name.casefold() not in _OPTIONAL:
            yield NotTaken(sheet.name, "", "a sheet", "The sheet was added; it stays in the workbook.")


def _cell_changes(pair: Pair, copies: Copies, told: Set[tuple[str, int, int]]) -> Iterator[NotTaken]:
    ours, theirs = pair.ours, pair.theirs
    back = {place: cell for cell in ours.cells if (place := pair.place(*cell)) is not None}
    places: dict[tuple[int, int], tuple[int, int] | None] = dict.fromkeys(theirs.cells) | back
    gone = [cell for cell in ours.cells if pair.place(*cell) is None and ours.cells[cell].formula is not None]
    about = ours.name in _ABOUT
    for place in sorted(places):
        own = places[place]
        if own is not None and ((ours.name, *own) in told or (ours.name, *own) == _SELECTOR):
            continue
        cell = ours.cells.get(own) if own is not None else None
        if about and (cell is None or cell.formula is None):
            continue
        other = theirs.cells.get(place)
        formula = copies.translated(cell.formula, ours.name) if cell is not None and cell.formula else None
        why = _why(cell, formula, other)
        if why == _MOVED and cell is not None and copies.reads_missing(cell.formula or ""):
            continue  # that its sheet is gone is told
        if why:
            yield NotTaken(f"{theirs.name}!{cell_name(*place)}", shown(cell), shown(other), why)
    rows = sorted({row for row, _ in gone})
    for row in rows:
        if pair.rows.get(row) is None:
            cell = ours.cells[min(cell for cell in gone if cell[0] == row)]
            yield NotTaken(f"{ours.name}!{row}:{row}", shown(cell), "", "The row was deleted.")
    for column in sorted({column for row, column in gone if row not in rows or pair.rows.get(row)}):
        if pair.columns.get(column) is None:
            letter = column_letter(column)
            yield NotTaken(f"{ours.name}!{letter}:{letter}", "", "", "The column was deleted.")


def _why(ours: Cell | None, formula: str | None, theirs: Cell | None) -> str:
    """Why a difference stays out; "" where there is none. `formula` is ours as it would read in theirs."""
    if formula is not None:
        if theirs is None or blank(theirs):
            return "The formula was deleted."
        if theirs.formula is None:
            return "The formula was typed over; change the inputs that it reads instead."
        if plain(formula) == plain(theirs.formula):
            return ""
        if ours is not None and plain(ours.formula or "") == plain(theirs.formula):
            return _MOVED
        return "The formula was changed; formulas follow from the plan."
    if theirs is None or blank(theirs):
        if ours is not None and number_of(ours) is not None:
            return "The figure was deleted; it stays in the plan."
        return "The text was deleted; it stays in the plan." if words(ours) else ""
    if theirs.formula is not None:
        return "A formula was added; it stays in the workbook."
    first, second = number_of(ours) if ours is not None else None, number_of(theirs)
    if second is not None:
        # figures of a run come out a little different on another machine
        alike = first is not None and math.isclose(first, second, rel_tol=1e-9, abs_tol=1e-6)
        return "" if alike else "Only the values of blue cells are taken over."
    if words(ours) == words(theirs):
        return ""
    return (
        "Texts are not taken over; change it in the plan."
        if ours is not None
        else "The text was added; it stays in the workbook."
    )


def plain(formula: str) -> str:
    """A formula without the differences that spreadsheet programs make on saving: blanks, quotes around
    names that need none, capital letters, prefixes of newer functions, and how numbers are written.

    >>> plain("SUM( 'Checks'!$B$6 , 0.10)") == plain("sum(Checks!$B$6,0.1)")
    True
    """

    def simpler(match: re.Match[str]) -> str:
        kind, word = match.lastgroup, match[0]
        if kind in ("space", "prefix"):
            return ""
        if kind == "number":
            return repr(float(word))
        if kind == "sheet" and _PLAIN_SHEET.match(word[1:-1]):
            return word[1:-1].upper()
        return word

    parts: list[str] = []
    end = 0
    for match in _PART.finditer(formula):
        parts += [formula[end : match.start()].upper(), simpler(match)]
        end = match.end()
    return "".join(parts) + formula[end:].upper()


def shown(cell: Cell | None) -> str:
    """What stands in a cell, shortened."""
    if cell is None:
        return ""
    if cell.formula is not None:
        text = f"={cell.formula}"
    else:
        text = cell.error or ("" if cell.value is None else str(cell.value))
    return text if len(text) <= 120 else text[:119] + "…"
