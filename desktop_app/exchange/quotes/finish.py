"""Drafts made final: roles and names of the blocks, which lines count, what reconciles, and a person's
answers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from desktop_app.exchange.quotes import vocabulary_rows as words
from desktop_app.exchange.quotes.build import Draft, title
from desktop_app.exchange.quotes.column_content import number
from desktop_app.exchange.quotes.extract import Row
from desktop_app.exchange.quotes.facts import Facts
from desktop_app.exchange.quotes.labels import Area, cells_of
from desktop_app.exchange.quotes.model import (
    Block,
    GrandTotal,
    Issue,
    Lease,
    Line,
    Mapping,
    Note,
    Quote,
    Restated,
    Source,
    Total,
)
from desktop_app.exchange.quotes.outside import Outside
from desktop_app.exchange.quotes.text import fold
from desktop_app.exchange.reading.grid import Cell, Workbook, address, column_letter

_NUMBERS = (
    "quantity",
    "list_price",
    "unit_price",
    "extended_price",
    "term_months",
    "discount_pct",
    "quantity_per_system",
    "rate_1y",
    "rate_3y",
    "nrc",
    "mrc",
    "nrc_unit",
    "mrc_unit",
    "list_price_2",
    "unit_price_2",
)
_HOURS = re.compile(r"^(?:hrs?|hours?|h|std\.?|stunden?|heures?|horas?|ore|uur|uren|時間|小时)$")
_INSTANCE = re.compile(r"instance|instanz|instancia|istanza|instantie|machine|node|インスタンス|实例")
_PRINTED = frozenset({*_NUMBERS, "part_number", "description", "unit", "currency", "line_no", "parent_no"})


def quote(
    workbook: Workbook,
    facts: Facts,
    currency: str | None,
    drafts: Sequence[Draft],
    rest: Outside,
    leases: Sequence[Lease],
    issues: Sequence[Issue],
    mapping: Mapping,
    lease_sheets: set[str],
    areas: Sequence[Area],
) -> Quote:
    """The quote from its parts."""
    alternatives = _alternatives(drafts, rest, areas)
    _name(drafts)
    blocks = tuple(
        _block(d, "price_list" if d.price_list else "alternative" if i in alternatives else "quote", mapping)
        for i, d in enumerate(drafts)
    )
    restated = list(rest.restated)
    for block in drafts:
        for row, why in block.restated:
            amount = row.amount()
            if amount is not None:
                restated.append(Restated(block.place(row.number, "extended_price"), amount, why))
    used = (
        {b.sheet for b in drafts}
        | lease_sheets
        | rest.sheets
        | {c.cell.rpartition("!")[0] for c in rest.charges}
    )
    grand = rest.grand_total or _grand_total(drafts, blocks)
    answered = tuple(_answered(issue, mapping) for issue in issues)
    final = tuple(_hidden_sheets(workbook)) + answered
    return Quote(
        file=workbook.file_name,
        sha256=workbook.sha256,
        vendor=facts.vendor,
        quote_number=facts.quote_number,
        revision=facts.revision,
        quote_date=facts.quote_date,
        valid_until=facts.valid_until,
        price_status=facts.price_status,
        currency=currency,
        payment_terms=facts.payment_terms,
        lead_time=facts.lead_time,
        evidence=dict(facts.evidence),
        blocks=blocks,
        charges=tuple(rest.charges),
        restated=tuple(restated),
        grand_total=grand,
        leases=tuple(leases),
        ignored_sheets=tuple(s.name for s in workbook.sheets if s.name not in used),
        reconciles=bool(blocks)
        and rest.proved
        and all(d.proved for d in drafts)
        and not any(i.code == "lease-mismatch" for i in issues),
        issues=final if blocks or leases else (*final, _nothing_found(workbook)),
    )


def _nothing_found(workbook: Workbook) -> Issue:
    sheet = next((s.name for s in workbook.sheets if not s.hidden), workbook.file_name)
    return Issue(
        "no-table-found",
        address(sheet, 1, 1),
        "No table of prices was found: mark the header row, or check that this is a quote.",
        True,
    )


def _hidden_sheets(workbook: Workbook) -> list[Issue]:
    """Hidden sheets that hold a table of prices."""
    from desktop_app.exchange.quotes.header import find_headers
    from desktop_app.exchange.quotes.view import SheetView

    issues = []
    for sheet in workbook.sheets:
        if sheet.hidden and len(sheet.cells) <= 20_000 and (headers := find_headers(SheetView(sheet))):
            place = address(sheet.name, headers[0].row, min(headers[0].texts))
            issues.append(
                Issue(
                    "hidden-sheet",
                    place,
                    f"The hidden sheet '{sheet.name}' holds a table: it is left off and not counted.",
                )
            )
    return issues


def _answered(issue: Issue, mapping: Mapping) -> Issue:
    answer = mapping.answers.get(issue.id)
    if answer is None or not issue.ask:
        return issue
    if (
        issue.alternatives
        and issue.code != "missing-currency"
        and answer not in {a.key for a in issue.alternatives}
    ):
        return issue
    return replace(issue, ask=False, answer=answer)


def _alternatives(drafts: Sequence[Draft], rest: Outside, areas: Sequence[Area]) -> set[int]:
    """Blocks of which one is to be chosen: called so, or said so around them, and never added up."""
    quotes = [i for i, d in enumerate(drafts) if not d.price_list]
    if len(quotes) < 2 or rest.grand_total is not None:
        return set()
    named = {
        i
        for i in quotes
        if any(words.ALTERNATIVE_BLOCK.match(fold(t)) for t in (drafts[i].sheet, title(drafts[i]) or ""))
    }
    if len(named) >= 2:
        return named
    texts = (
        fold(c.value) for a in areas for c in cells_of(a) if isinstance(c.value, str) and len(c.value) < 200
    )
    return set(quotes) if any(words.CHOOSE_ONE.search(t) for t in texts) else set()


def _name(drafts: Sequence[Draft]) -> None:
    quotes = [d for d in drafts if not d.price_list]
    per_sheet = Counter(d.sheet for d in drafts)
    for block in drafts:
        if len(quotes) < 2 and len(drafts) < 2:
            continue
        over = title(block) if per_sheet[block.sheet] > 1 else None
        block.title = re.split(r":\s|\s[-–—]\s", over)[0] if over else block.sheet


def _grand_total(drafts: Sequence[Draft], blocks: Sequence[Block]) -> GrandTotal | None:
    """The one quote block's total; several blocks without a common total have none."""
    quotes = [
        (d, b)
        for d, b in zip(drafts, blocks, strict=True)
        if b.role == "quote" and (b.total is not None or any(line.counts for line in b.lines))
    ]
    if len(quotes) != 1 or quotes[0][1].total is None or any(b.role == "alternative" for b in blocks):
        return None
    block, final = quotes[0]
    total = final.total
    assert total is not None  # checked above
    column = column_letter(block.amount_column("extended_price"))
    return GrandTotal(f"{block.sheet}!{column}{total.row}", total.amount, total.currency or block.currency)


