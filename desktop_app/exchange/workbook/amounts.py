"""Amounts of money in sentences and in order: as a formula, and as what it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from desktop_app.engine.functions.arithmetic import round_half_away
from desktop_app.exchange.workbook.spots import Spot
from desktop_app.exchange.workbook.styles import scale_words

# Display units other than one: the setting that holds the divisor, and the decimals shown.
_SCALES = {1000: ("setting/thousand", 0), 1_000_000: ("setting/million", 1)}


@dataclass(frozen=True, slots=True)
class Amounts:
    """Amounts in a plan's currency and display unit; `inputs` says where the settings stand."""

    currency: str
    scale: int
    inputs: Mapping[str, Spot]

    def formula(self, amount: str, *, unit: bool = False) -> str:
        """A formula for the size of an amount (a cell or formula) as text, which may name its unit.

        It rounds to the cent first, so that what sums leave below that turns no half the other way.

        >>> Amounts("USD", 1, {}).formula("B7", unit=True)
        '"USD "&FIXED(ROUND(ABS(B7),2),0)'
        """
        digits, divisor = 0, ""
        if self.scale in _SCALES:
            key, digits = _SCALES[self.scale]
            divisor = f"/{self.inputs[key].cell()}"
        text = f"FIXED(ROUND(ABS({amount}),2){divisor},{digits})"
        before, after = self._around()
        return f'"{before}"&{text}' + (f'&"{after}"' if after else "") if unit else text

    def words(self, amount: float, *, unit: bool = False) -> str:
        """What that formula gives.

        >>> Amounts("USD", 1000, {}).words(-10803663.2, unit=True)
        'USD 10,804 thousand'
        """
        digits = _SCALES[self.scale][1] if self.scale in _SCALES else 0
        size = _rounded(abs(amount), 2) / (self.scale if self.scale in _SCALES else 1)
        before, after = self._around()
        return f"{before}{fixed(size, digits)}{after}" if unit else fixed(size, digits)

    def _around(self) -> tuple[str, str]:
        """What stands before and after an amount: "USD " and " thousand"."""
        return f"{self.currency} ", scale_words(self.currency, self.scale).removeprefix(self.currency)


def fixed(value: float, digits: int) -> str:
    """What FIXED gives in a spreadsheet.

    >>> fixed(1234.5, 0), fixed(15.94, 1)
    ('1,235', '15.9')
    """
    return f"{_rounded(value, digits):,.{digits}f}"


def rank_formula(amount: str, amounts: str) -> str:
    """A formula for the place of an amount among several (cells), the least first.

    It looks at cents only, so that scenarios which cost the same share a place.
    """
    return f"SUMPRODUCT(--(ROUND({amounts},2)<ROUND({amount},2)))+1"


def ranks(amounts: Sequence[float]) -> list[float]:
    """What that formula gives for each of the amounts.

    >>> ranks([3.0, 1.0, 0.1 + 0.2, 0.3])
    [4.0, 3.0, 1.0, 1.0]
    """
    cents = [_rounded(amount, 2) for amount in amounts]
    return [1.0 + sum(other < one for other in cents) for one in cents]


def _rounded(value: float, digits: int) -> float:
    """Rounded as spreadsheets do, half away from zero."""
    return float(round_half_away(np.array([value]), np.array([float(digits)]))[0])
