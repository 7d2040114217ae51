"""What happened to a proposal, and the state after it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from ewtp.core.proposals.adoption_events import AdoptionEvent, evolve_adoption
from ewtp.core.proposals.event_kinds import ProposalEvent, PublicEvent
from ewtp.core.proposals.proposal import (
    Amendment,
    AmendmentState,
    Outcome,
    Proposal,
    ReplayMade,
    Sponsorship,
    TextVersion,
)
from ewtp.core.proposals.sponsors import count_backing
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.procedure import VoteProcedure, procedure_from_texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ewtp.core.proposals.proposal import Content, Participant
    from ewtp.core.replay.recomputation import RepeatableReplay


@immutable
class Drafted(PublicEvent):
    """A proposal was begun."""

    kind: ClassVar = ProposalEvent.DRAFTED
    id: str
    title: str
    author: Participant
    content: Content
    at: datetime
    barrier: str
    rival_of: str


@immutable
class Revised(PublicEvent):
    """The text of the draft is another one."""

    kind: ClassVar = ProposalEvent.REVISED
    title: str
    content: Content
    at: datetime


@immutable
class Submitted(PublicEvent):
    """It seeks sponsors; ``procedure`` has every figure that holds for it."""

    kind: ClassVar = ProposalEvent.SUBMITTED
    procedure: Mapping[str, str]
    at: datetime


@immutable
class Sponsored(PublicEvent):
    """An organisation stands behind it."""

    kind: ClassVar = ProposalEvent.SPONSORED
    participant: Participant
    at: datetime


@immutable
class SponsorshipEnded(PublicEvent):
    """An organisation stands behind it no longer."""

    kind: ClassVar = ProposalEvent.SPONSORSHIP_ENDED
    organisation: str
    at: datetime


@immutable
class AmendmentSuggested(PublicEvent):
    """Somebody suggests another text."""

    kind: ClassVar = ProposalEvent.AMENDMENT_SUGGESTED
    id: str
    by: str
    base: str
    content: Content
    at: datetime


@immutable
class AmendmentSupported(PublicEvent):
    """A sponsor accepts an amendment, which needs more of them."""

    kind: ClassVar = ProposalEvent.AMENDMENT_SUPPORTED
    id: str
    by: str


@immutable
class AmendmentMerged(PublicEvent):
    """The text is the one with the amendment."""

    kind: ClassVar = ProposalEvent.AMENDMENT_MERGED
    id: str
    by: str
    content: Content
    at: datetime


@immutable
class AmendmentClosed(PublicEvent):
    """An amendment was rejected by the author, or taken back."""

    kind: ClassVar = ProposalEvent.AMENDMENT_CLOSED
    id: str
    state: AmendmentState
    at: datetime


@immutable
class Replayed(PublicEvent):
    """Somebody replayed the latest version."""

    kind: ClassVar = ProposalEvent.REPLAYED
    by: str
    record: RepeatableReplay
    at: datetime


@immutable
class VoteOpened(PublicEvent):
    """The houses vote on the latest version."""

    kind: ClassVar = ProposalEvent.VOTE_OPENED
    changeset: str
    at: datetime


@immutable
class Decided(PublicEvent):
    """The vote had this outcome."""

    kind: ClassVar = ProposalEvent.DECIDED
    outcome: Outcome
    at: datetime


@immutable
class Withdrawn(PublicEvent):
    """The author withdrew it, or more than half of its sponsors did."""

    kind: ClassVar = ProposalEvent.WITHDRAWN
    reason: str
    at: datetime


@immutable
class WithdrawalSupported(PublicEvent):
    """A sponsor asks for a reason that it be withdrawn, which needs more of them."""

    kind: ClassVar = ProposalEvent.WITHDRAWAL_SUPPORTED
    organisation: str
    reason: str
    at: datetime


@immutable
class Superseded(PublicEvent):
    """It gave way to another proposal."""

    kind: ClassVar = ProposalEvent.SUPERSEDED
    by: str
    at: datetime


AnyProposalEvent = (
    Drafted
    | Revised
    | Submitted
    | Sponsored
    | SponsorshipEnded
    | AmendmentSuggested
    | AmendmentSupported
    | AmendmentMerged
    | AmendmentClosed
    | Replayed
    | VoteOpened
    | Decided
    | Withdrawn
    | WithdrawalSupported
    | Superseded
    | AdoptionEvent
)


def read_stated_procedure(texts: Mapping[str, str]) -> VoteProcedure:
    """The procedure that an event states; ValueError where it cannot be read."""
    procedure = procedure_from_texts(texts)
    if isinstance(procedure, Refusal):
        raise ValueError(procedure.message)  # noqa: TRY004 - it is of the wrong content, not of the wrong type
    return procedure


def evolve_proposal(state: Proposal | None, event: AnyProposalEvent) -> Proposal:  # noqa: C901 - one case an event
    """The state after an event; ``state`` is None before the first, which is ``Drafted``."""
    if isinstance(event, Drafted):
        return Proposal(
            event.id,
            event.title,
            event.author,
            (TextVersion(1, event.content, event.at),),
            event.at,
            event.barrier,
            event.rival_of,
        )
    if state is None:
        msg = f"nothing was drafted before {event}"
        raise ValueError(msg)
    if isinstance(event, AdoptionEvent):
        return evolve_adoption(state, event)
    match event:
        case Revised(title, content, at):
            return replace(state, title=title, versions=(*state.versions, _version(state, content, at)))
        case Submitted(texts, at):
            return replace(state, procedure=read_stated_procedure(texts), submitted=at)
        case Sponsored(participant, at):
            return _apply_backing(replace(state, sponsors=(*state.sponsors, Sponsorship(participant, at))), at)
        case SponsorshipEnded(organisation):
            left = tuple(each for each in state.sponsors if each.participant.organisation != organisation)
            return replace(state, sponsors=left)
        case Replayed(by, record, at):
            return replace(state, replays=(*state.replays, ReplayMade(by, record, at)))
        case VoteOpened(_, at):
            return replace(state, opened=at)
        case Decided(outcome, at):
            return _apply_outcome(state, outcome, at)
        case Withdrawn(reason, at):
            return replace(state, withdrawn=at, reason=reason)
        case WithdrawalSupported(organisation, reason):
            return replace(state, withdrawal_asked=(*state.withdrawal_asked, (organisation, reason)))
        case Superseded(by):
            return replace(state, superseded_by=by)
        case _:
            return _apply_amendment(state, event)


def _apply_outcome(state: Proposal, outcome: Outcome, at: datetime) -> Proposal:
    """The proposal after its vote; one that has to be voted on once more has no outcome."""
    if outcome is Outcome.SENT_BACK:
        return replace(state, opened=None, discussed=at, sent_back=at)
    if outcome is Outcome.NEW_ROLL:
        # Where an appeal was upheld there was a result before.
        return replace(state, opened=None, outcome=None, decided=None)
    return replace(state, outcome=outcome, decided=at)


def _apply_amendment(
    state: Proposal, event: AmendmentSuggested | AmendmentSupported | AmendmentMerged | AmendmentClosed
) -> Proposal:
    match event:
        case AmendmentSuggested(identity, by, base, content, at):
            return replace(state, amendments=(*state.amendments, Amendment(identity, by, base, content, at)))
        case AmendmentSupported(identity, by):
            return _with_amendment(state, identity, accepted=by)
        case AmendmentClosed(identity, closed):
            return _with_amendment(state, identity, closed)
        case AmendmentMerged(identity, by, content, at):
            merged = _with_amendment(state, identity, AmendmentState.MERGED, by)
            return replace(merged, versions=(*state.versions, _version(state, content, at, identity)))


def _with_amendment(
    state: Proposal, identity: str, became: AmendmentState | None = None, accepted: str = ""
) -> Proposal:
    """The proposal with an amendment that has another state, or one more organisation that accepts it."""

    def change_amendment(each: Amendment) -> Amendment:
        if each.id != identity:
            return each
        support = (*each.accepted_by, accepted) if accepted else each.accepted_by
        return replace(each, state=became or each.state, accepted_by=support)

    return replace(state, amendments=tuple(map(change_amendment, state.amendments)))


def _version(state: Proposal, content: Content, at: datetime, amendment: str = "") -> TextVersion:
    return TextVersion(state.version.number + 1, content, at, amendment)


def _apply_backing(state: Proposal, at: datetime) -> Proposal:
    """The proposal, discussed from this moment on where this sponsor was the last that it needed."""
    if state.qualified is not None or state.procedure is None:
        return state
    return (
        replace(state, qualified=at, discussed=at) if count_backing(state.sponsors).suffices(state.procedure) else state
    )
