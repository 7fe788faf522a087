"""No grid, however odd, makes the understanding fail, and none is understood in quadratic time."""

from __future__ import annotations

import datetime as dt
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.exchange.quotes import quote_to_json, understand
from desktop_app.exchange.quotes.currency import currency_in
from desktop_app.exchange.quotes.dates import find_date, find_span
from desktop_app.exchange.quotes.formulas import Calculator, references, tokens
from desktop_app.exchange.quotes.header import meanings
from desktop_app.exchange.quotes.model import KINDS, ROLES
from desktop_app.exchange.quotes.numbers import read_number
from desktop_app.exchange.reading import Cell, Merge, Sheet, Workbook

WORDS = [
    "Part",
    "Description",
    "Qty",
    "Unit Price",
    "Total",
    "Subtotal",
    "Grand total",
    "VAT 20%",
    "Freight",
    "Option A",
    "NO BID",
    "Discount",
    "Menge",
    "Einzelpreis",
    "Gesamt",
    "数量",
    "単価",
    "金額",
    "合計",
    "Lease for $10.00 per month over 36 months",
    "Quote no. 55-A",
    "1.234",
    "12,50",
    "(3.000,00)",
    "$1,200.00",
    "Included",
    "TBD",
    "03/04/2026",
    "Valid for 30 days",
    "Currency: USD",
    "EUR",
    "=A1+B2",
    "1.1",
    "1",
    "Term (months)",
    "Rate/$1,000",
    "Monthly",
    "NRC",
    "MRC",
    "List price",
    "Discount %",
    "-",
    "n/a",
    "10-49",
    "50+",
]
VALUES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS),
    st.text(max_size=12),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False, width=64),
    st.booleans(),
    st.dates(dt.date(1900, 1, 1), dt.date(2200, 1, 1)),
    st.datetimes(),
    st.none(),
)
FORMULAS = st.sampled_from(
    [None, None, None, "=A1+B2", "=SUM(A1:D9)", "ROUND(A1*B1,2)", "=A1/0", "=((((", "=SUM(", "=B1"]
)
FORMATS = st.sampled_from(
    [None, "General", "0.00%", '"$"#,##0.00', "[$€-407]#,##0.00", "000000", "[$-zzz]", "[$¥-411]#,##0"]
)


@st.composite
def sheets(draw: st.DrawFn, name: str) -> Sheet:
    places = draw(st.sets(st.tuples(st.integers(1, 14), st.integers(1, 8)), max_size=60))
    cells = {}
    for row, column in places:
        formula = draw(FORMULAS)
        value = draw(VALUES)
        error = draw(st.sampled_from([None, None, None, None, "#DIV/0!"]))
        cells[row, column] = Cell(
            row, column, value, draw(FORMATS), formula, error, indent=draw(st.integers(0, 2))
        )
    return Sheet(
        name,
        cells,
        merges=tuple(draw(st.lists(st.builds(Merge, *[st.integers(1, 9)] * 4), max_size=2))),
        hidden=draw(st.booleans()) and draw(st.booleans()),
        hidden_rows=frozenset(draw(st.sets(st.integers(1, 14), max_size=2))),
        hidden_columns=frozenset(draw(st.sets(st.integers(1, 8), max_size=1))),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(sheets("One"), sheets("Two"))
def test_any_grid_gives_a_quote(one: Sheet, two: Sheet) -> None:
    found = understand(Workbook("any.xlsx", "0" * 64, "xlsx", (one, two)), today=dt.date(2026, 1, 1))
    printed = quote_to_json(found)
    assert all(block["role"] in ROLES for block in printed["blocks"])
    for block in found.blocks:
        assert all(line.kind in KINDS for line in block.lines)
        assert len({line.row for line in block.lines}) == len(block.lines)
    assert found.blocks or not found.reconciles
    assert not (found.reconciles and any(issue.code.endswith("-mismatch") for issue in found.issues))


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text("0123456789.,' -()%$€/年月日abc:=+*", max_size=40)))
def test_any_text_is_read_without_failing(text: str) -> None:
    reading = read_number(text)
    assert reading is None or reading.dot is not None or reading.comma is not None
    find_date(text)
    find_span(text)
    currency_in(text)
    meanings(text)
    tokens(text)
    references(text, 1)
    book = Workbook("f", "", "xlsx", (Sheet("S", {(1, 1): Cell(1, 1, None, formula=text)}),))
    Calculator(book).value("S", book.sheets[0].cells[1, 1])


@settings(max_examples=150, deadline=None)
@given(
    st.decimals(-(10**9), 10**9, places=2, allow_nan=False, allow_infinity=False), st.sampled_from([".", ","])
)
def test_printed_numbers_are_read_back(value, sign) -> None:  # type: ignore[no-untyped-def]
    text = f"{value:,.2f}"
    if sign == ",":
        text = text.translate(str.maketrans(".,", ",."))
    reading = read_number(text)
    assert reading is not None
    assert reading.value(sign) == value
    if abs(value) >= 1000:
        assert reading.evidence == sign


def _tall(rows: int) -> Workbook:
    names = ["Part", "Description", "Qty", "Unit price USD", "Total USD"]
    cells = {(1, c): Cell(1, c, name) for c, name in enumerate(names, 1)}
    for r in range(2, rows + 2):
        for c, value in enumerate([f"P-{r}", f"Item number {r}", r % 7 + 1, 12.5, (r % 7 + 1) * 12.5], 1):
            cells[r, c] = Cell(r, c, value)
    total = sum((r % 7 + 1) * 12.5 for r in range(2, rows + 2))
    cells[rows + 2, 2] = Cell(rows + 2, 2, "Total")
    cells[rows + 2, 5] = Cell(rows + 2, 5, total + 7)
    return Workbook("tall.xlsx", "", "xlsx", (Sheet("S", cells),))


def test_long_texts_and_wide_rows_take_seconds_at_most() -> None:
    long = {
        (r, c): Cell(r, c, f"word {r} unit of {c * r} quality") for r in range(1, 20_001) for c in (1, 2, 3)
    }
    wide = {(r, c): Cell(r, c, f"Unit {c}") for r in range(1, 31) for c in range(1, 3_000)}
    start = time.perf_counter()
    for cells in (long, wide):
        found = understand(Workbook("odd.xlsx", "", "xlsx", (Sheet("S", cells),)))
        assert not found.blocks and [i.code for i in found.issues] == ["no-table-found"]
    assert time.perf_counter() - start < 15


def test_time_grows_with_the_rows_and_no_faster() -> None:
    def seconds(rows: int) -> float:
        book = _tall(rows)
        start = time.perf_counter()
        found = understand(book)
        assert len(found.blocks[0].lines) == rows and not found.reconciles
        return time.perf_counter() - start

    seconds(200)
    assert seconds(16_000) < 25 * max(seconds(1_600), 0.05)
