"""The child process: results, limits, progress, cancel, and every way it can end."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from desktop_app.exchange.reading import (
    Cancelled,
    ChildFailure,
    Limits,
    UnreadableFile,
    in_child,
    read_workbook,
    read_workbook_here,
)
from tests.exchange.reading import child_functions

QUOTES = Path(__file__).parents[2] / "data" / "quotes"
PRICE_LIST = QUOTES / "a10_tallis_pricelist.xlsx"
SMALL = QUOTES / "a01_northgate_hgx.xlsx"
ROOT = Path(__file__).parents[3]


def test_same_as_in_process() -> None:
    for path in (SMALL, QUOTES / "a14_solano_formulas.xlsx", QUOTES / "a18_dunmore_storage.xls"):
        assert read_workbook(path) == read_workbook_here(path)


def test_result_of_more_work_and_progress() -> None:
    seen: list[tuple[float, str]] = []
    threads: set[int] = set()

    def progress(fraction: float, text: str) -> None:
        seen.append((fraction, text))
        threads.add(threading.get_ident())

    count = in_child(child_functions.count_cells, PRICE_LIST, 100, progress=progress)
    assert count == 180_009
    fractions = [fraction for fraction, _ in seen]
    assert len(seen) >= 3
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] <= fractions[-1] <= 1
    assert any("Pricelist" in text for _, text in seen)
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("function", [child_functions.sleep, child_functions.work_without_a_word])
def test_cancel_within_a_fifth_of_a_second(function: object) -> None:
    asked_at: list[float] = []
    start = time.monotonic()

    def cancelled() -> bool:
        if time.monotonic() - start > 0.5:
            asked_at.append(time.monotonic())
            return True
        return False

    with pytest.raises(Cancelled):
        in_child(function, SMALL, cancelled=cancelled)  # type: ignore[arg-type]
    ended = time.monotonic()
    assert asked_at[0] - start < 0.7
    assert ended - asked_at[0] < 0.2


def test_time_limit() -> None:
    start = time.monotonic()
    with pytest.raises(UnreadableFile, match=r"took longer than 0\.5 seconds"):
        in_child(child_functions.work_without_a_word, SMALL, limits=Limits(seconds=0.5))
    assert time.monotonic() - start < 1.0


def test_memory_limit() -> None:
    with pytest.raises(UnreadableFile, match="memory"):
        in_child(child_functions.eat_memory, SMALL, limits=Limits(memory_bytes=300_000_000))


@pytest.mark.expected_log("the child ended with status")
def test_child_that_dies() -> None:
    with pytest.raises(UnreadableFile, match=r"a01_northgate_hgx\.xlsx cannot be read"):
        in_child(child_functions.die, SMALL)


def test_refusal_passes_through() -> None:
    with pytest.raises(UnreadableFile, match=r"^quote\.xlsx is no quote: choose another\.$"):
        in_child(child_functions.refuse, SMALL)


@pytest.mark.expected_log("failed in the child")
def test_our_own_fault_is_not_hidden() -> None:
    with pytest.raises(ChildFailure, match="KeyError: 'a fault of ours'") as failure:
        in_child(child_functions.fail, SMALL)
    assert "child_functions.py" in failure.value.details


def test_prints_do_not_disturb() -> None:
    assert in_child(child_functions.print_much, SMALL) == "done"


def test_child_is_gone_afterwards() -> None:
    pid = in_child(child_functions.own_pid, SMALL)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_child_loads_nothing_heavy() -> None:
    loaded = in_child(child_functions.loaded_modules, SMALL)
    assert not loaded & {
        "numpy",
        "openpyxl",
        "PySide6",
        "python_calamine",
        "xlrd",
        "scipy",
        "multiprocessing",
    }


def test_starts_quickly() -> None:
    best = min(_seconds() for _ in range(3))
    assert best < 1.0


def _seconds() -> float:
    start = time.monotonic()
    read_workbook(SMALL)
    return time.monotonic() - start


@pytest.mark.parametrize("how", ["-c", "script", "module"])
def test_any_parent_without_standard_streams(how: str, tmp_path: Path) -> None:
    """A parent of any kind, with no guard around its main code and with all standard streams closed."""
    out = tmp_path / "out.txt"
    code = (
        "import sys\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path\n"
        "from desktop_app.exchange.reading import read_workbook\n"
        f"Path({str(out)!r}).write_text(read_workbook({str(SMALL)!r}).sheets[0].name)\n"
    )
    script = tmp_path / "parent_of_child.py"
    script.write_text(code)
    command = {
        "-c": [sys.executable, "-c", code],
        "script": [sys.executable, str(script)],
        "module": [sys.executable, "-m", "parent_of_child"],
    }[how]
    subprocess.run(["sh", "-c", '"$@" <&- >&- 2>&-', "sh", *command], cwd=tmp_path, check=True, timeout=60)
    assert out.read_text() == "Quote"


def test_two_at_once() -> None:
    results: list[int] = []
    threads = [
        threading.Thread(target=lambda: results.append(in_child(child_functions.count_cells, SMALL, 1)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [results[0]] * 2
