"""Quotes from Japan, China, Korea and India."""

from __future__ import annotations

import datetime as dt

from tests.exchange.quotes.exam.paper import Sheet
from tests.exchange.quotes.exam.truth import Column, Quote, Table, cents, grouped, number, text, times


def japanese() -> Quote:
    """Delimited text in Shift-JIS; the total stated above the lines."""
    page = Sheet("b08_kawasemi")
    q = Quote(
        "b08_kawasemi.csv", "lang-ja fmt-csv-shift-jis negative-triangle discount-line second-rollup", [page]
    )
    q.how = {"delimiter": ",", "encoding": "cp932"}
    page.put("A1", "御見積書")
    page.put("A2", "かわせみ電算株式会社")
    page.column("A", 3, ["見積番号", "発行日", "有効期限", "お支払条件", "納期", "御見積合計金額（税込）"])
    page.column("B", 3, ["KD-2610-77", "2026/10/20", "2026/12/20", "検収後30日以内", "受注後10週間"])
    q.fact("vendor", "かわせみ電算株式会社", "A2", "かわせみ電算株式会社")
    q.fact("quote_number", "KD-2610-77", "B3", "KD-2610-77")
    q.fact("quote_date", "2026-10-20", "B4", "2026/10/20")
    q.fact("valid_until", "2026-12-20", "B5", "2026/12/20")
    q.fact("payment_terms", "検収後30日以内", "B6", "検収後30日以内")
    q.fact("lead_time", "受注後10週間", "B7", "受注後10週間")
    yen = text(grouped(",", ".", 0, "▲{}"))
    t = Table(
        page,
        10,
        [
            Column("A", "line_no", "No", text()),
            Column("B", "part_number", "型番", text()),
            Column("C", "description", "品名", text()),
            Column("D", "quantity", "数量", yen),
            Column("E", "unit", "単位", text()),
            Column("F", "unit_price", "単価（円）", yen),
            Column("G", "extended_price", "金額（円）", yen),
        ],
        "JPY",
    )
    q.fact("currency", "JPY", "F10", "円")
    rows = [
        t.line(
            line_no="1",
            part_number="KD-GPU8",
            description="ＧＰＵ計算機（水冷）",
            quantity=3,
            unit="台",
            unit_price=51200000,
        ),
        t.line(
            line_no="2",
            part_number="KD-HOSHU",
            description="保守（年間）",
            quantity=3,
            unit="式",
            unit_price=2840000,
        ),
        t.line(
            "freight",
            line_no="3",
            part_number="KD-UNSO",
            description="運送費",
            quantity=1,
            unit="式",
            unit_price=98000,
        ),
        t.line("discount", line_no="4", description="特別値引", quantity=1, unit="式", unit_price=-2100000),
    ]
    net = t.subtotal("税抜合計", rows)
    tax = t.line("tax", description="消費税 10%", extended_price=cents(times(t.sum([net]), 0.1), 0))
    t.total("税込合計", [net, tax])
    page.put("B8", "￥" + grouped(",", ".", 0)(t.sum([net, tax])))
    q.restated = [
        {"cell": f"{page.name}!B8", "amount": t.sum([net, tax]), "why": "the total above the lines"}
    ]
    q.tables = [t]
    q.grand_total(t)
    return q


