"""Blocks of lines that go through each step together, and the order in which a window of lines is taken.

Lines to one destination are taken one after the other, since the processor predicts branches better that go where they
went before. They are ordered a window at a time, so that what is read and written stays in the cache.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ewtp.core.compiled.machine.jit import jit_inline

if TYPE_CHECKING:
    from numpy.typing import NDArray

# How many lines go through the steps together, and how many are put in order together.
BLOCK = 128
WINDOW = 2048


class Window(NamedTuple):
    """``order`` are the lines of a window in the order in which they are taken.

    ``places`` is by destination where its next line goes in the order.
    """

    order: NDArray[np.int64]
    places: NDArray[np.int64]


def new_window(economies: int) -> Window:
    """A window of lines to so many economies."""
    return Window(np.zeros(WINDOW, np.int64), np.zeros(economies + 1, np.int64))


@jit_inline()
def order_by_destination(window: Any, destination: Any, first: int, length: int) -> None:
    """Put the lines of a window, which begins at ``first``, in the order of their destinations."""
    order, places = window.order, window.places
    places[:] = 0
    for line in range(first, first + length):
        places[np.uint64(destination[line]) + np.uint64(1)] += 1
    for place in range(1, places.shape[0]):
        places[place] += places[place - 1]
    for line in range(first, first + length):
        goal = np.uint64(destination[line])
        order[np.uint64(places[goal])] = line
        places[goal] += 1


@jit_inline()
def order_as_given(window: Any, first: int, length: int) -> None:
    """Leave the lines of a window in their order."""
    for row in range(length):
        window.order[row] = first + row
