"""Every plan that ships, and the demo's with a quote in it, agrees with its recalculated board pack."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from desktop_app.engine.compute import compute
from desktop_app.engine.model import Driver, Plan, Scenario, Settings
from desktop_app.exchange.quote_import import with_quote
from desktop_app.exchange.quote_prices import priced
from desktop_app.exchange.quote_proposals import propose
from desktop_app.exchange.quotes import read_quote
from desktop_app.exchange.templates import load_template, templates
from desktop_app.exchange.workbook.export import export
from desktop_app.resource_files import resource
from tests.exchange.workbook.recalculation import cells, differences, recalculated
from tests.libreoffice import LibreOffice

EXAMPLE = "halden-hgx-quote.xlsx"


def plans() -> dict[str, Plan]:
    """The plans to export, by file name."""
    found = {template.id: load_template(template) for template in templates()}
    reference = found["llm-inference"]
    quote = read_quote(resource("examples", EXAMPLE), today=dt.date(2026, 11, 23))
    proposals = priced(quote, propose(quote, reference, "Own servers"), "server_price", "G14")
    found["with-quote"], _ = with_quote(
        reference, quote, "Own servers", proposals, without=["Cluster network"]
    )
    # a measure that is the same in every month
    found["constant-users"] = Plan(
        "Constant",
        Settings(months=3),
        (Driver("team", "user", "40"),),
        (Scenario("S", lines=found["small-team-api"].scenarios[1].lines[2:3]),),
        measures={"users": "team", "requests": "1000"},
    )
    return found


def test_every_figure_of_the_shipped_plans_recalculates(libreoffice: LibreOffice, tmp_path: Path) -> None:
    books = []
    for name, plan in plans().items():
        result = compute(plan)
        # what is paid by the token has no cost per GPU-hour
        assert {issue.code for one in result.scenarios for issue in one.issues} <= {"no-figure"}
        books.append(tmp_path / f"{name}.xlsx")
        export(result, books[-1])
    for path, fresh in zip(books, recalculated(libreoffice, books, tmp_path / "bare"), strict=True):
        stored = cells(path)
        assert sum(bool(cell.formula) for sheet in stored.values() for cell in sheet.values()) > 100
        assert differences(stored, fresh, "USD") == [], path.name
