"""Exact indices against published ones and against counting every coalition and every order."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.power.exact_indices import compute_power
from ewtp.core.power.index_estimates import sample_power
from ewtp.core.power.swing_counts import count_swings, countable
from ewtp.core.power.swings_of_few import count_swings_of_few
from ewtp.core.power.weighted_game import PowerIndices, WeightedGame, read_weighted_game
from ewtp.core.values.refusal import Refusal


def power(quota: int, *weights: int) -> PowerIndices:
    found = compute_power(WeightedGame(quota, weights))
    assert isinstance(found, PowerIndices)
    return found


def brute_force(game: WeightedGame) -> PowerIndices:
    """Both indices from every coalition, as their definitions have them."""
    members = range(len(game.weights))
    shapley, swings = [Fraction(0)] * len(members), [0] * len(members)
    for member in members:
        others = [each for each in members if each != member]
        for size in range(len(others) + 1):
            for coalition in combinations(others, size):
                without = sum(game.weights[each] for each in coalition)
                if without < game.quota <= without + game.weights[member]:
                    swings[member] += 1
                    orders = factorial(size) * factorial(len(others) - size)
                    shapley[member] += Fraction(orders, factorial(len(members)))
    return PowerIndices(tuple(shapley), tuple(Fraction(each, sum(swings)) for each in swings))


def test_the_six_of_the_european_economic_community():
    found = power(12, 4, 4, 4, 2, 2, 1)
    assert found.shapley == (*[Fraction(7, 30)] * 3, *[Fraction(3, 20)] * 2, 0)
    assert found.banzhaf == (*[Fraction(5, 21)] * 3, *[Fraction(1, 7)] * 2, 0)


def test_the_security_council():
    found = power(39, *[7] * 5, *[1] * 10)
    assert found.shapley == (*[Fraction(421, 2145)] * 5, *[Fraction(4, 2145)] * 10)


def test_the_council_of_the_european_union_after_nice():
    # Votes of the 27 members from 2007; 255 of 345 were a majority.
    found = power(255, *[29] * 4, *[27] * 2, 14, 13, *[12] * 5, *[10] * 3, *[7] * 5, *[4] * 5, 3)
    assert (round(float(found.shapley[0]), 4), round(float(found.banzhaf[0]), 4)) == (0.0867, 0.0778)
    assert (round(float(found.shapley[-1]), 4), round(float(found.banzhaf[-1]), 4)) == (0.0082, 0.0094)


@given(st.data())
def test_every_coalition_is_counted(data):
    weights = tuple(data.draw(st.lists(st.integers(0, 12), min_size=1, max_size=7).filter(any)))
    game = WeightedGame(data.draw(st.integers(1, sum(weights))), weights)
    expected = brute_force(game)
    assert compute_power(game) == expected
    factor = data.draw(st.sampled_from([1, 3, 10**15]))
    assert compute_power(WeightedGame(game.quota * factor, tuple(each * factor for each in weights))) == expected


@given(st.lists(st.integers(1, 40), min_size=2, max_size=14), st.data())
def test_both_ways_of_counting_agree(weights, data):
    game = WeightedGame(data.draw(st.integers(1, sum(weights))), tuple(weights)).simplify_weights()
    table, halves = count_swings(game), count_swings_of_few(game)
    assert table.keys() == halves.keys()
    for weight, counts in table.items():
        assert sum(counts) == sum(halves[weight])
        assert [each for each in counts if each] == [each for each in halves[weight] if each]


def test_heavy_weights_of_few_members():
    base = (84_358_845, 68_172_977, 58_997_201, 48_085_361, 36_753_736, 19_054_548, 17_811_291, 11_754_004)
    heavy = tuple(each + 1 for each in base)
    game = WeightedGame(sum(heavy) * 65 // 100, heavy)
    assert not countable(game)
    assert compute_power(game) == brute_force(game)


def test_two_hundred_members_exactly():
    drawn = random.Random(5)
    weights = tuple(drawn.randint(1, 60) for _ in range(200))
    found = power(sum(weights) // 2 + 1, *weights)
    assert sum(found.shapley) == sum(found.banzhaf) == 1
    by_weight = sorted(zip(weights, found.shapley, found.banzhaf, strict=True))
    assert [each[1] for each in by_weight] == sorted(found.shapley)
    # Of many members without a giant each has about the share of its weight.
    assert all(abs(float(share) * sum(weights) / weight - 1) < 0.02 for weight, share, _ in by_weight)


def test_a_thousand_equal_members_share_equally():
    assert power(501, *[1] * 1000).shapley == (Fraction(1, 1000),) * 1000


def test_a_game_that_is_too_large_is_refused_and_sampled():
    drawn = random.Random(6)
    weights = tuple(drawn.randint(1, 10**9) for _ in range(60))
    game = WeightedGame(sum(weights) // 2 + 1, weights)
    refusal = compute_power(game)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "power_game_too_large"
    found = sample_power(game, draws=20_000, seed=3)
    assert found == sample_power(game, draws=20_000, seed=3)
    assert found != sample_power(game, draws=20_000, seed=4)
    assert sum(found.shapley) == pytest.approx(1)
    assert sum(found.banzhaf) == pytest.approx(1)


@pytest.mark.parametrize("game", [WeightedGame(12, (4, 4, 4, 2, 2, 1)), WeightedGame(39, (7,) * 5 + (1,) * 10)])
def test_estimates_are_within_their_errors(game):
    exact = compute_power(game)
    assert isinstance(exact, PowerIndices)
    for seed in range(20):
        found = sample_power(game, draws=5_000, seed=seed)
        assert 0 < found.shapley_error < 0.1
        assert 0 < found.banzhaf_error < 0.3
        for one, other, error in (
            (found.shapley, exact.shapley, found.shapley_error),
            (found.banzhaf, exact.banzhaf, found.banzhaf_error),
        ):
            assert all(abs(mine - float(true)) <= error for mine, true in zip(one, other, strict=True))


def test_a_bound_that_cannot_be_told_is_the_widest():
    # Among twelve members without whom nothing passes, hardly a coalition in a hundred draws is decided.
    found = sample_power(WeightedGame(12, (1,) * 12), draws=100, seed=1)
    assert found.banzhaf_error == 1


@pytest.mark.parametrize(
    ("quota", "weights", "code", "where"),
    [
        ("x", "1,2", "power_number_unreadable", "quota"),
        ("2", "1,,2", "power_number_unreadable", "weights"),
        ("2", "", "power_number_unreadable", "weights"),
        ("2", "1,-2", "power_number_unreadable", "weights"),
        ("2", "1.5,2", "power_number_unreadable", "weights"),
        ("2", "٣,2", "power_number_unreadable", "weights"),
        ("1" * 5000, "1,2", "power_number_unreadable", "quota"),
        ("2", f"{2**62},1", "power_weights_too_large", "weights"),
        ("1", "0,0", "power_weights_zero", "weights"),
        ("0", "1,2", "power_quota_out_of_range", "quota"),
        ("4", "1,2", "power_quota_out_of_range", "quota"),
        ("4", ",".join(["1"] * 10_001), "power_members_too_many", "weights"),
    ],
)
def test_what_is_no_game_is_refused(quota, weights, code, where):
    refusal = read_weighted_game(quota, weights)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.where) == (code, where)


def test_a_game_is_read():
    assert read_weighted_game(" 3", "1, 2 ,0") == WeightedGame(3, (1, 2, 0))


def test_no_game_without_a_reachable_quota():
    for quota, weights in ((0, (1,)), (4, (1, 2)), (1, (2, -1)), (1, ())):
        with pytest.raises(ValueError, match="no game"):
            WeightedGame(quota, weights)
