"""Filling a company's own workbook: what would be filled, what would be lost, and a mapping where one is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.exchange.workbook.house_template import Loss, Spot
from desktop_app.ui.cells import Mark
from desktop_app.ui.pages import button, heading, quiet
from desktop_app.ui.tables import Column, TableModel, TableView


def spot_columns() -> list[Column[Spot]]:
    """Cell, what comes into it, and the text that stands there."""
    return [
        Column("Cell", lambda row: row.where, least=14, most=36),
        Column("Filled with", lambda row: row.value, least=20, most=44),
        Column("Marker", lambda row: row.text, mark=lambda _row: Mark.MUTED, most=60),
    ]


class TemplateDialog(QDialog):
    """Accepted where the template should be filled; `mapping` is then the TOML file, if any was chosen."""

    def __init__(
        self, template: Path, spots: list[Spot], losses: list[Loss], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Fill a company template")
        self.mapping: Path | None = None
        marked = "1 marked cell" if len(spots) == 1 else f"{len(spots):,} marked cells"
        self.message = heading(f"“{template.name}” has {marked}.", 1.1)
        self.spots: TableModel[Spot] = TableModel(
            spot_columns(), key=lambda row: (row.sheet, row.row, row.column)
        )
        self.view = TableView(self.spots, "Marked cells")
        self.spots.set_rows(spots)
        self.lost_heading = QLabel(
            "The copy loses the following; the template itself stays as it is:"
            if losses
            else "Nothing of the template is lost in the copy."
        )
        self.lost_heading.setWordWrap(True)
        self.losses = QListWidget()
        self.losses.setAccessibleName("What the copy loses")
        self.losses.setWordWrap(True)
        self.losses.addItems([str(one) for one in losses])
        self.losses.setVisible(bool(losses))
        self.mapping_label = quiet(
            "Mark cells with {{outlay:tco:Scenario}}, or name them in a mapping (a TOML text; see Help)."
        )
        mapping = QHBoxLayout()
        mapping.addWidget(self.mapping_label, 1)
        mapping.addWidget(button("Mapping…", "Chooses a TOML text that names cells and values", self._choose))
        self.buttons = QDialogButtonBox()
        word = "Fill it in spite of that…" if losses else "Fill it…"
        self.go = self.buttons.addButton(word, QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setEnabled(bool(spots))
        self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.message)
        column.addWidget(self.view, 2)
        column.addLayout(mapping)
        column.addWidget(self.lost_heading)
        column.addWidget(self.losses, 1)
        column.addWidget(self.buttons)
        metrics = self.fontMetrics()
        self.resize(metrics.averageCharWidth() * 120, metrics.height() * 32)
        self.view.fit_columns()

    def choose_mapping(self, path: Path) -> None:
        """Takes a mapping; its places are checked when the template is filled."""
        self.mapping = path
        self.mapping_label.setText(f"Mapping: {path}")
        self.go.setEnabled(True)

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, "Choose a mapping", "", "Mappings (*.toml);;All files (*)"
        )
        if name:
            self.choose_mapping(Path(name))
