"""The arithmetic of single rows: quantity x price = extended, list less discount = net, rates of taxes
and discounts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

from desktop_app.exchange.quotes.currency import WHOLE_UNITS
from desktop_app.exchange.quotes.extract import Row
from desktop_app.exchange.quotes.text import fold, normal
from desktop_app.exchange.quotes.totals import CENT, Item, near_cent

_PER = re.compile(r"(?:per|/|je|pro|par|por|al?|%)\s*(100|1[., ]?000|c|m)\b|\bper\s*(hundred|thousand)")
_LOT = re.compile(r"\s*(?:per |/|je |pro )?(10{1,4})\s+\D")  # a unit such as "100 pcs"
_PERCENT = re.compile(r"(\d{1,2}(?:[.,]\d{1,4})?)\s*%")
_NO_CENTS = Decimal(10) ** 20
_WORDS = {"c": 100, "m": 1000, "hundred": 100, "thousand": 1000}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Printed and expected amount of a row that does not come out."""

    field: str
    printed: Decimal
    expected: Decimal

    @property
    def difference(self) -> Decimal:
        """Printed minus expected."""
        return self.printed - self.expected


def cents(value: Decimal) -> Decimal:
    """Rounded to the cent, halves up, as invoices are (beyond 10^20, where no cents are kept, as it is)."""
    if abs(value) >= _NO_CENTS:
        return value
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def prove_line(row: Row) -> Mismatch | None:
    """Check a row's extended price; sets the row's `factor` and `derived` values.  None: it holds or
    cannot be checked.
    """
    values = row.values
    quantity, price, extended = (values.get(n) for n in ("quantity", "unit_price", "extended_price"))
    if quantity is None:
        return None
    if price is None:
        return _from_list(row, quantity, extended)
    if row.unsure:
        return None
    product = quantity * price
    if extended is None:
        row.derived["extended_price"] = cents(product)
        return None
    if near_cent(product, extended):
        return None
    for factor in _factors(row):
        if factor != 1 and near_cent(product * factor, extended):
            row.factor = factor
            return None
    before = net_of_list(row)
    if before is not None and abs(before - price) <= CENT and near_cent(quantity * before, extended):
        return None  # the unit price is printed rounded, the extended price was not computed from it
    return Mismatch("extended_price", extended, cents(product))


def net_of_list(row: Row) -> Decimal | None:
    """List price less discount, not rounded."""
    before, discount = row.values.get("list_price"), row.values.get("discount_pct")
    if before is None:
        return None
    return before * (1 - (discount or Decimal(0)) / 100)


def _factors(row: Row) -> list[Decimal]:
    """What else may stand between quantity x price and the extended price: months, systems, a price per
    100.
    """
    factors = [row.values[n] for n in ("term_months", "quantity_per_system") if row.values.get(n)]
    if term := row.values.get("term_months"):
        factors.append(term / 12)
        if systems := row.values.get("quantity_per_system"):
            factors.append(term * systems)
    if per := row.values.get("price_per"):
        factors.append(1 / per)
    if lot := _LOT.match(row.texts.get("unit", "")):
        factors.append(1 / Decimal(lot[1]))
    text = fold(" ".join((row.label, row.texts.get("unit", ""))))
    for match in _PER.finditer(text):
        word = re.sub(r"\D", "", match[1] or "") or match[1] or match[2]
        factors.append(1 / Decimal(_WORDS.get(word, 0) or int(word)))
    return factors


def _from_list(row: Row, quantity: Decimal, extended: Decimal | None) -> Mismatch | None:
    """No net unit price is printed: it follows from the list price and the discount."""
    before = net_of_list(row)
    if before is None or row.unsure:
        if (
            extended is not None
            and quantity
            and not row.unsure
            and "list_price" not in row.values
            and extended
        ):
            row.derived["unit_price"] = _divided(extended, quantity)
        return None
    if extended is None:
        row.derived["unit_price"] = before
        row.derived["extended_price"] = cents(quantity * before)
        return None
    if quantity:
        row.derived["unit_price"] = (
            before if near_cent(quantity * before, extended) else _divided(extended, quantity)
        )
    if near_cent(quantity * before, extended) or near_cent(quantity * cents(before), extended):
        return None
    return Mismatch("extended_price", extended, cents(quantity * before))


def _divided(amount: Decimal, quantity: Decimal) -> Decimal:
    value = amount / quantity
    return value if -value.normalize().as_tuple().exponent <= 6 else round(value, 6)  # type: ignore[operator]


def prove_discount(row: Row) -> Mismatch | None:
    """Check list price less discount = net unit price, to what the rounding of the printed discount
    explains.
    """
    before, discount, net = (row.values.get(n) for n in ("list_price", "discount_pct", "unit_price"))
    if before is None or discount is None or net is None or not before:
        return None
    expected = before * (1 - discount / 100)
    places = -discount.as_tuple().exponent  # type: ignore[operator]
    slack = (
        abs(before) / 100 * Decimal("0.5").scaleb(-max(places, 0))
        if discount != discount.to_integral_value()
        else abs(before) / 100 * Decimal("0.05")
    )
    if abs(expected - net) <= CENT + slack:
        return None
    return Mismatch("unit_price", net, cents(expected))


def rate_in(label: str) -> Decimal | None:
    """The one percentage of a label ("VAT 20%").

    >>> rate_in("zzgl. 19 % MwSt."), rate_in("Freight")
    (Decimal('0.19'), None)
    """
    found = _PERCENT.findall(normal(label))
    return Decimal(found[0].replace(",", ".")) / 100 if len(found) == 1 else None


def prove_rate(label: str, amount: Decimal, bases: Sequence[Item], currency: str | None) -> Mismatch | None:
    """Check a tax or discount that names its rate: some sum of earlier rows times the rate must give it."""
    rate = rate_in(label)
    if rate is None or not rate or not bases:
        return None
    slack = Decimal(1) if currency in WHOLE_UNITS else CENT
    wanted = abs(amount)

    def fits(base: Decimal) -> bool:
        return abs(abs(base) * rate - wanted) <= slack

    lines = [b for b in bases if not b.is_total]
    running = Decimal(0)
    for item in lines:
        running += item.amount
        if fits(item.amount) or fits(running):
            return None
    sums = [b for b in bases if b.is_total or b.is_charge][-9:]
    for size in range(1, len(sums) + 1):
        for group in combinations(sums, size):
            if fits(sum((i.amount for i in group), Decimal(0))):
                return None
    for group in combinations(lines[-16:], 2):
        if fits(group[0].amount + group[1].amount):
            return None
    last = next((b for b in reversed(bases) if b.is_total), None)
    base = last.amount if last is not None else running
    expected = cents(abs(base) * rate)
    return Mismatch("extended_price", amount, -expected if amount < 0 else expected)
