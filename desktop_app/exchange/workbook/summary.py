"""Executive summary: the decision asked, the options side by side, the chosen scenario in two charts."""

from __future__ import annotations

import math

import numpy as np

from desktop_app.exchange.workbook.amounts import fixed, rank_formula, ranks
from desktop_app.exchange.workbook.charts import annual_chart, cumulative_chart
from desktop_app.exchange.workbook.measure import text_width
from desktop_app.exchange.workbook.monthly import break_even, cumulative_title, marker
from desktop_app.exchange.workbook.pack import (
    SELECTOR_BREAK_EVEN,
    SELECTOR_NAME,
    SELECTOR_NUMBER,
    SELECTOR_ROW,
    Pack,
)
from desktop_app.exchange.workbook.sheet import Sheet, as_written
from desktop_app.exchange.workbook.spots import cell
from desktop_app.exchange.workbook.styles import COUNT, DATE, ONE_DECIMAL, PERCENT, PLAIN, scaled
from desktop_app.exchange.workbook.text import cell_text

_LAST = 9
_CHART_ROWS = 18
_FIGURES = ("npv_cost", "", "tco", "capex", "opex", "people", "peak_cash")
_NPV, _DIFFERENCE, _BREAK_EVEN, _RANK = 1, 2, 8, 9
_TITLES = ("Option", "NPV of cost", "NPV against baseline", "TCO", "CapEx", "OpEx", "of which people",
           "Peak cash, one month", "Break-even, month", "Rank by NPV")  # fmt: skip
_NOTE = (
    "Bold: the preferred option. NPV of cost: all cash cost at its net present value. "
    "TCO: total cost of ownership, the same undiscounted. n/a: cumulative cost never crosses the baseline's."
)
_BASELINE = "baseline"
_NONE = "n/a"


def write_summary(sheet: Sheet, pack: Pack) -> None:
    """One page for the board."""
    sheet.width(0, 34)
    for column in range(1, _LAST + 1):
        sheet.width(column, 14)
    texts = pack.plan.texts
    said = SELECTOR_ROW + 2
    row = said + 2
    for title, text in (("Decision asked", texts.decision), ("Recommendation", texts.recommendation)):
        if text:
            sheet.text(row, 0, title, bold=True, valign="top")
            row = sheet.paragraphs(row, 1, text, _LAST)
    head = row + 1
    first, last = head + 1, head + len(pack.results)
    _options(sheet, pack, head)
    _selector(sheet, pack, first, last)
    _message(sheet, pack, said, first, last)
    row = last + 1
    sheet.text(row, 0, _NOTE, "Note", font_size=9)
    row += 2
    cumulative, annual = cumulative_title(pack), pack.annual_title
    sheet.chart(row, 0, cumulative_chart(sheet, pack, cumulative, marker(pack)), 645, 330, cumulative[1])
    values = [_by_year(pack, key) for key in ("capex", "other", "people")]
    sheet.chart(row, 5, annual_chart(sheet, pack, annual, values), 505, 330, annual[1])
    row = _basis(sheet, pack, row + _CHART_ROWS)
    if texts.left_out:
        sheet.text(row, 0, "What is left out", bold=True, valign="top")
        sheet.paragraphs(row, 1, texts.left_out, _LAST)


def _by_year(pack: Pack, what: str) -> list[float]:
    part = pack.workings[pack.shown]
    people = part.values("statement/people")[0]
    monthly = {"capex": part.values("statement/capex")[0], "people": people}.get(what)
    if monthly is None:
        monthly = part.values("statement/opex")[0] - people
    years = np.array(pack.result.fiscal_years)
    return [float(monthly[years == year].sum()) for year in pack.years]


