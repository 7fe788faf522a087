"""Options appraisal: key figures side by side and each option against the baseline; the NPV table by year."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from desktop_app.engine.figures import DEFINITIONS
from desktop_app.exchange.workbook.amounts import rank_formula, ranks
from desktop_app.exchange.workbook.pack import Pack
from desktop_app.exchange.workbook.sheet import BODY, Sheet
from desktop_app.exchange.workbook.spots import HERE, cell, column_name
from desktop_app.exchange.workbook.statements import NOISE
from desktop_app.exchange.workbook.styles import (
    COUNT,
    DECIMAL,
    FINE,
    FINE_PERCENT,
    ONE_DECIMAL,
    PERCENT,
    scaled,
)
from desktop_app.exchange.workbook.years import YearSheet

_FIRST = 2
_COMPARED = (
    "tco_difference",
    "npv_difference",
    "npv_after_tax_difference",
    "break_even_month",
    "discounted_break_even_month",
    "irr",
    "largest_lag",
)


def write_npv(sheet: Sheet, pack: Pack) -> None:
    """Cash cost and its present value by year and option."""
    table = YearSheet(sheet, pack)
    pairs = list(zip(pack.workings, pack.labels, strict=True))
    table.section("Cash cost by option, costs positive")
    for part, label in pairs:
        table.flow(label, part, [(1, "statement/cash_cost")])
    table.section("Present value of cash cost by option")
    present = [table.flow(label, part, [(1, "statement/discounted_cost")]) for part, label in pairs]
    if pack.baseline is not None:
        table.section(f"Present value less that of {pack.baseline_name}")
        for place, (row, label) in enumerate(zip(present, pack.labels, strict=True)):
            against = pack.base_of(place)
            if against is not None and against != place:
                base = present[against]
                text = f"{HERE}{row.row + 1}-{HERE}{base.row + 1}"
                table.row(label, text, row.values - base.values, total=True)


def write_appraisal(sheet: Sheet, pack: Pack) -> None:
    """Key figures side by side, and each option against the baseline."""
    money_words, money_number = pack.words, scaled(pack.plan.settings.scale)
    head = BODY
    sheet.width(0, 44)
    sheet.width(1, 17)
    sheet.texts(head, 0, ["Key figures by option", "Unit"])
    for place, label in enumerate(pack.labels):
        sheet.width(_FIRST + place, 16)
        sheet.text(head, _FIRST + place, label, "Heading", align="right", text_wrap=True)
    row = head + 1
    names = list(dict.fromkeys(name for part in pack.workings for name in part.graph.figures))
    ranked: list[tuple[int, list[float]]] = []
    for name in names:
        node = next(
            part.graph.nodes[f"figure/{name}"] for part in pack.workings if name in part.graph.figures
        )
        money = node.unit == pack.plan.settings.currency
        sheet.text(row, 0, node.label, indent=1)
        sheet.text(row, 1, money_words if money else node.unit, "Note")
        key = f"figure/{name}"
        values = [float(part.program.value(key).flat[0]) for part in pack.workings if key in part.graph.nodes]
        number = money_number if money else PERCENT if node.unit == "%" else _format(values)
        for place, part in enumerate(pack.workings):
            if key in part.graph.nodes:
                value = float(part.program.value(key).flat[0])
                held: float | str = value if np.isfinite(value) else "n/a"
                text = part.spot(key).cell()
                if name == "closing_book_value":
                    text, held = f"ROUND({text},{NOISE})", round(value, NOISE)
                sheet.formula(row, _FIRST + place, text, held, number, "Link", align="right")
        if name == "npv_cost":
            ranked.append((row, values))
        row += 1
    for source, costs in ranked:
        sheet.text(row, 0, "Rank by NPV of cost (1 costs least)", indent=1)
        last = column_name(_FIRST + len(pack.labels) - 1)
        for place, rank in enumerate(ranks(costs)):
            column = _FIRST + place
            text = rank_formula(
                cell(source, column), f"${column_name(_FIRST)}{source + 1}:${last}{source + 1}"
            )
            sheet.formula(row, column, text, rank, COUNT)
        row += 1
    _compared(sheet, pack, row + 1)


def write_definitions(sheet: Sheet, pack: Pack) -> None:
    """What each key figure means."""
    for column, characters in enumerate((36, 18, 84)):
        sheet.width(column, characters)
    sheet.texts(BODY, 0, ["Key figure", "Unit", "What it says"])
    shown = {
        name: part.graph.nodes[f"figure/{name}"] for part in pack.workings for name in part.graph.figures
    }
    row = BODY
    for definition in DEFINITIONS:
        if definition.name in shown:
            row += 1
            sheet.text(row, 0, definition.label)
            sheet.text(row, 1, shown[definition.name].unit, "Note")
            sheet.label(row, 2, definition.help)


def _format(values: Sequence[float]) -> str:
    """One format for a row: with more decimals where one of its figures is below one."""
    known = [abs(value) for value in values if value and np.isfinite(value)]
    return FINE if min(known, default=1.0) < 1 else DECIMAL


def _compared(sheet: Sheet, pack: Pack, row: int) -> None:
    """Differences, break-even and return of each option against the baseline."""
    if not pack.comparisons or pack.baseline is None:
        return
    sheet.keep_together(row)
    sheet.text(row, 0, f"Against {pack.baseline_name} (differences: option less baseline)", "Section")
    for name in _COMPARED:
        row += 1
        node = pack.comparisons[0].graph.nodes[f"pair/{name}"]
        money = node.unit == pack.plan.settings.currency
        sheet.text(row, 0, node.label, indent=1)
        sheet.text(row, 1, pack.words if money else node.unit, "Note")
        for pair, part in zip(pack.pairs, pack.comparisons, strict=True):
            value = float(part.program.value(f"pair/{name}").flat[0])
            held: float | str = value if np.isfinite(value) else "n/a"
            number = (
                scaled(pack.plan.settings.scale)
                if money
                else FINE_PERCENT
                if node.unit == "%"
                else ONE_DECIMAL
            )
            column = _FIRST + pack.place_of(pair.a, pair.case)
            sheet.formula(row, column, part.spot(f"pair/{name}").cell(), held, number, "Link", align="right")
