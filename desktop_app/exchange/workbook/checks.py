"""The checks sheet: what must be zero in every scenario, and the master check that every sheet repeats."""

from __future__ import annotations

from desktop_app.engine.compute import CHECK_TOLERANCE
from desktop_app.exchange.workbook.pack import Pack
from desktop_app.exchange.workbook.sheet import BODY, Banner, Sheet
from desktop_app.exchange.workbook.spots import cell
from desktop_app.exchange.workbook.styles import COUNT, DECIMAL, FINE, TINY

_MASTER = BODY + 1
_FAILED, _TOLERANCE, _RELATIVE = BODY + 2, BODY + 3, BODY + 4
_HEAD = BODY + 6
_FIRST = _HEAD + 1
_LARGE_SUMS = 1e-10
HOLDS, FAILS = "All checks hold", "CHECKS FAIL"


def master_cell(pack: Pack) -> str:
    """The cell with the words of the master check, for other sheets."""
    return f"'{pack.sheets['checks']}'!{cell(_MASTER, 1, absolute=True)}"


def master_value(pack: Pack) -> str:
    """What it says now."""
    return FAILS if any(_fails(pack, place, name) for place, name in _all(pack)) else HOLDS


def _all(pack: Pack) -> list[tuple[int, str]]:
    return [(place, name) for place, part in enumerate(pack.workings) for name in part.graph.checks]


def _difference(pack: Pack, place: int, name: str) -> float:
    return float(pack.workings[place].program.value(f"check/{name}").flat[0])


def _tolerance(pack: Pack, place: int) -> float:
    tco = float(pack.workings[place].program.value("figure/tco").flat[0])
    return CHECK_TOLERANCE * max(1.0, abs(tco) * _LARGE_SUMS)


def _fails(pack: Pack, place: int, name: str) -> bool:
    return not abs(_difference(pack, place, name)) < _tolerance(pack, place)


def write_checks(sheet: Sheet, pack: Pack, banner: Banner) -> None:
    """Every check of every scenario with its tolerance and result."""
    for column, characters in enumerate((64, 30, 8, 18, 16, 14)):
        sheet.width(column, characters)
    sheet.set_widths()
    sheet.header(banner, "Relations that must hold in every scenario; the master check stands on every sheet")
    rows = list(enumerate(_all(pack), start=_FIRST))
    last = max((row for row, _ in rows), default=_FIRST)
    results = f"{cell(_FIRST, 5, True)}:{cell(last, 5, True)}"
    failed = sum(_fails(pack, place, name) for _, (place, name) in rows)
    sheet.text(_MASTER, 0, "Master check", bold=True)
    sheet.formula(
        _MASTER, 1, f'IF({cell(_FAILED, 1)}=0,"{HOLDS}","{FAILS}")', FAILS if failed else HOLDS, role="Check"
    )
    sheet.text(_FAILED, 0, "Checks that fail")
    sheet.formula(_FAILED, 1, f"SUM({results})", float(failed), COUNT)
    sheet.text(_TOLERANCE, 0, f"Tolerance, {pack.plan.settings.currency}")
    sheet.number(_TOLERANCE, 1, CHECK_TOLERANCE, FINE)
    sheet.text(_RELATIVE, 0, "Multiplied, for very large plans, by this times the TCO where that is above 1")
    sheet.number(_RELATIVE, 1, _LARGE_SUMS, TINY)
    sheet.texts(_HEAD, 0, ["Check", "Scenario", "Unit", "Difference", "Tolerance", "Fails (1 yes)"])
    for row, (place, name) in rows:
        part = pack.workings[place]
        sheet.text(row, 0, part.graph.nodes[f"check/{name}"].label)
        sheet.text(row, 1, pack.labels[place])
        sheet.text(row, 2, pack.plan.settings.currency, "Note")
        sheet.formula(
            row, 3, part.spot(f"check/{name}").cell(), _difference(pack, place, name), DECIMAL, "Link"
        )
        tco = part.spot("figure/tco").cell()
        tolerance = f"{cell(_TOLERANCE, 1, True)}*MAX(1,ABS({tco})*{cell(_RELATIVE, 1, True)})"
        sheet.formula(row, 4, tolerance, _tolerance(pack, place), FINE)
        test = f"IF(ISNUMBER({cell(row, 3)}),IF(ABS({cell(row, 3)})<{cell(row, 4)},0,1),1)"
        sheet.formula(row, 5, test, float(_fails(pack, place, name)), COUNT, "Check")
    sheet.worksheet.freeze_panes(_HEAD + 1, 1)
    sheet.print_fitted(banner)
    sheet.flush()
