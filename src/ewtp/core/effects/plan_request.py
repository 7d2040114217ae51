"""A plan of measurement as somebody asks for it, and the plan that it makes where it is sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.effects.adoption_reach import MOST_DONORS
from ewtp.core.effects.effect_plan import EVERY, OUTCOMES, SOURCES, STATED_BY_LAW, EffectPlan, TradePair
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

# At most this many months may be compared on either side.
MOST_MONTHS = 36
# Products are grouped by chapter or by heading.
_GROUP_DIGITS = (2, 4)


@immutable
class PlanRequest:
    """A plan as somebody states it; the day of effect is the adoption's."""

    outcome: str
    figures: str
    treated: tuple[TradePair, ...]
    donors: tuple[TradePair, ...]
    months_before: int
    months_after: int


def make_plan(asked: PlanRequest, adopted: date, economies: Collection[str]) -> EffectPlan | None:
    """The plan that a request makes for an adoption; None where no such plan can be measured.

    It names at most ``MOST_DONORS`` trades of these ``economies``, 1 to ``MOST_MONTHS`` months on either side, and an
    outcome that its source can state: no law states how many days goods wait.
    """
    pairs = (*asked.treated, *asked.donors)
    well_formed = (
        asked.outcome in OUTCOMES
        and asked.figures in SOURCES
        and (asked.outcome != "days" or asked.figures != STATED_BY_LAW)
        and len(pairs) <= MOST_DONORS
        and 1 <= asked.months_before <= MOST_MONTHS
        and 1 <= asked.months_after <= MOST_MONTHS
        and all(_is_trade(each, economies) for each in pairs)
    )
    if not well_formed:
        return None
    try:
        return EffectPlan(
            asked.outcome,
            tuple(sorted(asked.treated)),
            tuple(sorted(asked.donors)),
            adopted,
            asked.months_before,
            asked.months_after,
            asked.figures,
        )
    except ValueError:
        # It compares nothing, such as trade with itself.
        return None


def _is_trade(pair: TradePair, economies: Collection[str]) -> bool:
    """Whether a pair names economies that there are, and a group of products or all goods."""
    digits = pair.products.isascii() and pair.products.isdigit() and len(pair.products) in _GROUP_DIGITS
    grouped = pair.products == EVERY or digits
    return pair.destination in economies and (pair.origins == EVERY or pair.origins in economies) and grouped
