"""Where in a plan the value of an input cell is kept, and the plan with another text there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from desktop_app.engine.formula.entry import parse_entry
from desktop_app.engine.formula.parser import FormulaError
from desktop_app.engine.formula.syntax import Number, walk
from desktop_app.engine.model import Plan, Scenario, Settings
from desktop_app.engine.scenarios import lineage

_Item = TypeVar("_Item")
_DIGITS = re.compile(
    r"-?(?:\d{1,3}(?:[, \u00a0\u202f'’]\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)"
)
_GROUPS = re.compile(r"[, \u00a0\u202f'’]")
_NEVER_HOISTED = (0.0, 1.0, -1.0)
_FIRST_DAY = dt.date(1899, 12, 30)
_CHOICES: Mapping[str, tuple[str, Mapping[float, str]]] = {
    "setting/fiscal_label": ("fiscal_label", {1.0: "end", 0.0: "start"}),
    "setting/discount_offset": ("discount_timing", {1.0: "start", 0.5: "middle", 0.0: "end"}),
    "setting/horizon_value": ("horizon_value", {1.0: "book", 0.0: "none"}),
    "setting/hours": ("hours", {730.0: "730", 720.0: "720"}),
}
_EARLIEST, _LATEST = 32874, 109575  # days of 1990 to 2199; other dates are slips
_REFUSED = {
    "start": "A plan starts on the first day of a month, from 1990 on.",
    "months": "This is no number of months that a plan can have.",
    "fiscal_year_start": "The first month of a fiscal year is a whole number from 1 to 12.",
    "fiscal_label": "This can be 1 or 0 only.",
    "discount_timing": "This can be 1, 0.5 or 0 only.",
    "horizon_value": "This can be 1 or 0 only.",
    "hours": "The hours of a month can be 720 or 730 here; other counts are chosen in the plan's settings.",
}
_WHOLE = {"setting/months": "months", "setting/fiscal_year_start": "fiscal_year_start"}


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of a plan.

    `kind` says where `owner` and `names` lead: "driver" (names: driver) · "scenario" (owner: scenario) ·
    "case" (owner: case) · "field" (owner: scenario; names: own line, field) · "override" (the same for an
    inherited line) · "setting" · "fx" · "measure" (names: one) · "table" (names: table, row, column,
    and both as numbers from 0) ·
    "series" (names: driver, month counted from 0).
    """

    kind: str
    owner: str
    names: tuple[str, ...]

    @property
    def words(self) -> str:
        """The place as a person would say it."""
        first, rest = self.names[0], ", ".join(self.names[1:])
        match self.kind:
            case "driver" | "setting" | "measure":
                return f"{self.kind} {first}"
            case "scenario" | "case":
                return f"driver {first} in {self.kind} {self.owner}"
            case "fx":
                return f"exchange rate of {first}"
            case "table":
                return f"table {first}: {', '.join(self.names[1:3])}"
            case "series":
                return f"driver {first}, month {int(rest) + 1}"
        return f"line {first}, field {rest}, in scenario {self.owner}"


def text_at(plan: Plan, place: Place) -> str:
    """The text that stands there; "" where there is none. KeyError where its owner does not exist."""
    first = place.names[0]
    if place.kind == "driver":
        return _named(plan.drivers, first).value
    if place.kind == "scenario":
        return _named(plan.scenarios, place.owner).drivers.get(first, "")
    if place.kind == "case":
        return _named(plan.cases, place.owner).drivers.get(first, "")
    if place.kind == "field":
        return _named(_named(plan.scenarios, place.owner).lines, first).fields.get(place.names[1], "")
    if place.kind == "override":
        return _named(plan.scenarios, place.owner).line_fields.get(first, {}).get(place.names[1], "")
    if place.kind == "setting":
        return str(getattr(plan.settings, first))
    if place.kind == "series":
        series = _named(plan.drivers, first).series
        return number_text(series[min(int(place.names[1]), len(series) - 1)]) if series else ""
    if place.kind == "table":
        table = _named(plan.tables, first)
        row, column = _cell(place)
        return number_text(table.rows[row][1][column])
    return {"fx": plan.fx, "measure": plan.measures}[place.kind].get(first, "")


