"""A quote straight from a file: reading and understanding in the limited child process."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable

from desktop_app.exchange.quotes.model import Mapping, Quote
from desktop_app.exchange.quotes.understand import understand
from desktop_app.exchange.reading import Limits, Workbook, read_workbook_here
from desktop_app.exchange.reading.process import in_child

Progress = Callable[[float, str], None]
_READING = 0.7  # share of the time that goes into reading, for the progress shown


def read_quote(
    path: str | os.PathLike[str],
    *,
    today: dt.date | None = None,
    answers: Mapping | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Quote:
    """What a file says as a quote, worked out in a child process; only the quote comes back.

    Raises UnreadableFile (one sentence) for a file that cannot be read, Cancelled when `cancelled` says True.
    """
    return in_child(
        _quote, path, today, answers, limits, limits=limits, progress=progress, cancelled=cancelled
    )


def read_sheets_and_quote(
    path: str | os.PathLike[str],
    *,
    today: dt.date | None = None,
    answers: Mapping | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Workbook, Quote]:
    """The same with the sheets as the vendor made them, for a window that shows both side by side.

    A changed mapping is applied by `understand(workbook, answers=...)` without reading the file again.
    """
    return in_child(
        _both, path, today, answers, limits, limits=limits, progress=progress, cancelled=cancelled
    )


def _both(
    path: str | os.PathLike[str],
    today: dt.date | None,
    answers: Mapping | None,
    limits: Limits | None,
    *,
    progress: Progress | None = None,
) -> tuple[Workbook, Quote]:
    def reading(share: float, text: str) -> None:
        if progress is not None:
            progress(_READING * share, text)

    workbook = read_workbook_here(path, limits=limits, progress=reading)
    if progress is not None:
        progress(_READING, "Finding tables, prices and totals")
    return workbook, understand(workbook, today=today, answers=answers)


def _quote(
    path: str | os.PathLike[str],
    today: dt.date | None,
    answers: Mapping | None,
    limits: Limits | None,
    *,
    progress: Progress | None = None,
) -> Quote:
    return _both(path, today, answers, limits, progress=progress)[1]
