"""The price books that ship: dated reference data, read from `resources/price_books`."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_app.engine.finance.tax_tables import CONVENTIONS, HALF_YEAR, TaxTable
from desktop_app.resource_files import resource

# Published columns sum to 100.00; anything else is a misprint.
_TOLERANCE = 0.005


@dataclass(frozen=True, slots=True)
class Expensing:
    """A share of the basis that may be deducted at once for property placed in service from a day on."""

    name: str
    from_date: dt.date
    share: float
    source: str


@dataclass(frozen=True, slots=True)
class TaxTables:
    """The published tables of tax depreciation and the rules of immediate expensing."""

    tables: tuple[TaxTable, ...]
    expensing: tuple[Expensing, ...]

    def table(self, recovery_years: int, convention: str = HALF_YEAR) -> TaxTable | None:
        """The published column for a recovery period and a convention; None where none is published here."""
        for table in self.tables:
            if (table.recovery_years, table.convention) == (recovery_years, convention):
                return table
        return None

    def expensed_share(self, placed_in_service: dt.date) -> float:
        """Share of the basis deductible at once for property placed in service on a day; 0 before any
        rule."""
        latest = max(
            (rule for rule in self.expensing if rule.from_date <= placed_in_service),
            key=lambda rule: rule.from_date,
            default=None,
        )
        return latest.share if latest else 0.0


def load_tax_tables(path: Path | None = None) -> TaxTables:
    """Read the tables of tax depreciation, by default those that ship.

    `ValueError` names the table that is not one: an unknown convention, percentages that do not sum to 100.

    >>> load_tax_tables().table(5).percentages
    (20.0, 32.0, 19.2, 11.52, 11.52, 5.76)
    """
    path = path or resource("price_books", "tax_depreciation.toml")
    book = tomllib.loads(path.read_text(encoding="utf-8"))
    checked = str(book["source"]["checked"])
    tables = [table for entry in book["table"] for table in _columns(entry, checked, path)]
    expensing = [
        Expensing(rule["name"], rule["from"], float(rule["percentage"]) / 100, rule["source"])
        for rule in book.get("expensing", [])
    ]
    return TaxTables(tuple(tables), tuple(expensing))


def _columns(entry: dict[str, Any], checked: str, path: Path) -> list[TaxTable]:
    convention, source = entry["convention"], entry["source"]
    if convention not in CONVENTIONS:
        raise ValueError(f"{path.name}: convention {convention!r} is none of {', '.join(CONVENTIONS)}")
    columns = []
    for key, percentages in entry.items():
        if key in ("convention", "source"):
            continue
        total = sum(percentages)
        if abs(total - 100) > _TOLERANCE:
            raise ValueError(
                f"{path.name}: {convention}, {key} years: the percentages sum to {total:.3f}, not 100"
            )
        columns.append(TaxTable(int(key), convention, tuple(map(float, percentages)), source, checked))
    return columns
