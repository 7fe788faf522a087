"""The command line on real files: what it refuses first, then what it prints and writes."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from desktop_app import cli, terminal
from desktop_app.document.document import Document
from desktop_app.engine.model import CostLine, Driver, Plan, QuoteRecord, Scenario, Source
from desktop_app.exchange.templates import load_template, templates
from tests.data.hostile import generators

PROJECT = Path(__file__).resolve().parents[1]
QUOTES = PROJECT / "tests" / "data" / "quotes"
EXAMPLE = PROJECT / "resources" / "examples" / "halden-hgx-quote.xlsx"
QUOTE_KEYS = {
    "file", "sha256", "vendor", "quote_number", "quote_date", "valid_until", "currency", "payment_terms",
    "lead_time", "blocks", "ignored_sheets", "reconciles", "issues",
}  # fmt: skip
QUOTE_FILES = sorted(path for path in QUOTES.glob("a0[1-9]*") if path.suffix != ".json")
MONTHLY = {"capex", "opex", "cash_cost", "depreciation", "expense", "net_book_value"}


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTLAY_STATE_DIR", str(tmp_path / "state"))


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., tuple[int, str, str]]:
    """Runs a command in this process: status, stdout, stderr."""

    def call(*arguments: object) -> tuple[int, str, str]:
        capfdbinary.readouterr()
        status = cli.run([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return call


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the reference plan, for tests that only read it."""
    path = tmp_path_factory.mktemp("reference") / "plan.outlay"
    os.environ["OUTLAY_STATE_DIR"] = str(path.parent / "state")
    Document.create(load_template(templates()[0]), path).close()
    return path


@pytest.fixture
def plan_file(tmp_path: Path, reference: Path) -> Path:
    """A copy of it that may be changed."""
    path = tmp_path / "plan.outlay"
    path.write_bytes(reference.read_bytes())
    return path


def command(*arguments: object, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Runs the command as a user does, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "desktop_app", *map(str, arguments)],
        cwd=PROJECT,
        env={**os.environ, **variables},
        capture_output=True,
        check=False,
        timeout=120,
    )


# What is refused


def assert_refused(answer: tuple[int, str, str], *words: str) -> None:
    """Status 1, one sentence on stderr with these words, no traceback."""
    status, out, err = answer
    assert status == 1, (out, err)
    assert "Traceback" not in err
    assert out == ""
    for word in words:
        assert word in err


@pytest.mark.parametrize("name", ["compute", "dump", "check", "history"])
def test_a_file_that_is_no_plan_is_refused_in_words(run, tmp_path, name):
    path = tmp_path / "notes.outlay"
    path.write_text("no plan at all, only some notes that somebody saved under this name " * 5)
    before = path.read_bytes()
    assert_refused(run(name, path), "notes.outlay", "not a plan")
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_refused(run, tmp_path):
    path = tmp_path / "other.outlay"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE things (id INTEGER PRIMARY KEY)")
    db.close()
    assert_refused(run("compute", path), "another program")


def test_a_plan_of_a_newer_version_is_refused(run, plan_file):
    with sqlite3.connect(plan_file) as db:
        db.execute("PRAGMA user_version = 9999")
    db.close()
    before = plan_file.read_bytes()
    assert_refused(run("compute", plan_file), "newer Outlay")
    assert plan_file.read_bytes() == before


def test_a_truncated_plan_is_refused(run, plan_file):
    plan_file.write_bytes(plan_file.read_bytes()[:5000])
    assert_refused(run("compute", plan_file), "plan.outlay")


def test_a_missing_plan_is_refused_with_one_json_document(run, tmp_path):
    status, out, err = run("compute", tmp_path / "none.outlay", "--json")
    assert status == 1
    assert "does not exist" in json.loads(out)["issues"][0]["message"]
    assert "does not exist" in err


def test_an_unknown_scenario_suggests_the_nearest(run, reference):
    assert_refused(run("compute", reference, "--scenario", "Own server"), "“Own server”", "“Own servers”")
    assert_refused(run("explain", reference, "Hybrit", "tco"), "Did you mean “Hybrid”?")
    assert_refused(run("compute", reference, "--case", "High demnad"), "“High demand”")


