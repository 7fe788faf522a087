"""Quotes made by an examiner come out as their truth files say, which he wrote while making them."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from desktop_app.exchange.quotes import quote_to_json, understand
from desktop_app.exchange.reading import read_workbook_here
from tests.exchange.quotes.test_truth import FACTS, PARTS, differences, text

EXAM = Path(__file__).parents[2] / "data" / "quotes_exam"
NAMES = sorted(path.name.removesuffix(".truth.json") for path in EXAM.glob("*.truth.json"))
# Before the end of every quote whose dates are right, so that only what the truth lists is flagged.
TODAY = dt.date(2025, 12, 1)


@cache
def truth(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAM / f"{name}.truth.json").read_text(encoding="utf-8"))
    return found


@cache
def printed(name: str) -> dict[str, Any]:
    workbook = read_workbook_here(EXAM / truth(name)["file"])
    found: dict[str, Any] = json.loads(json.dumps(quote_to_json(understand(workbook, today=TODAY))))
    return found


def wrong_facts(wanted: dict[str, Any], got: dict[str, Any]) -> list[str]:
    found = []
    for fact in FACTS:
        right = [text(wanted[fact]), *map(text, wanted["also_right"].get(fact, []))]
        if text(got[fact]) not in right:
            found.append(f"{fact}: {wanted[fact]!r} != {got[fact]!r}")
    for fact, evidence in wanted["evidence"].items():
        seen = got["evidence"].get(fact) or {"cell": None, "raw": ""}
        one, other = (str(text(e["raw"])).casefold() for e in (evidence, seen))
        if seen["cell"] != evidence["cell"] or not (one in other or other in one):
            found.append(f"evidence of {fact}: {evidence} != {seen}")
    return found


def wrong_tables(wanted: dict[str, Any], got: dict[str, Any]) -> list[str]:
    found = [d for part in PARTS for d in differences(part, wanted[part], got[part])]
    found += [
        f"{part}: {len(wanted[part])} wanted, {got[part]} found"
        for part in ("charges", "restated", "leases", "blocks")
        if len(wanted[part]) != len(got[part])
    ]
    for n, (one, other) in enumerate(zip(wanted["blocks"], got["blocks"], strict=False)):
        if one["columns"] != other["columns"]:
            found.append(f"blocks[{n}].columns: {one['columns']} != {other['columns']}")
        found += [
            f"blocks[{n}].{part}: {other.get(part)} found"
            for part in ("hidden_lines", "subtotals")
            if len(one.get(part, [])) != len(other.get(part, []))
        ]
    return found


def wrong_flags(wanted: dict[str, Any], got: dict[str, Any]) -> list[str]:
    """A category "*" stands for any."""
    found, due = [], set()
    for flag in wanted["must_flag"]:
        hits = [
            issue
            for issue in got["issues"]
            if issue["cell"] == flag["cell"] and flag["category"] in ("*", issue["category"])
        ]
        due |= {(issue["cell"], issue["category"]) for issue in hits}
        severity = "error" if flag["severity"] == "ask" else "warning"
        if not hits:
            found.append(f"not flagged: {flag}")
        elif not any(issue["severity"] == severity for issue in hits):
            found.append(f"severity of {flag['cell']}: {severity} wanted")
        elif "difference" in flag and hits[0]["difference"] != pytest.approx(flag["difference"]):
            found.append(f"difference at {flag['cell']}: {flag['difference']} != {hits[0]['difference']}")
    # Which letters a text file means is a matter of the file, not of a cell: saying so is right.
    return found + [
        f"false alarm: {issue['cell']} {issue['category']}: {issue['message']}"
        for issue in got["issues"]
        if issue["category"] != "encoding-guessed" and (issue["cell"], issue["category"]) not in due
    ]


@pytest.mark.parametrize("name", NAMES)
def test_facts(name: str) -> None:
    assert wrong_facts(truth(name), printed(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_tables_totals_and_proof(name: str) -> None:
    assert wrong_tables(truth(name), printed(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_flags(name: str) -> None:
    assert wrong_flags(truth(name), printed(name)) == []
