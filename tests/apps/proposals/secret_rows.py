"""A vote with a secret house, prepared as trustees, authority and operator do, written once for its tests."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.apps.log.actions.sequencer import sequence_events
from ewtp.apps.proposals.actions.secret_elections import credentials_issue, secret_election_prepare
from ewtp.apps.proposals.actions.votes import vote_open
from ewtp.apps.proposals.reading.election_record import groups_today
from ewtp.apps.proposals.store.secret_models import PreparedElection
from ewtp.apps.rulebook.reading.book_cache import read_cached_book
from ewtp.core.belenios import schnorr_group
from ewtp.core.belenios.schnorr_group import GENERATOR, raise_fixed_base
from ewtp.core.belenios.secret_ballot import credential_exponent
from ewtp.core.belenios.trustee_circle import circle_of, draw_secrets, finish_key, make_certificate, make_dealing
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.procedure import procedure_from_texts
from tests.actors import OPERATOR
from tests.apps.proposals.conftest import LAW, NOW
from tests.apps.proposals.test_proposal_story import DAY, code, kept
from tests.apps.proposals.vote_rows import HELD, TERRITORIES, four_houses, frozen_proposal
from tests.apps.rulebook.conftest import Desk

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ewtp.core.values.actor import Actor


@dataclass(frozen=True)
class SecretVote:
    """``credentials`` are those of the small firms, ``keys`` the private keys of the trustees by organisation."""

    proposal: str
    houses: dict[str, list[Actor]]
    opened: datetime
    uuid: str
    credentials: dict[str, str]
    keys: dict[str, int]
    trustees: list[Actor]

    @property
    def now(self) -> datetime:
        return self.opened + DAY


def set_up_circle() -> tuple[Any, list[int]]:
    """What five trustees publish, and their private keys."""
    draw = random.Random(3).randrange
    held = [draw_secrets(3, draw) for _ in range(5)]
    certificates = [make_certificate(each, draw) for each in held]
    dealings = [make_dealing(each, certificates, draw) for each in held]
    finished = [finish_key(each, number, certificates, dealings, draw) for number, each in enumerate(held, start=1)]
    return circle_of(3, certificates, dealings, [each for _, each in finished]), [key for key, _ in finished]


def write_secret_vote(folder: Path) -> SecretVote:
    """A vote on an act of Zambia's law under a procedure by which small firms vote in secret."""
    read_cached_book().forget()
    secret = procedure_from_texts({"house.small.ballot": "secret"})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(HELD, lambda *_: TERRITORIES)
        patched.setattr("ewtp.apps.proposals.reading.procedure.procedure_on", lambda *_: secret)
        # Where gmpy2 is missing the site refuses; a handful of ballots are made without it all the same.
        patched.setattr(schnorr_group, "IS_FAST", True)
        Desk(folder).bring(*LAW)
        houses = four_houses()
        proposal = frozen_proposal(houses)
        opened = NOW + 31 * DAY
        sequence_events(now=opened)
        author, authority = houses["small"][1], houses["civil"][0]
        assert code(vote_open(proposal=proposal.id, actor=author, now=opened)) == "secret_election_needed"
        named = [houses[name][2].on_behalf_of for name in houses]
        circle, keys = set_up_circle()
        asked: dict[str, Any] = {
            "proposal": proposal.id,
            "authority": authority.on_behalf_of,
            "trustees": circle,
            "hub": "hub",
        }
        asked |= {"hub": "hub", "actor": OPERATOR, "now": opened}
        assert code(secret_election_prepare(members=[*named[:3], named[0]], **asked)) == "trustees_unnamed"
        refused = secret_election_prepare(members=named, **asked)
        assert code(refused) == "trustees_invalid"
        assert isinstance(refused, Refusal)
        members = [*named, str(refused.params["drawn"])]
        prepared = secret_election_prepare(members=members, **asked)
        assert isinstance(prepared, PreparedElection), prepared
        assert code(vote_open(proposal=proposal.id, actor=author, now=opened)) == "credentials_missing"
        secrets = {group: f"{place}AAAA-BBBBB-CCCCC" for place, group in enumerate(groups_today(opened))}
        exponents = {group: credential_exponent(each, prepared.uuid) for group, each in secrets.items()}
        public = {group: str(raise_fixed_base(GENERATOR, each)) for group, each in exponents.items()}
        issue(proposal.id, public, authority, author, opened)
        kept(vote_open(proposal=proposal.id, actor=author, now=opened))
    actors = {each.on_behalf_of: each for those in houses.values() for each in those}
    return SecretVote(
        proposal.id,
        houses,
        opened,
        prepared.uuid,
        secrets,
        dict(zip(members, keys, strict=True)),
        [actors[each] for each in members],
    )


def issue(proposal: str, public: dict[str, str], authority: Actor, other: Actor, now: datetime) -> None:
    """The authority gives the keys, which nobody else may, and which are each group's own."""

    def given(keys: dict[str, Any], actor: Actor) -> Any:
        return credentials_issue(proposal=proposal, credentials=keys, actor=actor, now=now)

    assert code(given(public, other)) == "credential_authority_needed"
    for wrong in ({"a": "5"}, {"a": None}, dict.fromkeys(public, next(iter(public.values())))):
        assert code(given(wrong, authority)) == "credentials_invalid"
    assert isinstance(given(public, authority), PreparedElection)
