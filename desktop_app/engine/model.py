"""What a plan is made of: the frozen input types of the engine.

Every quantity a user enters is a text in the formula language ("1.2M", "15%", "gpu_hours / 8 * (1 +
buffer)"); what it means is decided when the plan is compiled, so that a plan with a mistake in it can still
be held, saved and shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Settings:
    """Conventions of a plan; each is printed on every export.

    `discount_rate` (nominal, per year) and `tax_rate` are formulas, so they may name drivers.
    `discount_timing`: "start", "middle" or "end" of the month. `hours`: "calendar", "730" or "720" hours in a
    month. `fiscal_pattern`: "months", "4-4-5", "4-5-4" or "5-4-4"; `fiscal_label`: the fiscal year is named
    after the calendar year in which it "end"s or "start"s. `horizon_value`: "none", or "book" to count net
    book value as recovered in the last month. `lease_standard`: "ifrs16" or "asc842". `scale` is the display
    unit of money in reports (1, 1000 or 1000000).
    """

    currency: str = "USD"
    start: dt.date = dt.date(2027, 1, 1)
    months: int = 60
    fiscal_year_start: int = 1
    fiscal_label: str = "end"
    fiscal_pattern: str = "months"
    hours: str = "calendar"
    discount_rate: str = "8%"
    discount_timing: str = "middle"
    tax_rate: str = "0%"
    horizon_value: str = "none"
    lease_standard: str = "ifrs16"
    scale: int = 1000


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from. `quote` and `cell` point into an imported quote ("Quote!I14")."""

    text: str = ""
    date: str = ""
    owner: str = ""
    note: str = ""
    quote: str = ""
    cell: str = ""


NO_SOURCE = Source()


@dataclass(frozen=True, slots=True)
class Range:
    """Uncertainty of a driver.

    `distribution`: "triangular" (low, likely, high), "pert" (the same), "uniform" (low, high), "normal" and
    "lognormal" (low and high are P10 and P90). Values are formula texts without names, in the driver's unit.
    """

    distribution: str
    low: str
    high: str
    likely: str = ""


@dataclass(frozen=True, slots=True)
class Driver:
    """A named quantity with a unit, a value and its provenance: one row of the assumptions log.

    `value` is a formula text; `series`, when not empty, gives the value of each month instead (the last one
    is held).
    """

    name: str
    unit: str
    value: str
    label: str = ""
    group: str = ""
    series: tuple[float, ...] = ()
    range: Range | None = None
    source: Source = NO_SOURCE


@dataclass(frozen=True, slots=True)
class CostLine:
    """One row of cost of a known kind (see `engine.kinds`).

    `fields` maps the kind's field names to formula texts; what is not given takes the kind's default.
    `asset_class` groups capitalised lines in the asset register.
    """

    name: str
    kind: str
    category: str
    fields: Mapping[str, str] = field(default_factory=dict)
    asset_class: str = ""
    source: Source = NO_SOURCE


@dataclass(frozen=True, slots=True)
class Scenario:
    """One complete way to meet the demand, or what differs from the scenario it is based on.

    `drivers` maps driver names to formula texts laid over the plan's drivers. `lines` are added to those of
    the base scenario; a line with the same name replaces it. `line_fields` overrides single fields of
    inherited lines, `removed` drops inherited lines.
    """

    name: str
    based_on: str = ""
    description: str = ""
    drivers: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[CostLine, ...] = ()
    line_fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """Driver values laid over any scenario ("high demand")."""

    name: str
    drivers: Mapping[str, str] = field(default_factory=dict)
    description: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A lookup table of the plan: one key column and named number columns, read by LOOKUP("table", key,
    "column").
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float, ...]], ...]
    source: Source = NO_SOURCE


@dataclass(frozen=True, slots=True)
class PriceEntry:
    """A dated reference price or hardware fact."""

    name: str
    value: float
    unit: str
    date: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class QuoteRecord:
    """An imported quote as the plan remembers it: enough to find every value again. `lines` is the JSON of
    the reading.
    """

    key: str
    file_name: str
    sha256: str
    vendor: str = ""
    quote_number: str = ""
    quote_date: str = ""
    valid_until: str = ""
    currency: str = ""
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Texts:
    """Words for the board: all optional."""

    purpose: str = ""
    owner: str = ""
    status: str = "DRAFT"
    version: str = ""
    decision: str = ""
    recommendation: str = ""
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything in one plan file, as data.

    `fx` maps a currency code to a formula for its price in the plan's currency (unit e.g. USD/EUR).
    `measures` maps the names in `engine.figures.MEASURES` (gpu_hours_used, tokens_out, energy_kwh ...) to
    formulas by month, from which unit costs, energy and carbon are computed. `baseline` and `preferred` name
    scenarios.
    """

    name: str
    settings: Settings = Settings()
    drivers: tuple[Driver, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    cases: tuple[Case, ...] = ()
    tables: tuple[Table, ...] = ()
    fx: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)
    price_book: tuple[PriceEntry, ...] = ()
    quotes: tuple[QuoteRecord, ...] = ()
    texts: Texts = Texts()
    baseline: str = ""
    preferred: str = ""
