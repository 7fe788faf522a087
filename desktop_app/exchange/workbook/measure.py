"""How wide texts are on the screen and on paper, so that rows are made as high as what stands in them."""

from __future__ import annotations

import math
from functools import lru_cache

# Widths of Arial's characters as multiples of the width of a digit, which is what columns are measured in.
_CLASSES = (
    ("'|ijl", 0.42),
    (" !,./:;I[\\]ft", 0.52),
    ('"()-`r{}', 0.62),
    ("*Jckstvxyz^", 0.92),
    ("ABEKPSVXY&", 1.22),
    ("CDGHNOQRUTFLZ", 1.28),
    ("mMw", 1.5),
    ("%W@", 1.75),
)
_WIDTHS = {character: width for characters, width in _CLASSES for character in characters}
_IDEOGRAPHS = 0x2E80  # from here on characters are as wide as they are high
_WIDE = 1.85
_SAFETY = 1.02


@lru_cache(maxsize=8192)
def text_width(text: str) -> float:
    """Width of a text in digits.

    >>> round(text_width("1234"), 1), round(text_width("Total"), 1)
    (4.0, 4.6)
    """
    return sum(_WIDTHS.get(one, 1.0) if ord(one) < _IDEOGRAPHS else _WIDE for one in text)


def line_count(text: str, width: float) -> int:
    """Lines that a text takes in a cell that is so many digits wide and wraps.

    >>> line_count("one two three", 8), line_count("", 8), line_count("x" * 30, 10)
    (2, 1, 3)
    """
    return sum(_lines(part, max(1.0, width)) for part in text.split("\n"))


def _lines(paragraph: str, width: float) -> int:
    lines, used, space = 1, 0.0, text_width(" ")
    for word in paragraph.split(" "):
        needed = text_width(word) * _SAFETY
        if used and used + space + needed > width:
            lines += 1
            used = 0.0
        if needed > width:  # cut wherever a line ends
            lines += math.ceil(needed / width) - 1
            needed -= width * math.floor(needed / width)
        used += needed + (space if used else 0.0)
    return lines
