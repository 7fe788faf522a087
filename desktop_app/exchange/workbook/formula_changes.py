"""What somebody changed in an exported workbook besides its inputs: told, never taken over."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from desktop_app.exchange.reading.grid import Cell, Sheet, Workbook
from desktop_app.exchange.workbook.input_cells import number_of, same
from desktop_app.exchange.workbook.lint_page import cell_name
from desktop_app.exchange.workbook.pack import SHEETS

_PART = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")|(?P<sheet>'(?:[^']|'')*')|(?P<space>\s+)
    |(?P<number>(?<![\w.$])(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w:!(]))|(?P<prefix>_xlfn\.(?:_xlws\.)?)""",
    re.VERBOSE | re.IGNORECASE,
)
_OPTIONAL = frozenset(name.casefold() for name in SHEETS.values())
# What these say depends on the day and the way of the export.
_ABOUT = frozenset(SHEETS[key] for key in ("cover", "contents", "changes"))
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


def formula_changes(
    exported: Workbook, other: Workbook, inputs: Collection[tuple[str, int, int]]
) -> Iterator[NotTaken]:
    """Differences in formulas and figures outside the inputs, which are given as (sheet, row, column).

    Texts are left out, and so are sheets that an export may have or not: they follow from when and how the
    workbook was exported, and from the scenario that was chosen to be shown.
    """
    theirs = {sheet.name.casefold(): sheet for sheet in other.sheets}
    known = {sheet.name.casefold() for sheet in exported.sheets}
    for sheet in exported.sheets:
        changed = theirs.get(sheet.name.casefold())
        if changed is None:
            yield NotTaken(sheet.name, "a sheet", "", "The sheet was deleted or renamed.")
        else:
            yield from _sheet_changes(sheet, changed, inputs)
    for name, sheet in theirs.items():
        if name not in known and name not in _OPTIONAL:
            yield NotTaken(sheet.name, "", "a sheet", "The sheet was added; it stays in the workbook.")


def _sheet_changes(
    sheet: Sheet, other: Sheet, inputs: Collection[tuple[str, int, int]]
) -> Iterator[NotTaken]:
    for row, column in sorted(sheet.cells.keys() | other.cells.keys()):
        if (sheet.name, row, column) in inputs:
            continue
        ours, theirs = sheet.cells.get((row, column)), other.cells.get((row, column))
        if sheet.name in _ABOUT and (ours is None or ours.formula is None):
            continue
        why = _why(ours, theirs)
        if why:
            yield NotTaken(f"{sheet.name}!{cell_name(row, column)}", shown(ours), shown(theirs), why)


def _why(ours: Cell | None, theirs: Cell | None) -> str:
    if ours is not None and ours.formula is not None:
        if theirs is None or (theirs.formula is None and theirs.value in (None, "")):
            return "The formula was deleted."
        if theirs.formula is None:
            return "The formula was typed over; change the inputs that it reads instead."
        alike = plain(ours.formula) == plain(theirs.formula)
        return "" if alike else "The formula was changed; formulas follow from the plan."
    if theirs is None:
        return ""
    if theirs.formula is not None:
        return "A formula was added; it stays in the workbook."
    first, second = number_of(ours) if ours is not None else None, number_of(theirs)
    if second is None or (first is not None and same(first, second)):
        return ""
    return "Only the values of blue cells are taken over."


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
