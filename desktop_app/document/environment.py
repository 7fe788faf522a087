"""What a document takes from its surroundings: who works where, and the clock.

It is handed in, so that tests can hand in another.
"""

from __future__ import annotations

import datetime as dt
import getpass
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


def utc_now() -> dt.datetime:
    """The time now, in UTC."""
    return dt.datetime.now(dt.UTC)


def user_name() -> str:
    """The name under which the present user is logged in, "" where the system does not tell."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def state_folder() -> Path:
    """The folder of this user, on this machine, for working copies and backups.

    `OUTLAY_STATE_DIR` overrides it, for machines where the home folder is a network share.
    """
    given = os.environ.get("OUTLAY_STATE_DIR")
    if given:
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "Outlay"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Outlay"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "outlay"


@dataclass(frozen=True, slots=True)
class Environment:
    """Surroundings of a document. `clock` gives aware times in UTC, `sleep` waits for seconds."""

    state: Path
    user: str
    host: str
    clock: Callable[[], dt.datetime] = utc_now
    sleep: Callable[[float], None] = time.sleep

    @classmethod
    def here(cls) -> Environment:
        """The present user on this machine."""
        return cls(state=state_folder(), user=user_name(), host=platform.node())

    def now(self) -> str:
        """The time as it is kept in files: ISO, UTC, milliseconds."""
        return self.clock().astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
