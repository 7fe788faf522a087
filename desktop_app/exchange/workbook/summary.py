"""Executive summary."""

from __future__ import annotations

from desktop_app.exchange.workbook.charts import cumulative_chart
from desktop_app.exchange.workbook.pack import Pack
from desktop_app.exchange.workbook.sheet import BODY, Banner, Sheet
from desktop_app.exchange.workbook.styles import scaled

_FIGURES = ("npv_cost", "tco", "capex", "opex", "people", "peak_cash")


def write_summary(sheet: Sheet, pack: Pack, banner: Banner, words: str) -> None:
    """Options side by side."""
    sheet.header(banner, f"Options side by side, {words}")
    number = scaled(pack.plan.settings.scale)
    sheet.text(BODY, 0, "Scenario", "Heading")
    for column, name in enumerate(_FIGURES, start=1):
        label = pack.workings[0].graph.nodes[f"figure/{name}"].label
        sheet.text(BODY, column, label, "Heading", align="right", text_wrap=True)
    sheet.text(BODY, 7, "Break-even, month", "Heading", align="right", text_wrap=True)
    for place, part in enumerate(pack.workings):
        row = BODY + 1 + place
        sheet.text(row, 0, pack.labels[place])
        for column, name in enumerate(_FIGURES, start=1):
            key = f"figure/{name}"
            sheet.formula(
                row, column, part.spot(key).cell(), float(part.program.value(key).flat[0]), number, "Link"
            )
    sheet.width(0, 34)
    for column in range(1, 8):
        sheet.width(column, 15)
    sheet.set_widths()
    sheet.flush()
    chart = cumulative_chart(sheet.book, pack, words)
    sheet.chart(BODY + 3 + len(pack.workings), 0, chart, 900, 380, "Cumulative cash cost by scenario")
    sheet.last_row += 24
    sheet.print_fitted(banner)
