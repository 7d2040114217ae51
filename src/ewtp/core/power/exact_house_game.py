"""The game of several houses in whole numbers: for few groups, exact, and with nothing but the standard library.

It counts the coalitions of the others with which a bloc decides, by how many groups they have. It has the interface of
``house_game``, in whose place the program takes it that checks a bundle with nothing but Python.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from math import comb
from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# The coalitions of so many groups are counted within seconds.
MOST_QUICK_GROUPS = 60


@immutable
class BlocPower:
    """The power of a bloc: over all p, at p = 1/2, and at the share observed where one is given."""

    shapley: float
    banzhaf: float
    observed: float | None
    error: float = 0.0


class HouseGame:
    """Houses of ``sizes`` groups, each of which needs ``needs`` groups for, and the mean share that is asked.

    ValueError unless sizes are above zero and needs are from zero to one more than the size.
    """

    def __init__(self, sizes: Sequence[int], needs: Sequence[int], mean_share: Fraction) -> None:
        if not sizes or not all(size > 0 and 0 <= need <= size + 1 for size, need in zip(sizes, needs, strict=True)):
            msg = f"no game has houses of {sizes} that need {needs}"
            raise ValueError(msg)
        self.sizes, self.needs = tuple(sizes), tuple(needs)
        self._share = mean_share

    def measure(self, blocs: Iterable[Sequence[int]], observed: float | None = None) -> list[BlocPower]:
        """The power of each bloc, given as its number of groups in each house; ValueError where a house has fewer."""
        known: dict[tuple[int, ...], BlocPower] = {}
        found = []
        for bloc in blocs:
            members = tuple(bloc)
            if members not in known:
                known[members] = self._measure(members, observed)
            found.append(known[members])
        return found

    def passes_alone(self, bloc: Sequence[int]) -> bool:
        """Whether it passes with the bloc for it and everybody else against it."""
        shares = (Fraction(one, size) for one, size in zip(bloc, self.sizes, strict=True))
        enough = all(one >= need for one, need in zip(bloc, self.needs, strict=True))
        return enough and sum(shares, Fraction(0)) >= self._share * len(self.sizes)

    def blocks_alone(self, bloc: Sequence[int]) -> bool:
        """Whether it fails with the bloc against it and everybody else for it."""
        return not self.passes_alone([size - members for size, members in zip(self.sizes, bloc, strict=True)])

    def _measure(self, bloc: tuple[int, ...], observed: float | None) -> BlocPower:
        if not all(0 <= members <= size for members, size in zip(bloc, self.sizes, strict=True)):
            msg = f"houses of {self.sizes} have no bloc of {bloc}"
            raise ValueError(msg)
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
