"""Every kind of mistake in a plan is an Issue that points at its place and suggests what was meant."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from desktop_app.engine.compute import compute, compute_scenario
from desktop_app.engine.issues import Issue
from desktop_app.engine.model import Case, Driver, Plan, Scenario, Settings, Table
from tests.engine.plans import driver, errors, line, plan_of, problem, result_of, value

GPUS = Table("gpus", ("memory", "power"), (("H100", (80.0, 700.0)), ("B200", (192.0, 1000.0))))
STEPS = Table("steps", ("rate",), (("1", (0.5,)), ("2", (0.3,)), ("3", (0.2,))))


@pytest.mark.parametrize(
    ("text", "code", "place", "word"),
    [
        ("gpus + gpuss", "unknown-name", "gpuss", "“gpus”"),
        ("1 + nothing_like_it", "unknown-name", "nothing_like_it", "no driver"),
        ("CEILINGG(1)", "unknown-function", "CEILINGG(1)", "“CEILING”"),
        ("OFFSET(gpus, 1)", "unknown-function", "OFFSET(gpus, 1)", "no function OFFSET"),
        ("EDATE(1, 2)", "unknown-function", "EDATE(1, 2)", "EDATE"),
        ("COUNT_MONTHS()", "unknown-function", "COUNT_MONTHS()", "COUNT_MONTHS"),
        ("TAX_RATE()", "unknown-function", "TAX_RATE()", "TAX_RATE"),
        ("NONE()", "unknown-function", "NONE()", "NONE"),
        ("1 + ROUND()", "wrong-arguments", "ROUND()", "ROUND(x, [digits])"),
        ("SQRT(1, 2)", "wrong-arguments", "SQRT(1, 2)", "2 are given"),
        ('"text"', "misplaced-text", '"text"', "LOOKUP and TOTAL"),
        ('LOOKUP("gpu", "H100", "memory")', "unknown-table", 'LOOKUP("gpu", "H100", "memory")', "“gpus”"),
        ('LOOKUP("gpus", "H10", "memory")', "unknown-key", '"H10"', "“H100”"),
        ('LOOKUP("gpus", "H100", "memry")', "unknown-column", 'LOOKUP("gpus", "H100", "memry")', "“memory”"),
        ('LOOKUP("gpus", 1, "memory")', "numbered-table", 'LOOKUP("gpus", 1, "memory")', "1, 2, 3"),
        ("LOOKUP(gpus)", "wrong-arguments", "LOOKUP(gpus)", "a table, a key and a column"),
        ("TOTAL(1)", "wrong-arguments", "TOTAL(1)", "two texts"),
        ('TOTAL("capx", "Things")', "unknown-statement", 'TOTAL("capx", "Things")', "“capex”"),
        ('TOTAL("capex", "Thing")', "unknown-category", 'TOTAL("capex", "Thing")', "“Things”"),
        ("it + 1", "circular", "it", "it → it"),
        ("XNPV(gpus, MONTH_INDEX())", "unit-mismatch", "gpus", "a rate"),
        ("1 +", "formula", "", "ends too early"),
        ("5 parsecs", "formula", "parsecs", "parsecs"),
        ("", "formula", "", "empty"),
    ],
)
def test_a_mistake_in_a_formula(text: str, code: str, place: str, word: str) -> None:
    issue = (
        problem(
            text,
            drivers=(driver("gpus", "8", "GPU"),),
            tables=(GPUS, STEPS),
        )
        if "Thing" not in text
        else _with_line(text)
    )
    assert issue.code == code
    assert word in issue.message
    if text:
        assert issue.span is not None
        assert text[slice(*issue.span)] == place


def _with_line(text: str) -> Issue:
    made = line("x", "usage", quantity="1", unit_price="1")
    (only,) = errors(result_of(made, drivers=(driver("it", text, "USD"),)))
    return only


def test_a_circle_of_drivers_is_said_once_with_all_its_members() -> None:
    plan = plan_of(drivers=(driver("a", "b + 1"), driver("b", "c * 2"), driver("c", "a"), driver("d", "a")))
    found = [issue for issue in compute_scenario(plan, "Only").issues if issue.severity == "error"]
    circles = [issue for issue in found if issue.code == "circular"]
    assert [issue.message for issue in circles] == [
        "These depend on each other in a circle: a → b → c → a. (3 other entries need this.)"
    ]
    assert {issue.code for issue in found} == {"circular", "broken-input"}


def test_names_and_functions_do_not_mind_case() -> None:
    drivers = (driver("GpuPrice", "3"),)
    assert value("gpuprice * GPUPRICE + max(1, GpuPrice)", drivers=drivers)[0] == 12


@pytest.mark.parametrize("name", ["my gpus", "4x", "", "a/b", "a-b", "USD/GPU", "x\ny"])
def test_a_name_that_no_formula_could_hold_is_refused(name: str) -> None:
    result = result_of(drivers=(driver(name, "1"),))
    assert [issue.code for issue in errors(result)] == ["bad-name"]


ONLY = "scenario Only"


def scenarios(*made: Scenario) -> Plan:
    return Plan("p", scenarios=made, drivers=(driver("gpu", "1"),))


@pytest.mark.parametrize(
    ("plan", "code", "where"),
    [
        (plan_of(drivers=(driver("a", "1"), driver("A", "2"))), "duplicate-driver", "driver A"),
        (plan_of(line("x", "adjustment"), line("x", "usage")), "duplicate-line", ONLY),
        (plan_of(tables=(GPUS, dataclasses.replace(STEPS, name="GPUs"))), "duplicate-table", "table GPUs"),
        (scenarios(Scenario("Only"), Scenario("Only")), "duplicate-scenario", ONLY),
        (scenarios(Scenario("Only", based_on="Onyl"), Scenario("Onlyx")), "unknown-scenario", ONLY),
        (scenarios(Scenario("Only", "B"), Scenario("B", "Only")), "circular-scenarios", ONLY),
        (scenarios(Scenario("Only", drivers={"gpus": "1"})), "unknown-driver", ONLY),
        (scenarios(Scenario("Only", drivers={"gpu": "1", "GPU": "2"})), "duplicate-driver", ONLY),
        (scenarios(Scenario("Only", line_fields={"y": {"a": "1"}})), "unknown-line", ONLY),
        (plan_of(measures={"gpu_hour_used": "1"}), "unknown-measure", "measure gpu_hour_used"),
        (plan_of(drivers=(Driver("a", "GPUU", "1"),)), "unknown-unit", "driver a"),
        (plan_of(drivers=(Driver("a", "", "1", series=(float("nan"),)),)), "not-a-number", "driver a"),
        (plan_of(settings={"discount_rate": "8 USD"}), "unit-mismatch", "setting discount_rate"),
        (plan_of(settings={"discount_rate": "MONTH_INDEX()"}), "unit-mismatch", "setting discount_rate"),
        (plan_of(settings={"tax_rate": "nobody"}), "unknown-name", "setting tax_rate"),
        (plan_of(settings={"currency": "EURO"}), "bad-setting", "setting currency"),
        (plan_of(settings={"months": 0}), "bad-setting", "setting months"),
        (plan_of(settings={"start": dt.date(1889, 1, 1)}), "bad-setting", "setting start"),
        (plan_of(settings={"hours": "744"}), "bad-setting", "setting hours"),
    ],
    ids=lambda it: it if isinstance(it, str) else "",
)  # fmt: skip
def test_a_mistake_in_a_plan(plan: Plan, code: str, where: str) -> None:
    found = errors(compute_scenario(plan, "Only"))
    assert (found[0].code, found[0].where) == (code, where)


def test_a_case_that_is_not_there_is_said() -> None:
    plan = dataclasses.replace(plan_of(), cases=(Case("High demand"),))
    (issue,) = (
        one for one in compute(plan, cases=("High demnd",)).scenarios[0].issues if one.code == "unknown-case"
    )
    assert "“High demand”" in issue.message


def test_a_broken_driver_breaks_what_needs_it_and_nothing_else() -> None:
    lines = (line("good", "usage", quantity="fine", unit_price="1"),)
    drivers = (driver("fine", "2"), driver("bad", "1 +"), driver("worse", "bad * 2"))
    result = result_of(*lines, drivers=drivers, months=3)
    assert [(issue.code, issue.where) for issue in errors(result)] == [
        ("formula", "driver bad"),
        ("broken-input", "driver worse"),
    ]
    cause, consequence = (issue.message for issue in errors(result))
    assert cause.endswith("(1 other entry needs this.)")
    assert consequence == "This needs driver bad: mend that first."
    assert result.figures["tco"].value == 6
    stopped = result_of(line("l", "usage", quantity="worse", unit_price="1"), drivers=drivers)
    assert stopped.figures["tco"].value is None
    assert "no-result" in {issue.code for issue in errors(stopped)}


def test_what_only_waits_names_the_mistake_at_the_root_and_comes_after_all_mistakes() -> None:
    drivers = (driver("a", "b"), driver("b", "c * 2"), driver("c", "nobody"), driver("d", "1 +"))
    found = errors(result_of(line("l", "usage", quantity="a", unit_price="1"), drivers=drivers))
    assert [(issue.code, issue.where) for issue in found] == [
        ("unknown-name", "driver c"),
        ("formula", "driver d"),
        ("broken-input", "driver b"),
        ("broken-input", "driver a"),
        ("broken-input", "line l, quantity per month"),
        ("no-result", "scenario Only"),
    ]
    assert found[0].message.endswith("(3 other entries need this.)")
    assert {issue.message for issue in found[2:5]} == {"This needs driver c: mend that first."}


def test_a_broken_line_stops_the_figures_though_others_are_whole() -> None:
    result = result_of(line("good", "adjustment", amount="1"), line("bad", "adjustment", amount="1 +"))
    assert result.figures["tco"].value is None
    assert errors(result)[0].where == "line bad, amount"
    assert errors(result)[0].span == (3, 3)


def test_lookups_read_plan_tables() -> None:
    drivers = (
        driver("m", 'LOOKUP("GPUS", "h100", "Memory")', "GB"),
        driver("s", 'lookup("steps", n, "rate")'),
        driver("n", "1 + 1"),
    )
    program = result_of(drivers=drivers, months=2, tables=(GPUS, STEPS)).program
    assert program is not None
    assert (program.value("driver/m").item(), program.value("driver/s").item()) == (80, 0.3)


def test_a_table_with_holes_is_said_not_guessed() -> None:
    holes = Table("t", ("a", "b"), (("x", (1.0,)), ("y", (float("nan"), 2.0))))
    for key, column in (("x", "b"), ("y", "a")):
        issue = problem(f'LOOKUP("t", "{key}", "{column}")', tables=(holes,))
        assert issue.code == "empty-cell"
        assert f"row “{key}”, column “{column}”" in issue.message
    long = Table("t", ("a",), tuple((str(n), (1.0,)) for n in range(1, 400)))
    assert problem('LOOKUP("t", 3, "a")', tables=(long,)).code == "numbered-table"


def test_table_cells_are_told_apart_whatever_they_are_called() -> None:
    tables = (Table("a/b", ("c",), (("d", (1.0,)),)), Table("a", ("c",), (("b/d", (2.0,)),)))
    drivers = (driver("one", 'LOOKUP("a/b", "d", "c")'), driver("two", 'LOOKUP("a", "b/d", "c")'))
    program = result_of(drivers=drivers, tables=tables).program
    assert program is not None
    assert (program.value("driver/one").item(), program.value("driver/two").item()) == (1, 2)


@pytest.mark.parametrize(
    ("unit", "text", "number"),
    [
        ("%", "15", 0.15),
        ("%", "15%", 0.15),
        ("%", "0.15 * 1", 0.15),
        ("", "15%", 0.15),
        ("percent", "15", 15),
    ],
)
def test_per_cent(unit: str, text: str, number: float) -> None:
    assert value(text, unit=unit)[0] == pytest.approx(number)


def test_totals_of_categories_and_lines() -> None:
    result = result_of(
        line("Server", "purchase", "Compute", unit_price="1,000", quantity="2"),
        line("Rack", "purchase", "Site", unit_price="500"),
        line("Care", "recurring", "Support", unit_price='5% * TOTAL("capex", "compute")'),
        line("Cover", "recurring", "Other", unit_price='TOTAL("CAPEX", "Rack") + TOTAL("opex", "Support")'),
        months=2,
    )  # fmt: skip
    assert not errors(result)
    assert result.by_category["Support"].tolist() == [100, 0]
    assert result.by_category["Other"].tolist() == [600, 0]


@pytest.mark.parametrize("field", ["discount_rate", "tax_rate"])
def test_a_rate_that_is_a_hundredfold_too_high_is_questioned(field: str) -> None:
    result = result_of(settings={field: "8"})
    assert [(issue.code, issue.severity) for issue in result.issues if "rate" in issue.code] == [
        ("high-rate", "warning")
    ]


def test_the_first_culprit_is_named_not_what_suffers_from_it() -> None:
    result = result_of(
        line("Power", "usage", quantity="energy", unit_price="1"),
        drivers=(
            driver("harmless", "IFERROR(1 / 0, 3)"),
            driver("unread", "1 / 0"),
            driver("speed", "1 / (MONTH_INDEX() - 3)"),
            driver("energy", "speed * harmless"),
        ),
    )
    (issue,) = errors(result)
    assert (issue.code, issue.where) == ("division-by-zero", "driver speed")
    assert "in month 3" in issue.message
    assert all(figure.value is None for figure in result.figures.values())


def test_overflow_in_a_line_names_the_line() -> None:
    result = result_of(line("Big", "usage", quantity="1e200", unit_price="1e200"))
    (issue,) = errors(result)
    assert (issue.code, issue.where) == ("not-a-number", "line Big")


def test_a_line_with_the_name_of_its_category_is_totalled_once() -> None:
    lines = (
        line("Rent", "usage", "Rent", quantity="1", unit_price="7"),
        line("Fee", "usage", "Fees", quantity="1", unit_price='10% * TOTAL("opex", "Rent")'),
    )
    assert result_of(*lines, months=1).by_category["Fees"].tolist() == pytest.approx([0.7])


def test_settings_stop_before_anything_is_computed() -> None:
    result = compute(Plan("p", Settings(months=10**12), (), (Scenario("A"),)))
    assert result.months == ()
    assert result.fiscal_years == ()
    assert result.scenario("A").figures["tco"].value is None


def test_a_mistyped_name_is_not_taken_for_the_driver_it_stands_in() -> None:
    assert problem("itt * 2").message == "There is no driver “itt”."
    assert "“item”" in problem("itemm * 2", drivers=(driver("item", "1"),)).message
