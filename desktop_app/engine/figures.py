"""Key figures of one scenario, each with its definition.

Present values: nominal annual rate, factor (1 + r)^-t, as in Excel's NPV with t by the plan's setting. The
equivalent annual cost takes the capital recovery factor r / (1 - (1 + r)^-n), as in NREL's Annual
Technology Baseline and Excel's PMT. Unit costs divide the undiscounted TCO by a quantity of the whole plan
and say by which: hours installed, available or used differ by availability and utilisation, tokens in and
out by price (NVIDIA, LLM Inference Benchmarking: How Much Does Your LLM Inference Cost?, 2025). Energy is
metered at the facility, so it includes the power usage effectiveness once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.engine.graph import Node
from desktop_app.engine.model import Plan

if TYPE_CHECKING:
    from desktop_app.engine.statements import Writer


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity by month that unit costs are taken over."""

    label: str
    unit: str


MEASURES: Mapping[str, Measure] = {
    "gpu_hours_installed": Measure("GPU-hours installed", "GPU*hour/month"),
    "gpu_hours_available": Measure("GPU-hours available", "GPU*hour/month"),
    "gpu_hours_used": Measure("GPU-hours used", "GPU*hour/month"),
    "tokens_in": Measure("Input tokens", "token/month"),
    "tokens_out": Measure("Output tokens", "token/month"),
    "requests": Measure("Requests", "request/month"),
    "users": Measure("Users", "user"),
    "energy": Measure("Electricity used", "kWh/month"),
    "facility_power": Measure("Facility power", "kW"),
    "carbon": Measure("Carbon emitted", "kgCO2/month"),
}


@dataclass(frozen=True, slots=True)
class Definition:
    """One key figure: its formula over statements, in the formula language, and what it means."""

    name: str
    label: str
    unit: str  # "money" is the plan's currency
    formula: str
    help: str
    needs: tuple[str, ...] = ()


def _per(name: str, label: str, unit: str, measure: str, scale: str, help_text: str) -> Definition:
    formula = f"IF(MONTHS_TOTAL(m.{measure})>0,tco/MONTHS_TOTAL(m.{measure}){scale},NONE())"
    return Definition(name, label, unit, formula, help_text, (measure,))


