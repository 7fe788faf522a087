"""The commands for workbooks: export, bring back, fill, table and lint."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import click

from desktop_app.document.document import Document
from desktop_app.document.errors import os_sentence
from desktop_app.engine.issues import ERROR, WARNING, Issue, has_errors
from desktop_app.exchange import results_json as as_data
from desktop_app.exchange import results_text as as_text
from desktop_app.exchange.board_pack import SEED, TRIALS, pack_options
from desktop_app.exchange.workbook import house_template, round_trip
from desktop_app.exchange.workbook.cell_runs import along_rows
from desktop_app.exchange.workbook.export import export as export_pack
from desktop_app.exchange.workbook.formula_changes import NotTaken
from desktop_app.exchange.workbook.lint import lint as lint_workbook
from desktop_app.exchange.workbook.tables import write_flows
from desktop_app.terminal import (
    InputProblem,
    cases_option,
    computed,
    day,
    finish,
    json_option,
    plan_argument,
    progress,
    read_plan,
    scenarios_option,
    show,
    tell,
    today_option,
)

_MOST_TOLD = 40

_file = click.argument("file", type=click.Path(path_type=Path))
_out = click.argument("out", type=click.Path(path_type=Path))


@click.command()
@plan_argument
@_out
@scenarios_option
@cases_option
@click.option(
    "--trials",
    type=click.IntRange(0, 10_000_000),
    default=TRIALS,
    show_default=True,
    help="Trials of the simulation; 0 leaves it out.",
)
@click.option(
    "--seed", type=click.IntRange(0), default=SEED, show_default=True, help="Seed of the simulation."
)
@today_option
def export(
    plan: Path,
    out: Path,
    scenarios: tuple[str, ...],
    cases: tuple[str, ...],
    trials: int,
    seed: int,
    today: dt.datetime | None,
) -> None:
    """Write the board pack OUT.xlsx, with live formulas, sensitivity and risk, bridge and change log."""
    with Document.open(plan, read_only=True) as document:
        content, history = document.plan, document.history()
    result = computed(content, scenarios, cases or ("",))
    with progress("Writing the board pack") as report:
        date = day(today).isoformat()
        options, issues = pack_options(
            result,
            history,
            date,
            trials=trials,
            seed=seed,
            progress=lambda done, text: report(done / 2, text),
        )
        export_pack(result, out, progress=lambda done, text: report(0.5 + done / 2, text), options=options)
    click.echo(f"Written {out}")
    tell(issues)
    problems = [tell(one.issues, f"{one.name}: ") for one in result.scenarios]
    finish(any(problems) or has_errors(issues))


@click.command("bring-back")
@plan_argument
@_file
@click.option("--apply", "apply", is_flag=True, help="Take the values over, as one step that can be undone.")
@json_option
def bring_back(plan: Path, file: Path, apply: bool, as_json: bool) -> None:
    """What somebody changed in FILE.xlsx, a board pack exported from PLAN; --apply takes it over.

    Values of inputs are taken over. Changes to formulas, texts and sheets are told and never taken over.
    """
    with Document.open(plan, read_only=not apply) as document:
        if apply and document.read_only:
            raise InputProblem(f"The plan cannot be changed. {document.read_only_reason}")
        with progress(f"Comparing {file.name}") as report:
            found = round_trip.changes(file, document.plan, progress=report)
        applied = apply and bool(found.values)
        if applied:
            round_trip.apply_changes(document, found)
            document.save()
    data = {
        "file": found.file_name,
        "same_plan": found.same_plan,
        "values": [_change_json(one) for one in found.values],
        "not_taken": [dataclasses.asdict(one) for one in found.not_taken],
        "notes": list(found.notes),
        "applied": applied,
    }
    show(as_json, data, _changes_text(found, applied, apply))
    if not as_json:
        left = along_rows(found.not_taken)
        tell(Issue(WARNING, "not-taken", one.where, _not_taken(one)) for one in left[:_MOST_TOLD])
        if len(left) > _MOST_TOLD:
            click.echo(f"and {len(left) - _MOST_TOLD:,} more; --json lists them", err=True)
        tell(Issue(WARNING, "note", found.file_name, note) for note in found.notes)


def _change_json(change: round_trip.Change) -> as_data.Json:
    return {
        "what": change.what,
        "cells": list(change.where),
        "unit": change.unit,
        "old": change.old,
        "new": change.new,
        "old_text": change.old_text,
        "new_text": change.new_text,
    }


def _changes_text(found: round_trip.Changes, applied: bool, wanted: bool) -> str:
    count = len(found.values)
    if not count:
        return f"{found.file_name}: no input differs from the plan."
    rows = [
        [one.what, ", ".join(one.where), one.old_text or as_text.quantity(one.old), one.new_text, one.unit]
        for one in found.values
    ]
    head = as_text.table(["Input", "Cell", "Plan", "Workbook", "Unit"], rows, left=5)
    values = "1 value" if count == 1 else f"{count:,} values"
    if applied:
        return f"{head}\nTaken over: {values}, in one step that can be undone."
    return head if wanted else f"{head}\nNothing was changed; --apply takes {values} over."


def _not_taken(one: NotTaken) -> str:
    return f"{one.why} (exported: {one.exported or 'nothing'}; now: {one.found or 'nothing'})"


@click.command()
@plan_argument
@click.argument("template", type=click.Path(path_type=Path))
@_out
@click.option(
    "--mapping", type=click.Path(path_type=Path), help="TOML text that names cells and their values."
)
@click.option("--accept-losses", is_flag=True, help="Fill the template although something of it gets lost.")
@cases_option
@json_option
def fill(
    plan: Path,
    template: Path,
    out: Path,
    mapping: Path | None,
    accept_losses: bool,
    cases: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write OUT.xlsx, a copy of your own workbook TEMPLATE.xlsx with figures of PLAN in its marked cells.

    A cell is marked by a text such as {{outlay:tco:Own servers}}, or named in the mapping.
    """
    result = computed(read_plan(plan), (), ("", *cases))
    text = _text(mapping) if mapping is not None else ""
    with progress(f"Looking through {template.name}") as report:
        lost = house_template.losses(template, progress=report)
    data: as_data.Json = {
        "template": template.name,
        "losses": [{"what": one.what, "count": one.count, "sheets": list(one.sheets)} for one in lost],
        "accepted": accept_losses or not lost,
    }
    if not as_json and lost:
        click.echo("\n".join([f"Filling {template.name} loses:", *(f"  {one}" for one in lost)]))
    if lost and not accept_losses:
        why = (
            f"Nothing was written, since something of {template.name} would be lost: "
            "repeat it with --accept-losses."
        )
        issue = Issue(ERROR, "losses", template.name, why)
        show(as_json, {**data, "out": None, "filled": 0, "issues": as_data.issues_json([issue])}, "")
        click.echo(why, err=True)
        finish(True)
    with progress(f"Filling {template.name}") as report:
        count = house_template.fill(template, out, result, text, progress=report)
    data |= {"out": str(out), "filled": count, "issues": []}
    show(as_json, data, f"Written {out}: {count:,} place{'' if count == 1 else 's'} filled")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise InputProblem(
            f"“{path}” is not UTF-8 text (byte {problem.start}): save it as UTF-8."
        ) from problem
    except OSError as problem:
        raise InputProblem(os_sentence(problem, path)) from problem


