"""Kinds that capitalise: purchase and fleet. Both end in the same asset register."""

from __future__ import annotations

from desktop_app.engine.kinds.declare import PRICE_FIELDS, START, Feeds, Field, Kind, Row, Shape, priced

DEPRECIATION = ("straight_line", "declining_balance", "sum_of_years", "none")
TAX_DEPRECIATION = ("book", "straight_line", "immediate", "table", "none")

_ASSET_FIELDS = (
    Field(
        "life",
        "Useful life",
        "month",
        "60",
        "Months of depreciation; the asset leaves the register after them.",
    ),
    Field(
        "residual",
        "Residual value",
        "1",
        "",
        "Share of the cost that is left, and recovered, at the end of life.",
        steady=True,
    ),
    Field("method", "Depreciation method", "choice", "straight_line", choices=DEPRECIATION),
    Field("factor", "Declining-balance factor", "1", "2", "2 for double declining balance.", steady=True),
    Field("tax_method", "Depreciation for tax", "choice", "book", choices=TAX_DEPRECIATION),
    Field("tax_life", "Life for tax", "month", "60"),
    Field(
        "tax_table",
        "Table of tax rates by year",
        "choice",
        "",
        "Name of a plan table with a column “rate” by year 1, 2, 3 …",
    ),
)


# What is bought retires in the month after its life, in which it is no longer used. Where the plan ends with
# that life, it serves to the end of the last month; what is left of it is sold, scrapped and deducted then.
_LEAVING = (
    Row("ending", "Bought so that its life ends with the plan", "money", "capex*IF(time.age=life,1,0)"),
    Row("leaving", "Sold or scrapped, at cost", "money", "retired+time.last*MONTHS_TOTAL(ending)"),
)


def _leaves_something(shape: Shape) -> bool:
    """True if an asset can have a value, in the books or for tax, when it goes."""
    undepreciated = shape.choice("method") == "none"
    return shape.has("residual") or undepreciated or shape.choice("tax_method") not in ("book", "immediate")


def _register(shape: Shape) -> list[Row]:
    """Rows from capital expenditure to closing net book value."""
    residual = shape.has("residual")
    method = shape.choice("method")
    rows = []
    if method == "straight_line":
        window = "MOVSUM(capex,life)*(1-residual)/life" if residual else "MOVSUM(capex,life)/life"
        rows.append(Row("depreciation", "Depreciation", "money", window))
    elif method == "none":
        rows.append(Row("depreciation", "Depreciation", "money", "0*capex"))
    else:
        left = "residual" if residual else "0"
        by_age = {
            "declining_balance": f"VDB(1,{left},life,time.age-1,time.age,factor)",
            "sum_of_years": f"SYD(1,{left},life,time.age)",
        }[method]
        rows.append(
            Row("profile", "Share depreciated by age, youngest last", "1", f"IF(time.age<=life,{by_age},0)")
        )
        rows.append(Row("depreciation", "Depreciation", "money", "CONVOLVE(capex,profile)"))
    rows.append(Row("retired", "Retired at cost", "money", "LAG(capex,life)"))
    if _leaves_something(shape):
        rows += _LEAVING
    if residual:
        rows.append(Row("proceeds", "Recovered at end of life", "money", "leaving*residual"))
    if method == "none":
        lost = "leaving-proceeds" if residual else "leaving"
        rows.append(Row("write_off", "Written off at end of life", "money", lost))
    leaving = "-leaving" if method == "none" else "-proceeds" if residual else ""
    rows.append(Row("net_book_value", "Net book value", "money", f"CUMSUM(capex-depreciation{leaving})"))
    rows += _tax_rows(shape)
    return rows


# Tables give a rate for each tax year, the one of purchase being year 1. Each is taken in the last month of
# the fiscal year; an asset sold earlier takes the rate of the year of its sale in full, and what is then left
# is deducted with the sale. Where the plan stops before the tax year of the sale ends, that year's rate is
# part of what is left. `held` is the number of tax years through the latest possible one of sale. Of the tax
# year that outlasts the plan, what is still held takes the rate for the months that lie in the plan.
_TAX_TABLE = (
    Row("held", "Tax years held at most", "1", "ROUNDUP(life/setting.months_per_year,0)+1"),
    Row(
        "year_additions",
        "Additions of the tax year, at its end",
        "money",
        "FISCAL_SUM(capex)*time.tax_year_end",
    ),
    Row("tax_year", "Tax year by age, youngest last", "1", "(time.age-1)/setting.months_per_year+1"),
    Row(
        "tax_profile",
        "Tax rate by age, youngest last",
        "1",
        "IF(AND(tax_year=INT(tax_year),tax_year<held),TAX_RATE(tax_year),0)",
    ),
    Row(
        "oldest",
        "Additions that reach the latest tax year before their sale",
        "money",
        "LAG(MOVSUM(capex,life-(held-2)*setting.months_per_year),(held-1)*setting.months_per_year)",
    ),
    Row(
        "years_begun",
        "Tax years begun when the plan ends, by month of purchase",
        "1",
        "LAST_MONTH(time.fiscal_year)-time.fiscal_year+1",
    ),
    Row(
        "months_open",
        "Months of the plan in the tax year that it ends in",
        "month",
        "MOD(LAST_MONTH(time.calendar_month)-setting.fiscal_year_start,setting.months_per_year)+1",
    ),
    Row(
        "open_charge",
        "Depreciation of a tax year that outlasts the plan, by month of purchase",
        "money",
        "capex*IF(time.age<life,TAX_RATE(years_begun),0)*months_open/setting.months_per_year",
    ),
    Row(
        "tax_depreciation",
        "Depreciation for tax",
        "money",
        "CONVOLVE(year_additions,tax_profile)+oldest*TAX_RATE(held)*time.tax_year_end"
        "+MONTHS_TOTAL(open_charge)*time.last*(1-time.tax_year_end)",
    ),
    Row(
        "left_at_end",
        "Tax value of what is sold with the plan's end, by month of purchase",
        "money",
        "ending*TAX_LEFT(years_begun-1+LAST_MONTH(time.tax_year_end))",
    ),
    Row(
        "tax_base_sold",
        "Tax value of what is sold or scrapped",
        "money",
        "retired*TAX_LEFT(time.fiscal_year-LAG(time.fiscal_year,life)+FISCAL_SUM(time.tax_year_end))"
        "+MONTHS_TOTAL(left_at_end)*time.last",
    ),
)


