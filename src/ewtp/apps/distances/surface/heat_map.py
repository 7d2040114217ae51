"""The distances of every pair as a square table; the shade of a cell repeats what its figure says."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.distances.distance_map import PairDistance

# The shades, from near to far; each has as many pairs as another, as nearly as can be.
SHADES = 5
_SHOWN = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A cell of the map: the distance in points to one decimal; None where it is undefined, or a schedule meets itself.

    ``shade`` is from 1, the nearest, to 5, and 0 where there is no figure.
    """

    one: str
    other: str
    figure: Decimal | None
    shade: int

    @property
    def is_own(self) -> bool:
        """Whether a schedule meets itself."""
        return self.one == self.other


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The rows of cells under the names of territories, and the greatest distance of each shade that occurs."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, tuple[HeatCell, ...]], ...]
    limits: tuple[tuple[int, Decimal], ...]


def draw_heat_map(pairs: Sequence[PairDistance]) -> HeatMap:
    """The map of pairs; both halves of the square show the same figures, so that each row can be read alone."""
    names = tuple(sorted({code for pair in pairs for code in (pair.one, pair.other)}))
    found = {(pair.one, pair.other): pair.tariff for pair in pairs}
    found |= {(other, one): figure for (one, other), figure in found.items()}
    known = sorted(pair.tariff for pair in pairs if pair.tariff is not None)
    ends = [known[(len(known) * shade + SHADES - 1) // SHADES - 1] for shade in range(1, SHADES + 1)] if known else []
    rows = tuple((one, tuple(_cell(one, other, found.get((one, other)), ends) for other in names)) for one in names)
    limits = {bisect_left(ends, end) + 1: _round_figure(end) for end in ends}
    return HeatMap(names, rows, tuple(limits.items()))


def _cell(one: str, other: str, figure: Decimal | None, ends: list[Decimal]) -> HeatCell:
    if figure is None:
        return HeatCell(one, other, None, 0)
    return HeatCell(one, other, _round_figure(figure), bisect_left(ends, figure) + 1)


def _round_figure(figure: Decimal) -> Decimal:
    return figure.quantize(_SHOWN, ROUND_HALF_UP)
