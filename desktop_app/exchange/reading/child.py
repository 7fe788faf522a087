"""The child's side of `process.in_child`: takes one call, runs it within limits of memory and time, sends the
result."""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import struct
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import IO, Any, BinaryIO, Final

from desktop_app.exchange.reading.grid import UnreadableFile

FLAG: Final = "--outlay-reading-child"
"""First argument that makes a packaged program the child instead of itself."""

LENGTH: Final = struct.Struct("<Q")
_PROGRESS_SECONDS = 0.05
_MEMORY = "memory"


def serve_if_asked() -> None:
    """Become the child where this process was started as one; else do nothing.

    A packaged program calls this before anything else, since it has no other way to start a second
    interpreter.
    """
    if sys.argv[1:2] == [FLAG]:
        serve()


def serve() -> None:
    """Run the one call that comes in on standard input and end the process."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    # What a library prints must not get between the replies.
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 0)
    os.dup2(silence, 1)
    (length,) = LENGTH.unpack(requests.read(LENGTH.size))
    request = requests.read(length)
    threading.Thread(target=_end_with_parent, args=(requests,), daemon=True).start()
    with contextlib.suppress(BrokenPipeError):
        _answer(request, replies)
        replies.flush()
    # Tearing down a large result piece by piece would take longer than the reading.
    os._exit(0)


def _answer(request: bytes, replies: BinaryIO) -> None:
    try:
        function, arguments, memory_bytes, seconds = pickle.loads(request)  # noqa: S301 - from our own parent
        _limit(memory_bytes, seconds)
        # What is read stays until the end: looking for garbage in it only takes time.
        gc.disable()
        value = function(*arguments, progress=_reporter(replies))
        reply = pickle.dumps(("value", value), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        reply = pickle.dumps((_MEMORY, None))
    except UnreadableFile as error:
        reply = pickle.dumps(("unreadable", str(error)))
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent must hear of it
        reply = pickle.dumps(("failed", (f"{type(error).__name__}: {error}", traceback.format_exc())))
    send(replies, reply)


def send(stream: IO[bytes], message: bytes) -> None:
    """Write one message with its length before it."""
    stream.write(LENGTH.pack(len(message)))
    stream.write(message)
    stream.flush()


def _reporter(replies: BinaryIO) -> Callable[[float, str], None]:
    last = -1.0

    def report(fraction: float, text: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _PROGRESS_SECONDS:
            last = now
            send(replies, pickle.dumps(("progress", (float(fraction), str(text)))))

    return report


def _end_with_parent(requests: BinaryIO) -> None:
    """The parent holds the other end of standard input open as long as it waits for the result."""
    with contextlib.suppress(OSError):
        requests.read(1)
    os._exit(1)


def _limit(memory_bytes: int, seconds: float) -> None:
    if sys.platform == "win32":
        from desktop_app.exchange.reading.windows_job import limit_memory

        limit_memory(memory_bytes)
        return
    import resource

    def lower(kind: int, value: int) -> None:
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        with contextlib.suppress(OSError, ValueError):  # macOS does not limit the address space
            resource.setrlimit(kind, (value, hard))

    lower(resource.RLIMIT_AS, memory_bytes)
    lower(resource.RLIMIT_CPU, int(seconds) + 2)
    lower(resource.RLIMIT_CORE, 0)


def unpack(message: bytes) -> tuple[str, Any]:
    """Kind and content of a reply."""
    kind, content = pickle.loads(message)  # noqa: S301 - from our own child
    return kind, content
