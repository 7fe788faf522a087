"""What is opened, what is refused, and in which words; the file itself is never touched."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from desktop_app.document import edits
from desktop_app.document.checks import check_header
from desktop_app.document.document import Document
from desktop_app.document.environment import Environment
from desktop_app.document.errors import DocumentError, sqlite_in_words
from desktop_app.document.lock_file import lock_path
from desktop_app.engine.model import Plan


@pytest.fixture
def path(plan: Plan, env: Environment, tmp_path: Path) -> Path:
    """A saved plan that nobody has open, large enough for several pages of each table."""
    with Document.create(plan, tmp_path / "plan.outlay", env=env) as document:
        with document.edit("Fill"):
            for number in range(200):
                edits.set_fx(document, f"C{number}", "1" * 200)
        document.save()
        assert document.path is not None
        return document.path


def change(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)


def write(content: bytes) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        path.write_bytes(content)

    return spoil


def cut(share: float) -> Callable[[Path], None]:
    return lambda path: write(path.read_bytes()[: int(path.stat().st_size * share)])(path)


def patch(offset: int, content: bytes) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[offset : offset + len(content)] = content
        path.write_bytes(data)

    return spoil


def overwrite_pages(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096 * 3 :] = b"\x55" * (len(data) - 4096 * 3)
    path.write_bytes(data)


def replace_by_other_database(path: Path) -> None:
    path.unlink()
    change(path, "CREATE TABLE customer (id INTEGER PRIMARY KEY); PRAGMA user_version = 1")


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        pytest.param(write(b""), "is empty", id="no bytes"),
        pytest.param(write(b"name = 'plan'\n"), "is not a plan", id="text"),
        pytest.param(write(b"PK\x03\x04" + b"\0" * 500), "is not a plan", id="workbook"),
        pytest.param(write(b"\x00\xff" * 300), "is not a plan", id="noise"),
        pytest.param(write(b"SQLite for"), "is cut off", id="10 bytes"),
        pytest.param(cut(0.95), "is cut off", id="95 %"),
        pytest.param(cut(0.5), "is cut off", id="50 %"),
        pytest.param(cut(0.1), "is cut off", id="10 %"),
        pytest.param(lambda path: write(path.read_bytes()[:100])(path), "is cut off", id="header only"),
        pytest.param(overwrite_pages, "is damaged", id="pages overwritten"),
        pytest.param(replace_by_other_database, "database of another program", id="other database"),
        pytest.param(patch(60, (99).to_bytes(4, "big")), "newer Outlay .file version 99", id="newer"),
        pytest.param(patch(60, bytes(4)), "is damaged: its header", id="version 0"),
        pytest.param(patch(18, b"\x09\x09"), "is damaged: its header", id="unknown file format"),
        pytest.param(
            lambda path: change(path, "DELETE FROM settings"), "“settings” is missing", id="no settings"
        ),
        pytest.param(lambda path: change(path, "DROP TABLE fx"), "not those of a plan", id="table missing"),
        pytest.param(
            lambda path: change(path, "ALTER TABLE fx ADD COLUMN extra TEXT"),
            "not those of a plan",
            id="other table",
        ),
        pytest.param(
            lambda path: change(path, "PRAGMA foreign_keys=OFF; DELETE FROM scenario"),
            "is damaged",
            id="orphans",
        ),
        pytest.param(lambda path: path.unlink(), "does not exist", id="missing"),
        pytest.param(replace_by_folder, "is not a file", id="folder"),
    ],
)
@pytest.mark.parametrize("read_only", [False, True])
def test_what_is_no_whole_plan_is_refused_in_one_sentence(
    path: Path, env: Environment, spoil: Callable[[Path], None], words: str, read_only: bool
) -> None:
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(DocumentError, match=words) as caught:
        Document.open(path, read_only=read_only, env=env)
    message = str(caught.value)
    assert path.name in message
    assert "\n" not in message and message.endswith(".")
    assert (path.read_bytes() if path.is_file() else None) == before
    assert not lock_path(path).exists()
    assert list((env.state / "working").iterdir()) == []


def test_a_cut_off_file_is_found_even_where_the_header_does_not_count_pages() -> None:
    header = bytearray(b"SQLite format 3\x00" + bytes(84))
    header[16:18] = (4096).to_bytes(2, "big")
    header[18:20] = b"\1\1"
    header[28:32] = (10).to_bytes(4, "big")
    header[60:64] = (1).to_bytes(4, "big")
    header[68:72] = b"Otly"
    check_header(bytes(header), 40960, "whole")
    with pytest.raises(DocumentError, match="cut off"):
        check_header(bytes(header), 40959, "cut")
    header[24:28] = (5).to_bytes(4, "big")
    check_header(bytes(header), 40959, "written by an old program: its count does not count")


def test_every_byte_of_the_header_may_be_wrong(path: Path, env: Environment) -> None:
    good = path.read_bytes()
    for offset in range(100):
        data = bytearray(good)
        data[offset] ^= 0xFF
        path.write_bytes(data)
        try:
            Document.open(path, read_only=True, env=env).close()
        except DocumentError as problem:
            assert path.name in str(problem)
    assert list((env.state / "working").iterdir()) == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE settings SET start = '2027-13-01'",
        "UPDATE driver SET series = '[1, 2'",
        "UPDATE driver SET series = '{}' WHERE id = 1; UPDATE driver SET series = '[[1]]' WHERE id = 2",
        "UPDATE driver SET series = '[1' || substr(hex(zeroblob(500)), 1) || ']'",
        "UPDATE driver SET series = '" + "[" * 100_000 + "'",
        "UPDATE lookup_table SET columns = '5'",
        "UPDATE price SET value = 'much'",
        "UPDATE driver SET label = CAST(x'ff80' AS TEXT)",
    ],
)
def test_values_that_are_none_count_as_damage(path: Path, env: Environment, sql: str) -> None:
    change(path, sql)
    with pytest.raises(DocumentError, match="is damaged"):
        Document.open(path, env=env)
    assert not lock_path(path).exists()


def test_random_damage_is_refused_or_leaves_a_plan(path: Path, env: Environment) -> None:
    good = path.read_bytes()
    chance = random.Random(7)
    refused = 0
    for _ in range(120):
        data = bytearray(good)
        for _ in range(chance.choice((1, 20, 400))):
            data[chance.randrange(100, len(data))] = chance.randrange(256)
        path.write_bytes(data)
        try:
            with Document.open(path, read_only=True, env=env) as document:
                assert isinstance(document.plan, Plan)
                document.history()
        except DocumentError as problem:
            refused += 1
            assert path.name in str(problem)
    assert refused > 50


@pytest.mark.parametrize(
    "name", ["a#b.outlay", "100%.outlay", "what?.outlay", "file:x.outlay", "ñ 計画 🖥️.outlay", "'\".outlay"]
)
def test_odd_file_names_mean_themselves(plan: Plan, env: Environment, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with Document.create(plan, path, env=env) as document:
        edits.set_name(document, "odd")
        document.save()
    with Document.open(path, env=env) as document:
        assert document.plan.name == "odd"
    assert [item.name for item in tmp_path.iterdir() if item.is_file()] == [name]


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TRIGGER evil AFTER UPDATE ON plan BEGIN DELETE FROM driver; END",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT); INSERT INTO notes VALUES (1, 'mine')",
        "CREATE VIEW everything AS SELECT * FROM driver",
        "CREATE INDEX quick ON driver (unit)",
        'CREATE TABLE "odd ""name" (x); CREATE INDEX i ON "odd ""name" (x)',
    ],
)
def test_foreign_things_make_a_plan_read_only_until_saved_elsewhere(
    path: Path, env: Environment, tmp_path: Path, sql: str
) -> None:
    change(path, sql)
    before = path.read_bytes()
    with Document.open(path, env=env) as document:
        plan = document.plan
        assert "did not put there" in document.read_only_reason
        with pytest.raises(DocumentError, match="cannot be changed"):
            edits.set_name(document, "X")
        document.save_as(tmp_path / "clean.outlay")
        assert document.plan == plan
        edits.set_name(document, "X")
        document.save()
    with Document.open(tmp_path / "clean.outlay", env=env) as document:
        assert not document.read_only
        assert len(document.plan.drivers) == len(plan.drivers)
    assert path.read_bytes() == before


def test_statistics_of_another_tool_do_no_harm(path: Path, env: Environment) -> None:
    change(path, "ANALYZE")
    with Document.open(path, env=env) as document:
        assert not document.read_only


def test_a_crashed_tool_beside_the_file_is_finished_in_the_copy(path: Path, env: Environment) -> None:
    """Another tool wrote to the file in WAL mode and was killed: the -wal file holds a commit."""
    before = Document.open(path, read_only=True, env=env)
    name = before.plan.name
    before.close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("UPDATE plan SET name = 'from the log'")
    connection.commit()
    saved = {item.name: item.read_bytes() for item in path.parent.glob("plan.outlay*")}
    connection.close()
    for item_name, content in saved.items():
        (path.parent / item_name).write_bytes(content)
    assert name != "from the log"
    with Document.open(path, env=env) as document:
        assert document.plan.name == "from the log"
    assert path.read_bytes() == saved[path.name]


def failing(*statements: str, pages: int = 0) -> sqlite3.Error:
    """The error that SQLite raises for the last of the statements."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for statement in statements[:-1]:
            connection.execute(statement)
        try:
            connection.execute(statements[-1]).fetchall()
        except sqlite3.Error as problem:
            return problem
    raise AssertionError(f"{statements[-1]} did not fail")


