"""A hash of all formulas of a pack, taken while they are written: who reads the pack later sees by it whether
this Outlay would lay it out alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from typing import Any

from xlsxwriter.format import Format

from desktop_app.exchange.workbook.styles import RunSheet, StyledBook

_LENGTH = 16  # marks printed


class _HashedSheet(RunSheet):
    """A sheet that hashes its formulas in the order in which they are written."""

    def __init__(self) -> None:
        super().__init__()
        self.formulas = hashlib.sha256()

    def write_formula(self, row: int, col: int, formula: str, *rest: Any) -> Any:
        """As in XlsxWriter, whose names these are; rows and columns are numbers."""
        self.formulas.update(f"{row},{col}{formula}\n".encode())
        return super().write_formula(row, col, formula, *rest)

    def write_run(
        self,
        row: int,
        texts: Sequence[tuple[int, str, Format]],
        column: int,
        formulas: Sequence[str],
        values: Sequence[float | str],
        look: Format,
    ) -> None:
        """As in any sheet; along a run there is one formula, so that its ends tell it."""
        if formulas:
            self.formulas.update(f"{row},{column},{len(formulas)}={formulas[0]}={formulas[-1]}\n".encode())
        super().write_run(row, texts, column, formulas, values, look)


class HashedBook(StyledBook):
    """A workbook whose formulas have a hash."""

    def new_sheet(self, name: str) -> RunSheet:
        """An empty sheet, the last one."""
        made = self.add_worksheet(name, _HashedSheet)
        assert isinstance(made, RunSheet)
        return made

    def formulas_hash(self, without: Collection[str]) -> str:
        """The hash of what is written by now, without some sheets; it knows no cached value."""
        whole = hashlib.sha256()
        for sheet in self.worksheets():
            if isinstance(sheet, _HashedSheet) and sheet.name not in without:
                whole.update(f"{sheet.name}\n{sheet.formulas.hexdigest()}\n".encode())
        return whole.hexdigest()[:_LENGTH]
