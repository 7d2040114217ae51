"""Assumptions behind a year of synthetic lines: every figure is invented, defined here, and written to each file."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ewtp.core.synthetic.sentences import (
    ASSUMPTION_UNKNOWN,
    ASSUMPTION_UNREADABLE,
    ASSUMPTION_UNREADABLE_WHOLE,
    FREIGHT_REVERSED,
)
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

NOTICE = (
    "Synthetic lines, drawn at random: no trade statistics, firm or consignment stands behind them. Every weight, "
    "share and amount is an assumption; only codes, units, currencies and programmes are the rulebook's."
)
FIRM_SIZES = ("micro", "small", "medium", "large")
_WHOLE = re.compile(r"[0-9]{1,12}\Z")
_DECIMAL = re.compile(r"[0-9]{1,3}(\.[0-9]{1,9})?\Z")


@immutable
class Assumptions:
    """Shares are fractions of lines between 0 and 1; amounts are in minor units of the line's own currency.

    Tuples by firm size follow ``FIRM_SIZES``; ``transport_*`` follow the generator's order of means of transport. These
    are weights and need not add up to 1. A spread is the standard deviation of a natural logarithm.
    """

    # Lines to destinations whose tariff schedule the rulebook holds; each schedule is equally likely.
    scheduled_share: Decimal = Decimal("0.85")
    # The weight of the economy at place n of an order drawn from the seed is 1 / n ** this.
    economy_exponent: Decimal = Decimal("0.8")
    # Goods made elsewhere than where they are sent from.
    other_origin_share: Decimal = Decimal("0.10")
    # The share that claims a preference, among lines that could claim one whose rate the rulebook holds.
    claim_share: Decimal = Decimal("0.60")
    consumer_share: Decimal = Decimal("0.10")
    # Lines that leave out every quantity, the buyer and the transport.
    incomplete_share: Decimal = Decimal(0)
    # Weights of the destination's currency, US dollars and euros.
    currency_weights: tuple[Decimal, ...] = (Decimal("0.70"), Decimal("0.20"), Decimal("0.10"))
    size_weights: tuple[Decimal, ...] = (Decimal("0.10"), Decimal("0.20"), Decimal("0.30"), Decimal("0.40"))
    # The number of firms of each size that sell to a destination.
    firms_by_size: tuple[int, ...] = (400, 150, 40, 10)
    # Median value of a consignment by size of firm, and of one that a consumer buys.
    value_medians_minor: tuple[int, ...] = (50_000, 200_000, 1_000_000, 5_000_000)
    consumer_median_minor: int = 6_000
    value_spread: Decimal = Decimal("1.3")
    # Median value of a kilogram.
    kilogram_median_minor: int = 1_000
    kilogram_spread: Decimal = Decimal("1.0")
    # Freight is uniform between these shares of the value; insurance is always this share.
    freight_least: Decimal = Decimal("0.02")
    freight_most: Decimal = Decimal("0.10")
    insurance_share: Decimal = Decimal("0.003")
    # Weights of sea, air, road, rail and post.
    transport_business: tuple[Decimal, ...] = tuple(map(Decimal, ("0.45", "0.25", "0.20", "0.08", "0.02")))
    transport_consumer: tuple[Decimal, ...] = tuple(map(Decimal, ("0.05", "0.40", "0.15", "0", "0.40")))
    # Lines of a Saturday or Sunday, as a share of those of a working day.
    weekend_weight: Decimal = Decimal("0.30")

    def as_json(self) -> dict[str, Any]:
        """Each assumption by name; decimals as text."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value if isinstance(value, int) else str(value)


def assume(pairs: Iterable[tuple[str, str]]) -> Assumptions | Refusal:
    """The assumptions with some single figures changed, as a command line gives them: ``claim_share``, ``0.3``.

    Refusals: ``assumption_unknown``, ``assumption_unreadable``.
    """
    found = Assumptions()
    settable = [field.name for field in fields(found) if not isinstance(getattr(found, field.name), tuple)]
    for name, text in pairs:
        if name not in settable:
            return Refusal(ASSUMPTION_UNKNOWN, {"name": name[:40], "settable": settable})
        bounds = _bounds(name)
        value = _figure(text, whole=isinstance(getattr(found, name), int), bounds=bounds)
        if value is None:
            sentence = ASSUMPTION_UNREADABLE_WHOLE if isinstance(getattr(found, name), int) else ASSUMPTION_UNREADABLE
            return Refusal(sentence, {"name": name, "least": bounds[0], "most": bounds[1], "text": text[:40]})
        changed: dict[str, Any] = {name: value}
        found = replace(found, **changed)
    if found.freight_least > found.freight_most:
        return Refusal(FREIGHT_REVERSED)
    return found


def _bounds(name: str) -> tuple[int, int]:
    """The least and the greatest value of an assumption; wider spreads and larger amounts would be implausible."""
    if name.endswith("_minor"):
        return 1, 10**9
    return 0, 2 if name.endswith(("_spread", "_exponent")) else 1


def _figure(text: str, *, whole: bool, bounds: tuple[int, int]) -> Decimal | int | None:
    """The figure, or None where the text is not a figure or is out of bounds."""
    if not (_WHOLE if whole else _DECIMAL).match(text):
        return None
    figure = int(text) if whole else Decimal(text)
    return figure if bounds[0] <= figure <= bounds[1] else None
