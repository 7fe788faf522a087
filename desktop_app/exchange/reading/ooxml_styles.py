"""Cell styles of an Office Open XML workbook, as far as a reader of quotes needs them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from desktop_app.exchange.reading.values import DateKind, clean_text, date_kind
from desktop_app.exchange.reading.xmlparts import integer, is_true, local, tree

# The formats that files name by number only. Where Excel shows its user's own currency or date order,
# the form is that of the United States, as other readers give it too.
BUILT_IN: Final = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"$"#,##0_);\\("$"#,##0\\)',
    6: '"$"#,##0_);[Red]\\("$"#,##0\\)',
    7: '"$"#,##0.00_);\\("$"#,##0.00\\)',
    8: '"$"#,##0.00_);[Red]\\("$"#,##0.00\\)',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "mm-dd-yy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)',
    42: '_("$"* #,##0_);_("$"* \\(#,##0\\);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    # East Asian dates: the exact form depends on the language, that it is a date or a time does not.
    **dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), "yyyy/m/d"),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), "h:mm:ss"),
}


@dataclass(frozen=True, slots=True)
class Style:
    """Number format, what it makes of a number, bold and indent of a cell."""

    number_format: str | None = None
    date_kind: DateKind | None = None
    bold: bool = False
    indent: int = 0


PLAIN: Final = Style("General")


def read_styles(chunks: Iterable[bytes]) -> list[Style]:
    """The styles that cells refer to by their index; DamagedPart where the part is not XML."""
    root = tree(chunks)
    formats = dict(BUILT_IN)
    for item in _items(root, "numFmts"):
        code = clean_text(item.get("formatCode") or "")[0]
        formats[integer(item.get("numFmtId"), -1)] = code
    bold = [_is_bold(font) for font in _items(root, "fonts")]
    styles: list[Style] = []
    for item in _items(root, "cellXfs"):
        number_format = formats.get(integer(item.get("numFmtId")), "General") or "General"
        font = integer(item.get("fontId"))
        alignment = next((child for child in item if local(child) == "alignment"), None)
        indent = 0 if alignment is None else integer(alignment.get("indent"))
        is_bold = 0 <= font < len(bold) and bold[font]
        styles.append(Style(number_format, date_kind(number_format), is_bold, max(0, min(indent, 250))))
    return styles


def _items(root: Element, group: str) -> list[Element]:
    return [item for child in root if local(child) == group for item in child]


def _is_bold(font: Element) -> bool:
    mark = next((child for child in font if local(child) == "b"), None)
    return mark is not None and is_true(mark.get("val", "1"))
