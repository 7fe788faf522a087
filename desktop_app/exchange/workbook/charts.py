"""Excel's own charts, editable, with their values stored so that previewers draw them."""

from __future__ import annotations

from xlsxwriter.chart import Chart

from desktop_app.exchange import palette
from desktop_app.exchange.workbook.monthly import cumulative_row
from desktop_app.exchange.workbook.pack import MONTH_HEADING, Pack
from desktop_app.exchange.workbook.spots import FIRST
from desktop_app.exchange.workbook.styles import StyledBook

_FONT = {"name": "Calibri", "size": 9, "color": palette.INK}


def cumulative_chart(book: StyledBook, pack: Pack, words: str) -> Chart:
    """Cumulative cash cost of the scenarios."""
    chart = book.add_chart({"type": "line"})
    sheet = pack.sheets["comparison"]
    last = FIRST + pack.months - 1
    starts = pack.timeline.values("time/start")[0].tolist()
    for place, part in enumerate(pack.workings):
        row = cumulative_row(place)
        chart.add_series(
            {
                "name": [sheet, row, 0],
                "name_data": [pack.labels[place]],
                "categories": [sheet, MONTH_HEADING + 1, FIRST, MONTH_HEADING + 1, last],
                "values": [sheet, row, FIRST, row, last],
                "categories_data": starts,
                "values_data": part.values("statement/cumulative_cost")[0].tolist(),
                "line": {"width": 2},
                "smooth": False,
            }
        )
    chart.set_title({"name": f"Cumulative cash cost, {words}", "name_font": {**_FONT, "size": 11}})
    return chart
