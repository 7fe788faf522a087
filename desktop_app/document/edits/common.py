"""What the verbs share: finding the row that a name means, and refusing names in words."""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.document.document import Document
from desktop_app.document.errors import DocumentError
from desktop_app.document.rows import Row
from desktop_app.document.storing import find, put

_WORDS = {
    "driver": "driver",
    "scenario": "scenario",
    "line": "cost line",
    "plan_case": "case",
    "lookup_table": "table",
    "quote": "quote",
    "price": "price",
}


def the_row(doc: Document, table: str, name: str, owner: int | None = None) -> Row:
    """The row of that name; `DocumentError` where there is none."""
    row = find(doc.db, table, name, owner)
    if row is None:
        raise DocumentError(f"There is no {_WORDS[table]} “{name}”.")
    return row


def delete_row(doc: Document, table: str, name: str, owner: int | None = None) -> None:
    """Delete the row of that name and what hangs below it."""
    doc.db.table(table).delete(the_row(doc, table, name, owner)["id"])


def refuse_taken(doc: Document, table: str, name: str, owner: int | None = None) -> None:
    """`DocumentError` where something has the name already."""
    if find(doc.db, table, name, owner) is not None:
        raise DocumentError(f"There is a {_WORDS[table]} “{name}” already. Choose another name.")


def set_pair(
    doc: Document,
    table: str,
    key: Mapping[str, str],
    value: Mapping[str, str] | None,
    owner: int | None = None,
) -> None:
    """Set a named value, or remove it."""
    (name,) = key.values()
    if value is not None:
        put(doc.db, table, {**key, **value}, owner)
    elif (row := find(doc.db, table, name, owner)) is not None:
        doc.db.table(table).delete(row["id"])
