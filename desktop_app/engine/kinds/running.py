"""Kinds that are expensed as they run: recurring, usage, commitment, staff and adjustment."""

from __future__ import annotations

from desktop_app.engine.kinds.declare import PRICE_FIELDS, START, Feeds, Field, Kind, Row, Shape, priced

_MONTHS = Field(
    "months", "For so many months", "month", "1200", "Ends after these; to the end of the plan where empty."
)
_INTERVALS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_ONCE = "term"


def _paid_as_incurred(row: str) -> Feeds:
    return {"opex": ((1, row),), "operating_expense": ((1, row),)}


def _cost_feeds(shape: Shape) -> Feeds:  # noqa: ARG001 - every kind's feeds take the shape
    return _paid_as_incurred("cost")


def _prepaid_rows(shape: Shape) -> list[Row]:
    """Paid once for the whole term, borne evenly over its months: prepaid support, for example."""
    amount = priced(shape, "quantity*unit_price")
    if shape.choice("paid") == "arrears":
        return [
            Row("payment", "Paid", "money", f"{amount}*PULSE(start+months-1)"),
            Row("accrual", "Cost of the month", "money", f"{amount}*ACTIVE(start,months)/months"),
        ]
    return [
        Row("payment", "Paid", "money", f"{amount}*PULSE(start)"),
        Row("accrual", "Cost of the month", "money", "MOVSUM(payment,months)/months"),
    ]


def _recurring_rows(shape: Shape) -> list[Row]:
    if shape.choice("every") == _ONCE:
        return _prepaid_rows(shape)
    months = _INTERVALS[shape.choice("every")]
    amount = priced(shape, "quantity*unit_price*ACTIVE(start,months)")
    if months == 1:
        return [Row("cost", "Cost", "money", amount)]
    divisor = {
        3: "setting.months_per_quarter",
        6: "setting.months_per_half_year",
        12: "setting.months_per_year",
    }[months]
    shift = f"+{divisor}-1" if shape.choice("paid") == "arrears" else ""
    return [
        Row("accrual", "Cost of the month", "money", f"{amount}/{divisor}"),
        Row(
            "payment",
            "Paid",
            "money",
            priced(shape, f"quantity*unit_price*PULSE(start{shift},{divisor})*ACTIVE(start,months)"),
        ),
    ]


def _recurring_feeds(shape: Shape) -> Feeds:
    if shape.choice("every") == "month":
        return _paid_as_incurred("cost")
    return {"opex": ((1, "payment"),), "operating_expense": ((1, "accrual"),)}


RECURRING = Kind(
    "recurring",
    "Recurring",
    "The same amount every month, quarter or year, or once for a whole term, paid in advance or in arrears.",
    (
        Field("quantity", "Quantity", "any", "1"),
        Field(
            "unit_price",
            "Price per period",
            "money/quantity",
            None,
            "For one period: per month, quarter or year, or for the whole term.",
        ),
        Field("every", "Billed every", "choice", "month", choices=(*_INTERVALS, _ONCE)),
        Field("paid", "Paid", "choice", "advance", choices=("advance", "arrears")),
        START,
        _MONTHS,
        *PRICE_FIELDS,
    ),
    _recurring_rows,
    _recurring_feeds,
)


def _usage_rows(shape: Shape) -> list[Row]:
    billed = "MAX(0,quantity-included)" if shape.has("included") else "quantity"
    return [Row("cost", "Cost", "money", priced(shape, f"{billed}*unit_price*ACTIVE(start,months)"))]


USAGE = Kind(
    "usage",
    "Usage",
    "Quantity of the month times a rate: GPU-hours, tokens, GB, kWh.",
    (
        Field("quantity", "Quantity per month", "any", None),
        Field("unit_price", "Rate", "money/quantity", None),
        Field("included", "Free quantity per month", "any", ""),
        START,
        _MONTHS,
        *PRICE_FIELDS,
    ),
    _usage_rows,
    _cost_feeds,
)


def _commitment_rows(shape: Shape) -> list[Row]:
    fixed = Shape(shape.given - {"price_change"}, shape.choices)
    rows = [
        Row("reserved", "Reserved", "committed", "committed*ACTIVE(start,term)"),
        Row("unused", "Reserved but not used", "committed", "MAX(0,reserved-quantity)"),
        Row("overflow", "Above the reservation", "committed", "MAX(0,quantity-reserved)"),
        Row("reserved_cost", "Cost of the reservation", "money", priced(fixed, "reserved*unit_price")),
    ]
    if shape.has("on_demand_price"):
        rows.append(
            Row("overflow_cost", "Cost on demand", "money", priced(shape, "overflow*on_demand_price"))
        )
    if shape.has("upfront"):
        rows += [
            Row("reserved_total", "Cost of the whole reservation", "money", "MONTHS_TOTAL(reserved_cost)"),
            Row(
                "payment",
                "Paid for the reservation",
                "money",
                "PULSE(start)*upfront*reserved_total+(1-upfront)*reserved_cost",
            ),
        ]
    return rows


