"""Amounts that repeat others: a summary below, a total stated on a cover, a total that holds the tax."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exchange.quotes.made import kinds, quote, xlsx

HEAD = [
    ["Ferrous Iron GmbH"],
    ["Currency: USD"],
    ["Part", "Description", "Qty", "Net", "Extended"],
]
LINES = [["A-1", "Server", 4, 900, 3600], ["A-2", "Switch", 2, 190, 380]]


def test_a_summary_with_a_wrong_part_is_questioned_and_adds_nothing(tmp_path: Path) -> None:
    rows = [
        *HEAD,
        *LINES,
        [None, "Subtotal hardware", None, None, 3980],
        ["B-1", "Installation", 1, 50, 50],
        [None, "Subtotal services", None, None, 50],
        [None, "Grand total", None, None, 4030],
        [],
        [None, "Summary"],
        [None, "Hardware", None, None, 3890],
        [None, "Services", None, None, 50],
        [None, "Total", None, None, 4030],
    ]
    found = quote(xlsx(tmp_path / "q.xlsx", rows))
    assert kinds(found.blocks[0]) == {4: "line", 5: "line", 7: "line"}
    (issue,) = found.issues
    assert (issue.code, issue.cell, issue.difference) == ("summary-mismatch", "Sheet1!E12", -90)
    assert not found.reconciles


@pytest.mark.parametrize("label", ["Total price of this offer", "Gesamtsumme", "Montant total"])
def test_a_cover_that_states_another_total_is_questioned(label: str, tmp_path: Path) -> None:
    rows = [*HEAD, *LINES, [None, "Total", None, None, 3980]]
    for stated, codes in ((3980, []), (3890, ["total-mismatch"])):
        cover = [["Ferrous Iron GmbH"], [label, stated], ["Total racks", 2]]
        found = quote(xlsx(tmp_path / "q.xlsx", cover, name="Cover", more={"Prices": rows}))
        assert [i.code for i in found.issues] == codes
        assert found.reconciles is not bool(codes)


@pytest.mark.parametrize(
    ("net", "tax", "gross"),
    [
        ("Total excl. 20% VAT", "20% VAT", "Total incl. 20% VAT"),
        ("Nettosumme", "zzgl. 20 % MwSt.", "Gesamtbetrag inkl. 20 % MwSt."),
        ("Total hors TVA 20 %", "TVA 20 %", "Total TVA comprise"),
        ("Totale imponibile", "IVA 20%", "Totale IVA inclusa"),
    ],
)
def test_totals_with_and_without_tax_are_no_taxes(net: str, tax: str, gross: str, tmp_path: Path) -> None:
    sums = [[None, net, None, None, 3980], [None, tax, None, None, 796], [None, gross, None, None, 4776]]
    found = quote(xlsx(tmp_path / "q.xlsx", [*HEAD, *LINES, *sums]))
    assert kinds(found.blocks[0]) == {4: "line", 5: "line", 7: "tax"}
    assert found.grand_total is not None and found.grand_total.amount == 4776
    assert found.reconciles and not found.issues


def test_options_have_a_total_of_their_own(tmp_path: Path) -> None:
    rows = [
        *HEAD,
        *LINES,
        [None, "Total", None, None, 3980],
        [],
        [None, "Options"],
        ["O-1", "Rails", 2, 50, 100],
        ["O-2", "Cables", 2, 10, 20],
        [None, "Total options", None, None, 120],
    ]
    found = quote(xlsx(tmp_path / "q.xlsx", rows))
    (block,) = found.blocks
    assert kinds(block) == {4: "line", 5: "line", 9: "option", 10: "option"}
    assert [(s.row, list(s.rows)) for s in block.subtotals] == [(11, [9, 10])]
    assert found.grand_total is not None and found.grand_total.amount == 3980
    assert found.reconciles and not found.issues


def test_sums_carried_over_a_page_are_counted_once(tmp_path: Path) -> None:
    rows = [
        *HEAD,
        *LINES,
        [None, "Page total", None, None, 3980],
        [None, "Carried forward", None, None, 3980],
        HEAD[-1],
        [None, "Brought forward", None, None, 3980],
        ["B-1", "Rack", 1, 100, 100],
        [None, "Total", None, None, 4080],
    ]
    found = quote(xlsx(tmp_path / "q.xlsx", rows))
    (block,) = found.blocks
    assert kinds(block) == {4: "line", 5: "line", 10: "line"}
    assert found.grand_total is not None and found.grand_total.amount == 4080
    assert found.reconciles and not found.issues
