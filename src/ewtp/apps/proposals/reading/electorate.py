"""Who may take part in making rules: every verified organisation with its house, owner group and last act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max

from ewtp.apps.organisations.reading.public_facts import organisations_in_public
from ewtp.apps.proposals.reading.procedure import procedure_in_force
from ewtp.apps.proposals.store import models, secret_models
from ewtp.core.votes.membership import HouseMembership, house_membership
from ewtp.core.votes.roll import freeze_roll
from ewtp.gateways.database.row_security import system_rows

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.votes.roll import VoteRoll


def membership_on(day: date) -> HouseMembership:
    """The membership on a day, from everybody's facts and acts."""
    return house_membership(organisations_in_public(), _last_acts(), day)


def freeze_roll_on(day: date) -> VoteRoll:
    """The roll of a vote that is opened on a day, by the procedure in force then."""
    membership = membership_on(day)
    return freeze_roll(membership.members, membership.ties, procedure_in_force(day), day)


def find_kin(organisation: str, day: date) -> frozenset[str]:
    """The other organisations of an organisation's owner group on a day."""
    groups = membership_on(day).groups
    own = groups.get(organisation)
    return frozenset(each for each, group in groups.items() if group == own and each != organisation)


def _last_acts() -> dict[str, date]:
    """By organisation, the last day on which it drafted, sponsored or cast a ballot."""
    found: dict[str, date] = {}
    queries = (
        models.Proposal.objects.values_list("author").annotate(last=Max("at")),
        models.Sponsor.objects.values_list("organisation").annotate(last=Max("at")),
        models.Ballot.objects.values_list("member").annotate(last=Max("at")),
        secret_models.SecretBallot.objects.values_list("member").annotate(last=Max("at")),
    )
    with system_rows("when members last voted, which says nothing of how"):
        for query in queries:
            for organisation, last in query:
                found[organisation] = max(found.get(organisation, last.date()), last.date())
    return found
