"""The placebo test: how rare is a change as great as that of the treated among changes of groups that nothing reached.

The units are put in a circle, the treated first. Each turn of the circle takes as many neighbours for treated; where
the rule has no effect and the units could change places, every turn is as likely as the true one, so the rank of the
true effect among all turns is an exact p-value. Whole numbers throughout: equal changes are equal.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Sequence


@immutable
class PlaceboTest:
    """The changes of all units, those of the ``treated`` first ones, whole numbers in any one unit.

    ``turns`` are, for each turn of the circle, (number of units) times (sum of the changes of those taken for treated)
    less (number of treated) times (sum of all changes): the difference between the two means in a common unit.
    """

    changes: tuple[int, ...]
    treated: int
    turns: tuple[int, ...]

    @property
    def units(self) -> int:
        """The number of units, and of turns."""
        return len(self.changes)

    @property
    def effect(self) -> Fraction:
        """The mean change of the treated less that of the others, in the unit of the changes."""
        return Fraction(self.turns[0], self._scale)

    @property
    def rank(self) -> int:
        """How many turns, the true one among them, have an effect at least as great in size."""
        return self._rank_at(0, 1)

    @property
    def smallest_p(self) -> Fraction:
        """The smallest p-value that the test can give with this many units."""
        return Fraction(1, self.units)

    @property
    def p(self) -> Fraction:
        """The p-value."""
        return Fraction(self.rank, self.units)

    def interval(self, level: Fraction) -> tuple[Fraction, Fraction] | None:
        """The least and the greatest effect that the test does not reject at ``level``; None where there is no bound.

        An assumed effect is taken from the changes of the treated, and the rest is tested. The p-value only changes
        where two turns are equal in size, so that the ends are among those places.
        """
        slopes = self._slopes()
        if sum(abs(slope) >= abs(slopes[0]) for slope in slopes) > level * self.units:
            return None
        kept = [
            Fraction(number, divisor)
            for number, divisor in self._crossings(slopes)
            if self._rank_at(number, divisor, slopes) > level * self.units
        ]
        return min(kept), max(kept)

    @property
    def _scale(self) -> int:
        return self.treated * (self.units - self.treated)

    def _slopes(self) -> list[int]:
        """How much each turn falls where the changes of the treated all fall by one."""
        marks = [1] * self.treated + [0] * (self.units - self.treated)
        return [self.units * taken - self.treated * self.treated for taken in _sums_of_turns(marks, self.treated)]

    def _crossings(self, slopes: Sequence[int]) -> set[tuple[int, int]]:
        """The effect, and the assumed effects at which another turn is as great in size as the true one."""
        true, steep = self.turns[0], slopes[0]
        found = {(true, steep)}
        for turn, slope in zip(self.turns, slopes, strict=True):
            found |= {(turn - true, slope - steep), (turn + true, slope + steep)}
        return {(number, divisor) for number, divisor in found if divisor}

    def _rank_at(self, number: int, divisor: int, slopes: Sequence[int] = ()) -> int:
        if not number:
            sizes = [abs(turn) for turn in self.turns]
        else:
            sizes = [abs(turn * divisor - slope * number) for turn, slope in zip(self.turns, slopes, strict=True)]
        return sum(size >= sizes[0] for size in sizes)


def make_placebo_test(treated: Sequence[int], donors: Sequence[int]) -> PlaceboTest:
    """The test of the changes of units that a rule reaches and of others, at least one of each, in their order."""
    changes = (*treated, *donors)
    every = sum(changes)
    turns = (len(changes) * taken - len(treated) * every for taken in _sums_of_turns(changes, len(treated)))
    return PlaceboTest(changes, len(treated), tuple(turns))


def _sums_of_turns(values: Sequence[int], taken: int) -> list[int]:
    """The sums of this many neighbours on a circle, from each place on."""
    ends = list(accumulate((*values, *values[: taken - 1]), initial=0))
    return [ends[place + taken] - ends[place] for place in range(len(values))]
