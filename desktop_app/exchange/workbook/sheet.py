"""One sheet of the pack: cells by role, the header that every sheet carries, and how it prints."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.chart import Chart
from xlsxwriter.format import Format

from desktop_app.exchange.workbook.measure import line_count, text_width
from desktop_app.exchange.workbook.printing import DEFAULT_WIDTH, ROW_HEIGHT, by_year, fitted
from desktop_app.exchange.workbook.spots import Spot, cell
from desktop_app.exchange.workbook.styles import RIGHT_TEXT, RunSheet, StyledBook, coded
from desktop_app.exchange.workbook.text import cell_text

Value = float | str
# A cell to be written: how, with what.
_Write = tuple[str, tuple[Any, ...]]

_ABSENT = "n/a"
_MOST_TEXT_LINES = 24  # a row of Excel is at most 409 points high
BODY = 4  # the first row below the header

_LINE = 13.5  # points
_HIGHEST_ROW = 400


@dataclass(frozen=True, slots=True)
class Banner:
    """What the header of every sheet says: plan, status, master check, and where the contents are."""

    plan: str
    status: str
    master: str  # formula of the master check's words
    master_value: str
    holds: str  # its words where all is well
    contents: str


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
    _wrapped: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    _blocks: list[int] = field(default_factory=list)
    last_row: int = 0

    def __post_init__(self) -> None:
        self.worksheet.set_default_row(ROW_HEIGHT)

    def text(self, row: int, column: int, text: str, role: str = "Label", **extra: Any) -> None:
        """A text, whatever it looks like."""
        safe = as_written(text)
        if extra.get("align") == "right":
            extra.setdefault("num_format", RIGHT_TEXT)
        self._put(row, column, ("string", (safe, self.book.look(role, **extra))))
        if extra.get("text_wrap"):
            self._wrapped.setdefault(row, []).append((column, safe))

    def label(self, row: int, column: int, text: str, role: str = "Label", **extra: Any) -> None:
        """A text that wraps where its column is too narrow for it."""
        room = self.widths.get(column, DEFAULT_WIDTH) - 2 * extra.get("indent", 0)
        bold = 1.08 if extra.get("bold") or role == "Total" else 1.0
        if text_width(as_written(text)) * bold > room:
            extra["text_wrap"] = True
        self.text(row, column, text, role, **extra)

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

    def warn(self, row: int, column: int, when: str) -> None:
        """Shows a cell as failed while a condition (a formula without equals sign) is true."""
        self.worksheet.conditional_format(
            row, column, row, column, {"type": "formula", "criteria": f"={when}", "format": self.book.failed}
        )

    def blank(self, row: int, column: int, role: str, **extra: Any) -> None:
        """An empty cell that looks like its neighbours."""
        self._put(row, column, ("blank", (None, self.book.look(role, **extra))))

    def merged(self, row: int, column: int, last: int, text: str, role: str = "Label", **extra: Any) -> None:
        """A text over the columns up to `last`."""
        if last == column:
            self.text(row, column, text, role, **extra)
        else:
            self._put(row, column, ("merged", (as_written(text), self.book.look(role, **extra), last)))
            self._last_column = max(self._last_column, last)

    def paragraphs(
        self, row: int, column: int, text: str, last: int | None = None, role: str = "Label"
    ) -> int:
        """Running text over the columns up to `last`, a row for each paragraph; gives the row after it."""
        last = column if last is None else last
        wide = sum(self.widths.get(one, DEFAULT_WIDTH) for one in range(column, last + 1))
        for paragraph in cell_text(text).split("\n"):
            for piece in textwrap.wrap(paragraph, int(wide * _MOST_TEXT_LINES * 0.9)) or [""]:
                lines = line_count(piece, wide)
                self.merged(row, column, last, piece, role, text_wrap=True, valign="top")
                self.row(row, _LINE * lines + 2)
                row += 1
        return row

    def link(self, row: int, column: int, sheet: str, text: str, **extra: Any) -> None:
        """A link to another sheet."""
        quoted = sheet.replace("'", "''")
        look = self.book.look("Link", underline=1, **extra)
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
        self._grow_rows()
        for row in sorted(self._rows.keys() | self._row_looks.keys()):
            if row in self._row_looks:
                height, options = self._row_looks[row]
                self.worksheet.set_row(row, height, None, options)
            for column, (kind, args) in sorted(self._rows.get(row, {}).items()):
                if kind == "merged":
                    text, look, last = args
                    self.worksheet.merge_range(row, column, row, last, "", look)
                    self.worksheet.write_string(row, column, text, look)
                elif kind == "url":
                    target, look, text = args
                    self.worksheet.write_url(row, column, target, look, text)
                else:
                    writers[kind](row, column, *args)
        self._rows.clear()
        self._row_looks.clear()

    def _lines(self, column: int, text: str) -> int:
        return line_count(text, self.widths.get(column, DEFAULT_WIDTH))

    def _grow_rows(self) -> None:
        """Makes rows as high as the wrapped texts in them; a program that opens the file would not."""
        for row, texts in self._wrapped.items():
            lines = max(self._lines(column, text) for column, text in texts)
            height, options = self._row_looks.get(row, (None, {}))
            if lines > 1 and height is None:
                self._row_looks[row] = (min(_HIGHEST_ROW, _LINE * lines + 2), options)
        self._wrapped.clear()

    def run(
        self,
        row: int,
        texts: Sequence[tuple[int, str, str]],
        column: int,
        formulas: Sequence[str],
        values: Sequence[Value],
        look: Format,
    ) -> None:
        """A long row at once: texts (column, text, role), then formulas side by side, fit for XML.

        Rows come in order, after what was collected above them.
        """
        self.flush()
        looks = [(place, cell_text(text), self.book.look(role)) for place, text, role in texts if text]
        self.worksheet.write_run(row, looks, column, formulas, values, look)
        self._last_column = max(self._last_column, column + len(formulas) - 1)
        self.last_row = max(self.last_row, row)

    def header(self, banner: Banner, subtitle: str, check_column: int = 0) -> None:
        """Title, what the sheet shows, master check, plan and status: the first three rows."""
        self.row(0, 24)
        self.text(0, 0, self.title, "Title")
        self.text(1, 0, subtitle, "Note")
        self.formula(2, check_column, banner.master, banner.master_value, role="Check")
        self.warn(2, check_column, f'{cell(2, check_column)}<>"{banner.holds}"')
        plan = textwrap.shorten(banner.plan, 70, placeholder=" …")
        named = " · ".join(text for text in (banner.status, plan) if text)
        self.text(2, check_column + 1, named, bold=True, indent=1)
        if self.name != banner.contents:
            self.row(3, 20)
            self.link(3, check_column, banner.contents, "Contents", font_size=8)

    def reference(self, row: int, column: int) -> str:
        """A cell of this sheet as charts and other sheets refer to it."""
        return Spot(self.name, row, column).cell()

    def width(self, column: int, characters: float) -> None:
        """Width of a column, in characters."""
        self.widths[column] = characters
        self._last_column = max(self._last_column, column)

    def longest(self, column: int, most: float) -> float:
        """A width that the texts of a column need, within bounds."""
        written = (writes.get(column) for writes in self._rows.values())
        texts = (str(write[1][0]) for write in written if write is not None and write[0] == "string")
        return min(most, max((text_width(text) + 2 for text in texts), default=DEFAULT_WIDTH))

    def set_widths(self) -> None:
        """Hands the widths over; must come before the first row is written."""
        for column, characters in self.widths.items():
            self.worksheet.set_column(column, column, characters)

    def keep_together(self, row: int) -> None:
        """Says that what starts here should not be cut by the end of a page."""
        self._blocks.append(row)

    def print_fitted(
        self, banner: Banner, orientation: str = "landscape", repeat: int = BODY, labels: int = 1
    ) -> None:
        """One page wide on A4 and Letter, blocks kept whole, the first rows repeated on each page.

        Where that would be too small to read, the columns go over several pages, the first `labels` on each.
        """
        self._grow_rows()
        self._page(banner, orientation)
        widths = [self.widths.get(column, DEFAULT_WIDTH) for column in range(self._last_column + 1)]
        heights = [self._row_looks.get(row, (None, {}))[0] or ROW_HEIGHT for row in range(self.last_row + 1)]
        setup = fitted(orientation, widths, heights, repeat, labels, self._blocks)
        self.worksheet.set_print_scale(setup.scale)
        self.worksheet.set_h_pagebreaks(setup.row_breaks)
        if setup.column_breaks:
            self.worksheet.set_v_pagebreaks(setup.column_breaks)
            self.worksheet.repeat_columns(0, labels - 1)
        self.worksheet.repeat_rows(0, repeat - 1)
        self.worksheet.print_area(0, 0, self.last_row, self._last_column)

    def print_on_one_page(self, banner: Banner, orientation: str) -> None:
        """Everything on a single page."""
        self._page(banner, orientation)
        self.worksheet.fit_to_pages(1, 1)
        self.worksheet.print_area(0, 0, self.last_row, self._last_column)

    def print_in_years(
        self,
        banner: Banner,
        first: int,
        years: Sequence[float],
        rows: tuple[int, int],
        repeat_rows: int,
        repeat_columns: int,
    ) -> None:
        """A fiscal year a page, with header rows and label columns repeated on each; `rows` are printed."""
        self._page(banner, "landscape")
        widths = [self.widths.get(column, DEFAULT_WIDTH) for column in range(first + len(years))]
        scale, breaks = by_year(widths, first, years, rows[1] - rows[0] + 1 + repeat_rows, repeat_columns)
        self.worksheet.set_print_scale(scale)
        self.worksheet.set_v_pagebreaks(breaks)
        self.worksheet.repeat_rows(0, repeat_rows - 1)
        self.worksheet.repeat_columns(0, repeat_columns - 1)
        self.worksheet.print_area(rows[0], 0, rows[1], first + len(years) - 1)
        self.worksheet.print_across()

    def _page(self, banner: Banner, orientation: str) -> None:
        sheet = self.worksheet
        sheet.set_paper(9)
        sheet.set_landscape() if orientation == "landscape" else sheet.set_portrait()
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        sheet.hide_gridlines(2)
        escape = textwrap.shorten(banner.plan, 90, placeholder=" …").replace("&", "&&")
        sheet.set_header(f"&L&8{escape}&R&8{banner.status.replace('&', '&&')[:40]}")
        sheet.set_footer("&L&8&A&C&8Figures may not sum because of rounding.&R&8Page &P of &N")

    def chart(self, row: int, column: int, chart: Chart, width: int, height: int, alternative: str) -> None:
        """A chart with its upper left corner in a cell, in pixels."""
        chart.set_size({"width": width, "height": height})
        self.worksheet.insert_chart(
            row, column, chart, {"object_position": 2, "description": cell_text(alternative)}
        )


def as_written(text: str) -> str:
    """A text as it comes to stand in a cell, for formulas that repeat it."""
    safe = cell_text(text)
    # XlsxWriter takes such a text for one it has marked up itself
    return f"{safe} " if safe.startswith("<r>") and safe.endswith("</r>") else safe


def cached(value: Value) -> Value:
    """What is stored beside a formula as its value."""
    if isinstance(value, str):
        return coded(value)
    return value if math.isfinite(value) else _ABSENT
