"""Elections by secret ballot, prepared before a vote is opened: trustees, and credentials from another organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from ewtp.apps.log.actions.events import event_append
from ewtp.apps.log.reading.event_trail import events_about
from ewtp.apps.log.reading.log_tree import head_behind
from ewtp.apps.organisations.reading.organisation_names import organisations_named
from ewtp.apps.proposals.reading.election_record import read_prepared_election
from ewtp.apps.proposals.reading.electorate import membership_on
from ewtp.apps.proposals.reading.participation import participation_of
from ewtp.apps.proposals.reading.procedure import procedure_in_force
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.reading.sentences import (
    CREDENTIAL_AUTHORITY_NEEDED,
    CREDENTIALS_INVALID,
    SECRET_BALLOTS_EXTRA_MISSING,
    SECRET_ELECTION_UNKNOWN,
    SECRET_ELECTION_UNWANTED,
    TRUSTEES_INVALID,
    TRUSTEES_UNNAMED,
)
from ewtp.apps.proposals.store import secret_models
from ewtp.core.belenios import schnorr_group
from ewtp.core.belenios.election_audit import fingerprint
from ewtp.core.belenios.election_board import election_uuid, is_credential, make_election, read_circle
from ewtp.core.belenios.public_board import compact
from ewtp.core.proposals.proposal import ProposalStage, proposal_stage_of
from ewtp.core.values.canonical_json import canonical_digest
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.secret_events import CredentialsIssued, ElectionPrepared
from ewtp.core.votes.trustee_draw import are_of_each_house, draw_trustee

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ewtp.apps.log.reading.log_tree import LogHead
    from ewtp.core.values.actor import Actor

_BEFORE_A_VOTE = (ProposalStage.DISCUSSED, ProposalStage.FROZEN)
_LONGEST_ID, _LONGEST_NAME = 40, 200


@transaction.atomic
def secret_election_prepare(
    *, proposal: str, authority: str, members: Sequence[str], trustees: Any, hub: str, actor: Actor, now: datetime
) -> secret_models.PreparedElection | Refusal:
    """Prepare the secret ballot of small firms on a proposal, as the operator; what was prepared before gives way.

    ``members`` are the trustees' organisations in the order of their keys. Refuses with
    ``secret_ballots_extra_missing``, ``secret_election_unwanted``, ``credential_authority_needed``,
    ``trustees_unnamed``, ``trustees_invalid``, ``belenios_circle_needed`` or ``belenios_trustee_wrong``.
    """
    if not schnorr_group.IS_FAST:
        return Refusal(SECRET_BALLOTS_EXTRA_MISSING)
    found, head = proposal_read(proposal), _latest_head(proposal)
    wanted = procedure_in_force(now.date()).house_small_ballot == "secret"
    if found is None or head is None or not wanted or proposal_stage_of(found, now) not in _BEFORE_A_VOTE:
        return Refusal(SECRET_ELECTION_UNWANTED)
    if authority not in organisations_named([authority]):
        return Refusal(CREDENTIAL_AUTHORITY_NEEDED)
    attempt = secret_models.PreparedElection.objects.filter(proposal_id=proposal).exclude(vote=None).count()
    uuid = election_uuid(f"{proposal} {found.version.content.changeset} {attempt}")
    refused = _members_refused(members, uuid, head, now)
    circle = refused if refused is not None else read_circle(trustees)
    if isinstance(circle, Refusal):
        return circle
    election = make_election(
        uuid=uuid,
        name=found.title[:_LONGEST_NAME],
        change=found.version.content.changeset,
        public_key=circle.public_key,
        hub=hub,
        authority=authority,
    )
    secret_models.PreparedElection.objects.filter(uuid=uuid, vote=None).delete()
    row = secret_models.PreparedElection.objects.create(
        uuid=uuid,
        proposal_id=proposal,
        election=election.decode(),
        trustees=compact(trustees).decode(),
        members=list(members),
        authority=authority,
        at=now,
    )
    prepared = ElectionPrepared(uuid, fingerprint(election), tuple(members), authority, head.size, head.root.hex())
    event_append(subject=proposal, actor=actor, payload=prepared, now=now)
    return row


@transaction.atomic
def credentials_issue(
    *, proposal: str, credentials: Mapping[str, Any], actor: Actor, now: datetime
) -> secret_models.PreparedElection | Refusal:
    """Give owner groups their public keys, as the credential authority; a key given before stays.

    Refuses with ``secret_election_unknown``, ``credential_authority_needed`` or ``credentials_invalid``.
    """
    row = read_prepared_election(proposal)
    if row is None:
        return Refusal(SECRET_ELECTION_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    if actor.on_behalf_of != row.authority or not participation_of(actor, now.date()).may_take_part:
        return Refusal(CREDENTIAL_AUTHORITY_NEEDED)
    held = {**credentials, **row.credentials}
    if not all(isinstance(each, str) and is_credential(each) for each in credentials.values()):
        return Refusal(CREDENTIALS_INVALID)
    if len(set(held.values())) != len(held):
        return Refusal(CREDENTIALS_INVALID)
    row.credentials = held
    row.save(update_fields=["credentials"])
    payload = CredentialsIssued(row.uuid, len(held), canonical_digest(held))
    event_append(subject=proposal, actor=actor, payload=payload, now=now)
    return row


def _latest_head(proposal: str) -> LogHead | None:
    """The first checkpoint over what the log has of a proposal; None before it has anything."""
    numbered = [each.index for each in events_about(proposal, source="proposals:") if each.index is not None]
    return head_behind(max(numbered)) if numbered else None


def _members_refused(members: Sequence[str], election: str, head: LogHead, now: datetime) -> Refusal | None:
    """Why these are not the trustees: one of each house, and the one that the log draws beside them."""
    membership = membership_on(now.date())
    houses = {each.id: each.house for each in membership.members}
    named = list(members[:4])
    if not are_of_each_house(named, houses, membership.groups):
        return Refusal(TRUSTEES_UNNAMED)
    drawn = draw_trustee(named, houses, membership.groups, head.root, election)
    if drawn is None or list(members[4:]) != [drawn]:
        return Refusal(TRUSTEES_INVALID, {"drawn": drawn or "—"})
    return None
