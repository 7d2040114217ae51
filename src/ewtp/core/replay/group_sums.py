"""Sums of an array by group: the groups found without sorting where that is faster, the sums exact beyond 64 bits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HALF = 32
_LOW = (1 << _HALF) - 1
_MOST = 2**62
# Above this number of possible keys, sorting is faster than a table of all of them.
_MOST_KEYS = 2_000_000


def find_distinct(keys: NDArray[Any], most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct keys in order, and the index of each key among them; keys are from 0 to below ``most``."""
    if most > _MOST_KEYS:
        found, back = np.unique(keys, return_inverse=True)
        return found, back
    number = np.zeros(most, np.int64)
    number[keys] = 1
    found = np.flatnonzero(number)
    number[found] = np.arange(len(found))
    return found, number[keys]


def sum_by_group(group: NDArray[np.int64], values: NDArray[np.int64], count: int) -> list[int]:
    """The exact sum of each group's values, even beyond 64 bits."""
    most = max(int(values.max(initial=0)), -int(values.min(initial=0)))
    if most * max(len(values), 1) < _MOST:
        whole = np.zeros(count, np.int64)
        np.add.at(whole, group, values)
        found: list[int] = whole.tolist()
        return found
    high, low = np.zeros(count, np.int64), np.zeros(count, np.int64)
    np.add.at(high, group, values >> _HALF)
    np.add.at(low, group, values & _LOW)
    return [(upper << _HALF) + lower for upper, lower in zip(high.tolist(), low.tolist(), strict=True)]
