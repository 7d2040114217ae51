"""Alarms of capture in a vote: raised when it is opened and while it runs, answered in public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from ewtp.apps.log.actions.events import event_append
from ewtp.apps.proposals.reading.electorate import membership_on
from ewtp.apps.proposals.reading.sentences import ALARM_ANSWER_INVALID, ALARM_NOT_OPEN, VOTE_UNKNOWN
from ewtp.apps.proposals.reading.vote_record import open_votes, vote_of
from ewtp.core.proposals.proposal_decisions import read_reason
from ewtp.core.values.actor import system_actor
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.alarms import alone_alarms, power_alarms, roll_alarms, surge_alarms
from ewtp.core.votes.blocs import blocs_of, measure_vote
from ewtp.core.votes.ownership import held_groups
from ewtp.core.votes.vote_events import AlarmAnswered, AlarmKind, AlarmRaised, AlarmVerdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ewtp.apps.proposals.reading.vote_record import VoteRecord
    from ewtp.core.values.actor import Actor

_WATCH = system_actor("alarms")
_LONGEST_ID = 40


@transaction.atomic
def alarms_raise(*, proposal: str, now: datetime) -> int:
    """Raise the alarms of a vote that are not raised yet; returns how many there were."""
    vote = vote_of(proposal)
    if vote is None or not vote.state(now).takes_ballots:
        return 0
    known = {(each.event.alarm, each.event.bloc) for each in vote.entries if isinstance(each.event, AlarmRaised)}
    new = [each for each in _alarms(vote, now) if (each.alarm, each.bloc) not in known]
    for each in new:
        event_append(subject=vote.id, actor=_WATCH, payload=each, now=now)
    return len(new)


def alarms_watch(*, now: datetime) -> int:
    """Raise the alarms of every open vote; returns how many there were."""
    return sum(alarms_raise(proposal=each.proposal, now=now) for each in open_votes())


@transaction.atomic
def alarm_answer(
    *, proposal: str, alarm: str, verdict: str, reason: str, actor: Actor, now: datetime
) -> Refusal | None:
    """Answer every open alarm of a kind, with reasons, as the operator for the answering body.

    Refuses with ``vote_unknown``, ``alarm_answer_invalid``, ``alarm_not_open`` or ``proposal_reason_missing``.
    """
    vote = vote_of(proposal)
    if vote is None:
        return Refusal(VOTE_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    if alarm not in set(AlarmKind) or verdict not in (AlarmVerdict.STANDS, AlarmVerdict.NEW_ROLL):
        return Refusal(
            ALARM_ANSWER_INVALID, {"alarms": [*AlarmKind], "verdicts": [AlarmVerdict.STANDS, AlarmVerdict.NEW_ROLL]}
        )
    if AlarmKind(alarm) not in vote.state(now).unanswered:
        return Refusal(ALARM_NOT_OPEN, {"alarm": alarm})
    told = read_reason(reason)
    if isinstance(told, Refusal):
        return told
    payload = AlarmAnswered(AlarmKind(alarm), AlarmVerdict(verdict), told)
    event_append(subject=vote.id, actor=actor, payload=payload, now=now)
    return None


def _alarms(vote: VoteRecord, now: datetime) -> Iterator[AlarmRaised]:
    """The alarms that follow from the roll, the ballots and the procedure."""
    state, membership = vote.state(now), membership_on(now.date())
    held = held_groups(membership.groups, membership.ties)
    blocs = blocs_of(vote.roll.entries, held)
    electorate, majority = state.box.electorate, state.started.majority
    yield from alone_alarms(blocs, electorate, state.procedure, majority, state.box.ballots)
    yield from power_alarms(measure_vote(vote.roll, held, state.procedure, majority), state.procedure)
    yield from surge_alarms(blocs, vote.roll, state.procedure, state.opened.date())
    yield from roll_alarms(electorate, vote.roll, state.procedure)
