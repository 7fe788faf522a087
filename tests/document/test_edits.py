"""What each verb does to a plan, and what it refuses."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from desktop_app.document import edits
from desktop_app.document.document import Document
from desktop_app.document.errors import DocumentError
from desktop_app.engine.model import CostLine, Driver, Plan, PriceEntry, QuoteRecord, Scenario, Table, Texts


def names(things: tuple[Driver | Scenario | CostLine, ...]) -> list[str]:
    return [thing.name for thing in things]


def test_a_renamed_driver_takes_its_values_along_and_formulas_on_request(doc: Document, plan: Plan) -> None:
    edits.rename_driver(doc, "servers", "nodes")
    after = doc.plan
    assert names(after.drivers) == ["nodes", "price", "demand"]
    assert after.scenarios[0].drivers == {"nodes": "5"}
    assert after.cases[0].drivers == {"demand": "9", "nodes": "8"}
    assert after.scenarios[0].lines[0].fields["quantity"] == "servers"
    doc.undo()
    edits.rename_driver(doc, "servers", "nodes", rewrite=lambda text: text.replace("servers", "nodes"))
    assert doc.plan.scenarios[0].lines[0].fields["quantity"] == "nodes"
    doc.undo()
    assert doc.plan == plan


def test_a_driver_cannot_take_a_name_in_use(doc: Document, plan: Plan) -> None:
    with pytest.raises(DocumentError, match="There is a driver “price” already"):
        edits.rename_driver(doc, "servers", "price")
    edits.set_override(doc, "Own", "future", "1")
    with pytest.raises(DocumentError, match="“Own” has a value for “future” already"):
        edits.rename_driver(doc, "servers", "future")
    doc.undo()
    assert doc.plan == plan


def test_a_deleted_driver_takes_its_values_along(doc: Document) -> None:
    edits.delete_driver(doc, "servers")
    assert names(doc.plan.drivers) == ["price", "demand"]
    assert doc.plan.scenarios[0].drivers == {}
    assert doc.plan.cases[0].drivers == {"demand": "9"}


def test_drivers_lines_and_scenarios_can_be_moved(doc: Document) -> None:
    edits.move_driver(doc, "demand", "servers")
    assert names(doc.plan.drivers) == ["demand", "servers", "price"]
    edits.move_line(doc, "Own", "GPU servers")
    assert names(doc.plan.scenarios[0].lines) == ["Power", "Staff", "GPU servers"]
    edits.move_scenario(doc, "Cloud", "Own")
    assert names(doc.plan.scenarios) == ["Cloud", "Own", "Own, leaner"]


def test_a_renamed_scenario_is_followed_by_what_refers_to_it(doc: Document) -> None:
    edits.rename_scenario(doc, "Own", "Buy")
    assert doc.plan.scenarios[1].based_on == "Buy"
    assert doc.plan.preferred == "Buy"
    with pytest.raises(DocumentError, match="There is a scenario “Cloud” already"):
        edits.rename_scenario(doc, "Buy", "Cloud")


def test_a_scenario_that_others_need_stays(doc: Document, plan: Plan) -> None:
    with pytest.raises(DocumentError, match="“Own, leaner” is based on it"):
        edits.delete_scenario(doc, "Own")
    assert doc.plan == plan
    edits.delete_scenario(doc, "Cloud")
    assert doc.plan.baseline == ""


def test_a_duplicate_stands_behind_its_original(doc: Document, plan: Plan) -> None:
    edits.duplicate_scenario(doc, "Own", "Own 2")
    assert names(doc.plan.scenarios) == ["Own", "Own 2", "Own, leaner", "Cloud"]
    assert doc.plan.scenarios[1] == replace(plan.scenarios[0], name="Own 2")
    with pytest.raises(DocumentError, match="already"):
        edits.duplicate_scenario(doc, "Own", "Cloud")


def test_overrides_are_set_and_given_up(doc: Document, plan: Plan) -> None:
    edits.set_override(doc, "Own", "price", "1")
    assert doc.plan.scenarios[0].drivers == {"servers": "5", "price": "1"}
    edits.set_override(doc, "Own", "price", None)
    edits.set_override(doc, "Own", "never set", None)
    assert doc.plan == plan
    edits.set_line_override(doc, "Cloud", "Power", "rate", "2")
    assert doc.plan.scenarios[2].line_fields == {"Power": {"rate": "2"}}
    edits.set_line_override(doc, "Cloud", "Power", "rate", None)
    assert doc.plan == plan
    edits.exclude_line(doc, "Cloud", "Power")
    edits.exclude_line(doc, "Cloud", "Power")
    assert doc.plan.scenarios[2].removed == {"Power"}
    edits.include_line(doc, "Cloud", "Power")
    assert doc.plan == plan
    edits.set_case_driver(doc, "Low", "demand", "1")
    assert doc.plan.cases[1].drivers == {"demand": "1"}
    edits.set_case_driver(doc, "Low", "demand", None)
    assert doc.plan == plan


def test_lines_are_added_changed_and_deleted(doc: Document) -> None:
    edits.put_line(doc, "Cloud", CostLine("Tokens", "usage", "API", {"quantity": "demand"}))
    edits.put_line(doc, "Cloud", CostLine("Tokens", "usage", "API", {"rate": "2"}, asset_class="x"))
    assert doc.plan.scenarios[2].lines == (
        CostLine("Tokens", "usage", "API", {"rate": "2"}, asset_class="x"),
    )
    edits.set_line_field(doc, "Cloud", "Tokens", "rate", None)
    assert doc.plan.scenarios[2].lines[0].fields == {}
    edits.delete_line(doc, "Cloud", "Tokens")
    assert doc.plan.scenarios[2].lines == ()


def test_a_renamed_line_is_followed_by_scenarios_that_inherit_it(doc: Document) -> None:
    edits.put_scenario(doc, Scenario("Leanest", based_on="Own, leaner", line_fields={"Power": {"rate": "0"}}))
    edits.put_scenario(doc, Scenario("Apart", line_fields={"Power": {"rate": "1"}}))
    edits.rename_line(doc, "Own", "Power", "Electricity")
    scenarios = {scenario.name: scenario for scenario in doc.plan.scenarios}
    assert names(scenarios["Own"].lines) == ["GPU servers", "Electricity", "Staff"]
    assert "Electricity" in scenarios["Own, leaner"].line_fields
    assert "Electricity" in scenarios["Leanest"].line_fields
    assert "Power" in scenarios["Apart"].line_fields
    edits.rename_line(doc, "Own", "Staff", "People")
    assert doc.plan.scenarios[1].removed == {"People"}


def test_scenarios_based_on_each_other_in_a_ring_do_not_hang(doc: Document) -> None:
    edits.put_scenario(doc, Scenario("A", based_on="B", lines=(CostLine("L", "usage", "C"),)))
    edits.put_scenario(doc, Scenario("B", based_on="A", removed=frozenset({"L"})))
    edits.rename_line(doc, "A", "L", "M")
    assert doc.plan.scenarios[-1].removed == {"M"}


def test_settings_keep_their_kinds(doc: Document) -> None:
    edits.set_setting(doc, "months", 36)
    edits.set_setting(doc, "start", dt.date(2028, 4, 1))
    edits.set_setting(doc, "discount_rate", "wacc")
    settings = doc.plan.settings
    assert (settings.months, settings.start, settings.discount_rate) == (36, dt.date(2028, 4, 1), "wacc")
    for field, value in (("months", "36"), ("months", True), ("currency", 5), ("start", "2027-01")):
        with pytest.raises(DocumentError, match=f"The setting “{field}” must be"):
            edits.set_setting(doc, field, value)
    assert doc.plan.settings == settings


def test_the_other_parts_are_set_and_removed(doc: Document, plan: Plan) -> None:
    edits.set_texts(doc, Texts(purpose="Why"))
    edits.set_fx(doc, "EUR", "eur")
    edits.set_fx(doc, "GBP", None)
    edits.set_measure(doc, "energy_kwh", "1")
    edits.put_table(doc, Table("macrs", ("3y",), (("1", (0.3333,)),)))
    edits.delete_price_entry(doc, "H100", "2026-09-01")
    edits.put_price_entry(doc, PriceEntry("H100", 3.0, "USD/h", "2026-10-01", "new"))
    edits.put_price_entry(doc, PriceEntry("H100", 2.0, "USD/h", "2026-11-01", "new"))
    edits.put_quote(doc, QuoteRecord("q2", "b.xlsx", "11"))
    edits.delete_quote(doc, "q")
    edits.rename_case(doc, "Low", "Lower")
    edits.delete_case(doc, "High")
    edits.set_baseline(doc, "")
    edits.set_preferred(doc, "Own, leaner")
    after = doc.plan
    assert after.texts.purpose == "Why"
    assert after.fx == {"EUR": "eur"}
    assert after.measures == {"tokens_out": "demand", "energy_kwh": "1"}
    assert after.tables == (Table("macrs", ("3y",), (("1", (0.3333,)),)),)
    assert [(entry.date, entry.value) for entry in after.price_book] == [
        ("2026-10-01", 3.0),
        ("2026-11-01", 2.0),
    ]
    assert [quote.key for quote in after.quotes] == ["q2"]
    assert [case.name for case in after.cases] == ["Lower"]
    assert (after.baseline, after.preferred) == ("", "Own, leaner")
    edits.delete_table(doc, "macrs")
    assert doc.plan.tables == ()
    while doc.undo_label:
        doc.undo()
    assert doc.plan == plan


def test_what_is_not_there_is_named(doc: Document, plan: Plan) -> None:
    refused = (
        lambda: edits.delete_driver(doc, "x"),
        lambda: edits.rename_driver(doc, "x", "y"),
        lambda: edits.move_driver(doc, "x"),
        lambda: edits.set_override(doc, "x", "price", "1"),
        lambda: edits.put_line(doc, "x", CostLine("L", "usage", "C")),
        lambda: edits.set_line_field(doc, "Own", "x", "rate", "1"),
        lambda: edits.delete_line(doc, "Cloud", "x"),
        lambda: edits.delete_scenario(doc, "x"),
        lambda: edits.rename_case(doc, "x", "y"),
        lambda: edits.delete_table(doc, "x"),
        lambda: edits.delete_quote(doc, "x"),
        lambda: edits.delete_price_entry(doc, "x", ""),
        lambda: edits.set_baseline(doc, "x"),
    )
    for verb in refused:
        with pytest.raises(DocumentError, match=r"There is no .* “x”"):
            verb()
    assert doc.plan == plan
    assert doc.undo_label is None
