"""Pictures of a template, kept byte by byte: openpyxl by itself drops them where Pillow is not installed."""

from __future__ import annotations

from typing import Any

from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.xml.functions import fromstring

from desktop_app.exchange.reading.ooxml import main_part
from desktop_app.exchange.reading.package import Package
from desktop_app.exchange.workbook import parts

# What openpyxl knows to declare in the package.
_KINDS = frozenset({"png", "jpeg", "jpg", "gif", "bmp", "tiff", "tif", "emf", "wmf"})


class _Kept(Image):  # type: ignore[misc]
    """A picture as it came, whatever its format."""

    def __init__(self, data: bytes, kind: str, anchor: Any) -> None:  # the base class would open the picture
        self.data = data
        self.format = kind
        self.anchor = anchor

    def _data(self) -> bytes:
        return self.data


def keep_pictures(book: Any, package: Package) -> None:
    """Give the sheets of an open workbook the pictures that stand in its file.

    Frames stay as they are, with cropping and size. A picture that is only linked stays out, and so does a
    drawing of kinds that openpyxl does not know.
    """
    main = main_part(package)
    assert main is not None
    by_name = {sheet.title: sheet for sheet in book.worksheets}
    for name, part in parts.contents(package, main).sheets:
        sheet = by_name.get(name)
        if sheet is None or part not in package:
            continue
        drawings = [
            relation.target for relation in parts.relations(package, part) if relation.kind == "drawing"
        ]
        sheet._images = [picture for drawing in drawings for picture in _pictures(package, drawing)]


def _pictures(package: Package, drawing: str) -> list[_Kept]:
    if drawing not in package:
        return []
    data = package.read(drawing)
    try:
        drawn = SpreadsheetDrawing.from_tree(fromstring(data))
    except (TypeError, ValueError):
        return []  # openpyxl keeps nothing of such a drawing, which is told
    targets = {
        relation.id: relation.target
        for relation in parts.relations(package, drawing)
        if relation.kind == "image" and not relation.outside
    }
    found = []
    for blip in drawn._blip_rels:
        target = targets.get(blip.embed, "")
        kind = target.rpartition(".")[2].lower()
        if target in package and kind in _KINDS:
            frame = blip.anchor.pic or blip.anchor.groupShape.pic
            # its target is a relationship that the new drawing does not have
            frame.nvPicPr.cNvPr.hlinkClick = frame.nvPicPr.cNvPr.hlinkHover = None
            if b":ln" not in data:
                frame.spPr.ln = None  # openpyxl would add a line around the picture
            found.append(_Kept(package.read(target), kind, blip.anchor))
    return found
