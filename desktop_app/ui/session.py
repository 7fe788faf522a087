"""What is open, what is chosen and what has been computed: everything the window's parts show."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec

from PySide6.QtCore import QObject, Signal

from desktop_app.document.document import Document
from desktop_app.document.errors import DocumentError
from desktop_app.engine.compare import Pair
from desktop_app.engine.compute import PlanResult, ScenarioResult, compute
from desktop_app.engine.model import Plan, Scenario
from desktop_app.ui.jobs import Jobs
from desktop_app.ui.places import Place

Rest = ParamSpec("Rest")
# A computation that took longer than this goes to a worker from then on; shorter ones are done before the
# screen is
# painted again, so that figures never lag behind an edit.
_SOON = 0.06
_FIRST_GUESS_LINES = 600


@dataclass(frozen=True, slots=True)
class Question:
    """A figure that somebody asks about: node key, cost line ("" for none) and month (from 1, None for no
    month)."""

    scenario: str
    key: str
    line: str = ""
    month: int | None = None


class Session(QObject):
    """The open document, the selection and the latest results. Widgets show it and keep nothing of
    their own.
    """

    document_changed = Signal()
    plan_changed = Signal()
    results_changed = Signal()
    selection_changed = Signal()
    question_changed = Signal()
    complained = Signal(str)
    went_to = Signal(object)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.jobs = jobs
        self.document: Document | None = None
        self.results: PlanResult | None = None
        self.scenario = ""
        self.case = ""
        self.question: Question | None = None
        self.asked: list[Question] = []
        self._seconds = 0.0

    # The document

    def show(self, document: Document | None) -> None:
        """Shows another document, or none. The one before is not closed here."""
        if self.document is not None and self._plan_changed in self.document.on_change:
            self.document.on_change.remove(self._plan_changed)
        self.jobs.cancel("compute")
        self.document = document
        self.results = None
        self.question, self.asked = None, []
        self.scenario, self.case = "", ""
        self._seconds = 0.0
        if document is not None:
            document.on_change.append(self._plan_changed)
            plan = document.plan
            lines = sum(len(scenario.lines) for scenario in plan.scenarios)
            self._seconds = _SOON * lines / _FIRST_GUESS_LINES
            self._keep_selection()
        self.document_changed.emit()
        self.plan_changed.emit()
        if document is None:
            self.results_changed.emit()
        else:
            self._compute()

    @property
    def plan(self) -> Plan:
        """The plan as it is now; an empty one where nothing is open."""
        return self.document.plan if self.document is not None else Plan("")

    @property
    def is_open(self) -> bool:
        """True while a plan is open."""
        return self.document is not None

    def do(
        self, verb: Callable[Concatenate[Document, Rest], Any], *args: Rest.args, **kwargs: Rest.kwargs
    ) -> bool:
        """Runs one verb of `document.edits`. False, and `complained` says why, where it could not be done."""
        assert self.document is not None
        try:
            verb(self.document, *args, **kwargs)
        except DocumentError as problem:
            self.complained.emit(str(problem))
            return False
        return True

    def step(self, label: str, change: Callable[[Document], Any]) -> bool:
        """Several verbs as one undo step."""

        def together(document: Document) -> None:
            with document.edit(label):
                change(document)

        return self.do(together)

    def undo(self) -> None:
        """Takes back the last step."""
        self.do(lambda document: document.undo())

    def redo(self) -> None:
        """Does again what was taken back."""
        self.do(lambda document: document.redo())

    def _plan_changed(self) -> None:
        before = (self.scenario, self.case)
        self._keep_selection()
        self.plan_changed.emit()
        if (self.scenario, self.case) != before:
            self.selection_changed.emit()
        self._compute()

    # The selection

    def select(self, scenario: str | None = None, case: str | None = None) -> None:
        """Chooses a scenario, a case ("" for none), or both."""
        scenario = self.scenario if scenario is None else scenario
        new_case = self.case if case is None else case
        if (scenario, new_case) == (self.scenario, self.case):
            return
        other_case = new_case != self.case
        self.scenario, self.case = scenario, new_case
        self.selection_changed.emit()
        if other_case:
            self._compute()

    def _keep_selection(self) -> None:
        plan = self.plan
        names = [scenario.name for scenario in plan.scenarios]
        if self.scenario not in names:
            first = plan.baseline if plan.baseline in names else (names[0] if names else "")
            self.scenario = plan.preferred if plan.preferred in names else first
        if self.case not in [case.name for case in plan.cases]:
            self.case = ""

    @property
    def chosen(self) -> Scenario | None:
        """The chosen scenario as the plan holds it."""
        return next((one for one in self.plan.scenarios if one.name == self.scenario), None)

    # Results

    @property
    def result(self) -> ScenarioResult | None:
        """The latest result of the chosen scenario, None while there is none."""
        return self.result_of(self.scenario)

    def result_of(self, scenario: str) -> ScenarioResult | None:
        """The latest result of a scenario under the chosen case."""
        if self.results is None:
            return None
        return next((one for one in self.results.scenarios if one.scenario == scenario), None)

    def explained(self, question: Question) -> ScenarioResult | None:
        """What a question is asked of: a scenario's result, or for "pair/…" its comparison with the baseline.

        In a comparison the nodes "a/…" and "b/…" are those of the scenario and of the baseline.
        """
        if not question.key.startswith("pair/"):
            return self.result_of(question.scenario)
        pair = self.pair_of(question.scenario)
        if pair is None:
            return None
        return ScenarioResult(pair.graph.scenario, pair.case, pair.graph, pair.program, {}, {}, {}, (), ())

    def pair_of(self, scenario: str) -> Pair | None:
        """The comparison of a scenario with the baseline."""
        pairs = self.results.pairs if self.results else ()
        return next((one for one in pairs if one.a == scenario), None)

    @property
    def computing(self) -> bool:
        """True while the results shown are older than the plan."""
        return self.jobs.running("compute")

    def _compute(self) -> None:
        plan, case = self.plan, self.case
        if self._seconds < _SOON and not self.computing:
            started = time.perf_counter()
            self._computed((compute(plan, cases=(case,)), time.perf_counter() - started))
            return

        def work(_handle: object) -> tuple[PlanResult, float]:
            started = time.perf_counter()
            return compute(plan, cases=(case,)), time.perf_counter() - started

        self.jobs.start("compute", "Computing", work, self._computed)

    def _computed(self, outcome: tuple[PlanResult, float]) -> None:
        self.results, self._seconds = outcome
        self.results_changed.emit()
        if self.question is not None:
            self.question_changed.emit()

    # Asking and going

    def ask(self, question: Question) -> None:
        """Asks where a figure comes from."""
        if self.question is not None and self.question != question:
            self.asked.append(self.question)
        self.question = question
        self.question_changed.emit()

    def ask_back(self) -> None:
        """Returns to the figure asked about before."""
        if self.asked:
            self.question = self.asked.pop()
            self.question_changed.emit()

    def go(self, place: Place) -> None:
        """Goes to a thing of the plan."""
        self.went_to.emit(place)
