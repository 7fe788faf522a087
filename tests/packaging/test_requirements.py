"""The locked requirements: complete, hashed, in step with pyproject.toml and with each other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-build.lock", "requirements-dev.lock")


def blocks(lock: str) -> list[str]:
    """The lock's entries, each with its hashes on one line."""
    return (PROJECT / "packaging" / lock).read_text().replace("\\\n", " ").splitlines()


def pinned(lock: str) -> dict[str, str]:
    """Version by name."""
    matches = (re.match(r"([\w.-]+)==([\w.]+)", block) for block in blocks(lock))
    return {canonicalize_name(match[1]): match[2] for match in matches if match}


def declared(*groups: str) -> list[Requirement]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    entries = list(project["project"]["dependencies"])
    for group in groups:
        entries += [entry for entry in project["dependency-groups"][group] if isinstance(entry, str)]
    return [Requirement(entry) for entry in entries]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_is_pinned_and_hashed_and_names_no_address(lock: str) -> None:
    assert len(pinned(lock)) == len(blocks(lock)) > 0
    assert all("--hash=sha256:" in block for block in blocks(lock))
    assert not [
        block for block in blocks(lock) if "://" in block or "--index" in block or "--find-links" in block
    ]


@pytest.mark.parametrize(
    ("lock", "groups"), [("requirements.lock", ()), ("requirements-dev.lock", ("build", "dev"))]
)
def test_the_lock_satisfies_what_pyproject_declares(lock: str, groups: tuple[str, ...]) -> None:
    versions = pinned(lock)
    for requirement in declared(*groups):
        assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)]), requirement


def test_tests_run_on_the_versions_that_users_get() -> None:
    developed_on = pinned("requirements-dev.lock")
    for lock in LOCKS[:2]:
        assert pinned(lock).items() <= developed_on.items()
