"""Workbooks and pictures in and out: quotes read, board packs and charts written, in workers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from desktop_app.exchange import board_pack
from desktop_app.exchange.quote_import import default_scenario
from desktop_app.exchange.quotes import Mapping, Quote, read_sheets_and_quote
from desktop_app.exchange.reading import UnreadableFile, Workbook
from desktop_app.exchange.workbook.export import export
from desktop_app.exchange.workbook.saving import ExportError
from desktop_app.ui import help_windows, messages
from desktop_app.ui.chart_export import write_charts
from desktop_app.ui.export_dialog import ExportDialog
from desktop_app.ui.jobs import Handle
from desktop_app.ui.review import Review
from desktop_app.ui.session import Session

QUOTE_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt")


class Transfers(QObject):
    """What comes in and goes out. `say` shows a sentence, `review` shows a quote that was read."""

    def __init__(
        self,
        session: Session,
        window: QWidget,
        say: Callable[..., None],
        review: Callable[[Review], None],
    ) -> None:
        super().__init__(window)
        self.session = session
        self.window = window
        self.say = say
        self.review = review

    def import_quote(self, path: Path | None = None) -> None:
        """Reads a vendor's quote and shows what was understood; nothing is imported yet."""
        if path is None:
            pattern = " ".join(f"*{suffix}" for suffix in QUOTE_SUFFIXES)
            kinds = f"Quotes ({pattern});;All files (*)"
            name, _ = QFileDialog.getOpenFileName(self.window, "Import a quote", "", kinds)
            if not name:
                return
            path = Path(name)
        target = path

        def work(handle: Handle) -> tuple[Workbook, Quote]:
            return read_sheets_and_quote(
                target, today=_today(), progress=handle.progress, cancelled=handle.cancelled
            )

        def done(found: tuple[Workbook, Quote]) -> None:
            scenario = self.session.scenario or default_scenario(self.session.plan)
            self.review(Review(target, *found, Mapping(), scenario))

        def failed(problem: Exception) -> bool:
            if isinstance(problem, UnreadableFile):
                self.say(str(problem), messages.ERROR)
            return isinstance(problem, UnreadableFile)

        self.session.jobs.start(
            "read quote",
            f"Reading {target.name}",
            work,
            done,
            failed,
            lambda: self.say(f"Reading {target.name} was stopped; nothing was imported."),
        )

    def export_pack(
        self, path: Path | None = None, trials: int = board_pack.TRIALS, seed: int = board_pack.SEED
    ) -> None:
        """Writes the board pack; without a path the user says which, and what simulation it should hold."""
        if self.session.computing:
            self.say("The figures are still being computed. Try again when they are there.", messages.WARNING)
            return
        results, document = self.session.results, self.session.document
        if results is None or document is None:
            return
        if path is None:
            ranges = sum(driver.range is not None for driver in document.plan.drivers)
            dialog = ExportDialog(ranges, self.window)
            accepted = dialog.exec() == QDialog.DialogCode.Accepted
            trials, seed = dialog.wanted, dialog.seed.value()
            dialog.deleteLater()
            if not accepted:
                return
            folder = document.path.parent if document.path else Path.home()
            stem = document.path.stem if document.path else document.plan.name or "Board pack"
            name, _ = QFileDialog.getSaveFileName(
                self.window, "Export the board pack", str(folder / f"{stem}.xlsx"), "Excel workbooks (*.xlsx)"
            )
            if not name:
                return
            path = Path(name) if name.lower().endswith(".xlsx") else Path(f"{name}.xlsx")
        target = path
        history, date = document.history(), _today().isoformat()

        def simulating(handle: Handle, done: float, text: str) -> None:
            # called from the threads of the simulation, which ask by themselves whether to go on
            if not handle.cancelled():
                handle.report(done / 2, text)

        def work(handle: Handle) -> Path:
            options, _ = board_pack.pack_options(
                results,
                history,
                date,
                trials=trials,
                seed=seed,
                progress=lambda done, text: simulating(handle, done, text),
                cancelled=handle.cancelled,
            )
            export(
                results,
                target,
                progress=lambda done, text: handle.progress(0.5 + done / 2, text),
                cancelled=handle.cancelled,
                options=options,
            )
            return target

        def done(written: Path) -> None:
            sentence = f"The board pack is written: {written}"
            self.say(sentence, messages.INFO, "Open it", lambda: help_windows.open_file(written))

        def failed(problem: Exception) -> bool:
            if isinstance(problem, ExportError):
                self.say(str(problem), messages.ERROR, "Export elsewhere…", self.export_pack)
            return isinstance(problem, ExportError)

        self.session.jobs.start(
            "export",
            f"Writing {target.name}",
            work,
            done,
            failed,
            lambda: self.say("The export was stopped; no file was written."),
        )

    def export_charts(self, folder: Path | None = None) -> None:
        """Writes the charts as pictures in print resolution."""
        results = self.session.results
        if results is None:
            return
        if folder is None:
            name = QFileDialog.getExistingDirectory(self.window, "Write the charts into a folder")
            if not name:
                return
            folder = Path(name)
        try:
            written = write_charts(results, folder)
        except OSError as problem:
            why = problem.strerror or str(problem)
            self.say(
                f"The charts cannot be written into “{folder}”: {why}. Choose another folder.", messages.ERROR
            )
            return
        self.say(f"{len(written)} charts are written into {folder}.")


def _today() -> dt.date:
    return dt.date.today()  # noqa: DTZ011 - the user's own day
