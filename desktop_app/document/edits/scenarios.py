"""Verbs for scenarios and cases."""

from __future__ import annotations

from dataclasses import replace

from desktop_app.document.document import Document
from desktop_app.document.edits.common import delete_row, refuse_taken, set_pair, the_row
from desktop_app.document.errors import DocumentError
from desktop_app.document.storing import find, place, store_case, store_scenario, update
from desktop_app.engine.model import Case, Scenario


def put_scenario(doc: Document, scenario: Scenario) -> None:
    """Add a scenario with everything in it, or make the one of that name equal to it."""
    word = "Add" if find(doc.db, "scenario", scenario.name) is None else "Change"
    with doc.edit(f"{word} scenario {scenario.name}"):
        store_scenario(doc.db, scenario)


def duplicate_scenario(doc: Document, name: str, new_name: str) -> None:
    """Add a copy of a scenario right after it."""
    with doc.edit(f"Duplicate scenario {name}"):
        the_row(doc, "scenario", name)
        refuse_taken(doc, "scenario", new_name)
        scenarios = doc.plan.scenarios
        at = next(index for index, scenario in enumerate(scenarios) if scenario.name == name)
        store_scenario(doc.db, replace(scenarios[at], name=new_name))
        if at + 1 < len(scenarios):
            place(doc.db, "scenario", new_name, scenarios[at + 1].name)


def rename_scenario(doc: Document, name: str, new_name: str) -> None:
    """Rename a scenario, and what refers to it: scenarios based on it, baseline, preferred."""
    with doc.edit(f"Rename scenario {name} to {new_name}"):
        row = the_row(doc, "scenario", name)
        if name != new_name:
            refuse_taken(doc, "scenario", new_name)
        update(doc.db, "scenario", row, {"name": new_name})
        for follower in list(doc.db.table("scenario").rows_where("based_on = ?", [name])):
            update(doc.db, "scenario", follower, {"based_on": new_name})
        _replace_role(doc, name, new_name)


def delete_scenario(doc: Document, name: str) -> None:
    """Delete a scenario; `DocumentError` while another one is based on it."""
    with doc.edit(f"Delete scenario {name}"):
        the_row(doc, "scenario", name)
        followers = [row["name"] for row in doc.db.table("scenario").rows_where("based_on = ?", [name])]
        if others := [follower for follower in followers if follower != name]:
            raise DocumentError(
                f"“{name}” cannot be deleted: “{others[0]}” is based on it. Delete that one first."
            )
        delete_row(doc, "scenario", name)
        _replace_role(doc, name, "")


def move_scenario(doc: Document, name: str, before: str | None = None) -> None:
    """Move a scenario before another one, or to the end."""
    with doc.edit(f"Move scenario {name}"):
        the_row(doc, "scenario", name)
        place(doc.db, "scenario", name, before)


def set_override(doc: Document, scenario: str, driver: str, text: str | None) -> None:
    """Set the value of a driver in a scenario; None gives it back what the plan or the base scenario has."""
    with doc.edit(f"Change {driver} in {scenario}"):
        scenario_id = the_row(doc, "scenario", scenario)["id"]
        value = None if text is None else {"value": text}
        set_pair(doc, "scenario_driver", {"driver": driver}, value, scenario_id)


def put_case(doc: Document, case: Case) -> None:
    """Add a case, or make the one of that name equal to it."""
    word = "Add" if find(doc.db, "plan_case", case.name) is None else "Change"
    with doc.edit(f"{word} case {case.name}"):
        store_case(doc.db, case)


def rename_case(doc: Document, name: str, new_name: str) -> None:
    """Rename a case."""
    with doc.edit(f"Rename case {name} to {new_name}"):
        row = the_row(doc, "plan_case", name)
        if name != new_name:
            refuse_taken(doc, "plan_case", new_name)
        update(doc.db, "plan_case", row, {"name": new_name})


def delete_case(doc: Document, name: str) -> None:
    """Delete a case."""
    with doc.edit(f"Delete case {name}"):
        delete_row(doc, "plan_case", name)


def set_case_driver(doc: Document, case: str, driver: str, text: str | None) -> None:
    """Set the value of a driver in a case; None removes it from the case."""
    with doc.edit(f"Change {driver} in case {case}"):
        case_id = the_row(doc, "plan_case", case)["id"]
        set_pair(doc, "case_driver", {"driver": driver}, None if text is None else {"value": text}, case_id)


def _replace_role(doc: Document, name: str, new_name: str) -> None:
    """Let baseline and preferred follow the name of a scenario."""
    about = doc.db.table("plan").get(1)
    update(
        doc.db, "plan", about, {role: new_name for role in ("baseline", "preferred") if about[role] == name}
    )
