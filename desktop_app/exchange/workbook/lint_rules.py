"""The rules for single cells and sheets: what formulas hold, what cells show, what is hidden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from desktop_app.exchange.reading.grid import column_letter
from desktop_app.exchange.workbook.lint_formula import Formula
from desktop_app.exchange.workbook.lint_page import LintFinding, Page, cell_name, is_number, runs

VOLATILE: Final = frozenset(
    {"OFFSET", "INDIRECT", "NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY", "CELL", "INFO"}
)
ALLOWED_NUMBERS: Final = frozenset({0.0, 1.0, -1.0, 12.0})
# Later than Excel 2007, with the prefix they need in the file.
# fmt: off
NEWER: Final = frozenset((
    "ACOT", "AGGREGATE", "ARABIC", "BASE", "BYCOL", "BYROW", "CEILING.MATH", "CEILING.PRECISE",
    "CHOOSECOLS", "CHOOSEROWS", "COMBINA", "CONCAT", "CONFIDENCE.NORM", "CONFIDENCE.T", "COVARIANCE.P",
    "COVARIANCE.S", "DAYS", "DECIMAL", "DROP", "EXPAND", "F.DIST", "F.INV", "FILTER", "FLOOR.MATH",
    "FORECAST.ETS", "FORECAST.LINEAR", "FORMULATEXT", "GROUPBY", "HSTACK", "IFNA", "IFS", "IMAGE",
    "ISFORMULA", "ISOWEEKNUM", "LAMBDA", "LET", "MAKEARRAY", "MAP", "MAXIFS", "MINIFS", "MODE.MULT",
    "MODE.SNGL", "MUNIT", "NETWORKDAYS.INTL", "NORM.DIST", "NORM.INV", "NORM.S.DIST", "NORM.S.INV",
    "NUMBERVALUE", "PDURATION", "PERCENTILE.EXC", "PERCENTILE.INC", "PERCENTOF", "PERCENTRANK.EXC",
    "PERCENTRANK.INC", "PIVOTBY", "QUARTILE.EXC", "QUARTILE.INC", "RANDARRAY", "RANK.AVG", "RANK.EQ",
    "REDUCE", "REGEXEXTRACT", "REGEXREPLACE", "REGEXTEST", "RRI", "SCAN", "SEQUENCE", "SHEET", "SHEETS",
    "SINGLE", "SORT", "SORTBY", "STDEV.P", "STDEV.S", "SWITCH", "TAKE", "T.DIST", "T.INV", "TEXTAFTER",
    "TEXTBEFORE", "TEXTJOIN", "TEXTSPLIT", "TOCOL", "TOROW", "TRIMRANGE", "UNICHAR", "UNICODE", "UNIQUE",
    "VALUETOTEXT", "VAR.P", "VAR.S", "VSTACK", "WORKDAY.INTL", "WRAPCOLS", "WRAPROWS", "XLOOKUP", "XMATCH",
    "XOR",
))
# fmt: on


def formula_rules(page: Page, allowed: frozenset[float]) -> Iterator[LintFinding]:
    """What each formula by itself must not hold."""
    told: dict[tuple[str, str, str], list[tuple[int, int]]] = defaultdict(list)
    for same, formula in page.parsed.items():
        for fault in _faults(formula, allowed):
            told[fault] += page.places[same]
    for (severity, rule, message), places in told.items():
        yield from page.finding(severity, rule, places, message)


def _faults(formula: Formula, allowed: frozenset[float]) -> Iterator[tuple[str, str, str]]:
    """Severity, rule and message of all that is wrong with a formula."""
    numbers = [number for number in formula.numbers if not number.how and number.value not in allowed]
    if numbers:
        shown = ", ".join(dict.fromkeys(number.text for number in numbers))
        yield (
            "warning",
            "hard-coded-number",
            f"The formula holds {shown}: put it into an input cell with a label, and refer to that.",
        )
    volatile = [name for name in formula.functions if name in VOLATILE]
    if volatile:
        yield (
            "warning",
            "volatile-function",
            f"{', '.join(volatile)} is calculated anew at every change and hides what it reads: use INDEX.",
        )
    newer = [name for name in formula.functions if name in NEWER or name in formula.prefixed]
    if any(name not in formula.prefixed for name in newer):
        why = "lacks the prefix that the file needs, so Excel shows #NAME?"
        yield "error", "newer-function", f"{', '.join(newer)} {why}."
    elif newer:
        why = "is newer than Excel 2007: older versions and other programs show #NAME?"
        yield "warning", "newer-function", f"{', '.join(newer)} {why}."
    if formula.other_book:
        yield (
            "error",
            "external-link",
            "The formula reads another file: bring the figures in as inputs.",
        )
    if formula.broken:
        yield "error", "broken-reference", "The formula refers to cells that were deleted (#REF!)."


def cell_rules(page: Page) -> Iterator[LintFinding]:
    """What cells show: errors, and formulas that nobody has calculated."""
    by_error: dict[str, list[tuple[int, int]]] = defaultdict(list)
    empty: list[tuple[int, int]] = []
    for place, cell in page.sheet.cells.items():
        if cell.error is not None:
            by_error[cell.error].append(place)
        elif cell.formula is not None and cell.value is None:
            empty.append(place)
    for error, places in by_error.items():
        yield from page.finding("error", "error-cell", places, f"The cell shows {error}.")
    if empty:
        row, column = min(empty)
        count = "1 formula has" if len(empty) == 1 else f"{len(empty):,} formulas have"
        yield LintFinding(
            "warning",
            "no-stored-value",
            page.sheet.name,
            cell_name(row, column),
            f"{count} no stored value, so previews and other programs show nothing: "
            "open the file in Excel and save it.",
        )


def layout_rules(page: Page) -> Iterator[LintFinding]:
    """What is hidden, and cells merged where figures stand."""
    sheet = page.sheet
    if sheet.hidden:
        yield LintFinding(
            "error",
            "hidden-sheet",
            sheet.name,
            "",
            f"The sheet is hidden and holds {len(sheet.cells):,} cells.",
        )
    rows = sorted({row for row, _ in sheet.cells} & sheet.hidden_rows)
    for first, last in runs(rows):
        yield LintFinding(
            "warning",
            "hidden-rows",
            sheet.name,
            f"{first}:{last}",
            "Rows with content are hidden: show them.",
        )
    columns = sorted({column for _, column in sheet.cells} & sheet.hidden_columns)
    for first, last in runs(columns):
        yield LintFinding(
            "warning",
            "hidden-columns",
            sheet.name,
            f"{column_letter(first)}:{column_letter(last)}",
            "Columns with content are hidden: show them.",
        )
    for merge in sheet.merges:
        cell = sheet.cells.get((merge.top, merge.left))
        if cell is not None and (cell.formula is not None or is_number(cell)):
            yield LintFinding(
                "warning",
                "merged-calculation",
                sheet.name,
                f"{cell_name(merge.top, merge.left)}:{cell_name(merge.bottom, merge.right)}",
                "A figure stands in merged cells, where formulas cannot be copied across: unmerge them.",
            )
