"""The board pack: a workbook with live formulas that recalculates to the engine's figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from desktop_app.engine.compute import PlanResult
from desktop_app.exchange.reading.process import Cancelled
from desktop_app.exchange.workbook import inputs as input_sheets
from desktop_app.exchange.workbook.checks import master_cell, master_value, write_checks
from desktop_app.exchange.workbook.monthly import (
    write_comparison,
    write_series,
    write_timeline,
    write_workings,
)
from desktop_app.exchange.workbook.pack import SHEETS, Pack, lay_out
from desktop_app.exchange.workbook.saving import ExportError, write_safely
from desktop_app.exchange.workbook.sheet import Banner, Sheet
from desktop_app.exchange.workbook.styles import StyledBook, scale_words
from desktop_app.exchange.workbook.summary import write_summary

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What a pack carries beside the plan's results. `date` and `engine` are printed on the cover."""

    date: str = ""
    engine: str = ""


def export(
    result: PlanResult,
    path: Path,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    scenarios: Iterable[str] | None = None,
    options: ExportOptions | None = None,
) -> None:
    """Writes the pack of a plan's results to `path`, whole or not at all.

    `scenarios` limits it to some; those with errors are left out and named. `progress` is called with a fraction and a
    text; Cancelled is raised soon after `cancelled` says True. ExportError where nothing can be exported, or the file
    cannot be written: the old one is then intact.
    """

    def checked() -> None:
        if cancelled is not None and cancelled():
            raise Cancelled("The export was stopped; no file was written.")

    try:
        pack = lay_out(result, scenarios, checked)
    except ValueError as problem:
        raise ExportError(
            f"No scenario of “{result.plan.name}” can be computed, so there is nothing to export: mend the errors first."
        ) from problem

    def write(fresh: Path) -> None:
        with StyledBook(str(fresh)) as book:
            _write(book, pack, options or ExportOptions(), progress or (lambda fraction, text: None), checked)

    write_safely(path, write)


def _write(
    book: StyledBook, pack: Pack, options: ExportOptions, progress: Progress, checked: Callable[[], None]
) -> None:
    texts = pack.plan.texts
    banner = Banner(pack.plan.name, texts.status or "DRAFT", master_cell(pack), master_value(pack))
    words = scale_words(pack.plan.settings.currency, pack.plan.settings.scale)
    made: dict[str, Sheet] = {}
    skipped = (
        {"cover", "contents"}
        | ({"series"} if not pack.inputs.series else set())
        | ({"lines"} if not pack.inputs.lines else set())
    )
    for key, name in pack.sheets.items():
        if key not in skipped and key != "checks":
            made[key] = Sheet(book, book.new_sheet(name), name, SHEETS[key])
    workings = []
    for part, label in zip(pack.workings, pack.labels, strict=True):
        workings.append(Sheet(book, book.new_sheet(part.sheet), part.sheet, f"Workings: {label}"))
    made["checks"] = Sheet(
        book, book.new_sheet(pack.sheets["checks"]), pack.sheets["checks"], SHEETS["checks"]
    )
    write_checks(made["checks"], pack, banner)
    write_summary(made["summary"], pack, banner, words)
    plan = pack.plan
    calculated = [{key: part.spot(key) for key in part.rows} for part in pack.workings]
    _finish(
        made["assumptions"],
        banner,
        "Every driver with its source; blue cells are inputs",
        lambda s: input_sheets.write_assumptions(s, pack.inputs, plan, calculated),
    )
    if "lines" in made:
        _finish(
            made["lines"],
            banner,
            "Every number entered for a cost line",
            lambda s: input_sheets.write_lines(s, pack.inputs),
        )
    _finish(
        made["settings"],
        banner,
        "Conventions of the plan and constants of its formulas",
        lambda s: input_sheets.write_settings(s, pack.inputs),
    )
    _finish(
        made["rates"],
        banner,
        "Discount rate, tax rate and exchange rates",
        lambda s: input_sheets.write_rates(s, pack.inputs),
    )
    if "series" in made:
        write_series(made["series"], pack, banner)
    write_timeline(made["timeline"], pack, banner, checked)
    write_comparison(made["comparison"], pack, banner, checked)
    for place, (sheet, part) in enumerate(zip(workings, pack.workings, strict=True)):
        progress(0.1 + 0.8 * place / len(workings), f"Writing {part.sheet}")
        write_workings(sheet, pack, part, banner, checked)
    progress(0.9, "Packing the workbook")


def _finish(sheet: Sheet, banner: Banner, subtitle: str, fill: Callable[[Sheet], None]) -> None:
    sheet.header(banner, subtitle)
    fill(sheet)
    sheet.set_widths()
    sheet.worksheet.freeze_panes(5, 1)
    sheet.print_fitted(banner, repeat=5)
    sheet.flush()
