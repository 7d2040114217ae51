"""What a command does to a proposal: events, or the reason why nothing happens."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, Any

from ewtp.core.proposals import amendments
from ewtp.core.proposals import proposal_events as happened
from ewtp.core.proposals.adoptions import adopt_proposal, decline_proposal, end_adoption
from ewtp.core.proposals.proposal import Outcome, Proposal, ProposalStage, proposal_stage_of, recount_end
from ewtp.core.proposals.proposal_commands import (
    AcceptAmendment,
    AdoptProposal,
    DeclineProposal,
    DraftProposal,
    EndAdoption,
    EndSponsorship,
    OpenVote,
    ProposalEnvelope,
    RecordOutcome,
    RecordReplay,
    RejectAmendment,
    RenewAdoption,
    ReviseDraft,
    SponsorProposal,
    SubmitProposal,
    SuggestAmendment,
    SupersedeProposal,
    SupportWithdrawal,
    WithdrawAmendment,
    WithdrawProposal,
)
from ewtp.core.proposals.proposal_events import AnyProposalEvent, evolve_proposal
from ewtp.core.proposals.renewals import renew_adoption
from ewtp.core.proposals.sentences import (
    AUTHOR_NEEDED,
    PROPOSAL_PARTICIPANT_NEEDED,
    PROPOSAL_REASON_MISSING,
    PROPOSAL_STAGE,
    PROPOSAL_TITLE_INVALID,
    PROPOSAL_UNKNOWN,
    PROPOSAL_UNSOUND,
    REPLAY_MISSING,
    REPLAY_OF_ANOTHER_CHANGE,
    REPLAY_OF_OWN_GROUP,
    REPLAY_UNCONFIRMED,
    SPONSOR_NEEDED,
    SUPERSEDED_BY_ITSELF,
)
from ewtp.core.proposals.sponsors import withdraws
from ewtp.core.values.aggregate import Aggregate
from ewtp.core.values.ids import is_id
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_TITLE = 200
LONGEST_REASON = 500
PREFIX = "prp"
# Who made a replay that no organisation made.
HUB = "hub"
_LONGEST_ID = 40
ProposalDecision = tuple[AnyProposalEvent, ...] | Refusal

_OPEN = (ProposalStage.DRAFT, ProposalStage.SUBMITTED, ProposalStage.DISCUSSED, ProposalStage.FROZEN)
# In which stages a command is possible; adoptions are possible once it has passed.
_STAGES: dict[type, tuple[ProposalStage, ...]] = {
    ReviseDraft: (ProposalStage.DRAFT,),
    SubmitProposal: (ProposalStage.DRAFT,),
    SponsorProposal: (ProposalStage.SUBMITTED, ProposalStage.DISCUSSED),
    EndSponsorship: (ProposalStage.SUBMITTED, ProposalStage.DISCUSSED),
    SuggestAmendment: (ProposalStage.SUBMITTED, ProposalStage.DISCUSSED),
    AcceptAmendment: (ProposalStage.SUBMITTED, ProposalStage.DISCUSSED),
    RejectAmendment: (ProposalStage.SUBMITTED, ProposalStage.DISCUSSED),
    WithdrawAmendment: (ProposalStage.SUBMITTED, ProposalStage.DISCUSSED),
    RecordReplay: (ProposalStage.SUBMITTED, ProposalStage.DISCUSSED, ProposalStage.FROZEN),
    OpenVote: (ProposalStage.FROZEN,),
    # A result that is there is undone by an appeal alone, which has the vote held again.
    RecordOutcome: (ProposalStage.VOTING, ProposalStage.PASSED, ProposalStage.FAILED),
    WithdrawProposal: _OPEN,
    SupportWithdrawal: _OPEN[1:],
    SupersedeProposal: _OPEN,
    AdoptProposal: (ProposalStage.PASSED,),
    DeclineProposal: (ProposalStage.PASSED,),
    EndAdoption: (ProposalStage.PASSED,),
    RenewAdoption: (ProposalStage.PASSED,),
}
_AUTHORS = (ReviseDraft, SubmitProposal, RejectAmendment, WithdrawProposal, SupersedeProposal)


def decide_proposal(state: Proposal | None, envelope: ProposalEnvelope, now: datetime) -> ProposalDecision:
    """The events that a command causes at ``now``, or a refusal; ``state`` is None while nothing was drafted.

    Nothing happens where there is no such proposal (``proposal_unknown``), where its stage does not allow it
    (``proposal_stage``), or where somebody else is asked for (``proposal_participant_needed``, ``author_needed``).
    """
    command = envelope.command
    if isinstance(command, DraftProposal):
        return _draft(command, envelope, now) if state is None else ()
    if state is None:
        return Refusal(PROPOSAL_UNKNOWN, {"id": envelope.proposal[:_LONGEST_ID]})
    refusal = _entitlement_refusal(state, envelope)
    if refusal is not None:
        return refusal
    refusal = stage_refusal(state, type(command), now)
    return _answer(command, state, envelope, now) if refusal is None else refusal


def stage_refusal(state: Proposal, command: type, now: datetime) -> Refusal | None:
    """Whether a kind of command is refused at this stage (``proposal_stage``), whoever gives it."""
    stage, needed = proposal_stage_of(state, now), _STAGES[command]
    if stage in needed:
        return None
    return Refusal(PROPOSAL_STAGE, {"stage": f"stage:{stage}", "needed": [f"stage:{each}" for each in needed]})


def _entitlement_refusal(state: Proposal, envelope: ProposalEnvelope) -> Refusal | None:
    """The refusal for whoever may not give this command; the clock alone records the outcome of a vote."""
    command = envelope.command
    if isinstance(command, AdoptProposal | DeclineProposal | EndAdoption | RenewAdoption):
        return None
    if isinstance(command, RecordOutcome) or (isinstance(command, RecordReplay) and envelope.actor.is_operator):
        return None if envelope.actor.is_operator else Refusal(PROPOSAL_PARTICIPANT_NEEDED)
    if envelope.participant is None or not envelope.may_take_part:
        return Refusal(PROPOSAL_PARTICIPANT_NEEDED)
    if isinstance(command, _AUTHORS) and envelope.participant.organisation != state.author.organisation:
        return Refusal(AUTHOR_NEEDED)
    return None


def read_title(text: object) -> str | Refusal:
    """A title on one line; refuses with ``proposal_title_invalid``."""
    title = " ".join(text.split()) if isinstance(text, str) else ""
    if not 0 < len(title) <= LONGEST_TITLE or not title.isprintable():
        return Refusal(PROPOSAL_TITLE_INVALID, {"most": LONGEST_TITLE}, where="title")
    return title


def read_reason(text: str) -> str | Refusal:
    """A reason to publish; refuses with ``proposal_reason_missing``."""
    reason = " ".join(text.split())
    if not 0 < len(reason) <= LONGEST_REASON or not reason.isprintable():
        return Refusal(PROPOSAL_REASON_MISSING, {"most": LONGEST_REASON}, where="reason")
    return reason


def _draft(command: DraftProposal, envelope: ProposalEnvelope, now: datetime) -> ProposalDecision:
    if envelope.participant is None or not envelope.may_take_part:
        return Refusal(PROPOSAL_PARTICIPANT_NEEDED)
    title = read_title(command.title)
    if isinstance(title, Refusal):
        return title
    drafted = happened.Drafted(
        envelope.proposal, title, envelope.participant, command.content, now, command.barrier, command.rival_of
    )
    return (drafted,)


@singledispatch
def _answer(command: Any, state: Proposal, envelope: ProposalEnvelope, now: datetime) -> ProposalDecision:
    raise TypeError(command, state, envelope, now)


@_answer.register(ReviseDraft)
def _revise(command: ReviseDraft, state: Proposal, _envelope: ProposalEnvelope, now: datetime) -> ProposalDecision:
    title = read_title(command.title)
    if isinstance(title, Refusal):
        return title
    same = title == state.title and command.content == state.version.content
    return () if same else (happened.Revised(title, command.content, now),)


@_answer.register(SubmitProposal)
def _submit(command: SubmitProposal, _state: Proposal, _envelope: ProposalEnvelope, now: datetime) -> ProposalDecision:
    if command.faults:
        return Refusal(PROPOSAL_UNSOUND, {"count": command.faults})
    return (happened.Submitted(command.procedure.as_texts(), now),)


@_answer.register(SponsorProposal)
def _sponsor(_command: SponsorProposal, state: Proposal, envelope: ProposalEnvelope, now: datetime) -> ProposalDecision:
    participant = envelope.participant
    known = {each.participant.organisation for each in state.sponsors}
    if participant is None or participant.organisation in known:
        return ()
    return (happened.Sponsored(participant, now),)


@_answer.register(EndSponsorship)
def _end_sponsorship(
    _command: EndSponsorship, state: Proposal, envelope: ProposalEnvelope, now: datetime
) -> ProposalDecision:
    participant = envelope.participant
    known = {each.participant.organisation for each in state.sponsors}
    if participant is None or participant.organisation not in known:
        return ()
    return (happened.SponsorshipEnded(participant.organisation, now),)


@_answer.register(SuggestAmendment)
@_answer.register(AcceptAmendment)
@_answer.register(RejectAmendment)
@_answer.register(WithdrawAmendment)
def _amend(command: Any, state: Proposal, envelope: ProposalEnvelope, now: datetime) -> ProposalDecision:
    organisation = "" if envelope.participant is None else envelope.participant.organisation
    return amendments.decide_amendment(command, state, organisation, now)


@_answer.register(RecordReplay)
def _record_replay(
    command: RecordReplay, state: Proposal, envelope: ProposalEnvelope, now: datetime
) -> ProposalDecision:
    record = command.record
    if record.change != state.version.content.changeset:
        digest = state.version.content.changeset
        return Refusal(REPLAY_OF_ANOTHER_CHANGE, {"digest": digest}, where="change")
    by = HUB if envelope.participant is None else envelope.participant.organisation
    if any(each.by == by and each.record == record for each in state.replays_of_version()):
        return ()
    if any(each.by in command.kin and each.record.confirms(record) for each in state.replays_of_version()):
        # Else whoever has two firms would confirm itself, and nobody else would have looked.
        return Refusal(REPLAY_OF_OWN_GROUP)
    return (happened.Replayed(by, record, now),)


@_answer.register(OpenVote)
def _open_vote(command: OpenVote, state: Proposal, _envelope: ProposalEnvelope, now: datetime) -> ProposalDecision:
    if command.faults:
        return Refusal(PROPOSAL_UNSOUND, {"count": command.faults})
    if not state.replays_of_version():
        return Refusal(REPLAY_MISSING)
    if not state.recomputed and now < recount_end(state):
        return Refusal(REPLAY_UNCONFIRMED, {"moment": f"{recount_end(state):%Y-%m-%d %H:%M} UTC"})
    return (happened.VoteOpened(state.version.content.changeset, now),)


@_answer.register(RecordOutcome)
def _record_outcome(
    command: RecordOutcome, state: Proposal, _envelope: ProposalEnvelope, now: datetime
) -> ProposalDecision:
    if state.outcome is not None and command.outcome is not Outcome.NEW_ROLL:
        stage, needed = proposal_stage_of(state, now), [f"stage:{ProposalStage.VOTING}"]
        return Refusal(PROPOSAL_STAGE, {"stage": f"stage:{stage}", "needed": needed})
    return (happened.Decided(command.outcome, now),)


@_answer.register(WithdrawProposal)
def _withdraw(
    command: WithdrawProposal, _state: Proposal, _envelope: ProposalEnvelope, now: datetime
) -> ProposalDecision:
    reason = read_reason(command.reason)
    return reason if isinstance(reason, Refusal) else (happened.Withdrawn(reason, now),)


@_answer.register(SupportWithdrawal)
def _support_withdrawal(
    command: SupportWithdrawal, state: Proposal, envelope: ProposalEnvelope, now: datetime
) -> ProposalDecision:
    organisation = "" if envelope.participant is None else envelope.participant.organisation
    if organisation not in {each.participant.organisation for each in state.sponsors}:
        return Refusal(SPONSOR_NEEDED)
    reason = read_reason(command.reason)
    if isinstance(reason, Refusal):
        return reason
    asking = {each for each, _ in state.withdrawal_asked}
    supported = () if organisation in asking else (happened.WithdrawalSupported(organisation, reason, now),)
    enough = withdraws(state.sponsors, {*asking, organisation})
    return (*supported, happened.Withdrawn(reason, now)) if enough else supported


@_answer.register(SupersedeProposal)
def _supersede(
    command: SupersedeProposal, state: Proposal, _envelope: ProposalEnvelope, now: datetime
) -> ProposalDecision:
    if command.by == state.id or not is_id(command.by, PREFIX):
        return Refusal(SUPERSEDED_BY_ITSELF, where="by")
    return (happened.Superseded(command.by, now),)


@_answer.register(AdoptProposal)
def _adopt(command: AdoptProposal, state: Proposal, envelope: ProposalEnvelope, now: datetime) -> ProposalDecision:
    return adopt_proposal(command, state, envelope, now)


@_answer.register(DeclineProposal)
def _decline(command: DeclineProposal, state: Proposal, envelope: ProposalEnvelope, now: datetime) -> ProposalDecision:
    return decline_proposal(command, state, envelope, read_reason(command.reason), now)


@_answer.register(EndAdoption)
def _end_adoption(command: EndAdoption, state: Proposal, envelope: ProposalEnvelope, now: datetime) -> ProposalDecision:
    return end_adoption(command, state, envelope, read_reason(command.reason), now)


@_answer.register(RenewAdoption)
def _renew_adoption(
    command: RenewAdoption, state: Proposal, envelope: ProposalEnvelope, now: datetime
) -> ProposalDecision:
    return renew_adoption(command, state, envelope, now)


PROPOSAL: Aggregate[Proposal | None, ProposalEnvelope, AnyProposalEvent] = Aggregate(
    None, decide_proposal, evolve_proposal
)
