"""The fields of one cost line, laid out from what its kind declares."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.engine.compute import ScenarioResult
from desktop_app.engine.kinds import KINDS, Field, Kind
from desktop_app.engine.kinds.declare import PRICE_FIELDS
from desktop_app.engine.model import Plan
from desktop_app.ui import display
from desktop_app.ui.field_editor import FieldEditor
from desktop_app.ui.pages import heading, quiet
from desktop_app.ui.plan_rows import LineRow

_PRICE = {field.name for field in PRICE_FIELDS}
_BOOKS = {"life", "residual", "method", "factor", "tax_method", "tax_life", "tax_table", "standard"}
# Fields that matter only with a certain choice in another one.
_DEPENDS = {
    "factor": ("method", "declining_balance"),
    "tax_life": ("tax_method", "straight_line"),
    "tax_table": ("tax_method", "table"),
}
GENERAL = ("name", "category", "asset_class", "source", "date", "owner", "note")
_GENERAL_LABELS = {
    "name": "Name",
    "category": "Category",
    "asset_class": "Asset class",
    "source": "Source",
    "date": "Date",
    "owner": "Owner",
    "note": "Note",
}


def unit_hint(field: Field, currency: str) -> str:
    """What is to be entered, in short."""
    return {
        "money": currency,
        "money/quantity": f"{currency} each",
        "month": "months",
        "any": "",
    }.get(field.unit, "")


class LineForm(QScrollArea):
    """A form for the chosen line. `field_changed` (name, text) and `field_reverted` (name) ask for edits.

    General texts (name, category, source ...) come as names with a dot in front.
    """

    field_changed = Signal(str, str)
    field_reverted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Fields of the cost line")
        self.editors: dict[str, FieldEditor] = {}
        self._built: tuple[str, tuple[str, ...]] | None = None
        self._title = heading()
        self._help = quiet()

    def clear(self) -> None:
        """Shows no line."""
        self._built = None
        self.editors = {}
        self.setWidget(QWidget())

    def show_line(
        self, row: LineRow, plan: Plan, result: ScenarioResult | None, words: list[str], read_only: bool
    ) -> None:
        """Shows a line as the chosen scenario has it."""
        kind = KINDS.get(row.line.kind)
        categories = tuple(
            dict.fromkeys(
                line.category for scenario in plan.scenarios for line in scenario.lines if line.category
            )
        )
        shape = (row.line.kind, categories + tuple(plan.fx) + tuple(table.name for table in plan.tables))
        if self._built != shape:
            self._build(kind, plan, categories)
            self._built = shape
        self._title.setText(row.line.name)
        what = kind.label if kind else row.line.kind
        home = (
            f"Inherited from “{row.home}”; what you change here is changed in this scenario only."
            if row.inherited
            else ""
        )
        self._help.setText(" ".join(part for part in (f"{what}. {kind.help}" if kind else "", home) if part))
        self._show_general(row)
        for field in kind.fields if kind else ():
            editor = self.editors[field.name]
            if editor.combo is None:
                editor.line.set_words(words if not self._choices(field, plan) else self._choices(field, plan))
            problem = row.problems.get(field.label.lower(), "")
            said = problem or _amount(result, row, field)
            default = field.default if field.default not in (None, "1200") else ""
            editor.show_value(
                row.line.fields.get(field.name, ""),
                default or "",
                field.name in row.changed,
                said,
                bool(problem),
            )
        own_problem = row.problems.get("", "")
        name = self.editors[".name"]
        name.show_value(row.line.name, "", False, own_problem, bool(own_problem))
        for editor in self.editors.values():
            general = editor.name.startswith(".")
            other, needed = _DEPENDS.get(editor.name, ("", ""))
            declared = kind.field(other) if kind and other else None
            chosen = row.line.fields.get(other) or (declared.default if declared else "")
            idle = declared is not None and chosen != needed
            editor.editor.setEnabled(not (read_only or row.excluded or idle or (general and row.inherited)))

    def _show_general(self, row: LineRow) -> None:
        source = row.line.source
        quoted = f"Quote {source.quote}, cell {source.cell}" if source.quote else ""
        texts = {
            "category": row.line.category,
            "asset_class": row.line.asset_class,
            "source": source.text,
            "date": display.date(source.date),
            "owner": source.owner,
            "note": source.note,
        }
        for name, text in texts.items():
            self.editors[f".{name}"].show_value(text, "", False, quoted if name == "source" else "", False)

    def _choices(self, field: Field, plan: Plan) -> list[str]:
        if field.name == "currency":
            return list(plan.fx)
        return [table.name for table in plan.tables] if field.name == "tax_table" else []

    def _build(self, kind: Kind | None, plan: Plan, categories: Sequence[str]) -> None:
        self.editors = {}
        self._title, self._help = heading(), quiet()
        content = QWidget()
        column = QVBoxLayout(content)
        column.addWidget(self._title)
        column.addWidget(self._help)
        fields = kind.fields if kind else ()
        sections = (
            ("", [field for field in fields if field.name not in _PRICE | _BOOKS]),
            ("Price terms", [field for field in fields if field.name in _PRICE]),
            ("Depreciation, tax and accounting", [field for field in fields if field.name in _BOOKS]),
        )
        general = self._form(column, "")
        for name in ("name", "category"):
            self._add(
                general,
                f".{name}",
                _GENERAL_LABELS[name],
                "",
                categories if name == "category" else None,
                True,
            )
        for title, members in sections:
            if not members:
                continue
            form = self._form(column, title)
            for field in members:
                choices: Sequence[str] | None = field.choices if field.choices else None
                hint = unit_hint(field, plan.settings.currency)
                label = f"{field.label}{f', {hint}' if hint else ''}{' *' if field.default is None else ''}"
                self._add(form, field.name, label, field.help, choices, not field.choices)
        form = self._form(column, "Where it comes from")
        for name in GENERAL[2:]:
            self._add(form, f".{name}", _GENERAL_LABELS[name], "", None, True)
        column.addStretch()
        self.setWidget(content)

    def _form(self, column: QVBoxLayout, title: str) -> QFormLayout:
        if title:
            column.addWidget(heading(title, 1.0))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        column.addLayout(form)
        return form

    def _add(
        self, form: QFormLayout, name: str, label: str, tip: str, choices: Sequence[str] | None, free: bool
    ) -> None:
        editor = FieldEditor(name, label, choices, free)
        editor.setToolTip(tip)
        editor.committed.connect(lambda text: self.field_changed.emit(name, text))
        editor.reverted.connect(lambda: self.field_reverted.emit(name))
        title = QLabel(label)
        title.setToolTip(tip)
        title.setBuddy(editor.editor)
        title.setWordWrap(True)
        title.setMinimumWidth(title.fontMetrics().averageCharWidth() * 22)
        title.setMaximumWidth(title.fontMetrics().averageCharWidth() * 30)
        form.addRow(title, editor)
        self.editors[name] = editor

    def focus_field(self, label: str) -> None:
        """Puts the cursor into the field with a label (in lower case), the first one for none."""
        kind = KINDS.get(self._built[0]) if self._built else None
        names = [field.name for field in kind.fields if field.label.lower() == label] if kind else []
        editor = self.editors.get(names[0] if names else ".name")
        if editor is not None:
            self.ensureWidgetVisible(editor)
            editor.editor.setFocus(Qt.FocusReason.OtherFocusReason)
            if isinstance(editor.editor, QLineEdit):
                editor.editor.selectAll()


def _amount(result: ScenarioResult | None, row: LineRow, field: Field) -> str:
    """What a formula in a field amounts to; nothing for a plain number, which says it itself."""
    text = row.line.fields.get(field.name, "").strip()
    if (
        result is None
        or result.program is None
        or not text
        or field.unit == "choice"
        or not any(sign.isalpha() for sign in text)
    ):
        return ""
    found = result.graph.line_node(row.line.name, field.name)
    if found is None or found[0].key not in result.program.places:
        return ""
    node, place = found
    value = result.program.value(node.key)[0]
    months = value[min(place, len(value) - 1)]
    if not np.isfinite(months).all():
        return ""
    unit = "%" if field.unit == "1" else node.unit
    first = display.with_unit(float(months[0]), unit)
    if (months == months[0]).all():
        return f"= {first}"
    return f"= {first} in the first month, {display.with_unit(float(months[-1]), unit)} in the last"
