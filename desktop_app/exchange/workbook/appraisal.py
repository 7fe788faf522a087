"""Options appraisal: NPV table by year, key figures side by side, and each option against the baseline."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from desktop_app.engine.figures import DEFINITIONS
from desktop_app.engine.functions import Array
from desktop_app.exchange.workbook.pack import Pack
from desktop_app.exchange.workbook.sheet import Sheet
from desktop_app.exchange.workbook.spots import cell, column_name
from desktop_app.exchange.workbook.statements import NOISE
from desktop_app.exchange.workbook.styles import COUNT, DECIMAL, FINE, FINE_PERCENT, ONE_DECIMAL, PERCENT
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


def write_appraisal(sheet: Sheet, pack: Pack) -> None:
    """NPV and cash cost by year and option, then every key figure by option."""
    table = YearSheet(sheet, pack)
    pairs = list(zip(pack.workings, pack.labels, strict=True))
    table.section("Cash cost by option, costs positive")
    for part, label in pairs:
        table.flow(label, part, [(1, "statement/cash_cost")])
    table.section("Present value of cash cost by option (NPV table)")
    present = [table.flow(label, part, [(1, "statement/discounted_cost")]) for part, label in pairs]
    if pack.baseline is not None:
        table.section(f"Present value less that of {pack.baseline_name}")
        for place, (row, label) in enumerate(zip(present, pack.labels, strict=True)):
            against = pack.base_of(place)
            if against is not None and against != place:
                base = present[against]
                text = f"\ue000{row.row + 1}-\ue000{base.row + 1}"
                table.row(label, text, row.values - base.values, total=True)
    _figures(sheet, pack, table, table.next + 2)


def _figures(sheet: Sheet, pack: Pack, table: YearSheet, head: int) -> None:
    sheet.keep_together(head)
    sheet.texts(head, 0, ["Key figures by option", "Unit"])
    for place, label in enumerate(pack.labels):
        column = _FIRST + place
        sheet.text(head, column, label, "Heading", align="right", text_wrap=True)
        sheet.width(column, max(sheet.widths.get(column, 13.0), 15.0))
    row = head + 1
    helps = {definition.name: definition.help for definition in DEFINITIONS}
    names = list(dict.fromkeys(name for part in pack.workings for name in part.graph.figures))
    ranks: list[tuple[int, Array]] = []
    for name in names:
        node = next(
            part.graph.nodes[f"figure/{name}"] for part in pack.workings if name in part.graph.figures
        )
        money = node.unit == pack.plan.settings.currency
        sheet.text(row, 0, node.label, indent=1)
        sheet.text(row, 1, table.words if money else node.unit, "Note")
        key = f"figure/{name}"
        values = [float(part.program.value(key).flat[0]) for part in pack.workings if key in part.graph.nodes]
        number = table.money if money else PERCENT if node.unit == "%" else _format(values)
        for place, part in enumerate(pack.workings):
            if key in part.graph.nodes:
                value = float(part.program.value(key).flat[0])
                held: float | str = value if np.isfinite(value) else "n/a"
                text = part.spot(key).cell()
                if name == "closing_book_value":
                    text, held = f"ROUND({text},{NOISE})", round(value, NOISE)
                sheet.formula(row, _FIRST + place, text, held, number, "Link", align="right")
        if name == "npv_cost":
            ranks.append((row, np.array(values)))
        row += 1
    for source, costs in ranks:
        sheet.text(row, 0, "Rank by NPV of cost (1 costs least)", indent=1)
        last = column_name(_FIRST + len(pack.labels) - 1)
        for place, value in enumerate(costs.tolist()):
            column = _FIRST + place
            text = f"RANK({cell(source, column)},${column_name(_FIRST)}{source + 1}:${last}{source + 1},1)"
            sheet.formula(row, column, text, float(1 + int((costs < value).sum())), COUNT)
        row += 1
    row = _compared(sheet, pack, table, row + 1)
    sheet.keep_together(row + 1)
    sheet.text(row + 1, 0, "Definitions", "Section")
    right = max(_FIRST + 1, sheet.last_column)
    row += 2
    for name in names:
        definition = next(one for one in DEFINITIONS if one.name == name)
        sheet.text(row, 0, definition.label, "Note")
        row = sheet.paragraphs(row, 1, helps[name], right, "Note")


def _format(values: Sequence[float]) -> str:
    """One format for a row: with more decimals where one of its figures is below one."""
    known = [abs(value) for value in values if value and np.isfinite(value)]
    return FINE if min(known, default=1.0) < 1 else DECIMAL


def _compared(sheet: Sheet, pack: Pack, table: YearSheet, row: int) -> int:
    """Differences, break-even and return of each option against the baseline."""
    if not pack.comparisons or pack.baseline is None:
        return row
    sheet.keep_together(row)
    sheet.text(row, 0, f"Against {pack.baseline_name} (differences: option less baseline)", "Section")
    for name in _COMPARED:
        row += 1
        node = pack.comparisons[0].graph.nodes[f"pair/{name}"]
        money = node.unit == pack.plan.settings.currency
        sheet.text(row, 0, node.label, indent=1)
        sheet.text(row, 1, table.words if money else node.unit, "Note")
        for pair, part in zip(pack.pairs, pack.comparisons, strict=True):
            value = float(part.program.value(f"pair/{name}").flat[0])
            held: float | str = value if np.isfinite(value) else "n/a"
            number = table.money if money else FINE_PERCENT if node.unit == "%" else ONE_DECIMAL
            column = _FIRST + pack.place_of(pair.a, pair.case)
            sheet.formula(row, column, part.spot(f"pair/{name}").cell(), held, number, "Link", align="right")
    return row + 1
