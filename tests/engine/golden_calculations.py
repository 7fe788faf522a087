"""How each published case is computed with the engine's public functions.

One function a file: from the case's inputs to our figure for each of its outputs. A number that a source
prints in its text but that the case does not list among its inputs is written here with a remark.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from desktop_app.engine.finance import annuity, breakeven, capital_cost, datacentre, lease, npv, sizing
from desktop_app.engine.finance import tax_tables as tax
from desktop_app.engine.finance import unit_costs as unit
from desktop_app.exchange.price_books import load_tax_tables
from tests.engine import golden_functions

Inputs = Mapping[str, Any]
Figures = Mapping[str, float | bool]
Outputs = Mapping[str, Mapping[str, Any]]

YEAR = 8_760


def after_tax_npv(given: Inputs, outputs: Outputs) -> Figures:
    shares = np.array(given["macrs7"])
    charge = given["cost"] * shares
    book = tax.tax_book_value(given["cost"], shares)[-1]
    last = np.arange(len(shares)) == len(shares) - 1
    flows = tax.after_tax_cash_flow(
        given["revenue"],
        given["operating_cost"],
        charge,
        given["tax"],
        np.where(last, given["sale_price_year4"], 0.0),
        np.where(last, book, 0.0),
    )
    figures = {f"cf_year{year}": flow for year, flow in enumerate(flows, 1)}
    return figures | {
        "gain_on_sale": tax.gain_on_disposal(given["sale_price_year4"], book),
        "npv": npv.present_value(given["marr"], [-given["cost"], *flows]),
        "cf_year4_with_the_printed_formula": flows[-1],
    }


def datacentre_power(given: Inputs, outputs: Outputs) -> Figures:
    accelerators = sizing.it_power_kw(given["gpus"], given["tdp"])
    load = sizing.it_power_kw(given["gpus"], given["tdp"], given["server_overhead_factor"])
    facility = sizing.facility_power_kw(load, given["pue"])
    energy = sizing.energy_kwh(facility, given["hours"])
    return {
        "it_load_accelerators": accelerators,
        "it_load_servers": load,
        "facility_load": facility / 1e3,
        "sized_capacity": sizing.sized_power_kw(facility, given["redundancy_n_plus_1"]) / 1e3,
        "annual_energy": energy / 1e6,
        "annual_cost": sizing.energy_cost(energy, given["electricity"]) / 1e6,
    }


def numbers(text: str) -> list[float]:
    """All numbers in a text, thousands separators removed."""
    return [float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


def buy_or_rent_errata(given: Inputs, outputs: Outputs) -> Figures:
    gpus, kilowatts, pue, hours = numbers(given["power_formula"])
    capital, cut_rate, running = numbers(given["breakeven_post_cut"])[:3]
    train_gpus, train_hours, instance_rate = numbers(given["training"])[:3]
    # The same source's on-demand rate before the cut, and the rows of its five-year table.
    post_cut = breakeven.break_even_hours(capital, cut_rate, running)
    on_demand = breakeven.break_even_hours(capital, instance_rate, running)
    table = load_tax_tables().table(5)
    assert table is not None
    load = sizing.facility_power_kw(sizing.it_power_kw(gpus, kilowatts), pue)
    figures: dict[str, float] = {
        "post_cut_breakeven_hours": float(post_cut),
        "training_7b_1T_cost_M": float(
            unit.rental_cost(unit.rate_per_accelerator(instance_rate, gpus), train_gpus, train_hours) / 1e6
        ),
        "macrs_total": float(np.sum(250_000 * table.shares)),
        "cumulative_5y": float(np.cumsum([318_621, 70_621, 70_621, 70_621, 70_621])[-1]),
    }
    for key in outputs:
        if found := re.fullmatch(r"annual_power_at_([\d.]+)", key):
            figures[key] = float(sizing.energy_cost(sizing.energy_kwh(load, hours), float(found[1])))
        elif found := re.fullmatch(r"daily_(\d+)h_(on_demand|post_cut)_years", key):
            needed = on_demand if found[2] == "on_demand" else post_cut
            figures[key] = float(needed / (int(found[1]) * 365))
    return figures


def colocation_month(given: Inputs, outputs: Outputs) -> Figures:
    figures: dict[str, float] = {}
    for tier in ("low", "high"):
        charges = dict(given[tier])
        power = next(key for key in charges if key.startswith("power_"))
        kilowatts, price = (int(n) for n in re.findall(r"\d+", power))
        month = datacentre.colocation_per_month(
            charges["cabinet"], kilowatts, price, charges["bandwidth"], charges["remote_hands"]
        )
        assert charges[power] == datacentre.committed_power_cost(kilowatts, price)
        figures |= {
            f"power_{tier}": float(datacentre.committed_power_cost(kilowatts, price)),
            f"total_{tier}": float(month),
            f"annual_{tier}": float(12 * month),
        }
    # The source sets a bill of about 35,000 a year against the instance.
    cloud = unit.rental_cost(given["aws_p5"], 1, YEAR)
    return figures | {"opex_reduction_vs_cloud_pct": 100 * (1 - 35_000 / cloud)}


def reserved_utilisation(given: Inputs, outputs: Outputs) -> Figures:
    figures: dict[str, float] = {}
    for key in outputs:
        if found := re.fullmatch(r"breakeven_(\w+)", key):
            reserved = given[f"reserved_{found[1]}"]
            figures[key] = 100 * float(
                breakeven.commitment_break_even_utilisation(reserved, given["on_demand"])
            )
        elif found := re.fullmatch(r"on_demand_(\d+)pct", key):
            used = int(found[1]) / 100
            yearly = unit.rental_cost(given["on_demand"], given["gpus"], given["hours"], used)
            figures[key] = float(yearly) / 1e3
        elif found := re.fullmatch(r"saving_at_(\d+)pct_utilisation", key):
            used = int(found[1]) / 100
            saving = breakeven.commitment_saving(given["reserved_3y"], given["on_demand"], used)
            figures[key] = 100 * float(saving)
    return figures


def tokens_per_dollar(given: Inputs, outputs: Outputs) -> Figures:
    per_money = {
        f"tokens_per_dollar|{row['gpu']}": unit.tokens_per_money(row["usd_per_h"], row["tokens_per_s"])
        for row in given["tokens_per_dollar_rows"]
    }
    per_million = {
        f"cost_per_Mtok|{row['cfg']}": unit.cost_per_million_tokens(row["usd_per_h"], row["tokens_per_s"])
        for row in given["cost_rows"]
    }
    return per_money | per_million


def cost_per_million(given: Inputs, outputs: Outputs) -> Figures:
    return {
        row["gpu"]: unit.cost_per_million_tokens(row["usd_per_h"], row["tokens_per_s"])
        for row in given["rows"]
    }


def price_per_accelerator(given: Inputs, outputs: Outputs) -> Figures:
    figures = {}
    for instance, _, rate, accelerators in given["rows"]:
        name = "h200" if "H200" in instance else instance.split(".")[0]
        figures[f"{name}|per_accelerator"] = unit.rate_per_accelerator(rate, accelerators)
    return figures


def amortisation_per_watt(given: Inputs, outputs: Outputs) -> Figures:
    server = datacentre.cost_per_watt(given["server_price"], given["server_power"])
    rate, site, site_life, life = (given[key] for key in ("interest", "dc_cost", "dc_life", "server_life"))
    return {
        "dc_straight_line": datacentre.straight_line_per_month(site, site_life),
        "dc_with_interest": datacentre.amortisation_per_month(site, site_life, rate),
        "server_capex_per_watt": server,
        "server_straight_line": datacentre.straight_line_per_month(server, life),
        "server_with_interest": datacentre.amortisation_per_month(server, life, rate),
        "opex_scale_two_thirds_full_pct": 100 * (datacentre.occupancy_factor(given["occupancy"]) - 1),
    }


def quarterly_liability(given: Inputs, outputs: Outputs) -> Figures:
    rate = annuity.periodic_rate(given["annual_rate"], 4)
    return {"lease_liability": lease.lease_liability([given["payment"]] * given["n"], rate)}


def liability_in_advance(given: Inputs, outputs: Outputs) -> Figures:
    rate = annuity.periodic_rate(given["annual_rate"], 12)
    liability = lease.lease_liability([given["payment"]] * given["n"], rate, in_advance=True)
    asset = lease.right_of_use_asset(
        # The source goes on with the liability in whole cents.
        round(float(liability), 2),
        prepayments=given["prepayments"],
        direct_costs=given["initial_direct_costs"],
        restoration=given["dismantling"],
        incentives=given["incentives"],
        deferred_rent=given["deferred_rent"],
    )
    return {"lease_liability": liability, "rou_asset": asset}


def liability_schedule(given: Inputs, outputs: Outputs) -> Figures:
    payments = np.full(given["n"], given["payment"])
    schedule = lease.liability_schedule(payments, given["rate"])
    asset = lease.finance_lease_asset(schedule.opening[0], schedule)
    figures = {
        "initial_measurement": lease.lease_liability(payments, given["rate"]),
        "total_interest": schedule.interest.sum(),
    }
    for year in range(given["n"]):
        figures[f"year{year + 1:02d}|interest"] = schedule.interest[year]
        figures[f"year{year + 1:02d}|closing"] = schedule.closing[year]
        figures[f"rou_after_{year + 1}_years"] = asset.closing[year]
    return figures


def excel_functions(given: Inputs, outputs: Outputs) -> Figures:
    return {call: golden_functions.figure(call) for call in outputs}


def api_workload(given: Inputs, outputs: Outputs) -> Figures:
    calls = given["calls_per_day"] * given["days"]
    read, written = given["input_tokens"], given["output_tokens"]
    figures: dict[str, float] = {}
    for name, key in (("sonnet", "sonnet"), ("gemini", "gemini_2_0_flash")):
        price = given[key]
        figures |= {
            f"{name}_input": float(unit.token_cost(calls * read, price["in"])),
            f"{name}_output": float(unit.token_cost(calls * written, price["out"])),
            f"{name}_total": float(unit.api_cost(calls, read, written, price["in"], price["out"])),
        }
    return figures | {"ratio": figures["sonnet_total"] / figures["gemini_total"]}


def gpu_counts(given: Inputs, outputs: Outputs) -> Figures:
    figures: dict[str, float] = {}
    for key in outputs:
        name = key.split("|")[1]
        if found := re.fullmatch(r"(\d+)B_(\w+?)_plus_(\d+)pct", name):
            weights = sizing.weights_gb(int(found[1]), sizing.BYTES_PER_PARAMETER[found[2]])
            figures[key] = float(sizing.model_memory_gb(weights, int(found[3]) / 100))
        else:
            overhead = given["overhead_factor"] - 1
            memory = sizing.model_memory_gb(given["weights_gb"][name], overhead)
            figures[key] = float(sizing.gpus_for_memory(memory, given["gpu_memory"]))
    return figures


def model_memory(given: Inputs, outputs: Outputs) -> Figures:
    figures: dict[str, float] = {}
    for key in outputs:
        model, quantity = key.split("|")
        kind, detail = quantity.split("_")
        if kind == "weights":
            figures[key] = float(sizing.weights_gb(given["params"][model], given["bytes_per_param"][detail]))
        else:
            shape = given["architecture"][model]
            cache = sizing.kv_cache_bytes(
                shape["layers"],
                shape["kv_heads"],
                shape["head_dim"],
                given["tokens"][detail],
                bytes_per_element=given["kv_bytes_per_element"],
            )
            figures[key] = float(sizing.gibibytes(cache))
    return figures


def kv_cache(given: Inputs, outputs: Outputs) -> Figures:
    figures: dict[str, float] = {}
    for key, output in outputs.items():
        model = given["llama2_7b" if key.endswith("llama2_7b") else "llama70b"]
        found = re.search(r"(\d+)_tokens", key)
        size = sizing.kv_cache_bytes(
            model["layers"],
            model["kv_heads"],
            model["head_dim"],
            int(found[1]) if found else 1,
            bytes_per_element=model["bytes"],
        )
        figures[key] = float(size if output["unit"] == "B" else sizing.gigabytes(size))
    return figures


def break_even_hours(given: Inputs, outputs: Outputs) -> Figures:
    hours = {
        tier: breakeven.break_even_hours(given["server_price"], rate, given["onprem_hourly_opex"])
        for tier, rate in given.items()
        if tier.startswith("cloud_")
    }
    figures = {f"breakeven_{tier.removeprefix('cloud_')}": value for tier, value in hours.items()}
    month = given["hours_per_month_for_month_figure"]
    return figures | {
        "breakeven_on_demand_months": hours["cloud_on_demand"] / month,
        "cloud_cost_year": unit.rental_cost(given["cloud_on_demand"], 1, YEAR),
    }


def leasing_advantage(given: Inputs, outputs: Outputs) -> Figures:
    years = round(given["asset"] / given["depreciation"])
    rate = lease.after_tax_rate(given["debt_rate"], given["tax"])
    return {
        "after_tax_rate": 100 * rate,
        "lease_cash_flow": lease.lease_cash_flow(given["lease"], given["depreciation"], given["tax"]),
        "pvifa": annuity.annuity_factor(rate, years),
        "nal": lease.net_advantage_to_leasing(
            given["asset"],
            [given["lease"]] * years,
            [given["depreciation"]] * years,
            given["tax"],
            given["debt_rate"],
            given["salvage"],
        ),
    }


def wacc_and_crf(given: Inputs, outputs: Outputs) -> Figures:
    debt = capital_cost.debt_share(given["debt_equity_ratio"])
    wacc = capital_cost.wacc(debt, given["equity_nominal"], given["debt_interest"], given["tax"])
    return {"wacc": wacc, "crf": capital_cost.crf(wacc, given["crf_periods_used"])}


def owned_or_cloud(given: Inputs, outputs: Outputs) -> Figures:
    capital = given["gpus"] * given["hw_cost_per_gpu"] * (1 + given["infra_overhead"])
    amortisation = datacentre.straight_line_per_month(capital, given["amortisation"])
    load = sizing.facility_power_kw(sizing.it_power_kw(given["gpus"], given["gpu_power"]), given["pue"])
    energy = sizing.energy_kwh(load, given["hours_per_month"])
    power = sizing.energy_cost(energy, given["electricity"])
    owned = amortisation + power + given["datacentre_monthly"]
    cloud = unit.rental_cost(given["cloud_price"], given["gpus"], given["hours_per_month"])
    cash = breakeven.break_even_months(capital, cloud, power + given["datacentre_monthly"])
    return {
        # The source concludes that the cloud is cheaper each month and that owning never breaks even.
        "printed_conclusion": bool(cloud < owned or not cash < 12 * given["amortisation"]),
        "rederived_capex": capital,
        "rederived_amortisation_month": amortisation,
        "rederived_energy_month": energy,
        "rederived_power_month": power,
        "rederived_onprem_month": owned,
        "rederived_cloud_month": cloud,
        "rederived_breakeven_their_formula": breakeven.break_even_months(capital, cloud, owned),
        "rederived_breakeven_cash": cash,
    }


def macrs_tables(given: Inputs, outputs: Outputs) -> Figures:
    published = load_tax_tables()
    conventions = {"HY": "half_year"} | {f"MQ{n}": name for n, name in enumerate(tax.MID_QUARTER, 1)}
    figures: dict[str, float] = {}
    for key in outputs:
        convention, years, year = key.split("|")
        table = published.table(int(years.removesuffix("yr")), conventions[convention])
        assert table is not None
        figures[key] = 100 * table.shares[int(year.removeprefix("year")) - 1]
    return figures


CALCULATIONS: Mapping[str, Callable[[Inputs, Outputs], Figures]] = {
    "after_tax_npv_macrs7_disposal_double_count": after_tax_npv,
    "aiinframap_2026_datacenter_power_10000_h100": datacentre_power,
    "alpha_one_2026_buy_vs_rent_errata": buy_or_rent_errata,
    "alpha_one_2026_colocation_monthly_8xh100": colocation_month,
    "alpha_one_2026_reserved_breakeven_utilisation": reserved_utilisation,
    "alpha_one_2026_tokens_per_dollar": tokens_per_dollar,
    "aws_capacity_blocks_2024_per_accelerator_price": price_per_accelerator,
    "barroso_wsc_amortisation_per_watt": amortisation_per_watt,
    "businessmath_lease_liability_quarterly": quarterly_liability,
    "citadel_2026_llama2_7b_cost_per_million_tokens": cost_per_million,
    "dynamics_lease_liability_annuity_due_inconsistent": liability_in_advance,
    "excel_dax_financial_functions": excel_functions,
    "gitintel_2026_api_monthly_workload_cost": api_workload,
    "gpu_count_from_memory": gpu_counts,
    "huggingface_llama31_memory": model_memory,
    "ifrscommunity_ifrs16_liability_schedule": liability_schedule,
    "irs_pub946_macrs_tables": macrs_tables,
    "kv_cache_worked_examples": kv_cache,
    "lenovo_lp2225_2025_breakeven_8xh100": break_even_hours,
    "nal_straight_line_3y_example": leasing_advantage,
    "nrel_profast_wacc_crf": wacc_and_crf,
    "randomcalculators_onprem_vs_cloud_8gpu_inconsistent": owned_or_cloud,
}
