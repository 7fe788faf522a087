"""Two copies of one workbook: which sheet, row and column of the one is which of the other, also where
somebody renamed, inserted, deleted or sorted some.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from xlsxwriter.utility import quote_sheetname

from desktop_app.exchange.reading.formulas import column_number
from desktop_app.exchange.reading.grid import Cell, Sheet, Workbook, column_letter

_REFERENCE = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")
    |(?P<sheet>(?:'(?:[^']|'')*'|(?<![\w.$'])[^\W\d][\w.]*)!)?
     (?<![\w.$])(?P<first>\$?[A-Z]{1,3}\$?[0-9]{1,7})(?::(?P<last>\$?[A-Z]{1,3}\$?[0-9]{1,7}))?(?![\w.(!])""",
    re.VERBOSE,
)
_CELL = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})")
_CODE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LABELS = 7  # columns that say what a row is
_FEW = 60  # rows below the top within which column titles are looked for
_GONE = "#REF!"


@dataclass(frozen=True, slots=True)
class Pair:
    """A sheet in both copies. `rows` and `columns` lead from ours to theirs, without those that are gone.

    `doubtful` are rows of ours whose name does not stand there, or not as often as here.
    """

    ours: Sheet
    theirs: Sheet
    rows: Mapping[int, int]
    columns: Mapping[int, int]
    doubtful: frozenset[int] = frozenset()

    def place(self, row: int, column: int) -> tuple[int, int] | None:
        """Where a cell of ours stands in theirs."""
        there = self.rows.get(row), self.columns.get(column)
        return None if there[0] is None or there[1] is None else (there[0], there[1])

    @property
    def moved(self) -> bool:
        """True where something stands elsewhere."""
        return any(a != b for a, b in [*self.rows.items(), *self.columns.items()])


@dataclass(frozen=True)
class Copies:
    """All sheets of two copies."""

    pairs: Mapping[str, Pair]
    missing: tuple[Sheet, ...]
    added: tuple[Sheet, ...]

    @cached_property
    def same_places(self) -> bool:
        """True where every cell stands where it stood."""
        renamed = (pair.ours.name != pair.theirs.name for pair in self.pairs.values())
        return not self.missing and not any(renamed) and not any(one.moved for one in self.pairs.values())

    def reads_missing(self, formula: str) -> bool:
        """True for a formula of ours that reads a sheet which is missing."""
        found = _REFERENCE.finditer(formula) if self.missing else ()
        gone = {sheet.name for sheet in self.missing}
        return any(_plain_name(match["sheet"]) in gone for match in found if match["sheet"])

    def translated(self, formula: str, sheet: str) -> str:
        """A formula of ours as it would read in theirs."""
        if self.same_places:
            return formula

        def there(match: re.Match[str]) -> str:
            if match["text"] is not None:
                return match[0]
            prefix = match["sheet"]
            name = _plain_name(prefix) if prefix else sheet
            pair = self.pairs.get(name)
            if pair is None:
                return _GONE if any(one.name == name for one in self.missing) else match[0]
            first = _moved(match["first"], pair)
            last = _moved(match["last"], pair) if match["last"] else ""
            if _GONE in (first, last):
                return _GONE
            before = f"{quote_sheetname(pair.theirs.name)}!" if prefix else ""
            return f"{before}{first}:{last}" if last else f"{before}{first}"

        return _REFERENCE.sub(there, formula)


