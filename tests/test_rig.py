"""The rules that hold for every test must themselves be able to fail a test."""

from __future__ import annotations

import logging
import os
import socket
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("address", [("127.0.0.1", 9), ("::1", 9, 0, 0)])
def test_no_connection_leaves_a_test(address: tuple[object, ...]) -> None:
    family = socket.AF_INET6 if len(address) == 4 else socket.AF_INET
    with socket.socket(family) as connection, pytest.raises(AssertionError, match=r"socket\.connect"):
        connection.connect(address)


def test_no_host_is_looked_up() -> None:
    with pytest.raises(AssertionError, match=r"looked up the host 'prices\.example'"):
        socket.getaddrinfo("prices.example", 443)


def test_qt_needs_no_screen() -> None:
    assert os.environ["QT_QPA_PLATFORM"]


@pytest.mark.expected_log("^disk nearly full$")
def test_an_expected_log_record_is_allowed() -> None:
    logging.getLogger("desktop_app.document").warning("disk nearly full")


def test_an_unexpected_log_record_or_warning_fails_a_test(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    pytester.makeini((PROJECT / "pyproject.toml").read_text()).rename(pytester.path / "pyproject.toml")
    pytester.makeconftest((PROJECT / "tests" / "conftest.py").read_text())
    tests = pytester.makepyfile(
        """
        import logging, warnings

        def test_quiet():
            logging.getLogger("x").info("all well")

        def test_logs():
            logging.getLogger("x").warning("something odd")

        def test_warns():
            warnings.warn("old", DeprecationWarning)
        """
    )
    result = pytester.runpytest_subprocess(tests)
    # The fixture finds the record after the test itself has passed.
    result.assert_outcomes(passed=2, failed=1, errors=1)
    result.stdout.fnmatch_lines(["*WARNING x: something odd*", "*DeprecationWarning: old*"])
