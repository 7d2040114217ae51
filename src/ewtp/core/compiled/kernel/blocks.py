"""In which order the kernel takes lines, how many together, and the room it works them out in.

Lines to one destination go one after the other, since the machine foretells better what comes next where it came
before. They are ordered a window at a time, so that what is read and written stays near at hand.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ewtp.core.compiled.kernel import duty_result, state
from ewtp.core.compiled.kernel.line_state import put
from ewtp.core.compiled.machine.jit import jit_inline

# How many lines are taken through the steps together, and how many are put in order together.
BLOCK = 128
WINDOW = 2048
_STACK = 24


class Scratch(NamedTuple):
    """Room for a block's cases, a stack, what the duties of one line are now and would be under a claim, an order."""

    case: Any
    stack: Any
    now: Any
    then: Any
    order: Any
    # By destination, where its next line goes in the order.
    places: Any


def new_scratch(economies: int) -> Scratch:
    """Room for lines to so many economies; each thread needs its own."""
    return Scratch(
        np.zeros(BLOCK * state.WIDTH, np.int64),
        np.empty(_STACK, np.int64),
        np.zeros(duty_result.WIDTH, np.int64),
        np.zeros(duty_result.WIDTH, np.int64),
        np.zeros(WINDOW, np.int64),
        np.zeros(economies + 1, np.int64),
    )


@jit_inline()
def begin_cases(case: Any, count: int, keys: int) -> None:
    """Fill in what all cases of a table say alike."""
    for row in range(BLOCK):
        put(case, row * state.WIDTH, state.COUNT, count)
        put(case, row * state.WIDTH, state.KEYS, keys)


@jit_inline()
def order_by_destination(destination: Any, first: int, many: int, scratch: Any) -> None:
    """Put the lines of a window, which begins at ``first``, in the order of their destinations."""
    order, places = scratch.order, scratch.places
    places[:] = 0
    for line in range(first, first + many):
        places[np.uint64(destination[line]) + np.uint64(1)] += 1
    for place in range(1, places.shape[0]):
        places[place] += places[place - 1]
    for line in range(first, first + many):
        goal = np.uint64(destination[line])
        order[np.uint64(places[goal])] = line
        places[goal] += 1


@jit_inline()
def order_as_given(first: int, many: int, scratch: Any) -> None:
    """Leave the lines of a window in their order."""
    for row in range(many):
        scratch.order[row] = first + row
