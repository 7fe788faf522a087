"""What a board pack that comes back says about itself: its plan, its scenarios, and who laid it out."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from desktop_app.engine.compute import PlanResult, compute
from desktop_app.engine.model import Plan
from desktop_app.exchange.reading import UnreadableFile, Workbook
from desktop_app.exchange.reading.grid import Sheet
from desktop_app.exchange.workbook.copies import words
from desktop_app.exchange.workbook.front import FORMULAS_HASH, INPUTS_HASH, MADE_BY
from desktop_app.exchange.workbook.pack import SHEETS
from desktop_app.exchange.workbook.sheet import BODY
from desktop_app.exchange.workbook.text import cell_text

_HASH = re.compile(r"\b[0-9a-f]{12,64}\b")
_MARK = " · "
_FAR = 50  # rows below the top within which titles are looked for


def same_plan(book: Workbook, input_hash: str) -> bool | None:
    """Whether the plan was as it is now when the workbook was exported; None where it does not tell."""
    printed = _HASH.search(_fact(book, INPUTS_HASH))
    return None if printed is None else input_hash.startswith(printed[0])


def formulas_hash(book: Workbook) -> str | None:
    """The hash of the formulas as they were exported; "" where the cover has none, as that of an early
    version, None where there is no cover.
    """
    printed = _HASH.search(_fact(book, FORMULAS_HASH))
    if printed is None:
        return "" if _fact(book, INPUTS_HASH) else None
    return printed[0]


def maker(book: Workbook) -> str:
    """The program that made the workbook, with its version; "" where it does not tell."""
    return _fact(book, MADE_BY)


def other_plan(book: Workbook, plan: Plan) -> str:
    """The name of the plan that the workbook is of, where it is another one than this plan's."""
    for sheet in book.sheets:
        for row in range(1, BODY + 1):
            said = words(sheet.cells.get((row, 2)))
            if _MARK in said:
                own = " ".join(cell_text(plan.name).split())
                return "" if said.endswith(f"{_MARK}{own}") else said.partition(_MARK)[2]
    return ""


def exported_results(book: Workbook, plan: Plan) -> PlanResult:
    """The results of those scenarios and cases that the workbook shows. UnreadableFile where it shows none of
    this plan, or the plan has errors.
    """
    named = {
        " ".join(cell_text(f"{scenario.name} ({case})" if case else scenario.name).split()): (
            scenario.name,
            case,
        )
        for case in ["", *(one.name for one in plan.cases)]
        for scenario in plan.scenarios
    }
    known = ([named[title] for title in titles if title in named] for titles in _titles(book))
    pairs = max(known, key=len)
    if not pairs:
        raise foreign(book)
    result = compute(
        plan, dict.fromkeys(scenario for scenario, _ in pairs), dict.fromkeys(case for _, case in pairs)
    )
    chosen = [result.scenario(scenario, case) for scenario, case in pairs]
    if any(one.program is None for one in chosen):
        raise UnreadableFile(
            f"{book.file_name} cannot be compared with a plan that has errors: mend those of "
            f"“{next(one.name for one in chosen if one.program is None)}” first."
        )
    return dataclasses.replace(result, scenarios=tuple(chosen))


def foreign(book: Workbook) -> UnreadableFile:
    """What is said of a workbook that is none of this plan."""
    return UnreadableFile(
        f"{book.file_name} is no workbook that this plan was exported to, or its input sheets are gone: "
        "choose the workbook that came from this plan."
    )


def _titles(book: Workbook) -> Iterator[list[str]]:
    """Lists of the scenarios' names in their order: from the checks, which nobody has a reason to edit, and
    from the titles on the assumptions sheet.
    """
    checks = _sheet(book, SHEETS["checks"])
    rows = range(1, checks.max_row + 1) if checks is not None else ()
    yield list(dict.fromkeys(words(checks.cells.get((row, 2))) for row in rows)) if checks else []
    assumptions = _sheet(book, SHEETS["assumptions"])
    if assumptions is None:
        return
    last = assumptions.max_column
    for row in range(1, BODY + _FAR):
        titles = [words(assumptions.cells.get((row, column))) for column in range(1, last + 1)]
        if "Plan value" in titles and "Name in formulas" in titles:
            yield titles[titles.index("Plan value") + 1 :]


def _sheet(book: Workbook, name: str) -> Sheet | None:
    """A sheet by its name, or by its title where it was renamed."""
    for one in book.sheets:
        if one.name.casefold() == name.casefold():
            return one
    return next((one for one in book.sheets if words(one.cells.get((1, 1))) == name), None)


def _fact(book: Workbook, title: str) -> str:
    """A fact of the cover; "" where it is not there."""
    cover = _sheet(book, SHEETS["cover"])
    if cover is None:
        return ""
    place = next((place for place, cell in cover.cells.items() if words(cell) == title), None)
    return "" if place is None else words(cover.cells.get((place[0], place[1] + 1)))
