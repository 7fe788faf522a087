"""Seeded random plans that can be computed: every kind of line, formulas, lags, cases, odd names."""

from __future__ import annotations

import datetime as dt
import random

from desktop_app.engine.compute import PlanResult, compute
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

ODD = (
    "it's", 'the "big" one', "back\\slash / slash", "a.b[c] = {d}", "=1+1", "+SUM(A1)", "@home", "-5%",
    "x" * 300, "עלות שרתים", "تكلفة", "見積書", "🖥️ GPU 👩‍💻", "<r>bold</r>", "_x0041_", "tab\there",
    "two\nlines", "  padded  ", "Compute", "compute", "History", "a*b?c~d", "LET(x)", "100%", "C1",
    "R1C1", "&P&N", "ends'", "Ünïcode", "#REF!",
)  # fmt: skip
CATEGORIES = ("Compute", "compute", "Energy", "People", "Support & care", "=Cloud", "通信", "a*b?")


def random_plan(seed: int) -> Plan:
    """The plan of a seed."""
    return _Maker(random.Random(seed), seed).plan()


def computed_plan(seed: int) -> PlanResult:
    """The plan of a seed with its results, under some of its cases."""
    plan = random_plan(seed)
    cases = ("", *(case.name for case in plan.cases[: seed % 2]))
    return compute(plan, cases=cases)


