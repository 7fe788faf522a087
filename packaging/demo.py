"""The main job on the examples that ship: a vendor's quote in, a board pack in build/demo out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
EXAMPLES = PROJECT / "resources" / "examples"
OUTPUT = PROJECT / "build" / "demo"
PLAN = OUTPUT / "plan.outlay"
BOARD_PACK = OUTPUT / "board-pack.xlsx"
TEMPLATE = "llm-inference"
LEAST_SCENARIOS = 3
NO_FIGURE = "\N{EN DASH}"
# The template buys servers as demand grows: the quote prices them, and replaces what is bought once.
HOW_TO_IMPORT = (
    *("--scenario", "Own servers"),
    *("--price", "server_price=Quote!G14"),
    *("--price", "installation_price=Quote!G27"),
    *("--without", "Cluster network"),
    *("--without", "Management nodes"),
)


class StepFailed(Exception):
    """A command of the demo did not do its job; what it said is on the screen already."""


def main(arguments: list[str]) -> int:
    """Run every step; the exit status."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir(parents=True)
    try:
        results = run_main_job()
    except StepFailed as failure:
        print(f"The demo stopped: {failure}", file=sys.stderr)
        return 1
    if len(results["scenarios"]) < LEAST_SCENARIOS:
        print(
            f"The demo computed {len(results['scenarios'])} scenarios, not {LEAST_SCENARIOS}.",
            file=sys.stderr,
        )
        return 1
    print(f"\n{key_figure_table(results['scenarios'])}\n{break_even_lines(results)}\n")
    for path in sorted(OUTPUT.iterdir()):
        print(f"Written: {path.relative_to(PROJECT)}")
    if _has_display() and (sys.stdout.isatty() or "--open" in arguments):
        print("Opening the window")
        subprocess.Popen(
            [sys.executable, "-m", "desktop_app", "gui", PLAN], cwd=PROJECT, start_new_session=True
        )
    return 0


def run_main_job() -> dict[str, Any]:
    """Quote in, scenarios computed, board pack and pictures out; what `outlay compute --json` printed."""
    quote = example_quote()
    outlay("new", PLAN, "--template", TEMPLATE)
    described = json.loads(outlay("quote", "read", quote, "--json"))
    lines = sum(len(block["lines"]) for block in described["blocks"])
    print(f"Read {quote.name} from {described['vendor']}: {lines} lines, in {described['currency']}")
    imported = json.loads(outlay("quote", "import", PLAN, quote, *HOW_TO_IMPORT, "--json"))["import"]
    print(
        f"Imported {len(imported['lines'])} cost lines and {len(imported['prices'])} prices "
        f"into the scenario {imported['scenario']}"
    )
    results: dict[str, Any] = json.loads(outlay("compute", PLAN, "--json"))
    outlay("export", PLAN, BOARD_PACK)
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    python("-m", "desktop_app.ui.screenshots", PLAN, OUTPUT, variables=variables)
    for made in (PLAN, BOARD_PACK):
        if not made.is_file():
            raise StepFailed(f"{made.name} was not written")
    if not any(OUTPUT.glob("*.png")):
        raise StepFailed("no picture of the window was written")
    return results


def example_quote() -> Path:
    """The vendor's quote that ships as an example."""
    quotes = sorted(EXAMPLES.glob("**/*.xlsx"))
    if not quotes:
        raise StepFailed(f"there is no workbook in {EXAMPLES.relative_to(PROJECT)}")
    return quotes[0]


def outlay(*arguments: str | Path) -> str:
    """Run one command of Outlay, as a user would; what it printed."""
    return python("-m", "desktop_app", *arguments)


def python(*arguments: str | Path, variables: Mapping[str, str] | None = None) -> str:
    """Run this Python in the checkout; its standard output, its errors go to the screen."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env=variables,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        print(done.stdout, end="")
        words = " ".join(str(argument) for argument in arguments)
        raise StepFailed(f"`python {words}` ended with status {done.returncode}")
    return done.stdout


def key_figure_table(scenarios: Sequence[Mapping[str, Any]]) -> str:
    """The key figures of all scenarios side by side, one figure a row.

    >>> tco = {"value": 1234.5, "unit": "USD", "label": "Total cost"}
    >>> print(key_figure_table([{"name": "Buy", "key_figures": {"tco": tco}},
    ...                         {"name": "Rent", "key_figures": {"tco": {**tco, "value": None}}}]))
    Key figure  Unit       Buy  Rent
    ----------  ----  --------  ----
    Total cost  USD   1,234.50     –
    """
    names = list(dict.fromkeys(name for scenario in scenarios for name in scenario["key_figures"]))
    rows = [["Key figure", "Unit", *(scenario["name"] for scenario in scenarios)]]
    for name in names:
        figures = [scenario["key_figures"].get(name) for scenario in scenarios]
        described = next(figure for figure in figures if figure)
        values = [_amount(figure["value"] if figure else None) for figure in figures]
        rows.append([described["label"], described["unit"], *values])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    rows.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def break_even_lines(results: Mapping[str, Any]) -> str:
    """When each pair of scenarios has cost the same, one pair a line."""
    lines = []
    for pair in results["comparison"]["pairs"]:
        month = pair["break_even_month"]
        when = "no break-even within the plan" if month is None else f"break-even after {month:.1f} months"
        lines.append(f"{pair['a']} against {pair['b']}: {when}")
    return "\n".join(lines)


def _amount(value: float | None) -> str:
    return NO_FIGURE if value is None else f"{value:z,.2f}"


def _has_display() -> bool:
    return sys.platform != "linux" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
