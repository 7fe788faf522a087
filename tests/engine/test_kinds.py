"""Each kind of cost line against a plain month-by-month loop written for the test alone."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.engine.finance import depreciation, lease
from desktop_app.engine.model import CostLine, Driver, Settings, Table
from desktop_app.engine.timeline import fiscal_years
from tests.engine.plans import driver, errors, line, result_of, row

Flow = list[float]
share = st.floats(0, 0.9).map(lambda x: round(x, 4))
change = st.floats(-0.5, 0.5).map(lambda x: round(x, 4))
price = st.floats(1, 10_000).map(lambda x: round(x, 2))
few = settings(max_examples=25, deadline=None)


def close(found: Any, wanted: Flow) -> None:
    assert np.asarray(found) == pytest.approx(wanted, rel=1e-9, abs=1e-6)


def growth(rate: float, month: int) -> float:
    return (1 + rate) ** ((month - 1) / 12)


def sale(capex: Flow, life: int, months: int) -> Flow:
    """What was bought `life` months ago, and in the last month what has reached its life by the end of it."""
    sold = [capex[m - life] if m >= life else 0.0 for m in range(months)]
    sold[-1] += capex[months - life] if life <= months else 0.0
    return sold


def spread(capex: Flow, by_age: Callable[[int], float], months: int) -> Flow:
    out = [0.0] * months
    for bought, cost in enumerate(capex):
        for month in range(bought, months):
            out[month] += cost * by_age(month - bought + 1)
    return out


def book(capex: Flow, charge: Flow, gone: Flow) -> Flow:
    value, out = 0.0, []
    for cost, depreciated, left in zip(capex, charge, gone, strict=True):
        value += cost - depreciated - left
        out.append(value)
    return out


@few
@given(
    quantity=st.integers(1, 50),
    unit_price=price,
    start=st.integers(1, 30),
    life=st.integers(1, 40),
    refresh=st.integers(0, 20),
    residual=share,
    method=st.sampled_from(("straight_line", "declining_balance", "sum_of_years", "none")),
    factor=st.sampled_from((1.5, 2.0)),
    index=change,
    contingency=share,
    tax=share,
)
def test_purchase(
    quantity: int,
    unit_price: float,
    start: int,
    life: int,
    refresh: int,
    residual: float,
    method: str,
    factor: float,
    index: float,
    contingency: float,
    tax: float,
) -> None:
    months = 36
    given = {
        "quantity": f"{quantity}",
        "unit_price": f"{unit_price}",
        "start": f"{start}",
        "life": f"{life} months",
        "residual": f"{residual}",
        "method": method,
        "factor": f"{factor}",
        "price_change": f"{index}",
        "contingency": f"{contingency}",
        "sales_tax": f"{tax}",
        "tax_recoverable": "no",
    } | ({"refresh_every": f"{refresh}"} if refresh else {})
    result = result_of(line("Servers", "purchase", **given), months=months)
    capex = []
    for month in range(1, months + 1):
        due = month == start or (refresh and month > start and (month - start) % refresh == 0)
        capex.append(
            quantity * unit_price * growth(index, month) * (1 + contingency) * (1 + tax) if due else 0.0
        )
    profiles: dict[str, list[float]] = {
        "straight_line": depreciation.straight_line_profile(life, life, residual).tolist(),
        "declining_balance": depreciation.declining_balance_profile(life, life, factor, residual).tolist(),
        "sum_of_years": depreciation.sum_of_digits_profile(life, life, residual, 1.0).tolist(),
        "none": [0.0] * life,
    }
    by_age = profiles[method]
    charge = spread(capex, lambda age: by_age[age - 1] if age <= life else 0.0, months)
    retired = [0.0] * life + capex[: max(0, months - life)]
    leaving = sale(capex, life, months)
    proceeds = [cost * residual for cost in leaving]
    gone = leaving if method == "none" else proceeds
    close(row(result, "Servers", "capex"), capex)
    close(row(result, "Servers", "depreciation"), charge)
    close(row(result, "Servers", "retired"), retired[:months])
    close(row(result, "Servers", "net_book_value"), book(capex, charge, gone))
    close(result.monthly["cash_cost"], [a - b for a, b in zip(capex, proceeds, strict=True)])
    scrapped = [a - b for a, b in zip(leaving, proceeds, strict=True)] if method == "none" else [0.0] * months
    close(result.monthly["expense"], [a + b for a, b in zip(charge, scrapped, strict=True)])


def test_a_share_of_what_is_held_is_paid_in_the_last_month_of_a_life_that_ends_with_the_plan() -> None:
    held = 'CUMSUM(TOTAL("capex", "Compute") - TOTAL("retired", "Compute"))'
    result = result_of(
        line("Servers", "purchase", "Compute", quantity="1", unit_price="1200", life="12", residual="10%"),
        line("Support", "recurring", "Care", unit_price=f"1% * {held}"),
        months=12,
    )
    close(result.monthly["opex"], [12.0] * 12)
    close(result.monthly["proceeds"], [0.0] * 11 + [120.0])


@few
@given(
    need=st.lists(st.integers(0, 60), min_size=30, max_size=30),
    life=st.integers(1, 35),
    lot=st.sampled_from((1, 4, 8)),
    spares=share,
    unit_price=price,
)
def test_fleet_buys_retires_and_never_falls_short(
    need: list[int], life: int, lot: int, spares: float, unit_price: float
) -> None:
    months = len(need)
    fleet = line(
        "GPUs",
        "fleet",
        required="need",
        unit_price=f"{unit_price}",
        whole=f"{lot}",
        spares=f"{spares}",
        life=f"{life}",
    )
    series = Driver("need", "GPU", "0", series=tuple(float(n) for n in need))
    result = result_of(fleet, drivers=(series,), months=months)
    bought: list[float] = []
    installed: list[float] = []
    for month in range(months):
        target = math.ceil(round(need[month] * (1 + spares) / lot, 9)) * lot
        young = sum(bought[max(0, month - life + 1) :])
        bought.append(max(0.0, target - young))
        installed.append(young + bought[-1])
        assert installed[-1] >= target
    close(row(result, "GPUs", "bought"), bought)
    close(row(result, "GPUs", "installed"), installed)
    capex = [count * unit_price for count in bought]
    charge = spread(capex, lambda age: 1 / life if age <= life else 0.0, months)
    close(row(result, "GPUs", "depreciation"), charge)
    close(row(result, "GPUs", "net_book_value"), book(capex, charge, [0.0] * months))


@few
@given(
    every=st.sampled_from(("month", "quarter", "half_year", "year")),
    paid=st.sampled_from(("advance", "arrears")),
    start=st.integers(1, 20),
    lasts=st.integers(0, 30),
    unit_price=price,
    index=change,
)
def test_recurring(every: str, paid: str, start: int, lasts: int, unit_price: float, index: float) -> None:
    months, period = 36, {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[every]
    given = {"every": every, "paid": paid, "start": f"{start}", "months": f"{lasts}"}
    result = result_of(
        line("Support", "recurring", unit_price=f"{unit_price}", price_change=f"{index}", **given),
        months=months,
    )
    cash, cost = [0.0] * (months + 12), [0.0] * (months + 12)
    for begin in range(start, min(start + lasts, months + 1), period):
        bill = unit_price * growth(index, begin)
        cash[begin - 1 + (period - 1 if paid == "arrears" else 0)] += bill
        for month in range(begin, begin + period):
            cost[month - 1] += bill / period
    close(result.monthly["opex"], cash[:months])
    close(result.monthly["operating_expense"], cost[:months])


@few
@given(paid=st.sampled_from(("advance", "arrears")), start=st.integers(1, 12), term=st.integers(1, 24))
def test_a_bill_for_a_whole_term_is_borne_over_it(paid: str, start: int, term: int) -> None:
    result = result_of(
        line(
            "Support",
            "recurring",
            unit_price="1200",
            every="term",
            paid=paid,
            start=f"{start}",
            months=f"{term}",
        ),
        months=36,
    )
    cash, cost = [0.0] * 36, [0.0] * 36
    cash[start - 1 if paid == "advance" else start + term - 2] = 1200.0
    for month in range(start - 1, start - 1 + term):
        cost[month] = 1200 / term
    close(result.monthly["opex"], cash)
    close(result.monthly["operating_expense"], cost)


@few
@given(
    need=st.lists(st.floats(0, 1000), min_size=12, max_size=12),
    free=st.floats(0, 500),
    rate=price,
    start=st.integers(1, 12),
    lasts=st.integers(0, 12),
)
def test_usage(need: list[float], free: float, rate: float, start: int, lasts: int) -> None:
    result = result_of(
        line(
            "Tokens",
            "usage",
            quantity="need",
            unit_price=f"{rate}",
            included=f"{free:.6f}",
            start=f"{start}",
            months=f"{lasts}",
        ),
        drivers=(Driver("need", "GB", "0", series=tuple(need)),),
        months=12,
    )
    cost = [
        max(0.0, amount - float(f"{free:.6f}")) * rate if start <= month < start + lasts else 0.0
        for month, amount in enumerate(need, 1)
    ]
    close(result.monthly["cash_cost"], cost)


@few
@given(
    need=st.lists(st.floats(0, 1000), min_size=24, max_size=24),
    committed=st.floats(0, 1000),
    start=st.integers(1, 24),
    term=st.integers(1, 30),
    upfront=share,
    index=change,
)
def test_commitment_is_paid_whether_used_or_not(
    need: list[float], committed: float, start: int, term: int, upfront: float, index: float
) -> None:
    result = result_of(
        line(
            "Reserved",
            "commitment",
            committed=f"{committed:.6f}",
            quantity="need",
            unit_price="1.9",
            on_demand_price="3.5",
            start=f"{start}",
            term=f"{term}",
            upfront=f"{upfront}",
            price_change=f"{index}",
        ),
        drivers=(Driver("need", "GPU-hour/month", "0", series=tuple(need)),),
        months=24,
    )
    fixed, over = [], []
    for month, amount in enumerate(need, 1):
        held = float(f"{committed:.6f}") if start <= month < start + term else 0.0
        fixed.append(held * 1.9)
        over.append(max(0.0, amount - held) * 3.5 * growth(index, month))
    whole_term = float(f"{committed:.6f}") * 1.9 * term
    cash = [
        upfront * whole_term * (m == start) + (1 - upfront) * fixed[m - 1] + over[m - 1] for m in range(1, 25)
    ]
    close(result.monthly["opex"], cash)
    said = {issue.code for issue in result.issues}
    assert ("outlasts-plan" in said) == (upfront > 0 and start + term - 1 > 24)
    close(result.monthly["operating_expense"], [a + b for a, b in zip(fixed, over, strict=True)])


def test_a_commitment_without_a_term_is_paid_up_front_for_the_plan() -> None:
    made = line("x", "commitment", committed="2", quantity="2", unit_price="10", start="3", upfront="100%")
    result = result_of(made, months=12)
    close(result.monthly["opex"], [0, 0, 200.0] + [0.0] * 9)
    close(result.monthly["expense"], [0, 0] + [20.0] * 10)


@pytest.mark.parametrize("term", ["", "4"])
def test_what_is_paid_up_front_keeps_the_exchange_rate_of_that_month(term: str) -> None:
    made = line(
        "x", "commitment", committed="1", quantity="1", unit_price="100 EUR", term=term, upfront="60%"
    )
    result = result_of(
        made, drivers=(Driver("rate", "USD/EUR", "1", series=RATES),), fx={"EUR": "rate"}, months=4
    )
    close(result.monthly["opex"], [240 * 1.1 + 40 * 1.1, 40 * 1.2, 40 * 1.05, 40 * 1.3])
    close(result.monthly["expense"], [60 * 1.1 + 40 * rate for rate in RATES])


def test_a_need_above_the_reservation_that_nobody_prices_is_said() -> None:
    (said,) = result_of(line("Reserved", "commitment", committed="10", quantity="11", unit_price="1")).issues
    assert (said.code, said.where) == ("overflow-not-priced", "line Reserved")
    assert not result_of(line("Reserved", "commitment", committed="10", quantity="9", unit_price="1")).issues


@few
@given(
    team=st.lists(st.integers(0, 9), min_size=24, max_size=24),
    start=st.integers(1, 12),
    lasts=st.integers(1, 24),
    loading=share,
    merit=change,
    attrition=share,
    existing=st.integers(0, 5),
)
def test_staff(
    team: list[int],
    start: int,
    lasts: int,
    loading: float,
    merit: float,
    attrition: float,
    existing: int,
) -> None:
    result = result_of(
        line(
            "Operators",
            "staff",
            fte="team",
            salary="120k",
            loading=f"{loading}",
            merit=f"{merit}",
            hiring_cost="20k",
            attrition=f"{attrition}",
            existing=f"{existing}",
            start=f"{start}",
            months=f"{lasts}",
        ),
        drivers=(Driver("team", "FTE", "0", series=tuple(float(n) for n in team)),),
    )
    pay, hiring, before = [], [], 0
    for month, wanted in enumerate(team, 1):
        here = wanted if start <= month < start + lasts else 0
        pay.append(here * 120_000 * (1 + loading) * growth(merit, month) / 12)
        joined = max(0, here - before - (existing if month == start else 0))
        hiring.append((joined + here * attrition / 12) * 20_000)
        before = here
    close(row(result, "Operators", "cost"), pay)
    close(row(result, "Operators", "hiring"), hiring)
    close(result.monthly["people"], [a + b for a, b in zip(pay, hiring, strict=True)])


@few
@given(start=st.integers(1, 20), every=st.integers(0, 7), lasts=st.integers(0, 24))
def test_adjustment(start: int, every: int, lasts: int) -> None:
    result = result_of(
        line("Grant", "adjustment", amount="-5k", start=f"{start}", every=f"{every}", months=f"{lasts}")
    )
    due = {start} | (set(range(start, 25, every)) if every else set())
    close(
        result.monthly["cash_cost"],
        [-5_000.0 if m in due and start <= m < start + lasts else 0.0 for m in range(1, 25)],
    )


@few
@given(
    apr=st.floats(0.0, 0.3).map(lambda x: round(x, 4)),
    term=st.integers(1, 30),
    start=st.integers(1, 6),
    buy_out=st.sampled_from((0, 1, 5_000)),
    advance=st.booleans(),
    standard=st.sampled_from(("ifrs16", "asc842")),
    by_principal=st.booleans(),
)
def test_lease(
    apr: float, term: int, start: int, buy_out: int, advance: bool, standard: str, by_principal: bool
) -> None:
    given = {"principal": "100k"} if by_principal else {"payment": "3,000 USD/month"}
    if buy_out:
        given["buy_out"] = f"{buy_out}"
    result = result_of(
        line(
            "Lease",
            "lease",
            apr=f"{apr}",
            term=f"{term} months",
            start=f"{start}",
            paid="advance" if advance else "arrears",
            **given,
        ),
        months=40,
        settings={"lease_standard": standard},
    )
    level = float(lease.lease_payment(100_000, apr / 12, term, buy_out, advance)) if by_principal else 3_000.0
    # The buy-out is due at the end of the last month, which for payments in advance is a date of its own.
    payments = [level] * term + [0.0]
    payments[term if advance else term - 1] += buy_out
    schedule = lease.liability_schedule(payments, apr / 12, advance)
    paid = [0.0] * 40
    for month in range(term):
        paid[start - 1 + month] += level
    paid[start + term - 2] += buy_out
    close(result.monthly["opex"], paid)
    owed, opening = [0.0] * 40, float(lease.lease_liability(payments, apr / 12, advance))
    interest = [0.0] * 40
    balance = opening
    for month in range(term):
        at = start - 1 + month
        if advance:
            interest[at] = (balance - level) * apr / 12
            balance += interest[at] - level - (buy_out if month == term - 1 else 0)
        else:
            interest[at] = balance * apr / 12
            balance += interest[at] - paid[at]
        owed[at] = balance
    assert balance == pytest.approx(0, abs=1e-6)
    close(result.monthly["lease_liability"], owed)
    close(result.monthly["lease_interest"], interest)
    assert float(schedule.interest.sum()) == pytest.approx(sum(interest), abs=1e-6)
    active = [1.0 if start - 1 <= m < start - 1 + term else 0.0 for m in range(40)]
    charge = (
        [i + on * opening / term for i, on in zip(interest, active, strict=True)]
        if standard == "ifrs16" or buy_out
        else [on * level for on in active]
    )
    close(result.monthly["lease_expense"], charge)
    assert [issue.code for issue in result.issues] == (["no-life"] if buy_out else [])
    assets = result.monthly["right_of_use"]
    assert assets[start + term - 2 :] == pytest.approx(0, abs=1e-6)
    assert assets.min() > -1e-6
    assert result.monthly["expense"].sum() == pytest.approx(result.monthly["cash_cost"].sum())
    assert all(check.holds for check in result.checks)


@pytest.mark.parametrize("standard", ["ifrs16", "asc842"])
def test_what_is_bought_out_is_written_down_over_its_life(standard: str) -> None:
    """IFRS 16 paragraph 32; under ASC 842 an option that is exercised makes a finance lease."""
    made = line("x", "lease", payment="1000", term="24", apr="6%", buy_out="500", life="60")
    result = result_of(made, months=72, settings={"lease_standard": standard})
    asset = float(lease.lease_liability([1000.0] * 23 + [1500.0], 0.005))
    close(result.monthly["lease_amortisation"], [asset / 60] * 60 + [0.0] * 12)
    close(result.monthly["right_of_use"], [asset * max(0, 1 - m / 60) for m in range(1, 73)])
    assert result.monthly["expense"].sum() == pytest.approx(24_500)
    assert result.monthly["lease_interest"].sum() == pytest.approx(24_500 - asset)
    assert all(check.holds for check in result.checks)
    assert not result.issues


@pytest.mark.parametrize(("life", "over"), [("60", 24), ("18", 18)])
def test_what_goes_back_is_written_down_over_the_term_at_most(life: str, over: int) -> None:
    result = result_of(line("x", "lease", payment="1000", term="24", apr="6%", life=life), months=24)
    asset = float(lease.lease_liability([1000.0] * 24, 0.005))
    close(result.monthly["lease_amortisation"], [asset / over] * over + [0.0] * (24 - over))


def test_a_lease_without_a_buy_out_is_an_operating_lease_under_asc_842() -> None:
    made = line("x", "lease", payment="1000", term="24", apr="6%", paid="advance")
    result = result_of(made, months=24, settings={"lease_standard": "asc842"})
    close(result.monthly["lease_expense"], [1000.0] * 24)
    close(result.monthly["right_of_use"], result.monthly["lease_liability"].tolist())


def test_an_exempt_lease_is_expensed_as_paid() -> None:
    result = result_of(line("Lease", "lease", payment="1000", term="12", standard="exempt"))
    assert result.monthly["operating_expense"].tolist() == [1000.0] * 12 + [0.0] * 12
    assert result.figures["expense"].value == result.figures["tco"].value == 12_000


RATES = (1.10, 1.20, 1.05, 1.30)


@pytest.mark.parametrize("standard", ["ifrs16", "asc842"])
def test_a_foreign_lease_is_paid_at_the_rate_of_the_month(standard: str) -> None:
    result = result_of(
        line("Lease", "lease", payment="1000 EUR", term="4", buy_out="500 EUR", apr="12%"),
        drivers=(Driver("rate", "USD/EUR", "1", series=RATES),),
        fx={"EUR": "rate"},
        months=6,
        settings={"lease_standard": standard},
    )
    close(result.monthly["opex"], [1100, 1200, 1050, 1500 * 1.3, 0, 0])
    assert result.monthly["lease_liability"][3:] == pytest.approx(0, abs=1e-9)
    assert result.monthly["right_of_use"][3:] == pytest.approx(0, abs=1e-9)
    assert result.monthly["expense"].sum() == pytest.approx(result.monthly["cash_cost"].sum())


COMMITTED = line(
    "x", "commitment", committed="2", quantity="3", unit_price="25 EUR", on_demand_price="50 EUR"
)


@pytest.mark.parametrize(
    ("made", "cash"),
    [
        (line("x", "purchase", unit_price="100 EUR", start="2"), [0, 120, 0, 0]),
        (line("x", "recurring", unit_price="100", currency="EUR"), [110, 120, 105, 130]),
        (line("x", "recurring", unit_price="100 EUR", every="quarter", paid="arrears"), [0, 0, 105, 0]),
        (line("x", "recurring", unit_price="100 EUR", every="quarter"), [110, 0, 0, 130]),
        (line("x", "usage", quantity="2 GB/month", unit_price="50 EUR/GB"), [110, 120, 105, 130]),
        (COMMITTED, [110, 120, 105, 130]),
        (line("x", "staff", fte="1", salary="1,200 EUR"), [110, 120, 105, 130]),
        (line("x", "adjustment", amount="EUR 100", start="4"), [0, 0, 0, 130]),
        (line("x", "lease", payment="100 EUR", term="4", standard="exempt"), [110, 120, 105, 130]),
    ],
    ids=lambda it: it.kind if isinstance(it, CostLine) else "",
)  # fmt: skip
def test_exchange_rates_are_those_of_the_month(made: CostLine, cash: list[float]) -> None:
    result = result_of(
        made, drivers=(Driver("rate", "USD/EUR", "1", series=RATES),), fx={"EUR": "rate"}, months=4
    )
    assert not errors(result)
    close(result.monthly["cash_cost"], cash)


@pytest.mark.parametrize(
    ("price_text", "every", "bills"),
    [
        ("300 USD/quarter", "month", [100] * 6),
        ("300 USD/quarter", "quarter", [300, 0, 0, 300, 0, 0]),
        ("100 USD/month", "quarter", [300, 0, 0, 300, 0, 0]),
        ("100 USD/month", "half_year", [600, 0, 0, 0, 0, 0]),
        ("100 USD/month", "year", [1200, 0, 0, 0, 0, 0]),
        ("1200 USD/year", "year", [1200, 0, 0, 0, 0, 0]),
        ("1200", "year", [1200, 0, 0, 0, 0, 0]),
    ],
)
def test_a_price_is_for_the_period_that_its_unit_names(
    price_text: str, every: str, bills: list[float]
) -> None:
    result = result_of(line("x", "recurring", unit_price=price_text, every=every), months=6)
    close(result.monthly["cash_cost"], bills)


@pytest.mark.parametrize(
    "salary", ["120k", "120k USD/year", "10k USD/month", "$120k/FTE/year", "30k USD/FTE/quarter"]
)
def test_a_salary_is_for_the_time_that_its_unit_names(salary: str) -> None:
    close(
        result_of(line("x", "staff", fte="1 FTE", salary=salary), months=2).monthly["people"],
        [10_000, 10_000],
    )


@pytest.mark.parametrize(
    ("made", "code", "word"),
    [
        (line("x", "purchase", unit_price="100 USD/month"), "unit-mismatch", "USD/month"),
        (line("x", "recurring", unit_price="100 USD/year"), "unit-mismatch", "USD/year"),
        (line("x", "usage", quantity="8 GPU", unit_price="2 USD/GPU/hour"), "unit-mismatch", "USD/hour"),
        (line("x", "usage", quantity="8 GPU", unit_price="2 USD/GB"), "unit-mismatch", "GPU"),
        (line("x", "lease", payment="100 USD/year", term="3"), "unit-mismatch", "USD/year"),
        (line("x", "commitment", committed="8 GPU", quantity="9 GB", unit_price="1"), "unit-mismatch", "GPU"),
        (line("x", "usage", quantity="9 GB", included="8 GPU", unit_price="1"), "unit-mismatch", "GPU"),
        (line("x", "fleet", required="9 GPU", whole="1 server", unit_price="1"), "unit-mismatch", "server"),
        (line("x", "purchase", unit_price="1", life="36.5"), "bad-months", "36.5"),
        (line("x", "purchase", unit_price="1", life="0"), "bad-months", "at least 1"),
        (line("x", "purchase", unit_price="1", start="0"), "bad-months", "at least 1"),
        (line("x", "purchase", unit_price="1", life="3 GPU"), "unit-mismatch", "GPU"),
        (line("x", "purchase", unit_price="1", life="MONTH_INDEX()"), "varies-by-month", "month"),
        (line("x", "lease", payment="10*MONTH_INDEX()", term="3"), "varies-by-month", "month"),
        (line("x", "purchase"), "missing-field", "Unit price"),
        (line("x", "recurring", unit_price="1", every="term"), "missing-field", "months"),
        (line("x", "purchase", unit_price="1", method="guess"), "bad-choice", "straight_line"),
        (line("x", "purchase", unit_price="1", lief="3"), "unknown-field", "life"),
        (line("x", "purchase", unit_price="1", tax_method="table", tax_table="x"), "unknown-table", "x"),
        (line("x", "purchase", unit_price="1 EUR"), "no-exchange-rate", "EUR"),
        (line("x", "purchase", unit_price="1 EUR", currency="GBP"), "several-currencies", "EUR and GBP"),
        (line("x", "purchase", unit_price="1", currency="Euro"), "unknown-currency", "EURO"),
        (line("x", "purchas", unit_price="1"), "unknown-kind", "purchase"),
        (line("x", "usage", quantity="1", unit_price='TOTAL("opex", "Things")'), "circular", "x → x"),
    ],
    ids=lambda it: it.kind if isinstance(it, CostLine) else str(it),
)  # fmt: skip
def test_what_is_wrong_with_a_line_is_said(made: CostLine, code: str, word: str) -> None:
    result = result_of(made)
    said = [issue for issue in errors(result) if issue.code != "no-result"]
    assert [issue.code for issue in said] == [code]
    assert word in said[0].message
    assert said[0].where.startswith("line x")
    assert result.figures["tco"].value is None


def test_a_life_computed_by_a_formula_is_rounded_and_must_be_a_time() -> None:
    made = line("x", "purchase", unit_price="100", life="life")
    assert row(result_of(made, drivers=(driver("life", "7 / 2"),)), "x", "depreciation")[:5].tolist() == [
        25.0
    ] * 4 + [0.0]
    (said,) = errors(result_of(made, drivers=(driver("life", "1 - 1"),)))
    assert (said.code, said.where) == ("bad-months", "line x, useful life")
    result = result_of(made, drivers=(driver("life", "1 - 4"),))
    assert [issue.code for issue in errors(result)] == ["bad-months"]
    assert result.figures["tco"].value is None


def test_a_line_that_never_starts_is_said() -> None:
    issues = result_of(line("x", "purchase", unit_price="1", start="25")).issues
    (said,) = (issue for issue in issues if not issue.where.startswith("figure"))
    assert (said.severity, said.code) == ("warning", "never-starts")


# tax

MACRS = (0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576)
TABLE = Table("macrs", ("rate",), tuple((str(n), (rate,)) for n, rate in enumerate(MACRS, 1)))


@few
@given(
    method=st.sampled_from(("book", "straight_line", "immediate", "table", "none")),
    life=st.integers(1, 60),
    tax_life=st.integers(1, 60),
    refresh=st.integers(0, 30),
    residual=share,
    starts=st.integers(1, 12),
    first=st.integers(1, 12),
    fiscal=st.integers(1, 12),
)
def test_depreciation_for_tax(
    method: str, life: int, tax_life: int, refresh: int, residual: float, starts: int, first: int, fiscal: int
) -> None:
    months = 84
    result = result_of(
        line(
            "x",
            "purchase",
            unit_price="1000",
            life=f"{life}",
            residual=f"{residual}",
            start=f"{first}",
            refresh_every=f"{refresh}",
            tax_method=method,
            tax_life=f"{tax_life}",
            tax_table="macrs",
        ),
        months=months,
        tables=(TABLE,),
        settings={"start": dt.date(2027, starts, 1), "fiscal_year_start": fiscal, "tax_rate": "30%"},
    )
    years = fiscal_years(
        Settings(start=dt.date(2027, starts, 1), months=months + 12, fiscal_year_start=fiscal)
    )
    charge, sold = [0.0] * months, [0.0] * months
    bought = [first, *range(first + refresh, months + 1, refresh)] if refresh else [first]
    for begin in bought:
        left = 1000.0
        for month in range(begin, months + 1):
            ends = years[month - 1] != years[month]
            age = month - begin + 1
            held = age <= life
            in_year_of_sale = begin + life <= months + 12 and years[begin + life - 1] == years[month - 1]
            taken = 0.0
            if method == "book" and held:
                taken = 1000 * (1 - residual) / life
            elif method == "straight_line" and held and age <= tax_life:
                taken = 1000 / tax_life
            elif method == "immediate" and age == 1:
                taken = 1000.0
            elif method == "table" and ends and (held or in_year_of_sale):
                number = int(years[month - 1] - years[begin - 1])
                taken = 1000 * MACRS[number] if number < len(MACRS) else 0.0
            elif method == "table" and month == months and age < life:
                # the tax year that the plan ends in, for its months
                number = int(years[month - 1] - years[begin - 1])
                elapsed = ((starts + months - 1 - fiscal) % 12 + 1) / 12
                taken = 1000 * MACRS[number] * elapsed if number < len(MACRS) else 0.0
            charge[month - 1] += taken
            if month == begin + life or (month == months and age == life):
                if method == "table":
                    within_plan = years[month - 1] != years[months]
                    number = int(years[month - 1] - years[begin - 1]) + within_plan
                    sold[month - 1] += 1000 * (1 - sum(MACRS[:number]))
                elif month == begin + life:
                    sold[month - 1] += left
                else:
                    sold[month - 1] += left - taken
            left -= taken
    close(result.monthly["tax_depreciation"], charge)
    close(result.monthly["tax_base_sold"], sold)


@pytest.mark.parametrize(("starts", "bought", "life"), [(1, 2, 24), (4, 2, 24), (1, 25, 2), (12, 1, 20)])
def test_an_asset_sold_in_a_tax_year_that_outlasts_the_plan_is_deducted_in_full(
    starts: int, bought: int, life: int
) -> None:
    result = result_of(
        line(
            "x",
            "purchase",
            unit_price="1000",
            start=f"{bought}",
            life=f"{life}",
            tax_method="table",
            tax_table="macrs",
        ),
        months=27,
        tables=(TABLE,),
        settings={"start": dt.date(2027, starts, 1), "fiscal_year_start": 5, "tax_rate": "30%"},
    )
    assert result.monthly["tax_deduction"].sum() == pytest.approx(1000)
    assert result.monthly["tax_book_value"][-1] == pytest.approx(0, abs=1e-9)


def test_all_of_an_asset_is_deducted_in_the_end_whatever_the_method() -> None:
    for method in ("book", "straight_line", "immediate", "table", "none"):
        result = result_of(
            line(
                "x",
                "purchase",
                unit_price="1000",
                life="40",
                residual="15%",
                tax_method=method,
                tax_table="macrs",
            ),
            months=72,
            tables=(TABLE,),
            settings={"tax_rate": "25%"},
        )
        assert result.monthly["tax_deduction"].sum() == pytest.approx(850), method
        assert result.monthly["tax_saving"].sum() == pytest.approx(850 / 4), method
        assert result.monthly["tax_book_value"][-1] == pytest.approx(0, abs=1e-9), method


@pytest.mark.parametrize("fiscal", [1, 4])
@pytest.mark.parametrize("tax_method", ["book", "straight_line", "immediate", "table", "none"])
def test_what_reaches_its_life_with_the_plans_end_is_recovered_and_deducted(
    tax_method: str, fiscal: int
) -> None:
    result = result_of(
        line(
            "x",
            "purchase",
            unit_price="1000",
            life="36",
            residual="10%",
            tax_method=tax_method,
            tax_table="macrs",
        ),
        months=36,
        tables=(TABLE,),
        settings={"fiscal_year_start": fiscal},
    )
    close(result.monthly["proceeds"], [0.0] * 35 + [100.0])
    assert result.figures["tco"].value == pytest.approx(900)
    assert result.figures["expense"].value == pytest.approx(900)
    assert result.figures["closing_book_value"].value == pytest.approx(0, abs=1e-9)
    assert result.monthly["tax_deduction"].sum() == pytest.approx(900)
    assert result.monthly["tax_book_value"][-1] == pytest.approx(0, abs=1e-9)


def test_a_tax_year_that_outlasts_the_plan_counts_for_its_months_in_it() -> None:
    """MACRS, 5 years: April to December are nine of the twelve months of tax year 4."""
    made = line("x", "purchase", unit_price="1000", tax_method="table", tax_table="macrs")
    result = result_of(made, months=36, tables=(TABLE,), settings={"fiscal_year_start": 4})
    wanted = [0.0] * 36
    wanted[2], wanted[14], wanted[26], wanted[35] = 200.0, 320.0, 192.0, 115.2 * 9 / 12
    close(result.monthly["tax_depreciation"], wanted)


@pytest.mark.parametrize(
    ("made", "code", "word"),
    [
        (line("x", "lease", payment="100", principal="5k", term="12"), "no-effect", "principal"),
        (line("x", "lease", term="12"), "no-payment", "costs nothing"),
        (line("x", "staff", fte="2", salary="100k", attrition="10%"), "no-effect", "cost of one hire"),
    ],
)
def test_what_is_filled_in_for_nothing_is_said(made: CostLine, code: str, word: str) -> None:
    (said,) = [issue for issue in result_of(made).issues if issue.code != "no-figure"]
    assert (said.severity, said.code) == ("warning", code)
    assert word in said.message


def test_an_empty_principal_beside_a_payment_says_nothing() -> None:
    assert not result_of(line("x", "lease", payment="100", principal="0", term="12")).issues
    made = line("x", "staff", fte="2", salary="100k", attrition="10%", hiring_cost="5k")
    assert not result_of(made).issues
