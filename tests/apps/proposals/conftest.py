"""Zambia's law in a few rules, and organisations in four houses that are verified and may vote."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.organisations.commands import AddIdentifier, DeclareSize, NameUltimateOwner
from ewtp.core.organisations.organisation import Organisation, Subject
from ewtp.core.proposals.proposal import Outcome, Proposal
from ewtp.core.proposals.proposal_commands import SponsorProposal
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territory import TariffLine, Territory
from ewtp.core.values.actor import Actor, ActorKind
from ewtp.core.values.period import Period
from tests.actors import OPERATOR
from tests.apps.rulebook.conftest import Desk, a_duty
from tests.shared_rows import shared_rows

if TYPE_CHECKING:
    from pathlib import Path

    from tests.apps.proposals.page_reader import Reader
    from tests.apps.proposals.secret_rows import SecretVote
    from tests.apps.proposals.vote_rows import RunningVote

JANUARY = date(2026, 1, 1)
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
CODE = "090111"
LAW = (
    a_duty("0901", "10%", JANUARY),
    a_duty("0901", "", JANUARY, kind=Kind.REQUIREMENT, id="permit", agency="ZABS", document="Permit"),
    a_duty("0901", "", JANUARY, kind=Kind.REQUIREMENT, id="health", agency="ZMOH", document="Health certificate"),
    TariffLine("ZM", CODE, Period(JANUARY)),
)
SMALL, LARGE = (12, 900_000, 400_000), (5_000, 900_000_000, 800_000_000)
DIGEST = "a" * 64
ECONOMIES = ("ZM", "KE", "GH", "ZA", "DE", "NG")


@pytest.fixture
def zambia(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:  # noqa: ARG001 - it is in the database
    """The law of Zambia, known since January."""
    from ewtp.apps.rulebook.reading.book_cache import read_cached_book  # noqa: PLC0415 - Django is set up after this file

    read_cached_book().forget()
    territories = {"ZM": Territory("ZM", "Zambia", ("ZM",), "ZMW", nomenclature="HS2022", hs_edition="HS2022")}
    monkeypatch.setattr("ewtp.apps.rulebook.reading.version_records.territories_at", lambda *_: territories)
    desk = Desk(tmp_path)
    desk.bring(*LAW)
    return desk


@dataclass
class World:
    """Organisations, each with one person who owns it."""

    moment: datetime = NOW - timedelta(days=150)
    count: itertools.count[int] = field(default_factory=itertools.count)
    authorities: dict[str, Actor] = field(default_factory=dict)

    def found(
        self, kind: str = "firm", economy: str = "KE", *, size: tuple[int, int, int] | None = SMALL, owner: str = ""
    ) -> Actor:
        """A verified organisation; returns the person who acts for it."""
        from ewtp.apps.organisations.actions import organisations as acting  # noqa: PLC0415 - as below

        person = f"per_{next(self.count):032x}"
        founder = Actor(ActorKind.PERSON, person)
        registrar = OPERATOR if kind == "agency" else founder
        made = acting.organisation_register(
            name=f"{kind} of {person}", kind=kind, economy=economy, founder=person, actor=registrar, now=self.moment
        )
        assert isinstance(made, Organisation), made
        actor = Actor(ActorKind.PERSON, person, made.id)
        if kind == "firm" and size is not None:
            acting.organisation_change(organisation=made.id, command=DeclareSize(*size), actor=actor, now=self.moment)
        number = AddIdentifier("company_number", f"C{person[-8:].lstrip('0')}")
        acting.organisation_change(organisation=made.id, command=number, actor=actor, now=self.moment)
        if owner:
            acting.organisation_change(
                organisation=made.id, command=NameUltimateOwner(owner), actor=actor, now=self.moment
            )
        verifier = self.authorities.get(economy, OPERATOR)
        sized = [Subject.SIZE] if kind == "firm" else []
        for subject in (Subject.IDENTITY, *sized, *([] if kind == "agency" else [Subject.COMPANY_NUMBER])):
            self.verify(made.id, subject, verifier)
        if owner:
            self.verify(made.id, Subject.OWNER, OPERATOR)
        if kind == "agency":
            self.authorities[economy] = actor
        return actor

    def verify(self, organisation: str, subject: Subject, verifier: Actor) -> None:
        """Something about an organisation is verified."""
        from ewtp.apps.organisations.actions.organisations import organisation_verify  # noqa: PLC0415 - as below

        stated = organisation_verify(
            organisation=organisation,
            subject=subject,
            evidence="Extract of the register",
            digest=DIGEST,
            until=date(2028, 1, 1),
            actor=verifier,
            now=self.moment,
        )
        assert isinstance(stated, Organisation), stated


@pytest.fixture
def world(db: None) -> World:  # noqa: ARG001 - it is in the database
    return World()


@pytest.fixture
def houses(world: World) -> dict[str, list[Actor]]:
    """Six organisations of each house, in six economies."""
    governments = [world.found("agency", economy) for economy in ECONOMIES]
    return {
        "small": [world.found("firm", economy) for economy in ECONOMIES],
        "large": [world.found("firm", economy, size=LARGE) for economy in ECONOMIES],
        "civil": [world.found("civil_society", economy) for economy in ECONOMIES],
        "government": governments,
    }


@shared_rows
def running_vote(folder: Path) -> RunningVote:
    """A vote on an act of Zambia's law, which twenty-four members of four houses may vote in."""
    from tests.apps.proposals.vote_rows import write_running_vote  # noqa: PLC0415 - Django is set up after this file

    return write_running_vote(folder)


