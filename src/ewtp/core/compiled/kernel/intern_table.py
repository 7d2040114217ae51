"""Interning: numbers for the sets of rules and the combinations of unknowns in the answers to a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.format import rule_set
from ewtp.core.compiled.kernel import list_field, state
from ewtp.core.compiled.kernel.packed_book import find_list_row, get_field
from ewtp.core.compiled.kernel.state import get_state, set_state
from ewtp.core.compiled.machine.fixed_point import FAILED
from ewtp.core.compiled.machine.jit import jit_inline, jit_no_refcount

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ewtp.core.compiled.format.kernel_arrays import Interned
    from ewtp.core.compiled.kernel.packed_book import PackedBook
    from ewtp.core.compiled.kernel.state import States

_PRIME = 0x1E3779B97F4A7C15
_HASH_SHIFT = 20
_HALF_BITS = 32


@jit_inline()
def find_set_in_row(book: PackedBook, row: int, own: int) -> int:
    """The number in the book of a set of the list whose fields begin at ``row``; the empty set is 0 everywhere."""
    return get_field(book, row, list_field.SETS) + own if own else 0


@jit_inline()
def find_set(book: PackedBook, listed: int, own: int) -> int:
    """The same for a list."""
    return find_set_in_row(book, find_list_row(book, listed), own)


@jit_inline()
def _find_place(key: int, places: int) -> int:
    """The first place where a hash table of this size looks for a key."""
    return ((key * _PRIME) >> _HASH_SHIFT) & (places - 1)


@jit_no_refcount()
def intern_sets(book: PackedBook, interned: Interned, sets: NDArray[np.int32], states: States, rows: int) -> None:
    """Write the numbers of a block's sets to ``sets[rule_set, line]``."""
    counts, seen = interned.counts, interned.seen
    for kind in range(rule_set.COUNT):
        for row in range(rows):
            at = row * state.WIDTH
            if get_state(states, at, state.ENTRY) == FAILED:
                continue
            key = get_state(states, at, state.SETS + kind)
            # Set 0 is never interned, and its number is 0 everywhere.
            number = np.int64(seen[np.uint64(key)])
            if kind == rule_set.ADDITIONAL_DUTY and get_state(states, at, state.PAIR):
                number = _intern_pair(book, interned, states, at)
            elif key and not number:
                number = counts[kind]
                counts[kind] = number + 1
                seen[key] = number
                listed = _find_list(states, at, kind)
                _write_set(interned.sets, kind, number, 0, listed, key - find_set(book, listed, 1) + 1)
                _write_set(interned.sets, kind, number, 1, 0, 0)
            sets[kind, get_state(states, at, state.LINE)] = number


@jit_inline()
def _find_list(states: States, at: int, kind: int) -> int:
    """The list that a line's set of this kind belongs to."""
    if kind == rule_set.DUTY:
        return get_state(states, at, state.DUTY_LIST)
    if kind == rule_set.ADDITIONAL_DUTY:
        return get_state(states, at, state.ADDED_LIST)
    if kind in (rule_set.REQUIREMENT, rule_set.PROHIBITION):
        return get_state(states, at, state.PAPER_LIST)
    return get_state(states, at, state.LEVY_LIST)


@jit_inline()
def _write_set(sets: NDArray[np.int32], kind: int, number: int, half: int, listed: int, own: int) -> None:
    sets[kind, number, 2 * half] = listed
    sets[kind, number, 2 * half + 1] = own


@jit_inline()
def _intern_pair(book: PackedBook, interned: Interned, states: States, at: int) -> np.int64:
    """The number of the union of two sets of additional duties."""
    counts, pairs, numbers = interned.counts, interned.pairs, interned.pair_numbers
    kind = rule_set.ADDITIONAL_DUTY
    first, second = get_state(states, at, state.SETS + kind), get_state(states, at, state.PAIR)
    key = (first << _HALF_BITS) | second
    place = _find_place(key, pairs.shape[0])
    while pairs[place] and pairs[place] != key:
        place = (place + 1) & (pairs.shape[0] - 1)
    if not pairs[place]:
        number = counts[kind]
        counts[kind] = number + 1
        pairs[place] = key
        numbers[place] = number
        narrow, broad = get_state(states, at, state.NARROW_LIST), get_state(states, at, state.BROAD_LIST)
        _write_set(interned.sets, kind, number, 0, narrow, first - find_set(book, narrow, 1) + 1)
        _write_set(interned.sets, kind, number, 1, broad, second - find_set(book, broad, 1) + 1)
    return np.int64(numbers[place])


@jit_no_refcount()
def intern_unknowns(interned: Interned, unknowns: NDArray[np.int32], states: States, rows: int) -> None:
    """Write the numbers of a block's combinations of unknowns to ``unknowns[line]``.

    Where the table is full, a line with a new combination falls back to the scalar path.
    """
    counts, bits_of, of_bits = interned.counts, interned.bits, interned.of_bits
    for row in range(rows):
        at = row * state.WIDTH
        if get_state(states, at, state.ENTRY) == FAILED:
            continue
        bits = get_state(states, at, state.UNKNOWNS)
        place = _find_place(bits, of_bits.shape[0])
        # A number of 0 marks a free place.
        while of_bits[place] and bits_of[of_bits[place] - 1] != bits:
            place = (place + 1) & (of_bits.shape[0] - 1)
        if not of_bits[place]:
            count = counts[rule_set.COUNT]
            if count >= bits_of.shape[0]:
                set_state(states, at, state.ENTRY, FAILED)
                continue
            counts[rule_set.COUNT] = count + 1
            bits_of[count] = bits
            of_bits[place] = count + 1
        unknowns[get_state(states, at, state.LINE)] = of_bits[place] - 1
