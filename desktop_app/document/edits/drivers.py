"""Verbs for drivers."""

from __future__ import annotations

from collections.abc import Callable

from desktop_app.document.document import Document
from desktop_app.document.edits.common import delete_row, refuse_taken, the_row
from desktop_app.document.errors import DocumentError
from desktop_app.document.storing import find, place, store_driver
from desktop_app.engine.model import Driver

# Every column that holds a formula, in which the name of a driver may stand.
_FORMULAS = (
    ("driver", "value"),
    ("scenario_driver", "value"),
    ("case_driver", "value"),
    ("line_field", "value"),
    ("line_override_field", "value"),
    ("fx", "formula"),
    ("measure", "formula"),
    ("settings", "discount_rate"),
    ("settings", "tax_rate"),
)


def put_driver(doc: Document, driver: Driver) -> None:
    """Add a driver, or replace the one of that name."""
    word = "Add" if find(doc.db, "driver", driver.name) is None else "Change"
    with doc.edit(f"{word} driver {driver.name}"):
        store_driver(doc.db, driver)


def rename_driver(
    doc: Document, name: str, new_name: str, *, rewrite: Callable[[str], str] | None = None
) -> None:
    """Rename a driver, and its values in scenarios and cases with it.

    Formulas are left alone unless `rewrite` gives the new text of a formula.
    """
    with doc.edit(f"Rename driver {name} to {new_name}"):
        row = the_row(doc, "driver", name)
        if name != new_name:
            refuse_taken(doc, "driver", new_name)
        doc.db.table("driver").update(row["id"], {"name": new_name})
        for table, parent in (("scenario_driver", "scenario"), ("case_driver", "plan_case")):
            for value in list(doc.db.table(table).rows_where("driver = ?", [name])):
                owner = value[f"{parent}_id"]
                if name != new_name and find(doc.db, table, new_name, owner) is not None:
                    holder = doc.db.table(parent).get(owner)["name"]
                    raise DocumentError(f"“{holder}” has a value for “{new_name}” already. Remove it first.")
                doc.db.table(table).update(value["id"], {"driver": new_name})
        if rewrite is not None:
            rewrite_formulas(doc, rewrite)


def rewrite_formulas(doc: Document, rewrite: Callable[[str], str]) -> None:
    """Put every formula text of the plan through a function."""
    with doc.edit("Rewrite formulas"):
        for table, column in _FORMULAS:
            target = doc.db.table(table)
            for row in list(target.rows_where(select=f'id, "{column}"')):
                text = rewrite(row[column])
                if text != row[column]:
                    target.update(row["id"], {column: text})


def delete_driver(doc: Document, name: str) -> None:
    """Delete a driver and its values in scenarios and cases; formulas that name it are left as they are."""
    with doc.edit(f"Delete driver {name}"):
        delete_row(doc, "driver", name)
        for table in ("scenario_driver", "case_driver"):
            doc.db.table(table).delete_where("driver = ?", [name])


def move_driver(doc: Document, name: str, before: str | None = None) -> None:
    """Move a driver before another one, or to the end."""
    with doc.edit(f"Move driver {name}"):
        the_row(doc, "driver", name)
        place(doc.db, "driver", name, before)
