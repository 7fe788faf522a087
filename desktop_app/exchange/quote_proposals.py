"""What each line of a vendor's quote would become in a plan: proposals, to be looked at and changed first."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from desktop_app.engine.functions.calendar import add_months
from desktop_app.engine.model import Plan
from desktop_app.engine.scenarios import resolve
from desktop_app.exchange import quote_words as words
from desktop_app.exchange.quotes import Block, Charge, Lease, Line, Quote

_FREIGHT = words.Sort("freight", "Compute", "", True)
_ASSET_FIELDS = ("life", "residual", "method", "factor", "tax_method", "tax_life", "tax_table")
_LEAD = re.compile(
    r"(?:(\d{1,3})\s*(?:-|–|to|bis|a|à)\s*)?(\d{1,3})\s*(days?|tage?|d[ií]as?|jours?|weeks?|wochen|semanas?|semaines?|週"
    r"|months?|monate?|mes(?:es)?|mois|か月|ヶ月)",
    re.IGNORECASE,
)
_DAYS = {"d": 1, "t": 1, "j": 1, "w": 7, "s": 7, "週": 7, "m": 30, "か": 30, "ヶ": 30}
_NAME_LENGTH = 70


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one line of a quote would become. Change any field with `dataclasses.replace` before the import.

    `key` is the cell of the amount ("Quote!K14"); `accepted` lines are imported; `reason` says why it is, or
    is not, accepted. `driver`: the unit price goes to this driver of the plan instead of standing in the
    line, and where the plan has that driver already no line is added. `group` names the alternative it
    belongs to.
    """

    key: str
    sheet: str
    row: int
    accepted: bool
    reason: str
    name: str
    kind: str
    category: str
    asset_class: str
    fields: Mapping[str, str]
    amount: Decimal | None
    currency: str
    description: str
    part_number: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    price_cell: str = ""
    group: str = ""
    driver: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)

    def covers(self, cell: str) -> bool:
        """True if a cell ("Quote!I14", or the row alone: "Quote!14", "14") is one of this line."""
        sheet, _, place = cell.replace("'", "").rpartition("!")
        found = re.fullmatch(r"\$?[A-Za-z]{0,3}\$?(\d+)", place)
        return found is not None and int(found[1]) == self.row and sheet.lower() in ("", self.sheet.lower())


def propose(quote: Quote, plan: Plan, scenario: str = "") -> list[Proposal]:
    """A proposal for every priced line, charge and lease offer of a quote, in the order of the sheets.

    Options, leases, alternatives, rates without quantities and lines on hidden rows are proposed but not
    accepted: they are another way to buy, not an addition. `scenario` is the one to import into; the
    treatment of assets follows its lines of the same asset class.
    """
    maker = _Maker(quote, plan, scenario)
    return maker.distinct([*maker.lines(), *maker.charges(), *maker.leases()])


