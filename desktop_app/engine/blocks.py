"""Cost lines to blocks: lines of one shape share their rows and are evaluated together."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from desktop_app.engine.formula.entry import parse_entry
from desktop_app.engine.formula.parser import FormulaError, parse
from desktop_app.engine.formula.syntax import (
    Call,
    Expression,
    Name,
    Number,
    Ref,
    Rows,
    Span,
    Term,
    Text,
    walk,
)
from desktop_app.engine.functions import FUNCTIONS
from desktop_app.engine.graph import Block, Node, inputs_of
from desktop_app.engine.kinds import KINDS, Field, Kind, Shape
from desktop_app.engine.kinds.running import INTERVALS, ONCE
from desktop_app.engine.lowering import Lowering, Problem, Typed, mismatch
from desktop_app.engine.model import CostLine
from desktop_app.engine.scenarios import nearest
from desktop_app.engine.units import CURRENCIES, NUMBER, Unit, UnknownUnit, currency_of, money

if TYPE_CHECKING:
    from desktop_app.engine.compile import Compiler

TOTALS = (
    "capex",
    "opex",
    "people",
    "depreciation",
    "net_book_value",
    "operating_expense",
    "proceeds",
    "retired",
)

OTHER_VERSION = "\u241f"


@dataclass(frozen=True, slots=True)
class _Ready:
    """A line with its fields lowered."""

    line: CostLine
    shape: Shape
    items: dict[str, Typed]

    @property
    def entered(self) -> bool:
        """True if all is entered as numbers: such lines are computed once, however many trials there are."""
        return all(isinstance(item.expression, Number) for item in self.items.values())


@lru_cache(maxsize=512)
def _template(kind: str, shape: Shape) -> tuple[tuple[str, str, str, Expression], ...]:
    return tuple((row.name, row.label, row.unit, parse(row.formula)) for row in KINDS[kind].rows(shape))


_NAMES = re.compile(r"[^\W\d]")


@lru_cache(maxsize=16384)
def names_and_totals(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names in a formula, and the categories or lines whose totals it reads, in lower case."""
    names: set[str] = set()
    totals: set[str] = set()
    try:
        parsed = parse_entry(text)
    except FormulaError:
        return frozenset(), frozenset()
    for part in walk(parsed):
        if isinstance(part, Name):
            names.add(part.name.lower())
        elif isinstance(part, Call) and part.function == "TOTAL" and len(part.args) == 2:
            group = part.args[1]
            if isinstance(group, Text):
                totals.add(group.value.lower())
    return frozenset(names), frozenset(totals)


def _groups_of(line: CostLine) -> set[str]:
    """What a TOTAL can call the line by."""
    return {line.category.lower(), plain_name(line)}


