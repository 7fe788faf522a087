"""Random plans for property tests: any names and texts a person could type or paste, also odd ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

from hypothesis import strategies as st

from desktop_app.engine.model import (
    Case,
    CostLine,
    Driver,
    Plan,
    PriceEntry,
    QuoteRecord,
    Range,
    Scenario,
    Settings,
    Source,
    Table,
    Texts,
)

T = TypeVar("T")

ODD_TEXTS = (
    "",
    " ",
    "it's",
    'the "big" one',
    "back\\slash / slash",
    "a.b[c] = {d}",
    "# no comment",
    "'; DROP TABLE driver; --",
    '"""',
    "'''",
    'ends with a quote"',
    "עלות שרתים",
    "تكلفة \u202eabc",
    "見積書",
    "🖥️ GPU 👩‍💻",
    "e\u0301 é",
    "tab\there",
    "two\nlines",
    "dos\r\nlines",
    "\x00nul",
    "\x7f\x85\u2028",
    "x" * 300,
    "1.2M",
    "70%",
    "true",
    "=1+1",
)


def texts(max_size: int = 20) -> st.SearchStrategy[str]:
    """Any text that a file can hold (no halves of surrogate pairs)."""
    return st.sampled_from(ODD_TEXTS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=max_size)


def numbers() -> st.SearchStrategy[float]:
    """Any finite number."""
    return st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**6), 10**12).map(float)


def mappings() -> st.SearchStrategy[dict[str, str]]:
    """Texts by name."""
    return st.dictionaries(texts(), texts(), max_size=4)


def sources() -> st.SearchStrategy[Source]:
    """Provenance, most often none."""
    return st.just(Source()) | st.builds(Source, texts(), texts(), texts(), texts(), texts(), texts())


def ranges() -> st.SearchStrategy[Range]:
    """Uncertainty of a driver."""
    kinds = st.sampled_from(["triangular", "pert", "uniform", "normal", "lognormal"])
    return st.builds(Range, kinds, texts(), texts(), texts())


def drivers() -> st.SearchStrategy[Driver]:
    """One driver."""
    return st.builds(
        Driver,
        name=texts(),
        unit=texts(),
        value=texts(),
        label=texts(),
        group=texts(),
        series=st.lists(numbers(), max_size=30).map(tuple),
        range=st.none() | ranges(),
        source=sources(),
    )


def cost_lines() -> st.SearchStrategy[CostLine]:
    """One cost line, of a known kind or not."""
    return st.builds(
        CostLine,
        name=texts(),
        kind=st.sampled_from(["purchase", "recurring", "usage", "staff"]) | texts(),
        category=texts(),
        fields=mappings(),
        asset_class=texts(),
        source=sources(),
    )


def scenarios() -> st.SearchStrategy[Scenario]:
    """One scenario; what it is based on or overrides need not exist."""
    return st.builds(
        Scenario,
        name=texts(),
        based_on=texts(),
        description=texts(),
        drivers=mappings(),
        lines=unique(cost_lines(), lambda line: line.name),
        line_fields=st.dictionaries(texts(), mappings(), max_size=3),
        removed=st.frozensets(texts(), max_size=3),
    )


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """One lookup table; its keys need not be unique."""
    columns = draw(st.lists(texts(), max_size=3).map(tuple))
    values = st.lists(numbers(), min_size=len(columns), max_size=len(columns)).map(tuple)
    rows = draw(st.lists(st.tuples(texts(), values), max_size=4).map(tuple))
    return Table(draw(texts()), columns, rows, draw(sources()))


def settings() -> st.SearchStrategy[Settings]:
    """Conventions, known or not."""
    return st.just(Settings()) | st.builds(
        Settings,
        currency=texts(),
        start=st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)),
        months=st.integers(-5, 2**63 - 1),
        fiscal_year_start=st.integers(-1, 13),
        fiscal_label=texts(),
        fiscal_pattern=texts(),
        hours=texts(),
        discount_rate=texts(),
        discount_timing=texts(),
        tax_rate=texts(),
        horizon_value=texts(),
        lease_standard=texts(),
        scale=st.sampled_from([1, 1000, 10**6]),
    )


def plans() -> st.SearchStrategy[Plan]:
    """A whole plan; names are unique where a plan needs that, and nothing else is promised."""
    quotes = st.builds(QuoteRecord, *[texts()] * 9)
    prices = st.builds(PriceEntry, texts(), numbers(), texts(), texts(), texts(), texts())
    cases = st.builds(Case, name=texts(), drivers=mappings(), description=texts())
    words = st.just(Texts()) | st.builds(Texts, *[texts()] * 7)
    return st.builds(
        Plan,
        name=texts(),
        settings=settings(),
        drivers=unique(drivers(), lambda driver: driver.name),
        scenarios=unique(scenarios(), lambda scenario: scenario.name),
        cases=unique(cases, lambda case: case.name),
        tables=unique(tables(), lambda table: table.name),
        fx=mappings(),
        measures=mappings(),
        price_book=st.lists(prices, max_size=3).map(tuple),
        quotes=unique(quotes, lambda quote: quote.key),
        texts=words,
        baseline=texts(),
        preferred=texts(),
    )


def unique(items: st.SearchStrategy[T], name: Callable[[T], str]) -> st.SearchStrategy[tuple[T, ...]]:
    """A few items of different names."""
    return st.lists(items, max_size=4, unique_by=name).map(tuple)
