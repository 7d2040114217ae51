"""How often a member decides: the coalitions of others, by their size, that lose without it and win with it.

Exact, by dynamic programming over sizes and weights. With n members, Q the quota of the simplified game and K the most
members of a losing coalition, the table has K times Q numbers of n bits, and each member is added to it once. A number
is held as limbs, so that numpy adds them, and carries wait until limbs are nearly full.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ewtp.core.power.weighted_game import WeightedGame

    # How many coalitions of each size a member decides, from the empty one up.
    Swings = tuple[int, ...]

# A limb has this many bits between carries; adding two limbs needs one more, a running sum over the quota the rest.
_LIMB_BITS = 40
_MASK = (1 << _LIMB_BITS) - 1
_ADDED_BEFORE_CARRY = 22
_MOST_QUOTA = 1 << 22
# Additions of limbs that take about ten seconds, and bytes of the table, of which two are held for a moment.
_MOST_WORK = 2 * 10**10
_MOST_BYTES = 5 * 10**8


def countable(game: WeightedGame) -> bool:
    """Whether the table of a simplified game is small enough to be computed exactly."""
    sizes, limbs, work = _shape(game)
    return game.quota <= _MOST_QUOTA and work <= _MOST_WORK and sizes * limbs * game.quota * 8 <= _MOST_BYTES


def count_swings(game: WeightedGame) -> dict[int, Swings]:
    """The swings of a member of each weight in a simplified game; none for weight zero."""
    sums = _accumulate_sums(_coalitions(game))
    return {weight: _swings(sums, game.quota, weight) for weight in sorted({*game.weights} - {0})}


def _shape(game: WeightedGame) -> tuple[int, int, int]:
    """Rows of sizes, limbs of a number, and additions of limbs at most."""
    smallest = accumulate(sorted(game.weights))
    sizes = 1 + sum(weight < game.quota for weight in smallest)
    limbs = -(-(len(game.weights) + 1) // _LIMB_BITS)
    return sizes, limbs, len(game.weights) * sizes * limbs * game.quota


def _coalitions(game: WeightedGame) -> NDArray[np.int64]:
    """The numbers of coalitions [size, limb, weight] that weigh less than the quota."""
    sizes, limbs, _ = _shape(game)
    table = np.zeros((sizes, limbs, game.quota), np.int64)
    table[0, 0, 0] = 1
    # From light to heavy, so that the part of the table that is not zero grows as late as it can.
    ordered = sorted(game.weights)
    sums = [0, *accumulate(ordered)]
    for present, weight in enumerate(ordered):
        for size in range(min(present + 1, sizes - 1), 0, -1):
            # The lightest and the heaviest coalition of one member fewer among those present.
            first = sums[size - 1] + weight
            last = min(sums[present] - sums[present - size + 1] + weight, game.quota - 1)
            if first <= last:
                table[size, :, first : last + 1] += table[size - 1, :, first - weight : last + 1 - weight]
        if present % _ADDED_BEFORE_CARRY == _ADDED_BEFORE_CARRY - 1:
            _carry(table)
    _carry(table)
    return table


def _carry(table: NDArray[np.int64]) -> None:
    """Move what is above the bits of a limb to the next; the last one has all that is left."""
    for limb in range(table.shape[1] - 1):
        table[:, limb + 1] += table[:, limb] >> _LIMB_BITS
        table[:, limb] &= _MASK


def _accumulate_sums(table: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers of coalitions [weight, size, limb] that weigh this much or less; takes the table."""
    np.cumsum(table, axis=2, out=table)
    _carry(table)
    return np.ascontiguousarray(table.transpose(2, 0, 1))


def _swings(sums: NDArray[np.int64], quota: int, weight: int) -> Swings:
    """The coalitions without one member of this weight that weigh less than the quota, and not so little less.

    A coalition without the member is one of all members, less those with it, which without it are one of a lower
    weight and size: an alternating sum down to weight zero, with as many terms as the weight is contained in the quota.
    """
    found = np.zeros(sums.shape[1:], np.int64)
    sizes = len(found)
    sign = 1
    for removed, most in enumerate(range(quota - 1, -1, -weight)):
        if removed >= sizes:
            break
        within = sums[most] if most < weight else sums[most] - sums[most - weight]
        found[removed:] += sign * within[: sizes - removed]
        sign = -sign
    return tuple(sum(int(limb) << _LIMB_BITS * place for place, limb in enumerate(row)) for row in found)
