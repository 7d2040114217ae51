"""The body that answers an alarm: whoever has the log draws the same one, and only what it agrees on has an effect."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ewtp.core.organisations.house import House
from ewtp.core.votes.answering_body import bloc_groups, draw_body, find_concerned_house, hearings_of
from ewtp.core.votes.vote_events import (
    AlarmAnswered,
    AlarmKind,
    AlarmRaised,
    AlarmVerdict,
    BallotCast,
    BodyDrawn,
    OpinionStated,
)
from ewtp.core.votes.vote_state import VoteStage, vote_state
from ewtp.core.votes.vote_tally import HOUSES, Choice, tally_vote
from tests.core.votes.electorates import PROCEDURE, ROOT, answer_of, at, entries, names, roll_of, started
from tests.drawn_inputs import input_count

ROLL = roll_of(8)
SMALL = names(ROLL, House.SMALL_FIRM)
ALARM = AlarmRaised(AlarmKind.ALONE, "owner:fund", {"groups_held": " ".join(SMALL[:3])})
FORTNIGHT = 14 * 24


def state(hours, *events):
    return vote_state(entries((0, started(ROLL)), *events), ROLL, at(hours))


def drawn(root=ROOT, alarms=(ALARM,)):
    return draw_body("p-1", alarms, ROLL, root)


def test_five_groups_of_other_houses_are_drawn_and_another_root_draws_others():
    body = drawn()
    assert len(set(body)) == 5
    assert House.SMALL_FIRM not in {ROLL.houses[group] for group in body}
    assert drawn() == body
    assert drawn(bytes(32)) != body
    # Of each group the order is its own, so that nobody moves others by joining or leaving.
    assert len({drawn(bytes([number]) * 32) for number in range(20)}) > 15


def test_the_house_is_the_one_that_the_alarm_names_or_that_its_bloc_is_largest_in():
    named = AlarmRaised(AlarmKind.ALONE, "verifier:v1", {"house": "government"})
    assert find_concerned_house(named, ROLL) is House.GOVERNMENT
    assert find_concerned_house(ALARM, ROLL) is House.SMALL_FIRM
    assert bloc_groups(ALARM, ROLL) == frozenset(SMALL[:3])
    assert bloc_groups(AlarmRaised(AlarmKind.POWER, "economy:KE", {}), ROLL) == set(ROLL.houses)
    assert bloc_groups(AlarmRaised(AlarmKind.POWER, "cohort:v1/2025-06", {}), ROLL) == set(ROLL.houses)
    about_the_roll = AlarmRaised(AlarmKind.ROLL, "roll", {})
    assert find_concerned_house(about_the_roll, ROLL) is None
    assert len(drawn(alarms=(about_the_roll,))) == 5
    # Where everybody belongs to the bloc, other houses judge it all the same.
    everybody = AlarmRaised(AlarmKind.POWER, "economy:KE", {"house": "large_firm"})
    assert {ROLL.houses[group] for group in drawn(alarms=(everybody,))} <= set(HOUSES) - {House.LARGE_FIRM}
    assert len(drawn(alarms=(everybody,))) == len(drawn(alarms=(ALARM, everybody))) == 5
    assert not set(SMALL[:3]) & set(drawn(alarms=(ALARM, everybody)))


@pytest.mark.parametrize("left_out", [0, 1, 2, 3])
def test_an_answer_takes_a_body_and_three_who_agree(left_out):
    events = answer_of(ROLL, [ALARM], AlarmVerdict.NEW_ROLL)
    told = [(2, each) for number, each in enumerate(events) if number != left_out]
    assert state(3, (1, ALARM), *told).stage is VoteStage.SUSPENDED
    assert state(3, (1, ALARM), *((2, each) for each in events)).stage is VoteStage.NEW_ROLL


def test_a_body_that_the_root_does_not_draw_answers_nothing():
    body, *others = answer_of(ROLL, [ALARM], AlarmVerdict.NEW_ROLL)
    chosen = BodyDrawn(body.alarm, body.size, bytes(32).hex(), body.groups)
    assert state(3, (1, ALARM), *((2, each) for each in (chosen, *others))).stage is VoteStage.SUSPENDED


def test_the_last_opinion_of_a_group_counts_and_those_of_others_do_not():
    body, *opinions, answer = answer_of(ROLL, [ALARM], AlarmVerdict.STANDS)
    changed = OpinionStated(AlarmKind.ALONE, opinions[0].member, AlarmVerdict.NEW_ROLL, "Again.")
    stranger = OpinionStated(AlarmKind.ALONE, SMALL[-1], AlarmVerdict.STANDS, "Mine.")
    told = [body, *opinions, changed, stranger, answer]
    assert state(3, (1, ALARM), *((2, each) for each in told)).stage is VoteStage.SUSPENDED


def test_an_answer_strikes_members_of_the_bloc_alone():
    other = SMALL[-1]
    for struck, counted in ((SMALL[:2], 6), ([other], 8)):
        told = [(2, each) for each in answer_of(ROLL, [ALARM], AlarmVerdict.STRIKES, struck)]
        assert state(3, (1, ALARM), *told).box.electorate.active[House.SMALL_FIRM] == counted
    hearing = hearings_of(entries((0, started(ROLL)), (1, ALARM), beats=False), ROLL)[AlarmKind.ALONE]
    assert hearing.strikable(ROLL) == set(SMALL[:3])
    assert hearing.body is None


@settings(max_examples=input_count(25), deadline=None)
@given(st.lists(st.sampled_from(Choice), min_size=32, max_size=32), st.sets(st.sampled_from(SMALL[:3]), min_size=1))
def test_a_strike_leaves_the_tally_of_the_others(choices, struck):
    cast = [(1, BallotCast(entry.member, choice)) for entry, choice in zip(ROLL.entries, choices, strict=True)]
    told = [(3, each) for each in answer_of(ROLL, [ALARM], AlarmVerdict.STRIKES, sorted(struck))]
    over = state(2 * FORTNIGHT, *cast, (2, ALARM), *told)
    assert over.tally is not None
    # As if those members had never been on the roll.
    left = [
        (entry.house, choice) for entry, choice in zip(ROLL.entries, choices, strict=True) if entry.member not in struck
    ]
    for count in over.tally.counts:
        own = [choice for house, choice in left if house is count.house]
        assert (count.active, count.yes, count.no) == (len(own), own.count(Choice.FOR), own.count(Choice.AGAINST))
    assert over.tally == tally_vote(over.box.counts(), PROCEDURE, over.started.majority)
    assert [one.house for one in over.tally.counts] == list(HOUSES)
    assert isinstance(told[-1][1], AlarmAnswered)
