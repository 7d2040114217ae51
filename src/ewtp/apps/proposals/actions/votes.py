"""Votes on proposals: opened on a frozen roll, voted in, closed by the clock, counted from the log."""

from __future__ import annotations

import logging
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from ewtp.apps.log.actions.events import event_append
from ewtp.apps.log.actions.sequencer import sequence_events
from ewtp.apps.proposals.actions.adoptions import procedure_adopt
from ewtp.apps.proposals.actions.alarms import alarms_raise_at_opening, alarms_tell
from ewtp.apps.proposals.actions.proposals import faults_today, proposal_change
from ewtp.apps.proposals.actions.secret_ballots import count_nothing
from ewtp.apps.proposals.actions.vote_results import result_publish
from ewtp.apps.proposals.reading.election_record import SECRET_HOUSE, read_prepared_election, secret_groups
from ewtp.apps.proposals.reading.electorate import freeze_roll_on
from ewtp.apps.proposals.reading.participation import participation_of
from ewtp.apps.proposals.reading.procedure import procedure_in_force
from ewtp.apps.proposals.reading.proposal_text import text_stored
from ewtp.apps.proposals.reading.sentences import (
    BALLOT_ORGANISATION_NEEDED,
    BALLOT_TOO_LATE,
    CREDENTIALS_MISSING,
    NOT_ON_THE_ROLL,
    SECRET_BALLOT_NEEDED,
    SECRET_ELECTION_NEEDED,
    SEND_BACK_CLOSED,
    VOTE_NOT_OVER,
    VOTE_UNKNOWN,
)
from ewtp.apps.proposals.reading.vote_record import HUB, has_number, open_votes, vote_of
from ewtp.apps.proposals.store import models, secret_models
from ewtp.apps.proposals.store.vote_locks import votes_share
from ewtp.core.belenios.election_audit import fingerprint
from ewtp.core.organisations.house import House
from ewtp.core.proposals.proposal import Outcome, Proposal
from ewtp.core.proposals.proposal_commands import OpenVote, RecordOutcome
from ewtp.core.proposals.proposal_decisions import read_reason
from ewtp.core.rulebook.changeset.changeset import ends_of, find_added_records
from ewtp.core.values.actor import system_actor
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.ballot import NONCE_BYTES, BallotMode, BallotReceipt, read_choice, seal_ballot
from ewtp.core.votes.procedure_change import check_procedure_notice, majority_for
from ewtp.core.votes.roll import VoteRoll
from ewtp.core.votes.vote_count import ballot_mode
from ewtp.core.votes.vote_events import (
    BallotCast,
    BallotsUnsealed,
    HeartbeatSent,
    SendBackCast,
    UnsealedBallot,
    VoteClosed,
    VoteStarted,
)
from ewtp.core.votes.vote_state import ENDS, VoteStage, takes_ballots
from ewtp.core.votes.vote_tally import Choice, Majority
from ewtp.gateways.database.row_security import rows_for, system_rows
from ewtp.gateways.fresh_ids import fresh_id

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.values.actor import Actor
    from ewtp.core.votes.procedure import VoteProcedure
    from ewtp.core.votes.vote_state import VoteState

PREFIX = "vot"
CLOCK = system_actor("clock")
_logger = logging.getLogger(__name__)
_LONGEST_ID = 40
# This many opened ballots fit into an entry of the log.
_UNSEALED_AT_ONCE = 200
_OUTCOMES = {
    VoteStage.PASSED: Outcome.PASSED,
    VoteStage.FAILED: Outcome.FAILED,
    VoteStage.SENT_BACK: Outcome.SENT_BACK,
    VoteStage.LAPSED: Outcome.NEW_ROLL,
    VoteStage.NEW_ROLL: Outcome.NEW_ROLL,
}


@transaction.atomic
def vote_open(*, proposal: str, actor: Actor, now: datetime) -> Proposal | Refusal:
    """Open the vote on the latest version of a frozen proposal, for everybody on the roll that is frozen now.

    Refuses as ``decide_proposal`` does, and where a figure of the procedure cannot be set so, or so soon.
    """
    faults = faults_today(proposal, actor)
    if isinstance(faults, Refusal):
        return faults
    opened = proposal_change(proposal=proposal, command=OpenVote(faults), actor=actor, now=now)
    if isinstance(opened, Refusal):
        return opened
    procedure, roll = procedure_in_force(now.date()), freeze_roll_on(now.date())
    terms = _terms(proposal, opened, procedure, roll, now)
    if isinstance(terms, Refusal):
        # The proposal stays as it was: that it is voted on was written above.
        transaction.set_rollback(True)
        return terms
    majority, prepared = terms
    if prepared is not None:
        roll = VoteRoll(
            replace(each, credential=prepared.credentials[each.group]) if each.house is SECRET_HOUSE else each
            for each in roll.entries
        )
    sent_back = models.Vote.objects.filter(proposal_id=proposal, ended=VoteStage.SENT_BACK).count()
    started = VoteStarted(
        vote=fresh_id(PREFIX, now),
        on=opened.version.content.changeset,
        majority=Majority.AGAIN if sent_back and majority is Majority.ORDINARY else majority,
        mode=BallotMode.SEALED if majority is Majority.ORDINARY else BallotMode.OPEN,
        roll_root=roll.root.hex(),
        procedure=procedure.as_texts(),
        sent_back=sent_back,
        secret=() if prepared is None else (SECRET_HOUSE,),
        election="" if prepared is None else fingerprint(prepared.election.encode()),
    )
    vote = models.Vote.objects.create(id=started.vote, proposal_id=proposal, opened=now)
    if prepared is not None:
        secret_models.PreparedElection.objects.filter(uuid=prepared.uuid).update(vote=vote)
    _roll_store(vote, roll)
    event_append(subject=vote.id, actor=actor, payload=started, now=now)
    alarms_raise_at_opening(proposal=proposal, now=now)
    return opened


