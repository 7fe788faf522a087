"""The workbook as the engine's twin: random plans exported, recalculated from nothing, changed, compared."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.engine.compute import PlanResult, ScenarioResult, compute
from desktop_app.engine.model import CostLine, Plan, Scenario, Settings
from desktop_app.exchange.templates import Template, load_template, templates
from desktop_app.exchange.workbook.export import ExportError, export
from desktop_app.exchange.workbook.lint import lint
from desktop_app.exchange.workbook.pack import lay_out
from tests.exchange.workbook.changed_inputs import change_three, with_numbers
from tests.exchange.workbook.random_plans import computed_plan
from tests.exchange.workbook.recalculation import Cell, cells, differences, recalculated, same
from tests.libreoffice import LibreOffice

pytestmark = pytest.mark.libreoffice

# WORKBOOK_PLANS=200 runs as many; a few are enough to see most mistakes.
PLANS = int(os.environ.get("WORKBOOK_PLANS", "40"))
BATCH = 10
# Sheets whose layout hangs on nothing but the plan's structure, so that every formula stays where it was.
TWIN = (
    "Assumptions",
    "FX and rates",
    "Timeline",
    "Comparison",
    "Checks",
    "Cash flow",
    "Headcount",
    "Workings",
)


def _never() -> None:
    return None


@pytest.fixture(
    scope="module", params=range(0, PLANS, BATCH), ids=lambda first: f"seeds{first}-{first + BATCH - 1}"
)
def batch(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Exported workbooks by seed."""
    folder = tmp_path_factory.mktemp("plans")
    made = {}
    for seed in range(request.param, request.param + BATCH):
        path = folder / f"plan{seed}.xlsx"
        try:
            export(computed_plan(seed), path)
        except ExportError:
            continue  # a plan none of whose scenarios can be computed
        made[seed] = path
    assert len(made) >= BATCH - 2
    return made


def test_every_formula_recalculates_to_the_stored_value(
    batch: dict[int, Path], libreoffice: LibreOffice, tmp_path: Path
) -> None:
    fresh = recalculated(libreoffice, list(batch.values()), tmp_path)
    wrong = []
    for (seed, path), new in zip(batch.items(), fresh, strict=True):
        currency = computed_plan(seed).plan.settings.currency
        wrong += [f"seed {seed}: {text}" for text in differences(cells(path), new, currency)]
    assert not wrong, f"{len(wrong)} cells differ:\n" + "\n".join(text[:400] for text in wrong[:20])


def test_stored_values_are_the_engines_figures(batch: dict[int, Path]) -> None:
    for seed, path in batch.items():
        result = computed_plan(seed)
        stored = cells(path)
        for part, one in zip(lay_out(result, None, _never).workings, _usable(result), strict=True):
            sheet = stored[part.sheet]
            for name, figure in one.figures.items():
                held = sheet[_address(part.spot(f"figure/{name}").cell())].value
                assert same(held, "n/a" if figure.value is None else figure.value), (seed, one.name, name)


def test_changed_inputs_give_the_same_in_workbook_and_engine(
    batch: dict[int, Path], libreoffice: LibreOffice, tmp_path: Path
) -> None:
    changed: dict[int, tuple[Path, Path]] = {}
    for seed, path in batch.items():
        result = computed_plan(seed)
        plan, changes = change_three(lay_out(result, None, _never), seed)
        assert changes
        cases = tuple(dict.fromkeys(one.case for one in result.scenarios))
        again = compute(plan, cases=cases)
        if [one.name for one in _usable(again)] != [one.name for one in _usable(result)]:
            continue
        expected = tmp_path / f"engine{seed}.xlsx"
        export(again, expected)
        changed[seed] = with_numbers(path, tmp_path / f"changed{seed}.xlsx", changes), expected
    assert len(changed) >= len(batch) / 2
    fresh = recalculated(libreoffice, [workbook for workbook, _ in changed.values()], tmp_path / "fresh")
    wrong = []
    for (seed, (_, expected)), new in zip(changed.items(), fresh, strict=True):
        wanted = {name: sheet for name, sheet in cells(expected).items() if name.startswith(TWIN)}
        currency = computed_plan(seed).plan.settings.currency
        wrong += [f"seed {seed}: {text}" for text in differences(_formulas_of(wanted, new), new, currency)]
        wrong += [f"seed {seed}: {text}" for text in _moved(wanted, new)]
    assert not wrong, f"{len(wrong)} cells differ:\n" + "\n".join(text[:400] for text in wrong[:20])


