"""The life of a vote as a function of what happened and of the moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ewtp.core.organisations.house import House
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.ballot import BallotMode, read_choice, seal_ballot
from ewtp.core.votes.roll import VoteRoll
from ewtp.core.votes.vote_events import (
    AlarmKind,
    AlarmRaised,
    AlarmVerdict,
    BallotCast,
    BallotsUnsealed,
    GroupsJoined,
    HeartbeatSent,
    MembersStruck,
    SendBackCast,
    UnsealedBallot,
    VoteClosed,
    VoteCounted,
    VoteEntry,
)
from ewtp.core.votes.vote_state import VoteStage, vote_state
from ewtp.core.votes.vote_tally import HOUSES, Choice, Majority
from tests.core.votes.electorates import OPENED, answer_of, at, entries, names, roll_of, started

ROLL = roll_of(6)
FORTNIGHT = 14 * 24
FOR, AGAINST = Choice.FOR, Choice.AGAINST


def everybody(choice: Choice = FOR, roll=ROLL):
    return [(1, BallotCast(entry.member, choice)) for entry in roll.entries]


def stage(hours: float, *events, roll=ROLL, first=None, beats: bool = True):
    return state(hours, *events, roll=roll, first=first, beats=beats).stage


def state(hours: float, *events, roll=ROLL, first=None, beats: bool = True):
    return vote_state(entries((0, first or started(roll)), *events, beats=beats), roll, at(hours))


def test_a_vote_that_passes():
    events = (*everybody(), (FORTNIGHT, VoteClosed()))
    running = state(2, *events)
    assert (running.stage, running.tally, running.closes) == (VoteStage.OPEN, None, at(FORTNIGHT))
    assert running.turnout == dict.fromkeys(HOUSES, 6)
    assert running.takes_ballots
    assert stage(FORTNIGHT - 0.01, *events) is VoteStage.OPEN
    returnable = state(FORTNIGHT, *events)
    assert (returnable.stage, returnable.until) == (VoteStage.RETURNABLE, at(FORTNIGHT + 7 * 24))
    assert returnable.tally is not None
    assert returnable.tally.passed
    assert stage(FORTNIGHT + 7 * 24 - 0.01, *events) is VoteStage.RETURNABLE
    assert stage(FORTNIGHT + 7 * 24, *events) is VoteStage.PASSED


def test_nothing_waits_for_a_job():
    assert stage(FORTNIGHT + 7 * 24, *everybody()) is VoteStage.PASSED
    assert stage(FORTNIGHT, *everybody(AGAINST)) is VoteStage.FAILED


def test_the_last_ballot_counts():
    changed = (5, BallotCast(ROLL.entries[0].member, AGAINST))
    counts = state(FORTNIGHT, *everybody(), changed).box.counts()
    assert [(one.yes, one.no) for one in counts] == [
        (6, 0) if one.house is not ROLL.entries[0].house else (5, 1) for one in counts
    ]


def test_ballots_after_closing_are_void():
    name = ROLL.entries[0].member
    late = (FORTNIGHT + 1, BallotCast(name, AGAINST))
    found = state(FORTNIGHT + 2, *everybody(), late)
    assert [each.reason.code for each in found.box.void] == ["ballot_late"]
    assert found.stage is VoteStage.RETURNABLE
    # A ballot that was numbered behind the closing is void, whatever its own time is.
    written = entries((0, started(ROLL)), *everybody(), (FORTNIGHT, VoteClosed()))
    back = VoteEntry(len(written), at(2), BallotCast(name, AGAINST))
    found = vote_state([*written, back], ROLL, at(FORTNIGHT))
    assert [each.index for each in found.box.void] == [back.index]


def test_a_closing_that_came_too_early_closes_nothing():
    events = (*everybody(), (24, VoteClosed()), (30, BallotCast(ROLL.entries[0].member, AGAINST)))
    found = state(48, *events)
    assert (found.stage, found.box.void) == (VoteStage.OPEN, ())


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 23), st.sampled_from(Choice)), max_size=60))
def test_of_a_group_the_last_ballot_counts_whether_or_not_another_is_void(ballots):
    shared = VoteRoll(
        replace(entry, group=ROLL.entries[place // 3 * 3].member, house=ROLL.entries[place // 3 * 3].house)
        for place, entry in enumerate(ROLL.entries)
    )
    cast = [(1, BallotCast(ROLL.entries[place].member, choice)) for place, choice in ballots]
    found, with_void = (state(9, *cast, *more, roll=shared).box for more in ((), [(1, BallotCast("stranger", FOR))]))
    # Without a void one they are counted in another way.
    assert list(found.ballots.items()) == list(with_void.ballots.items())
    last = {place // 3: choice for place, choice in ballots}
    assert sorted(str(each.choice) for each in found.ballots.values()) == sorted(map(str, last.values()))
    assert (found.void, len(with_void.void)) == ((), 1)


def test_who_is_not_on_the_roll_or_votes_in_another_way_does_not_count():
    name = ROLL.entries[0].member
    found = state(9, (1, BallotCast("stranger", FOR)), (2, BallotCast(name, None, "0" * 64)), (3, BallotCast(name)))
    assert [each.reason.code for each in found.box.void] == ["ballot_member_unknown", *["ballot_mode_wrong"] * 2]
    assert sum(found.turnout.values()) == 0


# Sealed and secret ballots


def sealed_vote(skipped: int = 0):
    receipts = [
        seal_ballot("p-1", entry.member, FOR, bytes([number]) * 32) for number, entry in enumerate(ROLL.entries)
    ]
    cast = [(1, BallotCast(each.member, None, each.seal)) for each in receipts]
    written = entries((0, started(ROLL, BallotMode.SEALED)), *cast, beats=True)
    indices = {one.event.seal: one.index for one in written if isinstance(one.event, BallotCast)}
    opened = tuple(UnsealedBallot(indices[each.seal], each.choice, each.nonce) for each in receipts)
    return written, opened[skipped:]


def with_more(written, *events):
    return [
        *written,
        *(VoteEntry(len(written) + place, at(hours), event) for place, (hours, event) in enumerate(events)),
    ]


def test_sealed_ballots_are_opened_after_closing():
    written, opened = sealed_vote()
    assert vote_state(written, ROLL, at(FORTNIGHT)).stage is VoteStage.COUNTING
    found = vote_state(with_more(written, (FORTNIGHT + 1, BallotsUnsealed(opened))), ROLL, at(FORTNIGHT + 1))
    assert (found.stage, found.until) == (VoteStage.RETURNABLE, at(FORTNIGHT + 1 + 7 * 24))


def test_a_ballot_that_the_hub_keeps_shut_is_opened_by_its_voter():
    written, opened = sealed_vote(skipped=1)
    kept = with_more(written, (FORTNIGHT + 1, BallotsUnsealed(opened)))
    assert vote_state(kept, ROLL, at(FORTNIGHT + 2)).stage is VoteStage.COUNTING
    assert vote_state(kept, ROLL, at(FORTNIGHT + 7 * 24)).stage is VoteStage.RETURNABLE
    _, everything = sealed_vote()
    shown = with_more(kept, (FORTNIGHT + 3, BallotsUnsealed(everything[:1])))
    found = vote_state(shown, ROLL, at(FORTNIGHT + 3))
    assert found.stage is VoteStage.RETURNABLE
    assert all(one.yes == 6 for one in found.box.counts())


def test_a_ballot_cannot_be_opened_as_another_one():
    written, opened = sealed_vote()
    changed = tuple(replace(each, choice=AGAINST) for each in opened)
    found = vote_state(with_more(written, (FORTNIGHT + 1, BallotsUnsealed(changed))), ROLL, at(FORTNIGHT + 2))
    assert {each.reason.code for each in found.box.void} == {"ballot_unsealed"}
    assert found.stage is VoteStage.COUNTING
    odd = (replace(opened[0], nonce="no hexadecimal digits"),)
    found = vote_state(with_more(written, (FORTNIGHT + 1, BallotsUnsealed(odd))), ROLL, at(FORTNIGHT + 2))
    assert [each.reason.code for each in found.box.void] == ["ballot_unsealed"]
    with pytest.raises(ValueError, match="32 bytes"):
        seal_ballot("p-1", "m", FOR, b"short")


def test_a_house_that_votes_in_secret_is_counted_by_its_trustees():
    first = started(ROLL, secret=(House.SMALL_FIRM,))
    secret = [(1, BallotCast(name, None, f"{number:064}")) for number, name in enumerate(names(ROLL, House.SMALL_FIRM))]
    clear = [each for each in everybody() if each[1].member not in names(ROLL, House.SMALL_FIRM)]
    assert stage(FORTNIGHT, *clear, *secret, first=first) is VoteStage.COUNTING
    counted = (FORTNIGHT + 2, VoteCounted({"small_firm": (5, 1, 0)}))
    found = state(FORTNIGHT + 2, *clear, *secret, counted, first=first)
    assert found.stage is VoteStage.RETURNABLE
    assert [one.no for one in found.box.counts() if one.house is House.SMALL_FIRM] == [1]
    # More votes than ballots count for nothing, and without a count the house has not voted.
    stuffed = (FORTNIGHT + 2, VoteCounted({"small_firm": (7, 0, 0)}))
    assert stage(FORTNIGHT + 3, *clear, *secret, stuffed, first=first) is VoteStage.COUNTING
    assert stage(FORTNIGHT + 7 * 24, *clear, *secret, stuffed, first=first) is VoteStage.FAILED


# Alarms

HELD = tuple(names(ROLL, House.SMALL_FIRM)[:2])


def raised(kind):
    return AlarmRaised(kind, "owner:fund", {"groups_held": " ".join(HELD)})


SURGE = raised(AlarmKind.SURGE)


def answered(hours, verdict=AlarmVerdict.STANDS, kind=AlarmKind.SURGE, struck=()):
    """The answer of the body at an hour, with what it takes before."""
    return [(hours, each) for each in answer_of(ROLL, [raised(kind)], verdict, struck)]


def test_an_alarm_stops_the_clock_until_it_is_answered():
    events = (*everybody(), (24, SURGE), *answered(72))
    stopped = state(48, *events)
    assert (stopped.stage, stopped.unanswered, stopped.until) == (
        VoteStage.SUSPENDED,
        (AlarmKind.SURGE,),
        at(24 + FORTNIGHT),
    )
    assert stage(72, *events) is VoteStage.OPEN
    assert stage(FORTNIGHT + 47.9, *events) is VoteStage.OPEN
    assert stage(FORTNIGHT + 48, *events) is VoteStage.RETURNABLE


def test_ballots_are_taken_while_the_clock_stands_still():
    found = state(60, (24, SURGE), *[(50, each) for _, each in everybody()])
    assert found.takes_ballots
    assert found.turnout == dict.fromkeys(HOUSES, 6)


def test_an_alarm_that_nobody_answers_ends_the_vote():
    assert stage(24 + FORTNIGHT - 0.01, (24, SURGE)) is VoteStage.SUSPENDED
    assert stage(24 + FORTNIGHT, (24, SURGE)) is VoteStage.LAPSED
    late = answered(24 + FORTNIGHT)
    assert stage(1000, *everybody(), (24, SURGE), *late) is VoteStage.LAPSED


def test_a_kind_of_alarm_stops_a_vote_once():
    events = (*everybody(), (24, SURGE), *answered(48), (100, SURGE))
    assert stage(101, *events) is VoteStage.OPEN
    assert state(101, *events).closes == at(FORTNIGHT + 24)
    # Another kind does; where both stand open, the time counts once.
    alone = raised(AlarmKind.ALONE)
    both = (*everybody(), (24, SURGE), (36, alone), *answered(48), *answered(60, kind=AlarmKind.ALONE))
    assert state(61, *both).closes == at(FORTNIGHT + 36)
    told = AlarmRaised(AlarmKind.LOCKSTEP, "economy:KE", {})
    assert stage(101, *everybody(), (100, told)) is VoteStage.OPEN


def test_an_alarm_after_closing_stops_nothing():
    assert stage(FORTNIGHT + 2, *everybody(), (FORTNIGHT + 1, SURGE)) is VoteStage.RETURNABLE
    assert stage(2 * FORTNIGHT + 2, *everybody(), (FORTNIGHT + 1, SURGE)) is VoteStage.PASSED


def test_the_answer_may_be_a_new_roll():
    events = (*everybody(), (24, SURGE), *answered(30, AlarmVerdict.NEW_ROLL))
    assert stage(29, *events) is VoteStage.SUSPENDED
    assert stage(30, *events) is stage(2000, *events) is VoteStage.NEW_ROLL


def test_struck_members_do_not_count():
    struck = HELD
    answer = answered(30, AlarmVerdict.STRIKES, struck=struck)
    again = (40, BallotCast(struck[0], FOR))
    found = state(50, *everybody(), (24, SURGE), *answer, again)
    assert found.turnout[House.SMALL_FIRM] == 4
    assert found.box.electorate.active[House.SMALL_FIRM] == 4
    assert {each.reason.code for each in found.box.void} == {"ballot_struck"}
    assert state(50, *everybody(), (24, MembersStruck(struck, "Shells."))).turnout[House.SMALL_FIRM] == 4
    # With four groups left in a house, nothing passes.
    assert stage(FORTNIGHT + 6, *everybody(), (24, SURGE), *answer) is VoteStage.FAILED
    # After closing nobody is struck any more: by then it shows whom it would serve.
    assert stage(FORTNIGHT + 6, *everybody(), (FORTNIGHT + 1, MembersStruck(struck, "Late."))) is VoteStage.RETURNABLE


def test_groups_that_turn_out_to_be_one_have_one_ballot():
    one, other = ROLL.entries[0], next(each for each in ROLL.entries if each.house is House.LARGE_FIRM)
    joined = (30, GroupsJoined((one.group, other.group), other.group, "One owner."))
    found = state(
        50,
        (1, BallotCast(one.member, FOR)),
        (2, BallotCast(other.member, AGAINST)),
        (3, BallotCast(one.member, FOR)),
        joined,
    )
    assert found.box.electorate.active[one.house] == 5
    assert found.turnout == {**dict.fromkeys(HOUSES, 0), House.LARGE_FIRM: 1}
    assert [one.yes for one in found.box.counts() if one.house is House.LARGE_FIRM] == [1]


@pytest.mark.parametrize(("size", "ends"), [(4, VoteStage.FAILED), (5, VoteStage.FAILED), (6, VoteStage.RETURNABLE)])
def test_a_house_that_falls_below_five_groups_passes_nothing(size, ends):
    """All are for it, and two groups of one house turn out to be one while the vote is open."""
    roll = roll_of(size)
    one, other = names(roll, House.CIVIL_SOCIETY)[:2]
    joined = (30, GroupsJoined((one, other), one, "One owner."))
    assert stage(FORTNIGHT, *everybody(roll=roll), joined, roll=roll) is ends


# Outages


def beating(until: float, after: float | None = None, last: float = 2000):
    """Heartbeats each quarter of an hour, up to an hour, and from another one on."""
    hours = [quarter / 4 for quarter in range(1, int(last * 4))]
    return [(each, HeartbeatSent()) for each in hours if each <= until or (after is not None and each >= after)]


def test_an_outage_on_the_last_day_lengthens_the_vote():
    # Down from half an hour after the last heartbeat at 326: six and a half hours, and twelve more.
    beats = beating(FORTNIGHT - 10, FORTNIGHT - 3)
    assert state(FORTNIGHT - 2, *beats, beats=False).closes == at(FORTNIGHT + 6.5 + 12)
    assert stage(FORTNIGHT + 18, *beats, *everybody(), beats=False) is VoteStage.OPEN
    assert stage(FORTNIGHT + 18.5, *beats, *everybody(), beats=False) is VoteStage.RETURNABLE


def test_an_outage_before_the_last_day_does_not():
    assert state(FORTNIGHT - 1, *beating(100, 200), beats=False).closes == at(FORTNIGHT)


def test_an_outage_at_the_end_counts_to_where_it_ends():
    beats = beating(FORTNIGHT - 1.5, FORTNIGHT + 5)
    # An hour before the end, and five and a half after it, once each with the grace.
    assert state(FORTNIGHT + 30, *beats, beats=False).closes == at(FORTNIGHT + 1 + 12 + 5 + 12)


def test_a_hub_that_is_down_closes_nothing():
    assert stage(5000, *everybody(), *beating(10), beats=False) is VoteStage.OPEN


def test_what_is_closed_stays_closed():
    events = (*everybody(), (FORTNIGHT, VoteClosed()), *beating(FORTNIGHT + 1))
    assert stage(5000, *events, beats=False) is VoteStage.PASSED


# Sending back


def test_small_firms_send_back_what_passed_once():
    wanted = [(FORTNIGHT + 1, SendBackCast(name, FOR, "Too soon.")) for name in names(ROLL, House.SMALL_FIRM)]
    assert stage(FORTNIGHT + 2, *everybody(), *wanted) is VoteStage.RETURNABLE
    assert stage(FORTNIGHT + 7 * 24, *everybody(), *wanted) is VoteStage.SENT_BACK
    again = started(ROLL, majority=Majority.AGAIN, sent_back=1)
    assert stage(FORTNIGHT + 2, *everybody(), *wanted, first=again) is VoteStage.PASSED


@pytest.mark.parametrize(
    ("events", "stage_after"),
    [
        ([(1, FOR, "Why."), (2, AGAINST, "")], VoteStage.PASSED),
        ([(1, FOR, " ")], VoteStage.PASSED),
        ([(7 * 24, FOR, "Late.")], VoteStage.PASSED),
        ([(-1, FOR, "Early.")], VoteStage.PASSED),
        ([(1, AGAINST, ""), (2, FOR, "Why.")], VoteStage.SENT_BACK),
    ],
)
def test_sending_back_takes_a_reason_in_time(events, stage_after):
    firms = names(ROLL, House.SMALL_FIRM)
    cast = [(FORTNIGHT + hours, SendBackCast(name, choice, why)) for hours, choice, why in events for name in firms]
    assert stage(FORTNIGHT + 8 * 24, *everybody(), *cast) is stage_after


def test_other_houses_send_nothing_back():
    cast = [(FORTNIGHT + 1, SendBackCast(name, FOR, "No.")) for name in names(ROLL, House.LARGE_FIRM)]
    assert stage(FORTNIGHT + 8 * 24, *everybody(), *cast) is VoteStage.PASSED


# What holds for every vote


def test_a_vote_is_opened_on_its_roll_by_a_procedure():
    with pytest.raises(ValueError, match="this roll"):
        vote_state(entries((0, started(roll_of(7)))), ROLL, at(1))
    with pytest.raises(ValueError, match="this roll"):
        vote_state([], ROLL, at(1))
    odd = replace(started(ROLL), procedure={"clock.vote": "soon"})
    with pytest.raises(ValueError, match=r"clock\.vote"):
        vote_state(entries((0, odd)), ROLL, at(1))
    unknown = read_choice("maybe")
    assert isinstance(unknown, Refusal)
    assert read_choice("for") is FOR


@given(
    st.lists(st.tuples(st.floats(0.1, 700), st.integers(0, 23), st.sampled_from(Choice)), max_size=30),
    st.floats(0, 800),
)
def test_the_state_at_a_moment_does_not_depend_on_what_comes_later(ballots, hours):
    events = [(when, BallotCast(ROLL.entries[place].member, choice)) for when, place, choice in ballots]
    written = entries((0, started(ROLL)), *events)
    earlier = [one for one in written if one.at <= at(hours)]
    assert vote_state(written, ROLL, at(hours)) == vote_state(reversed(earlier), ROLL, at(hours))


def test_the_hub_has_patience_of_two_heartbeats():
    late = [(FORTNIGHT - 5 + each / 2, HeartbeatSent()) for each in range(30)]
    assert state(FORTNIGHT + 1, *beating(FORTNIGHT - 5), *late, beats=False).closes == OPENED + timedelta(days=14)
