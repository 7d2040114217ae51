"""Votes in which anything may happen at any time: what never breaks, and who can never decide."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ewtp.core.organisations.house import House
from ewtp.core.votes.ownership import OwnershipTie, Tie
from ewtp.core.votes.roll import VoteRoll, freeze_roll
from ewtp.core.votes.vote_course import vote_course
from ewtp.core.votes.vote_events import (
    AlarmAnswered,
    AlarmKind,
    AlarmRaised,
    AlarmVerdict,
    BallotCast,
    GroupsJoined,
    HeartbeatSent,
    MembersStruck,
    SendBackCast,
    VoteClosed,
    VoteEntry,
)
from ewtp.core.votes.vote_moments import vote_moments
from ewtp.core.votes.vote_state import ENDS, VoteFigures, VoteStage, vote_state
from ewtp.core.votes.vote_tally import HOUSES, Choice
from tests.core.votes.electorates import OPENED, PROCEDURE, answer_of, entries, member, roll_of, started
from tests.drawn_inputs import input_count

ROLL = roll_of(5)
MEMBERS = [entry.member for entry in ROLL.entries]
GROUPS = sorted(ROLL.houses)
HELD = MEMBERS[-2:]
# What may follow a stage, however much time has passed.
AFTER = {
    VoteStage.OPEN: {VoteStage.SUSPENDED, VoteStage.COUNTING, VoteStage.RETURNABLE},
    VoteStage.SUSPENDED: {VoteStage.OPEN, VoteStage.COUNTING, VoteStage.RETURNABLE},
    VoteStage.COUNTING: {VoteStage.RETURNABLE},
    VoteStage.RETURNABLE: set(),
}
# With a heartbeat a day there are fewer entries to read.
RARE = {**PROCEDURE.as_texts(), "outage.heartbeat": "1d"}
HOURS = timedelta(hours=6)
_FIGURES = [each.name for each in fields(VoteFigures)]


class VoteMachine(RuleBasedStateMachine):
    """Events in any order while time passes; the hub sends its heartbeats unless it is down."""

    def __init__(self) -> None:
        super().__init__()
        self.now = OPENED
        self.entries = [VoteEntry(0, OPENED, replace(started(ROLL), procedure=RARE))]
        self.state = vote_state(self.entries, ROLL, self.now)

    def log(self, event) -> None:
        self.entries.append(VoteEntry(len(self.entries), self.now, event))

    @rule(quarters=st.integers(1, 4 * 6), up=st.sampled_from([True, True, True, False]))
    def wait(self, *, quarters: int, up: bool) -> None:
        for _ in range(quarters):
            self.now += HOURS
            if up:
                self.log(HeartbeatSent())
        # Whoever comes back says so.
        self.log(HeartbeatSent())

    @rule(name=st.sampled_from([*MEMBERS, "stranger"]), choice=st.sampled_from(Choice))
    def cast(self, name: str, choice: Choice) -> None:
        self.log(BallotCast(name, choice))

    @rule(choice=st.sampled_from([Choice.FOR, Choice.FOR, Choice.AGAINST]))
    def everybody_votes(self, choice: Choice) -> None:
        for name in MEMBERS:
            self.log(BallotCast(name, choice))

    @rule(kind=st.sampled_from(AlarmKind))
    def alarm(self, kind: AlarmKind) -> None:
        self.log(AlarmRaised(kind, "owner:fund", {"groups_held": " ".join(HELD)}))

    @rule(
        kind=st.sampled_from(AlarmKind),
        verdict=st.sampled_from(AlarmVerdict),
        struck=st.lists(st.sampled_from([*HELD, MEMBERS[0]]), max_size=2, unique=True),
        heard=st.booleans(),
    )
    def answer(self, *, kind: AlarmKind, verdict: AlarmVerdict, struck: list[str], heard: bool) -> None:
        alarms = [
            each.event for each in self.entries if isinstance(each.event, AlarmRaised) and each.event.alarm is kind
        ]
        # An answer that no body agreed on is an entry like any other, and does nothing.
        if heard and alarms:
            for event in answer_of(ROLL, alarms, verdict, struck):
                self.log(event)
        else:
            self.log(AlarmAnswered(kind, verdict, "Looked into.", tuple(struck)))

    @rule(names=st.lists(st.sampled_from(MEMBERS), max_size=2))
    def strike(self, names: list[str]) -> None:
        self.log(MembersStruck(tuple(names), "Shells."))

    @rule(groups=st.lists(st.sampled_from(GROUPS), min_size=2, max_size=3, unique=True))
    def join(self, groups: list[str]) -> None:
        self.log(GroupsJoined(tuple(groups), groups[0], "One owner."))

    @rule()
    def close(self) -> None:
        self.log(VoteClosed())

    @rule(name=st.sampled_from(MEMBERS), choice=st.sampled_from(Choice))
    def send_back(self, name: str, choice: Choice) -> None:
        self.log(SendBackCast(name, choice, "Too soon."))

    @rule(hours=st.integers(0, 30 * 24))
    def stay_until_the_next_moment(self, hours: int) -> None:
        """Nothing more is written: from any moment on, the state lasts up to the next one that was found."""
        now = self.now + timedelta(hours=hours)
        state = vote_state(self.entries, ROLL, now)
        moments = vote_moments(vote_course(self.entries, lambda: ROLL, now), state)
        until = min((each for each in moments if each >= now), default=now + timedelta(days=400))
        if until > now:
            later = vote_state(self.entries, ROLL, until - timedelta(microseconds=1))
            assert [getattr(later, name) for name in _FIGURES] == [getattr(state, name) for name in _FIGURES]

    @invariant()
    def holds(self) -> None:
        before, self.state = self.state, vote_state(self.entries, ROLL, self.now)
        state, box = self.state, self.state.box
        if before.stage in ENDS:
            assert state.stage is before.stage
        elif state.stage is not before.stage:
            assert state.stage in AFTER[before.stage] | ENDS
        if not before.takes_ballots:
            assert not state.takes_ballots
            assert before.tally is None or state.tally == before.tally
        else:
            assert state.closes >= before.closes
        assert (state.tally is not None) == (
            state.stage in {VoteStage.RETURNABLE, VoteStage.PASSED, VoteStage.FAILED, VoteStage.SENT_BACK}
        )
        assert (state.stage is VoteStage.SUSPENDED) <= bool(state.unanswered)
        assert state.stage not in {VoteStage.PASSED, VoteStage.RETURNABLE} or (
            state.tally is not None and state.tally.passed
        )
        assert sum(state.turnout.values()) == len(box.ballots) <= len(box.electorate.houses)
        assert all(ballot.member in box.electorate.groups for ballot in box.ballots.values())
        assert state.until is None or state.until >= self.now or state.stage is VoteStage.COUNTING
        assert all(box.electorate.houses[group] in HOUSES for group in box.ballots)


VoteMachine.TestCase.settings = settings(max_examples=input_count(40), stateful_step_count=25, deadline=None)
TestVoteMachine = VoteMachine.TestCase


# Who can never decide

NAMES = [f"{house}-{number}" for house in HOUSES for number in range(6)]


@st.composite
def owned_rolls(draw) -> tuple[VoteRoll, frozenset[str]]:
    """A roll of members with owners, and all members under one of them."""
    members = [member(name, House(name.rpartition("-")[0]), economy=f"E{place}") for place, name in enumerate(NAMES)]
    # Agencies are of their state, whoever claims to control them.
    owned = draw(
        st.lists(
            st.sampled_from([name for name in NAMES if "government" not in name]), min_size=1, max_size=12, unique=True
        )
    )
    ties = [OwnershipTie("owner", name, Tie.CONTROLS) for name in owned]
    return freeze_roll(members, ties, PROCEDURE, OPENED.date()), frozenset(owned)


def vote_of(roll: VoteRoll, cast):
    """The state when the vote is over."""
    beats = [(24 * day, HeartbeatSent()) for day in range(1, 15)]
    first = replace(started(roll), procedure=RARE)
    return vote_state(entries((0, first), *cast, *beats, beats=False), roll, OPENED + timedelta(days=14))


@settings(max_examples=input_count(60), deadline=None)
@given(owned_rolls(), st.data())
def test_members_of_one_owner_have_one_vote_however_they_cast_it(drawn, data):
    roll, owned = drawn
    choices = {name: data.draw(st.sampled_from(Choice)) for name in NAMES}
    order = data.draw(st.permutations(NAMES))

    def counts(those):
        cast = [(1 + place / 100, BallotCast(name, choices[name])) for place, name in enumerate(those)]
        return vote_of(roll, cast).box.counts()

    everything = counts(order)
    last = [name for name in order if name in owned][-1]
    alone = [name for name in order if name not in owned or name == last]
    # All ballots of the owner together are worth the last of them, in one house.
    assert everything == counts(alone)
    without = counts([name for name in order if name not in owned])
    votes = [sum((one.yes + one.no + one.abstain) for one in found) for found in (everything, without)]
    assert votes[0] == votes[1] + 1
    assert sum(one != other for one, other in zip(everything, without, strict=True)) == 1


@settings(max_examples=input_count(60), deadline=None)
@given(owned_rolls(), st.data())
def test_no_owner_passes_what_nobody_else_wants(drawn, data):
    roll, owned = drawn
    against = data.draw(st.sampled_from([Choice.AGAINST, Choice.ABSTAIN]))
    cast = [(1, BallotCast(name, Choice.FOR if name in owned else against)) for name in NAMES]
    found = vote_of(roll, cast)
    assert found.stage is VoteStage.FAILED


@settings(max_examples=input_count(60), deadline=None)
@given(owned_rolls())
def test_no_owner_blocks_what_everybody_else_wants(drawn):
    roll, owned = drawn
    cast = [(1, BallotCast(name, Choice.AGAINST if name in owned else Choice.FOR)) for name in NAMES]
    found = vote_of(roll, cast)
    # Joining an owner's members may leave a house too small for anything to pass, which is not a vote of theirs.
    if all(count >= PROCEDURE.house_active_groups for count in roll.active.values()) and len(roll.active) == len(
        HOUSES
    ):
        assert found.stage is VoteStage.RETURNABLE
