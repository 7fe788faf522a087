"""Every function of the formula language: the engine's figure against the recalculated Excel formula."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Iterator

import numpy as np
import pytest

from desktop_app.engine import timeline
from desktop_app.engine.formula.syntax import Call, Expression, Number, Ref
from desktop_app.engine.functions import FUNCTIONS, Function
from desktop_app.engine.graph import Graph, Node
from desktop_app.engine.model import Settings
from desktop_app.engine.program import make_program
from desktop_app.exchange.workbook.calc import Group, Part
from desktop_app.exchange.workbook.sheet import Sheet
from desktop_app.exchange.workbook.spots import FIRST, VALUE, column_name
from desktop_app.exchange.workbook.styles import StyledBook
from tests.exchange.workbook.recalculation import Cell, recalculated
from tests.libreoffice import LibreOffice

pytestmark = pytest.mark.libreoffice

MONTHS = 18
CASES = 24
SETTINGS = Settings(start=dt.date(2027, 2, 1), months=MONTHS, fiscal_year_start=4)
NUMBERS = (-250.0, -3.5, -1.0, -0.4, 0.0, 0.1, 0.5, 1.0, 2.5, 2.675, 7.0, 12.0, 99.995, 1234.5678, 1e6)
# What an argument of that name is made of; the others take any number.
POOLS = {
    "rate": (-0.01, 0.0, 0.005, 0.01, 0.08),
    "annual_rate": (-0.3, 0.0, 0.05, 0.4),
    "cost": (0.0, 10.0, 2400.0, 1e6),
    "salvage": (0.0, 1.0, 300.0, 2400.0),
    "life": (1.0, 3.0, 5.0, 6.5, 10.0),
    "period": (1.0, 2.0, 3.0, 5.0, 7.0),
    "month": (1.0, 7.0, 12.0),
    "factor": (1.0, 1.5, 2.0),
    "from_period": (0.0, 0.5, 1.0, 2.0),
    "to_period": (1.0, 2.0, 2.5, 3.0, 5.0),
    "nper": (1.0, 3.0, 12.0, 36.0),
    "pv": (-5000.0, 0.0, 1000.0, 1e6),
    "fv": (-500.0, 0.0, 1000.0),
    "payment": (-300.0, -10.0, 50.0),
    "type": (0.0, 1.0),
    "digits": (-2.0, 0.0, 1.0, 2.0, 4.0),
    "step": (0.25, 1.0, 5.0, 100.0),
    "which": (0.0, 0.99, 1.0, 2.0, 2.7, 3.0, 9.0),
    "start": (46419.0, 46784.0, 47119.0),
    "date": (46419.0, 46784.0, 47177.0),
    "months": (0.0, 1.0, 2.0, 3.7, 12.0, 40.0),
    "start_month": (-3.0, 1.0, 2.0, 5.0, 18.0, 19.0),
    "every": (0.0, 1.0, 3.0, 12.0),
    "power": (-2.0, 0.0, 0.5, 1.0, 3.0),
    "test": (0.0, 1.0, -2.0),
}
# LibreOffice gives other errors than Excel beyond these limits, for which the engine keeps to Excel.
WITHIN = {
    "DB": lambda cost, salvage, *_: 0 < salvage <= cost,
    "VDB": lambda cost, salvage, *_: salvage <= cost,
    "RATE": lambda nper, payment, pv, fv=0.0, *_: payment < 0 < pv and fv <= 0,
    "EDATE": lambda *_: True,  # of one first day of a month
}
# Excel searches these by trial from a guess, and not every search ends.
SEARCHED = {"RATE", "IRR", "XIRR", "POSITIVE_IRR"}


def _series(chance: random.Random, function: Function) -> np.ndarray:
    """A row of months: for rates of return an outlay and what comes back."""
    if function.name in ("IRR", "XIRR", "POSITIVE_IRR"):
        return np.array(
            [-1000.0 * chance.uniform(1, 5), *(chance.uniform(50, 900) for _ in range(MONTHS - 1))]
        )
    pool = [value for value in NUMBERS if abs(value) < 1e5]
    return np.array([chance.choice(pool) for _ in range(MONTHS)])


def _cases(function: Function, chance: random.Random) -> Iterator[tuple[Call, list[Node]]]:
    """Calls of the function over fresh input nodes."""
    within = WITHIN.get(function.name, lambda *_: True)
    case = 0
    while case < (CASES if function.args else 1):
        count = function.least + (case % (len(function.args) - function.least + 1))
        if function.variadic:
            count = len(function.args) + case % 4
        values = [_argument(function, place, case, chance) for place in range(count)]
        if not all(within(*month) for month in zip(*np.broadcast_arrays(*values), strict=True)):
            continue
        keys = [f"{function.name}/{case}/{place}" for place in range(count)]
        inputs = [
            Node(key, key, "", value.size > 1, "Drivers", value=value.reshape(1, 1, -1))
            for key, value in zip(keys, values, strict=True)
        ]
        args: list[Expression] = [Ref(key) for key in keys]
        args += [Number(arg.default) for arg in function.args[count:] if arg.default is not None]
        yield Call(function.name, tuple(args)), inputs
        case += 1


def _argument(function: Function, place: int, case: int, chance: random.Random) -> np.ndarray:
    """Values of one argument: one number, or one for each month."""
    arg = function.argument(place)
    if arg.series:
        return _series(chance, function)
    monthly = function.shape == "args" and function.name not in WITHIN and case % 3 == 2 and place == 0
    pool = POOLS.get(arg.name, NUMBERS)
    return np.array([chance.choice(pool) for _ in range(MONTHS if monthly else 1)])


def _graph(functions: list[Function]) -> tuple[Graph, list[tuple[str, str]]]:
    chance = random.Random(20270201)
    nodes = {node.key: node for node in timeline.nodes(SETTINGS)}
    results = []
    for function in functions:
        for case, (call, inputs) in enumerate(_cases(function, chance)):
            nodes |= {node.key: node for node in inputs}
            monthly = function.shape == "monthly" or (
                function.shape == "args" and any(node.monthly for node in inputs)
            )
            key = f"result/{function.name}/{case}"
            nodes[key] = Node(key, f"{function.name} {case}", "", monthly, "Drivers", call)
            results.append((function.name, key))
    return Graph("functions", "", nodes, (), ()), results


@pytest.fixture(scope="module")
def outcome(
    libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Part, list[tuple[str, str]], dict[str, Cell]]:
    """All calls on one sheet, recalculated."""
    functions = [function for name, function in FUNCTIONS.items() if name != "COUNT_MONTHS"]
    graph, results = _graph(functions)
    folder = tmp_path_factory.mktemp("functions")
    path = folder / "functions.xlsx"
    part = Part(
        "Functions", graph, make_program(graph, MONTHS), MONTHS, (Group("All", tuple(graph.nodes)),), "USD"
    )
    part.place(1)
    with StyledBook(str(path)) as book:
        sheet = Sheet(book, book.new_sheet("Functions"), "Functions", "Functions")
        part.write(sheet, lambda: None)
        sheet.flush()
    return part, results, recalculated(libreoffice, [path], folder / "fresh")[0]["Functions"]


def _alike(engine: float, cell: Cell, tolerance: float) -> bool:
    if not math.isfinite(engine):
        return bool(cell.error) or cell.value == "n/a"
    value = cell.value
    return isinstance(value, float) and math.isclose(engine, value, rel_tol=tolerance, abs_tol=1e-9)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name != "COUNT_MONTHS"])
def test_engine_and_workbook_agree(
    name: str, outcome: tuple[Part, list[tuple[str, str]], dict[str, Cell]]
) -> None:
    part, results, cells = outcome
    wrong = []
    found = 0
    for function, key in results:
        if function != name:
            continue
        node, row = part.graph.nodes[key], part.rows[key] + 1
        columns = range(FIRST, FIRST + MONTHS) if node.monthly else range(VALUE, VALUE + 1)
        for column, value in zip(columns, part.values(key)[0].tolist(), strict=True):
            cell = cells.get(f"{column_name(column)}{row}", Cell("", None))
            tolerance = 1e-7 if name in SEARCHED else 1e-9
            if name in SEARCHED and (cell.error or cell.value == "n/a"):
                continue
            found += 1
            if not _alike(value, cell, tolerance):
                inputs = [part.values(one.key)[0].tolist() for one in _refs(part, node)]
                wrong.append(
                    f"{cell.formula}: engine {value!r}, workbook {cell.error or cell.value!r}: {inputs}"
                )
    assert not wrong, f"{len(wrong)} differ:\n" + "\n".join(text[:400] for text in wrong[:8])
    assert found >= (CASES / 3 if FUNCTIONS[name].args else 1), "the workbook gave too few figures to compare"


def _refs(part: Part, node: Node) -> list[Node]:
    assert isinstance(node.expression, Call)
    return [part.graph.nodes[arg.key] for arg in node.expression.args if isinstance(arg, Ref)]