class LineCompiler:
    """Compiles cost lines level by level, since a line may be a share of the total of others."""

    def __init__(self, compiler: Compiler, presence: Mapping[str, Expression]) -> None:
        self.compiler = compiler
        self.presence = presence
        self.done: list[Block] = []
        self.totals_read: dict[str, frozenset[str]] = {}
        # by category and by name: lines whose amounts are not known yet
        self.waiting: dict[str, set[str]] = defaultdict(set)
        for line in compiler.resolved.lines:
            for group in _groups_of(line):
                self.waiting[group].add(line.name)

    def compile(self, lines: Iterable[CostLine]) -> list[Block]:
        """Blocks of all lines that could be compiled, in computing order; the others are reported."""
        usable = [line for line in lines if self._known(line)]
        levels = self._order(usable)
        for level in sorted(set(levels.values())):
            shapes: dict[tuple[str, Shape, bool], list[_Ready]] = defaultdict(list)
            for line in usable:
                if levels.get(line.name) != level:
                    continue
                try:
                    ready = self._fields(line)
                    shapes[line.kind, ready.shape, ready.entered].append(ready)
                except Problem as problem:
                    self._break(line, problem)
            for (kind, shape, _), members in shapes.items():
                self._block(KINDS[kind], shape, members)
                for member in members:
                    self._settle(member.line)
        return self.done

    def _settle(self, line: CostLine) -> None:
        for group in _groups_of(line):
            self.waiting[group].discard(line.name)

    def _known(self, line: CostLine) -> bool:
        if line.kind in KINDS:
            return True
        message = f"“{line.kind}” is no kind of cost line.{nearest(line.kind, KINDS)}"
        self._break(line, Problem("unknown-kind", message))
        return False

    def _break(self, line: CostLine, problem: Problem) -> None:
        self.compiler.broken.add(f"line/{line.name}")
        self._settle(line)
        if str(problem):
            self.compiler.report(problem, f"line {line.name}")

    def _order(self, lines: list[CostLine]) -> dict[str, int]:
        """Level of each line: above those of every line whose total it reads."""
        members: dict[str, list[CostLine]] = defaultdict(list)
        for line in lines:
            for group in _groups_of(line):
                members[group].append(line)
        levels: dict[str, int] = {}
        for start in lines:
            path = [start]
            on_path = {start.name: 0}
            while path:
                line = path[-1]
                below = [one for group in self._reads(line) for one in members.get(group, ())]
                ring = next((one for one in below if one.name in on_path), None)
                if ring is not None and line.name not in levels:
                    names = " → ".join(one.name for one in [*path[on_path[ring.name] :], ring])
                    self._break(
                        line, Problem("circular", f"These totals depend on each other in a circle: {names}.")
                    )
                    levels[line.name] = 0
                todo = next((one for one in below if one.name not in levels), None)
                if todo is None or line.name in levels:
                    levels.setdefault(line.name, max((levels[one.name] for one in below), default=-1) + 1)
                    del on_path[line.name]
                    path.pop()
                else:
                    on_path[todo.name] = len(path)
                    path.append(todo)
        return {name: level for name, level in levels.items() if f"line/{name}" not in self.compiler.broken}

    def _reads(self, line: CostLine) -> frozenset[str]:
        """Categories and lines whose totals a line reads, also through drivers."""
        found: set[str] = set()
        for text in line.fields.values():
            if "(" in text or _NAMES.search(text):
                found |= self._totals_in(text)
        return frozenset(found)

    def _totals_in(self, text: str) -> frozenset[str]:
        if text in self.totals_read:
            return self.totals_read[text]
        found: set[str] = set()
        seen: set[str] = set()
        texts = [text]
        while texts:
            names, groups = names_and_totals(texts.pop())
            found |= groups
            for name in names - seen:
                seen.add(name)
                if name in self.compiler.drivers:
                    texts.append(self.compiler.drivers[name].value)
        self.totals_read[text] = frozenset(found)
        return self.totals_read[text]

    def total(self, statement: str, group: str, span: Span) -> Typed:
        """TOTAL(statement, category or line). Raises Problem."""
        if statement not in TOTALS:
            raise Problem(
                "unknown-statement",
                f"There is no total of “{statement}”.{nearest(statement, TOTALS)}"
                f" Known are {', '.join(TOTALS)}.",
                span,
            )
        wanted = group.lower()
        if wanted not in self.waiting:
            known = {name for line in self.compiler.resolved.lines for name in (line.category, line.name)}
            raise Problem(
                "unknown-category", f"There is no category or line “{group}”.{nearest(group, known)}", span
            )
        if self.waiting[wanted]:
            raise Problem("circular", f"The total of “{group}” is itself computed from this.", span)
        terms = feed_terms(self.done, statement, lambda line: wanted in _groups_of(line))
        key = f"total/{group}/{statement}"
        currency = self.compiler.plan.settings.currency
        expression: Expression = Rows(terms) if terms else Call("*", (Number(0), Ref("time/month")))
        self.compiler.add(
            Node(
                key,
                f"{statement.replace('_', ' ').capitalize()} of {group}",
                currency,
                True,
                "Cost lines",
                expression,
                origin=f"total of {group}",
            )
        )
        return Typed(Ref(key), money(currency), True)

    # fields

    def _fields(self, line: CostLine) -> _Ready:
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
        return _Ready(line, Shape(frozenset(given), relevant), items)

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
        label = f"{target.words} in one {product.words}" + (f", for {times} months" if times > 1 else "")
        key = f"conversion/{price.unit} times {counted_unit} to {wanted} for {times}"
        return lowering.scaled(replace(price, unit=wanted / counted_unit), scale, key, label)

    # blocks

    def _block(self, kind: Kind, shape: Shape, members: list[_Ready]) -> None:
        compiler = self.compiler
        key = f"block{len(self.done) + 1}"
        names = tuple(member.line.name for member in members)
        currency = compiler.plan.settings.currency
        local: dict[str, Typed] = {}
        fields: list[str] = []
        declared = {field.name: field for field in kind.fields}
        for name in [
            *(field.name for field in kind.fields if field.name in shape.given),
            *(("fx",) if shape.has("fx") else ()),
        ]:
            items = [member.items[name] for member in members]
            monthly = any(item.monthly for item in items)
            label = declared[name].label if name in declared else "Exchange rate"
            units = {str(item.unit) for item in items if item.unit is not None}
            unit = units.pop() if len(units) == 1 else ""
            node_key = f"{key}/{name}"
            compiler.add(
                Node(
                    node_key,
                    label,
                    unit,
                    monthly,
                    "Cost lines",
                    items=tuple(item.expression for item in items),
                    lines=names,
                    origin=kind.name,
                )
            )
            local[name] = Typed(Ref(node_key), None, monthly)
            fields.append(node_key)

        def resolve(name: Name) -> Typed:
            if name.name in local:
                return local[name.name]
            node_key = name.name.replace(".", "/", 1)
            return Typed(Ref(node_key), None, compiler.nodes[node_key].monthly)

        rows: list[str] = []
        table = dict(shape.choices).get("tax_table", "")
        for name, label, unit, formula in _template(kind.name, shape):
            node_key = f"{key}/{name}"
            lowering = Lowering(
                node_key,
                label,
                "Cost lines",
                resolve,
                compiler.add,
                tables=compiler.tables,
                tax_table=table,
                lines=names,
                check_units=False,
                hoist_numbers=False,
            )
            try:
                typed = lowering.lower(formula)
            except Problem as problem:
                for member in members:
                    self._break(member.line, problem)
                return
            compiler.add(
                Node(
                    node_key,
                    label,
                    _row_unit(unit, currency, compiler, key),
                    typed.monthly,
                    "Cost lines",
                    typed.expression,
                    lines=names,
                    origin=kind.name,
                )
            )
            local[name] = Typed(Ref(node_key), None, typed.monthly)
            rows.append(node_key)
        read = {reference for row in rows for reference in inputs_of(compiler.nodes[row])}
        for unread in [
            field for field in fields if field not in read and not self._read_by_parts(field, key)
        ]:
            del compiler.nodes[unread]
            fields.remove(unread)
        shares = self._shares(key, names)
        feeds = tuple(
            (statement, tuple((sign, shares(f"{key}/{row}")) for sign, row in terms))
            for statement, terms in kind.feeds(shape).items()
        )
        self.done.append(
            Block(key, kind.name, tuple(member.line for member in members), tuple(fields), tuple(rows), feeds)
        )

    def _shares(self, block: str, lines: tuple[str, ...]) -> Callable[[str], str]:
        """The node that a row feeds statements through: the row itself, or as far as its line is present."""
        if not any(line in self.presence for line in lines):
            return lambda row: row
        share = f"{block}/presence"
        items = tuple(self.presence.get(line, Number(1)) for line in lines)
        self.compiler.add(Node(share, "Present", "", False, "Cost lines", items=items, lines=lines))

        def present(row: str) -> str:
            node = self.compiler.nodes[row]
            product = Call("*", (Ref(row), Ref(share)))
            self.compiler.add(replace(node, key=f"{row}/present", expression=product))
            return f"{row}/present"

        return present

    def _read_by_parts(self, field: str, block: str) -> bool:
        parts = (
            node
            for key, node in self.compiler.nodes.items()
            if key.startswith(f"{block}/") and "/part" in key
        )
        return any(field in inputs_of(part) for part in parts)


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


