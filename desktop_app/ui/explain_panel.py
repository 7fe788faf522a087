"""“Where does this number come from”: formula in words and with values, inputs to follow down to the quote's
cell."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QUrl
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QTextBrowser, QToolButton, QVBoxLayout, QWidget

from desktop_app.engine.explain import Explanation, NothingToExplain, Part, explain
from desktop_app.engine.model import Plan, QuoteRecord, Source
from desktop_app.ui import display, icons, theme
from desktop_app.ui.pages import quiet
from desktop_app.ui.places import DRIVER, LINE, QUOTE, Place, line_names, place_of
from desktop_app.ui.session import Question, Session

_START = (
    "Choose a figure and press Enter (or double-click it) in Summary, Statements, Drivers or Cost lines. "
    "Its formula, its inputs and "
    "their sources then stand here; follow an input down to the cell of the vendor's quote."
)


def value_text(value: float | None, unit: str, currency: str) -> str:
    """A value in full: money to the cent, anything else with its digits."""
    if value is None:
        return display.NONE
    if unit == currency:
        return f"{display.number(value, 2)} {currency}"
    return display.with_unit(value, unit, 8)


class ExplainPanel(QWidget):
    """Shows the session's question and its answer."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.back = QToolButton()
        self.back.setIcon(icons.icon("back"))
        self.back.setAutoRaise(True)
        self.back.setToolTip("Back to the figure asked about before")
        self.back.setAccessibleName("Back to the figure asked about before")
        self.back.clicked.connect(session.ask_back)
        self.where = quiet()
        self.view = QTextBrowser()
        self.view.setOpenLinks(False)
        self.view.setAccessibleName("Where the number comes from")
        self.view.anchorClicked.connect(self._follow)
        self.view.setFrameShape(self.view.Shape.NoFrame)
        self._parts: tuple[Part, ...] = ()
        self._shown: Explanation | None = None
        top = QHBoxLayout()
        top.addWidget(self.back)
        top.addWidget(self.where, 1)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(self.view, 1)
        session.question_changed.connect(self.refresh)
        session.document_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Answers the session's question."""
        self.back.setIcon(icons.icon("back"))
        question = self.session.question
        self.back.setEnabled(bool(self.session.asked))
        self._parts, self._shown = (), None
        if question is None:
            self.where.setText("")
            self.view.setHtml(f"<p>{escape(_START)}</p>")
            return
        result = self.session.explained(question)
        when = ""
        if question.month is not None and self.session.results is not None:
            months = self.session.results.months
            when = f", {display.month(months[min(question.month, len(months)) - 1], long=True)}"
        case = f", case {self.session.case}" if self.session.case else ""
        try:
            if result is None:
                raise NothingToExplain("The scenario has no figures.")
            found = explain(result, question.key, question.month, question.line)
        except NothingToExplain as problem:
            self.where.setText(question.scenario + case)
            self.view.setHtml(f"<p>{escape(str(problem))}</p>")
            return
        self.where.setText(f"{question.scenario}{case}{when if found.month is not None else ', whole plan'}")
        self._parts, self._shown = found.parts, found
        self.view.setHtml(self._answer(found))

    def _answer(self, found: Explanation) -> str:
        plan = self.session.plan
        currency, tokens = plan.settings.currency, theme.tokens()
        muted = f'style="color:{tokens.muted}"'
        size = QFont(self.view.font()).pointSizeF() * 1.5
        amount = value_text(found.value, found.unit, currency)
        html = [
            f"<h3 style='margin:0'>{escape(found.label)}</h3>",
            f"<p style='font-size:{size:.0f}pt;margin:4px 0'><b>{escape(amount)}</b></p>",
        ]
        if found.formula:
            html.append(f"<p><span {muted}>is</span> {escape(found.formula)}</p>")
            if found.with_values:
                html.append(f"<p><span {muted}>that is</span> {escape(found.with_values)}</p>")
        if found.parts:
            html.append("<table width='100%' cellspacing='0' cellpadding='3'>")
            html.append(f"<tr><td {muted}>made from</td><td align='right' {muted}>value</td></tr>")
            for place, part in enumerate(found.parts):
                value = None if part.value is None else part.sign * part.value
                below = _source_text(part.source, plan)
                note = f"<br><span {muted}>{escape(below)}</span>" if below else ""
                html.append(
                    f"<tr><td><a href='part:{place}'>{escape(part.label)}</a>{note}</td>"
                    f"<td align='right'>{escape(value_text(value, part.unit, currency))}</td></tr>"
                )
            html.append("</table>")
        html += self._source(found, plan, muted)
        return "".join(html)

    def _source(self, found: Explanation, plan: Plan, muted: str) -> list[str]:
        html = []
        source = found.source
        quote = quote_of(source, plan)
        lines = [
            ("Source", source.text),
            ("Date", display.date(source.date)),
            ("Owner", source.owner),
            ("Note", source.note),
        ]
        if not found.formula:
            html.append(f"<p {muted}>Entered, not computed.</p>")
        rows = "".join(
            f"<tr><td {muted}>{title}</td><td>{escape(text)}</td></tr>" for title, text in lines if text
        )
        if source.quote:
            name = f"{quote.vendor} {quote.quote_number}, {quote.file_name}" if quote else source.quote
            words = escape(f"{name.strip()}, cell {source.cell}")
            rows += f"<tr><td {muted}>Quote</td><td><a href='quote:'>{words}</a></td></tr>"
        if rows:
            html.append(f"<table cellspacing='0' cellpadding='3'>{rows}</table>")
        place = place_of(found.origin, line_names(plan))
        if place.kind in (DRIVER, LINE):
            html.append(f"<p><a href='go:'>Go to {escape(found.origin)}</a></p>")
        return html

    def _follow(self, link: QUrl) -> None:
        question = self.session.question
        found = self._shown
        if question is None or found is None:
            return
        if link.scheme() == "part":
            part = self._parts[int(link.path())]
            side, _, key = part.key.partition("/")
            pair = self.session.pair_of(question.scenario) if question.key.startswith("pair/") else None
            month = question.month or found.month
            if pair is not None and side in ("a", "b"):
                self.session.ask(Question(pair.a if side == "a" else pair.b, key, part.line, month))
            else:
                self.session.ask(Question(question.scenario, part.key, part.line, month))
        elif link.scheme() == "quote":
            self.session.go(Place(QUOTE, found.source.quote, found.source.cell))
        elif link.scheme() == "go":
            self.session.select(question.scenario)
            self.session.go(place_of(found.origin, line_names(self.session.plan)))


def quote_of(source: Source, plan: Plan) -> QuoteRecord | None:
    """The imported quote a source points into."""
    return next((quote for quote in plan.quotes if quote.key == source.quote), None) if source.quote else None


def _source_text(source: Source, plan: Plan) -> str:
    if source.quote:
        quote = quote_of(source, plan)
        return f"{quote.file_name if quote else source.quote}, {source.cell}"
    return ", ".join(part for part in (source.text, display.date(source.date)) if part)
