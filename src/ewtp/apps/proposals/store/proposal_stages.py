"""The stage of a proposal as columns, so that a list of one stage is paged by an index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from ewtp.core.proposals.proposal import proposal_stage_of, stage_limit

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.proposals.proposal import Proposal


def stage_columns(state: Proposal, now: datetime) -> dict[str, Any]:
    """The stage now, and the one that it has once its limit is reached: after an event there is one limit at most."""
    until = stage_limit(state, now)
    return {
        "stage": proposal_stage_of(state, now),
        "stage_until": until,
        "stage_then": "" if until is None else proposal_stage_of(state, until),
    }


def in_stage(stage: str, now: datetime) -> Q:
    """The condition for a proposal to be in a stage at a moment."""
    still = Q(stage_until__isnull=True) | Q(stage_until__gt=now)
    return Q(still, stage=stage) | Q(stage_then=stage, stage_until__lte=now)
