"""Decisions about a layout are found again where the same words stand; assumptions stay with the quote."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from desktop_app.engine.model import QuoteRecord
from desktop_app.exchange.offers import (
    Assumed,
    assumed_in,
    in_currency,
    offers_in,
    with_assumed,
    without_assumed,
)
from desktop_app.exchange.quote_memory import last_of_vendor, memory_of, recall
from desktop_app.exchange.quote_records import record_of, remembered
from desktop_app.exchange.quotes import Mapping, Quote, understand
from desktop_app.exchange.reading import Sheet, Workbook, read_workbook_here

QUOTES = Path(__file__).parents[1] / "data" / "quotes"
DAY = dt.date(2026, 10, 5)


def book(name: str) -> Workbook:
    return read_workbook_here(QUOTES / name)


def kept(workbook: Workbook, mapping: Mapping) -> QuoteRecord:
    first = understand(workbook, today=DAY)
    quote = understand(workbook, today=DAY, answers=mapping)
    return record_of(quote, memory_of(mapping, first, quote, workbook))


def later(workbook: Workbook, rows: int) -> tuple[Workbook, Quote]:
    """Another file of the same layout, its rows further down."""

    def down(sheet: Sheet) -> Sheet:
        cells = {(row + rows, at): replace(cell, row=row + rows) for (row, at), cell in sheet.cells.items()}
        merges = tuple(replace(one, top=one.top + rows, bottom=one.bottom + rows) for one in sheet.merges)
        return replace(sheet, cells=cells, merges=merges)

    other = replace(workbook, sha256="later", sheets=tuple(down(sheet) for sheet in workbook.sheets))
    return other, understand(other, today=DAY)


def test_the_same_file_has_exactly_the_same_decisions() -> None:
    workbook = book("a12_quarrystone_recon.xlsx")
    mapping = Mapping(
        {"line-mismatch@Quotation!E12": "printed"},
        {"Quotation": (9,)},
        {("Quotation", 2): "description"},
        {("Quotation", 26): "line"},
    )
    recalled = recall([kept(workbook, mapping)], understand(workbook, today=DAY), workbook)
    assert recalled is not None
    assert recalled.mapping == mapping
    assert len(recalled.words) == 4


def test_another_file_of_the_layout_has_them_where_the_words_stand_and_no_answer_about_one_figure() -> None:
    workbook = book("a12_quarrystone_recon.xlsx")
    mapping = Mapping(
        {"line-mismatch@Quotation!E12": "printed"},
        {"Quotation": (9,)},
        {("Quotation", 2): "description"},
        {("Quotation", 26): "line"},
    )
    other, quote = later(workbook, 3)
    recalled = recall([kept(workbook, mapping)], quote, other)
    assert recalled is not None
    assert recalled.mapping == Mapping(
        {}, {"Quotation": (12,)}, {("Quotation", 2): "description"}, {("Quotation", 29): "line"}
    )


def test_the_vendors_style_is_carried_over_and_two_styles_are_not() -> None:
    workbook = book("a13_pinecrest_ambiguous.xlsx")
    style = Mapping(
        {"ambiguous-number@Quote!D9": ",", "ambiguous-number@Quote!E9": ",", "ambiguous-date@Quote!A4": "dmy"}
    )
    other, quote = later(workbook, 1)
    recalled = recall([kept(workbook, style)], quote, other)
    assert recalled is not None
    assert recalled.mapping.answers == {
        "ambiguous-number@Quote!D10": ",",
        "ambiguous-number@Quote!E10": ",",
        "ambiguous-date@Quote!A5": "dmy",
    }
    mixed = Mapping({"ambiguous-number@Quote!D9": ",", "ambiguous-number@Quote!E9": "."})
    assert recall([kept(workbook, mixed)], quote, other) is None


def test_other_layouts_and_undecided_quotes_recall_nothing() -> None:
    workbook = book("a12_quarrystone_recon.xlsx")
    record = kept(workbook, Mapping(rows={("Quotation", 26): "line"}))
    other = book("a01_northgate_hgx.xlsx")
    quote = understand(other, today=DAY)
    assert recall([record, record_of(quote)], quote, other) is None
    assert last_of_vendor([record], quote) is None
    assert last_of_vendor([record_of(quote)], replace(quote, sha256="next")) is not None


def test_a_remembered_quote_has_its_charges_parents_and_proof() -> None:
    quote = understand(book("a01_northgate_hgx.xlsx"), today=DAY)
    again = remembered(record_of(quote))
    assert again is not None
    assert again.reconciles
    assert again.charges == quote.charges
    parents = [line.parent_row for line in again.blocks[0].lines]
    assert parents == [line.parent_row for line in quote.blocks[0].lines]


def test_assumptions_are_kept_with_the_quote_and_turned_into_the_currency_of_a_comparison() -> None:
    quote = understand(book("a04_brightwater_options.xlsx"), today=DAY)
    record = record_of(quote)
    part = "Option A - H200"
    made = Assumed(record.key, part, "Freight", Decimal("1000.50"), "EUR", "Haulier's tariff")
    held = with_assumed(with_assumed(record, made), replace(made, amount=Decimal("1200")))
    assert assumed_in(held) == [replace(made, amount=Decimal("1200"))]
    assert remembered(held) == remembered(record)
    offers = offers_in([(record.key, quote)])
    assert [one.part for one in offers] == ["Option A - H200", "Option B - B200", "Option C - PCIe"]
    [assumption] = in_currency(assumed_in(held), offers, {"EUR": Decimal("1.25")})
    assert (assumption.offer, assumption.amount) == (offers[0].offer.name, 1500)
    assert in_currency(assumed_in(held), offers, {}) == []
    assert assumed_in(without_assumed(held, part, "Freight")) == []
    again = record_of(replace(quote, revision="3"), before=held)
    assert assumed_in(again) == assumed_in(held), "a newer revision keeps what was assumed"
