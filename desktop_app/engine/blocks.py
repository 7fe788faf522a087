"""Cost lines to blocks: lines of one shape share their rows and are evaluated together."""

from __future__ import annotations

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
from desktop_app.engine.issues import error
from desktop_app.engine.kinds import KINDS, Field, Kind, Shape
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


@lru_cache(maxsize=512)
def _template(kind: str, shape: Shape) -> tuple[tuple[str, str, str, Expression], ...]:
    return tuple((row.name, row.label, row.unit, parse(row.formula)) for row in KINDS[kind].rows(shape))


class LineCompiler:
    """Compiles cost lines level by level, since a line may be a share of the total of others."""

    def __init__(self, compiler: Compiler, presence: Mapping[str, Expression]) -> None:
        self.compiler = compiler
        self.presence = presence
        self.done: list[Block] = []
        self.levels: dict[str, int] = {}

    def compile(self, lines: Iterable[CostLine]) -> list[Block]:
        """Blocks of all lines that could be compiled, in computing order; the others are reported."""
        usable = [line for line in lines if self._known(line)]
        levels = self._order(usable)
        for level in sorted(set(levels.values())):
            shapes: dict[tuple[str, Shape], list[_Ready]] = defaultdict(list)
            for line in usable:
                if levels.get(line.name) != level:
                    continue
                try:
                    ready = self._fields(line)
                    shapes[(line.kind, ready.shape)].append(ready)
                except Problem as problem:
                    self._break(line, problem)
            for (kind, shape), members in shapes.items():
                self._block(KINDS[kind], shape, members)
        return self.done

    def _known(self, line: CostLine) -> bool:
        if line.kind in KINDS:
            return True
        message = f"“{line.kind}” is no kind of cost line.{nearest(line.kind, KINDS)}"
        self.compiler.issues.append(error("unknown-kind", f"line {line.name}", message))
        self.compiler.broken.add(f"line/{line.name}")
        return False

    def _break(self, line: CostLine, problem: Problem) -> None:
        self.compiler.broken.add(f"line/{line.name}")
        if str(problem):
            self.compiler.report(problem, f"line {line.name}")

    def _order(self, lines: list[CostLine]) -> dict[str, int]:
        """Level of each line: above those of every line whose total it reads."""
        members: dict[str, list[CostLine]] = defaultdict(list)
        for line in lines:
            for group in {line.category.lower(), plain_name(line)}:
                members[group].append(line)
        levels: dict[str, int] = {}
        under_way: list[str] = []

        def level(line: CostLine) -> int:
            if line.name in levels:
                return levels[line.name]
            if line.name in under_way:
                ring = " → ".join([*under_way[under_way.index(line.name) :], line.name])
                raise Problem("circular", f"These totals depend on each other in a circle: {ring}.")
            under_way.append(line.name)
            try:
                below = [level(member) for group in self._groups(line) for member in members.get(group, ())]
            finally:
                under_way.pop()
            levels[line.name] = max(below, default=-1) + 1
            return levels[line.name]

        for line in lines:
            try:
                level(line)
            except Problem as problem:
                self._break(line, problem)
        return levels

    def _groups(self, line: CostLine) -> set[str]:
        """Categories and lines whose totals a line reads, also through drivers."""
        found: set[str] = set()
        seen: set[str] = set()
        texts = list(line.fields.values())
        while texts:
            text = texts.pop()
            if not any(character.isalpha() for character in text):
                continue
            try:
                parsed = parse_entry(text)
            except FormulaError:
                continue
            for part in walk(parsed):
                if (
                    isinstance(part, Call)
                    and part.function == "TOTAL"
                    and len(part.args) == 2
                    and isinstance(part.args[1], Text)
                ):
                    found.add(part.args[1].value.lower())
                elif (
                    isinstance(part, Name)
                    and part.name.lower() in self.compiler.drivers
                    and part.name.lower() not in seen
                ):
                    seen.add(part.name.lower())
                    texts.append(self.compiler.drivers[part.name.lower()].value)
        return found

    def total(self, statement: str, group: str, span: Span) -> Typed:
        """TOTAL(statement, category or line). Raises Problem."""
        if statement not in TOTALS:
            raise Problem(
                "unknown-statement",
                f"There is no total of “{statement}”.{nearest(statement, TOTALS)}"
                f" Known are {', '.join(TOTALS)}.",
                span,
            )
        terms = feed_terms(
            self.done, statement, lambda line: group.lower() in (line.category.lower(), plain_name(line))
        )
        known = {name for line in self.compiler.resolved.lines for name in (line.category, line.name)}
        if group.lower() not in {name.lower() for name in known}:
            raise Problem(
                "unknown-category", f"There is no category or line “{group}”.{nearest(group, known)}", span
            )
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
            if isinstance(typed.expression, Call) and FUNCTIONS[typed.expression.function].own_row:
                typed = lowering.on_own_row(typed, typed.monthly)
            return typed
        except (Problem, FormulaError, UnknownUnit) as problem:
            self.compiler.report(problem, where, text)
            raise Problem("reported", "") from problem

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
        if len(found) > 1:
            raise Problem(
                "several-currencies",
                f"This line has prices in {' and '.join(sorted(found))}: make one line for each.",
            )
        currency = next(iter(found), currency)
        for field in priced:
            items[field.name] = self._price(line, field, items, money(currency))
        if currency != own:
            items["fx"] = self.compiler.exchange_rate(currency)
            given.add("fx")

    def _price(self, line: CostLine, field: Field, items: dict[str, Typed], wanted: Unit) -> Typed:
        price = items[field.name]
        counted = items.get(field.per) if field.unit == "money/quantity" else None
        if price.unit is None:
            return price
        product = price.unit * (counted.unit or NUMBER) if counted else price.unit
        periods: list[Unit] = [NUMBER, _MONTH]
        if field.name == "salary":
            periods.append(_YEAR)
        if line.kind == "recurring":
            periods.append({"year": _YEAR, "quarter": _MONTH}.get(line.fields.get("every", "month"), _MONTH))
        target = next((wanted / period for period in periods if product.like(wanted / period)), None)
        if target is None:
            what = (
                f" times {field.per.replace('_', ' ')} in {(counted.unit or NUMBER).words}" if counted else ""
            )
            reason = mismatch(product, wanted)
            raise Problem(
                "unit-mismatch",
                f"{field.label} in {price.unit}{what} gives {product}, which is no amount in {wanted}."
                f" {reason}",
            )
        lowering = self.compiler.lowering(
            f"line/{line.name}/{field.name}/unit", f"{line.name}: {field.label.lower()}", "Cost lines"
        )
        scale = product.factor / target.factor
        if scale == 1:
            return price
        counted_unit = (counted.unit or NUMBER) if counted else NUMBER
        converted = lowering.converted(Typed(price.expression, product, price.monthly), target, (0, 0))
        return Typed(converted.expression, wanted / counted_unit, price.monthly)

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
        feeds = dict(block.feeds).get(statement)
        if not feeds:
            continue
        places = tuple(place for place, line in enumerate(block.lines) if chosen is None or chosen(line))
        if places:
            terms += [Term(row, places, sign) for sign, row in feeds]
    return tuple(terms)


def _base(name: str) -> Unit:
    return Unit(((name, 1),), ((name, 1),), 1.0)


_MONTH, _YEAR = _base("month"), _base("year")
