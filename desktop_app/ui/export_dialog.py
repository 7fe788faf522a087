"""What a board pack should carry beside the results."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop_app.engine.risk import MOST_TRIALS
from desktop_app.exchange.board_pack import SEED, TRIALS
from desktop_app.ui.pages import quiet

_MOST_SEED = 2**31 - 1


class ExportDialog(QDialog):
    """Asks for a simulation, its trials and its seed."""

    def __init__(self, uncertain: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export the board pack")
        self.simulate = QCheckBox("With a simulation")
        self.simulate.setChecked(uncertain > 0)
        self.simulate.setEnabled(uncertain > 0)
        self.trials, self.seed = QSpinBox(), QSpinBox()
        self.trials.setRange(1, MOST_TRIALS)
        self.trials.setSingleStep(1000)
        self.trials.setGroupSeparatorShown(True)
        self.trials.setValue(TRIALS)
        self.seed.setRange(0, _MOST_SEED)
        self.seed.setValue(SEED)
        for box in (self.trials, self.seed):
            box.setEnabled(uncertain > 0)
            self.simulate.toggled.connect(box.setEnabled)
        form = QFormLayout()
        form.addRow(self.simulate)
        form.addRow("Trials", self.trials)
        form.addRow("Seed", self.seed)
        drivers = "1 driver has a range" if uncertain == 1 else f"{uncertain:,} drivers have a range"
        note = quiet(
            f"{drivers if uncertain else 'No driver has a range'}. Sensitivity, bridge and change log are "
            "always in the pack; its simulated values are marked as such, with trials and seed."
        )
        note.setMinimumWidth(self.fontMetrics().averageCharWidth() * 56)
        buttons = QDialogButtonBox()
        buttons.addButton("Choose the file…", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(note)
        column.addWidget(buttons)

    @property
    def wanted(self) -> int:
        """Trials; 0 for no simulation."""
        return self.trials.value() if self.simulate.isChecked() else 0
