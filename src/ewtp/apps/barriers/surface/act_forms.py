"""Who a reader of a page may act for, and what the page of a barrier offers them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from ewtp.apps.accounts.reading.operators import operator_actor
from ewtp.apps.barriers.reading.reporters import asks_group, has_reported
from ewtp.apps.barriers.reading.speakers import speaker_of
from ewtp.apps.barriers.surface.presentation import answer_names
from ewtp.apps.organisations.reading.organisation_list import open_memberships_of
from ewtp.core.barriers.stage import RESOLVED, UNANSWERED, Stage
from ewtp.core.organisations.role import PERMISSIONS_OF_ROLE, Permission
from ewtp.core.values.actor import VISITOR, Actor, ActorKind

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ewtp.apps.barriers.reading.barrier_list import BarrierDetail, BarrierSummary
    from ewtp.apps.organisations.reading.organisation_list import MembershipOfPerson


def list_speaker_memberships(request: Any) -> tuple[MembershipOfPerson, ...]:
    """The organisations for which a reader may speak: a member who may trade for them."""
    if not request.user.is_authenticated:
        return ()
    found = open_memberships_of(request.user.person)
    return tuple(each for each in found if Permission.TRADE in PERMISSIONS_OF_ROLE[each.role])


def find_acting_member(request: Any, organisation: str) -> Actor:
    """The reader for one of her organisations; a visitor where she is not signed in, or belongs to no such one."""
    if organisation in {each.organisation for each in list_speaker_memberships(request)}:
        return Actor(ActorKind.PERSON, request.user.person, organisation)
    return VISITOR


def acts_context(request: HttpRequest, barrier: BarrierDetail) -> dict[str, Any]:
    """What the page offers: to authorities an answer and a claim, to reporters asked a reply, to all a reopening."""
    summary, day = barrier.summary, timezone.now().date()
    members = list_speaker_memberships(request)
    speakers = {each.organisation: speaker_of(find_acting_member(request, each.organisation), day) for each in members}
    economies = {summary.matter.economy, summary.rule.territory} - {""}
    authorities = [each for each in members if speakers[each.organisation].agency_of in economies]
    reporters = [each for each in members if has_reported(summary.id, each.organisation)]
    # An act that would be refused is not offered: those who were not verified when they reported are not asked.
    repliers = [each for each in reporters if asks_group(summary.id, speakers[each.organisation].group)]
    operates = request.user.is_authenticated and operator_actor(request.user) is not None
    return {
        "authorities": authorities if _awaits_authority(summary) else [],
        "may_claim": bool(authorities) and _awaits_authority(summary),
        "repliers": repliers if summary.stage is Stage.CLAIMED else [],
        "reopeners": reporters if summary.stage not in UNANSWERED | {Stage.CLAIMED} else [],
        "answers": list(answer_names().items()),
        "operates": operates,
    }


def _awaits_authority(summary: BarrierSummary) -> bool:
    return summary.stage not in RESOLVED and summary.stage is not Stage.CLAIMED
