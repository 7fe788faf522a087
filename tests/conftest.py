"""What holds for every test: no network, no unexpected log record, no screen, LibreOffice on request."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
from collections.abc import Iterator

import pytest

from tests.libreoffice import LibreOffice

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


class NetworkUsed(AssertionError):
    """Something tried to leave this machine."""


def _refuse_network(event: str, args: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        raise NetworkUsed(f"looked up the host {args[0]!r}")
    # Local sockets have a file name as address, hosts a tuple.
    if event in ("socket.connect", "socket.sendto") and isinstance(args[1], tuple):
        raise NetworkUsed(f"{event} to {args[1]!r}")


# An audit hook sees every thread and every library, also those that kept a reference to `socket.socket`.
sys.addaudithook(_refuse_network)


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that logs a warning or worse, unless `@pytest.mark.expected_log("regex")` allows for it."""
    collector = _Collector()
    logging.getLogger().addHandler(collector)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(collector)
    allowed = [mark.args[0] for mark in request.node.iter_markers("expected_log")]
    unexpected = [
        f"{record.levelname} {record.name}: {record.getMessage()}"
        for record in collector.records
        if not any(re.search(pattern, record.getMessage()) for pattern in allowed)
    ]
    if unexpected:
        pytest.fail("unexpected log records:\n" + "\n".join(unexpected), pytrace=False)


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> LibreOffice:
    """LibreOffice with a profile of this test run, set to recalculate every workbook that it loads."""
    if shutil.which("soffice") is None:
        pytest.fail(
            "LibreOffice Calc is missing: `python3 packaging/bootstrap.py test` installs it", pytrace=False
        )
    return LibreOffice(tmp_path_factory.mktemp("libreoffice"))