@pytest.fixture
def running(running_vote: RunningVote, monkeypatch: pytest.MonkeyPatch) -> RunningVote:
    """The vote, with Zambia known to whoever compiles its law again."""
    from tests.apps.proposals.vote_rows import HELD, TERRITORIES  # noqa: PLC0415 - as above

    monkeypatch.setattr(HELD, lambda *_: TERRITORIES)
    return running_vote


@pytest.fixture
def reader(db: None, monkeypatch: pytest.MonkeyPatch) -> Reader:  # noqa: ARG001 - pages are in the database
    """A visitor without an account, on the clock of the pages."""
    from ewtp.apps.http.surface.page_cache import page_cache  # noqa: PLC0415 - Django is set up after this file
    from ewtp.apps.proposals.reading.house_sizes import forget_house_sizes  # noqa: PLC0415 - as above
    from ewtp.apps.proposals.surface import pages  # noqa: PLC0415 - as above
    from tests.apps.proposals.page_reader import Reader  # noqa: PLC0415 - as above

    found, make = Reader(NOW), pages._render_page

    def count(*arguments: Any) -> Any:
        found.made += 1
        return make(*arguments)

    monkeypatch.setattr(pages, "_render_page", count)
    monkeypatch.setattr("django.utils.timezone.now", lambda: found.now)
    page_cache().forget()
    forget_house_sizes()
    return found


@pytest.fixture
def author(world: World) -> Actor:
    """A verified small firm of Kenya."""
    return world.found("firm", "KE")


@pytest.fixture
def zambian(world: World) -> Actor:
    """The authority of Zambia."""
    return world.found("agency", "ZM")


def pass_proposal(author: Actor, acts: str = "") -> Proposal:
    """A proposal that passed a week ago, of whose vote nothing is kept: what comes after it needs none."""
    from ewtp.apps.proposals.actions.proposals import proposal_change, proposal_draft, proposal_submit  # noqa: PLC0415
    from ewtp.apps.proposals.store.proposal_tables import proposal_store  # noqa: PLC0415
    from tests.apps.proposals.test_proposal_story import ACTS, text_of  # noqa: PLC0415

    week_ago = NOW - timedelta(days=7)
    drafted = proposal_draft(text=text_of(acts or ACTS), actor=author, now=week_ago)
    assert isinstance(drafted, Proposal), drafted
    submitted = proposal_submit(proposal=drafted.id, actor=author, now=week_ago)
    assert isinstance(submitted, Proposal), submitted
    sponsored = proposal_change(proposal=drafted.id, command=SponsorProposal(), actor=author, now=week_ago)
    assert isinstance(sponsored, Proposal), sponsored
    state = replace(sponsored, discussed=week_ago, qualified=week_ago, outcome=Outcome.PASSED, decided=week_ago)
    proposal_store(state, NOW)
    return state


@pytest.fixture
def passed(zambia: Desk, author: Actor) -> Proposal:  # noqa: ARG001 - its law is in the database
    """The proposal about two papers."""
    return pass_proposal(author)


@shared_rows
def secret_vote(folder: Path) -> SecretVote:
    """A vote in which small firms vote in secret, with the keys of everybody who has one."""
    from tests.apps.proposals.secret_rows import write_secret_vote  # noqa: PLC0415 - as above

    return write_secret_vote(folder)
