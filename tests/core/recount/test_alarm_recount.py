"""Alarms follow from the roll: one that was not raised is missing, one that was made up does not follow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ewtp.core.organisations.house import House
from ewtp.core.recount.alarm_recount import AlarmRecount
from ewtp.core.recount.organisations_so_far import OrganisationsSoFar
from ewtp.core.recount.vote_entries import LoggedVote
from ewtp.core.votes.alarms import alone_alarms, lockstep_alarms, past_vote, power_alarms
from ewtp.core.votes.ballot_box import electorate_of
from ewtp.core.votes.blocs import blocs_of, measure_vote
from ewtp.core.votes.vote_events import AlarmKind, AlarmRaised, BallotCast, VoteEntry, cast_ballots
from ewtp.core.votes.vote_tally import Choice, Majority
from tests.core.votes.electorates import DAY, OPENED, PROCEDURE, entries, names, roll_of, started
from tests.core.votes.test_alarms import mixed_roll

if TYPE_CHECKING:
    from ewtp.core.votes.roll import VoteRoll

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


def test_an_alarm_about_several_votes_is_recounted_from_those_before():
    mixed = mixed_roll((40, 4, 4, 4), economy=_economy)
    small = names(mixed, House.SMALL_FIRM)
    votes = [ended_vote(number, mixed, small) for number in range(4)]
    owners = OrganisationsSoFar().owners(OPENED.date())
    *before, last = votes
    last.owners, last.earlier = owners, before
    boxes = [past_vote(each.state(mixed, each.outcomes[0][1]).box) for each in votes]
    (found,) = lockstep_alarms(blocs_of(mixed.entries, {}), boxes, PROCEDURE)
    assert (found.bloc, found.figures["together"]) == ("economy:KE", "24")

    def told(alarm: AlarmRaised) -> AlarmRecount:
        index, moment, _ = last.outcomes[0]
        entries = [*last.entries, VoteEntry(index + 1, moment, alarm)]
        return AlarmRecount(replace(last, entries=entries), mixed, None)

    held, odd = told(found), told(replace(found, figures={**found.figures, "together": "25"}))
    assert (held.faults(), held.recounted, held.alike) == ([], 1, 0)
    assert [each.code for each in odd.faults()] == ["recount_alarm_differs"]
    # Without the roll of a vote before it cannot be shown.
    before[0].given = []
    unknown = told(found)
    assert (unknown.faults(), unknown.recounted, unknown.alike) == ([], 0, 1)


def _economy(house: House, number: int) -> str:
    return "KE" if house is House.SMALL_FIRM and number < 6 else f"E{house}{number}"


def ended_vote(number: int, roll: VoteRoll, small: list[str]) -> LoggedVote:
    """A vote two months after the one before: half of the small firms are for it, six of them always together."""
    choices = {name: Choice.FOR if place % 2 else Choice.AGAINST for place, name in enumerate(small)}
    choices |= dict.fromkeys(small[:6], Choice.FOR if number % 2 else Choice.AGAINST)
    opening, later = started(roll), 61 * DAY * number
    made = entries((0, opening), *((1, BallotCast(name, choice)) for name, choice in choices.items()))
    told = [VoteEntry(each.index + 10_000 * number, each.at + later, each.event) for each in made]
    end = (told[-1].index + 1, told[-1].at, "failed")
    others = [one for one in told if not isinstance(one.event, BallotCast)]
    given = [each.as_json() for each in roll.entries]
    return LoggedVote(f"v-{number}", told[0].index, opening, "", others, cast_ballots(told), given, [end])
