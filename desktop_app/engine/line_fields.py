"""The fields of a cost line: texts to expressions, with their units, choices and currency checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop_app.engine.formula.entry import parse_entry
from desktop_app.engine.formula.parser import FormulaError
from desktop_app.engine.formula.syntax import Call, Number, Span
from desktop_app.engine.functions import FUNCTIONS
from desktop_app.engine.kinds import KINDS, Field, Kind, Shape
from desktop_app.engine.kinds.running import INTERVALS, ONCE
from desktop_app.engine.lowering import Typed, mismatch
from desktop_app.engine.model import CostLine
from desktop_app.engine.problems import Problem
from desktop_app.engine.scenarios import nearest
from desktop_app.engine.units import CURRENCIES, NUMBER, Unit, UnknownUnit, currency_of, money

if TYPE_CHECKING:
    from desktop_app.engine.compile import Compiler


@dataclass(frozen=True, slots=True)
class ReadyLine:
    """A line with its fields lowered."""

    line: CostLine
    shape: Shape
    items: dict[str, Typed]

    @property
    def entered(self) -> bool:
        """True if all is entered as numbers: such lines are computed once, however many trials there are."""
        return all(isinstance(item.expression, Number) for item in self.items.values())


class FieldReader:
    """Reads the fields of cost lines for one compiler, to which problems inside a field are reported."""

    def __init__(self, compiler: Compiler) -> None:
        self.compiler = compiler

    def read(self, line: CostLine) -> ReadyLine:
        """The line with every field lowered and every price in one currency. Raises Problem."""
        kind = KINDS[line.kind]
        known = {field.name for field in kind.fields}
        for name in line.fields:
            if name not in known:
                raise Problem(
                    "unknown-field",
                    f"A line of kind {kind.name} has no field “{name}”.{nearest(name, known)}",
                )
        items: dict[str, Typed] = {}
        choices: dict[str, str] = {}
        given: set[str] = set()
        for field in kind.fields:
            text = line.fields.get(field.name, "").strip() or (field.default or "")
            if field.unit == "choice":
                choices[field.name] = self._choice(field, text)
            elif text:
                items[field.name] = self._lower(line, field, text)
                given.add(field.name)
            elif field.default is None:
                raise Problem("missing-field", f"{field.label} is missing.")
        if choices.get("every") == ONCE and not line.fields.get("months", "").strip():
            raise Problem("missing-field", "A cost billed for its whole term needs the number of months.")
        for field in kind.fields:
            if field.like and field.name in items:
                items[field.name] = self._alike(line, field, items)
        if choices.get("standard") == "plan":
            choices["standard"] = self.compiler.plan.settings.lease_standard
        self._check(line, kind, items, choices, given)
        relevant = tuple(sorted((name, choice) for name, choice in choices.items() if name != "currency"))
        return ReadyLine(line, Shape(frozenset(given), relevant), items)

    def _choice(self, field: Field, text: str) -> str:
        value = text if not field.choices else text.lower().replace(" ", "_")
        if field.choices and value not in field.choices:
            raise Problem("bad-choice", f"{field.label} is one of {', '.join(field.choices)}, not “{text}”.")
        return value

    def _lower(self, line: CostLine, field: Field, text: str) -> Typed:
        where = f"line {line.name}, {field.label.lower()}"
        try:
            parsed = parse_entry(text)
            lowering = self.compiler.lowering(
                f"line/{line.name}/{field.name}", f"{line.name}: {field.label.lower()}", "Cost lines"
            )
            typed = lowering.lower(parsed)
            if field.unit in ("1", "month"):
                wanted = NUMBER if field.unit == "1" else _MONTH
                if typed.unit is not None and not typed.unit.like(NUMBER):
                    typed = lowering.converted(typed, wanted, (0, len(text)))
                typed = _checked(field, typed, (0, len(text)))
            elif field.steady:
                typed = _checked(field, typed, (0, len(text)))
            if isinstance(typed.expression, Call) and FUNCTIONS[typed.expression.function].own_row:
                typed = lowering.on_own_row(typed, typed.monthly)
            return typed
        except (Problem, FormulaError, UnknownUnit) as problem:
            self.compiler.report(problem, where, text)
            raise Problem("reported", "") from problem

    def _alike(self, line: CostLine, field: Field, items: dict[str, Typed]) -> Typed:
        """A quantity in the unit of the one that it is held against."""
        own, other = items[field.name], items[field.like].unit
        if own.unit is None or other is None:
            return own
        if not own.unit.like(other):
            raise Problem(
                "unit-mismatch",
                f"{field.label} is in {own.unit.words}, but {field.like.replace('_', ' ')} in {other.words}."
                f" {mismatch(own.unit, other)}",
            )
        lowering = self.compiler.lowering(
            f"line/{line.name}/{field.name}/unit", f"{line.name}: {field.label.lower()}", "Cost lines"
        )
        return lowering.converted(own, other, (0, 0))

    def _check(
        self, line: CostLine, kind: Kind, items: dict[str, Typed], choices: dict[str, str], given: set[str]
    ) -> None:
        """Prices times what they are prices of must be money; brings every price into the line's currency."""
        own = self.compiler.plan.settings.currency
        currency = choices.get("currency", "").upper() or own
        if currency not in CURRENCIES:
            raise Problem("unknown-currency", f"“{currency}” is not the ISO code of a currency.")
        priced = [field for field in kind.fields if field.unit.startswith("money") and field.name in items]
        found = {
            c for field in priced if (unit := items[field.name].unit) is not None and (c := currency_of(unit))
        }
        if choices.get("currency"):
            found.add(currency)
        if len(found) > 1:
            raise Problem(
                "several-currencies",
                f"This line has prices in {' and '.join(sorted(found))}: make one line for each.",
            )
        currency = next(iter(found), currency)
        for field in priced:
            period = choices["every"] if field.period == "every" else field.period
            months = INTERVALS.get(period, 0)
            items[field.name] = self._price(line, field, items, money(currency), months)
        if currency != own:
            items["fx"] = self.compiler.exchange_rate(currency)
            given.add("fx")

    def _price(
        self, line: CostLine, field: Field, items: dict[str, Typed], wanted: Unit, months: int
    ) -> Typed:
        """A price as money for one of what is counted, and for the whole period of so many months that it is
        charged for (0: a single amount).
        """
        price = items[field.name]
        counted = items.get(field.per) if field.unit == "money/quantity" else None
        if price.unit is None:
            return price
        counted_unit = (counted.unit or NUMBER) if counted else NUMBER
        typed_there = isinstance(price.expression, Number) and currency_of(price.unit.plain[0])
        if counted_unit != NUMBER and typed_there and not _counts(price.unit, counted_unit):
            # "$100" typed as a unit price is for one, whatever is counted; a driver says what it is for
            price = replace(price, unit=price.unit / counted_unit)
        assert price.unit is not None
        product, size = (price.unit * counted_unit).plain
        targets = [(wanted, 1)]
        if months:
            targets.append((wanted / _MONTH, months))
        if months == INTERVALS["year"]:
            targets.append((wanted / _YEAR, 1))
        found = next(((unit, times) for unit, times in targets if product.like(unit)), None)
        if found is None:
            what = f" times {field.per.replace('_', ' ')} in {counted_unit.words}" if counted else ""
            raise Problem(
                "unit-mismatch",
                f"{field.label} in {price.unit.words}{what} gives {product.words}, which is no amount in"
                f" {wanted}. {mismatch(product, wanted)}",
            )
        target, times = found
        scale = size * product.factor / target.factor * times
        if scale == 1:
            return price
        lowering = self.compiler.lowering(
            f"line/{line.name}/{field.name}/unit", f"{line.name}: {field.label.lower()}", "Cost lines"
        )
        whole = product.words
        if whole == target.words:
            # the units differ only in a scale that cancels, such as watts times kilowatts
            whole = f"{price.unit.words} times {counted_unit.words}"
        label = f"{target.words} in one {whole}" + (f", for {times} months" if times > 1 else "")
        key = f"conversion/{price.unit} times {counted_unit} to {wanted} for {times}"
        return lowering.scaled(replace(price, unit=wanted / counted_unit), scale, key, label)


def _base(name: str) -> Unit:
    return Unit(((name, 1),), ((name, 1),), 1.0)


_MONTH, _YEAR = _base("month"), _base("year")


def _counts(price: Unit, counted: Unit) -> bool:
    """True if a price is for some of what is counted: they share a dimension other than time."""
    times = {name for unit in (_MONTH, _YEAR) for name, _ in unit.dimension} | {"hour"}
    return bool({name for name, _ in price.dimension} & {name for name, _ in counted.dimension} - times)


def _checked(field: Field, typed: Typed, span: Span) -> Typed:
    """What a field of months, or one that is the same throughout, must be."""
    if typed.monthly and (field.steady or field.unit == "month"):
        raise Problem(
            "varies-by-month",
            f"{field.label} must be one value for the whole plan; this varies by month.",
            span,
        )
    if field.unit != "month":
        return typed
    if not isinstance(typed.expression, Number):
        return replace(typed, expression=Call("ROUND", (typed.expression, Number(0))))
    months = typed.expression.value
    if months != int(months) or months < field.least:
        raise Problem(
            "bad-months",
            f"{field.label} must be a whole number of months, at least {field.least}, not {months:g}.",
            span,
        )
    return typed
