"""A driver's new name put into every formula that names it."""

from __future__ import annotations

from desktop_app.engine.formula.entry import parse_entry
from desktop_app.engine.formula.parser import FormulaError
from desktop_app.engine.formula.syntax import Name, walk


def renamed(text: str, old: str, new: str) -> str:
    """The formula with one name replaced; a text that is no formula stays as it is.

    >>> renamed("gpus / 8 * GPUs_spare + Gpus", "gpus", "cards")
    'cards / 8 * GPUs_spare + cards'
    """
    try:
        expression = parse_entry(text)
    except FormulaError:
        return text
    spans = sorted(
        (
            part.span
            for part in walk(expression)
            if isinstance(part, Name) and part.name.lower() == old.lower()
        ),
        reverse=True,
    )
    for start, end in spans:
        text = text[:start] + new + text[end:]
    return text
