"""Findings about a block, each in one sentence with its cells and cents."""

from __future__ import annotations

import re
from decimal import Decimal

from desktop_app.exchange.quotes.build import Draft
from desktop_app.exchange.quotes.extract import Row
from desktop_app.exchange.quotes.model import MONEY_FIELDS, Alternative, Issue, Mapping
from desktop_app.exchange.quotes.numbers import read_number
from desktop_app.exchange.quotes.proof import Mismatch, cents
from desktop_app.exchange.quotes.text import fold, has_hidden_characters, tidy
from desktop_app.exchange.quotes.totals import Ledger, Sum, near_cent
from desktop_app.exchange.reading.grid import Cell, address, column_letter

_INNER_PRICE = re.compile(
    r"\d\s*@\s*(?:[A-Z]{3}\s*)?[$€£¥]?\s*\d|(?:USD|EUR|GBP|CHF|CAD|AUD|JPY|INR|BRL|"
    r"[$€£¥])\s?\d[\d.,' ]*|\d[\d.,']*[.,]\d{2}\s?(?:USD|EUR|GBP|CHF|[$€£])"
)
_MANY = 100
_FORMULA_START = ("=", "+", "-", "@")


def money(value: Decimal) -> str:
    """An amount for a sentence."""
    return f"{value:,.2f}" if value == cents(value) else f"{value.normalize():,f}"


def line(block: Draft, row: Row, wrong: Mismatch, mapping: Mapping) -> None:
    """Quantity x unit price is not the extended price."""
    cell = block.place(row.number, wrong.field)
    row_total = _sum_with(block, wrong)
    issue = Issue(
        "line-mismatch",
        cell,
        f"{_parts(row)} gives {money(wrong.expected)}, but {money(wrong.printed)} is printed "
        f"({money(wrong.difference)} difference).",
        True,
        (
            Alternative("printed", f"keep the printed {money(wrong.printed)}", row_total),
            Alternative(
                "expected",
                f"use {money(wrong.expected)}",
                None if row_total is None else row_total - wrong.difference,
            ),
        ),
        wrong.difference,
        tuple(
            block.place(row.number, n)
            for n in ("quantity", "unit_price", "list_price", "extended_price")
            if n in row.values
        ),
    )
    block.issues.append(issue)
    block.proved = False
    if mapping.answers.get(issue.id) == "expected":
        row.values[wrong.field] = wrong.expected


def _sum_with(block: Draft, wrong: Mismatch) -> Decimal | None:
    """What the lines add up to now; not for the hundredth fault of a table that is wrong throughout."""
    if len(block.issues) > _MANY:
        return None
    amounts = [r.amount() for r in block.rows if r.kind in ("line", "freight", "tax", "discount")]
    return sum((a for a in amounts if a is not None), Decimal(0)) if wrong.field == "extended_price" else None


def _parts(row: Row) -> str:
    parts = [f"{row.values['quantity'].normalize():f}"]
    price = row.values.get("unit_price", row.values.get("list_price"))
    if price is not None:
        parts.append(money(price))
    text = " x ".join(parts)
    if "unit_price" not in row.values and row.values.get("discount_pct"):
        text += f" less {row.values['discount_pct'].normalize():f}%"
    return text


def discount(block: Draft, row: Row, wrong: Mismatch | None) -> None:
    """List price less discount is not the net price."""
    if wrong is None:
        return
    block.issues.append(
        Issue(
            "discount-mismatch",
            block.place(row.number, wrong.field),
            f"List price {money(row.values['list_price'])} less "
            f"{row.values['discount_pct'].normalize():f}% gives "
            f"{money(wrong.expected)}, but {money(wrong.printed)} is printed as the net price.",
            difference=wrong.difference,
        )
    )
    block.proved = False


def rate(block: Draft, row: Row, wrong: Mismatch) -> None:
    """A tax or discount is not its rate times any sum above it."""
    block.issues.append(
        Issue(
            f"{row.kind}-mismatch",
            block.place(row.number, "extended_price"),
            f"'{row.label}' should be {money(wrong.expected)} of the sum above it, but "
            f"{money(wrong.printed)} is printed.",
            True,
            (
                Alternative("printed", f"keep {money(wrong.printed)}"),
                Alternative("expected", f"use {money(wrong.expected)}"),
            ),
            wrong.difference,
        )
    )
    block.proved = False


