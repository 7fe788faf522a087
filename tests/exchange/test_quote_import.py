"""Quotes into scenarios: what is proposed, what is imported, and that undo takes all of it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.document.document import Document
from desktop_app.document.environment import Environment
from desktop_app.engine.compute import compute
from desktop_app.engine.model import Driver, Plan, Scenario, Settings
from desktop_app.exchange.quote_import import QuoteRefused, default_scenario, import_quote, with_quote
from desktop_app.exchange.quote_prices import priced
from desktop_app.exchange.quote_proposals import Proposal, exact_text, propose
from desktop_app.exchange.quote_records import key_of, record_of, remembered
from desktop_app.exchange.quotes import Block, Line, Mapping, Quote, read_quote
from desktop_app.exchange.templates import load_template, templates

PROJECT = Path(__file__).resolve().parents[2]
QUOTES = PROJECT / "tests" / "data" / "quotes"
EXAMPLE = PROJECT / "resources" / "examples" / "halden-hgx-quote.xlsx"
DAY = dt.date(2026, 11, 23)
RATES = {"GBP": "1.27", "EUR": "1.08", "JPY": "0.0066", "ILS": "0.27"}
# Quotes without open questions that add up to one total in one currency.
WHOLE = (
    "a01_northgate_hgx.xlsx",
    "a02_meridian_fabric.xls",
    "a03_kestrel_configs.xlsx",
    "a05_lindenhof_angebot.xlsx",
    "a06_aoba_mitsumori.xlsx",
    "a09_wexcombe_services.ods",
    "a15_argent_lease.xlsm",
    "a16_galiltech_strict.xlsx",
    "a17_dunmore_bom.xlsx",
)


def read(name: str) -> Quote:
    return read_quote(QUOTES / name, today=DAY)


@pytest.fixture(scope="module")
def example() -> Quote:
    return read_quote(EXAMPLE, today=DAY)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_template(templates()[0])


@pytest.fixture
def document(tmp_path: Path, plan: Plan) -> Iterator[Document]:
    env = Environment(tmp_path / "state", "analyst", "laptop")
    with Document.create(plan, tmp_path / "plan.outlay", env=env) as document:
        yield document


def by_row(proposals: list[Proposal]) -> dict[int, Proposal]:
    return {one.row: one for one in proposals}


def empty_plan(currency: str = "USD") -> Plan:
    return Plan("Empty", Settings(currency=currency, start=dt.date(2027, 1, 1)), scenarios=(Scenario("Buy"),))


# Proposals


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_accepted_is_the_total_but_for_taxes_that_come_back(name, plan):
    quote = read(name)
    assert quote.questions == ()
    proposals = propose(quote, plan, "Own servers")
    accepted = sum((one.amount or Decimal(0) for one in proposals if one.accepted), Decimal(0))
    returned = sum((one.amount or Decimal(0) for one in proposals if "get back" in one.reason), Decimal(0))
    assert quote.grand_total is not None
    # vendors round each line, and the total of them once more
    assert abs(accepted + returned - quote.grand_total.amount) <= Decimal("0.01")


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_imported_costs_exactly_what_is_accepted(name):
    """Cash over the plan, in the quote's currency, equals the accepted lines to the cent."""
    quote = read(name)
    plan = empty_plan(quote.currency or "USD")
    after, imported = with_quote(plan, quote, "Buy")
    result = compute(after).scenario("Buy")
    assert not [issue for issue in result.issues if issue.severity == "error"]
    accepted = sum(one.amount or 0 for one in propose(quote, plan, "Buy") if one.accepted)
    assert result.figures["tco"].value == pytest.approx(float(accepted), abs=0.005)
    assert len(imported.lines) == len({line.name for line in imported.lines})


def test_kinds_follow_from_what_a_line_sells(plan):
    northgate = by_row(propose(read("a01_northgate_hgx.xlsx"), plan, "Own servers"))
    assert (northgate[14].kind, northgate[14].asset_class) == ("purchase", "Servers")
    assert (northgate[22].kind, northgate[22].asset_class) == ("purchase", "Network")
    assert northgate[29].kind == northgate[30].kind == "recurring"
    assert (northgate[29].category, northgate[30].category) == ("Support", "Software")
    assert (northgate[29].fields["every"], northgate[29].fields["months"]) == ("term", "36")
    assert northgate[34].kind == "adjustment"
    assert northgate[38].accepted
    services = by_row(propose(read("a09_wexcombe_services.ods"), plan, "Own servers"))
    assert services[15].kind == "staff"
    assert not services[24].accepted
    colocation = by_row(propose(read("a08_bahianorte_colo.csv"), plan, "Own servers"))
    assert (colocation[12].kind, colocation[18].kind) == ("adjustment", "recurring")
    assert colocation[18].fields["every"] == "month"
    cloud = propose(read("a07_cobalt_cloud.csv"), plan, "Cloud reserved")
    assert {one.kind for one in cloud} == {"commitment", "usage"}
    assert not any(one.accepted for one in cloud)


