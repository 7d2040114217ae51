"""What economies adopted of proposals, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.proposals.store import models
from ewtp.apps.proposals.store.proposal_tables import adoption_value

if TYPE_CHECKING:
    from ewtp.core.proposals.proposal import ProposalAdoption


def adoptions_page(
    *, territory: str = "", before: int = 0, limit: int
) -> tuple[list[tuple[str, ProposalAdoption]], int]:
    """Adoptions with their proposals, before the number ``before`` unless it is 0, and the number to continue from."""
    rows = models.ArticleAdoption.objects.order_by("-id")
    if territory:
        rows = rows.filter(territory=territory)
    if before:
        rows = rows.filter(id__lt=before)
    found = list(rows[: limit + 1])
    following = found[limit - 1].pk if len(found) > limit else 0
    return [(row.proposal_id, adoption_value(row)) for row in found[:limit]], following
