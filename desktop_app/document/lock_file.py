"""The file beside a plan that tells others who has it open; it asks nothing of the network share it is on."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from desktop_app.document.environment import Environment
from desktop_app.document.errors import DocumentLocked, Holder


class LockFile:
    """The lock of one plan, held by this process; `held` is False where its folder cannot be written."""

    def __init__(self, path: Path, holder: Holder, *, held: bool) -> None:
        self.path = path
        self.holder = holder
        self.held = held

    @classmethod
    def take(cls, plan: Path, env: Environment, *, take_over: bool = False) -> LockFile:
        """Mark a plan as open here.

        `DocumentLocked` where somebody else has it open; `take_over` is for a user who knows that this is no
        longer so. What a process on this machine left behind when it died is taken over without asking.
        """
        path = lock_path(plan)
        mine = Holder(env.user, env.host, os.getpid(), env.now())
        for _ in range(3):
            try:
                with path.open("x", encoding="utf-8") as file:
                    json.dump(asdict(mine), file)
                return cls(path, mine, held=True)
            except FileExistsError:
                other = read_holder(path)
                if other is not None and not take_over and not _is_gone(other, env):
                    raise DocumentLocked(
                        f"“{plan.name}” is open already: {other}. Open it read-only, or work on a copy.",
                        other,
                    ) from None
                path.unlink(missing_ok=True)
            except OSError:
                # A folder that cannot be written: nobody can save there either, so nobody needs to be warned.
                break
        return cls(path, mine, held=False)

    def release(self) -> None:
        """Remove the mark, unless somebody else has taken over."""
        if self.held and read_holder(self.path) == self.holder:
            self.path.unlink(missing_ok=True)
        self.held = False


def lock_path(plan: Path) -> Path:
    """Where the lock file of a plan stands."""
    return plan.with_name(f".{plan.name}.lock")


def read_holder(path: Path) -> Holder | None:
    """Who a lock file names, nobody known where it cannot be read; None where there is no file."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        user, host, opened = (str(values[name]) for name in ("user", "host", "opened"))
        return Holder(user, host, int(values["pid"]), opened)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return Holder()


def process_lives(pid: int) -> bool:
    """Whether a process of this machine is running."""
    if sys.platform == "win32":
        import ctypes

        # Signal 0 would end the process on Windows.
        kernel = ctypes.windll.kernel32
        query_limited_information, still_active = 0x1000, 259
        handle = kernel.OpenProcess(query_limited_information, False, pid)
        if not handle:
            return False
        code = ctypes.c_ulong()
        known = kernel.GetExitCodeProcess(handle, ctypes.byref(code))
        kernel.CloseHandle(handle)
        return bool(known) and code.value == still_active
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _is_gone(holder: Holder, env: Environment) -> bool:
    return holder.host == env.host and holder.pid > 0 and not process_lives(holder.pid)