def _commitment_feeds(shape: Shape) -> Feeds:
    overflow = ((1, "overflow_cost"),) if shape.has("on_demand_price") else ()
    paid = (1, "payment") if shape.has("upfront") else (1, "reserved_cost")
    return {"opex": (paid, *overflow), "operating_expense": ((1, "reserved_cost"), *overflow)}


COMMITMENT = Kind(
    "commitment",
    "Commitment",
    "Reserved capacity that is paid whether used or not; what goes beyond it is bought on demand.",
    (
        Field(
            "committed",
            "Reserved per month",
            "any",
            None,
            "In the same unit as the quantity, GPU-hours for example.",
        ),
        Field("quantity", "Needed per month", "any", None),
        Field("unit_price", "Reserved rate", "money/quantity", None, per="committed"),
        Field("on_demand_price", "On-demand rate", "money/quantity", ""),
        START,
        Field("term", "Term", "month", "1200", "Months reserved; the whole plan where empty."),
        Field("upfront", "Share paid up front", "1", ""),
        *PRICE_FIELDS,
    ),
    _commitment_rows,
    _commitment_feeds,
)


def _staff_rows(shape: Shape) -> list[Row]:
    loaded = "*(1+loading)" if shape.has("loading") else ""
    rise = "*GROWTH(merit)" if shape.has("merit") else ""
    fx = "*fx" if shape.has("fx") else ""
    rows = [
        Row(
            "cost",
            "Loaded cost",
            "money",
            f"fte*salary{loaded}{rise}{fx}*ACTIVE(start,months)/setting.months_per_year",
        )
    ]
    if shape.has("hiring_cost"):
        leaving = "+fte*attrition/setting.months_per_year" if shape.has("attrition") else ""
        rows += [
            Row(
                "hires",
                "Hires",
                "fte",
                f"MAX(0,fte-LAG(fte)-existing*time.first){leaving}"
                if shape.has("existing")
                else f"MAX(0,fte-LAG(fte)){leaving}",
            ),
            Row("hiring", "Hiring cost", "money", f"hires*hiring_cost{fx}*ACTIVE(start,months)"),
        ]
    return rows


def _staff_feeds(shape: Shape) -> Feeds:
    rows = ((1, "cost"), (1, "hiring")) if shape.has("hiring_cost") else ((1, "cost"),)
    return {"opex": rows, "operating_expense": rows, "people": rows}


STAFF = Kind(
    "staff",
    "Staff",
    "Full-time equivalents at their fully loaded cost, with merit rises and the cost of hiring.",
    (
        Field("fte", "Full-time equivalents", "any", None),
        Field("salary", "Salary per year", "money/quantity", None, "For one FTE and a year.", per="fte"),
        Field("loading", "Employer taxes, benefits, overhead", "1", "", "Share on top of the salary."),
        Field("merit", "Merit rise per year", "1", ""),
        Field("hiring_cost", "Cost of one hire", "money/quantity", "", per="fte"),
        Field("attrition", "Attrition per year", "1", "", "Share of the team that leaves and is replaced."),
        Field("existing", "Already employed", "any", "", "FTE that need not be hired in month 1."),
        START,
        _MONTHS,
        PRICE_FIELDS[-1],
    ),
    _staff_rows,
    _staff_feeds,
)


def _adjustment_rows(shape: Shape) -> list[Row]:
    pulse = "PULSE(start,every)" if shape.has("every") else "PULSE(start)"
    fx = "*fx" if shape.has("fx") else ""
    return [Row("cost", "Amount", "money", f"amount*{pulse}*ACTIVE(start,months){fx}")]


ADJUSTMENT = Kind(
    "adjustment",
    "Adjustment",
    "A one-off or repeated amount: a credit or grant is negative.",
    (
        Field("amount", "Amount", "money", None),
        START,
        Field("every", "Again every", "month", ""),
        _MONTHS,
        PRICE_FIELDS[-1],
    ),
    _adjustment_rows,
    _cost_feeds,
)
