"""Small pieces of TOML text, laid out for people: keys, strings, numbers, inline tables.

`tomli_w` writes correct TOML too, but leaves no say in what stands on one line, and a plan is read by eye.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SHORT_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_WIDTH = 100
# Control characters, line separators and what turns the direction of a line: a line must show what it says.
_HIDDEN = {"Cc", "Zl", "Zp"}
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def _escape(character: str) -> str:
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    if character in _BIDI or unicodedata.category(character) in _HIDDEN:
        return f"\\u{ord(character):04x}"
    return character


def string(text: str) -> str:
    r"""A text as one line of TOML.

    >>> print(string('8 GPUs, 80 GB'), string('the "big" one'), string("two\nlines"))
    "8 GPUs, 80 GB" 'the "big" one' "two\nlines"
    """
    escaped = "".join(map(_escape, text))
    if escaped == text:
        return f'"{text}"'
    plain = text.replace('"', "").replace("\\", "")
    if "'" not in plain and "".join(map(_escape, plain)) == plain:
        return f"'{text}'"
    return f'"{escaped}"'


def long_string(text: str) -> str:
    """A text as TOML, over several lines where it has several.

    >>> print(long_string("first\\nsecond"))
    \"\"\"
    first
    second\"\"\"
    """
    if "\n" not in text:
        return string(text)
    lines = ("".join(map(_escape, line)) for line in text.split("\n"))
    return '"""\n' + "\n".join(lines) + '"""'


def key(name: str) -> str:
    """A key, quoted where TOML asks for it.

    >>> print(key("gpu_price"), key("Own servers"))
    gpu_price "Own servers"
    """
    return name if _BARE_KEY.fullmatch(name) else '"' + "".join(map(_escape, name)) + '"'


def path(*names: str) -> str:
    """A dotted path for a table header.

    >>> print(path("drivers", "gpu price"))
    drivers."gpu price"
    """
    return ".".join(map(key, names))


def number(value: float) -> str:
    """A number in the shortest text that reads back as exactly the same float.

    >>> print(number(3.0), number(0.1), number(float("-inf")))
    3 0.1 -inf
    """
    if value.is_integer() and abs(value) < 1e15 and str(value) != "-0.0":
        return str(int(value))
    return repr(float(value))


def numbers(values: Iterable[float]) -> str:
    """A list of numbers, twelve a line where there are more than a line holds (a year of months)."""
    texts = [number(value) for value in values]
    flat = "[" + ", ".join(texts) + "]"
    if len(flat) <= _WIDTH:
        return flat
    years = (", ".join(texts[start : start + 12]) for start in range(0, len(texts), 12))
    return "[\n  " + ",\n  ".join(years) + ",\n]"


def strings(values: Iterable[str]) -> str:
    """A list of texts, one a line where they do not fit on one."""
    texts = [string(value) for value in values]
    flat = "[" + ", ".join(texts) + "]"
    return flat if len(flat) <= _WIDTH else "[\n  " + ",\n  ".join(texts) + ",\n]"


def mapping(name: str, header: str, values: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Texts by name: ([inline line], []) where they fit on a line, else ([], table lines under `header`).

    A table must follow all plain keys of the table it belongs to, hence the two lists.
    """
    pairs = [f"{key(item)} = {string(value)}" for item, value in values.items()]
    inline = f"{name} = {{ {', '.join(pairs)} }}" if pairs else f"{name} = {{}}"
    return ([inline], []) if len(inline) <= _WIDTH else ([], [f"[{header}]", *pairs])
