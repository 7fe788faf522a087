"""The arithmetic of quotes, relation by relation."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest

from desktop_app.exchange.quote_proof import ANSWERED, FAILS, LINE, SUBTOTAL, TOTAL, counted, proof_steps
from desktop_app.exchange.quotes import Mapping, Quote, understand
from desktop_app.exchange.reading import read_workbook_here

QUOTES = Path(__file__).parents[1] / "data" / "quotes"
NAMES = sorted(
    path.name for path in QUOTES.iterdir() if path.suffix not in (".json", ".md") and "a10" not in path.name
)


def read(name: str, answers: dict[str, str] | None = None) -> Quote:
    mapping = Mapping(answers=answers or {})
    return understand(read_workbook_here(QUOTES / name), today=dt.date(2026, 10, 5), answers=mapping)


@pytest.mark.parametrize("name", NAMES)
def test_every_printed_relation_is_a_step_and_none_fails_where_the_quote_reconciles(name: str) -> None:
    truth = json.loads((QUOTES / Path(name).with_suffix(".truth.json")).read_text(encoding="utf-8"))
    quote = read(name)
    steps = proof_steps(quote)
    if truth["reconciles"]:
        assert [step for step in steps if step.state == FAILS] == []
    sums = {(step.sheet, step.row) for step in steps if step.what in (SUBTOTAL, TOTAL)}
    for block in truth["blocks"]:
        for total in [*block["subtotals"], *([block["total"]] if block["total"] else [])]:
            assert (block["sheet"], total["row"]) in sums
    lines = {(step.sheet, step.row): step for step in steps if step.what == LINE}
    for block in truth["blocks"]:
        if block["role"] == "price_list":
            continue
        for line in block["lines"]:
            values = [line[name] for name in ("quantity", "unit_price", "extended_price")]
            if None not in values and line["kind"] not in ("no_bid",) and lines:
                step = lines.get((block["sheet"], line["row"]))
                if step is not None:
                    assert float(step.printed) == pytest.approx(line["extended_price"])


def test_a_fault_names_its_cell_and_its_cents() -> None:
    wrong = [step for step in proof_steps(read("a12_quarrystone_recon.xlsx")) if step.state == FAILS]
    assert [(step.cell, step.difference) for step in wrong] == [
        ("Quotation!E12", Decimal("-36.00")),
        ("Quotation!E19", Decimal("-15410.4")),
    ]
    assert wrong[0].terms == (16, 1249)
    assert wrong[1].rows == (16, 17, 18)


def test_what_a_person_decided_is_said_to_be_decided() -> None:
    quote = read("a12_quarrystone_recon.xlsx", {"line-mismatch@Quotation!E12": "printed"})
    states = {step.cell: step.state for step in proof_steps(quote)}
    assert states["Quotation!E12"] == ANSWERED


def test_counted_lines_add_up_to_the_total_in_each_currency() -> None:
    assert counted(read("a01_northgate_hgx.xlsx")) == {"USD": Decimal("2065056.43")}
    assert set(counted(read("a11_ironbark_mixed.xlsx"))) == {"USD", "EUR", "JPY"}
    assert counted(read("a04_brightwater_options.xlsx")) == {}, "alternatives are never added"
