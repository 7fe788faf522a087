"""What space and power cost: amortisation per watt, part-filled sites, colocation bills.

Costs are positive. Amortisation is money per watt of critical power and month. Source: L. A. Barroso, U.
Hölzle and others, "The Datacenter as a Computer", chapter on modelling costs.
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from desktop_app.engine.finance.annuity import periodic_rate, pmt
from desktop_app.engine.finance.arrays import FloatArray, finite, floats, quiet


@quiet
def cost_per_watt(price: ArrayLike, watts: ArrayLike) -> FloatArray:
    """Price per watt: of a server by the power it draws, of a site by its critical power.

    >>> float(cost_per_watt(4_000, 500))
    8.0
    """
    paid, power = floats(price, watts)
    return finite(paid / power)


@quiet
def straight_line_per_month(cost: ArrayLike, years: ArrayLike) -> FloatArray:
    """Monthly amortisation without interest: cost / (12 × years).

    >>> round(float(straight_line_per_month(12, 12)), 4)
    0.0833
    """
    paid, life = floats(cost, years)
    return finite(paid / (12 * life))


@quiet
def amortisation_per_month(cost: ArrayLike, years: ArrayLike, annual_rate: ArrayLike) -> FloatArray:
    """Monthly amortisation with interest: level payment at the nominal annual rate / 12 over the life.

    >>> round(float(amortisation_per_month(12, 12, 0.08)), 4)
    0.1299
    """
    paid, life = floats(cost, years)
    return finite(-pmt(periodic_rate(annual_rate), 12 * life, paid))


@quiet
def occupancy_factor(occupancy: ArrayLike) -> FloatArray:
    """Factor by which site costs rise when only a part of the site is filled: 1 / occupancy.

    It applies to the site's capital and running costs, not to the power that servers use.

    >>> round(float(occupancy_factor(2 / 3)), 6)
    1.5
    """
    return finite(1 / floats(occupancy)[0])


@quiet
def cost_per_watt_month(
    site_capital: ArrayLike,
    site_running: ArrayLike,
    server_capital: ArrayLike,
    server_running: ArrayLike,
    occupancy: ArrayLike = 1.0,
) -> FloatArray:
    """Total cost per watt and month: site amortisation and running cost over the occupancy, plus the
    servers'.

    All four are per watt and month; `server_running` includes the power.

    >>> round(float(cost_per_watt_month(0.13, 0.04, 0.19, 0.06, 2 / 3)), 4)
    0.505
    """
    site, site_run, server, server_run = floats(site_capital, site_running, server_capital, server_running)
    return finite((site + site_run) * occupancy_factor(occupancy) + server + server_run)


@quiet
def committed_power_cost(kilowatts: ArrayLike, price_per_kw_month: ArrayLike) -> FloatArray:
    """Monthly charge for committed power, used or not: kW × price per kW and month.

    >>> float(committed_power_cost(8, 150))
    1200.0
    """
    power, price = floats(kilowatts, price_per_kw_month)
    return finite(power * price)


@quiet
def colocation_per_month(
    cabinets: ArrayLike,
    kilowatts: ArrayLike,
    price_per_kw_month: ArrayLike,
    bandwidth: ArrayLike = 0.0,
    remote_hands: ArrayLike = 0.0,
    cross_connects: ArrayLike = 0.0,
) -> FloatArray:
    """Monthly colocation bill: cabinets + committed power + bandwidth + remote hands + cross-connects.

    Amounts are money per month; the hardware is not part of it.

    >>> float(colocation_per_month(400, 8, 150, 200, 100))
    1900.0
    """
    space, traffic, hands, links = floats(cabinets, bandwidth, remote_hands, cross_connects)
    return finite(space + committed_power_cost(kilowatts, price_per_kw_month) + traffic + hands + links)