def sum_fault(block: Draft, found: Sum) -> None:
    """A subtotal or total is not the sum of its rows."""
    column = column_letter(block.amount_column(found.track))
    cell = f"{block.sheet}!{column}{found.row}"
    expected = found.amount - found.difference
    text = f"'{found.label}' is printed as {money(found.amount)}, but its rows add up to {money(expected)}"
    hidden = [row for row in block.hidden if row.amount() is not None]
    if hidden and near_cent(
        sum((row.amount() or Decimal(0) for row in hidden), Decimal(0)), found.difference
    ):
        text += f": it takes in hidden row {', '.join(str(row.number) for row in hidden)}"
    if found.omitted:
        names = " and ".join(f"row {r} ({_name(block, r)})" for r in found.omitted)
        text += f": it leaves out {names}"
    block.issues.append(
        Issue(
            found.fault or "total-mismatch",
            cell,
            f"{text} ({money(found.difference)} difference).",
            True,
            (
                Alternative("lines", f"trust the lines: {money(expected)}", expected),
                Alternative("printed", f"trust the printed sum: {money(found.amount)}", found.amount),
            ),
            found.difference,
            tuple(f"{block.sheet}!{column}{r}" for r in found.members),
        )
    )
    block.proved = False


def _name(block: Draft, number: int) -> str:
    row = next((r for r in block.rows if r.number == number), None)
    return "" if row is None else row.texts.get("part_number") or row.label


def summary(block: Draft, row: Row, difference: Decimal) -> None:
    """A row of a summary that does not repeat what the table adds up to."""
    block.issues.append(
        Issue(
            "summary-mismatch",
            block.place(row.number, "extended_price"),
            f"'{row.label}' in the summary does not agree with the table: the summary's parts differ from "
            f"the total by {money(difference)}.",
            True,
            (
                Alternative("lines", "the table is right"),
                Alternative("ask", "unknown until the vendor answers"),
            ),
            difference,
        )
    )
    block.proved = False


def outside_total(block: Draft, ledger: Ledger) -> None:
    """Priced rows that no sum takes in."""
    last = max((s.row for s in ledger.sums if s.covers_all), default=0)
    for item in ledger.open:
        if item.is_total or item.row < last:
            continue
        block.issues.append(
            Issue(
                "line-outside-total",
                block.place(item.row, "extended_price"),
                f"'{item.label}' ({money(item.amount)}) stands below the total and is in no sum: is it an "
                f"option?",
                True,
                (
                    Alternative("option", "an option, not bought"),
                    Alternative("line", "to be paid on top", item.amount),
                ),
            )
        )
        block.proved = False


def rows(block: Draft) -> None:
    """What single cells of the block deserve: uncertain numbers, formulas without values, hidden and
    unsafe content.
    """
    base = sum((row.amount() or Decimal(0) for row in block.rows if row.counts), Decimal(0))
    parents = {row.parent for row in block.rows if row.kind == "child"}
    for row in block.rows:
        _numbers(block, row, base)
        if row.kind == "no_bid":
            _no_bid(block, row)
        elif (
            not block.price_list
            and row.kind == "line"
            and not (row.counts or row.unsure or row.lost or row.number in parents)
        ):
            _no_price(block, row)
        if row.kind != "total":
            _texts(block, row)
    for row, _ in block.restated:
        _numbers(block, row, base)
    for row in block.hidden:
        name = next(
            (n for n in ("extended_price", "unit_price", "list_price") if n in row.values), "description"
        )
        block.issues.append(
            Issue(
                "hidden-row",
                block.place(row.number, name),
                f"A hidden row holds the priced line '{row.label}': it is listed, left off and not counted.",
            )
        )
    _hidden_columns(block)
    _recurrence(block)


def _numbers(block: Draft, row: Row, base: Decimal) -> None:
    for cell in row.uncached:
        block.issues.append(
            Issue(
                "no-cached-value",
                address(block.sheet, cell.row, cell.column),
                f"The formula {cell.formula} has no saved value; it was worked out here as "
                f"{_computed(block, row, cell)}. "
                "Open the workbook in Excel and save it, or confirm the value.",
                True,
                (Alternative("computed", "use the value worked out here"),),
            )
        )
    for cell in row.lost:
        shown = cell.error or cell.value
        what = f"shows {shown}" if shown else f"holds the formula {cell.formula} without a saved value"
        block.issues.append(
            Issue(
                "error-value" if shown else "no-cached-value",
                address(block.sheet, cell.row, cell.column),
                f"The cell {what}: the price is unknown, not zero.",
                True,
                (Alternative("leave", "leave it out until the vendor answers"),),
            )
        )
        block.proved = False
    for name, reading in row.unsure.items():
        cell = row.cells[block.columns.of[name]]
        choices = tuple(
            Alternative(
                sign,
                f"{money(reading.value(sign))} (decimal {'point' if sign == '.' else 'comma'})",
                base + _extended(row, name, reading.value(sign)),
            )
            for sign in (".", ",")
        )
        block.issues.append(
            Issue(
                "ambiguous-number",
                address(block.sheet, cell.row, cell.column),
                f"'{tidy(str(cell.value))}' may be {money(reading.value('.'))} or "
                f"{money(reading.value(','))}; "
                "nothing in the file decides it.",
                True,
                choices,
            )
        )
        block.proved = False


