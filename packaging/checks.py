"""Every check of the project, in the order in which a failure is cheapest to learn of."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from environment import Environment

BEFORE_THE_TESTS = (
    ("ruff", ["ruff", "check", "."]),
    ("ruff format", ["ruff", "format", "--check", "."]),
    ("mypy", ["mypy"]),
    ("import-linter", ["lint-imports"]),
)
# pytest-benchmark has nothing to do here and warns when tests run in parallel.
TESTS = ["pytest", "-p", "no:benchmark", "-n", "2"]


def run(environment: Environment, pytest_arguments: list[str]) -> int:
    """Run all checks, the tests last; 0 when all pass."""
    failed = [name for name, command in BEFORE_THE_TESTS if _status(environment, name, command) != 0]
    if failed:
        print(f"\nFailed before the tests: {', '.join(failed)}")
    tests = _status(environment, "pytest", [*TESTS, *pytest_arguments])
    return 1 if failed or tests else 0


def _status(environment: Environment, name: str, command: list[str]) -> int:
    print(f"\n== {name}")
    program = environment.programs / command[0]
    variables = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    return subprocess.run(
        [program, *command[1:]], cwd=environment.project, env=variables, check=False
    ).returncode
