"""Checks of whole columns of lines, before the kernel's loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ewtp.core.compiled.machine.jit import jit

if TYPE_CHECKING:
    from numpy.typing import NDArray


class FrameColumns(NamedTuple):
    """The columns that decide which frame a line is answered in, ``[line]`` each, as in ``Lines``.

    ``scalar`` marks the lines that have none, because the kernel skips them.
    """

    scalar: NDArray[np.bool_]
    destination: NDArray[np.int16]
    currency: NDArray[np.int32]
    day: NDArray[np.int32]


@jit()
def check_days(
    day: NDArray[np.int32],
    source: NDArray[np.int16],
    destination: NDArray[np.int16],
    first: int,
    last: int,
    scalar: NDArray[np.bool_],
) -> None:
    """Mark the lines whose day is not between ``first`` and ``last``, or that stay in one economy."""
    for line in range(day.shape[0]):
        if day[line] < first or day[line] > last or source[line] == destination[line]:
            scalar[line] = True


@jit()
def list_used_frames(
    columns: FrameColumns, currencies: int, economies: int, first: int, last: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Mark the pairs of destination and currency, and the days, that unmarked lines have.

    ``pairs[destination * currencies + currency]`` and ``days[day - first]``.
    """
    scalar, destination, currency, day = columns.scalar, columns.destination, columns.currency, columns.day
    pairs = np.zeros(currencies * economies, np.bool_)
    days = np.zeros(last - first + 1, np.bool_)
    for line in range(day.shape[0]):
        if not scalar[line]:
            pairs[destination[line] * currencies + currency[line]] = True
            days[day[line] - first] = True
    return pairs, days
