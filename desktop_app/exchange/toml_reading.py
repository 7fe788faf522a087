"""Reading TOML text key by key, with every problem reported as an Issue that names its line."""

from __future__ import annotations

import datetime as dt
import difflib
import functools
import math
import re
import sys
import tomllib
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from desktop_app.engine.issues import Issue, error
from desktop_app.exchange.toml_lines import Path, line_numbers

_T = TypeVar("_T")
_LARGEST = int(sys.float_info.max)
_KINDS: dict[type, str] = {
    bool: "true or false",
    list: "a list",
    dict: "a table",
    dt.date: "a date",
    dt.time: "a time",
}
_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


def read_toml(text: str) -> tuple[TomlTable | None, list[Issue]]:
    """The outermost table of a text (None if it is no TOML), and the list to which all its parts report."""
    issues: list[Issue] = []
    try:
        text.encode()
        data = tomllib.loads(text)
        lines = functools.cache(lambda: line_numbers(text))
    except tomllib.TOMLDecodeError as problem:
        found = re.search(r" \(at (.*)\)$", str(problem))
        message = str(problem)[: found.start()] if found else str(problem)
        where = found.group(1) if found else "text"
        hint = 'texts stand in quotes, one key a line, like: name = "Own servers"'
        issues.append(
            error("toml-syntax", where, f"This is not valid TOML: {message}. Correct it there; {hint}.")
        )
        return None, issues
    except UnicodeEncodeError as problem:
        line = text.count("\n", 0, problem.start) + 1
        message = "A character here is only half of one (a lone surrogate); delete it and type it again."
        issues.append(error("toml-syntax", f"line {line}", message))
        return None, issues
    except RecursionError:
        message = "The text has lists or tables nested too deeply to be a plan."
        issues.append(error("toml-syntax", "text", message))
        return None, issues
    except ValueError:
        # Python refuses to read a whole number of more than some thousand digits.
        issues.append(error("toml-syntax", "text", "A number in the text has too many digits to be read."))
        return None, issues
    return TomlTable(data, (), "plan", lines, issues), issues


