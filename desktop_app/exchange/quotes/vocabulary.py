"""The words of quotes in the languages vendors quote in, read from the tables under
`resources/vocabulary`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from desktop_app.exchange.quotes.text import fold
from desktop_app.resource_files import resource


@lru_cache(maxsize=8)
def table(name: str) -> dict[str, Any]:
    """A vocabulary table: phrases by meaning."""
    return tomllib.loads(resource("vocabulary", f"{name}.toml").read_text(encoding="utf-8"))


def words(phrases: Iterable[str]) -> re.Pattern[str]:
    """Pattern for any of the phrases in folded text; Latin ones only as whole words, a final ~ allows
    any ending.

    >>> bool(words(["ship~"]).search("shipping")), bool(words(["ship"]).search("shipping"))
    (True, False)
    """
    parts = []
    for phrase in sorted({fold(p) for p in phrases}, key=len, reverse=True):
        open_end = phrase.endswith("~")
        phrase = phrase.rstrip("~")
        latin = phrase[0].isascii() and phrase[0].isalnum()
        start = r"(?<![^\W_])" if latin else ""
        end = r"(?![^\W_])" if latin and not open_end and phrase[-1].isalnum() else ""
        parts.append(start + re.escape(phrase) + end)
    return re.compile("|".join(parts))


def any_of(phrases: Iterable[str]) -> str:
    """Alternatives of a regular expression, the longest phrase first, in folded form."""
    return "|".join(re.escape(p) for p in sorted({fold(p) for p in phrases}, key=len, reverse=True))
