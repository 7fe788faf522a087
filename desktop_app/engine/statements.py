"""Statements: what the rows of all cost lines add up to, as nodes of the same graph.

Sign convention, stated here once: costs are positive. `cash_cost` is money going out, `proceeds` and
`tax_saving` reduce it. Cash-flow reports show outflows as negative by printing minus `cash_cost`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from desktop_app.engine.blocks import feed_terms
from desktop_app.engine.figures import figure_rows
from desktop_app.engine.formula.parser import parse
from desktop_app.engine.formula.syntax import Call, Expression, Name, Number, Ref, Rows, Term
from desktop_app.engine.functions import FUNCTIONS
from desktop_app.engine.graph import Block, Node
from desktop_app.engine.model import Plan


@dataclass(frozen=True, slots=True)
class Totals:
    """Names of the statements, categories, key figures and checks that were added."""

    statements: tuple[str, ...]
    categories: tuple[str, ...]
    figures: tuple[str, ...]
    checks: tuple[str, ...]


# Statements that cost lines feed directly.
FED = {
    "capex": "Capital expenditure",
    "opex": "Operating cost paid",
    "people": "of which people",
    "proceeds": "Recovered from assets sold",
    "operating_expense": "Operating expense",
    "depreciation": "Depreciation",
    "write_off": "Written off at end of life",
    "retired": "Assets retired, at cost",
    "net_book_value": "Net book value",
    "tax_depreciation": "Depreciation for tax",
    "tax_base_sold": "Tax value of assets sold",
    "lease_payments": "of which lease payments",
    "lease_expense": "Lease expense",
    "lease_recognised": "Lease liability recognised",
    "lease_interest": "Interest on lease liabilities",
    "lease_amortisation": "Depreciation of right-of-use assets",
    "lease_liability": "Lease liability",
    "right_of_use": "Right-of-use assets",
}
_MOST_ARGUMENTS = 100
_LEASES = {name for name in FED if name.startswith("lease_") or name == "right_of_use"}

# Statements computed from the others, in order: name, label, formula.
DERIVED = (
    (
        "horizon_recovery",
        "Net book value recovered in the last month",
        "net_book_value*time.last*setting.horizon_value",
    ),
    ("cash_cost", "Cash cost", "capex+opex-proceeds-horizon_recovery"),
    ("cumulative_cost", "Cumulative cash cost", "CUMSUM(cash_cost)"),
    ("discounted_cost", "Present value of cash cost", "cash_cost*time.discount_factor"),
    ("expense", "Total expense", "operating_expense+depreciation+lease_expense+write_off"),
    ("asset_cost", "Assets at cost, closing", "CUMSUM(capex-retired)"),
    ("asset_opening", "Assets at cost, opening", "LAG(asset_cost)"),
    ("book_opening", "Net book value, opening", "LAG(net_book_value)"),
    # what is left of large sums after subtraction is noise below a millionth
    (
        "book_disposals",
        "Net book value of disposals",
        "ROUND(book_opening+capex-depreciation-net_book_value,6)",
    ),
    ("tax_book_value", "Tax value of assets", "CUMSUM(capex-tax_depreciation-tax_base_sold)"),
    (
        "tax_at_horizon",
        "Tax loss on assets counted as recovered",
        "(tax_book_value-net_book_value)*time.last*setting.horizon_value",
    ),
    (
        "tax_deduction",
        "Deductible for tax",
        "operating_expense+lease_payments+tax_depreciation+tax_base_sold-proceeds+tax_at_horizon",
    ),
    ("tax_saving", "Income tax saved", "tax_deduction*setting.tax_rate"),
    ("after_tax_cost", "Cash cost after tax", "cash_cost-tax_saving"),
)

# Checks: each is a difference that must be zero.
CHECKS = (
    (
        "register",
        "Additions less depreciation and disposals equal closing book value",
        "MONTHS_TOTAL(capex-depreciation-write_off-proceeds)-LAST_MONTH(net_book_value)",
    ),
    (
        "book_value",
        "Net book value is never below zero, nor above the cost of the assets held",
        "MAX(0,-MONTHS_MIN(net_book_value))+MAX(0,MONTHS_MAX(net_book_value-asset_cost))",
    ),
    (
        "leases",
        "Lease payments less lease expense equal assets less liabilities",
        "MONTHS_TOTAL(lease_payments-lease_expense)-LAST_MONTH(right_of_use)+LAST_MONTH(lease_liability)",
    ),
    (
        "categories",
        "Categories add up to the cash cost",
        "MONTHS_TOTAL(all_categories)-MONTHS_TOTAL(cash_cost)-MONTHS_TOTAL(horizon_recovery)",
    ),
    ("years", "Fiscal years add up to all months", "MONTHS_TOTAL(fiscal_cash)-MONTHS_TOTAL(cash_cost)"),
    (
        "present_value",
        "Present value by factors equals the NPV function",
        "MONTHS_TOTAL(discounted_cost)-NPV(monthly_rate,cash_cost)*(1+monthly_rate)^setting.discount_offset",
    ),
)
_CHECK_HELPERS = (
    (
        "fiscal_cash",
        "Cash cost of the fiscal year, in its last month",
        "FISCAL_SUM(cash_cost)*time.year_end",
        True,
    ),
    (
        "monthly_rate",
        "Discount rate per month",
        "(1+setting.discount_rate)^(1/setting.months_per_year)-1",
        False,
    ),
)


def bind(expression: Expression, names: Mapping[str, str]) -> Expression:
    """A formula over short names, as one over node keys. "time.x" and "setting.x" are always known."""
    if isinstance(expression, Name):
        return Ref(names.get(expression.name) or expression.name.replace(".", "/", 1))
    if isinstance(expression, Call):
        function = FUNCTIONS[expression.function]
        args = [bind(arg, names) for arg in expression.args]
        args += [Number(arg.default) for arg in function.args[len(args) :] if arg.default is not None]
        return Call(expression.function, tuple(args))
    return expression


class Writer:
    """Adds formula nodes of one section, giving each part that needs a row its own."""

    def __init__(self, put: Callable[[Node], None], section: str, names: dict[str, str]) -> None:
        self.put = put
        self.section = section
        self.names = names

    def add(self, key: str, name: str, label: str, unit: str, text: str, monthly: bool) -> None:
        """One row from its formula."""
        expression = self._rows(bind(parse(text), self.names), key, label, unit)
        self.put(Node(key, label, unit, monthly, self.section, expression, origin=label))
        self.names[name] = key

    def _rows(self, expression: Expression, key: str, label: str, unit: str) -> Expression:
        if not isinstance(expression, Call):
            return expression
        function = FUNCTIONS[expression.function]
        args = []
        for place, arg in enumerate(expression.args):
            done = self._rows(arg, f"{key}/{place}", label, unit)
            if function.argument(place).series and not isinstance(done, Ref):
                part = f"{key}/row{place}"
                self.put(Node(part, f"{label}: by month", unit, True, self.section, done, origin=label))
                done = Ref(part)
            args.append(done)
        return Call(expression.function, tuple(args))


def _category(put: Callable[[Node], None], blocks: list[Block], category: str, currency: str) -> None:
    """The flows of one category, and its cash cost."""

    def terms(statement: str) -> tuple[Term, ...]:
        return feed_terms(blocks, statement, lambda line: line.category == category)

    for statement in ("capex", "opex", "people"):
        if found := terms(statement):
            label = f"{category}: {FED[statement].removeprefix('of which ')}"
            key = f"category/{category}/{statement}"
            put(
                Node(
                    key,
                    label,
                    currency,
                    True,
                    "Categories",
                    Rows(found),
                    origin=category,
                    statement=statement,
                )
            )
    back = (replace(term, sign=-term.sign) for term in terms("proceeds"))
    spent = Rows((*terms("capex"), *terms("opex"), *back))
    put(
        Node(
            f"category/{category}/cash_cost",
            category,
            currency,
            True,
            "Categories",
            spent,
            origin=category,
            statement="cash_cost",
        )
    )


def add(
    put: Callable[[Node], None], blocks: Iterable[Block], plan: Plan, nodes: Mapping[str, Node]
) -> Totals:
    """Adds statement, category, figure and check nodes to the graph."""
    blocks = list(blocks)
    currency = plan.settings.currency
    names: dict[str, str] = {}
    shown: list[str] = []
    leasing = any(block.kind == "lease" for block in blocks)

    def total(key: str, label: str, statement: str, category: str | None) -> None:
        terms = feed_terms(
            blocks, statement, None if category is None else lambda line: line.category == category
        )
        expression: Expression = Rows(terms) if terms else Call("*", (Number(0), Ref("time/month")))
        put(Node(key, label, currency, True, "Statements", expression, origin=label, statement=statement))

    for statement, label in FED.items():
        total(f"statement/{statement}", label, statement, None)
        names[statement] = f"statement/{statement}"
        if statement not in _LEASES or leasing:
            shown.append(statement)
    writer = Writer(put, "Statements", names)
    for name, label, text in DERIVED:
        writer.add(f"statement/{name}", name, label, currency, text, True)
        shown.append(name)
    categories = tuple(dict.fromkeys(line.category for block in blocks for line in block.lines))
    holding: dict[str, list[Block]] = {category: [] for category in categories}
    for block in blocks:
        for category in dict.fromkeys(line.category for line in block.lines):
            holding[category].append(block)
    for category in categories:
        _category(put, holding[category], category, currency)
    total_key = "check/all_categories"
    parts: list[Expression] = [Ref(f"category/{category}/cash_cost") for category in categories]
    while len(parts) > 1:
        groups = [parts[i : i + _MOST_ARGUMENTS] for i in range(0, len(parts), _MOST_ARGUMENTS)]
        parts = [Call("SUM", tuple(group)) for group in groups]
    total_of_all = parts[0] if parts else Call("*", (Number(0), Ref("time/month")))
    put(Node(total_key, "All categories", currency, True, "Checks", total_of_all, origin="checks"))
    names["all_categories"] = total_key
    figures = tuple(figure_rows(Writer(put, "Key figures", names), plan, nodes))
    checks = Writer(put, "Checks", names)
    for name, label, text, monthly in _CHECK_HELPERS:
        checks.add(f"check/{name}", name, label, currency if monthly else "", text, monthly)
    for name, label, text in CHECKS:
        checks.add(f"check/{name}", f"check_{name}", label, currency, text, False)
    return Totals(tuple(shown), categories, figures, tuple(name for name, _, _ in CHECKS))
