"""Where a quote goes: the scenario, exchange rates that the plan lacks, and the one button that imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.ui.pages import button


class Rates(QWidget):
    """Asks for the price of currencies that the plan has no rate for."""

    given = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edits: dict[str, QLineEdit] = {}
        self._widgets: list[QWidget] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)

    def show_rates(self, codes: Sequence[str], given: Mapping[str, str], own: str) -> None:
        """Asks for the rates of these currencies in `own`; typed ones stay while the codes do."""
        self.setVisible(bool(codes))
        if list(self.edits) == list(codes):
            return
        for widget in self._widgets:
            self._row.removeWidget(widget)
            widget.deleteLater()
        self.edits, self._widgets = {}, []
        for code in codes:
            label = QLabel(f"1 {code} in {own}")
            edit = QLineEdit(given.get(code, ""))
            edit.setAccessibleName(f"Price of 1 {code} in {own}")
            edit.setMaximumWidth(edit.fontMetrics().averageCharWidth() * 12)
            edit.editingFinished.connect(lambda code=code, edit=edit: self.given.emit(code, edit.text()))
            self._row.addWidget(label)
            self._row.addWidget(edit)
            self.edits[code] = edit
            self._widgets += [label, edit]


class ImportBar(QWidget):
    """The row below a review. It says why nothing can be imported yet, or what would be."""

    aimed = Signal(str, str)
    rate_given = Signal(str, str)
    import_wanted = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.target = QComboBox()
        self.target.setAccessibleName("Scenario to import into")
        self.target.activated.connect(lambda _: self._aim())
        self.new_scenario = QLineEdit()
        self.new_scenario.setAccessibleName("Name of a new scenario")
        self.new_scenario.setPlaceholderText("a new scenario based on it (optional)")
        self.new_scenario.editingFinished.connect(self._aim)
        self.rates = Rates()
        self.rates.given.connect(self.rate_given.emit)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setForegroundRole(QPalette.ColorRole.BrightText)
        self.go = QPushButton("Import")
        self.go.setDefault(True)
        self.go.clicked.connect(self.import_wanted.emit)
        row = QHBoxLayout()
        row.addWidget(QLabel("Into"))
        row.addWidget(self.target, 1)
        row.addWidget(QLabel("as"))
        row.addWidget(self.new_scenario, 1)
        row.addWidget(self.rates)
        row.addStretch(1)
        row.addWidget(button("Cancel", "Closes the review; nothing is imported", self.cancelled.emit))
        row.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.problem)
        column.addLayout(row)

    def show_target(self, scenarios: Sequence[str], chosen: str, new_scenario: str) -> None:
        """Offers the scenarios of the plan."""
        self.target.clear()
        self.target.addItems(list(scenarios))
        self.target.setCurrentText(chosen)
        self.new_scenario.setText(new_scenario)

    def show_rates(self, codes: Sequence[str], given: Mapping[str, str], own: str) -> None:
        """Asks for the exchange rates of these currencies."""
        self.rates.show_rates(codes, given, own)

    def say(self, problem: str, lines: int) -> None:
        """Says why it cannot be imported ("": it can), and how many lines would be."""
        self.problem.setText(f"✗ {problem}" if problem else "")
        self.problem.setVisible(bool(problem))
        self.go.setEnabled(not problem)
        self.go.setText(f"Import {lines:,} line{'' if lines == 1 else 's'}")

    def _aim(self) -> None:
        self.aimed.emit(self.target.currentText(), self.new_scenario.text().strip())