def _row_unit(unit: str, currency: str, compiler: Compiler, block: str) -> str:
    if unit == "money":
        return currency
    if unit in ("1", "month"):
        return "" if unit == "1" else unit
    node = compiler.nodes.get(f"{block}/{unit}")
    return node.unit if node else ""


def plain_name(line: CostLine) -> str:
    """A line's name in lower case, without the mark that sets two versions of one line apart in a bridge."""
    return line.name.removesuffix(OTHER_VERSION).lower()


def feed_terms(
    blocks: Iterable[Block], statement: str, chosen: Callable[[CostLine], bool] | None = None
) -> tuple[Term, ...]:
    """The block rows that feed a statement, for all lines or those for which `chosen(line)` is true."""
    terms = []
    for block in blocks:
        feeds = next((terms for name, terms in block.feeds if name == statement), ())
        if not feeds:
            continue
        places = (
            tuple(range(len(block.lines)))
            if chosen is None
            else tuple(place for place, line in enumerate(block.lines) if chosen(line))
        )
        if places:
            terms += [Term(row, places, sign) for sign, row in feeds]
    return tuple(terms)


def _base(name: str) -> Unit:
    return Unit(((name, 1),), ((name, 1),), 1.0)


_MONTH, _YEAR = _base("month"), _base("year")
