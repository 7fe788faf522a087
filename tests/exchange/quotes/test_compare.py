"""Revisions are compared line by line, layouts by their names, and a person's mapping is followed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

from desktop_app.exchange.quotes import Mapping, compare_quotes, fingerprint, read_quote
from tests.exchange.quotes.made import Rows, kinds, quote, xlsx

HEAD = ["Part", "Description", "Qty", "Unit price (USD)", "Extended (USD)"]


def rows(revision: str, lines: Rows, total: float) -> list[list[object]]:
    top: list[list[object]] = [
        ["Marlow Systems Ltd"],
        ["Quote no.", f"MS-4410 rev. {revision}", "Date", dt.date(2026, 10, 1)],
    ]
    return [*top, HEAD, *map(list, lines), [None, "Total", None, None, total]]


def test_two_revisions(tmp_path: Path) -> None:
    old = quote(
        xlsx(tmp_path / "1.xlsx", rows("1", [["A", "Server", 2, 100, 200], ["B", "Switch", 1, 50, 50]], 250))
    )
    new = quote(
        xlsx(
            tmp_path / "2.xlsx",
            [[], *rows("2", [["C", "Rack", 1, 30, 30], ["A", "Server", 3, 95, 285]], 315)],
        )
    )
    assert (old.quote_number, old.revision, new.revision) == ("MS-4410", "1", "2")
    assert fingerprint(old) == fingerprint(new)
    found = compare_quotes(old, new)
    assert [f.field for f in found.facts] == ["revision"]
    by_part = {(c.new or c.old).part_number: c for c in found.lines}  # type: ignore[union-attr]
    assert {part: change.what for part, change in by_part.items()} == {
        "A": "changed",
        "B": "removed",
        "C": "added",
    }
    assert {c.field for c in by_part["A"].changes} == {"quantity", "unit_price", "extended_price"}
    assert [by_part[p].difference for p in "ABC"] == [Decimal(85), Decimal(-50), Decimal(30)]
    assert found.total_difference == Decimal(65) == sum(c.difference or 0 for c in found.lines)


def test_other_columns_are_another_layout(tmp_path: Path) -> None:
    one = quote(xlsx(tmp_path / "1.xlsx", rows("1", [["A", "Server", 2, 100, 200]], 200)))
    other = rows("1", [["A", "Server", 2, 100, 200]], 200)
    other[2] = ["Item", "Details", "Qty", "Net price (USD)", "Amount (USD)"]
    assert fingerprint(one) != fingerprint(quote(xlsx(tmp_path / "2.xlsx", other)))


def test_a_mapping_moves_the_header_renames_columns_and_rows(tmp_path: Path) -> None:
    lines = [["A", "Server", 2, 100, 200], ["B", "Handling of goods", 1, 50, 50]]
    path = xlsx(
        tmp_path / "q.xlsx", [["Odd Names Ltd"], ["Ware", "Spec", "How many", "Money", "Sum of it"], *lines]
    )
    mapping = Mapping(
        headers={"Sheet1": (2,)},
        columns={
            ("Sheet1", 1): "part_number",
            ("Sheet1", 2): "description",
            ("Sheet1", 3): "quantity",
            ("Sheet1", 4): "unit_price",
            ("Sheet1", 5): "extended_price",
        },
        rows={("Sheet1", 4): "freight"},
    )
    (block,) = quote(path, mapping).blocks
    assert kinds(block) == {3: "line", 4: "freight"}
    assert block.lines[0].extended_price == 200
    assert block.lines[1].reason == "you chose it"


def test_a_quote_is_read_in_a_child_process(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "q.xlsx", rows("1", [["A", "Server", 2, 100, 200]], 200))
    steps: list[float] = []
    found = read_quote(path, today=dt.date(2026, 10, 2), progress=lambda share, _: steps.append(share))
    assert found == quote(path, today=dt.date(2026, 10, 2))
    source = found.blocks[0].lines[0].sources["unit_price"]
    assert (source.row, source.column, source.raw) == (4, 4, 100)
    assert steps == sorted(steps)
