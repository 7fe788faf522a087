"""Office Open XML workbooks (.xlsx and .xlsm, transitional and strict), read part by part without trusting
any."""

from __future__ import annotations

from dataclasses import dataclass, replace

from desktop_app.exchange.reading.formulas import parse_reference
from desktop_app.exchange.reading.grid import Cell, Sheet, UnreadableFile
from desktop_app.exchange.reading.limits import MAX_TEXT, TooLarge
from desktop_app.exchange.reading.meter import Meter
from desktop_app.exchange.reading.notes import Notes
from desktop_app.exchange.reading.ooxml_sheet import Shared, read_sheet, rich_text
from desktop_app.exchange.reading.ooxml_styles import PLAIN, Style, read_styles
from desktop_app.exchange.reading.package import DamagedPart, Package, resolve
from desktop_app.exchange.reading.sheetnames import SheetNames
from desktop_app.exchange.reading.values import clean_text, unescape
from desktop_app.exchange.reading.xmlparts import attribute, is_true, local, pieces, tree


@dataclass(frozen=True, slots=True)
class Relation:
    """What a relationship leads to: the last word of its type ("worksheet", "styles"), and the part."""

    kind: str
    part: str


def main_part(package: Package) -> str | None:
    """The workbook part of the package by its relationships, else by its usual name; None where there is
    none."""
    try:
        relations = read_relations(package, "")
    except DamagedPart:
        relations = {}
    for relation in relations.values():
        if relation.kind == "officeDocument" and relation.part in package:
            return relation.part
    return next((part for part in ("xl/workbook.xml", "xl/workbook.bin") if part in package), None)


def has_macros(package: Package) -> bool:
    """True where the package holds macros or calls itself a workbook with macros. They are never run."""
    if any(part.endswith("vbaproject.bin") for part in package.parts()):
        return True
    try:
        return b"macroEnabled" in package.read("[Content_Types].xml")
    except DamagedPart:
        return False


def read_sheets(package: Package, workbook_part: str, notes: Notes, meter: Meter) -> tuple[Sheet, ...]:
    """All worksheets in the order of their tabs; DamagedPart where the workbook cannot be read as a whole."""
    workbook = tree(package.chunks(workbook_part))
    if local(workbook) != "workbook":
        raise DamagedPart("the workbook part is no workbook")
    relations = read_relations(package, workbook_part)
    listed = [item for child in workbook if local(child) == "sheets" for item in child]
    if len(listed) > meter.limits.sheets:
        raise TooLarge(
            f"{package.name} has {len(listed):,} sheets, more than a quote can need: save only its quote "
            f"sheets in a new workbook and read that."
        )
    epoch_1904 = any(is_true(child.get("date1904")) for child in workbook if local(child) == "workbookPr")
    by_kind = {relation.kind: relation.part for relation in relations.values()}
    sizes = {relation.part: package.size(relation.part) for relation in relations.values()}
    meter.expect(sum(sizes.values()))
    strings, odd = _shared_strings(package, by_kind.get("sharedStrings", "xl/sharedStrings.xml"), meter)
    styles = _styles(package, by_kind.get("styles", "xl/styles.xml"), notes)
    shared = Shared(strings, odd, styles, epoch_1904)
    names = SheetNames(notes)
    sheets: list[Sheet] = []
    used: set[str] = set()
    for item in listed:
        name = names.unique(item.get("name"))
        relation = relations.get(attribute(item, "id") or "")
        if relation is not None and relation.kind not in ("worksheet", "unknown"):
            continue
        if relation is None or relation.part not in package or relation.part in used:
            notes.file(
                "error", "sheet_missing", f'Sheet "{name}" is listed in the file but its cells are not in it.'
            )
            continue
        used.add(relation.part)
        hidden = (item.get("state") or "visible") != "visible"
        chunks = meter.watch(package.chunks(relation.part), f"Reading sheet {name}")
        sheet = read_sheet(chunks, name, hidden, shared, notes, meter)
        sheets.append(_with_comments(sheet, package, relation.part))
    if not sheets:
        raise UnreadableFile(
            f"{package.name} holds no sheet that can be read: open it in Excel, check that the quote shows, "
            f"save it as .xlsx and read it again."
        )
    return tuple(sheets)


def read_relations(package: Package, part: str) -> dict[str, Relation]:
    """The relationships of a part to others inside the package, by their names."""
    folder, slash, file_name = part.rpartition("/")
    rels = f"{folder}{slash}_rels/{file_name}.rels"
    if rels not in package:
        return {}
    found: dict[str, Relation] = {}
    for item in tree(package.chunks(rels)):
        target = item.get("Target")
        if target is None or (item.get("TargetMode") or "").lower() == "external":
            continue
        kind = (item.get("Type") or "unknown").rstrip("/").rpartition("/")[2]
        found[item.get("Id") or ""] = Relation(kind, resolve(part, target))
    return found


def _shared_strings(package: Package, part: str, meter: Meter) -> tuple[dict[str, str], dict[str, str]]:
    strings: dict[str, str] = {}
    odd: dict[str, str] = {}
    if part not in package:
        return strings, odd
    limit = meter.limits.cells
    index = 0
    for element in pieces(meter.watch(package.chunks(part), "Reading texts")):
        tag = element.tag
        if not tag.endswith("}si"):
            continue
        raw = (
            element[0].text or ""
            if len(element) == 1 and element[0].tag.endswith("}t")
            else rich_text(element)
        )
        element.clear()
        if "_x" in raw:
            raw = unescape(raw)
        text, removed, cut = clean_text(raw)
        if removed or cut:
            odd[str(index)] = raw[: MAX_TEXT + 1]
        else:
            strings[str(index)] = text
        index += 1
        if index > limit:
            raise TooLarge(
                f"{package.name} holds more than {limit:,} different texts, more than a quote can need: "
                f"save only its quote sheets in a new workbook and read that."
            )
    return strings, odd


def _styles(package: Package, part: str, notes: Notes) -> dict[str | None, Style]:
    try:
        styles = read_styles(package.chunks(part)) if part in package else []
    except DamagedPart:
        notes.file(
            "error",
            "styles_damaged",
            "The cell formats of the file are damaged: currencies and dates that only a format shows are "
            "not seen.",
        )
        styles = []
    return {None: styles[0] if styles else PLAIN, **{str(index): style for index, style in enumerate(styles)}}


def _with_comments(sheet: Sheet, package: Package, part: str) -> Sheet:
    try:
        relations = read_relations(package, part)
        parts = [relation.part for relation in relations.values() if relation.kind == "comments"]
        comments = {
            place: text
            for name in parts
            if name in package
            for place, text in _comments(package, name).items()
        }
    except DamagedPart:
        return sheet
    for (row, column), text in comments.items():
        cell = sheet.cells.get((row, column)) or Cell(row, column, None)
        sheet.cells[row, column] = replace(cell, comment=text)
    return sheet


def _comments(package: Package, part: str) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    for element in pieces(package.chunks(part)):
        if local(element) != "comment":
            continue
        place = parse_reference(element.get("ref") or "")
        texts = [rich_text(child) for child in element if local(child) == "text"]
        element.clear()
        if place is not None and texts:
            found[place] = clean_text(unescape("".join(texts)))[0].strip()
    return found
