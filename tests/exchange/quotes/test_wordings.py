"""Columns, facts, rows, currencies and status of a quote by whatever name vendors call them."""

from __future__ import annotations

import csv
import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest

from desktop_app.exchange.quotes import quote_to_json, understand
from desktop_app.exchange.reading import read_workbook_here

WORDINGS: dict[str, dict[str, list[str]]] = tomllib.loads(
    (Path(__file__).parents[2] / "data" / "quotes_exam" / "wordings.toml").read_text(encoding="utf-8")
)
HEAD = [["Ferrous Iron GmbH"], ["Quote no.", "Q-1"], ["Currency: USD"], []]
NAMES = {
    "line_no": "Line",
    "part_number": "Part Number",
    "description": "Description",
    "quantity": "Qty",
    "unit": "UOM",
    "list_price": "List Price",
    "discount_pct": "Disc %",
    "unit_price": "Net Price",
    "extended_price": "Extended",
}
LINES: list[dict[str, Any]] = [
    dict(zip(NAMES, values, strict=True))
    for values in (
        (1, "AB-10X", "GPU server, 8 cards, air cooled", 4, "EA", "1000.50", "10", "900.45", "3601.80"),
        (2, "AB-11", "Ethernet switch 32 ports", 2, "EA", "200.00", "5", "190.00", "380.00"),
        (3, "AC-77-2", "Support, next business day", 4, "EA", "50.00", "0", "50.00", "200.00"),
    )
]
Rows = list[list[Any]]


def read(folder: Path, rows: Rows) -> dict[str, Any]:
    """A file of the rows, read."""
    path = folder / "quote.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([["" if v is None else v for v in row] for row in rows])
    return quote_to_json(understand(read_workbook_here(path), today=dt.date(2025, 12, 1)))


def table(field: str, word: str) -> tuple[Rows, list[str]]:
    """A table whose column for `field` is called `word`, and the fields of its columns."""
    columns, lines = list(NAMES), [dict(line) for line in LINES]
    if field == "unit_price":
        columns = [c for c in columns if c not in ("list_price", "discount_pct")]
    if field == "term_months":
        lines[2][field] = "36"
    if field == "currency":
        for line in lines:
            line[field] = "USD"
    if field in ("term_months", "currency"):
        columns.append(field)
    if field == "parent_no":
        columns.insert(1, field)
        child = {
            "line_no": "1.1",
            "parent_no": 1,
            "part_number": "ZZ-1",
            "description": "Memory",
            "quantity": 8,
            "unit": "EA",
            "unit_price": "0.00",
            "extended_price": "0.00",
        }
        lines.insert(1, child)
    names = NAMES | {field: word}
    if field == "quantity_per_system":
        columns.insert(3, field)
        names["quantity"] = "Ext Qty"
        for line, pieces in zip(lines, (2, 1, 2), strict=True):
            line[field] = pieces
    rows: Rows = [[names[c] for c in columns], *([line.get(c) for c in columns] for line in lines)]
    whole = dict.fromkeys(columns) | {"description": "Total", "extended_price": "4181.80"}
    return [*rows, [whole[c] for c in columns]], columns


@pytest.mark.parametrize("field", WORDINGS["headers"])
def test_headers(field: str, tmp_path: Path) -> None:
    missed = {}
    for word in WORDINGS["headers"][field]:
        rows, columns = table(field, word)
        blocks = read(tmp_path, [*HEAD, *rows])["blocks"]
        wanted = {name: chr(ord("A") + n) for n, name in enumerate(columns)}
        if len(blocks) != 1 or blocks[0]["columns"] != wanted:
            missed[word] = blocks[0]["columns"] if blocks else None
    assert not missed


VALUES = {
    "quote_number": "Q-20771",
    "quote_date": "2026-10-14",
    "valid_until": "2026-11-14",
    "payment_terms": "Net 30 days",
    "lead_time": "6-8 weeks ARO",
    "revision": "3",
}


