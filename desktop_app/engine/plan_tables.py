"""The plan's lookup tables: rows and columns found by name, cells as nodes of the graph."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from desktop_app.engine.formula.syntax import Span
from desktop_app.engine.graph import Node
from desktop_app.engine.model import Table
from desktop_app.engine.problems import Problem
from desktop_app.engine.scenarios import nearest

# What spreadsheets allow for CHOOSE, less the index.
MOST_CHOICES = 250


def find_table(tables: Mapping[str, Table], name: str, span: Span = (0, 0)) -> Table:
    """The table of a name among those by lower-case name. Raises Problem."""
    table = tables.get(name.lower())
    if table is None:
        raise Problem("unknown-table", f"There is no table “{name}”.{nearest(name, tables)}", span)
    return table


def find_column(table: Table, title: str, span: Span) -> int:
    """The place of a column, whatever the case of its title. Raises Problem."""
    for place, other in enumerate(table.columns):
        if other.lower() == title.lower():
            return place
    message = f"The table “{table.name}” has no column “{title}”.{nearest(title, table.columns)}"
    raise Problem("unknown-column", message, span)


def find_row(table: Table, key: str, span: Span) -> int:
    """The place of a row, whatever the case of its key. Raises Problem."""
    for place, (other, _) in enumerate(table.rows):
        if other.lower() == key.lower():
            return place
    message = f"The table “{table.name}” has no row “{key}”.{nearest(key, (row for row, _ in table.rows))}"
    raise Problem("unknown-key", message, span)


def refuse_unnumbered(table: Table, span: Span) -> None:
    """Raises Problem where a number cannot be looked up in the table."""
    if [row for row, _ in table.rows] != [str(number) for number in range(1, len(table.rows) + 1)]:
        message = f"The keys of the table “{table.name}” must be 1, 2, 3 … to look up a number."
        raise Problem("numbered-table", message, span)
    if len(table.rows) > MOST_CHOICES:
        message = f"The table “{table.name}” has more than {MOST_CHOICES} rows to look up a number in."
        raise Problem("numbered-table", message, span)


def cell_node(table: Table, row: int, column: int, span: Span) -> Node:
    """A number of the table as an input of the graph. Raises Problem where there is none."""
    key, values = table.rows[row]
    if column >= len(values) or not np.isfinite(values[column]):
        message = f"The table “{table.name}” has no number in row “{key}”, column “{table.columns[column]}”."
        raise Problem("empty-cell", message, span)
    return Node(
        f"table/{row + 1}/{column + 1}/{table.name}",
        f"{table.name}: {key}, {table.columns[column]}",
        "",
        False,
        "Tables",
        value=np.full((1, 1, 1), values[column]),
        origin=f"table {table.name}",
        source=table.source,
    )
