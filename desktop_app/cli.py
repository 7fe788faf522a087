"""The command line: the same jobs as the window, for scripts, audit and support.

Exit status: 0 done, 1 the input has problems, 2 wrong usage.
"""

from __future__ import annotations

import datetime as dt
import errno
import io
import os
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import click

from desktop_app import __version__, cli_figures, cli_workbooks, terminal
from desktop_app.cli_quotes import quote
from desktop_app.document.document import Document
from desktop_app.document.errors import DocumentError, os_sentence
from desktop_app.engine import explain as explaining
from desktop_app.engine import risk
from desktop_app.engine.issues import has_errors
from desktop_app.engine.model import Plan
from desktop_app.engine.problems import Problem
from desktop_app.exchange import results_json as as_data
from desktop_app.exchange import results_text as as_text
from desktop_app.exchange.plan_checks import STALE_MONTHS, check_plan
from desktop_app.exchange.quote_import import QuoteRefused
from desktop_app.exchange.reading import Cancelled, UnreadableFile
from desktop_app.exchange.templates import load_template, templates
from desktop_app.exchange.text_plan import plan_from_toml, plan_to_toml
from desktop_app.exchange.workbook.saving import ExportError
from desktop_app.terminal import (
    InputProblem,
    choose,
    day,
    finish,
    json_option,
    plan_argument,
    read_plan,
    show,
    tell,
    today_option,
)

# What the system says when standard output, sent to a file, has no room left.
_NO_OUTPUT = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG, errno.EIO)
_EXPECTED = (
    DocumentError,
    UnreadableFile,
    ExportError,
    Problem,
    explaining.NothingToExplain,
    Cancelled,
    risk.Cancelled,
)


class _Commands(click.Group):
    """Commands in the order in which they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it so
        return list(self.commands)


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="Outlay")
def outlay() -> None:
    """Outlay: the cost of AI compute, bought, rented or done without. Works offline.

    Without a command the window opens.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a terminal that cannot show a character of a vendor's name shows a question mark
            stream.reconfigure(errors="replace")
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments) or ["gui"]))


def run(arguments: list[str]) -> int:
    """Run one command; its exit status. Every problem with the input ends as a sentence on stderr, here."""
    as_json = "--json" in arguments
    try:
        status = outlay.main(arguments, prog_name="outlay", standalone_mode=False)
        return status if isinstance(status, int) else 0
    except click.UsageError as problem:
        problem.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return 1
    except BrokenPipeError:
        # Whoever read our output has what they wanted.
        _drop_output()
        return 1
    except InputProblem as problem:
        terminal.refuse(problem.sentences, as_json)
        return 1
    except QuoteRefused as problem:
        terminal.refuse(problem.reasons, as_json)
        return 1
    except _EXPECTED as problem:
        terminal.refuse([str(problem)], as_json)
        return 1
    except OSError as problem:
        if problem.errno not in _NO_OUTPUT:
            return _fault(problem, as_json)
        _drop_output()
        click.echo(f"The output cannot be written ({problem.strerror}): send it elsewhere.", err=True)
        return 1
    except Exception as problem:  # noqa: BLE001 - our own fault, whatever it is: report it, show no traceback
        return _fault(problem, as_json)


def _fault(problem: Exception, as_json: bool) -> int:
    path = terminal.write_fault_report(problem)
    sentence = f"Outlay has a fault and could not finish. Please send in this report: {path}"
    terminal.refuse([sentence], as_json)
    return 1


def _drop_output() -> None:
    """Send what is still to be written nowhere, so that Python does not complain about it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# Plans


@outlay.command()
@click.argument("plan", type=click.Path(path_type=Path), required=False)
def gui(plan: Path | None) -> None:
    """Open the window, with PLAN in it where one is given."""
    from desktop_app.ui.app import run as open_window  # Qt is loaded for the window alone

    finish(bool(open_window(plan)))


@outlay.command("templates")
@json_option
def list_templates(as_json: bool) -> None:
    """List the templates that ship."""
    found = templates()
    data = [{"id": one.id, "name": one.name, "purpose": one.purpose} for one in found]
    parts = [
        f"{one.id}: {one.name}\n{textwrap.indent(textwrap.fill(one.purpose, 92), '    ')}" for one in found
    ]
    show(as_json, data, "\n".join(parts))


@outlay.command()
@plan_argument
@click.option("--template", help="Start from this template (see `outlay templates`).")
@click.option(
    "--from", "source", type=click.Path(path_type=Path), help="Make the plan that this TOML text describes."
)
@click.option("--overwrite", is_flag=True, help="Replace PLAN where it exists.")
def new(plan: Path, template: str | None, source: Path | None, overwrite: bool) -> None:
    """Make PLAN, a new plan file, from a template or from text."""
    if (template is None) == (source is None):
        raise click.UsageError("Give either --template ID or --from FILE.toml.")
    content = _from_template(template) if template is not None else _from_text(Path(str(source)))
    Document.create(content, plan, overwrite=overwrite).close()
    click.echo(f"Made {plan}: {len(content.scenarios)} scenarios, {len(content.drivers)} drivers.")


def _from_template(name: str) -> Plan:
    known = {one.id: one for one in templates()}
    choose([name], known, "template")
    return load_template(known[name])


def _from_text(path: Path) -> Plan:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise InputProblem(
            f"“{path}” is not UTF-8 text (byte {problem.start}): save it as UTF-8."
        ) from problem
    except OSError as problem:
        raise InputProblem(os_sentence(problem, path)) from problem
    plan, issues = plan_from_toml(text)
    if has_errors(issues):
        raise InputProblem(*(f"{path.name}: {issue.where}: {issue.message}" for issue in issues))
    return plan


@outlay.command()
@plan_argument
def dump(plan: Path) -> None:
    """Print PLAN as TOML text; `outlay new --from` makes the same plan of it."""
    click.echo(plan_to_toml(read_plan(plan)).encode(), nl=False)


@outlay.command("check")
@plan_argument
@click.option(
    "--stale-after", type=click.IntRange(0), default=STALE_MONTHS, show_default=True, help="Months."
)
@today_option
@json_option
def check(plan: Path, stale_after: int, today: dt.datetime | None, as_json: bool) -> None:
    """Look for mistakes in PLAN: damage, units, unused drivers, stale prices, expired quotes."""
    content = read_plan(plan)
    issues = check_plan(content, day(today), plan.resolve().parent, stale_after)
    errors = sum(issue.severity == "error" for issue in issues)
    show(
        as_json,
        {"plan": content.name, "ok": errors == 0, "issues": as_data.issues_json(issues)},
        f"{content.name}: {errors} errors, {len(issues) - errors} warnings",
    )
    finish(errors > 0 if as_json else tell(issues))


@outlay.command()
@plan_argument
@json_option
def history(plan: Path, as_json: bool) -> None:
    """Show who changed what in PLAN, old and new."""
    with Document.open(plan, read_only=True) as document:
        entries = document.history()
    show(as_json, as_data.history_json(entries), as_text.history_text(entries))


for _command in (*cli_figures.COMMANDS, *cli_workbooks.COMMANDS, quote):
    outlay.add_command(_command)


if __name__ == "__main__":
    main()
