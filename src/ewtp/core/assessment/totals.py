"""The sums of an answer, and how old the sources behind it are."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.assessment.answer import LineAnswer, Totals, age_days
from ewtp.core.assessment.exchange import FRESH_RATE_DAYS
from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.money import Money, minor_units, round_amount

if TYPE_CHECKING:
    from ewtp.core.assessment.consignment import Frame
    from ewtp.core.assessment.line_in_progress import LineWork

# A schedule older than this is named in ``stale``.
STALE_AFTER_DAYS = 90
# These are read from schedules and lists that appear in editions; an act does not grow stale with its age.
_EDITIONS = frozenset({Kind.DUTY, Kind.PREFERENCE, Kind.QUOTA, Kind.ADDITIONAL_DUTY, Kind.TAX})
_INTO = {"duty": "duty", "additional_duty": "duty", "tax": "tax", "excise": "tax", "fee": "fees"}


def add_up(frame: Frame, works: list[LineWork], lines: tuple[LineAnswer, ...]) -> Totals:
    """Every charge added up by kind; the landed cost is the price of the goods, carriage and all charges."""
    zero = round_amount(Decimal(0), minor_units(frame.currency))
    sums = {"duty": zero, "tax": zero, "fees": zero}
    for line in lines:
        for charge in line.charges:
            sums[_INTO[charge.kind]] += charge.amount.amount
    currency = frame.currency
    goods = sum((w.goods.amount for w in works), zero)
    freight = _carriage(frame, frame.question.freight, zero)
    insurance = _carriage(frame, frame.question.insurance, zero)
    return Totals(
        customs_value=Money(sum((w.facts.customs_value.amount for w in works), zero), currency),
        goods=Money(goods, currency),
        duty=Money(sums["duty"], currency),
        tax=Money(sums["tax"], currency),
        fees=Money(sums["fees"], currency),
        freight=Money(freight, currency),
        insurance=Money(insurance, currency),
        landed_cost=Money(goods + freight + insurance + sums["duty"] + sums["tax"] + sums["fees"], currency),
        complete=all(w.work.complete for w in works),
    )


def _carriage(frame: Frame, given: Money | None, zero: Decimal) -> Decimal:
    money = frame.converted(given) if given is not None else None
    return zero if money is None else money.amount


def stale_sources(frame: Frame, works: list[LineWork]) -> tuple[tuple[Source, int], ...]:
    """The sources used that were published long before the day asked about, with their age in days."""
    sources: dict[str, Source] = {}
    for work in works:
        for charge in work.work.charges:
            measure = charge.rule.measure
            if measure.kind in _EDITIONS:
                sources[measure.source.id] = measure.source
    if frame.tariff is not None and frame.tariff.schedule is not None:
        sources.setdefault(frame.tariff.schedule.id, frame.tariff.schedule)
    for used in frame.rates_used.values():
        if used.age_days > FRESH_RATE_DAYS:
            title = f"Exchange rates of {used.source}, {used.currency} to {used.target}"
            sources[title] = Source(title, title, used.source, used.valid_to, used.valid_to)
    aged = ((source, age_days(source, frame.question.day)) for _, source in sorted(sources.items()))
    return tuple((s, age) for s, age in aged if age > STALE_AFTER_DAYS or s.id.startswith("Exchange rates"))
