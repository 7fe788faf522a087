"""What a reader notices on its way: findings, capped per kind so that a bad sheet does not flood the user."""

from __future__ import annotations

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
