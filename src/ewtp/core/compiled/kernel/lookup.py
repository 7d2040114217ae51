"""Where the kernel looks: a code's entry, the lists of each facet at it, what a list comes to for a line.

What a line reads depends on what it has read before; doing each step for a block of lines lets the machine wait for
many of them at once, and keeps the code of a step small.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ewtp.core.compiled.compile.code_tree import COVERED, MOST_DIGITS, NO_SCHEDULE, ONE_BELOW
from ewtp.core.compiled.compile.outcomes import CLAIMED, SCALAR
from ewtp.core.compiled.format.kernel_arrays import NO_CLAIM
from ewtp.core.compiled.format.tables import (
    EMPTY_LIST,
    NO_OUTCOME,
    O_FLAGS,
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
from ewtp.core.compiled.kernel.line_state import (
    K_BROAD,
    K_BROADENED,
    K_BUYER,
    K_CLAIM,
    K_CODE,
    K_CURRENCY,
    K_DAY,
    K_DUTIED,
    K_DUTY,
    K_DUTY_ROW,
    K_GOODS,
    K_HIGH,
    K_KNOWN,
    K_LEVIED,
    K_LEVIES,
    K_LINE,
    K_LOW,
    K_MATCHED,
    K_NARROW,
    K_NARROWED,
    K_ORIGIN,
    K_PAPERED,
    K_PAPERS,
    K_TARGET,
    K_TRANSPORT,
    K_WIDTH,
    foreign_rate,
    of_case,
    put,
)
from ewtp.core.compiled.kernel.packed_book import (
    CASE_OUTCOME,
    DIRECTORY_CLAIM,
    DIRECTORY_LIST,
    ENTRY_KEY,
    ENTRY_PARENT,
    ENTRY_RUN,
    FAR_FROM_SIMPLE,
    H_BROAD,
    H_DUTY,
    H_DUTY_FIELDS,
    H_HIGH,
    H_LOW,
    H_NARROW,
    H_PAPERS,
    L_AFTER,
    L_BEFORE,
    L_DAY,
    L_PATTERN,
    LEVIES_LIST,
    LIMIT_MINOR,
    LIST_FIELDS,
    LIST_WIDTH,
    ORIGIN_CLASS,
    PATTERN_CLAIM,
    PATTERN_FIELDS,
    PATTERN_WIDTH,
    RECORD,
    RUN_DAY,
    RUN_START,
    RUN_STATUS,
    RUN_VALUE,
    SCHEDULE_ENTRY,
    SHELF_FIELDS,
    SPAN_FIELDS,
    SPAN_WIDTH,
    W_LEVIES,
    W_LEVIES_LIST,
    W_SCHEDULE,
    W_SHELF,
    get,
    of_outcome,
    of_place,
    wide,
)
from ewtp.core.compiled.machine.fixed_point import FAILED, POWERS, counted, inlined
from ewtp.core.compiled.machine.prefetch import prefetch

# The last digits of a code's key say how many digits it has.
_LENGTH = 15
# An entry is remembered with its run, and with how many digits the code has that led to it.
_RUN_BIT, _DIGITS_BIT = 32, 56
_ENTRY, _RUN = (1 << _RUN_BIT) - 1, (1 << (_DIGITS_BIT - _RUN_BIT)) - 1
_TRANSPORTS = 6


@inlined()
def starts_with(code: int, entry: int) -> bool:
    """Whether a code starts with an entry, both as keys."""
    length = entry & _LENGTH
    if length > code & _LENGTH:
        return False
    rest = POWERS[MOST_DIGITS - length]
    return (code >> 4) // rest == (entry >> 4) // rest


@inlined()
def find_entry(book: Any, schedule: int, key: int) -> Any:
    """The longest entry of a schedule that a code starts with, with its run and the code's digits."""
    first = get(book, SCHEDULE_ENTRY, schedule)
    low, high = first, get(book, SCHEDULE_ENTRY, schedule + 1)
    while high - low > 1:
        middle = (low + high) >> 1
        if wide(book, ENTRY_KEY, middle) <= key:
            low = middle
        else:
            high = middle
    while low > first and not starts_with(key, wide(book, ENTRY_KEY, low)):
        low = first + get(book, ENTRY_PARENT, low)
    return low | (get(book, ENTRY_RUN, low) << _RUN_BIT) | ((key & _LENGTH) << _DIGITS_BIT)


@inlined()
def matching_entry(book: Any, remembered: int, code: int, lines: Any, day: int) -> int:
    """The entry that rules are matched on, twice; one more where the code is finer than the schedule's line.

    FAILED where the code needs the scalar path.
    """
    entry, run = remembered & _ENTRY, (remembered >> _RUN_BIT) & _RUN
    place = get(book, RUN_START, run)
    end = get(book, RUN_START, run + 1)
    while place + 1 < end and get(book, RUN_DAY, place + 1) <= day:
        place += 1
    status, value = get(book, RUN_STATUS, place), get(book, RUN_VALUE, place)
    if status == COVERED:
        return 2 * entry + (1 if remembered >> _DIGITS_BIT > value else 0)
    if status == NO_SCHEDULE and lines.code_exists[code]:
        return 2 * entry
    if status == ONE_BELOW and starts_with(wide(book, ENTRY_KEY, entry + value), lines.code_key[code]):
        return 2 * (entry + value)
    return FAILED


