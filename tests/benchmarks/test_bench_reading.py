"""Reading a price list of 20,000 lines, against bare openpyxl and bare calamine in the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from python_calamine import CalamineWorkbook

from desktop_app.exchange.reading import read_workbook, read_workbook_here

PRICE_LIST = Path(__file__).parents[1] / "data" / "quotes" / "a10_tallis_pricelist.xlsx"
QUOTE = PRICE_LIST.with_name("a01_northgate_hgx.xlsx")
ROUNDS = 3


def _with_openpyxl() -> None:
    openpyxl.load_workbook(PRICE_LIST)


def _with_calamine() -> None:
    with PRICE_LIST.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def test_ratio_to_bare_readers(benchmark: BenchmarkFixture, capsys: pytest.CaptureFixture[str]) -> None:
    others: dict[str, list[float]] = {"openpyxl": [], "calamine": [], "in process": []}

    def others_too() -> None:
        others["openpyxl"].append(_seconds(_with_openpyxl))
        others["calamine"].append(_seconds(_with_calamine))
        others["in process"].append(_seconds(lambda: read_workbook_here(PRICE_LIST)))

    workbook = benchmark.pedantic(lambda: read_workbook(PRICE_LIST), setup=others_too, rounds=ROUNDS)
    assert len(workbook.sheets[0].cells) == 180_009
    ours = benchmark.stats.stats.median
    medians = {name: statistics.median(seconds) for name, seconds in others.items()}
    ratio = ours / medians["openpyxl"]
    benchmark.extra_info.update(
        medians, ratio_to_openpyxl=ratio, ratio_to_calamine=ours / medians["calamine"]
    )
    with capsys.disabled():
        print(
            f"\nread 20,000 lines: child {ours:.2f} s, in process {medians['in process']:.2f} s, "
            f"openpyxl {medians['openpyxl']:.2f} s, calamine {medians['calamine']:.2f} s; "
            f"child is {ratio:.2f}x openpyxl, {ours / medians['calamine']:.1f}x calamine"
        )
    assert ratio < 1.3


def test_small_quote_through_the_child(benchmark: BenchmarkFixture) -> None:
    workbook = benchmark.pedantic(lambda: read_workbook(QUOTE), rounds=5, warmup_rounds=1)
    assert workbook.sheets
    assert benchmark.stats.stats.median < 0.5
