"""The persistent history of a plan: who changed what and when, old and new. It is written, never edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from desktop_app.document.changes import DELETE, INSERT, Change, Value
from desktop_app.document.rows import KEY_COLUMNS

_PARENTS = {
    "scenario_driver": "scenario",
    "scenario_removed": "scenario",
    "line": "scenario",
    "line_field": "line",
    "line_override": "scenario",
    "line_override_field": "line_override",
    "case_driver": "plan_case",
    "lookup_row": "lookup_table",
}
# Where a row stands among others and which row it hangs on say nothing to a reader.
_SILENT_COLUMNS = {"position"} | {f"{parent}_id" for parent in _PARENTS.values()}


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change as a person reads it.

    `time` is ISO time in UTC, `label` names the edit it was part of, `row` the thing ("Own servers / GPU
    servers"). An added row has an empty `column` and no values; of a deleted row every column is listed with
    its old value. An edit without row changes of its own (the making of the plan) has an empty `table`.
    """

    time: str
    user: str
    label: str
    table: str = ""
    row: str = ""
    column: str = ""
    old: Value = None
    new: Value = None


def write_history(db: Database, time: str, user: str, label: str, changes: Sequence[Change]) -> None:
    """Append one edit and its changes."""
    edit_id = db.execute(
        "INSERT INTO history_edit (time, user, label) VALUES (?, ?, ?)", [time, user, label]
    ).lastrowid
    names = _Names(db, changes)
    rows = [
        (edit_id, change.table, names.of(change), change.column, change.old, change.new)
        for change in changes
        if not _is_silent(change)
    ]
    db.conn.executemany(
        "INSERT INTO history_change (history_edit_id, tbl, row, col, old, new) VALUES (?, ?, ?, ?, ?, ?)",
        rows,
    )


def read_history(db: Database) -> list[HistoryEntry]:
    """The whole history, oldest first."""
    rows = db.execute(
        "SELECT e.time, e.user, e.label,"
        " coalesce(c.tbl, ''), coalesce(c.row, ''), coalesce(c.col, ''), c.old, c.new"
        " FROM history_edit e LEFT JOIN history_change c ON c.history_edit_id = e.id ORDER BY e.id, c.id"
    ).fetchall()
    return [HistoryEntry(*row) for row in rows]


def last_edit(db: Database) -> int:
    """Number of the newest edit, 0 where there is none."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM history_edit").fetchone()[0])


def _is_silent(change: Change) -> bool:
    if change.operation == DELETE:
        # Also the name, which `row` has, and what was empty.
        return change.column in _SILENT_COLUMNS or change.old in ("", None)
    return change.column in _SILENT_COLUMNS and change.operation != INSERT


class _Names:
    """Names of changed rows, of deleted ones too."""

    def __init__(self, db: Database, changes: Sequence[Change]) -> None:
        self._db = db
        self._known: dict[tuple[str, int], str] = {}
        self._own: dict[tuple[str, int], str] = {}
        self._owner: dict[tuple[str, int], int] = {}
        for change in changes:
            row = (change.table, change.row_id)
            if change.owner is not None:
                self._owner[row] = change.owner
            if change.operation == DELETE and change.column == KEY_COLUMNS.get(change.table):
                self._own[row] = str(change.old)

    def of(self, change: Change) -> str:
        """The full name of the row that a change is about."""
        return self._name(change.table, change.row_id)

    def _name(self, table: str, row_id: int) -> str:
        row = (table, row_id)
        if row not in self._known:
            name = self._own_name(table, row_id)
            parent = _PARENTS.get(table)
            if parent is not None:
                name = f"{self._name(parent, self._owner_id(table, row_id, parent))} / {name}"
            self._known[row] = name
        return self._known[row]

    def _own_name(self, table: str, row_id: int) -> str:
        column = KEY_COLUMNS.get(table)
        if column is None:
            return ""
        if (table, row_id) not in self._own:
            self._own[table, row_id] = str(self._value(table, row_id, column))
        return self._own[table, row_id]

    def _owner_id(self, table: str, row_id: int, parent: str) -> int:
        if (table, row_id) not in self._owner:
            self._owner[table, row_id] = int(self._value(table, row_id, f"{parent}_id"))
        return self._owner[table, row_id]

    def _value(self, table: str, row_id: int, column: str) -> Any:
        query = f"SELECT {column} FROM {table} WHERE id = ?"  # noqa: S608
        (value,) = self._db.execute(query, [row_id]).fetchone()
        return value
