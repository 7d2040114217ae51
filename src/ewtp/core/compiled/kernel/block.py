"""Blocks of lines that go through each step together, and the order in which a window of lines is taken.

Lines to one destination are answered one after the other, because the CPU predicts repeated branches better. They are
ordered a window at a time, so that the data of a window stays in the cache.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ewtp.core.compiled.machine.jit import jit_inline

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The lines of a block, which go through each step together, and of a window, which are ordered together.
BLOCK = 128
WINDOW = 2048


class Window(NamedTuple):
    """``order`` has the lines of a window in the order in which they are answered.

    ``places`` has, for each destination, the place of its next line in the order.
    """

    order: NDArray[np.int64]
    places: NDArray[np.int64]


def new_window(economies: int) -> Window:
    """A window of lines to this many economies."""
    return Window(np.zeros(WINDOW, np.int64), np.zeros(economies + 1, np.int64))


@jit_inline()
def order_by_destination(window: Window, destination: NDArray[np.int16], first: int, length: int) -> None:
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
def order_as_given(window: Window, first: int, length: int) -> None:
    """Leave the lines of a window in their order."""
    for row in range(length):
        window.order[row] = first + row
