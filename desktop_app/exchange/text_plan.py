"""A plan as TOML text: written for people to read and compare, read back to exactly the same plan.

The text is also the form of the templates that ship. `resources/help/plan_text.md` describes it.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from desktop_app.engine.issues import Issue
from desktop_app.engine.model import (
    Case,
    CostLine,
    Driver,
    Plan,
    PriceEntry,
    QuoteRecord,
    Range,
    Scenario,
    Settings,
    Source,
    Table,
    Texts,
)
from desktop_app.exchange import toml_writing as toml
from desktop_app.exchange.toml_reading import TomlTable, read_toml

_EMPTY_SOURCE = Source()


def plan_to_toml(plan: Plan) -> str:
    """The plan as TOML text; `plan_from_toml` of it gives an equal plan.

    `ValueError` where two drivers, scenarios, ... of one plan have the same name: no text could hold both.

    >>> print(plan_to_toml(Plan("Chat", drivers=(Driver("gpus", "GPU", "8", group="Fleet"),))))
    name = "Chat"
    baseline = ""
    preferred = ""
    <BLANKLINE>
    [settings]
    ...
    [drivers.gpus]
    unit = "GPU"
    value = "8"
    group = "Fleet"
    """
    duplicates = list(_duplicates(plan))
    if duplicates:
        what, name = duplicates[0]
        raise ValueError(f"Two {what} of the plan are named “{name}”.")
    blocks = [_pairs({"name": plan.name, "baseline": plan.baseline, "preferred": plan.preferred})]
    blocks.append(["[settings]", *_settings_lines(plan.settings)])
    blocks.append(["[texts]", *_pairs(_changed(plan.texts, Texts()))] if plan.texts != Texts() else [])
    blocks += [_driver_lines(driver) for driver in plan.drivers]
    for scenario in plan.scenarios:
        blocks += _scenario_blocks(scenario)
    blocks += [_case_lines(case) for case in plan.cases]
    blocks += [_table_lines(table) for table in plan.tables]
    for header, formulas in (("fx", plan.fx), ("measures", plan.measures)):
        blocks.append([f"[{header}]", *_pairs(formulas)] if formulas else [])
    blocks += [_price_lines(entry) for entry in plan.price_book]
    blocks += [
        [
            "[[quotes]]",
            *_pairs(_changed(quote, QuoteRecord("", "", ""), always=("key", "file_name", "sha256"))),
        ]
        for quote in plan.quotes
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def plan_from_toml(text: str) -> tuple[Plan, tuple[Issue, ...]]:
    """The plan that a text describes, and what is wrong with the text; never raises for any text.

    Keys that are not known are errors with the line they stand on, never dropped in silence. A plan read with
    errors is as complete as the text allows and is meant for showing, not for use.

    >>> plan, issues = plan_from_toml('name = "Chat"\\n[drivers.gpus]\\nunit = "GPU"\\nvalu = "8"')
    >>> for issue in issues:
    ...     print(issue.where, "-", issue.message)
    line 2, driver gpus - The driver has neither “value” nor “series”; give one of them.
    line 4, driver gpus - The key “valu” is not known here; did you mean “value”?
    """
    root, issues = read_toml(text)
    if root is None:
        return Plan(""), tuple(issues)
    plan = Plan(
        name=root.text("name", required=True),
        settings=_read_settings(root.table("settings", "settings")),
        drivers=tuple(_read_driver(name, part) for name, part in root.named_tables("drivers", "driver")),
        scenarios=tuple(_read_scenario(part) for part in root.tables("scenarios", "scenario")),
        cases=tuple(_read_case(part) for part in root.tables("cases", "case")),
        tables=tuple(_read_table(name, part) for name, part in root.named_tables("tables", "table")),
        fx=root.formulas("fx"),
        measures=root.formulas("measures"),
        price_book=tuple(_read_price(part) for part in root.tables("price_book", "price", unique=False)),
        quotes=tuple(_read_quote(part) for part in root.tables("quotes", "quote", label="key")),
        texts=_read_texts(root.table("texts", "texts")),
        baseline=root.text("baseline"),
        preferred=root.text("preferred"),
    )
    root.close()
    return plan, tuple(issues)


def _duplicates(plan: Plan) -> Iterator[tuple[str, str]]:
    """(what, name) of everything that two of a kind are called, where a name must be unique."""
    kinds: list[tuple[str, Iterable[str]]] = [
        ("drivers", (driver.name for driver in plan.drivers)),
        ("scenarios", (scenario.name for scenario in plan.scenarios)),
        ("cases", (case.name for case in plan.cases)),
        ("tables", (table.name for table in plan.tables)),
        ("quotes", (quote.key for quote in plan.quotes)),
    ]
    kinds += [
        (f"lines of scenario {scenario.name}", (line.name for line in scenario.lines))
        for scenario in plan.scenarios
    ]
    for what, names in kinds:
        for name, count in Counter(names).items():
            if count > 1:
                yield what, name


# Writing


def _pairs(values: Mapping[str, str]) -> list[str]:
    return [f"{toml.key(name)} = {toml.long_string(text)}" for name, text in values.items()]


def _changed(
    part: Texts | QuoteRecord | Source, default: Texts | QuoteRecord | Source, always: tuple[str, ...] = ()
) -> dict[str, str]:
    """The fields of `part` that are not as in `default`, and those always shown."""
    names = [field.name for field in dataclasses.fields(part)]
    return {
        name: getattr(part, name)
        for name in names
        if name in always or getattr(part, name) != getattr(default, name)
    }


def _source_lines(source: Source) -> list[str]:
    texts = _changed(source, _EMPTY_SOURCE)
    return _pairs({"source" if name == "text" else name: text for name, text in texts.items()})


def _settings_lines(settings: Settings) -> list[str]:
    lines = []
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if field.name == "start":
            value = value.isoformat()[:7] if value.day == 1 else value.isoformat()
        lines.append(f"{field.name} = {value if isinstance(value, int) else toml.string(value)}")
    return lines


def _driver_lines(driver: Driver) -> list[str]:
    lines = [f"[{toml.path('drivers', driver.name)}]"]
    if driver.label:
        lines += _pairs({"label": driver.label})
    lines += _pairs({"unit": driver.unit, "value": driver.value})
    if driver.series:
        lines.append(f"series = {toml.numbers(driver.series)}")
    below: list[str] = []
    if driver.range is not None:
        spread = driver.range
        values = {
            "distribution": spread.distribution,
            "low": spread.low,
            "likely": spread.likely,
            "high": spread.high,
        }
        if not spread.likely:
            del values["likely"]
        inline, below = toml.mapping("range", toml.path("drivers", driver.name, "range"), values)
        lines += inline
    if driver.group:
        lines += _pairs({"group": driver.group})
    return lines + _source_lines(driver.source) + below


def _scenario_blocks(scenario: Scenario) -> list[list[str]]:
    inline, below = toml.mapping("drivers", "scenarios.drivers", scenario.drivers)
    head = ["[[scenarios]]", *_pairs({"name": scenario.name})]
    if scenario.based_on:
        head += _pairs({"based_on": scenario.based_on})
    if scenario.description:
        head += _pairs({"description": scenario.description})
    if scenario.drivers:
        head += inline
    if scenario.removed:
        head.append(f"removed = {toml.strings(sorted(scenario.removed))}")
    fields = [
        [f"[{toml.path('scenarios', 'line_fields', line)}]", *_pairs(texts)]
        for line, texts in scenario.line_fields.items()
    ]
    return [head, below, *fields, *(_line_lines(line) for line in scenario.lines)]


def _line_lines(line: CostLine) -> list[str]:
    lines = ["[[scenarios.lines]]"]
    lines += _pairs({"name": line.name, "kind": line.kind, "category": line.category})
    if line.asset_class:
        lines += _pairs({"asset_class": line.asset_class})
    inline, below = toml.mapping("fields", "scenarios.lines.fields", line.fields)
    if line.fields:
        lines += inline
    return [*lines, *_source_lines(line.source), *below]


def _case_lines(case: Case) -> list[str]:
    lines = ["[[cases]]", *_pairs({"name": case.name})]
    if case.description:
        lines += _pairs({"description": case.description})
    inline, below = toml.mapping("drivers", "cases.drivers", case.drivers)
    return lines + (inline + below if case.drivers else [])


def _table_lines(table: Table) -> list[str]:
    lines = [f"[{toml.path('tables', table.name)}]", f"columns = {toml.strings(table.columns)}"]
    rows = [
        f"  [{', '.join([toml.string(row_key), *map(toml.number, values)])}],\n"
        for row_key, values in table.rows
    ]
    lines.append("rows = [" + ("\n" + "".join(rows) if rows else "") + "]")
    return lines + _source_lines(table.source)


def _price_lines(entry: PriceEntry) -> list[str]:
    lines = ["[[price_book]]", *_pairs({"name": entry.name}), f"value = {toml.number(entry.value)}"]
    lines += _pairs({"unit": entry.unit, "date": entry.date, "source": entry.source})
    return lines + (_pairs({"note": entry.note}) if entry.note else [])


# Reading


def _read_settings(part: TomlTable) -> Settings:
    default = Settings()
    return Settings(
        currency=part.text("currency", default.currency),
        start=part.month("start", default.start),
        months=part.integer("months", default.months),
        fiscal_year_start=part.integer("fiscal_year_start", default.fiscal_year_start),
        fiscal_label=part.text("fiscal_label", default.fiscal_label),
        fiscal_pattern=part.text("fiscal_pattern", default.fiscal_pattern),
        hours=part.formula("hours", default.hours),
        discount_rate=part.formula("discount_rate", default.discount_rate),
        discount_timing=part.text("discount_timing", default.discount_timing),
        tax_rate=part.formula("tax_rate", default.tax_rate),
        horizon_value=part.text("horizon_value", default.horizon_value),
        lease_standard=part.text("lease_standard", default.lease_standard),
        scale=part.integer("scale", default.scale),
    )


def _read_texts(part: TomlTable) -> Texts:
    default = Texts()
    return Texts(
        **{
            field.name: part.text(field.name, getattr(default, field.name))
            for field in dataclasses.fields(default)
        }
    )


def _read_source(part: TomlTable) -> Source:
    return Source(
        text=part.text("source"),
        date=part.text("date"),
        owner=part.text("owner"),
        note=part.text("note"),
        quote=part.text("quote"),
        cell=part.text("cell"),
    )


def _read_driver(name: str, part: TomlTable) -> Driver:
    spread = part.optional_table("range")
    driver = Driver(
        name=name,
        unit=part.formula("unit"),
        value=part.formula("value"),
        label=part.text("label"),
        group=part.text("group"),
        series=part.numbers("series"),
        range=None if spread is None else _read_range(spread),
        source=_read_source(part),
    )
    if "value" not in part and "series" not in part:
        part.report("missing-key", "The driver has neither “value” nor “series”; give one of them.")
    return driver


def _read_range(part: TomlTable) -> Range:
    return Range(
        distribution=part.text("distribution", required=True),
        low=part.formula("low", required=True),
        high=part.formula("high", required=True),
        likely=part.formula("likely"),
    )


def _read_scenario(part: TomlTable) -> Scenario:
    return Scenario(
        name=part.text("name", required=True),
        based_on=part.text("based_on"),
        description=part.text("description"),
        drivers=part.formulas("drivers"),
        lines=tuple(_read_line(line) for line in part.tables("lines", "line")),
        line_fields={name: line.all_formulas() for name, line in part.named_tables("line_fields", "line")},
        removed=frozenset(part.texts("removed")),
    )


def _read_line(part: TomlTable) -> CostLine:
    return CostLine(
        name=part.text("name", required=True),
        kind=part.text("kind", required=True),
        category=part.text("category", required=True),
        fields=part.formulas("fields"),
        asset_class=part.text("asset_class"),
        source=_read_source(part),
    )


def _read_case(part: TomlTable) -> Case:
    return Case(
        name=part.text("name", required=True),
        drivers=part.formulas("drivers"),
        description=part.text("description"),
    )


def _read_table(name: str, part: TomlTable) -> Table:
    columns = part.texts("columns")
    rows = part.keyed_rows("rows", len(columns))
    return Table(name=name, columns=columns, rows=rows, source=_read_source(part))


def _read_price(part: TomlTable) -> PriceEntry:
    return PriceEntry(
        name=part.text("name", required=True),
        value=part.number("value"),
        unit=part.text("unit", required=True),
        date=part.text("date", required=True),
        source=part.text("source", required=True),
        note=part.text("note"),
    )


def _read_quote(part: TomlTable) -> QuoteRecord:
    fields = dataclasses.fields(QuoteRecord)
    required = ("key", "file_name", "sha256")
    return QuoteRecord(
        **{field.name: part.text(field.name, required=field.name in required) for field in fields}
    )
