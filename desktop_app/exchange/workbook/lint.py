"""A linter for workbooks: ours and other people's, read without trusting them and without calculating."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from desktop_app.exchange.reading import Limits, UnreadableFile, in_child, read_workbook_here
from desktop_app.exchange.reading.meter import Progress
from desktop_app.exchange.reading.ooxml import has_macros, main_part
from desktop_app.exchange.reading.package import DamagedPart, Package, SuspiciousPart
from desktop_app.exchange.reading.process import Path as PathLike
from desktop_app.exchange.reading.source import load
from desktop_app.exchange.workbook import parts
from desktop_app.exchange.workbook.lint_circular import circular_rules
from desktop_app.exchange.workbook.lint_formula import take_apart
from desktop_app.exchange.workbook.lint_page import LintFinding, Page
from desktop_app.exchange.workbook.lint_patterns import pattern_rules
from desktop_app.exchange.workbook.lint_rules import ALLOWED_NUMBERS, cell_rules, formula_rules, layout_rules
from desktop_app.exchange.workbook.lint_texts import text_rules

__all__ = ["ALLOWED_NUMBERS", "LIMITS", "LintFinding", "lint", "lint_here"]

# Models are larger than quotes.
LIMITS = Limits(
    file_bytes=256_000_000,
    unpacked_bytes=1_500_000_000,
    cells=3_000_000,
    seconds=300.0,
    memory_bytes=4_000_000_000,
)
_BUILT_IN = "_xlnm."  # how names begin that programs set themselves, such as print areas


def lint(
    path: Path,
    *,
    allowed: frozenset[float] = ALLOWED_NUMBERS,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[LintFinding]:
    """What a reviewer would find in an .xlsx or .xlsm, in the order of its sheets and cells.

    `allowed` are the numbers that may stand in formulas. Runs in a child process within the limits; raises
    UnreadableFile (one sentence) for what cannot be read, Cancelled where `cancelled` says True.
    """
    return in_child(lint_here, path, allowed, limits, limits=limits, progress=progress, cancelled=cancelled)


def lint_here(
    path: PathLike,
    allowed: frozenset[float] = ALLOWED_NUMBERS,
    limits: Limits = LIMITS,
    *,
    progress: Progress | None = None,
) -> list[LintFinding]:
    """As `lint`, in this very process: for workbooks that are known to be harmless."""
    workbook = read_workbook_here(path, limits=limits, progress=progress)
    if workbook.format not in ("xlsx", "xlsm"):
        raise UnreadableFile(
            f"{workbook.file_name} is no .xlsx or .xlsm workbook: save it as .xlsx in Excel and check that."
        )
    if any(finding.code == "read_tolerantly" for finding in workbook.findings):
        raise UnreadableFile(
            f"{workbook.file_name} is damaged or unusual, so that its formulas cannot be seen: "
            "open it in Excel, save it as .xlsx and check that."
        )
    package = Package(load(path, limits), limits)
    main = main_part(package)
    if main is None:
        raise UnreadableFile(
            f"{workbook.file_name} holds no workbook: open it in Excel and save it as .xlsx."
        )
    found = list(_file_rules(package, main))
    pages = {sheet.name: Page.of(sheet) for sheet in workbook.sheets}
    for number, page in enumerate(pages.values(), start=1):
        if progress is not None:
            progress(number / len(pages), f"Checking sheet {page.sheet.name}")
        found += layout_rules(page)
        found += cell_rules(page)
        found += formula_rules(page, allowed)
        found += pattern_rules(page)
    found += text_rules(pages)
    found += circular_rules(pages)
    order = {name: place for place, name in enumerate(pages, start=1)}
    return sorted(
        dict.fromkeys(found), key=lambda finding: (order.get(finding.sheet, 0), _cell_order(finding.cell))
    )


def _cell_order(cell: str) -> tuple[int, int, str]:
    """Sheets' own findings first, then from top to bottom and left to right."""
    first = cell.partition(":")[0]
    letters = first.rstrip("0123456789")
    digits = first[len(letters) :]
    return int(digits or 0), len(letters), letters


def _file_rules(package: Package, main: str) -> Iterator[LintFinding]:
    try:
        contents = parts.contents(package, main)
        outside = [
            link
            for relation in contents.relations
            if relation.kind == "externalLink"
            for link in parts.relations(package, relation.target)
        ]
    except (DamagedPart, SuspiciousPart) as error:
        raise UnreadableFile(
            f"{package.name} is damaged ({error}): open it in Excel, save it as .xlsx and check that."
        ) from error
    if has_macros(package):
        yield LintFinding(
            "warning", "macros", "", "", "The file holds macros, which no reviewer can see in the cells."
        )
    if contents.iterates:
        yield LintFinding(
            "error",
            "iterative-calculation",
            "",
            "",
            "Iterative calculation is on, which hides circular references: switch it off.",
        )
    if contents.manual:
        yield LintFinding(
            "warning", "manual-calculation", "", "", "Calculation is manual, so figures may be out of date."
        )
    for link in outside:
        yield LintFinding(
            "error",
            "external-link",
            "",
            "",
            f"The file is linked to another one ({link.target[:200]}): break the link.",
        )
    yield from _name_rules(contents)
    for name, part in contents.sheets:
        if part in package:
            yield from _array_rules(package, " ".join(name.split()), part)


def _array_rules(package: Package, sheet: str, part: str) -> Iterator[LintFinding]:
    for reference, kind in parts.array_formulas(package, part):
        what = (
            "A data table (what-if) is calculated apart from the cells around it"
            if kind == "dataTable"
            else "An array formula breaks in older Excel and in LibreOffice"
        )
        yield LintFinding("warning", "array-formula", sheet, reference, f"{what}: use one formula a cell.")


def _name_rules(contents: parts.Contents) -> Iterator[LintFinding]:
    for name in contents.names:
        if name.name.casefold().startswith(_BUILT_IN):
            continue
        sheet = (
            contents.sheets[name.sheet][0]
            if name.sheet is not None and name.sheet < len(contents.sheets)
            else ""
        )
        formula = take_apart(name.text, 1, 1)
        boxes = [reference.box(1, 1) for reference in formula.references]
        shown = f"The name {name.name[:60]}"
        if formula.broken:
            yield LintFinding(
                "error", "defined-name", sheet, "", f"{shown} refers to nothing (#REF!): delete it."
            )
        elif formula.other_book:
            yield LintFinding(
                "error",
                "external-link",
                sheet,
                "",
                f"{shown} refers to another file ({name.text[:100]}): delete it.",
            )
        elif name.hidden:
            yield LintFinding(
                "warning", "defined-name", sheet, "", f"{shown} is hidden: delete it, or show it."
            )
        elif not (len(boxes) == 1 and boxes[0][:2] == boxes[0][2:] and not formula.functions):
            yield LintFinding(
                "warning",
                "defined-name",
                sheet,
                "",
                f"{shown} stands for {name.text[:80] or 'nothing'}, and not for a single input cell: "
                "refer to the cells themselves.",
            )
