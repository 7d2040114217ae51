"""Estimates of both indices from random draws, for games too large to be computed exactly."""

from __future__ import annotations

from math import log, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ewtp.core.power.weighted_game import WeightedGame

# With this probability no estimate of either index is further from the true one than its error.
CONFIDENCE = 0.99
_CELLS = 1 << 20
_BITS = 64


@immutable
class SampledIndices:
    """Both indices as estimated from ``draws`` random orders and as many random coalitions.

    The errors are bounds for every member at once, by the empirical Bernstein inequality (Maurer and Pontil 2009,
    theorem 4), each at half of what ``CONFIDENCE`` leaves.
    """

    shapley: tuple[float, ...]
    banzhaf: tuple[float, ...]
    shapley_error: float
    banzhaf_error: float
    draws: int
    seed: int


def sample_power(game: WeightedGame, *, draws: int, seed: int) -> SampledIndices:
    """The estimates; equal seeds give equal ones on every computer. ``draws`` is 2 or more."""
    orders, coalitions = (np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(part,))) for part in (0, 1))
    weights = np.array(game.weights, np.int64)
    pivots, swings = np.zeros((2, len(weights)), np.int64)
    swings_at_once = squares = 0
    for count in _parts(draws, len(weights)):
        pivots += _pivots(orders, weights, game.quota, count)
        decisive = _decisive(coalitions, weights, game.quota, count)
        by_draw = decisive.sum(axis=1)
        swings += decisive.sum(axis=0)
        swings_at_once += int(by_draw.sum())
        squares += int((by_draw * by_draw).sum())
    shapley = pivots / draws
    chance = (1 - CONFIDENCE) / 2
    error = max(_bound_error(float(share), draws, chance / len(weights)) for share in shapley)
    members = len(weights)
    all_swings = swings_at_once / draws
    variance = (squares / draws - all_swings**2) * draws / (draws - 1) / members**2
    all_error = members * _bernstein(variance, draws, chance / (members + 1))
    banzhaf_error = max(
        _ratio_error(
            float(count) / draws,
            _bound_error(float(count) / draws, draws, chance / (members + 1)),
            all_swings,
            all_error,
        )
        for count in swings
    )
    return SampledIndices(
        tuple(shapley.tolist()),
        tuple((swings / max(swings_at_once, 1)).tolist()),
        min(error, 1.0),
        banzhaf_error,
        draws,
        seed,
    )


def _parts(draws: int, members: int) -> Iterator[int]:
    """The draws in parts that fit into memory."""
    part = max(1, _CELLS // members)
    for start in range(0, draws, part):
        yield min(part, draws - start)


def _pivots(source: Any, weights: NDArray[np.int64], quota: int, count: int) -> NDArray[np.int64]:
    """How often each member is the one that makes the quota, in random orders."""
    members = len(weights)
    # Sorting raw bits does not depend on numpy's own shuffling, which may change.
    orders = np.argsort(source.random_raw(count * members).reshape(count, members), axis=1, kind="stable")
    places = (np.cumsum(weights[orders], axis=1) < quota).sum(axis=1)
    return np.bincount(orders[np.arange(count), places], minlength=members)


def _decisive(source: Any, weights: NDArray[np.int64], quota: int, count: int) -> NDArray[np.bool_]:
    """Which members [draw, member] decide the result in random coalitions of the others."""
    members = len(weights)
    words = -(-members // _BITS)
    raw = source.random_raw(count * words).astype("<u8", copy=False).view(np.uint8).reshape(count, words * 8)
    inside = np.unpackbits(raw, axis=1, count=members, bitorder="little").astype(np.int64)
    own = inside * weights
    without = own.sum(axis=1)[:, None] - own
    decisive: NDArray[np.bool_] = (without < quota) & (without + weights >= quota)
    return decisive


def _bound_error(share: float, draws: int, chance: float) -> float:
    """How far the mean of draws of zero or one may be from the true one, but with this chance."""
    return _bernstein(share * (1 - share) * draws / (draws - 1), draws, chance)


def _bernstein(variance: float, draws: int, chance: float) -> float:
    # The theorem bounds one side; half of the chance is given to each.
    doubt = log(4 / chance)
    return sqrt(2 * max(variance, 0.0) * doubt / draws) + 7 * doubt / (3 * (draws - 1))


def _ratio_error(part: float, part_error: float, whole: float, whole_error: float) -> float:
    """How far part / whole may be from the true one."""
    if whole <= whole_error:
        return 1.0
    estimate = part / whole
    return min(
        1.0,
        max(
            (part + part_error) / (whole - whole_error) - estimate,
            estimate - max(part - part_error, 0.0) / (whole + whole_error),
        ),
    )