def pair_copies(
    ours: Workbook, theirs: Workbook, named_by: Mapping[str, tuple[int, ...]], head: int
) -> Copies:
    """Find everything of ours in theirs.

    `named_by` gives for sheets of ours, by name, the columns in which a row's name stands below the titles in
    row `head`. Other rows are known by their labels and order, a sheet that was renamed by its title.
    """
    by_name = {sheet.name.casefold(): sheet for sheet in theirs.sheets}
    found = {one.name: by_name[one.name.casefold()] for one in ours.sheets if one.name.casefold() in by_name}
    taken = {sheet.name for sheet in found.values()}
    spare = {_title(one): one for one in reversed(theirs.sheets) if one.name not in taken and _title(one)}
    for one in ours.sheets:
        if one.name not in found and _title(one) in spare:
            found[one.name] = spare.pop(_title(one))
    taken = {sheet.name for sheet in found.values()}
    pairs = {
        one.name: _named_pair(one, found[one.name], named_by[one.name], head)
        if one.name in named_by
        else _listed_pair(one, found[one.name], head)
        for one in ours.sheets
        if one.name in found
    }
    return Copies(
        pairs,
        tuple(one for one in ours.sheets if one.name not in found),
        tuple(one for one in theirs.sheets if one.name not in taken),
    )


def words(cell: Cell | None) -> str:
    """The text of a cell without needless blanks; "" for numbers, formulas and empty cells."""
    if cell is None or cell.formula is not None or not isinstance(cell.value, str):
        return ""
    # some programs write a character by its code where others write it as it is
    text = _CODE.sub(lambda match: chr(int(match[1], 16)), cell.value)
    return " ".join(text.split())


def blank(cell: Cell) -> bool:
    """True for a cell that shows nothing."""
    return cell.formula is None and cell.error is None and cell.value in (None, "")


def _title(sheet: Sheet) -> str:
    return words(sheet.cells.get((1, 1)))


def _plain_name(prefix: str) -> str:
    name = prefix[:-1]
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def _moved(reference: str, pair: Pair) -> str:
    match = _CELL.fullmatch(reference)
    assert match is not None
    there = pair.place(int(match[4]), column_number(match[2]))
    return _GONE if there is None else f"{match[1]}{column_letter(there[1])}{match[3]}{there[0]}"


def _listed_pair(ours: Sheet, theirs: Sheet, head: int) -> Pair:
    """Rows by their labels, in order; columns by what stands in the row of the titles, in order."""
    last = max(ours.max_row, theirs.max_row)
    rows = _in_order(_signatures(ours, last), _signatures(theirs, last))
    columns = {column: column for column in range(1, ours.max_column + 1)}
    titled, others = (
        sorted(column for row, column in sheet.cells if row == at and not blank(sheet.cells[row, column]))
        for sheet, at in ((ours, head), (theirs, rows.get(head, head)))
    )
    if len(titled) == len(others):
        columns |= zip(titled, others, strict=True)
    return Pair(ours, theirs, rows, columns)


def _signatures(sheet: Sheet, last: int) -> list[tuple[str, ...]]:
    return [_labels(sheet, row) for row in range(1, last + 1)]


def _labels(sheet: Sheet, row: int) -> tuple[str, ...]:
    return tuple(words(sheet.cells.get((row, column))) for column in range(1, _LABELS + 1))


def _in_order(ours: Sequence[object], theirs: Sequence[object], first: int = 1) -> dict[int, int]:
    """Which of ours is which of theirs, counted from `first`, where the order was kept."""
    start = 0
    while start < len(ours) and start < len(theirs) and ours[start] == theirs[start]:
        start += 1
    end = 0
    while end < min(len(ours), len(theirs)) - start and ours[-1 - end] == theirs[-1 - end]:
        end += 1
    matcher = SequenceMatcher(None, ours[start : len(ours) - end], theirs[start : len(theirs) - end])
    found = {place: place for place in range(start)}
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal" or (kind == "replace" and b - a == d - c):
            found |= {start + a + step: start + c + step for step in range(b - a)}
    shift = len(theirs) - len(ours)
    found |= {place: place + shift for place in range(len(ours) - end, len(ours))}
    return {first + a: first + b for a, b in found.items()}


