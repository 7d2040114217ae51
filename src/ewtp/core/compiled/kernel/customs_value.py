"""The customs value of each line in the currency of its answer, and the frame that the line is answered in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.format import frame_field
from ewtp.core.compiled.format.kernel_arrays import NO_RATE, ODD_CLAIM
from ewtp.core.compiled.kernel import economy_field, state
from ewtp.core.compiled.kernel.packed_book import are_named, are_together, get_economy, have_moved, were_apart
from ewtp.core.compiled.kernel.state import set_state
from ewtp.core.compiled.machine.fixed_point import FAILED, LARGEST_CONVERTED, LARGEST_VALUE, convert_amount, round_units
from ewtp.core.compiled.machine.jit import jit_inline, jit_no_refcount

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ewtp.core.compiled.format.kernel_arrays import Frames, Lines
    from ewtp.core.compiled.kernel.state import States
    from ewtp.core.compiled.kernel.work import Work


@jit_no_refcount()
def begin_states(work: Work, lines: Lines, order: NDArray[np.int64], start: int, rows: int) -> None:
    """Begin the states of a block: the lines at ``order[start]`` and the ``rows - 1`` after it.

    The entry of a line becomes FAILED for the scalar path, otherwise 0.
    """
    states = work.states
    for row in range(rows):
        at = row * state.WIDTH
        line = np.uint64(order[np.uint64(start + row)])
        set_state(states, at, state.LINE, np.int64(line))
        settled = not _is_for_scalar_path(work, lines, line) and _fill_in_values(work, lines, line, at)
        set_state(states, at, state.ENTRY, 0 if settled else FAILED)


@jit_inline()
def _is_for_scalar_path(work: Work, lines: Lines, line: np.uint64) -> bool:
    """Whether the scalar path answers a line: goods of a whole union and export documents are not compiled.

    Nor are former standings among customs territories, nor days on which a sanctions programme of the destination may
    not have named the economy yet.
    """
    source, origin = np.int64(lines.source[line]), np.int64(lines.origin[line])
    destination, day = np.int64(lines.destination[line]), lines.day[line]
    return (
        lines.scalar[line]
        or lines.claim[line] == ODD_CLAIM
        or day < get_economy(work.book, destination, economy_field.STATUS_DAY)
        or (
            day < get_economy(work.book, source, economy_field.STATUS_DAY)
            and _stands_elsewhere(work, source, destination)
        )
        or get_economy(work.book, source, economy_field.EXPORTS) != 0
        or get_economy(work.book, origin, economy_field.UNION) != 0
        or (
            are_named(work.book, source, origin, destination) != 0
            and day
            < max(
                get_economy(work.book, source, economy_field.PROGRAMME_DAY),
                get_economy(work.book, origin, economy_field.PROGRAMME_DAY),
            )
        )
    )


@jit_inline()
def _stands_elsewhere(work: Work, source: int, destination: int) -> bool:
    """Whether the day decides what lies between two economies: they share a union now, or did once.

    Where there was a border until then, the kernel knows what it was.
    """
    book = work.book
    if are_together(book, source, destination):
        return were_apart(book, source, destination) == 0
    return have_moved(book, source, destination) != 0


@jit_inline()
def _fill_in_values(work: Work, lines: Lines, line: np.uint64, at: int) -> bool:
    """Fill in the facts and values of a line; False for the scalar path."""
    states, frames, day = work.states, work.frames, np.int64(lines.day[line])
    fields = frames.fields.reshape(-1)
    frame = _find_frame(frames, fields, np.int64(lines.destination[line]), lines.currency[line], day)
    goods = lines.value[line]
    freight, insurance = max(lines.freight[line], 0), max(lines.insurance[line], 0)
    if goods <= 0 or max(goods, freight, insurance) > LARGEST_VALUE:
        return False
    rate = fields[np.uint64(frame + frame_field.RATE)]
    if rate >= 0:
        mantissa, scale = _find_value_rate(frames, day, rate)
        if mantissa > NO_RATE:
            goods = convert_amount(goods, mantissa, scale)
            freight = convert_amount(freight, mantissa, scale)
            insurance = convert_amount(insurance, mantissa, scale)
            if goods <= 0 or min(freight, insurance) < 0 or max(goods, freight, insurance) > LARGEST_CONVERTED:
                return False
        elif mantissa == NO_RATE:
            frame = fields[np.uint64(frame + frame_field.WITHOUT_RATE)] * frame_field.WIDTH
        else:
            return False
    if fields[np.uint64(frame + frame_field.SCALAR)]:
        return False
    customs = goods + (freight + insurance if fields[np.uint64(frame + frame_field.CIF)] else 0)
    unit = fields[np.uint64(frame + frame_field.VALUE_UNIT)]
    if unit != 1:
        # Goods with a price never have a customs value of zero.
        customs = max(round_units(customs, unit, fields[np.uint64(frame + frame_field.VALUE_MODE)]), 1) * unit
    set_state(states, at, state.GOODS, goods)
    set_state(states, at, state.FREIGHT, freight)
    set_state(states, at, state.INSURANCE, insurance)
    set_state(states, at, state.CUSTOMS, customs)
    _copy_facts(states, at, lines, line)
    _copy_frame(states, at, fields, frame)
    return True


@jit_inline()
def _find_frame(frames: Frames, fields: NDArray[np.int64], destination: int, currency: int, day: int) -> np.int64:
    """Where the fields of a line's frame begin."""
    frame = np.int64(frames.first[np.uint64(destination * frames.currencies + currency)]) * frame_field.WIDTH
    while day >= fields[np.uint64(frame + frame_field.UNTIL)]:
        frame += frame_field.WIDTH
    return frame


@jit_inline()
def _find_value_rate(frames: Frames, day: int, rate: int) -> tuple[int, int]:
    """Mantissa and scale of the rate that converts values on a day."""
    rates = frames.rates.reshape(-1)
    place = 2 * ((day - frames.first_day) * frames.rates.shape[1] + rate)
    return rates[np.uint64(place)], rates[np.uint64(place + 1)]


@jit_inline()
def _copy_facts(states: States, at: int, lines: Lines, line: np.uint64) -> None:
    set_state(states, at, state.SOURCE, np.int64(lines.source[line]))
    set_state(states, at, state.DESTINATION, np.int64(lines.destination[line]))
    set_state(states, at, state.ORIGIN, np.int64(lines.origin[line]))
    set_state(states, at, state.DAY, np.int64(lines.day[line]))
    set_state(states, at, state.CLAIM, np.int64(lines.claim[line]))
    set_state(states, at, state.BUYER, np.int64(lines.buyer[line]))
    set_state(states, at, state.TRANSPORT, np.int64(lines.transport[line]))


@jit_inline()
def _copy_frame(states: States, at: int, fields: NDArray[np.int64], frame: int) -> None:
    set_state(states, at, state.FRAME, frame // frame_field.WIDTH)
    set_state(states, at, state.CURRENCY, fields[np.uint64(frame + frame_field.CURRENCY)])
    set_state(states, at, state.MINOR, fields[np.uint64(frame + frame_field.MINOR)])
    set_state(states, at, state.UNIT, fields[np.uint64(frame + frame_field.DUTY_UNIT)])
    set_state(states, at, state.MODE, fields[np.uint64(frame + frame_field.DUTY_MODE)])
