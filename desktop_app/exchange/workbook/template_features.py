"""What of a workbook could be lost when openpyxl saves it, counted in the parts of the file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from desktop_app.exchange.reading.ooxml import main_part
from desktop_app.exchange.reading.package import Package
from desktop_app.exchange.workbook import parts

Features = Counter[tuple[str, str]]
"""How often there is something: by what, and by sheet ("" where it belongs to the whole file)."""

# Elements that are counted, by local name: of sheets, of drawings, of texts and of other parts.
_SHEETS: Final = {
    "sparkline": "sparklines",
    "cfRule": "conditional formats of newer kinds (such as data bars of Excel 2010)",
    "dataValidation": "data validations",
    "slicer": "slicers",
    "timelineRef": "timelines",
    "oleObject": "embedded objects",
    "control": "form controls",
    "picture": "a background picture",
    "legacyDrawingHF": "pictures in headers and footers",
    "hyperlink": "links",
    "mergeCell": "merged cells",
    "tablePart": "tables",
    "protectedRange": "ranges that only some people may edit",
    "customSheetView": "custom views",
    "ignoredError": "marks that an oddity of a cell is meant",
    "scenario": "what-if scenarios",
    "dataConsolidate": "consolidations of ranges",
    "sortCondition": "remembered orders of sorting",
    "cellWatch": "watched cells",
    "customPr": "hidden settings of add-ins",
    "webPublishItem": "settings of web pages",
}
_DRAWINGS: Final = {
    "pic": "pictures",
    "sp": "text boxes and shapes",
    "cxnSp": "connecting lines",
    "contentPart": "drawings by hand",
    "relIds": "SmartArt diagrams",
    "chart": "charts",
    "slicer": "slicers",
    "srcRect": "cropping of pictures",
    "svgBlip": "vector forms of pictures (a bitmap stays)",
    "hlinkClick": "links of pictures and shapes",
}
_TEXTS: Final = {"rPh": "phonetic guides over texts", "rPr": "formats within texts"}
_WORKBOOK: Final = {
    "workbookProtection": "the protection of the workbook's structure",
    "fileSharing": "the advice to open the file read-only",
    "customWorkbookView": "custom views",
}
_STYLES: Final = {"tableStyle": "table styles of your own", "rgbColor": "colours of an own palette"}
_PROPERTIES: Final = {"Company": "properties of the document", "Manager": "properties of the document"}
_CHARTS: Final = {
    "ser": "series of charts",
    "errBars": "error bars of charts",
    "trendline": "trend lines of charts",
    "dLbl": "labels of single points in charts",
    "datalabelsRange": "labels of charts that are taken from cells",
    "dPt": "formats of single points in charts",
    "dropLines": "lines between the series of charts",
    "hiLowLines": "lines between the series of charts",
    "upDownBars": "lines between the series of charts",
    "dTable": "data tables of charts",
    "legendEntry": "entries taken out of legends",
    "userShapes": "drawings within charts",
    "pivotSource": "links of charts to pivot tables",
    "gradFill": "fills and effects of charts",
    "pattFill": "fills and effects of charts",
    "blipFill": "fills and effects of charts",
    "effectLst": "fills and effects of charts",
    "txPr": "fonts of charts",
    "rich": "texts of charts",
}
# Kinds of parts that are counted, by how their names begin.
_PARTS: Final = (
    ("xl/charts/chartex", "charts of newer kinds (such as waterfall and funnel)"),
    ("xl/charts/style", "style details of charts"),
    ("xl/charts/colors", "style details of charts"),
    ("xl/threadedcomments/", "threads of comments"),
    ("xl/pivottables/", "pivot tables"),
    ("xl/pivotcache/", "data of pivot tables"),
    ("xl/slicercaches/", "slicers"),
    ("xl/timelinecaches/", "timelines"),
    ("xl/connections.xml", "data connections"),
    ("xl/querytables/", "queries"),
    ("xl/model/", "the data model"),
    ("xl/activex/", "form controls"),
    ("xl/ctrlprops/", "form controls"),
    ("xl/embeddings/", "embedded objects"),
    ("xl/vbaproject.bin", "macros"),
    ("xl/macrosheets/", "macros"),
    ("xl/richdata/richvaluerel.xml", "pictures within cells"),
    ("xl/richdata/", "linked data types"),
    ("xl/featurepropertybag/", "check boxes in cells"),
    ("xl/diagrams/", "SmartArt diagrams"),
    ("xl/externallinks/", "links to other files"),
    ("xl/webextensions/", "add-ins"),
    ("xl/printersettings/", "settings of printers"),
    ("customxml/", "hidden data of other programs (customXml)"),
    ("customui/", "changes of the ribbon"),
    ("docmetadata/", "the sensitivity label"),
    ("docprops/custom.xml", "properties of the document"),
    ("_xmlsignatures/", "digital signatures"),
)
_SPILLING = "formulas that spill over several cells (they stay, each in its first cell)"
_NOTES = "sizes and formats of notes (their texts stay)"
_FORMULA_VALUES = "stored values of formulas (Excel calculates them anew when it opens the file)"
_TAG = re.compile(rb"<(?:[A-Za-z0-9_]+:)?([A-Za-z]+)[\s/>]")
_FILLED = re.compile(rb"<(?:[A-Za-z0-9_]+:)?([A-Za-z]+)>[^<\s]")
_STORED = re.compile(rb"(?:</f>|<f\b[^>]*/>)<v>[^<]")
_CONTROL = re.compile(rb"ObjectType=[\"'](?!Note[\"'])\w+")
_SPILL = re.compile(rb"dynamicArrayProperties\b")


def features(package: Package) -> Features:
    """How often the file holds what could be lost."""
    found: Features = Counter()
    for name in package.parts():
        what = next((words for start, words in _PARTS if name.startswith(start)), None)
        if what is not None and not name.endswith(".rels"):
            found[what, ""] += 1
    for name, counted in (
        ("xl/sharedStrings.xml", _TEXTS),
        ("xl/styles.xml", _STYLES),
        (main_part(package) or "", _WORKBOOK),
    ):
        if name in package:
            _count(found, package.read(name), counted, "")
    if "docProps/app.xml" in package:
        for tag in _FILLED.findall(package.read("docProps/app.xml")):
            if tag.decode() in _PROPERTIES:
                found[_PROPERTIES[tag.decode()], ""] += 1
    if "xl/metadata.xml" in package and _SPILL.search(package.read("xl/metadata.xml")):
        found[_SPILLING, ""] += 1
    for sheet, part, kind in _parts_of_sheets(package):
        data = package.read(part)
        if kind == "sheet":
            _count(found, data, _SHEETS, sheet)
            _count(found, data, _TEXTS, "")  # they may be kept with all others instead
            found[_FORMULA_VALUES, sheet] += len(_STORED.findall(data))
        elif kind == "drawing":
            _count(found, data, _DRAWINGS, sheet)
        elif kind == "chart":
            _count(found, data, _CHARTS, sheet)
        elif kind == "vmlDrawing":
            found["form controls", sheet] += len(_CONTROL.findall(data))
        elif kind == "comments":
            found[_NOTES, sheet] += data.count(b"<rPr>")
    return found


def _count(found: Features, data: bytes, words: Mapping[str, str], sheet: str) -> None:
    for tag in _TAG.findall(data):
        what = words.get(tag.decode())
        if what is not None:
            found[what, sheet] += 1


def _parts_of_sheets(package: Package) -> Iterator[tuple[str, str, str]]:
    """Sheets with their drawings, charts and comments: the sheet's name, the part and its kind."""
    main = main_part(package)
    assert main is not None
    for sheet, part in parts.contents(package, main).sheets:
        if part not in package:
            continue
        yield sheet, part, "sheet"
        for relation in parts.relations(package, part):
            if relation.outside or relation.target not in package:
                continue
            yield sheet, relation.target, relation.kind
            if relation.kind == "drawing":
                for inner in parts.relations(package, relation.target):
                    if inner.kind == "chart" and inner.target in package:
                        yield sheet, inner.target, "chart"
