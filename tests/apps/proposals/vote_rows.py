"""A vote that was opened on twenty-four members of four houses, written once for the tests that begin with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ewtp.apps.proposals.actions.proposals import proposal_change, proposal_draft, proposal_submit
from ewtp.apps.proposals.actions.votes import vote_open
from ewtp.apps.rulebook.reading.book_cache import read_cached_book
from ewtp.core.proposals.proposal_commands import SponsorProposal
from ewtp.core.rulebook.territory import Territory
from tests.apps.proposals.conftest import ECONOMIES, LARGE, LAW, NOW, World
from tests.apps.proposals.test_proposal_story import DAY, kept, replayed, text_of
from tests.apps.rulebook.conftest import Desk

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ewtp.core.proposals.proposal import Proposal
    from ewtp.core.values.actor import Actor

TERRITORIES = {"ZM": Territory("ZM", "Zambia", ("ZM",), "ZMW", nomenclature="HS2022", hs_edition="HS2022")}
HELD = "ewtp.apps.rulebook.reading.version_records.territories_at"


@dataclass(frozen=True)
class RunningVote:
    """A proposal whose vote runs, the organisations of the houses, and a moment a day after it was opened."""

    proposal: str
    houses: dict[str, list[Actor]]
    opened: datetime

    @property
    def now(self) -> datetime:
        return self.opened + DAY


def frozen_proposal(houses: dict[str, list[Actor]]) -> Proposal:
    """A proposal with sponsors and a replay that another organisation recomputed, which can be voted on."""
    author, other = houses["small"][1], houses["civil"][3]
    made: Proposal = kept(proposal_draft(text=text_of(), actor=author, now=NOW))
    kept(proposal_submit(proposal=made.id, actor=author, now=NOW))
    for each in (author, houses["small"][2], other, houses["civil"][4], houses["large"][0]):
        made = kept(proposal_change(proposal=made.id, command=SponsorProposal(), actor=each, now=NOW))
    replayed(made, author)
    recomputed: Proposal = replayed(made, other)
    return recomputed


def four_houses() -> dict[str, list[Actor]]:
    """Six organisations of each house, in six economies."""
    world = World()
    governments = [world.found("agency", economy) for economy in ECONOMIES]
    return {
        "small": [world.found("firm", economy) for economy in ECONOMIES],
        "large": [world.found("firm", economy, size=LARGE) for economy in ECONOMIES],
        "civil": [world.found("civil_society", economy) for economy in ECONOMIES],
        "government": governments,
    }


def write_running_vote(folder: Path) -> RunningVote:
    """A vote on an act of Zambia's law."""
    read_cached_book().forget()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(HELD, lambda *_: TERRITORIES)
        Desk(folder).bring(*LAW)
        houses = four_houses()
        proposal = frozen_proposal(houses)
        opened = NOW + timedelta(days=31)
        kept(vote_open(proposal=proposal.id, actor=houses["small"][1], now=opened))
    return RunningVote(proposal.id, houses, opened)
