"""How cells look: roles with a named cell style each, and number formats."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from io import BytesIO
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.styles import Styles, XFormatType
from xlsxwriter.worksheet import Worksheet

from desktop_app.exchange import palette
from desktop_app.exchange.workbook.spots import column_name

# Has the same widths in every program and on every system (Liberation Sans where Arial itself is missing).
FONT = "Arial"

# Roles that are named cell styles of the workbook, so that colour is never the only sign of what a cell is.
ROLES: Mapping[str, Mapping[str, Any]] = {
    "Input": {
        "font_color": palette.INPUT_INK,
        "bg_color": palette.INPUT_PAPER,
        "border": 1,
        "border_color": palette.RULE,
    },
    "Calculation": {"font_color": palette.INK},
    "Link": {"font_color": palette.LINK_INK},
    "Check": {"font_color": palette.HOLDS_INK, "bg_color": palette.HOLDS_PAPER, "bold": True},
    "Heading": {
        "font_color": palette.INK,
        "bg_color": palette.BAND,
        "bold": True,
        "bottom": 1,
        "bottom_color": palette.INK,
    },
    "Title": {"font_color": palette.INK, "bold": True, "font_size": 16},
    "Section": {"font_color": palette.INK, "bold": True, "bottom": 1, "bottom_color": palette.RULE},
    "Label": {"font_color": palette.INK},
    "Note": {"font_color": palette.MUTED, "italic": True},
    "Total": {"font_color": palette.INK, "bold": True, "top": 1, "top_color": palette.INK},
    "Simulated": {
        "font_color": palette.INK,
        "bg_color": palette.BAND,
        "border": 4,
        "border_color": palette.RULE,
    },
}

# Excel has styles of these names of its own, by these numbers.
_BUILT_IN: Mapping[str, int] = {"Input": 20, "Calculation": 22, "Title": 15, "Total": 25, "Note": 10}

COUNT = '#,##0_);(#,##0);"-"_);@_)'
DECIMAL = '#,##0.00_);(#,##0.00);"-"_);@_)'
FINE = '#,##0.0000_);(#,##0.0000);"-"_);@_)'
TINY = '0.00E+00_);(0.00E+00);"-"_);@_)'
PERCENT = '0.0%_);(0.0%);"-"_);@_)'
FINE_PERCENT = '0.00%_);(0.00%);"-"_);@_)'
ONE_DECIMAL = '0.0_);(0.0);"-"_);@_)'
DATE = "yyyy-mm-dd"
MONTH_NAME = "mmm yy"
YEAR = '"FY"0'
PLAIN = "0"
RIGHT_TEXT = "@_)"  # ends where numbers end
_SCALED = {1: COUNT, 1000: '#,##0,_);(#,##0,);"-"_);@_)', 1_000_000: '#,##0.0,,_);(#,##0.0,,);"-"_);@_)'}
_WITHOUT_DECIMALS, _IN_MILLIONS, _SCIENTIFIC = 1e4, 1e9, 1e15
_SCALE_WORDS = {1: "", 1000: " thousand", 1_000_000: " million"}


def scaled(scale: int) -> str:
    """Number format of money in the plan's display unit."""
    return _SCALED.get(scale, COUNT)


def scale_words(currency: str, scale: int) -> str:
    """The display unit in words.

    >>> scale_words("USD", 1000)
    'USD thousand'
    """
    return f"{currency}{_SCALE_WORDS.get(scale, '')}"


def number_format(unit: str, values: Iterable[float]) -> str:
    """A format that shows values of a unit with the digits they have: fewer of large ones.

    >>> number_format("USD", [1200.0, 2.5]), number_format("%", [0.075]), number_format("", [0.00001])
    ('#,##0.0_);(#,##0.0);"-"_);@_)', '0.0%_);(0.0%);"-"_);@_)', '0.00E+00_);(0.00E+00);"-"_);@_)')
    """
    if unit == "date":
        return DATE
    size = [abs(value) for value in values if value and math.isfinite(value)]
    if unit == "%":
        return PERCENT if _fit(size, 3) else FINE_PERCENT
    largest = max(size, default=0.0)
    if 0 < largest < 0.001 or largest >= _SCIENTIFIC:
        return TINY
    most = 4 if largest < 100 or min(size, default=1.0) < 0.01 else 2
    rounded = most if largest < 1e6 else 0
    return _with_digits(next((digits for digits in range(most) if _fit(size, digits)), rounded))


