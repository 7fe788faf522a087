"""Lines that end with or after the plan, and leases that end in a purchase: engine and workbook agree."""

from __future__ import annotations

import itertools
from pathlib import Path

from desktop_app.engine.compute import compute
from desktop_app.engine.issues import has_errors
from desktop_app.engine.model import CostLine, Driver, Plan, Scenario, Settings, Table
from desktop_app.exchange.workbook.export import export
from tests.exchange.workbook.recalculation import cells, differences, recalculated
from tests.libreoffice import LibreOffice

MACRS = tuple((str(year), (rate,)) for year, rate in enumerate((0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576), 1))
METHODS = ("straight_line", "declining_balance", "sum_of_years", "none")
TAX_METHODS = ("book", "straight_line", "immediate", "table", "none")


def _assets() -> list[CostLine]:
    lines = []
    for method, tax_method, life in itertools.product(METHODS, TAX_METHODS, ("20", "30", "48")):
        fields = {"unit_price": "100k", "method": method, "tax_method": tax_method, "life": life}
        if tax_method == "table":
            fields["tax_table"] = "macrs"
        if life != "48":
            fields |= {"residual": "10%", "refresh_every": "10"}
        lines.append(CostLine(f"Asset {method} {tax_method} {life}", "purchase", "Assets", fields))
    return lines


def _leases() -> list[CostLine]:
    lines = []
    for standard, life, buy_out, price in itertools.product(
        ("ifrs16", "asc842"), ("", "4 years", "10"), ("", "5,000"), ("1,000", "1,000 EUR")
    ):
        given = {"payment": price, "term": "24", "apr": "6%", "life": life, "standard": standard}
        if buy_out:
            given["buy_out"] = buy_out + price.removeprefix("1,000")
        lines.append(CostLine(f"Lease {len(lines) + 1}", "lease", "Leases", given))
    return lines


def _commitments() -> list[CostLine]:
    lines = []
    for term, share, price in itertools.product(("", "12", "48"), ("", "40%"), ("100", "100 EUR")):
        given = {"committed": "2", "quantity": "used", "unit_price": price, "on_demand_price": price}
        given |= {"term": term, "upfront": share, "start": "3"}
        lines.append(CostLine(f"Reserved {len(lines) + 1}", "commitment", "Cloud", given))
    return lines


def _plan(fiscal_year_start: int, horizon_value: str) -> Plan:
    return Plan(
        f"Ends {fiscal_year_start}",
        Settings(months=30, fiscal_year_start=fiscal_year_start, horizon_value=horizon_value, tax_rate="25%"),
        (
            Driver("used", "", "1 + MONTH_INDEX() / 10"),
            Driver("rate", "USD/EUR", "1", series=tuple(1.1 + place / 100 for place in range(30))),
            Driver("worth", "USD", "NPV(1%, -1000, 300, 400, 500) + VDB(2400, 300, 10, 0, 10, 1.5, 1)"),
        ),
        (
            Scenario(
                "S",
                lines=(
                    *_assets(),
                    *_leases(),
                    *_commitments(),
                    CostLine("Worth", "adjustment", "Other", {"amount": "worth"}),
                ),
            ),
        ),
        tables=(Table("macrs", ("rate",), MACRS),),
        fx={"EUR": "rate"},
    )


def test_what_ends_with_or_after_the_plan_recalculates(libreoffice: LibreOffice, tmp_path: Path) -> None:
    books = []
    for plan in (_plan(1, "none"), _plan(7, "book")):
        result = compute(plan)
        (found,) = result.scenarios
        assert not has_errors(found.issues), found.issues
        books.append(tmp_path / f"{plan.name}.xlsx")
        export(result, books[-1])
    for path, fresh in zip(books, recalculated(libreoffice, books, tmp_path / "bare"), strict=True):
        assert differences(cells(path), fresh, "USD") == [], path.name
