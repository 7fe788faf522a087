"""What goes to colleagues and comes back: workbooks they changed, their templates, tables and the summary."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale, QObject
from PySide6.QtGui import QPageSize
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from desktop_app.document.errors import DocumentError, os_sentence
from desktop_app.engine.compute import PlanResult
from desktop_app.exchange.reading import UnreadableFile
from desktop_app.exchange.reading.process import in_child
from desktop_app.exchange.workbook import house_template, round_trip
from desktop_app.exchange.workbook.house_template import Loss, Spot
from desktop_app.exchange.workbook.round_trip import Changes
from desktop_app.exchange.workbook.saving import ExportError
from desktop_app.exchange.workbook.tables import write_flows
from desktop_app.exchange.workbook.template_losses import LIMITS
from desktop_app.ui import help_windows, messages
from desktop_app.ui.bring_back_dialog import BringBackDialog
from desktop_app.ui.executive_summary import write_pdf
from desktop_app.ui.jobs import Handle
from desktop_app.ui.session import Session
from desktop_app.ui.template_dialog import TemplateDialog

_WORKBOOKS = "Excel workbooks (*.xlsx)"
_TABLES = f"Tables (*.csv);;{_WORKBOOKS}"
_TEMPLATES = "Excel workbooks (*.xlsx *.xlsm)"


class Handover(QObject):
    """`say` shows a sentence. `decide` shows a dialog and tells whether it was accepted."""

    def __init__(
        self,
        session: Session,
        window: QWidget,
        say: Callable[..., None],
        decide: Callable[[QDialog], bool] | None = None,
    ) -> None:
        super().__init__(window)
        self.session = session
        self.window = window
        self.say = say
        self.decide = decide or _ask

    # A workbook that comes back

    def bring_back(self, path: Path | None = None) -> None:
        """Compares a workbook with the plan, shows the differences and takes the values over when told to."""
        document = self.session.document
        if document is None:
            return
        if document.read_only:
            self.session.complained.emit(f"The plan cannot be changed here. {document.read_only_reason}")
            return
        source = path or self._open("Bring back a workbook", _WORKBOOKS)
        if source is None:
            return
        plan = self.session.plan

        def work(handle: Handle) -> Changes:
            return round_trip.changes(source, plan, progress=handle.progress, cancelled=handle.cancelled)

        self._start("bring back", f"Comparing {source.name}", work, self._show_changes, "nothing was changed")

    def _show_changes(self, found: Changes) -> None:
        document = self.session.document
        if document is None or not self.decide(BringBackDialog(found, self.window)) or not found.values:
            return
        try:
            round_trip.apply_changes(document, found)
        except DocumentError as problem:
            self.say(str(problem), messages.ERROR)
            return
        count = len(found.values)
        said = "1 value is" if count == 1 else f"{count:,} values are"
        self.say(f"{said} taken over from {found.file_name}.", messages.INFO, "Undo", self.session.undo)

    # A company's own template

    def fill_template(self, template: Path | None = None, target: Path | None = None) -> None:
        """Looks through a template, says what would be lost, and fills a copy of it."""
        results = self._results()
        if results is None:
            return
        source = template or self._open("Fill a company template", _TEMPLATES)
        if source is None:
            return

        def work(handle: Handle) -> tuple[list[Spot], list[Loss]]:
            watched: dict[str, Any] = {"progress": handle.progress, "cancelled": handle.cancelled}
            spots = in_child(house_template.markers, source, LIMITS, limits=LIMITS, **watched)
            return spots, house_template.losses(source, **watched)

        def done(found: tuple[list[Spot], list[Loss]]) -> None:
            dialog = TemplateDialog(source, *found, self.window)
            if self.decide(dialog):
                self._fill(source, target, dialog.mapping, results)

        self._start("template", f"Looking through {source.name}", work, done, "nothing was written")

    def _fill(self, template: Path, target: Path | None, mapping: Path | None, results: PlanResult) -> None:
        try:
            text = mapping.read_text(encoding="utf-8-sig") if mapping is not None else ""
        except UnicodeDecodeError:
            self.say(f"“{mapping}” is not a text in UTF-8: save it as UTF-8.", messages.ERROR)
            return
        except OSError as problem:
            self.say(os_sentence(problem, mapping or template), messages.ERROR)
            return
        wanted = f"Workbooks (*{template.suffix})"
        out = target or self._save(
            "Save the filled workbook", f"{template.stem} filled", template.suffix, wanted
        )
        if out is None:
            return

        def work(handle: Handle) -> int:
            return house_template.fill(
                template, out, results, text, progress=handle.progress, cancelled=handle.cancelled
            )

        def done(count: int) -> None:
            places = "1 place is" if count == 1 else f"{count:,} places are"
            self._written(f"{places} filled: {out}", out)

        self._start("template", f"Filling {template.name}", work, done, "nothing was written")

    # Tables and papers

    def export_table(self, path: Path | None = None) -> None:
        """Writes all cash flows as one table."""
        results = self._results()
        if results is None:
            return
        out = path or self._save("Export the cash-flow table", f"{self._stem()} cash flows", ".csv", _TABLES)
        if out is None:
            return

        def done(count: int) -> None:
            self._written(f"The cash flows are written, {count:,} rows: {out}", out)

        self._start(
            "table", f"Writing {out.name}", lambda _: write_flows(results, out), done, "nothing was written"
        )

    def export_summary(self, path: Path | None = None, paper: QPageSize.PageSizeId | None = None) -> None:
        """Writes the executive summary, one page, as PDF."""
        results = self._results()
        if results is None:
            return
        out = path or self._save("Export the executive summary", self._stem(), ".pdf", "PDF (*.pdf)")
        if out is None:
            return
        try:
            write_pdf(results, out, paper or usual_paper())
        except ExportError as problem:
            self.say(str(problem), messages.ERROR, "Export elsewhere…", self.export_summary)
            return
        self._written(f"The executive summary is written: {out}", out)

    # Shared

    def _results(self) -> PlanResult | None:
        """The figures of the plan as it is now; while they are being computed, none, and why is said."""
        if self.session.computing:
            self.say("The figures are still being computed. Try again when they are there.", messages.WARNING)
            return None
        return self.session.results

    def _start(
        self, kind: str, title: str, work: Callable[[Handle], Any], done: Callable[[Any], None], left: str
    ) -> None:
        def failed(problem: Exception) -> bool:
            if isinstance(problem, (ExportError, UnreadableFile)):
                self.say(str(problem), messages.ERROR)
                return True
            return False

        self.session.jobs.start(
            kind, title, work, done, failed, lambda: self.say(f"{title} was stopped; {left}.")
        )

    def _written(self, sentence: str, path: Path) -> None:
        self.say(sentence, messages.INFO, "Open it", lambda: help_windows.open_file(path))

    def _folder(self) -> Path:
        document = self.session.document
        return document.path.parent if document is not None and document.path else Path.home()

    def _stem(self) -> str:
        document = self.session.document
        name = document.path.stem if document is not None and document.path else self.session.plan.name
        return (name or "Plan").replace("/", "-")

    def _open(self, title: str, kinds: str) -> Path | None:
        name, _ = QFileDialog.getOpenFileName(
            self.window, title, str(self._folder()), f"{kinds};;All files (*)"
        )
        return Path(name) if name else None

    def _save(self, title: str, stem: str, suffix: str, kinds: str) -> Path | None:
        name, kind = QFileDialog.getSaveFileName(
            self.window, title, str(self._folder() / f"{stem}{suffix}"), kinds
        )
        if not name:
            return None
        known = re.findall(r"\*(\.\w+)", kinds)
        if name.lower().endswith(tuple(one.lower() for one in known)):
            return Path(name)
        return Path(name + next(iter(re.findall(r"\*(\.\w+)", kind)), suffix))


def usual_paper() -> QPageSize.PageSizeId:
    """The paper of the user's country."""
    american = QLocale().measurementSystem() == QLocale.MeasurementSystem.ImperialUSSystem
    return QPageSize.PageSizeId.Letter if american else QPageSize.PageSizeId.A4


def _ask(dialog: QDialog) -> bool:
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return accepted
