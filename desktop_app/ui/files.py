"""Opening, saving, recovering and closing plans, with the questions that only the user can answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.document.document import Document
from desktop_app.document.environment import Environment
from desktop_app.document.errors import DocumentError, DocumentLocked, FileChanged, os_sentence
from desktop_app.document.working_copy import Recovery, discard, recoverable
from desktop_app.engine.issues import ERROR
from desktop_app.engine.model import Plan
from desktop_app.exchange.templates import Template, load_template
from desktop_app.exchange.text_plan import plan_from_toml, plan_to_toml
from desktop_app.ui import display, messages
from desktop_app.ui.messages import Answer, ask
from desktop_app.ui.session import Session

SUFFIX = ".outlay"
PLANS = f"Plans of Outlay (*{SUFFIX})"
TEXTS = "Plans as text (*.toml)"
_RECENT, _MOST_RECENT = "recent", 10


class Files(QObject):
    """What the File menu does. `say` shows a sentence in the window."""

    recent_changed = Signal()

    def __init__(
        self, session: Session, window: QWidget, say: Callable[..., None], env: Environment | None = None
    ) -> None:
        super().__init__(window)
        self.session = session
        self.window = window
        self.say = say
        self.env = env or Environment.here()

    # Recent plans

    def recent(self) -> list[Path]:
        """Plans that were open lately and are still there, newest first."""
        value = QSettings().value(_RECENT, [])
        names = (
            [value]
            if isinstance(value, str)
            else [str(one) for one in value]
            if isinstance(value, list)
            else []
        )
        return [path for path in map(Path, names) if path.is_file()]

    def _remember(self, path: Path) -> None:
        others = [str(one) for one in self.recent() if one != path]
        QSettings().setValue(_RECENT, [str(path), *others][:_MOST_RECENT])
        self.recent_changed.emit()

    # Beginning

    def new(self, template: Template) -> bool:
        """A new, unsaved plan from a template."""
        return self._create(load_template(template))

    def new_empty(self) -> bool:
        """A new, unsaved plan with nothing in it."""
        return self._create(Plan("New plan"))

    def _create(self, plan: Plan) -> bool:
        return self._take(lambda: Document.create(plan, env=self.env))

    def _take(self, make: Callable[[], Document]) -> bool:
        """Closes what is open, if the user agrees, and shows what `make` gives."""
        if not self.may_close():
            return False
        try:
            document = make()
        except DocumentError as problem:
            self.say(str(problem), messages.ERROR)
            return False
        self._replace(document)
        return True

    def _replace(self, document: Document | None) -> None:
        before = self.session.document
        self.session.show(document)
        if before is not None:
            before.close()

    def open(self, path: Path | None = None) -> bool:
        """Opens a plan, or a plan as text; asks which one where no path is given."""
        if path is None:
            start = (
                str(self.session.document.path.parent)
                if self.session.document and self.session.document.path
                else ""
            )
            name, _ = QFileDialog.getOpenFileName(
                self.window, "Open a plan", start, f"{PLANS};;{TEXTS};;All files (*)"
            )
            if not name:
                return False
            path = Path(name)
        current = self.session.document
        if current is not None and current.path == path.resolve():
            self.say(f"“{path.name}” is open already.")
            return True
        return self._open_text(path) if path.suffix.lower() == ".toml" else self._open_plan(path)

    def _open_text(self, path: Path) -> bool:
        try:
            plan, issues = plan_from_toml(path.read_text(encoding="utf-8"))
        except OSError as problem:
            self.say(os_sentence(problem, path), messages.ERROR)
            return False
        except UnicodeDecodeError:
            self.say(
                f"“{path.name}” is not a text in UTF-8. Save it in that encoding and open it again.",
                messages.ERROR,
            )
            return False
        errors = [issue for issue in issues if issue.severity == ERROR]
        if errors:
            more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
            self.say(
                f"“{path.name}” is not a plan that can be used. {errors[0].where}: {errors[0].message}{more}",
                messages.ERROR,
            )
            return False
        return self._create(plan)

    def _open_plan(self, path: Path) -> bool:
        if not self.may_close():
            return False
        how: dict[str, bool] = {}
        while True:
            try:
                document = Document.open(path, env=self.env, **how)
                break
            except DocumentLocked as problem:
                choice = ask(
                    self.window,
                    "The plan is open elsewhere",
                    str(problem),
                    (
                        Answer("read_only", "Open read-only"),
                        Answer("as_copy", "Open a copy"),
                        Answer("take_over", "It is not: take over", True),
                    ),
                    "Take it over only when you know that nobody works on it; whoever saves last would "
                    "undo the other's work.",
                )
                if not choice:
                    return False
                how = {choice: True}
            except DocumentError as problem:
                self.say(str(problem), messages.ERROR)
                return False
        self._replace(document)
        if document.path is not None:
            self._remember(document.path)
        if document.read_only:
            self.say(
                f"The plan cannot be changed here. {document.read_only_reason}",
                messages.WARNING,
                "Save as…",
                self.save_as,
            )
        return True

    def offer_recovery(self) -> bool:
        """Asks about work that a crashed window left. True when a plan was taken up."""
        for recovery in recoverable(self.env):
            if recovery.problem:
                self.say(
                    f"Unsaved work of {display.moment(recovery.last_edit)} cannot be read. "
                    f"{recovery.problem}",
                    messages.WARNING,
                )
                continue
            if self._recover(recovery):
                return True
        return False

    def _recover(self, recovery: Recovery) -> bool:
        edits = "1 unsaved change" if recovery.edits == 1 else f"{recovery.edits} unsaved changes"
        where = f"\n{recovery.path}" if recovery.path else "\nIt was never saved."
        choice = ask(
            self.window,
            "Unsaved work was found",
            f"Outlay was not closed properly. “{recovery.name}” has {edits}, the last one "
            f"“{recovery.last_label}”, {display.moment(recovery.last_edit)}.",
            (Answer("recover", "Recover it"), Answer("discard", "Discard it", True)),
            f"Nothing of it is lost if you decide later.{where}",
        )
        if choice == "discard":
            try:
                discard(recovery, self.env)
            except DocumentError as problem:
                self.say(str(problem), messages.WARNING)
        if choice != "recover":
            return False
        try:
            document = Document.recover(recovery, env=self.env)
        except DocumentError as problem:
            self.say(str(problem), messages.ERROR)
            return False
        self._replace(document)
        self.say("The unsaved changes are back. Save the plan to keep them in its file.")
        return True

    # Saving and closing

    def save(self) -> bool:
        """Saves to the plan's file; asks for one where there is none, and what to do where it has changed
        underneath."""
        document = self.session.document
        if document is None:
            return False
        if document.path is None or document.read_only:
            return self.save_as()
        try:
            self._saved(document.save())
        except FileChanged as problem:
            choice = ask(
                self.window,
                "The file has changed",
                str(problem),
                (
                    Answer("save_as", "Save under another name…"),
                    Answer("overwrite", "Overwrite the other changes", True),
                ),
            )
            if choice == "save_as":
                return self.save_as()
            return choice == "overwrite" and self._write(lambda: document.save(overwrite=True))
        except DocumentError as problem:
            self.say(str(problem), messages.ERROR, "Save as…", self.save_as)
            return False
        return True

    def save_as(self, path: Path | None = None) -> bool:
        """Saves under another name and goes on with that file."""
        document = self.session.document
        if document is None:
            return False
        if path is None:
            folder = document.path.parent if document.path else Path.home()
            proposed = (
                document.path.name
                if document.path
                else f"{document.plan.name or 'Plan'}{SUFFIX}".replace("/", "-")
            )
            name, _ = QFileDialog.getSaveFileName(self.window, "Save the plan", str(folder / proposed), PLANS)
            if not name:
                return False
            path = Path(name)
            if path.suffix.lower() != SUFFIX:
                path = path.with_name(path.name + SUFFIX)
        target = path
        # The file dialog has asked before it gives back a name that exists.
        return self._write(lambda: document.save_as(target, overwrite=True))

    def _write(self, write: Callable[[], object]) -> bool:
        try:
            self._saved(write())
        except DocumentError as problem:
            self.say(str(problem), messages.ERROR, "Save as…", self.save_as)
            return False
        return True

    def _saved(self, saved: object) -> None:
        document = self.session.document
        assert document is not None
        if document.path is not None:
            self._remember(document.path)
        self.session.plan_changed.emit()
        warning = getattr(saved, "warning", "")
        if warning:
            self.say(warning, messages.WARNING)
        else:
            self.say(f"Saved to {document.path}.")

    def save_text(self, path: Path | None = None) -> bool:
        """Writes the plan as text, for comparing and for mail."""
        if path is None:
            name, _ = QFileDialog.getSaveFileName(
                self.window, "Save the plan as text", f"{self.session.plan.name}.toml", TEXTS
            )
            if not name:
                return False
            path = Path(name)
        try:
            path.write_text(plan_to_toml(self.session.plan), encoding="utf-8")
        except OSError as problem:
            self.say(os_sentence(problem, path), messages.ERROR)
            return False
        self.say(f"Written to {path}.")
        return True

    def may_close(self) -> bool:
        """True when the open plan may go: it is saved, or the user does not want its changes."""
        document = self.session.document
        if document is None or not document.modified:
            return True
        name = document.path.name if document.path else document.plan.name or "the new plan"
        choice = ask(
            self.window,
            "Save the changes?",
            f"“{name}” has changes that are not saved.",
            (Answer("save", "Save"), Answer("discard", "Discard the changes", True)),
        )
        if choice == "save":
            return self.save()
        return choice == "discard"

    def close(self) -> bool:
        """Closes the open plan; False when the user wants to keep it open."""
        if not self.may_close():
            return False
        self._replace(None)
        return True
