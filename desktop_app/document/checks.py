"""What a file must pass before it is used as a plan."""

from __future__ import annotations

from sqlite_utils import Database

from desktop_app.document.errors import DocumentError, damage_in_words, damaged
from desktop_app.document.schema import (
    APPLICATION_ID,
    expected_objects,
    newest_version,
    objects,
    user_version,
)

_MAGIC = b"SQLite format 3\x00"
HEADER_BYTES = 100


def is_plan(header: bytes) -> bool:
    """Whether the first 100 bytes are those of a plan file, of whatever version."""
    return header[:16] == _MAGIC and int.from_bytes(header[68:72], "big") == APPLICATION_ID


def check_header(header: bytes, size: int, name: str) -> None:
    """Refuse, by its first 100 bytes and its size, what cannot be a whole plan that we understand."""
    if not header:
        raise DocumentError(f"“{name}” is empty: it holds no plan. Use a backup of it, or make a new plan.")
    if header[:16] != _MAGIC[: len(header)]:
        raise DocumentError(
            f"“{name}” is not a plan of Outlay. Choose a file that Outlay saved (its name ends in .outlay)."
        )
    if len(header) < HEADER_BYTES:
        raise _truncated(name)
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise DocumentError(
            f"“{name}” is a database of another program, not a plan of Outlay. Choose another file."
        )
    version = int.from_bytes(header[60:64], "big")
    newest = newest_version()
    if version > newest:
        raise DocumentError(
            f"“{name}” was saved by a newer Outlay (file version {version}; this one knows up to {newest}). "
            "Update Outlay, or ask for the plan as text."
        )
    if version < 1 or max(header[18], header[19]) > 2:
        raise DocumentError(
            f"“{name}” is damaged: its header is not one that Outlay writes. Use a backup of it."
        )
    pages = int.from_bytes(header[28:32], "big")
    # The page count counts only where the program that wrote last kept it up to date.
    if header[24:28] == header[92:96] and size < pages * _page_size(header):
        raise _truncated(name)


def check_content(db: Database, name: str) -> tuple[str, ...]:
    """Refuse a damaged database or one without a plan's tables; returns the names of what is foreign."""
    with damage_in_words(name):
        findings = [row[0] for row in db.execute("PRAGMA quick_check").fetchall()]
        broken = findings != ["ok"] or bool(db.execute("PRAGMA foreign_key_check").fetchall())
        found = objects(db)
    if broken:
        raise damaged(name)
    expected = expected_objects(user_version(db))
    if any(found.get(key) != sql for key, sql in expected.items()):
        raise DocumentError(
            f"“{name}” has a plan's mark, but its tables are not those of a plan. Use a backup of it."
        )
    for table in ("plan", "settings", "texts"):
        if db.table(table).count != 1:
            raise DocumentError(
                f"“{name}” holds no complete plan: its “{table}” is missing. Use a backup of it."
            )
    return tuple(
        sorted(name for kind, name in found.keys() - expected.keys() if not name.startswith("sqlite_"))
    )


def _page_size(header: bytes) -> int:
    size = int.from_bytes(header[16:18], "big")
    return 65536 if size == 1 else size


def _truncated(name: str) -> DocumentError:
    return DocumentError(
        f"“{name}” is cut off: a part of it is missing, perhaps from an unfinished copy. "
        "Copy it again, or use a backup."
    )
