"""The cost lines of the chosen scenario, and a form for the one the cursor stands on."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSplitter, QVBoxLayout, QWidget

from desktop_app.document import edits
from desktop_app.document.document import Document
from desktop_app.engine.functions import FUNCTIONS
from desktop_app.engine.kinds import KINDS
from desktop_app.engine.model import CostLine
from desktop_app.ui import display
from desktop_app.ui.cells import Mark
from desktop_app.ui.line_form import LineForm
from desktop_app.ui.pages import EmptyState, FilterLine, Page, button, quiet, stacked
from desktop_app.ui.plan_rows import LineRow, free_name, line_rows
from desktop_app.ui.session import Question, Session
from desktop_app.ui.tables import Column, TableModel, TableView

_DEFAULT_CATEGORY = {"staff": "People", "adjustment": "Other"}


class LinesPage(Page):
    """A table of lines and, beside it, the fields of the current one."""

    title = "Cost lines"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.model: TableModel[LineRow] = TableModel(self._columns(), key=lambda row: row.line.name)
        self.view = TableView(self.model, "Cost lines of the scenario", sortable=True)
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._show_current())
        self.view.as_one_step = lambda label, do: session.step(label, lambda _document: do())
        self.filter = FilterLine(self.view, "cost lines")
        self.form = LineForm()
        self.form.field_changed.connect(self._change)
        self.form.field_reverted.connect(self._revert)
        self.total = quiet()
        add = QPushButton("Add line")
        add.setToolTip("Adds a cost line of a kind to the chosen scenario")
        menu = QMenu(add)
        for kind in KINDS.values():
            action = menu.addAction(f"{kind.label}")
            action.setToolTip(kind.help)
            action.triggered.connect(lambda _=False, name=kind.name: self.add(name))
        menu.setToolTipsVisible(True)
        add.setMenu(menu)
        top = QHBoxLayout()
        top.addWidget(self.filter)
        top.addWidget(add)
        top.addWidget(button("Duplicate", "Adds a copy of the line", self.duplicate))
        self.remove_button = button(
            "Delete",
            "Deletes the line; an inherited one is left out of this scenario, and can be put back",
            self.remove,
        )
        top.addWidget(self.remove_button)
        top.addWidget(button("Explain", "Says where the line's cost comes from", self.explain))
        top.addWidget(self.total, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.view)
        split.addWidget(self.form)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        self._split = split
        empty = EmptyState(
            "No cost lines yet",
            "Press “Add line” and choose a kind: a purchase, a fleet that grows with demand, something "
            "paid every month, usage at "
            "a rate, reserved capacity, a lease or staff. Or drag a vendor's quote into the window.",
        )
        holder, self._stack = stacked(split, empty)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(holder, 1)

    def _columns(self) -> list[Column[LineRow]]:
        currency, scale = self.session.plan.settings.currency, self.session.plan.settings.scale
        return [
            Column(
                "Cost line",
                lambda row: row.line.name,
                edit=self._rename,
                editable=lambda row: not row.inherited,
                mark=lambda row: (
                    Mark.MUTED
                    if row.excluded
                    else Mark.ERROR
                    if row.problems
                    else Mark.OVERRIDDEN
                    if row.changed
                    else None
                ),
                tip=lambda row: "\n".join(row.problems.values()),
                least=20,
                most=42,
            ),
            Column(
                "Kind",
                lambda row: KINDS[row.line.kind].label if row.line.kind in KINDS else row.line.kind,
                most=14,
            ),
            Column(
                "Category",
                lambda row: row.line.category,
                edit=self._set_category,
                editable=lambda row: not row.inherited,
                most=22,
            ),
            Column(
                f"Cash cost in all,\n{display.scale_word(currency, scale)}",
                lambda row: (
                    "left out"
                    if row.excluded
                    else "⚠"
                    if row.problems
                    else ""
                    if row.total is None
                    else display.number(row.total / scale, 1)
                ),
                sort=lambda row: row.total,
                mark=lambda row: Mark.MUTED if row.excluded else Mark.ERROR if row.problems else None,
                right=True,
                least=10,
            ),
            Column(
                "From",
                lambda row: "" if not row.inherited else f"{row.home}{', changed' if row.changed else ''}",
                mark=lambda _row: Mark.MUTED,
                most=26,
                help="The scenario it is inherited from",
            ),
            Column(
                "Source",
                lambda row: row.line.source.text or row.line.source.quote,
                mark=lambda _row: Mark.MUTED,
                most=36,
            ),
        ]

    def refresh(self) -> None:
        session = self.session
        rows = line_rows(session.plan, session.scenario, session.result)
        self._stack.setCurrentIndex(0 if rows else 1)
        self.model.set_rows(rows, self._columns())
        total = sum(row.total or 0.0 for row in rows if not row.excluded)
        currency = session.plan.settings.currency
        left = ", value left at the end not counted" if session.plan.settings.horizon_value == "book" else ""
        self.total.setText(
            f"{len(rows)} lines in “{session.scenario}”, {display.short_money(total, currency)} in all{left}"
            if rows
            else ""
        )
        if rows and self.view.current_place() is None:
            self.view.setCurrentIndex(self.view.proxy.index(0, 0))
        self._show_current()

    def _show_current(self) -> None:
        row: LineRow | None = self.view.current_row()
        self.remove_button.setText(
            "Put back"
            if row is not None and row.excluded
            else "Leave out"
            if row is not None and row.inherited
            else "Delete"
        )
        if row is None:
            self.form.clear()
            return
        words = [driver.name for driver in self.session.plan.drivers]
        words += [f"{name}(" for name, one in FUNCTIONS.items() if one.listed and name.isidentifier()]
        document = self.session.document
        self.form.show_line(
            row, self.session.plan, self.session.result, words, document is not None and document.read_only
        )

    def search(self) -> None:
        self.filter.start()

    def go_to(self, name: str, field: str = "") -> None:
        """Puts the cursor on a line and into one of its fields."""
        session = self.session
        if name not in {row.line.name for row in line_rows(session.plan, session.scenario, None)}:
            home = next(
                (one.name for one in session.plan.scenarios if any(line.name == name for line in one.lines)),
                None,
            )
            if home is not None:
                session.select(home)
        self.bring_up_to_date()
        self.filter.clear()
        self.view.select_key(name)
        self._show_current()
        if field:
            self.form.focus_field(field)
        else:
            self.view.setFocus()

    # Edits

    def _change(self, name: str, text: str) -> None:
        row: LineRow | None = self.view.current_row()
        if row is None:
            return
        session = self.session
        if name == ".name":
            self._rename(row, text)
        elif name.startswith("."):
            self._change_general(row, name[1:], text)
        elif row.inherited:
            base = row.base_fields.get(name, "")
            session.do(
                edits.set_line_override, session.scenario, row.line.name, name, None if text == base else text
            )
        else:
            session.do(edits.set_line_field, session.scenario, row.line.name, name, text or None)

    def _revert(self, name: str) -> None:
        row: LineRow | None = self.view.current_row()
        if row is not None:
            self.session.do(edits.set_line_override, self.session.scenario, row.line.name, name, None)

    def _change_general(self, row: LineRow, name: str, text: str) -> None:
        if name == "date":
            day = display.iso_date(text)
            if day is None:
                self.session.complained.emit(
                    f"“{text}” is not a date. Write it like {display.date('2026-10-31')} or 2026-10-31."
                )
                self._show_current()
                return
            text = day
        plain = text.strip()
        own = self.session.chosen
        line = next((one for one in own.lines if one.name == row.line.name), row.line) if own else row.line
        if name in ("category", "asset_class"):
            line = replace(line, category=plain) if name == "category" else replace(line, asset_class=plain)
        else:
            line = replace(line, source=replace(line.source, **{"text" if name == "source" else name: plain}))
        self.session.do(edits.put_line, self.session.scenario, line)

    def _set_category(self, row: LineRow, text: str) -> None:
        self._change_general(row, "category", text)

    def _rename(self, row: LineRow, text: str) -> None:
        new = text.strip()
        if not new:
            self.session.complained.emit("A cost line needs a name.")
            self._show_current()
            return
        if self.session.do(edits.rename_line, self.session.scenario, row.line.name, new):
            self.view.select_key(new)

    def _names(self) -> list[str]:
        return [row.line.name for row in line_rows(self.session.plan, self.session.scenario, None)]

    def add(self, kind: str) -> None:
        """Adds a line of a kind, its required fields still to be filled in, and opens its form."""
        session = self.session
        if not session.scenario:
            session.complained.emit("Add a scenario first: cost lines belong to one.")
            return
        name = free_name(f"New {KINDS[kind].label.lower()}", self._names())
        zero = {field.name: "0" for field in KINDS[kind].fields if field.default is None}
        line = CostLine(name, kind, _DEFAULT_CATEGORY.get(kind, "Compute"), zero)
        if session.do(edits.put_line, session.scenario, line):
            self.go_to(name, " ")

    def duplicate(self) -> None:
        """Adds a copy of the current line to the chosen scenario."""
        row: LineRow | None = self.view.current_row()
        if row is None:
            return
        name = free_name(row.line.name, self._names())
        if self.session.do(edits.put_line, self.session.scenario, replace(row.line, name=name)):
            self.go_to(name)

    def remove(self) -> None:
        """Deletes the current line, leaves an inherited one out, or puts it back."""
        row: LineRow | None = self.view.current_row()
        if row is None:
            return
        scenario, name = self.session.scenario, row.line.name
        if row.excluded:
            self.session.do(edits.include_line, scenario, name)
        elif row.inherited:

            def leave_out(document: Document) -> None:
                for field in row.changed:
                    edits.set_line_override(document, scenario, name, field, None)
                edits.exclude_line(document, scenario, name)

            self.session.step(f"Leave {name} out of {scenario}", leave_out)
        else:
            self.session.do(edits.delete_line, scenario, name)

    def explain(self) -> None:
        """Asks where the line's cost comes from."""
        row: LineRow | None = self.view.current_row()
        result = self.session.result
        if row is None or result is None:
            return
        for name in ("capex", "cost", "payment", "amount", "bill"):
            found = result.graph.line_node(row.line.name, name)
            if found is not None:
                self.session.ask(Question(self.session.scenario, found[0].key, row.line.name, 1))
                return
        place = result.graph.line_places.get(row.line.name)
        block = next((one for one in result.graph.blocks if place and one.key == place[0]), None)
        if block is not None:
            self.session.ask(Question(self.session.scenario, block.rows[0], row.line.name, 1))
