"""The commands for vendors' quotes: read and import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from desktop_app.document.document import Document
from desktop_app.engine.formula.entry import parse_entry
from desktop_app.engine.formula.parser import FormulaError
from desktop_app.engine.formula.syntax import Number
from desktop_app.engine.issues import ERROR, Issue, warning
from desktop_app.engine.scenarios import nearest
from desktop_app.exchange.quote_import import Imported, QuoteRefused, default_scenario, import_quote
from desktop_app.exchange.quote_prices import priced
from desktop_app.exchange.quote_proposals import Proposal, propose
from desktop_app.exchange.quote_results import import_json, import_text, quote_issues, quote_text
from desktop_app.exchange.quotes import Mapping, Quote, quote_to_json, read_quote
from desktop_app.exchange.reading import UnreadableFile
from desktop_app.exchange.results_json import issues_json
from desktop_app.terminal import (
    InputProblem,
    day,
    finish,
    json_option,
    progress,
    refuse,
    show,
    tell,
    today_option,
)

_answers = click.option(
    "--answer", "answers", multiple=True, metavar="ID=KEY", help="Answer an open question."
)


@click.group()
def quote() -> None:
    """Vendors' quotes: read them, import them."""


@quote.command("read")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@_answers
@today_option
@json_option
def quote_read(
    files: tuple[Path, ...], answers: tuple[str, ...], today: dt.datetime | None, as_json: bool
) -> None:
    """What the importer makes of a vendor's workbook; needs no plan. JSON lines for several FILES."""
    bad = False
    indent = None if len(files) > 1 else 1
    questions: set[str] = set()
    for file in files:
        try:
            found = _read(file, answers, today)
        except UnreadableFile as problem:
            bad = True
            if as_json:
                issue = {"severity": ERROR, "code": "unreadable", "cell": "", "message": str(problem)}
                show(
                    True,
                    {**quote_to_json(Quote(file.name, "")), "sha256": None, "issues": [issue]},
                    "",
                    indent,
                )
            click.echo(str(problem), err=True)
            continue
        questions |= _questions(found)
        show(as_json, quote_to_json(found), quote_text(found), indent)
        bad = bad or bool(found.questions)
        if not as_json:
            tell(quote_issues(found), f"{file.name}: " if len(files) > 1 else "")
    for sentence in _astray(answers, questions):
        bad = True
        click.echo(sentence, err=True)
    finish(bad)


