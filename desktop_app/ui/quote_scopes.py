"""Rows of a comparison of quotes: what each offer has for a scope, and what it comes to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from desktop_app.exchange.fair_comparison import Column as OfferColumn
from desktop_app.exchange.fair_comparison import Entry, FairComparison
from desktop_app.ui import display
from desktop_app.ui.cells import Mark

_BASIS = {"assumed": "assumed", "normalised": "adjusted"}


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """A row of the comparison: a scope, or a figure of each offer."""

    title: str
    cells: tuple[Entry | Decimal | int | None, ...]
    strong: bool = False
    decimals: int = 0
    best: int | None = None


def scope_rows(comparison: FairComparison) -> list[ScopeRow]:
    """Scopes, then the totals and what they come to for each GPU, each GB of its memory and each year."""
    columns = comparison.columns
    rows = []
    for scope in comparison.scopes:
        if scope != "Tax":
            cells = tuple(next(one for one in column.entries if one.scope == scope) for column in columns)
            rows.append(ScopeRow(scope, cells))

    def figure(
        title: str, of: Callable[[OfferColumn], Decimal | int | None], decimals: int = 0, strong: bool = False
    ) -> None:
        values = tuple(of(column) for column in columns)
        known = [value for value in values if value is not None]
        lowest = values.index(min(known)) if strong and len(known) == len(values) > 1 else None
        rows.append(ScopeRow(title, values, strong, decimals, lowest))

    figure("Total before tax", lambda column: column.total, strong=True)
    if any(column.gaps for column in columns):
        figure("What is known of it", lambda column: column.total_without_gaps)
    figure("GPUs", lambda column: column.gpus)
    figure("Per GPU", lambda column: column.per_gpu)
    figure("Per GB of GPU memory", lambda column: column.per_gpu_memory_gb, 2)
    figure("Per year", lambda column: column.per_year)
    figure("Tax, not compared", lambda column: column.tax)
    return rows


def cell_text(row: ScopeRow, place: int) -> str:
    """A cell in words and figures: what is assumed, adjusted or missing says so."""
    cell = row.cells[place]
    if not isinstance(cell, Entry):
        text = display.NONE if cell is None else display.number(float(cell), row.decimals)
        return f"{text}  lowest" if row.best == place else text
    if cell.amount is None:
        return "⚠ gap"
    if cell.basis == "not offered":
        return display.NONE
    word = _BASIS.get(cell.basis, "")
    return f"{display.number(float(cell.amount))}  {word}".rstrip()


def cell_mark(row: ScopeRow, place: int) -> Mark | None:
    """How a cell is marked."""
    cell = row.cells[place]
    if isinstance(cell, Entry):
        return {"gap": Mark.WARNING, "assumed": Mark.OVERRIDDEN, "not offered": Mark.MUTED}.get(cell.basis)
    return Mark.GOOD if row.best == place else Mark.STRONG if row.strong else None


def cell_words(row: ScopeRow, place: int, currency: str) -> str:
    """How the amount in a cell came about, with the cells of the quote."""
    cell = row.cells[place]
    if not isinstance(cell, Entry):
        return ""
    where = ", ".join(cell.cells[:8]) + (f" and {len(cell.cells) - 8} more" if len(cell.cells) > 8 else "")
    if cell.basis == "assumed":
        return f"Assumed: {cell.note}"
    if cell.basis in ("gap", "not offered"):
        return cell.note
    parts = [f"quoted {display.number(float(cell.quoted), 2)} {currency}", cell.note, where]
    return "; ".join(part for part in parts if part)
