"""Secret ballots: cast encrypted, counted by trustees, seen by nobody."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.db import transaction

from ewtp.apps.log.actions.events import event_append
from ewtp.apps.proposals.actions.alarms import alarms_tell
from ewtp.apps.proposals.reading.election_record import SECRET_HOUSE, ballots_of, election_of, setup_of, shares_of
from ewtp.apps.proposals.reading.participation import participation_of
from ewtp.apps.proposals.reading.sentences import (
    BALLOT_ORGANISATION_NEEDED,
    BALLOT_TOO_LATE,
    CREDENTIAL_WRONG,
    DECRYPTION_CLOSED,
    NOT_ON_THE_ROLL,
    SECRET_BALLOT_INVALID,
    SECRET_ELECTION_UNKNOWN,
    TRUSTEE_NEEDED,
)
from ewtp.apps.proposals.reading.vote_record import vote_of
from ewtp.apps.proposals.store import secret_models
from ewtp.apps.proposals.store.vote_locks import votes_lock, votes_share
from ewtp.core.belenios.election_board import (
    ANSWERS,
    ElectionSetup,
    ballot_credential,
    ballot_digest,
    read_result,
    share_file,
    share_holds,
    tracker,
)
from ewtp.core.belenios.schnorr_group import GENERATOR, raise_fixed_base
from ewtp.core.belenios.secret_ballot import credential_exponent, make_ballot
from ewtp.core.belenios.sentences import BELENIOS_DECRYPTION_WRONG
from ewtp.core.values.actor import system_actor
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.ballot import SecretReceipt, read_choice
from ewtp.core.votes.secret_events import DecryptionGiven
from ewtp.core.votes.vote_events import BallotCast, VoteCounted
from ewtp.core.votes.vote_state import VoteStage, takes_ballots

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.apps.proposals.reading.vote_record import VoteRecord
    from ewtp.core.values.actor import Actor
    from ewtp.core.votes.roll import RollEntry

_CLOCK = system_actor("clock")
_LONGEST_ID = 40


@immutable
class _Booth:
    """A running election, and the entry on its roll of whoever votes."""

    row: secret_models.PreparedElection
    vote: VoteRecord
    setup: ElectionSetup
    entry: RollEntry


@transaction.atomic
def secret_ballot_cast(*, proposal: str, ballot: bytes, actor: Actor, now: datetime) -> SecretReceipt | Refusal:
    """Cast an encrypted ballot; the last one of an owner group counts.

    Refuses with ``secret_election_unknown``, ``ballot_organisation_needed``, ``not_on_the_roll``, ``ballot_too_late``
    or ``secret_ballot_invalid``.
    """
    booth = _booth(proposal, actor, now)
    return booth if isinstance(booth, Refusal) else _cast(booth, ballot, actor, now)


@transaction.atomic
def secret_ballot_encrypt(
    *, proposal: str, choice: str, credential: str, actor: Actor, now: datetime
) -> SecretReceipt | Refusal:
    """Encrypt a ballot for a voter whose browser cannot, and cast it; the hub could read it.

    Refuses as ``secret_ballot_cast`` does, and with ``choice_unknown`` or ``credential_wrong``.
    """
    booth, read = _booth(proposal, actor, now), read_choice(choice)
    if isinstance(booth, Refusal):
        return booth
    if isinstance(read, Refusal):
        return read
    exponent = credential_exponent(credential.strip(), booth.row.uuid)
    if str(raise_fixed_base(GENERATOR, exponent)) != booth.entry.credential:
        return Refusal(CREDENTIAL_WRONG, where="credential")
    answer = [int(each == read) for each in ANSWERS]
    return _cast(booth, make_ballot(booth.setup.opened, exponent, [answer], secrets.randbelow), actor, now)


@transaction.atomic
def decryption_give(*, proposal: str, share: Any, actor: Actor, now: datetime) -> int | Refusal:
    """Give the partial decryption of a trustee; returns how many there are, and counts the house once they suffice.

    Refuses with ``secret_election_unknown``, ``trustee_needed``, ``decryption_closed`` or
    ``belenios_decryption_wrong``.
    """
    # Else of two trustees that give theirs at once neither would see that they suffice.
    votes_lock(proposal)
    row, vote = election_of(proposal), vote_of(proposal)
    if row is None or vote is None or row.vote_id != vote.id:
        return Refusal(SECRET_ELECTION_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    if actor.on_behalf_of not in row.members or not participation_of(actor, now.date()).may_take_part:
        return Refusal(TRUSTEE_NEEDED)
    owner, given = row.members.index(actor.on_behalf_of) + 1, shares_of(row)
    if vote.find_figures(now).stage is not VoteStage.COUNTING or owner in given:
        return Refusal(DECRYPTION_CLOSED)
    setup, ballots = setup_of(row, vote.roll), ballots_of(row, vote, now)
    if not share_holds(setup, ballots.counted, owner, share):
        return Refusal(BELENIOS_DECRYPTION_WRONG, {"trustee": owner})
    secret_models.PartialDecryption.objects.create(election=row, trustee=owner, content=share, at=now)
    told = DecryptionGiven(row.uuid, owner, ballot_digest(share_file(share)))
    event_append(subject=vote.id, actor=actor, payload=told, now=now)
    result = read_result(setup, ballots.counted, {**given, owner: share})
    if result is not None:
        _count(vote.id, result, now)
        alarms_tell(proposal=proposal, now=now)
    return len(given) + 1


def count_nothing(*, vote: VoteRecord, now: datetime) -> None:
    """Count a secret house in which nobody cast a ballot: there is nothing to decrypt."""
    box = vote.state(now).box
    if SECRET_HOUSE in box.secret and not box.turnout[SECRET_HOUSE] and SECRET_HOUSE not in box.counted:
        _count(vote.id, [0] * len(ANSWERS), now)


def _count(vote: str, result: list[int], now: datetime) -> None:
    yes, no, abstain = result
    event_append(subject=vote, actor=_CLOCK, payload=VoteCounted({str(SECRET_HOUSE): (yes, no, abstain)}), now=now)


def _booth(proposal: str, actor: Actor, now: datetime) -> _Booth | Refusal:
    votes_share(proposal)
    row, vote = election_of(proposal), vote_of(proposal)
    if row is None or vote is None or row.vote_id != vote.id:
        return Refusal(SECRET_ELECTION_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    if not actor.on_behalf_of or not participation_of(actor, now.date()).may_take_part:
        return Refusal(BALLOT_ORGANISATION_NEEDED)
    entry, course = vote.roll.by_member.get(actor.on_behalf_of), vote.course(now)
    if entry is None or not entry.credential:
        return Refusal(NOT_ON_THE_ROLL)
    if not takes_ballots(course) or vote.is_closed:
        return Refusal(BALLOT_TOO_LATE, {"moment": f"{course.closes:%Y-%m-%d %H:%M} UTC"})
    return _Booth(row, vote, setup_of(row, vote.roll), entry)


def _cast(booth: _Booth, ballot: bytes, actor: Actor, now: datetime) -> SecretReceipt | Refusal:
    digest = ballot_digest(ballot)
    known = secret_models.SecretBallot.objects.filter(digest=digest).exists()
    if known or ballot_credential(booth.setup, ballot) != booth.entry.credential:
        return Refusal(SECRET_BALLOT_INVALID, where="ballot")
    secret_models.SecretBallot.objects.create(
        digest=digest,
        election=booth.row,
        member=booth.entry.member,
        credential=booth.entry.credential,
        content=ballot.decode(),
        at=now,
    )
    cast = BallotCast(booth.entry.member, None, digest)
    event_append(subject=booth.vote.id, actor=actor, payload=cast, now=now)
    return SecretReceipt(booth.vote.id, booth.entry.member, tracker(ballot))
