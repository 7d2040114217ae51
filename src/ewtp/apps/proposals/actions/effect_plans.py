"""Plans of measurement: one is registered with every adoption, another by the authority or a sponsor in time."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from ewtp.apps.log.actions.events import event_append
from ewtp.apps.proposals.reading.effect_record import figures_after
from ewtp.apps.proposals.reading.law_outcomes import law_codes, law_figure, schedules_now
from ewtp.apps.proposals.reading.participation import participation_of
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.reading.sentences import (
    EFFECT_PLAN_INVALID,
    EFFECT_PLANNER_NEEDED,
    EFFECT_REGISTERED_LATE,
)
from ewtp.apps.proposals.store import models
from ewtp.core.effects.adoption_reach import MOST_DONORS, default_plan, find_reach
from ewtp.core.effects.plan_request import MOST_MONTHS, make_plan
from ewtp.core.proposals.effect_events import EffectPlanned
from ewtp.core.proposals.sentences import ADOPTION_UNKNOWN, PROPOSAL_UNKNOWN
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import decimal_text
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from ewtp.core.effects.effect_plan import EffectPlan
    from ewtp.core.effects.plan_request import PlanRequest
    from ewtp.core.proposals.proposal import Proposal, ProposalAdoption
    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.changeset.law_record import LawRecord
    from ewtp.core.values.actor import Actor

_LONGEST_ID = 40
_PARTS = Decimal("0.000001")


@immutable
class PlanMade:
    """A plan to register; ``codes`` are those that the change is about, ``promise`` what the law foretells."""

    plan: EffectPlan
    codes: tuple[str, ...]
    promise: Decimal | None


def adoption_plan(changeset: Changeset[LawRecord], territory: str, effective: date) -> PlanMade | None:
    """The plan that follows from an adoption, made before the law has it; None for what is about no economy's goods."""
    economies = vocabulary().economies
    reach = find_reach(changeset, territory, effective, economies)
    if reach is None:
        return None
    plan = default_plan(reach, economies=economies, schedules=schedules_now(effective))
    return PlanMade(plan, reach.codes, _promise(plan, reach.codes, changeset))


def adoption_plan_register(
    *, proposal: str, adoption: ProposalAdoption, made: PlanMade, actor: Actor, now: datetime
) -> None:
    """Register the plan that follows from an adoption, in its transaction."""
    _register(proposal, adoption, made, by="", actor=actor, now=now)


@transaction.atomic
def effect_plan_register(
    *, proposal: str, act: str, asked: PlanRequest, actor: Actor, now: datetime
) -> Proposal | Refusal:
    """Register another plan for the effect of an adoption, before there can be a figure; the last one counts.

    Refuses with ``proposal_unknown``, ``adoption_unknown``, ``effect_planner_needed`` for whoever is neither the
    economy's authority nor a sponsor, ``effect_registered_late`` and ``effect_plan_invalid``.
    """
    found = proposal_read(proposal)
    if found is None:
        return Refusal(PROPOSAL_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    adoption = next((each for each in found.adoptions if each.act == act), None)
    if adoption is None:
        return Refusal(ADOPTION_UNKNOWN, {"act": act[:_LONGEST_ID]}, where="act")
    taking_part = participation_of(actor, now.date())
    own = taking_part.participant.organisation if taking_part.participant and taking_part.may_take_part else ""
    sponsors = {each.participant.organisation for each in found.sponsors}
    if taking_part.authority_of != adoption.territory and own not in sponsors:
        return Refusal(EFFECT_PLANNER_NEEDED, {"territory": adoption.territory})
    plan = make_plan(asked, adoption.effective, vocabulary().economies)
    if plan is None:
        return Refusal(EFFECT_PLAN_INVALID, {"most": MOST_DONORS, "months": MOST_MONTHS}, where="plan")
    if now.date() > adoption.effective or figures_after(plan):
        return Refusal(EFFECT_REGISTERED_LATE, {"day": adoption.effective})
    made = PlanMade(plan, codes := _last_codes(act), _promise(plan, codes, None))
    _register(found.id, adoption, made, by=own, actor=actor, now=now)
    return found


def _last_codes(act: str) -> tuple[str, ...]:
    row = models.EffectPlan.objects.filter(act=act).order_by("-at", "-pk").first()
    return () if row is None else tuple(row.codes)


def _register(
    proposal: str, adoption: ProposalAdoption, made: PlanMade, *, by: str, actor: Actor, now: datetime
) -> None:
    plan, body = made.plan, made.plan.as_json()
    models.EffectPlan.objects.create(
        proposal_id=proposal,
        act=adoption.act,
        plan=body,
        digest=plan.digest,
        by=by,
        promise=made.promise,
        codes=list(made.codes),
        at=now,
    )
    told = None if made.promise is None else decimal_text(made.promise)
    payload = EffectPlanned(adoption.act, adoption.territory, body, plan.digest, by, told)
    event_append(subject=proposal, actor=actor, payload=payload, now=now)


def _promise(plan: EffectPlan, codes: Sequence[str], change: Changeset[LawRecord] | None) -> Decimal | None:
    """The change of the outcome that the law foretells for the treated, as a replay over their lines does.

    With the ``change`` against without it; where the law has it already, its first day against the day before.
    """
    if plan.outcome == "days":
        return None
    eve = plan.eve if change is None else plan.adopted
    changes = []
    for pair in plan.treated:
        own = law_codes(pair, plan.adopted, codes)
        before, after = law_figure(pair, own, eve), law_figure(pair, own, plan.adopted, change)
        earlier, later = (None if each is None else each.of(plan.outcome) for each in (before, after))
        if earlier is None or later is None:
            return None
        changes.append(later - earlier)
    return (sum(changes, Decimal(0)) / len(changes)).quantize(_PARTS)
