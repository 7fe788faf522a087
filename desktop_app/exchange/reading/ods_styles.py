"""Cell styles of an OpenDocument spreadsheet: number formats written as spreadsheet format codes, bold,
indent."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from desktop_app.exchange.reading.ooxml_styles import Style
from desktop_app.exchange.reading.values import clean_text, date_kind
from desktop_app.exchange.reading.xmlparts import attribute, integer, local

_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "pc": 12.0, "px": 0.75}
_LENGTH = re.compile(r"([0-9]*\.?[0-9]+)(pt|in|cm|mm|pc|px)\Z")
_POINTS_PER_INDENT = 10.0
_DEPTH = 20
_DATE_PARTS = {
    "year": ("yy", "yyyy"),
    "month": ("m", "mm"),
    "day": ("d", "dd"),
    "day-of-week": ("ddd", "dddd"),
    "hours": ("h", "hh"),
    "minutes": ("mm", "mm"),
    "seconds": ("ss", "ss"),
    "am-pm": ("AM/PM", "AM/PM"),
    "era": ("g", "gg"),
}


@dataclass(slots=True)
class OdsStyles:
    """Collects style elements by name as they are met; `cell` gives the style that a cell refers to."""

    _formats: dict[str, Element] = field(default_factory=dict)
    _cells: dict[str, Element] = field(default_factory=dict)
    _hidden_tables: set[str] = field(default_factory=set)
    _known: dict[tuple[str, str], Style] = field(default_factory=dict)

    def take(self, element: Element) -> None:
        """Use one closed element of content.xml or styles.xml."""
        tag = local(element)
        name = attribute(element, "name")
        if name is None:
            return
        if tag == "style":
            family = attribute(element, "family")
            if family == "table-cell":
                self._cells[name] = element
            elif family == "table" and any(attribute(child, "display") == "false" for child in element):
                self._hidden_tables.add(name)
        elif tag.endswith("-style") and "}" in element.tag and "datastyle" in element.tag:
            self._formats[name] = element

    def hides_table(self, name: str | None) -> bool:
        """True where a sheet of this style is not shown."""
        return name in self._hidden_tables

    def cell(self, name: str | None, currency: str | None) -> Style:
        """The style of a cell that names it, with the currency the cell itself states where its format shows
        none."""
        key = (name or "Default", currency or "")
        style = self._known.get(key)
        if style is None:
            style = self._known[key] = self._resolve(*key)
        return style

    def _resolve(self, name: str, currency: str) -> Style:
        code: str | None = None
        bold: bool | None = None
        indent: int | None = None
        following: str | None = name
        for _ in range(_DEPTH):
            element = self._cells.get(following or "")
            if element is None:
                break
            data = attribute(element, "data-style-name")
            if code is None and data in self._formats:
                code = self._code(self._formats[data])
            for child in element:
                tag = local(child)
                weight = attribute(child, "font-weight") if tag == "text-properties" else None
                margin = attribute(child, "margin-left") if tag == "paragraph-properties" else None
                if bold is None and weight is not None:
                    bold = weight == "bold" or integer(weight) >= 600
                if indent is None and margin is not None:
                    indent = _indent(margin)
            following = attribute(element, "parent-style-name")
        if currency and (code is None or code == "General"):
            code = f"[${clean_text(currency)[0][:10]}] #,##0.00"
        code = code or "General"
        return Style(code, date_kind(code), bool(bold), indent or 0)

    def _code(self, element: Element) -> str:
        code = _format_code(element)
        conditions = [child for child in element if local(child) == "map"]
        other = self._formats.get(attribute(conditions[0], "apply-style-name") or "") if conditions else None
        if (
            other is None
            or other is element
            or not (attribute(conditions[0], "condition") or "").startswith("value()>")
        ):
            return code
        return f"{_format_code(other)};{code}"


def _format_code(element: Element) -> str:
    elapsed = local(element) == "time-style" and attribute(element, "truncate-on-overflow") == "false"
    parts: list[str] = []
    for child in element:
        tag = local(child)
        text = clean_text(child.text or "")[0]
        if tag == "text":
            parts.append(_literal(text))
        elif tag == "currency-symbol":
            parts.append(f"[${text}]" if text else "")
        elif tag in ("number", "scientific-number", "fraction"):
            parts.append(_digits(child, tag))
        elif tag == "text-content":
            parts.append("@")
        elif tag in _DATE_PARTS:
            parts.append(_date_part(child, tag, elapsed and not any("[" in part for part in parts)))
    return "".join(parts) or "General"


def _literal(text: str) -> str:
    if all(sign in " -+()%/:.," for sign in text):
        return text
    return '"' + text.replace('"', "") + '"'


def _digits(element: Element, tag: str) -> str:
    if tag == "fraction":
        return "# ?/?"
    whole = min(integer(attribute(element, "min-integer-digits"), 1), 20)
    decimals = attribute(element, "decimal-places")
    if decimals is None and tag == "number" and attribute(element, "grouping") != "true" and whole <= 1:
        return "General"
    code = "0" * whole
    if attribute(element, "grouping") == "true":
        code = "#," + code.rjust(3, "#")
    places = min(integer(decimals), 20)
    if places > 0:
        code += "." + "0" * places
    return code + "E+00" if tag == "scientific-number" else code or "#"


def _date_part(element: Element, tag: str, elapsed: bool) -> str:
    short, long = _DATE_PARTS[tag]
    part = long if attribute(element, "style") == "long" else short
    if tag == "month" and attribute(element, "textual") == "true":
        part = "mmmm" if part == "mm" else "mmm"
    return f"[{part}]" if elapsed and tag in ("hours", "minutes", "seconds") else part


def _indent(margin: str) -> int:
    match = _LENGTH.match(margin.strip())
    return min(round(float(match[1]) * _POINTS[match[2]] / _POINTS_PER_INDENT), 250) if match else 0
