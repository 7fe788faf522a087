"""Every sample quote comes out as its truth file says: every field listed, every flag raised, no flag
where none is due.
"""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from desktop_app.exchange.quotes import quote_to_json, understand
from desktop_app.exchange.reading import read_workbook_here

SAMPLES = Path(__file__).parents[2] / "data" / "quotes"
NAMES = sorted(path.name.removesuffix(".truth.json") for path in SAMPLES.glob("*.truth.json"))
FACTS = [
    "vendor",
    "quote_number",
    "revision",
    "quote_date",
    "valid_until",
    "price_status",
    "currency",
    "payment_terms",
    "lead_time",
]
PARTS = ["grand_total", "blocks", "charges", "restated", "leases", "ignored_sheets", "reconciles"]
# Before every sample's own end, so that only what the truth lists is flagged.
TODAY = dt.date(2025, 12, 1)


@cache
def truth(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{name}.truth.json").read_text(encoding="utf-8"))
    return found


@cache
def printed(name: str) -> dict[str, Any]:
    workbook = read_workbook_here(SAMPLES / truth(name)["file"])
    found: dict[str, Any] = json.loads(json.dumps(quote_to_json(understand(workbook, today=TODAY))))
    return found


def text(value: object) -> object:
    """Texts compare after NFKC, without control and zero-width characters, white space collapsed."""
    if not isinstance(value, str):
        return value
    plain = unicodedata.normalize("NFKC", value)
    return " ".join(
        "".join(c for c in plain if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf")).split()
    )


def differences(path: str, wanted: Any, got: Any) -> list[str]:
    """Where what came out is not what is wanted; keys the truth does not list are not looked at."""
    if isinstance(wanted, dict):
        if not isinstance(got, dict):
            return [f"{path}: {wanted!r} is missing"]
        return [
            d
            for key in wanted
            if key != "why"
            for d in differences(f"{path}.{key}", wanted[key], got.get(key))
        ]
    if isinstance(wanted, list) and wanted and isinstance(wanted[0], dict):
        return _by_place(path, wanted, got or [])
    if isinstance(wanted, list):
        same = sorted(map(str, wanted)) == sorted(map(str, got or []))
        return [] if same else [f"{path}: {wanted!r} != {got!r}"]
    if isinstance(wanted, int | float) and not isinstance(wanted, bool) and isinstance(got, int | float):
        return [] if abs(wanted - got) < 1e-6 else [f"{path}: {wanted!r} != {got!r}"]
    return [] if text(wanted) == text(got) else [f"{path}: {wanted!r} != {got!r}"]


def _by_place(path: str, wanted: list[dict[str, Any]], got: list[dict[str, Any]]) -> list[str]:
    if "row" not in wanted[0] and "cell" not in wanted[0]:
        found = [] if len(wanted) == len(got) else [f"{path}: {len(wanted)} entries wanted, {len(got)} found"]
        for number, (one, other) in enumerate(zip(wanted, got, strict=False)):
            found += differences(f"{path}[{number}]", one, other)
        return found

    def place(entry: dict[str, Any]) -> str:
        return str(entry["cell"] if "cell" in entry else f"{entry['row']}{entry.get('column') or ''}")

    by_place = {place(entry): entry for entry in got}
    places = {place(entry) for entry in wanted}
    found = [f"{path}: {place(entry)} is too much" for entry in got if place(entry) not in places]
    for entry in wanted:
        found += differences(f"{path}[{place(entry)}]", entry, by_place.get(place(entry)))
    return found


def test_all_samples_are_here() -> None:
    assert len(NAMES) == 18


@pytest.mark.parametrize("name", NAMES)
def test_facts(name: str) -> None:
    wanted, got = truth(name), printed(name)
    for fact in FACTS:
        right = [text(wanted[fact]), *map(text, wanted["also_right"].get(fact, []))]
        assert text(got[fact]) in right, fact


@pytest.mark.parametrize("name", NAMES)
def test_evidence(name: str) -> None:
    wanted, got = truth(name)["evidence"], printed(name)["evidence"]
    for fact, evidence in wanted.items():
        assert got[fact]["cell"] == evidence["cell"], fact
        one, other = (str(text(e["raw"])).casefold() for e in (evidence, got[fact]))
        assert one in other or other in one, fact


@pytest.mark.parametrize("name", NAMES)
def test_tables_totals_and_proof(name: str) -> None:
    wanted, got = truth(name), printed(name)
    found = [d for part in PARTS for d in differences(part, wanted[part], got[part])]
    assert not found, found[:20]
    # What the truth lists as empty is empty.
    for one, other in zip(wanted["blocks"], got["blocks"], strict=True):
        assert len(one.get("hidden_lines", [])) == len(other.get("hidden_lines", []))
        assert len(one["subtotals"]) == len(other["subtotals"])


@pytest.mark.parametrize("name", NAMES)
def test_flags(name: str) -> None:
    wanted, issues = truth(name), printed(name)["issues"]
    flagged = {(issue["cell"], issue["category"]): issue for issue in issues}
    for flag in wanted["must_flag"]:
        issue = flagged.get((flag["cell"], flag["category"]))
        assert issue is not None, flag
        assert issue["severity"] == ("error" if flag["severity"] == "ask" else "warning"), flag
        assert issue["ask"] is (flag["severity"] == "ask")
        if "difference" in flag:
            assert issue["difference"] == pytest.approx(flag["difference"]), flag
    cells = {issue["cell"] for issue in issues}
    assert not cells & {flag["cell"] for flag in wanted["must_not_flag"]}
    due = {(flag["cell"], flag["category"]) for flag in wanted["must_flag"]}
    assert set(flagged) <= due, "a flag that no careful reader would raise"
