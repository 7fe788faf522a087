"""Sheets by fiscal year: sums of the monthly rows. The same column is the same year on all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from desktop_app.engine.functions import Array
from desktop_app.exchange.workbook.calc import Part
from desktop_app.exchange.workbook.pack import Pack
from desktop_app.exchange.workbook.sheet import BODY, Sheet
from desktop_app.exchange.workbook.spots import HERE, at_column, column_name, sheet_prefix
from desktop_app.exchange.workbook.styles import YEAR, scale_words, scaled

LABEL, UNIT, TOTAL, FIRST_YEAR = range(4)
HEAD = BODY


@dataclass(frozen=True, slots=True)
class Row:
    """One row by year: where it stands and what it holds."""

    row: int
    values: Array

    def cell(self, column: int) -> str:
        """The cell of a year, on the same sheet."""
        return f"{column_name(column)}{self.row + 1}"


class YearSheet:
    """Builds a sheet by fiscal year from the top down. Money is shown in the plan's display unit."""

    def __init__(self, sheet: Sheet, pack: Pack, title: str = "Costs by fiscal year") -> None:
        self.sheet = sheet
        self.pack = pack
        self.next = HEAD + 1
        self.rows: list[Row] = []
        settings = self.pack.plan.settings
        years = np.array(self.pack.result.fiscal_years)
        self.years: tuple[int, ...] = self.pack.years
        self.in_year = [years == year for year in self.years]
        self.money = scaled(settings.scale)
        self.words = scale_words(settings.currency, settings.scale)
        timeline = self.pack.timeline
        self.fiscal_years = timeline.spot("time/fiscal_year").range()
        self.sheet.width(LABEL, 46)
        self.sheet.width(UNIT, 16)
        self.sheet.width(TOTAL, 15)
        for column in self.columns:
            self.sheet.width(column, 13)
        self.sheet.texts(HEAD, LABEL, [title, "Unit"])
        self.sheet.text(HEAD, TOTAL, "Total", "Heading", align="right")
        first = timeline.spot("time/fiscal_year")
        start = f"{sheet_prefix(first.sheet)}$H${first.row + 1}"
        for column, year in zip(self.columns, self.years, strict=True):
            here = column_name(column)
            text = f"{start}+COLUMNS($D{HEAD + 1}:{here}{HEAD + 1})-1"
            self.sheet.formula(HEAD, column, text, float(year), YEAR, "Heading", align="right")
        self.sheet.worksheet.freeze_panes(HEAD + 1, 1)

    @property
    def columns(self) -> range:
        """The columns of the years."""
        return range(FIRST_YEAR, FIRST_YEAR + len(self.years))

    def section(self, title: str, formula: str = "") -> None:
        """A heading across the table, after an empty row; a formula where it follows the inputs."""
        self.next += 1 if self.rows else 0
        self.sheet.keep_together(self.next)
        if formula:
            self.sheet.formula(self.next, LABEL, formula, title, role="Section")
        else:
            self.sheet.text(self.next, LABEL, title, "Section")
        for column in range(UNIT, FIRST_YEAR + len(self.years)):
            self.sheet.blank(self.next, column, "Section")
        self.next += 1

    def flow(
        self, label: str, part: Part, terms: Sequence[tuple[int, str]], role: str = "Link", place: int = 0
    ) -> Row:
        """Sums of the year of monthly rows of money, each with its sign; `place` is a line of a block."""
        text, values = "", np.zeros(len(self.years))
        for sign, key in terms:
            mark = "-" if sign < 0 else "+" if text else ""
            text += f"{mark}SUMIF({self.fiscal_years},{HERE}${HEAD + 1},{part.spot(key, place).range()})"
            monthly = part.values(key)[place]
            values += sign * np.array([monthly[chosen].sum() for chosen in self.in_year])
        return self.row(label, text, values, role, total=True)

    def total(self, label: str, rows: Sequence[Row], role: str = "Total") -> Row:
        """The sum of rows of this sheet."""
        values = np.sum([row.values for row in rows], axis=0)
        first, last = rows[0].row + 1, rows[-1].row + 1
        whole = last - first + 1 == len(rows)
        text = (
            f"SUM({HERE}{first}:{HERE}{last})" if whole else "+".join(f"{HERE}{row.row + 1}" for row in rows)
        )
        return self.row(label, text, values, role, total=True)

    def running(self, label: str, row: Row) -> Row:
        """The running total of a row."""
        text = f"SUM($D{row.row + 1}:{HERE}{row.row + 1})"
        return self.row(label, text, np.cumsum(row.values), "Calculation", total=False)

    def row(
        self,
        label: str,
        pattern: str,
        values: Array,
        role: str = "Calculation",
        *,
        total: bool,
        unit: str | None = None,
        number: str | None = None,
    ) -> Row:
        """A row with one formula; HERE and BEFORE in it stand for the column and the one before."""
        row = self.next
        bold = {"bold": True} if role == "Total" else {}
        self.sheet.label(row, LABEL, label, "Total" if bold else "Label", **({} if bold else {"indent": 1}))
        self.sheet.text(row, UNIT, self.words if unit is None else unit, "Total" if bold else "Note")
        if total:
            last = column_name(FIRST_YEAR + len(self.years) - 1)
            text = f"SUM($D{row + 1}:{last}{row + 1})"
            look = "Total" if bold else "Calculation"
            self.sheet.formula(row, TOTAL, text, float(values.sum()), number or self.money, look)
        elif bold:
            self.sheet.blank(row, TOTAL, "Total")
        for column, value in zip(self.columns, values.tolist(), strict=True):
            self.sheet.formula(row, column, at_column(pattern, column), value, number or self.money, role)
        self.next += 1
        made = Row(row, values)
        self.rows.append(made)
        return made
