"""The power of every bloc in a vote, and the alarms of capture with their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.apps.proposals.reading.electorate import membership_on
from ewtp.core.votes.blocs import measure_vote
from ewtp.core.votes.ownership import held_groups
from ewtp.core.votes.vote_events import AlarmAnswered, AlarmRaised

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.apps.proposals.reading.vote_record import VoteRecord


def power_of_vote(vote: VoteRecord, now: datetime) -> dict[str, Any]:
    """The blocs with their indices of Shapley and Banzhaf, largest first, and the alarms, as JSON."""
    state = vote.state(now)
    membership = membership_on(state.opened.date())
    held = held_groups(membership.groups, membership.ties)
    measured = measure_vote(vote.roll, held, state.procedure, state.started.majority)
    return {
        "vote": vote.id,
        "blocs": [each.as_json() for each in measured],
        "alarms": [
            {
                "alarm": each.event.alarm,
                "bloc": each.event.bloc,
                "figures": dict(each.event.figures),
                "at": each.at.isoformat(),
                "stops": each.event.alarm.stops,
                "answered": each.event.alarm not in state.unanswered,
            }
            for each in vote.entries
            if isinstance(each.event, AlarmRaised)
        ],
        "answers": [
            {
                "alarm": each.event.alarm,
                "verdict": each.event.verdict,
                "reason": each.event.reason,
                "at": each.at.isoformat(),
            }
            for each in vote.entries
            if isinstance(each.event, AlarmAnswered)
        ],
    }