def shown_number(
    unit: str, values: Iterable[float], currency: str, *, monthly: bool = True
) -> tuple[str, str]:
    """The format of a row of workings and its unit as shown: very large figures in millions, large ones by
    month without decimals.

    >>> shown_number("token", [4.5e11], "USD")
    ('#,##0.0,,_);(#,##0.0,,);"-"_);@_)', 'million token')
    """
    known = [value for value in values if math.isfinite(value)]
    largest = max(map(abs, known), default=0.0)
    if unit in ("%", "date") or not _IN_MILLIONS <= largest < _SCIENTIFIC:
        whole = monthly and unit != "date" and _WITHOUT_DECIMALS <= largest < _SCIENTIFIC
        return (COUNT if whole else number_format(unit, known)), unit
    million = scale_words(unit, 1_000_000) if unit == currency else f"million {unit}".strip()
    return _SCALED[1_000_000], million


def shown_width(number: str, values: Iterable[float]) -> int:
    """Characters that the longest of some numbers takes in a format.

    >>> shown_width(COUNT, [1234567.0, -1.0]), shown_width(DATE, [46388.0])
    (10, 10)
    """
    if number in (DATE, TINY):
        return 10
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    divisor = 1_000_000 if number == _SCALED[1_000_000] else 1
    positive = number.partition("_")[0]
    decimals = len(positive.partition(".")[2].rstrip("%,"))
    size = largest * 100 if "%" in positive else largest / divisor
    return len(f"{size:,.{decimals}f}") + 1


def _fit(values: Iterable[float], digits: int) -> bool:
    """True if so many decimals show the values in full."""
    return all(abs(round(value, digits) - value) <= 1e-12 * value for value in values)


def _with_digits(digits: int) -> str:
    number = "#,##0" + ("." + "0" * digits if digits else "")
    return f'{number}_);({number});"-"_);@_)'


class _Run(NamedTuple):
    """Neighbouring cells, ready to be written out."""

    xml: str


class RunSheet(Worksheet):  # type: ignore[misc]
    """A sheet that takes the long rows of the workings whole: a third of the time of writing cell by cell."""

    def write_run(
        self,
        row: int,
        texts: Sequence[tuple[int, str, Format]],
        column: int,
        formulas: Sequence[str],
        values: Sequence[float | str],
        look: Format,
    ) -> None:
        """Texts in the left columns, then formulas side by side from `column` on.

        Formulas are without equals sign and fit for XML; a value is a number, "n/a" or an error.
        """
        if row > self.previous_row:
            self._write_single_row(row)
        number = row + 1
        cells = []
        for place, text, style in texts:
            name, index = column_name(place), style._get_xf_index()
            cells.append(f'<c r="{name}{number}" s="{index}" t="inlineStr"><is>{_inline(text)}</is></c>')
        index = look._get_xf_index()
        for place, (formula, value) in enumerate(zip(formulas, values, strict=True), start=column):
            kind = "" if not isinstance(value, str) else ' t="e"' if value.startswith("#") else ' t="str"'
            name = column_name(place)
            cells.append(f'<c r="{name}{number}" s="{index}"{kind}><f>{formula}</f><v>{value}</v></c>')
        first = texts[0][0] if texts else column
        self._check_dimensions(row, column + len(formulas) - 1)
        self._check_dimensions(row, first)
        self.table[row][first] = _Run("".join(cells))

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if isinstance(cell, _Run):
            self.fh.write(cell.xml)
        else:
            super()._write_cell(row, col, cell)


@lru_cache(maxsize=16384)
def _inline(text: str) -> str:
    """A text that is fit for a cell, as an element."""
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<t{space}>{escape(coded(text), quote=False)}</t>"


