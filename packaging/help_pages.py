"""Writes the parts of the help pages that follow from the engine: `python packaging/help_pages.py`.

Functions, kinds of cost line and key figures are declared in the engine; their lists in `resources/help`
stand between two markers and are written from there, so that page and program cannot disagree.
"""

from __future__ import annotations

import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from desktop_app.engine.compare import _FIGURES as PAIR_FIGURES  # noqa: E402
from desktop_app.engine.figures import DEFINITIONS, MEASURES  # noqa: E402
from desktop_app.engine.functions import FUNCTIONS  # noqa: E402
from desktop_app.engine.kinds import KINDS, Field  # noqa: E402

HELP = PROJECT / "resources" / "help"
BEGIN, END = "<!-- from the engine: begin -->", "<!-- from the engine: end -->"


def functions() -> str:
    """Every function of the formula language with what it gives."""
    rows = sorted(
        (one.signature, one.help) for name, one in FUNCTIONS.items() if one.listed and name.isidentifier()
    )
    lines = ["| function | gives |", "|---|---|"]
    return "\n".join(lines + [f"| `{signature}` | {text} |" for signature, text in rows])


def kinds() -> str:
    """Every kind of cost line with its fields."""
    return "\n\n".join(
        f"### {kind.label} (`{kind.name}`)\n\n{kind.help}\n\n| field | means | default |\n|---|---|---|\n"
        + "\n".join(_field(field) for field in kind.fields)
        for kind in KINDS.values()
    )


def _field(field: Field) -> str:
    means = ". ".join(part.rstrip(".") for part in (field.label, field.help) if part)
    if field.choices:
        means += f": {', '.join(field.choices)}"
    default = "must be given" if field.default is None else field.default
    return f"| `{field.name}` | {means} | {default} |"


def figures() -> str:
    """Every key figure with its definition, the figures of a comparison, and the measures."""
    lines = ["| figure | in the command line | is |", "|---|---|---|"]
    lines += [f"| {one.label} | `{one.name}` | {one.help} |" for one in DEFINITIONS]
    lines += ["", "Of two scenarios:", "", "| figure | in the command line |", "|---|---|"]
    lines += [f"| {label} | `{name}` |" for name, label, *_ in PAIR_FIGURES]
    lines += [
        "",
        "Measures of a plan, from which unit costs are computed:",
        "",
        "| measure | name | unit |",
        "|---|---|---|",
    ]
    lines += [f"| {one.label} | `{name}` | {one.unit} |" for name, one in MEASURES.items()]
    return "\n".join(lines)


PAGES = {"formulas.md": functions, "cost_lines.md": kinds, "figures.md": figures}


def rendered(name: str) -> str:
    """The text that a page should have now."""
    before, _, rest = (HELP / name).read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{PAGES[name]()}\n\n{END}{after}"


if __name__ == "__main__":
    for page in PAGES:
        (HELP / page).write_text(rendered(page), encoding="utf-8")
