"""The effect of an adoption as it is measured now: the plan that counts, the figures so far, and the result."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q

from ewtp.apps.proposals.store import models, outcome_models
from ewtp.core.effects.effect_plan import TradePair, read_plan
from ewtp.core.effects.effect_result import measure_effect
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from ewtp.core.effects.effect_plan import EffectPlan
    from ewtp.core.effects.effect_result import MeasuredEffect
    from ewtp.core.proposals.proposal import Proposal, ProposalAdoption

Figures = dict[TradePair, dict[date, Decimal]]


@immutable
class RegisteredPlan:
    """A plan with who registered it and when; ``codes`` stand for the treated where the law states the figures."""

    act: str
    plan: EffectPlan
    by: str
    promise: Decimal | None
    codes: tuple[str, ...]
    at: datetime


@immutable
class MonthRow:
    """A month of the plan: the mean of the treated and that of the donors, and how many of each have a figure."""

    month: date
    is_after: bool
    treated: Decimal | None
    treated_count: int
    donors: Decimal | None
    donor_count: int


@immutable
class EffectRecord:
    """An adoption with the plan that counts, its result, the figures by month, and all plans ever registered."""

    adoption: ProposalAdoption
    registered: RegisteredPlan
    effect: MeasuredEffect
    months: tuple[MonthRow, ...]
    withheld: int
    plans: tuple[RegisteredPlan, ...]


def effects_of(proposal: Proposal) -> list[EffectRecord]:
    """The effects of the adoptions of a proposal that have a plan, in the order of the adoptions."""
    plans: dict[str, list[RegisteredPlan]] = defaultdict(list)
    for row in models.EffectPlan.objects.filter(proposal_id=proposal.id).order_by("at", "pk"):
        plans[row.act].append(_plan_value(row))
    return [_effect(each, tuple(plans[each.act])) for each in proposal.adoptions if plans[each.act]]


def plans_by_law() -> list[RegisteredPlan]:
    """The plans that count now whose figures the law states."""
    found: dict[str, RegisteredPlan] = {}
    for row in models.EffectPlan.objects.order_by("at", "pk"):
        found[row.act] = _plan_value(row)
    return [each for each in found.values() if each.plan.figures == "law"]


def outcome_figures(plan: EffectPlan) -> tuple[Figures, int]:
    """The figures of the plan's pairs and months, of each cell the latest, and the number of those withheld."""
    pairs = {*plan.treated, *plan.donors}
    rows = outcome_models.OutcomeFigure.objects.filter(
        _of_pairs(pairs),
        source=plan.figures,
        outcome=plan.outcome,
        month__in=[*plan.before, *plan.after],
    ).order_by("load__at", "pk")
    held: dict[tuple[TradePair, date], Decimal | None] = {}
    for row in rows.values_list("destination", "origins", "products", "month", "value"):
        pair = TradePair(*row[:3])
        if pair in pairs:
            held[pair, row[3]] = row[4]
    found: Figures = defaultdict(dict)
    for (pair, month), value in held.items():
        if value is not None:
            found[pair][month] = value
    return found, sum(value is None for value in held.values())


def figures_after(plan: EffectPlan) -> bool:
    """Whether a figure of the plan's pairs exists for a month under the rule."""
    rows = outcome_models.OutcomeFigure.objects.filter(
        _of_pairs({*plan.treated, *plan.donors}),
        source=plan.figures,
        outcome=plan.outcome,
        month__in=plan.after,
    )
    return rows.exists()


def _of_pairs(pairs: Iterable[TradePair]) -> Q:
    """A condition that an index serves; the three names together are compared by the caller."""
    destinations, origins, products = (
        {getattr(each, name) for each in pairs} for name in ("destination", "origins", "products")
    )
    return Q(destination__in=destinations, origins__in=origins, products__in=products)


def _plan_value(row: models.EffectPlan) -> RegisteredPlan:
    return RegisteredPlan(row.act, read_plan(row.plan), row.by, row.promise, tuple(row.codes), row.at)


def _effect(adoption: ProposalAdoption, plans: tuple[RegisteredPlan, ...]) -> EffectRecord:
    counts = plans[-1]
    figures, withheld = outcome_figures(counts.plan)
    effect = measure_effect(
        counts.plan, figures, registered=counts.at.date(), promise=counts.promise, closed=adoption.last_day
    )
    return EffectRecord(adoption, counts, effect, _months(counts.plan, figures), withheld, plans)


def _months(plan: EffectPlan, figures: Mapping[TradePair, Mapping[date, Decimal]]) -> tuple[MonthRow, ...]:
    def mean(pairs: Iterable[TradePair], month: date) -> tuple[Decimal | None, int]:
        held = [figures[pair][month] for pair in pairs if month in figures.get(pair, {})]
        return (sum(held, Decimal(0)) / len(held) if held else None), len(held)

    return tuple(
        MonthRow(month, month in plan.after, *mean(plan.treated, month), *mean(plan.donors, month))
        for month in (*plan.before, *plan.after)
    )
