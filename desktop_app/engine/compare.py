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

# Rows over both scenarios: name, label, monthly, formula. "a." is the scenario looked at, "b." the one it is
# held against.
_ROWS = (
    ("saving", "Cash saved", True, "b.cash_cost-a.cash_cost"),
    ("lead", "Cumulative cash saved", True, "CUMSUM(saving)"),
    ("before", "Cumulative cash saved, a month earlier", True, "LAG(lead)"),
    (
        "crossing",
        "Month in which the lead changes sides (1 yes)",
        True,
        "IF(OR(AND(lead>=0,before<0),AND(lead<=0,before>0)),1,0)",
    ),
    ("crossings", "Times it has changed sides", True, "CUMSUM(crossing)"),
    (
        "moment",
        "Break-even, in months",
        True,
        "IF(AND(crossing=1,crossings=1),time.month-1-before/(lead-before),0)",
    ),
    ("present_saving", "Present value of cash saved", True, "saving*time.discount_factor"),
    ("present_lead", "Cumulative present value saved", True, "CUMSUM(present_saving)"),
    ("present_before", "Cumulative present value saved, a month earlier", True, "LAG(present_lead)"),
    (
        "present_crossing",
        "Month in which the discounted lead changes sides (1 yes)",
        True,
        "IF(OR(AND(present_lead>=0,present_before<0),AND(present_lead<=0,present_before>0)),1,0)",
    ),
    ("present_crossings", "Times the discounted lead has changed sides", True, "CUMSUM(present_crossing)"),
    (
        "present_moment",
        "Discounted break-even, in months",
        True,
        "IF(AND(present_crossing=1,present_crossings=1),time.month-1-present_before/(present_lead-present_before),0)",
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
    ("break_even_month", "Break-even", "month", "IF(MONTHS_TOTAL(crossing)>0,MONTHS_TOTAL(moment),NONE())"),
    (
        "discounted_break_even_month",
        "Discounted break-even",
        "month",
        "IF(MONTHS_TOTAL(present_crossing)>0,MONTHS_TOTAL(present_moment),NONE())",
    ),
    ("largest_lead", "Most money ahead at any time", "money", "MONTHS_MAX(lead)"),
    ("largest_lag", "Most money behind at any time", "money", "-MONTHS_MIN(lead)"),
    # where the lead changes sides once there is exactly one positive rate (Norstrom): every solver finds the same
    (
        "monthly_irr",
        "IRR of the extra outlay, per month",
        "%",
        "IF(AND(MONTHS_TOTAL(crossing)=1,MONTHS_MIN(lead)*MONTHS_MAX(lead)<0,LAST_MONTH(lead)<>0),IRR(saving),NONE())",
    ),
    ("irr", "IRR of the extra outlay, per year", "%", "(1+monthly_irr)^setting.months_per_year-1"),
)
_SCENARIO_NODES = (
    "statement/cash_cost",
    "figure/tco",
    "figure/npv_cost",
    "figure/npv_after_tax",
    "figure/capex",
)
_SHARED = ("time/month", "time/discount_factor", "setting/months_per_year")


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
    option that was dearer at first has paid off.

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
    for letter, graph, run in (("a", a, a_run), ("b", b, b_run)):
        for key in _SCENARIO_NODES:
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
    for name, label, unit, text in _FIGURES:
        writer.add(f"pair/{name}", name, label, unit.replace("money", currency), text, False)
    graph = Graph(
        f"{a.scenario} against {b.scenario}",
        a.case,
        nodes,
        (),
        (),
        figures=tuple(name for name, *_ in _FIGURES),
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
