"""Texts of users and vendors made fit for cells, .csv fields and sheet names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Final

CELL_LIMIT: Final = 32_767
"""Most UTF-16 units that a cell of Excel holds."""
SHEET_NAME_LIMIT: Final = 31
"""Most UTF-16 units in the name of a sheet."""

_ELLIPSIS = "…"
_LINE_END = re.compile(r"\r\n?")
# What XML cannot hold, what no reader sees, and what makes text read in another order than it is stored.
_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
    "|["
    + "".join(f"{chr((plane << 16) + 0xFFFE)}{chr((plane << 16) + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\s]+")
_RESERVED = "History"


def cell_text(text: str) -> str:
    r"""The text as a cell can hold it: without characters that are unfit for a file or that mislead a reader.

    Line ends become "\n". Text beyond the limit of Excel is cut and ends in an ellipsis. A leading = + - @
    stays: written as a string it is text.

    >>> cell_text("Rack\x07 \u202eA\r\n=1+1")
    'Rack A\n=1+1'
    """
    return _cut(_UNFIT.sub("", _LINE_END.sub("\n", text)), CELL_LIMIT, _ELLIPSIS)


def csv_text(text: str) -> str:
    """The text as a .csv field that no spreadsheet program takes for a formula.

    >>> csv_text("=1+1"), csv_text("GPU-hours")
    ("'=1+1", 'GPU-hours')
    """
    text = cell_text(text)
    return "'" + text if text.startswith(_STARTS_A_FORMULA) else text


def sheet_name(text: str, taken: Collection[str]) -> str:
    """A name for a sheet that says `text` as far as Excel allows, and is like none of those `taken`.

    The caller adds the name to `taken`. Names that differ only in case, width or composition are alike.

    >>> sheet_name("Own [2027/28]: 'base'", set()), sheet_name("cash flow", {"Cash flow"})
    ("Own 2027 28 'base", 'cash flow (2)')
    """
    text = _NOT_IN_SHEET_NAMES.sub(" ", cell_text(text))
    base = _trimmed(_cut(text.strip(" '"), SHEET_NAME_LIMIT))
    if not any(_visible(char) for char in base):
        base = "Sheet"
    alike = {_folded(name) for name in taken} | {_folded(_RESERVED)}
    name, count = base, 1
    while _folded(name) in alike:
        count += 1
        ending = f" ({count})"
        name = _trimmed(_cut(base, SHEET_NAME_LIMIT - len(ending))) + ending
    return name


def _trimmed(name: str) -> str:
    """Without what must not, or should not, stand at either end of a sheet's name."""
    return name.strip(" '\u200b\u200c\u200d\u2060\ufeff")


def _visible(char: str) -> bool:
    return unicodedata.category(char)[0] not in "CZM" or unicodedata.category(char) in ("Co", "Cn")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _cut(text: str, limit: int, ending: str = "") -> str:
    """At most `limit` UTF-16 units of the text, no character halved; `ending` tells that it was cut."""
    if len(text) * 2 <= limit:
        return text
    encoded = text.encode("utf-16-le")
    if len(encoded) <= 2 * limit:
        return text
    # An incomplete surrogate pair at the end is ignored.
    return encoded[: 2 * (limit - len(ending))].decode("utf-16-le", "ignore") + ending
