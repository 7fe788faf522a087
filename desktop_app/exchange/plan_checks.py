"""What a careful colleague would look for in a plan: mistakes, unused drivers, old prices, expired quotes."""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from desktop_app.engine.compute import compute
from desktop_app.engine.issues import Issue, error, warning
from desktop_app.engine.model import Plan, QuoteRecord, Source
from desktop_app.engine.units import UnknownUnit, currency_of, parse_unit

STALE_MONTHS = 12
_DATE = re.compile(r"^\s*(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


def check_plan(
    plan: Plan, today: dt.date, folder: Path | None = None, stale_months: int = STALE_MONTHS
) -> list[Issue]:
    """Everything that is wrong or doubtful in a plan, under every case. Never raises for what a plan holds.

    `folder` is where the workbooks of the quotes are looked for; without it their files are not compared.
    """
    issues: list[Issue] = []
    if not plan.scenarios:
        issues.append(warning("no-scenario", plan.name, "The plan has no scenario yet: add one."))
    result = compute(plan, cases=("", *(case.name for case in plan.cases)))
    issues += result.issues
    for one in result.scenarios:
        issues += [_in_scenario(issue, one.name) for issue in one.issues]
    for role in ("baseline", "preferred"):
        name = getattr(plan, role)
        if name and name not in {scenario.name for scenario in plan.scenarios}:
            message = f"The {role} scenario “{name}” is not in the plan."
            issues.append(error("unknown-scenario", role, message))
    issues += stale_prices(plan, today, stale_months)
    issues += expired_quotes(plan, today)
    if folder is not None:
        issues += changed_files(plan, folder)
    return list(dict.fromkeys(issues))


def _in_scenario(issue: Issue, scenario: str) -> Issue:
    """The same, saying in which scenario; what concerns a driver of the plan concerns all."""
    if issue.where.startswith(("driver ", "setting ", "scenario ", "case ", "measure ")):
        return issue
    return Issue(issue.severity, issue.code, f"{scenario}: {issue.where}", issue.message, issue.span)


def sources(plan: Plan) -> Iterator[tuple[str, Source, str]]:
    """(what, source, unit) of every driver and cost line."""
    for driver in plan.drivers:
        yield f"driver {driver.name}", driver.source, driver.unit
    for scenario in plan.scenarios:
        for line in scenario.lines:
            yield f"{scenario.name}: line {line.name}", line.source, plan.settings.currency


def stale_prices(plan: Plan, today: dt.date, months: int = STALE_MONTHS) -> list[Issue]:
    """Prices whose source is older than so many months."""
    found = []
    dated = [(what, source.date, unit) for what, source, unit in sources(plan)]
    dated += [(f"price {entry.name}", entry.date, entry.unit) for entry in plan.price_book]
    for what, date, unit in dated:
        day = last_day_of(date)
        if day is None or not _is_price(unit):
            continue
        age = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
        if age > months:
            message = f"The price is of {date}, {age} months old: look it up anew."
            found.append(warning("stale-price", what, message))
    return found


def _is_price(unit: str) -> bool:
    try:
        return currency_of(parse_unit(unit)) is not None
    except UnknownUnit:
        return False


def last_day_of(text: str) -> dt.date | None:
    """The last day that a date may mean; None where it is no date.

    >>> print(last_day_of("2025-02"), last_day_of("2026"), last_day_of("2026-03-16"), last_day_of("soon"))
    2025-02-28 2026-12-31 2026-03-16 None
    """
    match = _DATE.match(text)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2] or 12)
    if not (1 <= month <= 12 and 1 <= year <= 9999):
        return None
    last = calendar.monthrange(year, month)[1]
    return dt.date(year, month, min(int(match[3] or last) or 1, last))


def expired_quotes(plan: Plan, today: dt.date) -> list[Issue]:
    """Quotes that no longer hold, with what still rests on them."""
    found = []
    for quote in plan.quotes:
        day = last_day_of(quote.valid_until)
        if day is None or day >= today:
            continue
        users = [what for what, source, _ in sources(plan) if source.quote == quote.key]
        rests = f" {_and_more(users)} still use it." if users else " Nothing in the plan uses it any more."
        message = f"The quote {name_of(quote)} expired on {quote.valid_until}: ask for a new one.{rests}"
        found.append(warning("expired-quote", f"quote {quote.key}", message))
    return found


def name_of(quote: QuoteRecord) -> str:
    """A quote as people call it."""
    name = quote.quote_number or quote.file_name
    return f"{name} of {quote.vendor}" if quote.vendor else name


def _and_more(names: Iterable[str], shown: int = 3) -> str:
    listed = list(names)
    more = f" and {len(listed) - shown} more" if len(listed) > shown else ""
    return f"{', '.join(listed[:shown])}{more}"


def changed_files(plan: Plan, folder: Path) -> list[Issue]:
    """Workbooks of quotes that changed since they were imported, or are no longer beside the plan."""
    found = []
    for quote in plan.quotes:
        path = folder / Path(quote.file_name).name
        where = f"quote {quote.key}"
        try:
            same = hashlib.sha256(path.read_bytes()).hexdigest() == quote.sha256
        except OSError:
            message = f"“{quote.file_name}” is not beside the plan; what it said is kept in the plan."
            found.append(warning("quote-file-missing", where, message))
            continue
        if not same:
            message = f"“{quote.file_name}” beside the plan is not the one imported: import it again."
            found.append(warning("quote-file-changed", where, message))
    return found