def test_the_linter_has_nothing_to_say(batch: dict[int, Path]) -> None:
    for seed, path in list(batch.items())[:3]:
        assert not [finding for finding in lint(path) if finding.severity == "error"], seed


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.id)
def test_templates_recalculate_to_the_stored_values(
    template: Template, libreoffice: LibreOffice, tmp_path: Path
) -> None:
    plan = load_template(template)
    path = tmp_path / f"{template.id}.xlsx"
    export(compute(plan, cases=("", *(case.name for case in plan.cases[:1]))), path)
    (fresh,) = recalculated(libreoffice, [path], tmp_path / "fresh")
    assert not differences(cells(path), fresh, plan.settings.currency)
    assert not lint(path)


def test_a_wrong_stored_value_is_found(
    batch: dict[int, Path], libreoffice: LibreOffice, tmp_path: Path
) -> None:
    seed, path = next(iter(batch.items()))
    result = computed_plan(seed)
    spot = lay_out(result, None, _never).workings[0].spot("figure/tco")
    address = _address(spot.cell())
    right = cells(path)[spot.sheet][address].value
    assert isinstance(right, float)
    stored = cells(path)
    stored[spot.sheet][address] = Cell("TCO", right + 0.02 + abs(right) * 1e-8)
    (new,) = recalculated(libreoffice, [path], tmp_path)
    (found,) = differences(stored, new, result.plan.settings.currency)
    assert found.startswith(f"{spot.sheet}!{address}: ")


def _usable(result: PlanResult) -> list[ScenarioResult]:
    return [one for one in result.scenarios if one.program is not None and one.monthly]


def _address(reference: str) -> str:
    return reference.rpartition("!")[2].replace("$", "")


def _formulas_of(
    wanted: dict[str, dict[str, Cell]], other: dict[str, dict[str, Cell]]
) -> dict[str, dict[str, Cell]]:
    """Without the formulas that are none in the other workbook."""
    empty = Cell("", None)
    return {
        sheet: {
            at: cell for at, cell in found.items() if not cell.formula or other[sheet].get(at, empty).formula
        }
        for sheet, found in wanted.items()
    }


def _moved(wanted: dict[str, dict[str, Cell]], other: dict[str, dict[str, Cell]]) -> list[str]:
    """Formulas of one workbook that are none in the other."""
    return [
        f"{sheet}!{address}: ={cell.formula} is no formula in the changed workbook"
        for sheet, found in wanted.items()
        for address, cell in found.items()
        if cell.formula and not other[sheet].get(address, Cell("", None)).formula
    ]


def test_assets_counted_at_book_value_in_the_workbook_alone(libreoffice: LibreOffice, tmp_path: Path) -> None:
    fields = {"quantity": "4", "unit_price": "300000", "life": "48"}
    lines = (CostLine("Servers", "purchase", "Compute", fields),)
    plan = Plan("p", Settings(months=24), scenarios=(Scenario("Own", lines=lines), Scenario("None")))
    expected = replace(plan, settings=replace(plan.settings, horizon_value="book"))
    for name, one in (("none", plan), ("book", expected)):
        export(compute(one), tmp_path / f"{name}.xlsx")
    settings = cells(tmp_path / "none.xlsx")["Settings"]
    (row,) = (at[1:] for at, cell in settings.items() if str(cell.value).startswith("Net book value counted"))
    changed = with_numbers(tmp_path / "none.xlsx", tmp_path / "x.xlsx", [("Settings", f"C{row}", 1.0)])
    (fresh,) = recalculated(libreoffice, [changed], tmp_path / "fresh")
    wanted = {name: cells(tmp_path / "book.xlsx")[name] for name in ("Cash flow", "P&L and assets")}
    assert not differences(_formulas_of(wanted, fresh), fresh, "USD")
    assert any(cell.value == 600_000 for cell in wanted["Cash flow"].values())
