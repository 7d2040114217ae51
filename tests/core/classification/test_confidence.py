"""Confidence is a probability: bounded, falling with the score, low where little matched or much competes."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.classification.confidence import compute_confidences

SCORES = st.lists(st.floats(0.001, 10.0), min_size=1, max_size=10).map(lambda found: sorted(found, reverse=True))


@given(SCORES)
def test_bounded_and_sorted(scores):
    found = compute_confidences(scores)
    assert all(Decimal(0) <= each <= Decimal(1) for each in found)
    assert found == sorted(found, reverse=True)
    assert len(found) == len(scores)


def test_competition_lowers_confidence():
    alone, contested = compute_confidences([3.0])[0], compute_confidences([3.0, 2.9, 2.9])[0]
    assert alone > Decimal("0.9")
    assert contested < Decimal("0.7")


def test_a_weak_match_is_not_believed_even_alone():
    assert compute_confidences([0.3])[0] < Decimal("0.3")


def test_nothing_is_no_confidence():
    assert compute_confidences([]) == []
    assert compute_confidences([0.0, 0.0]) == [Decimal(0), Decimal(0)]
