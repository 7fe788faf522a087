"""Every published worked case, through the engine's public functions, to the precision it was printed with.

Where the publication is right we must print the same figure; where it is a mistake we must give the figure
that its own inputs lead to, and not the printed one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from desktop_app.engine.finance.sizing import gpus_for_memory, tensor_parallel_gpus
from desktop_app.engine.finance.tax_tables import declining_balance_shares
from tests.engine.golden_calculations import CALCULATIONS, Figures

GOLDEN = Path(__file__).parent.parent / "data" / "golden"


@cache
def case(name: str) -> dict[str, Any]:
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


@cache
def figures(name: str) -> Figures:
    inputs = {key: entry["value"] for key, entry in case(name)["inputs"].items()}
    return CALCULATIONS[name](inputs, case(name)["outputs"])


def half_up(value: float, decimals: int) -> Decimal:
    """Rounded as publications do; 13 significant digits are exact, further ones are noise of binary
    fractions."""
    return Decimal(f"{value:.13g}").quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def outputs() -> Iterator[Any]:
    for path in sorted(GOLDEN.glob("*.json")):
        for key in case(path.stem)["outputs"]:
            yield pytest.param(path.stem, key, id=f"{path.stem}-{key}")


def test_every_golden_file_is_covered() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(CALCULATIONS)


@pytest.mark.parametrize(("name", "key"), list(outputs()))
def test_published_figure(name: str, key: str) -> None:
    published = case(name)["outputs"][key]
    ours = figures(name)[key]
    value, match = published["value"], published.get("match", "ours")
    if isinstance(value, str):
        # A conclusion in words, computed as whether it holds.
        assert ours is match
    elif match is True:
        assert half_up(ours, published["printed_decimals"]) == half_up(value, published["printed_decimals"])
    elif match == "within stated tolerance":
        assert abs(ours - value) <= abs(published["difference"]) * (1 + 1e-9)
    elif match is False:
        assert ours == pytest.approx(published["rederived"], rel=1e-9, abs=1e-9)
        assert half_up(ours, published["printed_decimals"]) != half_up(value, published["printed_decimals"])
    elif match is None:
        # What a formula gives that the case calls wrong.
        assert ours != pytest.approx(value, rel=1e-3)
    else:
        assert match == "ours", f"an unknown kind of match: {match!r}"
        assert ours == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize("key", ["HY|3yr", "HY|5yr", "HY|7yr", "HY|10yr", "HY|15yr", "MQ1|5yr", "MQ4|7yr"])
def test_derived_macrs_percentages_are_the_unrounded_ones(key: str) -> None:
    given = case("irs_pub946_macrs_tables")
    rows = [row for name, row in given["outputs"].items() if name.startswith(f"{key}|")]
    convention, years = key.split("|")
    recovery_years = int(years.removesuffix("yr"))
    quarters = given["inputs"]["mid_quarter_first_year_fraction"]["value"]
    first = quarters[f"Q{convention[2]}"] if convention.startswith("MQ") else 0.5
    shares = declining_balance_shares(recovery_years, 2.0 if recovery_years <= 10 else 1.5, first)
    assert 100 * shares == pytest.approx([row["rederived"] for row in rows], rel=1e-12)


def test_counts_of_pan_and_wang_are_the_bare_ones_rounded_to_sizes_a_model_splits_into() -> None:
    weights = case("gpu_count_from_memory")["inputs"]["weights_gb"]["value"]
    names = ["Kimi-K2 FP8", "Qwen3-235B FP8", "gpt-oss-120B FP8", "GLM-4.5-Air FP8", "Llama-3.3-70B FP8"]
    bare = gpus_for_memory([weights[name] for name in names], 80)
    assert tensor_parallel_gpus(bare).tolist() == [16, 4, 2, 2, 1]
    # Their sixth model takes 6 GPUs, for them an allowed size.
    assert tensor_parallel_gpus(gpus_for_memory(weights["GLM-4.5 FP8"], 80), (1, 2, 4, 6, 8)) == 6


def test_amortisation_in_the_running_cost_would_count_the_capital_twice() -> None:
    given = figures("randomcalculators_onprem_vs_cloud_8gpu_inconsistent")
    assert given["rederived_breakeven_cash"] < 48 < given["rederived_breakeven_their_formula"]
