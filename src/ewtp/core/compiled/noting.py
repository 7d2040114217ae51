"""The kernel's notes: which sets of rules and which combinations of unknowns its lines have met."""

from __future__ import annotations

from typing import Any

import numpy as np

from ewtp.core.compiled.arithmetic import FAILED, inlined
from ewtp.core.compiled.charging import LIST_FIELDS, LIST_WIDTH, get
from ewtp.core.compiled.layout import (
    S_ADDITIONAL,
    SETS,
)
from ewtp.core.compiled.tables import L_SETS

_PRIME = 0x1E3779B97F4A7C15


@inlined()
def note_set(book: Any, counts: Any, noted: Any, seen: Any, slot: int, listed: int, own: int) -> int:
    """The number, in its column, of a set of rules; the empty one is 0."""
    if not own:
        return 0
    key = get(book, LIST_FIELDS, LIST_WIDTH * listed + L_SETS) + own
    found = seen[key]
    if not found:
        found = counts[slot]
        counts[slot] = found + 1
        seen[key] = found
        noted[slot, found, 0] = listed
        noted[slot, found, 1] = own
        noted[slot, found, 2] = 0
        noted[slot, found, 3] = 0
    return found


@inlined()
def note_pair(
    book: Any, counts: Any, noted: Any, pairs: Any, numbers: Any, listed: int, own: int, other: int, others: int
) -> int:
    """The number of two sets of additional duties taken together."""
    first = get(book, LIST_FIELDS, LIST_WIDTH * listed + L_SETS) + own
    second = get(book, LIST_FIELDS, LIST_WIDTH * other + L_SETS) + others
    key = (np.int64(first) << 32) | np.int64(second)
    mask = pairs.shape[0] - 1
    at = ((key * _PRIME) >> 20) & mask
    while pairs[at] and pairs[at] != key:
        at = (at + 1) & mask
    if not pairs[at]:
        found = counts[S_ADDITIONAL]
        counts[S_ADDITIONAL] = found + 1
        pairs[at] = key
        numbers[at] = found
        noted[S_ADDITIONAL, found, 0] = listed
        noted[S_ADDITIONAL, found, 1] = own
        noted[S_ADDITIONAL, found, 2] = other
        noted[S_ADDITIONAL, found, 3] = others
    return numbers[at]


@inlined()
def note_bits(counts: Any, bits_noted: Any, of_bits: Any, bits: int) -> int:
    """The number of a combination of unknowns; FAILED where there are more than the notes have room for."""
    mask = of_bits.shape[0] - 1
    at = ((bits * _PRIME) >> 20) & mask
    # A number of 0 says that nothing is noted at a place.
    while of_bits[at]:
        if bits_noted[of_bits[at] - 1] == bits:
            return of_bits[at] - 1
        at = (at + 1) & mask
    count = counts[SETS]
    if count >= bits_noted.shape[0]:
        return FAILED
    counts[SETS] = count + 1
    bits_noted[count] = bits
    of_bits[at] = count + 1
    return count
