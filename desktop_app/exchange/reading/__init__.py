"""Reading any vendor workbook into one grid of cells, safely."""

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

__all__ = [
    "Cell",
    "Finding",
    "Limits",
    "Merge",
    "Scalar",
    "Sheet",
    "UnreadableFile",
    "Workbook",
    "address",
    "column_letter",
    "read_workbook_here",
]
