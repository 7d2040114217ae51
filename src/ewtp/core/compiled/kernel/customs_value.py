"""What the goods of each line are worth in the currency of its answer, and what the line has to be answered by."""

from __future__ import annotations

from typing import Any

import numpy as np

from ewtp.core.compiled.format import frame_field
from ewtp.core.compiled.format.kernel_arrays import NO_RATE, ODD_CLAIM
from ewtp.core.compiled.kernel import economy_field, state
from ewtp.core.compiled.kernel.line_state import put
from ewtp.core.compiled.kernel.packed_book import of_place
from ewtp.core.compiled.machine.fixed_point import FAILED, LARGEST_CONVERTED, LARGEST_VALUE, converted, rounded
from ewtp.core.compiled.machine.jit import jit_no_refcount


@jit_no_refcount()
def value_lines(book: Any, lines: Any, frames: Any, order: Any, start: int, rows: int, case: Any) -> None:
    """Begin the cases of a block of lines, which stand in ``order`` from ``start`` on.

    Those that the scalar path has to answer are FAILED as ``K_MATCHED`` says.
    """
    fields = frames.fields.reshape(-1)
    rates = frames.rates.reshape(-1)
    numbers = frames.rates.shape[1]
    for row in range(rows):
        at = row * state.WIDTH
        line = np.uint64(order[np.uint64(start + row)])
        put(case, at, state.MATCHED, FAILED)
        put(case, at, state.LINE, np.int64(line))
        source, target = np.int64(lines.source[line]), np.int64(lines.destination[line])
        origin, claim, day = np.int64(lines.origin[line]), np.int64(lines.claim[line]), np.int64(lines.day[line])
        # Goods of a whole union and papers asked for on the way out are not compiled.
        if (
            lines.scalar[line]
            or claim == ODD_CLAIM
            or of_place(book, source, economy_field.EXPORTS)
            or of_place(book, origin, economy_field.UNION)
        ):
            continue
        first = np.int64(frames.first[np.uint64(target * frames.currencies + lines.currency[line])])
        frame = first * frame_field.WIDTH
        while day >= fields[np.uint64(frame + frame_field.UNTIL)]:
            frame += frame_field.WIDTH
        goods = lines.value[line]
        freight, insurance = max(lines.freight[line], 0), max(lines.insurance[line], 0)
        if goods <= 0 or max(goods, freight, insurance) > LARGEST_VALUE:
            continue
        rate = fields[np.uint64(frame + frame_field.RATE)]
        if rate >= 0:
            place = 2 * ((day - frames.first_day) * numbers + rate)
            mantissa, scale = rates[np.uint64(place)], rates[np.uint64(place + 1)]
            if mantissa > NO_RATE:
                goods = converted(goods, mantissa, scale)
                freight = converted(freight, mantissa, scale)
                insurance = converted(insurance, mantissa, scale)
                if goods <= 0 or min(freight, insurance) < 0 or max(goods, freight, insurance) > LARGEST_CONVERTED:
                    continue
            elif mantissa == NO_RATE:
                frame = fields[np.uint64(frame + frame_field.WITHOUT_RATE)] * frame_field.WIDTH
            else:
                continue
        if fields[np.uint64(frame + frame_field.SCALAR)]:
            continue
        customs = goods + (freight + insurance if fields[np.uint64(frame + frame_field.CIF)] else 0)
        unit = fields[np.uint64(frame + frame_field.VALUE_UNIT)]
        if unit != 1:
            # Goods of some value never come to nothing.
            customs = max(rounded(customs, unit, fields[np.uint64(frame + frame_field.VALUE_MODE)]), 1) * unit
        put(case, at, state.MATCHED, 0)
        put(case, at, state.SOURCE, source)
        put(case, at, state.TARGET, target)
        put(case, at, state.ORIGIN, origin)
        put(case, at, state.DAY, day)
        put(case, at, state.CLAIM, claim)
        put(case, at, state.BUYER, np.int64(lines.buyer[line]))
        put(case, at, state.TRANSPORT, np.int64(lines.transport[line]))
        put(case, at, state.GOODS, goods)
        put(case, at, state.FREIGHT, freight)
        put(case, at, state.INSURANCE, insurance)
        put(case, at, state.CUSTOMS, customs)
        put(case, at, state.FRAME, frame // frame_field.WIDTH)
        put(case, at, state.CURRENCY, fields[np.uint64(frame + frame_field.CURRENCY)])
        put(case, at, state.MINOR, fields[np.uint64(frame + frame_field.MINOR)])
        put(case, at, state.UNIT, fields[np.uint64(frame + frame_field.DUTY_UNIT)])
        put(case, at, state.MODE, fields[np.uint64(frame + frame_field.DUTY_MODE)])
