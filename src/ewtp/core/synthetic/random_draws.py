"""Random bits and the tables that turn them into choices, in integers only, so that every computer draws the same."""

from __future__ import annotations

from decimal import Decimal
from math import exp
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# A choice takes sixteen bits, so weights are rounded to multiples of one part in this number.
CHOICES = 1 << 16
# A spread takes 28 bits: twelve choose a segment of the curve, sixteen a point within it.
_PIECES = 1 << 12
_WORDS = 5
COLUMNS = 4 * _WORDS
# The stream for draws shared by a whole file; blocks of lines take the streams from zero up.
_SHARED = 2**63
# The unit of multiples: one, in fixed point.
ONE = 1 << 16


def draw_line_bits(seed: int, block: int, count: int) -> NDArray[np.uint16]:
    """Random bits [COLUMNS, count] uint16 for the lines of a block; they depend on the seed and its number alone."""
    source = np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(block,)))
    # Little-endian words are the same bytes everywhere.
    return source.random_raw(count * _WORDS).astype("<u8", copy=False).view("<u2").reshape(COLUMNS, count)


class Shuffler:
    """Draws permutations from a seed, another one at each call."""

    def __init__(self, seed: int) -> None:
        self._source = np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(_SHARED,)))

    def order(self, count: int) -> NDArray[np.int64]:
        """A random permutation of the numbers below ``count``."""
        # Sorting raw bits does not depend on numpy's own shuffling, which may change.
        return np.argsort(self._source.random_raw(count), kind="stable")


def threshold(share: Decimal) -> int:
    """The number below which this share of sixteen-bit draws falls."""
    return round(share * CHOICES)


def build_choice_table(
    weights: Sequence[Decimal | int], kind: type[np.unsignedinteger[Any]] = np.uint8
) -> NDArray[Any]:
    """A lookup table [CHOICES] from sixteen bits to indices of the weights."""
    total = sum(map(Decimal, weights))
    running = Decimal(0)
    ends = []
    for weight in weights:
        running += weight
        ends.append(round(running / total * CHOICES))
    return np.repeat(np.arange(len(ends), dtype=kind), np.diff([0, *ends]))


def power_law_weights(count: int, exponent: Decimal) -> list[int]:
    """Integer weights in proportion to 1 / rank ** exponent, for the ranks from 1 to ``count``."""
    return [round(10**9 / place ** float(exponent)) for place in range(1, count + 1)]


def build_spread_table(spread: Decimal) -> NDArray[np.int64]:
    """Multiples of the median of a log-normal distribution, in 1/65536, at evenly spaced quantiles."""
    curve = NormalDist()
    places = _PIECES + 1
    return np.array(
        [round(ONE * exp(float(spread) * curve.inv_cdf((place + 0.5) / places))) for place in range(places)],
        np.int64,
    )


def interpolate_spread(
    table: NDArray[np.int64], first: NDArray[np.uint16], second: NDArray[np.uint16]
) -> NDArray[np.int64]:
    """A multiple for every line, interpolated between two entries of the table."""
    piece = first >> 4
    rise: NDArray[np.int64] = (table[1:] - table[:-1])[piece]
    multiples: NDArray[np.int64] = table[piece] + ((rise * second) >> 16)
    return multiples


def skew_places(bits: NDArray[np.uint64], counts: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Indices below each count from 32 bits; the share of draws below index p is the square root of p / count."""
    places: NDArray[np.int64] = ((((bits * bits) >> np.uint64(32)) * counts) >> np.uint64(32)).astype(np.int64)
    return places
