"""The asset register: each capitalised cost line with its cost, depreciation and what is left of it."""

from __future__ import annotations

from desktop_app.engine.graph import Block
from desktop_app.exchange.workbook.calc import Part
from desktop_app.exchange.workbook.pack import Pack
from desktop_app.exchange.workbook.sheet import BODY, Sheet
from desktop_app.exchange.workbook.spots import cell
from desktop_app.exchange.workbook.statements import NOISE
from desktop_app.exchange.workbook.styles import scaled

_MOST_LINES = 400
_SCENARIO, _LINE, _CLASS, _COST, _DEPRECIATED, _GONE, _LEFT = range(7)


def has_assets(pack: Pack) -> bool:
    """True if a cost line is capitalised."""
    return bool(_listed(pack))


def _listed(pack: Pack) -> list[tuple[Part, str, Block, int]]:
    """Each line of a block that keeps a register, with its scenario."""
    return [
        (part, label, block, place)
        for part, label in zip(pack.workings, pack.labels, strict=True)
        for block in part.graph.blocks
        if f"{block.key}/net_book_value" in part.graph.nodes
        for place in range(len(block.lines))
    ]


def write_assets(sheet: Sheet, pack: Pack) -> None:
    """One row a capitalised line, over the whole plan."""
    money = scaled(pack.plan.settings.scale)
    for column, characters in enumerate((30, 44, 22, 14, 14, 14, 14)):
        sheet.width(column, characters)
    sheet.texts(BODY, 0, ["Scenario", f"Cost line; {pack.words}", "Class"])
    titles = ["Capitalised", "Depreciated", "Sold or written off", "Left at the end"]
    sheet.texts(BODY, _COST, titles, align="right", text_wrap=True)
    listed = _listed(pack)
    row = BODY
    for part, label, block, place in listed[:_MOST_LINES]:
        row += 1
        line = block.lines[place]
        sheet.label(row, _SCENARIO, label)
        sheet.label(row, _LINE, line.name)
        sheet.label(row, _CLASS, line.asset_class or line.category, "Note")
        values = []
        for column, name in ((_COST, "capex"), (_DEPRECIATED, "depreciation")):
            key = f"{block.key}/{name}"
            value = float(part.values(key)[place].sum())
            values.append(value)
            sheet.formula(row, column, f"SUM({part.spot(key, place).range()})", value, money, "Link")
        key = f"{block.key}/net_book_value"
        months = part.spot(key, place).range()
        left = float(part.values(key)[place][-1])
        gone = f"ROUND({cell(row, _COST)}-{cell(row, _DEPRECIATED)}-{cell(row, _LEFT)},{NOISE})"
        sheet.formula(row, _GONE, gone, round(values[0] - values[1] - round(left, NOISE), NOISE), money)
        text = f"ROUND(INDEX({months},COLUMNS({months})),{NOISE})"
        sheet.formula(row, _LEFT, text, round(left, NOISE), money, "Link")
    if len(listed) > _MOST_LINES:
        more = len(listed) - _MOST_LINES
        sheet.text(row + 1, 0, f"{more:,} more lines are on the workings sheets.", "Note")
