"""The swings of a game of few members with any weights: the coalitions of two halves, combined by search.

With 30 members each half has 2**15 coalitions at most, so weights of any size are counted in seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ewtp.core.power.swing_counts import Swings
    from ewtp.core.power.weighted_game import WeightedGame

MOST_MEMBERS_OF_FEW = 30


def count_swings_of_few(game: WeightedGame) -> dict[int, Swings]:
    """The swings of a member of each weight, as ``count_swings`` has them; ValueError with too many members."""
    if len(game.weights) > MOST_MEMBERS_OF_FEW:
        msg = f"{len(game.weights)} members are more than {MOST_MEMBERS_OF_FEW}"
        raise ValueError(msg)
    found = {}
    for weight in sorted({*game.weights} - {0}):
        others = list(game.weights)
        others.remove(weight)
        found[weight] = _swings(others, game.quota, weight)
    return found


def _swings(others: Sequence[int], quota: int, weight: int) -> Swings:
    half = len(others) // 2
    sums, sizes = _coalitions(others[:half])
    other_sums, other_sizes = _coalitions(others[half:])
    counts = [0] * (len(others) + 1)
    for size in range(len(others) - half + 1):
        ordered = np.sort(other_sums[other_sizes == size])
        # The other half brings from quota - weight to quota - 1 together with the sum of this one.
        within = np.searchsorted(ordered, quota - sums) - np.searchsorted(ordered, quota - weight - sums)
        # At most 2**30 in all, which a float has exactly.
        for more, count in enumerate(np.bincount(sizes, weights=within).tolist()):
            counts[size + more] += int(count)
    return tuple(counts)


def _coalitions(weights: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The weight and the size of every coalition, one array each."""
    sums = sizes = np.zeros(1, np.int64)
    for weight in weights:
        sums, sizes = np.concatenate((sums, sums + weight)), np.concatenate((sizes, sizes + 1))
    return sums, sizes
