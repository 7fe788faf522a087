"""Which column of a block holds which field: from the names, what stands below them, and the arithmetic
between them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from desktop_app.exchange.quotes.column_content import Profile, matches, near, number, profile_of, proved
from desktop_app.exchange.quotes.header import Header, tier
from desktop_app.exchange.quotes.model import NUMBER_FIELDS
from desktop_app.exchange.quotes.view import SheetView
from desktop_app.exchange.reading.grid import Cell

_SAMPLE = 120
_LEAST_SCORE = 0.6
_PRICES = ("list_price", "unit_price", "extended_price", "extended_list")
_IGNORED = frozenset(
    {"remark", "cost", "margin", "tax_rate", "extended_list", "lease_payment", "rate_per_1000", "tier_price"}
)
_REPLACEABLE = _IGNORED | {"unit_price_2", "list_price_2", "price_per"}
# Names that say what a column is, though nothing is read from it.
_TOLD_APART = frozenset({"remark", "cost", "margin", "tax_rate", "recurrence", "currency", "unit"})
_CODE_NAME = re.compile(
    r"#|(?:no|nr|id|ref|num)\b|number|code|kod|cod|sku|part|art|cat|model|item|nummer|n°|nº|番|号|型|號"
)


@dataclass(slots=True)
class Columns:
    """Fields of a block and their columns; `tiers` are price columns by least quantity."""

    of: dict[str, int]
    remarks: list[int] = field(default_factory=list)
    tiers: dict[int, int] = field(default_factory=dict)


def assign(
    view: SheetView, header: Header, rows: Sequence[int], forced: dict[int, str], decimal: str
) -> Columns:
    """Choose a field for each column of a header over the given data rows; `forced` are a person's
    choices.
    """
    sample = _data_rows(view, header, rows)
    columns = sorted(c for c in header.texts if c not in view.sheet.hidden_columns)
    profiles = {column: profile_of(column, sample) for column in columns}
    wishes: list[tuple[float, int, str]] = []
    for column in columns:
        if column in forced:
            continue
        for name, score in header.meanings.get(column, ()):
            fit = score * _fit(name, profiles[column])
            if score >= _LEAST_SCORE and fit > 0.3:
                wishes.append((fit, column, name))
    wishes.sort(key=lambda w: (-round(w[0], 3), w[1]))
    of: dict[str, int] = {name: column for column, name in forced.items() if name}
    taken = set(forced)
    second: list[tuple[int, str]] = []
    for _, column, name in wishes:
        if column in taken:
            continue
        if name not in of or name == "remark":
            taken.add(column)
            if name == "remark":
                continue
            of[name] = column
        elif (
            name in ("quantity", "unit_price", "list_price", "extended_price")
            and profiles[column].numbers
            and not any(c == column for c, _ in second)
        ):
            second.append((column, name))
    second = [(column, name) for column, name in second if column not in taken]
    result = Columns(of)
    result.remarks = [c for c in columns if c not in of.values()]
    _by_arithmetic(result, second, sample, decimal, columns, profiles)
    _monthly_price(of, sample, decimal)
    _by_elimination(of, header, columns, profiles, sample, decimal)
    result.remarks = [c for c in columns if c not in of.values()]
    _tiers(result, header, columns, profiles)
    for name in _IGNORED:
        column_of = result.of.pop(name, None)
        if column_of is not None:
            result.remarks.append(column_of)
    return result


def _data_rows(view: SheetView, header: Header, rows: Sequence[int]) -> list[dict[int, Cell]]:
    """Rows that hold a number under a name of money or quantity; legal text and headings tell nothing
    about columns.
    """
    numeric = [
        c
        for c, options in header.meanings.items()
        if any(n in NUMBER_FIELDS or n in _PRICES for n, _ in options)
    ]
    found: list[dict[int, Cell]] = []
    for row in rows[: 20 * _SAMPLE]:
        cells = view.rows[row]
        if sum(
            c in cells and (cells[c].formula is not None or view.is_number(cells[c])) for c in numeric
        ) >= min(2, len(numeric)):
            found.append(cells)
            if len(found) >= _SAMPLE:
                break
    return found or [view.rows[row] for row in rows[:_SAMPLE]]


def _fit(name: str, profile: Profile) -> float:
    """How well a column's content suits a field (1: well, below 0.4: hardly)."""
    if not profile.filled:
        return 0.7
    numeric = profile.numbers / profile.filled
    if name in NUMBER_FIELDS or name in _PRICES or name in ("lease_payment", "rate_per_1000"):
        return 1.0 if numeric >= 0.4 else 0.5 if profile.numbers else 0.25
    if name == "description":
        if numeric > 0.6:
            return 0.2
        return 1.05 if profile.words >= 2 else 0.9
    if name == "part_number":
        return (1.0 if profile.words < 2.2 else 0.6) * (1.0 if profile.different > 0.4 else 0.7)
    if name == "line_no":
        short = (
            1.08 if profile.length <= 6 and profile.different > 0.7 else 0.9 if profile.length <= 8 else 0.3
        )
        rising = 1.0 if profile.rising >= 0.8 else 0.75
        return short * rising if profile.words < 1.6 else 0.2
    if name == "unit":
        return 0.2 if numeric > 0.5 else 1.0 if profile.length <= 12 else 0.5
    if name == "currency":
        return 1.05 if profile.upper > 0.5 or profile.length <= 3 else 0.3
    if name == "recurrence":
        return 0.2 if numeric > 0.5 else 1.0
    return 0.95


