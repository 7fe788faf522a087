"""One reading under way: its cells counted against the limit, its time, its progress."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from desktop_app.exchange.reading.limits import Limits, TooLarge, too_many_cells

Progress = Callable[[float, str], None]


def out_of_time(file_name: str, limits: Limits) -> TooLarge:
    """The refusal of a file that takes longer to read than the limit."""
    return TooLarge(
        f"{file_name} took longer than {limits.seconds:g} seconds to read, and reading was stopped: save "
        f"only its quote sheets in a new workbook and read that."
    )


class Meter:
    """Counts filled cells and unpacked bytes; raises TooLarge beyond the limits, reports how far the reading
    is."""

    def __init__(self, file_name: str, limits: Limits, progress: Progress | None = None) -> None:
        self.limits = limits
        self._file_name = file_name
        self._progress = progress
        self._deadline = time.monotonic() + limits.seconds
        self._cells = 0
        self._bytes = 0
        self._expected = 0

    def expect(self, size: int) -> None:
        """State how many bytes are still to come, for the progress."""
        self._expected = self._bytes + size

    def cells(self, number: int) -> None:
        """Count filled cells."""
        self._cells += number
        if self._cells > self.limits.cells:
            raise too_many_cells(self._file_name, self.limits)

    def check_time(self) -> None:
        """Raise TooLarge when the time is used up."""
        if time.monotonic() > self._deadline:
            raise out_of_time(self._file_name, self.limits)

    def watch(self, chunks: Iterable[bytes], text: str) -> Iterator[bytes]:
        """Pass chunks on, looking at the clock and reporting progress with the text."""
        for chunk in chunks:
            yield chunk
            self.step(len(chunk), text)

    def step(self, size: int, text: str) -> None:
        """As one chunk of so many bytes (or whatever `expect` counts) in `watch`."""
        self.check_time()
        self._bytes += size
        if self._progress is not None and self._expected:
            self._progress(min(self._bytes / self._expected, 1.0), text)
