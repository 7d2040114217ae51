"""The comments on a proposal, oldest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.proposals.store import models
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from datetime import datetime

# A page shows the newest ones; the API pages through all of them.
MOST_SHOWN = 100


@immutable
class ProposalComment:
    """A comment of an organisation, on an article or, where that is empty, on the whole."""

    id: str
    article: str
    by: str
    text: str
    at: datetime


def comments_of(proposal: str, *, most: int = MOST_SHOWN) -> list[ProposalComment]:
    """The newest comments on a proposal, in the order in which they were made."""
    rows = models.Comment.objects.filter(proposal_id=proposal).order_by("-at", "-id")[:most]
    return [ProposalComment(row.id, row.article, row.by, row.text, row.at) for row in reversed(rows)]
