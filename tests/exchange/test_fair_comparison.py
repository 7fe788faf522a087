"""Quotes of several vendors brought to the same scope."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from desktop_app.exchange.fair_comparison import Assumption, Column, FairComparison, Offer, compare_offers
from desktop_app.exchange.quotes import understand
from desktop_app.exchange.quotes.model import Quote
from desktop_app.exchange.reading import read_workbook_here

QUOTES = Path(__file__).parents[1] / "data" / "quotes"
RATES = {"EUR": Decimal("1.08"), "GBP": Decimal("1.27")}


def read(name: str) -> Quote:
    return understand(read_workbook_here(QUOTES / name), today=dt.date(2026, 11, 23))


@pytest.fixture(scope="module")
def offers() -> list[Offer]:
    return [
        Offer("Northgate", read("a01_northgate_hgx.xlsx")),
        Offer("Lindenhof", read("a05_lindenhof_angebot.xlsx")),
    ]


def column(comparison: FairComparison, name: str) -> Column:
    return next(one for one in comparison.columns if one.offer == name)


def amount(comparison: FairComparison, name: str, scope: str) -> Decimal | None:
    return next(entry.amount for entry in column(comparison, name).entries if entry.scope == scope)


def test_terms_are_brought_to_the_same_years(offers: list[Offer]) -> None:
    comparison = compare_offers(offers, years=5, currency="USD", rates=RATES)
    assert amount(comparison, "Northgate", "Support") == Decimal("314880") * 60 / 36
    assert amount(comparison, "Lindenhof", "Support") == Decimal("88920") * Decimal("1.08") * 60 / 36
    same = compare_offers(offers, years=3, currency="USD", rates=RATES)
    assert amount(same, "Northgate", "Support") == Decimal("314880")


def test_all_money_of_a_quote_is_in_one_scope_or_another(offers: list[Offer]) -> None:
    comparison = compare_offers(offers, years=3, currency="USD", rates=RATES)
    for offer in offers:
        total = offer.quote.grand_total
        assert total is not None
        rate = RATES.get(offer.quote.currency or "", Decimal(1))
        quoted = sum(entry.quoted for entry in column(comparison, offer.name).entries)
        assert quoted == pytest.approx(total.amount * rate, abs=Decimal("0.02"))


def test_a_gap_stops_the_total_until_an_assumption_fills_it(offers: list[Offer]) -> None:
    open_ = compare_offers(offers, years=5, currency="USD", rates=RATES)
    lindenhof = column(open_, "Lindenhof")
    assert "Software" in lindenhof.gaps
    assert lindenhof.total is None
    assert lindenhof.per_gpu is None
    assumptions = [
        Assumption("Lindenhof", scope, Decimal(100_000), "Open-source stack") for scope in lindenhof.gaps
    ]
    filled = column(
        compare_offers(offers, years=5, currency="USD", rates=RATES, assumptions=assumptions), "Lindenhof"
    )
    assert filled.gaps == ()
    assert filled.total == lindenhof.total_without_gaps + 100_000 * len(assumptions)
    assert filled.gpus == 24
    assert filled.per_gpu == filled.total / 24
    assert {entry.note for entry in filled.entries if entry.basis == "assumed"} == {"Open-source stack"}


def test_size_is_read_from_the_descriptions(offers: list[Offer]) -> None:
    northgate = column(compare_offers(offers, years=5, currency="USD", rates=RATES), "Northgate")
    assert northgate.gpus == 32
    assert northgate.gpu_memory_gb == 32 * 141


def test_money_without_a_rate_is_left_out_and_said(offers: list[Offer]) -> None:
    comparison = compare_offers(offers, years=5, currency="USD", rates={})
    assert [one.offer for one in comparison.columns] == ["Northgate"]
    assert any("Lindenhof" in remark and "EUR" in remark for remark in comparison.remarks)


def test_monthly_charges_are_counted_for_the_years() -> None:
    colocation = Offer("Bahia", read("a08_bahianorte_colo.csv"))
    comparison = compare_offers([colocation], years=3, currency="EUR", rates={})
    column_ = column(comparison, "Bahia")
    assert column_.total == Decimal("42884.5") + 36 * Decimal("45280")


def test_alternatives_are_compared_by_name_and_never_added() -> None:
    quote = read("a04_brightwater_options.xlsx")
    names = [block.name or block.sheet for block in quote.blocks if block.role == "alternative"]
    assert len(names) > 1
    comparison = compare_offers(
        [Offer(name, quote, name) for name in names], years=3, currency=quote.currency or "USD", rates={}
    )
    by_name = {block.name or block.sheet: block for block in quote.blocks}
    for name in names:
        counted = sum(line.amount or Decimal(0) for line in by_name[name].lines if line.counts)
        quoted = sum(entry.quoted for entry in column(comparison, name).entries)
        assert quoted == counted