def _block(block: Draft, role: str, mapping: Mapping) -> Block:
    of = {n: c for n, c in block.columns.of.items() if n in _PRINTED}
    single = block.currency
    subtotals = []
    total: Total | None = None
    for found in block.sums:
        column = column_letter(block.amount_column(found.track))
        entry = Total(
            found.row,
            found.label,
            found.amount,
            tuple(sorted(found.members)),
            column if found.track not in block.columns.of or found.track != "extended_price" else None,
            found.currency if found.currency != single or single is None else None,
            _source(block.view.rows[found.row].get(block.amount_column(found.track))),
        )
        if found is block.final:
            total = entry
        else:
            subtotals.append(entry)
    lines = tuple(_line(block, r, mapping) for r in block.rows if r.kind not in ("total", "lump", "carry"))
    return Block(
        sheet=block.sheet,
        header_row=block.header.row,
        role=role,
        name=block.title,
        basis=_basis(block) if block.price_list else None,
        decimal=block.style.sign,
        discount_as=None if block.fraction is None else "fraction" if block.fraction else "percent",
        columns={n: column_letter(c) for n, c in of.items()},
        lines=lines,
        subtotals=tuple(subtotals),
        total=total,
        hidden_lines=tuple(_line(block, r, mapping) for r in block.hidden),
        notes=tuple(Note(number, text, why) for number, text, why in block.notes if text),
        headers={column_letter(c): t for c, t in block.header.texts.items()},
        confidence=_confidence(block),
    )


def _confidence(block: Draft) -> float:
    """Share of the named columns that were understood, lowered by what does not come out."""
    names = [c for c in block.header.texts if c not in block.view.sheet.hidden_columns]
    known = sum(c in block.columns.of.values() or bool(block.header.meanings.get(c)) for c in names)
    share = known / len(names) if names else 0.0
    return round(share * (1.0 if block.proved else 0.7), 2)


def _basis(block: Draft) -> str | None:
    units = Counter(r.texts["unit"] for r in block.rows if r.texts.get("unit"))
    if not units:
        return None
    unit = units.most_common(1)[0][0]
    named = _INSTANCE.search(fold(block.header.texts.get(block.columns.of.get("description", 0), "")))
    text = f"per {named[0]}-hour" if named and _HOURS.match(fold(unit)) else f"per {unit}"
    return text if len(units) == 1 else f"{text} unless the unit column says otherwise"


def _line(block: Draft, row: Row, mapping: Mapping) -> Line:
    values = row.values
    texts = row.texts
    description = texts.get("description")
    if description is None and row.label and row.label != texts.get("part_number"):
        description = row.label
    currency = row.currency
    if currency is None:
        currency = next(
            (
                a
                for name in ("currency", "extended_price", "unit_price")
                if (a := mapping.answers.get(f"missing-currency@{block.place(row.number, name)}"))
            ),
            _answered_currency(block, mapping),
        )
    of = block.columns.of
    return Line(
        row=row.number,
        kind=row.kind,
        reason=row.reason,
        counts=row.counts and not row.hidden and not block.price_list,
        part_number=texts.get("part_number"),
        description=description,
        unit=texts.get("unit"),
        currency=currency,
        line_no=row.line_no,
        parent_no=row.parent_no,
        recurrence=row.recurrence,
        factor=row.factor,
        decimal=row.sign if row.sign != block.style.sign else None,
        hidden=row.hidden,
        parent_row=row.parent,
        tiers=_tiers(block, row),
        derived={n: v for n, v in row.derived.items() if row.kind not in ("no_bid",)},
        sources={n: s for n, c in of.items() if (s := _source(row.cells.get(c))) is not None},
        **{n: values[n] for n in _NUMBERS if n in values},
    )


def _answered_currency(block: Draft, mapping: Mapping) -> str | None:
    """A currency given for the whole file by answering the one question about it."""
    if "currency" in block.columns.of:
        return None
    return next((a for i, a in mapping.answers.items() if i.startswith("missing-currency@")), None)


def _source(cell: Cell | None) -> Source | None:
    return (
        None if cell is None else Source(cell.row, cell.column, cell.value, cell.number_format, cell.formula)
    )


def _tiers(block: Draft, row: Row) -> tuple[tuple[int, Decimal], ...]:
    if not block.columns.tiers:
        return ()
    found = ((least, number(row.cells.get(c), block.style.sign)) for least, c in block.columns.tiers.items())
    return tuple((least, price) for least, price in found if price is not None)
