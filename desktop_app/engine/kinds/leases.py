"""The lease kind: cash by contract, expense by the plan's lease standard."""

from __future__ import annotations

from desktop_app.engine.kinds.declare import PRICE_FIELDS, START, Feeds, Field, Kind, Row, Shape


def _financed(shape: Shape) -> bool:
    """True if the right of use is written down evenly and interest shown beside it: under IFRS 16, and under
    ASC 842 where a purchase option is exercised, which makes a finance lease (842-10-25-2).
    """
    return shape.choice("standard") == "ifrs16" or shape.has("buy_out")


def _written_down_over(shape: Shape) -> str:
    """Months of depreciation: what passes to the lessee is used for its life, what goes back no longer than
    the term (IFRS 16 paragraph 32, ASC 842-20-35-8).
    """
    if not shape.has("life"):
        return "term"
    return "life" if shape.has("buy_out") else "MIN(life,term)"


def _rows(shape: Shape) -> list[Row]:
    """Amounts of a foreign lease are computed in its currency. What is paid and owed follows the exchange
    rate of the month, the asset keeps that of its recognition, and interest takes up the difference.
    """
    buy_out = "buy_out" if shape.has("buy_out") else "0"
    advance = "1" if shape.choice("paid") == "advance" else "0"
    fx = "*fx" if shape.has("fx") else ""
    level = (
        "payment"
        if shape.has("payment")
        else f"-PMT(apr/setting.months_per_year,term,principal,-{buy_out},{advance})"
    )
    end = "+PULSE(start+term-1)*buy_out" if shape.has("buy_out") else ""
    paid = f"level*ACTIVE(start,term){end}"
    rows = [
        Row("level", "Payment of one month", "money", level),
        Row("paid", "Paid", "money", f"({paid})*fx" if fx else paid),
    ]
    if shape.choice("standard") == "exempt":
        return rows
    value = f"PV(apr/setting.months_per_year,{{left}},-level,-{buy_out},{advance})"
    owed = f"IF(AND(elapsed>0,elapsed<term),{value.format(left='term-elapsed')},0)"
    rows += [
        Row("elapsed", "Months elapsed", "month", "MAX(0,MIN(term,time.month-start+1))"),
        Row(
            "recognised",
            "Lease liability recognised",
            "money",
            f"PULSE(start)*{value.format(left='term')}{fx}",
        ),
        Row("lease_liability", "Lease liability", "money", f"{owed}{fx}"),
        Row(
            "interest",
            "Interest on the liability",
            "money",
            "lease_liability-LAG(lease_liability)-recognised+paid",
        ),
    ]
    if _financed(shape):
        over = _written_down_over(shape)
        charge = f"MOVSUM(recognised,{over})/{over}"
        return [
            *rows,
            Row("amortisation", "Depreciation of the right of use", "money", charge),
            _RIGHT_OF_USE,
        ]
    if not fx:
        return [
            *rows,
            Row("lease_cost", "Straight-line lease cost", "money", "level*ACTIVE(start,term)"),
            Row("amortisation", "Reduction of the right of use", "money", "lease_cost-interest"),
            _RIGHT_OF_USE,
        ]
    # payments are level, so the asset is what is owed, at the rate of recognition
    return [
        *rows,
        Row("first_rate", "Exchange rate at recognition", "1", "MOVSUM(PULSE(start)*fx,term)"),
        Row("right_of_use", "Right-of-use asset", "money", f"{owed}*first_rate"),
        Row(
            "amortisation",
            "Reduction of the right of use",
            "money",
            "recognised-right_of_use+LAG(right_of_use)",
        ),
        Row("lease_cost", "Lease cost with exchange differences", "money", "amortisation+interest"),
    ]


_RIGHT_OF_USE = Row("right_of_use", "Right-of-use asset", "money", "CUMSUM(recognised-amortisation)")


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
    if _financed(shape):
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
        Field(
            "buy_out",
            "Buy-out at the end",
            "money",
            "",
            "Price of a purchase option that is exercised; it makes a finance lease under ASC 842.",
            steady=True,
        ),
        Field(
            "life",
            "Useful life of what is leased",
            "month",
            "",
            "The right of use is written down over it where there is a buy-out, else over no more than the"
            " term. The term where empty.",
        ),
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
