"""Proposals as values: one, and pages of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from ewtp.apps.proposals.store import models
from ewtp.apps.proposals.store.proposal_stages import in_stage
from ewtp.apps.proposals.store.proposal_tables import proposal_value, with_belongings

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from ewtp.core.proposals.proposal import Proposal


def proposal_read(identity: str, organisation: str = "") -> Proposal | None:
    """One proposal; a draft for its author alone. None where there is none."""
    row = with_belongings(_list_visible_to(organisation).filter(id=identity)).first()
    return None if row is None else proposal_value(row)


def proposals_page(
    *, organisation: str = "", before: int = 0, limit: int, stage: str = "", now: datetime | None = None
) -> tuple[list[Proposal], int]:
    """Proposals, the newest first, before the number ``before`` unless it is 0; with the number to continue from, or 0.

    With a ``stage`` those that are in it at ``now``, which is the present where it is None.
    """
    rows = _list_visible_to(organisation).order_by("-number")
    if before:
        rows = rows.filter(number__lt=before)
    if stage:
        rows = rows.filter(in_stage(stage, now or timezone.now()))
    found = list(with_belongings(rows)[: limit + 1])
    following = found[limit - 1].number if len(found) > limit else 0
    return [proposal_value(row) for row in found[:limit]], following


def _list_visible_to(organisation: str) -> QuerySet[models.Proposal]:
    """What an organisation may see: all but the drafts of others."""
    seen = Q(submitted__isnull=False)
    return models.Proposal.objects.filter(seen | Q(author=organisation) if organisation else seen)
