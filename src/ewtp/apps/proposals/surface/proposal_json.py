"""Proposals as the API writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.apps.proposals.surface.replay_json import replay_json
from ewtp.core.proposals.proposal import proposal_stage_of, stage_limit
from ewtp.core.proposals.sponsors import count_backing
from ewtp.core.rulebook.changeset.changeset_json import changeset_as_json

if TYPE_CHECKING:
    from datetime import date, datetime

    from ewtp.apps.proposals.reading.market_outlook import OutlookChange
    from ewtp.apps.proposals.reading.proposal_text import ProposalText
    from ewtp.core.proposals.proposal import (
        Amendment,
        Content,
        Decline,
        Participant,
        Proposal,
        ProposalAdoption,
    )


def proposal_json(proposal: Proposal, now: datetime) -> dict[str, Any]:
    """A proposal with its stage at a moment; its text is read by itself, since it may be long."""
    backing, limit = count_backing(proposal.sponsors), stage_limit(proposal, now)
    return {
        "id": proposal.id,
        "title": proposal.title,
        "stage": proposal_stage_of(proposal, now),
        "until": _moment(limit),
        "author": participant_json(proposal.author),
        "at": proposal.at.isoformat(),
        "barrier": proposal.barrier or None,
        "rival_of": proposal.rival_of or None,
        "version": {"number": proposal.version.number, **content_json(proposal.version.content)},
        "versions": [
            {
                "number": each.number,
                "at": each.at.isoformat(),
                "changeset": each.content.changeset,
                "amendment": each.amendment or None,
            }
            for each in proposal.versions
        ],
        "sponsors": [{**participant_json(each.participant), "at": each.at.isoformat()} for each in proposal.sponsors],
        "backing": {"houses": backing.houses, "economies": backing.economies, "groups": backing.groups},
        "amendments": [amendment_json(each) for each in proposal.amendments],
        "replays": [replay_json(proposal, each) for each in proposal.replays],
        "recomputed": proposal.recomputed,
        "disputed": proposal.disputed,
        "submitted": _moment(proposal.submitted),
        "opened": _moment(proposal.opened),
        "decided": _moment(proposal.decided),
        "outcome": proposal.outcome,
        "adoptions": [adoption_json(each, proposal.id) for each in proposal.adoptions],
        "declines": [decline_json(each, proposal.id) for each in proposal.declines],
        "withdrawal_asked": [{"by": by, "reason": reason} for by, reason in proposal.withdrawal_asked],
        "superseded_by": proposal.superseded_by or None,
        "reason": proposal.reason or None,
    }


def participant_json(participant: Participant) -> dict[str, Any]:
    """Who acts, and for which group, house and economy."""
    return {
        "organisation": participant.organisation,
        "group": participant.group,
        "house": participant.house,
        "economy": participant.economy,
    }


def content_json(content: Content) -> dict[str, Any]:
    """The digests of a text."""
    return {
        "digest": content.digest,
        "changeset": content.changeset,
        "rulebook": content.rulebook,
        "articles": list(content.articles),
    }


def text_json(text: ProposalText) -> dict[str, Any]:
    """A whole text: its articles as acts, the changeset that they make, and what the checks found."""
    return {
        **content_json(text.content),
        "title": text.title,
        "text": text.explanation,
        "language": text.language,
        "acts": None if text.acts is None else text.body,
        "operations": changeset_as_json(text.changeset),
        "faults": [dict(each) for each in text.faults],
        "remarks": [each.as_json() for each in text.remarks],
    }


def words_json(text: ProposalText, language: str, sentences: list[str]) -> dict[str, Any]:
    """What a text does, in words of a language and as data."""
    return {
        "changeset": text.content.changeset,
        "language": language,
        "sentences": [
            {**statement.as_json(), "text": said} for statement, said in zip(text.words, sentences, strict=True)
        ],
    }


def amendment_json(amendment: Amendment) -> dict[str, Any]:
    """An amendment without its text."""
    return {
        "id": amendment.id,
        "by": amendment.by,
        "at": amendment.at.isoformat(),
        "base": amendment.base,
        "state": amendment.state,
        "accepted_by": list(amendment.accepted_by),
        **content_json(amendment.content),
    }


def adoption_json(adoption: ProposalAdoption, proposal: str) -> dict[str, Any]:
    """What an economy adopted, from when on."""
    return {
        "proposal": proposal,
        "territory": adoption.territory,
        "articles": list(adoption.articles),
        "effective": adoption.effective.isoformat(),
        "by": adoption.by,
        "act": adoption.act,
        "at": adoption.at.isoformat(),
        "statement": adoption.statement,
        "sunset": _day(adoption.sunset),
        "renewals": [
            {
                "last_day": each.last_day.isoformat(),
                "at": each.at.isoformat(),
                "title": each.title,
                "statement": each.statement,
            }
            for each in adoption.renewals
        ],
        "last_day": _day(adoption.last_day),
        "ended": _day(adoption.ended),
        "ending": adoption.ending,
        "reason": adoption.reason or None,
    }


def change_json(change: OutlookChange) -> dict[str, Any]:
    """What a proposal changes in a market, as it stands to it."""
    return {
        "state": change.state,
        "proposal": change.proposal,
        "title": change.title,
        "articles": list(change.articles),
        "act": change.act or None,
        "day": _day(change.day),
        "ending": change.ending,
        "reason": change.reason or None,
        "waits_for": list(change.partners),
    }


def decline_json(decline: Decline, proposal: str) -> dict[str, Any]:
    """That an economy does not adopt, and why."""
    return {
        "proposal": proposal,
        "territory": decline.territory,
        "reason": decline.reason,
        "by": decline.by,
        "at": decline.at.isoformat(),
        "statement": decline.statement,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
