"""The appeals against results of votes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.proposals.store import models
from ewtp.apps.proposals.store.appeal_table import appeal_value
from ewtp.core.votes.appeal import AppealStage

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.votes.appeal import Appeal


def appeals_of(vote: str) -> list[Appeal]:
    """Those in a vote, in the order in which they were lodged."""
    return [appeal_value(row) for row in models.Appeal.objects.filter(vote=vote).order_by("at", "id")]


def appeals_about(proposal: str) -> list[tuple[str, Appeal]]:
    """Those about a proposal, each with its vote, in the order in which they were lodged."""
    rows = models.Appeal.objects.filter(vote__proposal_id=proposal).order_by("at", "id")
    return [(row.vote_id, appeal_value(row)) for row in rows]


def open_appeals(proposal: str, now: datetime) -> list[Appeal]:
    """Those about a proposal that nobody has decided."""
    return [each for _, each in appeals_about(proposal) if each.stage(now) is AppealStage.OPEN]


def bodiless_appeals(now: datetime) -> list[tuple[str, str]]:
    """The open ones for which nobody was drawn, each with its proposal."""
    rows = models.Appeal.objects.filter(body__isnull=True, until__gt=now).select_related("vote").order_by("at", "id")
    return [(row.vote.proposal_id, row.id) for row in rows]
