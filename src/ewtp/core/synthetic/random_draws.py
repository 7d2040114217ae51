"""Random bits and the tables that turn them into choices: whole numbers, so that every machine draws the same."""

from __future__ import annotations

from decimal import Decimal
from math import exp
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# A choice takes sixteen bits, so weights are kept to one part in this many.
CHOICES = 1 << 16
# A spread takes 28 bits: twelve choose a piece of the curve, sixteen the place in it.
_PIECES = 1 << 12
_WORDS = 5
COLUMNS = 4 * _WORDS
# The stream of what a file's lines share; blocks of lines take the numbers from zero.
_SHARED = 2**63
# Multiples are kept in this many parts of one.
ONE = 1 << 16


def line_bits(seed: int, block: int, count: int) -> NDArray[np.uint16]:
    """``COLUMNS`` rows of sixteen random bits for each line of a block; they depend on its number and the seed."""
    source = np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(block,)))
    # Little-endian words are the same bytes everywhere.
    return source.random_raw(count * _WORDS).astype("<u8", copy=False).view("<u2").reshape(COLUMNS, count)


class Shuffler:
    """Draws orders from a seed; each call gives another one."""

    def __init__(self, seed: int) -> None:
        self._source = np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(_SHARED,)))

    def order(self, count: int) -> NDArray[np.int64]:
        """The numbers below ``count`` in random order."""
        # Sorting raw bits keeps the order the same whatever numpy's own shuffling becomes.
        return np.argsort(self._source.random_raw(count), kind="stable")


def threshold(share: Decimal) -> int:
    """The number below which sixteen bits fall in this share of draws."""
    return round(share * CHOICES)


def chooser(weights: Sequence[Decimal | int], kind: type[np.unsignedinteger[Any]] = np.uint8) -> NDArray[Any]:
    """A table from sixteen bits to the places of the weights."""
    total = sum(map(Decimal, weights))
    running = Decimal(0)
    ends = []
    for weight in weights:
        running += weight
        ends.append(round(running / total * CHOICES))
    return np.repeat(np.arange(len(ends), dtype=kind), np.diff([0, *ends]))


def falling_weights(count: int, exponent: Decimal) -> list[int]:
    """Whole weights in proportion to 1 / place ** exponent."""
    return [round(10**9 / place ** float(exponent)) for place in range(1, count + 1)]


def spread_table(spread: Decimal) -> NDArray[np.int64]:
    """Multiples of the middle of a log-normal curve, in 1/65536, at evenly likely places along it."""
    curve = NormalDist()
    places = _PIECES + 1
    return np.array(
        [round(ONE * exp(float(spread) * curve.inv_cdf((place + 0.5) / places))) for place in range(places)],
        np.int64,
    )


def spread_of(table: NDArray[np.int64], first: NDArray[np.uint16], second: NDArray[np.uint16]) -> NDArray[np.int64]:
    """A multiple for every line, between two places of the table."""
    piece = first >> 4
    rise: NDArray[np.int64] = (table[1:] - table[:-1])[piece]
    multiples: NDArray[np.int64] = table[piece] + ((rise * second) >> 16)
    return multiples


def skewed(bits: NDArray[np.uint64], counts: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Places below each count from 32 bits, where the share of draws below place p is the square root of p / count."""
    places: NDArray[np.int64] = ((((bits * bits) >> np.uint64(32)) * counts) >> np.uint64(32)).astype(np.int64)
    return places
