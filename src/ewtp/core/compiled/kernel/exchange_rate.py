"""The exchange rates of a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.compiled.format.kernel_arrays import NO_RATE
from ewtp.core.compiled.kernel import state
from ewtp.core.compiled.kernel.state import get_state
from ewtp.core.compiled.machine.jit import jit_inline

if TYPE_CHECKING:
    from ewtp.core.compiled.format.kernel_arrays import Frames
    from ewtp.core.compiled.kernel.state import States

# The two ways in ``Frames.foreign``.
INTO_BOOK, FROM_BOOK = range(2)


@jit_inline()
def find_rate(frames: Frames, states: States, at: int, currency: int, way: int) -> tuple[int, int]:
    """Mantissa and scale of a line's rate between the answer's currency and one of the book."""
    number = frames.foreign[get_state(states, at, state.FRAME), currency, way]
    if number < 0:
        return NO_RATE, 1
    day = get_state(states, at, state.DAY) - frames.first_day
    return frames.rates[day, number, 0], frames.rates[day, number, 1]
