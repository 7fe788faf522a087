"""The bar at the bottom: whether the plan's checks hold, and the work that is going on, with a way to stop
it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar

from desktop_app.ui.jobs import Jobs


class StatusBar(QStatusBar):
    """Follows the jobs and the plan's state."""

    def __init__(self, jobs: Jobs, show_issues: Callable[[], object]) -> None:
        super().__init__()
        self.jobs = jobs
        self.setSizeGripEnabled(False)
        self.state = QPushButton()
        self.state.setFlat(True)
        self.state.setToolTip("Shows checks and issues")
        self.state.clicked.connect(lambda: show_issues())
        self.what = QLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMaximumWidth(self.fontMetrics().averageCharWidth() * 24)
        self.bar.setMaximumHeight(self.fontMetrics().height())
        self.bar.setAccessibleName("Progress")
        self.stop = QPushButton("Stop")
        self.stop.clicked.connect(jobs.cancel_current)
        for widget in (self.what, self.bar, self.stop):
            self.addWidget(widget)
            widget.hide()
        self.addPermanentWidget(self.state)
        jobs.changed.connect(self._follow_jobs)

    def show_state(self, is_open: bool, errors: int, warnings: int, checks: int, failed: int) -> None:
        """Says whether anything is wrong with the plan."""
        parts = []
        if errors:
            parts.append(f"✗ {errors} error{'s' if errors > 1 else ''}")
        if warnings:
            parts.append(f"⚠ {warnings} warning{'s' if warnings > 1 else ''}")
        if failed:
            parts.append(f"✗ {failed} of {checks} checks fail")
        elif checks:
            parts.append(f"✓ all {checks} checks hold")
        self.state.setText("   ".join(parts))
        self.state.setVisible(is_open and bool(parts))

    def _follow_jobs(self) -> None:
        job = self.jobs.current
        for widget in (self.what, self.bar, self.stop):
            widget.setVisible(job is not None)
        if job is None:
            return
        self.what.setText(self.jobs.text or job.title)
        known = self.jobs.fraction > 0
        self.bar.setRange(0, 1000 if known else 0)
        if known:
            self.bar.setValue(round(self.jobs.fraction * 1000))
