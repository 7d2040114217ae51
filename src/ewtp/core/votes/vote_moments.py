"""From when on a vote can be different although nothing was written: by the clock alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.votes.vote_clock import next_outage
from ewtp.core.votes.vote_events import HeartbeatSent
from ewtp.core.votes.vote_state import VoteStage

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.votes.vote_course import VoteCourse
    from ewtp.core.votes.vote_state import VoteFigures


def vote_moments(course: VoteCourse, figures: VoteFigures) -> list[datetime]:
    """The moments from which a vote can be different, of one course; ``course.now`` where it changes all the time.

    That is while an alarm stops the clock, and while the hub is down in hours that move the end of the vote: both move
    it by as long as they last.
    """
    if figures.stage is VoteStage.SUSPENDED:
        return [course.now]
    moments = [] if figures.until is None else [figures.until]
    if course.closing is None and course.now < course.closes:
        procedure = course.procedure
        # Outages count in the last hours before the end, which is never earlier than this.
        first_counted = course.opened + procedure.clock_vote - procedure.outage_window
        beats = (one.at for one in course.before if isinstance(one.event, HeartbeatSent))
        outage = next_outage(course.opened, beats, procedure)
        moments.append(max(outage, first_counted, course.now))
    return moments
