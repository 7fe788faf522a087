"""Layouts and wordings met in practice, one short quote each."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from tests.exchange.quotes.made import Rows, asked, column, flags, kinds, quote, xlsx

D = Decimal
USD = ["Part", "Description", "Qty", "Unit price USD", "Total USD"]
ONE = [USD, ["A-1", "Server", 1, 100, 100], [None, "Total", None, None, 100]]
DAY, END = dt.date(2026, 10, 5), dt.date(2026, 11, 4)


@pytest.mark.parametrize(
    "head, vendor, number, revision, dated, until",
    [
        (
            [["From: Alpha Systems GmbH"], ["Quote No. 12345 Rev. B"], ["Date: 2026/10/05   Valid: 30 days"]],
            "Alpha Systems GmbH",
            "12345",
            "B",
            DAY,
            END,
        ),
        (
            [
                ["ACME COMPUTE INC."],
                ["Quotation ref.: ABC/123 dated 5 Oct 2026"],
                ["This offer is valid until 4 November 2026."],
            ],
            "Acme Compute Inc.",
            "ABC/123",
            None,
            DAY,
            END,
        ),
        (
            [
                ["Gamma Racks Pty Ltd ABN 12 345 678 901"],
                ["Quote Number", "Quote Date", "Expiration Date"],
                ["Q-7781", DAY, END],
            ],
            "Gamma Racks Pty Ltd",
            "Q-7781",
            None,
            DAY,
            END,
        ),
        (
            [
                ["Delta Compute"],
                ["Budgetary quotation Q-55 v1.2"],
                ["Date: Oct. 5, 2026 - Valid through: Nov. 4, 2026"],
            ],
            "Delta Compute",
            "Q-55",
            "1.2",
            DAY,
            END,
        ),
        (
            [
                ["Société Calcul Intensif SARL"],
                ["Devis n° 2026-00118 du 5 octobre 2026"],
                ["Offre valable 30 jours"],
            ],
            "Société Calcul Intensif SARL",
            "2026-00118",
            None,
            DAY,
            END,
        ),
        (
            [
                ["PRESUPUESTO Nº 2026/0091"],
                ["Computación Andina S.A. de C.V."],
                ["Fecha: 05/10/2026"],
                ["Validez: 30 días"],
            ],
            "Computación Andina S.A. de C.V.",
            "2026/0091",
            None,
            DAY,
            END,
        ),
        (
            [["Nordic Compute AS"], ["Tilbud nr. 20261", "Dato: 05.10.2026"], ["Gyldig til: 04.11.2026"]],
            "Nordic Compute AS",
            "20261",
            None,
            DAY,
            END,
        ),
        (
            [
                ["Oferta nr 77/2026"],
                ["Polska Obliczenia Sp. z o.o."],
                ["Data wystawienia: 5.10.2026"],
                ["Ważna do: 4.11.2026"],
            ],
            "Polska Obliczenia Sp. z o.o.",
            "77/2026",
            None,
            DAY,
            END,
        ),
        (
            [
                ["見積書"],
                ["株式会社サンプル商会 御中"],
                ["見積No: M-001", "見積日: 2026/10/05"],
                ["北斗計算株式会社"],
                ["有効期限: 2026/11/04"],
            ],
            "北斗計算株式会社",
            "M-001",
            None,
            DAY,
            END,
        ),
        (
            [
                ["报价单"],
                ["供应商：", "上海云算科技有限公司"],
                ["客户：", "示例大学"],
                ["报价单号：", "SH-15", "报价日期：", "2026年10月5日"],
                ["有效期：", "30天"],
            ],
            "上海云算科技有限公司",
            "SH-15",
            None,
            DAY,
            END,
        ),
        (
            [
                ["견적서"],
                ["공급자", "한빛컴퓨팅 주식회사"],
                ["견적번호", "KR-5", "견적일", "2026년 10월 5일"],
                ["유효기간", "견적일로부터 30일"],
            ],
            "한빛컴퓨팅 주식회사",
            "KR-5",
            None,
            DAY,
            END,
        ),
    ],
)
def test_facts_as_vendors_word_them(
    tmp_path: Path, head: Rows, vendor: str, number: str, revision: str | None, dated: dt.date, until: dt.date
) -> None:
    found = quote(xlsx(tmp_path / "q.xlsx", [*head, [], *ONE]))
    assert (found.vendor, found.quote_number, found.revision) == (vendor, number, revision)
    assert (found.quote_date, found.valid_until) == (dated, until)
    assert found.reconciles


def made(tmp_path: Path, *rows: list[object], **more: object) -> Path:
    top: list[list[object]] = [["Plain Vendor Ltd"], ["Quote no.", "PV-1"]]
    return xlsx(tmp_path / "q.xlsx", [*top, *rows], **more)  # type: ignore[arg-type]


def test_labels_of_sums_stand_in_the_price_column(tmp_path: Path) -> None:
    path = made(
        tmp_path,
        ["Referencia", "Descripción", "Cant.", "Precio (EUR)", "Dto.", "Precio neto", "Importe"],
        ["R1", "Servidor", 2, 1000, 0.1, 900, 1800],
        ["R2", "Switch", 3, 500, 0, 500, 1500],
        [None, None, None, None, None, "Subtotal", 3300],
        [None, None, None, None, None, "Portes", 50],
        [None, None, None, None, None, "Base imponible", 3350],
        [None, None, None, None, None, "IVA 21%", 703.5],
        [None, None, None, None, None, "TOTAL", 4053.5],
    )
    block = quote(path).blocks[0]
    assert kinds(block) == {4: "line", 5: "line", 7: "freight", 9: "tax"}
    assert [s.rows for s in block.subtotals] == [(4, 5), (6, 7)]
    assert block.total is not None and block.total.rows == (8, 9)
    assert block.discount_as == "fraction" and block.lines[0].discount_pct == 10


def test_price_per_hundred_and_price_per_month(tmp_path: Path) -> None:
    block = quote(
        made(
            tmp_path,
            ["Pos", "Material", "Bezeichnung", "Menge", "ME", "Preis EUR", "PE", "Wert EUR"],
            [10, "S1", "Kabelbinder", 5000, "ST", 12.5, 100, 625],
            [20, "S2", "Server", 1, "ST", 9000, 1, 9000],
            [None, None, "Summe", None, None, None, None, 9625],
        )
    ).blocks[0]
    assert column(block, "factor") == {4: 0.01, 5: None}
    block = quote(
        made(
            tmp_path,
            ["Service", "Qty", "Monthly price (USD)", "Term (years)", "Contract value (USD)"],
            ["GPU cluster", 8, 4500, 3, 1296000],
            ["Total", None, None, None, 1296000],
        )
    ).blocks[0]
    assert block.lines[0].unit_price == 4500 and block.lines[0].term_months == 36 == block.lines[0].factor


def test_a_header_repeated_at_a_page_break_is_one_table(tmp_path: Path) -> None:
    lines = [["P1", "Thing", 1, 10, 10], ["P2", "Thing", 2, 10, 20]]
    found = quote(
        made(tmp_path, USD, *lines, USD, ["P3", "Thing", 3, 10, 30], [None, "Total", None, None, 60])
    )
    (block,) = found.blocks
    assert block.total is not None and block.total.rows == (4, 5, 7)
    assert found.reconciles


def test_children_with_prices_count_once(tmp_path: Path) -> None:
    head = ["Line", "Part", "Description", "Qty", "Unit Price USD", "Ext Price USD"]
    tail: list[list[object]] = [["2", "C", "Service", 1, 200, 200], [None, None, "Total", None, None, 1700]]
    children: list[list[object]] = [
        ["1.1", "A", "Server", 1, 1000, 1000],
        ["1.2", "B", "Switch", 1, 500, 500],
    ]
    priced = quote(made(tmp_path, head, ["1", "S", "Bundle", 1, 1500, 1500], *children, *tail))
    bare = quote(made(tmp_path, head, ["1", "S", "Bundle", 1, None, None], *children, *tail))
    for found, counting in ((priced, {4, 7}), (bare, {5, 6, 7})):
        lines = found.blocks[0].lines
        assert [line.kind for line in lines] == ["line", "child", "child", "line"]
        assert {line.row for line in lines if line.counts} == counting
        assert lines[1].parent_row == 4
        assert found.reconciles and not found.issues


def test_a_line_below_the_total_is_asked_about(tmp_path: Path) -> None:
    found = quote(made(tmp_path, *ONE, ["A-2", "Spare", 1, 30, 30]))
    assert asked(found) == {("line-outside-total", "Sheet1!E6")}
    assert not found.reconciles
    assert found.grand_total is not None and found.grand_total.amount == 100


def test_discount_and_freight_that_contradict(tmp_path: Path) -> None:
    head = ["SKU", "Description", "Qty", "MSRP", "Disc %", "Net", "Extended"]
    found = quote(
        made(tmp_path, head, ["B", "Switch", 1, 500, 20, 450, 450], [None, "Total USD", *[None] * 4, 450])
    )
    assert flags(found) == {("discount-mismatch", "Sheet1!F4")}
    assert found.currency == "USD" and found.evidence["currency"].cell == "Sheet1!B5"
    assert not found.reconciles
    freight: list[list[object]] = [USD, ["A", "Server", 1, 900, 900], ["F", "Freight", 1, 540, 540]]
    found = quote(
        made(tmp_path, ["Freight estimated at USD 450.00"], *freight, [None, "Total", None, None, 1440])
    )
    assert asked(found) == {("freight-conflict", "Sheet1!A3")}
    found = quote(made(tmp_path, ["Freight: USD 450.00 on top"], *ONE))
    assert [(c.cell, c.kind, c.amount) for c in found.charges] == [("Sheet1!A3", "freight", D("450.00"))]


def test_error_cells_are_unknown_prices(tmp_path: Path) -> None:
    path = made(
        tmp_path,
        USD,
        ["A", "Server", 1, "#REF!", "#REF!"],
        ["B", "Switch", 2, 5, 10],
        [None, "Total", None, None, 10],
    )
    found = quote(path)
    assert asked(found) == {("error-value", "Sheet1!D4"), ("error-value", "Sheet1!E4")}
    assert not found.reconciles and not found.blocks[0].lines[0].counts


def test_one_off_and_monthly_tables_under_each_other(tmp_path: Path) -> None:
    head = ["Description", "Qty", "Unit price (USD)", "Amount (USD)"]
    found = quote(
        made(
            tmp_path,
            ["One-time charges"],
            head,
            ["Cage build", 1, 5000, 5000],
            ["Total one-time", None, None, 5000],
            ["Monthly recurring charges"],
            head,
            ["Space", 4, 800, 3200],
            ["Total monthly", None, None, 3200],
        )
    )
    assert [line.recurrence for b in found.blocks for line in b.lines] == ["one_off", "monthly"]
    assert found.grand_total is None and found.reconciles
