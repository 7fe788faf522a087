"""Cover and contents."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.engine.model import Settings
from desktop_app.exchange.workbook.pack import Pack
from desktop_app.exchange.workbook.sheet import BODY, Sheet
from desktop_app.exchange.workbook.styles import COUNT, ROLES, scale_words

# Facts of the cover by which a pack that comes back is known.
MADE_BY, INPUTS_HASH, FORMULAS_HASH = "Made by", "Inputs' hash", "Formulas' hash"
_LEGEND = {
    "Input": "A constant that you may change: the only constants of this workbook",
    "Calculation": "A formula over cells of the same sheet",
    "Link": "A value fetched from another sheet",
    "Check": "A check; 0 or “hold” is right",
    "Simulated": "A value from a simulation or sensitivity run: it does not follow the inputs",
    "Heading": "A heading",
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# What the pack's words stand for, as the cover explains them.
_WORDS = {
    "TCO": "Total cost of ownership: all cash cost of the plan, not discounted, less what assets bring back",
    "NPV": "Net present value: the same discounted to the first day of the plan",
    "CapEx, OpEx": "Capital expenditure (capitalised purchases) and operating expenditure (expensed as paid)",
    "Break-even": "The month of the plan in which the cumulative costs of two options cross",
    "IRR": "Internal rate of return of paying more first and less later",
    "FY": "Fiscal year",
    "FTE": "Full-time equivalent",
    "P10, P50, P90": "Values that one, five and nine trials in ten of the simulation stay below",
    "k, M": "In units: thousand, million",
    "n/a": "There is no such figure, for instance no break-even",
}
_RULES = (
    "Costs are positive. On the cash flow sheet money paid out is negative, in parentheses.",
    "Zero is shown as a dash; figures may not sum because of rounding, which is for display only.",
    "The same column is the same month on every sheet by month, and the same year on every sheet by year.",
    "Each row has one formula from its first to its last period.",
    "There are no macros, no links to other files and no hidden sheets.",
    "Figures are recalculated when an input changes. The check at the top of every sheet must hold.",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the contents: the sheet, its kind ("Report", "Inputs", "Workings", "Control"), and what it
    shows.
    """

    name: str
    kind: str
    about: str


def write_cover(sheet: Sheet, pack: Pack, date: str, engine: str, formulas: str) -> None:
    """What the workbook is, whose it is, and how to read it; `formulas` is the hash of its formulas."""
    plan, texts = pack.plan, pack.plan.texts
    settings = plan.settings
    sheet.width(0, 18)
    sheet.width(1, 94)
    facts = [
        ("Plan", plan.name),
        ("Purpose", texts.purpose),
        ("Owner", texts.owner),
        ("Version", texts.version),
        ("Status", texts.status or "DRAFT"),
        ("Date", date),
        ("Period", f"{settings.months} months from {pack.result.months[0]} to {pack.result.months[-1]}"),
        ("Money", f"{settings.currency}; reports in {scale_words(settings.currency, settings.scale)}"),
        ("Conventions", _conventions(settings)),
        ("Scenarios", "; ".join(pack.labels)),
        ("Preferred", pack.labels[pack.shown] if plan.preferred else ""),
        ("Baseline", pack.baseline_name),
        ("Left out", f"Not computed because of errors: {', '.join(pack.left_out)}" if pack.left_out else ""),
        (MADE_BY, f"Outlay {engine}".strip()),
        (INPUTS_HASH, f"SHA-256 {pack.result.input_hash}"),
        (FORMULAS_HASH, f"SHA-256 {formulas}, of the formulas as they were exported"),
    ]
    row = BODY
    for title, text in facts:
        if text:
            sheet.text(row, 0, title, bold=True, valign="top")
            row = sheet.paragraphs(row, 1, text)
    row += 1
    sheet.text(row, 0, "Key", "Heading")
    sheet.text(row, 1, "What the colours and cell styles mean", "Heading", indent=1)
    for role, meaning in _LEGEND.items():
        row += 1
        if role in ("Input", "Simulated"):
            sheet.number(row, 0, 1234, COUNT, role, align="right")
        else:
            sheet.text(row, 0, role if role in ("Heading", "Check") else "1,234", role, align="right")
        sheet.text(row, 1, f"{role}: {meaning}", indent=1)
    row = _headed(sheet, row + 2, "Rules")
    for text in _RULES:
        row = sheet.paragraphs(row, 1, text)
    row = _headed(sheet, row + 1, "Words")
    for word, meaning in _WORDS.items():
        sheet.text(row, 0, word)
        row = sheet.paragraphs(row, 1, meaning)
    assert set(_LEGEND) <= set(ROLES)


def _headed(sheet: Sheet, row: int, title: str) -> int:
    """A heading across the cover; gives the row after it."""
    sheet.text(row, 0, title, "Heading")
    sheet.blank(row, 1, "Heading")
    return row + 1


def _conventions(settings: Settings) -> str:
    """What the plan's settings say about time, tax and leases, in words."""
    periods = "calendar months" if settings.fiscal_pattern == "months" else f"{settings.fiscal_pattern} weeks"
    timing = {"start": "at its start", "middle": "in its middle", "end": "at its end"}
    left = "at book value" if settings.horizon_value == "book" else "for nothing"
    hours = "as the calendar has them" if settings.hours == "calendar" else f"{settings.hours} in each month"
    standard = {"ifrs16": "IFRS 16", "asc842": "ASC 842, operating"}
    first = _MONTHS[settings.fiscal_year_start - 1]
    return (
        f"Fiscal years of {periods} from {first}, named after the calendar year in which they "
        f"{settings.fiscal_label}. "
        f"The money of a month is discounted {timing.get(settings.discount_timing, '')}. "
        f"Hours {hours}. Assets left at the end count {left}. "
        f"Leases follow {standard.get(settings.lease_standard, settings.lease_standard)}."
    )


def write_contents(sheet: Sheet, entries: list[Entry]) -> None:
    """All sheets, with links."""
    sheet.width(0, 6)
    sheet.width(1, 32)
    sheet.width(2, 10)
    sheet.width(3, 80)
    sheet.texts(BODY, 0, ["No.", "Sheet", "Kind", "What it shows"])
    for place, entry in enumerate(entries, start=1):
        row = BODY + place
        sheet.text(row, 0, str(place), "Note")
        sheet.link(row, 1, entry.name, entry.name)
        sheet.text(row, 2, entry.kind, "Note")
        sheet.text(row, 3, entry.about, text_wrap=True)
