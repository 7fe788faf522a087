"""Filling a workbook that already exists, such as the board's own template: kept whole, values put in.

Cells are marked in the workbook ({{outlay:tco:Own servers}}, alone or within a sentence), or named in a small
TOML text:

    [[fill]]
    sheet = "Paper"
    cell = "C5"                  # or range = "C5:G5", which the values must fit
    value = "cash_cost.years:Own servers"
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.worksheet.worksheet import Worksheet

from desktop_app.engine.compute import PlanResult
from desktop_app.exchange.reading import Limits, in_child
from desktop_app.exchange.reading.formulas import parse_range
from desktop_app.exchange.reading.meter import Progress
from desktop_app.exchange.reading.process import Path as PathLike
from desktop_app.exchange.reading.source import load
from desktop_app.exchange.workbook.lint_page import cell_name
from desktop_app.exchange.workbook.saving import ExportError, write_safely
from desktop_app.exchange.workbook.template_losses import LIMITS, Loss, losses, open_template, saved_bytes
from desktop_app.exchange.workbook.template_values import Block, NoSuchValue, Value, Values
from desktop_app.exchange.workbook.text import cell_text

__all__ = ["Loss", "Spot", "fill", "losses", "markers", "read_mapping"]

_MARKER = re.compile(r"\{\{\s*outlay\s*:\s*([^{}]+?)\s*\}\}", re.IGNORECASE)
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Spot:
    """A place to fill: sheet, top left cell, how far the values may go (0: as far as they need), and what.

    `text` is the whole text of a marked cell; "" where a mapping names the place.
    """

    sheet: str
    row: int
    column: int
    value: str
    rows: int = 0
    columns: int = 0
    text: str = ""

    @property
    def where(self) -> str:
        """The cell as people write it."""
        return f"{self.sheet}!{cell_name(self.row, self.column)}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with markers in it, and what to say for each of them, in order."""

    text: str
    words: tuple[str, ...]

    def said(self) -> str:
        """The sentence without markers."""
        words = iter(self.words)
        return _MARKER.sub(lambda _: next(words), self.text)

    def within(self, parts: CellRichText) -> CellRichText | None:
        """The same in a text whose parts have formats of their own; None where one marker is in several."""
        if sum(len(_MARKER.findall(str(part))) for part in parts) != len(self.words):
            return None
        words = iter(self.words)
        said = CellRichText()
        for part in parts:
            text = _plain(_MARKER.sub(lambda _: next(words), str(part)))
            said.append(TextBlock(part.font, text) if isinstance(part, TextBlock) else text)
        return said


