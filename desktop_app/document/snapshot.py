"""The plan as engine types, kept up to date from the change log: only what an edit touched is read again.

What did not change stays the same object from one plan to the next, so that readers can compare by identity.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sqlite_utils import Database

from desktop_app.document import rows
from desktop_app.document.changes import Change
from desktop_app.document.rows import Row
from desktop_app.engine.model import Case, CostLine, Driver, Plan, Scenario, Table

T = TypeVar("T")

# The thing that must be read again when a table changes: (thing, whether the changed row's parent is it).
_THING_OF_TABLE = {
    "driver": ("driver", False),
    "scenario": ("scenario", False),
    "scenario_driver": ("scenario", True),
    "scenario_removed": ("scenario", True),
    "line": ("line", False),
    "line_field": ("line", True),
    "line_override": ("scenario", True),
    "plan_case": ("plan_case", False),
    "case_driver": ("plan_case", True),
    "lookup_table": ("lookup_table", False),
    "lookup_row": ("lookup_table", True),
}


class Snapshot:
    """Cache between the rows of a plan and `Plan`."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.forget()

    def forget(self) -> None:
        """Read everything again next time."""
        self._plan: Plan | None = None
        self._stale: dict[str, set[int] | None] = {
            "driver": None,
            "scenario": None,
            "line": None,
            "plan_case": None,
            "lookup_table": None,
        }
        self._stale_tables = {"plan", "settings", "texts", "fx", "measure", "price", "quote"}
        self._things: dict[str, dict[int, Any]] = {name: {} for name in self._stale}
        self._small: dict[str, Any] = {}
        self._scenarios: dict[int, tuple[Scenario, Scenario]] = {}

    def touch(self, changes: Iterable[Change]) -> None:
        """Note what the changes make stale."""
        for change in changes:
            self._plan = None
            table, row_id = change.table, change.row_id
            if table == "line_override_field":
                # Its grandparent cannot be told from here; scenarios are few.
                self._stale["scenario"] = None
            elif table in _THING_OF_TABLE:
                thing, by_owner = _THING_OF_TABLE[table]
                stale = self._stale[thing]
                if stale is not None:
                    stale.add(change.owner if by_owner and change.owner is not None else row_id)
            else:
                self._stale_tables.add(table)

    def plan(self) -> Plan:
        """The plan as it is now."""
        if self._plan is None:
            self._plan = self._build()
        return self._plan

    def _build(self) -> Plan:
        readers: dict[str, Callable[[str | None], dict[int, Any]]] = {
            "driver": self._read_drivers,
            "line": self._read_lines,
            "scenario": self._read_scenarios,
            "plan_case": self._read_cases,
            "lookup_table": self._read_tables,
        }
        for thing, read in readers.items():
            stale = self._stale[thing]
            if stale is None:
                self._things[thing] = read(None)
            elif stale:
                fresh = read(json.dumps(sorted(stale)))
                for row_id in stale:
                    self._things[thing].pop(row_id, None)
                self._things[thing].update(fresh)
            self._stale[thing] = set()
        for table in self._stale_tables:
            self._small[table] = self._read_small(table)
        self._stale_tables = set()
        about = self._small["plan"]
        return Plan(
            name=about["name"],
            settings=self._small["settings"],
            drivers=self._ordered("driver"),
            scenarios=self._all_scenarios(),
            cases=self._ordered("plan_case"),
            tables=self._ordered("lookup_table"),
            fx=self._small["fx"],
            measures=self._small["measure"],
            price_book=self._small["price"],
            quotes=self._small["quote"],
            texts=self._small["texts"],
            baseline=about["baseline"],
            preferred=about["preferred"],
        )

    def _ordered(self, thing: str) -> tuple[Any, ...]:
        things = self._things[thing]
        ids = self._db.table(thing).rows_where(select="id", order_by="position, id")
        return tuple(things[row["id"]] for row in ids)

    def _all_scenarios(self) -> tuple[Scenario, ...]:
        lines: dict[int, list[CostLine]] = {}
        for scenario_id, line_id in self._db.execute(
            "SELECT scenario_id, id FROM line ORDER BY scenario_id, position, id"
        ).fetchall():
            lines.setdefault(scenario_id, []).append(self._things["line"][line_id])
        found = []
        built: dict[int, tuple[Scenario, Scenario]] = {}
        for (scenario_id,) in self._db.execute("SELECT id FROM scenario ORDER BY position, id").fetchall():
            bare: Scenario = self._things["scenario"][scenario_id]
            own = tuple(lines.get(scenario_id, ()))
            before = self._scenarios.get(scenario_id)
            if before is not None and before[0] is bare and _same(before[1].lines, own):
                built[scenario_id] = before
            else:
                built[scenario_id] = (bare, replace(bare, lines=own))
            found.append(built[scenario_id][1])
        self._scenarios = built
        return tuple(found)

    def _read_drivers(self, ids: str | None) -> dict[int, Driver]:
        return {row["id"]: rows.driver_of(row) for row in self._select("driver", "id", ids)}

    def _read_lines(self, ids: str | None) -> dict[int, CostLine]:
        fields = _mappings(self._select("line_field", "line_id", ids), "line_id", "field")
        return {
            row["id"]: rows.line_of(row, fields.get(row["id"], {})) for row in self._select("line", "id", ids)
        }

    def _read_scenarios(self, ids: str | None) -> dict[int, Scenario]:
        drivers = _mappings(self._select("scenario_driver", "scenario_id", ids), "scenario_id", "driver")
        removed = _grouped(self._select("scenario_removed", "scenario_id", ids), "scenario_id")
        overrides = _grouped(self._select("line_override", "scenario_id", ids), "scenario_id")
        fields = _mappings(
            self._select("line_override_field", "line_override_id", None), "line_override_id", "field"
        )
        return {
            row["id"]: Scenario(
                name=row["name"],
                based_on=row["based_on"],
                description=row["description"],
                drivers=drivers.get(row["id"], {}),
                line_fields={
                    item["line"]: fields.get(item["id"], {}) for item in overrides.get(row["id"], ())
                },
                removed=frozenset(item["line"] for item in removed.get(row["id"], ())),
            )
            for row in self._select("scenario", "id", ids)
        }

    def _read_cases(self, ids: str | None) -> dict[int, Case]:
        drivers = _mappings(self._select("case_driver", "plan_case_id", ids), "plan_case_id", "driver")
        return {
            row["id"]: Case(row["name"], drivers.get(row["id"], {}), row["description"])
            for row in self._select("plan_case", "id", ids)
        }

    def _read_tables(self, ids: str | None) -> dict[int, Table]:
        items = _grouped(self._select("lookup_row", "lookup_table_id", ids), "lookup_table_id")
        return {
            row["id"]: rows.table_of(row, items.get(row["id"], ()))
            for row in self._select("lookup_table", "id", ids)
        }

    def _read_small(self, table: str) -> Any:
        found = self._select(table, "id", None)
        match table:
            case "settings":
                return rows.settings_of(found[0])
            case "texts":
                return rows.texts_of(found[0])
            case "fx":
                return {row["currency"]: row["formula"] for row in found}
            case "measure":
                return {row["name"]: row["formula"] for row in found}
            case "price":
                return tuple(rows.price_of(row) for row in found)
            case "quote":
                return tuple(rows.quote_of(row) for row in found)
        return found[0]

    def _select(self, table: str, column: str, ids: str | None) -> list[Row]:
        """All rows of a table in their order, or those whose `column` is in the JSON list `ids`."""
        target = self._db.table(table)
        order = "position, id" if "position" in target.columns_dict else "id"
        if ids is None:
            return list(target.rows_where(order_by=order))
        among = f"{column} IN (SELECT value FROM json_each(?))"  # noqa: S608
        return list(target.rows_where(among, [ids], order_by=order))


def _grouped(found: Iterable[Row], parent: str) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = {}
    for row in found:
        groups.setdefault(row[parent], []).append(row)
    return groups


def _mappings(found: Iterable[Row], parent: str, key: str) -> dict[int, dict[str, str]]:
    groups: dict[int, dict[str, str]] = {}
    for row in found:
        groups.setdefault(row[parent], {})[row[key]] = row["value"]
    return groups


def _same(first: Sequence[object], second: Sequence[object]) -> bool:
    return len(first) == len(second) and all(a is b for a, b in zip(first, second, strict=True))
