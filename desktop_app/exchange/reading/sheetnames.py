"""Sheet names as they may be shown, each once."""

from __future__ import annotations

from desktop_app.exchange.reading.notes import Notes
from desktop_app.exchange.reading.values import clean_text


class SheetNames:
    """Hands out a clean name for each sheet of a file, in order; a name met twice gets a number."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._used: set[str] = set()
        self._count = 0

    def unique(self, raw: str | None) -> str:
        """The name to use for the next sheet."""
        self._count += 1
        name = " ".join(clean_text(raw or "")[0][:255].split()) or f"Sheet {self._count}"
        if name.casefold() not in self._used:
            self._used.add(name.casefold())
            return name
        number = 2
        while f"{name} ({number})".casefold() in self._used:
            number += 1
        other = f"{name} ({number})"
        self._used.add(other.casefold())
        self._notes.file(
            "warning",
            "sheet_name_twice",
            f'Two sheets are named "{name}"; the later one is called "{other}" here.',
        )
        return other
