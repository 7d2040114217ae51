"""What every game of several houses has: its houses, what each of them needs, and who decides alone.

How the power of a bloc is computed is another matter: ``house_game`` does it with arrays, ``exact_house_game`` in whole
numbers. Nothing here needs more than the standard library, for the program inside a bundle has nothing more.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from fractions import Fraction
from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@immutable
class BlocPower:
    """The power of a bloc: over all p, at p = 1/2, and at the share observed where one is given.

    The true figures differ from these by ``error`` at most, as far as rounding goes.
    """

    shapley: float
    banzhaf: float
    observed: float | None
    error: float = 0.0


class Houses(ABC):
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
                if not all(0 <= own <= size for own, size in zip(members, self.sizes, strict=True)):
                    msg = f"houses of {self.sizes} have no bloc of {members}"
                    raise ValueError(msg)
                known[members] = self.measure_bloc(members, observed)
            found.append(known[members])
        return found

    @abstractmethod
    def measure_bloc(self, bloc: tuple[int, ...], observed: float | None) -> BlocPower:
        """The power of one bloc, which the houses have."""

    def passes_alone(self, bloc: Sequence[int]) -> bool:
        """Whether it passes with the bloc for it and everybody else against it."""
        shares = (Fraction(one, size) for one, size in zip(bloc, self.sizes, strict=True))
        enough = all(one >= need for one, need in zip(bloc, self.needs, strict=True))
        return enough and sum(shares, Fraction(0)) >= self._share * len(self.sizes)

    def blocks_alone(self, bloc: Sequence[int]) -> bool:
        """Whether it fails with the bloc against it and everybody else for it."""
        return not self.passes_alone([size - members for size, members in zip(self.sizes, bloc, strict=True)])
