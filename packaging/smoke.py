"""Does an installed or packaged Outlay work? `python3 packaging/smoke.py PROGRAM`, the path of its `outlay`.

Runs the program as a user would, in an empty folder, and says `smoke: passed` or what is wrong.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent.parent / "resources" / "examples"
TEMPLATE = "llm-inference"


class Smoke(Exception):
    """What is wrong."""


def main(arguments: list[str]) -> int:
    """Check one program; the exit status."""
    if len(arguments) != 1:
        print("usage: smoke.py PROGRAM", file=sys.stderr)
        return 2
    try:
        with tempfile.TemporaryDirectory() as folder:
            check(Path(arguments[0]).absolute(), Path(folder))
    except Smoke as smoke:
        print(f"smoke: {smoke}", file=sys.stderr)
        return 1
    print("smoke: passed")
    return 0


def check(program: Path, folder: Path) -> None:
    """Raise Smoke unless the main job works and bad input is answered with a sentence."""

    def outlay(*words: str | Path, status: int = 0) -> subprocess.CompletedProcess[str]:
        # Nothing of the checkout may help the program along.
        variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        done = subprocess.run(
            [program, *words], cwd=folder, env=variables, capture_output=True, text=True, check=False
        )
        if done.returncode != status or "Traceback" in done.stderr:
            command = " ".join(str(word) for word in words)
            raise Smoke(
                f"`outlay {command}` ended with {done.returncode}, not {status}: {done.stderr.strip()}"
            )
        return done

    if TEMPLATE not in outlay("templates").stdout:
        raise Smoke(f"the template {TEMPLATE} is not listed")
    outlay("new", "plan.outlay", "--template", TEMPLATE)
    scenarios = json.loads(outlay("compute", "plan.outlay", "--json").stdout)["scenarios"]
    costs = {scenario["name"]: scenario["key_figures"]["tco"]["value"] for scenario in scenarios}
    if not costs or not all(cost and cost > 0 for cost in costs.values()):
        raise Smoke(f"a scenario has no total cost of ownership: {costs}")
    for quote in sorted(EXAMPLES.glob("**/*.xlsx")):
        read = json.loads(outlay("quote", "read", quote, "--json").stdout)
        if not any(block["lines"] for block in read["blocks"]):
            raise Smoke(f"no line was read from {quote.name}")
    outlay("export", "plan.outlay", "pack.xlsx")
    if not zipfile.is_zipfile(folder / "pack.xlsx"):
        raise Smoke("the board pack is no workbook")
    (folder / "letter.outlay").write_text("Dear all,")
    outlay("compute", "letter.outlay", "--json", status=1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
