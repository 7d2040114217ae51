"""The kernel's notes: which sets of rules and which combinations of unknowns its lines have met."""

from __future__ import annotations

from typing import Any

import numpy as np

from ewtp.core.compiled.format import rule_set
from ewtp.core.compiled.kernel import list_field, segment, state
from ewtp.core.compiled.kernel.line_state import of_case, put
from ewtp.core.compiled.machine.fixed_point import FAILED
from ewtp.core.compiled.machine.jit import jit_inline, jit_no_refcount

_PRIME = 0x1E3779B97F4A7C15


@jit_inline()
def number_in_row(book: Any, row: int, own: int) -> Any:
    """The number of a set among those of all lists, where the figures of its list begin; the empty one is 0."""
    return np.int64(book.small[np.uint64(row + list_field.SETS)]) + own if own else 0


@jit_inline()
def number_of_set(book: Any, listed: int, own: int) -> Any:
    """The same for a list."""
    return number_in_row(book, book.at[segment.LIST_FIELDS] + list_field.WIDTH * listed, own)


@jit_no_refcount()
def intern_sets(book: Any, notes: Any, sets: Any, case: Any, rows: int) -> None:
    """Give the sets of a block's cases the numbers that they have in their columns."""
    counts, noted, seen = notes.counts, notes.sets, notes.seen
    for slot in range(rule_set.COUNT):
        for row in range(rows):
            at = row * state.WIDTH
            if of_case(case, at, state.MATCHED) == FAILED:
                continue
            key = of_case(case, at, state.SETS + slot)
            # Nothing is ever noted of set 0, whose number is 0 everywhere.
            number = np.int64(seen[np.uint64(key)])
            if slot == rule_set.ADDITIONAL_DUTY and of_case(case, at, state.PAIR):
                number = _note_pair(book, notes, case, at)
            elif key and not number:
                number = counts[slot]
                counts[slot] = number + 1
                seen[key] = number
                listed = of_case(case, at, state.LEVIES)
                if slot == rule_set.DUTY:
                    listed = of_case(case, at, state.DUTY)
                elif slot == rule_set.ADDITIONAL_DUTY:
                    listed = of_case(case, at, state.ADDED)
                elif slot in (rule_set.REQUIREMENT, rule_set.PROHIBITION):
                    listed = of_case(case, at, state.PAPERS)
                noted[slot, number, 0] = listed
                noted[slot, number, 1] = key - number_of_set(book, listed, 1) + 1
                noted[slot, number, 2] = 0
                noted[slot, number, 3] = 0
            sets[slot, of_case(case, at, state.LINE)] = number


@jit_inline()
def _note_pair(book: Any, notes: Any, case: Any, at: int) -> Any:
    """The number of two sets of additional duties taken together."""
    counts, noted, pairs, numbers = notes.counts, notes.sets, notes.pairs, notes.pair_numbers
    first, second = of_case(case, at, state.SETS + rule_set.ADDITIONAL_DUTY), of_case(case, at, state.PAIR)
    key = (first << 32) | second
    mask = pairs.shape[0] - 1
    place = ((key * _PRIME) >> 20) & mask
    while pairs[place] and pairs[place] != key:
        place = (place + 1) & mask
    if not pairs[place]:
        found = counts[rule_set.ADDITIONAL_DUTY]
        counts[rule_set.ADDITIONAL_DUTY] = found + 1
        pairs[place] = key
        numbers[place] = found
        narrow, broad = of_case(case, at, state.NARROW), of_case(case, at, state.BROAD)
        noted[rule_set.ADDITIONAL_DUTY, found, 0] = narrow
        noted[rule_set.ADDITIONAL_DUTY, found, 1] = first - number_of_set(book, narrow, 1) + 1
        noted[rule_set.ADDITIONAL_DUTY, found, 2] = broad
        noted[rule_set.ADDITIONAL_DUTY, found, 3] = second - number_of_set(book, broad, 1) + 1
    return np.int64(numbers[place])


@jit_no_refcount()
def intern_unknowns(notes: Any, unknowns: Any, case: Any, rows: int) -> None:
    """Give what is unknown of a block's cases a number by combination; FAILED where the notes have no more room."""
    counts, bits_noted, of_bits = notes.counts, notes.bits, notes.of_bits
    mask = of_bits.shape[0] - 1
    for row in range(rows):
        at = row * state.WIDTH
        if of_case(case, at, state.MATCHED) == FAILED:
            continue
        bits = of_case(case, at, state.UNKNOWNS)
        place = ((bits * _PRIME) >> 20) & mask
        # A number of 0 says that nothing is noted at a place.
        while of_bits[place] and bits_noted[of_bits[place] - 1] != bits:
            place = (place + 1) & mask
        if not of_bits[place]:
            count = counts[rule_set.COUNT]
            if count >= bits_noted.shape[0]:
                put(case, at, state.MATCHED, FAILED)
                continue
            counts[rule_set.COUNT] = count + 1
            bits_noted[count] = bits
            of_bits[place] = count + 1
        unknowns[of_case(case, at, state.LINE)] = of_bits[place] - 1
