"""The checks sheet: what must be zero in every scenario, and the master check that every sheet repeats."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.engine.compute import CHECK_TOLERANCE
from desktop_app.exchange.workbook.pack import Pack
from desktop_app.exchange.workbook.sheet import BODY, Banner, Sheet
from desktop_app.exchange.workbook.spots import cell
from desktop_app.exchange.workbook.styles import COUNT, DECIMAL, FINE, TINY

_MASTER = BODY + 1
_FAILED, _TOLERANCE, _RELATIVE = BODY + 2, BODY + 3, BODY + 4
_HEAD = BODY + 6
_FIRST = _HEAD + 1
_FAILS = 6  # column of the results
_LARGE_SUMS = 1e-10
HOLDS, FAILS = "All checks hold", "CHECKS FAIL"


def master_cell(pack: Pack) -> str:
    """The cell with the words of the master check, for other sheets."""
    return f"'{pack.sheets['checks']}'!{cell(_MASTER, 1, absolute=True)}"


def master_value(pack: Pack) -> str:
    """What it says now."""
    return FAILS if any(_fails(pack, check) for check in _all(pack)) else HOLDS


@dataclass(frozen=True, slots=True)
class _Check:
    """One relation of one scenario: the cell that must be zero, and what it is now."""

    label: str
    place: int
    spot: str
    difference: float


def _all(pack: Pack) -> list[_Check]:
    """The checks of all scenarios, and those of the bridge where it is laid out."""
    found = []
    for place, part in enumerate(pack.workings):
        for name in part.graph.checks:
            key = f"check/{name}"
            difference = float(part.program.value(key).flat[0])
            found.append(_Check(part.graph.nodes[key].label, place, part.spot(key).cell(), difference))
    return found + [_Check(label, place, spot, 0.0) for label, place, spot in pack.bridge_checks]


def _tolerance(pack: Pack, place: int) -> float:
    tco = float(pack.workings[place].program.value("figure/tco").flat[0])
    return CHECK_TOLERANCE * max(1.0, abs(tco) * _LARGE_SUMS)


def _fails(pack: Pack, check: _Check) -> bool:
    return not abs(check.difference) < _tolerance(pack, check.place)


def write_checks(sheet: Sheet, pack: Pack, banner: Banner) -> None:
    """Every check of every scenario with its tolerance and result."""
    for column, characters in enumerate((64, 30, 8, 16, 16, 12, 14)):
        sheet.width(column, characters)
    sheet.set_widths()
    sheet.header(banner, "Relations that must hold in every scenario; the master check stands on every sheet")
    rows = list(enumerate(_all(pack), start=_FIRST))
    last = max((row for row, _ in rows), default=_FIRST)
    results = f"{cell(_FIRST, _FAILS, True)}:{cell(last, _FAILS, True)}"
    failed = sum(_fails(pack, check) for _, check in rows)
    sheet.text(_MASTER, 0, "Master check", bold=True)
    sheet.formula(
        _MASTER, 1, f'IF({cell(_FAILED, 1)}=0,"{HOLDS}","{FAILS}")', FAILS if failed else HOLDS, role="Check"
    )
    sheet.warn(_MASTER, 1, f"{cell(_FAILED, 1)}<>0")
    sheet.text(_FAILED, 0, "Checks that fail")
    sheet.formula(_FAILED, 1, f"SUM({results})", float(failed), COUNT)
    sheet.text(_TOLERANCE, 0, f"Tolerance, {pack.plan.settings.currency}")
    sheet.number(_TOLERANCE, 1, CHECK_TOLERANCE, FINE)
    sheet.text(_RELATIVE, 0, "Multiplied, for very large plans, by this times the TCO where that is above 1")
    sheet.number(_RELATIVE, 1, _LARGE_SUMS, TINY)
    sheet.texts(_HEAD, 0, ["Check", "Scenario", "Unit"])
    sheet.texts(_HEAD, 3, ["Difference", "TCO", "Tolerance", "Fails (1 yes)"], align="right")
    for row, check in rows:
        sheet.label(row, 0, check.label)
        sheet.label(row, 1, pack.labels[check.place])
        sheet.text(row, 2, pack.plan.settings.currency, "Note")
        sheet.formula(row, 3, check.spot, check.difference, DECIMAL, "Link")
        part = pack.workings[check.place]
        tco = float(part.program.value("figure/tco").flat[0])
        sheet.formula(row, 4, part.spot("figure/tco").cell(), tco, COUNT, "Link")
        tolerance = f"{cell(_TOLERANCE, 1, True)}*MAX(1,ABS({cell(row, 4)})*{cell(_RELATIVE, 1, True)})"
        sheet.formula(row, 5, tolerance, _tolerance(pack, check.place), FINE)
        test = f"IF(ISNUMBER({cell(row, 3)}),IF(ABS({cell(row, 3)})<{cell(row, 5)},0,1),1)"
        sheet.formula(row, _FAILS, test, float(_fails(pack, check)), COUNT, "Check")
        sheet.warn(row, _FAILS, f"{cell(row, _FAILS)}<>0")
    sheet.worksheet.freeze_panes(_HEAD + 1, 1)
    sheet.print_fitted(banner)
    sheet.flush()
