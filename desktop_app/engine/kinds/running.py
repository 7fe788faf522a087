"""Kinds that are expensed as they run: recurring, usage, commitment, staff and adjustment."""

from __future__ import annotations

from desktop_app.engine.kinds.declare import PRICE_FIELDS, START, Feeds, Field, Kind, Row, Shape, priced

_MONTHS = Field(
    "months",
    "For so many months",
    "month",
    "1200",
    "Ends after these; to the end of the plan where empty.",
    least=0,
)
INTERVALS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
ONCE = "term"
_IN_MONTHS = {
    "quarter": "setting.months_per_quarter",
    "half_year": "setting.months_per_half_year",
    "year": "setting.months_per_year",
}


def _paid_as_incurred(row: str) -> Feeds:
    return {"opex": ((1, row),), "operating_expense": ((1, row),)}


def _cost_feeds(shape: Shape) -> Feeds:  # noqa: ARG001 - every kind's feeds take the shape
    return _paid_as_incurred("cost")


def _recurring_rows(shape: Shape) -> list[Row]:
    """Billed by the month, or a whole period at a time and borne evenly over the months of the period."""
    every = shape.choice("every")
    if every == "month":
        return [Row("cost", "Cost", "money", priced(shape, "quantity*unit_price*ACTIVE(start,months)"))]
    if every == ONCE:
        period, pulse, last = "months", "PULSE(start)", "PULSE(start+months-1)*MOVSUM(due,months)"
    else:
        period = _IN_MONTHS[every]
        pulse, last = f"PULSE(start,{period})*ACTIVE(start,months)", f"LAG(due,{period}-1)"
    # what is paid later is paid at the exchange rate of that month
    local = Shape(shape.given - {"fx"}, shape.choices)
    fx = "*fx" if shape.has("fx") else ""
    if shape.choice("paid") == "advance":
        return [
            Row("payment", "Paid", "money", priced(shape, f"quantity*unit_price*{pulse}")),
            Row("accrual", "Cost of the month", "money", f"MOVSUM(payment,{period})/{period}"),
        ]
    due = priced(local, f"quantity*unit_price*{pulse}")
    return [
        Row("due", "Due for the period that begins", "money", due),
        Row("payment", "Paid", "money", f"{last}{fx}"),
        Row("accrual", "Cost of the month", "money", f"MOVSUM(due,{period})/{period}{fx}"),
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
            "For one period: per month, quarter or year, or for the whole term."
            " A period is billed whole, at the price of its first month.",
            period="every",
        ),
        Field("every", "Billed every", "choice", "month", choices=(*INTERVALS, ONCE)),
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
        Field("unit_price", "Rate", "money/quantity", None, period="month"),
        Field("included", "Free quantity per month", "any", "", like="quantity"),
        START,
        _MONTHS,
        *PRICE_FIELDS,
    ),
    _usage_rows,
    _cost_feeds,
)


def _commitment_rows(shape: Shape) -> list[Row]:
    time = "ACTIVE(start,term)" if shape.has("term") else "STEP(start)"
    rows = [
        Row("reserved", "Reserved", "committed", f"committed*{time}"),
        Row("unused", "Reserved but not used", "committed", "MAX(0,reserved-quantity)"),
        Row("overflow", "Above the reservation", "committed", "MAX(0,quantity-reserved)"),
        *_reservation(shape),
    ]
    if shape.has("on_demand_price"):
        rows.append(
            Row("overflow_cost", "Cost on demand", "money", priced(shape, "overflow*on_demand_price"))
        )
    return rows


def _reservation(shape: Shape) -> list[Row]:
    """What is reserved costs the same in every month of the term; what of it is paid up front is for the
    whole term, also beyond the plan, and at the exchange rate of its first month.
    """
    fixed = Shape(shape.given - {"price_change"}, shape.choices)
    amount, label = "reserved*unit_price", "Cost of the reservation"
    if not shape.has("upfront"):
        return [Row("reserved_cost", label, "money", priced(fixed, amount))]
    foreign = shape.has("fx")
    cost = "local_cost" if foreign else "reserved_cost"
    beyond = f"+LAST_MONTH({cost})*MAX(0,start+term-1-setting.months)" if shape.has("term") else ""
    paid = f"PULSE(start)*upfront*reserved_total+(1-upfront)*{cost}"
    local = Shape(fixed.given - {"fx"}, shape.choices)
    rows = [
        Row(cost, f"{label} in its currency" if foreign else label, "money", priced(local, amount)),
        Row("reserved_total", "Cost of the whole reservation", "money", f"MONTHS_TOTAL({cost}){beyond}"),
        Row("payment", "Paid for the reservation", "money", f"({paid})*fx" if foreign else paid),
    ]
    if foreign:
        rows += [
            Row("first_rate", "Exchange rate at the start", "1", "CUMSUM(PULSE(start)*fx)"),
            Row("reserved_cost", label, "money", "local_cost*(upfront*first_rate+(1-upfront)*fx)"),
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
            like="quantity",
        ),
        Field("quantity", "Needed per month", "any", None),
        Field(
            "unit_price",
            "Reserved rate",
            "money/quantity",
            None,
            "Fixed for the term: price changes are those of the on-demand rate.",
            per="committed",
            period="month",
        ),
        Field("on_demand_price", "On-demand rate", "money/quantity", "", period="month"),
        START,
        Field("term", "Term", "month", "", "Months reserved; to the end of the plan where empty."),
        Field(
            "upfront",
            "Share paid up front",
            "1",
            "",
            "Of what the reservation costs over its term, also beyond the end of the plan.",
            steady=True,
        ),
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
        leaving = "+headcount*attrition/setting.months_per_year" if shape.has("attrition") else ""
        existing = "-existing*PULSE(start)" if shape.has("existing") else ""
        rows += [
            Row("headcount", "FTE of the month", "fte", "fte*ACTIVE(start,months)"),
            Row("hires", "Hires", "fte", f"MAX(0,headcount-LAG(headcount){existing}){leaving}"),
            Row("hiring", "Hiring cost", "money", f"hires*hiring_cost{fx}"),
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
        Field(
            "salary",
            "Salary per year",
            "money/quantity",
            None,
            "For one FTE and a year.",
            per="fte",
            period="year",
        ),
        Field("loading", "Employer taxes, benefits, overhead", "1", "", "Share on top of the salary."),
        Field("merit", "Merit rise per year", "1", "", "Compound, month by month from month 1.", steady=True),
        Field("hiring_cost", "Cost of one hire", "money/quantity", "", per="fte"),
        Field("attrition", "Attrition per year", "1", "", "Share of the team that leaves and is replaced."),
        Field(
            "existing",
            "Already employed",
            "any",
            "",
            "FTE that need not be hired in the first month of the line.",
            like="fte",
        ),
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
        Field("every", "Again every", "month", "", least=0),
        _MONTHS,
        PRICE_FIELDS[-1],
    ),
    _adjustment_rows,
    _cost_feeds,
)