def coded(text: str) -> str:
    """The text as the file holds it, where _x0041_ would be read as the code of a character and #N/A as an
    error.

    >>> coded("_x0041_5"), coded("#N/A"), coded("#1")
    ('_x005F_x0041_5', '_x0023_N/A', '#1')
    """
    return f"_x0023_{text[1:]}" if text in _ERRORS else _CODE.sub("_x005F_", text)


_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})


class StyledBook(xlsxwriter.Workbook):  # type: ignore[misc]
    """A workbook whose roles are named cell styles, and which makes each format once."""

    def __init__(self, target: str | BytesIO) -> None:
        super().__init__(
            target,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.formats[0].set_font_name(FONT)
        self.formats[0].set_font_size(10)
        self._failed: Format | None = None
        self._made: dict[tuple[str, str, tuple[tuple[str, Any], ...]], Format] = {}
        # The first formats are the styles' own, in the order of ROLES.
        self.role_formats = {role: self._new(role, "", {}) for role in ROLES}

    def new_sheet(self, name: str) -> RunSheet:
        """An empty sheet, the last one."""
        made = self.add_worksheet(name, RunSheet)
        assert isinstance(made, RunSheet)
        return made

    @property
    def failed(self) -> Format:
        """The look of a check that fails, laid over that of its cell."""
        if self._failed is None:
            self._failed = self.add_format({"font_color": palette.FAILS_INK, "bg_color": palette.FAILS_PAPER})
        return self._failed

    def look(self, role: str, number: str = "", **extra: Any) -> Format:
        """The format of a role with a number format and further properties."""
        key = (role, number, tuple(sorted(extra.items())))
        if key not in self._made:
            self._made[key] = self._new(role, number, extra)
        return self._made[key]

    def _new(self, role: str, number: str, extra: Mapping[str, Any]) -> Format:
        properties = {"font_name": FONT, "font_size": 10, "valign": "top", **ROLES[role], **extra}
        if "indent" in extra:
            properties.setdefault("align", "left")  # without it the indent is not written
        if number:
            properties["num_format"] = number
        made = self.add_format(properties)
        made.xf_id = 1 + list(ROLES).index(role)
        # Formats that look alike are one to XlsxWriter; two roles must stay two.
        made._format_key = f"{made._get_format_key()}:{role}"
        made._get_xf_index()
        return made

    def _get_packager(self) -> Packager:
        return _RolePackager()


class _RoleStyles(Styles):  # type: ignore[misc]
    """XlsxWriter knows only the style "Normal"; this adds one for each role."""

    roles: Mapping[str, Format]

    def _write_cell_style_xfs(self) -> None:
        self._xml_start_tag("cellStyleXfs", [("count", 1 + len(self.roles))])
        self._write_xf(self.xf_formats[0], XFormatType.STYLE)
        for made in self.roles.values():
            self._write_xf(made, XFormatType.STYLE)
        self._xml_end_tag("cellStyleXfs")

    def _write_cell_styles(self) -> None:
        self._xml_start_tag("cellStyles", [("count", 1 + len(self.roles))])
        for place, role in enumerate(self.roles, start=1):
            attributes = [("name", role), ("xfId", place)]
            if role in _BUILT_IN:
                attributes += [("builtinId", _BUILT_IN[role]), ("customBuiltin", 1)]
            self._xml_empty_tag("cellStyle", attributes)
        self._write_cell_style()
        self._xml_end_tag("cellStyles")


class _RolePackager(Packager):  # type: ignore[misc]
    def _write_styles_file(self) -> None:
        book: StyledBook = self.workbook
        styles = _RoleStyles()
        styles.roles = book.role_formats
        styles._set_style_properties(
            [
                book.xf_formats,
                book.palette,
                book.font_count,
                book.num_formats,
                book.border_count,
                book.fill_count,
                book.custom_colors,
                book.dxf_formats,
                book.has_comments,
            ]
        )
        styles._set_xml_writer(self._filename("xl/styles.xml"))
        styles._assemble_xml_file()