@click.command()
@plan_argument
@_out
@scenarios_option
@cases_option
@json_option
def table(plan: Path, out: Path, scenarios: tuple[str, ...], cases: tuple[str, ...], as_json: bool) -> None:
    """Write OUT.csv or OUT.xlsx, all cash flows as one table for other tools, with column names of FOCUS."""
    result = computed(read_plan(plan), scenarios, cases or ("",))
    count = write_flows(result, out)
    issues = [
        dataclasses.replace(issue, where=f"{one.name}: {issue.where}")
        for one in result.scenarios
        for issue in one.issues
    ]
    data = {"out": str(out), "rows": count, "issues": as_data.issues_json(issues)}
    show(as_json, data, f"Written {out}: {count:,} rows")
    finish(has_errors(issues) if as_json else tell(issues))


@click.command()
@plan_argument
@_out
@scenarios_option
@cases_option
@click.option("--paper", type=click.Choice(["a4", "letter"]), help="Without: what is usual in your country.")
def summary(
    plan: Path, out: Path, scenarios: tuple[str, ...], cases: tuple[str, ...], paper: str | None
) -> None:
    """Write OUT.pdf, the executive summary on one page: message, options, two charts, what they rest on."""
    from desktop_app.ui.papers import write_summary  # Qt is loaded for the paper alone

    result = computed(read_plan(plan), scenarios, cases or ("",))
    write_summary(result, out, paper)
    click.echo(f"Written {out}")
    problems = [tell(one.issues, f"{one.name}: ") for one in result.scenarios]
    finish(any(problems))


@click.command()
@_file
@json_option
def lint(file: Path, as_json: bool) -> None:
    """Review any workbook: hard-coded numbers, broken rows, volatile functions, links, hidden sheets."""
    with progress(f"Reading {file.name}") as report:
        findings = lint_workbook(file, progress=report)
    issues = [
        Issue(
            one.severity,
            one.rule,
            f"{one.sheet}!{one.cell}" if one.cell else one.sheet or file.name,
            one.message,
        )
        for one in findings
    ]
    data = {"file": file.name, "findings": as_data.issues_json(issues)}
    show(as_json, data, "" if issues else f"{file.name}: nothing to report")
    finish(has_errors(issues) if as_json else tell(issues))


COMMANDS = (export, bring_back, fill, table, summary, lint)
