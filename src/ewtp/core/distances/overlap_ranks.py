"""The pairs of papers whose joining would help small firms most."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ewtp.core.values.money import decimal_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ewtp.core.distances.agency_overlap import PaperPair


@dataclass(frozen=True, slots=True)
class RankedOverlap:
    """A pair of papers and how often micro and small firms meet it: lines for each million of their trade.

    None where the lines that were counted do not have it, or no lines were counted.
    """

    pair: PaperPair
    burden: Decimal | None

    def as_json(self) -> dict[str, Any]:
        """The pair with its burden."""
        return {**self.pair.as_json(), "burden": None if self.burden is None else decimal_text(self.burden)}


def rank_overlaps(
    pairs: Iterable[PaperPair], burdens: Mapping[tuple[str, ...], Decimal], most: int
) -> list[RankedOverlap]:
    """The pairs of one MAST chapter, by the burden on small firms under ``PaperPair.key``, then by tariff lines."""
    found = [RankedOverlap(pair, burdens.get(pair.key)) for pair in pairs if pair.shared_classes]
    return sorted(found, key=_order)[:most]


def _order(each: RankedOverlap) -> tuple[Decimal, int, tuple[str, ...]]:
    return -(each.burden or Decimal(0)), -each.pair.lines, each.pair.key
