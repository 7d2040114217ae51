"""The database counts the ballots of a vote, and core does: what they find is the same, whatever happened in it."""

from __future__ import annotations

import random
from dataclasses import fields
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ewtp.apps.log.store.models import LogEntry, PendingEvent
from ewtp.apps.proposals.reading.ballot_count import count_ballots
from ewtp.apps.proposals.reading.vote_record import HUB, VoteRecord
from ewtp.apps.proposals.store import models
from ewtp.core.log.event import Event, event_leaf
from ewtp.core.organisations.house import House
from ewtp.core.values.actor import system_actor
from ewtp.core.votes.ballot import BallotMode, BallotReceipt
from ewtp.core.votes.procedure import first_procedure
from ewtp.core.votes.roll import RollEntry, VoteRoll
from ewtp.core.votes.vote_events import (
    BallotCast,
    BallotsUnsealed,
    GroupsJoined,
    HeartbeatSent,
    MembersStruck,
    SendBackCast,
    UnsealedBallot,
    VoteClosed,
    VoteCounted,
    VoteStarted,
)
from ewtp.core.votes.vote_state import VoteFigures, VoteStage
from ewtp.core.votes.vote_tally import HOUSES, Choice, Majority
from tests.core.votes.electorates import OPENED

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.log.event import EventPayload

pytestmark = pytest.mark.django_db

CLOCK = system_actor("clock")
FIRST_INDEX = 50_000_000
FORTNIGHT = timedelta(days=14)
# A closing that is too early, and the one at the end.
EARLY, END = timedelta(days=3), FORTNIGHT + timedelta(minutes=1)
MODES = (BallotMode.OPEN, BallotMode.SEALED)
RARE = {**first_procedure().as_texts(), "outage.heartbeat": "1d"}