def with_text(plan: Plan, place: Place, text: str) -> Plan:
    """The plan with that text there. KeyError where its owner does not exist, ValueError for no number."""
    first = place.names[0]
    if place.kind == "driver":
        driver = replace(_named(plan.drivers, first), value=text)
        return replace(plan, drivers=_exchanged(plan.drivers, first, driver))
    if place.kind == "series":
        return _with_month(plan, first, int(place.names[1]), float(text))
    if place.kind == "case":
        case = _named(plan.cases, place.owner)
        case = replace(case, drivers={**case.drivers, first: text})
        return replace(plan, cases=_exchanged(plan.cases, place.owner, case))
    if place.kind in ("scenario", "field", "override"):
        scenario = _with_scenario_text(_named(plan.scenarios, place.owner), place, text)
        return replace(plan, scenarios=_exchanged(plan.scenarios, place.owner, scenario))
    if place.kind == "setting":
        return replace(plan, settings=_with_setting(plan.settings, first, text))
    if place.kind == "table":
        table = _named(plan.tables, first)
        row, column = _cell(place)
        key, values = table.rows[row]
        values = (*values[:column], float(text), *values[column + 1 :])
        rows = (*table.rows[:row], (key, values), *table.rows[row + 1 :])
        return replace(plan, tables=_exchanged(plan.tables, first, replace(table, rows=rows)))
    if place.kind == "fx":
        return replace(plan, fx={**plan.fx, first: text})
    return replace(plan, measures={**plan.measures, first: text})


def home_of(plan: Plan, key: str, line: str, scenario: str, case: str) -> Place | None:
    """Where the text of a graph's input is kept, for a scenario under a case; None where nobody enters it.

    `key` is that of the node, or of the formula that a number stands in; `line` names the cost line of a
    block's row.
    """
    kind, _, name = key.partition("/")
    if line:
        return _home_of_field(plan, scenario, line, key.rpartition("/")[2])
    if kind == "line":
        owner, _, field = name.rpartition("/")
        return _home_of_field(plan, scenario, owner, field)
    if kind == "driver":
        return _home_of_driver(plan, scenario, case, name)
    if key in ("setting/discount_rate", "setting/tax_rate", "setting/start"):
        return Place("setting", "", (name,))
    if key in _CHOICES:
        return Place("setting", "", (_CHOICES[key][0],))
    if key in _WHOLE:
        return Place("setting", "", (_WHOLE[key],))
    if (kind == "fx" and name in plan.fx) or (kind == "measure" and name in plan.measures):
        return Place(kind, "", (name,))
    if kind == "table":
        return _home_in_table(plan, key)
    return None


def texts_for(key: str, old_text: str, old: float, new: float, unit: str) -> list[str]:
    """Texts that may say `new` where `old_text` says `old`, the likeliest first.

    >>> texts_for("driver/price", "1.2M", 1.2e6, 1.3e6, "USD")[0]
    '1.3M'
    >>> texts_for("setting/discount_offset", "middle", 0.5, 1.0, "")
    ['start']
    """
    if key in _CHOICES:
        return [text for value, text in _CHOICES[key][1].items() if value == new]
    if key in _WHOLE:
        return [str(int(new))] if new == int(new) else []
    if key == "setting/start":
        day = _EARLIEST <= new == int(new) < _LATEST
        return [(_FIRST_DAY + dt.timedelta(days=int(new))).isoformat()] if day else []
    plain = number_text(new)
    found = [plain, f"{plain} {unit}".strip(), f"{number_text(new * 100)}%"]
    if old_text and _is_number(old_text):
        found.insert(0, rescaled(old_text, old, new))
    return list(dict.fromkeys(found))


def why_not(place: Place, new: float) -> str:
    """Why no text says a new value there, in one sentence.

    >>> why_not(Place("setting", "", ("fiscal_year_start",)), 13)
    'The first month of a fiscal year is a whole number from 1 to 12.'
    """
    if place.kind == "setting" and place.names[0] in _REFUSED:
        return _REFUSED[place.names[0]]
    return f"{number_text(new)} is no value that the {place.words} can have; see what it may be in the plan."


def literals(text: str) -> list[Number]:
    """The numbers in a formula that stand in a workbook as constants of their own, in order.

    >>> [number.value for number in literals("gpus*1.4*MAX(0, growth-5%)")]
    [1.4, 0.05]
    """
    try:
        parts = [part for part in walk(parse_entry(text)) if isinstance(part, Number)]
    except FormulaError:
        return []
    return [number for number in parts if number.value not in _NEVER_HOISTED]


def with_literal(text: str, number: Number, new: float) -> str:
    """A formula with another value in place of one of its `literals`.

    >>> formula = "gpus*1.4*MAX(0, growth-5%)"
    >>> with_literal(formula, literals(formula)[1], 0.06)
    'gpus*1.4*MAX(0, growth-6%)'
    """
    start, end = number.span
    return text[:start] + rescaled(text[start:end], number.value, new) + text[end:]


