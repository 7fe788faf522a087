"""What all finance functions share: array arguments in, nan for what is undefined."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

# Used as a decorator: division by zero and overflow give nan in the end, so NumPy need not warn on the way.
quiet = np.errstate(all="ignore")


def floats(*values: ArrayLike) -> tuple[FloatArray, ...]:
    """The arguments as arrays of floats, each in its own shape."""
    return tuple(np.asarray(value, dtype=np.float64) for value in values)


def finite(values: ArrayLike) -> FloatArray:
    """The values with nan in place of infinities; a scalar stays a scalar.

    >>> [float(x) for x in finite([1.0, np.inf, np.nan])]
    [1.0, nan, nan]
    """
    result: FloatArray = np.where(np.isfinite(values), values, np.nan)[()]
    return result


def where(valid: ArrayLike, values: ArrayLike) -> FloatArray:
    """The values where they are valid and finite, nan elsewhere.

    >>> [float(x) for x in where([True, False], [1.0, 2.0])]
    [1.0, nan]
    """
    result: FloatArray = np.where(np.logical_and(valid, np.isfinite(values)), values, np.nan)[()]
    return result


@quiet
def ratio(numerator: ArrayLike, denominator: ArrayLike) -> FloatArray:
    """Quotient; nan where the denominator is zero.

    >>> [float(x) for x in ratio([6.0, 1.0], [3.0, 0.0])]
    [2.0, nan]
    """
    top, bottom = floats(numerator, denominator)
    return finite(top / bottom)


def along(values: FloatArray) -> FloatArray:
    """The values with a trailing axis of length 1, to broadcast along months or periods."""
    return np.asarray(values)[..., np.newaxis]
