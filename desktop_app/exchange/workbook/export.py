"""The board pack: a workbook with live formulas that recalculates to the engine's figures."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop_app.engine.compute import PlanResult
from desktop_app.exchange import palette
from desktop_app.exchange.reading.process import Cancelled
from desktop_app.exchange.workbook import input_sheets
from desktop_app.exchange.workbook.appraisal import write_appraisal, write_definitions, write_npv
from desktop_app.exchange.workbook.assets import has_assets, write_assets
from desktop_app.exchange.workbook.bridge import bridge_ends, write_bridge
from desktop_app.exchange.workbook.checks import HOLDS, master_cell, master_value, write_checks
from desktop_app.exchange.workbook.fingerprint import HashedBook
from desktop_app.exchange.workbook.front import Entry, write_contents, write_cover
from desktop_app.exchange.workbook.monthly import (
    write_comparison,
    write_series,
    write_timeline,
    write_workings,
)
from desktop_app.exchange.workbook.pack import SHEETS, Pack, lay_out
from desktop_app.exchange.workbook.risk import RiskReport, write_risk
from desktop_app.exchange.workbook.saving import ExportError, write_safely
from desktop_app.exchange.workbook.sheet import BODY, Banner, Sheet
from desktop_app.exchange.workbook.sources import ChangeEntry, has_sources, write_changes, write_sources
from desktop_app.exchange.workbook.statements import (
    has_leases,
    write_capex_opex,
    write_cash_flow,
    write_headcount,
    write_leases,
    write_profit_and_loss,
)
from desktop_app.exchange.workbook.summary import write_summary

Progress = Callable[[float, str], None]

# Sheets that depend on what is exported beside the results.
_APART = ("cover", "contents", "risk", "changes")
# What each sheet is for, and the colour of its tab.
_KINDS = {
    "Inputs": ("assumptions", "sources", "rates", "lines", "series", "settings"),
    "Workings": ("timeline", "comparison"),
    "Control": ("cover", "contents", "checks", "definitions", "changes"),
}
_TABS = {
    "Report": palette.PREFERRED,
    "Inputs": palette.INPUT_TAB,
    "Workings": palette.RULE,
    "Control": palette.HOLDS_INK,
}
# Sheets whose column titles, and how many of whose columns, are repeated on each page.
_HEADED = (
    "appraisal", "npv", "assets", "cash", "spend", "profit", "leases", "headcount",
    "assumptions", "rates", "lines", "settings", "definitions", "changes",
)  # fmt: skip
_LABELS = {"lines": 2}
_MOST_ON_LANDSCAPE = 14  # options on the summary
_ABOUT = {
    "cover": "Board pack: what this workbook is, whose it is, and how to read it",
    "contents": "All sheets, with links",
    "summary": "The decision asked, the options side by side, and what the numbers rest on",
    "appraisal": "Key figures of every option, and each option against the baseline",
    "npv": "Cash cost and its present value by option and fiscal year",
    "cash": "Cash flow by fiscal year; money paid out is negative, in parentheses",
    "spend": "Capital and operating expenditure as paid, by fiscal year; costs positive",
    "profit": "Profit and loss, and what the assets are worth, by fiscal year; costs positive",
    "assets": "Each capitalised cost line with its cost, depreciation and what is left at the end",
    "headcount": "People in full-time equivalents, and what they cost, by fiscal year",
    "leases": "Lease liabilities and rights of use by fiscal year",
    "bridge": "From the total cost of the baseline to that of the option: by category, and by what differs",
    "risk": "Values of a sensitivity and simulation run: they do not follow the inputs",
    "assumptions": "Every driver with its unit, value, range and source. Blue cells are inputs.",
    "sources": "Quotes with file and hash, what rests on them, and reference prices",
    "rates": "Discount rate, tax rate and exchange rates. Blue cells are inputs.",
    "lines": "Every number entered for a cost line. Blue cells are inputs.",
    "series": "Assumptions that are given month by month. Blue cells are inputs.",
    "settings": "Conventions of the plan and constants of its formulas. Blue cells are inputs.",
    "timeline": "The months of the plan; the same column is the same month on every sheet by month",
    "comparison": "Cumulative cost by month, and each scenario against the baseline, by month",
    "checks": "Relations that must hold in every scenario; the master check stands on every sheet",
    "definitions": "What each key figure means",
    "changes": "Who changed what in the plan, latest first",
}


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What a pack carries beside the plan's results: date and version of the engine for the cover, a run of
    sensitivity and simulation, and the history of the plan.
    """

    date: str = ""
    engine: str = ""
    risk: RiskReport | None = None
    history: tuple[ChangeEntry, ...] = ()


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

    `scenarios` limits it to some; those with errors are left out and named. `progress` is called with a
    fraction and a text; Cancelled is raised soon after `cancelled` says True. ExportError where nothing can
    be exported, the name is not that of a workbook, or the file cannot be written: the old one stays.
    """
    if path.suffix.lower() != ".xlsx":
        raise ExportError(f"“{path.name}” must end in .xlsx, since the board pack is an Excel workbook.")

    def checked() -> None:
        if cancelled is not None and cancelled():
            raise Cancelled("The export was stopped; no file was written.")

    try:
        pack = lay_out(result, scenarios, checked)
    except ValueError as problem:
        raise ExportError(
            f"No scenario of “{result.plan.name}” can be computed, so there is nothing to export: "
            "mend the errors first."
        ) from problem

    def write(fresh: Path) -> None:
        # sums of numbers near the end of their range overflow, here as in the cells
        made = io.BytesIO()
        with np.errstate(all="ignore"), HashedBook(made) as book:
            _Writer(book, pack, options or ExportOptions(), progress, checked).write()
        fresh.write_bytes(made.getbuffer())

    write_safely(path, write)


class _Writer:
    """Writes the sheets of one pack."""

    def __init__(
        self,
        book: HashedBook,
        pack: Pack,
        options: ExportOptions,
        progress: Progress | None,
        checked: Callable[[], None],
    ) -> None:
        self.book = book
        self.pack = pack
        self.options = options
        self.progress = progress
        self.checked = checked
        status = pack.plan.texts.status or "DRAFT"
        self.banner = Banner(
            pack.plan.name, status, master_cell(pack), master_value(pack), HOLDS, pack.sheets["contents"]
        )

    def write(self) -> None:
        pack, shown = self.pack, self._shown()
        made: dict[str, Sheet] = {}
        workings: list[Sheet] = []
        entries: list[Entry] = []
        for key, name in pack.sheets.items():
            if key not in shown:
                continue
            kind = next((kind for kind, keys in _KINDS.items() if key in keys), "Report")
            made[key] = self._new_sheet(name, SHEETS[key], kind)
            entries.append(Entry(name, kind, _ABOUT[key]))
            if key == "timeline":
                for part, label in zip(pack.workings, pack.labels, strict=True):
                    workings.append(self._new_sheet(part.sheet, f"Workings: {label}", "Workings"))
                    about = f"All quantities of {label}, month by month"
                    entries.append(Entry(part.sheet, "Workings", about))
        made["cover"].title = textwrap.shorten(pack.plan.name, 80, placeholder=" …") or "Board pack"
        self._properties()
        # the summary's chart reads rows of the sheet of CapEx and OpEx
        order = ["spend", *(key for key in made if key not in ("spend", "comparison", "cover"))]
        for place, key in enumerate(order):
            self.checked()
            self._report(0.1 * place / len(order), f"Writing {made[key].name}")
            self._write_one(key, made[key], entries)
        for place, (sheet, part) in enumerate(zip(workings, pack.workings, strict=True)):
            self._report(0.1 + 0.8 * place / len(workings), f"Writing {part.sheet}")
            write_workings(sheet, pack, part, self.banner, self.checked)
        write_comparison(made["comparison"], pack, self.banner, self.checked)
        # the cover tells the hash of all formulas
        self._write_one("cover", made["cover"], entries)
        made["summary"].worksheet.activate()
        self._report(0.9, "Packing the workbook")

    def _new_sheet(self, name: str, title: str, kind: str) -> Sheet:
        worksheet = self.book.new_sheet(name)
        worksheet.set_tab_color(_TABS[kind])
        return Sheet(self.book, worksheet, name, title)

    def _report(self, done: float, text: str) -> None:
        if self.progress is not None:
            self.progress(done, text)

    def _properties(self) -> None:
        plan = self.pack.plan
        self.book.set_properties(
            {
                "title": f"{plan.name}: board pack"[:250],
                "subject": plan.texts.purpose[:250],
                "author": plan.texts.owner[:250],
                "category": (plan.texts.status or "DRAFT")[:250],
                "comments": f"Inputs' hash SHA-256 {self.pack.result.input_hash}",
            }
        )

    def _formulas_hash(self) -> str:
        return self.book.formulas_hash({self.pack.sheets[key] for key in _APART})

    def _shown(self) -> set[str]:
        """The sheets that have something to show."""
        pack = self.pack
        staff = any(block.kind == "staff" for part in pack.workings for block in part.graph.blocks)
        empty = {
            "headcount": not staff,
            "assets": not has_assets(pack),
            "leases": not any(has_leases(part.graph) for part in pack.workings),
            "bridge": bridge_ends(pack) is None,
            "risk": self.options.risk is None,
            "assumptions": not pack.inputs.drivers,
            "sources": not has_sources(pack.plan),
            "lines": not pack.inputs.lines,
            "series": not pack.inputs.series,
            "changes": not self.options.history,
        }
        return {key for key in pack.sheets if not empty.get(key, False)}

    def _write_one(self, key: str, sheet: Sheet, entries: list[Entry]) -> None:
        pack, options, banner = self.pack, self.options, self.banner
        if key == "checks":
            write_checks(sheet, pack, banner)
        elif key == "series":
            write_series(sheet, pack, banner)
        elif key == "timeline":
            write_timeline(sheet, pack, banner, self.checked)
        else:
            fill: dict[str, Callable[[], None]] = {
                "cover": lambda: write_cover(
                    sheet, pack, options.date, options.engine, self._formulas_hash()
                ),
                "contents": lambda: write_contents(sheet, entries),
                "summary": lambda: write_summary(sheet, pack),
                "appraisal": lambda: write_appraisal(sheet, pack),
                "npv": lambda: write_npv(sheet, pack),
                "cash": lambda: write_cash_flow(sheet, pack),
                "spend": lambda: write_capex_opex(sheet, pack),
                "profit": lambda: write_profit_and_loss(sheet, pack),
                "assets": lambda: write_assets(sheet, pack),
                "headcount": lambda: write_headcount(sheet, pack),
                "leases": lambda: write_leases(sheet, pack),
                "bridge": lambda: write_bridge(sheet, pack),
                "risk": lambda: write_risk(sheet, pack, options.risk or RiskReport()),
                "assumptions": lambda: input_sheets.write_assumptions(sheet, pack),
                "sources": lambda: write_sources(sheet, pack.plan),
                "rates": lambda: input_sheets.write_rates(sheet, pack),
                "lines": lambda: input_sheets.write_lines(sheet, pack.inputs),
                "settings": lambda: input_sheets.write_settings(sheet, pack.inputs),
                "definitions": lambda: write_definitions(sheet, pack),
                "changes": lambda: write_changes(sheet, options.history),
            }
            sheet.header(banner, _ABOUT[key], 1 if key == "contents" else 0)
            fill[key]()
            self._finish(key, sheet)

    def _finish(self, key: str, sheet: Sheet) -> None:
        sheet.set_widths()
        if key in ("assumptions", "rates", "lines", "settings", "sources", "changes", "assets", "appraisal"):
            sheet.worksheet.freeze_panes(BODY + 1, 1)
        if key == "summary":
            many = len(self.pack.results) > _MOST_ON_LANDSCAPE
            sheet.print_on_one_page(self.banner, "portrait" if many else "landscape")
        elif key in ("cover", "contents"):
            sheet.print_fitted(self.banner, "portrait")
        else:
            heads = BODY + 1 if key in _HEADED else BODY
            sheet.print_fitted(self.banner, repeat=heads, labels=_LABELS.get(key, 1))
        sheet.flush()


__all__ = ["Cancelled", "ChangeEntry", "ExportError", "ExportOptions", "RiskReport", "export"]