def rescaled(text: str, old: float, new: float) -> str:
    """The text of a number with its scale and unit kept.

    >>> rescaled("15 %", 0.15, 0.2), rescaled("282,459.75 USD", 282459.75, 3e5), rescaled("0 k", 0, 5)
    ('20 %', '300000 USD', '5')
    """
    match = _DIGITS.search(text)
    shown = float(_GROUPS.sub("", match[0])) if match else 0.0
    if match is None or not shown or not old:
        return number_text(new)
    return text[: match.start()] + number_text(new / (old / shown)) + text[match.end() :]


def number_text(value: float) -> str:
    """The shortest text of a number that does not change it by more than rounding noise.

    >>> number_text(0.1 + 0.2), number_text(250.0), number_text(1e20), number_text(1 / 3)
    ('0.3', '250', '100000000000000000000', '0.3333333333333333')
    """
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    short = f"{value:.15g}"
    return short if abs(float(short) - value) <= 4e-16 * abs(value) else repr(value)


def _is_number(text: str) -> bool:
    try:
        return isinstance(parse_entry(text), Number)
    except FormulaError:
        return False


def _home_of_driver(plan: Plan, scenario: str, case: str, name: str) -> Place | None:
    """The value laid on top: that of the case, of the nearest scenario in the lineage, or the plan's own."""
    for one in plan.cases:
        if case and one.name == case and (own := _spelt(one.drivers, name)) is not None:
            return Place("case", case, (own,))
    for link in reversed(lineage(plan, scenario)[0]):
        if (own := _spelt(link.drivers, name)) is not None:
            return Place("scenario", link.name, (own,))
    if any(driver.name == name for driver in plan.drivers):
        return Place("driver", "", (name,))
    return None


def _home_of_field(plan: Plan, scenario: str, line: str, field: str) -> Place | None:
    for link in reversed(lineage(plan, scenario)[0]):
        if any(own.name == line for own in link.lines):
            return Place("field", link.name, (line, field))
        if field in link.line_fields.get(line, {}):
            return Place("override", link.name, (line, field))
    return None


def _home_in_table(plan: Plan, key: str) -> Place | None:
    """A key of the graph gives row and column, counted from 1, then the table's name."""
    _, row, column, name = key.split("/", 3)
    for table in plan.tables:
        if table.name == name:
            place = int(row) - 1, int(column) - 1
            words = (table.rows[place[0]][0], table.columns[place[1]])
            return Place("table", "", (name, *words, str(place[0]), str(place[1])))
    return None


def _with_scenario_text(scenario: Scenario, place: Place, text: str) -> Scenario:
    first = place.names[0]
    if place.kind == "scenario":
        return replace(scenario, drivers={**scenario.drivers, first: text})
    if place.kind == "field":
        line = _named(scenario.lines, first)
        line = replace(line, fields={**line.fields, place.names[1]: text})
        return replace(scenario, lines=_exchanged(scenario.lines, first, line))
    fields = {**scenario.line_fields.get(first, {}), place.names[1]: text}
    return replace(scenario, line_fields={**scenario.line_fields, first: fields})


def _with_setting(settings: Settings, name: str, text: str) -> Settings:
    known = getattr(settings, name)
    value: str | int | dt.date = text
    if isinstance(known, dt.date):
        value = dt.date.fromisoformat(text)
    elif isinstance(known, int):
        value = int(text)
    return replace(settings, **{name: value})  # type: ignore[arg-type]


def _with_month(plan: Plan, name: str, month: int, value: float) -> Plan:
    """A series with one month changed; months that only repeated the last value are written out as far as
    needed.
    """
    driver = _named(plan.drivers, name)
    series = list(driver.series)
    held = max(plan.settings.months, month + 1) if month >= len(series) - 1 else len(series)
    series += [series[-1]] * (held - len(series))
    series[month] = value
    return replace(plan, drivers=_exchanged(plan.drivers, name, replace(driver, series=tuple(series))))


def _cell(place: Place) -> tuple[int, int]:
    return int(place.names[3]), int(place.names[4])


def _spelt(values: Mapping[str, str], name: str) -> str | None:
    """The name as the mapping spells it."""
    return next((one for one in values if one.lower() == name.lower()), None)


def _named(items: tuple[_Item, ...], name: str) -> _Item:
    for item in items:
        if getattr(item, "name", None) == name:
            return item
    raise KeyError(name)


def _exchanged(items: tuple[_Item, ...], name: str, new: _Item) -> tuple[_Item, ...]:
    return tuple(new if getattr(item, "name", None) == name else item for item in items)
