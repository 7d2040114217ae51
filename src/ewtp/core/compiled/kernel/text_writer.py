"""The texts of sets of rules: the ids of their measures, separated by spaces.

The reads of a step are scattered over memory, so each step goes through all sets before the next one begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ewtp.core.compiled.machine.buffers import empty, read_only
from ewtp.core.compiled.machine.jit import jit
from ewtp.core.compiled.machine.memcpy import memcpy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ewtp.core.compiled.format.tables import Tables

_SPACE = ord(" ")


class RuleTexts(NamedTuple):
    """The arrays of ``Tables`` that lead from a set of rules to the ids of its measures."""

    list_pattern: NDArray[np.int32]
    list_rules_start: NDArray[np.int32]
    list_rules: NDArray[np.int32]
    pattern_sets: NDArray[np.int32]
    set_places_start: NDArray[np.int32]
    set_places: NDArray[np.int32]
    measure_start: NDArray[np.int64]
    measure_text: NDArray[np.uint8]


class SetHalves(NamedTuple):
    """Where the rules of each half of each set begin, ``[2 * set + half]`` each.

    ``first`` is the half's first place in ``set_places``, ``base`` its list's first one in ``list_rules``; ``starts``
    adds up how many rules the halves have, and is one longer.
    """

    first: NDArray[np.int64]
    base: NDArray[np.int64]
    starts: NDArray[np.int32]


def set_texts(tables: Tables, sets: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """The place where the text of each set begins, and the texts end to end as UTF-8.

    ``sets[set, 4]`` are twice a list and the number of a set in it, 0 for the empty one.
    """
    rules = RuleTexts(*(read_only(getattr(tables, name)) for name in RuleTexts._fields))
    count = 2 * len(sets)
    halves = SetHalves(empty(count, np.int64), empty(count, np.int64), empty(count + 1, np.int32))
    _count_rules(rules, sets, halves)
    numbers, offsets = empty(int(halves.starts[-1]), np.int32), empty(len(sets) + 1, np.int32)
    _measure_texts(rules, halves, numbers, offsets)
    text = empty(int(offsets[-1]), np.uint8)
    _write_texts(rules, halves.starts, numbers, offsets, text)
    return offsets, text


@jit()
def _count_rules(rules: RuleTexts, sets: NDArray[np.int32], halves: SetHalves) -> None:
    """Find the rules of each half of each set, and how many there are, added up in ``halves.starts``."""
    first, base, starts = halves.first, halves.base, halves.starts
    count = np.int32(0)
    starts[0] = 0
    for number in range(sets.shape[0]):
        for half in range(2):
            at = 2 * number + half
            listed, own = sets[number, 2 * half], sets[number, 2 * half + 1]
            if own:
                base[at] = rules.list_rules_start[listed]
                place = rules.pattern_sets[rules.list_pattern[listed]] + own
                first[at] = rules.set_places_start[place]
                count += np.int32(rules.set_places_start[place + 1] - first[at])
            starts[at + 1] = count


@jit()
def _measure_texts(rules: RuleTexts, halves: SetHalves, numbers: NDArray[np.int32], offsets: NDArray[np.int32]) -> None:
    """Write the rules of each set to ``numbers``, and how long the text of each is, added up, to ``offsets``."""
    first, base, starts = halves.first, halves.base, halves.starts
    length = np.int32(0)
    offsets[0] = 0
    for number in range(offsets.shape[0] - 1):
        for at in range(2 * number, 2 * number + 2):
            for place in range(starts[at], starts[at + 1]):
                rule = rules.list_rules[base[at] + rules.set_places[first[at] + place - starts[at]]]
                numbers[place] = rule
                length += np.int32(rules.measure_start[rule + 1] - rules.measure_start[rule] + 1)
        # There is one space fewer than there are ids.
        length -= np.int32(1 if starts[2 * number + 2] > starts[2 * number] else 0)
        offsets[number + 1] = length


@jit()
def _write_texts(
    rules: RuleTexts,
    starts: NDArray[np.int32],
    numbers: NDArray[np.int32],
    offsets: NDArray[np.int32],
    text: NDArray[np.uint8],
) -> None:
    for number in range(offsets.shape[0] - 1):
        at = np.int64(offsets[number])
        for place in range(starts[2 * number], starts[2 * number + 2]):
            if at > offsets[number]:
                text[at] = _SPACE
                at += 1
            first = np.int64(rules.measure_start[numbers[place]])
            length = np.int64(rules.measure_start[numbers[place] + 1]) - first
            memcpy(text, at, rules.measure_text, first, length)
            at += length