def test_unknown_names_of_figures_nodes_drivers_and_months(run, reference):
    assert_refused(run("explain", reference, "Hybrid", "tcoo"), "tcoo")
    assert_refused(run("explain", reference, "Hybrid", "tco", "--month", "2040-01"), "2027-01 to 2031-12")
    assert_refused(run("sensitivity", reference, "Hybrid", "--figure", "npv"), "npv")
    solve = ("solve", reference, "Hybrid", "--figure", "tco", "--equals")
    assert_refused(run(*solve, "20M", "--driver", "servr_price"), "servr_price")
    assert_refused(run(*solve, "a lot", "--driver", "server_price"), "a lot")
    assert_refused(run(*solve, "1 USD", "--driver", "server_price"), "server_price")
    assert_refused(run("compare", reference, "Hybrid", "Own servers", "--figure", "npv"), "npv")


@pytest.mark.parametrize(
    "arguments",
    [
        ["compute"],
        ["nonsense"],
        ["new", "x.outlay"],
        ["new", "x.outlay", "--template", "llm-inference", "--from", "x.toml"],
        ["simulate", "x.outlay", "--trials", "0"],
        ["solve", "x.outlay", "S", "--driver", "d", "--figure", "tco"],
        ["quote", "read"],
        ["quote", "import", "x.outlay", "y.xlsx", "--fx", "EUR"],
    ],
)
def test_wrong_usage_is_status_2(run, reference, arguments):
    answer = run(
        *(
            str(reference) if argument == "x.outlay" and arguments[0] == "quote" else argument
            for argument in arguments
        )
    )
    assert answer[0] == 2
    assert answer[1] == ""
    assert answer[2]


def test_a_text_plan_with_mistakes_lists_them_with_their_lines(run, tmp_path):
    text = tmp_path / "plan.toml"
    text.write_text('name = "X"\n[drivers.gpus]\nunit = "GPU"\nvalu = "8"\n')
    status, _, err = run("new", tmp_path / "x.outlay", "--from", text)
    assert status == 1
    assert "line 4" in err
    assert "“value”" in err
    assert not (tmp_path / "x.outlay").exists()
    text.write_bytes(b'name = "\xff\xfe"')
    assert_refused(run("new", tmp_path / "x.outlay", "--from", text), "UTF-8")
    assert_refused(run("new", tmp_path / "x.outlay", "--from", tmp_path / "none.toml"), "none.toml")


def test_an_existing_plan_is_not_replaced_unasked(run, plan_file):
    before = plan_file.read_bytes()
    assert_refused(run("new", plan_file, "--template", "llm-inference"), "exists already")
    assert plan_file.read_bytes() == before
    assert run("new", plan_file, "--template", "llm-inference", "--overwrite")[0] == 0


def test_a_target_that_cannot_be_written(run, tmp_path, reference):
    assert_refused(run("new", tmp_path / "none" / "x.outlay", "--template", "llm-inference"), "none")
    answer = run("export", reference, tmp_path / "none" / "pack.xlsx")
    assert answer[0] == 1
    assert "none" in answer[2]
    folder = tmp_path / "folder.xlsx"
    folder.mkdir()
    answer = run("export", reference, folder)
    assert answer[0] == 1
    assert "Traceback" not in answer[2]


@pytest.mark.parametrize("command", ["export", "table"])
def test_a_plan_is_not_lost_where_its_own_name_is_given_for_the_output(run, plan_file, command):
    before = plan_file.read_bytes()
    assert_refused(run(command, plan_file, plan_file), "must end in")
    assert plan_file.read_bytes() == before


@pytest.mark.skipif(sys.platform != "linux", reason="has a folder that nobody may write in")
def test_a_folder_that_is_read_only(run):
    assert_refused(run("new", "/proc/x.outlay", "--template", "llm-inference"), "x.outlay")


def test_a_truncated_workbook_is_refused(run, tmp_path, plan_file):
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(EXAMPLE.read_bytes()[:4000])
    before = plan_file.read_bytes()
    assert_refused(run("quote", "read", broken), "broken.xlsx")
    assert_refused(run("quote", "import", plan_file, broken), "broken.xlsx")
    assert plan_file.read_bytes() == before
    status, out, _ = run("quote", "read", broken, "--json")
    document = json.loads(out)
    assert status == 1
    assert set(document) >= QUOTE_KEYS
    assert document["issues"][0]["severity"] == "error"


