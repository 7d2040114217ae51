"""The power of every bloc in a vote, and the alarms of capture with their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.apps.proposals.reading.electorate import membership_on
from ewtp.core.votes.blocs import measure_vote
from ewtp.core.votes.ownership import find_held_groups
from ewtp.core.votes.vote_events import AlarmAnswered, AlarmRaised, GroupsJoined, MembersStruck, PowerMeasured

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ewtp.apps.proposals.reading.vote_record import VoteRecord


def list_blocs(vote: VoteRecord, now: datetime) -> list[Mapping[str, Any]]:
    """The blocs of a vote with their power, largest first, from the log; measured again where it has none."""
    told = [bloc for each in vote.entries if isinstance(each.event, PowerMeasured) for bloc in each.event.blocs]
    if told:
        return told
    course = vote.course(now)
    membership = membership_on(course.opened.date())
    held = find_held_groups(membership.groups, membership.ties)
    return [each.as_json() for each in measure_vote(vote.roll, held, course.procedure, course.started.majority)]


def power_of_vote(vote: VoteRecord, now: datetime) -> dict[str, Any]:
    """The blocs with their indices of Shapley and Banzhaf, largest first, and the alarms, as JSON."""
    unanswered = vote.find_figures(now).unanswered
    return {
        "vote": vote.id,
        "blocs": list_blocs(vote, now),
        "alarms": [
            {
                "alarm": each.event.alarm,
                "bloc": each.event.bloc,
                "figures": dict(each.event.figures),
                "at": each.at.isoformat(),
                "stops": each.event.alarm.stops,
                "answered": each.event.alarm not in unanswered,
            }
            for each in vote.entries
            if isinstance(each.event, AlarmRaised)
        ],
        "answers": [
            {
                "alarm": each.event.alarm,
                "verdict": each.event.verdict,
                "reason": each.event.reason,
                "struck": list(each.event.struck),
                "at": each.at.isoformat(),
            }
            for each in vote.entries
            if isinstance(each.event, AlarmAnswered)
        ],
        "bodies": [
            {
                "alarm": kind,
                "groups": list(hearing.body or ()),
                "opinions": [
                    {
                        "member": one.member,
                        "verdict": one.verdict,
                        "reason": one.reason,
                        "struck": list(one.struck),
                    }
                    for _, one in hearing.opinions
                ],
            }
            for kind, hearing in vote.hearings(now).items()
        ],
        "changes": [
            {**each.event.as_json(), "at": each.at.isoformat()}
            for each in vote.entries
            if isinstance(each.event, MembersStruck | GroupsJoined)
        ],
    }
