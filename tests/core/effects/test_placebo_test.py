"""The placebo test by hand, against every turn written out, and its rate of false alarms."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from ewtp.core.effects.placebo_test import PlaceboTest, make_placebo_test

LEVEL = Fraction(1, 5)
CHANGES = st.lists(st.integers(-50, 50), min_size=4, max_size=12)


def written_out(changes: list[int], treated: int, assumed: Fraction = Fraction(0)) -> list[Fraction]:
    """The size of the effect of every turn, after an assumed effect is taken from the treated."""
    left = [Fraction(change) - (assumed if place < treated else 0) for place, change in enumerate(changes)]
    sizes: list[Fraction] = []
    for turn in range(len(left)):
        turned = left[turn:] + left[:turn]
        taken, others = turned[:treated], turned[treated:]
        sizes.append(abs(sum(taken, Fraction(0)) / len(taken) - sum(others, Fraction(0)) / len(others)))
    return sizes


def p_of(changes: list[int], treated: int, assumed: Fraction = Fraction(0)) -> Fraction:
    sizes = written_out(changes, treated, assumed)
    return Fraction(sum(size >= sizes[0] for size in sizes), len(sizes))


def test_an_effect_worked_out_by_hand():
    # The treated falls by 6; the others by 1, 0, -1 and 2, on average by 1/2. Their placebo effects:
    # 1 less (-6 + 0 - 1 + 2)/4 = 9/4, 0 less -4/4 = 1, -1 less -3/4 = -1/4, 2 less -6/4 = 7/2.
    test = make_placebo_test([-6], [1, 0, -1, 2])
    assert test.effect == Fraction(-13, 2)
    assert test.rank == 1
    assert test.p == test.smallest_p == Fraction(1, 5)


def test_equal_changes_are_equal_and_count():
    test = make_placebo_test([5], [5, 0, 0, -5])
    # Sizes: 5, 5, 5/4, 5/4, 15/2.
    assert test.rank == 3


def test_without_any_change_nothing_is_rare():
    assert make_placebo_test([0], [0, 0, 0]).p == 1


@given(CHANGES, st.integers(1, 3))
def test_the_rank_is_that_of_every_turn_written_out(changes: list[int], treated: int):
    test = make_placebo_test(changes[:treated], changes[treated:])
    sizes = written_out(changes, treated)
    assert abs(test.effect) == sizes[0]
    assert test.p == p_of(changes, treated)


@given(CHANGES, st.integers(1, 3), st.fractions(-80, 80, max_denominator=7))
def test_the_interval_has_every_effect_that_is_not_rejected(changes: list[int], treated: int, assumed: Fraction):
    test = make_placebo_test(changes[:treated], changes[treated:])
    found = test.interval(LEVEL)
    assume(found is not None)
    assert found is not None
    low, high = found
    assert low <= test.effect <= high
    for end in (low, high):
        assert p_of(changes, treated, end) > LEVEL
    if not low <= assumed <= high:
        assert p_of(changes, treated, assumed) <= LEVEL


@given(CHANGES, st.integers(-9, 9), st.integers(-30, 30))
def test_a_change_that_all_share_and_a_size_of_units_do_not_matter(changes: list[int], factor: int, shared: int):
    assume(factor)
    plain = make_placebo_test(changes[:1], changes[1:])
    moved = [factor * change + shared for change in changes]
    other = make_placebo_test(moved[:1], moved[1:])
    assert (other.effect, other.p) == (factor * plain.effect, plain.p)


def test_too_few_units_for_a_level_have_no_interval():
    assert make_placebo_test([3], [1, 0, 2]).interval(Fraction(1, 5)) is None
    assert isinstance(make_placebo_test([3], [1, 0, 2, 1]), PlaceboTest)
    assert make_placebo_test([3], [1, 0, 2, 1]).interval(Fraction(1, 5)) is not None


@given(st.permutations(range(20)))
def test_of_all_places_in_which_the_treated_could_be_one_in_twenty_alarms(changes: list[int]):
    # The test is exact: whatever the changes are, each unit in turn for treated alarms in at most a twentieth.
    distinct = [change * change for change in changes]
    alarms = sum(
        make_placebo_test([distinct[place]], distinct[:place] + distinct[place + 1 :]).p <= Fraction(1, 20)
        for place in range(20)
    )
    assert alarms == 1
