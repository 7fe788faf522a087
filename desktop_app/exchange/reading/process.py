"""Work on foreign files in a child process: whatever the file makes of it, the program itself goes on."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from desktop_app.exchange.reading.child import FLAG, LENGTH, send, unpack
from desktop_app.exchange.reading.grid import UnreadableFile, Workbook
from desktop_app.exchange.reading.inprocess import read_workbook_here
from desktop_app.exchange.reading.limits import Limits
from desktop_app.exchange.reading.meter import Progress, out_of_time
from desktop_app.exchange.reading.source import display_name

_log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.05
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop()); "
    "from desktop_app.exchange.reading.child import serve; serve()"
)

Path = str | os.PathLike[str]
Rest = ParamSpec("Rest")
Value = TypeVar("Value")


class Cancelled(Exception):
    """The user stopped the work; nothing was read."""


class ChildFailure(RuntimeError):
    """The function itself failed in the child: a fault of the program, not of the file. `details` is the
    traceback."""

    def __init__(self, message: str, details: str) -> None:
        super().__init__(message)
        self.details = details


def read_workbook(
    path: Path,
    *,
    limits: Limits | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Workbook:
    """Read a workbook of any kind in a child process, within the limits.

    `progress` is called with a fraction (0 to 1) and a text, from the calling thread; `cancelled` is asked
    twenty times a second, and the child is ended when it says True. Raises UnreadableFile (one sentence for
    the user) or Cancelled.
    """
    limits = limits or Limits()
    return in_child(_read, path, limits, limits=limits, progress=progress, cancelled=cancelled)


def _read(path: Path, limits: Limits, *, progress: Progress | None = None) -> Workbook:
    return read_workbook_here(path, limits=limits, progress=progress)


def in_child(
    function: Callable[Concatenate[Path, Rest], Value],
    path: Path,
    *arguments: Any,
    limits: Limits | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Value:
    """The result of `function(path, *arguments, progress=report)`, run in a child process within the limits.

    The function stands at the top level of a module that can be imported; arguments and result can be
    pickled. It may call `report(fraction, text)` as often as it likes; `progress` gets it, from the calling
    thread. Only the result crosses the pipe, so a caller that needs little of a large workbook works it out
    in the child.

    Raises UnreadableFile as the function does, and also when the child dies, needs too much memory or too
    much time; Cancelled soon after `cancelled` says True; ChildFailure when the function itself fails.
    """
    limits = limits or Limits()
    deadline = time.monotonic() + limits.seconds
    name = display_name(path)
    request = pickle.dumps((function, (path, *arguments), limits.memory_bytes, limits.seconds))
    child = _Child(request)
    try:
        while True:
            message = child.next_message()
            if cancelled is not None and cancelled():
                raise Cancelled(f"Reading {name} was stopped.")
            if message is None:
                if time.monotonic() > deadline:
                    raise out_of_time(name, limits)
                continue
            kind, content = message
            if kind == "value":
                value: Value = content
                return value
            if kind == "progress":
                if progress is not None:
                    progress(*content)
                if time.monotonic() > deadline:
                    raise out_of_time(name, limits)
            elif kind == "unreadable":
                raise UnreadableFile(content)
            elif kind == "memory":
                raise _too_much_memory(name)
            elif kind == "failed":
                _log.error("%s: %s failed in the child\n%s", name, function.__name__, content[1])
                raise ChildFailure(*content)
            else:
                _log.warning("%s: the child ended with status %s (%s)", name, child.status(), content)
                raise UnreadableFile(
                    f"{name} cannot be read: it is damaged, or made to break the programs that open it; "
                    f"open it in Excel, save only its quote sheets as a new .xlsx and read that."
                )
    finally:
        child.end()


def _too_much_memory(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"{name} needs more memory to read than a quote may take: save only its quote sheets in a new "
        f"workbook and read that."
    )


class _Child:
    """A started child, its messages as they come, and its end."""

    def __init__(self, request: bytes) -> None:
        self._messages: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._process = subprocess.Popen(  # noqa: S603 - this very interpreter
            _command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        threading.Thread(target=self._talk, args=(request,), daemon=True).start()

    def _talk(self, request: bytes) -> None:
        """Send the request and collect the replies; ("died", reason) stands at the end of an incomplete
        answer."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            send(stdin, request)
            while head := stdout.read(LENGTH.size):
                (length,) = LENGTH.unpack(head)
                self._messages.put(unpack(stdout.read(length)))
            self._messages.put(("died", "end of the pipe"))
        except (OSError, EOFError, ValueError, MemoryError, struct.error, pickle.UnpicklingError) as error:
            self._messages.put(("died", type(error).__name__))
        finally:
            for stream in (stdin, stdout):
                with contextlib.suppress(OSError):
                    stream.close()

    def next_message(self) -> tuple[str, Any] | None:
        """The next message, or None where none came for a twentieth of a second."""
        try:
            return self._messages.get(timeout=_LOOK_SECONDS)
        except queue.Empty:
            return None

    def status(self) -> int | None:
        """Exit status of a child whose pipe has closed; None where it still runs."""
        try:
            return self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return None

    def end(self) -> None:
        """End the child, whatever it does; the thread that talks to it then closes the pipes."""
        self._process.kill()
        self._process.wait()


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, FLAG]
    return [sys.executable, "-c", _BOOT, json.dumps(sys.path)]
