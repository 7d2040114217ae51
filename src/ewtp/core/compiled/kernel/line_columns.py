"""Checks of whole columns of lines, before the kernel's loop."""

from __future__ import annotations

from typing import Any

import numpy as np

from ewtp.core.compiled.machine.jit import jit


@jit()
def check_days(day: Any, source: Any, destination: Any, first: int, last: int, scalar: Any) -> None:
    """Mark the lines whose day is not between ``first`` and ``last``, or that stay in one economy."""
    for line in range(day.shape[0]):
        if day[line] < first or day[line] > last or source[line] == destination[line]:
            scalar[line] = True


@jit()
def used_frames(
    scalar: Any, destination: Any, currency: Any, day: Any, currencies: int, economies: int, first: int, last: int
) -> Any:
    """Mark the pairs of destination and currency, and the days, that unmarked lines have.

    ``pairs[destination * currencies + currency]`` and ``days[day - first]``, both bool.
    """
    pairs = np.zeros(currencies * economies, np.bool_)
    days = np.zeros(last - first + 1, np.bool_)
    for line in range(day.shape[0]):
        if not scalar[line]:
            pairs[destination[line] * currencies + currency[line]] = True
            days[day[line] - first] = True
    return pairs, days