@quote.command("import")
@click.argument("plan", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--scenario", default="", help="Scenario to import into; the first that buys if not given.")
@click.option(
    "--as", "as_scenario", default="", metavar="NAME", help="Import into a new scenario based on that one."
)
@click.option("--without", multiple=True, metavar="LINE", help="Cost line that the quote takes the place of.")
@click.option(
    "--price", "prices", multiple=True, metavar="DRIVER=CELL", help="Give the price in CELL to a driver."
)
@click.option(
    "--take", multiple=True, metavar="CELL|GROUP", help="Also import this option, lease or alternative."
)
@click.option("--leave", multiple=True, metavar="CELL", help="Do not import this line.")
@click.option("--fx", "rates", multiple=True, metavar="EUR=1.08", help="Exchange rate that the plan lacks.")
@_answers
@today_option
@json_option
def quote_import(
    plan: Path,
    file: Path,
    scenario: str,
    as_scenario: str,
    without: tuple[str, ...],
    prices: tuple[str, ...],
    take: tuple[str, ...],
    leave: tuple[str, ...],
    rates: tuple[str, ...],
    answers: tuple[str, ...],
    today: dt.datetime | None,
    as_json: bool,
) -> None:
    """Read a vendor's workbook and import it into PLAN in one undoable step."""
    fx = dict(_rate(rate) for rate in rates)
    wanted = dict(_pair(price, "DRIVER=CELL") for price in prices)
    with Document.open(plan) as document:
        if document.read_only:
            raise InputProblem(f"The plan cannot be changed. {document.read_only_reason}")
        found = _read(file, answers, today)
        if astray := _astray(answers, _questions(found)):
            raise InputProblem(*astray)
        into = scenario or default_scenario(document.plan)
        before = [driver.name for driver in document.plan.drivers]
        try:
            imported = import_quote(
                document,
                found,
                into,
                _chosen(document, found, into, wanted, take, leave),
                as_scenario=as_scenario,
                without=without,
                fx=fx,
            )
        except QuoteRefused as problem:
            _refused(found, problem, as_json)
            return
        document.save()
    imported = replace(imported, issues=(*imported.issues, *_new_drivers(imported, before)))
    document_json = {**quote_to_json(found), "import": import_json(imported)}
    show(as_json, document_json, import_text(found, imported))
    if not as_json:
        tell([*quote_issues(found), *imported.issues])


def _read(file: Path, answers: Sequence[str], today: dt.datetime | None) -> Quote:
    mapping = Mapping(answers=dict(_pair(answer, "ID=KEY") for answer in answers))
    with progress(f"Reading {file.name}") as report:
        return read_quote(file, today=day(today), answers=mapping, progress=report)


def _questions(found: Quote) -> set[str]:
    """What can be answered about a quote: its questions, whether open or answered already."""
    return {issue.id for issue in found.issues if issue.ask or issue.answer is not None}


def _astray(answers: Sequence[str], questions: set[str]) -> list[str]:
    """A sentence for each answer to a question that was not asked."""
    ids = [_pair(answer, "ID=KEY")[0] for answer in answers]
    return [
        f"There is no question “{one}” to answer.{nearest(one, questions)}"
        for one in ids
        if one not in questions
    ]


def _pair(text: str, form: str) -> tuple[str, str]:
    name, sign, value = text.rpartition("=")
    if not sign or not name or not value:
        raise click.UsageError(f"“{text}” is not of the form {form}.")
    return name.strip(), value.strip()


def _new_drivers(imported: Imported, before: Sequence[str]) -> list[Issue]:
    """Drivers that the import made, since a name may have been mistyped."""
    return [
        warning(
            "new-driver",
            f"driver {price.driver}",
            f"The plan had no driver of this name; it was made.{nearest(price.driver, before)}",
        )
        for price in imported.prices
        if price.driver not in before
    ]


def _rate(text: str) -> tuple[str, str]:
    """A currency and its rate, which must be a number above 0."""
    currency, rate = _pair(text, "EUR=1.08")
    try:
        entered = parse_entry(rate)
    except FormulaError:
        entered = None
    if not isinstance(entered, Number) or entered.value <= 0:
        raise click.UsageError(f"“{rate}” is no rate for {currency}: give a number above 0, as in EUR=1.08.")
    return currency.upper(), rate


def _chosen(
    document: Document,
    found: Quote,
    scenario: str,
    prices: dict[str, str],
    take: Sequence[str],
    leave: Sequence[str],
) -> list[Proposal]:
    """The proposals with what was said about them."""
    known = scenario if any(one.name == scenario for one in document.plan.scenarios) else ""
    proposals = propose(found, document.plan, known)
    for wanted, accepted in [*((one, True) for one in take), *((one, False) for one in leave)]:
        places = [
            place
            for place, one in enumerate(proposals)
            if wanted.lower() in (one.key.lower(), one.group.lower(), one.name.lower()) or one.covers(wanted)
        ]
        if not places:
            raise QuoteRefused(f"The quote has no line or alternative “{wanted}”.")
        for place in places:
            proposals[place] = replace(
                proposals[place], accepted=accepted, reason="chosen" if accepted else "left out"
            )
    for driver, cell in prices.items():
        proposals = priced(found, proposals, driver, cell)
    return proposals


def _refused(found: Quote, problem: QuoteRefused, as_json: bool) -> None:
    """Say why nothing was imported, with what was read."""
    asked = {f"{issue.cell}: {issue.message}" for issue in found.questions}
    if not as_json:
        tell(quote_issues(found))
        refuse((reason for reason in problem.reasons if reason not in asked), False)
        finish(True)
    reasons = [Issue(ERROR, "not-imported", found.file, sentence) for sentence in problem.reasons]
    data = quote_to_json(found)
    extra = [] if asked else issues_json(reasons)
    show(True, {**data, "import": None, "issues": [*data["issues"], *extra]}, "")
    for sentence in problem.reasons:
        click.echo(sentence, err=True)
    finish(True)
