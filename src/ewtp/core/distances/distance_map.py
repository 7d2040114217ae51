"""How far apart the rules of each pair of territories are, product by product.

Tariff distance is the mean over products of the absolute difference of the ordinary ad valorem rates, in percentage
points. Requirement distance is the share, over products and the classes of requirements of which both state that they
are held whole, on which one asks for a paper and the other does not: the regulatory distance of UNCTAD ("Regulatory
distance", rd_ij), which is undefined where no class is shared.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from ewtp.core.distances.common_edition import find_common_edition
from ewtp.core.distances.line_rates import POINT
from ewtp.core.distances.schedule_products import ScheduleProducts, average_schedule, common_codes
from ewtp.core.values.money import decimal_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from ewtp.core.distances.schedule_contents import ComparedSchedule
    from ewtp.core.rulebook.records import CodeReplaced

_SHOWN = Decimal("0.0001")
CHAPTER_DIGITS = 2


@dataclass(frozen=True, slots=True)
class PairDistance:
    """How far apart two territories are over the products that were asked about.

    ``products`` are those that either schedule has; ``compared`` those with a rate in both, over which ``tariff`` is
    the mean difference in points (None where there is none). ``higher`` counts the products whose rate is higher in
    the first territory, ``lower`` those whose rate is higher in the other. ``classes`` are the MAST chapters that both
    state to hold whole; ``requirement`` is None where there is no such chapter or no product that both have, which are
    ``listed``.
    """

    one: str
    other: str
    products: int
    compared: int
    tariff: Decimal | None
    higher: int
    lower: int
    classes: tuple[str, ...]
    listed: int
    requirement: Decimal | None

    @property
    def share(self) -> Decimal | None:
        """The share of the products whose rates were compared."""
        return _ratio(self.compared, self.products)

    @property
    def listed_share(self) -> Decimal | None:
        """The share of the products that both schedules have."""
        return _ratio(self.listed, self.products)

    def as_json(self) -> dict[str, Any]:
        """The distances; decimals as text, and null where a distance is undefined."""
        return {
            "economy": self.one,
            "other": self.other,
            "products": self.products,
            "tariff": {
                "distance": _text(self.tariff),
                "compared": self.compared,
                "share": _text(self.share),
                "higher": self.higher,
                "lower": self.lower,
            },
            "requirements": {
                "distance": _text(self.requirement),
                "classes": list(self.classes),
                "compared": self.listed if self.classes else 0,
                "share": _text(self.listed_share if self.classes else Decimal(0)),
            },
        }


@dataclass(frozen=True, slots=True)
class ProductDifference:
    """The mean rates of one product in two territories, in points; None where a schedule has none for it."""

    product: str
    rate: Decimal | None
    other_rate: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """The first less the other."""
        return None if self.rate is None or self.other_rate is None else self.rate - self.other_rate

    def as_json(self) -> dict[str, Any]:
        """The rates and their difference; null where there is none."""
        return {
            "product": self.product,
            "rate": _text(self.rate),
            "other_rate": _text(self.other_rate),
            "difference": _text(self.difference),
        }


@dataclass(frozen=True, slots=True)
class DistanceMap:
    """Every schedule over the same products, which are six-digit codes of ``edition``, in order."""

    edition: str
    products: tuple[str, ...]
    schedules: tuple[ScheduleProducts, ...]

    def schedule(self, territory: str) -> ScheduleProducts | None:
        """The schedule of a territory; None where it is not compared."""
        return next((each for each in self.schedules if each.territory == territory), None)

    def has_products(self, prefix: str) -> bool:
        """Whether some product starts with ``prefix``."""
        return any(product.startswith(prefix) for product in self.products)

    def every_pair(self, prefix: str = "") -> list[PairDistance]:
        """Each pair of schedules once, over the products that start with ``prefix``."""
        chosen = self._match_products(prefix)
        return [_measure_pair(one, other, chosen) for one, other in combinations(self.schedules, 2)]

    def pair(self, one: ScheduleProducts, other: ScheduleProducts, prefix: str = "") -> PairDistance:
        """Two schedules over the products that start with ``prefix``."""
        return _measure_pair(one, other, self._match_products(prefix))

    def chapters(self, one: ScheduleProducts, other: ScheduleProducts) -> list[tuple[str, PairDistance]]:
        """Two schedules chapter by chapter."""
        found = dict.fromkeys(product[:CHAPTER_DIGITS] for product in self.products)
        return [(chapter, self.pair(one, other, chapter)) for chapter in found]

    def differences(self, one: ScheduleProducts, other: ScheduleProducts, prefix: str) -> list[ProductDifference]:
        """The products that start with ``prefix`` and either schedule has, the greatest difference first."""
        places = np.flatnonzero(self._match_products(prefix) & (one.listed | other.listed))
        found = [
            ProductDifference(self.products[place], _rate_at(one, place), _rate_at(other, place)) for place in places
        ]
        return sorted(
            found, key=lambda each: (each.difference is None, -abs(each.difference or Decimal(0)), each.product)
        )

    def _match_products(self, prefix: str) -> npt.NDArray[np.bool_]:
        return np.array([product.startswith(prefix) for product in self.products], bool)


def build_distance_map(schedules: Iterable[ComparedSchedule], replaced: Sequence[CodeReplaced]) -> DistanceMap:
    """Every schedule at six digits, in the oldest edition of the Harmonized System that one of them is built on."""
    given = sorted(schedules, key=lambda each: each.territory)
    edition = find_common_edition(each.hs_edition for each in given)
    codes = [common_codes(each, edition, replaced) for each in given]
    products = tuple(sorted({code for those in codes for code in those.of_line if code is not None}))
    averaged = (average_schedule(each, those, products) for each, those in zip(given, codes, strict=True))
    return DistanceMap(edition, products, tuple(averaged))


def _measure_pair(one: ScheduleProducts, other: ScheduleProducts, chosen: npt.NDArray[np.bool_]) -> PairDistance:
    compared = chosen & one.rated & other.rated
    difference = one.rate[compared] - other.rate[compared]
    both = chosen & one.listed & other.listed
    listed = int(np.count_nonzero(both))
    classes = tuple(sorted(one.schedule.requirement_classes & other.schedule.requirement_classes))
    nothing = np.zeros(len(chosen), bool)
    unlike = sum(
        int(np.count_nonzero(both & (one.papers.get(name, nothing) != other.papers.get(name, nothing))))
        for name in classes
    )
    return PairDistance(
        one=one.territory,
        other=other.territory,
        products=int(np.count_nonzero(chosen & (one.listed | other.listed))),
        compared=len(difference),
        tariff=_ratio(int(np.abs(difference).sum()), len(difference) * POINT),
        higher=int(np.count_nonzero(difference > 0)),
        lower=int(np.count_nonzero(difference < 0)),
        classes=classes,
        listed=listed,
        requirement=_ratio(unlike, listed * len(classes)),
    )


def _rate_at(schedule: ScheduleProducts, place: np.intp) -> Decimal | None:
    if not schedule.rated[place]:
        return None
    rate = (Decimal(int(schedule.rate[place])) / POINT).quantize(_SHOWN, ROUND_HALF_UP)
    # A rate is written as schedules write it: 25, and not 25.0000.
    return rate.quantize(Decimal(1)) if rate == int(rate) else rate.normalize()


def _ratio(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(_SHOWN, ROUND_HALF_UP) if whole else None


def _text(figure: Decimal | None) -> str | None:
    return None if figure is None else decimal_text(figure)
