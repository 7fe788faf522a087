"""How the command line speaks: results on stdout, problems on stderr, progress on a terminal only."""

from __future__ import annotations

import contextlib
import datetime as dt
import platform
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import click

from desktop_app import __version__
from desktop_app.document.document import Document
from desktop_app.document.environment import state_folder
from desktop_app.engine.compute import PlanResult, compute
from desktop_app.engine.issues import ERROR, Issue
from desktop_app.engine.model import Plan
from desktop_app.engine.scenarios import nearest
from desktop_app.exchange.results_json import Json, dumps, issues_json

Report = Callable[[float, str], None]
plan_argument = click.argument("plan", type=click.Path(path_type=Path))
scenarios_option = click.option(
    "--scenario", "scenarios", multiple=True, help="Only this scenario; repeatable."
)
cases_option = click.option(
    "--case", "cases", multiple=True, help="Under this case; repeatable. Without: none."
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document and nothing else."
)
today_option = click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Day to judge expiry by, YYYY-MM-DD."
)


def day(given: dt.datetime | None) -> dt.date:
    """The day to judge by: the one given, or today."""
    return given.date() if given else dt.datetime.now().astimezone().date()


class InputProblem(Exception):
    """What was given has problems; each of `sentences` says what, where and what to do."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(sentences[0])
        self.sentences = sentences


def show(as_json: bool, document: Json | list[Json], text: str, indent: int | None = 1) -> None:
    """Print a result: one JSON document, or text for people."""
    if as_json:
        utf8 = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "") == "utf8"
        click.echo(dumps(document, ascii_only=not utf8, indent=indent))
    elif text:
        click.echo(text)


def tell(issues: Iterable[Issue], prefix: str = "") -> bool:
    """Print problems on stderr, one a line; True if any is an error."""
    bad = False
    for issue in issues:
        bad = bad or issue.severity == ERROR
        click.echo(f"{issue.severity}: {prefix}{issue.where}: {issue.message}", err=True)
    return bad


def finish(bad: bool) -> None:
    """End the command, with status 1 where the input has problems."""
    if bad:
        raise click.exceptions.Exit(1)


def refuse(sentences: Iterable[str], as_json: bool) -> None:
    """Print why a command could not be done."""
    listed = list(sentences)
    if as_json:
        issues = [Issue(ERROR, "refused", "", sentence) for sentence in listed]
        show(True, {"issues": issues_json(issues)}, "")
    for sentence in listed:
        click.echo(sentence, err=True)


def _say_nothing(fraction: float, text: str = "") -> None:
    del fraction, text


@contextlib.contextmanager
def progress(label: str) -> Iterator[Report]:
    """A progress bar on stderr, for as long as the work goes on; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield _say_nothing
        return
    with click.progressbar(length=1000, label=label, file=sys.stderr) as bar:

        def report(fraction: float, text: str = "") -> None:
            bar.label = text or label
            bar.update(max(0, round(fraction * 1000) - bar.pos))

        yield report


def write_fault_report(problem: BaseException) -> Path:
    """Write what helps to find a fault of Outlay itself; the file it was written to. It holds no figures."""
    now = dt.datetime.now(dt.UTC)
    text = "\n".join(
        [
            f"Outlay {__version__}, Python {platform.python_version()}, {platform.platform()}",
            now.isoformat(timespec="seconds"),
            "",
            "".join(traceback.format_exception(problem)).rstrip(),
            str(getattr(problem, "details", "")),
        ]
    )
    name = f"fault-{now:%Y%m%d-%H%M%S-%f}.txt"
    for folder in (state_folder() / "faults", Path(tempfile.gettempdir())):
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / name
            path.write_text(text, encoding="utf-8")
            return path
    raise problem


def read_plan(path: Path) -> Plan:
    """The plan in a file; it is only read."""
    with Document.open(path, read_only=True) as document:
        return document.plan


def choose(names: Iterable[str], known: Iterable[str], what: str) -> None:
    """Refuse names that are not known, with the nearest that is."""
    listed = list(known)
    wrong = [name for name in names if name not in listed]
    if wrong:
        raise InputProblem(*(f"There is no {what} “{name}”.{nearest(name, listed)}" for name in wrong))


def computed(plan: Plan, scenarios: Sequence[str], cases: Sequence[str]) -> PlanResult:
    """Results for the scenarios named, once each; a name that is not there is refused with the nearest."""
    if not plan.scenarios:
        raise InputProblem(f"“{plan.name}” has no scenario yet, so there is nothing to compute: add one.")
    choose(scenarios, [one.name for one in plan.scenarios], "scenario")
    choose([case for case in cases if case], [one.name for one in plan.cases], "case")
    return compute(plan, tuple(dict.fromkeys(scenarios)), tuple(dict.fromkeys(cases)))
