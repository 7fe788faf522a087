"""The price books that ship: dated reference data, read from `resources/price_books`."""

from __future__ import annotations

import datetime as dt
import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_app.engine.finance.tax_tables import CONVENTIONS, HALF_YEAR, TaxTable
from desktop_app.engine.model import PriceEntry
from desktop_app.engine.units import UnknownUnit, parse_unit
from desktop_app.resource_files import resource

# Published columns sum to 100.00; anything else is a misprint.
_TOLERANCE = 0.005
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


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


@dataclass(frozen=True, slots=True)
class PriceBook:
    """One book of dated reference prices or facts."""

    id: str
    title: str
    entries: tuple[PriceEntry, ...]


# What the grades of evidence in the books mean.
GRADES = {
    "A": "primary source or data set read in full",
    "B": "opening or table of a primary source",
    "C": "quoted by others",
    "D": "page of unknown care",
}
_TAX_TABLES = "tax_depreciation"


def price_books(folder: Path | None = None) -> tuple[PriceBook, ...]:
    """All books of reference prices, by default those that ship.

    >>> [book.id for book in price_books()]
    ['api', 'cloud', 'hardware', 'site', 'throughput']
    """
    paths = sorted((folder or resource("price_books")).glob("*.toml"))
    return tuple(load_price_book(path) for path in paths if path.stem != _TAX_TABLES)


def load_price_book(path: Path) -> PriceBook:
    """Read one book. `ValueError` names the entry that is not one: unit, grade, number or date unknown."""
    book = tomllib.loads(path.read_text(encoding="utf-8"))
    entries = [entry for group in book["group"] for entry in _group_entries(group, path.name)]
    names = Counter(entry.name for entry in entries)
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        raise ValueError(f"{path.name}: “{twice[0]}” is there twice")
    return PriceBook(path.stem, str(book["title"]), tuple(entries))


def _group_entries(group: dict[str, Any], file: str) -> Iterator[PriceEntry]:
    grade = group.get("grade", "")
    if grade not in GRADES:
        raise ValueError(f"{file}: {group.get('source')}: grade {grade!r} is none of {', '.join(GRADES)}")
    for name, given in group["prices"].items():
        own = given if isinstance(given, dict) else {"value": given}
        value, date = own["value"], str(own.get("date", group["date"]))
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValueError(f"{file}: {name}: {value!r} is not a number")
        if not _DATE.fullmatch(date):
            raise ValueError(f"{file}: {name}: {date!r} is not a date such as 2025, 2025-03 or 2025-03-17")
        if group["unit"] != "%":
            try:
                parse_unit(group["unit"])
            except UnknownUnit as problem:
                raise ValueError(f"{file}: {name}: {problem}") from problem
        notes = [own.get("note", ""), group.get("note", ""), f"Evidence {grade}: {GRADES[grade]}."]
        note = " ".join(one for one in notes if one)
        yield PriceEntry(name, float(value), group["unit"], date, group["source"], note)
