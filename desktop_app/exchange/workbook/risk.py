"""Sensitivity and risk: values of a run that was made before, marked as such, with tornado and fan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.engine.risk import Chance, ScenarioRisk, Simulation
from desktop_app.engine.sensitivity import Swing
from desktop_app.exchange.workbook.charts import fan_chart, tornado_chart
from desktop_app.exchange.workbook.pack import Pack
from desktop_app.exchange.workbook.sheet import BODY, Sheet
from desktop_app.exchange.workbook.styles import MONTH_NAME, PERCENT, number_format, scale_words, scaled

_MOST_BARS = 12
_MOST_CHANCES = 12
_PERCENTILES = (5, 10, 50, 90, 95)
_NAMES = {"npv_cost": "NPV of cost", "tco": "TCO"}


@dataclass(frozen=True, slots=True)
class RiskReport:
    """What was computed about uncertainty: the swings of a scenario's NPV of cost, and a simulation."""

    scenario: str = ""
    case: str = ""
    swings: Sequence[Swing] = ()
    simulation: Simulation | None = None


def write_risk(sheet: Sheet, pack: Pack, report: RiskReport) -> None:
    """Tables of the run's values, each cell in the style of simulated values."""
    settings = pack.plan.settings
    number, words = scaled(settings.scale), scale_words(settings.currency, settings.scale)
    sheet.width(0, 44)
    for column in range(1, 9):
        sheet.width(column, 14)
    row = BODY
    if report.swings:
        row = _write_swings(sheet, pack, report, row, number, words)
    if report.simulation is not None:
        _write_simulation(sheet, pack, report.simulation, row, number, words)


def _write_swings(sheet: Sheet, pack: Pack, report: RiskReport, row: int, number: str, words: str) -> int:
    swings = list(report.swings)[:_MOST_BARS]
    name = f"{report.scenario} ({report.case})" if report.case else report.scenario
    sheet.keep_together(row)
    sheet.row(row, 18)
    sheet.text(row, 0, f"What moves the NPV of cost of {name} most", "Section", font_size=12)
    sheet.text(row + 1, 0, "Each driver alone at both ends of its range; ±10% where it has none.", "Note")
    head = row + 2
    titles = [
        "Driver",
        "Low",
        "Base",
        "High",
        "NPV at low",
        "NPV at high",
        "Change at low",
        "Change at high",
        "Range",
    ]
    sheet.row(head, 28)
    sheet.text(head, 0, f"{titles[0]}; NPV of cost in {words}", "Heading", text_wrap=True)
    sheet.texts(head, 1, titles[1:-1], align="right", text_wrap=True)
    sheet.text(head, 8, titles[-1], "Heading", indent=1)
    base = float(
        pack.workings[pack.place_of(report.scenario, report.case)].program.value("figure/npv_cost").flat[0]
    )
    for offset, swing in enumerate(swings, start=1):
        line = head + offset
        sheet.text(
            line,
            0,
            f"{swing.label}, {swing.unit}" if swing.unit and swing.unit != "%" else swing.label,
            text_wrap=True,
        )
        look = number_format(swing.unit, (swing.low, swing.base, swing.high))
        for column, value in enumerate((swing.low, swing.base, swing.high), start=1):
            sheet.number(line, column, value, look, "Simulated")
        changes = (swing.figure_low, swing.figure_high, swing.figure_low - base, swing.figure_high - base)
        for column, value in enumerate(changes, start=4):
            sheet.number(line, column, value, number, "Simulated")
        sheet.text(line, 8, "assumed ±10%" if swing.assumed else "given", "Note", indent=1)
    last = head + len(swings)
    said = f"{swings[0].label} moves the NPV of cost of {name} most: {_reach(pack, swings[0], base)}"
    chart = tornado_chart(sheet, pack, (head + 1, last), swings, base, said)
    sheet.chart(last + 2, 0, chart, 940, 360, "Tornado of the drivers that move the NPV of cost most")
    sheet.last_row = last + 22
    return last + 23


def _reach(pack: Pack, swing: Swing, base: float) -> str:
    """How far a driver moves the figure, in words."""
    low, high = sorted((swing.figure_low - base, swing.figure_high - base))
    ends = (f"{'-' if end < 0 else '+'}{pack.amounts.words(end)}" for end in (low, high))
    return f"{' to '.join(ends)}, {pack.words}"