def _named_pair(ours: Sheet, theirs: Sheet, named_by: tuple[int, ...], head: int) -> Pair:
    """Rows below the titles by name, columns by title."""
    other_head = _head_row(ours, theirs, head)
    columns = _titled_columns(ours, theirs, head, other_head)
    shift = other_head - head
    rows = {row: row + shift for row in range(1, head + 1)}
    there = [columns.get(column, 0) for column in named_by]
    names, others = _names(ours, head, named_by), _names(theirs, other_head, there)
    for name, places in names.items():
        if len(places) == len(others.get(name, ())):
            rows |= zip(places, others[name], strict=True)
    # what has no name (titles of groups), or another one, follows by its texts and order
    rest, texts = _others(ours, head, set(rows))
    other_rest, other_texts = _others(theirs, other_head, set(rows.values()))
    rows |= {rest[a]: other_rest[b] for a, b in _in_order(texts, other_texts, 0).items()}
    named = {row for places in names.values() for row in places}
    return Pair(ours, theirs, rows, columns, frozenset(named.intersection(rest)))


def _names(sheet: Sheet, head: int, columns: Sequence[int]) -> dict[tuple[str, ...], list[int]]:
    """Rows below the titles by the texts in the given columns; rows without any are left out."""
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row in sorted({row for row, _ in sheet.cells if row > head}):
        texts = tuple(words(sheet.cells.get((row, column))) for column in columns)
        if any(texts):
            found[texts].append(row)
    return found


def _others(sheet: Sheet, head: int, known: Set[int]) -> tuple[list[int], list[tuple[str, ...]]]:
    """Rows below the titles that are not known, with their texts."""
    rows = [row for row in range(head + 1, sheet.max_row + 1) if row not in known]
    return rows, [_labels(sheet, row) for row in rows]


def _head_row(ours: Sheet, theirs: Sheet, head: int) -> int:
    """The row of the column titles in the other copy: the one that has most of ours."""
    titles = {words(ours.cells.get((head, column))) for column in range(1, ours.max_column + 1)} - {""}
    found = defaultdict[int, set[str]](set)
    for (row, _), cell in theirs.cells.items():
        if row <= head + _FEW and words(cell) in titles:
            found[row].add(words(cell))
    return max(sorted(found), key=lambda row: len(found[row]), default=head)


def _titled_columns(ours: Sheet, theirs: Sheet, head: int, other_head: int) -> dict[int, int]:
    """Columns by their titles; those whose title is a formula, such as months, by their order, and only where
    there are as many. One without title, or with another one, stands where it stood beside its neighbour to
    the left, unless the column there is known for another one. One whose title stands there several times is
    none of them.
    """
    titles, others = _titles(ours, head), _titles(theirs, other_head)
    known: dict[int, int] = {}
    unsure: set[int] = set()
    for title, places in titles.items():
        there = others.get(title, [])
        if len(there) == len(places):
            known |= zip(places, there, strict=True)
        elif there:
            unsure.update(places)
    months, other_months = _computed(ours, head), _computed(theirs, other_head)
    if len(months) == len(other_months):
        known |= zip(months, other_months, strict=True)
    claimed = {*known.values(), *other_months}
    found: dict[int, int] = {}
    for column in range(1, ours.max_column + 1):
        place = known.get(column, found.get(column - 1, column - 1) + 1)
        free = column not in months and column not in unsure
        if column in known or (free and place not in claimed and place not in found.values()):
            found[column] = place
    return found


def _computed(sheet: Sheet, row: int) -> list[int]:
    """Columns whose cell in a row is a formula."""
    return sorted(
        column for own, column in sheet.cells if own == row and sheet.cells[own, column].formula is not None
    )


def _titles(sheet: Sheet, row: int) -> dict[str, list[int]]:
    """Columns by the texts in a row."""
    found: dict[str, list[int]] = defaultdict(list)
    for column in sorted(column for own, column in sheet.cells if own == row):
        if words(sheet.cells[row, column]):
            found[words(sheet.cells[row, column])].append(column)
    return found