def _by_arithmetic(
    result: Columns,
    second: list[tuple[int, str]],
    sample: Sequence[dict[int, Cell]],
    decimal: str,
    columns: Sequence[int],
    profiles: dict[int, Profile],
) -> None:
    """Settle which of several quantities and prices give the extended price."""
    of = result.of
    quantities = [of[n] for n in ("quantity", "quantity_per_system") if n in of] + [
        c for c, n in second if n == "quantity"
    ]
    prices = [of[n] for n in ("unit_price", "list_price") if n in of]
    prices += [c for c, n in second if n in ("unit_price", "list_price")]
    totals = [of["extended_price"]] if "extended_price" in of else []
    totals += [c for c, n in second if n == "extended_price"]
    if quantities and prices and not totals:
        spare = [c for c in columns if c not in of.values() and profiles[c].numbers >= 2]
        totals = [c for c in spare if proved(matches(sample, decimal, quantities[0], prices[0], c))]
        if len(totals) > 1:
            totals = totals[:1]
    best: tuple[float, int, int, int] | None = None
    proofs = 0
    for t_rank, e in enumerate(totals):
        for q_rank, q in enumerate(quantities):
            for p_rank, p in enumerate(prices):
                right, seen = matches(sample, decimal, q, p, e)
                if seen and right >= 0.5 * seen:
                    # The earlier column wins where both fit (an undiscounted list price fits too).
                    score = right / seen + 0.001 * right - 0.0001 * (t_rank + q_rank + p_rank)
                    if best is None or score > best[0]:
                        best, proofs = (score, q, p, e), right
    listed = _discounted(of, quantities, prices, totals, sample, decimal, proofs)
    if listed is not None:
        for name in ("unit_price", "list_price"):
            if of.get(name) == listed:
                of.pop(name)
        of["list_price"] = listed
    elif best is not None:
        _settle(of, best[1], best[2], best[3], quantities, prices)
    _name_leftovers(of, second)


def _by_elimination(
    of: dict[str, int],
    header: Header,
    columns: Sequence[int],
    profiles: dict[int, Profile],
    sample: Sequence[dict[int, Cell]],
    decimal: str,
) -> None:
    """Columns of names nobody knows: a price or quantity that the arithmetic proves, the words, the codes."""
    used = {c for n, c in of.items() if n not in _REPLACEABLE}
    spare = [c for c in columns if c not in used and profiles[c].filled]
    numeric = [c for c in spare if profiles[c].numbers >= 2]
    e = of.get("extended_price")
    if e is not None and "unit_price" not in of and (q := of.get("quantity")) is not None:
        right = [c for c in numeric if proved(matches(sample, decimal, q, c, e))]
        if right:
            of["unit_price"] = right[0]
    elif e is None and (q := of.get("quantity")) is not None and "unit_price" in of:
        known = of["unit_price"]
        months = of.get("term_months")
        for c in numeric:
            if proved(matches(sample, decimal, q, c, known, months=months)):
                of["unit_price"], of["extended_price"] = c, known
                break
    elif e is not None and "quantity" not in of and (p := of.get("unit_price")) is not None:
        right = [c for c in numeric if proved(matches(sample, decimal, c, p, e))]
        if right:
            of["quantity"] = right[0]
    named = {
        c for c in spare for n, s in header.meanings.get(c, ()) if n in _TOLD_APART and s >= _LEAST_SCORE
    }
    words = [c for c in spare if c not in named and c not in of.values() and profiles[c].letters > 0.8]
    if "description" not in of and (prose := [c for c in words if profiles[c].words >= 1.5]):
        of["description"] = max(prose, key=lambda c: profiles[c].length)
    codes = [
        c
        for c in words
        if c not in of.values()
        and profiles[c].codes > 0.7
        and profiles[c].different > 0.8
        and _CODE_NAME.search(header.texts[c].casefold())
    ]
    if "part_number" not in of and codes:
        of["part_number"] = codes[0]
    first = min((of[n] for n in ("part_number", "description") if n in of), default=0)
    if "line_no" not in of:
        for c in spare:
            profile = profiles[c]
            ordinal = profile.rising > 0.9 and profile.different > 0.9 and profile.length <= 6
            if c < first and c not in of.values() and c not in named and ordinal and profile.filled > 1:
                of["line_no"] = c
                break
    taken = {c for n, c in of.items() if n not in _REPLACEABLE}
    for name in [n for n, c in of.items() if n in _REPLACEABLE and c in taken]:
        del of[name]


