"""A compiled book as the kernel reads it: few arrays, with what one step reads side by side.

A call hands over every array that it is given, so there are few; and what is in one cache line is fetched at once, so
records are as wide as one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ewtp.core.compiled.format import due_field, outcome_field
from ewtp.core.compiled.kernel import list_field, segment
from ewtp.core.compiled.machine.jit import jit_inline

if TYPE_CHECKING:
    from numpy.typing import NDArray

# How many figures a record has; sixteen of them fill a cache line.
RECORD = outcome_field.PACKED_WIDTH
# How many bits a small figure holds, and their number's own bits.
WORD = 32
_WORD_SHIFT, _WORD_MASK = WORD.bit_length() - 1, WORD - 1


class PackedBook(NamedTuple):
    """The arrays that the kernel reads, end to end: ``small`` has those of small figures, ``large`` the others.

    ``at`` is by ``segment`` where each one begins. ``claim_words`` and ``economy_words`` are how many figures a row of
    bits by claim and by economy has.
    """

    small: NDArray[np.int32]
    large: NDArray[np.int64]
    at: NDArray[np.int64]
    claim_words: int
    economy_words: int


@jit_inline()
def get_small(book: PackedBook, array: int, place: int) -> Any:
    """A small figure of a packed book."""
    return np.int64(book.small[np.uint64(book.at[array] + place)])


@jit_inline()
def get_large(book: PackedBook, array: int, place: int) -> Any:
    """A large figure of a packed book."""
    return np.int64(book.large[np.uint64(book.at[array] + place)])


@jit_inline()
def get_field(book: PackedBook, row: int, field: int) -> Any:
    """A field of the record that begins at a place of the small figures."""
    return np.int64(book.small[np.uint64(row + field)])


@jit_inline()
def get_outcome(book: PackedBook, outcome: int, field: int) -> Any:
    """A field of an outcome."""
    return np.int64(book.small[np.uint64(book.at[segment.OUTCOME_FIELDS] + outcome * RECORD + field)])


@jit_inline()
def get_due(book: PackedBook, due: int, field: int) -> Any:
    """A field of a charge that is due."""
    return np.int64(book.large[np.uint64(book.at[segment.DUE_FIELDS] + due * due_field.WIDTH + field)])


@jit_inline()
def get_economy(book: PackedBook, economy: int, field: int) -> Any:
    """A field of an economy."""
    return np.int64(book.small[np.uint64(book.at[segment.ECONOMY_FIELDS] + economy * RECORD + field)])


@jit_inline()
def has_bit(book: PackedBook, array: int, row: int, words: int, bit: int) -> Any:
    """A truth of a row of bits, 1 or 0."""
    return (get_small(book, array, row * words + (bit >> _WORD_SHIFT)) >> (bit & _WORD_MASK)) & 1


@jit_inline()
def may_claim(book: PackedBook, origin: int, claim: int) -> Any:
    """Whether a claim brings in some lower duty for goods of an origin."""
    return has_bit(book, segment.CLAIMABLE, origin, book.claim_words, claim)


@jit_inline()
def are_together(book: PackedBook, one: int, other: int) -> Any:
    """Whether two economies are in one customs union."""
    return has_bit(book, segment.TOGETHER, one, book.economy_words, other)


@jit_inline()
def find_list_row(book: PackedBook, listed: int) -> Any:
    """Where the fields of a list are."""
    return book.at[segment.LIST_FIELDS] + listed * list_field.WIDTH
