"""Plans of every version ever released are opened; new steps are applied whole or not at all."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from desktop_app.document import schema
from desktop_app.document.database import connect
from desktop_app.document.document import Document
from desktop_app.document.environment import Environment
from desktop_app.engine.model import Plan

RELEASED = Path(__file__).parents[1] / "data" / "plans"


@pytest.mark.parametrize("version", range(1, len(schema.MIGRATIONS) + 1))
def test_a_plan_of_every_version_is_opened(
    version: int, plan: Plan, env: Environment, tmp_path: Path
) -> None:
    path = tmp_path / "old.outlay"
    shutil.copy(RELEASED / f"version-{version}.outlay", path)
    before = path.read_bytes()
    with Document.open(path, env=env) as document:
        assert not document.read_only
        assert document.plan == plan
        assert path.read_bytes() == before, "opening must not write"
        document.save()
    assert int.from_bytes(path.read_bytes()[60:64], "big") == len(schema.MIGRATIONS)


NEXT_STEP = """
CREATE TABLE remark (
    id INTEGER PRIMARY KEY, driver_id INTEGER NOT NULL REFERENCES driver, text TEXT NOT NULL
) STRICT;
INSERT INTO remark (driver_id, text) SELECT id, source_note FROM driver;
ALTER TABLE driver ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue'
"""


def old_plan(tmp_path: Path) -> Database:
    path = tmp_path / "work.sqlite"
    shutil.copy(RELEASED / "version-1.outlay", path)
    return connect(path)


def test_a_step_turns_an_old_plan_into_a_new_one(tmp_path: Path) -> None:
    db = old_plan(tmp_path)
    steps = (schema.MIGRATIONS[0], NEXT_STEP)
    assert schema.migrate(db, steps) == 1
    assert schema.user_version(db) == 2
    assert db.table("remark").count == 3
    assert db.execute("SELECT DISTINCT colour FROM driver").fetchall() == [("blue",)]
    assert schema.objects(db) == schema.expected_objects(2, steps), "an old plan and a new one differ"
    assert schema.migrate(db, steps) == 2
    db.close()


def test_a_step_that_fails_leaves_the_old_version_whole(tmp_path: Path) -> None:
    db = old_plan(tmp_path)
    before = schema.objects(db)
    with pytest.raises(sqlite3.OperationalError, match="nonsense"):
        schema.migrate(db, (schema.MIGRATIONS[0], NEXT_STEP + "; nonsense"))
    assert schema.user_version(db) == 1
    assert schema.objects(db) == before
    db.close()


def test_an_old_plan_is_migrated_in_its_copy_only(
    plan: Plan, env: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.outlay"
    shutil.copy(RELEASED / "version-1.outlay", path)
    before = path.read_bytes()
    step = "CREATE TABLE remark (id INTEGER PRIMARY KEY) STRICT"
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, step))
    with Document.open(path, env=env) as document:
        assert document.plan == plan
        assert path.read_bytes() == before
        document.save()
    assert int.from_bytes(path.read_bytes()[60:64], "big") == len(schema.MIGRATIONS)
