"""The currency of the quote as a whole, the cell that says so, and what is missing or mixed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop_app.exchange.quotes.block_currency import header_currency, sum_currency
from desktop_app.exchange.quotes.build import Draft
from desktop_app.exchange.quotes.currency import currency_in, currency_of_format, sign_currency
from desktop_app.exchange.quotes.extract import Row
from desktop_app.exchange.quotes.facts import Facts
from desktop_app.exchange.quotes.labels import Area, cells_of
from desktop_app.exchange.quotes.model import MONEY_FIELDS, Alternative, Evidence, Issue
from desktop_app.exchange.quotes.numbers import read_number
from desktop_app.exchange.quotes.text import fold, normal, tidy
from desktop_app.exchange.reading.grid import Cell, address

_ABOUT_PRICES = re.compile(
    r"fees?\b|charges\b|costs?\b|honorar|gebuhr|price|pricing|amount|figures|rates?\b|quoted|currency|preis|betrag|betrage|angaben|prix|montant|tarif|precio|importe|preco|valor|prezz|import|prijs|prijz|bedrag|kwot|valor|monto|einheit|pris|belopp|cena|ceny|hinta|"
    r"税|単位|单位|단위|通貨|货币|币|통화|מטבע|価格|金額|単価|价格|金额|가격|금액|מחיר"
)
_BESIDE_NUMBER = re.compile(r"\d[\d.,' ]*$|^\s?\d")


def sentence_currency(areas: Sequence[Area]) -> tuple[str, Evidence] | None:
    """The currency of a sentence about prices ("Prices in US dollars"), where all such sentences agree."""
    found: list[tuple[str, Evidence]] = []
    for area in areas:
        for cell in cells_of(area):
            if not isinstance(cell.value, str) or len(cell.value) > 300:
                continue
            text = tidy(cell.value)
            named = currency_in(text)
            if named is None or not (_ABOUT_PRICES.search(fold(text)) or _nothing_else(text, named[1])):
                continue
            at = text.find(named[1])
            if at >= 0 and (
                _BESIDE_NUMBER.search(text[:at]) or _BESIDE_NUMBER.search(text[at + len(named[1]) :])
            ):
                continue
            found.append((named[0], Evidence(address(area.view.name, cell.row, cell.column), named[1])))
    return found[0] if found and len({code for code, _ in found}) == 1 else None


def _nothing_else(text: str, name: str) -> bool:
    """Whether a cell's text is no more than the name of a currency ("Canadian dollars")."""
    return len(name) >= 3 and len(normal(text)) <= len(name) + 6


def outcome(
    blocks: Sequence[Draft], facts: Facts, sentence: tuple[str, Evidence] | None
) -> tuple[str | None, Evidence | None, list[Issue]]:
    """(currency of all lines or None, the cell that says so, doubts)."""
    lines = [r for b in blocks for r in b.rows if r.kind not in ("total", "lump", "carry")]
    codes = {r.currency for r in lines}
    if not lines:
        return facts.stated_currency, facts.evidence.get("currency"), []
    if len(codes) != 1 or None in codes:
        return None, None, []
    code = next(iter(codes))
    stated = facts.evidence.get("currency") if facts.stated_currency == code else None
    evidence = stated or _by_column(blocks) or _by_header(blocks, code)
    if evidence is None and sentence is not None and sentence[0] == code:
        evidence = sentence[1]
    evidence = evidence or _by_sum(blocks, code)
    doubts: list[Issue] = []
    if evidence is None:
        shown = _by_format(blocks)
        evidence = shown[0] if shown else None
        if shown is not None and not shown[1]:
            doubts.append(
                Issue(
                    "assumed-currency",
                    shown[0].cell,
                    f"Only the sign '{'$' if code == 'USD' else '¥'}' shows the currency: it is read as "
                    f"{code}. Check that the vendor means {code}.",
                )
            )
    if facts.stated_currency and facts.stated_currency != code and "currency" in facts.evidence:
        doubts.append(
            Issue(
                "currency-conflict",
                facts.evidence["currency"].cell,
                f"The quote states {facts.stated_currency}, but its lines are in {code}.",
                True,
                (
                    Alternative(code or "", f"the lines are right: {code}"),
                    Alternative(facts.stated_currency, f"the statement is right: {facts.stated_currency}"),
                ),
            )
        )
    return code, evidence, doubts