def _tax_rows(shape: Shape) -> list[Row]:
    method = shape.choice("tax_method")
    if method == "straight_line":
        return [
            Row(
                "tax_depreciation",
                "Depreciation for tax",
                "money",
                "MOVSUM(capex,MIN(life,tax_life))/tax_life",
            ),
            Row(
                "tax_base_sold",
                "Tax value of what is sold or scrapped",
                "money",
                "leaving*MAX(0,1-life/tax_life)",
            ),
        ]
    return list(_TAX_TABLE) if method == "table" else []


def _asset_feeds(shape: Shape) -> Feeds:
    """What goes into statements. For tax, what is left of an asset is deducted when it is sold."""
    residual, undepreciated = shape.has("residual"), shape.choice("method") == "none"
    by_book = "leaving" if undepreciated else "proceeds" if residual else ""
    tax, sold = {
        "book": ("depreciation", by_book),
        "immediate": ("capex", ""),
        "none": ("", "leaving"),
    }.get(shape.choice("tax_method"), ("tax_depreciation", "tax_base_sold"))
    feeds: dict[str, tuple[tuple[int, str], ...]] = {
        "capex": ((1, "capex"),),
        "depreciation": ((1, "depreciation"),),
        "retired": ((1, "retired"),),
        "net_book_value": ((1, "net_book_value"),),
    }
    if residual:
        feeds["proceeds"] = ((1, "proceeds"),)
    if undepreciated:
        feeds["write_off"] = ((1, "write_off"),)
    if tax:
        feeds["tax_depreciation"] = ((1, tax),)
    if sold:
        feeds["tax_base_sold"] = ((1, sold),)
    return feeds


def _purchase_rows(shape: Shape) -> list[Row]:
    pulse = "PULSE(start,refresh_every)" if shape.has("refresh_every") else "PULSE(start)"
    return [
        Row("capex", "Capital expenditure", "money", priced(shape, f"quantity*unit_price*{pulse}")),
        *_register(shape),
    ]


PURCHASE = Kind(
    "purchase",
    "Purchase",
    "Bought once, or again at every refresh, and depreciated over its life.",
    (
        Field("quantity", "Quantity", "any", "1"),
        Field("unit_price", "Unit price", "money/quantity", None),
        START,
        Field(
            "refresh_every",
            "Bought again every",
            "month",
            "",
            "Months between purchases; once only where empty.",
            least=0,
        ),
        *_ASSET_FIELDS,
        *PRICE_FIELDS,
    ),
    _purchase_rows,
    _asset_feeds,
)


def _fleet_rows(shape: Shape) -> list[Row]:
    need = "required*(1+spares)" if shape.has("spares") else "required"
    return [
        Row("target", "Needed, in whole units and with spares", "required", f"CEILING({need},whole)"),
        Row("bought", "Bought", "required", "REPLENISH(target,life)"),
        Row("left", "Retired", "required", "LAG(bought,life)"),
        Row("installed", "Installed", "required", "CUMSUM(bought-left)"),
        Row("capex", "Capital expenditure", "money", priced(shape, "bought*unit_price")),
        *_register(shape),
    ]


FLEET = Kind(
    "fleet",
    "Fleet",
    "Buys so that what is installed always meets what is required;"
    " each unit is retired, and replaced, at the end of its life.",
    (
        Field("required", "Required", "any", None, "What must be installed, month by month."),
        Field("unit_price", "Unit price", "money/quantity", None, per="required"),
        Field(
            "whole",
            "Bought in whole lots of",
            "any",
            "1",
            "8 where servers of 8 GPUs are bought and GPUs are counted.",
            like="required",
        ),
        Field("spares", "Spares", "1", "", "Share kept on top of what is required."),
        *_ASSET_FIELDS,
        *PRICE_FIELDS,
    ),
    _fleet_rows,
    _asset_feeds,
)
