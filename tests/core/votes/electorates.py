"""Rolls and votes to test with: a number of groups in each house, and what happens in a vote on them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from ewtp.core.organisations.house import House
from ewtp.core.organisations.organisation import OrganisationKind
from ewtp.core.votes.answering_body import draw_body
from ewtp.core.votes.ballot import BallotMode
from ewtp.core.votes.procedure import first_procedure
from ewtp.core.votes.roll import RollEntry, VoteMember, VoteRoll
from ewtp.core.votes.vote_events import (
    AlarmAnswered,
    BodyDrawn,
    HeartbeatSent,
    OpinionStated,
    VoteEntry,
    VoteStarted,
)
from ewtp.core.votes.vote_tally import HOUSES, Majority

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ewtp.core.votes.vote_events import AlarmRaised, AlarmVerdict

PROCEDURE = first_procedure()
OPENED = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
# Of a log, from which bodies are drawn.
ROOT = bytes(range(32))
KINDS = {
    House.GOVERNMENT: OrganisationKind.AGENCY,
    House.CIVIL_SOCIETY: OrganisationKind.CIVIL_SOCIETY,
    House.SMALL_FIRM: OrganisationKind.FIRM,
    House.LARGE_FIRM: OrganisationKind.FIRM,
}


def member(name: str, house: House = House.SMALL_FIRM, **given) -> VoteMember:
    """A member that is verified for a year and was active a month ago."""
    facts = {"economy": "KE", "verifier": "v1", "verified": date(2025, 6, 1), "active": date(2026, 5, 1), **given}
    return VoteMember(name, house, kind=KINDS[house], **facts)


def roll_of(sizes: Mapping[House, int] | int) -> VoteRoll:
    """A roll of members that are each a group of their own, named after their house."""
    counts = dict.fromkeys(HOUSES, sizes) if isinstance(sizes, int) else sizes
    return VoteRoll(
        RollEntry(f"{house}-{number:03}", f"{house}-{number:03}", house, "KE", "v1", date(2025, 6, 1), "")
        for house, count in counts.items()
        for number in range(count)
    )


def started(roll: VoteRoll, mode: BallotMode = BallotMode.OPEN, majority: Majority = Majority.ORDINARY, **given):
    """The event that opens a vote on the roll."""
    return VoteStarted("p-1", "digest", majority, mode, roll.root.hex(), PROCEDURE.as_texts(), **given)


def entries(*events, beats: bool = True) -> list[VoteEntry]:
    """Entries of events at hours after the opening, (hours, event), with heartbeats for sixty days where asked."""
    timed = [(OPENED + timedelta(hours=hours), event) for hours, event in events]
    if beats:
        timed += [(OPENED + number * timedelta(minutes=15), HeartbeatSent()) for number in range(1, 60 * 96)]
    timed.sort(key=lambda one: one[0])
    return [VoteEntry(index, at, event) for index, (at, event) in enumerate(timed)]


def names(roll: VoteRoll, house: House) -> list[str]:
    """The members of a house."""
    return [entry.member for entry in roll.entries if entry.house is house]


def at(hours: float) -> datetime:
    """A moment after the opening."""
    return OPENED + timedelta(hours=hours)


def houses_of(names_of_houses: Iterable[str]) -> list[House]:
    """The houses of these names."""
    return [House(name) for name in names_of_houses]


def answer_of(roll: VoteRoll, alarms: Sequence[AlarmRaised], verdict: AlarmVerdict, struck: Iterable[str] = ()):
    """The events by which the answering body answers alarms of one kind: it is drawn, three agree, and that is told."""
    kind, members = alarms[0].alarm, tuple(struck)
    body = draw_body("p-1", alarms, roll, ROOT)
    speakers = [next(entry.member for entry in roll.entries if entry.group == group) for group in body]
    opinions = [OpinionStated(kind, each, verdict, "Looked into.", members) for each in speakers[:3]]
    drawn = BodyDrawn(kind, 1, ROOT.hex(), body)
    return [drawn, *opinions, AlarmAnswered(kind, verdict, "Looked into.", members)]
