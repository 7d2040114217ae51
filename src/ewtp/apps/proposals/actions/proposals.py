"""Change proposals: each action gives one command, which is decided and stored in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from ewtp.apps.decisions.actions.decision import decision_make
from ewtp.apps.proposals.actions.proposal_rows import ProposalRows
from ewtp.apps.proposals.reading.participation import participation_of
from ewtp.apps.proposals.reading.procedure import procedure_in_force
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.reading.proposal_text import merge_texts, recompile_text, text_store, text_stored
from ewtp.core.proposals.proposal_commands import (
    AcceptAmendment,
    DraftProposal,
    ProposalEnvelope,
    ReviseDraft,
    SubmitProposal,
    SuggestAmendment,
    SupportWithdrawal,
    WithdrawProposal,
)
from ewtp.core.proposals.proposal_decisions import PREFIX, PROPOSAL
from ewtp.core.proposals.sentences import PROPOSAL_UNKNOWN
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.fresh_ids import fresh_id

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.apps.proposals.reading.proposal_text import ProposalText
    from ewtp.core.proposals.proposal import Proposal
    from ewtp.core.proposals.proposal_commands import ProposalCommand
    from ewtp.core.values.actor import Actor

AMENDMENT_PREFIX = "amd"
_LONGEST_ID = 40


@transaction.atomic
def proposal_change(*, proposal: str, command: ProposalCommand, actor: Actor, now: datetime) -> Proposal | Refusal:
    """The proposal after a command, as ``decide_proposal`` decides it."""
    envelope = _envelope(proposal, command, actor, now)
    outcome = decision_make(aggregate=PROPOSAL, rows=ProposalRows(actor), key=proposal, command=envelope, now=now)
    if isinstance(outcome, Refusal):
        return outcome
    if outcome.state is None:
        msg = f"{command} left no proposal"
        raise ValueError(msg)
    return outcome.state


def proposal_refusal(found: Proposal, command: ProposalCommand, actor: Actor, now: datetime) -> Refusal | None:
    """Why a command would be refused, before anything else is changed by it."""
    outcome = PROPOSAL.answer(found, _envelope(found.id, command, actor, now), now)
    return outcome if isinstance(outcome, Refusal) else None


def _envelope(proposal: str, command: ProposalCommand, actor: Actor, now: datetime) -> ProposalEnvelope:
    """The command with what the actor may do here."""
    taking_part = participation_of(actor, now.date())
    may, authority = taking_part.may_take_part, taking_part.adopts_for
    return ProposalEnvelope(proposal, command, actor, taking_part.participant, may, authority)


@transaction.atomic
def proposal_draft(
    *, text: ProposalText, actor: Actor, now: datetime, barrier: str = "", rival_of: str = ""
) -> Proposal | Refusal:
    """Begin a proposal with a text; ``barrier`` is what it was drafted from, ``rival_of`` the proposal that it answers.

    Refuses with ``proposal_unknown`` for the rival, ``proposal_title_invalid`` or ``proposal_participant_needed``.
    """
    if rival_of and proposal_read(rival_of) is None:
        return _unknown(rival_of, where="rival_of")
    text_store(text)
    command = DraftProposal(text.title, text.content, barrier, rival_of)
    return proposal_change(proposal=fresh_id(PREFIX, now), command=command, actor=actor, now=now)


@transaction.atomic
def draft_revise(*, proposal: str, text: ProposalText, actor: Actor, now: datetime) -> Proposal | Refusal:
    """Replace the text of a draft; refuses as ``decide_proposal`` does."""
    text_store(text)
    return proposal_change(proposal=proposal, command=ReviseDraft(text.title, text.content), actor=actor, now=now)


@transaction.atomic
def proposal_submit(*, proposal: str, actor: Actor, now: datetime) -> Proposal | Refusal:
    """Have a draft seek sponsors; its change is checked on today's law first.

    Refuses with ``proposal_unsound`` where the checks find anything, and as ``decide_proposal`` does.
    """
    faults = faults_today(proposal, actor)
    if isinstance(faults, Refusal):
        return faults
    return proposal_change(
        proposal=proposal, command=SubmitProposal(procedure_in_force(now.date()), faults), actor=actor, now=now
    )


@transaction.atomic
def proposal_withdraw(*, proposal: str, reason: str, actor: Actor, now: datetime) -> Proposal | Refusal:
    """Withdraw a proposal as its author, or ask for that as a sponsor; refuses as ``decide_proposal`` does."""
    found = proposal_read(proposal, actor.on_behalf_of)
    own = found is not None and found.author.organisation == actor.on_behalf_of
    command = WithdrawProposal(reason) if own else SupportWithdrawal(reason)
    return proposal_change(proposal=proposal, command=command, actor=actor, now=now)


@transaction.atomic
def amendment_suggest(
    *, proposal: str, text: ProposalText, base: str, actor: Actor, now: datetime
) -> Proposal | Refusal:
    """Suggest another text, written on the version whose changeset has the digest ``base``; empty means the latest.

    Refuses as ``decide_amendment`` does.
    """
    found = proposal_read(proposal, actor.on_behalf_of)
    if found is None:
        return _unknown(proposal)
    text_store(text)
    command = SuggestAmendment(
        fresh_id(AMENDMENT_PREFIX, now),
        base or found.version.content.changeset,
        text.content,
        len(text.faults),
    )
    return proposal_change(proposal=proposal, command=command, actor=actor, now=now)


@transaction.atomic
def amendment_accept(*, proposal: str, amendment: str, actor: Actor, now: datetime) -> Proposal | Refusal:
    """Accept an amendment, which is merged with what was changed since its base.

    Refuses as ``decide_amendment`` does, with ``amendment_conflicts`` where both changed one rule in different ways.
    """
    found = proposal_read(proposal, actor.on_behalf_of)
    if found is None:
        return _unknown(proposal)
    merged = _merge_amendment(found, amendment)
    if isinstance(merged, Refusal):
        return merged
    command = AcceptAmendment(amendment, None if merged is None else merged.content)
    return proposal_change(proposal=proposal, command=command, actor=actor, now=now)


def _merge_amendment(proposal: Proposal, amendment: str) -> ProposalText | Refusal | None:
    """The latest text with the amendment, kept under its digest; None where they conflict, or there is none."""
    suggested = proposal.amendment(amendment)
    if suggested is None:
        return None
    base = next(each for each in proposal.versions if each.content.changeset == suggested.base)
    texts = (text_stored(each.content.digest) for each in (base, proposal.version, suggested))
    merged = merge_texts(*texts)
    if merged is not None and not isinstance(merged, Refusal):
        text_store(merged)
    return merged


def faults_today(proposal: str, actor: Actor) -> int | Refusal:
    """How many faults the checks find in the latest version on the law in force."""
    found = proposal_read(proposal, actor.on_behalf_of)
    if found is None:
        return _unknown(proposal)
    checked = recompile_text(text_stored(found.version.content.digest))
    return checked if isinstance(checked, Refusal) else len(checked.faults)


def _unknown(proposal: str, where: str | None = None) -> Refusal:
    return Refusal(PROPOSAL_UNKNOWN, {"id": proposal[:_LONGEST_ID]}, where=where)
