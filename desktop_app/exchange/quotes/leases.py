"""Offers to pay by month instead of buying: in sentences and in rate tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from desktop_app.exchange.quotes.column_content import number
from desktop_app.exchange.quotes.dates import find_span
from desktop_app.exchange.quotes.header import Header
from desktop_app.exchange.quotes.model import Issue, Lease
from desktop_app.exchange.quotes.money_text import Amount, amounts
from desktop_app.exchange.quotes.proof import cents
from desktop_app.exchange.quotes.text import fold, normal
from desktop_app.exchange.quotes.view import SheetView
from desktop_app.exchange.quotes.vocabulary_rows import LEASE
from desktop_app.exchange.reading.grid import Cell, address

PER_MONTH = re.compile(
    r"per month|/ ?month|/ ?mo\b|a month|monthly|p\.m\.|pcm|pro monat|/ ?monat|monatlich|im "
    r"monat|par mois|/ ?mois|mensuel|al mes|por mes|/ ?mes\b|mensual|mensai|ao mes|mensal|al "
    r"mese|/ ?mese|mensil|"
    r"per maand|/ ?maand|maandelijks|pr\. maned|manedlig|per manad|miesiecznie|mesicne|月額|/ "
    r"?月|每月|毎月|월|לחודש|חודשי"
)
_RESIDUAL = re.compile(
    r"buy[- ]?out|buyout|residual|purchase option|balloon|end[- ]of[- ]term|final payment|"
    r"restwert|kaufoption|schlussrate|valeur residuelle|option d'achat|rachat|valor residual|"
    r"opcion de compra|opcao de compra|"
    r"riscatto|valore residuo|restwaarde|koopoptie|slotbetaling|残価|残存|残值|留购|잔존"
)
_PURCHASE = re.compile(
    r"purchase|buy\b|outright|cash price|capital|finance amount|kauf|kaufpreis|barpreis|achat|"
    r"acheter|prix comptant|compra|comprar|adquirir|acquist|comprare|koop|kopen|aanschaf|kjop|"
    r"kob|kop\b|zakup|koupe|購入|買取|购买|採購|구매|רכישה|קניה"
)
_ARREARS = re.compile(
    r"arrears|nachschussig|terme echu|a terme echu|echoir\b(?<!a echoir)|vencid|postecipat|"
    r"posticipat|achteraf|後払|期末|后付"
)
_ADVANCE = re.compile(
    r"advance|vorschussig|im voraus|d'avance|terme a echoir|anticipad|adelantad|antecipad|"
    r"anticipat|vooraf|vooruit|前払|期初|先付|预付"
)


@dataclass(frozen=True, slots=True)
class LeaseTable:
    """A table of lease rates: the columns of its term, rate, payment and residual."""

    view: SheetView
    header: Header
    term: int
    payment: int | None
    rate: int | None
    residual: int | None
    end: int | None


def lease_table(view: SheetView, header: Header, end: int | None) -> LeaseTable | None:
    """The header read as a table of lease rates, None where it is something else."""
    best = {c: max((s for _, s in options), default=0) for c, options in header.meanings.items()}

    def column(name: str, taken: Iterable[int | None] = ()) -> int | None:
        options = [
            (score, -c)
            for c, named in header.meanings.items()
            for n, score in named
            if n == name and score >= min(0.8, best[c]) and c not in taken
        ]
        return -max(options)[1] if options else None

    names = {n for options in header.meanings.values() for n, s in options if s >= 0.9}
    term, rate = column("term_months"), column("rate_per_1000")
    payment = column("lease_payment", (term, rate)) or column("mrc", (term, rate))
    if term is None or (payment is None and rate is None) or "quantity" in names or "part_number" in names:
        return None
    nearby = " ".join(
        fold(c.value)
        for r in view.row_numbers
        if header.top - 8 <= r < header.top
        for c in view.rows[r].values()
        if isinstance(c.value, str)
    )
    if rate is None and not LEASE.search(
        f"{fold(view.name)} {nearby} {fold(' '.join(header.texts.values()))}"
    ):
        return None
    residual = next(
        (c for c, t in header.texts.items() if _RESIDUAL.search(fold(t)) and c not in (term, rate, payment)),
        None,
    )
    return LeaseTable(view, header, term, payment, rate, residual, end)


def read_table(
    table: LeaseTable, known: Sequence[Decimal], currency: str | None, sign: str
) -> tuple[list[Lease], list[Issue], set[int]]:
    """Leases of a table, what does not come out, and the rows taken."""
    leases: list[Lease] = []
    issues: list[Issue] = []
    taken: set[int] = set()
    timing = _timing(
        " ".join(
            fold(c.value)
            for cells in table.view.rows.values()
            for c in cells.values()
            if isinstance(c.value, str) and len(c.value) < 300
        )
    )
    for row in table.view.rows_after(table.header.row):
        if table.end is not None and row >= table.end:
            break
        cells = table.view.rows[row]
        term = _term(cells.get(table.term), table.header.texts.get(table.term, ""), sign)
        payment = number(cells.get(table.payment or 0), sign)
        rate = number(cells.get(table.rate or 0), sign)
        if term is None or (payment is None and rate is None):
            continue
        taken.add(row)
        column = table.payment or table.rate or table.term
        purchase = _financed(known, rate, payment)
        if payment is None and rate is not None and purchase is not None:
            payment = cents(purchase / 1000 * rate)
        if payment is None:
            continue
        if rate is not None and known and purchase is None:
            issues.append(
                Issue(
                    "lease-mismatch",
                    address(table.view.name, row, column),
                    f"The payment {payment:,} at a rate of {rate.normalize():f} per 1,000 belongs to "
                    "no total of this quote.",
                )
            )
        leases.append(
            Lease(
                address(table.view.name, row, column),
                payment,
                term,
                purchase or (known[0] if known and rate is None else None),
                rate,
                currency,
                number(cells.get(table.residual or 0), sign),
                timing,
            )
        )
    return leases, issues, taken


def _term(cell: Cell | None, header: str, sign: str) -> int | None:
    if cell is None:
        return None
    if isinstance(cell.value, str) and (span := find_span(cell.value)) is not None and span.months:
        return span.months
    value = number(cell, sign)
    if value is None or value != value.to_integral_value() or not 1 <= value <= 240:
        return None
    years = re.search(r"year|jahr|annee|ans\b|anos|anni|jaar|年", fold(header)) is not None
    return int(value) * (12 if years else 1)


def _financed(known: Sequence[Decimal], rate: Decimal | None, payment: Decimal | None) -> Decimal | None:
    """The total whose thousands times the rate give the payment."""
    if rate is None:
        return None
    if payment is None:
        return known[0] if known else None
    return next((t for t in known if abs(t / 1000 * rate - payment) <= Decimal("0.011")), None)


def _timing(text: str) -> str | None:
    arrears, advance = bool(_ARREARS.search(text)), bool(_ADVANCE.search(text))
    return None if arrears == advance else "arrears" if arrears else "advance"


def lease_sentence(sheet: str, cell: Cell, sign: str) -> list[Lease]:
    """The lease offers of a sentence ("Purchase for X or lease for Y per month over 36 months").

    >>> text = "Buy for $1,000.00 or lease for $30.00 per month over 36 months ($1.00 buy-out, in advance)."
    >>> offer, = lease_sentence("Cover", Cell(1, 1, text), ".")
    >>> offer.monthly, offer.term_months, offer.purchase_price, offer.residual, offer.timing
    (Decimal('30.00'), 36, Decimal('1000.00'), Decimal('1.00'), 'advance')
    """
    text = normal(str(cell.value))
    plain = fold(text)
    if len(text) > 600 or len(plain) != len(text) or not LEASE.search(plain) or not PER_MONTH.search(plain):
        return []
    found = amounts(text, sign)
    monthly = [a for a in found if PER_MONTH.search(plain[a.end : a.end + 22])] or [
        a for a in found if _leads(plain, a, found)
    ]
    spans = [
        s
        for s in re.finditer(r"\d{1,3}", plain)
        if (span := find_span(plain[s.start() : s.start() + 24])) and span.months
    ]
    if not monthly or not spans:
        return []
    others = [a for a in found if a not in monthly]
    residual = next((a for a in others if _RESIDUAL.search(plain[a.end : a.end + 30])), None) or next(
        (
            a
            for a in others
            if a.start > monthly[0].start and _RESIDUAL.search(plain[max(0, a.start - 30) : a.start])
        ),
        None,
    )
    rest = [a for a in others if a is not residual]
    purchase = next(
        (a for a in rest if _PURCHASE.search(plain[max(0, a.start - 60) : a.start])), None
    ) or max(rest, key=lambda a: a.value, default=None)
    offers = []
    for amount in monthly:
        near = _nearest([s.start() for s in spans], amount.end)
        months = find_span(plain[near : near + 24])
        assert months is not None and months.months is not None  # spans holds nothing else
        offers.append(
            Lease(
                address(sheet, cell.row, cell.column),
                amount.value,
                months.months,
                purchase.value if purchase else None,
                None,
                amount.currency,
                residual.value if residual else None,
                _timing(plain),
            )
        )
    return offers


def _nearest(places: Sequence[int], after: int) -> int:
    """The place that follows next, else the last one before."""
    return min(places, key=lambda place: (place < after, abs(place - after)))


def _leads(plain: str, amount: Amount, found: Sequence[Amount]) -> bool:
    """Whether the words just before an amount call it monthly ("monthly payment of $30")."""
    before = max((a.end for a in found if a.end <= amount.start), default=0)
    return bool(PER_MONTH.search(plain[max(before, amount.start - 30) : amount.start]))


def in_currency(leases: Sequence[Lease], currency: str | None) -> list[Lease]:
    """Leases whose bare "$" takes the currency of the quote."""
    return [replace(lease, currency=currency) if currency else lease for lease in leases]
