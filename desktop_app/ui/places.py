"""Where an issue points, so that the window can go there."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from desktop_app.engine.model import Plan

DRIVER, LINE, SETTING, QUOTE, FIGURE, OTHER = "driver", "line", "setting", "quote", "figure", "other"


@dataclass(frozen=True, slots=True)
class Place:
    """A thing of the plan: a driver, a cost line with one of its fields, a setting, a quote with a cell."""

    kind: str
    name: str = ""
    field: str = ""


def line_names(plan: Plan) -> frozenset[str]:
    """Names of all cost lines."""
    return frozenset(line.name for scenario in plan.scenarios for line in scenario.lines)


def place_of(where: str, lines: Set[str] = frozenset()) -> Place:
    """The place that the words of an Issue name; `lines` are known names, since a name may hold a comma.

    >>> place_of("driver gpus")
    Place(kind='driver', name='gpus', field='')
    >>> place_of("line Racks, cables, unit price", {"Racks, cables"})
    Place(kind='line', name='Racks, cables', field='unit price')
    >>> place_of("Own servers: line Racks").name
    'Racks'
    """
    word, _, rest = where.partition(" ")
    match word:
        case "driver":
            return Place(DRIVER, rest)
        case "line":
            return _line(rest, lines)
        case "setting" | "exchange" | "measure":
            return Place(SETTING, rest)
        case "figure" | "check":
            return Place(FIGURE, rest)
        case "quote":
            return Place(QUOTE, rest)
    _, found, line = where.partition(": line ")
    if found:
        return _line(line, lines)
    return Place(LINE, where) if where in lines else Place(OTHER, where)


def _line(rest: str, lines: Set[str]) -> Place:
    name, field = rest, ""
    while name not in lines and ", " in name:
        name = name.rpartition(", ")[0]
        field = rest[len(name) + 2 :]
    return Place(LINE, name, field)
