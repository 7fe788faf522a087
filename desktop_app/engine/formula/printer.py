"""From Expression back to text, in the formula language."""

from __future__ import annotations

from collections.abc import Callable

from desktop_app.engine.formula.syntax import Call, Expression, Name, Number, Ref, Rows, Text
from desktop_app.engine.functions import FUNCTIONS
from desktop_app.engine.functions.declare import ADD, ATOM, UNARY

_SIGNS = {"+", "-", "*", "/", "^", "=", "<>", "<", ">", "<=", ">="}


def to_text(expression: Expression, leaf: Callable[[str], str]) -> str:
    """The formula with each node reference replaced by what `leaf` says of its key.

    >>> from desktop_app.engine.formula.parser import parse
    >>> to_text(parse("(a + 2) * -b"), str)
    '(a + 2) × -b'
    """
    return _print(expression, leaf)[0]


def number_text(value: float) -> str:
    """A number as people write it, without needless digits.

    >>> number_text(1234567.5), number_text(0.00001234)
    ('1,234,567.5', '1.234e-05')
    """
    if value == 0 or 1e-4 <= abs(value) < 1e15:
        return (
            f"{value:,.6f}".rstrip("0").rstrip(".")
            if abs(value) < 1000
            else f"{value:,.2f}".rstrip("0").rstrip(".")
        )
    return f"{value:.6g}"


def _print(expression: Expression, leaf: Callable[[str], str]) -> tuple[str, int]:
    if isinstance(expression, Number):
        return number_text(expression.value), ATOM if expression.value >= 0 else UNARY
    if isinstance(expression, Text):
        return '"' + expression.value.replace('"', '""') + '"', ATOM
    if isinstance(expression, Name):
        return expression.name, ATOM
    if isinstance(expression, Ref):
        return leaf(expression.key), ATOM
    if isinstance(expression, Rows):
        parts = [
            f"{'−' if term.sign < 0 else '+' if place else ''}{leaf(term.key)}"
            for place, term in enumerate(expression.terms)
        ]
        return " ".join(parts) or "0", ADD
    return _call(expression, leaf)


def _call(call: Call, leaf: Callable[[str], str]) -> tuple[str, int]:
    rank = FUNCTIONS[call.function].rank if call.function in FUNCTIONS else ATOM
    parts = [_print(arg, leaf) for arg in call.args]
    if call.function in _SIGNS:
        (left, left_rank), (right, right_rank) = parts
        left = left if left_rank >= rank else f"({left})"
        right = right if right_rank > rank else f"({right})"
        sign = {"*": "×", "/": "÷", "-": "−", "<=": "≤", ">=": "≥", "<>": "≠"}.get(
            call.function, call.function
        )
        return f"{left} {sign} {right}" if call.function != "^" else f"{left}^{right}", rank
    if call.function == "neg":
        text, inner = parts[0]
        return f"-{text if inner >= UNARY else f'({text})'}", rank
    if call.function == "%":
        text, inner = parts[0]
        return f"{text if inner == ATOM else f'({text})'}%", rank
    return f"{call.function}({', '.join(text for text, _ in parts)})", ATOM