def test_the_treatment_of_assets_follows_the_scenario(plan):
    server = by_row(propose(read("a01_northgate_hgx.xlsx"), plan, "Own servers"))[14]
    assert server.fields["tax_table"] == "macrs_5"
    assert server.fields["residual"] == "10%"
    alone = by_row(propose(read("a01_northgate_hgx.xlsx"), empty_plan(), "Buy"))[14]
    assert "tax_table" not in alone.fields


def test_options_leases_and_alternatives_are_off(plan):
    offers = propose(read("a04_brightwater_options.xlsx"), plan, "Own servers")
    assert not any(one.accepted for one in offers)
    assert {one.group for one in offers} == {
        "Option A - H200",
        "Option B - B200",
        "Option C - PCIe",
        "Lease 36",
    }
    lease = next(one for one in offers if one.kind == "lease")
    assert (lease.fields["payment"], lease.fields["paid"], lease.fields["buy_out"]) == (
        "26755.86",
        "advance",
        "1",
    )
    argent = propose(read("a15_argent_lease.xlsm"), plan, "Own servers")
    assert [one.fields["term"] for one in argent if one.kind == "lease"] == ["24", "36", "48", "60"]
    assert not any(one.accepted for one in argent if one.kind == "lease" or "OPTION" in one.description)
    hidden = propose(read("a17_dunmore_bom.xlsx"), plan, "Own servers")
    assert [one.reason for one in hidden if one.row == 29] == ["stands on a hidden row"]


def test_delivery_sets_the_first_month():
    quote = Quote("q.xlsx", "", quote_date=dt.date(2027, 1, 20), lead_time="10-12 weeks ARO", currency="USD")
    block = Block(
        "Q",
        1,
        "quote",
        {"extended_price": "C"},
        (Line(2, "line", "", True, None, "GPU server", extended_price=Decimal(5)),),
    )
    (one,) = propose(replace(quote, blocks=(block,)), empty_plan(), "Buy")
    assert one.fields["start"] == "4"


@given(st.decimals(min_value=0, max_value=10**9, places=4), st.integers(1, 5000))
def test_every_amount_is_kept_exactly(price, quantity):
    amount = (price * quantity).quantize(Decimal("0.01"))
    line = Line(
        2, "line", "", True, None, "GPU server", Decimal(quantity), unit_price=price, extended_price=amount
    )
    columns = {"quantity": "B", "unit_price": "C", "extended_price": "D"}
    quote = Quote("q.xlsx", "", currency="USD", blocks=(Block("Q", 1, "quote", columns, (line,)),))
    after, _ = with_quote(empty_plan(), quote, "Buy")
    assert compute(after).scenario("Buy").figures["capex"].value == pytest.approx(
        float(amount), rel=1e-12, abs=1e-6
    )
    assert Decimal(exact_text(price)) == price


# Imports


@pytest.mark.parametrize("name", [*WHOLE, "a08_bahianorte_colo.csv"])
def test_undo_restores_the_plan_exactly_and_redo_brings_it_back(name, document):
    before = document.plan
    import_quote(document, read(name), "Own servers", fx=RATES)
    after = document.plan
    assert after != before
    document.undo()
    assert document.plan == before
    assert not document.modified
    document.redo()
    assert document.plan == after
    assert [entry.label for entry in document.history() if "Import" in entry.label]


def test_an_import_outlives_saving(document, example, tmp_path):
    import_quote(document, example, "Own servers")
    after = document.plan
    document.save()
    document.close()
    with Document.open(tmp_path / "plan.outlay", read_only=True) as again:
        assert again.plan == after


