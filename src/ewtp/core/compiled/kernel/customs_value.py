"""What the goods of each line are worth in the currency of its answer, and what the line has to be answered by."""

from __future__ import annotations

from typing import Any

import numpy as np

from ewtp.core.compiled.format.kernel_arrays import (
    F_CIF,
    F_CURRENCY,
    F_DUTY_MODE,
    F_DUTY_UNIT,
    F_MINOR,
    F_RATE,
    F_SCALAR,
    F_UNTIL,
    F_VALUE_MODE,
    F_VALUE_UNIT,
    F_WITHOUT_RATE,
    FRAME_FIELDS,
    NO_RATE,
    ODD_CLAIM,
)
from ewtp.core.compiled.kernel.line_state import (
    K_BUYER,
    K_CLAIM,
    K_CURRENCY,
    K_CUSTOMS,
    K_DAY,
    K_FRAME,
    K_FREIGHT,
    K_GOODS,
    K_INSURANCE,
    K_LINE,
    K_MATCHED,
    K_MINOR,
    K_MODE,
    K_ORIGIN,
    K_SOURCE,
    K_TARGET,
    K_TRANSPORT,
    K_UNIT,
    K_WIDTH,
    put,
)
from ewtp.core.compiled.kernel.packed_book import W_EXPORTS, W_UNION, of_place
from ewtp.core.compiled.machine.fixed_point import FAILED, LARGEST_CONVERTED, LARGEST_VALUE, converted, counted, rounded


@counted()
def value_lines(book: Any, lines: Any, frames: Any, order: Any, start: int, rows: int, case: Any) -> None:
    """Begin the cases of a block of lines, which stand in ``order`` from ``start`` on.

    Those that the scalar path has to answer are FAILED as ``K_MATCHED`` says.
    """
    fields = frames.fields.reshape(-1)
    rates = frames.rates.reshape(-1)
    numbers = frames.rates.shape[1]
    for row in range(rows):
        at = row * K_WIDTH
        line = np.uint64(order[np.uint64(start + row)])
        put(case, at, K_MATCHED, FAILED)
        put(case, at, K_LINE, np.int64(line))
        source, target = np.int64(lines.source[line]), np.int64(lines.destination[line])
        origin, claim, day = np.int64(lines.origin[line]), np.int64(lines.claim[line]), np.int64(lines.day[line])
        # Goods of a whole union and papers asked for on the way out are not compiled.
        if (
            lines.scalar[line]
            or claim == ODD_CLAIM
            or of_place(book, source, W_EXPORTS)
            or of_place(book, origin, W_UNION)
        ):
            continue
        first = np.int64(frames.first[np.uint64(target * frames.currencies + lines.currency[line])])
        frame = first * FRAME_FIELDS
        while day >= fields[np.uint64(frame + F_UNTIL)]:
            frame += FRAME_FIELDS
        goods = lines.value[line]
        freight, insurance = max(lines.freight[line], 0), max(lines.insurance[line], 0)
        if goods <= 0 or max(goods, freight, insurance) > LARGEST_VALUE:
            continue
        rate = fields[np.uint64(frame + F_RATE)]
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
                frame = fields[np.uint64(frame + F_WITHOUT_RATE)] * FRAME_FIELDS
            else:
                continue
        if fields[np.uint64(frame + F_SCALAR)]:
            continue
        customs = goods + (freight + insurance if fields[np.uint64(frame + F_CIF)] else 0)
        unit = fields[np.uint64(frame + F_VALUE_UNIT)]
        if unit != 1:
            # Goods of some value never come to nothing.
            customs = max(rounded(customs, unit, fields[np.uint64(frame + F_VALUE_MODE)]), 1) * unit
        put(case, at, K_MATCHED, 0)
        put(case, at, K_SOURCE, source)
        put(case, at, K_TARGET, target)
        put(case, at, K_ORIGIN, origin)
        put(case, at, K_DAY, day)
        put(case, at, K_CLAIM, claim)
        put(case, at, K_BUYER, np.int64(lines.buyer[line]))
        put(case, at, K_TRANSPORT, np.int64(lines.transport[line]))
        put(case, at, K_GOODS, goods)
        put(case, at, K_FREIGHT, freight)
        put(case, at, K_INSURANCE, insurance)
        put(case, at, K_CUSTOMS, customs)
        put(case, at, K_FRAME, frame // FRAME_FIELDS)
        put(case, at, K_CURRENCY, fields[np.uint64(frame + F_CURRENCY)])
        put(case, at, K_MINOR, fields[np.uint64(frame + F_MINOR)])
        put(case, at, K_UNIT, fields[np.uint64(frame + F_DUTY_UNIT)])
        put(case, at, K_MODE, fields[np.uint64(frame + F_DUTY_MODE)])