def fill(
    template: Path,
    target: Path,
    result: PlanResult,
    mapping: str = "",
    *,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> int:
    """Write a copy of the template with the plan's figures in its marked and mapped cells to `target`.

    The number of places that were filled is returned. `mapping` is TOML text. Figures become numbers, texts
    stay texts whatever they begin with; formats, formulas and other cells stay as they are, except for what
    `losses` tells. ExportError where a marker or the mapping is wrong (nothing is written then) or the target
    cannot be written; UnreadableFile for a template that cannot be read; Cancelled.
    """
    if template.suffix.lower() != target.suffix.lower():
        raise ExportError(
            f"“{target.name}” must be a {template.suffix} file like the template: change its ending."
        )
    marked = in_child(markers, template, limits, limits=limits, progress=progress, cancelled=cancelled)
    spots = [*marked, *read_mapping(mapping)]
    if not spots:
        raise ExportError(
            f"“{template.name}” has no cell to fill: write a marker such as {{{{outlay:tco}}}} into one, "
            "or give a mapping."
        )
    values = Values(result)
    blocks: dict[Spot, Block | Sentence] = {}
    problems: list[str] = []
    for spot in spots:
        try:
            blocks[spot] = _content(spot, values)
        except NoSuchValue as problem:
            problems.append(f"{spot.where}: {problem}")
    if problems:
        more = f"; and {len(problems) - _MOST_TOLD} more" if len(problems) > _MOST_TOLD else ""
        told = "; ".join(problems[:_MOST_TOLD]) + more
        raise ExportError(
            f"“{template.name}” asks for what the plan does not have: {told}: "
            "correct these cells or the mapping."
        )
    data, refused = in_child(
        filled_here, template, blocks, limits, limits=limits, progress=progress, cancelled=cancelled
    )
    if refused:
        raise ExportError(f"“{template.name}” cannot be filled: {refused}")
    write_safely(target, lambda fresh: _write(fresh, data))
    return len(spots)


def _write(fresh: Path, data: bytes) -> None:
    fresh.write_bytes(data)


def markers(path: PathLike, limits: Limits = LIMITS, *, progress: Progress | None = None) -> list[Spot]:
    """The marked cells of a template."""
    book = open_template(load(path, limits), limits)
    if progress is not None:
        progress(0.5, "Looking for marked cells")
    found = []
    for sheet in book.worksheets:
        for (row, column), cell in sorted(sheet._cells.items()):
            if cell.data_type == "f" or cell.value is None or isinstance(cell.value, (int, float)):
                continue
            text = str(cell.value)
            named = _MARKER.findall(text)
            if named:
                found.append(Spot(sheet.title, row, column, named[0], text=text))
    return found


def read_mapping(text: str) -> list[Spot]:
    """The places that a mapping names. ExportError, with the entry, for what is none."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ExportError(f"The mapping is not written in TOML ({problem}): correct it there.") from problem
    entries = data.get("fill", [])
    if (
        set(data) - {"fill"}
        or not isinstance(entries, list)
        or not all(isinstance(one, dict) for one in entries)
    ):
        raise ExportError("The mapping holds something else than [[fill]] entries: write one for each place.")
    return [_entry(number, one) for number, one in enumerate(entries, start=1)]


def _entry(number: int, entry: Mapping[str, Any]) -> Spot:
    def wrong(what: str) -> ExportError:
        return ExportError(f"Entry {number} of the mapping {what}.")

    unknown = set(entry) - {"sheet", "cell", "range", "value"}
    if unknown:
        raise wrong(f"has “{min(unknown)}”, which means nothing: use sheet, cell or range, and value")
    for key in ("sheet", "value"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise wrong(f"lacks “{key}”: give it as a text")
    if ("cell" in entry) == ("range" in entry):
        raise wrong("needs either a cell or a range")
    address = str(entry.get("cell", entry.get("range")))
    box = parse_range(address.replace("$", ""))
    if box is None or ("cell" in entry and box[:2] != box[2:]):
        raise wrong(
            f"has “{address}”, which is no {'cell' if 'cell' in entry else 'range'}: write C5 or C5:G9"
        )
    top, left, bottom, right = box
    size = (bottom - top + 1, right - left + 1) if "range" in entry else (0, 0)
    return Spot(entry["sheet"], top, left, entry["value"].strip(), *size)


def _content(spot: Spot, values: Values) -> Block | Sentence:
    """The values of a place, or the words for the markers that stand among others in a cell."""
    if not spot.text or _MARKER.fullmatch(spot.text.strip()):
        return values.block(spot.value)
    words = []
    for name in _MARKER.findall(spot.text):
        block = values.block(name)
        if len(block) != 1 or len(block[0]) != 1:
            raise NoSuchValue(f"“{name}” is more than one value and cannot stand within a sentence")
        words.append(_shown(block[0][0]))
    return Sentence(spot.text, tuple(words))


def _shown(value: Value) -> str:
    """A value within a sentence."""
    if isinstance(value, str):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.2f}"


def filled_here(
    path: PathLike,
    blocks: Mapping[Spot, Block | Sentence],
    limits: Limits = LIMITS,
    *,
    progress: Progress | None = None,
) -> tuple[bytes, str]:
    """The bytes of the filled workbook, or no bytes and what stands in the way."""
    source = load(path, limits)
    book = open_template(source, limits)
    if progress is not None:
        progress(0.5, "Filling in the figures")
    sheets = {sheet.title.casefold(): sheet for sheet in book.worksheets}
    written: dict[tuple[str, int, int], Spot] = {}
    for spot, block in blocks.items():
        sheet = sheets.get(spot.sheet.casefold())
        if sheet is None:
            return b"", f"it has no sheet “{spot.sheet}”; correct the mapping."
        rows: Block = ((block.said(),),) if isinstance(block, Sentence) else block
        if spot.rows and (len(rows) > spot.rows or max(map(len, rows)) > spot.columns):
            return b"", (
                f"“{spot.value}” has {len(rows)} × {max(map(len, rows))} values, and the range at "
                f"{spot.where} holds {spot.rows} × {spot.columns}; make the range larger."
            )
        for row, column, value in _cells(spot, rows):
            taken = written.get((sheet.title, row, column))
            hindrance = _hindrance(sheet, spot, row, column, taken)
            if hindrance:
                return b"", hindrance
            written[sheet.title, row, column] = spot
            rich = sheet.cell(row, column).value
            parts = (
                block.within(rich) if isinstance(block, Sentence) and isinstance(rich, CellRichText) else None
            )
            if parts is None:
                _put(sheet, row, column, value)
            else:
                sheet.cell(row, column).value = parts
        _clear_rest(sheet, spot, written)
    book.calculation.fullCalcOnLoad = True
    return saved_bytes(book, source.name), ""


def _cells(spot: Spot, rows: Block) -> Iterator[tuple[int, int, Value]]:
    for down, values in enumerate(rows):
        for across, value in enumerate(values):
            yield spot.row + down, spot.column + across, value


def _hindrance(sheet: Worksheet, spot: Spot, row: int, column: int, taken: Spot | None) -> str:
    """Why a cell must not be written; "" where it may."""
    if taken is not None:
        return (
            f"“{spot.value}” and “{taken.value}” both fill {sheet.title}!{cell_name(row, column)}; move one."
        )
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        return (
            f"“{spot.value}” would fill {sheet.title}!{cell_name(row, column)}, which is part of merged "
            "cells; unmerge them, or move the marker."
        )
    own = (row, column) == (spot.row, spot.column)
    if cell.data_type == "f" or (cell.value is not None and not own and not spot.rows):
        return (
            f"“{spot.value}” would overwrite {sheet.title}!{cell_name(row, column)}; "
            "make room beside the marker, or name a range."
        )
    return ""


def _clear_rest(sheet: Worksheet, spot: Spot, written: Mapping[tuple[str, int, int], Spot]) -> None:
    """Empty what an earlier filling left in a range that is not full now; formulas stay."""
    for row in range(spot.row, spot.row + spot.rows):
        for column in range(spot.column, spot.column + spot.columns):
            cell = sheet.cell(row, column)
            free = written.get((sheet.title, row, column)) is None
            if free and cell.data_type != "f" and not isinstance(cell, MergedCell):
                cell.value = None


def _plain(text: str) -> str:
    """A text fit for a cell; an underscore that begins an escape of Open XML is escaped itself."""
    return _ESCAPE.sub("_x005F_", cell_text(text))


def _put(sheet: Worksheet, row: int, column: int, value: Value) -> None:
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = _plain(value)
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    elif isinstance(value, dt.date):
        number_format = cell.number_format
        cell.value = value
        if number_format != "General":
            cell.number_format = number_format
    else:
        cell.value = float(value)
