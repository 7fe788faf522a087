"""Long work: one worker thread a job, with progress, cancel, and of several jobs of a kind the latest
wins.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QThread, Signal

from desktop_app.exchange.reading import Cancelled


@dataclass(slots=True)
class Handle:
    """What the work is given: it reports how far it is, and asks now and then whether it is still wanted."""

    report: Callable[[float, str], None]
    stop: threading.Event = field(default_factory=threading.Event)

    def cancelled(self) -> bool:
        """True once nobody wants the result."""
        return self.stop.is_set()

    def progress(self, fraction: float, text: str = "") -> None:
        """Says how far the work is (0 to 1). Raises Cancelled when it is no longer wanted."""
        if self.stop.is_set():
            raise Cancelled("The work was stopped.")
        self.report(fraction, text)


Work = Callable[[Handle], Any]


class Job(QThread):
    """One piece of work in a thread of its own. Its outcome is delivered in the thread that made it."""

    progressed = Signal(float, str)

    def __init__(self, title: str, work: Work, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.handle = Handle(self.progressed.emit)
        self.result: Any = None
        self.problem: Exception | None = None
        self._work = work

    def run(self) -> None:
        """Does the work; called by Qt in the new thread."""
        try:
            self.result = self._work(self.handle)
        except Exception as problem:  # noqa: BLE001 - handed to the thread that asked for the work
            self.problem = problem

    def cancel(self) -> None:
        """Asks the work to stop; its outcome is dropped."""
        self.handle.stop.set()


class Jobs(QObject):
    """Starts jobs and delivers their outcomes. A new job of a kind cancels the one before it.

    `changed` tells that a job began, went on or ended; `current` is then the one to show, None for none.
    """

    changed = Signal()

    def __init__(
        self, parent: QObject | None = None, on_bug: Callable[[Exception], None] | None = None
    ) -> None:
        super().__init__(parent)
        self._latest: dict[str, Job] = {}
        self._running: list[Job] = []
        self._on_bug = on_bug
        self.fraction = 0.0
        self.text = ""

    @property
    def current(self) -> Job | None:
        """The job that began last among those still wanted."""
        return next((job for job in reversed(self._running) if not job.handle.cancelled()), None)

    def start(
        self,
        kind: str,
        title: str,
        work: Work,
        done: Callable[[Any], None],
        failed: Callable[[Exception], bool] | None = None,
        cancelled: Callable[[], None] | None = None,
    ) -> Job:
        """Runs `work` in a thread, then calls `done` with its result here.

        `failed` gets what the work raised and says whether it was a problem to tell the user about (True),
        or is
        a fault of the program. `cancelled` is called when the user, not a newer job, stopped it.
        """
        self.cancel(kind)
        job = Job(title, work, self)
        self._latest[kind] = job
        self._running.append(job)
        self.fraction, self.text = 0.0, ""
        job.progressed.connect(lambda fraction, text: self._progressed(job, fraction, text))
        job.finished.connect(lambda: self._finished(kind, job, done, failed, cancelled))
        job.start()
        self.changed.emit()
        return job

    def cancel(self, kind: str) -> None:
        """Cancels the job of a kind, if one is running."""
        if job := self._latest.pop(kind, None):
            job.cancel()
            self.changed.emit()

    def cancel_current(self) -> None:
        """Cancels the job that is shown, for the user."""
        if job := self.current:
            job.cancel()
            self.changed.emit()

    def running(self, kind: str) -> bool:
        """True while a job of the kind is wanted and not done."""
        return kind in self._latest

    def wait(self) -> None:
        """Waits for all jobs and delivers their outcomes."""
        while self._running:
            for job in list(self._running):
                job.wait()
            QCoreApplication.processEvents()

    def close(self) -> None:
        """Cancels everything and waits for the threads to end."""
        self._latest.clear()
        for job in self._running:
            job.cancel()
        for job in list(self._running):
            job.wait()

    def _progressed(self, job: Job, fraction: float, text: str) -> None:
        if job is self.current:
            self.fraction, self.text = fraction, text
            self.changed.emit()

    def _finished(
        self,
        kind: str,
        job: Job,
        done: Callable[[Any], None],
        failed: Callable[[Exception], bool] | None,
        cancelled: Callable[[], None] | None,
    ) -> None:
        job.wait()
        self._running.remove(job)
        wanted = self._latest.get(kind) is job
        if wanted:
            del self._latest[kind]
        self.changed.emit()
        job.deleteLater()
        if not wanted:
            return
        if job.handle.cancelled() or isinstance(job.problem, Cancelled):
            if cancelled is not None:
                cancelled()
        elif job.problem is None:
            done(job.result)
        elif failed is None or not failed(job.problem):
            if self._on_bug is None:
                raise job.problem
            self._on_bug(job.problem)