def _extended(row: Row, name: str, value: Decimal) -> Decimal:
    if name == "extended_price":
        return value
    if name == "unit_price":
        return value * row.values.get("quantity", Decimal(1))
    return Decimal(0)


def _computed(block: Draft, row: Row, cell: Cell) -> str:
    name = next((n for n, c in block.columns.of.items() if c == cell.column), "")
    value = row.values.get(name)
    return money(value) if value is not None else "?"


def _no_bid(block: Draft, row: Row) -> None:
    name = next(
        (n for n in ("extended_price", "unit_price", "list_price") if n in row.words), "extended_price"
    )
    block.issues.append(
        Issue(
            "no-bid",
            block.place(row.number, name),
            f"No price for '{row.label}': {row.reason}. It is unknown, not zero.",
        )
    )


def _no_price(block: Draft, row: Row) -> None:
    block.issues.append(
        Issue(
            "missing-price",
            block.place(row.number, "extended_price"),
            f"'{row.label}' has no price: it is not in the total.",
        )
    )


_BULLET = re.compile(r"-\s+[^\W\d_]")  # the dash before a part ("- Memory 64 GB") is no formula


def _texts(block: Draft, row: Row) -> None:
    fields = {column: name for name, column in block.columns.of.items()}
    for column, cell in row.cells.items():
        value = cell.value
        if not isinstance(value, str) or not value:
            continue
        name = fields.get(column)
        place = address(block.sheet, cell.row, cell.column)
        if has_hidden_characters(value):
            block.issues.append(control_characters(place))
        if value[0] in _FORMULA_START or (value[0] == " " and tidy(value)[:1] in _FORMULA_START):
            text = tidy(value)
            loose = (name is None and text[0] in "-+") or _BULLET.match(text) is not None
            if len(text) > 2 and not loose and name not in MONEY_FIELDS and read_number(text) is None:
                block.issues.append(
                    Issue(
                        "injection-text",
                        place,
                        f"This text begins with '{text[0]}': it is kept as text, never as a formula.",
                    )
                )
        if name == "description" and _INNER_PRICE.search(value):
            block.issues.append(
                Issue(
                    "bundle-text",
                    place,
                    "Prices inside the description are part of the bundle and are not added.",
                )
            )


def control_characters(place: str) -> Issue:
    """Invisible characters inside a text."""
    return Issue(
        "control-characters",
        place,
        "The text holds invisible characters: shown cleaned, the raw text is kept.",
    )


def _hidden_columns(block: Draft) -> None:
    hidden = sorted(block.view.sheet.hidden_columns)
    rows_seen = block.row_numbers[:200]
    runs: list[list[int]] = []
    for column in hidden:
        named = (block.header.row, column) in block.view.sheet.cells
        filled = named or any(column in block.view.rows[r] for r in rows_seen)
        if not filled or column > max(block.header.texts, default=0) + 5:
            continue
        if runs and runs[-1][-1] == column - 1:
            runs[-1].append(column)
        else:
            runs.append([column])
    for run in runs:
        names = ", ".join(tidy(str(block.header.texts.get(c, ""))) or column_letter(c) for c in run)
        first, last = column_letter(run[0]), column_letter(run[-1])
        block.issues.append(
            Issue(
                "hidden-column",
                address(block.sheet, block.header.row, run[0]),
                f"Hidden column{'s' if len(run) > 1 else ''} {first if first == last else f'{first}:{last}'} "
                f"({names}): not read as prices to the customer.",
            )
        )


def _recurrence(block: Draft) -> None:
    if "extended_price" not in block.columns.of:
        return
    first: str | None = None
    for row in block.rows:
        if not row.counts or row.recurrence is None or row.amount() is None:
            continue
        if first is None:
            first = row.recurrence
        elif row.recurrence != first:
            block.issues.append(
                Issue(
                    "mixed-recurrence",
                    block.place(row.number, "extended_price"),
                    "One-off and recurring amounts stand in one column: they are kept apart and never added "
                    "together.",
                )
            )
            return


__all__ = ["discount", "fold", "line", "money", "outside_total", "rate", "rows", "sum_fault"]