class TomlTable:
    """One table being read: each key is asked for once, and `close` reports those nobody asked for."""

    def __init__(
        self,
        values: dict[str, object],
        path: Path,
        where: str,
        lines: Callable[[], dict[Path, int]],
        issues: list[Issue],
    ) -> None:
        self._values = values
        self._path = path
        self._where = where
        self._lines = lines
        self._issues = issues
        self._asked: dict[str, None] = {}
        self._parts: list[TomlTable] = []

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def report(self, code: str, message: str, key: str | None = None, *items: int, where: str = "") -> None:
        """An error about this table, or about one of its keys (or an item of the list there)."""
        path = self._path if key is None else (*self._path, key)
        line = self._lines().get((*path, *items)) or self._lines().get(path)
        place = where or self._where
        self._issues.append(error(code, f"line {line}, {place}" if line else place, message))

    def close(self) -> None:
        """Report the keys that nobody asked for, here and in all parts."""
        for key in self._values:
            if key not in self._asked:
                near = difflib.get_close_matches(key, self._asked, n=1, cutoff=0.6)
                help_text = (
                    f"did you mean “{near[0]}”?" if near else "known keys: " + ", ".join(self._asked) + "."
                )
                self.report("unknown-key", f"The key “{key}” is not known here; {help_text}", key)
        for part in self._parts:
            part.close()

    # Single values

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        """A text; a TOML date counts as its ISO text."""
        value = self._ask(key, required)
        if value is None:
            return default
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value.isoformat()
        return value if isinstance(value, str) else self._wrong(key, "a text in quotes", value, default)

    def formula(self, key: str, default: str = "", *, required: bool = False) -> str:
        """A formula text; a plain number counts as its text."""
        value = self._ask(key, required)
        return default if value is None else self._formula(key, value, default)

    def integer(self, key: str, default: int) -> int:
        """A whole number."""
        value = self._ask(key)
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
            return value
        return self._wrong(key, "a whole number", value, default)

    def number(self, key: str) -> float:
        """A number, which must be given."""
        value = self._ask(key, required=True)
        return 0.0 if value is None else self._float(key, value)

    def month(self, key: str, default: dt.date) -> dt.date:
        """A month ("2027-01", then its first day) or a day ("2027-01-15", or a TOML date)."""
        value = self._ask(key)
        if value is None:
            return default
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value
        parts = _DATE.fullmatch(value) if isinstance(value, str) else None
        if parts is not None:
            try:
                return dt.date(int(parts[1]), int(parts[2]), int(parts[3] or 1))
            except ValueError:
                pass  # a month 13 or a day 31 of June: reported below like any other wrong text
        return self._wrong(key, 'a month such as "2027-01"', value, default)

    # Lists and tables

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        items = self._list(key)
        return tuple(
            item if isinstance(item, str) else self._wrong(key, "a text in quotes", item, "", index)
            for index, item in enumerate(items)
        )

    def numbers(self, key: str) -> tuple[float, ...]:
        """A list of numbers."""
        return tuple(self._float(key, item, index) for index, item in enumerate(self._list(key)))

    def keyed_rows(self, key: str, width: int) -> tuple[tuple[str, tuple[float, ...]], ...]:
        """A list of rows: a key, then `width` numbers."""
        rows = []
        for index, row in enumerate(self._list(key)):
            if not isinstance(row, list) or not row:
                self._wrong(key, 'a row such as ["3", 0.33, 0.2]', row, None, index)
                continue
            label = self._formula(key, row[0], "", index, 0)
            values = tuple(self._float(key, item, index, at) for at, item in enumerate(row[1:], start=1))
            if len(values) != width:
                message = f"The row “{label}” has {len(values)} numbers for {width} columns; make them equal."
                self.report("wrong-length", message, key, index)
            rows.append((label, values))
        return tuple(rows)

    def formulas(self, key: str) -> dict[str, str]:
        """A table of formula texts by names of the user's choice."""
        value = self._ask(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            return self._wrong(key, "a table", value, {})
        return self._part(value, f"{self._where}, {key}" if self._path else key, key).all_formulas()

    def all_formulas(self) -> dict[str, str]:
        """This whole table as formula texts by names of the user's choice."""
        return {name: self.formula(name) for name in self._values}

    def optional_table(self, key: str) -> TomlTable | None:
        """A table, or None where it is not given."""
        value = self._ask(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            return self._wrong(key, "a table", value, None)
        return self._part(value, f"{self._where}, {key}" if self._path else key, key)

    def table(self, key: str, where: str) -> TomlTable:
        """A table, empty where it is not given."""
        return self.optional_table(key) or self._part({}, where, key)

    def named_tables(self, key: str, what: str) -> list[tuple[str, TomlTable]]:
        """Tables by names of the user's choice, in the order of the text."""
        value = self._ask(key)
        if value is None:
            return []
        if not isinstance(value, dict):
            return self._wrong(key, f"tables such as [{key}.name]", value, [])
        found = []
        for name, part in value.items():
            if isinstance(part, dict):
                found.append((name, self._part(part, self._inside(f"{what} {name}"), key, name)))
            else:
                message = f"“{name}” must be a table such as [{key}.{name}]."
                self._part({}, self._inside(what), key).report("wrong-type", message, name)
        return found

    def tables(self, key: str, what: str, label: str = "name", *, unique: bool = True) -> list[TomlTable]:
        """An array of tables; `label` is the key that names each, differently where they must be `unique`."""
        found = []
        names: set[str] = set()
        for index, part in enumerate(self._list(key)):
            if isinstance(part, dict):
                name = part.get(label)
                place = f"{what} {name}" if isinstance(name, str) and name else f"{what} {index + 1}"
                table = self._part(part, self._inside(place), key, index)
                found.append(table)
                if isinstance(name, str) and name in names and unique:
                    message = f"Another {what} has the {label} “{name}” already; rename one of them."
                    table.report("duplicate-name", message, label)
                elif isinstance(name, str):
                    names.add(name)
            else:
                self._wrong(key, f"tables such as [[{key}]]", part, None, index)
        return found

    # Checks

    def _ask(self, key: str, required: bool = False) -> object:
        self._asked[key] = None
        value = self._values.get(key)
        if value is None and required:
            self.report("missing-key", f"The key “{key}” is missing; add it.")
        return value

    def _list(self, key: str) -> list[object]:
        value = self._ask(key)
        if value is None:
            return []
        return value if isinstance(value, list) else self._wrong(key, "a list in [ ]", value, [])

    def _part(self, values: dict[str, object], where: str, *path: str | int) -> TomlTable:
        part = TomlTable(values, (*self._path, *path), where, self._lines, self._issues)
        self._parts.append(part)
        return part

    def _inside(self, place: str) -> str:
        return f"{self._where}, {place}" if self._path else place

    def _formula(self, key: str, value: object, default: str, *items: int) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, bool) or not isinstance(value, int | float):
            return self._wrong(key, "a formula in quotes or a number", value, default, *items)
        if not _is_finite(value):
            return self._wrong(key, "a finite number", value, default, *items)
        return f"{Decimal(str(value)):f}"

    def _float(self, key: str, value: object, *items: int) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return self._wrong(key, "a number without quotes", value, 0.0, *items)
        number = float(value) if isinstance(value, float) or _is_finite(value) else math.inf
        return number if math.isfinite(number) else self._wrong(key, "a finite number", value, number, *items)

    def _wrong(self, key: str, expected: str, value: object, default: _T, *items: int) -> _T:
        place = "".join(f", item {item + 1}" for item in items)
        self.report(
            "wrong-type", f"“{key}”{place} must be {expected}, but is {_describe(value)}.", key, *items
        )
        return default


def _is_finite(value: float) -> bool:
    # A whole number of TOML can be larger than any float, and then cannot be asked in this way.
    return abs(value) < _LARGEST if isinstance(value, int) else math.isfinite(value)


def _describe(value: object) -> str:
    if isinstance(value, str):
        return f'the text "{value}"' if len(value) <= 40 else f'the text "{value[:40]}…"'
    for kind, words in _KINDS.items():
        if isinstance(value, kind):
            return words
    return "a number"