def test_every_line_knows_its_cell_and_the_plan_keeps_the_reading(plan, example):
    after, imported = with_quote(plan, example, "Own servers")
    assert imported.key == "halden-systems-hs-26-20771"
    assert {line.source.cell for line in imported.lines} >= {"Quote!G14", "Quote!G21"}
    assert all(
        line.source.quote == imported.key and line.source.date == "2026-11-16" for line in imported.lines
    )
    (record,) = after.quotes
    assert (record.sha256, record.valid_until) == (example.sha256, "2027-02-12")
    known = remembered(record)
    assert known is not None
    assert known.grand_total == replace(example.grand_total, of=())
    assert [line.amount for line in known.blocks[0].lines] == [
        line.amount for line in example.blocks[0].lines
    ]
    assert remembered(replace(record, reading="not json")) is None


def test_a_price_goes_to_a_driver_instead_of_a_line(plan, example):
    proposals = priced(example, propose(example, plan, "Own servers"), "server_price", "G14")
    after, imported = with_quote(plan, example, "Own servers", proposals, without=["Cluster network"])
    driver = next(one for one in after.drivers if one.name == "server_price")
    assert (driver.value, driver.source.cell, driver.source.quote) == ("288526", "Quote!G14", imported.key)
    assert driver.range == next(one for one in plan.drivers if one.name == "server_price").range
    assert not [line for line in imported.lines if "8U server" in line.name]
    own = next(one for one in after.scenarios if one.name == "Own servers")
    assert "Cluster network" not in {line.name for line in own.lines}
    assert compute(after).scenario("Own servers").issues == ()


def test_a_price_per_instance_is_divided_for_a_driver_per_gpu(plan):
    quote = read("a07_cobalt_cloud.csv")
    proposals = priced(quote, propose(quote, plan, "Cloud reserved"), "cloud_on_demand", "J17/8")
    after, imported = with_quote(plan, quote, "Cloud reserved", proposals)
    driver = next(one for one in after.drivers if one.name == "cloud_on_demand")
    assert driver.value == "6.88"
    assert "divided by 8" in driver.source.note
    assert imported.lines == ()


def test_a_price_for_a_new_driver_is_used_by_its_line(plan, example):
    proposals = priced(example, propose(example, plan, "Own servers"), "switch_price", "Quote!G21")
    after, imported = with_quote(plan, example, "Own servers", proposals)
    assert next(one for one in after.drivers if one.name == "switch_price").value == "20937.5"
    line = next(line for line in imported.lines if line.source.cell == "Quote!G21")
    assert line.fields["unit_price"] == "switch_price"
    assert compute(after).scenario("Own servers").issues == ()


def test_a_new_scenario_is_based_on_the_one_named(plan, example):
    after, imported = with_quote(
        plan, example, "Own servers", as_scenario="As quoted", without=["GPU servers"]
    )
    assert [one for one in after.scenarios if one.name != "As quoted"] == list(plan.scenarios)
    made = after.scenarios[-1]
    assert (made.based_on, made.removed, imported.scenario) == ("Own servers", {"GPU servers"}, "As quoted")
    assert any(issue.code == "possible-double-count" for issue in imported.issues)


def test_an_empty_plan_gets_a_scenario(example):
    plan = Plan("Empty", Settings(currency="USD"))
    assert default_scenario(plan) == ""
    after, imported = with_quote(plan, example)
    assert [one.name for one in after.scenarios] == [imported.scenario] == ["Quote of Halden Systems"]


def test_names_taken_in_the_scenario_are_avoided(plan, example):
    first, _ = with_quote(plan, example, "Own servers")
    other = replace(example, quote_number="HS-26-20772")
    second, imported = with_quote(first, other, "Own servers")
    assert any(line.name.endswith("(2)") for line in imported.lines)
    assert compute(second).scenario("Own servers").issues == ()


# Refusals


def test_open_questions_stop_the_import_and_are_listed(plan):
    quote = read("a13_pinecrest_ambiguous.xlsx")
    with pytest.raises(QuoteRefused) as refused:
        with_quote(plan, quote, "Own servers")
    assert len(refused.value.reasons) == len(quote.questions)
    assert all(
        issue.cell in reason for issue, reason in zip(quote.questions, refused.value.reasons, strict=True)
    )


