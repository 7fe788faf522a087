"""Engine types to rows: making a table hold what it should, with as few row changes as possible.

Everything here runs inside an edit of the document and is logged there.
"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from desktop_app.document import rows
from desktop_app.document.errors import DocumentError
from desktop_app.document.ordering import GAP, positions
from desktop_app.document.rows import Columns, Row
from desktop_app.engine.model import Case, CostLine, Driver, Plan, Scenario, Table

Item = tuple[int | None, Columns]

_UNIQUE = {
    "driver": "drivers",
    "scenario": "scenarios",
    "line": "cost lines of one scenario",
    "plan_case": "cases",
    "lookup_table": "tables",
    "quote": "quotes",
}
_PARENT_COLUMNS = {
    "scenario_driver": "scenario_id",
    "scenario_removed": "scenario_id",
    "line": "scenario_id",
    "line_field": "line_id",
    "line_override": "scenario_id",
    "line_override_field": "line_override_id",
    "case_driver": "plan_case_id",
    "lookup_row": "lookup_table_id",
}


def store_plan(db: Database, plan: Plan) -> None:
    """Make all rows equal to a plan."""
    store_about(db, plan.name, plan.baseline, plan.preferred)
    store_single(db, "settings", rows.settings_row(plan.settings))
    store_single(db, "texts", rows.texts_row(plan.texts))
    _sync(db, "driver", [(None, rows.driver_row(driver)) for driver in plan.drivers])
    ids = _sync(db, "scenario", [(None, rows.scenario_row(scenario)) for scenario in plan.scenarios])
    store_scenario_parts(db, list(zip(ids, plan.scenarios, strict=True)))
    ids = _sync(db, "plan_case", [(None, rows.case_row(case)) for case in plan.cases])
    store_case_parts(db, list(zip(ids, plan.cases, strict=True)))
    ids = _sync(db, "lookup_table", [(None, rows.table_row(table)) for table in plan.tables])
    store_table_parts(db, list(zip(ids, plan.tables, strict=True)))
    _sync(db, "fx", [(None, {"currency": name, "formula": text}) for name, text in plan.fx.items()])
    _sync(db, "measure", [(None, {"name": name, "formula": text}) for name, text in plan.measures.items()])
    _sync(db, "price", [(None, rows.price_row(entry)) for entry in plan.price_book])
    _sync(db, "quote", [(None, rows.quote_row(quote)) for quote in plan.quotes])


def store_about(db: Database, name: str, baseline: str, preferred: str) -> None:
    """Store what the plan says about itself."""
    store_single(db, "plan", {"name": name, "baseline": baseline, "preferred": preferred})


def store_single(db: Database, table: str, columns: Columns) -> None:
    """Store the row of a table that has one row."""
    found = list(db.table(table).rows)
    if found:
        update(db, table, found[0], columns)
    else:
        db.table(table).insert({"id": 1, **columns})


def store_driver(db: Database, driver: Driver) -> int:
    """Store a driver under its name, a new one last; returns its row."""
    return put(db, "driver", rows.driver_row(driver))


def store_scenario(db: Database, scenario: Scenario) -> int:
    """Store a scenario with everything in it under its name, a new one last; returns its row."""
    scenario_id = put(db, "scenario", rows.scenario_row(scenario))
    store_scenario_parts(db, [(scenario_id, scenario)])
    return scenario_id


def store_line(db: Database, scenario_id: int, line: CostLine) -> int:
    """Store a cost line under its name in a scenario, a new one last; returns its row."""
    line_id = put(db, "line", rows.line_row(line), scenario_id)
    _store_line_fields(db, [(line_id, line)])
    return line_id


def store_case(db: Database, case: Case) -> int:
    """Store a case under its name, a new one last; returns its row."""
    case_id = put(db, "plan_case", rows.case_row(case))
    store_case_parts(db, [(case_id, case)])
    return case_id


def store_table(db: Database, table: Table) -> int:
    """Store a lookup table under its name, a new one last; returns its row."""
    table_id = put(db, "lookup_table", rows.table_row(table))
    store_table_parts(db, [(table_id, table)])
    return table_id


def store_scenario_parts(db: Database, scenarios: Sequence[tuple[int, Scenario]]) -> None:
    """Make what hangs below scenarios equal to them."""
    _sync_pairs(db, "scenario_driver", "driver", ((number, part.drivers) for number, part in scenarios))
    owners = [number for number, _ in scenarios]
    removed: list[Item] = [
        (number, {"line": line}) for number, part in scenarios for line in sorted(part.removed)
    ]
    _sync(db, "scenario_removed", removed, owners)
    lines = [(number, line) for number, part in scenarios for line in part.lines]
    ids = _sync(db, "line", [(number, rows.line_row(line)) for number, line in lines], owners)
    _store_line_fields(db, [(line_id, line) for line_id, (_, line) in zip(ids, lines, strict=True)])
    overrides = [(number, line) for number, part in scenarios for line in part.line_fields]
    ids = _sync(db, "line_override", [(number, {"line": line}) for number, line in overrides], owners)
    texts = [fields for _, part in scenarios for fields in part.line_fields.values()]
    _sync_pairs(db, "line_override_field", "field", zip(ids, texts, strict=True))


def store_case_parts(db: Database, cases: Sequence[tuple[int, Case]]) -> None:
    """Make the driver values below cases equal to theirs."""
    _sync_pairs(db, "case_driver", "driver", ((number, part.drivers) for number, part in cases))


def store_table_parts(db: Database, tables: Sequence[tuple[int, Table]]) -> None:
    """Make the rows below lookup tables equal to theirs."""
    items: list[Item] = [
        (number, {"key": key, "values": rows.numbers_text(values)})
        for number, table in tables
        for key, values in table.rows
    ]
    _sync(db, "lookup_row", items, [number for number, _ in tables])


def put(db: Database, table: str, columns: Columns, owner: int | None = None) -> int:
    """Update the row with the same key (below the same owner), or append a new one; returns its id."""
    found = find(db, table, str(columns[rows.KEY_COLUMNS[table]]), owner)
    if found is None:
        return append(db, table, columns, owner)
    update(db, table, found, columns)
    return int(found["id"])


def append(db: Database, table: str, columns: Columns, owner: int | None = None) -> int:
    """Add a row after all others (of the same owner); returns its id."""
    target = db.table(table)
    own = _below(table, owner)
    (last,) = target.rows_where(own.where, own.values, select="max(position) AS position")
    position = GAP if last["position"] is None else last["position"] + GAP
    number = _next_id(db, table)
    target.insert({"id": number, "position": position, **own.columns, **columns})
    return number


def find(db: Database, table: str, key: str, owner: int | None = None) -> Row | None:
    """The first row with a key (below an owner), None where there is none."""
    own = _below(table, owner)
    where = f"{rows.KEY_COLUMNS[table]} = ?" + (f" AND {own.where}" if own.where else "")
    found = list(db.table(table).rows_where(where, [key, *own.values], order_by="id", limit=1))
    return found[0] if found else None


def place(db: Database, table: str, key: str, before: str | None, owner: int | None = None) -> None:
    """Move a row before another one of the same owner, or to the end."""
    own = _below(table, owner)
    others = list(db.table(table).rows_where(own.where, own.values, order_by="position, id"))
    name = rows.KEY_COLUMNS[table]
    moved = next(row for row in others if row[name] == key)
    others.remove(moved)
    at = next((index for index, row in enumerate(others) if row[name] == before), len(others))
    others.insert(at, moved)
    wanted = [None if row is moved else row["position"] for row in others]
    for row, position in zip(others, positions(wanted), strict=True):
        update(db, table, row, {"position": position})


def update(db: Database, table: str, row: Row, columns: Columns) -> None:
    """Update those columns of a row that differ."""
    changed = {name: value for name, value in columns.items() if row[name] != value}
    if changed:
        db.table(table).update(row["id"], changed)


def _store_line_fields(db: Database, lines: Iterable[tuple[int, CostLine]]) -> None:
    _sync_pairs(db, "line_field", "field", ((number, line.fields) for number, line in lines))


def _sync_pairs(db: Database, table: str, key: str, groups: Iterable[tuple[int, Mapping[str, str]]]) -> None:
    """Make rows of (key, value) below several owners equal to mappings."""
    items: list[Item] = []
    owners = []
    for owner, pairs in groups:
        owners.append(owner)
        items += [(owner, {key: name, "value": text}) for name, text in pairs.items()]
    _sync(db, table, items, owners)


def _sync(db: Database, table: str, items: Sequence[Item], owners: Sequence[int] | None = None) -> list[int]:
    """Make the rows of a table (below `owners`, where it has a parent) equal to `items`; returns their ids.

    Rows are told apart by owner and key; of several with the same key the first stays the first. What is no
    longer wanted is deleted first, so that nothing clashes. `DocumentError` where a name must be unique and
    is not.
    """
    target = db.table(table)
    key, parent = rows.KEY_COLUMNS[table], _PARENT_COLUMNS.get(table)
    if table in _UNIQUE:
        _refuse_duplicates(table, key, items)
    if parent is None:
        present = list(target.rows_where(order_by="position, id"))
    else:
        below = f"{parent} IN (SELECT value FROM json_each(?))"  # noqa: S608
        present = list(target.rows_where(below, [json.dumps(owners)], order_by="id"))
    unclaimed: dict[tuple[object, object], deque[Row]] = defaultdict(deque)
    for row in present:
        unclaimed[parent and row[parent], row[key]].append(row)
    claimed: list[Row | None] = []
    for owner, columns in items:
        same = unclaimed.get((owner, columns[key]))
        claimed.append(same.popleft() if same else None)
    for left in unclaimed.values():
        for row in left:
            target.delete(row["id"])
    ordered = "position" in target.columns_dict
    places = _places(items, claimed) if ordered else []
    number = _next_id(db, table)
    ids: list[int] = []
    fresh: list[Columns] = []
    for index, ((owner, columns), old) in enumerate(zip(items, claimed, strict=True)):
        full = {**columns, "position": places[index]} if ordered else dict(columns)
        if old is not None:
            update(db, table, old, full)
            ids.append(old["id"])
        else:
            fresh.append({"id": number, **({parent: owner} if parent else {}), **full})
            ids.append(number)
            number += 1
    if fresh:
        target.insert_all(fresh)
    return ids


def _refuse_duplicates(table: str, key: str, items: Sequence[Item]) -> None:
    seen: set[tuple[object, object]] = set()
    for owner, columns in items:
        name = (owner, columns[key])
        if name in seen:
            raise DocumentError(f"Two {_UNIQUE[table]} are named “{columns[key]}”. Rename one of them.")
        seen.add(name)


def _places(items: Sequence[Item], claimed: Sequence[Row | None]) -> list[int]:
    """Positions of the items, counted below each owner."""
    groups: dict[int | None, list[int]] = defaultdict(list)
    for index, (owner, _) in enumerate(items):
        groups[owner].append(index)
    places = [0] * len(items)
    for members in groups.values():
        present = [row["position"] if (row := claimed[index]) is not None else None for index in members]
        for index, place in zip(members, positions(present), strict=True):
            places[index] = place
    return places


@dataclass(frozen=True, slots=True)
class _Below:
    """The condition under which rows of a table hang below an owner, and the columns that say so."""

    where: str | None
    values: list[int | None]
    columns: Columns


def _below(table: str, owner: int | None) -> _Below:
    parent = _PARENT_COLUMNS.get(table)
    return _Below(f"{parent} = ?", [owner], {parent: owner}) if parent else _Below(None, [], {})


def _next_id(db: Database, table: str) -> int:
    (row,) = db.table(table).rows_where(select="coalesce(max(id), 0) + 1 AS id")
    return int(row["id"])