@counted()
def find_lists(book: Any, lines: Any, entries: Any, case: Any, rows: int) -> None:
    """Fill in, for the cases of a block, the entry that rules are matched on and the lists of each facet.

    ``entries`` remembers the entry of each code in each schedule, -1 where none was looked up yet.
    """
    schedules = entries.shape[0] // lines.code_key.shape[0]
    for row in range(rows):
        at = row * K_WIDTH
        if of_case(case, at, K_MATCHED) != FAILED:
            code = np.int64(lines.code[np.uint64(of_case(case, at, K_LINE))])
            place = code * schedules + of_place(book, of_case(case, at, K_TARGET), W_SCHEDULE)
            put(case, at, K_CODE, code)
            put(case, at, K_MATCHED, place)
            prefetch(entries, place)
    for row in range(rows):
        at = row * K_WIDTH
        place = of_case(case, at, K_MATCHED)
        if place != FAILED:
            remembered = entries[np.uint64(place)]
            target, code = of_case(case, at, K_TARGET), of_case(case, at, K_CODE)
            if remembered < 0:
                schedule = of_place(book, target, W_SCHEDULE)
                remembered = find_entry(book, schedule, lines.code_key[code])
                entries[np.uint64(place)] = remembered
            matched = matching_entry(book, remembered, code, lines, of_case(case, at, K_DAY))
            put(case, at, K_MATCHED, matched)
            if matched != FAILED:
                entry = matched >> 1
                shelf = book.at[SHELF_FIELDS] + (of_place(book, target, W_SHELF) + entry) * RECORD
                prefetch(book.small, shelf)
                put(case, at, K_DUTY_ROW, shelf + H_DUTY_FIELDS)
                levies = of_place(book, target, W_LEVIES)
                if levies < 0:
                    levies = get(book, LEVIES_LIST, of_place(book, target, W_LEVIES_LIST) + entry)
                put(case, at, K_LEVIES, levies)
    small = book.small
    for row in range(rows):
        at = row * K_WIDTH
        if of_case(case, at, K_MATCHED) != FAILED:
            shelf = of_case(case, at, K_DUTY_ROW) - H_DUTY_FIELDS
            put(case, at, K_DUTY, small[np.uint64(shelf + H_DUTY)])
            put(case, at, K_NARROW, small[np.uint64(shelf + H_NARROW)])
            put(case, at, K_BROAD, small[np.uint64(shelf + H_BROAD)])
            put(case, at, K_PAPERS, small[np.uint64(shelf + H_PAPERS)])
            put(case, at, K_LOW, small[np.uint64(shelf + H_LOW)])
            put(case, at, K_HIGH, small[np.uint64(shelf + H_HIGH)])


@inlined()
def row_of_list(book: Any, listed: int) -> Any:
    """Where the figures of a list are."""
    return book.at[LIST_FIELDS] + listed * LIST_WIDTH


@inlined()
def find_outcome(book: Any, frames: Any, case: Any, at: int, row: int, claim: int) -> Any:
    """What the list whose figures begin at ``row`` comes to; FAILED where a limit of value cannot be tested exactly."""
    small = book.small
    turn = small[np.uint64(row + L_DAY)]
    day = of_case(case, at, K_DAY)
    if turn != FAR_FROM_SIMPLE:
        return np.int64(small[np.uint64(row + (L_BEFORE if day < turn else L_AFTER))])
    return find_among_cases(book, frames, case, at, np.int64(small[np.uint64(row + L_PATTERN)]), claim)


