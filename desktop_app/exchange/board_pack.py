"""What a board pack carries beside the results: sensitivity, simulation and the history of the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from desktop_app import __version__
from desktop_app.document.history import HistoryEntry
from desktop_app.engine import risk
from desktop_app.engine.compute import PlanResult, ScenarioResult
from desktop_app.engine.issues import Issue
from desktop_app.engine.sensitivity import tornado
from desktop_app.exchange.reading import Cancelled
from desktop_app.exchange.workbook.export import ChangeEntry, ExportOptions, RiskReport

TRIALS = 2_000
"""Trials of the simulation in a pack where nobody asks for another number: soon done, its errors stated."""
SEED = 1


def main_scenario(result: PlanResult) -> ScenarioResult | None:
    """The scenario that a paper is about: the preferred one, or the one with the lowest NPV of cost."""
    usable = [one for one in result.scenarios if one.monthly]
    named = [one for one in usable if one.scenario == result.plan.preferred]
    known = [
        (value, place)
        for place, one in enumerate(usable)
        if (value := one.figures["npv_cost"].value) is not None
    ]
    return named[0] if named else usable[min(known)[1]] if known else None


def change_entries(history: Iterable[HistoryEntry]) -> tuple[ChangeEntry, ...]:
    """The history as the change log shows it, latest first."""
    return tuple(_entry(one) for one in reversed(list(history)))


def pack_options(
    result: PlanResult,
    history: Iterable[HistoryEntry],
    date: str,
    *,
    trials: int = TRIALS,
    seed: int = SEED,
    progress: Callable[[float, str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[ExportOptions, tuple[Issue, ...]]:
    """The tornado of the main scenario, a simulation (0 trials: none; none where no driver has a range), and
    the change log; with what sensitivity and simulation have to report. Cancelled.
    """
    shown = main_scenario(result)
    if shown is None:
        return ExportOptions(date, __version__, None, change_entries(history)), ()
    swings, found = tornado(result.plan, shown)
    issues = list(found)
    simulation = None
    if trials and any(risk.uncertain(result.plan, one)[0] for one in result.scenarios if one.monthly):
        simulation = _simulate(result, trials, seed, progress, cancelled)
        issues += [issue for issue in simulation.issues if issue not in issues]
    report = RiskReport(shown.scenario, shown.case, swings, simulation) if swings or simulation else None
    return ExportOptions(date, __version__, report, change_entries(history)), tuple(issues)


def _simulate(
    result: PlanResult,
    trials: int,
    seed: int,
    progress: Callable[[float, str], None] | None,
    cancelled: Callable[[], bool] | None,
) -> risk.Simulation:
    def report(done: float) -> None:
        if progress is not None:
            progress(done, f"Simulating, {trials:,} trials")

    try:
        return risk.simulate(result, trials, seed, progress=report, cancelled=cancelled or (lambda: False))
    except risk.Cancelled:
        raise Cancelled("The simulation was stopped.") from None


def _entry(one: HistoryEntry) -> ChangeEntry:
    old, new = ("" if value is None else str(value) for value in (one.old, one.new))
    if one.table and not one.column:
        new = "added"
    where = ", ".join(part for part in (one.row, one.column) if part) or one.table
    return ChangeEntry(one.time, one.user, one.label, where, old, new)
