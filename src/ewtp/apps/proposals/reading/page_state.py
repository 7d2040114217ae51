"""What the page of a proposal follows from: what was written, and the moments from which the clock changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.log.reading.log_place import LogPlace, log_place
from ewtp.apps.proposals.reading.replay_reports import replay_waiting
from ewtp.core.proposals.proposal import stage_limit
from ewtp.core.values.immutable import immutable
from ewtp.core.values.moment import next_midnight
from ewtp.core.votes.appeal import AppealStage
from ewtp.core.votes.vote_moments import vote_moments

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ewtp.apps.jobs.reading.worker_wait import WaitingMessage
    from ewtp.apps.proposals.reading.vote_record import VoteRecord
    from ewtp.core.proposals.proposal import Proposal
    from ewtp.core.votes.appeal import Appeal
    from ewtp.core.votes.vote_state import VoteFigures


@immutable
class ProposalPageState:
    """The place of the log, and the message that has a worker replay the proposal, which is tried again without event.

    All else on the page was written with an event: the proposal, its vote and appeals, comments, names, other
    proposals' adoptions, and what other hubs showed.
    """

    log: LogPlace
    waiting: WaitingMessage | None


def proposal_page_state(proposal: str) -> ProposalPageState:
    """The state now."""
    return ProposalPageState(log_place(), replay_waiting(proposal))


def find_end_of_state(
    proposal: Proposal,
    vote: tuple[VoteRecord, VoteFigures] | None,
    appeals: Iterable[Appeal],
    appeals_until: datetime | None,
    now: datetime,
) -> datetime:
    """Until when the page stays as it is at ``now`` unless something is written; ``now`` where it changes all the time.

    Days change at midnight UTC. An event that is stamped later than now has not happened yet.
    """
    limit = stage_limit(proposal, now)
    moments: list[datetime] = [next_midnight(now), *([limit] if limit else ())]
    if vote is not None:
        record, figures = vote
        moments += vote_moments(record.course(now), figures)
        moments += (each.at for each in record.entries if each.at > now)
    moments += (each.until for each in appeals if each.stage(now) is AppealStage.OPEN)
    moments += [appeals_until] if appeals_until else ()
    # A limit that is over changes nothing any more.
    return max(now, min(each for each in moments if each >= now))
