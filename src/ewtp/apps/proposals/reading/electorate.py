"""Who may take part in making rules: every verified organisation with its house, owner group and last act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max

from ewtp.apps.organisations.reading.public_facts import organisations_in_public
from ewtp.apps.proposals.store import models, secret_models
from ewtp.core.organisations.house import seat_of
from ewtp.core.organisations.organisation import OrganisationKind, Subject
from ewtp.core.values.immutable import immutable
from ewtp.core.votes.ownership import OwnershipTie, Tie, owner_groups, state_id
from ewtp.core.votes.roll import VoteMember
from ewtp.gateways.database.row_security import system_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ewtp.core.organisations.organisation import Organisation


@immutable
class HouseMembership:
    """The members of the houses, what is known of their owners, and the owner group of every organisation."""

    members: tuple[VoteMember, ...]
    ties: tuple[OwnershipTie, ...]
    groups: Mapping[str, str]


def membership_on(day: date) -> HouseMembership:
    """The membership on a day: organisations whose seat is verified then.

    The last act of a member is the last on which it drafted, sponsored or voted, or was verified by another, since
    whoever verifies it has seen its trade or its work.
    """
    known = organisations_in_public()
    ties = ties_of(known)
    acts = _last_acts()
    members = []
    for each in known.values():
        seat = seat_of(each, known.get(each.ultimate_owner), day)
        shown = each.find_verification(Subject.IDENTITY, day)
        if seat is None or not seat.verified or shown is None:
            continue
        stated = [one.at.date() for one in each.verifications if one.at.date() <= day]
        active = max([*stated, *([acts[each.id]] if each.id in acts else [])], default=None)
        # Nobody but its own state makes an authority one; whoever verifies others is a bloc of its own.
        is_agency = each.kind is OrganisationKind.AGENCY
        verifier = state_id(each.economy) if is_agency else shown.by_organisation or shown.by
        first = min(one.at.date() for one in each.verifications if one.subject is Subject.IDENTITY and one.holds(day))
        members.append(VoteMember(each.id, seat.house, each.economy, each.kind, verifier, first, active))
    agencies = (each for each in known.values() if each.kind is OrganisationKind.AGENCY)
    states = [OwnershipTie(state_id(each.economy), each.id, Tie.CONTROLS) for each in agencies]
    return HouseMembership(tuple(members), tuple(ties), owner_groups(known, [*ties, *states]))


def ties_of(known: Mapping[str, Organisation]) -> list[OwnershipTie]:
    """The ties that organisations declare: whoever names an ultimate owner is controlled by it."""
    return [OwnershipTie(each.ultimate_owner, each.id, Tie.CONTROLS) for each in known.values() if each.ultimate_owner]


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
