"""The game in whole numbers agrees with the one on arrays, and takes any share exactly."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ewtp.core.power import exact_house_game, house_game

GAMES = (
    ((6, 6, 6, 6), (4, 4, 4, 4), Fraction(2, 3), ((1, 1, 1, 1), (3, 0, 2, 0), (0, 0, 0, 6), (0, 0, 0, 0))),
    ((5, 7, 9, 11), (3, 4, 5, 6), Fraction(3, 4), ((1, 0, 0, 0), (0, 2, 3, 1))),
    ((5, 5), (6, 0), Fraction(1, 2), ((1, 1),)),
    ((1, 1, 1), (1, 1, 1), Fraction(2, 3), ((1, 0, 0),)),
)


@pytest.mark.parametrize(("sizes", "needs", "share", "blocs"), GAMES)
def test_both_games_give_the_same(sizes, needs, share, blocs):
    one, other = (module.HouseGame(sizes, needs, share) for module in (exact_house_game, house_game))
    for mine, theirs in zip(one.measure(blocs, 0.6), other.measure(blocs, 0.6), strict=True):
        assert mine.shapley == pytest.approx(theirs.shapley, abs=theirs.error + 1e-9)
        assert mine.banzhaf == pytest.approx(theirs.banzhaf, abs=theirs.error + 1e-9)
        assert mine.observed == pytest.approx(theirs.observed, abs=theirs.error + 1e-9)
    for bloc in blocs:
        assert one.passes_alone(bloc) is other.passes_alone(bloc)
        assert one.blocks_alone(bloc) is other.blocks_alone(bloc)


def test_what_is_no_game_is_a_bug():
    with pytest.raises(ValueError, match="no game"):
        exact_house_game.HouseGame((0,), (1,), Fraction(1, 2))
    with pytest.raises(ValueError, match="no bloc"):
        exact_house_game.HouseGame((2,), (1,), Fraction(1, 2)).measure([(3,)])
