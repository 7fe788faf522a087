"""How a number came about: its formula in words and with values, what went into it, and where those came
from.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from desktop_app.engine.compute import ScenarioResult
from desktop_app.engine.formula.printer import number_text, to_text
from desktop_app.engine.formula.syntax import Call, Expression, Number, Ref, Rows, walk
from desktop_app.engine.functions import FUNCTIONS
from desktop_app.engine.graph import Node, inputs_of
from desktop_app.engine.model import CostLine, Source
from desktop_app.engine.scenarios import nearest

_PREFIXES = ("figure", "statement", "driver", "measure", "setting", "time", "check", "fx")


# lines that are named, and amounts that are shown, where many are added up
_MOST_WORDS, _MOST_AMOUNTS = 6, 60


class NothingToExplain(ValueError):
    """There is no such node; the message suggests the nearest."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something that went into a number. `line` is set where it is one cost line's row, `months` holds the
    values of all months where they all went in (None where there is none).
    """

    key: str
    line: str
    label: str
    unit: str
    value: float | None
    source: Source
    sign: int = 1
    months: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one value came about.

    `month` counts from 1, None for a value that does not vary by month. `formula` names the inputs,
    `with_values` shows their values; both are empty for something entered. `parts` are the direct inputs: ask
    for each in turn to go down to the entered values and the quote cells they came from. Where a value over
    all months is made from months, their parts are those of one month and say so, and `with_values` shows
    the first and the last month. It shows a running total as that of the month before and what is added.
    """

    key: str
    line: str
    label: str
    unit: str
    month: int | None
    value: float | None
    formula: str
    with_values: str
    parts: tuple[Part, ...]
    source: Source
    origin: str


def find(result: ScenarioResult, name: str) -> tuple[str, str]:
    """Node key and line of what a person calls a number: "tco", "cash_cost", "gpu_price", "Servers.capex".

    Raises NothingToExplain.
    """
    nodes = result.graph.nodes
    plain = name.strip()
    if plain in nodes:
        return plain, ""
    lowered = {key.lower(): key for key in nodes}
    for prefix in _PREFIXES:
        if f"{prefix}/{plain.lower()}" in lowered:
            return lowered[f"{prefix}/{plain.lower()}"], ""
    if f"category/{plain.lower()}/cash_cost" in lowered:
        return lowered[f"category/{plain.lower()}/cash_cost"], ""
    line, _, row = plain.rpartition(".")
    found = result.graph.line_node(line, row.lower())
    if found is not None:
        return found[0].key, line
    known = {key.split("/", 1)[1] for key in nodes if key.split("/")[0] in _PREFIXES and key.count("/") == 1}
    lines = {
        f"{one}.{key.split('/')[1]}"
        for one, (block, _) in result.graph.line_places.items()
        for key in _rows(result, block)
    }
    raise NothingToExplain(f"There is no number called “{name}”.{nearest(plain, known | lines)}")


def _rows(result: ScenarioResult, block: str) -> tuple[str, ...]:
    return next(one.rows + one.fields for one in result.graph.blocks if one.key == block)


def explain(result: ScenarioResult, key: str, month: int | None = None, line: str = "") -> Explanation:
    """How the value of a node, of one line of it and in one month (the first by default), came about.

    Raises NothingToExplain for a scenario without results, or a key, a line or a month that is not there.
    """
    if result.program is None:
        raise NothingToExplain(f"“{result.name}” has no figures: mend its errors first.")
    node = result.graph.nodes.get(key)
    if node is None:
        raise NothingToExplain(f"There is no number with the key “{key}”.")
    if month is not None and not 1 <= month <= result.program.months:
        raise NothingToExplain(f"There is no month {month}: the plan has {result.program.months}.")
    if line and node.lines and line not in node.lines:
        raise NothingToExplain(f"“{line}” has no {node.label}.{nearest(line, node.lines)}")
    place = node.lines.index(line) if line in node.lines else 0
    owner = node.lines[place] if node.lines else ""
    at = month or 1
    expression: Expression | None = node.items[place] if node.items else node.expression
    if node.is_input or isinstance(expression, Number):
        expression = None
    reader = _Reader(result, at, owner, node.monthly)
    if at > 1 and node.monthly:
        reader = replace(reader, before=reader.value(key, month=at - 1) or 0.0)
    formula = with_values = ""
    parts: tuple[Part, ...] = ()
    if isinstance(expression, Rows):
        parts = reader.rows(expression)
        formula, with_values = _sum(parts)
    elif expression is not None:
        formula = to_text(expression, reader.label)
        with_values = _in_calls_ungrouped(to_text(reader.dated(expression), reader.number))
        parts = tuple(reader.part(one) for one in _direct(node, expression))
    return Explanation(
        key,
        owner,
        f"{owner}: {node.label}" if owner else node.label,
        node.unit,
        at if node.monthly else None,
        reader.value(key),
        formula,
        with_values,
        parts,
        _source(result, node, owner),
        f"line {owner}" if owner else node.origin,
    )


def _sum(parts: tuple[Part, ...]) -> tuple[str, str]:
    """A sum over cost lines, in words and with values."""
    words = " + ".join(dict.fromkeys(part.label for part in parts))
    if len(parts) > _MOST_WORDS:
        words = f"Sum of {len(parts)} cost lines"
    amounts = [number_text(part.sign * (part.value or 0.0)) for part in parts]
    return words or "No cost line", " + ".join(amounts) if len(parts) <= _MOST_AMOUNTS else ""


# Stands between the months and the key of what is read over several months.
_TO = "\x1e"
# Stands for the comma between thousands until it is known whether the number is an argument.
_GROUP = "\x1f"


