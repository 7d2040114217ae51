"""What happened to a barrier, and the state after it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from ewtp.core.barriers.barrier import AnswerKind, Barrier, ClaimTally, Progress
from ewtp.core.log.event import EventKind, EventPayload
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.barriers.barrier import AuthorityAnswer, BarrierMatter, Report, RuleReported


class BarrierEventKind(EventKind):
    """What can happen to a barrier. Events that would name a reporter are not public."""

    OPENED = "barriers:barrier:opened"
    REPORTED = "barriers:report:made"
    OWNER_NAMED = "barriers:owner:named"
    ANSWERED = "barriers:answer:given"
    ESCALATED = "barriers:silence:escalated"
    CLAIMED = "barriers:claim:made"
    REPLIED = "barriers:claim:replied"
    REOPENED = "barriers:barrier:reopened"
    WITHHELD = "barriers:report:withheld"


@immutable
class BarrierOpened(EventPayload):
    """A barrier was reported that nobody had reported before."""

    kind: ClassVar = BarrierEventKind.OPENED
    public: ClassVar = True
    id: str
    matter: BarrierMatter
    rule: RuleReported
    at: datetime


@immutable
class BarrierReported(EventPayload):
    """Somebody reported it; the log keeps the words and the reporter behind a salted hash, and can forget both."""

    kind: ClassVar = BarrierEventKind.REPORTED
    report: Report


@immutable
class OwnerNamed(EventPayload):
    """Who has to answer was named."""

    kind: ClassVar = BarrierEventKind.OWNER_NAMED
    public: ClassVar = True
    owner: str


@immutable
class BarrierAnswered(EventPayload):
    """An authority answered."""

    kind: ClassVar = BarrierEventKind.ANSWERED
    answer: AuthorityAnswer


@immutable
class SilenceEscalated(EventPayload):
    """Nobody answered in time, and every government was told."""

    kind: ClassVar = BarrierEventKind.ESCALATED
    public: ClassVar = True
    at: datetime


@immutable
class ResolutionClaimed(EventPayload):
    """An authority says that the barrier is gone; the groups ``asked`` are its reporters at that moment."""

    kind: ClassVar = BarrierEventKind.CLAIMED
    reason: str
    organisation: str
    at: datetime
    asked: tuple[str, ...]


@immutable
class ClaimReplied(EventPayload):
    """A reporter says whether it is gone."""

    kind: ClassVar = BarrierEventKind.REPLIED
    group: str
    agrees: bool


@immutable
class BarrierReopened(EventPayload):
    """A reporter reopened it with new evidence, which is the report before; the clocks begin again."""

    kind: ClassVar = BarrierEventKind.REOPENED
    public: ClassVar = True
    at: datetime


@immutable
class ReportWithheld(EventPayload):
    """The operator does not show the words of a report."""

    kind: ClassVar = BarrierEventKind.WITHHELD
    id: str
    reason: str


BarrierEvent = (
    BarrierOpened
    | BarrierReported
    | OwnerNamed
    | BarrierAnswered
    | SilenceEscalated
    | ResolutionClaimed
    | ClaimReplied
    | BarrierReopened
    | ReportWithheld
)


def evolve_barrier(state: Barrier | None, event: BarrierEvent) -> Barrier:
    """The state after an event; ``state`` is None before the first, which is ``BarrierOpened``."""
    if isinstance(event, BarrierOpened):
        return Barrier(event.id, event.matter, event.rule, Progress(event.at, event.at, event.at))
    if state is None:
        msg = f"nothing was reported before {event}"
        raise ValueError(msg)
    match event:
        case BarrierReported(report):
            return replace(state, reports=(*state.reports, report))
        case ReportWithheld(identity, reason):
            reports = (
                replace(each, text="", withheld=reason) if each.id == identity else each for each in state.reports
            )
            return replace(state, reports=tuple(reports))
        case ResolutionClaimed(_, _, at, asked):
            claimed = replace(state.progress, claim=ClaimTally(at, len(asked)))
            return replace(state, progress=claimed, asked=frozenset(asked), replies={})
        case ClaimReplied(group, agrees):
            return _add_reply(state, group, agrees=agrees)
        case _:
            after = replace(state, progress=_apply_progress(state.progress, event))
            # Where nothing is claimed any more, nobody is asked.
            return after if after.progress.claim else replace(after, asked=frozenset(), replies={})


def _apply_progress(progress: Progress, event: BarrierEvent) -> Progress:
    match event:
        case OwnerNamed(owner):
            return replace(progress, owner=owner)
        case BarrierAnswered(answer):
            if answer.kind is AnswerKind.NOT_OURS:
                return replace(progress, owner="", unowned=answer.at)
            return replace(progress, answer=answer, claim=None)
        case SilenceEscalated(at):
            return replace(progress, escalated=at)
        case BarrierReopened(at):
            return Progress(progress.reported, at, at, owner=progress.owner)
        case _:
            raise TypeError(event)


def _add_reply(state: Barrier, group: str, *, agrees: bool) -> Barrier:
    replies = {**state.replies, group: agrees}
    yes = sum(replies.values())
    claim = state.progress.claim
    if claim is None:
        msg = "nobody replies where nothing is claimed"
        raise ValueError(msg)
    tally = ClaimTally(claim.at, claim.asked, yes, len(replies) - yes)
    return replace(state, replies=replies, progress=replace(state.progress, claim=tally))
