"""Cover and contents."""

from __future__ import annotations

from dataclasses import dataclass

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
    """One line of the contents."""

    name: str
    about: str


def write_cover(sheet: Sheet, pack: Pack, date: str, engine: str, formulas: str) -> None:
    """What the workbook is, whose it is, and how to read it; `formulas` is the hash of its formulas."""
    plan, texts = pack.plan, pack.plan.texts
    settings = plan.settings
    sheet.width(0, 24)
    sheet.width(1, 96)
    facts = [
        ("Purpose", texts.purpose),
        ("Owner", texts.owner),
        ("Version", texts.version),
        ("Status", texts.status or "DRAFT"),
        ("Date", date),
        ("Period", f"{settings.months} months from {pack.result.months[0]} to {pack.result.months[-1]}"),
        ("Money", f"{settings.currency}; reports in {scale_words(settings.currency, settings.scale)}"),
        ("Scenarios", "; ".join(pack.labels)),
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
            sheet.number(row, 0, 1234, COUNT, role)
        else:
            sheet.text(row, 0, role if role in ("Heading", "Check") else "1,234", role, align="right")
        sheet.text(row, 1, f"{role}: {meaning}", indent=1)
    row += 2
    sheet.text(row, 0, "Rules", "Heading")
    sheet.blank(row, 1, "Heading")
    row += 1
    for text in _RULES:
        row = sheet.paragraphs(row, 1, text)
    assert set(_LEGEND) <= set(ROLES)


def write_contents(sheet: Sheet, entries: list[Entry]) -> None:
    """All sheets, with links."""
    sheet.width(0, 6)
    sheet.width(1, 36)
    sheet.width(2, 84)
    sheet.texts(BODY, 0, ["No.", "Sheet", "What it shows"])
    for place, entry in enumerate(entries, start=1):
        row = BODY + place
        sheet.text(row, 0, str(place), "Note")
        sheet.link(row, 1, entry.name, entry.name)
        sheet.text(row, 2, entry.about, text_wrap=True)
