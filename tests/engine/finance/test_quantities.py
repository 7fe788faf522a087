"""Sizing, unit costs and datacentre costs: counts are whole, splits recover the whole, units do not mix."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.engine.finance import datacentre, sizing
from desktop_app.engine.finance import unit_costs as unit

positive = st.floats(0.01, 1e5)


@given(st.floats(0.1, 5_000), st.floats(8, 300))
def test_the_gpus_hold_the_model_and_one_fewer_does_not(memory: float, each: float) -> None:
    gpus = float(sizing.gpus_for_memory(memory, each))
    assert gpus == int(gpus)
    assert gpus * each >= memory * (1 - 1e-8)
    assert (gpus - 1) * each < memory


@given(st.integers(1, 200))
def test_whole_multiples_need_no_spare_gpu(count: int) -> None:
    assert float(sizing.gpus_for_memory(count * 0.1, 0.1)) == count


@given(st.integers(1, 100))
def test_tensor_parallel_sizes_are_the_smallest_that_fit(count: int) -> None:
    size = float(sizing.tensor_parallel_gpus(count))
    allowed = [1, 2, 4, 8, 16, *range(32, 200, 16)]
    assert size == min(n for n in allowed if n >= count)


def test_no_gpus_and_no_allowed_sizes() -> None:
    assert np.isnan(sizing.tensor_parallel_gpus(3, ()))
    assert np.isnan(sizing.tensor_parallel_gpus(np.nan))
    assert float(sizing.gpus_for_memory(0, 80)) == 0
    assert np.isnan(sizing.gpus_for_memory(80, 0))


@given(st.integers(0, 50), st.integers(1, 32), st.sampled_from([4, 8, 16]))
def test_servers_hold_all_instances(instances: int, each: int, capacity: int) -> None:
    servers = float(sizing.servers(instances, each, capacity))
    assert servers * capacity >= instances * each
    if capacity % each == 0:
        assert servers == -(-instances * each // capacity)
    if instances == 0:
        assert servers == 0


@given(positive, positive, st.floats(1, 2), st.floats(1, 2), st.floats(0, 1))
def test_capacity_is_sized_on_the_rating_and_energy_on_the_draw(
    gpus: float, rated: float, pue: float, spare: float, draw: float
) -> None:
    load = sizing.it_power_kw(gpus, rated)
    facility = sizing.facility_power_kw(load, pue)
    drawn = sizing.facility_power_kw(sizing.it_power_kw(gpus, rated, draw=draw), pue)
    by_load_factor = float(sizing.energy_kwh(facility, 8_760, draw))
    assert float(sizing.energy_kwh(drawn, 8_760)) == pytest.approx(by_load_factor)
    assert float(sizing.sized_power_kw(facility, spare)) >= float(facility)
    overhead = 1 - float(load / facility)
    assert float(sizing.pue_overhead_share(pue)) == pytest.approx(overhead, abs=1e-9)


def test_training_hours_of_a_published_size() -> None:
    flop = sizing.training_flop(70e9, 15e12)
    assert float(flop) == 6.3e24
    hours = float(sizing.training_gpu_hours(flop, 989e12, 0.4))
    assert hours * 989e12 * 0.4 * 3_600 == pytest.approx(float(flop))


@given(positive, st.floats(1, 1e9), st.floats(1, 1e9), st.floats(0.1, 10))
def test_input_and_output_prices_recover_the_cost(
    cost: float, read: float, written: float, ratio: float
) -> None:
    price_in, price_out = unit.input_output_cost_per_million_tokens(cost, read, written, ratio)
    total = unit.token_cost(read, price_in) + unit.token_cost(written, price_out)
    assert float(total) == pytest.approx(cost)
    assert float(unit.api_cost(1, read, written, price_in, price_out)) == pytest.approx(cost)
    blend = unit.blended_price(price_in, price_out, read, written)
    assert float(unit.token_cost(read + written, blend)) == pytest.approx(cost)


@given(positive, st.integers(1, 512), st.floats(0.1, 1), st.floats(0.1, 1))
def test_the_three_gpu_hour_costs_differ_by_their_denominators(
    cost: float, gpus: int, availability: float, utilisation: float
) -> None:
    installed = float(unit.cost_per_installed_gpu_hour(cost, gpus))
    available = float(unit.cost_per_available_gpu_hour(cost, gpus, availability))
    used = float(unit.cost_per_used_gpu_hour(cost, gpus, availability, utilisation))
    assert installed <= available * (1 + 1e-12)
    assert available <= used * (1 + 1e-12)
    assert used * gpus * 8_760 * availability * utilisation == pytest.approx(cost)


@given(positive, positive, st.floats(0.01, 1))
def test_tokens_for_money_and_money_for_tokens(rate: float, speed: float, used: float) -> None:
    per_million = unit.cost_per_million_tokens(rate, speed, used)
    assert float(unit.tokens_per_money(rate, speed, used) * per_million) == pytest.approx(1e6)


def test_cached_input_is_charged_at_its_own_price() -> None:
    full = float(unit.api_cost(1_000, 2_000, 0, 3, 15))
    half = float(unit.api_cost(1_000, 2_000, 0, 3, 15, cached_share=0.5, cached_price=0.3))
    assert (full, half) == (6.0, pytest.approx(3.3))


def test_a_mix_of_prefill_and_decode_takes_the_sum_of_their_times() -> None:
    combined = float(unit.combined_tokens_per_second(8_000, 500, 3_000, 1_000))
    assert 4_000 / combined == pytest.approx(3_000 / 8_000 + 1_000 / 500)


def test_levelised_cost_is_the_price_at_which_the_machine_earns_its_capital() -> None:
    tokens = unit.effective_tokens(250, 8, 0.6, unit.parallel_efficiency(8, 0.03))
    price = unit.levelised_cost_of_inference(320_000, 0, 0.09, 4, 40_000, tokens)
    revenue = float(unit.token_cost(tokens, price))
    earned = sum((revenue - 40_000) / 1.09**year for year in range(1, 5))
    assert earned == pytest.approx(320_000)


@given(positive, st.floats(1, 20))
def test_amortisation_without_interest_is_straight_line(cost: float, years: float) -> None:
    level = float(datacentre.amortisation_per_month(cost, years, 0.0))
    assert level == pytest.approx(float(datacentre.straight_line_per_month(cost, years)))
    assert float(datacentre.amortisation_per_month(cost, years, 0.08)) > level


def test_a_part_filled_site_costs_more_but_its_power_does_not() -> None:
    full = float(datacentre.cost_per_watt_month(0.12, 0.06, 0.2, 0.05))
    filled = float(datacentre.cost_per_watt_month(0.12, 0.06, 0.2, 0.05, 0.5))
    assert filled - full == pytest.approx(0.18)
