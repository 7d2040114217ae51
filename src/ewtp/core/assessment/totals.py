"""The sums of an answer, and how old the sources behind it are."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ewtp.core.assessment.answer import LineAnswer, StaleSource, Totals, age_days
from ewtp.core.assessment.effects import Bounds
from ewtp.core.assessment.exchange import FRESH_RATE_DAYS
from ewtp.core.assessment.sentences import STALE_EXCHANGE_RATE, SUBSTITUTED_EXCHANGE_RATE
from ewtp.core.assessment.sum_state import join_sum_states
from ewtp.core.rulebook.charge_kinds import charge_kind_of
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.money import Money, no_money
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from decimal import Decimal

    from ewtp.core.assessment.charges import Findings
    from ewtp.core.assessment.consignment import ConsignmentContext
    from ewtp.core.assessment.line_in_progress import LineInProgress
    from ewtp.core.rulebook.charge_kinds import Total
    from ewtp.core.rulebook.citation import Source

# A schedule older than this is named in ``stale``.
STALE_AFTER_DAYS = 90
_STALE_AFTER = timedelta(days=STALE_AFTER_DAYS)
# These are read from schedules and lists that appear in editions; an act does not grow stale with its age.
_EDITIONS = frozenset(kind for kind in Kind if kind.charges and charge_kind_of(kind).editions)


def add_up(context: ConsignmentContext, in_progress: list[LineInProgress], lines: tuple[LineAnswer, ...]) -> Totals:
    """Every charge added up by kind; the landed cost is the price of the goods, carriage and all charges."""
    currency = context.currency
    nothing = no_money(currency)
    zero = nothing.amount
    sums: dict[Total, Decimal] = {"duty": zero, "tax": zero, "fees": zero}
    customs_value = goods = least = most = zero
    bounded = True
    for line, answer in zip(in_progress, lines, strict=True):
        customs_value += line.facts.customs_value.amount
        goods += line.goods.amount
        least += answer.owed.at_least.amount
        bounded = bounded and answer.owed.at_most is not None
        most += answer.owed.at_most.amount if answer.owed.at_most is not None else zero
        for charge in answer.charges:
            sums[charge_kind_of(charge.kind).total] += charge.amount.amount
    freight = context.question.freight and context.convert_money(context.question.freight)
    insurance = context.question.insurance and context.convert_money(context.question.insurance)
    carried = goods + (freight.amount if freight else zero) + (insurance.amount if insurance else zero)
    landed = Money(carried + sums["duty"] + sums["tax"] + sums["fees"], currency)
    return Totals(
        customs_value=Money(customs_value, currency),
        goods=Money(goods, currency),
        duty=Money(sums["duty"], currency),
        tax=Money(sums["tax"], currency),
        fees=Money(sums["fees"], currency),
        freight=freight or nothing,
        insurance=insurance or nothing,
        landed_cost=landed,
        at_least=Money(carried + least, currency),
        at_most=Money(carried + most, currency) if bounded else None,
        sum_states=join_sum_states(answer.sum_states for answer in lines),
    )


def bound_charges(findings: Findings, currency: str) -> Bounds:
    """The charges of a line together, and what they are at least and at most; they are never less than nothing."""
    nothing = no_money(currency)
    known = nothing.amount
    for charge in findings.charges:
        known += charge.amount.amount
    owed = Money(known, currency)
    least = nothing if findings.lowered else Money(known - findings.spared, currency) if findings.spared else owed
    most = Money(known + findings.added, currency) if findings.added else owed
    return Bounds(owed, least, None if findings.raised else most)


def stale_sources(context: ConsignmentContext, in_progress: list[LineInProgress]) -> tuple[StaleSource, ...]:
    """The sources used that were published long before the day asked about, with their age in days.

    A source without a date of publication is among them, its age None; so is an exchange rate that takes the place of
    one that the law asks for.
    """
    day = context.question.day
    oldest = day - _STALE_AFTER
    stale: dict[str, StaleSource] = {}

    def note(source: Source) -> None:
        if (source.published is None or source.published < oldest) and source.id not in stale:
            stale[source.id] = StaleSource(source.title, source.published, age_days(source, day))

    for line in in_progress:
        for charge in line.findings.charges:
            if charge.rule.measure.kind in _EDITIONS:
                note(charge.rule.measure.source)
    if context.tariff is not None and context.tariff.schedule is not None:
        note(context.tariff.schedule)
    for used in context.rates_used.values():
        if used.age_days > FRESH_RATE_DAYS or used.asked:
            params = {"source": used.source, "currency": used.currency, "target": used.target}
            described = (
                Statement(SUBSTITUTED_EXCHANGE_RATE, {**params, "asked": used.asked})
                if used.asked
                else Statement(STALE_EXCHANGE_RATE, params)
            )
            title = described.message
            stale[title] = StaleSource(title, used.valid_to, used.age_days, described)
    return tuple(stale[key] for key in sorted(stale))
