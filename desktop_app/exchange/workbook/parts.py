"""What the parts of an Excel file say beyond its cells: relationships, names, features."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop_app.exchange.reading.package import DamagedPart, Package, resolve
from desktop_app.exchange.reading.xmlparts import attribute, events, is_true, local, tree

_OVERLAP = 200


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from one part to another, or to something outside the file."""

    id: str
    kind: str  # last part of the relationship's type: "worksheet", "drawing", "externalLinkPath"
    target: str
    outside: bool


@dataclass(frozen=True, slots=True)
class DefinedName:
    """A name of the workbook; `sheet` is the index of the sheet it belongs to, None for the whole file."""

    name: str
    text: str
    hidden: bool
    sheet: int | None


@dataclass(frozen=True, slots=True)
class Contents:
    """The workbook part: sheets as (name, part) in order, names, and how it is calculated."""

    sheets: tuple[tuple[str, str], ...]
    names: tuple[DefinedName, ...]
    iterates: bool
    manual: bool
    relations: tuple[Relation, ...]


def relations(package: Package, part: str) -> tuple[Relation, ...]:
    """All relationships of a part ("" for the package). DamagedPart where they are no XML."""
    folder, slash, file_name = part.rpartition("/")
    rels = f"{folder}{slash}_rels/{file_name}.rels"
    if rels not in package:
        return ()
    found = []
    for item in tree(package.chunks(rels)):
        target = item.get("Target") or ""
        outside = (item.get("TargetMode") or "").lower() == "external"
        kind = (item.get("Type") or "").rstrip("/").rpartition("/")[2]
        found.append(
            Relation(item.get("Id") or "", kind, target if outside else resolve(part, target), outside)
        )
    return tuple(found)


def contents(package: Package, workbook_part: str) -> Contents:
    """What the workbook part lists. DamagedPart where it cannot be read."""
    linked = relations(package, workbook_part)
    parts = {relation.id: relation.target for relation in linked if not relation.outside}
    sheets: list[tuple[str, str]] = []
    names: list[DefinedName] = []
    iterates = manual = False
    for child in tree(package.chunks(workbook_part)):
        kind = local(child)
        if kind == "sheets":
            sheets += [(item.get("name") or "", parts.get(attribute(item, "id") or "", "")) for item in child]
        elif kind == "definedNames":
            for item in child:
                place = item.get("localSheetId") or ""
                names.append(
                    DefinedName(
                        item.get("name") or "",
                        (item.text or "").strip().removeprefix("="),
                        is_true(item.get("hidden")),
                        int(place) if place.isascii() and place.isdigit() and len(place) < 6 else None,
                    )
                )
        elif kind == "calcPr":
            iterates = is_true(child.get("iterate"))
            manual = child.get("calcMode") == "manual"
    return Contents(tuple(sheets), tuple(names), iterates, manual, linked)


def holds(chunks: Iterable[bytes], *marks: bytes) -> set[bytes]:
    """Which of the marks (each shorter than 200 bytes) occur in the bytes.

    >>> sorted(holds([b"<f t=", b'"array">'], b't="array"', b"x14:"))
    [b't="array"']
    """
    found: set[bytes] = set()
    tail = b""
    for chunk in chunks:
        window = tail + chunk
        found.update(mark for mark in marks if mark in window)
        tail = window[-_OVERLAP:]
    return found


def array_formulas(package: Package, sheet_part: str) -> list[tuple[str, str]]:
    """The range and kind ("array" or "dataTable") of each such formula of a sheet."""
    kinds = ("array", "dataTable")
    if not holds(package.chunks(sheet_part), *(f'"{kind}"'.encode() for kind in kinds)):
        return []
    found = []
    for _, element in events(package.chunks(sheet_part), ("end",)):
        name = local(element)
        if name == "f" and element.get("t") in kinds:
            found.append((element.get("ref") or "", element.get("t") or ""))
        elif name == "row":
            element.clear()
    return found


__all__ = [
    "Contents",
    "DamagedPart",
    "DefinedName",
    "Relation",
    "array_formulas",
    "contents",
    "holds",
    "relations",
]
