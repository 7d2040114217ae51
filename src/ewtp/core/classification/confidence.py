"""Confidence: the measured probability that a code is right, from its score and the scores of its rivals.

The knots below were fitted by monotone regression to labelled product texts that were not used for choosing words or
weights, and validated on a third set (docs/ask/accuracy.md has the method and the results).
"""

from __future__ import annotations

from bisect import bisect_right
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# The exponent of scores relative to the best one, and the score of a full match.
_SHARPNESS = 4.0
_FULL_SCORE = 3.0

# (evidence, share of answers with that evidence that were right).
_KNOTS = (
    (0.0, 0.0),
    (0.003, 0.01),
    (0.02, 0.015),
    (0.03, 0.03),
    (0.04, 0.07),
    (0.06, 0.11),
    (0.075, 0.16),
    (0.09, 0.22),
    (0.117, 0.30),
    (0.15, 0.45),
    (0.17, 0.56),
    (0.25, 0.63),
    (0.32, 0.68),
    (0.88, 0.72),
    (0.91, 0.80),
    (0.94, 0.88),
    (0.976, 0.92),
    (1.0, 0.96),
)
_EVIDENCE = tuple(knot[0] for knot in _KNOTS)
_CENT = Decimal("0.01")

CERTAIN = Decimal("1.00")
# Below POOR no match is likely to be right; below FAIR the best match is wrong at least as often as right.
POOR = Decimal("0.25")
FAIR = Decimal("0.50")


def compute_confidences(scores: Sequence[float]) -> list[Decimal]:
    """For scores in descending order, the probability that each is the right subheading."""
    if not scores or scores[0] <= 0:
        return [Decimal("0.00") for _ in scores]
    shares = [(score / scores[0]) ** _SHARPNESS for score in scores]
    strength = min(1.0, scores[0] / _FULL_SCORE) / sum(shares)
    return [_probability(share * strength) for share in shares]


def _probability(evidence: float) -> Decimal:
    at = min(bisect_right(_EVIDENCE, evidence), len(_KNOTS) - 1)
    (low, below), (high, above) = _KNOTS[at - 1], _KNOTS[at]
    share = min(1.0, max(0.0, (evidence - low) / (high - low)))
    return Decimal(below + share * (above - below)).quantize(_CENT, rounding=ROUND_HALF_EVEN)
