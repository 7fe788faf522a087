"""Sheets by month: timeline, series, comparison, workings. The same column is the same month on all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from desktop_app.exchange.workbook import input_sheets
from desktop_app.exchange.workbook.calc import Part
from desktop_app.exchange.workbook.pack import (
    MONTH_BODY,
    MONTH_HEADING,
    SELECTOR_BREAK_EVEN,
    SELECTOR_ROW,
    Pack,
)
from desktop_app.exchange.workbook.sheet import Banner, Sheet
from desktop_app.exchange.workbook.spots import (
    CATEGORY,
    FIRST,
    LABEL,
    LINE,
    OPENING,
    TAG,
    UNIT,
    VALUE,
    Spot,
    column_name,
)
from desktop_app.exchange.workbook.styles import DECIMAL, MONTH_NAME, YEAR

_TITLES = {
    LABEL: "Quantity",
    LINE: "Cost line",
    CATEGORY: "Category",
    UNIT: "Unit",
    TAG: "Goes into",
    VALUE: "Value",
}
_WIDTHS = {LABEL: 38.0, LINE: 26.0, CATEGORY: 14.0, UNIT: 13.0, TAG: 18.0, VALUE: 15.0, OPENING: 1.5}
_FROZEN_COLUMNS = 2


def _open(sheet: Sheet, pack: Pack, banner: Banner, subtitle: str, largest: float) -> None:
    """Header, column titles and month names; must come first."""
    for column, characters in _WIDTHS.items():
        sheet.width(column, characters)
    for month in range(pack.months):
        sheet.width(FIRST + month, _digits(largest))
    sheet.set_widths()
    sheet.header(banner, subtitle)
    for column in range(FIRST + pack.months):
        title = _TITLES.get(column, "")
        if column < FIRST:
            sheet.text(MONTH_HEADING, column, title, "Heading") if title else sheet.blank(
                MONTH_HEADING, column, "Heading"
            )
            sheet.blank(MONTH_HEADING + 1, column, "Heading")
    timeline = pack.timeline
    years, starts = timeline.values("time/fiscal_year")[0], timeline.values("time/start")[0]
    for month in range(pack.months):
        column = FIRST + month
        year, start = timeline.spot("time/fiscal_year"), timeline.spot("time/start")
        here = sheet.name == timeline.sheet
        for row, spot, value, number in (
            (0, year, years[month], YEAR),
            (1, start, starts[month], MONTH_NAME),
        ):
            text = f"{column_name(column)}${spot.row + 1}" if here else spot.cell(column)
            sheet.formula(MONTH_HEADING + row, column, text, float(value), number, "Heading", align="right")
    sheet.worksheet.freeze_panes(MONTH_BODY, _FROZEN_COLUMNS)
    sheet.worksheet.outline_settings(True, False, False, False)


def _close(sheet: Sheet, pack: Pack, banner: Banner) -> None:
    sheet.flush()
    sheet.print_in_years(banner, FIRST, pack.months, MONTH_BODY, _FROZEN_COLUMNS)


def _digits(largest: float) -> float:
    """Width of a column whose largest number is shown with two decimals and thousands separators."""
    whole = len(f"{largest:,.0f}") if np.isfinite(largest) else 12
    return float(min(40, max(10, whole + 5)))


def _largest(*parts: Part) -> float:
    return max(
        (
            float(np.nan_to_num(np.abs(part.values(key)), posinf=0.0).max())
            for part in parts
            for key in part.rows
        ),
        default=0.0,
    )


def write_timeline(sheet: Sheet, pack: Pack, banner: Banner, checked: Callable[[], None]) -> None:
    """The months of the plan."""
    _open(
        sheet,
        pack,
        banner,
        "Months of the plan; the same column is the same month on every sheet by month",
        _largest(pack.timeline),
    )
    pack.timeline.write(sheet, checked)
    _close(sheet, pack, banner)


def write_series(sheet: Sheet, pack: Pack, banner: Banner) -> None:
    """Drivers that are entered month by month."""
    largest = max(
        (float(np.abs(node.value).max()) for _, _, node in pack.inputs.series if node.value is not None),
        default=0.0,
    )
    _open(sheet, pack, banner, "Drivers that are given month by month; blue cells are inputs", largest)
    input_sheets.write_series(sheet, pack.inputs)
    _close(sheet, pack, banner)


def write_workings(sheet: Sheet, pack: Pack, part: Part, banner: Banner, checked: Callable[[], None]) -> None:
    """All nodes of one scenario. Green rows are fetched from another sheet."""
    subtitle = "One formula along each row. Green: fetched from another sheet. Costs are positive."
    _open(sheet, pack, banner, subtitle, _largest(part))
    part.write(sheet, checked)
    _close(sheet, pack, banner)


def write_comparison(sheet: Sheet, pack: Pack, banner: Banner, checked: Callable[[], None]) -> None:
    """Cumulative cost of all scenarios, then each scenario against the baseline."""
    subtitle = "Scenarios side by side. Savings are positive where the first scenario costs less."
    _open(sheet, pack, banner, subtitle, _largest(*pack.workings))
    sheet.text(MONTH_BODY, LABEL, "Cumulative cash cost", "Heading")
    for place, (part, label) in enumerate(zip(pack.workings, pack.labels, strict=True)):
        row = cumulative_row(place)
        spot = part.spot("statement/cumulative_cost")
        values = part.values("statement/cumulative_cost")[0].tolist()
        sheet.text(row, LABEL, label)
        sheet.text(row, UNIT, pack.plan.settings.currency, "Note")
        for month, value in enumerate(values):
            sheet.formula(row, FIRST + month, spot.cell(FIRST + month), value, DECIMAL, "Link")
    if pack.comparisons:
        _write_marker(sheet, pack)
    for part in pack.comparisons:
        part.write(sheet, checked)
    _close(sheet, pack, banner)


def _write_marker(sheet: Sheet, pack: Pack) -> None:
    """Where the chart marks the break-even of the scenario chosen on the summary; at the origin if none."""
    x, y = marker_rows(pack)
    month, cost = marker(pack)
    found = break_even_cell(pack)
    sheet.text(x, LABEL, "Break-even marked in the chart, 0 if none")
    sheet.text(x, UNIT, "month", "Note")
    sheet.formula(x, VALUE, f"IF(ISNUMBER({found}),{found},0)", month, DECIMAL, "Link")
    top, bottom = cumulative_row(0) + 1, cumulative_row(len(pack.results) - 1) + 1
    first, last = column_name(FIRST), column_name(FIRST + pack.months - 1)
    costs, at = f"${first}${top}:${last}${bottom}", f"{column_name(VALUE)}{x + 1}"
    before = f"IF({at}<1,0,INDEX({costs},{pack.shown_number},MAX(1,INT({at}))))"
    after = f"INDEX({costs},{pack.shown_number},MIN(COLUMNS({costs}),INT({at})+1))"
    sheet.text(y, LABEL, "Cumulative cost of both scenarios then")
    sheet.text(y, UNIT, pack.plan.settings.currency, "Note")
    text = f"IF({at}=0,0,{before}+({at}-INT({at}))*({after}-{before}))"
    sheet.formula(y, VALUE, text, cost, DECIMAL)


def break_even_cell(pack: Pack) -> str:
    """The break-even month of the scenario chosen on the summary, a number or a text."""
    return Spot(pack.sheets["summary"], SELECTOR_ROW, SELECTOR_BREAK_EVEN).cell()


def break_even(pack: Pack, place: int) -> float:
    """Break-even month of a scenario against the baseline, nan if there is none."""
    part = pack.pair_of(place)
    return float("nan") if part is None else float(part.program.value("pair/break_even_month").flat[0])


def marker(pack: Pack) -> tuple[float, float]:
    """Month and cost of the break-even of the scenario that the summary shows, zeros if there is none."""
    moment = break_even(pack, pack.shown)
    if not np.isfinite(moment):
        return 0.0, 0.0
    costs = [0.0, *pack.workings[pack.shown].values("statement/cumulative_cost")[0].tolist()]
    whole = int(moment)
    before, after = costs[whole], costs[min(pack.months, whole + 1)]
    return moment, before + (moment - whole) * (after - before)


def cumulative_row(place: int) -> int:
    """The row of a scenario's cumulative cost on the comparison sheet."""
    return MONTH_BODY + 1 + place


def marker_rows(pack: Pack) -> tuple[int, int]:
    """Rows of the month and the cost of the break-even on the comparison sheet."""
    first = MONTH_BODY + 2 + len(pack.results)
    return first, first + 1
