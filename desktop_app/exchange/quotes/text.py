"""Texts of a foreign sheet, made comparable."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ESCAPED_SPACE = re.compile(r"_x00(?:09|0[AaBbCcDd])_")
_ESCAPED = re.compile(r"_x00([0-1][0-9A-Fa-f]|7[Ff])_")
_SPACE = re.compile(r"\s+")
_LINE_BREAKS = frozenset("\n\r\t")


def _dropped(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf") and not char.isspace()


def tidy(text: str) -> str:
    r"""The text as a reader sees it: without control and zero-width characters, white space collapsed.

    >>> tidy("  two\u200b words\x07_x000B_\n here ")
    'two words here'
    """
    if text.isascii() and text.isprintable() and "  " not in text and "_x00" not in text:
        return text.strip()
    text = _ESCAPED.sub("", _ESCAPED_SPACE.sub(" ", text))
    text = "".join(c for c in text if not _dropped(c))
    return _SPACE.sub(" ", text).strip()


def has_hidden_characters(text: str) -> bool:
    r"""Whether a text carries characters that no reader sees (line breaks and plain spaces are fine).

    >>> has_hidden_characters("bell\x07"), has_hidden_characters("two\nlines")
    (True, False)
    """
    if text.isascii() and text.isprintable() and "_x00" not in text:
        return False
    if _ESCAPED.search(text):
        return True
    # Arabic and Indic scripts need joiners, and right-to-left texts need their marks: those are not hidden.
    return any(
        (unicodedata.category(c) == "Cc" and c not in _LINE_BREAKS) or c in "\u200b\u2060\ufeff\u00ad"
        for c in text
    )


def normal(text: str) -> str:
    """Half-width form of a text: what codes and numbers are read from.

    >>> normal("ＡＢＣ－１２")
    'ABC-12'
    """
    return tidy(unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Form in which texts are matched with the vocabulary: no case, no accents, plain quotes, single spaces.

    >>> fold("Précio  Unitário:")
    'precio unitario:'
    """
    text = tidy(text)
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in decomposed if unicodedata.category(c) != "Mn" or c in "\u3099\u309a")
        text = unicodedata.normalize("NFC", text)
        text = text.translate(_QUOTES)
    return text.casefold()


_QUOTES = str.maketrans(
    {
        "ł": "l",
        "Ł": "L",
        "ø": "o",
        "Ø": "O",
        "đ": "d",
        "ı": "i",
        "’": "'",
        "‘": "'",
        "´": "'",
        "`": "'",
        "׳": "'",
        "“": '"',
        "”": '"',
        "״": '"',
        "–": "-",
        "—": "-",
        "−": "-",
        "·": " ",
    }
)
