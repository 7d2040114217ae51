"""The rows of votes, held while something is decided that what others write meanwhile would make wrong."""

from __future__ import annotations

from django.db import connection

from ewtp.apps.proposals.store import models

_SHARE = "SELECT 1 FROM proposals_vote WHERE proposal_id = %s FOR SHARE"


def votes_share(proposal: str) -> None:
    """Hold the votes of a proposal until the transaction ends: nobody closes one meanwhile, and others may hold it too.

    What was written before is visible to whatever is read afterwards.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SHARE, [proposal])


def votes_lock(proposal: str) -> None:
    """Hold the votes of a proposal alone until the transaction ends: whoever comes second sees what the first wrote."""
    list(models.Vote.objects.filter(proposal_id=proposal).order_by("pk").select_for_update().values_list("pk"))
