"""The lease kind: cash by contract, expense by the plan's lease standard."""

from __future__ import annotations

from desktop_app.engine.kinds.declare import PRICE_FIELDS, START, Feeds, Field, Kind, Row, Shape


def _rows(shape: Shape) -> list[Row]:
    buy_out = "buy_out" if shape.has("buy_out") else "0"
    advance = "1" if shape.choice("paid") == "advance" else "0"
    fx = "*fx" if shape.has("fx") else ""
    if shape.has("payment"):
        level = f"payment{fx}"
    else:
        level = f"-PMT(apr/setting.months_per_year,term,principal{fx},-{buy_out}{fx},{advance})"
    end = f"+PULSE(start+term-1)*{buy_out}{fx}" if shape.has("buy_out") else ""
    rows = [
        Row("level", "Payment of one month", "money", level),
        Row("paid", "Paid", "money", f"level*ACTIVE(start,term){end}"),
    ]
    if shape.choice("standard") == "exempt":
        return rows
    value = f"PV(apr/setting.months_per_year,{{left}},-level,-{buy_out}{fx},{advance})"
    rows += [
        Row("elapsed", "Months elapsed", "month", "MAX(0,MIN(term,time.month-start+1))"),
        Row("recognised", "Lease liability recognised", "money", f"PULSE(start)*{value.format(left='term')}"),
        Row(
            "lease_liability",
            "Lease liability",
            "money",
            f"IF(AND(elapsed>0,elapsed<term),{value.format(left='term-elapsed')},0)",
        ),
        Row(
            "interest",
            "Interest on the liability",
            "money",
            "lease_liability-LAG(lease_liability)-recognised+paid",
        ),
    ]
    if shape.choice("standard") == "ifrs16":
        rows.append(
            Row("amortisation", "Depreciation of the right of use", "money", "MOVSUM(recognised,term)/term")
        )
    else:
        rows += [
            Row("all_paid", "All payments", "money", f"level*term+{buy_out}{fx}"),
            Row("lease_cost", "Straight-line lease cost", "money", "all_paid/term*ACTIVE(start,term)"),
            Row("amortisation", "Reduction of the right of use", "money", "lease_cost-interest"),
        ]
    rows.append(Row("right_of_use", "Right-of-use asset", "money", "CUMSUM(recognised-amortisation)"))
    return rows


def _feeds(shape: Shape) -> Feeds:
    paid = ((1, "paid"),)
    if shape.choice("standard") == "exempt":
        return {"opex": paid, "operating_expense": paid}
    feeds: dict[str, tuple[tuple[int, str], ...]] = {
        "opex": paid,
        "lease_payments": paid,
        "lease_recognised": ((1, "recognised"),),
        "lease_liability": ((1, "lease_liability"),),
        "right_of_use": ((1, "right_of_use"),),
        "lease_interest": ((1, "interest"),),
        "lease_amortisation": ((1, "amortisation"),),
    }
    if shape.choice("standard") == "ifrs16":
        feeds["lease_expense"] = ((1, "interest"), (1, "amortisation"))
    else:
        feeds["lease_expense"] = ((1, "lease_cost"),)
    return feeds


LEASE = Kind(
    "lease",
    "Lease",
    "Level monthly payments, given or computed from principal and rate, with an optional buy-out at the end.",
    (
        Field(
            "payment",
            "Payment per month",
            "money",
            "",
            "Computed from the principal where empty.",
            steady=True,
            period="month",
        ),
        Field("principal", "Principal", "money", "0", steady=True),
        Field(
            "apr",
            "Interest rate per year",
            "1",
            "5%",
            "Nominal, compounded monthly; the incremental borrowing rate for the liability.",
            steady=True,
        ),
        Field("term", "Term", "month", None),
        Field("buy_out", "Buy-out at the end", "money", "", steady=True),
        Field("paid", "Paid", "choice", "arrears", choices=("advance", "arrears")),
        Field(
            "standard",
            "Accounting",
            "choice",
            "plan",
            choices=("plan", "ifrs16", "asc842", "exempt"),
            help="The plan's lease standard, or exempt as short-term.",
        ),
        START,
        PRICE_FIELDS[-1],
    ),
    _rows,
    _feeds,
)
