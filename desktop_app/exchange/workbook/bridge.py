"""The bridge from the baseline to the preferred scenario, category by category, with its waterfall."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.exchange.workbook.calc import Part
from desktop_app.exchange.workbook.charts import waterfall_chart
from desktop_app.exchange.workbook.pack import Pack
from desktop_app.exchange.workbook.sheet import BODY, Sheet
from desktop_app.exchange.workbook.spots import cell
from desktop_app.exchange.workbook.styles import scale_words, scaled

_MOST_STEPS = 10
_RECOVERY = "statement/horizon_recovery"
# Columns of the helper table that Excel's stacked columns need; across zero it takes two of each.
_PIECES = ("Start", "End", "Base above", "Base below", "Up above", "Up below", "Down above", "Down below")


@dataclass(frozen=True, slots=True)
class _Step:
    label: str
    terms: tuple[tuple[int, Part, str], ...]

    def value(self) -> float:
        return sum(sign * float(part.values(key)[0].sum()) for sign, part, key in self.terms)

    def formula(self) -> str:
        text = ""
        for sign, part, key in self.terms:
            text += f"{'-' if sign < 0 else '+' if text else ''}SUM({part.spot(key).range()})"
        return text


def bridge_ends(pack: Pack) -> tuple[int, int] | None:
    """Places of the baseline and of the scenario it is compared with, where there are two."""
    for other in (pack.shown, pack.cheapest):
        base = pack.base_of(other)
        if base is not None and base != other:
            return base, other
    return None


def _steps(a: Part, b: Part) -> list[_Step]:
    """Differences by category from `a` to `b`, the largest first, small ones together."""
    names = list(dict.fromkeys((*a.graph.categories, *b.graph.categories)))
    found = []
    for name in names:
        key = f"category/{name}/cash_cost"
        terms = [(sign, part, key) for sign, part in ((1, b), (-1, a)) if key in part.graph.nodes]
        found.append(_Step(name, tuple(terms)))
    found.sort(key=lambda step: -abs(step.value()))
    if len(found) > _MOST_STEPS:
        rest = found[_MOST_STEPS - 1 :]
        together = tuple(term for step in rest for term in step.terms)
        found = [*found[: _MOST_STEPS - 1], _Step(f"{len(rest)} other categories", together)]
    recovery = _Step("Book value at the end", ((-1, b, _RECOVERY), (1, a, _RECOVERY)))
    return [*found, recovery] if a.values(_RECOVERY).any() or b.values(_RECOVERY).any() else found


def write_bridge(sheet: Sheet, pack: Pack) -> None:
    """Both totals and the steps between them, which sum exactly."""
    ends = bridge_ends(pack)
    assert ends is not None
    base, other = ends
    a, b = pack.workings[base], pack.workings[other]
    number = scaled(pack.plan.settings.scale)
    words = scale_words(pack.plan.settings.currency, pack.plan.settings.scale)
    sheet.width(0, 40)
    for column in range(1, 10):
        sheet.width(column, 14)
    sheet.texts(BODY, 0, ["Total cost of ownership", f"Amount, {words}", *_PIECES], text_wrap=True)
    sheet.row(BODY, 28)
    key = "figure/tco"
    steps = _steps(a, b)
    first, last = BODY + 1, BODY + 2 + len(steps)
    start, total = float(a.program.value(key).flat[0]), float(b.program.value(key).flat[0])
    pieces = [
        _line(sheet, first, pack.labels[base], a.spot(key).cell(), start, (None, start), number, "Total")
    ]
    running = start
    for row, step in enumerate(steps, start=first + 1):
        value = step.value()
        ends_of_step = (running, running + value)
        pieces.append(_line(sheet, row, step.label, step.formula(), value, ends_of_step, number, "Link"))
        running += value
    pieces.append(
        _line(sheet, last, pack.labels[other], b.spot(key).cell(), total, (None, total), number, "Total")
    )
    sheet.text(last + 1, 0, "Steps add up to the difference (must be zero)")
    check = f"SUM({cell(first, 1)}:{cell(last - 1, 1)})-{cell(last, 1)}"
    sheet.formula(last + 1, 1, f"ROUND({check},2)", 0.0, number, "Check")
    labels = [pack.labels[base], *(step.label for step in steps), pack.labels[other]]
    title = last + 2
    lower = f'IF({cell(last, 1)}<{cell(first, 1)}," is lower than that of "," is not lower than that of ")'
    message = f'"Total cost of "&{cell(last, 0)}&{lower}&{cell(first, 0)}'
    words = "is lower than" if total < start else "is not lower than"
    said = f"Total cost of {pack.labels[other]} {words} that of {pack.labels[base]}"
    sheet.formula(title, 0, message, said, bold=True)
    chart = waterfall_chart(
        sheet, pack, (first, last), labels, pieces, (f"={sheet.reference(title, 0)}", said)
    )
    sheet.chart(
        last + 4, 0, chart, 940, 400, "Waterfall from the baseline's total cost to the other scenario's"
    )
    sheet.last_row += 26


def _line(
    sheet: Sheet,
    row: int,
    label: str,
    formula: str,
    value: float,
    ends: tuple[float | None, float],
    number: str,
    role: str,
) -> list[float]:
    """One step; gives the pieces of its column in the chart."""
    total = role == "Total"
    sheet.text(row, 0, label, "Total" if total else "Label")
    sheet.formula(row, 1, formula, value, number, role)
    start, end = ends
    s, e, amount = cell(row, 2), cell(row, 3), cell(row, 1)
    before = 0.0 if start is None else start
    sheet.formula(row, 2, f"0*{amount}" if total else cell(row - 1, 3), before, number)
    sheet.formula(row, 3, f"{s}+{amount}", end, number)
    pieces = _pieces(s, e, before, end)
    for column, (text, held) in enumerate(pieces, start=4):
        sheet.formula(row, column, text, held, number)
    return [held for _, held in pieces]


def _pieces(s: str, e: str, start: float, end: float) -> list[tuple[str, float]]:
    above, below = f"MAX(0,MIN({s},{e}))", f"MIN(0,MAX({s},{e}))"
    base_above, base_below = max(0.0, min(start, end)), min(0.0, max(start, end))
    top, bottom = f"MAX(0,MAX({s},{e}))-{above}", f"MIN(0,MIN({s},{e}))-{below}"
    top_value = max(0.0, max(start, end)) - base_above
    bottom_value = min(0.0, min(start, end)) - base_below
    up, down = end >= start, end < start
    return [
        (above, base_above),
        (below, base_below),
        (f"IF({e}>={s},{top},0)", top_value if up else 0.0),
        (f"IF({e}>={s},{bottom},0)", bottom_value if up else 0.0),
        (f"IF({e}<{s},{top},0)", top_value if down else 0.0),
        (f"IF({e}<{s},{bottom},0)", bottom_value if down else 0.0),
    ]