def _by_column(blocks: Sequence[Draft]) -> Evidence | None:
    for block in blocks:
        column = block.columns.of.get("currency")
        for row in block.rows if column else ():
            if column in row.cells and row.texts.get("currency"):
                return Evidence(block.place(row.number, "currency"), row.texts["currency"])
    return None


def _by_header(blocks: Sequence[Draft], code: str | None) -> Evidence | None:
    for block in blocks:
        named = header_currency(block)
        if named is not None and named[0] == code:
            text = block.header.texts[named[2]]
            raw = f"({named[1]})" if f"({named[1]})" in text else named[1]
            return Evidence(address(block.sheet, block.header.row, named[2]), raw)
    return None


def _by_sum(blocks: Sequence[Draft], code: str | None) -> Evidence | None:
    for block in blocks:
        named = sum_currency(block)
        if named is not None and named[0] == code:
            cells = block.view.rows[named[2]].values()
            texts = (c for c in cells if isinstance(c.value, str) and named[1] in tidy(c.value))
            for cell in texts:
                return Evidence(address(block.sheet, cell.row, cell.column), named[1])
    return None


def _by_format(blocks: Sequence[Draft]) -> tuple[Evidence, bool] | None:
    doubtful: tuple[Evidence, bool] | None = None
    for block in blocks:
        for row in block.rows:
            for cell in _money_cells(block, row):
                shown = currency_of_format(cell.number_format)
                raw = cell.number_format or ""
                if isinstance(cell.value, str):
                    reading = read_number(cell.value)
                    sign = reading.currency if reading is not None else None
                    code = sign_currency(sign) if sign else None
                    shown, raw = (code, sign not in ("$", "¥", "￥")) if code else None, cell.value
                if shown is not None:
                    evidence = Evidence(
                        address(block.sheet, cell.row, cell.column), tidy(raw), cell.number_format
                    )
                    if shown[1]:
                        return evidence, True
                    doubtful = doubtful or (evidence, False)
            if doubtful is not None:
                return doubtful
    return doubtful


def _money_cells(block: Draft, row: Row) -> list[Cell]:
    return [row.cells[c] for n, c in block.columns.of.items() if n in MONEY_FIELDS and c in row.cells]


def currency_issues(blocks: Sequence[Draft]) -> list[Issue]:
    """Lines without a currency, and currencies that must not be added."""
    issues: list[Issue] = []
    nowhere = not any(r.currency for b in blocks for r in b.rows)
    for block in blocks:
        lines = [r for r in block.rows if r.kind in ("line", "freight", "tax", "discount", "option")]
        named = [r for r in lines if r.currency]
        if nowhere:
            first = next((r for r in lines if r.counts or block.price_list), None)
            if first is not None:
                issues.append(
                    _missing(
                        block,
                        first,
                        "extended_price" if not block.price_list else "unit_price",
                        None,
                    )
                )
                return issues
            continue
        column = block.columns.of.get("currency")
        blank = [r for r in lines if column and r.kind == "line" and not r.texts.get("currency")]
        if named and blank and len(blank) < 0.5 * len(lines):
            issues += [_missing(block, r, "currency", r.currency) for r in blank[:50]]
        other = next((r for r in named if r.currency != named[0].currency), None)
        if other is not None:
            codes = ", ".join(dict.fromkeys(r.currency or "" for r in named))
            issues.append(
                Issue(
                    "mixed-currency",
                    block.place(other.number, "currency" if column else "extended_price"),
                    f"The table holds amounts in {codes}: they are not added without an exchange rate.",
                    True,
                    (Alternative("separate", "keep each currency apart; exchange rates come from the plan"),),
                )
            )
    return issues


def _missing(block: Draft, row: Row, name: str, inferred: str | None) -> Issue:
    guess = f"; the sums show that it is {inferred}" if inferred else ""
    where = "on this line" if name == "currency" else "anywhere in the file"
    choices = (
        (Alternative(inferred, inferred),)
        if inferred
        else tuple(Alternative(c, c) for c in ("USD", "EUR", "GBP", "JPY"))
    )
    if name != "currency" and name not in block.columns.of:
        name = next(
            (n for n in ("unit_price", "nrc", "mrc", "list_price") if n in block.columns.of), "description"
        )
    return Issue(
        "missing-currency",
        block.place(row.number, name),
        f"No currency is given {where}{guess}.",
        True,
        choices,
    )