def busy(path: Path) -> sqlite3.Error:
    with closing(sqlite3.connect(path, isolation_level=None)) as first:
        first.execute("BEGIN IMMEDIATE")
        with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as second:
            try:
                second.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as problem:
                return problem
    raise AssertionError("the second writer was let in")


def open_error(target: str) -> sqlite3.Error:
    try:
        with closing(sqlite3.connect(target, uri=True)) as connection:
            connection.execute("CREATE TABLE t (x)")
    except sqlite3.Error as problem:
        return problem
    raise AssertionError(f"{target} could be written")


def named(name: str) -> sqlite3.Error:
    problem = sqlite3.OperationalError("told by the system")
    problem.sqlite_errorname = name
    return problem


def test_what_sqlite_reports_becomes_a_sentence(path: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn.db"
    torn.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    noise = tmp_path / "noise.db"
    noise.write_bytes(b"no database" * 100)
    problems = {
        "read-only": open_error(f"{path.as_uri()}?mode=ro"),
        "cannot be opened": open_error((tmp_path / "none" / "x").as_uri()),
        "in use": busy(path),
        "is damaged": open_error(torn.as_uri()),
        "is not a plan": open_error(noise.as_uri()),
        "no room": failing("PRAGMA max_page_count = 1", "CREATE TABLE t (x)"),
        r"break its rules \(UNIQUE": failing("CREATE TABLE t (x UNIQUE)", "INSERT INTO t VALUES (1), (1)"),
        "too long": failing("SELECT zeroblob(2000000000)"),
        "reports a fault": named("SQLITE_IOERR_WRITE"),
        "memory": named("SQLITE_NOMEM"),
        "permission": named("SQLITE_PERM"),
        "in use by another": named("SQLITE_LOCKED_SHAREDCACHE"),
    }
    for words, problem in problems.items():
        with pytest.raises(DocumentError, match=words) as caught, sqlite_in_words("x.outlay"):
            raise problem
        assert caught.value.__cause__ is problem
        assert re.fullmatch(r"[^\n]+\.", str(caught.value))


def test_our_own_mistakes_are_not_dressed_up() -> None:
    with pytest.raises(sqlite3.OperationalError, match="syntax"), sqlite_in_words("x.outlay"):
        raise failing("SELEKT 1")


def test_a_full_disk_takes_back_the_edit_and_nothing_else(doc: Document) -> None:
    edits.set_name(doc, "kept")
    pages = doc.db.execute("PRAGMA page_count").fetchone()[0]
    doc.db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DocumentError, match=r"no room left to write “plan\.outlay”"), doc.edit("Too much"):
        for number in range(1000):
            edits.set_fx(doc, f"C{number}", "1" * 500)
    assert doc.plan.name == "kept"
    assert len(doc.plan.fx) == 2
    assert doc.undo_label == "Rename the plan"
    doc.db.execute(f"PRAGMA max_page_count = {pages + 1000}")
    edits.set_fx(doc, "CHF", "1" * 5000)
    assert len(doc.plan.fx) == 3
