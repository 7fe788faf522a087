"""A vendor's quote under review: what it says, what a person decided about it, and what would be imported."""

from __future__ import annotations

from collections.abc import Mapping as MappingABC
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from desktop_app.engine.model import Plan
from desktop_app.exchange.quote_memory import Recalled
from desktop_app.exchange.quote_proposals import Proposal, propose
from desktop_app.exchange.quotes import Issue, Mapping, Quote
from desktop_app.exchange.quotes.model import NUMBER_FIELDS, TEXT_FIELDS
from desktop_app.exchange.reading import Sheet, Workbook

HEADER, SUBTOTAL, TOTAL, NOTE, CHARGE, RESTATED, HIDDEN, LEASE = (
    "header",
    "subtotal",
    "total",
    "note",
    "charge",
    "restated",
    "hidden",
    "lease",
)
ROW_CLASSES = ("line", "child", "option", "freight", "tax", "discount", "no_bid", SUBTOTAL, TOTAL, NOTE)
COLUMN_FIELDS = ("", *TEXT_FIELDS, *NUMBER_FIELDS)


def class_words(name: str) -> str:
    """A row class or column field for people."""
    return {"": "not used", "nrc": "set-up price", "mrc": "price per month", "no_bid": "no bid"}.get(
        name, name.replace("_", " ").replace("pct", "%")
    )


@dataclass(frozen=True, slots=True)
class Review:
    """The state of a review; nothing is imported yet.

    `first` is the quote as it was read without any decision. `changes` has what was changed in proposals, by
    their key. `asked` are the questions that were answered, by their id. `recalled` are decisions made for an
    earlier quote of this layout.
    """

    path: Path
    workbook: Workbook
    quote: Quote
    mapping: Mapping
    scenario: str
    new_scenario: str = ""
    changes: MappingABC[str, MappingABC[str, Any]] = field(default_factory=dict)
    rates: MappingABC[str, str] = field(default_factory=dict)
    first: Quote | None = None
    recalled: Recalled | None = None
    asked: MappingABC[str, Issue] = field(default_factory=dict)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """The issues of the quote, with the questions that were answered: an answer can be changed."""
        present = {issue.id for issue in self.quote.issues}
        known = {issue.id: issue for issue in self.as_read.issues} | dict(self.asked)
        settled = [
            replace(known[name], ask=False, answer=key)
            for name, key in self.mapping.answers.items()
            if name in known and name not in present
        ]
        return (*self.quote.issues, *settled)

    @property
    def as_read(self) -> Quote:
        """The quote without any decision."""
        return self.first or self.quote

    def proposals(self, plan: Plan) -> list[Proposal]:
        """What would be imported, with the person's changes."""
        return self.changed(propose(self.quote, plan, self.scenario))

    def changed(self, proposed: Sequence[Proposal]) -> list[Proposal]:
        """These proposals with the person's changes."""
        return [replace(one, **self.changes[one.key]) if one.key in self.changes else one for one in proposed]

    def with_change(self, key: str, **values: Any) -> Review:
        """The review with something changed in a proposal."""
        return self.with_changes({key: values})

    def with_changes(self, values: MappingABC[str, MappingABC[str, Any]]) -> Review:
        """The review with something changed in several proposals, by key."""
        merged = {key: {**self.changes.get(key, {}), **fields} for key, fields in values.items()}
        return replace(self, changes={**self.changes, **merged})

    def missing_rates(self, plan: Plan, proposals: Sequence[Proposal]) -> list[str]:
        """Currencies of accepted proposals that the plan has no exchange rate for."""
        own = plan.settings.currency
        used = {one.fields.get("currency", own) for one in proposals if one.accepted}
        return sorted(used - {own} - set(plan.fx))

    # Decisions about the layout; each gives the mapping with which the workbook is understood again.

    def answered(self, issues: Sequence[Issue], key: str) -> Mapping:
        """The mapping with questions answered alike."""
        given = {issue.id: key for issue in issues}
        return replace(self.mapping, answers={**self.mapping.answers, **given})

    def row_as(self, sheet: str, rows: range, kind: str) -> Mapping:
        """The mapping with rows of another class; "" forgets the decision."""
        decided = {
            place: name
            for place, name in self.mapping.rows.items()
            if place[0] != sheet or place[1] not in rows
        }
        if kind:
            decided |= {(sheet, row): kind for row in rows}
        return replace(self.mapping, rows=decided)

    def column_as(self, sheet: str, column: int, name: str | None) -> Mapping:
        """The mapping with a column that holds another field: "" for none, None to forget the decision."""
        columns = {place: field for place, field in self.mapping.columns.items() if place != (sheet, column)}
        if name is not None:
            columns[sheet, column] = name
        return replace(self.mapping, columns=columns)

    def header_rows(self, sheet: str) -> tuple[int, ...]:
        """The header rows of a sheet as they are understood now."""
        found = self.mapping.headers.get(sheet)
        return (
            found
            if found is not None
            else tuple(sorted(block.header_row for block in self.quote.blocks if block.sheet == sheet))
        )

    def with_headers(self, sheet: str, rows: set[int]) -> Mapping:
        """The mapping with these header rows in a sheet."""
        return replace(self.mapping, headers={**self.mapping.headers, sheet: tuple(sorted(rows))})


def row_classes(quote: Quote, sheet: str) -> dict[int, str]:
    """The class of every row of a sheet that means something to the quote."""
    found: dict[int, str] = {}
    for block in quote.blocks:
        if block.sheet != sheet:
            continue
        found[block.header_row] = HEADER
        found |= {note.row: NOTE for note in block.notes}
        found |= {line.row: HIDDEN for line in block.hidden_lines}
        found |= {line.row: line.kind for line in block.lines}
        found |= {total.row: SUBTOTAL for total in block.subtotals}
        if block.total is not None:
            found[block.total.row] = TOTAL
    for cells, name in (
        ([charge.cell for charge in quote.charges], CHARGE),
        ([one.cell for one in quote.restated], RESTATED),
        ([lease.cell for lease in quote.leases], LEASE),
        ([quote.grand_total.cell] if quote.grand_total else [], TOTAL),
    ):
        for cell in cells:
            where, row = place_of_cell(cell)
            if where == sheet:
                found.setdefault(row, name)
    return found


def place_of_cell(cell: str) -> tuple[str, int]:
    """Sheet and row of "Sheet!C14".

    >>> place_of_cell("Quote!C14")
    ('Quote', 14)
    """
    sheet, _, place = cell.rpartition("!")
    digits = "".join(sign for sign in place if sign.isdigit())
    return sheet.strip("'"), int(digits) if digits else 0


def column_of_cell(cell: str) -> int:
    """Column of "Sheet!C14", counted from 1, 0 where there is none.

    >>> column_of_cell("Quote!AB14")
    28
    """
    letters = "".join(sign for sign in cell.rpartition("!")[2].upper() if "A" <= sign <= "Z")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def sheet_named(workbook: Workbook, name: str) -> Sheet | None:
    """The sheet of that name."""
    return next((sheet for sheet in workbook.sheets if sheet.name == name), None)
