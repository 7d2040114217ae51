"""Alarms follow from the roll: one that was not raised is missing, one that was made up does not follow."""

from __future__ import annotations

import pytest

from ewtp.core.recount.alarm_recount import AlarmRecount
from ewtp.core.recount.logged_vote import LoggedVote
from ewtp.core.votes.alarms import alone_alarms, power_alarms
from ewtp.core.votes.ballot_box import electorate_of
from ewtp.core.votes.blocs import blocs_of, measure_vote
from ewtp.core.votes.vote_events import AlarmKind, AlarmRaised, VoteEntry
from ewtp.core.votes.vote_tally import Majority
from tests.core.votes.electorates import OPENED, PROCEDURE, roll_of, started

ROLL = roll_of(6)
BLOCS = blocs_of(ROLL.entries, {})
# Everybody is of one economy and was verified by one organisation.
FOLLOW = [*alone_alarms(BLOCS, electorate_of([], ROLL), PROCEDURE, Majority.ORDINARY)]


def recount(*raised: AlarmRaised) -> tuple[list[str], AlarmRecount]:
    events = [started(ROLL), *raised]
    entries = [VoteEntry(index, OPENED, event) for index, event in enumerate(events)]
    vote = LoggedVote("p-1", 0, events[0], "", entries)
    found = AlarmRecount(vote, ROLL, measure_vote(ROLL, {}, PROCEDURE, Majority.ORDINARY))
    return sorted({f"{each.code} {each.params['bloc']}" for each in found.faults()}), found


@pytest.fixture(scope="module")
def by_roll() -> list[AlarmRaised]:
    """Every alarm that the roll gives: of one economy, and of one verifier."""
    faults, _ = recount()
    assert faults == ["recount_alarm_missing economy:KE", "recount_alarm_missing verifier:v1"]
    raised = {(each.alarm, each.bloc): each for each in FOLLOW}
    assert {bloc for _, bloc in raised} == {"economy:KE", "verifier:v1"}
    measured = measure_vote(ROLL, {}, PROCEDURE, Majority.ORDINARY)
    return [*raised.values(), *power_alarms(measured, PROCEDURE)]


def test_alarms_that_follow_are_recounted(by_roll):
    faults, found = recount(*by_roll)
    assert (faults, found.recounted) == ([], len(by_roll))


def test_an_alarm_that_is_missing_and_one_that_does_not_follow_are_named(by_roll):
    invented = AlarmRaised(AlarmKind.ALONE, "economy:GH", {"house": "government", "groups": "4", "of": "6"})
    rounded = AlarmRaised(by_roll[0].alarm, by_roll[0].bloc, {**by_roll[0].figures, "groups": "5"})
    assert recount(*by_roll, invented)[0] == ["recount_alarm_differs economy:GH"]
    assert recount(rounded, *by_roll[1:])[0] == ["recount_alarm_differs economy:KE"]
    assert "recount_alarm_missing verifier:v1" in recount(*(each for each in by_roll if each.bloc != "verifier:v1"))[0]


def test_blocs_of_owners_are_left():
    owner = AlarmRaised(AlarmKind.ALONE, "owner:org_1", {"house": "government", "groups": "4", "of": "6"})
    assert recount(owner)[1].of_owners == 1
