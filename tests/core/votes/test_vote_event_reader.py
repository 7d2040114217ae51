"""Events of a vote are read back from the log as they were written."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ewtp.core.organisations.house import House
from ewtp.core.values.canonical_json import canonical_json
from ewtp.core.votes.vote_event_reader import read_vote_event
from ewtp.core.votes.vote_events import (
    AlarmAnswered,
    AlarmKind,
    AlarmRaised,
    AlarmVerdict,
    BallotCast,
    BallotsUnsealed,
    BodyDrawn,
    GroupsJoined,
    HeartbeatSent,
    MembersStruck,
    OpinionStated,
    PowerMeasured,
    ResultPublished,
    SendBackCast,
    UnsealedBallot,
    VoteClosed,
    VoteCounted,
    VoteEventKind,
)
from ewtp.core.votes.vote_tally import Choice
from tests.core.votes.electorates import roll_of, started

EVENTS = (
    replace(started(roll_of(5)), secret=(House.SMALL_FIRM,), sent_back=1),
    BallotCast("m", Choice.FOR),
    BallotCast("m", None, "0" * 64),
    BallotsUnsealed((UnsealedBallot(7, Choice.ABSTAIN, "00"),)),
    MembersStruck(("a", "b"), "Shells."),
    GroupsJoined(("a", "b"), "a", "One owner."),
    AlarmRaised(AlarmKind.SURGE, "verifier:v1", {"new": "19"}),
    AlarmAnswered(AlarmKind.SURGE, AlarmVerdict.STRIKES, "Looked into.", ("a",)),
    PowerMeasured(({"bloc": "house:government", "groups": {"government": 5}, "shapley": "0.2", "observed": None},)),
    BodyDrawn(AlarmKind.SURGE, 7, "ab", ("a", "b")),
    OpinionStated(AlarmKind.SURGE, "a", AlarmVerdict.STRIKES, "Looked into.", ("b",)),
    HeartbeatSent(),
    VoteClosed(),
    SendBackCast("m", Choice.AGAINST),
    ResultPublished("passed", {"government": (6, 5, 1, 0)}, "5/6"),
    VoteCounted({"small_firm": (5, 1, 0)}),
)


def test_every_event_is_read_back_from_the_log():
    assert {event.kind for event in EVENTS} == set(VoteEventKind)
    for event in EVENTS:
        facts = json.loads(canonical_json(event.as_json()))
        assert read_vote_event(str(event.kind), facts) == event
        # Whoever checks a vote reads all of it.
        assert event.public
    with pytest.raises(KeyError, match="votes:vote:forgotten"):
        read_vote_event("votes:vote:forgotten", {})
