"""From a grid of cells to a quote: tables, values, facts, sums and the proof, with every open question
kept.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from desktop_app.exchange.quotes import checks, finish, outside
from desktop_app.exchange.quotes.addup import add_up, split_footer
from desktop_app.exchange.quotes.block_currency import resolve_currency
from desktop_app.exchange.quotes.build import Draft, draft, fill, number_cells
from desktop_app.exchange.quotes.currencies import currency_issues, outcome, sentence_currency
from desktop_app.exchange.quotes.decimals import count_evidence, decide
from desktop_app.exchange.quotes.extract import Row
from desktop_app.exchange.quotes.facts import find_facts
from desktop_app.exchange.quotes.formulas import Calculator
from desktop_app.exchange.quotes.header import Header, find_headers
from desktop_app.exchange.quotes.labels import Area, cells_of
from desktop_app.exchange.quotes.leases import (
    LeaseTable,
    in_currency,
    lease_sentence,
    lease_table,
    read_table,
)
from desktop_app.exchange.quotes.model import Issue, Lease, Mapping, Quote
from desktop_app.exchange.quotes.text import fold
from desktop_app.exchange.quotes.view import SheetView
from desktop_app.exchange.quotes.vocabulary_rows import CARRY
from desktop_app.exchange.reading.grid import Workbook

_TOP_ROWS = 120
_BELOW_ROWS = 25
# Findings of the reader that the rules here say again, closer to what matters.
_SAID_HERE = frozenset(
    {"formula_without_value", "error_value", "hidden_rows", "hidden_columns", "hidden_sheet"}
)


@dataclass(slots=True)
class _Work:
    """The understanding under way."""

    workbook: Workbook
    mapping: Mapping
    views: list[SheetView]
    blocks: list[Draft] = field(default_factory=list)
    tables: list[LeaseTable] = field(default_factory=list)
    lease_rows: dict[str, set[int]] = field(default_factory=dict)
    footers: list[tuple[Draft, list[Row]]] = field(default_factory=list)
    sign: str = "."


def understand(workbook: Workbook, *, today: dt.date | None = None, answers: Mapping | None = None) -> Quote:
    """What a workbook says as a vendor's quote.

    `today` is the day of use (for expired quotes); `answers` are a person's decisions about layout and
    open questions.
    Nothing is guessed in silence: what stays open is an issue with its cell.  Never raises for what a
    grid holds.
    """
    mapping = answers or Mapping()
    work = _Work(workbook, mapping, [SheetView(s) for s in workbook.sheets if not s.hidden])
    _find_blocks(work)
    _read_values(work)
    areas = _areas(work)
    facts = find_facts(areas, mapping.answers.get, today)
    stated = facts.stated_currency
    sentence = sentence_currency(areas) if stated is None else None
    for block in work.blocks:
        resolve_currency(block, stated or (sentence[0] if sentence else None))
    _add_up(work)
    _demote_summaries(work)
    for block in work.blocks:
        checks.rows(block)
    issues = list(facts.issues)
    currency, proof, found = outcome(work.blocks, facts, sentence)
    if proof is not None:
        facts.evidence["currency"] = proof
    else:
        facts.evidence.pop("currency", None)
    issues += found
    rest = outside.Outside()
    for block, rows in work.footers:
        outside.read_footer(
            rest,
            rows,
            block,
            [b for b in work.blocks if b.sheet == block.sheet and not b.price_list],
            currency,
        )
    areas = _areas(work)
    outside.scan(rest, areas, work.blocks, work.sign, currency)
    leases, lease_issues = _leases(work, areas, rest, currency)
    issues += [i for block in work.blocks for i in block.issues]
    issues += currency_issues(work.blocks)
    issues += rest.issues + lease_issues
    return finish.quote(
        workbook,
        facts,
        currency,
        work.blocks,
        rest,
        leases,
        _with_reader(issues, workbook),
        mapping,
        {t.view.name for t in work.tables},
        areas,
    )


def _find_blocks(work: _Work) -> None:
    for view in work.views:
        headers = _without_page_breaks(view, find_headers(view, work.mapping.headers.get(view.name)))
        for index, header in enumerate(headers):
            following = headers[index + 1] if index + 1 < len(headers) else None
            end = None if following is None else following.top
            table = lease_table(view, header, end)
            if table is not None:
                work.tables.append(table)
            else:
                work.blocks.append(draft(view, header, end, work.mapping))


def _without_page_breaks(view: SheetView, headers: list[Header]) -> list[Header]:
    """Headers without those that only repeat the one above in the middle of its lines, as at the top of
    a printed page.
    """
    kept: list[Header] = []
    for header in headers:
        if kept and header.texts == kept[-1].texts:
            quantities = [
                c for c, options in header.meanings.items() if any(n == "quantity" for n, _ in options)
            ]
            above = [r for r in view.row_numbers if kept[-1].row < r < header.top]
            cells = view.rows[above[-1]] if above else {}
            below = next(iter(view.rows_after(header.row)), None)
            carried = [*cells.values(), *(view.rows[below].values() if below is not None else ())]
            if any(c in cells and view.is_number(cells[c]) for c in quantities) or any(
                isinstance(c.value, str) and CARRY.search(fold(c.value)) for c in carried
            ):
                continue
        kept.append(header)
    return kept


def _read_values(work: _Work) -> None:
    evidence = [count_evidence(number_cells(block)) for block in work.blocks]
    whole: Counter[str] = sum(evidence, Counter())
    work.sign = decide(whole, Counter()).sign
    calculator = Calculator(work.workbook)
    kept = []
    for block, own in zip(work.blocks, evidence, strict=True):
        fill(block, decide(own, whole), calculator, work.mapping)
        if block.rows or block.hidden:
            kept.append(block)
    work.blocks = kept


def _areas(work: _Work) -> list[Area]:
    """The rows outside the tables of each visible sheet, sheets with tables first where they stand first."""
    areas = []
    for view in work.views:
        mine = [b for b in work.blocks if b.sheet == view.name]
        tables = [t for t in work.tables if t.view.name == view.name]
        starts = [b.header.top for b in mine] + [t.header.top for t in tables]
        if not starts:
            areas.append(Area(view, view.row_numbers[:_TOP_ROWS], ()))
            continue
        first = min(starts)
        ends = [_last_row(b) for b in mine] + [
            max(work.lease_rows.get(t.view.name, {t.header.row})) for t in tables
        ]
        taken = {r.number for b in mine for r in (*b.rows, *b.hidden)} | {
            row.number for b in mine for row, _ in b.restated
        }
        taken |= (
            {b.header.row for b in mine}
            | work.lease_rows.get(view.name, set())
            | {t.header.row for t in tables}
        )
        taken |= {row.number for block, rows in work.footers if block.sheet == view.name for row in rows}
        last = max(ends)
        between = (
            []
            if len(starts) == 1
            else [r for r in view.row_numbers if first < r <= last and r not in taken][:_BELOW_ROWS]
        )
        below = [r for r in view.rows_after(last) if r not in taken][:_BELOW_ROWS]
        areas.append(Area(view, [r for r in view.row_numbers if r < first][:_TOP_ROWS], [*between, *below]))
    return areas


def _last_row(block: Draft) -> int:
    rows = [r.number for r in (*block.rows, *block.hidden)] + [r.number for r, _ in block.restated]
    return max(rows, default=block.header.row)


def _add_up(work: _Work) -> None:
    by_sheet: dict[str, list[Draft]] = {}
    for block in work.blocks:
        by_sheet.setdefault(block.sheet, []).append(block)
    for blocks in by_sheet.values():
        quotes = [b for b in blocks if not b.price_list]
        for block in blocks:
            if len(quotes) > 1 and block is quotes[-1]:
                before = sum((b.final.amount for b in quotes[:-1] if b.final), Decimal(0))
                footer = split_footer(block, before)
                if footer:
                    work.footers.append((block, footer))
            add_up(block, work.mapping)


def _demote_summaries(work: _Work) -> None:
    """Tables that only repeat the totals of other tables (a cover sheet) are no tables to import."""
    for block in list(work.blocks):
        if (
            any(n in block.columns.of for n in ("quantity", "unit_price", "list_price", "part_number"))
            or not block.rows
        ):
            continue
        others = [s.amount for b in work.blocks if b is not block for s in b.sums]
        lines = [r for r in block.rows if r.kind != "total"]
        amounts = [a for r in lines if (a := r.amount()) is not None]
        if len(work.blocks) > 1 and amounts and all(a in others for a in amounts):
            work.blocks.remove(block)


def _leases(
    work: _Work, areas: Sequence[Area], rest: outside.Outside, currency: str | None
) -> tuple[list[Lease], list[Issue]]:
    leases: list[Lease] = []
    issues: list[Issue] = []
    known = [rest.grand_total.amount] if rest.grand_total else []
    known += [b.final.amount for b in work.blocks if b.final]
    known += [s.amount for b in work.blocks for s in b.sums]
    for table in work.tables:
        found, wrong, _ = read_table(table, known, currency, work.sign)
        leases += found
        issues += wrong
    for area in areas:
        for cell in cells_of(area):
            if isinstance(cell.value, str) and len(cell.value) > 20:
                leases += in_currency(lease_sentence(area.view.name, cell, work.sign), currency)
    return leases, issues


def _with_reader(issues: Sequence[Issue], workbook: Workbook) -> list[Issue]:
    """The issues with what the reader of the file noticed, each thing once."""
    result = list(issues)
    seen = {(i.code, i.cell) for i in result}
    for finding in workbook.findings:
        code = finding.code.replace("_", "-")
        if finding.code in _SAID_HERE or (code, finding.cell or "") in seen:
            continue
        result.append(Issue(code, finding.cell or "", finding.message))
    unique = {(i.code, i.cell): i for i in reversed(result)}
    return [i for i in result if unique.get((i.code, i.cell)) is i]


__all__ = ["replace", "understand"]
