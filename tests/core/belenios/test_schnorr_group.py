"""Numbers that are tested together whether they are in the group."""

from __future__ import annotations

import random

import pytest

from ewtp.core.belenios import schnorr_group
from ewtp.core.belenios.schnorr_group import (
    GENERATOR,
    MODULUS,
    ORDER,
    are_elements,
    is_element,
    negative_power,
    power,
    raise_fixed_base,
)

pytestmark = pytest.mark.slow

DRAW = random.Random(3)
# Enough for one batch, and not a whole number of the sixes that are multiplied at a time.
ELEMENTS = [raise_fixed_base(GENERATOR, DRAW.randrange(ORDER)) for _ in range(209)]


def test_elements_are_found_together():
    assert are_elements(ELEMENTS)
    assert are_elements(ELEMENTS[:5])
    assert are_elements([])


@pytest.mark.parametrize(("place", "factor"), [(0, MODULUS - 1), (208, MODULUS - 1), (100, 2)])
def test_one_number_outside_the_group_is_found(place, factor):
    # Minus one has the order two, so that half of all products show nothing.
    wrong = [*ELEMENTS[:place], ELEMENTS[place] * factor % MODULUS, *ELEMENTS[place + 1 :]]
    assert not is_element(wrong[place])
    assert not are_elements(wrong)
    assert not are_elements(wrong[place : place + 1])


def test_two_numbers_that_cancel_each_other_out_are_found():
    wrong = [MODULUS - each for each in ELEMENTS[:2]]
    assert are_elements([power(wrong[0] * wrong[1] % MODULUS, 1), *ELEMENTS[2:]])
    assert not are_elements([*wrong, *ELEMENTS[2:]])


def test_what_is_no_remainder_is_not_in_the_group():
    assert not any(are_elements([*ELEMENTS, each]) for each in (0, -1, MODULUS, MODULUS + GENERATOR))


def test_each_number_is_in_half_of_the_tests(monkeypatch):
    # A number of the order two, alone among ones, shows in those tests whose half it is in.
    failed = []

    def noted(base, *_) -> int:
        failed.append(base != 1)
        return 1

    monkeypatch.setattr(schnorr_group, "powmod", noted)
    assert are_elements([1] * 205 + [MODULUS - 1] + [1] * 3)
    assert len(failed) == 128
    assert 40 < sum(failed) < 88


def test_negative_powers():
    assert [power(GENERATOR, value) * negative_power(value) % MODULUS for value in range(3)] == [1, 1, 1]
