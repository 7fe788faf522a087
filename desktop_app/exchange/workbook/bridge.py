"""The bridge from the baseline to the preferred scenario: by category, live, with its waterfall, and by what
differs.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.exchange.workbook.attribution import attribute, write_attribution
from desktop_app.exchange.workbook.calc import Part
from desktop_app.exchange.workbook.charts import WATERFALL_LABELS, WATERFALL_PIECES, waterfall_chart
from desktop_app.exchange.workbook.pack import Pack
from desktop_app.exchange.workbook.sheet import BODY, Sheet, as_written
from desktop_app.exchange.workbook.spots import cell
from desktop_app.exchange.workbook.styles import scaled

_MOST_STEPS = 10
_RECOVERY = "statement/horizon_recovery"
_FROM, _TO, _STEP = 1, 2, 3
# Columns of the helper table that Excel's stacked columns need; across zero it takes two of each.
_AMOUNT, _START, _END = 1, 2, 3
_PIECES = ("Base above", "Base below", "Up above", "Up below", "Down above", "Down below")
_CHART_ROWS = 21


@dataclass(frozen=True, slots=True)
class _Category:
    """A row of the table: what each scenario pays for it."""

    label: str
    keys: tuple[tuple[int, str], ...]  # sign and node

    def value(self, part: Part) -> float:
        """What it comes to in one scenario."""
        return sum(
            sign * float(part.values(key)[0].sum()) for sign, key in self.keys if key in part.graph.nodes
        )

    def formula(self, part: Part) -> str:
        """The same as a formula; a dash-to-be where the scenario has no such category."""
        text = ""
        for sign, key in self.keys:
            if key in part.graph.nodes:
                text += f"{'-' if sign < 0 else '+' if text else ''}SUM({part.spot(key).range()})"
        return text or "0"


def bridge_ends(pack: Pack) -> tuple[int, int] | None:
    """Places of the baseline and of the scenario it is compared with, where there are two: the preferred one,
    or the next best where the baseline itself is preferred.
    """
    for other in (pack.shown, *pack.ranked):
        base = pack.base_of(other)
        if base is not None and base != other:
            return base, other
    return None


def _categories(a: Part, b: Part) -> list[_Category]:
    """Categories by their difference from `a` to `b`, the largest first, small ones together."""
    names = dict.fromkeys((*a.graph.categories, *b.graph.categories))
    found = [_Category(name, ((1, f"category/{name}/cash_cost"),)) for name in names]
    found.sort(key=lambda one: -abs(one.value(b) - one.value(a)))
    if len(found) > _MOST_STEPS:
        rest = found[_MOST_STEPS - 1 :]
        together = tuple(key for one in rest for key in one.keys)
        found = [*found[: _MOST_STEPS - 1], _Category(f"{len(rest)} other categories", together)]
    recovery = _Category("Book value at the end", ((-1, _RECOVERY),))
    return [*found, recovery] if a.feeds("net_book_value") or b.feeds("net_book_value") else found


def write_bridge(sheet: Sheet, pack: Pack) -> None:
    """Both totals by category, the steps between them as a waterfall, then what they come from."""
    ends = bridge_ends(pack)
    assert ends is not None
    number = scaled(pack.plan.settings.scale)
    sheet.width(0, 44)
    for column in range(1, WATERFALL_LABELS):
        sheet.width(column, 13)
    sheet.width(WATERFALL_LABELS, 24)
    total = _write_table(sheet, pack, ends, number)
    row = total + 5 + _CHART_ROWS
    of = attribute(pack, *ends)
    row = write_attribution(sheet, pack, row, of, (ends[1], cell(total, _STEP)), number)
    waterfall = _write_helper(sheet, pack, ends, (BODY + 1, total), row + 1, number)
    _write_chart(sheet, pack, ends, total, waterfall)


def _write_table(sheet: Sheet, pack: Pack, ends: tuple[int, int], number: str) -> int:
    """Each category in both scenarios and the difference; gives the row of the totals."""
    a, b = (pack.workings[place] for place in ends)
    sheet.text(BODY, 0, f"Total cost of ownership (TCO), {pack.words}", "Heading", text_wrap=True)
    titles = [*(pack.labels[place] for place in ends), "Difference"]
    sheet.texts(BODY, _FROM, titles, align="right", text_wrap=True)
    row = BODY
    for category in _categories(a, b):
        row += 1
        sheet.label(row, 0, category.label)
        for column, part in ((_FROM, a), (_TO, b)):
            sheet.formula(row, column, category.formula(part), category.value(part), number, "Link")
        step = category.value(b) - category.value(a)
        sheet.formula(row, _STEP, f"{cell(row, _TO)}-{cell(row, _FROM)}", step, number)
    total = row + 1
    sheet.text(total, 0, "Total cost of ownership", "Total")
    tco = [float(part.program.value("figure/tco").flat[0]) for part in (a, b)]
    for column, value in ((_FROM, tco[0]), (_TO, tco[1]), (_STEP, tco[1] - tco[0])):
        text = f"SUM({cell(BODY + 1, column)}:{cell(row, column)})"
        sheet.formula(total, column, text, value, number, "Total")
    sheet.text(total + 1, 0, "Less the key figure TCO (must be zero)")
    for column, part in ((_FROM, a), (_TO, b)):
        text = f"ROUND({cell(total, column)}-{part.spot('figure/tco').cell()},2)"
        sheet.formula(total + 1, column, text, 0.0, number, "Check")
    for place, column in zip(ends, (_FROM, _TO), strict=True):
        name = f"Bridge: categories add up to the TCO of {pack.labels[place]}"
        pack.bridge_checks.append((name, place, sheet.reference(total + 1, column)))
    return total


def _signed(pack: Pack, amount: str) -> str:
    """An amount as the tables show it, negative in parentheses, for the labels of the columns."""
    size = pack.amounts.formula(amount)
    return f'IF(ROUND({amount},2)<0,"("&{size}&")",{size})'


def _signed_words(pack: Pack, amount: float) -> str:
    words = pack.amounts.words(amount)
    return f"({words})" if round(amount, 2) < 0 else words


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the chart: where its name and amount stand; a total starts at zero, a step where the one
    before ended.
    """

    label: str
    name: str
    amount: str
    value: float
    total: bool = False