class DrawnVote:
    """A vote with events that were drawn, written to the log as the sequencer writes them; the last ones wait."""

    def __init__(self, number: int) -> None:
        self.draw = random.Random(number)
        self.id, self.first = f"vot_{number:032x}", FIRST_INDEX + 1_000 * number
        self.roll = VoteRoll(self._members())
        self.members = [each.member for each in self.roll.entries]
        self.groups = sorted(self.roll.houses)
        secret = (House.SMALL_FIRM,) if number % 3 == 0 else ()
        self.started = VoteStarted(
            self.id, "d", Majority.ORDINARY, MODES[number % 2], self.roll.root.hex(), RARE, secret, sent_back=number % 2
        )
        self.receipts: dict[int, BallotReceipt] = {}
        self.events: list[tuple[datetime, EventPayload]] = [(OPENED, self.started)]
        self.events += [(OPENED + timedelta(days=day), HeartbeatSent()) for day in range(1, 50)]
        self._fill()
        self._store()

    def _members(self) -> list[RollEntry]:
        """Five groups in each house, of one member or several; one has a name that JSON has to escape."""
        odd = {f"{House.GOVERNMENT}-0": 'a "b" \\ Ü,"seal":'}
        return [
            RollEntry(
                odd.get(name, f"{name}-{place}") if not place else f"{name}-{place}",
                name,
                house,
                "KE",
                "v",
                date(2025, 1, 1),
                "",
            )
            for house in HOUSES
            for name in (f"{house}-{number}" for number in range(5))
            for place in range(self.draw.randint(1, 3))
        ]

    def _fill(self) -> None:
        self._ballots(OPENED, EARLY, 60)
        self.events.append((OPENED + EARLY, VoteClosed()))
        self._changes(OPENED + EARLY)
        self._ballots(OPENED + EARLY, FORTNIGHT, 60)
        self._open(OPENED + FORTNIGHT - timedelta(hours=1))
        self.events.append((OPENED + END, VoteClosed()))
        self._ballots(OPENED + FORTNIGHT - timedelta(minutes=9), timedelta(minutes=20), 10)
        self._changes(OPENED + END)
        for minutes in (3, 5, 7):
            self._open(OPENED + END + timedelta(minutes=minutes))
        figures = {str(house): (1, 1, 0) for house in self.started.secret}
        self.events.append((OPENED + END + timedelta(hours=1), VoteCounted(figures)))
        back = SendBackCast(self.draw.choice(self.members), Choice.FOR, "Too soon.")
        self.events.append((OPENED + END + timedelta(hours=9), back))

    def _ballots(self, start: datetime, length: timedelta, count: int) -> None:
        for _ in range(count):
            member = self.draw.choice([*self.members, *["stranger"] * 2])
            moment = start + self.draw.random() * length
            choice, nonce = self.draw.choice([*Choice, *[Choice.FOR] * 9]), self.draw.randbytes(32).hex()
            receipt = BallotReceipt(self.id, member, choice, nonce)
            # One in eight is cast in a way that may be wrong.
            wrong = [BallotCast(member, choice, receipt.seal), BallotCast(member), BallotCast(member, None, "A" * 64)]
            either = [BallotCast(member, choice), BallotCast(member, None, receipt.seal)]
            is_open = self.started.mode is BallotMode.OPEN
            usual = either[0 if is_open and not member.startswith(self.started.secret) else 1]
            event = usual if self.draw.randrange(8) else self.draw.choice([*wrong, *either])
            self.receipts[len(self.events)] = receipt
            self.events.append((moment, event))

    def _changes(self, moment: datetime) -> None:
        """Members are struck, and groups are joined, some of them twice or into one that is not on the roll."""
        for _ in range(self.draw.randrange(3)):
            self.events.append((moment, MembersStruck(tuple(self.draw.sample(self.members, 2)), "Shells.")))
        for _ in range(self.draw.randrange(4)):
            joined = self.draw.sample(self.groups, 3)
            into = self.draw.choice([joined[0], joined[1], "nobody"])
            self.events.append((moment, GroupsJoined(tuple(joined), into, "One owner.")))

    def _open(self, moment: datetime) -> None:
        """Some ballots are opened, some of them with another choice or nonce than was sealed."""
        some = self.draw.sample(sorted(self.receipts), len(self.receipts) // 2)
        ballots = []
        for place in some:
            receipt = self.receipts[place]
            choice = receipt.choice if self.draw.randrange(5) else self.draw.choice([*Choice])
            nonce = receipt.nonce if self.draw.randrange(9) else self.draw.choice(["", "zz", receipt.nonce.upper()])
            ballots.append(UnsealedBallot(self.first + place, choice, nonce))
        self.events.append((moment, BallotsUnsealed(tuple(ballots))))

    def _store(self) -> None:
        house = str(House.SMALL_FIRM)
        named = {"author": "o", "author_group": "o", "author_house": house, "author_economy": "KE"}
        proposal = models.Proposal.objects.create(id=self.id.replace("vot", "prp"), title="T", at=OPENED, **named)
        self.row = models.Vote.objects.create(id=self.id, proposal=proposal, opened=OPENED)
        models.RollMember.objects.bulk_create(
            models.RollMember(vote=self.row, **{one.name: getattr(each, one.name) for one in fields(each)})
            for each in self.roll.entries
        )
        waiting = self.draw.choice([0, 1, 4])
        for place, (at, payload) in enumerate(self.events):
            subject = HUB if isinstance(payload, HeartbeatSent) else self.id
            event = Event(subject, CLOCK, at, payload)
            named = {"kind": str(payload.kind), "subject": subject, "actor": event.actor_label}
            given = {**named, "salt": place.to_bytes(32), "body": event.body, "at": at, "public": True}
            if place < len(self.events) - waiting:
                LogEntry.objects.create(index=self.first + place, **given)
            else:
                PendingEvent.objects.create(leaf=event_leaf(place.to_bytes(32), event.body), **given)


def values_of(state: VoteFigures) -> list[object]:
    return [getattr(state, one.name) for one in fields(VoteFigures)]


def test_the_database_finds_what_core_finds():
    ends = OPENED + END
    behind = [timedelta(minutes=minutes) for minutes in (4, 6, 61)]
    moments = [OPENED, OPENED + EARLY, ends - timedelta(minutes=2), ends, *(ends + each for each in behind)]
    moments += [ends + timedelta(days=2), ends + timedelta(days=30)]
    stages, seen = set(), set()
    for number in range(8):
        vote = DrawnVote(number)
        record = VoteRecord(vote.row)
        for moment in moments:
            state = record.state(moment)
            houses = {each.house: each for each in count_ballots(vote.id, record.course(moment))}
            assert houses == state.box.count.houses, (number, moment)
            assert values_of(record.find_figures(moment)) == values_of(state), (number, moment)
            stages.add(state.stage)
            seen |= {each.reason.code for each in state.box.void}
    # Whatever can happen to a ballot did happen, or the comparison would show little.
    assert {"ballot_late", "ballot_member_unknown", "ballot_mode_wrong", "ballot_struck", "ballot_unsealed"} == seen
    assert {VoteStage.OPEN, VoteStage.COUNTING, VoteStage.FAILED, VoteStage.SENT_BACK} <= stages
