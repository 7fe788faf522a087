"""The decimal sign of numbers typed as text, decided from all the evidence of a file, never cell by
cell by hope.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from desktop_app.exchange.quotes.column_content import near
from desktop_app.exchange.quotes.numbers import Reading, exact, read_number
from desktop_app.exchange.reading.grid import Cell


@dataclass(slots=True)
class Style:
    """Decimal sign of a block: `sign` holds unless a row proves otherwise; `proved` says whether
    anything shows it.
    """

    sign: str = "."
    proved: bool = False
    mixed: bool = False
    counts: Counter[str] = field(default_factory=Counter)


def count_evidence(cells: Iterable[Cell]) -> Counter[str]:
    """How many texts prove a dot, prove a comma, or leave it open ("?")."""
    counts: Counter[str] = Counter()
    for cell in cells:
        if not isinstance(cell.value, str):
            continue
        reading = read_number(cell.value)
        if reading is None:
            continue
        sign = reading.evidence
        if sign is not None and reading.dot != reading.comma:
            counts[sign] += 1
        elif reading.ambiguous:
            counts["?"] += 1
    return counts


def decide(block: Counter[str], file: Counter[str]) -> Style:
    """Style of a block from its own evidence, else from the rest of the file.

    >>> decide(Counter({",": 5, "?": 2}), Counter()).sign, decide(Counter({"?": 1}), Counter()).proved
    (',', False)
    """
    own = Counter({sign: n for sign, n in block.items() if sign != "?"})
    rest = Counter({sign: n for sign, n in file.items() if sign != "?"})
    counts = own or rest
    if not counts:
        return Style()
    sign = max(counts, key=lambda s: (counts[s], s == "."))
    return Style(sign, True, len(counts) > 1, own)


def signs_of_row(readings: dict[str, Reading], numbers: dict[str, Decimal], style: Style) -> tuple[str, bool]:
    """(decimal sign for the ambiguous texts of one row, whether it is certain).

    `readings` are the text numbers by field, `numbers` the stored ones.  The row's own unambiguous
    numbers speak first,
    then the file where it has one style, then quantity x price = extended price.
    """
    own = {r.evidence for r in readings.values() if r.evidence is not None and r.dot != r.comma}
    if len(own) == 1:
        return own.pop() or style.sign, True
    if style.proved and not style.mixed:
        return style.sign, True
    fitting = []
    for sign in (".", ","):
        values = {**numbers, **{name: r.value(sign) for name, r in readings.items()}}
        q, p, e = (values.get(name) for name in ("quantity", "unit_price", "extended_price"))
        if q is None or p is None or e is None or near(q * p, e):
            fitting.append(sign)
    if len(fitting) == 1:
        return fitting[0], True
    return style.sign, False


def stored(cell: Cell) -> Decimal | None:
    """The number a cell stores as a number."""
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        return exact(cell.value)
    return None