class _Maker:
    def __init__(self, chance: random.Random, seed: int) -> None:
        self.chance = chance
        self.seed = seed
        self.count = 0
        self.shared = ""  # a category with purchases in it, of whose total other lines may take a share

    def text(self, *options: str) -> str:
        return self.chance.choice(options)

    def maybe(self, share: float = 0.5) -> bool:
        return self.chance.random() < share

    def number(self, low: float, high: float) -> str:
        value = self.chance.uniform(low, high)
        return self.chance.choice([f"{value:.0f}", f"{value:.2f}", f"{value:,.1f}", repr(value)])

    def whole(self, low: int, high: int) -> str:
        return str(self.chance.randint(low, high))

    def name(self, plain: str) -> str:
        self.count += 1
        odd = self.chance.choice(ODD) if self.maybe(0.4) else plain
        return f"{odd} {self.count}" if self.maybe(0.8) else f"{odd}{self.count}"

    def plan(self) -> Plan:
        months = int(self.text("1", "3", "12", "13", "24", "30", "36"))
        start = dt.date(self.chance.randint(2024, 2030), self.chance.randint(1, 12), 1)
        settings = Settings(
            currency=self.text("USD", "EUR", "JPY"),
            start=start,
            months=months,
            fiscal_year_start=self.chance.randint(1, 12),
            fiscal_label=self.text("end", "start"),
            fiscal_pattern=self.text("months", "months", "months", "4-4-5", "5-4-4"),
            hours=self.text("calendar", "730", "720"),
            discount_rate=self.text("8%", "0%", "wacc", "wacc + 1%", "12.5%"),
            discount_timing=self.text("start", "middle", "end"),
            tax_rate=self.text("0%", "25%", "30%"),
            horizon_value=self.text("none", "book"),
            lease_standard=self.text("ifrs16", "asc842"),
            scale=int(self.text("1", "1000", "1000000")),
        )
        own = settings.currency
        drivers = self.drivers(own, months)
        scenarios = self.scenarios(own)
        foreign = "GBP"
        return Plan(
            self.name("Plan"),
            settings,
            drivers,
            scenarios,
            (
                Case("High & dry", {"gpus": self.whole(40, 90), "energy_price": "0.3"}),
                Case("Low's", {"growth": "-5%", "gpus": "gpus_low * 2"}),
            ),
            (
                Table(
                    "gpu's",
                    ("memory", "price / unit"),
                    (("H100", (80.0, 25000.0)), ('"B"', (192.0, 39000.5)), ("=3", (141.0, 31000.0))),
                ),
                Table("rates", ("rate",), tuple((str(year), (0.1 * year,)) for year in range(1, 5))),
            ),
            {foreign: self.text("1.27", "pound", "1.2 * 1.05")},
            {"gpu_hours_used": "used", "gpu_hours_installed": "gpus*HOURS()", "energy": "energy"},
            (PriceEntry("H100 list", 30000.0, f"{own}/GPU", "2026-01-01", '=HYPERLINK("http://x")', "note"),),
            (QuoteRecord("q1", "quote 'A'.xlsx", "ab" * 32, "=Vendor", "Q-1", "2026-10-01", "", own),),
            self.texts(),
            self.text("", scenarios[0].name, scenarios[-1].name),
            self.text("", scenarios[-1].name),
        )

    def texts(self) -> Texts:
        return Texts(*(self.text("", "Plain words.", *ODD, "long " * 400) for _ in range(7)))

    def drivers(self, own: str, months: int) -> tuple[Driver, ...]:
        gpu_price = self.text(self.number(20_000, 40_000), 'LOOKUP("gpu\'s", "H100", "price / unit")')
        series = tuple(
            round(self.chance.uniform(0.2, 0.9), 3) for _ in range(self.chance.randint(1, months + 3))
        )
        growing = self.text(
            "gpus * GROWTH(growth)", "gpus * (1 + RAMP(2, 6))", "gpus * (1 + CUMSUM(growth / 12))"
        )
        shaped = self.text(
            "IF(MONTH_INDEX() > 6, gpus, gpus / 2)",
            "MAX(gpus * (1 - STEP(4) / 3), MIN(gpus, gpus_low))",
            "ROUNDUP(gpus * SEASON(1,1,1,1,1,1,0.9,0.8,1,1,1,1.2), 0)",
            "MOVSUM(gpus * PULSE(1, 3), 3) + LAG(gpus, 2)",
            "IF(AND(gpus >= 10, NOT(growth < 0)), gpus, gpus / 3) * ((growth > 0) + 1)",
            "CHOOSE(YEAR_INDEX(), gpus, gpus * 1.5, gpus * 2, gpus * 3)",
        )
        return (
            self.driver("wacc", "%", self.text("9%", "7.25")),
            self.driver("gpus", "GPU", self.whole(8, 64), "Size"),
            self.driver("gpus_low", "GPU", "12", "Size"),
            self.driver("growth", "%", self.text("10%", "-8%", "25")),
            self.driver("fleet", "GPU", growing, "Size"),
            self.driver("shaped", "GPU", shaped),
            Driver("load", "%", "60", "Load by month", "Size", series if self.maybe() else ()),
            self.driver(
                "gpu_price", f"{own}/GPU", gpu_price if self.maybe() else self.number(20_000, 40_000)
            ),
            self.driver("kw", "kW/GPU", self.number(0.5, 1.5)),
            self.driver("energy", "kWh/month", "gpus * kw * HOURS() * load"),
            self.driver("energy_price", f"{own}/kWh", self.number(0.05, 0.4)),
            self.driver("used", "GPU*hour/month", "fleet * HOURS() * load"),
            self.driver("cloud", f"{own}/GPU/hour", self.number(2, 9)),
            self.driver("pound", f"{own}/GBP", "1.31"),
            self.driver("größe", "", self.text("3", "-2.5", "1e-4", "MIN(3, 2) + SQRT(2)")),
            self.driver(
                "long", "", "+".join(f"größe*{number}" for number in range(self.chance.randint(1, 60)))
            ),
            self.driver("deep", "", "IF(größe>1," * 8 + "größe" + ",2)" * 8),
        )

    def driver(self, name: str, unit: str, value: str, group: str = "") -> Driver:
        spread = Range("triangular", "1", "3", "2") if self.maybe(0.2) else None
        source = Source(self.text("", *ODD), "2026-10-01", "Finance", self.text("", *ODD))
        return Driver(name, unit, value, self.name(name) if self.maybe() else "", group, (), spread, source)

    def scenarios(self, own: str) -> tuple[Scenario, ...]:
        self.shared = ""
        lines = tuple(self.line(own) for _ in range(self.chance.randint(1, 10)))
        root = Scenario(self.name("Own"), lines=lines)
        drivers = {"gpus": self.whole(1, 30)} if self.maybe() else {"growth": "wacc / 2"}
        first = lines[0]
        changed = (
            {first.name: {"start": "2"}} if "start" in first.fields or first.kind not in ("fleet",) else {}
        )
        self.shared = ""
        heir = Scenario(
            self.name("Heir"),
            root.name,
            drivers=drivers,
            lines=(self.line(own),),
            line_fields=changed,
            removed=frozenset({lines[-1].name})
            if lines[-1].kind != "purchase" and len(lines) > 1
            else frozenset(),
        )
        self.shared = ""
        other = Scenario(
            self.name("Cloud"), lines=tuple(self.line(own) for _ in range(self.chance.randint(1, 6)))
        )
        return (root, heir, other)[: self.chance.randint(1, 3)]

    def line(self, own: str) -> CostLine:
        kind = self.text(
            "purchase", "fleet", "recurring", "usage", "commitment", "lease", "staff", "adjustment"
        )
        fields: dict[str, str] = getattr(self, f"_{kind}")(own)
        if kind not in ("staff", "lease", "adjustment") and self.maybe(0.3):
            fields |= {"price_change": self.text("-10%", "3%"), "contingency": "10%"}
            if self.maybe():
                fields |= {"sales_tax": "20%", "tax_recoverable": self.text("yes", "no")}
        source = Source("Quote", "2026-10-01", "", "", "q1", "Quote!I14") if self.maybe(0.3) else Source()
        shares = any("TOTAL" in text for text in fields.values())
        category = "Support & care" if shares else self.text(*CATEGORIES)
        if kind == "purchase" and '"' not in category:
            self.shared = category
        return CostLine(self.name(kind), kind, category, fields, self.text("", "Servers"), source)

    def _asset(self) -> dict[str, str]:
        fields = {
            "life": self.text("12", "24", "36 months", "60"),
            "method": self.text("straight_line", "declining_balance", "sum_of_years", "none"),
            "tax_method": self.text("book", "straight_line", "immediate", "table", "none"),
        }
        if fields["tax_method"] == "table":
            fields["tax_table"] = "rates"
        if self.maybe(0.4):
            fields["residual"] = self.text("10%", "0.25")
        return fields

    def _purchase(self, own: str) -> dict[str, str]:
        fields = {"quantity": self.text("gpus", self.whole(1, 9)), "unit_price": self.number(500, 90_000)}
        if fields["quantity"] == "gpus":
            fields["unit_price"] = self.text("gpu_price", "gpu_price * 1.1")
        if self.maybe(0.3):
            fields["refresh_every"] = self.whole(6, 40)
        if self.maybe(0.3) and fields["unit_price"][0].isdigit():
            fields["currency"] = "GBP"
        return {**fields, "start": self.whole(1, 12), **self._asset()}

    def _fleet(self, own: str) -> dict[str, str]:
        fields = {"required": self.text("fleet", "shaped"), "unit_price": "gpu_price", **self._asset()}
        return {**fields, "whole": self.text("1", "8"), "life": self.text("1", "12", "24")}

    def _recurring(self, own: str) -> dict[str, str]:
        every = self.text("month", "quarter", "half_year", "year")
        price = self.number(100, 9000)
        if self.shared and self.maybe():
            price, every = f'5% * TOTAL("capex", "{self.shared}")', "month"
        fields = {"unit_price": price, "every": every, "paid": self.text("advance", "arrears")}
        return {**fields, "start": self.whole(1, 9), "months": self.text("1200", "10")}

    def _usage(self, own: str) -> dict[str, str]:
        fields = {"quantity": "energy", "unit_price": "energy_price"}
        if self.maybe():
            fields = {"quantity": "used", "unit_price": "cloud"}
            if self.maybe():
                fields["included"] = "1000"
        return fields

    def _commitment(self, own: str) -> dict[str, str]:
        fields = {"committed": "gpus * HOURS()", "quantity": "used", "unit_price": "cloud * 0.6"}
        if self.maybe():
            fields["on_demand_price"] = "cloud"
        if self.maybe():
            fields |= {"upfront": "20%", "term": "12"}
        return fields

    def _lease(self, own: str) -> dict[str, str]:
        given = {"payment": self.number(100, 9000)} if self.maybe() else {"principal": self.number(5e4, 9e5)}
        fields = {
            **given,
            "apr": self.text("6%", "0%", "4.5%"),
            "term": self.text("12", "36"),
            "start": self.whole(1, 6),
        }
        if self.maybe():
            fields["buy_out"] = "10000"
        return {
            **fields,
            "paid": self.text("advance", "arrears"),
            "standard": self.text("plan", "exempt", "asc842"),
        }

    def _staff(self, own: str) -> dict[str, str]:
        fields = {
            "fte": self.text("2.5", "3 + 2*STEP(6)", "größe*größe"),
            "salary": self.number(60_000, 180_000),
        }
        if self.maybe():
            fields |= {"hiring_cost": "20k", "attrition": "12%", "existing": "1"}
        if self.maybe():
            fields |= {"loading": "30%", "merit": "3%"}
        return fields

    def _adjustment(self, own: str) -> dict[str, str]:
        fields = {"amount": self.text("-5000", self.number(100, 9000)), "start": self.whole(1, 12)}
        return {**fields, "every": "6"} if self.maybe(0.3) else fields