DEFINITIONS = (
    Definition(
        "tco",
        "Total cost of ownership",
        "money",
        "MONTHS_TOTAL(cash_cost)",
        "All cash cost over the plan, undiscounted, less what is recovered from assets.",
    ),
    Definition("capex", "CapEx", "money", "MONTHS_TOTAL(capex)", "Capitalised purchases over the plan."),
    Definition(
        "opex",
        "OpEx",
        "money",
        "MONTHS_TOTAL(opex)",
        "Operating cost paid over the plan, people and leases included.",
    ),
    Definition(
        "people",
        "of which people",
        "money",
        "MONTHS_TOTAL(people)",
        "Staff cost paid over the plan, hiring included.",
    ),
    Definition(
        "recovered",
        "Recovered from assets",
        "money",
        "MONTHS_TOTAL(proceeds)+MONTHS_TOTAL(horizon_recovery)",
        "Residual values, and book value at the horizon where the plan counts it.",
    ),
    Definition(
        "npv_cost",
        "NPV of cost",
        "money",
        "MONTHS_TOTAL(discounted_cost)",
        "Present value of the cash cost at the plan's discount rate, before tax.",
    ),
    Definition(
        "npv_after_tax",
        "NPV of cost after tax",
        "money",
        "MONTHS_TOTAL(after_tax_cost*time.discount_factor)",
        "The same after the income tax that the cost saves.",
    ),
    Definition(
        "eac",
        "Equivalent annual cost",
        "money",
        "npv_cost*IF(setting.discount_rate=0,setting.months_per_year/setting.months,"
        "setting.discount_rate/(1-(1+setting.discount_rate)^(-setting.months/setting.months_per_year)))",
        "The level yearly cost with the same NPV: NPV times the capital recovery factor.",
    ),
    Definition(
        "peak_cash",
        "Highest cash cost of a month",
        "money",
        "MONTHS_MAX(cash_cost)",
        "The most that is paid in any one month.",
    ),
    Definition(
        "peak_funding",
        "Peak cumulative cash",
        "money",
        "MONTHS_MAX(cumulative_cost)",
        "The most that has been paid out in all at any time.",
    ),
    Definition(
        "expense",
        "Expense over the plan",
        "money",
        "MONTHS_TOTAL(expense)",
        "What the profit and loss account bears over the plan.",
    ),
    Definition(
        "closing_book_value",
        "Net book value at the end",
        "money",
        "LAST_MONTH(net_book_value)",
        "What remains in the asset register after the last month.",
    ),
    Definition(
        "capex_share",
        "CapEx share",
        "%",
        "IF(capex_total+opex_total>0,capex_total/(capex_total+opex_total),NONE())",
        "CapEx over CapEx and OpEx.",
    ),
    Definition(
        "people_share",
        "People share",
        "%",
        "IF(capex_total+opex_total>0,people_total/(capex_total+opex_total),NONE())",
        "People over CapEx and OpEx; the rest is compute.",
    ),
    _per(
        "cost_per_gpu_hour_installed",
        "Cost per GPU-hour installed",
        "money/GPU/hour",
        "gpu_hours_installed",
        "",
        "TCO over all hours of all GPUs installed.",
    ),
    _per(
        "cost_per_gpu_hour_available",
        "Cost per GPU-hour available",
        "money/GPU/hour",
        "gpu_hours_available",
        "",
        "TCO over the hours in which GPUs can be used.",
    ),
    _per(
        "cost_per_gpu_hour_used",
        "Cost per GPU-hour used",
        "money/GPU/hour",
        "gpu_hours_used",
        "",
        "TCO over the hours in which GPUs do work.",
    ),
    _per(
        "cost_per_million_tokens_in",
        "Cost per million input tokens",
        "money/Mtoken",
        "tokens_in",
        "*setting.million",
        "TCO over input tokens alone.",
    ),
    _per(
        "cost_per_million_tokens_out",
        "Cost per million output tokens",
        "money/Mtoken",
        "tokens_out",
        "*setting.million",
        "TCO over output tokens alone.",
    ),
    Definition(
        "cost_per_million_tokens",
        "Cost per million tokens, blended",
        "money/Mtoken",
        "IF(MONTHS_TOTAL(m.tokens_in)+MONTHS_TOTAL(m.tokens_out)>0,tco/(MONTHS_TOTAL(m.tokens_in)+MONTHS_TOTAL(m.tokens_out))*setting.million,NONE())",
        "TCO over input and output tokens together.",
        ("tokens_in", "tokens_out"),
    ),
    _per(
        "cost_per_thousand_requests",
        "Cost per thousand requests",
        "money/krequest",
        "requests",
        "*setting.thousand",
        "TCO over requests.",
    ),
    Definition(
        "cost_per_user_month",
        "Cost per user and month",
        "money/user/month",
        "IF(MONTHS_TOTAL(m.users)>0,tco/MONTHS_TOTAL(m.users),NONE())",
        "TCO over user-months.",
        ("users",),
    ),
    Definition(
        "energy",
        "Electricity",
        "MWh",
        "MONTHS_TOTAL(m.energy)/setting.thousand",
        "Over the plan, at the facility's meter.",
        ("energy",),
    ),
    Definition(
        "facility_power",
        "Peak facility power",
        "kW",
        "MONTHS_MAX(m.facility_power)",
        "The highest month.",
        ("facility_power",),
    ),
    Definition(
        "carbon", "Carbon", "tCO2", "MONTHS_TOTAL(m.carbon)/setting.thousand", "Over the plan.", ("carbon",)
    ),
)


def figure_rows(writer: Writer, plan: Plan, nodes: Mapping[str, Node]) -> list[str]:
    """Adds a node for each key figure that the plan has the measures for; returns their names."""
    own = dict(writer.names)
    found = []
    for definition in DEFINITIONS:
        if not all(f"measure/{name}" in nodes for name in definition.needs):
            continue
        unit = definition.unit.replace("money", plan.settings.currency)
        writer.names = {
            **own,
            **writer.names,
            **{f"m.{name}": f"measure/{name}" for name in definition.needs},
        }
        writer.names |= {"tco": "figure/tco", "npv_cost": "figure/npv_cost"}
        writer.names |= {f"{name}_total": f"figure/{name}" for name in ("capex", "opex", "people")}
        writer.add(
            f"figure/{definition.name}",
            f"figure_{definition.name}",
            definition.label,
            unit,
            definition.formula,
            False,
        )
        found.append(definition.name)
    return found
