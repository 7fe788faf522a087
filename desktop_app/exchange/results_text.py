"""Results as aligned text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desktop_app.document.history import HistoryEntry
from desktop_app.engine.bridge import Bridge
from desktop_app.engine.compute import PlanResult
from desktop_app.engine.explain import Explanation
from desktop_app.engine.model import Source
from desktop_app.engine.risk import Simulation
from desktop_app.engine.sensitivity import Swing

NOTHING = "\N{EN DASH}"


def number(value: float | None, decimals: int = 2) -> str:
    """A number for reading; a dash where there is none.

    >>> number(1234567.891), number(-1e-9), number(None)
    ('1,234,567.89', '0.00', '–')
    """
    # "z": what is rounded to zero has no sign
    return NOTHING if value is None or value != value else f"{value:z,.{decimals}f}"


def quantity(value: float | None) -> str:
    """A number of unknown size with as many digits as it needs.

    >>> quantity(312664.0), quantity(0.146), quantity(None)
    ('312,664', '0.146', '–')
    """
    if value is None or value != value:
        return NOTHING
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.2f}" if abs(value) >= 1000 else f"{value:.6g}"


def measured(value: float | None, unit: str) -> str:
    """A number with its unit; shares, which are kept as plain numbers, in per cent.

    >>> measured(0.05, "%"), measured(10.2, "kW/server"), measured(3.0, "")
    ('5%', '10.2 kW/server', '3')
    """
    if unit == "%" and value is not None:
        return f"{quantity(value * 100)}%"
    return f"{quantity(value)} {unit}".rstrip()


def table(header: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> str:
    """Columns side by side, the first `left` of them ranged left, the others right.

    >>> print(table(["Figure", "Buy"], [["TCO", "12.00"], ["CapEx", "7.50"]]))
    Figure    Buy
    ------  -----
    TCO     12.00
    CapEx    7.50
    """
    lines = [list(header), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def figures_text(result: PlanResult) -> str:
    """The key figures of all scenarios side by side, and when they break even."""
    names = list(dict.fromkeys(name for one in result.scenarios for name in one.figures))
    rows = []
    for name in names:
        known = next(one.figures[name] for one in result.scenarios if name in one.figures)
        values = [
            _figure(one.figures[name].value if name in one.figures else None, known.unit)
            for one in result.scenarios
        ]
        rows.append([known.label, known.unit, *values])
    parts = [table(["Key figure", "Unit", *(one.name for one in result.scenarios)], rows, left=2)]
    lines = []
    for pair in result.pairs:
        case = f" ({pair.case})" if pair.case else ""
        month = pair.figures["break_even_month"].value
        even = "no break-even within the plan" if month is None else f"break-even after {month:.1f} months"
        saved = pair.figures["npv_difference"].value
        words = ""
        if saved is not None:
            words = f", NPV of cost {abs(saved):,.0f} {'lower' if saved < 0 else 'higher'}"
        lines.append(f"{pair.a} against {pair.b}{case}: {even}{words}")
    if lines:
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _figure(value: float | None, unit: str) -> str:
    if unit == "%":
        return NOTHING if value is None else f"{value:z.1%}"
    return number(value, 4 if "/" in unit else 2)


def source_text(source: Source) -> str:
    """Where a value comes from, on one line."""
    parts = [source.text, source.date, source.owner, source.note]
    if source.quote:
        parts.append(f"quote {source.quote}, cell {source.cell}" if source.cell else f"quote {source.quote}")
    return "; ".join(part for part in parts if part)


def explanation_text(explanation: Explanation, month: str | None) -> str:
    """One number, its formula and its inputs."""
    when = f" in {month}" if month else ""
    lines = [f"{explanation.label}{when}: {measured(explanation.value, explanation.unit)}"]
    if explanation.formula:
        lines.append(f"  = {explanation.formula}")
    if explanation.with_values:
        lines.append(f"  = {explanation.with_values}")
    if source := source_text(explanation.source):
        lines.append(f"  source: {source}")
    if explanation.parts:
        rows = [
            [
                f"{'-' if part.sign < 0 else ' '} {part.label}",
                f"{part.line}.{part.key.split('/')[-1]}" if part.line else part.key,
                measured(part.value, part.unit),
                source_text(part.source),
            ]
            for part in explanation.parts
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        lines += ["", *("  ".join(map(str.ljust, row, [*widths, 0])).rstrip() for row in rows)]
    return "\n".join(lines)


def bridge_text(bridge: Bridge, label: str, unit: str) -> str:
    """The steps from one scenario's figure to the other's."""
    rows = [[bridge.a, number(bridge.start), ""]]
    for step in bridge.steps:
        doubt = "" if bridge.exact else f"± {step.error:,.0f}"
        rows.append([f"  {step.difference.label or step.difference.name}", f"{step.amount:+,.2f}", doubt])
    rows.append([bridge.b, number(bridge.end), ""])
    return table([label, unit, "" if bridge.exact else "sampled"], rows)


def simulation_text(simulation: Simulation) -> str:
    """Percentiles of the key figures, and how likely each scenario is the cheaper one of two."""
    rows = [
        [risk.scenario, name, *(number(value, 0) for value in (spread.mean, *spread.percentiles.values()))]
        for risk in simulation.scenarios
        for name, spread in risk.figures.items()
    ]
    head = table(["Scenario", "Figure", "Mean", "P5", "P10", "P50", "P90", "P95"], rows, left=2)
    chances = [
        f"{one.a} costs less than {one.b} ({one.figure}): {one.probability:.1%} ± {one.standard_error:.1%}"
        for one in simulation.chances
    ]
    return "\n".join([head, "", *chances, f"{simulation.trials:,} trials, seed {simulation.seed}"])


def tornado_text(label: str, unit: str, swings: Iterable[Swing]) -> str:
    """What moves a figure, the widest swing first."""
    rows = [
        [
            swing.label,
            f"{measured(swing.low, '%' * (swing.unit == '%'))} to {measured(swing.high, swing.unit)}"
            + " *" * swing.assumed,
            number(swing.figure_low, 0),
            number(swing.figure_high, 0),
            number(swing.width, 0),
        ]
        for swing in swings
    ]
    head = table(["Driver", "Range", f"{label} at low", "at high", f"Swing, {unit}"], rows, left=2)
    return f"{head}\n* no range entered: 10 per cent either way"


def history_text(entries: Iterable[HistoryEntry]) -> str:
    """Who changed what, oldest first."""
    lines = []
    last: tuple[str, str, str] | None = None
    for entry in entries:
        edit = (entry.time, entry.user, entry.label)
        if edit != last:
            lines.append(f"{entry.time[:19].replace('T', ' ')}  {entry.user or 'unknown'}  {entry.label}")
            last = edit
        if entry.column:
            change = f"{_value(entry.old)} to {_value(entry.new)}"
            lines.append(f"    {entry.table} {entry.row}, {entry.column}: {change}")
        elif entry.table:
            lines.append(f"    {entry.table} {entry.row} added")
    return "\n".join(lines)


def _value(value: object) -> str:
    text = NOTHING if value in (None, "") else str(value)
    return text if len(text) <= 80 else text[:77] + "..."
