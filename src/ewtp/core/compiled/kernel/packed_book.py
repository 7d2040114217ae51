"""A compiled book as the kernel reads it: few arrays, with the data of one step side by side.

There are few arrays because each one costs at every call. A record fills a cache line, which is fetched at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ewtp.core.compiled.format import due_field, outcome_field
from ewtp.core.compiled.kernel import economy_field, list_field, segment, state
from ewtp.core.compiled.kernel.state import get_state
from ewtp.core.compiled.machine.jit import jit_inline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ewtp.core.compiled.kernel.state import States

# The figures of a record, which fill a cache line.
RECORD = outcome_field.PACKED_WIDTH
# The bits of a small figure, and the bits that number them.
WORD = 32
_WORD_SHIFT, _WORD_MASK = WORD.bit_length() - 1, WORD - 1
# The bits of a pair of economies: together, moved, apart before, then those of ``entry_exemption``.
PAIR_BITS, PAIR_NOT_OWED = 8, 3


class PackedBook(NamedTuple):
    """The arrays that the kernel reads, end to end: ``small`` has those of int32, ``large`` those of int64.

    ``at[segment]`` is where each one begins. ``claim_words`` and ``economy_words`` are the numbers of figures in a row
    of bits by claim and by economy.
    """

    small: NDArray[np.int32]
    large: NDArray[np.int64]
    at: NDArray[np.int64]
    claim_words: int
    economy_words: int


@jit_inline()
def get_small(book: PackedBook, array: int, place: int) -> np.int64:
    """A small figure of a packed book."""
    return np.int64(book.small[np.uint64(book.at[array] + place)])


@jit_inline()
def get_large(book: PackedBook, array: int, place: int) -> np.int64:
    """A large figure of a packed book."""
    return np.int64(book.large[np.uint64(book.at[array] + place)])


@jit_inline()
def get_field(book: PackedBook, row: int, field: int) -> np.int64:
    """A field of the record that begins at a place of the small figures."""
    return np.int64(book.small[np.uint64(row + field)])


@jit_inline()
def get_outcome(book: PackedBook, outcome: int, field: int) -> np.int64:
    """A field of an outcome."""
    return np.int64(book.small[np.uint64(book.at[segment.OUTCOME_FIELDS] + outcome * RECORD + field)])


@jit_inline()
def get_due(book: PackedBook, due: int, field: int) -> np.int64:
    """A field of a charge that is due."""
    return np.int64(book.large[np.uint64(book.at[segment.DUE_FIELDS] + due * due_field.WIDTH + field)])


@jit_inline()
def get_economy(book: PackedBook, economy: int, field: int) -> np.int64:
    """A field of an economy."""
    return np.int64(book.small[np.uint64(book.at[segment.ECONOMY_FIELDS] + economy * RECORD + field)])


@jit_inline()
def has_bit(book: PackedBook, array: int, row: int, words: int, bit: int) -> int:
    """One bit of a row, 1 or 0."""
    return (get_small(book, array, row * words + (bit >> _WORD_SHIFT)) >> (bit & _WORD_MASK)) & 1


@jit_inline()
def claim_lowers_duty(book: PackedBook, origin: int, claim: int) -> int:
    """Whether a claim gives goods of an origin a lower duty on some day."""
    return has_bit(book, segment.CLAIMABLE, origin, book.claim_words, claim)


@jit_inline()
def are_together(book: PackedBook, one: int, other: int) -> int:
    """Whether two economies are in one customs union."""
    return has_bit(book, segment.TOGETHER, one, book.economy_words, other * PAIR_BITS)


@jit_inline()
def have_moved(book: PackedBook, one: int, other: int) -> int:
    """Whether two economies come into one customs union, or leave it, on some day."""
    return has_bit(book, segment.TOGETHER, one, book.economy_words, other * PAIR_BITS + 1)


@jit_inline()
def were_apart(book: PackedBook, one: int, other: int) -> int:
    """Whether a customs border lay between two economies that are together, until the last turn of the first."""
    return has_bit(book, segment.TOGETHER, one, book.economy_words, other * PAIR_BITS + 2)


@jit_inline()
def are_inside(book: PackedBook, states: States, at: int) -> bool:
    """Whether a line stays inside one customs union on its day, of those that the kernel settles."""
    source, day = get_state(states, at, state.SOURCE), get_state(states, at, state.DAY)
    if not are_together(book, source, get_state(states, at, state.DESTINATION)):
        return False
    return day >= get_economy(book, source, economy_field.STATUS_DAY)


@jit_inline()
def get_not_owed(book: PackedBook, one: int, other: int) -> int:
    """The bits of ``entry_exemption`` for goods from one economy to another that is in one customs union with it."""
    bit = other * PAIR_BITS + PAIR_NOT_OWED
    figure = get_small(book, segment.TOGETHER, one * book.economy_words + (bit >> _WORD_SHIFT))
    return (figure >> (bit & _WORD_MASK)) & (2 ** (PAIR_BITS - PAIR_NOT_OWED) - 1)


@jit_inline()
def are_named(book: PackedBook, source: int, origin: int, destination: int) -> int:
    """Whether a sanctions programme of the destination names the source or the origin on some day."""
    named = get_economy(book, source, economy_field.NAMED) | get_economy(book, origin, economy_field.NAMED)
    return named & get_economy(book, destination, economy_field.PROGRAMMES)


@jit_inline()
def find_list_row(book: PackedBook, listed: int) -> int:
    """Where the fields of a list are."""
    return book.at[segment.LIST_FIELDS] + listed * list_field.WIDTH
