"""Executive summary: the decision asked, the options side by side, the chosen scenario in two charts."""

from __future__ import annotations

import math

import numpy as np

from desktop_app.engine.functions.arithmetic import round_half_away
from desktop_app.exchange.workbook.charts import annual_chart, cumulative_chart
from desktop_app.exchange.workbook.monthly import break_even, marker
from desktop_app.exchange.workbook.pack import (
    SELECTOR_BREAK_EVEN,
    SELECTOR_NAME,
    SELECTOR_NUMBER,
    SELECTOR_ROW,
    Pack,
)
from desktop_app.exchange.workbook.sheet import Sheet
from desktop_app.exchange.workbook.spots import cell
from desktop_app.exchange.workbook.styles import COUNT, DATE, MONTHS, PERCENT, PLAIN, scaled
from desktop_app.exchange.workbook.text import cell_text

_LAST = 9
_FIGURES = ("npv_cost", "", "tco", "capex", "opex", "people", "peak_cash")
_NPV, _DIFFERENCE, _BREAK_EVEN, _RANK = 1, 2, 8, 9
_TITLES = ("Option", "NPV of cost", "NPV against baseline", "TCO", "CapEx", "OpEx", "of which people",
           "Highest month", "Break-even, month", "Rank by NPV")  # fmt: skip
_BASELINE = "baseline"
_NONE = "n/a"


def write_summary(sheet: Sheet, pack: Pack) -> None:
    """One page for the board."""
    sheet.width(0, 34)
    for column in range(1, _LAST + 1):
        sheet.width(column, 13.5)
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
    message, annual = _messages(sheet, pack, said, first, last)
    row = _basis(sheet, pack, last + 2)
    if texts.left_out:
        sheet.text(row, 0, "What is left out", bold=True, valign="top")
        row = sheet.paragraphs(row, 1, texts.left_out, _LAST)
    row += 1
    sheet.chart(row, 0, cumulative_chart(sheet, pack, message, marker(pack)), 620, 330, message[1])
    values = [_by_year(pack, key) for key in ("capex", "other", "people")]
    sheet.chart(row, 5, annual_chart(sheet, pack, annual, values), 475, 330, annual[1])
    sheet.last_row = row + 17


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
    costs = [float(part.program.value("figure/npv_cost").flat[0]) for part in pack.workings]
    for place, part in enumerate(pack.workings):
        row = first + place
        bold = {"bold": place == pack.shown}
        sheet.text(row, 0, pack.labels[place], bold=place == pack.shown)
        for column, name in enumerate(_FIGURES, start=1):
            if name:
                key = f"figure/{name}"
                value = float(part.program.value(key).flat[0])
                sheet.formula(row, column, part.spot(key).cell(), value, number, "Link", **bold)
        _against_baseline(sheet, pack, place, row, number)
        rank = f"RANK({cell(row, _NPV)},$B${first + 1}:$B${last + 1},1)"
        better = sum(cost < costs[place] for cost in costs)
        sheet.formula(row, _RANK, rank, float(better + 1), PLAIN, align="right")


def _against_baseline(sheet: Sheet, pack: Pack, place: int, row: int, number: str) -> None:
    pair = pack.pair_of(place)
    if pair is None:
        words = _BASELINE if _is_baseline(pack, place) else _NONE
        sheet.text(row, _DIFFERENCE, words, "Note", align="right")
        sheet.text(row, _BREAK_EVEN, words, "Note", align="right")
        return
    key = "pair/npv_difference"
    sheet.formula(
        row, _DIFFERENCE, pair.spot(key).cell(), float(pair.program.value(key).flat[0]), number, "Link"
    )
    moment = break_even(pack, place)
    held = moment if math.isfinite(moment) else _NONE
    spot = pair.spot("pair/break_even_month").cell()
    sheet.formula(row, _BREAK_EVEN, spot, held, MONTHS, "Link", align="right")


def _is_baseline(pack: Pack, place: int) -> bool:
    """True if others are compared with it, under whatever case."""
    return pack.base_of(place) == place