def test_a_zip_that_is_no_workbook_and_a_missing_file(run, tmp_path):
    archive = tmp_path / "archive.xlsx"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("readme.txt", "nothing")
    assert_refused(run("quote", "read", archive), "archive.xlsx")
    assert_refused(run("quote", "read", tmp_path / "none.xlsx"), "none.xlsx")
    assert_refused(run("lint", tmp_path / "none.xlsx"), "none.xlsx")


def test_harmful_and_broken_files_end_in_a_sentence_each(run, tmp_path):
    made = [generators.UNREADABLE[name](tmp_path / name) for name in sorted(generators.UNREADABLE)[:8]]
    made += [
        generators.encrypted_workbook(tmp_path / "locked.xlsx"),
        generators.zip_bomb(tmp_path / "bomb.xlsx"),
    ]
    status, out, err = run("quote", "read", *made, "--json")
    documents = [parse(line) for line in out.splitlines()]
    assert status == 1
    assert [one["file"] for one in documents] == [path.name for path in made]
    assert all(set(one) >= QUOTE_KEYS and one["issues"] for one in documents)
    assert "password" in documents[-2]["issues"][0]["message"]
    assert "Traceback" not in err
    assert "Outlay has a fault" not in err


def test_a_quote_with_open_questions_is_not_imported(run, plan_file):
    before = plan_file.read_bytes()
    status, out, err = run("quote", "import", plan_file, QUOTES / "a13_pinecrest_ambiguous.xlsx", "--json")
    document = json.loads(out)
    assert status == 1
    assert document["import"] is None
    assert any(issue["severity"] == "error" and issue["cell"] for issue in document["issues"])
    assert "Quote!" in err
    assert plan_file.read_bytes() == before


def test_a_quote_in_a_currency_without_a_rate_is_not_imported(run, plan_file):
    file = QUOTES / "a05_lindenhof_angebot.xlsx"
    assert_refused(run("quote", "import", plan_file, file), "exchange rate", "EUR")
    assert run("quote", "import", plan_file, file, "--fx", "EUR=1.08")[0] == 0


@pytest.mark.parametrize("rate", ["EUR=abc", "EUR=0", "EUR=-1", "EUR"])
def test_a_rate_that_is_no_number_is_wrong_usage(run, plan_file, rate):
    before = plan_file.read_bytes()
    status, out, err = run("quote", "import", plan_file, EXAMPLE, "--fx", rate)
    assert (status, out) == (2, "")
    assert "EUR=1.08" in err
    assert plan_file.read_bytes() == before


def test_a_mistyped_driver_is_told_with_the_nearest(run, plan_file):
    status, _, err = run("quote", "import", plan_file, EXAMPLE, "--price", "server_prise=Quote!G14")
    assert status == 0
    assert "driver server_prise: The plan had no driver of this name; it was made." in err
    assert "Did you mean “server_price”?" in err


def test_a_question_is_told_once(run, plan_file):
    ambiguous = QUOTES / "a13_pinecrest_ambiguous.xlsx"
    _, _, err = run("quote", "import", plan_file, ambiguous)
    told = [line for line in err.splitlines() if "Quote!A4" in line.split("--answer")[0]]
    assert len(told) == 1


def test_names_that_are_not_there_are_refused_at_import(run, plan_file):
    quote = ("quote", "import", plan_file, EXAMPLE)
    assert_refused(run(*quote, "--scenario", "Owned servers"), "“Own servers”")
    assert_refused(run(*quote, "--without", "Cluster networks"), "“Cluster network”")
    assert_refused(run(*quote, "--price", "server_price=Quote!G99"), "Quote!G99")
    assert_refused(run(*quote, "--price", "server_price=nowhere"), "nowhere")
    assert_refused(run(*quote, "--price", "two words=Quote!G14"), "two words")
    assert_refused(run(*quote, "--take", "Option Z"), "Option Z")