@transaction.atomic
def ballot_cast(*, proposal: str, choice: str, actor: Actor, now: datetime) -> BallotReceipt | Refusal:
    """Cast the ballot of the actor's organisation; the last one of its owner group counts.

    Of a sealed ballot the log gets the seal alone, and the receipt holds the nonce. Refuses with ``vote_unknown``,
    ``choice_unknown``, ``ballot_organisation_needed``, ``not_on_the_roll``, ``ballot_too_late`` or
    ``secret_ballot_needed``.
    """
    votes_share(proposal)
    vote = vote_of(proposal)
    if vote is None:
        return Refusal(VOTE_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    read = read_choice(choice)
    if isinstance(read, Refusal):
        return read
    if not actor.on_behalf_of or not participation_of(actor, now.date()).may_take_part:
        return Refusal(BALLOT_ORGANISATION_NEEDED)
    if actor.on_behalf_of not in vote.roll.by_member:
        return Refusal(NOT_ON_THE_ROLL)
    course = vote.course(now)
    if not takes_ballots(course) or vote.is_closed:
        return Refusal(BALLOT_TOO_LATE, {"moment": _text(course.closes)})
    mode = ballot_mode(course.started, vote.roll.houses[vote.roll.by_member[actor.on_behalf_of].group])
    if mode is BallotMode.SECRET:
        return Refusal(SECRET_BALLOT_NEEDED, where="credential")
    is_open = mode is BallotMode.OPEN
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = seal_ballot(vote.id, actor.on_behalf_of, read, nonce)
    receipt = replace(sealed, nonce="") if is_open else sealed
    with rows_for(actor):
        models.Ballot.objects.create(
            vote_id=vote.id,
            member=receipt.member,
            choice=receipt.choice,
            nonce=receipt.nonce,
            seal="" if is_open else receipt.seal,
            at=now,
        )
    cast = BallotCast(receipt.member, read) if is_open else BallotCast(receipt.member, None, receipt.seal)
    event_append(subject=vote.id, actor=actor, payload=cast, now=now)
    return receipt


@transaction.atomic
def send_back_cast(*, proposal: str, choice: str, reason: str, actor: Actor, now: datetime) -> Refusal | None:
    """Say, as a small firm, whether what passed is sent back; whoever wants that gives a reason.

    Refuses with ``vote_unknown``, ``choice_unknown``, ``ballot_organisation_needed``, ``send_back_closed`` or
    ``proposal_reason_missing``.
    """
    vote, read = vote_of(proposal), read_choice(choice)
    if vote is None:
        return Refusal(VOTE_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    if isinstance(read, Refusal):
        return read
    if not actor.on_behalf_of or not participation_of(actor, now.date()).may_take_part:
        return Refusal(BALLOT_ORGANISATION_NEEDED)
    entry = vote.roll.by_member.get(actor.on_behalf_of)
    is_small = entry is not None and vote.roll.houses[entry.group] is House.SMALL_FIRM
    if vote.find_figures(now).stage is not VoteStage.RETURNABLE or not is_small:
        return Refusal(SEND_BACK_CLOSED)
    told = read_reason(reason) if reason or read is Choice.FOR else ""
    if isinstance(told, Refusal):
        return told
    payload = SendBackCast(actor.on_behalf_of, read, told)
    event_append(subject=vote.id, actor=actor, payload=payload, now=now)
    return None


def vote_close(*, proposal: str, now: datetime) -> VoteState | Refusal:
    """Close the vote on a proposal whose time is over, open its ballots, and record its result.

    Nothing waits for this: the state of the vote is the same without it, but nobody can recompute a count whose ballots
    are sealed. Refuses with ``vote_unknown``, or with ``vote_not_over`` before its time.
    """
    vote = vote_of(proposal)
    if vote is None:
        return Refusal(VOTE_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    course = vote.course(now)
    if takes_ballots(course):
        return Refusal(VOTE_NOT_OVER, {"moment": _text(course.closes)})
    # The ballots are opened by the numbers of their entries, which they have after this.
    sequence_events(now=now)
    with transaction.atomic():
        wrote = _close(vote.id, now)
    sequence_events(now=now)
    if wrote:
        alarms_tell(proposal=proposal, now=now)
    with transaction.atomic():
        return _advance(proposal, now)


def votes_advance(*, now: datetime) -> int:
    """Close the votes whose time is over and record the results of others; returns how many were looked at."""
    votes = open_votes()
    for vote in votes:
        vote_close(proposal=vote.proposal, now=now)
    return len(votes)


@transaction.atomic
def heartbeat_send(*, now: datetime) -> bool:
    """Note in the log that the hub is up, while a vote is open; returns whether one is."""
    if not models.Vote.objects.filter(ended="").exists():
        return False
    event_append(subject=HUB, actor=CLOCK, payload=HeartbeatSent(), now=now)
    return True


def _roll_store(vote: models.Vote, roll: VoteRoll) -> None:
    """Keep the roll of a vote."""
    models.RollMember.objects.bulk_create(
        models.RollMember(
            vote=vote,
            member=each.member,
            group=each.group,
            house=each.house,
            economy=each.economy,
            verifier=each.verifier,
            verified=each.verified,
            credential=each.credential,
        )
        for each in roll.entries
    )


def _terms(
    proposal: str, opened: Proposal, procedure: VoteProcedure, roll: VoteRoll, now: datetime
) -> tuple[Majority, secret_models.PreparedElection | None] | Refusal:
    """By which majority a proposal passes, and the election of small firms where they vote in secret.

    A change of the procedure is voted on in the open.
    """
    changeset = text_stored(opened.version.content.digest).changeset
    early = check_procedure_notice(changeset, procedure, now.date())
    majority = early or majority_for(
        find_added_records(changeset), (end.record for end in ends_of(changeset)), procedure
    )
    if isinstance(majority, Refusal):
        return majority
    if procedure.house_small_ballot != "secret" or majority is not Majority.ORDINARY:
        return majority, None
    prepared = _find_election(proposal, roll)
    return prepared if isinstance(prepared, Refusal) else (majority, prepared)


def _find_election(proposal: str, roll: VoteRoll) -> secret_models.PreparedElection | Refusal:
    """The election that was prepared for a proposal; a refusal where a group of the roll has no credential."""
    row = read_prepared_election(proposal)
    if row is None:
        return Refusal(SECRET_ELECTION_NEEDED)
    missing = [each for each in secret_groups(roll) if each not in row.credentials]
    return Refusal(CREDENTIALS_MISSING, {"count": len(missing)}) if missing else row


def _close(vote: str, now: datetime) -> bool:
    """Write that the vote is closed and open its ballots, each once; returns whether anything was written."""
    row = models.Vote.objects.select_for_update().get(id=vote)
    record = vote_of(row.proposal_id)
    if record is None or record.id != vote:
        return False
    first = not record.is_closed
    count_nothing(vote=record, now=now)
    if first:
        event_append(subject=vote, actor=CLOCK, payload=VoteClosed(), now=now)
    opened = {
        one.index
        for each in record.all_entries
        if isinstance(each.event, BallotsUnsealed)
        for one in each.event.ballots
    }
    with system_rows("the ballots of a vote that is over"):
        kept = {each.seal: each for each in models.Ballot.objects.filter(vote_id=vote)}
    unsealed = [
        UnsealedBallot(each.index, Choice(kept[each.event.seal].choice), kept[each.event.seal].nonce)
        for each in record.all_entries
        # One that has no number yet, because it was cast while this waited for the row, is opened a minute later.
        if isinstance(each.event, BallotCast)
        and has_number(each)
        and each.event.seal in kept
        and each.index not in opened
    ]
    for start in range(0, len(unsealed), _UNSEALED_AT_ONCE):
        some = BallotsUnsealed(tuple(unsealed[start : start + _UNSEALED_AT_ONCE]))
        event_append(subject=vote, actor=CLOCK, payload=some, now=now)
    return first or bool(unsealed)


def _advance(proposal: str, now: datetime) -> VoteState | Refusal:
    """Record the end of a vote, if it has ended."""
    vote = vote_of(proposal)
    if vote is None:
        return Refusal(VOTE_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    state = vote.state(now)
    if state.stage in ENDS and models.Vote.objects.filter(id=vote.id, ended="").update(ended=state.stage):
        result_publish(vote=vote, state=state, now=now)
        command = RecordOutcome(_OUTCOMES[state.stage])
        recorded = proposal_change(proposal=proposal, command=command, actor=CLOCK, now=now)
        if isinstance(recorded, Refusal):
            return recorded
        if state.stage is VoteStage.PASSED:
            _give_effect_to_procedure(proposal, vote.id, now)
    return state


def _give_effect_to_procedure(proposal: str, vote: str, now: datetime) -> None:
    """What passed is the procedure from its day on; where the rulebook has moved, the vote is over all the same."""
    with transaction.atomic():
        refused = procedure_adopt(proposal=proposal, vote=vote, actor=CLOCK, now=now)
        if isinstance(refused, Refusal):
            transaction.set_rollback(True)
            _logger.error("the procedure that %s changes could not be given effect: %s", proposal, refused.message)
    if isinstance(refused, Refusal):
        models.Vote.objects.filter(id=vote).update(refused=refused.as_json())


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
