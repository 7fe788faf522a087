"""A quote and its import as text and as JSON for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from desktop_app.engine.issues import ERROR, WARNING, Issue
from desktop_app.exchange.quote_import import Imported
from desktop_app.exchange.quotes import Block, Line, Quote
from desktop_app.exchange.quotes.as_json import plain
from desktop_app.exchange.results_json import Json, issues_json, source_json
from desktop_app.exchange.results_text import NOTHING, table

_FACTS = (
    "vendor",
    "quote_number",
    "revision",
    "quote_date",
    "valid_until",
    "currency",
    "payment_terms",
    "lead_time",
)
_SHOWN = 60


def quote_issues(quote: Quote) -> list[Issue]:
    """What is wrong or open in a quote, with the answers that a question allows."""
    found = []
    for issue in quote.issues:
        message = issue.message
        if issue.ask and issue.alternatives:
            choices = "; ".join(f"--answer '{issue.id}={one.key}': {one.label}" for one in issue.alternatives)
            message = f"{message} ({choices})"
        found.append(Issue(ERROR if issue.ask else WARNING, issue.code, issue.cell, message))
    return found


def quote_text(quote: Quote) -> str:
    """The facts, lines and totals of a quote for reading."""
    facts = [f"{name.replace('_', ' ')}: {value}" for name in _FACTS if (value := getattr(quote, name))]
    parts = [f"{quote.file}", *(f"  {fact}" for fact in facts)]
    for block in quote.blocks:
        parts += ["", _block_text(block)]
    for charge in quote.charges:
        parts.append(f"{charge.cell}  {charge.label}: {_amount(charge.amount)}")
    for lease in quote.leases:
        parts.append(f"{lease.cell}  lease: {_amount(lease.monthly)} a month for {lease.term_months} months")
    if quote.grand_total is not None:
        parts.append(f"{quote.grand_total.cell}  grand total: {_amount(quote.grand_total.amount)}")
    parts.append("Every relation holds to the cent." if quote.reconciles else "The quote does NOT reconcile.")
    return "\n".join(parts)


def _block_text(block: Block) -> str:
    rows = [
        [
            str(line.row),
            line.kind,
            (line.part_number or "")[:20],
            _short(line),
            _amount(line.quantity),
            _amount(_price(line)),
            _amount(line.amount),
        ]
        for line in block.lines[:_SHOWN]
    ]
    head = f"{block.sheet}, header in row {block.header_row}" + (f", {block.name}" if block.name else "")
    shown = table(["Row", "Kind", "Part", "Description", "Quantity", "Price", "Extended"], rows, left=4)
    left = f"\n… and {len(block.lines) - _SHOWN:,} more lines" if len(block.lines) > _SHOWN else ""
    total = f"\ntotal in row {block.total.row}: {_amount(block.total.amount)}" if block.total else ""
    return f"{head}\n{shown}{left}{total}"


def _price(line: Line) -> Decimal | None:
    return line.unit_price if line.unit_price is not None else line.derived.get("unit_price")


def _short(line: Line) -> str:
    text = " ".join((line.description or "").split())
    return text if len(text) <= 50 else text[:49] + "…"


def _amount(value: Decimal | None) -> str:
    if value is None:
        return NOTHING
    return f"{value:,.2f}" if value == value.quantize(Decimal("0.01")) else f"{value.normalize():,f}"


def import_json(imported: Imported) -> Json:
    """What an import did."""
    return {
        "quote": imported.key,
        "scenario": imported.scenario,
        "lines": [
            {
                "name": line.name,
                "kind": line.kind,
                "category": line.category,
                "asset_class": line.asset_class or None,
                "fields": dict(line.fields),
                "source": source_json(line.source),
            }
            for line in imported.lines
        ],
        "prices": [
            {"driver": price.driver, "old": price.old, "new": price.new, "cell": price.cell}
            for price in imported.prices
        ],
        "left_out": [
            {
                "cell": one.key,
                "description": one.description,
                "amount": plain(one.amount),
                "kind": one.kind,
                "group": one.group or None,
                "reason": one.reason,
            }
            for one in imported.left_out
        ],
        "removed": list(imported.removed),
        "changes_since_last_revision": [_change(*change) for change in _changes(imported)],
        "issues": issues_json(imported.issues),
    }


def _changes(imported: Imported) -> Iterator[tuple[str, str, Line, tuple[tuple[str, object, object], ...]]]:
    """(what, part or description, line, changed fields) of every line that is not as it was."""
    for change in imported.changes.changed if imported.changes else ():
        line = change.new or change.old
        if line is not None:
            fields = tuple((one.field, one.old, one.new) for one in change.changes)
            yield change.what, line.part_number or line.description or "", line, fields


def _change(what: str, name: str, line: Line, fields: tuple[tuple[str, object, object], ...]) -> Json:
    return {
        "what": what,
        "line": name,
        "row": line.row,
        "fields": [{"field": field, "old": plain(old), "new": plain(new)} for field, old, new in fields],
    }


def import_text(quote: Quote, imported: Imported) -> str:
    """What an import did, for reading."""
    parts = [f"Imported {quote.file} into “{imported.scenario}”: {len(imported.lines)} cost lines."]
    rows = [
        [line.name[:60], line.kind, line.category, line.source.cell, line.fields.get("start", "1")]
        for line in imported.lines
    ]
    if rows:
        parts.append(table(["Line", "Kind", "Category", "Cell", "Month"], rows, left=4))
    parts += [f"{one.driver}: {one.old} to {one.new} ({one.cell})" for one in imported.prices]
    if imported.left_out:
        parts.append("Not imported:")
        parts += [f"  {one.key}  {one.description[:60]}: {one.reason}" for one in imported.left_out[:_SHOWN]]
    if imported.removed:
        parts.append(f"Gone since the last revision: {', '.join(imported.removed)}")
    for what, name, line, fields in _changes(imported):
        changed = ", ".join(f"{field} {plain(old)} to {plain(new)}" for field, old, new in fields)
        parts.append(f"{what.capitalize()} since the last revision: row {line.row} {name} {changed}".rstrip())
    return "\n".join(parts)
