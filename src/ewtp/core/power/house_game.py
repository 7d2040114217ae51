"""The game of several houses: how often a bloc with members in any of them decides whether something passes.

It passes where in every house the groups for it are as many as the house needs, and the mean of the houses' shares is
the one asked. All others vote for it independently of each other with one probability p. The power of a bloc is the
probability that it passes with the bloc for it, less that with the bloc against it: averaged over all p that is its
Shapley index, at p = 1/2 its Banzhaf index (Straffin 1977).

Shares are added on a lattice. Where the sizes of the houses have a small common multiple, every share is a point of it
and nothing is rounded. Otherwise each share is rounded to the nearest point, at most half a step, and the result has
bounds: the power with the mean share asked moved by all roundings together, up and down.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, floor, lcm, sqrt
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.power.houses import BlocPower, Houses
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

# With this many groups the blocs of a vote are measured within seconds.
MOST_QUICK_GROUPS = 1_000
_MOST_EXACT_STEPS = 8_192
_ROUNDED_STEPS = 4_096
# Beyond this many standard deviations a probability is below 10^-16.
_DEVIATIONS = 8.5
_NODES = 48
# Ranges of p are widened to multiples of this, so that blocs share what is computed for a house.
_RANGES = 64
_KEPT_SPECTRA = 32


@immutable
class _Passing:
    """A probability, or the mean of some, with its bounds."""

    least: float
    middle: float
    most: float


class HouseGame(Houses):
    """A game whose shares are added on a lattice; ValueError as for ``Houses``."""

    def __init__(self, sizes: Sequence[int], needs: Sequence[int], mean_share: Fraction) -> None:
        super().__init__(sizes, needs, mean_share)
        common = lcm(*sizes)
        self._exact = common <= _MOST_EXACT_STEPS
        self._steps = common if self._exact else _ROUNDED_STEPS
        self._asked = ceil(mean_share * len(sizes) * self._steps)
        # Half a step for each house.
        self._slack = 0 if self._exact else -(-len(sizes) // 2)
        self._logs = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, max(sizes) + 1)))))
        self._spectrum = lru_cache(_KEPT_SPECTRA)(self._compute_spectrum)

    def measure_bloc(self, bloc: tuple[int, ...], observed: float | None) -> BlocPower:
        """Its power, with the error that rounding to the lattice may have."""
        pro, contra = (self._mean_passing(bloc, bloc_for=side) for side in (True, False))
        power = pro.middle - contra.middle
        error = max(pro.most - contra.least - power, power - (pro.least - contra.most))
        points = [
            self._compute_passing(bloc, (0.5,)),
            *([] if observed is None else [self._compute_passing(bloc, (observed,))]),
        ]
        differences = [pair[0] - pair[1] for pair in points]
        return BlocPower(power, differences[0], None if observed is None else differences[1], error)

    def _compute_passing(self, bloc: tuple[int, ...], chances: tuple[float, ...]) -> tuple[float, float]:
        """The probability of passing with the bloc for it and against it, at one p."""
        pro, contra = (self._evaluate(bloc, side, chances)[1, 0] for side in (True, False))
        return float(pro), float(contra)

    def _mean_passing(self, bloc: tuple[int, ...], *, bloc_for: bool) -> _Passing:
        """The integral over p: Gauss and Legendre's rule where the probability is neither zero nor one."""
        low, high = self._range(bloc, bloc_for=bloc_for)
        if low >= high:
            return _Passing(1 - high, 1 - high, 1 - high)
        chances, weights = _nodes(low, high)
        figures = self._evaluate(bloc, bloc_for, chances) @ np.array(weights) + (1 - high)
        return _Passing(*map(float, figures))

    def _range(self, bloc: tuple[int, ...], *, bloc_for: bool) -> tuple[float, float]:
        """Below the first p hardly anything passes, from the second on nearly everything; both are multiples."""
        low = high = 0.0
        mean = spread = slope = 0.0
        for size, need, members in zip(self.sizes, self.needs, bloc, strict=True):
            others, given = size - members, members * bloc_for
            mean += given / size
            slope += others / size
            spread += others / size**2
            if given >= need:
                continue
            if others == 0 or given + others < need:
                return 1.0, 1.0
            center, width = (need - given) / others, _DEVIATIONS * sqrt(0.25 / others)
            low, high = max(low, center - width), max(high, center + width)
        if slope:
            center = (float(self._share) * len(self.sizes) - mean) / slope
            width = _DEVIATIONS * sqrt(0.25 * spread) / slope + (self._slack + 1) / self._steps / slope
            low, high = max(low, center - width), max(high, center + width)
        elif mean < float(self._share) * len(self.sizes):
            return 1.0, 1.0
        return min(floor(low * _RANGES) / _RANGES, 1.0), min(ceil(high * _RANGES) / _RANGES, 1.0)

    def _evaluate(self, bloc: tuple[int, ...], bloc_for: bool, chances: tuple[float, ...]) -> NDArray[np.float64]:  # noqa: FBT001 - one of two sides
        """The probability of passing [bound, p]: the least, the middle and the most of it, at each p."""
        windows = [self._window(house, members, bloc_for, chances) for house, members in enumerate(bloc)]
        if any(first > last for first, last in windows):
            return np.zeros((3, len(chances)))
        bases = [self._point(house, first) for house, (first, _) in enumerate(windows)]
        widths = [
            self._point(house, last) - base for house, ((_, last), base) in enumerate(zip(windows, bases, strict=True))
        ]
        length = _length(sum(widths) + 1)
        product = np.ones((1, 1), np.complex128)
        for house, members in enumerate(bloc):
            product = product * self._spectrum(house, members, bloc_for and members > 0, chances, length)
        asked = self._asked - sum(bases)
        return self._above(product, (asked + self._slack, asked, asked - self._slack), length)

    def _window(self, house: int, members: int, bloc_for: bool, chances: tuple[float, ...]) -> tuple[int, int]:  # noqa: FBT001 - one of two sides
        """The first and the last number of groups for it that count, over all p; the first is higher where none is."""
        others = self.sizes[house] - members
        given = members if bloc_for else 0
        spread = _DEVIATIONS * sqrt(others * 0.25) + 1
        first = max(0, floor(min(chances) * others - spread)) + given
        last = min(others, ceil(max(chances) * others + spread)) + given
        return max(first, self.needs[house]), last

    def _point(self, house: int, groups: int) -> int:
        """The point of the lattice for a share, rounded half up."""
        return (2 * groups * self._steps + self.sizes[house]) // (2 * self.sizes[house])

    def _compute_spectrum(
        self,
        house: int,
        members: int,
        bloc_for: bool,  # noqa: FBT001 - one of two sides
        chances: tuple[float, ...],
        length: int,
    ) -> NDArray[np.complex128]:
        """The Fourier transform [p, frequency] of the distribution of a house's share, from its first point on."""
        first, last = self._window(house, members, bloc_for, chances)
        others = self.sizes[house] - members
        groups = np.arange(first, last + 1)
        alone = groups - (members if bloc_for else 0)
        ways = self._logs[others] - self._logs[alone] - self._logs[others - alone]
        logs = [np.log(np.maximum(side, 1e-300))[:, None] for side in (np.array(chances), 1 - np.array(chances))]
        masses = np.exp(ways + logs[0] * alone + logs[1] * (others - alone))
        points = (2 * groups * self._steps + self.sizes[house]) // (2 * self.sizes[house])
        starts = np.flatnonzero(np.diff(points, prepend=-1))
        spread = np.zeros((len(chances), length))
        spread[:, points[starts] - points[0]] = np.add.reduceat(masses, starts, axis=1)
        return np.fft.rfft(spread, axis=1)

    @staticmethod
    def _above(product: NDArray[np.complex128], asked: Sequence[int], length: int) -> NDArray[np.float64]:
        """The probability [bound, p] of the points from each of ``asked`` on, straight from the spectrum."""
        wanted = np.arange(length) >= np.array(asked)[:, None]
        weights = np.conj(np.fft.rfft(wanted, axis=1)) / length
        # All frequencies but the first and the last stand for two; the length is even, so there is a last one.
        weights[:, 1:-1] *= 2
        # One product at a time: of a few columns the library's product of matrices is slower.
        return np.stack([np.clip((product @ each).real, 0.0, 1.0) for each in weights])


def _length(points: int) -> int:
    """The least length for this many points that is a power of two, or one and a half of one."""
    power = 1 << (points - 1).bit_length()
    return max(2, power * 3 // 4 if points <= power * 3 // 4 else power)


@lru_cache(64)
def _nodes(low: float, high: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    points, weights = np.polynomial.legendre.leggauss(_NODES)
    half = (high - low) / 2
    return tuple((low + half * (points + 1)).tolist()), tuple((weights * half).tolist())