def _selector(sheet: Sheet, pack: Pack, first: int, last: int) -> None:
    """Where the reader chooses the scenario that both charts and the first block of CapEx and OpEx show."""
    row, name = SELECTOR_ROW, cell(SELECTOR_ROW, SELECTOR_NAME)
    labels = f"$A${first + 1}:$A${last + 1}"
    shown = pack.labels[pack.shown]
    sheet.text(row, 0, "Scenario shown in the charts (choose)", bold=True)
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
    sheet.text(row, SELECTOR_NUMBER - 1, "Number", "Note", align="right")
    # MATCH reads * ? and ~ in what it looks for as patterns
    plain = f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({name},"~","~~"),"*","~*"),"?","~?")'
    sheet.formula(row, SELECTOR_NUMBER, f"MATCH({plain},{labels},0)", float(pack.shown + 1), PLAIN)
    sheet.text(row, SELECTOR_BREAK_EVEN - 1, "Break-even", "Note", align="right")
    column = "$I$"
    text = f"INDEX({column}{first + 1}:{column}{last + 1},{cell(row, SELECTOR_NUMBER)})"
    sheet.formula(row, SELECTOR_BREAK_EVEN, text, _break_even_word(pack), MONTHS, align="right")
    sheet.book.define_name("Scenario_shown", f"={sheet.reference(row, SELECTOR_NAME)}")
    sheet.book.define_name("Scenario_number", f"={sheet.reference(row, SELECTOR_NUMBER)}")


def _break_even_word(pack: Pack) -> float | str:
    if pack.pair_of(pack.shown) is None:
        return _BASELINE if _is_baseline(pack, pack.shown) else _NONE
    moment = break_even(pack, pack.shown)
    return moment if math.isfinite(moment) else _NONE


def _messages(
    sheet: Sheet, pack: Pack, row: int, first: int, last: int
) -> tuple[tuple[str, str], tuple[str, str]]:
    """What the charts say, as formulas: the titles follow the inputs and the selector."""
    number, name = cell(SELECTOR_ROW, SELECTOR_NUMBER), cell(SELECTOR_ROW, SELECTOR_NAME)
    moment = cell(SELECTOR_ROW, SELECTOR_BREAK_EVEN)
    currency = pack.plan.settings.currency
    npv, gap = (f"INDEX(${c}${first + 1}:${c}${last + 1},{number})" for c in "BC")
    against = _quoted(cell_text(pack.baseline_name)[:100])
    compared = (
        f'" costs {currency} "&FIXED(ABS({gap}),0)&IF({gap}<0," less"," more")'
        f'&" than {against} in present value"'
        f'&IF(ISNUMBER({moment}),"; break-even in month "&FIXED({moment},1),"")'
    )
    alone = f'": NPV of cost {currency} "&FIXED({npv},0)'
    sheet.formula(
        row, 0, f"{name}&IF(ISNUMBER({gap}),{compared},{alone})", _said(pack), role="Title", font_size=12
    )
    sheet.text(row + 1, 0, f"Costs are positive; figures in {pack.words}.", "Note")
    annual = f'"CapEx, OpEx and people of "&{name}&" by fiscal year"'
    told = f"CapEx, OpEx and people of {pack.labels[pack.shown]} by fiscal year"
    sheet.formula(row + 1, 5, annual, told, role="Note")
    return (f"={sheet.reference(row, 0)}", _said(pack)), (f"={sheet.reference(row + 1, 5)}", told)


def _quoted(text: str) -> str:
    """A text as it stands between the quotation marks of a formula."""
    return text.replace('"', '""')


def _said(pack: Pack) -> str:
    label, currency = pack.labels[pack.shown], pack.plan.settings.currency
    part, pair = pack.workings[pack.shown], pack.pair_of(pack.shown)
    if pair is None:
        cost = float(part.program.value("figure/npv_cost").flat[0])
        return f"{label}: NPV of cost {currency} {_fixed(cost, 0)}"
    gap = float(pair.program.value("pair/npv_difference").flat[0])
    text = f"{label} costs {currency} {_fixed(abs(gap), 0)} {'less' if gap < 0 else 'more'}"
    text += f" than {cell_text(pack.baseline_name)[:100]} in present value"
    moment = break_even(pack, pack.shown)
    return f"{text}; break-even in month {_fixed(moment, 1)}" if math.isfinite(moment) else text


def _fixed(value: float, digits: int) -> str:
    rounded = round_half_away(np.array([value]), np.array([float(digits)]))
    return f"{float(rounded[0]):,.{digits}f}"


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
        f"{len(plan.drivers)} assumptions, {ranges} of them with a range; cost lines from quotes: {quoted}",
        f"Sources dated {dates[0]} to {dates[-1]}" if dates else "No assumption has a dated source",
        f"Money of a month is discounted {timing.get(plan.settings.discount_timing, '')} of the month",
        "Break-even: the month in which cumulative cost crosses that of the baseline",
    )
    for offset, remark in enumerate(remarks, start=1):
        sheet.text(row + offset, 3, remark)
    return row + len(facts) + 2
