"""Amendments: who may suggest, accept, reject and take back a changed text, and when it becomes the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.proposals import proposal_events as happened
from ewtp.core.proposals.proposal import Amendment, AmendmentState
from ewtp.core.proposals.proposal_commands import AcceptAmendment, RejectAmendment, SuggestAmendment, WithdrawAmendment
from ewtp.core.proposals.sentences import (
    AMENDMENT_BASE_MOVED,
    AMENDMENT_CONFLICTS,
    AMENDMENT_NOT_OPEN,
    AMENDMENT_UNKNOWN,
    AUTHOR_NEEDED,
    PROPOSAL_PARTICIPANT_NEEDED,
    PROPOSAL_UNSOUND,
)
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.vote_tally import reaches

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ewtp.core.proposals.proposal import Proposal
    from ewtp.core.proposals.proposal_events import AnyProposalEvent

_LONGEST_ID = 40
Asked = SuggestAmendment | AcceptAmendment | RejectAmendment | WithdrawAmendment


def decide_amendment(
    command: Asked, state: Proposal, organisation: str, now: datetime
) -> tuple[AnyProposalEvent, ...] | Refusal:
    """The events of a command about an amendment that ``organisation`` gives, or a refusal.

    Refuses with ``amendment_unknown``, ``amendment_not_open``, ``amendment_base_moved``, ``amendment_conflicts``,
    ``proposal_unsound``, ``author_needed`` or ``proposal_participant_needed``.
    """
    if isinstance(command, SuggestAmendment):
        return _suggest(command, state, organisation, now)
    found = state.amendment(command.id)
    if found is None:
        return Refusal(AMENDMENT_UNKNOWN, {"id": command.id[:_LONGEST_ID]}, where="id")
    if found.state is not AmendmentState.OPEN:
        return Refusal(AMENDMENT_NOT_OPEN, {"id": found.id}, where="id")
    if isinstance(command, AcceptAmendment):
        return _accept(command, found, state, organisation, now)
    if isinstance(command, WithdrawAmendment):
        if organisation != found.by:
            return Refusal(AUTHOR_NEEDED)
        return (happened.AmendmentClosed(found.id, AmendmentState.WITHDRAWN, now),)
    return (happened.AmendmentClosed(found.id, AmendmentState.REJECTED, now),)


def _suggest(
    command: SuggestAmendment, state: Proposal, organisation: str, now: datetime
) -> tuple[AnyProposalEvent, ...] | Refusal:
    if state.amendment(command.id) is not None:
        return ()
    # An older version will do: the amendment is merged with what was changed since.
    if command.base not in {each.content.changeset for each in state.versions}:
        return Refusal(AMENDMENT_BASE_MOVED, where="base")
    if command.faults:
        return Refusal(PROPOSAL_UNSOUND, {"count": command.faults})
    return (happened.AmendmentSuggested(command.id, organisation, command.base, command.content, now),)


def _accept(
    command: AcceptAmendment, found: Amendment, state: Proposal, organisation: str, now: datetime
) -> tuple[AnyProposalEvent, ...] | Refusal:
    sponsors = {each.participant.organisation: each.participant.group for each in state.sponsors}
    is_author = organisation == state.author.organisation
    if not is_author and organisation not in sponsors:
        return Refusal(PROPOSAL_PARTICIPANT_NEEDED)
    if command.merged is None:
        return Refusal(AMENDMENT_CONFLICTS, where="id")
    if is_author or _suffices({*found.accepted_by, organisation}, sponsors, state):
        return (happened.AmendmentMerged(found.id, organisation, command.merged, now),)
    return () if organisation in found.accepted_by else (happened.AmendmentSupported(found.id, organisation),)


def _suffices(support: set[str], sponsors: Mapping[str, str], state: Proposal) -> bool:
    """Whether these organisations may accept an amendment that the author did not; sponsors count by owner group."""
    procedure, groups = state.procedure, set(sponsors.values())
    behind = {sponsors[each] for each in support if each in sponsors}
    return procedure is not None and reaches(len(behind), len(groups), procedure.amendments_acceptance)
