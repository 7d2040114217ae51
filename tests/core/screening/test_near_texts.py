"""Texts at most one letter apart, against a comparison with every text."""

from __future__ import annotations

import random

import pytest
from rapidfuzz.distance import OSA

from ewtp.core.screening.near_texts import NearTexts

_DRAW = random.Random(3)
TEXTS = ["".join(_DRAW.choices("abc", k=_DRAW.randint(3, 8))) for _ in range(800)]
NEAR = NearTexts(TEXTS)


@pytest.mark.parametrize("length", range(3, 10))
def test_every_text_one_letter_apart_is_found_and_no_other(length: int):
    asked = ["".join(_DRAW.choices("abc", k=length)) for _ in range(40)]
    wanted = {text: {each for each in TEXTS if OSA.distance(text, each) <= 1} for text in asked}
    assert {text: NEAR.find(text) for text in asked} == wanted
    assert any(wanted.values())
