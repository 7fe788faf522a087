"""The values of a block's rows: numbers, codes and texts of each field, with what stayed uncertain."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from desktop_app.exchange.quotes.column_content import near, number
from desktop_app.exchange.quotes.columns import Columns
from desktop_app.exchange.quotes.dates import find_span
from desktop_app.exchange.quotes.decimals import Style, signs_of_row
from desktop_app.exchange.quotes.model import MONEY_FIELDS, NUMBER_FIELDS
from desktop_app.exchange.quotes.numbers import Reading, exact, read_number
from desktop_app.exchange.quotes.text import fold, normal, tidy
from desktop_app.exchange.quotes.vocabulary_rows import PLACEHOLDERS
from desktop_app.exchange.reading.grid import Cell

_ERROR = re.compile(r"#(?:REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|N/A|BEZUG!|WERT!|NV)$")
_ZEROS = re.compile(r"^(0+)(?:[;@].*)?$")
_PRICE_UNIT = re.compile(
    r"^(?:$|/|per\b|pro\b|je\b|par\b|por\b|al?\b|each|ea\b|p\.|pcm|mo\b|month|hr|hour|day|unit|net|ex|incl|plus|stk|st\b|円|元|원|[-–—]+$|\*|†)"
)
_NUMBER_SET = frozenset(NUMBER_FIELDS)


@dataclass(slots=True)
class Row:
    """One row of a block: its values by field and what is still open about them."""

    number: int
    cells: dict[int, Cell]
    values: dict[str, Decimal] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)  # texts that stand where a number should
    line_no: str | int | None = None
    parent_no: str | int | None = None
    sign: str | None = None
    unsure: dict[str, Reading] = field(default_factory=dict)
    uncached: list[Cell] = field(default_factory=list)
    lost: list[Cell] = field(default_factory=list)  # error cells and formulas that cannot be worked out
    hidden: bool = False
    label: str = ""
    kind: str = ""
    reason: str = ""
    recurrence: str | None = None
    currency: str | None = None
    parent: int | None = None
    factor: Decimal | None = None
    derived: dict[str, Decimal] = field(default_factory=dict)
    counts: bool = False

    def amount(self, track: str = "extended_price") -> Decimal | None:
        """The amount in an amount column, printed or derived."""
        return self.values.get(track, self.derived.get(track))


@dataclass(slots=True)
class Extractor:
    """Reads rows of one block; `compute` works out formulas without a saved value."""

    columns: Columns
    style: Style
    compute: Callable[[Cell], Decimal | None]
    discount_is_fraction: bool
    term_in_years: bool
    answer: Callable[[Cell], str | None]

    def row(self, number: int, cells: dict[int, Cell]) -> Row:
        """Values of one row."""
        row = Row(number, cells)
        readings: dict[str, Reading] = {}
        for name, column in self.columns.of.items():
            cell = cells.get(column)
            if cell is None:
                continue
            if name in _NUMBER_SET:
                self._number(row, name, cell, readings)
            else:
                self._text(row, name, cell)
        if readings:
            self._typed(row, readings)
        if "discount_pct" in row.values:
            self._discount(row)
        if self.term_in_years and "term_months" in row.values:
            row.values["term_months"] *= 12
        return row

    def _number(self, row: Row, name: str, cell: Cell, readings: dict[str, Reading]) -> None:
        value = cell.value
        if cell.error:
            row.lost.append(cell)
        elif value is None:
            self._formula(row, name, cell)
        elif isinstance(value, bool | dt.date | dt.time | dt.timedelta):
            return
        elif isinstance(value, int | float):
            row.values[name] = exact(value)
        else:
            self._number_text(row, name, value, readings)

    def _number_text(self, row: Row, name: str, value: str, readings: dict[str, Reading]) -> None:
        reading = read_number(value)
        if name == "term_months" and (reading is None or reading.unit):
            span = find_span(value)
            if span is not None and span.months is not None:
                row.values[name] = Decimal(span.months)
                return
        if reading is not None and reading.percent and name in MONEY_FIELDS:
            reading = None
        if (
            reading is not None
            and reading.unit
            and name in MONEY_FIELDS
            and not _PRICE_UNIT.match(fold(reading.unit))
        ):
            reading = None
        if reading is None:
            text = tidy(value)
            if _ERROR.match(text):
                row.lost.append(row.cells[self.columns.of[name]])
            elif text and fold(text) not in PLACEHOLDERS:
                row.words[name] = text
            return
        readings[name] = reading
        if reading.unit and name == "quantity":
            row.texts.setdefault("unit", reading.unit)

    def _formula(self, row: Row, name: str, cell: Cell) -> None:
        if not cell.formula:
            return
        computed = self.compute(cell)
        if computed is None:
            row.lost.append(cell)
        else:
            row.values[name] = computed
            row.uncached.append(cell)

    def _typed(self, row: Row, readings: dict[str, Reading]) -> None:
        ambiguous = {name: r for name, r in readings.items() if r.ambiguous}
        for name, reading in readings.items():
            if name not in ambiguous:
                row.values[name] = reading.value(self.style.sign)
        proofs = {r.evidence for r in readings.values() if r.evidence}
        if len(proofs) == 1 and self.style.sign not in proofs:
            row.sign = proofs.pop()
        if not ambiguous:
            return
        sign, certain = signs_of_row(readings, row.values, self.style)
        for name, reading in ambiguous.items():
            chosen = self.answer(row.cells[self.columns.of[name]])
            if chosen in (".", ","):
                row.values[name] = reading.value(chosen)
            elif certain:
                row.values[name] = reading.value(sign)
            else:
                row.unsure[name] = reading
        if certain and sign != self.style.sign:
            row.sign = sign

    def _discount(self, row: Row) -> None:
        cell = row.cells[self.columns.of["discount_pct"]]
        value = abs(row.values["discount_pct"])
        if self.discount_is_fraction and not (isinstance(cell.value, str) and "%" in cell.value):
            value *= 100
        row.values["discount_pct"] = value

    def _text(self, row: Row, name: str, cell: Cell) -> None:
        if name in ("line_no", "parent_no"):
            value = printed_number(cell)
            if value not in (None, ""):
                if name == "line_no":
                    row.line_no = value
                else:
                    row.parent_no = value
            return
        text = printed(cell)
        if text and not (name in ("unit", "currency", "recurrence") and fold(text) in PLACEHOLDERS):
            row.texts[name] = text


def printed(cell: Cell) -> str:
    """The text a reader sees for a code or a text: stored numbers keep the leading zeros of their format.

    >>> printed(Cell(1, 1, 311, "0000000")), printed(Cell(1, 1, 12.0))
    ('0000311', '12')
    """
    value = cell.value
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        number = exact(value)
        if number == number.to_integral_value() and abs(number) < 10**15:
            zeros = _ZEROS.match(cell.number_format or "")
            text = str(int(number))
            return text.zfill(len(zeros[1])) if zeros and number >= 0 else text
        return format(number.normalize(), "f")
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else str(value)


def printed_number(cell: Cell) -> str | int | None:
    """A line number as printed: a stored whole number stays one, a text keeps its zeros."""
    if (
        isinstance(cell.value, int | float)
        and not isinstance(cell.value, bool)
        and cell.value == int(cell.value)
    ) and (not _ZEROS.match(cell.number_format or "") or (cell.number_format or "0") == "0"):
        return int(cell.value)
    text = normal(printed(cell))
    return text or None


def discount_is_fraction(rows: Iterable[dict[int, Cell]], columns: Columns, sign: str) -> bool | None:
    """Whether a discount column stores fractions (0.42) and not percents (42); None without such a column."""
    column = columns.of.get("discount_pct")
    if column is None:
        return None
    largest = Decimal(0)
    percent_format = text_percent = False
    votes = 0
    for cells in rows:
        cell = cells.get(column)
        value = number(cell, sign)
        if cell is None or value is None:
            continue
        if isinstance(cell.value, str) and "%" in cell.value:
            text_percent = True
            continue
        percent_format = percent_format or "%" in (cell.number_format or "")
        largest = max(largest, abs(value))
        before = number(cells.get(columns.of.get("list_price", 0)), sign)
        after = number(cells.get(columns.of.get("unit_price", 0)), sign)
        if value and before and after:
            votes += near(before * (1 - abs(value)), after)
            votes -= near(before * (1 - abs(value) / 100), after)
    if votes:
        return votes > 0
    if percent_format:
        return True
    return Decimal(0) < largest <= 1 and not text_percent
