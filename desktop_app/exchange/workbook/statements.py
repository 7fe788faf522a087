"""Cash flow, CapEx and OpEx, profit and loss, assets, leases and headcount, by fiscal year."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from desktop_app.engine.graph import Graph
from desktop_app.exchange.workbook.calc import Part
from desktop_app.exchange.workbook.pack import Pack
from desktop_app.exchange.workbook.sheet import Sheet, as_written
from desktop_app.exchange.workbook.spots import BEFORE, HERE
from desktop_app.exchange.workbook.styles import ONE_DECIMAL
from desktop_app.exchange.workbook.years import HEAD, LABEL, Row, YearSheet

_MOST_LEASES = 40
# Balances of leases: title, statement; label, sign and statement of each movement.
_LEASE_ROLLS = (
    (
        "Lease liability",
        "lease_liability",
        (
            ("Recognised", 1, "lease_recognised"),
            ("Interest", 1, "lease_interest"),
            ("Payments", -1, "lease_payments"),
        ),
    ),
    (
        "Right-of-use assets",
        "right_of_use",
        (("Recognised", 1, "lease_recognised"), ("Depreciation", -1, "lease_amortisation")),
    ),
)
NOISE = 4  # digits: what large sums leave when they cancel out would be shown as (0)


def write_cash_flow(sheet: Sheet, pack: Pack) -> None:
    """Cash as it is paid, outflows negative."""
    table = YearSheet(sheet, pack, "Cash flow by fiscal year")
    for part, label in zip(pack.workings, pack.labels, strict=True):
        table.section(label)
        s = "statement/"
        rows = [
            table.flow("Capital expenditure", part, [(-1, s + "capex")]),
            table.flow("Operating cost other than people", part, [(-1, s + "opex"), (1, s + "people")]),
            table.flow("People", part, [(-1, s + "people")]),
            table.flow("Recovered from assets sold", part, [(1, s + "proceeds")]),
        ]
        if part.feeds("net_book_value"):
            rows.append(table.flow("Book value counted as recovered", part, [(1, s + "horizon_recovery")]))
        net = table.total("Net cash flow before tax", rows)
        tax = table.flow("Income tax saved", part, [(1, s + "tax_saving")])
        after = table.total("Net cash flow after tax", [net, tax])
        table.running("Cumulative net cash flow after tax", after)
        table.flow("Present value of net cash flow before tax", part, [(-1, s + "discounted_cost")])


def write_capex_opex(sheet: Sheet, pack: Pack) -> None:
    """What is capitalised and what is expensed as paid, first by scenario, then by category."""
    table = YearSheet(sheet, pack)
    kinds = (
        ("CapEx", [(1, "statement/capex")]),
        ("OpEx other than people", [(1, "statement/opex"), (-1, "statement/people")]),
        ("People", [(1, "statement/people")]),
    )
    blocks: list[list[Row]] = []
    pack.shown_rows.clear()
    first = table.next + 1 + len(kinds) + 1
    title = f"CapEx, OpEx and people of {as_written(pack.labels[pack.shown])} by fiscal year"
    text = f'"CapEx, OpEx and people of "&{pack.shown_name}&" by fiscal year"'
    pack.annual_title = (f"={sheet.reference(table.next, LABEL)}", title)
    table.section(title, text)
    height = len(pack.workings) + 2
    for place, (title, terms) in enumerate(kinds):
        top = first + place * height + 1
        chosen = pack.workings[pack.shown]
        values = sum(
            (
                sign * np.array([chosen.values(key)[0][year].sum() for year in table.in_year])
                for sign, key in terms
            ),
            np.zeros(len(table.years)),
        )
        text = f"INDEX({HERE}${top + 1}:{HERE}${top + len(pack.workings)},{pack.shown_number})"
        pack.shown_rows.append(table.row(title, text, values, total=True).row)
    for title, terms in kinds:
        table.section(f"{title} by scenario")
        assert table.next == first + len(blocks) * height + 1
        blocks.append(
            [table.flow(label, part, terms) for part, label in zip(pack.workings, pack.labels, strict=True)]
        )
    for part, label in zip(pack.workings, pack.labels, strict=True):
        _categories(table, part, label)


def _categories(table: YearSheet, part: Part, label: str) -> None:
    graph = part.graph
    capex = [name for name in graph.categories if f"category/{name}/capex" in graph.nodes]
    opex = [name for name in graph.categories if f"category/{name}/opex" in graph.nodes]
    people = [name for name in graph.categories if f"category/{name}/people" in graph.nodes]
    totals = []
    table.section(f"{label}: by category")
    for title, names, kind in (("CapEx", capex, "capex"), ("OpEx", opex, "opex")):
        rows = [table.flow(f"{title}: {name}", part, [(1, f"category/{name}/{kind}")]) for name in names]
        if rows:
            totals.append(table.total(title, rows))
    if totals:
        table.total("CapEx and OpEx", totals)
    for name in people:
        table.flow(f"of which people: {name}", part, [(1, f"category/{name}/people")])


def write_profit_and_loss(sheet: Sheet, pack: Pack) -> None:
    """What the profit and loss account bears, and what the assets are worth."""
    table = YearSheet(sheet, pack, "Expense and assets by fiscal year")
    s = "statement/"
    for part, label in zip(pack.workings, pack.labels, strict=True):
        table.section(f"{label}: profit and loss")
        rows = [
            table.flow("Operating expense", part, [(1, s + "operating_expense")]),
            table.flow("Depreciation", part, [(1, s + "depreciation")]),
        ]
        if has_leases(part.graph):
            rows.append(table.flow("Lease expense", part, [(1, s + "lease_expense")]))
        if part.feeds("write_off"):
            rows.append(table.flow("Written off at end of life", part, [(1, s + "write_off")]))
        table.total("Expense before tax", rows)
        if not part.feeds("capex"):
            continue
        table.section(f"{label}: assets")
        _roll(
            table,
            part,
            "Assets at cost",
            "asset_cost",
            [("Additions", 1, "capex"), ("Retired", -1, "retired")],
        )
        _roll(
            table,
            part,
            "Net book value",
            "net_book_value",
            [
                ("Additions", 1, "capex"),
                ("Depreciation", -1, "depreciation"),
                ("Disposals", -1, "book_disposals"),
            ],
        )


def _roll(
    table: YearSheet, part: Part, title: str, balance: str, moves: Sequence[tuple[str, int, str]]
) -> None:
    """Opening balance, movements, closing balance of statements."""
    terms = [(label, ((sign, f"statement/{key}"),)) for label, sign, key in moves]
    _roll_rows(table, part, title, f"statement/{balance}", terms)


def _roll_rows(
    table: YearSheet,
    part: Part,
    title: str,
    balance: str,
    moves: Sequence[tuple[str, tuple[tuple[int, str], ...]]],
    place: int = 0,
) -> None:
    """The same of any rows: the node of the balance, and of each movement its nodes with their signs."""
    closing_row = table.next + 1 + len(moves)
    closing = np.array([part.values(balance)[place][np.flatnonzero(year)[-1]] for year in table.in_year])
    opening = np.concatenate([[0.0], closing[:-1]])
    first = table.row(f"{title}, opening", f"{BEFORE}{closing_row + 1}", opening, total=False)
    rows = [table.flow(label, part, terms, place=place) for label, terms in moves]
    text = f"ROUND(SUM({HERE}{first.row + 1}:{HERE}{rows[-1].row + 1}),{NOISE})"
    values = np.round(opening + np.sum([row.values for row in rows], axis=0), NOISE)
    table.row(f"{title}, closing", text, values, "Total", total=False)


def has_leases(graph: Graph) -> bool:
    """True if the scenario has leases on its balance sheet."""
    return "lease_liability" in graph.statements


def write_leases(sheet: Sheet, pack: Pack) -> None:
    """Liabilities and rights of use of all leases, and what they cost."""
    table = YearSheet(sheet, pack, "Leases by fiscal year")
    s = "statement/"
    for part, label in zip(pack.workings, pack.labels, strict=True):
        if not has_leases(part.graph):
            continue
        for heading, (title, balance, moves) in zip(
            ("lease liability", "right of use"), _LEASE_ROLLS, strict=True
        ):
            table.section(f"{label}: {heading}, all leases")
            _roll(table, part, title, balance, moves)
        table.flow("Lease expense", part, [(1, s + "lease_expense")])
        _schedules(table, part, label)


def _schedules(table: YearSheet, part: Part, label: str) -> None:
    """Each lease of a scenario by itself, where there are several."""
    leases = [
        (block, place)
        for block in part.graph.blocks
        if "lease_liability" in dict(block.feeds)
        for place in range(len(block.lines))
    ]
    if len(leases) < 2:
        return
    for block, place in leases[:_MOST_LEASES]:
        table.section(f"{label}: {block.lines[place].name}")
        for title, balance, moves in _LEASE_ROLLS:
            feeds = dict(block.feeds)
            terms = [
                (text, tuple((sign * own, key) for own, key in feeds[name]))
                for text, sign, name in moves
                if name in feeds
            ]
            (_, key), *_ = feeds[balance]
            _roll_rows(table, part, title, key, terms, place)
    if len(leases) > _MOST_LEASES:
        more = f"{len(leases) - _MOST_LEASES:,} more leases are on the workings sheets."
        table.sheet.text(table.next, 0, more, "Note")
        table.next += 1


def write_headcount(sheet: Sheet, pack: Pack) -> None:
    """Average full-time equivalents of the year, and what people cost."""
    table = YearSheet(sheet, pack, "People by fiscal year")
    timeline = pack.timeline
    months = timeline.spot("time/month").range()
    month = timeline.values("time/month")[0]
    for part, label in zip(pack.workings, pack.labels, strict=True):
        staff = [block for block in part.graph.blocks if block.kind == "staff"]
        if not staff:
            continue
        table.section(f"{label}: people")
        averages = []
        for block in staff:
            for place, line in enumerate(block.lines):
                fte, start, length = (
                    part.spot(f"{block.key}/{name}", place) for name in ("fte", "start", "months")
                )
                values = part.values(f"{block.key}/fte")[place]
                begin, count = (part.values(f"{block.key}/{name}")[place] for name in ("start", "months"))
                active = (month >= begin) & (month < begin + count)
                counted = fte.range() if fte.months else fte.cell()
                first = start.range() if start.months else start.cell()
                span = length.range() if length.months else length.cell()
                text = (
                    f"SUMPRODUCT(({table.fiscal_years}={HERE}${HEAD + 1})*({months}>={first})"
                    f"*({months}<{first}+{span})*{counted})"
                    f"/COUNTIF({table.fiscal_years},{HERE}${HEAD + 1})"
                )
                by_month = np.broadcast_to(values, month.shape) * active
                averages.append(
                    table.row(
                        line.name,
                        text,
                        np.array([by_month[year].mean() for year in table.in_year]),
                        total=False,
                        unit="FTE, average",
                        number=ONE_DECIMAL,
                    )
                )
        together = np.sum([row.values for row in averages], axis=0)
        first_row, last_row = averages[0].row + 1, averages[-1].row + 1
        table.row(
            "All people",
            f"SUM({HERE}{first_row}:{HERE}{last_row})",
            together,
            "Total",
            total=False,
            unit="FTE, average",
            number=ONE_DECIMAL,
        )
        table.flow("Cost of people", part, [(1, "statement/people")])
