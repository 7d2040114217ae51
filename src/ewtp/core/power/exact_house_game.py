"""The game of several houses in whole numbers: for few groups, exact, and with nothing but the standard library.

It counts the coalitions of the others with which a bloc decides, by how many groups they have. It has the interface of
``house_game``, in whose place the program takes it that checks a bundle with nothing but Python.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from math import comb
from typing import TYPE_CHECKING

from ewtp.core.power.houses import BlocPower, Houses

if TYPE_CHECKING:
    from collections.abc import Sequence

# The coalitions of this many groups are counted within seconds.
MOST_QUICK_GROUPS = 60


class HouseGame(Houses):
    """A game whose coalitions are counted one number at a time; ValueError as for ``Houses``."""

    def measure_bloc(self, bloc: tuple[int, ...], observed: float | None) -> BlocPower:
        """Its power without any rounding but that of the last figures."""
        others = sum(self.sizes) - sum(bloc)
        pro, contra = self._ways(bloc, bloc), self._ways(bloc, (0,) * len(bloc))
        swings = [pro[count] - contra[count] for count in range(others + 1)]
        # The mean over all p of p^k (1-p)^(n-k) is 1 / ((n + 1) C(n, k)).
        shapley = sum((Fraction(ways, (others + 1) * comb(others, k)) for k, ways in enumerate(swings)), Fraction(0))
        banzhaf = Fraction(sum(swings), 2**others)
        seen = None
        if observed is not None:
            seen = sum(ways * observed**k * (1 - observed) ** (others - k) for k, ways in enumerate(swings))
        return BlocPower(float(shapley), float(banzhaf), seen)

    def _ways(self, bloc: tuple[int, ...], given: Sequence[int]) -> dict[int, int]:
        """By their number, with how many coalitions of the others it passes, where the bloc has ``given`` for it."""
        asked = self._share * len(self.sizes)
        # By the number of others so far and the sum of the shares, the number of coalitions.
        found: dict[tuple[int, Fraction], int] = {(0, Fraction(0)): 1}
        for size, need, members, own in zip(self.sizes, self.needs, bloc, given, strict=True):
            following: dict[tuple[int, Fraction], int] = defaultdict(int)
            for alone in range(max(0, need - own), size - members + 1):
                ways, share = comb(size - members, alone), Fraction(alone + own, size)
                for (count, total), before in found.items():
                    following[count + alone, total + share] += before * ways
            found = following
        passing: dict[int, int] = defaultdict(int)
        for (count, total), ways in found.items():
            if total >= asked:
                passing[count] += ways
        return passing
