"""The game of houses against counting every outcome, and against the figures that the alarms were set by."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import ceil, comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ewtp.core.power.house_game import HouseGame
from tests.drawn_inputs import input_count

THIRDS = Fraction(2, 3)
QUORUMS = (Fraction(15, 100), Fraction(15, 100), Fraction(1, 4), Fraction(1, 4))
# Small firms, civil society, governments and large firms, as the alarms were set.
SIZES = (400, 120, 40, 60)


def majority(size: int, quorum: Fraction = Fraction(0)) -> int:
    return max(size // 2 + 1, ceil(size * quorum))


def game(sizes, share: Fraction = THIRDS) -> HouseGame:
    return HouseGame(sizes, [majority(size) for size in sizes], share)


def counted(sizes, bloc, share, *, bloc_for: bool) -> Fraction:
    """The mean over all p of the probability of passing, outcome by outcome: the integral of p^y (1 - p)^n is exact."""
    others = [size - members for size, members in zip(sizes, bloc, strict=True)]
    everybody, total = sum(others), Fraction(0)
    for outcome in product(*(range(count + 1) for count in others)):
        yes = [count + members * bloc_for for count, members in zip(outcome, bloc, strict=True)]
        shares = sum((Fraction(one, size) for one, size in zip(yes, sizes, strict=True)), Fraction(0))
        if all(2 * one > size for one, size in zip(yes, sizes, strict=True)) and shares >= share * len(sizes):
            ways = 1
            for one, count in zip(outcome, others, strict=True):
                ways *= comb(count, one)
            total += Fraction(ways, (everybody + 1) * comb(everybody, sum(outcome)))
    return total


@st.composite
def games(draw):
    sizes = draw(st.lists(st.integers(1, 6), min_size=1, max_size=4))
    return (
        sizes,
        [draw(st.integers(0, size)) for size in sizes],
        draw(st.sampled_from([THIRDS, Fraction(3, 4), Fraction(1, 2)])),
    )


@settings(max_examples=input_count(40), deadline=None)
@given(games())
def test_the_power_is_that_of_counting_every_outcome(drawn):
    sizes, bloc, share = drawn
    expected = counted(sizes, bloc, share, bloc_for=True) - counted(sizes, bloc, share, bloc_for=False)
    found = game(sizes, share).measure([bloc])[0]
    assert found.shapley == pytest.approx(float(expected), abs=1e-9)
    assert found.error < 1e-9


def test_banzhaf_is_the_power_at_one_half():
    sizes, bloc = (5, 6), (1, 2)
    swings = 0
    for first, second in product(range(5), range(5)):
        with_it, without = [
            2 * one > 5 and 2 * other > 6 and Fraction(one, 5) + Fraction(other, 6) >= 2 * THIRDS
            for one, other in ((first + 1, second + 2), (first, second))
        ]
        swings += comb(4, first) * comb(4, second) * (with_it - without)
    found = game(sizes).measure([bloc], observed=0.5)[0]
    assert found.banzhaf == pytest.approx(swings / 2**8, abs=1e-12)
    assert found.observed == found.banzhaf


def test_rounding_stays_within_its_bounds():
    # 211 and 223 have no small common multiple, so shares are rounded; two houses can still be counted one by one.
    sizes, bloc = (211, 223), (9, 30)
    exact = counted(sizes, bloc, THIRDS, bloc_for=True) - counted(sizes, bloc, THIRDS, bloc_for=False)
    found = game(sizes).measure([bloc])[0]
    assert 0 < found.error < 0.001
    assert abs(found.shapley - float(exact)) <= found.error


@pytest.mark.parametrize(
    ("bloc", "power"),
    [
        ((20, 6, 2, 3), 0.0524),  # one in twenty of every house: about its share
        ((30, 0, 0, 0), 0.0190),  # thirty small firms
        ((0, 0, 1, 0), 0.0063),  # one government
        ((0, 0, 20, 0), 0.3812),  # half of the governments
        ((0, 0, 0, 0), 0.0),
    ],
)
def test_the_figures_that_the_alarms_were_set_by(bloc, power):
    needs = [majority(size, quorum) for size, quorum in zip(SIZES, QUORUMS, strict=True)]
    found = HouseGame(SIZES, needs, THIRDS).measure([bloc])[0]
    assert found.shapley == pytest.approx(power, abs=5e-5)


def test_a_bloc_of_everybody_decides_alone():
    found = game((5, 7)).measure([(5, 7)], observed=0.9)[0]
    assert (found.shapley, found.banzhaf, found.observed) == (1, 1, 1)
    assert game((5, 7)).passes_alone((5, 7))
    assert game((5, 7)).blocks_alone((3, 0))
    assert not game((5, 7)).blocks_alone((2, 0))
    assert not game((5, 7)).passes_alone((5, 3))
    # No house has a blocking majority against it, and the mean share has.
    assert game((9, 9)).blocks_alone((4, 3))


def test_what_can_never_pass_gives_nobody_power():
    never = HouseGame((5, 7), (6, 4), THIRDS)
    assert never.measure([(1, 1)])[0].shapley == 0


def test_a_large_game_gives_a_government_less_than_a_twentieth():
    found = game((40_000, 12_000, 199, 2_801)).measure([(0, 0, 1, 0), (2_000, 600, 10, 140)])
    assert 0.0005 < found[0].shapley < 0.002
    assert found[1].shapley == pytest.approx(0.0526, abs=0.001)
    assert all(one.error < 0.001 for one in found)


def test_what_is_no_game_or_no_bloc_of_it_is_a_bug():
    for sizes, needs in (((), ()), ((0,), (1,)), ((5,), (7,)), ((5,), (-1,))):
        with pytest.raises(ValueError, match="no game"):
            HouseGame(sizes, needs, THIRDS)
    for bloc in ((6, 0), (-1, 0)):
        with pytest.raises(ValueError, match="no bloc"):
            game((5, 7)).measure([bloc])
