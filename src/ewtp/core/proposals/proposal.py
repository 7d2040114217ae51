"""A proposal: its versions, sponsors, amendments, replays and adoptions, and the stage that it is in at a moment."""

from __future__ import annotations

from calendar import monthrange
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ewtp.core.replay.recomputation import Agreement, compare_records
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from datetime import date, datetime

    from ewtp.core.organisations.house import House
    from ewtp.core.replay.recomputation import RepeatableReplay
    from ewtp.core.votes.procedure import VoteProcedure

_MONTHS = 12


class ProposalStage(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    DISCUSSED = "discussed"
    FROZEN = "frozen"
    VOTING = "voting"
    PASSED = "passed"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    LAPSED = "lapsed"


# Where the text and the vote are over; the page stays for ever, and what passed can be adopted.
ENDED = frozenset(
    {
        ProposalStage.PASSED,
        ProposalStage.FAILED,
        ProposalStage.WITHDRAWN,
        ProposalStage.SUPERSEDED,
        ProposalStage.LAPSED,
    }
)


class Outcome(StrEnum):
    """The outcome of a vote; a proposal sent back is discussed again, a vote on a new roll may be opened at once."""

    PASSED = "passed"
    FAILED = "failed"
    SENT_BACK = "sent_back"
    NEW_ROLL = "new_roll"


class AmendmentState(StrEnum):
    """What became of an amendment."""

    OPEN = "open"
    MERGED = "merged"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@immutable
class Content:
    """What a version consists of, by digest: SHA-256 of its articles and texts, and of the changeset they compile to.

    ``rulebook`` is the version of the law that it was compiled on, ``articles`` the names of its articles in order.
    """

    digest: str
    changeset: str
    rulebook: str
    articles: tuple[str, ...]


@immutable
class TextVersion:
    """One state of the text; ``amendment`` is the one that it merged, or empty."""

    number: int
    content: Content
    at: datetime
    amendment: str = ""


@immutable
class Participant:
    """For whom somebody acts here: an organisation with its owner group, house and economy."""

    organisation: str
    group: str
    house: House
    economy: str


@immutable
class Sponsorship:
    """An organisation stands behind the proposal since ``at``."""

    participant: Participant
    at: datetime


@immutable
class Amendment:
    """A changed text that somebody suggests, written on the version whose changeset has the digest ``base``."""

    id: str
    by: str
    base: str
    content: Content
    at: datetime
    state: AmendmentState = AmendmentState.OPEN
    accepted_by: tuple[str, ...] = ()


@immutable
class ReplayMade:
    """A replay that an organisation made of the proposal: what it was computed of, and what came out."""

    by: str
    record: RepeatableReplay
    at: datetime

    def agreement(self, other: ReplayMade) -> Agreement:
        """What another organisation's replay says of this one; its own later ones say nothing."""
        return Agreement.INCOMPARABLE if self.by == other.by else compare_records(self.record, other.record)[0]


class AdoptionEnding(StrEnum):
    """Why an adoption has effect no longer."""

    WITHDRAWN = "withdrawn"
    DISPLACED = "displaced"
    SUNSET = "sunset"
    ANNULLED = "annulled"


@immutable
class Renewal:
    """An economy has an adoption hold until ``last_day``, beyond its sunset, by an act of its own named ``title``."""

    last_day: date
    at: datetime
    title: str
    statement: str = ""


@immutable
class ProposalAdoption:
    """An economy gives effect to some articles from ``effective`` on; ``act`` names its own act in the rulebook.

    ``ended`` is the last day on which it had effect and ``ending`` why; None while nobody ended it. ``sunset`` is the
    last day that the articles themselves name, None where they name none. ``statement`` is the signed note of the
    economy's authority.
    """

    territory: str
    articles: tuple[str, ...]
    effective: date
    by: str
    act: str
    at: datetime
    ended: date | None = None
    ending: AdoptionEnding | None = None
    reason: str = ""
    statement: str = ""
    sunset: date | None = None
    renewals: tuple[Renewal, ...] = ()

    @property
    def own_end(self) -> date | None:
        """The day on which it ends by itself: its sunset, or the day until which it was renewed."""
        return self.renewals[-1].last_day if self.renewals else self.sunset

    @property
    def last_day(self) -> date | None:
        """The last day on which it has effect as things are; None where nothing ends it."""
        ends = [each for each in (self.ended, self.own_end) if each is not None]
        return min(ends, default=None)

    def find_ending(self, day: date) -> AdoptionEnding | None:
        """Why it ends or has ended, as seen on a day; None where nobody ended it and its own end has not come."""
        if self.last_day is not None and self.last_day == self.own_end:
            return AdoptionEnding.SUNSET if self.last_day < day else None
        return self.ending


@immutable
class Decline:
    """An economy does not give effect to the proposal, for a reason."""

    territory: str
    reason: str
    by: str
    at: datetime
    statement: str = ""


@immutable
class Proposal:
    """The state of a proposal; moments are None until the thing has happened.

    ``procedure`` is that of its submission. ``qualified`` is when it had the sponsors that this asks for, ``discussed``
    when its discussion began (then, or when its vote was sent back at ``sent_back``), ``opened`` when its vote was
    opened, ``outcome`` is that of the vote and ``decided`` its moment. ``withdrawal_asked`` are the sponsors who ask
    that it be withdrawn, with their reasons.
    """

    id: str
    title: str
    author: Participant
    versions: tuple[TextVersion, ...]
    at: datetime
    barrier: str = ""
    rival_of: str = ""
    procedure: VoteProcedure | None = None
    submitted: datetime | None = None
    sponsors: tuple[Sponsorship, ...] = ()
    qualified: datetime | None = None
    discussed: datetime | None = None
    sent_back: datetime | None = None
    amendments: tuple[Amendment, ...] = ()
    replays: tuple[ReplayMade, ...] = ()
    opened: datetime | None = None
    outcome: Outcome | None = None
    decided: datetime | None = None
    adoptions: tuple[ProposalAdoption, ...] = ()
    declines: tuple[Decline, ...] = ()
    withdrawn: datetime | None = None
    withdrawal_asked: tuple[tuple[str, str], ...] = ()
    superseded_by: str = ""
    reason: str = ""

    @property
    def version(self) -> TextVersion:
        """The latest version."""
        return self.versions[-1]

    def amendment(self, identity: str) -> Amendment | None:
        """An amendment by its identifier."""
        return next((each for each in self.amendments if each.id == identity), None)

    def replays_of_version(self) -> tuple[ReplayMade, ...]:
        """The replays of the latest version."""
        return tuple(each for each in self.replays if each.record.change == self.version.content.changeset)

    def replays_in(self, agreement: Agreement, of: ReplayMade) -> tuple[ReplayMade, ...]:
        """The replays of the latest version by others that confirm, contradict or say nothing of one."""
        others = (each for each in self.replays_of_version() if each.by != of.by)
        return tuple(each for each in others if of.agreement(each) is agreement)

    @property
    def recomputed(self) -> bool:
        """Whether two organisations got the same result for the latest version, from the same things."""
        return any(self.replays_in(Agreement.CONFIRMED, each) for each in self.replays_of_version())

    @property
    def disputed(self) -> bool:
        """Whether two organisations got different results for the latest version, from the same things."""
        return any(self.replays_in(Agreement.CONTRADICTED, each) for each in self.replays_of_version())


def proposal_stage_of(proposal: Proposal, now: datetime) -> ProposalStage:
    """The stage at a moment."""
    if proposal.withdrawn is not None:
        return ProposalStage.WITHDRAWN
    if proposal.superseded_by:
        return ProposalStage.SUPERSEDED
    if proposal.outcome is not None:
        return ProposalStage.LAPSED if _is_unadopted(proposal, now) else ProposalStage(proposal.outcome)
    if proposal.opened is not None:
        return ProposalStage.VOTING
    if proposal.submitted is None:
        return ProposalStage.DRAFT
    limit = stage_limit(proposal, now)
    if proposal.qualified is None:
        return ProposalStage.LAPSED if limit is not None and now >= limit else ProposalStage.SUBMITTED
    return ProposalStage.DISCUSSED if now < discussion_end(proposal) else ProposalStage.FROZEN


def stage_limit(proposal: Proposal, now: datetime) -> datetime | None:
    """The moment at which the stage ends by itself; None where it does not, or where it is another clock's."""
    procedure, submitted = proposal.procedure, proposal.submitted
    if procedure is None or submitted is None or proposal.withdrawn is not None or proposal.superseded_by:
        return None
    if proposal.outcome is Outcome.PASSED and proposal.decided is not None and not proposal.adoptions:
        return adoption_limit(proposal.decided, procedure.adoption_months)
    if proposal.opened is not None:
        return None
    if proposal.qualified is None:
        return submitted + procedure.clock_sponsors
    return discussion_end(proposal) if now < discussion_end(proposal) else None


def discussion_end(proposal: Proposal) -> datetime:
    """When the text freezes; ValueError for a proposal without its sponsors."""
    if proposal.procedure is None or proposal.discussed is None:
        msg = "a proposal is discussed once it has its sponsors"
        raise ValueError(msg)
    return proposal.discussed + proposal.procedure.clock_discussion


def recount_end(proposal: Proposal) -> datetime:
    """Until when others may recompute the replay before a vote is opened without them."""
    if proposal.procedure is None:
        msg = "a proposal is frozen after it was submitted"
        raise ValueError(msg)
    return discussion_end(proposal) + proposal.procedure.clock_frozen


def adoption_limit(decided: datetime, adoption_months: int) -> datetime:
    """When a passed proposal that no economy adopts lapses: ``adoption_months`` calendar months later."""
    months = decided.month - 1 + adoption_months
    year, month = decided.year + months // _MONTHS, months % _MONTHS + 1
    return decided.replace(year=year, month=month, day=min(decided.day, monthrange(year, month)[1]))


def renewal_limit(effective: date, sunset: date) -> date:
    """The last day until which an adoption can be renewed: the houses voted on its days, and it gets as many again."""
    return sunset + (sunset - effective) + timedelta(days=1)


def _is_unadopted(proposal: Proposal, now: datetime) -> bool:
    limit = stage_limit(proposal, now)
    return proposal.outcome is Outcome.PASSED and limit is not None and now >= limit
