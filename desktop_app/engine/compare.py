"""Two scenarios side by side: differences, break-even, payback, as a graph over both cash flows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from desktop_app.engine.functions import Array
from desktop_app.engine.graph import Graph, Node
from desktop_app.engine.issues import Issue, warning
from desktop_app.engine.model import Plan
from desktop_app.engine.program import Program, make_program
from desktop_app.engine.statements import Writer


def _break_even_rows(p: str, what: str, lead: str, title: str) -> tuple[tuple[str, str, bool, str], ...]:
    """Rows from what is saved each month to the moment at which it balances; `p` begins their names."""
    changes = f"IF(OR(AND({p}lead>=0,{p}before<0),AND({p}lead<=0,{p}before>0)),1,0)"
    moment = f"time.month-1-{p}before/({p}lead-{p}before)"
    return (
        (f"total_{p}saving", f"Running total of {what}", True, f"CUMSUM({p}saving)"),
        # rounded far below a cent: noise of large sums must not look like a lead that changes sides
        (f"{p}lead", f"Cumulative {what}", True, f"ROUND(total_{p}saving,6)"),
        (f"{p}before", f"Cumulative {what}, a month earlier", True, f"LAG({p}lead)"),
        (f"{p}crossing", f"Month in which the {lead} changes sides (1 yes)", True, changes),
        (f"{p}crossings", f"Times the {lead} has changed sides", True, f"CUMSUM({p}crossing)"),
        (
            f"{p}moment",
            f"{title}, in months",
            True,
            f"IF(AND({p}crossing=1,{p}crossings=1),{moment},0)",
        ),
    )


# Rows over both scenarios: name, label, monthly, formula. "a." is the scenario looked at, "b." the one it is
# held against.
_ROWS = (
    ("saving", "Cash saved", True, "b.cash_cost-a.cash_cost"),
    *_break_even_rows("", "cash saved", "lead", "Break-even"),
    ("present_saving", "Present value of cash saved", True, "saving*time.discount_factor"),
    *_break_even_rows("present_", "present value saved", "discounted lead", "Discounted break-even"),
)
# Which of the two owns more, and what that buys.
_OWNING = (
    ("a_owns", "The first has more CapEx (1 yes)", "", "IF(a.capex>=b.capex,1,0)"),
    ("extra_capex", "Extra CapEx", "money", "ABS(a.capex-b.capex)"),
    (
        "running_saving",
        "Cash OpEx that the extra CapEx saves",
        "money",
        "IF(a_owns=1,b.opex-a.opex,a.opex-b.opex)",
    ),
    ("own_tco", "TCO of the one with more CapEx", "money", "IF(a_owns=1,a.tco,b.tco)"),
    ("rent_tco", "TCO of the other", "money", "IF(a_owns=1,b.tco,a.tco)"),
    # Where the lead changes sides once there is exactly one positive rate (C. J. Norstrom, A Sufficient
    # Condition for a Unique Nonnegative Internal Rate of Return, 1972); of several, each program would find
    # another.
    (
        "rate_found",
        "The one rate at which the cash saved balances, per month",
        "%",
        (
            "IF(AND(MONTHS_TOTAL(crossing)=1,MONTHS_MIN(lead)*MONTHS_MAX(lead)<0,LAST_MONTH(lead)<>0),"
            "POSITIVE_IRR(saving),0)"
        ),
    ),
)
# Break-evens that are not moments in time: name, label, unit, formula, and the measures that they need.
# Amortisation is in none of them, or the CapEx would be counted twice. Hours are CapEx over the difference of
# hourly running costs (Lenovo Press LP2225, 2025); utilisation is the whole cost of owning over what the
# hours installed would cost to rent; volume is the cost of owning for a month over the rival's price.
_BREAK_EVENS = (
    (
        "simple_payback",
        "Extra CapEx over the mean monthly saving in cash OpEx",
        "month",
        "IF(AND(extra_capex>0,running_saving>0),extra_capex/(running_saving/setting.months),NONE())",
        (),
    ),
    (
        "break_even_gpu_hours",
        "Break-even in GPU-hours used",
        "GPU*hour",
        "IF(AND(extra_capex>0,running_saving>0),extra_capex/(running_saving/own_hours),NONE())",
        ("gpu_hours_used",),
    ),
    (
        "break_even_utilisation",
        "Break-even utilisation of what is installed",
        "%",
        "IF(AND(extra_capex>0,own_installed>0,rent_tco>0),own_tco/(own_installed*rent_tco/rent_hours),NONE())",
        ("gpu_hours_used", "gpu_hours_installed"),
    ),
    (
        "break_even_rent",
        "Rent per GPU-hour used at which both cost the same",
        "money/GPU/hour",
        "IF(AND(extra_capex>0,rent_hours>0),own_tco/rent_hours,NONE())",
        ("gpu_hours_used",),
    ),
    (
        "break_even_tokens",
        "Break-even volume at the other's cost per token",
        "token/month",
        "IF(AND(extra_capex>0,rent_tco>0),own_tco/(rent_tco/rent_tokens)/setting.months,NONE())",
        ("tokens_in", "tokens_out"),
    ),
    (
        "break_even_token_price",
        "Price per million tokens at which both cost the same",
        "money/Mtoken",
        "IF(AND(extra_capex>0,rent_tokens>0),own_tco/rent_tokens*setting.million,NONE())",
        ("tokens_in", "tokens_out"),
    ),
)
_QUANTITIES = (
    (
        "own_hours",
        "GPU-hours used by the one with more CapEx",
        "GPU*hour",
        "IF(a_owns=1,MONTHS_TOTAL(a.gpu_hours_used),MONTHS_TOTAL(b.gpu_hours_used))",
        ("gpu_hours_used",),
    ),
    (
        "rent_hours",
        "GPU-hours used by the other",
        "GPU*hour",
        "IF(a_owns=1,MONTHS_TOTAL(b.gpu_hours_used),MONTHS_TOTAL(a.gpu_hours_used))",
        ("gpu_hours_used",),
    ),
    (
        "own_installed",
        "GPU-hours installed of the one with more CapEx",
        "GPU*hour",
        "IF(a_owns=1,MONTHS_TOTAL(a.gpu_hours_installed),MONTHS_TOTAL(b.gpu_hours_installed))",
        ("gpu_hours_installed",),
    ),
    (
        "rent_tokens",
        "Tokens of the other, in and out",
        "token",
        (
            "IF(a_owns=1,MONTHS_TOTAL(b.tokens_in)+MONTHS_TOTAL(b.tokens_out),"
            "MONTHS_TOTAL(a.tokens_in)+MONTHS_TOTAL(a.tokens_out))"
        ),
        ("tokens_in", "tokens_out"),
    ),
)
_FIGURES = (
    ("tco_difference", "TCO, difference", "money", "a.tco-b.tco"),
    ("npv_difference", "NPV of cost, difference", "money", "a.npv_cost-b.npv_cost"),
    (
        "npv_after_tax_difference",
        "NPV of cost after tax, difference",
        "money",
        "a.npv_after_tax-b.npv_after_tax",
    ),
    ("capex_difference", "CapEx, difference", "money", "a.capex-b.capex"),
    ("eac_difference", "Equivalent annual cost, difference", "money", "a.eac-b.eac"),
    ("break_even_month", "Break-even", "month", "IF(MONTHS_TOTAL(crossing)>0,MONTHS_TOTAL(moment),NONE())"),
    (
        "discounted_break_even_month",
        "Discounted break-even",
        "month",
        "IF(MONTHS_TOTAL(present_crossing)>0,MONTHS_TOTAL(present_moment),NONE())",
    ),
    ("largest_lead", "Most money ahead at any time", "money", "MONTHS_MAX(lead)"),
    ("largest_lag", "Most money behind at any time", "money", "-MONTHS_MIN(lead)"),
    # above 100% a month a rate says nothing, and none is found
    ("monthly_irr", "IRR of the extra outlay, per month", "%", "IF(rate_found>0,rate_found,NONE())"),
    ("irr", "IRR of the extra outlay, per year", "%", "(1+monthly_irr)^setting.months_per_year-1"),
)
_SCENARIO_NODES = (
    "statement/cash_cost",
    "figure/tco",
    "figure/npv_cost",
    "figure/npv_after_tax",
    "figure/capex",
    "figure/opex",
    "figure/eac",
)
_MEASURES = ("gpu_hours_used", "gpu_hours_installed", "tokens_in", "tokens_out")
_SHARED = (
    "time/month",
    "time/discount_factor",
    "setting/months_per_year",
    "setting/months",
    "setting/million",
)


@dataclass(frozen=True, slots=True)
class PairFigure:
    """One figure of a comparison; None where it does not exist."""

    name: str
    label: str
    unit: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Scenario `a` held against `b`. Savings are positive when `a` costs less; differences are a less b.

    Break-even is the first month, with its fraction, at which the cumulative costs cross: from then on the
    option that was dearer at first has paid off. It is the simple payback of the extra outlay by the month's
    own figures, and the discounted one its discounted payback. The break-evens in hours, utilisation, rent
    and volume look at the totals of the plan: the one with more CapEx "owns", the other "rents".

    `graph` has nodes "a/…" and "b/…" as inputs: the same-named nodes of the two scenarios' own graphs.
    """

    a: str
    b: str
    case: str
    graph: Graph
    program: Program
    figures: dict[str, PairFigure]
    lead: Array
    issues: tuple[Issue, ...]


