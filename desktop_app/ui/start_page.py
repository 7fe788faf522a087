"""What is shown while no plan is open: ways to begin, and what Outlay is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QCommandLinkButton,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop_app.exchange.templates import Template, templates
from desktop_app.ui import icons
from desktop_app.ui.pages import heading, quiet, rule

_ABOUT = (
    "Outlay compares ways to get AI compute: own servers, colocation, a lease, reserved or on-demand "
    "cloud, a per-token API, or a mix. "
    "Each way is a scenario made of cost lines; drivers are the quantities and prices they share. You see "
    "total cost of ownership, net "
    "present value, cash by month and the month in which buying has paid for itself, and export a board "
    "pack whose formulas recalculate "
    "to the same cent. Everything stays on this computer."
)


class StartPage(QWidget):
    """Begin from a template, open a plan, or go on with a recent one."""

    template_chosen = Signal(object)
    open_wanted = Signal()
    recent_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Start")
        metrics = self.fontMetrics()
        mark = QLabel()
        mark.setPixmap(icons.mark().pixmap(metrics.height() * 3))
        title = QHBoxLayout()
        title.addWidget(mark)
        title.addWidget(heading("Outlay", 2.0))
        title.addStretch()
        about = QLabel(_ABOUT)
        about.setWordWrap(True)
        self.templates = QVBoxLayout()
        self.recent = QListWidget()
        self.recent.setAccessibleName("Recent plans")
        self.recent.setFrameShape(QFrame.Shape.NoFrame)
        self.recent.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.recent.itemActivated.connect(self._recent)
        self.recent.itemClicked.connect(self._recent)
        open_button = QCommandLinkButton(
            "Open a plan…", "A file that ends in .outlay, or a plan as text (.toml)"
        )
        open_button.setIcon(icons.icon("open"))
        open_button.clicked.connect(self.open_wanted)
        grid = QGridLayout()
        grid.setHorizontalSpacing(metrics.averageCharWidth() * 6)
        grid.addWidget(heading("Begin with a template", 1.1), 0, 0)
        grid.addLayout(self.templates, 1, 0, Qt.AlignmentFlag.AlignTop)
        right = QVBoxLayout()
        right.addWidget(open_button)
        self.recent_title = heading("Recent plans", 1.0)
        right.addWidget(self.recent_title)
        right.addWidget(self.recent)
        self.no_recent = quiet("Plans that you open or save are listed here.")
        right.addWidget(self.no_recent)
        right.addStretch()
        grid.addWidget(heading("Go on", 1.1), 0, 1)
        grid.addLayout(right, 1, 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        inner = QWidget()
        inner.setMaximumWidth(metrics.averageCharWidth() * 130)
        column = QVBoxLayout(inner)
        column.addLayout(title)
        column.addWidget(about)
        column.addWidget(rule())
        column.addLayout(grid)
        outer = QGridLayout(self)
        outer.setRowStretch(0, 1)
        outer.addWidget(inner, 1, 1)
        outer.setRowStretch(2, 2)
        outer.setColumnStretch(0, 1)
        outer.setColumnStretch(1, 12)
        outer.setColumnStretch(2, 1)
        self.first: QCommandLinkButton | None = None
        for template in templates():
            self._add(template)

    def _add(self, template: Template) -> None:
        link = QCommandLinkButton(template.name, template.purpose)
        link.setIcon(icons.icon("new"))
        link.clicked.connect(lambda: self.template_chosen.emit(template))
        self.templates.addWidget(link)
        self.first = self.first or link

    def show_recent(self, paths: list[Path]) -> None:
        """Lists plans that were open before."""
        self.recent.clear()
        for path in paths:
            item = QListWidgetItem(f"{path.stem}   –   {path.parent}")
            item.setData(Qt.ItemDataRole.UserRole, str(path))
            item.setToolTip(str(path))
            self.recent.addItem(item)
        row = self.recent.sizeHintForRow(0) if paths else 0
        self.recent.setFixedHeight(row * min(len(paths), 8) + 2 * self.recent.frameWidth())
        for widget in (self.recent, self.recent_title):
            widget.setVisible(bool(paths))
        self.no_recent.setVisible(not paths)

    def _recent(self, item: QListWidgetItem) -> None:
        self.recent_chosen.emit(item.data(Qt.ItemDataRole.UserRole))