def _options(sheet: Sheet, pack: Pack, head: int) -> None:
    number = scaled(pack.plan.settings.scale)
    sheet.row(head, 30)
    sheet.text(head, 0, f"{_TITLES[0]}, {pack.words}", "Heading", text_wrap=True)
    sheet.texts(head, 1, _TITLES[1:], text_wrap=True, align="right")
    first, last = head + 1, head + len(pack.results)
    places = ranks([float(part.program.value("figure/npv_cost").flat[0]) for part in pack.workings])
    for place, part in enumerate(pack.workings):
        row = first + place
        sheet.label(row, 0, pack.labels[place], bold=place == pack.shown)
        for column, name in enumerate(_FIGURES, start=1):
            if name:
                key = f"figure/{name}"
                value = float(part.program.value(key).flat[0])
                sheet.formula(
                    row, column, part.spot(key).cell(), value, number, "Link", bold=place == pack.shown
                )
        _against_baseline(sheet, pack, place, row, number)
        rank = rank_formula(cell(row, _NPV), f"$B${first + 1}:$B${last + 1}")
        sheet.formula(row, _RANK, rank, places[place], COUNT, bold=place == pack.shown)


def _against_baseline(sheet: Sheet, pack: Pack, place: int, row: int, number: str) -> None:
    pair = pack.pair_of(place)
    bold = place == pack.shown
    if pair is None:
        words = _BASELINE if _is_baseline(pack, place) else _NONE
        for column in (_DIFFERENCE, _BREAK_EVEN):
            sheet.text(row, column, words, "Note", align="right", num_format=ONE_DECIMAL)
        return
    key = "pair/npv_difference"
    sheet.formula(
        row,
        _DIFFERENCE,
        pair.spot(key).cell(),
        float(pair.program.value(key).flat[0]),
        number,
        "Link",
        bold=bold,
    )
    moment = break_even(pack, place)
    held = moment if math.isfinite(moment) else _NONE
    spot = pair.spot("pair/break_even_month").cell()
    sheet.formula(row, _BREAK_EVEN, spot, held, ONE_DECIMAL, "Link", align="right", bold=bold)


def _is_baseline(pack: Pack, place: int) -> bool:
    """True if others are compared with it, under whatever case."""
    return pack.base_of(place) == place


def _selector(sheet: Sheet, pack: Pack, first: int, last: int) -> None:
    """Where the reader chooses the scenario that both charts and the first block of CapEx and OpEx show."""
    row, name = SELECTOR_ROW, cell(SELECTOR_ROW, SELECTOR_NAME)
    labels = f"$A${first + 1}:$A${last + 1}"
    shown = pack.labels[pack.shown]
    sheet.text(row, 0, "Show in the charts (choose)", bold=True)
    sheet.merged(row, SELECTOR_NAME, SELECTOR_NAME + 1, shown, "Input")
    sheet.worksheet.data_validation(
        row,
        SELECTOR_NAME,
        row,
        SELECTOR_NAME,
        {
            "validate": "list",
            "source": f"={labels}",
            "error_title": "Unknown scenario",
            "error_message": "Choose one of the scenarios of the list.",
        },
    )
    sheet.text(row, SELECTOR_NUMBER - 1, "Option number", "Note", align="right")
    # MATCH reads * ? and ~ in what it looks for as patterns
    plain = f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({name},"~","~~"),"*","~*"),"?","~?")'
    sheet.formula(row, SELECTOR_NUMBER, f"MATCH({plain},{labels},0)", float(pack.shown + 1), PLAIN)
    sheet.merged(
        row, SELECTOR_BREAK_EVEN - 2, SELECTOR_BREAK_EVEN - 1, "Break-even, month", "Note", align="right"
    )
    column = "$I$"
    text = f"INDEX({column}{first + 1}:{column}{last + 1},{cell(row, SELECTOR_NUMBER)})"
    sheet.formula(row, SELECTOR_BREAK_EVEN, text, _break_even_word(pack), ONE_DECIMAL, align="right")
    sheet.book.define_name("Scenario_shown", f"={sheet.reference(row, SELECTOR_NAME)}")
    sheet.book.define_name("Scenario_number", f"={sheet.reference(row, SELECTOR_NUMBER)}")


def _break_even_word(pack: Pack) -> float | str:
    if pack.pair_of(pack.shown) is None:
        return _BASELINE if _is_baseline(pack, pack.shown) else _NONE
    moment = break_even(pack, pack.shown)
    return moment if math.isfinite(moment) else _NONE