def test_our_own_faults_are_reported_without_a_traceback(run, reference, tmp_path, monkeypatch):
    def fail(*arguments: object) -> None:
        raise RuntimeError("a wire came loose")

    monkeypatch.setattr(terminal, "compute", fail)
    status, out, err = run("compute", reference)
    assert status == 1
    assert out == ""
    assert "Outlay has a fault" in err
    assert "Traceback" not in err
    (report,) = (tmp_path / "state" / "faults").glob("*.txt")
    assert str(report) in err
    assert "a wire came loose" in report.read_text()


# What is printed


def parse(text: str) -> Any:
    """JSON, with NaN and infinity refused."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} in JSON")

    return json.loads(text, parse_constant=refuse)


def test_templates_are_listed(run):
    status, out, _ = run("templates", "--json")
    listed = parse(out)
    assert status == 0
    assert listed[0]["id"] == "llm-inference"
    assert all(set(one) == {"id", "name", "purpose"} and one["purpose"] for one in listed)
    assert all(one["id"] in run("templates")[1] for one in listed)


def test_compute_prints_the_agreed_document(run, reference):
    status, out, err = run("compute", reference, "--json", "--case", "Low demand")
    document = parse(out)
    assert (status, err) == (0, "")
    assert set(document) >= {
        "plan", "currency", "start", "months", "fiscal_year_start", "engine", "input_hash", "scenarios",
        "comparison",
    }  # fmt: skip
    assert (document["currency"], document["start"], document["months"]) == ("USD", "2027-01", 60)
    assert len(document["input_hash"]) == 64
    assert [one["name"] for one in document["scenarios"]] == [
        "Own servers", "Cloud reserved", "Per-token API", "Hybrid",
    ]  # fmt: skip
    for one in document["scenarios"]:
        assert one["case"] == "Low demand"
        assert set(one["key_figures"]["tco"]) == {"value", "unit", "label"}
        assert set(one["key_figures"]) >= {"tco", "npv_cost", "capex", "opex"}
        assert one["key_figures"]["people_share"]["unit"] == "1"
        assert set(one["monthly"]) >= MONTHLY
        assert all(len(values) == 60 for values in [*one["monthly"].values(), *one["by_category"].values()])
        assert sum(one["monthly"]["cash_cost"]) == pytest.approx(
            one["key_figures"]["tco"]["value"], abs=0.005
        )
        assert all(check["holds"] for check in one["checks"])
        none = [issue["where"].removeprefix("figure ") for issue in one["issues"]]
        assert none == [name for name, figure in one["key_figures"].items() if figure["value"] is None]
        assert not none or one["name"] == "Per-token API"
    assert document["comparison"]["baseline"] == "Cloud reserved"
    assert {pair["a"] for pair in document["comparison"]["pairs"]} == {
        "Own servers",
        "Per-token API",
        "Hybrid",
    }
    for pair in document["comparison"]["pairs"]:
        assert set(pair) >= {"a", "b", "break_even_month", "npv_difference"}


def test_without_a_case_the_case_is_null_and_the_table_shows_the_same(run, reference):
    document = parse(run("compute", reference, "--json", "--scenario", "Hybrid")[1])
    (one,) = document["scenarios"]
    assert one["case"] is None
    status, text, err = run("compute", reference, "--scenario", "Hybrid")
    assert (status, err) == (0, "")
    assert f"{one['key_figures']['tco']['value']:,.2f}" in text


def test_errors_of_a_plan_are_status_1_with_null_figures(run, tmp_path):
    plan = Plan(
        "Broken",
        drivers=(Driver("kw", "kW", "3"), Driver("kwh", "kWh", "kw"), Driver("idle", "", "1")),
        scenarios=(
            Scenario(
                "S", lines=(CostLine("Power", "usage", "Energy", {"quantity": "kwh", "unit_price": "1"}),)
            ),
        ),
    )
    path = tmp_path / "broken.outlay"
    Document.create(plan, path).close()
    status, out, _ = run("compute", path, "--json")
    (one,) = parse(out)["scenarios"]
    assert status == 1
    assert one["key_figures"]["tco"]["value"] is None
    assert any(issue["severity"] == "error" and "kwh" in issue["where"] for issue in one["issues"])
    status, out, err = run("compute", path)
    assert status == 1
    assert "error:" in err
    status, out, err = run("check", path)
    assert status == 1
    assert "kwh" in err


def test_dump_and_new_from_it_give_identical_results(run, reference, tmp_path):
    status, text, _ = run("dump", reference)
    assert status == 0
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    assert run("new", tmp_path / "again.outlay", "--from", tmp_path / "plan.toml")[0] == 0
    first = parse(run("compute", reference, "--json")[1])
    again = parse(run("compute", tmp_path / "again.outlay", "--json")[1])
    assert again == first
    assert run("dump", tmp_path / "again.outlay")[1] == text


def test_explain_walks_from_a_figure_to_the_cell_of_the_quote(run, plan_file):
    done = run(
        "quote",
        "import",
        plan_file,
        EXAMPLE,
        "--price",
        "server_price=Quote!G14",
        "--without",
        "Cluster network",
    )
    assert done[0] == 0, done
    tco = parse(run("explain", plan_file, "Own servers", "tco", "--json")[1])
    assert tco["formula"]
    assert tco["inputs"][0]["node"]
    price = parse(run("explain", plan_file, "Own servers", "server_price", "--json")[1])
    assert price["value"] == 288526
    assert price["source"]["cell"] == "Quote!G14"
    assert price["source"]["quote"] == "halden-systems-hs-26-20771"
    cash = parse(
        run("explain", plan_file, "Own servers", "statement/capex", "--month", "2027-01", "--json")[1]
    )
    assert cash["month"] == "2027-01"
    cells = {part["source"].get("cell") for part in cash["inputs"]}
    assert {"Quote!G21", "Quote!G22"} <= cells
    text = run("explain", plan_file, "Own servers", "server_price")[1]
    assert "Quote!G14" in text


def test_explain_of_a_total_over_months_says_which_month_its_parts_are_of(run, reference):
    tco = parse(run("explain", reference, "Hybrid", "tco", "--json")[1])
    (cash,) = tco["inputs"]
    assert cash["label"].endswith(", month 1 of 60")
    assert " … " in tco["with_values"]
    total = parse(run("compute", reference, "--scenario", "Hybrid", "--json")[1])["scenarios"][0]
    assert cash["value"] == total["monthly"]["cash_cost"][0]


def test_a_month_tells_the_statement_from_the_figure_of_the_same_name(run, reference):
    figure = parse(run("explain", reference, "Hybrid", "capex", "--json")[1])
    month = parse(run("explain", reference, "Hybrid", "capex", "--month", "2027-02", "--json")[1])
    assert (figure["node"], month["node"]) == ("figure/capex", "statement/capex")
    assert month["month"] == "2027-02"


def test_compare_steps_sum_exactly(run, reference):
    status, out, _ = run("compare", reference, "Cloud reserved", "Hybrid", "--json")
    bridge = parse(out)
    assert status == 0
    assert bridge["start"] + sum(step["amount"] for step in bridge["steps"]) == pytest.approx(
        bridge["end"], abs=0.005
    )
    assert run("compare", reference, "Cloud reserved", "Hybrid")[0] == 0


def test_simulate_is_repeatable_and_complete(run, reference):
    arguments = ("simulate", reference, "--trials", 400, "--seed", 7, "--json")
    first, second = parse(run(*arguments)[1]), parse(run(*arguments)[1])
    first.pop("seconds"), second.pop("seconds")
    assert first == second
    assert (first["trials"], first["seed"]) == (400, 7)
    figure = first["scenarios"][0]["key_figures"]["tco"]
    assert set(figure) == {"mean", "standard_error", "p5", "p10", "p50", "p90", "p95", "histogram"}
    assert figure["p10"] < figure["p50"] < figure["p90"]
    assert sum(figure["histogram"]["counts"]) == 400
    assert all(len(values) == 60 for values in first["scenarios"][0]["cumulative_cash_cost"].values())
    assert all(0 <= pair["probability_a_costs_less"] <= 1 for pair in first["pairs"])
    assert "trials" in run("simulate", reference, "--trials", 50)[1]


def test_sensitivity_lists_the_widest_swing_first(run, reference):
    table = parse(run("sensitivity", reference, "Own servers", "--figure", "tco", "--json")[1])
    swings = [one["swing"] for one in table["drivers"]]
    assert swings == sorted(swings, reverse=True)
    assert table["drivers"][0]["low"] < table["drivers"][0]["high"]
    assert run("sensitivity", reference, "Own servers")[0] == 0


def test_solve_finds_the_price_at_which_two_scenarios_cost_the_same(run, reference, tmp_path):
    arguments = (
        "solve",
        reference,
        "Own servers",
        "--driver",
        "server_price",
        "--figure",
        "npv_cost",
        "--same-as",
        "Cloud reserved",
    )
    found = parse(run(*arguments, "--json")[1])
    text = run("dump", reference)[1].replace('value = "312,664"', f'value = "{found["value"]!r}"')
    (tmp_path / "even.toml").write_text(text, encoding="utf-8")
    run("new", tmp_path / "even.outlay", "--from", tmp_path / "even.toml")
    figures = {
        one["name"]: one["key_figures"]["npv_cost"]["value"]
        for one in parse(run("compute", tmp_path / "even.outlay", "--json")[1])["scenarios"]
    }
    assert figures["Own servers"] == pytest.approx(figures["Cloud reserved"], rel=1e-9)
    status, out, _ = run(
        "solve", reference, "Own servers", "--driver", "server_price", "--figure", "tco", "--equals", "20M"
    )
    assert status == 0
    assert "server_price = " in out
    goal = ("solve", reference, "Own servers", "--driver", "server_price", "--figure", "tco", "--equals")
    assert run(*goal, "$20M")[1].splitlines()[0].partition(":")[0] == out.partition(":")[0]
    status, _, err = run(*goal, "€20M")
    assert status == 1
    assert "is not in USD" in err


@pytest.mark.parametrize("path", QUOTE_FILES, ids=lambda path: path.stem)
def test_quote_read_prints_the_agreed_document(run, path):
    truth = json.loads(path.with_name(f"{path.stem}.truth.json").read_text())
    status, out, err = run("quote", "read", path, "--json", "--today", "2026-11-23")
    document = parse(out)
    assert set(document) >= QUOTE_KEYS
    assert document["file"] == path.name
    assert document["vendor"] == truth["vendor"] or document["vendor"] in truth["also_right"].get(
        "vendor", ()
    )
    assert document["reconciles"] is truth["reconciles"]
    assert status == (1 if any(issue["severity"] == "error" for issue in document["issues"]) else 0)
    assert err == ""


def test_several_quotes_are_json_lines(run, tmp_path):
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no more")
    status, out, err = run("quote", "read", EXAMPLE, broken, EXAMPLE, "--json", "--today", "2026-11-23")
    documents = [parse(line) for line in out.splitlines()]
    assert status == 1
    assert [one["file"] for one in documents] == [EXAMPLE.name, "broken.xlsx", EXAMPLE.name]
    assert [one["reconciles"] for one in documents] == [True, False, True]
    assert "broken.xlsx" in err


def test_the_example_quote_is_read_entirely_right(run):
    status, out, err = run("quote", "read", EXAMPLE, "--json", "--today", "2026-11-23")
    document = parse(out)
    assert (status, err, document["issues"]) == (0, "", [])
    assert (document["vendor"], document["quote_number"], document["revision"]) == (
        "Halden Systems",
        "HS-26-20771",
        "2",
    )
    assert (document["quote_date"], document["valid_until"]) == ("2026-11-16", "2027-02-12")
    assert document["grand_total"]["amount"] == 3_340_712.2
    assert document["reconciles"] is True
    kinds = [line["kind"] for line in document["blocks"][0]["lines"]]
    assert kinds == ["line", *["child"] * 4, *["line"] * 6, "freight", "option", "option"]
    text = run("quote", "read", EXAMPLE, "--today", "2026-11-23")[1]
    assert "3,340,712.20" in text


def test_import_says_what_it_did_and_history_shows_it(run, plan_file):
    status, out, err = run(
        "quote", "import", plan_file, EXAMPLE, "--as", "As quoted", "--leave", "Quote!H28", "--json"
    )
    document = parse(out)
    assert (status, err) == (0, "")
    assert document["vendor"] == "Halden Systems"
    done = document["import"]
    assert done["scenario"] == "As quoted"
    assert len(done["lines"]) == 7
    assert all(line["source"]["cell"].startswith("Quote!") for line in done["lines"])
    assert {one["cell"] for one in done["left_out"]} == {"Quote!H28", "Quote!H33", "Quote!H34"}
    assert any(issue["code"] == "possible-double-count" for issue in done["issues"])
    entries = parse(run("history", plan_file, "--json")[1])
    assert any("Import quote HS-26-20771" in entry["edit"] for entry in entries)
    assert "Import quote HS-26-20771" in run("history", plan_file)[1]
    names = [one["name"] for one in parse(run("compute", plan_file, "--json")[1])["scenarios"]]
    assert names[-1] == "As quoted"


def test_check_warns_of_stale_prices_expired_quotes_and_changed_files(run, plan_file, tmp_path):
    run("quote", "import", plan_file, EXAMPLE, "--price", "server_price=Quote!G14")
    found = parse(run("check", plan_file, "--json", "--today", "2027-06-01")[1])
    by_code: dict[str, list[str]] = {}
    for issue in found["issues"]:
        by_code.setdefault(issue["code"], []).append(issue["message"])
    assert found["ok"] is True
    assert "2027-02-12" in by_code["expired-quote"][0]
    assert "driver server_price" in by_code["expired-quote"][0]
    assert "stale-price" in by_code
    assert "quote-file-missing" in by_code
    (tmp_path / EXAMPLE.name).write_bytes(EXAMPLE.read_bytes() + b" ")
    codes = {
        issue["code"]
        for issue in parse(run("check", plan_file, "--json", "--today", "2026-12-01")[1])["issues"]
    }
    assert "quote-file-changed" in codes
    assert "expired-quote" not in codes
    (tmp_path / EXAMPLE.name).write_bytes(EXAMPLE.read_bytes())
    codes = {
        issue["code"]
        for issue in parse(run("check", plan_file, "--json", "--today", "2026-12-01")[1])["issues"]
    }
    assert not codes & {"quote-file-changed", "quote-file-missing"}


def test_check_of_a_quote_that_nothing_uses(run, tmp_path):
    record = QuoteRecord("q", "q.xlsx", "0" * 64, valid_until="2026-01-31")
    plan = Plan("P", drivers=(Driver("a", "", "1", source=Source(quote="other")),), quotes=(record,))
    path = tmp_path / "p.outlay"
    Document.create(plan, path).close()
    status, _, err = run("check", path, "--today", "2026-02-01")
    assert status == 0
    assert "Nothing in the plan uses it" in err
    assert "no scenario yet" in err


def test_export_and_lint(run, reference, tmp_path):
    target = tmp_path / "pack.xlsx"
    status, out, _ = run("export", reference, target, "--scenario", "Hybrid", "--scenario", "Cloud reserved")
    assert status == 0
    assert zipfile.is_zipfile(target)
    assert str(target) in out
    status, out, _ = run("lint", target, "--json")
    assert status == 0
    assert not [one for one in parse(out)["findings"] if one["severity"] == "error"]


def test_lint_names_the_cells_of_a_workbook_with_faults(run, tmp_path):
    path = tmp_path / "model.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Model")
        sheet.write_row(0, 0, [1.0, 2.0, 3.0])
        sheet.write_formula("A2", "=NOW()+A1", None, 46000.0)
        sheet.write_formula("B2", "=[1]Other!A1", None, 5.0)
    status, _, err = run("lint", path)
    assert "Model!A2" in err
    assert "Traceback" not in err
    found = parse(run("lint", path, "--json")[1])["findings"]
    assert any(one["where"] == "Model!A2" for one in found)
    assert status == (1 if any(one["severity"] == "error" for one in found) else 0)


# As a user runs it


def test_the_commands_work_as_processes_and_in_any_locale(plan_file):
    done = command("compute", plan_file, "--json", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 0, done.stderr
    assert parse(done.stdout.decode("ascii"))["months"] == 60
    done = command(
        "quote",
        "read",
        QUOTES / "a06_aoba_mitsumori.xlsx",
        "--json",
        LC_ALL="C",
        PYTHONUTF8="0",
        PYTHONCOERCECLOCALE="0",
    )
    assert parse(done.stdout.decode("ascii"))["vendor"] == "青葉山計算機株式会社"
    done = command(
        "quote",
        "read",
        QUOTES / "a06_aoba_mitsumori.xlsx",
        LC_ALL="C",
        PYTHONUTF8="0",
        PYTHONCOERCECLOCALE="0",
    )
    assert b"AB-" in done.stdout or b"grand total" in done.stdout
    assert b"fault" not in done.stderr
    done = command("compute", plan_file.with_name("none.outlay"))
    assert done.returncode == 1
    assert done.stdout == b""
    assert b"Traceback" not in done.stderr
    assert command("--version").stdout.startswith(b"Outlay")
    assert b"quote" in command("--help").stdout


def test_output_that_nobody_reads_to_the_end_is_no_fault(plan_file):
    with subprocess.Popen(
        [sys.executable, "-m", "desktop_app", "dump", str(plan_file)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        err = process.stderr.read()
        process.wait(60)
    assert b"Traceback" not in err
    assert b"fault" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no device that is always full")
@pytest.mark.parametrize("command", [["dump"], ["compute", "--json"]])
def test_output_into_a_file_on_a_full_disk_ends_in_a_sentence(plan_file, command):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "desktop_app", command[0], str(plan_file), *command[1:]],
            cwd=PROJECT,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    (sentence,) = done.stderr.decode().splitlines()
    assert sentence.startswith("The output cannot be written")


BROKEN = {
    "too many months": ("months = 100000", 'unit_price = "a"'),
    "no months": ("months = 0", 'unit_price = "a"'),
    "a year beyond all calendars": ('start = "9990-01"\nmonths = 600', 'unit_price = "a"'),
    "no such currency": ('currency = "XXX"', 'unit_price = "a"'),
    "division by zero": ('discount_rate = "1/0"', 'unit_price = "a / 0"'),
    "numbers too large": ("months = 24", 'unit_price = "a", quantity = "1e300", price_change = "1e10"'),
    "nesting too deep": ("months = 24", f'unit_price = "{"(" * 3000}"'),
    "a circle": ("months = 24", 'unit_price = "TOTAL(\\"opex\\", \\"C\\")"'),
    "no field": ("months = 24", "quantity = 5"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_no_command_fails_on_a_plan_that_makes_no_sense(run, tmp_path, name):
    settings, fields = BROKEN[name]
    text = tmp_path / "plan.toml"
    text.write_text(
        f'name = "X"\n[settings]\n{settings}\n[drivers.a]\nunit = "USD"\nvalue = "5"\n'
        f'[[scenarios]]\nname = "S"\n[[scenarios.lines]]\nname = "L"\nkind = "recurring"\ncategory = "C"\n'
        f"fields = {{ {fields} }}\n"
    )
    plan = tmp_path / "plan.outlay"
    assert run("new", plan, "--from", text)[0] == 0
    for arguments in (
        ("compute", plan, "--json"),
        ("check", plan),
        ("sensitivity", plan, "S"),
        ("export", plan, tmp_path / "pack.xlsx"),
    ):
        status, _, err = run(*arguments)
        assert status == 1, arguments
        assert "Outlay has a fault" not in err, arguments
    for arguments in (
        ("explain", plan, "S", "tco"),
        ("simulate", plan, "--trials", 20),
        ("compare", plan, "S", "S"),
    ):
        assert run(*arguments)[0] in (0, 1), arguments
    assert not list((tmp_path / "state" / "faults").glob("*"))


def test_an_answer_to_no_question_is_told(run: Callable[..., tuple[int, str, str]]) -> None:
    quote = QUOTES / "a13_pinecrest_ambiguous.xlsx"
    status, _, err = run("quote", "read", quote, "--answer", "missing-currency@Quote!E9=USD")
    assert status == 1
    assert "There is no question “missing-currency@Quote!E9” to answer." in err
    assert "Did you mean “missing-currency@Quote!E8”?" in err
    _, _, err = run("quote", "read", quote, "--answer", "missing-currency@Quote!E8=USD")
    assert "There is no question" not in err
