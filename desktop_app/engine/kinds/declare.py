"""How a kind of cost line is declared: the fields a user fills in, and the rows of formulas they become."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Feeds = Mapping[str, tuple[tuple[int, str], ...]]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a cost line.

    `unit`: "any" (a quantity of whatever is counted), "money" (an amount), "money/quantity" (a price for one
    of what the field named in `per` counts; a price without a currency is in the line's), "1" (a plain number
    or share), "month" (a whole number of months), or "choice". `default` "" means the rows that need the
    field are left out when it is not given; None means it must be given.

    `like` names a field that counts in the same unit. `steady` fields have one value for the whole plan, as
    have all of unit "month"; `least` is the smallest number of months. `period` is the time that a price is
    for, so that "USD/month" can be told from an amount: "" none, "month", "year", or "every" (as chosen in
    the field of that name).
    """

    name: str
    label: str
    unit: str
    default: str | None = ""
    help: str = ""
    choices: tuple[str, ...] = ()
    per: str = "quantity"
    like: str = ""
    steady: bool = False
    least: int = 1
    period: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of formulas. `unit` is "money", "1", "month", or the name of a field whose unit it shares."""

    name: str
    label: str
    unit: str
    formula: str


@dataclass(frozen=True, slots=True)
class Shape:
    """Which optional fields are given, and what was chosen: lines of one shape share their rows."""

    given: frozenset[str]
    choices: tuple[tuple[str, str], ...]

    def has(self, field: str) -> bool:
        """True if the field is given."""
        return field in self.given

    def choice(self, field: str) -> str:
        """What was chosen."""
        return dict(self.choices)[field]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of cost line. `rows` and `feeds` depend on the shape only, never on values.

    A feed names a statement and the rows that go into it, each with sign 1 or -1.
    """

    name: str
    label: str
    help: str
    fields: tuple[Field, ...]
    rows: Callable[[Shape], list[Row]]
    feeds: Callable[[Shape], Feeds]

    def field(self, name: str) -> Field | None:
        """The declaration of a field."""
        return next((field for field in self.fields if field.name == name), None)


START = Field("start", "Starts in month", "month", "1", "Month of the plan, 1 for the first.")
PRICE_FIELDS = (
    Field(
        "price_change",
        "Price change per year",
        "1",
        "",
        "Compound, from month 1; -15% for prices that fall.",
        steady=True,
    ),
    Field("contingency", "Contingency", "1", "", "Share added to the price."),
    Field("sales_tax", "VAT or sales tax", "1", "", "Rate; it is a cost only where it cannot be recovered."),
    Field("tax_recoverable", "Tax can be recovered", "choice", "yes", choices=("yes", "no")),
    Field("currency", "Currency of plain prices", "choice", "", "ISO code; the plan's own where empty."),
)


def priced(shape: Shape, amount: str) -> str:
    """Formula of an amount with exchange rate, price index, contingency and irrecoverable tax, as far as they
    apply.
    """
    parts = [amount]
    if shape.has("fx"):
        parts.append("fx")
    if shape.has("price_change"):
        parts.append("GROWTH(price_change)")
    if shape.has("contingency"):
        parts.append("(1+contingency)")
    if shape.has("sales_tax") and shape.choice("tax_recoverable") == "no":
        parts.append("(1+sales_tax)")
    return "*".join(parts)