def _figures(value: float) -> str:
    """A number as people write it, to at least six figures, so that what is shown can be reckoned again."""
    if 1e-4 <= abs(value) < 1:
        return f"{value:.6g}"
    return number_text(value).replace(",", _GROUP)


def _in_calls_ungrouped(text: str) -> str:
    """Thousands apart, but not among the arguments of a function, where a comma is between two of them."""
    calls: list[bool] = []
    shown = []
    for place, sign in enumerate(text):
        if sign == "(":
            calls.append(text[:place][-1:].isalnum() or (bool(calls) and calls[-1]))
        elif sign == ")" and calls:
            calls.pop()
        if sign == _GROUP:
            sign = "" if calls and calls[-1] else ","
        shown.append(sign)
    return "".join(shown)


def _direct(node: Node, expression: Expression) -> list[str]:
    if not node.items:
        # which month it is goes without saying
        return [key for key in inputs_of(node) if key != "time/month"]
    return list(dict.fromkeys(part.key for part in walk(expression) if isinstance(part, Ref)))


def _line(result: ScenarioResult, name: str) -> CostLine | None:
    found = result.graph.line_places.get(name)
    if found is None:
        return None
    return next(block.lines[found[1]] for block in result.graph.blocks if block.key == found[0])


def _source(result: ScenarioResult, node: Node, line: str) -> Source:
    owner = _line(result, line) if node.lines else None
    return owner.source if owner is not None else node.source


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads labels and values for one month and one line."""

    result: ScenarioResult
    month: int
    line: str
    by_month: bool
    before: float = 0.0

    def value(self, key: str, line: str | None = None, month: int | None = None) -> float | None:
        assert self.result.program is not None
        node = self.result.graph.nodes[key]
        value = self.result.program.value(key)
        name = self.line if line is None else line
        place = node.lines.index(name) if name in node.lines else 0
        row = value[0, min(place, value.shape[1] - 1)]
        number = float(row[min(month or self.month, len(row)) - 1])
        return number if np.isfinite(number) else None

    def label(self, key: str) -> str:
        return self.result.graph.nodes[key].label

    def dated(self, expression: Expression) -> Expression:
        """The formula with its months: a running total as that of the month before and what is added, an
        earlier value as the one of its month, and what reads several months with the first and the last.
        """
        if not isinstance(expression, Call) or not self.by_month:
            return expression
        function, args = FUNCTIONS[expression.function], [self.dated(arg) for arg in expression.args]
        if expression.function == "CUMSUM":
            return Call("+", (Number(self.before), args[0]))
        for place, arg in enumerate(args):
            if function.argument(place).series and isinstance(arg, Ref):
                earlier = self._earlier(args) if expression.function == "LAG" else None
                args[place] = Ref(
                    f"{1 if earlier is None else earlier}{_TO}{earlier or self.month}{_TO}{arg.key}"
                )
        return Call(expression.function, tuple(args), expression.span)

    def _earlier(self, args: list[Expression]) -> int | None:
        """The month that a lag reads, 0 before the first."""
        months = self._reckoned(args[1])
        return None if months is None else max(0, self.month - max(1, int(months)))

    def _reckoned(self, expression: Expression) -> float | None:
        """A number of months that may be a small formula."""
        if isinstance(expression, Number):
            return expression.value
        if isinstance(expression, Ref):
            return self.value(expression.key)
        if not isinstance(expression, Call) or FUNCTIONS[expression.function].uses:
            return None
        found = [self._reckoned(arg) for arg in expression.args]
        known = [np.full((1, 1, 1), number) for number in found if number is not None]
        if len(known) < len(found):
            return None
        return float(FUNCTIONS[expression.function].numpy(*known).flat[0])

    def number(self, key: str) -> str:
        first, mark, rest = key.partition(_TO)
        if mark:
            last, _, key = rest.partition(_TO)
            if int(last) == 0:
                return "0"
            ends = [self._text(key, int(first)), self._text(key, int(last))]
            return ends[0] if first == last else " … ".join(ends)
        if not self._is_one_of_many(key):
            return self._text(key, self.month)
        return f"{self._text(key, 1)} … {self._text(key, self._months(key))}"

    def part(self, key: str) -> Part:
        node = self.result.graph.nodes[key]
        line = self.line if self.line in node.lines else ""
        label = node.label
        months: tuple[float | None, ...] = ()
        if self._is_one_of_many(key):
            label = f"{label}, month {self.month} of {self._months(key)}"
            months = tuple(self.value(key, month=month) for month in range(1, self._months(key) + 1))
        source = _source(self.result, node, line)
        return Part(key, line, label, node.unit, self.value(key), source, months=months)

    def _is_one_of_many(self, key: str) -> bool:
        """Whether what is explained is made from all months of this node."""
        return not self.by_month and self.result.graph.nodes[key].monthly and self._months(key) > 1

    def _months(self, key: str) -> int:
        assert self.result.program is not None
        return int(self.result.program.value(key).shape[-1])

    def _text(self, key: str, month: int) -> str:
        value = self.value(key, month=month)
        if value is None:
            return "n/a"
        if self.result.graph.nodes[key].unit == "%":
            return f"{_figures(value * 100)}%"
        return _figures(value)

    def rows(self, expression: Rows) -> tuple[Part, ...]:
        """The lines that went in, largest first; those that add nothing in this month are left out."""
        parts = []
        for term in expression.terms:
            node = self.result.graph.nodes[term.key]
            for place in term.lines:
                name = node.lines[place]
                value = self.value(term.key, name)
                if value:
                    parts.append(
                        Part(
                            term.key,
                            name,
                            f"{name}: {node.label}",
                            node.unit,
                            value,
                            _source(self.result, node, name),
                            term.sign,
                        )
                    )
        return tuple(sorted(parts, key=lambda part: -abs(part.value or 0.0)))
