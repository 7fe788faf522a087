"""Functions that tests run in a child process."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from desktop_app.exchange.reading import UnreadableFile, read_workbook_here

Report = Callable[[float, str], None]


def count_cells(path: Path, minimum: int, *, progress: Report) -> int:
    workbook = read_workbook_here(path, progress=progress)
    return sum(len(sheet.cells) for sheet in workbook.sheets if len(sheet.cells) >= minimum)


def sleep(path: Path, *, progress: Report) -> None:
    while True:
        time.sleep(0.01)
        progress(0.5, "Sleeping")


def work_without_a_word(path: Path, *, progress: Report) -> None:
    while True:
        pass


def die(path: Path, *, progress: Report) -> None:
    os.abort()


def eat_memory(path: Path, *, progress: Report) -> int:
    return len([bytes(10_000_000) for _ in range(1000)])


def refuse(path: Path, *, progress: Report) -> None:
    raise UnreadableFile("quote.xlsx is no quote: choose another.")


def fail(path: Path, *, progress: Report) -> None:
    raise KeyError("a fault of ours")


def print_much(path: Path, *, progress: Report) -> str:
    print("x" * 100_000)
    os.write(1, b"y" * 100_000)
    return "done"


def own_pid(path: Path, *, progress: Report) -> int:
    return os.getpid()


def loaded_modules(path: Path, *, progress: Report) -> set[str]:
    import sys

    return set(sys.modules)
