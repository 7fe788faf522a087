"""On which line each key of a TOML text stands, which `tomllib` does not tell.

Used for messages only, on text that `tomllib` has already accepted.
"""

from __future__ import annotations

import re
import tomllib

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^\\"]|\\.|"{1,2}(?!"))*"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^\\"]|\\.)*"'
    r"|'[^']*'",
    re.DOTALL,
)
_BARE_VALUE = re.compile(r"[^,\]}\n#]*")


def line_numbers(text: str) -> dict[Path, int]:
    """Line, counted from 1, of every table, key and list item, by its path.

    >>> line_numbers("[drivers.a]\\nunit = 'h'\\n[[cases]]\\nname = 'x'")
    {('drivers',): 1, ('drivers', 'a'): 1, ('drivers', 'a', 'unit'): 2, ('cases',): 3, ('cases', 0): 3,
     ('cases', 0, 'name'): 4}
    """
    return _Scanner(text).lines


class _Scanner:
    def __init__(self, text: str) -> None:
        # `tomllib` counts CR LF as one line end as well.
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.counted = (0, 1)
        self.lines: dict[Path, int] = {}
        self._document()

    def _document(self) -> None:
        table: Path = ()
        array_lengths: dict[Path, int] = {}
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self._next("[["):
                *outer, last = self._keys()
                array = (*self._resolve(outer, array_lengths), last)
                array_lengths[array] = array_lengths.get(array, 0) + 1
                table = (*array, array_lengths[array] - 1)
                self._note(array)
                self._note(table)
                self._next("]]")
            elif self._next("["):
                table = self._resolve(self._keys(), array_lengths)
                self._note(table)
                self._next("]")
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _resolve(self, keys: list[str], array_lengths: dict[Path, int]) -> Path:
        """The path a header means: inside an array of tables, the array's last table."""
        found: Path = ()
        for name in keys:
            found = (*found, name)
            self._note(found)
            if found in array_lengths:
                found = (*found, array_lengths[found] - 1)
        return found

    def _pair(self, table: Path) -> None:
        found = table
        for name in self._keys():
            found = (*found, name)
            self._note(found)
        self._next("=")
        self._skip(_SPACE)
        self._value(found)

    def _value(self, found: Path) -> None:
        if self._next("["):
            self._skip(_BLANK)
            index = 0
            while not self._next("]"):
                self._note((*found, index))
                self._value((*found, index))
                self._skip(_BLANK)
                self._next(",")
                self._skip(_BLANK)
                index += 1
        elif self._next("{"):
            self._skip(_SPACE)
            while not self._next("}"):
                self._pair(found)
                self._skip(_SPACE)
                self._next(",")
                self._skip(_SPACE)
        else:
            self._skip(_STRING) or self._skip(_BARE_VALUE)

    def _keys(self) -> list[str]:
        keys: list[str] = []
        while True:
            self._skip(_SPACE)
            bare = self._skip(_BARE_KEY)
            keys.append(bare or tomllib.loads(f"key = {self._skip(_STRING)}")["key"])
            self._skip(_SPACE)
            if not self._next("."):
                return keys

    def _note(self, found: Path) -> None:
        position, line = self.counted
        line += self.text.count("\n", position, self.at)
        self.counted = (self.at, line)
        self.lines.setdefault(found, line)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match.group()

    def _next(self, mark: str) -> bool:
        if not self.text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True
