"""A plan written as TOML text is read back exactly; a text with mistakes is answered with their places."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import tomllib

import pytest
import tomli_w
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop_app.engine.model import (
    Case,
    CostLine,
    Driver,
    Plan,
    QuoteRecord,
    Range,
    Scenario,
    Settings,
    Source,
    Table,
    Texts,
)
from desktop_app.exchange.text_plan import plan_from_toml, plan_to_toml
from desktop_app.exchange.toml_lines import line_numbers
from desktop_app.resource_files import resource
from tests import strategies


@settings(deadline=None, max_examples=60)
@given(strategies.plans())
def test_every_plan_comes_back_exactly(plan: Plan) -> None:
    assert plan_from_toml(plan_to_toml(plan)) == (plan, ())


@settings(deadline=None, max_examples=20)
@given(strategies.plans())
def test_the_order_of_rows_and_names_comes_back(plan: Plan) -> None:
    again, _ = plan_from_toml(plan_to_toml(plan))
    assert list(again.fx) == list(plan.fx)
    for old, new in zip(plan.scenarios, again.scenarios, strict=True):
        assert list(new.drivers) == list(old.drivers)
        assert list(new.line_fields) == list(old.line_fields)
        assert [list(line.fields) for line in new.lines] == [list(line.fields) for line in old.lines]


@settings(deadline=None, max_examples=300)
@given(st.text())
@example("[" * 20_000)
@example("x = " + "[" * 20_000)
@example("months = 0x" + "f" * 5_000)
@example("[settings]\nmonths = 0x" + "f" * 5_000)
@example("price_book = [{value = 0x" + "f" * 5_000 + "}]")
@example("x = 1" + "0" * 5_000)
@example("name = \ud800")
@example("name = 'a'\x00")
@example("name = 2026-13-45")
@example("name = 'a'\nname = 'b'")
def test_no_text_raises(text: str) -> None:
    plan, issues = plan_from_toml(text)
    assert isinstance(plan, Plan)
    assert all(issue.message and issue.where for issue in issues)


JUNK = st.recursive(
    st.none().map(lambda _: 1) | st.booleans() | st.floats() | st.dates() | st.times() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)


@settings(deadline=None, max_examples=60)
@given(strategies.plans(), st.data())
def test_a_value_of_the_wrong_kind_is_an_issue_and_never_raises(plan: Plan, data: st.DataObject) -> None:
    document = tomllib.loads(plan_to_toml(plan))
    document[data.draw(st.sampled_from(sorted(document)))] = data.draw(JUNK)
    again, issues = plan_from_toml(tomli_w.dumps(document))
    assert isinstance(again, Plan)
    assert all(issue.message and issue.where for issue in issues)


@settings(deadline=None, max_examples=25)
@given(strategies.plans())
def test_every_key_has_a_line(plan: Plan) -> None:
    text = plan_to_toml(plan)
    lines = line_numbers(text)

    def walk(value: object, path: tuple[str | int, ...]) -> None:
        children = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        for key, child in children:
            assert (*path, key) in lines
            walk(child, (*path, key))

    walk(tomllib.loads(text), ())
    assert len(set(lines)) == len(lines)


def only_issue(text: str) -> tuple[str, str, str]:
    _, issues = plan_from_toml('name = "P"\n' + text)
    assert len(issues) == 1, issues
    return issues[0].where, issues[0].code, issues[0].message


@pytest.mark.parametrize(
    ("text", "where", "code", "words"),
    [
        ('curency = "USD"', "line 2, plan", "unknown-key", "curency"),
        ('[settings]\n\ncurency = "USD"', "line 4, settings", "unknown-key", "did you mean “currency”"),
        ('[settings]\nmonths = "60"', "line 3, settings", "wrong-type", "a whole number"),
        ("[settings]\nmonths = true", "line 3, settings", "wrong-type", "true or false"),
        ('[settings]\nstart = "2027-13"', "line 3, settings", "wrong-type", '"2027-13"'),
        ("[texts]\nversion = 1.0", "line 3, texts", "wrong-type", "a text in quotes"),
        ('[drivers.a]\nunit = "h"', "line 2, driver a", "missing-key", "“value”"),
        ('[drivers]\na = "5"', "line 3, driver", "wrong-type", "[drivers.a]"),
        (
            '[drivers.a]\nvalue = 1\nrange = {distribution = "pert", low = "1"}',
            "line 4",
            "missing-key",
            "“high”",
        ),
        ("[drivers.a]\nseries = [\n 1,\n 2,\n '3',\n]", "line 6, driver a", "wrong-type", "item 3"),
        ("[drivers.a]\nseries = [1, inf]", "line 3, driver a", "wrong-type", "finite"),
        ('[[scenarios]]\nname = "S"\nremoved = "x"', "line 4, scenario S", "wrong-type", "a list"),
        (
            '[[scenarios]]\nname="S"\n[[scenarios.lines]]\nname="L"\nkind="usage"\ncategory="C"\nfeilds={}',
            "line 8, scenario S, line L",
            "unknown-key",
            "did you mean “fields”",
        ),
        (
            '[[scenarios]]\nname="S"\n[scenarios.line_fields."A b"]\nquantity = []',
            "line 5, scenario S, line A b",
            "wrong-type",
            "a formula",
        ),
        (
            '[[scenarios]]\nname="S"\n[[scenarios]]\nname="S"',
            "line 5, scenario S",
            "duplicate-name",
            "rename",
        ),
        (
            '[[scenarios]]\nname="S"\ndrivers = {a = false}',
            "line 4, scenario S, drivers",
            "wrong-type",
            "“a”",
        ),
        ("[fx]\nEUR = [1]", "line 3, fx", "wrong-type", "a formula"),
        ('[tables.t]\ncolumns=["a"]\nrows=[\n["1", 2],\n["2"],\n]', "line 6, table t", "wrong-length", "“2”"),
        ('[tables.t]\ncolumns=["a"]\nrows=[1]', "line 4, table t", "wrong-type", "a row"),
        (
            '[[price_book]]\nname="H100"\nunit="USD"\ndate="2026"\nsource="s"',
            "price H100",
            "missing-key",
            "value",
        ),
        ('[[cases]]\ndescription = "high"', "line 2, case 1", "missing-key", "“name”"),
        ("[[drivers]]\nvalue = 1", "line 2, plan", "wrong-type", "[drivers.name]"),
        ("scenarios = [1]", "line 2, plan", "wrong-type", "[[scenarios]]"),
    ],
)
def test_mistakes_are_found_where_they_are(text: str, where: str, code: str, words: str) -> None:
    found_where, found_code, message = only_issue(text)
    assert where in found_where
    assert found_code == code
    assert words in message


def test_a_syntax_error_names_line_and_column() -> None:
    plan, issues = plan_from_toml('name = "P"\n[settings]\nmonths = = 3')
    assert plan == Plan("")
    assert [issue.where for issue in issues] == ["line 3, column 10"]


def test_what_a_person_writes_short_is_understood() -> None:
    plan, issues = plan_from_toml(
        """
        name = "P"
        settings = {start = 2027-04-01, hours = 730, discount_rate = "9%"}
        fx.EUR = 1.08
        [drivers.gpus]
        unit = "GPU"
        value = 12_000
        [drivers.price]
        unit = "USD/GPU"
        value = 0.00001
        date = 2026-10-05
        """
    )
    assert issues == ()
    assert plan.settings == Settings(start=dt.date(2027, 4, 1), hours="730", discount_rate="9%")
    assert plan.fx == {"EUR": "1.08"}
    assert plan.drivers == (
        Driver("gpus", "GPU", "12000"),
        Driver("price", "USD/GPU", "0.00001", source=Source(date="2026-10-05")),
    )


def test_a_plan_reads_well() -> None:
    plan = Plan(
        "LLM inference",
        drivers=(
            Driver(
                "gpu_price",
                "USD/server",
                "282,459.75",
                group="Hardware",
                range=Range("triangular", "250k", "310k", "282k"),
                source=Source("Quote", note="first line\nsecond line"),
            ),
        ),
        scenarios=(
            Scenario(
                "Own servers",
                lines=(CostLine("GPU servers", "purchase", "Compute", {"quantity": "servers"}, "Servers"),),
                line_fields={"Power": {"rate": "0.12"}},
            ),
        ),
        cases=(Case("High demand", {"demand": "2"}),),
        tables=(Table("macrs", ("5y",), (("1", (0.2,)), ("2", (0.32,)))),),
    )
    text = plan_to_toml(plan)
    tail = text[text.index("[drivers") :]
    assert (
        tail
        == '''[drivers.gpu_price]
unit = "USD/server"
value = "282,459.75"
range = { distribution = "triangular", low = "250k", likely = "282k", high = "310k" }
group = "Hardware"
source = "Quote"
note = """
first line
second line"""

[[scenarios]]
name = "Own servers"

[scenarios.line_fields.Power]
rate = "0.12"

[[scenarios.lines]]
name = "GPU servers"
kind = "purchase"
category = "Compute"
asset_class = "Servers"
fields = { quantity = "servers" }

[[cases]]
name = "High demand"
drivers = { demand = "2" }

[tables.macrs]
columns = ["5y"]
rows = [
  ["1", 0.2],
  ["2", 0.32],
]
'''
    )


def test_two_drivers_of_one_name_cannot_be_written() -> None:
    plan = Plan("P", drivers=(Driver("a", "", "1"), Driver("a", "", "2")))
    with pytest.raises(ValueError, match="Two drivers"):
        plan_to_toml(plan)


def test_every_setting_is_written_and_read() -> None:
    odd = Settings(*("x" if field.type == "str" else 7 for field in dataclasses.fields(Settings)))
    plan = Plan("P", settings=dataclasses.replace(odd, start=dt.date(2030, 2, 3)))
    assert plan_from_toml(plan_to_toml(plan)) == (plan, ())


def test_the_help_page_describes_a_plan_that_is_read_without_a_problem() -> None:
    page = resource("help", "plan_text.md").read_text(encoding="utf-8")
    text = "\n".join(re.findall(r"```toml\n(.*?)```", page, re.DOTALL))
    plan, issues = plan_from_toml(text)
    assert issues == ()
    assert plan.settings == Settings()
    assert [scenario.based_on for scenario in plan.scenarios] == ["", "Own servers"]
    for part in (*dataclasses.fields(Settings), *dataclasses.fields(Texts), *dataclasses.fields(QuoteRecord)):
        assert re.search(rf"^{part.name} = ", text, re.MULTILINE), f"{part.name} is not described"
