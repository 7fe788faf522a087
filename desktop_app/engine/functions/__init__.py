"""The functions of the formula language, each declared once. Adding one is adding one entry to a list of
FUNCTIONS.
"""

from __future__ import annotations

from desktop_app.engine.functions import arithmetic, calendar, financial, timing
from desktop_app.engine.functions.declare import Arg, Array, Function, Operand, call_excel

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for module in (arithmetic, timing, financial, calendar)
    for function in module.FUNCTIONS
}

__all__ = ["FUNCTIONS", "Arg", "Array", "Function", "Operand", "call_excel"]
