"""The exact indices of Shapley and Shubik and of Banzhaf."""

from __future__ import annotations

from fractions import Fraction
from math import comb

from ewtp.core.power import sentences
from ewtp.core.power.swing_counts import count_swings, countable
from ewtp.core.power.swings_of_few import MOST_MEMBERS_OF_FEW, count_swings_of_few
from ewtp.core.power.weighted_game import PowerIndices, WeightedGame
from ewtp.core.values.refusal import Refusal


def compute_power(game: WeightedGame) -> PowerIndices | Refusal:
    """Both indices as fractions; a refusal where the game is too large to be computed exactly."""
    simple = game.simplify_weights()
    # Members without weight decide nothing, and the others decide what they decide without them.
    weighty = WeightedGame(simple.quota, tuple(weight for weight in simple.weights if weight))
    if countable(weighty):
        swings = count_swings(weighty)
    elif len(weighty.weights) <= MOST_MEMBERS_OF_FEW:
        swings = count_swings_of_few(weighty)
    else:
        return Refusal(sentences.POWER_GAME_TOO_LARGE, {"members": len(game.weights)})
    members = len(weighty.weights)
    # A member joins a coalition of this size in one of this many orders: size! (members - size - 1)! / members!.
    shares = [Fraction(1, members * comb(members - 1, size)) for size in range(members)]
    shapley = {weight: sum(map(Fraction.__mul__, shares, counts), Fraction(0)) for weight, counts in swings.items()}
    decided = {weight: sum(counts) for weight, counts in swings.items()}
    total = sum(decided[weight] for weight in weighty.weights)
    banzhaf = {weight: Fraction(count, total) for weight, count in decided.items()}
    nothing = Fraction(0)
    return PowerIndices(
        tuple(shapley.get(weight, nothing) for weight in simple.weights),
        tuple(banzhaf.get(weight, nothing) for weight in simple.weights),
    )
