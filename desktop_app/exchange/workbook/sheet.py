"""One sheet of the pack: cells by role, the header that every sheet carries, and how it prints."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.chart import Chart
from xlsxwriter.format import Format
from desktop_app.exchange.workbook.styles import RunSheet, StyledBook
from desktop_app.exchange.workbook.text import cell_text

Value = float | str
# A cell to be written: how, with what.
_Write = tuple[str, tuple[Any, ...]]

ERROR = "#NUM!"
BODY = 4  # the first row below the header

_POINTS_WIDE = {"portrait": 190.0, "landscape": 270.0}  # printable millimetres, the smaller of A4 and Letter
_MM_PER_CHARACTER = 1.95


@dataclass(frozen=True, slots=True)
class Banner:
    """What the header of every sheet says: the plan, its status, and the master check."""

    plan: str
    status: str
    master: str  # formula of the master check's words
    master_value: str


@dataclass(slots=True)
class Sheet:
    """Collects cells in any order and writes them in rows, since the file is written as a stream."""

    book: StyledBook
    worksheet: RunSheet
    name: str
    title: str
    widths: dict[int, float] = field(default_factory=dict)
    _rows: dict[int, dict[int, _Write]] = field(default_factory=dict)
    _row_looks: dict[int, tuple[float | None, dict[str, Any]]] = field(default_factory=dict)
    _last_column: int = 0
    last_row: int = 0

    def text(self, row: int, column: int, text: str, role: str = "Label", **extra: Any) -> None:
        """A text, whatever it looks like."""
        safe = cell_text(text)
        if safe.startswith("<r>") and safe.endswith("</r>"):
            safe += " "  # XlsxWriter takes such a text for one it has marked up itself
        self._put(row, column, ("string", (safe, self.book.look(role, **extra))))

    def number(
        self, row: int, column: int, value: float, number: str, role: str = "Input", **extra: Any
    ) -> None:
        """A constant. Raises ValueError for what is not a finite number."""
        if not math.isfinite(value):
            raise ValueError(f"{value} cannot stand in a cell")
        self._put(row, column, ("number", (value, self.book.look(role, number, **extra))))

    def formula(
        self,
        row: int,
        column: int,
        formula: str,
        value: Value,
        number: str = "",
        role: str = "Calculation",
        **extra: Any,
    ) -> None:
        """A formula (without equals sign) and the value it has now."""
        self._put(
            row, column, ("formula", (f"={formula}", self.book.look(role, number, **extra), cached(value)))
        )

    def blank(self, row: int, column: int, role: str, **extra: Any) -> None:
        """An empty cell that looks like its neighbours."""
        self._put(row, column, ("blank", (None, self.book.look(role, **extra))))

    def link(self, row: int, column: int, sheet: str, text: str) -> None:
        """A link to another sheet."""
        quoted = sheet.replace("'", "''")
        look = self.book.look("Link", underline=1)
        self._put(row, column, ("url", (f"internal:'{quoted}'!A1", look, cell_text(text))))

    def texts(self, row: int, column: int, texts: Sequence[str], role: str = "Heading", **extra: Any) -> None:
        """Several texts side by side."""
        for place, text in enumerate(texts):
            self.text(row, column + place, text, role, **extra)

    def row(self, row: int, height: float | None = None, **options: Any) -> None:
        """Height of a row, and its outline level (level=1, hidden=...)."""
        self._row_looks[row] = (height, options)
        self.last_row = max(self.last_row, row)

    def _put(self, row: int, column: int, write: _Write) -> None:
        self._rows.setdefault(row, {})[column] = write
        self._last_column = max(self._last_column, column)
        self.last_row = max(self.last_row, row)

    @property
    def last_column(self) -> int:
        """The right-most column that holds something."""
        return self._last_column

    def flush(self) -> None:
        """Writes what is collected; later cells must be further down."""
        writers: dict[str, Callable[..., Any]] = {
            "string": self.worksheet.write_string,
            "number": self.worksheet.write_number,
            "formula": self.worksheet.write_formula,
            "blank": self.worksheet.write_blank,
        }
        for row in sorted(self._rows.keys() | self._row_looks.keys()):
            if row in self._row_looks:
                height, options = self._row_looks[row]
                self.worksheet.set_row(row, height, None, options)
            for column, (kind, args) in sorted(self._rows.get(row, {}).items()):
                if kind == "url":
                    target, look, text = args
                    self.worksheet.write_url(row, column, target, look, text)
                else:
                    writers[kind](row, column, *args)
        self._rows.clear()
        self._row_looks.clear()

    def row_of_formulas(
        self, row: int, column: int, formulas: Sequence[str], values: Sequence[Value], look: Format
    ) -> None:
        """Formulas side by side, for the long rows of the workings. Everything above must have been flushed."""
        self.worksheet.write_formula_run(row, column, formulas, values, look)
        self._last_column = max(self._last_column, column + len(formulas) - 1)
        self.last_row = max(self.last_row, row)

    def header(self, banner: Banner, subtitle: str, check_column: int = 0) -> None:
        """Title, what the sheet shows, status and master check: the first three rows."""
        self.row(0, 24)
        self.text(0, 0, self.title, "Title")
        self.text(1, 0, subtitle, "Note")
        self.text(
            2, 0, f"{banner.plan} · {banner.status}" if banner.plan else banner.status, "Label", bold=True
        )
        self.formula(2, check_column or 1, banner.master, banner.master_value, role="Check")

    def width(self, column: int, characters: float) -> None:
        """Width of a column, in characters."""
        self.widths[column] = characters
        self._last_column = max(self._last_column, column)

    def set_widths(self) -> None:
        """Hands the widths over; must come before the first row is written."""
        for column, characters in self.widths.items():
            self.worksheet.set_column(column, column, characters)

    def print_fitted(self, banner: Banner, orientation: str = "landscape", repeat: int = BODY) -> None:
        """One page wide on A4 and Letter, as many long as it takes, with its header repeated on each."""
        self._page(banner, orientation)
        self.worksheet.fit_to_pages(1, 0)
        self.worksheet.repeat_rows(0, repeat - 1)
        self.worksheet.print_area(0, 0, self.last_row, self._last_column)

    def print_in_years(
        self, banner: Banner, first: int, months: int, repeat_rows: int, repeat_columns: int
    ) -> None:
        """Twelve months a page, with header rows and label columns repeated on each."""
        self._page(banner, "landscape")
        page = sum(self.widths.get(column, 9.0) + 0.7 for column in range(first + min(12, months)))
        scale = int(100 * _POINTS_WIDE["landscape"] / (page * _MM_PER_CHARACTER))
        self.worksheet.set_print_scale(max(10, min(100, scale)))
        self.worksheet.set_v_pagebreaks([first + month for month in range(12, months, 12)])
        self.worksheet.repeat_rows(0, repeat_rows - 1)
        self.worksheet.repeat_columns(0, repeat_columns - 1)
        self.worksheet.print_area(0, 0, self.last_row, first + months - 1)
        self.worksheet.print_across()

    def _page(self, banner: Banner, orientation: str) -> None:
        sheet = self.worksheet
        sheet.set_paper(9)
        sheet.set_landscape() if orientation == "landscape" else sheet.set_portrait()
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        sheet.hide_gridlines(2)
        escape = banner.plan.replace("&", "&&")[:80]
        sheet.set_header(f"&L&8{escape}&R&8{banner.status.replace('&', '&&')[:40]}")
        sheet.set_footer("&L&8&A&C&8Figures may not sum because of rounding.&R&8Page &P of &N")

    def chart(self, row: int, column: int, chart: Chart, width: int, height: int, alternative: str) -> None:
        """A chart with its upper left corner in a cell, in pixels."""
        chart.set_size({"width": width, "height": height})
        self.worksheet.insert_chart(
            row, column, chart, {"object_position": 2, "description": cell_text(alternative)}
        )


def cached(value: Value) -> Value:
    """What is stored beside a formula as its value."""
    if isinstance(value, str):
        return value
    return value if math.isfinite(value) else ERROR
