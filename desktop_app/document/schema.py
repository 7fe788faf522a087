"""The tables of a plan file, version by version.

Rules: STRICT tables with an integer primary key `id`; numbers of money and measure are kept as the texts they
are written as, never as REAL; the order of rows is the column `position`. Names that may point at nothing yet
(a base scenario, an overridden driver) are texts, not foreign keys: a plan with a mistake in it must still be
held and saved. A later version appends a step to `MIGRATIONS` and never edits an earlier one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from sqlite_utils import Database

# "Otly" as four bytes, so that other tools can tell a plan by its header.
APPLICATION_ID = 0x4F746C79

_SOURCE = """
    source_text TEXT NOT NULL DEFAULT '',
    source_date TEXT NOT NULL DEFAULT '',
    source_owner TEXT NOT NULL DEFAULT '',
    source_note TEXT NOT NULL DEFAULT '',
    source_quote TEXT NOT NULL DEFAULT '',
    source_cell TEXT NOT NULL DEFAULT ''"""

_VERSION_1 = f"""
CREATE TABLE plan (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL,
    baseline TEXT NOT NULL,
    preferred TEXT NOT NULL
) STRICT;
CREATE TABLE settings (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    currency TEXT NOT NULL,
    start TEXT NOT NULL,
    months INTEGER NOT NULL,
    fiscal_year_start INTEGER NOT NULL,
    fiscal_label TEXT NOT NULL,
    fiscal_pattern TEXT NOT NULL,
    hours TEXT NOT NULL,
    discount_rate TEXT NOT NULL,
    discount_timing TEXT NOT NULL,
    tax_rate TEXT NOT NULL,
    horizon_value TEXT NOT NULL,
    lease_standard TEXT NOT NULL,
    scale INTEGER NOT NULL
) STRICT;
CREATE TABLE texts (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    purpose TEXT NOT NULL,
    owner TEXT NOT NULL,
    status TEXT NOT NULL,
    version TEXT NOT NULL,
    decision TEXT NOT NULL,
    recommendation TEXT NOT NULL,
    left_out TEXT NOT NULL
) STRICT;
CREATE TABLE driver (
    id INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    name TEXT NOT NULL UNIQUE,
    unit TEXT NOT NULL,
    value TEXT NOT NULL,
    label TEXT NOT NULL DEFAULT '',
    "group" TEXT NOT NULL DEFAULT '',
    series TEXT NOT NULL DEFAULT '[]',
    range_distribution TEXT,
    range_low TEXT,
    range_high TEXT,
    range_likely TEXT,{_SOURCE}
) STRICT;
CREATE TABLE scenario (
    id INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    name TEXT NOT NULL UNIQUE,
    based_on TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE scenario_driver (
    id INTEGER PRIMARY KEY,
    scenario_id INTEGER NOT NULL REFERENCES scenario ON DELETE CASCADE,
    position INTEGER NOT NULL,
    driver TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (scenario_id, driver)
) STRICT;
CREATE TABLE scenario_removed (
    id INTEGER PRIMARY KEY,
    scenario_id INTEGER NOT NULL REFERENCES scenario ON DELETE CASCADE,
    line TEXT NOT NULL,
    UNIQUE (scenario_id, line)
) STRICT;
CREATE TABLE line (
    id INTEGER PRIMARY KEY,
    scenario_id INTEGER NOT NULL REFERENCES scenario ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    category TEXT NOT NULL,
    asset_class TEXT NOT NULL DEFAULT '',{_SOURCE},
    UNIQUE (scenario_id, name)
) STRICT;
CREATE TABLE line_field (
    id INTEGER PRIMARY KEY,
    line_id INTEGER NOT NULL REFERENCES line ON DELETE CASCADE,
    position INTEGER NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (line_id, field)
) STRICT;
CREATE TABLE line_override (
    id INTEGER PRIMARY KEY,
    scenario_id INTEGER NOT NULL REFERENCES scenario ON DELETE CASCADE,
    position INTEGER NOT NULL,
    line TEXT NOT NULL,
    UNIQUE (scenario_id, line)
) STRICT;
CREATE TABLE line_override_field (
    id INTEGER PRIMARY KEY,
    line_override_id INTEGER NOT NULL REFERENCES line_override ON DELETE CASCADE,
    position INTEGER NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (line_override_id, field)
) STRICT;
CREATE TABLE plan_case (
    id INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    name TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE case_driver (
    id INTEGER PRIMARY KEY,
    plan_case_id INTEGER NOT NULL REFERENCES plan_case ON DELETE CASCADE,
    position INTEGER NOT NULL,
    driver TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (plan_case_id, driver)
) STRICT;
CREATE TABLE lookup_table (
    id INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    name TEXT NOT NULL UNIQUE,
    columns TEXT NOT NULL,{_SOURCE}
) STRICT;
CREATE TABLE lookup_row (
    id INTEGER PRIMARY KEY,
    lookup_table_id INTEGER NOT NULL REFERENCES lookup_table ON DELETE CASCADE,
    position INTEGER NOT NULL,
    key TEXT NOT NULL,
    "values" TEXT NOT NULL
) STRICT;
CREATE INDEX lookup_row_of_table ON lookup_row (lookup_table_id);
CREATE TABLE fx (
    id INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    currency TEXT NOT NULL UNIQUE,
    formula TEXT NOT NULL
) STRICT;
CREATE TABLE measure (
    id INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    name TEXT NOT NULL UNIQUE,
    formula TEXT NOT NULL
) STRICT;
CREATE TABLE price (
    id INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    unit TEXT NOT NULL,
    date TEXT NOT NULL,
    source TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE quote (
    id INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    key TEXT NOT NULL UNIQUE,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    vendor TEXT NOT NULL DEFAULT '',
    quote_number TEXT NOT NULL DEFAULT '',
    quote_date TEXT NOT NULL DEFAULT '',
    valid_until TEXT NOT NULL DEFAULT '',
    currency TEXT NOT NULL DEFAULT '',
    reading TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE history_edit (
    id INTEGER PRIMARY KEY,
    time TEXT NOT NULL,
    user TEXT NOT NULL,
    label TEXT NOT NULL
) STRICT;
CREATE TABLE history_change (
    id INTEGER PRIMARY KEY,
    history_edit_id INTEGER NOT NULL REFERENCES history_edit,
    tbl TEXT NOT NULL,
    row TEXT NOT NULL,
    col TEXT NOT NULL,
    old ANY,
    new ANY
) STRICT;
CREATE INDEX history_change_of_edit ON history_change (history_edit_id);
"""

MIGRATIONS: tuple[str, ...] = (_VERSION_1,)

# Tables whose rows make up the plan, parents before children. History is kept beside them and is never
# undone.
PLAN_TABLES = (
    "plan",
    "settings",
    "texts",
    "driver",
    "scenario",
    "scenario_driver",
    "scenario_removed",
    "line",
    "line_field",
    "line_override",
    "line_override_field",
    "plan_case",
    "case_driver",
    "lookup_table",
    "lookup_row",
    "fx",
    "measure",
    "price",
    "quote",
)


def newest_version() -> int:
    """The version of the tables that this program writes."""
    return len(MIGRATIONS)


def migrate(db: Database, migrations: Sequence[str] | None = None) -> int:
    """Bring a plan of any earlier version (0: an empty database) to the newest; returns the version it had.

    Each step is a transaction of its own together with its version number, so that a crash leaves a whole
    version.
    """
    steps = MIGRATIONS if migrations is None else migrations
    before = user_version(db)
    for version, script in enumerate(steps[before:], start=before + 1):
        db.execute("BEGIN IMMEDIATE")
        try:
            for statement in _statements(script):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {version}")
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute("COMMIT")
        except BaseException:
            db.rollback()
            raise
    return before


def user_version(db: Database) -> int:
    """The version of the tables in a database."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def objects(db: Database) -> dict[tuple[str, str], str]:
    """Everything in a database by (type, name), as the normalised SQL that made it."""
    rows = db.execute("SELECT type, name, sql FROM main.sqlite_schema").fetchall()
    return {(kind, name): " ".join((sql or "").split()) for kind, name, sql in rows}


def expected_objects(version: int, migrations: Sequence[str] | None = None) -> dict[tuple[str, str], str]:
    """What a plan of a version consists of: the outcome of all steps up to it."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    db = Database(connection, execute_plugins=False, strict=True)
    try:
        migrate(db, (MIGRATIONS if migrations is None else migrations)[:version])
        return objects(db)
    finally:
        connection.close()


def _statements(script: str) -> list[str]:
    """The statements of a script, which must hold no `;` inside one (so no triggers)."""
    return [part.strip() for part in script.split(";") if part.strip()]
