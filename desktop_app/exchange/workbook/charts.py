"""Excel's own charts, editable, with their values stored so that previewers draw them.

Solid and dark to light from the axis up, thin light grid lines, one palette, units beside every axis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.chart import Chart

from desktop_app.engine.sensitivity import Swing
from desktop_app.exchange import palette
from desktop_app.exchange.workbook.monthly import cumulative_row, marker_rows
from desktop_app.exchange.workbook.pack import Pack
from desktop_app.exchange.workbook.sheet import Sheet
from desktop_app.exchange.workbook.spots import FIRST, LABEL, VALUE
from desktop_app.exchange.workbook.styles import FONT, MONTH_NAME, PLAIN, YEAR, scaled
from desktop_app.exchange.workbook.years import FIRST_YEAR
from desktop_app.exchange.workbook.years import HEAD as YEAR_HEAD
from desktop_app.exchange.workbook.years import LABEL as YEAR_LABEL

_FONT: Mapping[str, Any] = {"name": FONT, "size": 9, "color": palette.INK}
_GRID = {"visible": True, "line": {"color": palette.BAND, "width": 0.75}}
_AXIS_LINE = {"color": palette.MUTED, "width": 0.75}
_DASHES = ("solid", "solid", "dash", "square_dot", "long_dash", "dash_dot")
_MOST_LINES = 8
_MOST_NAMED_YEARS = 7  # above that "2027" has room below a column, "FY2027" has not
# Columns of the table from which a waterfall is drawn: its six pieces side by side, and the labels.
WATERFALL_PIECES, WATERFALL_LABELS = 4, 10


def _dress(chart: Chart, title: str | tuple[str, str], x: Mapping[str, Any], y: Mapping[str, Any]) -> None:
    """Title (a text, or a cell's formula with the text it has now), axes and legend alike for all charts."""
    common = {"num_font": dict(_FONT), "line": _AXIS_LINE, "name_font": {**_FONT, "bold": False}}
    heading: dict[str, Any] = {"name_font": {**_FONT, "size": 11, "bold": True}, "overlay": False}
    if isinstance(title, tuple):
        heading |= {"name": title[0], "data": [title[1]]}
    else:
        heading["name"] = title[:255]
    chart.set_title(heading)
    chart.set_x_axis({**common, "major_gridlines": {"visible": False}, **x})
    chart.set_y_axis({**common, "major_gridlines": _GRID, "line": {"none": True}, **y})
    chart.set_legend({"position": "bottom", "font": dict(_FONT)})
    chart.set_chartarea({"border": {"none": True}, "fill": {"color": palette.PAPER}})
    chart.set_plotarea({"fill": {"none": True}})


def _scenario_color(pack: Pack, place: int) -> str:
    if place == pack.shown:
        return palette.PREFERRED
    if place == pack.baseline:
        return palette.BASELINE
    others = [one for one in range(len(pack.results)) if one not in (pack.shown, pack.baseline)]
    return palette.OTHERS[others.index(place) % len(palette.OTHERS)]


def _drawn(pack: Pack) -> list[int]:
    """Scenarios with a line: the shown one and the baseline first, so that they are never left out."""
    first = [place for place in (pack.shown, pack.baseline) if place is not None]
    return list(dict.fromkeys([*first, *range(len(pack.results))]))[:_MOST_LINES]


def cumulative_chart(sheet: Sheet, pack: Pack, title: tuple[str, str], marker: tuple[float, float]) -> Chart:
    """Cumulative cash cost of the scenarios over the months, the break-even marked."""
    chart = sheet.book.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    name = pack.sheets["comparison"]
    last = FIRST + pack.months - 1
    months = pack.timeline.spot("time/month")
    numbers = pack.timeline.values("time/month")[0].tolist()
    for place in sorted(_drawn(pack)):
        row = cumulative_row(place)
        main = place in (pack.shown, pack.baseline)
        dash = "solid" if main else _DASHES[2 + place % 4]
        chart.add_series(
            {
                "name": [name, row, LABEL],
                "name_data": [pack.labels[place]],
                "categories": [months.sheet, months.row, FIRST, months.row, last],
                "categories_data": numbers,
                "values": [name, row, FIRST, row, last],
                "values_data": pack.workings[place].values("statement/cumulative_cost")[0].tolist(),
                "line": {
                    "color": _scenario_color(pack, place),
                    # told apart in grey too: the preferred one by its weight, others by their dashes
                    "width": 3 if place == pack.shown else 1.5,
                    "dash_type": dash,
                },
                "marker": {"type": "none"},
            }
        )
    if pack.comparisons:
        x, y = marker_rows(pack)
        chart.add_series(
            {
                "name": "Break-even",
                "categories": [name, x, VALUE, x, VALUE],
                "categories_data": [marker[0]],
                "values": [name, y, VALUE, y, VALUE],
                "values_data": [marker[1]],
                "line": {"none": True},
                "marker": {
                    "type": "diamond",
                    "size": 10,
                    "fill": {"color": palette.ADVERSE},
                    "border": {"color": palette.INK, "width": 0.75},
                },
            }
        )
    words = pack.words
    _dress(
        chart,
        title,
        {
            "name": "Month of the plan",
            "min": 0,
            "max": pack.months,
            "major_unit": 12 if pack.months > 18 else 3,
        },
        {
            "name": f"Cumulative cash cost, {words}",
            "num_format": scaled(pack.plan.settings.scale),
            "min": None,
        },
    )
    return chart


def annual_chart(
    sheet: Sheet, pack: Pack, title: tuple[str, str], values: Sequence[Sequence[float]]
) -> Chart:
    """CapEx, other OpEx and people of the scenario shown, stacked by fiscal year."""
    chart = sheet.book.add_chart({"type": "column", "subtype": "stacked"})
    name = pack.sheets["spend"]
    last = FIRST_YEAR + len(pack.years) - 1
    colors = (palette.CAPEX, palette.OPEX, palette.PEOPLE)
    labels = ("CapEx", "OpEx other than people", "People")
    for row, color, label, data in zip(pack.shown_rows, colors, labels, values, strict=True):
        chart.add_series(
            {
                "name": [name, row, YEAR_LABEL],
                "name_data": [label],
                "categories": [name, YEAR_HEAD, FIRST_YEAR, YEAR_HEAD, last],
                "categories_data": list(pack.years),
                "values": [name, row, FIRST_YEAR, row, last],
                "values_data": list(data),
                "fill": {"color": color},
                "border": {"color": palette.INK, "width": 0.5},
                "gap": 60,
            }
        )
    _dress(
        chart,
        title,
        {
            "name": "Fiscal year",
            "num_format": YEAR if len(pack.years) <= _MOST_NAMED_YEARS else PLAIN,
            "label_position": "low",
        },
        {"name": f"Paid in the year, {pack.words}", "num_format": scaled(pack.plan.settings.scale)},
    )
    return chart


def waterfall_chart(
    sheet: Sheet,
    pack: Pack,
    rows: tuple[int, int],
    labels: Sequence[str],
    pieces: Sequence[Sequence[float]],
    title: tuple[str, str],
) -> Chart:
    """Columns that hang between the running totals: six stacked series, right across zero too."""
    chart = sheet.book.add_chart({"type": "column", "subtype": "stacked"})
    first, last = rows
    looks: Sequence[tuple[str, str | None]] = (
        ("Base", None),
        ("Base", None),
        ("More cost", palette.ADVERSE),
        ("More cost", palette.ADVERSE),
        ("Less cost", palette.FAVOURABLE),
        ("Less cost", palette.FAVOURABLE),
    )
    for offset, (label, color) in enumerate(looks):
        column = WATERFALL_PIECES + offset
        series: dict[str, Any] = {
            "name": label,
            "categories": [sheet.name, first, WATERFALL_LABELS, last, WATERFALL_LABELS],
            "categories_data": list(labels),
            "values": [sheet.name, first, column, last, column],
            "values_data": [row[offset] for row in pieces],
            "gap": 40,
            "fill": {"none": True} if color is None else {"color": color},
            "border": {"none": True} if color is None else {"color": palette.INK, "width": 0.5},
        }
        if color == palette.ADVERSE:
            solid = {"fill": {"color": palette.TOTAL}, "border": {"color": palette.INK, "width": 0.5}}
            series["points"] = [solid, *[None] * (len(labels) - 2), solid]
        chart.add_series(series)
    _dress(
        chart,
        title,
        {"label_position": "low"},
        {"name": f"Total cost of ownership, {pack.words}", "num_format": scaled(pack.plan.settings.scale)},
    )
    chart.set_legend({"position": "bottom", "font": dict(_FONT), "delete_series": [0, 1, 3, 5]})
    return chart


def tornado_chart(
    sheet: Sheet, pack: Pack, rows: tuple[int, int], swings: Sequence[Swing], base: float, title: str
) -> Chart:
    """Bars of the change of the figure at both ends of each driver's range, widest at the top."""
    chart = sheet.book.add_chart({"type": "bar"})
    first, last = rows
    names = [swing.label for swing in swings]
    ends = (
        ("Driver at its low", 6, [swing.figure_low - base for swing in swings], palette.OPEX),
        ("Driver at its high", 7, [swing.figure_high - base for swing in swings], palette.CAPEX),
    )
    for label, column, values, color in ends:
        chart.add_series(
            {
                "name": label,
                "categories": [sheet.name, first, 0, last, 0],
                "categories_data": names,
                "values": [sheet.name, first, column, last, column],
                "values_data": values,
                "fill": {"color": color},
                "border": {"color": palette.INK, "width": 0.5},
                "gap": 40,
                "overlap": 100,  # not stacked: both ends of a driver may move the figure the same way
            }
        )
    _dress(
        chart,
        title,
        {"name": f"Change of the NPV of cost, {pack.words}", "num_format": scaled(pack.plan.settings.scale)},
        {"reverse": True, "label_position": "low", "major_gridlines": {"visible": False}, "crossing": "max"},
    )
    return chart


def fan_chart(
    sheet: Sheet,
    pack: Pack,
    rows: tuple[int, int],
    starts: Sequence[float],
    bands: tuple[Sequence[float], Sequence[float], Sequence[float]],
    title: str,
) -> Chart:
    """The range from P10 to P90 as a band, the median as a line."""
    first, last = rows
    low, middle, high = bands
    area = sheet.book.add_chart({"type": "area", "subtype": "stacked"})
    line = sheet.book.add_chart({"type": "line"})
    axis = {"categories": [sheet.name, first, 0, last, 0], "categories_data": list(starts)}
    spread = [top - bottom for top, bottom in zip(high, low, strict=True)]
    for label, column, values, fill in (
        ("P10", 1, low, {"none": True}),
        ("P10 to P90", 4, spread, {"color": palette.PEOPLE}),
    ):
        area.add_series(
            {
                **axis,
                "name": label,
                "values": [sheet.name, first, column, last, column],
                "values_data": list(values),
                "fill": fill,
                "border": {"none": True},
            }
        )
    line.add_series(
        {
            **axis,
            "name": "Median (P50)",
            "values": [sheet.name, first, 2, last, 2],
            "values_data": list(middle),
            "line": {"color": palette.PREFERRED, "width": 2.25},
        }
    )
    area.combine(line)
    _dress(
        area,
        title,
        {
            "name": "Month",
            "date_axis": True,
            "num_format": MONTH_NAME,
            "major_unit": 12,
            "major_unit_type": "months",
        },
        {"name": f"Cumulative cash cost, {pack.words}", "num_format": scaled(pack.plan.settings.scale)},
    )
    area.set_legend({"position": "bottom", "font": dict(_FONT), "delete_series": [0]})
    return area
