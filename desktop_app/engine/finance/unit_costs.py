"""Costs per unit: GPU-hour (installed, available, used), million tokens, thousand requests, levelised
inference.

Costs are positive; cost and quantity are of the same span of time (a month, a year, a whole life). Token
prices are per million tokens. Sources: NVIDIA, "LLM Inference Benchmarking: How Much Does Your LLM Inference
Cost?" (2025); inferecon.com assumptions v0.2 (2026) for the levelised cost.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from desktop_app.engine.finance.arrays import FloatArray, finite, floats, quiet
from desktop_app.engine.finance.capital_cost import crf

_MILLION = 1e6
_SECONDS_PER_HOUR = 3_600


@quiet
def cost_per_unit(cost: ArrayLike, units: ArrayLike) -> FloatArray:
    """Cost / units, such as valid inferences or users.

    >>> float(cost_per_unit(300, 200))
    1.5
    """
    total, count = floats(cost, units)
    return finite(total / count)


@quiet
def server_cost_per_year(
    price: ArrayLike, years: ArrayLike, software: ArrayLike = 0.0, hosting: ArrayLike = 0.0
) -> FloatArray:
    """Yearly cost of a server: price / depreciation years + software + hosting (the latter two per year).

    >>> float(server_cost_per_year(320_000, 4, 4_500, 3_000))
    87500.0
    """
    paid, life, licences, place = floats(price, years, software, hosting)
    return finite(paid / life + licences + place)


@quiet
def cost_per_installed_gpu_hour(cost: ArrayLike, gpus: ArrayLike, hours: ArrayLike = 8_760.0) -> FloatArray:
    """Cost per GPU-hour that exists: cost / (GPUs × hours).

    >>> round(float(cost_per_installed_gpu_hour(140_160, 8)), 6)
    2.0
    """
    total, count, span = floats(cost, gpus, hours)
    return finite(total / (count * span))


@quiet
def cost_per_available_gpu_hour(
    cost: ArrayLike, gpus: ArrayLike, availability: ArrayLike, hours: ArrayLike = 8_760.0
) -> FloatArray:
    """Cost per GPU-hour in working order: cost / (GPUs × hours × availability).

    >>> round(float(cost_per_available_gpu_hour(140_160, 8, 0.8)), 6)
    2.5
    """
    return finite(cost_per_installed_gpu_hour(cost, gpus, hours) / floats(availability)[0])


@quiet
def cost_per_used_gpu_hour(
    cost: ArrayLike,
    gpus: ArrayLike,
    availability: ArrayLike,
    utilisation: ArrayLike,
    hours: ArrayLike = 8_760.0,
) -> FloatArray:
    """Cost per GPU-hour that does work: cost / (GPUs × hours × availability × utilisation of the available
    hours).

    >>> round(float(cost_per_used_gpu_hour(140_160, 8, 0.8, 0.5)), 6)
    5.0
    """
    return finite(cost_per_available_gpu_hour(cost, gpus, availability, hours) / floats(utilisation)[0])


@quiet
def rate_per_accelerator(instance_rate: ArrayLike, accelerators: ArrayLike) -> FloatArray:
    """Rate per accelerator-hour of an instance that holds several.

    >>> float(rate_per_accelerator(39.33, 8))
    4.91625
    """
    return cost_per_unit(instance_rate, accelerators)


@quiet
def rental_cost(
    rate: ArrayLike, gpus: ArrayLike, hours: ArrayLike, utilisation: ArrayLike = 1.0
) -> FloatArray:
    """Cost of renting: rate × GPUs × hours × utilisation, the rate per GPU-hour.

    A rate per instance goes with a number of instances; `rate_per_accelerator` converts it. Multiplying GPUs
    by an instance's rate is the commonest slip in published comparisons.

    >>> round(float(rental_cost(3.5, 4, 8_760, 0.7)), 2)
    85848.0
    """
    price, count, span, used = floats(rate, gpus, hours, utilisation)
    return finite(price * count * span * used)


@quiet
def cost_per_million_tokens(
    cost_per_hour: ArrayLike, tokens_per_second: ArrayLike, utilisation: ArrayLike = 1.0
) -> FloatArray:
    """Cost per million tokens of a machine: cost per hour / utilisation / (tokens per second × 3,600) × 10^6.

    >>> round(float(cost_per_million_tokens(0.526, 8.2)), 2)
    17.82
    """
    rate, speed, used = floats(cost_per_hour, tokens_per_second, utilisation)
    return finite(rate / used / (speed * _SECONDS_PER_HOUR) * _MILLION)


@quiet
def tokens_per_money(
    cost_per_hour: ArrayLike, tokens_per_second: ArrayLike, utilisation: ArrayLike = 1.0
) -> FloatArray:
    """Tokens for one unit of money: tokens per second × 3,600 × utilisation / cost per hour.

    >>> round(float(tokens_per_money(3.29, 155)), -2)
    169600.0
    """
    return finite(_MILLION / cost_per_million_tokens(cost_per_hour, tokens_per_second, utilisation))


@quiet
def input_output_cost_per_million_tokens(
    cost: ArrayLike, input_tokens: ArrayLike, output_tokens: ArrayLike, output_to_input_price: ArrayLike = 3.0
) -> tuple[FloatArray, FloatArray]:
    """Cost per million input and per million output tokens, split by a reference ratio of their prices.

    The two recover the cost: in × input tokens + out × output tokens = cost. NVIDIA's example has the ratio
    3.

    >>> [round(float(x), 2) for x in input_output_cost_per_million_tokens(100, 1e6, 3e6, 3)]
    [10.0, 30.0]
    """
    total, read, written, dearer = floats(cost, input_tokens, output_tokens, output_to_input_price)
    per_input = finite(total / (read + dearer * written) * _MILLION)
    return per_input, finite(per_input * dearer)


@quiet
def blended_price(
    input_price: ArrayLike, output_price: ArrayLike, input_tokens: ArrayLike, output_tokens: ArrayLike
) -> FloatArray:
    """Price per token whichever its kind, weighted by the tokens; the blend decides the figure, so state it.

    >>> float(blended_price(3, 15, 1, 1))
    9.0
    """
    price_in, price_out, read, written = floats(input_price, output_price, input_tokens, output_tokens)
    return finite((price_in * read + price_out * written) / (read + written))


@quiet
def token_cost(tokens: ArrayLike, price_per_million: ArrayLike) -> FloatArray:
    """Cost of tokens at a price per million.

    >>> float(token_cost(150e6, 3))
    450.0
    """
    count, price = floats(tokens, price_per_million)
    return finite(count * price / _MILLION)


@quiet
def api_cost(
    calls: ArrayLike,
    input_tokens: ArrayLike,
    output_tokens: ArrayLike,
    input_price: ArrayLike,
    output_price: ArrayLike,
    cached_share: ArrayLike = 0.0,
    cached_price: ArrayLike = 0.0,
) -> FloatArray:
    """Cost of API calls: calls × (input × price in + output × price out) / 10^6, tokens per call.

    A share of the input may be read from the provider's cache at its own price.

    >>> float(api_cost(300_000, 500, 300, 3, 15))
    1800.0
    """
    number, read, written, cached = floats(calls, input_tokens, output_tokens, cached_share)
    inputs = token_cost(number * read * (1 - cached), input_price)
    from_cache = token_cost(number * read * cached, cached_price)
    return finite(inputs + from_cache + token_cost(number * written, output_price))


@quiet
def cost_per_thousand_requests(cost: ArrayLike, requests: ArrayLike) -> FloatArray:
    """Cost / requests × 1,000.

    >>> float(cost_per_thousand_requests(1_800, 300_000))
    6.0
    """
    return finite(cost_per_unit(cost, requests) * 1_000)


@quiet
def combined_tokens_per_second(
    prefill_rate: ArrayLike, decode_rate: ArrayLike, input_tokens: ArrayLike, output_tokens: ArrayLike
) -> FloatArray:
    """Tokens per second, read or written, of a mix: harmonic mean of the two rates weighted by the tokens.

    >>> round(float(combined_tokens_per_second(10_000, 1_000, 500, 500)), 1)
    1818.2
    """
    prefill, decode, read, written = floats(prefill_rate, decode_rate, input_tokens, output_tokens)
    return finite((read + written) / (read / prefill + written / decode))


@quiet
def parallel_efficiency(gpus: ArrayLike, loss_per_doubling: ArrayLike) -> FloatArray:
    """Share of the throughput left when it is spread over GPUs: 1 - k log2(GPUs), not below 0.

    >>> round(float(parallel_efficiency(8, 0.05)), 6)
    0.85
    """
    count, loss = floats(gpus, loss_per_doubling)
    return finite(np.maximum(1 - loss * np.log2(count), 0.0))


@quiet
def effective_tokens(
    tokens_per_second: ArrayLike,
    gpus: ArrayLike,
    utilisation: ArrayLike,
    efficiency: ArrayLike = 1.0,
    hours: ArrayLike = 8_760.0,
) -> FloatArray:
    """Tokens a fleet yields: tokens per second per GPU × GPUs × efficiency × 3,600 × hours × average
    utilisation.

    >>> float(effective_tokens(100, 8, 0.5, 1.0, 1))
    1440000.0
    """
    speed, count, used, share, span = floats(tokens_per_second, gpus, utilisation, efficiency, hours)
    return finite(speed * count * share * _SECONDS_PER_HOUR * span * used)


@quiet
def levelised_cost_of_inference(
    capital: ArrayLike,
    residual: ArrayLike,
    rate: ArrayLike,
    years: ArrayLike,
    running_cost_per_year: ArrayLike,
    tokens_per_year: ArrayLike,
) -> FloatArray:
    """LCOI, cost per million tokens: ((capital - residual) × CRF + running cost) / tokens × 10^6, per year.

    `running_cost_per_year` is the fixed cost and the cost per GPU × GPUs, `tokens_per_year` as
    `effective_tokens`. The source takes the residual off the capital undiscounted; pass its present value for
    the exact annuity.

    >>> round(float(levelised_cost_of_inference(300_000, 60_000, 0.0, 4, 20_000, 1e11)), 2)
    0.8
    """
    invested, left, running, tokens = floats(capital, residual, running_cost_per_year, tokens_per_year)
    yearly = (invested - left) * crf(rate, years) + running
    return finite(yearly / tokens * _MILLION)
