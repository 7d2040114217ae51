"""Alarms of capture in a vote: raised when it is opened and while it runs, and told once it is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from ewtp.apps.log.actions.events import event_append
from ewtp.apps.proposals.reading.electorate import membership_on
from ewtp.apps.proposals.reading.vote_record import list_ended_votes, open_votes, vote_of
from ewtp.core.values.actor import system_actor
from ewtp.core.votes.alarms import (
    alone_alarms,
    hinge_alarms,
    lockstep_alarms,
    past_vote,
    power_alarms,
    roll_alarms,
    surge_alarms,
)
from ewtp.core.votes.blocs import blocs_of, measure_vote
from ewtp.core.votes.ownership import find_held_groups
from ewtp.core.votes.roll_changes import roll_changes
from ewtp.core.votes.vote_events import AlarmRaised, PowerMeasured
from ewtp.core.votes.vote_state import takes_ballots

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ewtp.apps.proposals.reading.vote_record import VoteRecord
    from ewtp.core.votes.membership import HouseMembership

_WATCH = system_actor("alarms")
# This many blocs fit into an entry of the log.
_BLOCS_AT_ONCE = 100


@transaction.atomic
def alarms_raise_at_opening(*, proposal: str, now: datetime) -> int:
    """Write the power of every bloc of the roll on which a vote was opened, and raise the alarms that follow from it.

    Returns the number of alarms.
    """
    vote = vote_of(proposal)
    if vote is None:
        return 0
    course, membership = vote.course(now), membership_on(now.date())
    held = find_held_groups(membership.groups, membership.ties)
    blocs, procedure, majority = blocs_of(vote.roll.entries, held), course.procedure, course.started.majority
    measured = measure_vote(vote.roll, held, procedure, majority)
    for start in range(0, len(measured), _BLOCS_AT_ONCE):
        some = PowerMeasured(tuple(each.as_json() for each in measured[start : start + _BLOCS_AT_ONCE]))
        event_append(subject=vote.id, actor=_WATCH, payload=some, now=now)
    found = [
        *alone_alarms(blocs, vote.electorate(now), procedure, majority),
        *power_alarms(measured, procedure),
        *surge_alarms(blocs, vote.roll, procedure, course.opened.date()),
    ]
    return _raise(vote, found, now)


@transaction.atomic
def alarms_raise(*, proposal: str, now: datetime) -> int:
    """Bring the roll of a running vote up to date, and raise what follows from it and from the ballots cast.

    Members without a verified seat are struck, and groups that turn out to have one owner are joined. Returns the
    number of alarms.
    """
    vote, membership = vote_of(proposal), membership_on(now.date())
    if vote is None or not takes_ballots(vote.course(now)):
        return 0
    changes = roll_changes(vote.electorate(now), {each.id for each in membership.members}, membership.groups)
    for each in changes:
        event_append(subject=vote.id, actor=_WATCH, payload=each, now=now)
    vote = vote_of(proposal) if changes else vote
    return 0 if vote is None else _raise(vote, _find_ballot_alarms(vote, membership, now), now)


def alarms_watch(*, now: datetime) -> int:
    """Raise the alarms of every open vote; returns how many there were."""
    return sum(alarms_raise(proposal=each.proposal, now=now) for each in open_votes())


@transaction.atomic
def alarms_tell(*, proposal: str, now: datetime) -> int:
    """Tell, once a vote is counted, which blocs were its hinge and which vote alike; returns how many there are."""
    vote = vote_of(proposal)
    state = None if vote is None else vote.state(now)
    if vote is None or state is None or state.tally is None:
        return 0
    membership = membership_on(state.opened.date())
    blocs = blocs_of(vote.roll.entries, find_held_groups(membership.groups, membership.ties))
    procedure = state.procedure
    earlier = list_ended_votes(before=state.opened, most=procedure.alarm_lockstep_votes - 1)
    votes = [*(past_vote(each.state(now).box) for each in earlier), past_vote(state.box)]
    found = [
        *hinge_alarms(blocs, state.box, procedure, state.started.majority),
        *lockstep_alarms(blocs, votes, procedure),
    ]
    return _raise(vote, found, now)


def _find_ballot_alarms(vote: VoteRecord, membership: HouseMembership, now: datetime) -> Iterator[AlarmRaised]:
    """The alarms that follow from ballots and from strikes while a vote is open."""
    state = vote.state(now)
    blocs = blocs_of(vote.roll.entries, find_held_groups(membership.groups, membership.ties))
    electorate, majority = state.box.electorate, state.started.majority
    yield from alone_alarms(blocs, electorate, state.procedure, majority, state.box.ballots)
    yield from roll_alarms(electorate, vote.roll, state.procedure)


def _raise(vote: VoteRecord, alarms: Iterable[AlarmRaised], now: datetime) -> int:
    """Write the alarms that are not in the log yet, one for each kind and bloc."""
    known = {(each.event.alarm, each.event.bloc) for each in vote.entries if isinstance(each.event, AlarmRaised)}
    count = 0
    for each in alarms:
        if (each.alarm, each.bloc) not in known:
            known.add((each.alarm, each.bloc))
            event_append(subject=vote.id, actor=_WATCH, payload=each, now=now)
            count += 1
    return count
