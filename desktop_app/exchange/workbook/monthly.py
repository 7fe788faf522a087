"""Sheets by month: timeline, series, comparison, workings. The same column is the same month on all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from desktop_app.exchange.workbook import input_sheets
from desktop_app.exchange.workbook.amounts import fixed
from desktop_app.exchange.workbook.calc import Part
from desktop_app.exchange.workbook.pack import (
    MONTH_BODY,
    MONTH_HEADING,
    SELECTOR_BREAK_EVEN,
    SELECTOR_ROW,
    Pack,
)
from desktop_app.exchange.workbook.sheet import Banner, Sheet, as_written
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
from desktop_app.exchange.workbook.styles import DECIMAL, MONTH_NAME, YEAR, shown_width

_TITLES = {
    LABEL: "Quantity",
    LINE: "Cost line",
    UNIT: "Unit",
    CATEGORY: "Category",
    TAG: "Goes into",
    VALUE: "Value",
}
_WIDTHS = {LABEL: 38.0, LINE: 22.0, UNIT: 15.0, CATEGORY: 12.0, TAG: 12.0, OPENING: 1.5}
_ON_PAPER = "Print area: categories and statements"
_NARROWEST, _WIDEST = 9, 40
_FROZEN_COLUMNS = 2
_REPEATED_COLUMNS = 3  # on paper: quantity, cost line, unit


def _open(
    sheet: Sheet, pack: Pack, banner: Banner, subtitle: str, widths: tuple[int, int], note: str = ""
) -> None:
    """Header, column titles and month names; must come first. `widths` are those of the numbers by month and
    of the column of single values, `note` says what is printed.
    """
    for column, characters in _WIDTHS.items():
        sheet.width(column, characters)
    by_month, single = (float(min(_WIDEST, max(_NARROWEST, characters))) for characters in widths)
    sheet.width(VALUE, max(single, float(len(_TITLES[VALUE])) + 2))
    for month in range(pack.months):
        sheet.width(FIRST + month, by_month)
    sheet.set_widths()
    sheet.header(banner, subtitle)
    if note:
        sheet.text(MONTH_HEADING - 1, LINE, note, "Note", font_size=8)
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


def _close(sheet: Sheet, pack: Pack, banner: Banner, rows: tuple[int, int] | None = None) -> None:
    """Page setup; `rows` are those that are printed where not all are."""
    sheet.flush()
    years = pack.timeline.values("time/fiscal_year")[0].tolist()
    sheet.print_in_years(banner, FIRST, years, rows or (0, sheet.last_row), MONTH_BODY, _REPEATED_COLUMNS)


def _widths(*parts: Part) -> tuple[int, int]:
    """Widths of the columns of months and of single values."""
    return (
        max(part.width(monthly=True) for part in parts),
        max(part.width(monthly=False) for part in parts),
    )


def write_timeline(sheet: Sheet, pack: Pack, banner: Banner, checked: Callable[[], None]) -> None:
    """The months of the plan."""
    _open(
        sheet,
        pack,
        banner,
        "Months of the plan; the same column is the same month on every sheet by month",
        _widths(pack.timeline),
    )
    pack.timeline.write(sheet, checked)
    _close(sheet, pack, banner)


def write_series(sheet: Sheet, pack: Pack, banner: Banner) -> None:
    """Drivers that are entered month by month."""
    widest = max(
        (input_sheets.series_width(driver, node) for _, driver, node in pack.inputs.series), default=0
    )
    subtitle = "Drivers that are given month by month; blue cells are inputs"
    _open(sheet, pack, banner, subtitle, (widest, 0))
    input_sheets.write_series(sheet, pack.inputs)
    _close(sheet, pack, banner)


def write_workings(sheet: Sheet, pack: Pack, part: Part, banner: Banner, checked: Callable[[], None]) -> None:
    """All nodes of one scenario. Green rows are fetched from another sheet."""
    subtitle = "Costs are positive. One formula along each row; green: fetched."
    _open(sheet, pack, banner, subtitle, _widths(part), _ON_PAPER)
    part.write(sheet, checked)
    _close(sheet, pack, banner, part.paper_rows())


def write_comparison(sheet: Sheet, pack: Pack, banner: Banner, checked: Callable[[], None]) -> None:
    """Cumulative cost of all scenarios, then each scenario against the baseline."""
    subtitle = "Scenarios side by side. Savings are positive where the first costs less."
    key = "statement/cumulative_cost"
    looks = [part.look(key) for part in pack.workings]
    months, single = _widths(pack.timeline, *pack.comparisons)
    for part, (number, _) in zip(pack.workings, looks, strict=True):
        values = np.nan_to_num(part.values(key))
        months = max(months, shown_width(number, (float(values.min()), float(values.max()))))
    # the month and the cost of the break-even stand among the single values
    _open(sheet, pack, banner, subtitle, (months, max(single, months)), "Print area: cumulative cash cost")
    sheet.text(MONTH_BODY, LABEL, "Cumulative cash cost", "Heading")
    for place, (part, label) in enumerate(zip(pack.workings, pack.labels, strict=True)):
        row = cumulative_row(place)
        number, unit = looks[place]
        spot = part.spot(key)
        sheet.text(row, LABEL, label)
        sheet.text(row, UNIT, unit, "Note")
        for month, value in enumerate(part.values(key)[0].tolist()):
            sheet.formula(row, FIRST + month, spot.cell(FIRST + month), value, number, "Link")
    if pack.comparisons:
        _write_marker(sheet, pack, *looks[pack.shown])
    _write_title(sheet, pack)
    for part in pack.comparisons:
        part.write(sheet, checked)
    _close(sheet, pack, banner, (0, marker_rows(pack)[1]))


def cumulative_title(pack: Pack) -> tuple[str, str]:
    """The cell with the title of the cumulative chart, as a formula, and what it says now."""
    row = marker_rows(pack)[1] + 1
    return f"={Spot(pack.sheets['comparison'], row, LABEL).cell()}", _cumulative_words(pack)


def _cumulative_words(pack: Pack) -> str:
    moment = break_even(pack, pack.shown)
    if not np.isfinite(moment):
        return f"Cumulative cash cost by option, {pack.words}"
    shown, base = as_written(pack.labels[pack.shown]), as_written(pack.baseline_name)[:100]
    return f"Cumulative cash cost of {shown} crosses that of {base} in month {fixed(moment, 1)}"


def _write_title(sheet: Sheet, pack: Pack) -> None:
    """The title of the cumulative chart on the summary: it follows the inputs and the selector."""
    row = marker_rows(pack)[1] + 1
    found = break_even_cell(pack)
    base = as_written(pack.baseline_name)[:100].replace('"', '""')
    crosses = (
        f'"Cumulative cash cost of "&{pack.shown_name}&" crosses that of {base} in month "&FIXED({found},1)'
    )
    text = f'IF(ISNUMBER({found}),{crosses},"Cumulative cash cost by option, {pack.words}")'
    sheet.formula(row, LABEL, text, _cumulative_words(pack), role="Note")


def _write_marker(sheet: Sheet, pack: Pack, number: str, unit: str) -> None:
    """Where the chart marks the break-even of the scenario chosen on the summary; outside it if none."""
    x, y = marker_rows(pack)
    month, cost = marker(pack)
    found = break_even_cell(pack)
    sheet.text(x, LABEL, "Break-even marked in the chart, -1 if none")
    sheet.text(x, UNIT, "month", "Note")
    sheet.formula(x, VALUE, f"IF(ISNUMBER({found}),{found},-1)", month, DECIMAL, "Link")
    top, bottom = cumulative_row(0) + 1, cumulative_row(len(pack.results) - 1) + 1
    first, last = column_name(FIRST), column_name(FIRST + pack.months - 1)
    costs, at = f"${first}${top}:${last}${bottom}", f"{column_name(VALUE)}{x + 1}"
    before = f"IF({at}<1,0,INDEX({costs},{pack.shown_number},MAX(1,INT({at}))))"
    after = f"INDEX({costs},{pack.shown_number},MIN(COLUMNS({costs}),INT({at})+1))"
    sheet.text(y, LABEL, "Cumulative cost of both scenarios then")
    sheet.text(y, UNIT, unit, "Note")
    text = f"IF({at}<0,0,{before}+({at}-INT({at}))*({after}-{before}))"
    sheet.formula(y, VALUE, text, cost, number)


def break_even_cell(pack: Pack) -> str:
    """The break-even month of the scenario chosen on the summary, a number or a text."""
    return Spot(pack.sheets["summary"], SELECTOR_ROW, SELECTOR_BREAK_EVEN).cell()


def break_even(pack: Pack, place: int) -> float:
    """Break-even month of a scenario against the baseline, nan if there is none."""
    part = pack.pair_of(place)
    return float("nan") if part is None else float(part.program.value("pair/break_even_month").flat[0])


def marker(pack: Pack) -> tuple[float, float]:
    """Month and cost of the break-even of the scenario that the summary shows; month -1, where no chart goes,
    if there is none.
    """
    moment = break_even(pack, pack.shown)
    if not np.isfinite(moment):
        return -1.0, 0.0
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
