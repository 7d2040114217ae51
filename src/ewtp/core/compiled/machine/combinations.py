"""Rows of several columns of integers, numbered so that equal rows have one number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_LARGEST = 2**62


def number_combinations(columns: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
    """Numbers of rows that are equal exactly where the rows are equal in all columns."""
    found = np.zeros(len(columns[0]), np.int64)
    width = 1
    for each in columns:
        low, high = (int(each.min()), int(each.max())) if len(each) else (0, 0)
        span = high - low + 1
        if width * span > _LARGEST:
            found = np.unique(found, return_inverse=True)[1].astype(np.int64)
            width = len(found) + 1
        found = found * span + (each - low)
        width *= span
    return found
