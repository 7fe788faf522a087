"""What openpyxl would lose from a workbook: found by saving it once in memory and comparing both files."""

from __future__ import annotations

import io
import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import openpyxl

from desktop_app.exchange.reading import Limits, UnreadableFile, in_child
from desktop_app.exchange.reading.meter import Progress
from desktop_app.exchange.reading.ooxml import main_part
from desktop_app.exchange.reading.package import DamagedPart, Package, SuspiciousPart
from desktop_app.exchange.reading.process import Path as PathLike
from desktop_app.exchange.reading.source import Source, load
from desktop_app.exchange.workbook import parts

LIMITS = Limits(file_bytes=128_000_000, unpacked_bytes=512_000_000, seconds=60.0, memory_bytes=2_000_000_000)

# Elements of sheets, drawings and texts that are counted before and after, by local name.
_ELEMENTS: Final = {
    "pic": "pictures",
    "sp": "text boxes and shapes",
    "cxnSp": "connecting lines",
    "contentPart": "drawings by hand",
    "relIds": "SmartArt diagrams",
    "chart": "charts",
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
    "rPh": "phonetic guides over texts",
    "rPr": "formats within texts",
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
    ("xl/richdata/", "linked data types"),
    ("xl/metadata.xml", "formulas that spill over several cells (they stay, each in its first cell)"),
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
_IN_TEXTS = (b"rPr", b"rPh")
_DRAWINGS = "xl/drawings/"
_TAG = re.compile(rb"<(?:[A-Za-z0-9_]+:)?([A-Za-z]+)[\s/>]")
_STORED = re.compile(rb"(?:</f>|<f\b[^>]*/>)<v>[^<]")
_FORMULA_VALUES = "stored values of formulas (Excel calculates them anew when it opens the file)"
_BYTES = {name.encode(): words for name, words in _ELEMENTS.items()}


@dataclass(frozen=True, slots=True)
class Loss:
    """Something of a workbook that is gone when openpyxl has saved it: what, how many, on which sheets (none
    where it belongs to the whole file).
    """

    what: str
    count: int
    sheets: tuple[str, ...]

    def __str__(self) -> str:
        where = f" on {', '.join(self.sheets)}" if self.sheets else ""
        return f"{self.what}{where}" + (f" ({self.count:,})" if self.count > 1 else "")


def losses(
    path: Path,
    *,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[Loss]:
    """What a workbook would lose by being filled. Nothing is written.

    UnreadableFile (one sentence) for what cannot be read or filled; Cancelled.
    """
    return in_child(losses_here, path, limits, limits=limits, progress=progress, cancelled=cancelled)


def losses_here(path: PathLike, limits: Limits = LIMITS, *, progress: Progress | None = None) -> list[Loss]:
    """As `losses`, in this very process."""
    source = load(path, limits)
    book = open_template(source, limits)
    if progress is not None:
        progress(0.5, "Trying to save the workbook")
    before = _features_in_words(source, limits)
    again = Source(source.name, source.stem, source.suffix, saved_bytes(book, source.name), "")
    after = _features_in_words(again, limits)
    gone: dict[str, Counter[str]] = defaultdict(Counter)
    for (what, sheet), count in before.items():
        missing = count - after.get((what, sheet), 0)
        if missing > 0:
            gone[what][sheet] += missing
    return [
        Loss(what, counts.total(), tuple(sheet for sheet in counts if sheet)) for what, counts in gone.items()
    ]


def open_template(source: Source, limits: Limits) -> Any:
    """The workbook in openpyxl, with all that it can keep; UnreadableFile in one sentence where it cannot."""
    package = Package(source, limits)
    if main_part(package) is None or source.suffix not in (".xlsx", ".xlsm"):
        raise UnreadableFile(
            f"{source.name} is no .xlsx or .xlsm workbook: open it in Excel, save it as .xlsx and use that."
        )
    try:
        # What openpyxl warns of is found, and told in words, by comparing what it saves.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(
                io.BytesIO(source.data), keep_vba=source.suffix == ".xlsm", rich_text=True, keep_links=True
            )
    except Exception as error:  # openpyxl raises whatever a foreign file makes it trip over
        raise UnreadableFile(
            f"{source.name} cannot be filled, since parts of it cannot be read: "
            "open it in Excel, save it as a new .xlsx and use that."
        ) from error
    if not book.worksheets:
        raise UnreadableFile(
            f"{source.name} is kept in a way that cannot be filled (strict Open XML): "
            "open it in Excel, save it as an ordinary .xlsx and use that."
        )
    return book


def saved_bytes(book: Any, name: str) -> bytes:
    """What openpyxl saves; UnreadableFile in one sentence where it cannot save what it has read."""
    saved = io.BytesIO()
    try:
        book.save(saved)
    except Exception as error:  # as in reading
        raise UnreadableFile(
            f"{name} holds parts that cannot be written again: open it in Excel, save it as a new .xlsx and "
            "use that."
        ) from error
    return saved.getvalue()


def _features_in_words(source: Source, limits: Limits) -> Counter[tuple[str, str]]:
    try:
        return _features(Package(source, limits))
    except (DamagedPart, SuspiciousPart) as error:
        raise UnreadableFile(
            f"{source.name} is damaged ({error}): open it in Excel, save it as .xlsx and use that."
        ) from error


def _features(package: Package) -> Counter[tuple[str, str]]:
    """How often the file holds what could be lost, by what and sheet."""
    found: Counter[tuple[str, str]] = Counter()
    for name in package.parts():
        for start, words in _PARTS:
            if name.startswith(start) and not name.endswith(".rels"):
                found[words, ""] += 1
    for sheet, part in _with_sheets(package):
        data = package.read(part)
        for tag in _TAG.findall(data):
            if tag in _BYTES and not (tag in _IN_TEXTS and part.startswith(_DRAWINGS)):
                # Texts may be kept with all others or in their sheet.
                found[_BYTES[tag], "" if tag in _IN_TEXTS else sheet] += 1
        found[_FORMULA_VALUES, sheet] += len(_STORED.findall(data))
    return found


def _with_sheets(package: Package) -> Iterator[tuple[str, str]]:
    """Sheets and their drawings, each with the sheet's name, and the texts of the whole file."""
    main = main_part(package)
    assert main is not None
    if "xl/sharedStrings.xml" in package:
        yield "", "xl/sharedStrings.xml"
    for sheet, part in parts.contents(package, main).sheets:
        if part not in package:
            continue
        yield sheet, part
        for relation in parts.relations(package, part):
            if relation.kind == "drawing" and relation.target in package:
                yield sheet, relation.target
