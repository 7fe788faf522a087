"""The plainest rows of a sheet part, taken out by pattern before the XML parser sees them.

Nearly every row of a long price list holds nothing but numbers and shared texts, written the same way by
every spreadsheet program. Such a row is recognised as a whole, from "<row" to "</row>", by a pattern that
leaves no room for anything else, in half the time of parsing it. Every other row goes to the parser as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

_ATTRIBUTES = r'(?: [A-Za-z][A-Za-z0-9:]*="[^"<>&]*")*+'
_REST_OF_CELL = r'(?: s="[0-9]{1,6}")?(?: t="[sn]")?(?:/>|><v>[-+.0-9eE]{1,32}</v></c>)'
_ROW = re.compile(
    rf'<row r="([1-9][0-9]{{0,6}})"({_ATTRIBUTES})(?:/>|>((?:<c r="[A-Z]{{1,3}}\1"{_REST_OF_CELL})*+)</row>)'
)
CELL = re.compile(
    r'<c r="([A-Z]{1,3})[0-9]+"(?: s="([0-9]+)")?(?: t="([sn])")?(?:/>|><v>([-+.0-9eE]+)</v></c>)'
)
"""Column, style, type and value of one cell of a plain row, each empty where it is not written."""

ATTRIBUTE = re.compile(r'([A-Za-z][A-Za-z0-9:]*)="([^"]*)"')
"""Name and value of one attribute of a plain row."""

_START = "<sheetData>"
_END = "</row>"
_LONGEST = 1_000_000


def without_plain_rows(chunks: Iterable[bytes], take: Callable[[str, str, str], None]) -> Iterator[bytes]:
    """The part without its plain rows; each of those goes to `take` as its number, attributes and cells.

    Rows are taken in their order: the receiver has used up all bytes handed out before `take` is called.
    """
    # Every byte becomes one character and back again, whatever the encoding: the pattern matches ASCII only.
    left = ""
    inside = False
    source = iter(chunks)
    for chunk in source:
        left += chunk.decode("latin-1")
        if not inside:
            start = left.find(_START) + len(_START)
            if start < len(_START):
                if len(left) > _LONGEST:
                    break
                continue
            if "<!" in left[:start]:
                break
            yield left[:start].encode("latin-1")
            left = left[start:]
            inside = True
        place = 0
        while True:
            while row := _ROW.match(left, place):
                take(row[1], row[2], row[3] or "")
                place = row.end()
            end = left.find(_END, place) + len(_END)
            other = left[place:end] if end >= len(_END) else ""
            if not other or not other.startswith("<row ") or "<!" in other or "<?" in other:
                break
            yield other.encode("latin-1")
            place = end
        left = left[place:]
        may_be_row = left.startswith("<row ") or "<row ".startswith(left)
        if other or len(left) > _LONGEST or not may_be_row:
            break
    yield left.encode("latin-1")
    yield from source