def _write_simulation(sheet: Sheet, pack: Pack, run: Simulation, row: int, number: str, words: str) -> None:
    sheet.keep_together(row)
    sheet.row(row, 18)
    title = f"Simulation: {run.trials:,} trials, seed {run.seed}; {words}"
    sheet.text(row, 0, title, "Section", font_size=12)
    sheet.text(
        row + 1,
        0,
        "P5 to P95: what 5 to 95 trials in 100 stay below; P50 is the median. Std. error: of the mean.",
        "Note",
    )
    head = row + 2
    sheet.text(head, 0, "Scenario and figure", "Heading")
    sheet.texts(head, 1, ["Mean", "Std. error", *(f"P{at}" for at in _PERCENTILES)], align="right")
    line = head
    for one in run.scenarios:
        for name in _NAMES:
            if name not in one.figures:
                continue
            line += 1
            spread = one.figures[name]
            label = f"{one.scenario} ({one.case})" if one.case else one.scenario
            sheet.label(line, 0, f"{label}: {_NAMES[name]}")
            values = (spread.mean, spread.standard_error, *(spread.percentiles[at] for at in _PERCENTILES))
            for column, value in enumerate(values, start=1):
                sheet.number(line, column, float(value), number, "Simulated")
    if run.chances:
        line += 2
        sheet.keep_together(line)
        sheet.text(line, 0, "Chance that the first costs less", "Heading")
        sheet.texts(line, 1, ["Probability", "Std. error"], align="right")
        for chance in _chances(pack, run):
            line += 1
            sheet.text(
                line,
                0,
                f"{chance.a} against {chance.b} ({_NAMES.get(chance.figure, chance.figure)})",
                text_wrap=True,
            )
            sheet.number(line, 1, chance.probability, PERCENT, "Simulated")
            sheet.number(line, 2, chance.standard_error, PERCENT, "Simulated")
    shown = _shown(pack, run)
    if shown is not None:
        _write_fan(sheet, pack, shown, line + 2, number, words)


def _chances(pack: Pack, run: Simulation) -> list[Chance]:
    """All pairs, or where there are many those with the scenario that the pack is about."""
    if len(run.chances) <= _MOST_CHANCES:
        return list(run.chances)
    about = pack.results[pack.shown].scenario
    return [chance for chance in run.chances if about in (chance.a, chance.b)]


def _shown(pack: Pack, run: Simulation) -> ScenarioRisk | None:
    result = pack.results[pack.shown]
    return next(
        (one for one in run.scenarios if (one.scenario, one.case) == (result.scenario, result.case)), None
    )


def _write_fan(sheet: Sheet, pack: Pack, risk: ScenarioRisk, row: int, number: str, words: str) -> None:
    """P10, P50 and P90 of cumulative cost by month, set out downwards."""
    if not all(at in risk.band for at in (10, 50, 90)):
        return
    label = f"{risk.scenario} ({risk.case})" if risk.case else risk.scenario
    chart_row = row
    head = row + 22
    sheet.keep_together(row)
    sheet.keep_together(head)
    sheet.text(head, 0, f"Cumulative cash cost of {label}, {words}", "Heading")
    sheet.texts(head, 1, ["P10", "P50", "P90", "P10 to P90"], align="right")
    starts = pack.timeline.values("time/start")[0].tolist()
    low, middle, high = (risk.band[at].reshape(-1).tolist() for at in (10, 50, 90))
    for month, (start, *values) in enumerate(zip(starts, low, middle, high, strict=True), start=1):
        sheet.number(head + month, 0, start, MONTH_NAME, "Simulated", align="left")
        for column, value in enumerate((*values, values[2] - values[0]), start=1):
            sheet.number(head + month, column, value, number, "Simulated")
    title = (
        f"Four trials in five end between {words} {pack.amounts.words(low[-1])} and "
        f"{pack.amounts.words(high[-1])}: cumulative cash cost of {label}"
    )
    chart = fan_chart(sheet, pack, (head + 1, head + len(starts)), starts, (low, middle, high), title)
    sheet.chart(chart_row, 0, chart, 940, 400, f"Fan of the cumulative cost of {label}")