@inlined()
def find_among_cases(book: Any, frames: Any, case: Any, at: int, pattern: int, claim: int) -> int:
    """The same for a pattern, by day, class of origins and mode."""
    small = book.small
    day = of_case(case, at, K_DAY)
    fields = book.at[PATTERN_FIELDS] + pattern * PATTERN_WIDTH
    spans = book.at[SPAN_FIELDS]
    span = spans + SPAN_WIDTH * np.int64(small[np.uint64(fields + P_SPANS)])
    end = spans + SPAN_WIDTH * np.int64(small[np.uint64(fields + P_SPANS_END)])
    while span + SPAN_WIDTH < end and small[np.uint64(span + SPAN_WIDTH)] <= day:
        span += SPAN_WIDTH
    modes = np.int64(small[np.uint64(fields + P_MODES)])
    mode = 0
    if modes > 1:
        if small[np.uint64(fields + P_BUYER)]:
            mode = of_case(case, at, K_BUYER)
        if small[np.uint64(fields + P_TRANSPORT)]:
            mode = mode * _TRANSPORTS + of_case(case, at, K_TRANSPORT)
        first, last = np.int64(small[np.uint64(fields + P_LIMITS)]), np.int64(small[np.uint64(fields + P_LIMITS_END)])
        if last > first:
            currency = np.int64(small[np.uint64(fields + P_CURRENCY)])
            found = value_interval(book, frames, case, at, currency, first, last)
            if found == FAILED:
                return FAILED
            mode = mode * (2 * (last - first) + 1) + found
        first, last = np.int64(small[np.uint64(fields + P_CLAIMS)]), np.int64(small[np.uint64(fields + P_CLAIMS_END)])
        if last > first:
            found = 0
            if claim != NO_CLAIM:
                for known in range(first, last):
                    if get(book, PATTERN_CLAIM, known) == claim:
                        found = known - first + 1
            mode = mode * (last - first + 1) + found
    kind = 0
    classes = np.int64(small[np.uint64(span + 1)])
    if classes:
        kind = get(book, ORIGIN_CLASS, classes * frames.economies + of_case(case, at, K_ORIGIN))
    return get(book, CASE_OUTCOME, np.int64(small[np.uint64(span + 2)]) + kind * modes + mode)


@inlined()
def value_interval(book: Any, frames: Any, case: Any, at: int, currency: int, first: int, last: int) -> int:
    """Where a value lies among a list's limits: below, at, between or above them; FAILED if too close to tell."""
    found = 0
    goods = of_case(case, at, K_GOODS)
    if of_case(case, at, K_CURRENCY) == currency:
        for place in range(first, last):
            limit = wide(book, LIMIT_MINOR, place)
            found += (1 if goods >= limit else 0) + (1 if goods > limit else 0)
        return found
    mantissa, scale = foreign_rate(frames, case, at, currency, 0)
    if mantissa <= 0:
        return FAILED
    # The rate has ten digits, so doubles settle every value that is not within a hair of the limit.
    worth = np.float64(goods) * np.float64(mantissa) / np.float64(scale)
    for place in range(first, last):
        limit = wide(book, LIMIT_MINOR, place)
        if abs(worth - limit) <= 1e-9 * limit + 1e-9:
            return FAILED
        found += 2 if worth > limit else 0
    return found


@inlined()
def list_under(book: Any, low: int, high: int, claim: int) -> int:
    """The list of lower duties that a claim may bring in from a directory, FAILED where there is none."""
    for place in range(low, high):
        if get(book, DIRECTORY_CLAIM, place) == claim:
            return get(book, DIRECTORY_LIST, place)
    return FAILED


@counted()
def find_outcomes(book: Any, frames: Any, case: Any, rows: int) -> None:
    """Fill in what the lists of the cases of a block come to.

    A list of lower duties that a claim brings in takes the place of the list of duties.
    """
    for row in range(rows):
        at = row * K_WIDTH
        if of_case(case, at, K_MATCHED) == FAILED:
            continue
        claim = of_case(case, at, K_CLAIM)
        known = 0
        outcome = FAILED
        if claim != NO_CLAIM:
            lower = list_under(book, of_case(case, at, K_LOW), of_case(case, at, K_HIGH), claim)
            if lower != FAILED:
                found = find_outcome(book, frames, case, at, row_of_list(book, lower), claim)
                known = of_outcome(book, found, O_FLAGS)
                if known & CLAIMED:
                    outcome = found
                    put(case, at, K_DUTY, lower)
                    put(case, at, K_DUTY_ROW, row_of_list(book, lower))
        if outcome == FAILED:
            outcome = find_outcome(book, frames, case, at, of_case(case, at, K_DUTY_ROW), claim)
        put(case, at, K_DUTIED, outcome)
        put(case, at, K_KNOWN, known)
    _find_each(book, frames, case, rows, K_LEVIES, K_LEVIED)
    _find_each(book, frames, case, rows, K_NARROW, K_NARROWED)
    _find_each(book, frames, case, rows, K_BROAD, K_BROADENED)
    _find_each(book, frames, case, rows, K_PAPERS, K_PAPERED)
    for row in range(rows):
        at = row * K_WIDTH
        levied = of_case(case, at, K_LEVIED)
        if levied == FAILED or of_outcome(book, levied, O_FLAGS) & SCALAR:
            put(case, at, K_MATCHED, FAILED)


@counted()
def _find_each(book: Any, frames: Any, case: Any, rows: int, lists: int, outcomes: int) -> None:
    for row in range(rows):
        at = row * K_WIDTH
        listed = of_case(case, at, lists)
        outcome = NO_OUTCOME
        if listed != EMPTY_LIST and of_case(case, at, K_MATCHED) != FAILED:
            outcome = find_outcome(book, frames, case, at, row_of_list(book, listed), of_case(case, at, K_CLAIM))
        put(case, at, outcomes, outcome)
