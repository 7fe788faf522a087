"""From what a user wrote to expressions over graph nodes: names resolved, units checked, helper rows made.

A call that reads several months needs its argument on a row of its own, and some functions need a row
themselves; such parts become nodes here, so that a workbook can show one short formula a row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from desktop_app.engine.formula.parser import span_of
from desktop_app.engine.formula.syntax import Call, Expression, Name, Number, Ref, Span, Text
from desktop_app.engine.functions import FUNCTIONS, Function
from desktop_app.engine.graph import Node
from desktop_app.engine.model import Table
from desktop_app.engine.plan_tables import cell_node, find_column, find_row, find_table, refuse_unnumbered
from desktop_app.engine.problems import Problem
from desktop_app.engine.scenarios import nearest
from desktop_app.engine.units import NUMBER, Unit, UnknownUnit, parse_unit

_MONTH = Unit((("month", 1),), (("month", 1),), 1.0)


@dataclass(frozen=True, slots=True)
class Typed:
    """An expression with its unit (None: a bare number, which takes the unit it meets) and whether it varies
    by month.
    """

    expression: Expression
    unit: Unit | None
    monthly: bool


Resolve = Callable[[Name], Typed]
Total = Callable[[str, str, Span], Typed]


@dataclass(slots=True)
class Lowering:
    """Lowers the formulas of one owner (a driver, a line's field, a block). `add` puts a helper node into the
    graph.
    """

    owner: str
    label: str
    section: str
    resolve: Resolve
    add: Callable[[Node], None]
    total: Total | None = None
    tables: Mapping[str, Table] | None = None
    tax_table: str = ""
    lines: tuple[str, ...] = ()
    check_units: bool = True
    hoist_numbers: bool = True
    parts: int = 0

    def lower(self, expression: Expression) -> Typed:
        """The whole formula. Raises Problem."""
        if isinstance(expression, Number):
            unit = self._literal_unit(expression)
            return Typed(expression, unit, False)
        return self._lower(expression)

    def _literal_unit(self, number: Number) -> Unit | None:
        if not number.unit:
            return None
        return NUMBER if number.unit == "%" else parse_unit(number.unit)

    def _lower(self, expression: Expression) -> Typed:
        if isinstance(expression, Number):
            return Typed(self._number(expression), None, False)
        if isinstance(expression, Name):
            found = self.resolve(expression)
            return self._plainly(found) if self.check_units else found
        if isinstance(expression, Text):
            raise Problem("misplaced-text", "A text can stand only in LOOKUP and TOTAL.", expression.span)
        if isinstance(expression, Call):
            return self._call(expression)
        raise TypeError(f"cannot lower {expression!r}")

    def _number(self, number: Number) -> Expression:
        if not self.hoist_numbers or number.value in (0, 1, -1):
            return Number(number.value)
        key = self._part_key()
        value = np.full((1, 1, 1), number.value)
        self.add(
            Node(
                key,
                f"{number.value:g} in {self.label}",
                "",
                False,
                "Constants",
                value=value,
                origin=self.label,
            )
        )
        return Ref(key)

    def _part_key(self) -> str:
        self.parts += 1
        return f"{self.owner}/part{self.parts}"

    def on_own_row(self, typed: Typed, monthly: bool) -> Typed:
        """The same as a reference to a node of its own."""
        key = self._part_key()
        unit = str(typed.unit) if typed.unit else ""
        label = f"Step {self.parts} of {self.label}"
        self.add(
            Node(
                key, label, unit, monthly, self.section, typed.expression, lines=self.lines, origin=self.label
            )
        )
        return Typed(Ref(key), typed.unit, monthly)

    def _call(self, call: Call) -> Typed:
        if call.function == "LOOKUP":
            return self._lookup(call)
        if call.function == "TOTAL":
            return self._total(call)
        users = self.check_units
        if call.function in ("TAX_RATE", "TAX_LEFT") and not users:
            return self._tax(call)
        function = FUNCTIONS.get(call.function)
        if function is None or (users and not function.for_users):
            hint = nearest(call.function, (name for name, one in FUNCTIONS.items() if one.listed))
            raise Problem(
                "unknown-function",
                f"There is no function {call.function}.{hint}",
                call.span,
            )
        count = len(call.args)
        if function.of_values and count > function.most:
            function = FUNCTIONS[function.of_values]
        if not function.least <= count <= function.most:
            raise Problem(
                "wrong-arguments",
                f"{function.signature} takes other arguments: {count} are given.",
                call.span,
            )
        args = [
            self._argument(function, place, self._lower(arg), span_of(arg))
            for place, arg in enumerate(call.args)
        ]
        args += [
            Typed(Number(arg.default), None, False)
            for arg in function.args[count:]
            if arg.default is not None
        ]
        unit = None
        if self.check_units:
            args, unit = self._units(function, args, call)
        monthly = function.shape == "monthly" or (
            function.shape == "args" and any(arg.monthly for arg in args)
        )
        result = Typed(Call(function.name, tuple(arg.expression for arg in args), call.span), unit, monthly)
        return self._plainly(result) if self.check_units and unit is not None else result

    def _plainly(self, typed: Typed) -> Typed:
        """The same in a unit in which nothing is left to cancel."""
        if typed.unit is None or (simple := typed.unit.plain[0]) == typed.unit:
            return typed
        return self.converted(typed, simple, (0, 0))

    def _argument(self, function: Function, place: int, typed: Typed, span: Span) -> Typed:
        expression = typed.expression
        if function.shape == "scalar" and typed.monthly and not function.argument(place).series:
            raise Problem(
                "varies-by-month",
                f"{function.name} needs one {function.argument(place).name} for the whole plan;"
                " this varies by month.",
                span,
            )
        if isinstance(expression, Call) and FUNCTIONS[expression.function].own_row:
            return self.on_own_row(typed, typed.monthly)
        if function.argument(place).series:
            on_a_row = isinstance(expression, Ref) and typed.monthly
            return typed if on_a_row else self.on_own_row(typed, True)
        return typed

    def _units(self, function: Function, args: list[Typed], call: Call) -> tuple[list[Typed], Unit | None]:
        if function.unit in ("product", "quotient"):
            left, right = args
            if None in (left.unit, right.unit) and {left.unit, right.unit} <= {None, NUMBER}:
                return args, None  # 250,000 * (1 - discount) is still in whatever unit it meets
            a, b = left.unit or NUMBER, right.unit or NUMBER
            return args, a * b if function.unit == "product" else a / b
        if function.unit == "power":
            return args, self._power(args, call)
        letters: dict[str, Unit] = {}
        result = list(args)
        for place, typed in enumerate(args):
            want = function.argument(place).unit
            if want == "*" or typed.unit is None:
                continue
            span = span_of(call.args[place]) if place < len(call.args) else call.span
            if want in ("1", "n", "r"):
                result[place] = self._bare(typed, want, function, span)
            elif want not in letters:
                letters[want] = typed.unit
            else:
                result[place] = self.converted(typed, letters[want], span)
        if function.unit in ("1",):
            return result, NUMBER
        if function.unit in letters:
            return result, letters[function.unit]
        if len(function.unit) == 1:
            return result, None
        return result, parse_unit(function.unit)

    def _bare(self, typed: Typed, want: str, function: Function, span: Span) -> Typed:
        """An argument that must be a plain number, a number of months, or a rate."""
        unit = typed.unit
        if unit is None or unit == NUMBER:
            return typed
        if want == "n" and unit.in_one(_MONTH) is not None:
            return self.converted(typed, _MONTH, span)
        allowed = {"1": (), "n": (), "r": ((("year", -1),), (("month", -1),))}[want]
        if unit.factor != 1 or unit.dimension not in ((), *allowed):
            what = {"1": "a plain number", "n": "a number of months", "r": "a rate"}[want]
            raise Problem("unit-mismatch", f"{function.name} needs {what} here, not {unit}.", span)
        return typed

    def _power(self, args: list[Typed], call: Call) -> Unit | None:
        base = args[0]
        self._bare(args[1], "1", FUNCTIONS["POWER"], span_of(call.args[1]))
        if base.unit is None or base.unit == NUMBER:
            return base.unit
        power = call.args[1]
        if isinstance(power, Number) and power.value == int(power.value) and abs(power.value) <= 6:
            return base.unit ** int(power.value)
        raise Problem(
            "unit-mismatch", f"Only a plain number can have such a power, not {base.unit}.", call.span
        )

    def converted(self, typed: Typed, unit: Unit, span: Span) -> Typed:
        """The same quantity counted in another unit of its dimension. Raises Problem where there is none."""
        if typed.unit is None or typed.unit == unit:
            return replace(typed, unit=unit)
        factor = typed.unit.in_one(unit)
        if factor is None:
            raise Problem("unit-mismatch", mismatch(typed.unit, unit), span)
        if factor == 1:
            return replace(typed, unit=unit)
        return self.scaled(
            replace(typed, unit=unit),
            factor,
            f"conversion/{typed.unit} to {unit}",
            f"{unit.words} in one {typed.unit.words}",
        )

    def scaled(self, typed: Typed, factor: float, key: str, label: str) -> Typed:
        """So many times as much, by a constant with a name of its own."""
        if isinstance(typed.expression, Number):
            return replace(typed, expression=Number(typed.expression.value * factor))
        self.add(
            Node(
                key, label, "", False, "Constants", value=np.full((1, 1, 1), factor), origin="unit conversion"
            )
        )
        return replace(typed, expression=Call("*", (typed.expression, Ref(key))))

    def _total(self, call: Call) -> Typed:
        if self.total is None or len(call.args) != 2 or not all(isinstance(arg, Text) for arg in call.args):
            raise Problem("wrong-arguments", 'TOTAL takes two texts: TOTAL("capex", "Servers").', call.span)
        statement, group = (arg.value for arg in call.args if isinstance(arg, Text))
        return self.total(statement.lower(), group, call.span)

    def _lookup(self, call: Call) -> Typed:
        if len(call.args) != 3 or not isinstance(call.args[0], Text) or not isinstance(call.args[2], Text):
            raise Problem(
                "wrong-arguments",
                'LOOKUP takes a table, a key and a column: LOOKUP("gpus", "H100", "memory").',
                call.span,
            )
        key = call.args[1]
        if not isinstance(key, Text):
            return self._from_table(call.args[0].value, call.args[2].value, self._lower(key), call.span)
        table = find_table(self.tables or {}, call.args[0].value, call.span)
        column = find_column(table, call.args[2].value, call.span)
        return Typed(self._cell(table, find_row(table, key.value, key.span), column, call.span), None, False)

    def _tax(self, call: Call) -> Typed:
        """TAX_RATE(year), the rate of a tax year from the line's table; TAX_LEFT(year), what is left after
        it, all of it after year 0.
        """
        year = self._lower(call.args[0])
        rates = self._from_table(self.tax_table, "rate", year, call.span)
        if call.function == "TAX_RATE":
            return rates
        assert isinstance(rates.expression, Call)
        which, *cells = rates.expression.args
        rest: Expression = Number(1)
        left = [rest]
        for cell in cells:
            rest = Call("-", (rest, cell))
            left.append(rest)
        # a node of its own, so that no formula of a workbook holds the number
        key, label = f"conversion/years of {self.tax_table}", f"Years in the table {self.tax_table}"
        years = np.full((1, 1, 1), float(len(cells)))
        self.add(Node(key, label, "", False, "Constants", value=years, origin="unit conversion"))
        latest = Call("+", (Call("MIN", (which, Ref(key))), Number(1)))
        return replace(rates, expression=Call("CHOOSE", (latest, *left), call.span))

    def _cell(self, table: Table, row: int, column: int, span: Span) -> Ref:
        node = cell_node(table, row, column, span)
        self.add(node)
        return Ref(node.key)

    def _from_table(self, name: str, column: str, which: Typed, span: Span) -> Typed:
        table = find_table(self.tables or {}, name, span)
        place = find_column(table, column, span)
        refuse_unnumbered(table, span)
        choose = FUNCTIONS["CHOOSE"]
        which = self._argument(choose, 0, which, span)
        if self.check_units:
            which = self._bare(which, "1", choose, span)
        cells = tuple(self._cell(table, row, place, span) for row in range(len(table.rows)))
        return Typed(Call("CHOOSE", (which.expression, *cells), span), None, which.monthly)


def mismatch(found: Unit, wanted: Unit) -> str:
    """The sentence that says why two units do not go together."""
    times = [
        name
        for name in ("hour", "month", "year")
        if dict(found.dimension).get(name) != dict(wanted.dimension).get(name)
    ]
    hint = ""
    if len(times) > 1:
        hint = (
            f" A value per {' or '.join(times)} must be brought to one of them first:"
            " multiply or divide by HOURS() or by months."
        )
    return f"{found.words} and {wanted.words} do not go together.{hint}"


def unit_of(text: str) -> Unit:
    """Unit of a driver's unit text; "%" is a plain number. Raises Problem."""
    if text.strip() == "%":
        return NUMBER
    try:
        return parse_unit(text)
    except UnknownUnit as problem:
        raise Problem("unknown-unit", str(problem)) from problem
