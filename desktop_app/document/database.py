"""Connections to plan databases, and what is done to a whole working copy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from desktop_app.document.errors import damage_in_words, damaged
from desktop_app.document.schema import expected_objects, migrate, newest_version, objects, user_version


def connect(path: Path) -> Database:
    """Open a database that exists, for the use of this thread, with all switched on that a plan relies on."""
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=2
    )
    db = Database(connection, execute_plugins=False, strict=True)
    try:
        for pragma in ("foreign_keys=ON", "trusted_schema=OFF", "cell_size_check=ON", "synchronous=FULL"):
            db.execute(f"PRAGMA {pragma}")
        assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1, "this SQLite has no foreign keys"
    except BaseException:
        db.close()
        raise
    return db


def open_copy(path: Path, name: str) -> Database:
    """Open a working copy of the file called `name`."""
    with damage_in_words(name):
        db = connect(path)
        try:
            use_write_ahead_log(db)
        except BaseException:
            db.close()
            raise
        return db


def use_write_ahead_log(db: Database) -> None:
    """Set up a working copy: a write-ahead log makes each commit fast, synchronous=FULL makes it last.

    Where the user's folder is on a network share that cannot have one, SQLite keeps its rollback journal,
    which is as safe and slower.
    """
    db.execute("PRAGMA journal_mode = WAL").fetchone()


def migrate_checked(db: Database, name: str) -> None:
    """Bring the working copy of an older file to the newest version, after a full check."""
    if user_version(db) == newest_version():
        return
    if [row[0] for row in db.execute("PRAGMA integrity_check").fetchall()] != ["ok"]:
        raise damaged(name)
    migrate(db)


def remove_foreign(db: Database) -> None:
    """Drop from the working copy what does not belong in a plan, so that the file written from it is one."""
    expected = expected_objects(user_version(db))
    with transaction(db):
        for kind in ("trigger", "view", "table", "index"):
            # Dropping a table takes its indexes and triggers along.
            for found_kind, name in objects(db).keys() - expected.keys():
                if found_kind == kind and not name.startswith("sqlite_"):
                    quoted = name.replace('"', '""')
                    db.execute(f'DROP {kind} "{quoted}"')


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """All of a `with` block or nothing of it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise
