"""The log of row changes, from which one edit is undone, redone and written to the history.

TEMP triggers write one row for each changed column, inserted row or column of a deleted row, so no verb needs
undo code. The log lives in the connection alone (nothing of it reaches a file) and takes part in its
transactions: what a savepoint takes back is gone from the log too. Values stay typed, they never become SQL
text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlite_utils import Database

from desktop_app.document.schema import PLAN_TABLES

INSERT, UPDATE, DELETE = "insert", "update", "delete"

Value = str | int | float | bytes | None


@dataclass(frozen=True, slots=True)
class Change:
    """One column of one row that changed; an inserted row is one change with an empty column.

    `owner` is the id of the parent row where the table has a parent.
    """

    table: str
    operation: str
    row_id: int
    owner: int | None
    column: str
    old: Value
    new: Value


def start_log(db: Database) -> None:
    """Log every change of the plan's tables from now on, on this connection."""
    db.execute(
        "CREATE TEMP TABLE change_log (id INTEGER PRIMARY KEY, tbl TEXT, operation TEXT, row_id INTEGER,"
        " owner INTEGER, col TEXT, old ANY, new ANY) STRICT"
    )
    for name in PLAN_TABLES:
        table = db.table(name)
        columns = [column.name for column in table.columns if column.name != "id"]
        parents = [key.column for key in table.foreign_keys]
        _create_triggers(db, name, columns, parents[0] if parents else None)


def _create_triggers(db: Database, table: str, columns: Sequence[str], parent: str | None) -> None:
    def owner(version: str) -> str:
        return f'{version}."{parent}"' if parent else "NULL"

    updates = [
        f"SELECT '{table}', '{UPDATE}', NEW.id, {owner('NEW')}, '{column}',"
        f' OLD."{column}", NEW."{column}"'
        f' WHERE OLD."{column}" IS NOT NEW."{column}"'
        for column in columns
    ]
    deletes = [
        f"SELECT '{table}', '{DELETE}', OLD.id, {owner('OLD')}, '{column}', OLD.\"{column}\", NULL"
        for column in columns
    ]
    inserts = [f"SELECT '{table}', '{INSERT}', NEW.id, {owner('NEW')}, '', NULL, NULL"]
    # Children that a deleted row takes along are deleted, and logged, before its own AFTER trigger runs: read
    # backwards, the log restores the parent first.
    for operation, selects in ((INSERT, inserts), (UPDATE, updates), (DELETE, deletes)):
        db.execute(
            f"CREATE TEMP TRIGGER log_{table}_{operation} AFTER {operation} ON main.{table} BEGIN"
            " INSERT INTO change_log (tbl, operation, row_id, owner, col, old, new) "
            + " UNION ALL ".join(selects)
            + "; END"
        )


def read_log(db: Database, after: int = 0) -> tuple[list[Change], int]:
    """The changes logged after the log row `after`, oldest first, and the last log row."""
    rows = db.execute(
        "SELECT id, tbl, operation, row_id, owner, col, old, new FROM temp.change_log"
        " WHERE id > ? ORDER BY id",
        [after],
    ).fetchall()
    return [Change(*row[1:]) for row in rows], rows[-1][0] if rows else after


def clear_log(db: Database) -> None:
    """Empty the log."""
    db.execute("DELETE FROM temp.change_log")


def take_back(db: Database, changes: Sequence[Change]) -> None:
    """Make the rows what they were before the changes; this is itself logged and can be taken back."""
    for (name, operation), run in groupby(reversed(changes), lambda change: (change.table, change.operation)):
        by_row = groupby(run, lambda change: change.row_id)
        # Where a column changed more than once, the oldest value comes last and stays.
        old_rows = [(row_id, {change.column: change.old for change in group}) for row_id, group in by_row]
        if operation == INSERT:
            _delete(db, name, [row_id for row_id, _ in old_rows])
        elif operation == UPDATE:
            for row_id, old in old_rows:
                db.table(name).update(row_id, old)
        else:
            _restore(db, name, old_rows)


# One prepared statement for thousands of rows: an undone import is felt otherwise.


def _delete(db: Database, table: str, ids: Sequence[int]) -> None:
    db.conn.executemany(f"DELETE FROM {table} WHERE id = ?", [(row_id,) for row_id in ids])  # noqa: S608


def _restore(db: Database, table: str, old_rows: Sequence[tuple[int, dict[str, Value]]]) -> None:
    columns = ["id", *old_rows[0][1]]
    names = ", ".join(f'"{column}"' for column in columns)
    db.conn.executemany(
        f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})",  # noqa: S608
        [(row_id, *old.values()) for row_id, old in old_rows],
    )
