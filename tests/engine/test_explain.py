"""Every number can be asked where it came from, down to what was entered and the quote it stands in."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from desktop_app.engine.compute import ScenarioResult, compute
from desktop_app.engine.explain import Explanation, NothingToExplain, explain, find
from desktop_app.engine.model import CostLine, Driver, Plan, Scenario, Settings, Source, Table
from tests.engine.plans import line, result_of

QUOTE = Source("Northgate quote Q-2291", "2026-10-05", "Procurement", "", "northgate", "Quote!I14")
LINE_QUOTE = Source("Southgate", quote="southgate", cell="Offer!F7")
TABLE = Table("prices", ("h200",), (("support", (0.05,)),), Source("Price list", cell="List!B2"))
CABLES = line("Cables", "purchase", "Compute", quantity="3", unit_price="40 EUR")
SHARE = 'LOOKUP("prices", "support", "h200") * TOTAL("capex", "Compute")'
PLAN = Plan(
    "p",
    Settings(months=24, tax_rate="25%", discount_rate="wacc"),
    (
        Driver("wacc", "%", "9%", "Cost of capital"),
        Driver("servers", "server", "ROUNDUP(need / 8, 0)", "Servers"),
        Driver("need", "", "30 * GROWTH(20%)"),
        Driver("price", "USD/server", "282,459.75", "Server price", source=QUOTE),
        Driver("rate", "USD/EUR", "1.1"),
    ),
    (
        Scenario(
            "Own",
            lines=(
                line("GPU servers", "fleet", "Compute", required="servers", unit_price="price", life="48"),
                dataclasses.replace(CABLES, source=LINE_QUOTE),
                line("Racks", "purchase", "Site", unit_price="900"),
                line("Support", "recurring", "Support", unit_price=SHARE),
                line("Lease", "lease", "Site", principal="5k", term="12"),
            ),
        ),
    ),
    tables=(TABLE,),
    fx={"EUR": "rate"},
    measures={"gpu_hours_used": "need * HOURS() * 1"},
)  # fmt: skip
RESULT = compute(dataclasses.replace(PLAN, measures={})).scenario("Own")


def test_from_the_total_down_to_everything_entered() -> None:
    """Asking for each part in turn reaches every input that bears on the total."""
    assert RESULT.program is not None
    for start in ("tco", "npv_after_tax", "expense", "eac"):
        for month in (1, 13, 24):
            key, _ = find(RESULT, start)
            pending = [(key, "")]
            seen: set[tuple[str, str]] = set()
            cells: set[str] = set()
            while pending:
                asked = pending.pop()
                if asked in seen:
                    continue
                seen.add(asked)
                found = explain(RESULT, asked[0], month, asked[1])
                assert found.value is not None
                cells.add(found.source.cell)
                if not found.parts:
                    node = RESULT.graph.nodes[asked[0]]
                    place = node.lines.index(asked[1]) if asked[1] in node.lines else 0
                    entered = node.is_input or bool(node.items) or node.key == "time/month"
                    nothing = found.value == 0  # a statement that no line feeds
                    assert entered or nothing, (asked, place)
                pending += [(part.key, part.line) for part in found.parts]
            assert ("driver/price", "") in seen or month != 1
            if month == 1:
                assert {"Quote!I14", "Offer!F7", "List!B2"} <= cells


def test_sums_recombine_from_their_parts() -> None:
    for month in range(1, 25):
        for name in ("capex", "opex", "depreciation", "net_book_value", "operating_expense", "retired"):
            found = explain(RESULT, f"statement/{name}", month)
            assert sum(part.sign * (part.value or 0) for part in found.parts) == pytest.approx(
                found.value, abs=1e-6
            )
        cash = explain(RESULT, "statement/cash_cost", month)
        by_label = {part.label: part.value or 0 for part in cash.parts}
        paid = by_label["Capital expenditure"] + by_label["Operating cost paid"]
        assert cash.value == pytest.approx(paid - by_label["Recovered from assets sold"])


def _at(name: str, month: int) -> tuple[str, int]:
    return find(RESULT, name)[0], month


def line_row(name: str, month: int) -> Explanation:
    key, owner = find(RESULT, name)
    return explain(RESULT, key, month, owner)


def test_a_line_in_words_and_numbers() -> None:
    bought = line_row("GPU servers.capex", 1)
    assert bought.label == "GPU servers: Capital expenditure"
    assert bought.formula == "Bought × Unit price"
    assert bought.with_values == "4 × 282,459.75"
    assert bought.value == pytest.approx(4 * 282_459.75)
    price = next(part for part in bought.parts if part.label == "Unit price")
    assert (price.line, price.unit) == ("GPU servers", "USD/server")
    entered = explain(RESULT, price.key, 1, price.line)
    assert [part.source.cell for part in entered.parts] == ["Quote!I14"]
    assert (entered.month, entered.origin) == (None, "line GPU servers")


def test_what_was_entered_has_a_source_and_no_formula() -> None:
    found = explain(RESULT, *_at("PRICE", 1))
    assert (found.formula, found.with_values, found.parts) == ("", "", ())
    assert (found.source, found.value, found.label) == (QUOTE, 282_459.75, "Server price")
    cable = line_row("Cables.unit_price", 1)
    assert cable.source == LINE_QUOTE


def test_a_share_of_a_total_leads_to_the_table_and_the_lines() -> None:
    care = line_row("Support.unit_price", 1)
    labels = [part.label for part in care.parts]
    assert labels == ["prices: support, h200", "Capex of Compute"]
    total = explain(RESULT, care.parts[1].key, 1)
    assert [part.line for part in total.parts] == ["GPU servers", "Cables"]


def test_months_differ() -> None:
    first, later = (line_row("Lease.lease_liability", month) for month in (1, 12))
    assert (first.value or 0) > 0 == later.value
    assert first.month == 1
    assert explain(RESULT, "figure/tco").month is None


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("tco", "figure/tco"),
        ("TCO", "figure/tco"),
        ("cash_cost", "statement/cash_cost"),
        ("price", "driver/price"),
        ("Compute", "category/Compute/cash_cost"),
        ("discount_rate", "setting/discount_rate"),
        ("register", "check/register"),
        ("EUR", "fx/EUR"),
        ("statement/capex", "statement/capex"),
    ],
)
def test_ways_to_ask(asked: str, key: str) -> None:
    assert find(RESULT, asked) == (key, "")


@pytest.mark.parametrize(
    ("asked", "hint"),
    [("tcoo", "“tco”"), ("Cables.capexx", "“Cables.capex”"), ("pricee", "“price”"), ("", "")],
)
def test_what_is_not_there_is_said_with_the_nearest(asked: str, hint: str) -> None:
    with pytest.raises(NothingToExplain) as caught:
        find(RESULT, asked)
    assert hint.lower() in str(caught.value).lower()


def test_no_explanation_without_figures() -> None:
    broken: ScenarioResult = compute(dataclasses.replace(PLAN, fx={})).scenario("Own")
    with pytest.raises(NothingToExplain, match="mend its errors"):
        explain(broken, "figure/tco")


def test_every_node_in_every_month_can_be_explained() -> None:
    assert RESULT.program is not None
    for key, node in RESULT.graph.nodes.items():
        for owner in node.lines or ("",):
            for month in (1, 7, 24):
                found = explain(RESULT, key, month, owner)
                value = RESULT.program.value(key)[0]
                place = node.lines.index(owner) if owner else 0
                wanted = np.broadcast_to(value[min(place, len(value) - 1)], 24)[month - 1]
                assert found.value == pytest.approx(wanted)


def _of_line(name: str, made: CostLine) -> Explanation:
    result = result_of(made, months=1)
    key, owner = find(result, name)
    return explain(result, key, 1, owner)


def test_what_is_shown_can_be_reckoned_again() -> None:
    """Numbers among arguments hold no commas; totals so far and earlier values are those of their months."""
    made = line("x", "usage", quantity="2,000 GB", unit_price="5,000", months="1200")
    assert _of_line("x.cost", made).with_values == "2,000 × 5,000 × ACTIVE(1, 1200)"
    cumulative = line_row("GPU servers.net_book_value", 3)
    before = line_row("GPU servers.net_book_value", 2)
    first, added = cumulative.with_values.split(" + ", 1)
    assert float(first.replace(",", "")) == pytest.approx(before.value, abs=0.01)
    assert cumulative.formula.startswith("CUMSUM(")
    assert before.value is not None
    assert cumulative.value is not None
    charge = line_row("GPU servers.depreciation", 3).value
    assert charge is not None
    assert cumulative.value == pytest.approx(before.value - charge)
    assert added.startswith("(")
    opening = explain(RESULT, "statement/book_opening", 3)
    closing = explain(RESULT, "statement/net_book_value", 2)
    assert closing.value is not None
    assert opening.with_values == f"LAG({closing.value:.2f}".rstrip("0").rstrip(".") + ", 1)"


def test_many_lines_are_added_up_with_their_values() -> None:
    lines = [line(f"l{n}", "adjustment", amount=f"{n * 1000}") for n in range(1, 9)]
    found = explain(result_of(*lines, months=2), "statement/opex", 1)
    assert found.formula == "Sum of 8 cost lines"
    assert found.with_values == "8,000 + 7,000 + 6,000 + 5,000 + 4,000 + 3,000 + 2,000 + 1,000"
    assert explain(result_of(*lines, months=2), "statement/opex", 2).formula == "No cost line"


def test_a_small_price_keeps_six_figures() -> None:
    made = line("x", "usage", quantity="1M token/month", unit_price="0.0001234567 USD/token")
    assert "0.000123457" in _of_line("x.cost", made).with_values


@pytest.mark.parametrize(("month", "owner"), [(0, "GPU servers"), (1000, "GPU servers"), (1, "GPU server")])
def test_a_month_or_a_line_that_is_not_there_is_refused(month: int, owner: str) -> None:
    key, _ = find(RESULT, "GPU servers.capex")
    with pytest.raises(NothingToExplain, match=r"There is no month|Did you mean “GPU servers”"):
        explain(RESULT, key, month, owner)


def test_what_is_made_from_all_months_has_them_all() -> None:
    total = explain(RESULT, "figure/tco")
    (cash,) = total.parts
    assert sum(amount or 0.0 for amount in cash.months) == pytest.approx(total.value)
    assert len(cash.months) == 24
    assert not explain(RESULT, "statement/cash_cost", 3).parts[0].months
