"""A small procedure, five organisations of four owners, three texts, and proposals that have come some way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from ewtp.core.organisations.house import House
from ewtp.core.proposals import proposal_commands as asked
from ewtp.core.proposals.proposal import Content, Outcome, Participant, Proposal
from ewtp.core.proposals.proposal_decisions import PROPOSAL
from ewtp.core.replay.recomputation import RepeatableReplay, ReplayRecipe
from ewtp.core.values.actor import Actor, ActorKind, Capacity
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.procedure import first_procedure
from tests.aggregate_machine import START

PROPOSED, RIVAL = "prp_" + "0" * 32, "prp_" + "1" * 32
CLOCK = Actor(ActorKind.SYSTEM, "clock", capacity=Capacity.OPERATOR)
PROCEDURE = replace(
    first_procedure(),
    clock_sponsors=timedelta(days=4),
    clock_discussion=timedelta(days=3),
    clock_frozen=timedelta(days=2),
    adoption_months=1,
    sponsors_economies=2,
    sponsors_groups=3,
)
# Two organisations under one owner, and three that are alone.
PARTICIPANTS = {
    "org_a": Participant("org_a", "a", House.SMALL_FIRM, "KE"),
    "org_b": Participant("org_b", "a", House.SMALL_FIRM, "GH"),
    "org_c": Participant("org_c", "c", House.CIVIL_SOCIETY, "GH"),
    "org_d": Participant("org_d", "d", House.SMALL_FIRM, "KE"),
    "org_e": Participant("org_e", "e", House.GOVERNMENT, "GH"),
}
AUTHOR = "org_a"
TEXTS = {text: Content(text * 64, text.upper() * 64, "v1", ("1", "2")) for text in "fed"}
DAY = date(2026, 12, 1)


def replayed(text: str, result: str = "one", data: str = "data") -> RepeatableReplay:
    return RepeatableReplay(ReplayRecipe("0.1", "v1", "rates", TEXTS[text].changeset, data, "USD"), result)


def envelope(
    command: asked.ProposalCommand, organisation: str = AUTHOR, *, entitled: bool = True
) -> asked.ProposalEnvelope:
    actor = Actor(ActorKind.PERSON, f"person of {organisation}", organisation)
    authority = ("GH",) if organisation == "org_e" else ()
    return asked.ProposalEnvelope(PROPOSED, command, actor, PARTICIPANTS.get(organisation), entitled, authority)


def clocked(outcome: Outcome) -> asked.ProposalEnvelope:
    return asked.ProposalEnvelope(PROPOSED, asked.RecordOutcome(outcome), CLOCK)


def grown(*, days: int, voted: bool = False, outcome: Outcome | None = None) -> Proposal:
    """A proposal that has its sponsors and a confirmed replay, ``days`` after they came; voted on where asked."""
    then = START - timedelta(days=days)
    steps = [
        envelope(asked.DraftProposal("Less paper", TEXTS["f"])),
        envelope(asked.SubmitProposal(PROCEDURE, 0)),
        *(envelope(asked.SponsorProposal(), who) for who in ("org_a", "org_c", "org_e")),
        envelope(asked.SuggestAmendment("m1", TEXTS["f"].changeset, TEXTS["e"], 0), "org_c"),
        *(envelope(asked.RecordReplay(replayed("f")), who) for who in ("org_c", "org_d")),
    ]
    state: Any = PROPOSAL.start
    for step in steps:
        state = _after(state, step, then)
    if voted:
        state = _after(state, envelope(asked.OpenVote(0)), then + timedelta(days=3))
    ended: Proposal = _after(state, clocked(outcome), then + timedelta(days=4)) if outcome else state
    return ended


def _after(state: Proposal | None, step: asked.ProposalEnvelope, now: datetime) -> Any:
    found = PROPOSAL.answer(state, step, now)
    assert not isinstance(found, Refusal), (step, found)
    return found.state
