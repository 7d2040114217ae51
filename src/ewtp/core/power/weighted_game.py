"""A weighted game: members with weights, and a quota that a coalition must reach to win."""

from __future__ import annotations

import re
from math import gcd
from typing import TYPE_CHECKING

from ewtp.core.power import sentences
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from fractions import Fraction

MOST_MEMBERS = 10_000
# Sums of weights are compared as 64-bit integers.
MOST_TOTAL = 2**62
_WHOLE = re.compile(r"[0-9]+\Z")
_MOST_DIGITS = 19
_SHOWN = 40


@immutable
class WeightedGame:
    """A coalition wins when its weights add up to ``quota`` or more.

    ValueError unless weights are zero or more, their sum is at most ``MOST_TOTAL``, and the quota is from 1 to it.
    """

    quota: int
    weights: tuple[int, ...]

    def __post_init__(self) -> None:
        if not all(weight >= 0 for weight in self.weights) or not 1 <= self.quota <= self.total <= MOST_TOTAL:
            msg = f"no game has a quota of {self.quota} and weights that add up to {self.total}"
            raise ValueError(msg)

    @property
    def total(self) -> int:
        """The sum of the weights."""
        return sum(self.weights)

    def simplify_weights(self) -> WeightedGame:
        """The game with the same winning coalitions, weights without a common divisor, and the lower quota.

        Where more than half of the weights is asked, the quota is that of blocking instead: a member decides whether a
        coalition wins exactly as often as whether its complement blocks, so both indices are the same.
        """
        divisor = gcd(*self.weights)
        weights = tuple(weight // divisor for weight in self.weights)
        quota = -(-self.quota // divisor)
        return WeightedGame(min(quota, sum(weights) - quota + 1), weights)


@immutable
class PowerIndices:
    """The share of each member, in the order of the weights; each list adds up to 1.

    Shapley and Shubik (1954): the share of the orders of all members in which this one, joining, makes the coalition
    win. Banzhaf (1965), normalised: the share of this member among all pairs of a winning coalition and a member
    without whom it loses.
    """

    shapley: tuple[Fraction, ...]
    banzhaf: tuple[Fraction, ...]


def read_weighted_game(quota: str, weights: str) -> WeightedGame | Refusal:
    """The game from texts: a whole number, and whole numbers with commas between them."""
    numbers = []
    for name, text in (("quota", quota), *(("weights", part) for part in weights.split(","))):
        number = _whole_number(text.strip())
        if number is None:
            return Refusal(sentences.POWER_NUMBER_UNREADABLE, {"text": text.strip()[:_SHOWN]}, where=name)
        numbers.append(number)
    needed, *members = numbers
    total = sum(members)
    if len(members) > MOST_MEMBERS:
        return Refusal(sentences.POWER_MEMBERS_TOO_MANY, {"most": MOST_MEMBERS}, where="weights")
    if total > MOST_TOTAL:
        return Refusal(sentences.POWER_WEIGHTS_TOO_LARGE, {"most": str(MOST_TOTAL)}, where="weights")
    if total == 0:
        return Refusal(sentences.POWER_WEIGHTS_ZERO, where="weights")
    if not 1 <= needed <= total:
        return Refusal(sentences.POWER_QUOTA_OUT_OF_RANGE, {"quota": str(needed), "total": str(total)}, where="quota")
    return WeightedGame(needed, tuple(members))


def _whole_number(text: str) -> int | None:
    if not _WHOLE.match(text) or len(text.lstrip("0")) > _MOST_DIGITS:
        return None
    return int(text)
