"""What a formula is made of, as written (Name) and as compiled (Ref)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

Span = tuple[int, int]
NOWHERE: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Number:
    """A number; `unit` is the text of a unit typed beside it ("36 months")."""

    value: float
    unit: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Text:
    """A text in double quotes; only lookups and totals take one."""

    value: str
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Name:
    """A name as the user wrote it."""

    name: str
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Ref:
    """A node of the calculation graph, by key."""

    key: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function applied to arguments. Operators are functions named by their sign ("+", "<>", "neg")."""

    function: str
    args: tuple[Expression, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Term:
    """Some lines of a block node, added or taken away. `lines` are places along the line axis, in order."""

    key: str
    lines: tuple[int, ...]
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Rows:
    """The sum, month by month, of lines of several blocks."""

    terms: tuple[Term, ...]


Expression = Number | Text | Name | Ref | Call | Rows


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and every part of it, outermost first."""
    pending = [expression]
    while pending:
        part = pending.pop()
        yield part
        if isinstance(part, Call):
            pending.extend(reversed(part.args))
