"""Where an issue points, so that the window can go there."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.engine.model import Plan

DRIVER, LINE, SETTING, QUOTE, FIGURE, OTHER = "driver", "line", "setting", "quote", "figure", "other"


@dataclass(frozen=True, slots=True)
class Place:
    """A thing of the plan: a driver, a cost line with one of its fields, a setting, a quote with a cell."""

    kind: str
    name: str = ""
    field: str = ""


def place_of(where: str, plan: Plan) -> Place:
    """The place that the words of an Issue name.

    >>> from desktop_app.engine.model import Driver, Plan
    >>> place_of("driver gpus", Plan("t", drivers=(Driver("gpus", "GPU", "8"),)))
    Place(kind='driver', name='gpus', field='')
    >>> place_of("line Servers, unit price", Plan("t"))
    Place(kind='line', name='Servers', field='unit price')
    """
    word, _, rest = where.partition(" ")
    match word:
        case "driver":
            return Place(DRIVER, rest)
        case "line":
            return _line(rest, plan)
        case "setting" | "exchange" | "measure":
            return Place(SETTING, rest)
        case "figure" | "check":
            return Place(FIGURE, rest)
    names = {line.name for scenario in plan.scenarios for line in scenario.lines}
    return Place(LINE, where) if where in names else Place(OTHER, where)


def _line(rest: str, plan: Plan) -> Place:
    """A name may hold a comma itself, so names of the plan are tried first, the longest first."""
    names = sorted(
        {line.name for scenario in plan.scenarios for line in scenario.lines}, key=len, reverse=True
    )
    for name in names:
        if rest == name:
            return Place(LINE, name)
        if rest.startswith(f"{name}, "):
            return Place(LINE, name, rest[len(name) + 2 :])
    name, _, field = rest.partition(", ")
    return Place(LINE, name, field)