def chinese() -> Quote:
    """A total in words beside the figures, and a warranty column of numbers."""
    page = Sheet("报价单")
    q = Quote("b09_songhe.xlsx", "lang-zh ccy-CNY tax-separate currency-text used-numbers-not-prices", [page])
    page.put("A1", "松鹤智能计算有限公司")
    page.merge("A1:G1")
    page.column("A", 3, ["报价单号：", "报价日期：", "有效期至：", "付款方式：", "交货期：", "币种：人民币"])
    page.column(
        "B", 3, ["SH20261102-5", "2026年11月2日", "2026年12月15日", "预付30%，验收后付清", "合同签订后8周"]
    )
    q.fact("vendor", "松鹤智能计算有限公司", "A1", "松鹤智能计算有限公司")
    q.fact("quote_number", "SH20261102-5", "B3", "SH20261102-5")
    q.fact("quote_date", "2026-11-02", "B4", "2026年11月2日")
    q.fact("valid_until", "2026-12-15", "B5", "2026年12月15日")
    q.fact("payment_terms", "预付30%，验收后付清", "B6", "预付30%，验收后付清")
    q.fact("lead_time", "合同签订后8周", "B7", "合同签订后8周", "8周")
    q.fact("currency", "CNY", "A8", "人民币")
    plain = number("#,##0.00")
    t = Table(
        page,
        11,
        [
            Column("A", "line_no", "序号"),
            Column("B", "description", "产品名称", text()),
            Column("C", "part_number", "规格型号", text()),
            Column("D", "unit", "单位", text()),
            Column("E", "quantity", "数量"),
            Column("F", "unit_price", "单价", plain),
            Column("G", "extended_price", "金额", plain),
            Column("H", None, "质保（年）"),
        ],
        "CNY",
    )
    rows = [
        t.line(
            line_no=1,
            description="八卡GPU服务器",
            part_number="SH-8G",
            unit="台",
            quantity=4,
            unit_price=1986000,
            beside={"H": 3},
        ),
        t.line(
            line_no=2,
            description="400G交换机",
            part_number="SH-SW400",
            unit="台",
            quantity=2,
            unit_price=215400.5,
            beside={"H": 5},
        ),
        t.line(
            line_no=3,
            description="安装调试服务",
            part_number="SH-FW",
            unit="项",
            quantity=1,
            unit_price=86000,
        ),
        t.line(
            "freight",
            line_no=4,
            description="运费及保险",
            part_number="SH-YF",
            unit="项",
            quantity=1,
            unit_price=12800,
        ),
    ]
    net = t.subtotal("不含税小计", rows)
    tax = t.line("tax", description="增值税 13%", extended_price=cents(times(t.sum([net]), 0.13)))
    t.total("含税总计", [net, tax])
    page.put(f"B{t.row + 1}", "大写：人民币玖佰陆拾万元整")
    q.tables = [t]
    q.grand_total(t)
    return q


def korean() -> Quote:
    """Won by number format only; formulas with saved values."""
    page = Sheet("견적서")
    q = Quote("b10_haneulbit.xlsx", "lang-ko ccy-KRW currency-number-format formulas-cached", [page])
    page.put("A1", "견 적 서")
    page.put("A3", "주식회사 하늘빛컴퓨팅")
    page.column("E", 3, ["견적번호", "견적일자", "유효기간", "결제조건", "납기"])
    page.column("F", 3, ["HB-26-1009", None, None, "납품 후 30일", "발주 후 6주"])
    page.put("F4", dt.date(2026, 10, 21), "yyyy-mm-dd")
    page.put("F5", dt.date(2026, 11, 20), "yyyy-mm-dd")
    q.fact("vendor", "주식회사 하늘빛컴퓨팅", "A3", "주식회사 하늘빛컴퓨팅")
    q.fact("quote_number", "HB-26-1009", "F3", "HB-26-1009")
    q.fact("quote_date", "2026-10-21", "F4", "2026-10-21")
    q.fact("valid_until", "2026-11-20", "F5", "2026-11-20")
    q.fact("payment_terms", "납품 후 30일", "F6", "납품 후 30일")
    q.fact("lead_time", "발주 후 6주", "F7", "발주 후 6주", "6주")
    q.facts["currency"] = "KRW"
    won = number("[$₩-412]#,##0;\\-[$₩-412]#,##0")
    t = Table(
        page,
        10,
        [
            Column("A", "line_no", "번호"),
            Column("B", "part_number", "모델명", text()),
            Column("C", "description", "품목", text()),
            Column("D", "quantity", "수량"),
            Column("E", "unit_price", "단가", won),
            Column("F", "extended_price", "금액", won),
        ],
        "KRW",
    )
    product = {"extended_price": "=D{r}*E{r}"}
    rows = [
        t.line(
            line_no=1,
            part_number="HB-G8",
            description="8GPU 서버",
            quantity=2,
            unit_price=412000000,
            formulas=product,
        ),
        t.line(
            line_no=2,
            part_number="HB-NIC",
            description="400G 네트워크 카드",
            quantity=16,
            unit_price=2150000,
            formulas=product,
        ),
        t.line(
            line_no=3,
            part_number="HB-SVC",
            description="설치 및 교육",
            quantity=1,
            unit_price=9800000,
            formulas=product,
        ),
    ]
    net = t.subtotal("공급가액", rows, formula="=SUM(F11:F13)")
    tax = t.line("tax", description="부가세 10%", extended_price=cents(times(t.sum([net]), 0.1), 0))
    t.total("총 합계", [net, tax], formula="=F14+F15")
    q.tables = [t]
    q.grand_total(t)
    return q