@dataclass(frozen=True, slots=True)
class _Waterfall:
    """What the chart draws: rows of the helper table, labels, and the pieces of each column."""

    rows: tuple[int, int]
    labels: list[str]
    pieces: list[list[float]]


def _write_helper(
    sheet: Sheet, pack: Pack, ends: tuple[int, int], table: tuple[int, int], head: int, number: str
) -> _Waterfall:
    """The table from which the chart is drawn: a column's name and amount, and the pieces drawn of it."""
    a, b = (pack.workings[place] for place in ends)
    first, total = table
    sheet.keep_together(head)
    sheet.text(head, 0, f"Columns of the chart, {pack.words}", "Heading")
    sheet.texts(head, _AMOUNT, ["Amount", "Start", "End", *_PIECES], align="right")
    sheet.text(head, WATERFALL_LABELS, "Label", "Heading", indent=1)
    tco = [float(part.program.value("figure/tco").flat[0]) for part in (a, b)]
    columns = [
        _Column(pack.labels[ends[0]], cell(BODY, _FROM), cell(total, _FROM), tco[0], True),
        *(
            _Column(
                category.label,
                cell(first + offset, 0),
                cell(first + offset, _STEP),
                category.value(b) - category.value(a),
            )
            for offset, category in enumerate(_categories(a, b))
        ),
        _Column(pack.labels[ends[1]], cell(BODY, _TO), cell(total, _TO), tco[1], True),
    ]
    labels, pieces = [], []
    running = 0.0
    for row, column in enumerate(columns, start=head + 1):
        name, amount = cell(row, 0), cell(row, _AMOUNT)
        sheet.formula(row, 0, column.name, as_written(column.label))
        sheet.formula(row, _AMOUNT, column.amount, column.value, number)
        start = 0.0 if column.total else running
        running = start + column.value
        pieces.append(_write_piece(sheet, row, column.total, (start, running), number))
        labels.append(f"{as_written(column.label)} {_signed_words(pack, column.value)}")
        sheet.formula(row, WATERFALL_LABELS, f'{name}&" "&{_signed(pack, amount)}', labels[-1], indent=1)
    return _Waterfall((head + 1, head + len(columns)), labels, pieces)


def _write_chart(sheet: Sheet, pack: Pack, ends: tuple[int, int], total: int, waterfall: _Waterfall) -> None:
    """The waterfall below a line that says what it shows, and follows the inputs."""
    title = total + 3
    gap = cell(total, _STEP)
    message = (
        f'"TCO of "&{cell(BODY, _TO)}&" is "&{pack.amounts.formula(gap, unit=True)}'
        f'&IF(ROUND({gap},2)<0," below that of "," above that of ")&{cell(BODY, _FROM)}'
    )
    tco = [float(pack.workings[place].program.value("figure/tco").flat[0]) for place in ends]
    below = "below" if round(tco[1] - tco[0], 2) < 0 else "above"
    first, second = (as_written(pack.labels[place]) for place in ends)
    said = f"TCO of {second} is {pack.amounts.words(tco[1] - tco[0], unit=True)} {below} that of {first}"
    sheet.formula(title, 0, message, said, bold=True)
    chart = waterfall_chart(
        sheet,
        pack,
        waterfall.rows,
        waterfall.labels,
        waterfall.pieces,
        (f"={sheet.reference(title, 0)}", said),
    )
    sheet.chart(title + 1, 0, chart, 1080, 390, f"Waterfall by category: {said}")


def _write_piece(sheet: Sheet, row: int, total: bool, ends: tuple[float, float], number: str) -> list[float]:
    """Where a column starts and ends, and the pieces it is drawn with, which it gives."""
    s, e = cell(row, _START), cell(row, _END)
    sheet.formula(row, _START, "0" if total else cell(row - 1, _END), ends[0], number)
    sheet.formula(row, _END, f"{s}+{cell(row, _AMOUNT)}", ends[1], number)
    pieces = _pieces(s, e, *ends)
    for column, (text, held) in enumerate(pieces, start=WATERFALL_PIECES):
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
