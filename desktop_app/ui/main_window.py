"""The window: scenarios at the left, pages in the middle, explanations at the right, one strip for what must
be said."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QSettings, QSize, Qt
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.document.environment import Environment
from desktop_app.engine.issues import ERROR
from desktop_app.exchange.templates import templates
from desktop_app.ui import actions as commands
from desktop_app.ui import crash, help_windows, messages
from desktop_app.ui.chart_export import copy_chart
from desktop_app.ui.charts import Chart
from desktop_app.ui.compare_page import ComparePage
from desktop_app.ui.drivers_page import DriversPage
from desktop_app.ui.explain_panel import ExplainPanel
from desktop_app.ui.files import SUFFIX, Files
from desktop_app.ui.handover import Handover
from desktop_app.ui.history_page import HistoryPage
from desktop_app.ui.issues_page import IssuesPage, issue_rows
from desktop_app.ui.jobs import Jobs
from desktop_app.ui.lines_page import LinesPage
from desktop_app.ui.messages import MessageStrip
from desktop_app.ui.pages import Page
from desktop_app.ui.places import DRIVER, LINE, QUOTE, SETTING, Place
from desktop_app.ui.quotes_page import QuotesPage
from desktop_app.ui.review import Review
from desktop_app.ui.risk_page import RiskPage
from desktop_app.ui.scenario_panel import ScenarioPanel
from desktop_app.ui.session import Session
from desktop_app.ui.settings_page import SettingsPage
from desktop_app.ui.start_page import StartPage
from desktop_app.ui.statements_page import StatementsPage
from desktop_app.ui.status import StatusBar
from desktop_app.ui.summary_page import SummaryPage
from desktop_app.ui.tables import TableView
from desktop_app.ui.transfers import QUOTE_SUFFIXES, Transfers

_GEOMETRY, _STATE = "window/geometry", "window/state"


class MainWindow(QMainWindow):
    """One window, one plan."""

    def __init__(self, env: Environment | None = None) -> None:
        super().__init__()
        self.setObjectName("main")
        self.setWindowIcon(commands.application_icon())
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(False)
        self.jobs = Jobs(self, on_bug=self._bug)
        self.session = Session(self.jobs, self)
        self.strip = MessageStrip()
        self.files = Files(self.session, self, self.strip.say, env)
        self.transfers = Transfers(self.session, self, self.strip.say, self._review)
        self.handover = Handover(self.session, self, self.strip.say)
        self.actions_ = commands.Actions(self)
        self.start = StartPage()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("Pages")
        self.summary = SummaryPage(self.session)
        self.compare = ComparePage(self.session)
        self.risk = RiskPage(self.session)
        self.drivers = DriversPage(self.session)
        self.lines = LinesPage(self.session)
        self.statements = StatementsPage(self.session)
        self.quotes = QuotesPage(self.session, self.actions_.import_quote)
        self.issues = IssuesPage(self.session)
        self.history = HistoryPage(self.session)
        self.settings = SettingsPage(self.session)
        self.pages: tuple[Page, ...] = (
            self.summary,
            self.compare,
            self.risk,
            self.drivers,
            self.lines,
            self.statements,
            self.quotes,
            self.issues,
            self.history,
            self.settings,
        )
        for page in self.pages:
            self.tabs.addTab(page, page.title)
        self.middle = QStackedWidget()
        self.middle.addWidget(self.start)
        self.middle.addWidget(self.tabs)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self.middle, 1)
        self.setCentralWidget(holder)
        self.scenarios = self._dock(
            "Scenarios", "scenarios", ScenarioPanel(self.session), Qt.DockWidgetArea.LeftDockWidgetArea, 33
        )
        # The panel has headings of its own.
        self.scenarios.setTitleBarWidget(QWidget())
        self.scenarios.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        self.explain = self._dock(
            "Where a number comes from",
            "explain",
            ExplainPanel(self.session),
            Qt.DockWidgetArea.RightDockWidgetArea,
            44,
        )
        self.explain.hide()
        self.status = StatusBar(self.jobs, lambda: self.tabs.setCurrentWidget(self.issues))
        self.setStatusBar(self.status)
        self._connect()
        self.actions_.build()
        self._build_page_menu()
        self._fill_file_menus()
        self._restore()
        self._follow_document()

    def _dock(
        self, title: str, name: str, widget: QWidget, area: Qt.DockWidgetArea, characters: int
    ) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        dock.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetClosable | QDockWidget.DockWidgetFeature.DockWidgetMovable
        )
        dock.setWidget(widget)
        widget.setMinimumWidth(self.fontMetrics().averageCharWidth() * characters * 2 // 3)
        self.addDockWidget(area, dock)
        self.resizeDocks(
            [dock], [self.fontMetrics().averageCharWidth() * characters], Qt.Orientation.Horizontal
        )
        return dock

    def _connect(self) -> None:
        session, do = self.session, self.actions_
        session.document_changed.connect(self._follow_document)
        session.plan_changed.connect(self._follow_plan)
        session.results_changed.connect(self._follow_results)
        session.question_changed.connect(self._show_explain)
        session.complained.connect(self._complain)
        session.went_to.connect(self.go_to)
        self.quotes.review.imported.connect(self._quote_imported)
        self.files.recent_changed.connect(self._fill_file_menus)
        self.start.template_chosen.connect(self.files.new)
        self.start.open_wanted.connect(lambda: self.files.open())
        self.start.recent_chosen.connect(lambda name: self.files.open(Path(name)))
        do.explain.toggled.connect(self.explain.setVisible)
        self.explain.visibilityChanged.connect(lambda _: do.explain.setChecked(not self.explain.isHidden()))
        do.connect(
            {
                do.new: self.files.new_empty,
                do.open: self.files.open,
                do.save: self.files.save,
                do.save_as: self.files.save_as,
                do.save_text: self.files.save_text,
                do.close_plan: self.files.close,
                do.quit: self.close,
                do.undo: session.undo,
                do.redo: session.redo,
                do.copy: self.copy,
                do.find: self.search,
                do.import_quote: self.transfers.import_quote,
                do.export_pack: self.transfers.export_pack,
                do.export_charts: self.transfers.export_charts,
                do.export_summary: self.handover.export_summary,
                do.export_table: self.handover.export_table,
                do.bring_back: self.handover.bring_back,
                do.fill_template: self.handover.fill_template,
                do.help: lambda: help_windows.show_help(self),
                do.functions: lambda: help_windows.show_functions(self),
                do.about: lambda: help_windows.show_about(self),
            }
        )
        do.scenario_menu.aboutToShow.connect(self._fill_scenario_menu)

    # Menus that change

    def _build_page_menu(self) -> None:
        for place, page in enumerate(self.pages):
            action = QAction(page.title, self)
            action.setShortcut(QKeySequence(f"Ctrl+{(place + 1) % 10}"))
            action.triggered.connect(lambda _=False, page=page: self.tabs.setCurrentWidget(page))
            self.actions_.pages_menu.addAction(action)

    def _fill_file_menus(self) -> None:
        recent, fresh = self.actions_.recent_menu, self.actions_.template_menu
        recent.clear()
        for path in self.files.recent():
            recent.addAction(f"{path.stem}  –  {path.parent}").triggered.connect(
                lambda _=False, path=path: self.files.open(path)
            )
        recent.setEnabled(not recent.isEmpty())
        self.start.show_recent(self.files.recent())
        if fresh.isEmpty():
            for template in templates():
                action = fresh.addAction(template.name)
                action.setStatusTip(template.purpose)
                action.triggered.connect(lambda _=False, template=template: self.files.new(template))

    def _fill_scenario_menu(self) -> None:
        panel = self.scenarios.widget()
        assert isinstance(panel, ScenarioPanel)
        panel.fill_menu(self.actions_.scenario_menu)

    # Following the session

    def _follow_document(self) -> None:
        is_open = self.session.is_open
        self.middle.setCurrentWidget(self.tabs if is_open else self.start)
        self.scenarios.setVisible(is_open)
        if not is_open:
            self.explain.hide()
            self.tabs.setCurrentIndex(0)
        self.actions_.scenario_menu.setEnabled(is_open)
        self.actions_.pages_menu.setEnabled(True)
        self.strip.hide()
        self._follow_plan()
        self._follow_results()

    def _follow_plan(self) -> None:
        document = self.session.document
        self.actions_.follow_document(
            document is not None,
            document.undo_label if document else None,
            document.redo_label if document else None,
        )
        if document is None:
            self.setWindowTitle("Outlay")
            self.setWindowModified(False)
            self.setWindowFilePath("")
        else:
            name = (
                document.path.name if document.path else f"{document.plan.name or 'New plan'} (not saved yet)"
            )
            read_only = " (read-only)" if document.read_only else ""
            self.setWindowTitle(f"{name}{read_only}[*] – Outlay")
            self.setWindowModified(document.modified or document.path is None)

    def _follow_results(self) -> None:
        results = self.session.results if self.session.is_open else None
        rows = issue_rows(results) if results else []
        errors = sum(1 for row in rows if row.issue.severity == ERROR)
        checks = [check for result in results.scenarios for check in result.checks] if results else []
        failed = sum(1 for check in checks if not check.holds)
        self.status.show_state(self.session.is_open, errors, len(rows) - errors, len(checks), failed)
        title = self.issues.title
        self.tabs.setTabText(self.tabs.indexOf(self.issues), f"{title} ({errors})" if errors else title)

    def _complain(self, sentence: str) -> None:
        document = self.session.document
        if document is not None and document.read_only:
            self.strip.say(sentence, messages.WARNING, "Save as…", self.files.save_as)
        else:
            self.strip.say(sentence, messages.ERROR)

    def _show_explain(self) -> None:
        if self.session.question is not None:
            self.explain.show()
            self.actions_.explain.setChecked(True)

    def go_to(self, place: Place) -> None:
        """Shows a thing of the plan on its page."""
        if place.kind == DRIVER:
            self.tabs.setCurrentWidget(self.drivers)
            self.drivers.go_to(place.name)
        elif place.kind == LINE:
            self.tabs.setCurrentWidget(self.lines)
            self.lines.go_to(place.name, place.field)
        elif place.kind == QUOTE:
            self.tabs.setCurrentWidget(self.quotes)
            self.quotes.go_to(place.name, place.field)
        elif place.kind == SETTING:
            self.tabs.setCurrentWidget(self.settings)
            self.settings.go_to(place.name)
        else:
            self.tabs.setCurrentWidget(self.summary)

    # Commands

    def copy(self) -> None:
        """Copies from what has the keyboard: chosen cells of a table, a chart's picture, or marked text."""
        focus = QApplication.focusWidget()
        chart = focus
        while chart is not None and not isinstance(chart, Chart):
            chart = chart.parentWidget()
        if isinstance(focus, TableView):
            focus.copy_selection()
        elif chart is not None:
            copy_chart(chart)
            self.strip.say("The chart is on the clipboard as a picture.")
        elif focus is not None and hasattr(focus, "copy"):
            focus.copy()

    def search(self) -> None:
        """Starts a search in the page that is shown."""
        page = self.tabs.currentWidget()
        if isinstance(page, Page):
            page.search()

    def _review(self, review: Review) -> None:
        self.tabs.setCurrentWidget(self.quotes)
        self.quotes.show_review(review)

    def _quote_imported(self, sentence: str, key: str, doubtful: bool) -> None:
        self.strip.say(sentence, messages.WARNING if doubtful else messages.INFO, "Undo", self.session.undo)
        self.quotes.go_to(key, "")

    # Dragging files in

    def _dropped(self, event: QDragEnterEvent | QDropEvent) -> list[Path]:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        known = (SUFFIX, ".toml", *QUOTE_SUFFIXES)
        return [path for path in paths if path.suffix.lower() in known]

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = self._dropped(event)
        if not paths:
            return
        event.acceptProposedAction()
        if paths[0].suffix.lower() in (SUFFIX, ".toml"):
            self.files.open(paths[0])
        elif self.session.is_open:
            self.transfers.import_quote(paths[0])
        else:
            self.strip.say(
                "Open a plan or begin with a template first; then drag the quote in again.", messages.WARNING
            )

    # The window itself

    def _restore(self) -> None:
        settings = QSettings()
        geometry, state = settings.value(_GEOMETRY), settings.value(_STATE)
        if geometry is None or not self.restoreGeometry(geometry):
            screen = QGuiApplication.primaryScreen().availableSize()
            metrics = self.fontMetrics()
            wanted = QSize(metrics.averageCharWidth() * 210, metrics.height() * 56)
            self.resize(wanted.boundedTo(screen * 0.95))
        if state is not None:
            self.restoreState(state)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "status"):
            self.actions_.recolour()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.close():
            event.ignore()
            return
        settings = QSettings()
        settings.setValue(_GEOMETRY, self.saveGeometry())
        settings.setValue(_STATE, self.saveState())
        self.jobs.close()
        event.accept()

    def _bug(self, problem: Exception) -> None:
        crash.show(problem, self)
