"""What an economy does with a proposal that passed: it gives effect to articles of it, or says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.proposals import adoption_events as happened
from ewtp.core.proposals.proposal import AdoptionEnding
from ewtp.core.proposals.sentences import (
    ADOPTION_ARTICLE_NEEDED,
    ADOPTION_OVER,
    ADOPTION_TWICE,
    ADOPTION_UNKNOWN,
    AUTHORITY_NEEDED,
    PROPOSAL_ARTICLE_UNKNOWN,
)
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.proposals.adoption_events import Adopted, AdoptionEnded, Declined
    from ewtp.core.proposals.proposal import Proposal
    from ewtp.core.proposals.proposal_commands import AdoptProposal, DeclineProposal, EndAdoption, ProposalEnvelope

_LONGEST_NAME = 40


def adopt_proposal(
    command: AdoptProposal, state: Proposal, envelope: ProposalEnvelope, now: datetime
) -> tuple[Adopted, ...] | Refusal:
    """An adoption as an event: of articles that exist, with all that they need, once.

    Refuses with ``authority_needed``, ``proposal_article_unknown``, ``adoption_article_needed`` or ``adoption_twice``.
    """
    if command.territory not in envelope.authority_of:
        return Refusal(AUTHORITY_NEEDED, {"territory": command.territory[:_LONGEST_NAME]}, where="territory")
    known = state.version.content.articles
    for article in command.articles:
        if article not in known:
            told = {"article": article[:_LONGEST_NAME], "articles": list(known)}
            return Refusal(PROPOSAL_ARTICLE_UNKNOWN, told, where="articles")
    lasting = [each for each in state.adoptions if each.territory == command.territory and each.ended is None]
    held = {article for each in lasting for article in each.articles}
    for article in command.articles:
        if article in held:
            return Refusal(ADOPTION_TWICE, {"territory": command.territory, "article": article}, where="articles")
    for article, needed in command.requires:
        if article in command.articles and needed not in {*command.articles, *held}:
            return Refusal(ADOPTION_ARTICLE_NEEDED, {"article": article, "needed": needed}, where="articles")
    by = "" if envelope.participant is None else envelope.participant.organisation
    signed = command.signed
    adopted = happened.Adopted(
        command.territory,
        command.articles,
        command.effective,
        by,
        command.act,
        now,
        state.version.content.changeset,
        {} if signed is None else dict(signed.cited),
        "" if signed is None else signed.statement,
        command.sunset,
    )
    return (adopted,)


def decline_proposal(
    command: DeclineProposal, state: Proposal, envelope: ProposalEnvelope, reason: str | Refusal, now: datetime
) -> tuple[Declined, ...] | Refusal:
    """That an economy declines, as an event; none where it said so before.

    Refuses with ``authority_needed`` or ``proposal_reason_missing``.
    """
    if command.territory not in envelope.authority_of:
        return Refusal(AUTHORITY_NEEDED, {"territory": command.territory[:_LONGEST_NAME]}, where="territory")
    if isinstance(reason, Refusal):
        return reason
    if any(each.territory == command.territory and each.reason == reason for each in state.declines):
        return ()
    by = "" if envelope.participant is None else envelope.participant.organisation
    changeset = state.version.content.changeset
    return (happened.Declined(command.territory, reason, by, now, changeset, command.statement),)


def end_adoption(
    command: EndAdoption, state: Proposal, envelope: ProposalEnvelope, reason: str | Refusal, now: datetime
) -> tuple[AdoptionEnded, ...] | Refusal:
    """The end of an adoption as an event: by the authority that withdraws it, or by the installation for the others.

    Refuses with ``adoption_unknown``, ``authority_needed``, ``adoption_over`` or ``proposal_reason_missing``.
    """
    found = next((each for each in state.adoptions if each.act == command.act), None)
    if found is None:
        return Refusal(ADOPTION_UNKNOWN, {"act": command.act[:_LONGEST_NAME]}, where="act")
    withdrawn = command.ending is AdoptionEnding.WITHDRAWN
    entitled = found.territory in envelope.authority_of if withdrawn else envelope.actor.is_operator
    if not entitled:
        return Refusal(AUTHORITY_NEEDED, {"territory": found.territory})
    if found.last_day is not None and found.last_day <= command.last_day:
        return Refusal(ADOPTION_OVER, {"act": found.act, "day": found.last_day}, where="act")
    if isinstance(reason, Refusal):
        return reason
    by = "" if envelope.participant is None else envelope.participant.organisation
    ended = happened.AdoptionEnded(
        found.act, found.territory, command.last_day, command.ending, reason, by, now, command.statement
    )
    return (ended,)
