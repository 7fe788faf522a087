"""The difference of two scenarios attributed to what differs between them: values of a run, marked so."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import numpy as np

from desktop_app.engine.bridge import EXACT_UP_TO, PERMUTATIONS, Bridge, Step, bridge, differences
from desktop_app.engine.compute import CHECK_TOLERANCE, ScenarioResult
from desktop_app.engine.graph import Graph
from desktop_app.exchange.workbook.pack import Pack
from desktop_app.exchange.workbook.sheet import Sheet
from desktop_app.exchange.workbook.spots import cell

SEED = 1
_MOST_STEPS = 25
# Values to be computed in all, over mixtures of the scenarios, nodes, lines and months: about a second.
_MOST_VALUES = 3e8
# How many of the mixtures the engine computes at once, and what then fits in memory: 8 bytes each.
_AT_ONCE, _MOST_AT_ONCE = 256, 5e7
_LONGEST = 44
_EFFECT, _ERROR, _FIRST_TEXT, _SECOND_TEXT, _LAST = 1, 2, 3, 6, 8


@dataclass(frozen=True, slots=True)
class Attribution:
    """What the engine found, or one sentence why there is nothing."""

    found: Bridge | None
    why_not: str = ""


def attribute(pack: Pack, base: int, other: int) -> Attribution:
    """The steps from the TCO of the scenario at `base` to that at `other`, where they are soon computed."""
    a, b = pack.results[base], pack.results[other]
    count = len(differences(pack.plan, a.scenario, b.scenario, a.case, b.case))
    if not count:
        return Attribution(None, "No driver and no cost line differs between the two.")
    mixtures, values = _mixtures(count), _values(pack, a, b)
    if mixtures * values > _MOST_VALUES or min(mixtures, _AT_ONCE) * values > _MOST_AT_ONCE:
        return Attribution(
            None,
            f"Left out: to attribute {count:,} differences takes long in a plan of this size. The page "
            "Compare and the command “outlay compare” do it.",
        )
    found = bridge(pack.plan, a.scenario, b.scenario, "tco", a.case, SEED, b.case)
    if found.start is None or found.end is None:
        told = found.issues[-1].message if found.issues else ""
        return Attribution(None, f"Left out, since there is no figure between the two. {told}".strip())
    live = [float(pack.workings[place].program.value("figure/tco").flat[0]) for place in (base, other)]
    if not np.allclose([found.start, found.end], live, rtol=1e-9, atol=CHECK_TOLERANCE):
        return Attribution(None, "Left out, since the run did not meet the figures of this workbook.")
    return Attribution(found)


def _mixtures(count: int) -> float:
    """Mixtures of the two scenarios that the engine computes."""
    return 2.0**count if count <= EXACT_UP_TO else float(PERMUTATIONS * (count + 1))


def _values(pack: Pack, *results: ScenarioResult) -> int:
    def size(graph: Graph) -> int:
        return sum(max(1, len(node.lines)) for node in graph.nodes.values())

    return pack.months * sum(size(result.graph) for result in results)


def write_attribution(
    sheet: Sheet, pack: Pack, row: int, of: Attribution, live: tuple[int, str], number: str
) -> int:
    """The table from `row` on; gives the row after it. `live` is the place of the second scenario, and the
    cell of the live difference.
    """
    sheet.keep_together(row)
    sheet.text(row, 0, f"Why they differ: TCO by what differs, {pack.words}", "Section", font_size=12)
    for column in range(1, _LAST + 1):
        sheet.blank(row, column, "Section")
    if of.found is None:
        sheet.text(row + 1, 0, of.why_not, "Note")
        return row + 2
    row = sheet.paragraphs(row + 1, 0, _method(of.found), _LAST, "Note")
    sheet.texts(row, 0, ["What differs"])
    sheet.texts(row, _EFFECT, ["Effect on TCO", "Std. error"], align="right", text_wrap=True)
    sheet.merged(row, _FIRST_TEXT, _SECOND_TEXT - 1, of.found.a, "Heading", indent=1)
    sheet.merged(row, _SECOND_TEXT, _LAST, of.found.b, "Heading", indent=1)
    first = row + 1
    ranked = sorted(of.found.steps, key=lambda step: -abs(step.amount))
    shown, rest = (ranked, []) if len(ranked) <= _MOST_STEPS else (ranked[:_MOST_STEPS], ranked[_MOST_STEPS:])
    for step in shown:
        row += 1
        _write_step(sheet, row, step, number)
    if rest:
        row += 1
        sheet.text(row, 0, f"{len(rest):,} other differences")
        sheet.number(row, _EFFECT, sum(step.amount for step in rest), number, "Simulated")
        # the error of a sum is at most the sum of the errors
        sheet.number(row, _ERROR, sum(step.error for step in rest), number, "Simulated")
    return _write_check(sheet, pack, (first, row), of.found, live, number)


def _method(found: Bridge) -> str:
    text = (
        "Values of a run of the engine: they do not follow the inputs. Each is a Shapley value, the average "
        "effect of one difference over all orders in which the differences could be put in place: the steps "
        "sum exactly, and none depends on its position. "
    )
    if found.exact:
        return f"{text}All orders were counted: there is no sampling error."
    return (
        f"{text}Estimated from {PERMUTATIONS} orders of the {len(found.steps)} differences, seed {SEED}; the "
        "standard error of each step stands beside it, their sum has none."
    )


def _write_step(sheet: Sheet, row: int, step: Step, number: str) -> None:
    difference = step.difference
    kind = "" if difference.kind == "driver" else "Cost line: "
    sheet.text(row, 0, f"{kind}{difference.label}", text_wrap=True)
    sheet.number(row, _EFFECT, step.amount, number, "Simulated")
    sheet.number(row, _ERROR, step.error, number, "Simulated")
    for column, last, text in (
        (_FIRST_TEXT, _SECOND_TEXT - 1, difference.a),
        (_SECOND_TEXT, _LAST, difference.b),
    ):
        # "value", lest a number seem to be typed as text
        said = f"value {text}" if text and difference.kind == "driver" else text
        short = textwrap.shorten(said, _LONGEST, placeholder=" …") or "none"
        sheet.merged(row, column, last, short, "Note", indent=1)


def _write_check(
    sheet: Sheet, pack: Pack, rows: tuple[int, int], found: Bridge, live: tuple[int, str], number: str
) -> int:
    """Sum, stored difference, and whether both still say what the workbook says."""
    assert found.start is not None
    assert found.end is not None
    first, last = rows
    total = sum(step.amount for step in sorted(found.steps, key=lambda step: -abs(step.amount)))
    stored = found.end - found.start
    row = last + 1
    sheet.text(row, 0, "All differences", "Total")
    sum_text = f"SUM({cell(first, _EFFECT)}:{cell(last, _EFFECT)})"
    sheet.formula(row, _EFFECT, sum_text, total, number, "Total")
    sheet.text(row + 1, 0, "Difference in TCO when the run was made")
    sheet.number(row + 1, _EFFECT, stored, number, "Simulated")
    sheet.text(row + 2, 0, "Steps less that difference (must be zero)")
    text = f"ROUND({cell(row, _EFFECT)}-{cell(row + 1, _EFFECT)},2)"
    sheet.formula(row + 2, _EFFECT, text, 0.0, number, "Check")
    place, difference = live
    name = "Bridge: the steps by what differs add up to the stored difference"
    pack.bridge_checks.append((name, place, sheet.reference(row + 2, _EFFECT)))
    sheet.text(row + 3, 0, "Moved since then by changed inputs")
    text = f"ROUND({difference}-{cell(row + 1, _EFFECT)},2)"
    sheet.formula(row + 3, _EFFECT, text, 0.0, number)
    return row + 4
