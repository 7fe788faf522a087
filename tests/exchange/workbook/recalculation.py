"""What recalculated workbooks say, cell by cell, against the values that were stored in them."""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import iterparse

from tests.libreoffice import LibreOffice, without_cached_values

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
MONEY = 0.005
RELATIVE = 1e-9

_MONEY_SHEETS = (
    "NPV table",
    "Cash flow",
    "CapEx and OpEx",
    "P&L and assets",
    "Asset register",
    "Leases",
    "Bridge",
)

Content = float | str | bool | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as stored: its formula where it has one, its value, and the name of its error value."""

    formula: str
    value: Content
    error: str = ""


def cells(path: Path) -> dict[str, dict[str, Cell]]:
    """Every cell of every sheet, by sheet name and address."""
    with zipfile.ZipFile(path) as archive:
        shared = list(_shared(archive))
        found = {}
        for name, part in _sheets(archive):
            with archive.open(part) as stream:
                found[name] = dict(_cells(stream, shared))
        return found


def parts_of(archive: zipfile.ZipFile) -> dict[str, str]:
    """Which part of the file each sheet is."""
    return dict(_sheets(archive))


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    targets = {}
    with archive.open("xl/_rels/workbook.xml.rels") as stream:
        for _, element in iterparse(stream):
            if element.tag.endswith("}Relationship"):
                targets[element.attrib["Id"]] = element.attrib["Target"].lstrip("/")
    with archive.open("xl/workbook.xml") as stream:
        for _, element in iterparse(stream):
            if element.tag == f"{_MAIN}sheet":
                target = targets[element.attrib[_RELATION]]
                yield element.attrib["name"], target if target.startswith("xl/") else f"xl/{target}"


def _shared(archive: zipfile.ZipFile) -> Iterator[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return
    with archive.open("xl/sharedStrings.xml") as stream:
        for _, element in iterparse(stream):
            if element.tag == f"{_MAIN}si":
                yield "".join(text.text or "" for text in element.iter(f"{_MAIN}t"))
                element.clear()


def _cells(stream: object, shared: list[str]) -> Iterator[tuple[str, Cell]]:
    for _, element in iterparse(stream):  # type: ignore[arg-type]
        if element.tag == f"{_MAIN}c":
            formula = element.findtext(f"{_MAIN}f") or ""
            raw = element.findtext(f"{_MAIN}v")
            kind = element.attrib.get("t", "n")
            inline = element.find(f"{_MAIN}is")
            yield element.attrib["r"], _cell(kind, formula, raw, inline, shared)
        elif element.tag == f"{_MAIN}row":
            element.clear()


def _cell(kind: str, formula: str, raw: str | None, inline: object, shared: list[str]) -> Cell:
    if inline is not None:
        return Cell(formula, "".join(text.text or "" for text in inline.iter(f"{_MAIN}t")))  # type: ignore[attr-defined]
    if raw is None:
        return Cell(formula, None)
    if kind == "s":
        return Cell(formula, shared[int(raw)])
    if kind == "e":
        return Cell(formula, None, raw)
    if kind == "b":
        return Cell(formula, raw == "1")
    # "_x0041_" as a text is written with its underscore as a code, lest it be read as the letter A, and
    # "#N/A" with its first character as a code, lest it be taken for an error
    return Cell(formula, _CODE.sub(_character, raw) if kind == "str" else float(raw))


_CODE = re.compile("_x(005F|0023)_")


def _character(code: re.Match[str]) -> str:
    return chr(int(code[1], 16))


def recalculated(
    libreoffice: LibreOffice, workbooks: list[Path], folder: Path
) -> list[dict[str, dict[str, Cell]]]:
    """The cells of workbooks after their cached values were removed and LibreOffice calculated them anew."""
    folder.mkdir(parents=True, exist_ok=True)
    bare = [without_cached_values(path, folder / path.name) for path in workbooks]
    return [cells(path) for path in libreoffice.recalculate_all(bare)]


def differences(
    stored: dict[str, dict[str, Cell]], fresh: dict[str, dict[str, Cell]], currency: str
) -> list[str]:
    """Every formula cell whose stored value is not what was calculated anew, and every error.

    Money are the cells of rows with a text that begins with the currency, and whole reports.
    """
    found = []
    for sheet, sheet_cells in stored.items():
        money = {_row(address) for address, cell in sheet_cells.items() if _money(cell.value, currency)}
        for address, cell in sheet_cells.items():
            if not cell.formula:
                continue
            new = fresh[sheet].get(address, Cell("", None))
            if new.error or cell.error:
                values = f"stored {cell.error or cell.value}, calculated {new.error or new.value}"
                found.append(f"{sheet}!{address}: {values}: ={cell.formula}")
            elif not same(cell.value, new.value, sheet in _MONEY_SHEETS or _row(address) in money):
                found.append(
                    f"{sheet}!{address}: stored {cell.value!r}, calculated {new.value!r}: ={cell.formula}"
                )
    return found


def same(a: Content, b: Content, money: bool = False) -> bool:
    """Equal within half a cent where it is money, or one part in a thousand million.

    Below a thousand millionth nothing counts: it is what the subtraction of large quantities leaves.
    """
    if isinstance(a, str) or isinstance(b, str) or a is None or b is None:
        return a == b
    return math.isclose(float(a), float(b), rel_tol=RELATIVE, abs_tol=MONEY if money else RELATIVE)


def _money(content: Content, currency: str) -> bool:
    return isinstance(content, str) and content.split(" ")[0] == currency


def _row(address: str) -> int:
    return int(re.sub(r"\D", "", address))
