"""What openpyxl would lose from a workbook: found by saving it once in memory and comparing both files."""

from __future__ import annotations

import io
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from desktop_app.exchange.reading import Limits, UnreadableFile, in_child
from desktop_app.exchange.reading.meter import Progress
from desktop_app.exchange.reading.ooxml import main_part
from desktop_app.exchange.reading.package import DamagedPart, Package, SuspiciousPart
from desktop_app.exchange.reading.process import Path as PathLike
from desktop_app.exchange.reading.source import Source, load
from desktop_app.exchange.workbook.template_features import Features, features
from desktop_app.exchange.workbook.template_pictures import keep_pictures

LIMITS = Limits(file_bytes=128_000_000, unpacked_bytes=512_000_000, seconds=60.0, memory_bytes=2_000_000_000)


@dataclass(frozen=True, slots=True)
class Loss:
    """Something of a workbook that is gone when openpyxl has saved it: what, how many, on which sheets (none
    where it belongs to the whole file).
    """

    what: str
    count: int
    sheets: tuple[str, ...]

    def __str__(self) -> str:
        where = f" on {', '.join(self.sheets)}" if self.sheets else ""
        return f"{self.what}{where}" + (f" ({self.count:,})" if self.count > 1 else "")


def losses(
    path: Path,
    *,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[Loss]:
    """What a workbook would lose by being filled. Nothing is written.

    UnreadableFile (one sentence) for what cannot be read or filled; Cancelled.
    """
    return in_child(losses_here, path, limits, limits=limits, progress=progress, cancelled=cancelled)


def losses_here(path: PathLike, limits: Limits = LIMITS, *, progress: Progress | None = None) -> list[Loss]:
    """As `losses`, in this very process."""
    source = load(path, limits)
    book = open_template(source, limits)
    if progress is not None:
        progress(0.5, "Trying to save the workbook")
    before = _features_in_words(source, limits)
    again = Source(source.name, source.stem, source.suffix, saved_bytes(book, source.name), "")
    after = _features_in_words(again, limits)
    gone: dict[str, Counter[str]] = defaultdict(Counter)
    for (what, sheet), count in before.items():
        missing = count - after.get((what, sheet), 0)
        if missing > 0:
            gone[what][sheet] += missing
    return [
        Loss(what, counts.total(), tuple(sheet for sheet in counts if sheet)) for what, counts in gone.items()
    ]


def open_template(source: Source, limits: Limits) -> Any:
    """The workbook in openpyxl, with all that it can keep; UnreadableFile in one sentence where it cannot."""
    known = source.suffix in (".xlsx", ".xlsm")
    package = Package(source, limits) if known else None
    if package is None or main_part(package) is None:
        raise UnreadableFile(
            f"{source.name} is no .xlsx or .xlsm workbook: open it in Excel, save it as .xlsx and use that."
        )
    try:
        # What openpyxl warns of is found, and told in words, by comparing what it saves.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(
                io.BytesIO(source.data), keep_vba=source.suffix == ".xlsm", rich_text=True, keep_links=True
            )
            keep_pictures(book, package)
    except Exception as error:  # openpyxl raises whatever a foreign file makes it trip over
        raise UnreadableFile(
            f"{source.name} cannot be filled, since parts of it cannot be read: "
            "open it in Excel, save it as a new .xlsx and use that."
        ) from error
    if not book.worksheets:
        raise UnreadableFile(
            f"{source.name} is kept in a way that cannot be filled (strict Open XML): "
            "open it in Excel, save it as an ordinary .xlsx and use that."
        )
    return book


def saved_bytes(book: Any, name: str) -> bytes:
    """What openpyxl saves; UnreadableFile in one sentence where it cannot save what it has read."""
    saved = io.BytesIO()
    try:
        book.save(saved)
    except Exception as error:  # as in reading
        raise UnreadableFile(
            f"{name} holds parts that cannot be written again: open it in Excel, save it as a new .xlsx and "
            "use that."
        ) from error
    return saved.getvalue()


def _features_in_words(source: Source, limits: Limits) -> Features:
    try:
        return features(Package(source, limits))
    except (DamagedPart, SuspiciousPart) as error:
        raise UnreadableFile(
            f"{source.name} is damaged ({error}): open it in Excel, save it as .xlsx and use that."
        ) from error