def _monthly_price(of: dict[str, int], sample: Sequence[dict[int, Cell]], decimal: str) -> None:
    """A "monthly price" whose product with quantity (and months) is the extended price is the unit price."""
    if "unit_price" in of or not {"quantity", "extended_price"} <= set(of):
        return
    for name in ("mrc_unit", "mrc", "nrc_unit", "rate_1y"):
        if name not in of:
            continue
        right = seen = 0
        for cells in sample:
            q, p, e = (number(cells.get(of[n]), decimal) for n in ("quantity", name, "extended_price"))
            months = number(cells.get(of["term_months"]), decimal) if "term_months" in of else None
            if q and p and e:
                seen += 1
                right += any(near(q * p * (months or 1) * years, e) for years in (1, 12)) or near(q * p, e)
        if seen and right >= 0.5 * seen:
            of["unit_price"] = of.pop(name)
            return


def _discounted(
    of: dict[str, int],
    quantities: list[int],
    prices: list[int],
    totals: list[int],
    sample: Sequence[dict[int, Cell]],
    decimal: str,
    proofs: int,
) -> int | None:
    """The price column that gives the extended price only after the discount, where that explains more
    rows.
    """
    if "discount_pct" not in of or not quantities or not totals:
        return None
    for p in prices:
        right, seen = matches(sample, decimal, quantities[0], p, totals[0], of["discount_pct"])
        if right > proofs and right >= 0.5 * seen:
            return p
    return None


def _settle(of: dict[str, int], q: int, p: int, e: int, quantities: list[int], prices: list[int]) -> None:
    of["extended_price"] = e
    others = [c for c in quantities if c != q]
    of["quantity"] = q
    if others:
        of["quantity_per_system"] = others[0]
    elif of.get("quantity_per_system") == q:
        of.pop("quantity_per_system")
    if of.get("list_price") == p and of.get("unit_price") not in (None, p):
        of["list_price"] = of["unit_price"]
    elif of.get("list_price") == p:
        of.pop("list_price")
    of["unit_price"] = p
    rest = [c for c in prices if c not in (p, of.get("list_price"))]
    if rest and "list_price" not in of:
        of["list_price"] = rest[0]


def _name_leftovers(of: dict[str, int], second: list[tuple[int, str]]) -> None:
    for column, name in second:
        if column in of.values():
            continue
        if name in ("list_price", "unit_price") and name in of and "extended_price" not in of:
            of.setdefault(f"{name}_2", column)
        elif name == "list_price" and "list_price" in of:
            of.setdefault("list_price_2", column)
        elif name == "unit_price" and "list_price" not in of:
            of["list_price"] = column


def _tiers(result: Columns, header: Header, columns: Sequence[int], profiles: dict[int, Profile]) -> None:
    """Price columns named by quantities ("1-9", "10-49", "50+")."""
    tiers: dict[int, int] = {}
    for column in columns:
        if column in result.of.values() and column not in (
            result.of.get("unit_price"),
            result.of.get("tier_price"),
        ):
            continue
        least = tier(header.texts.get(column, ""))
        if least is not None and profiles[column].numbers:
            tiers[least] = column
    if len(tiers) >= 2 and list(tiers) == sorted(tiers):
        result.tiers = tiers
        result.of.setdefault("unit_price", next(iter(tiers.values())))
