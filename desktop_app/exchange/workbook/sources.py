"""Data and sources, and the change log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.engine.model import Plan, Source
from desktop_app.exchange.workbook.sheet import BODY, Sheet
from desktop_app.exchange.workbook.styles import number_format

_MOST_CHANGES = 2_000


@dataclass(frozen=True, slots=True)
class ChangeEntry:
    """One change of the plan, for the change log."""

    time: str
    user: str
    what: str
    where: str = ""
    old: str = ""
    new: str = ""


def has_sources(plan: Plan) -> bool:
    """True if the plan has quotes or reference prices."""
    return bool(plan.quotes or plan.price_book or _quoted(plan))


def _quoted(plan: Plan) -> list[tuple[str, Source]]:
    """What rests on a quote, with the place in it."""
    found = [(f"Driver {driver.name}", driver.source) for driver in plan.drivers if driver.source.quote]
    for scenario in plan.scenarios:
        lines = [line for line in scenario.lines if line.source.quote]
        found += [(f"{scenario.name}: {line.name}", line.source) for line in lines]
    return found


def write_sources(sheet: Sheet, plan: Plan) -> None:
    """Quotes with their files and hashes, what rests on them, and the price-book entries."""
    for column, characters in enumerate((34, 22, 18, 14, 14, 30, 68)):
        sheet.width(column, characters)
    row = BODY
    if plan.quotes:
        sheet.texts(
            row,
            0,
            ["Quote: vendor", "Number", "Quoted", "Valid until", "Currency", "File", "SHA-256 of the file"],
        )
        for quote in plan.quotes:
            row += 1
            cells = [quote.vendor, quote.quote_number, quote.quote_date, quote.valid_until, quote.currency]
            sheet.texts(row, 0, [*cells, quote.file_name], "Label")
            sheet.text(row, 6, quote.sha256, "Note")
        row += 2
    quoted = _quoted(plan)
    if quoted:
        files = {quote.key: quote.file_name for quote in plan.quotes}
        sheet.texts(row, 0, ["What rests on a quote", "Sheet and cell", "Date", "", "", "File", "Note"])
        for name, source in quoted:
            row += 1
            sheet.texts(row, 0, [name, source.cell, source.date], "Label", text_wrap=True)
            sheet.text(row, 5, files.get(source.quote, source.quote))
            sheet.text(row, 6, source.note, "Note", text_wrap=True)
        row += 2
    if plan.price_book:
        sheet.text(row, 0, "Reference price or fact", "Heading")
        sheet.text(row, 1, "Value", "Heading", align="right")
        sheet.texts(row, 2, ["Unit", "Date", "", "Source", "Note"])
        for entry in plan.price_book:
            row += 1
            sheet.text(row, 0, entry.name, text_wrap=True)
            sheet.number(row, 1, entry.value, number_format(entry.unit, [entry.value]))
            sheet.texts(row, 2, [entry.unit, entry.date], "Label")
            sheet.text(row, 5, entry.source, text_wrap=True)
            sheet.text(row, 6, entry.note, "Note", text_wrap=True)


def write_changes(sheet: Sheet, changes: Sequence[ChangeEntry]) -> None:
    """Who changed what, latest first."""
    for column, characters in enumerate((17, 18, 36, 34, 28, 28)):
        sheet.width(column, characters)
    sheet.texts(BODY, 0, ["When (UTC)", "Who", "What", "Where", "Before", "After"])
    for offset, change in enumerate(changes[:_MOST_CHANGES], start=1):
        texts = [_minute(change.time), change.user, change.what, change.where, change.old, change.new]
        sheet.texts(BODY + offset, 0, texts, "Label", text_wrap=True, valign="top")
    if len(changes) > _MOST_CHANGES:
        more = f"{len(changes) - _MOST_CHANGES:,} earlier changes are in the plan's own history."
        sheet.text(BODY + _MOST_CHANGES + 1, 0, more, "Note")


def _minute(time: str) -> str:
    """A moment in universal time, to the minute.

    >>> _minute("2026-11-23T17:09:02.975Z")
    '2026-11-23 17:09'
    """
    return time[:16].replace("T", " ") if time.endswith("Z") else time
