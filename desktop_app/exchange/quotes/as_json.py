"""A quote as the JSON document that `outlay quote read --json` prints."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from desktop_app.exchange.quotes.model import Block, Issue, Line, Quote, Total

_FACTS = (
    "vendor",
    "quote_number",
    "revision",
    "quote_date",
    "valid_until",
    "price_status",
    "currency",
    "payment_terms",
    "lead_time",
)
_ALWAYS = (
    "row",
    "kind",
    "part_number",
    "description",
    "quantity",
    "unit",
    "list_price",
    "unit_price",
    "extended_price",
    "term_months",
    "currency",
)
_WHERE_PRINTED = (
    "discount_pct",
    "quantity_per_system",
    "line_no",
    "parent_no",
    "rate_1y",
    "rate_3y",
    "nrc",
    "mrc",
    "nrc_unit",
    "mrc_unit",
    "list_price_2",
    "unit_price_2",
    "recurrence",
    "factor",
    "decimal",
)


def plain(value: object) -> Any:
    """A value as JSON knows it: whole numbers without a point, days in ISO form.

    >>> plain(Decimal("4.00")), plain(Decimal("0.5"))
    (4, 0.5)
    """
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 10**15 else float(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def quote_to_json(quote: Quote) -> dict[str, Any]:
    """The whole quote as plain data, null where the workbook does not say."""
    result: dict[str, Any] = {"file": quote.file, "sha256": quote.sha256}
    result |= {name: plain(getattr(quote, name)) for name in _FACTS}
    result["evidence"] = {name: {"cell": e.cell, "raw": e.raw} for name, e in quote.evidence.items()}
    result["grand_total"] = None
    if quote.grand_total is not None:
        total = quote.grand_total
        result["grand_total"] = {
            "cell": total.cell,
            "amount": plain(total.amount),
            "currency": total.currency,
        }
        if total.of:
            result["grand_total"]["of"] = list(total.of)
    result["blocks"] = [_block(block) for block in quote.blocks]
    result["charges"] = [
        {"cell": c.cell, "kind": c.kind, "label": c.label, "amount": plain(c.amount), "currency": c.currency}
        for c in quote.charges
    ]
    result["restated"] = [{"cell": r.cell, "amount": plain(r.amount), "why": r.why} for r in quote.restated]
    result["leases"] = []
    for lease in quote.leases:
        entry = {
            name: plain(getattr(lease, name))
            for name in ("cell", "monthly", "term_months", "purchase_price", "rate_per_1000", "currency")
        }
        entry |= {
            name: plain(value)
            for name in ("residual", "timing")
            if (value := getattr(lease, name)) is not None
        }
        result["leases"].append(entry)
    result["ignored_sheets"] = list(quote.ignored_sheets)
    result["reconciles"] = quote.reconciles
    result["issues"] = [_issue(issue) for issue in quote.issues]
    return result


def _block(block: Block) -> dict[str, Any]:
    result: dict[str, Any] = {
        "sheet": block.sheet,
        "header_row": block.header_row,
        "role": block.role,
        "name": block.name,
        "decimal": block.decimal,
    }
    if block.basis is not None:
        result["basis"] = block.basis
    if block.discount_as is not None:
        result["discount_as"] = block.discount_as
    result["columns"] = dict(block.columns)
    result["confidence"] = block.confidence
    result["lines"] = [_line(line) for line in block.lines]
    result["subtotals"] = [_total(total) for total in block.subtotals]
    result["total"] = _total(block.total) if block.total is not None else None
    if block.hidden_lines:
        result["hidden_lines"] = [_line(line) for line in block.hidden_lines]
    if block.role == "price_list":
        result["line_count"] = len(block.lines)
        result["sums"] = {
            name: plain(sum(values, Decimal(0)))
            for name in ("list_price", "unit_price", "rate_1y", "rate_3y")
            if (values := [v for line in block.lines if (v := getattr(line, name)) is not None])
        }
    return result


def _line(line: Line) -> dict[str, Any]:
    result: dict[str, Any] = {name: plain(getattr(line, name)) for name in _ALWAYS}
    for name in _WHERE_PRINTED:
        value = getattr(line, name)
        if value is not None:
            result[name] = plain(value)
    if line.derived:
        result["derived"] = {name: plain(value) for name, value in line.derived.items()}
    if line.tiers:
        result["tiers"] = [{"from": least, "unit_price": plain(price)} for least, price in line.tiers]
    if line.hidden:
        result["hidden"] = True
    result["counts"] = line.counts
    if line.reason != "a rate":
        result["reason"] = line.reason
    return result


def _total(total: Total) -> dict[str, Any]:
    result: dict[str, Any] = {
        "row": total.row,
        "label": total.label,
        "amount": plain(total.amount),
        "rows": list(total.rows),
    }
    if total.column is not None:
        result["column"] = total.column
    if total.currency is not None:
        result["currency"] = total.currency
    return result


def _issue(issue: Issue) -> dict[str, Any]:
    result: dict[str, Any] = {
        "severity": issue.severity,
        "code": issue.code,
        "category": issue.code,
        "cell": issue.cell,
        "message": issue.message,
        "ask": issue.ask,
    }
    if issue.alternatives:
        result["alternatives"] = [
            {"key": a.key, "label": a.label, "total": plain(a.total)} for a in issue.alternatives
        ]
    if issue.difference is not None:
        result["difference"] = plain(issue.difference)
    if issue.cells:
        result["cells"] = list(issue.cells)
    if issue.answer is not None:
        result["answer"] = issue.answer
    return result