@pytest.mark.parametrize(
    "name",
    ["a11_ironbark_mixed.xlsx", "a12_quarrystone_recon.xlsx", "a13_pinecrest_ambiguous.xlsx"],
)
def test_answered_questions_let_the_import_through(name, document):
    answers: dict[str, str] = {}
    quote = read(name)
    assert quote.questions
    while quote.questions:
        assert all(issue.alternatives for issue in quote.questions)
        answers |= {issue.id: issue.alternatives[0].key for issue in quote.questions}
        quote = read_quote(QUOTES / name, today=DAY, answers=Mapping(answers=answers))
    before = document.plan
    imported = import_quote(document, quote, "Own servers", fx=RATES | {"CHF": "1.1", "CAD": "0.7"})
    assert imported.lines
    warned = any(issue.code == "does-not-reconcile" for issue in imported.issues)
    assert warned is not quote.reconciles
    document.undo()
    assert document.plan == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"scenario": "Own"}, "There is no scenario “Own”"),
        ({"without": ["Nothing"]}, "no line “Nothing”"),
        ({"accepted": []}, "Nothing of"),
    ],
)
def test_what_is_not_there_is_refused(plan, example, options, words):
    with pytest.raises(QuoteRefused, match=words):
        with_quote(plan, example, **{"scenario": "Own servers", **options})


def test_a_price_in_another_currency_than_its_driver_is_refused(plan):
    quote = read("a05_lindenhof_angebot.xlsx")
    proposals = propose(quote, plan, "Own servers")
    with pytest.raises(QuoteRefused, match="There is no price"):
        priced(quote, proposals, "server_price", "A32")
    proposals = priced(quote, proposals, "server_price", "F32")
    with pytest.raises(QuoteRefused, match="is in USD, the price in Angebot!F32 in EUR"):
        with_quote(plan, quote, "Own servers", proposals, fx=RATES)


def test_a_rate_without_a_quantity_is_refused_as_a_line(plan):
    quote = read("a07_cobalt_cloud.csv")
    proposals = [replace(one, accepted=True) for one in propose(quote, plan, "Cloud reserved")]
    with pytest.raises(QuoteRefused, match="say how much of it is used"):
        with_quote(plan, quote, "Cloud reserved", proposals)


# Revisions


def revised(quote: Quote) -> Quote:
    """The next revision: switches cheaper, fibre gone, and a row more above everything."""
    block = quote.blocks[0]
    lines = []
    for line in block.lines:
        if line.part_number == "HS-CB-MPO10":
            continue
        moved = replace(line, row=line.row + 1)
        if line.part_number == "HS-SW-NDR64":
            moved = replace(moved, unit_price=Decimal(20_000), extended_price=Decimal(120_000))
        if line.part_number == "HS-8U-H200-8":
            moved = replace(moved, unit_price=Decimal(280_000), extended_price=Decimal(2_800_000))
        lines.append(moved)
    return replace(quote, revision="3", sha256="f" * 64, blocks=(replace(block, lines=tuple(lines)),))


def test_importing_the_same_quote_again_changes_nothing(plan, example):
    once, _ = with_quote(plan, example, "Own servers")
    twice, imported = with_quote(once, example, "Own servers")
    assert twice == once
    assert imported.changes is not None
    assert imported.changes.changed == ()


def test_a_new_revision_updates_lines_and_prices_and_keeps_what_the_user_set(plan, example):
    proposals = priced(example, propose(example, plan, "Own servers"), "server_price", "G14")
    first, _ = with_quote(plan, example, "Own servers", proposals)
    own = next(one for one in first.scenarios if one.name == "Own servers")
    switch = next(line for line in own.lines if line.source.cell == "Quote!G21")
    mine = replace(switch, name="Leaf and spine", category="Network", fields={**switch.fields, "life": "48"})
    changed = replace(own, lines=tuple(mine if line is switch else line for line in own.lines))
    edited = replace(first, scenarios=tuple(changed if one is own else one for one in first.scenarios))

    new = revised(example)
    assert key_of(new) == key_of(example)
    again = [
        replace(one, accepted=False) if one.row == 15 else one for one in propose(new, edited, "Own servers")
    ]
    second, imported = with_quote(edited, new, "Own servers", again)
    line = next(line for line in imported.lines if line.name == "Leaf and spine")
    assert (line.category, line.fields["life"], line.fields["unit_price"]) == ("Network", "48", "20000")
    assert line.source.cell == "Quote!G22"
    driver = next(one for one in second.drivers if one.name == "server_price")
    assert (driver.value, driver.source.cell) == ("280000", "Quote!G15")
    assert list(imported.removed) == ["MPO-12 fibre cable, OS2, 10 m"]
    assert imported.changes is not None
    assert {change.what for change in imported.changes.changed} == {"changed", "removed"}
    assert [record.sha256 for record in second.quotes] == ["f" * 64]
    assert compute(second).scenario("Own servers").issues == ()


def test_a_record_is_the_same_for_the_same_quote(example):
    assert record_of(example) == record_of(example)
    assert Driver("a", "", "1").source.quote == ""
