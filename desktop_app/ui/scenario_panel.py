"""Left of the window: the scenarios with what they are based on, and the cases that can be laid over them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QFont
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop_app.document import edits
from desktop_app.engine.model import Case, Plan, Scenario
from desktop_app.ui import icons
from desktop_app.ui.pages import heading
from desktop_app.ui.plan_rows import free_name, heirs
from desktop_app.ui.session import Session

_NAME = Qt.ItemDataRole.UserRole
NO_CASE = "As planned"


class ScenarioPanel(QWidget):
    """A tree of scenarios by inheritance, and a list of cases; what is chosen here is what every page
    shows.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName("Scenarios")
        self.tree.setEditTriggers(QTreeWidget.EditTrigger.EditKeyPressed)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.customContextMenuRequested.connect(
            lambda at: self._show_menu(self._scenario_menu(), self.tree, at)
        )
        self.tree.currentItemChanged.connect(self._chosen)
        self.cases = QListWidget()
        self.cases.setAccessibleName("Cases")
        self.cases.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.cases.customContextMenuRequested.connect(
            lambda at: self._show_menu(self._case_menu(), self.cases, at)
        )
        self.cases.currentItemChanged.connect(self._case_chosen)
        column = QVBoxLayout(self)
        column.addLayout(self._title("Scenarios", "Add a scenario", self.add_scenario, self._scenario_menu))
        column.addWidget(self.tree, 3)
        column.addLayout(self._title("Cases", "Add a case", self.add_case, self._case_menu))
        column.addWidget(self.cases, 1)
        self._filling = False
        for signal in (session.plan_changed, session.selection_changed, session.document_changed):
            signal.connect(self.refresh)
        self.refresh()

    def _title(self, text: str, tip: str, add: Callable[[], None], menu: Callable[[], QMenu]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(heading(text, 1.0), 1)
        for name, words, do in (("add", tip, add), ("more", f"What can be done with {text.lower()}", None)):
            tool = QToolButton()
            tool.setObjectName(name)
            tool.setAutoRaise(True)
            tool.setIcon(icons.icon(name))
            tool.setToolTip(words)
            tool.setAccessibleName(words)
            if do is not None:
                tool.clicked.connect(do)
            else:
                tool.clicked.connect(
                    lambda _=False, tool=tool: self._show_menu(menu(), tool, tool.rect().bottomLeft())
                )
            row.addWidget(tool)
        return row

    def _show_menu(self, menu: QMenu, beside: QWidget, at: QPoint) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(beside.mapToGlobal(at))

    # Showing

    def refresh(self) -> None:
        """Shows the scenarios, the cases and what is chosen."""
        self._filling = True
        try:
            plan = self.session.plan
            self.tree.clear()
            self._fill(plan)
            self.tree.expandAll()
            self.cases.clear()
            for name in ("", *(case.name for case in plan.cases)) if self.session.is_open else ():
                item = QListWidgetItem(name or NO_CASE)
                item.setData(_NAME, name)
                about = next((case for case in plan.cases if case.name == name), None)
                item.setToolTip(
                    about.description or f"{len(about.drivers)} drivers changed"
                    if about
                    else "The plan's own values"
                )
                self.cases.addItem(item)
                if name == self.session.case:
                    self.cases.setCurrentItem(item)
        finally:
            self._filling = False

    def _fill(self, plan: Plan) -> None:
        names = {scenario.name for scenario in plan.scenarios}
        done: set[str] = set()

        def add(scenario: Scenario, parent: QTreeWidgetItem | None) -> None:
            if scenario.name in done:
                return
            done.add(scenario.name)
            roles = [
                role
                for role, name in (("baseline", plan.baseline), ("preferred", plan.preferred))
                if name == scenario.name
            ]
            item = QTreeWidgetItem([f"{scenario.name}  ·  {', '.join(roles)}" if roles else scenario.name])
            item.setData(0, _NAME, scenario.name)
            item.setToolTip(0, _tip(scenario, roles))
            if roles:
                font = QFont(self.tree.font())
                font.setBold("preferred" in roles)
                item.setFont(0, font)
            if parent is None:
                self.tree.addTopLevelItem(item)
            else:
                parent.addChild(item)
            for heir in heirs(plan, scenario.name):
                add(heir, item)
            if scenario.name == self.session.scenario:
                self.tree.setCurrentItem(item)

        for scenario in plan.scenarios:
            if scenario.based_on not in names:
                add(scenario, None)
        for scenario in plan.scenarios:
            # what is based on itself in a circle hangs on nothing, and must be seen to be mended
            add(scenario, None)

    def _chosen(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and not self._filling:
            self.session.select(scenario=item.data(0, _NAME))

    def _case_chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None and not self._filling:
            self.session.select(case=item.data(_NAME))

    # Menus

    def _scenario_menu(self) -> QMenu:
        menu = QMenu(self)
        self.fill_menu(menu)
        return menu

    def fill_menu(self, menu: QMenu) -> None:
        """Puts what can be done with the chosen scenario into a menu."""
        menu.clear()
        plan, name = self.session.plan, self.session.scenario
        some = bool(name)
        self._entry(menu, "Add a scenario of its own…", self.add_scenario)
        self._entry(
            menu,
            f"Add a scenario based on “{name}”…" if some else "Add a scenario based on this one…",
            self.add_heir,
            some,
        )
        self._entry(menu, "Duplicate…", self.duplicate, some)
        menu.addSeparator()
        self._entry(
            menu,
            "Make it the baseline",
            lambda: self.session.do(edits.set_baseline, name),
            some and plan.baseline != name,
        )
        self._entry(
            menu,
            "Make it the preferred one",
            lambda: self.session.do(edits.set_preferred, name),
            some and plan.preferred != name,
        )
        menu.addSeparator()
        self._entry(menu, "Rename…", self.rename, some)
        self._entry(menu, "Describe…", self.describe, some)
        self._entry(menu, "Delete", lambda: self.session.do(edits.delete_scenario, name), some)

    def _case_menu(self) -> QMenu:
        menu = QMenu(self)
        name = self.session.case
        self._entry(menu, "Add a case…", self.add_case)
        self._entry(menu, "Rename…", self.rename_case, bool(name))
        self._entry(menu, "Delete", lambda: self.session.do(edits.delete_case, name), bool(name))
        return menu

    def _entry(self, menu: QMenu, text: str, do: Callable[[], object], enabled: bool = True) -> None:
        action = QAction(text, menu)
        action.triggered.connect(lambda: do())
        action.setEnabled(enabled and self.session.is_open)
        menu.addAction(action)

    # Edits

    def _ask_name(self, title: str, proposed: str) -> str:
        name, given = QInputDialog.getText(self, title, "Name:", QLineEdit.EchoMode.Normal, proposed)
        return name.strip() if given else ""

    def _new_scenario(self, title: str, made: Callable[[str], bool], proposed: str) -> None:
        name = self._ask_name(title, free_name(proposed, self._names()))
        if not name:
            return
        if name.lower() in {one.lower() for one in self._names()}:
            self.session.complained.emit(f"There is a scenario “{name}” already.")
        elif made(name):
            self.session.select(scenario=name)

    def _names(self) -> list[str]:
        return [scenario.name for scenario in self.session.plan.scenarios]

    def add_scenario(self) -> None:
        """Adds an empty scenario."""
        if self.session.is_open:
            self._new_scenario(
                "Add a scenario",
                lambda name: self.session.do(edits.put_scenario, Scenario(name)),
                "New scenario",
            )

    def add_heir(self) -> None:
        """Adds a scenario that takes everything from the chosen one until it is changed."""
        base = self.session.scenario
        self._new_scenario(
            f"Add a scenario based on “{base}”",
            lambda name: self.session.do(edits.put_scenario, Scenario(name, based_on=base)),
            f"{base}, variant",
        )

    def duplicate(self) -> None:
        """Adds an independent copy of the chosen scenario."""
        base = self.session.scenario
        self._new_scenario(
            "Duplicate the scenario",
            lambda name: self.session.do(edits.duplicate_scenario, base, name),
            f"{base}, copy",
        )

    def rename(self) -> None:
        """Renames the chosen scenario."""
        old = self.session.scenario
        new = self._ask_name("Rename the scenario", old)
        if new and new != old and self.session.do(edits.rename_scenario, old, new):
            self.session.select(scenario=new)

    def describe(self) -> None:
        """Changes the chosen scenario's description."""
        scenario = self.session.chosen
        assert scenario is not None
        text, given = QInputDialog.getMultiLineText(
            self, "Describe the scenario", f"What “{scenario.name}” means:", scenario.description
        )
        if given and text != scenario.description:
            self.session.do(edits.put_scenario, replace(scenario, description=text.strip()))

    def add_case(self) -> None:
        """Adds a case without values; they are entered in the table of drivers."""
        if not self.session.is_open:
            return
        taken = [case.name for case in self.session.plan.cases]
        name = self._ask_name("Add a case", free_name("High demand" if not taken else "New case", taken))
        if name and name.lower() in {one.lower() for one in taken}:
            self.session.complained.emit(f"There is a case “{name}” already.")
        elif name and self.session.do(edits.put_case, Case(name)):
            self.session.select(case=name)

    def rename_case(self) -> None:
        """Renames the chosen case."""
        old = self.session.case
        new = self._ask_name("Rename the case", old)
        if new and new != old and self.session.do(edits.rename_case, old, new):
            self.session.select(case=new)


def _tip(scenario: Scenario, roles: list[str]) -> str:
    parts = [scenario.name, scenario.description]
    if scenario.based_on:
        parts.append(
            f"Based on “{scenario.based_on}”: {len(scenario.drivers)} drivers, {len(scenario.line_fields)} "
            f"lines changed, {len(scenario.lines)} added, {len(scenario.removed)} left out"
        )
    if roles:
        parts.append(f"The {' and the '.join(roles)} scenario")
    return "\n".join(part for part in parts if part)
