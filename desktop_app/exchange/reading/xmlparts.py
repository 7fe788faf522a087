"""XML from outside, parsed piece by piece: no document type, no entity and no external reference is accepted.
XML from outside, parsed piece by piece: no document type, no entity and no external reference is accepted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser
from xml.parsers import expat

from desktop_app.exchange.reading.package import DamagedPart, SuspiciousPart

_PROLOG = 1_000_000


class _RootSeen(Exception):
    pass


def pieces(chunks: Iterable[bytes]) -> Iterator[Element]:
    """The elements of an XML part, each as it is closed, children before their parent.

    The caller clears the elements it has used up. A document type declaration, the only place where entities
    can be declared, makes the part suspicious, whatever it declares: no spreadsheet program writes one.
    """
    for _, element in events(chunks, ("end",)):
        yield element


def events(
    chunks: Iterable[bytes], kinds: tuple[Literal["start", "end"], ...] = ("start", "end")
) -> Iterator[tuple[str, Element]]:
    """As `pieces`, with the opening of each element too, which has its attributes by then but no content."""
    parser: XMLPullParser[Element] = XMLPullParser(kinds)
    guard: _PrologGuard | None = _PrologGuard()
    for chunk in chunks:
        if guard is not None and guard.passed(chunk):
            guard = None
        yield from _fed(parser, chunk)
    yield from _fed(parser, None)


def _fed(parser: XMLPullParser[Element], chunk: bytes | None) -> list[tuple[str, Element]]:
    """What the parser makes of one more chunk, or of the end where there is none."""
    try:
        if chunk is None:
            parser.close()
        else:
            parser.feed(chunk)
        return cast(list[tuple[str, Element]], list(parser.read_events()))
    except (ParseError, ValueError, LookupError) as error:
        raise DamagedPart(f"XML is not well-formed ({error})") from error


def tree(chunks: Iterable[bytes]) -> Element:
    """The root element of a small XML part; errors as in `pieces`."""
    root: Element | None = None
    for element in pieces(chunks):
        root = element
    if root is None:
        raise DamagedPart("XML is empty")
    return root


def local(element: Element) -> str:
    """Name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def attribute(element: Element, name: str) -> str | None:
    """An attribute by its name without namespace (the plain one first)."""
    value = element.get(name)
    if value is not None:
        return value
    ending = "}" + name
    return next((text for key, text in element.items() if key.endswith(ending)), None)


def is_true(text: str | None) -> bool:
    """An XML boolean; anything unknown is false.

    >>> is_true("1"), is_true("true"), is_true("0"), is_true(None)
    (True, True, False, False)
    """
    return text is not None and text.strip().lower() in ("1", "true", "on")


def integer(text: str | None, default: int = 0) -> int:
    """A whole number of at most nine digits from an attribute, or the default."""
    if text is None:
        return default
    text = text.strip()
    digits = text[1:] if text[:1] in "+-" else text
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else default


class _PrologGuard:
    """Watches what comes before the root element."""

    def __init__(self) -> None:
        self._seen = 0
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._root

    def passed(self, chunk: bytes) -> bool:
        """Whether the root element has begun by the end of this chunk."""
        try:
            self._parser.Parse(chunk, False)
        except _RootSeen:
            return True
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise DamagedPart(f"XML is not well-formed ({error})") from error
        self._seen += len(chunk)
        if self._seen > _PROLOG:
            raise DamagedPart("XML does not begin")
        return False

    @staticmethod
    def _refuse(*_: object) -> None:
        raise SuspiciousPart("XML declares a document type")

    @staticmethod
    def _root(*_: object) -> None:
        raise _RootSeen