@pytest.mark.parametrize("fact", WORDINGS["labels"])
def test_labels(fact: str, tmp_path: Path) -> None:
    rows, _ = table("unit", "UOM")
    missed = {}
    for word in WORDINGS["labels"][fact]:
        others = {"quote_number": ["Quote no.", "Q-1"], "quote_date": ["Date", "2026-10-01"]}
        if fact in ("quote_number", "quote_date"):
            del others[fact]
        for label in (word, f"{word}:"):
            head = [["Ferrous Iron GmbH"], *others.values(), [label, VALUES[fact]], ["Currency: USD"], []]
            got = read(tmp_path, [*head, *rows])[fact]
            if got != VALUES[fact]:
                missed[label] = got
    assert not missed


def short(rows: Rows) -> Rows:
    """Two plain lines, and further rows below them."""
    header = ["Line", "Part Number", "Description", "Qty", "Net Price", "Extended"]
    lines: Rows = [[1, "AB-10X", "GPU server, 8 cards", 4, "900.45", "3601.80"],
                   [2, "AB-11", "Ethernet switch 32 ports", 2, "190.00", "380.00"]]  # fmt: skip
    return [*HEAD, header, *lines, *rows]


def amount(label: str, value: str) -> list[Any]:
    return [None, None, label, None, None, value]


CASES: dict[str, Any] = {
    "freight": lambda w: [[3, "AB-F", w, 1, "100.00", "100.00"], amount("Total", "4081.80")],
    "tax": lambda w: [amount("Subtotal", "3981.80"), amount(w, "398.18"), amount("Total", "4379.98")],
    "discount": lambda w: [[3, None, w, 1, "-100.00", "-100.00"], amount("Total", "3881.80")],
    "option": lambda w: [[3, "AB-O", w, 1, "100.00", "100.00"], amount("Total", "3981.80")],
    "no_bid": lambda w: [[3, "AB-N", "Immersion tank", 0, w, w], amount("Total", "3981.80")],
    "child": lambda w: [[None, "AB-C", "Rail kit", 2, w, w], amount("Total", "3981.80")],
}


@pytest.mark.parametrize("kind", CASES)
def test_kinds_of_rows(kind: str, tmp_path: Path) -> None:
    missed = {}
    for word in WORDINGS["rows"][kind]:
        got = read(tmp_path, short(CASES[kind](word)))
        row = 9 if kind == "tax" else 8
        found = {line["row"]: line["kind"] for line in got["blocks"][0]["lines"]}
        flags = [(i["category"], i["cell"], i["ask"]) for i in got["issues"]]
        wanted = [("no-bid", "quote!F8", False)] if kind == "no_bid" else []
        if found.get(row) != kind or not got["reconciles"] or not got["grand_total"] or flags != wanted:
            missed[word] = (found, flags)
    assert not missed


@pytest.mark.parametrize("kind", ["subtotal", "total"])
def test_sums(kind: str, tmp_path: Path) -> None:
    missed = {}
    for word in WORDINGS["rows"][kind]:
        labels = (word, "Grand total") if kind == "subtotal" else ("Subtotal", word)
        rows = [amount(labels[0], "3981.80"), amount("VAT 10%", "398.18"), amount(labels[1], "4379.98")]
        got = read(tmp_path, short(rows))
        block = got["blocks"][0]
        sums = [s["row"] for s in block["subtotals"]], (block["total"] or {}).get("row")
        if sums != ([8], 10) or not got["reconciles"] or got["issues"]:
            missed[word] = (sums, got["issues"])
    assert not missed


@pytest.mark.parametrize("code", WORDINGS["currencies"])
def test_currencies(code: str, tmp_path: Path) -> None:
    missed = {}
    for word in WORDINGS["currencies"][code]:
        rows = short([amount("Total", "3981.80")])
        rows[2] = [word]
        got = read(tmp_path, rows)
        place = got["evidence"].get("currency", {}).get("cell")
        if (got["currency"], place, got["issues"]) != (code, "quote!A3", []):
            missed[word] = (got["currency"], place)
    assert not missed


@pytest.mark.parametrize("status", WORDINGS["status"])
def test_status(status: str, tmp_path: Path) -> None:
    missed = {}
    for word in WORDINGS["status"][status]:
        rows = short([amount("Total", "3981.80")])
        rows[3] = [word]
        got = read(tmp_path, rows)["price_status"]
        if got != (None if status == "none" else status):
            missed[word] = got
    assert not missed
