"""When a vote passes: conditions one by one, and properties that hold for every vote."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ewtp.core.organisations.house import House
from ewtp.core.votes.vote_tally import HOUSES, HouseCount, Majority, reaches, sends_back, tally_vote
from tests.core.votes.electorates import PROCEDURE

MAJORITIES = st.sampled_from(Majority)


@st.composite
def house_counts(draw, house: House) -> HouseCount:
    active = draw(st.integers(0, 60))
    yes = draw(st.integers(0, active))
    no = draw(st.integers(0, active - yes))
    return HouseCount(house, active, yes, no, draw(st.integers(0, active - yes - no)))


VOTES = st.tuples(*(house_counts(house) for house in HOUSES))


def counted(*figures: tuple[int, int, int]):
    return [HouseCount(house, *each) for house, each in zip(HOUSES, figures, strict=True)]


def codes(*figures, majority=Majority.ORDINARY):
    return [fault.code for fault in tally_vote(counted(*figures), PROCEDURE, majority).faults]


def test_it_passes_where_every_condition_is_met():
    assert codes((20, 14, 6), (20, 14, 6), (20, 14, 6), (20, 12, 8)) == []
    assert codes((20, 14, 6), (20, 14, 6), (20, 13, 7), (20, 12, 8)) == ["mean_share_missed"]


def test_two_thirds_exactly_are_enough():
    thirds = (30, 20, 10)
    assert codes(thirds, thirds, thirds, thirds) == []
    assert codes(thirds, thirds, thirds, (30, 20, 10), majority=Majority.AGAIN) == ["mean_share_missed"]
    assert codes(*[(40, 30, 10)] * 4, majority=Majority.AGAIN) == []


@pytest.mark.parametrize("place", range(4))
def test_one_house_alone_stops_it(place):
    def with_one(figures):
        return [figures if number == place else (20, 20, 0) for number in range(4)]

    assert codes(*with_one((20, 5, 5))) == ["majority_missed"]
    assert codes(*with_one((20, 0, 0))) == ["majority_missed", "quorum_missed"]
    assert codes(*with_one((4, 4, 0))) == ["house_too_small"]
    quorum = PROCEDURE.approval_quorum(HOUSES[place])
    needed = quorum * 100
    assert codes(*with_one((100, int(needed), 0))) == []
    assert codes(*with_one((100, int(needed) - 1, 0))) == ["quorum_missed"]


def test_a_change_that_weakens_small_firms_needs_them():
    place = HOUSES.index(House.SMALL_FIRM)
    figures = [(60, 60, 0)] * 4
    figures[place] = (60, 39, 21)
    assert codes(*figures, majority=Majority.PROCEDURE) == []
    assert codes(*figures, majority=Majority.PROCEDURE_WEAKENING) == ["small_firms_not_enough"]
    figures[place] = (60, 40, 20)
    assert codes(*figures, majority=Majority.PROCEDURE_WEAKENING) == []


@given(VOTES, MAJORITIES)
def test_the_rule_is_the_one_that_is_written(votes, majority):
    """The same conditions in fractions, as the documents have them."""
    shares = [Fraction(one.yes, one.cast) for one in votes if one.cast]
    holds = all(one.yes > one.no and one.yes >= PROCEDURE.approval_quorum(one.house) * one.active for one in votes)
    enough = all(one.active >= 5 for one in votes)
    mean = len(shares) == 4 and sum(shares) / 4 >= majority.mean_share(PROCEDURE)
    small = votes[HOUSES.index(House.SMALL_FIRM)]
    weakened = majority is Majority.PROCEDURE_WEAKENING and not (
        small.cast and Fraction(small.yes, small.cast) >= Fraction(2, 3)
    )
    tally = tally_vote(votes, PROCEDURE, majority)
    assert tally.passed is (holds and enough and mean and not weakened)
    assert tally.mean_share == (sum(shares) / 4 if len(shares) == 4 else None)


@given(VOTES, MAJORITIES, st.integers(0, 3), st.booleans())
def test_one_more_for_never_fails_and_one_more_against_never_passes(votes, majority, place, joins):
    """One more ballot of a group that did not vote, or of a new one."""
    one = votes[place]
    assume(joins or one.yes + one.no + one.abstain < one.active)
    before = tally_vote(votes, PROCEDURE, majority).passed
    for yes, no in ((1, 0), (0, 1)):
        # A group that comes with its ballot makes the house larger; one that did not vote yet does not.
        more = HouseCount(one.house, one.active + joins, one.yes + yes, one.no + no, one.abstain)
        after = tally_vote([*votes[:place], more, *votes[place + 1 :]], PROCEDURE, majority).passed
        if yes:
            assert after or not before
        elif one.active >= PROCEDURE.house_active_groups:
            assert before or not after


@given(VOTES, MAJORITIES, st.integers(0, 3))
def test_changing_a_ballot_works_in_its_direction(votes, majority, place):
    one = votes[place]
    assume(one.no)
    changed = HouseCount(one.house, one.active, one.yes + 1, one.no - 1, one.abstain)
    after = tally_vote([*votes[:place], changed, *votes[place + 1 :]], PROCEDURE, majority).passed
    assert after or not tally_vote(votes, PROCEDURE, majority).passed


@given(st.integers(0, 3), VOTES, MAJORITIES)
def test_no_single_house_passes_anything(place, votes, majority):
    """A house that is all for it passes nothing that the others do not want, whatever its size."""
    alone = [
        one if number == place else HouseCount(one.house, one.active, 0, one.no) for number, one in enumerate(votes)
    ]
    assert not tally_vote(alone, PROCEDURE, majority).passed


def test_staying_at_home_helps_neither_side():
    # With a quorum of turnout, the votes against would have carried it over the quorum.
    whole = [(20, 20, 0)] * 3
    assert codes((100, 14, 0), *whole) == codes((100, 14, 13), *whole) == ["quorum_missed"]


# Of houses of the least size that can pass anything, one below and one above: 15% of five and of six groups is one
# group, 25% is two (HOUSES: small firms, civil society, governments, large firms).
@pytest.mark.parametrize("active", [5, 6])
@pytest.mark.parametrize(
    ("votes", "majority", "missed"),
    [
        # The quorum: one group is enough of small firms and of civil society, two of governments and of large firms.
        (((1, 0), (1, 0), (2, 0), (2, 0)), Majority.ORDINARY, []),
        (((1, 0), (1, 0), (1, 0), (2, 0)), Majority.ORDINARY, ["quorum_missed"]),
        (((1, 0), (1, 0), (2, 0), (1, 0)), Majority.ORDINARY, ["quorum_missed"]),
        (((0, 0), (1, 0), (2, 0), (2, 0)), Majority.ORDINARY, ["majority_missed", "quorum_missed"]),
        # The majority: a tie is none.
        (((1, 1), (1, 0), (2, 0), (2, 0)), Majority.ORDINARY, ["majority_missed"]),
        (((2, 1), (1, 0), (2, 0), (2, 2)), Majority.ORDINARY, ["majority_missed"]),
        # The mean share: two thirds exactly, and the nearest below it with five ballots a house, 13/20 and 14/20.
        (((2, 1), (2, 1), (2, 1), (2, 1)), Majority.ORDINARY, []),
        (((3, 2), (3, 2), (3, 2), (4, 1)), Majority.ORDINARY, ["mean_share_missed"]),
        (((3, 2), (3, 2), (4, 1), (4, 1)), Majority.ORDINARY, []),
        # After it was sent back three quarters are needed, and so they are for a change of the procedure.
        (((2, 1), (2, 1), (2, 1), (2, 1)), Majority.AGAIN, ["mean_share_missed"]),
        (((3, 1), (3, 1), (3, 1), (3, 1)), Majority.AGAIN, []),
        (((3, 2), (4, 1), (4, 1), (4, 1)), Majority.AGAIN, []),
        (((3, 2), (3, 2), (4, 1), (4, 1)), Majority.PROCEDURE, ["mean_share_missed"]),
        (((3, 2), (4, 1), (4, 1), (4, 1)), Majority.PROCEDURE, []),
        # One that weakens the house of small firms needs two thirds of its votes as well.
        (((3, 2), (4, 1), (4, 1), (4, 1)), Majority.PROCEDURE_WEAKENING, ["small_firms_not_enough"]),
        (((2, 1), (4, 1), (4, 1), (4, 1)), Majority.PROCEDURE_WEAKENING, []),
    ],
)
def test_the_smallest_houses_that_can_pass(active, votes, majority, missed):
    assert codes(*((active, *each) for each in votes), majority=majority) == missed
    # One active group fewer than five in any house, and nothing passes, whoever agrees.
    for place in range(4):
        figures = [(4, 4, 0) if number == place else (active, active, 0) for number in range(4)]
        assert codes(*figures, majority=majority) == ["house_too_small"]


@pytest.mark.parametrize(("active", "yes"), [(4, 1), (5, 1), (6, 1), (7, 2), (13, 2), (14, 3)])
def test_how_many_small_firms_it_takes_to_send_back(active, yes):
    """15% of a house: of five or six groups one alone sends back what passed, unless another one objects."""
    assert sends_back(HouseCount(House.SMALL_FIRM, active, yes, yes - 1), PROCEDURE)
    assert not sends_back(HouseCount(House.SMALL_FIRM, active, yes - 1, 0), PROCEDURE)
    assert not sends_back(HouseCount(House.SMALL_FIRM, active, yes, yes), PROCEDURE)


def test_small_firms_send_back_by_their_own_majority_and_quorum():
    small = House.SMALL_FIRM
    assert sends_back(HouseCount(small, 100, 15, 14), PROCEDURE)
    assert not sends_back(HouseCount(small, 100, 14, 0), PROCEDURE)
    assert not sends_back(HouseCount(small, 100, 20, 20), PROCEDURE)
    assert not sends_back(HouseCount(House.LARGE_FIRM, 100, 100, 0), PROCEDURE)


def test_a_count_that_cannot_be_is_a_bug():
    with pytest.raises(ValueError, match="has 3 groups"):
        HouseCount(House.GOVERNMENT, 3, 2, 2)
    with pytest.raises(ValueError, match="only"):
        tally_vote(counted(*[(20, 14, 6)] * 4)[:3], PROCEDURE, Majority.ORDINARY)


def test_the_figures_are_shown():
    shown = tally_vote(counted(*[(20, 14, 6)] * 3, (20, 0, 3)), PROCEDURE, Majority.ORDINARY).as_json()
    assert shown["houses"]["small_firm"] == {"active": 20, "for": 14, "against": 6, "abstain": 0}
    assert (shown["mean_share"], shown["passed"]) == ("21/40", False)
    assert "0 for and 3 against" in shown["faults"][0]["message"]
    assert reaches(2, 3, Fraction(2, 3))