class _Maker:
    def __init__(self, quote: Quote, plan: Plan, scenario: str) -> None:
        self.quote = quote
        self.own = plan.settings.currency
        self.currency = quote.currency or self.own
        self.start = _first_month(quote, plan.settings.start)
        lines = resolve(plan, scenario).lines if scenario else ()
        self.treatments = {line.asset_class: line for line in reversed(lines) if line.asset_class}
        self.main = _main_class(quote)

    # one line

    def lines(self) -> Iterator[Proposal]:
        for block in self.quote.blocks:
            for line in block.lines:
                yield from self._line(block, line, hidden=False)
            for line in block.hidden_lines:
                yield from self._line(block, line, hidden=True)

    def _line(self, block: Block, line: Line, hidden: bool) -> Iterator[Proposal]:
        if line.kind == "no_bid" or (line.kind == "child" and not line.counts):
            return
        one_off, monthly = line.nrc, line.mrc
        if one_off is not None or monthly is not None:
            if one_off:
                yield self._proposal(
                    block, line, hidden, "nrc", one_off, "one_off", " (set-up)" if monthly else ""
                )
            if monthly:
                yield self._proposal(block, line, hidden, "mrc", monthly, "monthly", "")
            return
        amount = line.amount
        field_name = "extended_price" if "extended_price" in block.columns else "unit_price"
        yield self._proposal(block, line, hidden, field_name, amount, line.recurrence or "", "")

    def _proposal(
        self,
        block: Block,
        line: Line,
        hidden: bool,
        column: str,
        amount: Decimal | None,
        recurrence: str,
        suffix: str,
    ) -> Proposal:
        description = " ".join((line.description or line.part_number or line.kind).split())
        sort = self._sort(line)
        term = int(line.term_months) if line.term_months else words.term_in(description)
        currency = line.currency or self.currency
        kind, fields = self._kind(line, sort, term, recurrence, amount)
        accepted, reason = self._accepted(block, line, hidden, amount, description)
        cells = {name: block.address(line.row, letter) for name, letter in block.columns.items()}
        key = cells.get(column) or cells.get("unit_price") or f"{block.sheet}!{line.row}"
        capital = kind == "purchase"
        asset_class = (sort.asset_class or self.main.asset_class) if capital else ""
        if capital:
            fields |= self._treatment(asset_class)
        if self.start > 1:
            fields["start"] = str(self.start)
        fields |= self._currency(currency)
        return Proposal(
            key,
            block.sheet,
            line.row,
            accepted,
            reason,
            _shortened(description, suffix),
            kind,
            "People" if kind == "staff" else sort.category,
            asset_class,
            fields,
            amount,
            currency,
            description,
            line.part_number or "",
            line.quantity,
            line.unit_price if line.unit_price is not None else line.derived.get("unit_price"),
            cells.get("unit_price") or cells.get(column, key),
            (block.name or block.sheet) if block.role == "alternative" else "",
            cells=cells,
        )

    def _sort(self, line: Line) -> words.Sort:
        if line.kind in ("freight", "tax", "discount"):
            return _FREIGHT if self.main.capital else self.main
        return _sort_of(line) or self.main

    def _accepted(
        self, block: Block, line: Line, hidden: bool, amount: Decimal | None, description: str
    ) -> tuple[bool, str]:
        if hidden:
            return False, "stands on a hidden row"
        if block.role == "alternative":
            return False, f"belongs to the alternative “{block.name or block.sheet}”"
        if block.role == "price_list":
            return False, "a rate without a quantity: use it for a driver, or enter the quantity"
        if line.kind == "option":
            return False, "an option, not part of the total"
        if line.kind == "tax" and words.is_recoverable_tax(description):
            return False, "a tax that businesses usually get back"
        if amount is None:
            return False, "has no price"
        if not line.counts:
            return False, f"is not part of the total ({line.reason})"
        return True, "part of the total"

    def _kind(
        self,
        line: Line,
        sort: words.Sort,
        term: int | None,
        recurrence: str,
        amount: Decimal | None,
    ) -> tuple[str, dict[str, str]]:
        """Kind of cost line and the fields that carry the price."""
        if amount is None and line.unit_price is not None:
            rates = {"unit_price": exact_text(line.unit_price)}
            reserved = line.rate_1y or line.rate_3y
            if reserved:
                return "commitment", {
                    "unit_price": exact_text(reserved),
                    "on_demand_price": exact_text(line.unit_price),
                }
            return "usage", rates
        quantity, price = _exact(line, amount)
        if recurrence == "monthly":
            months = {"months": str(term)} if term else {}
            return "recurring", {"quantity": quantity, "unit_price": price, "every": "month", **months}
        per_month = words.units_per_month(line.unit or "")
        if sort is words.PEOPLE and per_month and line.quantity and line.unit_price is not None:
            return "staff", _person(line.quantity, line.unit_price, per_month)
        if term and sort is not _FREIGHT:
            return "recurring", {
                "quantity": quantity,
                "unit_price": price,
                "every": "term",
                "months": str(term),
            }
        if sort.asset_class or (sort.capital and recurrence != "one_off"):
            return "purchase", {"quantity": quantity, "unit_price": price}
        return "adjustment", {"amount": price if quantity == "1" else f"{quantity} * {price}"}

    def _treatment(self, asset_class: str) -> dict[str, str]:
        like = self.treatments.get(asset_class)
        return {name: like.fields[name] for name in _ASSET_FIELDS if like and name in like.fields}

    def _currency(self, currency: str) -> dict[str, str]:
        return {} if currency == self.own else {"currency": currency}

    # what stands outside the tables

    def charges(self) -> Iterator[Proposal]:
        for charge in self.quote.charges:
            yield self._charge(charge)

    def _charge(self, charge: Charge) -> Proposal:
        sheet, _, place = charge.cell.rpartition("!")
        capital = self.main.capital
        fields = (
            {"unit_price": exact_text(charge.amount)} if capital else {"amount": exact_text(charge.amount)}
        )
        asset_class = self.main.asset_class if capital else ""
        fields |= self._treatment(asset_class) if capital else {}
        if self.start > 1:
            fields["start"] = str(self.start)
        fields |= self._currency(charge.currency or self.currency)
        alone = any(block.role == "alternative" for block in self.quote.blocks)
        recoverable = charge.kind == "tax" and words.is_recoverable_tax(charge.label)
        reason = "a tax that businesses usually get back" if recoverable else "goes with the alternatives"
        accepted = not recoverable and not alone
        return Proposal(
            charge.cell,
            sheet,
            int(re.sub(r"\D", "", place) or 0),
            accepted,
            "part of the total" if accepted else reason,
            _shortened(charge.label, ""),
            "purchase" if capital else "adjustment",
            _FREIGHT.category if capital else self.main.category,
            asset_class,
            fields,
            charge.amount,
            charge.currency or self.currency,
            charge.label,
            price_cell=charge.cell,
        )

    def leases(self) -> Iterator[Proposal]:
        for lease in self.quote.leases:
            yield self._lease(lease)

    def _lease(self, lease: Lease) -> Proposal:
        sheet, _, place = lease.cell.rpartition("!")
        fields = {"payment": exact_text(lease.monthly), "term": str(lease.term_months)}
        if lease.timing in ("advance", "arrears"):
            fields["paid"] = lease.timing
        if lease.residual:
            fields["buy_out"] = exact_text(lease.residual)
        if self.start > 1:
            fields["start"] = str(self.start)
        fields |= self._currency(lease.currency or self.currency)
        name = f"Lease over {lease.term_months} months"
        return Proposal(
            lease.cell,
            sheet,
            int(re.sub(r"\D", "", place) or 0),
            False,
            "another way to pay for the same, not an addition",
            name,
            "lease",
            "Leases",
            "",
            fields,
            lease.monthly * lease.term_months,
            lease.currency or self.currency,
            name,
            price_cell=lease.cell,
            group=f"Lease {lease.term_months}",
        )

    @staticmethod
    def distinct(proposals: list[Proposal]) -> list[Proposal]:
        """The same with names of their own: cost lines of a scenario must not share one."""
        names = Counter(one.name.lower() for one in proposals)
        return [
            one if names[one.name.lower()] == 1 else _named_apart(one, place)
            for place, one in enumerate(proposals, 1)
        ]


