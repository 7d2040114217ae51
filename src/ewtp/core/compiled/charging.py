"""The kernel's steps for one line: its entry in the schedule, what a list comes to, what a charge amounts to."""

from __future__ import annotations

from typing import Any

import numpy as np

from ewtp.core.compiled.arithmetic import FAILED, FINE, compiled, converted, rounded, run_program
from ewtp.core.compiled.layout import (
    F_CURRENCY,
    F_MINOR,
    NO_CLAIM,
    NO_RATE,
)
from ewtp.core.compiled.schedules import COVERED, NO_SCHEDULE, ONE_BELOW
from ewtp.core.compiled.tables import (
    D_CURRENCY,
    D_KIND,
    D_LEAST,
    D_MOST,
    D_PROGRAM,
    D_PROGRAM_END,
    D_SHARE,
    P_BUYER,
    P_CLAIMS,
    P_CLAIMS_END,
    P_CURRENCY,
    P_LIMITS,
    P_LIMITS_END,
    P_MODES,
    P_SPANS,
    P_SPANS_END,
    P_TRANSPORT,
)

LARGEST = 4.0e18
LARGEST_VALUE = 10**12
_POWERS = np.array([10**n for n in range(19)], np.int64)
_LENGTH = 15
_DIGITS = 14
_FEE = 3


@compiled()
def starts_with(code: int, entry: int) -> bool:
    """Whether a code starts with an entry, both as keys."""
    length = entry & _LENGTH
    if length > code & _LENGTH:
        return False
    rest = _POWERS[_DIGITS - length]
    return bool((code >> 4) // rest == (entry >> 4) // rest)


@compiled()
def find_entry(tables: Any, schedule: int, key: int) -> int:
    """The longest entry of a schedule that a code starts with."""
    first = tables.schedule_entry[schedule]
    low, high = first, tables.schedule_entry[schedule + 1]
    while high - low > 1:
        middle = (low + high) // 2
        if tables.entry_key[middle] <= key:
            low = middle
        else:
            high = middle
    while low > first and not starts_with(key, tables.entry_key[low]):
        low = first + tables.entry_parent[low]
    return int(low)


@compiled()
def matching_entry(tables: Any, entry: int, key: int, exists: bool, day: int) -> tuple[int, bool]:  # noqa: FBT001 - a kernel takes positions
    """The entry that rules are matched on, and whether the code is finer than the schedule's line.

    FAILED where the code needs the scalar path.
    """
    run = tables.entry_run[entry]
    place = tables.run_start[run]
    end = tables.run_start[run + 1]
    while place + 1 < end and tables.run_day[place + 1] <= day:
        place += 1
    status = tables.run_status[place]
    if status == COVERED:
        return entry, (key & _LENGTH) > tables.run_value[place]
    if status == NO_SCHEDULE and exists:
        return entry, False
    if status == ONE_BELOW and starts_with(tables.entry_key[entry + tables.run_value[place]], key):
        return entry + tables.run_value[place], False
    return FAILED, False


@compiled()
def list_at(tables: Any, destination: int, facet: int, entry: int) -> int:
    """The list of a facet at an entry, counted from the schedule's first."""
    where = tables.facet_lists[destination, facet]
    return int(-1 - where if where < 0 else tables.entry_list[where + entry])


@compiled()
def find_outcome(
    tables: Any, lines: Any, frames: Any, frame: int, line: int, pattern: int, day: int, claim: int, goods: int
) -> int:
    """What a list comes to for a line; FAILED where a value limit cannot be tested exactly."""
    fields = tables.pattern_fields[pattern]
    place = fields[P_SPANS]
    end = fields[P_SPANS_END]
    while place + 1 < end and tables.span_day[place + 1] <= day:
        place += 1
    modes = fields[P_MODES]
    mode = 0
    if modes > 1:
        if fields[P_BUYER]:
            mode = lines.buyer[line]
        if fields[P_TRANSPORT]:
            mode = mode * 6 + lines.transport[line]
        first, last = fields[P_LIMITS], fields[P_LIMITS_END]
        if last > first:
            at = value_interval(tables, frames, frame, lines.day[line], fields[P_CURRENCY], first, last, goods)
            if at == FAILED:
                return FAILED
            mode = mode * (2 * (last - first) + 1) + at
        first, last = fields[P_CLAIMS], fields[P_CLAIMS_END]
        if last > first:
            at = 0
            if claim != NO_CLAIM:
                for known in range(first, last):
                    if tables.pattern_claim[known] == claim:
                        at = known - first + 1
            mode = mode * (last - first + 1) + at
    kind = 0
    row = tables.span_classes[place]
    if row:
        kind = tables.origin_class[row * tables.destination_flags.shape[0] + lines.origin[line]]
    return int(tables.case_outcome[tables.span_cases[place] + kind * modes + mode])


@compiled()
def value_interval(
    tables: Any, frames: Any, frame: int, day: int, currency: int, first: int, last: int, goods: int
) -> int:
    """Where a value lies among a list's limits: below, at, between or above them; FAILED if too close to tell."""
    found = 0
    if frames.fields[frame, F_CURRENCY] == currency:
        for place in range(first, last):
            limit = tables.limit_minor[place]
            found += (1 if goods >= limit else 0) + (1 if goods > limit else 0)
        return found
    rate = frames.limit_rate[frame, currency]
    if rate < 0:
        return FAILED
    mantissa = frames.mantissa[rate, day - frames.first_day]
    if mantissa <= NO_RATE:
        return FAILED
    # The rate has ten digits, so doubles settle every value that is not within a hair of the limit.
    worth = np.float64(goods) * np.float64(mantissa) / np.float64(frames.scale[rate, day - frames.first_day])
    for place in range(first, last):
        limit = np.float64(tables.limit_minor[place])
        if abs(worth - limit) <= 1e-9 * limit + 1e-9:
            return FAILED
        found += 2 if worth > limit else 0
    return found


@compiled()
def charge(
    tables: Any, lines: Any, frame: Any, due: int, base: int, inherited: int, unit: int, mode: int, line: int, stack: Any
) -> int:
    """One charge in minor units; FAILED where the scalar path has to compute it.

    ``base`` counts hundredths of a minor unit; ``inherited`` is FAILED where there is no duty.
    """
    fields = tables.due_fields[due]
    share = fields[D_SHARE]
    if share >= 0:
        if np.float64(base) * np.float64(share) > LARGEST:
            return FAILED
        amount = base * share
    else:
        amount = run_program(
            fields[D_PROGRAM],
            fields[D_PROGRAM_END],
            tables.instruction_fields,
            tables.instruction_figure,
            base,
            inherited,
            lines.quantities,
            lines.quantity_row,
            line,
            frame[F_CURRENCY],
            stack,
        )
        if amount == FAILED:
            return FAILED
    if fields[D_KIND] == _FEE:
        # The scalar path keeps eight decimals of a fee before it bounds and rounds it.
        if amount % _POWERS[frame[F_MINOR]]:
            return FAILED
        if fields[D_CURRENCY] >= 0:
            if fields[D_CURRENCY] != frame[F_CURRENCY]:
                return FAILED
            least, most = fields[D_LEAST], fields[D_MOST]
            if least >= 0 and amount < least:
                amount = least
            elif most >= 0 and amount > most:
                amount = most
    whole = rounded(amount, unit, mode)
    return int(whole if unit == FINE else whole * (unit // FINE))


@compiled()
def in_answers_currency(amount: int, mantissa: int, scale: int) -> int:
    """An amount converted; FAILED where it is too large."""
    if amount <= 0:
        return 0
    return int(converted(amount, mantissa, scale))
