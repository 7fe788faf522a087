"""Reading any vendor workbook into one grid of cells, safely.

`read_workbook` reads in a child process; `in_child` runs more work on a file there, such as understanding a
quote.
"""

from desktop_app.exchange.reading.grid import (
    Cell,
    Finding,
    Merge,
    Scalar,
    Sheet,
    UnreadableFile,
    Workbook,
    address,
    column_letter,
)
from desktop_app.exchange.reading.inprocess import read_workbook_here
from desktop_app.exchange.reading.limits import Limits
from desktop_app.exchange.reading.process import Cancelled, ChildFailure, in_child, read_workbook

__all__ = [
    "Cancelled",
    "Cell",
    "ChildFailure",
    "Finding",
    "Limits",
    "Merge",
    "Scalar",
    "Sheet",
    "UnreadableFile",
    "Workbook",
    "address",
    "column_letter",
    "in_child",
    "read_workbook",
    "read_workbook_here",
]