def compare_pair(plan: Plan, a: Graph, a_run: Program, b: Graph, b_run: Program) -> Pair:
    """Compares two computed scenarios."""
    nodes: dict[str, Node] = {}
    names: dict[str, str] = {}

    def put(node: Node) -> None:
        nodes.setdefault(node.key, node)

    for key in _SHARED:
        node = a.nodes[key]
        put(
            Node(
                key,
                node.label,
                node.unit,
                node.monthly,
                "Timeline",
                value=a_run.value(key),
                origin=node.origin,
            )
        )
    measured = {name for name in _MEASURES if all(f"measure/{name}" in one.nodes for one in (a, b))}
    for letter, graph, run in (("a", a, a_run), ("b", b, b_run)):
        for key in (*_SCENARIO_NODES, *(f"measure/{name}" for name in _MEASURES if name in measured)):
            node = graph.nodes[key]
            label = f"{graph.scenario}: {node.label}"
            value = np.broadcast_to(run.value(key), (1, 1, plan.settings.months if node.monthly else 1))
            put(
                Node(
                    f"{letter}/{key}",
                    label,
                    node.unit,
                    node.monthly,
                    "Scenarios",
                    value=value,
                    origin=graph.scenario,
                )
            )
            names[f"{letter}.{key.split('/')[1]}"] = f"{letter}/{key}"
    writer = Writer(put, "Comparison", names)
    currency = plan.settings.currency
    for name, label, monthly, text in _ROWS:
        unit = "" if "crossing" in name else "month" if "moment" in name else currency
        writer.add(f"pair/{name}", name, label, unit, text, monthly)
    for name, label, unit, text in (*_OWNING, *_FIGURES):
        writer.add(f"pair/{name}", name, label, unit.replace("money", currency), text, False)
    for name, label, unit, text, needs in (*_QUANTITIES, *_BREAK_EVENS):
        if measured.issuperset(needs):
            writer.add(f"pair/{name}", name, label, unit.replace("money", currency), text, False)
    shown = [name for name, *_ in (*_FIGURES, *_BREAK_EVENS) if f"pair/{name}" in nodes]
    graph = Graph(
        f"{a.scenario} against {b.scenario}",
        a.case,
        nodes,
        (),
        (),
        figures=tuple(shown),
    )
    program = make_program(graph, plan.settings.months)
    figures = {}
    for name in graph.figures:
        number = float(program.value(f"pair/{name}").flat[0])
        node = nodes[f"pair/{name}"]
        figures[name] = PairFigure(name, node.label, node.unit, number if np.isfinite(number) else None)
    lead = program.value("pair/lead")[0, 0]
    return Pair(
        a.scenario,
        b.scenario,
        a.case,
        graph,
        program,
        figures,
        lead,
        tuple(_issues(a.scenario, b.scenario, lead, figures)),
    )


def _issues(a: str, b: str, lead: Array, figures: dict[str, PairFigure]) -> list[Issue]:
    """What the break-even does not say by itself."""
    where = f"{a} against {b}"
    cheap, dear = (a, b) if lead[-1] >= 0 else (b, a)
    moment = figures["break_even_month"].value
    if moment is None:
        return [
            warning(
                "no-break-even",
                where,
                f"“{cheap}” has cost less in total than “{dear}” from the first month on:"
                " the lines never cross.",
            )
        ]
    ahead = np.sign(lead[np.flatnonzero(lead)])
    if np.count_nonzero(np.diff(ahead)) > 1:
        return [
            warning(
                "several-break-evens",
                where,
                f"The cumulative costs cross more than once; “{cheap}” costs less at the end of the plan.",
            )
        ]
    return []
