"""How much hardware and power a workload needs: memory, GPUs, servers, training hours, kW and kWh.

Memory is in decimal GB (10^9 bytes) unless a name says GiB (2^30): published tables mix the two. Counts are
whole numbers of GPUs, instances or servers. Sources: Hugging Face on Llama 3.1 (23 July 2024) and the IETF
draft "calabria-bmwg-ai-fabric-inference-bench" for memory, Epoch AI "training-cost-trends" for training,
power as datacentre practice has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from desktop_app.engine.finance.arrays import FloatArray, finite, floats, quiet

BYTES_PER_PARAMETER: Mapping[str, float] = MappingProxyType(
    {"FP32": 4.0, "FP16": 2.0, "BF16": 2.0, "FP8": 1.0, "INT8": 1.0, "FP4": 0.5, "INT4": 0.5, "NF4": 0.5}
)
TENSOR_PARALLEL_SIZES = (1, 2, 4, 8, 16)
BYTES_PER_GB = 1e9
BYTES_PER_GIB = 2.0**30

# A quotient that is whole but for rounding errors must not be rounded up to the next whole number.
_WHOLE = 1e-9


@quiet
def _round_up(quotient: FloatArray) -> FloatArray:
    return finite(np.ceil(quotient * (1 - _WHOLE)))


@quiet
def weights_gb(billion_parameters: ArrayLike, bytes_per_parameter: ArrayLike) -> FloatArray:
    """Memory of a model's weights in GB: billions of parameters × bytes per parameter.

    >>> float(weights_gb(70, BYTES_PER_PARAMETER["FP16"]))
    140.0
    """
    parameters, size = floats(billion_parameters, bytes_per_parameter)
    return finite(parameters * size)


@quiet
def kv_cache_bytes(
    layers: ArrayLike,
    kv_heads: ArrayLike,
    head_dimension: ArrayLike,
    tokens: ArrayLike,
    batch: ArrayLike = 1,
    bytes_per_element: ArrayLike = 2,
) -> FloatArray:
    """Bytes of the key-value cache: 2 × layers × KV heads × head dimension × tokens × batch × bytes per
    element.

    `kv_heads` is the count after grouping (8 for Llama 70B), not that of the attention heads; `tokens` is the
    context per sequence and `batch` the number of sequences held at once.

    >>> int(kv_cache_bytes(80, 8, 128, 4_096))
    1342177280
    """
    n_layers, heads, dimension, context, sequences, size = floats(
        layers, kv_heads, head_dimension, tokens, batch, bytes_per_element
    )
    return finite(2 * n_layers * heads * dimension * context * sequences * size)


@quiet
def gigabytes(size_bytes: ArrayLike) -> FloatArray:
    """Bytes in GB of 10^9 bytes.

    >>> float(gigabytes(2e9))
    2.0
    """
    return finite(floats(size_bytes)[0] / BYTES_PER_GB)


@quiet
def gibibytes(size_bytes: ArrayLike) -> FloatArray:
    """Bytes in GiB of 2^30 bytes.

    >>> float(gibibytes(2**31))
    2.0
    """
    return finite(floats(size_bytes)[0] / BYTES_PER_GIB)


@quiet
def model_memory_gb(weights: ArrayLike, overhead: ArrayLike = 0.0, kv_cache: ArrayLike = 0.0) -> FloatArray:
    """Memory to serve a model in GB: weights × (1 + overhead) + KV cache; 0.2 is a common overhead.

    >>> float(model_memory_gb(140, 0.2))
    168.0
    """
    held, share, cache = floats(weights, overhead, kv_cache)
    return finite(held * (1 + share) + cache)


@quiet
def gpus_for_memory(memory: ArrayLike, gpu_memory: ArrayLike) -> FloatArray:
    """Fewest GPUs that hold so much memory: memory / memory per GPU, rounded up (both in the same unit).

    >>> float(gpus_for_memory(810, 80))
    11.0
    """
    needed, each = floats(memory, gpu_memory)
    return _round_up(needed / each)


@quiet
def tensor_parallel_gpus(gpus: ArrayLike, allowed_sizes: Sequence[int] = TENSOR_PARALLEL_SIZES) -> FloatArray:
    """GPUs rounded up to a size a model can be split over; above the largest size, to a multiple of it.

    >>> [float(x) for x in tensor_parallel_gpus([3, 11, 17])]
    [4.0, 16.0, 32.0]
    """
    (count,) = floats(gpus)
    sizes = np.unique(np.asarray(allowed_sizes, dtype=np.float64))
    if sizes.size == 0:
        return finite(np.full(count.shape, np.nan))
    fitting = sizes[np.minimum(np.searchsorted(sizes, count), sizes.size - 1)]
    groups = _round_up(count / sizes[-1]) * sizes[-1]
    return finite(np.where(np.isnan(count), np.nan, np.where(count > sizes[-1], groups, fitting)))


@quiet
def replicas(peak_requests: ArrayLike, requests_per_instance: ArrayLike) -> FloatArray:
    """Instances of a model that meet a peak: peak requests/s over requests/s per instance at the latency
    limit.

    >>> float(replicas(25, 10))
    3.0
    """
    peak, each = floats(peak_requests, requests_per_instance)
    return _round_up(peak / each)


@quiet
def servers(instances: ArrayLike, gpus_per_instance: ArrayLike, gpus_per_server: ArrayLike) -> FloatArray:
    """Servers for a number of instances: instances / instances that fit into a server, rounded up.

    Where the GPUs of a server are a multiple of those of an instance this is instances × GPUs per instance /
    GPUs per server. An instance larger than a server takes whole servers of its own.

    >>> [float(x) for x in servers([3, 3, 3], [2, 16, 3], 8)]
    [1.0, 6.0, 2.0]
    """
    count, each, capacity = floats(instances, gpus_per_instance, gpus_per_server)
    together = np.floor(capacity / each)
    shared = _round_up(count / np.maximum(together, 1))
    spanning = count * _round_up(each / capacity)
    return finite(np.where(each > capacity, spanning, shared))


@quiet
def fleet_gpus(
    gpus_per_instance: ArrayLike, instances: ArrayLike, training_gpus: ArrayLike = 0.0
) -> FloatArray:
    """GPUs of a fleet that serves at peak or trains, not both at once: max(GPUs per instance × instances,
    training).

    >>> float(fleet_gpus(4, 3, 8))
    12.0
    """
    each, count, training = floats(gpus_per_instance, instances, training_gpus)
    return finite(np.maximum(each * count, training))


@quiet
def training_flop(parameters: ArrayLike, tokens: ArrayLike) -> FloatArray:
    """Floating-point operations to train a dense model: 6 × parameters × tokens.

    >>> float(training_flop(7e9, 1e12))
    4.2e+22
    """
    size, seen = floats(parameters, tokens)
    return finite(6 * size * seen)


@quiet
def training_gpu_hours(
    flop: ArrayLike, peak_flop_per_second: ArrayLike, utilisation: ArrayLike = 0.375
) -> FloatArray:
    """GPU-hours of a training run: FLOP / (peak FLOP/s × model FLOP utilisation × 3,600).

    The default utilisation is the median in Epoch AI's data.

    >>> round(float(training_gpu_hours(4.2e22, 989e12, 0.4)))
    29491
    """
    work, peak, used = floats(flop, peak_flop_per_second, utilisation)
    return finite(work / (peak * used * 3_600))


@quiet
def it_power_kw(
    gpus: ArrayLike, kw_per_gpu: ArrayLike, server_factor: ArrayLike = 1.0, draw: ArrayLike = 1.0
) -> FloatArray:
    """Power of the IT load in kW: GPUs × rated kW × server factor × average draw.

    The server factor adds CPUs, fans and network to the GPUs' rated power; the draw is the average share of
    the rated power (1 for sizing, below 1 for energy).

    >>> round(float(it_power_kw(10_000, 0.7, 1.3)), 6)
    9100.0
    """
    count, rated, factor, share = floats(gpus, kw_per_gpu, server_factor, draw)
    return finite(count * rated * factor * share)


@quiet
def facility_power_kw(it_power: ArrayLike, pue: ArrayLike) -> FloatArray:
    """Power of the facility in kW: IT power × power usage effectiveness.

    >>> round(float(facility_power_kw(9_100, 1.3)), 6)
    11830.0
    """
    load, effectiveness = floats(it_power, pue)
    return finite(load * effectiveness)


@quiet
def pue_overhead_share(pue: ArrayLike) -> FloatArray:
    """Share of the facility's power that is not IT: 1 - 1 / PUE.

    >>> round(float(pue_overhead_share(1.25)), 6)
    0.2
    """
    return finite(1 - 1 / floats(pue)[0])


@quiet
def sized_power_kw(facility_power: ArrayLike, redundancy: ArrayLike) -> FloatArray:
    """Capacity to build or contract in kW: facility power × redundancy factor (1.1 for N+1). Not for energy.

    >>> round(float(sized_power_kw(11_830, 1.1)), 6)
    13013.0
    """
    load, factor = floats(facility_power, redundancy)
    return finite(load * factor)


@quiet
def energy_kwh(facility_power: ArrayLike, hours: ArrayLike, load_factor: ArrayLike = 1.0) -> FloatArray:
    """Energy in kWh: facility kW × hours × load factor.

    Part use belongs into the load factor or into the hours, never into both.

    >>> round(float(energy_kwh(11_830, 8_760)))
    103630800
    """
    load, duration, factor = floats(facility_power, hours, load_factor)
    return finite(load * duration * factor)


@quiet
def energy_cost(energy: ArrayLike, price_per_kwh: ArrayLike) -> FloatArray:
    """Cost of energy: kWh × price per kWh.

    >>> round(float(energy_cost(1_000, 0.08)), 2)
    80.0
    """
    used, price = floats(energy, price_per_kwh)
    return finite(used * price)


@quiet
def emissions_tonnes(energy: ArrayLike, kg_per_kwh: ArrayLike) -> FloatArray:
    """Emissions in tonnes of CO2 equivalent: kWh × kg per kWh / 1,000.

    >>> round(float(emissions_tonnes(100_000, 0.37)), 6)
    37.0
    """
    used, intensity = floats(energy, kg_per_kwh)
    return finite(used * intensity / 1_000)
