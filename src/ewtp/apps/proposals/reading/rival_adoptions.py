"""Other proposals by which an economy has ruled on the same things as a proposal that it has not adopted."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ewtp.apps.proposals.reading.text_reach import text_keys
from ewtp.apps.proposals.store import models
from ewtp.apps.proposals.store.proposal_tables import adoption_value
from ewtp.apps.rulebook.reading.versions import version_named

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.proposals.proposal import Proposal

# At most this many adoptions are looked at, the newest first.
_MOST = 100


def rival_adoptions(proposal: Proposal, today: date) -> dict[str, tuple[str, ...]]:
    """By economy, the proposals that it adopted, which change rules that this one changes too, oldest first.

    An adoption that this one was written on is none of them: the later word takes account of the earlier.
    """
    version = version_named(proposal.version.content.rulebook)
    written_on = 0 if version is None else version.number
    own = text_keys(proposal.version.content.digest)
    economies = {territory for territory, _ in own if territory}
    rows = models.ArticleAdoption.objects.filter(territory__in=economies).exclude(proposal_id=proposal.id)
    found: dict[str, list[str]] = defaultdict(list)
    for row in reversed(rows.select_related("proposal").order_by("-pk")[:_MOST]):
        last_day = adoption_value(row).last_day
        latest = row.proposal.versions.order_by("-number").first()
        lasting = last_day is None or last_day >= today
        lasting = lasting and _act_version(row.act) > written_on
        if lasting and latest is not None and _meets(own, text_keys(latest.text_id), row.territory):
            found[row.territory].append(row.proposal_id)
    return {territory: tuple(dict.fromkeys(names)) for territory, names in found.items()}


def _act_version(act: str) -> int:
    """The version of the rulebook that an act made, which numbers it."""
    number = act.rpartition("-")[2]
    return int(number) if number.isdigit() else 0


def _meets(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]], territory: str) -> bool:
    return any(place == territory for place, _ in one & other)
