"""What a reader notices on its way: findings, capped per kind so that a bad sheet does not flood the user."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from desktop_app.exchange.reading.grid import Finding, address

PER_KIND = 200


class Notes:
    """Collects findings in the order they are met; the first 200 of a kind by cell, the others counted."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self._counts: Counter[tuple[str, str]] = Counter()

    def cell(self, severity: str, code: str, sheet: str, row: int, column: int, message: str) -> None:
        """Note something about one cell."""
        self._counts[severity, code] += 1
        if self._counts[severity, code] <= PER_KIND:
            self._findings.append(Finding(severity, code, address(sheet, row, column), message))

    def file(self, severity: str, code: str, message: str) -> None:
        """Note something about a whole sheet or file."""
        self._counts[severity, code] += 1
        if self._counts[severity, code] <= PER_KIND:
            self._findings.append(Finding(severity, code, None, message))

    def findings(self) -> tuple[Finding, ...]:
        """All findings, and one more for each kind that was met too often to list."""
        more = [
            Finding(
                severity, code, None, f"{count - PER_KIND:,} more of the same kind ({code}) are not listed."
            )
            for (severity, code), count in self._counts.items()
            if count > PER_KIND
        ]
        return (*self._findings, *more)


def note_text(notes: Notes, sheet: str, row: int, column: int, raw: str, removed: bool, cut: bool) -> None:
    """Note that a text was cleaned or cut."""
    if removed:
        notes.cell(
            "warning",
            "control_characters",
            sheet,
            row,
            column,
            f"Invisible control characters were removed from this text: {raw[:80]!a}.",
        )
    if cut:
        notes.cell(
            "warning",
            "text_cut",
            sheet,
            row,
            column,
            "The text is longer than a cell can hold (32,767 characters) and was cut.",
        )


def note_date(notes: Notes, sheet: str, row: int, column: int, moment: dt.date) -> None:
    """Note a date before 1990 or after 2100."""
    notes.cell(
        "warning",
        "date_out_of_range",
        sheet,
        row,
        column,
        f"The date {moment.isoformat()[:10]} lies outside 1990 to 2100: check it.",
    )
