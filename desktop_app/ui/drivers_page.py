"""The drivers of the plan: the assumptions log, with what the chosen scenario and case lay over it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.document import edits
from desktop_app.engine.functions import FUNCTIONS
from desktop_app.engine.model import Driver, Range
from desktop_app.engine.units import known_units
from desktop_app.ui import display
from desktop_app.ui.cells import Mark
from desktop_app.ui.pages import EmptyState, FilterLine, Page, button, quiet, stacked
from desktop_app.ui.plan_rows import DriverRow, driver_rows, free_name
from desktop_app.ui.renaming import renamed
from desktop_app.ui.session import Question, Session
from desktop_app.ui.tables import Column, TableModel, TableView

_NAME = re.compile(r"[^\W\d]\w*$")
DISTRIBUTIONS = ("", "triangular", "pert", "uniform", "normal", "lognormal")


def amount_text(row: DriverRow) -> str:
    """What a driver amounts to in its unit: its problem, one value, or its first and last month."""
    if row.problem:
        return f"⚠ {row.problem}"
    value = row.value
    if value is None:
        return ""
    shown = "%" if row.driver.unit.strip() == "%" else ""
    if len(value) == 1 or (value == value[0]).all():
        return display.compact(float(value[0]), shown)
    return f"{display.compact(float(value[0]), shown)} … {display.compact(float(value[-1]), shown)}"


class DriversPage(Page):
    """A table with a row for each driver, all of it editable in place."""

    title = "Drivers"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.model: TableModel[DriverRow] = TableModel(self._columns(), key=lambda row: row.driver.name)
        self.view = TableView(self.model, "Drivers", sortable=True)
        self.view.as_one_step = lambda label, do: session.step(label, lambda _document: do())
        self.filter = FilterLine(self.view, "drivers")
        self.hint = quiet()
        top = QHBoxLayout()
        top.addWidget(self.filter)
        top.addWidget(button("Add driver", "Adds a named quantity to the plan", self.add))
        top.addWidget(button("Delete", "Deletes the driver the cursor stands on", self.delete))
        top.addWidget(button("Explain", "Says where the driver's value comes from", self.explain))
        top.addWidget(self.hint, 1)
        empty = EmptyState(
            "No drivers yet",
            "A driver is a named quantity with a unit: a price, a head count, a growth rate. Cost lines "
            "and other drivers name it "
            "in their formulas, so that changing it once changes everything. Press “Add driver” to begin.",
        )
        holder, self._stack = stacked(self.view, empty)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(holder, 1)

    def refresh(self) -> None:
        session = self.session
        rows = driver_rows(session.plan, session.scenario, session.case, session.result)
        self._stack.setCurrentIndex(0 if rows else 1)
        self.model.set_rows(rows, self._columns())
        broken = sum(1 for row in rows if row.problem)
        said = f"{len(rows)} drivers" if len(rows) != 1 else "1 driver"
        self.hint.setText(
            f"{said}, {broken} with an error"
            if broken
            else f"{said}. Values take numbers, “1.2M”, “15 %”, or formulas over other drivers."
        )

    def search(self) -> None:
        self.filter.start()

    def go_to(self, name: str) -> None:
        """Puts the cursor on a driver's value."""
        self.bring_up_to_date()
        self.filter.clear()
        self.view.select_key(name, 2)
        self.view.setFocus()

    # Columns

    def _columns(self) -> list[Column[DriverRow]]:
        scenario, case = self.session.scenario, self.session.case
        columns: list[Column[DriverRow]] = [
            Column(
                "Driver",
                lambda row: row.driver.label,
                edit=self._setter("label"),
                least=18,
                most=38,
                help="What people call it",
            ),
            Column(
                "Name",
                lambda row: row.driver.name,
                edit=self._rename,
                least=10,
                most=26,
                help="How formulas call it",
            ),
            Column(
                "Value",
                lambda row: (
                    f"by month ({len(row.driver.series)})"
                    if row.driver.series
                    else display.text_from_entry(row.driver.value)
                ),
                edit=self._set_value,
                entry=lambda row: display.text_from_entry(row.driver.value),
                editable=lambda row: not row.driver.series,
                mark=self._mark_value,
                tip=lambda row: row.problem,
                words=self._words,
                right=True,
                least=12,
                most=30,
                help="A number or a formula over other drivers; scenarios may lay their own over it",
            ),
        ]
        if scenario:
            columns.append(
                Column(
                    f"In {scenario}",
                    lambda row: display.text_from_entry(
                        row.own if row.own is not None else row.inherited or ""
                    ),
                    edit=self._set_override,
                    mark=self._mark_own,
                    tip=self._tip_own,
                    words=self._words,
                    right=True,
                    least=12,
                    most=30,
                    help="The chosen scenario's own value; empty it to take the plan's",
                )
            )
        if case:
            columns.append(
                Column(
                    f"Case {case}",
                    lambda row: display.text_from_entry(row.case or ""),
                    edit=self._set_case,
                    mark=lambda row: Mark.OVERRIDDEN if row.case is not None else None,
                    words=self._words,
                    right=True,
                    least=12,
                    most=30,
                    help="What the chosen case lays over every scenario; empty it to take the value back",
                )
            )
        columns += [
            Column(
                "Amounts to",
                amount_text,
                sort=lambda row: None if row.value is None else float(row.value[0]),
                mark=lambda row: Mark.ERROR if row.problem else Mark.MUTED,
                tip=lambda row: row.problem,
                right=True,
                least=12,
                most=30,
                help="The value in the driver's unit, for the chosen scenario and case",
            ),
            Column(
                "Unit",
                lambda row: row.driver.unit,
                edit=self._setter("unit"),
                words=lambda: known_units(),
                most=20,
                help="GPU, USD/GPU/hour, kW, %",
            ),
            Column("Group", lambda row: row.driver.group, edit=self._setter("group"), most=20),
            Column(
                "Source",
                lambda row: row.driver.source.text,
                edit=self._source_setter("text"),
                tip=_quoted,
                least=12,
                most=34,
            ),
            Column(
                "Date",
                lambda row: display.date(row.driver.source.date),
                edit=self._set_date,
                sort=lambda row: row.driver.source.date,
                most=14,
            ),
            Column("Owner", lambda row: row.driver.source.owner, edit=self._source_setter("owner"), most=18),
            Column(
                "Note",
                lambda row: row.driver.source.note,
                edit=self._source_setter("note"),
                least=12,
                most=34,
            ),
            Column(
                "Range",
                lambda row: row.driver.range.distribution if row.driver.range else "",
                edit=self._set_distribution,
                choices=lambda _row: DISTRIBUTIONS,
                most=14,
                help="How uncertain the value is",
            ),
            *(
                self._range_column(title, field)
                for title, field in (("Low", "low"), ("Likely", "likely"), ("High", "high"))
            ),
            Column(
                "By month",
                _series_text,
                edit=self._set_series,
                entry=lambda row: "  ".join(display.significant(value, 12) for value in row.driver.series),
                least=10,
                most=30,
                help="Instead of the value: one for each month, separated by spaces; the last is held",
            ),
        ]
        return columns

    def _range_column(self, title: str, field: str) -> Column[DriverRow]:
        def edit(row: DriverRow, text: str) -> None:
            driver = self._now(row)
            assert driver.range is not None
            self._put(replace(driver, range=replace(driver.range, **{field: display.entry_from_text(text)})))

        return Column(
            title,
            lambda row: display.text_from_entry(getattr(row.driver.range, field)) if row.driver.range else "",
            edit=edit,
            editable=lambda row: row.driver.range is not None,
            right=True,
            most=14,
        )

    def _words(self) -> list[str]:
        return [
            *(driver.name for driver in self.session.plan.drivers),
            *(f"{name}(" for name, one in FUNCTIONS.items() if one.listed and name.isidentifier()),
        ]

    def _mark_value(self, row: DriverRow) -> Mark | None:
        if row.problem and row.own is None and row.inherited is None and row.case is None:
            return Mark.ERROR
        return (
            Mark.MUTED if row.own is not None or row.inherited is not None or row.case is not None else None
        )

    def _mark_own(self, row: DriverRow) -> Mark | None:
        if row.own is not None or row.inherited is not None:
            return (
                Mark.ERROR
                if row.problem and row.case is None
                else Mark.OVERRIDDEN
                if row.own is not None
                else Mark.MUTED
            )
        return None

    def _tip_own(self, row: DriverRow) -> str:
        if row.own is not None:
            below = row.inherited if row.inherited is not None else row.driver.value
            return f"“{self.session.scenario}” lays this over {below}."
        return f"Inherited from “{row.inherited_from}”." if row.inherited is not None else ""

    # Edits

    def _now(self, row: DriverRow) -> Driver:
        """The row's driver as it is now, also in the middle of a step that changes several cells."""
        place = next(place for place, one in enumerate(self.model.rows) if one is row)
        return self.session.plan.drivers[place]

    def _put(self, driver: Driver) -> None:
        self.session.do(edits.put_driver, driver)

    def _setter(self, field: str) -> Callable[[DriverRow, str], None]:
        return lambda row, text: self._put(_with_text(self._now(row), field, text.strip()))

    def _source_setter(self, field: str) -> Callable[[DriverRow, str], None]:
        return lambda row, text: self._put(
            replace(self._now(row), source=replace(self._now(row).source, **{field: text.strip()}))
        )

    def _set_date(self, row: DriverRow, text: str) -> None:
        day = display.iso_date(text)
        if day is None:
            self.session.complained.emit(
                f"“{text}” is not a date. Write it like {display.date('2026-10-31')} or 2026-10-31."
            )
            return
        self._put(replace(self._now(row), source=replace(self._now(row).source, date=day)))

    def _set_value(self, row: DriverRow, text: str) -> None:
        self._put(replace(self._now(row), value=display.entry_from_text(text)))

    def _set_override(self, row: DriverRow, text: str) -> None:
        entry = display.entry_from_text(text)
        self.session.do(edits.set_override, self.session.scenario, self._now(row).name, entry or None)

    def _set_case(self, row: DriverRow, text: str) -> None:
        entry = display.entry_from_text(text)
        self.session.do(edits.set_case_driver, self.session.case, self._now(row).name, entry or None)

    def _set_distribution(self, row: DriverRow, text: str) -> None:
        old = self._now(row).range
        made = (
            None
            if not text
            else replace(old, distribution=text)
            if old
            else Range(text, self._now(row).value, self._now(row).value, self._now(row).value)
        )
        self._put(replace(self._now(row), range=made))

    def _set_series(self, row: DriverRow, text: str) -> None:
        parts = [part for part in re.split(r"[\s;]+", text.strip()) if part]
        try:
            series = tuple(float(display.entry_from_text(part).replace(",", "")) for part in parts)
        except ValueError:
            self.session.complained.emit(
                f"The months of {self._now(row).name} must be plain numbers separated by spaces."
            )
            return
        self._put(replace(self._now(row), series=series))

    def _rename(self, row: DriverRow, text: str) -> None:
        old, new = self._now(row).name, text.strip()
        if not _NAME.match(new) or new.upper() in FUNCTIONS:
            why = (
                "it is the name of a function"
                if new.upper() in FUNCTIONS
                else "use letters, digits and _ and begin with a letter"
            )
            self.session.complained.emit(f"“{new}” cannot be a driver's name: {why}.")
            return
        taken = {driver.name.lower() for driver in self.session.plan.drivers} - {old.lower()}
        if new.lower() in taken:
            self.session.complained.emit(f"There is a driver “{new}” already.")
            return
        self.session.do(edits.rename_driver, old, new, rewrite=lambda formula: renamed(formula, old, new))
        self.view.select_key(new, 1)

    def add(self) -> None:
        """Adds a driver and lets its name be typed."""
        name = free_name("driver", (driver.name for driver in self.session.plan.drivers)).replace(" ", "_")
        if self.session.do(edits.put_driver, Driver(name, "", "0")):
            self.filter.clear()
            self.view.select_key(name, 1)
            self.view.setFocus()
            self.view.edit(self.view.currentIndex())

    def delete(self) -> None:
        """Deletes the driver the cursor stands on."""
        row = self.view.current_row()
        if row is not None:
            self.session.do(edits.delete_driver, row.driver.name)

    def explain(self) -> None:
        """Asks where the driver's value comes from."""
        row = self.view.current_row()
        if row is not None:
            self.session.ask(Question(self.session.scenario, f"driver/{row.driver.name}"))

    def index_of(self, name: str, column: int) -> QModelIndex:
        """The index in the view of a driver's cell."""
        place = self.model.place_of(name)
        assert place is not None
        return self.view.proxy.mapFromSource(self.model.index(place, column))


def _quoted(row: DriverRow) -> str:
    source = row.driver.source
    return f"Quote {source.quote}, cell {source.cell}" if source.quote else ""


def _series_text(row: DriverRow) -> str:
    series = row.driver.series
    if not series:
        return ""
    return f"{len(series)} months: {display.significant(series[0])} … {display.significant(series[-1])}"


def _with_text(driver: Driver, field: str, text: str) -> Driver:
    """The driver with one of its texts changed."""
    changes: dict[str, Any] = {field: text}
    return replace(driver, **changes)
