"""Verbs for the cost lines of a scenario, and for what a scenario changes in the lines of its base."""

from __future__ import annotations

from collections.abc import Iterator

from desktop_app.document.document import Document
from desktop_app.document.edits.common import delete_row, refuse_taken, set_pair, the_row
from desktop_app.document.errors import DocumentError
from desktop_app.document.storing import find, place, put, store_line
from desktop_app.engine.model import CostLine


def put_line(doc: Document, scenario: str, line: CostLine) -> None:
    """Add a cost line to a scenario, or replace the one of that name there."""
    scenario_id = the_row(doc, "scenario", scenario)["id"]
    word = "Add" if find(doc.db, "line", line.name, scenario_id) is None else "Change"
    with doc.edit(f"{word} line {line.name} in {scenario}"):
        store_line(doc.db, scenario_id, line)


def set_line_field(doc: Document, scenario: str, line: str, field: str, text: str | None) -> None:
    """Set one field of a scenario's own line; None gives it back its default."""
    with doc.edit(f"Change {field} of {line} in {scenario}"):
        line_id = the_row(doc, "line", line, the_row(doc, "scenario", scenario)["id"])["id"]
        set_pair(doc, "line_field", {"field": field}, None if text is None else {"value": text}, line_id)


def rename_line(doc: Document, scenario: str, name: str, new_name: str) -> None:
    """Rename a line of a scenario, and what scenarios based on that one change in it."""
    with doc.edit(f"Rename line {name} to {new_name} in {scenario}"):
        scenario_id = the_row(doc, "scenario", scenario)["id"]
        line_id = the_row(doc, "line", name, scenario_id)["id"]
        if name == new_name:
            return
        refuse_taken(doc, "line", new_name, scenario_id)
        doc.db.table("line").update(line_id, {"name": new_name})
        for follower in _followers(doc, scenario, name):
            for table in ("line_override", "scenario_removed"):
                row = find(doc.db, table, name, follower)
                if row is None:
                    continue
                if find(doc.db, table, new_name, follower) is not None:
                    holder = doc.db.table("scenario").get(follower)["name"]
                    raise DocumentError(
                        f"“{holder}” changes a line “{new_name}” already. Choose another name."
                    )
                doc.db.table(table).update(row["id"], {"line": new_name})


def delete_line(doc: Document, scenario: str, name: str) -> None:
    """Delete a line of a scenario."""
    with doc.edit(f"Delete line {name} in {scenario}"):
        delete_row(doc, "line", name, the_row(doc, "scenario", scenario)["id"])


def move_line(doc: Document, scenario: str, name: str, before: str | None = None) -> None:
    """Move a line before another one of its scenario, or to the end."""
    with doc.edit(f"Move line {name} in {scenario}"):
        scenario_id = the_row(doc, "scenario", scenario)["id"]
        the_row(doc, "line", name, scenario_id)
        place(doc.db, "line", name, before, scenario_id)


def set_line_override(doc: Document, scenario: str, line: str, field: str, text: str | None) -> None:
    """Set one field of an inherited line in a scenario; None gives it back what the base scenario has."""
    with doc.edit(f"Change {field} of {line} in {scenario}"):
        scenario_id = the_row(doc, "scenario", scenario)["id"]
        found = find(doc.db, "line_override", line, scenario_id)
        if found is None and text is None:
            return
        override_id = found["id"] if found else put(doc.db, "line_override", {"line": line}, scenario_id)
        value = None if text is None else {"value": text}
        set_pair(doc, "line_override_field", {"field": field}, value, override_id)
        if not doc.db.table("line_override_field").count_where("line_override_id = ?", [override_id]):
            doc.db.table("line_override").delete(override_id)


def exclude_line(doc: Document, scenario: str, line: str) -> None:
    """Let a scenario do without an inherited line."""
    with doc.edit(f"Remove line {line} from {scenario}"):
        scenario_id = the_row(doc, "scenario", scenario)["id"]
        if find(doc.db, "scenario_removed", line, scenario_id) is None:
            doc.db.table("scenario_removed").insert({"scenario_id": scenario_id, "line": line})


def include_line(doc: Document, scenario: str, line: str) -> None:
    """Let a scenario have again an inherited line that it did without."""
    with doc.edit(f"Restore line {line} in {scenario}"):
        set_pair(doc, "scenario_removed", {"line": line}, None, the_row(doc, "scenario", scenario)["id"])


def _followers(doc: Document, scenario: str, line: str) -> Iterator[int]:
    """Ids of the scenarios that inherit a line from a scenario, at any distance."""
    waiting, seen = [scenario], {scenario}
    while waiting:
        for row in list(doc.db.table("scenario").rows_where("based_on = ?", [waiting.pop()])):
            # A line of its own with that name hides the inherited one.
            if row["name"] in seen or find(doc.db, "line", line, row["id"]) is not None:
                continue
            seen.add(row["name"])
            waiting.append(row["name"])
            yield row["id"]