def _named_apart(one: Proposal, place: int) -> Proposal:
    return replace(one, name=_shortened(one.name, f" ({one.part_number or place}, row {one.row})"))


def _shortened(text: str, suffix: str) -> str:
    room = _NAME_LENGTH - len(suffix)
    return (text if len(text) <= room else text[: room - 1].rstrip(" ,;") + "…") + suffix


def exact_text(value: Decimal) -> str:
    """A number as the formula language reads it, exact.

    >>> exact_text(Decimal("20934.3750")), exact_text(Decimal("1E+3"))
    ('20934.375', '1000')
    """
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _exact(line: Line, amount: Decimal | None) -> tuple[str, str]:
    """Quantity and price whose product is exactly what is to be paid, the vendor's rounding included."""
    if amount is None:
        return "1", "0"
    quantity, price = line.quantity, line.unit_price
    if price is None:
        price = line.derived.get("unit_price")
    if quantity and price is not None:
        price = price * (line.factor or 1)
        exact = quantity * price == amount
        return exact_text(quantity), exact_text(
            price
        ) if exact else f"{exact_text(amount)} / {exact_text(quantity)}"
    if quantity:
        return exact_text(quantity), f"{exact_text(amount)} / {exact_text(quantity)}"
    return "1", exact_text(amount)


def _person(quantity: Decimal, rate: Decimal, per_month: int) -> dict[str, str]:
    """Working time sold by the hour, day or week, as full-time equivalents for as many months as it takes."""
    months = max(1, math.ceil(quantity / per_month))
    return {
        "fte": f"{exact_text(quantity)} / {per_month * months}",
        "salary": f"{exact_text(rate)} * {per_month * 12}",
        "months": str(months),
    }


def _first_month(quote: Quote, plan_start: dt.date) -> int:
    """Month of the plan in which delivery can be expected: quote date and longest lead time."""
    match = _LEAD.search(quote.lead_time or "")
    if match is None or quote.quote_date is None:
        return 1
    day = quote.quote_date + dt.timedelta(days=int(match[2]) * _DAYS.get(match[3][0].lower(), 1))
    first = add_months(plan_start, 0)
    return max(1, (day.year - first.year) * 12 + day.month - first.month + 1)


def _sort_of(line: Line) -> words.Sort | None:
    text = line.description or ""
    if words.units_per_month(line.unit or "") and words.is_role(text):
        return words.PEOPLE
    return words.sort_of(text)


def _main_class(quote: Quote) -> words.Sort:
    """The sort of thing that most of the money goes to: freight and tax follow it."""
    totals: dict[str, Decimal] = {}
    sorts: dict[str, words.Sort] = {}
    for block in quote.blocks:
        for line in block.lines:
            sort = _sort_of(line)
            if sort is None or line.kind not in ("line", "option"):
                continue
            sorts[sort.name] = sort
            weight = line.amount or line.unit_price or Decimal(0)
            totals[sort.name] = totals.get(sort.name, Decimal(0)) + abs(weight) * (
                2 if sort.asset_class else 1
            )
    if not totals:
        return words.SERVICES
    return sorts[max(totals, key=lambda name: totals[name])]
