"""The reference plan's "Own servers", written by hand in NumPy as an analyst would: the yardstick for the
engine's speed. It knows the plan's lines and settings; the engine's figures must come out of it exactly.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

MONTHS, HOURS, TAX = 60, 730.0, 0.25
MACRS = np.array([0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576])
MONTH = np.arange(1.0, MONTHS + 1)
YEARS = (MONTH - 1) / 12


def index(rate: Array | float) -> Array:
    return (1 + rate) ** YEARS


def up(x: Array, lot: float = 1.0) -> Array:
    return np.ceil(np.round(x / lot, 9)) * lot


def bought(target: Array, life: int) -> Array:
    running = np.zeros((len(target), MONTHS + 1))
    for month in range(MONTHS):
        young = running[:, month] - running[:, max(0, month - life + 1)]
        running[:, month + 1] = running[:, month] + np.maximum(0, target[:, month] - young)
    return np.diff(running, axis=1)


def window(x: Array, months: int) -> Array:
    total = np.cumsum(x, axis=1)
    total[:, months:] -= np.cumsum(x, axis=1)[:, :-months]
    return total


def earlier(x: Array, months: int) -> Array:
    shifted = np.zeros_like(x)
    shifted[:, months:] = x[:, :-months]
    return shifted


def by_table(capex: Array) -> Array:
    additions = capex.reshape(len(capex), -1, 12).sum(axis=2)
    charge = np.zeros_like(capex)
    for year in range(MONTHS // 12):
        for age in range(year + 1):
            charge[:, 12 * year + 11] += additions[:, year - age] * MACRS[age]
    return charge


def own_servers(given: Mapping[str, Array | float]) -> dict[str, Array]:
    """Key figures by trial; `given` has each driver as a number or as a column of numbers."""
    g = {name: np.asarray(value) for name, value in given.items()}
    growth = index(g["demand_growth"])
    tokens = g["requests_start"] * growth * g["tokens_out_per_request"]
    busy = tokens / (g["throughput_h200"] * g["latency_share"] * g["quantisation"]) / 3600
    peak = busy / HOURS * g["peak_to_average"] * (1 + g["headroom"]) * g["owned_peak"]
    servers = up(peak / g["gpus_per_server"])
    power = servers * g["server_power"] * 1.08
    electricity = power * g["load_factor"] * g["pue"] * HOURS
    hardware = index(g["hardware_price_change"])

    share = g["network_share"] / (1 - g["network_share"])
    new = bought(servers, 60)
    server_capex = new * g["server_price"] * hardware
    network = new * g["server_price"] * share * hardware
    storage = bought(up(g["storage"] * growth, 100), 60) * 420 * hardware
    nodes = np.where((MONTH == 1) | (MONTH == 37), 4 * 14_000, 0.0) * hardware
    nodes = np.broadcast_to(nodes, servers.shape)
    racks = new * 2_600
    cage = bought(up(power, 50), 120) * 450 * 1.1
    install = new * g["installation_price"] * 1.1
    compute = server_capex + network + storage + nodes + install
    capex = compute + racks + cage
    sold = earlier(server_capex, 60) * 0.1 if MONTHS > 60 else 0.0
    nodes_gone = earlier(nodes, 36)
    depreciation = (
        window(server_capex, 60) * 0.9 / 60
        + window(network + storage + racks + install, 60) / 60
        + window(nodes, 36) / 36
        + window(cage, 120) / 120
    )
    book = np.cumsum(capex - depreciation, axis=1) - sold

    fee = np.cumsum(compute - nodes_gone, axis=1)
    three, half = index(0.03), index(0.025)
    operators = np.maximum(1, servers * g["gpus_per_server"] / g["gpus_per_operator"])
    joined = np.maximum(0, operators - earlier(operators, 1)) + operators * 0.12 / 12
    merit = index(g["merit"]) * 1.3 / 12
    hired = np.where(MONTH == 1, 2.0, 0.0) + 3 * 0.12 / 12
    training = np.where((MONTH - 1) % 12 == 0, 24_000 * three, 0.0)
    monthly = (
        power * g["colocation_price"] * three
        + electricity * g["electricity_price"] * half
        + power * g["pue"] * 9 * half
        + 4 * 650 * three
        + 2 * 2_400
        + g["maintenance_rate"] / 12 * fee
        + servers * g["gpu_failures"] / 12 * g["server_price"] * hardware
        + servers * g["gpus_per_server"] * g["gpu_software"]
        + 9_000 * three
        + 0.004 / 12 * fee
        + np.where(MONTH == 1, 180_000.0, 0.0)
        + np.where(MONTH <= 6, 22_000.0, 0.0)
        + np.where(MONTH == 60, servers * 1_500, 0.0)
        + (3 * 165_000 + 0.5 * 135_000 + 0.5 * 150_000 + operators * 118_000) * merit
        + hired * 25_000
        + joined * 15_000
    )
    opex = monthly + training
    expense = monthly + np.repeat(training[::12] / 12, 12)
    last = MONTH == MONTHS
    recovered = book * last
    cost = capex + opex - sold - recovered

    # The first nodes are scrapped in their fourth tax year, which they take in full; the rest goes with them.
    taxed = by_table(server_capex + network + storage + install + nodes)
    first = nodes[:, :1]
    taxed[:, 59] -= first[:, 0] * MACRS[4]
    scrapped = np.where(MONTH == 37, first * MACRS[4:].sum(), 0.0)
    taxed = taxed + window(racks, 60) / 60 + window(cage, 120) / 120
    tax_book = np.cumsum(capex - taxed - scrapped, axis=1)
    deduction = expense + taxed + scrapped - sold + (tax_book - book) * last
    after_tax = cost - TAX * deduction

    factor = (1 + g["cost_of_capital"]) ** (-(MONTH - 0.5) / 12)
    npv = (cost * factor).sum(axis=1)
    rate = g["cost_of_capital"].reshape(-1)
    return {
        "tco": cost.sum(axis=1),
        "npv_cost": npv,
        "npv_after_tax": (after_tax * factor).sum(axis=1),
        "capex": capex.sum(axis=1),
        "opex": opex.sum(axis=1),
        "eac": npv * rate / (1 - (1 + rate) ** (-MONTHS / 12)),
        "cumulative": np.cumsum(cost, axis=1),
    }