def _message(sheet: Sheet, pack: Pack, row: int, first: int, last: int) -> None:
    """What the figures say, as a formula: it follows the inputs and the selector."""
    number, name = cell(SELECTOR_ROW, SELECTOR_NUMBER), cell(SELECTOR_ROW, SELECTOR_NAME)
    moment = cell(SELECTOR_ROW, SELECTOR_BREAK_EVEN)
    npv, gap = (f"INDEX(${c}${first + 1}:${c}${last + 1},{number})" for c in "BC")
    against = _quoted(cell_text(pack.baseline_name)[:100])
    compared = (
        f'" costs "&{pack.amounts.formula(gap, unit=True)}&IF({gap}<0," less"," more")'
        f'&" than {against} in present value"'
        f'&IF(ISNUMBER({moment}),"; break-even in month "&FIXED({moment},1),"")'
    )
    alone = f'": NPV of cost "&{pack.amounts.formula(npv, unit=True)}'
    text = f"{name}&IF(ISNUMBER({gap}),{compared},{alone})"
    said = _said(pack)
    room = sum(sheet.widths.values())
    size = next((size for size in (12, 11, 10, 9) if text_width(said) * size / 9 <= room), 8)
    sheet.formula(row, 0, text, said, role="Title", font_size=size)
    sheet.text(row + 1, 0, f"Costs are positive; figures in {pack.words}.", "Note")


def _quoted(text: str) -> str:
    """A text as it stands between the quotation marks of a formula."""
    return text.replace('"', '""')


def _said(pack: Pack) -> str:
    label = as_written(pack.labels[pack.shown])
    part, pair = pack.workings[pack.shown], pack.pair_of(pack.shown)
    if pair is None:
        cost = float(part.program.value("figure/npv_cost").flat[0])
        return f"{label}: NPV of cost {pack.amounts.words(cost, unit=True)}"
    gap = float(pair.program.value("pair/npv_difference").flat[0])
    text = f"{label} costs {pack.amounts.words(gap, unit=True)} {'less' if gap < 0 else 'more'}"
    text += f" than {cell_text(pack.baseline_name)[:100]} in present value"
    moment = break_even(pack, pack.shown)
    return f"{text}; break-even in month {fixed(moment, 1)}" if math.isfinite(moment) else text


def _basis(sheet: Sheet, pack: Pack, row: int) -> int:
    """What the numbers rest on, live where it is a number."""
    part = pack.workings[pack.shown]
    sheet.text(row, 0, "What the numbers rest on", "Section")
    for column in range(1, _LAST + 1):
        sheet.blank(row, column, "Section")
    facts = (
        ("First month", "setting/start", DATE),
        ("Months", "setting/months", COUNT),
        ("Discount rate per year", "setting/discount_rate", PERCENT),
        ("Income tax rate", "setting/tax_rate", PERCENT),
    )
    for offset, (label, key, number) in enumerate(facts, start=1):
        sheet.text(row + offset, 0, label)
        value = float(part.program.value(key).flat[0])
        sheet.formula(row + offset, 1, part.spot(key).cell(), value, number, "Link")
    plan = pack.plan
    quoted = sum(bool(line.source.quote) for scenario in plan.scenarios for line in scenario.lines)
    dates = sorted(driver.source.date for driver in plan.drivers if driver.source.date)
    ranges = sum(driver.range is not None for driver in plan.drivers)
    timing = {"start": "at the start", "middle": "in the middle", "end": "at the end"}
    remarks = (
        f"Assumptions: {len(plan.drivers)}, with a range: {ranges}; cost lines from quotes: {quoted}",
        f"Sources dated {dates[0]} to {dates[-1]}" if dates else "No assumption has a dated source",
        f"Money of a month is discounted {timing.get(plan.settings.discount_timing, '')} of the month",
        "Calendar, hours, leases and assets left at the end: see the conventions on the cover",
    )
    for offset, remark in enumerate(remarks, start=1):
        sheet.text(row + offset, 3, remark)
    return row + len(facts) + 2
