"""From text to Expression, with Excel's precedence (so `-2^2` is 4, as it is in a cell).

Nothing a user can type raises anything but FormulaError, which carries the place in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from desktop_app.engine.formula.syntax import Call, Expression, Name, Number, Ref, Rows, Span, Text

MAX_LENGTH = 4_000
MAX_DEPTH = 60
# Operators in a row count too: a + b + c is ((a + b) + c).
MAX_HEIGHT = 150


class FormulaError(ValueError):
    """The text is no formula; `span` says where."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.span = span


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # "number" | "text" | "name" | "sign" | "end"
    text: str
    span: Span


_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r'|(?P<text>"(?:[^"]|"")*")'
    r"|(?P<name>[^\W\d][\w.]*)"
    r"|(?P<sign><=|>=|<>|[-+*/^%(),<>=;×÷−]))"
)
_BINARY = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "+": 2, "-": 2, "*": 3, "/": 3, "^": 4}
_TRUTH = {"TRUE": 1.0, "FALSE": 0.0}
# Functions whose arguments may be left out between commas: they are 0 then, as in a spreadsheet.
_MAY_SKIP = {"PV", "FV", "PMT", "IPMT", "PPMT", "NPER", "RATE"}
_SAME = {"×": "*", "÷": "/", "−": "-", ";": ","}


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    place = 0
    end = len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            bad = place + len(text[place:]) - len(text[place:].lstrip())
            what = (
                "This text has no closing quote" if text[bad] == '"' else f"“{text[bad]}” cannot stand here"
            )
            raise FormulaError(f"{what}.", (bad, end if text[bad] == '"' else bad + 1))
        kind = str(match.lastgroup)
        raw = match.group(kind)
        found.append(_Token(kind, _SAME.get(raw, raw), match.span(kind)))
        place = match.end()
    found.append(_Token("end", "", (end, end)))
    return found


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.place = 0
        self.depth = 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.place]

    def take(self) -> _Token:
        token = self.tokens[self.place]
        self.place += 1
        return token

    def expression(self, above: int = 0) -> Expression:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaError(
                "This formula is nested too deeply: split it over several drivers.", self.next.span
            )
        left = self.prefix()
        while (rank := _BINARY.get(self.next.text, 0) if self.next.kind == "sign" else 0) > above:
            sign = self.take().text
            right = self.expression(rank)
            left = Call(sign, (left, right), (span_of(left)[0], span_of(right)[1]))
        self.depth -= 1
        return left

    def prefix(self) -> Expression:
        signs: list[_Token] = []
        while self.next.kind == "sign" and self.next.text in "+-":
            signs.append(self.take())
        part = self.postfix(self.primary())
        for token in reversed(signs):
            if token.text == "-":
                span = (token.span[0], span_of(part)[1])
                if isinstance(part, Number) and not part.unit:
                    part = Number(-part.value, "", span)
                else:
                    part = Call("neg", (part,), span)
        return part

    def postfix(self, part: Expression) -> Expression:
        while self.next.kind == "sign" and self.next.text == "%":
            end = self.take().span[1]
            if isinstance(part, Number):
                part = Number(part.value / 100, "", (part.span[0], end))
            else:
                part = Call("%", (part,), (span_of(part)[0], end))
        return part

    def primary(self) -> Expression:
        token = self.take()
        if token.kind == "number":
            value = float(token.text)
            if value == float("inf"):
                raise FormulaError("This number is too large.", token.span)
            return Number(value, "", token.span)
        if token.kind == "text":
            return Text(token.text[1:-1].replace('""', '"'), token.span)
        if token.kind == "name":
            if self.next.kind == "sign" and self.next.text == "(":
                return self.call(token)
            if token.text.upper() in _TRUTH:
                return Number(_TRUTH[token.text.upper()], "", token.span)
            return Name(token.text, token.span)
        if token.text == "(":
            inner = self.expression()
            self.close(token)
            return inner
        if token.kind == "end":
            raise FormulaError("The formula ends too early: something is missing here.", token.span)
        raise FormulaError(f"“{token.text}” cannot stand here.", token.span)

    def call(self, name: _Token) -> Expression:
        opening = self.take()
        args: list[Expression] = []
        if not (self.next.kind == "sign" and self.next.text == ")"):
            args.append(self.expression())
            while self.next.kind == "sign" and self.next.text == ",":
                comma = self.take()
                skipped = self.next.kind == "sign" and self.next.text in ",)"
                if skipped and name.text.upper() in _MAY_SKIP:
                    args.append(Number(0.0, "", comma.span))
                else:
                    args.append(self.expression())
        end = self.close(opening)
        return Call(name.text.upper(), tuple(args), (name.span[0], end))

    def close(self, opening: _Token) -> int:
        if self.next.text != ")" or self.next.kind != "sign":
            raise FormulaError("This bracket is not closed.", opening.span)
        return self.take().span[1]


def span_of(part: Expression) -> Span:
    """Where an expression stands in its text."""
    return (0, 0) if isinstance(part, (Ref, Rows)) else part.span


@lru_cache(maxsize=16384)
def parse(text: str) -> Expression:
    """Expression of a formula text; a leading "=" is allowed.

    Raises FormulaError for anything else.

    >>> parse("2 + 3 * x").function
    '+'
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"A formula may have at most {MAX_LENGTH} characters.", (MAX_LENGTH, len(text)))
    if text.lstrip().startswith("="):
        text = text.replace("=", " ", 1)
    if not text.strip():
        raise FormulaError("The formula is empty.", (0, len(text)))
    parser = _Parser(text)
    result = parser.expression()
    if parser.next.kind != "end":
        hint = ""
        if parser.next.kind == "name" and parser.tokens[parser.place - 1].kind == "number":
            hint = " A number with a unit stands alone: give it a name as a driver."
        raise FormulaError(
            f"“{parser.next.text}” cannot stand here: an operator is missing.{hint}", parser.next.span
        )
    if _height(result) > MAX_HEIGHT:
        raise FormulaError(
            f"This formula has more than {MAX_HEIGHT} operations in a row: use SUM, or split it over several"
            " drivers.",
            span_of(result),
        )
    return result


def _height(expression: Expression) -> int:
    """How many calls stand inside one another at most, found without recursion."""
    highest = 0
    pending = [(expression, 1)]
    while pending:
        part, height = pending.pop()
        highest = max(highest, height)
        if isinstance(part, Call):
            pending += [(arg, height + 1) for arg in part.args]
    return highest
