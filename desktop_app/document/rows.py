"""Rows of the plan file to engine types and back, one pair of functions for each kind of thing.

`..._row` gives the columns of a thing itself, without `id`, `position` and its parent; what hangs below it
(fields of a line, overrides of a scenario) has rows of its own. Numbers become the shortest text that reads
back exactly.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from desktop_app.engine.model import (
    Case,
    CostLine,
    Driver,
    PriceEntry,
    QuoteRecord,
    Range,
    Scenario,
    Settings,
    Source,
    Table,
    Texts,
)

Row = dict[str, Any]
Columns = dict[str, str | int | None]

SETTINGS_FIELDS = tuple(field.name for field in fields(Settings))
TEXTS_FIELDS = tuple(field.name for field in fields(Texts))
QUOTE_FIELDS = tuple(field.name for field in fields(QuoteRecord))
# What names a row of each table to a person; the tables that are not here have one row only.
KEY_COLUMNS = {
    "driver": "name",
    "scenario": "name",
    "scenario_driver": "driver",
    "scenario_removed": "line",
    "line": "name",
    "line_field": "field",
    "line_override": "line",
    "line_override_field": "field",
    "plan_case": "name",
    "case_driver": "driver",
    "lookup_table": "name",
    "lookup_row": "key",
    "fx": "currency",
    "measure": "name",
    "price": "name",
    "quote": "key",
}
_SOURCE_FIELDS = tuple(field.name for field in fields(Source))


def settings_row(settings: Settings) -> Columns:
    """Columns of the settings; the start as ISO date."""
    return {name: getattr(settings, name) for name in SETTINGS_FIELDS} | {"start": settings.start.isoformat()}


def settings_of(row: Row) -> Settings:
    """Settings of a row."""
    values = {name: row[name] for name in SETTINGS_FIELDS}
    return Settings(**values | {"start": dt.date.fromisoformat(row["start"])})


def texts_row(texts: Texts) -> Columns:
    """Columns of the words for the board."""
    return {name: getattr(texts, name) for name in TEXTS_FIELDS}


def texts_of(row: Row) -> Texts:
    """The words for the board of a row."""
    return Texts(**{name: row[name] for name in TEXTS_FIELDS})


def source_row(source: Source) -> Columns:
    """Columns that every row with provenance has."""
    return {f"source_{name}": getattr(source, name) for name in _SOURCE_FIELDS}


def source_of(row: Row) -> Source:
    """Provenance of a row."""
    return Source(**{name: row[f"source_{name}"] for name in _SOURCE_FIELDS})


def driver_row(driver: Driver) -> Columns:
    """Columns of a driver; without a range its four columns are NULL."""
    spread = driver.range
    return {
        "name": driver.name,
        "unit": driver.unit,
        "value": driver.value,
        "label": driver.label,
        "group": driver.group,
        "series": numbers_text(driver.series),
        "range_distribution": spread.distribution if spread else None,
        "range_low": spread.low if spread else None,
        "range_high": spread.high if spread else None,
        "range_likely": spread.likely if spread else None,
        **source_row(driver.source),
    }


def driver_of(row: Row) -> Driver:
    """The driver of a row."""
    spread = None
    if row["range_distribution"] is not None:
        spread = Range(row["range_distribution"], row["range_low"], row["range_high"], row["range_likely"])
    return Driver(
        name=row["name"],
        unit=row["unit"],
        value=row["value"],
        label=row["label"],
        group=row["group"],
        series=numbers_of(row["series"]),
        range=spread,
        source=source_of(row),
    )


def line_row(line: CostLine) -> Columns:
    """Columns of a cost line without its fields."""
    return {
        "name": line.name,
        "kind": line.kind,
        "category": line.category,
        "asset_class": line.asset_class,
        **source_row(line.source),
    }


def line_of(row: Row, line_fields: Mapping[str, str]) -> CostLine:
    """The cost line of a row and its fields."""
    return CostLine(
        name=row["name"],
        kind=row["kind"],
        category=row["category"],
        fields=line_fields,
        asset_class=row["asset_class"],
        source=source_of(row),
    )


def scenario_row(scenario: Scenario) -> Columns:
    """Columns of a scenario without what hangs below it."""
    return {"name": scenario.name, "based_on": scenario.based_on, "description": scenario.description}


def case_row(case: Case) -> Columns:
    """Columns of a case without its driver values."""
    return {"name": case.name, "description": case.description}


def table_row(table: Table) -> Columns:
    """Columns of a lookup table without its rows."""
    return {
        "name": table.name,
        "columns": json.dumps(table.columns, ensure_ascii=False),
        **source_row(table.source),
    }


def table_of(row: Row, rows: Iterable[Row]) -> Table:
    """The lookup table of a row and the rows below it."""
    return Table(
        name=row["name"],
        columns=tuple(str(column) for column in json.loads(row["columns"])),
        rows=tuple((item["key"], numbers_of(item["values"])) for item in rows),
        source=source_of(row),
    )


def price_row(entry: PriceEntry) -> Columns:
    """Columns of a reference price."""
    return {
        "name": entry.name,
        "value": repr(float(entry.value)),
        "unit": entry.unit,
        "date": entry.date,
        "source": entry.source,
        "note": entry.note,
    }


def price_of(row: Row) -> PriceEntry:
    """The reference price of a row."""
    return PriceEntry(row["name"], float(row["value"]), row["unit"], row["date"], row["source"], row["note"])


def quote_row(quote: QuoteRecord) -> Columns:
    """Columns of an imported quote."""
    return {name: getattr(quote, name) for name in QUOTE_FIELDS}


def quote_of(row: Row) -> QuoteRecord:
    """The imported quote of a row."""
    return QuoteRecord(**{name: row[name] for name in QUOTE_FIELDS})


def numbers_text(values: Iterable[float]) -> str:
    """Numbers as a JSON list that reads back exactly."""
    return json.dumps([float(value) for value in values])


def numbers_of(text: str) -> tuple[float, ...]:
    """The numbers of a JSON list."""
    return tuple(float(value) for value in json.loads(text))
