"""How much of a foreign file is read before it is refused in words."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.exchange.reading.grid import UnreadableFile

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384
MAX_TEXT = 32_767
"""Rows, columns and characters in a cell that a spreadsheet can hold."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one file. Public workbooks stay far below them; the files made to harm do not.

    `file_bytes` bounds the file on disk, `unpacked_bytes` what its parts unpack to, `members` the parts of
    its archive. `ratio` is the highest ratio of unpacked to packed size of whatever unpacks to more than
    `ratio_from` bytes. `cells` bounds the filled cells of all sheets together, `sheets` their number,
    `merges` the merged ranges kept per sheet and `merge_cells` the extent of each. `seconds` and
    `memory_bytes` bound the reading process as a whole.
    """

    file_bytes: int = 64_000_000
    unpacked_bytes: int = 256_000_000
    members: int = 5_000
    ratio: int = 200
    ratio_from: int = 10_000_000
    cells: int = 1_000_000
    sheets: int = 2_000
    merges: int = 10_000
    merge_cells: int = 100_000
    seconds: float = 17.0
    memory_bytes: int = 700_000_000


class TooLarge(UnreadableFile):
    """The file passes a limit: no other reader is tried."""


def too_many_cells(file_name: str, limits: Limits) -> TooLarge:
    """The refusal of a file with more filled cells than the limit."""
    return TooLarge(
        f"{file_name} holds more than {limits.cells:,} filled cells, more than a quote can need: delete the "
        f"sheets and rows that are not part of the quote, save the workbook and read it again."
    )