def indian() -> Quote:
    """Lakhs, two taxes, a column of tariff codes that look like amounts."""
    page = Sheet("Quotation")
    q = Quote("b11_deccan.xlsx", "ccy-INR lakh-grouping tax-separate numeric-codes freight-line", [page])
    page.put("A1", "DECCAN COMPUTE SYSTEMS PVT LTD")
    page.put("A2", "GSTIN 36AAAAA0000A1Z5 · CIN U72900TG2015PTC000000")
    page.column("A", 4, ["Quotation No.", "Date", "Validity", "Payment Terms", "Delivery"])
    page.column(
        "C", 4, ["DCS/QTN/26-27/0412", None, "45 days", "40% advance, balance before dispatch", "12-14 weeks"]
    )
    page.put("C5", dt.date(2026, 10, 6), "dd-mmm-yy")
    q.fact(
        "vendor",
        "Deccan Compute Systems Pvt Ltd",
        "A1",
        "DECCAN COMPUTE SYSTEMS PVT LTD",
        "DECCAN COMPUTE SYSTEMS PVT LTD",
    )
    q.fact("quote_number", "DCS/QTN/26-27/0412", "C4", "DCS/QTN/26-27/0412")
    q.fact("quote_date", "2026-10-06", "C5", "2026-10-06")
    q.fact("valid_until", "2026-11-20", "C6", "45 days")
    q.fact(
        "payment_terms", "40% advance, balance before dispatch", "C7", "40% advance, balance before dispatch"
    )
    q.fact("lead_time", "12-14 weeks", "C8", "12-14 weeks")
    lakh = "[>=10000000][$₹-4009]##\\,##\\,##\\,##0.00;[>=100000][$₹-4009]##\\,##\\,##0.00;[$₹-4009]##,##0.00"
    t = Table(
        page,
        13,
        [
            Column("A", "line_no", "S. No."),
            Column("B", "part_number", "Part Code", text()),
            Column("C", "description", "Particulars", text()),
            Column("D", None, "HSN/SAC"),
            Column("E", "quantity", "Qty."),
            Column("F", "unit", "UOM", text()),
            Column("G", "unit_price", "Rate", number(lakh)),
            Column("H", "extended_price", "Amount", number(lakh)),
        ],
        "INR",
    )
    q.facts["currency"] = "INR"
    rows = [
        t.line(
            line_no=1,
            part_number="DCS-8G",
            description="AI server, 8 GPU, air cooled",
            quantity=2,
            unit="Nos",
            unit_price=28945000,
            beside={"D": 84715000},
        ),
        t.line(
            line_no=2,
            part_number="DCS-PDU",
            description="Rack PDU 32 A, three phase",
            quantity=8,
            unit="Nos",
            unit_price=64250.75,
            beside={"D": 85044090},
        ),
        t.line(
            line_no=3,
            part_number="DCS-AMC",
            description="Comprehensive AMC, 3 years",
            quantity=2,
            unit="Set",
            unit_price=1725000,
            beside={"D": 998713},
        ),
        t.line(
            "freight",
            line_no=4,
            part_number="DCS-FRT",
            description="Freight and transit insurance",
            quantity=1,
            unit="LS",
            unit_price=85000,
            beside={"D": 996511},
        ),
    ]
    net = t.subtotal("Taxable Value", rows)
    taxes = [
        t.line("tax", description=f"{name} @ 9%", extended_price=cents(times(t.sum([net]), 0.09)))
        for name in ("CGST", "SGST")
    ]
    t.total("Grand Total", [net, *taxes])
    page.put(
        f"A{t.row + 2}",
        "Amount in words: Rupees Seven Crore Thirty Lakh only. Subject to Hyderabad jurisdiction.",
    )
    page.put(f"A{t.row + 3}", "Interest at 18% p.a. is charged on overdue bills above 1,00,000.00.")
    q.tables = [t]
    q.grand_total(t)
    return q


ASIA = [japanese, chinese, korean, indian]
