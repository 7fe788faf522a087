"""Every command of the window, in its menus, its toolbar and its keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from desktop_app.ui import icons, theme

Do = Callable[[], object]
_APPEARANCE = {theme.SYSTEM: "As the system", theme.LIGHT: "Light", theme.DARK: "Dark"}


class Actions:
    """The commands by name. `connect` says what they do, `build` puts them into the window."""

    def __init__(self, window: QMainWindow) -> None:
        self.window = window
        keys = QKeySequence.StandardKey
        self.new = self._make("New empty plan", "new", "", "A plan with nothing in it")
        self.open = self._make("Open…", "open", keys.Open, "Opens a plan")
        self.save = self._make("Save", "save", keys.Save, "Saves the plan to its file")
        self.save_as = self._make(
            "Save as…", "", QKeySequence("Ctrl+Shift+S"), "Saves the plan under another name"
        )
        self.save_text = self._make("Save as text…", "", "", "Writes the plan as text, for comparing")
        self.close_plan = self._make("Close the plan", "", keys.Close, "Goes back to the start page")
        self.quit = self._make("Quit", "", QKeySequence("Ctrl+Q"), "Closes Outlay")
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        self.undo = self._make("Undo", "undo", keys.Undo, "Takes back the last step")
        self.redo = self._make("Redo", "redo", QKeySequence("Ctrl+Y"), "Does again what was taken back")
        self.copy = self._make("Copy", "", "", "Copies the chosen cells or the picture of the chart")
        self.find = self._make("Find", "find", keys.Find, "Searches in the page that is shown")
        self.import_quote = self._make(
            "Import quote…",
            "import",
            QKeySequence("Ctrl+I"),
            "Reads a vendor's quote into the chosen scenario",
        )
        self.export_pack = self._make(
            "Export board pack…",
            "export",
            QKeySequence("Ctrl+E"),
            "Writes a workbook whose formulas give these figures",
        )
        self.export_charts = self._make("Export charts…", "", "", "Writes the charts as pictures for print")
        self.export_summary = self._make(
            "Export executive summary (PDF)…", "", "", "Writes one page for the board as PDF"
        )
        self.export_table = self._make(
            "Export cash-flow table (.csv)…", "", "", "Writes all cash flows as one table for other tools"
        )
        self.bring_back = self._make(
            "Bring back a workbook…",
            "",
            "",
            "Takes over inputs that somebody changed in an exported workbook",
        )
        self.fill_template = self._make(
            "Fill a company template…", "", "", "Puts figures into a copy of your own workbook"
        )
        self.explain = self._make(
            "Where a number comes from",
            "explain",
            QKeySequence("Ctrl+."),
            "Shows or hides the panel that explains figures",
        )
        self.explain.setCheckable(True)
        self.help = self._make("Help", "help", keys.HelpContents, "How Outlay works")
        self.functions = self._make("Functions of formulas", "", "", "All functions, with what they do")
        self.about = self._make("About Outlay", "", "", "Version and licence")
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        self.recent_menu = QMenu("Open recent", window)
        self.template_menu = QMenu("New from template", window)
        self.scenario_menu = QMenu("&Scenario", window)
        self.pages_menu = QMenu("&View", window)
        self.appearance = QActionGroup(window)

    def _make(
        self, text: str, icon: str, keys: QKeySequence | QKeySequence.StandardKey | str, tip: str
    ) -> QAction:
        action = QAction(text, self.window)
        action.setObjectName(icon)
        if icon:
            action.setIcon(icons.icon(icon))
        if keys:
            action.setShortcut(keys)
        action.setToolTip(
            f"{tip} ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})" if keys else tip
        )
        action.setStatusTip(tip)
        return action

    def connect(self, pairs: dict[QAction, Do]) -> None:
        """Says what the commands do."""
        for action, do in pairs.items():
            action.triggered.connect(lambda _=False, do=do: do())

    def build(self) -> None:
        """Makes menus and toolbar."""
        bar = self.window.menuBar()
        file = bar.addMenu("&File")
        file.addMenu(self.template_menu)
        file.addActions([self.new, self.open])
        file.addMenu(self.recent_menu)
        file.addSeparator()
        file.addActions([self.save, self.save_as, self.save_text])
        file.addSeparator()
        file.addActions([self.import_quote, self.bring_back])
        file.addSeparator()
        file.addActions([self.export_pack, self.export_summary, self.export_charts, self.export_table])
        file.addAction(self.fill_template)
        file.addSeparator()
        file.addActions([self.close_plan, self.quit])
        edit = bar.addMenu("&Edit")
        edit.addActions([self.undo, self.redo])
        edit.addSeparator()
        edit.addActions([self.copy, self.find])
        bar.addMenu(self.scenario_menu)
        bar.addMenu(self.pages_menu)
        self._build_appearance()
        about = bar.addMenu("&Help")
        about.addActions([self.help, self.functions])
        about.addSeparator()
        about.addAction(self.about)
        self._build_toolbar()

    def _build_appearance(self) -> None:
        self.pages_menu.addAction(self.explain)
        menu = self.pages_menu.addMenu("Appearance")
        for choice, text in _APPEARANCE.items():
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(theme.chosen() == choice)
            action.triggered.connect(lambda _=False, choice=choice: theme.choose(choice))
            self.appearance.addAction(action)
        self.pages_menu.addSeparator()

    def _build_toolbar(self) -> None:
        tools = QToolBar("Tools", self.window)
        tools.setObjectName("tools")
        tools.setMovable(False)
        tools.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        tools.addActions([self.open, self.save])
        tools.addSeparator()
        tools.addActions([self.undo, self.redo])
        tools.addSeparator()
        tools.addActions([self.import_quote, self.export_pack])
        tools.addSeparator()
        tools.addActions([self.find, self.explain, self.help])
        for action in (self.open, self.save, self.undo, self.redo, self.find, self.help):
            action.setPriority(QAction.Priority.LowPriority)
        self.import_quote.setIconText("Import quote")
        self.export_pack.setIconText("Export board pack")
        self.explain.setIconText("Explain")
        tools.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.window.addToolBar(tools)

    def all(self) -> list[QAction]:
        """The commands that have an icon."""
        return [value for value in vars(self).values() if isinstance(value, QAction)]

    def recolour(self) -> None:
        """Draws the icons again in the present colours."""
        for action in self.all():
            if action.objectName():
                action.setIcon(icons.icon(action.objectName()))

    def follow_document(self, is_open: bool, undo: str | None, redo: str | None) -> None:
        """Enables what can be done, and says what undo would take back."""
        for action in (
            self.save,
            self.save_as,
            self.save_text,
            self.close_plan,
            self.import_quote,
            self.export_pack,
            self.export_charts,
            self.export_summary,
            self.export_table,
            self.bring_back,
            self.fill_template,
            self.find,
            self.copy,
        ):
            action.setEnabled(is_open)
        for action, word, label in ((self.undo, "Undo", undo), (self.redo, "Redo", redo)):
            action.setEnabled(label is not None)
            action.setText(f"{word} “{label}”" if label else word)
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{action.text()} ({keys})")


def application_icon() -> QIcon:
    """The icon of windows and the task bar."""
    return icons.mark()
